# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How far what people can lies from what work asks, by groups of skills.

M = ½ · Σ |uᵢ/U − vᵢ/V|: which part of the people would have to learn something of another group
before what they can is spread as what is asked (R. Jackman & S. Roper, Oxford Bulletin of Economics
and Statistics 49 (1987) 9-36).  Each person counts once, in equal parts over the skills that they
named; each place of work once, over the skills that it asks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

FEWEST: Final = 10  # people that a count is told of
REST: Final = ""  # what is too small to stand alone, and skills that stand in no group
DRAWS: Final = 999
_ENDS: Final = (2.5, 97.5)
_ESCO: Final = re.compile(r"(.*/skill/[A-Z]\d{1,2})(?:\.\d{1,2})*")
Shares = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Work: the groups of the skills that it asks, one for each skill, and how many places."""

    groups: tuple[str, ...]
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of skills: ``there`` and ``asked`` are parts of all people and of all places;
    ``there`` is None of a group with fewer than ten people."""

    code: str
    there: float | None
    asked: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """``index`` between ``low`` and ``high``, of so many ``people`` and ``places``, over ``groups``
    of which those that are too small are taken together: it follows from nothing but what is shown,
    and may be lower than over all of them apart."""

    index: float
    low: float
    high: float
    people: int
    places: int
    groups: tuple[Group, ...]


def group_of(broader: str) -> str:
    """The group in which a skill stands with *broader* above it: of ESCO the second level of its
    pillar, of other words what stands above it."""
    found = _ESCO.fullmatch(broader)
    return found[1] if found else broader


def index(there: Sequence[float], asked: Sequence[float]) -> float:
    """½ · Σ |uᵢ/U − vᵢ/V|; ValueError where there is nobody or nothing is asked."""
    if len(there) != len(asked) or not sum(there) or not sum(asked):
        raise ValueError("people and places over the same groups")
    of, at = sum(there), sum(asked)
    return sum(abs(u / of - v / at) for u, v in zip(there, asked, strict=True)) / 2


def measured(
    people: Sequence[Sequence[str]], work: Sequence[Asked], *, seed: str
) -> Mismatch | None:
    """The mismatch between *people*, of each the group of each skill that they named, and *work*;
    None where fewer than ten people said what they can, nothing is asked, or no group is large
    enough.  The same *seed* gives the same interval."""
    can = [one for one in people if one]
    asks = [one for one in work if one.groups and one.places > 0]
    if len(can) < FEWEST or not asks:
        return None
    every = sorted({group for one in can for group in one} | {REST}
                   | {group for one in asks for group in one.groups})  # fmt: skip
    if not (shown := _shown(can, every)):
        return None
    cells = {group: n for n, group in enumerate(shown)}
    at = {group: cells.get(group, len(shown)) for group in every}
    rows, offers = _spread(can, at), _spread([one.groups for one in asks], at)
    places = np.array([one.places for one in asks], np.float64)
    there, asked = rows.mean(axis=0), places @ offers / places.sum()
    low, high = _between(rows, offers, places, float(_apart(there, asked)), seed)
    apart = places @ _spread([one.groups for one in asks], {g: n for n, g in enumerate(every)})
    told = [Group(code=group, asked=float(apart[n] / places.sum()),
                  there=float(there[cells[group]]) if group in cells else None)
            for n, group in enumerate(every) if group in cells or apart[n]]  # fmt: skip
    return Mismatch(index=float(_apart(there, asked)), low=low, high=high, people=len(can),
                    places=int(places.sum()), groups=tuple(told))  # fmt: skip


def _shown(people: Sequence[Collection[str]], every: Sequence[str]) -> list[str]:
    """The groups that stand alone: with ten people or more, and so that the others together are
    ten people or more as well: what is hidden does not follow from what is shown."""
    whose: Mapping[str, set[int]] = {
        group: {n for n, one in enumerate(people) if group in one} for group in every
    }
    shown = sorted((group for group in every if group != REST and len(whose[group]) >= FEWEST),
                   key=lambda one: (-len(whose[one]), one))  # fmt: skip
    named = {group for group in every if group != REST or whose[REST]}
    while shown and named > set(shown):
        rest = set[int]().union(*(whose[one] for one in every if one not in shown))
        if len(rest) >= FEWEST:
            break
        shown.pop()
    return sorted(shown)


def _spread(rows: Sequence[Sequence[str]], at: Mapping[str, int]) -> Shares:
    """A row each that adds up to one, over the columns of *at*."""
    made: Shares = np.zeros((len(rows), max(at.values()) + 1))
    for n, groups in enumerate(rows):
        for group in groups:
            made[n, at[group]] += 1 / len(groups)
    return made


def _apart(there: Shares, asked: Shares) -> Shares:
    found: Shares = np.abs(there - asked).sum(axis=-1) / 2
    return found


def _between(
    people: Shares, offers: Shares, places: Shares, found: float, seed: str
) -> tuple[float, float]:
    """Between which it lies in about 95 of 100 such neighbourhoods: people and offers are drawn
    anew with the same chance each (B. Efron & R. Tibshirani, 1993, ch. 13: the basic bootstrap).
    What is drawn lies further apart than where it is drawn from; near zero mirroring takes that off
    too little, so the lower end gives way by it once more."""
    chance = np.random.default_rng(int.from_bytes(sha256(seed.encode()).digest()[:8]))
    many, of = len(people), len(offers)
    there = chance.multinomial(many, np.full(many, 1 / many), DRAWS) @ people / many
    drawn = chance.multinomial(of, np.full(of, 1 / of), DRAWS) * places
    asked = drawn @ offers / drawn.sum(axis=1, keepdims=True)
    apart = _apart(there, asked)
    least, most = np.percentile(apart, _ENDS)
    over = max(0.0, float(apart.mean()) - found)
    low, high = 2 * found - float(most) - over, 2 * found - float(least)
    return max(0.0, low), min(1.0, max(found, high))
