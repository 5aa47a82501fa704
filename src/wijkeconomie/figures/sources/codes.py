# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Area codes as people's files hold them: padded, without their zero, with look-alike letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import polars as pl

from wijkeconomie.figures.areas import CODE, COUNTRY
from wijkeconomie.figures.refusal import Refusal, all_of

# Provinces, parts of the country and other regions in CBS tables: real, but not our levels.
OTHER_REGIONS = r"^(?:PV|LD|CR|RE|AR|KZ|GR|SG|JZ|GG|RP|VR|WP|RES|RMC)[0-9]{1,6}[A-Z]?$"
_SCRIPTS = {
    "CYRILLIC": {"nl": "Cyrillisch", "en": "Cyrillic"},
    "GREEK": {"nl": "Grieks", "en": "Greek"},
    "FULLWIDTH": {"nl": "brede vorm", "en": "full width"},
    "ZERO": {"nl": "onzichtbaar", "en": "invisible"},
}
_STRANGE = {"nl": "geen gewone letter", "en": "no plain letter"}
_LOOKS_LIKE = dict(zip("АВЕКМНОРСТХαΒΕΚΜΝΟΡΤΧΥΖ", "ABEKMHOPCTXABEKMNOPTXYZ", strict=True))
_WHOLE = f"^(?:{CODE.pattern})$"
_LENGTHS = {"GM": 4, "WK": 6, "BU": 8}
_DIGITS = re.compile("(GM|WK|BU)?([0-9]+)")


def read(
    cells: pl.Series,
    *,
    lines: pl.Series,
    names: pl.Series | None,
    known: Mapping[str, str] | None,
    repair: bool,
) -> pl.Series:
    """Trimmed codes, each of them valid.

    A code that lost its zero or its letters is refused with the code that is meant, and mended
    only when *repair* says that the user agreed.  Raises Refusal ``code_missing``,
    ``code_look_alike``, ``code_lost_zero``, ``code_is_number`` or ``code_wrong``.
    """
    was_number = cells.dtype.is_numeric()
    text = _as_text(cells).str.strip_chars().str.to_uppercase().fill_null("")
    wrong = ~(text.str.contains(f"^(?:{CODE.pattern})$") | text.str.contains(OTHER_REGIONS))
    if not wrong.any():
        return text
    mended = {cell: _mended(cell) for cell in text.filter(wrong).unique().to_list()}
    if repair and all(mended.values()):
        return text.replace(mended)

    def fault(at: int) -> Refusal:
        name = names[at] if names is not None else None
        return _fault(text[at], int(lines[at]), mended, name, known or {}, was_number=was_number)

    raise all_of(wrong.arg_true().to_list(), fault)


def refuse_apart(area: pl.Series, others: Mapping[str, pl.Series], lines: pl.Series) -> None:
    """Refusal ``codes_disagree`` for a row with two codes of which neither lies in the other: one
    of them is mistaken, and we cannot know which.  *others* by the name of their column."""
    for header, cells in others.items():
        other = _as_text(cells).str.strip_chars().str.to_uppercase()
        both = pl.DataFrame({"one": area.str.slice(2), "other": other.str.slice(2)})
        within = both.select(
            pl.col("one").str.starts_with(pl.col("other"))
            | pl.col("other").str.starts_with(pl.col("one"))
        ).to_series()
        coded = area.str.contains(_WHOLE) & other.str.contains(_WHOLE)
        placed = coded & (area != COUNTRY) & (other != COUNTRY)  # in which all areas lie
        if wrong := (placed & ~within).fill_null(value=False).arg_true().to_list():

            def fault(at: int, header: str = header, other: pl.Series = other) -> Refusal:
                row, code = int(lines[at]), area[at]
                return Refusal("codes_disagree", row=row, code=code, other=other[at], column=header)

            raise all_of(wrong, fault)


def _as_text(cells: pl.Series) -> pl.Series:
    """A spreadsheet gives 5181785.0 for a code that it took for a number."""
    return (cells.cast(pl.Int64) if cells.dtype.is_float() else cells).cast(pl.String)


def _mended(cell: str) -> str | None:
    """The code that was meant by digits alone, or with too few of them: 5181785 is BU05181785, 518
    is GM0518, WK34403 is WK034403."""
    if not (code := _DIGITS.fullmatch(cell)):
        return None
    letters, digits = code.groups()
    for prefix, length in _LENGTHS.items():
        if len(digits) <= length and letters in (None, prefix):
            return prefix + digits.zfill(length)
    return None


def _fault(
    cell: str,
    row: int,
    mended: Mapping[str, str | None],
    name: str | None,
    known: Mapping[str, str],
    *,
    was_number: bool,
) -> Refusal:
    if not cell:
        return Refusal("code_missing", row=row)
    if strange := next((c for c in cell if not c.isascii()), None):
        return _look_alike(strange, row)
    if not (code := mended.get(cell)):
        return Refusal("code_wrong", row=row, value=cell[:40])
    if was_number:
        return Refusal("code_is_number", row=row, value=cell, code=code)
    called = known.get(code, "") or (name or "").strip()
    said = {"nl": f" ({called})", "en": f" That is {called}."} if called else ""
    return Refusal("code_lost_zero", row=row, value=cell, code=code, name=said)


def _look_alike(strange: str, row: int) -> Refusal:
    name = unicodedata.name(strange, "UNNAMED")
    meant = _LOOKS_LIKE.get(strange) or unicodedata.normalize("NFKC", strange)
    return Refusal(
        "code_look_alike",
        row=row,
        point=f"U+{ord(strange):04X}",
        script=_SCRIPTS.get(name.split()[0], _STRANGE),
        meant=meant if _is_plain(meant) else {"nl": "niets", "en": "nothing"},
    )


def _is_plain(text: str) -> bool:
    return len(text) == 1 and text.isascii()
