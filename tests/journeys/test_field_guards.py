# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a phone keeps to itself, and as whom it sends: each with a twin, the same app without it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.journeys import phones
from tests.journeys.phones import Phone, Site

pytestmark = pytest.mark.journey
OTHER = "codeur@voorbeeld.example"  # walks too


@pytest.fixture(scope="module")
def field_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with phones.site(tmp_path_factory.mktemp("guards")) as made:
        yield made


@pytest.fixture
def phone(browser: Browser, field_site: Site) -> Iterator[Phone]:
    field_site.network.fault = lambda _method, _path: "none"
    made = Phone(browser, field_site)
    yield made
    made.close()
    assert made.wrong == []


_ROWS = """async ([name, change]) => {
    const asked = (request) =>
        new Promise((done) => (request.onsuccess = () => done(request.result)));
    const db = await asked(indexedDB.open("wijkeconomie-field"));
    const rows = db.transaction([name], "readwrite").objectStore(name);
    const found = await asked(rows.getAll());
    if (change) for (const one of found) await asked(rows.put({ ...one, ...change }));
    db.close();
    return found.map(({ kind, state }) => `${kind} ${state}`);
}"""


def rows(phone: Phone, name: str, change: dict[str, str] | None = None) -> list[str]:
    """What lies on the phone in one of its stores, *change* made in all of it."""
    found: list[str] = phone.page.evaluate(_ROWS, [name, change])
    return found


def picture(phone: Phone, kind: str) -> None:
    """Take a photo beside what is being noted."""
    data = phone.page.screenshot(type="jpeg")
    photo = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": data}
    phone.page.locator(f"#photo-{kind}").set_input_files(photo)  # type: ignore[arg-type]
    expect(phone.part(f"photos-{kind}").locator("li")).to_have_count(1)


