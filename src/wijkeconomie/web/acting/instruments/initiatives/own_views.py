# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of who proposed an initiative, and of who helps at one, by their link."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.web.acting import access, booking
from wijkeconomie.web.acting.instruments import initiatives
from wijkeconomie.web.acting.instruments.initiatives import agenda, borrowing, forms, support
from wijkeconomie.web.acting.models import STANDS, Case
from wijkeconomie.web.acting.pages import too_often
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


def proposal(link: str) -> Case:
    """The case of who proposed it."""
    found = access.followed(link, initiatives.PROPOSAL.name)
    if found.party_id is None:
        raise Http404
    return found


@never_cache
def mine(request: HttpRequest, link: str) -> HttpResponse:
    """May we, who helps, and what now?"""
    case = proposal(link)
    found = case.listing
    day = initiatives.day_of(found)
    page = {
        "found": found, "link": link, "title": found.title, "day": day, "case": case,
        **initiatives.permit(found), "shifts": initiatives.shifts(found),
        "names": [one.party.name for one in initiatives.helpers(found) if one.party],
        "today": timezone.localdate(), "over": day <= timezone.localdate(),
        "why": found.steps.exclude(reason="").order_by("-made_at").first(),
        "sort": initiatives.SORTS[found.more["sort"]],
        "series": [(one, access.page_of(one)) for one in agenda.series(found)
                   if one.listing_id != found.pk],
        "here": request.build_absolute_uri(reverse("my_initiative", args=[link])),
        **carried(case),
    }  # fmt: skip
    return render(request, "acting/my_initiative.html", page)


def carried(case: Case) -> dict[str, Any]:
    """The money, the list and the sponsors of an initiative, for a page."""
    found = case.listing
    pledges = support.pledges(found)
    return {
        "asked": case.more.get("asked"), "money": support.money(case), "pledges": pledges,
        "sums": support.brought_in(pledges), "runs": found.more["sort"] == "run",
        "list": [(words, name in found.more.get("done", ()))
                 for name, words in support.CHECKLIST.items()],
        "borrowed": borrowing.lent_to(case),
        "done": len(found.more.get("done", ())), "of": len(support.CHECKLIST),
    }  # fmt: skip


def asked(
    request: HttpRequest, link: str, form: Any, act: Any, template: str = "journey/form.html",
    **page: Any,
) -> HttpResponse:  # fmt: skip
    """Ask something on the page of who proposed it, and go back there."""
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def acted(given: dict[str, Any]) -> str:
        act(given)
        return reverse("my_initiative", args=[link])

    return _ask(request, form, acted, template, **page)


@writes
@never_cache
def add_shift(request: HttpRequest, link: str) -> HttpResponse:
    """Ask help for a time."""
    case = proposal(link)
    noon = f"{case.listing.more['day']}T12:00"
    form = _filled(request, forms.ShiftForm, initial={"begins": noon, "ends": noon})
    return asked(request, link, form, lambda given: initiatives.add_shift(case=case, **given),
                  title=_("Ask for help"))  # fmt: skip


@never_cache
def list_of_help(request: HttpRequest, link: str) -> HttpResponse:
    """Who helps when, to print: names only, and room for who comes along on the day."""
    case = proposal(link)
    found = case.listing
    page = {"found": found, "link": link, "title": _("Who helps when"),
            "day": initiatives.day_of(found), "shifts": initiatives.manned(found)}  # fmt: skip
    return render(request, "acting/list_of_help.html", page)


@writes
@never_cache
def tell(request: HttpRequest, link: str) -> HttpResponse:
    """Say how it was."""
    case = proposal(link)
    return asked(request, link, _filled(request, forms.TellForm),
                  lambda given: initiatives.told(initiative=case.listing, **given),
                  title=_("Say how it was"))  # fmt: skip


@writes
@never_cache
def call_off(request: HttpRequest, link: str) -> HttpResponse:
    """Call it off."""
    case = proposal(link)
    return asked(request, link, _filled(request, forms.CallOffForm),
                  lambda given: initiatives.decide(by=None, initiative=case.listing,
                                                   to="cancelled", **given),
                  title=_("Call it off"), button=_("Call it off"))  # fmt: skip


@writes
@never_cache
def again(request: HttpRequest, link: str) -> HttpResponse:
    """Make that of next year from this one."""
    case = proposal(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        made = initiatives.again(case=case, **given)
        return reverse("my_initiative", args=[access.link(made)])

    form = _filled(request, forms.AgainForm)
    return _ask(request, form, act, title=_("Do it again"), button=_("Propose it again"))


@writes
@never_cache
def my_help(request: HttpRequest, link: str) -> HttpResponse:
    """When do I help, and what else is there to do?"""
    case = access.followed(link, initiatives.HELP.name)
    if request.method == "POST":
        return too_often(request) or _changed(request, case, link)
    mine = list(case.bookings.filter(state__in=(*STANDS, "waiting")).select_related("slot__place"))
    have = {one.slot_id for one in mine}
    found, now = case.listing, timezone.now()
    page = {
        "found": found, "title": found.title, "mine": mine, "link": link, "now": now,
        "day": initiatives.day_of(found),
        "others": [one for one in initiatives.shifts(found)
                   if one.pk not in have and one.left > 0 and one.starts_at > now]
        if found.state == "open" else [],
        "here": request.build_absolute_uri(reverse("my_help", args=[link])),
    }  # fmt: skip
    return render(request, "acting/my_help.html", page)


def _changed(request: HttpRequest, case: Case, link: str) -> HttpResponse:
    """A shift let go, or one more taken."""
    if key := request.POST.get("booking"):
        booking.let_go(booking=access.booked(case, key))
    else:
        rows = initiatives.shifts(case.listing)
        slot = next((one for one in rows if str(one.pk) == request.POST.get("slot")), None)
        if slot is None:
            raise Http404
        initiatives.take(case=case, slot=slot)
    return redirect("my_help", link)
