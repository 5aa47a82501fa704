# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Equal shares: examples worked by hand, an official result, and what the method promises."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.planning import pabulib
from wijkeconomie.planning.shares import (
    STEP,
    Ballot,
    Completion,
    Measure,
    Outcome,
    Payment,
    Project,
    Unpaid,
    Vote,
    equal_shares,
    ever_one,
    growing,
)


def vote(budget: int, costs: dict[str, int], *ballots: dict[str, int] | str) -> Vote:
    """``"ab"`` approves of a and b."""
    given = [dict.fromkeys(ballot, 1) if isinstance(ballot, str) else ballot for ballot in ballots]
    return Vote(
        budget=budget,
        projects=tuple(Project(id=name, cost=cost) for name, cost in costs.items()),
        ballots=tuple(
            Ballot(voter=f"v{number}", points=points) for number, points in enumerate(given, 1)
        ),
    )


def paid(outcome: Outcome) -> list[tuple[str, dict[str, Fraction]]]:
    return [
        (one.project, {payment.voter: payment.amount for payment in one.payments})
        for one in outcome.rounds
    ]


# Twelve euros, four voters: each has three.  A costs six and has three supporters: two euros each,
# a third of a euro per euro of project, the lowest.  Then v3 has one left, and for B pays that one;
# v4 pays the other three.  C costs three and v1 has one.
SMALL = vote(1200, {"a": 600, "b": 400, "c": 300}, "ac", "a", "ab", "b")


def test_the_small_example_comes_out_as_worked_by_hand() -> None:
    outcome = equal_shares(SMALL, completion="none")
    assert paid(outcome) == [
        ("a", {"v1": Fraction(200), "v2": Fraction(200), "v3": Fraction(200)}),
        ("b", {"v3": Fraction(100), "v4": Fraction(300)}),
    ]
    assert [one.rate for one in outcome.rounds] == [Fraction(1, 3), Fraction(3, 4)]
    assert (outcome.share, outcome.spent, outcome.chosen) == (Fraction(300), 1000, ("a", "b"))


def test_who_pays_the_last_of_a_share_is_told_apart_from_who_pays_the_common_price() -> None:
    assert equal_shares(SMALL, completion="none").rounds[1].payments == (
        Payment(voter="v3", amount=Fraction(100), all_left=True),
        Payment(voter="v4", amount=Fraction(300), all_left=False),
    )


def test_why_a_project_was_not_paid_is_told() -> None:
    assert equal_shares(SMALL).unpaid == (
        Unpaid(project="c", supporters=1, cost=300, left=Fraction(100), fits=False),
    )


def test_everyone_gets_one_more_until_the_real_budget_is_used() -> None:
    asked = vote(1000, {"p": 600, "q": 400}, "p", "q")
    assert equal_shares(asked, completion="none").chosen == ("q",)
    more = equal_shares(asked, completion="add1")
    assert (set(more.chosen), more.added, more.share) == ({"p", "q"}, 100, Fraction(600))


def test_one_more_for_everyone_stops_before_it_costs_more_than_there_is() -> None:
    """At six euros each both projects would be paid: twelve of ten euros."""
    asked = vote(1000, {"p": 600, "q": 600, "r": 400}, "p", "q")
    outcome = equal_shares(asked, completion="add1")
    assert (outcome.chosen, outcome.added) == ((), 0)


def test_what_is_left_then_buys_what_most_want_and_still_fits() -> None:
    """At seven euros each q would be paid too: eleven of ten euros."""
    asked = vote(1000, {"p": 600, "q": 700, "r": 400}, "pr", "q")
    assert equal_shares(asked, completion="add1").chosen == ("r",)
    outcome = equal_shares(asked, completion="add1u")
    assert (outcome.chosen, outcome.completed, outcome.spent) == (("r", "p"), ("p",), 1000)


def test_points_are_paid_in_proportion() -> None:
    """Nine cents over points 2 and 1: six and three."""
    outcome = equal_shares(vote(18, {"a": 9}, {"a": 2}, {"a": 1}), completion="none")
    assert paid(outcome) == [("a", {"v1": Fraction(6), "v2": Fraction(3)})]


