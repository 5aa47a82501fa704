# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures leave whole or not at all, and a missing figure is never zero."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.figures.making import snapshot
from wijkeconomie.figures import build, export
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.release import Release
from wijkeconomie.figures.snapshot import Boundaries, Origin, Snapshot

NAME = "=2+2"  # a name that a spreadsheet would run


def _origin(table: str) -> Origin:
    return Origin(
        publisher="CBS", table=table, title="Kerncijfers", version="2024-01-01",
        read_at=datetime(2024, 5, 1, tzinfo=UTC), licence="CC-BY-4.0", checksum="ab" * 32,
        fictional=True,
    )  # fmt: skip


def _square(x: float) -> bytes:
    import shapely

    clockwise = [(x, 52.0), (x, 52.01), (x + 0.01, 52.01), (x + 0.01, 52.0)]
    return bytes(shapely.to_wkb(shapely.Polygon(clockwise)))


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    codes = ["NL00", "GM9901", "WK990101", "BU99010101", "BU99010102"]
    frame = pl.DataFrame(
        {
            "area": codes,
            "year": pl.Series([2024] * 5, dtype=pl.Int16),
            "name": ["Land", "Stad", "Wijk", NAME, 'Dorp, \'t "Hof"'],
            "gemeente": [None, "Stad", "Stad", "Stad", "Stad"],
            "change": [None, None, None, "1", "1"],
            "population": [3000.0, 3000.0, 3000.0, 2405.0, None],
            "population~": pl.Series([0, 0, 0, 0, int(Status.SECRET)], dtype=pl.UInt8),
        }
    )
    keys = {"population": "AantalInwoners_5"}
    figures = Snapshot(origin=_origin("85984NED"), frame=frame, keys=keys)
    outlines = Boundaries(
        origin=_origin("grenzen"), year=2024,
        frame=pl.DataFrame({
            "area": codes[3:], "name": codes[3:], "geometry": [_square(5.0), _square(5.01)],
        }),
    )  # fmt: skip
    return build.load(tmp_path_factory.mktemp("data"), [figures, outlines])


@pytest.fixture
def frame(release: Release) -> pl.DataFrame:
    return export.rows(release, ["BU99010102", "BU99010101"], ["population"])


def _bytes(frame: pl.DataFrame, kind: str, release: Release) -> bytes:
    out = io.BytesIO()
    export.write(frame, kind, out, release=release, language="nl")
    return out.getvalue()


def test_rows_have_the_contract_columns_and_order(frame: pl.DataFrame) -> None:
    assert tuple(frame.columns) == export.COLUMNS
    assert frame["area"].to_list() == ["BU99010101", "BU99010102"]


def test_rows_name_unit_status_and_source_in_words(frame: pl.DataFrame) -> None:
    assert frame.row(0, named=True) == {
        "area": "BU99010101", "name": NAME, "level": "buurt", "year": 2024,
        "indicator": "population", "value": 2405.0, "status": "ok", "unit": "persons",
        "source": "CBS, 85984NED",
    }  # fmt: skip
    assert frame.row(1, named=True)["value"] is None
    assert frame.row(1, named=True)["status"] == "secret"


def test_no_areas_an_unknown_area_and_an_unknown_indicator_are_refused(release: Release) -> None:
    with pytest.raises(WrongUse, match="Name at least one area"):
        export.rows(release, [])
    with pytest.raises(Refusal, match="GM0001 is not in these figures"):
        export.rows(release, ["GM0001"])
    with pytest.raises(WrongUse, match="Unknown indicator: happiness"):
        export.rows(release, ["GM9901"], ["happiness"])


@pytest.mark.parametrize(
    ("asked", "near"),
    [("jobs", "jobs_per_1000"), ("Populaton", "population"), ("Job-seekers", "job_seekers")],
)
def test_an_unknown_indicator_is_answered_with_the_nearest_ones(asked: str, near: str) -> None:
    with pytest.raises(WrongUse) as refused:
        export.known_indicators([asked])
    assert near in refused.value.notice.fields["near"].split(", ")
    assert "wijkeconomie figures list" in refused.value.text("nl")


