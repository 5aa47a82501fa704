# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Find words in conversations in every inflection, and quotes that look like this one.

Sources: Robertson & Zaragoza (2009), Foundations and Trends in Information Retrieval 3 (BM25);
Salton & Buckley (1988), Information Processing & Management 24 (tf-idf, cosine).
Words of one family come from simplemma (docs/decisions/0016-words-of-one-family.md).
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from simplemma import lemmatize

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Names = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
_K1, _B = 1.2, 0.75  # as Robertson & Zaragoza advise, §3.6
_PART = 0.5  # what a compound counts for that begins or ends with the word: huurprijs for huur
_BASE = str.maketrans("ıłøđ", "ilod")  # letters whose stroke or dot is no accent in Unicode
_SHORTEST = 4  # letters of a word that is looked for inside compounds
_SHARED = 2  # families of words that quotes must share to look alike
_AROUND = 60  # code points before the first word that was found
_FUNCTION = """
    aan achter al alle alleen als altijd ander anders beide bij binnen daar daarom dan dat
    de deze die dit doen door dus echt een eens elk elkaar en er erg gaan geen gewoon
    gewoonlijk haar hebben heel het hier hij hoe hun iedereen ieder iemand iets ik in je jij
    jullie kijken kunnen laten maar maken mee meer men met mij mijn moeten mogen na naar
    naast niemand niet niets nog nooit nu of om omdat onder ons onze ook op over overal per
    te tegen toch toen tot tussen uit uw u vaak van vanaf veel vinden voor vooral waar
    waarom want wat we weer wel welk weinig weten wie wij willen worden ze zeggen zelf zich
    zij zijn zo zonder zou zullen zulk
"""  # words that say how, not what: quotes that share only these are about different things


class Word(NamedTuple):
    """A word as it is found: its family, and its place in code points."""

    family: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Plain data: make it anew when texts change; what was withdrawn is left out when searching.

    ``places`` of each family of words: (occurrences, 3) with number of the text, first code point
    and the one after the last, in order.  ``lengths`` (texts,) in words, ``norms`` (texts,) of
    their tf-idf.  ``forward`` and ``backward`` are all families, sorted from either end.
    """

    ids: tuple[str, ...]
    places: Mapping[str, Ints]
    lengths: Floats
    norms: Floats
    forward: tuple[str, ...]
    backward: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A text with ``words`` of the ``asked`` number; ``spans`` of code points to mark in it."""

    id: str
    score: float
    words: int
    asked: int
    spans: tuple[tuple[int, int], ...]


@lru_cache(maxsize=2**17)
def _names(word: str) -> tuple[str, ...]:
    """All names of a word's family, in order of the alphabet, without accents.

    The list calls huren the root of huur (a verb) and huur the root of huren (a plural): we follow
    it until it turns in a circle.
    """
    path = [word.casefold()]
    while (root := lemmatize(path[-1], lang="nl").casefold()) not in path:
        path.append(root)
    circle = sorted(path[path.index(root) :])
    return tuple(dict.fromkeys(map(_plain, circle)))


def _plain(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word).translate(_BASE)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def family(word: str) -> str:
    """One name for all inflections of a word: ``huur`` and ``huren`` are one family."""
    return _names(word)[0]


def words(text: str) -> Iterator[Word]:
    """Every word and number of a text."""
    for found in _WORD.finditer(text):
        yield Word(family(found.group()), *found.span())


@cache
def function_words() -> frozenset[str]:
    """Families of Dutch words that say how and not what, to leave out where quotes are compared."""
    return frozenset(family(word) for word in _FUNCTION.split())


def index(texts: Mapping[str, str], leaving: Collection[str] = ()) -> Index:
    """Index of texts by id: conversations to search, or quotes to find like ones; without the
    families in *leaving*."""
    found = _occurrences(texts.values(), leaving)
    arrays = {name: np.array(flat, np.int64).reshape(-1, 3) for name, flat in found.items()}
    lengths = np.zeros(len(texts))
    for places in arrays.values():
        np.add.at(lengths, places[:, 0], 1.0)
    return Index(
        ids=tuple(texts), places=arrays, lengths=lengths, norms=_norms(arrays, len(texts)),
        forward=tuple(sorted(arrays)), backward=tuple(sorted(name[::-1] for name in arrays)),
    )  # fmt: skip


