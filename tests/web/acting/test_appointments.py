# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Appointments: who asked picks, moves and cancels a time; who answers opens them and sees who
comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.conftest import ASKED, asked
from tests.web.acting.test_booking import slots, wish
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import Membership, ProcessingLine, Role, User
from wijkeconomie.web.acting import access, booking
from wijkeconomie.web.acting.booking import Weekly
from wijkeconomie.web.acting.models import Booking, Case, Listing, Slot

TIMES = {"days": ["1", "3"], "opens": "09:00", "closes": "12:00", "minutes": "30", "seats": "1",
         "where": "counter", "weeks": "2"}  # fmt: skip


@pytest.fixture
def by(person: Callable[[Role], User]) -> User:
    return person(Role.CLERK)


def weekly(**other: Any) -> list[tuple[datetime, datetime]]:
    given = {"first": date(2026, 10, 19), "weeks": 2, "days": frozenset({0}), "opens": time(9),
             "closes": time(10), "minutes": 30, **other}  # fmt: skip
    return list(Weekly(**given).times())


def picks(follow: str, slot: Slot, **other: Any) -> Any:
    """Choose *slot* as who holds the link."""
    return Client().post(f"{follow}afspraak/", {"key": uuid4(), "slot": slot.pk, **other})


def test_nine_stays_nine_by_the_clock_when_summer_time_ends() -> None:
    first, _half, second, _last = weekly()
    assert (first[0].astimezone(UTC).hour, second[0].astimezone(UTC).hour) == (7, 8)
    assert {timezone.localtime(starts).hour for starts, _ends in weekly()} == {9}


def test_no_time_is_opened_on_a_public_holiday_nor_beyond_the_last_moment() -> None:
    # 25 December 2026 is a Friday
    days = weekly(first=date(2026, 12, 21), weeks=1, days=frozenset({3, 4}), minutes=45)
    assert [timezone.localtime(starts).day for starts, _ends in days] == [24]


def test_a_clerk_opens_times_and_pressing_twice_opens_them_once(
    point: Listing, signed: Signed
) -> None:
    clerk, page = signed(Role.CLERK), reverse("times", args=[point.pk])
    sent = {**TIMES, "key": uuid4(), "first": timezone.localdate() + timedelta(days=1)}
    assert [clerk.post(page, sent).status_code for _ in range(2)] == [302, 302]
    assert clerk.post(page, {**sent, "key": uuid4()}).status_code == 302
    starts = list(point.slots.values_list("starts_at", flat=True))
    assert len(starts) == len(set(starts)) > 12


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("closes", "08:00"), ("opens", "06:00"), ("first", "2020-01-01"), ("weeks", "13"),
     ("minutes", "25")],
)  # fmt: skip
def test_times_that_nobody_means_are_refused_in_words(
    point: Listing, signed: Signed, field: str, wrong: str
) -> None:
    sent = {**TIMES, "key": uuid4(), "first": timezone.localdate(), field: wrong}
    answer = signed(Role.CLERK).post(reverse("times", args=[point.pk]), sent)
    assert (answer.status_code, point.slots.count()) == (422, 0)


def test_who_asked_picks_a_time_moves_it_and_cancels_it_with_their_link(
    point: Listing, by: User
) -> None:
    one, other = slots(point, by, 2)
    case, follow = asked(point)
    assert picks(follow, one).status_code == 302
    assert picks(follow, other).status_code == 302
    (mine,) = case.bookings.filter(state="confirmed")
    assert mine.slot == other
    assert "BEGIN:VEVENT" in Client().get(f"{follow}afspraak.ics").content.decode()
    sent = {"booking": mine.pk, "leave": ""}
    assert Client().post(f"{follow}afspraak/besluit/", sent).status_code == 302
    mine.refresh_from_db()
    assert mine.state == "cancelled"
    assert "STATUS:CANCELLED" in Client().get(f"{follow}afspraak.ics").content.decode()


def test_a_time_is_picked_with_the_question_and_the_question_stands_where_it_is_gone(
    point: Listing, by: User
) -> None:
    (one,) = slots(point, by)
    page = reverse("point", args=[point.pk])
    first = {**ASKED, "key": uuid4(), "slot": one.pk}
    assert [Client().post(page, first).status_code for _ in range(2)] == [302, 302]
    assert Booking.objects.get().slot == one
    form = Client().get(page).content.decode()
    assert str(one.pk) not in form  # it is full, so nobody is offered it there
    case, _follow = asked(point)
    assert case.bookings.count() == 0


def test_who_chooses_what_is_full_waits_and_takes_what_comes_free(point: Listing, by: User) -> None:
    (one,) = slots(point, by)
    first = booking.book(slot=one, wish=wish(point.municipality))
    case, follow = asked(point)
    assert picks(follow, one).status_code == 302
    assert case.bookings.get().state == "waiting"
    booking.let_go(booking=first)
    sent = {"booking": case.bookings.get().pk, "take": ""}
    assert Client().post(f"{follow}afspraak/besluit/", sent).status_code == 302
    assert case.bookings.get().state == "confirmed"


def test_who_wants_us_to_come_says_where_and_that_is_sealed(point: Listing, by: User) -> None:
    start = timezone.now() + timedelta(days=2)
    (visit,) = booking.open_slots(by=by, listing=point,
                                  times=[(start, start + timedelta(minutes=30))])  # fmt: skip
    case, follow = asked(point)
    assert picks(follow, visit).status_code == 422
    assert picks(follow, visit, where="Kade 12, achterom").status_code == 302
    assert case.bookings.get().where == "Kade 12, achterom"


