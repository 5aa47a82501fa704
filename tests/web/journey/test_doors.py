# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""No door that is shut: what a page of the example shows as a link or a form, its reader may open.

Every role walks through all that it can reach, from its list of journeys on.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import resolve, reverse

from tests.web.journey.conftest import Settings, Signed
from wijkeconomie.figures.release import Release
from wijkeconomie.web import paper
from wijkeconomie.web.accounts import actions
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import (
    AuditLine,
    Invitation,
    Membership,
    Municipality,
    Role,
    User,
)
from wijkeconomie.web.journey import access, kept, seed
from wijkeconomie.web.journey.actions import back, sense
from wijkeconomie.web.journey.models import Giver, Journey, Plan

TEAM = (Role.FIELD_WORKER, Role.CODER, Role.PLANNER, Role.AREA_MANAGER)
OF_A_JOURNEY = re.compile(
    "/(reizen|reis|gever|veld|foto|gesprek|citaat|thema|codering|bevinding|opgave|doel|inspanning"
    "|plan|mijn-bijdrage|waarneming)/"
)
ALIKE = 5
SHUT = {403, 404, 405, 410, 500}


@pytest.fixture
def story(municipality: Municipality, person: Callable[[Role], User]) -> Journey:
    seed.tell(municipality=municipality, by=person(Role.AREA_MANAGER))
    journey: Journey = Journey.objects.get()
    return journey


@pytest.fixture(autouse=True)
def _empty_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "made", lambda *_given: b"")


@dataclass
class Walk:
    """What someone found: the status of every address, with the page on which it stood."""

    client: Client
    status: dict[str, int] = field(default_factory=dict)
    found_on: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)

    def go(self, start: str) -> Walk:
        """Follow every link, to at most :data:`ALIKE` of one kind; what is not of a journey is
        opened, and not gone on from."""
        waiting, kinds = [start], Counter[str]()
        while waiting:
            here = waiting.pop()
            kind = resolve(here.partition("?")[0]).route
            if here in self.status or kinds[kind] >= ALIKE:
                continue
            kinds[kind] += 1
            answer = self.client.get(here)
            self.status[here] = answer.status_code
            page = "text/html" in answer.get("Content-Type", "")
            if not (page and answer.status_code == 200 and OF_A_JOURNEY.match(here)):
                continue
            text = answer.content.decode()
            for link in links(text, here):
                self.found_on.setdefault(link, here)
                waiting.append(link)
            for form in forms(text, here):
                self.forms.setdefault(form, here)
        return self

    def shut(self) -> dict[str, tuple[int, str]]:
        """Addresses that answered with no, and where they stood."""
        return {address: (status, self.found_on.get(address, ""))
                for address, status in self.status.items() if status in SHUT}  # fmt: skip

    def refused(self) -> dict[str, str]:
        """Forms that are not taken from this reader whatever they say, and where they stood."""
        return {
            action: page for action, page in self.forms.items()
            if self.client.post(action).status_code in SHUT - {404}
        }  # fmt: skip


def links(page: str, here: str) -> Iterator[str]:
    """Addresses on the site to which *page* links."""
    for found in re.findall(r'<a [^>]*?href="([^"]*)"', page):
        address = urldefrag(urljoin(here, html.unescape(found)))[0]
        if address.startswith("/") and not address.startswith(("//", "/en/")):
            yield address


def forms(page: str, here: str) -> Iterator[str]:
    """Addresses of a journey to which *page* sends something."""
    for form in re.findall("<form [^>]*>", page):
        if 'method="post"' in form:
            found = re.search('action="([^"]*)"', form)
            address = urljoin(here, html.unescape(found[1])) if found else here
            if OF_A_JOURNEY.match(address):
                yield address


