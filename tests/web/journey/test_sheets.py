# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A sheet of paper leads to one conversation, its card to the same; twice typed over is once."""

from __future__ import annotations

import html
import json
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone

from tests.web.journey.conftest import Signed
from tests.web.journey.test_field import SAID, send
from tests.web.journey.test_guides import REVIEWED
from tests.web.test_report import _faults
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey import access, sheets, spoken
from wijkeconomie.web.journey.actions import field
from wijkeconomie.web.journey.models import Consent, Conversation, Giver, Journey, Sheet

SITE = "http://127.0.0.1/mijn-bijdrage/"


@pytest.fixture
def worker(signed: Signed) -> Client:
    return signed(Role.FIELD_WORKER)


def opened(client: Client, journey: Journey, code: str) -> Any:
    body = json.dumps({"sheet": code})
    return client.post(f"/veld/{journey.pk}/blad/", body, "application/json")


def made(journey: Journey, number: int = 1) -> list[Sheet]:
    return field.make_sheets(by=User.objects.all()[0], journey=journey, number=number)


def test_the_file_has_a_sheet_for_each_conversation_and_can_be_read_by_everyone(
    worker: Client, journey: Journey
) -> None:
    field.add_guide(by=User.objects.all()[0], journey=journey, content=REVIEWED)
    answer = worker.post(f"/reis/{journey.pk}/bladen/", {"number": "3", "language": "ar"})
    assert answer["Content-Type"] == "application/pdf"
    if shots := os.environ.get("WIJKECONOMIE_SHOTS"):
        (Path(shots) / "sheets.pdf").write_bytes(answer.content)
    assert _faults(answer.content) == []
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert str(pdf.Root.Lang) == "nl"
    text = "".join(
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(answer.content)
    )
    for sheet in Sheet.objects.all():
        for code in (access.sheet_of(sheet.pk), access.card_of(sheet.pk)):
            assert f"{code[:5]} {code[5:]}" in text
    assert Sheet.objects.count() == 3


def test_the_page_says_what_the_phone_says_in_the_language_that_was_chosen(
    journey: Journey,
) -> None:
    field.add_guide(by=User.objects.all()[0], journey=journey, content=REVIEWED)
    (sheet,) = made(journey)
    page = html.unescape(sheets.as_html(journey, [sheet], chosen="ar", site=SITE))
    assert page.count('dir="rtl"') == 3  # consent, one question, the card
    for words in ("هل يمكن أن تظهر كلماتك في الخطة؟", "ما دورك هنا؟", "Wat is de huur?", "☐ مالك"):
        assert words in page
    assert "Mogen uw woorden in het plan" not in page  # the guide has its own
    assert "moedertaal" in page or "native speaker" in page
    assert "Alleen als het antwoord op “ما دورك هنا؟” “مالك” is." in page
    assert spoken.of("ar")["audio"] in page  # what the app asks when it is typed over


def test_the_code_of_a_sheet_opens_no_card(journey: Journey) -> None:
    (sheet,) = made(journey)
    assert access.sheet_of(sheet.pk) != access.card_of(sheet.pk)
    assert sheet.code not in (access.sheet_of(sheet.pk), access.card_of(sheet.pk))


def test_what_is_typed_over_is_marked_has_its_day_and_the_card_that_was_torn_off(
    worker: Client, journey: Journey
) -> None:
    (sheet,) = made(journey)
    code = access.sheet_of(sheet.pk)
    card = opened(worker, journey, f" {code[:5].upper()}-{code[5:]} ").json()["card"]
    assert card["key"] == str(sheet.pk)
    day = timezone.now() - timedelta(days=9)
    send(worker, journey, card["key"], SAID | {"from_paper": True}, at=day)
    talk = Conversation.objects.get()
    assert (talk.from_paper, talk.held_at) == (True, day)
    assert access.giver_with(access.card_of(sheet.pk)) == Giver.objects.get()


def test_twice_typed_over_is_once(worker: Client, journey: Journey) -> None:
    (sheet,) = made(journey)
    first = send(worker, journey, sheet.pk, SAID | {"from_paper": True}).json()
    again = opened(worker, journey, access.sheet_of(sheet.pk))
    assert (again.status_code, again.json()["code"]) == (422, "sheet_used")
    assert f"ontvangst {first['number']}" in again.json()["detail"]
    assert send(worker, journey, sheet.pk, SAID | {"from_paper": True}).json() == first
    other = send(worker, journey, sheet.pk, SAID | {"from_paper": True, "text": "Anders."})
    assert (other.status_code, Conversation.objects.count()) == (409, 1)


@pytest.mark.parametrize("code", ["", "aaaaaaaaaa", "\x00", "x" * 5000])
def test_a_code_that_is_none_is_refused(worker: Client, journey: Journey, code: str) -> None:
    made(journey)
    answer = opened(worker, journey, code)
    assert (answer.status_code, answer.json()["code"]) == (422, "sheet_unknown")


def test_a_sheet_of_another_journey_is_not_known(worker: Client, journey: Journey) -> None:
    other = Journey.objects.create(
        municipality=journey.municipality, name="Andere", area=journey.area,
        starts_on=journey.starts_on,
    )  # fmt: skip
    (sheet,) = made(other)
    assert opened(worker, journey, access.sheet_of(sheet.pk)).json()["code"] == "sheet_unknown"


@pytest.mark.parametrize("number", ["0", "21", "x", ""])
def test_a_number_of_sheets_that_cannot_be_makes_none(
    worker: Client, journey: Journey, number: str
) -> None:
    answer = worker.post(f"/reis/{journey.pk}/bladen/", {"number": number, "language": "nl"})
    assert (answer.status_code, Sheet.objects.count()) == (422, 0)
    assert Consent.objects.count() == 0
