# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An owner without an account gets a letter, says on a phone what the space costs, adds a photo and
answers who could come; everyone sees the photo; the team withdraws the link.  Every page is held to
WCAG 2.2 AA.
"""

from __future__ import annotations

import re

import pytest

from tests.acting.test_picture import from_a_phone
from tests.journeys.test_people_journey import Person
from tests.journeys.test_reis_journey import Example, example
from tests.journeys.test_spaces_journey import REGISTER, SignsIn, comes, phone, wants

__all__ = ["comes", "example", "phone"]
pytestmark = pytest.mark.journey
HALL = "Spoelerij, hal 2"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


def letter(desk: Person) -> str:
    """The address that stands in the letter to the owner of the hall."""
    page = desk.page
    page.get_by_role("link", name=REGISTER).click()
    page.get_by_role("link", name=HALL).click()
    page.get_by_role("link", name="Laat de eigenaar").click()
    desk.look("eigenaar-koppeling")
    page.get_by_role("link", name="Druk een brief").click()
    desk.look("eigenaar-brief")
    page.emulate_media(media="print")
    shown = page.inner_text("body")
    page.emulate_media(media="screen")
    assert "Aan het werk" not in shown.split("Uw ruimtes: houd ze zelf bij")[0]
    return page.locator(".address").inner_text()


def adds(owner: Person, name: str, data: bytes, said: str) -> None:
    page = owner.page
    file = {"name": name, "mimeType": "image/jpeg", "buffer": data}
    page.locator("#id_file").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_label("Wat is erop te zien?").fill("De hal met de grote deur open")
    page.get_by_label(re.compile("geen mensen herkenbaar")).check()
    owner.presses("Voeg de foto toe")
    owner.reads(said)


def keeps(owner: Person) -> None:
    page = owner.page
    owner.look("uw-ruimten")
    page.get_by_role("link", name=re.compile("^Aanpassen wat hier staat")).click()
    owner.look("uw-ruimten-bijhouden")
    page.get_by_label("Huur per maand").fill("1.050")
    owner.presses("Bewaren")
    owner.reads("€ 1.050 per maand")
    page.get_by_role("link", name=re.compile("^Foto")).click()
    owner.look("uw-ruimten-fotos")
    adds(owner, "IMG_1.HEIC", HEIC, "Meest compatibel")
    owner.look("uw-ruimten-fotos-fout")
    adds(owner, "foto.jpg", from_a_phone(), "De hal met de grote deur open")
    page.get_by_role("link", name="Uw ruimtes").last.click()
    page.get_by_role("link", name=re.compile("^Zeg dat de ruimte")).click()
    owner.look("uw-ruimten-stand")
    page.go_back()


def test_an_owner_without_an_account_keeps_a_space_on_a_phone(
    comes: SignsIn, phone: Person, example: Example
) -> None:
    desk = comes("wijkregisseur")
    address = letter(desk)
    phone.page.goto(address)
    keeps(phone)
    desk.page.goto(f"{example.site}/ruimtes/")
    desk.page.get_by_role("link", name=REGISTER).click()
    everyone = desk.page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href")
    phone.page.goto(f"{example.site}{everyone}")
    phone.look("ruimtes-met-foto")
    phone.page.get_by_role("link", name=HALL).last.click()
    phone.look("te-huur")
    drawn = phone.page.get_by_role("img", name="De hal met de grote deur open")
    drawn.scroll_into_view_if_needed()
    assert drawn.evaluate("async one => { await one.decode(); return one.naturalWidth }") == 20
    desk.page.get_by_role("link", name=HALL).click()
    desk.look("ruimte-met-foto")
    desk.page.get_by_role("link", name="Laat de eigenaar").click()
    desk.page.get_by_role("link", name="Trek de koppeling in").click()
    desk.look("koppeling-intrekken")
    desk.page.get_by_label("Waarom?").fill("De brief is kwijt.")
    desk.presses("Bewaren")
    phone.page.goto(address)
    phone.reads("Deze koppeling werkt niet meer")
    assert {**desk.wrong, **phone.wrong} == {}


def test_an_owner_answers_who_could_come_and_stops(
    comes: SignsIn, phone: Person, example: Example
) -> None:
    desk = comes("wijkregisseur")
    address = letter(desk)
    desk.page.goto(f"{example.site}/ruimtes/")
    desk.page.get_by_role("link", name=REGISTER).click()
    everyone = desk.page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href")
    wants(phone, f"{example.site}{everyone}")
    desk.page.goto(f"{example.site}/ruimtes/")
    desk.page.get_by_role("link", name=REGISTER).click()
    desk.page.get_by_role("link", name="Soepkeuken Sien").click()
    card = desk.page.locator("article").filter(has_text=HALL)
    card.get_by_role("button").click()
    card.get_by_role("link", name=re.compile("de eigenaar weet het nog niet")).click()
    desk.page.get_by_label("Vertel het beiden").check()
    desk.presses("Bewaren")
    phone.page.goto(address)
    phone.look("uw-ruimten-gevraagd")
    assert "Soepkeuken" not in phone.page.inner_text("main")
    phone.presses(re.compile("Ja, ik wil praten"))
    phone.reads("De eigenaar zegt ja")
    phone.page.get_by_text("Ik ben geen eigenaar meer").first.click()
    phone.presses(re.compile("^Ik ben geen eigenaar meer"))
    phone.reads("Dank u wel")
    phone.look("uw-ruimten-gestopt")
    assert {**desk.wrong, **phone.wrong} == {}
