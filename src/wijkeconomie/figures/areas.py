# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Gemeente, wijk, buurt: codes, levels, who lies in whom, and names as people type them.

Source: CBS, Wijk- en buurtindeling.  Since 2023 Amsterdam has letters in its codes
(WK0363AA, BU0363AA01), so the last positions are letters or digits.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wijkeconomie.figures.registry import fold

LEVELS = ("land", "gemeente", "wijk", "buurt")
COUNTRY = "NL00"
# [0-9], for \d takes digits of every script
CODE = re.compile(r"NL00|GM[0-9]{4}|WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4}")
_LEVEL_OF = {"NL": "land", "GM": "gemeente", "WK": "wijk", "BU": "buurt"}

_CODE, _WHOLE_NAME, _PART = 3.0, 2.0, 1.0
_NEAR = 200  # names that are compared letter by letter
_IN_COMMON = 0.4  # least share of the trigrams that a name with a typing error still has
_ERRORS = 0.34  # most typing errors a letter
_NUMBERED = re.compile(r"^wijk[0-9]+(?=.)")  # how CBS writes many wijken: "Wijk 36 Moerwijk"
_ADDITION = re.compile(r"\s*\([^()]*\)\s*$")  # which of several: "Bergen (NH.)"
_SOUNDS = (  # what is written in two ways and heard as one, in folded Dutch names
    ("ij", "y"), ("ei", "y"), ("au", "ou"), ("ch", "g"), ("ck", "k"), ("c", "k"), ("q", "k"),
    ("v", "f"), ("z", "s"),
)  # fmt: skip
_HARD_END = re.compile("d?t$|d$")
_EVERYDAY = {"denhaag": "sgravenhage", "denbosch": "shertogenbosch"}  # what people say


@dataclass(frozen=True, slots=True)
class Area:
    """One area in the boundary year of a release; ``gemeente`` is the gemeente's name, because
    names repeat over the country (two Schilderswijken); ``country`` is where it lies, because the
    example lies in a country of its own."""

    code: str
    name: str
    level: str
    gemeente: str
    country: str = "Nederland"

    @property
    def parent(self) -> str:
        """Code of the area it lies in; the country's parent is itself."""
        return parent(self.code)


def is_code(text: str) -> bool:
    """Whether *text* is a whole, valid area code."""
    return CODE.fullmatch(text) is not None


def level(code: str) -> str:
    """``level("WK051801") == "wijk"``; the code must be valid."""
    return _LEVEL_OF[code[:2]]


def gemeente_of(code: str) -> str:
    """``gemeente_of("BU05181785") == "GM0518"``."""
    return COUNTRY if code == COUNTRY else f"GM{code[2:6]}"


def parent(code: str) -> str:
    """Code of the area that a buurt, wijk or gemeente lies in."""
    match level(code):
        case "buurt":
            return f"WK{code[2:8]}"
        case "wijk":
            return f"GM{code[2:6]}"
        case _:
            return COUNTRY


