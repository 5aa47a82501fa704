# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Conditions of a conversation guide: when a question is asked, and which answer is taken.

A stated part of the XPath 1.0 that XLSForm writes (https://xlsform.org, "Relevant", "Constraint"):
``${name}``, ``.``, texts, numbers, ``= != < <= > >= + - and or``, brackets and :data:`FUNCTIONS`.
It is read once, into a tree of lists that a phone evaluates by the same rules:

- Answers are text; no answer is the empty text, and so is that of a question that is not asked.
- ``=`` and ``!=`` compare truths when one side is one, numbers when one side is one, else texts.
- ``< <= > >= + -`` make numbers of both sides.  A date (2026-05-31) counts as days since 1970.
  What is no number, such as no answer, is not greater, less or equal.
- So ``${age} > 17`` does not hold without an answer, ``not(${age} > 17)`` and ``${age} != 17`` do.
- A text holds when it is not empty, a number when it is not zero.
- A constraint is not looked at while there is no answer: ``required`` asks for one.
- Numbers are IEEE 754 doubles, as in XPath and JavaScript; a length counts Unicode code points.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import isnan, nan
from typing import Any, Final

from wijkeconomie.figures.refusal import Refusal

Tree = tuple[Any, ...]  # ("=", ("answer", "role"), ("text", "owner")): head, then what it is of
Value = str | float | bool
Place = dict[str, str]

FUNCTIONS: Final[Mapping[str, int]] = {  # with how many arguments
    "selected": 2, "count-selected": 1, "string-length": 1, "not": 1, "date": 1,
    "today": 0, "true": 0, "false": 0,
}  # fmt: skip
MOST_CHARACTERS = 2_000
MOST_DEEP = 30  # brackets, functions and signs within each other
HERE: Final[Place] = {"nl": "De voorwaarde", "en": "The condition"}
NAME = r"[^\W\d][\w.\-]{0,99}"

_TOKEN = re.compile(
    rf"\s*(?:(?P<answer>\$\{{\s*{NAME}\s*\}})|(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
    r"|(?P<text>'[^']*'|\"[^\"]*\")|(?P<word>[A-Za-z][A-Za-z\-]*)"
    r"|(?P<sign><=|>=|!=|[=<>+\-(),.]))"
)
_NUMBER = re.compile(r"\s*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as it was written, and the tree that it means."""

    source: str
    tree: Tree

    @property
    def names(self) -> tuple[str, ...]:
        """The questions whose answers it looks at, each once."""
        found = [node[1] for node in _nodes(self.tree) if node[0] == "answer"]
        return tuple(dict.fromkeys(found))

    @property
    def looks_at_itself(self) -> bool:
        """Whether it has a ``.``: the answer to the question that it belongs to."""
        return any(node[0] == "self" for node in _nodes(self.tree))

    @property
    def held_against(self) -> tuple[tuple[str, str | float], ...]:
        """Answers that it looks at for being something written, by name ("" for the own), each
        with what is written: ``${role} = 'owner'`` gives role and owner."""
        found = [_written(node) for node in _nodes(self.tree) if node[0] in ("=", "!=", "selected")]
        return tuple(one for one in found if one is not None)

    def holds(self, answers: Mapping[str, str], today: date, own: str = "") -> bool:
        """Whether it holds, given the *answers* by name and the *own* answer."""
        return _truth(_value(self.tree, _Given(answers, today, own)))


def parse(source: str, place: Mapping[str, str] = HERE) -> Condition:
    """Read a condition.

    Raises Refusal ``condition_…``, which names *place* and what in the text is not understood.
    """
    text = source.strip()
    if len(text) > MOST_CHARACTERS:
        raise Refusal("condition_long", place=dict(place), most=MOST_CHARACTERS)
    return Condition(text, _Reader(text, dict(place)).whole())


def as_number(value: Value) -> float:
    """XPath's number(): NaN for what is none; a date gives days since 1970."""
    if not isinstance(value, str):
        return float(value)
    if found := _NUMBER.fullmatch(value):
        return float(found[1])
    day = as_date(value)
    return nan if day is None else float((day - _EPOCH).days)


def as_date(text: str) -> date | None:
    """A day written as 2026-05-31; None for any other text and for days that do not exist."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def chosen(answer: str) -> tuple[str, ...]:
    """The choices of an answer with several, which are parted by spaces."""
    return tuple(filter(None, answer.split(" ")))


@dataclass(frozen=True, slots=True)
class _Given:
    answers: Mapping[str, str]
    today: date
    own: str


def _nodes(tree: Tree) -> Iterator[Tree]:
    yield tree
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from _nodes(part)


def _written(node: Tree) -> tuple[str, str | float] | None:
    """An answer and the text or number beside it, whichever of both comes first."""
    for one, other in (node[1:], node[:0:-1]):
        if one[0] in ("answer", "self") and other[0] in ("text", "number"):
            return "".join(one[1:]), other[1]
    return None


def _value(tree: Tree, given: _Given) -> Value:
    match tree:
        case ("text" | "number", value):
            return value  # type: ignore[no-any-return]  # the reader put it there
        case ("answer", name):
            return given.answers.get(name, "")
        case ("self",):
            return given.own
        case ("today",):
            return given.today.isoformat()
        case (head, *parts):
            return _MEANING[head](*(_value(part, given) for part in parts))
    raise AssertionError(tree)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace("nan", "NaN")
    return value


def _truth(value: Value) -> bool:
    return bool(value) and not (isinstance(value, float) and isnan(value))


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return _truth(left) == _truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return as_number(left) == as_number(right)
    return left == right


def _compared(compare: Callable[[float, float], bool]) -> Callable[[Value, Value], bool]:
    return lambda left, right: compare(as_number(left), as_number(right))


def _sum(*terms: Value) -> float:
    total = as_number(terms[0])
    for term in terms[1:]:
        total += as_number(term)
    return total


_MEANING: Final[Mapping[str, Callable[..., Value]]] = {
    "and": lambda *parts: all(map(_truth, parts)),
    "or": lambda *parts: any(map(_truth, parts)),
    "=": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _compared(operator.lt),
    "<=": _compared(operator.le),
    ">": _compared(operator.gt),
    ">=": _compared(operator.ge),
    "+": _sum,
    "-": lambda value: -as_number(value),
    "not": lambda value: not _truth(value),
    "selected": lambda answer, choice: _text(choice).strip() in chosen(_text(answer)),
    "count-selected": lambda answer: float(len(chosen(_text(answer)))),
    "string-length": lambda value: float(len(_text(value))),
    "date": lambda value: _text(value) if as_date(_text(value)) else "",
    "true": lambda: True,
    "false": lambda: False,
}
_RELATIONS = ("=", "!=", "<", "<=", ">", ">=")


class _Reader:
    """Recursive descent; a chain of ``and``, ``or`` or ``+`` is one node, so only brackets,
    functions and signs go deeper, and these are counted."""

    def __init__(self, text: str, place: Place) -> None:
        self._text, self._place = text, place
        self._at = self._deep = 0
        self._kind, self._token = "", ""
        self._next()

    def whole(self) -> Tree:
        tree = self._chain("or", lambda: self._chain("and", self._relation))
        if self._kind:
            raise self._unexpected()
        return tree

    def _next(self) -> None:
        """Go to the next word or sign; kind "" is the end."""
        self._at += len(self._token)
        rest = self._text[self._at :]
        self._at += len(rest) - len(rest.lstrip())
        self._kind, self._token = "", ""
        if self._at == len(self._text):
            return
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            self._token = self._text[self._at]
            raise self._unexpected()
        self._kind, self._token = found.lastgroup or "", found[0]

    def _unexpected(self) -> Refusal:
        end = {"nl": "het einde", "en": "the end"}
        return Refusal(
            "condition_unclear", place=self._place, at=self._at + 1, value=self._token or end
        )

    def _is(self, *tokens: str) -> bool:
        return self._kind in ("word", "sign") and self._token in tokens

    def _take(self, token: str) -> None:
        if not self._is(token):
            raise self._unexpected()
        self._next()

    def _chain(self, word: str, part: Callable[[], Tree]) -> Tree:
        parts = [part()]
        while self._is(word):
            self._next()
            parts.append(part())
        return parts[0] if len(parts) == 1 else (word, *parts)

    def _relation(self) -> Tree:
        left = self._sum()
        if not self._is(*_RELATIONS):
            return left
        sign = self._token
        self._next()
        return (sign, left, self._sum())

    def _sum(self) -> Tree:
        terms = [self._signed()]
        while self._is("+", "-"):
            minus = self._is("-")
            self._next()
            term = self._signed()
            terms.append(("-", term) if minus else term)
        return terms[0] if len(terms) == 1 else ("+", *terms)

    def _signed(self) -> Tree:
        if not self._is("-"):
            return self._one()
        self._next()
        return ("-", self._deeper(self._signed))

    def _deeper(self, part: Callable[[], Tree]) -> Tree:
        self._deep += 1
        if self._deep > MOST_DEEP:
            raise Refusal("condition_deep", place=self._place, most=MOST_DEEP)
        tree = part()
        self._deep -= 1
        return tree

    def _one(self) -> Tree:
        kind, token = self._kind, self._token
        if kind == "word":
            return self._call(token)
        if self._is("("):
            return self._bracketed()
        if kind not in ("answer", "number", "text") and not self._is("."):
            raise self._unexpected()
        self._next()
        match kind:
            case "answer":
                return ("answer", token[2:-1].strip())
            case "number":
                return ("number", float(token))
            case "text":
                return ("text", token[1:-1])
        return ("self",)

    def _inside(self) -> Tree:
        return self._deeper(lambda: self._chain("or", lambda: self._chain("and", self._relation)))

    def _bracketed(self) -> Tree:
        self._take("(")
        tree = self._inside()
        self._take(")")
        return tree

    def _call(self, name: str) -> Tree:
        if name not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise Refusal("condition_function", place=self._place, value=name[:40], known=known)
        self._next()
        self._take("(")
        parts: list[Tree] = []
        while len(parts) < FUNCTIONS[name]:
            if parts:
                self._take(",")
            parts.append(self._inside())
        self._take(")")
        return (name, *parts)
