# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the site is served from a process of ours."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import granian
import pytest
from django.db import OperationalError
from granian.constants import HTTPModes, Interfaces

from wijkeconomie.figures import build, demo
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.release import Release
from wijkeconomie.web import wsgi
from wijkeconomie.web.accounts.models import Cleaning
from wijkeconomie.web.acting import booking, letters
from wijkeconomie.web.acting.instruments import contact_point
from wijkeconomie.web.acting.instruments.fund import arrears
from wijkeconomie.web.acting.instruments.initiatives import agenda
from wijkeconomie.web.acting.instruments.local_brand import sales
from wijkeconomie.web.context import UNREAD
from wijkeconomie.web.journey import seed

Made = TypeVar("Made")


class Server:
    """Keeps what it was asked to be, and serves nobody."""

    given: dict[str, Any]
    target: str

    def __init__(self, target: str, **given: Any) -> None:
        type(self).given, type(self).target = given, target

    def on_startup(self, ready: Any) -> None:
        ready()

    def serve(self) -> None:
        pass


def test_who_connects_and_sends_little_or_nothing_is_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The time is for all headers together; in the mode for HTTP/2 too, silence has no end."""
    monkeypatch.setattr(granian, "Granian", Server)
    monkeypatch.setattr(wsgi, "call_command", lambda *_, **__: None)
    monkeypatch.setattr(wsgi.multiprocessing, "set_start_method", lambda *_, **__: None)
    monkeypatch.setattr(wsgi, "take_back_again", lambda: 0)
    monkeypatch.setattr(wsgi, "keep_shipped_trades", lambda: None)
    monkeypatch.setattr(wsgi, "gather_statistics", lambda: None)
    monkeypatch.setattr(wsgi.settings, "CLEANS", False)
    started: list[bool] = []
    wsgi.serve(host="127.0.0.1", port=0, workers=1, ready=lambda: started.append(True))
    assert started == [True]
    assert Server.given["interface"] is Interfaces.ASGINL
    assert wsgi.front is getattr(wsgi, Server.target.partition(":")[2])
    assert Server.given["http"] is HTTPModes.http1
    assert 5_000 <= Server.given["http1_settings"].header_read_timeout <= 30_000


@pytest.mark.django_db
def test_each_day_it_is_cleaned_once_and_what_was_taken_back_is_taken_back_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(wsgi, "take_back_again", lambda: asked.append("again"))
    monkeypatch.setattr(wsgi.connection, "close", lambda: None)
    for _ in range(2):
        wsgi.clean_today()
    assert (asked, Cleaning.objects.count()) == (["again"] * 2, 1)


def test_a_database_that_can_only_be_read_keeps_its_statistics_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    class ReadOnly:
        vendor = "sqlite"

        def cursor(self) -> ReadOnly:
            asked.append("cursor")
            raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(wsgi, "connection", ReadOnly())
    wsgi.gather_statistics()
    assert asked == ["cursor"]


def test_a_cleaning_that_goes_wrong_is_told_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(wsgi, "take_back_again", full)
    wsgi.clean_today()
    assert [one.name for one in caplog.records] == ["wijkeconomie.cleaning"]


@pytest.mark.parametrize("cleans", [True, False])
def test_serve_cleans_by_itself_unless_it_was_told_not_to(
    monkeypatch: pytest.MonkeyPatch, cleans: bool
) -> None:
    begun: list[str] = []

    class Quiet(Thread):
        def start(self) -> None:
            begun.append(self.name)

    monkeypatch.setattr(granian, "Granian", Server)
    monkeypatch.setattr(wsgi, "migrate", lambda: None)
    monkeypatch.setattr(wsgi, "Thread", Quiet)
    monkeypatch.setattr(wsgi.settings, "CLEANS", cleans)
    monkeypatch.setattr(wsgi.multiprocessing, "set_start_method", lambda *_, **__: None)
    wsgi.serve(host="127.0.0.1", port=0, workers=1, ready=lambda: None)
    assert begun == [*(["cleaning"] if cleans else []), "working"]


def test_work_that_goes_wrong_is_told_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(_now: object) -> None:
        raise OSError(28, "No space left on device")

    went: list[object] = []
    monkeypatch.setattr(booking, "lapse_all", full)
    acts = ((contact_point, "remind"), (arrears, "remind"), (letters, "send_all"),
            (sales, "lapse"), (agenda, "go_on"))  # fmt: skip
    for module, name in acts:
        monkeypatch.setattr(module, name, went.append)
    monkeypatch.setattr(wsgi.connection, "close", lambda: None)
    wsgi.work_now()
    assert [one.name for one in caplog.records] == ["wijkeconomie.working"]
    assert len(went) == len(acts)  # the others went on


def test_a_database_that_can_only_be_read_is_said(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was up to date, so that only making ready the example wrote to it."""

    def readonly(**_given: str) -> None:
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(seed, "open_doors", readonly)
    with pytest.raises(Refusal, match="Grant yourself write access to the folder with figures"):
        wsgi.example()


