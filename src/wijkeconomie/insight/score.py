# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How far from peers and country, and how sure: draws that carry chance, rounding and peer choice.

One draw of an area's level is: the published count, moved by a possible rounding error; then a draw
from the posterior of :mod:`wijkeconomie.insight.shrink`; minus the median of peers that were chosen
with other weights and drawn again with replacement.

A peer's published nothing is nothing or what is rounded to it (of three hundred people 0 % means 0
to 1.7 % where benefits are rounded to tens), so it is no exact example.  In the median that we
compare with, such figures are spread evenly over what rounding hides, by their expected order:
Helsel (2005), Nondetects and Data Analysis (order statistics of what lies below a limit).  Draws
take them both so and as published; of the two chances the less sure one is told and the interval
holds both.  Other sources: Efron & Morris (1975), JASA 70;
Maritz & Jarrett (1978), JASA 73 (bootstrap of a median without simulating); Wilson & Hilferty
(1931), PNAS 17 (gamma from normal); CBS, Toelichting Kerncijfers wijken en buurten (rounding).
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.insight.medians import FEWEST_PEERS, MAD_SCALE, mad, median_and_mad
from wijkeconomie.insight.peers import K
from wijkeconomie.insight.shrink import DRAWS, Chance, Posterior

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
_Real = NDArray[Any]

SETS = 20  # choices of peers under other weights; each serves 25 draws
FLOOR = 0.25  # of the country's MAD: nearly equal peers must not make a trifle enormous
_STREAMS = 1021  # rows of the table of draws; an area and an indicator always use the same row
_BLOCK = 256
_TAIL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """One indicator, many areas; every array (areas,), NaN where unknown.

    ``low`` and ``high``: 90 % interval of the level; ``median`` of the peers and
    ``as_published`` that of their published figures, which is another where some of those are
    rounded to nothing; ``gap_low`` and ``gap_high`` 90 % interval of level minus median; ``above``
    the chance to lie above the peers' median, ``above_country`` above the country; ``spread`` of
    the peers (MAD), at least a quarter of that of all areas (``spread_of_all``, 0 where they are
    equal).
    """

    estimate: Floats
    low: Floats
    high: Floats
    median: Floats
    as_published: Floats
    gap_low: Floats
    gap_high: Floats
    above: Floats
    above_country: Floats
    spread: Floats
    spread_of_all: float


@dataclass(frozen=True, slots=True)
class _Table:
    """Random numbers that are the same for everyone, so that a scan repeats exactly."""

    chance: Singles  # (streams, draws) standard normal
    other: Singles
    plain: Singles  # uniform on ±1
    triangular: Singles  # on ±1: the error of random rounding
    lift: Singles  # uniform on ±1, for gammas of a shape below one
    place: NDArray[np.uint8]  # (peers + 1, streams, sets, 25): which sorted peer is the median


