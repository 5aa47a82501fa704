# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many who register for a job market with three wishes and take a seat at a talk, over HTTP, before
the server that users run with two workers, on PostgreSQL; half-way a worker and then the database
are killed.  Everybody sends the same form again until it is answered.

``python -m tests.faults.fair rush VISITORS``, ``peak VISITORS`` (ten times the arrivals of a real
fair: EMF 2016, 365 of 1,497 in one hour, which is 490 of 2,000) or ``twin PEOPLE`` prints what
happened, as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from tests.faults.shop import WORKERS, Answer, Visitor, _grab, unguarded
from tools import run_tests
from wijkeconomie.figures import build, demo

WITHIN = 60.0  # seconds in which all of them come
AN_HOUR = 4900  # at ten times the peak
HANDS = 100  # at once
STANDS, TALKS, SEATS = 20, 8, 40
AGAIN, PAUSE = 120, 0.5  # so often somebody sends the same form, so many seconds apart
Keys = dict[int, UUID]


@contextmanager
def installed() -> Iterator[tuple[str, str]]:
    """The address of a site, and that of its database."""
    with tempfile.TemporaryDirectory() as name, run_tests.postgres() as url:
        build.load(Path(name), demo.tables())
        os.environ |= {
            "DATABASE_URL": url, "WIJKECONOMIE_DATA": name, "WIJKECONOMIE_PROXIES": "1",
            "WIJKECONOMIE_WORDS_KEY": "", "DJANGO_SETTINGS_MODULE": "wijkeconomie.web.settings",
            "GRANIAN_RESPAWN_FAILED_WORKERS": "true", "GRANIAN_RESPAWN_INTERVAL": "1",
        }  # fmt: skip
        from tests.journeys.conftest import served
        from wijkeconomie.web import wsgi

        wsgi.migrate()
        with served(Path(name), WORKERS) as site:
            yield site, url


def planted() -> tuple[Any, list[Any]]:
    """A market of tomorrow with stands, and talks with too few seats."""
    from django.utils import timezone

    from tests.web.accounts.persons import someone
    from tests.web.acting import fairs
    from wijkeconomie.web.accounts.models import Role
    from wijkeconomie.web.acting.instruments import job_market as fair

    by = someone("marktmeester", Role.AREA_MANAGER)
    tomorrow = timezone.localdate() + timedelta(days=1)
    market = fairs.a_fair(by, tomorrow, opens="10:00", closes="15:00")
    for n in range(STANDS):
        fairs.a_stand(by, market, f"Stand {n}")
    begins = fair.moments(market)[0][0]
    slots = [fair.add_talk(by=by, market=market, key=uuid4(), title=f"Praatje {n}", story="",
                           where="Zaal", begins=begins, minutes=20, seats=SEATS)
             for n in range(TALKS)]  # fmt: skip
    return market, slots


def again(visitor: Visitor, path: str, **data: Any) -> tuple[Answer | None, list[float]]:
    """Send the same until it is answered; how long each answer took."""
    took = []
    for _ in range(AGAIN):
        with suppress(OSError, HTTPException):
            found = visitor.post(path, **data)
            took.append(found.seconds)
            if found.status < 500:
                return found, took
        time.sleep(PAUSE)
    return None, took


def looked(visitor: Visitor, path: str) -> None:
    for _ in range(AGAIN):
        with suppress(OSError, HTTPException):
            if visitor.look(path).status == 200:
                return
        time.sleep(PAUSE)


def comes(
    site: str, number: int, market: Any, stands: list[str], slots: list[Any], *, key: UUID
) -> tuple[bool, int, list[float]]:
    """One visitor: whether the registration was confirmed, with which status the seat was answered,
    and how long the answers took."""
    visitor = Visitor(site, number)
    path = f"/banenmarkt/{market.pk}/aanmelden/"
    looked(visitor, path)
    wishes = {f"wish_{n}": stands[(number * 7 + 3 * n) % len(stands)] for n in (1, 2, 3)}
    done, took = again(visitor, path, key=key, name=f"Bezoeker {number}", since="10:00",
                       until="15:00", most=3, language="nl",
                       phone=f"06{number:08d}", **wishes)  # fmt: skip
    if done is None or done.status != 302:
        return False, 0, took
    seat, more = again(visitor, urlsplit(done.location).path, slot=slots[number % len(slots)].pk)
    return True, seat.status if seat else 0, took + more


