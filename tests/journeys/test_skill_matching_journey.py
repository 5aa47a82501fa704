# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A resident on a phone says what they can and reads what fits, what is missing and which route
closes it; at a desk somebody proposes; the resident says yes, the team says yes, and the employer
reads a name; the resident takes a seat on the route and takes their consent back.  Every page: WCAG
2.2 AA.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.test_coaching_journey import desk
from tests.journeys.test_people_journey import Person
from tests.journeys.test_reis_journey import Example, example
from tests.journeys.test_shop_journey import Phones, phone

__all__ = ["desk", "example", "phone"]
pytestmark = pytest.mark.journey


def begins(person: Person, address: str) -> str:
    """A profile, with a typing error in what they can; where it is followed."""
    page = person.page
    page.goto(address)
    person.look("werk-in-de-wijk")
    page.get_by_role("link", name="Kijk wat bij u past").click()
    page.get_by_role("textbox", name="Wat kunt u?").fill("koken")
    for skill in ("groenten snijden", "afwassen", "schoonmaken", "samenwerken"):
        page.get_by_label(skill).check()
    page.get_by_label("een rustige plek").check()
    page.get_by_label("U mag mij voorstellen").check()
    page.get_by_label("Uw naam").fill("Zwanhilde")
    person.look("werk-profiel")
    person.presses("Bewaren")
    person.reads("U hebt 4 van de 5 dingen die gevraagd worden.")
    person.reads("Leer-werkroute keuken")
    person.look("mijn-werk")
    return page.url


def test_a_resident_finds_work_says_yes_and_only_then_is_known(
    desk: Callable[[str, str, str], Person], phone: Phones, example: Example
) -> None:
    boss, resident, employer = desk("wijkregisseur", "/werk/", "Werk"), phone(), phone()
    boss.look("werk")
    boss.page.get_by_role("link", name="Werk en leren in Oosterwerve").click()
    boss.look("werk-team")
    address = str(boss.page.get_by_role("link", name="De pagina voor iedereen")
                  .get_attribute("href"))  # fmt: skip
    team = boss.page.url
    mine = begins(resident, example.site + address)
    boss.page.get_by_role("link", name="Eetcafé De Brug").click()
    boss.look("werkgever-team")
    boss.page.get_by_role("link", name="Toon de koppeling").click()
    boss.presses("Toon de koppeling, om door te geven")
    employer.page.goto(boss.page.locator(".address").inner_text())
    employer.look("werkgever")
    assert "Zwanhilde" not in employer.page.content()
    boss.page.goto(team)
    boss.page.locator("section table a").last.click()
    boss.look("werkprofiel")
    assert "Zwanhilde" not in boss.page.content()
    boss.presses("Stel voor Medewerker keuken")
    resident.page.goto(mine)
    resident.reads("We hebben een voorstel voor u.")
    resident.look("mijn-werk-voorstel")
    resident.presses("Ja, u mag mij voorstellen Medewerker keuken")
    employer.page.reload()
    assert "Zwanhilde" not in employer.page.content()
    boss.page.reload()
    boss.presses("Ja: de werkgever mag lezen wie het is Medewerker keuken")
    employer.page.reload()
    employer.reads("Zwanhilde")
    employer.look("werkgever-naam")
    employer.presses("We spraken elkaar Zwanhilde")
    resident.page.goto(mine)
    resident.page.get_by_role("link", name="Leer-werkroute keuken").first.click()
    resident.look("werk-route")
    resident.page.get_by_role("button", name="Neem een plaats").first.click()
    resident.reads("Uw plaatsen op een route")
    resident.page.get_by_label("U mag mij voorstellen").uncheck()
    resident.presses("Bewaren")
    employer.page.reload()
    assert "Zwanhilde" not in employer.page.content()
    resident.page.get_by_role("link", name="Druk het af als kaart").click()
    resident.look("werk-kaart")
    boss.page.goto(team)
    boss.page.get_by_role("link", name="Stel voor iedereen iets voor").click()
    boss.look("werk-voor-iedereen")
    resident.page.goto(example.site + address + "uitleg/")
    resident.look("werk-uitleg")
