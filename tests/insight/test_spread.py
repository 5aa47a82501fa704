# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Differences between areas: a worked example, identities, and an interval that covers."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.insight.made import Made, country
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.insight import spread
from wijkeconomie.insight.results import Interval


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


def test_two_areas_by_hand() -> None:
    """1 and 3 for as many people: mean 2, T = (½·½ ln ½ + ½·1½ ln 1½) = 0.1308."""
    found = spread.theil(column(1, 3), column(10, 10))
    assert found.total[0] == pytest.approx(0.25 * math.log(0.5) + 0.75 * math.log(1.5))
    assert found.total[0] == pytest.approx(0.130812, abs=1e-6)


def test_one_person_has_everything() -> None:
    """Theil's own bound: ln N when one of N has all; and no area at zero breaks it."""
    assert spread.theil(column(0, 0, 0, 12), column(1, 1, 1, 1)).total[0] == pytest.approx(
        math.log(4)
    )


def test_within_is_nothing_when_groups_are_even_inside() -> None:
    """inequality#15: zeros within a group made PySAL's within part negative."""
    found = spread.theil(
        column(0, 0, 0, 10, 10, 10), column(*[1] * 6), np.array([0, 0, 0, 1, 1, 1])
    )
    assert found.between[:, 0].tolist() == pytest.approx([math.log(2), 0.0])


def test_weights_count_people() -> None:
    """An area of three people is three areas of one."""
    weighted = spread.theil(column(1, 5), column(3, 1)).total
    repeated = spread.theil(column(1, 1, 1, 5), column(1, 1, 1, 1)).total
    assert weighted[0] == pytest.approx(repeated[0], rel=1e-14)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 60), st.floats(0.1, 50))
def test_parts_and_groups_sum_to_the_whole_and_units_do_not_matter(
    seed: int, size: int, unit: float
) -> None:
    rng = np.random.default_rng(seed)
    values = np.exp(rng.normal(size=(size, 3)))
    values[rng.random(values.shape) < 0.1] = np.nan
    weights = rng.uniform(1, 100, (size, 3))
    outer = np.sort(rng.integers(0, 4, size))
    inner = np.sort(outer * 5 + rng.integers(0, 5, size))
    found = spread.theil(values, weights, outer, inner)
    np.testing.assert_allclose(found.between.sum(0), found.total, atol=1e-12)
    np.testing.assert_allclose(found.groups.sum(0), found.total, atol=1e-12)
    known = np.isfinite(found.total)
    assert (found.between[:, known] > -1e-12).all()
    again = spread.theil(unit * values, 7 * weights, outer, inner)
    np.testing.assert_allclose(again.between, found.between, atol=1e-12)


def test_an_unknown_figure_does_not_take_part() -> None:
    known = spread.theil(column(1, 3), column(10, 10)).total
    assert spread.theil(column(1, np.nan, 3), column(10, 99, 10)).total[0] == known[0]
    assert spread.theil(column(1, 8, 3), column(10, np.nan, 10)).total[0] == known[0]


def test_percentile_gap_by_hand() -> None:
    """Ten areas of one inhabitant: the 9th minus the 1st; one heavy area is both."""
    values = np.arange(1.0, 11.0)
    assert spread.percentile_gap(values, np.ones(10))[0] == 8.0
    heavy = np.ones(10)
    heavy[4] = 1000.0
    assert spread.percentile_gap(values, heavy)[0] == 0.0


@pytest.mark.parametrize("weight", [0.1, 0.3, 0.7, 1 / 3, 1.3])
def test_the_percentile_gap_does_not_depend_on_the_unit_of_the_weights(weight: float) -> None:
    """Ten areas of the same weight, whatever it is."""
    assert spread.percentile_gap(np.arange(1.0, 11.0), np.full(10, weight))[0] == 8.0


def test_without_a_tolerance_a_tenth_of_ten_areas_is_more_than_the_first() -> None:
    """The twin: ten times 0.7 adds up to more than 7."""
    below = np.cumsum(np.full(10, 0.7))
    assert (below >= 0.1 * below[-1]).argmax() == 1


def test_quartiles_by_hand() -> None:
    """Of 1 to 5 the second, third and fourth; of four figures in between; of one that one."""
    assert spread.quartiles([5.0, 1.0, 4.0, 2.0, 3.0]) == (2.0, 3.0, 4.0)
    assert spread.quartiles([1.0, 2.0, 3.0, 4.0]) == (1.75, 2.5, 3.25)
    assert spread.quartiles([7.0, math.nan]) == (7.0, 7.0, 7.0)


