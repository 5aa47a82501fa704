# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What cells say: a number, or the reason why there is none.

Text is read in the Dutch (1.234,5) or the English (1,234.5) way, per column, and only when the
column itself settles which.  Symbols: CBS, "Verklaring van symbolen" (83765NED, Properties).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import polars as pl

from wijkeconomie.figures.missing import SENTINEL_CEILING, SENTINELS, Status
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.snapshot import STATUS_SUFFIX

NumberFormat = Literal["nl", "en"]
_POWER = r"(?:[eE][+-]?\d+)?"
_NL = rf"^[+-]?(?:(?:\d+(?:,\d+)?{_POWER})|(?:[1-9]\d{{0,2}}(?:\.\d{{3}})+(?:,\d+)?))$"
_EN = rf"^[+-]?(?:(?:(?:\d+(?:\.\d*)?|\.\d+){_POWER})|(?:[1-9]\d{{0,2}}(?:,\d{{3}})+(?:\.\d+)?))$"
# "." and CBS's older "x" are secret; NA is what R writes; - and , are met in files of
# municipalities; these three give no reason
_WORDS = (".", "x", "-", ",", "NA")
_VALUE, _TEXT = "\0value", "\0text"  # behind a header, which cannot hold NUL
_GROUP = 1000
_SHORTEST_GROUPED = 5  # "1.234" is the shortest text that may hold a thousands separator


class _Notation(NamedTuple):
    """What the different cells of a column settle."""

    dutch: bool  # a number that only the Dutch way explains
    english: bool
    neither: bool  # text that is no number
    marked: bool  # a point or comma somewhere


def read(
    rows: pl.DataFrame,
    headers: Sequence[str],
    *,
    lines: pl.Series,
    published: bool,
    null: Status = Status.UNKNOWN,
    number_format: NumberFormat | None = None,
) -> pl.DataFrame:
    """Read *headers* of *rows* as numbers: Float64 ``x`` and UInt8 status ``x~`` for each.

    A blank cell "cannot occur" in a table that uses CBS's symbols (*published*, and a ``.``
    somewhere); elsewhere a blank gives no reason.  In a column of numbers a missing one means
    *null*.  A column without any value is not yet published.  *lines* are the row numbers for
    messages.

    Raises Refusal ``not_a_number``, ``mixed_decimal`` or ``number_format_needed``.
    """
    schema = rows.schema
    typed = {h for h in headers if schema[h].is_numeric() or schema[h] == pl.Null}
    cells = rows.select(
        pl.col(h).cast(pl.Float64).fill_nan(None)
        if h in typed
        else pl.col(h).cast(pl.String).str.strip_chars().fill_null("")
        for h in headers
    )
    text = cells.select(h for h in headers if h not in typed)
    values = cells.with_columns(pl.col(text.columns).cast(pl.Float64, strict=False))
    values = _settled(text, values, lines, number_format)
    return _with_status(text, values, published=published, null=null)


def _settled(
    text: pl.DataFrame, values: pl.DataFrame, lines: pl.Series, chosen: NumberFormat | None
) -> pl.DataFrame:
    """*values* with the columns read anew in which text is no plain number."""
    doubtful = _doubtful(text, values)
    if not doubtful:
        return values
    formats = {h: _format(h, text[h], lines, chosen) for h in doubtful}
    read = values.with_columns(text.select(_number(h, formats[h]) for h in doubtful).get_columns())
    endless = read.select(pl.col(doubtful).is_infinite().any()).row(0, named=True)
    for header in (h for h in doubtful if endless[h]):
        _refuse_word(header, text[header], lines, read[header].is_infinite().fill_null(value=False))
    return read


def _doubtful(text: pl.DataFrame, values: pl.DataFrame) -> list[str]:
    """Columns with text that is no plain number, or that may hold a thousands separator.

    Text of five characters or more with a value under 1000 has a point in it, as 1.234 has.
    """
    if not text.width:
        return []
    both = text.hstack(values.select(pl.col(text.columns).name.suffix(_VALUE)))
    flags = both.select(_is_doubtful(h).alias(h) for h in text.columns).row(0, named=True)
    return [h for h in text.columns if flags[h]]


def _is_doubtful(header: str) -> pl.Expr:
    text, value = pl.col(header), pl.col(header + _VALUE)
    unread = value.is_null() & (text != "") & (text != ".")
    grouped = (text.str.len_bytes() >= _SHORTEST_GROUPED) & (value.abs() < _GROUP)
    return (unread | ~value.is_finite() | grouped).any()


