# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages on which what was written is changed, tied to more, or taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey import access, boards, forms, plan_forms, sense_forms
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.actions import left_laid, mending, plan, sense
from wijkeconomie.web.journey.asking import (
    ask,
    at,
    columns,
    edited,
    filled,
    frame,
    named,
    quoted,
    while_it_changes,
)
from wijkeconomie.web.journey.models import (
    Aim,
    Commitment,
    Effort,
    Evidence,
    Figure,
    Finding,
    Goal,
    Ground,
    Journey,
    Opgave,
    Plan,
)

SENSE = (Right.CODE, Right.PLAN)


@writes
@access.on(Journey, Right.PLAN)
def journey(request: Asked, found: Journey) -> HttpResponse:
    """Where does the journey stand, and what is it called?"""

    def act(given: dict[str, Any]) -> str:
        mending.change_journey(by=request.user, journey=found, **given)
        return at("journey", found)

    kept = columns("name", "assignment", "state", "ends_on")
    form = edited(request, forms.JourneyStepForm, found, kept, closed=found.closed_on)
    return ask(request, form, act, **frame(found, _("Change the journey")))


def _change(
    request: Asked, found: mending.Written, kind: type[forms.Keyed],
    kept: Callable[[Any], dict[str, Any]], title: str,
    to_columns: Callable[[dict[str, Any]], Any] = dict, **options: Any,
) -> HttpResponse:  # fmt: skip
    """Ask for other words than *kept*, put them in the columns they stand for, and go back."""

    def act(given: dict[str, Any]) -> str:
        given.pop("key")
        mending.change(by=request.user, thing=found, given=to_columns(given))
        return at(type(found).__name__.lower(), found)

    form = edited(request, kind, found, kept, **options)
    return ask(request, form, act, **frame(found.journey, title))


@writes
@access.on(Finding, *SENSE)
@while_it_changes
def finding(request: Asked, found: Finding) -> HttpResponse:
    """Say a finding otherwise."""
    kept = columns("claim", "perspective")
    return _change(request, found, sense_forms.FindingForm, kept, _("Change the finding"))


@writes
@access.on(Opgave, Right.PLAN)
@while_it_changes
def opgave(request: Asked, found: Opgave) -> HttpResponse:
    """Say an opgave otherwise."""
    kept = columns("sentence", "perspective")
    return _change(request, found, plan_forms.OpgaveWords, kept, _("Change the opgave"))


@writes
@access.on(Goal, Right.PLAN)
@while_it_changes
def goal(request: Asked, found: Goal) -> HttpResponse:
    """Another goal, another year, another figure."""

    def kept(one: Goal) -> dict[str, Any]:
        known = columns("sentence", "target", "sign", "year")(one)
        return {**known, "baseline": one.baseline.indicator if one.baseline else ""}

    def to_columns(given: dict[str, Any]) -> dict[str, Any]:
        return {**given, "baseline": _baseline(request, found, given["baseline"])}

    figures = boards.quotable(found.journey)
    return _change(request, found, plan_forms.GoalForm, kept, _("Change the goal"), to_columns,
                   figures=figures)  # fmt: skip


def _baseline(request: Asked, found: Goal, indicator: str) -> Figure | None:
    """The figure as it was quoted already, or as it is now."""
    if found.baseline is not None and found.baseline.indicator == indicator:
        return found.baseline
    if not indicator:
        return None
    return quoted(request, found.journey, indicator)


_COSTS = {"low": "cost_low", "likely": "cost_likely", "high": "cost_high"}


@writes
@access.on(Effort, Right.PLAN)
@while_it_changes
def effort(request: Asked, found: Effort) -> HttpResponse:
    """What an effort is and asks."""

    def kept(one: Effort) -> dict[str, Any]:
        same = columns("title", "instrument", "hours", "space", "value", "must")(one)
        return {**same, **{field: getattr(one, name) / 100 for field, name in _COSTS.items()}}

    def to_columns(given: dict[str, Any]) -> dict[str, Any]:
        return {_COSTS.get(name, name): value for name, value in given.items()}

    return _change(request, found, plan_forms.EffortWords, kept, _("Change the effort"), to_columns)


