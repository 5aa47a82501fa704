# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What cells say: a number, or the reason why there is none.

Text is read in the Dutch (1.234,5) or the English (1,234.5) way, per column, and only when the
column itself settles which.  Symbols: CBS, "Verklaring van symbolen" (83765NED, Properties).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

import polars as pl

from wijkeconomie.figures.missing import SENTINEL_CEILING, SENTINELS, Status
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.snapshot import STATUS_SUFFIX

NumberFormat = Literal["nl", "en"]
_POWER = r"(?:[eE][+-]?\d+)?"
_NL = rf"^[+-]?(?:(?:\d+(?:,\d+)?{_POWER})|(?:[1-9]\d{{0,2}}(?:\.\d{{3}})+(?:,\d+)?))$"
_EN = rf"^[+-]?(?:(?:(?:\d+(?:\.\d*)?|\.\d+){_POWER})|(?:[1-9]\d{{0,2}}(?:,\d{{3}})+(?:\.\d+)?))$"
# NA is what R writes; x, - and , are met in files of municipalities and give no reason
_WORDS = {".": Status.SECRET, "x": Status.SECRET, "-": Status.UNKNOWN, ",": Status.UNKNOWN}
_WORDS["NA"] = Status.UNKNOWN
_SHORTEST_GROUPED = 5  # "1.234" is the shortest text that may hold a thousands separator


def read(
    rows: pl.DataFrame,
    headers: Sequence[str],
    *,
    lines: pl.Series,
    published: bool,
    number_format: NumberFormat | None = None,
) -> pl.DataFrame:
    """Read *headers* of *rows* as numbers: Float64 ``x`` and UInt8 status ``x~`` for each.

    A blank cell "cannot occur" in a table that uses CBS's symbols (*published*, and a ``.``
    somewhere); elsewhere a blank gives no reason.  A column without any value is not yet
    published.  *lines* are the row numbers for messages.  Raises Refusal ``not_a_number``,
    ``mixed_decimal`` or ``number_format_needed``.
    """
    cells = rows.select(
        pl.col(h).cast(pl.String).str.strip_chars().fill_null("")
        if not (rows.schema[h].is_numeric() or rows.schema[h] == pl.Null)
        else pl.col(h).cast(pl.Float64).fill_nan(None)
        for h in headers
    )
    text = [h for h in headers if cells.schema[h] == pl.String]
    blank = _blank(cells.select(text), published=published)
    values = cells.with_columns(pl.col(text).cast(pl.Float64, strict=False))
    for header in _doubtful(cells.select(text), values):
        settled = _settle(header, cells[header], lines, number_format)
        values = values.with_columns(settled.alias(header))
    return _with_status(cells, values, blank)


def _blank(text: pl.DataFrame, *, published: bool) -> Status:
    symbols = text.width > 0 and text.select(pl.any_horizontal((pl.all() == ".").any())).item()
    return Status.IMPOSSIBLE if published and symbols else Status.UNKNOWN


def _doubtful(text: pl.DataFrame, values: pl.DataFrame) -> list[str]:
    """Columns with text that is no plain number, or that may hold a thousands separator."""
    if not text.width:
        return []
    plain = values.select(pl.col(text.columns).is_finite().fill_null(value=False))
    missing = text.select((pl.all() == "") | (pl.all() == "."))
    grouped = text.select(
        (pl.all().str.len_bytes() >= _SHORTEST_GROUPED) & pl.all().str.contains(".", literal=True)
    )
    return [
        h
        for h in text.columns
        if not (plain[h] | missing[h]).all() or grouped[h].any()
    ]  # fmt: skip


