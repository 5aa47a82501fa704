# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Agreement equals the published worked examples, and undefined cases say why."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkeconomie.fieldwork import agreement
from wijkeconomie.fieldwork.agreement import (
    Agreement,
    Coding,
    Disagreement,
    Metric,
    Read,
    alpha,
    by_code,
    by_pair,
    kappa,
    worklist,
)  # fmt: skip

X = None
# Krippendorff (2011), §C and §D: four observers, twelve units, some values missing
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, X, X, X],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, X, 3],
    [X, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, X],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, X],
]


def rounded(found: Agreement) -> float:
    assert found.value is not None
    return round(found.value, 3)


def test_cohen_1960() -> None:
    """Two judges, 200 patients, three categories: p_o .70, p_e .41, kappa .492."""
    table = {("a", "a"): 88, ("a", "b"): 14, ("a", "c"): 18, ("b", "a"): 10, ("b", "b"): 40,
             ("b", "c"): 10, ("c", "a"): 2, ("c", "b"): 6, ("c", "c"): 12}  # fmt: skip
    pairs = [pair for pair, n in table.items() for _ in range(n)]
    found = kappa([a for a, _ in pairs], [b for _, b in pairs])
    assert rounded(found) == 0.492
    assert found.low is not None
    assert found.high is not None
    # his standard error, √(p_o(1 − p_o) / N(1 − p_e)²) = .0549, gives .401 to .582
    assert (found.low, found.high) == (
        pytest.approx(0.401, abs=0.02),
        pytest.approx(0.582, abs=0.02),
    )


