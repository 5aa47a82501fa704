# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A field worker in the street: no network, a phone that dies, a network that loses answers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.journeys import faulty, phones
from tests.journeys.phones import Looker, Phone, Site
from tests.web.journey import jpegs, test_guides
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.journey import pictures

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def field_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with phones.site(tmp_path_factory.mktemp("field")) as made:
        yield made


@pytest.fixture
def phone(browser: Browser, field_site: Site) -> Iterator[Phone]:
    field_site.network.fault = lambda _method, _path: "none"
    field_site.network.posts.clear()
    made = Phone(browser, field_site)
    yield made
    made.close()
    assert made.wrong == []


def test_a_conversation_is_noted_and_arrives_with_a_receipt(phone: Phone) -> None:
    before = phone.site.told()
    phone.ready()
    phone.begin("De huur is te hoog.")
    phone.press("Klaar: verstuur")
    code = phone.card()
    phone.press("De persoon heeft de code")
    phone.arrived(1)
    assert phone.queue() == "Op dit toestel (0) · Wordt verzonden (0) · Aangekomen (1)"
    new = {key: text for key, text in phone.site.told().items() if key not in before}
    assert list(new.values()) == ["De huur is te hoog."]
    phone.page.goto(f"{phone.site.url}/mijn-bijdrage/#{code}")  # as its picture says
    expect(phone.page.locator("#id_code")).to_have_value(code)
    expect(phone.page).to_have_url(f"{phone.site.url}/mijn-bijdrage/")
    phone.page.get_by_role("main").get_by_role("button").first.click()
    expect(phone.page.get_by_role("main")).to_contain_text("De huur is te hoog.")


def test_it_starts_in_aeroplane_mode_and_sends_when_the_network_is_back(phone: Phone) -> None:
    before = phone.site.told()
    phone.ready()
    phone.site.network.fault = lambda _method, _path: "down"
    phone.context.set_offline(True)
    phone.killed()
    phone.talk("Zonder netwerk gezegd.")
    phone.waiting(1)
    phone.killed()
    phone.waiting(1)
    assert phone.site.told() == before
    phone.site.network.fault = lambda _method, _path: "none"
    phone.context.set_offline(False)
    phone.arrived(1)
    new = {key: text for key, text in phone.site.told().items() if key not in before}
    assert list(new.values()) == ["Zonder netwerk gezegd."]


def test_a_draft_is_there_after_the_phone_died_in_the_middle_of_a_word(phone: Phone) -> None:
    phone.ready()
    phone.begin("Ik woon hier al ")
    phone.page.locator("#talk-text").press_sequentially("dertig ja", delay=20)
    phone.page.wait_for_timeout(1000)  # every keystroke within a second
    phone.killed()
    phone.press("Ga verder")
    expect(phone.view("talk")).to_be_visible()
    assert phone.page.locator("#talk-text").input_value() == "Ik woon hier al dertig ja"
    phone.press("Klaar: verstuur")
    phone.press("De persoon heeft de code")
    phone.arrived(1)


def test_kept_is_said_only_while_all_that_stands_there_is(phone: Phone) -> None:
    phone.ready()
    phone.talk("Een eerste gesprek.")
    phone.page.evaluate("""() => {
        const { subtle } = crypto, seal = subtle.encrypt.bind(subtle);
        subtle.encrypt = async (...given) => {
            await new Promise((go) => { window.go = go });
            return seal(...given);
        };
    }""")
    phone.begin("Een tweede.")
    phone.page.wait_for_function("() => window.go")
    expect(phone.part("saved")).to_have_text("Wordt bewaard…")
    phone.page.evaluate(
        "() => { crypto.subtle.encrypt = null; delete crypto.subtle.encrypt; go() }"
    )
    expect(phone.part("saved")).to_have_text("Bewaard op dit toestel")


