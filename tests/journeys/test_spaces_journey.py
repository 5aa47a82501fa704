# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An entrepreneur says on a phone what she looks for; at a desk somebody sees what fits and why,
and proposes it; the corporation says yes by its account, she by her link, and only then they read
each other's name; a sheet is changed and kept; what was seen in the street becomes a space.  Every
page is held to WCAG 2.2 AA.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from tests.journeys.test_people_journey import Person
from tests.journeys.test_reis_journey import Example, example
from tests.journeys.test_shop_journey import PHONE

__all__ = ["example"]
pytestmark = pytest.mark.journey

REGISTER = "Ruimte in Oosterwerve"
SignsIn = Callable[[str], Person]


@pytest.fixture
def comes(browser: Browser, axe: str, example: Example) -> Iterator[SignsIn]:
    """Somebody of the example who signs in."""
    contexts = []

    def made(name: str) -> Person:
        contexts.append(browser.new_context(reduced_motion="reduce"))
        person = Person(contexts[-1], axe)
        person.comes_in(example.site, name, example.password, "/ruimtes/", "Ruimtes")
        return person

    yield made
    for context in contexts:
        context.close()


@pytest.fixture
def phone(browser: Browser, axe: str) -> Iterator[Person]:
    """The entrepreneur, without an account."""
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    yield Person(context, axe)
    context.close()


def wants(phone: Person, address: str) -> None:
    page = phone.page
    page.goto(address)
    phone.look("ruimtes")
    page.get_by_role("link", name="Zeg wat u zoekt").click()
    phone.presses("Versturen")
    phone.reads("verplicht")
    phone.look("ruimte-zoeken-fout")
    page.get_by_label("Wat doet of verkoopt u?").select_option("Horeca")
    page.get_by_label("Vertel wat u daar wilt doen").fill("Soep en brood voor de buurt.")
    page.get_by_label("Hoeveel m² minstens?").fill("40")
    page.get_by_label("Hoeveel m² hoogstens?").fill("80")
    page.get_by_label("Wat kunt u hoogstens betalen").fill("700")
    page.get_by_role("group", name="Wat moet er zijn?").get_by_label("water").check()
    page.get_by_label("Omzet per jaar zoals u verwacht").fill("90.000")
    page.get_by_label("Uw naam").fill("Soepkeuken Sien")
    page.get_by_label("Telefoon").fill("06 11 11 11 11")
    phone.presses("Versturen")
    phone.reads("We hebben uw verzoek.")
    phone.look("uw-ruimte")


def proposes(desk: Person) -> None:
    page = desk.page
    page.get_by_role("link", name=REGISTER).click()
    desk.look("ruimtes-team")
    page.get_by_role("link", name="Soepkeuken Sien").click()
    desk.reads("Misset Horeca 2016")
    desk.look("ruimte-wens")
    card = page.locator("article").filter(has_text="Plint Weverslaan 12")
    card.get_by_label("Waarom stelt u").fill("De corporatie zoekt hier horeca.")
    card.get_by_role("button").click()
    card.get_by_role("link", name=re.compile("de eigenaar weet het nog niet")).click()
    page.get_by_label("Vertel het beiden").check()
    desk.presses("Bewaren")
    desk.reads("Wacht op beiden")
    desk.look("ruimte-voorstel")


