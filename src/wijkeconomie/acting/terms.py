# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words of vocabularies that others keep, as their files write them: ESCO, SBI, CPV, own trades.

A file is taken whole or refused with its row and column.  Sources and licences: ESCO, European
Commission, esco.ec.europa.eu, reuse by Commission Decision 2011/833/EU; SBI, CBS, CC BY 4.0; CPV,
Regulation (EC) 213/2008, the same reuse as ESCO.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

from wijkeconomie.figures.refusal import Refusal

MOST_BYTES: Final = 100 * 2**20
MOST_CODE, MOST_NAME = 120, 300  # signs that a term keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word: ``code`` as its keeper writes it; ``also``: other names; ``broader``: the code above
    it, "" where its file does not say."""

    code: str
    nl: str
    en: str = ""
    also: tuple[str, ...] = ()
    broader: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How the files of a vocabulary are written: what a code looks like, under which names a
    column goes (letters and figures only, small), by which sign other names are parted."""

    licence: str
    code: re.Pattern[str]
    columns: Mapping[str, tuple[str, ...]]
    parted: str = r"[\n|;]"
    nested: bool = False  # whether a code begins with the one above it


_ESCO: Final = {
    "code": ("concepturi",), "nl": ("preferredlabel",), "en": ("preferredlabelen",),
    "also": ("altlabels",), "hidden": ("hiddenlabels",), "status": ("status",),
    "broader": ("iscogroup", "broaderconcepturi"),
}  # fmt: skip
SCHEMES: Final[Mapping[str, Scheme]] = {
    "occupation": Scheme(
        licence="European Commission, reuse (2011/833/EU)", columns=_ESCO, parted=r"\n|\s\|\s",
        code=re.compile(r"http://data\.europa\.eu/esco/occupation/\S+"),
    ),
    "skill": Scheme(
        licence="European Commission, reuse (2011/833/EU)", columns=_ESCO, parted=r"\n|\s\|\s",
        code=re.compile(r"http://data\.europa\.eu/esco/skill/\S+"),
    ),
    "sbi": Scheme(
        licence="CBS, CC BY 4.0", nested=True, code=re.compile(r"[A-Z]|\d\d(?:\.?\d){0,4}"),
        columns={
            "code": ("code", "sbi", "sbicode", "sbi2008", "sbi2025", "sbi2008code", "sbi2025code"),
            "nl": ("titel", "title", "omschrijving", "naam", "activiteit"),
            "en": ("en", "engels", "titleen", "english"), "also": ("ook", "trefwoorden"),
        },
    ),
    "cpv": Scheme(
        licence="European Union, reuse (2011/833/EU)", nested=True,
        code=re.compile(r"\d{8}(?:-\d)?"),
        columns={
            "code": ("code", "cpv", "cpvcode"),
            "nl": ("nl", "nederlands", "omschrijving", "beschrijving", "naam"),
            "en": ("en", "engels", "english", "description"), "also": ("ook",),
        },
    ),
    "trade": Scheme(
        licence="", code=re.compile(r"[\w.-]+"),
        columns={
            "code": ("code",), "nl": ("naam", "nl"), "en": ("en", "engels", "name"),
            "also": ("ook", "also"), "broader": ("onder", "broader"),
        },
    ),
}  # fmt: skip
_NEEDED: Final = ("code", "nl")


