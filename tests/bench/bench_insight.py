# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Insight against its peers, both sides in this process: 14,000 areas × 40 indicators × 12 years.

``python tests/bench/bench_insight.py`` prints a line a workload; the exit code says whether all
goals were met.  Equality is asserted before speed is compared.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from wijkeconomie.insight import peers, score, shrink, spread, trend

Line = tuple[str, float, float]

AREAS, INDICATORS, YEARS = 14_000, 40, 12
SECONDS_COUNTRY, SECONDS_GEMEENTE, GEMEENTE = 30.0, 2.0, 500


def generated(seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(years, areas, indicators) like CBS's, inhabitants and gemeente of every area.

    Latent factors, trends, shocks a year, three per cent secret, heavy-tailed inhabitants.
    """
    rng = np.random.default_rng(seed)
    gemeente = np.sort(rng.integers(0, 350, AREAS))
    people = np.maximum(10, np.round(np.exp(rng.normal(6.6, 1.1, AREAS)) / 5) * 5)
    level = rng.normal(size=(AREAS, 6)) @ rng.normal(size=(6, INDICATORS)) * 0.6
    level += rng.normal(0, 0.5, level.shape) + rng.normal(0, 0.4, (350, INDICATORS))[gemeente]
    slope, shock = rng.normal(0, 0.03, level.shape), rng.normal(0, 0.1, (YEARS, 1, INDICATORS))
    values = level + slope * np.arange(YEARS)[:, None, None] + shock
    values += rng.normal(0, 0.15, values.shape)
    values[rng.random(values.shape) < 0.03] = np.nan
    return values, people, gemeente


def timed(work: Callable[[], Any], repeat: int = 3) -> tuple[float, Any]:
    """Best of some runs, and what came out."""
    best, out = np.inf, None
    for _ in range(repeat):
        start = time.perf_counter()
        out = work()
        best = min(best, time.perf_counter() - start)
    return best, out


def turns(
    theirs: Callable[[], Any], ours: Callable[[], Any], repeat: int = 5
) -> tuple[float, Any, Any]:
    """Ratio of the best runs and what came out; by turns, so that a busy machine hits both."""
    runs = [(timed(theirs, 1), timed(ours, 1)) for _ in range(repeat)]
    peer, own = min(run[0][0] for run in runs), min(run[1][0] for run in runs)
    return peer / own, runs[-1][0][1], runs[-1][1][1]


def bench_peers() -> Line:
    """Fifteen peers of every area against scikit-learn's brute force."""
    from sklearn.neighbors import NearestNeighbors

    values, _, _ = generated()
    points = np.nan_to_num(np.column_stack([peers.robust(c) for c in values[-1].T]))

    def theirs() -> Any:
        return NearestNeighbors(n_neighbors=16, algorithm="brute").fit(points).kneighbors(points)

    ratio, (distance, index), (mine, far) = turns(theirs, lambda: peers.nearest(points))
    assert (mine == index[:, 1:]).all(), "other neighbours than brute force"
    assert np.allclose(far, distance[:, 1:], rtol=1e-9)
    return "peers", ratio, 1.0


def bench_theil() -> Line:
    """Weighted, nested Theil of twelve years against PySAL's unweighted TheilD."""
    from inequality.theil import TheilD

    _, people, gemeente = generated()
    rng = np.random.default_rng(2)
    income = np.exp(rng.normal(3.3, 0.25, AREAS))[:, None] * np.exp(
        np.cumsum(rng.normal(0.02, 0.03, (AREAS, YEARS)), 1)
    )
    ratio, reference, _ = turns(
        lambda: TheilD(income, gemeente), lambda: spread.theil(income, people[:, None], gemeente)
    )
    plain = spread.theil(income, np.ones((AREAS, 1)), gemeente)
    assert np.abs(plain.total - reference.T).max() < 1e-12
    assert np.abs(plain.between[0] - reference.bg).max() < 1e-12
    assert np.abs(plain.between[1] - reference.wg).max() < 1e-12
    return "theil", ratio, 40.0


def bench_trends() -> Line:
    """560,000 series against a loop over scipy.stats.theilslopes (500 of them are timed)."""
    from scipy.stats import theilslopes

    values, _, _ = generated()
    years = np.arange(2013, 2013 + YEARS)
    series = values.reshape(YEARS, -1)

    def theirs() -> np.ndarray:
        known = [np.isfinite(s) for s in series.T[:500]]
        return np.array(
            [theilslopes(s[k], years[k]).slope for s, k in zip(series.T[:500], known, strict=True)]
        )

    ratio, reference, slopes = turns(theirs, lambda: trend.theil_sen(years, series), 3)
    assert np.abs(slopes[:500] - reference).max() < 1e-9
    return "trends", ratio / 500 * series.shape[1], 500.0


def bench_shrinkage() -> Line:
    """Prior of 14,000 shares by moments against maximum likelihood of the beta-binomial."""
    from scipy.optimize import minimize
    from scipy.stats import betabinom

    _, people, _ = generated()
    rng = np.random.default_rng(3)
    size = np.maximum(5, np.round(people * 0.7))
    count = rng.binomial(size.astype(int), rng.beta(4, 76, AREAS)).astype(float)

    def theirs() -> np.ndarray:
        def loss(q: np.ndarray) -> float:
            return -float(betabinom.logpmf(count, size.astype(int), *np.exp(q)).sum())

        return np.exp(minimize(loss, [1.0, 3.0], method="Nelder-Mead").x)

    peer, (a, b) = timed(theirs, 1)
    classes, every = np.ones(AREAS), np.ones(AREAS, bool)

    def believed() -> shrink.Posterior:
        """With the draws of the prior that the intervals need, which likelihood does not give."""
        half = np.zeros(AREAS)
        return shrink.believe("share", count, size, classes, usable=every, half=half)

    believed()  # warm: scipy is read
    ours, belief = timed(believed, 20)
    mine = (belief.first[0], belief.second[0])
    assert abs(mine[0] / sum(mine) / (a / (a + b)) - 1) < 0.01, "other mean than likelihood"
    assert abs(sum(mine) / (a + b) - 1) < 0.1, "other strength than likelihood"
    return "shrinkage", peer / ours, 100.0


def bench_scores() -> Iterator[Line]:
    """Scores with 500 draws; the ratio is the goal in seconds against the time it took."""
    beliefs, index, sets, codes = _to_score()
    score.streams(codes[:1], "warm")

    def work(rows: np.ndarray) -> None:
        chosen = [codes[r] for r in rows]
        for n, belief in enumerate(beliefs):
            score.score(
                belief, belief.scale * belief.count / belief.size, index[rows], sets[rows], rows,
                score.streams(chosen, str(n)), country=5.0,
            )  # fmt: skip

    work(np.arange(10))
    gemeente, _ = timed(lambda: work(np.arange(GEMEENTE)), 2)
    country, _ = timed(lambda: work(np.arange(AREAS)), 1)
    yield "scores_gemeente", SECONDS_GEMEENTE / gemeente, 1.0
    yield "scores_country", SECONDS_COUNTRY / country, 1.0


def _to_score() -> tuple[list[shrink.Posterior], np.ndarray, np.ndarray, list[str]]:
    """Forty shares of all areas, half of them rounded at random to five, with peers for each."""
    _, people, _ = generated()
    rng = np.random.default_rng(5)
    empty, urbanity = np.zeros(AREAS), rng.integers(1, 6, AREAS).astype(float)
    beliefs = []
    for n in range(INDICATORS):
        count = rng.binomial(people.astype(int), rng.beta(4, 76, AREAS)).astype(float)
        count[rng.random(AREAS) < 0.03] = np.nan
        beliefs.append(
            shrink.believe(
                "share", np.round(count / 5) * 5, people, urbanity, usable=np.isfinite(count),
                half=empty + 5.0, random=n % 2 == 0, scale=100.0,
            )
        )  # fmt: skip
    sets = rng.integers(0, AREAS, (AREAS, score.SETS, peers.K))
    return beliefs, sets[:, 0], sets, [f"BU{n:08d}" for n in range(AREAS)]


def lines() -> Iterator[Line]:
    """(name, ratio, goal) of every workload."""
    yield bench_peers()
    yield bench_theil()
    yield bench_trends()
    yield bench_shrinkage()
    yield from bench_scores()


def main() -> int:
    """Print a line a workload; 1 when a goal was not met."""
    short = 0
    for name, ratio, goal in lines():
        short += ratio < goal
        verdict = "ok" if ratio >= goal else "short"
        print(f"bench {name} ratio={ratio:.2f} goal={goal:g} {verdict}", flush=True)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
