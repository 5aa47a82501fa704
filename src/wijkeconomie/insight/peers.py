# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comparable areas: the nearest on *context*, never on outcomes or on their history.

Sources: NHS England, ASC Local Authority Peer Groups, and CIPFA Nearest Neighbours (15 peers,
characteristics of the area and not its use of services); median and MAD scaling:
:mod:`wijkeconomie.insight.medians`; what may be called alike: Rosenbaum & Rubin (1985), The
American Statistician 39 (a caliper of a quarter of a standard deviation).  Matching on outcome
history would report effects that are not there (``docs/explanation``), so no judged indicator ever
enters here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.figures.registry import Indicator
from wijkeconomie.insight.medians import MAD_SCALE, mad

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

K = 15  # as CIPFA and the NHS
CANDIDATE_POPULATION = 200.0  # an area with fewer is nobody's example: fives round it to nothing
CLIP = 4.0  # one odd column may not make an area a stranger
LEAST_KNOWN = 0.5  # of the weight that all context has
FAR = 95.0  # percentile of the distances beyond which peers are not good
NEAR = 200  # candidates that are ranked again for stability
WEIGHT_DRAWS = 200
ALIKE = 0.25  # standard deviations of all areas (robust): the caliper of Rosenbaum & Rubin (1985)
_ROUNDING = 2.0**-24
_BLOCK = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What chooses peers, for every area of one level.

    ``raw`` (areas, columns) as published, ``away`` its robust z, both NaN where unknown;
    ``weights`` (columns,) sum to one; ``known`` (areas,) says whether at least half of the weight
    is known; ``pool`` are the rows that may be a peer.
    """

    indicators: tuple[Indicator, ...]
    raw: Floats
    away: Floats
    weights: Floats
    known: NDArray[np.bool_]
    pool: Ints

    @property
    def scaled(self) -> Floats:
        """``away``, clipped at ±4."""
        return np.clip(self.away, -CLIP, CLIP)

    @property
    def points(self) -> Floats:
        """Coordinates whose Euclidean distance is the weighted one.

        An unknown figure stands at the country's median (0): the distance says least there.  It is
        never given as a reason, and an area with more than half of its weight unknown has no peers.
        """
        points: Floats = np.nan_to_num(self.scaled) * np.sqrt(self.weights)
        return points


def context(raw: Floats, indicators: Sequence[Indicator], population: Floats) -> Context:
    """Scale (areas, columns) of context figures; a column that is empty or constant drops out, and
    is unknown of every area: by the number of inhabitants alone nothing is comparable."""
    away = np.column_stack([robust(c, i.transform) for c, i in zip(raw.T, indicators, strict=True)])
    kept = np.flatnonzero(np.nanmax(np.abs(np.nan_to_num(away)), axis=0, initial=0) > 0)
    chosen = tuple(indicators[c] for c in kept.tolist())
    weights = group_weights(chosen)
    known = (
        np.isfinite(away[:, kept]) @ _shares(chosen) >= LEAST_KNOWN * _shares(indicators).sum()
        if len(kept)
        else np.zeros(len(raw), bool)
    )
    pool = np.flatnonzero(known & (np.nan_to_num(population) >= CANDIDATE_POPULATION))
    return Context(
        indicators=chosen, raw=raw[:, kept], away=away[:, kept], weights=weights,
        known=known, pool=pool,
    )  # fmt: skip


def robust(values: Floats, transform: str = "none") -> Floats:
    """MAD units away from the median, after log(1 + x) or the logit of a percentage."""
    if transform == "log":
        values = np.log1p(np.maximum(values, 0.0))
    elif transform == "logit":
        share = np.clip(values / 100.0, 0.005, 0.995)
        values = np.log(share / (1.0 - share))
    if not np.isfinite(values).any():
        return np.full(len(values), np.nan)
    away = values - np.nanmedian(values)
    spread = MAD_SCALE * mad(values) or np.nanmean(np.abs(away)) or 1.0
    scaled: Floats = away / spread
    return scaled


def group_weights(indicators: Sequence[Indicator]) -> Floats:
    """One weight per group, the largest of its members', shared by them; the sum is one.

    So six age columns weigh together as much as one of them, and do not outweigh one density.
    """
    shares = _shares(indicators)
    return shares / shares.sum() if indicators else shares


def _shares(indicators: Sequence[Indicator]) -> Floats:
    """Each one's part of the weight of its group."""
    totals: dict[str, list[float]] = {}
    for i in indicators:
        totals.setdefault(i.group or i.id, []).append(i.weight)
    return np.array([
        i.weight * max(totals[i.group or i.id]) / sum(totals[i.group or i.id]) for i in indicators
    ])  # fmt: skip