def _occurrences(texts: Iterable[str], leaving: Collection[str]) -> dict[str, list[int]]:
    """Of each family number of the text, start and end, one after the other: small integers in one
    list, for this is what making an index takes its time for."""
    found: dict[str, list[int]] = defaultdict(list)
    families: dict[str, list[int]] = {}  # of words as they are written
    for number, text in enumerate(texts):
        for match in _WORD.finditer(text):
            written = match.group()
            if (places := families.get(written)) is None:
                places = families[written] = found[family(written)]
            places.extend((number, *match.span()))
    return {name: flat for name, flat in found.items() if name not in leaving}


def _counted(places: Ints) -> tuple[Ints, Ints]:
    """Which texts have the word, and how often."""
    starts = np.flatnonzero(np.diff(places[:, 0], prepend=-1))
    return places[starts, 0], np.diff(starts, append=len(places))


def _norms(places: Mapping[str, Ints], texts: int) -> Floats:
    squares = np.zeros(texts)
    for found in places.values():
        numbers, times = _counted(found)
        squares[numbers] += _tf_idf(times, texts) ** 2
    norms: Floats = np.sqrt(squares)
    return norms


def _tf_idf(times: Ints, texts: int) -> Floats:
    """(1 + ln tf) · ln(N / df), per text that has the word."""
    weights: Floats = (1 + np.log(times)) * math.log(texts / len(times))
    return weights


def search(
    index: Index, query: str, *, most: int = 20, among: Collection[str] | None = None
) -> tuple[Hit, ...]:
    """Texts with words of the query: those with the most of them first, then by BM25.

    ``among``: ids that the reader may see and that were not withdrawn; None is all of them.
    """
    asked = dict.fromkeys(_names(found.group()) for found in _WORD.finditer(query))
    scores, matched = np.zeros(len(index.ids)), np.zeros(len(index.ids))
    for names in asked:
        found = _scores(index, names)
        scores += found
        matched += found > 0
    seen = _seen(index, among) & (matched > 0)
    (rows,) = np.nonzero(seen)
    best = rows[np.lexsort((rows, -scores[rows], -matched[rows]))][:most]
    spans = _spans(index, asked, best)
    return tuple(
        Hit(id=index.ids[n], score=float(scores[n]), words=int(matched[n]), asked=len(asked),
            spans=spans[int(n)])
        for n in best
    )  # fmt: skip


def _seen(index: Index, among: Collection[str] | None) -> NDArray[np.bool_]:
    if among is None:
        return np.ones(len(index.ids), bool)
    allowed = frozenset(among)
    return np.array([name in allowed for name in index.ids], dtype=bool)


def _scores(index: Index, names: Names) -> Floats:
    """BM25 (texts,) of a family, and for half of it of compounds with it; of both the larger."""
    found = np.zeros(len(index.ids))
    for weight, other in _variants(index, names):
        numbers, times = _counted(index.places[other])
        rarity = math.log1p((len(index.ids) - len(numbers) + 0.5) / (len(numbers) + 0.5))
        long = 1 - _B + _B * index.lengths[numbers] / index.lengths.mean()
        score = weight * rarity * times * (_K1 + 1) / (times + _K1 * long)
        found[numbers] = np.maximum(found[numbers], score)
    return found


def _variants(index: Index, names: Names) -> Iterator[tuple[float, str]]:
    """The family itself, then words that begin or end with one of its names."""
    if names[0] in index.places:
        yield 1.0, names[0]
    longer: set[str] = set()
    for name in names:
        if len(name) >= _SHORTEST:
            longer.update(_beginning(index.forward, name))
            longer.update(other[::-1] for other in _beginning(index.backward, name[::-1]))
    yield from ((_PART, other) for other in sorted(longer.difference(names)))


def _beginning(ordered: tuple[str, ...], start: str) -> Iterable[str]:
    rest = (ordered[n] for n in range(bisect_left(ordered, start), len(ordered)))
    return takewhile(lambda word: word.startswith(start), rest)


