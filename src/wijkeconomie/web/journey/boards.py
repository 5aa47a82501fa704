# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of a journey show, gathered in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from wijkeconomie.figures.registry import registry
from wijkeconomie.insight import results, wording
from wijkeconomie.insight.scan import scan
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.context import current_release, language
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey import thread as threads
from wijkeconomie.web.journey.actions.plan import STEPS, waiting
from wijkeconomie.web.journey.models import (
    Answer,
    Conversation,
    Effort,
    Evidence,
    Finding,
    Giver,
    Journey,
    Opgave,
    Perspective,
    Plan,
    Purpose,
    Settling,
    Version,
    Wording,
)

SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the steps on the path of a journey."""

    state: str
    label: str
    done: bool
    now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Where are we, and whom did we hear?"""

    journey: Journey
    steps: tuple[Step, ...]
    heard: tuple[tuple[str, int], ...]
    total: int
    conversations: tuple[Conversation, ...]
    unchecked: int
    waiting: int
    counts: dict[str, int]
    plan: Plan | None
    rights: frozenset[str]


def overview(journey: Journey, reader: User) -> Overview:
    """The page of one journey; a conversation that *reader* may not read yet is counted only."""
    states = list(Journey.State)
    at = states.index(Journey.State(journey.state))
    kept = list(access.conversations(journey).order_by("-held_at"))
    may = access.rights(reader, journey)
    kinds = Counter(found.giver.kind for found in kept)
    return Overview(
        journey=journey,
        steps=tuple(
            Step(state=state, label=str(state.label), done=i < at, now=i == at)
            for i, state in enumerate(states)
        ),
        heard=tuple((str(kind.label), kinds[kind]) for kind in Giver.Kind),
        total=len(kept),
        conversations=tuple(
            c
            for c in kept
            if c.made_by_id == reader.pk
            or (Right.CODE in may and c.state == Conversation.State.CHECKED)
        )[:SHOWN],
        rights=frozenset(may),
        unchecked=sum(c.state == Conversation.State.RECEIVED for c in kept),
        waiting=waiting(journey),
        counts={
            "findings": journey.findings.filter(became=None).count(),
            "opgaven": journey.opgaves.count(),
            "efforts": journey.efforts.count(),
        },
        plan=Plan.objects.filter(journey=journey).first(),
    )


def judgements(journey: Journey) -> tuple[results.Finding, ...]:
    """What the figures in use say of the area of a journey."""
    return scan(current_release(), journey.area).findings


