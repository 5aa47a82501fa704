# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every rule costs and what the next budget brings, against trying every set."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.planning import asking
from tests.planning.asking import effort
from wijkeconomie.planning.portfolio import (
    Choice,
    Conflict,
    Question,
    Rule,
    choose,
    rules,
)
from wijkeconomie.planning.prices import Price, Step, Way, next_step, prices, ways


def answered(seeds: range, most: int, part: int = 100) -> list[tuple[Question, Choice]]:
    """Questions with an answer under *part* percent of their money."""
    asked = [asking.question(random.Random(seed), most) for seed in seeds]
    asked = [replace(one, money=one.money * part // 100) for one in asked]
    found = [(one, choose(one)) for one in asked]
    return [(one, answer) for one, answer in found if isinstance(answer, Choice)]


def test_a_price_is_what_the_best_set_brings_more_without_the_rule() -> None:
    for asked, choice in answered(range(40), 6):
        expected = []
        for rule in rules(asked):
            held = tuple(other for other in rules(asked) if other != rule)
            value = max(asking.points(taken) for taken in asking.sets(asked, held))
            expected.append(Price(rule=rule, value=value, more=value - choice.value))
        assert list(prices(asked, choice)) == expected


def test_the_next_step_is_the_smallest_need_of_any_better_set() -> None:
    steps = 0
    for asked, choice in answered(range(40), 7, part=50):
        free = tuple(rule for rule in rules(asked) if rule.kind not in ("money", "overruns"))
        better = [
            asking.need(asked, taken, asked.overruns)
            for taken in asking.sets(asked, free) if asking.points(taken) > choice.value
        ]  # fmt: skip
        step = next_step(asked, choice)
        assert (step.money if step else None) == min(better, default=None)
        if step:
            steps += 1
            richer = choose(replace(asked, money=step.money))
            assert isinstance(richer, Choice)
            assert richer.value == step.value > choice.value
    assert steps >= 8


SMALL = Question(
    candidates=(effort("a", 5, 100), effort("b", 4, (60, 90)), effort("c", 3, 50, must=True)),
    opgaven=frozenset("a"), money=120, overruns=1,
)  # fmt: skip


def test_a_small_example_as_worked_by_hand() -> None:
    """c must be: 50 of 120.  a with c takes 150; b with c takes 110, or 140 if b is dearest: so c
    alone.  Without the must: a.  Without overruns: b and c.  Without a budget: all."""
    choice = choose(SMALL)
    assert isinstance(choice, Choice)
    assert choice.chosen == ("c",)
    assert list(prices(SMALL, choice)) == [
        Price(rule=Rule("must", ("c",)), value=5, more=2),
        Price(rule=Rule("opgave", ("a",)), value=3, more=0),
        Price(rule=Rule("overruns"), value=7, more=4),
        Price(rule=Rule("money"), value=12, more=9),
    ]
    assert next_step(SMALL, choice) == Step(money=140, value=7)


def test_when_all_is_chosen_no_budget_brings_more() -> None:
    rich = replace(SMALL, money=10_000)
    choice = choose(rich)
    assert isinstance(choice, Choice)
    assert next_step(rich, choice) is None


def test_the_next_step_is_right_to_the_cent_where_less_likely_money_needs_more() -> None:
    """a most likely costs 100 and can take 151; b 110 and 150: with one overrun b needs less."""
    asked = Question(
        candidates=(effort("a", 5, (100, 151)), effort("b", 5, (110, 150)), effort("c", 1, 10)),
        opgaven=frozenset("a"), money=50, overruns=1,
    )  # fmt: skip
    choice = choose(asked)
    assert isinstance(choice, Choice)
    assert (choice.chosen, next_step(asked, choice)) == (("c",), Step(money=150, value=5))


def test_one_point_more_is_a_step() -> None:
    asked = Question(
        candidates=(effort("a", 1, 10), effort("b", 2, 20)), apart=(("a", "b"),),
        opgaven=frozenset("a"), money=15,
    )  # fmt: skip
    choice = choose(asked)
    assert isinstance(choice, Choice)
    assert (choice.chosen, next_step(asked, choice)) == (("a",), Step(money=20, value=2))


# -- what giving up a rule of a conflict allows
def conflicting(seeds: range, most: int) -> list[tuple[Question, Conflict]]:
    """Questions without an answer; the last half of *seeds* with ever less money and hours."""
    found = []
    for seed in seeds:
        asked = asking.question(random.Random(seed), most)
        if seed % 2:
            asked = replace(asked, money=asked.money // 4, hours=asked.hours and asked.hours // 3)
        answer = choose(asked)
        if isinstance(answer, Conflict):
            found.append((asked, answer))
    return found


def others(asked: Question, rule: Rule) -> tuple[Rule, ...]:
    return tuple(other for other in rules(asked) if other != rule)


def test_what_giving_up_a_rule_allows_is_what_trying_every_set_finds() -> None:
    opened = closed = limits = 0
    for asked, conflict in conflicting(range(120), 6):
        found = list(ways(asked, conflict))
        assert [way.rule for way in found] == list(conflict.rules)
        for way in found:
            held = others(asked, way.rule)
            possible = list(asking.sets(asked, held))
            assert bool(way.left) == (not possible)
            if not possible:
                closed += 1
                continue
            opened += 1
            best = max(map(asking.points, possible))
            cost = min(sum(c.cost.likely for c in taken) for taken in possible
                       if asking.points(taken) == best)  # fmt: skip
            assert (way.value, way.likely) == (best, cost)
            least = {
                "money": lambda taken, asked=asked: asking.need(asked, taken, asked.overruns),
                "hours": lambda taken: sum(c.hours for c in taken),
                "space": lambda taken: sum(c.space for c in taken),
            }.get(way.rule.kind)  # fmt: skip
            assert way.enough == (min(map(least, possible)) if least else None)
            limits += least is not None
    assert min(opened, closed, limits) >= 10, (opened, closed, limits)


def test_rules_that_are_left_cannot_be_kept_together_and_none_is_too_many() -> None:
    seen = 0
    for asked, conflict in conflicting(range(120), 6):
        for way in ways(asked, conflict):
            if way.left:
                seen += 1
                assert way.rule not in way.left
                assert asking.best(asked, way.left) is None
                for rule in way.left:
                    rest = tuple(other for other in way.left if other != rule)
                    assert asking.best(asked, rest) is not None
    assert seen >= 20


def test_a_conflict_alone_does_not_tell_that_giving_up_one_of_its_rules_is_enough() -> None:
    """The twin: m must be and is too dear, z has no effort.  Each rule that is named can be missed
    among those that are named, and still nothing can be chosen."""
    asked = Question(candidates=(effort("m", 5, 300, must=True),), opgaven=frozenset("az"),
                     money=200)  # fmt: skip
    answer = choose(asked)
    assert isinstance(answer, Conflict)
    for rule in answer.rules:
        rest = tuple(other for other in answer.rules if other != rule)
        assert asking.best(asked, rest) is not None
    assert all(asking.best(asked, others(asked, rule)) is None for rule in answer.rules)


def test_a_small_conflict_as_worked_by_hand() -> None:
    """a takes 100, 180 at most; m must be and takes 300.  With one setback both take 480."""
    asked = Question(
        candidates=(effort("a", 5, (100, 180)), effort("m", 2, 300, opgaven="z", must=True)),
        opgaven=frozenset("a"), money=450, overruns=1,
    )  # fmt: skip
    answer = choose(asked)
    assert isinstance(answer, Conflict)
    assert list(ways(asked, answer)) == [
        Way(rule=Rule("must", ("m",)), value=5, likely=100),
        Way(rule=Rule("opgave", ("a",)), value=2, likely=300),
        Way(rule=Rule("overruns"), value=7, likely=400),
        Way(rule=Rule("money"), value=7, likely=400, enough=480),
    ]
