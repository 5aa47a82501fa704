# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of answers: what is asked given the others, and what is told of a wrong one."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from tests.fieldwork.making import SHOPS
from wijkeconomie.fieldwork import answers as rules
from wijkeconomie.fieldwork.answers import asked, review
from wijkeconomie.fieldwork.checks import check, from_json
from wijkeconomie.fieldwork.condition import parse
from wijkeconomie.fieldwork.guide import Choice, Guide, Kind, Question

TODAY = date(2026, 5, 31)
OWNER = {"role": "owner", "years": "2", "consent_quote_public": "yes"}


def told(answers: dict[str, str], guide: Guide = SHOPS) -> list[tuple[str, str]]:
    return [(notice.code, notice.fields["name"]) for notice in review(guide, answers, TODAY)]


def one(kind: Kind) -> Guide:
    choices = tuple(Choice(name=name, label={"nl": name}) for name in ("a", "b"))
    question = Question(name="q", kind=kind, label={"nl": "?"},
                        choices=choices if kind in ("one", "many") else ())  # fmt: skip
    guide = Guide(id="g", title="", languages=("nl",), questions=(question,))
    check(guide)
    return guide


WRITTEN = """Wie bent u?
Ondernemer

Hoeveel jaar zit u hier?
2

Waarom hier?
Het is de markt.
En de buren."""


def test_answers_are_told_by_question_in_the_first_language_with_choices_by_their_words() -> None:
    answers = OWNER | {"why_new": " Het is de markt.\nEn de buren. ", "quote": ""}
    assert rules.told(SHOPS, answers, TODAY) == WRITTEN


def test_of_what_is_not_asked_or_not_answered_nothing_is_told() -> None:
    answers = {"role": "resident", "years": "2", "quote": "Niet vragen."}
    assert rules.told(SHOPS, answers, TODAY) == "Wie bent u?\nBewoner"
    assert rules.told(SHOPS, {"quote": " \n"}, TODAY) == ""
    assert rules.told(SHOPS, answers, TODAY, without={"role"}) == ""


@pytest.mark.parametrize(
    ("kind", "answer", "written"),
    [
        ("many", "b a", "?\nb; a"), ("date", "2026-05-31", "?\n31 mei 2026"),
        ("decimal", "12.5", "?\n12.5"), ("photo", "foto.jpg", ""),
        ("location", "51.9 4.5 10", ""), ("many", "weg", "?\nweg"),
    ],
)  # fmt: skip
def test_an_answer_is_told_as_people_read_it_and_a_place_is_not(
    kind: Kind, answer: str, written: str
) -> None:
    assert rules.told(one(kind), {"q": answer}, TODAY) == written


def test_a_question_is_told_on_one_line_in_a_language_that_it_has() -> None:
    question = Question(name="q", kind="text", label={"tr": "Ne\n eksik?"})
    guide = Guide(id="g", title="", languages=("nl", "tr"), questions=(question,))
    assert rules.told(guide, {"q": "Een bakker."}, TODAY) == "Ne eksik?\nEen bakker."


def test_without_answers_only_what_has_no_condition_is_asked() -> None:
    assert asked(SHOPS, {}, TODAY) == ("role",)


def test_an_answer_opens_a_group_and_what_hangs_on_it() -> None:
    assert asked(SHOPS, OWNER, TODAY) == ("role", "shop", "years", "why_new", "quote")


def test_the_answer_to_what_is_not_asked_counts_as_none() -> None:
    assert asked(SHOPS, {**OWNER, "role": "resident"}, TODAY) == ("role", "quote")


def test_a_condition_may_look_at_a_later_question() -> None:
    first = Question(name="a", kind="text", label={"nl": "?"}, relevant=parse("${b} = 'x'"))
    later = Question(name="b", kind="text", label={"nl": "?"})
    guide = Guide(id="g", title="", languages=("nl",), questions=(first, later))
    assert asked(guide, {"b": "x"}, TODAY) == ("a", "b")


def test_no_answer_to_a_consent_is_no() -> None:
    assert "quote" not in asked(SHOPS, {"consent_quote_public": ""}, TODAY)


def test_answers_that_can_be_taken_say_nothing() -> None:
    assert told(OWNER) == []


def test_what_is_required_is_told_only_where_it_is_asked() -> None:
    assert told({}) == [("answer_required", "role")]


