# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two who have a day in a shared shop swap one on their phones; the area manager notes the shops
next door, keys and a checklist, decides on who sells the same as a neighbour, and prints the
roster.  Every page is held to WCAG 2.2 AA.
"""

from __future__ import annotations

import re

import pytest

from tests.journeys.test_people_journey import Person
from tests.journeys.test_reis_journey import Example, example
from tests.journeys.test_shop_journey import Phones, begins, desk, phone, wants

__all__ = ["desk", "example", "phone"]
pytestmark = pytest.mark.journey


def next_door(desk: Person) -> None:
    """A bakery at 80 metres, and what is handed over."""
    page = desk.page
    page.get_by_role("link", name="De winkels in de buurt").click()
    desk.look("buren-leeg")
    page.get_by_label("Hoe heet de winkel?").fill("Bakker Kade")
    page.get_by_label("Wat verkoopt of doet zij?").select_option("Eten en drinken")
    page.get_by_label("Hoeveel meter verderop").fill("80")
    desk.presses("Bewaren")
    desk.reads("Bakker Kade")
    desk.look("buren")
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Sleutels en checklist").click()
    page.get_by_label("Wat vinkt men af").fill("Verwarming uit\nKassa dicht")
    page.get_by_label("Nog een sleutel").fill("Voordeur")
    desk.look("spullen")
    desk.presses("Bewaren")


def decides(desk: Person) -> None:
    """After a talk with the bakery it can be."""
    page = desk.page
    page.reload()
    desk.reads("Bakker Kade verkoopt hetzelfde.")
    desk.look("winkel-team-buren")
    page.get_by_role("link", name="Besluiten").click()
    page.get_by_label("Het kan, zoals u vroeg").check()
    page.get_by_label("Waarom?").fill("De bakker heeft geen taart.")
    desk.look("na-het-gesprek")
    desk.presses("Bewaren")


def test_days_are_swapped_the_shop_is_handed_over_and_neighbours_are_heard(
    desk: Person, phone: Phones, example: Example
) -> None:
    address = example.site + begins(desk, "donderdag")
    next_door(desk)
    bes, art = phone(), phone()
    at_bes = wants(bes, address, "Taart van Bes")
    at_art = wants(art, address, "Kunst van Art", "donderdag", "Kunst")
    decides(desk)
    bes.page.reload()
    bes.reads("De bakker heeft geen taart.")
    desk.presses("Verdeel de dagen")
    desk.reads("Sleutel en checklist")
    desk.look("winkel-seizoen")
    for person, where in ((bes, at_bes), (art, at_art)):
        person.page.goto(where)
    bes.page.get_by_role("link", name="Een dag ruilen").click()
    bes.look("ruilen")
    bes.page.get_by_label("Welke dag wilt u geven?").select_option(index=1)
    bes.page.get_by_label("Welke dag wilt u ervoor?").select_option(index=1)
    bes.presses("Vragen")
    bes.reads("Nog niemand zei ja.")
    bes.look("ruil-gevraagd")
    art.page.reload()
    art.reads("Iemand vraagt om te ruilen")
    art.look("ruil-gekregen")
    art.presses(re.compile("^Ruilen"))
    art.page.get_by_role("link", name="Sleutel en checklist").first.click()
    art.reads("Voordeur")
    art.look("overdracht")
    desk.page.get_by_role("link", name="Het rooster van het seizoen").click()
    desk.look("rooster")
    desk.page.get_by_role("link", name=re.compile("donderdag")).first.click()
    desk.look("rooster-dag")
    desk.reads("Taart van Bes")
    assert {**desk.wrong, **bes.wrong, **art.wrong} == {}
