# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comparable areas: exact, on context only, one weight per group, unknown stays unknown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from wijkeconomie.figures.registry import CONTEXT, registry
from wijkeconomie.insight import peers

CHOSEN = tuple(i for i in registry().of_perspective(CONTEXT) if i.weight > 0)


def by_force(points: np.ndarray, k: int, pool: np.ndarray, group: np.ndarray) -> np.ndarray:
    distance = np.sqrt(((points[:, None] - points[None]) ** 2).sum(2))
    distance[:, ~np.isin(np.arange(len(points)), pool)] = np.inf
    distance[group[:, None] == group[None]] = np.inf
    return np.sort(distance, axis=1)[:, :k]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 90), st.integers(1, 6), st.integers(1, 20), st.integers(0, 2**32 - 1),
    st.booleans(),
)  # fmt: skip
def test_nearest_equals_brute_force(
    size: int, columns: int, k: int, seed: int, rounded: bool
) -> None:
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(size, columns)) * rng.choice([1e-3, 1.0, 4.0])
    if rounded:  # many equal distances
        points = np.round(points)
    group = np.sort(rng.integers(0, max(2, size // 4), size))
    pool = np.flatnonzero(rng.random(size) < 0.8)
    index, distance = peers.nearest(points, k, pool=pool, group=group)
    expected = np.full((size, k), np.inf)
    forced = by_force(points, k, pool, group)
    expected[:, : forced.shape[1]] = forced
    np.testing.assert_allclose(distance, expected, rtol=1e-12)
    assert ((index >= 0) == np.isfinite(expected)).all()
    for row, chosen in enumerate(index):
        kept = chosen[chosen >= 0]
        assert np.isin(kept, pool).all()
        assert len(set(kept)) == len(kept)
        assert (group[kept] != group[row]).all()


def test_thousands_of_areas_get_the_neighbours_of_brute_force() -> None:
    points = np.random.default_rng(2).normal(size=(3000, 12))
    index, distance = peers.nearest(points, 15)
    every = np.arange(len(points))
    sample = every[::100]
    exact = np.sqrt(((points[sample, None] - points[None]) ** 2).sum(2))
    exact[np.arange(len(sample)), sample] = np.inf
    assert (index[sample] == np.argsort(exact, axis=1)[:, :15]).all()
    np.testing.assert_allclose(distance[sample], np.sort(exact, axis=1)[:, :15], rtol=1e-12)


def test_without_its_rounding_bound_the_float32_product_would_choose_other_peers() -> None:
    """The twin of exactness: far from zero, float32 alone cannot tell the neighbours apart."""
    points = np.random.default_rng(3).normal(size=(400, 3)) * 1e-3 + 50.0
    exact = by_force(points, 5, np.arange(400), np.arange(400))
    single = points.astype(np.float32)
    rough = (single**2).sum(1)[:, None] + (single**2).sum(1) - 2 * single @ single.T
    np.fill_diagonal(rough, np.inf)
    chosen = np.argsort(rough, axis=1)[:, :5]
    naive = np.sort(np.sqrt(((points[:, None] - points[chosen]) ** 2).sum(2)), axis=1)
    assert not np.allclose(naive, exact, rtol=1e-6)
    np.testing.assert_allclose(peers.nearest(points, 5)[1], exact, rtol=1e-9)


def test_a_group_shares_the_largest_weight_of_its_members() -> None:
    weight = dict(zip((i.id for i in CHOSEN), peers.group_weights(CHOSEN), strict=True))
    assert sum(weight.values()) == pytest.approx(1.0)
    ages = [w for name, w in weight.items() if name.startswith("age_")]
    densities = weight["address_density"] + weight["population_density"]
    assert sum(ages) == pytest.approx(densities / 2)  # 1 against 2, however many age columns
    assert weight["address_density"] == pytest.approx(2 * weight["population_density"])


def test_no_judged_indicator_may_choose_peers() -> None:
    assert all(i.better == "neither" for i in CHOSEN)


def test_robust_scaling_is_median_and_mad_and_is_clipped_for_distances() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 1000.0, np.nan])
    expected = (values - 3.5) / (1.4826 * 1.5)
    np.testing.assert_allclose(peers.robust(values), expected)
    column = [i for i in CHOSEN if i.transform == "none"][:1]
    about = peers.context(values[:, None], column, np.full(7, 1000.0))
    expected[5] = 4.0
    np.testing.assert_allclose(about.scaled[:, 0], expected)


def test_a_column_in_which_most_are_equal_still_scales() -> None:
    scaled = peers.robust(np.array([0.0, 0.0, 0.0, 0.0, 10.0]))
    assert scaled.tolist() == [0.0, 0.0, 0.0, 0.0, 5.0]


@pytest.mark.parametrize("unit", [1.0, 100.0])
def test_a_column_in_which_most_are_equal_scales_by_the_mean_distance(unit: float) -> None:
    """Three of which the mean distance is 1.2, in whatever unit."""
    scaled = peers.robust(np.array([0.0, 0.0, 0.0, 3.0, 3.0]) * unit)
    np.testing.assert_allclose(scaled, [0.0, 0.0, 0.0, 2.5, 2.5])


def test_log_of_no_density_at_all_is_finite() -> None:
    assert np.isfinite(peers.robust(np.array([0.0, 10.0, 1000.0]), "log")).all()


def test_logit_of_none_and_all_is_finite_and_symmetric() -> None:
    scaled = peers.robust(np.array([0.0, 30.0, 50.0, 70.0, 100.0]), "logit")
    np.testing.assert_allclose(scaled, -scaled[::-1], atol=1e-12)


def made_context(raw: np.ndarray, people: float = 1000.0) -> peers.Context:
    return peers.context(raw, CHOSEN[: raw.shape[1]], np.full(len(raw), people))


def test_an_area_with_more_than_half_of_the_weight_unknown_has_no_context() -> None:
    raw = np.random.default_rng(4).uniform(10, 90, (40, len(CHOSEN)))
    raw[0] = np.nan
    raw[1, 0] = np.nan
    about = made_context(raw)
    assert about.known[:2].tolist() == [False, True]
    assert 0 not in about.pool


def test_an_area_of_which_exactly_half_of_the_weight_is_known_has_context() -> None:
    two = [replace(i, weight=1.0, group=i.id) for i in CHOSEN[:2]]
    raw = np.random.default_rng(4).uniform(10, 90, (40, 2))
    raw[0, 1] = np.nan
    raw[1] = np.nan
    about = peers.context(raw, two, np.full(40, 1000.0))
    assert about.weights.tolist() == [0.5, 0.5]
    assert about.known.tolist() == [True, False, *[True] * 38]


def test_an_empty_column_drops_out_and_leaves_its_weight_to_the_others() -> None:
    raw = np.random.default_rng(5).uniform(10, 90, (40, len(CHOSEN)))
    raw[:, 3] = np.nan
    about = made_context(raw)
    assert CHOSEN[3] not in about.indicators
    assert about.weights.sum() == pytest.approx(1.0)


def test_an_area_with_few_inhabitants_is_nobodys_peer() -> None:
    raw = np.random.default_rng(6).uniform(10, 90, (40, len(CHOSEN)))
    people = np.full(40, 1000.0)
    people[:3] = [195.0, np.nan, 200.0]
    assert peers.context(raw, CHOSEN, people).pool[0] == 2


def test_percentile_says_how_many_areas_are_as_near() -> None:
    assert peers.percentile(2.0, np.array([1.0, 2.0, 3.0, 4.0, np.inf])) == 50.0


def test_peers_far_nearer_than_the_others_stay_under_every_weight() -> None:
    rng = np.random.default_rng(7)
    raw = rng.uniform(10, 90, (60, len(CHOSEN)))
    raw[1:16] = raw[0] + rng.normal(0, 1e-6, (15, len(CHOSEN)))
    about = made_context(raw)
    index, _ = peers.nearest(about.points, peers.K)
    near, _ = peers.nearest(about.points, 40)
    sets = peers.rechosen(about, np.arange(60), near)
    share = peers.stability(index, sets)
    assert share[0] == 1.0
    assert (share[20:] < 1.0).all()
    assert (share > 0.0).all()


def test_rechosen_peers_repeat_exactly() -> None:
    about = made_context(np.random.default_rng(8).uniform(10, 90, (50, len(CHOSEN))))
    near, _ = peers.nearest(about.points, 30)
    one = peers.rechosen(about, np.arange(50), near)
    assert (one == peers.rechosen(about, np.arange(50), near)).all()
    assert (one[7:8] == peers.rechosen(about, np.array([7]), near[7:8])).all()


def test_a_share_is_told_apart_from_half_a_per_cent_to_half_below_a_hundred() -> None:
    """0.2 % of a small area is nobody or one more: as 0.5 %. From there one per cent differs."""
    scaled = peers.robust(np.array([0.2, 0.5, 1.0, 50.0, 99.0, 99.5, 99.8]), "logit")
    unit = 1.4826 * np.log(199.0)
    assert scaled[0] == scaled[1] == pytest.approx(-np.log(199.0) / unit)
    assert scaled[2] == pytest.approx(-np.log(99.0) / unit)
    np.testing.assert_allclose(scaled, -scaled[::-1], atol=1e-12)


@pytest.mark.parametrize("weight", [0.5, 0.8])
@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0, 5.0])
def test_weights_are_drawn_around_ours_with_concentration_four_a_column(
    weight: float, ratio: float
) -> None:
    """One candidate differs in the first column, the other in the second: the first is nearer when
    its drawn weight is small enough, and of two columns that weight is a Beta."""
    scaled = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, np.sqrt(ratio)]])
    about = peers.Context(
        indicators=CHOSEN[:2], raw=scaled, away=scaled, weights=np.array([weight, 1 - weight]),
        known=np.ones(3, bool), pool=np.arange(3),
    )  # fmt: skip
    sets = peers.rechosen(about, np.array([0]), np.array([[1, 2]]), k=1)
    first = np.mean(sets[0, :, 0] == 1)
    expected = beta(8 * weight, 8 * (1 - weight)).cdf(ratio / (1 + ratio))
    assert first == pytest.approx(expected, abs=0.06)


