# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""CSV in its dialects: ``;`` ``,`` tab or ``|``, UTF-8, UTF-16 or Windows-1252, titles above.

Quotes, separators and line ends are counted on the bytes with numpy, which is exact for RFC 4180
and fast enough to check every row of a national file before Polars reads it.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wijkeconomie.figures.refusal import MOST_TOLD, Notice, Refusal
from wijkeconomie.figures.sources import plain
from wijkeconomie.figures.sources.grid import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    SEARCHED,
    Grid,
    find_header,
    headers,
    unnamed,
)
from wijkeconomie.figures.sources.layout import holds_code, is_figure, is_listed

_SEPARATORS = ";\t,|"
_SEP_LINE = re.compile(rb"sep=([;\t,|])\r?\n", re.IGNORECASE)
_ROW_NUMBER = re.compile(r'"?1"?\W')  # R's write.table gives its row numbers no header
_QUOTED = re.compile(r'"[^"]*"')
_FOOTER = re.compile(r'^"?(?:bron|source|©|cbs)\b|^"?©', re.IGNORECASE)
_WITHOUT = {ord(c): None for c in _SEPARATORS}
_START = 2**20  # bytes in which the header is looked for
_QUOTE, _LF, _CR = 34, 10, 13
_MOSTLY = 0.9  # of the letters
_SHOWN = 3  # names to check after reading as Windows-1252


@dataclass(frozen=True, slots=True)
class _Records:
    """Where each record of the text starts and stops (its line end not counted), and its width."""

    text: bytes
    marks: NDArray[np.int64]  # where each field stops
    ends: NDArray[np.int64]  # which mark ends each record
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    widths: NDArray[np.int64]
    is_cut: bool  # the text does not end with a line end

    def text_of(self, record: int) -> str:
        return self.text[self.starts[record] : self.stops[record]].decode()


def read(content: bytes, *, header_row: int | None = None, as_text: bool = True) -> Grid:
    """Read delimited text of any dialect; every cell is text.

    Without *as_text*, columns of plain numbers under a header that names a figure are Float64, and
    what is only listed is not read: a column of nulls.

    Raises Refusal for what is damaged (with the row), WrongUse when the header must be chosen.
    """
    text, notices = decoded(content)
    skipped = 0
    if match := _SEP_LINE.match(text):
        text, separator, skipped = text[match.end() :], match[1].decode(), 1
        header_row = header_row - 1 if header_row else None
    else:
        separator = _separator(text, asked=header_row is not None)
    records = _records(text, separator)
    searched = range(min(SEARCHED, len(records.starts)))
    top = [_cells(records.text_of(i), separator, i + 1 + skipped) for i in searched]
    if not top:
        raise Refusal("empty_file")
    header = find_header(top, header_row)
    names = headers(top[header])
    body, names = _body(records, header, names)
    is_strange = any(notice.code == "read_as_cp1252" for notice in notices)
    figures = {} if as_text or is_strange else _figures(records, body, names)
    rows = _rows(records, body, names, separator, figures)
    titles = tuple(" ".join(filter(None, cells)) for cells in top[:header])
    if is_strange:
        notices = (Notice("read_as_cp1252", {"names": _strange_names(rows, names)}),)
    lines = pl.Series("line", body + 1 + skipped, dtype=pl.UInt32)
    status = {name: pl.Series(name, column.status) for name, column in figures.items()}
    return Grid(rows=rows, lines=lines, status=status, titles=titles, notices=notices)


def decoded(content: bytes) -> tuple[bytes, tuple[Notice, ...]]:
    """The content as UTF-8 without byte order mark, line ends LF."""
    notices: tuple[Notice, ...] = ()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content, notices = _from_utf16(content), (Notice("read_as_utf16"),)
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\0" in content:
        _refuse_unmarked_utf16(content[:_START])
        raise Refusal("nul_character", row=content.count(b"\n", 0, content.index(b"\0")) + 1)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        content, notices = _from_cp1252(content, error), (Notice("read_as_cp1252"),)
    if b"\r" in content:
        content = content.replace(b"\r\n" if b"\n" in content else b"\r", b"\n")
    return content, notices


def _refuse_unmarked_utf16(start: bytes) -> None:
    """Of letters that Dutch is written with, every other byte is NUL in UTF-16."""
    nuls = sorted(half.count(b"\0") for half in (start[::2], start[1::2]))
    if nuls[0] == 0 and nuls[1] > _MOSTLY * len(start) / 2:
        raise Refusal("utf16_unmarked")


def _from_utf16(content: bytes) -> bytes:
    try:
        return content.decode("utf-16").encode()
    except UnicodeError as error:
        raise Refusal("encoding_unknown", encoding="UTF-16") from error


