# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many at one seat, and many who cancel while many wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.utils import timezone

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import logs_that_may_be_emptied  # noqa: F401
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import actions, booking
from wijkeconomie.web.acting.booking import Wish
from wijkeconomie.web.acting.instruments.contact_point import POINT, QUESTION
from wijkeconomie.web.acting.models import Booking, Listing, Party, Slot

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 24
ONE_BY_ONE = connection.vendor == "sqlite"  # which lets one write at a time


@pytest.fixture
def times(transactional_db: None) -> list[Slot]:
    """Two times of one seat."""
    by: User = someone("opener", Role.AREA_MANAGER)
    point = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=POINT,
                          area="WK990101", title="Loket", more={"days": 5})  # fmt: skip
    return opened(by, point, 2)


def opened(by: User, point: Listing, many: int, seats: int = 1) -> list[Slot]:
    first = timezone.now() + timedelta(days=3)
    spans = [(first + timedelta(hours=n), first + timedelta(hours=n + 1)) for n in range(many)]
    return booking.open_slots(by=by, listing=point, times=spans, seats=seats)


def wishes(many: int) -> list[Wish]:
    town = municipality()
    rows = Party.objects.bulk_create(
        Party(municipality=town, kind="person", name="Iemand") for _ in range(many)
    )
    return [Wish(key=uuid4(), party=row) for row in rows]


def each(act: Callable[[Any], Any], things: list[Any], hands: int = MANY) -> list[Any]:
    """What *act* does with each of *things* at once, or the code and the words of its refusal."""

    def one(thing: Any) -> Any:
        try:
            return act(thing)
        except Refusal as refusal:
            return (refusal.notice.code, refusal.text("nl"))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(hands) as people:
        return list(people.map(one, things))


def together(monkeypatch: pytest.MonkeyPatch) -> None:
    """All look what is free before anybody takes it."""
    looked, free = Barrier(MANY), booking._free

    def waiting(slot: Slot) -> list[int]:
        found = free(slot)
        if found and not ONE_BY_ONE:
            looked.wait(30)
        return found

    monkeypatch.setattr(booking, "_free", waiting)


@contextmanager
def unguarded() -> Iterator[None]:
    """Without the constraint that gives a seat once."""
    guard = next(one for one in Booking._meta.constraints if one.name == "booking_seat_once")
    with connection.schema_editor() as schema:
        schema.remove_constraint(Booking, guard)
    yield
    Booking.objects.all().delete()
    with connection.schema_editor() as schema:
        schema.add_constraint(Booking, guard)


def test_of_many_at_one_seat_exactly_one_has_it_and_the_others_read_what_is_free(
    times: list[Slot], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = times
    monkeypatch.setattr(booking, "others", lambda _slot: [other])  # looks no seat up itself
    together(monkeypatch)
    answers = each(lambda mine: booking.book(slot=one, wish=mine), wishes(MANY))
    won = [answer for answer in answers if isinstance(answer, Booking)]
    lost = [answer for answer in answers if not isinstance(answer, Booking)]
    assert (len(won), {code for code, _words in lost}) == (1, {"slot_full"})
    there = timezone.localtime(other.starts_at).strftime("%H.%M")
    assert all(there in words for _code, words in lost)
    assert Booking.objects.filter(state="confirmed").count() == 1


def test_twin_without_the_guard_a_seat_is_given_to_all_of_them(
    times: list[Slot], monkeypatch: pytest.MonkeyPatch
) -> None:
    together(monkeypatch)
    with unguarded():
        each(lambda mine: booking.book(slot=times[0], wish=mine), wishes(MANY))
        assert Booking.objects.filter(seat=1).count() == (1 if ONE_BY_ONE else MANY)


def test_one_form_sent_often_at_once_is_one_booking(times: list[Slot]) -> None:
    (mine,) = wishes(1)
    answers = each(lambda _n: booking.book(slot=times[0], wish=mine).pk, list(range(MANY)))
    assert answers == [mine.key] * MANY
    assert Booking.objects.count() == 1


def test_cancel_storm_who_waits_is_offered_in_turn_and_no_seat_is_lost(times: list[Slot]) -> None:
    many = 60
    point, by = times[0].listing, User.objects.get(email="opener@example.org")
    (slot,) = opened(by, point, 1, seats=many)
    had = [booking.book(slot=slot, wish=mine) for mine in wishes(many)]
    waits = [booking.wait(slot=slot, wish=mine) for mine in wishes(many + 5)]
    each(lambda one: booking.let_go(booking=one).state, had[: many // 2])
    assert _offered(slot) == [one.pk for one in waits[: many // 2]]
    each(lambda one: booking.let_go(booking=one).state, had[many // 2 :])
    assert _offered(slot) == [one.pk for one in waits[:many]]
    stands = slot.bookings.filter(state="offered").values_list("seat", flat=True)
    assert sorted(seat or 0 for seat in stands) == list(range(1, many + 1))
    each(lambda one: booking.confirm(booking=one).state, waits[:many])
    assert slot.bookings.filter(state="confirmed").count() == many
    assert slot.bookings.filter(state="waiting").count() == 5


def _offered(slot: Slot) -> list[Any]:
    rows = slot.bookings.filter(state="offered").order_by("turn")
    return [one.pk for one in rows]


def test_two_who_change_places_do_not_wait_for_each_other(times: list[Slot]) -> None:
    point = actions.move(by=User.objects.get(email="opener@example.org"),
                         listing=times[0].listing, to="open")  # fmt: skip
    asker = actions.Asker(kind="person", name="Iemand")
    said = actions.Question(about="rules", text="Mag dit?", channel="web", asker=asker)
    cases = [actions.ask(listing=point, kind=QUESTION, key=uuid4(), question=said)
             for _ in range(2)]  # fmt: skip
    slots = opened(User.objects.get(email="opener@example.org"), point, 2, seats=2)

    def moves(number: int) -> int:
        case = cases[number]
        assert case.party is not None
        for turn in range(10):
            mine = Wish(key=uuid4(), party=case.party, case=case)
            booking.appoint(slot=slots[(number + turn) % 2], wish=mine)
        return case.bookings.filter(state="confirmed").count()

    assert each(moves, [0, 1], hands=2) == [1, 1]