def test_quartiles_of_nothing_are_unknown_and_not_zero() -> None:
    assert all(math.isnan(q) for q in spread.quartiles([math.nan]))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_quartiles_equal_numpys(values: list[float]) -> None:
    expected = np.quantile(values, (0.25, 0.5, 0.75))
    np.testing.assert_allclose(spread.quartiles(values), expected, rtol=1e-12, atol=1e-9)


SIZES = (5, 12, 40)  # areas


@pytest.mark.simulation
@pytest.mark.parametrize("count", SIZES)
def test_the_interval_of_theil_covers_of_few_areas_too(count: int) -> None:
    """Theil of a lognormal is half its variance; 400 worlds.  The twin, by drawn areas and their
    middle 90 %, held 47 to 80 of a hundred."""
    rng, inside, twin = np.random.default_rng(1), [], []
    draws = spread._areas_drawn(count)
    for _ in range(400):
        values, people = np.exp(rng.normal(0, 0.3, count)), np.exp(rng.normal(7, 0.5, count))
        interval = spread._theil(values, people).interval()
        inside.append(interval.low <= 0.045 <= interval.high)
        drawn = spread.theil(np.tile(values[:, None], 500), (draws * people).T).total
        low, high = np.quantile(drawn, (0.05, 0.95))
        twin.append(low <= 0.045 <= high)
    assert 0.8 <= np.mean(inside) <= 0.96
    assert np.mean(twin) < np.mean(inside) - 0.04


STATED = "82–90 times in 100"  # in the code and in the explanation


@pytest.mark.simulation
@pytest.mark.parametrize("deviation", [0.3, 0.6])
@pytest.mark.parametrize("count", [4, *SIZES])
def test_the_interval_of_theil_holds_the_truth_as_often_as_is_written(
    count: int, deviation: float
) -> None:
    """Not the 88–92 of the interval of one figure (see test_score); 4,000 worlds, ±1."""
    rng, held, truth = np.random.default_rng(11), 0, deviation**2 / 2
    for _ in range(4000):
        values, people = np.exp(rng.normal(0, deviation, count)), np.exp(rng.normal(7, 0.5, count))
        interval = spread._theil(values, people).interval()
        held += interval.low <= truth <= interval.high
    low, high = map(int, STATED.partition(" ")[0].split("–"))
    assert low <= round(100 * held / 4000) <= high


def test_the_explanation_says_of_the_interval_of_theil_what_the_code_says() -> None:
    docs = Path(__file__).parents[2] / "docs/explanation/uncertainty.md"
    told = (spread._theils.__doc__ or "", docs.read_text("utf-8"))
    assert [STATED in " ".join(text.split()) for text in told] == [True, True]


@pytest.mark.simulation
@pytest.mark.parametrize("count", SIZES)
def test_worlds_that_did_not_change_seldom_seem_to(count: int) -> None:
    """In both measures about one in ten, whatever happened to each area; 300 worlds."""
    rng, seem = np.random.default_rng(2), []
    draws = spread._areas_drawn(count)
    for _ in range(300):
        first = rng.normal(0, 1, count)
        last, people = 0.8 * first + 0.6 * rng.normal(0, 1, count), rng.uniform(500, 3000, count)
        pairs = (
            [spread._theil(np.exp(0.3 * z), people) for z in (first, last)],
            [spread._gap(10 + 2 * z, people, draws) for z in (first, last)],
        )
        seem.append([not (r.low <= 1 <= r.high) for r in (spread._ratio(*p) for p in pairs)])
    assert (np.mean(seem, axis=0) < 0.145).all()


