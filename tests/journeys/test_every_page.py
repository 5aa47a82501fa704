# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every kind of page that someone reaches on a journey of the example: WCAG 2.2 AA by axe in light
and dark, nothing to slide sideways at 320 px, no error in the console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser

from tests.journeys.test_people_journey import RULES, Person
from tests.journeys.test_reis_journey import Example, example

__all__ = ["example"]
pytestmark = pytest.mark.journey
ROLES = ("wijkregisseur", "codeur", "veldwerker", "partner")
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
LEFT = re.compile(r"^/(en|api|uitloggen|gebied|cijfers|download|kaart|rapport|beeld)\b|\.[\w-]+$")
STARTS = ("/reizen/", "/account/", "/mijn-bijdrage/")


def pages(person: Person, site: str) -> Iterator[str]:
    """One address of every kind that the links of the pages lead to."""
    waiting, seen = [*STARTS], set[str]()
    while waiting:
        here = waiting.pop(0)
        kind = KEY.sub("KEY", here)
        if kind in seen or LEFT.search(here):
            continue
        seen.add(kind)
        person.page.goto(site + here)
        yield here
        for link in person.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)"):
            address = urldefrag(urljoin(site + here, link))[0]
            if address.startswith(site):
                waiting.append(urlsplit(address).path)


def look(person: Person, here: str) -> None:
    """Light and dark, as narrow as a page must be."""
    person.page.set_viewport_size({"width": 320, "height": 800})
    if not person.page.evaluate("() => 'axe' in window"):
        person.page.evaluate(person._axe)
    for scheme in ("light", "dark"):
        person.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = person.page.evaluate(
            "(rules) => axe.run({runOnly: rules, resultTypes: ['violations']})"
            ".then(r => r.violations)", RULES,
        )  # fmt: skip
        for one in found:
            person.wrong[f"{here}: {one['id']} {scheme}"] = [n["html"][:120] for n in one["nodes"]]
    if person.page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
        person.wrong[f"{here}: too wide"] = here


def test_every_kind_of_page_is_clean_for_everyone(
    browser: Browser, axe: str, example: Example
) -> None:
    kinds: dict[str, str] = {}
    wrong: dict[str, object] = {}
    for name in ROLES:
        person = Person(browser.new_context(reduced_motion="reduce"), axe)
        person.page.goto(f"{example.site}/inloggen/?next=/reizen/")
        person.page.get_by_label("E-mailadres", exact=True).fill(f"{name}@voorbeeld.example")
        person.page.get_by_label("Wachtwoord", exact=True).fill(example.password)
        person.page.get_by_role("main").get_by_role("button").first.click()
        person.page.wait_for_url("**/reizen/")
        for here in pages(person, example.site):
            kind = KEY.sub("KEY", here)
            if kind not in kinds:  # what one sees, another sees with fewer doors
                kinds[kind] = name
                look(person, here)
        wrong |= {f"{name} {what}": where for what, where in person.wrong.items()}
        person.page.context.close()
    assert wrong == {}
    assert len(kinds) >= 30
