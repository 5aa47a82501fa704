# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A button that is pressed more often than once, in the same moment."""

from __future__ import annotations

from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import at_once, logs_that_may_be_emptied  # noqa: F401
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments.contact_point import POINT, QUESTION
from wijkeconomie.web.acting.models import Case, Listing, Party

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 16
ASKER = actions.Asker(kind="person", name="Iemand")
SAID = actions.Question(about="rules", text="Mag dit?", channel="web", asker=ASKER)


@pytest.fixture
def point(transactional_db: None) -> Listing:
    by: User = someone("opener", Role.AREA_MANAGER)
    made = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=POINT,
                         area="WK990101", title="Loket", more={"days": 5})  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


def _asked(point: Listing, key: UUID) -> UUID:
    return actions.ask(listing=point, kind=QUESTION, key=key, question=SAID).pk


def test_one_question_sent_often_at_once_is_one_question(point: Listing) -> None:
    key = uuid4()
    assert at_once(partial(_asked, point, key), many=MANY) == [key] * MANY
    assert (Case.objects.count(), Party.objects.count()) == (1, 1)


def test_twin_unheld_all_but_one_are_refused_what_they_sent_themselves(
    point: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite lets one write at a time, so there it goes well without."""
    one_by_one = connection.vendor == "sqlite"
    lock, after = QuerySet.select_for_update, actions.after
    looked = Barrier(1 if one_by_one else MANY)

    def unheld(rows: QuerySet[Any], **how: Any) -> QuerySet[Any]:
        return rows if rows.model is Listing else lock(rows, **how)

    def together(*given: Any) -> Any:
        """All have looked whether it is there before one of them writes it."""
        looked.wait(timeout=60)
        return after(*given)

    monkeypatch.setattr(QuerySet, "select_for_update", unheld)
    monkeypatch.setattr(actions, "after", together)
    key = uuid4()
    answers = at_once(partial(_asked, point, key), many=MANY)
    assert answers.count("key_used") == (0 if one_by_one else MANY - 1)
    assert Case.objects.count() == 1
