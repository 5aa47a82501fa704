# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A table that somebody made elsewhere, as rows of text: lines of text, or sheets of a workbook.

What is damaged, protected or hostile is refused before a cell of it is read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.sources import delimited, workbook
from wijkeconomie.figures.sources.grid import as_text

MOST_BYTES = 20 * 2**20
MOST_UNPACKED = 100 * 2**20
MOST_ROWS = 300_000
_SEP = re.compile(r"sep=(.)\n", re.IGNORECASE)

Rows = Sequence[Sequence[str]]


def read(content: bytes) -> list[Rows]:
    """The rows of *content*, by sheet; of lines of text one sheet.  Numbers of a workbook stand
    there as a Dutch spreadsheet shows amounts: 1234,50.

    Raises Refusal: ``table_large``, ``table_broken``, or what a workbook or text is refused for."""
    if len(content) > MOST_BYTES:
        raise Refusal("table_large", most=MOST_BYTES // 2**20, rows=MOST_ROWS)
    if content.startswith((b"PK", workbook.OLE2)):
        sheets, _hidden = workbook.visible_sheets(content, MOST_UNPACKED)
        made: list[Rows] = [[[_shown(cell) for cell in row] for row in rows]
                            for rows in sheets.values()]  # fmt: skip
    else:
        made = [_lines(delimited.decoded(content)[0].decode())]
    if any(len(rows) > MOST_ROWS for rows in made):
        raise Refusal("table_large", most=MOST_BYTES // 2**20, rows=MOST_ROWS)
    return made


def _lines(text: str) -> list[list[str]]:
    if found := _SEP.match(text):
        text, mark = "\n" + text[found.end() :], found[1]  # rows keep their number
    else:
        first = next((line for line in text.split("\n") if line.strip()), "")
        mark = max(";\t,", key=first.count)
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error:
        raise Refusal("table_broken", row=len(rows) + 1) from None
    return rows


def _shown(cell: Any) -> str:
    """A cell of a worksheet as text."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and not cell.is_integer():
        return f"{cell:.2f}".replace(".", ",")
    return as_text(cell)
