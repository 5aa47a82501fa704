# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A brand is begun at a desk; a maker tells their story on a phone and says yes; a label is
printed; a buyer scans it and reads who made it; the maker takes it back, and nobody reads it any
more.  Every page is held to WCAG 2.2 AA.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from tests.acting.test_picture import photo
from tests.acting.test_sound import wav
from tests.journeys.test_people_journey import Person
from tests.journeys.test_reis_journey import Example, example
from tests.journeys.test_shop_journey import Phones, phone

__all__ = ["example", "phone"]
pytestmark = pytest.mark.journey
STORY = "Ik leerde naaien van mijn oma."


@pytest.fixture
def desk(browser: Browser, axe: str, example: Example) -> Iterator[Person]:
    """The area manager, signed in."""
    person = Person(browser.new_context(reduced_motion="reduce"), axe)
    person.comes_in(example.site, "wijkregisseur", example.password, "/merken/", "Lokale merken")
    yield person
    person.page.context.close()


def begins(desk: Person) -> str:
    """A brand that is open; the address of its page for everyone."""
    page = desk.page
    desk.look("merken")
    page.get_by_role("link", name=re.compile("Begin een lokaal merk")).click()
    page.get_by_label("Hoe heet het merk?").fill("Gemaakt aan de Kade")
    page.get_by_label("In welke wijk is het?").select_option(index=1)
    page.get_by_label("Waar staat het merk voor?").fill("Door ons gemaakt.")
    page.get_by_label("Van wie is het merk?").fill("Coalitie aan de Kade")
    desk.look("merk-nieuw")
    desk.presses("Bewaren")
    desk.look("merk-team-leeg")
    page.get_by_role("link", name="Openen of sluiten").click()
    page.get_by_label("Laat het aan iedereen zien").check()
    desk.presses("Bewaren")
    return str(page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href"))


def joins(maker: Person, address: str) -> str:
    """Somebody who makes bags; where their own page is."""
    page = maker.page
    page.goto(address)
    maker.look("merk")
    page.get_by_role("link", name="Meedoen als maker").click()
    page.get_by_label("Ik maak iets").check()
    page.get_by_label("Wat maakt u, of wat wilt u leren?").fill(STORY)
    page.get_by_label("Onder welke naam maakt u dingen?").fill("Samira")
    page.get_by_label("Uw naam").fill("Samira Jansen")
    maker.look("maker-meedoen")
    maker.presses("Versturen")
    maker.reads("U vroeg of u mee kunt doen.")
    page.get_by_label("Wie het etiket scant").check()
    maker.presses("Bewaren wat ik goedvind")
    maker.look("maker-verhaal")
    own = page.url
    is_seen_and_heard(maker)
    return own


def is_seen_and_heard(maker: Person) -> None:
    """A photo and a minute of voice, each allowed beside her story."""
    page = maker.page
    page.get_by_role("link", name="Een foto van uzelf toevoegen").click()
    maker.look("maker-foto")
    page.get_by_label("De foto").set_input_files(
        {"name": "f.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    page.get_by_label("Wat is erop te zien?").fill("Samira achter haar naaimachine")
    page.get_by_label("Het is een foto van mij").check()
    maker.presses("Bewaren")
    page.get_by_role("link", name="Vertel het met uw eigen stem").click()
    maker.look("maker-stem")
    page.get_by_label("De opname").set_input_files(
        {"name": "s.txt", "mimeType": "audio/wav", "buffer": b"geen geluid"}
    )
    page.get_by_label("Wat zegt u erin?").fill("Dit is mijn stem.")
    maker.presses("Bewaren")
    maker.reads("geen M4A, MP3 of WAV")
    page.get_by_label("De opname").set_input_files(
        {"name": "s.wav", "mimeType": "audio/wav", "buffer": wav()}
    )
    maker.presses("Bewaren")
    for words in ("Mijn foto mag", "Mijn stem mag"):
        page.get_by_label(words).check()
    maker.presses("Bewaren wat ik goedvind")
    maker.look("maker-gezien-gehoord")


def makes(desk: Person) -> str:
    """A piece of a bag, by her; where its label leads."""
    page, team = desk.page, desk.page.url
    page.reload()
    page.get_by_role("link", name=re.compile("Wijzigen")).click()
    page.get_by_label("Welkom als maker").check()
    desk.presses("Bewaren")
    page.goto(team)
    page.get_by_role("link", name="Een product toevoegen").click()
    page.get_by_label("Wat is het?", exact=True).fill("Tas")
    page.get_by_label("Vertel erover").fill("Van zeil.")
    page.get_by_label("Wat kost één stuk").fill("34,50")
    page.locator("input[name=material_1]").fill("Zeil van de zeilschool")
    page.locator("select[name=origin_1]").select_option("reused")
    page.get_by_label("GTIN").fill("4006381333932")
    desk.presses("Bewaren")
    desk.reads("is geen GTIN")
    desk.look("product-fout")
    page.get_by_label("GTIN").fill("4006381333931")
    desk.presses("Bewaren")
    page.get_by_role("link", name="Noteer stukken die zijn gemaakt").click()
    page.get_by_label("Wie maakte ze?").select_option("Samira Jansen")
    page.get_by_label("Hoeveel stuks?").fill("2")
    page.get_by_label("Op welke dag waren ze klaar?").fill(str(timezone.localdate()))
    desk.presses("Bewaren")
    desk.look("product-team")
    page.get_by_role("link", name="Etiketten printen").click()
    desk.look("etiketten")
    assert page.locator("svg[role=img]").count() == 2
    page.go_back()
    return str(page.locator("th[scope=row] a").first.get_attribute("href"))


def test_a_story_is_told_scanned_and_taken_back(
    desk: Person, phone: Phones, example: Example
) -> None:
    address = example.site + begins(desk)
    maker, buyer = phone(), phone()
    own = joins(maker, address)
    code = makes(desk)
    buyer.page.goto(example.site + code)
    buyer.reads("Samira")
    buyer.reads(STORY)
    assert buyer.page.locator("img.photo").count() == buyer.page.locator("audio").count() == 1
    heard = str(buyer.page.locator("audio").get_attribute("src"))
    buyer.look("stuk")
    buyer.page.get_by_role("link", name="العربية").click()
    buyer.reads("صُنع في الحي")
    buyer.look("stuk-ar")
    maker.page.goto(own)
    maker.page.get_by_label("Wie het etiket scant").uncheck()
    maker.presses("Bewaren wat ik goedvind")
    buyer.page.goto(example.site + code)
    buyer.reads("Hier staat geen naam.")
    assert "Samira" not in buyer.page.content()
    gone = buyer.page.request.get(example.site + heard)
    assert (gone.status, buyer.page.locator("img.photo, audio").count()) == (404, 0)
    keeps(buyer, address)
    maker.page.goto(f"{own}gemaakt/")
    maker.look("maker-gemaakt")
    maker.page.get_by_role("button", name="Trek het terug").click()
    maker.reads("Er is nu geen stuk van u dat te koop is.")
    for person in (desk, maker, buyer):
        assert person.wrong == {}


def keeps(buyer: Person, address: str) -> None:
    """A piece is kept for the buyer."""
    page = buyer.page
    page.goto(address)
    page.get_by_role("link", name="Tas").click()
    buyer.look("product")
    page.get_by_role("link", name="Bewaar een stuk voor mij").click()
    page.get_by_label("Uw naam").fill("Koper")
    page.get_by_label("Telefoon").fill("06 12345678")
    buyer.look("bewaren")
    buyer.presses("Bewaar het voor mij")
    buyer.reads("Eén stuk wordt voor u bewaard")
    buyer.look("mijn-stuk")
