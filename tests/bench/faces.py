# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Speed of what people meet: a neighbourhood page, and the command line's first answer."""

from __future__ import annotations

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wijkeconomie.figures import build, demo

Line = tuple[str, float, float]
ROOT = Path(__file__).parent.parent.parent
CONNECTIONS, SECONDS, ROUNDS = 4, 2.0, 3


@contextmanager
def served(target: str, data: Path, *how: str, **settings: str) -> Iterator[int]:
    """A port on which granian serves *target*, with one worker unless told *how* else, and
    *settings* of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    granian = Path(sys.executable).parent / "granian"
    quiet = ["--no-access-log", "--log-level", "error"]
    at = [
        "--interface",
        "asginl" if target.endswith(":front") else "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command = [granian, *at, *quiet, *how, target]
    paths = f"{ROOT}{os.pathsep}{ROOT / 'src'}"
    environment = os.environ | {"WIJKECONOMIE_DATA": str(data), "PYTHONPATH": paths} | settings
    with subprocess.Popen(command, env=environment) as server:
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/"):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not start")


def rate(port: int, path: str, seconds: float = SECONDS) -> float:
    """Answers a second over four kept-alive connections, every answer read whole."""
    stop = time.perf_counter() + seconds
    counts = [0] * CONNECTIONS

    def ask(place: int) -> None:
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        with connected(port) as line:
            while time.perf_counter() < stop:
                line.sendall(head)
                counts[place] += whole_answer(line)

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(CONNECTIONS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begun)


def connected(port: int) -> socket.socket:
    """A connection that stays open."""
    return socket.create_connection(("127.0.0.1", port))


def whole_answer(line: socket.socket) -> int:
    """Read one answer to its end: 1.  AssertionError for any but 200."""
    answer = line.recv(65536)
    while b"\r\n\r\n" not in answer:
        answer += line.recv(65536)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise AssertionError(answer[:200])
    head, _, body = answer.partition(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    if found is None:
        raise AssertionError(head)
    missing = int(found[1]) - len(body)
    while missing > 0:
        missing -= len(line.recv(1 << 18))
    return 1


def bench_page() -> Line:
    """One neighbourhood page, complete, against an empty Django view under the same server."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        release = build.load(data, demo.tables())
        code = release.areas("buurt", demo.GEMEENTE)[0].code
        page = f"/gebied/{code}/"
        with (
            served("wijkeconomie.web.wsgi:front", data) as ours,  # as it is served to everyone
            served("tests.bench.empty_site:application", data) as empty,
        ):
            rate(ours, page, 1.0), rate(empty, "/", 1.0)
            rounds = [rate(ours, page) / rate(empty, "/") for _ in range(ROUNDS)]
    return "neighbourhood page, of an empty view", statistics.median(rounds), 0.3


def bench_help() -> Line:
    """``wijkeconomie --help``: the goal's 0.3 s against the median of seven runs."""
    command = [Path(sys.executable).parent / "wijkeconomie", "--help"]
    took = []
    for _ in range(7):
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        took.append(time.perf_counter() - begun)
    return "--help, times as quick as 0.3 s", 0.3 / statistics.median(took), 1.0
