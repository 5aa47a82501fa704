# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A guide is made on screen: rows are added and moved, and a version is what was saved."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.fieldwork.making import SHOPS
from tests.web.journey.conftest import Signed
from tests.web.journey.test_guides import REVIEWED, bring
from wijkeconomie.fieldwork import checks
from wijkeconomie.fieldwork.guide import as_json, in_words, walk
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.journey import guide_forms
from wijkeconomie.web.journey.models import Guide, Journey


@pytest.fixture
def planner(signed: Signed) -> Client:
    return signed(Role.PLANNER)


FIRST = {
    "title": "Winkelgesprek", "languages": ["nl", "ar"], "unchecked": ["ar"], "rows": "2",
    "q0-label_nl": "Wat bent u hier?", "q0-label_ar": "ما دورك هنا؟", "q0-kind": "one",
    "q0-choices_nl": "Eigenaar\nBezoeker\n", "q0-choices_ar": "مالك\nزائر", "q0-required": "on",
    "q1-label_nl": "Wat is de huur?", "q1-kind": "integer", "q1-constraint": ". > 0",
    "q1-relevant": "${wat_bent_u_hier} = 'eigenaar'",
}  # fmt: skip


def make(client: Client, journey: Journey, **typed: Any) -> Any:
    return client.post(f"/reis/{journey.pk}/leidraad/maken/", typed)


def test_what_is_typed_becomes_a_version(planner: Client, journey: Journey) -> None:
    answer = make(planner, journey, **FIRST, act="save")
    kept = Guide.objects.get()
    assert answer["Location"] == f"/leidraad/{kept.pk}/"
    assert kept.document == {
        "format": 1, "id": "winkelgesprek", "title": "Winkelgesprek",
        "languages": ["nl", "ar"], "unchecked": ["ar"],
        "questions": [
            {"name": "wat_bent_u_hier", "kind": "one", "required": True,
             "label": {"nl": "Wat bent u hier?", "ar": "ما دورك هنا؟"},
             "choices": [{"name": "eigenaar", "label": {"nl": "Eigenaar", "ar": "مالك"}},
                         {"name": "bezoeker", "label": {"nl": "Bezoeker", "ar": "زائر"}}]},
            {"name": "wat_is_de_huur", "kind": "integer", "constraint": ". > 0",
             "label": {"nl": "Wat is de huur?"},
             "relevant": "${wat_bent_u_hier} = 'eigenaar'"},
        ],
    }  # fmt: skip
    page = planner.get(answer["Location"]).content.decode()
    assert "Alleen als het antwoord op “Wat bent u hier?” “Eigenaar” is." in page
    assert "مالك" in planner.get(f"{answer['Location']}?taal=ar").content.decode()


def test_what_is_made_on_screen_is_asked_from_then_on(planner: Client, journey: Journey) -> None:
    bring(planner, journey, REVIEWED)
    make(planner, journey, **FIRST, act="save")
    assert journey.asked.name == "Winkelgesprek"
    bring(planner, journey, REVIEWED)
    assert journey.asked.name == "Winkelgesprek"


def test_nothing_is_kept_before_it_is_saved_and_what_was_typed_stays(
    planner: Client, journey: Journey
) -> None:
    page = make(planner, journey, **FIRST, act="add")
    assert (page.status_code, Guide.objects.count()) == (200, 0)
    names = [row.initial.get("label_nl", "") for row in page.context["rows"]]
    assert names == ["Wat bent u hier?", "Wat is de huur?", ""]
    turned = make(planner, journey, **FIRST, act="up-1").context["rows"]
    assert [row.initial["label_nl"] for row in turned] == ["Wat is de huur?", "Wat bent u hier?"]
    less = make(planner, journey, **FIRST, act="remove-0").context["rows"]
    assert [row.initial["label_nl"] for row in less] == ["Wat is de huur?"]
    for odd in ("up-9", "remove-x", "", "down"):
        rows = make(planner, journey, **FIRST, act=odd).context["rows"]
        assert len(rows) == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"q1-relevant": "${huur} > 0"}, "huur"),
        ({"q1-relevant": "${wat_bent_u_hier} = 'baas'"},
         "is geen keuze van de vraag &#x27;wat_bent_u_hier&#x27;"),
        ({"q0-choices_ar": "مالك"}, "evenveel regels"),
        ({"q0-choices_nl": "", "q0-choices_ar": ""}, "wat_bent_u_hier"),
        ({"q1-constraint": ". >"},
         "Vraag &#x27;wat_is_de_huur&#x27; (constraint) is niet te lezen"),
        ({"q0-choices_nl": "Eigenaar\nEigenaar"},
         "“Wat bent u hier?”: de keuze &#x27;Eigenaar&#x27; staat er twee keer"),
        ({"title": ""}, "Dit veld is verplicht"),
        ({"rows": "0"}, "er staat geen vraag in"),
    ],
)  # fmt: skip
def test_a_guide_that_cannot_be_asked_is_refused_with_its_place(
    planner: Client, journey: Journey, typed: dict[str, str], said: str
) -> None:
    answer = make(planner, journey, **{**FIRST, **typed}, act="save")
    assert (answer.status_code, Guide.objects.count()) == (422, 0)
    assert said in answer.content.decode()


def options(row: Any) -> list[tuple[str, str]]:
    """What may be chosen as its condition: what is sent, and its words."""
    return [(value, str(label)) for value, label in row.fields["relevant"].choices[1:]]


MANY = {
    "q0-kind": "many", "rows": "3", "q2-label_nl": "En dan?", "q2-kind": "text",
    "q1-relevant": "selected(${wat_bent_u_hier}, 'bezoeker')",
}  # fmt: skip


