# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Find personal data in a field note and replace it.

A warning, never a proof: names that are in no list and follow no cue are missed, so a person reads
a text before it goes out.  Streets without a number and shops are no personal data and stay.

Sources: Logisch Ontwerp BSN §4 (eleven test); ISO 13616-1 and ISO 7064 (IBAN, mod 97-10); RDW,
sidecodes of number plates; lists in ``personal.toml``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from simplemma import is_known

from wijkeconomie.figures.refusal import Notice

Kind = Literal["name", "phone", "email", "bsn", "iban", "address", "postcode", "plate", "birth"]
Confidence = Literal["sure", "likely", "perhaps"]

_ORDER: tuple[Confidence, ...] = ("sure", "likely", "perhaps")
_PARTICLES = 4  # van der, op den: and then the name
_PARTS = 7  # words of a name
_LONGEST = 30  # letters of a name
_NEAR = 24  # code points before a number in which a cue says what it is
_BORN = range(1900, 2013)  # a full date of these years may be of birth, also without a cue
_SEP = r"[\s().\-/]{0,3}"
# An o typed for the 0 too.
_DUTCH_PHONE = re.compile(rf"(?<![\w+])\(?[0oO]{_SEP}[1-9](?:{_SEP}\d){{8,9}}(?!\w)")
_FOREIGN_PHONE = re.compile(rf"(?<!\w)(?:\+|00){_SEP}[1-9](?:{_SEP}\d){{7,13}}(?!\w)")
_CUED_PHONE = re.compile(r"(?<!\w)\d(?:[\s.\-]?\d){6,11}(?!\w)")
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_AT, _DOT = r"(?:at|apenstaart(?:je)?|@)", r"(?:punt|dot|\.)"
_SPOKEN_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:"
    r" (?:at|apenstaart(?:je)?) [\w-]+ (?:punt|dot) [a-z]{2,3}"
    # the sign between brackets, so that a machine does not see it: truus [at] post.nl
    rf"| ?[\[({{<] ?{_AT} ?[\])}}>] ?[\w-]{{1,63}}"
    rf"(?:(?: ?[\[({{<] ?{_DOT} ?[\])}}>] ?| punt | dot |\.)[\w-]{{1,63}}){{1,4}}"
    r")(?!\w)",
    re.IGNORECASE,
)
_NINE = re.compile(r"(?<![\w.,-])\d(?:[ .-]?\d){7,8}(?![\w-])")
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ \-.]?[A-Za-z0-9]){11,30}")
_POSTCODE = re.compile(  # in small letters without a space, and no measure: 1200kg
    r"(?<!\w)[1-9]\d{3}(?: ?(?!SA|SD|SS)[A-Z]{2}"
    r"|(?!sa|sd|ss|de|te|st|nd|rd|th|er|[kcdmn]m|[kmh]g|[mcdh]l|[kmgt]b|kw|wh|hz|px|pk|ha)[a-z]{2}"
    r")(?!\w)"
)
_PLATE = re.compile(r"(?<![\w-])([A-Z0-9]{1,3}-[A-Z0-9]{2,3}-[A-Z0-9]{1,3})(?![\w-])")
_SIDECODE = re.compile(
    "AA9999|9999AA|99AA99|AA99AA|AAAA99|99AAAA|99AAA9|9AAA99|AA999A|A999AA|AAA99A|A99AAA|"
    "9AA999|999AA9"
)
_BARE_PLATE = re.compile(
    r"(?<!\w)(?=([A-Z0-9]{1,3} ?[A-Z0-9]{2,3} ?[A-Z0-9]{1,3})(?!\w))", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"\s+(?:(?:[Hh]uis)?[Nn](?:umme)?r\.? )?"
    r"\d{1,4}(?: ?[-/]? ?[A-Za-z](?!\w)| ?- ?\d{1,3}(?!\w))?(?![\w%])"
)
_TOKEN = re.compile(r"(?:\d[eE]|'[ts]|[^\W\d_]\.(?=[\s\w])|[^\W\d_]+(?:[-'’][^\W\d_]+)*)")


class Span(NamedTuple):
    """Code points ``start`` up to ``end`` of the text, what they seem to be, and how sure."""

    start: int
    end: int
    kind: Kind
    confidence: Confidence


