# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A permit table that is not sound is refused, with the place and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from wijkeconomie.acting.permit_tables import MOST_CASES, read, table
from wijkeconomie.acting.permits import Condition, Question, Row, Table, first_row, shared
from wijkeconomie.acting.rules import rule, shipped
from wijkeconomie.figures.refusal import LANGUAGES, Refusal

BOTH = {"nl": "x", "en": "x"}
NOTIFY = {
    "when": [{"question": "people", "at_most": 250}, {"question": "road", "is": False}],
    "answer": "notify", "before": {"amount": 2, "unit": "weeks"}, "fee": 0,
}  # fmt: skip
WHOLE: dict[str, Any] = {
    "title": BOTH, "whom": BOTH, "questions": ["people", "road", "day"],
    "rows": [NOTIFY, {"answer": "permit", "ask": [BOTH]}],
    "examples": [{"answers": {"people": 250, "road": False, "day": "2027-04-24"},
                  "answer": "notify", "last": "2027-04-10"}],
}  # fmt: skip


def refused(value: Any) -> Refusal:
    with pytest.raises(Refusal) as fault:
        read(value, "NL x")
    assert all("NL x" in fault.value.text(language) for language in LANGUAGES)
    return fault.value


def changed(*path: Any, to: Any) -> dict[str, Any]:
    """WHOLE with what stands at *path* changed; None takes it away."""
    made = deepcopy(WHOLE)
    *way, last = path
    at: Any = made
    for step in way:
        at = at[step]
    if to is None:
        del at[last]
    elif isinstance(at, list) and last == len(at):
        at.append(to)
    else:
        at[last] = to
    return made


def people(**condition: Any) -> dict[str, Any]:
    return {"question": "people", **condition}


def rows(*found: Any, questions: Any = ("people",)) -> dict[str, Any]:
    return {"title": BOTH, "whom": BOTH, "questions": list(questions), "rows": list(found)}


def test_a_sound_table_is_read_as_it_is_written() -> None:
    made = read(WHOLE, "NL x")
    assert ([one.id for one in made.questions], made.warnings, made.day) == (
        ["people", "road", "day"], (), "day",
    )  # fmt: skip
    assert made.rows[0].when[0] == Condition(question="people", op="at_most", value=250)
    assert [one.then.verdict for one in made.rows] == ["notify", "permit"]
    assert made.examples[0].last == date(2027, 4, 10)


