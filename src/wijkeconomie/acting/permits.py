# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""May we, and what does it take: a few questions, and free, notify or permit.

A table has rows with conditions, and the first row that fits answers.  What was not answered yet
is never guessed: an answer is given as soon as every way to go on leads to the same one, and until
then it is said what it depends on.  What no longer matters is not asked.

Tables are values of rules (:mod:`wijkeconomie.acting.rules`); :mod:`.permit_tables` reads and
checks them.  Texts of conditions and the questions that tables share are in ``permits.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cache, partial
from importlib.resources import files
from typing import Any, Literal

from wijkeconomie.acting.rules import number
from wijkeconomie.figures.refusal import Language, Notice, Refusal, day_in_words, every, thousands
from wijkeconomie.figures.registry import Text

Verdict = Literal["free", "notify", "permit", "confirm"]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = 24 * 60  # minutes
_YEARS = range(2000, 2200)  # beyond them there is nothing to count back to
_TIME = re.compile(r"([01]?[0-9]|2[0-4])[:.]([0-5][0-9])")

Case = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: a ``count``, a ``number``, ``yesno``, a ``choice``, a ``day`` or a ``time``.

    ``ask`` is the question, ``name`` what it is about, in a few words.  A time that is not later
    than that of the question ``after`` is one of the next day.
    """

    id: str
    kind: str
    ask: Text
    name: Text
    unit: str = ""
    options: Mapping[str, Text] = field(default_factory=dict)
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The answer to ``question`` is, for example, ``at_most`` a ``value``; only ``on`` these
    weekdays, if any are named."""

    question: str
    op: str
    value: Any
    on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """So many ``days``, ``weeks`` or ``working_days`` before it takes place."""

    amount: int
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a row answers.

    ``confirm``: we do not know it, ask the municipality.  ``before`` and ``fee`` (cents) are None
    where they are not known, which is not the same as none.  ``ask``: what to ask; ``whom``.
    """

    verdict: Verdict
    whom: Text
    before: Before | None = None
    fee: int | None = None
    note: Text | None = None
    ask: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """If all of ``when`` hold, ``then``."""

    when: tuple[Condition, ...]
    then: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A case of which somebody said what must come out."""

    answers: Case
    verdict: Verdict
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A decision table that was checked: each case reaches a row.

    ``unasked``: what else the municipality asks, of which the table knows nothing.  ``cases``: of
    each question answers that between them meet every condition on both sides.
    """

    title: Text
    questions: tuple[Question, ...]
    rows: tuple[Row, ...]
    examples: tuple[Example, ...]
    cases: Mapping[str, tuple[Any, ...]]
    unasked: Text | None = None
    warnings: tuple[Notice, ...] = ()

    def question(self, name: str) -> Question:
        """The question with this id."""
        return next(one for one in self.questions if one.id == name)

    @property
    def day(self) -> str:
        """The id of the question on which day it takes place; "" if that is not asked."""
        return next((one.id for one in self.questions if one.kind == "day"), "")


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition beside what was answered."""

    question: Question
    condition: Condition
    given: Any

    def text(self, language: Language = "nl") -> str:
        """The sentence: what it is, and what the rule says."""
        told = {
            "name": self.question.name[language],
            "given": shown(self.question, self.given, language),
            "rule": in_words(self.question, self.condition, language),
        }
        return words("reason", language).format_map(told)


