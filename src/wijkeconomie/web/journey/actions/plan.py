# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""From findings to an adopted plan: opgaven, goals, efforts, promises, answers, versions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wijkeconomie.figures.areas import gemeente_of
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.insight import wording
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.context import euros, language
from wijkeconomie.web.journey import access, counting, hearing
from wijkeconomie.web.journey.actions import at_once, hold, noted, still, unfrozen
from wijkeconomie.web.journey.actions.mending import sound, unsettled
from wijkeconomie.web.journey.models import (
    Aim,
    Answer,
    Apart,
    Commitment,
    Contribution,
    Effort,
    Figure,
    Finding,
    Giver,
    Goal,
    Ground,
    Journey,
    Opgave,
    Plan,
    Purpose,
    Version,
    digest,
)

_S = Plan.State
KEYED = "keyed:"  # how a fingerprint begins that only we can make
_ASKS = {"cost_likely": "budget", "hours": "hours", "space": "space"}  # of an effort: its limit
_WORD, _FEWEST_WORDS = re.compile(r"[^\W\d_]{2,}"), 3  # of an answer: “.” or “ok” tells nobody
# From, to, which right it takes, and whether a reason is asked: a step back always says why.  What
# the executive and the council do is recorded by who settles (docs/decisions/0028).
STEPS: dict[tuple[str, str], tuple[Right, bool]] = {
    (_S.CONCEPT, _S.CONSULTATION): (Right.PLAN, False),
    (_S.CONSULTATION, _S.CONCEPT): (Right.PLAN, True),
    (_S.CONSULTATION, _S.EXECUTIVE): (Right.PLAN, False),
    (_S.EXECUTIVE, _S.CONCEPT): (Right.DECIDE, True),
    (_S.EXECUTIVE, _S.COUNCIL): (Right.DECIDE, False),
    (_S.COUNCIL, _S.CONCEPT): (Right.DECIDE, True),
    (_S.COUNCIL, _S.ADOPTED): (Right.DECIDE, False),
    (_S.ADOPTED, _S.UNDER_WAY): (Right.PLAN, False),
    (_S.UNDER_WAY, _S.EVALUATED): (Right.PLAN, False),
}


def steps(state: str, rights: Collection[Right]) -> tuple[str, ...]:
    """Where a plan in *state* may go by who has *rights*."""
    return tuple(to for (was, to), (right, _asks) in STEPS.items() if was == state
                 and right in rights)  # fmt: skip


@transaction.atomic
def begin(
    *, by: User, municipality: Municipality, key: UUID, name: str, area: str, starts_on: date,
    assignment: str = "",
) -> Journey:  # fmt: skip
    """Begin a journey in a wijk or buurt of the municipality."""
    if gemeente_of(area) != municipality.code:
        raise Refusal("area_of_other_gemeente", code=area, municipality=municipality.name)
    if Journey.objects.filter(municipality=municipality, name=name).exists():
        raise Refusal("journey_exists", name=name)
    there = Journey.objects.filter(municipality=municipality, name=name).exists
    with at_once(there, "journey_exists", name=name):
        journey = Journey.objects.create(
            id=key, municipality=municipality, name=name, area=area, starts_on=starts_on,
            assignment=assignment, state=Journey.State.PREPARING,
        )  # fmt: skip
    audit.note(municipality, "begin", by=by, subject=journey.pk)
    return journey


@transaction.atomic
def set_opgave(
    *, by: User, journey: Journey, key: UUID, sentence: str, perspective: str,
    findings: list[Finding], assumption: str, contribution: str = Contribution.MODERATE,
) -> Opgave:  # fmt: skip
    """Name an opgave and the findings that it rests on: at least one.  A merged one passes it on to
    its heir."""
    hold(journey.pk)
    findings = list(dict.fromkeys(still(one).heir for one in findings))
    unfrozen(journey)
    if not findings:
        raise Refusal("opgave_without_finding")
    opgave = Opgave.objects.create(
        id=key, journey=journey, made_by=by, sentence=sentence, perspective=perspective
    )
    for finding in findings:
        if finding.journey_id != journey.id:
            raise Refusal("other_journey")
        Ground.objects.create(
            journey=journey, made_by=by, opgave=opgave, finding=finding,
            contribution=contribution, assumption=assumption,
        )  # fmt: skip
    noted(by, "set_opgave", opgave)
    return opgave


