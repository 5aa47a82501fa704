# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Degrees back to RD metres, so that tests measure in metres: the software itself never does.

F.H. Schreutelkamp and G.L. Strang van Hees, Geodesia 2001, formula 5 and table 4.
"""

from __future__ import annotations

import numpy as np
from numpy.polynomial.polynomial import polyval2d as _polyval

from wijkeconomie.figures.sources import layer
from wijkeconomie.figures.sources.layer import LAT0, LON0, X0, Y0

# Row p, column q: the coefficient of dlat**p * dlon**q, result in metres.
_X = np.zeros((4, 4))
_X[0, 1:4] = 190094.945, -0.008, -32.391
_X[1, 0:4] = -0.705, -11832.228, 0.0, -0.608
_X[2, 1:4] = -114.221, 0.0, 0.148
_X[3, 1] = -2.340
_Y = np.zeros((4, 5))
_Y[0, 1:5] = 0.433, 3638.893, 0.0, 0.092
_Y[1, 0:5] = 309056.544, -0.032, -157.984, 0.0, -0.054
_Y[2, 0:3] = 73.077, 0.0, -6.439
_Y[3, 0] = 59.788


def to_rd(lonlat: layer.Points) -> layer.Points:
    """RD x and y in metres, shape (n, 2), of longitude and latitude in degrees, shape (n, 2)."""
    dlat, dlon = 0.36 * (lonlat[:, 1] - LAT0), 0.36 * (lonlat[:, 0] - LON0)
    return np.column_stack((X0 + _polyval(dlat, dlon, _X), Y0 + _polyval(dlat, dlon, _Y)))
