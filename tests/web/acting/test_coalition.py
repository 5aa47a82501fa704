# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A coalition: roles, meetings, what was taken on there, and who holds it together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.test_covenant import (
    Person,
    bank,
    covenant,
    everyone,
    promised,
    refused,
    signs,
    taken_in,
)
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.instruments import coalition
from wijkeconomie.web.acting.instruments import covenant as covenants
from wijkeconomie.web.acting.models import Agreement, Case, Line, Listing
from wijkeconomie.web.acting.retention import TERMS

__all__ = ["bank", "covenant"]
Meets = Callable[..., Case]


def key_of(case: Case) -> str:
    return str(case.agreements.get().pk)


@pytest.fixture
def met(covenant: Listing, person: Person) -> Meets:
    """A meeting of today, with who was there."""

    def meets(*partners: Case, **more: Any) -> Case:
        told = {"key": uuid4(), "day": timezone.localdate(), "decisions": "Wij gaan door."} | more
        there = [key_of(one) for one in partners]
        return coalition.note_meeting(by=person(Role.PLANNER), covenant=covenant, present=there,
                                      **told)  # fmt: skip

    return meets


@pytest.fixture
def school(covenant: Listing, person: Person) -> Case:
    """Another partner."""
    return taken_in(covenant, person(Role.PLANNER), "De Vakschool", sort="school")


def seen(covenant: Listing, days: int = 0) -> coalition.Together:
    return coalition.together(covenant, timezone.localdate() + timedelta(days))


def takes_on(meeting: Case, owner: Case, by: Any, *helpers: Case, **more: Any) -> Line:
    told = {"key": uuid4(), "text": "Een lijst", "due": timezone.localdate()} | more
    return coalition.take_on(by=by, meeting=meeting, owner=owner,
                             helpers=[key_of(one) for one in helpers], **told)  # fmt: skip


def test_what_was_taken_on_at_a_meeting_is_a_promise_like_any_other(
    bank: Case, person: Person, met: Meets
) -> None:
    signs(bank)
    promised(bank, text="Een spreekuur")
    takes_on(met(bank), bank, person(Role.PLANNER))
    assert sorted(one.text for one in covenants.lines(bank.listing)) == [
        "Een lijst", "Een spreekuur"]  # fmt: skip
    assert "0 van de 2 beloften waarvan de dag kwam" in everyone(bank.listing)


def test_what_a_partner_with_an_account_took_on_stands_on_their_page_of_today(
    covenant: Listing, person: Person, met: Meets, signed: Signed
) -> None:
    user = person(Role.PARTNER)
    case = taken_in(covenant, person(Role.PLANNER), "Het Fonds", user=user)
    takes_on(met(case), case, person(Role.PLANNER), text="De spreekkamer vragen")
    page = signed(Role.PARTNER).get(reverse("today")).content.decode()
    assert ("De spreekkamer vragen" in page, access.page_of(case) in page) == (True, True)


def test_twin_who_is_no_partner_any_more_reads_nothing_of_it_there(
    covenant: Listing, person: Person, met: Meets, signed: Signed
) -> None:
    user = person(Role.PARTNER)
    case = taken_in(covenant, person(Role.PLANNER), "Het Fonds", user=user)
    takes_on(met(case), case, person(Role.PLANNER), text="De spreekkamer vragen")
    assert case.party is not None
    case.party.involvements.update(until=timezone.now())
    assert "spreekkamer" not in signed(Role.PARTNER).get(reverse("today")).content.decode()


def test_a_meeting_is_once_under_its_key_and_never_of_a_day_to_come(bank: Case, met: Meets) -> None:
    first = met(bank)
    assert met(bank, key=first.pk).pk == first.pk
    with refused("key_used"):
        met(bank, key=first.pk, decisions="Iets anders")
    with refused("not_there_yet"):
        met(bank, day=timezone.localdate() + timedelta(1))
    assert Case.objects.filter(kind="coalition_meeting").count() == 1


def test_a_role_lasts_from_its_day_until_its_day_and_signing_anew_leaves_it(
    bank: Case, person: Person
) -> None:
    by, today = person(Role.PLANNER), timezone.localdate()
    signs(bank)
    coalition.give_role(by=by, case=bank, role="chair", since=today - timedelta(5))
    covenants.revise(by=by, covenant=bank.listing, text="Anders.")
    signs(bank, 2)
    assert [(one.role, one.until) for one in seen(bank.listing).roles] == [("chair", None)]
    coalition.give_role(by=by, case=bank, role="chair", since=today - timedelta(5), until=today)
    assert [one.until for one in seen(bank.listing).roles] == [today]
    after = seen(bank.listing, 1)
    assert (after.roles, [one.role for one in after.had]) == ((), ["chair"])


def test_who_left_gets_no_role_and_takes_nothing_on(bank: Case, person: Person, met: Meets) -> None:
    meeting = met(bank)
    covenants.leave(case=bank, reason="Geen tijd")
    with refused("partner_left"):
        coalition.give_role(by=person(Role.PLANNER), case=bank, role="chair",
                            since=timezone.localdate())  # fmt: skip
    with refused("partner_left"):
        takes_on(meeting, bank, person(Role.PLANNER))


