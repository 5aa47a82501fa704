# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Small numbers: moments find the truth, large areas keep their figure, small ones are pulled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import betabinom, nbinom

from wijkeconomie.insight import score, shrink


def sizes(rng: np.random.Generator, areas: int) -> np.ndarray:
    return np.maximum(20, np.round(np.exp(rng.normal(6.6, 1.0, areas))))


def point(
    family: str, count: np.ndarray, size: np.ndarray, error: np.ndarray | float = 0.0
) -> tuple[float, float]:
    """The two parameters of the prior of areas that are one class."""
    return shrink.prior(family, count, size, error)[0][:2]


def test_beta_prior_by_moments_agrees_with_maximum_likelihood() -> None:
    rng = np.random.default_rng(1)
    size = sizes(rng, 6000)
    count = rng.binomial(size.astype(int), rng.beta(4, 76, 6000)).astype(float)
    a, b = point("share", count, size)

    def loss(q: np.ndarray) -> float:
        return -float(betabinom.logpmf(count, size.astype(int), *np.exp(q)).sum())

    x, y = np.exp(minimize(loss, [1.0, 4.0], method="Nelder-Mead").x)
    assert a / (a + b) == pytest.approx(x / (x + y), rel=0.01)
    assert a + b == pytest.approx(x + y, rel=0.1)


def test_gamma_prior_by_moments_agrees_with_maximum_likelihood() -> None:
    rng = np.random.default_rng(2)
    size = sizes(rng, 6000)
    count = rng.poisson(size * rng.gamma(5.0, 1 / 60.0, 6000)).astype(float)
    shape, rate = point("rate", count, size)

    def loss(q: np.ndarray) -> float:
        a, b = np.exp(q)
        return -float(nbinom.logpmf(count, a, b / (b + size)).sum())

    x, y = np.exp(minimize(loss, [1.0, 4.0], method="Nelder-Mead").x)
    assert shape / rate == pytest.approx(x / y, rel=0.01)
    assert rate == pytest.approx(y, rel=0.1)


def test_rounding_taken_off_brings_the_prior_back() -> None:
    """And the twin: left in, it makes areas look as if they differ more than they do."""
    rng = np.random.default_rng(3)
    size = np.full(20_000, 120.0)
    count = rng.binomial(120, rng.beta(20, 180, 20_000)).astype(float)
    rounded = np.round(count / 10) * 10
    exact = sum(point("share", count, size))
    corrected = sum(point("share", rounded, size, np.full(20_000, 100 / 12)))
    naive = sum(point("share", rounded, size))
    assert abs(corrected / exact - 1) < 0.1
    assert naive < 0.8 * exact


def test_areas_that_do_not_differ_are_pulled_to_one_figure() -> None:
    rng = np.random.default_rng(4)
    size = np.full(500, 100.0)
    count = rng.binomial(100, 0.1, 500).astype(float)
    belief = posterior(count, size, *point("share", count, size))
    assert np.ptp(belief.mean()) < 0.3 * np.ptp(100 * count / size)


def posterior(count: np.ndarray, size: np.ndarray, a: float, b: float) -> shrink.Posterior:
    empty = np.zeros(len(count))
    return shrink.Posterior(
        family="share", scale=100.0, count=count, size=size, half=empty, random=False,
        first=empty + a, second=empty + b, noise=empty,
    )  # fmt: skip


def test_a_large_area_keeps_its_figure_and_a_small_one_moves_to_its_class() -> None:
    belief = posterior(np.array([10_000.0, 5.0]), np.array([100_000.0, 20.0]), 5.0, 95.0)
    large, small = belief.mean()
    assert large == pytest.approx(10.0, abs=0.01)
    assert small == pytest.approx(100 * 10 / 120)