def test_a_wish_becomes_a_talk_between_two_who_both_want_it(
    comes: SignsIn, phone: Person, example: Example
) -> None:
    desk = comes("wijkregisseur")
    desk.page.get_by_role("link", name=REGISTER).click()
    everyone = desk.page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href")
    wants(phone, f"{example.site}{everyone}")
    desk.page.goto(f"{example.site}/ruimtes/")
    proposes(desk)
    owner = comes("partner")
    owner.page.get_by_role("link", name="Mijn ruimtes").click()
    owner.look("mijn-ruimtes")
    assert "Soepkeuken" not in owner.page.inner_text("main")
    owner.page.locator("li").filter(has_text="Horeca").get_by_role(
        "button", name=re.compile("Ja, ik wil praten")
    ).click()
    owner.reads("De eigenaar zegt ja")
    phone.page.reload()
    assert "Woningcorporatie ·" not in phone.page.inner_text("main")
    phone.look("uw-ruimte-voorgesteld")
    phone.presses(re.compile("Ja, ik wil praten"))
    phone.reads("088 000 00 00")
    phone.look("uw-ruimte-beiden")
    owner.page.reload()
    owner.reads("Soepkeuken Sien")
    owner.look("mijn-ruimtes-beiden")
    owner.page.get_by_role("link", name="Plint Weverslaan 12").first.click()
    owner.look("ruimte-van-mij")
    owner.page.get_by_role("link", name="Aanpassen wat bekend is").click()
    owner.look("ruimte-bijhouden")
    owner.page.get_by_label("Huur per maand").fill("625")
    owner.presses("Bewaren")
    owner.reads("€ 625 per maand")
    assert {**desk.wrong, **phone.wrong, **owner.wrong} == {}


def test_a_sheet_is_changed_and_kept_and_what_was_seen_becomes_a_space(comes: SignsIn) -> None:
    desk = comes("wijkregisseur")
    page = desk.page
    page.get_by_role("link", name=REGISTER).click()
    page.get_by_role("link", name="Plint Weverslaan 12").click()
    page.get_by_role("link", name=re.compile("^Rekenblad")).click()
    page.get_by_role("link", name="Ingroeihuur, gemeente draagt de pui").click()
    desk.reads("komt niet terug")
    desk.look("rekenblad")
    page.get_by_label("Huur per maand in het eerste jaar").fill("800")
    desk.presses("Reken, bewaar niets")
    desk.reads("Wat eruit komt")
    page.get_by_label("Hoe noemt u deze versie?").fill("Bod van maart")
    desk.presses("Bewaar deze versie")
    page.get_by_role("link", name=re.compile("^Leg ernaast Volle huur")).click()
    desk.reads("Wat anders is aangenomen")
    desk.look("rekenblad-naast-elkaar")
    page.goto(page.url.split("/ruimte/")[0] + "/ruimtes/")
    page.get_by_role("link", name=REGISTER).click()
    page.get_by_role("link", name="Gezien op straat").click()
    desk.look("gezien")
    page.get_by_role("link", name=re.compile("Weverslaan 8")).click()
    desk.look("gezien-aannemen")
    desk.presses("Bewaren")
    desk.reads("Weverslaan 8 tot 20")
    desk.look("ruimte-gezien")
    assert desk.wrong == {}


def test_every_other_page_of_the_team_is_clean(comes: SignsIn) -> None:
    desk = comes("wijkregisseur")
    page = desk.page
    desk.look("registers")
    page.get_by_role("link", name=re.compile("^Begin een register")).click()
    desk.look("register-nieuw")
    page.go_back()
    page.get_by_role("link", name=REGISTER).click()
    for name in ("Noteer een ruimte", "Een bestand inlezen", "Openen of sluiten"):
        page.get_by_role("link", name=name).click()
        desk.look(name)
        page.go_back()
    page.get_by_role("link", name="Een bestand inlezen").click()
    page.get_by_label("Op welke dag is het bestand gemaakt?").fill(str(timezone.localdate()))
    text = "bag;adres;m2\n0363010000000001;Kade 1;60\n363;Kade 2;veel\n"
    file = {"name": "r.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("#id_file").set_input_files(files=[file])  # type: ignore[list-item]
    desk.presses("Laat zien wat er zou gebeuren")
    desk.reads("Rijen die niet worden ingelezen")
    desk.look("inlezen-vooraf")
    desk.presses("Lees in wat ingelezen kan worden")
    page.get_by_role("link", name="Kade 1", exact=True).click()
    for name in ("Aanpassen wat bekend is", "Zeg dat de ruimte", "Noteer van wie"):
        page.get_by_role("link", name=re.compile(name)).click()
        desk.look(name)
        page.go_back()
    assert desk.wrong == {}
