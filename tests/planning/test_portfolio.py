# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The best set under the rules, against trying every set; and why the others are not in it."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp

from tests.planning import asking
from tests.planning.asking import effort
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.planning import portfolio
from wijkeconomie.planning.portfolio import (
    Candidate,
    Choice,
    Conflict,
    Cost,
    Passed,
    Question,
    Reason,
    Rule,
    broken,
    choose,
    needed,
    rules,
)

SEEDS = range(150)


def ask(*candidates: Candidate, money: int = 10**9, opgaven: str = "a", **more: object) -> Question:
    return Question(
        candidates=candidates, money=money, opgaven=frozenset(opgaven),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def chosen(asked: Question) -> tuple[str, ...]:
    answer = choose(asked)
    assert isinstance(answer, Choice)
    return answer.chosen


def reasons(asked: Question) -> dict[str, tuple[Reason, ...]]:
    answer = choose(asked)
    assert isinstance(answer, Choice)
    return {passed.id: passed.reasons for passed in answer.passed}


@pytest.mark.parametrize("start", range(0, len(SEEDS), 30))
def test_the_choice_is_the_best_of_all_sets_and_a_conflict_means_that_there_is_none(
    start: int,
) -> None:
    for seed in SEEDS[start : start + 30]:
        asked = asking.question(random.Random(seed), 8)
        answer = choose(asked)
        got = answer.chosen if isinstance(answer, Choice) else None
        assert got == asking.best(asked, rules(asked)), seed


def test_twelve_candidates_come_out_as_by_trying_all_4096_sets() -> None:
    full = [q for q in (asking.question(random.Random(s), 12) for s in range(90))
            if len(q.candidates) == 12]  # fmt: skip
    assert len(full) >= 5
    for asked in full[:5]:
        answer = choose(asked)
        got = answer.chosen if isinstance(answer, Choice) else None
        assert got == asking.best(asked, rules(asked)), asked


def test_a_conflict_names_rules_that_cannot_be_kept_together_and_none_too_many() -> None:
    seen = 0
    for seed in SEEDS[:90]:
        asked = asking.question(random.Random(seed), 6)
        answer = choose(asked)
        if isinstance(answer, Conflict):
            seen += 1
            assert asking.best(asked, answer.rules) is None, seed
            for rule in answer.rules:
                rest = tuple(other for other in answer.rules if other != rule)
                assert asking.best(asked, rest) is not None, (seed, rule)
    assert seen >= 20


def test_what_is_not_chosen_has_a_reason_and_adding_it_really_breaks_the_rule() -> None:
    kinds = set()
    for seed in SEEDS[:80]:
        asked = asking.question(random.Random(seed))
        answer = choose(asked)
        if isinstance(answer, Choice):
            assert len(answer.chosen) + len(answer.passed) == len(asked.candidates)
            for passed in answer.passed:
                assert passed.reasons, (seed, passed.id)
                kinds |= {reason.kind for reason in passed.reasons}
                would = {rule.kind for rule in broken(asked, {*answer.chosen, passed.id})}
                told = {reason.kind for reason in passed.reasons}
                if "no_opgave" not in told:
                    assert told - {"outdone", "no_value"} == would, (seed, passed.id)
    assert kinds == {
        "no_opgave", "apart", "money", "hours", "space", "share", "no_value", "outdone",
    }  # fmt: skip


def test_the_order_of_candidates_changes_nothing() -> None:
    for seed in SEEDS[:40]:
        asked = asking.question(random.Random(seed))
        backwards = replace(asked, candidates=asked.candidates[::-1])
        assert choose(backwards) == choose(asked), seed


# -- which of equally good sets
def test_of_as_many_points_the_least_money_is_chosen() -> None:
    assert chosen(ask(effort("a", 5, 300), effort("b", 5, 200), money=400)) == ("b",)


def test_of_as_much_money_the_fewest_efforts_are_chosen() -> None:
    three = ask(effort("a", 2, 100), effort("b", 2, 100), effort("c", 4, 200), money=200)
    assert chosen(three) == ("c",)


def test_then_the_first_id_decides() -> None:
    alike = [effort(name, 5, 100) for name in "dbca"]
    assert chosen(ask(*alike, money=200)) == ("a", "b")


def test_the_first_id_decides_also_among_more_ids_than_one_search_orders() -> None:
    alike = [effort(f"c{place:02}", 5, 100) for place in range(40)]
    first = tuple(f"c{place:02}" for place in range(18))
    assert chosen(ask(*alike[::-1], money=1800)) == first


# -- what floating point does with cents
CENTS = [9725280566, 5973070812, 6118287409, 86836694, 92153995, 52389336, 44612210, 3149306533]
POINTS = [29, 46, 26, 29, 25, 44, 40, 40]
BUDGET = 15895957311


def test_amounts_in_cents_do_not_mislead_the_search() -> None:
    """The best brings 250 points, as trying all 256 sets says."""
    asked = ask(*map(effort, "abcdefgh", POINTS, CENTS), money=BUDGET)
    answer = choose(asked)
    assert isinstance(answer, Choice)
    assert (answer.value, answer.chosen) == (250, asking.best(asked, rules(asked)))


def test_the_same_amounts_given_as_they_are_make_the_solver_miss_the_best() -> None:
    """The twin: HiGHS on plain cents says that 225 points are the most."""
    answer = milp(
        [-points for points in POINTS], integrality=np.ones(8), bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array([CENTS], dtype=float), ub=[BUDGET]),
        options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    assert (answer.status, round(-answer.fun)) == (0, 225)


def test_a_set_that_is_a_cent_too_dear_is_found_out_and_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A search that admits a thousandth too much, as a tolerance can, changes no answer."""
    exact = portfolio._scaled

    def loose(weights: object, most: int, unit: int = 0) -> object:
        scaled, limit = exact(weights, most, unit)  # type: ignore[arg-type]
        return scaled, limit + abs(limit) / 1000

    asked = ask(effort("a", 6, 50_001), effort("b", 5, 50_000), effort("c", 3, 49_000),
                money=100_000)  # fmt: skip
    monkeypatch.setattr(portfolio, "_scaled", loose)
    assert chosen(asked) == ("a", "c")


def test_a_row_is_of_whole_units_with_half_a_unit_of_room() -> None:
    """So rounding can only admit too much, and that is cut off.  Twelve euros in hundreds of
    cents; then a weight above 2 ** 20, halved once with its limit."""
    weights, most = portfolio._scaled([300, 500], 1250)
    assert (weights.tolist(), most) == ([3.0, 5.0], 12.5)
    weights, most = portfolio._scaled([2**20 + 1, 2], 7)
    assert (weights.tolist(), most) == ([(2**20 + 1) / 2, 1.0], 3.75)


def test_what_is_called_impossible_is_asked_again_without_presolve(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A solver whose presolve calls everything impossible changes no answer."""
    asked_with = []

    def hasty(*args: object, options: dict[str, object], **more: object) -> object:
        asked_with.append(options["presolve"])
        if options["presolve"]:
            return OptimizeResult(x=None, status=2)
        return milp(*args, options=options, **more)

    monkeypatch.setattr(optimize, "milp", hasty)
    assert chosen(ask(effort("a", 6, 50), effort("b", 5, 60), money=100)) == ("a",)
    assert asked_with[:2] == [True, False]


def test_a_search_that_does_not_end_is_told_and_guesses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(portfolio, "PATIENCE", 0.0)
    asked = asking.question(random.Random(3), 12)
    with pytest.raises(Refusal) as refused:
        choose(asked)
    assert refused.value.notice.code == "choice_undecided"


# -- overruns
def test_overruns_set_aside_what_the_dearest_of_them_would_cost() -> None:
    efforts = [effort("a", 1, (100, 150)), effort("b", 1, (200, 220)), effort("c", 1, (50, 130))]
    assert [needed(efforts, overruns) for overruns in range(5)] == [350, 430, 480, 500, 500]


def test_with_overruns_a_sure_effort_can_go_before_a_better_one_that_may_cost_twice() -> None:
    sure, unsure = effort("sure", 5, (100, 100)), effort("unsure", 6, (100, 200))
    assert chosen(ask(sure, unsure, money=150)) == ("unsure",)
    assert chosen(ask(sure, unsure, money=150, overruns=1)) == ("sure",)


# -- a small plan, whole
PLAN = ask(
    effort("coach", 30, (12_000, 20_000), perspective="entrepreneurship", hours=400),
    effort("loan", 25, 40_000, perspective="entrepreneurship", hours=100),
    effort("fair", 20, 15_000, opgaven="b", hours=300),
    effort("day-shop", 15, 10_000, perspective="space", space=60),
    effort("street-party", 10, 2_000, perspective="cohesion", opgaven="c"),
    effort("second-coach", 28, (12_000, 20_000), perspective="entrepreneurship", hours=400),
    effort("poster", 0, 500, perspective="cohesion"),
    money=55_000, opgaven="ab", hours=800, space=100, overruns=1,
    apart=(("coach", "second-coach"),), number={"work": 1}, share={"space": 20},
)  # fmt: skip


def test_a_small_plan_says_what_it_takes_and_what_it_leaves() -> None:
    assert choose(PLAN) == Choice(
        chosen=("coach", "day-shop", "fair"), value=65,
        cost=Cost(low=37_000, likely=37_000, high=45_000), needed=45_000, hours=700, space=60,
        likely={"entrepreneurship": 12_000, "space": 10_000, "work": 15_000},
        number={"entrepreneurship": 1, "space": 1, "work": 1},
        passed=(
            Passed(id="loan", reasons=(
                Reason(kind="share", about=("space",)), Reason(kind="money", short=30_000),
            )),
            Passed(id="poster", reasons=(Reason(kind="no_value"),)),
            Passed(id="second-coach", reasons=(
                Reason(kind="apart", about=("coach",)), Reason(kind="hours", short=300),
                Reason(kind="money", short=2_000), Reason(kind="outdone", about=("coach",)),
            )),
            Passed(id="street-party", reasons=(Reason(kind="no_opgave"),)),
        ),
    )  # fmt: skip


def test_a_set_of_ones_own_is_held_against_the_same_rules() -> None:
    assert broken(PLAN, {"coach", "second-coach", "loan"}) == (
        Rule("apart", ("coach", "second-coach")), Rule("opgave", ("b",)),
        Rule("number", ("work",)), Rule("share", ("space",)), Rule("hours"), Rule("money"),
    )  # fmt: skip
    assert broken(PLAN, {"coach", "day-shop", "fair"}) == ()


def test_what_must_be_is_chosen_even_for_an_opgave_that_is_not() -> None:
    must = effort("m", 0, 100, opgaven="z", must=True)
    assert chosen(ask(must, effort("a", 5, 100), money=250)) == ("a", "m")


def test_a_must_that_the_money_does_not_pay_is_a_conflict_of_just_these_two() -> None:
    asked = ask(effort("m", 5, 300, must=True), effort("a", 5, 100), money=200)
    assert choose(asked) == Conflict((Rule("must", ("m",)), Rule("money")))


def test_of_two_conflicts_the_one_is_named_that_stays_without_the_last_rules() -> None:
    """m must be and takes too many hours; a is too dear.  Money is the first to be given up."""
    asked = ask(
        effort("m", 5, 1, hours=30, opgaven="z", must=True), effort("a", 5, 300), hours=20,
        money=200,
    )  # fmt: skip
    assert choose(asked) == Conflict((Rule("must", ("m",)), Rule("hours")))


@pytest.mark.parametrize(
    ("likely", "high", "hours", "space", "outdone"),
    [
        (100, 150, 5, 7, True),
        (99, 150, 5, 7, False),
        (100, 149, 5, 7, False),
        (100, 150, 4, 7, False),
        (100, 150, 5, 6, False),
    ],
)
def test_what_takes_less_of_anything_is_not_outdone(
    likely: int, high: int, hours: int, space: int, outdone: bool
) -> None:
    """Both bring as much; there is money for one, and that must be the other."""
    chosen_one = effort("a", 5, (100, 150), hours=5, space=7, must=True)
    other = effort("b", 5, (likely, high), hours=hours, space=space)
    told = [Reason(kind="money", short=likely)] + [Reason(kind="outdone", about=("a",))] * outdone
    assert reasons(ask(chosen_one, other, money=100)) == {"b": tuple(told)}


def test_a_share_of_the_money_is_kept_to_the_cent() -> None:
    """99 of 100 cents are 99 percent; 98 of 99 are a little less."""
    rest = effort("rest", 1, 1)
    for cents, kept in ((99, True), (98, False)):
        asked = ask(rest, effort("space", 1, cents, perspective="space"), share={"space": 99})
        expected = () if kept else (Rule("share", ("space",)),)
        assert broken(asked, {"rest", "space"}) == expected


def test_an_opgave_that_nothing_serves_is_a_conflict_of_its_own() -> None:
    assert choose(ask(effort("a", 5), opgaven="az")) == Conflict((Rule("opgave", ("z",)),))


def test_without_opgaven_and_must_haves_nothing_is_chosen() -> None:
    assert reasons(ask(effort("a", 5), opgaven="")) == {"a": (Reason(kind="no_opgave"),)}
    assert chosen(ask(opgaven="")) == ()


def test_an_opgave_without_any_candidate_is_a_conflict() -> None:
    assert choose(ask()) == Conflict((Rule("opgave", ("a",)),))
