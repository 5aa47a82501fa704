# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Finding words of a vocabulary by what somebody typed, with mistakes and all.

Which names share most groups of three letters with what was typed is looked up (Zobel & Dart 1995,
"Finding approximate matches in large lexicons": n-grams first, then an edit distance); of those
the nearest by optimal string alignment, in which two letters that changed places are one mistake.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from wijkeconomie.acting.terms import Word

_SIGNS = re.compile(r"[^0-9a-z]+")
_GRAM, _CANDIDATES = 3, 250
_LEAST: Final = 0.6  # alike: of five letters two may be wrong
MOST_TYPED: Final = 80  # signs that are looked at
Rank = tuple[int, float, int, int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A word that was found, under which of its names; ``how``: exact, prefix, word or alike."""

    word: Word
    name: str
    how: str
    rank: Rank


HOW: Final = ("exact", "prefix", "word", "alike")


def plain(text: str) -> str:
    """Small letters without accents, and one space where there are other signs."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return _SIGNS.sub(" ", bare).strip()


def _grams(name: str) -> set[str]:
    """Of each word, and of all written as one: a compound is found both ways."""
    every = {f"  {part}  " for part in (*name.split(), name.replace(" ", ""))}
    return {one[n : n + _GRAM] for one in every for n in range(len(one) - _GRAM + 1)}


class Finder:
    """Words to search, made once: some two seconds for 17,000 with all their names."""

    def __init__(self, words: Iterable[Word]) -> None:
        self.words = tuple(words)
        self._names: list[tuple[int, str, str, bool]] = []  # word, as written, plain, its first
        for n, word in enumerate(self.words):
            known = set[str]()
            for at, name in enumerate((word.nl, *word.also)):
                if (bare := plain(name)) and bare not in known:
                    known.add(bare)
                    self._names.append((n, name, bare, at == 0))
        holding: dict[str, list[int]] = {}
        sizes = np.ones(len(self._names), np.float32)
        for n, (_word, _name, bare, _first) in enumerate(self._names):
            grams = _grams(bare)
            sizes[n] = len(grams)
            for gram in grams:
                holding.setdefault(gram, []).append(n)
        self._sizes = sizes
        self._holding = {gram: np.array(rows, np.int32) for gram, rows in holding.items()}

    def search(self, typed: str, most: int = 10) -> list[Hit]:
        """The words that fit best, the best first: exact, then what begins so, then whole words,
        then what is alike; of equal ones a word's own name first, then the shorter, then by
        letter.  The same question has the same answer."""
        asked = plain(typed[:MOST_TYPED])
        best: dict[int, Hit] = {}
        for at in self._near(asked) if asked else ():
            word, name, bare, first = self._names[at]
            if (hit := self._hit(asked, self.words[word], name, bare, first=first)) is None:
                continue
            if word not in best or hit.rank < best[word].rank:
                best[word] = hit
        return sorted(best.values(), key=lambda hit: hit.rank)[:most]

    def _near(self, asked: str) -> Sequence[int]:
        """Which names to look at: that share most of the rare groups of letters."""
        shared: NDArray[np.float32] = np.zeros(len(self._names), np.float32)
        asking = sorted(_grams(asked))
        for gram in asking:
            rows = self._holding.get(gram)
            if rows is not None:
                shared[rows] += np.log(1 + len(self._names) / len(rows))
        # What holds all of it and little more comes first; a long name is not shut out.
        score = shared / np.sqrt(self._sizes + len(asking))
        many = min(_CANDIDATES, int(np.count_nonzero(score)))
        if not many:
            return ()
        first = np.argpartition(-score, many - 1)[:many]
        edge = score[first].min()
        also = np.flatnonzero(score >= edge)  # of equal ones all: no chance who is looked at
        return [int(n) for n in also[: 4 * _CANDIDATES]]

    @staticmethod
    def _hit(asked: str, word: Word, name: str, bare: str, *, first: bool) -> Hit | None:
        joined, whole = asked.replace(" ", ""), bare.replace(" ", "")
        parts = bare.split()
        if joined == whole:
            how, like = 0, 1.0
        elif _one_and_many(joined, whole):
            how, like = 1, 1.0
        elif whole.startswith(joined):
            how, like = 1, len(joined) / len(whole)
        elif set(asked.split()) <= set(parts):
            how, like = 2, len(joined) / len(whole)
        else:
            how, like = 3, max(OSA.normalized_similarity(joined, whole), *_by_word(asked, parts))
        if like < _LEAST and how == 3:
            return None
        rank = (how, -round(like, 4), not first, len(bare), bare, word.code)
        return Hit(word=word, name=name, how=HOW[how], rank=rank)


def _one_and_many(one: str, other: str) -> bool:
    """Whether the one is the plural of the other, as most plurals are made."""
    short, long = sorted((one, other), key=len)
    return long in (f"{short}s", f"{short}en", f"{short}{short[-1]}en")


def _by_word(asked: str, parts: Sequence[str]) -> Iterator[float]:
    """How alike it is word by word; a little less, for there is more in the name than was asked.
    A word within a compound counts too."""
    words = asked.split()
    near = [max(max(OSA.normalized_similarity(one, part), _within(one, part)) for part in parts)
            for one in words]  # fmt: skip
    total = sum(map(len, words))
    yield 0.9 * sum(like * len(one) for like, one in zip(near, words, strict=True)) / total


def _within(one: str, part: str) -> float:
    """Of ``timmer`` in ``scheepstimmerman``; of three letters and fewer nothing is known."""
    return 0.85 if len(one) > 3 and one in part else 0.0
