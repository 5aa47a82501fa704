# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The thread: figure, quote and answer → finding → opgave → goal → effort, walkable both ways.

It is derived from the records each time, in a fixed number of queries; nothing of it is stored,
so it cannot disagree with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from json import dumps
from typing import Any, Literal
from uuid import UUID

from django.db.models import QuerySet

from wijkeconomie.fieldwork import moved
from wijkeconomie.web.journey import access, counting, kept
from wijkeconomie.web.journey.counting import Asked
from wijkeconomie.web.journey.models import Evidence, Finding, Journey, Purpose, Quote

Kind = Literal["quote", "observation", "figure", "statement", "finding", "opgave", "goal", "effort"]
KINDS: tuple[Kind, ...] = (
    "figure", "quote", "observation", "statement", "finding", "opgave", "goal", "effort"
)  # fmt: skip
# What answers say of a finding, as a person settled it.
_SIDES: dict[str, int] = {Finding.Standing.SUPPORTED: 1, Finding.Standing.DISPUTED: -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Knot:
    """One thing on the thread, with its words: an indicator's id for a figure.  ``answers``: how
    many agreed with a statement, did not, and did not know; None where that would tell of somebody.
    ``mostly``: which answer more than half gave, or divided; "" where too few answered."""

    kind: Kind
    key: str
    label: str
    perspective: str = ""
    chosen: bool | None = None
    answers: tuple[int, ...] | None = None
    mostly: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """A step from one knot to the next: what it adds, and what we assume."""

    start: str
    end: str
    direction: int = 1
    weight: int = Evidence.Weight.ORDINARY
    contribution: str = ""
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """All knots of a journey by key, and the strands between them from figure to effort."""

    knots: dict[str, Knot]
    strands: tuple[Strand, ...]
    _after: dict[str, list[Strand]] = field(default_factory=lambda: defaultdict(list))
    _before: dict[str, list[Strand]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for strand in self.strands:
            self._after[strand.start].append(strand)
            self._before[strand.end].append(strand)

    def after(self, key: str) -> list[tuple[Strand, Knot]]:
        """One step on: what came of it."""
        return [(s, self.knots[s.end]) for s in self._after.get(key, ())]

    def before(self, key: str) -> list[tuple[Strand, Knot]]:
        """One step back: what it rests on."""
        return [(s, self.knots[s.start]) for s in self._before.get(key, ())]

    def onward(self, *keys: str) -> list[Knot]:
        """Everything that came of *keys*, nearest first."""
        return self._walk(keys, self.after)

    def back(self, key: str) -> list[Knot]:
        """Everything that *key* rests on, nearest first."""
        return self._walk((key,), self.before)

    def loose(self) -> list[Knot]:
        """What nothing came of, or what rests on nothing: to be mended or let go."""
        first, last = ("figure", "quote", "observation", "statement"), "effort"
        return [
            knot for knot in self.knots.values()
            if (knot.kind not in first and not self._before.get(knot.key))
            or (knot.kind != last and not self._after.get(knot.key))
        ]  # fmt: skip

    def _walk(
        self, keys: Iterable[str], step: Callable[[str], list[tuple[Strand, Knot]]]
    ) -> list[Knot]:
        seen: dict[str, Knot] = {}
        waiting = list(keys)
        while waiting:
            here = waiting.pop(0)
            for _strand, knot in step(here):
                if knot.key not in seen:
                    seen[knot.key] = knot
                    waiting.append(knot.key)
        return list(seen.values())


def thread(journey: Journey, purpose: Purpose = Purpose.NOTE) -> Thread:
    """The thread of *journey* as those may see it who read for *purpose*."""
    words = _words(access.quotes(journey, purpose))
    asked = counting.statements(journey)
    knots = [*words, *_knots(journey, asked)]
    return _bound(knots, [*_weighed(journey), *_strands(journey, asked)])


def around(journey: Journey, quotes: Collection[UUID]) -> Thread:
    """The thread with no other words than these *quotes*: for a page that shows a few of thousands.

    What is on it beside words is kept until somebody does something.
    """
    bare = kept.kept(journey, lambda: _bare(journey), "thread")
    if not quotes:
        return bare
    words = _words(access.quotes(journey).filter(pk__in=quotes))
    said = _weighed(journey, quotes)
    return _bound([*words, *bare.knots.values()], [*said, *bare.strands])


def _bare(journey: Journey) -> Thread:
    asked = counting.statements(journey)
    strands = [*_weighed(journey, ()), *_strands(journey, asked)]
    return _bound(_knots(journey, asked), strands)


def _bound(knots: Iterable[Knot], strands: Iterable[Strand]) -> Thread:
    by_key = {knot.key: knot for knot in knots}
    return Thread(by_key, tuple(s for s in strands if s.start in by_key and s.end in by_key))


def _words(quotes: QuerySet[Quote]) -> Iterator[Knot]:
    for key, words in quotes.values_list("id", "words"):
        yield Knot(kind="quote", key=str(key), label=words)


def _knots(journey: Journey, asked: Iterable[Asked]) -> Iterator[Knot]:
    for seen in access.observations(journey):
        yield Knot(kind="observation", key=str(seen.id), label=str(seen),
                   perspective=seen.perspective)  # fmt: skip
    for figure in journey.figures.all():
        yield Knot(kind="figure", key=str(figure.id), label=figure.indicator)
    for one in asked:
        said = one.answered
        counts, most = (said.counts, said.most) if said else (None, "")
        yield Knot(kind="statement", key=str(one.key), label=one.asked, answers=counts, mostly=most)
    for finding in journey.findings.filter(became=None):
        yield Knot(kind="finding", key=str(finding.id), label=finding.claim,
                   perspective=finding.perspective)  # fmt: skip
    for opgave in journey.opgaves.all():
        yield Knot(kind="opgave", key=str(opgave.id), label=opgave.sentence,
                   perspective=opgave.perspective)  # fmt: skip
    for goal in journey.goals.select_related("opgave"):
        yield Knot(kind="goal", key=str(goal.id), label=goal.sentence,
                   perspective=goal.opgave.perspective)  # fmt: skip
    for effort in journey.efforts.all():
        chosen = {"chosen": True, "not": False}.get(effort.choice)
        yield Knot(kind="effort", key=str(effort.id), label=effort.title,
                   perspective=effort.perspective, chosen=chosen)  # fmt: skip


def _weighed(journey: Journey, quotes: Collection[UUID] | None = None) -> Iterator[Strand]:
    """Evidence: all of it; or that of *quotes*, and of none of them all that is not words."""
    pieces = journey.evidences.all()
    if quotes is not None:
        pieces = pieces.filter(quote__in=quotes) if quotes else pieces.filter(quote=None)
    for finding, direction, weight, *thing in pieces.order_by(
        "-weight", "made_at", "id"
    ).values_list("finding_id", "direction", "weight", "quote_id", "observation_id", "figure_id"):
        start = next(str(key) for key in thing if key)
        yield Strand(start=start, end=str(finding), direction=direction, weight=weight)


def left(journey: Journey) -> tuple[Knot, ...]:
    """Where the team typed over what givers took back since."""
    if not (said := access.taken_back(journey)):
        return ()
    written: dict[str, Iterable[str]] = {
        **{str(o.pk): (o.claim, o.contrary, o.why) for o in journey.findings.all()},
        **{str(one.pk): (one.sentence,) for one in journey.opgaves.all()},
        **{str(one.pk): (one.sentence, one.sign) for one in journey.goals.all()},
        **{str(one.pk): (one.title, one.reason) for one in journey.efforts.all()},
    }
    return tuple(
        knot for knot in _knots(journey, ())
        if any(moved.repeated(text, said) for text in written.get(knot.key, ()))
    )  # fmt: skip


def _strands(journey: Journey, asked: Iterable[Asked]) -> Iterator[Strand]:
    for one in asked:
        side = _SIDES.get(one.standing, 0) if one.answered and counting.THEN not in one.told else 0
        yield Strand(start=str(one.key), end=str(one.finding), direction=side)
    for ground in journey.grounds.all():
        yield Strand(start=str(ground.finding_id), end=str(ground.opgave_id),
                     contribution=ground.contribution, assumption=ground.assumption)  # fmt: skip
    for goal in journey.goals.all():
        yield Strand(start=str(goal.opgave_id), end=str(goal.id))
        if goal.baseline_id:
            yield Strand(start=str(goal.baseline_id), end=str(goal.id))
    for aim in journey.aims.all():
        yield Strand(start=str(aim.goal_id), end=str(aim.effort_id),
                     contribution=aim.contribution, assumption=aim.assumption)  # fmt: skip


def kinds(knots: Iterable[Knot]) -> dict[Kind, list[Knot]]:
    """Knots by kind, in the order of the thread."""
    by_kind: dict[Kind, list[Knot]] = {kind: [] for kind in KINDS}
    for knot in knots:
        by_kind[knot.kind].append(knot)
    return by_kind


def written(journey: Journey) -> str:
    """The thread of *journey* as JSON, made once until somebody does something."""
    return kept.kept(
        journey, lambda: dumps(as_json(thread(journey)), ensure_ascii=False), "thread_json"
    )


def as_json(line: Thread) -> dict[str, Any]:
    """The thread as plain values: ``knots`` in the order of the thread and ``strands``."""
    order = [knot for kind in kinds(line.knots.values()).values() for knot in kind]
    return {
        "knots": [asdict(knot) for knot in order],
        "strands": [asdict(strand) for strand in line.strands],
    }