def nearest(
    points: Floats,
    k: int = K,
    *,
    rows: Ints | None = None,
    pool: Ints | None = None,
    group: Ints | None = None,
) -> tuple[Ints, Floats]:
    """The *k* nearest of ``pool`` for each of ``rows``, leaving out those of its own ``group``.

    ``points`` (areas, columns) float64, finite.  Returns indices and Euclidean distances, both
    (rows, k), nearest first, equal distances in the order of ``group`` and ``pool``; -1 and inf
    where fewer exist.  Exact, the same answer as brute force in float64: a float32 product bounds
    the k-th distance from above, everything within the bound and the product's rounding error
    (Higham 2002, §3.1) is measured again in float64.
    """
    every = np.arange(len(points))
    rows = every if rows is None else rows
    pool = every if pool is None else pool
    group = every if group is None else group
    pool = pool[np.argsort(group[pool], kind="stable")]
    if not len(pool):
        return np.full((len(rows), k), -1), np.full((len(rows), k), np.inf)
    within = _search(points, k, rows, pool, group)

    def block(start: int) -> tuple[Ints, Ints, Floats]:
        row, column = within(start)
        away = points[rows[row]] - points[pool[column]]
        return row, pool[column], np.sqrt(np.einsum("ij,ij->i", away, away))

    found = [block(start) for start in range(0, len(rows), _BLOCK)]  # the product has its threads
    row, column, distance = (np.concatenate(part) for part in zip(*found, strict=True))
    return _ranked(len(rows), k, row, column, distance)


def _search(
    points: Floats, k: int, rows: Ints, pool: Ints, group: Ints
) -> Callable[[int], tuple[Ints, Ints]]:
    """A function from the start of a block of rows to the pairs (position in rows, position in
    pool) that hold the k nearest of each."""
    single = points.astype(np.float32)
    half = 0.5 * (single[pool] ** 2).sum(1)
    right = np.ascontiguousarray(np.column_stack([single[pool], half]).T)
    left = np.column_stack([-single[rows], np.ones(len(rows), np.float32)])
    length = np.sqrt((points**2).sum(1))
    longest = length[pool].max()
    error = 2 * (points.shape[1] + 4) * _ROUNDING * (length[rows] + longest) ** 2
    own = group[pool]
    first, last = np.searchsorted(own, group[rows]), np.searchsorted(own, group[rows], "right")

    def within(start: int) -> tuple[Ints, Ints]:
        here = slice(start, start + _BLOCK)
        # |x-y|²/2 without |x|²/2, which is the same for the whole row
        product = left[here] @ right
        for line, low, high in zip(product, first[here], last[here], strict=True):
            line[low:high] = np.inf
        limit = _bound(product, k) + error[here].astype(np.float32)
        limit = np.minimum(limit, np.finfo(np.float32).max)  # never one of the own group
        row, column = np.divmod(np.flatnonzero(product <= limit[:, None]), len(pool))
        return row + start, column

    return within


