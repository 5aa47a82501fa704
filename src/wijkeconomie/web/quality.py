# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Can I trust it?  Coverage, where figures come from, what one figure is, and its cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isclose
from pathlib import Path

import polars as pl

from wijkeconomie.figures import formulas
from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language, Refusal, as_called
from wijkeconomie.figures.registry import CONTEXT, PERSPECTIVES, Column, Indicator, registry
from wijkeconomie.figures.release import Cell, Release
from wijkeconomie.figures.snapshot import Origin
from wijkeconomie.figures.store import last_refused
from wijkeconomie.web.look import no_cell, unknown_year

GEMEENTEN_SHOWN = 5
_MOST = 0.5  # of the areas of a level
_KINDS = ("snapshot", "boundaries", "crosswalk")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LEVELS = ("gemeente", "wijk", "buurt")


@dataclass(frozen=True, slots=True)
class Filled:
    """How many areas of a level have a figure in a year."""

    year: int
    filled: int
    total: int

    @property
    def share(self) -> float:
        return self.filled / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """One line of the coverage table."""

    indicator: Indicator
    years: tuple[Filled, ...]

    @property
    def same(self) -> bool:
        """Every year has the same share, so that a narrow page says it once."""
        return len({cell.share for cell in self.years}) == 1


def coverage(release: Release, level: str) -> list[tuple[str, list[Covered]]]:
    """By perspective, every indicator of the registry and every year of the release."""
    counts = _counts(release, level)
    return [
        (p, [_covered(i, release.years, counts) for i in registry().of_perspective(p)])
        for p in (*PERSPECTIVES, CONTEXT)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The last load, where it was refused: when, of what, and why (first 1,000 characters)."""

    at: datetime
    names: str
    text: str


def refused(data: Path, language: Language) -> Refused | None:
    """None where the last load succeeded, or nothing can be read of it."""
    kept = last_refused(data)
    if kept is None:
        return None
    text = as_called(kept[language], "")  # who reads a page types no command
    piped = {"nl": "een tabel zonder bestandsnaam", "en": "a table without a file name"}[language]
    names = ", ".join(piped if name == "-" else name for name in kept["names"])
    return Refused(at=kept["at"], names=names, text=text)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another level, and what only that one has: indicators, each with its years."""

    level: str
    only: tuple[tuple[Indicator, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The page about all figures; ``elsewhere``: of which indicators and years another level has
    figures and this one none; ``origins``: each table with what it holds (``snapshot``,
    ``boundaries`` or ``crosswalk``)."""

    level: str
    elsewhere: tuple[Elsewhere, ...]
    choices: tuple[str, ...]
    years: tuple[int, ...]
    coverage: list[tuple[str, list[Covered]]]
    notices: tuple[str, ...]
    refused: Refused | None
    origins: tuple[tuple[Origin, str], ...]
    unrecognised: tuple[tuple[Origin, tuple[str, ...]], ...]
    counted: int

    @property
    def told(self) -> int:
        """Rows of the table of notices: also the columns that no registry entry names."""
        return len(self.notices) + sum(len(columns) for _origin, columns in self.unrecognised)

    @property
    def tables(self) -> tuple[tuple[Origin, str], ...]:
        """What figures and maps were made of."""
        return tuple(one for one in self.origins if one[1] != "crosswalk")

    @property
    def changes(self) -> tuple[tuple[Origin, str], ...]:
        """What figures were brought over to other boundaries with."""
        return tuple(one for one in self.origins if one[1] == "crosswalk")

    @property
    def mostly(self) -> int:
        """Indicators that most areas of the level have a figure of, in the year with the most."""
        lines = (line for _p, lines in self.coverage for line in lines)
        return sum(max((c.share for c in line.years), default=0.0) > _MOST for line in lines)

    @property
    def total(self) -> int:
        return sum(len(lines) for _p, lines in self.coverage)

    @property
    def known(self) -> int:
        """Indicators with a figure in any year."""
        return sum(
            any(c.filled for c in line.years) for _p, lines in self.coverage for line in lines
        )


def overview(release: Release, level: str, language: Language, data: Path) -> Overview:
    """Coverage at one level, sources, what loading them had to say, and what was refused."""
    return Overview(
        level=level,
        elsewhere=_elsewhere(release, level),
        choices=_LEVELS,
        years=release.years,
        coverage=coverage(release, level),
        notices=tuple(notice.text(language) for notice in release.notices()),
        refused=refused(data, language),
        origins=_origins(release),
        unrecognised=release.unrecognised(),
        counted=release.coverage().filter(pl.col("level") == level).height,
    )


def _origins(release: Release) -> tuple[tuple[Origin, str], ...]:
    kinds = (source["kind"] for source in release.manifest["sources"])
    listed = zip(release.origins, kinds, strict=True)
    return tuple(sorted(listed, key=_place))


def _place(one: tuple[Origin, str]) -> tuple[int, int, str, str]:
    """Figures before maps before changes, the newest first, by the year that a title names."""
    origin, kind = one
    years = [int(year) for year in _YEAR.findall(f"{origin.title} {origin.table}")]
    return _KINDS.index(kind), -max(years, default=0), origin.publisher, origin.title


def _elsewhere(release: Release, level: str) -> tuple[Elsewhere, ...]:
    here = release.filled(level)
    found = []
    for other in (name for name in _LEVELS if name != level):
        there = release.filled(other)
        lacking = (
            (entry, tuple(y for y in there.get(name, {}) if y not in here.get(name, {})))
            for name, entry in registry().indicators.items()
        )
        found.append(Elsewhere(other, tuple((entry, years) for entry, years in lacking if years)))
    return tuple(one for one in found if one.only)


def _counts(release: Release, level: str) -> dict[tuple[str, int], tuple[int, int]]:
    rows = release.coverage().filter(pl.col("level") == level)
    listed = rows.select("indicator", "year", "filled").iter_rows()
    total = len(release.areas(level))  # also those that a table of one gemeente says nothing about
    return {(indicator, year): (filled, total) for indicator, year, filled in listed}


def _covered(
    indicator: Indicator, years: tuple[int, ...], counts: dict[tuple[str, int], tuple[int, int]]
) -> Covered:
    cells = (Filled(year, *counts.get((indicator.id, year), (0, 0))) for year in years)
    return Covered(indicator=indicator, years=tuple(cells))


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One indicator: what it means, what it is made of, where there are figures."""

    indicator: Indicator
    columns: tuple[tuple[Column, tuple[str, ...]], ...]  # each once, with its places in the formula
    denominator: Indicator | None
    whole: Indicator | None
    covered: tuple[tuple[str, Covered], ...]
    shown: tuple[Shown, ...]
    many: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A gemeente where the figure is seen: at which level, and whether on a map."""

    area: Area
    level: str
    on_map: bool


def definition(release: Release, indicator: str) -> Definition:
    """Raises Refusal("unknown_indicator")."""
    entry, known = _entry(indicator), _with_figures(release, indicator)
    few = len(known) <= GEMEENTEN_SHOWN  # of more none is better to begin with than another
    return Definition(
        indicator=entry,
        columns=tuple(
            (registry().columns[c], tuple(name for name, of in entry.inputs.items() if of == c))
            for c in dict.fromkeys(entry.inputs.values())
        ),
        denominator=registry().indicators.get(entry.denominator),
        whole=registry().whole(entry),
        covered=tuple(
            (level, _covered(entry, release.years, _counts(release, level))) for level in _LEVELS
        ),
        shown=tuple(_shown(release, *one) for one in known) if few else (),
        many=not few,
    )


def _with_figures(release: Release, indicator: str) -> list[tuple[Area, str]]:
    """Gemeenten that have a figure of their wijken, else of their buurten, of any year; with that
    level."""
    known: dict[str, str] = {}
    for level in ("buurt", "wijk"):
        for year in release.filled(level).get(indicator, {}):
            cells = release.map(indicator, year, level).drop_nulls("value")["area"]
            known |= dict.fromkeys(cells.str.slice(2, 4), level)
    return [(a, known[a.code[2:]]) for a in release.areas("gemeente") if a.code[2:] in known]


def _shown(release: Release, area: Area, level: str) -> Shown:
    return Shown(area, level, on_map=not release.outlines(level, area.code).is_empty())


def _entry(indicator: str) -> Indicator:
    try:
        return registry().indicators[indicator]
    except KeyError:
        raise Refusal("unknown_indicator", indicator=indicator[:60]) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A figure back to its cells; ``terms``: of a computed one those that give it, by parameter."""

    area: Area
    indicator: Indicator
    year: int
    value: float | None
    status: Status | None
    cells: tuple[Cell, ...]
    terms: Mapping[str, Cell]
    others: tuple[int, ...]

    @property
    def converted(self) -> bool:
        """Whether it was made from areas with another boundary."""
        return any(cell.share is not None for cell in self.cells)


def traced(release: Release, code: str, indicator: str, year: int) -> Traced:
    """Raises Refusal for an area, indicator or year that is not in the release."""
    area, entry = release.area(code), _entry(indicator)
    if year not in release.years:
        raise unknown_year(release, year)
    rows = release.series(code).filter(pl.col("indicator") == indicator)
    cells = {y: (v, Status(s)) for _i, y, v, s, _o in rows.iter_rows()}
    value, status = cells.get(year) or no_cell(entry, year)
    found = release.trace(code, indicator, year)
    return Traced(
        area=area,
        indicator=entry,
        year=year,
        value=value,
        status=status,
        cells=found,
        terms=_terms(entry, value, found),
        others=tuple(
            y for y in release.years if y != year and cells.get(y, (None,))[0] is not None
        ),
    )


def _terms(entry: Indicator, value: float | None, cells: tuple[Cell, ...]) -> dict[str, Cell]:
    """The cell of each parameter; none where they do not give the figure, because it was moved over
    a change of boundary, or where there is no sum to write down."""
    first = {cell.column: cell for cell in reversed(cells)}
    terms = {name: first[column] for name, column in entry.inputs.items() if column in first}
    if value is None or entry.formula == "published" or len(terms) < len(entry.inputs):
        return {}
    numbers = {name: pl.lit(cell.value, pl.Float64) for name, cell in terms.items()}
    given = pl.select(getattr(formulas, entry.formula)(**numbers)).item()
    return terms if given is not None and isclose(given, value, rel_tol=1e-6) else {}