def test_shrunken_figures_are_nearer_to_the_truth_than_published_ones() -> None:
    rng = np.random.default_rng(5)
    size = sizes(rng, 4000)
    truth = 100 * rng.beta(4, 76, 4000)
    count = rng.binomial(size.astype(int), truth / 100).astype(float)
    belief = posterior(count, size, *point("share", count, size))
    raw, shrunk = 100 * count / size - truth, belief.mean() - truth
    assert (shrunk**2).mean() < 0.8 * (raw**2).mean()


def test_normal_finds_spread_between_areas_and_within_persons() -> None:
    rng = np.random.default_rng(6)
    size = sizes(rng, 20_000)
    value = 30.0 + rng.normal(0, 4.0, 20_000) + rng.normal(0, 1, 20_000) * 20.0 / np.sqrt(size)
    found = shrink.normal(value, size)
    assert found.mean == pytest.approx(30.0, abs=0.2)
    assert found.between == pytest.approx(16.0, rel=0.05)
    assert found.within == pytest.approx(400.0, rel=0.25)


def believed(count: np.ndarray, classes: np.ndarray, **changes: Any) -> shrink.Posterior:
    size = np.full(len(count), 100.0)
    given = {"usable": np.isfinite(count), "half": np.zeros(len(count)), **changes}
    return shrink.believe("share", count, size, classes, **given)


def test_classes_with_enough_areas_have_their_own_prior() -> None:
    rng = np.random.default_rng(7)
    count = np.concatenate([rng.binomial(100, 0.1, 40), rng.binomial(100, 0.9, 5)]).astype(float)
    classes = np.concatenate([np.full(40, 1.0), np.full(4, 2.0), [np.nan]])
    found = believed(count, classes)
    assert found.classes is not None
    assert found.classes.tolist() == [1] * 40 + [0] * 5
    assert (found.first[0], found.second[0]) == point("share", count[:40], np.full(40, 100.0))
    assert (found.first[44], found.second[44]) == point("share", count, np.full(45, 100.0))


def test_no_figure_at_all_gives_no_prior() -> None:
    found = believed(np.full(3, np.nan), np.ones(3))
    assert np.isnan(found.first).all()
    assert np.isnan(found.mean()).all()


def test_an_unusable_area_takes_no_part_but_gets_the_prior() -> None:
    count = np.array([10.0, 12.0, 8.0, 90.0])
    usable = np.array([True, True, True, False])
    found = believed(count, np.ones(4), usable=usable)
    alone = point("share", count[:3], np.full(3, 100.0))
    assert (found.first[3], found.second[3]) == alone


def test_the_prior_is_drawn_as_widely_as_its_moments_are_known() -> None:
    """Means and variances between areas, estimated anew from four hundred samples, spread as the
    draws of one of them do."""
    rng = np.random.default_rng(8)
    size = np.full(300, 150.0)
    found = [
        shrink.shares(rng.binomial(150, rng.beta(6, 54, 300)).astype(float), size)
        for _ in range(400)
    ]
    means, betweens = np.array([(f.mean, f.between) for f in found]).T
    mean, between, _ = found[0].draws()
    assert mean.std() == pytest.approx(means.std(), rel=0.2)
    assert between.std() == pytest.approx(betweens.std(), rel=0.3)
    assert (between > 0).all()


def test_one_area_alone_is_not_pulled_to_itself_with_certainty() -> None:
    count, size = np.array([40.0]), np.array([500.0])
    assert point("share", count, size) == (0.5, 0.5)
    assert point("rate", count, size) == (0.5, 1e-9)


def test_hamlets_whose_counts_round_to_nothing_do_not_pull_a_village_to_theirs() -> None:
    """As the least urban buurten of 2020: thousands of hamlets, tens rounded.  The villages differ;
    the twin believes the hamlets, whose counts are nearly all rounded to nothing."""
    rng = np.random.default_rng(11)
    size = np.concatenate([np.exp(rng.normal(4.9, 0.5, 4000)), np.exp(rng.normal(7.4, 0.3, 400))])
    size = np.maximum(50, np.round(size))
    truth = np.clip(rng.normal(0.019, 0.006, 4400), 0.0005, None)
    count = np.round(rng.binomial(size.astype(int), truth) / 10) * 10
    half = np.full(4400, 5.0)
    usable = np.ones(4400, bool)
    found = shrink.believe("share", count, size, np.ones(4400), usable=usable, half=half)
    spread = 100 * prior_spread(found.first[0], found.second[0])
    naive = point("share", count, size, half**2 / 3)
    assert spread == pytest.approx(0.6, rel=0.25)
    assert 100 * prior_spread(*naive) < 0.3


