# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a small loan costs month by month, exact to the cent.

Amounts are whole cents and rates are fractions, so nothing is lost on the way: what is repaid adds
up to what was lent, and the balance ends at nothing.  Interest of a month is a twelfth of the
nominal yearly rate over what is owed, half a cent rounded up.  What is paid goes to interest first
and then to what was lent (art. 6:44 BW); interest that waits bears none itself.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

Kind = Literal["annuity", "linear"]
After = Literal["shorter", "lower"]
MOST_MONTHS = 600
LEAST = 10_000  # cents: of less, rounding would be more than interest


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed.

    ``principal`` in cents; ``rate`` in percent a year; ``months`` in which is repaid, which come
    after ``interest_only`` months; ``first``: the day of the first one.  ``extra``: cents that are
    repaid on top in a month, by its number from 1; ``after`` that the loan ends sooner, or the
    instalments get lower.  ``deferred``: numbers of months in which nothing is paid: their interest
    waits for the next instalments, none of which gets higher, and the loan ends later.

    ValueError for terms under which no loan can run.
    """

    principal: int
    rate: Decimal
    months: int
    first: date
    kind: Kind = "annuity"
    interest_only: int = 0
    extra: Mapping[int, int] = field(default_factory=dict)
    after: After = "shorter"
    deferred: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.principal < LEAST or not 0 <= self.rate < 100:
            raise ValueError(f"principal from {LEAST} cents, rate from 0 to 100 percent")
        if not 1 <= self.months <= MOST_MONTHS or self.interest_only < 0:
            raise ValueError(f"1 to {MOST_MONTHS} months, interest_only from 0")
        if any(cents <= 0 for cents in self.extra.values()) or self.deferred & set(self.extra):
            raise ValueError("extra repayments above 0 cents, and not in a month that is deferred")


class Month(NamedTuple):
    """A line of the schedule: cents that are paid on ``due``, of which ``interest`` and
    ``principal`` (with what is repaid extra); afterwards ``balance`` is left of what was lent, and
    ``waiting`` of interest."""

    number: int
    due: date
    paid: int
    interest: int
    principal: int
    balance: int
    waiting: int


def schedule(terms: Terms) -> tuple[Month, ...]:
    """Every month of a loan until nothing is owed."""
    return tuple(_months(terms))


def instalment(principal: int, rate: Decimal, months: int) -> int:
    """The level instalment of an annuity in cents: P·r / (1 − (1 + r)⁻ⁿ), rounded once."""
    part, whole = _monthly(rate)
    if not part:
        return _rounded(principal, months)
    grown, bare = (whole + part) ** months, whole**months
    return _rounded(principal * part * grown, whole * (grown - bare))


def _months(terms: Terms) -> Iterator[Month]:
    part, whole = _monthly(terms.rate)
    balance, waiting, number = terms.principal, 0, 0
    free, left = terms.interest_only, terms.months
    level = _level(terms, balance, left)
    while balance or waiting:
        number += 1
        interest = _rounded(balance * part, whole)
        waiting += interest
        if number in terms.deferred:
            paid = 0
        elif free:
            free, paid = free - 1, waiting
        else:
            left -= 1
            paid = _due(terms, level, interest, balance + waiting, left)
        to_interest = min(paid, waiting)
        repaid = paid - to_interest
        more = min(terms.extra.get(number, 0), balance - repaid)
        balance, waiting = balance - repaid - more, waiting - to_interest
        if more and terms.after == "lower" and left > 0:
            level = _level(terms, balance, left)
        yield Month(number, _due_on(terms.first, number), paid + more, to_interest, repaid + more,
                    balance, waiting)  # fmt: skip


def _level(terms: Terms, balance: int, left: int) -> int:
    """What is paid each month by annuity, or repaid each month when linear."""
    if terms.kind == "linear":
        return _rounded(balance, left)
    return instalment(balance, terms.rate, left)


def _due(terms: Terms, level: int, interest: int, owed: int, left: int) -> int:
    """What is paid now of all that is *owed*.  The last instalment takes what rounding left, at
    most a cent a month; after deferred months it comes when no more than that is left."""
    due = max(level + (interest if terms.kind == "linear" else 0), interest + 1)
    ends = left <= 0 and (not terms.deferred or owed <= due + terms.months)
    return owed if ends else min(due, owed)


def _monthly(rate: Decimal) -> tuple[int, int]:
    """A twelfth of a yearly percentage, as a fraction."""
    part, whole = rate.as_integer_ratio()
    return part, whole * 1200


def _rounded(part: int, whole: int) -> int:
    """A quotient to the nearest integer, halves up."""
    return (2 * part + whole) // (2 * whole)


def _due_on(first: date, number: int) -> date:
    """The same day of each month; the last day of a month that is shorter."""
    years, month = divmod(first.month - 1 + number - 1, 12)
    year = first.year + years
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
