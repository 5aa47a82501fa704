# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the money of initiatives comes from: set aside by two, and never more than there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.web.acting.lending import deposit
from tests.web.acting.test_covenant import Person, refused
from tests.web.acting.test_initiatives import Proposes, desk, proposes
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting.instruments import initiatives
from wijkeconomie.web.acting.instruments.fund import ledger
from wijkeconomie.web.acting.instruments.initiatives import pots, support
from wijkeconomie.web.acting.models import Case, Gift, Line, Listing, Pot, Transfer
from wijkeconomie.web.journey.models import Effort, Journey

__all__ = ["desk", "proposes"]


@pytest.fixture
def effort(journey: Journey, person: Person) -> Effort:
    """One of which € 2.000 is for initiatives."""
    return Effort.objects.create(
        journey=journey, title="Samen", instrument="local_brand", perspective="cohesion",
        choice="chosen", cost_low=1, cost_likely=200_000, cost_high=300_000, hours=1, value=1,
        made_by=person(Role.AREA_MANAGER),
    )  # fmt: skip


@pytest.fixture
def pot(desk: Listing, effort: Effort, person: Person) -> Pot:
    """€ 1.000 for five initiatives, by two."""
    made = set_aside(desk, effort, person(Role.PLANNER))
    return pots.second(by=person(Role.AREA_MANAGER), pot=made, yes=True)


