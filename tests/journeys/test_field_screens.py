# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The screens of the field app: streets to choose from, warnings while typing, the back button of
the phone, and a phone that is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import phones
from tests.journeys.phones import Looker, Phone, Site
from tests.journeys.test_field_journey import KEPT
from tests.journeys.test_field_rules import blank, run  # noqa: F401 -- a fixture
from wijkeconomie.fieldwork import personal

pytestmark = pytest.mark.journey
BOSS = "wijkregisseur@voorbeeld.example"
ASKED: dict[str, Any] = {
    "format": 1, "id": "open", "title": "Open vragen", "languages": ["nl"],
    "questions": [{"name": "why", "kind": "text", "label": {"nl": "Waarom?"}}],
}  # fmt: skip


@pytest.fixture(scope="module")
def field_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with phones.site(tmp_path_factory.mktemp("screens")) as made:
        yield made


@pytest.fixture
def phone(browser: Browser, field_site: Site) -> Iterator[Phone]:
    field_site.network.fault = lambda _method, _path: "none"
    made = Phone(browser, field_site)
    yield made
    made.close()
    assert made.wrong == []


def shown(phone: Phone) -> str:
    """The screen that is there, after what was asked is done."""
    phone.page.wait_for_timeout(400)
    return str(phone.page.evaluate("document.body.dataset.now"))


# -- streets


def test_a_street_is_chosen_from_the_list_in_aeroplane_mode_and_its_number_stays(
    phone: Phone,
) -> None:
    phone.ready()
    expect(phone.part("checks")).to_contain_text("Straten om uit te kiezen 15")
    phone.site.network.fault = lambda _method, _path: "down"
    phone.context.set_offline(True)
    phone.killed()
    phone.press("Iets op straat")
    expect(phone.part("streets").get_by_role("button")).to_have_count(8)
    expect(phone.part("streets")).to_contain_text("En nog 7: typ een stukje van de naam.")
    phone.page.locator("#sight-place").fill("lijn")
    expect(phone.part("streets").get_by_role("button")).to_have_count(0)
    phone.page.locator("#sight-place").fill("wev 12")
    phone.press("Weverslaan")
    expect(phone.page.locator("#sight-place")).to_have_value("Weverslaan 12")
    expect(phone.part("streets").get_by_role("button")).to_have_count(0)
    phone.page.locator("#sight-note").fill("Staat leeg.")
    phone.press("Klaar: verstuur")
    phone.waiting(1)
    phone.site.network.fault = lambda _method, _path: "none"
    phone.context.set_offline(False)
    phone.arrived(1)
    assert last_place(phone) == "Weverslaan 12"


def test_a_street_that_is_not_in_the_list_may_be_typed(phone: Phone) -> None:
    phone.ready()
    phone.press("Iets op straat")
    phone.page.locator("#sight-place").fill("Onbekendepad 3")
    expect(phone.part("streets")).to_have_text("Staat niet in de lijst. U mag het zo laten staan.")
    phone.page.locator("#sight-note").fill("Staat leeg.")
    phone.press("Klaar: verstuur")
    phone.arrived(1)
    assert last_place(phone) == "Onbekendepad 3"


def last_place(phone: Phone) -> str:
    ((place,),) = phone.site.rows(
        "select o.place from journey_arrival a join journey_observation o on o.id = a.id"
        " order by a.number desc limit 1"
    )
    return phone.site.opened(place, "journey_observation.place")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["Café-plein", "Laan van Licht", "Lichtkade"]),
        ("licht", ["Lichtkade", "Laan van Licht"]),
        ("CAFE 3", ["Café-plein"]),
        ("plein", ["Café-plein"]),
        ("aan v", ["Laan van Licht"]),
        ("dijk", []),
    ],
)
def test_what_begins_so_comes_first_and_accents_do_not_matter(
    blank: Any,  # noqa: F811 -- a fixture
    typed: str,
    found: list[str],
) -> None:
    streets = ["Café-plein", "Laan van Licht", "Lichtkade"]
    assert run(blank, "streets.js", "m.matching", typed, streets) == found


