# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An entrepreneur on a phone asks whether a street party may be held and reports what hinders; at a
desk the rule is changed, tried on cases, put in force and decided; the entrepreneur reads it, and
the guide answers otherwise.  Every page is held to WCAG 2.2 AA.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.test_people_journey import Person
from tests.journeys.test_reis_journey import Example, example

__all__ = ["example"]
pytestmark = pytest.mark.journey

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phone(browser: Browser, axe: str) -> Iterator[Person]:
    """Somebody without an account."""
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    yield Person(context, axe)
    context.close()


@pytest.fixture
def desk(browser: Browser, axe: str, example: Example) -> Iterator[Person]:
    """The area manager, signed in."""
    person = Person(browser.new_context(reduced_motion="reduce"), axe)
    person.comes_in(example.site, "wijkregisseur", example.password, "/loketten/", "Loketten")
    yield person
    person.page.context.close()


def follows(person: Person, name: str | re.Pattern[str]) -> None:
    with person.page.expect_navigation():
        person.page.get_by_role("main").get_by_role("link", name=name).first.click()


def asks_the_guide(phone: Person, site: str) -> None:
    """From the footer of any page to the answer, one question at a time."""
    phone.page.goto(f"{site}/mag-dat/")
    phone.look("mag-dat")
    phone.page.get_by_label("In welke gemeente?").select_option("Voorbeeldstad (fictief)")
    phone.presses("Ga verder")
    phone.look("wat-wilt-u")
    follows(phone, re.compile("klein evenement"))
    phone.page.get_by_label("Hoeveel mensen").fill("veel")
    phone.presses("Ga verder")
    phone.reads("een heel getal vanaf 0")
    phone.look("geen-getal")
    phone.page.get_by_label("Hoeveel mensen").fill("60")
    phone.presses("Ga verder")
    phone.reads("U moet dit melden")
    phone.page.get_by_label("Op welke dag").fill("2027-05-08")
    phone.presses("Ga verder")
    phone.reads("21 april 2027")
    phone.reads("Bevrijdingsdag")
    phone.reads("gecontroleerd bij de bron op 2 maart 2026")
    phone.look("melden")


def reports(phone: Person) -> str:
    """What hinders, from the answer of the guide; where it is followed."""
    follows(phone, re.compile("Hebt u last van deze regel"))
    text = phone.page.get_by_label("Van welke regel hebt u last, en hoe?")
    expect(text).to_have_value(re.compile("Aantal mensen: 60"))
    text.fill("Voor zestig buren op de stoep wil ik niet elk jaar melden.")
    phone.page.get_by_label("Hoeveel uur kost het u per jaar?").fill("4")
    phone.page.get_by_label("Uw naam, of die van uw bedrijf").fill("Buurtbakker Lo")
    phone.look("melden-belemmering")
    phone.presses("Melden")
    phone.reads("Uw melding")
    phone.look("uw-melding")
    return phone.page.url


def puts_together(desk: Person, site: str) -> None:
    desk.page.goto(f"{site}/loketten/")
    desk.look("loketten")
    follows(desk, re.compile("Ondernemersloket"))
    desk.look("vragen")
    desk.page.get_by_role("main").get_by_role("link", name=re.compile("^Belemmering")).last.click()
    desk.reads("Voor zestig buren")
    desk.look("belemmering")
    follows(desk, "Bij elkaar zetten")
    desk.look("samen")
    desk.page.get_by_label("Of begin een nieuwe: hoe heet die?").fill("Melden voor een buurtborrel")
    desk.presses("Bewaren")
    desk.reads("Melden voor een buurtborrel")


