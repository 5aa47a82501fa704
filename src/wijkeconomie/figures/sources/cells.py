# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What cells say: a number, or the reason why there is none.

Text is read in the Dutch (1.234,5) or the English (1,234.5) way, per column, and only when the
column itself settles which, or else the other columns of the file do.  Symbols: CBS, "Verklaring
van symbolen" (83765NED, Properties).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple

import polars as pl

from wijkeconomie.figures.missing import SENTINEL_CEILING, SENTINELS, Status
from wijkeconomie.figures.refusal import Refusal, all_of, every
from wijkeconomie.figures.snapshot import STATUS_SUFFIX

NumberFormat = Literal["nl", "en"]
_N = "[0-9]"  # for \d takes digits of every script, which nothing here can read
_POWER = rf"(?:[eE][+-]?{_N}+)?"
_NL = rf"^[+-]?(?:(?:{_N}+(?:,{_N}+)?{_POWER})|(?:[1-9]{_N}{{0,2}}(?:\.{_N}{{3}})+(?:,{_N}+)?))$"
_EN = (
    rf"^[+-]?(?:(?:(?:{_N}+(?:\.{_N}*)?|\.{_N}+){_POWER})"
    rf"|(?:[1-9]{_N}{{0,2}}(?:,{_N}{{3}})+(?:\.{_N}+)?))$"
)
# "." and CBS's older "x" are secret; NA is what R writes; - and , are met in files of
# municipalities; these three give no reason
_WORDS = (".", "x", "-", ",", "NA")
_VALUE, _TEXT, _TOLD = "\0value", "\0text", "\0told"  # behind a header, which cannot hold NUL
_GROUP = 1000
_SHORTEST_GROUPED = 5  # "1.234" is the shortest text that may hold a thousands separator


class _Notation(NamedTuple):
    """What the different cells of a column settle."""

    dutch: bool  # a number that only the Dutch way explains
    english: bool
    neither: bool  # text that is no number
    points: bool  # a point in some number
    commas: bool


class _Missing(NamedTuple):
    """Cells of a column without a number, and how many of them hold one of the usual symbols."""

    cells: int
    dots: int
    blanks: int
    is_coded: bool  # some number is a code for a missing one
    is_text: bool


class Bounds(NamedTuple):
    """The ends of a column; None when it has no value."""

    lowest: float | None
    highest: float | None
    broken: float | None  # how far the most broken value lies from a whole number
    highest_part: float | None  # of the rows that are part of another


def bounds(numbers: pl.DataFrame, is_part: pl.Series) -> dict[str, Bounds]:
    """Those of all columns at once: a question a column costs more than its answer."""
    if not numbers.width:
        return {}
    values = pl.all()
    ends = (
        values.min(),
        values.max(),
        (values - values.round()).abs().max(),
        values.filter(is_part).max(),
    )
    rows = (numbers.select(end).row(0) for end in ends)
    return {h: Bounds(*found) for h, *found in zip(numbers.columns, *rows, strict=True)}


def read(
    rows: pl.DataFrame,
    headers: Sequence[str],
    *,
    lines: pl.Series,
    published: bool,
    read_before: Mapping[str, pl.Series] | None = None,
    number_format: NumberFormat | None = None,
) -> pl.DataFrame:
    """Read *headers* of *rows* as numbers: Float64 ``x`` and UInt8 status ``x~`` for each.

    A blank cell "cannot occur" in a table that uses CBS's symbols (*published*, and a ``.``
    somewhere); elsewhere a blank gives no reason.  A column without any value is not yet
    published.  *lines* are the row numbers for messages, *read_before* the statuses of headers that
    are numbers already, UNKNOWN where blank.

    Raises Refusal ``not_a_number``, ``mixed_decimal`` or ``number_format_needed``.
    """
    schema = rows.schema
    typed = {h for h in headers if schema[h].is_numeric() or schema[h] == pl.Null}
    cells = rows.select(
        pl.col(h).cast(pl.Float64).fill_nan(None)
        if h in typed
        else pl.col(h).cast(pl.String).fill_null("")
        for h in headers
    )
    _refuse_endless(cells.select(h for h in headers if h in typed), lines)
    text = cells.select(h for h in headers if h not in typed)
    values = cells.with_columns(pl.col(text.columns).cast(pl.Float64, strict=False))
    if doubtful := _doubtful(text, values):
        text = text.with_columns(pl.col(doubtful).str.strip_chars())
        elsewhere = partial(_of_others, rows, read_before or {})
        values = _settled(text.select(doubtful), values, lines, number_format, elsewhere)
    return _with_status(text, values, read_before or {}, published=published)


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


