# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files that people have: all real tables load, and read back equal to the file, cell by cell."""

from __future__ import annotations

import bz2
import contextlib
import csv
import json
import lzma
import os
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.figures.sources.watching import Watched
from wijkeconomie.figures import build
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import LANGUAGES, Refusal, WrongUse
from wijkeconomie.figures.release import open_release
from wijkeconomie.figures.snapshot import Crosswalk, Snapshot
from wijkeconomie.figures.sources import files

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = plain | st.text(st.characters(exclude_categories=["Cs"]))
documents = st.recursive(
    values,
    lambda part: st.lists(part) | st.dictionaries(st.text("abc", min_size=1), part),
    max_leaves=8,
)

MISSING = {".", "", None}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" + "1" * 100_000 + "]", "json_number_long"),
        ("[" * 100_000 + "]" * 100_000, "json_too_deep"),
        ('[{"a": NaN}]', "json_constant"),
        ('[{"code": "BU05181785", "jaar": 2020, "g_woz": 1e999}]', "not_a_number"),
        ('[{"code": "BU05181785", "jaar": 2020, "a_inw": 1' + "0" * 400 + "}]", "not_a_number"),
        ('[{"code": "BU05181785", "CODE": "BU05181786", "a_inw": 5}]', "header_twice"),
    ],
)
def test_json_that_no_table_can_hold_is_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(text, "utf-8")
    with pytest.raises(Refusal) as refused:
        files.read(path, year=2020)
    assert refused.value.notice.code == code


@pytest.mark.parametrize("about", ["5", "null", '"x"', "[5]"])
def test_a_description_beside_a_copy_that_is_none_is_refused(tmp_path: Path, about: str) -> None:
    row = {"ID": 0, "WijkenEnBuurten": "BU05181785", "AantalInwoners_5": 5}
    path = tmp_path / "84799NED_TypedDataSet.json"
    path.write_text(json.dumps({"value": [row]}), "utf-8")
    (tmp_path / "84799NED_Metadata.json").write_text(about, "utf-8")
    with pytest.raises(Refusal) as refused:
        files.read(path)
    assert refused.value.notice.code == "json_not_rows"


def test_text_in_the_figures_of_a_copy_of_v4_is_refused_with_its_row(tmp_path: Path) -> None:
    row = {"WijkenEnBuurten": "BU05181785", "Measure": "T001036", "Value": "1"}
    path = tmp_path / "84799NED_Observations.json"
    other = row | {"WijkenEnBuurten": "BU05181786", "Value": "many"}
    path.write_text(json.dumps({"value": [row, other]}), "utf-8")
    with pytest.raises(Refusal) as refused:
        files.read(path, year=2020)
    assert refused.value.notice.code == "service_number"
    assert refused.value.notice.fields["what"]["en"] == "Value in row 2"


def _one(path: Path, year: int | None = None) -> Snapshot:
    (table,) = files.read(path, year=year)
    assert isinstance(table, Snapshot)
    return table


def _differences(table: Snapshot, records: list[dict[str, object]], code: str) -> list[object]:
    """Cells of recognised columns that differ from an independent reading of the file."""
    rows = {row["area"]: row for row in table.frame.iter_rows(named=True)}
    assert len(rows) == len(records)
    return [
        (record[code], key, record[key], rows[str(record[code]).strip()][column])
        for record in records
        for column, key in table.keys.items()
        if _independent(record[key]) != rows[str(record[code]).strip()][column]
    ]


def _independent(cell: object) -> float | None:
    text = str(cell).strip() if cell is not None else ""
    return None if text in MISSING else float(text.replace(",", "."))


