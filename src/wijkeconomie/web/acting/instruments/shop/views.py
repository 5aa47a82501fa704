# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a shared shop: who is there today, who wants a day, whose day it is."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.acting import access, actions, booking, kinds
from wijkeconomie.web.acting.instruments import shop as shops
from wijkeconomie.web.acting.instruments.shop import dates, forms, handover, neighbours, swaps
from wijkeconomie.web.acting.models import STANDS, Case, Listing
from wijkeconomie.web.acting.pages import (
    WORKS,
    asker,
    begun,
    frame,
    moving,
    too_often,
    where_and_for,
)
from wijkeconomie.web.context import reads, typed, writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

SHOP = shops.SHOP.name
_AHEAD = 10  # days in the shop that can be taken, on one page


@signed_in
def all_shops(request: Asked) -> HttpResponse:
    """The shared shops that I work for."""
    rows = access.listings(request.user, SHOP, *WORKS)
    begins = [here.municipality for here in roles_in(request.user)
              if Right.SET_TO_WORK in here.rights]  # fmt: skip
    return render(request, "acting/shops.html", {"rows": rows, "begins": begins})


@writes
@needs(Right.SET_TO_WORK)
def new_shop(request: HttpRequest, here: Place) -> HttpResponse:
    """Begin a shared shop, with the rule and the days of its first season."""

    def act(given: dict[str, Any]) -> str:
        more = form.more() | actions.lottery()
        given = {name: one for name, one in given.items() if name not in more}
        given["place"] = {"name": given["title"], "address": given.pop("address")}
        made = begun(here, shops.SHOP, given, more)
        return reverse("shop_team", args=[made.pk])

    form = _filled(request, forms.ShopForm, **where_and_for(here, SHOP))
    return _ask(request, form, act, **frame(_("A new shared shop"), shops.SHOP))


@writes
@never_cache
def shop(request: HttpRequest, key: UUID) -> HttpResponse:
    """Who is in the shop today, and which day would I like?"""
    found = access.shown(key, SHOP, "applying", "season", "ended")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        more = {name: given[name] for name in ("wishes", "seasons", "shown")}
        more |= {"starter": bool(given["starter"]), "named": given["named"] == "yes"}
        question = actions.Question(
            about=given["about"], text=given["text"], channel="web", more=more,
            asker=asker({"kind": "organisation"} | given),
        )  # fmt: skip
        made = shops.wish(listing=found, key=given["key"], question=question)
        return reverse("my_days", args=[access.link(made)])

    form = _filled(request, forms.DayWishForm, open_on=found.more["open_on"])
    today = timezone.localdate()
    coming = shops.days(found, today) if found.state == "season" else []
    page = {"found": found, "title": found.title, "today": today,
            "here": [one for one in coming if _on(one) == today],
            "days": [one for one in coming if _on(one) != today],
            "changes": dates.changes(found, today),
            "figures": shops.figures(found, timezone.now()) if found.state == "ended" else None,
            "near": neighbours.near(found), "next_door": neighbours.of(found),
            "open_on": [shops.DAYS[day] for day in found.more["open_on"]]}  # fmt: skip
    return _ask(request, form, act, "acting/shop.html", **page)


def _on(day: shops.Today) -> date:
    return timezone.localdate(day.slot.starts_at)


@access.on(Listing, *WORKS, of=SHOP)
def team(request: Asked, found: Listing) -> HttpResponse:
    """Who asked for a day, who has which, and how it goes."""
    now, reading = timezone.now(), Right.CASES in request.rights
    wishes = found.cases.filter(kind=shops.WISH.name).select_related("party")
    rows = list(wishes.order_by("made_at", "pk")) if reading else []
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in rows])  # fmt: skip
    sets = Right.SET_TO_WORK in request.rights
    page = {
        "found": found, "rows": [(one, neighbours.same(found, one)) for one in rows],
        "reading": reading, "to_talk": neighbours.to_talk(found, rows),
        "figures": shops.figures(found, now),
        "days": shops.days(found, timezone.localdate()),
        "steps": kinds.steps(found) if sets else (),
        "divides": sets and found.state == "applying", "sets": sets,
        "keys": handover.keys(found) if reading else (),
        "notes": handover.notes(found) if reading else (),
    }  # fmt: skip
    return render(request, "acting/shop_team.html", page | frame(found.title, shops.SHOP))


move = writes(access.on(Listing, Right.SET_TO_WORK, of=SHOP)(moving))


