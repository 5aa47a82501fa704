# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a team types itself is looked at too: others read it, and some of it everybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.rounds import effort
from tests.web.journey.test_sense import heard
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey import asking
from wijkeconomie.web.journey.actions import listening, sense
from wijkeconomie.web.journey.models import Finding, Journey, Opgave

Person = Callable[[Role], User]
NAMED = "Bel 06-12345678 of NL91ABNA0417164300, BSN 111222333."


@pytest.fixture
def pages(journey: Journey, person: Person) -> dict[str, tuple[Role, str, dict[str, Any]]]:
    """Who types where, what, and which of it is a text."""
    by = person(Role.PLANNER)
    talk = heard(person(Role.FIELD_WORKER), journey, "De huur is te hoog.")
    listening.check(by=person(Role.FIELD_WORKER), conversation=talk)
    quote = sense.quote(by=person(Role.CODER), wording=talk.wordings.get(), start=0, end=7)
    made = effort(journey, by, 1000)
    goal = made.aims.get().goal
    finding = Finding.objects.get()
    sense.weigh(by=by, finding=finding, thing=quote, direction=1)
    key = {"key": str(uuid4())}
    return {
        "finding": (Role.CODER, reverse("find", args=[journey.pk]),
                    key | {"claim": NAMED, "perspective": "space"}),
        "changed finding": (Role.CODER, reverse("change_finding", args=[finding.pk]),
                            key | {"claim": NAMED, "perspective": "space"}),
        "contrary": (Role.CODER, reverse("judge", args=[finding.pk]),
                     {"verdict": "confirms", "confidence": "fair", "contrary": NAMED,
                      "why": "Zo is het."}),
        "memo": (Role.CODER, reverse("quote_memo", args=[quote.pk]), key | {"text": NAMED}),
        "answer": (Role.FIELD_WORKER, reverse("answer", args=[talk.giver_id]),
                   key | {"text": NAMED}),
        "correction": (Role.FIELD_WORKER, reverse("correct", args=[talk.pk]),
                       key | {"text": NAMED}),
        "opgave": (Role.PLANNER, reverse("set_opgave", args=[journey.pk]),
                   key | {"sentence": NAMED, "perspective": "space", "assumption": "Ja",
                          "contribution": "large", "findings": [str(finding.pk)]}),
        "goal": (Role.PLANNER, reverse("set_goal", args=[made.aims.get().goal.opgave_id]),
                 key | {"sentence": "Plek", "year": 2030, "sign": NAMED}),
        "effort": (Role.PLANNER, reverse("propose", args=[goal.pk]),
                   key | {"title": NAMED, "instrument": "day_shop", "perspective": "space",
                          "low": "1", "likely": "2", "high": "3", "hours": 1, "space": 0,
                          "value": 3, "contribution": "moderate", "assumption": "Ja"}),
        "promise": (Role.PLANNER, reverse("promise", args=[made.pk]),
                    key | {"partner": "De school", "what": NAMED, "due": "2030-01-01"}),
    }  # fmt: skip


WATCHED = {"finding": "claim", "changed finding": "claim", "contrary": "contrary", "memo": "text",
           "answer": "text", "correction": "text", "opgave": "sentence", "goal": "sign",
           "effort": "title", "promise": "what"}  # fmt: skip


@pytest.mark.parametrize("where", WATCHED)
def test_a_number_of_a_person_is_kept_only_after_a_warning_and_nothing_typed_is_lost(
    signed: Signed, pages: dict[str, tuple[Role, str, dict[str, Any]]], where: str
) -> None:
    role, address, given = pages[where]
    client = signed(role)
    asked = client.post(address, given)
    page = asked.content.decode()
    assert [*asked.context["form"].errors] == [WATCHED[where]]
    assert (asked.status_code, NAMED in page, "Toch zo opslaan" in page) == (422, True, True)
    marked = re.findall('<mark class="personal">([^<]+)</mark>', page)
    assert marked == ["06-12345678", "NL91ABNA0417164300", "111222333"]
    marks = re.search(r'name="warned" value="([^"]+)"', page)
    assert marks is not None
    assert client.post(address, given | {"warned": marks[1]}).status_code == 302


def _found(client: Client, pages: dict[str, tuple[Role, str, dict[str, Any]]]) -> int:
    _role, address, given = pages["finding"]
    return client.post(address, given).status_code


def test_twin_without_the_look_it_is_kept_without_a_word(
    signed: Signed, pages: dict[str, tuple[Role, str, dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert (_found(signed(Role.CODER), pages), Finding.objects.count()) == (422, 1)
    monkeypatch.setattr(asking, "careful", lambda *_given: True)
    assert (_found(signed(Role.CODER), pages), Finding.objects.count()) == (302, 2)


def test_what_stood_there_already_is_not_asked_about_again(
    signed: Signed, pages: dict[str, tuple[Role, str, dict[str, Any]]]
) -> None:
    Finding.objects.update(claim=NAMED)
    address = pages["changed finding"][1]
    given = {"key": str(uuid4()), "claim": NAMED, "perspective": "work"}
    assert signed(Role.CODER).post(address, given).status_code == 302
    assert Opgave.objects.count() == 1
