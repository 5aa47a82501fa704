# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""At a desk the guide asks what it asks in the street, and its answers are kept the same way."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.journey.conftest import Signed
from tests.web.journey.test_field import SAID, send
from tests.web.journey.test_guides import REVIEWED, REVIEWS, SHOP, bring
from wijkeconomie.fieldwork import answers
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.journey.actions import field
from wijkeconomie.web.journey.models import Consent, Conversation, Guide, Journey

CASES = json.loads(REVIEWS.read_text("utf-8"))["cases"]
TEXT = "De straat is stil."
NOTED = {
    "text": TEXT, "giver_kind": "entrepreneur", "language": "nl", "kind": "street",
    "held_at": "2026-05-31T10:00",
}  # fmt: skip


@pytest.fixture
def desk(signed: Signed, journey: Journey) -> Client:
    """Someone at a desk, on a journey that asks a guide."""
    bring(signed(Role.PLANNER), journey, REVIEWED)
    return signed(Role.FIELD_WORKER)


def note(client: Client, journey: Journey, said: dict[str, str], **given: Any) -> Any:
    """Send the page at a desk, filled in with what was *said*."""
    guide = journey.asked.version
    kept = {name: value for name, value in said.items() if not name.startswith("consent_")}
    typed = {f"q-{n}": v.split() if n == "themes" else v for n, v in kept.items()}
    allows = ["note", *(["quote"] if said.get("consent_quote_plan") == "yes" else [])]
    sent = {**NOTED, "key": uuid4(), "guide": guide, "allows": allows, **typed, **given}
    return client.post(f"/reis/{journey.pk}/gesprek/", sent)


def faults(answer: Any) -> dict[str, list[str]]:
    """What the page says of answers, by question."""
    errors = answer.context["form"].errors.items()
    return {name.removeprefix("q-"): list(said) for name, said in errors}


@pytest.mark.parametrize(("said", "without", "wrong"), CASES)
def test_a_desk_refuses_what_a_phone_refuses_each_at_its_question(
    desk: Client, journey: Journey, said: dict[str, str], without: list[str], wrong: list[str]
) -> None:
    why = {f"w-{name}": "declined" for name in without}
    answer = note(desk, journey, said, **why)
    named = {one.partition(" ")[2] for one in wrong}
    if said.get("area") == "12,5":
        named = set()  # a comma that is typed is a point, as on the phone
    assert answer.status_code == (422 if named else 302)
    assert (set(faults(answer)) if named else set()) == named
    assert Conversation.objects.count() == (0 if named else 1)


OWNER = {
    "role": "owner",
    "rent": "900",
    "area": "12,5",
    "since": "2026-05-01",
    "themes": "rent permits",
}


def test_a_conversation_of_a_desk_is_kept_as_one_of_a_phone(desk: Client, journey: Journey) -> None:
    assert note(desk, journey, OWNER).status_code == 302
    told = OWNER | {"area": "12.5", "consent_quote_plan": "no"}
    noted = {"guide": journey.asked.version, "answers": told, "without": {"front": "not_asked"}}
    now = {**SAID, "text": TEXT, "allows": ["note"], "noted": noted}
    assert send(desk, journey, uuid4(), now).status_code == 200
    first, second = Conversation.objects.order_by("made_at")
    assert first.noted == second.noted == noted
    texts = [one.wordings.get().text for one in (first, second)]
    assert texts[0] == texts[1]
    assert texts[0].startswith(f"{TEXT}\n\nWat bent u hier?\nEigenaar\n\nWat is de huur?\n900")


def test_an_answer_to_what_is_not_asked_is_left_out_and_not_judged(
    desk: Client, journey: Journey
) -> None:
    assert note(desk, journey, {"role": "visitor", "rent": "veel", "area": "12"}).status_code == 302
    talk = Conversation.objects.get()
    assert talk.noted["answers"] == {"consent_quote_plan": "no", "role": "visitor"}
    assert "veel" not in talk.wordings.get().text


