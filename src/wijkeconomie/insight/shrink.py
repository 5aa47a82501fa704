# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Small numbers: borrow strength from areas of the same urbanity (empirical Bayes by moments).

How much areas differ is itself known from so many areas only.  Where they differ less than chance
would make them, a prior that is taken as known pulls everyone to one figure, with an interval of
no width.  So the prior is drawn too: its mean as a normal, its variance from the sum of squares as
a scaled inverse chi-square, both kept to what can be (a variance above zero).

Sources: Kleinman (1973), JASA 68 (beta-binomial by moments); Marshall (1991), Applied Statistics 40
(gamma-Poisson for regional rates); Morris (1983), JASA 78 (normal; the prior's own uncertainty
belongs in the interval); Efron & Morris (1972), JASA 67 (limited translation); Huber (1964), Annals
of Mathematical Statistics 35, and Spiegelhalter (2005), Statistics in Medicine 24 (winsorised
squares); Satterthwaite (1946), Biometrics Bulletin 2 (degrees of freedom of a sum of squares);
Wilson & Hilferty (1931), PNAS 17, and Marsaglia & Tsang (2000), ACM TOMS 26 (gamma from normal).
The Scottish and English indices of deprivation shrink in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Prior = tuple[float, float]
_Number = Floats | float
_Real = NDArray[Any]

DRAWS = 500
FEWEST_AREAS = 30  # a class with fewer areas borrows from the whole country
_FARTHEST = 4.0  # standard deviations that an area may count for in how areas differ
_STEPS, _SETTLED = 20, 1.0 - 1e-9  # steps at most, and the part of a sum that a last one keeps
_VAGUE = 0.5  # a variance of one that is known beforehand: its standard error, as a part of it
# An interval that holds nine of ten areas of a class holds fewer of its lowest and highest tenth:
# with this factor on the drawn variance between counted areas it held 86 % there (decision 0013).
_WIDER = 1.4
_MOST = 1.5  # standard errors that a figure may be moved towards its class
_STRONGEST = 1e6  # prior weight where areas do not differ at all
_LEAST = 1e-12  # variance between such areas


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """What we believe of one indicator in each area, before rounding is drawn.

    ``family``: ``share`` (beta-binomial), ``rate`` (gamma-Poisson) or ``mean`` (normal).
    ``count`` is the number counted (of ``size``), for a mean the figure itself; ``half`` the
    half-width of its rounding, ``random`` whether that rounding was random (CBS, to fives).
    ``first`` and ``second`` are the prior's parameters: beta a and b, gamma shape and rate, normal
    mean and variance; ``noise`` the sampling variance of a mean.  All (areas,), NaN where unknown.
    ``noisy`` is False for a mean that is measured and no matter of chance, such as a distance.
    ``drawn`` (classes, 3, draws) are possible values of both parameters and of the variance of one,
    ``classes`` (areas,) the row of each area; where None the prior is taken as known.
    ``least`` is the smallest figure that can be, which a mean's draws keep to.
    ``lent`` (areas,) is the part (0-1) of that prior's strength that an area takes; ``first`` and
    ``second`` have it in them.
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
    noisy: bool = True
    drawn: Floats | None = None
    classes: NDArray[np.int64] | None = None
    lent: Floats | None = None
    least: float = -np.inf

    def mean(self) -> Floats:
        """Posterior mean in the indicator's unit: published where areas are large, pulled to its
        class where they are small."""
        return self._of.mean(self)

    def rounding(self) -> Floats:
        """Half-width of the rounding of each figure, in the indicator's unit."""
        return self.half if not self._of.counted else self.scale * self.half / self.size

    @property
    def floor(self) -> float:
        """The smallest figure that can be: of what is counted, none."""
        return 0.0 if self._of.counted else self.least

    def limited(self, error: Floats, usable: NDArray[np.bool_]) -> Posterior:
        """The same, no area moved to its class by more than 1.5 standard errors of its figure.

        Efron & Morris (1972): an area that is really unlike its class would else be pulled to it as
        one that chance made unlike.  ``error`` (areas,) is the variance that rounding adds; what
        is not ``usable`` says nothing for itself and is not held back, nor is what is not moved at
        all: a figure without chance and rounding in it is itself.
        """
        variance, weight, moved = self._of.pull(self, error)
        most = _MOST * np.sqrt(variance)
        kept = np.divide(most, moved, out=np.ones_like(moved), where=moved > most)
        lent = kept * (1.0 - weight) / (1.0 - weight * kept)
        lent = np.where(usable & (kept < 1.0), lent, 1.0)
        first, second = self.weakened(self.first, self.second, lent)
        return replace(self, first=first, second=second, lent=lent)

    def weakened(self, first: _Real, second: _Real, lent: _Real) -> tuple[_Real, _Real]:
        """A prior of which an area takes only a part of the strength."""
        return self._of.weakened(first, second, lent)

    def levels(
        self, count: Singles, size: Singles, prior: tuple[Singles, Singles, Singles], chance: Chance
    ) -> Singles:
        """Draws (rows, draws) of the level, in the indicator's unit.

        ``count`` has a possible rounding error in it, ``prior`` its two parameters and a mean's
        sampling variance, which the draws may have each its own of.
        """
        return self._of.levels(self, count, size, prior, chance)

    @property
    def _of(self) -> _Family:
        return _FAMILIES[self.family]


