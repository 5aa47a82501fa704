# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What cannot be asked is refused: every fault of a conversation guide, each with its place."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, NamedTuple

from wijkeconomie.fieldwork.condition import NAME, Condition, Place, as_number, chosen, parse
from wijkeconomie.fieldwork.guide import (
    ANSWERLESS,
    CONSENT,
    KINDS,
    NO,
    PURPOSES,
    YES,
    Choice,
    Consent,
    Guide,
    Question,
    Words,
    as_json,
    canonical,
    entries,
    order,
    walk,
)
from wijkeconomie.figures.refusal import Refusal, every

MOST_QUESTIONS, MOST_CHOICES, MOST_CHARACTERS, MOST_DEEP = 500, 1_000, 10_000, 8
_MOST_FAULTS = 500  # of one guide, before we look no further
_NAME = re.compile(NAME)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # XML has none


class Spot(NamedTuple):
    """Where in a guide: position in :func:`entries` (-1: the guide), field, and which choice."""

    entry: int
    field: str
    choice: int = -1


Where = Callable[[Spot], Mapping[str, Any]]  # the fields of a refusal that say where: place, row


def check(guide: Guide, where: Where | None = None, *, anew: bool = True) -> None:
    """Refuse a guide that could not be asked: all its faults at once, each with its place.

    *where* gives the words for a spot; without it a question is told by number and name.  Two
    spots in the same place, as of a list that two questions share, are told once.  Not *anew*: it
    was taken before, and must stay to be asked, whatever we refuse since.
    """
    told = where or (lambda spot: {"place": named_place(guide, spot)})
    faults = chain(_of_guide(guide), _of_names(guide), _of_entries(guide), _of_references(guide),
                   _of_values(guide) if anew else ())  # fmt: skip
    placed = [(code, told(spot), fields) for code, spot, fields in islice(faults, _MOST_FAULTS)]
    every([_raising(*fault) for fault in {str(fault): fault for fault in placed}.values()])


_Fault = tuple[str, Spot, dict[str, Any]]


def _raising(code: str, where: Mapping[str, Any], fields: dict[str, Any]) -> Callable[[], None]:
    def raise_it() -> None:
        raise Refusal(code, **where, **fields)

    return raise_it


def _of_guide(guide: Guide) -> Iterator[_Fault]:
    if not guide.questions:
        yield "guide_empty", Spot(-1, "questions"), {}
    if len(entries(guide)) > MOST_QUESTIONS:
        yield "guide_large", Spot(-1, "questions"), {"most": MOST_QUESTIONS}
    if not _NAME.fullmatch(guide.id):
        yield "guide_name", Spot(-1, "id"), {"value": guide.id[:60]}
    yield from _of_texts({"": guide.title}, Spot(-1, "title"), ("",))
    languages = guide.languages
    wrong = [code for code in languages if not _LANGUAGE.fullmatch(code)]
    if not languages or wrong or len(set(languages)) < len(languages):
        yield "guide_languages", Spot(-1, "languages"), {"value": ", ".join(languages)[:100]}
    if not set(guide.unchecked) <= set(languages):
        yield "guide_languages", Spot(-1, "unchecked"), {"value": ", ".join(guide.unchecked)[:100]}


def _of_names(guide: Guide) -> Iterator[_Fault]:
    seen: set[str] = set()
    for at, entry in enumerate(entries(guide)):
        spot, value = Spot(at, "name"), {"value": entry.name[:60]}
        if entry.name in seen:
            yield "guide_name_twice", spot, value
        elif not _NAME.fullmatch(entry.name):
            yield "guide_name", spot, value
        elif isinstance(entry, Question) and entry.name.startswith(CONSENT):
            yield "guide_name_taken", spot, value
        seen.add(entry.name)


def _of_entries(guide: Guide) -> Iterator[_Fault]:
    for at, entry in enumerate(entries(guide)):
        if isinstance(entry, Consent):
            yield from _of_consent(entry, at, guide.languages)
        else:
            yield from _of_question(entry, at, guide.languages)
    for at, placed in enumerate(walk(guide), start=len(guide.consents)):
        if placed.deep > MOST_DEEP:
            yield "guide_deep", Spot(at, "group"), {"most": MOST_DEEP}


