# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many at once on a journey: one conversation for one key, one step of a plan."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import at_once, logs_that_may_be_emptied  # noqa: F401
from wijkeconomie.web.accounts import actions
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey.actions import listening, plan, sense
from wijkeconomie.web.journey.models import Conversation, Giver, Journey, Plan, Version

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50
HELD = datetime(2026, 9, 1, 10, tzinfo=UTC)
NOTE = frozenset({"note"})


@pytest.fixture
def by(transactional_db: None) -> User:
    return someone("veld", Role.FIELD_WORKER)


@pytest.fixture
def journey(by: User) -> Journey:
    return plan.begin(by=by, municipality=municipality(), key=uuid4(), name="Reis",
                      area="WK990101", starts_on=date(2026, 3, 1))  # fmt: skip


def _hear(by: User, journey: Journey, key: UUID) -> str:
    heard = listening.Heard(key=key, text="Te duur.", held_at=HELD, allows=NOTE)
    return str(listening.hear(by=by, journey=journey, heard=heard).pk)


def test_the_same_conversation_sent_fifty_times_at_once_is_one(by: User, journey: Journey) -> None:
    key = uuid4()

    def send() -> str:
        answer: str = actions.once(
            user=by, key=str(key), content={"text": "Te duur."}, do=lambda: _hear(by, journey, key)
        )
        return answer

    assert at_once(send, MANY) == [str(key)] * MANY
    assert Conversation.objects.count() == Giver.objects.count() == 1


def test_fifty_conversations_at_once_are_fifty_givers_who_are_counted_on(
    by: User, journey: Journey
) -> None:
    at_once(lambda: _hear(by, journey, uuid4()), MANY)
    assert sorted(giver.pseudonym for giver in Giver.objects.all()) == [
        f"Bewoner-{n:02d}" for n in range(1, MANY + 1)
    ]


def test_two_who_take_the_same_step_with_a_plan_take_one(by: User, journey: Journey) -> None:
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=1, hours=1)
    said = at_once(lambda: plan.advance(by=by, plan=made, to="consultation").number, 10)
    assert sorted(map(str, said)) == ["1"] + ["no_such_step"] * 9
    assert Version.objects.count() == 1
    assert Plan.objects.get().state == Plan.State.CONSULTATION


def test_the_same_quote_by_many_at_once_is_one(by: User, journey: Journey) -> None:
    key = uuid4()
    _hear(by, journey, key)
    wording = Conversation.objects.get().wordings.get()
    keys = at_once(lambda: str(sense.quote(by=by, wording=wording, start=0, end=7).pk), 10)
    assert len(set(keys)) == 1
