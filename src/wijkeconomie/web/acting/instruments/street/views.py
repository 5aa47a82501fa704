# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a street: what was noted and agreed, and where people met."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.forms import MoveForm, SettleForm
from wijkeconomie.web.acting.instruments import street as streets
from wijkeconomie.web.acting.instruments.street import forms
from wijkeconomie.web.acting.models import Case, Line, Listing
from wijkeconomie.web.acting.pages import (
    SHOWN,
    WORKS,
    asker,
    begun,
    frame,
    moving,
    too_often,
    where_and_for,
)
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

STREET, POINT = streets.STREET.name, streets.POINT.name


@signed_in
def all_streets(request: Asked) -> HttpResponse:
    """The streets that I work for."""
    rows = access.listings(request.user, STREET, *WORKS)
    begins = [here.municipality for here in roles_in(request.user)
              if Right.SET_TO_WORK in here.rights]  # fmt: skip
    return render(request, "acting/streets.html", {"rows": rows, "begins": begins})


@writes
@needs(Right.SET_TO_WORK)
def new_street(request: HttpRequest, here: Place) -> HttpResponse:
    """Begin with a street."""

    def act(given: dict[str, Any]) -> str:
        made = begun(here, streets.STREET, given, {"days": 10}, whatever=True)
        return reverse("street_team", args=[made.pk])

    form = _filled(request, forms.StreetForm, **where_and_for(here))
    return _ask(request, form, act, **frame(_("A new street"), streets.STREET))


@writes
@never_cache
def street(request: HttpRequest, key: UUID) -> HttpResponse:
    """What do we do together here, and what do I see?"""
    found = access.shown(key, STREET, "open")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        who = asker({"kind": "organisation"} | given)
        question = actions.Question(about=given["about"], text=given["text"], channel="web",
                                    asker=who)  # fmt: skip
        made = streets.note(street=found, key=given["key"], question=question)
        return reverse("my_point", args=[access.link(made)])

    form, meetings = _filled(request, forms.PointForm), streets.meetings(found)
    page = {"found": found, "title": found.title, "said": streets.in_words(found),
            "lines": streets.agreements(found)[-SHOWN:],
            "meetings": meetings[:SHOWN], "places": streets.places(meetings),
            "open": streets.points(found).filter(closed_at=None).count()}  # fmt: skip
    return _ask(request, form, act, "acting/street.html", **page)


@access.on(Listing, *WORKS, of=STREET)
def team(request: Asked, found: Listing) -> HttpResponse:
    """What was noted, what was agreed, and how many came?"""
    reading, sets = Right.CASES in request.rights, Right.SET_TO_WORK in request.rights
    rows = list(streets.points(found)[:SHOWN]) if reading else []
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in rows])  # fmt: skip
    page = {"found": found, "rows": rows, "reading": reading, "sets": sets,
            "many": streets.points(found).count(), "lines": streets.agreements(found),
            "meetings": streets.meetings(found),
            "seen": streets.seen(found, request.user)[:SHOWN] if reading else (),
            "steps": kinds.steps(found) if sets else ()}  # fmt: skip
    return render(request, "acting/street_team.html", page | frame(found.title, streets.STREET))


move = writes(access.on(Listing, Right.SET_TO_WORK, of=STREET)(moving))


@writes
@access.on(Listing, Right.SET_TO_WORK, of=STREET)
def meet(request: Asked, found: Listing) -> HttpResponse:
    """Note an activity, and how many came."""

    def act(given: dict[str, Any]) -> str:
        streets.meet(by=request.user, street=found, **given)
        return reverse("street_team", args=[found.pk])

    form = _filled(request, forms.MeetForm)
    return _ask(request, form, act, **frame(_("An activity in the street"), found))


@writes
@access.on(Listing, Right.CASES, of=STREET)
def take_up(request: Asked, found: Listing, seen: UUID) -> HttpResponse:
    """Make a point of what was seen in fieldwork."""
    one = next((each for each, _known in streets.seen(found, request.user) if each.pk == seen),
               None)  # fmt: skip
    if one is None:
        raise Http404

    def act(given: dict[str, Any]) -> str:
        streets.take_up(by=request.user, street=found, seen=one, **given)
        return reverse("street_team", args=[found.pk])

    form = _filled(request, forms.TakeUpForm)
    return _ask(request, form, act, "acting/take_up.html", one=one,
                **frame(_("Make it a point of the street"), found))  # fmt: skip


@writes
@access.on(Case, Right.CASES, of=POINT)
def answer(request: Asked, found: Case) -> HttpResponse:
    """How does it stand?"""

    def act(given: dict[str, Any]) -> str:
        streets.answer(by=request.user, point=found, **given)
        return reverse("street_team", args=[found.listing_id])

    form = _filled(request, MoveForm, steps=kinds.steps(found))
    form.fields["reason"].help_text = _("Asked where nothing is done. Who noted it reads this.")
    return _ask(request, form, act, **frame(_("How does it stand?"), found.listing))


@writes
@access.on(Case, Right.CASES, of=POINT)
def agree(request: Asked, found: Case) -> HttpResponse:
    """Note what was agreed."""

    def act(given: dict[str, Any]) -> str:
        streets.agree(by=request.user, point=found, **given)
        return reverse("street_team", args=[found.listing_id])

    form = _filled(request, forms.AgreeForm)
    return _ask(request, form, act, **frame(_("What was agreed?"), found.listing))


@writes
@access.on(Line, Right.CASES, of=POINT)
def settle(request: Asked, found: Line) -> HttpResponse:
    """Was it kept?"""

    def act(given: dict[str, Any]) -> str:
        actions.settle(line=found, by=request.user, **given)
        return reverse("street_team", args=[found.of.listing_id])

    form = _filled(request, SettleForm, steps=kinds.steps(found))
    return _ask(request, form, act, **frame(_("How did it go?"), found.of.listing))


@never_cache
def my_point(request: HttpRequest, link: str) -> HttpResponse:
    """How does it stand with what I noted?"""
    found = access.followed(link, POINT)
    if found.party_id is None:
        raise Http404
    page = {"found": found, "title": found.listing.title, "lines": found.lines.all(),
            "here": request.build_absolute_uri(reverse("my_point", args=[link]))}  # fmt: skip
    return render(request, "acting/my_point.html", page)
