# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Speed of a large journey for twenty people at once: board, thread and search.

Each of twenty connections asks again as soon as it has its answer: more than twenty readers do.
Both sides have two workers, for a site that twenty people use has one for each core.  A line counts
answers per hundred of an empty Django view in the same run; the 95th percentile of the wait, which
is to stay below 300 ms, stands beside it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.faces import ROOT, Line, connected, served, whole_answer

PEOPLE, SECONDS, ROUNDS, GOAL = 20, 2.0, 3, 0.5
SHARED = ("--workers", "2", "--blocking-threads", "4")
EMPTY = "tests.bench.empty_site:application"
SITE = "wijkeconomie.web.wsgi:application"
PAGES = {
    "board of 5,000 coded quotes": (SITE, "beside"),
    "thread of a plan with 200 lines": (SITE, "thread"),
    "search in 5,000 conversations": ("tests.bench.search_site:application", "search"),
}


@dataclass(frozen=True, slots=True)
class Load:
    """Answers a second, and the 95th percentile of the wait in milliseconds."""

    rate: float
    slow: float


def load(port: int, path: str, cookies: str, seconds: float = SECONDS) -> Load:
    """What twenty people get who ask without a pause."""
    waits: list[float] = []
    begun = time.perf_counter()

    def ask(_person: int) -> None:
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n".encode()
        with connected(port) as line:
            while (asked := time.perf_counter()) < begun + seconds:
                line.sendall(head)
                whole_answer(line)
                waits.append(time.perf_counter() - asked)

    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(ask, range(PEOPLE)))
    slow = sorted(waits)[int(0.95 * len(waits))]
    return Load(len(waits) / (time.perf_counter() - begun), 1000 * slow)


def lines() -> Iterator[Line]:
    """A line for each page, every round of it between rounds of the empty view."""
    with tempfile.TemporaryDirectory() as folder:
        made = _filled(Path(folder))
        cookies = "; ".join(f"{name}={value}" for name, value in made["cookies"].items())
        with served(EMPTY, Path(folder), *SHARED) as empty:
            for name, (target, page) in PAGES.items():
                with served(target, Path(folder), *SHARED, WIJKECONOMIE_SECOND_STEP="") as ours:
                    yield _line(name, ours, made["pages"][page], cookies, empty)


def _line(name: str, ours: int, path: str, cookies: str, empty: int) -> Line:
    load(ours, path, cookies, 1.0), load(empty, "/", "", 1.0)
    rounds = [(load(ours, path, cookies), load(empty, "/", "")) for _ in range(ROUNDS)]
    slow, least = (statistics.median(one[side].slow for one in rounds) for side in (0, 1))
    rate = statistics.median(other.rate for _, other in rounds)
    said = f"{name}: p95 {slow:.0f} ms at {PEOPLE} people; of an empty view {least:.1f} ms"
    said += f", {rate:.0f} a second"
    print(f"# {said}", file=sys.stderr, flush=True)
    ratio = statistics.median(100 * mine.rate / other.rate for mine, other in rounds)
    return f"{name}, per 100 empty views", ratio, GOAL


def _filled(folder: Path) -> dict[str, Any]:
    """The large journey in a data folder: made by a process of its own, for Django has one."""
    command = [sys.executable, ROOT / "tests/bench/large.py", folder]
    paths = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    made: dict[str, Any] = json.loads(done.stdout)
    return made
