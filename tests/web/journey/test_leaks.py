# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A canary in every field that a person types: it comes out only where it may."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import AuditLine, ProcessingLine, Receipt, Role
from wijkeconomie.web.accounts.words import VERBS
from wijkeconomie.web.journey import actions
from wijkeconomie.web.journey.actions.plan import STEPS
from wijkeconomie.web.journey.models import Conversation, Giver, Journey, Version

CANARY = "Zwanhilde Kanariepiet"


@pytest.fixture
def planted(signed: Signed, journey: Journey) -> Conversation:
    answer = signed(Role.FIELD_WORKER).post(reverse("hear", args=[journey.pk]), {
        "key": uuid4(), "text": f"{CANARY} vindt het te duur.", "allows": ["note"],
        "giver_kind": "resident", "kind": "street", "held_at": "2026-09-02T10:00",
    })  # fmt: skip
    assert answer.status_code == 302
    assert CANARY not in answer["Location"]
    return Conversation.objects.get()


def _cells(model: type[models.Model]) -> str:
    return str(list(model._default_manager.values_list()))


def test_what_was_said_stands_in_the_text_and_in_no_log_receipt_or_version(
    planted: Conversation,
) -> None:
    for model in (AuditLine, ProcessingLine, Receipt, Version, Giver):
        assert CANARY not in _cells(model)
    holding = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- names of our own
            if CANARY in str(cursor.fetchall()):
                holding.append(table)
    assert holding == ["journey_wording"]


def test_an_error_in_an_act_writes_no_words_to_the_log(
    signed: Signed, journey: Journey, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def broken(**_given: object) -> None:
        raise RuntimeError("kapot")

    monkeypatch.setattr("wijkeconomie.web.journey.actions.listening.hear", broken)
    field = signed(Role.FIELD_WORKER)
    field.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        answer = field.post(reverse("hear", args=[journey.pk]), {
            "key": uuid4(), "text": CANARY, "allows": ["note"], "giver_kind": "resident",
            "kind": "street", "held_at": "2026-09-02T10:00",
        })  # fmt: skip
    assert answer.status_code == 500
    assert "kapot" in caplog.text
    assert CANARY not in caplog.text


def test_every_act_that_is_written_down_has_words_in_the_log() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(actions.__path__[0]).glob("*.py"))
    said = set(re.findall(r'noted\([A-Za-z]+, "(\w+)"', source)) | {"forbid", "begin"}
    steps = {f"to_{to}" for _was, to in STEPS}
    assert len(said) > 20
    assert (said | steps) - set(VERBS) == set()


def test_no_page_of_a_journey_is_kept_for_anyone_else(
    signed: Signed, planted: Conversation, journey: Journey
) -> None:
    page = reverse("conversation", args=[planted.pk])
    mine = signed(Role.FIELD_WORKER).get(page)
    assert CANARY in mine.content.decode()
    assert "no-store" in mine["Cache-Control"]
    assert Client().get(page).status_code == 302
    other = signed(Role.CODER).get(reverse("journey", args=[journey.pk]))
    assert CANARY not in other.content.decode()
