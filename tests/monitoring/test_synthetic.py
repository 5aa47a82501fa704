# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Weights that are the best there are, and the printed results of California's Proposition 99."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkeconomie.monitoring.synthetic import (
    Estimate,
    Panel,
    difference_in_differences,
    nearest,
    placebo_rank,
    synthetic_control,
    synthetic_did,
)


def tax(shared: Path) -> tuple[Panel, list[str]]:
    """Packs of cigarettes a head, 1970-2000; California's tax began in 1989."""
    with (shared / "data" / "proposition-99" / "california_prop99.csv").open() as file:
        (_year, *states), *rows = csv.reader(file)
    packs = np.array([[float(one) for one in row[1:]] for row in rows]).T
    own = states.index("California")
    others = [one for one in states if one != "California"]
    return Panel(others=np.delete(packs, own, axis=0), own=packs[own], before=19), others


@pytest.mark.parametrize(("estimate", "printed"), [
    (difference_in_differences, -27.3), (synthetic_control, -19.6), (synthetic_did, -15.6),
])  # fmt: skip
def test_proposition_99_is_as_its_table_prints_it_to_a_tenth(
    shared: Path, estimate: object, printed: float
) -> None:
    """Arkhangelsky et al. 2021, table 1.  Its synthetic control stops iterating before the minimum:
    the exact one is -19.51."""
    panel, _states = tax(shared)
    assert estimate(panel).effect == pytest.approx(printed, abs=0.1)  # type: ignore[operator]


def test_california_stands_among_the_first_of_39_and_is_made_of_the_states_that_abadie_names(
    shared: Path,
) -> None:
    """Abadie, Diamond & Hainmueller 2010, table 2: Utah, Nevada, Montana, Colorado, Connecticut (by
    more than the figure itself, so that the shares differ)."""
    panel, states = tax(shared)
    weights = synthetic_control(panel).weights
    assert {states[at] for at in np.flatnonzero(weights > 0.01)} >= {
        "Utah", "Nevada", "Montana", "Colorado", "Connecticut"}  # fmt: skip
    found = placebo_rank(panel)
    assert (found.rank <= 3, found.of) == (True, 39)


@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(2, 9), st.sampled_from([0.0, 0.3]))
@settings(max_examples=60, deadline=None)
def test_no_other_shares_come_nearer(seed: int, areas: int, years: int, ridge: float) -> None:
    """At the minimum over the simplex every share that is used has the same gradient, and no other
    has a smaller one (Karush, Kuhn and Tucker)."""
    draw = np.random.default_rng(seed)
    columns, target = draw.normal(size=(years, areas)), draw.normal(size=years)
    shares = nearest(columns, target, ridge)
    slope = columns.T @ (columns @ shares - target) + ridge * shares
    assert shares.min() >= 0
    assert shares.sum() == pytest.approx(1)
    assert slope.min() >= slope @ shares - 1e-8


def test_an_area_that_is_a_mean_of_others_is_found_again_with_its_effect() -> None:
    draw = np.random.default_rng(1)
    others = draw.normal(size=(8, 20)).cumsum(1)
    own = 0.3 * others[1] + 0.7 * others[5]
    own[15:] += 2.0
    found = synthetic_control(Panel(others=others, own=own, before=15))
    assert found.effect == pytest.approx(2.0, abs=1e-6)
    assert np.round(found.weights, 6).tolist() == [0, 0.3, 0, 0, 0, 0.7, 0, 0]
    assert found.by_year[:15] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("estimate", [difference_in_differences, synthetic_did])
def test_a_level_of_its_own_makes_no_difference(estimate: object) -> None:
    draw = np.random.default_rng(2)
    others, own = draw.normal(size=(9, 12)).cumsum(1), draw.normal(size=12).cumsum()

    def of(level: float) -> Estimate:
        return estimate(Panel(others=others, own=own + level, before=8))  # type: ignore[no-any-return, operator]

    assert of(0).effect == pytest.approx(of(100).effect)


def test_where_nothing_was_done_each_rank_comes_as_often() -> None:
    ranks = []
    for run in range(200):
        draw = np.random.default_rng(run)
        rows = draw.normal(size=(20, 14)).cumsum(1)
        ranks.append(placebo_rank(Panel(others=rows[1:], own=rows[0], before=10)).p)
    assert np.mean(np.array(ranks) <= 0.1) <= 0.15
    assert np.mean(ranks) == pytest.approx(0.525, abs=0.06)


@pytest.mark.parametrize(("others", "own", "before"), [
    (np.zeros((3, 5)), np.zeros(4), 3), (np.zeros((3, 5)), np.zeros(5), 5),
    (np.zeros((3, 5)), np.zeros(5), 1), (np.zeros((0, 5)), np.zeros(5), 3),
    (np.full((3, 5), np.nan), np.zeros(5), 3),
])  # fmt: skip
def test_figures_that_do_not_fit_each_other_are_a_mistake(
    others: np.ndarray, own: np.ndarray, before: int
) -> None:
    with pytest.raises(ValueError, match=r"needed|known"):
        Panel(others=others, own=own, before=before)