# -- warnings while somebody types


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ik woon Kade 3.", ["Kade 3"]),
        ("In Van Goghlaan 12a of Hoogstraat 7", ["Van Goghlaan 12a", "Hoogstraat 7"]),
        ("De Hoogstraat is leeg, 3 winkels.", []),
        ("NL91 ABNA 0417 1643 00 en 1234 AB", ["NL91 ABNA 0417 1643 00", "1234 AB"]),
    ],
)
def test_a_street_is_asked_about_with_a_number_only(
    blank: Any,  # noqa: F811 -- a fixture
    text: str,
    found: list[str],
) -> None:
    spans = run(
        blank, "personal.js",
        "(text, rules) => m.find(text, rules).map((one) => text.slice(one.start, one.end))",
        text, personal.for_phone(),
    )  # fmt: skip
    assert spans == found


def test_every_box_for_text_warns_and_replaces_at_a_tap(phone: Phone) -> None:
    phone.site.guide(ASKED)
    phone.ready()
    phone.begin("Mevrouw Jansen woont Weverslaan 12.")
    expect(phone.part("warning-text")).to_contain_text("Vervang door [naam]")
    phone.press("Vervang door [adres]")
    expect(phone.page.locator("#talk-text")).to_have_value("Mevrouw Jansen woont [adres].")
    phone.page.locator("#q-why").fill("Bel 06-12345678.")
    phone.press("Vervang door [telefoon]")
    expect(phone.page.locator("#q-why")).to_have_value("Bel [telefoon].")
    phone.page.wait_for_timeout(500)
    phone.killed()  # what was replaced was kept
    phone.press("Ga verder")
    expect(phone.page.locator("#talk-text")).to_have_value("Mevrouw Jansen woont [adres].")
    expect(phone.page.locator("#q-why")).to_have_value("Bel [telefoon].")
    phone.press("Bewaar als concept")
    phone.press("Iets op straat")
    phone.page.locator("#sight-note").fill("Bel NL91 ABNA 0417 1643 00, BSN 111222333.")
    phone.press("Vervang door [IBAN]")
    phone.press("Vervang door [BSN]")
    expect(phone.page.locator("#sight-note")).to_have_value("Bel [IBAN], BSN [BSN].")
    phone.page.locator("#sight-place").fill("Weverslaan 12, bij mevrouw Jansen")
    expect(phone.part("warning-place").get_by_role("button")).to_have_text("Vervang door [naam]")


# -- the back button of the phone


def test_back_goes_one_screen_back_and_what_was_typed_is_there(phone: Phone) -> None:
    phone.ready()
    phone.press("Iets op straat")
    phone.page.locator("#sight-place").fill("Kade")
    phone.page.go_back()
    assert (shown(phone), phone.page.url) == ("start", phone.site.field)
    phone.press("Ga verder")
    expect(phone.view("sight")).to_be_visible()
    expect(phone.page.locator("#sight-place")).to_have_value("Kade")
    phone.page.go_back()
    assert shown(phone) == "start"
    for name, screen in (("Typ over van papier", "paper"), ("Lees een bestand in", "read")):
        phone.press(name)
        assert shown(phone) == screen
        phone.page.go_back()
        assert shown(phone) == "start"


def test_back_from_the_words_leads_to_the_consent_and_they_are_kept(phone: Phone) -> None:
    phone.ready()
    phone.begin("Te duur.")
    phone.page.go_back()
    assert shown(phone) == "consent"
    phone.press("Ga verder")
    expect(phone.page.locator("#talk-text")).to_have_value("Te duur.")