@dataclass(frozen=True, slots=True)
class Last:
    """The last possible ``day``, and the holidays that were skipped in counting back to it."""

    day: date
    skipped: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a table says of the answers so far.

    ``outcome`` is None as long as they leave more than one; ``open``: which questions still make a
    difference, in their order.  ``fails``: why an earlier row does not fit, ``fits``: why this one
    does.  ``last``: None where the day or the term is not known.
    """

    outcome: Outcome | None
    open: tuple[Question, ...]
    fails: tuple[Reason, ...]
    fits: tuple[Reason, ...]
    last: Last | None

    @property
    def unknown(self) -> Notice | None:
        """Why we cannot tell yet; None where we can."""
        if self.outcome is not None:
            return None
        asked: dict[str, str] = {
            language: ", ".join(one.name[language] for one in self.open)
            for language in ("nl", "en")
        }
        return Notice("permit_open", {"questions": asked})

    @property
    def next_question(self) -> Question | None:
        """What to ask now; None when nothing makes a difference any more."""
        return self.open[0] if self.open else None

    def in_time(self, today: date) -> bool | None:
        """Whether it is *today* still possible; None where the last day is not known."""
        return None if self.last is None else today <= self.last.day


# -- deciding
def decide(table: Table, answers: Case) -> Decision:
    """What *table* says of *answers*, by the ids of its questions; those to other questions and
    empty ones do not count.  :class:`Refusal` for what is no answer to its question."""
    given = understood(table.questions, answers)
    reached = sorted(_reached(table, given))
    outcomes = {table.rows[at].then for at in reached}
    outcome = outcomes.pop() if len(outcomes) == 1 else None
    day = given.get(table.day)
    if outcome is None:
        asked = [one for one in table.questions if one.id not in given
                 and _matters(table, given, one.id)]  # fmt: skip
    else:
        asked = [one for one in table.questions
                 if outcome.before and one.id == table.day and day is None]  # fmt: skip
    first = reached[0]
    fitting = table.rows[first : first + 1] if len(reached) == 1 else ()
    return Decision(
        outcome=outcome, open=tuple(asked),
        fails=tuple(_reasons(table, given, table.rows[:first], of=False)),
        fits=tuple(_reasons(table, given, fitting, of=True)),
        last=last_day(day, outcome.before) if outcome and outcome.before and day else None,
    )  # fmt: skip


def asked(table: Table, answers: Case) -> tuple[dict[str, Any], dict[str, Refusal]]:
    """*answers* as they are computed with, by question, and what was refused of the others: of a
    form that somebody fills in, one wrong answer does not take away the others."""
    given: dict[str, Any] = {}
    wrong: dict[str, Refusal] = {}
    for one in table.questions:
        try:
            given |= understood([one], answers)
        except Refusal as refusal:
            wrong[one.id] = refusal
    return given, wrong


def told(table: Table, given: Case, language: Language = "nl") -> str:
    """What was answered, in one sentence: "Aantal mensen: 40; Op de weg: nee."."""
    said = [f"{one.name[language]}: {shown(one, given[one.id], language)}"
            for one in table.questions if one.id in given]  # fmt: skip
    return f"{'; '.join(said)}." if said else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A case that somebody keeps, before and after a change of the table; ``want``: the answer that
    they expect, None where they did not say.  ``before`` is None where there was no table."""

    given: Case
    before: Decision | None
    after: Decision
    want: str | None

    @property
    def right(self) -> bool:
        """Whether what comes out is what was expected."""
        return self.want is None or self.want == _verdict(self.after)

    @property
    def changed(self) -> bool:
        """Whether it came out otherwise before."""
        return self.before is not None and (
            (self.before.outcome, self.before.last) != (self.after.outcome, self.after.last)
        )


def tried(old: Table | None, new: Table, tests: Iterable[Mapping[str, Any]]) -> tuple[Tried, ...]:
    """Each of *tests* (``answers`` as typed, ``verdict``) with the *old* table and the *new* one.
    What is no answer to a question any more was not answered."""
    return tuple(
        Tried(given=one["answers"], before=_answered(old, one["answers"]) if old else None,
              after=_answered(new, one["answers"]), want=one.get("verdict"))
        for one in tests
    )  # fmt: skip


def _answered(table: Table, answers: Case) -> Decision:
    given, _wrong = asked(table, answers)
    return decide(table, {name: answers[name] for name in given})


def _verdict(decision: Decision) -> str:
    return decision.outcome.verdict if decision.outcome else "open"


def first_row(table: Table, given: Case) -> int | str | None:
    """The row that answers *given*; or the first question on which that still depends; None where
    no row fits at all."""
    seen = _seen(table, given)
    for at, row in enumerate(table.rows):
        held = [(one, holds(table, one, seen)) for one in row.when]
        if any(held_so is False for _one, held_so in held):
            continue
        depends = next((one for one, held_so in held if held_so is None), None)
        return at if depends is None else _lacking(table, depends, given)
    return None


