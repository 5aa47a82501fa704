# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A job market: who stands there, who comes, and a time for as many as can be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.test_covenant import Person, refused
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import EXAMPLE, Municipality, ProcessingLine, Role, User
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.actions import Asker
from wijkeconomie.web.acting.instruments import job_market as fair
from wijkeconomie.web.acting.instruments.job_market import papers, planning, story, visits
from wijkeconomie.web.acting.instruments.job_market.retention import TERMS
from wijkeconomie.web.acting.models import Booking, Case, Line, Listing, Message, Slot
from wijkeconomie.web.journey import seed
from wijkeconomie.web.journey.models import Effort

TODAY = timezone.localdate
Stands = Callable[..., Listing]
Comes = Callable[..., Case]


@pytest.fixture
def by(person: Person) -> User:
    return person(Role.AREA_MANAGER)


@pytest.fixture
def market(municipality: Municipality, by: User, release: Any) -> Listing:
    """A morning of four moments, in two weeks, for which anyone can register."""
    wijk = release.areas("wijk", municipality.code)[0].code
    more = {"day": (TODAY() + timedelta(days=14)).isoformat(), "where": "De Hal, Kade 1",
            "opens": "10:00", "closes": "11:00", "minutes": 15, **actions.lottery()}  # fmt: skip
    made = actions.offer(by=by, municipality=municipality, key=uuid4(), kind=fair.MARKET, area=wijk,
                         title="Banenmarkt", story="Kom langs.", more=more)  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


@pytest.fixture
def stands(market: Listing, by: User) -> Stands:
    def made(number: int = 1, tables: int = 1, **more: Any) -> Listing:
        told: dict[str, Any] = {"sort": "employer", "title": f"Bakkerij {number}", "story": "Werk",
                                "x": 10 * number, "y": 50}  # fmt: skip
        stand = fair.Stand(number=number, tables=tables, **told | more)
        holder = Asker(kind="organisation", name="Baas", phone="06-1")
        return fair.add_stand(by=by, market=market, key=uuid4(), stand=stand, holder=holder)

    return made


@pytest.fixture
def comes(market: Listing) -> Comes:
    def made(*wishes: Listing, name: str = "Zwanhilde", **more: Any) -> Case:
        key = more.pop("key", uuid4())
        contact = {"email": more.pop("email", ""), "phone": more.pop("phone", "")}
        told = {"since": "10:00", "until": "11:00", "most": 1} | more
        coming = visits.Coming(wishes=tuple(one.pk.hex for one in wishes), **told)
        return visits.register(market=market, key=key, coming=coming,
                               asker=Asker(kind="person", name=name, **contact))  # fmt: skip

    return made


def planned(market: Listing, by: User) -> int:
    return planning.keep(by=by, market=market, stamp=planning.look(market).stamp)


def times(case: Case) -> list[tuple[str, str]]:
    return [(f"{timezone.localtime(one.starts_at):%H:%M}", one.slot.listing.title)
            for one in visits.day(case)]  # fmt: skip


def moved_to(market: Listing, day: Any) -> Listing:
    """The same, with its day another: every time of it too."""
    for one in Slot.objects.filter(listing__within=market):
        one.starts_at, one.ends_at = (
            timezone.make_aware(datetime.combine(day, timezone.localtime(at).time()))
            for at in (one.starts_at, one.ends_at)
        )
        one.save()
        one.bookings.update(starts_at=one.starts_at)
    market.cases.update(due=day, promised=day)
    market.refresh_from_db()
    market.more = market.more | {"day": day.isoformat()}
    market.save(update_fields=("more",))
    return market


# -- stands
def test_a_stand_has_each_moment_of_the_day_with_a_seat_for_each_table(stands: Stands) -> None:
    slots = stands(tables=2).slots.all()
    assert [(f"{timezone.localtime(one.starts_at):%H:%M}", one.seats) for one in slots] == [
        ("10:00", 2), ("10:15", 2), ("10:30", 2), ("10:45", 2)]  # fmt: skip


def test_a_number_on_the_plan_is_of_one_stand(stands: Stands) -> None:
    stands(3)
    with refused("stand_number"):
        stands(3)


