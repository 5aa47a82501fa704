# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Work on the outlines of a release: simplify, bound, label.

All take outlines as WKB in longitude and latitude (None for an area without one) and keep their
order.  Distances are metres: between parallels of one degree a flat map of the Netherlands is
right within 3 %, enough to draw with.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Outlines = Sequence[bytes | None]

_METRES = np.array([111_320 * np.cos(np.radians(52.15)), 111_260.0])  # in one degree, lon and lat
_LABEL_STEP = 0.02  # of an area's width: finer does not show


def simplify(outlines: Outlines, tolerance: float) -> list[bytes | None]:
    """Outlines with fewer points; neighbours keep one and the same border.

    Visvalingam-Whyatt on the coverage (GEOS): a corner goes when its triangle is smaller than
    *tolerance*² m².  Areas never vanish.
    """
    import shapely  # noqa: PLC0415 -- heavy

    shapes = _flat(outlines)
    there = ~shapely.is_missing(shapes)
    shapes[there] = shapely.coverage_simplify(shapes[there], tolerance)
    round_again = shapely.transform(shapes, lambda points: points / _METRES)
    return list(shapely.to_wkb(round_again))


def bounds(outlines: Outlines) -> NDArray[np.float64]:
    """West, south, east and north of each outline, shape (n, 4); NaN where there is none."""
    import shapely  # noqa: PLC0415 -- heavy

    found: NDArray[np.float64] = shapely.bounds(_shapes(outlines))
    return found


def label_points(outlines: Outlines) -> NDArray[np.float64]:
    """Where a label fits best, shape (n, 2): the middle of the largest circle within the area.

    NaN where there is no outline.
    """
    import shapely  # noqa: PLC0415 -- heavy

    points = np.full((len(outlines), 2), np.nan)
    for row, shape in enumerate(_flat(outlines)):
        if shape is None:
            continue
        part = max(shapely.get_parts(shape), key=shapely.area)
        west, south, east, north = part.bounds
        step = _LABEL_STEP * max(east - west, north - south)
        circle = shapely.maximum_inscribed_circle(part, tolerance=step)
        points[row] = shapely.get_coordinates(circle)[0] / _METRES
    return points


def _shapes(outlines: Outlines) -> NDArray[np.object_]:
    import shapely  # noqa: PLC0415 -- heavy

    return np.asarray(shapely.from_wkb(np.array(outlines, dtype=object)), dtype=object)


def _flat(outlines: Outlines) -> NDArray[np.object_]:
    """Shapes in metres on a flat map."""
    import shapely  # noqa: PLC0415 -- heavy

    shapes = shapely.transform(_shapes(outlines), lambda points: points * _METRES)
    return np.asarray(shapes, dtype=object)