CARDS = """async (left) => {
    const open = indexedDB.open("wijkeconomie-field");
    const database = await new Promise((go) => { open.onsuccess = () => go(open.result) });
    const cards = database.transaction("cards", "readwrite").objectStore("cards");
    const keys = await new Promise((go) => {
        const all = cards.getAllKeys();
        all.onsuccess = () => go(all.result);
    });
    if (left !== null) keys.slice(left).forEach((key) => cards.delete(key));
    await new Promise((go) => { cards.transaction.oncomplete = go });
    database.close();
    return keys.length;
}"""


def test_cards_are_taken_along_anew_before_there_are_none_left(phone: Phone) -> None:
    phone.ready()
    phone.page.evaluate(CARDS, 2)
    phone.talk("Met de een na laatste kaart.")
    phone.arrived(1)
    for _ in range(50):
        if (left := phone.page.evaluate(CARDS, None)) > 10:
            break
        phone.page.wait_for_timeout(100)
    assert left > 10


def test_twin_what_was_never_on_the_device_is_gone(phone: Phone) -> None:
    phone.ready()
    phone.page.evaluate(
        "() => { IDBObjectStore.prototype.put = function () { throw new Error() } }"
    )
    phone.begin("Dit staat nergens.")
    phone.page.wait_for_timeout(1000)
    expect(phone.part("saved")).to_contain_text("Niet bewaard")
    phone.killed()
    expect(phone.part("list-draft").locator("li")).to_have_count(0)
    phone.wrong.clear()


def test_after_a_write_that_failed_what_is_typed_next_is_kept_with_all_before_it(
    phone: Phone,
) -> None:
    """A device that has no room for a moment: before, nothing more was written until the end."""
    phone.ready()
    phone.page.evaluate("""() => {
        const { prototype } = IDBObjectStore, put = prototype.put;
        prototype.put = () => { throw new Error() };
        window.again = () => { prototype.put = put };
    }""")
    phone.begin("Dit past ")
    expect(phone.part("saved")).to_contain_text("Niet bewaard")
    phone.page.evaluate("() => again()")
    phone.page.locator("#talk-text").press_sequentially("weer.")
    expect(phone.part("saved")).to_have_text("Bewaard op dit toestel")
    phone.wrong.clear()
    phone.killed()
    phone.press("Ga verder")
    expect(phone.view("talk")).to_be_visible()
    assert phone.page.locator("#talk-text").input_value() == "Dit past weer."
    phone.press("Klaar: verstuur")
    phone.press("De persoon heeft de code")
    phone.arrived(1)


def test_what_could_not_be_put_in_the_queue_stays_on_the_screen_and_can_be_sent_again(
    phone: Phone,
) -> None:
    phone.ready()
    phone.page.evaluate("""() => {
        const { prototype } = IDBObjectStore, put = prototype.put;
        prototype.put = function (value, ...key) {
            if (value.state === "waiting") throw new Error();
            return put.call(this, value, ...key);
        };
        window.again = () => { prototype.put = put };
    }""")
    phone.begin("Nog niet in de rij.")
    phone.press("Klaar: verstuur")
    expect(phone.part("saved")).to_contain_text("Niet bewaard")
    expect(phone.view("talk")).to_be_visible()
    phone.wrong.clear()
    phone.page.evaluate("() => again()")
    phone.press("Klaar: verstuur")
    phone.card()
    phone.press("De persoon heeft de code")
    phone.arrived(1)


def test_a_lost_answer_is_asked_again_and_there_is_one_conversation(phone: Phone) -> None:
    before = phone.site.told()
    phone.ready()
    lost = iter(["lost", "lost"])
    phone.site.network.fault = lambda method, _path: (
        next(lost, "none") if method == "POST" else "none"
    )
    phone.talk("Drie keer gestuurd, één keer gehoord.")
    phone.arrived(1)
    new = [text for key, text in phone.site.told().items() if key not in before]
    assert new == ["Drie keer gestuurd, één keer gehoord."]
    assert phone.faults() == ["lost", "lost", "none"]