def _of_consent(consent: Consent, at: int, languages: tuple[str, ...]) -> Iterator[_Fault]:
    if consent.purpose not in PURPOSES:
        known = {"value": str(consent.purpose)[:60], "known": ", ".join(PURPOSES)}
        yield "guide_purpose", Spot(at, "purpose"), known
    if not consent.version.strip():
        yield "guide_consent_version", Spot(at, "version"), {}
    yield from _of_texts({"": consent.version}, Spot(at, "version"), ("",))
    yield from _of_texts(consent.text, Spot(at, "label"), languages)
    if lacking := [code for code in languages if not consent.text.get(code, "").strip()]:
        yield "guide_consent_text", Spot(at, "label"), {"languages": ", ".join(lacking)}


def _of_question(question: Question, at: int, languages: tuple[str, ...]) -> Iterator[_Fault]:
    kind = question.kind
    if kind not in KINDS:
        yield "guide_kind", Spot(at, "kind"), {"value": str(kind)[:60], "known": ", ".join(KINDS)}
    if kind != "group" and not _said(question.label):
        yield "guide_label", Spot(at, "label"), {}
    for name in ("label", "hint", "constraint_message"):
        yield from _of_texts(getattr(question, name), Spot(at, name), languages)
    if kind in ANSWERLESS and (question.required or question.constraint):
        yield "guide_answerless", Spot(at, "required" if question.required else "constraint"), {}
    if (kind in ("one", "many")) != bool(question.choices):
        yield "guide_choices", Spot(at, "choices"), {}
    if kind != "group" and question.questions:
        yield "guide_no_group", Spot(at, "questions"), {}
    if len(question.choices) > MOST_CHOICES:
        yield "guide_choices_many", Spot(at, "choices"), {"most": MOST_CHOICES}
    else:
        yield from _of_choices(question, at, languages)


def _of_choices(question: Question, at: int, languages: tuple[str, ...]) -> Iterator[_Fault]:
    times = Counter(choice.name for choice in question.choices)
    for number, choice in enumerate(question.choices):
        spot, value = Spot(at, "choices", number), {"value": choice.name[:60]}
        if times[choice.name] > 1:
            yield "guide_choice_twice", spot, value
        if not choice.name or choice.name.split() != [choice.name] or len(choice.name) > 100:
            yield "guide_choice_name", spot, value
        if not _said(choice.label):
            yield "guide_choice_label", spot, value
        yield from _of_texts({**choice.label, "": choice.name}, spot, (*languages, ""))


def _said(words: Words) -> bool:
    return any(text.strip() for text in words.values())


def _of_texts(words: Words, spot: Spot, languages: tuple[str, ...]) -> Iterator[_Fault]:
    for language, text in words.items():
        if language not in languages:
            yield "guide_text_language", spot, {"value": language[:20]}
        if len(text) > MOST_CHARACTERS:
            yield "guide_text_long", spot, {"most": MOST_CHARACTERS}
        if found := _FORBIDDEN.search(text):
            yield "guide_character", spot, {"value": f"U+{ord(found[0]):04X}"}


def _of_references(guide: Guide) -> Iterator[_Fault]:
    known = {c.name for c in guide.consents}
    known |= {p.question.name for p in walk(guide) if p.question.kind not in ANSWERLESS}
    for at, entry in enumerate(entries(guide)):
        if not isinstance(entry, Question):
            continue
        for name in ("relevant", "constraint"):
            condition: Condition | None = getattr(entry, name)
            for unknown in [n for n in condition.names if n not in known] if condition else ():
                yield "guide_unknown_name", Spot(at, name), {"value": unknown[:60]}
        if entry.relevant and entry.relevant.looks_at_itself:
            yield "guide_itself", Spot(at, "relevant"), {}
    _, around = order(guide)
    if around:
        names = [entry.name for entry in entries(guide)]
        at = min(names.index(name) for name in around)
        yield "guide_cycle", Spot(at, "relevant"), {"value": " → ".join(around)}