class Names:
    """All areas, to be found by what somebody typed.

    ``people`` are the inhabitants of the areas of which somebody counted them.
    """

    def __init__(self, areas: Sequence[Area], people: Mapping[str, float]) -> None:
        self._areas, self._people = areas, people
        # Without "Wijk 36 ", whole, the code, and without what stands between brackets too.
        self._texts = [
            (_NUMBERED.sub("", whole), whole, fold(area.code),
             _NUMBERED.sub("", fold(_ADDITION.sub("", area.name))))
            for area in areas
            for whole in [fold(area.name)]
        ]  # fmt: skip
        self._index: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(self._texts):
            for trigram in set().union(*map(_trigrams, (*one, _sound(one[0])))):
                self._index[trigram].append(at)

    def find(self, text: str, limit: int = 10) -> tuple[Area, ...]:
        """Areas whose name or code looks like *text*, best first; forgives typing errors.  Of two
        that look alike the wider area comes first, then the one with more inhabitants."""
        found = self._candidates(_wanted(text))
        scored = sorted((-score, *self._rank(at), at) for at, score in found)
        alike = (self._areas[at] for *_, at in scored[:limit])
        return tuple(dict.fromkeys((*self.named(text), *self._within(text), *alike)))[:limit]

    def exact(self, text: str) -> Area | None:
        """The area that is meant: the one with this code, in any case, or with this whole name.  Of
        several the only gemeente, or the one in which all others lie; else None.  Of a wijk or
        buurt those are others too of whose name this is a part: who looks for Kanaleneiland may
        well mean Kanaleneiland-Noord, in another gemeente."""
        found = self.named(text)
        if not found:
            return None
        first, *others = found
        if first.level in LEVELS[2:] and fold(text) != fold(first.code):
            others += self.holding(text)
        elsewhere = [area for area in others if not area.code[2:].startswith(first.code[2:])]
        one = first.level == "gemeente" and all(area.level != "gemeente" for area in others)
        return first if one or not elsewhere else None

    def holding(self, text: str) -> tuple[Area, ...]:
        """Areas whose name begins with *text* or holds it, and is more than that; best first."""
        part = ((-score, *self._rank(at), at) for at, score in self._candidates(_wanted(text)))
        return tuple(self._areas[at] for s, *_, at in sorted(part) if _PART <= -s < _WHOLE_NAME)

    def named(self, text: str) -> tuple[Area, ...]:
        """The area with this code, in any case, else all with this whole name, wider and then
        larger first: with or without what stands between brackets behind it (Bergen (L.)), or
        followed by its gemeente (Centrum Zoetermeer)."""
        found = self._whole(text)
        return found or tuple(
            area
            for name, gemeente in self._placed(text)
            for area in self._whole(name)
            if area.gemeente == gemeente and area.level != "gemeente"
        )

    def _within(self, text: str) -> Iterator[Area]:
        """Of whose name the first words are a part, in the gemeente that the last words name."""
        for name, gemeente in self._placed(text):
            yield from (area for area in self.holding(name) if area.gemeente == gemeente)

    def _placed(self, text: str) -> Iterator[tuple[str, str]]:
        """A name and the gemeente behind it, wherever the one may end and the other begin."""
        for name, place in _in_two(text):
            yield from ((name, a.name) for a in self._whole(place) if a.level == "gemeente")

    def _whole(self, text: str) -> tuple[Area, ...]:
        whole = [(s, at) for at, s in self._candidates(_wanted(text)) if s >= _WHOLE_NAME]
        best = max((score for score, _ in whole), default=0.0)
        places = sorted((*self._rank(at), at) for score, at in whole if score == best)
        return tuple(self._areas[at] for *_, at in places)

    def _candidates(self, wanted: str) -> Iterable[tuple[int, float]]:
        """Positions with a score: 3 the code, 2 the whole name, 1–2 its beginning or a part, below
        1 how alike it is (see :func:`_alike`)."""
        names, trigrams = self._texts, self._index
        mine = _trigrams(wanted) if wanted else set()
        heard = mine | _trigrams(_sound(wanted)) if wanted else mine
        shared = Counter(at for trigram in heard for at in trigrams.get(trigram, ()))
        for at in shared:
            name, whole, code, bare = names[at]
            if code == wanted:
                yield at, _CODE
            elif wanted in (name, whole, bare):
                yield at, _WHOLE_NAME
            elif wanted in whole:
                begins = 0.4 if name.startswith(wanted) else 0.0
                yield at, _PART + _dice(mine, name) / 2 + begins
        near = (at for at, n in shared.most_common(_NEAR) if n >= _IN_COMMON * len(mine))
        for at in near:
            name, whole, *_rest = names[at]
            if wanted not in whole and (score := _alike(wanted, name)):
                yield at, score

    def _rank(self, position: int) -> tuple[int, float]:
        """Wider areas first, then larger ones; of whom nobody counted the inhabitants, last."""
        area = self._areas[position]
        return LEVELS.index(area.level), -self._people.get(area.code, 0.0)


def _trigrams(name: str) -> set[str]:
    padded = f"  {name} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def _wanted(text: str) -> str:
    wanted = fold(text)
    return _EVERYDAY.get(wanted, wanted)


def _in_two(text: str) -> Iterator[tuple[str, str]]:
    """A name and the place in which it lies, wherever the one may end and the other begin."""
    words = re.split(r"[\s,()]+", text.strip("() "))
    for at in range(1, len(words)):
        yield " ".join(words[:at]), " ".join(words[at:])


def _dice(mine: set[str], name: str) -> float:
    theirs = _trigrams(name)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def _alike(wanted: str, name: str) -> float:
    """0 (too many typing errors) to 1: few errors first, then the same beginning, then length.

    The first letters are seldom typed wrong (Winkler, 1990): Moerwijck is Moerwijk, not Meerwijck.
    What sounds the same is a third of an error: Overvegt is Overvecht, not Overveen.
    """
    said, heard = _sound(wanted), _sound(name)
    wrong = (_errors(wanted, name) + 2 * _errors(said, heard)) / 3 / len(wanted)
    if wrong > _ERRORS:
        return 0.0
    begins = sum(said.startswith(heard[:n]) for n in range(1, 5)) / 4
    return 0.7 * (1 - wrong) + 0.2 * _dice(_trigrams(said), heard) + 0.1 * begins


def _sound(name: str) -> str:
    """A folded name as it is heard: ``overvecht`` and ``overvegt`` are one."""
    for written, heard in _SOUNDS:
        name = name.replace(written, heard)
    return _HARD_END.sub("t", name)


def _errors(wanted: str, name: str) -> int:
    """Letters to change, add, leave out or swap with the next to find *wanted* somewhere in *name*
    (Sellers, 1980; Damerau, 1964)."""
    older, old, earlier = [0], list(range(len(wanted) + 1)), ""
    least = old[-1]
    for letter in name:
        row = [0]
        for at, other in enumerate(wanted, 1):
            row.append(min(old[at] + 1, row[-1] + 1, old[at - 1] + (letter != other)))
            if at > 1 and other == earlier and wanted[at - 2] == letter:
                row[at] = min(row[at], older[at - 2] + 1)
        older, old, earlier = old, row, letter
        least = min(least, row[-1])
    return least