def test_behind_what_a_resident_holds_is_nothing_of_ours(phone: Phone) -> None:
    phone.ready()
    phone.talk("Van iemand anders.")
    phone.press("Nieuw gesprek")
    phone.agree("note")
    for _ in range(3):  # however often
        phone.page.go_back()
        assert (shown(phone), phone.page.url) == ("aside", phone.site.field)
        assert "gesprek ·" not in phone.page.locator("main").inner_text().lower()
        assert "Oosterwerve" not in phone.page.locator("main").inner_text()
    phone.press("Terug naar het gesprek")
    expect(phone.page.locator('input[name="note"][value="yes"]')).to_be_checked()
    phone.press("Ga verder")
    phone.page.locator("#talk-text").fill("Te duur.")
    phone.who()
    phone.press("Klaar: verstuur")
    code = phone.card()
    phone.page.go_back()
    assert shown(phone) == "aside"
    phone.press("Terug naar het gesprek")
    assert phone.card() == code
    phone.page.go_back()
    assert shown(phone) == "aside"
    phone.press("Veldwerker: verder met de pincode")
    phone.unlock()
    assert shown(phone) == "start"


def test_twin_without_our_steps_the_back_button_leaves_the_app(phone: Phone) -> None:
    phone.context.add_init_script("history.pushState = () => {};")
    phone.ready()
    phone.press("Nieuw gesprek")
    phone.agree("note")
    phone.page.go_back()  # to the page before, and from there to where it leads
    assert shown(phone) not in ("aside", "start")


def test_back_from_the_first_screen_leaves_as_anywhere(phone: Phone) -> None:
    phone.ready()
    phone.page.goto(f"{phone.site.url}/over/")
    phone.open()
    phone.press("Iets op straat")
    phone.press("Bewaar als concept")
    expect(phone.page.get_by_role("button", name="Iets op straat")).to_be_visible()
    phone.page.go_back()
    phone.page.wait_for_url(f"{phone.site.url}/over/")


# -- a phone that is lost


def stopped_from_the_desk(browser: Browser, phone: Phone) -> Phone:
    """The area manager stops the one phone that is not stopped yet."""
    desk = Phone(browser, phone.site)
    desk.sign_in(BOSS, f"{phone.site.url}/toestellen/")
    key = phone.page.evaluate(DEVICE_KEY)
    desk.page.goto(f"{phone.site.url}/toestel/{key}/stop/")
    desk.page.get_by_role("button", name="Zet dit toestel stop").click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Toestellen op straat")
    return desk


DEVICE_KEY = """async () => {
    const open = indexedDB.open("wijkeconomie-field");
    const db = await new Promise((go) => { open.onsuccess = () => go(open.result) });
    const asked = db.transaction("lock").objectStore("lock").get("device");
    await new Promise((go) => { asked.onsuccess = go });
    db.close();
    return asked.result.key;
}"""


def test_a_stopped_phone_deletes_what_it_holds_and_both_sides_are_told_what_was_lost(
    browser: Browser, phone: Phone
) -> None:
    phone.ready()
    phone.begin("Nooit aangekomen.")
    phone.press("Bewaar als concept")
    phone.site.network.fault = lambda _method, path: "down" if "gesprekken" in path else "none"
    phone.talk("Ook niet aangekomen.")
    phone.waiting(1)
    before = phone.site.told()
    desk = stopped_from_the_desk(browser, phone)
    expect(desk.page.get_by_role("main")).to_contain_text("heeft nog niet laten weten")
    phone.site.network.fault = lambda _method, _path: "none"
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.view("stopped")).to_contain_text("Nog niet bij ons aangekomen: 2.")
    phone.page.wait_for_timeout(500)
    assert phone.page.evaluate(KEPT) in (",,,,", "[],[],[],[],[]")
    assert phone.page.evaluate("() => caches.keys()") == []
    desk.page.reload()
    expect(desk.page.get_by_role("main")).to_contain_text("2 dingen waren nog niet aangekomen")
    assert phone.site.told() == before
    phone.page.goto(phone.site.field)  # and there is no page without signing in
    assert "/inloggen/" in phone.page.url
    desk.close()


