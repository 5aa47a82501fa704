# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Work on outlines: borders stay shared, labels lie inside."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkeconomie.figures import outline

CELL = 0.01  # some 700 by 1100 metres


def cell(column: int, row: int) -> shapely.Polygon:
    west, south = 5.0 + column * CELL, 52.0 + row * CELL
    return shapely.box(west, south, west + CELL, south + CELL)


def wkb(*shapes: shapely.Geometry | None) -> list[bytes | None]:
    return [None if shape is None else shape.wkb for shape in shapes]


def wobbly(seed: int) -> list[bytes | None]:
    """Two areas on both sides of one border with many corners."""
    heights = np.linspace(0, CELL, 60)
    border = 5.01 + np.random.default_rng(seed).uniform(-5e-4, 5e-4, 60)
    line = list(zip(border, 52 + heights, strict=True))
    west = shapely.Polygon([(5.0, 52.0), *line, (5.0, 52 + CELL)])
    east = shapely.Polygon([(5.02, 52.0), *line, (5.02, 52 + CELL)])
    return wkb(west, east)


@given(st.integers(0, 10_000), st.floats(5, 400))
@settings(max_examples=25, deadline=None)
def test_simplified_neighbours_leave_no_gap_and_no_overlap(seed: int, tolerance: float) -> None:
    before = wobbly(seed)
    west, east = shapely.from_wkb(outline.simplify(before, tolerance))
    assert shapely.coverage_is_valid([west, east])
    whole = shapely.union_all(shapely.from_wkb(before)).area
    assert shapely.union(west, east).area == pytest.approx(whole, rel=1e-9)


def test_each_for_itself_would_tear_them_apart() -> None:
    before = shapely.from_wkb(wobbly(1))
    after = [
        shapely.simplify(before[0], 2e-4),
        shapely.simplify(shapely.reverse(before[1]), 3e-4),
    ]
    assert not shapely.coverage_is_valid(after)


def test_simplifying_drops_corners_and_keeps_missing_outlines_in_place() -> None:
    before = wobbly(2)
    after = outline.simplify([before[0], None, before[1]], 100)
    assert after[1] is None
    assert shapely.get_num_coordinates(shapely.from_wkb(after[0])) < 40


def test_bounds_are_west_south_east_north_and_nan_without_outline() -> None:
    found = outline.bounds(wkb(cell(0, 0), None))
    np.testing.assert_allclose(found[0], [5.0, 52.0, 5.01, 52.01])
    assert np.isnan(found[1]).all()


def test_a_label_lies_in_the_widest_part_of_its_area() -> None:
    horseshoe = shapely.difference(cell(0, 0), shapely.box(5.003, 52.002, 5.01, 52.008))
    point = outline.label_points(wkb(horseshoe, None))
    assert horseshoe.contains(shapely.Point(point[0]))
    assert not horseshoe.contains(horseshoe.centroid)
    assert np.isnan(point[1]).all()
