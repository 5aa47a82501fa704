# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The registry: what sources publish (columns) and what we say about areas (indicators).

Flat TOML without expressions, templates or inheritance.  An indicator's formula is the name of a
function in :mod:`wijkeconomie.figures.formulas` whose parameters equal the entry's ``inputs``.
Whatever is not understood — a key, a unit, a formula, an input — is refused when this is read.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations
from typing import Any

from wijkeconomie.figures import formulas

PERSPECTIVES = ("entrepreneurship", "space", "work", "cohesion")
CONTEXT = "context"
KINDS = ("count", "share", "mean", "address_mean", "median", "density", "class", "score")
UNITS = (
    "persons", "households", "dwellings", "firms", "jobs", "cars", "percent", "per_1000", "km",
    "facilities", "eur_1000", "ha", "per_km2", "class", "kwh", "m3", "score", "index", "m2",
    "cases",
)  # fmt: skip
BETTER = ("higher", "lower", "neither")
PERIODS = ("", "JJ", "KW", "MM")  # none, years, quarters, months: as CBS writes 2021JJ00, 2021KW04
SERVICES = ("cbs", "derden")  # CBS itself, and the tables that it publishes for others
_VERSION_SUFFIX = re.compile(r"_\d+$")


class RegistryError(Exception):
    """The registry holds something that we do not understand: entry, rule, remedy."""


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Dutch and English."""

    nl: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.nl


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a source publishes under many names.

    ``kind`` decides how it moves over a change of boundary: a ``count`` by weight, a ``share`` or
    ``mean`` through the count named in ``of``, an ``address_mean`` through the addresses that
    moved, the others not at all.  ``rounding`` is the step to
    which the source rounds.  ``titles`` are StatLine title paths with unit, ``names`` OData v3 keys
    without position, ``codes`` OData v4 measures, ``mnemonics`` KWB and map columns, ``own`` what
    municipalities and PDOK write.
    """

    id: str
    unit: str
    kind: str
    of: str = ""
    rounding: float = 1.0
    lowest: float = 0.0  # below zero for scores around zero
    highest: float = 0.0  # 0: no bound known
    mnemonics: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """From ``year`` on the figure means something else than before."""

    year: int
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What we say about an area.  The id never changes meaning.

    ``inputs`` maps the formula's parameters to columns.  ``denominator`` is the *indicator* that
    counts whom the figure is about, or nearly so, in every table ("" for counts themselves);
    ``whole`` the one that counts exactly those whom a published rate is of (that of a computed one
    is its formula's), or ``uncounted`` why no table does: no number of people is said then.
    ``unaveraged``: why the figure of a whole is no average of its parts' (entropy), so that nothing
    of another size is a measure for it: it is shown, not compared (decision 0029).
    ``phrase`` is the figure as a clause, with ``{value}`` for number and unit; ``minimum`` is the
    smallest denominator for which we compute it.  ``matters`` is the smallest difference, in its
    unit, that would change what one does: a smaller one is no opgave and no strength.  ``one``: for
    a mean of people, households or firms how far one of them lies from it (standard deviation,
    rather too large; decision 0013); 0 for what has no chance in it.  ``lever``: can the
    municipality move it: yes, partly, no.
    """

    id: str
    label: Text
    description: Text
    phrase: Text
    perspective: str
    unit: str
    decimals: int
    better: str
    formula: str
    inputs: Mapping[str, str]
    denominator: str = ""
    whole: str = ""
    uncounted: Text | None = None
    unaveraged: Text | None = None
    minimum: float = 0.0
    matters: float = 0.0
    one: float = 0.0
    lever: str = "partly"
    since: int = 0
    until: int = 0
    weight: float = 1.0  # of a context indicator in the choice of peers
    group: str = ""  # context indicators of one group share one weight
    transform: str = "none"  # none, log or logit, before scaling for peers
    breaks: tuple[Break, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether more or less of it is better, so that an area can be behind or ahead."""
        return self.better != "neither" and self.perspective != CONTEXT

    @property
    def least_span(self) -> float:
        """What an axis of a picture spans at least, in the unit: what matters, else five steps of
        the last decimal, for what is less is rounding."""
        return self.matters or 5 * 10.0**-self.decimals

    @property
    def is_rate(self) -> bool:
        return self.unit in ("percent", "per_1000")

    @property
    def is_size(self) -> bool:
        """What says how large or how urban an area is: there are no differences to shrink."""
        return self.is_count or self.unit == "class"

    @property
    def is_count(self) -> bool:
        """A number of people, homes or firms: the country's is no measure for an area's."""
        counted = ("persons", "households", "dwellings", "firms", "facilities")
        return self.unit in counted and not self.denominator

    @property
    def beside_country(self) -> bool:
        """Whether the country's figure says anything beside an area's."""
        return not self.is_count and self.unaveraged is None

    @property
    def scale(self) -> float:
        """Units per one: 100 for percent, 1000 for per_1000, else 1."""
        return {"percent": 100.0, "per_1000": 1000.0}.get(self.unit, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CbsTable:
    """One year of Kerncijfers wijken en buurten at CBS."""

    id: str
    year: int
    verified: bool = False  # seen in the table's own metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """The figure of a related table that fills a column.

    ``measure`` is the end of its title path (``Totaalscore/Gemiddelde score``) or its OData v3 key
    without position; ``where`` names the member of each other dimension, by code or by title.
    """

    column: str
    measure: str
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Tables beside Kerncijfers wijken en buurten, of which we read the figures in ``picks`` only.

    ``tables`` maps an id to its first and last year; with ``periods`` a table holds several years
    and the newest period of that kind in a year is the figure of that year.  ``seen`` says where
    ids, dimensions and measures were verified.
    """

    id: str
    title: Text
    publisher: str
    licence: str
    tables: Mapping[str, tuple[int, int]]
    picks: tuple[Pick, ...]
    seen: str
    service: str = "cbs"
    periods: str = ""


@dataclass(frozen=True, slots=True)
class Registry:
    """Columns, indicators and tables, and how to recognise a source's names."""

    columns: Mapping[str, Column]
    indicators: Mapping[str, Indicator]
    tables: tuple[CbsTable, ...]
    _by_name: Mapping[str, str]
    _by_code: Mapping[str, str]
    series: tuple[Series, ...] = ()

    def recognise(self, name: str) -> str | None:
        """Column id for a header, key, mnemonic or title path; None when we do not know it.

        Case, accents, punctuation and the position suffix of OData v3 keys do not matter, so
        ``Bevolking.Aantal.inwoners..aantal.`` (R) equals ``Bevolking/Aantal inwoners (aantal)``.
        """
        return self._by_name.get(fold(name)) or self._by_name.get(
            fold(_VERSION_SUFFIX.sub("", name.strip()))
        )

    def recognise_code(self, code: str) -> str | None:
        """Column id for an OData v4 measure code such as ``T001036``."""
        return self._by_code.get(code.strip())

    def lowest(self, entry: Indicator) -> float:
        """The smallest figure that *entry* can have: below zero only for scores around zero."""
        return min(self.columns[column].lowest for column in entry.inputs.values())

    def whole(self, entry: Indicator) -> Indicator | None:
        """The count of exactly those whom a rate is of; None where no table gives it."""
        counts = self.indicators.get(entry.whole or entry.denominator)
        if counts is None or not entry.is_rate or entry.uncounted is not None:
            return None
        if "part" not in entry.inputs:
            return counts if entry.whole else None
        others = {column for name, column in entry.inputs.items() if name != "part"}
        return counts if others == set(counts.inputs.values()) else None

    @property
    def parts(self) -> dict[str, tuple[str, str]]:
        """Part and whole of every percentage that we compute of one part and one whole."""
        return {
            entry.id: (entry.inputs["part"], entry.inputs["whole"])
            for entry in self.indicators.values()
            if entry.unit == "percent" and entry.inputs.keys() == {"part", "whole"}
        }

    def slack(self, *columns: str) -> float:
        """What rounding of counts may add up to: each is off by one step at most, or is exact."""
        return sum(s for column in columns if (s := self.columns[column].rounding) > 1)

    def of_perspective(self, perspective: str) -> tuple[Indicator, ...]:
        return tuple(i for i in self.indicators.values() if i.perspective == perspective)


_UNSEEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def legible(text: str) -> str:
    """*text* without signs that no document holds (XML 1.0 §2.2; RFC 5545 §3.1), such as the break
    of a line that a word processor puts in what is copied: each a space, so that places stay."""
    return _UNSEEN.sub(" ", text)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case, without accents, superscripts (R drops km²), spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", text.replace("²", "").replace("³", "")).lower()
    return "".join(c for c in plain if c.isalnum() and c.isascii())


@cache
def registry() -> Registry:
    """The packaged registry, read once."""
    package = files(__package__)
    return read(
        package.joinpath("columns.toml").read_text("utf-8"),
        package.joinpath("indicators.toml").read_text("utf-8"),
        package.joinpath("tables.toml").read_text("utf-8"),
    )


@cache
def fingerprint(package: str = "wijkeconomie.figures") -> str:
    """Other after every change of code or registry of *package*: part of a release's id, so that
    the same tables under other arithmetic make another release.

    What users are told (``refusals.toml``) changes no figure.
    """
    sha = hashlib.sha256()
    for part in sorted(files(package).iterdir(), key=lambda part: part.name):
        if part.name.endswith((".py", ".toml")) and part.name != "refusals.toml":
            sha.update(part.name.encode() + b"\0" + part.read_bytes() + b"\0")
    return sha.hexdigest()


def read(columns_toml: str, indicators_toml: str, tables_toml: str = "") -> Registry:
    """Build a registry from TOML texts, or raise :class:`RegistryError`."""
    source = tomllib.loads(columns_toml)
    tables = tuple(
        _entry(CbsTable, key, {"id": key, **body}) for key, body in source.pop("table", {}).items()
    )
    columns = {key: _column(key, body) for key, body in source.items()}
    indicators = {
        key: _indicator(key, body, columns) for key, body in tomllib.loads(indicators_toml).items()
    }
    for column in columns.values():
        if column.of and column.of not in columns:
            raise RegistryError(f"column {column.id}: of = {column.of} is no column")
    known = Registry(
        columns=columns,
        indicators=indicators,
        tables=tuple(sorted(tables, key=lambda table: table.year)),
        _by_name=_index(columns, lambda c: (c.id, *c.mnemonics, *c.names, *c.titles, *c.own), fold),
        _by_code=_index(columns, lambda c: c.codes, str),
        series=tuple(
            _series(key, body, columns) for key, body in tomllib.loads(tables_toml).items()
        ),
    )
    for entry in indicators.values():
        _check_denominator(entry, known)
    return known


def _column(key: str, body: dict[str, Any]) -> Column:
    column: Column = _entry(Column, key, {"id": key, **_tuples(body)})
    _one_of(key, "kind", column.kind, KINDS)
    _one_of(key, "unit", column.unit, UNITS)
    if column.kind in ("share", "mean") and not column.of:
        raise RegistryError(f"column {key}: a {column.kind} must say of which count (of = …)")
    return column


def _indicator(key: str, body: dict[str, Any], columns: Mapping[str, Column]) -> Indicator:
    body = dict(body)
    body["breaks"] = tuple(
        _entry(Break, key, {"year": b["year"], "why": Text(b.get("nl", ""), b.get("en", ""))})
        for b in body.get("breaks", ())
    )
    for name in ("label", "description", "phrase"):
        body[name] = Text(**body.get(name, {}))
        if not (body[name].nl and body[name].en):
            raise RegistryError(f"indicator {key}: {name} needs both nl and en")
    body |= {name: Text(**body[name]) for name in ("uncounted", "unaveraged") if name in body}
    entry: Indicator = _entry(Indicator, key, {"id": key, **body})
    _one_of(key, "perspective", entry.perspective, (*PERSPECTIVES, CONTEXT))
    _one_of(key, "unit", entry.unit, UNITS)
    _one_of(key, "better", entry.better, BETTER)
    _one_of(key, "lever", entry.lever, ("yes", "partly", "no"))
    _one_of(key, "transform", entry.transform, ("none", "log", "logit"))
    if entry.judged != (entry.matters > 0):
        raise RegistryError(
            f"indicator {key}: matters > 0 belongs to what is judged, and only there"
        )
    is_mean = entry.judged and not entry.is_rate and entry.unit != "km"  # a distance is measured
    if is_mean != (entry.one > 0):
        raise RegistryError(
            f"indicator {key}: one > 0 belongs to a mean of people or firms, and only there; "
            "without it a mean is taken as free of chance"
        )
    _check_formula(entry, columns)
    return entry


def _series(key: str, body: dict[str, Any], columns: Mapping[str, Column]) -> Series:
    picks = tuple(
        _entry(Pick, f"{key}.{column}", {"column": column, **pick})
        for column, pick in body.pop("figures", {}).items()
    )
    tables = {id_: tuple(span) for id_, span in body.get("tables", {}).items()}
    title = Text(**body.get("title", {}))
    whole = {**body, "id": key, "title": title, "tables": tables, "picks": picks}
    series: Series = _entry(Series, key, whole)
    _one_of(key, "service", series.service, SERVICES)
    _one_of(key, "periods", series.periods, PERIODS)
    for pick in picks:
        _one_of(key, "figures", pick.column, columns)
    _check_years(series)
    return series


def _check_years(series: Series) -> None:
    """Every year is in one table; a table without periods is about one year."""
    held: list[int] = []
    for id_, (first, last) in series.tables.items():
        if first > last or (first != last and not series.periods):
            raise RegistryError(f"{series.id}: {id_} = {first} to {last} needs periods")
        held += range(first, last + 1)
    if len(held) != len(set(held)):
        raise RegistryError(f"{series.id}: two tables hold the same year")


def _check_formula(entry: Indicator, columns: Mapping[str, Column]) -> None:
    function = getattr(formulas, entry.formula, None)
    if function is None or entry.formula.startswith("_"):
        raise RegistryError(f"indicator {entry.id}: no formula {entry.formula} in formulas.py")
    wanted, given = set(inspect.signature(function).parameters), set(entry.inputs)
    if wanted != given:
        raise RegistryError(f"indicator {entry.id}: {entry.formula} takes {wanted}, got {given}")
    for column in entry.inputs.values():
        if column not in columns:
            raise RegistryError(f"indicator {entry.id}: input {column} is no column")
    if entry.formula in formulas.UNAVERAGED and entry.unaveraged is None:
        raise RegistryError(
            f"indicator {entry.id}: {entry.formula} of a whole is no average of its parts; say so "
            "(unaveraged = …)"
        )
    if entry.unaveraged is not None and (entry.judged or entry.perspective == CONTEXT):
        raise RegistryError(
            f"indicator {entry.id}: what is unaveraged is held against no area of another size: "
            'better = "neither", and no context'
        )


def _check_denominator(entry: Indicator, known: Registry) -> None:
    """A rate names whom it is about, and the count of exactly those or why there is none: a share
    of another group than is counted makes a number of people that is not there."""
    if entry.denominator and entry.denominator not in known.indicators:
        raise RegistryError(f"indicator {entry.id}: denominator {entry.denominator} is unknown")
    if entry.whole and entry.whole not in known.indicators:
        raise RegistryError(f"indicator {entry.id}: whole {entry.whole} is unknown")
    if entry.is_rate and not entry.denominator:
        raise RegistryError(f"indicator {entry.id}: a rate must name its denominator")
    if entry.is_rate and (known.whole(entry) is None) != (entry.uncounted is not None):
        raise RegistryError(
            f"indicator {entry.id}: a rate must name the count of exactly its own whole (whole = …)"
            " or say why there is none (uncounted = …)"
        )


def _entry(kind: type[Any], key: str, body: dict[str, Any]) -> Any:
    known = {f.name for f in fields(kind)}
    if extra := sorted(set(body) - known):
        raise RegistryError(f"{key}: unknown key {', '.join(extra)}; known are {sorted(known)}")
    needed = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    if lacking := sorted(needed - set(body)):
        raise RegistryError(f"{key}: missing {', '.join(lacking)}")
    return kind(**body)


def _tuples(body: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in body.items()}


def _one_of(key: str, field: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        raise RegistryError(f"{key}: {field} = {value!r}; allowed are {', '.join(allowed)}")


def _index(columns: Mapping[str, Column], names: Any, key: Any) -> dict[str, str]:
    index: dict[str, str] = {}
    for column in columns.values():
        for name in names(column):
            if index.setdefault(key(name), column.id) != column.id:
                raise RegistryError(f"{name!r} names both {index[key(name)]} and {column.id}")
    return index


def decimals_for(entry: Indicator, together: tuple[float, ...], *, margin: bool = False) -> int:
    """In how many decimals figures are printed that stand *together* in a sentence or a picture, or
    are the two ends of a *margin*: the indicator's, or as many as their differences need."""
    values = tuple(sorted(set(together)))
    return _decimals(values, entry.decimals, entry.matters, margin=margin)


@lru_cache(maxsize=4096)  # a page prints the same figures several times
def _decimals(values: tuple[float, ...], decimals: int, matters: float, *, margin: bool) -> int:
    """*decimals*, or up to two more where rounding would hide a difference between *values*.

    A difference that matters must show in what is printed, right within a fifth: 6.4 beside 5.1 and
    4.7 is not 6 beside 5 and 5.  The two ends of a margin must not print alike.
    """
    least = 0.0 if margin else matters
    telling = [(a, b) for a, b in combinations(values, 2) if a != b and abs(a - b) >= least]

    def tells(places: int) -> bool:
        for a, b in telling:
            real, printed = abs(a - b), abs(round(a, places) - round(b, places))
            if printed == 0 if margin else abs(printed - real) > real / 5:
                return False
        return True

    return next((some for some in range(decimals, decimals + 3) if tells(some)), decimals)
