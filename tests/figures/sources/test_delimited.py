# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A table reads back equal in every dialect; what is damaged is refused with its row."""

from __future__ import annotations

import csv
import io
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.sources import delimited

HEADER = ["buurtcode", "buurtnaam", "inwoners"]


def _refused(content: bytes, header_row: int | None = None) -> Refusal:
    with pytest.raises(Refusal) as refused:
        delimited.read(content, header_row=header_row)
    return refused.value


def _rows(content: bytes, **options: Any) -> list[tuple[Any, ...]]:
    return delimited.read(content, **options).rows.rows()


def _written(records: list[list[str]], delimiter: str, *, quote_all: bool, end: str) -> str:
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=delimiter,
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
        lineterminator=end,
    )
    writer.writerows(records)
    return text.getvalue()


cells = st.text(
    st.characters(codec="cp1252", exclude_characters="\0\r", exclude_categories=["Cc", "Cs"])
    | st.sampled_from(';,\t|"\n'),
    max_size=12,
)


@given(
    names=st.lists(cells, min_size=1, max_size=5),
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quote_all=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
    titles=st.integers(0, 3),
)
def test_a_table_in_any_dialect_reads_back_equal(
    names: list[str], delimiter: str, encoding: str, *, quote_all: bool, end: str, titles: int
) -> None:
    records = [[f"BU0518{i:04}", name, str(i)] for i, name in enumerate(names)]
    text = _written([HEADER, *records], delimiter, quote_all=quote_all, end=end)
    content = (f"Cijfers per buurt{end}" * titles + text).encode(encoding)
    grid = delimited.read(content)
    assert grid.rows.columns == HEADER
    assert grid.rows.rows() == [tuple(record) for record in records]
    assert grid.lines.to_list() == [titles + 2 + i for i in range(len(records))]


@given(st.lists(st.text("aeé ëûïôÉ", min_size=1), min_size=1, max_size=4))
def test_windows_1252_reads_back_equal_and_is_told(names: list[str]) -> None:
    records = [[f"BU0518{i:04}", name, "1"] for i, name in enumerate(names)]
    text = _written([HEADER, *records], ";", quote_all=True, end="\n")
    content = text.encode("cp1252")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        grid = delimited.read(content)
        assert [notice.code for notice in grid.notices] == ["read_as_cp1252"]
        assert grid.rows.rows() == [tuple(record) for record in records]


def test_a_line_of_excel_that_names_the_separator_is_skipped_and_counted() -> None:
    grid = delimited.read(b"sep=,\nbuurtcode,jaar\nBU05181785,2024\n")
    assert (grid.rows.rows(), grid.lines.to_list()) == ([("BU05181785", "2024")], [3])


def test_row_numbers_of_r_are_kept_apart_with_and_without_a_header() -> None:
    with_header = b'"","buurtcode","jaar"\n"1","BU05181785","2024"\n'
    without = b'"buurtcode","jaar"\n"1","BU05181785","2024"\n'
    assert delimited.read(with_header).rows.columns == ["[1]", "buurtcode", "jaar"]
    assert delimited.read(without).rows.columns == ["[0]", "buurtcode", "jaar"]


def test_empty_lines_and_empty_columns_are_left_out_and_rows_keep_their_number() -> None:
    grid = delimited.read(b"buurtcode;jaar;\n\nBU05181785;2024;\n;;\nBU05181786;2024;\n")
    assert grid.rows.rows() == [("BU05181785", "2024"), ("BU05181786", "2024")]
    assert grid.lines.to_list() == [3, 5]


def test_a_source_line_under_the_table_is_left_out() -> None:
    assert _rows(b'code;jaar\nGM0518;2024\n"Bron: CBS"\n') == [("GM0518", "2024")]


def test_line_ends_of_old_computers_are_read() -> None:
    assert _rows(b"code;jaar\rGM0518;2024\r") == [("GM0518", "2024")]


