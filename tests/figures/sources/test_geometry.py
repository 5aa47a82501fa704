# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Maps in every format: what is read, what is mended and said, what is refused and why."""

from __future__ import annotations

import json
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
import shapefile
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import mapping

from tests.figures.sources.rd import to_rd
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.snapshot import Boundaries, Origin, Snapshot
from wijkeconomie.figures.sources import geometry, layer

RD_WKT = 'PROJCS["RD_New",GEOGCS["GCS_Amersfoort",DATUM["D_Amersfoort"]],UNIT["Meter",1.0]]'
WGS84_WKT = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"],UNIT["Degree",0.0174532925199433]]'
SQUARE = shapely.box(4.29, 52.05, 4.3, 52.06)
RD_SQUARE = shapely.box(81_000, 453_000, 82_000, 454_000)
RD_RING = shapely.difference(RD_SQUARE, shapely.box(81_400, 453_400, 81_600, 453_600))


def feature(shape: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": shape and mapping(shape), "properties": properties}


def write(path: Path, *features: Mapping[str, Any], **more: Any) -> Path:
    document = {"type": "FeatureCollection", "features": features, **more}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def one(path: Path, year: int | None = 2025) -> Boundaries:
    (table,) = geometry.read(path, year=year)
    assert isinstance(table, Boundaries)
    return table


def refused(path: Path, year: int | None = 2025) -> str:
    with pytest.raises(Refusal) as caught:
        geometry.read(path, year=year)
    for language in ("nl", "en"):
        assert caught.value.text(language)
    return caught.value.notice.code


def codes_of(table: Boundaries) -> list[str]:
    return [notice.code for notice in table.notices]


# -- areas and years


def test_outlines_are_read_with_code_name_and_year(tmp_path: Path) -> None:
    path = write(tmp_path / "a.geojson", feature(SQUARE, WKC=" WK051817 ", WKN="Moerwijk"))
    table = one(path)
    assert table.frame.select("area", "name").row(0) == ("WK051817", "Moerwijk")
    assert table.year == 2025
    assert shapely.from_wkb(table.frame["geometry"][0]).equals(SQUARE)
    assert table.origin.checksum == table.origin.version
    assert table.origin.read_at.tzinfo is UTC


@pytest.mark.parametrize(
    "said",
    [{"jaar": "2023"}, {"peiljaar": 2023.0}, {"jrstatcode": "2023BU0363AA01"}, {"JAAR": 2023}],
)
def test_the_year_in_the_file_goes_before_the_year_asked_for(
    tmp_path: Path, said: dict[str, Any]
) -> None:
    path = write(tmp_path / "a.geojson", feature(SQUARE, buurtcode="BU0363AA01", **said))
    assert one(path, year=2020).year == 2023


def test_without_any_year_it_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "kaart.geojson", feature(SQUARE, buurtcode="BU05181785"))
    with pytest.raises(WrongUse) as caught:
        geometry.read(path)
    assert "--year" in caught.value.text("nl")
    assert "kaart" in caught.value.text("nl")


def test_two_years_in_one_layer_are_refused(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.geojson",
        feature(SQUARE, code="BU05181785", jaar=2022),
        feature(SQUARE, code="BU05181786", jaar=2023),
    )
    assert refused(path) == "outlines_of_years"


def test_the_smallest_area_of_a_feature_is_the_one_that_it_outlines(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.geojson",
        feature(SQUARE, gm="GM0363", wk="WK0363AA", bu="BU0363AA01", wk_naam="x", bu_naam="y"),
    )
    assert one(path).frame.select("area", "name").row(0) == ("BU0363AA01", "y")


def test_water_is_left_out_and_land_with_the_same_code_stays(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.geojson",
        feature(SQUARE, gm_code="GM0518", H2O="NEE"),
        feature(SQUARE, gm_code="GM0518", H2O="JA"),
    )
    table = one(path)
    assert table.frame["area"].to_list() == ["GM0518"]
    assert table.notices[0].text("nl") == "Overgeslagen: watergebieden zonder inwoners (1)."


