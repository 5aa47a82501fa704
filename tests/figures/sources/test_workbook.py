# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Workbooks read back equal, and nothing in them is unpacked, followed or computed."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.sources import workbook

CODE = "BU05181785"


def _book(sheets: dict[str, list[list[Any]]], hidden: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, records in sheets.items():
        sheet = book.create_sheet(name)
        for record in records:
            sheet.append(record)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _of_many(files: int) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for number in range(files):
            archive.writestr(f"{number}.txt", "x")
    return packed.getvalue()


def _with_part(name: str, body: bytes, content: bytes | None = None) -> bytes:
    packed = BytesIO(content or _book({"a": [["code"], [CODE]]}))
    with ZipFile(packed, "a", ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return packed.getvalue()


def _refused(content: bytes, **options: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        workbook.read(content, **options)
    return refused.value


@given(
    st.lists(
        st.tuples(
            st.integers(-(10**9), 10**9),
            st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 6)),
            st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_cells_read_back_equal(records: list[tuple[int, float, str]]) -> None:
    rows = [[CODE, *record] for record in records]
    read = workbook.read(_book({"a": [["code", "n", "x", "naam"], *rows]})).rows
    assert [read["n"].to_list(), read["naam"].to_list()] == [
        [record[0] for record in records], [record[2] for record in records],
    ]  # fmt: skip
    assert read["x"].to_list() == pytest.approx([record[1] for record in records], rel=1e-12)


def test_a_number_beside_text_keeps_its_decimal_point() -> None:
    read = workbook.read(_book({"a": [["code", "x"], [CODE, 1.234], [CODE, "."]]})).rows
    assert [float(read["x"][0]), read["x"][1]] == [1.234, "."]


@pytest.mark.parametrize(
    ("style", "read"),
    [("0 %", 12.0), ("0%", 12.0), ("0.00%", 12.0), ("0.00", 0.12), ('0.00" %"', 0.12)],
)
def test_a_percentage_is_read_as_it_is_shown(style: str, read: float) -> None:
    """Excel keeps 0.12 of what it shows as 12 %; the twin: 0.12 without that style stays so."""
    book = openpyxl.load_workbook(BytesIO(_book({"a": [["code", "x"], [CODE, 0.12]]})))
    book["a"]["B2"].number_format = style
    saved = BytesIO()
    book.save(saved)
    assert workbook.read(saved.getvalue()).rows["x"].to_list() == [read]


def test_dates_are_written_as_iso() -> None:
    read = workbook.read(_book({"a": [["code", "datum"], [CODE, date(2024, 1, 31)]]})).rows
    assert read["datum"].to_list() == ["2024-01-31"]


def test_titles_above_the_header_and_the_name_of_the_sheet_are_kept() -> None:
    grid = workbook.read(_book({"kwb-2023": [["Kerncijfers"], [], ["code"], [CODE], [], [CODE]]}))
    assert (grid.titles, grid.lines.to_list()) == (("kwb-2023", "Kerncijfers", ""), [4, 6])


def test_a_hidden_sheet_is_left_out_and_said() -> None:
    records = [["code"], [CODE]]
    grid = workbook.read(_book({"a": records, "geheim": records}, hidden=("geheim",)))
    assert [notice.text("en") for notice in grid.notices] == [
        "Hidden sheets were not read: 'geheim'."
    ]


def test_two_sheets_with_figures_are_asked_about_and_the_chosen_one_is_read() -> None:
    content = _book({"a": [["code", "n"], [CODE, 1]], "b": [["code", "n"], [CODE, 2]]})
    refusal = _refused(content)
    assert (type(refusal), refusal.notice.code) == (WrongUse, "choose_sheet_and_header")
    for words in (refusal.text("nl"), refusal.text("en")):
        assert [w in words for w in ("'a', 'b'", "--sheet", "--header-row")] == [True] * 3
    assert workbook.read(content, sheet="b").rows["n"].to_list() == [2]
    assert _refused(content, sheet="c").notice.code == "no_such_sheet"


def test_a_second_header_row_is_asked_about_and_joined_when_the_row_is_chosen() -> None:
    records = [["code", "bevolking", None], [None, "man", "vrouw"], [CODE, 1, 2]]
    content = _book({"a": records})
    refused = _refused(content).notice
    assert (refused.code, refused.fields["sheets"]) == ("choose_sheet_and_header", "'a'")
    columns = workbook.read(content, header_row=1).rows.columns
    assert columns == ["code", "bevolking/man", "bevolking/vrouw"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_with_part("../../evil", b"x"), "zip_path"),
        (_with_part("C:/evil", b"x"), "zip_path"),
        (_with_part("xl/vbaProject.bin", b"x"), "workbook_macros"),
        (_with_part("xl/extra.xml", b"<!DOCTYPE x []><x/>"), "workbook_dtd"),
        (_with_part("xl/extra.xml", b"<x/>".decode().encode("utf-16")), "workbook_dtd"),
        (_with_part("xl/media/big", b"\0" * (11 * 2**20)), "unpacked_too_large"),
        (_of_many(2_001), "zip_many_files"),
        (b"PK\x03\x04", "zip_damaged"),
        (_book({"a": [["code"], [CODE]]})[:-200], "zip_damaged"),
        (_book({"a": []}), "empty_file"),
        (_book({"a": [["code"]]}), "only_header"),
        (_book({"a": [["code", "n", "n"], [CODE, 1, 2]]}), "header_twice"),
        (_book({"a": [["code", "Code", "n"], [CODE, 1, 2]]}), "header_twice"),
        (_book({"a": [["code", "n"], [CODE, "x" * 10_001]]}), "cell_too_long"),
        (_book({"a": [["code", "n"], [CODE, "=1+1"]]}), "formula_without_value"),
        (workbook.OLE2 + b"\0" * 600, "workbook_damaged"),
    ],
)
def test_what_has_no_place_in_a_workbook_is_refused(content: bytes, code: str) -> None:
    assert _refused(content).notice.code == code


def test_a_part_that_is_no_workbook_is_damage() -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<nothing/>")
    assert _refused(packed.getvalue()).notice.code == "workbook_damaged"


def test_the_last_cell_of_a_sheet_does_not_make_a_million_rows() -> None:
    content = openpyxl.load_workbook(BytesIO(_book({"a": [["code"], [CODE]]})))
    content.active["XFD1048576"] = 1
    packed = BytesIO()
    content.save(packed)
    assert _refused(packed.getvalue()).notice.fields == {"cell": "XFD1048576"}


def test_a_far_cell_in_every_row_is_refused_before_the_empty_ones_fill_the_memory() -> None:
    content = openpyxl.load_workbook(BytesIO(_book({"a": [["code"], [CODE]]})))
    for row in range(3, 300):
        content.active.cell(row, 900).value = 1
    packed = BytesIO()
    content.save(packed)
    assert len(workbook.visible_sheets(packed.getvalue(), 2_000_000)[0]["a"]) == 299
    with pytest.raises(Refusal) as caught:
        workbook.visible_sheets(packed.getvalue(), 1_000_000)
    assert caught.value.notice.code == "unpacked_too_large"


def test_a_sheet_is_as_large_as_its_cells_whatever_it_says_of_itself() -> None:
    packed = BytesIO()
    with ZipFile(BytesIO(_book({"a": [["code"], [CODE]]}))) as old, ZipFile(packed, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b'<dimension ref="A1:A2"', b'<dimension ref="A1:XFD99"')
            new.writestr(name, part)
    assert workbook.visible_sheets(packed.getvalue()) == ({"a": [("code",), (CODE,)]}, [])


def _changed(records: list[list[Any]], merged: str = "", hidden: tuple[int, ...] = ()) -> bytes:
    """A sheet of which cells are merged, or rows hidden."""
    book = openpyxl.load_workbook(BytesIO(_book({"a": records})))
    if merged:
        book["a"].merge_cells(merged)
    for row in hidden:
        book["a"].row_dimensions[row].hidden = True
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


AREAS = [["", "Cijfers", ""], ["buurtcode", "aantal_banen", "aantal_inwoners"],
         [CODE, 850, 900], ["BU05181786", 20, 30], ["BU05181787", 40, 50]]  # fmt: skip


@pytest.mark.parametrize("merged", ["B3:B5", "B3:C3", "C4:C5"])
def test_a_number_in_merged_cells_is_refused_with_its_place(merged: str) -> None:
    refused = _refused(_changed(AREAS, merged)).notice
    column = AREAS[1][1 if merged[0] == "B" else 2]
    assert (refused.code, refused.fields) == (
        "merged_figure", {"sheet": "a", "cells": merged, "column": column},
    )  # fmt: skip


def test_a_nought_in_merged_cells_is_a_number_too() -> None:
    records = [AREAS[1], [CODE, 0, 900], ["BU05181786", 20, 30]]
    assert _refused(_changed(records, "B2:B3")).notice.code == "merged_figure"


def test_a_number_in_merged_cells_of_a_long_table_is_refused() -> None:
    records = [["buurtcode", "indicator", "jaar", "waarde"], [CODE, "jobs", 2020, 850],
               ["BU05181786", "jobs", 2020, 20]]  # fmt: skip
    assert _refused(_changed(records, "D2:D3")).notice.code == "merged_figure"


def test_unguarded_a_number_in_merged_cells_is_that_of_the_first_area_alone() -> None:
    sheets, _ = workbook.visible_sheets(_changed(AREAS, "B3:B5"))
    assert [row[1] for row in sheets["a"][2:]] == [850, None, None]


@pytest.mark.parametrize("merged", ["A1:C1", "A6:C6"])
def test_a_title_or_a_note_may_stand_in_merged_cells(merged: str) -> None:
    records = [["Cijfers van de stad", None, None], *AREAS[1:], ["Bron: LISA", None, None]]
    assert workbook.read(_changed(records, merged)).rows["aantal_banen"].to_list() == [
        850, 20, 40, None,
    ]  # fmt: skip


def test_hidden_rows_are_read_and_told() -> None:
    read = workbook.read(_changed(AREAS, hidden=(1, 4, 5)))
    assert read.rows["aantal_banen"].to_list() == [850, 20, 40]
    assert [(n.code, n.fields) for n in read.notices] == [
        ("hidden_rows_read", {"sheet": "a", "rows": "4, 5"})
    ]
    assert workbook.read(_changed(AREAS)).notices == ()


def test_of_many_hidden_rows_the_first_twenty_are_told() -> None:
    records = [["buurtcode", "aantal_banen"], *([f"BU0518{n:04}", n] for n in range(22))]
    (told,) = workbook.read(_changed(records, hidden=tuple(range(2, 24)))).notices
    assert told.fields["rows"] == ", ".join(map(str, range(2, 22))) + ", …"