class _Token(NamedTuple):
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.rstrip(".").casefold()

    @property
    def capital(self) -> bool:
        """Begins with a capital, or is of a script that has none."""
        return self.text[:1].isupper() or self.text.upper() == self.text.lower()

    @property
    def shouted(self) -> bool:
        """All in capitals, as what stands for words: WOZ, LISA."""
        return len(self.text) > 2 and self.text.isupper()


@dataclass(frozen=True, slots=True)
class _Note:
    """A text with plain digits, as many code points as the original."""

    plain: str
    tokens: tuple[_Token, ...]
    dutch: bool  # whether most of its words are: else a word that is no Dutch says nothing

    def before(self, at: int) -> str:
        return self.plain[max(at - _NEAR, 0) : at].casefold()

    def cued(self, at: int, cues: str) -> bool:
        """Is one of the words ``cues`` shortly before ``at``, in the same sentence?"""
        near = re.split(r"[;!?\n]|\. ", self.before(at))[-1]
        return any(word.strip(".") in _list(cues) for word in re.findall(r"[\w.-]+", near))


@cache
def _lists() -> dict[str, Any]:
    read = tomllib.loads(files(__package__).joinpath("personal.toml").read_text("utf-8"))
    flat = {f"{part}.{key}": value for part, keys in read.items() for key, value in keys.items()}
    return flat | {"iban": read["iban"]}


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(word.replace("\u00a0", " ").casefold() for word in _lists()[name].split(" ")
                     for word in word.split("\n") if word)  # fmt: skip


def find(text: str, keep: Collection[str] = ()) -> tuple[Span, ...]:
    """Everything that looks like personal data, in order, without overlap.

    ``keep``: names of shops and streets of the neighbourhood, which are no persons.  Of two that
    overlap the surer stays, of those the longer.
    """
    plain = "".join(_plain(letter) for letter in text)
    tokens = tuple(_Token(m.group(), *m.span()) for m in _TOKEN.finditer(plain))
    dutch = 2 * sum(is_known(token.low, "nl") for token in tokens) > len(tokens)
    note, kept = _Note(plain, tokens, dutch), {name.casefold() for name in keep}
    found = [span for finder in _FINDERS for span in finder(note)]
    taken, chosen = bytearray(len(text)), []
    for span in sorted(found, key=lambda s: (_ORDER.index(s.confidence), s.start - s.end, s.start)):
        piece = slice(span.start, span.end)
        if not any(taken[piece]) and text[piece].casefold() not in kept:
            chosen.append(span)
            taken[piece] = b"\1" * (span.end - span.start)
    return tuple(sorted(chosen))


def telling(text: str) -> tuple[Span, ...]:
    """What somebody is warned of who writes *text*, at a desk or as a giver: all that is more than
    perhaps so.  A phone warns of the same, as far as patterns find it (:func:`for_phone`)."""
    return tuple(span for span in find(text) if span.confidence != "perhaps")


def _plain(letter: str) -> str:
    """Digits of every script as 0-9, marks of direction and odd spaces as a space: one for one."""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    if unicodedata.category(letter) in ("Zs", "Cf"):
        return " "
    return "-" if unicodedata.category(letter) == "Pd" else letter


def mask(text: str, spans: Iterable[Span]) -> str:
    """The text with ``[naam 1]`` and the like for *spans*; the same words get the same number."""
    numbers: dict[tuple[str, str], int] = {}
    parts, at = [], 0
    for span in sorted(spans):
        key = span.kind, text[span.start : span.end].casefold()
        number = numbers.setdefault(key, 1 + sum(kind == span.kind for kind, _ in numbers))
        label = f"[{_lists()[f'labels.{span.kind}']} {number}]"
        parts += [text[at : span.start], label]
        at = span.end
    return "".join([*parts, text[at:]])


