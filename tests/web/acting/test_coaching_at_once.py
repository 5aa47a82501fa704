# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many proposals to one coach in the same moment: never more than the coach has room for."""

from __future__ import annotations

from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import logs_that_may_be_emptied  # noqa: F401
from tests.web.acting.test_booking_at_once import each
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import coaching
from wijkeconomie.web.acting.instruments.coaching import matching
from wijkeconomie.web.acting.models import Case, Listing, Match

pytestmark = pytest.mark.django_db(transaction=True)
MANY, ROOM = 12, 3
ONE_BY_ONE = connection.vendor == "sqlite"  # which lets one write at a time
MORE = {"subjects": ["money"], "languages": ["nl"], "most": ROOM, "when": ""}


@pytest.fixture
def by(transactional_db: None) -> User:
    return someone("opener", Role.AREA_MANAGER)


@pytest.fixture
def coach(by: User) -> Listing:
    """With room for three."""
    made = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=coaching.COACHING,
                         area="WK990101", title="Coaches", more={"days": 5})  # fmt: skip
    programme = actions.move(by=by, listing=made, to="open")
    return matching.add_coach(by=by, programme=programme, key=uuid4(), name="Iemand", user=None,
                              more=MORE)  # fmt: skip


def needs(coach: Listing, many: int) -> list[Case]:
    asker = actions.Asker(kind="person", name="Iemand")
    asked = actions.Question(about="idea", text="Hoe?", channel="web", asker=asker, more=MORE)
    programme = coach.within
    assert programme is not None
    return [matching.ask_for_coach(listing=programme, key=uuid4(), question=asked)
            for _ in range(many)]  # fmt: skip


def test_of_many_proposals_as_many_stand_as_there_is_room(coach: Listing, by: User) -> None:
    answers = each(lambda one: matching.propose(by=by, needing=one, coach=coach),
                   needs(coach, MANY), hands=MANY)  # fmt: skip
    won = [one for one in answers if isinstance(one, Match)]
    lost = {one[0] for one in answers if not isinstance(one, Match)}
    assert (len(won), lost) == (ROOM, {"coach_is_full"})
    assert (coaching.holding(coach), Case.objects.filter(state="proposed").count()) == (ROOM, ROOM)


def test_twin_when_nobody_holds_the_coach_all_of_them_stand(
    coach: Listing, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite lets one write at a time, so there it goes well without."""
    lock, holding = QuerySet.select_for_update, matching.holding
    looked = Barrier(1 if ONE_BY_ONE else MANY)

    def unheld(rows: QuerySet[Any], **how: Any) -> QuerySet[Any]:
        return rows if rows.model is Listing else lock(rows, **how)

    def together(found: Listing) -> int:
        has = holding(found)
        looked.wait(30)
        return has

    waiting = needs(coach, MANY)
    monkeypatch.setattr(QuerySet, "select_for_update", unheld)
    monkeypatch.setattr(matching, "holding", together)
    each(lambda one: matching.propose(by=by, needing=one, coach=coach), waiting, hands=MANY)
    assert coaching.holding(coach) == (ROOM if ONE_BY_ONE else MANY)


def test_two_people_who_propose_for_one_need_at_once_make_one_proposal(
    coach: Listing, by: User
) -> None:
    programme, (needing,) = coach.within, needs(coach, 1)
    assert programme is not None
    rows = [coach, *(matching.add_coach(by=by, programme=programme, key=uuid4(), name=f"{n}",
                                        user=None, more=MORE) for n in range(5))]  # fmt: skip
    answers = each(lambda one: matching.propose(by=by, needing=needing, coach=one), rows, hands=6)
    assert sum(isinstance(one, Match) for one in answers) == 1
    assert {one[0] for one in answers if not isinstance(one, Match)} == {"state_otherwise"}
