# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""In the street with a guide, a voice, a file for another device, a sheet of paper; in few taps."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import phones
from tests.journeys.phones import Looker, Phone, Site
from wijkeconomie.web.journey import spoken

pytestmark = pytest.mark.journey
REVIEWS = json.loads(
    (Path(__file__).parent.parent / "fieldwork/reviews.json").read_text("utf-8")
)  # fmt: skip
GUIDE: dict[str, Any] = REVIEWS["guide"]
NEWER = GUIDE | {"questions": [{"name": "new", "kind": "text", "label": {"nl": "Iets nieuws?"}}]}
WORDS = "drie gewone woorden"


@pytest.fixture(scope="module")
def field_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with phones.site(tmp_path_factory.mktemp("street")) as made:
        yield made


@pytest.fixture
def phone(browser: Browser, field_site: Site) -> Iterator[Phone]:
    field_site.network.fault = lambda _method, _path: "none"
    made = Phone(browser, field_site)
    yield made
    made.close()
    assert made.wrong == []


def last(phone: Phone, columns: str) -> Any:
    """Of the conversation that arrived last."""
    joined = "journey_arrival a join journey_conversation c on c.id = a.id"
    (row,) = phone.site.rows(
        f"select {columns} from {joined} order by a.number desc limit 1"  # noqa: S608 -- ours
    )
    return row


def noted(phone: Phone) -> Any:
    """What was noted with it: themes, answers and the guide."""
    return json.loads(phone.site.opened(last(phone, "c.noted")[0], "journey_conversation.noted"))


def sent(phone: Phone) -> None:
    phone.press("Klaar: verstuur")
    phone.card()
    phone.press("De persoon heeft de code")
    phone.arrived(1)


COUNT = """() => {
    window.taps = 0;
    const tapped = (event) => (window.taps += event.isTrusted && event.detail ? 1 : 0);
    addEventListener("click", tapped, true);
}"""


def test_quick_capture_takes_six_taps_and_no_half_minute(phone: Phone) -> None:
    """Before there is a guide: consent, one note, who it was, done."""
    phone.ready()
    phone.page.evaluate(COUNT)
    began = time.monotonic()
    phone.press("Nieuw gesprek")
    for purpose in ("note", "quote"):
        phone.page.locator(f'input[name="{purpose}"][value="yes"]').click()
    phone.press("Ga verder")
    phone.page.keyboard.type("De huur is te hoog.")  # the note has the focus already
    phone.page.locator('input[name="giver_kind"][value="resident"]').click()
    phone.press("Klaar: verstuur")
    phone.card()
    assert time.monotonic() - began < 30
    assert phone.page.evaluate("() => window.taps") == 6
    phone.press("De persoon heeft de code")
    phone.arrived(1)


def test_what_was_not_chosen_is_no_answer(phone: Phone) -> None:
    """Who it was is chosen by a person, and who was not asked waits for no answer."""
    phone.ready()
    phone.press("Nieuw gesprek")
    phone.agree("note")
    phone.press("Ga verder")
    phone.page.locator("#talk-text").fill("De huur is te hoog.")
    phone.press("Klaar: verstuur")
    expect(phone.part("who-fault")).to_have_text("Kies wie het was.")
    phone.who("entrepreneur")
    phone.page.locator("#talk-buurt").select_option("Weversoord")
    phone.press("Klaar: verstuur")
    phone.card()
    phone.press("De persoon heeft de code")
    phone.arrived(1)
    *_, key = phone.site.told()
    of_giver = "select kind, buurt, wants_answer from journey_giver where id = '{}'"
    assert phone.site.rows(of_giver.format(key.replace("-", ""))) == [
        ("entrepreneur", "BU99010503", 0)
    ]


def test_a_first_pin_is_typed_twice(phone: Phone) -> None:
    """One slip of the finger would lock away what was not sent yet."""
    phone.page.goto(phone.site.url)
    phone.sign_in(to="/veld/")
    phone.page.goto(phone.site.field)
    expect(phone.view("pin")).to_be_visible()
    expect(phone.part("pin-forgot")).to_be_hidden()
    for field in ("#pin", "#pin-second"):
        phone.page.locator(field).fill("123456")
    phone.press("Open")
    expect(phone.part("pin-fault")).to_contain_text("Deze pincode probeert iedereen het eerst")
    phone.page.locator("#pin").fill("246810")
    phone.page.locator("#pin-second").fill("246811")
    phone.press("Open")
    expect(phone.part("pin-fault")).to_have_text(
        "De twee zijn niet gelijk. Er is nog niets gekozen. Typ de pincode opnieuw, twee keer."
    )
    phone.unlock()


