# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many at one day of a shared shop, and many who cancel while many wait: over HTTP, before the
server that users run with two workers, on PostgreSQL.

``python -m tests.faults.shop shop_day ROUNDS`` or ``cancel_storm PEOPLE`` prints what happened, as
JSON.  A process of its own, because Django keeps to one database.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from tools.run_tests import postgres
from wijkeconomie.figures import build, demo
from wijkeconomie.figures.refusal import Refusal

PEOPLE, WORKERS, HANDS = 50, 2, 50
TIRED = 30.0  # seconds in which each answer comes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody got: where it leads, what it says, in how many seconds."""

    status: int
    location: str
    text: str
    seconds: float


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser of their own: an address on the network, a token against forgery."""

    site: str
    number: int
    token: str = ""
    cookie: str = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, "")

    def look(self, path: str) -> Answer:
        """A page with a form, of which the token is kept."""
        found = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', found.text)
        self.token = token[1] if token else ""
        return found

    def post(self, path: str, **data: Any) -> Answer:
        return self._ask("POST", path, urlencode(data | {"csrfmiddlewaretoken": self.token}))

    def _ask(self, method: str, path: str, body: str) -> Answer:
        server = HTTPConnection(urlsplit(self.site).netloc, timeout=TIRED)
        headers = {
            "X-Forwarded-For": f"10.0.{self.number // 250}.{self.number % 250 + 1}",
            "Cookie": self.cookie, "Origin": self.site,
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        began = time.monotonic()
        server.request(method, path, body or None, headers)
        got = server.getresponse()
        text = got.read().decode()
        if set_to := got.getheader("Set-Cookie"):
            self.cookie = set_to.partition(";")[0]
        server.close()
        return Answer(status=got.status, location=got.getheader("Location") or "", text=text,
                      seconds=time.monotonic() - began)  # fmt: skip


@contextmanager
def installed() -> Iterator[str]:
    """The address of a site with a database of its own, ready to be planted in."""
    with tempfile.TemporaryDirectory() as name, postgres() as url:
        build.load(Path(name), demo.tables())
        os.environ |= {
            "DATABASE_URL": url, "WIJKECONOMIE_DATA": name, "WIJKECONOMIE_PROXIES": "1",
            "WIJKECONOMIE_WORDS_KEY": "", "DJANGO_SETTINGS_MODULE": "wijkeconomie.web.settings",
        }  # fmt: skip
        from tests.journeys.conftest import served
        from wijkeconomie.web import wsgi

        wsgi.migrate()
        with served(Path(name), WORKERS) as site:
            yield site


def shop(days: int, seats: int = 1) -> Any:
    """A shop of which the days were divided, with so many dates that nobody has: its slots."""
    from django.utils import timezone

    from tests.web.accounts.persons import municipality, someone
    from wijkeconomie.web.accounts.models import Role
    from wijkeconomie.web.acting import actions, booking
    from wijkeconomie.web.acting.instruments import shop as shops
    from wijkeconomie.web.acting.models import Listing

    by, today = someone("opener", Role.AREA_MANAGER), timezone.localdate()
    more = {"shops": seats, "open_on": ["ma"], "opens": "10:00:00", "closes": "17:00:00",
            "told_on": today.isoformat(), "first": today.isoformat(), "weeks": 1, "starters": 0,
            **actions.lottery()}  # fmt: skip
    made = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=shops.SHOP,
                         area="WK990101", title="Winkel", more=more)  # fmt: skip
    Listing.objects.filter(pk=made.pk).update(state="applying")
    first = timezone.now() + timedelta(days=1)
    times = [(first + timedelta(days=n), first + timedelta(days=n, hours=7)) for n in range(days)]
    return booking.open_slots(by=by, listing=made, times=times, seats=seats)


def wishes(listing: Any, many: int) -> list[Any]:
    """So many who asked for a day and have none."""
    from wijkeconomie.web.acting import actions
    from wijkeconomie.web.acting.instruments import shop as shops
    from wijkeconomie.web.acting.models import Case, Listing

    made = []
    for n in range(many):
        asker = actions.Asker(kind="organisation", name=f"Zaak {n}")
        more = {"wishes": ["ma"], "shown": f"Zaak {n}", "seasons": 0, "starter": False}
        said = actions.Question(about="other", text="Iets", channel="web", asker=asker, more=more)
        made.append(shops.wish(listing=listing, key=uuid4(), question=said))
    Case.objects.filter(pk__in=[one.pk for one in made]).update(state="unplaced")
    Listing.objects.filter(pk=listing.pk).update(state="season")
    return made


def each(act: Callable[[Any], Any], things: list[Any]) -> list[Any]:
    with ThreadPoolExecutor(HANDS) as people:
        return list(people.map(act, things))


@contextmanager
def unguarded() -> Iterator[None]:
    """Without the constraint that gives a seat once (the page holds the day besides)."""
    from django.db import connection

    from wijkeconomie.web.acting.models import Booking

    guard = next(one for one in Booking._meta.constraints if one.name == "booking_seat_once")
    with connection.schema_editor() as schema:
        schema.remove_constraint(Booking, guard)
    yield


def shop_day(rounds: int, people: int = PEOPLE) -> dict[str, Any]:
    """*people* at one day, so often.  Lost: a round of which not exactly one has the day, an answer
    that was an error, a loser who did not read what is free."""
    with installed() as site:
        slots = shop(days=2 * rounds + 3)
        asked = wishes(slots[0].listing, people)
        paths = _pages(asked)
        visitors = [Visitor(site, n) for n in range(people)]
        each(lambda n: visitors[n].look(paths[n]), list(range(people)))
        told = Counter[str]()
        took: list[float] = []
        for slot in slots[:rounds]:
            answers = _press(visitors, paths, slot)
            took += [one.seconds for one in answers]
            _judged(told, answers, visitors, slot)
        with unguarded():
            for slot in slots[rounds : 2 * rounds]:
                _grab(asked, slot)
                told["twin_doubled"] += slot.bookings.filter(state="confirmed").count() > 1
    lost = told["not_one"] + told["errors"] + told["not_told"] + (told["twin_doubled"] == 0)
    took.sort()
    return {"tried": rounds, "lost": lost, "people": people, "errors": told["errors"],
            "not_one": told["not_one"], "not_told": told["not_told"],
            "twin_doubled": told["twin_doubled"], "p50_ms": round(1000 * took[len(took) // 2]),
            "p95_ms": round(1000 * took[int(len(took) * 0.95)])}  # fmt: skip


def _grab(cases: list[Any], slot: Any) -> None:
    """All take it at once by the act alone: without the lock of the page, too."""
    from django.db import connection

    from wijkeconomie.web.acting import booking

    ready = Barrier(len(cases))

    def grab(case: Any) -> None:
        wish = booking.Wish(key=uuid4(), party=case.party, case=case)
        ready.wait()
        with suppress(Refusal):
            booking.book(slot=slot, wish=wish)
        connection.close()

    each(grab, cases)


def _pages(cases: list[Any]) -> list[str]:
    from wijkeconomie.web.acting import access

    return [access.page_of(one) for one in cases]


def _press(visitors: list[Visitor], paths: list[str], slot: Any) -> list[Answer]:
    """All press "take this day" at once."""
    ready = Barrier(len(visitors))

    def press(number: int) -> Answer:
        ready.wait()
        return visitors[number].post(f"{paths[number]}nemen/", slot=slot.pk)

    return each(press, list(range(len(visitors))))


def _judged(told: Counter[str], answers: list[Answer], visitors: list[Visitor], slot: Any) -> None:
    has = slot.bookings.filter(state="confirmed").count()
    told["not_one"] += has != 1 or slot.bookings.count() != 1
    told["errors"] += sum(one.status >= 500 for one in answers)
    lost = [(visitor, one) for visitor, one in zip(visitors, answers, strict=True)
            if one.location.endswith("?dag=weg")]  # fmt: skip
    told["not_one"] += len(lost) != len(answers) - 1

    def reads(pair: tuple[Visitor, Answer]) -> bool:
        page = pair[0].get(pair[1].location)
        return page.status == 200 and "Neem deze dag" in page.text and "Iemand anders" in page.text

    told["not_told"] += sum(not one for one in each(reads, lost))


def cancel_storm(people: int) -> dict[str, Any]:
    """*people* cancel while as many wait.  Lost: somebody offered a seat before who came first, a
    seat that nobody has, one that two have, an answer that was an error."""
    with installed() as site:
        from wijkeconomie.web.acting.models import Booking

        (slot,) = shop(days=1, seats=people)
        had, waits = _filled(slot, people)
        paths = _pages([one.case for one in had])
        visitors = [Visitor(site, n) for n in range(people)]
        each(lambda n: visitors[n].look(paths[n]), list(range(people)))
        began = time.monotonic()
        half = people // 2
        answers = each(lambda n: _cancel(visitors[n], had[n]), list(range(half)))
        offered = slot.bookings.filter(state="offered").order_by("turn")
        wrong = list(offered.values_list("pk", flat=True)) != [one.pk for one in waits[:half]]
        answers += each(lambda n: _cancel(visitors[n], had[n]), list(range(half, people)))
        seconds = time.monotonic() - began
        wrong += list(offered.values_list("pk", flat=True)) != [one.pk for one in waits]
        seats = sorted(offered.values_list("seat", flat=True))
        errors = sum(one.status >= 400 for one in answers)
        states = Counter(Booking.objects.values_list("state", flat=True))
    lost = int(wrong) + errors + (seats != list(range(1, people + 1)))
    return {"tried": people, "lost": lost, "errors": errors, "order_kept": not wrong,
            "seats": len(set(seats)), "states": dict(states),
            "a_second": round(people / seconds)}  # fmt: skip


def _filled(slot: Any, people: int) -> tuple[list[Any], list[Any]]:
    from wijkeconomie.web.acting import booking

    cases = wishes(slot.listing, 2 * people)
    wish = [booking.Wish(key=uuid4(), party=one.party, case=one) for one in cases]
    had = [booking.book(slot=slot, wish=one) for one in wish[:people]]
    return had, [booking.wait(slot=slot, wish=one) for one in wish[people:]]


def _cancel(visitor: Visitor, one: Any) -> Answer:
    from django.urls import reverse

    from wijkeconomie.web.acting import access

    address = reverse("settle_booking", args=[access.link(one.case)])
    return visitor.post(address, booking=one.pk, cancel="1")


if __name__ == "__main__":
    drill = {"shop_day": shop_day, "cancel_storm": cancel_storm}[sys.argv[1]]
    print(json.dumps(drill(int(sys.argv[2]))))
