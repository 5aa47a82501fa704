# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How whoever runs a brand is doing, and signs that come early."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from wijkeconomie.acting.health import Health, Money, Month, following, health

TODAY = date(2026, 11, 30)
SINCE = date(2026, 10, 1)


def month(number: int, cash: int = 600_000, costs: int = 100_000, **more: int | str) -> Month:
    given = {"sales": 60_000, "subsidy": 40_000, "wages": "paid"} | more
    return Month(first=date(2026, number, 1), money=Money(cash=cash, costs=costs, **given))  # type: ignore[arg-type]


def silent(number: int, why: str = "De boekhouder was ziek") -> Month:
    return Month(first=date(2026, number, 1), money=None, why_not=why)


def test_months_of_cash_are_the_last_cash_over_the_mean_costs_of_three_months() -> None:
    found = health([month(8, costs=100_000), month(9, costs=200_000), month(10, cash=250_000,
                    costs=150_000)], TODAY, date(2026, 8, 1))  # fmt: skip
    assert (found.cash, found.tenths) == (Fraction(5, 3), (1, 6))
    assert found.signs == ("cash_low",)


@pytest.mark.parametrize(
    ("cash", "signs"),
    [(99_999, ("cash_urgent",)), (100_000, ("cash_low",)), (299_999, ("cash_low",)),
     (300_000, ())],
)  # fmt: skip
def test_signs_of_cash_come_below_their_bounds(cash: int, signs: tuple[str, ...]) -> None:
    assert health([month(10, cash=cash)], TODAY, SINCE).signs == signs


@pytest.mark.parametrize(("subsidy", "said"), [(60_000, ()), (62_000, ("subsidy",))])
def test_more_than_half_subsidy_is_a_sign(subsidy: int, said: tuple[str, ...]) -> None:
    assert health([month(10, subsidy=subsidy)], TODAY, SINCE).signs == said


def test_late_wages_are_a_sign() -> None:
    assert health([month(10, wages="late")], TODAY, SINCE).signs == ("wages",)


def test_a_month_that_was_not_told_is_no_zero() -> None:
    told = health([month(8), month(10)], TODAY, date(2026, 8, 1))
    assert (told.cash, told.missing, told.signs) == (Fraction(6), (date(2026, 9, 1),), ("silent",))
    reason = health([month(8), silent(9), month(10)], TODAY, date(2026, 8, 1))
    assert (reason.cash, reason.missing, reason.signs) == (Fraction(6), (), ())


def test_twin_counted_as_zero_a_silent_month_would_hide_the_sign() -> None:
    told = [month(9, cash=250_000), month(10, cash=250_000)]
    zero = Month(first=date(2026, 8, 1),
                 money=Money(cash=0, sales=0, subsidy=0, costs=0, wages="none"))  # fmt: skip
    assert health(told, TODAY, date(2026, 9, 1)).signs == ("cash_low",)
    assert health([zero, *told], TODAY, date(2026, 8, 1)).signs == ()


def test_what_was_told_long_ago_tells_nothing_of_now() -> None:
    for told in (5, 8):
        found = health([month(told)], TODAY, date(2026, told, 1))
        assert (found.cash, found.wages, found.of, len(found.missing)) == (None, "", None,
                                                                           10 - told)  # fmt: skip
    late = health([month(9)], TODAY, date(2026, 9, 1))
    assert (late.cash, late.of) == (Fraction(6), date(2026, 9, 1))


def test_who_never_told_anything_is_silent_from_the_first_month_on() -> None:
    found = health([], TODAY, date(2026, 7, 1))
    assert (found.missing, found.signs) == (
        tuple(date(2026, n, 1) for n in (7, 8, 9, 10)), ("silent",))  # fmt: skip


def test_a_reason_month_after_month_is_a_sign_and_one_is_none() -> None:
    months = [silent(9), silent(10)]
    assert health(months, TODAY, date(2026, 9, 1)).signs == ("unknown",)
    assert health(months[1:], TODAY, date(2026, 10, 1)).signs == ()


@pytest.mark.parametrize(("cash", "costs"), [(0, 0), (0, 100_000), (-50_000, 100_000)])
def test_without_cash_it_is_urgent_whatever_the_costs(cash: int, costs: int) -> None:
    found = health([month(10, cash=cash, costs=costs)], TODAY, SINCE)
    assert found.signs == ("cash_urgent",)
    assert found.tenths in (None, (0, 0))


def test_what_another_told_before_is_not_of_who_runs_it_now() -> None:
    found = health([month(9), silent(10)], TODAY, date(2026, 10, 1))
    assert (found.cash, found.of, found.missing) == (None, None, ())


def test_of_nothing_nothing_is_known() -> None:
    assert health([], TODAY, date(2026, 11, 1)) == Health(
        cash=None, of=None, subsidy=None, wages="", missing=(), signs=())  # fmt: skip
    assert health([month(11)], TODAY, date(2026, 11, 1)).cash is None  # this month is not over


def test_over_a_year_the_months_follow() -> None:
    assert following(date(2026, 12, 1)) == date(2027, 1, 1)
    assert following(date(2026, 1, 1)) == date(2026, 2, 1)


def test_a_month_has_money_or_a_reason() -> None:
    for wrong in ({"money": None}, {"money": month(1).money, "why_not": "Toch niet"}):
        with pytest.raises(ValueError, match="a month"):
            Month(first=date(2026, 1, 1), **wrong)  # type: ignore[arg-type]