def for_phone() -> dict[str, Any]:
    """What a phone plays while somebody types, to warn of what :func:`telling` finds: numbers,
    plates, a day of birth, a numbered street, a name after a strong cue or of a list.

    ``patterns`` are (kind, regular expression as JavaScript reads it with the flag u), the surest
    first; ``it`` names what is meant where that is not all.  An IBAN must hold by ``iban``, the
    length per country, and a BSN must pass the eleven test.
    """
    numbers = {
        "iban": _IBAN, "email": _EMAIL, "phone": _DUTCH_PHONE, "postcode": _POSTCODE, "bsn": _NINE,
    }  # fmt: skip
    patterns = [(kind, _as_javascript(pattern.pattern)) for kind, pattern in numbers.items()]
    patterns.insert(3, ("phone", _as_javascript(_FOREIGN_PHONE.pattern)))
    patterns.insert(4, ("address", _as_javascript(_spelled_address())))
    patterns += [("birth", _as_javascript(_spelled_birth())),
                 ("plate", _as_javascript(_spelled_plate()))]  # fmt: skip
    cues = sorted({*_list("cues.strong"), *_lists()["cues.strong_phrases"]}, key=len)
    either = "|".join(f"[{cue[0].upper()}{cue[0]}]{cue[1:]}" for cue in reversed(cues))
    name = r"\p{Lu}[\p{L}'’\-]+(?: \p{Lu}[\p{L}'’\-]+)*"
    patterns.append(("name", rf"(?<![\p{{L}}\p{{N}}_])(?:{either})\.? (?<it>{name})"))
    patterns.append(("name", _as_javascript(_spelled_name())))
    labels = {kind: _lists()[f"labels.{kind}"] for kind, _ in patterns}
    return {"patterns": patterns, "iban": _lists()["iban"], "labels": labels}


def _either(words: Iterable[str]) -> str:
    """One of the words, in small letters or capitals, the longest first."""
    each = ("".join(f"[{c}{c.upper()}]" if c != c.upper() else c for c in w) for w in words)
    return "|".join(sorted(each, key=len, reverse=True))


def _not_a_last_name() -> str:
    """What stands before here is no last name, though it ends as a street does: De Vries-Bakker."""
    names = _either(n for n in _list("names.last") if n.endswith(tuple(_list("streets.ends"))))
    return rf"(?<!(?<![^\W\d_])(?:{names}))" if names else ""


def _spelled_near(cues: str) -> str:
    """One of the words ``cues`` shortly before, in the same sentence (:meth:`_Note.cued`)."""
    between, words = r"(?:(?!\. )[^;!?\n])", {cue.strip(".") for cue in _list(cues)}
    each = (rf"{_either([cue])}(?!\w){between}{{0,{_NEAR - len(cue)}}}" for cue in sorted(words))
    return rf"(?<=(?<!\w)(?:{'|'.join(each)}))"


def _spelled_birth() -> str:
    """A date after a cue of birth."""
    months = "|".join(sorted(map(re.escape, _list("months.names")), key=len, reverse=True))
    phrases = _either(_lists()["cues.birth_phrases"])
    near = rf"(?:{_spelled_near('cues.birth')}|(?<=(?:{phrases}) ?))"
    return rf"{near}(?<!\w)\d{{1,2}}(?:[-/.]\d{{1,2}}[-/.]| (?:{months})\.? )\d{{4}}(?!\w)"


def _spelled_plate() -> str:
    """A number plate, of which letters and digits stand as a sidecode has them: with hyphens, or
    after a cue."""

    def either(letter: str, between: str) -> str:
        signs = {"A": letter, "9": r"\d"}
        shapes = _SIDECODE.pattern.split("|")
        return "|".join(f"{between}?".join(signs[one] for one in shape) for shape in shapes)

    with_hyphens = rf"(?=(?:{either('[A-Z]', '-')})(?![\w-]))[A-Z0-9]{{1,3}}-[A-Z0-9]{{2,3}}-\w+"
    after_a_cue = rf"{_spelled_near('cues.plate')}(?:{either('[A-Za-z]', '[ -]')})(?![\w-])"
    return rf"(?<![\w-])(?:{with_hyphens}|{after_a_cue})"


def _spelled_name() -> str:
    """A name that begins with one of the lists (:func:`_listed`, as far as it is likely), and how
    it goes on; not after a shop, and no street."""
    letter, lists = r"[^\W\d_]", _list("names.first") | _list("names.last")
    known = sorted(lists - _list("names.ambiguous"), key=len, reverse=True)
    first = "|".join(word.title() for word in known)
    small = "|".join(sorted(_particles(), key=len, reverse=True))
    more = rf"(?: (?:(?:{small}) ){{0,{_PARTICLES}}}(?=\p{{Lu}}){letter}+(?:[-'’]{letter}+)*)"
    run = rf"(?:{first})(?!{letter}|[-'’]{letter}){more}{{0,{_PARTS}}}"
    shop = rf"(?<!(?<!{letter})(?:{_either(_list('names.businesses'))})\s)"
    street = rf"(?!(?<=(?:{_either(_list('streets.ends'))})){_not_a_last_name()})"
    return rf"(?<!{letter})(?<![-'’]){shop}(?=(?<it>{run}))\k<it>{street}"


