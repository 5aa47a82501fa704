# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a register: which spaces are there, for everyone, for the team, for their owner."""

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
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import forms, matching, owning
from wijkeconomie.web.acting.instruments.spaces.drawn import drawn
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.acting.pages import (
    SHOWN,
    WORKS,
    areas_for,
    begun,
    frame,
    moving,
    where_and_for,
)
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

SPACES, UNIT = spaces.SPACES.name, spaces.UNIT.name
KEEPS = (*WORKS, Right.PROMISE)


@signed_in
def all_spaces(request: Asked) -> HttpResponse:
    """The registers that I work for; and the way to spaces of my own."""
    rows = access.listings(request.user, SPACES, *WORKS)
    here = roles_in(request.user)
    begins = [one.municipality for one in here if Right.SET_TO_WORK in one.rights]
    mine = any(Right.PROMISE in one.rights for one in here)
    return render(request, "acting/all_spaces.html",
                  {"rows": rows, "begins": begins, "mine": mine})  # fmt: skip


@signed_in
def my_spaces(request: Asked) -> HttpResponse:
    """Which spaces do I keep, and what is asked of me?"""
    matches = list(matching.for_owner(request.user)[:SHOWN])
    open_ = [one.case for one in matches if one.state in spaces.BOTH]
    for case in open_:
        actions.read(by=request.user, case=case)
    page = {
        "rows": list(spaces.owned(request.user)[:SHOWN]), "reasons": matching.OF_OWNER,
        "title": _("My spaces"),
        "matches": [(one, matching.shown_to_owner(one)) for one in matches],
    }  # fmt: skip
    return render(request, "acting/my_spaces.html", page)


@writes
@needs(Right.SET_TO_WORK)
def new_register(request: HttpRequest, here: Place) -> HttpResponse:
    """Begin a register of spaces."""

    def act(given: dict[str, Any]) -> str:
        more = {name: given.pop(name) for name in ("days", "phone", "post")}
        made = begun(here, spaces.SPACES, given, more)
        return reverse("spaces_team", args=[made.pk])

    form = _filled(request, forms.RegisterForm, **where_and_for(here, SPACES))
    return _ask(request, form, act, **frame(_("A new register of spaces"), spaces.SPACES))


@never_cache
def register(request: HttpRequest, key: UUID) -> HttpResponse:
    """Which spaces are vacant, and which of them could be mine?"""
    found = access.shown(key, SPACES, "open", "paused", "ended")
    form = forms.FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = spaces.narrowed(spaces.on_show(found), m2=asked.get("m2"), rent=asked.get("huur"),
                           use=asked.get("gebruik", ""))  # fmt: skip
    many, shown = rows.count(), list(rows.prefetch_related("pictures")[:SHOWN])
    page = {
        "found": found, "title": found.title, "form": form, "rows": shown, "many": many,
        "map": drawn(found, shown), "rest": many - len(shown), "narrowed": any(asked.values()),
    }  # fmt: skip
    return render(request, "acting/register.html", page)


