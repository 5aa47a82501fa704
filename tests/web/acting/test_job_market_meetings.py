# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Talks at a stand: what the stand may read at each moment, notes that the visitor reads too, and
enrolment in a route by the visitor's own yes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.fairs import a_fair, a_stand, a_visit, began, booked, refused
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import Municipality, Role, User
from wijkeconomie.web.acting import access, actions, letters
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.instruments.job_market import door, enrolling, meetings, visits
from wijkeconomie.web.acting.instruments.job_market.day import fingerprint, number
from wijkeconomie.web.acting.instruments.skill_matching import matching
from wijkeconomie.web.acting.models import Booking, Case, Listing, Match, Slot

Person = Callable[[Role], User]
CANARIES = ("Kanarie", "kwinkslag", "@example.org")


@pytest.fixture
def by(municipality: Municipality, person: Person) -> User:
    return person(Role.AREA_MANAGER)


@pytest.fixture
def route(by: User) -> Listing:
    """Of a school at the desk of people beside work, with two seats."""
    desk = actions.offer(by=by, municipality=by.memberships.get().municipality, key=uuid4(),
                         kind=work.DESK, area="WK990101", title="Werk",
                         more={"days": 5, "phone": "", "seed": "1"})  # fmt: skip
    desk = actions.move(by=by, listing=desk, to="open")
    asker = actions.Asker(kind="organisation", name="School")
    school = matching.add_employer(by=by, desk=desk, key=uuid4(), asker=asker)
    more = {"form": "route", "hours": 24, "starts": "", "places": 2, "where": "Plein", "pay": "",
            "pay_why": "unpaid", "recognised": "yes", "proof": "practice", "asks": [],
            "learns": []}  # fmt: skip
    given = {"title": "Zorg leren", "story": "In de wijk", "more": more}
    made = matching.offer(employer=school, key=uuid4(), given=given)
    matching.add_start(by=by, route=made, at=timezone.now() + timedelta(days=30), seats=2)
    return made


@pytest.fixture
def fair(by: User) -> Listing:
    return a_fair(by)


@pytest.fixture
def stand(by: User, fair: Listing, route: Listing) -> tuple[Listing, Case]:
    return a_stand(by, fair, "Bakkerij", route)


@pytest.fixture
def visit(fair: Listing) -> Case:
    return a_visit(fair)


def page(name: str, case: Case, *more: Any) -> str:
    return Client().get(reverse(name, args=[access.link(case), *more])).content.decode()


def seen(holder: Case) -> str:
    """All that a stand can open."""
    return page("fair_stand_day", holder) + page("fair_wall", holder)


def on(name: str, case: Case, *more: Any, **said: Any) -> Any:
    return Client().post(reverse(name, args=[access.link(case), *more]), said)


def start_of(route: Listing) -> Slot:
    return Slot.objects.get(listing=route)


def test_a_stand_reads_a_number_until_the_visitor_allows_more_and_they_met(
    stand: tuple[Listing, Case], visit: Case
) -> None:
    one, holder = stand
    appointment = booked(visit, one)
    assert number(visit) in seen(holder)
    assert [word for word in (*CANARIES, "Zwaantje") if word in seen(holder)] == []
    meetings.allow(visit=visit, stand=one, shows="reach")
    assert "Zwaantje" in seen(holder)
    assert [word for word in CANARIES if word in seen(holder)] == []  # they did not meet yet
    on("fair_stand_went", holder, appointment.pk, to="completed")
    assert [word for word in CANARIES if word in seen(holder)] == list(CANARIES)


def test_what_is_taken_back_is_gone_for_the_stand_at_once(
    stand: tuple[Listing, Case], visit: Case
) -> None:
    one, holder = stand
    meetings.meet(stand=one, badge=visit.more["badge"])
    meetings.allow(visit=visit, stand=one, shows="reach")
    assert "Kanarie" in seen(holder)
    on("fair_allow", visit, one.pk, shows="nothing")
    assert [word for word in (*CANARIES, "Zwaantje") if word in seen(holder)] == []


