# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own list of spaces, as a table of text: what each row says, or why it cannot be
taken.  Columns may stand in any order; numbers and days are read as Dutch spreadsheets write them.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from typing import Any

from wijkeconomie.acting.cells import Cells, Wrong, day, head, one_of, short
from wijkeconomie.acting.spaces import FACILITIES, OWNERS, USES, bag
from wijkeconomie.figures.refusal import Refusal

MOST_ROWS = 5000
MOST_BYTES = 1_000_000
MOST_RENT = 10_000_000  # euros a month
NEEDED = ("bag", "adres")
COLUMNS = (*NEEDED, "naam", "eenheid", "gebied", "m2", "gebruik", "voorzieningen", "huur",
           "leeg_sinds", "eigenaar", "lengte", "breedte")  # fmt: skip
WORDS: Mapping[str, Mapping[str, str]] = {
    "gebruik": dict(zip(
        ("winkel", "werkplaats", "kantoor", "horeca", "opslag", "buurt"), USES, strict=True
    )),
    "eigenaar": dict(zip(
        ("corporatie", "particulier", "gemeente", "kerk", "school", "anders"), OWNERS, strict=True
    )),
    "voorzieningen": dict(zip(
        ("water", "krachtstroom", "toilet", "keuken", "afzuiging", "verwarming", "etalage",
         "laden", "internet", "rolstoel"), FACILITIES, strict=True
    )),
}  # fmt: skip
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MONEY = re.compile(r"(?:€\s*)?(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}|-))?", re.ASCII)
_DEGREES = re.compile(r"\d{1,2}[.,]\d{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A space of the file: which row it stands in, its BAG key, the part of the building, and what
    it says of it; what is empty is not in ``more``."""

    number: int
    bag: str
    unit: str
    title: str
    address: str
    area: str
    more: Mapping[str, Any]
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file says."""

    rows: tuple[Row, ...]
    wrong: tuple[Wrong, ...]


def text_of(data: bytes) -> str:
    """The words of a file: UTF-8, UTF-16 that says so ("Unicode text" of Excel), or what Windows
    writes where it is neither.

    Raises Refusal: ``space_file_large``, ``space_file_mixed`` where only a part is UTF-8, or
    ``space_file_no_text`` for something else, such as an Excel file."""
    if len(data) > MOST_BYTES:
        raise Refusal("space_file_large", most=MOST_BYTES // 1_000_000)
    try:
        if data.startswith(_UTF16):
            return data.decode("utf-16")
        if b"\0" in data or data.startswith(b"PK"):
            raise Refusal("space_file_no_text")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _of_windows(data, error.start)


def _of_windows(data: bytes, at: int) -> str:
    """What Windows wrote, of which the byte *at* is not UTF-8."""
    before = data[:at]
    if data.startswith(_UTF16):
        raise Refusal("space_file_no_text")
    if not before.isascii():
        raise Refusal("space_file_mixed", row=before.count(b"\n") + 1)
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise Refusal("space_file_no_text") from None


def guessed(data: bytes, text: str) -> tuple[str, ...]:
    """Three words of *text* by which a person sees whether *data* was read rightly, where that was
    a guess; nothing where it was not."""
    try:
        data.decode("utf-16" if data.startswith(_UTF16) else "utf-8")
    except UnicodeDecodeError:
        words = (one for one in re.split(r"[\s;,\t]+", text) if not one.isascii())
        return tuple(dict.fromkeys(words))[:3]
    return ()


def read(text: str) -> Read:
    """Every row of a table whose first line names the columns.

    Raises Refusal: ``space_file_columns`` where one that is needed lacks, ``space_file_unknown``
    where one is not ours, ``space_file_rows`` for more than fit, ``space_file_broken`` where the
    table breaks off."""
    table = _table(text.strip())
    names = head(table[0] if table else (), NEEDED, COLUMNS)
    if len(table) - 1 > MOST_ROWS:
        raise Refusal("space_file_rows", most=MOST_ROWS)
    rows, wrong, seen = [], [], dict[tuple[str, str], int]()
    for number, cells in enumerate(table[1:], start=2):
        if not any(one.strip() for one in cells):
            continue
        made = _row(number, dict(zip(names, (one.strip() for one in cells), strict=False)))
        if isinstance(made, Row):
            same = seen.setdefault((made.bag, made.unit.casefold()), number)
            if same != number:
                made = [Wrong(number=number, column="bag", why=Refusal("space_twice", row=same))]
        if isinstance(made, Row):
            rows.append(made)
        else:
            wrong += made
    return Read(rows=tuple(rows), wrong=tuple(wrong))


def _table(text: str) -> list[list[str]]:
    """Its rows, whichever program ended the lines: of Windows, Unix or an old Mac."""
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    mark = max(";\t,", key=first.count)
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error:
        raise Refusal("space_file_broken", row=len(rows) + 1) from None
    return rows


def _row(number: int, cells: Mapping[str, str]) -> Row | list[Wrong]:
    """The row, or everything that is wrong with it."""
    row = Cells(number, cells)
    got = row.got
    key, address = got("bag", bag, needed=True), got("adres", short(200), needed=True)
    known = {
        "m2": got("m2", _whole), "use": got("gebruik", one_of(WORDS["gebruik"])),
        "facilities": got("voorzieningen", _facilities), "rent": got("huur", _cents),
        "vacant_since": got("leeg_sinds", day), "owner": got("eigenaar", one_of(WORDS["eigenaar"])),
    }  # fmt: skip
    title, unit = got("naam", short(120)), got("eenheid", short(60))
    area, lon, lat = got("gebied", short(10)), got("lengte", _degrees), got("breedte", _degrees)
    if row.wrong:
        return row.wrong
    return Row(
        number=number, bag=key, unit=unit or "", title=title or f"{address} {unit or ''}".strip(),
        address=address, area=area or "", lon=lon, lat=lat,
        more={name: one for name, one in known.items() if one is not None},
    )  # fmt: skip


def _whole(typed: str) -> int:
    plain = typed.removesuffix("m2").removesuffix("m²").strip().replace(".", "").removesuffix(",0")
    if not (plain.isascii() and plain.isdigit()) or not 1 <= int(plain) <= 100_000:
        raise Refusal("space_cell_number", typed=typed[:30])
    return int(plain)


def _cents(typed: str) -> int:
    found = _MONEY.fullmatch(typed)
    if found is None:
        raise Refusal("space_cell_money", typed=typed[:30])
    cents = (found[2] or "0").replace("-", "0")
    made = int(found[1].replace(".", "")) * 100 + int(cents.ljust(2, "0"))
    if made > MOST_RENT * 100:
        raise Refusal("space_cell_money", typed=typed[:30])
    return made


def _degrees(typed: str) -> float:
    if not _DEGREES.fullmatch(typed):
        raise Refusal("space_cell_number", typed=typed[:30])
    return float(Decimal(typed.replace(",", ".")))


def _facilities(typed: str) -> dict[str, bool]:
    """``water, geen keuken``: what is there and what is not; of the rest nobody knows."""
    found = {}
    for one in re.split(r"[,|/+]", typed):
        word = one.strip().casefold()
        name = word.removeprefix("geen ").strip()
        if word:
            found[one_of(WORDS["voorzieningen"])(name)] = not word.startswith("geen ")
    return found