def test_nothing_needs_a_pointer_that_hovers() -> None:
    """No rule of the field app waits for one: what only shows then is not there on a phone."""
    css = (Path(__file__).parent.parent.parent / "frontend/css/field.css").read_text("utf-8")
    assert ":hover" not in css


def saved(phone: Phone, folder: Path) -> Path:
    """The file that the phone makes of its first draft."""
    phone.press("Bewaar als bestand")
    phone.page.locator("#save-passphrase").fill("kort")
    phone.press("Bewaar het bestand")
    expect(phone.part("save-fault")).to_have_text("Kies een wachtzin van ten minste tien tekens.")
    phone.page.locator("#save-passphrase").fill(WORDS)
    with phone.page.expect_download() as made:
        phone.press("Bewaar het bestand")
    path = folder / made.value.suggested_filename
    made.value.save_as(path)
    return path


def read(phone: Phone, path: Path, words: str) -> None:
    phone.page.locator("#read-file").set_input_files(path)
    phone.page.locator("#read-passphrase").fill(words)
    phone.press("Lees het bestand in")


def test_a_file_is_read_on_another_device_by_its_passphrase_only(
    phone: Phone, browser: Browser, tmp_path: Path
) -> None:
    phone.ready()
    phone.begin("Kanarie in de kelder.")
    phone.press("Bewaar als concept")
    path = saved(phone, tmp_path)
    text = path.read_text("utf-8")
    assert text.startswith('{"format":"wijkeconomie-field-1",')
    assert "Kanarie" not in text
    expect(phone.part("list-draft").locator("li")).to_have_count(1)  # it stays here too
    other = Phone(browser, phone.site)
    try:
        other.ready()
        other.press("Lees een bestand in")
        read(other, path, "een andere zin")
        expect(other.part("read-fault")).to_contain_text("niet de wachtzin van het bestand")
        broken = tmp_path / "kapot.json"
        broken.write_text(text[:-200] + '"}}', "utf-8")
        read(other, broken, WORDS)
        expect(other.part("read-fault")).to_contain_text("geen bestand van de veldapp")
        read(other, path, WORDS)
        expect(other.part("state")).to_have_text(
            "Ingelezen: 1 nieuw op dit toestel, 0 stonden er al."
        )
        other.press("Lees een bestand in")
        read(other, path, WORDS)
        expect(other.part("state")).to_have_text(
            "Ingelezen: 0 nieuw op dit toestel, 1 stonden er al."
        )
        before = len(phone.site.told())
        for each in (other, phone):  # from both devices: one conversation
            each.press("Ga verder")
            expect(each.page.locator("#talk-text")).to_have_value("Kanarie in de kelder.")
            sent(each)
        assert len(phone.site.told()) == before + 1
        assert other.wrong == []
    finally:
        other.close()


MICROPHONE = """
    navigator.mediaDevices.getUserMedia = async () => {
        const context = new AudioContext(), tone = context.createOscillator();
        const to = context.createMediaStreamDestination();
        tone.connect(to);
        tone.start();
        return to.stream;
    };
"""


def test_a_voice_is_recorded_after_a_yes_follows_the_text_and_goes_with_the_yes(
    phone: Phone,
) -> None:
    phone.context.add_init_script(MICROPHONE)
    phone.ready()
    phone.begin("Zie de memo.")
    expect(phone.part("sounds")).to_be_hidden()  # nothing was said of it
    phone.press("Terug naar toestemming")
    phone.agree("audio")
    phone.press("Ga verder")
    phone.press("Neem een spraakmemo op")
    expect(phone.part("sounds")).to_contain_text("Er wordt opgenomen…")
    phone.page.wait_for_timeout(4000)  # past the first piece that is kept
    phone.press("Stop de opname")
    expect(phone.part("sounds").locator("li")).to_have_count(1)
    phone.site.network.fault = lambda _, path: "down" if "/memo/" in path else "none"
    sent(phone)
    expect(phone.part("list-arrived")).to_contain_text("Spraakmemo’s die nog volgen: 1")
    phone.killed()
    phone.site.network.fault = lambda _method, _path: "none"
    phone.press("Nu versturen")
    expect(phone.part("list-arrived")).to_contain_text("Spraakmemo’s aangekomen: 1")
    ((key, kind, size),) = phone.site.rows("select id, media_type, size from journey_recording")
    file = phone.site.folder / "recordings" / key[:2] / key
    assert (kind, len(phone.site.unsealed(file))) == ("audio/webm", size)
    (talk,) = last(phone, "c.id")
    phone.page.goto(f"{phone.site.url}/gesprek/{phones.UUID(talk)}/")
    phone.page.locator("audio").evaluate("(one) => one.play()")
    phone.page.wait_for_function("() => document.querySelector('audio').currentTime > 0.2")
    assert forbid(phone) == 302
    assert not file.exists()
    assert phone.site.rows("select id from journey_recording") == []


