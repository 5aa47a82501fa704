# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages on which somebody looks for a space, people propose one, and both sides answer."""

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

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.forms import WhyForm
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import forms, matching
from wijkeconomie.web.acting.models import Case, Match
from wijkeconomie.web.acting.pages import SHOWN, asker, chosen, frame, too_often
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey import boards
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

WISH, MATCH = spaces.WISH.name, spaces.MATCH.name


@writes
@never_cache
def wish(request: HttpRequest, key: UUID) -> HttpResponse:
    """I look for a space."""
    found = access.shown(key, spaces.SPACES.name, "open", "paused", "ended")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        question = actions.Question(
            about=given["about"], text=given["text"], channel="web", more=form.more(),
            asker=asker({"kind": "organisation"} | given),
        )  # fmt: skip
        made = actions.ask(listing=found, kind=spaces.WISH, key=given["key"], question=question)
        return reverse("my_space", args=[access.link(made)])

    form = _filled(request, forms.WishForm, areas=boards.areas(found.municipality))
    page = {"found": found, "title": _("I look for a space")}
    return _ask(request, form, act, "acting/space_wish.html", **page)


@writes
@access.on(Case, Right.CASES, of=WISH)
def look(request: Asked, found: Case) -> HttpResponse:
    """Which space fits this entrepreneur, and why, or why not?"""
    actions.read(by=request.user, case=found)

    def act(given: dict[str, Any]) -> str:
        unit = chosen(spaces.units(found.listing), str(given["unit"]))
        if unit is None:
            raise Http404
        matching.propose(by=request.user, case=found, unit=unit, why=given["why"])
        return reverse("space_look", args=[found.pk])

    form = _filled(request, forms.ProposeForm)
    usual = matching.band(found.municipality_id, found.about, timezone.localdate())
    expected = matching.turnovers(found)
    every = (
        matching.compared(found) if found.party_id else []
    )  # what is no longer kept fits nothing
    page = {
        "found": found, "usual": usual, "turnovers": expected, "rest": len(every) - SHOWN,
        "called": matching.pseudonym(found), "steps": kinds.steps(found),
        "rows": [(fit, unit, made, matching.weighs(fit.unit.rent, expected, usual))
                 for fit, unit, made in every[:SHOWN]],
    }  # fmt: skip
    return _ask(request, form, act, "acting/space_look.html",
                **page | frame(matching.pseudonym(found), found.listing))  # fmt: skip


@writes
@access.on(Case, Right.CASES, of=WISH)
def stop_for(request: Asked, found: Case) -> HttpResponse:
    """Somebody does not look any more, the team heard."""

    def act(given: dict[str, Any]) -> str:
        matching.stop(case=found, by=request.user, **given)
        return reverse("spaces_team", args=[found.listing_id])

    form = _filled(request, WhyForm)
    form.fields["reason"].help_text = _("Who it is about reads it.")
    return _ask(request, form, act, **frame(_("Does not look any more"), found.listing))


@writes
@access.on(Match, Right.CASES, of=MATCH)
def handle(request: Asked, found: Match) -> HttpResponse:
    """What happens with this proposal?"""
    actions.read(by=request.user, case=found.case)

    def act(given: dict[str, Any]) -> str:
        matching.handle(by=request.user, match=found, **given)
        return reverse("space_match", args=[found.pk])

    form = _filled(request, forms.HandleForm, steps=kinds.steps(found))
    page = {
        "found": found, "called": matching.pseudonym(found.case), "owner": None,
        "party": found.case.party, "does": bool(kinds.steps(found)),
        "changes": found.steps.select_related("made_by").order_by("made_at"),
    }  # fmt: skip
    if owner := spaces.owner_of(found.listing):
        actions.read_all(by=request.user, municipality=found.municipality,
                         parties=[owner.party_id])  # fmt: skip
        page["owner"] = owner
    return _ask(request, form, act, "acting/space_match.html",
                **page | frame(found.listing.title, found.case.listing))  # fmt: skip


@require_POST
@writes
@access.on(Match, Right.PROMISE, of=MATCH)
def owner_answers(request: Asked, found: Match) -> HttpResponse:
    """An owner says yes or no to somebody for their space."""
    mine = matching.of_owner(request.user, found.pk)
    yes, reason = answered(request)
    matching.answer(match=mine, yes=yes, reason=reason, owner=request.user)
    return redirect("my_spaces")


@never_cache
def my_space(request: HttpRequest, link: str) -> HttpResponse:
    """Which space could be mine, and what do I have to do?"""
    found = _mine(link)
    page = {
        "found": found, "link": link, "title": _("The space that you look for"),
        "rows": matching.for_asker(found), "reasons": matching.OF_ASKER,
        "here": request.build_absolute_uri(reverse("my_space", args=[link])),
        "stops": found.state in ("received", "taken"),
    }  # fmt: skip
    return render(request, "acting/my_space.html", page)


@require_POST
@writes
@never_cache
def asker_answers(request: HttpRequest, link: str) -> HttpResponse:
    """Who looks for a space says yes or no to one."""
    found = _mine(link)
    if refused := too_often(request):
        return refused
    yes, reason = answered(request)
    match = matching.of_asker(found, request.POST.get("match"))
    matching.answer(match=match, yes=yes, reason=reason)
    return redirect("my_space", link)


@require_POST
@writes
@never_cache
def stop(request: HttpRequest, link: str) -> HttpResponse:
    """I do not look any more."""
    if refused := too_often(request):
        return refused
    matching.stop(case=_mine(link))
    return redirect("my_space", link)


def _mine(link: str) -> Case:
    return get_object_or_404(
        Case.objects.select_related("listing__municipality", "party"),
        pk=access.followed(link).pk, kind=WISH, party__isnull=False,
    )  # fmt: skip


def answered(request: HttpRequest) -> tuple[bool, str]:
    """Yes, or no with the code of a reason; 404 for anything else."""
    form = forms.AnswerForm(request.POST)
    if not form.is_valid():
        raise Http404
    given = form.cleaned_data
    return given["yes"] == "1", given["reason"]
