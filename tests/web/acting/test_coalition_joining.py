# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who comes to take part in a coalition, what partners carry, and what comes back until done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.accounts.persons import someone
from tests.web.acting.test_coalition import Meets, met, school, seen, takes_on
from tests.web.acting.test_covenant import Person, bank, covenant, refused, signs
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.instruments import coalition, initiatives
from wijkeconomie.web.acting.instruments import covenant as covenants
from wijkeconomie.web.acting.instruments.coalition import joining, working
from wijkeconomie.web.acting.models import Case, Involvement, Listing
from wijkeconomie.web.journey.models import Effort, Journey

__all__ = ["bank", "covenant", "met", "school"]


@pytest.fixture
def market(covenant: Listing, person: Person) -> Listing:
    """Something that runs in the neighbourhood."""
    by = person(Role.PLANNER)
    made = actions.offer(by=by, municipality=covenant.municipality, key=uuid4(), title="Markt",
                         kind=initiatives.DESK, area=covenant.area)  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


@pytest.fixture
def opened(covenant: Listing, person: Person) -> Listing:
    """One in which partners can sign, however it came here."""
    if covenant.state == "draft":
        covenants.open_to_all(by=person(Role.PLANNER), covenant=covenant, to="open")
    return Listing.objects.get(pk=covenant.pk)


def asks(covenant: Listing, **more: Any) -> Any:
    data = {"key": uuid4(), "name": "Buurtkas", "contact": "Zwanhilde", "sort": "money",
            "text": "Rekenen", "phone": "06-1"} | more  # fmt: skip
    return Client().post(reverse("join_coalition", args=[covenant.pk]), data)


def test_an_organisation_asks_without_an_account_reads_the_answer_and_signs(
    opened: Listing, signed: Signed
) -> None:
    sent = asks(opened)
    case = Case.objects.get(kind="covenant_join")
    there = reverse("answer_join", args=[case.pk])
    assert "Buurtkas" in signed(Role.PLANNER).get(
        reverse("coalition", args=[opened.pk])).content.decode()  # fmt: skip
    assert signed(Role.PLANNER).post(there, {"to": "taken"}).status_code == 302
    page = Client().get(sent["Location"]).content.decode()
    partner = joining.partner_of(case)
    assert partner is not None
    assert access.page_of(partner) in page
    assert (partner.more["sort"], partner.agreements.get().state) == ("money", "asked")
    assert joining.asked(opened) == []


def test_declined_they_read_why_and_are_no_partner(opened: Listing, person: Person) -> None:
    sent = asks(opened)
    case = Case.objects.get(kind="covenant_join")
    with refused("state_without_reason"):
        joining.answer(by=person(Role.PLANNER), case=case, to="declined")
    joining.answer(by=person(Role.PLANNER), case=case, to="declined", reason="Eerst dit jaar")
    assert "Eerst dit jaar" in Client().get(sent["Location"]).content.decode()
    assert joining.partner_of(case) is None


def test_who_asked_already_is_told_so_and_one_key_is_one(opened: Listing) -> None:
    key = uuid4()
    for _ in range(2):
        assert asks(opened, key=key).status_code == 302
    assert asks(opened, name="Anders").status_code == 422
    assert Case.objects.filter(kind="covenant_join").count() == 1


def test_a_draft_is_not_joined(covenant: Listing) -> None:
    Listing.objects.filter(pk=covenant.pk).update(state="draft")
    assert asks(covenant).status_code == 404


def test_the_next_meeting_is_read_by_who_asked_and_by_partners_and_by_nobody_else(
    opened: Listing, bank: Case, person: Person
) -> None:
    covenants.sign(case=bank, version=opened.more["version"], name="Iemand", shown=True)
    sent, day = asks(opened), timezone.localdate() + timedelta(9)
    at = timezone.datetime(2026, 1, 1, 14).time()
    coalition.plan_meeting(by=person(Role.PLANNER), covenant=opened, day=day, begins=at,
                           where="De Haspel", agenda="Wie doet wat")  # fmt: skip
    for page in (sent["Location"], reverse("our_coalition", args=[access.link(bank)])):
        said = Client().get(page).content.decode()
        assert ("De Haspel" in said, "14.00 uur" in said) == (True, True)
    public = Client().get(reverse("covenant", args=[opened.pk])).content.decode()
    assert ("De Haspel" in public, "Doe mee met uw organisatie" in public) == (False, True)
    held = Listing.objects.get(pk=opened.pk)
    assert coalition.next_meeting(held, day) is not None
    assert coalition.next_meeting(held, day + timedelta(1)) is None


