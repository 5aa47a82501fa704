# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Did an effort do it?  The smallest effect that could be seen at all, then what is seen.

What areas gained since before the effort, less what areas in the same circumstances gained:
difference in differences with comparison areas in which nothing had begun (B. Callaway & P.
Sant'Anna, J. Econometrics 225 (2021) 200-230, without covariates).  How sure that is follows from
sets of other areas of the same size, in which nothing was done, looked at in the same way
(T. Conley & C. Taber, Rev. Econ. Stat. 93 (2011) 113-125): a few areas are no sample.

Years by whose figures areas were chosen are left out: who is chosen for a bad year gets better by
itself.  Comparison areas are chosen by circumstances and never by the figure itself, for the same
reason (``tests/monitoring/test_effect.py`` shows what goes wrong otherwise).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = -1
FEWEST_BEFORE = 3  # years: with fewer, a course that was there already looks like an effect
FEWEST_PLACEBOS = 99
DRAWS = 1999
ALARM = 0.05  # how often no effect may look like one
POWER = 0.8  # how often an effect of the smallest size that can be seen is seen
_REACH = 0.9  # of intervals


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """``values`` (areas, years), NaN where unknown; ``first`` (areas,): the year (its number) from
    which an effect can be seen, or :data:`NEVER`; ``peers`` (areas, k): the areas with which each
    is compared, the nearest first, -1 where there are fewer; ``near`` (areas,): next to an area of
    the effort, so that part of it may land there; ``chosen_by``: years by whose figures areas were
    chosen."""

    values: Floats
    first: Ints
    peers: Ints
    near: NDArray[np.bool_]
    chosen_by: frozenset[int] = frozenset()

    @property
    def treated(self) -> Ints:
        """The areas of the effort."""
        return np.flatnonzero(self.first != NEVER)

    @property
    def clean(self) -> NDArray[np.bool_]:
        """Where nothing was done, nor next to it."""
        return np.asarray((self.first == NEVER) & ~self.near)

    def base(self, first: int) -> list[int]:
        """The years before *first* from which a gain is counted."""
        return [year for year in range(first) if year not in self.chosen_by]


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """So many years ``after`` it began (negative: before): what areas of the effort gained more,
    with its 90 % interval, over so many ``areas``."""

    after: int
    gain: float
    low: float
    high: float
    areas: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """``smallest``: the effect that is seen in 80 of 100 cases, by a test that raises a false alarm
    in 5 of 100; ``gain`` a year with its 90 % interval; ``p``: how often sets of other areas gain
    as much, either way; ``course``: the same by years after; ``before``: years that could serve as
    base; ``placebos``: how many sets; ``without``: the gain without the n-th peer of every area,
    ``windows``: by other years; ``bends``: how many times as much as ever before the difference
    must bend by itself to explain it (A. Rambachan & J. Roth, Rev. Econ. Stud. 90 (2023) 2555-2591,
    relative magnitudes; 0 where it is not seen at all; None where there was no bend to compare)."""

    smallest: float
    gain: float
    low: float
    high: float
    p: float
    course: tuple[At, ...]
    areas: int
    before: int
    placebos: int
    without: tuple[float, ...]
    windows: tuple[tuple[str, float], ...]
    bends: float | None


class Unknown(Exception):
    """Why nothing can be said of an effect: ``before`` (under three years), ``after`` (no year in
    which it can be seen), ``peers`` (an area without any that is comparable), ``placebos`` (too few
    other areas)."""

    def __init__(self, why: Literal["before", "after", "peers", "placebos"]) -> None:
        super().__init__(why)
        self.why = why


def study(figures: Figures, *, seed: int = 0) -> Effect:
    """What *figures* say of the effort; raises :class:`Unknown`.  One seed has one answer."""
    treated = figures.treated
    starts = figures.first[treated]
    if not len(treated) or starts.max() >= figures.values.shape[1]:
        raise Unknown("after")
    before = min(int(np.isfinite(figures.values[at, figures.base(int(first))]).sum())
                 for at, first in zip(treated, starts, strict=True))  # fmt: skip
    if before < FEWEST_BEFORE:
        raise Unknown("before")
    gains = {int(one): _gains(figures, int(one)) for one in np.unique(starts)}
    after = {one: _mean(gains[one][:, one:]) for one in gains}
    own = np.array([after[int(start)][at] for at, start in zip(treated, starts, strict=True)])
    if not np.isfinite(own).all():
        raise Unknown("peers")
    sets = _placebos(figures, gains, np.random.default_rng(seed))
    chance = np.mean([after[int(start)][sets[:, n]] for n, start in enumerate(starts)], axis=0)
    gain = float(own.mean())
    course = tuple(_course(gains, treated, starts, sets))
    low, high = _interval(gain, chance)
    return Effect(
        smallest=_smallest(chance), gain=gain, low=low, high=high, course=course,
        p=float((1 + (np.abs(chance) >= abs(gain)).sum()) / (1 + len(chance))),
        areas=len(treated), before=before, placebos=len(chance),
        without=tuple(_without(figures)), windows=tuple(_windows(figures)),
        bends=_bends(course, low, high),
    )  # fmt: skip


def _gains(figures: Figures, first: int, rows: Ints | slice = slice(None)) -> Floats:
    """What each area (or those of *rows*) gained since the years before *first*, less what its
    peers did (areas, years); NaN without a peer of which that is known."""
    values = figures.values
    since = values - _mean(values[:, figures.base(first)])[:, None]
    there = np.where(figures.clean[:, None], since, np.nan)
    peers = figures.peers[rows]
    of_peers = np.where((peers >= 0)[:, :, None], there[peers], np.nan)
    return np.asarray(since[rows] - _mean(of_peers, axis=1))


def _mean(values: Floats, axis: int = -1) -> Floats:
    """Of what is known along *axis*; NaN where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis)
    total = np.where(known, values, 0.0).sum(axis)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def _placebos(figures: Figures, gains: dict[int, Floats], draw: np.random.Generator) -> Ints:
    """Sets of areas in which nothing was done (sets, areas of the effort), each of which has a gain
    that is known."""
    known = np.logical_and.reduce([np.isfinite(_mean(one[:, first:]))
                                   for first, one in gains.items()])  # fmt: skip
    others = np.flatnonzero(figures.clean & known)
    count = len(figures.treated)
    if len(others) < max(FEWEST_PLACEBOS, 2 * count):
        raise Unknown("placebos")
    if count == 1:
        return others[:, None]  # each of them once
    return np.array([draw.choice(others, count, replace=False) for _ in range(DRAWS)])


def _course(gains: dict[int, Floats], treated: Ints, starts: Ints, sets: Ints) -> Iterator[At]:
    years = next(iter(gains.values())).shape[1]
    for after in range(-int(starts.max()), years - int(starts.min())):
        at = [n for n, start in enumerate(starts) if 0 <= start + after < years]
        own = np.array([gains[int(starts[n])][treated[n], starts[n] + after] for n in at])
        same = [gains[int(starts[n])][sets[:, n], starts[n] + after] for n in at]
        if at and np.isfinite(own).any():
            gain, chance = float(_mean(own)), _mean(np.array(same).T)
            low, high = _interval(gain, chance[np.isfinite(chance)])
            yield At(after=after, gain=gain, low=low, high=high, areas=int(np.isfinite(own).sum()))


def _interval(gain: float, chance: Floats) -> tuple[float, float]:
    """By how much chance moves it: what is left when that is taken off."""
    if not len(chance):
        return (np.nan, np.nan)
    low, high = np.quantile(chance, [(1 - _REACH) / 2, (1 + _REACH) / 2])
    return float(gain - high), float(gain - low)


def _smallest(chance: Floats) -> float:
    """The effect by which the test is passed in so many of the sets, in either direction."""
    needed = np.quantile(np.abs(chance), 1 - ALARM)
    return float(needed + max(np.quantile(chance, POWER), -np.quantile(chance, 1 - POWER)))


def _gain(figures: Figures, years: slice = slice(None)) -> float:
    """The gain alone, of those *years* after."""
    own = []
    for first in np.unique(figures.first[figures.treated]):
        rows = np.flatnonzero(figures.first == first)
        own.append(_mean(_gains(figures, int(first), rows)[:, first:][:, years]))
    return float(np.concatenate(own).mean())


def _without(figures: Figures) -> Iterator[float]:
    for rank in range(figures.peers.shape[1]):
        yield _gain(replace(figures, peers=np.delete(figures.peers, rank, axis=1)))


def _windows(figures: Figures) -> Iterator[tuple[str, float]]:
    """By the last years before alone, the first ones alone, and the last year after alone."""
    first = int(figures.first[figures.treated].min())
    base = figures.base(first)
    for name, kept in (("late", base[-2:]), ("early", base[:-1])):
        yield name, _gain(replace(figures, chosen_by=frozenset(range(first)) - set(kept)))
    yield "last", _gain(figures, slice(-1, None))


def _bends(course: Collection[At], low: float, high: float) -> float | None:
    """How many times the greatest bend before, each year anew, the interval bears."""
    before = [one.gain for one in course if one.after < 0]
    steps = np.abs(np.diff(before))
    years = [one.after + 1 for one in course if one.after >= 0]
    margin = max(low, -high, 0.0)
    if not len(steps) or not steps.max() > 0 or not years:
        return None
    return float(margin / (steps.max() * np.mean(years)))


Verdict = Literal["early", "small", "none", "signs", "clear"]


def verdict(effect: Effect, *, years_after: int, matters: float | None) -> Verdict:
    """In one word: ``clear`` and ``signs`` of an effect; ``small``: an effect that ``matters`` (the
    target; None: any) could not be seen; ``none``: it could, and is not; ``early``: only one year
    after and nothing seen.

    ``clear`` asks that it hardly comes by chance, whichever peer is left out, by other years too,
    and though the difference bent as much as it ever did."""
    same = all(np.sign(one) == np.sign(effect.gain) for one in
               (*effect.without, *(gain for _name, gain in effect.windows)))  # fmt: skip
    firm = effect.bends is None or effect.bends >= 1
    if effect.p <= ALARM and same and firm:
        return "clear"
    if effect.p <= 2 * ALARM:
        return "signs"
    if years_after < 2:
        return "early"
    if matters is None or effect.smallest > abs(matters):
        return "small"
    return "none"