def test_thirds_of_a_cent_stay_exact() -> None:
    outcome = equal_shares(vote(100, {"a": 100}, "a", "a", "a"), completion="none")
    assert [payment.amount for payment in outcome.rounds[0].payments] == [Fraction(100, 3)] * 3


def test_of_equal_prices_the_most_wanted_the_cheapest_then_the_first_goes_first() -> None:
    asked = vote(400, {"d": 100, "c": 100, "b": 50}, "dcb", "dcb")
    assert equal_shares(asked, completion="none").chosen == ("b", "c", "d")


def test_of_equal_prices_more_supporters_go_before_less_money() -> None:
    """Two who give dear one point, and one who gives cheap two: half a cent for each cent."""
    asked = vote(900, {"dear": 200, "cheap": 100}, {"dear": 1}, {"dear": 1}, {"cheap": 2})
    outcome = equal_shares(asked, completion="none")
    assert [(one.project, one.rate) for one in outcome.rounds] == [
        ("dear", Fraction(1, 2)), ("cheap", Fraction(1, 2)),
    ]  # fmt: skip


def test_what_costs_just_what_is_left_still_fits() -> None:
    """Of 1000 a third each: two pay p, and who wants q has 333⅓ of 500, which is all that is
    left."""
    asked = vote(1000, {"p": 500, "q": 500}, "p", "p", "q")
    assert equal_shares(asked, completion="none").unpaid == (
        Unpaid(project="q", supporters=1, cost=500, left=Fraction(1000, 3), fits=True),
    )


def test_by_number_a_cheap_project_goes_before_a_dear_one_with_as_many_supporters() -> None:
    asked = vote(600, {"dear": 400, "cheap": 300}, {"dear": 1, "cheap": 1}, {"dear": 1},
                 {"cheap": 1})  # fmt: skip
    assert equal_shares(asked, measure="number", completion="none").chosen == ("cheap",)


@pytest.mark.parametrize("completion", get_args(Completion))
def test_without_voters_or_projects_nothing_is_chosen(completion: Completion) -> None:
    for asked in (vote(1000, {"a": 100}), vote(1000, {}, ""), vote(1000, {"a": 100}, "")):
        assert equal_shares(asked, completion=completion).chosen == ()


def test_assen_2024_comes_out_as_its_official_result(shared: Path) -> None:
    text = (shared / "data" / "pabulib" / "Netherlands_Assen_2024.pb").read_text("utf-8")
    asked = pabulib.read(text)
    outcome = equal_shares(asked, measure="cost", completion="add1")
    assert set(outcome.chosen) == {project.id for project in asked.projects if project.official}
    assert (len(outcome.chosen), len(asked.projects), outcome.spent) == (9, 14, 7_670_000)


def test_assen_without_completion_or_by_number_comes_out_otherwise(shared: Path) -> None:
    """The twin: that the official result comes out is no accident of any settings."""
    text = (shared / "data" / "pabulib" / "Netherlands_Assen_2024.pb").read_text("utf-8")
    asked = pabulib.read(text)
    without = equal_shares(asked, completion="none")
    by_number = equal_shares(asked, measure="number", completion="add1")
    assert (len(without.chosen), len(by_number.chosen)) == (7, 10)


@st.composite
def votes(draw: st.DrawFn) -> Vote:
    costs = draw(st.lists(st.integers(1, 900), min_size=1, max_size=6))
    names = "abcdef"[: len(costs)]
    ballot = st.dictionaries(st.sampled_from(names), st.integers(1, 3), max_size=len(costs))
    ballots = draw(st.lists(ballot, min_size=1, max_size=7))
    return vote(draw(st.integers(100, 2000)), dict(zip(names, costs, strict=True)), *ballots)


@given(votes(), st.sampled_from(get_args(Measure)), st.sampled_from(get_args(Completion)))
def test_payments_add_up_and_no_one_pays_more_than_a_share_or_for_what_was_not_wanted(
    asked: Vote, measure: Measure, completion: Completion
) -> None:
    outcome = equal_shares(asked, measure=measure, completion=completion)
    points = {ballot.voter: ballot.points for ballot in asked.ballots}
    total = dict.fromkeys(points, Fraction(0))
    for one in outcome.rounds:
        assert sum(payment.amount for payment in one.payments) == asked.costs[one.project]
        for payment in one.payments:
            total[payment.voter] += payment.amount
            assert one.project in points[payment.voter]
    assert max(total.values()) <= outcome.share
    assert outcome.spent == sum(asked.costs[name] for name in outcome.chosen) <= asked.budget


