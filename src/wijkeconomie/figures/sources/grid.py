# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rows under a header, as a text file or a worksheet holds them, and where the header is."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from wijkeconomie.figures.refusal import Notice, Refusal, WrongUse
from wijkeconomie.figures.sources.layout import holds_code, refuse_twice

MOST_COLUMNS = 2_000
MOST_CHARACTERS = 10_000
SEARCHED = 30  # rows in which the header is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as written: ``lines`` are row numbers in the file, ``titles`` the text above it.

    ``status`` has the columns of ``rows`` that were read as plain numbers: Float64 there, and here
    the Status of each cell as it is written (UNKNOWN for nothing).
    """

    rows: pl.DataFrame
    lines: pl.Series
    status: Mapping[str, pl.Series] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


def find_header(top: Sequence[Sequence[str]], asked: int | None) -> int:
    """Position of the header in the first rows: the one *asked* for (from 1), else the one that
    names a code, else the first.  Raises WrongUse ``header_row_outside``."""
    if asked is not None:
        if not 1 <= asked <= len(top):
            raise WrongUse("header_row_outside", asked=asked, rows=len(top))
        return asked - 1
    for position, cells in enumerate(top):
        if holds_code(cells):
            return position
    return 0


def headers(cells: Sequence[str]) -> list[str]:
    """Trimmed, all different; a header that is empty gets its position.  Raises Refusal."""
    names = [" ".join(cell.split()) for cell in cells]
    if len(names) > MOST_COLUMNS:
        raise Refusal("too_many_columns", columns=len(names), most=MOST_COLUMNS)
    refuse_twice(names)
    return [name or unnamed(i) for i, name in enumerate(names)]


def unnamed(position: int) -> str:
    """A name for a column that has none."""
    return f"[{position + 1}]"


def frame(names: Sequence[str], records: Iterable[Sequence[Any]]) -> pl.DataFrame:
    """Columns of numbers stay numbers; a column with any text becomes text."""
    cells = list(zip(*records, strict=True)) or [()] * len(names)
    return pl.DataFrame([_series(name, column) for name, column in zip(names, cells, strict=True)])


def _series(name: str, cells: Sequence[Any]) -> pl.Series:
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {int} and all(abs(cell) < 2**63 for cell in cells if cell is not None):
        return pl.Series(name, cells, dtype=pl.Int64)
    if kinds and kinds <= {int, float} and not _overflows(cells):
        return pl.Series(name, [None if c is None else float(c) for c in cells], dtype=pl.Float64)
    if not kinds:
        return pl.Series(name, [None] * len(cells), dtype=pl.Null)
    return pl.Series(name, [None if c is None else as_text(c) for c in cells], dtype=pl.String)


def _overflows(cells: Sequence[Any]) -> bool:
    """Whether a whole number of hundreds of digits is among them, which no float can hold."""
    return any(type(cell) is int and abs(cell) > sys.float_info.max for cell in cells)


def as_text(cell: Any) -> str:
    """One cell as text; the exponent keeps 1.234 a number with a decimal point."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell!r}e0"
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