def _settle(
    header: str, cells: pl.Series, lines: pl.Series, number_format: NumberFormat | None
) -> pl.Series:
    """Numbers of one column of text, after deciding which mark is the decimal one."""
    table = pl.DataFrame({"text": cells, "line": lines}).with_columns(
        nl=pl.col("text").str.contains(_NL), en=pl.col("text").str.contains(_EN)
    )
    figures = table.filter(~pl.col("text").is_in(["", *_WORDS]))
    _refuse_words(header, figures)
    decided = number_format or _decimal_mark(header, figures)
    _refuse_words(header, figures.select("text", "line", nl=decided, en=decided))
    group, mark = (".", ",") if decided == "nl" else (",", ".")
    plain = pl.col("text").str.replace_all(group, "", literal=True)
    numbers = plain.str.replace(mark, ".", literal=True).cast(pl.Float64, strict=False)
    read = table.select(text="text", line="line", number=numbers)
    _refuse_endless(header, read)
    return read["number"]


def _refuse_words(header: str, figures: pl.DataFrame) -> None:
    """Refuse text that is a number in no notation; of two wrong cells "NaN" is the lesser."""
    wrong = figures.filter(~(pl.col("nl") | pl.col("en")))
    if wrong.height:
        other = wrong.filter(pl.col("text").str.to_lowercase() != "nan")
        first = (other if other.height else wrong).row(0, named=True)
        raise Refusal(
            "not_a_number", column=header, row=int(first["line"]), value=first["text"][:40]
        )


def _decimal_mark(header: str, figures: pl.DataFrame) -> NumberFormat:
    dutch = figures.filter(pl.col("nl") & ~pl.col("en"))
    english = figures.filter(pl.col("en") & ~pl.col("nl"))
    if dutch.height and english.height:
        point, comma = int(english["line"][0]), int(dutch["line"][0])
        raise Refusal("mixed_decimal", column=header, point=point, comma=comma)
    undecided = figures.filter(pl.col("text").str.contains("[.,]"))
    if undecided.height and not dutch.height and not english.height:
        first = undecided.row(0, named=True)
        raise Refusal(
            "number_format_needed",
            column=header,
            row=int(first["line"]),
            value=first["text"],
            whole=re.sub("[.,]", "", first["text"]),
            fraction={
                "nl": first["text"].replace(".", ","),
                "en": first["text"].replace(",", "."),
            },
        )
    return "nl" if dutch.height else "en"


def _refuse_endless(header: str, read: pl.DataFrame) -> None:
    endless = read.filter(pl.col("number").is_infinite())
    if endless.height:
        line, text = int(endless["line"][0]), endless["text"][0]
        raise Refusal("not_a_number", column=header, row=line, value=text[:40])


def _with_status(cells: pl.DataFrame, values: pl.DataFrame, blank: Status) -> pl.DataFrame:
    """Add ``x~`` and empty every value whose status has none."""
    statuses = values.select(
        _status(h, cells[h] if cells.schema[h] == pl.String else None, blank)
        for h in values.columns
    )
    kept = values.with_columns(
        pl.when(pl.all() > SENTINEL_CEILING).then(pl.all()).otherwise(None).name.keep()
    )
    late = [h for h in values.columns if values.height and values[h].null_count() == values.height]
    marks = statuses.with_columns(
        pl.lit(Status.LATE, dtype=pl.UInt8).alias(h + STATUS_SUFFIX) for h in late
    )
    return kept.hstack(marks.get_columns())


def _status(header: str, text: pl.Series | None, blank: Status) -> pl.Expr:
    value = pl.col(header)
    found: Any = pl.when(value > SENTINEL_CEILING).then(Status.OK.value)
    for sentinel, status in SENTINELS.items():
        found = found.when(value == sentinel).then(status.value)
    found = found.when(value.is_not_null()).then(Status.UNKNOWN.value)
    if text is not None:
        found = found.when(pl.lit(text) == "").then(blank.value)
        for word, status in _WORDS.items():
            found = found.when(pl.lit(text) == word).then(status.value)
    status: pl.Expr = found.otherwise(Status.UNKNOWN.value).cast(pl.UInt8)
    return status.alias(header + STATUS_SUFFIX)
