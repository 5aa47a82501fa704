# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every rule of a choice costs, from what budget on more is possible, and where nothing is,
what giving up a rule would allow.

Each price is a search of its own, so they are given one by one: who shows a page can show the
choice first.  Efforts cannot be cut in pieces, so a rule can have a price where it seems to leave
room: each price is computed, and none is read off from a linear programme.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from wijkeconomie.planning.portfolio import (
    EACH,
    Candidate,
    Choice,
    Conflict,
    Patience,
    Question,
    Rule,
    Search,
    needed,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Without ``rule`` the best set would bring ``value`` points: ``more`` than with it."""

    rule: Rule
    value: int
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The smallest budget in cents that is enough for more points, and how many it then brings."""

    money: int
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What giving up ``rule`` allows: at most ``value`` points, for no less than ``likely`` cents.

    ``enough``: how much money (setbacks included), how many hours or m² would do, where the rule
    limits these.  ``left``: then these rules still cannot be kept together, and nothing is allowed.
    """

    rule: Rule
    value: int = 0
    likely: int = 0
    enough: int | None = None
    left: tuple[Rule, ...] = ()


def prices(
    question: Question, choice: Choice, patience: Patience = EACH
) -> Iterator[Price]:  # fmt: skip
    """The price of each rule in turn, where *choice* is the best set of *question*; Refusal where
    there is no *patience* left."""
    search = Search(question, patience)
    for rule in search.rules:
        held = [other for other in search.rules if other != rule]
        value = _points(search.question, search.most(search.value, held=held))
        yield Price(rule=rule, value=value, more=value - choice.value)


def next_step(question: Question, choice: Choice, patience: Patience = EACH) -> Step | None:
    """From what budget on more points than those of *choice* are possible; None where no budget
    is enough.

    The cheapest better set without a budget comes first; then one that needs less is asked for as
    long as there is one, since with overruns the lowest likely cost is not always the least needed.
    """
    search = Search(question, patience)
    free = [rule for rule in search.rules if rule.kind != "money"]
    found = search.cheapest(choice.value + 1, held=free)
    if found is None:
        return None
    money = _least_money(search, found, choice.value + 1)
    search = Search(replace(question, money=money), patience)
    return Step(money=money, value=_points(question, search.most(search.value)))


def ways(
    question: Question, conflict: Conflict, patience: Patience = EACH
) -> Iterator[Way]:  # fmt: skip
    """What giving up each rule of a conflict in turn would allow, while all others are kept."""
    search = Search(question, patience)
    for rule in conflict.rules:
        held = [other for other in search.rules if other != rule]
        best = search.most(search.value, held=held)
        if best is None:
            yield Way(rule=rule, left=search.conflict(held))
            continue
        value = _points(question, best)
        taken = _taken(question, search.cheapest(value, held=held) or best)
        yield Way(rule=rule, value=value, likely=sum(one.cost.likely for one in taken),
                  enough=_enough(search, rule, held))  # fmt: skip


def _enough(search: Search, rule: Rule, held: Sequence[Rule]) -> int | None:
    """With how much money, hours or m² the rules *held* and this one can be kept."""
    asked = search.question
    if rule.kind == "money":
        found = search.cheapest(0, held=held)
        return None if found is None else _least_money(search, found, 0)
    if rule.kind not in ("hours", "space"):
        return None
    takes = [one.hours if rule.kind == "hours" else one.space for one in asked.candidates]
    found = search.most([-much for much in takes], held=held) or frozenset()
    return sum(much for much, one in zip(takes, asked.candidates, strict=True) if one.id in found)


def _least_money(asked: Search, found: frozenset[str] | None, value: int) -> int:
    """The smallest budget for *value* points, where *found* is the set that brings them for the
    least likely money: one that needs less is asked for as long as there is one."""
    question, money = asked.question, asked.question.money
    while found is not None:
        money = needed(_taken(question, found), question.overruns)
        search = Search(replace(question, money=money - 1), asked.patience)
        found = search.cheapest(value, held=search.rules)
    return money


def _taken(question: Question, ids: frozenset[str]) -> list[Candidate]:
    return [candidate for candidate in question.candidates if candidate.id in ids]


def _points(question: Question, ids: frozenset[str] | None) -> int:
    """Points of a set; with a rule fewer or more money there always is one."""
    if ids is None:
        raise ValueError(question)
    return sum(candidate.value for candidate in _taken(question, ids))
