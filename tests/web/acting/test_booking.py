# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Times and seats: who comes first, who waits in turn, and that no seat is lost or given twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import AuditLine, Municipality, Role, User
from wijkeconomie.web.acting import booking
from wijkeconomie.web.acting.booking import Wish
from wijkeconomie.web.acting.models import Booking, Case, Listing, Party, Slot


@pytest.fixture
def by(person: Any) -> User:
    made: User = person(Role.CLERK)
    return made


def slots(point: Listing, by: User, many: int = 1, seats: int = 1) -> list[Slot]:
    """So many times from tomorrow on, an hour each."""
    first = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    times = [(first + timedelta(hours=n), first + timedelta(hours=n + 1)) for n in range(many)]
    return booking.open_slots(by=by, listing=point, times=times, seats=seats, place=point.place)


def wish(town: Municipality, **more: Any) -> Wish:
    """Of somebody new."""
    party = Party.objects.create(municipality=town, kind="person", name="Iemand")
    return Wish(key=uuid4(), party=party, **more)


def refused(act: Any, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as said:
        act(**given)
    return said.value


def states(slot: Slot) -> list[tuple[int | None, int | None, str]]:
    rows = slot.bookings.exclude(turn=None).order_by("turn")
    return [(one.turn, one.seat, one.state) for one in rows]


def test_a_seat_is_given_once_and_who_comes_too_late_reads_what_is_free(
    point: Listing, by: User
) -> None:
    one, other = slots(point, by, 2)
    town = point.municipality
    assert booking.book(slot=one, wish=wish(town)).state == "confirmed"
    said = refused(booking.book, slot=one, wish=wish(town))
    assert said.notice.code == "slot_full"
    assert timezone.localtime(other.starts_at).strftime("%H.%M") in said.text("nl")


def test_sent_once_more_it_is_the_same_booking_and_otherwise_it_is_refused(
    point: Listing, by: User
) -> None:
    one, other = slots(point, by, 2)
    mine = wish(point.municipality)
    assert booking.book(slot=one, wish=mine).pk == booking.book(slot=one, wish=mine).pk
    assert refused(booking.book, slot=other, wish=mine).notice.code == "key_used"
    assert Booking.objects.count() == 1


def test_nobody_is_at_two_places_at_one_time(point: Listing, by: User) -> None:
    (here,) = slots(point, by)
    there = Slot.objects.create(
        municipality=point.municipality, listing=point, place=None,
        starts_at=here.starts_at, ends_at=here.ends_at,
    )  # fmt: skip
    mine = wish(point.municipality)
    booking.book(slot=here, wish=mine)
    again = Wish(key=uuid4(), party=mine.party)
    assert refused(booking.book, slot=there, wish=again).notice.code == "booked_elsewhere"


def test_twin_the_database_itself_keeps_a_seat_and_a_moment_to_one(
    point: Listing, by: User
) -> None:
    (one,) = slots(point, by, seats=2)
    mine, town = wish(point.municipality), point.municipality
    booking.book(slot=one, wish=mine)
    row = {"municipality": town, "slot": one, "starts_at": one.starts_at, "state": "confirmed"}
    for wrong in ({"seat": 1, "party": wish(town).party}, {"seat": 2, "party": mine.party},
                  {"seat": None, "party": wish(town).party}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.create(**row, **wrong)


def test_who_cancels_gives_the_seat_to_the_first_who_waits(point: Listing, by: User) -> None:
    (one,), town = slots(point, by), point.municipality
    mine = booking.book(slot=one, wish=wish(town))
    first, second = (booking.wait(slot=one, wish=wish(town)) for _ in range(2))
    booking.let_go(booking=mine)
    assert states(one) == [(1, 1, "offered"), (2, None, "waiting")]
    assert booking.confirm(booking=first).state == "confirmed"
    assert Booking.objects.get(pk=second.pk).state == "waiting"
    assert [step.state for step in first.steps.all()] == ["offered", "confirmed"]


def test_while_somebody_is_offered_a_seat_nobody_else_takes_it(point: Listing, by: User) -> None:
    (one,), town = slots(point, by), point.municipality
    mine = booking.book(slot=one, wish=wish(town))
    booking.wait(slot=one, wish=wish(town))
    booking.let_go(booking=mine)
    assert refused(booking.book, slot=one, wish=wish(town)).notice.code == "slot_full"


def test_what_is_declined_or_not_answered_in_time_goes_to_who_is_next(
    point: Listing, by: User
) -> None:
    (one,), town = slots(point, by), point.municipality
    mine = booking.book(slot=one, wish=wish(town))
    first, second, third = (booking.wait(slot=one, wish=wish(town)) for _ in range(3))
    booking.let_go(booking=mine)
    assert booking.let_go(booking=first).state == "declined"
    second.refresh_from_db()
    late = second.until + timedelta(seconds=1) if second.until else timezone.now()
    assert booking.lapse_all(late) == 1
    assert booking.lapse_all(late) == 0
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.state, third.state, third.seat) == ("expired", "offered", 1)
    assert refused(booking.confirm, booking=second).notice.code == "offer_over"


def test_once_a_time_begins_nobody_waits_for_it_and_no_seat_of_it_is_offered(
    point: Listing, by: User
) -> None:
    (one,), town = slots(point, by), point.municipality
    mine = booking.book(slot=one, wish=wish(town))
    first, second = (booking.wait(slot=one, wish=wish(town)) for _ in range(2))
    booking.let_go(booking=mine)
    assert booking.lapse_all(one.starts_at - timedelta(seconds=1)) == 1  # an offer of a day
    assert states(one) == [(1, 1, "expired"), (2, 1, "offered")]
    Booking.objects.filter(pk=first.pk).update(state="waiting", seat=None)
    assert booking.lapse_all(one.starts_at) == 1
    assert states(one) == [(1, None, "expired"), (2, 1, "expired")]
    assert second.steps.last().state == "expired"


def test_who_gives_back_a_seat_of_a_time_that_began_gives_it_to_nobody(
    point: Listing, by: User
) -> None:
    (one,), town = slots(point, by), point.municipality
    mine = booking.book(slot=one, wish=wish(town))
    booking.wait(slot=one, wish=wish(town))
    Slot.objects.filter(pk=one.pk).update(starts_at=timezone.now())
    booking.let_go(booking=mine)
    assert states(one) == [(1, None, "waiting")]


def test_a_seat_that_is_held_too_long_is_anybodys_again(
    point: Listing, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,), town = slots(point, by), point.municipality
    held = booking.book(slot=one, wish=wish(town), hold=booking.HOLD)
    assert held.state == "held"
    assert refused(booking.book, slot=one, wish=wish(town)).notice.code == "slot_full"
    later = timezone.now() + booking.HOLD
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert booking.book(slot=one, wish=wish(town)).state == "confirmed"
    assert refused(booking.confirm, booking=held).notice.code == "offer_over"


def test_a_time_that_came_free_before_one_waits_is_theirs_at_once(point: Listing, by: User) -> None:
    (one,), town = slots(point, by), point.municipality
    assert booking.wait(slot=one, wish=wish(town)).state == "confirmed"


def test_who_waits_already_does_not_wait_twice(point: Listing, by: User) -> None:
    (one,), town = slots(point, by), point.municipality
    booking.book(slot=one, wish=wish(town))
    mine = wish(town)
    first = booking.wait(slot=one, wish=mine)
    assert booking.wait(slot=one, wish=Wish(key=uuid4(), party=mine.party)).pk == first.pk


def test_a_time_that_is_over_or_taken_away_is_not_booked(point: Listing, by: User) -> None:
    (one,), town = slots(point, by), point.municipality
    booking.cancel_slot(by=by, slot=one, reason="Ziek")
    one.refresh_from_db()
    assert refused(booking.book, slot=one, wish=wish(town)).notice.code == "slot_over"
    past = timezone.now() - timedelta(hours=1)
    gone = Slot.objects.create(municipality=town, listing=point, starts_at=past,
                               ends_at=timezone.now())  # fmt: skip
    assert refused(booking.book, slot=gone, wish=wish(town)).notice.code == "slot_over"


def test_who_takes_a_time_away_says_why_and_everyone_there_is_cancelled(
    point: Listing, by: User
) -> None:
    (one,), town = slots(point, by), point.municipality
    booking.book(slot=one, wish=wish(town))
    booking.wait(slot=one, wish=wish(town))
    assert refused(booking.cancel_slot, by=by, slot=one, reason=" ").notice.code \
        == "state_without_reason"  # fmt: skip
    assert len(booking.cancel_slot(by=by, slot=one, reason="Ziek")) == 2
    assert {row.state for row in one.bookings.all()} == {"cancelled"}
    assert booking.cancel_slot(by=by, slot=one, reason="Ziek") == []


def test_a_case_that_moves_gives_back_what_it_had(point: Listing, by: User, case: Case) -> None:
    one, other = slots(point, by, 2)
    assert case.party is not None
    wishes = [Wish(key=uuid4(), party=case.party, case=case) for _ in range(2)]
    booking.appoint(slot=one, wish=wishes[0])
    waits = booking.wait(slot=one, wish=wish(point.municipality))
    made = booking.appoint(slot=other, wish=wishes[1])
    assert [one.pk for one in case.bookings.filter(state="confirmed")] == [made.pk]
    waits.refresh_from_db()
    assert waits.state == "offered"


def test_a_move_to_what_is_full_leaves_what_one_had(point: Listing, by: User, case: Case) -> None:
    one, other = slots(point, by, 2)
    assert case.party is not None
    booking.book(slot=other, wish=wish(point.municipality))
    mine = booking.appoint(slot=one, wish=Wish(key=uuid4(), party=case.party, case=case))
    moved = Wish(key=uuid4(), party=case.party, case=case)
    assert refused(booking.appoint, slot=other, wish=moved).notice.code == "slot_full"
    mine.refresh_from_db()
    assert mine.state == "confirmed"


def test_who_takes_what_they_waited_for_gives_back_the_other(
    point: Listing, by: User, case: Case
) -> None:
    one, other = slots(point, by, 2)
    assert case.party is not None
    had = booking.book(slot=one, wish=wish(point.municipality))
    booking.appoint(slot=other, wish=Wish(key=uuid4(), party=case.party, case=case))
    waits = booking.wait(slot=one, wish=Wish(key=uuid4(), party=case.party, case=case))
    booking.let_go(booking=had)
    booking.confirm(booking=waits)
    assert [row.slot for row in case.bookings.filter(state="confirmed")] == [one]


def test_fewer_seats_than_people_have_is_refused_and_more_go_to_who_waits(
    point: Listing, by: User
) -> None:
    (one,), town = slots(point, by, seats=2), point.municipality
    for _ in range(2):
        booking.book(slot=one, wish=wish(town))
    waits = booking.wait(slot=one, wish=wish(town))
    assert refused(booking.resize, by=by, slot=one, seats=1).notice.code == "seats_taken"
    booking.resize(by=by, slot=one, seats=2)
    booking.resize(by=by, slot=one, seats=3)
    waits.refresh_from_db()
    assert (waits.state, waits.seat) == ("offered", 3)


def test_times_that_are_open_already_are_not_opened_twice(point: Listing, by: User) -> None:
    first = slots(point, by, 3)
    assert slots(point, by, 4)[0].starts_at == first[-1].starts_at + timedelta(hours=1)
    assert point.slots.count() == 4


def test_that_somebody_came_is_said_on_the_day_itself(
    point: Listing, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = slots(point, by)
    mine = booking.book(slot=one, wish=wish(point.municipality))
    assert refused(booking.saw, by=by, booking=mine, to="completed").notice.code == "not_there_yet"
    now: datetime = one.starts_at
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert booking.saw(by=by, booking=mine, to="no_show").state == "no_show"
    assert booking.saw(by=by, booking=mine, to="completed").state == "completed"


def test_every_act_leaves_its_line(point: Listing, by: User) -> None:
    (one,), town = slots(point, by), point.municipality
    booking.wait(slot=one, wish=wish(town))
    booking.let_go(booking=Booking.objects.get())
    lines = AuditLine.objects.order_by("number").values_list("verb", "actor")
    assert list(lines)[-3:] == [("open_times", str(by.pk)), ("book", "link"), ("step", "link")]
    assert UUID(AuditLine.objects.latest("number").subject) == Booking.objects.get().pk