def test_csv_is_rfc_4180_utf_8_without_bom_and_missing_is_empty(
    frame: pl.DataFrame, release: Release
) -> None:
    text = _bytes(frame, "csv", release).decode()
    first, second = csv.DictReader(io.StringIO(text))
    assert text.startswith("area,name,level")
    assert (first["value"], second["value"], second["name"]) == ("2405", "", 'Dorp, \'t "Hof"')


def test_csv_for_a_dutch_spreadsheet_has_bom_semicolons_commas_and_no_formulas(
    frame: pl.DataFrame, release: Release
) -> None:
    decimal = frame.with_columns(value=pl.col("value") + 0.5)
    data = _bytes(decimal, "csv-excel", release)
    assert data.startswith(b"\xef\xbb\xbf")
    first = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert (first["name"], first["value"]) == ("'=2+2", "2405,5")


@pytest.mark.parametrize("sign", [*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20"])
def test_text_that_a_spreadsheet_would_run_is_text_in_csv_for_excel(sign: str) -> None:
    """Only where it starts so; inside a name the sign is harmless."""
    out = io.BytesIO()
    names = pl.DataFrame({"name": [f"{sign}HYPERLINK(A1)", f"A{sign}1"]})
    export.write_table(names, "csv-excel", out, "x")
    written = out.getvalue().decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(written, newline=""), delimiter=";")
    assert (first["name"], second["name"]) == (f"'{sign}HYPERLINK(A1)", f"A{sign}1")


def test_plain_csv_would_hand_a_formula_to_a_spreadsheet(
    frame: pl.DataFrame, release: Release
) -> None:
    first = next(csv.DictReader(io.StringIO(_bytes(frame, "csv", release).decode())))
    assert first["name"] == NAME


def test_json_says_release_sources_and_null(frame: pl.DataFrame, release: Release) -> None:
    made = json.loads(_bytes(frame, "json", release))
    assert made["release"] == release.id
    assert made["fictional"] is True
    assert made["sources"][0]["licence"] == "CC-BY-4.0"
    assert [row["value"] for row in made["rows"]] == [2405.0, None]


def test_geojson_is_wgs84_counter_clockwise_with_flat_figures(
    frame: pl.DataFrame, release: Release
) -> None:
    made = json.loads(_bytes(frame, "geojson", release))
    first, second = made["features"]
    ring = first["geometry"]["coordinates"][0]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    assert area > 0  # RFC 7946: exterior rings are counter-clockwise
    assert first["properties"]["population_2024"] == 2405.0
    assert second["properties"]["population_2024"] is None
    assert second["properties"]["population_2024_status"] == "secret"


def test_a_corner_in_geojson_stands_to_ten_centimetres() -> None:
    """Six decimals of a degree; two would move it by half a kilometre."""
    drawn = {"type": "Polygon", "coordinates": [[[4.123456789, 52.98765432], [4.1, 52.9]]]}
    assert export._rounded(drawn) == {
        "type": "Polygon", "coordinates": [[[4.123457, 52.987654], [4.1, 52.9]]],
    }  # fmt: skip


def test_geojson_of_an_area_without_outline_has_null_geometry(release: Release) -> None:
    made = json.loads(_bytes(export.rows(release, ["NL00"], ["population"]), "geojson", release))
    assert made["features"][0]["geometry"] is None


def test_xlsx_keeps_formulas_text_missing_empty_and_names_its_sources(
    frame: pl.DataFrame, release: Release
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(_bytes(frame, "xlsx", release)))
    figures, sources = book.worksheets
    assert [cell.value for cell in figures[1]] == frame.columns
    assert (figures["B2"].value, figures["B2"].data_type) == (NAME, "s")
    assert (figures["F2"].value, figures["F3"].value, figures["G3"].value) == (2405, None, "secret")
    assert figures.freeze_panes == "A2"
    cells = [cell.value for row in sources.iter_rows() for cell in row]
    assert {"CC-BY-4.0", "85984NED", release.id} <= set(cells)


def test_a_workbook_for_people_has_headings_in_words_and_says_which_column_each_is(
    frame: pl.DataFrame, release: Release
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(_bytes(frame, "xlsx-in-words", release)))
    figures, explained, _sources = book.worksheets
    heads = [cell.value for cell in figures[1]]
    told = [tuple(cell.value for cell in row) for row in explained.iter_rows()]
    assert told[0] == ("In woorden", "In CSV en JSON")
    assert told[1 : len(heads) + 1] == list(zip(heads, frame.columns, strict=True))
    assert heads[:2] == ["Code van het gebied", "Naam van het gebied"]
    assert ("geheim of te onzeker", "secret") in told


def test_xlsx_refuses_more_rows_than_a_sheet_holds(
    frame: pl.DataFrame, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "XLSX_ROWS", 1)
    with pytest.raises(Refusal, match="An Excel sheet holds 1 rows; these are 2"):
        _bytes(frame, "xlsx", release)


def test_parquet_reads_back_equal_and_carries_its_release(
    frame: pl.DataFrame, release: Release
) -> None:
    data = _bytes(frame, "parquet", release)
    assert pl.read_parquet(io.BytesIO(data)).equals(frame)
    assert pl.read_parquet_metadata(io.BytesIO(data))["release"] == release.id


def test_an_unknown_format_names_the_known_ones(frame: pl.DataFrame, release: Release) -> None:
    with pytest.raises(WrongUse, match="csv, json, geojson, xlsx, parquet"):
        _bytes(frame, "ods", release)


def test_an_existing_file_is_refused_and_stays(
    frame: pl.DataFrame, release: Release, tmp_path: Path
) -> None:
    target = tmp_path / "bestaand.parquet"
    target.write_text("old")
    with pytest.raises(WrongUse) as refused:
        export.write(frame, "parquet", target, release=release, language="nl")
    assert refused.value.text("nl").startswith("bestaand.parquet bestaat al")
    assert target.read_text() == "old"


def test_an_existing_file_is_replaced_when_asked(
    frame: pl.DataFrame, release: Release, tmp_path: Path
) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old")
    export.write(frame, "csv", target, release=release, language="nl", overwrite=True)
    assert target.read_bytes() == _bytes(frame, "csv", release)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_the_old_file_and_no_remains(
    frame: pl.DataFrame,
    release: Release,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    target = tmp_path / "x.parquet"
    target.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refusal) as refused:
        export.write(frame, "parquet", target, release=release, language="nl", overwrite=True)
    assert "Schijf vol: er zijn 1 MB nodig" in refused.value.text("nl")
    assert refused.value.exit_code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["x.parquet"]
    assert target.read_text() == "old"


def test_writing_in_place_would_lose_the_old_file_on_a_full_disk(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old")

    def in_place() -> None:
        with target.open("w") as out:
            out.write("half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        in_place()
    assert target.read_text() == "half"


def test_an_interruption_leaves_the_old_file_and_no_remains(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("old")

    def interrupted() -> None:
        with export.replacing(target, overwrite=True) as out:
            out.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]
    assert target.read_text() == "old"


def test_a_folder_that_is_not_there_is_refused_in_words(
    frame: pl.DataFrame, release: Release, tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match="cannot be written"):
        export.write(frame, "csv", tmp_path / "no" / "x.csv", release=release, language="en")


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), max_size=8))
def test_csv_reads_back_every_number_and_every_gap(values: list[float | None]) -> None:
    frame = pl.DataFrame({"value": values}, schema={"value": pl.Float64})
    out = io.BytesIO()
    export.write(frame.with_columns(row=pl.lit("x")), "csv", out, release=None, language="nl")  # type: ignore[arg-type]
    back = [row["value"] for row in csv.DictReader(io.StringIO(out.getvalue().decode()))]
    assert [float(text) if text else None for text in back] == values


