# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every rule of a choice costs, and from what budget on more is possible.

Each price is a search of its own, so they are given one by one: who shows a page can show the
choice first.  Efforts cannot be cut in pieces, so a rule can have a price where it seems to leave
room: each price is computed, and none is read off from a linear programme.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wijkeconomie.planning.portfolio import Candidate, Choice, Question, Rule, Search, needed


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


def prices(question: Question, choice: Choice) -> Iterator[Price]:
    """The price of each rule in turn, where *choice* is the best set of *question*."""
    search = Search(question)
    for rule in search.rules:
        held = [other for other in search.rules if other != rule]
        value = _points(search.question, search.most(search.value, held=held))
        yield Price(rule=rule, value=value, more=value - choice.value)


def next_step(question: Question, choice: Choice) -> Step | None:
    """From what budget on more points than those of *choice* are possible; None where no budget
    is enough.

    The cheapest better set without a budget comes first; then one that needs less is asked for as
    long as there is one, since with overruns the lowest likely cost is not always the least needed.
    """
    search = Search(question)
    free = [rule for rule in search.rules if rule.kind != "money"]
    found = search.cheapest(choice.value + 1, held=free)
    if found is None:
        return None
    while found is not None:
        money = needed(_taken(question, found), question.overruns)
        search = Search(replace(question, money=money - 1))
        found = search.cheapest(choice.value + 1, held=search.rules)
    search = Search(replace(question, money=money))
    return Step(money=money, value=_points(question, search.most(search.value)))


def _taken(question: Question, ids: frozenset[str]) -> list[Candidate]:
    return [candidate for candidate in question.candidates if candidate.id in ids]


def _points(question: Question, ids: frozenset[str] | None) -> int:
    """Points of a set; with a rule fewer or more money there always is one."""
    if ids is None:
        raise ValueError(question)
    return sum(candidate.value for candidate in _taken(question, ids))
