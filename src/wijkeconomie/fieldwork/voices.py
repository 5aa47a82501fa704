# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whose voice is missing, while there is time to walk.

Sources: Wilson (1927), JASA 22 (interval of a share); Cochran (1977), Sampling Techniques, §4.2
(finite population).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

Standing = Literal["missing", "under", "fits", "over", "unknown"]

PRECISION = 0.15  # half the width of a share's interval that a team can work with
_Z = NormalDist().inv_cdf(0.95)  # intervals hold 90 %, as everywhere here


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``count`` of ``of`` conversations with a 90 % interval, all shares 0-1.

    ``value`` is None where nobody was heard: the interval then is everything, 0 to 1.
    """

    count: int
    of: int
    value: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group: heard so far, its ``own`` share (0-1) of the neighbourhood, None where unknown.

    ``standing``: nobody heard (``missing``), the whole interval below (``under``) or above its own
    share (``over``), or neither (``fits``).  ``still``: conversations to go until a share within
    this group is known to the precision asked; ``next``: how many of those that are left it gets.
    """

    name: str
    heard: Share
    own: float | None
    standing: Standing
    still: int
    next: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Groups, the most under-heard first.  ``untold``: heard, but their group was not told."""

    groups: tuple[Group, ...]
    untold: int
    still: int
    enough_time: bool


def share(count: int, of: int, untold: int = 0) -> Share:
    """Wilson's 90 % interval (Wilson 1927, eq. 4) of ``count`` in ``of`` conversations.

    ``untold`` more conversations may or may not belong to it: the low end takes that none does,
    the high end that all do.
    """
    if not 0 <= count <= of or untold < 0:
        raise ValueError(f"{count} of {of} with {untold} untold is no share")
    if not of:
        return Share(count=0, of=0, value=None, low=0.0, high=1.0)
    everyone = of + untold
    return Share(
        count=count, of=of, value=count / of,
        low=_wilson(count, everyone)[0], high=_wilson(count + untold, everyone)[1],
    )  # fmt: skip


def _wilson(count: int, of: int) -> tuple[float, float]:
    p, weight = count / of, _Z * _Z / of
    middle = (p + weight / 2) / (1 + weight)
    half = _Z * math.sqrt(p * (1 - p) / of + weight / (4 * of)) / (1 + weight)
    return (0.0 if count == 0 else middle - half), (1.0 if count == of else middle + half)


def needed(precision: float, people: float | None = None) -> int:
    """Conversations until Wilson's interval of any share is at most ± ``precision`` (0-½).

    At its widest, a half, half its width is z / 2√(n + z²), so n = (z / 2d)² − z²; of ``people``
    in all no more than n / (1 + (n − 1) / people) (Cochran 1977, eq. 4.2).
    """
    if not 0 < precision < 0.5:
        raise ValueError(f"precision {precision} is not between 0 and a half")
    most = max((_Z / (2 * precision)) ** 2 - _Z**2, 1.0)
    if people is not None:
        most = min(most / (1 + (most - 1) / people), people) if people > 0 else 0
    return math.ceil(most - 1e-9)


def to_close(heard: Share, own: float) -> int:
    """Conversations with a group until its share is its ``own`` (0-1), if no other is heard
    meanwhile: the smallest n for which (count + n) / (of + n) is at least ``own``; 1 or more where
    nobody of it was heard."""
    if not 0 < own < 1:
        raise ValueError(f"own share {own} is not between 0 and 1")
    short = (own * heard.of - heard.count) / (1 - own)
    return max(math.ceil(short - 1e-9), 0 if heard.count else 1)


def balance(
    heard: Mapping[str, int],
    people: Mapping[str, float | None],
    *,
    untold: int = 0,
    precision: float = PRECISION,
    left: int = 0,
) -> Balance:
    """Heard so far beside the neighbourhood's own figures, and how to spend what is ``left``.

    ``people``: inhabitants (or firms) of each group, None where the figures do not say; its keys
    are the groups, and shares are taken of them all.  ``left``: conversations that the days to come
    allow.  For the team only: what leaves it goes through :mod:`publishing`.
    """
    if strange := heard.keys() - people.keys():
        raise ValueError(f"heard in groups that have no figure: {sorted(strange)}")
    still = {name: _still(heard.get(name, 0), n, precision) for name, n in people.items()}
    nexts = _spent(heard, still, left)
    total = sum(heard.values())
    known = [n for n in people.values() if n is not None]
    everyone = sum(known) if len(known) == len(people) else 0.0
    groups = [
        _group(
            name, share(heard.get(name, 0), total, untold),
            n / everyone if n is not None and everyone else None, still[name], nexts[name],
        )
        for name, n in people.items()
    ]  # fmt: skip
    return Balance(
        groups=tuple(sorted(groups, key=_shortfall)), untold=untold, still=sum(still.values()),
        enough_time=sum(still.values()) <= left,
    )  # fmt: skip


def _still(heard: int, people: float | None, precision: float) -> int:
    return max(needed(precision, people) - heard, 0)


def _spent(heard: Mapping[str, int], still: Mapping[str, int], left: int) -> dict[str, int]:
    """Each next conversation to the group heard least, which has the widest interval."""
    given = dict.fromkeys(still, 0)
    for _ in range(min(left, sum(still.values()))):
        waiting = [name for name in still if given[name] < still[name]]
        given[min(waiting, key=lambda name: (heard.get(name, 0) + given[name], name))] += 1
    return given


def _group(name: str, heard: Share, own: float | None, still: int, turn: int) -> Group:
    return Group(
        name=name, heard=heard, own=own, standing=_standing(heard, own), still=still, next=turn
    )


def _standing(heard: Share, own: float | None) -> Standing:
    if own is None:
        return "unknown"
    if heard.count == 0 and own > 0:
        return "missing"
    if heard.high < own:
        return "under"
    return "over" if heard.low > own else "fits"


def _shortfall(group: Group) -> tuple[float, str]:
    """Heard share less own share; a group of unknown size stands where it would fit."""
    return ((group.heard.value or 0.0) - group.own if group.own is not None else 0.0), group.name
