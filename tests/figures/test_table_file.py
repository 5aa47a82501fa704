# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rows of text of a table that somebody made: of any program, and refused where it is damaged."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import Workbook

from wijkeconomie.figures import table_file
from wijkeconomie.figures.refusal import Refusal


def book(*rows: list[object]) -> bytes:
    made, out = Workbook(), BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("content", [
    b"a;b\n1;2\n", b"a,b\r\n1,2\r\n", b"a\tb\r1\t2", "﻿a;b\n1;2".encode(),
    "a;b\n1;2\n".encode("utf-16"),
])  # fmt: skip
def test_text_of_any_program_is_the_same_rows(content: bytes) -> None:
    assert table_file.read(content) == [[["a", "b"], ["1", "2"]]]


def test_a_line_that_names_the_separator_is_no_row_and_keeps_the_numbers() -> None:
    assert table_file.read(b"sep=|\na|b\n1|2;3\n") == [[[], ["a", "b"], ["1", "2;3"]]]


def test_windows_letters_are_read() -> None:
    assert table_file.read("naam;x\nCafé;1\n".encode("cp1252"))[0][1] == ["Café", "1"]


def test_a_workbook_is_shown_as_a_dutch_spreadsheet_does() -> None:
    content = book(["dag", "bedrag", "leeg"], [date(2025, 3, 1), 1234.5, None],
                   [datetime(2025, 3, 1, 10), 12, True])  # noqa: DTZ001 -- a workbook knows no zones  # fmt: skip
    assert table_file.read(content) == [[["dag", "bedrag", "leeg"], ["2025-03-01", "1234,50"],
                                         ["2025-03-01", "12", ""]]]  # fmt: skip


@pytest.mark.parametrize(("content", "code"), [
    (b'a;b\n"1;2\n', "table_broken"), (b"a;b\n1;\0\n", "nul_character"),
    (b"PK\x03\x04kapot", "zip_damaged"), ("a;é\n".encode() + "b;é\n".encode("cp1252"),
                                           "two_encodings"),
])  # fmt: skip
def test_what_is_damaged_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        table_file.read(content)
    assert refused.value.notice.code == code


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_file, "MOST_ROWS", 2)
    assert len(table_file.read(b"a\n1\n")[0]) == 2
    for content in (b"a\n1\n2\n", b"x" * (table_file.MOST_BYTES + 1)):
        with pytest.raises(Refusal) as refused:
            table_file.read(content)
        assert refused.value.notice.code == "table_large"