def test_where_fewer_exist_than_are_chosen_every_choice_holds_all_of_them_and_nobody_else() -> None:
    about = made_context(np.random.default_rng(9).uniform(10, 90, (5, len(CHOSEN))))
    near, _ = peers.nearest(about.points, peers.NEAR)
    sets = np.sort(peers.rechosen(about, np.arange(5), near), axis=2)
    for row, chosen in enumerate(sets):
        others = [n for n in range(5) if n != row]
        assert (chosen == [-1] * (peers.K - 4) + others).all()


def test_reasons_name_what_is_closest_and_farthest_with_both_figures() -> None:
    raw = np.random.default_rng(10).uniform(10, 90, (40, len(CHOSEN)))
    raw[1] = raw[0]
    raw[1, 2] = raw[0, 2] + 60.0
    raw[1, 4] = np.nan
    ((alike, differs),) = peers.reasons(made_context(raw), 0, np.array([1]))
    assert differs[0][:3] == (CHOSEN[2].id, raw[0, 2], raw[1, 2])
    assert differs[0][3] == pytest.approx(1.0)
    assert len(alike) == 3
    assert CHOSEN[4].id not in {name for name, *_ in alike + differs}


def test_what_prints_the_same_is_no_difference() -> None:
    raw = np.random.default_rng(10).uniform(10, 90, (40, len(CHOSEN))).round()
    raw[1] = raw[0] + 0.3  # CHOSEN are printed in whole numbers
    raw[2] = raw[1]
    raw[2, 3] = raw[0, 3] + 10.0
    (_, none), (alike, one) = peers.reasons(made_context(raw), 0, np.array([1, 2]))
    assert {i.decimals for i in CHOSEN} == {0}
    assert none == ()
    assert [(name, own, theirs) for name, own, theirs, _ in one] == [
        (CHOSEN[3].id, raw[0, 3], raw[2, 3])
    ]
    assert len(alike) == 3