# -- what is sent is taken in before a thread is asked for


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    """Says why a body did not come in, or gives it back."""
    unread = environ.get(UNREAD, "")
    start("408 Slow" if unread else "200 OK", [("X-Length", environ["CONTENT_LENGTH"])])
    return [unread.encode(), environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))]


Piece = tuple[float, bytes]  # seconds of waiting, and what comes then


def scope(*headers: tuple[bytes, bytes], path: bytes = b"/", method: str = "POST") -> Any:
    return {
        "type": "http", "method": method, "path": path.decode("latin-1"), "raw_path": path,
        "query_string": b"a=1", "http_version": "1.1", "scheme": "http", "headers": [*headers],
        "server": ("127.0.0.1", 80), "client": ("192.0.2.7", 1),
    }  # fmt: skip


LENGTH = (b"content-length", b"9")


def _run(asked: Coroutine[Any, Any, Made]) -> Made:
    """In a thread of its own: a test in a browser leaves its loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asked).result()


async def ask(front: wsgi.Front, asked: Any, *pieces: Piece, leaves: bool = False) -> list[Any]:
    """What the front sends for a body that comes in so."""
    left, sent = list(pieces), []

    async def receive() -> Any:
        if not left:
            return {"type": "http.disconnect"} if leaves else await asyncio.sleep(3600)
        pause, body = left.pop(0)
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": body, "more_body": leaves or bool(left)}

    async def send(message: Any) -> None:
        sent.append(message)

    await front(asked, receive, send)
    return sent


def answer(asked: Any, *pieces: Piece, **how: Any) -> tuple[int, bytes] | None:
    sent = _run(ask(wsgi.Front(echo, 1), asked, *pieces, **how))
    return (sent[0]["status"], sent[1]["body"]) if sent else None


def test_a_body_comes_in_whole_in_whatever_pieces() -> None:
    assert answer(scope(LENGTH), (0, b"abc"), (0, b""), (0.01, b"defghi")) == (200, b"abcdefghi")
    chunked = scope((b"transfer-encoding", b"chunked"))
    assert answer(chunked, (0, b"abc"), (0, b"def")) == (200, b"abcdef")
    assert answer(scope()) == (200, b"")


def test_who_sends_too_slowly_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that go on coming are not enough: a piece has to be whole in time."""
    monkeypatch.setattr(wsgi, "PATIENCE", 0.2)
    drip = [(0.05, b"x")] * 9
    assert answer(scope(LENGTH), *drip) == (408, b"body_slow")
    monkeypatch.setattr(wsgi, "PIECE", 2)
    assert answer(scope(LENGTH), *drip) == (200, b"x" * 9)


def test_the_slowest_phone_brings_its_photo_in_and_a_byte_every_three_seconds_does_not() -> None:
    gprs, drip = 4_000, 1 / 3  # bytes a second
    assert drip < wsgi.PIECE / wsgi.PATIENCE < gprs / 2


def test_what_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wsgi, "MOST", 8)
    assert answer(scope(LENGTH)) == (408, b"body_large")
    chunked = scope((b"transfer-encoding", b"chunked"))
    assert answer(chunked, (0, b"12345"), (0, b"6789")) == (408, b"body_large")
    assert answer(chunked, (0, b"12345"), (0, b"678")) == (200, b"12345678")


def test_who_leaves_is_not_answered() -> None:
    assert answer(scope(LENGTH), (0, b"abc"), leaves=True) is None


def test_of_large_files_only_so_many_are_taken_in_at_once_and_small_ones_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wsgi, "SMALL", 3)
    monkeypatch.setattr(wsgi, "MANY_LARGE", 2)
    front = wsgi.Front(echo, 1)

    async def all_at_once() -> list[Any]:
        large = [ask(front, scope(LENGTH), (0, b"1234"), (0.1, b"56789")) for _ in range(3)]
        return await asyncio.gather(*large, ask(front, scope(LENGTH), (0, b"123"), (0.1, b"")))

    sent = _run(all_at_once())
    assert sorted(one[1]["body"] for one in sent) == [b"123", *[b"123456789"] * 2, b"body_busy"]
    assert front._large == 0