@pytest.mark.parametrize(
    ("metric", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_krippendorff_2011_with_missing_values(metric: Metric, value: float) -> None:
    assert rounded(alpha(FOUR, metric)) == value


def test_krippendorff_2011_two_observers() -> None:
    """§A, binary: Meg and Owen, ten articles, .095.  §B, nominal: Ben and Gerry, .692."""
    meg, owen = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    ben, gerry = list("aabbdcccedda"), list("babbbccceddd")
    assert rounded(alpha([meg, owen])) == 0.095
    assert rounded(alpha([ben, gerry])) == 0.692


def test_a_unit_of_one_coder_says_nothing() -> None:
    """The twelfth unit has one value; without it nothing changes."""
    assert alpha([row[:11] for row in FOUR]) == alpha(FOUR)
    assert alpha(FOUR).units == 11


@pytest.mark.parametrize(
    ("coders", "reason", "units"),
    [
        ([["a", "a", "a"], ["a", "a", "a"]], "one_category", 3),
        ([["a", None], [None, "b"]], "no_pairs", 0),
        ([["a", "b"]], "no_pairs", 0),
        ([[], []], "no_pairs", 0),
        ([], "no_pairs", 0),
    ],
)
def test_where_there_is_nothing_to_agree_on_the_reason_is_said(
    coders: list[list[str | None]], reason: str, units: int
) -> None:
    assert alpha(coders) == Agreement(value=None, reason=reason, units=units)


def test_kappa_of_one_category_and_of_nothing() -> None:
    assert kappa(["x"] * 6, ["x"] * 6) == Agreement(value=None, reason="one_category", units=6)
    assert kappa([], []) == Agreement(value=None, reason="no_pairs")


def test_coders_of_other_units_are_refused() -> None:
    with pytest.raises(ValueError, match="not the same"):
        kappa([1, 2], [1])
    with pytest.raises(ValueError, match="zip"):
        alpha([[1, 2], [1]])


def test_few_units_have_no_interval() -> None:
    found = alpha([["a", "b", "a", "b"], ["a", "b", "a", "b"]])
    assert (found.value, found.low, found.high) == (1.0, None, None)


def test_an_interval_takes_five_units_however_different() -> None:
    four, five = list("abcd"), list("abcde")
    assert alpha([four, four]) == Agreement(value=1.0, units=4)
    assert alpha([five, five]) == Agreement(value=1.0, low=1.0, high=1.0, units=5)


def test_where_one_draw_in_ten_has_nothing_to_agree_on_there_is_no_interval() -> None:
    """Of five units one is other than the rest: 0.8⁵ + 0.2⁵, a third of the draws, is of one
    category; of ten in five categories none is."""
    rare, common = list("aaaab"), list("aabbccddee")
    assert alpha([rare, rare]) == Agreement(value=1.0, units=5)
    assert alpha([common, common]) == Agreement(value=1.0, low=1.0, high=1.0, units=10)


def test_the_interval_is_the_same_every_time_and_holds_the_value() -> None:
    first = alpha(FOUR)
    assert first == alpha(FOUR)
    assert first.low is not None
    assert first.high is not None
    assert first.low < 0.743 < first.high <= 1.0


def test_of_five_hundred_draws_one_in_twenty_lies_below_the_interval_and_as_many_above() -> None:
    first = list("aabbccddeeffgghhiijj") * 5
    second = list("aabbccddeeffgghhiija") * 3 + list("abbaccdceeffgghgiijj") * 2
    found, tables = kappa(first, second), agreement._times(100, 0)
    drawn = [agreement._kappa(_crossed(first, second, times)) for times in tables]
    assert None not in (*drawn, found.low, found.high)
    below, above = (
        sum(value < found.low for value in drawn),  # type: ignore[operator]
        sum(value > found.high for value in drawn),  # type: ignore[operator]
    )
    assert (len(drawn), below, above) == (500, 25, 25)


def _crossed(first: list[str], second: list[str], times: agreement.Floats) -> agreement.Floats:
    """How often each of two values met, of units that count *times*."""
    values = sorted({*first, *second})
    table = np.zeros((len(values), len(values)))
    for one, other, count in zip(first, second, times, strict=True):
        table[values.index(one), values.index(other)] += count
    return table


@pytest.mark.simulation
def test_the_interval_holds_the_truth_nine_in_ten() -> None:
    """Two coders who each see what is there in 85 of 100 units, a third of which has the code."""
    rng = np.random.default_rng(0)

    def draw(units: int) -> list[list[int]]:
        truth = rng.random(units) < 1 / 3
        wrong = rng.random((2, units)) < 0.15
        return [row.tolist() for row in np.where(wrong, ~truth, truth).astype(int)]

    truth = alpha(draw(20_000)).value
    assert truth is not None
    found = [alpha(draw(60)) for _ in range(120)]
    held = np.mean([(a.low or 0) <= truth <= (a.high or 0) for a in found])
    print(f"held {held:.2f}")
    assert 0.84 <= held <= 0.96


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.sampled_from([1, 2, 3, None]), min_size=6, max_size=6), min_size=2,
                max_size=4))  # fmt: skip
def test_alpha_does_not_mind_the_order_of_coders_or_units_nor_names(
    coders: list[list[int | None]],
) -> None:
    value = alpha(coders).value
    assert alpha(coders[::-1]).value == pytest.approx(value)
    assert alpha([row[::-1] for row in coders]).value == pytest.approx(value)
    named = [[None if v is None else "zyx"[v - 1] for v in row] for row in coders]
    assert alpha(named).value == pytest.approx(value)


# --- codes on text -----------------------------------------------------------------------------

TEXT = "De huur is te hoog 😀 en de straat is leeg."
BOTH = frozenset({"ann", "bob"})


def test_overlap_in_code_points_by_hand() -> None:
    """Ann codes 0-18, Bob 3-20 of a text of 42: both 15, anybody 20; the emoji is one point."""
    assert len(TEXT) == 42
    text = [Read("t", len(TEXT), BOTH)]
    (found,) = by_code(text, [Coding("ann", "t", "rent", 0, 18), Coding("bob", "t", "rent", 3, 20)])
    assert found.overlap == 15 / 20
    # p_o = 37/42; 35 of 84 values are "yes": D_e = 2·35·49/84²
    assert found.alpha.value == pytest.approx(1 - (5 / 42) / (2 * 35 * 49 / 84**2))
    assert found.disagreements == (
        Disagreement("t", 0, 3, "rent", yes=("ann",), no=("bob",), kind="edge"),
        Disagreement("t", 18, 20, "rent", yes=("bob",), no=("ann",), kind="edge"),
    )  # fmt: skip


