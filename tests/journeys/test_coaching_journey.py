# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An entrepreneur asks for a coach on a phone; at a desk somebody sees which coach fits and why,
and proposes one; the coach takes it on, the entrepreneur says yes; they set a goal, plan a meeting
and write to each other; it ends, and the entrepreneur tells where they are.  Every page: WCAG
2.2 AA.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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
def desk(
    browser: Browser, axe: str, example: Example
) -> Iterator[Callable[[str, str, str], Person]]:
    """Somebody of the example, signed in."""
    made = []

    def of(name: str, page: str, heading: str) -> Person:
        person = Person(browser.new_context(reduced_motion="reduce"), axe)
        made.append(person)
        person.comes_in(example.site, name, example.password, page, heading)
        return person

    yield of
    for person in made:
        person.page.context.close()


def asks(person: Person, address: str) -> str:
    """For a coach, with a typing error in the trade; where it is followed."""
    page = person.page
    page.goto(address)
    person.look("coach-vragen")
    page.get_by_label("Administratie en belasting").check()
    page.get_by_label("Vertel ons meer").fill("Ik snap de btw niet.")
    page.get_by_label("Wat is uw vak?").fill("bakkr")
    page.get_by_label("Ik ben begonnen").check()
    page.get_by_label("Uw naam").fill("Bakkerij Bes")
    person.presses("Versturen")
    person.reads("Vink hieronder aan wat u bedoelt")
    person.look("coach-vragen-vak")
    page.get_by_label("Bakker", exact=True).check()
    person.presses("Versturen")
    person.reads("We zoeken een coach die past.")
    person.look("coach-gevraagd")
    return page.url


def works(coach: Person) -> None:
    """A goal, a meeting and a note."""
    page, today = coach.page, timezone.localdate()
    page.get_by_role("link", name="Een doel erbij").click()
    page.get_by_label("Wat is er dan gedaan?").fill("De btw is op tijd gedaan")
    page.get_by_label("Op welke dag uiterlijk?").fill(str(today + timedelta(days=30)))
    coach.look("coach-doel")
    coach.presses("Bewaren")
    page.get_by_role("link", name="Plan een afspraak").click()
    page.get_by_label("Wanneer?").fill(f"{today + timedelta(days=3)}T10:00")
    page.get_by_label("Waar?").fill("In de bakkerij")
    coach.look("coach-afspraak")
    coach.presses("Bewaren")
    page.get_by_role("link", name="Schrijf een notitie").click()
    page.get_by_label("Wat is er verteld?").fill("We keken naar de bonnen.")
    coach.look("coach-notitie")
    coach.presses("Bewaren")
    coach.reads("We keken naar de bonnen.")
    coach.look("coach-traject")


def test_a_coach_is_asked_for_found_works_along_and_is_heard_of_afterwards(
    desk: Callable[[str, str, str], Person], phone: Phones, example: Example
) -> None:
    boss, coach, entrepreneur = desk("wijkregisseur", "/coaching/", "Coaching"), desk(
        "coach", "/coaching/mijn/", "Mijn ondernemers"), phone()  # fmt: skip
    boss.look("coaching")
    boss.page.get_by_role("link", name="Coaches in Oosterwerve").click()
    boss.look("coaching-team")
    address = str(boss.page.get_by_role("link", name="De pagina voor iedereen")
                  .get_attribute("href"))  # fmt: skip
    mine = asks(entrepreneur, example.site + address)
    coach.look("mijn-ondernemers")
    assert "Bakkerij Bes" not in coach.page.inner_text("main")
    boss.page.reload()
    boss.page.get_by_role("link", name="Bakkerij Bes").click()
    boss.look("coachvraag")
    boss.presses("Stel voor Fatma Coach")
    boss.reads("de coach moet nog antwoorden")
    coach.page.reload()
    coach.page.get_by_role("link", name="Bakkerij Bes").click()
    coach.look("coachvoorstel")
    coach.page.get_by_label("Ik neem dit aan").check()
    coach.presses("Antwoord geven")
    entrepreneur.page.reload()
    entrepreneur.reads("Fatma Coach kan uw coach zijn.")
    entrepreneur.look("coach-gevonden")
    entrepreneur.presses("Ja, met deze coach")
    coach.page.reload()
    coach.page.get_by_role("link", name="Bakkerij Bes").click()
    works(coach)
    entrepreneur.page.reload()
    for said in ("De btw is op tijd gedaan", "In de bakkerij", "We keken naar de bonnen."):
        entrepreneur.reads(said)
    entrepreneur.page.get_by_label("Schrijf iets aan uw coach").fill("Dank u wel!")
    entrepreneur.presses("Versturen")
    entrepreneur.look("coach-bezig")
    coach.page.reload()
    coach.reads("Dank u wel!")
    coach.page.get_by_role("link", name=re.compile("^Wijzigen")).click()
    coach.page.get_by_label("Gehaald", exact=True).check()
    coach.look("coach-doel-klaar")
    coach.presses("Bewaren")
    coach.page.get_by_role("link", name="Sluit de coaching af").click()
    coach.page.get_by_label("De ondernemer is waar die wilde zijn").check()
    coach.look("coach-einde")
    coach.presses("Bewaren")
    entrepreneur.page.reload()
    entrepreneur.reads("De coaching is afgelopen.")
    entrepreneur.look("coach-afgelopen")
    entrepreneur.presses("Ik huur een eigen plek")
    entrepreneur.reads("Wij noteerden het laatst: Ik huur een eigen plek")
    assert {**boss.wrong, **coach.wrong, **entrepreneur.wrong} == {}
    assert entrepreneur.page.url == mine
