# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of a stand on the day of a job market, by the link of who holds it: on a phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments.job_market import (
    EXHIBITOR,
    after,
    day_forms,
    door,
    enrolling,
    meetings,
    wall,
)
from wijkeconomie.web.acting.instruments.job_market.day import (
    MEETING,
    WENT,
    fingerprint,
    market_of,
    stands_of,
)
from wijkeconomie.web.acting.instruments.job_market.door_views import called
from wijkeconomie.web.acting.models import Booking, Case, Match
from wijkeconomie.web.acting.pages import SHOWN, too_often
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


def exhibitor(link: str) -> Case:
    """Who holds a stand; 404 after that was destroyed, Refusal("stand_over") where they hold none
    any more."""
    found = access.followed(link, EXHIBITOR.name)
    if found.party_id is None:
        raise Http404
    if found.closed_at is not None:
        raise Refusal("stand_over")
    return found


@never_cache
def stand_day(request: HttpRequest, link: str) -> HttpResponse:
    """Who is next, who is here, and how did it go?"""
    found = exhibitor(link)
    rows = meetings.shown_to(found)
    page = {
        "found": found, "link": link, "title": _("Your stand today"), "stands": stands_of(found),
        "next": [one for one in rows if one.booking and one.booking.state == "confirmed"][:SHOWN],
        "talked": [one for one in rows if one.match and one.match.state != "open"][:SHOWN],
        "missed": [one for one in rows if one.booking and one.booking.state == "no_show"][:SHOWN],
        "badge": day_forms.BadgeForm(), "said": "feedback" in found.more,
        "after": door.day_over(market_of(found)),
    }  # fmt: skip
    return render(request, "acting/fair_stand_day.html", page)


@require_POST
@writes
@never_cache
def stand_went(request: HttpRequest, link: str, booking: UUID) -> HttpResponse:
    """We talked, or they did not come."""
    found, refused = exhibitor(link), too_often(request)
    if refused:
        return refused
    mine = {one.booking.pk: one.booking for one in meetings.shown_to(found) if one.booking}
    meetings.went(booking=_of(mine, booking), to=_step(request, "completed", "no_show"))
    return redirect("fair_stand_day", link)


@require_POST
@writes
@never_cache
def stand_meet(request: HttpRequest, link: str) -> HttpResponse:
    """Somebody stands here without an appointment."""
    found, refused = exhibitor(link), too_often(request)
    if refused:
        return refused
    stand = get_object_or_404(stands_of(found), pk=_key(request.POST.get("stand")))
    meetings.meet(stand=stand, badge=request.POST.get("badge", "").strip())
    return redirect("fair_stand_day", link)


@require_POST
@writes
@never_cache
def stand_came(request: HttpRequest, link: str, match: UUID) -> HttpResponse:
    """What came of a talk."""
    found, refused = exhibitor(link), too_often(request)
    if refused:
        return refused
    meetings.came(match=_mine(found, match), to=_step(request, *WENT))
    return redirect("fair_stand_day", link)


@writes
@never_cache
def stand_note(request: HttpRequest, link: str, match: UUID) -> HttpResponse:
    """What we talked about: the visitor reads it too."""
    found = exhibitor(link)
    one = _mine(found, match)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        meetings.note(match=one, key=given["key"], text=given["text"])
        return reverse("fair_stand_day", args=[link])

    form = _filled(request, day_forms.NoteForm)
    return _ask(request, form, act, title=_("A note of this talk"), kicker=one.listing.title)


@writes
@never_cache
def enrol_here(request: HttpRequest, link: str) -> HttpResponse:
    """The visitor enrols in a route of this stand, on the tablet that they are handed."""
    found = exhibitor(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused
    mine = set(stands_of(found).values_list("pk", flat=True))
    starts = [one for one in enrolling.starts(market_of(found)) if one[0].pk in mine]

    def act(given: dict[str, Any]) -> str:
        stand, slot = given["slot"]
        visit = door.by_badge(market_of(found)).get(fingerprint(given["badge"].strip()))
        if visit is None:
            raise Refusal("badge_unknown")
        enrolling.enrol(visit=visit, stand=stand, slot=slot, key=given["key"], how="handed")
        return reverse("fair_stand_day", args=[link]) + "?ingeschreven=1"

    form = _filled(request, day_forms.HandedForm, starts=starts, called=called(starts))
    return _ask(request, form, act, "acting/fair_enrol_here.html", found=found, link=link,
                starts=starts, title=_("Enrol in a route"))  # fmt: skip


@writes
@never_cache
def stand_wall(request: HttpRequest, link: str) -> HttpResponse:
    """What do residents say of themselves, and do I want to answer?"""
    found = exhibitor(link)
    form = day_forms.BidForm(request.POST or None)
    if request.method == "POST":
        if refused := too_often(request):
            return refused
        text = get_object_or_404(wall.texts(market_of(found), "hanging"),
                                 pk=_key(request.POST.get("of")))  # fmt: skip
        if form.is_valid():
            wall.bid(exhibitor=found, text=text, words=form.cleaned_data["text"])
        return redirect("fair_wall", link)
    bids = wall.bids_of(found)
    had = {one.match.listing_id for one in bids}
    rows = [one for one in wall.texts(market_of(found), "hanging")[:SHOWN] if one.pk not in had]
    page = {"found": found, "link": link, "rows": rows, "bids": bids, "form": form,
            "title": _("Texts on the wall")}  # fmt: skip
    return render(request, "acting/fair_wall.html", page)


@writes
@never_cache
def stand_feedback(request: HttpRequest, link: str) -> HttpResponse:
    """How was it for you?"""
    found = exhibitor(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        after.say(exhibitor=found, **given)
        return reverse("fair_stand_day", args=[link])

    form = _filled(request, day_forms.FeedbackForm, initial=found.more.get("feedback"))
    return _ask(request, form, act, title=_("How was the job market for you?"))


def _mine(found: Case, match: UUID) -> Match:
    """A talk at a stand of theirs that they may read of now."""
    rows = Match.objects.filter(kind=MEETING.name, listing__in=stands_of(found),
                                case__closed_at=None, case__party__isnull=False)  # fmt: skip
    return get_object_or_404(rows.select_related("case", "listing"), pk=match)


def _of(mine: dict[UUID, Booking], key: UUID) -> Booking:
    if key not in mine:
        raise Http404
    return mine[key]


def _step(request: HttpRequest, *known: str) -> str:
    """To which of the *known* states it goes; 404 for any other."""
    if (to := request.POST.get("to", "")) not in known:
        raise Http404
    return to


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