@transaction.atomic
def set_goal(
    *, by: User, opgave: Opgave, key: UUID, sentence: str, year: int,
    baseline: Figure | None = None, target: float | None = None, sign: str = "",
) -> Goal:  # fmt: skip
    """Say what should be so, and how we shall see it."""
    unfrozen(still(opgave).journey)
    goal = Goal(
        id=key, journey=opgave.journey, made_by=by, opgave=opgave, sentence=sentence,
        year=year, baseline=baseline, target=target, sign=sign,
    )  # fmt: skip
    sound(goal)
    goal.save(force_insert=True)
    noted(by, "set_goal", goal)
    return goal


@transaction.atomic
def propose(
    *, by: User, goal: Goal, key: UUID, title: str, instrument: str, perspective: str,
    costs: tuple[int, int, int], hours: int, assumption: str, space: int = 0, value: int = 3,
    must: bool = False, contribution: str = Contribution.MODERATE,
) -> Effort:  # fmt: skip
    """Propose an effort for a goal.  *costs*: low, likely, high, in cents."""
    unfrozen(still(goal).journey)
    effort = Effort(
        id=key, journey=goal.journey, made_by=by, title=title, instrument=instrument,
        perspective=perspective, cost_low=costs[0], cost_likely=costs[1], cost_high=costs[2],
        hours=hours, space=space, value=value, must=must,
    )  # fmt: skip
    sound(effort)
    effort.save(force_insert=True)
    noted(by, "propose", effort)
    aim(by=by, effort=effort, goal=goal, assumption=assumption, contribution=contribution)
    return effort


@transaction.atomic
def aim(*, by: User, effort: Effort, goal: Goal, assumption: str, contribution: str) -> Aim:
    """Let an effort serve one more goal; said again, the last word counts."""
    unfrozen(still(effort).journey)
    if effort.journey_id != still(goal).journey_id:
        raise Refusal("other_journey")
    said = {"contribution": contribution, "assumption": assumption}
    made, _new = Aim.objects.update_or_create(
        effort=effort, goal=goal, defaults=said,
        create_defaults={**said, "journey": goal.journey, "made_by": by},
    )  # fmt: skip
    noted(by, "aim", made)
    return made


@transaction.atomic
def decide(*, by: User, effort: Effort, choice: str, reason: str) -> None:
    """Choose an effort or not; a no keeps its reason."""
    unfrozen(still(effort).journey)
    _choose(effort, choice, reason)
    noted(by, "decide", effort)


def _choose(effort: Effort, choice: str, reason: str) -> None:
    if choice == Effort.Choice.NOT and not reason.strip():
        raise Refusal("no_without_reason")
    effort.choice, effort.reason = choice, reason
    effort.save(update_fields=("choice", "reason"))


@transaction.atomic
def keep_apart(*, by: User, key: UUID, pair: tuple[Effort, Effort], reason: str) -> Apart:
    """Say that two efforts do not go together."""
    one, other = sorted(pair, key=lambda effort: effort.id)
    unfrozen(still(one).journey)
    if still(other) == one or one.journey_id != other.journey_id:
        raise Refusal("apart_from_itself")
    if Apart.objects.filter(one=one, other=other).exists():
        raise Refusal("apart_exists")
    with at_once(Apart.objects.filter(one=one, other=other).exists, "apart_exists"):
        made = Apart.objects.create(
            id=key, journey=one.journey, made_by=by, one=one, other=other, reason=reason
        )
    noted(by, "keep_apart", made)
    return made


