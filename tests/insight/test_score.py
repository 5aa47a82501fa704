# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Scores: intervals that cover what they promise, peers' medians, the same answer every time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, binom, gamma
from scipy.stats.mstats import hdquantiles

from wijkeconomie.insight import score, shrink
from wijkeconomie.insight.peers import K

AREAS = 4000
ROWS = np.arange(AREAS)
CODES = [f"BU{n:08d}" for n in ROWS]
NOBODY = np.full((AREAS, K), -1)
NO_SETS = np.full((AREAS, score.SETS, K), -1)


def belief(family: str, count: np.ndarray, size: np.ndarray, **changes: object) -> shrink.Posterior:
    empty = np.zeros(len(count))
    made = shrink.Posterior(
        family=family, scale=1.0, count=count, size=size, half=empty, random=False,
        first=empty, second=empty, noise=empty,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def scored(about: shrink.Posterior, **changes: object) -> score.Scores:
    given = {
        "published": about.count / about.size, "peers": NOBODY, "sets": NO_SETS, "rows": ROWS,
        "stream": score.streams(CODES, "x"), "country": None, **changes,
    }  # fmt: skip
    return score.score(about, **given)  # type: ignore[arg-type]


def held(about: shrink.Posterior, truth: np.ndarray) -> np.ndarray:
    """Whether the interval of each area holds its truth."""
    areas = len(truth)
    found = scored(
        about, rows=np.arange(areas), peers=np.full((areas, K), -1),
        stream=score.streams([f"BU{n:08d}" for n in range(areas)], "x"),
        sets=np.full((areas, score.SETS, K), -1),
    )  # fmt: skip
    inside: np.ndarray = (found.low <= truth) & (truth <= found.high)
    return inside


def covered(about: shrink.Posterior, truth: np.ndarray) -> float:
    return float(np.mean(held(about, truth)))


def random_round(rng: np.random.Generator, count: np.ndarray, step: int = 5) -> np.ndarray:
    """CBS: up or down to a multiple of five, by chance, right on average."""
    rest = count % step
    return count - rest + step * (rng.random(len(count)) < rest / step)


def shares(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    size = np.maximum(50, np.round(np.exp(rng.normal(5.5, 0.9, AREAS))))
    truth = rng.beta(6, 94, AREAS)
    count = random_round(rng, rng.binomial(size.astype(int), truth)).astype(float)
    return truth, size, count


def share_belief(size: np.ndarray, count: np.ndarray) -> shrink.Posterior:
    half = np.full(AREAS, 5.0)
    (a, b, _), _ = shrink.prior("share", count, size, half**2 / 6)
    return belief(
        "share", count, size, half=half, random=True,
        first=np.full(AREAS, a), second=np.full(AREAS, b),
    )  # fmt: skip


@pytest.mark.simulation
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_interval_of_a_rounded_share_covers_90_per_cent(seed: int) -> None:
    truth, size, count = shares(seed)
    assert 0.88 <= covered(share_belief(size, count), truth) <= 0.92


@pytest.mark.simulation
def test_without_shrinkage_the_areas_at_the_top_of_the_list_are_there_by_chance() -> None:
    """The twin: the same draws without borrowed strength.

    Whoever reads a ranking reads its top. There the interval must hold too: with shrinkage it
    does, without it most of the top's intervals miss the truth, because chance put them there.
    """
    truth, size, count = shares(1)
    about = share_belief(size, count)
    alone = replace(about, first=np.full(AREAS, 1e-3), second=np.full(AREAS, 1e-3))
    ours, theirs = scored(about), scored(alone)
    inside = []
    for found in (ours, theirs):
        top = np.argsort(-found.estimate)[:100]
        inside.append(np.mean((found.low <= truth)[top] & (truth <= found.high)[top]))
    assert inside[0] >= 0.85
    assert inside[1] < 0.70
    assert ((ours.estimate - truth) ** 2).mean() < 0.7 * ((theirs.estimate - truth) ** 2).mean()


@pytest.mark.simulation
def test_without_rounding_it_promises_too_much() -> None:
    """The twin: draws that believe the published fives to the digit, with a prior to match."""
    truth, size, count = shares(1)
    about = share_belief(size, count)
    (a, b, _), _ = shrink.prior("share", count, size)
    naive = replace(
        about, half=np.zeros(AREAS), first=about.first * 0 + a, second=about.first * 0 + b
    )
    assert covered(naive, truth) < covered(about, truth) - 0.02


@pytest.mark.simulation
@pytest.mark.parametrize("seed", [1, 2])
def test_interval_of_a_rate_per_head_covers_90_per_cent(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = np.maximum(50, np.round(np.exp(rng.normal(5.5, 0.9, AREAS))))
    truth = rng.gamma(4.0, 0.02, AREAS)
    count = random_round(rng, rng.poisson(size * truth)).astype(float)
    half = np.full(AREAS, 5.0)
    (shape, rate, _), _ = shrink.prior("rate", count, size, half**2 / 6)
    about = belief(
        "rate", count, size, half=half, random=True,
        first=np.full(AREAS, shape), second=np.full(AREAS, rate),
    )  # fmt: skip
    assert 0.88 <= covered(about, truth) <= 0.92


@pytest.mark.simulation
def test_interval_of_a_published_percentage_covers_90_per_cent() -> None:
    rng = np.random.default_rng(3)
    size = np.maximum(100, np.round(np.exp(rng.normal(6, 0.8, AREAS))))
    truth = rng.beta(30, 20, AREAS)
    share = np.round(rng.binomial(size.astype(int), truth) / size, 2)
    half = 0.005 * size
    (a, b, _), _ = shrink.prior("share", share * size, size, half**2 / 3)
    about = belief(
        "share", share * size, size, half=half,
        first=np.full(AREAS, a), second=np.full(AREAS, b),
    )  # fmt: skip
    assert 0.88 <= covered(about, truth) <= 0.92


@pytest.mark.simulation
def test_interval_of_a_mean_of_persons_covers_90_per_cent() -> None:
    rng = np.random.default_rng(4)
    size = np.maximum(100, np.round(np.exp(rng.normal(6, 0.8, AREAS))))
    truth = 30 + rng.normal(0, 3, AREAS)
    value = np.round(truth + rng.normal(0, 1, AREAS) * 25 / np.sqrt(size), 1)
    about = shrink.believe(
        "mean", value, size, np.ones(AREAS), usable=ROWS >= 0, half=np.full(AREAS, 0.05),
        one=25.0,
    )  # fmt: skip
    assert 0.88 <= covered(about, truth) <= 0.92


def national(family: str, seed: int) -> tuple[np.ndarray, shrink.Posterior, shrink.Posterior]:
    """The truth of areas of 200 to 15,000 in five classes, skewed as incomes and benefits are; what
    we believe of them; and what we would without knowing how one person differs."""
    rng = np.random.default_rng(seed)
    size = np.clip(np.round(np.exp(rng.normal(7.0, 1.0, AREAS))), 200, 15_000)
    classes = rng.integers(1, 6, AREAS).astype(float)
    skewed = rng.gamma(16.0, 1 / 16.0, AREAS) * (1.3 - 0.1 * classes)
    truth = (30.0 if family == "mean" else 0.05) * skewed
    if family == "mean":
        count = np.round(truth + rng.normal(0, 1, AREAS) * 25 / np.sqrt(size), 1)
    elif family == "share":
        count = random_round(rng, rng.binomial(size.astype(int), truth)).astype(float)
    else:
        count = random_round(rng, rng.poisson(size * truth)).astype(float)

    def believed(one: float) -> shrink.Posterior:
        return shrink.believe(
            family, count, size, classes, usable=size > 0, random=family != "mean",
            half=np.full(AREAS, 0.05 if family == "mean" else 5.0), one=one,
        )  # fmt: skip

    return truth, believed(25.0), believed(0.0)


def by_tail(about: shrink.Posterior, truth: np.ndarray) -> tuple[float, float, float]:
    """Coverage of all, of the lowest and of the highest tenth of the truth."""
    inside = held(about, truth)
    low, high = np.quantile(truth, (0.1, 0.9))
    return inside.mean(), inside[truth <= low].mean(), inside[truth >= high].mean()


@pytest.mark.simulation
@pytest.mark.parametrize("family", ["share", "rate", "mean"])
def test_intervals_cover_the_lowest_and_the_highest_tenth_too(family: str) -> None:
    found = [by_tail(about, truth) for truth, about, _ in (national(family, s) for s in range(3))]
    every, low, high = np.mean(found, 0)
    assert 0.88 <= every <= 0.92
    assert min(low, high) >= 0.86


@pytest.mark.simulation
def test_without_what_is_known_of_one_person_intervals_of_means_are_far_too_wide() -> None:
    """The twin: in a national table the sizes of areas do not tell how persons differ."""
    truth, about, alone = national("mean", 0)
    assert by_tail(alone, truth)[0] > 0.97
    widths = [np.mean(found.high - found.low) for found in (scored(about), scored(alone))]
    assert widths[1] > 1.5 * widths[0]


@pytest.mark.simulation
@pytest.mark.parametrize("family", ["share", "rate"])
def test_with_a_prior_as_narrow_as_its_moments_the_ends_are_covered_less(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: nine in ten overall, at the expense of the worst and the best tenth."""
    monkeypatch.setattr(shrink._Counted, "wider", 1.0)
    found = [by_tail(about, truth) for truth, about, _ in (national(family, s) for s in range(3))]
    every, low, high = np.mean(found, 0)
    assert every >= 0.88
    assert min(low, high) < 0.86


def rare(areas: int, seed: int, *, tens: bool) -> tuple[float, float, float]:
    """Half a percent of areas of several hundred people (median 665), so that most counts are
    rounded to nothing, to tens or at random to fives: coverage of all and of both ends."""
    rng = np.random.default_rng((20261129, areas, seed))
    size = np.round(np.clip(np.exp(rng.normal(6.5, 1.0, areas)), 60, 20_000) / 5) * 5
    truth = rng.beta(2, 400, areas)
    count = rng.binomial(size.astype(int), truth).astype(float)
    rounded = np.round(count / 10) * 10 if tens else random_round(rng, count)
    about = shrink.believe(
        "share", np.minimum(rounded, size), size, np.zeros(areas), usable=size > 0,
        half=np.full(areas, 5.0), random=not tens,
    )  # fmt: skip
    return by_tail(about, truth)


@pytest.mark.simulation
@pytest.mark.parametrize("tens", [True, False])
@pytest.mark.parametrize("areas", [60, 110, 400])
def test_intervals_of_a_rare_share_that_is_mostly_rounded_to_nothing_cover_90_per_cent(
    areas: int, *, tens: bool
) -> None:
    """Of the highest tenth fewer: where nearly all areas print nothing, one that is high cannot
    stand out (docs/explanation/uncertainty.md)."""
    found = np.array([rare(areas, seed, tens=tens) for seed in range(12_000 // areas)])
    every, low, high = found.mean(0)
    assert 0.88 <= every <= 0.94
    assert min(low, high) >= 0.74


@pytest.mark.simulation
@pytest.mark.parametrize("areas", [110, 400])
def test_without_the_thirty_largest_nothing_pulls_everyone_to_nothing(
    areas: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: where fewer than thirty areas tell something, all of them did."""

    def all_where_few(
        count: np.ndarray, size: np.ndarray, usable: np.ndarray, step: np.ndarray
    ) -> np.ndarray:
        telling: np.ndarray = usable & (size * count.sum() / size.sum() >= 2.0 * step)
        return telling if telling.sum() >= shrink.FEWEST_AREAS else usable

    monkeypatch.setattr(shrink, "_telling", all_where_few)
    every, low, _ = np.mean([rare(areas, seed, tens=True) for seed in range(8000 // areas)], 0)
    assert every < 0.86
    assert low < 0.75


FAMILIES = ("share", "rate", "mean")
SPREADS = (0.0, 0.03, 0.1, 0.2, 0.4)  # standard deviation between areas, of their mean


def alike(
    rng: np.random.Generator, family: str, spread: float, areas: int
) -> tuple[np.ndarray, shrink.Posterior]:
    """The truth of areas that differ by *spread* of their mean, and what we believe of them."""
    size = np.maximum(50, np.round(np.exp(rng.normal(5.5, 0.9, areas))))
    differ = max(spread, 1e-6) * 0.06
    strength = (0.06 * 0.94 if family == "share" else 0.06) / differ**2
    if family == "mean":
        truth = 30 + rng.normal(0, 10 * spread, areas)
        count = np.round(truth + rng.normal(0, 1, areas) * 25 / np.sqrt(size), 1)
    elif family == "share":
        truth = rng.beta(0.06 * strength, 0.94 * strength, areas)
        count = random_round(rng, rng.binomial(size.astype(int), truth)).astype(float)
    else:
        truth = rng.gamma(0.06 * strength, 1 / strength, areas)
        count = random_round(rng, rng.poisson(size * truth)).astype(float)
    return truth, shrink.believe(
        family, count, size, np.ones(areas), usable=size > 0, random=family != "mean",
        half=np.full(areas, 0.05 if family == "mean" else 5.0),
    )  # fmt: skip


def coverage(family: str, spread: float, areas: int, *, drawn: bool = True) -> float:
    rng = np.random.default_rng(6)
    samples = [alike(rng, family, spread, areas) for _ in range(24_000 // areas)]
    about = joined([about for _, about in samples])
    truth = np.concatenate([truth for truth, _ in samples])
    return covered(about if drawn else replace(about, drawn=None), truth)


def joined(abouts: list[shrink.Posterior]) -> shrink.Posterior:
    """Samples that know nothing of each other, to be scored together: each keeps its own priors."""
    priors = np.cumsum([0, *(len(about.drawn) for about in abouts)])
    arrays = {
        name: np.concatenate([getattr(about, name) for about in abouts])
        for name in ("count", "size", "half", "first", "second", "noise", "drawn", "lent")
    }
    classes = [about.classes + first for about, first in zip(abouts, priors, strict=False)]
    return replace(abouts[0], **arrays, classes=np.concatenate(classes))


@pytest.mark.simulation
@pytest.mark.parametrize("family", ["share", "rate", "mean"])
def test_samples_that_are_scored_together_have_the_levels_that_each_has_alone(family: str) -> None:
    rng = np.random.default_rng(7)
    abouts = [alike(rng, family, 0.2, 40)[1] for _ in range(3)]
    together = score.levels(joined(abouts), np.arange(120), np.arange(120))
    alone = [score.levels(b, np.arange(40), np.arange(40) + 40 * n) for n, b in enumerate(abouts)]
    assert np.array_equal(together, np.concatenate(alone))


@pytest.mark.simulation
@pytest.mark.parametrize("areas", [40, 400])
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("spread", SPREADS)
def test_intervals_cover_90_per_cent_also_where_areas_hardly_differ(
    family: str, spread: float, areas: int
) -> None:
    """Where they do not differ at all the interval may be too wide (a variance cannot be below
    zero), never too narrow."""
    found = coverage(family, spread, areas)
    assert found >= 0.88 - 0.01 * (areas == 40)
    assert found <= 0.92 or spread <= 0.1 or areas == 40


@pytest.mark.simulation
@pytest.mark.parametrize("family", FAMILIES)
def test_a_prior_that_is_taken_as_known_promises_too_much(family: str) -> None:
    """The twin: the same areas with the prior's moments believed to the digit."""
    assert coverage(family, 0.0, 40, drawn=False) < 0.7


@pytest.mark.simulation
def test_interval_of_the_gap_to_peers_covers_90_per_cent() -> None:
    """Peers are fifteen areas of the same kind, whose figures are rounded at random to fives; the
    truth is the gap to that kind's median."""
    rng = np.random.default_rng(5)
    truth, size, count = shares(5)
    kind = beta.ppf(0.5, 6, 94)
    sets = rng.integers(0, AREAS, (AREAS, 1, K)).repeat(score.SETS, axis=1)
    about = share_belief(size, count)
    published = random_round(rng, np.round(truth * size)) / size
    found = scored(about, published=published, peers=sets[:, 0], sets=sets)
    gap = truth - kind
    inside = np.mean((found.gap_low <= gap) & (gap <= found.gap_high))
    assert 0.88 <= round(float(inside), 2) <= 0.92


@pytest.mark.parametrize("shape", [0.1, 0.3, 0.6, 0.95])
def test_gammas_of_a_small_shape_have_their_mean_and_upper_end(shape: float) -> None:
    about = belief(
        "rate", np.zeros(4), np.full(4, 1e-9), first=np.full(4, shape), second=np.full(4, 1.0)
    )
    drawn = score.levels(about, np.arange(4), np.arange(4)).astype(float)
    assert drawn.mean() == pytest.approx(shape, rel=0.15)
    assert np.quantile(drawn, 0.95) == pytest.approx(gamma(shape).ppf(0.95), rel=0.2)


def test_an_estimate_below_all_but_a_few_of_its_draws_still_lies_in_its_interval() -> None:
    """One of one, and hardly any prior: nineteen draws in twenty lie above the mean.  And the twin:
    none of one, whose draws hardly ever lie above it."""
    for count, first, second in ((1.0, 1e-9, 0.01), (0.0, 0.01, 1.0 - 1e-9)):
        about = belief(
            "share", np.array([count]), np.ones(1), first=np.array([first]),
            second=np.array([second]),
        )  # fmt: skip
        ends = score._interval(score.levels(about, np.arange(1), np.arange(1)))
        found = scored(about, rows=np.arange(1), stream=np.arange(1), peers=NOBODY[:1],
                       sets=NO_SETS[:1])  # fmt: skip
        mean = float(about.mean()[0])
        assert not ends[0][0] <= mean <= ends[1][0]
        assert (found.low[0], found.high[0]) == (min(ends[0][0], mean), max(ends[1][0], mean))


def test_posterior_quantiles_equal_beta_and_gamma() -> None:
    """Wilson-Hilferty against the exact distribution: within 2 % of the interval's width."""
    count, size = np.array([0.0, 3.0, 40.0, 900.0]), np.array([60.0, 60.0, 500.0, 3000.0])
    rows, stream = np.arange(4), score.streams(list("abcd"), "x")
    a, b = np.full(4, 2.0), np.full(4, 38.0)
    share = np.sort(score.levels(belief("share", count, size, first=a, second=b), rows, stream))
    rate = np.sort(score.levels(belief("rate", count, size, first=a, second=b), rows, stream))
    for q in (0.05, 0.5, 0.95):
        at = int(q * score.DRAWS)
        exact = beta.ppf(q, count + a, size - count + b)
        width = beta.ppf(0.95, count + a, size - count + b) - beta.ppf(
            0.05, count + a, size - count + b
        )
        assert (np.abs(share[:, at] - exact) < 0.08 * width).all()
        exact = gamma.ppf(q, count + a) / (size + b)
        width = (gamma.ppf(0.95, count + a) - gamma.ppf(0.05, count + a)) / (size + b)
        assert (np.abs(rate[:, at] - exact) < 0.02 * width).all()


def test_a_scan_of_one_area_equals_its_part_of_the_scan_of_all() -> None:
    truth, size, count = shares(6)
    rng = np.random.default_rng(6)
    sets = rng.integers(0, AREAS, (AREAS, score.SETS, K))
    about = share_belief(size, count)
    every = scored(about, published=truth, peers=sets[:, 0], sets=sets, country=0.06)
    one = np.array([700])
    alone = score.score(
        about, truth, sets[one, 0], sets[one], one, score.streams([CODES[700]], "x"), country=0.06
    )  # fmt: skip
    assert alone.spread_of_all == every.spread_of_all > 0
    for name in set(score.Scores.__slots__) - {"spread_of_all"}:
        assert getattr(alone, name)[0] == getattr(every, name)[700]


def test_the_stream_of_an_area_depends_on_code_and_indicator_only() -> None:
    alone = score.streams(["BU03440101"], "social_assistance")
    assert alone[0] == score.streams(["BU03440102", "BU03440101"], "social_assistance")[1]
    assert alone[0] != score.streams(["BU03440101"], "unemployment_benefit")[0]


def test_median_of_peers_leaves_out_unknown_ones_and_needs_five() -> None:
    published = np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.nan, np.nan])
    about = belief("mean", published, np.ones(7), second=np.ones(7))
    peers = np.full((2, K), -1)
    peers[0, :7] = range(7)
    peers[1, :5] = [0, 1, 2, 3, 5]
    sets = np.repeat(peers[:, None], score.SETS, axis=1)
    found = score.score(
        about, published, peers, sets, np.array([0, 1]), score.streams(["a", "b"], "x"), country=3.0
    )
    assert found.median[0] == 3.0
    for name in ("median", "above", "gap_low", "gap_high", "spread"):
        assert np.isnan(getattr(found, name)[1]), name
    assert np.isfinite(found.above_country[1])


def test_peers_that_hardly_differ_do_not_make_a_trifle_enormous() -> None:
    rng = np.random.default_rng(8)
    published = rng.normal(10, 2, 500)
    published[:16] = 10.0
    published[0] = 10.1
    about = belief("mean", published, np.ones(500), second=np.ones(500))
    peers = np.arange(1, 16)[None]
    found = score.score(
        about, published, peers, np.repeat(peers[:, None], score.SETS, axis=1), np.array([0]),
        score.streams(["a"], "x"), country=None,
    )  # fmt: skip
    assert 0 < found.estimate[0] - found.median[0] < 0.5 * found.spread[0]
    assert np.isnan(found.above_country[0])


def test_the_spread_is_the_mad_of_the_peers_or_a_quarter_of_that_of_all_areas() -> None:
    """A MAD of 2 among all, of 1 among the first fifteen peers and of 0 among the others."""
    spread = np.repeat([-1.0, 0.0, 1.0], 5)
    published = 10.0 + np.concatenate([[0.0], spread, np.zeros(15), [-2.0] * 40, [2.0] * 40])
    about = belief("mean", published, np.ones(111), second=np.ones(111))
    peers = np.stack([np.arange(1, 16), np.arange(16, 31)])
    found = score.score(
        about, published, peers, np.repeat(peers[:, None], score.SETS, axis=1), np.zeros(2, int),
        score.streams(["a", "b"], "x"), country=None,
    )  # fmt: skip
    assert np.median(np.abs(published - 10.0)) == 2.0
    assert found.spread == pytest.approx(1.4826 * np.array([1.0, 0.25 * 2.0]))


@pytest.mark.parametrize("known", range(5, K + 1))
def test_the_median_of_peers_is_drawn_as_when_they_are_drawn_again_with_replacement(
    known: int,
) -> None:
    """Its mean and variance are those of the bootstrap (Harrell & Davis 1982, Biometrika 69, as
    scipy has them); of an odd number the median lies at or below the i-th peer when more than half
    of the draws do, which is a binomial chance."""
    place = score._table().place[known].reshape(-1, score.DRAWS)
    assert (np.sort(place, axis=1) == np.sort(place[0])).all()  # for every area, in its own order
    peers = np.sort(np.random.default_rng(known).uniform(size=known))
    drawn = peers[place[0]]
    mean, variance = hdquantiles(peers, [0.5], var=True)[:, 0]
    assert (drawn.mean(), drawn.var()) == (
        pytest.approx(mean, rel=0.002), pytest.approx(variance, rel=0.02),
    )  # fmt: skip
    if known % 2:
        below = binom(known, np.arange(1, known + 1) / known).sf(known // 2)
        found = np.bincount(place[0], minlength=known).cumsum() / score.DRAWS
        assert found == pytest.approx(below, abs=1 / score.DRAWS)


def test_an_unknown_figure_has_no_score() -> None:
    about = belief(
        "share",
        np.array([np.nan, 5.0]),
        np.array([50.0, 50.0]),
        first=np.ones(2),
        second=np.ones(2),
    )
    found = score.score(
        about, about.count / 50, NOBODY[:2], NO_SETS[:2], np.arange(2), np.arange(2), country=0.1
    )
    assert np.isnan([found.estimate[0], found.low[0], found.high[0], found.above_country[0]]).all()
    assert np.isfinite([found.estimate[1], found.above_country[1]]).all()


def test_another_choice_of_peers_widens_the_gap_and_the_same_choice_does_not() -> None:
    """A set of peers that other weights would choose belongs to the doubt about the gap."""
    published = np.concatenate(
        [np.full(1, 5.0), np.linspace(4.9, 5.1, K), np.linspace(7.9, 8.1, K)]
    )
    size = np.ones(len(published))
    about = belief("mean", published, size, second=size)
    own, other = np.arange(1, K + 1), np.arange(K + 1, 2 * K + 1)
    same = np.broadcast_to(own, (1, score.SETS, K))
    mixed = np.where((np.arange(score.SETS) % 2 == 0)[:, None], own, other)[None]
    row, stream = np.array([0]), score.streams(["a"], "x")

    def width(sets: np.ndarray) -> float:
        found = score.score(about, published, own[None], sets.copy(), row, stream, country=None)
        return float((found.gap_high - found.gap_low)[0])

    assert width(same) < 0.2
    assert width(mixed) > 2.8


def test_other_weights_that_choose_peers_without_a_figure_leave_the_peers_that_have_one() -> None:
    """Figures of one gemeente: the twenty other choices may lie outside it.  An interval of NaN is
    no JSON, and none above would halve the chance."""
    published = np.append(np.linspace(0.02, 0.06, K + 1), np.full(20, np.nan))
    size = np.full(len(published), 2000.0)
    about = belief("share", np.nan_to_num(published) * size, size,
                   first=np.full(len(size), 5.0), second=np.full(len(size), 95.0))  # fmt: skip
    rows, peers = np.array([K]), np.arange(K)[None, :]
    sets = np.broadcast_to(peers[:, None, :], (1, score.SETS, K)).copy()
    same = scored(about, published=published, peers=peers, sets=sets, rows=rows,
                  stream=np.array([3]))  # fmt: skip
    sets[0, 1::2] = np.arange(K + 1, 2 * K + 1)
    other = scored(about, published=published, peers=peers, sets=sets, rows=rows,
                   stream=np.array([3]))  # fmt: skip
    for name in ("gap_low", "gap_high", "above"):
        assert getattr(other, name) == getattr(same, name), name


def test_places_are_sure_for_large_areas_and_wide_for_small_ones() -> None:
    """Rates of 2, 4 and 6 in a hundred, of 100,000 people each and of 100 each."""
    for size, expected in ((1e5, [[3, 3], [2, 2], [1, 1]]), (100.0, [[2, 3], [1, 3], [1, 2]])):
        count = size * np.array([0.02, 0.04, 0.06])
        sizes = np.full(3, size)
        about = belief("share", count, sizes, first=np.full(3, 0.5), second=np.full(3, 0.5))
        assert score.places(about, np.arange(3), highest_first=True).tolist() == expected
        turned = score.places(about, np.arange(3), highest_first=False)
        assert turned.tolist() == [[4 - b, 4 - a] for a, b in expected]


@pytest.mark.simulation
def test_places_hold_the_true_place_nine_times_in_ten() -> None:
    """A rank alone, that of the estimate, is right for one area in four."""
    rng = np.random.default_rng(9)
    inside, exact = [], []
    for _ in range(60):
        truth, about = alike(rng, "share", 0.3, 60)
        rows = np.arange(60)
        true = np.argsort(np.argsort(-truth)) + 1
        found = score.places(about, rows, highest_first=True)
        inside.append(np.mean((found[:, 0] <= true) & (true <= found[:, 1])))
        exact.append(np.mean(np.argsort(np.argsort(-about.mean())) + 1 == true))
    assert 0.86 <= np.mean(inside) <= 0.96
    assert np.mean(exact) < 0.25


def test_a_measured_mean_has_no_chance_in_it_only_its_rounding() -> None:
    """A distance is what it is; the twin takes it for a mean of persons."""
    rng = np.random.default_rng(10)
    size = np.maximum(100, np.round(np.exp(rng.normal(6, 0.8, 400))))
    value = np.round(1 + rng.normal(0, 0.3, 400) + rng.normal(0, 1, 400) * 5 / np.sqrt(size), 1)
    widths = []
    for noisy in (False, True):
        about = shrink.believe(
            "mean", value, size, np.ones(400), usable=size > 0, half=np.full(400, 0.05),
            noisy=noisy,
        )  # fmt: skip
        level = score.levels(about, np.arange(400), np.arange(400))
        widths.append(np.ptp(level, axis=1))
    assert widths[0] == pytest.approx(np.full(400, 0.1), rel=0.01)
    assert (widths[1] > 0.2).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["share", "rate", "mean"]), st.booleans())
def test_no_interval_goes_below_zero_and_none_of_a_share_above_a_hundred(
    seed: int, family: str, noisy: bool
) -> None:
    """Distances, money, counts and shares, of areas of which some have nothing or all."""
    rng = np.random.default_rng(seed)
    size = np.maximum(1.0, np.round(np.exp(rng.normal(4, 2, 60))))
    share = np.clip(rng.normal(0.5, 0.8, 60), 0.0, 1.0)
    count = np.round(share, 1) if family == "mean" else np.round(share * size)
    about = shrink.believe(
        family, count, size, rng.integers(1, 3, 60).astype(float), usable=size >= 1,
        half=np.full(60, 0.05 if family == "mean" else 5.0), random=family != "mean",
        scale=100.0 if family == "share" else 1.0, noisy=noisy, one=5.0 * noisy, least=0.0,
    )  # fmt: skip
    level = score.levels(about, np.arange(60), np.arange(60))
    assert level.min() >= 0.0
    assert family != "share" or level.max() <= 100.0


def test_without_a_least_figure_a_distance_of_nothing_may_be_less_than_that() -> None:
    """The twin: 0.0 km is rounded from at most 0.05, and never from −0.05."""
    value = np.round(np.linspace(0.0, 2.0, 40), 1)
    found = []
    for least in (0.0, -np.inf):
        about = shrink.believe(
            "mean", value, np.full(40, 500.0), np.ones(40), usable=value >= 0,
            half=np.full(40, 0.05), noisy=False, least=least,
        )  # fmt: skip
        found.append(float(score.levels(about, np.arange(1), np.arange(1)).min()))
    assert found[0] == 0.0
    assert found[1] < -0.04


@pytest.mark.simulation
def test_the_interval_of_an_institution_holds_its_truth() -> None:
    """Half of the people of twenty buurten of a thousand have the benefit.  The twin draws with all
    of the prior's strength, as if chance had made the institutions."""
    rng = np.random.default_rng(11)
    size = np.clip(np.round(np.exp(rng.normal(6.0, 0.8, 1000))), 60, 500)
    truth = rng.beta(8, 125, 1000)
    truth[:20] = 0.5
    count = random_round(rng, rng.binomial(size.astype(int), truth)).astype(float)
    about = shrink.believe(
        "share", count, size, np.ones(1000), usable=size > 0, half=np.full(1000, 5.0), random=True
    )
    assert covered(about, truth) >= 0.88
    for believed, least, most in ((about, 0.5, 1.0), (replace(about, lent=None), 0.0, 0.2)):
        found = scored(
            believed, rows=ROWS[:20], stream=score.streams(CODES[:20], "x"), peers=NOBODY[:20],
            sets=NO_SETS[:20],
        )  # fmt: skip
        assert least <= np.mean((found.low <= 0.5) & (found.high >= 0.5)) <= most


def test_a_figure_without_chance_that_equals_its_peers_and_the_country_lies_above_neither() -> None:
    """The twin: a little more lies above both."""
    rows = np.arange(20)
    peers = (rows[:, None] + np.arange(1, K + 1)) % 20
    for more, above in ((0.0, 0.0), (1.0, 1.0)):
        figures = np.ones(20)
        about = belief("mean", figures + more, figures, first=figures, second=figures)
        found = scored(
            about, published=figures, peers=peers, rows=rows, country=1.0,
            sets=np.broadcast_to(peers[:, None], (20, score.SETS, K)), stream=rows,
        )  # fmt: skip
        assert (found.above == above).all()
        assert (found.above_country == above).all()


def of_hidden(half: float, count: float = 4.0) -> score.Scores:
    """One buurt of 300 people, fifteen others of as many in which nothing is published."""
    counts = np.array([count, *[0.0] * 15])
    about = belief(
        "share", counts, np.full(16, 300.0), scale=100.0, half=np.full(16, half),
        first=np.full(16, 1.0), second=np.full(16, 60.0),
    )  # fmt: skip
    peers = np.arange(1, 16)[None]
    return score.score(
        about, counts / 3.0, peers, np.repeat(peers[:, None], score.SETS, axis=1), np.array([0]),
        score.streams(["a"], "x"), country=None,
    )  # fmt: skip


def test_a_nothing_that_is_rounded_is_no_exact_example() -> None:
    """Zero of 300 people, rounded to tens, is 0 to 1.7 %: the middle of fifteen of them is half of
    that, and 4 of 300 is not surely more."""
    found = of_hidden(5.0)
    assert (found.median[0], found.as_published[0]) == (pytest.approx(100 * 2.5 / 300), 0.0)
    assert 0.5 <= found.above[0] < 0.9


def test_a_nothing_that_is_counted_is_exact() -> None:
    """The twin: so it was for rounded ones too, and what lay above it was sure."""
    found = of_hidden(0.0)
    assert (found.median[0], found.as_published[0]) == (0.0, 0.0)
    assert found.above[0] > 0.99


def test_what_rounding_hides_makes_nobody_surely_better_either() -> None:
    """Nothing among areas with nothing: by the rounding alone it would lie under their middle."""
    found = of_hidden(5.0, count=0.0)
    assert found.estimate[0] < found.median[0]
    assert found.above[0] == 0.5


def test_hidden_figures_stand_at_their_expected_order_and_others_stay() -> None:
    """Eight of fifteen hide 0 to 1: the middle one is the largest of those, at 8/9."""
    half = np.full((1, 15), 1.0)
    about = belief("share", np.zeros(1), np.ones(1))
    theirs = np.array([[0.0] * 8 + [5.0] * 7])
    moved = score._unrounded(about, theirs, half)
    assert moved[0, :8] == pytest.approx(np.arange(1, 9) / 9)
    assert (moved[0, 8:] == 5.0).all()
    at_random = score._unrounded(replace(about, random=True), theirs, half)
    assert at_random[0, 7] == pytest.approx(1 - np.sqrt(1 - 8 / 9))
    scores = belief("mean", np.zeros(1), np.ones(1), least=-np.inf)
    assert (score._unrounded(scores, theirs, half) == theirs).all()


def test_where_hidden_figures_of_peers_lie_is_not_the_chance_of_the_area_itself() -> None:
    """Were both one stream, an area would move with its peers, and seem surely like them."""
    figures, stream = np.zeros((4, score.SETS, K), np.float32), np.array([0, 7, 512, 1020])
    hidden = np.ones(figures.shape, np.bool_)
    for at_random in (False, True):
        about = replace(belief("share", np.zeros(4), np.ones(4)), random=at_random)
        moved = score._moved(about, np.stack([figures, figures + 1]), hidden, stream)
        table = score._table().triangular if at_random else score._table().plain
        own = np.abs(table[stream, : score.SETS * K])
        likeness = [
            np.corrcoef(*pair)[0, 1] for pair in zip(moved.reshape(4, -1), own, strict=True)
        ]
        assert np.abs(likeness).max() < 0.2


@pytest.mark.simulation
def test_the_middle_of_rounded_areas_is_found_where_most_of_them_print_nothing() -> None:
    """Fifteen hamlets of 300 people, 0.5 to 1.5 % of whom are counted in tens: as published their
    middle is mostly nothing, 0.9 points too low; spread over what is hidden it is 0.13 off."""
    rng = np.random.default_rng(11)
    truth = rng.uniform(0.5, 1.5, (2000, 15))
    counts = rng.binomial(300, truth / 100)
    published = np.floor(counts / 10 + 0.5) * 1000 / 300
    about = belief("share", np.zeros(1), np.ones(1), scale=100.0)
    spread = score._unrounded(about, published, np.full(published.shape, 500 / 300))
    middle = np.median(100 * counts / 300, axis=1)
    assert np.median(published, axis=1).mean() - middle.mean() < -0.8
    assert abs(np.median(spread, axis=1).mean() - middle.mean()) < 0.15


def test_the_interval_of_a_gap_holds_the_gap_however_skewed_its_draws() -> None:
    """One of one, beside fifteen of which half are counted: its mean lies below its draws."""
    counts, size = np.array([1.0, *[500.0] * 15]), np.array([1.0, *[1000.0] * 15])
    about = belief(
        "share", counts, size, first=np.array([1e-9, *[1.0] * 15]),
        second=np.array([0.01, *[1.0] * 15]),
    )  # fmt: skip
    peers = np.arange(1, 16)[None]
    found = scored(
        about, rows=np.arange(1), stream=np.arange(1), peers=peers,
        sets=np.repeat(peers[:, None], score.SETS, axis=1),
    )  # fmt: skip
    assert found.median[0] == 0.5
    assert found.gap_low[0] == pytest.approx(about.mean()[0] - 0.5, abs=1e-6)
    assert found.gap_high[0] == pytest.approx(0.5, abs=1e-6)


def test_where_all_areas_are_equal_there_is_no_spread_to_measure_by() -> None:
    figures, rows = np.ones(20), np.arange(20)
    peers = (rows[:, None] + np.arange(1, K + 1)) % 20
    found = scored(
        belief("mean", figures, figures, first=figures, second=figures), peers=peers, rows=rows,
        sets=np.broadcast_to(peers[:, None], (20, score.SETS, K)), stream=rows,
    )  # fmt: skip
    assert (np.isnan(found.spread).all(), found.spread_of_all) == (True, 0.0)


def test_a_counted_nothing_takes_no_place_among_the_hidden_ones() -> None:
    """Eight hide 0 to 1, and seven are nothing indeed."""
    half = np.array([[1.0] * 8 + [0.0] * 7])
    moved = score._unrounded(belief("share", np.zeros(1), np.ones(1)), np.zeros((1, 15)), half)
    assert moved[0] == pytest.approx([*(np.arange(1, 9) / 9), *[0.0] * 7])


def test_of_hidden_figures_the_one_of_the_smallest_range_stands_first() -> None:
    half = np.array([[3.0, 1.0, 2.0]])
    moved = score._unrounded(belief("share", np.zeros(1), np.ones(1)), np.zeros((1, 3)), half)
    assert moved[0] == pytest.approx([3 * 3 / 4, 1 * 1 / 4, 2 * 2 / 4])


@pytest.mark.parametrize(("known", "own"), [(4, False), (5, True)])
def test_a_choice_of_peers_of_which_five_have_the_figure_stands_for_itself(
    known: int, *, own: bool
) -> None:
    theirs = np.full((2, 1, score.SETS, K), np.nan, np.float32)
    theirs[:, :, :, :known] = 2.0
    near = score._near(theirs, np.ones((2, 1, K), np.float32))
    assert np.unique(near[np.isfinite(near)]).tolist() == [2.0 if own else 1.0]


def test_the_interval_of_a_gap_holds_peers_as_published_and_as_rounding_may_hide_them() -> None:
    about = belief(
        "share", np.array([4.0]), np.array([300.0]), scale=100.0, first=np.ones(1),
        second=np.array([60.0]),
    )  # fmt: skip
    row, shape = np.zeros(1, int), (1, score.SETS, K)
    near = np.stack([np.zeros(shape, np.float32), np.full(shape, 1.7, np.float32)])
    level = score.levels(about, row, row)
    moved = score._moved(about, near, np.ones(shape, np.bool_), row)
    low, high = (score._against(level, theirs, row)[:2] for theirs in (near[0], moved))
    _, _, gap_low, gap_high, _, _ = score._block(about, row, row, near, None)
    assert high[0] < low[0]
    assert (gap_low, gap_high) == (high[0], low[1])


def test_an_unknown_figure_lies_above_no_peers_that_are_known() -> None:
    """Not at a chance of nothing, which would say that it surely lies below."""
    figures = np.append(np.nan, np.linspace(1.0, 2.0, K))
    about = belief("mean", figures, np.ones(K + 1), first=figures, second=np.ones(K + 1))
    peers = np.arange(1, K + 1)[None]
    found = scored(
        about, published=figures, peers=peers, rows=np.arange(1), stream=np.arange(1), country=1.0,
        sets=np.repeat(peers[:, None], score.SETS, axis=1),
    )  # fmt: skip
    assert np.isfinite(found.median[0])
    assert np.isnan([found.above[0], found.above_country[0], found.gap_low[0]]).all()