def test_a_chosen_header_row_is_taken() -> None:
    content = b"a;b\nnaam;waarde\nx;1\n"
    assert delimited.read(content, header_row=2).rows.columns == ["naam", "waarde"]


@pytest.mark.parametrize("row", [0, 9])
def test_a_header_row_that_is_not_there_is_wrong_use(row: int) -> None:
    with pytest.raises(WrongUse) as refused:
        delimited.read(b"a;b\n1;2\n", header_row=row)
    assert refused.value.notice.code == "header_row_outside"


@pytest.mark.parametrize(
    ("content", "code", "fields"),
    [
        (b"code;jaar\nGM0518;2024;1\n", "ragged_rows", {"width": 2}),
        (b"code;jaar\nGM0518;2024\nGM05", "cut_off", {"have": 1, "width": 2}),
        (b'code;jaar\n"GM0518;2024\nGM0519;2024\n', "open_quote", {"row": 2}),
        (b'code;jaar\nGM0518;2024\n"GM0519;2024\nGM05;"2024"\n', "open_quote", {"row": 3}),
        (b"code;jaar\n\nGM05\x0018;2024\n", "nul_character", {"row": 3}),
        (b"code;jaar;jaar\nGM0518;1;2\n", "header_twice", {"name": "jaar"}),
        (b"Code;CODE;jaar\nGM0518;GM0519;2\n", "header_twice", {"name": "Code"}),
        (b"code;jaar\rx;n\nGM0518;1;2\r\n", "line_end_inside", {"row": 1}),
        (b"code;jaar\n", "only_header", {}),
        (b"code;jaar\n;\n", "only_header", {}),
        (b"code;jaar\n;;;\n", "ragged_rows", {"width": 2}),
        (b"naam;jaar\nMoerwijk;2024\n", "no_code_column", {}),
        (b"\xff\xfec\x00o\x00", "no_code_column", {}),
        (b"\xff\xfec\x00o", "encoding_unknown", {}),
        ("code;x\nGM0518;é\n".encode("cp1252") + b"\x81", "encoding_unknown", {}),
    ],
)
def test_damage_is_refused_with_its_place(
    content: bytes, code: str, fields: dict[str, Any]
) -> None:
    notice = _refused(content).notice
    assert (notice.code, {key: notice.fields[key] for key in fields}) == (code, fields)


def test_a_separator_in_quotes_does_not_hide_a_missing_field() -> None:
    """The plain count of separators is the same in every line; only quotes tell."""
    notice = _refused(b'code;naam\nGM0518;Den Haag\n"GM0519;x"\n').notice
    assert notice.fields["rows"]["en"] == "Row 3 has 1 fields"


def test_twin_polars_alone_fills_the_missing_field_with_nothing() -> None:
    content = b'code;naam\nGM0518;Den Haag\n"GM0519;x"\n'
    rows = pl.read_csv(content, separator=";", infer_schema=False).rows()
    assert rows[-1] == ("GM0519;x", None)


def test_limits_are_told_with_row_and_column() -> None:
    long = _refused(b"code;naam\nGM0518;a\nGM0519;" + b"x" * 10_001 + b"\n").notice
    assert long.fields == {"row": 3, "column": 2, "most": 10_000}
    wide = _refused(b"code;" + b";".join(b"k%d" % i for i in range(2000)) + b"\n").notice
    assert wide.fields == {"columns": 2001, "most": 2000}


def test_the_longest_cell_allowed_is_read() -> None:
    assert len(_rows(b"code;naam\nGM0518;" + b"x" * 10_000 + b"\n")[0][1]) == 10_000


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_refused_with_the_encoding(encoding: str) -> None:
    """The twin: with the mark it is read."""
    text = "buurtcode;jaar;inwoners\nBU05181785;2024;10\n"
    with pytest.raises(Refusal) as refused:
        delimited.read(text.encode(encoding))
    assert refused.value.notice.code == "utf16_unmarked"
    assert "UTF-16" in refused.value.text("nl")
    assert delimited.read(text.encode("utf-16")).rows["inwoners"].to_list() == ["10"]