def test_the_clock_that_changes_in_the_night_does_not_move_a_market(market: Listing) -> None:
    market.more = market.more | {"day": "2026-10-25", "opens": "10:00"}
    assert fair.clocks(market) == ["10:00", "10:15", "10:30", "10:45", "11:00"]


# -- who comes
def test_sent_once_more_it_is_the_same_visit(comes: Comes, stands: Stands) -> None:
    key, stand = uuid4(), stands()
    first = comes(stand, key=key)
    assert comes(stand, key=key).more["badge"] == first.more["badge"]
    with refused("key_used"):
        comes(stand, key=key, name="Ander")


def test_who_is_registered_by_one_address_is_so_once(comes: Comes) -> None:
    comes(email="a@example.org")
    with refused("registered_already"):
        comes(email="A@example.org ")


def test_a_badge_says_nothing_and_is_found_at_its_own_market_only(
    comes: Comes, market: Listing
) -> None:
    case = comes(name="Zwanhilde")
    badge = case.more["badge"]
    assert len(badge) >= 16
    assert case.pk.hex not in badge
    assert visits.with_badge(market, badge) == case
    assert visits.with_badge(market, badge[:-1]) is None
    other = Listing(pk=uuid4(), municipality=market.municipality)
    assert visits.with_badge(other, badge) is None


def test_who_is_registered_is_sealed_where_it_is_kept(comes: Comes) -> None:
    case = comes(name="Zwanhilde", needs=("quiet",))
    with connection.cursor() as cursor:
        table = Case._meta.db_table
        cursor.execute(f"SELECT more FROM {table}")  # noqa: S608 -- a name of ours
        (kept,) = cursor.fetchone()
    assert case.more["needs"] == ["quiet"]
    assert "quiet" not in str(kept)
    assert case.more["badge"] not in str(kept)


