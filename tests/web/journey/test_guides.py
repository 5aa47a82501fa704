# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A guide goes along into the street; its versions stay, and answers keep to theirs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.journey.conftest import Signed
from tests.web.journey.test_field import SAID, send
from wijkeconomie.fieldwork import checks, xlsform_writing
from wijkeconomie.fieldwork.guide import version
from wijkeconomie.web.accounts.models import Role
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


def test_a_guide_that_cannot_be_used_is_refused_on_the_page(
    planner: Client, journey: Journey
) -> None:
    ring = json.loads(json.dumps(SHOP))
    ring["questions"][0]["relevant"] = "${rent} = 1"
    for content in (b"{", b"PK\x03\x04 broken", json.dumps(ring).encode()):
        answer = bring(planner, journey, content)
        assert answer.status_code == 422
    assert Guide.objects.count() == 0


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
