# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many who give of one pot, hand out one thing, or make what comes back, in the same moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import at_once, logs_that_may_be_emptied  # noqa: F401
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.instruments import initiatives, permit_guide
from wijkeconomie.web.acting.instruments.initiatives import agenda, borrowing, pots, support
from wijkeconomie.web.acting.models import Case, Gift, Item, Listing, Pot

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


@pytest.fixture
def by(transactional_db: None) -> User:
    user: User = someone("opener", Role.AREA_MANAGER)
    return user


@pytest.fixture
def desk(by: User) -> Listing:
    made = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=initiatives.DESK,
                         area="WK990101", title="Doe mee")  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


def proposed(desk: Listing, number: int, by: User, **more: Any) -> Case:
    plan = initiatives.Plan(
        sort="street",
        title=f"Feest {number}",
        story="S",
        answers={},
        day=timezone.localdate() + timedelta(4),
        where="K",
        **more,
    )
    asker = actions.Asker(kind="person", name=f"N{number}", phone=f"06-{number}")
    case = initiatives.propose(desk=desk, key=uuid4(), plan=plan, asker=asker)
    initiatives.decide(by=by, initiative=case.listing, to="open")
    return case


def test_of_one_pot_no_more_is_given_than_there_is_however_many_give_at_once(
    by: User, desk: Listing
) -> None:
    other = someone("tweede", Role.PLANNER)
    pot = Pot.objects.create(municipality=municipality(), made_by=by, listing=desk, bound=30_000,
                             cents=30_000, shares=3, state="open", second=other,
                             second_at=timezone.now())  # fmt: skip
    cases = [proposed(desk, number, by) for number in range(MANY)]
    for one in cases:
        support.ask_money(case=one, cents=10_000, text="Brood")
    waiting = iter(cases)

    def give() -> str:
        support.decide_money(by=by, case=next(waiting), key=uuid4(), cents=10_000, pot=pot,
                             reason="Past")  # fmt: skip
        return "given"

    said = at_once(give, many=MANY)
    pot.refresh_from_db()
    assert (said.count("given"), said.count("pot_empty")) == (3, MANY - 3)
    assert (pot.given, Gift.objects.count(), pots.proof(pot)) == (30_000, 3, True)


def test_of_many_who_hand_out_one_thing_at_once_one_does(by: User, desk: Listing) -> None:
    item = borrowing.add(by=by, desk=desk, key=uuid4(), name="Tent")
    waiting = iter([proposed(desk, number, by) for number in range(MANY)])

    def hand() -> str:
        borrowing.hand(by=by, item=item, to="out", case=next(waiting))
        return "handed"

    said = at_once(hand, many=MANY)
    assert (said.count("handed"), said.count("state_otherwise")) == (1, MANY - 1)
    assert Item.objects.get().state == "out"


def test_what_comes_back_is_made_once_by_however_many_processes(
    by: User, desk: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(permit_guide.Answer, "verdict", "free")
    proposed(desk, 1, by, every="week")
    at_once(lambda: agenda.go_on(timezone.now()), many=4)
    days = list(Listing.objects.filter(kind="initiative").values_list("more__day", flat=True))
    assert len(days) == len(set(days)) > 3
    assert Listing.objects.filter(more__newest=True).count() == 1
