# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How people fit jobs, told in parts that add up."""

from __future__ import annotations

from itertools import combinations
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.acting.skills import MOST_ROUTES, OF_JOB, Job, Jobs, closing

JOBS = Jobs([
    Job(id="baker", asks=frozenset({"knead", "bake", "sell"})),
    Job(id="cook", asks=frozenset({"bake", "cut", "plan"})),
    Job(id="shop", asks=frozenset({"sell"})),
    Job(id="none", asks=frozenset()),
])  # fmt: skip
SETS = st.frozensets(st.sampled_from("abcdefgh"))


def test_a_fit_is_what_one_can_by_hand() -> None:
    weight = {"knead": log(5 / 2), "bake": log(5 / 3), "sell": log(5 / 3)}
    mine = weight["knead"] + weight["bake"]
    under = mine ** (1 - OF_JOB) * sum(weight.values()) ** OF_JOB
    fit = JOBS.fit({"knead", "bake"}, "baker")
    assert fit.score == pytest.approx(mine / under, abs=1e-12)
    assert fit.parts["knead"] == pytest.approx(weight["knead"] / under, abs=1e-12)
    assert (fit.has, fit.lacks, fit.asked) == (("knead", "bake"), ("sell",), 3)


def test_who_has_all_that_is_asked_and_nothing_else_fits_wholly() -> None:
    assert JOBS.fit({"knead", "bake", "sell"}, "baker").score == pytest.approx(1)
    assert JOBS.coverage([{"knead", "bake", "sell"}])[0].tolist()[0] == pytest.approx(1)


def test_of_a_job_that_asks_nothing_all_is_covered_and_nothing_is_shared() -> None:
    at = [one.id for one in JOBS.jobs].index("none")
    assert JOBS.coverage([{"bake"}])[0, at] == 1
    assert JOBS.scores([{"bake"}])[0, at] == 0
    assert "none" not in [fit.job for fit in JOBS.ranked({"bake"}, seed="s")]


def test_what_no_job_asks_changes_nothing() -> None:
    assert (JOBS.scores([{"bake", "juggle"}]) == JOBS.scores([{"bake"}])).all()
    assert JOBS.ranked({"juggle"}, seed="s") == []
    assert JOBS.ranked(set(), seed="s") == []


@given(st.lists(SETS, min_size=1, max_size=6), st.lists(SETS, min_size=1, max_size=3))
def test_parts_add_up_to_the_score_that_ranks(asks: list[frozenset[str]],
                                              people: list[frozenset[str]]) -> None:  # fmt: skip
    jobs = Jobs([Job(id=str(n), asks=one) for n, one in enumerate(asks)])
    scores = jobs.scores(people)
    for row, can in enumerate(people):
        for column, job in enumerate(jobs.jobs):
            fit = jobs.fit(can, job.id)
            assert fit.score == pytest.approx(sum(fit.parts.values()), abs=1e-9)
            assert fit.score == pytest.approx(scores[row, column], abs=1e-9)
            assert fit.parts.keys() == set(fit.has) == can & job.asks
            assert set(fit.lacks) == job.asks - can
            assert 0 <= fit.score <= 1 + 1e-9


def test_the_same_question_has_the_same_answer_and_equal_ones_go_by_the_seed() -> None:
    jobs = Jobs([Job(id=name, asks=frozenset({"sell"})) for name in "abcdefgh"])
    orders = {seed: [fit.job for fit in jobs.ranked({"sell"}, seed=seed)] for seed in "12345"}
    assert orders["1"] == [fit.job for fit in jobs.ranked({"sell"}, seed="1")]
    assert len({tuple(order) for order in orders.values()}) == 5
    firsts = [jobs.ranked({"sell"}, seed=str(n), most=1)[0].job for n in range(800)]
    many = np.unique(firsts, return_counts=True)[1]
    assert len(many) == 8
    assert many.min() > 60  # each first about 100 times


def test_the_same_job_twice_is_a_defect() -> None:
    with pytest.raises(ValueError, match="every job once"):
        Jobs([Job(id="a", asks=frozenset()), Job(id="a", asks=frozenset("b"))])


@given(SETS, st.dictionaries(st.sampled_from("uvwxyz"), SETS, max_size=6))
def test_routes_close_as_much_as_can_be_with_as_few_as_can_be(
    lacks: frozenset[str], routes: dict[str, frozenset[str]]
) -> None:
    chosen = closing(lacks, routes, seed="s")
    closed = len(frozenset[str]().union(*(routes[one] for one in chosen)) & lacks)
    every = [
        (len(frozenset[str]().union(*(routes[one] for one in some)) & lacks), -len(some))
        for many in range(MOST_ROUTES + 1) for some in combinations(routes, many)
    ]  # fmt: skip
    assert (closed, -len(chosen)) == max(every)
    assert closing(lacks, routes, seed="s") == chosen