@given(st.integers(0, 2**32 - 1), st.integers(3, 12))
def test_without_each_is_theil_of_the_others(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    values, weights = rng.uniform(0, 9, (size, 2)), rng.uniform(1, 9, (size, 2))
    values[0, 0] = np.nan
    found = spread.without_each(values, weights)
    for one in range(size):
        others = spread.theil(np.delete(values, one, 0), np.delete(weights, one, 0)).total
        np.testing.assert_allclose(found[one], others, atol=1e-12)


def test_the_margin_of_the_jackknife_and_of_drawn_areas_by_hand() -> None:
    """Variance (n - 1) / n Σ (θ_i - mean)² of who took part, and t of three degrees of freedom; of
    drawn areas the variance, here ¼, times (n + 1) / (n - 1)."""
    t = 2.353363
    took = np.array([True, True, True, True, False])
    logs = np.array([0.0, 0.0, 1.0, 2.0, 99.0])
    spread_out = ((logs[:4] - 0.75) ** 2).sum()
    assert spread._margin(logs, 4, took) == pytest.approx(t * math.sqrt(0.75 * spread_out))
    drawn = np.array([1.0, 1.0, 2.0, 2.0])
    assert spread._margin(drawn, 4, None) == pytest.approx(t * math.sqrt(0.25 * 5 / 3))


def test_the_change_of_drawn_areas_by_hand() -> None:
    """Twice the differences; the logarithms of after less before are 0, 0, 1, 1: variance ¼, of
    four areas times 5/3, and t of three degrees of freedom."""
    before = spread._Measured(1.0, np.exp([0.0, 1.0, 0.0, 1.0]), 4, most=100.0)
    after = spread._Measured(2.0, np.exp([0.0, 1.0, 1.0, 2.0]), 4, most=100.0)
    margin = 2.353363 * math.sqrt(0.25 * 5 / 3)
    found = spread._ratio(before, after)
    assert (found.low, found.high) == pytest.approx((2 * math.exp(-margin), 2 * math.exp(margin)))


def test_no_differences_have_no_interval_and_never_shrink() -> None:
    same = spread._theil(np.full(4, 2.0), np.ones(4))
    assert (same.value, same.interval()) == (0.0, Interval(low=0.0, high=0.0))
    some = spread._theil(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4))
    assert spread._ratio(same, some) == spread._ratio(some, same)
    assert spread._ratio(some, same).high == math.inf


@pytest.mark.parametrize("after", [(0.5, 0.5, 0.8), (0.5, 0.5, 1.3)])
def test_where_one_area_alone_differs_nothing_is_said_to_change(
    after: tuple[float, ...],
) -> None:
    """Without it there are no differences: how sure the rest is, the others do not tell.  The
    twin, of a fourth area that differs a little, tells."""
    people = np.ones(3)
    one, other = (spread._theil(np.array(v), people) for v in ((0.5, 0.5, 0.9), after))
    assert (one.known, spread._ratio(one, other)) == (False, Interval(low=0.0, high=math.inf))
    tied = [
        spread._gap(np.array(v), people, spread._areas_drawn(3)) for v in ((1, 1, 2), (1, 1, 3))
    ]
    assert spread._ratio(*tied).high == math.inf
    assert spread._theil(np.array([0.5, 0.51, 0.52, 0.9]), np.ones(4)).known


def test_an_area_without_a_figure_changes_no_interval() -> None:
    values, people = np.array([1.0, 2.0, 4.0]), np.array([5.0, 6.0, 7.0])
    more, longer = np.append(values, [np.nan] * 17), np.append(people, [1.0] * 17)
    assert spread._theil(more, longer).interval() == spread._theil(values, people).interval()


def test_an_interval_ends_where_one_area_has_all() -> None:
    """Three areas of which one differs: without it nothing does, so the margin says nothing."""
    lonely = spread._theil(np.array([2.0, 2.0, 3.0]), np.ones(3)).interval()
    assert lonely.high == math.log(3)
    assert lonely.low < 1e-9
    shares = spread._gap(np.array([1.0, 50.0, 99.0]), np.ones(3), spread._areas_drawn(3))
    assert shares.interval().high == 100.0


def test_spread_of_a_release_is_split_over_its_levels() -> None:
    release = country()
    found = spread.spread(release, "social_assistance", "buurt")
    assert [p.year for p in found.points] == list(release.years)
    for point in found.points:
        assert [name for name, _ in point.parts] == ["gemeente", "wijk", "buurt"]
        assert sum(v for _, v in point.parts) == pytest.approx(point.theil)
        assert sum(v for _, v in point.groups) == pytest.approx(point.theil)
        assert len(point.groups) == 12
        assert point.interval.low < point.theil < point.interval.high
        assert point.gap is not None
        assert point.gap_interval is not None
        assert point.gap_interval.low <= point.gap <= point.gap_interval.high


