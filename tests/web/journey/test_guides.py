# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A guide goes along into the street; its versions stay, and answers keep to theirs."""

from __future__ import annotations

import html
import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.journey.conftest import Signed
from tests.web.journey.test_field import SAID, send
from wijkeconomie.fieldwork import checks, personal, xlsform_writing
from wijkeconomie.fieldwork.guide import version
from wijkeconomie.web.accounts.models import AuditLine, Role
from wijkeconomie.web.journey import phone, spoken
from wijkeconomie.web.journey.models import Conversation, Giver, Guide, Journey

SHOP = {
    "format": 1, "id": "winkel", "title": "Winkelgesprek", "languages": ["nl"],
    "questions": [
        {"name": "role", "kind": "one", "label": {"nl": "Wat bent u hier?"}, "choices": [
            {"name": "owner", "label": {"nl": "Eigenaar"}},
            {"name": "visitor", "label": {"nl": "Bezoeker"}},
        ]},
        {"name": "rent", "kind": "integer", "label": {"nl": "Wat is de huur?"},
         "relevant": "${role} = 'owner'"},
    ],
}  # fmt: skip


REVIEWS = Path(__file__).parent.parent.parent / "fieldwork/reviews.json"
REVIEWED = json.dumps(json.loads(REVIEWS.read_text("utf-8"))["guide"]).encode()


@pytest.fixture
def planner(signed: Signed) -> Client:
    return signed(Role.PLANNER)


def bring(client: Client, journey: Journey, content: bytes) -> Any:
    file = SimpleUploadedFile("leidraad", content)
    return client.post(f"/reis/{journey.pk}/leidraad/", {"file": file})


def test_the_same_guide_by_either_file_is_one_version(planner: Client, journey: Journey) -> None:
    written = json.dumps(SHOP)
    guide = checks.from_json(written)
    for content in (written.encode(), xlsform_writing.write(guide), written.encode()):
        assert bring(planner, journey, content).status_code == 302
    assert [(g.name, g.version) for g in Guide.objects.all()] == [("Winkelgesprek", version(guide))]
    taken = phone.pack(journey)["guide"]
    assert taken["version"] == version(guide)
    assert taken["questions"][1]["relevant"]["tree"] == ("=", ("answer", "role"), ("text", "owner"))


def ask(client: Client, guide: Guide) -> Any:
    return client.post(f"/leidraad/{guide.pk}/vragen/")


def two_guides(planner: Client, journey: Journey) -> list[Guide]:
    bring(planner, journey, json.dumps(SHOP).encode())
    bring(planner, journey, json.dumps(SHOP | {"title": "Proef"}).encode())
    return list(journey.guides.all())


def test_a_guide_from_a_file_is_shown_first_and_asked_once_a_planner_says_so(
    planner: Client, journey: Journey
) -> None:
    first, trial = two_guides(planner, journey)
    assert phone.pack(journey)["guide"]["version"] == first.version
    page = planner.get(f"/leidraad/{trial.pk}/").content.decode()
    assert "Deze leidraad wordt nu niet gevraagd: dat is “Winkelgesprek”." in page
    assert "Vraag deze leidraad voortaan" in page
    assert ask(planner, trial)["Location"] == f"/reis/{journey.pk}/leidraden/"
    assert phone.pack(journey)["guide"]["version"] == trial.version
    page = planner.get(f"/leidraad/{trial.pk}/").content.decode()
    assert "Vraag deze leidraad voortaan" not in page


def test_an_older_guide_is_asked_again_and_the_list_says_since_when(
    planner: Client, journey: Journey
) -> None:
    first, trial = two_guides(planner, journey)
    ask(planner, trial)
    ask(planner, first)
    assert phone.pack(journey)["guide"]["version"] == first.version
    rows = planner.get(f"/reis/{journey.pk}/leidraden/").content.decode().split("<li>")
    told = [row.split("</a>")[0].rpartition(">")[2] for row in rows if "Wordt nu gevraagd" in row]
    assert told == ["Winkelgesprek"]
    listed = [row for row in rows if "</a>" in row and "versie" in row]
    assert ["gemaakt op" in row for row in listed] == [True, True]  # each date says of what
    lines = AuditLine.objects.filter(verb="ask_guide").order_by("pk")
    subjects = [str(one.pk) for one in (first, trial, first)]
    assert list(lines.values_list("subject", flat=True)) == subjects


def counts(page: str) -> list[str]:
    """How many conversations the list says of each version, the newest first."""
    return re.findall(r"(\d+) (?:gesprek|gesprekken)</span>", page)