def forbid(phone: Phone) -> int:
    """The giver says no to the voice, with the card."""
    phone.open()
    phone.press("Toon het kaartje")
    code = phone.card()
    phone.page.goto(f"{phone.site.url}/mijn-bijdrage/#{code}")
    expect(phone.page.locator("#id_code")).to_have_value(code)
    phone.page.get_by_role("main").get_by_role("button").first.click()
    with phone.page.expect_response(lambda one: one.request.method == "POST") as answer:
        phone.page.locator('button[name="no"][value="audio"]').click()
    return answer.value.status


def test_without_a_recorder_there_is_no_button_and_no_question(phone: Phone) -> None:
    phone.context.add_init_script("delete window.MediaRecorder")
    phone.ready()
    phone.press("Nieuw gesprek")
    expect(phone.page.locator('input[name="note"]')).to_have_count(2)
    expect(phone.page.locator('input[name="audio"]')).to_have_count(0)


_SHEET = """
from wijkeconomie.web import wsgi
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey.actions import field
from wijkeconomie.web.journey.models import Journey
(sheet,) = field.make_sheets(by=User.objects.first(), journey=Journey.objects.get(), number=1)
print(access.sheet_of(sheet.pk), access.card_of(sheet.pk), sheet.pk.hex)
"""


def test_a_sheet_of_paper_is_typed_over_once_with_its_own_card_and_day(phone: Phone) -> None:
    made = subprocess.run(
        [sys.executable, "-c", _SHEET], check=True, capture_output=True, text=True
    )
    code, card, key = made.stdout.split()
    phone.ready()
    phone.press("Typ over van papier")
    for typed, fault in (("", "Vul de code van het blad in"), ("aaaaa aaaaa", "kennen geen blad")):
        phone.page.locator("#paper-sheet").fill(typed)
        phone.page.locator("#paper-day").fill("2026-03-02")
        phone.press("Ga verder")
        expect(phone.part("paper-fault")).to_contain_text(fault)
    phone.page.locator("#paper-sheet").fill(f"{code[:5]} {code[5:]}")
    phone.press("Ga verder")
    phone.agree("note")
    phone.press("Ga verder")
    phone.page.locator("#talk-text").fill("Van het blad.")
    phone.who()
    phone.press("Klaar: verstuur")
    assert phone.card() == card
    phone.press("De persoon heeft de code")
    phone.arrived(1)
    expect(phone.part("list-arrived")).to_contain_text("Overgetypt van papier")
    kept = last(phone, "c.id, c.from_paper, date(c.held_at)")
    assert kept == (key, 1, "2026-03-02")
    phone.press("Typ over van papier")
    phone.page.locator("#paper-sheet").fill(code)
    phone.page.locator("#paper-day").fill("2026-03-02")
    phone.press("Ga verder")
    expect(phone.part("paper-fault")).to_contain_text("al overgetypt")


# -- from here on there is a guide

SMALL = """() => {
    const view = document.querySelector("[data-view]:not([hidden])");
    const found = [...view.querySelectorAll("a, button, input, select, textarea, summary")];
    const sized = found.filter((one) => one.checkVisibility()).map((one) => {
        const { width, height } = (one.closest("label.big") ?? one).getBoundingClientRect();
        return [one.textContent.trim() || one.id, Math.round(width), Math.round(height)];
    });
    return sized.filter(([, wide, high]) => wide < 44 || high < 44);
}"""
WIDE = "() => document.documentElement.scrollWidth > innerWidth"
LARGE = "() => (document.documentElement.style.fontSize = '200%')"