@pytest.mark.parametrize("role", TEAM)
def test_every_link_and_form_is_for_who_sees_it(signed: Signed, story: Journey, role: Role) -> None:
    Plan.objects.update(state=Plan.State.CONSULTATION)  # while it may still change
    kept.forget()
    walk = Walk(signed(role)).go(reverse("journeys"))
    assert walk.shut() == {}
    assert walk.refused() == {}
    plans = role in (Role.PLANNER, Role.AREA_MANAGER)
    assert ("/budget/" in " ".join(walk.status), "/plan/" in " ".join(walk.forms)) == (plans, plans)
    kinds = {address.split("/")[1] for address, status in walk.status.items() if status == 200}
    assert kinds >= {"reis", "thema", "bevinding", "opgave", "doel", "inspanning", "plan"}


def test_a_partner_is_shown_the_promises_and_no_more(signed: Signed, story: Journey) -> None:
    walk = Walk(signed(Role.PARTNER)).go(reverse("journeys"))
    assert (walk.shut(), walk.refused()) == ({}, {})
    assert [a for a in walk.status if a.startswith("/reis/")] == [
        reverse("promises", args=[story.pk])
    ]


@pytest.mark.parametrize("role", [Role.PRIVACY_OFFICER, Role.ADMINISTRATOR])
def test_who_has_no_part_in_a_journey_is_shown_no_way_in(
    signed: Signed, story: Journey, role: Role
) -> None:
    walk = Walk(signed(role)).go(reverse("journeys"))
    assert walk.shut() == {}
    assert [a for a in walk.status if a.startswith("/reis/")] == []


def test_a_giver_is_shown_no_door_of_the_team(story: Journey, client: Client) -> None:
    giver = Giver.objects.filter(answers__isnull=False)[0]
    client.post(reverse("contribution"), {"code": access.card_of(giver.pk)})
    walk = Walk(client).go(reverse("my_contribution"))
    assert walk.shut() == {}
    assert walk.status[reverse("my_contribution")] == 200
    assert all("/inloggen/" not in address for address in walk.status if "bijdrage" in address)


def test_the_walk_tells_of_a_shut_door(signed: Signed, story: Journey) -> None:
    walk = Walk(signed(Role.CODER)).go(reverse("draw_up", args=[story.pk]))
    assert walk.shut() == {reverse("draw_up", args=[story.pk]): (403, "")}
    walk.forms[reverse("draw_up", args=[story.pk])] = "here"
    assert walk.refused() == {reverse("draw_up", args=[story.pk]): "here"}


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Role.PRIVACY_OFFICER, "Gesprekken en plannen horen niet bij uw rol."),
        (Role.ADMINISTRATOR, "Gesprekken en plannen horen niet bij uw rol."),
    ],
)
def test_who_may_see_no_journey_is_not_told_to_ask_for_one(
    signed: Signed, role: Role, said: str
) -> None:
    page = signed(role).get("/reizen/").content.decode()
    words = ("Gesprekken en plannen horen niet bij uw rol.", "U bent nog niet op een reis.")
    assert [one for one in words if one in page] == [said]


@pytest.mark.parametrize(
    ("limits", "here"),
    [
        ({}, True), ({"wijk": "{wijk}"}, True), ({"journey": "{journey}"}, True),
        ({"wijk": "WK990105"}, False), ({"journey": "another"}, False),
        ({"wijk": "{wijk}", "journey": "another"}, False),
    ],
)  # fmt: skip
def test_a_role_reaches_no_further_than_its_wijk_and_its_journey(
    journey: Journey, municipality: Municipality, limits: dict[str, str], *, here: bool
) -> None:
    user = User.objects.add("een@example.org")
    given = {
        name: value.format(wijk=journey.area, journey=journey.pk) for name, value in limits.items()
    }
    Membership.objects.create(user=user, municipality=municipality, role=Role.PLANNER, **given)
    assert (Right.PLAN in access.rights(user, journey), journey in access.journeys(user)) == (
        here, here,
    )  # fmt: skip


