# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The middle of a set of figures and how far they lie from it, as score and trend hold an area
against its peers.

Source: Rousseeuw & Croux (1993), JASA 88 (median and median absolute deviation, MAD).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAD_SCALE = 1.4826  # MAD of a normal distribution to its standard deviation
FEWEST_PEERS = 5  # peers that must have the figure before we compare with them


def median_and_mad(theirs: Floats) -> tuple[Floats, Floats]:
    """Median and MAD (rows,) of the peers' figures, in sorted rows with NaN last; NaN where fewer
    than five are known."""
    count = np.isfinite(theirs).sum(1)
    median = sorted_median(theirs, count)
    away = np.sort(np.abs(theirs - median[:, None]), axis=1)
    enough = count >= FEWEST_PEERS
    return np.where(enough, median, np.nan), np.where(enough, sorted_median(away, count), np.nan)


def sorted_median(ordered: Floats, count: NDArray[np.int64]) -> Floats:
    """Median (rows,) of sorted rows of which the first ``count`` are known; NaN without columns."""
    if not ordered.shape[1]:
        return np.full(len(ordered), np.nan)
    lower = np.take_along_axis(ordered, np.maximum((count - 1) // 2, 0)[:, None], axis=1)
    upper = np.take_along_axis(
        ordered, np.minimum(count // 2, ordered.shape[1] - 1)[:, None], axis=1
    )
    middle: Floats = 0.5 * (lower + upper)[:, 0]
    return middle


def mad(values: Floats) -> float:
    """MAD of what is known, in the unit of the figures; 0 where nothing is."""
    finite = values[np.isfinite(values)]
    return float(np.median(np.abs(finite - np.median(finite)))) if len(finite) else 0.0
