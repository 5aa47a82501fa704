# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""No hidden count has fewer than four values by what is published, against linear programming."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.figures.making import snapshot
from wijkeconomie.figures import suppression
from wijkeconomie.figures.disclosure import FEWEST, hide_small
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import Snapshot
from wijkeconomie.figures.suppression import VALUES, _Cells, _Key, with_others

Published = Mapping[tuple[str, str], float]


def candidates(
    sums: list[tuple[tuple[str, str], list[tuple[str, str]]]], shown: Published,
    secrets: list[tuple[str, str]],
) -> list[int]:  # fmt: skip
    """How many values each hidden count may have, by linear programming: all that is published,
    the sums (whole, parts) of what exists, and that hidden counts are one or more."""
    place = {key: n for n, key in enumerate(secrets)}
    left, right = np.zeros((len(sums), len(secrets))), np.zeros(len(sums))
    for line, (whole, parts) in enumerate(sums):
        for key, sign in ((whole, -1.0), *((part, 1.0) for part in parts)):
            if key in place:
                left[line, place[key]] += sign
            else:
                right[line] -= sign * shown[key]
    found = []
    for n in range(len(secrets)):
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(secrets))
            goal[n] = sign
            best = linprog(goal, A_eq=left, b_eq=right, bounds=(1, 10_000), method="highs")
            ends.append(sign * best.fun)
        found.append(round(math.floor(ends[1] + 1e-6) - math.ceil(ends[0] - 1e-6)) + 1)
    return found


def by_area(
    counts: Mapping[str, float], *, wijken: bool, gemeente: bool
) -> tuple[dict[str, float], list[tuple[str, list[str]]]]:
    """Counts of buurten with those of their wijken and gemeente, and the sums that they form."""
    rows, sums = dict(counts), list[tuple[str, list[str]]]()
    codes = sorted({"WK" + area[2:8] for area in counts}) if wijken else []
    for code in codes:
        inside = [area for area in counts if area[2:8] == code[2:]]
        rows[code] = sum(counts[area] for area in inside)
        sums.append((code, inside))
    if gemeente:
        rows["GM0518"] = sum(counts.values())
        sums.append(("GM0518", codes or list(counts)))
    return rows, sums


BUURTEN = [f"BU0518{wijk:02}{buurt:02}" for wijk in range(3) for buurt in range(3)]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from([0, 1, 2, 3, 4, 7, 12, 40]), min_size=9, max_size=9),
    st.booleans(), st.booleans(), st.sampled_from(["job_seekers", "jobs_started_firms"]),
)  # fmt: skip
def test_no_hidden_count_has_fewer_than_four_values_by_what_is_published(
    numbers: list[int],
    wijken: bool,
    gemeente: bool,
    column: str,
) -> None:
    """Random tables of buurten, with or without their wijken and gemeente."""
    counts = dict(zip(BUURTEN, map(float, numbers), strict=True))
    rows, sums = by_area(counts, wijken=wijken, gemeente=gemeente)
    made = snapshot(2020, [{"area": area, column: value} for area, value in rows.items()])
    frame = hide_small(made).frame
    shown = {(area, ""): v for area, v in frame.select("area", column).drop_nulls().iter_rows()}
    secrets = [(area, "") for area in rows if (area, "") not in shown]
    fewest = 10 if column == "job_seekers" else 5
    assert {area for area, n in rows.items() if 0 < n < fewest} <= {area for area, _ in secrets}
    keyed = [((whole, ""), [(part, "") for part in parts]) for whole, parts in sums]
    assert min(candidates(keyed, shown, secrets), default=VALUES) >= VALUES


def test_hiding_another_count_makes_what_was_told_of_the_first_no_longer_so() -> None:
    """48 less 30 and 15 tells the three; once the 15 is hidden too it does not."""
    rows = {"WK051800": 48.0, "BU05180001": 3.0, "BU05180002": 30.0, "BU05180003": 15.0}
    made = snapshot(2020, [{"area": area, "job_seekers": n} for area, n in rows.items()])
    cells = _Cells(made.frame, {"job_seekers": {1}}, [], {})
    small = _Key("BU05180001", 2020, "job_seekers")
    assert cells.is_told(small)
    other = cells.another(small)
    assert other == small._replace(area="BU05180003")
    cells.hide([other])
    assert not cells.is_told(small)


CHAIN = {  # men, women and population; what stands in brackets is hidden
    "BU05180001": (15, 3, 18), "BU05180101": ([12], 1, 13),
    "WK051800": (15, 3, 18), "WK051801": ([12], [1], [13]), "GM0518": ([27], 4, [31]),
}  # fmt: skip
BY_SEX = ("men", "women", "population")