WHEN = ("rows", 0, "when", 0)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (changed("title", to=None), "permit_lacks"), (changed("colour", to=1), "permit_unknown"),
        (changed("title", to={"nl": "x"}), "permit_text"),
        (changed("title", to={"nl": "x", "en": " "}), "permit_text"),
        (changed("questions", 0, to="peeple"), "permit_unknown"),
        (changed("questions", 3, to="people"), "permit_twice"),
        (changed("questions", 3, to={"id": "d", "kind": "day", "ask": BOTH, "name": BOTH}),
         "permit_twice"),
        (changed("questions", 3, to={"id": "d", "kind": "word", "ask": BOTH, "name": BOTH}),
         "permit_unknown"),
        (changed("questions", 3, to={"id": "d", "kind": "choice", "ask": BOTH, "name": BOTH}),
         "permit_options"),
        (changed("questions", 3, to={"id": "d", "kind": "count", "ask": BOTH, "name": BOTH,
                                     "options": {"a": BOTH, "b": BOTH}}), "permit_options"),
        (changed("questions", 3, to="end"), "permit_unknown"),  # after a start that is not asked
        (changed("questions", 3, to=7), "permit_lacks"),
        (changed("rows", 0, "answer", to="maybe"), "permit_unknown"),
        (changed("rows", 0, "answer", to=None), "permit_lacks"),
        (changed("rows", 1, to={"answer": "confirm"}), "permit_lacks"),
        (changed("rows", 0, "before", to={"amount": 2}), "permit_lacks"),
        (changed("rows", 0, "before", to={"amount": 0, "unit": "weeks"}), "permit_before"),
        (changed("rows", 0, "before", to={"amount": 2, "unit": "moons"}), "permit_before"),
        (changed("rows", 0, "fee", to=-1), "permit_fee"),
        (changed("rows", 0, "fee", to=10**9), "permit_fee"),
        (changed("rows", 0, "fee", to="free"), "permit_fee"),
        (changed("rows", 0, "ask", to=[{}]), "permit_text"),
        (changed(*WHEN, to={"question": "noise", "is": True}), "permit_unknown"),
        (changed(*WHEN, to={"question": "people", "is": True}), "permit_operator"),
        (changed(*WHEN, to={"question": "people"}), "permit_operator"),
        (changed(*WHEN, to={"question": "people", "at_most": 1, "at_least": 1}), "permit_operator"),
        (changed(*WHEN, to={"question": "people", "at_most": "many"}), "permit_answer"),
        (changed(*WHEN, to={"question": "people", "at_most": 1.5}), "permit_answer"),
        (changed(*WHEN, to={"question": "road", "is": "ja"}), "permit_answer"),
        (changed(*WHEN, to={"question": "day", "one_of": ["someday"]}), "permit_answer"),
        (changed(*WHEN, to={"question": "day", "one_of": "sunday"}), "permit_answer"),
        (changed(*WHEN, to={"question": "day", "one_of": []}), "permit_answer"),
        (changed(*WHEN, to=people(at_most=1, on=["someday"])), "permit_no_day"),
        (changed("examples", 0, "answers", to={"noise": 1}), "permit_unknown"),
        (changed("examples", 0, "answer", to="perhaps"), "permit_unknown"),
        (changed("examples", 0, "answer", to=None), "permit_lacks"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(value: Any, code: str) -> None:
    assert refused(value).notice.code == code


def test_a_term_or_a_weekday_needs_a_day() -> None:
    late = {"answer": "notify", "before": {"amount": 1, "unit": "days"}}
    assert refused(rows(late)).notice.code == "permit_no_day"
    sunday = {"when": [people(at_most=1, on=["sunday"])], "answer": "notify"}
    assert refused(rows(sunday, {"answer": "permit"})).notice.code == "permit_no_day"


def test_all_that_is_wrong_is_told_with_its_row() -> None:
    wrong = deepcopy(WHOLE)
    wrong["rows"][0]["when"] = [{"question": "noise", "is": True}, people(at_most="x")]
    wrong["rows"][1]["answer"] = "maybe"
    fault = refused(wrong)
    assert [fault.notice.code, *(one.code for one in fault.others)] == [
        "permit_unknown", "permit_answer", "permit_unknown",
    ]  # fmt: skip
    assert fault.lines("nl")[0].startswith("NL x, rij 1: onbekend: noise.")
    assert fault.lines("en")[2].startswith("NL x, row 2: unknown: maybe.")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a table at which something else could have been typed."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, held in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(held, (*path, key))


def told(value: Any) -> bool:
    """Whether *value* is read, or refused in words."""
    try:
        return bool(read(value, "NL x").rows)
    except Refusal as fault:
        return all(fault.text(language) for language in LANGUAGES)


ODD = (None, 5, -1, True, "x", "", [], {}, [1], [[]], {"a": 1}, [{}], Decimal("1e-999999"), 10**30)


@pytest.mark.parametrize("path", [*places(WHOLE)], ids=str)
def test_whatever_is_typed_at_any_place_is_read_or_refused(path: tuple[Any, ...]) -> None:
    for odd in ODD:
        value = deepcopy(WHOLE)
        at: Any = value
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = odd
        assert told(value)


def test_whatever_is_typed_in_a_question_of_ones_own_is_read_or_refused() -> None:
    own = {"id": "n", "kind": "choice", "ask": BOTH, "name": BOTH, "unit": "m", "after": "",
           "options": {"a": BOTH, "b": BOTH}}  # fmt: skip
    condition = {"question": "n", "one_of": ["a"], "on": ["sunday"]}
    value = rows({"when": [condition], "answer": "notify"}, {"answer": "permit"},
                 questions=["day", own])  # fmt: skip
    assert read(value, "NL x").warnings == ()
    for path in [*places(value["questions"][1]), *places(condition)]:
        for odd in ODD:
            other = deepcopy(value)
            at: Any = other["questions"][1] if path[0] in own else other["rows"][0]["when"][0]
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = odd
            assert told(other)


# -- each case reaches an answer
def test_a_case_without_an_answer_is_refused_and_told_in_words() -> None:
    fault = refused(rows({"when": [people(at_most=250)], "answer": "notify"}))
    assert fault.notice.code == "permit_gap"
    assert "Aantal mensen: 251" in fault.text("nl")
    assert "Number of people: 251" in fault.text("en")


@pytest.mark.parametrize(("at_least", "gap"), [(251, False), (252, True)])
def test_whole_numbers_have_no_gap_between_two_that_follow(at_least: int, *, gap: bool) -> None:
    value = rows({"when": [people(at_most=250)], "answer": "notify"},
                 {"when": [people(at_least=at_least)], "answer": "permit"})  # fmt: skip
    if gap:
        assert refused(value).notice.code == "permit_gap"
    else:
        assert read(value, "NL x").warnings == ()


def test_other_numbers_have_a_gap_wherever_something_fits_between() -> None:
    size = {"question": "object_size"}
    value = rows({"when": [{**size, "at_most": 10}], "answer": "notify"},
                 {"when": [{**size, "above": 10}], "answer": "permit"},
                 questions=["object_size"])  # fmt: skip
    assert read(value, "NL x").warnings == ()
    value["rows"][1]["when"] = [{**size, "at_least": Decimal("10.01")}]
    assert refused(value).notice.code == "permit_gap"


def test_without_that_refusal_a_case_would_go_without_an_answer() -> None:
    made = read(rows({"when": [people(at_most=250)], "answer": "notify"}, {"answer": "permit"}),
                "NL x")  # fmt: skip
    short = Table(title=made.title, questions=made.questions, rows=made.rows[:1], examples=(),
                  cases=made.cases)  # fmt: skip
    assert (first_row(made, {"people": 251}), first_row(short, {"people": 251})) == (1, None)


# -- rows that do nothing
def test_conditions_that_contradict_each_other_are_refused() -> None:
    value = rows({"when": [people(at_most=50), people(at_least=100)], "answer": "notify"},
                 {"answer": "permit"})  # fmt: skip
    fault = refused(value)
    assert (fault.notice.code, "rij 1" in fault.text("nl")) == ("permit_contradiction", True)


def test_a_row_that_is_never_reached_is_warned_of_with_its_place() -> None:
    value = rows({"when": [people(at_most=250)], "answer": "notify"},
                 {"when": [people(at_most=100)], "answer": "free"},
                 {"answer": "permit"})  # fmt: skip
    (warning,) = read(value, "NL x").warnings
    assert (warning.code, "rij 2" in warning.text("nl")) == ("permit_never", True)
    value["rows"][0], value["rows"][1] = value["rows"][1], value["rows"][0]
    assert read(value, "NL x").warnings == ()


def test_two_rows_together_can_keep_a_third_from_being_reached() -> None:
    value = rows({"when": [people(at_most=100)], "answer": "notify"},
                 {"when": [people(above=100)], "answer": "permit"},
                 {"answer": "confirm", "ask": [BOTH]})  # fmt: skip
    assert [one.code for one in read(value, "NL x").warnings] == ["permit_never"]


def test_a_question_that_no_row_uses_is_warned_of() -> None:
    value = rows({"when": [people(at_most=250)], "answer": "notify"}, {"answer": "permit"},
                 questions=["people", "road"])  # fmt: skip
    (warning,) = read(value, "NL x").warnings
    assert (warning.code, "“Op de weg”" in warning.text("nl")) == ("permit_unused", True)


def test_a_time_that_only_tells_after_what_another_is_counts_as_used() -> None:
    value = rows({"when": [{"question": "end", "not_after": "24:00"}], "answer": "notify"},
                 {"answer": "permit"}, questions=["start", "end"])  # fmt: skip
    assert read(value, "NL x").warnings == ()


def test_a_table_with_more_cases_than_can_be_tried_is_refused() -> None:
    names = [f"n{n}" for n in range(9)]
    asked = [{"id": name, "kind": "count", "ask": BOTH, "name": BOTH} for name in names]
    found = {"when": [{"question": name, "at_most": 5} for name in names], "answer": "notify"}
    assert 3 ** len(names) > MOST_CASES
    assert refused(rows(found, {"answer": "permit"}, questions=asked)).notice.code == "permit_many"
    few = rows({**found, "when": found["when"][:8]}, {"answer": "permit"}, questions=asked[:8])
    assert read(few, "NL x").warnings == ()


# -- examples
@pytest.mark.parametrize(
    ("path", "to"),
    [(("examples", 0, "answers", "people"), 251), (("examples", 0, "last"), "2027-04-11"),
     (("rows", 0, "when", 0, "at_most"), 249), (("rows", 0, "before", "amount"), 3)],
)  # fmt: skip
def test_an_example_that_comes_out_otherwise_is_refused(path: tuple[Any, ...], to: Any) -> None:
    fault = refused(changed(*path, to=to))
    assert (fault.notice.code, "voorbeeld 1" in fault.text("nl")) == ("permit_example", True)


def test_an_example_says_what_should_have_come_out_and_what_did() -> None:
    fault = refused(changed("examples", 0, "answers", to={"people": 251}))
    assert fault.text("nl") == (
        "NL x, voorbeeld 1: er moest uitkomen: melden (10 april 2027), en het werd: vergunning "
        "aanvragen. Verbeter de tabel of het voorbeeld."
    )


def test_an_example_that_leaves_something_open_is_refused() -> None:
    assert refused(changed("examples", 0, "answers", to={})).notice.code == "permit_example"


# -- what comes with the program
TABLES = [one for one in shipped() if one.unit == "table"]


@pytest.mark.parametrize("one", TABLES, ids=lambda one: f"{one.jurisdiction} {one.key}")
def test_every_table_that_is_shipped_is_sound_has_examples_and_no_warning(one: Any) -> None:
    made = table(one)
    assert (made.warnings, len(made.examples) >= 1) == ((), True)
    assert {example.verdict for example in made.examples} == {row.then.verdict for row in made.rows}


def test_the_place_of_a_table_is_its_jurisdiction_and_key() -> None:
    broken = rule({
        "jurisdiction": "GM0335", "key": "permits.small_event", "value": {"title": BOTH},
        "unit": "table", "valid_from": "2027-01-01", "source": "APV",
    })  # fmt: skip
    with pytest.raises(Refusal) as fault:
        table(broken)
    assert fault.value.text("nl").startswith("GM0335 permits.small_event: er ontbreekt")


def test_shared_questions_are_whole() -> None:
    made = read(rows({"answer": "permit"}, questions=list(shared())), "NL x")
    assert [one for one in made.questions if not (one.ask.nl and one.ask.en and one.name.nl)] == []
    assert len(made.warnings) == len(made.questions)  # none is used here
    assert isinstance(made.questions[0], Question)
    assert isinstance(made.rows[0], Row)