def test_every_target_is_as_large_as_a_thumb_and_letters_grow_to_twice_their_size(
    phone: Phone, axe: str
) -> None:
    phone.site.guide(GUIDE)
    phone.ready()
    look = Looker(phone.page, axe)
    small: dict[str, Any] = {}

    def at(view: str) -> None:
        expect(phone.view(view.partition("-")[0])).to_be_visible()
        small[view] = phone.page.evaluate(SMALL)
        look.at(f"street-{view}")
        phone.page.evaluate(LARGE)
        if phone.page.evaluate(WIDE):
            small[f"{view} at 200 %"] = "too wide"
        phone.page.evaluate("() => (document.documentElement.style.fontSize = '')")

    at("start")
    for act, view in (("Lees een bestand in", "read"), ("Typ over van papier", "paper")):
        phone.press(act)
        at(view)
        phone.press("Terug")
    phone.press("Nieuw gesprek")
    phone.press("العربية")
    phone.agree("note", "quote", "photo", "audio")
    at("consent-ar")
    phone.press("Ga verder")
    phone.page.locator("#talk-text").fill("Bel 06-12345678.")
    phone.who()
    phone.page.locator('input[name="q-role"][value="owner"]').check(force=True)
    phone.press("Klaar: verstuur")
    expect(phone.part("guide-fault")).to_be_visible()
    at("talk-ar")
    phone.press("Bewaar als concept")
    phone.press("Bewaar als bestand")
    at("save")
    phone.press("Terug")
    phone.press("Iets op straat")
    at("sight")
    assert {view: found for view, found in small.items() if found} == {}
    assert look.wrong == {}


def test_a_guide_is_asked_in_the_language_of_the_person_and_says_what_is_wrong(
    phone: Phone,
) -> None:
    phone.site.guide(GUIDE)
    phone.ready()
    phone.press("Nieuw gesprek")
    own = phone.page.locator('fieldset:has(input[name="quote"]) legend')
    expect(own).to_have_text("Mag het in het plan?")  # of the guide, not ours
    phone.press("العربية")
    expect(own.locator("span > span")).to_have_text(GUIDE["consents"][0]["text"]["ar"])
    expect(own.locator("small")).to_have_text("Mag het in het plan?")  # for who reads no Arabic
    expect(phone.part("consent-title-dutch")).to_have_text("Mogen wij dit van u bewaren?")
    expect(phone.part("unchecked")).to_be_visible()
    expect(phone.part("unchecked-said")).to_have_text(spoken.with_card()["ar"]["unchecked"])
    phone.agree("note", "quote")
    phone.press("Ga verder")
    role = phone.page.locator('fieldset:has(input[name="q-role"])')
    expect(role.locator("legend span")).to_have_attribute("dir", "rtl")
    expect(role).to_contain_text(GUIDE["questions"][0]["hint"]["ar"])
    expect(role).to_contain_text("مالك")
    phone.page.locator("#talk-text").fill("Over de huur.")
    phone.who()
    phone.press("Klaar: verstuur")
    expect(phone.page.locator("#f-role")).to_have_text(
        "Hier is een antwoord nodig, of waarom het er niet is."
    )
    role.locator('label:has(input[value="owner"])').click()
    rent = phone.page.locator("#q-rent")
    for typed, fault in (
        ("negenhonderd", "Vul een heel getal in, zonder punt of komma."),
        ("0", "De huur is meer dan nul."),
    ):
        rent.fill(typed)
        rent.blur()
        expect(phone.page.locator("#f-rent")).to_have_text(fault)
    phone.press("Klaar: verstuur")
    expect(phone.view("talk")).to_be_visible()
    rent.fill("")
    phone.page.locator("#f-rent + details summary").click()
    phone.page.locator('label:has(input[name="w-rent"][value="declined"])').click()
    phone.page.locator("#q-area").fill("12,5")
    expect(phone.page.locator("#q-quoted")).to_be_visible()
    phone.press("De rest is niet gevraagd")
    sent(phone)
    kept, text = noted(phone), consent_text(phone)
    assert kept["answers"] == {"consent_quote_plan": "yes", "role": "owner", "area": "12.5"}
    assert kept["without"] == {"rent": "declined", "quoted": "not_asked", "front": "not_asked"}
    assert text == "winkel 3"


