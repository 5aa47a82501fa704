# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How whoever runs a brand is doing, and signs that come early."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from wijkeconomie.acting.health import Health, Money, Month, following, health

TODAY = date(2026, 11, 30)


def month(number: int, cash: int = 600_000, costs: int = 100_000, **more: int | str) -> Month:
    given = {"sales": 60_000, "subsidy": 40_000, "wages": "paid"} | more
    return Month(first=date(2026, number, 1), money=Money(cash=cash, costs=costs, **given))  # type: ignore[arg-type]


def silent(number: int, why: str = "De boekhouder was ziek") -> Month:
    return Month(first=date(2026, number, 1), money=None, why_not=why)


def test_months_of_cash_are_the_last_cash_over_the_mean_costs_of_three_months() -> None:
    found = health([month(8, costs=100_000), month(9, costs=200_000), month(10, cash=250_000,
                    costs=150_000)], TODAY)  # fmt: skip
    assert (found.cash, found.tenths) == (Fraction(5, 3), (1, 6))
    assert found.signs == ("cash_low",)


@pytest.mark.parametrize(
    ("cash", "signs"),
    [(99_999, ("cash_urgent",)), (100_000, ("cash_low",)), (299_999, ("cash_low",)),
     (300_000, ())],
)  # fmt: skip
def test_signs_of_cash_come_below_their_bounds(cash: int, signs: tuple[str, ...]) -> None:
    assert health([month(10, cash=cash)], TODAY).signs == signs


@pytest.mark.parametrize(("subsidy", "said"), [(60_000, ()), (62_000, ("subsidy",))])
def test_more_than_half_subsidy_is_a_sign(subsidy: int, said: tuple[str, ...]) -> None:
    assert health([month(10, subsidy=subsidy)], TODAY).signs == said


def test_late_wages_are_a_sign() -> None:
    assert health([month(10, wages="late")], TODAY).signs == ("wages",)


def test_a_month_that_was_not_told_is_no_zero() -> None:
    told = health([month(8), month(10)], TODAY)
    assert (told.cash, told.missing, told.signs) == (Fraction(6), (date(2026, 9, 1),), ("silent",))
    reason = health([month(8), silent(9), month(10)], TODAY)
    assert (reason.cash, reason.missing, reason.signs) == (Fraction(6), (), ())


def test_twin_counted_as_zero_a_silent_month_would_hide_the_sign() -> None:
    told = [month(9, cash=250_000), month(10, cash=250_000)]
    zero = Month(first=date(2026, 8, 1),
                 money=Money(cash=0, sales=0, subsidy=0, costs=0, wages="none"))  # fmt: skip
    assert health(told, TODAY).signs == ("cash_low",)
    assert health([zero, *told], TODAY).signs == ()


def test_what_was_told_long_ago_tells_nothing_of_now() -> None:
    found = health([month(5)], TODAY)
    assert (found.cash, found.wages, len(found.missing)) == (None, "", 5)


def test_of_nothing_nothing_is_known() -> None:
    assert health([], TODAY) == Health(cash=None, subsidy=None, wages="", missing=(), signs=())
    assert health([month(11)], TODAY).cash is None  # this month is not over


def test_over_a_year_the_months_follow() -> None:
    assert following(date(2026, 12, 1)) == date(2027, 1, 1)
    assert following(date(2026, 1, 1)) == date(2026, 2, 1)


def test_a_month_has_money_or_a_reason() -> None:
    for wrong in ({"money": None}, {"money": month(1).money, "why_not": "Toch niet"}):
        with pytest.raises(ValueError, match="a month"):
            Month(first=date(2026, 1, 1), **wrong)  # type: ignore[arg-type]