def test_codes_that_cannot_be_and_maps_without_codes_are_refused(tmp_path: Path) -> None:
    good = feature(SQUARE, code="BU05181785")
    wrong = feature(SQUARE, code="BU05181")
    assert refused(write(tmp_path / "a.geojson", good, wrong)) == "invalid_code"
    bare = feature(SQUARE, naam="Moerwijk")
    assert refused(write(tmp_path / "b.geojson", bare)) == "outlines_without_codes"
    nothing = feature(SQUARE) | {"properties": None}  # has no columns to name
    assert refused(write(tmp_path / "c.geojson", nothing)) == "outlines_bare"


def test_pieces_of_one_area_are_joined_unless_they_overlap_or_differ(tmp_path: Path) -> None:
    island = shapely.box(4.4, 52.05, 4.41, 52.06)
    shifted = shapely.box(4.295, 52.05, 4.305, 52.06)

    def area(shape: Any, people: int) -> dict[str, Any]:
        return feature(shape, code="BU05181785", aantal_inwoners=people)

    path = write(tmp_path / "a.geojson", area(SQUARE, 10), area(island, 10))
    table, figures = geometry.read(path, year=2025)
    assert isinstance(table, Boundaries)
    assert isinstance(figures, Snapshot)
    assert codes_of(table) == ["pieces_joined"]
    assert shapely.from_wkb(table.frame["geometry"][0]).equals(shapely.union(SQUARE, island))
    assert figures.frame["population"].to_list() == [10.0]
    for name, other in (("b", area(shifted, 10)), ("c", area(island, 20)), ("d", area(None, 10))):
        path = write(tmp_path / f"{name}.geojson", area(SQUARE, 10), other)
        assert refused(path) == "outline_twice"


def test_figures_beside_outlines_become_a_snapshot_of_the_same_year(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.geojson",
        feature(SQUARE, bu_code="BU05181785", jaar="2022", a_inw=3525.0, shape_area=7.5),
    )
    outlines, figures = geometry.read(path)
    assert isinstance(figures, Snapshot)
    assert figures.frame.select("area", "year", "population").row(0) == ("BU05181785", 2022, 3525)
    assert figures.unrecognised == ("shape_area",)
    assert figures.origin == outlines.origin


def test_each_number_that_stands_for_a_reason_is_counted_by_its_reason(tmp_path: Path) -> None:
    values = (10, -99997, -99995, -99991, -99999999, -99990)
    features = [feature(SQUARE, bu_code=f"BU0518{i:04}", a_inw=v) for i, v in enumerate(values)]
    _, figures = geometry.read(write(tmp_path / "a.geojson", *features), year=2024)
    assert isinstance(figures, Snapshot)
    reasons = [Status.OK, Status.SECRET, Status.LATE, Status.ENDED, Status.UNKNOWN]
    reasons.append(Status.UNKNOWN)  # the edge
    assert figures.frame["population~"].to_list() == reasons
    told = [(n.code, n.fields["sentinel"]) for n in figures.notices]
    assert told == [
        ("sentinel_value", "-99999999"),
        ("sentinel_value", "-99997"),
        ("sentinel_other", "-99995"),
        ("sentinel_other", "-99991"),
        ("sentinel_value", "-99990"),
    ]


@pytest.mark.parametrize(
    ("beside", "publisher"),
    [
        ({"jaarstatcode": "2021BU05181785"}, "CBS"),
        ({}, "eigen opgave"),
        ({"jaarstatcode": "2021BU05181785", "a_bedv": 5}, "eigen opgave"),
        ({"jaarstatcode": "2021BU05181785", "ind_wbi": 1, "a_inw": 9, "a_bedv": 5}, "CBS"),
    ],
)
def test_the_map_of_cbs_is_told_from_a_map_of_ones_own_and_from_own_figures_on_it(
    tmp_path: Path, beside: dict[str, object], publisher: str
) -> None:
    path = write(tmp_path / "a.geojson", feature(SQUARE, buurtcode="BU05181785", **beside))
    assert {table.origin.publisher for table in geometry.read(path, year=2021)} == {publisher}


