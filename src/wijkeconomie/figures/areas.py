# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Gemeente, wijk, buurt: codes, levels, who lies in whom, and names as people type them.

Source: CBS, Wijk- en buurtindeling.  Since 2023 Amsterdam has letters in its codes
(WK0363AA, BU0363AA01), so the last positions are letters or digits.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from wijkeconomie.figures.registry import fold

LEVELS = ("land", "gemeente", "wijk", "buurt")
COUNTRY = "NL00"
# [0-9], for \d takes digits of every script
CODE = re.compile(r"NL00|GM[0-9]{4}|WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4}")
_LEVEL_OF = {"NL": "land", "GM": "gemeente", "WK": "wijk", "BU": "buurt"}

_PART = 1.0
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
_EVERYDAY = {  # what people say, and English or Dutch names, of folded official ones
    "sgravenhage": ("Den Haag", "The Hague"), "shertogenbosch": ("Den Bosch",),
    "sudwestfryslan": ("Zuidwest-Friesland",), "defryskemarren": ("De Friese Meren",),
    "noardeastfryslan": ("Noordoost-Friesland",), "dantumadiel": ("Dantumadeel",),
    "tytsjerksteradiel": ("Tietjerksteradeel",),
}  # fmt: skip
_NUMBER = re.compile(r"(gm|wk|bu)?([0-9][0-9a-z]*)")  # a folded code, perhaps without its zeros
_DIGITS = {"gm": 4, "wk": 6, "bu": 8}  # positions behind the level
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORT = 7  # letters
_ONE_ERROR = 1.4  # score of a whole name with one error: after what begins so, before other parts


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
        said = [(area, name) for area in areas for name in _EVERYDAY.get(fold(area.name), ())]
        named = [(area, area.name) for area in areas] + said
        self._areas, self._people = [area for area, _name in named], people
        # Without "Wijk 36 ", whole, the code, and without what stands between brackets too.
        self._texts = [
            (_NUMBERED.sub("", whole), whole, fold(area.code),
             _NUMBERED.sub("", fold(_ADDITION.sub("", name))))
            for area, name in named
            for whole in [fold(name)]
        ]  # fmt: skip
        self._codes = {code: at for at, (*_, code, _bare) in enumerate(self._texts[: len(areas)])}
        self._wholes: dict[str, list[int]] = defaultdict(list)
        self._index: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(self._texts):
            for name in {one[0], one[1], one[3]}:
                self._wholes[name].append(at)
            for trigram in set().union(*map(_trigrams, (*one, _sound(one[0])))):
                self._index[trigram].append(at)

    def find(
        self, text: str, limit: int | None = 10, among: Container[str] | None = None
    ) -> tuple[Area, ...]:
        """Areas whose name or code looks like *text*, best first; forgives typing errors.  Of two
        that look alike the wider area comes first, then the one with more inhabitants.

        All of them when *limit* is None; only those whose code is *among* some, chosen before
        anything is cut."""
        named = [area for area in self.named(text) if among is None or area.code in among]
        found = [*self._candidates(fold(text), among)]
        found += () if named else self._nearly(fold(text))
        scored = sorted((-score, *self._rank(at), at) for at, score in found)
        alike = (self._areas[at] for *_, at in scored)
        every = dict.fromkeys(chain(named, self._within(text), alike))
        wanted = (area for area in every if among is None or area.code in among)
        return tuple(islice(wanted, limit))

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
        part = sorted((-score, *self._rank(at), at) for at, score in self._parts(fold(text)))
        return tuple(dict.fromkeys(self._areas[at] for *_, at in part))

    def named(self, text: str) -> tuple[Area, ...]:
        """The area with this code, in any case and without its zeros or level too (0344), else all
        with this whole name, wider and then larger first: as people say it (Den Haag), with or
        without what stands between brackets behind it (Bergen (L.)), and with its gemeente behind
        or before it (Centrum Zoetermeer)."""
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
        """A name and the gemeente behind or before it, wherever the one may end."""
        for one, other in _in_two(text):
            for name, place in ((one, other), (other, one)):
                yield from ((name, a.name) for a in self._whole(place) if a.level == "gemeente")

    def _whole(self, text: str) -> tuple[Area, ...]:
        wanted = fold(text)
        coded = self._codes.get(_full_code(wanted))
        if coded is not None:
            return (self._areas[coded],)
        places = sorted((*self._rank(at), at) for at in self._wholes.get(wanted, ()) if wanted)
        return tuple(dict.fromkeys(self._areas[at] for *_, at in places))

    def _nearly(self, wanted: str) -> Iterator[tuple[int, float]]:
        """Those with a whole short name, of at least three letters, that is one letter different:
        so few letters stand in many longer names."""
        for name in set(_with_one_error(wanted)) if len(wanted) <= _SHORT else ():
            if name in self._wholes and max(len(name), len(wanted)) * _ERRORS >= 1:
                yield from ((at, _ONE_ERROR) for at in self._wholes[name])

    def _candidates(self, wanted: str, among: Container[str] | None) -> Iterator[tuple[int, float]]:
        """Positions with a score: 1–2 for what begins so or holds it, below 1 how alike it is (see
        :func:`_alike`)."""
        shared = self._shared(wanted)
        if among is not None:
            shared = Counter({at: n for at, n in shared.items() if self._areas[at].code in among})
        yield from self._parts(wanted, shared)
        mine = len(_trigrams(wanted))
        near = (at for at, n in shared.most_common(_NEAR) if n >= _IN_COMMON * mine)
        for at in near:
            name, whole, *_rest = self._texts[at]
            if wanted not in whole and (score := _alike(wanted, name)):
                yield at, score

    def _parts(
        self, wanted: str, shared: Iterable[int] | None = None
    ) -> Iterator[tuple[int, float]]:
        mine = _trigrams(wanted)
        for at in self._shared(wanted) if shared is None else shared:
            name, whole, _code, bare = self._texts[at]
            if wanted in whole and wanted not in (name, whole, bare):
                begins = 0.4 if name.startswith(wanted) else 0.0
                yield at, _PART + _dice(mine, name) / 2 + begins

    def _shared(self, wanted: str) -> Counter[int]:
        """Positions with how many trigrams they have in common, as written or as heard."""
        counted: Counter[int] = Counter()
        for trigram in _trigrams(wanted) | _trigrams(_sound(wanted)) if wanted else ():
            counted.update(self._index.get(trigram, ()))
        return counted

    def _rank(self, position: int) -> tuple[int, float]:
        """Wider areas first, then larger ones; of whom nobody counted the inhabitants, last."""
        area = self._areas[position]
        return LEVELS.index(area.level), -self._people.get(area.code, 0.0)


def _trigrams(name: str) -> set[str]:
    padded = f"  {name} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def _full_code(wanted: str) -> str:
    """``gm0344`` of gm344, 0344 and 344: a folded code with all its positions, or what it was."""
    found = _NUMBER.fullmatch(wanted)
    if found is None:
        return wanted
    kind = found[1] or next((k for k, most in _DIGITS.items() if len(found[2]) <= most), "")
    return kind + found[2].zfill(_DIGITS.get(kind, 0))


def _with_one_error(name: str) -> Iterator[str]:
    """With one letter more, less or different, or two that changed places."""
    for at in range(len(name) + 1):
        before, behind = name[:at], name[at:]
        yield before + behind[1:]
        yield before + behind[1:2] + behind[:1] + behind[2:]
        for letter in _LETTERS:
            yield before + letter + behind
            yield before + letter + behind[1:]


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