def figure_of(journey: Journey, indicator: str) -> dict[str, Any]:
    """A figure as it is quoted now: the columns of a ``Figure``."""
    found = next(f for f in judgements(journey) if f.indicator == indicator)
    return {
        "release": current_release().id, "area": found.area, "indicator": indicator,
        "year": found.year, "value": found.value,
        "unit": registry().indicators[indicator].unit,
        "gap": {
            "kind": found.kind,
            **{side: {"reference": gap.reference, "size": gap.size,
                      "probability": gap.probability}
               for side, gap in (("country", found.country), ("peers", found.peers)) if gap},
        },
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A finding with what speaks for and against it."""

    finding: Finding
    evidence: tuple[Evidence, ...]
    withdrawn: int
    settled: tuple[Settling, ...]


def case(finding: Finding) -> Case:
    """The page of one finding; quotes that were taken back are counted and not shown."""
    visible = set(access.quotes(finding.journey).values_list("id", flat=True))
    every = finding.evidence.select_related("quote__wording__conversation__giver", "observation",
                                            "figure")  # fmt: skip
    kept = [e for e in every if e.quote_id is None or e.quote_id in visible]
    return Case(finding=finding, evidence=tuple(kept), withdrawn=len(every) - len(kept),
                settled=tuple(finding.settlings.all()))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What one perspective takes of the budget, in cents."""

    perspective: str
    label: str
    cost: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """What do we do, why, for how much, and what not?"""

    plan: Plan
    opgaven: tuple[Opgave, ...]
    bars: tuple[Bar, ...]
    chosen: tuple[Effort, ...]
    not_chosen: tuple[Effort, ...]
    undecided: tuple[Effort, ...]
    cost: int
    left: int
    hours: int
    space: int
    waiting: int
    steps: tuple[str, ...]
    versions: tuple[Version, ...]

    @property
    def left_share(self) -> float:
        """What is left, as a part of the budget."""
        return self.left / self.plan.budget if self.plan.budget else 0.0

    @property
    def likely(self) -> dict[str, int]:
        """Cents per perspective."""
        return {bar.perspective: bar.cost for bar in self.bars}


def plan_page(plan: Plan) -> PlanPage:
    """The page of a plan."""
    efforts = list(plan.journey.efforts.prefetch_related("aims__goal", "commitments"))
    by_choice = {
        choice: tuple(effort for effort in efforts if effort.choice == choice)
        for choice in Effort.Choice.values
    }
    chosen = by_choice[Effort.Choice.CHOSEN]
    cost = sum(effort.cost_likely for effort in chosen)
    return PlanPage(
        plan=plan,
        opgaven=tuple(plan.journey.opgaves.prefetch_related("goals__efforts", "findings",
                                                             "goals__baseline")),
        bars=tuple(_bars(chosen, plan.budget)),
        chosen=chosen, not_chosen=by_choice[Effort.Choice.NOT],
        undecided=by_choice[Effort.Choice.OPEN],
        cost=cost, left=plan.budget - cost,
        hours=sum(effort.hours for effort in chosen), space=sum(e.space for e in chosen),
        waiting=waiting(plan.journey),
        steps=tuple(to for was, to in STEPS if was == plan.state),
        versions=tuple(plan.versions.all()),
    )  # fmt: skip


def _bars(chosen: Sequence[Effort], budget: int) -> list[Bar]:
    costs: Counter[str] = Counter()
    for effort in chosen:
        costs[effort.perspective] += effort.cost_likely
    return [
        Bar(perspective=name, label=str(label), cost=costs[name],
            share=costs[name] / budget if budget else 0.0)
        for name, label in Perspective.choices
    ]  # fmt: skip


def areas(municipality: Municipality) -> list[tuple[str, str]]:
    """Wijken and buurten of a municipality, to choose from."""
    release = current_release()
    return [
        (area.code, area.name)
        for level in ("wijk", "buurt")
        for area in release.areas(level, municipality.code)
    ]


def quotable(journey: Journey) -> list[tuple[str, str]]:
    """Figures of the neighbourhood that may be quoted: indicator, and its name with its value."""
    return [(f.indicator, _in_words(f)) for f in judgements(journey)]


def _in_words(found: results.Finding) -> str:
    entry = registry().indicators[found.indicator]
    value = wording.quantity(found.value, entry, language())
    return f"{entry.label[language()]}: {value} ({found.year})"


def things(journey: Journey) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be put under a finding, by kind."""
    return [
        (_("Words"), [(f"quote:{q.pk}", Truncator(q.words).chars(90))
                      for q in access.quotes(journey)]),
        (_("Figures"), [(f"figure:{key}", label) for key, label in quotable(journey)]),
        (_("Seen in the street"), [(f"observation:{o.pk}", Truncator(o.note).chars(90))
                                   for o in journey.observations.all()]),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A giver, and what we told them."""

    giver: Giver
    answers: tuple[Answer, ...]


def givers(journey: Journey) -> tuple[Told, ...]:
    """Who told us something: those who still wait for an answer first."""
    kept = journey.givers.filter(withdrawn_at=None).prefetch_related("answers")
    told = [Told(giver=giver, answers=tuple(giver.answers.all())) for giver in kept]
    return tuple(sorted(told, key=lambda t: (bool(t.answers) or not t.giver.wants_answer,
                                             t.giver.pseudonym)))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """What a giver sees with the card: what I said, what was done with it, what I allow."""

    giver: Giver
    said: tuple[str, ...]
    became: tuple[threads.Knot, ...]
    answers: tuple[Answer, ...]
    allowed: tuple[tuple[str, str, bool], ...]


def mine(giver: Giver) -> Mine:
    """The page of one giver."""
    now = access.allowed(giver)
    wordings = Wording.objects.filter(conversation__giver=giver).order_by("-number")
    said = tuple(one.text for one in wordings[:1]) if now[Purpose.NOTE] else ()
    line = threads.thread(giver.journey)
    own = access.quotes(giver.journey).filter(wording__conversation__giver=giver)
    became = {k.key: k for quote in own for k in line.onward(str(quote.pk))}
    return Mine(
        giver=giver,
        said=said,
        became=tuple(became.values()),
        answers=tuple(giver.answers.all()),
        allowed=tuple((p.value, str(p.label), now[p]) for p in Purpose),
    )
