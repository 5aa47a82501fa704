# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rijksdriehoek (RD New, EPSG:28992) to longitude and latitude (WGS84), and back.

Source: F.H. Schreutelkamp and G.L. Strang van Hees, Benaderingsformules voor de transformatie
tussen RD- en WGS84-kaartcoördinaten, Geodesia 2001 (formulas 5 and 6, tables 4 and 5).
Their Amersfoort is that of 2001; ours is the published RDNAPTRANS point of today (ETRS89), which
takes away a shift of 0.3 m.  Accuracy: 0.25 m on land, 1e-6 degree from the transformation without
correction grid that GIS software uses, there and back within 1 cm.  Not for surveying.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

X0, Y0 = 155_000.0, 463_000.0  # the church spire of Amersfoort, in metres
LON0, LAT0 = 5.387203657, 52.155172897  # the same in degrees

# Where the formulas hold: the Netherlands with a margin, as (x, y) or (lon, lat) low and high.
RD_BOUNDS = ((-10_000.0, 300_000.0), (300_000.0, 640_000.0))
WGS84_BOUNDS = ((3.0, 50.5), (7.6, 54.0))

# Row p, column q: the coefficient of dx**p * dy**q, result in seconds of arc.
_LAT = np.zeros((6, 5))
_LAT[0, 1:4] = 3235.65389, -0.24750, -0.06550
_LAT[1, 0:2] = -0.00738, -0.00012
_LAT[2, 0:4] = -32.58297, -0.84978, -0.01709, -0.00039
_LAT[4, 0:2] = 0.00530, 0.00033
_LON = np.zeros((6, 5))
_LON[0, 1:3] = 0.01199, 0.00022
_LON[1, 0:5] = 5260.52916, 105.94684, 2.45656, 0.05594, 0.00128
_LON[2, 0] = -0.00022
_LON[3, 0:3] = -0.81885, -0.05607, -0.00256
_LON[5, 0] = 0.00026
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


def to_wgs84(rd: Points) -> Points:
    """Longitude and latitude in degrees, shape (n, 2), of RD points in metres, shape (n, 2)."""
    dx, dy = (rd[:, 0] - X0) * 1e-5, (rd[:, 1] - Y0) * 1e-5
    longitude = LON0 + _polynomial(dx, dy, _LON) / 3600
    return np.column_stack((longitude, LAT0 + _polynomial(dx, dy, _LAT) / 3600))


def to_rd(lonlat: Points) -> Points:
    """RD x and y in metres, shape (n, 2), of longitude and latitude in degrees, shape (n, 2)."""
    dlat, dlon = 0.36 * (lonlat[:, 1] - LAT0), 0.36 * (lonlat[:, 0] - LON0)
    return np.column_stack((X0 + _polynomial(dlat, dlon, _X), Y0 + _polynomial(dlat, dlon, _Y)))


def within(points: Points, bounds: tuple[tuple[float, float], tuple[float, float]]) -> bool:
    """Whether all points, shape (n, 2), lie between the low and the high corner."""
    low, high = bounds
    return bool(np.all((points >= low) & (points <= high)))


def _polynomial(a: Points, b: Points, coefficients: Points) -> Points:
    return np.asarray(np.polynomial.polynomial.polyval2d(a, b, coefficients), dtype=np.float64)
