# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What many areas gained, that began in different years: for the whole country at once.

Group-time effects with areas that never began as comparison, the year before as base, averaged over
all areas and years after, with errors by influence functions: B. Callaway & P. Sant'Anna, J.
Econometrics 225 (2021) 200-230, §3-4, without covariates.  For a few areas that were chosen for
doing badly: :mod:`wijkeconomie.monitoring.effect`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.monitoring.effect import NEVER

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What areas that began in the year ``began`` (its number) gained by the year ``year``, with
    its standard ``error``."""

    began: int
    year: int
    gain: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gains:
    """``gain`` over all areas that began and years since, each area and year as much, with its
    standard ``error``; ``cells``: by when they began and year."""

    gain: float
    error: float
    cells: tuple[Cell, ...]


def gains(values: Floats, first: Ints) -> Gains:
    """What areas gained; ``values`` (areas, years), all known; ``first`` (areas,): the year in
    which each began, or NEVER.

    ValueError where a figure is unknown, nobody began after the first year, or everybody did."""
    never = first == NEVER
    starts = [int(one) for one in np.unique(first[~never]) if 0 < one < values.shape[1]]
    if not starts or not never.any() or not np.isfinite(values).all():
        raise ValueError("known figures, areas that began after the first year, others are needed")
    cells, pulls, sizes = [], [], []
    base = values[never]
    for began in starts:
        own = values[first == began]
        since = own[:, began:] - own[:, [began - 1]]
        beside = base[:, began:] - base[:, [began - 1]]
        found = since.mean(0) - beside.mean(0)
        pull = np.zeros((len(values), since.shape[1]))  # of each area on each cell
        pull[first == began] = (since - since.mean(0)) / len(own)
        pull[never] = -(beside - beside.mean(0)) / len(base)
        errors = np.sqrt((pull**2).sum(0))
        cells += [Cell(began=began, year=began + n, gain=float(one), error=float(errors[n]))
                  for n, one in enumerate(found)]  # fmt: skip
        pulls.append(pull)
        sizes += [len(own)] * since.shape[1]
    weights = np.array(sizes) / sum(sizes)
    pull = np.hstack(pulls) @ weights + _of_sizes(first, cells, sizes)
    return Gains(gain=float(weights @ [one.gain for one in cells]),
                 error=float(np.sqrt((pull**2).sum())), cells=tuple(cells))  # fmt: skip


def _of_sizes(first: Ints, cells: list[Cell], sizes: list[int]) -> Floats:
    """The pull of each area by what it adds to the size of its group (their §4.2)."""
    all_gains = np.array([one.gain for one in cells])
    began = np.array([one.began for one in cells])
    mean, total = float(np.average(all_gains, weights=sizes)), sum(sizes)
    pull = np.zeros(len(first))
    for start in np.unique(began):
        apart = (all_gains[began == start] - mean).sum() / total
        pull[first == start] += apart
    return np.asarray(pull - pull.mean())
