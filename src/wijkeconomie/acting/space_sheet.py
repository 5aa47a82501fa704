# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The sheet of one space: what it costs, what it brings, what does not come back, who bears it.

From what somebody assumes follow the lines of :mod:`wijkeconomie.acting.rent`, year by year; cents
all through, and what is shared out adds up to the cent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from wijkeconomie.acting.rent import (
    Aid,
    Line,
    Sheet,
    growing,
    just_covering,
    of_turnover,
    room,
    sheet,
)

BEARERS = ("owner", "entrepreneur", "municipality", "fund", "other")
NOBODY = "nobody"
MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One line of fit-out: cents above zero, paid today, and by whom."""

    label: str
    cents: int
    bearer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What somebody assumes of a space.  Money in cents; percentages as they are written.

    ``years``: how long it is let; ``residual``: what it is worth after that; ``costs`` of year 1,
    growing by ``costs_growth`` a year; ``rent`` a month in year 1, growing by ``rent_growth``;
    ``path``: which share of it is asked in the first years (*ingroeihuur*), all of it after that;
    ``vacancy``: share of the rent that is not received; ``turnover`` a year and ``of_turnover``: a
    turnover rent, with that rent at least; ``bears``: who takes how much of what does not come
    back; ``aid``: what the entrepreneur gets by it, ``received``: and what they got before.
    """

    investment: int = 0
    investor: str = "owner"
    years: int = 10
    residual: int = 0
    costs: int = 0
    costs_growth: Decimal = Decimal(0)
    rate: Decimal = Decimal(0)
    rent: int = 0
    rent_growth: Decimal = Decimal(0)
    path: tuple[Decimal, ...] = ()
    vacancy: Decimal = Decimal(0)
    turnover: int | None = None
    of_turnover: Decimal | None = None
    fit_out: tuple[Part, ...] = ()
    bears: Mapping[str, int]
    aid: int = 0
    received: tuple[Aid, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One year: costs below zero, rent above, what is left and what that is worth today."""

    year: int
    costs: int
    rent: int
    net: int
    today: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What follows: the rent a month that covers all costs; what everything is worth today
    (``value``), the unprofitable top, and who bears how much of that (``bears``, with what nobody
    bears yet under ``nobody``: together the top).  ``by_bearer``: who pays what of the costs and
    the fit-out, brought back to today."""

    rows: tuple[Row, ...]
    value: int
    top: int
    covering: int
    bears: Mapping[str, int]
    by_bearer: Mapping[str, int]
    rents: tuple[int, ...]


def costs(assumed: Assumed) -> list[Line]:
    """Every line but rent."""
    own = assumed.investor
    made = [
        Line(label="investment", cents=-assumed.investment, bearer=own),
        *(Line(label=one.label, cents=-one.cents, bearer=one.bearer) for one in assumed.fit_out),
        Line(label="costs", cents=-assumed.costs, first=1, last=assumed.years,
             growth=assumed.costs_growth, bearer="owner"),
        Line(label="residual", cents=assumed.residual, first=assumed.years, last=assumed.years,
             bearer=own),
    ]  # fmt: skip
    return [one for one in made if one.cents]


def rents(assumed: Assumed) -> tuple[int, ...]:
    """What is asked in each year, in cents: along the path, and by turnover where that is more."""
    paths = (*assumed.path[: assumed.years],
             *[Decimal(100)] * (assumed.years - len(assumed.path)))  # fmt: skip
    asked = []
    for number, share in enumerate(paths):
        full = Line(label="", cents=assumed.rent * MONTHS, last=assumed.years,
                    growth=assumed.rent_growth)  # fmt: skip
        (least,) = growing(_cents(full.in_year(number)), [share])
        if assumed.of_turnover is not None and assumed.turnover is not None:
            least = of_turnover(assumed.turnover, assumed.of_turnover, least=least)
        asked.append(least)
    return tuple(asked)


def reckoned(assumed: Assumed) -> Reckoned:
    """The sheet of what is *assumed*; ValueError for percentages or years that have no value."""
    if not 1 <= assumed.years <= 100 or not 0 <= assumed.vacancy < 100:
        raise ValueError("1 to 100 years, and a vacancy from 0 to below 100 percent")
    out, asked = costs(assumed), rents(assumed)
    got = [_cents(cents * (1 - Fraction(assumed.vacancy) / 100)) for cents in asked]
    lines = [Line(label="rent", cents=cents, first=year, last=year, bearer="rent")
             for year, cents in enumerate(got, start=1)]  # fmt: skip
    made = sheet([*out, *lines, Line(label="", cents=0, last=assumed.years)], assumed.rate)
    by = sheet(out, assumed.rate).by_bearer
    return Reckoned(
        rows=_rows(made, len(out)), value=made.value, top=made.top, rents=asked,
        covering=_covering(assumed, out), by_bearer={who: -cents for who, cents in by.items()},
        bears=_borne(assumed.bears, made.top),
    )  # fmt: skip


def _rows(made: Sheet, out: int) -> tuple[Row, ...]:
    return tuple(
        Row(year=one.year, costs=sum(one.lines[:out]), rent=sum(one.lines[out:]),
            net=sum(one.lines), today=one.today)
        for one in made.years
    )  # fmt: skip


def _covering(assumed: Assumed, out: list[Line]) -> int:
    """A month, rounded up to a cent."""
    year = just_covering(out, assumed.rate, 1, assumed.years, assumed.rent_growth)
    asked = year / (1 - Fraction(assumed.vacancy) / 100) / MONTHS
    return int(-(-asked // 1))


def _borne(bears: Mapping[str, int], top: int) -> dict[str, int]:
    """Who bears how much of the top, and what nobody bears yet: below zero where more was offered
    than is lacking."""
    given = {who: cents for who, cents in bears.items() if cents}
    left = top - sum(given.values())
    return given | ({NOBODY: left} if left else {})


def left_of_aid(assumed: Assumed, on: date, most: int) -> int:
    """Cents of de-minimis aid that the entrepreneur may still get after this; below zero: this is
    too much (Regulation (EU) 2023/2831, art. 3(2) and (3))."""
    return room([*assumed.received, Aid(given=on, cents=assumed.aid)], on, most)


def _cents(amount: Fraction) -> int:
    size = (2 * abs(amount) + 1) // 2
    return int(size if amount >= 0 else -size)
