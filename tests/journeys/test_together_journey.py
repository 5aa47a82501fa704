# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A resident proposes a run on a phone, a neighbour takes a shift, the team shows it; and
a coalition notes a meeting and sees what stops if one leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from tests.journeys.test_people_journey import Person
from tests.journeys.test_reis_journey import Example, example
from tests.journeys.test_shop_journey import Phones, phone

__all__ = ["example", "phone"]
pytestmark = pytest.mark.journey


@pytest.fixture
def desk(browser: Browser, axe: str, example: Example) -> Iterator[Person]:
    """The area manager, signed in."""
    person = Person(browser.new_context(reduced_motion="reduce"), axe)
    person.comes_in(example.site, "wijkregisseur", example.password, "/initiatieven/",
                    "Initiatieven")  # fmt: skip
    yield person
    person.page.context.close()


@pytest.fixture
def other(browser: Browser, axe: str, example: Example) -> Iterator[Person]:
    """A second person of the team, signed in."""
    person = Person(browser.new_context(reduced_motion="reduce"), axe)
    person.comes_in(example.site, "planmaker", example.password, "/initiatieven/",
                    "Initiatieven")  # fmt: skip
    yield person
    person.page.context.close()


DAY = timezone.localdate() + timedelta(days=40)


def begins(desk: Person) -> str:
    """Where anyone can propose something; the address for everyone."""
    page = desk.page
    desk.look("initiatieven")
    page.get_by_role("link", name=re.compile("Vraag om initiatieven in")).first.click()
    page.get_by_label("Hoe heet het?").fill("Doe mee aan de Kade")
    page.get_by_label("In welke wijk is het?").select_option(index=1)
    page.get_by_label("Waarvoor kunnen mensen hier terecht?").fill("Stel iets voor.")
    desk.look("initiatieven-nieuw")
    desk.presses("Bewaren")
    page.get_by_role("link", name="Openen of sluiten").click()
    page.get_by_label("Laat mensen iets voorstellen").check()
    desk.presses("Bewaren")
    desk.look("initiatieven-team")
    public = page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href")
    return str(public)


def sets_aside(desk: Person, other: Person, example: Example) -> None:
    """Money for initiatives, by two."""
    page = desk.page
    page.get_by_role("link", name="Geld opzijzetten").click()
    page.get_by_label("Van welk geld?").select_option(label="Kopen bij bedrijven uit de wijk")
    page.get_by_label("Hoeveel euro?").fill("1.000")
    page.get_by_label("Voor hoeveel initiatieven?").fill("10")
    desk.look("geld")
    desk.presses("Vraag een tweede persoon")
    there = page.get_by_role("link", name=re.compile("Wacht op een tweede")).get_attribute("href")
    other.page.goto(f"{example.site}{there}")
    other.page.get_by_label("Ja").check()
    other.look("geld-bevestigen")
    other.presses("Bewaren")
    page.reload()
    desk.reads("Kan gegeven worden")


def proposes(resident: Person, public: str) -> None:
    """A run, without an account."""
    resident.page.goto(public)
    resident.look("doe-mee")
    resident.page.get_by_role("link", name="Stel iets voor").click()
    resident.page.get_by_label("Sponsorloop").check()
    resident.page.get_by_label("Hoe heet het?").fill("Loop langs de Kade")
    resident.page.get_by_label("Vertel wat er gebeurt").fill("Rondjes voor de speeltuin.")
    resident.page.get_by_label("Op welke dag?").fill(str(DAY))
    resident.page.get_by_label("Waar?", exact=True).fill("De Kade")
    resident.page.get_by_label("Uw naam").fill("Noor")
    resident.page.get_by_label("Telefoon").fill("06-12")
    resident.look("voorstel")
    resident.presses("Versturen")
    resident.reads("Mag dit?")
    resident.look("mijn-initiatief")


