# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Choose efforts under a budget: the best set, why the others are not in it.

A *candidate* brings points towards opgaven and takes money, hours and space.  The *question* says
what there is to spend and which rules hold; the *choice* is a set with the most points.  Of sets
with as many points the one with the least likely money is chosen, of those the one with the fewest
efforts, of those the one that has the first id (in alphabetical order) that the other lacks.  The
order in which candidates are given changes nothing.

Costs are uncertain: ``overruns`` says how many of the chosen efforts may cost the most at once,
whichever they are, while the money still suffices.  D. Bertsimas, M. Sim: *The Price of
Robustness*, Operations Research 52 (2004) 35-53.

HiGHS (``scipy.optimize.milp``) searches in floating point, where amounts in cents beside a 0 or 1
can make it call possible what is not, and the other way round.  So every row holds whole numbers
without a common divisor, scaled by a power of two, with half a unit of room: rounding can only
admit too much.  What it finds is checked in whole numbers; what breaks a rule is cut off and the
search goes on.  "Impossible" is asked a second time without presolve.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import gcd
from typing import Literal

import numpy as np

from wijkeconomie.figures.refusal import Refusal

PATIENCE = 60.0  # seconds for one search, after which we say that we do not know
_LARGEST = 2**20  # of a scaled row: half a cent of ten million euros stays above HiGHS's 1e-6
_AT_ONCE = 16  # ids whose order is settled in one search: 2 ** 16 is exact beside a tolerance
Kind = Literal[
    "must", "apart", "opgave", "number", "share", "space", "hours", "overruns", "money"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Money in cents: low ≤ likely ≤ high, all from zero on."""

    low: int
    likely: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An effort that could be made; ``value`` in points, ``hours`` of work, ``space`` in m²: whole
    numbers from zero on.  ``must``: it is chosen in any case."""

    id: str
    perspective: str
    opgaven: frozenset[str]
    value: int
    cost: Cost
    hours: int = 0
    space: int = 0
    must: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to choose from, and the rules.

    ``money`` in cents, ``hours``, ``space`` in m²: None is as much as one likes.  ``opgaven``: the
    chosen ones; each needs at least one effort, and what serves none of them is left out.
    ``apart``: pairs that do not go together.  ``number``: at least so many efforts of a
    perspective; ``share``: at least so many percent of the likely money for it.  Ids are unique,
    and pairs name only what is there.
    """

    candidates: tuple[Candidate, ...]
    opgaven: frozenset[str]
    money: int
    hours: int | None = None
    space: int | None = None
    apart: tuple[tuple[str, str], ...] = ()
    number: Mapping[str, int] = field(default_factory=dict)
    share: Mapping[str, int] = field(default_factory=dict)
    overruns: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a question, by its kind and what it is ``about``: ids, opgave, perspective."""

    kind: Kind
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a candidate is not chosen, or what it would take to add it to what is chosen.

    ``no_opgave``: it serves none of the chosen ones; ``apart``: it does not go together with
    ``about``; ``money``, ``hours``, ``space``: it needs ``short`` (cents, hours, m²) more than is
    left; ``share``: the perspective ``about`` would get too small a part; ``no_value``: it brings
    no points; ``outdone``: ``about``, which are chosen, each bring as much to the same opgaven and
    perspective, and take no more of anything.
    """

    kind: Literal[
        "no_opgave", "apart", "money", "hours", "space", "share", "no_value", "outdone"
    ]  # fmt: skip
    about: tuple[str, ...] = ()
    short: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A candidate that is not chosen, with at least one reason."""

    id: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The best set, ids in alphabetical order, and what it takes.

    ``needed``: cents to set aside so that the allowed overruns can be paid; ``cost`` adds up low,
    likely and high of all that is chosen; ``likely`` and ``number`` are per perspective.
    """

    chosen: tuple[str, ...]
    value: int
    cost: Cost
    needed: int
    hours: int
    space: int
    likely: Mapping[str, int]
    number: Mapping[str, int]
    passed: tuple[Passed, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """No set keeps all rules: these cannot be kept together, the others of them can when any one
    is given up.  Whether the *question* then has an answer is another matter, since more rules may
    be in conflict: see :func:`wijkeconomie.planning.prices.ways`."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long may be searched: of ``seconds`` there are so many ``left`` for the next search."""

    seconds: float = PATIENCE
    left: Callable[[], float] = lambda: PATIENCE


EACH = Patience()  # every search anew


def choose(question: Question, patience: Patience = EACH) -> Choice | Conflict:
    """The best set, exact; or which rules cannot be kept together.

    Raises :class:`Refusal` when there is no *patience* left.
    """
    search = Search(question, patience)
    best = search.best()
    if best is None:
        return Conflict(search.conflict())
    return _choice(search.question, best)


def rules(question: Question) -> tuple[Rule, ...]:
    """All rules of the question, those that one would sooner give up last."""
    found = [Rule("must", (c.id,)) for c in question.candidates if c.must]
    found += [Rule("apart", pair) for pair in sorted(question.apart)]
    found += [Rule("opgave", (opgave,)) for opgave in sorted(question.opgaven)]
    found += [Rule("number", (name,)) for name in sorted(question.number)]
    found += [Rule("share", (name,)) for name in sorted(question.share)]
    found += [Rule("space")] * (question.space is not None)
    found += [Rule("hours")] * (question.hours is not None)
    found += [Rule("overruns")] * (question.overruns > 0)
    return (*found, Rule("money"))


def needed(chosen: Iterable[Candidate], overruns: int) -> int:
    """Cents that pay for *chosen* when those *overruns* cost the most that would do so dearest
    (Bertsimas and Sim 2004)."""
    costs = [candidate.cost for candidate in chosen]
    extra = sorted((cost.high - cost.likely for cost in costs), reverse=True)
    return sum(cost.likely for cost in costs) + sum(extra[:overruns])


def broken(
    question: Question, chosen: Collection[str], among: Iterable[Rule] | None = None
) -> tuple[Rule, ...]:
    """Which rules (of *among*, else all) a set of ids does not keep; in whole numbers."""
    held = rules(question) if among is None else tuple(among)
    inside = [c.id in chosen for c in question.candidates]
    found = []
    for rule in held:
        if rule.kind == "money":
            overruns = question.overruns if Rule("overruns") in held else 0
            taken = [c for c in question.candidates if c.id in chosen]
            kept = needed(taken, overruns) <= question.money
        else:
            kept = all(
                sum(w for w, on in zip(row.weights, inside, strict=True) if on) <= row.most
                for row in _rows(question, rule)
            )
        if not kept:
            found.append(rule)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Row:
    """The weights of what is chosen add up to at most ``most``: all whole numbers."""

    weights: tuple[int, ...]
    most: int


def _rows(question: Question, rule: Rule) -> Iterator[_Row]:
    """A rule as rows over the candidates; ``money`` and ``overruns`` have their own."""
    match rule.kind:
        case "must" | "opgave" | "number":
            least = question.number[rule.about[0]] if rule.kind == "number" else 1
            yield _row(question, lambda c: -_belongs(c, rule), -least)
        case "apart":
            yield _row(question, lambda c: c.id in rule.about, 1)
        case "share":
            part = question.share[rule.about[0]]
            yield _row(question, lambda c: c.cost.likely * (part - 100 * _belongs(c, rule)), 0)
        case "space":
            yield _row(question, lambda c: c.space, question.space or 0)
        case "hours":
            yield _row(question, lambda c: c.hours, question.hours or 0)


def _row(question: Question, weight: Callable[[Candidate], int], most: int) -> _Row:
    return _Row(tuple(int(weight(candidate)) for candidate in question.candidates), most)


def _belongs(candidate: Candidate, rule: Rule) -> bool:
    """Whether *candidate* counts for a rule about itself, an opgave or a perspective."""
    name = rule.about[0]
    if rule.kind == "must":
        return candidate.id == name
    return name in candidate.opgaven if rule.kind == "opgave" else candidate.perspective == name


class Search:
    """Sets of candidates under some of the rules of a question, searched with HiGHS.

    Columns: for every candidate 0 or 1; with overruns also Bertsimas and Sim's z and one p for
    every candidate.
    """

    def __init__(self, question: Question, patience: Patience = EACH) -> None:
        self.patience = patience
        ordered = tuple(sorted(question.candidates, key=lambda candidate: candidate.id))
        self.question = replace(question, candidates=ordered)
        self.rules = rules(self.question)

    def best(self) -> frozenset[str] | None:
        """The one set that the order of preference gives; None where no set keeps the rules."""
        fixed: list[_Row] = []
        best: frozenset[str] | None = None
        for objective in self._objectives():
            best = self.most(objective, fixed=fixed)
            if best is None or self._is_only(best, fixed):
                return best
            reached = sum(w for w, c in zip(objective, self._candidates, strict=True)
                          if c.id in best)  # fmt: skip
            fixed.append(_Row(tuple(-weight for weight in objective), -reached))
        return best

    @property
    def _candidates(self) -> tuple[Candidate, ...]:
        return self.question.candidates

    @cached_property
    def value(self) -> tuple[int, ...]:
        """The points of every candidate, as an objective."""
        return tuple(candidate.value for candidate in self._candidates)

    @cached_property
    def _thrift(self) -> tuple[int, ...]:
        return tuple(-candidate.cost.likely for candidate in self._candidates)

    def _objectives(self) -> Iterator[tuple[int, ...]]:
        yield self.value
        yield self._thrift
        yield (-1,) * len(self._candidates)
        for start in range(0, len(self._candidates), _AT_ONCE):
            yield tuple(
                2 ** (start + _AT_ONCE - 1 - place) if start <= place < start + _AT_ONCE else 0
                for place in range(len(self._candidates))
            )

    def _is_only(self, best: frozenset[str], fixed: Sequence[_Row]) -> bool:
        """Whether no other set reaches as much of the objectives before this one, and of it."""
        return len(fixed) > 1 and self.most((), fixed=(*fixed, self._not(best))) is None

    def most(
        self, objective: Sequence[int], *, held: Iterable[Rule] | None = None,
        fixed: Sequence[_Row] = (),
    ) -> frozenset[str] | None:  # fmt: skip
        """A set with the most of *objective* (one weight a candidate; empty: any set) that keeps
        the rules *held* (else all) and the rows *fixed*; None where there is none."""
        kept = self.rules if held is None else tuple(held)
        rows = [row for rule in kept for row in _rows(self.question, rule)] + list(fixed)
        while True:
            found = self._solve(objective, rows, kept)
            if found is None:
                return None
            wrong = broken(self.question, found, kept)
            if not wrong and all(self._holds(row, found) for row in fixed):
                return found
            rows.append(self._cut(found, wrong))

    def cheapest(self, value: int, held: Iterable[Rule]) -> frozenset[str] | None:
        """The set with the least likely money that brings at least *value* points under *held*."""
        least = _Row(tuple(-points for points in self.value), -value)
        return self.most(self._thrift, held=held, fixed=[least])

    def conflict(self, held: Iterable[Rule] | None = None) -> tuple[Rule, ...]:
        """Rules of *held* (else of all), of which no set keeps all, that cannot be kept together
        and none of which can be missed: each is left out in turn, and stays out when the rest
        still cannot be kept (the deletion filter of J. Chinneck, E. Dravnieks, ORSA Journal on
        Computing 3 (1991) 157-168)."""
        kept = list(self.rules if held is None else held)
        for rule in kept[::-1]:
            rest = [other for other in kept if other != rule]
            if self.most((), held=rest) is None:
                kept = rest
        return tuple(kept)

    def _holds(self, row: _Row, chosen: frozenset[str]) -> bool:
        inside = (c.id in chosen for c in self._candidates)
        return sum(w for w, on in zip(row.weights, inside, strict=True) if on) <= row.most

    def _cut(self, found: frozenset[str], wrong: Sequence[Rule]) -> _Row:
        """What is too dear, is too dear with more added; else only this set is cut off."""
        if any(rule.kind in ("money", "hours", "space") for rule in wrong):
            return _Row(tuple(int(c.id in found) for c in self._candidates), len(found) - 1)
        return self._not(found)

    def _not(self, found: frozenset[str]) -> _Row:
        return _Row(tuple(1 if c.id in found else -1 for c in self._candidates), len(found) - 1)

    def _solve(
        self, objective: Sequence[int], rows: Sequence[_Row], held: Collection[Rule]
    ) -> frozenset[str] | None:
        """What HiGHS gives; it may break a rule by less than its tolerance."""
        count = len(self._candidates)
        if not count:
            return frozenset() if all(row.most >= 0 for row in rows) else None
        overruns = self.question.overruns if Rule("overruns") in held else 0
        whole = [_scaled(row.weights, row.most) for row in rows]
        if Rule("money") in held:
            whole += _money_rows(self.question, overruns)
        columns = max((len(weights) for weights, _ in whole), default=count)
        matrix, upper = np.zeros((len(whole), columns)), np.zeros(len(whole))
        for place, (weights, most) in enumerate(whole):
            matrix[place, : len(weights)], upper[place] = weights, most
        return self._ask(objective, matrix, upper)

    def _ask(
        self, objective: Sequence[int], matrix: np.ndarray, upper: np.ndarray
    ) -> frozenset[str] | None:
        """*matrix* (rows, columns) times what is chosen is at most *upper* (rows,)."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 -- heavy

        count, columns = len(self._candidates), matrix.shape[1]
        constraint = LinearConstraint(matrix, ub=upper)
        cost = np.zeros(columns)
        cost[: len(objective)] = [-weight // (gcd(*objective) or 1) for weight in objective]
        most = np.full(columns, np.inf)
        most[:count] = [self._is_open(candidate) for candidate in self._candidates]
        whole = (np.arange(columns) < count).astype(np.int64)
        for presolve in (True, False):
            if (left := self.patience.left()) <= 0:
                break
            answer = milp(cost, constraints=constraint, bounds=Bounds(0, most), integrality=whole,
                          options={"presolve": presolve, "mip_rel_gap": 0.0,
                                   "time_limit": left})  # fmt: skip
            if answer.x is not None and answer.status == 0:
                on = answer.x[:count] > 0.5
                return frozenset(c.id for c, yes in zip(self._candidates, on, strict=True) if yes)
            if answer.status != 2:
                break
        else:
            return None
        raise Refusal("choice_undecided", seconds=int(self.patience.seconds))

    def _is_open(self, candidate: Candidate) -> bool:
        return candidate.must or bool(candidate.opgaven & self.question.opgaven)


def _money_rows(question: Question, overruns: int) -> Iterator[tuple[np.ndarray, float]]:
    """Likely costs, with overruns plus overruns × z + all p, are at most the money; for every
    candidate z + p is at least what it can cost more, when it is chosen (Bertsimas and Sim).

    z and p are parts of ``most``, what a candidate can cost more at the most.
    """
    likely = [candidate.cost.likely for candidate in question.candidates]
    extra = [candidate.cost.high - candidate.cost.likely for candidate in question.candidates]
    count, most = len(likely), max(extra)
    if not overruns or not most:
        yield _scaled(likely, question.money)
        return
    weights = (*likely, overruns * most, *(most,) * count)
    yield _scaled(weights, question.money, gcd(*likely, *extra))
    for place in range(count):
        row = np.zeros(2 * count + 1)
        row[place], row[count], row[count + 1 + place] = extra[place] / most, -1.0, -1.0
        yield row, 0.0


def _scaled(weights: Sequence[int], most: int, unit: int = 0) -> tuple[np.ndarray, float]:
    """A row in whole *units* (else the largest that all weights can be written in), its largest
    weight at most ``_LARGEST``, with half a unit of room."""
    unit = unit or gcd(*weights) or 1
    whole, limit = [weight // unit for weight in weights], most // unit
    scale = 1.0
    while max(map(abs, whole), default=0) * scale > _LARGEST:
        scale /= 2
    return np.array(whole, dtype=float) * scale, (limit + 0.5) * scale


def _choice(question: Question, best: frozenset[str]) -> Choice:
    chosen = [candidate for candidate in question.candidates if candidate.id in best]
    likely: Counter[str] = Counter()
    for candidate in chosen:
        likely[candidate.perspective] += candidate.cost.likely
    return Choice(
        chosen=tuple(candidate.id for candidate in chosen),
        value=sum(candidate.value for candidate in chosen),
        cost=Cost(
            low=sum(candidate.cost.low for candidate in chosen),
            likely=likely.total(),
            high=sum(candidate.cost.high for candidate in chosen),
        ),
        needed=needed(chosen, question.overruns),
        hours=sum(candidate.hours for candidate in chosen),
        space=sum(candidate.space for candidate in chosen),
        likely=dict(likely),
        number=dict(Counter(candidate.perspective for candidate in chosen)),
        passed=tuple(
            Passed(id=candidate.id, reasons=tuple(_reasons(question, candidate, chosen)))
            for candidate in question.candidates if candidate.id not in best
        ),
    )  # fmt: skip


def _reasons(
    question: Question, candidate: Candidate, chosen: Sequence[Candidate]
) -> Iterator[Reason]:
    """The rules that adding *candidate* to what is chosen would break, and what outdoes it."""
    if not candidate.opgaven & question.opgaven:
        yield Reason(kind="no_opgave")
        return
    if not candidate.value:
        yield Reason(kind="no_value")
    more = [*chosen, candidate]
    for rule in broken(question, {one.id for one in more}):
        match rule.kind:
            case "apart":
                yield Reason(kind="apart", about=tuple(set(rule.about) - {candidate.id}))
            case "share":
                yield Reason(kind="share", about=rule.about)
            case "money":
                short = needed(more, question.overruns) - question.money
                yield Reason(kind="money", short=short)
            case "hours":
                yield Reason(kind="hours", short=sum(c.hours for c in more) - (question.hours or 0))
            case "space":
                yield Reason(kind="space", short=sum(c.space for c in more) - (question.space or 0))
    if better := tuple(one.id for one in chosen if _outdoes(one, candidate, question)):
        yield Reason(kind="outdone", about=better)


def _outdoes(one: Candidate, other: Candidate, question: Question) -> bool:
    """Whether *one* does what *other* would, for no more of anything."""
    return (
        one.perspective == other.perspective
        and one.opgaven & question.opgaven >= other.opgaven & question.opgaven
        and one.value >= other.value
        and one.cost.likely <= other.cost.likely
        and one.cost.high <= other.cost.high
        and one.hours <= other.hours
        and one.space <= other.space
    )