@pytest.mark.parametrize("fault", ["busy", "hotel"])
def test_an_answer_that_is_no_receipt_is_no_arrival(phone: Phone, fault: faulty.Fault) -> None:
    phone.ready()
    faults = iter([fault])
    phone.site.network.fault = lambda method, _: (
        next(faults, "none") if method == "POST" else "none"
    )
    phone.talk("Nog onderweg.")
    expect(phone.part("state")).to_contain_text("De volgende poging is om")
    assert phone.queue().endswith("Aangekomen (0)")
    phone.arrived(1)


@pytest.mark.parametrize("status", [408, 425, 429, 502])
def test_what_was_put_off_on_the_way_is_tried_again_and_not_refused(
    phone: Phone, status: int
) -> None:
    """A proxy before the site says so of the line, and not of what was noted."""
    phone.ready()
    off = iter([status])

    def answered(route: Route) -> None:
        if (first := next(off, None)) is None:
            route.fallback()
        else:
            route.fulfill(status=first, body="<p>later</p>")

    phone.context.route("**/gesprekken/", answered)
    phone.talk("Traag onderweg.")
    phone.arrived(1)
    assert phone.queue() == "Op dit toestel (0) · Wordt verzonden (0) · Aangekomen (1)"
    assert phone.faults() == ["none"]


def test_the_session_ended_everything_stays_and_goes_after_signing_in(phone: Phone) -> None:
    before = phone.site.told()
    phone.ready()
    phone.context.clear_cookies()
    phone.talk("Na middernacht.")
    expect(phone.part("sign-in")).to_be_visible()
    phone.waiting(1)
    posts = len(phone.site.network.posts)
    phone.page.wait_for_timeout(4000)  # no storm of tries
    assert len(phone.site.network.posts) == posts
    phone.part("sign-in").get_by_role("link").click()
    phone.page.locator("#id_login").fill(phones.WORKER)
    phone.page.locator("#id_password").fill(phone.site.password)
    phone.page.get_by_role("main").get_by_role("button").first.click()
    phone.unlock()
    phone.arrived(1)
    assert [text for key, text in phone.site.told().items() if key not in before] == [
        "Na middernacht."
    ]


@pytest.mark.parametrize("hours", [24, -24])
def test_a_clock_that_is_a_day_off_is_said_and_put_right(phone: Phone, hours: int) -> None:
    phone.ready()
    phone.context.add_init_script(f"""
        const real = Date, off = {hours} * 3600e3;
        Date = class extends real {{
            constructor(...a) {{ a.length ? super(...a) : super(real.now() + off) }}
            static now() {{ return real.now() + off }}
        }};
    """)
    phone.killed()
    phone.talk(f"Om {hours} uur.")
    phone.arrived(1)
    expect(phone.part("list-arrived")).to_contain_text("de klok van dit toestel loopt niet goed")
    ((held, made, device),) = phone.site.rows(
        "select c.held_at, a.made_at, a.device_at from journey_arrival a"
        " join journey_conversation c on c.id = a.id order by a.number desc limit 1"
    )
    at = [datetime.fromisoformat(one) for one in (held, made, device)]
    assert abs(at[1] - at[0]) < timedelta(minutes=2)
    assert abs(at[2] - at[1] - timedelta(hours=hours)) < timedelta(minutes=2)


def test_two_tabs_do_not_write_the_same_draft(phone: Phone) -> None:
    phone.ready()
    phone.begin("Van het eerste venster.")
    phone.page.wait_for_timeout(500)
    first, second = phone.page, phone.context.new_page()
    phone.page = second
    phone.open()
    phone.press("Ga verder")
    expect(phone.part("busy")).to_be_visible()
    first.close()
    phone.press("Ga verder")
    expect(phone.view("talk")).to_be_visible()
    assert phone.page.locator("#talk-text").input_value() == "Van het eerste venster."


