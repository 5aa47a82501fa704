# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A field worker's phone, and what the server has of it."""

from __future__ import annotations

import base64
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.journeys import faulty
from tests.journeys.conftest import served
from wijkeconomie.figures import build, demo
from wijkeconomie.web.journey import sealed

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIOLATIONS = (
    "(rules) => axe.run({runOnly: rules, resultTypes: ['violations']}).then(r => r.violations)"
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PIN = "246810"
FIELD = Path(__file__).parent.parent.parent / "frontend/js/field"
WORKER = "veldwerker@voorbeeld.example"
WORDS_KEY = "of this street and of nowhere else"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wijkeconomie.web.settings")
PLANNER = "planmaker@voorbeeld.example"
_TELL = "from wijkeconomie.web import wsgi; wsgi.migrate(); print(wsgi.example()[1])"


class Site:
    """A municipality with the story of the example, behind a network that may fail."""

    def __init__(self, folder: Path, password: str, network: faulty.Network) -> None:
        self.folder, self.password, self.network = folder, password, network
        self.url = network.url
        (journey,) = self.rows("select id from journey_journey")
        self.field = f"{self.url}/veld/{UUID(journey[0])}/"

    def rows(self, query: str) -> list[Any]:
        with sqlite3.connect(f"file:{self.folder}/people.sqlite3?mode=ro", uri=True) as database:
            return database.execute(query).fetchall()

    def guide(self, document: dict[str, Any]) -> None:
        """Take a guide along on the journey."""
        self._does(_GUIDE, json.dumps(document))

    def walks(self, email: str) -> None:
        """Let somebody do fieldwork too."""
        self._does(_WALKS, email)

    def walks_no_more(self, email: str) -> None:
        """End the fieldwork of somebody, who is signed out by that."""
        self._does(_WALKS_NO_MORE, email)

    def _does(self, code: str, given: str) -> None:
        done = subprocess.run([sys.executable, "-c", code], input=given, text=True, check=False,
                              capture_output=True)  # fmt: skip
        assert done.returncode == 0, done.stderr

    def told(self) -> dict[str, str]:
        """Every text that arrived from a device, by its key."""
        found = self.rows(
            "select a.id, w.text from journey_arrival a join journey_wording w"
            " on w.conversation_id = a.id order by a.number"
        )
        return {key: self.opened(text, "journey_wording.text") for key, text in found}

    def opened(self, text: str, place: str) -> str:
        """What stands sealed in the database."""
        with override_settings(WORDS_KEYS=(WORDS_KEY,)):
            return sealed.opened_text(text, place)

    def photos(self) -> dict[str, bytes]:
        """Every photo by its key, as far as there is a file of it."""
        return {file.stem: self.unsealed(file) for file in self.folder.glob("photos/??/*.jpg")}

    def unsealed(self, file: Path) -> bytes:
        """A photo or recording as it was sent."""
        with override_settings(WORDS_KEYS=(WORDS_KEY,)):
            return sealed.opened(file.read_bytes(), file.stem)


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """Served with a database of its own; signing in asks no second step."""
    build.load(folder, demo.tables())
    own = {
        "DATABASE_URL": f"sqlite:///{folder}/people.sqlite3", "WIJKECONOMIE_SECOND_STEP": "partner",
        "WIJKECONOMIE_DATA": str(folder), "WIJKECONOMIE_WORDS_KEY": WORDS_KEY,
    }  # fmt: skip
    before = dict(os.environ)
    os.environ.update(own)
    try:
        made = subprocess.run(
            [sys.executable, "-c", _TELL], capture_output=True, text=True, check=True
        )
        with served(folder) as address, faulty.before(address) as network:
            yield Site(folder, made.stdout.split()[-1], network)
    finally:
        os.environ.clear()
        os.environ.update(before)


_GUIDE = """
import sys
from wijkeconomie.web import wsgi
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey.actions import field
from wijkeconomie.web.journey.models import Journey
journey, content = Journey.objects.get(), sys.stdin.buffer.read()
field.add_guide(by=User.objects.first(), journey=journey, content=content, ask=True)
"""


def inlined(module: str) -> str:
    """The source of a module of the field app, with what it imports inside it."""

    def held(found: re.Match[str]) -> str:
        inside = base64.b64encode(inlined(found[1]).encode()).decode()
        return f'from "data:text/javascript;base64,{inside}"'

    return re.sub(r'from "\./(\w+\.js)"', held, (FIELD / module).read_text("utf-8"))


_WALKS = """
import sys
from wijkeconomie.web import wsgi
from wijkeconomie.web.accounts.models import Membership, User
from wijkeconomie.web.journey.models import Journey
who, here = User.objects.get(email=sys.stdin.read()), Journey.objects.get().municipality
Membership.objects.get_or_create(user=who, municipality=here, role="field_worker", valid_until=None)
"""
_WALKS_NO_MORE = """
import sys
from wijkeconomie.web import wsgi
from wijkeconomie.web.accounts import actions
from wijkeconomie.web.accounts.models import Membership
held = Membership.objects.filter(user__email=sys.stdin.read(), role="field_worker")
actions.end_role(by=None, membership=held.get(valid_until=None))
"""


class Looker:
    """Holds a page to WCAG 2.2 AA on a phone and a desk, in the light and in the dark."""

    def __init__(self, page: Page, axe: str) -> None:
        self.page, self._axe = page, axe
        self.wrong: dict[str, Any] = {}

    def at(self, name: str) -> None:
        self.page.evaluate(self._axe)
        shots = os.environ.get("WIJKECONOMIE_SHOTS")
        for width, scheme in product((360, 1280), SCHEMES):
            self.page.set_viewport_size({"width": width, "height": 780})
            self.page.emulate_media(color_scheme=scheme)
            for one in self.page.evaluate(VIOLATIONS, RULES):
                where = [node["html"][:120] for node in one["nodes"]][:3]
                self.wrong[f"{name}: {one['id']} {width} {scheme}"] = where
            if self.page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
                self.wrong[f"{name}: too wide at {width}"] = self.page.url
            if shots:
                self.page.screenshot(path=f"{shots}/{name}-{width}-{scheme}.png", full_page=True)
        self.page.set_viewport_size({"width": 360, "height": 780})


class Phone:
    """A browser of its own, which keeps what it has when a page is closed."""

    def __init__(self, browser: Browser, at: Site) -> None:
        self.site = at
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 360, "height": 780}, locale="nl-NL", reduced_motion="reduce"
        )
        self.page: Page = self.context.new_page()
        self.wrong: list[str] = []
        self._hear(self.page)

    def _hear(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())

    def sign_in(self, who: str = WORKER, to: str = "") -> None:
        """At *to*, or at the field page with the PIN."""
        after = (to or self.site.field).removeprefix(self.site.url)
        self.page.goto(f"{self.site.url}/inloggen/?next={after}")
        self.page.locator("#id_login").fill(who)
        self.page.locator("#id_password").fill(self.site.password)
        self.page.get_by_role("main").get_by_role("button").first.click()
        if not to:
            self.unlock()

    def altered(self, old: str, new: str) -> None:
        """Give it the app with *new* for *old*, until the page is opened anew: for a twin."""

        def answered(route: Route) -> None:
            answer = route.fetch()
            assert answer.text().count(old) == 1
            route.fulfill(response=answer, body=answer.text().replace(old, new))

        self.context.route(re.compile(r"/field(\.\w+)?\.js$"), answered)

    def ready(self) -> None:
        """Signed in, and with all that is needed to go without a network."""
        self.sign_in()
        expect(self.part("ready")).to_have_attribute("data-ready", "true")
        expect(self.part("checks")).to_contain_text("Kaartjes om te geven 20")

    def unlock(self) -> None:
        expect(self.page.locator("html[data-field-ready]")).to_be_attached()
        self.page.locator("#pin").fill(PIN)
        if self.page.locator("#pin-second").is_visible():  # chosen now
            self.page.locator("#pin-second").fill(PIN)
        self.press("Open")
        expect(self.view("start")).to_be_visible()

    def open(self) -> None:
        """Start the page anew, as after a crash."""
        self.page.goto(self.site.field)
        self.unlock()

    def killed(self) -> None:
        """The page is gone without a goodbye, and comes back."""
        fresh = self.context.new_page()
        self.page.close(run_before_unload=False)
        self.page = fresh
        self._hear(fresh)
        self.open()

    def view(self, name: str) -> Any:
        return self.page.locator(f'[data-view="{name}"]')

    def part(self, name: str) -> Any:
        return self.page.locator(f'[data-part="{name}"]')

    def press(self, name: str) -> None:
        self.page.locator("[data-view]:visible").get_by_role(
            "button", name=name, exact=True
        ).first.click()

    def agree(self, *purposes: str) -> None:
        expect(self.view("consent")).to_be_visible()
        for purpose in purposes:
            self.page.locator(f'input[name="{purpose}"][value="yes"]').check(force=True)

    def begin(self, text: str) -> None:
        self.press("Nieuw gesprek")
        self.agree("note", "quote")
        self.press("Ga verder")
        self.page.locator("#talk-text").fill(text)
        self.who()

    def who(self, kind: str = "resident") -> None:
        """Who it was, which no conversation goes without."""
        self.page.locator(f'input[name="giver_kind"][value="{kind}"]').check(force=True)

    def card(self) -> str:
        """The code that is shown for the giver."""
        expect(self.view("card")).to_be_visible(timeout=20_000)  # enciphered and sent first
        return str(self.part("card-code").inner_text()).replace(" ", "")

    def talk(self, text: str) -> None:
        self.begin(text)
        self.press("Klaar: verstuur")
        self.card()
        self.press("De persoon heeft de code")

    def faults(self) -> list[str]:
        """What happened to each conversation on its way."""
        posts = self.site.network.posts
        return [fault for path, fault in posts if path.endswith("/gesprekken/")]

    def queue(self) -> str:
        return str(self.part("queue").inner_text())

    def arrived(self, number: int) -> None:
        expect(self.part("list-arrived").locator("li")).to_have_count(number, timeout=30_000)

    def waiting(self, number: int) -> None:
        expect(self.part("list-waiting").locator("li")).to_have_count(number)

    def close(self) -> None:
        self.context.close()


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was said into the phone, what the server has of it, and what the phone shows."""

    said: tuple[str, ...]
    received: tuple[str, ...]
    acknowledged: int
    shown: int
    faults: int

    @property
    def closes(self) -> bool:
        """All arrived, byte for byte and once, and the phone says so of each."""
        whole = sorted(self.said) == sorted(self.received)
        return whole and self.acknowledged == self.shown == len(self.said)


MISHAPS: tuple[faulty.Fault, ...] = ("none", "none", "down", "lost", "lost", "busy", "hotel")


def play(phone: Phone, seed: int) -> Ledger:
    """Some conversations by chance's own schedule: answers lost, networks gone, phones killed."""
    luck, network = random.Random(seed), phone.site.network
    before, shown_before = phone.site.told(), phone.part("list-arrived").locator("li").count()
    faults: list[str] = []

    def mishap(method: str, path: str) -> faulty.Fault:
        chosen = luck.choice(MISHAPS) if path.endswith(("/gesprekken/", "/klaar/")) else "none"
        faults.append(f"{method} {chosen}")
        return chosen

    network.fault = mishap
    said = tuple(f"Verhaal {seed}.{n}: {luck.choice(WORDS)}" for n in range(luck.randint(1, 3)))
    for text in said:
        phone.begin(text)
        if luck.random() < 0.25:
            expect(phone.part("saved")).to_have_text("Bewaard op dit toestel")
            phone.killed()
            phone.press("Ga verder")
        phone.press("Klaar: verstuur")
        expect(phone.view("card")).to_be_visible()
        phone.press("De persoon heeft de code")
        if luck.random() < 0.25:
            phone.killed()
    network.fault = lambda _method, _path: "none"
    phone.press("Nu versturen")
    phone.arrived(shown_before + len(said))
    receipts = phone.part("list-arrived").locator("li", has_text="ontvangst").count()
    received = [text for key, text in phone.site.told().items() if key not in before]
    return Ledger(
        said=said, received=tuple(received), acknowledged=receipts - shown_before,
        shown=phone.part("list-arrived").locator("li").count() - shown_before,
        faults=sum(not one.endswith("none") for one in faults),
    )  # fmt: skip


WORDS = (
    "Ik zoek al een jaar een ruimte.", "كل شيء غالي هنا.", "Kirayı ödeyemiyoruz 🚲",
    "Drogo.\nZa drogo!", "Дорого, дуже дорого.", "a" * 3000, "regel één\n\n  regel drie\t",
)  # fmt: skip
