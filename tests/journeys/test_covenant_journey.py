# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The area manager begins a covenant and asks a partner, who signs on a phone without an account,
promises something and says that it was kept; everyone reads that.  And a social space is counted
and judged.  Every page is held to WCAG 2.2 AA.
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
    person.comes_in(example.site, "wijkregisseur", example.password, "/convenanten/",
                    "Convenanten")  # fmt: skip
    yield person
    person.page.context.close()


def begins(desk: Person) -> str:
    """A covenant that is open, with a partner; the address of the partner's page."""
    page = desk.page
    desk.look("convenanten")
    page.get_by_role("link", name=re.compile("Begin een convenant")).first.click()
    page.get_by_label("Hoe heet het convenant?").fill("Samen aan de Kade")
    page.get_by_label("In welke wijk is het?").select_option(index=1)
    page.get_by_label("Wat is de gezamenlijke missie").fill("Wij helpen wie begint.")
    desk.look("convenant-nieuw")
    desk.presses("Bewaren")
    desk.look("convenant-leeg")
    page.get_by_role("link", name="Een partner vragen").click()
    page.get_by_label("Organisatie").fill("Bank om de Hoek")
    page.get_by_label("Wie spreekt namens hen?").fill("De adviseur")
    desk.look("partner")
    desk.presses("Bewaren")
    page.get_by_role("link", name="Openen of sluiten").click()
    page.get_by_label("Laat partners tekenen").check()
    desk.presses("Bewaren")
    desk.reads("Bank om de Hoek")
    desk.look("convenant-team")
    there = page.url
    page.get_by_role("link", name="Hun pagina").click()
    desk.look("koppeling")
    desk.presses("Toon de koppeling, om door te geven")
    link = page.locator("p.address").inner_text()
    page.goto(there)
    return link


def test_a_partner_signs_promises_and_keeps_it_and_everyone_reads_that(
    desk: Person, phone: Phones, example: Example
) -> None:
    bank = phone()
    bank.page.goto(begins(desk))
    bank.reads("Wilt u deze tekst tekenen?")
    bank.look("ons-convenant")
    bank.page.get_by_role("link", name="Lezen en tekenen").click()
    bank.page.get_by_label("Uw naam").fill("De adviseur")
    bank.page.get_by_label("Ja").check()
    bank.look("tekenen")
    bank.presses("Tekenen")
    bank.page.get_by_role("link", name="Iets beloven").click()
    bank.page.get_by_label("Wat belooft u?").fill("Een spreekuur in het buurthuis")
    bank.page.get_by_label("Is het een bedrag?").fill("500")
    bank.page.get_by_label("Op welke dag uiterlijk?").fill(str(timezone.localdate()))
    bank.look("beloven")
    bank.presses("Dit beloven wij")
    bank.look("beloofd")
    bank.page.get_by_role("link", name=re.compile("Zeg wat ervan kwam")).click()
    bank.page.get_by_label("Wij kwamen het na").check()
    bank.look("nagekomen")
    bank.presses("Bewaren")
    bank.page.get_by_role("link", name="De pagina voor iedereen").click()
    bank.reads("1 van 1 belofte waarvan de dag kwam, is nagekomen.")
    bank.reads("Bank om de Hoek")
    bank.look("convenant")
    desk.page.reload()
    desk.look("convenant-team-vol")
    desk.page.get_by_role("link", name="Pas de tekst aan").click()
    desk.look("tekst")
    assert {**desk.wrong, **bank.wrong} == {}


def test_a_social_space_is_counted_and_judged_and_everyone_reads_what_came_of_it(
    desk: Person, phone: Phones, example: Example
) -> None:
    page, today = desk.page, timezone.localdate()
    page.goto(f"{example.site}/sociale-ruimten/")
    desk.look("sociale-ruimten")
    page.get_by_role("link", name=re.compile("Noteer een sociale ruimte")).first.click()
    page.get_by_label("Hoe heet de ruimte?").fill("Huiskamer")
    page.get_by_label("In welke wijk is het?").select_option(index=1)
    page.get_by_label("Adres").fill("Kade 40")
    page.get_by_label("Waarvoor is het?").fill("Koffie en hulp.")
    page.get_by_label("Wie mag haar gebruiken").fill("Bewoners, gratis.")
    page.get_by_label("Wat kost het per jaar").fill("3.650")
    page.get_by_label("Wie betaalt dat?").fill("De gemeente")
    page.get_by_label("Op welke dag besluit u").fill(str(today + timedelta(days=30)))
    desk.look("sociale-ruimte-nieuw")
    desk.presses("Bewaren")
    page.get_by_role("link", name="Laat het aan iedereen zien").click()
    page.get_by_label("Laat het aan iedereen zien").check()
    desk.presses("Bewaren")
    page.get_by_role("link", name="Noteer wat is geteld").click()
    page.get_by_label("Wat telde u?").select_option("Bezoeken")
    page.get_by_label("Vanaf welke dag?").fill(str(today - timedelta(days=9)))
    page.get_by_label("Tot en met welke dag?").fill(str(today))
    desk.presses("Bewaren")
    desk.reads("Vul een aantal in, of zeg waarom er niet is geteld.")
    desk.look("tellen-fout")
    page.get_by_label("Hoeveel?").fill("50")
    page.get_by_label("Hoe is er geteld?").fill("Een lijst bij de deur")
    desk.presses("Bewaren")
    page.get_by_role("link", name="Geef het oordeel van dit jaar").click()
    page.get_by_label("Doorgaan").check()
    page.get_by_label("Waarom?").fill("Het werkt.")
    desk.presses("Bewaren")
    desk.look("sociale-ruimte-team")
    visitor = phone()
    public = page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href")
    visitor.page.goto(f"{example.site}{public}")
    visitor.reads("Het werkt.")
    visitor.reads("in 10 dagen die zijn geteld")
    visitor.look("sociale-ruimte")
    assert {**desk.wrong, **visitor.wrong} == {}
