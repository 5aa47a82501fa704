# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What any document holds beside text, whatever it is printed as: pictures and tables."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Cell
from wijkeconomie.insight import wording
from wijkeconomie.web.context import long_date, tight, version

_DESC = "{http://www.w3.org/2000/svg}desc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A vector picture with the words that stand for it, and a short name for beside it."""

    title: str
    svg: str
    label: str = ""

    @property
    def words(self) -> str:
        """What stands for the picture where it cannot be seen."""
        return ET.fromstring(self.svg).findtext(_DESC) or self.title  # noqa: S314 -- our own drawing

    @property
    def source(self) -> str:
        """The picture as an address that holds it: an image costs less than markup to lay out."""
        return f"data:image/svg+xml;base64,{base64.b64encode(self.svg.encode()).decode()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells as text; ``numeric`` are the columns that are set right, ``strong`` is of every row the
    column in bold, if any."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    strong: tuple[int | None, ...] = ()

    @property
    def lines(self) -> list[tuple[tuple[str, ...], int | None]]:
        """Every row with its column in bold."""
        return list(zip(self.rows, self.strong or (None,) * len(self.rows), strict=True))


def sources(
    traced: Iterable[tuple[Cell, ...]], words: Mapping[str, str], language: Language
) -> Table:
    """Every table once."""
    origins = dict.fromkeys(cell.origin for cells in traced for cell in cells)
    heads = ("source", "table", "title", "version", "read", "licence")
    return Table(
        heads=tuple(words[f"column_{head}"] for head in heads),
        rows=tuple(
            (o.publisher_in(language), o.table, o.title, version(o.version), long_date(o.read_at),
             o.licence_in(language))
            for o in sorted(origins, key=lambda o: (o.publisher, o.table))
        ),
    )  # fmt: skip


def standing_in(
    traced: Mapping[str, tuple[Cell, ...]], words: Mapping[str, str], language: Language
) -> Table:
    """Of every indicator in which row and column of which table it stands: what a reader
    of paper needs to look it up."""
    heads = ("figure", "table", "cell", "row", "version")
    return Table(
        heads=tuple(words[f"column_{head}"] for head in heads),
        rows=tuple(
            (tight(registry().indicators[name].label[language]), c.origin.table, c.key,
             _row(c, words, language), version(c.origin.version))
            for name, cells in traced.items()
            for c in _used(cells)
        ),
    )  # fmt: skip


def _used(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Those that the figure was made from: of every column the first table that gives it."""
    first: dict[str, Cell] = {}
    for cell in cells:
        if first.setdefault(cell.column, cell).origin == cell.origin:
            yield cell


def _row(cell: Cell, words: Mapping[str, str], language: Language) -> str:
    said = f"{cell.area}, {cell.year}"
    if cell.share is None:
        return said
    share = wording.percent(wording.number(100 * cell.share, 1, language), language)
    return f"{said} ({words['addresses'].format(share=tight(share))})"