def _settled(
    text: pl.DataFrame,
    values: pl.DataFrame,
    lines: pl.Series,
    chosen: NumberFormat | None,
    elsewhere: Callable[[], NumberFormat | None],
) -> pl.DataFrame:
    """*values* with the columns of *text* read anew, each in its own notation, else in that which
    is found *elsewhere* in the file."""
    notations = _notations(text)
    if chosen is None and any(map(_is_open, notations.values())) and (other := elsewhere()):
        notations = {
            h: n._replace(dutch=other == "nl", english=other == "en") if _is_open(n) else n
            for h, n in notations.items()
        }
    each = (partial(_format, h, text[h], notations[h], lines, chosen) for h in text.columns)
    formats = dict(zip(text.columns, every(each), strict=True))
    numbers = text.select(_number(h, formats[h], notations[h]) for h in text.columns)
    _refuse_endless(numbers, lines, text)
    return values.with_columns(numbers.get_columns())


def _refuse_endless(
    numbers: pl.DataFrame, lines: pl.Series, text: pl.DataFrame | None = None
) -> None:
    """Refuse 1e999 and inf, as the *text* writes them or else as the number reads."""
    endless = numbers.select(pl.all().is_infinite().any())
    for header in (h for h in numbers.columns if endless[h][0]):
        wrong = numbers[header].is_infinite().fill_null(value=False)
        cells = numbers[header].cast(pl.String) if text is None else text[header]
        _refuse_word(header, cells, lines, wrong)


def _is_open(found: _Notation) -> bool:
    """1.234 alone: whether the mark parts thousands or decimals, the column does not tell."""
    return (found.points or found.commas) and not (found.dutch or found.english or found.neither)


def _of_others(rows: pl.DataFrame, read_before: Mapping[str, pl.Series]) -> NumberFormat | None:
    """The only notation that columns of numbers in a file settle; None when there is none or when
    there are two.  What was read as plain numbers had a comma where it is no whole number."""
    text = rows.select(pl.col(pl.String).fill_null("").str.strip_chars())
    numbers = [n for n in _notations(text).values() if not n.neither] if text.width else []
    plain = rows.select(h for h in read_before if rows.schema[h].is_float())
    broken = any((series % 1 != 0).any() for series in plain.iter_columns())
    dutch, english = broken or any(n.dutch for n in numbers), any(n.english for n in numbers)
    if dutch == english:
        return None
    return "nl" if dutch else "en"


def _notations(text: pl.DataFrame) -> dict[str, _Notation]:
    """Which ways of writing numbers occur in each column, over its different cells."""
    different = pl.concat(  # by place: a column may itself be called "value" or "variable"
        text[header].unique().alias("cell").to_frame().with_columns(at=pl.lit(at))
        for at, header in enumerate(text.columns)
    )
    cell = pl.col("cell")
    nl, en, figure = cell.str.contains(_NL), cell.str.contains(_EN), ~cell.is_in(["", *_WORDS])
    flags = different.group_by("at").agg(
        dutch=(figure & nl & ~en).any(), english=(figure & en & ~nl).any(),
        neither=(figure & ~nl & ~en).any(),
        points=(figure & cell.str.contains(".", literal=True)).any(),
        commas=(figure & cell.str.contains(",", literal=True)).any(),
    )  # fmt: skip
    return {text.columns[at]: _Notation(*found) for at, *found in flags.rows()}


def _format(
    header: str, text: pl.Series, found: _Notation, lines: pl.Series, chosen: NumberFormat | None
) -> NumberFormat:
    """The notation of one column; the rare refusals look at the column once more."""
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
    if _is_open(found):
        _refuse_undecided(header, text, lines)
    return "nl" if found.dutch else "en"


