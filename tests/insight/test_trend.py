# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Trends: equal to scipy's, with its interval, silent when there are too few years."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import theilslopes

from wijkeconomie.figures.registry import registry
from wijkeconomie.insight import trend
from wijkeconomie.insight.results import Interval

HIGHER = registry().indicators["establishments_per_1000"]
YEARS = np.arange(2013, 2025)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.floats(0, 0.6))
def test_slope_and_interval_equal_scipys(seed: int, rounded: bool, missing: float) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(12, 20)).cumsum(0)
    if rounded:  # ties
        values = np.round(values)
    values[rng.random(values.shape) < missing] = np.nan
    found = trend.slopes(YEARS, values)
    np.testing.assert_array_equal(found.slope, trend.theil_sen(YEARS, values))
    for n, series in enumerate(values.T):
        known = np.isfinite(series)
        if known.sum() < trend.FEWEST_YEARS:
            assert np.isnan([found.slope[n], found.low[n], found.high[n]]).all()
            continue
        theirs = theilslopes(series[known], YEARS[known], alpha=0.9)
        ours = (found.slope[n], found.low[n], found.high[n])
        np.testing.assert_allclose(ours, (theirs[0], *theirs[2:]), atol=1e-9)


def test_many_blocks_give_the_slopes_of_one() -> None:
    values = np.random.default_rng(1).normal(size=(12, 9000))
    np.testing.assert_array_equal(
        trend.theil_sen(YEARS, values)[8000:], trend.theil_sen(YEARS, values[:, 8000:])
    )


def test_years_need_not_follow_each_other() -> None:
    years = np.array([2013, 2014, 2017, 2020, 2024])
    found = trend.theil_sen(years, 3.0 * years[:, None])
    assert found.tolist() == [3.0]


def of(slope: float, noise: float = 0.0, seed: int = 0) -> trend.Slopes:
    values = slope * np.arange(12.0) + noise * np.random.default_rng(seed).normal(size=12)
    return trend.slopes(YEARS, values[:, None])


PEERS = 1.0


@pytest.mark.parametrize(
    ("slope", "better", "direction"),
    [
        (2.0, "higher", "improving"),
        (2.0, "lower", "worsening"),
        (0.0, "higher", "worsening"),
        (0.0, "lower", "improving"),
        (1.0, "lower", "steady"),
    ],
)
def test_direction_is_against_the_peers_and_in_terms_of_better(
    slope: float, better: str, direction: str
) -> None:
    found = trend.relative(of(slope), 0, PEERS, replace(HIGHER, better=better), (2013, 2024))
    assert found.direction == direction
    assert found.slope == pytest.approx(slope - 1.0)
    assert found.peers_slope == 1.0


def test_a_noisy_series_is_unclear_and_not_steady() -> None:
    """It may have moved either way by more than what matters; in the twin it may not."""
    noisy = of(1.2, noise=5.0)
    found = trend.relative(noisy, 0, PEERS, replace(HIGHER, matters=1.0), (2013, 2024))
    assert found.direction == "unclear"
    assert isinstance(found.interval, Interval)
    assert found.interval.low < 0 < found.interval.high
    calm = replace(HIGHER, matters=11 * max(-found.interval.low, found.interval.high))
    assert trend.relative(noisy, 0, PEERS, calm, (2013, 2024)).direction == "steady"


def test_four_years_say_nothing() -> None:
    values = np.full((12, 1), np.nan)
    values[:4, 0] = [1, 2, 3, 4]
    found = trend.relative(trend.slopes(YEARS, values), 0, PEERS, HIGHER, (2013, 2016))
    assert (found.direction, found.reason) == ("unknown", "too_few_years")


def test_without_five_peers_there_is_nothing_to_gain_on() -> None:
    four, five = np.full(15, np.nan), np.full(15, np.nan)
    four[:4], five[3:8] = 1.0, [5.0, 1.0, 2.0, 4.0, 3.0]
    middle = trend.middle(np.stack([four, five]))
    assert middle[1] == 3.0
    found = trend.relative(of(2.0), 0, float(middle[0]), HIGHER, (2013, 2024))
    assert (found.direction, found.reason) == ("unknown", "no_peers")
