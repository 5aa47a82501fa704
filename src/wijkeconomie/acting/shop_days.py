# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who owns the shop on which day, for a season: an allocation by a rule that everybody can read.

In this order: as many days used as can be; room for starters; the best wishes, that is as many
first wishes as can be, then as many second ones, and so on (rank-maximal: R. Irving and others,
ACM Trans. Algorithms 2 (2006) 602-610); who was in the shop fewer seasons; a lottery.  Nobody gets
two days, and on a day no two are of the same trade.

Each step is one exact question to HiGHS, in which what the steps before it reached is kept.  The
lottery follows from a seed that is published: everybody can draw it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float64]
Step = Literal["used", "starters", "wishes", "seasons", "lottery"]
_TICKETS = 2**20  # a sum of a thousand of them is still exact in floating point


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who would like a day: ``wishes`` are ids of days, the dearest first, each once; ``seasons``
    is in how many they were in the shop before."""

    id: str
    trade: str
    wishes: tuple[str, ...]
    starter: bool = False
    seasons: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """What is divided: ``days`` with how many shops are open, for ``starters`` at least so many
    places if there are as many who want one; ``seed`` of the lottery."""

    days: Mapping[str, int]
    applicants: tuple[Applicant, ...]
    seed: str
    starters: int = 0

    def __post_init__(self) -> None:
        if len({one.id for one in self.applicants}) < len(self.applicants):
            raise ValueError("every applicant once")
        for one in self.applicants:
            if len(set(one.wishes)) < len(one.wishes) or not set(one.wishes) <= set(self.days):
                raise ValueError(f"{one.id}: wishes are days of the season, each once")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """``days`` by applicant.  ``wishes``: how many got their first, second … wish; ``places``: how
    many there were to give."""

    days: Mapping[str, str]
    wishes: tuple[int, ...]
    places: int


class Dividing:
    """A season while it is divided: each step keeps what the steps before it reached."""

    def __init__(self, season: Season) -> None:
        self.season = season
        self._pairs = tuple(
            (one, day, rank)
            for one in sorted(season.applicants, key=lambda one: one.id)
            for rank, day in enumerate(one.wishes)
        )

    @cached_property
    def allocation(self) -> Allocation:
        """The one that the rule gives."""
        taken = [pair for pair, on in zip(self._pairs, self._best[0], strict=True) if on]
        ranks = [rank for _one, _day, rank in taken]
        most = max((len(one.wishes) for one in self.season.applicants), default=0)
        return Allocation(
            days={one.id: day for one, day, _rank in taken},
            wishes=tuple(ranks.count(rank) for rank in range(most)),
            places=sum(self.season.days.values()),
        )

    def why_not(self, applicant: str, day: str) -> Step | None:
        """The step at which *applicant* on *day* would have cost others more than it gives: None
        where no allocation at all allows it, or where it is what they got.

        ``used``: a day would stay unused; ``starters``, ``wishes``, ``seasons``: others would be
        served worse by that step of the rule; ``lottery``: it was the lot.
        """
        column = next((n for n, (one, on, _rank) in enumerate(self._pairs)
                       if (one.id, on) == (applicant, day)), None)  # fmt: skip
        if column is None or self.allocation.days.get(applicant) == day:
            return None
        if self._solve(None, (), column) is None:
            return None
        kept = self._best[1]
        low, high = 0, len(kept)  # with the first ``low`` it can be, with the first ``high`` not
        while high - low > 1:
            middle = (low + high) // 2
            goals = [goal for _step, goal in kept[:middle]]
            low, high = (
                (middle, high) if self._solve(None, goals, column) is not None else (low, middle)
            )
        return kept[high - 1][0]

    @cached_property
    def _best(self) -> tuple[tuple[bool, ...], list[tuple[Step, _Goal]]]:
        found: tuple[bool, ...] = (False,) * len(self._pairs)
        kept: list[tuple[Step, _Goal]] = []
        for step, weights, most in self._steps():
            answer = self._solve(weights, [goal for _step, goal in kept])
            if answer is None:
                raise ArithmeticError("HiGHS found nothing where an allocation exists")
            found = answer
            reached = int(np.dot(weights, found))
            kept.append((step, _Goal(weights, reached if most is None else min(reached, most))))
        return found, kept

    def _steps(self) -> Iterator[tuple[Step, Weights, int | None]]:
        """What each step counts of every pair, and up to how many that matters."""

        def of(values: Iterable[int]) -> Weights:
            return np.array(list(values), dtype=float)

        pairs, seed = self._pairs, self.season.seed
        yield "used", of(1 for _pair in pairs), None
        if self.season.starters:
            yield "starters", of(one.starter for one, _day, _rank in pairs), self.season.starters
        for wanted in range(max((len(one.wishes) for one in self.season.applicants), default=0)):
            yield "wishes", of(rank == wanted for _one, _day, rank in pairs), None
        yield "seasons", of(-one.seasons for one, _day, _rank in pairs), None
        yield "lottery", of(ticket(seed, one.id, day) for one, day, _rank in pairs), None

    @cached_property
    def _rules(self) -> tuple[Weights, ...]:
        """Row and column of every 1, and the bounds of the rows: one day each, as many as there are
        shops on a day, one of each trade on a day."""
        rows: dict[tuple[str, ...], int] = {}
        bounds: list[int] = []
        places: list[tuple[int, int]] = []
        for column, (one, day, _rank) in enumerate(self._pairs):
            for name, most in ((("one", one.id), 1), (("day", day), self.season.days[day]),
                               (("trade", day, one.trade), 1)):  # fmt: skip
                if name not in rows:
                    rows[name] = len(rows)
                    bounds.append(most)
                places.append((rows[name], column))
        at = np.array(places, dtype=int).reshape(-1, 2)
        return at[:, 0], at[:, 1], np.array(bounds, dtype=float)

    def _solve(
        self, weights: Weights | None, goals: Sequence[_Goal], forced: int | None = None
    ) -> tuple[bool, ...] | None:  # fmt: skip
        """Pairs with the most of *weights* that reach the *goals*, the column *forced* among them;
        None where there are none."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 -- heavy
        from scipy.sparse import csr_array, vstack  # noqa: PLC0415 -- heavy

        count = len(self._pairs)
        if not count:
            return ()
        rows, columns, bounds = self._rules
        rules: Any = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(bounds), count))
        limits = [LinearConstraint(rules, ub=bounds)]
        if goals:
            reach: Any = vstack([csr_array(goal.weights[None, :]) for goal in goals])
            limits.append(LinearConstraint(reach, lb=[goal.reached for goal in goals]))
        least = np.zeros(count)
        if forced is not None:
            least[forced] = 1
        cost = np.zeros(count) if weights is None else -weights
        whole = np.ones(count, dtype=np.int64)
        answer = milp(cost, constraints=limits, bounds=Bounds(least, 1), integrality=whole,
                      options={"mip_rel_gap": 0.0})  # fmt: skip
        return None if answer.x is None else tuple(bool(on) for on in np.rint(answer.x))


@dataclass(frozen=True, slots=True)
class _Goal:
    """What was reached of a step, and may not get less."""

    weights: Weights
    reached: int


def ticket(seed: str, applicant: str, day: str) -> int:
    """The lot of *applicant* for *day*, from 0 up to 2²⁰: everybody can work it out."""
    return int.from_bytes(sha256(f"{seed}|{applicant}|{day}".encode()).digest()[:8]) % _TICKETS


def divide(season: Season) -> Allocation:
    """The allocation that the rule gives; ValueError for a season that is not one."""
    return Dividing(season).allocation