def held_back(phone: Phone, address: str) -> list[Route]:
    """What the phone asks at *address*, as it comes: it hears nothing until somebody lets it go."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.context.route(address, hold)
    return held


# -- what is deleted while the queue is at work


HELD = """() => {
    const open = SubtleCrypto.prototype.decrypt, gate = new Promise((go) => (window.go = go));
    SubtleCrypto.prototype.decrypt = async function (...given) {
        window.opening = true;
        await gate;
        return open.apply(this, given);
    };
}"""


def deleted_before_it_was_sent(phone: Phone) -> list[str]:
    """What the site has of a conversation that is deleted when the queue has just taken it."""
    before = phone.site.told()
    phone.ready()
    held = held_back(phone, "**/klaar/")
    phone.talk("Toch liever niet.")
    phone.waiting(1)
    phone.page.evaluate(HELD)
    for route in held:
        route.continue_()
    phone.page.wait_for_function("() => window.opening")
    phone.press("Wis")
    for _ in range(50):
        if rows(phone, "records") == []:
            break
        phone.page.wait_for_timeout(100)
    phone.page.evaluate("() => go()")
    phone.waiting(0)
    phone.page.wait_for_timeout(1500)
    return [text for key, text in phone.site.told().items() if key not in before]


def test_a_conversation_that_was_deleted_is_not_sent(phone: Phone) -> None:
    assert deleted_before_it_was_sent(phone) == []


def test_twin_a_queue_that_does_not_look_again_sends_what_was_deleted(phone: Phone) -> None:
    phone.altered("if (!there) return;", "")
    assert deleted_before_it_was_sent(phone) == ["Toch liever niet."]


def photo_of_what_was_deleted(phone: Phone) -> list[str]:
    """What lies on the phone of a photo that was on its way when it was deleted."""
    phone.ready()
    held = held_back(phone, "**/foto/**")
    phone.press("Iets op straat")
    phone.page.locator("#sight-place").fill("Kade 3")
    phone.page.locator("#sight-note").fill("Staat leeg.")
    picture(phone, "sight")
    phone.press("Klaar: verstuur")
    phone.arrived(1)
    phone.page.wait_for_timeout(1000)
    phone.press("Wis")
    phone.arrived(0)
    for route in held:
        route.continue_()
    phone.page.wait_for_timeout(1500)
    assert len(held) == 1
    return rows(phone, "photos")


def test_a_photo_that_was_deleted_on_its_way_does_not_come_back(phone: Phone) -> None:
    assert photo_of_what_was_deleted(phone) == []


def test_twin_a_receipt_that_is_written_anyhow_brings_it_back(phone: Phone) -> None:
    whole = 'this.store.put("photos", { ...one, state: "arrived", sealed: null })'
    phone.altered('change({ state: "arrived", sealed: null })', whole)
    assert photo_of_what_was_deleted(phone) == ["photo arrived"]


# -- two people on one phone


def noted_without_a_network(phone: Phone) -> None:
    """One person notes something, their sign-in ends, and another signs in."""
    phone.site.walks(OTHER)
    phone.ready()
    phone.site.network.fault = lambda _method, _path: "down"
    phone.talk("Van de een.")
    phone.waiting(1)
    phone.context.clear_cookies()
    phone.site.network.fault = lambda _method, _path: "none"
    phone.sign_in(OTHER)


def makers(phone: Phone, many: int) -> list[str]:
    """Who the last conversations are of."""
    found = phone.site.rows(
        "select u.email from journey_arrival a join journey_conversation c on c.id = a.id"
        " join accounts_user u on u.id = c.made_by_id order by a.number desc"
    )
    return [email for (email,) in found[:many]]


def test_what_one_noted_waits_until_that_person_signs_in_and_is_theirs(phone: Phone) -> None:
    before = phone.site.told()
    noted_without_a_network(phone)
    waits = phone.part("list-waiting").locator("li")
    expect(waits).to_contain_text("Van een ander die op deze telefoon inlogde")
    expect(waits).not_to_contain_text("Van de een")
    assert waits.get_by_role("button").all_inner_texts() == ["Bewaar als bestand", "Wis"]
    phone.talk("Van de ander.")
    phone.arrived(1)
    phone.press("Nu versturen")
    phone.page.wait_for_timeout(1500)
    phone.waiting(1)
    assert [t for key, t in phone.site.told().items() if key not in before] == ["Van de ander."]
    phone.context.clear_cookies()
    phone.sign_in()
    phone.arrived(2)
    assert makers(phone, 2) == [phones.WORKER, OTHER]


def test_twin_a_phone_that_does_not_hear_who_signed_in_sends_it_as_the_other(phone: Phone) -> None:
    phone.context.add_init_script("""
        const real = window.fetch;
        window.fetch = async (to, how) => {
            const answer = await real(to, how);
            if (!String(to).endsWith("/klaar/") || !answer.ok) return answer;
            const { account, ...rest } = await answer.json();
            return Response.json(rest);
        };
    """)
    noted_without_a_network(phone)
    phone.arrived(1)
    assert makers(phone, 1) == [OTHER]


def test_who_does_not_work_on_the_journey_any_more_reads_so_with_what_to_do(phone: Phone) -> None:
    phone.site.walks(OTHER)
    phone.sign_in(OTHER)
    expect(phone.part("ready")).to_have_attribute("data-ready", "true")
    phone.begin("Een concept.")
    phone.press("Bewaar als concept")
    phone.site.walks_no_more(OTHER)
    phone.open()
    expect(phone.part("sign-in")).to_be_visible()
    expect(phone.part("right")).to_be_hidden()
    phone.sign_in(OTHER)
    expect(phone.part("right")).to_be_visible()
    expect(phone.part("right")).to_contain_text("U werkt niet meer op deze reis.")
    expect(phone.part("sign-in")).to_be_hidden()
    expect(phone.part("list-draft").locator("li")).to_have_count(1)


# -- steps that nobody sees


AWAY = """([minutes]) => {
    const real = Date.now, look = (hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    };
    look(true);
    Date.now = () => real() + minutes * 60_000;
    look(false);
}"""


def out_of_sight(phone: Phone, minutes: float) -> str:
    """Which screen is there after so long in a pocket."""
    phone.page.evaluate(AWAY, [minutes])
    phone.page.wait_for_timeout(1500)
    expect(phone.page.locator("html[data-field-ready]")).to_be_attached()
    return str(phone.page.evaluate("document.body.dataset.now"))


def test_after_five_minutes_out_of_sight_the_phone_asks_the_pin(phone: Phone) -> None:
    phone.ready()
    assert out_of_sight(phone, 4.9) == "start"
    assert out_of_sight(phone, 5.1) == "pin"


def test_twin_without_that_step_whoever_finds_the_phone_reads_on(phone: Phone) -> None:
    phone.altered("Date.now() - hidden > HIDDEN_TOO_LONG", "false")
    phone.ready()
    assert out_of_sight(phone, 600) == "start"


def after_a_no(phone: Phone, purpose: str, kind: str) -> list[str]:
    """What lies beside a conversation after a "yes" to *purpose* became a "no"."""
    phone.ready()
    phone.press("Nieuw gesprek")
    phone.agree("note", "photo", purpose)
    phone.press("Ga verder")
    picture(phone, "talk")
    rows(phone, "photos", {"kind": kind})
    phone.press("Terug naar toestemming")
    phone.page.locator(f'input[name="{purpose}"][value="no"]').check(force=True)
    phone.page.wait_for_timeout(500)
    return rows(phone, "photos")


@pytest.mark.parametrize(("purpose", "kind"), [("photo", "photo"), ("audio", "sound")])
def test_a_yes_that_becomes_a_no_deletes_what_it_was_for(
    phone: Phone, purpose: str, kind: str
) -> None:
    assert after_a_no(phone, purpose, kind) == []


@pytest.mark.parametrize(("purpose", "kind"), [("photo", "photo"), ("audio", "sound")])
def test_twin_without_that_step_it_stays_on_the_phone(
    phone: Phone, purpose: str, kind: str
) -> None:
    phone.altered("app.attached.removeAll(", "((...of) => of)(")
    assert after_a_no(phone, purpose, kind) == [f"{kind} waiting"]


LEFT = """([how]) => {
    const box = document.getElementById("talk-text");
    window.setTimeout = () => 1;  // a page that is put away runs no timers
    box.value = "Het laatste woord.";
    box.dispatchEvent(new Event("input"));
    if (how === "pagehide") return dispatchEvent(new Event(how));
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event(how));
}"""


def said_of_the_last_word(phone: Phone, how: str) -> str:
    """What the phone says of what was typed just before the page was put away."""
    phone.ready()
    phone.begin("Het eerste woord.")
    expect(phone.part("saved")).to_have_text("Bewaard op dit toestel")
    phone.page.evaluate(LEFT, [how])
    phone.page.wait_for_timeout(1500)
    return str(phone.part("saved").inner_text())


@pytest.mark.parametrize("how", ["pagehide", "visibilitychange"])
def test_the_last_word_is_kept_when_the_page_is_put_away(phone: Phone, how: str) -> None:
    assert said_of_the_last_word(phone, how) == "Bewaard op dit toestel"


@pytest.mark.parametrize(
    ("how", "step"),
    [("pagehide", 'addEventListener("pagehide", () => void app.editor?.flush());'),
     ("visibilitychange", "if (document.hidden) void app.editor?.flush();\n    else")],
)  # fmt: skip
def test_twin_without_that_step_it_was_only_on_the_screen(
    phone: Phone, how: str, step: str
) -> None:
    phone.altered(step, "")
    assert said_of_the_last_word(phone, how) == "Wordt bewaard…"


PROMISED = "De browser ruimt dit niet uit zichzelf op"
PROMISES = """
    StorageManager.prototype.persist = async () => (window.promised = true);
    StorageManager.prototype.persisted = async () => Boolean(window.promised);
