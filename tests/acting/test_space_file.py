# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A list of spaces is read as Dutch spreadsheets write it; what cannot be taken says row, column
and why, and nothing raises but what is meant to."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.acting.space_file import COLUMNS, MOST_ROWS, Row, guessed, read, text_of
from wijkeconomie.figures.refusal import Refusal

KEY = "0363010012345678"


def one(**cells: str) -> Row:
    (row,) = _read(**cells).rows
    return row


def _read(**cells: str):  # type: ignore[no-untyped-def]
    given = {"bag": KEY, "adres": "Kade 1"} | cells
    return read(";".join(given) + "\n" + ";".join(given.values()) + "\n")


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_lines_of_every_program_are_read(end: str) -> None:
    found = read(end.join(["bag;adres", f"{KEY};Kade 1", f"{KEY[:-1]}9;Kade 2"]))
    assert [row.number for row in found.rows] == [2, 3]


@pytest.mark.parametrize("text", [
    f'bag;adres\n{KEY};"Kade 1', f"bag;adres\n{KEY};{'x' * 2_000_000}",
    f'bag;adres\n{KEY};"Kade 1"2',
])  # fmt: skip
def test_a_table_that_breaks_off_says_in_which_row(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text)
    assert (refused.value.notice.code, refused.value.notice.fields["row"]) == (
        "space_file_broken",
        2,
    )


def test_a_cell_without_end_is_wrong_and_no_fault() -> None:
    for column in ("m2", "huur", "bag", "lengte", "leeg_sinds", "voorzieningen", "eenheid"):
        (wrong, *_rest) = _read(**{column: "9" * 5_000}).wrong
        assert (wrong.column, wrong.why.notice.code) == (column, "space_cell_long")
    assert _read(huur="9" * 20).wrong[0].why.notice.code == "space_cell_money"


def test_a_row_says_what_stands_in_it_and_what_is_empty_says_nothing() -> None:
    row = one(naam="Plint", eenheid="links", gebied="WK990101", m2="1.250", gebruik="Winkel",
              voorzieningen="water, geen keuken", huur="€ 1.234,50", leeg_sinds="1-3-2026",
              eigenaar="corporatie", lengte="4,5", breedte="52.1")  # fmt: skip
    assert row.more == {
        "m2": 1250, "use": "shop", "facilities": {"water": True, "kitchen": False},
        "rent": 123_450, "vacant_since": "2026-03-01", "owner": "corporation",
    }  # fmt: skip
    assert (row.bag, row.unit, row.area, row.lon, row.lat) == (KEY, "links", "WK990101", 4.5, 52.1)
    assert one(m2="", huur="").more == {}
    assert one().title == "Kade 1"


@pytest.mark.parametrize(("typed", "cents"), [
    ("900", 90_000), ("900,5", 90_050), ("900,-", 90_000), ("1.000", 100_000), ("0", 0),
    ("€1.234.567,89", 123_456_789),
])  # fmt: skip
def test_money_is_read_as_it_is_written_here(typed: str, cents: int) -> None:
    assert one(huur=typed).more["rent"] == cents


@pytest.mark.parametrize(("column", "typed", "code"), [
    ("bag", "363010012345678", "bag_digits"), ("bag", "3,63E+14", "bag_digits"),
    ("bag", "0363200012345678", "bag_kind"), ("bag", "", "space_cell_empty"),
    ("adres", "", "space_cell_empty"), ("m2", "85,5", "space_cell_number"),
    ("m2", "veel", "space_cell_number"), ("huur", "1.23", "space_cell_money"),
    ("huur", "-5", "space_cell_money"), ("huur", "12,345", "space_cell_money"),
    ("leeg_sinds", "30-2-2026", "space_cell_day"), ("leeg_sinds", "maart", "space_cell_day"),
    ("gebruik", "kapper", "space_cell_word"), ("voorzieningen", "geen idee", "space_cell_word"),
    ("eigenaar", "Jansen", "space_cell_word"), ("naam", "x" * 121, "space_cell_long"),
    ("lengte", "oost", "space_cell_number"),
])  # fmt: skip
def test_what_cannot_be_taken_says_row_column_and_why(column: str, typed: str, code: str) -> None:
    found = _read(**{column: typed})
    (wrong,) = found.wrong
    assert (found.rows, wrong.number, wrong.column) == ((), 2, column)
    assert wrong.why.notice.code == code


