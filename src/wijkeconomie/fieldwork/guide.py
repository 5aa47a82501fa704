# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A conversation guide (gespreksleidraad): what is asked, in which languages, and of whom.

A guide is what it says: its version is the SHA-256 of its canonical JSON (:func:`version`), so
answers keep the guide under which they were given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, Literal, NamedTuple, get_args

from wijkeconomie.fieldwork.condition import Condition

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
_NAMED = re.compile(r"\$\{(?P<name>[^}]*)\}|'(?P<value>[^']*)'")


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


def in_words(condition: Condition, guide: Guide, language: str) -> str:
    """A condition with questions and choices as they are asked, for who reads no formula."""
    asked = {entry.name: entry for entry in entries(guide)}
    spoken: dict[str, set[str]] = {}
    for name in condition.names:
        entry = asked.get(name)
        for choice in entry.choices if isinstance(entry, Question) else ():
            spoken.setdefault(choice.name, set()).add(in_language(choice.label, language))

    def said(found: re.Match[str]) -> str:
        if found["name"] is not None:
            entry = asked.get(found["name"])
            words = entry.text if isinstance(entry, Consent) else entry.label if entry else {}
            return f"“{in_language(words, language) or found['name']}”"
        labels = spoken.get(found["value"], set())
        return f"“{labels.pop()}”" if len(labels) == 1 else found[0]

    return _NAMED.sub(said, condition.source)


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
