# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of conditions: what they mean, what is not understood, and that nothing breaks them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.fieldwork import condition
from wijkeconomie.fieldwork.condition import parse
from wijkeconomie.figures.refusal import Refusal

STATED = json.loads(Path(__file__).with_name("conditions.json").read_text("utf-8"))
TODAY = date.fromisoformat(STATED["today"])


@pytest.mark.parametrize(("source", "answers", "holds"), STATED["cases"])
def test_a_condition_means_what_is_stated(source: str, answers: Any, holds: bool) -> None:
    assert parse(source).holds(answers, TODAY) is holds


def test_a_constraint_looks_at_the_own_answer() -> None:
    constraint = parse(". >= 18 and . <= 100")
    held = [constraint.holds({}, TODAY, own) for own in ("17", "18", "100", "101", "")]
    assert held == [False, True, True, False, False]
    assert constraint.looks_at_itself
    assert not parse("${a} = .5").looks_at_itself


def test_the_tree_is_lists_of_texts_and_numbers_for_another_evaluator() -> None:
    tree = parse("not(selected(${role}, 'owner')) and -2 + 3 - 1 > .").tree
    assert json.loads(json.dumps(tree)) == [
        "and",
        ["not", ["selected", ["answer", "role"], ["text", "owner"]]],
        [">", ["+", ["-", ["number", 2]], ["number", 3], ["-", ["number", 1]]], ["self"]],
    ]


def test_a_condition_tells_whose_answers_it_looks_at() -> None:
    assert parse("${b} = ${a} or selected(${b}, ${c})").names == ("b", "a", "c")


@pytest.mark.parametrize(
    ("source", "at", "value"),
    [
        ("", 1, {"nl": "het einde", "en": "the end"}),
        ("${a} =", 7, {"nl": "het einde", "en": "the end"}),
        ("${a} == 1", 7, "="),
        ("${a} = ‘x’", 8, "‘"),
        ("${a", 1, "$"),
        ("'open", 1, "'"),
        ("1 < 2 < 3", 7, "<"),
        ("(1", 3, {"nl": "het einde", "en": "the end"}),
        ("1)", 2, ")"),
        ("selected(${a})", 14, ")"),
        ("today(1)", 7, "1"),
        ("2 * 3", 3, "*"),
        ("${a}\x00", 5, "\x00"),
    ],
)
def test_what_is_not_understood_is_named_with_its_place(source: str, at: int, value: Any) -> None:
    with pytest.raises(Refusal) as caught:
        parse(source)
    notice = caught.value.notice
    assert (notice.code, notice.fields["at"], notice.fields["value"]) == (
        "condition_unclear", at, value,
    )  # fmt: skip


def test_an_unknown_function_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(Refusal) as caught:
        parse("regex(., '[a-z]+')", {"nl": "Cel I5", "en": "Cell I5"})
    assert caught.value.text("en") == (
        "Cell I5 uses regex, which we do not know. We do know selected, count-selected, "
        "string-length, not, date, today, true, false, with and, or, =, !=, <, >, + and -. "
        "The guide was not stored."
    )


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("(" * 900 + "1" + ")" * 900, "condition_deep"),
        ("-" * 1_900 + "1", "condition_deep"),
        ("not(" * 400 + "1", "condition_deep"),
        ("1+" * 1_000 + "1", "condition_long"),
        ("'" + "x" * 10_000_000 + "'", "condition_long"),
    ],
)
def test_depth_and_length_are_bounded(source: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse(source)
    assert caught.value.notice.code == code


def test_the_longest_chain_is_one_node_and_is_evaluated() -> None:
    assert parse("+".join(["1"] * 999) + ">0").holds({}, TODAY) is True
    assert parse(" or ".join(["0"] * 390)).holds({}, TODAY) is False


def test_without_the_bound_a_deep_condition_ends_in_an_error_of_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(condition, "MOST_DEEP", 10_000)
    with pytest.raises(RecursionError):
        parse("(" * 900 + "1" + ")" * 900)


@given(st.text(alphabet="${}ab1.'\"()<>=!+-, ornatdsle\x00‘é", max_size=60))
def test_any_text_is_read_or_refused(source: str) -> None:
    try:
        read = parse(source)
    except Refusal:
        return
    assert read.holds({}, TODAY, "x") in (True, False)
    assert parse(read.source) == read
