# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Do differences between neighbourhoods shrink?  Theil's T, split over nested levels.

Sources: Theil (1967), Economics and Information Theory; Shorrocks (1980), Econometrica 48
(decomposition); Rubin (1981), Annals of Statistics 9 (Bayesian bootstrap).  A percentage and its
complement have different Theils, so percentages also get the 90th minus the 10th percentile.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.figures import areas
from wijkeconomie.figures.areas import COUNTRY
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight.results import Interval, SpreadChange, SpreadPoint, SpreadSeries

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_AREAS = 2
_DRAWS = 500
_HIGH, _LOW = 0.9, 0.1
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


def bootstrap(values: Floats, weights: Floats, *, draws: int = _DRAWS, seed: int = 0) -> Floats:
    """Draws (draws, years) of the total Theil under the Bayesian bootstrap of areas.

    The same areas weigh the same in every year, so a change between years is paired.  One matrix
    product; scaled by (n + 1) / n, because drawn weights repeat areas and shrink every variance.
    """
    usable = np.isfinite(values) & (weights > 0)
    people = np.where(usable, weights, 0.0)
    held = np.where(usable, values, 0.0) * people
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(held == 0, 0.0, held * np.log(np.where(usable, values, 1.0)))
        drawn = np.random.default_rng(seed).standard_exponential((draws, len(values)))
        sums = drawn @ np.concatenate([people, held, logs], axis=1)
        everyone, whole, entropy = np.split(sums, 3, axis=1)
        count = usable.sum(0)
        theils: Floats = (entropy / whole - np.log(whole / everyone)) * (count + 1) / count
    return theils


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


@lru_cache(maxsize=64)
def spread(release: Release, indicator: str, level: str, within: str | None = None) -> SpreadSeries:
    """Spread of an indicator over all years, weighted by the people, homes or firms concerned.

    ``level`` wijk or buurt (or gemeente); ``within`` a gemeente or wijk, else the country.  Years
    in which fewer than two areas have a figure are left out.
    """
    within = within or COUNTRY
    found = _figures(release, indicator, level, within)
    has_theil = found.codes and registry().lowest(found.entry) >= 0  # no shares of a whole near 0
    points = _points(found, level, within) if has_theil else ()
    return SpreadSeries(indicator=indicator, level=level, within=within, points=points)


def _figures(release: Release, indicator: str, level: str, within: str) -> _Figures:
    try:
        entry = registry().indicators[indicator]
    except KeyError:
        raise Refusal("unknown_indicator", indicator=indicator[:60]) from None
    release.area(within)
    inside = {area.code for area in release.areas(level, within)}
    panel = release.panel(level, (indicator, entry.denominator or "population"))
    rows = np.array([row for row, code in enumerate(panel.codes) if code in inside], np.int64)
    return _Figures(
        entry=entry, codes=tuple(panel.codes[row] for row in rows), years=panel.years,
        values=panel.values[:, rows, 0].T, weights=panel.values[:, rows, 1].T,
    )  # fmt: skip


@lru_cache(maxsize=64)
def change(
    release: Release, indicator: str, level: str, within: str, years: tuple[int, int]
) -> SpreadChange:
    """Did the differences shrink from the first year to the last?  Both must be points of
    :func:`spread`.

    The same areas are drawn in both years, so what they have in common falls out: two intervals
    that overlap can still hide a sure change (Schenker & Gentleman 2001, The American Statistician
    55).  For percentages the gap between high and low, else the Theil index.
    """
    found = _figures(release, indicator, level, within)
    draws = _areas_drawn(len(found.codes))
    measure: Literal["gap", "theil"] = "gap" if found.entry.unit == "percent" else "theil"
    if measure == "gap":
        (first, before), (last, after) = (_gaps(*found.of(y), draws) for y in years)
    else:
        at = [int(np.flatnonzero(found.years == y)[0]) for y in years]
        first, last = theil(found.values, found.weights).total[at]
        before, after = bootstrap(found.values, found.weights)[:, at].T
    interval = _interval(after - before)
    moved = "smaller" if interval.high < 0 else "larger" if interval.low > 0 else "unclear"
    return SpreadChange(
        years=years, measure=measure, size=float(last - first), interval=interval,
        direction=moved,  # type: ignore[arg-type]
    )  # fmt: skip


def _points(found: _Figures, level: str, within: str) -> tuple[SpreadPoint, ...]:
    inner = areas.LEVELS[
        areas.LEVELS.index(areas.level(within)) + 1 : areas.LEVELS.index(level) + 1
    ]
    codes, values, weights = found.codes, found.values, found.weights
    split = theil(values, weights, *(_groups(codes, name) for name in inner[:-1]))
    drawn, draws = bootstrap(values, weights), _areas_drawn(len(codes))
    outer = _named(codes, inner[0])
    counts = (np.isfinite(values) & (weights > 0)).sum(0)
    gaps = [
        _gaps(values[:, y], weights[:, y], draws) if found.entry.unit == "percent" and n else None
        for y, n in enumerate(counts)
    ]
    return tuple(
        SpreadPoint(
            year=int(found.years[y]), areas=int(counts[y]), theil=float(split.total[y]),
            interval=_interval(drawn[:, y]),
            parts=tuple((name, float(split.between[n, y])) for n, name in enumerate(inner)),
            groups=tuple(zip(outer, split.groups[:, y].tolist(), strict=True)),
            gap=None if gap is None else gap[0],
            gap_interval=None if gap is None else _interval(gap[1], gap[0]),
        )
        for y, gap in enumerate(gaps)
        if counts[y] >= FEWEST_AREAS and np.isfinite(split.total[y])
    )  # fmt: skip


def _areas_drawn(count: int) -> Floats:
    """Bayesian bootstrap weights (draws, areas): the same areas weigh the same in every year."""
    return np.random.default_rng(0).standard_exponential((_DRAWS, count))


def _gaps(values: Floats, weights: Floats, draws: Floats) -> tuple[float, Floats]:
    """P90 − P10, and its draws, scaled by (n + 1) / n as those of Theil are.

    Drawn areas lie within those that there are, so the draws of few are too small: of twelve by
    14 %, scaled by 7 %.  In simulation the 90 % interval then holds the truth about 90 times in 100
    of 40 areas or more, 83 of 20 and 69 of eight (unscaled 58), and misses it above.  Basic and
    bias-corrected intervals hold it less often: nobody has seen the tails of so few.
    """
    usable = np.isfinite(values) & (weights > 0)
    held, people = values[usable], weights[usable]
    gap = float(percentile_gap(held, people)[0])
    grown = (len(held) + 1) / len(held) if len(held) else 1.0
    return gap, percentile_gap(held, people * draws[:, usable]) * grown


def _interval(drawn: Floats, *holds: float) -> Interval:
    """Of the middle 90 % of the draws, and what it *holds* in any case."""
    ends = (*np.quantile(drawn, (0.05, 0.95)).tolist(), *holds)
    return Interval(low=min(ends), high=max(ends))


def _groups(codes: tuple[str, ...], level: str) -> Ints:
    names = [code[2 : _DIGITS[level]] for code in codes]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _named(codes: tuple[str, ...], level: str) -> list[str]:
    prefix = {"gemeente": "GM", "wijk": "WK", "buurt": "BU"}[level]
    return sorted({prefix + code[2 : _DIGITS[level]] for code in codes})