def apart(*away: float) -> peers.Context:
    """Two areas that are so many standard deviations apart in each of the first columns."""
    far = np.array([[0.0] * len(away), away])
    columns = CHOSEN[: len(away)]
    return peers.Context(
        indicators=columns, raw=50 + 10 * far, away=far, known=np.ones(2, bool), pool=np.arange(2),
        weights=np.full(len(away), 1 / len(away)),
    )  # fmt: skip


def test_far_apart_but_printed_the_same_is_no_difference() -> None:
    """Where all areas are alike 0.3 % is far, and a page says 50 % of both."""
    about = replace(apart(0.9, 0.8, 0.7), raw=np.array([[50.0, 50.0, 50.0], [50.3, 60.0, 49.4]]))
    ((alike, differs),) = peers.reasons(about, 0, np.array([1]))
    assert alike == ()
    assert [name for name, *_ in differs] == [CHOSEN[1].id, CHOSEN[2].id]


def test_peers_are_chosen_again_by_the_clipped_distance_as_they_were_chosen() -> None:
    """One odd column may not make an area a stranger under other weights either."""
    far, clipped = (
        replace(apart(0.0, 0.0), raw=away, away=away, known=np.ones(3, bool), pool=np.arange(3))
        for away in (np.array([[0.0, 0.0], [x, 0.0], [0.0, 4.0]]) for x in (40.0, peers.CLIP))
    )
    again = [peers.rechosen(c, np.array([0]), np.array([[1, 2]]), k=1) for c in (far, clipped)]
    assert again[0].tolist() == again[1].tolist()
    assert set(again[0].ravel().tolist()) == {1, 2}


