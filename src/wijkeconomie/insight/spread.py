# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Do differences between neighbourhoods shrink?  Theil's T, split over nested levels.

Sources: Theil (1967), Economics and Information Theory; Shorrocks (1980), Econometrica 48
(decomposition); Tukey (1958), Annals of Mathematical Statistics 29 (jackknife, with Student's t);
Rubin (1981), Annals of Statistics 9 (Bayesian bootstrap, for what has no jackknife).

A percentage and its complement have different Theils, so percentages also get the 90th minus the
10th percentile.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.figures import areas
from wijkeconomie.figures.areas import COUNTRY
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.registry import Indicator, registry
from wijkeconomie.figures.release import ENOUGH, Release
from wijkeconomie.insight.results import Interval, SpreadChange, SpreadPoint, SpreadSeries

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_YEARS = 2
FEWEST_AREAS = 3  # two differ or not, but nothing tells how surely
_DRAWS = 500
_AT_ONCE = 250_000  # weights of drawn areas: 2 MB
_HIGH, _LOW = 0.9, 0.1
_ANY = 50.0  # a margin on the scale of logarithms that says nothing any more
_DIGITS = {"gemeente": 6, "wijk": 8, "buurt": 10}  # of a code, that name the area at this level


@dataclass(frozen=True, slots=True, kw_only=True)
class Theil:
    """``total`` (years,); ``between`` (levels + 1, years), outermost first, summing to it;
    ``groups`` (outermost groups, years), their parts, summing to it too."""

    total: Floats
    between: Floats
    groups: Floats


def theil(values: Floats, weights: Floats, *nested: Ints) -> Theil:
    """Weighted Theil T of ``values`` (areas, years), split over nested groupings.

    ``weights`` (areas, years) or (areas, 1); ``nested`` are group numbers (areas,), outermost
    first, non-decreasing as areas in the order of their codes give.  NaN, and areas without
    weight, do not take part; an area at zero adds nothing (x ln x goes to 0).  Negative values have
    no Theil: they give NaN.  T = Σ_g s_g ln(μ_g/μ) + Σ_g s_g T_g, with s_g a group's share of all.
    """
    usable = np.isfinite(values) & (weights > 0)
    people = np.where(usable, weights, 0.0)
    held = np.where(usable, values, 0.0) * people
    starts = [np.flatnonzero(np.diff(group, prepend=-1)) for group in nested]
    outer = starts[0] if nested else np.zeros(1, np.int64)
    whole = np.add.reduceat(held, outer, axis=0).sum(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.add.reduceat(people, outer, axis=0).sum(0) / whole

        def parts(held: Floats, people: Floats) -> Floats:
            """Each one's s ln(μ/mean)."""
            logs = np.zeros_like(held)
            np.log(held / people * relative, where=held != 0, out=logs)
            logs *= held / whole
            return logs

        own = parts(held, people)
        outward = [
            parts(np.add.reduceat(held, s, axis=0), np.add.reduceat(people, s, axis=0)).sum(0)
            for s in starts
        ]
    groups = np.add.reduceat(own, outer, axis=0)
    total = groups.sum(0)
    between = np.diff(np.stack([*outward, total]), axis=0, prepend=0.0)
    return Theil(total=total, between=between, groups=groups if nested else own)


def without_each(values: Floats, weights: Floats) -> Floats:
    """The total Theil without each area in turn (areas, years): the jackknife.

    Without an area that takes no part it is the whole.  Takes what :func:`theil` takes.
    """
    usable = np.isfinite(values) & (weights > 0)
    people = np.where(usable, weights, 0.0)
    held = np.where(usable, values, 0.0) * people
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(held == 0, 0.0, held * np.log(np.where(usable, values, 1.0)))
        everyone, whole, entropy = (part.sum(0) - part for part in (people, held, logs))
        left: Floats = np.maximum(entropy / whole - np.log(whole / everyone), 0.0)
    return left


def percentile_gap(values: Floats, weights: Floats) -> Floats:
    """90th minus 10th weighted percentile of ``values`` (areas,).

    ``weights`` (areas,) or (draws, areas); one gap a draw.  A percentile is the
    smallest figure with at least that share of the weight at or below it.
    """
    order = np.argsort(values, kind="stable")
    ordered, below = values[order], np.cumsum(np.atleast_2d(weights)[:, order], axis=1)
    level = below[:, -1:] * (1.0 - 1e-12)
    high = (below >= _HIGH * level).argmax(1)
    low = (below >= _LOW * level).argmax(1)
    return np.asarray(ordered[high] - ordered[low])


def quartiles(values: Iterable[float]) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile of what is known of *values*, each of the same
    weight, as of the figures of some peers; three times NaN where nothing is known.

    Between two figures on a straight line (definition 7 of Hyndman & Fan 1996, The American
    Statistician 50).  Plain Python: a page asks it of hundreds of short lists.
    """
    known = sorted(v for v in values if math.isfinite(v))
    if not known:
        return math.nan, math.nan, math.nan

    def at(share: float) -> float:
        place = share * (len(known) - 1)
        low = int(place)
        high = min(low + 1, len(known) - 1)
        return known[low] + (place - low) * (known[high] - known[low])

    return at(0.25), at(0.5), at(0.75)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """One indicator of the areas of a level inside another: values and weights (areas, years)."""

    entry: Indicator
    codes: tuple[str, ...]
    years: Ints
    values: Floats
    weights: Floats

    def of(self, year: int) -> tuple[Floats, Floats]:
        (at,) = np.flatnonzero(self.years == year)
        return self.values[:, at], self.weights[:, at]

    def known_in(self, years: Iterable[int]) -> _Figures:
        """The same, of the areas that take part in each of the years only."""
        known = np.ones(len(self.codes), bool)
        for values, weights in map(self.of, years):
            known &= np.isfinite(values) & (weights > 0)
        codes = tuple(code for code, kept in zip(self.codes, known.tolist(), strict=True) if kept)
        return replace(self, codes=codes, values=self.values[known], weights=self.weights[known])


@lru_cache(maxsize=64)
def spread(release: Release, indicator: str, level: str, within: str | None = None) -> SpreadSeries:
    """Spread of an indicator over all years, weighted by the people, homes or firms concerned.

    ``level`` wijk or buurt (or gemeente); ``within`` a gemeente or wijk, else the country.  Years
    in which fewer than three areas have a figure, or fewer than half of those of the fullest year,
    are left out, and so are groups of which no area has one.  Of a figure that may lie below zero
    there are no points.  Raises WrongUse ``no_areas_of_level`` for a level that lies not inside.
    """
    within = within or COUNTRY
    if level not in areas.LEVELS[areas.LEVELS.index(areas.level(within)) + 1 :]:
        raise WrongUse("no_areas_of_level", code=within, level=level[:20])
    found = _figures(release, indicator, level, within)
    has_theil = found.codes and measured(found.entry)
    points = _points(found, level, within) if has_theil else ()
    return SpreadSeries(indicator=indicator, level=level, within=within, points=points)


def comparable(found: SpreadSeries) -> tuple[SpreadPoint, ...]:
    """Those after the last break: before it the figure means something else."""
    breaks = registry().indicators[found.indicator].breaks
    since = max((b.year for b in breaks), default=0)
    return tuple(point for point in found.points if point.year >= since)


def changed(release: Release, found: SpreadSeries) -> SpreadChange | None:
    """From the first to the last comparable year; None where there are no two, or too few areas
    have a figure in both."""
    points = comparable(found)
    if len(points) < FEWEST_YEARS:
        return None
    ends = points[0].year, points[-1].year
    moved = change(release, found.indicator, found.level, found.within, ends)
    return moved if moved.areas >= FEWEST_AREAS else None


def measured(entry: Indicator) -> bool:
    """Theil's index is of shares of a whole: there are none near 0, nor of what is no average; and
    that an area has more inhabitants than another is no inequality."""
    return registry().lowest(entry) >= 0 and entry.unaveraged is None and not entry.is_size


def _figures(release: Release, indicator: str, level: str, within: str) -> _Figures:
    try:
        entry = registry().indicators[indicator]
    except KeyError:
        raise Refusal("unknown_indicator", indicator=indicator[:60]) from None
    release.area(within)
    inside = {area.code for area in release.areas(level, within)}
    panel = release.panel(level, (indicator, entry.denominator or "population"))
    rows = np.array([row for row, code in enumerate(panel.codes) if code in inside], np.int64)
    own = panel.status[:, rows, 0] != Status.APPORTIONED  # parts of one area have one figure
    values = np.where(own, panel.values[:, rows, 0], np.nan)
    return _Figures(
        entry=entry, codes=tuple(panel.codes[row] for row in rows), years=panel.years,
        values=values.T, weights=panel.values[:, rows, 1].T,
    )  # fmt: skip


@lru_cache(maxsize=64)
def change(
    release: Release, indicator: str, level: str, within: str, years: tuple[int, int]
) -> SpreadChange:
    """Did the differences shrink from the first year to the last?  Both must be points of
    :func:`spread`.

    Areas without a figure in one of them do not take part: that a figure of a rich area is new
    would else look as if differences grew.  The same areas are left out or drawn in both years, so
    what they have in common falls out: two intervals that overlap can still hide a sure change
    (Schenker & Gentleman 2001, The American Statistician 55).  For percentages the gap between high
    and low, else the Theil index.  Raises WrongUse ``year_not_loaded``.
    """
    every = _figures(release, indicator, level, within)
    for year in years:
        if year not in every.years:
            loaded = ", ".join(map(str, release.years))
            raise WrongUse("year_not_loaded", year=str(year), years=loaded)
    found = every.known_in(years)
    in_points = found.entry.unit == "percent"
    whole = max(int((np.isfinite(v) & (w > 0)).sum()) for v, w in map(every.of, years))
    before, after, ratio = math.nan, math.nan, Interval(low=0.0, high=math.inf)
    if len(found.codes) >= FEWEST_AREAS:
        both = _gaps(found, years) if in_points else _theils(found, years)
        (before, after), ratio = (one.value for one in both), _ratio(*both)
    moved = "smaller" if ratio.high < 1 else "larger" if ratio.low > 1 else "unclear"
    return SpreadChange(
        years=years, measure="gap" if in_points else "theil", before=before, after=after,
        ratio=ratio, areas=len(found.codes), of=whole,
        direction=moved,  # type: ignore[arg-type]
    )  # fmt: skip


def _points(found: _Figures, level: str, within: str) -> tuple[SpreadPoint, ...]:
    inner = areas.LEVELS[
        areas.LEVELS.index(areas.level(within)) + 1 : areas.LEVELS.index(level) + 1
    ]
    codes, values, weights = found.codes, found.values, found.weights
    split = theil(values, weights, *(_groups(codes, name) for name in inner[:-1]))
    outer = _named(codes, inner[0])
    known = np.isfinite(values) & (weights > 0)
    counts = known.sum(0)
    of = _groups(codes, inner[0])
    held = np.array([known[of == n].any(0) for n in range(len(outer))])
    enough = max(FEWEST_AREAS, ENOUGH * counts.max(initial=0))
    kept = np.flatnonzero((counts >= enough) & np.isfinite(split.total))
    years = tuple(int(found.years[y]) for y in kept)
    gaps = _gaps(found, years) if found.entry.unit == "percent" else [None] * len(years)
    return tuple(
        SpreadPoint(
            year=year, areas=int(counts[y]), theil=measured.value, interval=measured.interval(),
            parts=tuple((name, float(split.between[n, y])) for n, name in enumerate(inner)),
            groups=tuple(
                (name, float(split.groups[n, y])) for n, name in enumerate(outer) if held[n, y]
            ),
            gap=gap.value if gap else None, gap_interval=gap.interval() if gap else None,
        )
        for y, year, measured, gap in zip(kept, years, _theils(found, years), gaps, strict=True)
    )  # fmt: skip


def _areas_drawn(count: int) -> Floats:
    """Bayesian bootstrap weights (draws, areas): the same areas weigh the same in every year."""
    return np.random.default_rng(0).standard_exponential((_DRAWS, count))


@dataclass(frozen=True, slots=True)
class _Measured:
    """A measure of one year, and how it comes out without each area, or of drawn areas.

    ``areas`` took part, which are ``took`` of the jackknife's; None where areas were drawn.  It is
    ``most`` at most.
    """

    value: float
    others: Floats
    areas: int
    most: float
    took: NDArray[np.bool_] | None = None

    @property
    def known(self) -> bool:
        """Whether the others tell how sure it is: not where there are no differences without one
        area, or in more than a twentieth of the draws, nor where all come out the same."""
        gone = float(np.mean(self.others <= self.value * 1e-9))
        enough = gone == 0 if self.took is not None else gone <= 0.05
        return self.value > 0 and enough and float(np.ptp(self.others)) > self.value * 1e-9

    @property
    def logs(self) -> Floats:
        """Of the others; no differences at all for the least there are."""
        logs: Floats = np.log(np.maximum(self.others, self.others[self.others > 0].min()))
        return logs

    def interval(self) -> Interval:
        """Of 90 %, on the scale of logarithms, for a measure of differences is skew; all that can
        be where that cannot be told."""
        if not self.known:
            return Interval(low=0.0, high=self.most if self.value > 0 else float(self.others.max()))
        margin = _margin(self.logs, self.areas, self.took)
        high = min(self.value * math.exp(margin), self.most)
        return Interval(low=self.value * math.exp(-margin), high=max(high, self.value))


def _ratio(before: _Measured, after: _Measured) -> Interval:
    """How many times the differences before are those after, both of the same areas."""
    if not (before.known and after.known):
        return Interval(low=0.0, high=math.inf)
    margin = _margin(after.logs - before.logs, before.areas, before.took)
    ratio = after.value / before.value
    return Interval(low=ratio * math.exp(-margin), high=ratio * math.exp(margin))


def _margin(logs: Floats, count: int, took: NDArray[np.bool_] | None) -> float:
    """Half of a 90 % interval by Student's t: of few areas the variance itself is unsure.

    Of drawn areas the variance is too small by (n - 1) / (n + 1).
    """
    from scipy.special import stdtrit  # noqa: PLC0415 -- heavy

    if took is None:
        variance = float(np.var(logs)) * (count + 1) / (count - 1)
    else:
        variance = float(np.var(logs[took])) * (int(took.sum()) - 1)
    return min(float(stdtrit(count - 1, 0.95)) * math.sqrt(variance), _ANY)


def _theils(found: _Figures, years: Iterable[int]) -> list[_Measured]:
    """Of each of the years, by the jackknife.

    In simulation the interval that is named 90 % holds the truth 82–90 times in 100 from four areas
    on (of three 96), less where areas differ more, and of worlds that did not change 9–11 in 100
    seem to (by a bootstrap 28–56 of three to twelve areas).
    """
    return [_theil(*found.of(year)) for year in years]


def _theil(values: Floats, weights: Floats) -> _Measured:
    took = np.isfinite(values) & (weights > 0)
    people, values, weights = weights[took], values[:, None], weights[:, None]
    most = math.log(people.sum() / people.min())  # one area has all
    total, others = theil(values, weights).total[0], without_each(values, weights)[:, 0]
    return _Measured(float(total), others, len(people), most, took)


def _gaps(found: _Figures, years: Iterable[int]) -> list[_Measured]:
    """P90 − P10 of each of the years, of drawn areas: a percentile has no jackknife."""
    draws = _areas_drawn(len(found.codes))
    return [_gap(*found.of(year), draws) for year in years]


def _gap(values: Floats, weights: Floats, draws: Floats) -> _Measured:
    usable = np.isfinite(values) & (weights > 0)
    held, people = values[usable], weights[usable]
    some = np.array_split(draws, draws.size // _AT_ONCE + 1)  # the country does not fit in a cache
    others = np.concatenate([percentile_gap(held, people * part[:, usable]) for part in some])
    return _Measured(float(percentile_gap(held, people)[0]), others, len(held), most=100.0)


def _groups(codes: tuple[str, ...], level: str) -> Ints:
    names = [code[2 : _DIGITS[level]] for code in codes]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _named(codes: tuple[str, ...], level: str) -> list[str]:
    prefix = {"gemeente": "GM", "wijk": "WK", "buurt": "BU"}[level]
    return sorted({prefix + code[2 : _DIGITS[level]] for code in codes})
