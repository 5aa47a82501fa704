# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What any document holds beside text, whatever it is printed as: pictures and tables."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from xml.etree import ElementTree as ET

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