def changes_the_rule(desk: Person, site: str) -> None:
    """From fifty to a hundred people: tried on cases before it holds."""
    desk.page.goto(f"{site}/regels/GM9901/")
    desk.look("regels")
    follows(desk, re.compile("Nieuwe regel.*Klein evenement"))
    desk.page.get_by_label("De tabel").fill("title = ")
    desk.presses("Bewaren")
    desk.reads("regel 1 van de tekst")
    desk.look("niet-begrepen")
    desk.page.go_back()
    desk.page.reload()
    desk.presses("Bewaren")
    desk.reads("De eerste rij die past")
    desk.look("rijen")
    desk.page.get_by_label("Aantal mensen: hoeveel").first.fill("100")
    rows = desk.page.get_by_role("button", name=re.compile("Haal deze rij weg"))
    many = rows.count()
    desk.page.get_by_role("button", name=re.compile("Rij erbij")).click()
    expect(rows).to_have_count(many + 1)
    rows.last.click()
    expect(rows).to_have_count(many)
    expect(desk.page.get_by_label("Aantal mensen: hoeveel").first).to_have_value("100")
    desk.page.get_by_role("button", name="Bekijk wat eruit komt").first.click()
    desk.reads("Wat er met deze rijen uitkomt")
    desk.look("rijen-gezien")
    desk.page.get_by_role("button", name="Bewaren").first.click()
    desk.reads("Concept: geldt nog niet")
    follows(desk, "Een testgeval bewaren")
    desk.look("testgeval")
    desk.page.get_by_label("Hoeveel mensen").fill("60")
    desk.page.get_by_role("group", name="Is het op de weg").get_by_label("nee").check()
    desk.page.get_by_role("group", name="Wat moet eruit komen?").get_by_label("melden").check()
    desk.presses("Bewaren")
    desk.reads("niet zoals verwacht")
    desk.look("concept")
    desk.presses("Vaststellen")
    desk.reads("De regel geldt nog niet.")
    desk.page.get_by_role("button", name=re.compile("Niet meer bewaren.*60")).click()
    expect(desk.page.get_by_text("niet zoals verwacht")).to_have_count(0)
    desk.presses("Vaststellen")
    desk.reads("Geldt nu")
    desk.look("geldt-nu")


def decides(desk: Person, site: str) -> None:
    desk.page.goto(f"{site}/belemmeringen/")
    desk.look("belemmeringen")
    follows(desk, "Melden voor een buurtborrel")
    desk.reads("opgegeven door 1 van 1 ondernemer")
    desk.look("een-belemmering")
    follows(desk, "Besluiten")
    desk.page.get_by_label("De regel veranderen").check()
    desk.page.get_by_label("Waarom?").fill("Tot honderd mensen hoeft het niet meer.")
    desk.presses("Besluiten")
    desk.reads("Kies welke regel van uw gemeente daardoor nieuw is.")
    desk.look("besluiten")
    rule = desk.page.get_by_label("Welke regel is hierdoor nieuw?")
    rule.select_option(index=1)
    desk.presses("Besluiten")
    desk.reads("De regel verandert")
    desk.look("besloten")


def test_what_hinders_an_entrepreneur_changes_a_rule_and_the_entrepreneur_reads_it(
    phone: Person, desk: Person, example: Example
) -> None:
    asks_the_guide(phone, example.site)
    followed = reports(phone)
    puts_together(desk, example.site)
    changes_the_rule(desk, example.site)
    decides(desk, example.site)
    phone.page.goto(followed)
    phone.reads("Tot honderd mensen hoeft het niet meer.")
    phone.look("gehoord")
    phone.page.goto(f"{example.site}/mag-dat/GM9901/small_event/?v-people=60&v-road=no")
    phone.reads("Dit is vrij")
    phone.look("vrij")
    assert (phone.wrong, desk.wrong) == ({}, {})


def test_the_guide_works_without_javascript(browser: Browser, example: Example) -> None:
    page = browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(f"{example.site}/mag-dat/GM0312/small_event/")
    page.get_by_label("Hoeveel mensen").fill("200")
    page.get_by_role("main").get_by_role("button", name="Ga verder").click()
    for words in ("Vraag het de gemeente", "Wat wij niet hebben gevraagd"):
        expect(page.get_by_role("main")).to_contain_text(words)
    page.context.close()
