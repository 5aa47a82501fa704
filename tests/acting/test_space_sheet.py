# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The sheet of a space agrees with an independent sum, and every share adds up to the cent."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.acting.rent import Aid
from wijkeconomie.acting.space_sheet import (
    BEARERS,
    NOBODY,
    Assumed,
    Part,
    left_of_aid,
    reckoned,
    rents,
)

PLINTH = Assumed(
    investment=6_000_000, years=15, residual=1_000_000, costs=240_000, costs_growth=Decimal("2.5"),
    rate=Decimal("4.25"), rent=60_000, rent_growth=Decimal("1.5"), vacancy=Decimal(5),
    path=(Decimal(50), Decimal(75)), bears={"municipality": 500_000},
    fit_out=(Part(label="Keuken", cents=1_500_000, bearer="entrepreneur"),
             Part(label="Pui", cents=800_000, bearer="municipality")),
)  # fmt: skip


def whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def by_hand(given: Assumed) -> Decimal:
    """Year by year with Decimals, as in a spreadsheet of which each rent is a whole cent."""
    with localcontext() as context:
        context.prec = 60
        rate, value = 1 + given.rate / 100, Decimal(-given.investment)
        value -= sum(part.cents for part in given.fit_out)
        for year in range(1, given.years + 1):
            share = given.path[year - 1] if year <= len(given.path) else Decimal(100)
            asked = whole(whole(12 * given.rent * (1 + given.rent_growth / 100) ** (year - 1))
                          * share / 100)  # fmt: skip
            got = whole(asked * (1 - given.vacancy / 100))
            cost = given.costs * (1 + given.costs_growth / 100) ** (year - 1)
            value += (got - cost) / rate**year
        return value + given.residual / rate**given.years


def test_the_unprofitable_top_is_that_of_a_spreadsheet_to_the_cent() -> None:
    made = reckoned(PLINTH)
    assert made.value == whole(by_hand(PLINTH))
    assert made.top == -made.value == 3_111_045
    assert made.bears == {"municipality": 500_000, NOBODY: made.top - 500_000}
    assert (made.rows[0].costs, made.rows[0].rent, len(made.rows)) == (-8_300_000, 0, 16)


def test_with_the_covering_rent_nothing_is_lacking_and_with_a_euro_less_something_is() -> None:
    plain = Assumed(investment=6_000_000, years=15, costs=240_000, rate=Decimal(4),
                    vacancy=Decimal(5), bears={})  # fmt: skip
    rent = reckoned(plain).covering

    def value(cents: int) -> int:
        return reckoned(Assumed(investment=6_000_000, years=15, costs=240_000, rate=Decimal(4),
                                vacancy=Decimal(5), rent=cents, bears={})).value  # fmt: skip

    assert (value(rent) >= -15, value(rent - 100) < 0) == (True, True)  # a cent of rounding a year


def test_a_rent_grows_in_along_its_path_and_one_of_turnover_has_that_at_least() -> None:
    grows = Assumed(years=3, rent=10_000, path=(Decimal(50),), bears={})
    assert rents(grows) == (60_000, 120_000, 120_000)
    both = Assumed(years=3, rent=10_000, path=(Decimal(50),), turnover=1_000_000,
                   of_turnover=Decimal(8), bears={})  # fmt: skip
    assert rents(both) == (80_000, 120_000, 120_000)
    longer = Assumed(years=1, rent=10_000, path=(Decimal(50), Decimal(75)), bears={})
    assert rents(longer) == (60_000,)


@pytest.mark.parametrize(
    ("before", "left"),
    [(Aid(given=date(2025, 1, 1), cents=29_000_000), -500_000),
     (Aid(given=date(2023, 1, 1), cents=29_000_000), 28_500_000)],
)  # fmt: skip
def test_aid_of_three_years_and_this_together_stay_under_the_ceiling(
    before: Aid, left: int
) -> None:
    asked = Assumed(aid=1_500_000, received=(before,), bears={})
    assert left_of_aid(asked, date(2026, 11, 30), 30_000_000) == left


money = st.integers(0, 10**8)
percent = st.decimals(0, 12, places=2)
sheets = st.builds(
    Assumed, investment=money, investor=st.sampled_from(BEARERS), years=st.integers(1, 40),
    residual=money, costs=money, costs_growth=percent, rate=percent, rent=st.integers(0, 10**6),
    rent_growth=percent, vacancy=st.decimals(0, 40, places=1),
    path=st.lists(st.decimals(0, 100, places=0), max_size=4).map(tuple),
    fit_out=st.lists(st.builds(Part, label=st.just("x"), cents=money,
                               bearer=st.sampled_from(BEARERS)), max_size=4).map(tuple),
    bears=st.dictionaries(st.sampled_from(BEARERS), money, max_size=3),
)  # fmt: skip


@given(sheets)
def test_every_sheet_adds_up(given: Assumed) -> None:
    made = reckoned(given)
    assert made.value == whole(by_hand(given))
    assert sum(made.bears.values()) == made.top
    assert all(one.net == one.costs + one.rent for one in made.rows)
    assert abs(sum(one.today for one in made.rows) - made.value) <= 2 * len(made.rows)


@pytest.mark.parametrize(
    ("cost", "vacancy", "month"), [(100, 0, 9), (96, 0, 8), (100, 50, 17), (97, 0, 9), (0, 0, 0)]
)
def test_the_rent_a_month_that_covers_is_rounded_up_to_a_cent(
    cost: int, vacancy: int, month: int
) -> None:
    made = reckoned(Assumed(costs=cost, years=1, vacancy=Decimal(vacancy), bears={}))
    assert made.covering == month


def test_what_nobody_filled_in_costs_and_brings_nothing() -> None:
    made = reckoned(Assumed(rent=100, bears={}))
    assert (made.rents, made.value, made.covering) == ((1200,) * 10, 12_000, 0)
    assert made.rows[0].costs == 0
    assert [one.rent for one in made.rows[1:]] == [1200] * 10


@pytest.mark.parametrize(("years", "vacancy"), [(0, 0), (101, 0), (10, 100), (10, -1)])
def test_years_and_vacancy_that_have_no_value_are_refused(years: int, vacancy: int) -> None:
    with pytest.raises(ValueError, match="1 to 100 years"):
        reckoned(Assumed(years=years, vacancy=Decimal(vacancy), bears={}))


@pytest.mark.parametrize(("years", "vacancy"), [(1, 0), (100, Decimal("99.9"))])
def test_twin_at_the_edge_they_have_one(years: int, vacancy: Decimal) -> None:
    made = reckoned(Assumed(years=years, vacancy=Decimal(vacancy), bears={}))
    assert len(made.rows) == years + 1


def test_a_rent_that_covers_is_no_cent_too_high_where_a_year_is_parted_over_months() -> None:
    """Found by an independent loop: 0.99 of a cent a month is enough, and two were asked."""
    made = reckoned(Assumed(
        investment=31, years=10, residual=0, costs=7, costs_growth=Decimal(2), rate=Decimal(5),
        rent=0, rent_growth=Decimal(2), vacancy=Decimal(10), bears={},
    ))  # fmt: skip
    assert made.covering == 1


def test_who_invests_bears_the_investment_and_the_owner_what_it_costs_each_year() -> None:
    made = reckoned(Assumed(
        investment=1_000, years=1, residual=0, costs=500, costs_growth=Decimal(0), rate=Decimal(0),
        rent=0, rent_growth=Decimal(0), vacancy=Decimal(0), investor="municipality", bears={},
    ))  # fmt: skip
    assert made.by_bearer == {"municipality": 1_000, "owner": 500}