@given(votes(), st.sampled_from(get_args(Measure)))
def test_every_round_takes_the_lowest_price_of_all_and_ends_when_no_one_can_pay(
    asked: Vote, measure: Measure
) -> None:
    """Checked from the definition: at the price of the round no other project is paid for yet."""
    outcome = equal_shares(asked, measure=measure, completion="none")
    left = {ballot.voter: outcome.share for ballot in asked.ballots}
    waiting = dict(asked.costs)

    def raised(project: str, rate: Fraction) -> Fraction:
        worth = asked.costs[project] if measure == "cost" else 1
        return sum((
            min(left[ballot.voter], rate * ballot.points[project] * worth)
            for ballot in asked.ballots if project in ballot.points
        ), Fraction(0))  # fmt: skip

    for one in outcome.rounds:
        assert raised(one.project, one.rate) == waiting.pop(one.project)
        assert [name for name, cost in waiting.items() if raised(name, one.rate) > cost] == []
        for payment in one.payments:
            left[payment.voter] -= payment.amount
    enough = Fraction(10**9)
    assert [name for name, cost in waiting.items() if raised(name, enough) >= cost] == []


@given(votes(), st.randoms(use_true_random=False))
def test_the_order_of_projects_and_voters_changes_nothing(
    asked: Vote, chance: random.Random
) -> None:
    projects, ballots = list(asked.projects), list(asked.ballots)
    chance.shuffle(projects)
    chance.shuffle(ballots)
    other = Vote(projects=tuple(projects), ballots=tuple(ballots), budget=asked.budget)
    one, two = equal_shares(asked), equal_shares(other)
    assert (one.chosen, one.added) == (two.chosen, two.added)


@given(votes())
def test_with_completion_nothing_that_someone_wants_still_fits(asked: Vote) -> None:
    outcome = equal_shares(asked, completion="add1u")
    assert [one for one in outcome.unpaid if one.fits and one.supporters] == []


def test_what_is_added_grows_by_a_tenth_at_most_and_a_few_hundred_times() -> None:
    assert [growing(100 * added) for added in (0, 1, 99, 100, 999, 1000, 12_345)] == [
        100, 100, 100, 1_000, 1_000, 10_000, 100_000,
    ]  # fmt: skip
    added = times = 0
    while added < 100 * 100_000:
        added, times = added + growing(added), times + 1
    assert (added, times) == (100 * 100_000, 370)


def test_one_voter_for_a_dear_project_does_not_keep_the_count_going() -> None:
    """Nothing else is bought meanwhile, so it goes on until that one voter alone can pay."""
    alone = vote(10_000_000, {"a": 100, "b": 9_000_000}, *["a"] * 199, "b")
    outcome = equal_shares(alone, step=growing)
    assert outcome.chosen == ("a", "b")
    assert outcome.added == 9_000_000


def test_growing_steps_divide_assen_2024_as_one_at_a_time_does(shared: Path) -> None:
    """Whole, with who paid what: 843 euros more for everybody, and one more would be too much."""
    text = (shared / "data" / "pabulib" / "Netherlands_Assen_2024.pb").read_text("utf-8")
    asked = pabulib.read(text)
    assert equal_shares(asked, step=growing) == equal_shares(asked)
    assert equal_shares(asked, step=growing).added == 84_300


@given(votes(), st.sampled_from((growing, ever_one)))
def test_where_something_still_fits_one_unit_more_for_everyone_is_too_much(
    asked: Vote, step: Callable[[int], int]
) -> None:
    found = equal_shares(asked, step=step)
    if any(one.fits and one.supporters for one in found.unpaid):
        more = (found.added + STEP) * len(asked.ballots)
        richer = replace(asked, budget=asked.budget + more)
        assert equal_shares(richer, completion="none").spent > asked.budget


def test_of_a_real_vote_growing_steps_choose_the_same_where_little_is_added() -> None:
    small = vote(1200, {"a": 600, "b": 400, "c": 300}, "ac", "a", "ab", "b")
    assert equal_shares(small, step=growing) == equal_shares(small)
