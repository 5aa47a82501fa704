# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is a Dutch text plain?  Long sentences, words that may be unknown, passives, abbreviations.

An estimate and no certificate: level B1 describes readers, not texts (Council of Europe 2020, CEFR
Companion Volume), and cannot be counted.  The bounds and the list (``plain.toml``) are our own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from simplemma import split_sentences

from wijkeconomie.fieldwork import search

Kind = Literal["word", "phrase", "abbreviation", "capitals", "long_word", "passive"]

MOST_WORDS = 15  # in a sentence
LONG = 15  # letters in a word
_CAPITALS = re.compile(r"(?<![\w.])[A-Z]{2,5}(?!\.?\w)")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_BECOMES = frozenset({"word", "wordt", "worden", "werd", "werden"})
_PARTICIPLE = re.compile(r"\w*ge\w+(?:d|t|en)|(?:be|ver|ont|her|er)\w+(?:d|t|en)")


class Sentence(NamedTuple):
    """Code points of a sentence and its number of words."""

    start: int
    end: int
    words: int

    @property
    def long(self) -> bool:
        return self.words > MOST_WORDS


class Hint(NamedTuple):
    """A place to look at; ``simpler`` is what could stand there, empty where we know nothing."""

    start: int
    end: int
    kind: Kind
    simpler: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """``hints`` in order of the text.  Passives, capitals and long words are to think about; a
    text is ``plain`` without long sentences, words of the list and abbreviations."""

    sentences: tuple[Sentence, ...]
    hints: tuple[Hint, ...]

    @property
    def plain(self) -> bool:
        told = any(hint.kind in ("word", "phrase", "abbreviation") for hint in self.hints)
        return not told and not any(sentence.long for sentence in self.sentences)


class _Lists(NamedTuple):
    words: dict[str, str]
    phrases: dict[str, str]
    abbreviations: dict[str, str]
    pattern: re.Pattern[str]


@cache
def _lists() -> _Lists:
    read = tomllib.loads(files(__package__).joinpath("plain.toml").read_text("utf-8"))
    fixed = sorted((*read["phrases"], *read["abbreviations"]), key=len, reverse=True)
    pattern = "|".join(re.escape(words) for words in fixed)
    return _Lists(
        words={search.family(word): simpler for word, simpler in read["words"].items()},
        phrases=read["phrases"],
        abbreviations={word.casefold(): simpler for word, simpler in read["abbreviations"].items()},
        pattern=re.compile(rf"(?<![\w.])(?:{pattern})(?!\w)", re.IGNORECASE),
    )


def check(text: str) -> Check:
    """Everything in a Dutch text that may stop a reader, with places in code points."""
    sentences = tuple(_sentences(text))
    hints = [hint for finder in (_fixed, _hard, _capitals) for hint in finder(text)]
    hints += [hint for sentence in sentences for hint in _passives(text, sentence)]
    return Check(sentences=sentences, hints=tuple(_apart(hints)))


def unknown(text: str) -> tuple[tuple[str, str], ...]:
    """The words that a reader may not know with what they mean, each once, for under a text."""
    told = (hint for hint in check(text).hints if hint.simpler)
    found = {text[hint.start : hint.end].casefold(): hint.simpler for hint in told}
    return tuple(sorted(found.items()))


def hard(texts: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words that a reader may not know: those for which we know something simpler, and those that
    are left."""
    told: dict[bool, set[str]] = {True: set(), False: set()}
    for text in texts:
        for hint in check(text).hints:
            if hint.kind != "passive":
                told[bool(hint.simpler)].add(text[hint.start : hint.end].casefold())
    return tuple(sorted(told[True])), tuple(sorted(told[False]))


def _sentences(text: str) -> Iterator[Sentence]:
    at = 0
    for line in text.splitlines():
        for sentence in split_sentences(line, lang="nl"):
            start = text.find(sentence, at)
            at = start + len(sentence)
            if count := len(_WORD.findall(sentence)):
                yield Sentence(start, at, count)


def _fixed(text: str) -> Iterator[Hint]:
    lists = _lists()
    for found in lists.pattern.finditer(text):
        low = found.group().casefold()
        kind: Kind = "phrase" if low in lists.phrases else "abbreviation"
        yield Hint(*found.span(), kind, lists.phrases.get(low) or lists.abbreviations[low])


def _hard(text: str) -> Iterator[Hint]:
    for found in _WORD.finditer(text):
        simpler = _lists().words.get(search.family(found.group()))
        if simpler:
            yield Hint(*found.span(), "word", simpler)
        elif len(found.group()) >= LONG:
            yield Hint(*found.span(), "long_word")


def _capitals(text: str) -> Iterator[Hint]:
    """Letters that stand for words and are not in the list; a text all in capitals has none."""
    if text.upper() != text:
        yield from (Hint(*found.span(), "capitals") for found in _CAPITALS.finditer(text))


def _passives(text: str, sentence: Sentence) -> Iterator[Hint]:
    """``wordt … gesloten``: a form of worden with a participle in the same sentence."""
    words = list(_WORD.finditer(text, sentence.start, sentence.end))
    if not any(word.group().casefold() in _BECOMES for word in words):
        return
    for word in words:
        low = word.group().casefold()
        root = search.family(low)
        if _PARTICIPLE.fullmatch(low) and root != low and root.endswith("n"):
            yield Hint(*word.span(), "passive")


def _apart(hints: Sequence[Hint]) -> Iterator[Hint]:
    """In order; of two that overlap the one that knows something simpler, then the longer."""
    chosen: list[Hint] = []
    for hint in sorted(hints, key=lambda h: (not h.simpler, h.start - h.end, h.start)):
        if all(hint.end <= other.start or other.end <= hint.start for other in chosen):
            chosen.append(hint)
    yield from sorted(chosen)
