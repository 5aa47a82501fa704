# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where parts of a text stand in a later version of it, in which a name was replaced for instance.

Positions count code points, the end is not included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

Place = tuple[int, int]
# Every code point is in one; a space goes with what is before it, for comparing takes the square of
# how often one comes: 0.2 s for 20,000 signs with a hundred names replaced.
_TOKEN = re.compile(r"(?:\w+|[^\w\s])\s?|\s")


def carried(old: str, new: str, places: Iterable[Place]) -> list[Place | None]:
    """Each of *places* in *old* as a place in *new*; None where none of its words is left.

    Words are compared as difflib does (Ratcliff and Obershelp, 1988).  What begins or ends within
    words that were replaced begins or ends with what came instead.
    """
    if old == new:
        return list(places)
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    at, to = (list(accumulate(map(len, tokens), initial=0)) for tokens in (before, after))
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    moved = [(tag == "equal", at[a], at[b], to[c], to[d]) for tag, a, b, c, d in blocks]
    return [_one(place, moved, new) for place in places]


def lost(old: str, new: str, places: Sequence[Place]) -> list[Place]:
    """Those of *places* in *old* whose words, however they are spaced, do not stand in *new*."""
    return [
        place
        for place, to in zip(places, carried(old, new, places), strict=True)
        if to is None or new[slice(*to)].split() != old[slice(*place)].split()
    ]


_Block = tuple[bool, int, int, int, int]  # the same?, from and up to in the old, and in the new


def _one(place: Place, blocks: list[_Block], new: str) -> Place | None:
    start, end = place
    under = [b for b in blocks if b[1] < end and start < b[2]]
    if start >= end or not any(same for same, *_where in under):
        return None
    first, last = under[0], under[-1]
    begins = first[3] + (start - first[1] if first[0] else 0)
    ends = last[3] + (end - last[1]) if last[0] else begins + len(new[begins : last[4]].rstrip())
    return (begins, ends) if begins < ends else None