def _spelled_address() -> str:
    """What :func:`_addresses` is sure of, as one pattern: a phone has no dictionary."""
    letter = r"[^\W\d_]"
    first = f"(?=\\p{{Lu}})(?:{_either(_list('streets.before'))}|{letter}\\.) "
    ends = rf"(?<={_either(_list('streets.ends'))}){_not_a_last_name()}"
    street = rf"(?=\p{{Lu}}){letter}+(?:[-'’]{letter}+)*{ends}"
    return rf"(?<!{letter})(?<![-'’])(?:{first})*{street}{_NUMBERED.pattern}"


def _as_javascript(pattern: str) -> str:
    """The same pattern with what a letter is spelled out: JavaScript knows a-z only."""
    inside = pattern.replace(r"[^\W\d_]", r"\p{L}")
    parts = re.split(r"(\[(?:\\.|[^\]\\])*\])", inside)
    letter = r"\p{L}\p{M}\p{N}_"
    return "".join(
        part.replace(r"\w", letter if part.startswith("[") else f"[{letter}]") for part in parts
    )


def streets(text: str) -> tuple[str, ...]:
    """The names of streets in the place of an observation, without their numbers: those that have
    one, or a street that is all there is.  Nothing else of the text, so no name of a person."""
    plain = "".join(map(_plain, text))
    tokens = tuple(_Token(m.group(), *m.span()) for m in _TOKEN.finditer(plain))
    note, found = _Note(plain, tokens, dutch=False), []
    for at, token in enumerate(tokens):
        alone = _NUMBERED.match(plain, token.end) or plain.strip() == token.text
        if alone and token.capital and _is_street(token):
            first = at
            while first and _joins(note, first - 1):
                if note.tokens[first - 1].low not in _list("streets.before"):
                    break
                first -= 1
            found.append(plain[note.tokens[first].start : token.end])
    return tuple(found)


def warning(spans: Collection[Span]) -> Notice | None:
    """What the writer is told: that there may be personal data, and what they can do."""
    return Notice("personal_data_found", {"count": len(spans)}) if spans else None


# --- numbers and addresses ----------------------------------------------------------------------


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdecimal())


def _phones(note: _Note) -> Iterator[Span]:
    for pattern in (_DUTCH_PHONE, _FOREIGN_PHONE):
        for found in pattern.finditer(note.plain):
            yield Span(*found.span(), "phone", "sure")
    for found in _CUED_PHONE.finditer(note.plain):
        if note.cued(found.start(), "cues.phone") and not note.cued(found.start(), "cues.bsn"):
            yield Span(*found.span(), "phone", "likely")


def _emails(note: _Note) -> Iterator[Span]:
    yield from (Span(*found.span(), "email", "sure") for found in _EMAIL.finditer(note.plain))
    for found in _SPOKEN_EMAIL.finditer(note.plain):
        yield Span(*found.span(), "email", "perhaps")


def eleven(digits: str) -> bool:
    """The eleven test of a BSN: 9·d₁ + 8·d₂ + … + 2·d₈ − d₉ is a multiple of 11."""
    full = digits.zfill(9)
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(w * int(d) for w, d in zip(weights, full, strict=True))
    return total % 11 == 0 and int(full) > 0


def _bsns(note: _Note) -> Iterator[Span]:
    for found in _NINE.finditer(note.plain):
        digits, cued = _digits(found.group()), note.cued(found.start(), "cues.bsn")
        if eleven(digits) and (cued or len(digits) == 9):
            yield Span(*found.span(), "bsn", "sure" if cued else "likely")


def mod_97(iban: str) -> bool:
    """ISO 7064 mod 97-10: country and check digits at the end, letters as 10 to 35, leaves 1."""
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1


