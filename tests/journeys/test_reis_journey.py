# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The example as ``make run`` shows it: the team walks the thread of an adopted plan, a field
worker notes a conversation, and its giver takes it back with the card.  Every page is held to WCAG
2.2 AA.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import _until_open
from tests.journeys.test_people_journey import COMMAND, Person
from wijkeconomie.fieldwork import refi
from wijkeconomie.fieldwork.project import Code
from wijkeconomie.fieldwork.refi_writing import write_codebook

pytestmark = pytest.mark.journey

SAID = "Mijn buurvrouw en ik zouden samen een winkel willen proberen, één dag per week."


@dataclass(frozen=True)
class Example:
    """Where it is, and the password of everyone in it."""

    site: str
    password: str


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Example]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/reis.sqlite3"}
    command = [*COMMAND, "serve", "--port", str(port), "--data", str(tmp_path / "new")]
    with subprocess.Popen(command, env=own, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        password = next(
            found[1] for line in server.stderr if (found := re.search(r"wachtwoord (\S+)", line))
        )
        _until_open(port)
        yield Example(f"http://127.0.0.1:{port}", password)
        server.terminate()


@pytest.fixture
def at(browser: Browser, axe: str, example: Example) -> Iterator[dict[str, Person]]:
    """A browser for each of them, signed in, and one for a giver."""
    names = ("wijkregisseur", "veldwerker", "codeur", "gever")
    people = {name: Person(browser.new_context(reduced_motion="reduce"), axe) for name in names}
    for name, person in people.items():
        if name == "gever":
            continue
        person.comes_in(example.site, name, example.password, "/reizen/", "Reizen")
    yield people
    for person in people.values():
        person.page.context.close()


def opened(person: Person, name: str, *, look: bool = True) -> None:
    """Follow the link with these words on the page, and look at what it opens."""
    with person.page.expect_navigation():
        person.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
    if look:
        person.look(re.sub(r"\W+", "-", name.lower()))


def found(coder: Person, places: int) -> None:
    """Another form of a word that was said is found in so many places."""
    coder.page.get_by_label("Welke woorden?").fill("geprobeerd")
    coder.presses("Zoek")
    expect(coder.page.locator("mark")).to_have_count(places)
    assert "geprobeerd" not in coder.page.url


def listens_well(coder: Person, journey: str) -> None:
    """Whom not, who sees the same, and where words stand: on the page of a search at the end."""
    for name in ("Wie horen we niet?", "Zien codeurs hetzelfde?", "Zoeken in wat is gezegd"):
        coder.page.goto(journey)
        opened(coder, name)
    found(coder, 2)
    coder.look("gevonden")


def hears(field: Person) -> None:
    """Type over what a resident said."""
    field.page.get_by_label("Wat is er verteld?").fill(SAID)
    field.page.get_by_label("Wie was het?").select_option("Bewoner")


def takes_back(giver: Person) -> None:
    """Asks once more, for it cannot be undone."""
    giver.page.get_by_text("Neem mijn verhaal terug").click()
    giver.look("terugnemen-zeker")
    giver.presses("Ja, neem het terug")


def walks_the_thread(boss: Person) -> str:
    """From the journey along findings, opgaven and efforts; gives the journey's address."""
    boss.look("reizen")
    opened(boss, "Reis door Oosterwerve")
    here = boss.page.url
    for name in ("Woorden naast cijfers", "De rode draad", "Het plan"):
        boss.page.goto(here)
        opened(boss, name)
    opened(boss, "Ruimte die makers kunnen betalen, ook voor één dag per week")
    opened(boss, "Een gedeelde winkel aan de Weverslaan")
    boss.page.goto(here)
    opened(boss, "Woorden naast cijfers", look=False)
    opened(boss, "De straat lijkt leger dan hij is: een deel van de panden is opslag of kantoor.")
    for name in ("Thema’s", "Een nieuwe bevinding"):
        boss.page.goto(here)
        opened(boss, name)
    boss.page.goto(f"{here}opgave/")  # of an adopted plan: who opens an old address
    boss.look("plan-verandert-niet")
    return here


def test_the_team_walks_the_thread_and_a_giver_takes_words_back(
    at: dict[str, Person], example: Example
) -> None:
    boss, field, coder, giver = at.values()
    here = walks_the_thread(boss)
    opened(field, "Reis door Oosterwerve", look=False)
    opened(field, "Een gesprek noteren")
    hears(field)
    field.presses("Bewaren")
    field.look("zonder-toestemming")
    expect(field.page.get_by_label("Wat is er verteld?")).to_have_value(SAID)
    field.page.get_by_label("Wij schrijven op wat u vertelt").check()
    field.presses("Bewaren")
    field.look("de-kaart")
    code = field.page.locator(".card-code").inner_text()
    opened(field, "Terug naar de reis", look=False)
    opened(field, "Bewoner-10", look=False)
    opened(field, "Nakijken op persoonsgegevens")
    field.presses("Er staan geen persoonsgegevens in")

    opened(coder, "Reis door Oosterwerve", look=False)
    opened(coder, "Bewoner-10")
    coder.page.locator("[data-reading]").select_text()
    expect(coder.page.get_by_label("De woorden")).to_have_value(SAID)
    coder.page.get_by_label("Beginnen met een zaak").check()
    coder.presses("Deze woorden bewaren")
    expect(coder.page.locator(".quotes blockquote")).to_have_text(SAID)
    coder.look("gesprek-van-een-codeur")
    talk = coder.page.url
    listens_well(coder, here)

    giver.page.goto(f"{example.site}/mijn-bijdrage/")
    for typed in ("aaaaa bbbbb", code):
        giver.look(f"kaart-{typed[:5]}")
        giver.page.get_by_label("De code op uw kaart").fill(typed)
        giver.presses("Laat mijn verhaal zien")
    expect(giver.page.locator(".reading")).to_have_text(SAID)
    giver.look("mijn-verhaal")
    takes_back(giver)
    expect(giver.page.get_by_role("heading", name="U hebt uw verhaal teruggenomen")).to_be_visible()
    giver.look("teruggenomen")
    found(coder, 0)
    coder.page.goto(talk)
    expect(coder.page.get_by_role("main")).not_to_contain_text(SAID)
    assert {name: person.wrong for name, person in at.items() if person.wrong} == {}


def test_who_was_signed_out_while_typing_loses_nothing(
    at: dict[str, Person], example: Example
) -> None:
    field = at["veldwerker"]
    opened(field, "Reis door Oosterwerve", look=False)
    opened(field, "Een gesprek noteren", look=False)
    hears(field)
    field.page.get_by_label("Wij schrijven op wat u vertelt").check()
    field.page.context.clear_cookies(name=re.compile("session"))
    field.presses("Bewaren")
    told = field.page.get_by_role("alert")
    expect(told).to_contain_text("U was uitgelogd. Log in; uw concept is bewaard.")
    expect(field.page.get_by_label("Wat is er verteld?")).to_have_value(SAID)
    field.look("uitgelogd")
    with field.page.context.expect_page() as opening:
        told.get_by_role("link").click()
    tab = opening.value
    tab.get_by_label("E-mailadres", exact=True).fill("veldwerker@voorbeeld.example")
    tab.get_by_label("Wachtwoord", exact=True).fill(example.password)
    tab.get_by_role("main").get_by_role("button").first.click()
    expect(tab.get_by_role("link", name="Mijn account")).to_be_visible()
    field.presses("Bewaren")
    expect(field.page.locator(".card-code")).to_be_visible()


def test_without_a_connection_what_was_typed_stays_too(at: dict[str, Person]) -> None:
    field = at["veldwerker"]
    opened(field, "Reis door Oosterwerve", look=False)
    opened(field, "Noteren wat u ziet", look=False)
    field.page.get_by_label("Wat ziet u?").fill("Een lege winkel")
    field.page.context.set_offline(True)
    field.presses("Bewaren")
    expect(field.page.get_by_role("alert")).to_contain_text("Geen verbinding")
    expect(field.page.get_by_label("Wat ziet u?")).to_have_value("Een lege winkel")


def test_a_coder_takes_a_project_along_and_brings_a_codebook(
    at: dict[str, Person], tmp_path: Path
) -> None:
    coder = at["codeur"]
    opened(coder, "Reis door Oosterwerve", look=False)
    opened(coder, "Naar en van een ander programma")
    with coder.page.expect_download() as taken:
        coder.page.get_by_role("link", name="REFI-QDA (.qdpx)").click()
    whole = refi.read(Path(taken.value.path()).read_bytes()).project
    assert (len(whole.sources), taken.value.suggested_filename[-5:]) == (15, ".qdpx")
    book = tmp_path / "book.qdc"
    book.write_bytes(write_codebook((Code(guid=str(uuid4()), name="Stilte"),), "QualCoder"))
    coder.page.get_by_label("Het bestand").set_input_files(book)
    coder.presses("Binnenhalen")
    expect(coder.page.get_by_role("status")).to_contain_text("Thema's die erbij kwamen: 1.")
    coder.look("binnengehaald")
