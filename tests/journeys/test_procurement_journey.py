# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two entrepreneurs make their firms known on their phones; a procurement officer writes a
commission, fixes its way and invites them; one asks something and both offer; once the time is over
the offers are opened and the best one gets it, with reasons; both read it, and so does everyone.
Then a small lot goes its own way, and what the municipality spent is read in.
Every page is held to WCAG 2.2 AA.
"""

from __future__ import annotations

import json
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
from tests.journeys.test_shop_journey import phone

__all__ = ["example", "phone"]
pytestmark = pytest.mark.journey

Phones = Callable[[], Person]
TITLE = "Gordijnen voor het buurthuis"


@pytest.fixture
def desk(browser: Browser, axe: str, example: Example) -> Iterator[Person]:
    """The procurement officer, signed in."""
    person = Person(browser.new_context(reduced_motion="reduce"), axe)
    person.comes_in(example.site, "inkoper", example.password, "/inkoop/", "Lokaal inkopen")
    yield person
    person.page.context.close()


def registers(person: Person, address: str, name: str) -> str:
    """Makes a firm known; where it is followed."""
    page = person.page
    page.goto(address)
    person.look("inkoop")
    page.get_by_role("link", name="Mijn bedrijf aanmelden").click()
    page.get_by_label("De naam van uw zaak").fill(name)
    page.get_by_label("KVK-nummer").fill("1234567")
    page.get_by_label("Wat maakt of doet u?").fill("Gordijnen en kussens op maat.")
    page.get_by_label("Naaien en textiel").check()
    page.get_by_label("In welke wijk zit uw zaak?").select_option(index=1)
    page.get_by_label("ook meer").check()
    page.get_by_label("Wie inkoopt voor de gemeente").check()
    person.presses("Versturen")
    person.reads("Een KVK-nummer heeft acht cijfers.")
    person.look("aanmelden-fout")
    page.get_by_label("KVK-nummer").fill(str(70_000_000 + sum(map(ord, name))))
    person.presses("Versturen")
    person.reads("U bent nog niet uitgenodigd.")
    person.look("uw-bedrijf")
    return page.url


def writes(desk: Person) -> None:
    """A commission of € 60.000, of which the way is fixed; it invites who fits."""
    page, then = desk.page, timezone.localtime() + timedelta(days=10)
    page.get_by_role("link", name="Inkopen in Oosterwerve").click()
    desk.look("inkoop-team")
    page.get_by_role("link", name="Een opdracht schrijven").click()
    page.get_by_label("Wat wordt er gekocht?").fill(TITLE)
    page.get_by_label("Wat moet er gebeuren, in korte zinnen?").fill("Dertig gordijnen ophangen.")
    page.get_by_label("Naaien en textiel").check()
    page.get_by_label("Raming in euro").fill("60.000")
    page.get_by_label("Op welke dag begint de procedure?").fill(str(timezone.localdate()))
    page.get_by_label("Tot wanneer kunnen bedrijven").fill(f"{then:%Y-%m-%dT%H:%M}")
    page.get_by_label("Hoe worden aanbiedingen beoordeeld?").fill("Lokale bedrijven gaan voor.")
    desk.presses("Bewaren")
    desk.reads("Dat mag nooit bij het gunnen")
    desk.look("opdracht-fout")
    page.get_by_label("Hoe worden aanbiedingen beoordeeld?").fill("Stevig en goed te wassen.")
    desk.presses("Bewaren")
    desk.reads("meervoudig onderhands")
    desk.look("opdracht-concept")
    page.get_by_role("link", name="De route vastleggen").click()
    desk.look("route")
    page.get_by_label("De raming klopt").check()
    desk.presses("Bewaren")
    page.get_by_role("link", name="Publiceren").click()
    desk.reads("Er past 1 bedrijf te weinig.")
    desk.look("uitnodigen")
    desk.presses("Publiceren en uitnodigen")
    desk.reads("Wat is aangeboden, is verzegeld.")
    desk.look("opdracht-open")


def offers(person: Person, address: str, price: str, words: str) -> None:
    """Reads the invitation and makes an offer."""
    page = person.page
    page.goto(address)
    page.get_by_role("link", name=TITLE).click()
    person.look("aanbieden")
    page.get_by_label("Uw prijs in euro").fill(price)
    page.get_by_label("Wat biedt u aan?").fill(words)
    person.presses("Mijn aanbieding versturen")
    person.reads("Wij hebben uw aanbod.")
    person.look("aangeboden")


def time_is_over(folder: Path) -> None:
    """The deadline was an hour ago."""
    ago = (timezone.now() - timedelta(hours=1)).isoformat()
    with closing(sqlite3.connect(folder / "reis.sqlite3", timeout=20)) as database, database:
        database.execute(
            "update acting_listing set more = json_set(more, '$.deadline', ?) where title = ?",
            (ago, TITLE),
        )


def awards(desk: Person) -> None:
    """The offers are opened; the second firm has most points, and gets it."""
    page = desk.page
    page.reload()
    desk.presses("De aanbiedingen openen")
    desk.reads("Vier keer per jaar gewassen.")
    desk.look("geopend")
    page.get_by_role("link", name="Gunnen").click()
    desk.look("gunnen")
    for name, points, why in (("Naaihoek", "60", "Goed, maar duurder."),
                              ("Stof & Steek", "90", "Wast ook, en is goedkoper.")):  # fmt: skip
        for field in page.get_by_label(re.compile(f"{name}: punten")).all():
            field.fill(points)
        page.get_by_label(f"{name}: waarom?").fill(why)
    page.get_by_label("Naaihoek", exact=True).check()
    page.get_by_label("Wat wordt er geleverd?").fill("Dertig gordijnen")
    desk.presses("Gunnen")
    desk.reads("Volgens de punten is een andere aanbieding de beste")
    page.get_by_label("Stof & Steek", exact=True).check()
    desk.presses("Gunnen")
    desk.reads("Wie hem kreeg")
    desk.look("gegund")


def lets_a_lot_go(desk: Person, site: str) -> None:
    """A commission of € 400.000, of which a small lot goes its own way."""
    page, then = desk.page, timezone.localtime() + timedelta(days=10)
    page.goto(f"{site}/inkoop/")
    page.get_by_role("link", name="Inkopen in Oosterwerve").click()
    page.get_by_role("link", name="Een opdracht schrijven").click()
    page.get_by_label("Wat wordt er gekocht?").fill("Gordijnen in alle scholen")
    page.get_by_label("Wat moet er gebeuren, in korte zinnen?").fill("Gordijnen ophangen.")
    page.get_by_label("Naaien en textiel").check()
    page.get_by_label("Raming in euro").fill("400.000")
    page.get_by_label("Op welke dag begint de procedure?").fill(str(timezone.localdate()))
    page.get_by_label("Tot wanneer kunnen bedrijven").fill(f"{then:%Y-%m-%dT%H:%M}")
    desk.presses("Bewaren")
    for title, euros in (("Zeven scholen", "360.000"), ("De kleine school", "40.000")):
        page.get_by_role("link", name="Een perceel afsplitsen").click()
        page.get_by_label("Wat is dit perceel?").fill(title)
        page.get_by_label("Een andere plek").check()
        page.get_by_label("Wat moet er gebeuren?").fill("Ophangen.")
        page.get_by_label("Raming in euro").fill(euros)
        desk.presses("Bewaren")
    page.get_by_role("link", name="Een eigen route laten gaan De kleine school").click()
    desk.reads("Dit mag: elk perceel is klein genoeg")
    desk.look("eigen-route")
    page.get_by_label("Waarom gaat dit perceel een eigen route?").fill("Past bij een naaister.")
    desk.presses("Een eigen route laten gaan")
    page.get_by_role("link", name="De route vastleggen").click()
    page.get_by_label("De raming klopt").check()
    page.get_by_label("Reden").fill("Ander werk")
    desk.presses("Bewaren")
    desk.look("opdracht-percelen")
    page.get_by_role("link", name="Eigen pagina De kleine school").click()
    desk.reads("Past bij een naaister.")
    desk.look("perceel")
    page.get_by_role("link", name="Publiceren").click()
    desk.presses("Publiceren en uitnodigen")
    desk.reads("Wat is aangeboden, is verzegeld.")


def reads_spending(desk: Person, site: str) -> None:
    """What the municipality spent, looked at and kept."""
    page = desk.page
    page.goto(f"{site}/inkoop/")
    page.get_by_role("link", name="Inkopen in Oosterwerve").click()
    page.get_by_role("link", name="Inlezen wat de gemeente uitgaf").click()
    desk.look("uitgaven")
    rows = [f"2024;Gijs {n};{code};100" for n in range(4) for code in ("WK990105", "GM0599")]
    content = "\n".join(["jaar;leverancier;gebied;bedrag", *rows, "2024;Gijs;WK990105;veel"])
    page.get_by_label("De lijst met betalingen").set_input_files(
        {"name": "betalingen.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    desk.presses("Laten zien wat erin staat")
    desk.reads("‘veel’ is geen bedrag")
    desk.look("uitgaven-bekeken")
    desk.presses("Deze totalen bewaren")
    desk.reads("Uitgegeven in 2024")
    desk.look("inkoop-team-uitgaven")


def test_a_commission_is_written_offered_for_awarded_and_told(
    desk: Person, phone: Phones, example: Example, tmp_path: Path
) -> None:
    page = desk.page
    page.get_by_role("link", name="Inkopen in Oosterwerve").click()
    address = page.get_by_role("link", name="De pagina voor iedereen").get_attribute("href")
    page.go_back()
    everyone = f"{example.site}{address}"
    people = {name: phone() for name in ("Naaihoek", "Stof & Steek")}
    mine = {name: registers(one, everyone, name) for name, one in people.items()}
    writes(desk)
    offers(people["Naaihoek"], mine["Naaihoek"], "58.000", "Dik en stevig.")
    offers(people["Stof & Steek"], mine["Stof & Steek"], "55.000", "Vier keer per jaar gewassen.")
    people["Naaihoek"].page.get_by_label("Uw vraag").fill("Welke kleur?")
    people["Naaihoek"].presses("Vragen")
    page.reload()
    page.get_by_role("link", name=re.compile("^Beantwoorden")).click()
    page.get_by_label("Het antwoord, voor iedereen").fill("Blauw.")
    desk.presses("Bewaren")
    desk.reads("Beantwoord, voor iedereen")
    people["Stof & Steek"].page.reload()
    people["Stof & Steek"].reads("Blauw.")
    time_is_over(tmp_path)
    awards(desk)
    for name, words in (("Naaihoek", "Goed, maar duurder."), ("Stof & Steek", "Wast ook")):
        people[name].page.reload()
        people[name].reads(words)
        people[name].look("uitslag")
    other = people["Naaihoek"]
    other.page.goto(everyone)
    other.page.get_by_role("link", name=TITLE).click()
    other.reads("Stof & Steek")
    other.look("opdracht")
    link = other.page.get_by_role("link", name="Voor andere programma’s").get_attribute("href")
    told = json.loads(other.page.request.get(f"{example.site}{link}").text())
    assert [one["name"] for one in told["releases"][0]["awards"][0]["suppliers"]] == [
        "Stof & Steek"
    ]
    lets_a_lot_go(desk, example.site)
    reads_spending(desk, example.site)
    wrong = {**desk.wrong}
    for one in people.values():
        wrong |= one.wrong
    assert wrong == {}
