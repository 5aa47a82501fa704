# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Vocabularies as their files write them: taken whole, or refused with row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from wijkeconomie.acting.terms import SCHEMES, Word, rows_of, shipped, words
from wijkeconomie.figures.refusal import Refusal

TRADES = "code;naam;ook\nbakker;Bakker;brood|taart\nkapper;Kapper;\n"
OCCUPATION = "http://data.europa.eu/esco/occupation/"


def read(scheme: str, text: str) -> tuple[Word, ...]:
    return words(scheme, rows_of(text.encode()))


def refused(scheme: str, text: str) -> dict[str, object]:
    with pytest.raises(Refusal) as caught:
        read(scheme, text)
    return {"code": caught.value.notice.code, **caught.value.notice.fields}


def test_own_trades_are_a_code_a_name_and_other_names() -> None:
    assert read("trade", TRADES) == (
        Word(code="bakker", nl="Bakker", also=("brood", "taart")), Word(code="kapper", nl="Kapper"),
    )  # fmt: skip


@pytest.mark.parametrize("text", [
    TRADES.replace(";", ","), TRADES.replace(";", "\t"), "\ufeff" + TRADES,
    TRADES.replace("\n", "\r\n"), TRADES.replace("code;naam;ook", "Code ; NAAM;Ook"),
    TRADES + ";;\n",
])  # fmt: skip
def test_the_same_file_is_read_however_a_program_writes_it(text: str) -> None:
    assert read("trade", text) == read("trade", TRADES)


def test_what_excel_in_dutch_writes_is_read_too() -> None:
    assert words("trade", rows_of("code;naam\ncafe;Café\n".encode("cp1252")))[0].nl == "Café"


def test_esco_keeps_other_names_on_lines_and_leaves_out_what_is_not_released() -> None:
    text = (
        "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status\n"
        f'Occupation,{OCCUPATION}1,2654,inspiciënt,"toneelmeester\ninspiciënte",regisseur,released\n'
        f"Occupation,{OCCUPATION}2,2654,oud,,,deprecated\n"
    )
    assert read("occupation", text) == (
        Word(code=f"{OCCUPATION}1", nl="inspiciënt", broader="2654",
             also=("toneelmeester", "inspiciënte", "regisseur")),
    )  # fmt: skip


def test_a_branch_and_a_purchase_lie_under_the_one_their_figures_begin_with() -> None:
    sbi = read("sbi", "SBI 2008;Titel\n01;Landbouw\n0111;Granen\n01.11.3;Tarwe\nA;Land en bos\n")
    assert {one.code: one.broader for one in sbi} == {
        "01": "", "0111": "01", "01.11.3": "0111", "A": "",
    }  # fmt: skip
    cpv = read(
        "cpv", "CODE;NL;EN\n45000000-7;Bouw;Works\n45261000-4;Dak;Roof\n45261300-1;Lood;Lead\n"
    )
    assert [(one.broader, one.en) for one in cpv] == [
        ("", "Works"), ("45000000-7", "Roof"), ("45261000-4", "Lead"),
    ]  # fmt: skip


@pytest.mark.parametrize(("scheme", "text", "said"), [
    ("trade", "code;naam\n", {"code": "terms_no_rows"}),
    ("trade", "code;ook\na;b\n",
     {"code": "terms_no_column", "column": "naam / nl", "found": "code, ook"}),
    ("trade", "code;naam\na;A\n;B\n", {"code": "terms_cell_empty", "row": 3, "column": "code"}),
    ("trade", "code;naam\na;A\na;B\n",
     {"code": "terms_code_twice", "row": 3, "first": 2, "column": "code"}),
    ("trade", f"code;naam\na;{'x' * 301}\n",
     {"code": "terms_cell_long", "row": 2, "column": "naam", "most": 300}),
    ("cpv", "code;nl\n4500000;Bouw\n", {"code": "terms_code_unlike", "row": 2, "column": "code"}),
    ("skill", f"conceptUri,preferredLabel\n{OCCUPATION}1,bakker\n",
     {"code": "terms_code_unlike", "row": 2, "column": "conceptUri"}),
    ("trade", 'code;naam\na;"A\n', {"code": "terms_not_csv"}),
])  # fmt: skip
def test_a_file_that_is_not_right_is_refused_with_its_place(
    scheme: str, text: str, said: dict[str, object]
) -> None:
    assert refused(scheme, text).items() >= {k: v for k, v in said.items() if k != "code"}.items()
    with pytest.raises(Refusal) as caught:
        read(scheme, text)
    assert caught.value.notice.code == said["code"]


def test_rows_are_named_as_the_worksheet_numbers_them() -> None:
    with pytest.raises(Refusal) as caught:
        words("trade", [["code", "naam"], ["a", "A"], ["b", None]], [4, 9])
    assert caught.value.notice.fields["row"] == 9


def test_a_whole_number_of_a_worksheet_is_a_code() -> None:
    assert words("cpv", [["code", "nl"], [45000000.0, "Bouw"]])[0].code == "45000000"


def test_the_trades_that_come_along_are_nine_groups_and_trades_under_them() -> None:
    codes = {one.code for one in shipped()}
    groups = [one.code for one in shipped() if not one.broader]
    assert len(groups) == 9
    assert {one.broader for one in shipped()} - {""} <= set(groups) <= codes
    assert all(SCHEMES["trade"].code.fullmatch(code) for code in codes)
    assert len(codes) == len(shipped()) >= 40


def test_esco_as_it_is_published_is_taken_in_whole(shared: Path) -> None:
    found = words("occupation", rows_of((shared / "data/esco/occupations_nl.csv").read_bytes()))
    assert (len(found), sum(len(one.also) for one in found) > 15_000) == (3039, True)
