# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Permit tables as they are written down, and whether they are sound.

A table is a rule's value: ``title``, ``whom``, ``questions`` (ids of shared ones, or whole ones of
its own), ``rows`` (``when`` conditions hold, an ``answer``; with ``before``, ``fee``, ``note``,
``ask``, ``whom``), ``examples`` with the answer that must come out, and ``unasked``.

Every case is tried that differs for any condition.  Refused: a case that no row answers, a row
whose conditions contradict each other, an example that comes out otherwise.  Warned of: a row that
is never reached because rows before it take all its cases, and a question that no row asks.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise, product
from math import prod
from typing import Any, get_args

from wijkeconomie.acting.permits import (
    DAY,
    WEEKDAYS,
    Before,
    Condition,
    Example,
    Outcome,
    Question,
    Row,
    Table,
    Verdict,
    decide,
    first_row,
    minutes,
    shared,
    shown,
    whole,
    words,
)
from wijkeconomie.acting.rules import Rule, number
from wijkeconomie.figures.refusal import LANGUAGES, Language, Notice, Refusal, day_in_words, every
from wijkeconomie.figures.registry import Text

MOST_CASES = 10_000
OPERATORS = {
    "count": ("at_most", "below", "at_least", "above"),
    "number": ("at_most", "below", "at_least", "above"),
    "yesno": ("is",), "choice": ("one_of",), "day": ("one_of",),
    "time": ("not_before", "not_after"),
}  # fmt: skip
UNITS = ("days", "weeks", "working_days")
_WHERE = re.compile(r"at line (\d+)")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_VERDICTS = get_args(Verdict)
_A_MONDAY = date(2027, 1, 4)


def table(rule: Rule) -> Table:
    """The table that *rule* holds; :class:`Refusal` where it is not sound."""
    return read(rule.value, f"{rule.jurisdiction} {rule.key}")


