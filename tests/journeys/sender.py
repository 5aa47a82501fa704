# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many conversations sent by the rules of ``frontend/js/field/sending.js``, without a browser: one
key each, again until there is a receipt, and "arrived" only with one."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPException
from http.cookiejar import CookieJar
from itertools import count
from threading import Lock
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import uuid4

from tests.journeys import faulty, phones
from tests.journeys.phones import Site

DROPPED = 0.3  # of the answers
PHONES, AT_ONCE = 4, 50
TRIES = 200  # of one conversation; by chance it never comes near


class LaterError(Exception):
    """No answer, or none of ours: try again."""


class Sender:
    """A phone of a field worker, as far as sending goes."""

    def __init__(self, site: Site) -> None:
        self.site, self._token, self.posts = site, "", 0
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self._sign_in()

    def _sign_in(self) -> None:
        page = f"{self.site.url}/inloggen/"
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self._open(page).decode())
        assert found is not None
        given = {"csrfmiddlewaretoken": found[1], "login": phones.WORKER,
                 "password": self.site.password}  # fmt: skip
        self._open(Request(page, urlencode(given).encode(), {"Referer": page}))

    def _open(self, request: str | Request) -> bytes:
        with self._opener.open(request, timeout=60) as answer:
            return bytes(answer.read())

    def _ask(self, request: str | Request) -> Any:
        try:
            return json.loads(self._open(request))
        except HTTPError as error:
            if error.code in (429, *range(500, 600)):
                raise LaterError from error
            raise
        except (OSError, HTTPException, ValueError) as error:
            raise LaterError from error

    def post(self, key: str, text: str) -> int:
        """The number on the receipt.  Raises LaterError."""
        self._token = self._token or self._ask(f"{self.site.field}klaar/")["token"]
        content = {"text": text, "allows": ["note"], "giver_kind": "resident", "kind": "street",
                   "language": "nl"}  # fmt: skip
        now = datetime.now(UTC).isoformat()
        body = json.dumps({"key": key, "at": now, "now": now, "content": content}).encode()
        headers = {"Content-Type": "application/json", "X-CSRFToken": self._token,
                   "Referer": self.site.field}  # fmt: skip
        self.posts += 1
        try:
            answer = self._ask(Request(f"{self.site.field}gesprekken/", body, headers))
        except LaterError:
            self._token = ""  # a new round asks anew
            raise
        if answer.get("key") != key:
            raise LaterError
        return int(answer["number"])

    def send(self, text: str, key: Callable[[], str]) -> tuple[str, int]:
        """Again and again, until there is a receipt."""
        for _ in range(TRIES):
            used = key()
            try:
                return used.replace("-", ""), self.post(used, text)
            except LaterError:
                continue
        raise TimeoutError(text)

    def shown(self) -> int:
        """How many people the page of givers names."""
        givers = self.site.field.replace("/veld/", "/reis/") + "gevers/?pagina="
        named: set[str] = set()
        for number in count(1):
            more = set(re.findall(r"Bewoner-\d+", self._open(f"{givers}{number}").decode()))
            if more <= named:  # beyond the last page is the first
                return len(named)
            named |= more
        raise AssertionError


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


def play(site: Site, many: int, *, same_key: bool = True) -> Sent:
    """*many* conversations by several phones; without *same_key* each try has a key of its own."""
    senders, before = [Sender(site) for _ in range(PHONES)], set(site.told())
    seen, luck, lock, dropped = senders[0].shown(), random.Random(30), Lock(), 0

    def fault(method: str, _path: str) -> faulty.Fault:
        nonlocal dropped
        with lock:
            loses = method == "POST" and luck.random() < DROPPED
            dropped += loses
        return "lost" if loses else "none"

    def day(number: int) -> dict[str, str]:
        kept = {}
        for at in range(number, many, PHONES):
            text, own = f"Verhaal {at} 🚲\n", str(uuid4())
            key, _ = senders[number].send(text, partial(str, own) if same_key else _fresh)
            kept[key] = text
        return kept

    site.network.fault = fault
    with ThreadPoolExecutor(PHONES) as pool:
        acknowledged = {
            key: text for kept in pool.map(day, range(PHONES)) for key, text in kept.items()
        }
    site.network.fault = lambda _method, _path: "none"
    told = {key: text for key, text in site.told().items() if key not in before}
    shown = senders[0].shown() - seen
    lost = len(told.items() ^ acknowledged.items()) + abs(shown - many)
    return Sent(
        said=many, acknowledged=len(acknowledged), received=len(told), shown=shown, lost=lost,
        dropped=dropped, posts=sum(one.posts for one in senders), at_once=_at_once(senders, site),
    )  # fmt: skip


def _fresh() -> str:
    return str(uuid4())


def _at_once(senders: list[Sender], site: Site) -> int:
    key, before = str(uuid4()), len(site.told())
    with ThreadPoolExecutor(AT_ONCE) as pool:
        numbers = set(pool.map(lambda n: senders[n % PHONES].send("Eens.", lambda: key)[1],
                               range(AT_ONCE)))  # fmt: skip
    return len(site.told()) - before + len(numbers) - 1