def test_rows_stand_by_area_indicator_and_year_and_name_whom_an_own_table_names(
    tmp_path: Path,
) -> None:
    """Two tables; the row of the first year says that its source is the BRP."""
    tables = [
        snapshot(year, [{"area": "WK000101", "population": 900, "households": 400}],
                 table=f"{year}.csv", publisher="Gemeente")
        for year in (2021, 2020)
    ]  # fmt: skip
    named = tables[1].frame.with_columns(pl.lit("BRP").alias("population@"))
    release = build.load(tmp_path, [tables[0], replace(tables[1], frame=named)])
    found = export.rows(release, ["WK000101"], ["population", "households"])
    assert found.select("indicator", "year", "source").rows() == [
        ("households", 2020, "Gemeente, 2020.csv"), ("households", 2021, "Gemeente, 2021.csv"),
        ("population", 2020, "Gemeente, 2020.csv: BRP"), ("population", 2021, "Gemeente, 2021.csv"),
    ]  # fmt: skip


def test_at_most_five_near_indicators_are_offered() -> None:
    with pytest.raises(WrongUse) as refused:
        export.known_indicators(["share"])
    assert len(refused.value.notice.fields["near"].split(", ")) == 5


@pytest.mark.parametrize(
    ("limit", "most", "code"),
    [("XLSX_ROWS", 2, ""), ("XLSX_ROWS", 1, "xlsx_too_many_rows"),
     ("XLSX_CHARACTERS", 3, ""), ("XLSX_CHARACTERS", 2, "xlsx_long_text")],
)  # fmt: skip
def test_a_sheet_holds_exactly_as_much_as_its_limit(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, code: str
) -> None:
    monkeypatch.setattr(export, limit, most)
    out, table = io.BytesIO(), pl.DataFrame({"name": ["a", "abc"]})
    if not code:
        export.write_table(table, "xlsx", out, "x")
        assert openpyxl.load_workbook(out).worksheets[0]["A3"].value == "abc"
        return
    with pytest.raises(Refusal) as refused:
        export.write_table(table, "xlsx", out, "x")
    assert (refused.value.notice.code, out.getvalue()) == (code, b"")


