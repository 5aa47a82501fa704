# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The phone plays the same rules as the server: personal data and conditions, case by case."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import phones
from wijkeconomie.fieldwork import checks, condition, guide, personal

pytestmark = pytest.mark.journey
HERE = Path(__file__).parent
NOTES = tomllib.loads((HERE.parent / "fieldwork/notes.toml").read_text("utf-8"))
NUMBERS = {"phone", "email", "iban", "postcode", "bsn", "address"}


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def run(page: Page, module: str, expression: str, *given: Any) -> Any:
    """The value of *expression*, in which ``m`` is a module of the field app."""
    source = json.dumps(phones.inlined(module))
    return page.evaluate(
        "async ([given]) => { const m = await import(URL.createObjectURL(new Blob("
        f"[{source}], {{ type: 'text/javascript' }}))); return ({expression})(...given) }}",
        [list(given)],
    )


def plain_notes() -> list[str]:
    import re

    notes = [note for notes in NOTES.values() for note in notes]
    return [re.sub(r"\[\w+\|([^\]]*)\]", r"\1", note) for note in notes]


def test_numbers_are_found_on_the_phone_as_on_the_server(blank: Page) -> None:
    texts = plain_notes()
    found = run(
        blank, "personal.js",
        "(texts, rules) => texts.map((text) => m.find(text, rules).map("
        "({ kind, start, end }) => [kind, text.slice(start, end)]))",
        texts, personal.for_phone(),
    )  # fmt: skip
    here = [[one for one in spans if one[0] != "name"] for spans in found]
    there = [
        [[s.kind, text[s.start : s.end]] for s in personal.find(text) if _played(s, text)]
        for text in texts
    ]
    assert here == there
    assert sum(map(len, here)) > 20


def _played(span: personal.Span, text: str) -> bool:
    """Sure numbers, and a BSN of nine digits that nothing else claims."""
    digits = sum(sign.isdecimal() for sign in text[span.start : span.end])
    whole_bsn = span.kind == "bsn" and digits == 9
    return whole_bsn or (span.kind in NUMBERS - {"bsn"} and span.confidence == "sure")


def test_a_name_after_a_strong_cue_is_asked_about(blank: Page) -> None:
    found = run(
        blank, "personal.js",
        "(text, rules) => m.find(text, rules).map((one) => text.slice(one.start, one.end))",
        "Gesproken met mevrouw Jansen. Mijn naam is Fatima El Amrani. De heer was er niet.",
        personal.for_phone(),
    )  # fmt: skip
    assert found == ["Jansen", "Fatima El Amrani"]


CONDITIONS = json.loads((HERE.parent / "fieldwork/conditions.json").read_text("utf-8"))


def test_a_condition_means_on_the_phone_what_is_stated(blank: Page) -> None:
    cases = [(condition.parse(source).tree, answers) for source, answers, _ in CONDITIONS["cases"]]
    held = run(
        blank, "condition.js",
        "(cases, today) => cases.map(([tree, answers]) => m.holds(tree, answers, today))",
        cases, CONDITIONS["today"],
    )  # fmt: skip
    sources = [source for source, _answers, _holds in CONDITIONS["cases"]]
    stated = [holds for _source, _answers, holds in CONDITIONS["cases"]]
    assert dict(zip(sources, held, strict=True)) == dict(zip(sources, stated, strict=True))
    assert held == stated


REVIEWS = json.loads((HERE.parent / "fieldwork/reviews.json").read_text("utf-8"))


def test_what_is_wrong_with_answers_is_on_the_phone_what_is_stated(blank: Page) -> None:
    taken = guide.for_phone(checks.from_json(json.dumps(REVIEWS["guide"])))
    said = run(
        blank, "questions.js",
        "(guide, cases, day) => cases.map(([answers, without]) =>"
        " m.review(guide, answers, day, without).map(([name, code]) => `${code} ${name}`))",
        taken, REVIEWS["cases"], REVIEWS["today"],
    )  # fmt: skip
    assert said == [stated for _answers, _without, stated in REVIEWS["cases"]]


QUEUE = """async (lost) => {
    const answers = [...lost], store = {
        rows: ["a", "b", "c"].map((id) => ({ id, kind: "talk", state: "waiting", tries: 0 })),
        records: async () => store.rows,
        change: async (id, _states, fields) => {
            Object.assign(store.rows.find((one) => one.id === id), fields);
        },
    };
    const real = window.fetch;
    window.fetch = async (to, how = {}) => {
        if (how.method !== "POST") return new Response('{"token": "t"}');
        if (answers.shift()) throw new TypeError("lost");
        return new Response(JSON.stringify({ key: JSON.parse(how.body).key, number: 1 }));
    };
    const vault = { unseal: async () => ({ sent: {} }) }, attached = { next: async () => null };
    const parts = { store, vault, attached, journey: "j", base: "/", said: () => null };
    const sending = new m.Sending(parts), tries = [];
    while (answers.length) {
        await sending.round();
        clearTimeout(sending.timer);
        tries.push(sending.tries);
    }
    window.fetch = real;
    return [tries, store.rows.map((one) => one.state)];
}"""


def test_the_pause_grows_only_while_nothing_gets_through(blank: Page) -> None:
    """Twice lost; then one arrives and the next is lost: as short a pause as at first."""
    tries, states = run(blank, "sending.js", QUEUE, [True, True, False, True, False, False])
    assert (tries, states) == ([1, 2, 1, 0], ["arrived"] * 3)