"""


def test_the_browser_is_asked_not_to_clear_this_away(phone: Phone) -> None:
    phone.context.add_init_script(PROMISES)
    phone.ready()
    expect(phone.part("checks")).to_contain_text(PROMISED)


def test_twin_a_browser_that_is_not_asked_promises_nothing(phone: Phone) -> None:
    phone.context.add_init_script(PROMISES)
    phone.altered("await navigator.storage?.persist?.();", "")
    phone.ready()
    expect(phone.part("checks")).not_to_contain_text(PROMISED)


def sent_by_two_windows(phone: Phone) -> int:
    """How often one conversation is on its way when two windows are open."""
    phone.ready()
    held = held_back(phone, "**/gesprekken/")
    phone.talk("Eén keer.")
    phone.page.wait_for_timeout(1000)
    first, phone.page = phone.page, phone.context.new_page()
    phone.open()
    phone.press("Nu versturen")
    for _ in range(40):
        if len(held) > 1:
            break
        phone.page.wait_for_timeout(200)
    for route in held:
        route.continue_()
    phone.context.unroute("**/gesprekken/")
    phone.page.wait_for_timeout(500)
    first.close()
    return len(held)


def test_of_two_windows_one_sends(phone: Phone) -> None:
    assert sent_by_two_windows(phone) == 1


def test_twin_without_a_lock_both_do(phone: Phone) -> None:
    phone.context.add_init_script(
        "navigator.locks.request = (name, options, act) => act({ name });"
    )
    assert sent_by_two_windows(phone) > 1
