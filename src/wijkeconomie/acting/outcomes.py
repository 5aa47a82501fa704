# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What something that costs money a year brought, and what one of that cost: only where it was
counted.

The costs of the days that were counted are divided by what was counted in them.  All costs go to
each outcome on its own, so what two outcomes cost cannot be added up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

DAYS_OF_A_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What was counted from ``first`` up to and including ``last``; None where it was not: that is
    no zero."""

    first: date
    last: date
    number: int | None

    def __post_init__(self) -> None:
        if self.last < self.first or (self.number or 0) < 0:
            raise ValueError("a count of a period that ends before it begins, or below zero")

    @property
    def days(self) -> int:
        """How long it lasts."""
        return (self.last - self.first).days + 1

    def overlaps(self, other: Count) -> bool:
        """Whether they share a day."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """``number`` counted in so many ``days``, what those days cost, and what one cost: None where
    none was counted.  ``uncounted``: days in periods of which the number is not known."""

    number: int
    days: int
    cents: int
    each: int | None
    uncounted: int


def cost(cents_a_year: int, counts: Iterable[Count]) -> Cost | None:
    """What one of an outcome cost, in whole cents; None where nothing was counted.  ValueError
    where two counts share a day: that would count it twice."""
    every = sorted(counts, key=lambda one: one.first)
    if any(one.overlaps(other) for one, other in pairwise(every)):
        raise ValueError("two counts share a day")
    known = [one for one in every if one.number is not None]
    if not known:
        return None
    days, number = sum(one.days for one in known), sum(one.number or 0 for one in known)
    cents = _rounded(cents_a_year * days, DAYS_OF_A_YEAR)
    return Cost(number=number, days=days, cents=cents,
                each=_rounded(cents, number) if number else None,
                uncounted=sum(one.days for one in every if one.number is None))  # fmt: skip


def _rounded(above: int, below: int) -> int:
    """Their quotient, halves up."""
    return (2 * above + below) // (2 * below)
