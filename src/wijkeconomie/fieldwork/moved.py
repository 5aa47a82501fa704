# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where parts of a text stand in a later version of it, in which a name was replaced for instance;
and where words that somebody said stand in what another wrote.

Positions count code points, the end is not included.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from rapidfuzz.distance import Indel

Place = tuple[int, int]
# Every code point is in one; a space goes with what is before it.
_TOKEN = re.compile(r"(?:\w+|[^\w\s])\s?|\s")

_WORD = re.compile(r"[^\W_]+")
FEWEST = 6  # words in a row that two people hardly ever choose alike: then one typed the other over


def repeated(text: str, said: Iterable[str]) -> list[Place]:
    """The places in *text* of so many words in a row, or more, that stand in one of *said* word for
    word; capitals and what stands between words make no difference."""
    places = [found.span() for found in _WORD.finditer(text)]
    words = [text[start:end].casefold() for start, end in places]
    pieces = {n: f" {' '.join(words[n : n + FEWEST])} " for n in range(len(words) - FEWEST + 1)}
    if not pieces:
        return []
    found: set[int] = set()
    for one in said:
        plain = f" {' '.join(_WORD.findall(one.casefold()))} "
        found |= {n for n, piece in pieces.items() if piece in plain}
    runs: list[Place] = []
    for n in sorted(found):
        start, end = places[n][0], places[n + FEWEST - 1][1]
        if runs and start <= runs[-1][1]:
            start = runs.pop()[0]
        runs.append((start, end))
    return runs


def carried(old: str, new: str, places: Iterable[Place]) -> list[Place | None]:
    """Each of *places* in *old* as a place in *new*; None where none of its words is left.

    Words are compared by their longest common subsequence, of which the time is bounded however
    often one comes (Hyyrö, 2004): 0.1 s for 60,000 signs.  What begins or ends within words that
    were replaced begins or ends with what came instead.
    """
    if old == new:
        return list(places)
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    at, to = (list(accumulate(map(len, tokens), initial=0)) for tokens in (before, after))
    moved = [(same, at[a], at[b], to[c], to[d]) for same, a, b, c, d in _blocks(before, after)]
    starts, ends = [block[1] for block in moved], [block[2] for block in moved]
    return [
        _one((start, end), moved[bisect_right(ends, start) : bisect_left(starts, end)], new)
        for start, end in places
    ]


def lost(old: str, new: str, places: Sequence[Place]) -> list[Place]:
    """Those of *places* in *old* whose words, however they are spaced, do not stand in *new*."""
    return [
        place
        for place, to in zip(places, carried(old, new, places), strict=True)
        if to is None or new[slice(*to)].split() != old[slice(*place)].split()
    ]


_Block = tuple[bool, int, int, int, int]  # the same?, from and up to in the old, and in the new


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[_Block]:
    """Runs of words that are in both, and between them what came instead of what."""
    a = b = 0
    for block in Indel.editops(before, after).as_matching_blocks():  # the last has no words
        if a < block.a or b < block.b:
            yield False, a, block.a, b, block.b
        a, b = block.a + block.size, block.b + block.size
        if block.size:
            yield True, block.a, a, block.b, b


def _one(place: Place, under: list[_Block], new: str) -> Place | None:
    """Where *place* stands now, which the blocks *under* it say."""
    start, end = place
    if start >= end or not any(same for same, *_where in under):
        return None
    first, last = under[0], under[-1]
    begins = first[3] + (start - first[1] if first[0] else 0)
    ends = last[3] + (end - last[1]) if last[0] else begins + len(new[begins : last[4]].rstrip())
    return (begins, ends) if begins < ends else None
