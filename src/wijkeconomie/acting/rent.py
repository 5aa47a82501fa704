# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Can a space be let at a rent that its user can bear, and who carries what is left?

A sheet of lines over the years, each an amount of whole cents that grows or not, is brought back to
today: what does not come back is the unprofitable top (*onrendabele top*).  Sums are exact
fractions and are rounded once, at the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Fit = Literal["below", "within", "above"]
Moment = Literal["start", "end"]
MOST_YEARS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Money that comes in (above zero) or goes out (below) in each year from ``first`` up to and
    including ``last``; year 0 is today.  ``cents`` are of year ``first``; ``growth`` in percent a
    year after that.  ``bearer``: who pays or receives it."""

    label: str
    cents: int
    first: int = 0
    last: int = 0
    growth: Decimal = Decimal(0)
    bearer: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last <= MOST_YEARS or not -100 < self.growth <= 100:
            raise ValueError(f"years from 0 to {MOST_YEARS}, growth above -100 up to 100 percent")

    def in_year(self, year: int) -> Fraction:
        """Cents in *year*."""
        if not self.first <= year <= self.last:
            return Fraction(0)
        return self.cents * (1 + _percent(self.growth)) ** (year - self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A row of the sheet: cents by line, what they come to, and what that is worth today."""

    year: int
    lines: tuple[int, ...]
    net: int
    today: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The sheet: ``value`` is what all of it is worth today in cents; ``by_bearer``: what each
    party's lines are worth today, which add up to it to a cent a party."""

    lines: tuple[Line, ...]
    years: tuple[Year, ...]
    value: int
    by_bearer: Mapping[str, int]

    @property
    def top(self) -> int:
        """The unprofitable top in cents; 0 where the space pays for itself."""
        return max(0, -self.value)


def sheet(lines: Sequence[Line], rate: Decimal) -> Sheet:
    """Every year of *lines*, and the net present value at *rate* percent a year.

    NPV = Σ net of year t / (1 + rate)ᵗ, with year 0 today; ValueError for a rate of -100 or less.
    """
    factor = _factor(rate)
    last = max((line.last for line in lines), default=0)
    years, value = [], Fraction(0)
    borne: dict[str, Fraction] = defaultdict(Fraction)
    for year in range(last + 1):
        parts = [line.in_year(year) for line in lines]
        net = sum(parts, Fraction(0))
        value += net / factor**year
        for line, part in zip(lines, parts, strict=True):
            borne[line.bearer] += part / factor**year
        years.append(Year(year=year, lines=tuple(map(_cents, parts)), net=_cents(net),
                          today=_cents(net / factor**year)))  # fmt: skip
    return Sheet(lines=tuple(lines), years=tuple(years), value=_cents(value),
                 by_bearer={who: _cents(part) for who, part in borne.items()})  # fmt: skip


def covering(lines: Iterable[Line], rate: Decimal, first: int, last: int, growth: Decimal) -> int:
    """The rent in cents of year *first*, growing by *growth* percent up to and including year
    *last*, with which *lines* (costs, and income other than rent) are just covered: rounded up to a
    cent, for a cent less does not cover them.  0 where they need none."""
    return -(-just_covering(lines, rate, first, last, growth) // 1)


def just_covering(
    lines: Iterable[Line], rate: Decimal, first: int, last: int, growth: Decimal
) -> Fraction:
    """The same as it is, not rounded: for who parts it over months first."""
    factor = _factor(rate)
    need = -sum(
        (line.in_year(year) / factor**year
         for line in lines for year in range(line.first, line.last + 1)),
        Fraction(0),
    )  # fmt: skip
    one = Line(label="", cents=1, first=first, last=last, growth=growth)
    worth = sum((one.in_year(year) / factor**year for year in range(first, last + 1)), Fraction(0))
    return max(Fraction(0), need / worth)


def growing(full: int, shares: Sequence[Decimal]) -> tuple[int, ...]:
    """A growing rent (*ingroeihuur*): cents a year of *full* by the percentages *shares*."""
    return tuple(_cents(full * _percent(share)) for share in shares)


def of_turnover(turnover: int, percent: Decimal, least: int = 0, most: int | None = None) -> int:
    """A turnover rent in cents a year: *percent* of *turnover*, at least *least* and at most
    *most*."""
    rent = max(least, _cents(turnover * _percent(percent)))
    return rent if most is None else min(rent, max(least, most))


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """Rent with service as a share of turnover in percent, rounded to a tenth, and how that fits
    the band of the trade."""

    turnover: int
    share: Decimal
    fit: Fit


def burdens(
    rent: int, turnovers: Sequence[int], band: tuple[Decimal, Decimal]
) -> tuple[Burden, ...]:
    """How *rent* (cents a year, with service) weighs at each expected turnover (cents a year, above
    zero): low, middle and high.  *band*: percentages that are usual in the trade, both included."""
    made = []
    for turnover in turnovers:
        share = Fraction(100 * rent, turnover)
        low, high = (Fraction(edge) for edge in band)
        fit: Fit = "below" if share < low else "above" if share > high else "within"
        made.append(Burden(turnover=turnover, share=Decimal(_cents(share * 10)) / 10, fit=fit))
    return tuple(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aid:
    """Help to an undertaking, in cents of gross grant equivalent, on the day it was given."""

    given: date
    cents: int


def room(aids: Iterable[Aid], on: date, most: int) -> int:
    """Cents of de-minimis aid that an undertaking may still get *on* a day: what was given in the
    three years that end on it counts (Regulation (EU) 2023/2831, art. 3(2)); *most*: the ceiling of
    the Rule row in force.  Below zero: more was given than may be."""
    since = _years_before(on, 3)
    return most - sum(aid.cents for aid in aids if since < aid.given <= on)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _factor(rate: Decimal) -> Fraction:
    if rate <= -100:
        raise ValueError("a rate above -100 percent")
    return 1 + _percent(rate)


def _percent(value: Decimal) -> Fraction:
    return Fraction(value) / 100


def _cents(amount: Fraction) -> int:
    """To the nearest cent, halves away from zero."""
    size = (2 * abs(amount) + 1) // 2
    return int(size if amount >= 0 else -size)