def _notation(text: pl.Series) -> _Notation:
    """Which ways of writing numbers occur in a column, over its different cells."""
    figures = pl.DataFrame({"text": text.unique()}).filter(~pl.col("text").is_in(["", *_WORDS]))
    nl, en = pl.col("text").str.contains(_NL), pl.col("text").str.contains(_EN)
    marked = pl.col("text").str.contains("[.,]")
    flags = figures.select(
        dutch=(nl & ~en).any(), english=(en & ~nl).any(), neither=(~nl & ~en).any(),
        marked=marked.any(),
    )  # fmt: skip
    return _Notation(*flags.row(0))


def _format(
    header: str, text: pl.Series, lines: pl.Series, chosen: NumberFormat | None
) -> NumberFormat:
    """The notation of one column; the rare refusals look at the column once more."""
    found = _notation(text)
    if found.neither:
        _refuse_word(header, text, lines, ~(text.str.contains(_NL) | text.str.contains(_EN)))
    if chosen is not None:
        if found.english if chosen == "nl" else found.dutch:
            _refuse_word(header, text, lines, ~text.str.contains(_NL if chosen == "nl" else _EN))
        return chosen
    if found.dutch and found.english:
        point = _line(lines, text.str.contains(_EN) & ~text.str.contains(_NL))
        comma = _line(lines, text.str.contains(_NL) & ~text.str.contains(_EN))
        raise Refusal("mixed_decimal", column=header, point=point, comma=comma)
    if found.marked and not found.dutch and not found.english:
        _refuse_undecided(header, text, lines)
    return "nl" if found.dutch else "en"


def _number(header: str, notation: NumberFormat) -> pl.Expr:
    group, mark = (".", ",") if notation == "nl" else (",", ".")
    plain = pl.col(header).str.replace_all(group, "", literal=True)
    return plain.str.replace(mark, ".", literal=True).cast(pl.Float64, strict=False)


def _refuse_word(header: str, text: pl.Series, lines: pl.Series, wrong: pl.Series) -> None:
    """Refuse text that is no number; of two wrong cells "NaN" is the lesser."""
    wrong = wrong & ~text.is_in(["", *_WORDS])
    other = wrong & (text.str.to_lowercase() != "nan")
    at = (other if other.any() else wrong).arg_max() or 0
    raise Refusal("not_a_number", column=header, row=int(lines[at]), value=text[at][:40])


def _refuse_undecided(header: str, text: pl.Series, lines: pl.Series) -> None:
    at = (text.str.contains("[.,]") & ~text.is_in([*_WORDS])).arg_max() or 0
    cell = text[at]
    raise Refusal(
        "number_format_needed",
        column=header,
        row=int(lines[at]),
        value=cell,
        whole=re.sub("[.,]", "", cell),
        fraction={"nl": cell.replace(".", ","), "en": cell.replace(",", ".")},
    )


def _line(lines: pl.Series, where: pl.Series) -> int:
    return int(lines[where.arg_max() or 0])


def _with_status(
    text: pl.DataFrame, values: pl.DataFrame, *, published: bool, null: Status
) -> pl.DataFrame:
    """Add ``x~`` and empty every value whose status has none."""
    blank = Status.IMPOSSIBLE if published and _has_symbols(text) else Status.UNKNOWN
    missing = values.null_count().row(0, named=True)
    lowest = values.min().row(0, named=True)
    both = values.hstack(text.select(pl.all().name.suffix(_TEXT)))
    coded = [h for h, low in lowest.items() if low is not None and low <= SENTINEL_CEILING]
    statuses = [
        pl.lit(Status.LATE.value, dtype=pl.UInt8).alias(h + STATUS_SUFFIX)
        if missing[h] == values.height
        else _status(h, blank if h in text.columns else None, null, is_coded=h in coded)
        for h in values.columns
    ]
    read = both.select(*values.columns, *statuses)
    return read.with_columns(
        pl.when(pl.col(h) > SENTINEL_CEILING).then(pl.col(h)).alias(h) for h in coded
    )


def _has_symbols(text: pl.DataFrame) -> bool:
    return text.width > 0 and text.select(pl.any_horizontal((pl.all() == ".").any())).item()


def _status(header: str, blank: Status | None, null: Status, *, is_coded: bool) -> pl.Expr:
    """Status of a column; *blank* is what an empty cell of text means, None in a column of
    numbers, where *null* is what a missing one means."""
    value, text = pl.col(header), pl.col(header + _TEXT)
    found: Any = pl.when(value > SENTINEL_CEILING).then(Status.OK.value)
    for sentinel, status in SENTINELS.items() if is_coded else ():
        found = found.when(value == sentinel).then(status.value)
    if blank is None:
        found = found.when(value.is_null()).then(null.value)
    if blank is not None:
        found = found.when((text == ".") | (text == "x")).then(Status.SECRET.value)
        found = found.when(text == "").then(blank.value)
    expression: pl.Expr = found.otherwise(Status.UNKNOWN.value).cast(pl.UInt8)
    return expression.alias(header + STATUS_SUFFIX)
