# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of a gemeente: where is the opgave greatest, and do the differences shrink?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from wijkeconomie.figures.areas import Area, gemeente_of
from wijkeconomie.figures.refusal import Language, Refusal
from wijkeconomie.figures.registry import Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import opgave, wording
from wijkeconomie.insight.results import Finding, Scan
from wijkeconomie.web import charts, maps
from wijkeconomie.web import look as looking
from wijkeconomie.web.context import NOTHING_ASKED, Asked, Crumb, credit, crumbs
from wijkeconomie.web.differences import Spread, no_spread, spread_of
from wijkeconomie.web.look import (
    NO_CELL,
    Cell,
    Look,
    asking,
    cells,
    choices,
    level_of,
    look,
    scans,
)

GREATEST_SHOWN = 4
RANKED_DRAWN = 20  # more lines than this are read in the table
_AT_ONCE, _HARDLY_MORE = 25, 5  # rows of the list before it folds, and how few do not fold it
EXAMPLE_BUURTEN = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Greatest:
    """An area whose opgave is among the greatest."""

    area: Area
    finding: Finding
    sentence: str
    drawing: str
    opgaven: int


def greatest(
    release: Release, results: tuple[Scan, ...], language: Language
) -> tuple[Greatest, ...]:
    """The areas with the greatest opgave, each with its first finding."""
    first = [r for r in results if asking(r)][:GREATEST_SHOWN]
    return tuple(_greatest(release, r, language) for r in first)


def _greatest(release: Release, result: Scan, language: Language) -> Greatest:
    mine = asking(result)
    return Greatest(
        area=result.area,
        finding=mine[0],
        sentence=wording.headline(mine[0], result.area, language),
        drawing=looking.figure(mine[0], looking.past(release, result), language),
        opgaven=len(looking.opgaven(result)),
    )