def _csv_records(path: Path, delimiter: str) -> list[dict[str, object]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_amsterdam_2017_reads_back_equal(shared: Path) -> None:
    path = shared / "data/kwb-2017-amsterdam/Kerncijfers_wijken_en_buurten_2017.csv"
    table = _one(path, 2017)
    records = _csv_records(path, ",")
    assert len(table.keys) == 63
    assert _differences(table, records, "Regioaanduiding.Codering..code.") == []


def test_national_2024_reads_back_equal(shared: Path) -> None:
    path = next((shared / "data/kwb-2024-national").glob("*.csv"))
    table = _one(path, 2024)
    assert len(table.keys) == 8
    assert _differences(table, _csv_records(path, ";"), "Regioaanduiding/Codering (code)") == []


def test_utrecht_2023_reads_back_equal(shared: Path) -> None:
    path = shared / "data/kwb-2023-utrecht/CBS-Utrecht-kwb-2023.xlsx"
    header, *body = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    records = [dict(zip(header, record, strict=True)) for record in body]
    table = _one(path)
    assert (len(table.keys), table.frame["year"].unique().to_list()) == (70, [2023])
    assert _differences(table, records, "gwb_code_10") == []


def test_national_2020_is_read_as_one_table_with_its_metadata(shared: Path) -> None:
    table = _one(shared / "data/kwb-2020-national")
    assert table.frame.height == 17_341
    assert (table.origin.table, table.origin.version) == ("84799NED", "2021-03-26T02:00:00")
    assert table.frame["year"].unique().to_list() == [2020]
    utrecht = table.frame.row(by_predicate=pl.col("area") == "GM0344", named=True)
    assert (utrecht["name"], utrecht["population"]) == ("Utrecht", 357_597)
    assert utrecht["establishments~"] == Status.LATE


def test_national_2020_reads_back_equal(shared: Path) -> None:
    path = shared / "data/kwb-2020-national/cbs.v3.84799NED_TypedDataSet.parquet"
    table, source = _one(path), pl.read_parquet(path)
    unequal = [
        key
        for column, key in table.keys.items()
        if table.frame[column].to_list() != source[key].cast(pl.Float64).to_list()
    ]
    assert (len(table.keys), unequal) == (71, [])


def test_a_recorded_answer_of_the_service_loads(shared: Path) -> None:
    path = shared / "data/recorded/odata_v3_typeddataset_85318NED_BU05990110.json"
    table = _one(path, 2022)
    assert table.origin.publisher == "CBS"
    assert table.frame.select("area", "population", "women").rows() == [("BU05990110", 18050, 8440)]


def test_metadata_without_observations_is_refused_and_says_so(shared: Path) -> None:
    with pytest.raises(Refusal) as refused:
        files.read(shared / "data/kwb-2017-v4-metadata")
    assert refused.value.notice.code == "no_observations"


def test_all_changes_of_boundary_load_with_level_and_years(shared: Path) -> None:
    tables = files.read(shared / "data/area-changes")
    found = {(t.level, t.from_year, t.to_year) for t in tables if isinstance(t, Crosswalk)}
    assert len(found) == 17
    assert ("wijk", 2016, 2024) in found
    first = next(t for t in tables if isinstance(t, Crosswalk) and t.level == "gemeente")
    assert first.frame.row(0) == ("GM0014", "GM0009", 3019.0)


def test_a_year_in_the_name_of_the_file_is_proposed_and_not_taken(shared: Path) -> None:
    with pytest.raises(WrongUse) as refused:
        files.read(shared / "data/kwb-2017-amsterdam/Kerncijfers_wijken_en_buurten_2017.csv")
    assert "--year 2017" in refused.value.text("nl")


UNDATED = "gebiedscode;gebiedsnaam;aantal_inwoners\nWK036301;Burgwallen;4350\n"
DATED = "gebiedscode;gebiedsnaam;jaar;aantal_inwoners\nWK036301;Burgwallen;2020;4350\n"


def _years_told(folder: Path, name: str, content: str, year: int | None) -> tuple[list[str], bool]:
    path = folder / name
    path.write_text(content, "utf-8")
    table = _one(path, year)
    return [notice.code for notice in table.notices if notice.code.startswith("year")], table.asked


@pytest.mark.parametrize(
    ("name", "content", "year", "told", "asked"),
    [
        ("own.csv", UNDATED, 2023, [], True),
        ("own-2023.csv", UNDATED, 2023, [], True),
        ("own-2022-2023.csv", UNDATED, 2021, [], True),
        ("own-2017.csv", UNDATED, 2023, ["year_unlike_name"], True),
        ("own.csv", DATED, 2023, ["year_not_used"], False),
        ("own-2017.csv", DATED, None, [], False),
    ],
)
def test_a_year_that_is_given_beside_another_is_told(
    tmp_path: Path, name: str, content: str, year: int | None, told: list[str], *, asked: bool
) -> None:
    assert _years_told(tmp_path, name, content, year) == (told, asked)


def test_one_year_for_several_files_is_no_answer_for_one_that_is_called_otherwise(
    tmp_path: Path,
) -> None:
    """The twin: each by itself is read, with a word."""
    (tmp_path / "own-2017.csv").write_text(UNDATED, "utf-8")
    (tmp_path / "own.csv").write_text(UNDATED, "utf-8")
    with pytest.raises(WrongUse) as refused:
        files.read(tmp_path, year=2023)
    assert refused.value.notice.code == "year_of_many"
    assert "own-2017.csv" in refused.value.text("nl")
    assert _years_told(tmp_path, "own-2017.csv", UNDATED, 2023) == (["year_unlike_name"], True)


def test_title_lines_of_a_statline_export_give_the_year(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        '"Kerncijfers wijken en buurten 2021"\n'
        '"Wijken en buurten";"Regioaanduiding/Codering (code)";'
        '"Bevolking/Aantal inwoners (aantal)"\n'
        '"Moerwijk-Oost";"BU05181785";"      5220"\n'
        '"Bron: CBS"\n',
        encoding="utf-8",
    )
    table = _one(path)
    assert table.frame.select("area", "year", "name", "population").rows() == [
        ("BU05181785", 2021, "Moerwijk-Oost", 5220.0)
    ]


@pytest.fixture
def statline(tmp_path: Path) -> Path:
    """The zip that StatLine gives, in small."""
    path = tmp_path / "85984NED.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr(
            "Observations.csv",
            '"Id";"Measure";"ValueAttribute";"Value";"StringValue";"WijkenEnBuurten"\n'
            '1;"T001036";"None";5220;"";"BU05181785"\n'
            '2;"M000114";"None";"1,9";"";"BU05181785"\n'
            '3;"M000100";"Impossible";"";"";"BU05181785"\n'
            '4;"M000100";"None";4000;"";"WK051817"\n'
            '5;"T001036";"None";9000;"";"WK051817"\n',
        )
        archive.writestr(
            "MeasureCodes.csv",
            '"Identifier";"Index";"Title";"MeasureGroupId";"DataType";"Unit"\n'
            '"T001036";1;"Aantal inwoners";"";"Long";"aantal"\n'
            '"M000114";2;"Gemiddelde huishoudensgrootte";"";"Double";"aantal"\n'
            '"M000100";3;"Bevolkingsdichtheid";"";"Long";"aantal inwoners per km2"\n',
        )
        archive.writestr(
            "WijkenEnBuurtenCodes.csv",
            '"Identifier";"Index";"Title"\n"BU05181785";1;"Moerwijk-Oost"\n"WK051817";2;"Moerwijk"\n',
        )
        archive.writestr(
            "Properties.csv",
            '"Identifier";"Title";"Version";"TemporalCoverage"\n'
            '"85984NED";"Kerncijfers wijken en buurten 2024";"202501010000";"2024"\n',
        )
    return path