def test_a_request_is_what_the_protocol_says_and_no_header_passes_for_another() -> None:
    seen: dict[str, Any] = {}

    def keep(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        seen.update(environ)
        start("200 OK", [])
        return []

    asked = scope(
        (b"host", b"x.example"), (b"x_forwarded_for", b"10.0.0.1"), (b"cookie", b"a=1"),
        (b"cookie", b"b=2"), (b"x-forwarded-for", b"192.0.2.1"), (b"accept", b"a"),
        (b"x-forwarded-for", b"192.0.2.2"), (b"content-type", b"text/plain"),
        path=b"/gebied/%C3%A9%ff/", method="GET",
    )  # fmt: skip
    _run(ask(wsgi.Front(keep, 1), asked))
    told = {name: seen[name] for name in (
        "REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "REMOTE_ADDR", "HTTP_COOKIE", "HTTP_HOST",
        "HTTP_X_FORWARDED_FOR", "CONTENT_TYPE", "CONTENT_LENGTH",
    )}  # fmt: skip
    assert told == {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/gebied/\xc3\xa9\xff/", "QUERY_STRING": "a=1",
        "REMOTE_ADDR": "192.0.2.7", "HTTP_COOKIE": "a=1;b=2", "HTTP_HOST": "x.example",
        "HTTP_X_FORWARDED_FOR": "192.0.2.1,192.0.2.2", "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "0",
    }  # fmt: skip


# -- the same before the real server


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("slow")
    build.load(folder, demo.tables())
    return folder


@contextmanager
def served(folder: Path, *how: str) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(sys.executable).with_name("granian"))
    command = [program, *how, "--http", "1", "--log-level", "error", "--port", str(port)]
    own = os.environ | {"WIJKECONOMIE_DATA": str(folder)}
    with subprocess.Popen(command, env=own, start_new_session=True) as server:
        try:
            until = time.monotonic() + 60
            while read(port, 5) is None and time.monotonic() < until:
                time.sleep(0.1)
            yield port
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # its workers too: they outlive their parent


def read(port: int, seconds: float) -> bytes | None:
    """The status of a page that anybody reads; None if it does not come in time."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=seconds) as line:
            line.sendall(b"GET /over/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return line.recv(12)
    except OSError:
        return None


def hang(port: int, many: int, stack: ExitStack) -> list[socket.socket]:
    """So many senders who began with a body and go no further."""
    lines = [
        stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
        for _ in range(many)
    ]
    for line in lines:
        cookie = b"Cookie: csrftoken=" + b"a" * 32
        kind = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000"
        head = (b"POST /inloggen/ HTTP/1.1", b"Host: localhost", cookie, kind, b"", b"a")
        line.sendall(b"\r\n".join(head))
    time.sleep(0.5)
    return lines


_QUICK = """
from wijkeconomie.web import wsgi
wsgi.PATIENCE = 3.0
front = wsgi.front
"""


def test_slow_senders_keep_no_reader_waiting_and_are_told(
    figures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "quick.py").write_text(_QUICK)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with served(figures, "--interface", "asginl", "quick:front") as port, ExitStack() as stack:
        lines = hang(port, 4 * wsgi.THREADS, stack)
        assert [read(port, 2) for _ in range(5)] == [b"HTTP/1.1 200"] * 5
        said = [line.recv(4000) for line in lines]
        assert {one[:12] for one in said} == {b"HTTP/1.1 408"}
        assert all(b"connection: close" in one for one in said)


def test_twin_where_a_thread_takes_the_body_in_slow_senders_stop_the_site(figures: Path) -> None:
    threads = ("--interface", "wsgi", "--blocking-threads", str(wsgi.THREADS))
    with served(figures, *threads, "wijkeconomie.web.wsgi:application") as port:
        assert read(port, 2) == b"HTTP/1.1 200"
        with ExitStack() as stack:
            hang(port, wsgi.THREADS + 2, stack)
            assert read(port, 2) is None


def _read(front: wsgi.Front, path: bytes) -> tuple[int, bytes]:
    sent = _run(ask(front, scope(path=path, method="GET")))
    return sent[0]["status"], sent[1]["body"]


def test_what_lies_ready_is_given_where_all_threads_compute(release: Release) -> None:
    front = wsgi.Front(wsgi.application, 1)
    first = _read(front, b"/gebied/WK990101/")
    front._threads.submit(time.sleep, 3.0)
    begun = time.perf_counter()
    assert _read(front, b"/gebied/WK990101/") == first
    assert time.perf_counter() - begun < 1.0
    assert first[0] == 200


def test_without_that_it_waits_for_a_thread(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    monkeypatch.setattr(wsgi, "_ready", lambda *_: None)
    front = wsgi.Front(wsgi.application, 1)
    _read(front, b"/gebied/WK990101/")
    front._threads.submit(time.sleep, 0.5)
    begun = time.perf_counter()
    _read(front, b"/gebied/WK990101/")
    assert time.perf_counter() - begun > 0.4


_WORKER = """
import os, sys
class Witness:
    def __del__(self, write=os.write):
        write(2, b"taken down")
sys.witness = Witness()
"""


@pytest.mark.parametrize(
    ("work", "said"), [("import wijkeconomie.web.wsgi", b""), ("", b"taken down")]
)
def test_a_worker_leaves_without_taking_the_interpreter_down(work: str, said: bytes) -> None:
    """The twin is any other process: threads that still run then abort it, in words of Rust."""
    script = f"""
import multiprocessing
worker = multiprocessing.get_context("spawn").Process(target=exec, args=({_WORKER + work!r},))
worker.start()
worker.join()
raise SystemExit(worker.exitcode)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, said)
