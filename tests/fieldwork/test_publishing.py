# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An attack by linear programming on what is published, in thousands of random tables, with the
twins that show what it finds without the guard."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import compress, product

import numpy as np
import pytest
from scipy.optimize import linprog

from wijkeconomie.fieldwork import publishing
from wijkeconomie.fieldwork.publishing import People, Published, exposed, publish

AGES = ("young", "adult", "old")
PLACES = ("north", "east", "south")


def people(first: int, count: int) -> People:
    return frozenset(f"p{n}" for n in range(first, first + count))


def test_a_small_group_and_nobody_look_the_same() -> None:
    found = publish({"a": people(0, 12), "b": people(12, 4), "c": people(0, 0)})
    assert found.counts == {"a": 12, "b": None, "c": None}


def test_the_total_would_tell_one_hidden_group_so_another_is_hidden() -> None:
    table = {"all": people(0, 46), "a": people(0, 12), "b": people(12, 4), "c": people(16, 30)}
    assert publish(table).counts == {"all": 46, "a": None, "b": None, "c": 30}


def test_who_are_not_in_a_group_are_a_group_too() -> None:
    """30 in all of whom 27 have work tells of three without."""
    assert exposed([people(0, 30), people(0, 27)]) == people(27, 3)
    assert publish({"all": people(0, 30), "work": people(0, 27)}).counts["work"] is None


def test_a_table_of_a_week_later_does_not_tell_who_came_in_between() -> None:
    first = publish({"all": people(0, 40)})
    assert publish({"all": people(0, 43)}, [first]).counts == {"all": None}
    assert publish({"all": people(0, 50)}, [first]).counts == {"all": 50}


def test_who_withdrew_is_not_told_by_the_difference() -> None:
    first = publish({"all": people(0, 40)})
    assert publish({"all": people(1, 39)}, [first]).counts == {"all": None}


def test_three_tables_tell_what_no_two_of_them_do() -> None:
    """a+b, b+c and a+c give each of a, b and c: any two tables are safe, all three are not."""
    a, b, c = people(0, 6), people(6, 8), people(14, 9)
    pairs = [a | b, b | c, a | c]
    assert exposed(pairs[:2]) | exposed(pairs[1:]) | exposed(pairs[::2]) == frozenset()
    assert exposed(pairs) == a | b | c
    out: list[Published] = []
    for pair in pairs:
        out.append(publish({"pair": pair}, out))
    assert [table.counts["pair"] for table in out] == [14, 17, None]


def test_ten_may_be_told_and_nine_may_not() -> None:
    assert exposed([people(0, 10)]) == frozenset()
    assert exposed([people(0, 9)]) == people(0, 9)
    assert publish({"a": people(0, 10), "b": people(10, 9)}).counts == {"a": 10, "b": None}


def test_exposed_is_what_trying_all_numbers_finds() -> None:
    """Every way to divide whole people over the classes, in 150 small tables, with a bound of 3."""
    rng = np.random.default_rng(3)
    for _ in range(150):
        cells = [
            frozenset(f"p{n}" for n in np.flatnonzero(rng.random(9) < 0.6))
            for _ in range(rng.integers(1, 4))
        ]
        cells = [cell for cell in cells if cell]
        classes = publishing._classes(cells)
        rows = [[n in numbers for numbers in classes.values()] for n in range(len(cells))]
        ways = [
            way for way in product(range(10), repeat=len(classes))
            if all(sum(compress(way, row)) == len(c) for row, c in zip(rows, cells, strict=True))
        ] if len(classes) < 5 else None  # fmt: skip
        if ways is not None:
            tops = map(max, zip(*ways, strict=True))
            given_away = [c for c, top in zip(classes, tops, strict=True) if top < 3]
            assert exposed(cells, fewest=3) == frozenset().union(*given_away)


# --- the attack --------------------------------------------------------------------------------


def test_one_may_stand_for_all_who_are_in_the_same_groups() -> None:
    rng = np.random.default_rng(5)
    given_away = 0
    for _ in range(40):
        cells = [
            frozenset(f"p{n:02d}" for n in np.flatnonzero(rng.random(60) < share))
            for share in rng.uniform(0.2, 0.9, 4)
        ]
        cells.append(cells[0] - set(sorted(cells[0])[:3]))
        count = {min(who): len(who) for who in publishing._classes(cells)}
        short = [cell.intersection(count) for cell in cells]
        told = exposed(cells)
        assert exposed(short, many=count) == told.intersection(count)
        assert sum(count[one] for one in told.intersection(count)) == len(told)
        given_away += bool(told)
    assert given_away > 0


def atoms(tables: Sequence[Published]) -> list[People]:
    """The smallest groups that all tables' groups, shown and hidden, can tell apart."""
    groups = [who for table in tables for who in table.groups.values()]
    return list(publishing._classes(groups))


def most(cells: Sequence[People], within: Sequence[People], target: Iterable[People]) -> float:
    """The largest number that linear programming allows the people of ``target`` to be."""
    wanted = set(target)
    answer = linprog(
        [-1.0 if atom in wanted else 0.0 for atom in within],
        A_eq=[[1.0 if atom <= cell else 0.0 for atom in within] for cell in cells],
        b_eq=[len(cell) for cell in cells],
    )  # fmt: skip
    return np.inf if answer.status == 3 else -answer.fun


