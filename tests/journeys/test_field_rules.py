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


def on_the_phone(blank: Page, texts: list[str]) -> list[list[tuple[str, str]]]:
    """What it warns of in each text."""
    found = run(
        blank, "personal.js",
        "(texts, rules) => texts.map((text) => m.find(text, rules).map("
        "({ kind, start, end }) => [kind, text.slice(start, end)]))",
        texts, personal.for_phone(),
    )  # fmt: skip
    return [[(kind, words) for kind, words in spans] for spans in found]


def at_a_desk(texts: list[str]) -> list[list[tuple[str, str]]]:
    return [[(s.kind, text[s.start : s.end]) for s in personal.telling(text)] for text in texts]


def test_a_phone_warns_of_what_a_desk_warns_of(blank: Page) -> None:
    """All numbers, dates and addresses alike; of the names three in four to the letter, for it has
    no dictionary and plays no weak cue, and hardly one more."""
    texts = plain_notes()
    here, there = on_the_phone(blank, texts), at_a_desk(texts)
    assert [of(spans, names=False) for spans in here] == [of(s, names=False) for s in there]
    assert sum(len(of(spans, names=False)) for spans in here) > 30
    names = [(set(of(h, names=True)), set(of(t, names=True)))
             for h, t in zip(here, there, strict=True)]  # fmt: skip
    both = sum(len(h & t) for h, t in names)
    assert both >= 0.75 * sum(len(t) for _h, t in names)
    assert both >= 0.85 * sum(len(h) for h, _t in names)


def of(spans: list[tuple[str, str]], *, names: bool) -> list[tuple[str, str]]:
    return [one for one in spans if (one[0] == "name") is names]


def test_a_name_is_asked_about_after_a_strong_cue_and_where_a_list_has_it(blank: Page) -> None:
    texts = [
        "Gesproken met mevrouw Jansen. Mijn naam is Fatima El Amrani. De heer was er niet.",
        "Bel Jan de Vries. Bakkerij Jansen is dicht. Ik woon op Van Nassaustraat 3.",
        "Roos en bloem, in mei. Ik sprak YUSUF en Yusuf Demir.",
    ]
    said = [["Jansen", "Fatima El Amrani"], ["Jan de Vries", "Van Nassaustraat 3"],
            ["Yusuf Demir"]]  # fmt: skip
    here, there = on_the_phone(blank, texts), at_a_desk(texts)
    assert [[words for _kind, words in spans] for spans in here] == said
    assert here == there


def test_a_pin_that_anybody_tries_first_is_easy(blank: Page) -> None:
    pins = ["111111", "123456", "654321", "456789", "890123", "000000000000",
            "246810", "112233", "123457", "121212"]  # fmt: skip
    easy = run(blank, "vault.js", "(pins) => pins.filter((pin) => m.easy(pin))", pins)
    assert easy == pins[:6]


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
            return Object.assign(store.rows.find((one) => one.id === id), fields);
        },
    };
    const real = window.fetch;
    window.fetch = async (to, how = {}) => {
        if (how.method !== "POST") return new Response('{"token": "t"}');
        if (answers.shift()) throw new TypeError("lost");
        return new Response(JSON.stringify({ key: JSON.parse(how.body).key, number: 1 }));
    };
    const vault = { unseal: async () => ({ sent: {} }) }, attached = { next: async () => null };
    const account = { key: "k", theirs: () => false, met: async () => null };
    const parts = { store, vault, attached, account, journey: "j", base: "/", said: () => null };
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