def asks_for_help(resident: Person) -> None:
    """Hands, runners, money, and a list ticked off."""
    resident.page.get_by_role("link", name="Vraag hulp").click()
    resident.page.get_by_label("Wat is er te doen?").fill("Rondes tellen")
    resident.page.get_by_label("Vanaf wanneer?").fill(f"{DAY}T10:00")
    resident.page.get_by_label("Tot wanneer?").fill(f"{DAY}T12:00")
    resident.page.get_by_label("Hoeveel mensen?").fill("1")
    resident.look("dienst")
    resident.presses("Bewaren")
    resident.page.get_by_role("link", name="Lopers en hun rondes").click()
    resident.page.get_by_label("Lopers en hun rondes").fill("1\n2")
    resident.look("rondes")
    resident.presses("Bewaren")
    resident.page.get_by_role("link", name="Vraag een bijdrage").click()
    resident.page.get_by_label("Hoeveel euro hebt u nodig?").fill("100")
    resident.page.get_by_label("Waarvoor?").fill("Water")
    resident.presses("Bewaren")
    resident.page.get_by_role("link", name="Vink af wat is geregeld").click()
    resident.page.get_by_label("De buren weten ervan").check()
    resident.look("lijst")
    resident.presses("Bewaren")


def decides(desk: Person) -> None:
    """The team contributes and shows it to everyone."""
    page = desk.page
    page.reload()
    page.get_by_role("link", name="Loop langs de Kade").click()
    desk.look("initiatief-team")
    page.get_by_role("link", name="Dragen wij bij?").click()
    page.get_by_label("Ja").check()
    page.get_by_label("Waaruit?").select_option(index=1)
    page.get_by_label("Waarom?").fill("Past in het plan.")
    desk.look("bijdrage")
    desk.presses("Bewaren")
    page.get_by_role("link", name="Gaat het door?").click()
    page.get_by_label("Laat het aan iedereen zien").check()
    desk.presses("Bewaren")


def helps(neighbour: Person, public: str) -> None:
    """A shift and a promise of a neighbour."""
    neighbour.page.goto(public)
    neighbour.page.get_by_role("link", name="Loop langs de Kade").click()
    neighbour.look("initiatief")
    there = neighbour.page.url
    neighbour.page.get_by_role("link", name=re.compile("Ik help mee")).click()
    neighbour.page.get_by_label("Uw naam").fill("Bram")
    neighbour.page.get_by_label("Telefoon").fill("06-34")
    neighbour.look("ik-help")
    neighbour.presses("Ik kom")
    neighbour.reads("Rondes tellen")
    neighbour.look("mijn-hulp")
    neighbour.page.goto(there)
    neighbour.reads("Vol")
    neighbour.page.get_by_role("link", name="Sponsor een loper").click()
    neighbour.page.get_by_label("Hoeveel euro per ronde?").fill("0,50")
    neighbour.page.get_by_label("Uw naam").fill("Bram")
    neighbour.page.get_by_label("Telefoon").fill("06-34")
    neighbour.look("sponsor")
    neighbour.presses("Dit beloof ik")
    neighbour.reads("De rondes zijn nog niet bekend.")
    neighbour.look("mijn-belofte")


def test_a_resident_proposes_a_run_and_a_neighbour_takes_a_shift(
    desk: Person, other: Person, phone: Phones, example: Example
) -> None:
    public = example.site + begins(desk)
    sets_aside(desk, other, example)
    resident, neighbour = phone(), phone()
    proposes(resident, public)
    own = resident.page.url
    asks_for_help(resident)
    decides(desk)
    helps(neighbour, public)
    resident.page.goto(own)
    resident.reads("Past in het plan.")
    resident.look("mijn-initiatief-vol")
    resident.page.get_by_role("link", name="Wie helpt wanneer, om af te drukken").click()
    resident.reads("Bram")
    resident.look("hulplijst")
    resident.page.goto(f"{public}agenda/?maand={DAY:%Y-%m}")
    resident.reads("Loop langs de Kade")
    resident.look("agenda")
    assert {**desk.wrong, **other.wrong, **resident.wrong, **neighbour.wrong} == {}