def _of_values(guide: Guide) -> Iterator[_Fault]:
    """A question that is asked at an answer that nobody can give, is asked of nobody."""
    known: dict[str, tuple[str, ...]] = {one.name: (YES, NO) for one in guide.consents}
    known |= {p.question.name: tuple(choice.name for choice in p.question.choices)
              for p in walk(guide) if p.question.kind in ("one", "many")}  # fmt: skip
    for at, entry in enumerate(entries(guide)):
        for name in ("relevant", "constraint") if isinstance(entry, Question) else ():
            condition: Condition | None = getattr(entry, name)
            for of, value in condition.held_against if condition else ():
                names = known.get(of or entry.name)
                if names is not None and not _may_be(value, names):
                    told = value if isinstance(value, str) else f"{value:g}"
                    yield "guide_condition_value", Spot(at, name), {
                        "value": told[:60], "name": (of or entry.name)[:60],
                        "known": ", ".join(names)[:200],
                    }  # fmt: skip


def _may_be(value: str | float, names: Iterable[str]) -> bool:
    """Whether an answer can be *value*: nothing, or of these *names* one or several."""
    if isinstance(value, float):
        return value in map(as_number, names)
    return set(chosen(value)) <= set(names)


def named_place(guide: Guide, spot: Spot) -> Place:
    """A spot in words, for who makes a guide on screen."""
    if spot.entry < 0:
        return {"nl": f"De leidraad ({spot.field})", "en": f"The guide ({spot.field})"}
    name = entries(guide)[spot.entry].name[:60]
    more = f", {spot.choice + 1}" if spot.choice >= 0 else ""
    return {
        "nl": f"Vraag {spot.entry + 1} '{name}' ({spot.field}{more})",
        "en": f"Question {spot.entry + 1} '{name}' ({spot.field}{more})",
    }


def kept(document: Any) -> Guide:
    """The guide of a *document* that was taken before, as it is; of later rules none counts."""
    return from_json(json.dumps(document), anew=False)


def from_json(text: str, *, anew: bool = True) -> Guide:
    """The guide that :func:`~wijkeconomie.fieldwork.guide.as_json` wrote; *anew* as for
    :func:`check`.

    Raises Refusal ``guide_document`` for what we did not write, and those of :func:`check`.
    """
    try:
        document = json.loads(text, object_pairs_hook=_object)
        if _UNHELD.search(json.dumps(document, ensure_ascii=False)):
            raise ValueError("a NUL, or half a sign")
        guide = _guide(document)
        check(guide, anew=anew)
        same = canonical(document) == as_json(guide)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise Refusal("guide_document") from error
    if not same:  # a key or a type that is not ours
        raise Refusal("guide_document")
    return guide


_UNHELD = re.compile(r"[\ud800-\udfff]|(?<!\\)(?:\\\\)*\\u0000")  # what no database holds


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key that is there twice is no guide of ours: which of both would count?"""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _guide(document: dict[str, Any]) -> Guide:
    return Guide(
        id=document["id"],
        title=document["title"],
        languages=tuple(document["languages"]),
        unchecked=tuple(document.get("unchecked", ())),
        consents=tuple(Consent(**each) for each in document.get("consents", ())),
        questions=tuple(_question(each) for each in document["questions"]),
    )


def _named(name: object, field: str) -> Place:
    said = str(name)[:60]
    return {"nl": f"Vraag '{said}' ({field})", "en": f"Question '{said}' ({field})"}


def _question(document: dict[str, Any]) -> Question:
    read: dict[str, Any] = dict(document)
    read |= {
        name: parse(read[name], _named(read["name"], name))
        for name in ("relevant", "constraint") if name in read
    }  # fmt: skip
    if document.get("required", True) is not True:
        raise TypeError("required is true, or is not there")
    choices = tuple(Choice(**each) for each in document.get("choices", ()))
    inner = tuple(_question(each) for each in document.get("questions", ()))
    return Question(**{**read, "choices": choices, "questions": inner})
