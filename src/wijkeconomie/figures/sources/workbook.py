# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Workbooks: .xlsx with its zip and XML checked before openpyxl sees it, and old .xls.

Nothing is unpacked to disk, no link is followed, no formula computed: cells count as they were
saved.  Limits after OWASP ASVS 5.0, 5.2 (uploads).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import polars as pl

from wijkeconomie.figures.refusal import Notice, Refusal, WrongUse
from wijkeconomie.figures.sources.grid import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    SEARCHED,
    Grid,
    as_text,
    find_header,
    frame,
    headers,
)
from wijkeconomie.figures.sources.layout import holds_code, holds_figures

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP_ERRORS = (  # what a part of a zip raises that is not as its directory says
    BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error,
)  # fmt: skip
MOST_UNPACKED = 200 * 2**20
_MOST_ENTRIES = 2_000
_MOST_RATIO = 200  # deflate reaches 1032:1; sheets of figures stay far below this
_RATIO_FROM = 10 * 2**20
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_IS_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_ROW_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_NAMED = 20  # rows that are hidden
_BYTES_A_CELL = 4  # the least that a cell with anything in it takes in a file
_GAP = 1_000  # rows or columns of emptiness after which a cell lies outside the table
_FORMULA = b"<f"
_DATE_CELL = 3  # xlrd.XL_CELL_DATE
_ERROR_CELL = 5

Record = Sequence[Any]
_Sheets = tuple[dict[str, list[Record]], list[str], dict[str, str]]  # rows, hidden ones, parts


def read(content: bytes, *, sheet: str | None = None, header_row: int | None = None) -> Grid:
    """Read the visible worksheet with figures.

    Raises Refusal for a workbook that is damaged, protected or holds what has no place in it,
    WrongUse ``choose_sheet_and_header`` when it is not clear what to read.
    """
    sheets, hidden, parts = _opened(content, MOST_UNPACKED)
    notices = (Notice("hidden_sheets", {"sheets": _quoted(hidden)}),) if hidden else ()
    name = _chosen(sheets, sheet, hidden, header_row)
    grid = _grid(name, sheets[name], header_row, hidden, notices)
    if name not in parts:  # an old one says neither without all its styles
        return grid
    part = ZipFile(BytesIO(content)).read(parts[name])
    _refuse_merged(name, grid, sheets[name], part)
    return replace(grid, notices=(*grid.notices, *_hidden_rows(name, grid, part)))


def visible_sheets(
    content: bytes, most_unpacked: int = MOST_UNPACKED
) -> tuple[dict[str, list[Record]], list[str]]:
    """The rows of every visible worksheet as they were saved, and the names of the hidden ones.

    A zip that unpacks to more than *most_unpacked* bytes is refused, like all that :func:`read`
    refuses whatever is in the cells.
    """
    return _opened(content, most_unpacked)[:2]


def _opened(content: bytes, most_unpacked: int) -> _Sheets:
    if content.startswith(OLE2):
        if _ENCRYPTED in content:
            raise Refusal("workbook_protected")
        return (*_old_sheets(content), {})
    check_zip(content, most_unpacked)
    return _new_sheets(content, most_unpacked)


def entries_of(source: Path | BytesIO) -> list[ZipInfo]:
    """What a zip file says that it holds.  Raises Refusal ``zip_damaged``."""
    try:
        with ZipFile(source) as archive:
            return archive.infolist()
    except ZIP_ERRORS as error:
        raise Refusal("zip_damaged") from error