def _from_cp1252(content: bytes, error: UnicodeDecodeError) -> bytes:
    """Windows-1252, unless other lines are UTF-8: then two encodings were pasted together."""
    readable = None
    for row, line in enumerate(content.split(b"\n"), 1):
        if not line.isascii() and _is_utf8(line):
            readable = row
            break
    if readable is not None:
        wrong = content.count(b"\n", 0, error.start) + 1
        raise Refusal(
            "two_encodings", row=wrong, byte=f"0x{content[error.start]:02X}", readable=readable
        )
    try:
        return content.decode("cp1252").encode()
    except UnicodeDecodeError as other:
        raise Refusal("encoding_unknown", encoding="UTF-8 / Windows-1252") from other


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _separator(text: bytes, *, asked: bool) -> str:
    """The separator under which a header with a code appears, the most used one if *asked* to
    take some row as header.  Text without such a header is no table: Refusal."""
    top = [_QUOTED.sub(lambda m: m[0].translate(_WITHOUT), line) for line in _top(text)]
    counted = [(line.count(separator), separator) for line in top for separator in _SEPARATORS]
    fits = [
        (line.count(separator), separator)
        for line in top
        for separator in _SEPARATORS
        if holds_code(line.replace('"', "").split(separator))
    ]
    most, separator = max(fits or counted, default=(0, ";"), key=lambda pair: pair[0])
    if not (fits or asked) and most < MOST_COLUMNS:  # too many columns is said first
        raise Refusal("no_code_column")
    return separator


def _top(text: bytes) -> list[str]:
    lines = text[:_START].split(b"\n", SEARCHED)[:SEARCHED]
    return b"\n".join(lines).decode("utf-8", "ignore").splitlines()[:SEARCHED]


def _records(text: bytes, separator: str) -> _Records:
    """Find the line ends and separators that lie outside quotes."""
    is_cut = not text.endswith(b"\n")
    buffer = np.frombuffer(text + b"\n" if is_cut else text, dtype=np.uint8)
    quotes = np.flatnonzero(buffer == _QUOTE)
    marks = _outside(np.flatnonzero((buffer == _LF) | (buffer == ord(separator))), quotes)
    ends = np.flatnonzero(buffer[marks] == _LF)
    widths = np.diff(ends, prepend=-1)
    if quotes.size % 2 or (widths != widths[:1]).any():
        _refuse_open_quote(buffer, quotes, marks[ends], ord(separator))
    stops = marks[ends]
    starts = np.concatenate(([0], stops[:-1] + 1)).astype(np.int64)
    if (stops - starts).max() > MOST_CHARACTERS:
        _refuse_long_cell(text, marks, ends)
    return _Records(text, marks, ends, starts, stops, widths, is_cut)


