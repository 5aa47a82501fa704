# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""At a desk a job market is begun, with a stand and a talk; two residents register on their phones
and a counsellor brings somebody; a plan is looked at and kept; each reads their day, one cancels
everything, the next plan gives the place to who had none.  Every page is held to WCAG 2.2 AA.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from tests.journeys.test_people_journey import Person
from tests.journeys.test_reis_journey import Example, example

__all__ = ["example"]
pytestmark = pytest.mark.journey

PHONE = {"width": 390, "height": 844}
Phones = Callable[[], Person]


@pytest.fixture
def phone(browser: Browser, axe: str) -> Iterator[Phones]:
    """Somebody without an account, each with a phone."""
    contexts = []

    def another() -> Person:
        contexts.append(browser.new_context(viewport=PHONE, reduced_motion="reduce"))
        return Person(contexts[-1], axe)

    yield another
    for context in contexts:
        context.close()


@pytest.fixture
def desk(browser: Browser, axe: str, example: Example) -> Iterator[Person]:
    """The area manager, signed in."""
    person = Person(browser.new_context(reduced_motion="reduce"), axe)
    person.comes_in(example.site, "wijkregisseur", example.password, "/banenmarkten/",
                    "Banenmarkten")  # fmt: skip
    yield person
    person.page.context.close()


def begins(desk: Person) -> str:
    """A market of one appointment, with one stand and a talk; the address of its page."""
    page, day = desk.page, timezone.localdate() + timedelta(days=10)
    desk.look("banenmarkten")
    page.get_by_role("link", name=re.compile("Een nieuwe banenmarkt")).click()
    page.get_by_label("Hoe heet het?").fill("Markt op de kade")
    page.get_by_label("In welke wijk is het?").select_option(index=1)
    page.get_by_label("Waarvoor kunnen mensen").fill("Praat met werkgevers.")
    page.get_by_label("Op welke dag?").fill(str(day))
    page.get_by_label("Waar?", exact=True).fill("De Hal, Kade 1")
    page.get_by_label("Vanaf hoe laat?").fill("10:00")
    page.get_by_label("Tot hoe laat?").fill("10:15")
    desk.presses("Bewaren")
    desk.look("banenmarkt-leeg")
    stands_there(desk)
    page.get_by_role("link", name="Markt op de kade").click()
    page.get_by_role("link", name="Openen of sluiten").click()
    page.get_by_label("Laat mensen zich aanmelden").check()
    desk.presses("Bewaren")
    return str(page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href"))


def stands_there(desk: Person) -> None:
    """A bakery, at one table."""
    page = desk.page
    page.get_by_role("link", name="Voeg een stand toe").click()
    desk.look("stand-erbij")
    page.get_by_label("Werkgever").check()
    page.get_by_label("Naam van de organisatie").fill("Bakkerij Bes")
    page.get_by_label("Wat kunnen mensen daar vinden?").fill("Werk in de bakkerij.")
    page.get_by_label("Nummer op de plattegrond").fill("1")
    page.get_by_label("Hoe ver van de linkerkant").fill("20")
    page.get_by_label("Hoe ver van de bovenkant").fill("30")
    page.get_by_label("Wie kunnen wij bereiken?").fill("Bes")
    desk.presses("Bewaren")
    desk.look("stand")


def registers(person: Person, address: str, name: str) -> str:
    """Registers on a phone; where they follow it."""
    page = person.page
    page.goto(address)
    person.look("banenmarkt")
    page.get_by_role("link", name="Ik kom", exact=True).click()
    person.look("aanmelden")
    page.get_by_label("Uw naam").fill(name)
    page.get_by_label("Wie wilt u het liefst spreken?").select_option(index=1)
    person.presses("Aanmelden")
    person.reads("Vul een telefoonnummer of een e-mailadres in.")
    page.get_by_label("Telefoon").fill("06-1" if name == "Ilse" else "06-2")
    person.presses("Aanmelden")
    person.reads("Er is nog geen afspraak.")
    person.look("mijn-dag-leeg")
    return page.url


def plans(desk: Person, made: str, address: str) -> None:
    """Looks at a plan and keeps it."""
    desk.page.goto(f"{address}team/")
    desk.page.get_by_role("link", name="Bekijk een plan van afspraken").click()
    desk.look("plan")
    desk.reads(made)
    desk.presses("Bewaar dit, en laat het hun weten")
    desk.reads("Gaat het goed?")
    desk.look("gaat-het-goed")


def brings(person: Person, address: str) -> None:
    """A counsellor registers a group with one person in it."""
    page = person.page
    page.goto(address)
    page.get_by_role("link", name="Ik breng een groep mee").click()
    person.look("groep-aanmelden")
    page.get_by_label("Uw naam").fill("Begeleider")
    page.get_by_label("Voor welke organisatie?").fill("Buurthuis")
    page.get_by_label("Telefoon").fill("06-99")
    person.presses("Aanmelden")
    page.get_by_role("link", name="Iemand aan de groep toevoegen").click()
    page.get_by_label("Voornaam").fill("Samen")
    person.presses("Bewaren")
    person.reads("Samen")
    person.look("mijn-groep")


def test_a_market_is_begun_registered_for_planned_and_cancelled(
    desk: Person, phone: Phones, example: Example
) -> None:
    address = example.site + begins(desk)
    brings(phone(), address)
    people = {name: phone() for name in ("Ilse", "Omar")}
    pages = {name: registers(person, address, name) for name, person in people.items()}
    plans(desk, "zit vol in de uren", address)
    for name, person in people.items():
        person.page.goto(pages[name])
    has = next(name for name, one in people.items()
               if one.page.get_by_text("Er is nog geen afspraak.").count() == 0)  # fmt: skip
    other = next(name for name in people if name != has)
    people[has].look("mijn-dag")
    people[has].presses("Ik kom niet: zeg alles af")
    people[has].reads("U komt niet.")
    plans(desk, "Wilde niemand spreken", address)
    people[other].page.reload()
    people[other].reads("Bakkerij Bes")
    for name in ("lijsten", "badges", "scherm", "bezoekers"):
        desk.page.goto(f"{address}{name}/")
        desk.look(f"banenmarkt-{name}")
