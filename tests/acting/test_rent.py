# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A sheet of costs and rent is exact to the cent, and changes with its lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.acting.rent import (
    Aid,
    Line,
    burdens,
    covering,
    growing,
    of_turnover,
    room,
    sheet,
)

FIT_OUT = Line(label="Inbouw", cents=-4_000_000, bearer="gemeente")
UPKEEP = Line(label="Onderhoud", cents=-250_000, first=1, last=10, growth=Decimal(2),
              bearer="corporatie")  # fmt: skip
RENT = Line(label="Huur", cents=600_000, first=1, last=10, growth=Decimal("1.5"),
            bearer="corporatie")  # fmt: skip
RATE = Decimal("4.5")


def by_the_textbook(lines: list[Line], rate: Decimal) -> Decimal:
    """With Decimals, year by year and line by line, in twenty-eight digits."""
    return sum(
        (Decimal(line.cents) * (1 + line.growth / 100) ** (year - line.first)
         / (1 + rate / 100) ** year
         for line in lines for year in range(line.first, line.last + 1)),
        Decimal(0),
    )  # fmt: skip


def test_what_does_not_come_back_is_the_unprofitable_top() -> None:
    made = sheet([FIT_OUT, UPKEEP, RENT], RATE)
    assert abs(made.value - by_the_textbook([FIT_OUT, UPKEEP, RENT], RATE)) <= Decimal("0.5")
    assert (made.top, len(made.years)) == (-made.value, 11)
    assert made.years[0].lines == (-4_000_000, 0, 0)
    assert made.years[2].lines == (0, -255_000, 609_000)
    assert (made.years[2].net, made.by_bearer["gemeente"]) == (354_000, -4_000_000)


def test_where_rent_covers_all_there_is_no_top() -> None:
    assert sheet([RENT], RATE).top == 0


def test_the_covering_rent_covers_and_a_cent_less_does_not() -> None:
    costs = [FIT_OUT, UPKEEP]
    rent = covering(costs, RATE, 1, 10, Decimal("1.5"))

    def value(cents: int) -> Decimal:
        line = Line(label="", cents=cents, first=1, last=10, growth=Decimal("1.5"))
        return by_the_textbook([*costs, line], RATE)

    assert (value(rent) >= 0, value(rent - 1) < 0) == (True, True)
    assert covering([RENT], RATE, 1, 10, Decimal(0)) == 0


def test_a_growing_rent_and_one_of_turnover_are_to_the_cent() -> None:
    assert growing(1_000_001, [Decimal(50), Decimal(75), Decimal(100)]) == (
        500_001, 750_001, 1_000_001,
    )  # fmt: skip
    assert of_turnover(10_000_000, Decimal("7.25")) == 725_000
    assert of_turnover(1_000_000, Decimal(7), least=120_000) == 120_000
    assert of_turnover(99_000_000, Decimal(7), least=120_000, most=900_000) == 900_000


def test_what_is_asked_at_least_holds_above_what_is_asked_at_most() -> None:
    assert of_turnover(99_000_000, Decimal(7), least=120_000, most=100_000) == 120_000
    assert of_turnover(0, Decimal(7), least=120_000, most=100_000) == 120_000


def test_rent_is_held_against_the_band_of_the_trade_at_each_turnover() -> None:
    low, middle, high = burdens(
        1_200_000, [8_000_000, 12_000_000, 40_000_000], (Decimal("3.2"), Decimal(10))
    )
    assert [one.fit for one in (low, middle, high)] == ["above", "within", "below"]
    assert [one.share for one in (low, middle, high)] == [15, 10, 3]


@pytest.mark.parametrize(
    ("given_on", "left"),
    [(date(2024, 3, 1), 300), (date(2024, 3, 2), 200), (date(2027, 3, 1), 200),
     (date(2027, 3, 2), 300)],
)  # fmt: skip
def test_aid_counts_for_three_years_to_the_day(given_on: date, left: int) -> None:
    assert room([Aid(given=given_on, cents=100)], date(2027, 3, 1), 300) == left


def test_three_years_before_a_leap_day_is_the_last_of_february() -> None:
    aid = [Aid(given=date(2025, 2, 28), cents=100), Aid(given=date(2025, 3, 1), cents=10)]
    assert room(aid, date(2028, 2, 29), 300) == 290


@pytest.mark.parametrize(
    "wrong", [{"first": 2, "last": 1}, {"last": 101}, {"growth": Decimal(-100)}]
)
def test_what_is_no_line_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="years"):
        Line(label="", cents=1, **wrong)  # type: ignore[arg-type]


def test_a_rate_that_has_no_value_is_refused() -> None:
    with pytest.raises(ValueError, match="rate"):
        sheet([RENT], Decimal(-100))


lines = st.builds(
    Line, label=st.just(""), cents=st.integers(-(10**8), 10**8), first=st.integers(0, 5),
    last=st.integers(5, 30), growth=st.decimals(-5, 10, places=2),
    bearer=st.sampled_from(["a", "b"]),
)  # fmt: skip


@given(st.lists(lines, max_size=5), st.decimals(0, 12, places=2))
def test_the_value_is_that_of_the_textbook_and_adds_up(found: list[Line], rate: Decimal) -> None:
    made = sheet(found, rate)
    assert abs(made.value - by_the_textbook(found, rate)) <= Decimal("0.500001")
    assert abs(sum(made.by_bearer.values()) - made.value) <= 1
    assert abs(sum(year.today for year in made.years) - made.value) <= len(made.years)