def holds(table: Table, condition: Condition, seen: Case) -> bool | None:
    """Whether *condition* holds; None as long as that is not known."""
    answer = seen.get(condition.question)
    held = None if answer is None else _OPERATORS[condition.op](answer, condition.value)
    if condition.on and held is not True:
        day = seen.get(table.day)
        if day is None:
            return None
        return True if WEEKDAYS[day.weekday()] not in condition.on else held
    return held


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "at_most": lambda answer, value: answer <= value,
    "below": lambda answer, value: answer < value,
    "at_least": lambda answer, value: answer >= value,
    "above": lambda answer, value: answer > value,
    "not_before": lambda answer, value: answer >= value,
    "not_after": lambda answer, value: answer <= value,
    "is": lambda answer, value: answer is value,
    "one_of": lambda answer, value: (
        WEEKDAYS[answer.weekday()] if isinstance(answer, date) else answer
    ) in value,
}  # fmt: skip


def _reached(table: Table, given: Case) -> set[int]:
    """Every row that the answers which are still to come can lead to."""
    first = first_row(table, given)
    if not isinstance(first, str):
        return set() if first is None else {first}
    return {at for answer in table.cases[first]
            for at in _reached(table, {**given, first: answer})}  # fmt: skip


def _matters(table: Table, given: Case, name: str) -> bool:
    """Whether the answer to *name* makes a difference for some answers to the others."""
    outcomes = {table.rows[at].then for at in _reached(table, given)}
    if len(outcomes) == 1:
        return False
    found = [first_row(table, {**given, name: answer}) for answer in table.cases.get(name, ())]
    other = next((one for one in found if isinstance(one, str)), None)
    if other is None:  # it decides by itself which of the outcomes it is; or no row asks it
        return bool(found)
    return any(_matters(table, {**given, other: answer}, name) for answer in table.cases[other])


def _seen(table: Table, given: Case) -> Case:
    """*given* as conditions see it: a time after midnight is counted on from the day before; as
    long as it is not known after what, it is not known."""
    seen = dict(given)
    for one in table.questions:
        if one.after and one.id in given:
            start = given.get(one.after)
            if start is None:
                del seen[one.id]
            elif given[one.id] <= start:
                seen[one.id] = given[one.id] + DAY
    return seen


def _lacking(table: Table, condition: Condition, given: Case) -> str:
    """The question that is to be answered before it is known whether *condition* holds."""
    if condition.on and given.get(table.day) is None:
        return table.day
    after = table.question(condition.question).after
    return after if after and given.get(after) is None else condition.question


def _reasons(table: Table, given: Case, rows: Iterable[Row], *, of: bool) -> Iterator[Reason]:
    """The conditions of *rows* that hold, or those that do not, each once."""
    seen = _seen(table, given)
    told = set()
    for one in (one for row in rows for one in row.when):
        if holds(table, one, seen) is of and one.question in given and one not in told:
            told.add(one)
            yield Reason(table.question(one.question), one, given[one.question])


# -- days
def last_day(event: date, before: Before) -> Last:
    """The last day on which there are still so many days, weeks or working days until *event*.

    Working days are those of the Algemene termijnenwet (art. 3): no Saturday or Sunday, none of its
    holidays (5 May every year), and not Good Friday.  Some municipalities work on some of these:
    who keeps to this day is in time there too.
    """
    if before.unit != "working_days":
        return Last(event - timedelta(days=before.amount * (7 if before.unit == "weeks" else 1)))
    day, left, skipped = event, before.amount, []
    while left:
        day -= timedelta(days=1)
        name = holidays_of(day.year).get(day)
        if day.weekday() < 5 and name:
            skipped.append((day, name))
        left -= day.weekday() < 5 and not name
    return Last(day, tuple(skipped))


@cache
def holidays_of(year: int) -> Mapping[date, str]:
    """Days of *year* on which offices are closed, with their Dutch names."""
    from holidays import country_holidays  # noqa: PLC0415 -- heavy

    found = country_holidays("NL", years=year, language="nl", categories=("public", "optional"))
    return dict(found.items())


