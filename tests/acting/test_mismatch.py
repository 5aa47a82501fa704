# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How far what people can lies from what work asks."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.acting.mismatch import FEWEST, REST, Asked, group_of, index, measured

COUNTS = st.lists(st.integers(0, 50), min_size=1, max_size=6)


def asked(*groups: str, places: int = 1) -> Asked:
    return Asked(groups=groups, places=places)


def test_the_index_is_what_one_can_by_hand() -> None:
    """People 60, 30, 10; places 20, 20, 10: ½ · (|.6 − .4| + |.3 − .4| + |.1 − .2|) = .2."""
    assert index([60, 30, 10], [20, 20, 10]) == pytest.approx(0.2, abs=1e-12)


def test_it_is_none_where_the_same_is_asked_as_is_there_and_one_where_nothing_is_shared() -> None:
    assert index([3, 6], [1, 2]) == 0
    assert index([5, 0], [0, 2]) == 1


@pytest.mark.parametrize(("there", "wanted"), [([0], [1]), ([1], [0]), ([1], [1, 1])])
def test_of_nobody_nothing_or_other_groups_there_is_none(
    there: list[int], wanted: list[int]
) -> None:
    with pytest.raises(ValueError, match="same groups"):
        index(there, wanted)


@given(COUNTS, COUNTS)
def test_it_equals_a_reckoning_with_fractions(one: list[int], other: list[int]) -> None:
    there, wanted = [list(map(int, part)) for part in zip(*zip(one, other, strict=False),
                                                          strict=False)]  # fmt: skip
    if not sum(there) or not sum(wanted):
        return
    oracle = sum(abs(Fraction(u, sum(there)) - Fraction(v, sum(wanted)))
                 for u, v in zip(there, wanted, strict=True)) / 2  # fmt: skip
    assert index(there, wanted) == pytest.approx(float(oracle), abs=1e-12)
    assert index(wanted, there) == pytest.approx(index(there, wanted), abs=1e-12)


def test_each_person_counts_once_and_each_place_once_over_the_skills_that_are_named() -> None:
    people = [("kitchen", "kitchen", "desk")] * 12 + [("desk",)] * 12
    found = measured(people, [asked("kitchen", places=3), asked("desk", "kitchen")], seed="s")
    assert found is not None
    told = {one.code: (one.there, one.asked) for one in found.groups}
    assert told["kitchen"] == pytest.approx((1 / 3, 7 / 8))
    assert told["desk"] == pytest.approx((2 / 3, 1 / 8))
    assert (found.people, found.places) == (24, 4)
    assert found.index == pytest.approx(7 / 8 - 1 / 3)


def test_of_fewer_than_ten_people_nothing_is_told() -> None:
    work = [asked("kitchen")]
    few = [("kitchen",)] * (FEWEST - 1)
    assert measured(few, work, seed="s") is None
    assert measured([*few, ()], work, seed="s") is None  # who said nothing is nobody here
    assert measured([*few, ("kitchen",)], work, seed="s") is not None
    assert measured([*few, ("kitchen",)], [], seed="s") is None


def test_a_small_group_is_hidden_and_does_not_follow_from_the_others() -> None:
    """Nine can care: were only they hidden, all others together would tell it."""
    people = [("kitchen",)] * 20 + [("desk",)] * 12 + [("care",)] * 9
    found = measured(people, [asked("kitchen"), asked("desk"), asked("care")], seed="s")
    assert found is not None
    told = {one.code: one.there for one in found.groups}
    assert told == {"kitchen": pytest.approx(20 / 41), "desk": None, "care": None}


def test_twin_without_hiding_one_more_the_small_group_is_what_is_left() -> None:
    people, shown = 41, (20, 12)
    assert people - sum(shown) == 9


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=3), min_size=10, max_size=60))
def test_what_is_shown_and_what_is_left_are_always_ten_people_or_more(
    people: list[list[str]],
) -> None:
    found = measured(people, [asked(*"abcdef")], seed="s")
    if found is None:
        return
    shown = {one.code for one in found.groups if one.there is not None}
    assert all(sum(code in one for one in people) >= FEWEST for code in shown)
    named = {code for one in people for code in one}
    rest = sum(bool(set(one) - shown) for one in people)
    assert rest >= FEWEST or (shown == set("abcdef") == named and rest == 0)


def test_where_no_group_is_large_enough_there_is_no_index_of_nothing() -> None:
    assert measured([("",)] * 20, [asked(""), asked("desk")], seed="s") is None


def test_the_same_seed_gives_the_same_interval_and_the_index_lies_within_it() -> None:
    people = [("a", "b")] * 20 + [("a",)] * 15 + [("b", "c")] * 15
    work = [asked("a"), asked("b", "c", places=3), asked("c")]
    first = measured(people, work, seed="s")
    assert first is not None
    assert measured(people, work, seed="s") == first
    assert first.low <= first.index <= first.high
    assert measured(people, work, seed="t") != first


def test_the_interval_holds_the_truth_in_about_nine_of_ten_neighbourhoods() -> None:
    """Measured once over 150 neighbourhoods each: .86 to .93, with 60 people and 40 offers up to
    200 and 80, and a truth of 0, .1 and .4.  Here 40 of one of these."""
    chance, held = np.random.default_rng(1), 0
    for n in range(40):
        people = [tuple(chance.choice(list("abcd"), 3, p=(0.4, 0.3, 0.2, 0.1))) for _ in range(60)]
        work = [asked(*chance.choice(list("abcd"), 3, p=(0.1, 0.2, 0.3, 0.4))) for _ in range(40)]
        found = measured(people, work, seed=str(n))
        held += found is not None and found.low <= 0.4 <= found.high
    assert 33 <= held <= 40


@pytest.mark.parametrize(("broader", "group"), [
    ("http://data.europa.eu/esco/skill/S5.2.3", "http://data.europa.eu/esco/skill/S5"),
    ("http://data.europa.eu/esco/skill/S5", "http://data.europa.eu/esco/skill/S5"),
    ("eigen:keuken", "eigen:keuken"), ("", REST),
])  # fmt: skip
def test_a_skill_stands_in_the_group_above_it(broader: str, group: str) -> None:
    assert group_of(broader) == group
