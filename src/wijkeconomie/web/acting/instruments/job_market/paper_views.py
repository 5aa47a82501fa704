# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a job market that are printed or hang in the hall, and who is registered."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.instruments import job_market as fair
from wijkeconomie.web.acting.instruments.job_market import papers
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.acting.pages import SHOWN, frame
from wijkeconomie.web.journey.access import Asked

MARKET = fair.MARKET.name
_EVERY = "60"  # seconds after which the screen in the hall looks again


@access.on(Listing, Right.CASES, of=MARKET)
def lists(request: Asked, found: Listing) -> HttpResponse:
    """Who comes where: a sheet for each stand, or for each moment (``?per=moment``)."""
    by_moment = request.GET.get("per") == "moment"
    sheets = papers.by_moment(found) if by_moment else papers.by_stand(found)
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[row.party_id for one in sheets for row in one.rows])  # fmt: skip
    page = {"found": found, "sheets": sheets, "by_moment": by_moment, "day": fair.day_of(found)}
    return render(request, "acting/fair_lists.html", page | frame(_("Lists to print"), found))


@access.on(Listing, Right.CASES, of=MARKET)
def badges(request: Asked, found: Listing) -> HttpResponse:
    """A badge for everybody who comes: a first name, and a code that says nothing."""
    rows = papers.badges(found)
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in rows])  # fmt: skip
    page = {"found": found, "rows": rows}
    return render(request, "acting/fair_badges.html", page | frame(_("Badges to print"), found))


@access.on(Listing, Right.CASES, of=MARKET)
def registered(request: Asked, found: Listing) -> HttpResponse:
    """Who is registered, by a name or a number."""
    words = request.GET.get("q", "")
    rows = papers.called(found, words)
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in rows[:SHOWN]])  # fmt: skip
    page = {"found": found, "rows": rows[:SHOWN], "more": max(0, len(rows) - SHOWN), "q": words}
    return render(request, "acting/fair_registered.html", page | frame(_("Who comes"), found))


@never_cache
def screen(request: HttpRequest, key: UUID) -> HttpResponse:
    """For the hall: what is now, what is next.  It looks again by itself, unless ``?stil=1``."""
    found = access.shown(key, MARKET, "open", "shut")
    still = bool(request.GET.get("stil"))
    page = {"found": found, "title": found.title, "still": still,
            "screen": papers.screen(found, timezone.now())}  # fmt: skip
    answer = render(request, "acting/fair_screen.html", page)
    if not still:
        answer["Refresh"] = _EVERY
    return answer
