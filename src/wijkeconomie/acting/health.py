# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How whoever runs a brand is doing: months of cash, the share of subsidy, whether wages are paid,
and signs that come early.

Made in Moerwijk drew 150 people and won prizes; its operator went bankrupt all the same (2023).
The bounds are ours and no norm; they stand on the page.  A month that was not told is no zero: it
is left out, named, and a sign itself when nobody said why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

CASH_LOW, CASH_URGENT = 3, 1  # months
SUBSIDY_MOST = 50  # per cent
_LOOKED, _YEAR = 3, 12  # months over which is averaged
_FRESH = 2  # months: books close some weeks after a month
_DECEMBER, _WHOLE = 12, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Of one month, in cents: ``cash`` at its end; what came in by sales and by subsidy; costs;
    ``wages``: paid, late, or none where there is nobody to pay."""

    cash: int
    sales: int
    subsidy: int
    costs: int
    wages: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What was told of the month that begins on ``first``, or why nothing was."""

    first: date
    money: Money | None
    why_not: str = ""

    def __post_init__(self) -> None:
        if self.first.day != 1 or (self.money is None) != bool(self.why_not):
            raise ValueError("a month begins on its first day, and has money or a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """``cash``: months (None: not known, or nothing was spent); ``subsidy``: per cent, half up
    (None: nothing came in, or not known); ``of``: the month of the cash and the wages; ``missing``:
    months of which nothing was said at all; ``signs``: cash_urgent, cash_low, wages, subsidy,
    silent, unknown (only reasons, months on end)."""

    cash: Fraction | None
    of: date | None
    subsidy: int | None
    wages: str
    missing: tuple[date, ...]
    signs: tuple[str, ...]

    @property
    def tenths(self) -> tuple[int, int] | None:
        """Months of cash as whole and tenth, rounded down: never more than there is."""
        return None if self.cash is None else divmod(max(0, int(self.cash * 10)), 10)


def health(months: Sequence[Month], today: date, since: date) -> Health:
    """How it stands on *today*, of what was told of whole months from *since* (the first one of who
    runs it now) on.  Cash of more than a month before the last one tells nothing of today."""
    over = sorted((one for one in months if since <= one.first < today.replace(day=1)),
                  key=lambda one: one.first)  # fmt: skip
    near = [one for one in over if one.money and one.first >= _back(today, _LOOKED)]
    year = [one.money for one in over if one.money and one.first >= _back(today, _YEAR)]
    last = near[-1] if near and near[-1].first >= _back(today, _FRESH) else None
    cash = _months(last.money.cash, [one.money for one in near if one.money]) \
        if last and last.money else None  # fmt: skip
    empty = last is not None and last.money is not None and last.money.cash <= 0
    came = sum(one.sales + one.subsidy for one in year)
    share = _percent(sum(one.subsidy for one in year), came) if came else None
    wages = last.money.wages if last and last.money else ""
    missing = _missing(over, today, since)
    signs = (
        ("cash_urgent", empty or (cash is not None and cash < CASH_URGENT)),
        ("cash_low", not empty and cash is not None and CASH_URGENT <= cash < CASH_LOW),
        ("wages", wages == "late"),
        ("subsidy", share is not None and share > SUBSIDY_MOST),
        ("silent", bool(missing)),
        ("unknown", len(over) >= _FRESH and all(one.money is None for one in over[-_FRESH:])),
    )
    return Health(cash=cash, subsidy=share, wages=wages, missing=missing,
                  of=last.first if last else None,
                  signs=tuple(name for name, on in signs if on))  # fmt: skip


def _months(cash: int, near: Sequence[Money]) -> Fraction | None:
    """For how many months *cash* lasts by the mean costs of those months."""
    costs = sum(one.costs for one in near)
    return Fraction(cash * len(near), costs) if costs else None


def following(month: date) -> date:
    """The month after *month*."""
    last = month.month == _DECEMBER
    return date(month.year + last, 1 if last else month.month + 1, 1)


def _back(today: date, months: int) -> date:
    number = today.year * _DECEMBER + today.month - 1 - months
    return date(number // _DECEMBER, number % _DECEMBER + 1, 1)


def _percent(part: int, whole: int) -> int:
    return (part * _WHOLE * 2 + whole) // (whole * 2)


def _missing(over: Sequence[Month], today: date, since: date) -> tuple[date, ...]:
    """From *since* until the last month that is over."""
    told, found = {one.first for one in over}, []
    month = since
    while month < today.replace(day=1):
        if month not in told:
            found.append(month)
        month = following(month)
    return tuple(found)