# -- coordinates


def test_declared_rd_is_converted(tmp_path: Path) -> None:
    declared = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    path = write(tmp_path / "a.geojson", feature(RD_RING, code="BU05181785"), crs=declared)
    found = shapely.from_wkb(one(path).frame["geometry"][0])
    expected = layer.to_wgs84(shapely.get_coordinates(RD_RING))
    np.testing.assert_array_equal(shapely.get_coordinates(found), expected)


@pytest.mark.parametrize(
    ("crs", "shape", "code"),
    [
        (None, RD_SQUARE, "looks_rd"),
        ("EPSG:4326", RD_SQUARE, "says_wgs84_looks_rd"),
        ("EPSG:28992", SQUARE, "says_rd_looks_wgs84"),
        (None, shapely.box(52.05, 4.29, 52.06, 4.3), "looks_swapped"),
        (None, shapely.box(-74, 40, -73, 41), "outside_netherlands"),
        (None, shapely.box(5e5, 6.8e6, 5.1e5, 6.9e6), "outside_netherlands"),
        ("EPSG:3857", SQUARE, "unknown_projection"),
    ],
)
def test_a_wrong_coordinate_system_is_noticed(
    tmp_path: Path, crs: str | None, shape: shapely.Polygon, code: str
) -> None:
    more = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    assert refused(write(tmp_path / "a.geojson", feature(shape, code="GM0518"), **more)) == code


@given(
    st.lists(
        st.tuples(st.floats(3.4, 7.1), st.floats(50.8, 53.5), st.floats(1e-4, 0.1)),
        min_size=1,
        max_size=5,
    )
)
@settings(deadline=None, max_examples=40)
def test_any_outline_reads_back_to_the_last_digit(
    circles: list[tuple[float, float, float]],
) -> None:
    shapes = [shapely.Point(x, y).buffer(r, quad_segs=4) for x, y, r in circles]
    features = [feature(s, code=f"BU0518{i:04}") for i, s in enumerate(shapes)]
    found = geometry.outlines(json.loads(json.dumps(features)), year=2025, origin=origin())
    for shape, wkb in zip(shapes, found.frame["geometry"], strict=True):
        read = shapely.get_coordinates(shapely.from_wkb(wkb))
        np.testing.assert_array_equal(read, shapely.get_coordinates(shape))


def test_heights_are_left_out_and_text_for_a_number_is_refused(tmp_path: Path) -> None:
    high = feature(shapely.force_3d(SQUARE, 7), code="BU05181785")
    assert not shapely.from_wkb(one(write(tmp_path / "a", high)).frame["geometry"][0]).has_z
    words = feature(SQUARE, code="BU05181785")
    words["geometry"] = {"type": "Polygon", "coordinates": [[["west", 1], [2, 3], [4, 5]]]}
    assert refused(write(tmp_path / "b", words)) == "invalid_coordinate"
    line = feature(SQUARE, code="BU05181785")
    line["geometry"] = {"type": "Polygon", "coordinates": [[[4.29, 52.05], [4.3, 52.06]]]}
    assert refused(write(tmp_path / "c", line)) == "ring_too_short"


# -- repairs


def test_a_crossing_ring_is_measured_against_the_ring_that_was_meant() -> None:
    bowtie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    mended, repairs = layer.repair(np.array([bowtie, SQUARE, None], dtype=object))
    assert [(r.row, round(r.percent)) for r in repairs] == [(0, -50)]
    assert shapely.is_valid(mended[:2]).all()
    assert mended[2] is None


def test_a_small_knot_hardly_changes_the_surface() -> None:
    knot = shapely.Polygon(
        [(0, 0), (100, 0), (100, 100), (49, 100), (50, 101), (51, 100), (0, 100)]
    )
    _, repairs = layer.repair(np.array([knot], dtype=object))
    assert abs(repairs[0].percent) < 0.1