def _told_of_the_chain() -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """What is hidden in it, and what of that the sums tell."""
    cells = [[n if isinstance(n, int) else n[0] for n in row] for row in CHAIN.values()]
    made = snapshot(2020, [
        {"area": area, **dict(zip(BY_SEX, row, strict=True))}
        for area, row in zip(CHAIN, cells, strict=True)
    ])  # fmt: skip
    few = {
        name: {n for n, row in enumerate(CHAIN.values()) if isinstance(row[at], list)}
        for at, name in enumerate(BY_SEX)
    }
    found = _Cells(made.frame, few, [], {})
    told = {(key.area, key.column) for key in found.hidden if found.is_told(key)}
    return {(key.area, key.column) for key in found.hidden}, told


def test_what_a_chain_of_sums_tells_is_told_however_long_the_chain() -> None:
    """The women of the buurt are those of its wijk, with the men its inhabitants, these with the
    other wijk the gemeente, and less its women its men: each hidden count has one value."""
    shown = {
        (area, name): float(n)
        for area, row in CHAIN.items()
        for name, n in zip(BY_SEX, row, strict=True)
        if isinstance(n, int)
    }
    hidden, told = _told_of_the_chain()
    parts = {"WK051800": ["BU05180001"], "WK051801": ["BU05180101"],
             "GM0518": ["WK051800", "WK051801"]}  # fmt: skip
    sums = [((w, c), [(p, c) for p in of]) for w, of in parts.items() for c in BY_SEX]
    sums += [((a, "population"), [(a, "men"), (a, "women")]) for a in CHAIN]
    assert candidates(sums, shown, sorted(hidden)) == [1] * 6
    assert told == hidden


