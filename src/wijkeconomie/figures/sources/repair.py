# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Outlines that cross themselves are mended, and the change of their surface is told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MOST_CROSSINGS = 50  # beyond that nobody can say what was meant


@dataclass(frozen=True, slots=True)
class Repair:
    """``percent`` is the surface of ``row`` after the repair against what was meant."""

    row: int
    percent: float


def repair(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], tuple[Repair, ...]]:
    """Shapes (n,) of valid areas or None, and what was mended.

    GEOS ``make_valid`` (structure method: holes stay holes, overlaps are counted once).  What was
    meant is the ring in which the two lines that cross have changed partners, so that a bowtie
    is half a square.  What is left without surface becomes None.
    """
    import shapely  # noqa: PLC0415 -- heavy

    broken = np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes))
    mended = shapes.copy()
    repairs = []
    for row in broken:
        whole = shapely.make_valid(shapes[row], method="structure", keep_collapsed=False)
        mended[row] = whole if whole.area > 0 else None
        meant = sum(_surface(part) for part in shapely.get_parts(shapes[row]))
        change = 100 * (whole.area / meant - 1) if meant > 0 else 0.0
        repairs.append(Repair(int(row), change))
    mended[shapely.is_empty(mended)] = None
    return mended, tuple(repairs)


def _surface(polygon: object) -> float:
    import shapely  # noqa: PLC0415 -- heavy

    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(polygon)]
    return max(0.0, _shoelace(_uncrossed(rings[0])) - sum(map(_shoelace, rings[1:])))


def _uncrossed(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """The closed *ring* (n, 2), with the stretch between two crossing lines turned round."""
    for _ in range(_MOST_CROSSINGS):
        crossing = _first_crossing(ring)
        if crossing is None:
            break
        i, j = crossing
        ring = np.concatenate((ring[: i + 1], ring[i + 1 : j + 1][::-1], ring[j + 1 :]))
    return ring


def _first_crossing(ring: NDArray[np.float64]) -> tuple[int, int] | None:
    """Numbers of two lines of *ring* that cross each other, or None."""
    import shapely  # noqa: PLC0415 -- heavy

    lines = shapely.linestrings(np.stack((ring[:-1], ring[1:]), axis=1))
    pairs = shapely.STRtree(lines).query(lines, predicate="crosses")
    pairs = pairs[:, pairs[0] < pairs[1]]
    if not pairs.size:
        return None
    first = np.lexsort((pairs[1], pairs[0]))[0]
    return int(pairs[0, first]), int(pairs[1, first])


def _shoelace(ring: NDArray[np.float64]) -> float:
    """Surface within a closed ring (Gauss); differences from the first point keep it exact."""
    x, y = (ring - ring[0]).T
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)
