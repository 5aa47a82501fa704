# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A contact point as it is lived: a baker asks on a phone and picks a time, a clerk answers at a
desk, the baker moves and cancels the time, and who leads the work sees what is late.  Every page is
held to WCAG 2.2 AA.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_people_journey import Person
from tests.journeys.test_reis_journey import Example, example, opened

__all__ = ["example"]
pytestmark = pytest.mark.journey

ASKED = "Mag er een bankje voor mijn winkel?"
LOKET = "Ondernemersloket Oosterwerve"


@pytest.fixture
def at(browser: Browser, axe: str, example: Example) -> Iterator[dict[str, Person]]:
    """A clerk and who leads the work, signed in, and a baker with a phone and no account."""
    names = ("loket", "wijkregisseur", "bakker")
    people = {name: Person(browser.new_context(reduced_motion="reduce"), axe) for name in names}
    for name in names[:2]:
        people[name].comes_in(example.site, name, example.password, "/loketten/", "Loketten")
    yield people
    for person in people.values():
        person.page.context.close()


def asks(baker: Person, address: str) -> None:
    """On a phone, with a time to come by."""
    page = baker.page
    page.goto(address)
    baker.look("loket")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_label("Waarover gaat uw vraag?").select_option("permit")
    page.get_by_label("Uw vraag", exact=True).fill(ASKED)
    page.get_by_label("Uw naam, of die van uw bedrijf").fill("Bakkerij Deeg")
    page.get_by_label("Wilt u ook langskomen?").select_option(index=1)
    baker.presses("Versturen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw vraag")
    baker.look("uw-vraag")


def answers(clerk: Person) -> None:
    """Begins with what the municipality keeps, and makes it fit."""
    page = clerk.page
    opened(clerk, LOKET)
    page.get_by_role("row", name=re.compile("vergunning.*Ontvangen")).get_by_role(
        "link"
    ).last.click()
    expect(page.get_by_text(ASKED)).to_be_visible()
    clerk.look("vraag")
    clerk.presses("Oppakken")
    page.get_by_label("Begin met een standaardantwoord").select_option(
        "Mag ik een terras neerzetten?"
    )
    clerk.presses("Begin hiermee")
    text = page.get_by_label("Het antwoord", exact=True)
    expect(text).to_have_value(re.compile("^Dag Bakkerij Deeg,"))
    text.fill("Dag Bakkerij Deeg,\n\nEen bankje tegen de gevel mag.")
    clerk.presses("Antwoord geven")
    expect(page.get_by_text("Een bankje tegen de gevel mag.")).to_be_visible()
    opened(clerk, "Een brief om te printen")
    printed(page)


def printed(page: Page) -> None:
    """On paper there is a letter, and nothing of the site around it."""
    page.emulate_media(media="print")
    for around in (".menu", ".top", ".bottom", ".no-print"):
        expect(page.locator(around).first).to_be_hidden()
    expect(page.get_by_role("main")).to_be_visible()
    page.emulate_media(media="screen")


def moves_and_cancels(baker: Person) -> None:
    """Reads the answer, comes at another time, and then not at all."""
    page = baker.page
    page.reload()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_text("Een bankje tegen de gevel mag.")).to_be_visible()
    opened(baker, "Kies een andere tijd")
    page.get_by_role("radio").last.check()
    if page.get_by_label("Waar is uw zaak?").count():
        page.get_by_label("Waar is uw zaak?").fill("Garenpad 3")
    baker.presses("Kies deze tijd")
    baker.look("verzet")
    with page.expect_download() as file:
        page.get_by_role("link", name="Zet in uw agenda").click()
    assert "BEGIN:VEVENT" in file.value.path().read_text("utf-8")
    baker.presses("Zeg de afspraak af")
    expect(page.get_by_role("link", name="Kies een tijd om langs te komen")).to_be_visible()
    page.get_by_label("Wat wilt u zeggen?").fill("Dank u wel, tot ziens.")
    baker.presses("Versturen")
    expect(page.get_by_text("Dank u wel, tot ziens.")).to_be_visible()


def opens_times(clerk: Person) -> None:
    """Sees who comes, opens times on another day, and cancels one."""
    page = clerk.page
    opened(clerk, "Terug naar de vraag")
    opened(clerk, "Terug naar de vragen", look=False)
    opened(clerk, "Wie komt er vandaag")
    page.get_by_role("link", name=re.compile("→")).first.click()
    clerk.look("dag")
    printed(page)
    opened(clerk, "Tijden voor afspraken")
    days = page.get_by_role("main").locator(".rows > li")
    before = days.count()
    page.get_by_label("maandag").check()
    clerk.presses("Open deze tijden")
    expect(days).not_to_have_count(before)
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("Zeg af maandag")).first.click()
    clerk.look("tijd-afzeggen")
    page.get_by_label("Waarom?").fill("De collega is er niet.")
    clerk.presses("Zeg deze tijd af")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tijden voor afspraken")
    page.goto(page.url.split("/loket/")[0] + "/loketten/GM9901/antwoorden/")
    clerk.look("standaardantwoorden")


def test_a_baker_is_helped_by_a_clerk_and_who_leads_sees_what_is_late(
    at: dict[str, Person], example: Example
) -> None:
    clerk, manager, baker = (at[name] for name in ("loket", "wijkregisseur", "bakker"))
    clerk.page.get_by_role("link", name=LOKET).click()
    there = clerk.page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href")
    asks(baker, f"{example.site}{there}")
    clerk.page.goto(f"{example.site}/loketten/")
    answers(clerk)
    moves_and_cancels(baker)
    opens_times(clerk)
    opened(manager, "Voor mij, vandaag")
    expect(manager.page.get_by_text("te laat").first).to_be_visible()
    assert [person.wrong for person in at.values()] == [{}, {}, {}]