def test_a_statline_zip_is_one_table_with_its_reasons(statline: Path) -> None:
    table = _one(statline)
    assert (table.origin.table, table.origin.version) == ("85984NED", "202501010000")
    picked = table.frame.select(
        "area", "year", "name", "population", "household_size", "population_density~"
    )
    assert picked.rows() == [
        ("BU05181785", 2024, "Moerwijk-Oost", 5220.0, 1.9, Status.IMPOSSIBLE),
        ("WK051817", 2024, "Moerwijk", 9000.0, None, Status.OK),
    ]


def test_observations_alone_are_read_by_their_codes(tmp_path: Path) -> None:
    path = tmp_path / "observations.json"
    row = {"Measure": "T001036", "Value": 5220, "WijkenEnBuurten": "BU05181785"}
    path.write_text(json.dumps({"value": [row]}), encoding="utf-8")
    assert _one(path, 2024).keys == {"population": "T001036"}


def _broken_statline() -> bytes:
    """A zip whose directory is whole and whose part does not unpack."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("Observations.csv", "Measure;Value\n" * 50)
    start = 30 + len("Observations.csv")
    content = packed.getvalue()
    return content[:start] + b"\xff" * 8 + content[start + 8 :]


def _kinds() -> Iterator[tuple[bytes, str]]:
    yield b"<html><body>login</body></html>", "is_web_page"
    yield b"   \n", "empty_file"
    yield b"\xef\xbb\xbf", "empty_file"
    yield b"\xff\xfe\r\n", "empty_file"
    yield b"%PDF-1.4\n1 0 obj\n", "not_readable"
    yield bz2.compress(b"buurtcode;jaar;inwoners\n"), "not_readable"
    yield b"\x28\xb5\x2f\xfd\x24buurtcode;jaar;inwoners\n", "not_readable"
    yield lzma.compress(b"buurtcode;jaar;inwoners\n"), "not_readable"
    yield b"\x89PNG\r\n\x1a\n", "not_readable"
    yield b"PK\x03\x04 broken", "zip_damaged"
    yield _broken_statline(), "zip_damaged"
    yield b"PAR1 broken", "parquet_damaged"
    yield b"\x1f\x8b broken", "gzip_damaged"
    yield b'{"a": [1, 2', "json_cut_off"
    yield b'{"a": 1}', "json_not_rows"
    yield b'[{"a": [1]}]', "cell_nested"
    yield b'[{"a": 1},]', "json_wrong"
    yield b'[{"a": "\xff"}]', "json_not_utf8"
    yield b"[" * 100_000, "json_too_deep"


@pytest.mark.parametrize(("content", "code"), list(_kinds()))
def test_content_decides_and_not_the_name(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        files.read(path, year=2024)
    assert refused.value.notice.code == code


def test_a_folder_reads_what_it_understands_and_says_what_not(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("buurtcode;jaar;inwoners\nBU05181785;2024;10\n")
    (tmp_path / "notes.txt").write_text("Dit is geen tabel\n")
    (table,) = files.read(tmp_path)
    assert [notice.text("en") for notice in table.notices] == [
        "These files in the folder were not read, for they hold no figures per area: notes.txt."
    ]


def test_changes_of_boundary_need_level_and_years_in_the_name(tmp_path: Path) -> None:
    path = tmp_path / "changes.csv"
    path.write_text("dim0,dim1,value\n0014,0009,3019\n")
    with pytest.raises(WrongUse) as refused:
        files.read(path)
    assert refused.value.notice.code == "crosswalk_name"


@pytest.mark.parametrize("row", ["0014,0009,-1", "0014,,5", "0014,0009,x", "0014,0009,1\n14,9,2"])
def test_a_change_of_boundary_that_cannot_be_is_refused(row: str, tmp_path: Path) -> None:
    path = tmp_path / "grenswijziging_gemeente_van_2016_naar_2024.csv"
    path.write_text(f"dim0,dim1,value\n{row}\n")
    with pytest.raises(Refusal) as refused:
        files.read(path)
    assert refused.value.notice.code == "crosswalk_row"


def test_of_a_folder_the_first_refusal_is_told_whichever_is_found_first(tmp_path: Path) -> None:
    many = "".join(f"BU0518{i:04};{i}\n" for i in range(5_000))
    (tmp_path / "a.csv").write_text(f"buurtcode;inwoners\n{many}BU05189999;-5\n", "utf-8")
    (tmp_path / "b.csv").write_text("buurtcode;inwoners\nBU05180001;vijf\n", "utf-8")
    with pytest.raises(Refusal) as refused:
        files.read(tmp_path, year=2024)
    assert refused.value.notice.code == "negative_count"


def test_what_is_refused_in_a_folder_says_in_which_file(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(
        "buurtcode;jaar;aantal_inwoners\nBU05181785;2020;5\n", "utf-8"
    )
    (tmp_path / "wrong.csv").write_text("buurtcode;jaar;aantal_inwoners\nBU05181785;x;5\n", "utf-8")
    with pytest.raises(Refusal) as refused:
        files.read(tmp_path)
    assert refused.value.text("nl").startswith("wrong.csv: Regel 2: 'x' in kolom 'jaar'")
    with pytest.raises(Refusal) as refused:
        files.read(tmp_path / "wrong.csv")
    assert refused.value.text("nl").startswith("Regel 2: 'x' in kolom 'jaar'")


def test_a_pipe_is_no_file_that_is_not_there(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(WrongUse) as refused:
        files.read(tmp_path / "pipe.csv")
    assert refused.value.notice.code == "not_a_file"


def test_the_tables_of_a_folder_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in "cab":
        (tmp_path / f"{name}.csv").write_text("buurtcode;inwoners\nBU05180001;5\n", "utf-8")
    found = files.read(tmp_path, year=2024)
    assert [table.origin.table for table in found] == ["a.csv", "b.csv", "c.csv"]


@pytest.mark.parametrize(("cell", "outcome"), [("5", "read"), ("vijf", "refused")])
def test_progress_counts_the_files_of_a_folder_and_ends_whatever_comes(
    cell: str, outcome: str, tmp_path: Path
) -> None:
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("buurtcode;inwoners\nBU05180001;5\n", "utf-8")
    (tmp_path / "c.csv").write_text(f"buurtcode;inwoners\nBU05180001;{cell}\n", "utf-8")
    watched = Watched()
    with contextlib.suppress(Refusal):
        files.read(tmp_path, year=2024, progress=watched)
    done = 3 if outcome == "read" else 2
    assert watched.told == [(tmp_path.name, 3), *[1] * done, "finished"]


# ---- whose table it is

STATLINE = (
    "Wijken en buurten;Regioaanduiding/Codering (code);Regioaanduiding/Soort regio (omschrijving)"
)

AS_R_WRITES_IT = "Wijken.en.buurten;Regioaanduiding.Codering..code.;Regioaanduiding.Soort.regio..x."


@pytest.mark.parametrize(
    ("header", "publisher"),
    [
        ("buurtcode;a_bedv", "eigen opgave"),
        ("buurtcode;jaar;a_inw;a_bedv;a_hh;a_woning", "eigen opgave"),
        ("gwb_code;a_bedv", "eigen opgave"),
        ("gwb_code_10;regio;a_bedv", "eigen opgave"),
        ("gwb_code;gwb_code_8;a_bedv", "eigen opgave"),
        ("buurtcode;Bevolking/Aantal inwoners (aantal)", "eigen opgave"),
        (f"{STATLINE};Bevolking/Aantal inwoners (aantal)", "CBS"),
        ("gwb_code_10;gwb_code_8;regio;gm_naam;recs;gwb_code;ind_wbz;a_inw", "CBS"),
        ("WijkenEnBuurten;SoortRegio_2;Codering_3;AantalInwoners_5", "CBS"),
        (f"{AS_R_WRITES_IT};Bevolking.Aantal.inwoners..aantal.", "CBS"),
    ],
)  # fmt: skip
def test_a_table_is_of_cbs_by_its_structure_and_not_by_a_name_that_it_shares(
    header: str, publisher: str, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    names = header.split(";")
    codes = [name for name in names if "od" in name.lower() and "_8" not in name]
    row = [
        "BU05180001" if name in codes[:1] else "2024" if name == "jaar" else "5" for name in names
    ]
    path.write_text(f"{header}\n{';'.join(row)}\n", "utf-8")
    assert _one(path, 2024).origin.publisher == publisher


def _loaded(folder: Path, *tables: str) -> float:
    """Firms of a wijk after tables of CBS and of a municipality were loaded."""
    for number, text in enumerate(tables):
        path = folder / f"{number}.csv"
        path.write_text(text, "utf-8")
        build.load(folder / "data", files.read(path, year=2024))
    series = open_release(folder / "data").series("WK051801")
    return float(series.filter(indicator="establishments")["value"].item())


OF_CBS = (
    "gwb_code_10;gwb_code_8;recs;ind_wbz;a_inw;a_bedv\n"
    "GM0518;0518;Gemeente;1;9000;900\nWK051801;051801;Wijk;1;5000;400\n"
)
OWN = "wijkcode;a_bedv\nWK051801;450\n"


def test_an_own_table_with_a_name_of_cbs_does_not_overrule_cbs(tmp_path: Path) -> None:
    assert _loaded(tmp_path, OF_CBS, OWN) == 400


def test_without_asking_for_its_structure_the_own_figure_would_take_the_place_of_that_of_cbs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "is_published", lambda _: True)
    assert _loaded(tmp_path, OF_CBS, OWN) == 450


# ---- all faults of a file at once
def _told(folder: Path, *rows: str) -> list[str]:
    path = folder / "own.csv"
    path.write_text("\n".join(("code;jaar;inwoners;banen;werkzoekenden", *rows)), "utf-8")
    with pytest.raises(Refusal) as refused:
        files.read(path)
    assert len(refused.value.text("nl").split("\n")) == len(refused.value.text("en").split("\n"))
    return refused.value.text("nl").split("\n")


def test_every_cell_that_is_no_number_is_told_with_row_and_column(tmp_path: Path) -> None:
    rows = ("WK051801;2024;5;n.v.t.;10", "WK051802;2024;abc;20;veel", "WK051803;2024;5;x1;7")
    first, *others = _told(tmp_path, *rows)
    assert first.startswith("Regel 3: 'abc' is geen getal.")
    assert others == [
        "- regel 2: banen, n.v.t.", "- regel 4: banen, x1", "- regel 3: werkzoekenden, veel",
    ]  # fmt: skip


def test_every_figure_that_cannot_be_is_told(tmp_path: Path) -> None:
    rows = ("WK051801;2024;-5;10;10", "WK051802;2024;-8;20;10", "WK051803;2024;5;20;9000000")
    first, *others = _told(tmp_path, *rows)
    assert first.startswith("Regel 2: aantal inwoners is -5;")
    assert others[0] == "- regel 3: aantal inwoners, -8"
    assert others[1].startswith("Regel 4", 2)  # another kind of fault is told whole
    assert "9000000" in others[1]


@pytest.mark.parametrize(("wrong", "more"), [(1, None), (20, None), (21, 1), (50, 30)])
def test_no_more_than_twenty_faults_are_told_and_how_many_more_there_are(
    tmp_path: Path, wrong: int, more: int | None
) -> None:
    said = _told(tmp_path, *(f"5180{n};2024;5;6;7" for n in range(10, 10 + wrong)))
    assert said[0].startswith("Regel 2: '518010' is geen geldige buurtcode.")
    assert said[1:20] == [f"- regel {n}: 5180{n + 8}" for n in range(3, 2 + min(wrong, 20))]
    assert said[20:] == ([f"En nog {more} andere in dit bestand."] if more else [])


def test_rows_that_contradict_each_other_are_all_told(tmp_path: Path) -> None:
    rows = ("WK051801;2024;5;6;7", "WK051802;2024;5;6;7", "WK051801;2024;5;8;7",
            "WK051802;2024;5;6;9", "WK051803;2024;1;2;3", "WK051803;2023;1;2;4")  # fmt: skip
    first, *others = _told(tmp_path, *rows)
    assert first == (
        "Regel 2 en 4: WK051801/2024 komt twee keer voor met andere waarden (6 en 8). Laat in kolom"
        " 'banen' de juiste staan. Er is niets bewaard."
    )
    assert others == ["- regel 3 en 5: werkzoekenden, WK051802/2024, 7"]


@pytest.mark.parametrize(("wrong", "more"), [(20, None), (23, 3)])
def test_no_more_than_twenty_contradictions_are_told_and_how_many_more_there_are(
    tmp_path: Path, wrong: int, more: int | None
) -> None:
    codes = [f"WK0518{n}" for n in range(10, 10 + wrong)]
    said = _told(tmp_path, *(f"{code};2024;5;6;{n}" for n in (7, 8) for code in codes))
    assert len(said) == 20 + (more is not None)
    assert said[20:] == ([f"En nog {more} andere in dit bestand."] if more else [])


def test_contradictions_of_every_figure_of_a_long_table_are_told(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    rows = ("WK051801;banen;5", "WK051801;banen;6", "WK051801;vacatures;-3", "WK051801;starters;1",
            "WK051801;starters;2")  # fmt: skip
    path.write_text("\n".join(("code;indicator;waarde", *rows)), "utf-8")
    with pytest.raises(Refusal) as refused:
        files.read(path, year=2024)
    assert [n.code for n in (refused.value.notice, *refused.value.others)] == [
        "rows_conflict", "negative_count", "rows_conflict",
    ]  # fmt: skip
    assert refused.value.text("en").split("\n")[2] == (
        "- row 5 and row 6: starters, WK051801/2024, 1"
    )


@pytest.mark.parametrize(("wrong", "more"), [(6, None), (20, None), (23, 3)])
def test_up_to_twenty_rows_of_another_width_are_told_and_how_many_more_there_are(
    tmp_path: Path, wrong: int, more: int | None
) -> None:
    said = _told(tmp_path, *["WK051801;2024;5;6"] * wrong, "WK051802;2024;5;6;7")
    rows = ", ".join(f"regel {n} heeft 4" for n in range(3, 1 + min(wrong, 20)))
    assert said[0] == (
        f"Regel 2 heeft 4 velden, {rows} en regel {1 + min(wrong, 20)} heeft 4; verwacht: 5. Er is "
        "niets bewaard."
    )
    assert said[1:] == ([f"En nog {more} andere in dit bestand."] if more else [])


def test_every_row_without_a_year_is_told(tmp_path: Path) -> None:
    rows = ("WK051801;toen;5;6;7", "WK051802;2024;5;6;7", "WK051803;nu;5;6;7")
    first, *others = _told(tmp_path, *rows)
    assert first.startswith("Regel 2: ")
    assert others == ["- regel 4: jaar, nu"]


# ---- strict JSON


@given(document=documents, escaped=st.booleans())
def test_valid_json_reads_back_equal(document: Any, *, escaped: bool) -> None:
    content = json.dumps(document, ensure_ascii=escaped).encode()
    assert files.parse(content) == document


@given(st.dictionaries(st.text("ab", min_size=1), st.integers(), min_size=1), st.data())
def test_json_cut_off_anywhere_is_refused(row: dict[str, int], data: st.DataObject) -> None:
    content = json.dumps([row, row]).encode()
    cut = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(Refusal) as refused:
        files.parse(content[:cut])
    assert refused.value.notice.code in ("json_cut_off", "json_wrong")


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_in_json_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        files.parse(f'[{{"a": {name}}}]'.encode())
    assert refused.value.notice.fields == {"name": name}


def test_a_lone_surrogate_is_refused_in_keys_too_and_a_pair_is_not() -> None:
    with pytest.raises(Refusal):
        files.parse(rb'[{"\udc00": 1}]')
    assert files.parse(rb'["\ud83d\ude00"]') == ["\U0001f600"]


@pytest.mark.parametrize(("limit", "most"), [("MOST_VALUES", 5), ("MOST_OBJECTS", 2)])
def test_json_of_too_many_parts_is_refused_before_it_is_parsed(
    limit: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b'[{"a": 1, "b": 2}, {"a": 1, "b": 2}]'
    monkeypatch.setattr(files, limit, most)
    assert len(files.parse(content)) == 2
    monkeypatch.setattr(files, limit, 1)
    monkeypatch.setattr(json, "loads", lambda *_, **__: pytest.fail("parsed"))
    with pytest.raises(Refusal) as refused:
        files.parse(content)
    assert refused.value.notice.code == "json_too_large"


def test_without_the_limit_json_takes_many_times_its_size_in_memory() -> None:
    content = b"[" + b"{}," * 10_000 + b"{}]"
    tracemalloc.start()
    files.parse(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak > 20 * len(content)


def test_a_file_of_changed_boundaries_is_not_said_to_be_of_cbs(tmp_path: Path) -> None:
    """Others make these; who, and under which licence, does not stand in them."""
    path = tmp_path / "grenswijziging_gemeente_van_2016_naar_2024.csv"
    path.write_text("dim0,dim1,value\n0014,0009,3019\n")
    (table,) = files.read(path)
    assert (table.origin.publisher, table.origin.licence) == ("", "")
    said = {code: table.origin.licence_in(code) for code in LANGUAGES}
    assert said == {"nl": "licentie niet opgegeven", "en": "licence not given"}
