# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An entrepreneur asks for a loan on a phone; the committee sees what it weighs, decides with a
reason, pays out in two parts and enters an instalment; the next is late; two people write off.  A
clerk gets nothing of it.  Every page is held to WCAG 2.2 AA.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from tests.journeys.test_people_journey import Person
from tests.journeys.test_reis_journey import Example, example

__all__ = ["example"]
pytestmark = pytest.mark.journey

Desk = Callable[[str], Person]
IBAN = "NL91 ABNA 0417 1643 00"


@pytest.fixture
def desk(browser: Browser, axe: str, example: Example) -> Iterator[Desk]:
    """Somebody of the example who signed in."""
    contexts = []

    def one(name: str) -> Person:
        contexts.append(browser.new_context(reduced_motion="reduce"))
        person = Person(contexts[-1], axe)
        person.comes_in(example.site, name, example.password, "/fondsen/", "Fondsen")
        return person

    yield one
    for context in contexts:
        context.close()


@pytest.fixture
def phone(browser: Browser, axe: str) -> Iterator[Person]:
    """Somebody without an account."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield Person(context, axe)
    context.close()


def follows(person: Person, name: str) -> None:
    """A link on the page, and what it opens."""
    with person.page.expect_navigation():
        person.page.get_by_role("main").get_by_role("link", name=name).first.click()


def asks(phone: Person, address: str) -> str:
    """On the page for everyone; where it is followed."""
    page = phone.page
    page.goto(address)
    phone.look("fonds")
    page.get_by_label("Hoeveel wilt u lenen?").fill("6000")
    page.get_by_label("Waar is het geld voor?").select_option("Machines of gereedschap")
    page.get_by_label("Wat is uw plan?").fill("Een bakkersoven van een zaak die stopt.")
    page.get_by_label("Hoeveel komt er per maand binnen?").fill("3.000")
    page.get_by_label("Hoeveel gaat er per maand uit?").fill("2.500")
    phone.presses("Versturen")
    phone.reads("Dit veld is verplicht")
    phone.look("fonds-fout")
    page.get_by_label("Uw naam").fill("Bakkerij Bes")
    phone.presses("Versturen")
    phone.reads("U hebt uiterlijk op")
    phone.look("uw-aanvraag")
    return page.url


def decides(desk: Person) -> None:
    """Sees what it weighs, and lends in two parts."""
    page = desk.page
    follows(desk, "Bakkerij Bes")
    desk.reads("Hoe zwaar het weegt")
    desk.reads(re.compile(r"\d+ % \((weinig|een flink deel|veel)\)"))
    desk.look("aanvraag")
    follows(desk, "Lening geven")
    page.get_by_label("In hoeveel maanden wordt het afgelost?").fill("24")
    page.get_by_label("Deel 2 wordt later uitbetaald: hoeveel ervan?").fill("2000")
    page.get_by_label("Deel 2: in welke maand?").fill("4")
    desk.look("lening-geven")
    page.get_by_label("Waarom?").fill("Een goed plan en vaste klanten.")
    desk.presses("Bekijk het schema")
    desk.reads("Er is nog niets toegekend. Kijk eerst.")
    desk.look("lening-bekijken")
    desk.presses("Geef deze lening")
    desk.reads("Goedgekeurd")
    desk.look("lening-goedgekeurd")


def pays_out(desk: Person, day: int) -> None:
    """A part, so many days ago."""
    page, today = desk.page, timezone.localdate()
    follows(desk, "Uitbetalen")
    desk.reads(IBAN)
    desk.look("uitbetalen")
    page.get_by_label("Op welke dag maakte u het over?").fill(str(today - timedelta(days=day)))
    if (signed := page.get_by_label("Op welke dag is het contract getekend?")).count():
        signed.fill(str(today - timedelta(days=day)))
    desk.presses("Bewaren")
    desk.reads("Loopt")


def pays(one: Person) -> None:
    """An instalment comes in, and the next is late."""
    follows(one, "Boek een betaling")
    one.page.get_by_label("Hoeveel?").fill("176,53")
    one.look("ontvangen")
    one.presses("Bewaren")
    one.reads("Te laat")
    one.page.get_by_text("Het schema", exact=True).click()
    one.look("lening")


_CASE_WAS = """UPDATE acting_case SET made_at = ? WHERE id =
    (SELECT case_id FROM acting_agreement ORDER BY made_at DESC LIMIT 1)"""
_LOAN_WAS = """UPDATE acting_agreement SET made_at = ? WHERE id =
    (SELECT id FROM acting_agreement ORDER BY made_at DESC LIMIT 1)"""


def time_passes(folder: Path, days: int) -> None:
    """What was asked for and agreed today was so many days ago."""
    then = (timezone.now() - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")
    with closing(sqlite3.connect(folder / "reis.sqlite3", timeout=20)) as database, database:
        database.execute(_CASE_WAS, [then])
        database.execute(_LOAN_WAS, [then])


def asks_for_a_pause(phone: Person) -> None:
    """Reads what to pay, where and by when, and cannot."""
    page = phone.page
    phone.reads(re.compile(r"uiterlijk op \d+ \w+ \d{4}"))
    phone.reads("NL02 ABNA 0123 4567 89")
    phone.reads(re.compile(r"L-[0-9A-F]{4}-[0-9A-F]{4}"))
    page.get_by_text("Het schema", exact=True).click()
    phone.look("uw-lening-schema")
    follows(phone, "Vraag een pauze")
    phone.look("uw-pauze")
    page.get_by_label("Waarom kunt u nu niet betalen").fill("De straat ligt open.")
    phone.presses("Versturen")
    phone.reads("U vroeg op")


def changes_the_terms(one: Person, team: str) -> None:
    """For loans to come."""
    one.page.goto(team)
    follows(one, "Verander de voorwaarden")
    one.page.get_by_label("Rente per jaar, in procent").fill("3,5")
    one.look("voorwaarden")
    one.presses("Bewaren")
    one.reads("3,5 %")
    follows(one, "De rekening van het fonds")
    one.look("rekening-van-het-fonds")


def says_the_account(phone: Person) -> None:
    """To which the loan is paid out."""
    follows(phone, "Vul haar in")
    phone.page.get_by_label("Nummer van de rekening (IBAN)").fill(IBAN)
    phone.page.get_by_label("Op wiens naam staat de rekening?").fill("B. Bes")
    phone.look("uw-rekening")
    phone.presses("Bewaren")


def writes_off(one: Person, two: Person) -> None:
    """One asks, and cannot confirm it; the other does."""
    follows(one, "Vraag om af te schrijven")
    one.page.get_by_label("Waarom?").fill("De zaak is gestopt.")
    one.presses("Bewaren")
    one.reads("U vroeg dit zelf, dus u kunt het niet bevestigen.")
    two.page.goto(one.page.url)
    two.look("lening-tweede")
    follows(two, "Bevestigen, of niet")
    two.look("tweede")
    two.page.get_by_label("Ja, ik bevestig het").check()
    two.presses("Bewaren")
    two.reads("Afgeschreven")


def sees_nothing(clerk: Person, team: str, *closed: str) -> None:
    """But that somebody asked."""
    clerk.page.goto(team)
    clerk.reads("Wie iets vroeg, en hoeveel, leest alleen de commissie van het fonds.")
    assert "Bakkerij Bes" not in clerk.page.inner_text("main")
    clerk.look("fonds-zonder-inzage")
    for address in closed:
        answer = clerk.page.goto(address)
        assert (answer.status if answer else 0) == 403


def test_a_loan_is_asked_for_decided_paid_repaid_late_and_written_off_by_two(
    desk: Desk, phone: Person, example: Example, tmp_path: Path
) -> None:
    one = desk("fonds")
    one.look("fondsen")
    follows(one, "Startfonds Oosterwerve")
    one.reads(re.compile(r"Termijn \d+ is (7|21) dagen te laat of meer"))  # of the example
    one.look("fonds-team")
    team = one.page.url
    link = one.page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href")
    mine = asks(phone, f"{example.site}{link}")
    one.page.reload()
    decides(one)
    loan = one.page.url
    phone.page.goto(mine)
    phone.reads("Een goed plan en vaste klanten.")
    says_the_account(phone)
    time_passes(tmp_path, 80)
    one.page.reload()
    pays_out(one, 75)
    pays_out(one, 0)
    pays(one)
    phone.page.goto(mine)
    phone.reads("Kunt u niet betalen? Bel ons")
    phone.look("uw-lening")
    asks_for_a_pause(phone)
    one.page.reload()
    one.reads("Vraagt om een pauze in het aflossen.")
    two, clerk, ledger = desk("fonds2"), desk("loket"), team.replace("/team/", "/kas/")
    writes_off(one, two)
    two.page.goto(ledger)
    two.reads("alle rekeningen samen zijn € 0")
    two.look("kasboek")
    sees_nothing(clerk, team, loan, ledger, mine)
    changes_the_terms(one, team)
    assert {**one.wrong, **two.wrong, **clerk.wrong, **phone.wrong} == {}
