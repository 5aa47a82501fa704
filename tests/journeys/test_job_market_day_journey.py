# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The day of a job market: two tablets at the door lose the network, scan on and come back in the
other order; at the desk a badge of the roll is tied; a stand talks, writes a note that the visitor
reads, and reads a name once the visitor allows it; the visitor enrols in a route on their phone and
hangs a text on the wall that the stand answers.  Every page: WCAG 2.2 AA and 320 px.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.test_coaching_journey import desk
from tests.journeys.test_people_journey import Person
from tests.journeys.test_reis_journey import Example, example
from tests.journeys.test_shop_journey import Phones, phone

__all__ = ["desk", "example", "phone"]
pytestmark = pytest.mark.journey
ROOT = Path(__file__).parent.parent.parent
TABLET = {"width": 820, "height": 1180}
Desk = Callable[[str, str, str], Person]


@pytest.fixture
def fair(example: Example, tmp_path: Path) -> dict[str, str]:
    """A market of today in the database of the example."""
    own = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/reis.sqlite3",
           "WIJKECONOMIE_DATA": str(tmp_path / "new")}  # fmt: skip
    done = subprocess.run([sys.executable, "-m", "tests.journeys.fair"], env=own, check=True,
                          capture_output=True, text=True, cwd=ROOT)  # fmt: skip
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture
def tablet(browser: Browser, axe: str) -> Iterator[Callable[[], Person]]:
    contexts = []

    def another() -> Person:
        contexts.append(browser.new_context(viewport=TABLET, reduced_motion="reduce"))
        return Person(contexts[-1], axe)

    yield another
    for context in contexts:
        context.close()


def handed_out(boss: Person, door: str, name: str, tablet: Person) -> None:
    """The organiser makes a tablet; its link is opened on it, with a network."""
    boss.page.goto(door)
    boss.page.get_by_role("link", name="Voeg een tablet toe").click()
    boss.page.get_by_label("Waar staat deze tablet?").fill(name)
    boss.presses("Bewaren")
    boss.presses("Toon de koppeling, om door te geven")
    tablet.page.goto(boss.page.locator(".address").inner_text())
    tablet.reads(re.compile(r"De lijst heeft \d+ badges"))
    tablet.page.wait_for_function(
        "async () => (await (await caches.open('wijkeconomie-field')).keys()).length > 3"
    )


def scans(tablet: Person, badge: str, told: str) -> None:
    tablet.page.get_by_label("Badge", exact=True).fill(badge)
    tablet.page.keyboard.press("Enter")
    expect(tablet.page.locator("[data-part=told]")).to_contain_text(told)


def test_two_tablets_without_a_network_scan_and_come_back_in_the_other_order(
    desk: Desk, example: Example, fair: dict[str, str], tablet: Callable[[], Person]
) -> None:
    boss = desk("wijkregisseur", "/werk/", "Werk")
    door = f"{example.site}/banenmarkt/{fair['fair']}/deur/"
    boss.page.goto(door)
    boss.look("deur-leeg")
    first, second = tablet(), tablet()
    handed_out(boss, door, "Hoofdingang", first)
    handed_out(boss, door, "Zijdeur", second)
    first.look("tablet")
    for one in (first, second):
        one.page.context.set_offline(True)
        one.page.reload()  # it starts without a network
        scans(one, fair["badge"], "Welkom, Zwaantje")
    scans(first, fair["spare"], "Een badge van de rol")
    scans(first, fair["badge"], "Zwaantje kwam al binnen")
    first.reads("Er wachten er 3 op deze tablet")
    first.look("tablet-zonder-netwerk")
    for one in (second, first):
        one.page.context.set_offline(False)
        one.reads("Alles is aangekomen")
    boss.page.goto(door)
    boss.reads("Nu binnen: 1. Gekomen: 1.")
    boss.reads("Er is 1 badge gescand waarvan we niet weten van wie die is.")
    boss.look("deur")
    boss.page.get_by_role("link", name="Koppel een badge van de rol").first.click()
    boss.page.get_by_label("Wat staat op de badge van de rol?").fill(fair["spare"])
    boss.page.get_by_label("Wie is het?").fill(fair["walk_in"])
    boss.look("badge-koppelen")
    boss.presses("Bewaren")
    boss.reads("Nu binnen: 2. Gekomen: 2.")
    boss.presses(re.compile("Stop deze tablet"))
    boss.page.goto(door)
    first.page.reload()
    expect(first.page.locator("[data-part=told]")).to_contain_text("Deze tablet is gestopt")
    left = first.page.evaluate("async () => (await indexedDB.databases()).map((one) => one.name)")
    assert left == ["wijkeconomie-door"]
    assert first.page.evaluate(_ROWS) == 0
    assert [boss.wrong, _wrong(first), _wrong(second)] == [{}, {}, {}]


