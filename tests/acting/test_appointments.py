# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Appointments at a fair: as many visitors as can be get one, and what was agreed never moves."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import maximum_bipartite_matching

from wijkeconomie.acting.appointments import Appointment, Visitor, plan

STANDS, MOMENTS = "abc", range(3)
PLACES = st.dictionaries(
    st.tuples(st.sampled_from(STANDS), st.sampled_from(MOMENTS)), st.integers(0, 2)
)
VISITORS = st.lists(
    st.tuples(st.permutations(STANDS), st.integers(0, 3), st.frozensets(st.sampled_from(MOMENTS)),
              st.integers(1, 3)),
    max_size=6,
).map(lambda rows: [
    Visitor(id=f"v{n}", wishes=tuple(wishes[:many]), there=there, most=most)
    for n, (wishes, many, there, most) in enumerate(rows)
])  # fmt: skip


def most_people(visitors: list[Visitor], places: dict[tuple[str, int], int]) -> int:
    """As many as can have one, by Hopcroft and Karp."""
    seats = [place for place, many in places.items() for _seat in range(many)]
    if not visitors or not seats:
        return 0
    can = [[stand in one.wishes and moment in one.there for stand, moment in seats]
           for one in visitors]  # fmt: skip
    found = maximum_bipartite_matching(sparse.csr_array(np.array(can)), perm_type="column")
    return int((found >= 0).sum())


@given(VISITORS, PLACES)
def test_as_many_people_as_can_be_get_one_and_nothing_is_given_twice(
    visitors: list[Visitor], places: dict[tuple[str, int], int]
) -> None:
    made = plan(visitors, places, seed="s")
    assert len({one.visitor for one in made}) == most_people(visitors, places)
    sound(made, visitors, places)


def test_who_names_more_wishes_is_not_dearer_for_that() -> None:
    long = Visitor(id="long", wishes=("x", "y", "z"), there=frozenset({0}))
    short = Visitor(id="short", wishes=("x",), there=frozenset({0}))
    won = Counter(plan([long, short], {("x", 0): 1}, seed=f"{n}")[0].visitor for n in range(200))
    assert 70 < won["long"] < 130


def sound(
    made: list[Appointment], visitors: list[Visitor], places: dict[tuple[str, int], int]
) -> None:
    """Nobody at two stands at once, nor twice at one; no more at a stand than there is room; only
    what they wished, when they are there, and no more than they want."""
    of = {one.id: one for one in visitors}
    assert max(Counter((one.visitor, one.moment) for one in made).values(), default=1) == 1
    assert max(Counter((one.visitor, one.stand) for one in made).values(), default=1) == 1
    for place, many in Counter((one.stand, one.moment) for one in made).items():
        assert many <= places[place]
    for one in made:
        assert one.stand in of[one.visitor].wishes
        assert one.moment in of[one.visitor].there
    for visitor, many in Counter(one.visitor for one in made).items():
        assert many <= of[visitor].most


@given(VISITORS, PLACES, st.sampled_from(STANDS))
def test_a_stand_drops_out_and_nothing_else_that_was_agreed_moves(
    visitors: list[Visitor], places: dict[tuple[str, int], int], gone: str
) -> None:
    before = plan(visitors, places, seed="s")
    kept = [one for one in before if one.stand != gone]
    left = {place: many for place, many in places.items() if place[0] != gone}
    after = plan(visitors, left, seed="s", agreed=kept)
    assert set(kept) <= set(after)
    assert len(after) == len(set(after))
    sound(after, visitors, left)


def test_the_dearest_wish_counts_once_all_have_one() -> None:
    visitors = [Visitor(id="x", wishes=("a", "b"), there=frozenset({0}), most=1),
                Visitor(id="y", wishes=("a",), there=frozenset({0}), most=1)]  # fmt: skip
    made = plan(visitors, {("a", 0): 1, ("b", 0): 1}, seed="s")
    assert [(one.visitor, one.stand) for one in made] == [("x", "b"), ("y", "a")]
    alone = plan(visitors[:1], {("a", 0): 1, ("b", 0): 1}, seed="s")
    assert [one.stand for one in alone] == ["a"]


def test_between_equals_the_lottery_decides_and_everybody_can_draw_it_again() -> None:
    visitors = [Visitor(id=name, wishes=("a",), there=frozenset({0})) for name in "xyz"]
    who = [plan(visitors, {("a", 0): 1}, seed=str(n))[0].visitor for n in range(300)]
    assert who[0] == plan(visitors[::-1], {("a", 0): 1}, seed="0")[0].visitor
    assert min(Counter(who).values()) > 70  # each about 100 times
    assert set(who) == set("xyz")


def test_more_agreed_than_there_is_room_is_a_defect() -> None:
    one = Appointment(visitor="x", stand="a", moment=0)
    with pytest.raises(ValueError, match="room"):
        plan([], {("a", 0): 1}, seed="s",
             agreed=[one, Appointment(visitor="y", stand="a", moment=0)])  # fmt: skip
    with pytest.raises(ValueError, match="room"):
        plan([], {("a", 0): 1, ("b", 0): 1}, seed="s",
             agreed=[one, Appointment(visitor="x", stand="b", moment=0)])  # fmt: skip
