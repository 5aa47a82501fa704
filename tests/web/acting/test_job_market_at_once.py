# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Appointments at a job market while others do the same, with the guards of the database and
without; and a large market planned anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import logs_that_may_be_emptied  # noqa: F401
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.actions import Asker
from wijkeconomie.web.acting.instruments import job_market as fair
from wijkeconomie.web.acting.instruments.job_market import planning, visits
from wijkeconomie.web.acting.models import STANDS, Booking, Case, Listing, Party, Slot

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, AT, WITHIN = 2000, 60, 3.0  # seconds


def opened(closes: str = "11:00") -> tuple[Listing, User]:
    by = someone("marktmeester", Role.AREA_MANAGER)
    day = timezone.localdate() + timedelta(days=14)
    more = {"day": day.isoformat(), "where": "Hal", "opens": "10:00", "closes": closes,
            "minutes": 15, "seed": "een", "seed_sha256": ""}  # fmt: skip
    made = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=fair.MARKET,
                         area="WK990101", title="Banenmarkt", more=more)  # fmt: skip
    return actions.move(by=by, listing=made, to="open"), by


def a_stand(market: Listing, by: User, number: int, tables: int = 1) -> Listing:
    stand = fair.Stand(sort="employer", title=f"Stand {number}", story="", number=number, x=1, y=1,
                       tables=tables)  # fmt: skip
    return fair.add_stand(by=by, market=market, key=uuid4(), stand=stand)


def a_visit(market: Listing, *wishes: Listing, until: str = "10:15") -> Case:
    coming = visits.Coming(wishes=tuple(one.pk.hex for one in wishes), since="10:00", until=until,
                           most=1)  # fmt: skip
    return visits.register(market=market, key=uuid4(), coming=coming,
                           asker=Asker(kind="person", name="Iemand"))  # fmt: skip


@contextmanager
def without(name: str) -> Iterator[None]:
    """Without a constraint of the database."""
    guard = next(one for one in Booking._meta.constraints if one.name == name)
    with connection.schema_editor() as schema:
        schema.remove_constraint(Booking, guard)
    yield
    Booking.objects.all().delete()
    with connection.schema_editor() as schema:
        schema.add_constraint(Booking, guard)


def taken_meanwhile(monkeypatch: pytest.MonkeyPatch, slot: Slot, case: Case, seat: int) -> None:
    """Between looking and keeping somebody else writes: *case* sits on *seat* of *slot*."""
    real = planning._booked

    def late(*args: object) -> list[Booking]:
        rows = real(*args)  # type: ignore[arg-type]
        Booking.objects.create(
            municipality=slot.municipality, slot=slot, case=case, seat=seat, party=case.party,
            starts_at=slot.starts_at, state="confirmed",
        )  # fmt: skip
        return rows

    monkeypatch.setattr(planning, "_booked", late)


def test_who_takes_the_last_seat_meanwhile_has_it_and_nothing_is_planned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    market, by = opened()
    stand = a_stand(market, by, 1)
    a_visit(market, stand)
    other, slot = a_visit(market), stand.slots.get(starts_at=fair.moments(market)[0][0])
    stamp = planning.look(market).stamp
    taken_meanwhile(monkeypatch, slot, other, 1)
    with pytest.raises(Refusal) as said:
        planning.keep(by=by, market=market, stamp=stamp)
    assert said.value.notice.code == "fair_plan_changed"


def test_twin_without_the_guard_two_people_sit_on_one_chair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    market, by = opened()
    stand = a_stand(market, by, 1)
    a_visit(market, stand)
    other, slot = a_visit(market), stand.slots.get(starts_at=fair.moments(market)[0][0])
    stamp = planning.look(market).stamp
    with without("booking_seat_once"):
        taken_meanwhile(monkeypatch, slot, other, 1)
        planning.keep(by=by, market=market, stamp=stamp)
        assert slot.bookings.filter(seat=1, state__in=STANDS).count() == 2


def test_twin_without_the_guard_one_person_is_at_two_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    market, by = opened()
    stand, beside = a_stand(market, by, 1), a_stand(market, by, 2)
    case, slot = a_visit(market, stand), beside.slots.get(starts_at=fair.moments(market)[0][0])
    stamp = planning.look(market).stamp
    with without("booking_one_place_at_a_time"):
        taken_meanwhile(monkeypatch, slot, case, 1)
        planning.keep(by=by, market=market, stamp=stamp)
        assert case.bookings.filter(starts_at=slot.starts_at, state__in=STANDS).count() == 2


def test_a_market_of_two_thousand_is_planned_anew_in_three_seconds() -> None:
    market, by = opened(closes="14:00")
    stands = [a_stand(market, by, n, tables=3) for n in range(1, AT + 1)]
    chance, own = Random(1), {"municipality": market.municipality}
    parties = Party.objects.bulk_create(Party(kind="person", name=f"{n}", **own)
                                        for n in range(PEOPLE))  # fmt: skip
    day = fair.day_of(market)
    Case.objects.bulk_create([
        Case(kind=fair.VISIT.name, listing=market, party=one, about="visit", channel="web",
             promised=day, due=day, state="expected", sent="", more=_wants(chance, stands), **own)
        for one in parties
    ])  # fmt: skip
    first = clocked(market)
    planning.keep(by=by, market=market, stamp=first[0].stamp)
    made = fair.appointments(market).count()
    lost = fair.drop_stand(by=by, stand=stands[0], reason="Ziek")
    look, again = clocked(market)
    begun = time.process_time()
    kept = planning.keep(by=by, market=market, stamp=look.stamp)
    writing = time.process_time() - begun
    assert made == PEOPLE
    assert 0 < lost < PEOPLE
    assert kept == len(look.made) == look.one - (PEOPLE - lost)
    assert max(first[1], again, writing) < WITHIN


def clocked(market: Listing) -> tuple[planning.Look, float]:
    """A look, and how long it took this process: others may run beside it."""
    begun = time.process_time()
    found = planning.look(market)
    return found, time.process_time() - begun


def _wants(chance: Random, stands: list[Listing]) -> dict[str, object]:
    wishes = chance.sample(stands, 4)
    since = chance.choice(("10:00", "10:30", "11:00", "12:00"))
    return {"wishes": [one.pk.hex for one in wishes], "since": since, "until": "14:00", "most": 1,
            "language": "nl", "needs": [], "badge": "x" * 22}  # fmt: skip