def typed(text: str, place: str) -> dict[str, Any]:
    """A table as somebody types it, in TOML; :class:`Refusal` with the line that is not
    understood."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        found = _WHERE.search(str(fault))
        line = int(found[1]) if found else text.count("\n") + 1
        rows = text.splitlines() or [""]
        said = rows[min(line, len(rows)) - 1].strip()
        raise Refusal("permit_toml", place=place, line=line, said=said[:60]) from None


def written(value: Mapping[str, Any]) -> str:
    """A table as somebody types it: what :func:`typed` reads back."""
    lists = ("rows", "examples")
    lines = [f"{name} = {_toml(said)}" for name, said in value.items() if name not in lists]
    for name in lists:
        for one in value.get(name, ()):
            lines += ["", f"[[{name}]]", *(f"{key} = {_toml(said)}" for key, said in one.items())]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = (f"{_bare(key)} = {_toml(said)}" for key, said in value.items())
        return f"{{ {', '.join(inside)} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | Decimal) else json.dumps(value, ensure_ascii=False)


def _bare(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def read(value: Mapping[str, Any], place: str) -> Table:
    """A table as it is written down; :class:`Refusal` says at which *place* what is wrong."""
    _known(place, value, ("title", "whom", "questions", "rows"), ("examples", "unasked"))
    asked = questions(value, place)
    by_id = {one.id: one for one in asked}
    _check_questions(place, asked, by_id)
    whom = _text(place, value["whom"])
    rows = tuple(every([
        partial(_row, _at(place, n), one, by_id, whom)
        for n, one in enumerate(_many(place, value, "rows"), 1)
    ]))  # fmt: skip
    made = Table(
        title=_text(place, value["title"]), questions=asked, rows=rows, examples=(),
        cases=cases(asked, rows),
        unasked=_text(place, value["unasked"]) if "unasked" in value else None,
    )  # fmt: skip
    warnings = tuple(_sound(place, made))
    examples = tuple(every([
        partial(_example, _at(place, n, "example"), one, made)
        for n, one in enumerate(_many(place, value, "examples"), 1)
    ]))  # fmt: skip
    return Table(
        title=made.title, questions=asked, rows=rows, examples=examples, cases=made.cases,
        unasked=made.unasked, warnings=warnings,
    )  # fmt: skip


def questions(value: Mapping[str, Any], place: str) -> tuple[Question, ...]:
    """What a table asks; :class:`Refusal` for what is no question."""
    return tuple(
        every([partial(_question, place, one) for one in _many(place, value, "questions")])
    )


# -- what is written
def _question(place: str, one: Any) -> Question:
    if isinstance(one, str):
        if one not in shared():
            raise Refusal("permit_unknown", place=place, what=one, known=", ".join(shared()))
        one = {"id": one, **shared()[one]}
    _known(place, one, ("id", "kind", "ask", "name"), ("unit", "options", "after"))
    if not all(isinstance(one.get(name, ""), str) for name in ("id", "kind", "unit", "after")):
        raise Refusal("permit_lacks", place=place, what="id, kind")
    if one["kind"] not in OPERATORS:
        raise Refusal("permit_unknown", place=place, what=f"{one['kind']}",
                      known=", ".join(OPERATORS))  # fmt: skip
    if not isinstance(one.get("options", {}), Mapping):
        raise Refusal("permit_options", place=place, what=one["id"])
    options = {key: _text(place, said) for key, said in one.get("options", {}).items()}
    if (one["kind"] == "choice") != (len(options) > 1):
        raise Refusal("permit_options", place=place, what=one["id"])
    return Question(
        id=one["id"], kind=one["kind"], ask=_text(place, one["ask"]),
        name=_text(place, one["name"]), unit=one.get("unit", ""), options=options,
        after=one.get("after", ""),
    )  # fmt: skip


def _check_questions(
    place: str, questions: Sequence[Question], by_id: Mapping[str, Question]
) -> None:
    """Each once, at most one day, and a time after another time."""
    days = [one.id for one in questions if one.kind == "day"]
    if len(by_id) < len(questions) or len(days) > 1:
        raise Refusal("permit_twice", place=place)
    for one in questions:
        start = by_id.get(one.after)
        if one.after and (one.kind != "time" or start is None or start.kind != "time"
                          or start.after):  # fmt: skip
            raise Refusal("permit_unknown", place=place, what=one.after,
                          known=", ".join(q.id for q in questions
                                          if q.kind == "time" and not q.after))  # fmt: skip


def _row(place: dict[str, str], one: Any, by_id: Mapping[str, Question], whom: Text) -> Row:
    _known(place, one, ("answer",), ("when", "before", "fee", "note", "ask", "whom"))
    if one["answer"] not in _VERDICTS:
        raise Refusal("permit_unknown", place=place, what=f"{one['answer']}",
                      known=", ".join(_VERDICTS))  # fmt: skip
    asked = tuple(_text(place, said) for said in _many(place, one, "ask"))
    if one["answer"] == "confirm" and not asked:
        raise Refusal("permit_lacks", place=place, what="ask")
    before = _before(place, one["before"]) if "before" in one else None
    if before and not any(question.kind == "day" for question in by_id.values()):
        raise Refusal("permit_no_day", place=place)
    when = every([partial(_condition, place, said, by_id) for said in _many(place, one, "when")])
    outcome = Outcome(
        verdict=one["answer"], whom=_text(place, one["whom"]) if "whom" in one else whom,
        before=before, fee=_fee(place, one.get("fee")), ask=asked,
        note=_text(place, one["note"]) if "note" in one else None,
    )  # fmt: skip
    return Row(tuple(when), outcome)


def _condition(place: dict[str, str], one: Any, by_id: Mapping[str, Question]) -> Condition:
    operators = sorted({op for ops in OPERATORS.values() for op in ops})
    _known(place, one, ("question",), (*operators, "on"))
    question = by_id.get(f"{one['question']}")
    if question is None:
        raise Refusal("permit_unknown", place=place, what=f"{one['question']}",
                      known=", ".join(by_id))  # fmt: skip
    found = [name for name in operators if name in one]
    if len(found) != 1 or found[0] not in OPERATORS[question.kind]:
        raise Refusal("permit_operator", place=place, what=question.id,
                      known=", ".join(OPERATORS[question.kind]))  # fmt: skip
    on = tuple(f"{name}" for name in _many(place, one, "on"))
    if on and (not set(on) < set(WEEKDAYS) or not any(q.kind == "day" for q in by_id.values())):
        raise Refusal("permit_no_day", place=place)
    value = one[found[0]]
    try:
        return Condition(question=question.id, op=found[0], value=_value(question, value), on=on)
    except (ValueError, TypeError):
        wanted = {language: words(question.kind, language) for language in LANGUAGES}
        raise Refusal("permit_answer", place=place, value=f"{question.id} {found[0]} {value}",
                      wanted=wanted) from None  # fmt: skip


def _value(question: Question, value: Any) -> Any:
    """What a condition compares with; ValueError or TypeError where it is nothing of the kind."""
    if question.kind == "yesno":
        if not isinstance(value, bool):
            raise TypeError(value)
        return value
    if question.kind in ("choice", "day"):
        known = set(WEEKDAYS) if question.kind == "day" else set(question.options)
        chosen = tuple(value)  # TypeError for what is no list, or holds one
        if isinstance(value, str) or not chosen or not set(chosen) < known:
            raise ValueError(value)
        return chosen
    if question.kind == "time":
        return minutes(value)
    return whole(value) if question.kind == "count" else number(value)


def _before(place: dict[str, str], one: Any) -> Before:
    _known(place, one, ("amount", "unit"), ())
    if one["unit"] not in UNITS or type(one["amount"]) is not int or not 0 < one["amount"] <= 400:
        raise Refusal("permit_before", place=place, known=", ".join(UNITS))
    return Before(one["amount"], one["unit"])


def _fee(place: dict[str, str], fee: Any) -> int | None:
    if fee is not None and not (type(fee) is int and 0 <= fee < 10**9):
        raise Refusal("permit_fee", place=place, value=f"{fee}")
    return fee


def _example(place: dict[str, str], one: Any, made: Table) -> Example:
    _known(place, one, ("answers", "answer"), ("last",))
    if not isinstance(one["answers"], Mapping):
        raise Refusal("permit_lacks", place=place, what="answers")
    strange = set(one["answers"]) - {question.id for question in made.questions}
    if strange:
        raise Refusal("permit_unknown", place=place, what=", ".join(sorted(strange)),
                      known=", ".join(question.id for question in made.questions))  # fmt: skip
    last = _last(place, one.get("last"))
    if one["answer"] not in _VERDICTS:
        raise Refusal("permit_unknown", place=place, what=f"{one['answer']}",
                      known=", ".join(_VERDICTS))  # fmt: skip
    came = decide(made, one["answers"])
    verdict = came.outcome.verdict if came.outcome else None
    day = came.last.day if came.last else None
    if verdict != one["answer"] or (last and day != last):
        raise Refusal("permit_example", place=place, want=_answer(one["answer"], last),
                      got=_answer(verdict, day))  # fmt: skip
    return Example(answers=one["answers"], verdict=one["answer"], last=last)


def _last(place: dict[str, str], last: Any) -> date | None:
    try:
        return date.fromisoformat(last) if last is not None else None
    except (ValueError, TypeError):
        wanted = {language: words("day", language) for language in LANGUAGES}
        raise Refusal("permit_answer", place=place, value=f"{last}"[:60], wanted=wanted) from None


def _answer(verdict: Verdict | None, day: date | None) -> dict[str, str]:
    said: dict[str, str] = {}
    for language in LANGUAGES:
        shown_day = f" ({day_in_words(day, language)})" if day else ""
        said[language] = words(verdict or "open", language) + shown_day
    return said


# -- whether it is sound
def cases(questions: Sequence[Question], rows: Sequence[Row]) -> Mapping[str, tuple[Any, ...]]:
    """Of each question that a row asks: answers that between them meet every condition from both
    sides, so that a table is known for all answers once it is known for these."""
    conditions = [one for row in rows for one in row.when]
    used = {one.question for one in conditions}
    used |= {one.after for one in questions if one.id in used}
    kinds = {one.id: one.kind for one in questions}
    found: dict[str, tuple[Any, ...]] = {}
    for one in questions:
        values = [condition.value for condition in conditions if condition.question == one.id]
        if one.kind == "day":
            values += [condition.on for condition in conditions if condition.on]
        elif one.kind == "time" and one.id in used:  # beside other times: which is the later
            values = [said.value for said in conditions if kinds[said.question] == "time"]
        if values:
            found[one.id] = _CASES[one.kind](one, values)
    return found


def _around(_of: Question, values: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({near for value in values for near in (value - 1, value, value + 1)
                         if near >= 0}))  # fmt: skip


def _between(_of: Question, values: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """Each value, one between each two, one below and one above."""
    edges = sorted({Decimal(0), *values})
    middles = {(low + high) / 2 for low, high in pairwise(edges)}
    return tuple(sorted({*edges, *middles, edges[-1] + 1}))


def _times(of: Question, values: Iterable[int]) -> tuple[int, ...]:
    wrapped = (value % DAY for value in values)
    return tuple(near for near in _around(of, (0, DAY - 1, *wrapped)) if near < DAY)


def _weekdays(_of: Question, values: Iterable[Sequence[str]]) -> tuple[date, ...]:
    named = {name for names in values for name in names}
    rest = [name for name in WEEKDAYS if name not in named][:1]
    return tuple(
        _A_MONDAY + timedelta(days=WEEKDAYS.index(name)) for name in (*sorted(named), *rest)
    )


_CASES: Mapping[str, Callable[[Question, Any], tuple[Any, ...]]] = {
    "count": _around, "number": _between, "time": _times, "day": _weekdays,
    "yesno": lambda _of, _values: (True, False),
    "choice": lambda of, _values: tuple(of.options),
}  # fmt: skip


def _sound(place: str, made: Table) -> Iterator[Notice]:
    """Warnings about *made*; :class:`Refusal` where it is not sound."""
    if prod(len(answers) for answers in made.cases.values()) > MOST_CASES:
        raise Refusal("permit_many", place=place, most=MOST_CASES)
    alone = [Table(title=made.title, questions=made.questions, rows=(row,), examples=(),
                   cases=made.cases) for row in made.rows]  # fmt: skip
    possible, reached = set(), set()
    for answers in product(*made.cases.values()):
        case = dict(zip(made.cases, answers, strict=True))
        first = first_row(made, case)
        if not isinstance(first, int):
            raise Refusal("permit_gap", place=place, case=_told(made, case))
        reached.add(first)
        possible |= {at for at, one in enumerate(alone)
                     if at not in possible and first_row(one, case) == 0}  # fmt: skip
    numbers = range(len(made.rows))
    every([partial(_contradicts, _at(place, at + 1)) for at in numbers if at not in possible])
    for at in numbers:
        if at not in reached:
            yield Notice("permit_never", {"place": _at(place, at + 1)})
    used = {*made.cases, *(made.day for row in made.rows if row.then.before)}
    for one in made.questions:
        if one.id not in used:
            yield Notice("permit_unused", {"place": place, "what": _both(one.name)})


def _contradicts(place: dict[str, str]) -> None:
    raise Refusal("permit_contradiction", place=place)


def _told(made: Table, case: Mapping[str, Any]) -> dict[str, str]:
    """A case in words, by language."""

    def said(language: Language) -> str:
        told = ((made.question(name), value) for name, value in case.items())
        return "; ".join(f"{one.name[language]}: {shown(one, value, language)}"
                         for one, value in told)  # fmt: skip

    return {language: said(language) for language in LANGUAGES}


# -- places and words
def _at(place: str, number: int, what: str = "row") -> dict[str, str]:
    called = {"row": ("rij", "row"), "example": ("voorbeeld", "example")}[what]
    return dict(zip(LANGUAGES, (f"{place}, {name} {number}" for name in called), strict=True))


def _known(place: Any, body: Any, needed: Sequence[str], allowed: Sequence[str]) -> None:
    if not isinstance(body, Mapping):
        raise Refusal("permit_lacks", place=place, what=", ".join(needed))
    if extra := sorted(set(body) - {*needed, *allowed}):
        raise Refusal("permit_unknown", place=place, what=", ".join(extra),
                      known=", ".join((*needed, *allowed)))  # fmt: skip
    if lacking := [name for name in needed if name not in body]:
        raise Refusal("permit_lacks", place=place, what=", ".join(lacking))


def _many(place: Any, body: Mapping[str, Any], name: str) -> Sequence[Any]:
    """The list *name* of *body*; empty where there is none."""
    found = body.get(name, ())
    if not isinstance(found, list | tuple):
        raise Refusal("permit_lacks", place=place, what=name)
    return found


def _text(place: Any, said: Any) -> Text:
    if not (isinstance(said, Mapping) and set(said) == set(LANGUAGES)
            and all(isinstance(one, str) and one.strip() for one in said.values())):  # fmt: skip
        raise Refusal("permit_text", place=place)
    return Text(said["nl"], said["en"])


def _both(text: Text) -> dict[str, str]:
    return {"nl": text.nl, "en": text.en}