def test_who_read_a_text_and_found_nothing_disagrees_and_who_did_not_read_it_does_not() -> None:
    three = BOTH | {"cas"}
    texts = [Read("t", 30, BOTH), Read("u", 30, three), Read("v", 30, frozenset({"ann"}))]
    codings = [Coding("ann", name, "empty", 5, 10) for name in "tuv"]
    (found,) = by_code(texts, codings)
    assert [(d.text, d.yes, d.no, d.kind) for d in found.disagreements] == [
        ("t", ("ann",), ("bob",), "missed"), ("u", ("ann",), ("bob", "cas"), "missed"),
    ]  # fmt: skip
    assert found.overlap == 0.0


def test_of_three_coders_what_two_of_them_saw_is_no_overlap() -> None:
    """All three 0-5, two of them on to 10: five of ten."""
    text = [Read("t", 30, BOTH | {"cas"})]
    ends = {"ann": 10, "bob": 10, "cas": 5}
    (found,) = by_code(text, [Coding(who, "t", "c", 0, end) for who, end in ends.items()])
    assert found.overlap == 5 / 10


def test_coding_twice_or_in_two_halves_is_coding_once() -> None:
    text = [Read("t", 30, BOTH)]
    whole = [Coding(who, "t", "c", 5, 15) for who in ("ann", "bob")]
    halves = [whole[0], Coding("bob", "t", "c", 5, 9), Coding("bob", "t", "c", 8, 15), whole[0]]
    assert by_code(text, halves) == by_code(text, whole)
    assert by_code(text, whole)[0].alpha == Agreement(value=1.0, units=1)


def test_a_code_over_the_whole_text_by_all_is_one_category() -> None:
    (found,) = by_code([Read("t", 9, BOTH)], [Coding(who, "t", "c", 0, 9) for who in BOTH])
    assert (found.alpha.value, found.alpha.reason, found.overlap) == (None, "one_category", 1.0)


def test_the_worklist_begins_with_what_somebody_missed_and_the_worst_code_with_the_codes() -> None:
    text = [Read("t", 100, BOTH)]
    codings = [
        Coding("ann", "t", "rent", 0, 20), Coding("bob", "t", "rent", 0, 50),
        Coding("ann", "t", "work", 60, 70), Coding("bob", "t", "safe", 80, 99),
    ]  # fmt: skip
    found = by_code(text, codings)
    assert [(d.code, d.kind) for d in worklist(found)] == [
        ("safe", "missed"), ("work", "missed"), ("rent", "edge"),
    ]  # fmt: skip
    assert [one.code for one in found] == ["safe", "work", "rent"]


@pytest.mark.parametrize(("start", "end"), [(4, 4), (-1, 3), (5, 31)])
def test_a_coding_outside_its_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"covers nothing|ends after"):
        by_code([Read("t", 30, BOTH)], [Coding("ann", "t", "c", start, end)])


def test_texts_without_the_code_count_as_agreed() -> None:
    """20 of 400 code points differ; of 800 values 100 are yes and 700 no."""
    texts = [Read("t", 100, BOTH), Read("u", 300, BOTH)]
    codings = [Coding("ann", "t", "c", 0, 40), Coding("bob", "t", "c", 0, 60)]
    (found,) = by_code(texts, codings)
    assert found.alpha.value == pytest.approx(1 - (20 / 400) / (2 * 100 * 700 / 800**2))


def test_a_coding_by_who_did_not_code_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="did not code"):
        by_code([Read("t", 30, BOTH)], [Coding("cas", "t", "c", 1, 2)])