def rows_of(content: bytes) -> list[list[str]]:
    """The rows of a CSV file, the first its head; parted by a comma, a semicolon or a tab.

    UTF-8, or what Excel in Dutch writes (Windows-1252).  Refusal ``terms_too_large``,
    ``terms_not_csv``.
    """
    if len(content) > MOST_BYTES:
        raise Refusal("terms_too_large", most=MOST_BYTES // 2**20)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    csv.field_size_limit(2**20)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise Refusal("terms_not_csv", why=str(error)) from error


def words(
    scheme: str, rows: Sequence[Sequence[object]], lines: Sequence[int] = ()
) -> tuple[Word, ...]:
    """What *rows*, the first the head, say in a file of *scheme*; by code.  *lines*: where the rows
    under the head stand in the file, if they do not follow it at once.

    Refusal with row and column: ``terms_no_rows``, ``terms_no_column``, ``terms_cell_empty``,
    ``terms_cell_long``, ``terms_code_unlike``, ``terms_code_twice``.
    """
    how = SCHEMES[scheme]
    if len(rows) < 2:
        raise Refusal("terms_no_rows")
    head = [_text(cell) for cell in rows[0]]
    at = _columns(how, head)
    found: dict[str, Word] = {}
    stood: dict[str, int] = {}
    for line, row in zip(lines or range(2, len(rows) + 1), rows[1:], strict=True):
        cells = [_text(cell) for cell in row] + [""] * (len(head) - len(row))
        if not any(cells) or _left_out(cells, at):
            continue
        word = _word(how, cells, at, line, head)
        if word.code in found:
            raise Refusal("terms_code_twice", row=line, first=stood[word.code],
                          column=head[at["code"]], code=word.code)  # fmt: skip
        found[word.code], stood[word.code] = word, line
    if not found:
        raise Refusal("terms_no_rows")
    made = _under(found) if how.nested else found.values()
    return tuple(sorted(made, key=lambda one: one.code))


_RELATED: Final = {"occupation": "occupationuri", "skill": "skilluri", "kind": "relationtype"}
_KINDS: Final = {"essential": True, "optional": False}


def needs(rows: Sequence[Sequence[object]]) -> dict[tuple[str, str], bool]:
    """Which occupation takes which skill, by their codes, and whether everywhere: the file of ESCO
    of relations between occupations and skills; the first row its head.

    Refusal with row and column: ``terms_no_rows``, ``terms_no_column``, ``terms_cell_empty``,
    ``needs_kind``."""
    head = [_text(cell) for cell in rows[0]] if rows else []
    places = {_bare(name): n for n, name in enumerate(head)}
    for column in _RELATED.values():
        if column not in places:
            raise Refusal("terms_no_column", column=column,
                          found=", ".join(filter(None, head))[:200] or "–")  # fmt: skip
    found: dict[tuple[str, str], bool] = {}
    for line, row in enumerate(rows[1:], start=2):
        cells = [_text(cell) for cell in row] + [""] * (len(head) - len(row))
        if not any(cells):
            continue
        given = {what: cells[places[column]] for what, column in _RELATED.items()}
        for what, cell in given.items():
            if not cell:
                raise Refusal("terms_cell_empty", row=line, column=head[places[_RELATED[what]]])
        if given["kind"] not in _KINDS:
            raise Refusal("needs_kind", row=line, typed=given["kind"][:40])
        found[given["occupation"], given["skill"]] = _KINDS[given["kind"]]
    if not found:
        raise Refusal("terms_no_rows")
    return found


def _columns(how: Scheme, head: Sequence[str]) -> dict[str, int]:
    """Where each column is, of those that the file has."""
    places = {name: n for n, name in reversed(list(enumerate(map(_bare, head))))}
    at = {
        what: next(places[name] for name in names if name in places)
        for what, names in how.columns.items()
        if places.keys() & set(names)
    }
    for what in _NEEDED:
        if what not in at:
            raise Refusal("terms_no_column", column=" / ".join(how.columns[what]),
                          found=", ".join(filter(None, head))[:200] or "–")  # fmt: skip
    return at


def _left_out(cells: Sequence[str], at: Mapping[str, int]) -> bool:
    """What ESCO does not release (yet, or any more)."""
    return "status" in at and cells[at["status"]] not in ("", "released")


def _word(
    how: Scheme, cells: Sequence[str], at: Mapping[str, int], line: int, head: Sequence[str]
) -> Word:
    for what, most in (("code", MOST_CODE), ("nl", MOST_NAME), ("en", MOST_NAME)):
        cell, where = (cells[at[what]], head[at[what]]) if what in at else ("", "")
        if not cell and what in _NEEDED:
            raise Refusal("terms_cell_empty", row=line, column=where)
        if len(cell) > most:
            raise Refusal("terms_cell_long", row=line, column=where, most=most)
    code = cells[at["code"]]
    if not how.code.fullmatch(code):
        raise Refusal("terms_code_unlike", row=line, column=head[at["code"]], code=code[:40])
    given = {what: cells[n] for what, n in at.items()}
    other = [one.strip() for what in ("also", "hidden")
             for one in re.split(how.parted, given.get(what, ""))]  # fmt: skip
    also = tuple(one for one in dict.fromkeys(other) if one and one != given["nl"])
    broader = re.split(how.parted, given.get("broader", ""))[0].strip()
    return Word(code=code, nl=given["nl"], en=given.get("en", ""), also=also,
                broader=broader[:MOST_CODE])  # fmt: skip


def _under(found: Mapping[str, Word]) -> Iterator[Word]:
    """Each beneath the one whose figures its own begin with: of 45261300-1 that is 45261000-4."""
    by = {_figures(code): code for code in found}
    for code, word in found.items():
        digits = _figures(code)
        above = (by[digits[:n]] for n in range(len(digits) - 1, 0, -1) if digits[:n] in by)
        yield replace(word, broader=next(above, ""))


def _figures(code: str) -> str:
    """Without dots and check; of a CPV code also without the zeros that stand for "all of it"."""
    bare = code.partition("-")[0].replace(".", "")
    return bare.rstrip("0") if len(bare) == 8 else bare


def _text(cell: object) -> str:
    """A cell as text; what a worksheet keeps as a whole number is written without a comma."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else unicodedata.normalize("NFC", str(cell)).strip()


def _bare(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in parts if sign.isalnum())


@cache
def shipped() -> tuple[Word, ...]:
    """The trades that come with the program: nine groups, and the trades under them."""
    rows: dict[str, dict[str, Any]] = tomllib.loads(
        files(__package__).joinpath("trades.toml").read_text("utf-8")
    )
    return tuple(
        Word(code=code, nl=row["nl"], en=row["en"], broader=row.get("under", ""),
             also=tuple(row.get("also", ())))
        for code, row in rows.items()
    )  # fmt: skip