def test_an_invitation_may_be_for_one_journey_and_reaches_no_other(
    journey: Journey, municipality: Municipality, signed: Signed
) -> None:
    other = Journey.objects.create(
        municipality=municipality, name="Een andere reis", area=journey.area,
        starts_on=journey.starts_on,
    )  # fmt: skip
    admin = signed(Role.ADMINISTRATOR)
    page = reverse("invite", args=[municipality.code])
    choices = admin.get(page).content.decode()
    assert f'<option value="{journey.pk}">{journey.name}</option>' in choices
    answer = admin.post(page, {
        "key": str(uuid4()), "email": "een@example.org", "role": Role.PLANNER, "where": journey.pk,
    })  # fmt: skip
    assert answer.status_code == 302
    assert f"({journey.name})" in admin.get(answer["Location"]).content.decode()
    user = actions.accept(invitation=Invitation.objects.get(), user=None, name="Een")
    given = AuditLine.objects.get(verb="give_role", subject=user.pk)
    assert given.details == {"role": "planner", "wijk": "", "journey": str(journey.pk)}
    assert list(access.journeys(user)) == [journey]
    assert (Right.PLAN in access.rights(user, journey), access.rights(user, other)) == (
        True, frozenset(),
    )  # fmt: skip


def test_a_journey_of_another_municipality_cannot_be_chosen(
    journey: Journey, municipality: Municipality, signed: Signed
) -> None:
    elsewhere = Municipality.objects.create(code="GM9902", name="Elders")
    other = Journey.objects.create(
        municipality=elsewhere, name="Elders", area="WK990201", starts_on=journey.starts_on
    )
    page = reverse("invite", args=[municipality.code])
    answer = signed(Role.ADMINISTRATOR).post(page, {
        "key": str(uuid4()), "email": "een@example.org", "role": Role.PLANNER, "where": other.pk,
    })  # fmt: skip
    assert (answer.status_code, Invitation.objects.count()) == (200, 0)


@pytest.mark.parametrize(
    ("limits", "begun"), [({}, 302), ({"wijk": "WK990104"}, 302), ({"wijk": "WK990105"}, 422)]
)
def test_a_journey_begins_where_its_planner_works(
    municipality: Municipality, release: Release, settings: Settings, limits: dict[str, str],
    begun: int,
) -> None:  # fmt: skip
    settings.SECOND_STEP = frozenset()
    assert release.area("WK990104")
    user = User.objects.add("een@example.org")
    Membership.objects.create(user=user, municipality=municipality, role=Role.PLANNER, **limits)
    client = Client()
    client.force_login(user)
    given = {"key": uuid4(), "name": "Reis", "area": "WK990104", "starts_on": "2026-09-01"}
    assert client.post(reverse("begin", args=[municipality.code]), given).status_code == begun
    assert Journey.objects.count() == (begun == 302)


def _mine(page: str) -> list[str]:
    """Per role what the page of a journey says of it: its name, and where it begins."""
    part = page[page.index('id="mijn"') :].partition("</section>")[0]
    found = re.findall(
        r'<li><strong>(.+?)</strong>.*?(?:href="(.+?)")?>?[^<>]*(?:</a>)?</li>', part
    )
    return [" ".join(filter(None, one)) for one in found]


def test_who_has_two_roles_reads_of_both_what_they_do_and_where_each_begins(
    signed: Signed, journey: Journey, municipality: Municipality
) -> None:
    """A role in another wijk or on another journey is none here; one held twice stands once."""
    field = signed(Role.FIELD_WORKER)
    held = Membership.objects.get(role=Role.FIELD_WORKER)
    for role, only in (
        (Role.PLANNER, {"journey": str(journey.pk)}), (Role.CODER, {"wijk": "WK990199"}),
        (Role.PARTNER, {"journey": str(uuid4())}), (Role.FIELD_WORKER, {"wijk": journey.area}),
    ):  # fmt: skip
        Membership.objects.create(user=held.user, municipality=municipality, role=role, **only)
    page = field.get(reverse("journey", args=[journey.pk])).content.decode()
    begins = (reverse("field", args=[journey.pk]), reverse("guides", args=[journey.pk]))
    assert _mine(page) == [f"Veldwerker {begins[0]}", f"Planmaker {begins[1]}"]


