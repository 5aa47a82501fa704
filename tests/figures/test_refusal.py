# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of the catalogue of refusals: two languages, one meaning, no code without a text."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wijkeconomie
from wijkeconomie.figures.refusal import LANGUAGES, Notice, Refusal, WrongUse, thousands

SRC = Path(str(wijkeconomie.__file__)).parent
TEXTS = tomllib.loads((SRC / "figures" / "refusals.toml").read_text("utf-8"))
FILLED_LATER = {"read_as_cp1252"}  # a mark at first; the names follow when the rows are known
MADE_UP = ("api_", "shape_is_")  # codes that are put together from a beginning and a word
OF_ONE_TOO = {  # always more than one, or right for one as well
    "area_several", "api_fields", "words_more_than_once", "xlsx_too_many_rows", "form_rows",
    "guide_untranslated", "faults_more",
}  # fmt: skip
RAISERS = ("Refusal", "WrongUse", "Notice", "Busy", "_Missing")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def calls() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where, code and fields (None: not written out) of every refusal that the code can make."""
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in RAISERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield f"{path.name}:{node.lineno}", first.value, fields(name, node)


def fields(name: str, node: ast.Call) -> set[str] | None:
    if name != "Notice":
        given = {keyword.arg for keyword in node.keywords}
        return None if None in given else {str(field) for field in given}
    if len(node.args) < 2:
        return set()
    body = node.args[1]
    if not isinstance(body, ast.Dict) or None in body.keys:
        return None
    return {str(key.value) for key in body.keys if isinstance(key, ast.Constant)}


@pytest.mark.parametrize("code", TEXTS)
def test_both_languages_say_the_same_fields(code: str) -> None:
    assert set(TEXTS[code]) == set(LANGUAGES)
    assert placeholders(TEXTS[code]["nl"]) == placeholders(TEXTS[code]["en"])


@pytest.mark.parametrize("code", TEXTS)
def test_a_text_is_a_sentence_on_one_line(code: str) -> None:
    for text in TEXTS[code].values():
        assert text == text.strip()
        assert "\n" not in text


@pytest.mark.parametrize("code", sorted(TEXTS.keys() - OF_ONE_TOO))
def test_a_number_that_may_be_one_has_no_plural_behind_it(code: str) -> None:
    """ "1 counts": so the number comes after what is counted."""
    numbered = re.compile(r"\{(count|others|rows)\} [a-z]|\([a-z]\)")
    assert [text for text in TEXTS[code].values() if numbered.search(text)] == []


def test_every_refusal_in_the_code_has_its_text_and_fills_it() -> None:
    wrong = []
    for where, code, given_fields in calls():
        if code not in TEXTS:
            wrong.append(f"{where}: no text for {code}")
        elif given_fields is None or code in FILLED_LATER:
            continue
        elif lacking := placeholders(TEXTS[code]["nl"]) - given_fields:
            wrong.append(f"{where}: {code} lacks {', '.join(sorted(lacking))}")
    assert wrong == []


def test_no_text_is_left_without_code_that_says_it() -> None:
    words = "\n".join(p.read_text("utf-8") for p in SRC.rglob("*") if p.suffix in (".py", ".html"))
    unused = [code for code in TEXTS if f'"{code}"' not in words and not code.startswith(MADE_UP)]
    assert unused == []


def test_an_unknown_code_is_a_defect() -> None:
    with pytest.raises(KeyError):
        Notice("no_such_text").text("nl")


def test_a_number_is_written_as_the_language_does_and_a_year_stays_itself() -> None:
    notice = Notice("figures_lost", {"column": "x", "year": "2020", "before": 14000, "now": 1,
                                     "others": 0})  # fmt: skip
    assert "14.000" in notice.text("nl")
    assert "14,000" in notice.text("en")
    assert "2020" in notice.text("nl")


def test_a_day_is_written_in_words() -> None:
    notice = Notice("rules_overlap", {"place": "NL", "day": date(2026, 3, 1), "last": date.min})
    assert ("1 maart 2026" in notice.text("nl"), "1 March 2026" in notice.text("en")) == (
        True,
        True,
    )


@given(st.integers())
def test_thousands_keep_every_digit(value: int) -> None:
    for language, mark in zip(LANGUAGES, ".,", strict=True):
        written = thousands(value, language)
        assert written.replace(mark, "") == str(value)
        assert all(len(group.lstrip("-")) == 3 for group in written.split(mark)[1:])


def test_wrong_use_and_refused_data_end_differently() -> None:
    assert (Refusal("no_areas").exit_code, WrongUse("no_areas").exit_code) == (1, 2)
    assert str(Refusal("no_areas")) == TEXTS["no_areas"]["en"]