Against = Literal["country", "peers"]
_AGAINST: tuple[Against, ...] = ("country", "peers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An area in the list of all: its first finding that asks or builds, and how many there are.

    ``people``: how many live there or why that is not known, in the year ``counted``, which is the
    same in the whole list.
    ``lags`` and ``leads``: figures behind or ahead of the only reference there was, of which nobody
    knows what kind they are (decision 0025).
    ``short``: people or firms short of comparable areas and of the country, where it is behind;
    ``behind``: the same in words, or how far the figure itself lies behind; ``certainty`` of it;
    ``decisive``: which of the two is the larger one, that gives the area its place.  ``compared``
    of ``figures`` could be held against something; ``redrawn``: not, because of the boundary.
    """

    area: Area
    people: Cell
    counted: int | None
    first: Finding | None
    opgaven: int
    signs: int
    strengths: int
    lags: int
    leads: int
    short: Mapping[Against, float]
    behind: Mapping[str, str]
    certainty: str
    decisive: Against | Literal[""]
    compared: int
    figures: int
    redrawn: bool

    @property
    def converted(self) -> bool:
        """Was what stands here computed anew for boundaries that changed?"""
        why = (self.people[1], self.first.status) if self.first else (self.people[1],)
        return "moved" in [status.label for status in why if status is not None]

    @property
    def inhabitants(self) -> float | None:
        return self.people[0]


def listed(
    release: Release, gemeente: str, level: str, language: Language = "nl", asked: int | None = None
) -> tuple[Listed, ...]:
    """All areas of a level, largest opgave first, in the year that is asked."""
    results = scans(release, gemeente, level, asked)
    year = counted(release, level, gemeente, next((r.year for r in results), None))
    people = {} if year is None else cells(release, "population", level, year)
    return tuple(_listed(r, year, people.get(r.area.code, NO_CELL), language) for r in results)


def counted(release: Release, level: str, gemeente: str, told: int | None) -> int | None:
    """The year of the inhabitants in the list: that of which the opgaven beside them are *told*,
    else the newest that counts any area of this gemeente."""
    years = sorted(release.years, key=lambda year: (year == told, year), reverse=True)
    mine = {area.code for area in release.areas(level, gemeente)}
    for year in years:
        people = cells(release, "population", level, year)
        if any(people.get(code, NO_CELL)[0] is not None for code in mine):
            return year
    return None


def _listed(result: Scan, year: int | None, people: Cell, language: Language) -> Listed:
    kinds = Counter(finding.shown for finding in result.findings)  # as the page of each area does
    sides = Counter(finding.side for finding in result.findings if finding.shown is None)
    first = result.first
    short = opgave.shortfalls(first, registry().indicators[first.indicator]) if first else {}
    return Listed(
        area=result.area,
        people=people,
        counted=year,
        first=first,
        opgaven=len(looking.opgaven(result)),
        signs=kinds["early_sign"],
        strengths=kinds["strength"],
        lags=sides["behind"],
        leads=sides["ahead"],
        short=short,
        behind=wording.behind(first, language) if first else {},
        certainty=wording.certainty(first, language) if first else "",
        decisive=_decisive(first, short),
        compared=result.compared,
        figures=result.figures,
        redrawn=wording.redrawn(result),
    )


def _decisive(first: Finding | None, short: Mapping[Against, float]) -> Against | Literal[""]:
    """The one that is largest times its probability, as the list is ordered."""

    def weight(name: Against) -> float:
        gap = first and (first.country if name == "country" else first.peers)
        return short[name] * gap.probability if gap else 0.0

    if not short:
        return ""
    largest: Against = max(short, key=weight)
    return largest


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One figure of all areas: on the map, in a list, and its spread over the years.

    ``lacking``: for which levels it was not loaded, in words; ``spreadless``: why there is no
    spread, where there is none."""

    look: Look
    lacking: str
    map: str
    credit: str
    bounds: str
    ranking: str
    drawn: int
    spread: Spread | None
    spreadless: str
    tiles: str
    values: str

    @property
    def unpeered(self) -> int:
        """Of how many areas there is a figure that is judged, but nothing comparable."""
        return sum(bool(r.finding and not r.finding.peers) for r in self.look.ranked)

    @property
    def tied(self) -> bool:
        """Is there a figure apart from its interval, with a line between?"""
        return charts.TIE in self.ranking

    @property
    def whole(self) -> bool:
        """Are all areas in the list, also those of which the figure is unknown?"""
        return self.drawn == len(self.look.ranked)

    @property
    def estimated(self) -> bool:
        """Do they stand in the order of what is likely, not of what was published?"""
        return any(r.finding for r in self.look.ranked)

    @property
    def alone(self) -> bool:
        """Of some area there is nothing to hold the figure against."""
        return any(r.finding and r.finding.reason == "nothing" for r in self.look.ranked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """Everything on the page, in the order of the page; ``one`` is None where the chosen figure is
    known of no area of this level.

    ``namesakes``: areas elsewhere with its name, for search leads straight to this page;
    ``year`` is that of the opgaven (None without areas), ``asked`` the one that was asked;
    ``elsewhere``: what is known of the other level only; ``reach``: that little could be compared;
    ``mapped``: there are outlines, be it of the other level."""

    area: Area
    namesakes: tuple[Area, ...]
    crumbs: tuple[Crumb, ...]
    population: tuple[float, int] | None
    wijken: int
    buurten: int
    level: str
    year: int | None
    asked: int | None
    chosen: str
    beside: str
    greatest: tuple[Greatest, ...]
    listed: tuple[Listed, ...]
    findings: int
    silent: int
    nothing: str
    reach: str
    choices: tuple[tuple[str, tuple[Indicator, ...]], ...]
    elsewhere: tuple[Indicator, ...]
    mapped: bool
    one: Drawn | None

    @property
    def other(self) -> str:
        """The level that is not shown."""
        return "buurt" if self.level == "wijk" else "wijk"

    @property
    def counted(self) -> int | None:
        """The year of the inhabitants in the list."""
        return next((row.counted for row in self.listed), None)

    @property
    def first_listed(self) -> tuple[Listed, ...]:
        """What stands in the list at once: on a telephone a hundred buurten are thirty screens."""
        return (
            self.listed if len(self.listed) <= _AT_ONCE + _HARDLY_MORE else self.listed[:_AT_ONCE]
        )

    @property
    def more_listed(self) -> tuple[Listed, ...]:
        """The others, which fold open."""
        return self.listed[len(self.first_listed) :]

    @property
    def converted(self) -> int:
        """Of how many areas in the list something was computed anew for other boundaries."""
        return sum(row.converted for row in self.listed)

    @property
    def bold(self) -> bool:
        """Is there a difference in the list that gives its area a place?"""
        return any(row.decisive for row in self.listed)

    @property
    def dashed(self) -> bool:
        """Is some area behind comparable areas or the country, and not behind the other?"""
        return any(row.first and len(row.behind) < len(_AGAINST) for row in self.listed)

    @property
    def partly(self) -> bool:
        """Are there figures in the list that were compared with one of the two only?"""
        return any(row.lags or row.leads for row in self.listed)

    @property
    def lagging(self) -> bool:
        """Does a lag stand somewhere as what comes first, so that it has its place in the order?"""
        return any(row.first and row.first.shown is None for row in self.listed)

    @property
    def to_compare(self) -> list[str]:
        """Codes to compare: the areas with the greatest opgave."""
        return [one.area.code for one in self.greatest]


def municipality(
    release: Release, gemeente: Area, asked: Asked, language: Language
) -> Municipality:
    """Costs one scan of all its wijken or buurten, so pages are kept (see ``cache``)."""
    level = level_of(release, gemeente, asked)
    one = _drawn(release, gemeente, asked, language)
    results = scans(release, gemeente.code, level, asked.year)
    return Municipality(
        area=gemeente,
        namesakes=_namesakes(release, gemeente),
        crumbs=crumbs(release, gemeente),
        population=_population(release, gemeente.code, asked.year),
        wijken=len(release.areas("wijk", gemeente.code)),
        buurten=len(release.areas("buurt", gemeente.code)),
        level=level,
        year=next((r.year for r in results), None),
        chosen=one.look.indicator.id if one else asked.indicator,
        beside=one.look.beside if one else asked.beside,
        asked=asked.year,
        greatest=greatest(release, results, language),
        listed=listed(release, gemeente.code, level, language, asked.year),
        findings=sum(len(r.listed) for r in results),
        silent=sum(not r.findings for r in results),
        nothing=_nothing(results, language),
        reach=wording.reach(results, language),
        choices=choices(release, level, gemeente.code),
        elsewhere=_elsewhere(release, gemeente.code, level),
        mapped=any(release.outlines(n, gemeente.code).height for n in ("wijk", "buurt")),
        one=one,
    )


def _namesakes(release: Release, gemeente: Area) -> tuple[Area, ...]:
    found = release.names.named(gemeente.name.partition(" (")[0])
    return tuple(a for a in found if a.level != "land" and gemeente_of(a.code) != gemeente.code)


def _nothing(results: tuple[Scan, ...], language: Language) -> str:
    """What is said instead of the greatest opgave: that of the area of which we know most."""
    most = max(results, key=lambda r: (r.compared, bool(r.findings)), default=None)
    if most is None or not most.compared:
        return wording.nothing(most, language) if most else ""
    return _(
        "In none of the {areas} {levels} we found an opgave that we can name with certainty. Of "
        "{total} figures at most {n} could be compared."
    ).format(
        areas=len(results), levels=wording.level(most.area.level, language, many=True),
        total=most.figures, n=most.compared,
    )  # fmt: skip


def _elsewhere(release: Release, gemeente: str, level: str) -> tuple[Indicator, ...]:
    """What can be chosen for the other level only, as of an own table per buurt."""
    here = release.filled(level, gemeente)
    there = choices(release, "buurt" if level == "wijk" else "wijk", gemeente)
    return tuple(i for _p, listed in there for i in listed if i.id not in here)


def _drawn(release: Release, gemeente: Area, asked: Asked, language: Language) -> Drawn | None:
    try:
        seen = look(release, gemeente, asked)
    except Refusal as nothing:
        if nothing.notice.code != "no_figures_of":
            raise
        return None
    shapes = maps.shapes(release.outlines(seen.level, gemeente.code))
    return Drawn(
        look=seen,
        lacking=looking.lacking(release, seen.gemeente.code, seen.indicator.id, language),
        map=looking.map_of(seen, shapes, language) if shapes else "",
        credit=credit(release, seen.level, gemeente.code) if shapes else "",
        bounds=",".join(f"{edge:.5f}" for edge in maps.bounds(shapes)) if shapes else "",
        ranking=looking.ranking(seen, language, most=RANKED_DRAWN),
        drawn=min(RANKED_DRAWN, len(seen.ranked)),
        spread=spread_of(release, seen, language),
        spreadless=no_spread(release, seen),
        tiles=f"/kaart/{release.id}/{seen.level}/{{z}}/{{x}}/{{y}}.mvt",
        values=_values_address(release, seen),
    )


def _values_address(release: Release, seen: Look) -> str:
    query = {
        "gebied": seen.gemeente.code, "indicator": seen.indicator.id, "niveau": seen.level,
        "jaar": str(seen.year), "naast": seen.beside,
    }  # fmt: skip
    return reverse("values", args=[release.id]) + "?" + urlencode(query)


def _population(release: Release, code: str, until: int | None) -> tuple[float, int] | None:
    rows = release.series(code).filter(pl.col("indicator") == "population").drop_nulls("value")
    rows = rows if until is None else rows.filter(pl.col("year") <= until)
    return (rows["value"][-1], rows["year"][-1]) if rows.height else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the home page shows of one gemeente, by figures of ``year``."""

    gemeente: Area
    year: int
    greatest: tuple[Greatest, ...]


def example(release: Release, language: Language) -> Example | None:
    """The first gemeente that has wijken, if the release is small enough to scan at once."""
    gemeenten = release.areas("gemeente")
    if not gemeenten or len(release.areas("buurt")) > EXAMPLE_BUURTEN:
        return None
    chosen = max(gemeenten, key=lambda g: (len(release.areas("wijk", g.code)), g.code))
    level = level_of(release, chosen, NOTHING_ASKED)
    results = scans(release, chosen.code, level)
    shown = greatest(release, results, language)
    if not shown:
        return None
    return Example(gemeente=chosen, year=results[0].year, greatest=shown[:3])