@transaction.atomic
def let_together(*, by: User, apart: Apart) -> None:
    """Take back that two efforts do not go together."""
    unfrozen(apart.journey)
    noted(by, "let_together", apart)
    apart.delete()


@transaction.atomic
def take_over(*, by: User, plan: Plan, choices: Mapping[UUID, tuple[str, str]]) -> None:
    """Decide on efforts of a plan at once: key → (choice, reason).  All of them, or none."""
    hold(plan.journey_id)
    unfrozen(plan.journey)
    found = plan.journey.efforts.select_for_update(no_key=True).filter(pk__in=choices)
    for effort in (efforts := list(found)):
        _choose(effort, *choices[effort.pk])
    keys = [effort.pk for effort in efforts]
    audit.note_each(plan.journey.municipality, "decide", by=by, subjects=keys)


@transaction.atomic
def promise(
    *, by: User, effort: Effort, key: UUID, partner: str, what: str, due: date,
    keeper: User | None = None,
) -> Commitment:  # fmt: skip
    """Note what a partner promised, and who of them says later what came of it."""
    if due < (start := effort.journey.starts_on):
        raise Refusal("promise_before_journey", due=due.isoformat(), start=start.isoformat())
    still(effort)
    made = Commitment.objects.create(
        id=key, journey=effort.journey, made_by=by, effort=effort, partner=partner, what=what,
        due=due, keeper=keeper,
    )  # fmt: skip
    noted(by, "promise", made)
    return made


@transaction.atomic
def withdraw_promise(*, by: User, promised: Commitment, why: str) -> None:
    """Say that a promise does not hold any more, and why, also of an adopted plan: it stays where
    it was made, and is said to be withdrawn wherever it stands."""
    now = still(promised)
    if now.withdrawn_at is not None:
        raise Refusal("promise_withdrawn")
    if not why.strip():
        raise Refusal("reason_asked")
    now.withdrawn_at, now.withdrawn_why = timezone.now(), why
    now.save(update_fields=("withdrawn_at", "withdrawn_why"))
    noted(by, "withdraw_promise", now)


@transaction.atomic
def say_kept(*, by: User, promised: Commitment, kept: str, why: str) -> None:
    """Say what came of a promise; one that was not kept says why."""
    now = still(promised)
    if now.withdrawn_at is not None:
        raise Refusal("promise_withdrawn")
    if kept == Commitment.Kept.MISSED and not why.strip():
        raise Refusal("missed_without_reason")
    now.kept, now.kept_why = kept, why
    now.save(update_fields=("kept", "kept_why"))
    noted(by, "say_kept", now)


@transaction.atomic
def answer(*, by: User, giver: Giver, key: UUID, text: str) -> Answer:
    """Tell a giver what was done with their words, in a sentence at least."""
    if len(_WORD.findall(text)) < _FEWEST_WORDS:
        raise Refusal("answer_without_words", fewest=_FEWEST_WORDS)
    made = Answer.objects.create(id=key, journey=giver.journey, made_by=by, giver=giver, text=text)
    noted(by, "answer", made)
    return made


def waiting(journey: Journey) -> int:
    """How many givers asked for an answer and have none, of whom we may still keep what they said:
    who took that back waits for nothing."""
    return access.givers(journey).filter(wants_answer=True, answers=None).count()


def hastily_answered(journey: Journey) -> int:
    """How many givers who asked for an answer had their last one before the first opgave or effort
    that came of their words: it cannot tell what we do with them."""
    came = "conversations__wordings__quotes__evidence__finding__grounds__opgave"
    answered = access.givers(journey).filter(wants_answer=True).annotate(
        told=Max("answers__made_at"), opgave=Min(f"{came}__made_at"),
        effort=Min(f"{came}__goals__aims__effort__made_at"),
    )  # fmt: skip
    return answered.filter(Q(told__lt=F("opgave")) | Q(told__lt=F("effort"))).count()