def test_what_a_partner_carries_is_seen_with_what_stops_there(
    opened: Listing, market: Listing, bank: Case, school: Case, signed: Signed
) -> None:
    there = reverse("take_part", args=[bank.pk])
    data = {"key": uuid4(), "listing": str(market.pk), "how": "does"}
    for _ in range(2):
        assert signed(Role.PLANNER).post(there, data).status_code == 302
    loss = next(one for one in seen(opened).losses if "Markt" in one.stops)
    assert loss.partner == str(bank.agreements.get().pk)
    working.take_part(by=someone("ander", Role.PLANNER), case=school, key=uuid4(), listing=market,
                      how="place")  # fmt: skip
    found = seen(opened)
    assert [(tie.works, tie.together) for tie in found.ties] == [(1, True)]
    assert not any("Markt" in one.stops for one in found.losses)
    part = Involvement.objects.get(kind="place")
    ends = reverse("end_part", args=[school.pk, part.pk])
    assert signed(Role.PLANNER).post(ends).status_code == 302
    assert signed(Role.PLANNER).post(ends).status_code == 404
    assert [one.title for one in seen(opened).carried] == ["Markt"]


def test_who_left_carries_nothing(opened: Listing, market: Listing, bank: Case,
                                  person: Person) -> None:  # fmt: skip
    by = person(Role.PLANNER)
    working.take_part(by=by, case=bank, key=uuid4(), listing=market, how="does")
    covenants.leave(case=bank, reason="Verhuisd", by=by)
    assert (seen(opened).carried, seen(opened).losses) == ((), ())
    with refused("partner_left"):
        working.take_part(by=by, case=bank, key=uuid4(), listing=market, how="pays")


def test_what_is_missing_is_asked_from_what_was_noted(
    opened: Listing, bank: Case, journey: Journey, person: Person
) -> None:
    by = person(Role.PLANNER)
    Effort.objects.create(journey=journey, title="Werk", instrument="coaching", perspective="work",
                          choice="chosen", cost_low=1, cost_likely=1, cost_high=1, hours=1,
                          value=1, made_by=by)  # fmt: skip
    Listing.objects.filter(pk=opened.pk).update(area=journey.area)
    opened.refresh_from_db()
    found = seen(opened).missing
    assert ([many for _name, many in found.perspectives], found.parts, found.known) == ([1], (), 0)
    inside = covenants.buurten(opened)
    partner = covenants.Partner(name="Kerk", area=inside[0][0])
    covenants.take_in(by=by, covenant=opened, key=uuid4(), partner=partner)
    found = seen(opened).missing
    assert found.parts == tuple(name for _code, name in inside[1:])
    assert (found.known, found.of) == (1, 2)


def test_what_was_taken_on_comes_back_at_each_meeting_until_it_is_done(
    opened: Listing, bank: Case, person: Person, met: Meets, signed: Signed
) -> None:
    by = person(Role.PLANNER)
    line = takes_on(met(bank), bank, by, text="De sleutel halen")
    after = met(bank)
    pages = [reverse("meeting", args=[after.pk]), reverse("note_meeting", args=[opened.pk])]
    team = signed(Role.PLANNER)
    assert ["De sleutel halen" in team.get(one).content.decode() for one in pages] == [True, True]
    actions.settle(line=line, to="kept", by=by)
    assert ["De sleutel halen" in team.get(one).content.decode() for one in pages] == [
        False, False]  # fmt: skip


def test_the_team_reads_who_signed_which_version(
    opened: Listing, bank: Case, school: Case, person: Person, signed: Signed
) -> None:
    signs(bank)
    covenants.revise(by=person(Role.PLANNER), covenant=opened, text="Een nieuwe tekst")
    held = Listing.objects.get(pk=opened.pk)
    signs(school, version=held.more["version"])
    rows = [one.agreement for one in covenants.partners(held)]
    assert [(one.number, [name for name, _on in one.signed])
            for one in covenants.versions(held, rows)] == [
        (2, ["De Vakschool"]), (1, ["Bank om de Hoek"])]  # fmt: skip
    page = signed(Role.PLANNER).get(reverse("covenant_team", args=[opened.pk])).content.decode()
    assert ("Versie 1, sinds" in page, "Versie 2, sinds" in page) == (True, True)


def test_a_partner_without_a_covenant_reads_that_they_take_part_in_none(signed: Signed) -> None:
    page = signed(Role.PARTNER).get(reverse("covenants")).content.decode()
    assert ("U doet nog aan geen convenant mee." in page, "Er is nog geen convenant" in page) == (
        True, False)  # fmt: skip