def test_all_that_is_wrong_in_a_row_is_said_at_once() -> None:
    assert [one.column for one in _read(bag="1", m2="x", huur="y").wrong] == ["bag", "m2", "huur"]


def test_the_same_part_of_a_building_stands_there_once() -> None:
    found = read(f"bag;adres;eenheid\n{KEY};Kade 1;a\n{KEY};Kade 1;b\n{KEY};Kade 1;A\n")
    assert [row.number for row in found.rows] == [2, 3]
    assert [(one.number, one.why.notice.code) for one in found.wrong] == [(4, "space_twice")]


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_columns_are_parted_as_spreadsheets_do_and_rows_may_be_empty(mark: str) -> None:
    text = f'ADRES{mark} Bag\n\n"Kade 1"{mark}{KEY}\n{mark}\n'
    assert [row.address for row in read(text).rows] == ["Kade 1"]


@pytest.mark.parametrize(("text", "code"), [
    ("", "space_file_columns"), ("bag;naam\n", "space_file_columns"),
    ("bag;adres;telefoon\n", "space_file_unknown"), ("bag;adres;adres\n", "space_file_unknown"),
    ("bag;adres\n" + "x;y\n" * (MOST_ROWS + 1), "space_file_rows"),
])  # fmt: skip
def test_a_file_that_is_no_such_list_is_refused_with_what_it_should_be(
    text: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        read(text)
    assert refused.value.notice.code == code


@pytest.mark.parametrize("code", ["utf-16", "utf-16-le", "utf-16-be"])
def test_what_excel_calls_unicode_text_is_read(code: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(code, b"")
    data = mark + "bag;adres\nx;Súdkade 1\n".encode(code)
    assert (text_of(data), guessed(data, text_of(data))) == ("bag;adres\nx;Súdkade 1\n", ())


def test_of_letters_of_windows_words_are_shown_to_look_at() -> None:
    text = "bag;adres\nx;Súdkade 1\ny;Café Ëlsa, één\nz;Súdkade 2 cañon\n"
    data = text.encode("cp1252")
    assert guessed(data, text_of(data)) == ("Súdkade", "Café", "Ëlsa")
    assert guessed(text.encode(), text) == ()


def test_a_file_that_is_utf_8_in_part_is_refused_with_its_row() -> None:
    data = "bag;adres\nx;Súdkade\ny;".encode() + "Súdkade".encode("cp1252")
    with pytest.raises(Refusal) as refused:
        text_of(data)
    assert (refused.value.notice.code, refused.value.notice.fields) == (
        "space_file_mixed", {"row": 3},
    )  # fmt: skip


@pytest.mark.parametrize(
    "data", [b"bag;adres\n\x81\x8d", b"\xff\xfea", b"\xff\xd8\xff\xe0\0\x10JFIF", b"bag\0"]
)
def test_what_is_no_text_is_refused_and_never_guessed(data: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        text_of(data)
    assert refused.value.notice.code == "space_file_no_text"


def test_letters_of_windows_are_read_and_an_excel_file_is_refused() -> None:
    assert text_of("café".encode("cp1252")) == text_of("café".encode("utf-8-sig")) == "café"
    for data, code in ((b"PK\3\4", "space_file_no_text"), (b"a" * 1_000_001, "space_file_large")):
        with pytest.raises(Refusal) as refused:
            text_of(data)
        assert refused.value.notice.code == code


cells = st.text(st.characters(exclude_characters="\r\n\0"), max_size=30)


@given(st.lists(st.tuples(*(cells for _ in COLUMNS)), max_size=4))
def test_whatever_stands_in_it_each_row_is_taken_or_told(table: list[tuple[str, ...]]) -> None:
    head = ";".join(COLUMNS)
    clean = [[cell.replace(";", "").replace('"', "") for cell in row] for row in table]
    found = read("\n".join([head, *(";".join(row) for row in clean)]))
    told = {one.number for one in (*found.rows, *found.wrong)}
    filled = {n for n, row in enumerate(clean, start=2) if any(cell.strip() for cell in row)}
    assert told <= filled
