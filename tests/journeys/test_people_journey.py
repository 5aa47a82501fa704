# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An administrator invites a field worker, who comes in with a password and a second step; the
role ends and the field worker is out at once.  Each page on the way is held to WCAG 2.2 AA.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import served
from tests.web.accounts import oidc_provider
from tests.web.accounts.persons import PASSWORD, code_now

pytestmark = pytest.mark.journey

COMMAND = [sys.executable, "-c", "from wijkeconomie.cli import main; main()"]
WIDTHS = (320, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def link(site: str, folder: Path, email: str, name: str, role: str) -> str:
    """What ``wijkeconomie people add`` answers."""
    who = ["people", "add", email, "--name", name, "--gemeente", "GM9901", "--role", role]
    done = subprocess.run(
        [*COMMAND, *who, "--address", site, "--data", folder],
        capture_output=True, text=True, check=True, env=os.environ,
    )  # fmt: skip
    return done.stdout.strip()


class Person:
    """Someone at a browser, who looks at every page in every size and light."""

    def __init__(self, context: BrowserContext, axe: str) -> None:
        self.page: Page = context.new_page()
        self.wrong: dict[str, Any] = {}
        self.codes: list[str] = []
        self._axe = axe
        self.page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.wrong[message.text] = self.page.url

    def look(self, name: str) -> None:
        self.page.wait_for_load_state()
        self.page.evaluate(self._axe)
        shots = os.environ.get("WIJKECONOMIE_SHOTS")
        for width, scheme in product(WIDTHS, SCHEMES):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme)
            found = self.page.evaluate(
                "(rules) => axe.run({runOnly: rules, resultTypes: ['violations']})"
                ".then(r => r.violations)",
                RULES,
            )
            for one in found:
                where = [node["html"][:120] for node in one["nodes"]][:3]
                self.wrong[f"{name}: {one['id']} {width} {scheme}"] = where
            if self.page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
                self.wrong[f"{name}: too wide at {width}"] = self.page.url
            if shots:
                self.page.screenshot(path=f"{shots}/{name}-{width}-{scheme}.png", full_page=True)
        self.page.set_viewport_size({"width": 1280, "height": 900})

    def comes_in(self, site: str, name: str, password: str, page: str, heading: str) -> None:
        """Sign in as somebody of the example, on the way to a *page*."""
        self.page.goto(f"{site}/inloggen/?next={page}")
        self.page.get_by_label("E-mailadres", exact=True).fill(f"{name}@voorbeeld.example")
        self.page.get_by_label("Wachtwoord", exact=True).fill(password)
        self.page.get_by_role("main").get_by_role("button").first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def reads(self, words: str | re.Pattern[str]) -> None:
        """These words stand on the page, now or in a moment."""
        expect(self.page.get_by_role("main")).to_contain_text(words)

    def presses(self, name: str | re.Pattern[str]) -> None:
        """Press, and wait until a form that looks first whether it may be sent was sent."""
        self.page.get_by_role("main").get_by_role("button", name=name).first.click()
        expect(self.page.locator("form[aria-busy=true]")).to_have_count(0)

    def secure(self, words: dict[str, str], name: str) -> None:
        """Set up the second step, past the question whether it is really them."""
        if self.page.get_by_label(words["password"], exact=True).count():
            self.look(f"{name}-reauthenticate")
            self.page.get_by_label(words["password"], exact=True).fill(PASSWORD)
            self.presses(words["go on"])
        expect(self.page.locator("#id_code")).to_be_visible()
        self.look(f"{name}-second-step")
        secret = self.page.locator("main code").last.inner_text()
        assert re.fullmatch(r"[A-Z2-7]{32}", secret)
        self.page.locator("#id_code").fill(code_now(secret))
        self.presses(words["check"])
        expect(self.page.locator("main li code")).to_have_count(10)
        self.look(f"{name}-recovery-codes")
        self.codes = self.page.locator("main li code").all_inner_texts()