def _wrong(tablet: Person) -> dict[str, Any]:
    """But that there was no network: that was so."""
    return {
        what: at for what, at in tablet.wrong.items() if "ERR_INTERNET_DISCONNECTED" not in what
    }


_ROWS = """() => new Promise((done) => {
  const request = indexedDB.open("wijkeconomie-door");
  request.onsuccess = () => {
    const all = request.result.transaction("scans").objectStore("scans").count();
    all.onsuccess = () => done(all.result);
  };
})"""


def test_a_stand_talks_and_reads_no_more_than_the_visitor_allows(
    desk: Desk, example: Example, fair: dict[str, str], phone: Phones
) -> None:
    boss = desk("wijkregisseur", "/werk/", "Werk")
    stand, visitor = phone(), phone()
    stand.page.goto(f"{example.site}/banenmarkt-stand/{fair['stand']}/dag/")
    visitor.page.goto(f"{example.site}/mijn-gesprekken/{fair['visit']}/")
    stand.look("stand")
    visitor.look("gesprekken")
    stand.presses(re.compile("Gesproken"))
    stand.page.get_by_role("link", name=re.compile("Schrijf een notitie")).click()
    stand.page.get_by_label("Waar ging het gesprek over?").fill("Kan maandag meelopen")
    stand.look("notitie")
    stand.presses("Bewaren")
    expect(stand.page.get_by_role("main")).not_to_contain_text("Zwaantje")
    visitor.page.reload()
    visitor.reads("Kan maandag meelopen")
    visitor.page.get_by_label("Na ons gesprek ook mijn hele naam").check()
    visitor.presses(re.compile("Bewaren"))
    stand.page.reload()
    stand.reads("Zwaantje Kanarie")
    stand.look("stand-gesproken")
    visitor.page.get_by_role("link", name="Inschrijven voor een route").click()
    visitor.page.get_by_label("Welke route, en wanneer begint die?").select_option(index=0)
    visitor.look("inschrijven")
    visitor.presses("Ik schrijf mij in")
    visitor.reads("op de eigen telefoon")
    visitor.page.get_by_role("link", name="Schrijf een tekst").click()
    visitor.page.get_by_label("Wat kunt u, en wat zoekt u?").fill("Ik zorg graag voor mensen")
    visitor.presses("Bewaren")
    boss.page.goto(f"{example.site}/banenmarkt/{fair['fair']}/muur/")
    boss.look("muur-team")
    boss.presses(re.compile("Hang op de muur"))
    stand.page.goto(f"{example.site}/banenmarkt-stand/{fair['stand']}/muur/")
    stand.look("muur")
    stand.page.get_by_label("Uw antwoord").fill("Kom eens praten")
    stand.presses(re.compile("Antwoord"))
    visitor.page.reload()
    visitor.reads("Kom eens praten")
    visitor.presses(re.compile("Ik wil ze spreken"))
    visitor.look("gesprekken-antwoord")
    stand.page.reload()
    stand.reads("Zwaantje Kanarie")
    visitor.presses(re.compile("Haal de tekst weg"))
    stand.page.reload()
    expect(stand.page.get_by_role("main")).not_to_contain_text("Zwaantje")
    stand.page.goto(f"{example.site}/banenmarkt-stand/{fair['stand']}/terugblik/")
    stand.look("terugblik")
    boss.page.goto(f"{example.site}/banenmarkt/{fair['fair']}/daarna/")
    boss.look("daarna")
    assert [boss.wrong, stand.wrong, visitor.wrong] == [{}, {}, {}]
