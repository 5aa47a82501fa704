# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The talks of a visitor of a job market, by their own link: what a stand may read of them, what it
wrote, a seat on a route, a text for the wall, and how it goes months later."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments.job_market import (
    VISIT,
    after,
    day_forms,
    enrolling,
    meetings,
    stands,
    wall,
)
from wijkeconomie.web.acting.instruments.job_market.day import BID, HOW, SHOWS
from wijkeconomie.web.acting.instruments.job_market.door_views import called
from wijkeconomie.web.acting.models import Case, Match
from wijkeconomie.web.acting.pages import too_often
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


def visitor(link: str) -> Case:
    """Whose talks they are; 404 after that was destroyed, or after they took it all back."""
    found = access.followed(link, VISIT.name)
    if found.party_id is None or found.closed_at is not None:
        raise Http404
    return found


@never_cache
def fair_talks(request: HttpRequest, link: str) -> HttpResponse:
    """With whom do I talk, what may they know, and what did they write?"""
    found = visitor(link)
    text = wall.of_visit(found)
    page = {
        "found": found, "link": link, "title": _("Your talks"), "rows": meetings.of_visit(found),
        "shows": SHOWS, "how": HOW, "asks": found.more.get("ask", False), "text": text,
        "bids": wall.bids_on(text) if text else [],
        "routes": enrolling.starts(found.listing),
        "later": found.lines.filter(state="open", due__lte=timezone.localdate()).exists(),
    }  # fmt: skip
    return render(request, "acting/fair_talks.html", page)


@require_POST
@writes
@never_cache
def fair_allow(request: HttpRequest, link: str, stand: UUID) -> HttpResponse:
    """What this stand may read of me."""
    found, refused = visitor(link), too_often(request)
    if refused:
        return refused
    one = get_object_or_404(stands(found.listing), pk=stand)
    meetings.allow(visit=found, stand=one, shows=request.POST.get("shows", ""))
    return redirect("fair_talks", link)


@writes
@never_cache
def fair_enrol(request: HttpRequest, link: str) -> HttpResponse:
    """I take a seat on a route."""
    found = visitor(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused
    starts = enrolling.starts(found.listing)

    def act(given: dict[str, Any]) -> str:
        stand, slot = given["slot"]
        enrolling.enrol(visit=found, stand=stand, slot=slot, key=given["key"], how="phone")
        return reverse("fair_talks", args=[link])

    form = _filled(request, day_forms.StartsForm, starts=starts, called=called(starts))
    return _ask(request, form, act, "acting/fair_enrol.html", found=found, link=link,
                starts=starts, title=_("Enrol in a route"))  # fmt: skip


@require_POST
@writes
@never_cache
def fair_ask(request: HttpRequest, link: str) -> HttpResponse:
    """Whether I may be asked later how it goes."""
    found, refused = visitor(link), too_often(request)
    if refused:
        return refused
    after.may_ask(visit=found, yes="yes" in request.POST)
    return redirect("fair_talks", link)


@require_POST
@writes
@never_cache
def fair_still(request: HttpRequest, link: str) -> HttpResponse:
    """Whether I am still there: one tap."""
    found, refused = visitor(link), too_often(request)
    if refused:
        return refused
    after.still(visit=found, there="yes" in request.POST)
    return redirect("fair_talks", link)


@writes
@never_cache
def fair_text(request: HttpRequest, link: str) -> HttpResponse:
    """What I write for the wall."""
    found = visitor(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        wall.write(visit=found, key=given["key"], text=given["text"])
        return reverse("fair_talks", args=[link])

    form = _filled(request, day_forms.WallForm)
    return _ask(request, form, act, title=_("A text for the wall"), kicker=found.listing.title)


@require_POST
@writes
@never_cache
def fair_text_down(request: HttpRequest, link: str) -> HttpResponse:
    """I take it down."""
    found, refused = visitor(link), too_often(request)
    if refused:
        return refused
    text = wall.of_visit(found)
    if text is not None and text.state in wall.UP:
        wall.take_down(visit=found, text=text)
    return redirect("fair_talks", link)


@require_POST
@writes
@never_cache
def fair_answer(request: HttpRequest, link: str, match: UUID) -> HttpResponse:
    """I want to meet this employer, or not now."""
    found, refused = visitor(link), too_often(request)
    if refused:
        return refused
    rows = Match.objects.filter(kind=BID.name, listing__party=found.party_id,
                                listing__within=found.listing_id)  # fmt: skip
    wall.answer(visit=found, match=get_object_or_404(rows, pk=match), yes="yes" in request.POST)
    return redirect("fair_talks", link)
