# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every line of the manifest of bad input that is a map or XML behaves as its row says."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.snapshot import Boundaries, Snapshot, Table
from wijkeconomie.figures.sources import files, geometry

AREAS = ("geojson", "gpkg", "xml")
IDEM = {
    "nl": "Het bestand bevat een niet-toegestane XML-definitie (DTD).",
    "en": "The file has a forbidden XML definition (DTD).",
}


def rows(shared: Path) -> list[dict[str, str]]:
    with (shared / "badinputs" / "manifest.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["area"] in AREAS]


def told(tables: list[Table]) -> list[Notice]:
    return [notice for table in tables for notice in table.notices]


def expected(row: dict[str, str], language: str) -> str:
    """The manifest's message; what happened to the data before is added by who catches it."""
    message = row[f"message_{language}"]
    if message == "idem":
        return IDEM[language]
    kept = {"nl": " De vorige versie", "en": " The previous data"}[language]
    return message.partition(kept)[0]


@pytest.fixture
def material(shared: Path, tmp_path: Path) -> Path:
    """The folder of bad input; the one file that is too large to keep is made."""
    star = [
        [4.3 + 0.01 * math.cos(angle), 52.05 + 0.01 * math.sin(angle)]
        for angle in (4 * math.pi * 0.4999 * step for step in range(300_000))
    ]
    feature = {
        "type": "Feature",
        "properties": {"buurtcode": "BU05181785"},
        "geometry": {"type": "Polygon", "coordinates": [[*star, star[0]]]},
    }
    (tmp_path / "300k_vertices.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]})
    )
    return shared / "badinputs"


@pytest.mark.parametrize("read", [geometry.read, files.read])
def test_each_row_behaves_as_the_manifest_says(
    material: Path, tmp_path: Path, shared: Path, read: Callable[..., list[Table]]
) -> None:
    walked = set()
    for row in rows(shared):
        path = material / row["file"]
        if not path.exists():
            path = tmp_path / path.name
        if row["kind"] == "reject":
            with pytest.raises(Refusal) as refusal:
                read(path, year=2025)
            found = [refusal.value.notice]
        else:
            found = told(read(path, year=2025))
        for language in ("nl", "en"):
            said = [notice.text(language) for notice in found]
            wanted = expected(row, language)
            assert [text for text in said if text.startswith(wanted)] or not wanted, (row, said)
        walked.add(row["id"])
    assert len(walked) == 19


def test_an_area_without_outline_stays_in_the_table(shared: Path) -> None:
    (table,) = geometry.read(shared / "badinputs/geojson/null_geometry.geojson", year=2025)
    assert isinstance(table, Boundaries)
    assert table.frame.rows() == [("BU05181785", None, None)]


def test_minus_99997_is_secret_and_in_no_mean(shared: Path) -> None:
    _, table = geometry.read(shared / "badinputs/gpkg/cbs_minus99997.gpkg", year=2025)
    assert isinstance(table, Snapshot)
    assert table.frame["population"].to_list() == [5220.0, None]
    assert table.frame["population~"].to_list() == [Status.OK, Status.SECRET]
    assert table.frame["population"].mean() == 5220.0


def test_script_in_a_property_is_kept_as_plain_text(shared: Path) -> None:
    (table,) = geometry.read(shared / "badinputs/geojson/html_property.geojson", year=2025)
    assert isinstance(table, Boundaries)
    assert table.frame["name"].to_list() == ["<img src=x onerror=alert(1)>"]