def _spans(
    index: Index, asked: Iterable[Names], rows: Ints
) -> dict[int, tuple[tuple[int, int], ...]]:
    wanted = {name for names in asked for _, name in _variants(index, names)}
    found: dict[int, set[tuple[int, int]]] = {int(n): set() for n in rows}
    for name in wanted:
        places = index.places[name]
        for number, start, end in places[np.isin(places[:, 0], rows)].tolist():
            found[number].add((start, end))
    return {number: tuple(sorted(spans)) for number, spans in found.items()}


class Alike(NamedTuple):
    """A quote that looks like the one ``to``: cosine 0-1, and the places (code points) in it of the
    words that both have."""

    id: str
    to: str
    cosine: float
    spans: tuple[tuple[int, int], ...]


def alike(
    index: Index, to: Collection[str], *, among: Collection[str], most: int = 5, least: float = 0.25
) -> tuple[Alike, ...]:
    """Those of *among* that look most like one of the quotes *to*, each with that one.

    By the nearest quote (cosine of tf-idf) and not by the middle of all, which looks like none of
    them once a theme is wide.  Two families of words must be shared: one alone is chance.
    """
    mine = np.flatnonzero(_seen(index, to))
    others = np.flatnonzero(_seen(index, among) & ~_seen(index, to))
    if not len(mine) or not len(others):
        return ()
    weights = _weights(index)
    cosines = (weights[others] @ weights[mine].T).toarray()
    has = (weights > 0).astype(np.int64)
    cosines[(has[others] @ has[mine].T).toarray() < _SHARED] = 0.0
    nearest = cosines.argmax(axis=1)
    best = cosines[np.arange(len(others)), nearest]
    rows = [int(r) for r in np.lexsort((others, -best)) if best[r] >= least][:most]
    return tuple(
        Alike(index.ids[others[r]], index.ids[mine[nearest[r]]], float(best[r]),
              _common(index, weights, int(others[r]), int(mine[nearest[r]])))
        for r in rows
    )  # fmt: skip


def _weights(index: Index) -> csr_array:
    """tf-idf (texts, families), each row of length one."""
    from scipy.sparse import csr_array  # noqa: PLC0415 -- heavy

    rows, columns, values = [], [], []
    for column, places in enumerate(index.places.values()):
        numbers, times = _counted(places)
        rows.append(numbers)
        columns.append(np.full(len(numbers), column))
        values.append(_tf_idf(times, len(index.ids)) / np.maximum(index.norms[numbers], 1e-12))
    if not rows:
        return csr_array((len(index.ids), 1))
    cells = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
    return csr_array(cells, shape=(len(index.ids), len(index.places)))


def _common(index: Index, weights: csr_array, one: int, other: int) -> tuple[tuple[int, int], ...]:
    """Places in *one* of the words that *other* has too."""
    every = tuple(index.places.values())
    both = np.intersect1d(weights[[one]].indices, weights[[other]].indices)
    places = (every[column] for column in both)
    return tuple(sorted((s, e) for found in places for n, s, e in found.tolist() if n == one))


class Piece(NamedTuple):
    """Words of an excerpt, and whether they were found."""

    words: str
    found: bool


def excerpt(text: str, spans: Iterable[tuple[int, int]], most: int = 240) -> tuple[Piece, ...]:
    """At most *most* code points of a text from a little before the first of *spans*, cut where
    they begin and end; an ellipsis stands for what was left out."""
    places = sorted(spans)
    first = places[0][0] if places else 0
    start = 0 if len(text) <= most or first <= _AROUND else _at_word(text, first - _AROUND)
    end = _word_end(text, start + most)
    pieces, at = [Piece("…", found=False)] if start else [], start
    for a, b in places:
        if a >= at and b <= end:
            pieces += [Piece(text[at:a], found=False), Piece(text[a:b], found=True)]
            at = b
    pieces.append(Piece(text[at:end] + ("…" if end < len(text) else ""), found=False))
    return tuple(piece for piece in pieces if piece.words)


def _word_end(text: str, at: int) -> int:
    """Before the last space up to *at*, or *at* itself where the word is longer than that."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - _AROUND, at + 1)
    return at if space < 0 else space


def _at_word(text: str, at: int) -> int:
    """After the first space from *at* on, so that no word is cut at its beginning."""
    space = text.find(" ", at, at + _AROUND)
    return at if space < 0 else space + 1
