# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is the area gaining on its peers?  Theil-Sen slopes of many series at once.

Sources: Theil (1950), Proc. KNAW 53; Sen (1968), JASA 63 (median of pairwise slopes and its
interval from Kendall's S); Gilbert (1987), Statistical Methods for Environmental Pollution
Monitoring, §16.5; Zou & Donner (2008), Statistics in Medicine 27:1693-1702 (interval of a
difference from two intervals, "MOVER").
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.figures.registry import Indicator
from wijkeconomie.insight.medians import MAD_SCALE, median_and_mad, sorted_median
from wijkeconomie.insight.results import Direction, Interval, Trend

Floats = NDArray[np.float64]

FEWEST_YEARS = 5
_Z90 = 1.6448536269514722
_MEDIAN = 1.2533141373155003  # √(π/2): error of a median to that of a mean
_BLOCK = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """``slope`` a year with its 90 % interval, ``valid`` years; all (series,).

    NaN where fewer than five years are known.
    """

    slope: Floats
    low: Floats
    high: Floats
    valid: NDArray[np.int64]


def theil_sen(years: NDArray[np.int64], values: Floats, *, fewest: int = FEWEST_YEARS) -> Floats:
    """Median of all pairwise slopes of each series; ``values`` (years, series), NaN where missing.

    Equal to ``scipy.stats.theilslopes`` of each series without its missing years.
    """

    def block(start: int) -> Floats:
        part = values[:, start : start + _BLOCK]
        ordered, count = _ordered(years, part)
        enough = np.isfinite(part).sum(0) >= fewest
        return np.where(enough, sorted_median(ordered, count), np.nan)

    starts = range(0, values.shape[1], _BLOCK)
    if len(starts) < 2:
        return block(0)
    with ThreadPoolExecutor(
        os.cpu_count()
    ) as threads:  # numpy sorts outside the interpreter's lock
        return np.concatenate(list(threads.map(block, starts)))


def slopes(years: NDArray[np.int64], values: Floats, *, fewest: int = FEWEST_YEARS) -> Slopes:
    """Slopes with Sen's 90 % interval, ties in the figures counted; ``values`` (years, series)."""
    ordered, count = _ordered(years, values)
    known = np.isfinite(values)
    valid = known.sum(0)
    reach = _Z90 * np.sqrt(_kendall_variance(values, valid))
    upper = np.minimum(np.round((count + reach) / 2), count - 1).astype(np.int64)
    lower = np.maximum(np.round((count - reach) / 2) - 1, 0).astype(np.int64)
    enough = valid >= fewest

    def pick(place: NDArray[np.int64]) -> Floats:
        found = np.take_along_axis(ordered, np.maximum(place, 0)[:, None], axis=1)[:, 0]
        return np.where(enough, found, np.nan)

    return Slopes(
        slope=np.where(enough, sorted_median(ordered, count), np.nan),
        low=pick(lower), high=pick(upper), valid=valid,
    )  # fmt: skip


def _ordered(years: NDArray[np.int64], values: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Sorted pairwise slopes (series, pairs), NaN last, and how many are known."""
    first, last = np.triu_indices(len(years), 1)
    series = np.ascontiguousarray(values.T)
    pairs = np.take(series, last, axis=1)  # series[:, last] lies the other way, and sorts slower
    pairs -= np.take(series, first, axis=1)
    pairs /= (years[last] - years[first]).astype(np.float64)
    pairs.sort(axis=1)
    known = np.isfinite(series).sum(1)
    return pairs, known * (known - 1) // 2


def _kendall_variance(values: Floats, valid: NDArray[np.int64]) -> Floats:
    """Variance of Kendall's S with ties (Sen 1968, eq. 2.6)."""
    same = (values[:, None, :] == values[None, :, :]).sum(0)  # (years, series), itself included
    ties = np.where(same > 0, (same - 1) * (2 * same + 5), 0).sum(0)
    variance: Floats = (valid * (valid - 1) * (2 * valid + 5) - ties) / 18.0
    return np.maximum(variance, 0.0)


def middle(theirs: Floats) -> tuple[Floats, Floats]:
    """Median of the peers' slopes (areas, peers) and its standard error, both (areas,); NaN where
    fewer than five are known.

    The error is that of the median of a sample as spread (MAD) as these peers are (Kendall & Stuart
    1977, §10.10): the peers are a sample of areas of this kind, and each slope has its own chance.
    """
    ordered = np.sort(theirs, axis=1)
    count = np.maximum(np.isfinite(ordered).sum(1), 1)
    median, mad = median_and_mad(ordered)
    return median, _MEDIAN * MAD_SCALE * mad / np.sqrt(count)


def relative(
    own: Slopes, row: int, peers: tuple[float, float], entry: Indicator, years: tuple[int, int]
) -> Trend:
    """The area's slope minus that of its ``peers`` (median and error of :func:`middle`), in words.

    The interval is that of a difference of two independent figures by Zou & Donner's method of
    variance estimates recovery: its lower end lies below the difference by the root of the squared
    lower arm of the first and the squared upper arm of the second, its upper end the other way
    round.  The arms of Sen's interval may be unlike; those of the peers' median are alike.

    A direction is said when it
    leaves out zero *and* the change over these years is at least what matters for the indicator;
    ``steady`` when even the ends of the interval are less than that; else ``unclear``.
    """
    median, error = peers
    if not np.isfinite(own.slope[row]):
        return Trend(direction="unknown", reason="too_few_years")
    if not np.isfinite(median):
        return Trend(direction="unknown", reason="no_peers", years=years)
    slope = float(own.slope[row]) - median
    low = slope - math.hypot(float(own.slope[row] - own.low[row]), _Z90 * error)
    high = slope + math.hypot(float(own.high[row] - own.slope[row]), _Z90 * error)
    return Trend(
        direction=_direction(slope, low, high, entry, years[1] - years[0]),
        slope=slope, peers_slope=median,
        interval=Interval(low=low, high=high), years=years,
    )  # fmt: skip


def _direction(slope: float, low: float, high: float, entry: Indicator, span: int) -> Direction:
    sure = low > 0.0 or high < 0.0
    if sure and abs(slope) * span >= entry.matters * (1.0 - 1e-9):
        return "improving" if (low > 0.0) == (entry.better == "higher") else "worsening"
    return "steady" if max(-low, high) * span <= entry.matters else "unclear"