def check_zip(content: bytes, most: int = MOST_UNPACKED, most_entries: int = _MOST_ENTRIES) -> None:
    """Refuse a damaged, hostile or unreasonably packed zip file, or one of more than *most* bytes
    when unpacked, without unpacking it."""
    entries = entries_of(BytesIO(content))
    for entry in entries:
        _check_entry(entry)
    if len(entries) > most_entries:
        raise Refusal("zip_many_files", files=len(entries), most=most_entries)
    if sum(entry.file_size for entry in entries) > most:
        raise Refusal("unpacked_too_large", most=most // 2**20)


def _check_entry(entry: ZipInfo) -> None:
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or ":" in name:
        raise Refusal("zip_path")
    if name.lower().endswith("vbaproject.bin"):
        raise Refusal("workbook_macros")
    if entry.flag_bits & 1:
        raise Refusal("workbook_protected")
    if entry.file_size > max(_RATIO_FROM, _MOST_RATIO * entry.compress_size):
        raise Refusal("unpacked_too_large", most=MOST_UNPACKED // 2**20)


def _new_sheets(content: bytes, most: int) -> _Sheets:
    import openpyxl  # noqa: PLC0415 -- heavy

    formulas = _check_parts(content)
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
        styled = any(_is_percent(style) for style in _formats_of(book))
        visible = {s.title: _rows_of(s, most, styled=styled) for s in _sheets(book)}
        parts = {s.title: s._worksheet_path for s in _sheets(book)}  # noqa: SLF001 -- no other way
        if formulas:
            _refuse_uncomputed(content, visible)
    except Refusal:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise Refusal("workbook_damaged") from error
    hidden = [s.title for s in book.worksheets if s.sheet_state != "visible"]
    return visible, hidden, parts


def _formats_of(book: Any) -> Iterator[str]:
    """How the cells of a book are written: what openpyxl asks of a cell, of all styles at once."""
    from openpyxl.styles import numbers  # noqa: PLC0415 -- heavy

    for number in {style.numFmtId for style in book._cell_styles}:  # noqa: SLF001 -- no other way
        own = number - numbers.BUILTIN_FORMATS_MAX_SIZE
        at = own if 0 <= own < len(book._number_formats) else -1  # noqa: SLF001
        yield book._number_formats[at] if at >= 0 else numbers.BUILTIN_FORMATS.get(number, "")  # noqa: SLF001


def _is_percent(style: str | None) -> bool:
    return "%" in re.sub(r'"[^"]*"|\\.', "", style or "")  # a quoted sign is only shown


def _as_shown(cell: Any) -> Any:
    """12 for the 12 % that Excel keeps as 0.12: a person reads the one and never sees the other."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(value * 100, 10) if _is_percent(cell.number_format) else value
    return value


def _rows_of(sheet: Any, most: int, *, styled: bool) -> list[Record]:
    """One far cell in every row makes a sheet of empty cells far larger than its file.

    *styled*: some of the book's cells are percentages, so each is asked whether it is one."""
    rows, cells = [], 0
    for found in sheet.iter_rows(values_only=not styled):
        row = tuple(map(_as_shown, found)) if styled else found
        rows.append(row)
        cells += len(row)
        if cells > most // _BYTES_A_CELL:
            raise Refusal("unpacked_too_large", most=most // 2**20)
    return rows


def _sheets(book: Any) -> Iterator[Any]:
    """The visible ones; how large a sheet says that it is, may be far more than its cells."""
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()
            yield sheet


def _check_parts(content: bytes) -> bool:
    """Refuse forbidden XML and stray cells; tell whether any sheet has formulas."""
    formulas = False
    try:
        with ZipFile(BytesIO(content)) as archive:
            for entry in archive.infolist():
                if not entry.filename.endswith((".xml", ".rels", ".vml")):
                    continue
                part = archive.read(entry)
                if _DTD.search(part) or part[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise Refusal("workbook_dtd")
                if entry.filename.startswith("xl/worksheets/"):
                    formulas = formulas or _FORMULA in part
                    _refuse_stray_cell(part)
    except ZIP_ERRORS as error:
        raise Refusal("zip_damaged") from error
    return formulas


def _refuse_stray_cell(part: bytes) -> None:
    """A cell far below or right of all others would make a table of millions of empty cells."""
    cells = _CELL.findall(part)
    for place in (1, 0):
        known = {cell[place]: _position(cell[place]) for cell in cells}
        previous = 0
        for text, position in sorted(known.items(), key=lambda item: item[1]):
            if position - previous > _GAP:
                stray = next(cell for cell in cells if cell[place] == text)
                raise Refusal("stray_cell", cell=b"".join(stray).decode())
            previous = position


def _position(text: bytes) -> int:
    """Row number, or column number of its letters."""
    if text.isdigit():
        return int(text)
    number = 0
    for letter in text:
        number = number * 26 + letter - 64
    return number


def _refuse_merged(name: str, grid: Grid, records: Sequence[Record], part: bytes) -> None:
    """One number over several areas is kept with the first of them alone, and is of none."""
    lines, headers_ = set(grid.lines), grid.rows.columns
    for left, top, right, bottom in _MERGED.findall(part):
        row, column = int(top), _position(left)
        if row not in lines or column > len(headers_) or not holds_figures(headers_[column - 1]):
            continue
        if any(cell not in (None, "") for cell in records[row - 1][column - 1 : column]):
            cells = f"{left.decode()}{row}:{right.decode()}{bottom.decode()}"
            raise Refusal("merged_figure", sheet=name, cells=cells, column=headers_[column - 1])


def _hidden_rows(name: str, grid: Grid, part: bytes) -> Iterator[Notice]:
    """Rows that their maker did not show are figures no less, and whoever loads them may not know
    that they are there."""
    heads = (head for head in _ROW.findall(part) if _IS_HIDDEN.search(head))
    hidden = {int(found[1]) for head in heads if (found := _ROW_NUMBER.search(head))}
    rows = sorted(hidden.intersection(grid.lines))
    if rows:
        listed = ", ".join(map(str, rows[:_NAMED])) + ", …" * (len(rows) > _NAMED)
        yield Notice("hidden_rows_read", {"sheet": name, "rows": listed})


def _refuse_uncomputed(content: bytes, visible: dict[str, list[Record]]) -> None:
    """A formula whose result was never saved looks like an empty cell, and is none."""
    import openpyxl  # noqa: PLC0415 -- heavy
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- heavy

    book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=False)
    for sheet in _sheets(book):
        for row, cells in enumerate(sheet.iter_rows(values_only=True)):
            for column, cell in enumerate(cells):
                is_formula = isinstance(cell, str) and cell.startswith("=")
                if is_formula and visible[sheet.title][row][column] is None:
                    name = f"{get_column_letter(column + 1)}{row + 1}"
                    raise Refusal("formula_without_value", cell=name)


def _old_sheets(content: bytes) -> tuple[dict[str, list[Record]], list[str]]:
    import xlrd  # noqa: PLC0415 -- heavy

    try:
        book = xlrd.open_workbook(file_contents=content, logfile=BytesIO())
        visible = {s.name: _old_rows(s, book.datemode) for s in book.sheets() if not s.visibility}
    except xlrd.XLRDError as error:
        protected = "encrypted" in str(error).lower()
        raise Refusal("workbook_protected" if protected else "workbook_damaged") from error
    except Exception as error:  # xlrd raises whatever its bytes make it raise
        raise Refusal("workbook_damaged") from error
    return visible, [s.name for s in book.sheets() if s.visibility]


def _old_rows(sheet: Any, datemode: int) -> list[Record]:
    return [
        tuple(_old_cell(cell, datemode) for cell in sheet.row(row)) for row in range(sheet.nrows)
    ]


def _old_cell(cell: Any, datemode: int) -> Any:
    import xlrd  # noqa: PLC0415 -- heavy

    if cell.ctype == _DATE_CELL:
        return datetime(*xlrd.xldate_as_tuple(cell.value, datemode)).date()  # noqa: DTZ001
    if cell.ctype == _ERROR_CELL:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    if isinstance(cell.value, float) and cell.value.is_integer():
        return int(cell.value)
    return None if cell.value == "" else cell.value


def _chosen(
    sheets: dict[str, list[Record]], asked: str | None, hidden: list[str], header_row: int | None
) -> str:
    if asked is not None:
        if asked not in sheets:
            raise WrongUse("no_such_sheet", sheet=asked, sheets=_quoted(sheets))
        return asked
    filled = [name for name, records in sheets.items() if any(any(r) for r in records)]
    if not filled:
        raise Refusal("empty_file")
    fitting = [name for name in filled if header_row or _has_header(sheets[name])]
    if len(fitting) > 1:
        _ask(fitting, hidden)
    return (fitting or filled)[0]


def _has_header(records: Sequence[Record]) -> bool:
    return any(holds_code(_texts(record)) for record in records[:SEARCHED])


def _texts(record: Record) -> list[str]:
    return ["" if cell is None else as_text(cell) for cell in record]


def _ask(names: Sequence[str], hidden: Sequence[str]) -> None:
    left_out = {"nl": "", "en": ""}
    if len(hidden) == 1:
        left_out = {
            "nl": f" Het verborgen blad '{hidden[0]}' is niet gelezen.",
            "en": " The hidden sheet was not read.",
        }
    elif hidden:
        left_out = {
            "nl": f" De verborgen bladen {_quoted(hidden)} zijn niet gelezen.",
            "en": f" The hidden sheets {_quoted(hidden)} were not read.",
        }
    raise WrongUse("choose_sheet_and_header", sheets=_quoted(names), hidden=left_out)


def _quoted(names: Sequence[str] | dict[str, Any]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _grid(
    name: str,
    records: Sequence[Record],
    header_row: int | None,
    hidden: list[str],
    notices: tuple[Notice, ...],
) -> Grid:
    widest = max(map(len, records[:SEARCHED]))
    top = [_texts(_padded(record, widest)) for record in records[:SEARCHED]]
    header = find_header(top, header_row)
    cells, start = top[header], header + 1
    if start < len(top) and _is_second_header(cells, top[start]):
        if header_row is None:
            _ask([name], hidden)
        cells, start = _merged(cells, top[start]), start + 1
    width = max((i + 1 for i, cell in enumerate(cells) if cell), default=0)
    width = max(width, *(_used(record) for record in records[start:])) if records[start:] else width
    if width > MOST_COLUMNS:
        raise Refusal("too_many_columns", columns=width, most=MOST_COLUMNS)
    kept = [
        (i, _padded(records[i], width)) for i in range(start, len(records)) if _any_in(records[i])
    ]
    if not kept:
        raise Refusal("only_header")
    _refuse_long_cell(kept)
    names = headers((cells + [""] * width)[:width])
    titles = (name, *(" ".join(filter(None, row)) for row in top[:header]))
    return Grid(
        rows=frame(names, [record for _, record in kept]),
        lines=pl.Series("line", [i + 1 for i, _ in kept], dtype=pl.UInt32),
        titles=titles,
        notices=notices,
    )


def _any_in(record: Record) -> bool:
    return any(cell is not None and cell != "" for cell in record)


def _used(record: Record) -> int:
    return max((i + 1 for i, cell in enumerate(record) if cell is not None), default=0)


def _padded(record: Record, width: int) -> list[Any]:
    cells = [cell.date() if isinstance(cell, datetime) else cell for cell in record[:width]]
    return cells + [None] * (width - len(cells))


def _is_second_header(above: Sequence[str], below: Sequence[str]) -> bool:
    """Text under merged cells, and nothing under the header of the code."""
    gaps = [i for i, cell in enumerate(above) if not cell and i < len(below) and below[i]]
    first = next((i for i, cell in enumerate(above) if cell), 0)
    return bool(gaps) and not below[first]


def _merged(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """``bevolking`` over ``man`` and ``vrouw`` gives two headers, ``bevolking/man`` first."""
    merged, group = [], ""
    for over, under in zip(above, below, strict=False):
        group = over or (group if under else "")
        merged.append(f"{group}/{under}" if group and under else group or under)
    return merged


def _refuse_long_cell(kept: Sequence[tuple[int, list[Any]]]) -> None:
    for row, record in kept:
        for column, cell in enumerate(record):
            if isinstance(cell, str) and len(cell) > MOST_CHARACTERS:
                raise Refusal("cell_too_long", row=row + 1, column=column + 1, most=MOST_CHARACTERS)
