# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What one of an outcome cost: only of what was counted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.acting.outcomes import Cost, Count, cost


def year(number: int | None, which: int = 2025) -> Count:
    return Count(first=date(which, 1, 1), last=date(which, 12, 31), number=number)


def test_the_costs_of_a_year_are_divided_by_what_was_counted_in_it() -> None:
    assert cost(2_400_000, [year(1000)]) == Cost(
        number=1000, days=365, cents=2_400_000, each=2400, uncounted=0
    )


def test_a_period_that_was_not_counted_costs_nothing_here_and_is_no_zero() -> None:
    """Half a year was counted: half the costs, over what was counted in it."""
    first = Count(first=date(2025, 1, 1), last=date(2025, 3, 14), number=146)
    rest = Count(first=date(2025, 3, 15), last=date(2025, 12, 31), number=None)
    assert cost(365_000, [rest, first]) == Cost(
        number=146, days=73, cents=73_000, each=500, uncounted=292
    )


def test_twin_a_zero_in_its_place_would_make_it_five_times_as_dear() -> None:
    first = Count(first=date(2025, 1, 1), last=date(2025, 3, 14), number=146)
    rest = Count(first=date(2025, 3, 15), last=date(2025, 12, 31), number=0)
    got = cost(365_000, [first, rest])
    assert got is not None
    assert got.each == 2500


def test_where_nothing_was_counted_there_is_no_cost_and_where_none_was_there_none_of_one() -> None:
    assert cost(100, []) is None
    assert cost(100, [year(None)]) is None
    got = cost(100, [year(0)])
    assert got is not None
    assert (got.number, got.each) == (0, None)


def test_two_counts_of_one_day_are_refused() -> None:
    with pytest.raises(ValueError, match="share a day"):
        cost(100, [year(1), Count(first=date(2025, 12, 31), last=date(2026, 1, 1), number=1)])


@pytest.mark.parametrize("wrong", [(date(2025, 1, 2), date(2025, 1, 1), 1),
                                   (date(2025, 1, 1), date(2025, 1, 1), -1)])  # fmt: skip
def test_a_count_that_is_none_is_refused(wrong: tuple[date, date, int]) -> None:
    with pytest.raises(ValueError, match="a count of a period"):
        Count(first=wrong[0], last=wrong[1], number=wrong[2])


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_what_one_cost_times_how_many_is_what_they_cost_to_half_a_cent_each(
    cents: int, numbers: list[int]
) -> None:
    got = cost(cents, [year(one, 2001 + n) for n, one in enumerate(numbers)])
    assert got is not None
    if got.each is not None:
        assert abs(got.each * got.number - got.cents) * 2 <= got.number
