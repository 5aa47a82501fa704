# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a social space: what is it for, what does it cost, what came of it?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.acting.outcomes import Count
from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.instruments import social_space as spaces
from wijkeconomie.web.acting.instruments.social_space import forms
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.acting.pages import begun, frame, where_and_for
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

SPACE, COUNT = spaces.SPACE.name, spaces.COUNT.name


@signed_in
def all_spaces(request: Asked) -> HttpResponse:
    """The social spaces that I work for, and of which the yearly verdict is late."""
    today = timezone.localdate()
    rows = [(one, spaces.due(one), spaces.late(one, today))
            for one in access.listings(request.user, SPACE, Right.SET_TO_WORK)]  # fmt: skip
    begins = [here.municipality for here in roles_in(request.user)
              if Right.SET_TO_WORK in here.rights]  # fmt: skip
    return render(request, "acting/social_spaces.html", {"rows": rows, "begins": begins})


@writes
@needs(Right.SET_TO_WORK)
def new_space(request: HttpRequest, here: Place) -> HttpResponse:
    """Note a social space."""

    def act(given: dict[str, Any]) -> str:
        more = spaces.first_more(given)
        given["place"] = {"name": given["title"], "address": given.pop("address")}
        made = begun(here, spaces.SPACE, given, more, whatever=True)
        return reverse("social_space_team", args=[made.pk])

    form = _filled(request, forms.SpaceForm, **where_and_for(here))
    return _ask(request, form, act, **frame(_("A new social space"), spaces.SPACE))


def _page(found: Listing) -> dict[str, Any]:
    rows, today = spaces.counts(found), timezone.localdate()
    each = spaces.costs(found, rows)
    return {
        "found": found, "rows": rows, "due": spaces.due(found), "late": spaces.late(found, today),
        "costs": [(name, str(spaces.OUTCOMES[name]), one) for name, one in each.items()],
        "verdicts": spaces.verdicts(found), "of_people": spaces.OF_PEOPLE, "few": spaces.FEW,
    }  # fmt: skip


@never_cache
def space(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is it for, what does it cost, what came of it?"""
    found = access.shown(key, SPACE, "going", "changing", "stopped")
    return render(request, "acting/social_space.html", _page(found) | {"title": found.title})


@access.on(Listing, Right.SET_TO_WORK, of=SPACE)
def team(request: Asked, found: Listing) -> HttpResponse:
    """The same, with what can be done."""
    page = _page(found) | {"steps": kinds.steps(found), "team": True}
    return render(request, "acting/social_space.html", page | frame(found.title, spaces.SPACE))


@writes
@access.on(Listing, Right.SET_TO_WORK, of=SPACE)
def count(request: Asked, found: Listing) -> HttpResponse:
    """Keep what was counted in a period, or why it was not."""

    def act(given: dict[str, Any]) -> str:
        period = Count(first=given.pop("first"), last=given.pop("last"), number=given.pop("number"))
        spaces.keep(by=request.user, space=found, count=period, **given)
        return reverse("social_space_team", args=[found.pk])

    form = _filled(request, forms.CountForm)
    return _ask(request, form, act, **frame(_("What was counted"), found))


@require_POST
@writes
@access.on(Listing, Right.SET_TO_WORK, of=COUNT)
def uncount(request: Asked, found: Listing) -> HttpResponse:
    """Take a count away that is not right; that it was there stays known."""
    actions.move(by=request.user, listing=found, to="replaced")
    return redirect("social_space_team", found.within_id)


@writes
@access.on(Listing, Right.SET_TO_WORK, of=SPACE)
def judge(request: Asked, found: Listing) -> HttpResponse:
    """Go on, change or stop, and why."""

    def act(given: dict[str, Any]) -> str:
        spaces.judge(by=request.user, space=found, **given)
        return reverse("social_space_team", args=[found.pk])

    form = _filled(request, forms.JudgeForm, steps=kinds.steps(found))
    return _ask(request, form, act, **frame(_("The verdict of this year"), found))