def test_the_list_counts_conversations_in_one_query_and_opens_nothing_that_was_noted(
    planner: Client, signed: Signed, journey: Journey
) -> None:
    first, trial = two_guides(planner, journey)
    worker, address = signed(Role.FIELD_WORKER), f"/reis/{journey.pk}/leidraden/"

    def talks(guide: Guide, count: int) -> None:
        said = {**SAID, "noted": {"guide": guide.version, "answers": {"role": "visitor"}}}
        for _ in range(count):
            assert send(worker, journey, uuid4(), said).status_code == 200

    talks(first, 1)
    with CaptureQueriesContext(connection) as few:
        assert counts(planner.get(address).content.decode()) == ["0", "1"]
    talks(first, 2)
    talks(trial, 2)
    assert send(worker, journey, uuid4(), SAID).status_code == 200  # without a guide
    with CaptureQueriesContext(connection) as many:
        assert counts(planner.get(address).content.decode()) == ["2", "3"]
    assert len(many) == len(few)
    assert [one["sql"] for one in many if '"noted"' in one["sql"]] == []


def test_to_ask_the_guide_that_is_asked_changes_nothing(planner: Client, journey: Journey) -> None:
    first, _trial = two_guides(planner, journey)
    ask(planner, first)
    assert Guide.objects.get(pk=first.pk).asked_at == first.asked_at
    assert AuditLine.objects.filter(verb="ask_guide").count() == 1


def test_who_makes_no_plans_sees_which_guide_is_asked_and_cannot_choose(
    planner: Client, signed: Signed, journey: Journey
) -> None:
    _first, trial = two_guides(planner, journey)
    worker = signed(Role.FIELD_WORKER)
    assert "voortaan" not in worker.get(f"/leidraad/{trial.pk}/").content.decode()
    assert ask(worker, trial).status_code == 403


def test_a_guide_that_cannot_be_used_is_refused_on_the_page(
    planner: Client, journey: Journey
) -> None:
    ring = json.loads(json.dumps(SHOP))
    ring["questions"][0]["relevant"] = "${rent} = 1"
    for content in (b"{", b"PK\x03\x04 broken", json.dumps(ring).encode()):
        answer = bring(planner, journey, content)
        assert answer.status_code == 422
    assert Guide.objects.count() == 0


def test_what_is_wrong_in_a_file_is_a_list_with_the_place_of_each_and_the_expression_whole(
    planner: Client, journey: Journey
) -> None:
    long = "if(${one} = 'a', " + "concat(${one}, 'b'), " * 5 + "'c')"
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in (["type", "name", "label", "calculation"], ["text", "one", "Een?", "1 + 1"],
                ["text", "two", "Twee?", long]):  # fmt: skip
        book.active.append(row)
    held = BytesIO()
    book.save(held)
    page = html.unescape(bring(planner, journey, held.getvalue()).content.decode())
    listed = page.split('<ul class="error"')[1].split("</ul>")[0].split("<li>")[1:]
    assert len(listed) == 2
    assert listed[1] == f"Blad survey, rij 3, cel D3 (calculation): {long}</li>"
    assert "regel" not in listed[0]


def test_a_text_in_place_of_a_workbook_is_said_to_be_no_excel_file(
    planner: Client, journey: Journey
) -> None:
    page = bring(planner, journey, b"Vraag 1: wat vindt u?").content.decode()
    assert "Dit is geen Excel-bestand (.xlsx of .xls)." in page


def test_a_language_that_a_file_does_not_name_is_said_in_words(
    planner: Client, journey: Journey
) -> None:
    asked = {"name": "q", "kind": "text", "label": {"und": "Wat?"}}
    bring(
        planner, journey, json.dumps(SHOP | {"languages": ["und"], "questions": [asked]}).encode()
    )
    page = planner.get(f"/leidraad/{Guide.objects.get().pk}/").content.decode()
    assert "<strong>een taal die het bestand niet noemt</strong>" in page


def test_a_new_version_changes_nothing_of_what_was_answered(
    planner: Client, signed: Signed, journey: Journey
) -> None:
    bring(planner, journey, json.dumps(SHOP).encode())
    first = Guide.objects.get().version
    noted = {"guide": first, "answers": {"role": "owner", "rent": "900"}, "themes": []}
    send(signed(Role.FIELD_WORKER), journey, uuid4(), SAID | {"noted": noted})
    bring(planner, journey, json.dumps(SHOP | {"title": "Tweede"}).encode())
    assert Conversation.objects.get().noted == noted
    assert [g.name for g in Guide.objects.all()] == ["Winkelgesprek", "Tweede"]
    with pytest.raises(TypeError):
        Guide.objects.get(version=first).save()


