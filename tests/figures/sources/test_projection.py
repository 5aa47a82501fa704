# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""RD to WGS84 and back, against published points and an independent computation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.figures.sources.rd import to_rd
from wijkeconomie.figures.sources import layer

# Kadaster, test points of RDNAPTRANS: name, latitude, longitude (ETRS89), x, y.
PUBLISHED = [
    ("Texel", 53.160753042, 4.824761912, 117380.12, 575040.34),
    ("Noord-Groningen", 53.419482050, 6.776726674, 247380.56, 604580.78),
    ("Amersfoort", 52.155172897, 5.387203657, 155000.00, 463000.00),
    ("Zeeuws-Vlaanderen", 51.368607152, 3.397588595, 16460.91, 377380.23),
    ("Zuid-Limburg", 50.792584916, 5.773795548, 182260.45, 311480.67),
    ("Maasvlakte", 51.947393898, 4.072887101, 64640.89, 440700.0101),
]
ON_LAND = st.tuples(st.floats(10_000, 280_000), st.floats(306_000, 620_000))


@pytest.mark.parametrize(("latitude", "longitude", "x", "y"), [row[1:] for row in PUBLISHED])
def test_published_points_are_met_within_a_quarter_of_a_metre(
    latitude: float, longitude: float, x: float, y: float
) -> None:
    there = to_rd(np.array([[longitude, latitude]]))
    assert np.hypot(*(there - [x, y])[0]) < 0.25
    back = layer.to_wgs84(np.array([[x, y]]))
    assert np.hypot(*((back - [longitude, latitude]) * [68_600, 111_200])[0]) < 0.25


@given(ON_LAND)
@settings(deadline=None)
def test_there_and_back_is_within_a_centimetre(point: tuple[float, float]) -> None:
    rd = np.array([point])
    back = to_rd(layer.to_wgs84(rd))
    assert np.abs(back - rd).max() < 0.01


@given(ON_LAND)
@settings(deadline=None)
def test_agrees_with_the_transformation_that_gis_software_uses(point: tuple[float, float]) -> None:
    rd = np.array([point])
    assert np.abs(layer.to_wgs84(rd) - exact(rd)).max() < 1e-6


def test_the_amersfoort_of_2001_would_be_three_times_as_far_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rd = np.array([[155_000.0, 463_000.0]])
    monkeypatch.setattr(layer, "LON0", 5.38720621)
    monkeypatch.setattr(layer, "LAT0", 52.15517440)
    assert np.abs(layer.to_wgs84(rd) - exact(rd)).max() > 2e-6


def test_bounds_tell_the_two_systems_apart() -> None:
    rd, lonlat = np.array([[81_000.0, 453_000.0]]), np.array([[4.29, 52.05]])
    assert layer.within(rd, layer.RD_BOUNDS)
    assert not layer.within(rd, layer.WGS84_BOUNDS)
    assert layer.within(lonlat, layer.WGS84_BOUNDS)
    assert not layer.within(lonlat, layer.RD_BOUNDS)


def exact(rd: layer.Points) -> layer.Points:
    """Oblique stereographic on Bessel 1841 (EPSG method 9809), then seven parameters to WGS84.

    Written from EPSG Guidance Note 7-2 and EPSG:28992, without a line of the code under test.
    """
    a, f = 6377397.155, 1 / 299.1528128
    e2 = 2 * f - f * f
    e, phi0 = np.sqrt(e2), np.radians(52 + 9 / 60 + 22.178 / 3600)
    lam0, k0 = np.radians(5 + 23 / 60 + 15.5 / 3600), 0.9999079
    sin0 = np.sin(phi0)
    radius = a * np.sqrt(1 - e2) / (1 - e2 * sin0**2)
    n = np.sqrt(1 + e2 * np.cos(phi0) ** 4 / (1 - e2))
    w1 = ((1 + sin0) / (1 - sin0) * ((1 - e * sin0) / (1 + e * sin0)) ** e) ** n
    conformal = (w1 - 1) / (w1 + 1)
    c = (n + sin0) * (1 - conformal) / ((n - sin0) * (1 + conformal))
    chi0 = np.arcsin((c * w1 - 1) / (c * w1 + 1))
    dx, dy = rd[:, 0] - 155_000, rd[:, 1] - 463_000
    g = 2 * radius * k0 * np.tan(np.pi / 4 - chi0 / 2)
    h = 4 * radius * k0 * np.tan(chi0) + g
    i = np.arctan2(dx, h + dy)
    j = np.arctan2(dx, g - dy) - i
    chi = chi0 + 2 * np.arctan((dy - dx * np.tan(j / 2)) / (2 * radius * k0))
    lam = (j + 2 * i) / n + lam0
    psi = np.log((1 + np.sin(chi)) / (c * (1 - np.sin(chi)))) / (2 * n)
    phi = 2 * np.arctan(np.exp(psi)) - np.pi / 2
    for _ in range(6):
        shrink = ((1 - e * np.sin(phi)) / (1 + e * np.sin(phi))) ** (e / 2)
        error = np.log(np.tan(phi / 2 + np.pi / 4) * shrink) - psi
        phi -= error * np.cos(phi) * (1 - e2 * np.sin(phi) ** 2) / (1 - e2)
    return _to_wgs84(phi, lam, a, e2)


def _to_wgs84(phi: layer.Points, lam: layer.Points, a: float, e2: float) -> layer.Points:
    normal = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    bessel = normal * np.array(
        [np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), (1 - e2) * np.sin(phi)]
    )
    rx, ry, rz = np.radians(np.array([-0.406857, 0.350733, -1.870347]) / 3600)
    turn = np.array([[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]])
    x, y, z = np.array([[565.2369], [50.0087], [465.658]]) + (1 + 4.0812e-6) * turn @ bessel
    major, flat = 6378137.0, 1 / 298.257223563
    eccentric, across = 2 * flat - flat * flat, np.hypot(x, y)
    latitude = np.arctan2(z, across * (1 - eccentric))
    for _ in range(6):
        normal = major / np.sqrt(1 - eccentric * np.sin(latitude) ** 2)
        latitude = np.arctan2(z + eccentric * normal * np.sin(latitude), across)
    return np.degrees(np.column_stack((np.arctan2(y, x), latitude)))
