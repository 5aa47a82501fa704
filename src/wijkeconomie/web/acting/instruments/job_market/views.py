# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A job market before its day: for everyone, and for who organises it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.acting import access, actions, booking, kinds
from wijkeconomie.web.acting import forms as shared
from wijkeconomie.web.acting.instruments.job_market import (
    EXHIBITOR,
    MARKET,
    VISIT,
    after,
    forms,
    opening,
)
from wijkeconomie.web.acting.instruments.job_market.day import stands
from wijkeconomie.web.acting.instruments.job_market.talk_views import visitor
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.acting.pages import (
    SHOWN,
    WORKS,
    asker,
    begun,
    frame,
    too_often,
    where_and_for,
)
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


# -- for everyone
@writes
@never_cache
def job_market(request: HttpRequest, key: UUID) -> HttpResponse:
    """When is it, who stands there, and do I come?"""
    found = access.shown(key, MARKET.name, *MARKET.shown)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        made = opening.register(market=found, key=given["key"],
                                asker=asker({"kind": "person"} | given))  # fmt: skip
        return reverse("fair_talks", args=[access.link(made)])

    form = _filled(request, forms.RegisterForm)
    return _ask(request, form, act, "acting/job_market.html", found=found, title=found.title,
                stands=stands(found).filter(state="open"), said=after.said(found))  # fmt: skip


@writes
@never_cache
def fair_time(request: HttpRequest, link: str) -> HttpResponse:
    """I take a time at a stand."""
    found = visitor(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused
    slots = {str(one.pk): one for one in opening.free(found.listing)}

    def act(given: dict[str, Any]) -> str:
        opening.choose(visit=found, slot=slots[given["slot"]], key=given["key"])
        return reverse("fair_talks", args=[link])

    times = [(key, f"{one.listing.title} · {booking.moment(one.starts_at)}")
             for key, one in slots.items()]  # fmt: skip
    form = _filled(request, forms.TimeForm, times=times)
    return _ask(request, form, act, title=_("A time at a stand"), kicker=found.listing.title)


@require_POST
@writes
@never_cache
def fair_stop(request: HttpRequest, link: str) -> HttpResponse:
    """I do not take part any more."""
    found, refused = access.followed(link, VISIT.name), too_often(request)
    if refused:
        return refused
    opening.stop(visit=found)
    return redirect("job_market", found.listing_id)


# -- for who organises it
@signed_in
def job_markets(request: Asked) -> HttpResponse:
    """Which job markets are there?"""
    rows = access.listings(request.user, MARKET.name, *WORKS)
    begins = [here.municipality for here in roles_in(request.user)
              if Right.SET_TO_WORK in here.rights]  # fmt: skip
    return render(request, "acting/job_markets.html", {"rows": rows, "begins": begins})


@writes
@needs(Right.SET_TO_WORK)
def new_job_market(request: HttpRequest, here: Place) -> HttpResponse:
    """Begin a job market."""

    def act(given: dict[str, Any]) -> str:
        more = {"day": given.pop("day").isoformat(), "phone": given.pop("phone"), "days": 5}
        place = {"name": given["title"], "address": given.pop("address")}
        made = begun(here, MARKET, given | {"place": place}, more)
        return reverse("job_market_team", args=[made.pk])

    form = _filled(request, forms.MarketForm, **where_and_for(here, MARKET.name))
    return _ask(request, form, act, **frame(_("Begin a job market"), MARKET))


@access.on(Listing, *WORKS, of=MARKET.name)
def job_market_team(request: Asked, found: Listing) -> HttpResponse:
    """Who stands there, how many come, and what is next?"""
    reading = Right.CASES in request.rights
    holders = {one.party_id: one for one in found.cases.filter(kind=EXHIBITOR.name)}
    page = {
        "found": found, "reading": reading, "sets": Right.SET_TO_WORK in request.rights,
        "rows": [(one, holders.get(one.party_id)) for one in stands(found)[:SHOWN]],
        "visits": found.cases.filter(kind=VISIT.name, closed_at=None).count(),
        "steps": kinds.steps(found),
    }  # fmt: skip
    return render(request, "acting/job_market_team.html", page | frame(found.title, MARKET))


@writes
@access.on(Listing, Right.SET_TO_WORK, of=MARKET.name)
def move_job_market(request: Asked, found: Listing) -> HttpResponse:
    """Open it, say that the day is over, or end it."""

    def act(given: dict[str, Any]) -> str:
        opening.move(by=request.user, market=found, **given)
        return reverse("job_market_team", args=[found.pk])

    form = _filled(request, shared.MoveForm, steps=kinds.steps(found))
    return _ask(request, form, act, **frame(_("Open or close"), found))


@writes
@access.on(Listing, Right.CASES, of=MARKET.name)
def add_fair_stand(request: Asked, found: Listing) -> HttpResponse:
    """A stand, its times and who holds it."""
    if found.state == "ended":
        raise Http404

    def act(given: dict[str, Any]) -> str:
        who = asker({"kind": "organisation"} | given)
        named = ("key", "title", "opens", "closes", "minutes", "tables")
        opening.add_stand(by=request.user, market=found, asker=who,
                          offers=given.get("offers", ()),
                          **{name: given[name] for name in named})  # fmt: skip
        return reverse("job_market_team", args=[found.pk])

    form = _filled(request, forms.StandForm, offers=opening.offered(found))
    return _ask(request, form, act, **frame(_("A stand"), found))


@writes
@access.on(Listing, Right.CASES, of=MARKET.name)
def walk_in(request: Asked, found: Listing) -> HttpResponse:
    """Somebody who walks in: a name is enough."""

    def act(given: dict[str, Any]) -> str:
        made = opening.register(market=found, key=given["key"], by=request.user,
                                asker=asker({"kind": "person"} | given))  # fmt: skip
        actions.read(by=request.user, case=made)
        return reverse("tie_badge", args=[found.pk])

    form = _filled(request, forms.RegisterForm)
    return _ask(request, form, act, **frame(_("Somebody walks in"), found))