def test_spread_within_a_gemeente_names_its_own_areas() -> None:
    found = spread.spread(country(), "social_assistance", "buurt", "GM0003")
    assert [name for name, _ in found.points[0].parts] == ["wijk", "buurt"]
    assert found.points[0].areas == 20
    assert [code for code, _ in found.points[0].groups] == ["WK000300"]


def test_spread_of_a_release_weighs_areas_by_whom_the_figure_is_about() -> None:
    """Disability benefit by people of 15 to 64; by inhabitants or by area the twin differs."""
    release = country()
    rng = np.random.default_rng(4)
    codes = release.codes["buurt"]
    shape = (len(release.years), len(codes))
    values = rng.uniform(2, 12, shape)
    release.figures["buurt", "disability_benefit"] = values
    workers = np.exp(rng.normal(6, 1, shape))
    release.figures["buurt", "population_15_64"] = workers
    people = release.figures["buurt", "population"]
    points = spread.spread(release, "disability_benefit", "buurt").points
    for year, point in enumerate(points):
        here = values[year][:, None]
        by = [spread.theil(here, w[:, None]).total[0] for w in (workers[year], people[year])]
        assert point.theil == pytest.approx(by[0])
        assert point.theil != pytest.approx(by[1], rel=1e-5)
        assert point.gap == spread.percentile_gap(values[year], workers[year])[0]


@pytest.mark.simulation
@pytest.mark.parametrize("count", [*SIZES, 150])
def test_the_interval_of_the_gap_covers_the_truth(count: int) -> None:
    """P90 − P10 of a normal is 2.563 standard deviations; 300 worlds.  The twin, the middle 90 % of
    the draws, held 55 of a hundred of five areas and 80 of twelve."""
    rng, held, twin = np.random.default_rng(5), [], []
    draws = spread._areas_drawn(count)
    for _ in range(300):
        values, people = rng.normal(10, 2, count), np.exp(rng.normal(7, 0.5, count))
        gap = spread._gap(values, people, draws)
        held.append(gap.interval().low <= 2 * 2.5631 <= gap.interval().high)
        low, high = np.quantile(gap.others, (0.05, 0.95))
        twin.append(low <= 2 * 2.5631 <= high)
    assert 0.85 <= np.mean(held) <= 0.99
    assert count > 20 or np.mean(twin) < np.mean(held) - 0.05


