# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of XLSForm in and out: an equal guide, or a refusal with sheet, row and cell."""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import given, settings

from tests.fieldwork.making import SHOPS, guides
from wijkeconomie.fieldwork import xlsform
from wijkeconomie.fieldwork.guide import Choice, Guide, Question
from wijkeconomie.fieldwork.xlsform_writing import write
from wijkeconomie.figures.refusal import Refusal

HEAD = ["type", "name", "label::Nederlands (nl)", "relevant"]
NO_CHOICES = [["list_name", "name", "label::Nederlands (nl)"]]


def form(
    survey: Sequence[Sequence[Any]],
    choices: Sequence[Sequence[Any]] = NO_CHOICES,
    settings: Sequence[Sequence[Any]] = (),
    hidden: str = "",
) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name == hidden else "visible"
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def refused(content: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        xlsform.read(content)
    return caught.value


@settings(max_examples=60)
@given(guides())
def test_a_guide_is_equal_after_export_and_import(guide: Guide) -> None:
    assert xlsform.read(write(guide)).guide == guide


def test_the_same_guide_gives_the_same_bytes() -> None:
    assert write(SHOPS) == write(SHOPS)


def test_an_export_is_what_another_program_reads() -> None:
    book = openpyxl.load_workbook(BytesIO(write(SHOPS)))
    rows = [[cell.value for cell in row[:3]] for row in book["survey"].iter_rows(max_row=4)]
    assert rows == [
        ["type", "name", "label::Nederlands (nl)"],
        ["select_one consent_yes_no", "consent_quote_public", "Mogen wij opschrijven wat u zegt?"],
        ["select_one role", "role", "Wie bent u?"],
        ["begin_group", "shop", "De winkel"],
    ]
    assert [cell.value for cell in book["settings"][2]] == [
        "Winkels in de straat", "shops", "Nederlands (nl)", "ar",
    ]  # fmt: skip


def test_questions_with_the_same_choices_share_a_list() -> None:
    choices = (Choice(name="a", label={"nl": "A"}),)
    asked = [
        Question(name=n, kind="one", label={"nl": n}, choices=choices) for n in ("p", "q", "r")
    ]
    guide = Guide(id="g", title="G", languages=("nl",), questions=tuple(asked))
    book = openpyxl.load_workbook(BytesIO(write(guide)))
    assert [row[0].value for row in book["choices"].rows] == ["list_name", "p"]


def test_what_a_text_starts_with_does_not_make_it_a_formula() -> None:
    question = Question(name="a", kind="text", label={"nl": '=HYPERLINK("http://x")'})
    guide = Guide(id="g", title="+G", languages=("nl",), questions=(question,))
    book = openpyxl.load_workbook(BytesIO(write(guide)))
    assert (book["survey"]["C2"].data_type, book["settings"]["A2"].data_type) == ("s", "s")


def test_a_language_may_be_told_in_several_ways_and_a_guide_may_tell_none() -> None:
    header = ["type", "name", "label::English", "label::nl", "label::Kreyòl (ht)", "hint :: Polski"]
    rows = [header, ["text", "a", "A", "B", "C", "D"]]
    guide = xlsform.read(form(rows, settings=[["default_language"], ["nl"]])).guide
    assert guide.languages == ("nl", "en", "ht", "pl")
    assert guide.questions[0].label == {"en": "A", "nl": "B", "ht": "C"}
    plain = xlsform.read(form([["type", "name", "label"], ["text", "a", "A"]])).guide
    assert (plain.languages, plain.questions[0].label) == (("und",), {"und": "A"})


def test_a_hint_without_language_is_in_that_of_the_first_label() -> None:
    rows = [["type", "name", "label::Türkçe", "label::nl", "hint"], ["text", "a", "A", "B", "C"]]
    guide = xlsform.read(form(rows)).guide
    assert (guide.languages, guide.questions[0].hint) == (("tr", "nl"), {"tr": "C"})


def test_numbers_and_other_cells_become_the_text_that_they_show() -> None:
    rows = [["type", "name", "label", "required"], ["select_one l", "a", 2.5, True]]
    choices = [["list_name", "name", "label"], ["l", 1, 1], ["l", 2.0, True]]
    question = xlsform.read(form(rows, choices)).guide.questions[0]
    assert (question.label, question.required) == ({"und": "2.5"}, True)
    assert [(c.name, c.label["und"]) for c in question.choices] == [("1", "1"), ("2", "true")]


TEXT = ["text", "a", "Ja?"]
AGREE = [*NO_CHOICES, ["l", "yes", "Ja"], ["l", "no", "Nee"]]
ASKED = [*HEAD, "hint", "wijk--purpose", "wijk--version"]
CONSENT = ["select_one l", "consent_photo", "Mag dat?", "", "", "photo", "1"]


def test_a_consent_is_read_with_its_purpose_and_its_version() -> None:
    (consent,) = xlsform.read(form([ASKED, CONSENT, TEXT], AGREE)).guide.consents
    assert (consent.purpose, consent.version, consent.text) == ("photo", "1", {"nl": "Mag dat?"})


@pytest.mark.parametrize(
    "survey",
    [
        [ASKED, TEXT, CONSENT],
        [ASKED, ["begin_group", "g"], CONSENT, ["end_group"], TEXT],
        [ASKED, [*CONSENT[:3], "1 = 1", *CONSENT[4:]], TEXT],
        [ASKED, [*CONSENT[:4], "Zeg maar ja.", *CONSENT[5:]], TEXT],
        [ASKED, ["select_one l", "photo", *CONSENT[2:]], TEXT],
        [ASKED, ["text", *CONSENT[1:]], TEXT],
    ],
)
def test_a_consent_elsewhere_or_with_more_than_its_text_is_refused(survey: list[Any]) -> None:
    assert refused(form(survey, AGREE)).notice.code == "form_consent"


@pytest.mark.parametrize(
    ("survey", "code", "place"),
    [
        ([HEAD, ["audio", "a", "Ja?"]], "form_type", "Sheet survey, row 2, cell A2 (type)"),
        ([HEAD, ["begin repeat", "a", "Ja?"]], "form_type", "Sheet survey, row 2, cell A2 (type)"),
        ([HEAD, ["text x", "a", "Ja?"]], "form_type", "Sheet survey, row 2, cell A2 (type)"),
        ([HEAD, ["", "a", "Ja?"]], "form_type", "Sheet survey, row 2, cell A2 (type)"),
        ([HEAD, ["select_one l", "a", "?"]], "form_list", "Sheet survey, row 2, cell A2 (type)"),
        ([HEAD, ["end_group"]], "form_group_end", "Sheet survey, row 2, cell A2 (type)"),
        ([HEAD, [], ["begin_group", "g"], TEXT], "form_group_open",
         "Sheet survey, row 3, cell A3 (type)"),
        ([[*HEAD, "choice_filter"], [*TEXT, "", "x=${y}"]], "form_column",
         "Sheet survey, row 2, cell E2 (choice_filter)"),
        ([[*HEAD, "media::image::nl"], [*TEXT, "", "x.png"]], "form_column",
         "Sheet survey, row 2, cell E2 (media::image::nl)"),
        ([[*HEAD, "required"], [*TEXT, "", "${x} = 1"]], "form_required",
         "Sheet survey, row 2, cell E2 (required)"),
        ([[*HEAD, "label::Klingon"], [*TEXT, "", "HIja'?"]], "form_language",
         "Sheet survey, row 1, cell E1 (label::Klingon)"),
        ([[*HEAD, "Label::nl"], [*TEXT, "", "x"]], "form_column_twice",
         "Sheet survey, row 1, cell E1 (Label::nl)"),
        ([HEAD, [*TEXT, "${b} = 1"]], "guide_unknown_name",
         "Sheet survey, row 2, cell D2 (relevant)"),
        ([HEAD, [*TEXT, "regex(., 'x')"]], "condition_function",
         "Sheet survey, row 2, cell D2 (relevant)"),
        ([HEAD, TEXT, TEXT], "guide_name_twice", "Sheet survey, row 3, cell B3 (name)"),
        ([HEAD, ["text", "a"]], "guide_label",
         "Sheet survey, row 2, cell C2 (label::Nederlands (nl))"),
        ([HEAD], "guide_empty", "Sheet survey"),
        ([], "guide_empty", "Sheet survey"),
        ([[*HEAD, "wijk--purpose"], ["text", "consent_photo", "?", "", "photo"]], "form_consent",
         "Sheet survey, row 2, cell A2 (type)"),
    ],
)  # fmt: skip
def test_a_refusal_names_sheet_row_and_cell(survey: list[list[Any]], code: str, place: str) -> None:
    refusal = refused(form(survey))
    assert (refusal.notice.code, refusal.notice.fields["place"]["en"]) == (code, place)


def test_a_condition_on_no_choice_of_a_list_names_its_cell() -> None:
    survey = [HEAD, ["select_one l", "a", "?"], ["text", "b", "?", "${a} = 'z'"]]
    refusal = refused(form(survey, [*NO_CHOICES, ["l", "x", "X"]]))
    assert (refusal.notice.code, refusal.notice.fields["place"]["en"]) == (
        "guide_condition_value", "Sheet survey, row 3, cell D3 (relevant)",
    )  # fmt: skip


def test_a_choice_that_is_there_twice_is_told_once_with_its_row_on_choices() -> None:
    survey = [HEAD, ["select_one l", "a", "?"], ["select_multiple l", "b", "?"]]
    refusal = refused(
        form(survey, [*NO_CHOICES, ["l", "x", "X"], ["l", "y", "Y"], ["l", "x", "Z"]])
    )
    told = [notice.fields["place"]["nl"] for notice in (refusal.notice, *refusal.others)]
    assert told == ["Blad choices, rij 2, cel B2 (name)", "Blad choices, rij 4, cel B4 (name)"]


def test_all_faults_are_told_at_once_in_both_languages() -> None:
    refusal = refused(form([HEAD, ["audio", "a", "?"], ["video", "b", "?"], [*TEXT, "1 ="]]))
    assert refusal.text("nl").splitlines()[1:] == [
        "- Blad survey, rij 3, cel A3 (type): video",
        (
            "- Blad survey, rij 4, cel D4 (relevant) is niet te lezen bij teken 4: het einde. "
            "Schrijf bijvoorbeeld ${leeftijd} > 17 and selected(${rol}, 'ondernemer'), met rechte "
            "aanhalingstekens. De leidraad is niet bewaard."
        ),
    ]
    assert refusal.text("en").splitlines()[1] == "- Sheet survey, row 3, cell A3 (type): video"


def test_what_changes_nothing_is_left_and_told() -> None:
    survey = [[*HEAD, "appearance", "Kolom 1"], ["start", "start"], [*TEXT, "", "multiline", "x"]]
    imported = xlsform.read(form(survey, settings=[["style", "form_id"], ["pages", "f"]]))
    assert [notice.text("nl") for notice in imported.notices] == [
        (
            "Niet overgenomen: start. Begin en einde van een gesprek noteert de app zelf; "
            "gegevens van het toestel of de gebruiker vragen wij niet."
        ),
        (
            "Niet overgenomen van blad survey, want het verandert geen vraag of antwoord: "
            "appearance, Kolom 1."
        ),
        "Niet overgenomen van blad settings, want het verandert geen vraag of antwoord: style.",
    ]


def test_a_hidden_sheet_is_refused_because_nobody_sees_what_it_asks() -> None:
    refusal = refused(form([HEAD, TEXT], hidden="choices"))
    assert (refusal.notice.code, refusal.notice.fields) == ("form_hidden", {"sheet": "choices"})


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"type,name,label\n", "form_no_workbook"),
        (b"PK\x03\x04", "zip_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "workbook_damaged"),
        (b"\0" * (5 * 2**20 + 1), "form_large"),
        (_packed({"xl/worksheets/sheet1.xml": b" " * (6 * 2**20)}), "unpacked_too_large"),
        (_packed({"../evil": b""}), "zip_path"),
        (_packed({"xl/workbook.xml": b"<x/>"}), "workbook_damaged"),
        (form([HEAD, *([*TEXT] for _ in range(5_001))]), "form_rows"),
        (form([["type", *(f"c{i}" for i in range(300))], TEXT]), "form_rows"),
        (form([HEAD, ["text", "a", "=1+1"]]), "formula_without_value"),
        (form([HEAD, ["text", "a", "x" * 10_001]]), "guide_text_long"),
    ],
)
def test_what_is_no_form_is_refused_before_it_costs_anything(content: bytes, code: str) -> None:
    began = time.process_time()
    assert refused(content).notice.code == code
    assert time.process_time() - began < 5


