# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A conversation guide (gespreksleidraad): what is asked, in which languages, and of whom.

A guide is what it says: its version is the SHA-256 of its canonical JSON (:func:`version`), so
answers keep the guide under which they were given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, Literal, NamedTuple, get_args

from wijkeconomie.fieldwork.condition import Condition, as_date
from wijkeconomie.figures.refusal import Language

Kind = Literal[
    "text", "note", "integer", "decimal", "date", "one", "many", "photo", "location", "group"
]
Purpose = Literal["note", "quote_plan", "quote_public", "photo", "audio", "contact"]
Words = Mapping[str, str]  # a text per language: {"nl": "Welke winkel?", "en": "Which shop?"}
KINDS: Final = get_args(Kind)
PURPOSES: Final = get_args(Purpose)
ANSWERLESS: Final = ("note", "group")
ELSEWHERE: Final = ("photo", "location")  # the field app asks these in its own places
UNSAID: Final = "und"  # the language of a text of which none is told (BCP 47: undetermined)
CONSENT: Final = "consent_"  # before the purpose: the name by which conditions know a consent
YES, NO = "yes", "no"
_FORMAT = 1
_BRIEF = 400  # characters that somebody reads as one clause
_FLIPPED: Final = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SIGNS: Final[Mapping[str, Mapping[str, str]]] = {  # after a subject, of a value
    "nl": {
        "=": "{} is", "!=": "niet {} is",
        "<": "minder dan {} is", "not<": "niet minder dan {} is",
        "<=": "hoogstens {} is", "not<=": "niet hoogstens {} is",
        ">": "meer dan {} is", "not>": "niet meer dan {} is",
        ">=": "minstens {} is", "not>=": "niet minstens {} is",
        "<day": "vóór {} ligt", "not<day": "niet vóór {} ligt",
        "<=day": "niet later dan {} is", "not<=day": "later dan {} is",
        ">day": "na {} ligt", "not>day": "niet na {} ligt",
        ">=day": "niet eerder dan {} is", "not>=day": "eerder dan {} is",
    },
    "en": {
        "=": "is {}", "!=": "is not {}",
        "<": "is less than {}", "not<": "is not less than {}",
        "<=": "is at most {}", "not<=": "is not at most {}",
        ">": "is more than {}", "not>": "is not more than {}",
        ">=": "is at least {}", "not>=": "is not at least {}",
        "<day": "is before {}", "not<day": "is not before {}",
        "<=day": "is not later than {}", "not<=day": "is later than {}",
        ">day": "is after {}", "not>day": "is not after {}",
        ">=day": "is not earlier than {}", "not>=day": "is earlier than {}",
    },
}  # fmt: skip
_CLAUSES: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "answer": "het antwoord op {}", "count-selected": "het aantal antwoorden op {}",
        "string-length": "het aantal tekens van het antwoord op {}",
        "given": "{} een antwoord heeft", "none": "{} geen antwoord heeft",
        "among": "{1} bij de antwoorden op {0} staat",
        "not_among": "{1} niet bij de antwoorden op {0} staat",
        "today": "vandaag", "yes": "ja", "no": "nee",
    },
    "en": {
        "answer": "the answer to {}", "count-selected": "the number of answers to {}",
        "string-length": "the number of characters of the answer to {}",
        "given": "{} has an answer", "none": "{} has no answer",
        "among": "{1} is among the answers to {0}",
        "not_among": "{1} is not among the answers to {0}",
        "today": "today", "yes": "yes", "no": "no",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the answers that can be chosen."""

    name: str
    label: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, or a note that is read aloud, or a group of these."""

    name: str
    kind: Kind
    label: Words = field(default_factory=dict)
    hint: Words = field(default_factory=dict)
    required: bool = False
    relevant: Condition | None = None
    constraint: Condition | None = None
    constraint_message: Words = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What we may do, one purpose at a time: the text that is read aloud and its version.

    The answer is ``yes`` or ``no``; no answer means no.
    """

    purpose: Purpose
    version: str
    text: Words

    @property
    def name(self) -> str:
        """How conditions call its answer: ``${consent_photo} = 'yes'``."""
        return CONSENT + self.purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """Consents first, then the questions; the first language is the one that is always there.

    *unchecked* are the languages whose translation no native speaker has read.
    """

    id: str
    title: str
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    consents: tuple[Consent, ...] = ()
    unchecked: tuple[str, ...] = ()


def entries(guide: Guide) -> list[Consent | Question]:
    """The consents, then every question and group, as they follow each other."""
    return [*guide.consents, *(placed.question for placed in walk(guide))]


def version(guide: Guide) -> str:
    """The identity of a guide: SHA-256 of its canonical JSON."""
    return sha256(as_json(guide).encode()).hexdigest()


def as_json(guide: Guide) -> str:
    """The guide as canonical JSON: keys sorted, nothing empty."""
    return canonical(_document(guide, _source))


def for_phone(guide: Guide) -> dict[str, Any]:
    """The guide as its JSON has it, with its version, and of every condition also the tree."""
    written = _document(guide, lambda it: {"source": it.source, "tree": it.tree})
    return {**written, "version": version(guide)}


def untranslated(guide: Guide) -> dict[str, tuple[str, ...]]:
    """Per language the names of the questions that have no text in it."""
    asked = [entry for entry in entries(guide) if isinstance(entry, Question) and entry.label]
    lacking = {
        language: tuple(q.name for q in asked if language not in q.label)
        for language in guide.languages
    }
    return {language: names for language, names in lacking.items() if names}


def in_words(condition: Condition, guide: Guide, language: str, frame: Language = "nl") -> str:
    """A condition as a clause that can be read aloud, with questions and choices as they are asked
    in *language* and what stands around them in that of *frame*: ``het antwoord op “Wie bent u?”
    niet “Eigenaar” is``.  "" where that would be no brief clause: sums, a mix of and and or."""
    try:
        clause = _Telling(guide, language, frame).clause(condition.tree, denied=False)
    except _UnsaidError:
        return ""
    text = clause.text(frame)
    return text if len(text) <= _BRIEF else ""


class _UnsaidError(Exception):
    """This part of a condition has no plain words."""


class _Clause(NamedTuple):
    """What is said of *subject*: "" where *said* is whole; ``joined``: and, or, nothing."""

    subject: str
    sign: str
    said: tuple[str, ...]
    joined: str = ""

    def text(self, frame: Language) -> str:
        between = {"nl": {"and": " en ", "or": " of "}, "en": {"and": " and ", "or": " or "}}[frame]
        if not self.subject:
            return between.get(self.joined, " ").join(self.said)
        value = between["or"].join(self.said)
        return f"{self.subject} {_SIGNS[frame][self.sign].format(value)}"


class _Telling:
    """A condition in words, from its tree; *denied*: the opposite of it."""

    def __init__(self, guide: Guide, language: str, frame: Language) -> None:
        self._asked = {entry.name: entry for entry in entries(guide)}
        self._language, self._frame = language, frame
        self._say = _CLAUSES[frame]

    def clause(self, tree: Any, *, denied: bool) -> _Clause:
        match tree:
            case ("and" | "or" as head, *parts):
                turned = {"and": "or", "or": "and"}
                clauses = [self.clause(part, denied=denied) for part in parts]
                return self._together(turned[head] if denied else head, clauses)
            case ("not", part):
                return self.clause(part, denied=not denied)
            case ("answer", name):
                return self._whole("none" if denied else "given", name)
            case ("selected", ("answer", name), ("text", value)):
                key = "not_among" if denied else "among"
                return self._whole(key, name, self._choice(name, value))
            case (sign, left, right) if sign in _FLIPPED:
                return self._relation(sign, left, right, denied=denied)
        raise _UnsaidError

    def _relation(self, sign: str, left: Any, right: Any, *, denied: bool) -> _Clause:
        if left[0] in ("text", "number", "today", "date"):
            sign, left, right = _FLIPPED[sign], right, left
        if sign in ("=", "!=") and denied:
            sign, denied = {"=": "!=", "!=": "="}[sign], False
        name = left[1] if left[0] == "answer" else ""
        if name and right == ("text", "") and sign in ("=", "!="):
            return self._whole("none" if sign == "=" else "given", name)
        value, day = self._value(name, right)
        sign = f"{'not' if denied else ''}{sign}{'day' if day and sign not in ('=', '!=') else ''}"
        return _Clause(self._subject(left), sign, (value,))

    def _together(self, joined: str, clauses: list[_Clause]) -> _Clause:
        first, alike = clauses[0], {"or": "=", "and": "!="}[joined]
        if {(one.subject, one.sign) for one in clauses} == {(first.subject, alike)}:
            return _Clause(first.subject, alike, tuple(v for one in clauses for v in one.said))
        if any(one.joined not in ("", joined) for one in clauses):
            raise _UnsaidError  # who reads it would not know what belongs together
        return _Clause("", "", tuple(one.text(self._frame) for one in clauses), joined)

    def _whole(self, key: str, name: str, value: str = "") -> _Clause:
        return _Clause("", "", (self._say[key].format(self._question(name), value),))

    def _subject(self, tree: Any) -> str:
        match tree:
            case ("answer", name):
                return self._say["answer"].format(self._question(name))
            case ("count-selected" | "string-length" as head, ("answer", name)):
                return self._say[head].format(self._question(name))
        raise _UnsaidError

    def _value(self, name: str, tree: Any) -> tuple[str, bool]:
        """What something is held against, and whether that is a day."""
        match tree:
            case ("today",):
                return self._say["today"], True
            case ("date", ("text", value)) | ("text", value) if day := as_date(value):
                return f"{day:%d-%m-%Y}" if self._frame == "nl" else day.isoformat(), True
            case ("text", value):
                return self._choice(name, value), False
            case ("number", value):
                return self._number(value), False
            case ("-", ("number", value)):
                return f"−{self._number(value)}", False
        return self._subject(tree), False

    def _number(self, value: float) -> str:
        return f"{value:g}".replace(".", "," if self._frame == "nl" else ".")

    def _question(self, name: str) -> str:
        entry = self._asked.get(name)
        words = entry.text if isinstance(entry, Consent) else entry.label if entry else {}
        return f"“{in_language(words, self._language) or name}”"

    def _choice(self, name: str, value: str) -> str:
        entry = self._asked.get(name)
        if isinstance(entry, Consent):
            return f"“{self._say.get(value, value)}”"
        labels = {one.name: one.label for one in entry.choices} if entry else {}
        return f"“{in_language(labels.get(value, {}), self._language) or value}”"


def in_language(words: Words, language: str) -> str:
    """A text in one language; where it has none in it, in the first that it has."""
    return words.get(language) or next(iter(words.values()), "")


class Placed(NamedTuple):
    """A question or group with the name of the group around it and how many there are around."""

    question: Question
    parent: str | None
    deep: int


def walk(guide: Guide) -> Iterator[Placed]:
    """Every question and group, as they follow each other."""
    waiting = [Placed(question, None, 0) for question in reversed(guide.questions)]
    while waiting:
        here = waiting.pop()
        yield here
        name, deep = here.question.name, here.deep + 1
        waiting += [Placed(q, name, deep) for q in reversed(here.question.questions)]


def order(guide: Guide) -> tuple[list[str], list[str]]:
    """Names in an order in which every condition comes after what it looks at (Kahn 1962,
    doi:10.1145/368996.369025), and names that wait for each other in a ring, if there are."""
    needs: dict[str, set[str]] = {}
    for question, parent, _ in walk(guide):
        names = set(question.relevant.names) if question.relevant else set()
        if parent is not None:
            names.add(parent)
        needs[question.name] = needs.get(question.name, set()) | names
    for name, names in needs.items():
        needs[name] = names & needs.keys()
    ordered: list[str] = []
    while free := [name for name, names in needs.items() if not names]:
        ordered += free
        done = set(free)
        needs = {name: names - done for name, names in needs.items() if name not in done}
    return ordered, _ring(needs)


def _ring(needs: Mapping[str, set[str]]) -> list[str]:
    """Some names that wait for each other, the first again at the end; every name here waits."""
    if not needs:
        return []
    path = [min(needs)]
    while (following := min(needs[path[-1]])) not in path:
        path.append(following)
    return [*path[path.index(following) :], following]


def canonical(document: Any) -> str:
    """One text per document, whatever the order of its keys."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _source(condition: Condition) -> Any:
    return condition.source


_Written = Callable[[Condition], Any]


def _document(guide: Guide, written: _Written) -> dict[str, Any]:
    consents = [
        {"purpose": c.purpose, "version": c.version, "text": dict(c.text)} for c in guide.consents
    ]
    head = {"format": _FORMAT, "id": guide.id, "title": guide.title, "consents": consents}
    return _filled(
        head,
        languages=list(guide.languages),
        unchecked=list(guide.unchecked),
        questions=[_question_document(question, written) for question in guide.questions],
    )


def _question_document(question: Question, written: _Written) -> dict[str, Any]:
    conditions = {
        name: written(condition)
        for name in ("relevant", "constraint")
        if (condition := getattr(question, name)) is not None
    }
    return _filled(
        {"name": question.name, "kind": question.kind, **conditions},
        label=dict(question.label),
        hint=dict(question.hint),
        constraint_message=dict(question.constraint_message),
        required=question.required,
        choices=[{"name": c.name, "label": dict(c.label)} for c in question.choices],
        questions=[_question_document(inner, written) for inner in question.questions],
    )


def _filled(head: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Without what is empty, so that a field that is added later changes no version."""
    return {name: value for name, value in (head | more).items() if value}