def test_without_surface_there_is_no_outline() -> None:
    flat = shapely.Polygon([(0, 0), (1, 0), (2, 0)])
    mended, repairs = layer.repair(np.array([flat], dtype=object))
    assert mended.tolist() == [None]
    assert len(repairs) == 1


def test_many_repairs_are_counted_after_the_first_twenty(tmp_path: Path) -> None:
    bowtie = shapely.Polygon([(5, 52), (5.1, 52.1), (5.1, 52), (5, 52.1)])
    features = [feature(bowtie, code=f"BU0518{i:04}") for i in range(25)]
    table = one(write(tmp_path / "a.geojson", *features))
    assert codes_of(table) == ["outline_repaired"] * 20 + ["more_repairs"]
    assert table.notices[-1].text("nl") == "Nog 5 gebieden zijn zo hersteld."


def test_too_many_vertices_are_refused_before_any_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    repaired: list[object] = []
    monkeypatch.setattr(layer, "MOST_VERTICES", 64)
    monkeypatch.setattr(layer, "repair", repaired.append)
    round_one = feature(shapely.Point(5, 52).buffer(0.1, quad_segs=16), code="BU05180001")
    with pytest.raises(Refusal) as caught:
        geometry.outlines([round_one], year=2025, origin=origin())
    assert caught.value.notice.fields["vertices"] == 65
    assert repaired == []


# -- GeoPackage


TABLE = "CREATE TABLE buurten (fid INTEGER PRIMARY KEY, geom, buurtcode, jaarstatcode)"
CONTENTS = """
    CREATE TABLE gpkg_contents (table_name, data_type);
    CREATE TABLE gpkg_geometry_columns (table_name, column_name, srs_id);
    CREATE TABLE gpkg_spatial_ref_sys (srs_id, organization_coordsys_id);
    INSERT INTO gpkg_spatial_ref_sys VALUES (28992, 28992);
    INSERT INTO gpkg_contents VALUES ('buurten', 'features');
    INSERT INTO gpkg_geometry_columns VALUES ('buurten', 'geom', 28992);
"""


def geopackage(path: Path, *, layer_as: str = TABLE) -> Path:
    header = b"GP\x00\x03" + (28992).to_bytes(4, "little") + bytes(32)
    rows = [
        (1, header + RD_RING.wkb, "BU05181785", "2021BU05181785"),
        (2, None, "BU05181786", "2021BU05181786"),
    ]
    with closing(sqlite3.connect(path)) as database:
        database.executescript(CONTENTS + layer_as)
        if layer_as == TABLE:
            database.executemany("INSERT INTO buurten VALUES (?, ?, ?, ?)", rows)
        database.commit()
    return path


def test_a_geopackage_in_rd_is_read_with_its_holes_and_year(tmp_path: Path) -> None:
    table = one(geopackage(tmp_path / "a.gpkg"), year=None)
    assert (table.year, table.frame["area"].to_list()) == (2021, ["BU05181785", "BU05181786"])
    shape = shapely.from_wkb(table.frame["geometry"][0])
    area = shapely.area(shapely.transform(shape, to_rd))
    assert area == pytest.approx(RD_RING.area, rel=1e-6)
    assert codes_of(table) == ["without_outline"]


def test_reading_writes_nothing_beside_the_file(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "a.gpkg")
    before = path.read_bytes()
    one(path)
    assert [file.name for file in tmp_path.iterdir()] == ["a.gpkg"]
    assert path.read_bytes() == before


def test_a_view_that_never_ends_is_no_layer(tmp_path: Path) -> None:
    endless = (
        "CREATE VIEW buurten AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t)"
        " SELECT NULL AS geom, 'BU05181785' AS buurtcode, n FROM t"
    )
    path = geopackage(tmp_path / "a.gpkg", layer_as=endless)
    assert refused(path) == "invalid_layer_name"
    with closing(sqlite3.connect(path)) as database:  # what would have happened
        rows = database.execute("SELECT * FROM buurten")
        assert len(rows.fetchmany(10_000)) == 10_000


