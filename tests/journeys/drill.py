# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A day in a whole street: three phones, a bad network, crashes, and one giver who takes back."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from playwright.sync_api import expect

from tests.journeys import faulty, phones
from tests.journeys.phones import Phone, Site
from wijkeconomie.web.journey import pictures

PHONES, CRASHES = 3, 3
LOSSES: tuple[faulty.Fault, ...] = ("down", "lost", "lost", "busy")
LOST = 0.3  # of the answers on the way
SENT = ("/gesprekken/", "/klaar/")


@dataclass(slots=True)
class Street:
    """What was done, to hold beside what arrived; ``open`` says where the ledger does not close."""

    said: list[str] = field(default_factory=list)
    photos: dict[str, int] = field(default_factory=dict)  # how many beside each text
    codes: dict[str, str] = field(default_factory=dict)  # the card that was given for it
    crashes: int = 0
    faults: int = 0
    open: list[str] = field(default_factory=list)

    def check(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.open.append(f"{what}: {found!r:.300} is not {wanted!r:.300}")


def play(team: list[Phone], site: Site, *, talks: int, photos: int) -> Street:
    """The day, and its ledger."""
    before = set(site.told())
    shots = [_picture(team[0], number) for number in range(photos)]
    for phone in team:
        phone.ready()
    done = Street()
    _walk(team, done, shots, talks)
    for number, phone in enumerate(team):
        _settled(phone, len(range(number, talks, len(team))))
    told = {key: text for key, text in site.told().items() if key not in before}
    _close(done, site, told)
    _take_back(team[0], site, done, {text: key for key, text in told.items()})
    return done


def _picture(phone: Phone, number: int) -> bytes:
    """A photo that is unlike every other."""
    phone.page.set_content(f"<h1>Winkel {number} te huur</h1>")
    return phone.page.screenshot(type="jpeg", quality=60)


def _walk(team: list[Phone], done: Street, shots: list[bytes], talks: int) -> None:
    """Each phone in its turn, while what was noted goes on its way."""
    luck, site = random.Random(8), team[0].site

    def fault(method: str, path: str) -> faulty.Fault:
        sends = path.endswith(SENT) or ("/foto/" in path and method == "POST")
        if not sends or luck.random() >= LOST:
            return "none"
        done.faults += 1
        return luck.choice(LOSSES)

    site.network.fault = fault
    dies = {talks * (2 * n + 1) // (2 * CRASHES) for n in range(CRASHES)}
    for number in range(talks):
        many = len(shots) * (number + 1) // talks - len(shots) * number // talks
        mine = shots[len(shots) * number // talks :][:many]
        text = f"Verhaal {number}: {luck.choice(phones.WORDS)}"
        _talk(team[number % len(team)], done, text, mine, dies=number in dies)
    site.network.fault = lambda _method, _path: "none"


def _talk(phone: Phone, done: Street, text: str, photos: list[bytes], *, dies: bool) -> None:
    """One conversation with its photos; the phone may die before it is finished."""
    phone.press("Nieuw gesprek")
    phone.agree("note", "quote", "photo")
    phone.press("Ga verder")
    phone.page.locator("#talk-text").fill(text)
    phone.who()
    for number, data in enumerate(photos, 1):
        file = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": data}
        phone.page.locator("#photo-talk").set_input_files(file)  # type: ignore[arg-type]
        expect(phone.part("photos-talk").locator("li")).to_have_count(number)
    if dies:
        expect(phone.part("saved")).to_have_text("Bewaard op dit toestel")
        phone.killed()
        phone.press("Ga verder")
        done.crashes += 1
    phone.press("Klaar: verstuur")
    done.codes[text] = phone.card()
    done.said.append(text)
    done.photos[text] = len(photos)
    phone.press("De persoon heeft de code")


def _settled(phone: Phone, talks: int) -> None:
    """All of it arrived, and the phone says so of each."""
    phone.press("Nu versturen")
    phone.arrived(talks)
    expect(phone.part("list-arrived")).not_to_contain_text("volgen", timeout=60_000)
    receipts = phone.part("list-arrived").locator("li", has_text="ontvangst")
    expect(receipts).to_have_count(talks)


def _close(done: Street, site: Site, told: dict[str, str]) -> None:
    """Received = acknowledged = shown, byte for byte and once; every photo beside its own text."""
    done.check("texts", sorted(told.values()), sorted(done.said))
    rows = site.rows("select id, conversation_id, sha256 from journey_photo")
    kept = [row for row in rows if row[1] in told]
    beside = Counter(told[talk] for _, talk, _ in kept)
    done.check("photos beside texts", {text: beside[text] for text in done.said}, done.photos)
    done.check("other pictures", len({sha256 for *_, sha256 in kept}), sum(done.photos.values()))
    files = site.photos()
    whole = {key: pictures.check(files[key]) for key, *_ in kept if key in files}
    done.check("files of photos", whole, {key: sha256 for key, _, sha256 in kept})


def _take_back(phone: Phone, site: Site, done: Street, keys: dict[str, str]) -> None:
    """One giver withdraws: their photos go, and those of all others stay."""
    text = done.said[0]
    rows = site.rows("select id, conversation_id from journey_photo")
    theirs = {photo for photo, talk in rows if talk == keys[text]}
    done.check("photos of one giver", len(theirs), done.photos[text])
    held = set(site.photos())
    phone.page.goto(f"{site.url}/mijn-bijdrage/#{done.codes[text]}")
    expect(phone.page.locator("#id_code")).to_have_value(done.codes[text])
    phone.page.get_by_role("main").get_by_role("button").first.click()
    expect(phone.page.get_by_role("main")).to_contain_text("Verhaal 0")
    phone.page.get_by_text("Neem mijn verhaal terug").click()
    phone.page.locator('button[name="withdraw"]').click()
    phone.page.wait_for_load_state()
    done.check("photos that stay", set(site.photos()), held - theirs)
    for photo in theirs:
        answer = phone.page.request.get(f"{site.url}/foto/{photo}/")
        done.check("a photo that was taken back", answer.status, 404)
