# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of a gemeente: where is the opgave greatest, and do the differences shrink?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import median

import polars as pl
from django.utils.translation import gettext as _

from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language, Refusal
from wijkeconomie.figures.registry import CONTEXT, PERSPECTIVES, Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import wording
from wijkeconomie.insight.results import Finding, Scan, SpreadPoint
from wijkeconomie.insight.scan import scan_all
from wijkeconomie.insight.spread import spread
from wijkeconomie.web import figures_of, maps
from wijkeconomie.web.asked import Asked
from wijkeconomie.web.context import Crumb, crumbs
from wijkeconomie.web.templatetags.figures import LEVELS

GREATEST_SHOWN = 4
RANKED_DRAWN = 30  # more lines than this are read in the table
EXAMPLE_BUURTEN = 2000
FEWEST_YEARS = 2
FEWEST_AREAS = 3  # spread over fewer areas says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """An area with its figure; ``finding`` is None where we do not judge it."""

    area: Area
    value: float | None
    status: Status
    finding: Finding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Greatest:
    """An area whose opgave is among the greatest."""

    area: Area
    finding: Finding
    sentence: str
    drawing: str
    opgaven: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One indicator over the areas of one level: what map, ranking and table show."""

    gemeente: Area
    level: str
    indicator: Indicator
    year: int
    ranked: tuple[Ranked, ...]
    country: float | None

    @property
    def values(self) -> dict[str, tuple[float | None, Status]]:
        return {r.area.code: (r.value, r.status) for r in self.ranked}

    @property
    def middle(self) -> float | None:
        """The peers' median that most areas are held against, else the country's figure."""
        references = [r.finding.peers.reference for r in self.ranked if r.finding and r.finding.peers]
        return median(references) if references else self.country

    @property
    def unknown(self) -> tuple[Ranked, ...]:
        return tuple(r for r in self.ranked if r.value is None)


@lru_cache(maxsize=16)
def scans(release: Release, gemeente: str, level: str) -> tuple[Scan, ...]:
    """Scans of all areas of a level, largest opgave first; kept, because every choice of the
    page needs them."""
    return scan_all(release, gemeente, level)


def look(release: Release, gemeente: Area, asked: Asked) -> Look:
    """What was asked, with a sensible choice where nothing was.

    Raises Refusal("no_figures_of") when no area of this level has a figure of the indicator.
    """
    level = asked.level if asked.level in ("wijk", "buurt") else _level(release, gemeente)
    results = scans(release, gemeente.code, level)
    indicator = registry().indicators[asked.indicator or _telling(results)]
    year = asked.year or release.newest(indicator.id, level)
    if year is None:
        raise Refusal("no_figures_of", indicator=indicator.id, level=level)
    return Look(
        gemeente=gemeente,
        level=level,
        indicator=indicator,
        year=year,
        ranked=_ranked(release, gemeente, level, indicator, year, results),
        country=release.country(indicator.id, year),
    )


def _level(release: Release, gemeente: Area) -> str:
    """Wijken, unless the gemeente has only one of them."""
    return "wijk" if len(release.areas("wijk", gemeente.code)) > 1 else "buurt"


def _telling(results: tuple[Scan, ...]) -> str:
    """The indicator of the greatest opgave; without any, social assistance as a start."""
    return next((f.indicator for r in results for f in _asking(r)), "social_assistance")


def _asking(result: Scan) -> tuple[Finding, ...]:
    return tuple(f for f in result.findings if f.kind in ("own", "shared"))


def _ranked(
    release: Release, gemeente: Area, level: str, indicator: Indicator, year: int,
    results: tuple[Scan, ...],
) -> tuple[Ranked, ...]:  # fmt: skip
    """Worst first; unknown last, because it is no place in a ranking."""
    found = {
        f.area: f for r in results for f in r.findings
        if f.indicator == indicator.id and f.year == year
    }  # fmt: skip
    cells = {
        area: (value, Status(status))
        for area, value, status, _source in release.map(indicator.id, year, level).iter_rows()
    }
    rows = [
        _row(area, cells.get(area.code, (None, Status.UNKNOWN)), found.get(area.code))
        for area in release.areas(level, gemeente.code)
    ]
    sign = 1.0 if indicator.better == "higher" else -1.0
    return tuple(
        sorted(rows, key=lambda r: (r.value is None, sign * (r.value or 0.0), r.area.name))
    )


def _row(area: Area, cell: tuple[float | None, Status], finding: Finding | None) -> Ranked:
    return Ranked(area=area, value=cell[0], status=cell[1], finding=finding)


def greatest(release: Release, gemeente: str, level: str, language: Language) -> list[Greatest]:
    """The areas with the greatest opgave, each with its first finding."""
    results = [r for r in scans(release, gemeente, level) if _asking(r)][:GREATEST_SHOWN]
    return [_greatest(release, r, language) for r in results]


def _greatest(release: Release, result: Scan, language: Language) -> Greatest:
    asking = _asking(result)
    return Greatest(
        area=result.area,
        finding=asking[0],
        sentence=wording.sentence(asking[0], result.area, language),
        drawing=figures_of.figure(asking[0], figures_of.past(release, result), language),
        opgaven=len(asking),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Do the differences shrink?  First and last year after the last break of definition."""

    sentence: str
    drawing: str
    points: tuple[SpreadPoint, ...]


