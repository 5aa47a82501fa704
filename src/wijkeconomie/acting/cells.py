# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a cell of a list says that people make themselves, or why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from wijkeconomie.figures.refusal import Refusal

MOST_CELL: Final = 500  # characters; Python reads no number of more than 4,300 digits
_DAY = re.compile(r"(?:(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)[-/](\d\d?)[-/](\d{4}))", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Why a row is not taken: in which column."""

    number: int
    column: str
    why: Refusal


class Cells:
    """The cells of one row by their columns; what is wrong with them gathers in ``wrong``."""

    def __init__(self, number: int, cells: Mapping[str, str], most: int = MOST_CELL) -> None:
        self.number, self._cells, self._most = number, cells, most
        self.wrong: list[Wrong] = []

    def got(self, column: str, take: Callable[[str], Any], *, needed: bool = False) -> Any:
        """What *take* makes of a cell; None of an empty one, and of one that is wrong."""
        typed = self._cells.get(column, "")
        try:
            if not typed and needed:
                raise Refusal("space_cell_empty")
            return take(short(self._most)(typed)) if typed else None
        except Refusal as refusal:
            self.wrong.append(Wrong(number=self.number, column=column, why=refusal))
            return None


def head(names: Sequence[str], needed: Sequence[str], known: Sequence[str]) -> list[str]:
    """The columns that *names*, the first line, stand for.

    Raises Refusal: ``space_file_columns`` where one that is *needed* lacks, ``space_file_unknown``
    where one is not *known*, or stands there twice."""
    found = [one.strip().casefold() for one in names]
    if lacks := [name for name in needed if name not in found]:
        raise Refusal("space_file_columns", names=", ".join(lacks), known=", ".join(known))
    twice = [name for name in dict.fromkeys(found) if found.count(name) > 1]
    if strange := [name for name in found if name not in known] or twice:
        names_told = ", ".join(one[:30] for one in strange[:10])
        raise Refusal("space_file_unknown", names=names_told, known=", ".join(known))
    return found


def short(most: int) -> Callable[[str], str]:
    """Text of at most so many characters."""

    def taken(typed: str) -> str:
        if len(typed) > most:
            raise Refusal("space_cell_long", most=most)
        return typed

    return taken


def day(typed: str) -> str:
    """A day as Dutch spreadsheets write it, as ISO."""
    found = _DAY.fullmatch(typed)
    if found is None:
        raise Refusal("space_cell_day", typed=typed[:30])
    parts = [int(one) for one in found.groups() if one is not None]
    year, month, at = parts if found[1] else reversed(parts)
    try:
        return date(year, month, at).isoformat()
    except ValueError:
        raise Refusal("space_cell_day", typed=typed[:30]) from None


def one_of(words: Mapping[str, str]) -> Callable[[str], str]:
    """One of *words*, as what it stands for."""

    def taken(typed: str) -> str:
        if typed.casefold() not in words:
            raise Refusal("space_cell_word", typed=typed[:30], known=", ".join(words))
        return words[typed.casefold()]

    return taken