def _children(of: int) -> list[int]:
    """Of all its threads."""
    found = []
    for one in Path(f"/proc/{of}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in one.read_text().split()]
    return found


def _workers() -> list[int]:
    """Processes of the site that answer: of those that we started."""
    found = [worker for server in _children(os.getpid()) for worker in _children(server)]
    return [one for one in found if b"granian" in Path(f"/proc/{one}/cmdline").read_bytes()]


def _kill_worker() -> None:
    os.kill(_workers()[0], signal.SIGKILL)


def _kill_database(url: str) -> None:
    """The whole of it, and start it again as it lies there."""
    home = Path(parse_qs(urlsplit(url).query)["host"][0])
    data = home / "d"
    master = int((data / "postmaster.pid").read_text().split()[0])
    for one in (master, *_children(master)):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    time.sleep(1)
    programs = run_tests._programs()
    assert programs
    start = [*run_tests._not_root(home), programs / "pg_ctl", "-D", data, "-l", home / "log", "-o",
             f"-k {home} -c listen_addresses='' -c fsync=off", "-w", "start"]  # fmt: skip
    for _ in range(20):
        done = subprocess.run([str(one) for one in start], check=False, cwd="/",
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        if not done.returncode:
            return
        time.sleep(0.5)


def drill(visitors: int, within: float, *, kill: bool) -> dict[str, Any]:
    """*visitors* come within so many seconds.  Lost: one who was confirmed and is not there, or
    twice; a seat too many; somebody at two places at once; one who was never answered."""
    with installed() as (site, url):
        market, slots = planted()
        from wijkeconomie.web.acting.instruments import job_market as fair

        stands = [one.pk.hex for one in fair.stands(market)]
        keys: Keys = {n: uuid4() for n in range(visitors)}
        began = time.monotonic()

        def one(number: int) -> tuple[bool, int, list[float]]:
            time.sleep(max(0.0, number / visitors * within - (time.monotonic() - began)))
            return comes(site, number, market, stands, slots, key=keys[number])

        killer = Thread(target=_killed, args=(url, within), daemon=True)
        if kill:
            killer.start()
        with ThreadPoolExecutor(HANDS) as people:
            found = list(people.map(one, range(visitors)))
        seconds = time.monotonic() - began
        if kill:
            killer.join()
        return _judged(market, slots, keys, found, seconds)


def _killed(url: str, within: float) -> None:
    time.sleep(within / 3)
    _kill_worker()
    time.sleep(within / 3)
    _kill_database(url)


def _judged(
    market: Any, slots: list[Any], keys: Keys, found: list[tuple[bool, int, list[float]]],
    seconds: float,
) -> dict[str, Any]:  # fmt: skip
    from django.db import connection

    from wijkeconomie.web.acting.instruments import job_market as fair
    from wijkeconomie.web.acting.instruments.job_market import planning
    from wijkeconomie.web.acting.models import STANDS as STANDING
    from wijkeconomie.web.acting.models import Booking

    connection.close()  # that of before the database was killed
    there = set(fair.visitors(market).values_list("pk", flat=True))
    confirmed = {keys[n] for n, (registered, _seat, _took) in enumerate(found) if registered}
    began = time.monotonic()
    kept = planning.keep(by=market.made_by, market=market, stamp=planning.look(market).stamp)
    planned = time.monotonic() - began
    every = list(Booking.objects.filter(slot__listing__within=market).select_related("slot"))
    has = Counter((one.party_id, one.slot_id) for one in every)
    seated = [one for one in every if one.state in STANDING]
    at_once = Counter((one.party_id, one.starts_at) for one in seated)
    full = Counter(one.slot_id for one in seated)
    over = sum(full[one.slot_id] > one.slot.seats for one in seated)
    answered = {keys[n] for n, (_r, seat, _took) in enumerate(found) if seat == 302}
    of_talks = {one.case_id for one in every if one.slot_id in {slot.pk for slot in slots}}
    took = sorted(one for _r, _s, each_ in found for one in each_)
    told = {
        "missing": len(confirmed - there), "too_many": len(there - set(keys.values())),
        "unanswered": len(keys) - len(confirmed), "seat_missing": len(answered - of_talks),
        "double": sum(n > 1 for n in has.values()) + sum(n > 1 for n in at_once.values()),
        "overbooked": over,
    }  # fmt: skip
    return {"tried": len(keys), "lost": sum(told.values()), **told, "seats": len(seated),
            "planned": kept, "plan_s": round(planned, 2), "seconds": round(seconds, 1),
            "p50_ms": round(1000 * took[len(took) // 2]),
            "p90_ms": round(1000 * took[int(len(took) * 0.9)]),
            "p95_ms": round(1000 * took[int(len(took) * 0.95)])}  # fmt: skip


def rush(visitors: int) -> dict[str, Any]:
    """All within a minute, with a worker and the database killed half-way."""
    return drill(visitors, WITHIN, kill=True)


def peak(visitors: int) -> dict[str, Any]:
    """As fast as they come at ten times the peak of a real fair; nothing is killed."""
    return drill(visitors, 3600 * visitors / AN_HOUR, kill=False)


def twin(people: int) -> dict[str, Any]:
    """Without the guard of the database, at one seat: more than one has it."""
    with installed():
        market, slots = planted()
        from tests.web.acting import fairs

        cases = [fairs.a_visit(market, f"Bezoeker {n}") for n in range(people)]
        with unguarded():
            doubled = 0
            for slot in slots:
                slot.seats = 1
                slot.save(update_fields=("seats",))
                _grab(cases, slot)
                doubled += slot.bookings.filter(state="confirmed").count() > 1
    return {"tried": len(slots), "lost": int(doubled == 0), "twin_doubled": doubled}


if __name__ == "__main__":
    told_ = {"rush": rush, "peak": peak, "twin": twin}[sys.argv[1]]
    print(json.dumps(told_(int(sys.argv[2]))))