def test_twin_without_the_lock_both_versions_are_kept_and_shown(phone: Phone) -> None:
    """A browser without locks between tabs: neither version overwrites the other."""
    phone.ready()
    phone.context.add_init_script(
        "navigator.locks.request = (name, options, act) => act({ name });"
    )
    phone.open()
    phone.begin("Begin.")
    phone.page.wait_for_timeout(500)
    first, second = phone.page, phone.context.new_page()
    phone.page = second
    phone.open()
    phone.press("Ga verder")
    for page, text in ((first, "Van het eerste venster."), (second, "Van het tweede venster.")):
        page.locator("#talk-text").fill(text)
        page.wait_for_timeout(500)
    beside = "Bewaard naast de versie van een ander venster"
    expect(first.locator('[data-part="saved"]')).to_have_text(beside)
    phone.killed()
    first.close()
    rows = phone.part("list-draft").locator("li")
    expect(rows).to_have_count(2)
    kept = set()
    for number in range(2):
        rows.nth(number).get_by_role("button", name="Ga verder").click()
        expect(phone.view("talk")).to_be_visible()
        kept.add(phone.page.locator("#talk-text").input_value())
        phone.press("Bewaar als concept")
    assert kept == {"Van het eerste venster.", "Van het tweede venster."}


def test_the_first_load_is_small(phone: Phone) -> None:
    phone.sign_in()
    sizes = phone.page.evaluate(
        "() => [...performance.getEntriesByType('navigation'),"
        " ...performance.getEntriesByType('resource')].map(e => e.transferSize)"
    )
    assert sum(sizes) < 300_000


KEPT = """async () => {
        const db = await new Promise((done) => {
            const asked = indexedDB.open("wijkeconomie-field");
            asked.onsuccess = () => done(asked.result);
        });
        const all = [];
        for (const name of db.objectStoreNames) {
            const asked = db.transaction([name]).objectStore(name).getAll();
            await new Promise((done) => (asked.onsuccess = done));
            all.push(JSON.stringify(asked.result, (_, value) =>
                value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : value));
        }
        return all.join();
    }"""


def kept_on_the_device(phone: Phone) -> str:
    """All that who opens the phone's store without our page can read."""
    phone.ready()
    phone.begin("Kanarie-in-de-kelder")
    phone.page.wait_for_timeout(500)
    return str(phone.page.evaluate(KEPT))


def test_nobody_reads_the_device_without_the_pin(phone: Phone) -> None:
    kept = kept_on_the_device(phone)
    assert "draft" in kept
    assert "Kanarie" not in kept
    phone.page.reload()
    phone.page.locator("#pin").fill("999999")
    phone.press("Open")
    expect(phone.part("pin-fault")).to_contain_text("Dit is niet de pincode")
    expect(phone.view("start")).to_be_hidden()


def test_twin_without_the_cipher_the_store_tells_it(phone: Phone) -> None:
    phone.context.add_init_script("""
        const open = async (_how, _key, data) => new Uint8Array(data).slice().buffer;
        SubtleCrypto.prototype.encrypt = SubtleCrypto.prototype.decrypt = open;
    """)
    assert "Kanarie" in kept_on_the_device(phone)


def test_a_no_keeps_nothing_not_even_a_draft(phone: Phone) -> None:
    before = phone.site.told()
    phone.ready()
    phone.press("Nieuw gesprek")
    phone.page.locator('input[name="note"][value="no"]').check(force=True)
    phone.press("Ga verder")
    expect(phone.part("without-text")).to_contain_text("Wij schrijven niets op")
    phone.press("Ga verder")
    expect(phone.part("list-draft").locator("li")).to_have_count(0)
    assert phone.site.told() == before


