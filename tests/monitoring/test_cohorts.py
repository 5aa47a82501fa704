# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Gains of areas that began in different years, as another program counts them."""

from __future__ import annotations

import numpy as np
import pytest

from wijkeconomie.monitoring.cohorts import gains
from wijkeconomie.monitoring.effect import NEVER


def panel(areas: int = 14_000, years: int = 12, begin: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Areas and years of which some begin in year 5, 7 or 9 and gain 0.5 from then on."""
    draw = np.random.default_rng(4)
    level, year = draw.normal(size=areas), draw.normal(size=years) * 0.3
    first = np.full(areas, NEVER)
    some = draw.choice(areas, begin, replace=False)
    first[some] = draw.choice((5, 7, 9), begin)
    values = level[:, None] + year + draw.normal(0, 0.5, (areas, years))
    begun = (first[:, None] != NEVER) & (np.arange(years) >= first[:, None])
    return values + 0.5 * begun, first


def test_a_whole_country_has_the_gain_and_the_error_that_diff_diff_counts() -> None:
    """diff-diff 3.13.0, ``CallawaySantAnna().fit``: overall_att and overall_se."""
    found = gains(*panel())
    assert found.gain == pytest.approx(0.5521842102648642, abs=1e-12)
    assert found.error == pytest.approx(0.0755092836722244, abs=1e-12)


def test_each_cell_is_a_difference_of_differences_and_the_gain_their_mean() -> None:
    values, first = panel(areas=80, begin=20)
    found = gains(values, first)
    never = values[first == NEVER]
    total = weight = 0.0
    for cell in found.cells:
        own = values[first == cell.began]
        since = (own[:, cell.year] - own[:, cell.began - 1]).mean()
        beside = (never[:, cell.year] - never[:, cell.began - 1]).mean()
        assert cell.gain == pytest.approx(since - beside, abs=1e-12)
        total, weight = total + len(own) * cell.gain, weight + len(own)
    assert found.gain == pytest.approx(total / weight, abs=1e-12)
    assert {(cell.began, cell.year) for cell in found.cells} == {
        (began, year) for began in (5, 7, 9) for year in range(began, 12)}  # fmt: skip


@pytest.mark.parametrize(("values", "first"), [
    (np.zeros((3, 4)), [NEVER] * 3), (np.zeros((3, 4)), [1, 2, 3]), (np.zeros((3, 4)), [0, 4, -1]),
    (np.full((3, 4), np.nan), [1, NEVER, NEVER]),
])  # fmt: skip
def test_without_what_it_needs_it_says_nothing(values: np.ndarray, first: list[int]) -> None:
    with pytest.raises(ValueError, match="needed"):
        gains(values, np.array(first))