def test_the_picture_and_the_table_say_what_stops_and_who_could_go_on(
    bank: Case, school: Case, person: Person, met: Meets, signed: Signed
) -> None:
    by = person(Role.PLANNER)
    meeting = met(bank, school)
    takes_on(meeting, bank, by, school, text="Een lijst maken")
    takes_on(meeting, bank, by, text="De sleutel halen")
    loss = next(one for one in seen(bank.listing).losses if one.partner == key_of(bank))
    assert (loss.stops, [words for words, _who in loss.goes_on]) == (
        ("De sleutel halen",), ["Een lijst maken"])  # fmt: skip
    page = signed(Role.PLANNER).get(reverse("coalition", args=[bank.listing_id])).content.decode()
    assert ("<svg" in page, "Bank om de Hoek" in page, "De sleutel halen" in page) == (
        True, True, True)  # fmt: skip


def test_what_others_in_the_same_neighbourhood_have_and_this_one_lacks_is_asked(
    covenant: Listing, school: Case, person: Person
) -> None:
    by = person(Role.PLANNER)
    told = {"municipality": covenant.municipality, "kind": covenants.COVENANT, "by": by,
            "title": "Ander", "more": covenants.first_text("Ander")}  # fmt: skip
    for area in (covenant.area, covenant.municipality_id):
        other = actions.offer(key=uuid4(), area=area, **told)
        other = covenants.open_to_all(by=by, covenant=other, to="open")
        taken_in(other, by, "Een school", sort="school")
        taken_in(other, by, "Buurt", sort="residents" if area == covenant.area else "care")
    assert seen(covenant).missing.sorts == (("groep bewoners", 1),)


def test_who_came_lately_and_does_nothing_with_others_yet_is_seen(
    bank: Case, school: Case, met: Meets
) -> None:
    met(bank)
    assert [(one.name, one.tied) for one in seen(bank.listing).newcomers] == [
        ("Bank om de Hoek", False), ("De Vakschool", False)]  # fmt: skip
    met(bank, school)
    assert [one.tied for one in seen(bank.listing).newcomers] == [True, True]
    Case.objects.update(made_at=timezone.now() - timedelta(91))
    Agreement.objects.update(made_at=timezone.now() - timedelta(91))
    assert seen(bank.listing).newcomers == ()


def test_only_a_partner_that_signed_reads_it_at_its_link(
    bank: Case, school: Case, met: Meets
) -> None:
    met(bank, school, decisions="De markt komt terug.")
    there = reverse("our_coalition", args=[access.link(bank)])
    assert Client().get(there).status_code == 404
    signs(bank)
    page = Client().get(there).content.decode()
    assert ("De markt komt terug." in page, reverse("note_meeting", args=[bank.listing_id])
            in page) == (True, False)  # fmt: skip


def test_a_meeting_and_what_is_taken_on_are_noted_on_pages(
    bank: Case, school: Case, person: Person, signed: Signed
) -> None:
    client = signed(Role.PLANNER)
    day = timezone.localdate().isoformat()
    sent = client.post(reverse("note_meeting", args=[bank.listing_id]), {
        "key": uuid4(), "day": day, "present": [key_of(bank)], "decisions": "Door."})  # fmt: skip
    data = {"key": uuid4(), "text": "Bellen", "owner": key_of(bank), "helpers": [key_of(school)],
            "due": day}  # fmt: skip
    for _ in range(2):
        assert client.post(sent["Location"], data).status_code == 302
    line = Line.objects.get()
    assert (line.text, line.more["with"]) == ("Bellen", [key_of(school)])
    role = {"role": "host", "since": day, "until": ""}
    assert client.post(reverse("give_role", args=[bank.pk]), role).status_code == 302
    assert [one.role for one in seen(bank.listing).roles] == ["host"]


def test_more_partners_and_meetings_take_no_more_queries(
    bank: Case, school: Case, person: Person, met: Meets
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            seen(bank.listing)
        return len(found)

    takes_on(met(bank, school), bank, person(Role.PLANNER))
    few = queries()
    for number in range(3):
        takes_on(met(bank), taken_in(bank.listing, person(Role.PLANNER), f"P{number}"),
                 person(Role.PLANNER))  # fmt: skip
    assert queries() == few


def test_a_year_after_the_end_what_was_decided_is_destroyed(
    bank: Case, person: Person, met: Meets
) -> None:
    meeting = met(bank)
    covenants.open_to_all(
        by=person(Role.PLANNER), covenant=bank.listing, to="ended", reason="Klaar"
    )
    term = next(one for one in TERMS if one.kind == "meetings")
    for days, text in ((364, "Wij gaan door."), (366, "")):
        retention.destroy(timezone.now() + timedelta(days), really=True, terms=(term,))
        meeting.refresh_from_db()
        assert meeting.text == text
    assert meeting.more == {}


def test_a_role_said_anew_leaves_what_was_before_it_and_what_comes_after(
    bank: Case, person: Person
) -> None:
    by, today = person(Role.PLANNER), timezone.localdate()
    signs(bank)
    coalition.give_role(by=by, case=bank, role="chair", since=today - timedelta(700))
    coalition.give_role(by=by, case=bank, role="chair", since=today + timedelta(90))
    coalition.give_role(by=by, case=bank, role="chair", since=today - timedelta(5), until=today)
    told = [(one["since"], one["until"]) for one in covenants.signature(bank).more["roles"]]
    days = [(-700, -6), (90, None), (-5, 0)]
    assert told == [((today + timedelta(since)).isoformat(),
                     None if until is None else (today + timedelta(until)).isoformat())
                    for since, until in days]  # fmt: skip