def test_code_points_alone_would_be_too_sure() -> None:
    """The twin: drawing code points instead of texts gives an interval that is far too narrow."""
    rng = np.random.default_rng(0)
    texts, codings = [], []
    for n in range(12):
        texts.append(Read(f"t{n}", 400, BOTH))
        for who in ("ann", "bob"):
            at = 100 + int(rng.integers(-80, 80))
            codings.append(Coding(who, f"t{n}", "c", at, at + 150))
    (found,) = by_code(texts, codings)
    points = [
        [int(any(c.coder == who and c.text == t.text and c.start <= at < c.end for c in codings))
         for t in texts for at in range(t.length)]
        for who in ("ann", "bob")
    ]  # fmt: skip
    naive = alpha(points)
    assert found.alpha.value == pytest.approx(naive.value, abs=1e-3)
    assert None not in (found.alpha.low, found.alpha.high, naive.low, naive.high)
    wide = (found.alpha.high or 0) - (found.alpha.low or 0)
    assert wide > 4 * ((naive.high or 0) - (naive.low or 0))


def _by_points(coder: str, code: str, codings: list[Coding], text: Read) -> list[int]:
    return [
        int(any((c.coder, c.text, c.code) == (coder, text.text, code) and c.start <= at < c.end
                for c in codings))
        for at in range(text.length)
    ]  # fmt: skip


def test_kappa_of_a_pair_on_one_code_is_that_of_its_code_points() -> None:
    texts = [Read("t", 40, frozenset("AB")), Read("u", 25, frozenset("AB"))]
    codings = [
        Coding("A", "t", "x", 0, 12),
        Coding("B", "t", "x", 5, 20),
        Coding("A", "u", "x", 3, 9),
    ]
    ((one, other, found),) = by_pair(texts, codings)
    points = [
        [value for text in texts for value in _by_points(coder, "x", codings, text)]
        for coder in "AB"
    ]
    assert (one, other, found.units) == ("A", "B", 2)
    assert found.value == pytest.approx(kappa(points[0], points[1]).value)


def test_over_codes_chance_is_that_of_each_code_by_itself() -> None:
    """Half of a text each at random, and nothing of another code: no agreement beyond chance."""
    text = Read("t", 100, frozenset("AB"))
    codings = [Coding("A", "t", "x", 0, 50), Coding("B", "t", "x", 25, 75),
               Coding("A", "t", "y", 0, 1), Coding("B", "t", "y", 99, 100)]  # fmt: skip
    ((_one, _other, found),) = by_pair([text], codings)
    assert found.value == pytest.approx(1 - (50 + 2) / (50 + 1.98))
    pooled = [
        [v for code in "xy" for v in _by_points(coder, code, codings, text)] for coder in "AB"
    ]
    flattered = kappa(pooled[0], pooled[1]).value
    assert flattered is not None
    assert flattered > 0.25


def test_only_texts_that_both_coded_count_and_every_pair_has_its_own() -> None:
    texts = [Read("t", 10, frozenset("ABC")), Read("u", 10, frozenset("AB")),
             Read("v", 10, frozenset("C"))]  # fmt: skip
    codings = [Coding(coder, "t", "x", 0, 5) for coder in "AB"] + [Coding("A", "u", "x", 0, 9)]
    found = by_pair(texts, codings)
    assert [(p.first, p.second, p.kappa.units) for p in found] == [
        ("A", "B", 2), ("A", "C", 1), ("B", "C", 1),
    ]  # fmt: skip


def test_a_pair_that_shares_no_text_or_used_no_code_has_no_kappa() -> None:
    apart = [Read("t", 10, frozenset("A")), Read("u", 10, frozenset("B"))]
    assert by_pair(apart, [Coding("A", "t", "x", 0, 5)])[0].kappa.reason == "no_pairs"
    assert by_pair([Read("t", 10, frozenset("AB"))], [])[0].kappa.reason == "no_pairs"
    whole = [Coding(coder, "t", "x", 0, 10) for coder in "AB"]
    found = by_pair([Read("t", 10, frozenset("AB"))], whole)[0].kappa
    assert found == Agreement(value=None, reason="one_category", units=1)