@pytest.mark.parametrize(
    ("role", "begins", "manages"),
    [(Role.FIELD_WORKER, True, False), (Role.PARTNER, True, False),
     (Role.ADMINISTRATOR, False, True), (Role.PRIVACY_OFFICER, False, True)],
)  # fmt: skip
def test_the_account_leads_to_where_ones_roles_begin_and_to_no_page_without_anything(
    signed: Signed, journey: Journey, role: Role, begins: bool, manages: bool
) -> None:
    page = signed(role).get(reverse("account")).content.decode()
    assert (f'<a href="{reverse("journeys")}">Begin' in page) == begins
    assert (f'href="{reverse("municipalities")}"' in page) == manages


@pytest.mark.parametrize(
    ("name", "role", "said", "leads"),
    [
        ("tree", Role.CODER, "Wie codeert, maakt het eerste", "add_theme"),
        (
            "coders",
            Role.CODER,
            "Open een gesprek, selecteer woorden en kruis een thema aan",
            "tree",
        ),
        ("beside", Role.PLANNER, "zodra er woorden onder een thema", "tree"),
        ("street", Role.FIELD_WORKER, "Ga de straat op met een telefoon", "observe"),
        ("street", Role.PLANNER, "Veldwerkers noteren hier", "journey"),
        ("journey", Role.FIELD_WORKER, "Ga de wijk in", "hear"),
        (
            "journey",
            Role.PLANNER,
            "We hadden minder dan tien gesprekken, misschien geen.",
            "set_opgave",
        ),
        ("rounds", Role.PLANNER, "Begin er hieronder een", "journey"),
        ("rounds", Role.CODER, "Wie het plan maakt, begint er een", "journey"),
    ],
)
def test_a_page_without_anything_says_what_to_do_and_leads_there(
    signed: Signed, journey: Journey, name: str, role: Role, said: str, leads: str
) -> None:
    page = signed(role).get(reverse(name, args=[journey.pk])).content.decode()
    assert said in page
    assert f'href="{reverse(leads, args=[journey.pk])}"' in page


@pytest.mark.parametrize("items", [0, 1])
def test_only_a_round_with_something_in_it_shows_the_button_that_opens_it(
    signed: Signed, journey: Journey, person: Callable[[Role], User], items: int
) -> None:
    by = person(Role.PLANNER)
    round_ = back.begin_round(
        by=by, journey=journey, key=uuid4(), kind="statements", title="Klopt?"
    )
    for _ in range(items):
        finding = sense.find(
            by=by, journey=journey, key=uuid4(), claim="Duur.", perspective="space"
        )
        back.add_statement(by=by, round_=round_, key=uuid4(), finding=finding, heard="Duur.",
                           asked="Is het duur?")  # fmt: skip
    page = signed(Role.PLANNER).get(reverse("round", args=[round_.pk])).content.decode()
    assert (page.count('name="open"'), page.count("Er wordt nog niets gevraagd.")) == (
        items, 1 - items,
    )  # fmt: skip
    assert f'href="{reverse("add_item", args=[round_.pk])}"' in page


def test_an_effort_of_a_plan_that_was_adopted_shows_no_form_and_no_way_to_change_it(
    signed: Signed, story: Journey
) -> None:
    """The twin: before the council it does."""
    effort = story.efforts.filter(choice="chosen")[0]
    planner, address = signed(Role.PLANNER), reverse("effort", args=[effort.pk])
    ways = ['id="besluit"', reverse("change_effort", args=[effort.pk]),
            reverse("serve", args=[effort.pk])]  # fmt: skip
    page = planner.get(address).content.decode()
    assert [way in page for way in ways] == [False] * 3
    assert page.count("Waar het op rust, verandert niet meer.") == 1
    story.plans.update(state="executive")
    page = planner.get(address).content.decode()
    assert [way in page for way in ways] == [True] * 3