@contextmanager
def unguarded(name: str) -> Iterator[None]:
    """Without what the database holds to."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA ignore_check_constraints = ON")
    else:  # the transaction of the test is rolled back
        with connection.schema_editor() as schema:
            schema.execute("SET CONSTRAINTS ALL IMMEDIATE")
            schema.remove_constraint(Pot, next(one for one in Pot._meta.constraints
                                               if one.name == name))  # fmt: skip
    yield
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA ignore_check_constraints = OFF")


def set_aside(desk: Listing, of: Any, by: Any, **more: Any) -> Pot:
    told = {"key": uuid4(), "cents": 100_000, "shares": 5} | more
    return pots.set_aside(by=by, desk=desk, of=of, **told)


def asks(case: Case, cents: int = 20_000) -> Case:
    support.ask_money(case=case, cents=cents, text="Drinken")
    return case


def gets(case: Case, by: Any, pot: Pot, cents: int = 20_000) -> Line:
    return support.decide_money(by=by, case=asks(case, cents), key=uuid4(), cents=cents, pot=pot,
                                reason="Past")  # fmt: skip


def test_of_an_effort_no_more_is_set_aside_than_it_costs_and_once(
    desk: Listing, effort: Effort, person: Person
) -> None:
    by, key = person(Role.PLANNER), uuid4()
    with refused("pot_beyond"):
        set_aside(desk, effort, by, cents=200_001)
    one = set_aside(desk, effort, by, key=key)
    assert set_aside(desk, effort, by, key=key) == one
    with refused("key_used"):
        set_aside(desk, effort, by, key=key, shares=6)
    with refused("pot_taken"):
        set_aside(desk, effort, by)
    pots.second(by=person(Role.AREA_MANAGER), pot=one, yes=False)
    assert set_aside(desk, effort, by).state == "asked"  # what was not confirmed is in nobody's way


def test_who_asked_is_not_who_confirms(pot: Pot, desk: Listing, person: Person) -> None:
    by = person(Role.PLANNER)
    Pot.objects.update(state="asked", second=None, second_at=None)
    with refused("pot_by_two"):
        pots.second(by=by, pot=pot, yes=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Pot.objects.update(second=by, second_at="2026-01-01T00:00Z", state="open")
    with refused("pot_not_open"):
        pots._book(pot, 1)


def test_an_initiative_gets_an_equal_share_at_most(
    pot: Pot, proposes: Proposes, person: Person
) -> None:
    by = person(Role.PLANNER)
    with refused("pot_share"):
        gets(proposes(), by, pot, 20_001)
    gets(proposes(), by, pot, 20_000)
    assert (Gift.objects.get().cents, pots.that_can(pot.listing)[0].left) == (20_000, 80_000)


def test_no_more_is_given_than_there_is(pot: Pot, proposes: Proposes, person: Person) -> None:
    by = person(Role.PLANNER)
    for _ in range(5):
        gets(proposes(), by, pot)
    pot.refresh_from_db()
    with refused("pot_empty"):
        gets(proposes(), by, pot, 1)
    pot.refresh_from_db()
    assert (pot.given, pot.left, pots.proof(pot), Gift.objects.count()) == (100_000, 0, True, 5)
    assert Line.objects.filter(state="open").count() == 5  # nothing half is left behind


def test_the_database_itself_gives_no_more_of_what_two_saw_at_once(pot: Pot) -> None:
    one, other = Pot.objects.get(pk=pot.pk), Pot.objects.get(pk=pot.pk)
    pots._book(one, 60_000)
    with refused("pot_empty"):
        pots._book(other, 60_000)  # they saw € 1.000 that was left
    pot.refresh_from_db()
    assert pot.given == 60_000


def test_twin_without_the_guard_two_are_promised_the_same_money(pot: Pot) -> None:
    seen = [Pot.objects.get(pk=pot.pk).left for _ in range(2)]
    with unguarded("pot_never_beyond"):
        for left in seen:
            if left >= 60_000:
                Pot.objects.update(given=F("given") + 60_000)
        pot.refresh_from_db()
        assert pot.left == -20_000
        Pot.objects.update(given=0)


def test_money_of_a_fund_leaves_its_ledger_when_who_keeps_that_confirms_it(
    desk: Listing, fund: Listing, person: Person
) -> None:
    there = ledger.accounts(fund)["cash"]
    made = set_aside(desk, fund, person(Role.PLANNER), cents=there + 10_000)
    with refused("pot_needs_fund"):
        pots.second(by=person(Role.AREA_MANAGER), pot=made, yes=True)
    with refused("fund_short"):
        pots.second(by=person(Role.COMMITTEE), pot=made, yes=True)
    deposit(fund, person(Role.COMMITTEE), 90_000)
    rows = Transfer.objects.count()
    pots.second(by=person(Role.COMMITTEE), pot=made, yes=True)
    assert (ledger.accounts(fund)["cash"], Transfer.objects.count()) == (80_000, rows + 1)
    with refused("pot_settled"):
        pots.second(by=person(Role.COMMITTEE), pot=made, yes=True)
    assert Transfer.objects.count() == rows + 1


def test_it_is_set_aside_confirmed_and_read_on_pages(
    desk: Listing, effort: Effort, signed: Signed, proposes: Proposes
) -> None:
    team, other = signed(Role.PLANNER), signed(Role.AREA_MANAGER)
    data = {"key": uuid4(), "source": str(effort.pk), "cents": "1000", "shares": "5"}
    for _ in range(2):
        assert team.post(reverse("set_aside", args=[desk.pk]), data).status_code == 302
    made = Pot.objects.get()
    there = reverse("second_pot", args=[made.pk])
    assert team.post(there, {"yes": "1"}).status_code == 422
    assert "€ 200" in other.get(there).content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert other.post(there, {"yes": "1"}).status_code == 302
    case = asks(proposes())
    ask = reverse("decide_money", args=[case.listing_id])
    sent = {"key": uuid4(), "yes": "1", "cents": "150", "reason": "Past"}
    assert team.post(ask, sent).status_code == 422  # from where?
    assert team.post(ask, sent | {"pot": str(made.pk)}).status_code == 302
    with CaptureQueriesContext(connection) as found:
        page = team.get(reverse("initiatives_team", args=[desk.pk])).content.decode()
    assert ("Samen" in page, len(found) < 40) == (True, True)
    made.refresh_from_db()
    assert made.given == 15_000


def test_a_refusal_asks_no_pot(desk: Listing, proposes: Proposes, signed: Signed) -> None:
    case = asks(proposes())
    sent = {"key": uuid4(), "yes": "0", "reason": "Past niet"}
    there = reverse("decide_money", args=[case.listing_id])
    assert signed(Role.PLANNER).post(there, sent).status_code == 302
    assert (Line.objects.get().state, Gift.objects.count()) == ("dropped", 0)
    assert initiatives.desk_of(case.listing) == desk