def test_who_does_not_come_any_more_is_gone_for_the_stand_at_once(
    stand: tuple[Listing, Case], visit: Case
) -> None:
    one, holder = stand
    booked(visit, one)
    match = meetings.allow(visit=visit, stand=one, shows="first")
    assert "Zwaantje" in seen(holder)
    visits.stay_away(case=visit)
    assert [word for word in (*CANARIES, "Zwaantje", number(visit)) if word in seen(holder)] == []
    assert on("fair_stand_came", holder, match.pk, to="invited").status_code == 404


def test_another_stand_reads_nothing_of_it(
    by: User, fair: Listing, stand: tuple[Listing, Case], visit: Case
) -> None:
    _other, holder = a_stand(by, fair, "Kapper")
    one = stand[0]
    match = meetings.meet(stand=one, badge=visit.more["badge"])
    meetings.allow(visit=visit, stand=one, shows="reach")
    assert [word for word in (*CANARIES, number(visit)) if word in seen(holder)] == []
    assert on("fair_stand_came", holder, match.pk, to="invited").status_code == 404
    assert Client().get(reverse("fair_stand_note", args=[access.link(holder), match.pk])
                        ).status_code == 404  # fmt: skip


def test_letters_hold_no_words_and_no_names(
    stand: tuple[Listing, Case], visit: Case, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    one, _holder = stand
    match = meetings.meet(stand=one, badge=visit.more["badge"])
    meetings.note(match=match, key=uuid4(), text="Wielewaal")
    letters.send_all(timezone.now() + timedelta(minutes=1))
    text = "".join(one.subject + one.body for one in mail.outbox)
    assert [word for word in ("Wielewaal", "kwinkslag", "Bakkerij") if word in text] == []


def test_the_stand_sees_who_is_here_and_says_who_came(
    by: User, fair: Listing, stand: tuple[Listing, Case], visit: Case
) -> None:
    one, holder = stand
    first, second = booked(visit, one), booked(a_visit(fair, "Iemand Anders"), one, 60)
    assert "Is er" not in page("fair_stand_day", holder)
    door.receive(
        tablet=door.add_tablet(by=by, market=fair, key=uuid4(), name="Deur"), device=uuid4(),
        device_now=timezone.now(),
        sent=[door.Sent(key=uuid4(), badge=fingerprint(visit.more["badge"]), what="in", stand=None,
                        at=timezone.now())],
    )  # fmt: skip
    assert page("fair_stand_day", holder).count("Is er") == 1
    on("fair_stand_went", holder, first.pk, to="completed")
    on("fair_stand_went", holder, second.pk, to="no_show")
    states = Booking.objects.order_by("starts_at").values_list("state", flat=True)
    assert list(states) == ["completed", "no_show"]
    assert Match.objects.get(kind="fair_meeting").state == "met"
    on("fair_stand_went", holder, second.pk, to="completed")  # came after all
    assert Match.objects.filter(kind="fair_meeting", state="met").count() == 2


def test_a_note_is_read_by_the_visitor_too_and_sent_twice_it_is_one(
    stand: tuple[Listing, Case], visit: Case
) -> None:
    one, holder = stand
    match, key = meetings.meet(stand=one, badge=visit.more["badge"]), uuid4()
    for _ in range(2):
        on("fair_stand_note", holder, match.pk, key=key, text="Kan goed bakken")
    assert page("fair_talks", visit).count("Kan goed bakken") == 1
    assert seen(holder).count("Kan goed bakken") == 1
    match.refresh_from_db()
    with refused("key_used"):
        meetings.note(match=match, key=key, text="Iets anders")


def test_by_a_badge_that_is_nobodys_nobody_is_met(stand: tuple[Listing, Case]) -> None:
    one, holder = stand
    assert on("fair_stand_meet", holder, stand=one.pk, badge="zomaar").status_code >= 400
    assert Match.objects.count() == 0


# -- enrolment
def test_a_visitor_enrols_on_their_own_phone_and_the_school_reads_who_it_is(
    stand: tuple[Listing, Case], visit: Case, route: Listing
) -> None:
    start, key = start_of(route), uuid4()
    for _ in range(2):
        sent = on("fair_enrol", visit, key=key, slot=start.pk)
        assert sent.status_code == 302, sent.content.decode()
    talk = Match.objects.get(kind="fair_meeting")
    assert (talk.state, talk.more["enrolled"]["how"]) == ("enrolled", "phone")
    assert start.bookings.filter(state="confirmed").count() == 1
    school = Case.objects.get(kind="employer")
    assert "Zwaantje Kanarie" in page("employer_page", school)


def test_on_a_tablet_at_the_stand_the_visitor_says_yes_themselves(
    stand: tuple[Listing, Case], visit: Case, route: Listing
) -> None:
    _one, holder = stand
    said = {"key": uuid4(), "slot": start_of(route).pk, "badge": visit.more["badge"]}
    assert on("fair_enrol_here", holder, **said).status_code == 422  # without the yes
    assert on("fair_enrol_here", holder, **said, yes="on").status_code == 302
    assert Match.objects.get(kind="fair_meeting").more["enrolled"]["how"] == "handed"
    assert [word for word in CANARIES if word in seen(holder)] == []  # the stand reads no more


def test_a_seat_is_given_once_and_who_comes_too_late_reads_so(
    fair: Listing, stand: tuple[Listing, Case], route: Listing
) -> None:
    one, start = stand[0], start_of(route)
    for n in range(2):
        enrolling.enrol(visit=a_visit(fair, f"Nummer {n}"), stand=one, slot=start, key=uuid4(),
                        how="phone")  # fmt: skip
    with refused("slot_full"):
        enrolling.enrol(visit=a_visit(fair, "Te laat"), stand=one, slot=start, key=uuid4(),
                        how="phone")  # fmt: skip
    assert start.bookings.count() == 2
    assert Match.objects.filter(kind="fair_meeting").count() == 2


def test_paper_that_is_keyed_in_later_keeps_its_time_and_says_that_it_was_paper(
    fair: Listing, stand: tuple[Listing, Case], visit: Case, route: Listing, signed: Signed
) -> None:
    at = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    said = {"key": uuid4(), "who": number(visit), "slot": start_of(route).pk, "at": f"{at:%H:%M}"}
    sent = signed(Role.AREA_MANAGER).post(reverse("paper_enrolment", args=[fair.pk]), said)
    assert sent.status_code == 302, sent.content.decode()
    found = Match.objects.get(kind="fair_meeting").more["enrolled"]
    assert (found["at"], found["how"]) == (at.isoformat(), "paper")
    assert "00:00, op papier" in page("fair_talks", visit)


def test_a_route_that_is_not_of_the_stand_is_not_given_there(
    by: User, fair: Listing, visit: Case, route: Listing
) -> None:
    other, _holder = a_stand(by, fair, "Kapper")
    with refused("not_at_stand"):
        enrolling.enrol(visit=visit, stand=other, slot=start_of(route), key=uuid4(), how="phone")


def test_the_page_of_a_stand_asks_as_many_queries_for_many_as_for_few(
    fair: Listing, stand: tuple[Listing, Case]
) -> None:
    one, holder = stand

    def asked(many: int) -> int:
        for n in range(many):
            met = booked(a_visit(fair, f"Zus {n}"), one, 1000 + n)
            meetings.went(booking=began(met), to="completed")
            booked(a_visit(fair, f"Zo {n}"), one, 1500 + n)
        with CaptureQueriesContext(connection) as found:
            page("fair_stand_day", holder)
        return len(found)

    assert asked(2) == asked(6)
