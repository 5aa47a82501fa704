# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The sheets of an XLSForm: columns by name and language, rows by number, cells by their address.

What we take of XLSForm (https://xlsform.org) is stated here and in :mod:`.xlsform`; of what we do
not take, a cell that would change the conversation is refused and one that would not is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from wijkeconomie.fieldwork.condition import Place
from wijkeconomie.fieldwork.guide import UNSAID
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.sources.grid import as_text

LANGUAGES: Final[Mapping[str, tuple[str, ...]]] = {  # how a column may call a language, ours first
    "nl": ("Nederlands", "Dutch"), "en": ("English", "Engels"), "ar": ("العربية", "Arabic"),
    "tr": ("Türkçe", "Turkish"), "pl": ("Polski", "Polish"), "uk": ("Українська", "Ukrainian"),
    "fr": ("Français", "French"), "de": ("Deutsch", "German"), "es": ("Español", "Spanish"),
    "pt": ("Português", "Portuguese"), "ti": ("ትግርኛ", "Tigrinya"), "so": ("Soomaali", "Somali"),
}  # fmt: skip
TEXTS: Final = ("label", "hint", "constraint_message")  # columns that have a language
MOST_ROWS, MOST_COLUMNS = 5_000, 300
MOST_SHOWN = 400  # signs of a cell in a refusal
PURPOSE, VERSION, UNCHECKED = "wijk--purpose", "wijk--version", "wijk--unchecked"

KNOWN: Final = {
    "survey": ("type", "name", *TEXTS, "required", "relevant", "constraint", PURPOSE, VERSION),
    "choices": ("list_name", "name", "label"),
    "settings": ("form_title", "form_id", "default_language", UNCHECKED),
}
REFUSED: Final = {  # they change what is asked or answered
    "survey": ("choice_filter", "calculation", "default", "read_only", "readonly", "repeat_count",
               "trigger", "media", "image", "audio", "video", "big-image", "guidance_hint", "bind",
               "instance", "disabled", "required_message", "save_to"),
    "choices": ("media", "image", "audio", "video", "big-image"),
    "settings": (),
}  # fmt: skip
_OTHER_NAMES: Final = {"list": "list_name", "relevance": "relevant", "caption": "label"}
_LANGUAGE = re.compile(r"(?:.*\(\s*)?([a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\s*\)?", re.DOTALL)
_CODE_OF: Final = {
    name.casefold(): code for code, names in LANGUAGES.items() for name in (*names, code)
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name without language, its language, and how its header was written."""

    name: str
    language: str
    header: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: its name, its columns by position, and its rows that have any cell."""

    name: str
    columns: Mapping[int, Column]
    rows: tuple[Row, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that its columns tell of, as they follow each other; () without rows."""
        found = [c.language for c in self.columns.values() if c.name in TEXTS]
        return tuple(dict.fromkeys(found)) if self.rows else ()

    @property
    def label_languages(self) -> tuple[str, ...]:
        """The languages of its labels, as they follow each other."""
        return tuple(c.language for c in self.columns.values() if c.name == "label")

    def untaken(self) -> tuple[str, ...]:
        """The headers of columns with cells that we leave, because they change nothing."""
        known = KNOWN[self.name]
        return tuple(
            column.header
            for position, column in self.columns.items()
            if column.name not in known and any(row.at(position) for row in self.rows)
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet by its number in the file."""

    sheet: str
    number: int
    cells: tuple[str, ...]
    columns: Mapping[int, Column]

    def at(self, position: int) -> str:
        return self.cells[position] if position < len(self.cells) else ""

    def text(self, name: str) -> str:
        """The cell under *name*, trimmed; "" when there is none."""
        return self.whole(name).strip()

    def whole(self, name: str) -> str:
        """The cell under *name* as it is; "" when there is none."""
        return next((self.at(position) for position in self._positions(name)), "")

    def words(self, name: str) -> dict[str, str]:
        """The texts under *name* by language, untrimmed, without those that are blank."""
        found = {self.columns[i].language: self.at(i) for i in self._positions(name)}
        return {language: text for language, text in found.items() if text.strip()}

    def where(self, name: str) -> dict[str, Any]:
        """The fields of a refusal that say where: sheet, cell and column."""
        position = next(iter(self._positions(name)), 0)
        header = self.columns[position].header if position in self.columns else ""
        return {"place": place(self.sheet, self.number, position, header), "row": self.number,
                "column": header}  # fmt: skip

    def untaken(self) -> Iterator[Refusal]:
        """A refusal for every cell that would change the conversation and that we do not take."""
        for position, column in self.columns.items():
            if column.name in REFUSED[self.sheet] and self.at(position).strip():
                where = {**self.where(column.name), "column": column.header}
                where["place"] = place(self.sheet, self.number, position, column.header)
                yield Refusal("form_column", **where, value=_shown(self.at(position).strip()))

    def _positions(self, name: str) -> list[int]:
        return [position for position, column in self.columns.items() if column.name == name]


def _shown(text: str) -> str:
    """An expression whole, up to what one still reads."""
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def place(sheet: str, row: int, position: int, header: str) -> Place:
    """Sheet, cell and column in words."""
    cell = f"{_letters(position)}{row}"
    column = f" ({header[:40]})" if header else ""
    return {
        "nl": f"Blad {sheet}, rij {row}, cel {cell}{column}",
        "en": f"Sheet {sheet}, row {row}, cell {cell}{column}",
    }


def sheet(name: str, records: Sequence[Sequence[Any]], default: str = UNSAID) -> Sheet:
    """Read the rows under the header, which is the first row with a cell.

    *default* is the language of a text column that names none.
    Raises Refusal ``form_rows``, ``form_column_twice`` or ``form_language``.
    """
    texts = [tuple(_text(cell) for cell in record) for record in records]
    filled = [
        (number, cells) for number, cells in enumerate(texts, 1) if any(map(str.strip, cells))
    ]
    widest = max((len(cells) for _, cells in filled), default=0)
    if len(filled) > MOST_ROWS or widest > MOST_COLUMNS:
        raise Refusal("form_rows", sheet=name, rows=MOST_ROWS, columns=MOST_COLUMNS)
    if not filled:
        return Sheet(name, {}, ())
    (top, header), *below = filled
    columns = dict(_columns(name, top, header, below, default))
    return Sheet(name, columns, tuple(Row(name, row, cells, columns) for row, cells in below))


def language_of(text: str) -> str | None:
    """The code of ``English (en)``, ``en`` or ``English``; None when it is not clear."""
    if known := _CODE_OF.get(text.strip().casefold()):
        return known
    found = _LANGUAGE.fullmatch(text.strip())
    return found[1] if found else None


_Line = tuple[int, tuple[str, ...]]


def _columns(
    name: str, top: int, header: Sequence[str], below: Sequence[_Line], default: str
) -> Iterator[tuple[int, Column]]:
    seen: set[tuple[str, str]] = set()
    for position, text in enumerate(header):
        column = _column(text.strip(), default)
        where = {"place": place(name, top, position, text.strip())}
        if column is None:
            if any(len(cells) > position and cells[position].strip() for _, cells in below):
                raise Refusal("form_language", **where, value=text.strip()[:60])
        elif column.name in KNOWN[name]:
            if (column.name, column.language) in seen:
                raise Refusal("form_column_twice", **where, value=text.strip()[:60])
            seen.add((column.name, column.language))
        if column is not None and text.strip():
            yield position, column


def _column(header: str, default: str) -> Column | None:
    """None for a text column in a language that we cannot tell."""
    first, _, rest = (part.strip() for part in header.partition("::"))
    name = first.casefold().replace(" ", "_")
    name = _OTHER_NAMES.get(name, name)
    if name not in TEXTS:
        return Column(name, "", header)
    language = language_of(rest) if rest else default
    return Column(name, language, header) if language else None


def _letters(position: int) -> str:
    """0 → A, 26 → AA."""
    letters, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _text(cell: Any) -> str:
    """A cell as text; a line ends with one sign."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and not cell.is_integer():
        return repr(cell)
    text = as_text(cell) if isinstance(cell, float | date) else str(cell)
    return text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
