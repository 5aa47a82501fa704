# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever one thing is wrong with a file: a refusal in words, or the figures that stand in it.

The first rows of the real files, in each of their formats, with one cell, row, column or piece of
the bytes changed by a seeded chance.
"""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.utils.exceptions import IllegalCharacterError

from tests.figures.sources.mutating import outcome
from wijkeconomie.figures.snapshot import Snapshot
from wijkeconomie.figures.sources import files
from wijkeconomie.figures.sources.layout import is_figure

TRIED = 30  # changes of each format
ROWS = 200
YEAR = 2020
# what may stand in a cell of figures, and what a person reads there (None: no figure)
CELLS: tuple[tuple[Any, float | None], ...] = (
    ("", None), (".", None), ("x", None), ("-", None), ("NaN", None), ("5220", 5220.0),
    (" 5220 ", 5220.0), ("5220,00", 5220.0), ("5220.00", 5220.0), ("5.220,00", 5220.0),
    ("5,220.00", 5220.0), ("1e3", 1000.0), ("+7", 7.0), (None, None),
    *((wrong, None) for wrong in (
        "\u22125", "-5", "5 220", "5\u00a0220", "1.234.567.890", "12-05-2020", "2020-05-12",
        "1e999", "inf",
        "\u0665\u0662", "\uff15\uff12", "\u00bd", "\u00b2", "TRUE", "0x1F", "1_000", "'5220",
        "5220\u200b", "#REF!", "=1+1", "9" * 400, "y" * 10_001, "5\x00", "5\n2", "<b>5</b>", "5;2",
        '5"2', "\ud83d\ude00",
    )),
)  # fmt: skip
TYPED: tuple[tuple[Any, float | None], ...] = (
    *CELLS, (True, None), (10**400, None), (10**30, None), (-1, None), (5220.0, 5220.0), ([], None),
    ({}, None), (["5"], None), (float("1e300"), None),
)  # fmt: skip
CODES = ("", "BU0518178", "bu99", "\u0411\u042305181785", "5181785", "BU\u0660\u0665\u0661\u0668",
         None, "BU05181785;", "NL", "GM0518\x00")  # fmt: skip
Records = list[list[Any]]


@dataclass(frozen=True)
class Kind:
    """A format: what is in a small file of it, and how such a file is written."""

    records: Records  # the header first
    write: Callable[[Path, Records], Path]
    is_text: bool = False

    @property
    def code(self) -> int:
        named = [i for i, cell in enumerate(self.records[1]) if _is_code(cell)]
        return min(named, key=lambda i: (self.records[0][i] == "gm_code", -i))


def _is_code(cell: object) -> bool:
    return isinstance(cell, str) and len(cell.strip()) in (4, 6, 8, 10) and cell[:2] in (
        "NL", "GM", "WK", "BU"
    )  # fmt: skip


def _csv(name: str, separator: str, bom: bool = False) -> Callable[[Path, Records], Path]:
    def write(folder: Path, records: Records) -> Path:
        text = StringIO()
        csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(records)
        path = folder / name
        path.write_bytes(("\ufeff" * bom + text.getvalue()).encode("utf-8", "surrogatepass"))
        return path

    return write


def _as_rows(records: Records) -> list[dict[str, Any]]:
    names = [str(name) for name in records[0]]
    return [dict(zip(names, row, strict=False)) for row in records[1:]]


def _json(folder: Path, records: Records) -> Path:
    path = folder / "84799NED_TypedDataSet.json"
    path.write_text(json.dumps({"value": _as_rows(records)}), "utf-8")
    about = {"Identifier": "84799NED", "Title": f"Kerncijfers {YEAR}", "Period": str(YEAR)}
    (folder / "84799NED_Metadata.json").write_text(json.dumps(about), "utf-8")
    return path


def _parquet(folder: Path, records: Records) -> Path:
    path = folder / "cbs.v3.84799NED_TypedDataSet.parquet"
    columns = list(zip(*records[1:], strict=True))
    pl.DataFrame([
        pl.Series(str(name), cells, strict=False)
        if len({type(c) for c in cells} - {type(None)}) < 2
        else pl.Series(str(name), [None if c is None else str(c) for c in cells])
        for name, cells in zip(records[0], columns, strict=True)
    ]).write_parquet(path)  # fmt: skip
    about = {"Identifier": "84799NED", "Title": f"Kerncijfers {YEAR}", "Period": str(YEAR)}
    (folder / "cbs.v3.84799NED_Metadata.json").write_text(json.dumps(about), "utf-8")
    return path


def _xlsx(folder: Path, records: Records) -> Path:
    book = openpyxl.Workbook()
    for row in records:
        book.active.append(row)
    book.save(folder / "kwb.xlsx")
    return folder / "kwb.xlsx"


def _geojson(folder: Path, records: Records) -> Path:
    ring = [[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.0]]
    features = [
        {"type": "Feature", "properties": row,
         "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for row in _as_rows(records)
    ]  # fmt: skip
    path = folder / "map.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def _typed(data: Path) -> Records:
    start = data / "kwb-2020-national" / "cbs.v3.84799NED_TypedDataSet.parquet"
    rows = pl.read_parquet(start).head(ROWS)
    return [list(rows.columns), *map(list, rows.rows())]


def _lines(path: Path, separator: str) -> Records:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(islice(csv.reader(file, delimiter=separator), ROWS + 1))


def _own(data: Path) -> Records:
    header, *rows = _typed(data)
    at = [header.index(name) for name in ("Codering_3", "AantalInwoners_5", "HuishoudensTotaal_28")]
    return [
        ["buurtcode", "jaar", "aantal_inwoners", "huishoudens", "banen"],
        *([row[at[0]].strip(), "2020", str(row[at[1]]), str(row[at[2]]), str(n)]
          for n, row in enumerate(rows)),
    ]  # fmt: skip


def _long(data: Path) -> Records:
    header, *rows = _own(data)
    return [
        ["code", "indicator", "jaar", "waarde", "bron"],
        *([row[0], header[i], row[1], row[i], "LISA"] for row in rows for i in (2, 3)),
    ]


def _kinds(name: str, data: Path) -> Kind:
    match name:
        case "statline-csv":
            (path,) = (data / "kwb-2024-national").glob("*.csv")
            return Kind(_lines(path, ";"), _csv("kwb.csv", ";", bom=True), is_text=True)
        case "r-csv":
            (path,) = (data / "kwb-2017-amsterdam").glob("*.csv")
            return Kind(_lines(path, ","), _csv("kwb.csv", ","), is_text=True)
        case "own-wide":
            return Kind(_own(data), _csv("own.csv", ";"), is_text=True)
        case "own-long":
            return Kind(_long(data), _csv("long.csv", "\t"), is_text=True)
        case "json":
            return Kind(_typed(data), _json)
        case "parquet":
            return Kind(_typed(data), _parquet)
        case "xlsx":
            book = openpyxl.load_workbook(
                data / "kwb-2023-utrecht" / "CBS-Utrecht-kwb-2023.xlsx", read_only=True
            )
            rows = book.worksheets[0].iter_rows(values_only=True, max_row=ROWS + 1)
            return Kind([list(row) for row in rows], _xlsx)
    found = json.loads((data / "boundaries" / "eindhoven_wijken.geojson").read_text("utf-8"))
    rows = [feature["properties"] for feature in found["features"]]
    return Kind([list(rows[0]), *([row[n] for n in rows[0]] for row in rows)], _geojson)


def _figures(tables: list[Any]) -> dict[tuple[str, int, str], float]:
    found: dict[tuple[str, int, str], float] = {}
    for table in (t for t in tables if isinstance(t, Snapshot)):
        columns = [name for name in table.frame.columns if name in table.keys]
        long = table.frame.select("area", "year", *columns).unpivot(columns, index=["area", "year"])
        found |= {
            (area, year, name): value for area, year, name, value in long.drop_nulls("value").rows()
        }
    return found


def _changed(kind: Kind, chance: Random) -> tuple[Records, str, tuple[str, set[float | None]]]:
    """Other records, what was done, and of which area figures may be others, and which."""
    records = [list(row) for row in kind.records]
    row, column = chance.randrange(1, len(records)), chance.randrange(len(records[0]))
    area = str(records[row][kind.code]).strip()
    act = chance.choice(["cell"] * 6 + ["code", "row twice", "row gone", "column twice",
                        "column gone", "header", "case", "ragged"])  # fmt: skip
    allowed: set[float | None] = set()
    match act:
        case "cell":
            named = [i for i, name in enumerate(records[0]) if is_figure(str(name))]
            column = chance.choice(named or [records[0].index("waarde")])
            cell, meant = chance.choice(CELLS if kind.is_text else TYPED)
            act, allowed = f"cell {row} {records[0][column]} {cell!r:.30}", {meant}
            records[row][column] = cell
        case "code":
            records[row][kind.code] = chance.choice(CODES)
        case "row twice":
            records.insert(row, list(records[row]))
        case "row gone":
            records.pop(row)
        case "column twice":
            records = [[*cells, cells[column]] for cells in records]
        case "column gone":
            records = [cells[:column] + cells[column + 1 :] for cells in records]
        case "header":
            records[0][column] = chance.choice(["", None, "x" * 11_000, "a\x00", "\u202e", "="])
        case "case":
            records = [[*cells, cells[column]] for cells in records]
            records[0][-1] = str(records[0][-1]).swapcase()
        case "ragged":
            records[row] = records[row][:-1] if chance.random() < 0.5 else [*records[row], "7"]
    return records, act, (area, allowed)


UNHELD = (
    ValueError, TypeError, OverflowError, pl.exceptions.PolarsError, IllegalCharacterError,
)  # fmt: skip
FORMATS = ("statline-csv", "r-csv", "own-wide", "own-long", "json", "parquet", "xlsx", "geojson")


@pytest.mark.parametrize("name", FORMATS)
def test_no_change_of_one_thing_is_unforeseen_or_gives_a_wrong_figure(
    name: str, shared: Path, tmp_path: Path
) -> None:
    kind = _kinds(name, shared / "data")
    right = _figures(files.read(kind.write(tmp_path, kind.records), year=YEAR))
    assert right
    ends: Counter[str] = Counter()
    for seed in range(TRIED):
        records, what, (area, allowed) = _changed(kind, Random(seed))
        folder = tmp_path / str(seed)
        folder.mkdir()
        try:
            path = kind.write(folder, records)
        except UNHELD:
            ends["no such file"] += 1  # the format cannot hold it
            continue
        tables, end = outcome(lambda: files.read(path, year=YEAR))  # noqa: B023
        ends[end] += 1
        assert not end.startswith("unforeseen"), f"seed {seed}: {what}: {end}"
        wrong = {
            place: value for place, value in _figures(tables).items()
            if value != right.get(place) and not (place[0] == area and value in allowed)
        }  # fmt: skip
        assert wrong == {}, f"seed {seed}: {what}"
        shutil.rmtree(folder)
    assert ends["read"] > 0
    assert ends.total() - ends["read"] - ends["no such file"] > TRIED // 10


def _damaged(content: bytes, chance: Random) -> tuple[bytes, str]:
    """Bytes that were cut, pasted, written in another way or hurt on their way."""
    at = chance.randrange(1, len(content))
    piece = content[at : at + chance.randrange(1, 400)]
    ways: dict[str, Callable[[], bytes]] = {
        "cut": lambda: content[:at],
        "headless": lambda: content[at:],
        "gone": lambda: content[:at] + content[at + len(piece) :],
        "twice": lambda: content[: at + len(piece)] + content[at:],
        "nul": lambda: content[:at] + b"\0" + content[at:],
        "byte": lambda: content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :],
        "quote": lambda: content[:at] + b'"' + content[at:],
        "utf-16": lambda: content.decode("latin-1").encode("utf-16"),
        "utf-16 without mark": lambda: content.decode("latin-1").encode("utf-16-le"),
        "latin": lambda: content[:at] + "\u00e9".encode("latin-1") + content[at:],
        "two encodings": lambda: content[:at] + b"\xc3\xa9\xe9" + content[at:],
        "mark inside": lambda: content[:at] + b"\xef\xbb\xbf" + content[at:],
        "old ends": lambda: content.replace(b"\r\n", b"\r"),
        "mixed ends": lambda: content.replace(b"\r\n", b"\n", content.count(b"\n") // 2),
        "lone return": lambda: content[:at] + b"\r" + content[at:],
        "empty": lambda: b"",
        "twice whole": lambda: content + content,
    }
    act = chance.choice(sorted(ways))
    return ways[act](), f"{act} at {at}"


@pytest.mark.parametrize("name", [*FORMATS, "geopackage"])
def test_no_damage_to_the_bytes_is_unforeseen(name: str, shared: Path, tmp_path: Path) -> None:
    """Damage may look like other figures, so only what it is called is looked at."""
    if name == "geopackage":
        path = tmp_path / "map.gpkg"
        shutil.copy(shared / "data" / "boundaries" / "ermelo_buurten_2021.gpkg", path)
    else:
        kind = _kinds(name, shared / "data")
        path = kind.write(tmp_path, kind.records[:40])
    content = path.read_bytes()
    ends: Counter[str] = Counter()
    for seed in range(TRIED):
        damaged, what = _damaged(content, Random(seed))
        path.write_bytes(damaged)
        _, end = outcome(lambda: files.read(path, year=YEAR))
        ends[end] += 1
        assert not end.startswith("unforeseen"), f"seed {seed}: {what}: {end}"
    assert ends.total() == TRIED


def test_no_cell_of_a_geopackage_is_unforeseen_or_gives_a_wrong_figure(
    shared: Path, tmp_path: Path
) -> None:
    real = shared / "data" / "boundaries" / "ermelo_buurten_2021.gpkg"
    right = _figures(files.read(real, year=2021))
    with closing(sqlite3.connect(real)) as database:
        ((layer, shape),) = database.execute(
            "SELECT table_name, column_name FROM gpkg_geometry_columns"
        )
        about = database.execute(f'PRAGMA table_info("{layer}")').fetchall()
    names = [name for _, name, *_ in about if name not in (shape, "fid", "ogc_fid")]
    ends: Counter[str] = Counter()
    for seed in range(TRIED):
        chance = Random(seed)
        column = chance.choice(names)
        cell, meant = chance.choice([*CELLS, (b"\x00\xff", None), (2**62, None)])
        path = tmp_path / f"{seed}.gpkg"
        shutil.copy(real, path)
        with closing(sqlite3.connect(path)) as database:
            row = chance.randrange(1, 5)
            for (trigger,) in database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
            ).fetchall():  # they ask for functions of a program for maps
                database.execute(f'DROP TRIGGER "{trigger}"')
            try:
                database.execute(
                    f'UPDATE "{layer}" SET "{column}" = ? WHERE rowid = ?',  # noqa: S608
                    (cell, row),
                )
            except (sqlite3.Error, UnicodeEncodeError):
                ends["no such file"] += 1
                continue
            database.commit()
        tables, end = outcome(lambda: files.read(path, year=2021))  # noqa: B023
        ends[end] += 1
        assert not end.startswith("unforeseen"), f"seed {seed}: {column} {cell!r:.30}: {end}"
        wrong = {
            place: value for place, value in _figures(tables).items()
            if value not in (right.get(place), meant)
        }  # fmt: skip
        assert wrong == {}, f"seed {seed}: {column} {cell!r:.30}"
        path.unlink()
    assert ends["read"] > 0