REAL = {  # file: what becomes of it
    "xlsformorg_cascading_select.xlsx": ["form_column"],
    "correlaid_testB.xlsx": ["form_type", "form_column", "condition_function"],
    "formpack_library-locking-example.xlsx": [],
    "formpack_library-locking-example.xls": [],
    "odk_ifrc-distribution-site-assessment-v1.xlsx": ["form_type", "form_column"],
}


def test_real_forms_are_read_or_refused_with_their_place(shared: Path) -> None:
    found = {}
    for path in sorted((shared / "data" / "xlsform").iterdir()):
        try:
            xlsform.read(path.read_bytes())
            found[path.name] = []
        except Refusal as refusal:
            notices = (refusal.notice, *refusal.others)
            found[path.name] = list(dict.fromkeys(notice.code for notice in notices))
            places = [notice.fields["place"]["en"] for notice in notices]
            assert all(place.startswith("Sheet survey, row ") for place in places)
    assert found == REAL


def test_a_real_form_gives_its_questions(shared: Path) -> None:
    names = ("formpack_library-locking-example.xlsx", "formpack_library-locking-example.xls")
    new, old = (xlsform.read((shared / "data" / "xlsform" / n).read_bytes()).guide for n in names)
    assert new == old
    assert (new.title, [q.name for q in new.questions]) == ("Library Locking", ["country", "city"])
    assert [len(question.choices) for question in new.questions] == [2, 4]


def test_bad_workbooks_of_the_manifest_are_refused_as_forms_too(shared: Path) -> None:
    with (shared / "badinputs" / "manifest.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["area"] in ("xlsx", "upload", "xml")]
    wrong = []
    for row in rows:
        refusal = refused((shared / "badinputs" / row["file"]).read_bytes())
        same = row["area"] == "xlsx" and row["kind"] == "reject" and row["id"] != "XLSX-13"
        texts = (refusal.text("nl"), refusal.text("en"))
        expected = (row["message_nl"], row["message_en"])
        if same and not (texts[0].startswith(expected[0]) and texts[1].startswith(expected[1])):
            wrong.append((row["id"], texts))
        other = ("form_no_survey", "form_no_workbook", "zip_damaged", "empty_file")
        if not same and refusal.notice.code not in other:
            wrong.append((row["id"], texts))
    assert wrong == []