@require_POST
@writes
@access.on(Listing, Right.SET_TO_WORK, of=SHOP)
def divide(request: Asked, found: Listing) -> HttpResponse:
    """Divide the days by the rule, and book the season."""
    shops.divide(by=request.user, listing=found)
    return redirect("shop_team", found.pk)


@writes
@access.on(Case, Right.CASES, of=shops.WISH.name)
def grow(request: Asked, found: Case) -> HttpResponse:
    """Where an entrepreneur goes from the shop."""

    def act(given: dict[str, Any]) -> str:
        shops.grow(by=request.user, case=found, **given)
        return reverse("shop_team", args=[found.listing_id])

    form = _filled(request, forms.GrowForm, steps=kinds.steps(found))
    actions.read(by=request.user, case=found)
    return _ask(request, form, act, kicker=found.more.get("shown", ""),
                **frame(_("What changed?"), found.listing))  # fmt: skip


@reads("dag", "af")
@never_cache
def my_days(request: HttpRequest, link: str) -> HttpResponse:
    """Which day do I have, why, and what can I still do?"""
    found = mine_at(link)
    now = timezone.now()
    bookings = found.bookings.select_related("slot__place").order_by("starts_at")
    mine = [one for one in bookings if one.state in (*STANDS, "waiting")]
    taken = {one.slot_id for one in mine}
    ahead = booking.coming(found.listing, now).order_by("starts_at")
    free = sorted((one for one in ahead if one.pk not in taken), key=lambda one: one.left < 1)
    page = {
        "found": found, "link": link, "title": _("Your day in the shop"), "bands": shops.BANDS,
        "off": next((one for one in bookings if one.state in ("cancelled", "declined")
                     and str(one.pk) == typed(request, "af") and one.slot_id not in taken), None),
        "coming": [one for one in mine if one.starts_at > now],
        "past": [(one, found.more.get("sold", {}).get(str(one.pk)))
                 for one in mine if one.starts_at <= now and one.state != "waiting"],
        "free": free[:_AHEAD] if found.state in (*shops.PLACED, "unplaced") else [],
        "most": shops.most(found), "singles": shops.singles(found, now),
        "day": shops.DAYS.get(found.more.get("day", "")),
        "why": [(shops.DAYS[day], shops.WHY[step])
                for day, step in found.more.get("why", {}).items()],
        "wishes": [shops.DAYS[day] for day in found.more.get("wishes", ())],
        "here": request.build_absolute_uri(reverse("my_days", args=[link])),
        "asked": swaps.asked_of(found) if found.state in shops.PLACED else (),
        "talk": found.more.get("talk"),
        "handing": handover.now_of(found), "shared": found.listing.state == "season",
        "gone": typed(request, "dag") == "weg", "away": dates.gone(found),
        "stops": found.state in (*shops.PLACED[:2], "received", "unplaced"),
    }  # fmt: skip
    return render(request, "acting/my_days.html", page)


def mine_at(link: str) -> Case:
    """The wish that *link* leads to, of whom it is still known; else 404."""
    return get_object_or_404(
        Case.objects.select_related("listing__municipality", "party"),
        pk=access.followed(link).pk, kind=shops.WISH.name, party__isnull=False,
    )  # fmt: skip


@require_POST
@writes
@never_cache
def take_day(request: HttpRequest, link: str) -> HttpResponse:
    """Take a day that is free, or wait for one that is not; nobody waits who did not ask to."""
    found = mine_at(link)
    if refused := too_often(request):
        return refused
    slot = booking.one_of(found.listing, request.POST.get("slot", ""))
    if slot is None or found.party is None or found.state not in (*shops.PLACED, "unplaced"):
        raise Http404
    made = shops.take(case=found, slot=slot, waits="wait" in request.POST)
    there = reverse("my_days", args=[link])
    return redirect(there if made else f"{there}?dag=weg")  # the page shows what is free


@require_POST
@writes
@never_cache
def sold(request: HttpRequest, link: str) -> HttpResponse:
    """Say what was sold on a day that is over."""
    found = mine_at(link)
    form = forms.SoldForm(request.POST)
    if not form.is_valid():
        raise Http404
    key = access.booked(found, form.cleaned_data["booking"]).pk
    shops.sold(case=found, key=str(key), band=form.cleaned_data["band"])
    return redirect("my_days", link)


@require_POST
@writes
@never_cache
def stop(request: HttpRequest, link: str) -> HttpResponse:
    """Give back my day, for the rest of the season."""
    if refused := too_often(request):
        return refused
    shops.stop(case=mine_at(link))
    return redirect("my_days", link)