def test_only_what_is_within_a_quarter_of_a_standard_deviation_is_called_alike() -> None:
    """At exactly a quarter it still is; nothing is both, and what is neither is not made up."""
    ((alike, differs),) = peers.reasons(apart(0.3, 0.25, -2.0, -0.1), 0, np.array([1]))
    assert [name for name, *_ in alike] == [CHOSEN[3].id, CHOSEN[1].id]
    assert [name for name, *_ in differs] == [CHOSEN[2].id, CHOSEN[0].id]
    ((none, two),) = peers.reasons(apart(0.9, 0.26, 1.0), 0, np.array([1]))
    assert (none, [name for name, *_ in two]) == ((), [CHOSEN[2].id, CHOSEN[0].id])
    ((three, nothing),) = peers.reasons(apart(0.24, 0.1, 0.0, 0.2), 0, np.array([1]))
    assert ([name for name, *_ in three], nothing) == ([CHOSEN[n].id for n in (2, 1, 3)], ())


def test_two_odd_figures_are_not_alike_because_the_distance_clips_both() -> None:
    """A buurt of students of 86 % and one of 42 % were.  The twin: in the distance they are one."""
    raw = np.random.default_rng(10).uniform(10, 12, (40, len(CHOSEN)))
    raw[0, 2], raw[1, 2] = 86.0, 42.0
    about = made_context(raw)
    assert about.scaled[0, 2] == about.scaled[1, 2] == peers.CLIP
    ((alike, differs),) = peers.reasons(about, 0, np.array([1]))
    assert differs[0] == (CHOSEN[2].id, 86.0, 42.0, 0.0)
    assert CHOSEN[2].id not in {name for name, *_ in alike}


def test_by_the_number_of_inhabitants_alone_nothing_is_comparable() -> None:
    """Half of all weight that context has must be known, not of what happens to be loaded."""
    chosen = [i for i in registry().of_perspective(CONTEXT) if i.weight > 0]
    people = np.linspace(500, 5000, 40)
    raw = np.full((40, len(chosen)), np.nan)
    raw[:, [i.id for i in chosen].index("population")] = people
    about = peers.context(raw, chosen, people)
    assert ([i.id for i in about.indicators], about.known.any(), about.pool.size) == (
        ["population"], False, 0,
    )  # fmt: skip
    for column, one in enumerate(chosen):
        if one.group in ("density", "age", "household"):
            raw[:, column] = np.linspace(10, 60, 40)
    assert peers.context(raw, chosen, people).known.all()


@pytest.mark.parametrize(("weight", "known"), [(0.45, False), (0.5, True)])
def test_what_is_known_of_the_weight_must_be_half_of_it(weight: float, *, known: bool) -> None:
    one, other = CHOSEN[:2]
    two = [replace(one, weight=weight, group="a"), replace(other, weight=1 - weight, group="b")]
    raw = np.random.default_rng(4).uniform(10, 90, (40, 2))
    raw[0, 1] = np.nan
    assert peers.context(raw, two, np.full(40, 1000.0)).known[0] == known