def test_a_stopped_phone_hears_it_at_the_start_before_its_pin(
    browser: Browser, phone: Phone
) -> None:
    phone.ready()
    desk = stopped_from_the_desk(browser, phone)
    phone.page.goto(phone.site.field)  # from what it kept
    expect(phone.view("stopped")).to_contain_text("Nog niet bij ons aangekomen: 0.")
    desk.close()


def test_a_draft_that_is_open_in_another_window_is_not_written_after_the_stop(
    browser: Browser, phone: Phone
) -> None:
    phone.ready()
    other = phone.page
    phone.page = phone.context.new_page()
    phone.open()
    phone.begin("Half woord")
    desk = stopped_from_the_desk(browser, phone)
    phone.page.locator("#talk-text").fill("Half woord en meer")
    phone.who()
    other.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.view("stopped")).to_be_visible()
    expect(phone.view("stopped")).to_contain_text("Nog niet bij ons aangekomen: 1.")
    phone.page.wait_for_timeout(800)
    assert phone.page.evaluate(KEPT) in (",,,,", "[],[],[],[],[]")
    desk.close()


def test_twin_a_phone_that_is_not_stopped_keeps_all_of_it(phone: Phone) -> None:
    phone.ready()
    phone.begin("Blijft.")
    phone.press("Bewaar als concept")
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    phone.page.wait_for_timeout(800)
    assert shown(phone) == "start"
    expect(phone.part("list-draft").locator("li")).to_have_count(1)


# -- what the browser may do, and how long we wait


def test_a_browser_that_may_clear_this_away_is_said_so(phone: Phone) -> None:
    phone.context.add_init_script(
        "navigator.storage.persist = navigator.storage.persisted = async () => window.safe;"
    )
    phone.ready()
    expect(phone.part("checks")).to_contain_text("De browser kan dit wissen")
    phone.context.add_init_script("window.safe = true;")
    phone.open()
    expect(phone.part("checks")).to_contain_text("De browser ruimt dit niet uit zichzelf op")


@pytest.mark.parametrize(("after", "pause"), [("120", 120_000), ("", 0), ("maandag", 0)])
def test_the_server_says_how_long_to_wait(blank: Any, after: str, pause: int) -> None:  # noqa: F811 -- a fixture
    told = run(
        blank, "sending.js",
        """async (after) => {
            const headers = after ? { "Retry-After": after } : {};
            window.fetch = async () => new Response("", { status: 503, headers });
            return m.ask("/").catch((error) => [error.pause, m.wait(0, error.pause)]);
        }""",
        after,
    )  # fmt: skip
    assert told[0] == pause
    assert told[1] >= pause


def test_the_new_pages_are_for_everyone(phone: Phone, axe: str, browser: Browser) -> None:
    phone.sign_in(BOSS, f"{phone.site.url}/toestellen/")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("Toestellen op straat")
    look = Looker(phone.page, axe)
    look.at("devices")
    journey = json.dumps(phone.site.field).strip('"').rsplit("/", 2)[1]
    phone.page.goto(f"{phone.site.url}/reis/{journey}/straten/")
    look.at("streets")
    worker = Phone(browser, phone.site)
    worker.ready()
    worker.press("Nieuw gesprek")
    worker.agree("note")
    worker.page.go_back()
    expect(worker.page.get_by_role("button", name="Terug naar het gesprek")).to_be_visible()
    field = Looker(worker.page, axe)
    field.at("field-aside")
    worker.page.reload()
    worker.unlock()
    worker.press("Iets op straat")
    worker.page.locator("#sight-note").fill("Weverslaan 12")
    field.at("field-sight-warned")
    assert (look.wrong, field.wrong) == ({}, {})
    worker.close()