def _ibans(note: _Note) -> Iterator[Span]:
    for found in _IBAN.finditer(note.plain):
        places = [n for n in range(*found.span()) if note.plain[n].isalnum()]
        letters = "".join(note.plain[n] for n in places).upper()
        length = _lists()["iban"].get(letters[:2])
        if length and len(letters) >= length and mod_97(letters[:length]):
            yield Span(found.start(), places[length - 1] + 1, "iban", "sure")


def _postcodes(note: _Note) -> Iterator[Span]:
    yield from (Span(*m.span(), "postcode", "sure") for m in _POSTCODE.finditer(note.plain))


def _plates(note: _Note) -> Iterator[Span]:
    """With hyphens by itself, without them after a cue."""
    for pattern in (_PLATE, _BARE_PLATE):
        for found in pattern.finditer(note.plain):
            letters = re.sub("[ -]", "", found[1]).upper()
            shape = re.sub("[A-Z]", "A", re.sub(r"\d", "9", letters))
            cued = note.cued(found.start(), "cues.plate")
            if _SIDECODE.fullmatch(shape) and (cued or pattern is _PLATE):
                yield Span(*found.span(1), "plate", "sure" if cued else "likely")


def _births(note: _Note) -> Iterator[Span]:
    """A year in two digits says it only after a cue."""
    for found in (match for dates in _dates() for match in dates.finditer(note.plain)):
        near = note.before(found.start()).rstrip()
        cued = note.cued(found.start(), "cues.birth") or near.endswith(
            tuple(_lists()["cues.birth_phrases"])
        )
        if cued or int(_digits(found["year"])) in _BORN:
            yield Span(*found.span(), "birth", "sure" if cued else "perhaps")


@cache
def _dates() -> tuple[re.Pattern[str], ...]:
    """With the day first, and with the year first (ISO 8601)."""
    months = "|".join(sorted(map(re.escape, _list("months.names")), key=len, reverse=True))
    day = rf"(?<!\w)\d{{1,2}}(?:[-/.]\d{{1,2}}[-/.]| (?:{months})\.? )"
    year_last = re.compile(day + r"(?P<year>\d{4}|['’]?\d{2})(?!\w)", re.IGNORECASE)
    return year_last, re.compile(r"(?<![\w-])(?P<year>\d{4})-\d{1,2}-\d{1,2}(?![\w-])")


def _addresses(note: _Note) -> Iterator[Span]:
    for at, token in enumerate(note.tokens):
        number = _NUMBERED.match(note.plain, token.end)
        if number and _is_street(token) and (token.capital or not is_known(token.low, "nl")):
            first = at
            while first and _joins(note, first - 1) and _before_street(note.tokens[first - 1]):
                first -= 1
            yield Span(note.tokens[first].start, number.end(), "address",
                       "sure" if token.capital else "perhaps")  # fmt: skip


def _is_street(token: _Token) -> bool:
    last = token.low.rpartition("-")[2]  # Hoogstraat, but not De Vries-Bakker
    return last.endswith(tuple(_list("streets.ends"))) and last not in _list("names.last")


def _before_street(token: _Token) -> bool:
    return token.capital and (token.low in _list("streets.before") or token.text.endswith("."))


def _joins(note: _Note, at: int) -> bool:
    """Is there only a space between this token and the next?"""
    return note.plain[note.tokens[at].end : note.tokens[at + 1].start] == " "


# --- names --------------------------------------------------------------------------------------


def _names(note: _Note) -> Iterator[Span]:
    for at, token in enumerate(note.tokens):
        if end := _small_end(note, at):
            yield Span(token.start, note.tokens[end - 1].end, "name", "likely")
            continue
        confidence = _cue(note, at) or _listed(note, at)
        if confidence is None:
            continue
        end = _name_end(note, at)
        run = note.tokens[at:end]
        street = confidence != "sure" and run and _is_street(run[-1])
        if not street and any(t.low not in _particles() for t in run):
            yield Span(token.start, run[-1].end, "name", confidence)


def _particles() -> frozenset[str]:
    return _list("names.particles")