def test_areas_drawn_some_at_a_time_are_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the gaps of the whole country take 55 MB and not 170."""
    rng = np.random.default_rng(6)
    values, people, draws = rng.normal(10, 2, 40), rng.uniform(1, 9, 40), spread._areas_drawn(40)
    whole = spread._gap(values, people, draws).others
    monkeypatch.setattr(spread, "_AT_ONCE", 999)
    assert (spread._gap(values, people, draws).others == whole).all()
    assert whole.shape == (len(draws),)


def test_drawn_areas_keep_their_people() -> None:
    """Nearly everyone lives in one area, so there is no gap in any draw; the twin, of areas that
    weigh the same, has one in most."""
    values, people = np.arange(1.0, 11.0), np.ones(10)
    people[4] = 1e6
    draws = spread._areas_drawn(10)
    assert (spread._gap(values, people, draws).others == 0.0).mean() > 0.95
    assert (spread._gap(values, np.ones(10), draws).others > 3.0).mean() > 0.9
    assert spread._gap(values, people, draws).interval().low == 0.0


def test_years_with_fewer_than_three_figures_are_left_out() -> None:
    release = country()
    release.figures["buurt", "social_assistance"][0] = np.nan
    release.figures["buurt", "social_assistance"][0, :2] = 5.0, 6.0
    found = spread.spread(release, "social_assistance", "buurt")
    assert [p.year for p in found.points] == list(release.years[1:])


@pytest.mark.parametrize(("known", "told"), [(2, False), (3, True)])
def test_three_figures_are_the_fewest_of_which_a_spread_is_told(known: int, *, told: bool) -> None:
    release = country(gemeenten=1, buurten=known)
    release.figures["buurt", "social_assistance"][:] = np.arange(5.0, 5.0 + known)
    found = spread.spread(release, "social_assistance", "buurt")
    assert bool(found.points) is told


def test_a_rate_that_is_no_percentage_has_no_percentile_gap() -> None:
    found = spread.spread(country(), "supermarket_distance", "buurt")
    assert {p.gap for p in found.points} == {None}


def test_an_unknown_indicator_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        spread.spread(country(), "happiness", "buurt")
    assert caught.value.notice.code == "unknown_indicator"


def test_a_score_around_zero_has_no_theil() -> None:
    """Half of the sum of −1 and 1 means nothing; where all are positive the twin has a number."""
    release = country()
    shape = release.figures["buurt", "social_assistance"].shape
    release.figures["buurt", "ses_score"] = np.ones(shape)
    release.figures["buurt", "social_cohesion"] = np.ones(shape)
    assert spread.spread(release, "ses_score", "buurt").points == ()
    assert len(spread.spread(release, "social_cohesion", "buurt").points) == len(release.years)


def test_what_depends_on_the_size_of_an_area_has_no_theil_index() -> None:
    """The twin: a figure that is an average of its parts has one."""
    release = country()
    for indicator in ("sector_diversity", "supermarket_distance"):
        release.figures["buurt", indicator] = np.ones(
            (len(release.years), len(release.areas("buurt")))
        )
    assert spread.spread(release, "sector_diversity", "buurt").points == ()
    assert spread.spread(release, "supermarket_distance", "buurt").points != ()


def test_how_large_or_urban_areas_are_is_no_inequality() -> None:
    """Of the number of inhabitants "the differences became smaller" was said."""
    release = country()
    for indicator in ("population", "urbanity", "address_density"):
        release.figures["buurt", indicator] = np.ones((8, len(release.areas("buurt"))))
    assert spread.spread(release, "population", "buurt").points == ()
    assert spread.spread(release, "urbanity", "buurt").points == ()
    assert spread.spread(release, "address_density", "buurt").points != ()


@pytest.mark.parametrize("indicator", ["social_assistance", "age_65_plus_share"])
def test_the_figure_of_a_larger_area_of_before_takes_no_part(indicator: str) -> None:
    """Parts of one old wijk all have its figure, so differences of then would seem too small."""
    made = country(gemeenten=4)
    made.figures["buurt", indicator] = made.figures["buurt", "social_assistance"].copy()
    status = np.full((8, 80), Status.OK)
    status[0, :30] = Status.APPORTIONED
    made.present["buurt", indicator] = status
    points = {p.year: p.areas for p in spread.spread(made, indicator, "buurt").points}
    assert (points[2017], points[2018]) == (50, 80)


def test_a_year_of_few_of_the_areas_does_not_stand_beside_one_of_all() -> None:
    """Only the buurten of one gemeente in 2018: differences in the country are not those there."""
    made = country(gemeenten=4)
    figures = made.figures["buurt", "supermarket_distance"]
    figures[1, 39:] = np.nan  # fewer than half of eighty
    figures[2, 40:] = np.nan
    points = {p.year: p for p in spread.spread(made, "supermarket_distance", "buurt").points}
    assert (2018 in points, points[2019].areas, points[2020].areas) == (False, 40, 80)
    assert [code for code, _ in points[2019].groups] == ["GM0001", "GM0002"]


def shrinking(by: float) -> Made:
    """Buurten whose share differs, and in the last year by *by* of that."""
    made = country()
    first = made.figures["buurt", "social_assistance"][0]
    middle = first.mean()
    for year in range(8):
        moved = middle + (first - middle) * (1.0 if year < 7 else by)
        made.figures["buurt", "social_assistance"][year] = np.maximum(moved, 0.0)
    return made


@pytest.mark.parametrize(("by", "said"), [(0.8, "smaller"), (1.25, "larger"), (1.0, "unclear")])
def test_a_change_is_judged_on_the_same_areas_in_both_years(by: float, said: str) -> None:
    """The twin: the intervals of the two years overlap, so apart they would tell nothing."""
    made = shrinking(by)
    found = spread.change(made, "social_assistance", "buurt", "NL00", (2017, 2024))
    assert (found.direction, found.measure) == (said, "gap")
    points = {p.year: p for p in spread.spread(made, "social_assistance", "buurt").points}
    then, now = points[2017].gap_interval, points[2024].gap_interval
    assert then
    assert now
    assert then.low < now.high
    assert now.low < then.high
    assert points[2017].gap is not None
    assert points[2024].gap is not None
    assert (found.before, found.after) == (points[2017].gap, points[2024].gap)
    assert found.areas == found.of == points[2017].areas
    assert found.ratio.low <= points[2024].gap / points[2017].gap <= found.ratio.high


def test_what_is_no_percentage_is_judged_by_its_theil() -> None:
    made = country()
    distances = made.figures["buurt", "supermarket_distance"]
    distances[7] = distances[0].mean() + 0.7 * (distances[0] - distances[0].mean())
    found = spread.change(made, "supermarket_distance", "buurt", "NL00", (2017, 2024))
    assert (found.measure, found.direction) == ("theil", "smaller")


def late(figures: str) -> Made:
    """Twelve buurten in which nothing changed; of the two highest there is no figure in 2017."""
    made = country(gemeenten=1, buurten=12)
    made.figures["buurt", figures][:] = [*np.linspace(3, 5, 10), 14, 15]
    made.figures["buurt", figures][0, 10:] = np.nan
    return made


@pytest.mark.parametrize("indicator", ["social_assistance", "supermarket_distance"])
def test_areas_without_a_figure_in_one_of_the_years_do_not_make_a_change(indicator: str) -> None:
    """The twin: the two years, each of all its areas, differ much."""
    made = late(indicator)
    found = spread.change(made, indicator, "buurt", "NL00", (2017, 2024))
    assert (found.direction, found.areas, found.of) == ("unclear", 10, 12)
    assert found.before == found.after
    then, *_, now = spread.spread(made, indicator, "buurt").points
    assert now.theil > 5 * then.theil
    assert (then.areas, now.areas) == (10, 12)


def test_areas_without_weight_in_one_of_the_years_are_not_compared() -> None:
    made = late("social_assistance")
    made.figures["buurt", "social_assistance"][0, 10:] = 14, 15
    made.figures["buurt", "population"][0, 10:] = 0.0
    found = spread.change(made, "social_assistance", "buurt", "NL00", (2017, 2024))
    assert (found.before, found.areas, found.of) == (found.after, 10, 12)


@pytest.mark.parametrize(("shared", "known"), [(2, False), (3, True)])
def test_two_years_that_share_fewer_than_three_areas_are_not_compared(
    shared: int, *, known: bool
) -> None:
    made = country(gemeenten=1, buurten=10)
    made.figures["buurt", "social_assistance"][0, :5] = np.nan
    made.figures["buurt", "social_assistance"][7, 5 + shared :] = np.nan
    found = spread.change(made, "social_assistance", "buurt", "NL00", (2017, 2024))
    assert (found.areas, math.isfinite(found.before), math.isfinite(found.after)) == (
        shared, known, known,
    )  # fmt: skip
    assert known or (found.direction, found.ratio) == ("unclear", Interval(low=0.0, high=math.inf))


@pytest.mark.simulation
@pytest.mark.parametrize("factor", [1.0, 0.7])
def test_the_change_is_covered_where_one_area_has_most_of_the_people(factor: float) -> None:
    """Twelve areas, one with 60 % of the people; 400 worlds, of which nothing or a third went.  A
    number of areas that counts unequal weights (Kish) is not needed: it would only widen."""
    rng, inside = np.random.default_rng(3), []
    draws = spread._areas_drawn(12)
    for _ in range(400):
        people, first = np.exp(rng.normal(7, 0.5, 12)), rng.normal(0, 1, 12)
        people[0] = 1.5 * people[1:].sum()
        last = factor * (0.8 * first + 0.6 * rng.normal(0, 1, 12))
        theil = spread._ratio(*(spread._theil(np.exp(0.3 * z), people) for z in (first, last)))
        gap = spread._ratio(*(spread._gap(10 + 2 * z, people, draws) for z in (first, last)))
        inside.append((theil.low <= factor**2 <= theil.high, gap.low <= factor <= gap.high))
    assert (np.mean(inside, axis=0) > 0.85).all()


@pytest.mark.parametrize(
    ("level", "within"), [("wijk", "WK000301"), ("gemeente", "GM0003"), ("land", None), ("x", None)]
)
def test_a_level_that_lies_not_inside_is_refused_in_words(level: str, within: str | None) -> None:
    with pytest.raises(WrongUse) as refused:
        spread.spread(country(), "social_assistance", level, within)
    assert refused.value.notice.code == "no_areas_of_level"


def test_a_change_since_a_year_that_was_not_loaded_is_refused_in_words() -> None:
    with pytest.raises(WrongUse) as refused:
        spread.change(country(), "social_assistance", "buurt", "GM0003", (2017, 2031))
    assert refused.value.notice.code == "year_not_loaded"
