# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""When something comes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from wijkeconomie.acting.recurring import (
    AHEAD,
    back_to,
    coming,
    following,
    kings_day,
    last_kings_day,
    nth,
)


@pytest.mark.parametrize(
    ("year", "day"), [(2024, 27), (2025, 26), (2026, 27), (2031, 26), (2036, 26)]
)
def test_kings_day_is_never_a_sunday(year: int, day: int) -> None:
    assert kings_day(year) == date(year, 4, day)


@pytest.mark.parametrize(
    ("day", "every", "then"),
    [
        (date(2026, 12, 30), "week", date(2027, 1, 6)),
        (date(2026, 12, 12), "month", date(2027, 1, 9)),  # second Saturday
        (date(2026, 5, 30), "month", date(2026, 6, 27)),  # fifth Saturday: the last one
        (date(2026, 5, 2), "year", date(2027, 5, 1)),  # first Saturday
        (date(2024, 2, 29), "year", date(2025, 2, 27)),  # fifth Thursday
        (date(2024, 4, 27), "year", date(2025, 4, 26)),
        (date(2025, 4, 26), "year", date(2026, 4, 27)),
    ],
)
def test_it_is_the_same_weekday_of_the_month(day: date, every: str, then: date) -> None:
    assert following(day, every) == then  # type: ignore[arg-type]  # one of three words


def test_over_ten_years_the_weekday_stays_and_no_month_is_left_out() -> None:
    day, months = date(2026, 1, 31), set()
    for _ in range(120):
        was, day = day, following(day, "month")
        months.add((day.year, day.month))
        assert (day.weekday(), timedelta(20) < day - was < timedelta(43)) == (5, True)
    assert len(months) == 120


def test_what_passed_is_not_made_up_for_and_no_further_ahead_than_one_looks() -> None:
    today = date(2026, 12, 1)
    found = list(coming(date(2026, 9, 1), "week", today))
    assert (found[0], found[-1] - today <= AHEAD["week"], len(found)) == (
        date(2026, 12, 8), True, 6)  # fmt: skip
    assert list(coming(today, "year", today)) == [date(2027, 12, 7)]
    assert list(coming(date(2027, 12, 7), "year", today)) == []


def test_the_last_kings_day_is_past_and_a_weekday_is_found_back() -> None:
    assert last_kings_day(date(2026, 4, 27)) == date(2025, 4, 26)
    assert last_kings_day(date(2026, 12, 1)) == date(2026, 4, 27)
    assert [back_to(date(2026, 12, 1), day) for day in (1, 5, 2)] == [
        date(2026, 12, 1), date(2026, 11, 28), date(2026, 11, 25)]  # fmt: skip


def test_the_second_saturday_is_looked_for_from_a_day_on() -> None:
    assert nth(date(2026, 12, 12), 2, 5) == date(2026, 12, 12)
    assert nth(date(2026, 12, 13), 2, 5) == date(2027, 1, 9)