def test_a_booking_of_somebody_else_is_not_mine_to_cancel(point: Listing, by: User) -> None:
    (one,) = slots(point, by)
    (other, _there), (_case, follow) = asked(point), asked(point)
    assert other.party is not None
    theirs = booking.appoint(
        slot=one, wish=booking.Wish(key=uuid4(), party=other.party, case=other)
    )
    for key in (theirs.pk, "x", ""):
        sent = {"booking": key, "leave": ""}
        assert Client().post(f"{follow}afspraak/besluit/", sent).status_code == 404


def test_the_list_of_a_day_shows_who_comes_and_that_is_written_down(
    point: Listing, by: User, signed: Signed
) -> None:
    one, _free = slots(point, by, 2)
    case, follow = asked(point)
    picks(follow, one)
    there = f"{reverse('day', args=[point.pk])}?dag={timezone.localdate(one.starts_at)}"
    page = signed(Role.CLERK).get(there).content.decode()
    assert ASKED["name"] in page
    assert ProcessingLine.objects.get().person == str(case.party_id)


@pytest.mark.parametrize("many", [1, 6])
def test_the_list_of_a_day_asks_as_much_of_the_database_however_many_come(
    point: Listing, by: User, signed: Signed, many: int, django_assert_num_queries: Any
) -> None:
    for one in slots(point, by, many):
        booking.book(slot=one, wish=wish(point.municipality))
    there = f"{reverse('day', args=[point.pk])}?dag={timezone.localdate(one.starts_at)}"
    clerk = signed(Role.CLERK)
    clerk.get(there)
    with django_assert_num_queries(QUERIES):
        clerk.get(there)


QUERIES = 10


def test_an_agenda_tells_when_and_about_what_and_not_who_as_long_as_one_answers_there(
    point: Listing, by: User
) -> None:
    (one,) = slots(point, by)
    _case, follow = asked(point)
    picks(follow, one)
    there = reverse("feed", args=[access.feed(by, point)])
    told = Client().get(there).content.decode().replace("\r\n ", "")
    assert f"DTSTART:{one.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}" in told
    assert ASKED["name"] not in told
    Membership.objects.filter(user=by).update(valid_until=timezone.now())
    assert Client().get(there).status_code == 404
    assert Client().get(reverse("feed", args=["x"])).status_code == 404


def test_who_takes_a_time_away_tells_why_on_the_page_of_who_had_it(
    point: Listing, by: User, signed: Signed
) -> None:
    (one,) = slots(point, by)
    case, follow = asked(point)
    picks(follow, one)
    page = reverse("cancel_slot", args=[one.pk])
    assert signed(Role.CLERK).post(page, {"reason": "De collega is ziek."}).status_code == 302
    assert case.bookings.get().state == "cancelled"
    assert "De collega is ziek." in Client().get(follow).content.decode()


def test_a_clerk_makes_and_cancels_an_appointment_for_who_telephones(
    point: Listing, by: User, signed: Signed, case: Case
) -> None:
    (one,) = slots(point, by)
    clerk, page = signed(Role.CLERK), reverse("appoint", args=[case.pk])
    assert clerk.post(page, {"key": uuid4(), "slot": one.pk}).status_code == 302
    made = case.bookings.get()
    assert made.made_by == by
    there = reverse("cancel_booking", args=[made.pk])
    assert clerk.post(there, {"reason": ""}).status_code == 422
    assert clerk.post(there, {"reason": "Belde af."}).status_code == 302
    made.refresh_from_db()
    assert made.state == "cancelled"


def test_times_stand_in_the_order_in_which_they_come(point: Listing, by: User) -> None:
    rows = slots(point, by, 3)
    early = rows[0].starts_at - timedelta(hours=3)
    booking.open_slots(by=by, listing=point, times=[(early, early + timedelta(hours=1))])
    starts = [one.starts_at for one in booking.coming(point)]
    assert starts == [early, *(one.starts_at for one in rows)]
    assert booking.others(rows[0])[0].starts_at == early


@pytest.mark.parametrize(("page", "queries"), [("inbox", 9), ("times", 5)])
@pytest.mark.parametrize("many", [1, 6])
def test_lists_ask_as_much_of_the_database_however_long_they_are(
    point: Listing, by: User, signed: Signed, page: str, queries: int, many: int,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    for one in slots(point, by, many):
        _case, follow = asked(point)
        picks(follow, one)
    clerk, there = signed(Role.CLERK), reverse(page, args=[point.pk])
    clerk.get(there)
    with django_assert_num_queries(queries):
        clerk.get(there)


@pytest.mark.parametrize("many", [1, 6])
def test_what_who_asked_chooses_from_asks_as_much_however_many_times_there_are(
    point: Listing, by: User, many: int, django_assert_num_queries: Any
) -> None:
    slots(point, by, many)
    _case, follow = asked(point)
    with django_assert_num_queries(3):
        Client().get(f"{follow}afspraak/")


def test_who_has_a_day_in_a_shop_chooses_no_appointment_by_their_link(
    point: Listing, by: User
) -> None:
    """It would take the place of all their days: a question has one time, a season many."""
    slot = slots(point, by)[0]
    case, _follow = asked(point)
    Case.objects.filter(pk=case.pk).update(kind="shop_day")
    there = reverse("choose", args=[access.link(case)])
    assert Client().get(there).status_code == 404
    sent = Client().post(there, {"slot": str(slot.pk), "where": ""})
    assert (sent.status_code, Booking.objects.count()) == (404, 0)
