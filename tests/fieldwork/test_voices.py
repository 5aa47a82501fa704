# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whose voice is missing, by worked examples."""

from __future__ import annotations

import numpy as np
import pytest

from wijkeconomie.fieldwork import voices
from wijkeconomie.fieldwork.voices import balance, needed, share, to_close


def test_wilson_by_hand() -> None:
    """8 of 10 at z = 1.645: middle 0.73612, half 0.19532 (Wilson 1927, eq. 4)."""
    found = share(8, 10)
    assert (found.value, found.low, found.high) == (
        0.8, pytest.approx(0.54079, abs=1e-5), pytest.approx(0.93144, abs=1e-5),
    )  # fmt: skip


def test_wilson_stays_between_nobody_and_everybody() -> None:
    assert (share(0, 7).low, share(7, 7).high) == (0.0, 1.0)


def test_nobody_heard_is_no_share() -> None:
    assert share(0, 0) == voices.Share(count=0, of=0, value=None, low=0.0, high=1.0)


def test_whose_group_was_not_told_widens_the_interval_to_both_sides() -> None:
    told, untold = share(5, 20), share(5, 20, untold=10)
    assert untold.low == pytest.approx(share(5, 30).low)
    assert untold.high == pytest.approx(share(15, 30).high)
    assert untold.low < told.low < told.high < untold.high
    assert untold.value == told.value == 0.25


@pytest.mark.parametrize(("count", "of", "untold"), [(-1, 5, 0), (6, 5, 0), (1, 5, -1)])
def test_what_is_no_share_is_refused(count: int, of: int, untold: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        share(count, of, untold)


def test_the_interval_holds_nine_in_ten() -> None:
    """Exact coverage over the binomial, averaged over truths: between 88 and 92 %."""
    rng = np.random.default_rng(0)
    truths = rng.uniform(0.05, 0.95, 4000)
    drawn = rng.binomial(25, truths)
    found = [share(int(k), 25) for k in drawn]
    held = np.mean([s.low <= t <= s.high for s, t in zip(found, truths, strict=True)])
    assert 0.88 < held < 0.92


@pytest.mark.parametrize("precision", [0.05, 0.1, 0.15, 0.2, 0.3])
def test_as_many_as_needed_is_the_first_number_that_reaches_the_precision(precision: float) -> None:
    def half(n: int) -> float:
        low, high = voices._wilson(n, 2 * n)  # a half, of an even number
        return (high - low) / 2

    evens = range(2, 2000, 2)
    first = next(n for n in evens if half(n // 2) <= precision)
    assert needed(precision) in (first, first - 1)


def test_of_a_small_group_fewer_are_needed_and_never_more_than_there_are() -> None:
    assert [needed(0.15, n) for n in (None, 10_000, 100, 20, 4, 0)] == [28, 28, 22, 12, 4, 0]


def test_of_a_group_who_is_asked_first_is_no_part_of_who_is_left() -> None:
    """Cochran 1977, eq. 4.2: 27.36 / (1 + 26.36 / 6) = 5.07 and 27.36 / (1 + 26.36 / 21) = 12.13,
    so a sixth and a thirteenth; with 27.36 / 6 it would be 4.92 and 11.88."""
    assert [needed(0.15, n) for n in (6, 21)] == [6, 13]


def test_a_precision_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="not between"):
        needed(0.5)


def test_heard_beside_the_neighbourhood() -> None:
    found = balance(
        {"15-24": 0, "25-44": 10, "45-64": 22, "65+": 8},
        {"15-24": 1000, "25-44": 3000, "45-64": 2500, "65+": 1500}, left=40,
    )  # fmt: skip
    assert [(g.name, g.standing, g.still, g.next) for g in found.groups] == [
        ("15-24", "missing", 27, 20),
        ("25-44", "fits", 18, 9),
        ("65+", "fits", 19, 11),
        ("45-64", "over", 6, 0),
    ]
    assert (found.still, found.enough_time) == (70, False)


def test_nothing_is_left_when_all_is_heard() -> None:
    found = balance({"a": 40, "b": 40}, {"a": 500, "b": 500}, left=1)
    assert (found.still, found.enough_time, [g.next for g in found.groups]) == (0, True, [0, 0])


def test_a_group_of_unknown_size_has_no_standing_and_nobody_has_a_share() -> None:
    found = balance({"nl": 12, "tr": 1}, {"nl": 900, "tr": None})
    assert [(g.name, g.own, g.standing) for g in found.groups] == [
        ("nl", None, "unknown"), ("tr", None, "unknown"),
    ]  # fmt: skip


def test_a_group_without_figure_is_refused_not_forgotten() -> None:
    with pytest.raises(ValueError, match="no figure"):
        balance({"other": 3}, {"a": 10.0})


@pytest.mark.parametrize(
    ("count", "of", "own", "expected"),
    [
        (2, 30, 0.2, 5),
        (6, 30, 0.2, 0),
        (9, 30, 0.2, 0),
        (0, 0, 0.2, 1),
        (0, 12, 0.5, 12),
        (5, 30, 0.2, 2),
    ],
)
def test_so_many_conversations_close_the_gap_and_one_fewer_does_not(
    count: int, of: int, own: float, expected: int
) -> None:
    found = to_close(share(count, of), own)
    assert found == expected
    if of and found:
        assert (count + found) / (of + found) >= own > (count + found - 1) / (of + found - 1)


@pytest.mark.parametrize("own", [0.0, 1.0, -0.1])
def test_no_number_of_conversations_makes_a_group_everybody(own: float) -> None:
    with pytest.raises(ValueError, match="is not between 0 and 1"):
        to_close(share(1, 2), own)