def _outside(marks: NDArray[np.int64], quotes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The marks that lie outside quotes: pieces from where one closes to where the next opens."""
    at = np.searchsorted(marks, quotes)
    opened, closed = at[::2], at[1::2]
    if opened.size > closed.size:
        closed = np.append(closed, len(marks))
    holds = opened != closed
    if not holds.any():
        return marks
    begins, stops = [0, *closed[holds]], opened[holds]
    pieces = np.concatenate([marks[a:b] for a, b in zip(begins, stops, strict=False)])
    last = begins[-1]
    marks[last - pieces.size : last] = pieces  # quotes stand in the header: the body need not move
    return marks[last - pieces.size :]


def _refuse_open_quote(
    buffer: NDArray[np.uint8], quotes: NDArray[np.int64], ends: NDArray[np.int64], separator: int
) -> None:
    """A quote opens after a separator and closes before one; else one was left open before."""
    opening, closing = quotes[::2], quotes[1::2]
    around = np.array([separator, _LF, _CR, _QUOTE])
    before = np.where(opening > 0, buffer[opening - 1], _LF)
    after = buffer[np.minimum(closing + 1, len(buffer) - 1)]
    wrong = np.concatenate((opening[~np.isin(before, around)], closing[~np.isin(after, around)]))
    if quotes.size % 2:
        wrong = np.append(wrong, opening[-1])
    if wrong.size:
        raise Refusal("open_quote", row=int(np.searchsorted(ends, wrong.min())) + 1)


def _refuse_long_cell(text: bytes, marks: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
    lengths = np.diff(marks, prepend=-1)
    for mark in np.flatnonzero(lengths > MOST_CHARACTERS):
        stop = marks[mark]
        cell = text[stop - lengths[mark] + 1 : stop].decode("utf-8", "ignore")
        if len(cell) > MOST_CHARACTERS:
            row = int(np.searchsorted(ends, mark))
            first = ends[row - 1] + 1 if row else 0
            raise Refusal(
                "cell_too_long", row=row + 1, column=int(mark - first) + 1, most=MOST_CHARACTERS
            )


def _cells(record: str, separator: str, row: int) -> list[str]:
    try:
        return next(csv.reader([record], delimiter=separator), [])
    except csv.Error as error:  # a line end of another kind than the other lines have
        raise Refusal("line_end_inside", row=row) from error


def _body(records: _Records, header: int, names: list[str]) -> tuple[NDArray[np.int64], list[str]]:
    """Records under the header that hold something, all as wide as the header."""
    lengths, widths = records.stops - records.starts, records.widths
    body = np.flatnonzero(lengths > widths - 1)  # longer than its separators alone
    body = body[body > header]
    while body.size and widths[body[-1]] == 1 < len(names):
        if not _FOOTER.match(records.text_of(int(body[-1]))):
            break
        body = body[:-1]
    if not body.size:  # rows that are empty and wider than the header are no row less
        wide = np.flatnonzero(widths > len(names))
        _refuse_ragged(records, wide[wide > header], len(names))
        raise Refusal("only_header")
    first = records.text_of(int(body[0]))
    if (widths[body] == len(names) + 1).all() and _ROW_NUMBER.match(first):
        names = [unnamed(-1), *names]
    _refuse_ragged(records, body, len(names))
    return body, names


def _refuse_ragged(records: _Records, body: NDArray[np.int64], width: int) -> None:
    wrong = body[records.widths[body] != width]
    if not wrong.size:
        return
    last = int(body[-1])
    if wrong[0] == last == len(records.starts) - 1 and records.is_cut:
        have = int(records.widths[last])
        if have < width:
            raise Refusal("cut_off", have=have, width=width)
    pairs = [(int(row) + 1, int(records.widths[row])) for row in wrong[:MOST_TOLD]]
    refusal = Refusal(
        "ragged_rows",
        rows={
            "nl": _ragged(pairs, ("Regel", "regel"), "heeft", "velden", "en"),
            "en": _ragged(pairs, ("Row", "row"), "has", "fields", "and"),
        },
        width=width,
    )
    refusal.more = len(wrong) - len(pairs)
    raise refusal


def _ragged(
    pairs: Sequence[tuple[int, int]], row: tuple[str, str], has: str, fields: str, last: str
) -> str:
    (line, have), *others = pairs
    parts = [f"{row[0]} {line} {has} {have} {fields}"]
    parts += [f"{row[1]} {line} {has} {have}" for line, have in others]
    return f" {last} ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _figures(
    records: _Records, body: NDArray[np.int64], names: list[str]
) -> dict[str, plain.Column]:
    """The columns of plain numbers, by header."""
    chosen = np.array([i for i, name in enumerate(names) if is_figure(name)], dtype=np.int64)
    text = np.frombuffer(records.text, dtype=np.uint8)
    found = plain.read(text, records.marks, records.ends[body] - len(names) + 1, chosen)
    return {names[position]: column for position, column in found.items()}


def _rows(
    records: _Records,
    body: NDArray[np.int64],
    names: list[str],
    separator: str,
    figures: Mapping[str, plain.Column],
) -> pl.DataFrame:
    """All columns: *figures* as they are, the others as text or, beside figures, perhaps unread."""
    unread = {name for name in names if figures and not _is_read(name)}
    texts = [name for name in names if name not in figures and name not in unread]
    read = _parse(_only(records, body), body.size, names, texts, separator)
    nothing = pl.Series(dtype=pl.Null).extend_constant(None, body.size)
    columns = dict.fromkeys(names, nothing) | {name: read[name] for name in texts}
    columns |= {n: pl.Series(n, c.values, nan_to_null=True) for n, c in figures.items()}
    empty = [name for name in texts if name.startswith("[") and _is_blank(read[name])]
    return pl.DataFrame(columns).drop(empty)


def _is_read(name: str) -> bool:
    return name.startswith("[") or not is_listed(name)


def _parse(
    text: bytes, height: int, names: list[str], chosen: list[str], separator: str
) -> pl.DataFrame:
    try:
        rows = pl.read_csv(
            text,
            has_header=False,
            schema=dict.fromkeys(names, pl.String),
            columns=[names.index(name) for name in chosen],
            separator=separator,
            quote_char='"',
            extra_columns="raise",
            empty_string_is_null=False,
        )
    except pl.exceptions.PolarsError as error:
        raise Refusal("ragged_rows_unclear", records=height) from error
    if rows.height != height:
        raise Refusal("ragged_rows_unclear", records=height)
    return rows


def _is_blank(cells: pl.Series) -> bool:
    return bool((cells.str.strip_chars() == "").all())


def _only(records: _Records, body: NDArray[np.int64]) -> bytes:
    """The text of the body; joined anew only where empty records or a footer lie in it."""
    first, last = int(body[0]), int(body[-1])
    if last - first + 1 == body.size:
        return records.text[records.starts[first] : records.stops[last]]
    return b"\n".join(records.text[records.starts[i] : records.stops[i]] for i in body)


def _strange_names(rows: pl.DataFrame, names: Sequence[str]) -> str:
    """Some cells with letters outside ASCII, for a person to check."""
    found = [name for name in names if not name.isascii()]
    for cells in rows.select(pl.col(pl.String)):
        found += (
            cells.filter(cells.str.contains(r"[^\x00-\x7F]")).unique(maintain_order=True).to_list()
        )
    return ", ".join(found[:_SHOWN])