# -- the plan
def test_as_many_people_as_can_be_get_one_before_anybody_gets_the_dearest(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    few, many = stands(1), stands(2)
    only = comes(few, until="10:15", name="Een")
    both = comes(few, many, until="10:15", name="Twee")
    assert planned(market, by) == 2
    assert times(only) == [("10:00", "Bakkerij 1")]
    assert times(both) == [("10:00", "Bakkerij 2")]


def test_a_look_says_who_gets_none_and_why(comes: Comes, stands: Stands, market: Listing) -> None:
    stand = stands(1)
    comes(stand, until="10:15", name="Eerste")
    comes(stand, until="10:15", name="Tweede")
    comes(name="Zonder wens")
    look = planning.look(market)
    assert (look.people, look.one, look.first, len(look.made)) == (2, 1, 1, 1)
    assert sorted(why for _case, why in look.none) == ["full", "no_wish"]
    assert fair.appointments(market).count() == 0


def test_what_is_kept_is_what_was_looked_at(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    stand = stands(1)
    comes(stand, name="Eerste")
    seen = planning.look(market).stamp
    comes(stand, name="Tweede")
    with refused("fair_plan_changed"):
        planning.keep(by=by, market=market, stamp=seen)
    assert fair.appointments(market).count() == 0


def test_what_somebody_has_never_moves_when_others_come(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    stand = stands(1)
    first = comes(stand, name="Eerste")
    planned(market, by)
    had = times(first)
    for n in range(3):
        comes(stand, until=had[0][0] if had[0][0] > "10:00" else "10:15", name=f"Later {n}")
    planned(market, by)
    assert times(first) == had


def test_when_a_stand_drops_out_only_its_own_appointments_change(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    stays, goes = stands(1), stands(2)
    here, there = comes(stays, name="Hier"), comes(goes, stays, name="Daar")
    planned(market, by)
    had = times(here)
    look = planning.look(market, without=goes.pk)
    assert (look.lost, len(look.made), look.one) == (1, 1, 2)
    assert fair.drop_stand(by=by, stand=goes, reason="Ziek") == 1
    assert times(there) == []
    planned(market, by)
    assert times(here) == had
    assert [title for _clock, title in times(there)] == ["Bakkerij 1"]


def test_who_walks_in_gets_what_is_left_and_nobody_else_changes(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    stand = stands(1)
    waits, walks = comes(stand, name="Wacht"), comes(stand, name="Loopt binnen")
    look = planning.look(market, only=walks.pk)
    planning.keep(by=by, market=market, stamp=look.stamp, only=walks.pk)
    assert (len(times(walks)), times(waits)) == (1, [])


def test_nobody_is_planned_during_a_talk_that_they_go_to(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    case = comes(stands(1), name="Luistert")
    begins = fair.moments(market)[0][0]
    talk = fair.add_talk(by=by, market=market, key=uuid4(), title="Solliciteren", story="",
                         where="Zaal 2", begins=begins, minutes=50, seats=5)  # fmt: skip
    visits.go_to(case=case, slot=talk)
    assert planning.look(market).none == ((case, "not_there"),)


def test_a_talk_that_overlaps_what_somebody_has_is_refused(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    case = comes(stands(1), since="10:15", until="10:30")
    planned(market, by)
    begins = fair.moments(market)[0][0]
    talk = fair.add_talk(by=by, market=market, key=uuid4(), title="Solliciteren", story="",
                         where="Zaal 2", begins=begins, minutes=20, seats=5)  # fmt: skip
    with refused("booked_elsewhere"):
        visits.go_to(case=case, slot=talk)


def test_a_talk_is_while_the_market_is_open(market: Listing, by: User) -> None:
    begins = fair.moments(market)[-1][0]
    with refused("talk_outside"):
        fair.add_talk(by=by, market=market, key=uuid4(), title="Laat", story="", where="Zaal",
                      begins=begins, minutes=30, seats=5)  # fmt: skip


def test_a_full_talk_has_a_waiting_list_and_who_cancels_makes_room(
    comes: Comes, market: Listing, by: User
) -> None:
    talk = fair.add_talk(by=by, market=market, key=uuid4(), title="Solliciteren", story="",
                         where="Zaal 2", begins=fair.moments(market)[0][0], minutes=15,
                         seats=1)  # fmt: skip
    first, second = comes(name="Eerste"), comes(name="Tweede")
    assert visits.go_to(case=first, slot=talk).state == "confirmed"
    assert visits.go_to(case=second, slot=talk).state == "waiting"
    visits.stay_away(case=first)
    assert second.bookings.get().state == "offered"


def test_who_cancels_everything_frees_each_seat_for_a_next_plan(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    stand = stands(1)
    first, second = comes(stand, until="10:15", name="1"), comes(stand, until="10:15", name="2")
    planned(market, by)
    has, has_not = (first, second) if times(first) else (second, first)
    visits.stay_away(case=has)
    planned(market, by)
    assert (times(has), times(has_not)) == ([], [("10:00", "Bakkerij 1")])


def seat(case: Case, slot: Slot, number: int = 1) -> Booking:
    return Booking.objects.create(
        municipality=case.municipality, slot=slot, starts_at=slot.starts_at, seat=number,
        party=case.party, case=case, state="confirmed",
    )  # fmt: skip


def test_the_database_gives_a_seat_at_a_stand_once(comes: Comes, stands: Stands) -> None:
    slot = stands(1).slots.first()
    assert slot
    seat(comes(name="1"), slot)
    with pytest.raises(IntegrityError), transaction.atomic():
        seat(comes(name="2"), slot)


def test_the_database_has_nobody_at_two_stands_at_one_moment(comes: Comes, stands: Stands) -> None:
    one, other, case = stands(1).slots.first(), stands(2).slots.first(), comes()
    assert one
    assert other
    seat(case, one)
    with pytest.raises(IntegrityError), transaction.atomic():
        seat(case, other)


def test_two_who_keep_at_once_make_one_plan(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    comes(stands(1))
    stamp = planning.look(market).stamp
    planning.keep(by=by, market=market, stamp=stamp)
    with refused("fair_plan_changed"):
        planning.keep(by=by, market=market, stamp=stamp)
    assert fair.appointments(market).count() == 1


def test_who_gets_a_time_is_told_once_of_the_whole_day(
    comes: Comes, stands: Stands, market: Listing, by: User, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.invalid"
    case = comes(stands(1), stands(2), most=2, email="z@example.org")
    planned(market, by)
    assert (len(times(case)), Message.objects.filter(case=case, kind="fair_day").count()) == (2, 1)


# -- a group
def test_a_counsellor_sees_the_day_of_the_group_and_nobody_elses(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    stand = stands(1)
    comes(stand, name="Alleen")
    group = visits.bring(market=market, key=uuid4(), organisation="Buurthuis",
                         asker=Asker(kind="person", name="Begeleider", phone="06-2"))  # fmt: skip
    coming = visits.Coming(wishes=(stand.pk.hex,), since="10:00", until="11:00")
    key = uuid4()
    for _twice in range(2):
        visits.bring_one(group=group, key=key, name="Samen", coming=coming)
    planned(market, by)
    group.refresh_from_db()
    assert [(one.party.name, len(one.own)) for one in visits.people(group)  # type: ignore[union-attr, attr-defined]
            if one.party] == [("Samen", 1)]  # fmt: skip


def test_a_group_that_does_not_come_frees_the_seats_of_each(
    client: Client, stands: Stands, market: Listing, by: User
) -> None:
    stand = stands(1)
    group = visits.bring(market=market, key=uuid4(), organisation="Buurthuis",
                         asker=Asker(kind="person", name="Begeleider", phone="06-2"))  # fmt: skip
    coming = visits.Coming(wishes=(stand.pk.hex,), since="10:00", until="11:00")
    one = visits.bring_one(group=group, key=uuid4(), name="Samen", coming=coming)
    planned(market, by)
    page = reverse("my_fair_group", args=[access.link(group)])
    assert client.post(page, {"to": "off"}).status_code == 302
    one.refresh_from_db()
    assert (one.state, times(one), fair.appointments(market).count()) == ("off", [], 0)


def test_a_market_that_is_called_off_tells_who_would_come_and_why(
    signed: Signed, client: Client, comes: Comes, stands: Stands, market: Listing, by: User,
    settings: Any,
) -> None:  # fmt: skip
    settings.EMAIL_HOST = "mail.invalid"
    case = comes(stands(1), email="z@example.org")
    planned(market, by)
    answer = signed(Role.AREA_MANAGER).post(
        reverse("move_job_market", args=[market.pk]), {"to": "cancelled", "reason": "De hal lekt"}
    )
    assert answer.status_code == 302
    assert (times(case), fair.appointments(market).count()) == ([], 0)
    assert Message.objects.filter(case=case, kind="fair_off").count() == 1
    assert (
        "De hal lekt" in client.get(reverse("my_fair", args=[access.link(case)])).content.decode()
    )


# -- what is told
def test_fewer_than_ten_visitors_are_not_told(
    comes: Comes, market: Listing, client: Client
) -> None:
    for n in range(9):
        comes(name=f"{n}")
    page = reverse("job_market", args=[market.pk])
    assert "9 " not in _coming(client, page)
    comes(name="10")
    assert "10 " in _coming(client, page)


def _coming(client: Client, page: str) -> str:
    text = client.get(page).content.decode()
    return next((line for line in text.splitlines() if "komen" in line and "<p>" in line), "")


def test_what_came_of_it_counts_who_came_and_appointments_that_were_held(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    stand = stands(1, tables=4)
    cases = [comes(stand, name=f"{n}") for n in range(11)]
    planned(market, by)
    assert fair.in_words(market) == ""
    moved_to(market, TODAY())
    for one in cases:
        actions.stepped(Case.objects.get(pk=one.pk), "came", by=by)
    Booking.objects.filter(slot__listing=stand, slot__starts_at__lt=_half(market)).update(
        state="completed"
    )
    held = Booking.objects.filter(state="completed").count()
    assert fair.in_words(market) == f"11 mensen kwamen; {held} afspraken gingen door"


def _half(market: Listing) -> datetime:
    return fair.moments(market)[2][0]


# -- pages
def test_somebody_registers_on_a_phone_and_reads_their_day(
    client: Client, market: Listing, stands: Stands, by: User
) -> None:
    stand = stands(7)
    page = reverse("register_fair", args=[market.pk])
    sent = {"key": str(uuid4()), "name": "Zwanhilde", "phone": "06-12", "email": "",
            "wish_1": stand.pk.hex, "since": "10:00", "until": "10:30", "most": "2",
            "language": "nl", "needs": ["quiet"]}  # fmt: skip
    answer = client.post(page, sent)
    assert answer.status_code == 302
    mine = answer["Location"]
    assert "10:00" not in _tables(client.get(mine).content.decode())
    planned(market, by)
    assert "10." in _tables(client.get(mine).content.decode())
    case = Case.objects.get(kind=fair.VISIT.name)
    client.post(mine, {"booking": str(case.bookings.get().pk)})
    assert times(case) == []
    client.post(mine, {"to": "off"})
    case.refresh_from_db()
    assert case.state == "off"


def _tables(text: str) -> str:
    return text[text.find("<table") : text.find("</table>")] if "<table" in text else ""


def test_the_same_form_twice_is_one_visit(client: Client, market: Listing, stands: Stands) -> None:
    sent = {"key": str(uuid4()), "name": "Z", "phone": "06-12", "wish_1": stands(7).pk.hex,
            "since": "10:00", "until": "10:30", "most": "1", "language": "nl"}  # fmt: skip
    page = reverse("register_fair", args=[market.pk])
    assert client.post(page, sent)["Location"] == client.post(page, sent)["Location"]
    assert client.post(page, sent | {"name": "Q"}).status_code == 422
    assert fair.visitors(market).count() == 1


def test_nobody_else_reads_a_day(comes: Comes, market: Listing, client: Client) -> None:
    case = comes()
    assert client.get(reverse("my_fair", args=[case.pk.hex])).status_code == 404
    assert client.get(reverse("my_fair_group", args=[access.link(case)])).status_code == 404


def test_the_team_keeps_a_plan_on_a_page(
    signed: Signed, comes: Comes, stands: Stands, market: Listing
) -> None:
    comes(stands(1))
    clerk = signed(Role.CLERK)
    page = reverse("fair_plan", args=[market.pk])
    stamp = clerk.get(page).context["look"].stamp
    assert clerk.post(page, {"stamp": "anders"}).status_code == 409
    assert clerk.post(page, {"stamp": stamp}).status_code == 302
    assert fair.appointments(market).count() == 1


@pytest.mark.parametrize(("page", "most"), [("job_market_team", 30), ("fair_plan", 30)])
def test_a_page_asks_no_more_with_more_visitors(
    page: str, most: int, signed: Signed, comes: Comes, stands: Stands, market: Listing
) -> None:
    clerk, address = signed(Role.CLERK), reverse(page, args=[market.pk])
    stand = stands(1)
    comes(stand)
    clerk.get(address)
    with CaptureQueriesContext(connection) as few:
        clerk.get(address)
    for n in range(12):
        comes(stand, name=f"{n}")
    with CaptureQueriesContext(connection) as many:
        clerk.get(address)
    assert len(many) <= len(few) + 2
    assert len(many) <= most


# -- paper and the hall
def test_lists_are_by_stand_or_by_moment_and_reading_them_is_written_down(
    signed: Signed, comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    comes(stands(1), name="Zwanhilde")
    planned(market, by)
    clerk, page = signed(Role.CLERK), reverse("fair_lists", args=[market.pk])
    assert "Zwanhilde" in clerk.get(page).content.decode()
    assert [len(one.rows) for one in clerk.get(page).context["sheets"]] == [1]
    assert [one.title[:2] for one in clerk.get(f"{page}?per=moment").context["sheets"]] == ["10"]
    assert ProcessingLine.objects.count() >= 3


def test_a_badge_has_a_first_name_and_a_code_and_no_more(
    signed: Signed, comes: Comes, market: Listing
) -> None:
    comes(name="Zwanhilde Kwinkslag")
    text = signed(Role.CLERK).get(reverse("fair_badges", args=[market.pk])).content.decode()
    assert "Zwanhilde" in text
    assert "Kwinkslag" not in text


def test_the_screen_in_the_hall_names_nobody_and_looks_again_by_itself(
    client: Client, comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    comes(stands(1), name="Zwanhilde")
    planned(market, by)
    page = reverse("fair_screen", args=[market.pk])
    answer = client.get(page)
    assert "Zwanhilde" not in answer.content.decode()
    assert answer["Refresh"] == "60"
    assert "Refresh" not in client.get(f"{page}?stil=1")


def test_the_screen_says_what_is_free_now_and_next(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    comes(stands(1, tables=2), name="Eerste", until="10:15")
    planned(market, by)
    during = fair.moments(market)[0][0] + timedelta(minutes=5)
    found = papers.screen(market, during)
    assert [(one.now, one.next) for one in found.stands] == [(1, 2)]
    after = fair.moments(market)[-1][1]
    assert [(one.now, one.next) for one in papers.screen(market, after).stands] == [(None, None)]


@pytest.mark.parametrize("name", ["fair_lists", "fair_badges", "fair_registered", "fair_screen"])
def test_a_sheet_asks_no_more_with_more_people(
    name: str, signed: Signed, comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    clerk, page, stand = signed(Role.CLERK), reverse(name, args=[market.pk]), stands(1, tables=9)
    comes(stand)
    planned(market, by)
    clerk.get(page)
    with CaptureQueriesContext(connection) as few:
        clerk.get(page)
    for n in range(8):
        comes(stand, name=f"{n}")
    planned(market, by)
    with CaptureQueriesContext(connection) as many:
        clerk.get(page)
    assert len(many) == len(few)


# -- how long it is kept
def forgotten(kind: str, days: int) -> int:
    term = next(one for one in TERMS if one.kind == kind)
    assert term.days == days
    found = term.over(timezone.now() - timedelta(days=days))
    count = found.count()  # type: ignore[union-attr]
    term.destroy(found)
    return count


@pytest.mark.parametrize(("kind", "days"), [("badges", 28), ("job markets", 365)])
def test_a_badge_is_kept_four_weeks_and_a_visitor_a_year(
    kind: str, days: int, comes: Comes, market: Listing
) -> None:
    case = comes(name="Zwanhilde")
    moved_to(market, TODAY() - timedelta(days=days - 1))
    assert forgotten(kind, days) == 0
    moved_to(market, TODAY() - timedelta(days=days + 1))
    assert forgotten(kind, days) == 1
    case.refresh_from_db()
    assert "badge" not in case.more
    assert not case.marks.exists()
    assert (case.party is None) == (kind == "job markets")


def test_who_is_still_asked_how_it_goes_is_kept_until_a_year_after_that(
    comes: Comes, market: Listing
) -> None:
    case = comes(name="Zwanhilde")
    moved_to(market, TODAY() - timedelta(days=400))
    line = Line.objects.create(municipality=case.municipality, case=case, text="",
                               due=TODAY() - timedelta(days=100))  # fmt: skip
    assert forgotten("job markets", 365) == 0
    Line.objects.filter(pk=line.pk).update(due=TODAY() - timedelta(days=366))
    assert forgotten("job markets", 365) == 1


# -- the example
def test_the_story_is_told_once_and_counts_at_its_effort(db: None, release: Any) -> None:
    first = release.areas("gemeente")[0]
    story.tell(code=first.code, by=User())
    assert Listing.objects.count() == 0  # no plan, no story
    seed.open_doors(code=first.code, name=first.name)
    boss = User.objects.get(email=f"{seed.PEOPLE[Role.AREA_MANAGER]}@{EXAMPLE}")
    for _ in range(2):
        story.tell(code=first.code, by=boss)
        assert Case.objects.filter(kind=fair.VISIT.name).count() == 56
    found = Listing.objects.filter(kind=fair.MARKET.name).order_by("more__day")
    assert [one.state for one in found] == ["ended", "open"]
    held = Booking.objects.filter(slot__listing__within=found[0], state="completed",
                                  slot__listing__kind=fair.STAND.name).count()  # fmt: skip
    effort = Effort.objects.get(instrument="job_fair")
    (told,) = kinds.results(effort)
    assert told.words.startswith(f"29 mensen kwamen; {held} afspraken gingen door; ")
    assert all(visits.day(one) for one in fair.visitors(found[0]))
    assert all(fair.day_of(found[0]) == timezone.localdate(one.starts_at)
               for one in Slot.objects.filter(listing__within=found[0]))  # fmt: skip


def test_a_form_of_a_page_is_taken_by_a_browser(
    comes: Comes, stands: Stands, market: Listing, by: User
) -> None:
    case = comes(stands(1))
    planned(market, by)
    browser = Client(enforce_csrf_checks=True)
    mine = reverse("my_fair", args=[access.link(case)])
    shown = browser.get(mine).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
    assert token
    assert browser.post(mine, {"to": "off"}).status_code == 403
    assert browser.post(mine, {"to": "off", "csrfmiddlewaretoken": token[1]}).status_code == 302