# -- answers
def understood(questions: Iterable[Question], answers: Case) -> dict[str, Any]:
    """*answers* as they are computed with: whole numbers, Decimals, yes or no, days and minutes of
    the day.  They may be texts, as a form sends them; :class:`Refusal` with all that is wrong."""
    given = [(one, answers[one.id]) for one in questions if answers.get(one.id) not in (None, "")]

    def read(one: Question, answer: Any) -> Any:
        try:
            return _READ[one.kind](one, answer)
        except (ValueError, TypeError):
            name = {"nl": one.name.nl, "en": one.name.en}
            wanted = {language: words(one.kind, language) for language in ("nl", "en")}
            raise Refusal(
                "permit_answer", place=name, value=f"{answer}"[:60], wanted=wanted
            ) from None

    made = every([partial(read, one, answer) for one, answer in given])
    return {one.id: value for (one, _answer), value in zip(given, made, strict=True)}


def minutes(answer: Any) -> int:
    """Minutes of the day of ``13:00``, ``24:00`` or a time; ValueError for anything else."""
    if isinstance(answer, time):
        return answer.hour * 60 + answer.minute
    found = _TIME.fullmatch(answer)
    made = int(found[1]) * 60 + int(found[2]) if found else DAY + 1
    if made > DAY:
        raise ValueError(answer)
    return made


def whole(answer: Any) -> int:
    """A whole number from 0."""
    made = number(answer)
    if made != int(made):
        raise ValueError(answer)
    return int(made)


def _yes(_of: Question, answer: Any) -> bool:
    if answer in (True, "yes", "ja"):
        return True
    if answer in (False, "no", "nee"):
        return False
    raise ValueError(answer)


def _chosen(of: Question, answer: Any) -> str:
    if answer not in of.options:
        raise ValueError(answer)
    return str(answer)


def _day(_of: Question, answer: Any) -> date:
    made = answer if type(answer) is date else date.fromisoformat(answer)
    if made.year not in _YEARS:
        raise ValueError(answer)
    return made


_READ: Mapping[str, Callable[[Question, Any], Any]] = {
    "count": lambda _of, answer: whole(answer), "number": lambda _of, answer: number(answer),
    "yesno": _yes, "choice": _chosen, "day": _day,
    "time": lambda _of, answer: minutes(answer) % DAY,
}  # fmt: skip


# -- words
def in_words(question: Question, condition: Condition, language: Language = "nl") -> str:
    """The condition as it stands in a sentence: "hoogstens 250"."""
    if condition.op == "is":
        said = words("yes" if condition.value else "no", language)
    elif condition.op == "one_of":
        said = words("or", language).join(
            words(name, language) if name in WEEKDAYS else question.options[name][language]
            for name in condition.value
        )
    else:
        value = shown(question, condition.value, language)
        said = words(condition.op, language).format(value=value)
    days = words("or", language).join(words(name, language) for name in condition.on)
    return words("on", language).format(rule=said, days=days) if days else said


def shown(question: Question, value: Any, language: Language) -> str:
    """An answer as it is written: ``1.200``, ``12,5 m²``, ``13.00 uur``."""
    if question.kind == "yesno":
        return words("yes" if value else "no", language)
    if question.kind == "choice":
        return question.options[value][language]
    if question.kind == "day":
        return day_in_words(value, language)
    if question.kind == "time":
        return words("clock", language).format(hour=f"{value // 60:02}", minute=f"{value % 60:02}")
    if question.kind == "count":
        return f"{thousands(int(value), language)} {question.unit}".strip()
    said = f"{value.normalize():f}"
    return f"{said.replace('.', ',') if language == 'nl' else said} {question.unit}".strip()


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("permits.toml").read_text("utf-8"))


def words(name: str, language: Language) -> str:
    """A word of ours, from ``permits.toml``."""
    return str(_texts()["words"][name][language])


@cache
def shared() -> Mapping[str, Mapping[str, Any]]:
    """The questions that tables share, by id, as they stand in ``permits.toml``."""
    found: Mapping[str, Mapping[str, Any]] = _texts()["question"]
    return found
