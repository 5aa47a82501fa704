# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""At a desk a shared shop is begun; two entrepreneurs ask for one day on their phones; the days are
divided, each reads why; who has the day gives a date back and who waits gets it; everyone sees who
is there.  Every page is held to WCAG 2.2 AA.
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
    person.comes_in(example.site, "wijkregisseur", example.password, "/winkels/", "Winkels")
    yield person
    person.page.context.close()


def begins(desk: Person, *also: str) -> str:
    """A shop that is open on Tuesdays and *also* other days; the address of its page for
    everyone."""
    page, today = desk.page, timezone.localdate()
    desk.look("winkels")
    page.get_by_role("link", name=re.compile("Begin een gedeelde winkel")).click()
    page.get_by_label("Hoe heet de winkel?").fill("Winkel op de hoek")
    page.get_by_label("In welke wijk is het?").select_option(index=1)
    page.get_by_label("Wat kan men er doen").fill("Een dag kost € 25.")
    page.get_by_label("Adres").fill("Kade 1")
    for day in ("dinsdag", *also):
        page.get_by_label(day).check()
    page.get_by_label("Op welke dag hoort iedereen").fill(str(today + timedelta(days=2)))
    page.get_by_label("Op welke dag begint het seizoen?").fill(str(today))
    desk.presses("Bewaren")
    desk.reads("Kies een dag na de dag waarop iedereen het hoort.")
    desk.look("winkel-fout")
    page.get_by_label("Op welke dag begint het seizoen?").fill(str(today + timedelta(days=3)))
    desk.presses("Bewaren")
    page.get_by_role("link", name="Openen of sluiten").click()
    page.get_by_label("Laat mensen zeggen").check()
    desk.presses("Bewaren")
    desk.reads("Nog niemand vroeg om een dag.")
    desk.look("winkel-leeg")
    return str(page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href"))


def wants(
    person: Person, address: str, name: str, day: str = "dinsdag", trade: str = "Eten en drinken"
) -> str:
    """Asks for a day; where it is followed."""
    page = person.page
    page.goto(address)
    person.look("winkel")
    page.get_by_label("De naam van uw zaak").fill(name)
    page.locator("input[name=named][value=yes]").check()
    page.get_by_label("Wat verkoopt of doet u?").select_option(trade)
    page.get_by_label("Vertel wat u in de winkel gaat doen").fill("Zelf gebakken.")
    page.get_by_label("Welke dag wilt u het liefst?").select_option(day)
    page.get_by_label("Uw naam").fill(name)
    person.presses("Versturen")
    person.reads("We hebben uw verzoek.")
    person.look("uw-dag")
    return page.url


def closes(desk: Person) -> None:
    """The last day of the season is taken away, with a reason."""
    page = desk.page
    page.get_by_role("link", name="Open een dag extra").click()
    desk.look("winkel-dagen")
    page.get_by_role("link", name=re.compile("Sluiten")).last.click()
    page.get_by_label("Waarom?").fill("De straat wordt opgebroken")
    desk.presses("Sluit de winkel op deze dag")
    desk.reads("De straat wordt opgebroken")
    desk.look("winkel-dag-dicht")


def test_a_day_is_asked_for_divided_given_back_and_taken(
    desk: Person, phone: Phones, example: Example
) -> None:
    address = example.site + begins(desk)
    people = {name: phone() for name in ("Brood van Bes", "Taart van Tess")}
    pages = {name: wants(person, address, name) for name, person in people.items()}
    desk.page.reload()
    desk.reads("Taart van Tess")
    desk.look("winkel-team")
    desk.presses("Verdeel de dagen")
    desk.reads("De dagen zijn verdeeld")
    desk.look("winkel-verdeeld")
    for name, person in people.items():
        person.page.goto(pages[name])
        person.look("uw-dag-verdeeld")
    has = next(n for n, p in people.items() if "Uw dag is dinsdag." in p.page.inner_text("main"))
    other = next(name for name in people if name != has)
    people[other].reads(re.compile("Het lot besliste"))
    people[other].presses(re.compile("Wacht op deze dag"))
    people[other].reads("op de wachtlijst")
    people[has].page.locator("summary", has_text="Ik kan niet").first.click()
    people[has].look("uw-dag-weggeven")
    people[has].presses(re.compile("Geef deze dag weg"))
    people[has].reads("U bent er niet op")
    people[other].page.reload()
    people[other].presses(re.compile("Neem deze dag"))
    people[other].page.goto(address)
    people[other].reads(other)
    people[other].look("winkel-vandaag")
    closes(desk)
    people[has].page.goto(pages[has])
    people[has].reads("Deze dag gaat niet door")
    people[has].look("uw-dag-gaat-niet-door")
    people[other].page.goto(address)
    people[other].reads("De straat wordt opgebroken")
    people[other].look("winkel-dicht")
    assert {**desk.wrong, **people[has].wrong, **people[other].wrong} == {}
