# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The link of whom a case is about is theirs: the team sees it when it hands it over, which is
written down, and sends nothing in their name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.lending import a_fund
from tests.web.acting.lending import asked as asked_a_loan
from tests.web.acting.test_coaching import coach, deal, needing, programme
from tests.web.acting.test_covenant import bank, covenant
from tests.web.acting.test_deregulation import reports
from tests.web.acting.test_procurement import buying, registered
from tests.web.acting.test_shop import shop
from tests.web.acting.test_shop import wants as wants_a_day
from tests.web.acting.test_space_owners import unit
from tests.web.acting.test_spaces import register
from tests.web.acting.test_spaces import wants as wants_a_space
from tests.web.journey.conftest import Signed
from wijkeconomie import web
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import AuditLine, Municipality, ProcessingLine, Role, User
from wijkeconomie.web.acting import access, kinds, pages, urls
from wijkeconomie.web.acting.instruments.coaching import matching, trajectories
from wijkeconomie.web.acting.instruments.spaces import owning
from wijkeconomie.web.acting.models import Agreement, Booking, Case, Involvement, Listing

__all__ = [
    "bank",
    "buying",
    "coach",
    "covenant",
    "deal",
    "needing",
    "programme",
    "register",
    "shop",
    "unit",
]
Person = Callable[[Role], User]


def the_page(case: Case, signed: Signed, role: Role, name: str) -> str:
    key = case.listing_id if name in OF_LISTING else case.pk
    return signed(role).get(reverse(name, args=[key])).content.decode()


OF_LISTING = ("covenant_team", "shop_team", "buying_team")
LINKED = {  # who is mailed, by which test plants one, and where the team finds the link
    "question": ("case", Role.CLERK, "case"), "obstacle": ("obstacle", Role.CLERK, "case"),
    "coaching_need": ("needing", Role.CLERK, "coaching_need"),
    "covenant_partner": ("bank", Role.PLANNER, "covenant_team"),
    "loan_request": ("loan", Role.COMMITTEE, "loan_request"),
    "supplier": ("firm", Role.BUYER, "buying_team"),
    "shop_day": ("shop_day", Role.CLERK, "shop_team"),
    "space_wish": ("space_wish", Role.CLERK, "space_look"),
}  # fmt: skip


# Of those whose link is handed over is tested where they are: here, that the page leads to it.
ON_THE_PAGE = {
    "space_owner": "owner_link.html", "work_profile": "who_is_it.html",
    "employer": "employer_team.html", "maker": "brand_team.html", "brand_role": "brand_team.html",
    "fair_tablet": "fair_door.html", "fair_exhibitor": "fair_stand_team.html",
    "fair_visit": "fair_visit.html",
    "initiative_by": "initiative_team.html", "initiative_help": "initiative_team.html",
}  # fmt: skip


@pytest.fixture
def obstacle(point: Listing) -> Case:
    return reports(point)[0]


@pytest.fixture
def loan(municipality: Municipality, person: Person, release: object) -> Case:
    return asked_a_loan(a_fund(municipality, person(Role.COMMITTEE), municipality.code))


@pytest.fixture
def shop_day(shop: Listing) -> Case:
    return wants_a_day(shop)


@pytest.fixture
def space_wish(register: Listing) -> Case:
    return wants_a_space(register)


def test_everybody_who_gets_letters_has_a_page_of_the_team_with_their_link() -> None:
    mailed = {one.name for one in kinds.every() if one.table is Case and one.letters}
    assert mailed == {*LINKED, *ON_THE_PAGE}
    texts = dict(written())
    assert [one for one in ON_THE_PAGE.values() if "case_link" not in texts[one]] == []


@pytest.mark.parametrize(("of", "role", "name"), LINKED.values(), ids=LINKED)
def test_the_team_sees_a_link_when_it_hands_it_over_and_that_is_written_down(
    of: str, role: Role, name: str, signed: Signed, request: pytest.FixtureRequest
) -> None:
    case: Case = request.getfixturevalue(of)
    said, there = the_page(case, signed, role, name), reverse("case_link", args=[case.pk])
    assert (access.link(case) in said, there in said) == (False, True)
    assert access.link(case) not in signed(role).get(there).content.decode()
    assert not AuditLine.objects.filter(verb="show_link").exists()
    assert access.link(case) in signed(role).post(there).content.decode()
    line = AuditLine.objects.get(verb="show_link")
    assert (line.subject, line.details) == (str(case.pk), {"way": "page"})
    assert "De koppeling is getoond aan" in signed(role).get(there).content.decode()