def test_a_geopackage_cut_short_is_refused_and_not_half_read(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "a.gpkg")
    path.write_bytes(path.read_bytes()[:-4096])
    assert refused(path) == "geopackage_damaged"


@pytest.mark.parametrize(
    "blob", [b"", b"XX", b"GP\x00\x0f" + bytes(60), b"GP\x00\x01\x00\x00\x00\x00zz"]
)
def test_a_damaged_outline_is_refused(tmp_path: Path, blob: bytes) -> None:
    path = geopackage(tmp_path / "a.gpkg")
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE buurten SET geom = ? WHERE fid = 1", (blob,))
        database.commit()
    assert refused(path) == "geopackage_damaged"


# -- shapefile


def zipped(path: Path, *, wkt: str = RD_WKT, shape: Any = RD_RING, **changes: Any) -> Path:
    encoding = changes.pop("encoding", "utf-8")
    stem = path.with_suffix("")
    with shapefile.Writer(str(stem), encoding=encoding) as writer:
        writer.field("BU_CODE", "C", 10)
        writer.field("BU_NAAM", "C", 40)
        writer.field("WATER", "C", 3)
        writer.field("AANT_INW", "N", 10)
        for number, name in enumerate(changes.pop("names", ["Büürt"])):
            writer.record(f"BU0518{number:04}", name, "NEE", -99999999)
            if shape is None:
                writer.null()
            else:
                writer.shape(mapping(shape))
    stem.with_suffix(".prj").write_text(wkt)
    lacking = changes.pop("without", "")
    with ZipFile(path, "w") as archive:
        for part in ("shp", "shx", "dbf", "prj"):
            if part != lacking:
                archive.write(stem.with_suffix(f".{part}"), f"map/{stem.name}.{part}")
    return path


def test_a_zipped_shapefile_in_rd_is_read_with_its_holes(tmp_path: Path) -> None:
    table = geometry.read(zipped(tmp_path / "buurt.zip"), year=2020)[0]
    assert isinstance(table, Boundaries)
    assert table.frame.select("area", "name").row(0) == ("BU05180000", "Büürt")
    shape = shapely.from_wkb(table.frame["geometry"][0])
    area = shapely.area(shapely.transform(shape, to_rd))
    assert area == pytest.approx(RD_RING.area, rel=1e-6)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_letters_with_accents_survive_both_encodings(tmp_path: Path, encoding: str) -> None:
    path = zipped(tmp_path / "a.zip", encoding=encoding, names=["Café", "’t Zand"])
    table = geometry.read(path, year=2020)[0]
    assert isinstance(table, Boundaries)
    assert table.frame["name"].to_list() == ["Café", "’t Zand"]


def test_the_projection_of_a_shapefile_is_believed_and_checked(tmp_path: Path) -> None:
    good = zipped(tmp_path / "a.zip", wkt=WGS84_WKT, shape=SQUARE)
    table = geometry.read(good, year=2020)[0]
    assert isinstance(table, Boundaries)
    assert shapely.from_wkb(table.frame["geometry"][0]).equals(SQUARE)
    assert refused(zipped(tmp_path / "b.zip", wkt=WGS84_WKT)) == "says_wgs84_looks_rd"
    assert refused(zipped(tmp_path / "c.zip", wkt='PROJCS["UTM_31N"]')) == "unknown_projection"
    assert refused(zipped(tmp_path / "d.zip", without="prj")) == "shapefile_lacks"


def test_an_empty_shape_is_an_area_without_outline(tmp_path: Path) -> None:
    table = geometry.read(zipped(tmp_path / "a.zip", shape=None), year=2020)[0]
    assert codes_of(table) == ["without_outline"]  # type: ignore[arg-type]


def test_a_shapefile_cut_short_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", names=["a", "b", "c"])
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content[:-120] if name.endswith("shp") else content)
    assert refused(path) == "shapefile_damaged"


