# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Changing what was written, tying it to more, taking away what nothing rests on; and what is not
right about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import registry
from wijkeconomie.insight import wording
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.context import language
from wijkeconomie.web.journey import access, counting
from wijkeconomie.web.journey.actions import (
    at_once,
    hold,
    left_laid,
    noted,
    still,
    unfrozen,
    unlaid,
    unturned,
)
from wijkeconomie.web.journey.actions.sense import unmerged
from wijkeconomie.web.journey.models import (
    Aim,
    Commitment,
    Effort,
    Evidence,
    Finding,
    Goal,
    Ground,
    Journey,
    Opgave,
    Plan,
    Record,
    Version,
    digest,
    without,
)

Written = Finding | Opgave | Goal | Effort | Plan
Loose = Finding | Opgave | Goal | Effort | Evidence | Ground | Aim | Commitment

_MOST = 1e9  # of any figure: more than there is of anything in a neighbourhood
_REACH = {"percent": (0.0, 100.0), "score": (-_MOST, _MOST)}  # by unit; any other is never negative


def sound(thing: Record) -> None:
    """Refuse a goal that cannot be seen, is measured by a figure of another journey or comes too
    early, or goes the wrong way, and costs that are out of order."""
    baseline = thing.baseline if isinstance(thing, Goal) and thing.target is not None else None
    if baseline is not None and baseline.journey_id != thing.journey_id:
        raise Refusal("other_journey")
    if isinstance(thing, Goal) and baseline is None and not thing.sign.strip():
        raise Refusal("goal_not_seen")
    if isinstance(thing, Goal):
        _in_time(thing)
        _in_reach(thing)
        _forward(thing)
    if isinstance(thing, Effort) and not thing.cost_low <= thing.cost_likely <= thing.cost_high:
        raise Refusal("costs_out_of_order")


def _in_time(goal: Goal) -> None:
    """Refuse a goal for a year in which its figure was known, or before there was a plan."""
    journey = goal.journey
    begun = max([journey.starts_on.year, *(one.made_at.year for one in journey.plans.all())])
    said = {"year": str(goal.year), "plan": str(begun)}
    if goal.baseline is not None and goal.year <= goal.baseline.year:
        raise Refusal("goal_not_after_figure", figure=str(goal.baseline.year), **said)
    if goal.year < begun:
        raise Refusal("goal_before_plan", **said)


def _in_reach(goal: Goal) -> None:
    """Refuse a target that its figure can never have: more than all, less than none, no number."""
    if goal.baseline is None or goal.target is None:
        return
    least, most = _REACH.get(goal.baseline.unit, (0.0, _MOST))
    if not least <= goal.target <= most:
        said = {"target": f"{goal.target:g}", "least": f"{least:g}", "most": f"{most:.0f}"}
        raise Refusal("goal_out_of_reach", **said)


def _forward(goal: Goal) -> None:
    """Refuse a target on the worse side of what it is now; and one that moves nothing, or of which
    we do not know which side is better, where no words say what is wanted."""
    figure, target = goal.baseline, goal.target
    if figure is None or target is None:
        return
    entry = registry().indicators[figure.indicator]
    now, aimed = (wording.quantity(one, entry, language()) for one in (figure.value, target))
    said, better = {"now": now, "target": aimed}, entry.better
    if better == "higher" and target < figure.value:
        raise Refusal("goal_higher_is_better", **said)
    if better == "lower" and target > figure.value:
        raise Refusal("goal_lower_is_better", **said)
    if (better == "neither" or target == figure.value) and not goal.sign.strip():
        raise Refusal("goal_says_not_where_to", **said)


def unsettled(journey: Journey) -> Iterator[str]:
    """Of each finding under an opgave what people did not settle about it; what its giver took back
    does not lie under it any more."""
    rests = journey.findings.filter(became=None, grounds__isnull=False).distinct()
    findings = list(rests.prefetch_related("evidence", "absorbed"))
    moved = _moved_since(findings)
    for found in findings:
        pieces = list(access.weighing(found))
        against = any(one.direction == Evidence.Direction.AGAINST for one in pieces)
        what = [words for holds, words in (
            (not found.verdict, _("there is no verdict on it")),
            (not pieces, _("nothing lies under it")),
            (against and not found.contrary, _("something speaks against it, and nobody says "
                                               "what that means")),
            (found.verdict and found in moved, _("what lies under it changed after the verdict")),
        ) if holds]  # fmt: skip
        if what:
            said = {"claim": found.claim, "what": "; ".join(what)}
            yield _("The finding “%(claim)s”: %(what)s.") % said


def _moved_since(findings: list[Finding]) -> list[Finding]:
    """Those under which something came, went or got another weight since their verdict."""
    if not findings:
        return []
    town = findings[0].journey.municipality
    judged = audit.last(town, "judge", [one.pk for one in findings])
    under = {str(one.pk): str(found.pk) for found in findings
             for one in (*found.evidence.all(), *found.absorbed.all())}  # fmt: skip
    went = audit.last(town, "remove", judged, "details__finding")
    came = [audit.last(town, verb, under) for verb in ("weigh", "merge_finding")]
    last = {key: went.get(key, 0) for key in judged}
    for key, number in chain.from_iterable(one.items() for one in came):
        last[under[key]] = max(last.get(under[key], 0), number)
    return [one for one in findings if last.get(key := str(one.pk), 0) > judged.get(key, 0)]