def test_the_pages_are_for_everyone_in_both_lights_and_from_right_to_left(
    phone: Phone, axe: str
) -> None:
    look = Looker(phone.page, axe)
    phone.ready()
    look.at("field-start")
    phone.press("Nieuw gesprek")
    look.at("field-consent")
    phone.press("العربية")
    expect(phone.view("consent").locator("[data-spoken]")).to_have_attribute("dir", "rtl")
    look.at("field-consent-ar")
    phone.agree("note")
    phone.press("Ga verder")
    look.at("field-talk")
    phone.page.locator("#talk-text").fill("Te duur.")
    phone.who()
    phone.press("Klaar: verstuur")
    phone.card()
    look.at("field-card-ar")
    phone.press("De persoon heeft de code")
    phone.arrived(1)
    phone.press("Iets op straat")
    look.at("field-sight")
    phone.press("Bewaar als concept")
    phone.page.reload()
    look.at("field-pin")
    assert look.wrong == {}


SECONDS = 60  # of schedules here; `make faults` plays 200


def test_by_every_schedule_of_mishaps_the_ledger_closes(phone: Phone) -> None:
    """Received = acknowledged = shown, byte for byte and once, whatever happens on the way."""
    phone.ready()
    until, seed, faults = time.monotonic() + SECONDS, 0, 0
    open_ledgers = {}
    while time.monotonic() < until:
        ledger = phones.play(phone, seed)
        faults += ledger.faults
        if not ledger.closes:
            open_ledgers[seed] = ledger
        seed += 1
    assert open_ledgers == {}
    assert (seed >= 5, faults > 0) == (True, True)


def test_twin_a_phone_that_believes_without_a_receipt_loses_words(phone: Phone) -> None:
    phone.context.add_init_script("""
        const real = window.fetch;
        window.fetch = async (to, how) => {
            if (how?.method !== "POST") return real(to, how);
            await real(to, how).catch(() => null);
            const { key } = JSON.parse(how.body);
            return new Response(JSON.stringify({ key, number: 1, at: new Date().toISOString() }));
        };
    """)
    phone.ready()
    before = phone.site.told()
    phone.site.network.fault = lambda method, _path: "down" if method == "POST" else "none"
    phone.talk("Dit hoort niemand.")
    phone.arrived(1)
    assert phone.site.told() == before


def test_a_number_that_is_typed_is_asked_about_and_replaced_at_a_tap(phone: Phone) -> None:
    phone.ready()
    phone.begin("Bel mij op 06-12345678, of niet.")
    expect(phone.part("warning-text")).to_contain_text("waaraan iemand te herkennen is")
    phone.press("Vervang door [telefoon]")
    expect(phone.part("warning-text")).to_be_hidden()
    assert phone.page.locator("#talk-text").input_value() == "Bel mij op [telefoon], of niet."
    phone.press("Klaar: verstuur")
    phone.card()
    phone.press("De persoon heeft de code")
    phone.arrived(1)
    assert "Bel mij op [telefoon], of niet." in phone.site.told().values()


def test_photos_follow_the_text_smaller_and_without_what_the_camera_wrote(phone: Phone) -> None:
    phone.page.set_viewport_size({"width": 2400, "height": 1200})
    phone.page.set_content("<h1>Winkel te huur</h1>")
    drawn = phone.page.screenshot(type="jpeg")
    taken = drawn[:2] + jpegs.EXIF + drawn[2:]
    with pytest.raises(Refusal, match="holds more than its picture"):
        pictures.check(taken)
    phone.page.set_viewport_size({"width": 360, "height": 780})
    phone.ready()
    phone.site.network.fault = lambda _, path: "down" if "/foto/" in path else "none"
    phone.press("Iets op straat")
    phone.page.locator("#sight-place").fill("Kade 3")
    phone.page.locator("#sight-note").fill("Staat leeg.")
    for number in (1, 2):
        photo = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": taken}
        phone.page.locator("#photo-sight").set_input_files(photo)
        expect(phone.part("photos-sight").locator("li")).to_have_count(number)
    phone.press("Klaar: verstuur")
    phone.arrived(1)
    expect(phone.part("list-arrived")).to_contain_text("Foto’s die nog volgen: 2")
    phone.killed()
    phone.site.network.fault = lambda _method, _path: "none"
    phone.press("Nu versturen")
    expect(phone.part("list-arrived")).to_contain_text("Foto’s aangekomen: 2")
    kept = dict(phone.site.rows("select id, sha256 from journey_photo"))
    assert len(kept) == 2
    assert {key: pictures.check(data) for key, data in phone.site.photos().items()} == kept


