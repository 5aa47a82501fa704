# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many conversations on phones whose own queue, ``frontend/js/field/sending.js``, sends them: one
key each, again until there is a receipt, and "arrived" only with one."""

from __future__ import annotations

import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from itertools import count
from threading import Lock
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import UUID, uuid4

from playwright.sync_api import Browser

from tests.journeys import faulty, phones
from tests.journeys.phones import Site

DROPPED = 0.3  # of the answers
PHONES, AT_ONCE = 4, 50
TRIES = 100  # of one of those at once; by chance it never comes near
MODULES = ("account", "store", "vault", "attached", "sending")

# What the field page does with what was noted: sealed in the store of the device, in the queue.
NOTE = """async ([sources, texts, journey, base]) => {
    const parts = {};
    for (const [name, source] of Object.entries(sources)) {
        const file = new Blob([source], { type: "text/javascript" });
        parts[name] = await import(URL.createObjectURL(file));
    }
    const store = new parts.store.Store(await parts.store.open());
    const [vault] = await parts.vault.Vault.make("246810");
    const attached = new parts.attached.Attached({ store, vault, journey });
    const account = new parts.account.Account({ store, changed: () => null });
    const more = { allows: ["note"], giver_kind: "resident", kind: "street", language: "nl" };
    for (const [made, text] of texts.entries()) {
        const sealed = await vault.seal({ sent: { text, ...more }, card: {} });
        const open = { id: crypto.randomUUID(), journey, kind: "talk", state: "waiting", tries: 0 };
        await store.put("records", { ...open, rev: 1, made, at: new Date().toISOString(), sealed });
    }
    const said = () => null;
    const own = { store, vault, attached, account, journey, base, said };
    const sending = new parts.sending.Sending(own);
    const waits = async () => (await store.records(journey)).some((one) => one.state === "waiting");
    window.all = async () => {  // as who presses "send now" each time that it pauses
        while (await waits()) await sending.now();
        const sealed = await store.records(journey);
        const read = async ({ id, state, receipt, sealed }) =>
            [id, state, receipt?.number ?? 0, (await vault.unseal(sealed)).sent.text];
        return Promise.all(sealed.map(read));
    };
}"""

# A phone that takes another key for each try.
FRESH = """() => {
    const real = window.fetch;
    window.fetch = async (to, how) => {
        if (how?.method !== "POST") return real(to, how);
        const sent = JSON.parse(how.body);
        const body = JSON.stringify({ ...sent, key: crypto.randomUUID() });
        const answer = await real(to, { ...how, body });
        const told = { ...(await answer.json()), key: sent.key };
        return new Response(JSON.stringify(told), { status: answer.status });
    };
}"""


class Sender:
    """A phone of a field worker, with conversations in its queue."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.site, self.context = site, browser.new_context(locale="nl-NL", bypass_csp=True)
        self.page = self.context.new_page()
        self.page.goto(f"{site.url}/inloggen/?next=/reizen/")
        self.page.locator("#id_login").fill(phones.WORKER)
        self.page.locator("#id_password").fill(site.password)
        self.page.get_by_role("main").get_by_role("button").first.click()
        self.page.wait_for_url(lambda url: "inloggen" not in url)

    def note(self, texts: list[str]) -> None:
        """Put conversations in the queue."""
        base = self.site.field.removeprefix(self.site.url)
        sources = {name: phones.inlined(f"{name}.js") for name in MODULES}
        self.page.evaluate(NOTE, [sources, texts, base.split("/")[-2], base])

    def begin(self) -> None:
        """Send, while the other phones do too."""
        self.page.evaluate("() => { window.done = window.all() }")

    def acknowledged(self) -> dict[str, str]:
        """The texts of which the phone has a receipt, by their key, once all were sent."""
        rows = self.page.evaluate("() => window.done")
        return {UUID(key).hex: text for key, state, number, text in rows
                if state == "arrived" and number > 0}  # fmt: skip

    def shown(self) -> int:
        """How many people the page of givers names."""
        givers = self.site.field.replace("/veld/", "/reis/") + "gevers/?pagina="
        named: set[str] = set()
        for number in count(1):
            page = self.page.request.get(f"{givers}{number}").text()
            more = set(re.findall(r"Bewoner-\d+", page))
            if more <= named:  # beyond the last page is the first
                return len(named)
            named |= more
        raise AssertionError

    def at_once(self) -> int:
        """How many numbers one conversation gets that is sent many times in the same moment:
        faster than any one browser asks."""
        token = self.page.request.get(f"{self.site.field}klaar/").json()["token"]
        cookies = "; ".join(f"{c['name']}={c['value']}" for c in self.context.cookies())
        now = datetime.now(UTC).isoformat()
        content = {"text": "Eens.", "allows": ["note"], "giver_kind": "resident", "kind": "street",
                   "language": "nl"}  # fmt: skip
        body = json.dumps({"key": str(uuid4()), "at": now, "now": now, "content": content})
        headers = {"Content-Type": "application/json", "X-CSRFToken": token, "Cookie": cookies,
                   "Referer": self.site.field}  # fmt: skip

        def post(_turn: int) -> int:
            request = Request(f"{self.site.field}gesprekken/", body.encode(), headers)
            for _ in range(TRIES):
                try:
                    with urlopen(request, timeout=60) as answer:
                        return int(json.load(answer)["number"])
                except HTTPError as error:
                    if error.code not in (429, 503):
                        raise
                except (OSError, HTTPException):  # so many at once that some get no line
                    continue
            raise TimeoutError

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return len(set(pool.map(post, range(AT_ONCE))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The ledger."""

    said: int
    acknowledged: int
    received: int
    shown: int
    lost: int  # said and not there; there and not said; twice
    dropped: int
    posts: int
    at_once: int  # conversations that one key sent fifty times in the same moment gave


def play(browser: Browser, site: Site, many: int, *, same_key: bool = True) -> Sent:
    """*many* conversations by several phones; without *same_key* each try has a key of its own."""
    senders, before = [Sender(browser, site) for _ in range(PHONES)], set(site.told())
    seen, luck, lock, dropped = senders[0].shown(), random.Random(30), Lock(), 0

    def fault(method: str, _path: str) -> faulty.Fault:
        nonlocal dropped
        with lock:
            loses = method == "POST" and luck.random() < DROPPED
            dropped += loses
        return "lost" if loses else "none"

    for number, one in enumerate(senders):
        one.note([f"Verhaal {at} 🚲\n" for at in range(number, many, PHONES)])
        if not same_key:
            one.page.evaluate(FRESH)
    site.network.posts.clear()
    site.network.fault = fault
    for one in senders:
        one.begin()
    acknowledged = {key: text for one in senders for key, text in one.acknowledged().items()}
    site.network.fault = lambda _method, _path: "none"
    posts = len(site.network.posts)
    told = {key: text for key, text in site.told().items() if key not in before}
    shown = senders[0].shown() - seen
    numbers = senders[0].at_once()
    more = len(site.told()) - len(told) - len(before)
    for one in senders:
        one.context.close()
    return Sent(
        said=many, acknowledged=len(acknowledged), received=len(told), shown=shown,
        lost=len(told.items() ^ acknowledged.items()) + abs(shown - many), dropped=dropped,
        posts=posts, at_once=more + numbers - 1,
    )  # fmt: skip