def spread_of(release: Release, seen: Look, language: Language) -> Spread | None:
    """None where there are fewer than two years to compare."""
    found = spread(release, seen.indicator.id, seen.level, seen.gemeente.code)
    since = max((b.year for b in seen.indicator.breaks), default=0)
    points = tuple(p for p in found.points if p.year >= since)
    if len(points) < FEWEST_YEARS or len(seen.ranked) < FEWEST_AREAS:
        return None
    return Spread(
        sentence=_spread_sentence(points[0], points[-1], seen, language),
        drawing=figures_of.spread_line(found, seen.gemeente.name, language),
        points=points,
    )


def _spread_sentence(
    first: SpreadPoint, last: SpreadPoint, seen: Look, language: Language
) -> str:
    """Smaller or larger only where the two intervals do not touch."""
    words = {"years": f"{first.year}–{last.year}", "levels": LEVELS[seen.level]}
    if last.interval.high < first.interval.low:
        said = _("The differences between {levels} became smaller ({years}).")
    elif last.interval.low > first.interval.high:
        said = _("The differences between {levels} became larger ({years}).")
    else:
        said = _("The differences between {levels} did not clearly change ({years}).")
    if first.gap is not None and last.gap is not None:
        said += " " + _(
            "Between high and low there were {then} percentage points in {first}, "
            "and {now} in {last}."
        )
        words |= {
            "then": wording.number(first.gap, 1, language), "first": str(first.year),
            "now": wording.number(last.gap, 1, language), "last": str(last.year),
        }  # fmt: skip
    return said.format(**words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """Everything on the page, in the order of the page."""

    area: Area
    crumbs: tuple[Crumb, ...]
    population: tuple[float, int] | None
    wijken: int
    buurten: int
    look: Look
    greatest: tuple[Greatest, ...]
    silent: int
    choices: tuple[tuple[str, tuple[Indicator, ...]], ...]
    map: str
    bounds: str
    ranking: str
    drawn: int
    spread: Spread | None


def municipality(
    release: Release, gemeente: Area, asked: Asked, language: Language
) -> Municipality:
    """Costs one scan of all its wijken or buurten, so pages are kept (see ``cache``)."""
    seen = look(release, gemeente, asked)
    shapes = maps.shapes(release.outlines(seen.level, gemeente.code))
    return Municipality(
        area=gemeente,
        crumbs=crumbs(release, gemeente),
        population=_population(release, gemeente.code),
        wijken=len(release.areas("wijk", gemeente.code)),
        buurten=len(release.areas("buurt", gemeente.code)),
        look=seen,
        greatest=tuple(greatest(release, gemeente.code, seen.level, language)),
        silent=sum(not r.findings for r in scans(release, gemeente.code, seen.level)),
        choices=choices(release, seen.level),
        map=figures_of.map_of(seen, shapes, language) if shapes else "",
        bounds=",".join(f"{edge:.5f}" for edge in maps.bounds(shapes)) if shapes else "",
        ranking=figures_of.ranking(seen, language, most=RANKED_DRAWN),
        drawn=min(RANKED_DRAWN, len(seen.ranked)),
        spread=spread_of(release, seen, language),
    )


def _population(release: Release, code: str) -> tuple[float, int] | None:
    rows = release.series(code).filter(pl.col("indicator") == "population").drop_nulls("value")
    return (rows["value"][-1], rows["year"][-1]) if rows.height else None


def choices(release: Release, level: str) -> tuple[tuple[str, tuple[Indicator, ...]], ...]:
    """Indicators that have any figure at this level, by perspective."""
    return tuple(
        (p, tuple(i for i in registry().of_perspective(p) if release.newest(i.id, level)))
        for p in (*PERSPECTIVES, CONTEXT)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the home page shows of one gemeente."""

    gemeente: Area
    greatest: tuple[Greatest, ...]


def example(release: Release, language: Language) -> Example | None:
    """The first gemeente that has wijken, if the release is small enough to scan at once."""
    gemeenten = release.areas("gemeente")
    if not gemeenten or len(release.areas("buurt")) > EXAMPLE_BUURTEN:
        return None
    chosen = max(gemeenten, key=lambda g: (len(release.areas("wijk", g.code)), g.code))
    shown = greatest(release, chosen.code, _level(release, chosen), language)
    return Example(gemeente=chosen, greatest=tuple(shown[:3])) if shown else None