def _cue(note: _Note, at: int) -> Confidence | None:
    """How sure it is by what stands before that a name begins here."""
    if not at:
        return None
    between = note.plain[note.tokens[at - 1].end : note.tokens[at].start]
    if not re.fullmatch(r"[.,:]? ?['\"‘“]?", between) or not _begins(note, at):
        return None
    before, near = note.tokens[at - 1].low, note.before(note.tokens[at].start).rstrip(" '\"‘“,")
    if before in _list("cues.strong") or _ends(near, "cues.strong_phrases"):
        return "sure"
    if note.tokens[at].shouted:
        return None
    weak = before in _list("cues.weak") or _ends(near, "cues.weak_phrases")
    known = note.tokens[at].low in _list("names.not_names")
    return "likely" if weak and "." not in between and not known else None


def _small_end(note: _Note, at: int) -> int:
    """Where a name in small letters after a title ends: de heer el khattabi; 0 where none begins.

    A word that is Dutch (mevrouw vertelde) is none, unless it is in the lists.
    """
    if not at or note.tokens[at - 1].low not in _list("cues.titles") or _begins(note, at):
        return 0
    last = at
    while last + 1 < len(note.tokens) and note.tokens[last].low in _particles():
        last += 1
    if not re.fullmatch(
        r"\.? [^.,;:!?]*", note.plain[note.tokens[at - 1].end : note.tokens[last].end]
    ):
        return 0
    word = note.tokens[last].low
    listed = word in _list("names.last") | _list("names.first") - _list("names.ambiguous")
    unheard = len(word) > 2 and not is_known(word, "nl") and word not in _list("names.not_names")
    return last + 1 if listed or unheard else 0


def _ends(near: str, phrases: str) -> bool:
    return bool(_ending(phrases).search(near))


@cache
def _ending(phrases: str) -> re.Pattern[str]:
    """One of the ``phrases`` at the end: made once, for it is asked at every word of a text."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _lists()[phrases]))})$")


def _begins(note: _Note, at: int) -> bool:
    """A capital, or small particles that lead to one: van der Meer."""
    for last in range(at, min(at + _PARTICLES, len(note.tokens))):
        if note.tokens[last].capital:
            return True
        small = note.tokens[last].low in _particles() and last + 1 < len(note.tokens)
        if not small or not _joins(note, last):
            return False
    return False


def _listed(note: _Note, at: int) -> Confidence | None:
    """How sure it is by the lists; what is a word too needs a cue, a shop's name is no person."""
    token = note.tokens[at]
    if at and note.tokens[at - 1].low in _list("names.businesses"):
        return None
    if not token.capital:
        small = token.low in _list("names.first") - _list("names.ambiguous")
        return "perhaps" if small and not is_known(token.low, "nl") else None
    two = f"{token.low} {note.tokens[at + 1].low}" if at + 1 < len(note.tokens) else ""
    if token.shouted or two in _list("names.shops"):
        return None
    by_list = token.low in _list("names.first") or {token.low, two} & _list("names.last")
    if by_list and token.low not in _list("names.ambiguous"):
        return "likely"
    return "perhaps" if note.dutch and _unheard(token) else None


def _unheard(token: _Token) -> bool:
    """A capital on what is no Dutch word, no compound of two, no place and no organisation."""
    word = token.low
    if (
        not 3 <= len(word) <= _LONGEST or not token.text.istitle()
    ):  # GeoJSON and WOZ-waarde are no names
        return False
    ends = tuple(_list("names.place_ends"))
    if word in _list("names.not_names") or word.endswith(ends) or is_known(word, "nl"):
        return False
    return not any(
        is_known(word[:n].removesuffix("s"), "nl") and is_known(word[n:], "nl")
        for n in range(4, len(word) - 3)
    )


def _name_end(note: _Note, at: int) -> int:
    """After the last token of the name that begins at ``at``; particles do not end one."""
    end = at if note.tokens[at].capital or _begins(note, at) else at + 1
    while end < min(at + _PARTS, len(note.tokens)) and _begins(note, end):
        token = note.tokens[end]
        if end > at and token.low in _list("names.not_names") - _particles():
            break
        end += 1
        if end == len(note.tokens) or not _joins(note, end - 1):
            break
    while end > at + 1 and note.tokens[end - 1].low in _particles():
        end -= 1
    return end


_FINDERS: tuple[Callable[[_Note], Iterator[Span]], ...] = (
    _phones, _emails, _bsns, _ibans, _postcodes, _plates, _births, _addresses, _names,
)  # fmt: skip
