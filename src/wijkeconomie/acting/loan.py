# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a small loan costs month by month, exact to the cent.

Amounts are whole cents and rates are fractions, so nothing is lost on the way: what is repaid adds
up to what was lent, and the balance ends at nothing.  Interest of a month is a twelfth of the
nominal yearly rate over what is owed, half a cent rounded up.  What is paid goes to interest first
and then to what was lent (art. 6:44 BW); interest that waits bears none itself.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

Kind = Literal["annuity", "linear"]
MOST_MONTHS = 600
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LEAST = 10_000  # cents: of less, rounding would be more than interest


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed.

    ``principal`` in cents, all tranches together; ``rate`` in percent a year; ``months`` in which
    is repaid, which come after ``interest_only`` months; ``first``: the day of the first one.
    ``later``: cents of it that are lent only from a month on, by its number from 2: instalments
    follow what was lent.  ``extra``: cents that are repaid on top in a month, by its number from 1:
    the loan ends sooner, or the instalments get lower after those in ``lower``.  ``deferred``:
    numbers of months in which nothing is paid: their interest waits for the next instalments, none
    of which gets higher, and the loan ends later.

    ValueError for terms under which no loan can run.
    """

    principal: int
    rate: Decimal
    months: int
    first: date
    kind: Kind = "annuity"
    interest_only: int = 0
    later: Mapping[int, int] = field(default_factory=dict)
    extra: Mapping[int, int] = field(default_factory=dict)
    lower: frozenset[int] = frozenset()
    deferred: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.principal < LEAST or not 0 <= self.rate < 100:
            raise ValueError(f"principal from {LEAST} cents, rate from 0 to 100 percent")
        if not 1 <= self.months <= MOST_MONTHS or self.interest_only < 0:
            raise ValueError(f"1 to {MOST_MONTHS} months, interest_only from 0")
        if any(cents <= 0 for cents in self.extra.values()) or self.deferred & set(self.extra):
            raise ValueError("extra repayments above 0 cents, and not in a month that is deferred")
        if any(cents <= 0 for cents in self.later.values()) or (
            self.later and sum(self.later.values()) >= self.principal
        ):
            raise ValueError("tranches above 0 cents, and together all that is lent")
        if any(not 2 <= number <= self.interest_only + self.months for number in self.later):
            raise ValueError("later tranches from month 2 on, and before the last")


class Month(NamedTuple):
    """A line of the schedule: cents that are paid on ``due``, of which ``interest`` and
    ``principal``, of which ``extra`` on top; afterwards ``balance`` is left of what was lent, and
    ``waiting`` of interest."""

    number: int
    due: date
    paid: int
    interest: int
    principal: int
    balance: int
    waiting: int
    extra: int = 0

    @property
    def asked(self) -> int:
        """What is due of itself, in cents: without what is repaid on top."""
        return self.paid - self.extra


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
    balance, waiting, number = terms.principal - sum(terms.later.values()), 0, 0
    free, left, ends = terms.interest_only, terms.months, max(terms.later, default=0)
    level = _level(terms, balance, left)
    while balance or waiting or number < ends:
        number += 1
        if number in terms.later:
            balance += terms.later[number]
            level = _level(terms, balance, left)
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
        more = min(terms.extra[number], balance - repaid) if number in terms.extra else 0
        balance, waiting = balance - repaid - more, waiting - to_interest
        if more and number in terms.lower and left > 0:
            level = min(level, _level(terms, balance, left))
        yield Month(number, due_on(terms.first, number), paid + more, to_interest, repaid + more,
                    balance, waiting, more)  # fmt: skip


def _level(terms: Terms, balance: int, left: int) -> int:
    """What is paid each month by annuity, or repaid each month when linear."""
    if terms.kind == "linear":
        return _rounded(balance, left)
    return instalment(balance, terms.rate, left)


def _due(terms: Terms, level: int, interest: int, owed: int, left: int) -> int:
    """What is paid now of all that is *owed*.  The last instalment takes what rounding left (a
    cent a month and its interest); after deferred months it comes once that alone is left."""
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


def due_on(first: date, number: int) -> date:
    """The day of a month by its number from 1 (0: a month before the first): the same day of each
    month; the last day of a month that is shorter."""
    years, month = divmod(first.month - 1 + number - 1, 12)
    year = first.year + years
    last = 29 if month == 1 and isleap(year) else _DAYS[month]
    return date(year, month + 1, min(first.day, last))


class Standing(NamedTuple):
    """How a loan stands on a day, in cents: what was ``asked`` until then, what was ``paid`` of it,
    what is in ``arrears``; the ``oldest`` month that is not paid whole, of those that are due, and
    for how many ``days``; what comes ``next``, and what is ``missing`` of it by then."""

    asked: int
    paid: int
    arrears: int
    oldest: Month | None
    days: int
    next: Month | None
    missing: int


def standing(rows: Sequence[Month], paid: int, on: date) -> Standing:
    """How a loan stands of which *paid* cents came in so far, without what was repaid on top.  An
    instalment that is due on the day itself is not late yet."""
    asked = sum(row.asked for row in rows if row.due < on)
    oldest = next((row for row, left in lacking(rows, paid) if left and row.due < on), None)
    coming = next(
        ((row, left) for row, left in lacking(rows, paid) if left and row.due >= on), None
    )
    return Standing(
        asked=asked, paid=paid, arrears=max(asked - paid, 0), oldest=oldest,
        days=(on - oldest.due).days if oldest else 0, next=coming[0] if coming else None,
        missing=coming[1] if coming else 0,
    )  # fmt: skip


def late(rows: Sequence[Month], paid: int, on: date) -> list[tuple[Month, int]]:
    """The months that are due before a day and not paid whole, the oldest first, each with the
    cents that are lacking."""
    return [(row, left) for row, left in lacking(rows, paid) if left and row.due < on]


def touched(rows: Sequence[Month], paid: int) -> int:
    """The number of the last month of which something was paid; 0 where nothing was."""
    found = [row.number for row, left in lacking(rows, paid) if left < row.asked]
    return max(found, default=0)


def divided(rows: Sequence[Month], paid: int) -> tuple[int, int]:
    """Of *paid* cents, without what was repaid on top: what was interest and what was lent.  The
    oldest month first, and in a month interest first (art. 6:44 BW)."""
    interest = 0
    for row, left in lacking(rows, paid):
        interest += min(row.interest, row.asked - left)
    return interest, paid - interest


def lacking(rows: Sequence[Month], paid: int) -> Iterator[tuple[Month, int]]:
    """Each month, with the cents that are not paid of it."""
    for row in rows:
        took = min(paid, row.asked)
        paid -= took
        yield row, row.asked - took


def burden(monthly: int, left: int) -> Fraction | None:
    """Which part of what is *left* a month a repayment takes, both in cents; None where nothing is
    left.  It is shown to people who decide, and decides nothing."""
    return Fraction(monthly, left) if left > 0 else None