def test_a_constraint_tells_its_own_message_in_the_language_that_it_has() -> None:
    (notice,) = review(SHOPS, {**OWNER, "years": "100"}, TODAY)
    assert notice.text("nl") == (
        "Het antwoord '100' op 'years' kan niet: Dat is geen leeftijd van een winkel."
    )


def test_a_constraint_is_not_looked_at_without_an_answer() -> None:
    assert told({**OWNER, "years": ""}) == []


@pytest.mark.parametrize(
    ("kind", "answer", "code"),
    [
        ("integer", "12", None), ("integer", "-12", None), ("integer", "1,5", "answer_integer"),
        ("integer", "n.v.t.", "answer_integer"), ("integer", "٤", "answer_integer"),
        ("decimal", "1.5", None), ("decimal", "1e5", "answer_decimal"),
        ("decimal", "nan", "answer_decimal"),
        ("date", "2026-02-28", None), ("date", "2026-02-31", "answer_no_such_day"),
        ("date", "31-02-2026", "answer_date"), ("date", "0000-01-01", "answer_no_such_day"),
        ("one", "a", None), ("one", "c", "answer_choice"), ("one", "a b", "answer_choice"),
        ("many", "a b", None), ("many", "a c", "answer_choice"),
        ("location", "52.07 4.29", None), ("location", "52.07 4.29 12.5", None),
        ("location", "95 4", "answer_location"), ("location", "Hoofdstraat 1", "answer_location"),
        ("text", "abc\x00def", "answer_character"), ("text", "x\ny\tz\r\n", None),
        ("text", "x" * 100_001, "answer_long"),
    ],
)  # fmt: skip
def test_every_kind_takes_its_own_answers(kind: Kind, answer: str, code: str | None) -> None:
    assert told({"q": answer}, one(kind)) == ([(code, "q")] if code else [])


def test_a_consent_is_answered_with_yes_or_no() -> None:
    assert told({**OWNER, "consent_quote_public": "maybe"}) == [
        ("answer_choice", "consent_quote_public")
    ]


ELSEWHERE = {  # what else the manifest has under "form", and why it is no answer to a guide
    "FRM-02": "personal data in a text", "FRM-04": "a firm's number", "FRM-05": "a firm's number",
    "FRM-06": "a bank account", "FRM-09": "an appointment", "FRM-10": "an appointment",
    "FRM-12": "a website", "FRM-15": "sending twice", "FRM-16": "editing together",
    "FRM-17": "a session", "FRM-18": "a booking",
}  # fmt: skip
FIELD_OF = {"FRM-01": "tekst", "FRM-08": "datum", "FRM-14": "naam", "FRM-21": "naam"}


def test_bad_answers_of_the_manifest_behave_as_their_row_says(shared: Path) -> None:
    with (shared / "badinputs" / "manifest.csv").open(encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file) if row["area"] == "form"}
    assert set(rows) == set(ELSEWHERE) | set(FIELD_OF)
    for name, known in FIELD_OF.items():
        answers = json.loads((shared / "badinputs" / rows[name]["file"]).read_text("utf-8"))
        kind: Kind = "date" if known == "datum" else "text"
        if kind == "date":  # as the field of a phone gives a day
            answers[known] = "-".join(reversed(answers[known].split("-")))
        answers.pop("gemeente", None)
        question = Question(name=known, kind=kind, label={"nl": "?"})
        guide = Guide(id="g", title="", languages=("nl",), questions=(question,))
        texts = [(n.text("nl"), n.text("en")) for n in review(guide, answers, TODAY)]
        expected = (rows[name]["message_nl"], rows[name]["message_en"])
        if rows[name]["kind"] == "accept":
            assert texts == []
        else:
            ((nl, en),) = texts
            assert (nl.startswith(expected[0]), en.startswith(expected[1])) == (True, True)


REVIEWS = json.loads((Path(__file__).parent / "reviews.json").read_text("utf-8"))


def test_what_is_stated_for_every_reviewer_is_said_here() -> None:
    guide = from_json(json.dumps(REVIEWS["guide"]))
    day = date.fromisoformat(REVIEWS["today"])
    said = [
        [f"{n.code} {n.fields['name']}" for n in review(guide, answers, day, without)]
        for answers, without, _stated in REVIEWS["cases"]
    ]
    assert said == [stated for _answers, _without, stated in REVIEWS["cases"]]
