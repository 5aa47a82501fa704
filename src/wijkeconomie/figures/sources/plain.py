# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The quick way for what StatLine exports: numbers straight from the bytes.

Polars reads figures three times as fast when it need not make text of them first.  That is taken
only where it provably gives what careful reading gives; else the answer is None and the careful
way (:mod:`wijkeconomie.figures.sources.cells`) decides, with its messages.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wijkeconomie.figures.sources.layout import recognise

_POINT, _COMMA = ord("."), ord(",")
_IS_DIGIT = np.isin(np.arange(256), list(b"0123456789"))  # by byte


def figures(text: bytes, names: Sequence[str], separator: str) -> pl.DataFrame | None:
    """Rows of *text* with recognised columns as Float64, in which null is the symbol ``.``.

    None where a cell is blank or holds another word, where more than one decimal mark is used or
    where the mark may be a thousands separator.
    """
    wanted = [name for name in names if recognise(name)]
    if not wanted or separator == ",":
        return None
    buffer = np.frombuffer(b"\n" + text + b"\n\n\n\n", dtype=np.uint8)
    is_end = np.zeros(256, dtype=bool)
    is_end[list(f'{separator}"\r\n'.encode())] = True
    points, commas = (np.flatnonzero(buffer == mark) for mark in (_POINT, _COMMA))
    uses_point, uses_comma = (_is_mark(buffer, marks, is_end) for marks in (points, commas))
    if uses_point is None or uses_comma is None or (uses_point and uses_comma):
        return None
    rows = _parse(text, names, wanted, separator, decimal_comma=uses_comma)
    symbols = is_end[buffer[points - 1]] & is_end[buffer[points + 1]]
    if rows is None or not _is_explained(rows, wanted, int(symbols.sum())):
        return None
    return rows


def _is_mark(
    buffer: NDArray[np.uint8], marks: NDArray[np.int64], is_end: NDArray[np.bool_]
) -> bool | None:
    """Whether these are decimal marks; None where one may separate thousands or stands at the
    edge of a number."""
    before, after = _IS_DIGIT[buffer[marks - 1]], _IS_DIGIT[buffer[marks + 1]]
    at_edge = (before & is_end[buffer[marks + 1]]) | (after & is_end[buffer[marks - 1]])
    inner = marks[before & after]
    second, third, fourth = (_IS_DIGIT[buffer[inner + place]] for place in (2, 3, 4))
    grouped = second & third & ~fourth
    if at_edge.any() or grouped.any():
        return None
    return bool(inner.size)


def _parse(
    text: bytes, names: Sequence[str], wanted: Sequence[str], separator: str, *, decimal_comma: bool
) -> pl.DataFrame | None:
    types = {name: pl.Float64 if name in wanted else pl.String for name in names}
    try:
        return pl.read_csv(
            text,
            has_header=False,
            schema=types,
            separator=separator,
            quote_char='"',
            extra_columns="raise",
            decimal_comma=decimal_comma,
            null_values=dict.fromkeys(wanted, "."),
            empty_string_is_null=False,
        )
    except pl.exceptions.PolarsError:
        return None


def _is_explained(rows: pl.DataFrame, wanted: Sequence[str], symbols: int) -> bool:
    """Whether every null is a ``.`` of the file, and every figure is finite."""
    others = [name for name in rows.columns if name not in wanted]
    counts = rows.select(
        nulls=pl.sum_horizontal(pl.col(wanted).null_count()),
        endless=pl.any_horizontal((~pl.col(wanted).is_finite()).any()),
        symbols=pl.sum_horizontal((pl.col(others) == ".").sum()) if others else pl.lit(0),
    ).row(0, named=True)
    return not counts["endless"] and counts["nulls"] + counts["symbols"] == symbols