def test_by_passing_every_sum_once_the_end_of_the_chain_would_seem_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin."""
    monkeypatch.setattr(suppression, "_PASSES", 1)
    hidden, told = _told_of_the_chain()
    assert hidden - told == {("GM0518", "men")}


def test_unguarded_two_and_one_under_a_published_three_have_two_values_each() -> None:
    """The twin: hidden for being small alone."""
    shown, secrets = {("WK051800", ""): 3.0}, [("BU05180001", ""), ("BU05180002", "")]
    assert candidates([(("WK051800", ""), secrets)], shown, secrets) == [2, 2]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(*[st.sampled_from([1, 2, 3, 5, 12, 40])] * 2), min_size=4, max_size=4),
    st.booleans(),
)
def test_sums_that_cross_leave_every_hidden_count_four_values(
    numbers: list[tuple[int, int]],
    wijken: bool,
) -> None:
    """Men and women are the inhabitants, and the buurten are the wijken and the gemeente."""
    areas = ["BU05180001", "BU05180002", "BU05180101", "BU05180102"]
    tables: dict[str, dict[str, float]] = {}
    for name, pick in (("men", 0), ("women", 1)):
        counts = {area: float(pair[pick]) for area, pair in zip(areas, numbers, strict=True)}
        tables[name], sums = by_area(counts, wijken=wijken, gemeente=True)
    tables["population"] = {a: n + tables["women"][a] for a, n in tables["men"].items()}
    rows = [{"area": a, **{c: tables[c][a] for c in tables}} for a in tables["men"]]
    frame = hide_small(snapshot(2020, rows)).frame
    shown = {
        (area, column): value
        for column in tables
        for area, value in frame.select("area", column).drop_nulls().iter_rows()
    }
    secrets = [(a, column) for column in tables for a in tables[column] if (a, column) not in shown]
    keyed = [((w, c), [(part, c) for part in parts]) for w, parts in sums for c in tables]
    keyed += [((a, "population"), [(a, "men"), (a, "women")]) for a in tables["men"]]
    assert min(candidates(keyed, shown, secrets), default=VALUES) >= VALUES


def test_no_part_is_more_than_its_whole_and_without_that_the_sum_would_tell() -> None:
    """Of 90, 50 and 100 people 89, 49 and 60 are volunteers, of the wijk 198: the first two are 88
    to 90 and 48 to 50.  The twin does not see it."""
    rows = {"WK051800": (198, 240), "BU05180001": (89, 90), "BU05180002": (49, 50),
            "BU05180003": (60, 100)}  # fmt: skip
    made = snapshot(2020, [
        {"area": area, "volunteers": float(n), "population": float(of)}
        for area, (n, of) in rows.items()
    ])  # fmt: skip
    few = {"volunteers": {1, 2}}
    seen = with_others(made.frame, few, [made.frame], {"volunteers": "population"})
    assert seen == {"volunteers": {1, 2, 3}}
    assert with_others(made.frame, few, [made.frame]) == few


def test_parts_of_which_one_is_in_no_table_are_no_more_than_their_whole() -> None:
    """Thirty firms, of which 20 and 7 are shown and the third is hidden: one to three, whatever the
    other sectors are."""
    made = snapshot(2020, [{
        "area": "BU05180001", "establishments": 30.0, "firms_agriculture": 20.0,
        "firms_industry": 7.0, "firms_business_services": 3.0,
    }])  # fmt: skip
    columns = ("establishments", "firms_agriculture", "firms_industry", "firms_business_services")
    few = {column: set[int]() for column in columns} | {"firms_business_services": {0}}
    assert with_others(made.frame, few)["firms_industry"] == {0}


def test_a_household_that_is_not_of_one_person_is_two_people_at_least() -> None:
    """Eleven people, of whom three live alone and one other home is known: three more at most.  Of
    thirteen there may be four."""
    row = {"population": 11.0, "one_person_households": 3.0, "households_with_children": 1.0,
           "households_without_children": 2.0}  # fmt: skip
    others = {"households_with_children": {0}, "one_person_households": {0}}
    for people, gone in ((11.0, others), (13.0, {})):
        made = snapshot(2020, [{"area": "BU05180001", **row, "population": people}])
        few = few_of(made, "households_without_children", 0)
        assert with_others(made.frame, few, [made.frame]) == few | gone


def few_of(made: Snapshot, column: str, row: int) -> dict[str, set[int]]:
    """Every column of the table may be hidden, and this one is for being about a few."""
    return {name: {row} if name == column else set[int]() for name in made.keys}


def test_job_seekers_are_no_more_than_the_people_of_15_to_64() -> None:
    """Three people of that age say that at most three seek a job, so an age is hidden too.  All
    inhabitants are the whole only of what *wholes* says so of."""
    ages = {"age_15_24": 1, "age_25_44": 1, "age_45_64": 1}
    for others, gone in ((ages, {"age_15_24": {0}}), ({"population": 3}, {})):
        made = snapshot(2020, [{"area": "BU05180001", "job_seekers": 3, **others}])
        few = few_of(made, "job_seekers", 0)
        assert with_others(made.frame, few, [made.frame]) == few | gone


def test_what_no_other_sum_gives_back_is_hidden_before_what_is_smaller() -> None:
    """Three, 12 and 15 men in a wijk of 30; beside the 12 stand 20 women of 32 people."""
    rows = (("WK051800", 30, None, None), ("BU05180001", 3, None, None),
            ("BU05180002", 12, 20, 32), ("BU05180003", 15, None, None))  # fmt: skip
    made = snapshot(2020, [
        {"area": area, "men": men, "women": women, "population": people}
        for area, men, women, people in rows
    ])  # fmt: skip
    found = with_others(made.frame, few_of(made, "men", 1), [made.frame])
    assert found == {"men": {1, 3}, "women": set(), "population": set()}


def test_what_another_table_hides_already_is_hidden_before_what_is_smaller() -> None:
    rows = {"WK051800": 30, "BU05180001": 3, "BU05180002": 12, "BU05180003": 15}
    made = snapshot(2020, [{"area": area, "job_seekers": n} for area, n in rows.items()])
    other = snapshot(2020, [{"area": "BU05180003", "job_seekers": None}], table="other")
    few = {"job_seekers": {1}}
    assert with_others(made.frame, few, [made.frame]) == {"job_seekers": {1, 2}}
    assert with_others(made.frame, few, [made.frame, other.frame]) == {"job_seekers": {1, 3}}


WORKED = {  # table (mine, another own one, one of others), area, column, number ("." is secret)
    "a nought that is told is no less shown": (
        """mine BU05180001 women 0
        own BU05180002 population 7
        own WK051800 population .""",
        {},
    ),
    "a nought that keeps another count hidden is hidden": (
        """mine BU05180101 one_person_households 1
        mine GM0518 one_person_households 14
        mine BU05180001 households_without_children 0
        mine BU05180101 households_with_children 9
        others WK051800 one_person_households 4
        others WK051800 households_with_children 46
        others GM0518 households_with_children 64
        others WK051801 population 152""",
        {"one_person_households": {"BU05180101", "GM0518"},
         "households_without_children": {"BU05180001"},
         "households_with_children": {"BU05180101"}},
    ),
    "what sums tell only together is told": (
        """mine BU05180100 households 19
        mine BU05180102 one_person_households 1
        mine WK051800 one_person_households 2
        mine WK051801 one_person_households 10
        mine GM0518 one_person_households 12
        mine BU05180100 households_without_children 9
        mine WK051801 households_without_children 15
        mine WK051801 households_with_children 1
        mine WK051801 population 46""",
        {"one_person_households": {"BU05180102", "WK051800", "WK051801"},
         "households_without_children": {"BU05180100"}, "households_with_children": {"WK051801"}},
    ),
    "a wijk is helped before its buurt, which then needs no more": (
        """mine BU05180101 women 7
        mine WK051801 women 7
        mine GM0518 women 50
        mine WK051801 population 29""",
        {"women": {"BU05180101", "WK051801", "GM0518"}},
    ),
    "the wijk in which another is hidden waits, for it may be helped by that": (
        """mine BU05180001 age_15_24 12
        mine BU05180002 age_15_24 5
        mine WK051800 age_15_24 32
        mine WK051801 age_15_24 5
        mine GM0518 age_15_24 37""",
        {"age_15_24": {"BU05180002", "WK051800", "WK051801"}},
    ),
    "what is hidden next opens again what it told": (
        """mine BU05180001 population 22
        mine BU05180002 population 2
        mine WK051800 population 31""",
        {"population": {"BU05180001", "BU05180002"}},
    ),
    "what many counts at once leave open is asked of each": (
        """mine BU05180001 households 25
        mine BU05180001 one_person_households 12
        mine BU05180000 households_without_children 15
        mine BU05180001 households_without_children 9
        mine GM0518 households_without_children 24
        mine BU05180000 households_with_children 9
        mine BU05180001 households_with_children 4
        mine WK051800 population 96
        others BU05180000 population 55""",
        {"households_without_children": {"BU05180000", "BU05180001"},
         "households_with_children": {"BU05180000", "BU05180001"}},
    ),
    "a nought that is hidden may be nought": (
        """mine BU05180001 women 0
        mine BU05180000 population 19
        own WK051800 women 14
        own WK051800 population .
        others GM0518 men 24""",
        {"population": {"BU05180000"}},
    ),
    "any other count that is hidden is one or more": (
        """mine BU05180001 volunteers 40
        mine BU05180000 population 1
        mine GM0518 population 43""",
        {"population": {"BU05180000", "GM0518"}},
    ),
    "what others keep secret is not guessed to be nothing": (
        """mine BU05180002 households 19
        mine BU05180001 households_with_children 3
        mine BU05180001 population 15
        others BU05180102 one_person_households 2
        others BU05180002 households_without_children 15
        others BU05180102 households_with_children .""",
        {"households_with_children": {"BU05180001"}},
    ),
}  # fmt: skip


def _tables(written: str) -> dict[str, pl.DataFrame]:
    """A frame for each table of a worked case."""
    cells = [line.split() for line in written.splitlines()]
    made = {}
    for name in dict.fromkeys(table for table, *_ in cells):
        here = [cell[1:] for cell in cells if cell[0] == name]
        columns = dict.fromkeys(column for _, column, _ in here)
        rows = {area: {"area": area, **dict.fromkeys(columns)} for area, _, _ in here}
        for area, column, number in here:
            rows[area][column] = Status.SECRET if number == "." else float(number)
        made[name] = snapshot(2020, [*rows.values()], default=Status.UNKNOWN).frame
    return made


@pytest.mark.parametrize("rule", WORKED)
def test_each_rule_of_what_else_is_hidden_decides_its_smallest_case(rule: str) -> None:
    """Each case is the smallest of random ones that tells this rule from a version without it."""
    written, expected = WORKED[rule]
    tables = _tables(written)
    mine = tables["mine"]
    columns = [name for name in mine.columns if name + "~" in mine.columns]
    fewest = {name: FEWEST[registry().columns[name].unit] for name in columns}
    few = {
        name: {n for n, value in enumerate(mine[name]) if value and value < fewest[name]}
        for name in columns
    }
    found = with_others(
        mine, few, [mine, *(tables[name] for name in ("own",) if name in tables)],
        {"volunteers": "population"} if {"volunteers", "population"} <= {*columns} else {},
        [tables[name] for name in ("others",) if name in tables],
    )  # fmt: skip
    hidden = {name: {mine["area"][n] for n in rows} for name, rows in found.items() if rows}
    assert hidden == expected