@never_cache
def on_show(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is this space like, and how do I say that I want it?"""
    found = spaces.shown_unit(key)
    register = _register(found)
    page = {"found": found, "register": register, "title": found.title,
            "photos": list(found.pictures.all())}  # fmt: skip
    return render(request, "acting/space_on_show.html", page)


@access.on(Listing, *WORKS, of=SPACES)
def team(request: Asked, found: Listing) -> HttpResponse:
    """Which spaces do we know, who looks for one, and what waits?"""
    reading, sets = Right.CASES in request.rights, Right.SET_TO_WORK in request.rights
    looking = access.cases(found).filter(kind=spaces.WISH.name)
    cases = list(looking.select_related("party")[:SHOWN]) if reading else []
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in cases])  # fmt: skip
    rows = spaces.units(found)
    page = {
        "found": found, "rows": list(rows[:SHOWN]), "rest": max(0, rows.count() - SHOWN),
        "cases": cases, "reading": reading, "results": spaces.counts([found]),
        "sets": sets, "steps": kinds.steps(found) if sets else (),
    }  # fmt: skip
    return render(request, "acting/spaces_team.html", page | frame(found.title, spaces.SPACES))


move = writes(access.on(Listing, Right.SET_TO_WORK, of=SPACES)(moving))


@writes
@access.on(Listing, *WORKS, of=SPACES)
def new_unit(request: Asked, found: Listing) -> HttpResponse:
    """Note a space."""

    def act(given: dict[str, Any]) -> str:
        made = spaces.add_unit(by=request.user, register=found, key=given["key"],
                               title=given["title"], place=form.place(), more=form.more(),
                               state=given["state"])  # fmt: skip
        return reverse("space", args=[made.pk])

    form = _filled(request, forms.UnitForm, initial={"area": found.area},
                   areas=areas_for(request.user, found.municipality, *WORKS))  # fmt: skip
    return _ask(request, form, act, **frame(_("Note a space"), found))


@access.on(Listing, *KEEPS, of=UNIT)
def space(request: Asked, found: Listing) -> HttpResponse:
    """What do we know of this space, whose is it, and what happens with it?"""
    mine = keeps(request, found)
    reading = Right.CASES in request.rights
    matches = list(found.matches.select_related("case").order_by("-made_at")) if reading else []
    owner = None if mine else spaces.owner_of(found)
    if owner:
        actions.read_all(by=request.user, municipality=found.municipality,
                         parties=[owner.party_id])  # fmt: skip
    page = {
        "found": found, "owner": owner, "mine": mine, "steps": kinds.steps(found),
        "matches": [(one, matching.pseudonym(one.case)) for one in matches],
        "changes": list(spaces.changes(found)[:10]), "photos": list(found.pictures.all()),
        "reading": reading,
    }  # fmt: skip
    return render(request, "acting/space.html", page | unit_frame(found, found.title, mine=mine))


@writes
@access.on(Listing, *KEEPS, of=UNIT)
def keep(request: Asked, found: Listing) -> HttpResponse:
    """Change what is known of a space."""
    mine = keeps(request, found)

    def act(given: dict[str, Any]) -> str:  # noqa: ARG001 -- the form knows how it is kept
        spaces.keep_unit(by=request.user, unit=found, given=form.more(), owner=mine)
        return reverse("space", args=[found.pk])

    form = _filled(request, forms.KeepForm, initial=forms.KeepForm.first(found.more))
    return _ask(request, form, act, **unit_frame(found, _("Change what is known"), mine=mine))


@writes
@access.on(Listing, *KEEPS, of=UNIT)
def move_space(request: Asked, found: Listing) -> HttpResponse:
    """Say that a space is vacant, in use or gone."""
    mine = keeps(request, found)

    def act(given: dict[str, Any]) -> str:
        spaces.move_unit(by=request.user, unit=found, **given)
        return reverse("space", args=[found.pk])

    form = _filled(request, forms.HandleForm, steps=kinds.steps(found))
    return _ask(request, form, act, **unit_frame(found, _("What changed?"), mine=mine))


@writes
@access.on(Listing, *WORKS, of=UNIT)
def owner(request: Asked, found: Listing) -> HttpResponse:
    """Note whose a space is, and by which account they keep it."""
    partners = {str(one.pk): one for one in spaces.partners(found)}
    known = {str(one.pk): one for one in owning.known_in(_register(found), found)}
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in known.values()])  # fmt: skip

    def act(given: dict[str, Any]) -> str:
        one = known.get(given.get("known", ""))
        who = {name: given[name] for name in ("kind", "name", "email", "phone")}
        spaces.note_owner(by=request.user, unit=found, key=given["key"],
                          owner=one.party if one else actions.Asker(**who),
                          user=one.user if one else partners.get(given["user"]))  # fmt: skip
        return reverse("space", args=[found.pk])

    named = [(key, one.name or one.email) for key, one in partners.items()]
    form = _filled(request, forms.OwnerForm, partners=named,
                   known=[(key, one.party.name) for key, one in known.items()])  # fmt: skip
    return _ask(request, form, act, **unit_frame(found, _("Whose is it?")))


def _register(unit: Listing) -> Listing:
    if unit.within is None:
        raise Http404
    return unit.within


def keeps(request: Asked, found: Listing) -> bool:
    """Whether it is as its owner that somebody is here; 404 where they are neither that nor of the
    team."""
    if request.rights & set(WORKS):
        return False
    spaces.mine_or_404(request.user, found)
    return True


def unit_frame(found: Listing, title: str, *, mine: bool = False) -> dict[str, Any]:
    """Title and way back: the register for the team, spaces of one's own for an owner."""
    made = frame(title, found)
    if title == found.title:
        made["crumbs"] = made["crumbs"][:1] + made["crumbs"][-1:]
    if not mine and found.within:
        way = frame(found.title, found.within)["crumbs"][:2]
        made["crumbs"] = [*way, *made["crumbs"][1:]]
    return made