def _bound(product: NDArray[np.float32], k: int) -> NDArray[np.float32]:
    """An upper bound of the k-th smallest of each row: the k-th smallest of minima of groups."""
    rows, columns = product.shape
    size = max(1, columns // max(8 * k, 512))
    groups = columns // size
    minima = product[:, : groups * size].reshape(rows, size, groups).min(1)
    if k >= groups:
        return np.full(rows, np.inf, np.float32)
    return np.asarray(np.partition(minima, k - 1, axis=1)[:, k - 1])


def _ranked(count: int, k: int, row: Ints, column: Ints, distance: Floats) -> tuple[Ints, Floats]:
    """The k smallest of each row; ``row`` ascends, so pairs fit in a rectangle padded with inf."""
    place = np.arange(len(row)) - np.searchsorted(row, row)
    width = max(k, int(place.max(initial=0)) + 1)
    index, far = np.full((count, width), -1), np.full((count, width), np.inf)
    index[row, place], far[row, place] = column, distance
    order = np.argsort(far, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(index, order, axis=1), np.take_along_axis(far, order, axis=1)


def percentile(distance: float, all_distances: Floats) -> float:
    """Where a distance stands among those of all areas, 0-100."""
    finite = all_distances[np.isfinite(all_distances)]
    return 100.0 * float(np.mean(finite <= distance)) if len(finite) else float("nan")


def rechosen(about: Context, rows: Ints, near: Ints, *, k: int = K, seed: int = 0) -> Ints:
    """The *k* peers again under 200 draws of the weights: (rows, 200, k), in no order, -1
    where fewer exist.

    ``near`` (rows, candidates) are the nearest under our own weights, nearest first, at least *k*,
    -1 where fewer exist.  Weights come
    from a Dirichlet distribution around ours with a concentration of four a column: the standard
    deviation is a quarter of a large weight, three quarters of a small one.  OECD/JRC (2008),
    Handbook on Constructing Composite Indicators, step 7.
    """
    rng = np.random.default_rng(seed)
    columns = len(about.weights)
    draws = rng.dirichlet(4.0 * columns * about.weights, WEIGHT_DRAWS).astype(np.float32)
    known = np.nan_to_num(about.scaled).astype(np.float32)
    result = np.empty((len(rows), WEIGHT_DRAWS, k), np.int64)
    for start in range(0, len(rows), _BLOCK):
        theirs = near[start : start + _BLOCK]
        away = (known[theirs] - known[rows[start : start + _BLOCK], None]) ** 2
        distance = draws @ away.transpose(0, 2, 1)
        distance[np.broadcast_to((theirs < 0)[:, None], distance.shape)] = np.inf
        chosen = np.argpartition(distance, k - 1, axis=2)[:, :, :k]
        result[start : start + _BLOCK] = np.take_along_axis(theirs[:, None, :], chosen, axis=2)
    return result


def stability(index: Ints, sets: Ints) -> Floats:
    """Share (0-1) of the peers ``index`` (rows, k) that stay in ``sets`` (rows, draws, k)."""
    kept = (sets[:, :, :, None] == index[:, None, None, :]).any(2)
    share: Floats = kept.mean((1, 2))
    return share


Reasons = tuple[tuple[str, float, float, float], ...]


def reasons(about: Context, row: int, others: Ints) -> list[tuple[Reasons, Reasons]]:
    """For each of ``others``: (alike, differs), of (indicator, own, peer's, share of the distance).

    At most the three closest that are near enough to call them alike, and the two farthest of the
    others; shares are of the squared distance.  What prints the same is no difference.  Here
    nothing is clipped: for the distance two odd figures may be equal, and yet far apart.
    """
    apart = np.abs(about.away[row] - about.away[others])
    parts = about.weights * (about.scaled[row] - about.scaled[others]) ** 2
    whole = np.nansum(parts, axis=1)
    parts /= np.where(whole > 0, whole, 1.0)[:, None]
    order = np.argsort(apart, axis=1, kind="stable")  # unknown last
    near, count = (apart <= ALIKE).sum(1), np.isfinite(apart).sum(1)
    names, own, theirs = (
        [i.id for i in about.indicators],
        about.raw[row].tolist(),
        about.raw[others],
    )

    def entry(n: int, c: int) -> tuple[str, float, float, float]:
        return names[c], own[c], float(theirs[n, c]), float(parts[n, c])

    def shows(n: int, c: int) -> bool:
        decimals = about.indicators[c].decimals
        return bool(round(own[c], decimals) != round(float(theirs[n, c]), decimals))

    found = []
    for n, (columns, close, known) in enumerate(
        zip(order.tolist(), near.tolist(), count.tolist(), strict=True)
    ):
        alike = tuple(entry(n, c) for c in columns[: min(3, close)])
        telling = [c for c in reversed(columns[close:known]) if shows(n, c)]
        found.append((alike, tuple(entry(n, c) for c in telling[:2])))
    return found