def consent_text(phone: Phone) -> str:
    ((version,),) = phone.site.rows(
        "select n.text_version from journey_consent n join journey_conversation c"
        " on c.giver_id = n.giver_id join journey_arrival a on a.id = c.id"
        " where n.purpose = 'quote' order by a.number desc limit 1"
    )
    return str(version)


def test_a_draft_keeps_the_guide_under_which_it_was_begun(phone: Phone) -> None:
    phone.site.guide(GUIDE)
    phone.ready()
    phone.begin("Over de huur.")
    phone.page.locator('label:has(input[name="q-role"][value="visitor"])').click()
    phone.page.wait_for_timeout(500)
    phone.site.guide(NEWER)
    for _ in range(2):  # the page that was kept, and then the newer one
        phone.killed()
        expect(phone.part("ready")).to_have_attribute("data-ready", "true")
        phone.page.wait_for_timeout(500)
    phone.press("Nieuw gesprek")
    phone.agree("note")
    phone.press("Ga verder")
    expect(phone.page.locator("#q-new")).to_be_visible()
    phone.press("Bewaar als concept")
    phone.part("list-draft").locator("li").first.get_by_role("button", name="Ga verder").click()
    expect(phone.page.locator('input[name="q-role"][value="visitor"]')).to_be_checked()
    expect(phone.page.locator("#q-new")).to_have_count(0)
    phone.page.locator("#q-quoted").fill("Zo is het.")
    sent(phone)
    kept = noted(phone)
    assert kept["answers"]["role"] == "visitor"
    versions = dict(phone.site.rows("select version, name from journey_guide"))
    assert len(versions) == 3  # and that of the example
    assert kept["guide"] in versions


def test_a_guide_is_made_on_a_page_of_360_pixels(phone: Phone, axe: str) -> None:
    page, look = phone.page, Looker(phone.page, axe)
    journey = phone.site.field.replace("/veld/", "/reis/")
    phone.sign_in(phones.PLANNER, f"{journey}leidraad/maken/")
    page.locator("#id_title").fill("Marktgesprek")
    page.locator('input[name="languages"][value="ar"]').check()
    with page.expect_navigation():  # it looks first whether somebody is signed in
        page.get_by_role("button", name="Toon de velden van deze talen").click()
    page.locator("#id_q0-label_nl").fill("Komt u hier vaak?")
    page.locator("#id_q0-label_ar").fill("هل تأتي إلى هنا كثيرًا؟")
    page.locator("#id_q0-kind").select_option("one")
    page.locator("#id_q0-choices_nl").fill("Elke week\nZelden")
    look.at("make-guide")
    with page.expect_navigation():  # it looks first whether somebody is signed in
        page.get_by_role("button", name="Voeg een vraag toe").click()
    page.locator("#id_q1-label_nl").fill("Waarom?")
    with page.expect_navigation():  # it looks first whether somebody is signed in
        page.locator('button[value="up-1"]').click()
    expect(page.locator("#id_q0-label_nl")).to_have_value("Waarom?")
    page.get_by_role("button", name="Bewaar en vraag voortaan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Marktgesprek")
    look.at("guide")
    page.get_by_role("link", name="العربية").click()
    expect(page.get_by_role("main")).to_contain_text("هل تأتي إلى هنا كثيرًا؟")
    page.get_by_role("link", name="Alle gespreksleidraden").click()
    expect(page.get_by_role("main")).to_contain_text("Wordt nu gevraagd")
    look.at("guides")
    page.goto(f"{journey}leidraad/")
    look.at("guide-import")
    assert look.wrong == {}