def test_answers_are_held_to_the_guide_under_which_they_were_given(
    planner: Client, signed: Signed, journey: Journey
) -> None:
    bring(planner, journey, REVIEWED)
    worker, kept = signed(Role.FIELD_WORKER), Guide.objects.get()

    def said(answers: dict[str, str], **more: Any) -> Any:
        noted = {"guide": kept.version, "answers": answers, "themes": [], **more}
        return send(worker, journey, uuid4(), SAID | {"noted": noted, "language": "ar"})

    wrong = said({"role": "owner", "rent": "veel"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "answer_integer")
    assert said({"role": "owner"}).json()["code"] == "answer_required"
    assert said({"role": "visitor"}, guide="0" * 64).json()["code"] == "guide_unknown"
    assert said({"role": "visitor"}, without={"rent": "zomaar"}).json()["code"] == "sent_unclear"
    assert Conversation.objects.count() == 0
    assert said({"role": "owner"}, without={"rent": "declined"}).status_code == 200
    texts = dict(Giver.objects.get().consents.values_list("purpose", "text_version"))
    assert (texts["quote"], texts["note"]) == ("winkel 3", spoken.of("ar")["version"])


OPEN = {
    "format": 1, "id": "open", "title": "Open", "languages": ["nl"], "questions": [
        {"name": f"q{n}", "kind": "text", "label": {"nl": f"Vraag {n}?"}} for n in range(6)
    ],
}  # fmt: skip


def said(client: Client, journey: Journey, answers: dict[str, str], *, guided: bool = True) -> Any:
    noted = {"answers": answers, "themes": []}
    noted |= {"guide": journey.guides.get().version} if guided else {}
    return send(client, journey, uuid4(), SAID | {"text": "Vrij.", "noted": noted})


def test_answers_to_a_guide_stand_in_the_text_and_stay_as_they_came(
    planner: Client, signed: Signed, journey: Journey
) -> None:
    bring(planner, journey, json.dumps(SHOP).encode())
    answers = {"role": "owner", "rent": "900"}
    assert said(signed(Role.FIELD_WORKER), journey, answers).status_code == 200
    talk = Conversation.objects.get()
    assert talk.wordings.get().text == (
        "Vrij.\n\nWat bent u hier?\nEigenaar\n\nWat is de huur?\n900"
    )
    assert talk.noted["answers"] == answers
    page = signed(Role.FIELD_WORKER).get(f"/gesprek/{talk.pk}/")
    assert "Wat bent u hier?" in page.content.decode()


@pytest.mark.parametrize("reason", ["declined", "not_asked"])
def test_what_was_typed_before_somebody_would_rather_not_answer_is_not_kept(
    planner: Client, signed: Signed, journey: Journey, reason: str
) -> None:
    bring(planner, journey, json.dumps(OPEN).encode())
    answers, without = {"q0": "Ik heb schulden.", "q1": "Goed."}, {"q0": reason}
    version = journey.guides.get().version
    noted = {"guide": version, "answers": answers, "without": without, "themes": []}
    sent = SAID | {"text": "Vrij.", "noted": noted}
    assert send(signed(Role.FIELD_WORKER), journey, uuid4(), sent).status_code == 200
    talk = Conversation.objects.get()
    assert talk.wordings.get().text == "Vrij.\n\nVraag 1?\nGoed."
    assert talk.noted["answers"] == {"q1": "Goed."}
    assert talk.noted["without"] == without


@pytest.mark.parametrize("guided", [True, False])
def test_a_telephone_number_in_an_answer_is_found_before_others_read_it(
    planner: Client, signed: Signed, journey: Journey, guided: bool
) -> None:
    bring(planner, journey, json.dumps(OPEN).encode())
    answers = {"q0": "Bel mij op 06 12345678."}
    assert said(signed(Role.FIELD_WORKER), journey, answers, guided=guided).status_code == 200
    found = personal.find(Conversation.objects.get().wordings.get().text)
    assert [one.kind for one in found] == (["phone"] if guided else [])  # of no guide: not told


def test_answers_beyond_what_a_text_holds_are_refused_and_stay_on_the_device(
    planner: Client, signed: Signed, journey: Journey
) -> None:
    bring(planner, journey, json.dumps(OPEN).encode())
    worker = signed(Role.FIELD_WORKER)
    most = {f"q{n}": "a" * 19_900 for n in range(3)}
    assert said(worker, journey, most).status_code == 200
    answer = said(worker, journey, most | {"q5": "b" * 600})
    assert (answer.status_code, answer.json()["code"]) == (422, "told_long")
    assert Conversation.objects.count() == 1
    talk, text = Conversation.objects.get(), "Anders. " + "a" * 50_000
    written = {"key": str(uuid4()), "text": text}
    assert worker.post(f"/gesprek/{talk.pk}/verbeteren/", written).status_code == 302
    assert talk.wordings.latest("number").text == text