@dataclass(frozen=True, slots=True)
class Chance:
    """Standard draws for each row, all (rows, draws): two of a normal and one uniform on ±1."""

    normal: Singles
    other: Singles
    lift: Singles


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Mean and variance between areas, and how well they are known.

    ``error`` is the standard error of the mean.  ``square`` is a weighted sum of squares with
    ``freedom`` degrees of freedom, of which ``taken`` is rounding and chance; the rest is ``per``
    times the variance between areas.  Of a mean ``within`` is the variance of one person, household
    or firm, ``within_error`` its standard error and ``share`` what it adds to ``taken``.
    """

    mean: float
    error: float
    square: float
    taken: float
    per: float
    freedom: float
    within: float = 0.0
    within_error: float = 0.0
    share: float = 0.0

    @property
    def between(self) -> float:
        return max((self.square - self.taken) / self.per, _LEAST)

    def draws(self, stream: int = 0) -> tuple[Floats, Floats, Floats]:
        """Possible means, variances between areas and variances of one, each (draws,); other
        draws for every *stream*."""
        uniform = _uniform(stream)
        within = self._withins(uniform[2])
        taken = self.taken + self.share * (within - self.within)
        step = 2.0 / (9.0 * self.freedom)  # chi-square from a normal: Wilson & Hilferty (1931)
        root = np.sqrt(step)
        most = (np.cbrt(self.square / np.maximum(taken, _LEAST)) - 1.0 + step) / root
        relative = np.maximum(1.0 - step + root * _below(most, uniform[1]), 0.3) ** 3
        between = (self.square / relative - taken) / self.per
        return (
            self.mean + self.error * _below(np.inf, uniform[0]),
            np.maximum(between, _LEAST),
            within,
        )

    def _withins(self, uniform: Floats) -> Floats:
        if not self.within_error:
            return np.full(DRAWS, max(self.within, 0.0))
        most = np.full(DRAWS, self.within / self.within_error)
        return np.maximum(self.within - self.within_error * _below(most, uniform), 0.0)


def _below(most: Floats | float, uniform: Floats) -> Floats:
    """Draws of a standard normal that is at most *most*."""
    from scipy.special import ndtr, ndtri  # noqa: PLC0415 -- heavy

    normals: Floats = ndtri(uniform * ndtr(np.maximum(most, -6.0)))
    return normals


@cache
def _uniform(stream: int) -> Floats:
    """Three rows of even steps on 0-1, each in its own order of chance, the same every time."""
    even = (np.arange(DRAWS) + 0.5) / DRAWS
    rng = np.random.default_rng((20261124, stream))
    return np.stack([rng.permutation(even) for _ in range(3)])


def normal(value: Floats, size: Floats, error: Floats | float = 0.0, one: float = 0.0) -> Moments:
    """Mean, variance between areas and variance of one person, household or firm.

    For means (income, scores) whose persons we do not see: the squared distance to the class mean
    is regressed on 1 / size; the intercept is what truly differs, the slope is chance (moments of
    Fay & Herriot 1979, with known sizes instead of known variances).  ``error`` is the variance of
    rounding.  Where areas differ much and none is very small, as in a national table, the slope
    says nothing: then ``one``, the standard deviation of one as known beforehand (0: not known),
    does, each by its precision; Fay and Herriot take it as known altogether.
    """
    mean = float(np.average(value, weights=size))
    square, inverse = (value - mean) ** 2, 1.0 / size
    weight = np.minimum(size, np.median(size)) ** 2  # or the smallest few decide the slope
    within, unsure = _sloped(square, inverse, weight, error)
    if one:
        before, vague = one**2, _VAGUE * one**2
        trust = vague**2 / (vague**2 + unsure**2) if unsure else 0.0  # in what we saw
        within, unsure = before + trust * (within - before), vague * float(np.sqrt(1.0 - trust))
    whole, per = float((weight * square).sum()), float(weight.sum())
    share, rounded = float((weight * inverse).sum()), float(np.sum(weight * error))
    kept = max(within, 0.0)
    each = max((whole - rounded - kept * share) / per, 0.0) + kept * inverse + error
    return Moments(
        mean=mean, error=float(np.sqrt((size**2 * each).sum())) / float(size.sum()),
        square=whole, taken=rounded + within * share, per=per,
        freedom=_freedom(weight * each, weight * square), within=within, within_error=unsure,
        share=share,
    )  # fmt: skip


def _sloped(
    square: Floats, inverse: Floats, weight: Floats, error: Floats | float
) -> tuple[float, float]:
    """Slope of squares on 1 / size and its standard error; (0, 0) where all are of one size."""
    lever = weight * (inverse - np.average(inverse, weights=weight))
    bottom = float((lever * inverse).sum())
    if bottom <= 0:
        return 0.0, 0.0
    slope = float((lever * (square - error)).sum()) / bottom
    kept = max(slope, 0.0)
    level = float(np.average(square - error - kept * inverse, weights=weight))
    each = max(level, 0.0) + kept * inverse + error
    return slope, float(np.sqrt(2.0 * (lever**2 * each**2).sum())) / bottom


def shares(count: Floats, size: Floats, error: Floats | float = 0.0) -> Moments:
    """Moments of count / size where chance is binomial."""
    return _counted(count, size, error, lambda m: m * (1.0 - m))


def rates(count: Floats, size: Floats, error: Floats | float = 0.0) -> Moments:
    """Moments of count / size where chance is Poisson."""
    return _counted(count, size, error, lambda m: m)


def _counted(
    count: Floats, size: Floats, error: Floats | float, within: Callable[[float], float]
) -> Moments:
    """Weighted by size; *within* is the variance of one at a mean."""
    total = float(size.sum())
    mean = float(count.sum()) / total
    squares = size * (count / size - mean) ** 2
    taken = float(np.sum(error / size)) + within(mean) * (len(size) - 1)
    per = total - float((size**2).sum()) / total  # above zero of two areas or more

    def each(square: float) -> Floats:
        """What each area is expected to add to the square."""
        return size * max((square - taken) / per, 0.0) + within(mean) + error / size

    squares = _winsorised(squares, each)
    square = float(squares.sum())
    expected = each(square)
    return Moments(
        mean=mean, error=float(np.sqrt((size * expected).sum())) / total, square=square,
        taken=taken, per=per, freedom=_freedom(expected, squares),
    )  # fmt: skip


def _winsorised(squares: Floats, expected: Callable[[float], Floats]) -> Floats:
    """Squares, none more than sixteen times what is expected of it: four standard deviations.

    A buurt with a large institution is no example of how its class differs.  What is expected
    depends on the sum, so by steps; they only go down.
    """
    held, total = squares, float(squares.sum())
    for _ in range(_STEPS):
        held = np.minimum(squares, _FARTHEST**2 * expected(total))
        before, total = total, float(held.sum())
        if total >= before * _SETTLED:
            break
    return held


def _freedom(expected: Floats, squares: Floats) -> float:
    """Degrees of freedom of a sum of *squares* with these expectations (Satterthwaite); fewer where
    the squares themselves vary more than those of a normal would."""
    variance = max(2.0 * float((expected**2).sum()), float(((squares - expected) ** 2).sum()))
    return 2.0 * float(expected.sum()) ** 2 / variance if variance > 0 else float(len(expected))


def _beta(mean: _Number, between: _Number) -> tuple[Floats, Floats]:
    mean = np.clip(mean, 1e-6, 1.0 - 1e-6)
    strength = np.clip(mean * (1.0 - mean) / between - 1.0, 1e-3, _STRONGEST)
    return mean * strength, (1.0 - mean) * strength


def _gamma(mean: _Number, between: _Number) -> tuple[Floats, Floats]:
    mean = np.maximum(mean, 1e-9)
    strength = np.minimum(mean / between, _STRONGEST)
    return mean * strength, strength


def _gammas(shape: Singles, normal: Singles, plain: Singles) -> Singles:
    """Gamma of unit rate from a standard normal (Wilson & Hilferty 1931); of a shape below one by
    way of shape + 1 and a uniform (Marsaglia & Tsang 2000), which *plain* gives on ±1."""
    low = shape < np.float32(1.0)
    boosted = np.where(low, shape + np.float32(1.0), shape)
    inner = np.float32(1.0) / (np.float32(9.0) * boosted)
    root = np.maximum(np.float32(1.0) - inner + normal * np.sqrt(inner), np.float32(1e-6))
    cubed: Singles = boosted * root * root * root
    if not low.any():
        return cubed
    uniform = np.float32(0.5) + np.float32(0.5) * np.clip(plain, -0.998, 0.998).astype(np.float32)
    lowered: Singles = np.where(low, cubed * uniform ** (np.float32(1.0) / shape), cubed)
    return lowered


class _Counted:
    """What a share and a rate have in common: a number counted, and a prior that counts too."""

    counted = True
    wider = _WIDER

    def weakened(self, first: _Real, second: _Real, lent: _Real) -> tuple[_Real, _Real]:
        return first * lent, second * lent


class _Share(_Counted):
    """Beta-binomial."""

    alone: Prior | None = (0.5, 0.5)

    def moments(self, count: Floats, size: Floats, error: _Number, _one: float) -> Moments:
        return shares(count, size, error)

    def parameters(self, mean: _Number, between: _Number) -> tuple[_Number, _Number]:
        return _beta(mean, between)

    def mean(self, b: Posterior) -> Floats:
        return b.scale * (b.count + b.first) / (b.size + b.first + b.second)

    def pull(self, b: Posterior, error: Floats) -> tuple[Floats, Floats, Floats]:
        rate = b.mean() / b.scale
        return _pull(b, rate, rate * (1.0 - rate), b.second + b.first, error)

    def levels(
        self, b: Posterior, count: Singles, size: Singles,
        prior: tuple[Singles, Singles, Singles], chance: Chance,
    ) -> Singles:  # fmt: skip
        count = np.maximum(count, np.float32(0.0))
        part = _gammas(count + prior[0], chance.normal, chance.lift)
        rest = np.maximum(size - count, np.float32(0.0))
        rest = _gammas(rest + prior[1], chance.other, -chance.lift)
        drawn: Singles = np.float32(b.scale) * (part / (part + rest))
        return drawn  # in this order never above the whole


class _Rate(_Counted):
    """Gamma-Poisson."""

    alone: Prior | None = (0.5, 1e-9)

    def moments(self, count: Floats, size: Floats, error: _Number, _one: float) -> Moments:
        return rates(count, size, error)

    def parameters(self, mean: _Number, between: _Number) -> tuple[_Number, _Number]:
        return _gamma(mean, between)

    def mean(self, b: Posterior) -> Floats:
        return b.scale * (b.count + b.first) / (b.size + b.second)

    def pull(self, b: Posterior, error: Floats) -> tuple[Floats, Floats, Floats]:
        rate = b.mean() / b.scale
        return _pull(b, rate, rate, b.second, error)

    def levels(
        self, b: Posterior, count: Singles, size: Singles,
        prior: tuple[Singles, Singles, Singles], chance: Chance,
    ) -> Singles:  # fmt: skip
        count = np.maximum(count, np.float32(0.0))
        part = _gammas(count + prior[0], chance.normal, chance.lift)
        drawn: Singles = np.float32(b.scale) * part / (size + prior[1])
        return drawn


class _Mean:
    """Normal; its count is the figure itself."""

    counted = False
    wider = 1.0
    alone: Prior | None = None

    def moments(self, count: Floats, size: Floats, error: _Number, one: float) -> Moments:
        return normal(count, size, error, one)

    def parameters(self, mean: _Number, between: _Number) -> tuple[_Number, _Number]:
        return mean, between

    def mean(self, b: Posterior) -> Floats:
        weight = b.second / (b.second + b.noise)
        return b.first + weight * (b.count - b.first)

    def pull(self, b: Posterior, error: Floats) -> tuple[Floats, Floats, Floats]:
        weight = b.noise / (b.noise + b.second)
        return b.noise + error, weight, weight * np.abs(b.first - b.count)

    def weakened(self, first: _Real, second: _Real, lent: _Real) -> tuple[_Real, _Real]:
        return first, second / lent

    def levels(
        self, b: Posterior, count: Singles, _size: Singles,
        prior: tuple[Singles, Singles, Singles], chance: Chance,
    ) -> Singles:  # fmt: skip
        first, second, noise = prior
        weight = second / (second + noise)
        spread: Singles = np.sqrt(weight * noise)
        level = first + weight * (count - first) + spread * chance.normal
        kept: Singles = np.maximum(level, np.float32(b.least))
        return kept


_Family = _Share | _Rate | _Mean
_FAMILIES: dict[str, _Family] = {"share": _Share(), "rate": _Rate(), "mean": _Mean()}


def _pull(
    b: Posterior, rate: Floats, one: Floats, strength: Floats, error: Floats
) -> tuple[Floats, Floats, Floats]:
    """Variance of a counted figure with its rounding, the prior's weight beside it, and how far the
    figure was moved."""
    variance = one / b.size + error / b.size**2
    return variance, strength / (b.size + strength), np.abs(rate - b.count / b.size)


def believe(
    family: str,
    count: Floats,
    size: Floats,
    classes: Floats,
    *,
    usable: NDArray[np.bool_],
    half: Floats,
    random: bool = False,
    scale: float = 1.0,
    noisy: bool = True,
    one: float = 0.0,
    least: float = -np.inf,
) -> Posterior:
    """The posterior of every area, from a prior for each class of urbanity.

    ``count`` of ``size`` (areas,); ``usable`` areas take part in the prior, the others only get
    their class's.  Small and unknown classes get that of all areas.  ``one`` is the standard
    deviation of one person, household or firm where a mean is of those and it is known (see
    :func:`normal`).  The rest as in :class:`Posterior`.
    """
    # rounding whole numbers at random to fives: Σ f(1-f) over the five remainders is (5² - 1) / 6
    error = np.maximum(half**2 - 1.0, 0.0) / 6.0 if random else half**2 / 3.0
    telling = usable
    if _FAMILIES[family].counted:
        telling = _telling(count, size, usable, half if random else 2 * half)
    groups, row = _groups(classes, telling)
    found = [
        prior(family, count[group], size[group], error[group], one=one, stream=n)
        for n, group in enumerate(groups)
    ]
    first, second, within = np.array([point for point, _ in found])[row].T
    return Posterior(
        family=family, scale=scale, count=count, size=size, half=half, random=random,
        first=first, second=second, noise=within / size if noisy else np.zeros(len(size)),
        noisy=noisy, drawn=np.stack([drawn for _, drawn in found]), classes=row, least=least,
    ).limited(error, usable)  # fmt: skip


def _telling(
    count: Floats, size: Floats, usable: NDArray[np.bool_], step: Floats
) -> NDArray[np.bool_]:
    """Areas of which at least two steps of rounding are expected; where those are fewer than
    thirty, the thirty of which most steps are.

    In smaller ones nearly every count is rounded to nothing: they would say that areas differ less
    than rounding makes them, and pull a village of thousands to the figure of hamlets.
    """
    if usable.sum() <= FEWEST_AREAS:
        return usable
    expected = size * count[usable].sum() / size[usable].sum()
    steps = np.divide(expected, step, out=np.full(len(size), np.inf), where=step > 0)
    steps[~usable] = -np.inf
    least = np.partition(steps, -FEWEST_AREAS)[-FEWEST_AREAS]
    telling: NDArray[np.bool_] = usable & (steps >= min(2.0, least))
    return telling


def _groups(
    classes: Floats, usable: NDArray[np.bool_]
) -> tuple[list[NDArray[np.bool_]], NDArray[np.int64]]:
    """Which areas make each prior, the first of them all; and the prior (areas,) of each area."""
    groups, row = [usable], np.zeros(len(classes), np.int64)
    for urbanity in np.unique(classes[np.isfinite(classes)]):
        member = classes == urbanity
        if (member & usable).sum() >= FEWEST_AREAS:
            row[member] = len(groups)
            groups.append(member & usable)
    return groups, row


def prior(
    family: str,
    count: Floats,
    size: Floats,
    error: Floats | float = 0.0,
    *,
    one: float = 0.0,
    stream: int = 0,
) -> tuple[tuple[float, float, float], Floats]:
    """(first, second, variance of one) of areas that are one class, and possible values (3, draws)
    of them; families and fields as in :class:`Posterior`.

    One area alone says nothing of how areas differ and gets Jeffreys' prior.
    """
    of = _FAMILIES[family]
    if not len(size):
        return (np.nan, np.nan, np.nan), np.full((3, DRAWS), np.nan)
    if len(size) == 1 and of.alone:
        first, second = of.alone
        return (first, second, 0.0), np.tile([[first], [second], [0.0]], DRAWS)
    found = of.moments(count, size, error, one)
    first, second = (float(p) for p in of.parameters(found.mean, found.between))
    mean, between, within = found.draws(stream)
    drawn = np.stack([*of.parameters(mean, of.wider * between), within])
    return (first, second, max(found.within, 0.0)), drawn
