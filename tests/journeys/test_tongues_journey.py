# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody who reads no Dutch, with a phone: every page without an account in Arabic, Turkish,
Polish and Ukrainian, held to WCAG 2.2 AA; the letters run as they do in that language and nothing
slides sideways at 320 px.  In Arabic they make a profile and read what fits them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.test_people_journey import RULES, Person
from tests.journeys.test_reis_journey import Example, example
from wijkeconomie.web import tongues

__all__ = ["example"]
pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
PHONE = {"width": 390, "height": 844}
ASKS = """
import django, json
django.setup()
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
from tests.web import speaking
print(json.dumps(speaking.shown(Client())))
"""


@pytest.fixture
def pages(example: Example, tmp_path: Path) -> dict[str, str]:
    """An address of each of those pages in the example, by name."""
    own = {
        **os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/reis.sqlite3",
        "WIJKECONOMIE_DATA": str(tmp_path / "new"), "PYTHONPATH": f"{ROOT}/src:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "wijkeconomie.web.settings",
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", ASKS], env=own, cwd=ROOT, check=True,
                          capture_output=True, text=True)  # fmt: skip
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture
def phone(browser: Browser, axe: str) -> Iterator[Person]:
    person = Person(browser.new_context(viewport=PHONE, reduced_motion="reduce"), axe)
    yield person
    person.page.context.close()


def look(person: Person, address: str, tongue: tongues.Tongue) -> None:
    page = person.page
    page.set_viewport_size(PHONE)
    page.goto(address)
    root = page.evaluate("() => [document.documentElement.lang, document.documentElement.dir]")
    if root != [tongue.code, tongue.direction]:
        person.wrong[f"{address}: language"] = root
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(person._axe)
    found = page.evaluate(
        "(rules) => axe.run({runOnly: rules, resultTypes: ['violations']})"
        ".then(r => r.violations)", RULES,
    )  # fmt: skip
    for one in found:
        person.wrong[f"{address}: {one['id']}"] = [n["html"][:120] for n in one["nodes"]]
    page.set_viewport_size({"width": 320, "height": 800})
    if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
        person.wrong[f"{address}: too wide"] = address


def test_every_page_without_an_account_is_clean_in_every_language(
    phone: Person, example: Example, pages: dict[str, str]
) -> None:
    for tongue in tongues.BESIDE:
        for path in pages.values():
            look(phone, example.site + tongues.address(path, tongue), tongue)
    assert phone.wrong == {}, "\n".join(f"{a}: {b}" for a, b in phone.wrong.items())
    assert len(pages) >= 25


def test_who_reads_arabic_makes_a_profile_and_reads_what_fits(
    phone: Person, example: Example, pages: dict[str, str]
) -> None:
    page = phone.page
    page.goto(example.site + pages["workdesk"])
    page.get_by_role("link", name="العربية").click()
    page.get_by_role("link", name="انظر ما يناسبك").click()
    page.get_by_label("schoonmaken").check()
    page.get_by_label("اسمك").last.fill("Zwanhilde")
    page.get_by_role("button", name="حفظ").click()
    page.wait_for_url("**/ar/mijn-werk/**")
    phone.reads("ما يناسبك")
    phone.reads("احفظ هذا العنوان")
    assert page.evaluate("() => document.documentElement.dir") == "rtl"
