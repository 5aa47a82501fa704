# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""One indicator over the areas of a gemeente: what its map, ranking, table and files show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight.results import Finding, Scan
from wijkeconomie.insight.scan import scan_all
from wijkeconomie.web.asked import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """An area with its figure; ``finding`` is None where we do not judge it."""

    area: Area
    value: float | None
    status: Status
    finding: Finding | None


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
        return median(self._references) if self._references else self.country

    @property
    def against(self) -> str:
        """Which of the two the middle is: ``peers_median`` or ``country``."""
        return "peers_median" if self._references else "country"

    @property
    def _references(self) -> list[float]:
        return [r.finding.peers.reference for r in self.ranked if r.finding and r.finding.peers]

    @property
    def by_name(self) -> tuple[Ranked, ...]:
        return tuple(sorted(self.ranked, key=lambda r: r.area.name))

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
    level = asked.level if asked.level in ("wijk", "buurt") else default_level(release, gemeente)
    results = scans(release, gemeente.code, level)
    indicator = registry().indicators[asked.indicator or _telling(results)]
    year = asked.year or release.newest(indicator.id, level)
    if asked.year and asked.year not in release.years:
        raise unknown_year(release, asked.year)
    if year is None:
        raise Refusal("no_figures_of", indicator=indicator.id, level=level)
    return Look(
        gemeente=gemeente,
        level=level,
        indicator=indicator,
        year=year,
        ranked=_ranked(release, gemeente, level, indicator, year, results),
        country=None if indicator.is_count else release.country(indicator.id, year),
    )


def default_level(release: Release, gemeente: Area) -> str:
    """Wijken, unless the gemeente has only one of them."""
    return "wijk" if len(release.areas("wijk", gemeente.code)) > 1 else "buurt"


def _telling(results: tuple[Scan, ...]) -> str:
    """The indicator of the greatest opgave; without any, social assistance as a start."""
    return next((f.indicator for r in results for f in asking(r)), "social_assistance")


def asking(result: Scan) -> tuple[Finding, ...]:
    """Findings that ask for something now."""
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


def unknown_year(release: Release, year: int) -> Refusal:
    """The refusal of a year outside the release."""
    first, last = str(release.years[0]), str(release.years[-1])
    return Refusal("unknown_year", year=str(year), first=first, last=last)