NL = {"password": "Wachtwoord", "go on": "Ga verder", "check": "Controleer de code"}
EN = {"password": "Password", "go on": "Go on", "check": "Check the code"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from wijkeconomie.figures import build, demo

    build.load(tmp_path, demo.tables())
    return tmp_path


@pytest.fixture
def own_site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """With a database of its own, also where the other tests share one."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/people.sqlite3")
    link("", folder, "eerste@example.org", "", "administrator")  # makes the database
    with served(folder) as address:
        yield address


@pytest.fixture
def people(browser: Browser, axe: str) -> Iterator[list[Person]]:
    made = [browser.new_context(reduced_motion="reduce") for _ in range(3)]
    yield [Person(context, axe) for context in made]
    for context in made:
        context.close()


def invited(boss: Person, site: str, folder: Path) -> str:
    """The administrator comes in by the command line's link, and makes one for a field worker."""
    boss.page.goto(link(site, folder, "beheer@example.org", "Bea Beheer", "administrator"))
    boss.look("renew")
    boss.page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    boss.presses("Bewaar het wachtwoord")
    boss.look("account-new")
    boss.page.goto(f"{site}/gemeente-beheer/GM9901/")
    boss.secure(NL, "boss")
    boss.page.goto(f"{site}/gemeente-beheer/GM9901/")
    boss.look("people")
    boss.page.get_by_role("link", name="Nodig iemand uit").click()
    boss.look("invite")
    boss.page.get_by_label("E-mailadres", exact=True).fill("veld@example.org")
    boss.page.get_by_label("Rol", exact=True).select_option("field_worker")
    boss.page.get_by_label("Waar").select_option("WK990101")
    boss.presses("Maak de link")
    boss.look("invitation")
    return boss.page.get_by_label("De link, alleen voor deze persoon").input_value()


def joins(worker: Person, site: str, address: str) -> None:
    worker.page.goto(address.replace("/uitnodiging/", "/en/uitnodiging/"))
    worker.look("join")
    worker.page.get_by_label("Your name", exact=True).fill("Vera Veld")
    worker.page.get_by_label("Password", exact=True).fill(PASSWORD)
    worker.presses("Make my account")
    expect(worker.page.get_by_role("main")).to_contain_text("hold conversations")
    worker.page.get_by_role("link", name="Set up the second step").click()
    worker.secure(EN, "worker")
    worker.page.goto(f"{site}/en/uitloggen/")
    worker.look("sign-out")
    worker.presses("Sign out")
    expect(worker.page.get_by_role("link", name="Sign in")).to_be_visible()


def signs_in(worker: Person, site: str) -> None:
    """With a recovery code, for the code of this half minute was used to set it up."""
    worker.page.goto(f"{site}/en/inloggen/")
    worker.look("sign-in")
    worker.page.locator("#id_login").fill("veld@example.org")
    worker.page.get_by_label("Password", exact=True).fill("not this one, that is for sure")
    worker.presses("Sign in")
    worker.look("sign-in-wrong")
    worker.page.get_by_label("Password", exact=True).fill(PASSWORD)
    worker.presses("Sign in")
    worker.look("code")
    worker.page.locator("#id_code").fill(worker.codes[0])
    worker.presses("Sign in")
    expect(worker.page.get_by_role("heading", level=1)).to_have_text("Journeys")
    worker.page.get_by_role("link", name="My account").click()
    expect(worker.page.get_by_role("heading", level=1)).to_have_text("Vera Veld")
    worker.look("account")


def supervises(officer: Person, site: str, folder: Path) -> None:
    officer.page.goto(link(site, folder, "toezicht@example.org", "Tom", "privacy_officer"))
    officer.page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    officer.presses("Bewaar het wachtwoord")
    officer.page.goto(f"{site}/gemeente-beheer/GM9901/logboek/")
    officer.secure(NL, "officer")
    for page in ("logboek", "inzage"):
        officer.page.goto(f"{site}/gemeente-beheer/GM9901/{page}/")
        officer.look(page)
    officer.page.goto(f"{site}/gemeente-beheer/GM9901/")
    expect(officer.page.get_by_role("heading", level=1)).to_have_text("U mag deze pagina niet zien")
    officer.look("not-for-your-role")


def test_from_invitation_to_the_end_of_a_role(
    own_site: str, folder: Path, people: list[Person]
) -> None:
    boss, worker, officer = people
    joins(worker, own_site, invited(boss, own_site, folder))
    signs_in(worker, own_site)
    boss.page.goto(f"{own_site}/gemeente-beheer/GM9901/")
    boss.page.get_by_role("link", name="Vera Veld").click()
    boss.look("person")
    boss.presses("Beëindig nu: Veldwerker")
    expect(boss.page.get_by_role("main")).to_contain_text("Geen meer.")
    boss.look("person-ended")
    worker.page.goto(f"{own_site}/en/account/")
    expect(worker.page).to_have_url(f"{own_site}/en/inloggen/?next=/en/account/")
    supervises(officer, own_site, folder)
    assert [one.wrong for one in people] == [{}, {}, {}]


def test_with_the_account_of_the_organisation(
    folder: Path, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through a provider that runs; the browser holds our policy on where a form may lead."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/people.sqlite3")
    with oidc_provider.running() as issuer:
        for name, value in {
            "OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": oidc_provider.CLIENT,
            "OIDC_CLIENT_SECRET": oidc_provider.SECRET, "OIDC_NAME": "Gemeente Voorbeeldstad",
            "OIDC_DOMAINS": "example.org", "OIDC_SECOND_STEP": "1",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        link("", folder, "iemand@example.org", "Iemand", "administrator")
        with served(folder) as site:
            comes_by_the_provider(people[0], site)
    assert people[0].wrong == {}


def comes_by_the_provider(boss: Person, site: str) -> None:
    boss.page.goto(f"{site}/gemeente-beheer/GM9901/")
    boss.look("sign-in-provider")
    boss.presses("Log in met Gemeente Voorbeeldstad")
    expect(boss.page.get_by_role("heading", level=1)).to_contain_text("Wie er in Voorbeeldstad")
    boss.page.goto(f"{site}/account/")
    expect(boss.page.get_by_role("main")).to_contain_text("Met het account van uw organisatie.")
    boss.look("account-provider")