def test_a_photo_that_this_browser_cannot_read_stays_and_the_text_is_sent(phone: Phone) -> None:
    """As HEIC from the gallery of some phones: a picture with it goes, it itself says why not."""
    phone.page.set_content("<h1>Winkel te huur</h1>")
    drawn = phone.page.screenshot(type="jpeg")
    phone.ready()
    before = _held(phone, "photo")
    phone.press("Iets op straat")
    phone.page.locator("#sight-place").fill("Kade 3")
    phone.page.locator("#sight-note").fill("Staat leeg.")
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(2000)
    for name, kind, data in (("IMG.HEIC", "image/heic", heic), ("IMG.jpg", "image/jpeg", drawn)):
        phone.page.locator("#photo-sight").set_input_files(
            {"name": name, "mimeType": kind, "buffer": data}
        )
        expect(phone.part("photos-sight")).to_contain_text("Dit toestel kan deze foto niet lezen")
    expect(phone.part("photos-sight").locator("li")).to_have_count(2)
    phone.press("Klaar: verstuur")
    phone.arrived(1)
    expect(phone.part("list-arrived")).to_contain_text("Foto’s aangekomen: 1")
    phone.killed()
    expect(phone.part("list-arrived")).to_contain_text("Foto’s niet aangenomen: 1")
    assert _held(phone, "photo") == before + 1
    phone.press("Verwijder wat niet is aangenomen")
    expect(phone.part("list-arrived")).not_to_contain_text("niet aangenomen")
    expect(phone.part("list-arrived")).to_contain_text("Foto’s aangekomen: 1")


def test_a_place_is_asked_only_at_a_tap_and_rounded(phone: Phone) -> None:
    phone.context.grant_permissions(["geolocation"], origin=phone.site.url)
    phone.context.set_geolocation({"latitude": 52.123456, "longitude": 4.98765, "accuracy": 7})
    phone.ready()
    phone.press("Iets op straat")
    expect(phone.part("spot")).to_have_text("")
    phone.press("Voeg mijn plek toe, op 100 meter")
    expect(phone.part("spot")).to_have_text("Ongeveer 52.123, 4.988; binnen 100 meter.")


def test_the_questions_of_a_guide_are_asked_when_they_should(phone: Phone) -> None:
    phone.site.guide(test_guides.SHOP)
    phone.ready()
    expect(phone.part("checks")).to_contain_text("Winkelgesprek")
    phone.begin("Over de huur.")
    expect(phone.page.locator("#q-rent")).to_be_hidden()
    phone.page.locator('input[name="q-role"][value="owner"]').check(force=True)
    phone.page.locator("#q-rent").fill("900")
    phone.page.wait_for_timeout(500)
    phone.killed()
    phone.press("Ga verder")
    expect(phone.page.locator("#q-rent")).to_have_value("900")
    phone.press("Klaar: verstuur")
    phone.card()
    phone.press("De persoon heeft de code")
    phone.arrived(1)
    ((noted,),) = phone.site.rows(
        "select c.noted from journey_arrival a join journey_conversation c on c.id = a.id"
        " order by a.number desc limit 1"
    )
    noted = phone.site.opened(noted, "journey_conversation.noted")
    assert json.loads(noted)["answers"] == {"role": "owner", "rent": "900"}