@writes
@access.on(Plan, Right.PLAN)
@while_it_changes
def frame_of_plan(request: Asked, found: Plan) -> HttpResponse:
    """Title, budget, hours and room of the plan."""

    def kept(one: Plan) -> dict[str, Any]:
        return {"title": one.title, "budget": one.budget / 100, "hours": one.hours,
                "space": one.space}  # fmt: skip

    return _change(request, found, plan_forms.PlanForm, kept, _("Change the plan"))


@writes
@access.on(Finding, *SENSE)
@while_it_changes
def merge(request: Asked, found: Finding) -> HttpResponse:
    """Let a finding go on as another."""
    others = found.journey.findings.filter(became=None).exclude(pk=found.pk)

    def act(given: dict[str, Any]) -> str:
        into = others.get(pk=given["into"])
        sense.merge_findings(by=request.user, finding=found, into=into, taken=form.taken)
        return at("finding", into)

    form = filled(request, sense_forms.MergeForm, choices={"into": named(others)},
                  merging=found)  # fmt: skip
    return ask(request, form, act, "journey/merge.html", merging=found.claim,
               **frame(found.journey, _("Merge the finding")))  # fmt: skip


@writes
@access.on(Opgave, Right.PLAN)
@while_it_changes
def rest(request: Asked, found: Opgave) -> HttpResponse:
    """Let an opgave rest on one more finding."""
    findings = found.journey.findings.filter(became=None)

    def act(given: dict[str, Any]) -> str:
        said = {name: given[name] for name in ("contribution", "assumption")}
        finding = findings.get(pk=given["to"])
        mending.ground(by=request.user, opgave=found, finding=finding, **said)
        return at("opgave", found)

    asks = _("On which finding does it rest too?")
    form = filled(request, plan_forms.LinkForm, asks=asks, others=named(findings),
                  nothing=forms.NO_FINDING)  # fmt: skip
    return ask(request, form, act, **frame(found.journey, found.sentence))


@writes
@access.on(Effort, Right.PLAN)
@while_it_changes
def serve(request: Asked, found: Effort) -> HttpResponse:
    """Let an effort serve one more goal."""
    goals = found.journey.goals.all()

    def act(given: dict[str, Any]) -> str:
        said = {name: given[name] for name in ("contribution", "assumption")}
        plan.aim(by=request.user, effort=found, goal=goals.get(pk=given["to"]), **said)
        return at("effort", found)

    asks = _("Which goal does it serve too?")
    form = filled(request, plan_forms.LinkForm, asks=asks, others=named(goals),
                  nothing=forms.NO_GOAL)  # fmt: skip
    return ask(request, form, act, **frame(found.journey, found.title))


@writes
@access.on(Journey, Right.DECIDE)
def strike(request: Asked, found: Journey) -> HttpResponse:
    """Take words that givers took back out of what was laid down."""

    def act(_given: dict[str, Any]) -> str:
        mending.strike(by=request.user, journey=found)
        return at("journey", found)

    form = filled(request, plan_forms.SureForm)
    return ask(request, form, act, "journey/strike.html", laid=left_laid(found),
               **frame(found, _("Take out words that were taken back")))  # fmt: skip


_BACK: dict[type[mending.Loose], Callable[[Any], str]] = {
    Evidence: lambda thing: at("finding", thing.finding),
    Ground: lambda thing: at("opgave", thing.opgave),
    Aim: lambda thing: at("effort", thing.effort),
    Commitment: lambda thing: at("effort", thing.effort),
    Goal: lambda thing: at("opgave", thing.opgave),
}


def removal(kind: type[Any]) -> Callable[..., HttpResponse]:
    """The page that takes one of *kind* away, once somebody said that they are sure."""
    needed = SENSE if kind in (Evidence, Finding) else (Right.PLAN,)

    def page(request: Asked, found: Any) -> HttpResponse:
        back = _BACK.get(kind, lambda thing: at("journey", thing.journey))(found)

        def act(_given: dict[str, Any]) -> str:
            mending.remove(by=request.user, thing=found)
            return back

        title = _("Take away: %(what)s") % {"what": found}
        form = filled(request, plan_forms.SureForm)
        return ask(request, form, act, "journey/sure.html", back=back,
                   **frame(found.journey, title))  # fmt: skip

    return writes(access.on(kind, *needed)(while_it_changes(page)))
