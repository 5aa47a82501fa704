# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of a journey show, gathered in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from wijkeconomie.figures.registry import registry
from wijkeconomie.insight import results, wording
from wijkeconomie.insight.scan import scan
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.context import current_release, language
from wijkeconomie.web.journey import access, kept
from wijkeconomie.web.journey import thread as threads
from wijkeconomie.web.journey.actions import laid, left_laid
from wijkeconomie.web.journey.actions.plan import waiting
from wijkeconomie.web.journey.models import (
    Answer,
    Coding,
    Conversation,
    Effort,
    Evidence,
    Finding,
    Giver,
    Journey,
    Opgave,
    Perspective,
    Photo,
    Plan,
    Purpose,
    Quote,
    Settling,
    Version,
    Wording,
)

ANSWER = "answer"  # asked beside the purposes of consent, and changed beside them
SHOWN = 50  # of what there may be thousands of: on one page, or to choose from


def paged(rows: QuerySet[Any] | Sequence[Any], number: str, count: int | None = None) -> Page[Any]:
    """So many of *rows* as go on a page: the first one where there is no such *number*.

    A *count* that is known spares the database counting them.
    """
    pages = Paginator(rows, SHOWN)
    if count is not None:
        pages.count = count
    return pages.get_page(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the steps on the path of a journey."""

    state: str
    label: str
    done: bool
    now: bool


_Left = tuple[tuple[threads.Knot, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Where are we, and whom did we hear?"""

    journey: Journey
    steps: tuple[Step, ...]
    further: str  # the step that belongs to what happened, where that is a later one
    heard: tuple[tuple[str, int], ...]
    total: int
    conversations: Page[Conversation]
    unchecked: int
    held: int  # things seen that *reader* may look at, before others see them
    waiting: int
    counts: dict[str, int]
    again: tuple[Finding, ...]  # resting on words that were changed later
    left: tuple[threads.Knot, ...]  # where words that were taken back were typed over
    laid: tuple[str, ...]  # sentences of what was laid down in which they still stand
    plan: Plan | None
    rights: frozenset[str]


def _counted(journey: Journey) -> Counter[tuple[str, str, UUID]]:
    """Conversations by the kind of their giver, their state and who noted them."""
    by = access.conversations(journey).order_by().values_list("giver__kind", "state", "made_by")
    return Counter({(kind, state, who): n for kind, state, who, n in by.annotate(Count("pk"))})


def _legible(
    counted: Counter[tuple[str, str, UUID]], reader: User, may: frozenset[Right]
) -> int:  # fmt: skip
    """How many of them ``access.legible`` gives *reader*."""
    own = {reader.pk} if may & {Right.TALK, Right.CODE} else set()
    codes = {Conversation.State.CHECKED} if Right.CODE in may else set()
    return sum(n for (_, state, who), n in counted.items() if who in own or state in codes)


def _reached(plan: Plan | None, counts: Mapping[str, int], talks: int) -> Journey.State:
    """The last step to which something belongs that happened; that it is closed a person says."""
    if plan is not None and plan.state in Plan.ADOPTED:
        return Journey.State.ACTING
    if plan is not None or counts["opgaven"]:
        return Journey.State.PLANNING
    if counts["findings"]:
        return Journey.State.SENSE
    return Journey.State.EXPLORING if talks else Journey.State.PREPARING


def _marked(talks: Page[Conversation], coder: User) -> Page[Conversation]:
    """*talks* with ``coded``: whether *coder* put a theme in any of its words.  Asked of those on
    the page alone: beside a row, the database answers it of every row before it sorts them."""
    shown = list(talks.object_list)
    codings = Coding.objects.filter(made_by=coder, quote__wording__conversation__in=shown)
    coded = set(codings.values_list("quote__wording__conversation", flat=True))
    for one in shown:
        one.coded = one.pk in coded  # type: ignore[attr-defined]
    talks.object_list = shown
    return talks


def overview(journey: Journey, reader: User, number: str = "") -> Overview:
    """The page of one journey; a conversation that *reader* may not read yet is counted only."""
    states = list(Journey.State)
    at = states.index(Journey.State(journey.state))
    may = access.rights(reader, journey)
    counted = kept.kept(journey, lambda: _counted(journey), "counted")
    plan = Plan.objects.filter(journey=journey).first()
    counts = {
        "findings": journey.findings.filter(became=None).count(),
        "opgaven": journey.opgaves.count(),
        "efforts": journey.efforts.count(),
    }
    reached = _reached(plan, counts, counted.total())
    left: _Left = ((), ())
    if Right.PLAN in may:
        left = kept.kept(journey, lambda: (threads.left(journey), left_laid(journey)), "left")
    kinds, by_state = Counter[str](), Counter[str]()
    for (kind, state, _who), n in counted.items():
        kinds[kind] += n
        by_state[state] += n
    return Overview(
        journey=journey,
        steps=tuple(
            Step(state=state, label=str(state.label), done=i < at, now=i == at)
            for i, state in enumerate(states)
        ),
        further=str(reached.label) if states.index(reached) > at else "",
        heard=tuple((str(kind.label), kinds[kind]) for kind in Giver.Kind),
        total=counted.total(),
        conversations=_marked(
            paged(access.legible(reader, journey).order_by("-held_at", "pk"), number,
                  _legible(counted, reader, may)), reader),
        rights=frozenset(may),
        unchecked=by_state.total() - by_state[Conversation.State.CHECKED],
        held=_held(journey, reader, may),
        waiting=kept.kept(journey, lambda: waiting(journey), "waiting"),
        counts=counts,
        again=_again(journey) if may & {Right.CODE, Right.PLAN} else (),
        left=left[0], laid=left[1],
        plan=plan,
    )  # fmt: skip


def _held(journey: Journey, reader: User, may: frozenset[Right]) -> int:
    """How many things that were seen wait for a look of *reader*."""
    if not may & {Right.TALK, Right.CODE}:
        return 0
    held = journey.observations.filter(waits=True)
    return (held if Right.CODE in may else held.filter(made_by=reader)).count()


def _again(journey: Journey) -> tuple[Finding, ...]:
    """Findings to be looked at again: words under them stand in the text no more."""
    gone = access.replaced(journey)
    return tuple(journey.findings.filter(became=None, evidence__quote__in=gone).distinct())


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
    evidence: Page[Evidence]
    withdrawn: int
    settled: tuple[Settling, ...]
    laid: frozenset[UUID]  # of the evidence, what a plan was laid down with

    @property
    def quotes(self) -> list[UUID]:
        """Those on this page whose words still stand."""
        quotes = (piece.quote for piece in self.evidence)
        return [quote.pk for quote in quotes if quote and quote.replaced_by_id is None]


def case(finding: Finding, number: str = "") -> Case:
    """The page of one finding; quotes that were taken back are counted and not shown, and of those
    that were replaced the words are not."""
    kept = (
        access.with_giver(
            access.weighing(finding).select_related(
                "quote__replaced_by", "observation", "figure", "made_by"
            ),
            "quote__",
        )
        .defer("quote__replaced_by__text")
        .order_by("-weight", "made_at", "id")
    )
    shown = paged(kept, number)
    return Case(finding=finding, evidence=shown,
                withdrawn=finding.evidence.count() - shown.paginator.count,
                settled=tuple(finding.settlings.select_related("round")),
                laid=frozenset(laid(finding).values_list("pk", flat=True)))  # fmt: skip


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
    versions: tuple[Version, ...]
    altered: frozenset[int]  # the numbers of those that are not what was laid down

    @property
    def left_share(self) -> float:
        """What is left, as a part of the budget."""
        return self.left / self.plan.budget if self.plan.budget else 0.0

    @property
    def likely(self) -> dict[str, int]:
        """Cents per perspective."""
        return {bar.perspective: bar.cost for bar in self.bars}

    @property
    def texts(self) -> list[str]:
        """What residents read of it."""
        goals = [goal for opgave in self.opgaven for goal in opgave.goals.all()]
        found = [one for opgave in self.opgaven for one in opgave.findings.all()]
        return [
            *(one.sentence for one in self.opgaven), *(goal.sentence for goal in goals),
            *(goal.sign for goal in goals), *(one.claim for one in found),
            *(one.contrary for one in found), *(one.title for one in self.chosen),
            *(text for one in self.not_chosen for text in (one.title, one.reason)),
        ]  # fmt: skip


def plan_page(plan: Plan) -> PlanPage:
    """The page of a plan."""
    efforts = list(plan.journey.efforts.prefetch_related("aims__goal", "commitments"))
    by_choice = {
        choice: tuple(effort for effort in efforts if effort.choice == choice)
        for choice in Effort.Choice.values
    }
    chosen = by_choice[Effort.Choice.CHOSEN]
    cost = sum(effort.cost_likely for effort in chosen)
    altered = (number for _key, number in access.not_as_laid(plan.journey.municipality, plan))
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
        versions=tuple(plan.versions.all()), altered=frozenset(altered),
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
    value = wording.alone(found.value, entry, language(), beside=found.printed)
    return f"{entry.label[language()]}: {value} ({found.year})"


def things(journey: Journey, seek: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be put under a finding, by kind; of thousands the first with all words of *seek*."""
    return [
        (_("Words"), _some("quote", access.quotes(journey).values_list("pk", "words"), seek)),
        (_("Figures"), [(f"figure:{key}", label) for key, label in quotable(journey)]),
        (_("Seen in the street"),
         _some("observation",
               access.observations(journey).exclude(note="").values_list("pk", "note"), seek)),
    ]  # fmt: skip


def _some(kind: str, rows: QuerySet[Any, tuple[UUID, str]], seek: str) -> list[tuple[str, str]]:
    """The first with all words of *seek*; looked for here, for what is sealed the database cannot
    read."""
    asked = seek.casefold().split()
    if not asked:
        rows = rows[:SHOWN]
    found = (row for row in rows if all(word in row[1].casefold() for word in asked))
    return [(f"{kind}:{pk}", Truncator(text).chars(90)) for pk, text in islice(found, SHOWN)]


def _waiting() -> Any:
    return Q(wants_answer=True) & ~Exists(Answer.objects.filter(giver=OuterRef("pk")))


def givers(journey: Journey, reader: User, number: str = "") -> Page[Giver]:
    """Who told *reader* something, or whose words they may read: those who still wait for an answer
    first."""
    known = access.known_givers(reader, journey).annotate(waits=_waiting())
    return paged(known.order_by("-waits", "pseudonym").prefetch_related("answers"), number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """What a giver sees with the card: what I said, what was done with it, what I allow."""

    giver: Giver
    said: tuple[Wording, ...]
    photos: tuple[Photo, ...]
    hidden: bool  # it is kept for a while yet, and nobody sees it
    came: tuple[Came, ...]
    adopted: bool
    why_not: Mapping[str, str]  # by the key of an effort that was not chosen in an adopted plan
    public: UUID | None  # of the plan that everyone may read
    answers: tuple[Answer, ...]
    waits: bool  # for an answer that was asked for
    allowed: Mapping[str, bool]

    def state(self, knot: threads.Knot) -> str:
        """Of an effort whether it was chosen, in a plan that was adopted: who gave their words may
        not take an idea for a plan."""
        if knot.kind != "effort":
            return ""
        said: dict[bool | None, str] = {True: "chosen", False: "not_chosen"}
        return said.get(knot.chosen, "undecided") if self.adopted else "undecided"


def mine(giver: Giver) -> Mine:
    """The page of one giver."""
    plans = list(giver.journey.plans.all())
    adopted = any(one.state in Plan.ADOPTED for one in plans)
    reasons = giver.journey.efforts.filter(choice=Effort.Choice.NOT) if adopted else ()
    now = access.allowed(giver)
    wordings = Wording.objects.filter(conversation__giver=giver).order_by("-number")
    said = tuple(wordings[:1]) if now[Purpose.NOTE] else ()
    answers = tuple(giver.answers.all())
    waits = giver.wants_answer and now[Purpose.NOTE] and not answers
    return Mine(
        giver=giver,
        said=said,
        photos=tuple(access.photos(giver)),
        hidden=not now[Purpose.NOTE] and wordings.exists(),
        came=became(giver)[1],
        adopted=adopted,
        why_not={str(one.pk): one.reason for one in reasons},
        public=next((one.pk for one in plans if access.laid_down(one)), None),
        answers=answers,
        waits=waits,
        allowed=now | {ANSWER: giver.wants_answer},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A finding under which words of one giver lie: which, and what came of it.  Nothing came of
    words that all say otherwise."""

    finding: threads.Knot
    words: tuple[str, ...]
    against: tuple[str, ...]
    onward: tuple[threads.Knot, ...]


def became(giver: Giver) -> tuple[tuple[Quote, ...], tuple[Came, ...]]:
    """The words of *giver* that were kept, and what came of them."""
    own = tuple(access.quotes(giver.journey).filter(wording__conversation__giver=giver))
    line = threads.around(giver.journey, [quote.pk for quote in own])
    said: dict[str, dict[str, int]] = {}
    for quote in own:
        for strand, knot in line.after(str(quote.pk)):
            said.setdefault(knot.key, {})[quote.words] = strand.direction
    return own, tuple(_came(line, key, words) for key, words in said.items())


def _came(line: threads.Thread, key: str, said: Mapping[str, int]) -> Came:
    along = tuple(words for words, direction in said.items() if direction >= 0)
    return Came(
        finding=line.knots[key], words=along, onward=tuple(line.onward(key) if along else ()),
        against=tuple(words for words, direction in said.items() if direction < 0),
    )  # fmt: skip