@transaction.atomic
def draw_up(
    *, by: User, journey: Journey, key: UUID, title: str, budget: int, hours: int, space: int = 0
) -> Plan:
    """Begin the plan of a journey; *budget* in cents."""
    if Plan.objects.filter(journey=journey).exists():
        raise Refusal("plan_exists")
    with at_once(Plan.objects.filter(journey=journey).exists, "plan_exists"):
        plan = Plan.objects.create(
            id=key, journey=journey, made_by=by, title=title, budget=budget, hours=hours,
            space=space,
        )  # fmt: skip
    noted(by, "draw_up", plan)
    return plan


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a plan is not adopted, unless somebody says yes to it in these words."""

    code: str  # of the refusal
    words: str

    @property
    def key(self) -> str:
        """What a yes is given to: to three who wait, and not to the fourth who came meanwhile."""
        return hashlib.sha256(self.words.encode()).hexdigest()[:16]


def advance(
    *, by: User, plan: Plan, to: str, reason: str = "", despite: Iterable[str] = (),
    settles: bool = False, outcomes: Mapping[str, str] = MappingProxyType({}),
) -> Version:  # fmt: skip
    """Take one step with the plan, and freeze what it was; *settles*: by one who may record what
    the executive and the council do.

    Not adopted while there are :func:`obstacles`, but for those whose keys are in *despite*, and
    then with a reason.  Not evaluated without *outcomes*: what came of each goal, by its key.  What
    it was is gathered before anybody has to wait, and again where that was too soon.
    """
    before = audit.head(plan.journey.municipality)  # first: what is gathered is as new as this
    gathered = _content(plan, to) if (plan.state, to) in STEPS else {}
    with transaction.atomic():
        hold(plan.journey_id)  # a round that opens meanwhile would not see what is told here
        plan, overruled = _stepped(plan, to, reason, frozenset(despite), settles=settles)
        if not gathered or audit.head(plan.journey.municipality) != before:
            gathered = _content(plan, to)
        if overruled:
            gathered |= {"despite": {"why": reason, "what": [one.words for one in overruled]}}
        if to == _S.EVALUATED:
            gathered |= {"outcomes": _came(gathered, outcomes, reason)}
        was, plan.state = plan.state, to
        plan.save(update_fields=("state",))
        version = Version.objects.create(  # type: ignore[misc]  # content is JSON, sealed
            journey=plan.journey, made_by=by, plan=plan, number=plan.versions.count() + 1,
            was=was, state=to, reason=reason, content=gathered, digest=digest(gathered),
        )  # fmt: skip
        waits = {"waiting": str(waiting(plan.journey))} if to == _S.ADOPTED else {}
        laid = {"version": str(version.number), "digest": version.digest}
        audit.note(plan.journey.municipality, f"to_{to}", by=by, subject=plan.pk, **waits, **laid)
    return version


def _stepped(
    plan: Plan, to: str, reason: str, despite: frozenset[str], *, settles: bool
) -> tuple[Plan, list[Obstacle]]:
    """*plan* as it is now, of which this step alone is taken, and what it is taken despite; or why
    it may not be."""
    plan = Plan.objects.select_for_update(no_key=True).get(id=plan.id)  # two at once: one step only
    if (plan.state, to) not in STEPS:
        raise Refusal("no_such_step", was=Plan.State(plan.state).label, to=Plan.State(to).label)
    right, asks = STEPS[plan.state, to]
    if right == Right.DECIDE and not settles:
        raise Refusal("step_is_settled", to=Plan.State(to).label)
    if asks and not reason.strip():
        raise Refusal("step_without_reason")
    return plan, _overruled(plan, reason, despite) if to == _S.ADOPTED else []


def _came(
    content: Mapping[str, Any], outcomes: Mapping[str, str], reason: str
) -> dict[str, str]:  # fmt: skip
    """What came of every goal of what was laid down; before the first of their years with a reason
    only."""
    goals = content["goals"]
    said = {goal["id"]: outcomes.get(goal["id"], "").strip() for goal in goals}
    if bare := next((goal for goal in goals if not said[goal["id"]]), None):
        raise Refusal("goal_without_outcome", goal=bare["sentence"])
    first = min((goal["year"] for goal in goals), default=0)
    if timezone.localdate().year < first and not reason.strip():
        raise Refusal("evaluated_early", year=str(first))
    return said


def _content(plan: Plan, to: str) -> dict[str, Any]:
    """What stands in *plan* once it is *to*, and what is told when it goes to the council."""
    stepped = Plan.objects.get(pk=plan.pk)
    stepped.state = to
    told = hearing.to_the_council(plan.journey) if to == _S.COUNCIL else {}
    return contents(stepped) | told


def contents(plan: Plan) -> dict[str, Any]:
    """What stands in *plan* as it is now.  From the council on that is what was laid before it:
    findings are weighed and worded on, and what was adopted goes on saying what it said.

    With it goes what was kept beside the plan when it went to the council last (before that
    nothing): it is told then only, for each telling hides more groups of the next.
    """
    last = plan.versions.order_by("number").last()
    if last is None:
        return snapshot(plan)
    laid: dict[str, Any] = last.content
    if {plan.state, last.state} <= Plan.FROZEN:
        return laid | {"state": plan.state}
    return snapshot(plan) | {k: laid[k] for k in ("heard", "peers") if k in laid}


def _overruled(plan: Plan, reason: str, despite: frozenset[str]) -> list[Obstacle]:
    """What somebody said yes to, each by itself, and why; or what nobody did."""
    if not plan.journey.efforts.filter(choice=Effort.Choice.CHOSEN).exists():
        raise Refusal("plan_without_effort")
    found = obstacles(plan)
    for one in found:
        if one.key not in despite:
            raise Refusal(one.code, what=one.words)
    if found and not reason.strip():
        raise Refusal("adopted_without_reason", what=" ".join(one.words for one in found))
    return found


def obstacles(plan: Plan) -> list[Obstacle]:
    """What speaks against adopting *plan* as it is now, in words that tell how much."""
    found = [Obstacle("plan_over_budget", words) for words in _beyond(plan)]
    found += [Obstacle("plan_loose_ends", words) for words in loose_ends(plan.journey)]
    if count := waiting(plan.journey):
        words = ngettext(
            "%(n)s giver asked for an answer and has none.",
            "%(n)s givers asked for an answer and have none.", count,
        )  # fmt: skip
        found.append(Obstacle("givers_wait", words % {"n": count}))
    if count := hastily_answered(plan.journey):
        words = ngettext(
            "%(n)s giver was answered before it was decided what we do with their words.",
            "%(n)s givers were answered before it was decided what we do with their words.", count,
        )  # fmt: skip
        found.append(Obstacle("givers_wait", words % {"n": count}))
    return found


def _beyond(plan: Plan) -> list[str]:
    """By how much what was chosen goes beyond the money, the hours and the room of a plan."""
    taken = plan.journey.efforts.filter(choice=Effort.Choice.CHOSEN)
    asks = taken.aggregate(**{name: Coalesce(Sum(name), 0) for name in _ASKS})
    over = {name: asks[name] - getattr(plan, limit) for name, limit in _ASKS.items()}
    if not plan.space:  # no limit
        over["space"] = 0
    said = {
        "cost_likely": _("What was chosen costs %s more than there is."),
        "hours": _("What was chosen takes %s hours of work more than there are."),
        "space": _("What was chosen takes %s m² more than there is."),
    }
    return [
        said[name] % (euros(much) if name == "cost_likely" else wording.number(much, 0, language()))
        for name, much in over.items() if much > 0
    ]  # fmt: skip


def loose_ends(journey: Journey) -> list[str]:
    """What in a plan says that it is not ready, in words: a must that is not done, two that do not
    go together and are both done, an opgave for which nothing is done, nobody heard, a finding that
    was not settled."""
    chosen = set(journey.efforts.filter(choice=Effort.Choice.CHOSEN).values_list("pk", flat=True))
    must = journey.efforts.filter(must=True).exclude(pk__in=chosen)
    apart = Apart.objects.filter(one__in=chosen, other__in=chosen).select_related("one", "other")
    bare = journey.opgaves.exclude(goals__aims__effort__in=chosen)
    unheard = [] if access.conversations(journey).exists() else [_("Nobody was heard.")]
    return [
        *(_("Not chosen, and it must be: “%s”.") % effort.title for effort in must),
        *(_("Both chosen, and they do not go together: “%(one)s” and “%(other)s”.")
          % {"one": pair.one.title, "other": pair.other.title} for pair in apart),
        *(_("Nothing was chosen for the opgave “%s”.") % opgave.sentence for opgave in bare),
        *unheard, *unsettled(journey),
    ]  # fmt: skip


def holds(fingerprint: str, words: str) -> bool:
    """Whether a version tells of these *words*; the oldest told it by a hash without a key, with
    which others could try out words."""
    plain = hashlib.sha256(words.encode()).hexdigest()
    return fingerprint in (KEYED + access.fingerprint(words), plain)


def snapshot(plan: Plan) -> dict[str, Any]:
    """The whole plan as plain values.  Quotes by key and fingerprint only: what a giver takes
    back must not live on in a version."""
    journey = plan.journey
    words = {
        str(key): KEYED + access.fingerprint(text)
        for key, text in access.quotes(journey, Purpose.QUOTE).values_list("id", "words")
    }
    findings = journey.findings.filter(became=None).prefetch_related(
        "evidence__figure", "items__round", "settlings"
    )
    answered = counting.answers(journey)
    return {
        "title": plan.title, "journey": journey.name, "state": plan.state,
        "budget": plan.budget, "hours": plan.hours, "space": plan.space,
        "findings": [
            {
                "id": str(found.id), "claim": found.claim, "verdict": found.verdict,
                "contrary": found.contrary, "confidence": found.confidence,
                "standing": found.standing, "presented": counting.presented(found, answered),
                "evidence": [_evidence(piece, words) for piece in found.evidence.all()],
            }
            for found in findings
        ],
        "opgaven": [
            {"id": str(one.id), "sentence": one.sentence, "perspective": one.perspective,
             "grounds": [[str(g.finding_id), g.assumption] for g in one.grounds.all()]}
            for one in journey.opgaves.prefetch_related("grounds")
        ],
        "goals": [
            {"id": str(goal.id), "opgave": str(goal.opgave_id), "sentence": goal.sentence,
             "year": goal.year, "target": goal.target, "sign": goal.sign,
             "baseline": _figure(goal.baseline)}
            for goal in journey.goals.select_related("baseline")
        ],
        "efforts": [_effort(effort) for effort in
                    journey.efforts.prefetch_related("aims", "commitments")],
    }  # fmt: skip


def _figure(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {name: getattr(figure, name)
            for name in ("release", "area", "indicator", "year", "value", "unit")}  # fmt: skip


def _evidence(piece: Any, words: dict[str, str]) -> dict[str, Any]:
    key = str(piece.quote_id or piece.observation_id or piece.figure_id)
    kind = "quote" if piece.quote_id else "observation" if piece.observation_id else "figure"
    told = {"id": key, "kind": kind, "direction": piece.direction, "weight": piece.weight}
    if kind == "quote":
        return told | {"fingerprint": words.get(key)}
    return told | ({"figure": _figure(piece.figure)} if kind == "figure" else {})


def _effort(effort: Effort) -> dict[str, Any]:
    plain = ("title", "instrument", "perspective", "cost_low", "cost_likely", "cost_high",
             "hours", "space", "value", "must", "choice", "reason")  # fmt: skip
    return {name: getattr(effort, name) for name in plain} | {
        "id": str(effort.id),
        "aims": [[str(one.goal_id), one.contribution, one.assumption] for one in effort.aims.all()],
        "commitments": [[one.partner, one.what, one.due.isoformat()]
                        for one in effort.commitments.all() if one.withdrawn_at is None],
    }  # fmt: skip