def _photo(phone: Phone) -> Any:
    phone.page.set_content("<h1>Winkel te huur</h1>")
    drawn = phone.page.screenshot(type="jpeg")
    return {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": drawn}


_DRAWN = """(canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((part, n) => n % 4 < 3 && part !== data[n % 4]);
}"""


def test_drafts_are_told_apart_by_their_first_words_and_a_photo_stands_small_beside_them(
    phone: Phone,
) -> None:
    photo = _photo(phone)
    phone.ready()
    phone.begin("  De huur is te hoog,\nen niemand die belt als ik wil weten waar ik aan toe ben.")
    phone.press("Bewaar als concept")
    phone.press("Iets op straat")
    phone.page.locator("#sight-place").fill("Kade 3")
    phone.page.locator("#sight-note").fill("Staat leeg.")
    phone.page.locator("#photo-sight").set_input_files(photo)
    small = phone.part("photos-sight").get_by_role("img", name="Foto 1")
    expect(small).to_have_count(1)
    assert small.evaluate(_DRAWN)
    phone.press("Bewaar als concept")
    phone.killed()
    drafts = phone.part("list-draft").locator("li")
    expect(drafts.locator("q")).to_have_text(
        ["De huur is te hoog, en niemand die belt als ik wil weten waa…", "Kade 3: Staat leeg."]
    )
    beside = drafts.nth(1).get_by_role("img", name="Foto 1")
    expect(beside).to_have_count(1)
    assert beside.evaluate(_DRAWN)
    assert phone.wrong == []


def test_nothing_of_first_words_is_on_the_page_before_the_pin(phone: Phone) -> None:
    phone.ready()
    phone.begin("Zwanhilde Kanariepiet zegt dat.")
    phone.press("Bewaar als concept")
    expect(phone.part("list-draft")).to_contain_text("Kanariepiet")
    phone.page.goto(phone.site.field)
    expect(phone.page.locator("html[data-field-ready]")).to_be_attached()
    assert "Kanariepiet" not in phone.page.content()


def test_what_waits_to_be_sent_shows_its_photo_until_it_arrived(phone: Phone) -> None:
    photo = _photo(phone)
    phone.ready()
    phone.site.network.fault = lambda method, _path: "down" if method == "POST" else "none"
    phone.press("Iets op straat")
    phone.page.locator("#sight-place").fill("Kade 3")
    phone.page.locator("#sight-note").fill("Staat leeg.")
    phone.page.locator("#photo-sight").set_input_files(photo)
    expect(phone.part("photos-sight").locator("li")).to_have_count(1)
    phone.press("Klaar: verstuur")
    phone.waiting(1)
    expect(phone.part("list-waiting").get_by_role("img", name="Foto 1")).to_have_count(1)
    phone.site.network.fault = lambda _method, _path: "none"
    phone.press("Nu versturen")
    expect(phone.part("list-arrived")).to_contain_text("Foto’s aangekomen: 1", timeout=20_000)
    assert phone.part("list-arrived").get_by_role("img").count() == 0


def test_a_question_for_a_photo_says_why_it_cannot_be_answered_and_leads_to_asking(
    phone: Phone,
) -> None:
    phone.site.guide(GUIDE)
    phone.ready()
    phone.begin("Over de huur.")
    guide = phone.part("guide")
    why = "Dit vraagt om een foto, en de persoon heeft geen ja gezegd op foto’s. Vraag dat eerst."
    expect(guide).to_contain_text(why)
    phone.press("Vraag toestemming voor foto’s")
    phone.agree("photo")
    phone.press("Ga verder")
    expect(phone.view("talk")).to_be_visible()
    expect(guide).not_to_contain_text(why)
    expect(guide).to_contain_text("Voeg de foto toe onder de vragen.")
    assert phone.page.locator("#talk-text").input_value() == "Over de huur."
    expect(phone.page.locator("#photo-talk")).to_be_visible()


def test_at_a_desk_a_question_that_is_not_asked_goes_away_and_comes_back(phone: Phone) -> None:
    phone.site.guide(GUIDE)
    address = phone.site.field.replace("/veld/", "/reis/") + "gesprek/"
    phone.sign_in(to=address)
    page = phone.page
    rent, quoted = page.locator("#id_q-rent"), page.locator("#id_q-quoted")
    expect(rent).to_be_hidden()
    page.locator('input[name="q-role"][value="owner"]').check()
    expect(rent).to_be_visible()
    rent.fill("900")
    page.locator('input[name="q-role"][value="visitor"]').check()
    expect(rent).to_be_hidden()
    page.locator('input[name="allows"][value="quote"]').check()
    expect(quoted).to_be_visible()
    page.get_by_role("button", name="العربية").click()
    expect(page.locator('legend[lang="ar"]').first).to_have_attribute("dir", "rtl")
    expect(page.locator('input[name="q-role"][value="visitor"]')).to_be_checked()
    expect(rent).to_be_hidden()
    assert rent.input_value() == "900"
    assert phone.wrong == []
