# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Answers to a conversation guide: what is asked given the others, and what is wrong with them.

Answers are text by name, as they leave the phone: a day is 2026-05-31, a number has a point, the
choices of an answer with several are parted by spaces, a place is latitude, longitude and perhaps
accuracy in metres.  The guide must have passed :func:`wijkeconomie.fieldwork.checks.check`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Final

from wijkeconomie.fieldwork.condition import as_date, chosen
from wijkeconomie.fieldwork.guide import (
    ANSWERLESS,
    ELSEWHERE,
    NO,
    YES,
    Consent,
    Guide,
    Question,
    entries,
    in_language,
    order,
    walk,
)
from wijkeconomie.figures.refusal import MONTHS, Notice

MOST_CHARACTERS = 100_000
WITHOUT: Final = ("not_asked", "declined")  # why a question has no answer
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")  # PostgreSQL, XML
_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}")
_NUMBERS: Final = {
    "integer": ("answer_integer", re.compile(r"-?[0-9]{1,18}")),
    "decimal": ("answer_decimal", re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")),
}
_PLACE = re.compile(r"(-?[0-9]{1,3}(?:\.[0-9]{1,15})?) (-?[0-9]{1,3}(?:\.[0-9]{1,15})?)"
                    r"(?: [0-9]{1,7}(?:\.[0-9]{1,15})?)?")  # fmt: skip


def asked(guide: Guide, answers: Mapping[str, str], today: date) -> tuple[str, ...]:
    """The names of what is asked, given the *answers* so far, in the order of the guide.

    A question is asked when its condition and those of the groups around it hold; the answer to
    one that is not asked counts as empty, however it came there.
    """
    placed = {each.question.name: each for each in walk(guide)}
    counted = {consent.name: answers.get(consent.name, "") for consent in guide.consents}
    shown: dict[str | None, bool] = {None: True}
    for name in order(guide)[0]:
        condition, parent = placed[name].question.relevant, placed[name].parent
        shown[name] = shown[parent] and (condition is None or condition.holds(counted, today))
        counted[name] = answers.get(name, "") if shown[name] else ""
    return tuple(name for name in placed if shown[name])


def review(
    guide: Guide, answers: Mapping[str, str], today: date, without: Collection[str] = ()
) -> tuple[Notice, ...]:
    """What is wrong with the *answers*, question by question; nothing when all can be taken.

    Notices ``answer_…`` name the question.  An answer to what is not asked is left alone: it may
    be asked again when another answer changes, and counts for nothing until then.  For *without*
    it was said why there is no answer (:data:`WITHOUT`): these need none.
    """
    names = set(asked(guide, answers, today))
    counted = {name: text for name, text in answers.items() if name in names}
    counted |= {c.name: answers.get(c.name, "") for c in guide.consents}
    wrong = _wrong(guide, answers, names, counted, today)
    needless = [Notice("answer_required", {"name": name}) for name in without]
    return (*_unknown(guide, answers), *(one for one in wrong if one not in needless))


def told(
    guide: Guide, answers: Mapping[str, str], today: date, without: Collection[str] = ()
) -> str:
    """What was answered as it can be read, quoted and found: each question on a line of its own
    with its answer under it, in the first language of the *guide*; empty where nothing was.

    Of what is not asked nothing is told, nor of questions in *without*, that somebody would rather
    not answer after all; nor photos and places: these are no words.
    """
    names, language = set(asked(guide, answers, today)) - set(without), guide.languages[0]
    said = [
        f"{' '.join(in_language(question.label, language).split())}\n{answer}"
        for question in (placed.question for placed in walk(guide))
        if question.name in names and question.kind not in (*ANSWERLESS, *ELSEWHERE)
        and (answer := _read(question, answers.get(question.name, "").strip(), language))
    ]  # fmt: skip
    return "\n\n".join(said)


def _read(question: Question, answer: str, language: str) -> str:
    """An answer as people read it: choices by their label, a day in words."""
    if question.kind in ("one", "many"):
        labels = {choice.name: in_language(choice.label, language) for choice in question.choices}
        return "; ".join(labels.get(name, name) for name in chosen(answer))
    day = as_date(answer) if question.kind == "date" else None
    if day and (months := MONTHS.get(language)):
        return f"{day.day} {months[day.month - 1]} {day.year}"
    return answer


def _unknown(guide: Guide, answers: Mapping[str, str]) -> Iterator[Notice]:
    known = {e.name for e in entries(guide) if isinstance(e, Consent) or e.kind not in ANSWERLESS}
    for name in answers:
        if name not in known:
            yield Notice("answer_unknown", {"name": name[:60]})


def _wrong(
    guide: Guide, answers: Mapping[str, str], names: set[str], counted: Mapping[str, str],
    today: date,
) -> Iterator[Notice]:  # fmt: skip
    for entry in entries(guide):
        answer = answers.get(entry.name, "")
        if _FORBIDDEN.search(answer):
            yield Notice("answer_character", {"name": entry.name})
        elif len(answer) > MOST_CHARACTERS:
            yield Notice("answer_long", {"name": entry.name, "most": MOST_CHARACTERS})
        elif isinstance(entry, Consent):
            if answer not in ("", YES, NO):
                yield Notice("answer_choice", {"name": entry.name, "value": answer[:60]})
        elif entry.name in names:
            yield from _of_question(entry, answer, counted, today)


def _of_question(
    question: Question, answer: str, counted: Mapping[str, str], today: date
) -> Iterator[Notice]:
    name = question.name
    if not answer.strip():
        if question.required:
            yield Notice("answer_required", {"name": name})
        return
    if fault := _FAULTS.get(question.kind, _no_fault)(question, answer):
        yield Notice(fault, {"name": name, "value": answer[:60]})
    elif question.kind == "date" and as_date(answer) is None:
        yield _no_such_day(name, answer)
    elif question.constraint and not question.constraint.holds(counted, today, answer):
        message = question.constraint_message
        own = {language: f": {text}" for language, text in message.items()}
        first = next(iter(own.values()), ".")
        why = {language: own.get(language, first) for language in ("nl", "en")}
        yield Notice("answer_constraint", {"name": name, "value": answer[:60], "why": why})


def _no_fault(_question: Question, _answer: str) -> str | None:
    return None


def _of_number(question: Question, answer: str) -> str | None:
    code, pattern = _NUMBERS[question.kind]
    return None if pattern.fullmatch(answer) else code


def _of_date(_question: Question, answer: str) -> str | None:
    return None if _DAY.fullmatch(answer) else "answer_date"


def _no_such_day(name: str, answer: str) -> Notice:
    _, month, day = map(int, answer.split("-"))
    words = {language: f"{day} {MONTHS[language][month - 1]}" for language in MONTHS}
    return Notice("answer_no_such_day", {"name": name, "day": words})


def _of_choice(question: Question, answer: str) -> str | None:
    names = (answer,) if question.kind == "one" else chosen(answer)
    known = {choice.name for choice in question.choices}
    return None if names and known.issuperset(names) else "answer_choice"


def _of_place(_question: Question, answer: str) -> str | None:
    found = _PLACE.fullmatch(answer)
    on_earth = found and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180
    return None if on_earth else "answer_location"


_FAULTS: Final[Mapping[str, Callable[[Question, str], str | None]]] = {
    "integer": _of_number,
    "decimal": _of_number,
    "date": _of_date,
    "one": _of_choice,
    "many": _of_choice,
    "location": _of_place,
}
