# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The same conversation sent many times in the same moment is one conversation."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import at_once, logs_that_may_be_emptied  # noqa: F401
from wijkeconomie.figures.release import Release
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey.actions import field, listening, plan
from wijkeconomie.web.journey.models import Arrival, Conversation, Journey, Wording

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50


@pytest.fixture
def worker(logs_that_may_be_emptied: None) -> User:  # noqa: F811 -- a fixture
    return someone("veld", Role.FIELD_WORKER)


@pytest.fixture
def journey(worker: User, release: Release) -> Journey:
    return plan.begin(by=worker, municipality=municipality(), key=uuid4(), name="Reis",
                      area="WK990101", starts_on=date(2026, 3, 1))  # fmt: skip


def _send(worker: User, journey: Journey, key: UUID, text: str = "Te duur.") -> Any:
    now = timezone.now()
    heard = listening.Heard(key=key, text=text, held_at=now, allows=frozenset({"note"}))
    sent = field.Sent(key=key, content={"text": text}, at=now)
    made = field.arrive(
        by=worker, journey=journey, sent=sent,
        keep=lambda: listening.hear(by=worker, journey=journey, heard=heard),
    )  # fmt: skip
    return made.number


def test_the_same_key_fifty_times_at_once_gives_one_conversation(
    worker: User, journey: Journey
) -> None:
    key = uuid4()
    assert at_once(lambda: _send(worker, journey, key), MANY) == [1] * MANY
    assert [(c.pk, c.wordings.get().text) for c in Conversation.objects.all()] == [
        (key, "Te duur.")
    ]
    assert Arrival.objects.get().pk == key


def test_twin_without_the_key_of_the_device_there_would_be_fifty(
    worker: User, journey: Journey
) -> None:
    numbers = at_once(lambda: _send(worker, journey, uuid4()), MANY)
    assert sorted(numbers) == list(range(1, MANY + 1))
    assert Conversation.objects.count() == MANY


def test_of_two_texts_under_one_key_at_once_one_stays_and_the_other_is_told(
    worker: User, journey: Journey
) -> None:
    key, texts = uuid4(), ["Te duur.", "Te klein."]
    answers = at_once(lambda: _send(worker, journey, key, texts.pop()), 2)
    assert sorted(map(str, answers)) == ["1", "arrived_otherwise"]
    assert Wording.objects.count() == 1