def prior_spread(a: float, b: float) -> float:
    return float(np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1))))


def test_classes_do_not_share_the_chance_of_their_priors() -> None:
    rng = np.random.default_rng(12)
    count = rng.binomial(100, rng.beta(6, 54, 80)).astype(float)
    found = believed(count, np.repeat([1.0, 2.0], 40))
    assert found.drawn is not None
    means = found.drawn[:, 0] / (found.drawn[:, 0] + found.drawn[:, 1])
    assert abs(np.corrcoef(means[1], means[2])[0, 1]) < 0.15


def institutions(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A class of villages that differ by two points around six, and one in a hundred with a large
    institution where half of the people have the benefit."""
    rng = np.random.default_rng(seed)
    size = np.clip(np.round(np.exp(rng.normal(6.0, 0.8, 4000))), 60, 5000)
    truth = rng.beta(8, 125, 4000)
    truth[:40] = 0.5
    return rng.binomial(size.astype(int), truth).astype(float), size


def test_institutions_do_not_keep_all_other_areas_from_being_shrunk() -> None:
    """And the twin: with every square in full, areas seem to differ twice as much as they do."""
    count, size = institutions(1)
    moments = shrink.shares(count, size)
    others = shrink.shares(count[40:], size[40:])
    assert np.sqrt(moments.between) == pytest.approx(np.sqrt(others.between), rel=0.25)
    total = (size * (count / size - count.sum() / size.sum()) ** 2).sum()
    naive = (total - moments.taken) / moments.per
    assert np.sqrt(naive) > 1.8 * np.sqrt(others.between)


def test_squares_of_areas_of_one_kind_are_hardly_cut() -> None:
    count, size = institutions(2)
    count, size = count[40:], size[40:]
    moments = shrink.shares(count, size)
    total = (size * (count / size - count.sum() / size.sum()) ** 2).sum()
    assert moments.square == pytest.approx(total, rel=0.02)


def test_an_area_unlike_its_class_is_not_pulled_to_it_by_more_than_its_own_chance() -> None:
    """Half of 60 people have it, in a class of six in a hundred; unlimited it would say three in
    ten, as if chance had made the institution."""
    count, size = institutions(3)
    count[0], size[0] = 30.0, 60.0
    found = shrink.believe(
        "share", count, size, np.ones(4000), usable=size > 0, half=np.zeros(4000), scale=100.0
    )
    a, b = point("share", count, size)
    unlimited = 100 * (30 + a) / (60 + a + b)
    assert unlimited < 32
    error = np.sqrt(unlimited * (100 - unlimited) / 60)
    assert 50 - found.mean()[0] == pytest.approx(shrink._MOST * error, rel=0.01)
    assert found.lent is not None
    assert (found.lent[40:] == 1.0).mean() > 0.9  # the others take all of it


def test_a_mean_unlike_its_class_keeps_to_itself_too() -> None:
    rng = np.random.default_rng(4)
    size = np.full(400, 400.0)
    value = 30 + rng.normal(0, 0.3, 400) + rng.normal(0, 25, 400) / 20
    value[0] = 60.0
    found = shrink.believe(
        "mean", value, size, np.ones(400), usable=size > 0, half=np.full(400, 0.05), one=25.0
    )
    assert found.mean()[0] > 57.5


def test_what_is_known_of_one_weighs_less_where_the_figures_tell_it() -> None:
    """Small areas that hardly differ show how persons differ: 20, though 40 was thought; large
    ones that differ much do not."""
    rng = np.random.default_rng(6)
    size = sizes(rng, 20_000)
    chance = rng.normal(0, 1, 20_000) * 20.0 / np.sqrt(size)
    told = shrink.normal(30.0 + rng.normal(0, 0.5, 20_000) + chance, size, one=40.0)
    silent = shrink.normal(30.0 + rng.normal(0, 30.0, 20_000) + chance, size + 1000, one=40.0)
    assert told.within == pytest.approx(400.0, rel=0.1)
    assert silent.within == pytest.approx(1600.0, rel=0.1)


def test_squares_that_vary_more_than_a_normals_count_for_fewer() -> None:
    """Four that are as expected are four; three of nothing and one of four times as much, 2 · 16 /
    (1 + 1 + 1 + 9); and where they are of unlike size, 2 · (1 + 9)² / (2 · (1 + 81))."""
    assert shrink._freedom(np.ones(4), np.ones(4)) == 4.0
    assert shrink._freedom(np.ones(4), np.array([0.0, 0.0, 0.0, 4.0])) == pytest.approx(32 / 12)
    unlike = np.array([1.0, 9.0])
    assert shrink._freedom(unlike, unlike) == pytest.approx(200 / 164)


def test_areas_with_fewer_than_two_steps_expected_have_no_say() -> None:
    """One in a hundred, in steps of five: 1,000 people are two steps, 999 are not."""
    size = np.array([1000.0] * 30 + [990.0] * 30)
    count = 0.01 * size
    telling = shrink._telling(count, size, size > 0, np.full(60, 5.0))
    assert telling.tolist() == [True] * 30 + [False] * 30


def test_where_fewer_than_thirty_areas_tell_something_the_thirty_of_which_most_is_expected_do() -> (
    None
):
    """In steps of ten of half a percent: none of these has two, the largest have one and a half."""
    size = np.array([3000.0] * 20 + [1000.0] * 10 + [900.0] * 50)
    telling = shrink._telling(0.005 * size, size, size > 0, np.full(80, 10.0))
    assert telling.tolist() == [True] * 30 + [False] * 50
    exact = np.where(size == 900.0, 0.0, 10.0)  # what is not rounded tells most
    other = shrink._telling(0.005 * size, size, size > 0, exact)
    assert other.tolist() == [False] * 30 + [True] * 50
    usable = size != 3000.0
    some = shrink._telling(np.where(usable, 0.005 * size, np.nan), size, usable, np.full(80, 10.0))
    assert some.tolist() == [False] * 20 + [True] * 60


def test_a_figure_without_chance_or_rounding_is_itself() -> None:
    """Measured and written to the digit: nothing to shrink, and an interval of no width."""
    value = np.concatenate([np.linspace(0.5, 1.5, 39), [40.0]])
    found = shrink.believe(
        "mean", value, np.full(40, 500.0), np.ones(40), usable=value > 0, half=np.zeros(40),
        noisy=False,
    )  # fmt: skip
    assert found.mean() == pytest.approx(value, rel=1e-12)
    assert found.lent is not None
    assert found.lent.tolist() == [1.0] * 40
    drawn = score.levels(found, np.arange(40), np.arange(40))
    assert np.ptp(drawn, axis=1).max() < 1e-5
    assert drawn[:, 0] == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("unit", [1.0, 1e-3, 1e-4])
def test_the_unit_of_a_mean_changes_nothing(unit: float) -> None:
    """In kilometres or in thousands of them: neither where areas differ nor where they differ less
    than chance would make them, and one of them is far off."""
    rng = np.random.default_rng(13)
    size = np.full(60, 400.0)
    for spread in (0.0, 0.5):
        value = 2.0 + rng.normal(0, spread, 60) + rng.normal(0, 0.01, 60)
        value[0] = 4.0

        def believed(by: float, value: np.ndarray = value) -> shrink.Posterior:
            return shrink.believe(
                "mean", value * by, size, np.ones(60), usable=size > 0, half=np.full(60, 0.0),
                one=10.0 * by,
            )  # fmt: skip

        plain, other = believed(1.0), believed(unit)
        assert other.mean() / unit == pytest.approx(plain.mean(), rel=1e-3)
        assert plain.drawn is not None
        assert other.drawn is not None
        draws, others = plain.drawn[0], other.drawn[0]
        assert others[0] / unit == pytest.approx(draws[0], rel=1e-3)
        assert others[1] / unit**2 == pytest.approx(draws[1], rel=1e-3, abs=1e-3)


def test_areas_that_differ_less_than_chance_would_make_them_are_all_of_their_class() -> None:
    """Exactly alike: a prior of a million, and means that keep nothing of their own."""
    size = np.full(40, 200.0)
    for family in ("share", "rate"):
        first, second = point(family, np.full(40, 20.0), size)
        assert first + (second if family == "share" else 0.0) == pytest.approx(
            1e6 if family == "share" else 1e5
        )
    value = np.linspace(29.99, 30.01, 40)
    alike = shrink.believe(
        "mean", value, size, np.ones(40), usable=size > 0, half=np.zeros(40), one=25.0
    )
    assert np.ptp(alike.mean()) < 1e-10
    assert alike.drawn is not None
    assert (alike.drawn[0, 1] > 0).all()


def test_counts_that_are_rounded_at_random_to_fives_have_a_variance_of_four() -> None:
    """Σ f (1 - f) 25 over the remainders 0 to 4, is 4; of the nearest ten 10² / 12."""
    rng = np.random.default_rng(11)
    size = np.round(np.exp(rng.normal(7, 0.5, 60)))
    count = rng.binomial(size.astype(int), rng.beta(6, 60, 60)).astype(float)
    mean_square = np.mean([25 * f * (1 - f) for f in np.arange(5) / 5])
    for random, error in ((True, mean_square), (False, 25 / 3)):
        about = shrink.believe(
            "rate", count, size, np.full(60, np.nan), usable=np.ones(60, bool),
            half=np.full(60, 5.0), random=random,
        )  # fmt: skip
        (first, second, _), _ = shrink.prior("rate", count, size, np.full(60, error))
        assert about.lent is not None
        np.testing.assert_allclose(about.first, first * about.lent)
        np.testing.assert_allclose(about.second, second * about.lent)


def test_the_variance_between_counted_areas_is_drawn_wider_and_that_of_means_is_not() -> None:
    """Decision 0013: else the lowest and the highest tenth of areas are held too seldom."""
    rng = np.random.default_rng(12)
    size = np.full(80, 900.0)
    count = rng.binomial(900, rng.beta(8, 60, 80)).astype(float)
    mean, between, _ = shrink.shares(count, size).draws(0)
    a, b, _ = shrink.prior("share", count, size)[1]
    np.testing.assert_allclose(a / (a + b), mean)
    np.testing.assert_allclose(a * b / (a + b) ** 2 / (a + b + 1), 1.4 * between)
    mean, between, _ = shrink.rates(count, size).draws(0)
    shape, rate, _ = shrink.prior("rate", count, size)[1]
    np.testing.assert_allclose(shape / rate**2, 1.4 * between)
    mean, between, _ = shrink.normal(count, size).draws(0)
    np.testing.assert_array_equal(shrink.prior("mean", count, size)[1][:2], (mean, between))


def test_chance_explains_of_squares_around_their_own_mean_one_less_than_there_are_areas() -> None:
    """Kleinman (1973): E Σ w (p_i - p)² is p (1 - p) (n - 1) where areas do not differ."""
    count, size = np.array([10.0, 30.0, 20.0]), np.array([100.0, 300.0, 200.0])
    assert shrink.shares(count, size).taken == pytest.approx(0.1 * 0.9 * 2)
    assert shrink.rates(count, size).taken == pytest.approx(0.1 * 2)
    rounded = shrink.rates(count, size, np.full(3, 4.0)).taken
    assert rounded == pytest.approx(0.1 * 2 + 4 / 100 + 4 / 300 + 4 / 200)


@pytest.mark.parametrize(("areas", "own"), [(29, False), (30, True)])
def test_a_class_of_thirty_areas_has_its_own_prior_and_a_smaller_one_that_of_all(
    areas: int, *, own: bool
) -> None:
    rng = np.random.default_rng(13)
    classes = np.where(np.arange(120) < areas, 1.0, 2.0)
    count = rng.binomial(100, np.where(classes == 1, 0.3, 0.1)).astype(float)
    row = believed(count, classes).classes
    assert row is not None
    assert (row[0] != 0, row[-1] != 0) == (own, True)


def of_family(family: str, **changes: Any) -> shrink.Posterior:
    """Two areas, of which the second is four times the first."""
    given: dict[str, Any] = {
        "usable": np.array([True, True]), "half": np.full(2, 5.0), "scale": 100.0, **changes,
    }  # fmt: skip
    size = np.array([50.0, 200.0])
    return shrink.believe(family, np.array([10.0, 30.0]), size, np.full(2, np.nan), **given)


@pytest.mark.parametrize("family", ["share", "rate"])
def test_the_rounding_of_a_count_is_less_of_a_larger_area(family: str) -> None:
    """Five of fifty is ten per cent, and of two hundred two and a half; of a mean it is itself."""
    assert of_family(family).rounding().tolist() == [10.0, 2.5]
    assert of_family("mean").rounding().tolist() == [5.0, 5.0]


def test_the_smallest_figure_is_none_of_a_count_and_what_is_said_of_a_mean() -> None:
    """A score may lie below zero, and then zero is no nothing that rounding made."""
    floors = [of_family(family, least=-9.0).floor for family in ("share", "rate", "mean")]
    assert (floors, of_family("mean").floor) == ([0.0, 0.0, -9.0], -np.inf)


def test_what_chance_takes_more_of_the_square_differs_less_between_areas() -> None:
    """Draws of both belong together; the twin: where chance takes no share they do not."""
    found = shrink.Moments(
        mean=0.0, error=0.0, square=1000.0, taken=400.0, per=100.0, freedom=2000.0, within=40.0,
        within_error=8.0, share=10.0,
    )  # fmt: skip
    tied = [np.corrcoef(m.draws()[1:])[0, 1] for m in (found, replace(found, share=0.0))]
    assert tied[0] < -0.8
    assert abs(tied[1]) < 0.1


@pytest.mark.parametrize("square", [110.0, 95.0])
def test_every_draw_leaves_areas_some_difference_also_where_chance_explains_nearly_all(
    square: float,
) -> None:
    """Chi-square is drawn only as large as that; else many draws would be of equal areas."""
    found = shrink.Moments(mean=0.0, error=0.0, square=square, taken=100.0, per=1.0, freedom=50.0)
    _, between, _ = found.draws()
    assert between.min() > 1e-6
    assert np.unique(between).size == shrink.DRAWS


def test_rounding_is_no_chance_that_small_areas_have_more_of() -> None:
    """Squares that rounding explains leave no slope; the twin: without it they are all slope."""
    inverse, weight = np.array([0.1, 0.2, 0.5]), np.ones(3)
    squares = 10.0 * inverse
    slopes = [shrink._sloped(squares, inverse, weight, error)[0] for error in (squares, 0.0)]
    assert slopes == pytest.approx([0.0, 10.0])


def test_the_mean_that_areas_make_themselves_is_taken_off_what_they_differ() -> None:
    """Of two equal areas each is half of their mean; of a large one the mean is nearly its own."""
    for size, per in (((100.0, 100.0), 100.0), ((900.0, 100.0), 180.0)):
        assert shrink.shares(np.array([30.0, 10.0]), np.array(size)).per == pytest.approx(per)
