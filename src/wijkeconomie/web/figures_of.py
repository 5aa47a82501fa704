# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""From findings and figures to pictures: the same drawing on a page, in a file and in a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.figures.areas import COUNTRY
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import wording
from wijkeconomie.insight.results import Finding, Scan, SpreadSeries
from wijkeconomie.web import charts, maps
from wijkeconomie.web.look import Look, Ranked

Years = dict[int, tuple[float | None, Status]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Every year of one area beside its peers (lower quartile, median, upper quartile) and the
    country, by indicator."""

    code: str
    name: str
    years: tuple[int, ...]
    own: Mapping[str, Years]
    peers: Mapping[str, Mapping[int, tuple[float, float, float]]]
    country: Mapping[str, Mapping[int, float]]

    def moves(self, indicator: str) -> bool:
        """Are there two years to draw a line through?  One dot says less than its bar."""
        known = self.own.get(indicator, {}).values()
        return sum(value is not None for value, _status in known) > 1

    def newest(self, indicator: str) -> tuple[float, int] | None:
        """The newest figure and its year."""
        known = {year: v for year, (v, _s) in self.own.get(indicator, {}).items() if v is not None}
        return (known[max(known)], max(known)) if known else None


def past(release: Release, result: Scan) -> Past:
    """Read the series of a scanned area, its peers and the country."""
    codes = [peer.area.code for peer in result.peers.list]
    return Past(
        code=result.area.code,
        name=result.area.name,
        years=release.years,
        own=_own(release.series(result.area.code)),
        peers=_quartiles([release.series(code) for code in codes]),
        country=_country(release),
    )


def _own(frame: pl.DataFrame) -> dict[str, Years]:
    own: dict[str, Years] = {}
    rows = frame.select("indicator", "year", "value", "status").iter_rows()
    for indicator, year, value, status in rows:
        own.setdefault(indicator, {})[year] = (value, Status(status))
    return own


def _quartiles(frames: list[pl.DataFrame]) -> dict[str, dict[int, tuple[float, float, float]]]:
    if not frames:
        return {}
    value = pl.col("value")
    rows = (
        pl.concat(frames)
        .drop_nulls("value")
        .group_by("indicator", "year")
        .agg(value.quantile(0.25, "linear").alias("low"), value.median().alias("middle"),
             value.quantile(0.75, "linear").alias("high"))
    )  # fmt: skip
    found: dict[str, dict[int, tuple[float, float, float]]] = {}
    for indicator, year, low, middle, high in rows.iter_rows():
        found.setdefault(indicator, {})[year] = (low, middle, high)
    return found


@lru_cache(maxsize=4)
def _country(release: Release) -> dict[str, dict[int, float]]:
    known: dict[str, dict[int, float]] = {}
    if not release.areas("land"):
        return known
    rows = release.series(COUNTRY).drop_nulls("value").select("indicator", "year", "value")
    for indicator, year, value in rows.iter_rows():
        if not registry().indicators[indicator].is_count:  # 17 million beside 800 says nothing
            known.setdefault(indicator, {})[year] = value
    return known


def fmt(indicator: Indicator, language: Language) -> Callable[[float], str]:
    """How a figure of this indicator is written, with its unit."""
    return partial(wording.quantity, indicator=indicator, language=language)


def mark(finding: Finding, label: str, *, past: Past | None = None, href: str = "",
         current: bool = False) -> charts.Mark:  # fmt: skip
    """A finding as the charts draw it: dot, bar, tick of the peers and of the country."""
    quartiles = past.peers.get(finding.indicator, {}).get(finding.year) if past else None
    return charts.Mark(
        label=label,
        value=finding.value,
        status=finding.status,
        low=finding.interval.low,
        high=finding.interval.high,
        peers=finding.peers.reference if finding.peers else None,
        spread=(quartiles[0], quartiles[2]) if quartiles and finding.peers else None,
        country=finding.country.reference if finding.country else None,
        perspective=finding.perspective,
        href=href,
        current=current,
    )


def figure(
    finding: Finding,
    past: Past,
    language: Language,
    *,
    prefix: str = "f",
    standalone: bool = False,
    note: str = "",
) -> str:
    """The one way to draw a figure; one drawn twice on a page needs another *prefix*."""
    indicator = registry().indicators[finding.indicator]
    return charts.figure_bar(
        mark(finding, past.name, past=past),
        title=f"{indicator.label[language]}, {past.name}, {finding.year}",
        fmt=fmt(indicator, language),
        prefix=f"{prefix}-{finding.area}-{finding.indicator}",
        language=language,
        standalone=standalone,
        note=note,
    )


def series(
    past: Past,
    indicator: Indicator,
    language: Language,
    *,
    standalone: bool = False,
    note: str = "",
) -> str:
    """One indicator over the years, with the peers' median, the country and the breaks."""
    own = past.own.get(indicator.id, {})
    peers, country = past.peers.get(indicator.id, {}), past.country.get(indicator.id, {})
    missing = (None, Status.UNKNOWN)
    return charts.series(
        past.years,
        [own.get(year, missing)[0] for year in past.years],
        title=f"{indicator.label[language]}, {past.name}",
        fmt=fmt(indicator, language),
        prefix=f"s-{past.code}-{indicator.id}",
        statuses=[own.get(year, missing)[1] for year in past.years],
        peers=[peers[year][1] if year in peers else None for year in past.years],
        country=[country.get(year) for year in past.years],
        breaks=[b.year for b in indicator.breaks],
        perspective=indicator.perspective,
        language=language,
        standalone=standalone,
        note=note,
    )


def quadrant(result: Scan, language: Language, *, standalone: bool = False, note: str = "") -> str:
    """Level beside the peers by trend beside the peers, both in the peers' own spread (MAD)."""
    return charts.quadrant(
        [point for f in result.findings if (point := _point(f, language)) is not None],
        title=_("Level and trend beside comparable areas, {name}").format(name=result.area.name),
        prefix=f"q-{result.area.code}",
        language=language,
        standalone=standalone,
        note=note,
    )


def _point(finding: Finding, language: Language) -> charts.Point | None:
    at = position(finding)
    if at is None:
        return None
    return charts.Point(
        label=registry().indicators[finding.indicator].label[language],
        level=at[0],
        trend=at[1],
        perspective=finding.perspective,
        href=reverse("indicator", args=[finding.indicator]),
    )


def position(finding: Finding) -> tuple[float, float] | None:
    """Level and trend a year beside the peers, in their own spread; above zero is better.

    None where the peers, their spread or the trend is not known.
    """
    gap, slope = finding.peers, finding.trend.slope
    if gap is None or not gap.score or slope is None or not gap.size:
        return None
    sign = 1.0 if registry().indicators[finding.indicator].better == "higher" else -1.0
    spread = abs(gap.size / gap.score)
    return sign * gap.size / spread, sign * slope / spread


def ranking(
    seen: Look, language: Language, *, most: int, standalone: bool = False, note: str = ""
) -> str:
    """Areas below each other on one scale, worst first, each with its interval."""
    return charts.ranking(
        [_ranked_mark(r, seen.indicator) for r in seen.ranked[:most]],
        title=_title(seen, language),
        fmt=fmt(seen.indicator, language),
        prefix=f"r-{seen.gemeente.code}-{seen.indicator.id}",
        language=language,
        standalone=standalone,
        note=note,
    )


def _ranked_mark(ranked: Ranked, indicator: Indicator) -> charts.Mark:
    href = reverse("area", args=[ranked.area.code])
    if ranked.finding is not None:
        return mark(ranked.finding, ranked.area.name, href=href)
    return charts.Mark(
        label=ranked.area.name,
        value=ranked.value,
        status=ranked.status,
        perspective=indicator.perspective,
        href=href,
    )


def _title(seen: Look, language: Language) -> str:
    return f"{seen.indicator.label[language]}, {seen.gemeente.name}, {seen.year}"


def map_of(
    seen: Look,
    shapes: tuple[maps.Shape, ...],
    language: Language,
    *,
    prefix: str = "m",
    current: str = "",
    standalone: bool = False,
    note: str = "",
) -> str:
    """The areas coloured around the peers' median, hatched where nothing is known."""
    return maps.svg_map(
        shapes,
        seen.values,
        title=_title(seen, language),
        fmt=fmt(seen.indicator, language),
        prefix=f"{prefix}-{seen.gemeente.code}-{seen.indicator.id}",
        language=language,
        middle=seen.middle,
        better=seen.indicator.better,
        href=lambda code: reverse("area", args=[code]),
        current=current,
        what=_with_unit(seen.indicator, language),
        against=seen.against,
        standalone=standalone,
        note=note,
    )


def _with_unit(indicator: Indicator, language: Language) -> str:
    """``Mensen met bijstand (%)``; a count, and a name that says its unit, need none."""
    label, unit = indicator.label[language], wording.unit(indicator.unit, language)
    return label if indicator.is_count or unit in label else f"{label} ({unit})"


def spread_line(
    found: SpreadSeries, name: str, language: Language, *, standalone: bool = False, note: str = ""
) -> str:
    """Inequality between areas over the years, with its interval: percentage points, else the
    Theil index."""
    indicator = registry().indicators[found.indicator]
    points = [p for p in found.points if p.gap is not None and p.gap_interval is not None]
    in_points = len(points) == len(found.points)
    bands = [p.gap_interval if in_points else p.interval for p in found.points]
    return charts.spread_line(
        [p.year for p in found.points],
        [p.gap if in_points else p.theil for p in found.points],
        low=[b.low if b else None for b in bands],
        high=[b.high if b else None for b in bands],
        title=_("Differences in {what}, {name}").format(what=indicator.label[language], name=name),
        measure=charts.WORDS[language]["gap_measure" if in_points else "theil_measure"],
        breaks=[b.year for b in indicator.breaks],
        fmt=partial(_points if in_points else _theil, language=language),
        prefix=f"d-{found.within}-{found.indicator}",
        language=language,
        standalone=standalone,
        note=note,
    )


def _points(value: float, language: Language) -> str:
    return _("{number} points").format(number=wording.number(value, 1, language))


def _theil(value: float, language: Language) -> str:
    return wording.number(value, 3, language)


def values(seen: Look, shapes: tuple[maps.Shape, ...], language: Language) -> dict[str, Any]:
    """The same figures as the map's, for the interactive map."""
    return maps.values_document(
        shapes,
        seen.values,
        fmt=fmt(seen.indicator, language),
        language=language,
        middle=seen.middle,
        better=seen.indicator.better,
        href=lambda code: reverse("area", args=[code]),
    )
