# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The real boundary files: every outline and every figure as the file has them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import shapely
from shapely.geometry import shape

from tests.figures.sources.rd import to_rd
from wijkeconomie.figures.refusal import WrongUse
from wijkeconomie.figures.snapshot import STATUS_SUFFIX, Boundaries, Snapshot
from wijkeconomie.figures.sources import geometry


def square_km(table: Boundaries) -> float:
    shapes = shapely.from_wkb(table.frame["geometry"].drop_nulls().to_numpy())
    return float(shapely.area(shapely.transform(shapes, to_rd)).sum() / 1e6)


def features(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_bytes())["features"]
    return found


@pytest.mark.parametrize(("name", "code"), [("buurten", "bu_code"), ("wijken", "wk_code")])
def test_eindhoven_reads_back_point_by_point_and_cell_by_cell(
    shared: Path, name: str, code: str
) -> None:
    path = shared / f"data/boundaries/eindhoven_{name}.geojson"
    outlines, figures = geometry.read(path)
    assert isinstance(outlines, Boundaries)
    assert isinstance(figures, Snapshot)
    assert outlines.year == 2022
    raw = features(path)
    assert outlines.frame["area"].to_list() == [f["properties"][code] for f in raw]
    for feature, wkb in zip(raw, outlines.frame["geometry"], strict=True):
        assert shapely.from_wkb(wkb).equals_exact(shape(feature["geometry"]), 0)
    assert len(figures.keys) > 60
    for column, key in figures.keys.items():
        given = [f["properties"][key] for f in raw]
        assert figures.frame[column].to_list() == given, column
        missing = [value is None for value in given]
        assert (figures.frame[column + STATUS_SUFFIX] > 1).to_list() == missing, column
    assert set(figures.frame["gemeente"]) == {"Eindhoven"}


def test_the_surface_of_eindhoven_is_what_the_file_says(shared: Path) -> None:
    path = shared / "data/boundaries/eindhoven_buurten.geojson"
    outlines = geometry.read(path)[0]
    assert isinstance(outlines, Boundaries)
    said = sum(f["properties"]["shape_area"] for f in features(path)) / 1e6
    assert square_km(outlines) == pytest.approx(said, rel=1e-6)


def test_ermelo_is_read_without_its_water_and_with_its_figures(shared: Path) -> None:
    path = shared / "data/boundaries/ermelo_buurten_2021.gpkg"
    outlines, figures = geometry.read(path)
    assert isinstance(outlines, Boundaries)
    assert isinstance(figures, Snapshot)
    assert (outlines.year, outlines.frame.height) == (2021, 16)
    assert [notice.text("nl") for notice in outlines.notices] == [
        "Overgeslagen: watergebieden zonder inwoners (1)."
    ]
    assert square_km(outlines) == pytest.approx(86, abs=2)
    with sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True) as database:
        men = database.execute("SELECT buurtcode, mannen FROM CBS_Buurten WHERE water = 'NEE'")
        assert dict(figures.frame.select("area", "men").rows()) == dict(men)


def test_the_country_of_2016_is_converted_from_rd_and_mended(shared: Path) -> None:
    path = shared / "data/boundaries/wijk_2016_6.geojson"
    with pytest.raises(WrongUse) as refusal:
        geometry.read(path)
    assert refusal.value.notice.code == "year_needed"
    (outlines,) = geometry.read(path, year=2016)
    assert isinstance(outlines, Boundaries)
    assert outlines.frame.height == 2981  # one wijk lies in two features
    codes = [notice.code for notice in outlines.notices]
    assert codes.count("pieces_joined") == 1
    assert 0 < codes.count("outline_repaired") < 0.005 * 2981
    shapes = shapely.from_wkb(outlines.frame["geometry"].drop_nulls().to_numpy())
    assert shapely.is_valid(shapes).all()
    assert outlines.frame.filter(pl.col("geometry").is_null())["area"].to_list() == [
        "WK024316",
        "WK099590",
    ]
    assert 33_500 < square_km(outlines) < 42_000


def test_rd_outlines_read_back_within_a_millionth_of_a_degree(shared: Path) -> None:
    path = shared / "data/boundaries/wijk_2016_6.geojson"
    (outlines,) = geometry.read(path, year=2016)
    assert isinstance(outlines, Boundaries)
    found = dict(outlines.frame.select("area", "geometry").rows())
    for feature in features(path)[::150]:
        rd = shapely.get_coordinates(shape(feature["geometry"]))
        read = shapely.get_coordinates(shapely.from_wkb(found[feature["properties"]["WKC"]]))
        assert np.abs(read - [term_by_term(x, y) for x, y in rd]).max() < 1e-9


def term_by_term(x: float, y: float) -> tuple[float, float]:
    """The published formulas written out, without the matrices of the code under test."""
    a, b = (x - 155_000) / 1e5, (y - 463_000) / 1e5
    north = 3235.65389 * b - 32.58297 * a**2 - 0.2475 * b**2 - 0.84978 * a**2 * b
    north += -0.0655 * b**3 - 0.01709 * a**2 * b**2 - 0.00738 * a + 0.0053 * a**4
    north += -0.00039 * a**2 * b**3 + 0.00033 * a**4 * b - 0.00012 * a * b
    east = 5260.52916 * a + 105.94684 * a * b + 2.45656 * a * b**2 - 0.81885 * a**3
    east += 0.05594 * a * b**3 - 0.05607 * a**3 * b + 0.01199 * b - 0.00256 * a**3 * b**2
    east += 0.00128 * a * b**4 + 0.00022 * b**2 - 0.00022 * a**2 + 0.00026 * a**5
    return 5.387203657 + east / 3600, 52.155172897 + north / 3600