def _number(header: str, notation: NumberFormat, found: _Notation) -> pl.Expr:
    group, mark = (".", ",") if notation == "nl" else (",", ".")
    plain = pl.col(header)
    if found.points if notation == "nl" else found.commas:
        plain = plain.str.replace_all(group, "", literal=True)
    if mark == ",":
        plain = plain.str.replace(mark, ".", literal=True)
    return plain.cast(pl.Float64, strict=False)


def _refuse_word(header: str, text: pl.Series, lines: pl.Series, wrong: pl.Series) -> None:
    """Refuse text that is no number; of two wrong cells "NaN" is the lesser."""
    wrong = wrong & ~text.is_in(["", *_WORDS])
    other = wrong & (text.str.to_lowercase() != "nan")
    at = (other if other.any() else wrong).arg_max() or 0
    places = [at, *(place for place in wrong.arg_true() if place != at)]

    def fault(at: int) -> Refusal:
        return Refusal("not_a_number", column=header, row=int(lines[at]), value=text[at][:40])

    raise all_of(places, fault)


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
    text: pl.DataFrame,
    values: pl.DataFrame,
    read_before: Mapping[str, pl.Series],
    *,
    published: bool,
) -> pl.DataFrame:
    """Add ``x~`` and empty every value whose status has none."""
    dots, blanks = (
        text.select((pl.all() == word).sum()).row(0, named=True) if text.width else {}
        for word in (".", "")
    )
    has_dots = any(dots.values()) or any((s == Status.SECRET).any() for s in read_before.values())
    blank = Status.IMPOSSIBLE if published and has_dots else Status.UNKNOWN
    missing = values.null_count().row(0, named=True)
    lowest = values.min().row(0, named=True)
    coded = [h for h, low in lowest.items() if low is not None and low <= SENTINEL_CEILING]
    statuses = []
    for h in values.columns:
        found = _Missing(missing[h], dots.get(h, 0), blanks.get(h, 0), h in coded, h in dots)
        late = pl.lit(Status.LATE.value, dtype=pl.UInt8)
        if missing[h] == values.height:
            status = late
        elif h in read_before:
            status = pl.col(h + _TOLD)
        else:
            status = _status(h, found, blank)
        statuses.append(status.alias(h + STATUS_SUFFIX))
    both = values.hstack(text.select(pl.all().name.suffix(_TEXT)))
    both = both.hstack(_told({h: s for h, s in read_before.items() if h in missing}, blank))
    read = both.select(*values.columns, *statuses)
    return read.with_columns(
        pl.when(pl.col(h) > SENTINEL_CEILING).then(pl.col(h)).alias(h) for h in coded
    )


def _told(read_before: Mapping[str, pl.Series], blank: Status) -> pl.DataFrame:
    """Statuses as they were read, with what a blank means here."""
    told = pl.DataFrame([status.alias(h + _TOLD) for h, status in read_before.items()])
    found = pl.all()
    meant = pl.lit(blank.value, pl.UInt8)
    return told.with_columns(
        pl.when(found != Status.UNKNOWN.value).then(found).otherwise(meant).name.keep()
    )


def _status(header: str, found: _Missing, blank: Status) -> pl.Expr:
    """Status of a column: compares with no more words than occur in it."""
    value, text = pl.col(header), pl.col(header + _TEXT)
    words = [(".", Status.SECRET)] * bool(found.dots) + [("", blank)] * bool(found.blanks)
    if found.is_coded or found.dots + found.blanks < found.cells:
        words += [("x", Status.SECRET)] * found.is_text + [("", Status.UNKNOWN)]
    has_value = value > SENTINEL_CEILING if found.is_coded else value.is_not_null()
    chain: Any = pl.when(has_value).then(Status.OK.value)
    for sentinel, status in SENTINELS.items() if found.is_coded else ():
        chain = chain.when(value == sentinel).then(status.value)
    for word, status in words[:-1]:
        chain = chain.when(text == word).then(status.value)
    rest = words[-1][1] if words else Status.UNKNOWN
    expression: pl.Expr = chain.otherwise(rest.value).cast(pl.UInt8)
    return expression