def test_without_the_rules_of_phones_it_would_be_refused_and_kept(
    desk: Client, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everything(guide: Any, *_: object) -> tuple[str, ...]:
        return tuple(placed.question.name for placed in answers.walk(guide))

    monkeypatch.setattr(answers, "asked", everything)
    answer = note(desk, journey, {"role": "visitor", "rent": "veel", "quoted": "Zo."})
    assert faults(answer) == {"rent": ["Vul een heel getal in, zonder punt of komma."]}


def test_what_is_wrong_is_said_in_words_of_the_guide_and_what_was_typed_stays(
    desk: Client, journey: Journey
) -> None:
    answer = note(desk, journey, {"role": "owner", "rent": "0", "since": "2026-06-01"})
    said = {"rent": ["De huur is meer dan nul."], "since": ["Dit antwoord kan niet."]}
    assert faults(answer) == said
    page = answer.content.decode()
    assert f">\n{TEXT}</textarea>" in page
    assert re.search(
        r'<input type="text" name="q-rent" value="0"[^>]*aria-describedby="id_q-rent_error"', page
    )
    assert re.search(r'<input type="radio" name="q-role" value="owner"[^>]* checked>', page)


def test_an_answer_and_why_there_is_none_are_not_both_kept(desk: Client, journey: Journey) -> None:
    answer = note(desk, journey, {"role": "visitor"}, **{"w-role": "declined"})
    assert faults(answer) == {"role": ["Kies: een antwoord, of waarom er geen is."]}


def test_the_questions_stand_in_the_language_that_is_chosen_and_nothing_typed_is_lost(
    desk: Client, journey: Journey
) -> None:
    address = f"/reis/{journey.pk}/gesprek/"
    page = desk.get(address).content.decode()
    assert [asked in page for asked in ("Wat bent u hier?", "ما دورك هنا؟")] == [True, False]
    key = uuid4()
    sent = {**NOTED, "key": key, "guide": journey.asked.version, "allows": ["note", "quote"],
            "q-role": "owner", "q-themes": ["rent", "permits"], "w-rent": "declined"}  # fmt: skip
    turned = desk.post(address, {**sent, "turn": "ar"})
    page = turned.content.decode()
    assert turned.status_code == 200
    assert '<legend lang="ar" dir="rtl">ما دورك هنا؟</legend>' in page
    assert '<legend lang="nl" dir="ltr">Waarover?</legend>' in page  # has no Arabic
    form = turned.context["form"]
    shown = {
        name: form[name].value()
        for name in ("key", "text", "allows", "q-role", "q-themes", "w-rent", "language")
    }
    assert shown == {
        "key": str(key), "text": TEXT, "allows": ["note", "quote"], "q-role": "owner",
        "q-themes": ["rent", "permits"], "w-rent": "declined", "language": "ar",
    }  # fmt: skip
    assert (form.errors, Conversation.objects.count()) == ({}, 0)


def test_what_is_read_aloud_is_the_text_of_the_guide_whose_version_is_kept(
    desk: Client, journey: Journey
) -> None:
    assert (
        "<li>Mag het in het plan?</li>" in desk.get(f"/reis/{journey.pk}/gesprek/").content.decode()
    )
    note(desk, journey, {"role": "visitor"})
    versions = dict(Consent.objects.values_list("purpose", "text_version"))
    assert versions["quote"] == "winkel 3"
    assert versions["note"] != "winkel 3"


def test_a_page_that_was_opened_with_an_older_guide_keeps_to_that(
    desk: Client, signed: Signed, journey: Journey
) -> None:
    older = journey.asked
    bring(signed(Role.PLANNER), journey, json.dumps(SHOP).encode())
    field.ask_guide(by=older.made_by, chosen=Guide.objects.latest("made_at"))
    assert note(desk, journey, {"role": "visitor"}, guide=older.version).status_code == 302
    assert Conversation.objects.get().noted["guide"] == older.version


def test_a_page_of_before_there_was_a_guide_is_taken_without_its_questions(
    desk: Client, journey: Journey
) -> None:
    assert note(desk, journey, {}, guide="").status_code == 302
    assert Conversation.objects.get().noted == {}


@pytest.mark.parametrize("version", ["0" * 64, "\0", "'; --", "x" * 5000])
def test_a_guide_of_no_version_here_is_not_there(
    desk: Client, journey: Journey, version: str
) -> None:
    assert note(desk, journey, {"role": "visitor"}, guide=version).status_code == 404


def test_a_number_that_points_at_somebody_in_an_answer_is_warned_of_first(
    desk: Client, journey: Journey
) -> None:
    said = {"role": "visitor", "consent_quote_plan": "yes", "quoted": "Bel 06-12345678."}
    answer = note(desk, journey, said)
    assert ([*faults(answer)], Conversation.objects.count()) == (["quoted"], 0)
    marks = [one.mark for one in answer.context["form"].suspects]
    assert note(desk, journey, said, warned=" ".join(marks)).status_code == 302


def test_of_an_answer_that_is_not_asked_nobody_is_warned(desk: Client, journey: Journey) -> None:
    said = {"role": "visitor", "consent_quote_plan": "no", "quoted": "Bel 06-12345678."}
    assert note(desk, journey, said).status_code == 302
    assert "06-12345678" not in Conversation.objects.get().wordings.get().text


def test_the_page_asks_the_database_no_more_for_more_questions(
    desk: Client, signed: Signed, journey: Journey
) -> None:
    address = f"/reis/{journey.pk}/gesprek/"
    with CaptureQueriesContext(
        connection,
    ) as few:
        desk.get(address)
    long = {**SHOP, "questions": [
        {"name": f"q{n}", "kind": "text", "label": {"nl": f"Vraag {n}?"}} for n in range(400)
    ]}  # fmt: skip
    bring(signed(Role.PLANNER), journey, json.dumps(long).encode())
    field.ask_guide(by=journey.asked.made_by, chosen=Guide.objects.latest("made_at"))
    with CaptureQueriesContext(connection) as many:
        page = desk.get(address).content.decode()
    assert page.count("data-question=") == 400
    assert len(many) == len(few)