def test_of_a_loan_the_committee_sees_it_and_a_clerk_does_not(
    municipality: Municipality, person: Person, signed: Signed, release: object
) -> None:
    by = person(Role.COMMITTEE)
    case = asked_a_loan(a_fund(municipality, by, municipality.code))
    there = reverse("case_link", args=[case.pk])
    assert access.link(case) not in the_page(case, signed, Role.COMMITTEE, "loan_request")
    assert [signed(role).post(there).status_code for role in (Role.CLERK, Role.COMMITTEE)] == [
        403, 200]  # fmt: skip


def test_a_letter_with_the_link_is_written_down(case: Case, signed: Signed) -> None:
    assert access.link(case) in the_page(case, signed, Role.CLERK, "letter")
    assert AuditLine.objects.get(verb="show_link").details == {"way": "letter"}
    assert "Een brief met de koppeling" in the_page(case, signed, Role.CLERK, "case")


def test_nobody_of_the_team_sends_something_in_the_name_of_whom_it_is_about(
    needing: Case, coach: object, person: Person, signed: Signed
) -> None:
    match = matching.propose(by=person(Role.CLERK), needing=needing, coach=coach)  # type: ignore[arg-type]
    matching.reply(by=person(Role.COACH), match=match, yes=True)
    there, sent = reverse("choose_coach", args=[access.link(needing)]), {"yes": "1"}
    for role in (Role.CLERK, Role.COACH, Role.PLANNER):
        answer = signed(role).post(there, sent)
        assert answer.status_code == 403
        assert "Dit is de pagina van wie de koppeling kreeg." in answer.content.decode()
    assert not Agreement.objects.exists()
    assert Client().post(there, sent).status_code == 302
    assert Agreement.objects.get().case == needing


def test_without_the_guard_a_clerk_would_consent_for_them(
    needing: Case, coach: object, person: Person, rf: RequestFactory
) -> None:
    from wijkeconomie.web.acting.instruments.coaching import views

    match = matching.propose(by=person(Role.CLERK), needing=needing, coach=coach)  # type: ignore[arg-type]
    matching.reply(by=person(Role.COACH), match=match, yes=True)
    asks = rf.post("/", {"yes": "1"})
    asks.user = person(Role.CLERK)
    with pytest.raises(Refusal) as refusal:
        pages.theirs(views.choose_coach)(asks, link=access.link(needing))
    assert refusal.value.notice.code == "page_of_another"
    assert not Agreement.objects.exists()
    views.choose_coach(asks, access.link(needing))
    assert Agreement.objects.exists()


READS = {"loan": {Role.COMMITTEE}, "needing": set[Role](), "firm": set[Role]()}


@pytest.fixture
def firm(buying: Listing) -> Case:
    """Whose offers nobody of the municipality reads before the deadline."""
    return registered(buying)


@pytest.mark.parametrize("of", ["loan", "needing", "firm"])
def test_what_is_confidential_is_read_at_the_link_by_who_may_read_it_and_nobody_else_of_the_team(
    of: str, municipality: Municipality, person: Person, signed: Signed,
    request: pytest.FixtureRequest, release: object,
) -> None:  # fmt: skip
    by = person(Role.COMMITTEE)
    case: Case = asked_a_loan(a_fund(municipality, by, municipality.code)) if of == "loan" else (
        request.getfixturevalue(of))  # fmt: skip
    there = access.page_of(case)
    team = (Role.CLERK, Role.PLANNER, Role.COACH, Role.COMMITTEE, Role.BUYER, Role.ADMINISTRATOR)
    got = {role: signed(role).get(there).status_code for role in team}
    assert got == {role: 200 if role in READS[of] else 403 for role in team}
    assert Client().get(there).status_code == 200
    seen = ProcessingLine.objects.filter(person=str(case.party_id))
    assert {line.actor for line in seen} == {str(person(role).pk) for role in READS[of]}
    said = signed(Role.CLERK).get(there).content.decode()
    assert ("wat er staat is vertrouwelijk" in said, case.text in said) == (True, False)