def test_a_condition_is_chosen_of_the_choices_of_questions_before_it(
    planner: Client, journey: Journey
) -> None:
    one = make(planner, journey, **FIRST, act="add").context["rows"]
    asked = [("${wat_bent_u_hier} = 'eigenaar'", "Wat bent u hier? → Eigenaar"),
             ("${wat_bent_u_hier} = 'bezoeker'", "Wat bent u hier? → Bezoeker")]  # fmt: skip
    assert [options(row) for row in one] == [[], asked, asked]
    many = make(planner, journey, **FIRST | MANY, act="languages").context["rows"]
    asked = [(f"selected({source.replace(' =', ',')})", words) for source, words in asked]
    assert [options(row) for row in many] == [[], asked, asked]
    assert make(planner, journey, **FIRST | MANY, act="save").status_code == 302


def test_a_condition_that_is_no_choice_stays_to_be_chosen_in_words(
    planner: Client, journey: Journey
) -> None:
    bring(planner, journey, as_json(SHOPS).encode())
    kept = Guide.objects.get()
    rows = planner.get(f"/reis/{journey.pk}/leidraad/maken/?van={kept.pk}").context["rows"]
    consent = ("${consent_quote_public} = 'yes'", "Mogen wij opschrijven wat u zegt? → Ja")
    role = [("${role} = 'owner'", "Wie bent u? → Ondernemer"),
            ("${role} = 'resident'", "Wie bent u? → Bewoner")]  # fmt: skip
    own = ("${years} < 3", "het antwoord op “Hoeveel jaar zit u hier?” minder dan 3 is")
    assert [options(row) for row in rows] == [
        [consent], [consent, *role], [consent, *role], [consent, *role, own], [consent, *role]
    ]  # fmt: skip


def test_a_new_question_is_called_after_its_text_and_not_before_it_has_one(
    planner: Client, journey: Journey
) -> None:
    page = planner.get(f"/reis/{journey.pk}/leidraad/maken/")
    assert page.context["rows"][0].initial["name"] == ""
    names = [r.initial["name"] for r in make(planner, journey, **FIRST, act="add").context["rows"]]
    assert names == ["wat_bent_u_hier", "wat_is_de_huur", ""]


def test_a_question_is_a_line_and_opens_where_it_is_empty_wrong_or_moved(
    planner: Client, journey: Journey
) -> None:
    def opened(typed: dict[str, Any]) -> list[bool]:
        return [row.open for row in make(planner, journey, **typed).context["rows"]]

    wrong = {"q1-relevant": "${wat_bent_u_hier} = 'baas'"}
    assert opened(FIRST | {"act": "add"}) == [False, False, True]
    assert opened(FIRST | {"act": "up-1"}) == [True, False]
    assert opened(FIRST | {"act": "down-0"}) == [False, True]
    assert opened(FIRST | wrong | {"act": "save"}) == [True, True]  # both are named
    page = make(planner, journey, **FIRST, act="languages").content.decode()
    assert page.count('<details class="question">') == 2


def test_a_new_version_keeps_what_the_form_has_no_field_for_and_the_names_of_choices(
    planner: Client, journey: Journey
) -> None:
    bring(planner, journey, REVIEWED)
    first = Guide.objects.get()
    page = planner.get(f"/reis/{journey.pk}/leidraad/maken/?van={first.pk}")
    typed = as_typed(page.context["head"].initial, [row.initial for row in page.context["rows"]])
    typed |= {"base": str(first.pk), "act": "save", "title": "Tweede"}
    assert make(planner, journey, **typed).status_code == 302
    second = Guide.objects.exclude(pk=first.pk).get()
    assert second.document == first.document | {"title": "Tweede"}
    assert make(planner, journey, **typed | {"base": str(journey.pk)}).status_code == 404


def as_typed(head: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What a browser would send of a form that nobody touched."""
    typed: dict[str, Any] = {**head, "rows": str(len(rows))}
    for at, row in enumerate(rows):
        for name, value in row.items():
            if value not in ("", False):
                typed[f"q{at}-{name}"] = "on" if value is True else value
    return typed


def test_a_choice_that_one_language_lacks_keeps_its_place() -> None:
    document = json.loads(REVIEWED)
    del document["questions"][0]["choices"][1]["label"]["ar"]
    guide = checks.from_json(json.dumps(document))
    for each in (guide, SHOPS):
        head = {"title": each.title, "languages": each.languages, "unchecked": each.unchecked}
        again = guide_forms.written(head, guide_forms.rows_of(each), each)
        assert json.loads(again) == json.loads(as_json(each))


def test_a_guide_goes_out_as_xlsform_and_back_as_the_same_version(
    planner: Client, journey: Journey
) -> None:
    bring(planner, journey, REVIEWED)
    kept = Guide.objects.get()
    file = planner.get(f"/leidraad/{kept.pk}/xlsform.xlsx")
    assert bring(planner, journey, file.content)["Location"] == f"/leidraad/{kept.pk}/"
    assert Guide.objects.count() == 1


def test_an_import_is_refused_on_the_page_with_row_and_cell(
    planner: Client, journey: Journey
) -> None:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "survey"
    for row in (("type", "name", "label"), ("text", "a", "A?"), ("barcode", "b", "B?")):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    answer = bring(planner, journey, out.getvalue())
    assert answer.status_code == 422
    assert "Blad survey, rij 3, cel A3" in answer.content.decode()


def test_a_condition_in_words_says_questions_and_choices() -> None:
    conditions = [p.question.relevant for p in walk(SHOPS) if p.question.relevant]
    told = "het antwoord op “Wie bent u?” “Ondernemer” is"
    assert in_words(conditions[0], SHOPS, "nl") == told
    assert in_words(conditions[0], SHOPS, "tr") == told
    checks.check(SHOPS)
