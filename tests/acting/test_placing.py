# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A whole group is placed: first as many as can be, then who fits worst, then the sum."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.acting.placing import place


def by_hand(scores: list[list[float]], allowed: list[list[bool]]) -> tuple[int, float, float]:
    """Every way there is, tried."""
    people, places = len(scores), len(scores[0])
    best = (0, 0.0, 0.0)
    for order in permutations(range(places + people), people):
        got = [(n, at) for n, at in enumerate(order) if at < places and allowed[n][at]]
        if got:
            fits = [scores[n][at] for n, at in got]
            best = max(best, (len(got), min(fits), sum(fits)))
    return best


@given(st.integers(1, 3).flatmap(lambda people: st.integers(1, 3).flatmap(lambda places: st.tuples(
    st.lists(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=places, max_size=places),
             min_size=people, max_size=people),
    st.lists(st.lists(st.booleans(), min_size=places, max_size=places),
             min_size=people, max_size=people),
))))  # fmt: skip
def test_nothing_is_better_than_what_is_proposed(
    drawn: tuple[list[list[float]], list[list[bool]]],
) -> None:
    scores, allowed = drawn
    made = place(np.array(scores), np.array(allowed))
    assert (made.placed, made.worst or 0.0, made.sum) == by_hand(scores, allowed)
    rows = np.flatnonzero(made.of >= 0)
    assert len(set(made.of[rows].tolist())) == len(rows) == made.placed
    assert all(allowed[row][made.of[row]] for row in rows)


def test_what_it_costs_to_look_after_who_fits_worst_is_told() -> None:
    # Together they fit for 1.0 + 0.1 at most; if the worst counts first, for 0.5 + 0.5.
    made = place(np.array([[1.0, 0.5], [0.5, 0.1]]), np.ones((2, 2), np.bool_))
    assert (made.worst, made.sum, made.best_sum) == (0.5, 1.0, 1.1)
    assert made.price == pytest.approx(1 - 1 / 1.1)


def test_nobody_is_placed_where_nothing_is_allowed() -> None:
    made = place(np.ones((2, 3)), np.zeros((2, 3), np.bool_))
    assert (made.of.tolist(), made.placed, made.worst, made.price) == ([-1, -1], 0, None, 0.0)


def test_a_score_below_nothing_is_a_defect() -> None:
    for wrong in (-0.1, np.nan):
        with pytest.raises(ValueError, match="from 0 on"):
            place(np.array([[wrong]]), np.ones((1, 1), np.bool_))