@cache
def _table() -> _Table:
    from scipy.special import betaincinv, ndtri  # noqa: PLC0415 -- heavy

    rng = np.random.default_rng(20201124)
    even = (np.arange(DRAWS) + 0.5) / DRAWS

    def shuffled(row: Floats) -> Singles:
        mixed: Singles = rng.permuted(np.tile(row.astype(np.float32), (_STREAMS, 1)), axis=1)
        return mixed

    flat = 1.0 - 2.0 * even
    peaked = np.sign(flat) * (1.0 - np.sqrt(1.0 - np.abs(flat)))
    quantile = rng.permuted(np.tile(np.arange(DRAWS), (_STREAMS, 1)), axis=1)
    place = np.zeros((K + 1, _STREAMS, DRAWS), np.uint8)
    for n in range(1, K + 1):
        place[n] = (n * betaincinv((n + 1) / 2, (n + 1) / 2, even)).astype(np.uint8)[quantile]
    return _Table(
        shuffled(ndtri(even)), shuffled(ndtri(even)), shuffled(flat), shuffled(peaked),
        shuffled(flat),
        place.reshape(K + 1, _STREAMS, SETS, DRAWS // SETS),
    )  # fmt: skip


def streams(codes: Sequence[str], indicator: str) -> NDArray[np.int64]:
    """Row of the table of draws for each area: fixed by code and indicator."""
    salt = zlib.crc32(indicator.encode())
    return np.array([(zlib.crc32(c.encode()) ^ salt) % _STREAMS for c in codes], np.int64)


def levels(belief: Posterior, rows: NDArray[np.int64], stream: NDArray[np.int64]) -> Singles:
    """Draws (rows, 500) of the level of the given areas, in the indicator's unit."""
    table = _table()
    error = (table.triangular if belief.random else table.plain)[stream]

    def column(values: Floats) -> Singles:
        return values[rows].astype(np.float32)[:, None]

    return belief.levels(
        column(belief.count) + column(belief.half) * error, column(belief.size),
        _parameters(belief, rows),
        Chance(table.chance[stream], table.other[stream], table.lift[stream]),
    )  # fmt: skip


def _parameters(belief: Posterior, rows: NDArray[np.int64]) -> tuple[Singles, Singles, Singles]:
    """The prior's two parameters and a mean's sampling variance, (rows, draws), or (rows, 1) where
    they are taken as known."""
    known = np.stack([belief.first[rows], belief.second[rows], belief.noise[rows]])[:, :, None]
    if belief.drawn is not None and belief.classes is not None:
        known = belief.drawn[belief.classes[rows]].swapaxes(0, 1)
        known[2] *= float(belief.noisy) / belief.size[rows][:, None]
        if belief.lent is not None:
            known[:2] = belief.weakened(known[0], known[1], belief.lent[rows][:, None])
    first, second, noise = known.astype(np.float32)
    return first, second, noise


def score(
    belief: Posterior,
    published: Floats,
    peers: NDArray[np.int64],
    sets: NDArray[np.int64],
    rows: NDArray[np.int64],
    stream: NDArray[np.int64],
    *,
    country: float | None,
) -> Scores:
    """Score ``rows`` of all areas on one indicator.

    ``published`` (areas,) as published; ``peers`` (rows, k) are rows of it, -1 for none; ``sets``
    (rows, 20, k) the same under other weights; ``stream`` (rows,) from :func:`streams`; ``country``
    is the reference of the whole country, if known.
    """
    padded = np.append(published, np.nan)  # the last stands for no peer
    half = np.append(np.where(np.isfinite(published), belief.rounding(), np.nan), np.nan)
    theirs = np.sort(_unrounded(belief, padded[peers], half[peers]), axis=1)  # NaN last
    median, theirs_mad = median_and_mad(theirs)
    as_published, _ = median_and_mad(np.sort(padded[peers], axis=1))
    each = np.stack([padded, half]).astype(np.float32)
    spread_of_all = MAD_SCALE * mad(published)
    estimate = belief.mean()[rows]
    spread = np.maximum(MAD_SCALE * theirs_mad, FLOOR * spread_of_all)

    def block(start: int) -> Floats:
        here = slice(start, start + _BLOCK)
        near = _near(each[:, sets[here]], each[:, peers[here]])
        return _block(belief, rows[here], stream[here], near, country)

    with ThreadPoolExecutor(os.cpu_count()) as threads:  # numpy works outside the lock
        blocks = list(threads.map(block, range(0, len(rows), _BLOCK)))
    low, high, gap_low, gap_high, above, above_country = np.concatenate(blocks, axis=1)
    lonely = np.isnan(median)
    for of_peers in (gap_low, gap_high, above):
        of_peers[lonely] = np.nan
    gap = estimate - median
    return Scores(  # the interval of a skewed belief may just miss its mean
        estimate=estimate, low=np.minimum(low, estimate), high=np.maximum(high, estimate),
        median=median, as_published=as_published,
        gap_low=np.minimum(gap_low, gap), gap_high=np.maximum(gap_high, gap),
        above=above, above_country=above_country,
        spread=np.where(spread > 0, spread, np.nan), spread_of_all=spread_of_all,
    )  # fmt: skip


def _hidden(belief: Posterior, theirs: _Real, half: _Real) -> NDArray[np.bool_]:
    """Which figures are published as nothing and may be more."""
    hidden: NDArray[np.bool_] = (half > 0) & (theirs <= belief.floor)
    return hidden


def _unrounded(belief: Posterior, theirs: Floats, half: Floats) -> Floats:
    """The same figures (rows, k), those that may be rounded down to nothing spread over what they
    can be: the j-th of n, of the smallest range first, at j / (n + 1) of its range."""
    hidden = _hidden(belief, theirs, half)
    if not hidden.any():
        return theirs
    order = np.argsort(np.where(hidden, half, np.inf), axis=1, kind="stable")
    place = np.argsort(order, axis=1, kind="stable") + 1.0
    part = place / (hidden.sum(1, keepdims=True) + 1.0)
    if belief.random:  # rounding at random to fives hides small numbers oftener than large ones
        part = 1.0 - np.sqrt(np.maximum(1.0 - part, 0.0))
    spread: Floats = np.where(hidden, belief.floor + part * (theirs + half - belief.floor), theirs)
    return spread


def _near(theirs: Singles, main: Singles) -> Singles:
    """Figures and the half-widths of their rounding (2, rows, sets, k) of the peers in each set, or
    of the main ones where hardly any of it has the figure."""
    enough = np.isfinite(theirs[0]).sum(2, keepdims=True) >= FEWEST_PEERS
    chosen: Singles = np.where(enough, theirs, main[:, :, None, :])
    return chosen


def _block(
    belief: Posterior,
    rows: NDArray[np.int64],
    stream: NDArray[np.int64],
    near: Singles,
    country: float | None,
) -> Floats:
    """(6, rows): low, high, gap low, gap high, chance above peers, chance above the country."""
    level = levels(belief, rows, stream)
    low, high, above = _against(level, near[0], stream)
    hidden = _hidden(belief, *near)
    if hidden.any():
        moved = _against(level, _moved(belief, near, hidden, stream), stream)
        low, high = np.minimum(low, moved[0]), np.maximum(high, moved[1])
        above = _less_sure(above, moved[2])
    known = np.isfinite(level[:, 0])
    over = (level > np.float32(np.nan if country is None else country)).mean(1)
    over = np.where(known & (country is not None), over, np.nan)
    return np.stack([*_interval(level), low, high, np.where(known, above, np.nan), over])


def _against(level: Singles, theirs: Singles, stream: NDArray[np.int64]) -> tuple[Floats, ...]:
    """Interval of level minus the median of peers drawn again, and the chance to lie above it."""
    ordered = np.sort(theirs, axis=2)
    count = np.isfinite(ordered).sum(2)
    place = _table().place[count, stream[:, None], np.arange(SETS)].astype(np.int64)
    gap = level - np.take_along_axis(ordered, place, axis=2).reshape(level.shape)
    return (*_interval(gap), (gap > 0).mean(1))


def _less_sure(one: Floats, other: Floats) -> Floats:
    """Of two chances the one nearer to even; even where they are on other sides of it."""
    nearer = np.where(np.abs(one - 0.5) < np.abs(other - 0.5), one, other)
    return np.where((one - 0.5) * (other - 0.5) > 0, nearer, 0.5)


def _moved(
    belief: Posterior, near: Singles, hidden: NDArray[np.bool_], stream: NDArray[np.int64]
) -> Singles:
    """The peers' figures (rows, sets, k), each *hidden* one somewhere on what it can be.

    The rounding of the others is in how peers differ, which draws them again; were they moved too,
    intervals would be too wide (a test simulates it).
    """
    figures, half = near
    table = _table().triangular if belief.random else _table().plain
    other = (stream + _STREAMS // 2) % _STREAMS  # not the area's own chance
    error = np.abs(table[other, : SETS * figures.shape[2]].reshape(figures.shape))
    moved: Singles = np.where(hidden, np.float32(belief.floor) + half * error, figures)
    return moved


def places(belief: Posterior, rows: NDArray[np.int64], *, highest_first: bool) -> NDArray[np.int64]:
    """First and last place (rows, 2) that each of the given areas may have among them, 1 for the
    highest (or lowest) figure.

    The middle 90 % of the places in 500 draws of all levels (Goldstein & Spiegelhalter 1996, JRSS A
    159), of each area by itself: that all hold at once is less sure (marginal and simultaneous in
    Mogstad, Romano, Shaikh & Wilhelm 2024, Review of Economic Studies 91, who tell why a place
    without its interval says more than we know).  Of more than 1,021 areas some share their chance.
    """
    level = levels(belief, rows, np.arange(len(rows)) % _STREAMS)  # each its own chance
    level = -level if highest_first else level
    place = np.argsort(np.argsort(level, axis=0, kind="stable"), axis=0) + 1
    ordered = np.sort(place, axis=1)
    low = int(_TAIL * DRAWS) - 1
    return ordered[:, [low, DRAWS - 1 - low]]


def _interval(draws: Singles) -> tuple[Floats, Floats]:
    """Ends of the 90 % interval; a whole sort is faster than a partition at two places."""
    low = int(_TAIL * DRAWS) - 1
    ordered = np.sort(draws, axis=1)
    return ordered[:, low].astype(np.float64), ordered[:, DRAWS - 1 - low].astype(np.float64)