def test_a_geopackage_in_a_zip_is_read(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(geopackage(tmp_path / "a.gpkg"), "kaart/wijkenbuurten.gpkg")
    assert one(tmp_path / "a.zip").year == 2021


def test_other_zips_and_zips_too_large_to_unpack_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "x" * 5_000)
    assert refused(tmp_path / "a.zip") == "no_layers"
    monkeypatch.setattr(geometry, "MOST_BYTES", 1_000)
    assert refused(tmp_path / "a.zip") == "geometry_too_large"
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 and nothing more")
    assert refused(tmp_path / "b.zip") == "zip_unreadable"


# -- XML and what is no map


def test_an_entity_is_refused_that_a_plain_parser_would_grow(tmp_path: Path) -> None:
    bomb = f'<!DOCTYPE k [<!ENTITY a "{"A" * 1000}">]><k>{"&a;" * 50}</k>'
    path = tmp_path / "a.kml"
    path.write_text(bomb)
    assert refused(path) == "xml_dtd"
    assert len(ET.fromstring(bomb).text or "") == 50_000  # noqa: S314 -- the harm


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("<kml xmlns='http://www.opengis.net/kml/2.2'/>", "xml_not_read"),
        ("<not closed", "xml_not_read"),
        ("<ServiceExceptionReport>Busy</ServiceExceptionReport>", "service_exception"),
        ('{"type": "Feature"}', "not_geojson"),
        ('{"features": [3]}', "not_geojson"),
        ("[1, 2", "not_geojson"),
        ("", "not_geojson"),
    ],
)
def test_what_is_no_map_is_refused_by_its_name(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "a"
    path.write_text(content)
    assert refused(path) == code


@pytest.mark.parametrize("depth", [10, 90, 900])
@pytest.mark.parametrize("kind", ["Point", "Polygon", "MultiPolygon", "GeometryCollection"])
def test_brackets_within_brackets_are_refused_and_never_a_crash(
    tmp_path: Path, depth: int, kind: str
) -> None:
    deep = "[" * depth + "]" * depth
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties":'
        f' {{"code": "BU05181785"}}, "geometry": {{"type": "{kind}", "coordinates": {deep}}}}}]}}'
    )
    assert refused(path)


def test_figures_too_large_for_a_number_are_no_crash() -> None:
    frame = geometry.attributes([{"a": 10**400, "b": [[1]], "c": True}, {"a": 1, "b": {"x": 1}}])
    assert frame.height == 2
    assert frame["b"].to_list() == [None, None]


def test_columns_of_numbers_are_whole_where_they_can_be() -> None:
    frame = geometry.attributes([{"a": 2022.0, "b": 1.5, "c": 1, "d": None}, {"a": None, "c": "x"}])
    assert frame.rows() == [(2022, 1.5, "1", None), (None, None, "x", None)]


def origin() -> Origin:
    now = datetime(2025, 1, 1, tzinfo=UTC)
    return Origin(
        publisher="x",
        table="buurten",
        title="x",
        version="1",
        read_at=now,
        licence="CC BY 4.0",
        checksum="",
    )


def test_a_year_in_the_name_of_outlines_is_proposed_and_never_taken(tmp_path: Path) -> None:
    path = tmp_path / "wijk_2016_6.geojson"
    square = [[[4.0, 52.0], [4.1, 52.0], [4.1, 52.1], [4.0, 52.0]]]
    feature = {
        "type": "Feature", "properties": {"WK_CODE": "WK036301", "WK_NAAM": "Burgwallen"},
        "geometry": {"type": "Polygon", "coordinates": square},
    }  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    with pytest.raises(WrongUse) as refusal:
        geometry.read(path)
    assert refusal.value.notice.code == "year_needed"
    assert "doet denken aan 2016: --year 2016" in refusal.value.text("nl")
    assert "suggests 2016: --year 2016" in refusal.value.text("en")
