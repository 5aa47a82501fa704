# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Plain numbers read from bytes say what the same cells say as text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.snapshot import Origin
from wijkeconomie.figures.sources import delimited, files, plain, tidy

HEADER = "naam;Codering_3;AantalInwoners_5;Onbekend;GemiddeldeWOZWaardeVanWoningen_39"
ORIGIN = Origin(
    publisher="test",
    table="t",
    title="t",
    version="1",
    read_at=datetime(2024, 1, 1, tzinfo=UTC),
    licence="",
    checksum="0",
)
_number = st.integers(0, 99_999_999).map(str)
_decimal = st.tuples(st.integers(0, 9999), st.integers(0, 999)).map(lambda p: f"{p[0]},{p[1]}")
_plain = st.one_of(st.sampled_from(["", ".", "0", "007", "1,5"]), _number, _decimal)
_strange = st.text("019,.-+x eE%", max_size=9)


def _file(column: list[str], end: str = "\n") -> bytes:
    rows = [f"Buurt {i};BU0518{i:04d};{cell};x;12,5" for i, cell in enumerate(column)]
    return (end.join([HEADER, *rows]) + end).encode()


def _told(column: list[str], *, as_text: bool, end: str = "\n") -> Any:
    """Everything that a file leads to: the table, or the refusal with its row."""
    grid = delimited.read(_file(column, end), as_text=as_text)
    try:
        table = tidy.snapshot(
            grid.rows, origin=ORIGIN, year=2024, lines=grid.lines, status=grid.status
        )
    except Refusal as refusal:
        return refusal.notice
    return table.frame.to_dict(as_series=False), table.unrecognised, table.notices


@given(st.lists(_plain, min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_plain_numbers_are_the_same_table_whether_read_from_bytes_or_as_text(
    column: list[str], end: str
) -> None:
    assert _told(column, as_text=False, end=end) == _told(column, as_text=True, end=end)


@given(st.lists(_plain | _strange, min_size=1, max_size=4))
def test_any_other_cell_leads_to_the_same_table_or_refusal(column: list[str]) -> None:
    assert _told(column, as_text=False) == _told(column, as_text=True)


@pytest.mark.parametrize(
    ("cell", "value", "status"),
    [
        ("12345678", 12345678.0, Status.OK),
        ("0,1", 0.1, Status.OK),
        ("123456,7", 123456.7, Status.OK),
        ("00012", 12.0, Status.OK),
        (".", None, Status.SECRET),
        ("", None, Status.UNKNOWN),
    ],
)
def test_a_plain_cell_is_its_number_or_its_reason(
    cell: str, value: float | None, status: Status
) -> None:
    grid = delimited.read(_file([cell, "1,5", "3"]), as_text=False)
    assert grid.rows["AantalInwoners_5"].to_list() == [value, 1.5, 3.0]
    assert grid.status["AantalInwoners_5"].to_list() == [status, Status.OK, Status.OK]


@pytest.mark.parametrize(
    "cell",
    ["123456789", "1.5", "-1", "+1", " 1", "1 ", "x", "1e5", "5,", ",5", "1,2,3", ",", "..", "0.",
     "00.", '"1"', "é", "1\x0b", "1:", "1/", "(1)", "0x1E"],
)  # fmt: skip
def test_a_column_with_any_other_cell_is_left_as_text(cell: str) -> None:
    grid = delimited.read(_file(["1,5", cell]), as_text=False)
    assert grid.rows.schema["AantalInwoners_5"] == pl.String
    assert list(grid.status) == ["GemiddeldeWOZWaardeVanWoningen_39"]


@pytest.mark.parametrize(("column", "is_read"), [(["1,500"], False), (["1,500", "1,5"], True)])
def test_commas_that_may_part_thousands_are_read_only_beside_one_that_cannot(
    column: list[str], *, is_read: bool
) -> None:
    grid = delimited.read(_file(column), as_text=False)
    assert ("AantalInwoners_5" in grid.status) is is_read


def test_a_strange_cell_far_down_is_found_in_its_block_of_rows() -> None:
    column = ["1"] * (2 * plain._ROWS + 3)
    assert "AantalInwoners_5" in delimited.read(_file(column), as_text=False).status
    column[-1] = "-1"
    assert "AantalInwoners_5" not in delimited.read(_file(column), as_text=False).status


def test_what_is_only_listed_is_not_read_and_still_listed() -> None:
    grid = delimited.read(_file(["1"]), as_text=False)
    assert grid.rows.schema["Onbekend"] == pl.Null
    assert tidy.snapshot(grid.rows, origin=ORIGIN, year=2024).unrecognised == ("Onbekend",)


def test_without_any_figure_every_column_is_text() -> None:
    grid = delimited.read(b"naam;Codering_3;Onbekend\nx;BU05180000;12\n", as_text=False)
    assert set(grid.rows.schema.values()) == {pl.String}


def test_quoted_separators_and_empty_lines_do_not_move_a_number() -> None:
    content = f'{HEADER}\n"a;b";BU05180000;1;"x;y";2,5\n\n"c\nd";BU05180001;.;z;3,5\n'
    grid = delimited.read(content.encode(), as_text=False)
    assert grid.rows["AantalInwoners_5"].to_list() == [1.0, None]
    assert grid.rows["GemiddeldeWOZWaardeVanWoningen_39"].to_list() == [2.5, 3.5]
    assert grid.rows["naam"].to_list() == ["a;b", "c\nd"]


def test_reasons_stay_with_their_areas_where_a_row_is_left_out(tmp_path: Path) -> None:
    """StatLine gives landsdelen and provinces between the country and the gemeenten."""
    path = tmp_path / "statline.csv"
    path.write_text(
        "WijkenEnBuurten;Gemeentenaam_1;SoortRegio_2;Codering_3;AantalInwoners_5\n"
        "West-Nederland;West-Nederland;Landsdeel;LD03;.\n"
        "Nederland;Nederland;Land;NL00;17000000\n"
        "Utrecht;Utrecht;Gemeente;GM0344;350000\n"
        "West;Utrecht;Wijk;WK034401;.\n"
        "Noord;Utrecht;Wijk;WK034402;\n"
        "Oost;Utrecht;Wijk;WK034403;30000\n",
        "utf-8",
    )
    (table,) = files.read(path, year=2020)
    assert table.frame.select("area", "population", "population~").rows() == [
        ("NL00", 17_000_000.0, Status.OK), ("GM0344", 350_000.0, Status.OK),
        ("WK034401", None, Status.SECRET), ("WK034402", None, Status.IMPOSSIBLE),
        ("WK034403", 30_000.0, Status.OK),
    ]  # fmt: skip
