# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two who award in the same moment; a firm that offers twice in one."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import at_once, logs_that_may_be_emptied  # noqa: F401
from tests.web.acting import test_procurement as told
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import procurement as kinds
from wijkeconomie.web.acting.instruments.procurement import awards, firms, offers
from wijkeconomie.web.acting.models import Agreement, Case, Listing, Match

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8
Ready = tuple[User, Case, Listing]


@pytest.fixture
def ready(transactional_db: None, release: Any) -> Ready:
    """A commission that is open to all, and a firm."""
    by = someone("inkoper", Role.BUYER)
    told.policy(municipality(), by)
    buying = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=kinds.BUYING,
                           area="WK990101", title="Inkopen",
                           more={"amounts": False, **actions.lottery()})  # fmt: skip
    buying = actions.move(by=by, listing=buying, to="open")
    more = {"kvk": "12345678", "trades": ["green"], "cpv": [], "sbi": [], "size": "any",
            "area": "WK990101"}  # fmt: skip
    case = actions.ask(listing=buying, kind=kinds.FIRM, key=uuid4(), question=actions.Question(
        about="firm", text="Groen", channel="web", more=more,
        asker=actions.Asker(kind="organisation", name="Groen")))  # fmt: skip
    made = told.routed(by, buying, cents=200_000 * told.EURO)
    return by, case, firms.publish(by=by, commission=made)


def test_a_firm_that_offers_many_times_at_once_has_one_offer(ready: Ready) -> None:
    _by, case, made = ready
    given = {made.pk.hex: {"cents": 100, "words": "Goed"}}
    answers = at_once(partial(_offered, case, made, given), many=MANY)
    assert len(set(answers)) == 1
    assert Match.objects.get().more["offers"] == given


def _offered(case: Case, made: Listing, given: dict[str, Any]) -> UUID:
    return offers.offer(case=case, commission=made, made=given).pk


def test_of_many_who_award_at_once_one_does(ready: Ready) -> None:
    by, case, made = ready
    told.bid(case, made)
    shut = offers.unseal(by=by, commission=told.ended(made))
    answers = at_once(partial(_awarded, by, shut, told.choice(shut, case)), many=MANY)
    assert (answers.count("commission_fixed"), Agreement.objects.count()) == (MANY - 1, 1)


def _awarded(by: User, shut: Listing, choice: awards.Choice) -> UUID:
    return awards.award(by=by, listing=shut, key=uuid4(), choice=choice).pk