def test_a_written_file_may_be_read_by_whom_any_new_file_may(tmp_path: Path) -> None:
    (tmp_path / "usual").write_text("x")
    with export.replacing(tmp_path / "ours") as out:
        out.write(b"x")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize(("expected", "said"), [(1_000_000, 1), (1_000_001, 2), (0, 1)])
def test_the_room_that_a_full_disk_lacks_is_rounded_up(
    tmp_path: Path, expected: int, said: int
) -> None:
    with (
        pytest.raises(Refusal) as refused,
        export.replacing(tmp_path / "x.csv", expected=expected),
    ):
        raise OSError(errno.ENOSPC, "full")
    assert refused.value.notice.fields["megabytes"] == said


@pytest.mark.parametrize("kind", ["json", "geojson"])
def test_json_never_holds_a_figure_that_is_no_number(
    frame: pl.DataFrame, release: Release, kind: str
) -> None:
    """NaN is no JSON: a reader would break on the whole file."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        _bytes(frame.with_columns(value=float("nan")), kind, release)


def test_the_source_of_a_figure_of_cbs_is_not_whom_an_own_table_of_the_same_cell_names(
    tmp_path: Path,
) -> None:
    """CBS has the inhabitants; of the households only the own table tells."""
    cbs = snapshot(2020, [{"area": "WK000101", "population": 900}], table="KWB2020")
    mine = snapshot(
        2020, [{"area": "WK000101", "population": 905, "households": 400}],
        table="own.csv", publisher="Gemeente",
    )  # fmt: skip
    named = mine.frame.with_columns(pl.lit("BRP").alias(f"{n}@") for n in mine.keys)
    release = build.load(tmp_path, [cbs, replace(mine, frame=named)])
    found = export.rows(release, ["WK000101"], ["population", "households"])
    assert found.select("indicator", "value", "source").rows() == [
        ("households", 400.0, "Gemeente, own.csv: BRP"), ("population", 900.0, "CBS, KWB2020"),
    ]  # fmt: skip


def test_a_count_in_a_workbook_shows_no_decimals_and_a_share_one_more_than_a_page() -> None:
    frame = pl.DataFrame({"indicator": ["population", "social_assistance"], "value": [900.0, 4.25]})
    out = io.BytesIO()
    export.write_table(frame, "xlsx", out, "Cijfers")
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert [sheet[cell].number_format for cell in ("B2", "B3")] == ["#,##0", "#,##0.00"]