def test_twin_without_that_a_clerk_reads_the_plan_of_who_asked_for_a_loan(
    municipality: Municipality, person: Person, rf: RequestFactory, signed: Signed,
    monkeypatch: pytest.MonkeyPatch, release: object,
) -> None:  # fmt: skip
    case = asked_a_loan(a_fund(municipality, person(Role.COMMITTEE), municipality.code))
    monkeypatch.setattr(pages, "_of_another", lambda *_: None)
    assert case.text in signed(Role.CLERK).get(access.page_of(case)).content.decode()


def test_a_partner_with_an_account_signs_on_their_own_page(
    bank: Case, person: Person, signed: Signed, municipality: Municipality
) -> None:
    there = reverse("sign_covenant", args=[access.link(bank)])
    assert signed(Role.PARTNER).post(there, {}).status_code == 403
    Involvement.objects.create(kind="partner", party=bank.party, user=person(Role.PARTNER),
                               listing=bank.listing, municipality=municipality)  # fmt: skip
    assert signed(Role.PARTNER).post(there, {}).status_code == 422  # the form, not the person


def test_every_page_at_a_link_is_guarded_and_no_two_addresses_have_one_name() -> None:
    at_links = [one for one in urls.urlpatterns if "<str:link>" in str(one.pattern)]
    assert len(at_links) > 20
    assert all(one.callback.__code__ is pages.theirs(print).__code__ for one in at_links)  # type: ignore[union-attr,arg-type]
    names = Counter(one.name for one in urls.urlpatterns)
    assert [name for name, n in names.items() if n > 1] == []


def test_a_clerk_does_not_cancel_the_meeting_of_a_coach(
    deal: Agreement, person: Person, signed: Signed
) -> None:
    at = timezone.now() + timedelta(days=2)
    one = trajectories.meet(by=person(Role.COACH), deal=deal, key=uuid4(), at=at, minutes=30,
                            where="thuis")  # fmt: skip
    for name, key in (("cancel_slot", one.slot_id), ("cancel_booking", one.pk), ("came", one.pk)):
        there = reverse(name, args=[key])
        assert signed(Role.CLERK).post(there, {"reason": "x"}).status_code == 404
    assert Booking.objects.get().state == "confirmed"


LETTERS = {"letter.html": ("case", "letter"), "owner_letter.html": ("owner", "owner_letter")}


@pytest.fixture
def owner(unit: Listing, person: Person) -> Case:
    return owning.give_link(by=person(Role.CLERK), unit=unit, key=uuid4())


def test_every_letter_is_looked_at_below() -> None:
    sheets = {name for name, text in written() if 'class="letter' in text}
    assert sheets - {"certificate.html"} == {*LETTERS}  # a certificate goes to nobody


def written() -> list[tuple[str, str]]:
    found = Path(web.__file__).with_name("templates").rglob("*.html")
    return [(one.name, one.read_text()) for one in found]


def test_a_page_of_ones_own_is_printed_without_the_site_around_it() -> None:
    own = {name for name, text in written() if "Keep this address" in text}
    assert {name for name, text in written() if name in own and "on-paper" in text} == own
    assert len(own) > 5


@pytest.mark.parametrize(("of", "name"), LETTERS.values(), ids=LETTERS)
def test_a_letter_says_whose_it_is_and_how_to_reach_them_and_nothing_of_the_site(
    of: str, name: str, signed: Signed, request: pytest.FixtureRequest
) -> None:
    case: Case = request.getfixturevalue(of)
    case.listing.more = case.listing.more | {"phone": "14 0990"}
    case.listing.save()
    said = signed(Role.CLERK).get(reverse(name, args=[case.pk])).content.decode()
    letter = said[said.index('<article class="letter on-paper"') :]
    for one in (case.listing.title, case.municipality.name, "Telefoon: 14 0990", 'class="qr"'):
        assert one in letter, one
