# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Do differences between neighbourhoods shrink?  Theil's T, split over nested levels.

Sources: Theil (1967), Economics and Information Theory; Shorrocks (1980), Econometrica 48
(decomposition); Rubin (1981), Annals of Statistics 9 (Bayesian bootstrap).  A percentage and its
complement have different Theils, so percentages also get the 90th minus the 10th percentile.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.figures import areas
from wijkeconomie.figures.areas import COUNTRY
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight.results import Interval, SpreadPoint, SpreadSeries

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


@lru_cache(maxsize=64)
def spread(release: Release, indicator: str, level: str, within: str | None = None) -> SpreadSeries:
    """Spread of an indicator over all years, weighted by the people, homes or firms concerned.

    ``level`` wijk or buurt (or gemeente); ``within`` a gemeente or wijk, else the country.  Years
    in which fewer than two areas have a figure are left out.
    """
    try:
        entry = registry().indicators[indicator]
    except KeyError:
        raise Refusal("unknown_indicator", indicator=indicator[:60]) from None
    within = within or COUNTRY
    release.area(within)
    inside = {area.code for area in release.areas(level, within)}
    panel = release.panel(level, (indicator, entry.denominator or "population"))
    rows = np.array([row for row, code in enumerate(panel.codes) if code in inside], np.int64)
    codes = tuple(panel.codes[row] for row in rows)
    values, weights = panel.values[:, rows, 0].T, panel.values[:, rows, 1].T
    has_theil = codes and registry().lowest(entry) >= 0  # no shares of a whole around zero
    points = _points(entry, level, within, codes, panel.years, values, weights) if has_theil else ()
    return SpreadSeries(indicator=indicator, level=level, within=within, points=points)


def _points(
    entry: Indicator,
    level: str,
    within: str,
    codes: tuple[str, ...],
    years: Ints,
    values: Floats,
    weights: Floats,
) -> tuple[SpreadPoint, ...]:
    inner = areas.LEVELS[
        areas.LEVELS.index(areas.level(within)) + 1 : areas.LEVELS.index(level) + 1
    ]
    nested = [_groups(codes, name) for name in inner[:-1]]
    split = theil(values, weights, *nested)
    drawn = bootstrap(values, weights)
    outer = _named(codes, inner[0])
    counts = (np.isfinite(values) & (weights > 0)).sum(0)
    gaps = [_gap(entry, values[:, y], weights[:, y]) for y in range(len(years))]
    return tuple(
        SpreadPoint(
            year=int(years[y]), areas=int(counts[y]), theil=float(split.total[y]),
            interval=_interval(drawn[:, y]),
            parts=tuple((name, float(split.between[n, y])) for n, name in enumerate(inner)),
            groups=tuple(zip(outer, split.groups[:, y].tolist(), strict=True)),
            gap=gaps[y][0], gap_interval=gaps[y][1],
        )
        for y in range(len(years))
        if counts[y] >= FEWEST_AREAS and np.isfinite(split.total[y])
    )  # fmt: skip


def _gap(
    entry: Indicator, values: Floats, weights: Floats
) -> tuple[float, Interval] | tuple[None, None]:
    """P90 − P10 with its interval, for percentages."""
    usable = np.isfinite(values) & (weights > 0)
    if entry.unit != "percent" or not usable.any():
        return None, None
    values, weights = values[usable], weights[usable]
    draws = np.random.default_rng(0).standard_exponential((_DRAWS, len(values)))
    gap = float(percentile_gap(values, weights)[0])
    return gap, _interval(percentile_gap(values, weights * draws))


def _interval(drawn: Floats) -> Interval:
    low, high = np.quantile(drawn, (0.05, 0.95))
    return Interval(low=float(low), high=float(high))


def _groups(codes: tuple[str, ...], level: str) -> Ints:
    names = [code[2 : _DIGITS[level]] for code in codes]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _named(codes: tuple[str, ...], level: str) -> list[str]:
    prefix = {"gemeente": "GM", "wijk": "WK", "buurt": "BU"}[level]
    return sorted({prefix + code[2 : _DIGITS[level]] for code in codes})
