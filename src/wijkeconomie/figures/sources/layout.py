# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which header holds the code, the year, the name and which registry column.

Headers are recognised, never guessed: what the registry does not know is listed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from wijkeconomie.figures.areas import CODE
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import fold, registry

_POSITION = re.compile(r"_[0-9]{1,3}$")  # OData v3 keys end in their position in the table
_REMEMBERED = 4096  # headers; a national table has some 120, the same in every year
_LONGEST = 80  # characters: a header of codes has fewer, a line cut at the wrong sign has more
_YEAR_BEHIND = re.compile(r"_[0-9]{4}$")

# The most telling header first: the first one that holds codes is taken.
_CODES = (
    "regioaanduidingcoderingcode", "codering", "gwbcode10", "buurtcode", "bucode", "wijkcode",
    "wkcode", "gemeentecode", "gmcode", "regiocode", "gebiedscode", "gebiedcode", "cbscode",
    "statcode", "areacode", "area", "code", "gwbcode",
)  # fmt: skip
_PERHAPS_CODES = ("wijkenenbuurten", "regios", "key", "identifier", "regio")
_YEARS = (
    "jaar", "year", "peiljaar", "verslagjaar", "jaartal", "perioden", "periode", "peildatum",
    "datum", "jrstatcode", "jaarstatcode",
)  # fmt: skip
_NAMES = (
    "buurtnaam", "bunaam", "wijknaam", "wknaam", "wijkenenbuurten", "regionaam", "gebiedsnaam",
    "regio", "naam", "name", "title",
)  # fmt: skip
_GEMEENTES = ("regioaanduidinggemeentenaamnaam", "gemeentenaam", "gmnaam", "gemeente")
_CHANGES = ("indwbi", "indwbz")
_CHANGE_STARTS = ("indelingswijziging", "regioaanduidingindelingswijziging")
_INDICATORS = ("indicator", "indicatie", "onderwerp", "kenmerk", "variabele", "measure")
_VALUES = ("waarde", "value")
_SOURCES = ("bron", "source")
_PLACES = frozenset(
    (
        *_CODES,
        *_PERHAPS_CODES,
        *_YEARS,
        *_NAMES,
        *_GEMEENTES,
        *_CHANGES,
        *_INDICATORS,
        *_VALUES,
        *_SOURCES,
    )
)
_BESIDE = {
    "id", "soortregio", "regioaanduidingsoortregioomschrijving", "recs", "gwbcode8",
    "municipality", "detailregioncode",
}  # fmt: skip
# Where a row lies, in the words of CBS: its workbooks, StatLine, OData v3 and maps.
_STRUCTURE = {
    "gwbcode10", "gwbcode8", "gwbcode", "recs", "indwbi", "indwbz", "wijkenenbuurten", "codering",
    "soortregio", "jrstatcode", "jaarstatcode", "dekkingspercentage", "meestvoorkomendepostcode",
}  # fmt: skip
_STRUCTURE_STARTS = ("regioaanduiding", "indelingswijziging")
_ROW_NUMBERS = ("", "[0]", "[1]")  # a first column without header, as R writes it
_PERSONAL = {
    "bsn", "burgerservicenummer", "sofinummer", "geboortedatum", "gebdatum", "voornaam",
    "voornamen", "achternaam", "geslachtsnaam", "email", "emailadres", "mailadres", "telefoon",
    "telefoonnummer", "mobiel", "iban", "rekeningnummer", "huisnummer", "paspoortnummer",
    "birthdate", "dateofbirth", "phone", "firstname", "lastname", "surname",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The headers of one table by what they hold; ``columns`` maps header to registry column."""

    code: str
    year: str | None
    name: str | None
    gemeente: str | None
    change: str | None
    indicator: str | None
    value: str | None
    source: str | None
    columns: Mapping[str, str]
    unrecognised: tuple[str, ...]
    published: bool  # a table of CBS, so that its symbols hold

    @property
    def is_long(self) -> bool:
        return self.indicator is not None and self.value is not None


def layout(rows: pl.DataFrame, titles: Mapping[str, str]) -> Layout:
    """Recognise the headers of *rows*; *titles* gives title paths for keys that say too little.

    Raises Refusal ``personal_data`` before anything else is looked at, and ``no_code_column``.
    """
    refuse_personal(rows.columns)
    refuse_twice(rows.columns)
    roles = {header: plain(header) for header in rows.columns}
    code = _code_header(rows, roles)
    indicator, value = _first(roles, _INDICATORS), _first(roles, _VALUES)
    columns = {} if indicator and value else _columns(rows.columns, titles)
    parts = {
        "year": _first(roles, _YEARS),
        "name": _name_header(rows, roles),
        "gemeente": _first(roles, _GEMEENTES),
        "change": _first(roles, _CHANGES) or _starting(roles, _CHANGE_STARTS),
        "indicator": indicator,
        "value": value,
        "source": _first(roles, _SOURCES),
    }
    known = {code, *columns, *(part for part in parts.values() if part)}
    return Layout(
        code=code,
        columns=columns,
        unrecognised=tuple(h for h in rows.columns if not (h in known or _beside(h, roles[h]))),
        published=is_published(rows.columns),
        **parts,
    )


@lru_cache(_REMEMBERED)
def plain(header: str) -> str:
    """The header folded, without the position that OData v3 adds."""
    return fold(_POSITION.sub("", header.strip()))


def is_figure(header: str) -> bool:
    """Whether a column holds figures, as far as its header alone can say."""
    return recognise(header) is not None and not _is_place(header)


def holds_figures(header: str) -> bool:
    """Whether a column holds figures of a wide table, or those of a long one."""
    return is_figure(header) or plain(header) in _VALUES


def is_listed(header: str) -> bool:
    """Whether a column of a table with figures is only listed, and its cells never looked at."""
    return recognise(header) is None and not _is_place(header)


def _is_place(header: str) -> bool:
    role = plain(header)
    return not _PLACES.isdisjoint((role, fold(header))) or role.startswith(_CHANGE_STARTS)


def holds_code(headers: Sequence[str]) -> bool:
    """Whether a row of cells can be the header of a table of areas."""
    short = (header for header in headers if len(header) <= _LONGEST)
    folded = {plain(header) for header in short if header.upper() != header.lower()}
    return not folded.isdisjoint((*_CODES, *_PERHAPS_CODES, "dim0"))


@lru_cache(_REMEMBERED)
def recognise(header: str) -> str | None:
    """Registry column of one header, key or measure code, or None.

    ``inwoners_2024`` holds a year where others have a position, so it is not known.
    """
    found = registry().recognise(header)
    if found and (dated := _YEAR_BEHIND.sub("", header.strip())) != header.strip():
        return None if registry().recognise(dated) == found else found
    return found or registry().recognise_code(header)


def is_published(headers: Sequence[str]) -> bool:
    """Whether this is a table of CBS by its structure, not by a name that it shares with one.

    A municipality may call a column ``a_bedv`` as CBS does, and its table stays its own: a table of
    CBS has two or more of the headers with which CBS says where a row lies, and figures; four
    together at least.  A table of CBS of which few columns were chosen has these too.
    """
    figures = sum(recognise(header) is not None for header in headers)
    return is_placed(headers) and figures >= 1 and _structure(headers) + figures >= 4


def is_placed(headers: Sequence[str]) -> bool:
    """Whether a table says where its rows lie as CBS does, in two headers at least."""
    return _structure(headers) >= 2


def _structure(headers: Sequence[str]) -> int:
    return sum(_is_structure(fold(header), plain(header)) for header in headers)


def _is_structure(*folded: str) -> bool:
    return any(name in _STRUCTURE or name.startswith(_STRUCTURE_STARTS) for name in folded)


def refuse_personal(headers: Sequence[str]) -> None:
    """Figures are per area; a file about persons is not read at all, nor are its values named."""
    found = [header for header in headers if plain(header) in _PERSONAL]
    if found:
        raise Refusal("personal_data", columns=", ".join(found))


def refuse_twice(names: Sequence[str]) -> None:
    """Refusal("header_twice") when two of *names* are the same but for capitals."""
    times = Counter(name.casefold() for name in names)
    for name in names:
        if name and times[name.casefold()] > 1:
            alike = [i + 1 for i, n in enumerate(names) if n.casefold() == name.casefold()]
            _refuse_columns(name, alike)


def _refuse_columns(name: str, columns: list[int]) -> None:
    *most, last = map(str, columns)
    before = ", ".join(most)
    raise Refusal(
        "header_twice",
        name=name,
        times={"nl": f"{len(columns)} keer", "en": "twice" if len(columns) == 2 else "often"},
        columns={"nl": f"{before} en {last}", "en": f"{before} and {last}"},
    )


def _columns(headers: Sequence[str], titles: Mapping[str, str]) -> dict[str, str]:
    repeated = {name for name, n in Counter(map(plain, headers)).items() if n > 1}
    found = {}
    for header in headers:
        # a leaf name that occurs in two groups ("Huurwoning" of electricity, of gas) says nothing
        by_name = None if plain(header) in repeated else recognise(header)
        column = by_name or (recognise(titles[header]) if header in titles else None)
        if column:
            found[header] = column
    return found


def other_codes(rows: pl.DataFrame, taken: str) -> list[str]:
    """Further columns with codes: of the wijk or gemeente that an area lies in, most likely."""
    named = [h for h in rows.columns if h != taken and {plain(h), fold(h)} & {*_CODES}]
    return [header for header in named if _has_codes(rows[header])]


def _code_header(rows: pl.DataFrame, roles: Mapping[str, str]) -> str:
    named = [h for role in _CODES for h, r in roles.items() if r == role or fold(h) == role]
    perhaps = [h for role in _PERHAPS_CODES for h, r in roles.items() if r == role]
    for header in (*named, *perhaps):
        if _has_codes(rows[header]):
            return header
    if not named:
        raise Refusal("no_code_column")
    return named[0]


def _has_codes(cells: pl.Series) -> bool:
    if cells.dtype != pl.String:
        return False
    return bool(cells.str.strip_chars().str.contains(f"^(?:{CODE.pattern})$").any())


def _name_header(rows: pl.DataFrame, roles: Mapping[str, str]) -> str | None:
    """OData v3 has codes where the StatLine export has names, both as "Wijken en buurten"."""
    names = [h for role in _NAMES for h, r in roles.items() if r == role]
    return next((header for header in names if not _has_codes(rows[header])), None)


def _first(roles: Mapping[str, str], wanted: Sequence[str]) -> str | None:
    for role in wanted:
        for header, found in roles.items():
            if found == role:
                return header
    return None


def _starting(roles: Mapping[str, str], starts: tuple[str, ...]) -> str | None:
    return next((header for header, role in roles.items() if role.startswith(starts)), None)


def _beside(header: str, role: str) -> bool:
    """Headers that say where a row lies or what numbers it: known, and no figure."""
    if role in _BESIDE or header in _ROW_NUMBERS:
        return True
    return role in {*_CODES, *_PERHAPS_CODES, *_NAMES, *_GEMEENTES}
