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


PEERS = (1.0, 0.0)


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
    middle, error = trend.middle(np.stack([four, five]))
    assert middle[1] == 3.0
    assert error[1] == pytest.approx(1.2533 * 1.4826 * 1.0 / np.sqrt(5), rel=1e-4)
    found = trend.relative(of(2.0), 0, (middle[0], error[0]), HIGHER, (2013, 2024))
    assert (found.direction, found.reason) == ("unknown", "no_peers")


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_a_sure_change_smaller_than_what_matters_is_steady(better: str) -> None:
    """Half a firm more a year, eleven years long, and twelve would matter; the twin says that the
    same series improves where five matter."""
    for matters, moved in ((5.6, False), (5.5, True), (5.0, True)):
        entry = replace(HIGHER, better=better, matters=matters)
        for slope in (0.5, 1.5):
            found = trend.relative(of(slope), 0, PEERS, entry, (2013, 2024))
            assert found.interval is not None
            assert found.interval.low * found.interval.high > 0
            said = "improving" if (slope > 1.0) == (better == "higher") else "worsening"
            assert found.direction == (said if moved else "steady")


def test_the_interval_has_the_error_of_the_peers_in_it() -> None:
    """Three to one side and four of the peers make five; without it the twin has three."""
    own = trend.Slopes(
        slope=np.array([2.0]), low=np.array([-1.0]), high=np.array([5.0]), valid=np.array([12])
    )
    error = 4.0 / trend._Z90
    for unsure, low, high in ((error, -4.0, 6.0), (0.0, -2.0, 4.0)):
        found = trend.relative(own, 0, (1.0, unsure), HIGHER, (2013, 2024)).interval
        assert found is not None
        assert (found.low, found.high) == pytest.approx((low, high))


def claims(years: int, peers: int, *, error: bool) -> float:
    """How often a direction is said of areas that move as their peers do, each with its chance."""
    rng = np.random.default_rng(7)
    at = np.arange(2025 - years, 2025)
    own = trend.slopes(at, rng.normal(size=(years, 3000)))
    theirs = trend.theil_sen(at, rng.normal(size=(years, 3000 * peers))).reshape(3000, peers)
    middle, unsure = trend.middle(theirs)
    tiny = replace(HIGHER, matters=1e-6)
    said = [
        trend.relative(own, n, (middle[n], unsure[n] * error), tiny, (0, years - 1)).direction
        for n in range(3000)
    ]
    return float(np.mean(np.isin(said, ("improving", "worsening"))))


@pytest.mark.simulation
@pytest.mark.parametrize("years", [5, 8, 12])
@pytest.mark.parametrize("peers", [5, 15])
def test_where_nothing_differs_a_direction_is_said_at_most_once_in_ten(
    years: int, peers: int
) -> None:
    assert claims(years, peers, error=True) <= 0.10


@pytest.mark.simulation
def test_peers_that_are_taken_as_known_make_directions_of_chance() -> None:
    """The twin."""
    assert claims(12, 15, error=False) > 0.10
    assert claims(12, 5, error=False) > 0.11


def test_a_small_change_is_steady_only_where_we_know_that_it_is_small() -> None:
    """0.49 a year within 0.01 and 2.0 may be ten in five years: as little known as within -0.01."""
    entry = replace(HIGHER, matters=2.5)
    told = {low: trend._direction(0.49, low, 2.0, entry, 5) for low in (-0.01, 0.01)}
    assert told == {-0.01: "unclear", 0.01: "unclear"}
    assert trend._direction(-2.0, -5.0, 0.1, entry, 5) == "unclear"  # as far as the wider end
    assert trend._direction(0.2, 0.01, 0.5, entry, 5) == "steady"
    assert trend._direction(0.6, 0.01, 2.0, entry, 5) == "improving"
