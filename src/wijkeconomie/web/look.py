# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""From figures and findings to what one sees: one indicator over the areas of a gemeente, the past
of one area, and their pictures, the same on a page, in a file and in a report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.figures.areas import COUNTRY, Area
from wijkeconomie.figures.missing import Status, status_word
from wijkeconomie.figures.refusal import Language, Refusal
from wijkeconomie.figures.registry import CONTEXT, PERSPECTIVES, Indicator, decimals_for, registry
from wijkeconomie.figures.release import ENOUGH, Release
from wijkeconomie.insight import opgave, wording
from wijkeconomie.insight.results import Direction, Finding, Gap, Scan
from wijkeconomie.insight.scan import places, scan_all
from wijkeconomie.insight.spread import quartiles
from wijkeconomie.web import charts, maps
from wijkeconomie.web.context import LEVELS, Asked, Beside

Cell = tuple[float | None, Status | None]  # no status where no loaded table has the cell
NO_CELL: Cell = (None, None)
_SIDES: tuple[opgave.Side, ...] = ("behind", "ahead", "level")  # what asks for attention first
_DIRECTIONS: tuple[Direction, ...] = ("worsening", "steady", "unclear", "improving")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """An area with its figure; where we do not judge it ``finding`` and ``place`` are None.

    ``place``: first and last place that it may have among these areas (90 %), 1 for the worst."""

    area: Area
    value: float | None
    status: Status | None
    finding: Finding | None
    place: tuple[int, int] | None = None

    @property
    def word(self) -> str:
        """Why there is a figure, or none, as it stands in a file."""
        return status_word(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One indicator over the areas of one level: what map, ranking and table show.

    ``beside``: what the colours of the map compare with; ``years``: those with figures here;
    ``judged``: the year of the opgaven, None where the figure is not judged here; ``until``: the
    year that was asked, after which nothing counts."""

    gemeente: Area
    level: str
    indicator: Indicator
    year: int
    ranked: tuple[Ranked, ...]
    country: float | None
    beside: Beside
    years: tuple[int, ...] = ()
    judged: int | None = None
    until: int | None = None

    @property
    def others(self) -> tuple[int, ...]:
        """The other years that can be looked at."""
        return tuple(year for year in self.years if year != self.year)

    @property
    def elsewhen(self) -> int | None:
        """The year that is judged, where it is another than the one that is shown."""
        return self.judged if self.year in self.years and self.judged != self.year else None

    @property
    def values(self) -> dict[str, Cell]:
        return {r.area.code: (r.value, r.status) for r in self.ranked}

    @property
    def held_against(self) -> tuple[Beside, ...]:
        """What the colours of a map can compare with here; nothing where neither side is better."""
        if self.indicator.better == "neither":
            return ()
        alike: tuple[Beside, ...] = ("vergelijkbaar",) if any(map(_gap, self.ranked)) else ()
        return alike if self.country is None else ("land", *alike)

    @property
    def most(self) -> tuple[float, ...]:
        """The figures of the row that needs most decimals: a list prints all as it does."""
        return most_decimals(self.indicator, [r.finding for r in self.ranked if r.finding])

    @property
    def by_name(self) -> tuple[Ranked, ...]:
        return tuple(sorted(self.ranked, key=lambda r: r.area.name))

    @property
    def unknown(self) -> tuple[Ranked, ...]:
        return tuple(r for r in self.ranked if r.value is None)

    @property
    def apportioned(self) -> tuple[Ranked, ...]:
        """Whose figure is that of a larger area of before, as it is of the others in it."""
        return tuple(r for r in self.ranked if r.status is Status.APPORTIONED)

    @property
    def converted(self) -> tuple[Ranked, ...]:
        """Whose figure was computed anew for boundaries that changed."""
        return tuple(r for r in self.ranked if r.status is Status.MOVED)


def most_decimals(indicator: Indicator, findings: Sequence[Finding]) -> tuple[float, ...]:
    """Of findings in one list what is printed in the one that needs most decimals."""
    return max(
        (f.printed for f in findings), default=(), key=lambda p: decimals_for(indicator, p)
    )  # fmt: skip


def _gap(ranked: Ranked) -> Gap | None:
    return ranked.finding.peers if ranked.finding else None


@lru_cache(maxsize=16)
def scans(release: Release, gemeente: str, level: str, year: int | None = None) -> tuple[Scan, ...]:
    """Scans of all areas of a level, largest opgave first; kept, because every choice of the
    page needs them."""
    return scan_all(release, gemeente, level, year)


def _judged_in(results: Sequence[Scan], indicator: Indicator) -> int | None:
    """The year of the opgaven: its figures have an interval and stand beside others."""
    return next((f.year for f in _found(results, indicator)), None)


def look(release: Release, gemeente: Area, asked: Asked) -> Look:
    """What was asked, with a sensible choice where nothing was; of a year that the newest scan does
    not judge, as that year's own scan judges it.

    Raises Refusal("no_figures_of") when no area of this level has a figure of the indicator.
    """
    if asked.year and asked.year not in release.years:
        raise unknown_year(release, asked.year)
    level = level_of(release, gemeente, asked)
    results, then = (scans(release, gemeente.code, level, y) for y in (None, asked.year))
    telling = asked.indicator or _telling(release, gemeente.code, then, level, asked.year)
    indicator = registry().indicators[telling]
    by = asked.year if asked.year and _judged_in(results, indicator) != asked.year else None
    results = then if by else results
    newest = release.newest(indicator.id, level, gemeente.code)
    if newest is None:
        raise Refusal("no_figures_of", indicator=indicator.id, level=level)
    year = asked.year or _judged_in(results, indicator) or newest
    seen = Look(
        gemeente=gemeente, level=level, indicator=indicator, year=year,
        ranked=_ranked(release, gemeente, level, indicator, year, results, by),
        country=release.country(indicator.id, year) if indicator.beside_country else None,
        beside="land",
        years=tuple(release.filled(level, gemeente.code).get(indicator.id, {})),
        judged=_judged_in(results, indicator), until=asked.year,
    )  # fmt: skip
    possible = seen.held_against
    return seen if not possible else replace(seen, beside=_chosen(asked.beside, possible))


def _chosen(asked: str, possible: tuple[Beside, ...]) -> Beside:
    """What was asked if that can be; else the country, which is the same for all areas."""
    return next((name for name in possible if name == asked), possible[0])


def level_of(release: Release, gemeente: Area, asked: Asked) -> str:
    """The level that was asked, else wijken, unless the gemeente has only one of them."""
    if asked.level in ("wijk", "buurt"):
        return asked.level
    return "wijk" if len(release.areas("wijk", gemeente.code)) > 1 else "buurt"


def _telling(
    release: Release, gemeente: str, results: tuple[Scan, ...], level: str, year: int | None
) -> str:
    """The indicator of the greatest opgave (of the year); without any the first with figures."""
    known = (i.id for _p, listed in choices(release, level, gemeente) for i in listed)
    found = (f.indicator for r in results for f in asking(r) if year in (None, f.year))
    return next(found, next(known, "population"))


def choices(
    release: Release, level: str, gemeente: str
) -> tuple[tuple[str, tuple[Indicator, ...]], ...]:
    """Indicators that have any figure at this level of a gemeente, by perspective."""
    known = release.filled(level, gemeente)
    return tuple(
        (p, tuple(i for i in registry().of_perspective(p) if i.id in known))
        for p in (*PERSPECTIVES, CONTEXT)
    )


def told_at(release: Release, gemeente: str, indicator: str) -> tuple[str, ...]:
    """The levels of a gemeente for which a table of any year holds the figure, be it as a secret;
    of an own table perhaps its buurten only."""

    def told(level: str, year: int) -> bool:
        cells = release.map(indicator, year, level)["area"]
        return bool((cells.str.slice(2, 4) == gemeente[2:6]).any())

    return tuple(
        level
        for level in LEVELS
        if indicator in release.filled(level) and any(told(level, y) for y in release.years[::-1])
    )


def lacking(release: Release, gemeente: str, indicator: str, language: Language) -> str:
    """For which levels a figure was not loaded, in words; "" where it was for all."""
    told = told_at(release, gemeente, indicator)
    others = tuple(n for n in LEVELS if n not in told and release.areas(n, gemeente))
    if not told or not others:
        return ""
    said = _("This figure was loaded for {told}, not for {others}.")
    return said.format(told=levels_of(told, language), others=levels_of(others, language))


def levels_of(names: tuple[str, ...], language: Language) -> str:
    """``de gemeente en de wijken``."""
    said = [_("the {level}").format(level=wording.level(n, language, many=n != "gemeente"))
            for n in names]  # fmt: skip
    return (
        _("{first} and {last}").format(first=", ".join(said[:-1]), last=said[-1])
        if len(said) > 1
        else "".join(said)
    )


def asking(result: Scan) -> tuple[Finding, ...]:
    """Findings that ask for something now."""
    return tuple(f for f in result.findings if f.kind in ("own", "shared"))


def opgaven(result: Scan) -> tuple[Finding, ...]:
    """Those that are called an opgave: with one reference we know of a lag, not of which kind."""
    return tuple(f for f in asking(result) if f.shown)


def _ranked(
    release: Release, gemeente: Area, level: str, indicator: Indicator, year: int,
    results: tuple[Scan, ...], by: int | None,
) -> tuple[Ranked, ...]:  # fmt: skip
    """Worst first; unknown last, because it is no place in a ranking; *by* the scan of which year
    (None: the newest) ``results`` are."""
    found = {f.area: f for f in _found(results, indicator) if f.year == year}
    known = cells(release, indicator.id, level, year)
    place = places(release, gemeente.code, level, indicator.id, by) if found else {}
    nothing = no_cell(indicator, year)
    rows = [
        Ranked(area=area, value=value, status=status, finding=finding,
               place=place.get(area.code) if finding else None)
        for area in release.areas(level, gemeente.code)
        for value, status in [known.get(area.code, nothing)]
        for finding in [found.get(area.code)]
    ]  # fmt: skip
    sign = 1.0 if indicator.better == "higher" else -1.0
    return tuple(sorted(rows, key=lambda r: (r.value is None, sign * _at(r), r.area.name)))


def _found(results: Sequence[Scan], indicator: Indicator) -> Iterator[Finding]:
    return (f for r in results for f in r.findings if f.indicator == indicator.id)


def cells(release: Release, indicator: str, level: str, year: int) -> dict[str, Cell]:
    """Of every area of a level the figure, or why there is none."""
    rows = release.map(indicator, year, level).iter_rows()
    return {area: (value, Status(status)) for area, value, status, _source in rows}


def no_cell(indicator: Indicator, year: int) -> Cell:
    """Why no table of a year has a figure: it was published no more by then, or nobody loaded it
    for this area; that is never a silence of the source."""
    ended = bool(indicator.until) and year > indicator.until
    return (None, Status.ENDED) if ended else NO_CELL


def _at(ranked: Ranked) -> float:
    """Where it stands: by the estimate if there is one, so that chance is no first place."""
    return ranked.finding.estimate if ranked.finding else ranked.value or 0.0


def unknown_year(release: Release, year: int) -> Refusal:
    """The refusal of a year outside the release."""
    first, last = str(release.years[0]), str(release.years[-1])
    return Refusal("unknown_year", year=str(year), first=first, last=last)


Years = dict[int, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Every year of one area beside its peers (lower quartile, median, upper quartile) and the
    country, and the finding of the newest year, by indicator."""

    code: str
    name: str
    years: tuple[int, ...]
    own: Mapping[str, Years]
    peers: Mapping[str, Mapping[int, tuple[float, float, float]]]
    country: Mapping[str, Mapping[int, float]]
    judged: Mapping[str, Finding]

    def moves(self, indicator: str) -> bool:
        """Are there two years to draw a line through?  One dot says less than its bar."""
        known = self.own.get(indicator, {}).values()
        return sum(value is not None for value, _status in known) > 1

    def drawn(self, indicators: Iterable[str]) -> set[int]:
        """Every year of which a chart of one of these shows a figure, be it of others alone."""
        shown = [indicator for indicator in indicators if self.moves(indicator)]
        own = {y for i in shown for y, (value, _s) in self.own[i].items() if value is not None}
        others = {y for i in shown for of in (self.peers, self.country) for y in of.get(i, ())}
        return own | others.intersection(self.years)

    def interval(self, indicator: str) -> tuple[float, float] | None:
        """That of the newest figure, where it was judged."""
        found, newest = self.judged.get(indicator), self.newest(indicator)
        if found is None or newest is None or newest[1] != found.year:
            return None
        return found.interval.low, found.interval.high

    def newest(self, indicator: str) -> tuple[float, int] | None:
        """The newest figure and its year."""
        known = {y: v for y, (v, _s) in self.own.get(indicator, {}).items() if v is not None}
        return (known[max(known)], max(known)) if known else None


def past(release: Release, result: Scan, until: int | None = None) -> Past:
    """Read the series of a scanned area, its good peers and the country, up to a year if asked."""
    years = tuple(year for year in release.years if until is None or year <= until)
    codes = [peer.area.code for peer in result.peers.list if result.peers.good]
    return Past(
        code=result.area.code,
        name=result.area.name,
        years=years,
        own=_own(release.series(result.area.code).filter(pl.col("year").is_in(years))),
        peers=_quartiles([release.series(code) for code in codes]) if codes else {},
        country=_country(release),
        judged={finding.indicator: finding for finding in result.findings},
    )


def _own(frame: pl.DataFrame) -> dict[str, Years]:
    own: dict[str, Years] = {}
    rows = frame.select("indicator", "year", "value", "status").iter_rows()
    for indicator, year, value, status in rows:
        own.setdefault(indicator, {})[year] = (value, Status(status))
    return own


def _quartiles(frames: list[pl.DataFrame]) -> dict[str, dict[int, tuple[float, float, float]]]:
    own = pl.concat(frames).filter(pl.col("status") != int(Status.APPORTIONED))  # of these areas
    each = own.drop_nulls("value").group_by("indicator", "year").agg("value")
    found: dict[str, dict[int, tuple[float, float, float]]] = {}
    for indicator, year, values in each.iter_rows():
        judged = registry().indicators[indicator].unaveraged is None
        if judged and len(values) >= ENOUGH * len(frames):  # of a few it is another line
            found.setdefault(indicator, {})[year] = quartiles(values)
    return found


@lru_cache(maxsize=4)
def _country(release: Release) -> dict[str, dict[int, float]]:
    known: dict[str, dict[int, float]] = {}
    if not release.areas("land"):
        return known
    rows = release.series(COUNTRY).drop_nulls("value").select("indicator", "year", "value")
    for indicator, year, value in rows.iter_rows():
        if registry().indicators[indicator].beside_country:  # 17 million beside 800 says nothing
            known.setdefault(indicator, {})[year] = value
    return known


def fmt(indicator: Indicator, language: Language) -> charts.Fmt:
    """How a figure of this indicator is written, with its unit."""

    def written(value: float, *beside: float, margin: Sequence[float] = ()) -> str:
        return wording.quantity(value, indicator, language, beside=beside, margin=margin)

    return written


def mark(finding: Finding, label: str, *, past: Past | None = None, href: str = "",
         current: bool = False) -> charts.Mark:  # fmt: skip
    """A finding as the charts draw it: dot, bar, tick of the peers and of the country."""
    quartiles = past.peers.get(finding.indicator, {}).get(finding.year) if past else None
    return charts.Mark(
        label=label, value=finding.value, status=finding.status,
        low=finding.interval.low, high=finding.interval.high,
        peers=finding.peers.reference if finding.peers else None,
        spread=(quartiles[0], quartiles[2]) if quartiles and finding.peers else None,
        country=finding.country.reference if finding.country else None,
        perspective=finding.perspective, href=href, current=current,
    )  # fmt: skip


def figure(
    finding: Finding,
    past: Past,
    language: Language,
    *,
    prefix: str = "f",
    width: float = 440,
    standalone: bool = False,
    note: str = "",
) -> str:
    """The one way to draw a figure; one drawn twice on a page needs another *prefix*."""
    indicator = registry().indicators[finding.indicator]
    return charts.figure_bar(
        mark(finding, past.name, past=past, href="" if standalone else source(finding)),
        title=f"{indicator.label[language]}, {past.name}, {finding.year}",
        fmt=fmt(indicator, language),
        prefix=f"{prefix}-{finding.area}-{finding.indicator}",
        language=language,
        width=width,
        standalone=standalone,
        note=note,
    )


def source(finding: Finding) -> str:
    """The address of the page that says where a figure comes from."""
    return reverse("trace", args=[finding.area, finding.indicator, finding.year])


def series(
    past: Past,
    indicator: Indicator,
    language: Language,
    *,
    width: float = 306,
    standalone: bool = False,
    note: str = "",
) -> str:
    """One indicator over the years, with the peers' median, the country and the breaks."""
    known = past.own.get(indicator.id, {})
    own = [known.get(year) or no_cell(indicator, year) for year in past.years]
    peers, country = past.peers.get(indicator.id, {}), past.country.get(indicator.id, {})
    return charts.series(
        past.years, [value for value, _status in own],
        statuses=[status for _value, status in own],
        peers=[peers[year][1] if year in peers else None for year in past.years],
        country=[country.get(year) for year in past.years], least=indicator.least_span,
        interval=past.interval(indicator.id), breaks=[b.year for b in indicator.breaks],
        title=f"{indicator.label[language]}, {past.name}", fmt=fmt(indicator, language),
        prefix=f"s-{past.code}-{indicator.id}", perspective=indicator.perspective,
        language=language, width=width, standalone=standalone, note=note,
    )  # fmt: skip


def quadrant(result: Scan, language: Language, *, standalone: bool = False, note: str = "") -> str:
    """Level beside the peers by trend beside the peers, both in the peers' own spread (MAD)."""
    title = _("Level and trend beside comparable areas, {name}").format(name=result.area.name)
    return charts.quadrant(
        points(result, language), title=title, prefix=f"q-{result.area.code}", language=language,
        standalone=standalone, note=note,
    )  # fmt: skip


def points(result: Scan, language: Language) -> list[charts.Point]:
    """What the quadrant shows: every figure with a place beside the peers and a trend, what asks
    for attention first.  Their numbers in the picture are their places here."""
    order = [
        wording.standing(side, direction, language) for side in _SIDES for direction in _DIRECTIONS
    ]
    found = [point for f in result.findings if (point := _point(f, language)) is not None]
    return sorted(found, key=lambda point: order.index(point.said))


def _point(finding: Finding, language: Language) -> charts.Point | None:
    entry = registry().indicators[finding.indicator]
    at = opgave.position(finding, entry.better)
    if at is None or finding.peers is None:
        return None
    side, direction = (
        opgave.side(finding.peers, entry.better, entry.matters),
        finding.trend.direction,
    )
    return charts.Point(
        label=entry.label[language], indicator=finding.indicator, level=at[0], trend=at[1],
        said=wording.standing(side, direction, language),
        sure=side != "level" and direction in ("improving", "worsening"),
        perspective=finding.perspective, href=reverse("indicator", args=[finding.indicator]),
    )  # fmt: skip


def ranking(
    seen: Look,
    language: Language,
    *,
    most: int,
    part: slice = slice(None),
    width: float = 480,
    standalone: bool = False,
    note: str = "",
) -> str:
    """Areas below each other on one scale, worst first, each with its interval; ``part`` as of
    the chart."""
    return charts.ranking(
        [_ranked_mark(r, seen.indicator) for r in seen.ranked[:most]],
        title=_title(seen, language),
        fmt=fmt(seen.indicator, language),
        prefix=f"r{part.start or ''}-{seen.gemeente.code}-{seen.indicator.id}",
        language=language, width=width, standalone=standalone, note=note, part=part,
    )  # fmt: skip


def _ranked_mark(ranked: Ranked, indicator: Indicator) -> charts.Mark:
    href = reverse("area", args=[ranked.area.code])
    if ranked.finding is not None:
        return mark(ranked.finding, ranked.area.name, href=href)
    return charts.Mark(
        label=ranked.area.name, value=ranked.value, status=ranked.status,
        perspective=indicator.perspective, href=href,
    )  # fmt: skip


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
    """The areas coloured by how far they are from what they are held against, hatched where that is
    not known."""
    return maps.svg_map(
        shapes,
        seen.values,
        title=_title(seen, language),
        fmt=fmt(seen.indicator, language),
        shade=shade(seen, language),
        prefix=f"{prefix}-{seen.gemeente.code}-{seen.indicator.id}",
        language=language,
        href=lambda code: reverse("area", args=[code]),
        current=current,
        what=with_unit(seen.indicator, language),
        standalone=standalone,
        note=note,
    )


def shade(seen: Look, language: Language) -> maps.Shade:
    """What the colours of a map tell: the figures around that of the country, or how far each area
    is from the middle of its own comparable areas."""
    better = seen.indicator.better
    if seen.beside == "land" or not seen.held_against:
        written = fmt(seen.indicator, language)
        return maps.Shade(
            of={r.area.code: r.value for r in seen.ranked}, middle=seen.country, better=better,
            fmt=written, matters=seen.indicator.matters,
            head=_("compared with the country: {figure}").format(figure=written(seen.country))
            if seen.country is not None else "",
        )  # fmt: skip
    return maps.Shade(
        of={r.area.code: gap.published if (gap := _gap(r)) else None for r in seen.ranked},
        middle=0.0,
        better=better,
        fmt=_apart(seen.indicator, language),
        head=_("each beside its own comparable areas"),
        unknown=_("unknown or nothing to compare with"),
        told=True,
        matters=seen.indicator.matters,
    )


def _apart(indicator: Indicator, language: Language) -> charts.Fmt:
    """How a distance is written, with its sign: ``+5,4 procentpunt``, ``−€ 1.300``, ``+0,3 km``."""

    def written(value: float, *beside: float, margin: Sequence[float] = ()) -> str:
        others, ends = ([abs(other) for other in given] for given in (beside, margin))
        size = wording.quantity(abs(value), indicator, language, beside=others, margin=ends)
        if indicator.unit == "percent":
            size = _("{number} percentage points").format(number=size.rstrip(" %"))
        sign = ("−" if value < 0 else "+") if any(d in size for d in "123456789") else ""
        return sign + size

    return written


def with_unit(indicator: Indicator, language: Language) -> str:
    """``Mensen met bijstand (%)``; a count, and a name that says its unit, need none."""
    label, unit = indicator.label[language], wording.unit(indicator.unit, language)
    return label if indicator.is_count or unit in label else f"{label} ({unit})"


def values(seen: Look, shapes: tuple[maps.Shape, ...], language: Language) -> dict[str, Any]:
    """The same figures as the map's, for the interactive map."""
    shaded = shade(seen, language)
    return maps.values_document(
        shapes,
        seen.values,
        shade=shaded,
        beside="; ".join(filter(None, (str(seen.year), shaded.head))),
        fmt=fmt(seen.indicator, language),
        language=language,
        href=lambda code: reverse("area", args=[code]),
    )