def attacked(tables: Sequence[Published]) -> int:
    """Groups of one to nine that the shown counts bound below ten: atoms and hidden groups.

    Two groups whose atoms are in the same cells have the same bound, which is asked once.
    """
    within = atoms(tables)
    cells = [cell for table in tables for cell in table.cells]
    if not cells:
        return 0
    hidden = [w for t in tables for n, w in t.groups.items() if n not in t.shown and w]
    small = {group for group in (*within, *hidden) if 0 < len(group) < 10}
    inside = {group: [atom for atom in within if atom <= group] for group in small}
    asked = {
        frozenset(tuple(atom <= cell for cell in cells) for atom in parts): parts
        for parts in inside.values()
    }
    return sum(most(cells, within, parts) < 10 - 1e-6 for parts in asked.values())


def primary_only(groups: dict[str, People], before: Sequence[Published] = ()) -> Published:
    """What many do: hide what is small, and look no further."""
    return Published(groups=groups, shown=frozenset(n for n, w in groups.items() if len(w) >= 10))


def town(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Age and place of some sixty people, unevenly spread."""
    size = int(rng.integers(30, 90))
    return (
        rng.choice(len(AGES), size, p=rng.dirichlet([1.0] * 3)),
        rng.choice(len(PLACES), size, p=rng.dirichlet([1.0] * 3)),
    )


def table(values: np.ndarray, names: Sequence[str], inside: np.ndarray) -> dict[str, People]:
    """Counts by one trait of who are ``inside``, with their total."""
    groups = {
        name: frozenset(f"p{n}" for n in np.flatnonzero((values == k) & inside))
        for k, name in enumerate(names)
    }
    return groups | {"all": frozenset(f"p{n}" for n in np.flatnonzero(inside))}


def pair(rng: np.random.Generator) -> list[dict[str, People]]:
    """Two tables of the same people: another trait, another area, or some days later."""
    age, place = town(rng)
    everyone = np.ones(len(age), bool)
    early = rng.random(len(age)) < 0.8
    second = [
        lambda: table(place, PLACES, everyone),
        lambda: table(age, AGES, place != rng.integers(3)),
        lambda: table(age, AGES, everyone),
    ][rng.integers(3)]()
    return [table(age, AGES, early if rng.random() < 0.4 else everyone), second]


def many(rng: np.random.Generator) -> list[dict[str, People]]:
    """Three to five tables over areas that overlap."""
    age, place = town(rng)
    count = int(rng.integers(3, 6))
    areas = [np.isin(place, rng.choice(3, 2, replace=False)) for _ in range(count)]
    traits = [(age, AGES), (place, PLACES)]
    return [table(*traits[rng.integers(2)], area) for area in areas]


def released(tables: list[dict[str, People]]) -> list[Published]:
    out: list[Published] = []
    for groups in tables:
        out.append(publish(groups, out))
    return out


@pytest.mark.simulation
def test_a_thousand_pairs_of_tables_reveal_no_group_under_ten() -> None:
    rng = np.random.default_rng(1)
    out = [released(pair(rng)) for _ in range(1000)]
    assert sum(map(attacked, out)) == 0
    cells = [c for tables in out for t in tables for c in t.groups if len(t.groups[c]) >= 10]
    shown = sum(len(t.shown) for tables in out for t in tables)
    print(f"shown: {shown} of {len(cells)} groups of ten or more")
    assert shown > 0.5 * len(cells), "safe because nothing is said"


@pytest.mark.simulation
def test_without_secondary_hiding_the_attack_succeeds() -> None:
    rng = np.random.default_rng(1)
    found = [attacked([primary_only(t) for t in pair(rng)]) for _ in range(200)]
    print(f"revealed in {sum(map(bool, found))} of 200 pairs")
    assert sum(map(bool, found)) > 50


@pytest.mark.simulation
def test_looking_at_each_table_alone_is_not_enough() -> None:
    rng = np.random.default_rng(1)
    found = [attacked([publish(t) for t in pair(rng)]) for _ in range(200)]
    print(f"revealed in {sum(map(bool, found))} of 200 pairs")
    assert sum(map(bool, found)) > 20


@pytest.mark.simulation
def test_three_to_five_tables_over_overlapping_areas_reveal_none() -> None:
    rng = np.random.default_rng(2)
    assert sum(attacked(released(many(rng))) for _ in range(200)) == 0


@pytest.mark.parametrize(
    ("given", "may"),
    [
        ((10, 10, 0), True),
        ((14, 12, 10), True),
        ((9, 1, 0), False),
        ((10, 0, 0), False),
        ((40, 9, 12), False),
        ((0, 0, 0), False),
    ],
)
def test_counts_of_answers_are_told_when_every_answer_that_was_given_is_that_of_ten(
    given: tuple[int, ...], may: bool
) -> None:
    assert publishing.tellable(given) is may


def _several(luck: random.Random, people: int) -> list[frozenset[str]]:
    """Who gave each answer to each of three questions, of the questions that may be told."""
    cells = []
    for _ in range(3):
        weights = [luck.random() for _ in range(3)]
        said = [luck.choices(range(3), weights)[0] for _ in range(people)]
        sets = [frozenset(f"p{n}" for n in range(people) if said[n] == one) for one in range(3)]
        if publishing.tellable([len(who) for who in sets]):
            cells += [who for who in sets if who]
    return cells


def test_answers_of_the_same_people_to_several_questions_give_nobody_away() -> None:
    luck, told = random.Random(4), 0
    for _ in range(60):
        cells = _several(luck, luck.randint(20, 70))
        told += len(cells) > 3
        assert exposed(cells) == frozenset()
    assert told > 10