def _set_state(phone: Phone, state: str) -> None:
    """As if the last answer had said so of everything on this phone."""
    phone.page.evaluate(
        """async (state) => {
      const db = await new Promise((done) => {
        const asked = indexedDB.open("wijkeconomie-field");
        asked.onsuccess = () => done(asked.result);
      });
      const work = db.transaction(["records"], "readwrite");
      const records = work.objectStore("records");
      records.getAll().onsuccess = ({ target }) => {
        for (const one of target.result) records.put({ ...one, state, fault: "al binnen" });
      };
      await new Promise((done) => { work.oncomplete = done; });
      db.close();
    }""",
        state,
    )


def _held(phone: Phone, what: str) -> int:
    """How many the site holds, also of tests before this one."""
    return len(phone.site.rows(f"select id from journey_{what}"))  # noqa: S608 -- our own words


def _see(phone: Phone, drawn: bytes) -> None:
    """Note an empty shop with a photo of it."""
    phone.press("Iets op straat")
    phone.page.locator("#sight-place").fill("Kade 3")
    phone.page.locator("#sight-note").fill("Staat leeg.")
    photo = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": drawn}
    phone.page.locator("#photo-sight").set_input_files(photo)
    expect(phone.part("photos-sight").locator("li")).to_have_count(1)
    phone.press("Klaar: verstuur")


def test_what_is_sent_as_new_takes_its_photo_along(phone: Phone) -> None:
    phone.page.set_content("<h1>Winkel te huur</h1>")
    drawn = phone.page.screenshot(type="jpeg")
    phone.ready()
    before = _held(phone, "photo")
    phone.site.network.fault = lambda method, _path: "down" if method == "POST" else "none"
    _see(phone, drawn)
    phone.waiting(1)
    _set_state(phone, "clash")
    phone.killed()
    phone.site.network.fault = lambda _method, _path: "none"
    phone.press("Verstuur als nieuw")
    expect(phone.part("list-arrived")).to_contain_text("Foto’s aangekomen: 1")
    assert _held(phone, "photo") == before + 1


def test_an_answer_that_is_no_receipt_of_this_conversation_is_no_arrival(phone: Phone) -> None:
    phone.ready()
    before = _held(phone, "conversation")
    strange = {"key": str(uuid4()), "number": 1, "at": "2026-09-01T10:00:00+00:00"}
    phone.context.route("**/gesprekken/", lambda route: route.fulfill(json=strange))
    phone.talk("Te duur.")
    phone.waiting(1)
    assert _held(phone, "conversation") == before
    phone.context.unroute("**/gesprekken/")
    phone.press("Nu versturen")
    phone.arrived(1)
    assert _held(phone, "conversation") == before + 1


def test_a_photo_that_is_refused_stays_here_and_is_not_called_arrived(phone: Phone) -> None:
    phone.page.set_content("<h1>Winkel te huur</h1>")
    drawn = phone.page.screenshot(type="jpeg")
    phone.ready()
    refused = {"detail": "Deze foto niet."}
    phone.context.route("**/foto/**", lambda route: route.fulfill(status=422, json=refused))
    _see(phone, drawn)
    phone.arrived(1)
    expect(phone.part("list-arrived")).to_contain_text("Foto’s niet aangenomen: 1")
    expect(phone.part("list-arrived")).not_to_contain_text("Foto’s aangekomen")


def _later(phone: Phone, days: int) -> None:
    """Open the page some days after it was open last."""
    phone.context.add_init_script(f"""
        const before = Date;
        Date = class extends before {{
            constructor(...a) {{ a.length ? super(...a) : super(before.now() + {days} * 864e5) }}
            static now() {{ return before.now() + {days} * 864e5 }}
        }};
    """)
    phone.killed()


def test_what_arrived_is_gone_from_the_device_after_a_week_and_what_did_not_stays(
    phone: Phone,
) -> None:
    phone.ready()
    phone.talk("Allang aangekomen.")
    phone.arrived(1)
    phone.begin("Nog niet klaar.")
    expect(phone.part("saved")).to_have_text("Bewaard op dit toestel")
    for days, left in ((6, 1), (2, 0)):
        _later(phone, days)
        phone.arrived(left)
        expect(phone.part("list-draft").locator("li")).to_have_count(1)
    kept = phone.page.evaluate(KEPT)
    assert (kept.count('"arrived"'), kept.count('"draft"')) == (0, 1)


