# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of days in a shop: swapping one, handing over the shop, and the roster on paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.instruments import shop as shops
from wijkeconomie.web.acting.instruments.shop import dates, forms, handover, neighbours, swaps
from wijkeconomie.web.acting.instruments.shop.views import SHOP, mine_at
from wijkeconomie.web.acting.models import Booking, Case, Listing, Slot
from wijkeconomie.web.acting.pages import WORKS, frame, too_often
from wijkeconomie.web.context import reads, typed, writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

_SEASON = 400  # days of a season on one page: more than there are in a year


@writes
@never_cache
def swap(request: HttpRequest, link: str) -> HttpResponse:
    """Ask somebody else in the shop, or everybody, to swap a day with me."""
    found = mine_at(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        swaps.ask(case=found, key=given["key"], gives=given["gives"], wants=given["wants"])
        return reverse("swap_days", args=[link])

    form = _filled(request, forms.SwapForm, **_days(found))
    return _ask(request, form, act, "acting/swap.html", title=_("Swap a day"), link=link,
                found=found, mine=swaps.mine(found), asked=swaps.asked_of(found))  # fmt: skip


def _days(found: Case) -> dict[str, list[tuple[str, str]]]:
    """What can be given and what can be wished, in words."""
    mine, theirs = swaps.coming(found), swaps.of_others(found)
    gives = [(str(one.pk), swaps.called(one)) for one in mine]
    whole = {f"all-{one.case_id}": _("All days of %(name)s") % {"name": _shown(one)}
             for one in theirs}  # fmt: skip
    wants = [(str(one.pk), swaps.called(one)) for one in theirs]
    if mine:
        gives.append((swaps.ALL, _("All my days that are still to come")))
    return {"gives": gives, "wants": [*wants, *whole.items()]}


def _shown(one: Booking) -> str:
    return str(one.case.more.get("shown", "")) if one.case else ""


@require_POST
@writes
@never_cache
def answer_swap(request: HttpRequest, link: str) -> HttpResponse:
    """Say yes or no to a swap, or take back what I asked."""
    found = mine_at(link)
    if refused := too_often(request):
        return refused
    asked = swaps.found(found, request.POST.get("swap"))
    if asked is None:
        raise Http404
    if "yes" in request.POST:
        swaps.accept(swap=asked, case=found, day=request.POST.get("day", ""))
        return redirect("my_days", link)
    (swaps.withdraw if "back" in request.POST else swaps.decline)(swap=asked, case=found)
    return redirect("swap_days", link)


@writes
@never_cache
def hand_over(request: HttpRequest, link: str) -> HttpResponse:
    """How I find or leave the shop, and who has the key."""
    found = mine_at(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused
    now = handover.now_of(found)

    def act(given: dict[str, Any]) -> str:
        handover.hand_over(one=now, key=given["key"], told=form.told())
        return reverse("hand_over", args=[link])

    form = _filled(request, forms.HandoverForm, **_handed(found.listing, but=found))
    page = {"link": link, "found": found, "now": now, "keys": handover.keys(found.listing),
            "notes": handover.notes(found.listing),
            "last": handover.last(found.listing)}  # fmt: skip
    return _ask(request, form, act, "acting/handover.html", title=_("Key and checklist"), **page)


def _handed(shop: Listing, but: Case | None = None) -> dict[str, Any]:
    held = [(str(one.item.pk), one.item.name, _where(one)) for one in handover.keys(shop)]
    people = handover.holders(shop).items()
    names = [(key, _("%(name)s has it") % {"name": one.more.get("shown", "")})
             for key, one in people if but is None or one.pk != but.pk]  # fmt: skip
    return {"checklist": shop.more.get("checklist", ()), "keys": held, "holders": names}


def _where(one: handover.Held) -> str:
    if one.item.state == "out" and one.whom:
        return _("Now with %(name)s.") % {"name": one.whom}
    return {"here": _("Now in its place."), "lost": _("Now lost.")}.get(
        one.item.state, _("Now with somebody.")
    )


@writes
@access.on(Listing, Right.CASES, of=SHOP)
def hand_over_for(request: Asked, found: Listing) -> HttpResponse:
    """The same, by the team for who is there."""
    there = {str(one.pk): one for one in handover.these_days(found)}

    def act(given: dict[str, Any]) -> str:
        one = there.get(given.get("mine", ""))
        handover.hand_over(by=request.user, one=one, key=given["key"], told=form.told())
        return reverse("shop_team", args=[found.pk])

    days = [(key, swaps.called(one)) for key, one in there.items()]
    form = _filled(request, forms.HandoverForm, days=days, **_handed(found))
    page = {"found": found, "now": days, "keys": handover.keys(found),
            "notes": handover.notes(found), "last": handover.last(found)}  # fmt: skip
    return _ask(request, form, act, "acting/handover.html", **page,
                **frame(_("Key and checklist"), found))  # fmt: skip


@writes
@access.on(Listing, Right.SET_TO_WORK, of=SHOP)
def equip(request: Asked, found: Listing) -> HttpResponse:
    """The list that is ticked off, and the keys."""

    def act(given: dict[str, Any]) -> str:
        handover.equip(by=request.user, listing=found, **given)
        return reverse("shop_team", args=[found.pk])

    was = {"checklist": "\n".join(found.more.get("checklist", ()))}
    form = _filled(request, forms.EquipForm, initial=was)
    return _ask(request, form, act, **frame(_("Keys and checklist of the shop"), found))


@writes
@access.on(Case, Right.CASES, of=shops.HANDOVER.name)
def settle_handover(request: Asked, found: Case) -> HttpResponse:
    """Say how what was missing or broken was settled."""
    actions.read(by=request.user, case=found)

    def act(given: dict[str, Any]) -> str:
        handover.settle(by=request.user, case=found, **given)
        return reverse("shop_team", args=[found.listing_id])

    form = _filled(request, forms.SettleForm)
    return _ask(request, form, act, "acting/settle_handover.html", found=found,
                **frame(_("What is missing or broken"), found.listing))  # fmt: skip


@writes
@access.on(Listing, Right.SET_TO_WORK, of=SHOP)
def shop_season(request: Asked, found: Listing) -> HttpResponse:
    """Which days are still to come?  Open one more, or close one."""

    def act(given: dict[str, Any]) -> str:
        dates.add(by=request.user, listing=found, **given)
        return reverse("shop_season", args=[found.pk])

    first = {"opens": found.more["opens"], "closes": found.more["closes"]}
    form = _filled(request, forms.DayForm, initial=first)
    today = timezone.localdate()
    days = shops.days(found, today + timedelta(days=1), _SEASON)
    return _ask(request, form, act, "acting/shop_season.html", found=found, days=days,
                changes=dates.changes(found, today), button=_("Open one more day"),
                **frame(_("Days of the season"), found))  # fmt: skip


@writes
@access.on(Slot, Right.SET_TO_WORK)
def close_day(request: Asked, found: Slot) -> HttpResponse:
    """Close the shop on one date, with a reason."""
    if found.listing.kind != SHOP:
        raise Http404

    def act(given: dict[str, Any]) -> str:
        dates.take_away(by=request.user, slot=found, **given)
        return reverse("shop_season", args=[found.listing_id])

    there = found.bookings.filter(state__in=("confirmed", "offered", "held")).count()
    form = _filled(request, forms.AwayForm)
    return _ask(request, form, act, "acting/close_day.html", found=found, there=there,
                button=_("Close the shop on this day"),
                **frame(_("Close a day"), found.listing))  # fmt: skip


@writes
@access.on(Listing, Right.SET_TO_WORK, of=SHOP)
def next_door(request: Asked, found: Listing) -> HttpResponse:
    """The shops next door, and from which distance on they count."""
    if request.method == "POST" and "away" in request.POST:
        neighbours.keep(by=request.user, listing=found, metres=neighbours.near(found),
                        drop=request.POST["away"])  # fmt: skip
        return redirect("next_door", found.pk)

    def act(given: dict[str, Any]) -> str:
        name, at = given["name"], given["metres"] or 0
        new = neighbours.Neighbour(name=name, trade=given["trade"], metres=at) if name else None
        neighbours.keep(by=request.user, listing=found, metres=given["metres_near"], add=new)
        return reverse("next_door", args=[found.pk])

    form = _filled(request, forms.NeighbourForm, initial={"metres_near": neighbours.near(found)})
    return _ask(request, form, act, "acting/next_door.html", found=found,
                rows=neighbours.of(found), **frame(_("The shops next door"), found))  # fmt: skip


@writes
@access.on(Case, Right.CASES, of=shops.WISH.name)
def talk(request: Asked, found: Case) -> HttpResponse:
    """What we decide about who sells the same as a neighbour."""
    actions.read(by=request.user, case=found)

    def act(given: dict[str, Any]) -> str:
        neighbours.decide(by=request.user, case=found, **given)
        return reverse("shop_team", args=[found.listing_id])

    form = _filled(request, forms.TalkForm)
    return _ask(request, form, act, "acting/talk.html", found=found,
                same=neighbours.same(found.listing, found),
                **frame(_("After the talk"), found.listing))  # fmt: skip


@reads("dag")
@access.on(Listing, *WORKS, of=SHOP)
def roster(request: Asked, found: Listing) -> HttpResponse:
    """Who is in the shop on each day of the season, or on one day with how they are reached."""
    day = _date(typed(request, "dag"))
    reading = Right.CASES in request.rights
    rows = shops.roster(found, day)
    if day and reading:
        actions.read_all(by=request.user, municipality=found.municipality,
                         parties=[one.party_id for row in rows for one in row.there])  # fmt: skip
    page = {"found": found, "rows": rows, "day": day, "reading": reading,
            "checklist": found.more.get("checklist", ()),
            "today": timezone.localdate()}  # fmt: skip
    return render(request, "acting/roster.html", page | frame(_("Roster of the shop"), found))


def _date(text: str) -> Any:
    try:
        return parse_date(text)
    except ValueError:
        return None
