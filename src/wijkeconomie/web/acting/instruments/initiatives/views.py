# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of initiatives: may we, who helps, and how was it?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.forms import MoveForm
from wijkeconomie.web.acting.instruments import initiatives, permit_guide
from wijkeconomie.web.acting.instruments.initiatives import borrowing, forms, pots
from wijkeconomie.web.acting.instruments.initiatives.own_views import carried
from wijkeconomie.web.acting.models import Listing, Slot
from wijkeconomie.web.acting.pages import asker, begun, frame, moving, too_often, where_and_for
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

DESK, INITIATIVE = initiatives.DESK.name, initiatives.INITIATIVE.name
_SHOWN, _MOST = ("open", "held", "cancelled"), 20


@signed_in
def all_desks(request: Asked) -> HttpResponse:
    """Where I work with initiatives."""
    rows = access.listings(request.user, DESK, Right.SET_TO_WORK)
    begins = [here.municipality for here in roles_in(request.user)
              if Right.SET_TO_WORK in here.rights]  # fmt: skip
    return render(request, "acting/initiatives.html", {"rows": rows, "begins": begins})


@writes
@needs(Right.SET_TO_WORK)
def new_desk(request: HttpRequest, here: Place) -> HttpResponse:
    """Begin with initiatives in a neighbourhood."""

    def act(given: dict[str, Any]) -> str:
        made = begun(here, initiatives.DESK, given, {})
        return reverse("initiatives_team", args=[made.pk])

    form = _filled(request, forms.DeskForm, **where_and_for(here, DESK))
    return _ask(request, form, act, **frame(_("Ask for initiatives"), initiatives.DESK))


@access.on(Listing, Right.SET_TO_WORK, of=DESK)
def desk_team(request: Asked, found: Listing) -> HttpResponse:
    """What was proposed, and what waits for us?"""
    rows = sorted(found.inside.filter(kind=INITIATIVE), key=initiatives.day_of)
    page = {"found": found, "steps": kinds.steps(found),
            "waits": [one for one in rows if one.state == "proposed"],
            "rows": [one for one in rows if one.state != "proposed"],
            "words": initiatives.in_words(initiatives.tally(found)),
            "things": borrowing.things(found), "pots": pots.of_desk(found)}  # fmt: skip
    return render(request, "acting/initiatives_team.html",
                  page | frame(found.title, initiatives.DESK))  # fmt: skip


@writes
@access.on(Listing, Right.SET_TO_WORK, of=DESK)
def move_desk(request: Asked, found: Listing) -> HttpResponse:
    """Open it, or end it."""
    return moving(request, found)


@never_cache
def here(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is there to do, and may I propose something?"""
    found = access.shown(key, DESK, "open")
    shown = found.inside.filter(kind=INITIATIVE, state__in=_SHOWN).select_related("place")
    rows, today = sorted(shown, key=initiatives.day_of), timezone.localdate()
    coming = [one for one in rows if one.state == "open"]
    page = {"found": found, "title": found.title,
            "coming": coming[:_MOST], "later": len(coming[_MOST:]),
            "held": [one for one in reversed(rows) if one.state == "held"][:_MOST], "today": today,
            "words": initiatives.in_words(initiatives.tally(found))}  # fmt: skip
    return render(request, "acting/initiatives_here.html", page)


@writes
@never_cache
def propose(request: HttpRequest, key: UUID) -> HttpResponse:
    """Propose something; no account is needed."""
    found = access.shown(key, DESK, "open")
    if request.method == "POST" and (refused := too_often(request)):
        return refused
    may = permit_guide.ask(found.municipality_id, initiatives.TOPIC, {})
    form = _filled(request, forms.ProposalForm, may=may)

    def act(given: dict[str, Any]) -> str:
        begins, ends = (f"{given[name]:%H:%M}" if given[name] else ""
                        for name in ("begins", "ends"))  # fmt: skip
        named = ("sort", "title", "story", "day", "where", "every")
        plan = initiatives.Plan(answers=form.answers(), begins=begins, ends=ends,
                                **{name: given[name] for name in named})  # fmt: skip
        case = initiatives.propose(desk=found, key=given["key"], plan=plan,
                                   asker=asker({"kind": "person"} | given))  # fmt: skip
        return reverse("my_initiative", args=[access.link(case)])

    page = {"title": _("Propose something"), "button": _("Send")}
    return _ask(request, form, act, "acting/propose.html", found=found, **page)


@never_cache
def initiative(request: HttpRequest, key: UUID) -> HttpResponse:
    """What, when, where; who helps?"""
    found = access.shown(key, INITIATIVE, *_SHOWN)
    page = {"found": found, "title": found.title, "day": initiatives.day_of(found),
            "sort": initiatives.SORTS[found.more["sort"]], **initiatives.permit(found),
            "shifts": initiatives.shifts(found), "now": timezone.now(),
            "why": found.steps.filter(state="cancelled").first()}  # fmt: skip
    return render(request, "acting/initiative.html", page)


@writes
@never_cache
def help_at(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a shift; no account is needed."""
    slot = get_object_or_404(Slot.objects.select_related("listing__municipality", "place"), pk=key,
                             listing__kind=INITIATIVE, listing__state="open")  # fmt: skip
    if request.method == "POST" and (refused := too_often(request)):
        return refused
    if slot.state != Slot.State.OPEN:
        raise Http404

    def act(given: dict[str, Any]) -> str:
        case = initiatives.help_at(slot=slot, key=given["key"],
                                   asker=asker({"kind": "person"} | given))  # fmt: skip
        return reverse("my_help", args=[access.link(case)])

    form = _filled(request, forms.HelpForm)
    page = {"title": _("I help"), "button": _("I will come"), "slot": slot}
    return _ask(request, form, act, "acting/help_at.html", **page)


@access.on(Listing, Right.SET_TO_WORK, of=INITIATIVE)
def team(request: Asked, found: Listing) -> HttpResponse:
    """Who proposes what, may it be, and who helps?"""
    case = found.cases.filter(kind=initiatives.PROPOSAL.name).select_related("party").first()
    helpers = initiatives.helpers(found)
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in [case, *helpers] if one])  # fmt: skip
    page = {"found": found, "case": case, "helpers": helpers, "day": initiatives.day_of(found),
            **initiatives.permit(found), "shifts": initiatives.shifts(found),
            "sort": initiatives.SORTS[found.more["sort"]],
            "steps": _by_us(found)}  # fmt: skip
    page |= carried(case) if case else {}
    return render(request, "acting/initiative_team.html", page | frame(found.title, found))


def _by_us(found: Listing) -> list[Any]:
    """What the team does with a step alone: how it was is told with more than that."""
    return [one for one in kinds.steps(found) if one.to != "held"]


@writes
@access.on(Listing, Right.SET_TO_WORK, of=INITIATIVE)
def move(request: Asked, found: Listing) -> HttpResponse:
    """Let it go ahead, or not."""

    def act(given: dict[str, Any]) -> str:
        initiatives.decide(by=request.user, initiative=found, **given)
        return reverse("initiative_team", args=[found.pk])

    form = _filled(request, MoveForm, steps=_by_us(found))
    return _ask(request, form, act, **frame(_("Does it go ahead?"), found))