def test_what_arrived_on_an_earlier_journey_goes_too_and_what_did_not_stays(phone: Phone) -> None:
    """The page of that journey is perhaps never opened again on this phone."""
    phone.ready()
    phone.talk("Van een eerdere reis.")
    phone.arrived(1)
    phone.begin("Nog niet klaar.")
    expect(phone.part("saved")).to_have_text("Bewaard op dit toestel")
    phone.page.evaluate(_OF_AN_EARLIER_JOURNEY)
    for days, left in ((6, (1, 1)), (2, (0, 1))):
        _later(phone, days)
        kept = phone.page.evaluate(KEPT)
        assert tuple(kept.count(f'"state":"{state}"') for state in ("arrived", "draft")) == left


_OF_AN_EARLIER_JOURNEY = """async () => {
    const asked = (request) =>
        new Promise((done) => (request.onsuccess = () => done(request.result)));
    const db = await asked(indexedDB.open("wijkeconomie-field"));
    const records = db.transaction(["records"], "readwrite").objectStore("records");
    for (const one of await asked(records.getAll())) {
        await asked(records.put({ ...one, journey: crypto.randomUUID() }));
    }
    db.close();
}"""


def test_words_go_after_a_week_also_where_a_photo_beside_them_never_arrives(phone: Phone) -> None:
    phone.ready()
    phone.press("Iets op straat")
    phone.page.locator("#sight-place").fill("Kade 3")
    phone.page.locator("#sight-note").fill("Staat leeg. " * 40)
    phone.page.locator("#photo-sight").set_input_files(
        {
            "name": "IMG.HEIC",
            "mimeType": "image/heic",
            "buffer": b"\0\0\0\x18ftypheic" + bytes(2000),
        }
    )
    phone.press("Klaar: verstuur")
    phone.arrived(1)
    for days, gone in ((6, False), (2, True)):
        _later(phone, days)
        expect(phone.part("list-arrived")).to_contain_text("Foto’s niet aangenomen: 1")
        told = phone.part("list-arrived").inner_text()
        assert ("Wat u noteerde, staat niet meer op deze telefoon" in told) == gone
        assert (phone.page.evaluate(_LARGEST_TEXT) < 100) == gone


_LARGEST_TEXT = """async () => {
    const asked = (request) =>
        new Promise((done) => (request.onsuccess = () => done(request.result)));
    const db = await asked(indexedDB.open("wijkeconomie-field"));
    const records = await asked(db.transaction(["records"]).objectStore("records").getAll());
    return Math.max(...records.map((one) => one.sealed.bytes.byteLength));
}"""


def _sent(phone: Phone) -> list[str]:
    """What the phone sent, by its kind, in order."""
    base = phone.site.field.removeprefix(phone.site.url)
    paths = [path for path, _fault in phone.site.network.posts if path.startswith(base)]
    return [path.removeprefix(base).partition("/")[0] for path in paths]


def test_a_photo_goes_after_its_text_and_not_while_that_is_a_draft(phone: Phone) -> None:
    phone.page.set_content("<h1>Winkel te huur</h1>")
    drawn = phone.page.screenshot(type="jpeg")
    phone.ready()
    _see(phone, drawn)
    expect(phone.part("list-arrived")).to_contain_text("Foto’s aangekomen: 1")
    assert _sent(phone) == ["waarnemingen", "foto"]
    phone.press("Iets op straat")
    photo = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": drawn}
    phone.page.locator("#photo-sight").set_input_files(photo)
    expect(phone.part("photos-sight").locator("li")).to_have_count(1)
    phone.page.locator("#sight-place").fill("Kade 5")
    phone.killed()
    phone.press("Nu versturen")
    phone.page.wait_for_timeout(1500)
    assert _sent(phone) == ["waarnemingen", "foto"]