@transaction.atomic
def change(*, by: User, thing: Written, given: Mapping[str, Any]) -> None:
    """Give *thing* the columns *given*; what is part of a plan only while that may change.  What
    the neighbourhood was asked is the sentence as it was: another is not put to it yet."""
    if isinstance(thing, Finding):
        unlaid(now := unmerged(thing))
        if given.get("claim", now.claim) != now.claim:
            counting.reworded(now)
            given = {**given, "standing": Finding.Standing.CONCEPT}
    else:
        unfrozen(still(thing).journey)
    for name, value in given.items():
        setattr(thing, name, value)
    sound(thing)
    thing.save(update_fields=tuple(given))
    noted(by, "change", thing)


@transaction.atomic
def change_journey(
    *, by: User, journey: Journey, name: str, assignment: str, state: str, ends_on: date | None,
    reason: str = "",
) -> None:  # fmt: skip
    """Give a journey another name or assignment, or the step on which it stands; one that is
    closed has an end, and opens again with a *reason*."""
    # Read anew: of what others keep on it, as its streets, nothing is written back.
    journey = Journey.objects.select_for_update(no_key=True).get(pk=journey.pk)
    there = journey.municipality.journeys.filter(name=name).exclude(pk=journey.pk).exists
    if there():
        raise Refusal("journey_exists", name=name)
    if ends_on is not None and ends_on < journey.starts_on:
        raise Refusal("journey_ends_before_start", start=journey.starts_on.isoformat())
    _not_before_its_last(journey, ends_on)
    if state == Journey.State.CLOSED:
        _ended(ends_on)
        journey.closed_at = journey.closed_at or timezone.now()
    elif journey.state == Journey.State.CLOSED:
        if not reason.strip():
            raise Refusal("reopened_without_reason")
        journey.closed_at, journey.reopened_why = None, reason
    journey.name, journey.assignment = name, assignment
    journey.state, journey.ends_on = state, ends_on
    with at_once(there, "journey_exists", name=name):
        journey.save(update_fields=(
            "name", "assignment", "state", "ends_on", "closed_at", "reopened_why",
        ))  # fmt: skip
    audit.note(journey.municipality, "change_journey", by=by, subject=journey.pk)


def _not_before_its_last(journey: Journey, ends_on: date | None) -> None:
    """A journey does not end before what was said, seen or answered on it: that would be destroyed
    too soon."""
    moments = (journey.conversations.aggregate(last=Max("held_at"))["last"],
               journey.observations.aggregate(last=Max("seen_at"))["last"],
               journey.answers.aggregate(last=Max("made_at"))["last"])  # fmt: skip
    last = max((timezone.localdate(one) for one in moments if one), default=None)
    if ends_on is not None and last is not None and ends_on < last:
        raise Refusal("journey_ends_before_last", last=last.isoformat())


def _ended(ends_on: date | None) -> None:
    """How long words are kept is counted from that day, so nobody puts it off by a later one."""
    today = timezone.localdate()
    if ends_on is None:
        raise Refusal("journey_without_end")
    if ends_on > today:
        raise Refusal("journey_ends_later", today=today.isoformat())


@transaction.atomic
def ground(
    *, by: User, opgave: Opgave, finding: Finding, contribution: str, assumption: str
) -> Ground:
    """Let an opgave rest on one more finding, or on what that was merged into; said again, the last
    word counts."""
    unfrozen(still(opgave).journey)
    finding = still(finding).heir
    if finding.journey_id != opgave.journey_id:
        raise Refusal("other_journey")
    said = {"contribution": contribution, "assumption": assumption}
    made, _new = Ground.objects.update_or_create(
        opgave=opgave, finding=finding, defaults=said,
        create_defaults={**said, "journey": opgave.journey, "made_by": by},
    )  # fmt: skip
    noted(by, "ground", made)
    return made


@transaction.atomic
def remove(*, by: User, thing: Loose) -> None:
    """Take *thing* away, unless something rests on it, or it is all that another rests on."""
    thing, key = still(thing), thing.pk
    if isinstance(thing, Finding):
        unlaid(thing)
    elif isinstance(thing, Evidence):
        unturned(thing)
    else:
        unfrozen(thing.journey)
    if isinstance(thing, Ground) and thing.opgave.grounds.count() == 1:
        raise Refusal("opgave_without_finding")
    if isinstance(thing, Aim) and thing.effort.aims.count() == 1:
        raise Refusal("effort_without_goal")
    if isinstance(thing, Effort) and thing.commitments.exists():
        raise Refusal("others_rest_on_it")
    under = {"finding": str(thing.finding_id)} if isinstance(thing, Evidence) else {}
    try:
        thing.delete()
    except ProtectedError:
        raise Refusal("others_rest_on_it") from None
    audit.note(thing.journey.municipality, "remove", by=by, subject=key, **under)


@transaction.atomic
def strike(*, by: User, journey: Journey) -> int:
    """Take out of all that was laid down what givers took back and the team had typed over; how
    many versions that were.

    The log keeps the fingerprint of before beside the new one: a version is still what was laid
    down, but for what it says itself that was struck.
    """
    hold(journey.pk)
    gone = set(left_laid(journey))
    struck = 0
    for version in Version.objects.filter(journey=journey).order_by("number"):
        content = without(version.content, gone)
        if content == version.content:
            continue
        new, struck = digest(content), struck + 1
        Version.objects.filter(pk=version.pk).update(content=content, digest=new)
        audit.note(journey.municipality, "strike", by=by, subject=version.plan_id,
                   version=str(version.number), digest=new, was=version.digest)  # fmt: skip
    for plan in Plan.objects.filter(journey=journey):
        plan.spoken = {code: {one: words for one, words in said.items() if one not in gone}
                       for code, said in plan.spoken.items()}  # fmt: skip
        plan.save(update_fields=("spoken",))
    return struck
