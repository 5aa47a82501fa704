# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Small numbers: borrow strength from areas of the same urbanity (empirical Bayes by moments).

Sources: Kleinman (1973), JASA 68 (beta-binomial by moments); Marshall (1991), Applied Statistics 40
(gamma-Poisson for regional rates); Morris (1983), JASA 78 (normal).  The Scottish and English
indices of deprivation shrink in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Prior = tuple[float, float]

FEWEST_AREAS = 30  # a class with fewer areas borrows from the whole country
_STRONGEST = 1e6  # prior weight where areas do not differ at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """What we believe of one indicator in each area, before rounding is drawn.

    ``family``: ``share`` (beta-binomial), ``rate`` (gamma-Poisson) or ``mean`` (normal).
    ``count`` is the number counted (of ``size``), for a mean the figure itself; ``half`` the
    half-width of its rounding, ``random`` whether that rounding was random (CBS, to fives).
    ``first`` and ``second`` are the prior's parameters: beta a and b, gamma shape and rate, normal
    mean and variance; ``noise`` the sampling variance of a mean.  All (areas,), NaN where unknown.
    """

    family: str
    scale: float
    count: Floats
    size: Floats
    half: Floats
    random: bool
    first: Floats
    second: Floats
    noise: Floats

    def mean(self) -> Floats:
        """Posterior mean in the indicator's unit: published where areas are large, pulled to its
        class where they are small."""
        if self.family == "share":
            return self.scale * (self.count + self.first) / (self.size + self.first + self.second)
        if self.family == "rate":
            return self.scale * (self.count + self.first) / (self.size + self.second)
        weight = self.second / (self.second + self.noise)
        return self.first + weight * (self.count - self.first)


def beta_binomial(count: Floats, size: Floats, error: Floats | float = 0.0) -> Prior:
    """Prior (a, b) of shares by weighted moments (Kleinman 1973).

    ``count`` of ``size`` in each area; ``error`` is the variance that rounding adds to a count.
    Areas that differ less than chance alone would make them give a very strong prior; one area
    alone says nothing of how areas differ and gets Jeffreys' prior.
    """
    if len(size) == 1:
        return 0.5, 0.5
    mean, between = _moments(count, size, error, lambda m: m * (1.0 - m))
    if mean <= 0.0 or mean >= 1.0:
        mean = min(max(mean, 1e-6), 1.0 - 1e-6)
    strength = min(max(mean * (1.0 - mean) / between - 1.0, 1e-3), _STRONGEST)
    return mean * strength, (1.0 - mean) * strength


def gamma_poisson(count: Floats, size: Floats, error: Floats | float = 0.0) -> Prior:
    """Prior (shape, rate) of a rate per head by weighted moments (Marshall 1991); Jeffreys' for one
    area alone."""
    if len(size) == 1:
        return 0.5, 1e-9
    mean, between = _moments(count, size, error, lambda m: m)
    mean = max(mean, 1e-9)
    strength = min(mean / between, _STRONGEST)
    return mean * strength, strength


def _moments(
    count: Floats, size: Floats, error: Floats | float, within: Callable[[float], float]
) -> Prior:
    """Mean and between-area variance of count / size, sampling and rounding taken off."""
    total = float(size.sum())
    mean = float(count.sum()) / total
    spread = float((size * (count / size - mean) ** 2).sum()) - float(np.sum(error / size))
    chance = within(mean) * (len(size) - 1)
    between = (spread - chance) / (total - float((size**2).sum()) / total)
    return mean, max(between, 1e-12)


def normal(value: Floats, size: Floats, error: float = 0.0) -> tuple[float, float, float]:
    """Mean, variance between areas and variance of one person, household or firm.

    For means (income, scores) whose persons we do not see: the squared distance to the class mean
    is regressed on 1 / size; the intercept is what truly differs, the slope is chance (moments of
    Fay & Herriot 1979, with known sizes instead of known variances).
    """
    mean = float(np.average(value, weights=size))
    square, inverse = (value - mean) ** 2, 1.0 / size
    weight = np.minimum(size, np.median(size)) ** 2  # or the smallest few decide the slope
    centred = inverse - np.average(inverse, weights=weight)
    bottom = float((weight * centred**2).sum())
    slope = max(float((weight * centred * square).sum()) / bottom, 0.0) if bottom > 0 else 0.0
    between = float(np.average(square - slope * inverse, weights=weight)) - error
    return mean, max(between, 1e-12), slope


def by_class(
    values: tuple[Floats, ...], classes: Floats, estimate: Callable[..., tuple[float, ...]]
) -> Floats:
    """Estimate within each class of urbanity; (areas, parameters).

    ``values`` are arrays (areas,) handed to ``estimate``; areas with a NaN do not take part but do
    get their class's parameters.  Small and unknown classes get those of all areas.
    """
    usable = np.logical_and.reduce([np.isfinite(v) for v in values])
    if not usable.any():
        return np.full((len(classes), 3), np.nan)
    overall = estimate(*(v[usable] for v in values))
    result = np.tile(np.array(overall), (len(classes), 1))
    for urbanity in np.unique(classes[np.isfinite(classes)]):
        member = classes == urbanity
        if (member & usable).sum() >= FEWEST_AREAS:
            result[member] = estimate(*(v[member & usable] for v in values))
    return result