def test_a_coalition_notes_a_meeting_and_sees_what_stops_if_one_leaves(
    desk: Person, example: Example
) -> None:
    page = desk.page
    page.goto(f"{example.site}/convenanten/")
    page.get_by_role("link", name="Convenant Weversbuurt").first.click()
    page.get_by_role("link", name="Rollen, overleg, en wie met wie werkt").click()
    desk.reads("Wat stopt als er één weggaat?")
    desk.look("samen")
    page.get_by_role("link", name="Noteer een overleg").click()
    page.get_by_label("Woningcorporatie De Spoel").check()
    page.get_by_label("Bank om de Hoek").check()
    page.get_by_label("Wat is besloten?").fill("De markt komt terug.")
    desk.look("overleg-nieuw")
    desk.presses("Bewaren")
    page.get_by_label("Wat gaat er gebeuren?").fill("De straat aanvragen")
    page.get_by_label("Op welke dag uiterlijk?").fill(str(timezone.localdate()))
    desk.look("overleg")
    desk.presses("Noteren")
    desk.reads("De straat aanvragen")
    page.goto(f"{example.site}/convenanten/")
    assert desk.wrong == {}


def test_a_group_of_residents_asks_to_take_part_on_a_phone_and_reads_when_the_first_meeting_is(
    desk: Person, phone: Phones, example: Example
) -> None:
    page, group = desk.page, phone()
    page.goto(f"{example.site}/convenanten/")
    page.get_by_role("link", name="Convenant Weversbuurt").first.click()
    public = page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href")
    group.page.goto(f"{example.site}{public}")
    group.page.get_by_role("link", name="Doe mee met uw organisatie").click()
    group.page.get_by_label("Organisatie").fill("Buren van de Kade")
    group.page.get_by_label("Uw naam").fill("Noor")
    group.page.get_by_label("Wat zou u willen doen?").fill("Een straatfeest.")
    group.page.get_by_label("Telefoon").fill("06-77")
    group.look("meedoen")
    group.presses("Versturen")
    group.reads("Uw eerste overleg")
    group.look("mijn-aanmelding")
    mine = group.page.url
    page.get_by_role("link", name="Rollen, overleg, en wie met wie werkt").click()
    page.get_by_role("link", name="Buren van de Kade").click()
    page.get_by_label("Vraag hen te tekenen").check()
    desk.look("aanmelding")
    desk.presses("Bewaren")
    group.page.goto(mine)
    group.page.get_by_role("link", name="Naar uw pagina als partner").click()
    group.reads("Wilt u deze tekst tekenen?")
    assert {**desk.wrong, **group.wrong} == {}


def test_an_entrepreneur_notes_something_in_the_street_and_the_area_manager_deals_with_it(
    desk: Person, phone: Phones, example: Example
) -> None:
    page, baker = desk.page, phone()
    page.goto(f"{example.site}/straten/")
    page.get_by_role("link", name="De Kade samen").first.click()
    public = page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href")
    baker.page.goto(f"{example.site}{public}")
    baker.look("straat")
    baker.page.get_by_label("Heel", exact=True).check()
    baker.page.get_by_label("Wat ziet u, en waar?").fill("De stoeptegel voor de deur ligt los.")
    baker.page.get_by_label("Uw naam").fill("Bakkerij Deeg")
    baker.presses("Versturen")
    baker.look("mijn-punt")
    mine = baker.page.url
    page.reload()
    desk.look("straat-team")
    page.get_by_role("link", name=re.compile("Noteer wat is afgesproken De stoeptegel")).click()
    page.get_by_label("Wie doet wat?").fill("De fietsenmaker legt de tegel recht.")
    page.get_by_label("Op welke dag uiterlijk?").fill(str(timezone.localdate()))
    desk.look("afspraak")
    desk.presses("Bewaren")
    page.get_by_role("link", name="Maak er een punt van de straat van").first.click()
    page.get_by_label("Heel", exact=True).check()
    desk.look("waarneming-straat")
    desk.presses("Bewaren")
    desk.reads("is een punt van de straat")
    page.get_by_role("link", name="Noteer een activiteit").click()
    page.get_by_label("Wat was het?").fill("Koffie")
    page.get_by_label("Waar ontmoetten mensen elkaar?").fill("Het plein")
    page.get_by_label("Op welke dag?").fill(str(timezone.localdate()))
    page.get_by_label("Hoeveel mensen kwamen er?").fill("30")
    page.get_by_label("geschat").check()
    desk.look("activiteit")
    desk.presses("Bewaren")
    desk.reads("ongeveer 30 mensen kwamen, naar schatting")
    baker.page.goto(mine)
    baker.reads("De fietsenmaker legt de tegel recht.")
    assert {**desk.wrong, **baker.wrong} == {}
