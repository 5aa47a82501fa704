# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The site: ``application`` for any WSGI server behind a proxy that takes in what is sent, and
``front`` for ASGI, which takes it in itself; ``wijkeconomie serve`` serves that from this process.

Decision 0023: a thread waits for no sender.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import multiprocessing
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from threading import Thread
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from wijkeconomie.figures.refusal import Refusal, WrongUse

THREADS = 4  # a worker; Python computes in one at a time, and of eight the last waits half longer

HEADERS = 20_000  # ms for all headers of a request together, however slowly they trickle in

# A photo of 2 MB over the slowest network that a phone still calls one (GPRS, some 4 kB/s) gets in;
# who sends a byte every three seconds does not.
PIECE, PATIENCE = 30_000, 30.0  # bytes of a body that are to come within so many seconds
MOST = 101 * 2**20  # bytes of a body: the largest file that a page takes, and the form around it
SMALL, MANY_LARGE = 3 * 2**20, 4  # of larger ones not more than so many at once: they lie on disk
_IN_MEMORY = 2**18
FIRST_CLEANING, BETWEEN_CLEANINGS, BETWEEN_WORK = 60.0, 3600.0, 300.0  # seconds

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wijkeconomie.web.settings")
application = get_wsgi_application()

from wijkeconomie.web.accounts.models import EXAMPLE, Role  # noqa: E402 -- models need Django's setup
from wijkeconomie.web.acting.vocabulary import keep_shipped_trades  # noqa: E402
from wijkeconomie.web.cache import NOT_KEPT, ONLY_KEPT  # noqa: E402
from wijkeconomie.web.context import UNREAD, current_release  # noqa: E402
from wijkeconomie.web.journey.actions.listening import take_back_again  # noqa: E402

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class Front:
    """ASGI before a WSGI application: it asks for one of the *threads* when the body is whole.

    However many send slowly, they take no thread from who reads.  A body that does not come in is
    refused by the application itself, in words: see ``UNREAD``.
    """

    def __init__(self, application: Wsgi, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, "request")
        self._large = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        with SpooledTemporaryFile(_IN_MEMORY) as body:
            unread = await self._take_in(scope, receive, body)
            if unread is None:
                return
            if unread:  # half a body would be read as a whole one
                body.seek(0)
                body.truncate()
            environ = _environ(scope, body) | ({UNREAD: unread} if unread else {})
            made = None if unread else _ready(self._application, environ)
            if made is None:
                loop, app = asyncio.get_running_loop(), self._application
                made = await loop.run_in_executor(self._threads, _answered, app, environ)
            status, headers, content = made
        if unread:
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _take_in(self, scope: Message, receive: Receive, body: IO[bytes]) -> str | None:
        """Write the body; the code of a refusal if it does not come in, None if its sender left."""
        sent = dict(scope["headers"])
        length = sent.get(b"content-length", b"0")
        if length == b"0" and b"transfer-encoding" not in sent:
            return ""
        if length.isdigit() and int(length) > MOST:
            return "body_large"
        large = False
        try:
            async for size in _pieces(receive, body):
                if size > MOST:
                    return "body_large"
                if size > SMALL and not large:
                    if self._large >= MANY_LARGE:
                        return "body_busy"
                    self._large, large = self._large + 1, True
        except TimeoutError:
            return "body_slow"
        except ConnectionError:
            return None
        finally:
            self._large -= large
        return ""


async def _pieces(receive: Receive, body: IO[bytes]) -> AsyncIterator[int]:
    """How much was written to *body*, after each piece.

    Raises TimeoutError for a sender who is too slow, ConnectionError for one who left.
    """
    size, told, until = 0, 0, time.monotonic() + PATIENCE
    more = True
    while more:
        message = await asyncio.wait_for(receive(), max(until - time.monotonic(), 0.0))
        if message["type"] != "http.request":
            raise ConnectionError
        size += body.write(message.get("body", b""))
        if size - told >= PIECE:
            told, until = size, time.monotonic() + PATIENCE
        more = message.get("more_body", False)
        yield size


def _environ(scope: Message, body: IO[bytes]) -> dict[str, Any]:
    """What WSGI calls a request (PEP 3333).  A header with an underscore would pass for another one
    (``X_Forwarded_For``) and is left out."""
    length = body.tell()
    body.seek(0)
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    asked = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.get("raw_path") or scope["path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0], "SERVER_PORT": str(server[1]), "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0), "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body, "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    for name, value in scope["headers"]:
        if b"_" not in name:
            key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
            said, sign = value.decode("latin-1"), ";" if name == b"cookie" else ","
            asked[key] = f"{asked[key]}{sign}{said}" if key in asked else said
    asked["CONTENT_TYPE"] = asked.pop("HTTP_CONTENT_TYPE", "")
    asked["CONTENT_LENGTH"] = str(length)
    asked.pop("HTTP_CONTENT_LENGTH", None)
    return asked


def _ready(application: Wsgi, request: dict[str, Any]) -> Answer | None:
    """What lies ready is given here and now, also where all threads compute."""
    if request["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    asked = request | {ONLY_KEPT: True}
    found = _answered(application, asked)
    return found if asked[ONLY_KEPT] is not NOT_KEPT and found[0] < HTTPStatus.BAD_REQUEST else None


def _answered(application: Wsgi, environ: dict[str, Any]) -> Answer:
    """The whole answer: who reads it slowly holds no thread either."""
    started: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        started[:] = status, headers

    content = application(environ, start)
    try:
        body = b"".join(content)
    finally:
        if hasattr(content, "close"):
            content.close()
    status, headers = started
    told = [(name.lower().encode("latin-1"), said.encode("latin-1")) for name, said in headers]
    return int(status[:3]), told, body


front = Front(application, THREADS)

if multiprocessing.parent_process() is not None:
    # A worker that has done its work just leaves.  Before Python 3.14 a thread of a Rust library
    # that asks for the interpreter while it is taken down aborts the process, with words about a
    # panic on the screen (python/cpython#87135).
    atexit.register(os._exit, 0)


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise Refusal("database_unusable", reason=str(error)) from error


@_usable()
def migrate() -> None:
    """Bring the database up to date; also with what givers took back since it was backed up."""
    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    take_back_again()
    keep_shipped_trades()
    gather_statistics()


def gather_statistics() -> None:
    """How its rows lie, for a database without a service of its own that looks: SQLite read every
    conversation of a journey where the keys of a hundred were asked for.  1,000 rows of an index
    tell enough.  A folder that can only be read stays as it is."""
    if connection.vendor == "sqlite":
        with suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=1000")
            cursor.execute("ANALYZE")


@_usable()  # it may be up to date, and stand in a folder that can only be read
def example() -> tuple[str, str, str] | None:
    """E-mail and password to look around with, and the code on a giver's card, where the figures
    are invented; None elsewhere."""
    from wijkeconomie.web.accounts.models import User  # noqa: PLC0415 -- only after Django's setup
    from wijkeconomie.web.acting import apps  # noqa: PLC0415 -- the same
    from wijkeconomie.web.journey import seed  # noqa: PLC0415 -- the same

    release = current_release()
    if not release.fictional:
        seed.close_doors()
        return None
    first = release.areas("gemeente")[0]
    seed.open_doors(code=first.code, name=first.name)
    boss = User.objects.get(email=f"{seed.PEOPLE[Role.AREA_MANAGER]}@{EXAMPLE}")
    apps.tell(code=first.code, by=boss)
    return f"{seed.PEOPLE[Role.AREA_MANAGER]}@{EXAMPLE}", seed.password(), seed.card()


def serve(*, host: str, port: int, workers: int, ready: Callable[[], None]) -> None:
    """Bring the database up to date, call *ready* and serve until interrupted."""
    from granian import Granian  # noqa: PLC0415 -- only here
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415 -- only here
    from granian.http import HTTP1Settings  # noqa: PLC0415 -- only here
    from granian.log import LogLevels  # noqa: PLC0415 -- only here

    address = _free_address(host, port)
    migrate()
    # Making the example started Polars' threads; a forked worker would wait for them for ever.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "wijkeconomie.web.wsgi:front",
        address=address,
        port=port,
        interface=Interfaces.ASGINL,
        # Only so the time holds for a reader too who says nothing; measured: in the mode that also
        # speaks HTTP/2 such a connection stayed open for ever.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS),
        websockets=False,
        workers=workers,
        log_level=LogLevels.error,
    )
    server.on_startup(ready)
    if settings.CLEANS:  # once it is open: making the example holds the database for long
        server.on_startup(Thread(target=_clean_daily, name="cleaning", daemon=True).start)
    server.on_startup(Thread(target=_work, name="working", daemon=True).start)
    server.serve()


def _work() -> None:
    """What instruments at work do by themselves, every few minutes."""
    while True:
        time.sleep(BETWEEN_WORK)
        work_now()


def work_now() -> None:
    """What was offered for too long goes to who is next, what comes back is made, who works here
    hears what is due, and what waits to be sent goes.  A failure is told to who runs the site; the
    others go on."""
    from wijkeconomie.web.acting import booking, letters  # noqa: PLC0415 -- after Django's setup
    from wijkeconomie.web.acting.instruments import contact_point  # noqa: PLC0415 -- the same
    from wijkeconomie.web.acting.instruments.fund import arrears  # noqa: PLC0415 -- the same
    from wijkeconomie.web.acting.instruments.initiatives import agenda  # noqa: PLC0415 -- the same
    from wijkeconomie.web.acting.instruments.local_brand import sales  # noqa: PLC0415 -- the same

    log = logging.getLogger("wijkeconomie.working")
    acts = (booking.lapse_all, sales.lapse, agenda.go_on, contact_point.remind, arrears.remind,
            letters.send_all)  # fmt: skip
    for act in acts:
        try:
            act(timezone.localtime())
        except Exception:
            log.exception("instruments at work did not go on: %s", act.__module__)
    connection.close()


def _clean_daily() -> None:
    """Givers were told when their words go, so nobody has to think of it.  Not in the first minute,
    in which the site opens; later each hour, so that what went wrong is tried again."""
    pause = FIRST_CLEANING
    while True:
        time.sleep(pause)
        pause = BETWEEN_CLEANINGS
        clean_today()


def clean_today() -> None:
    """What :func:`retention.of_today` says; a failure is told to who runs the site, and no more."""
    from wijkeconomie.web.accounts import retention  # noqa: PLC0415 -- after Django's setup

    try:
        take_back_again()
        retention.of_today(datetime.now(UTC))
        gather_statistics()
    except Exception:
        logging.getLogger("wijkeconomie.cleaning").exception("nothing was cleaned today")
    finally:
        connection.close()


def _free_address(host: str, port: int) -> str:
    """The IP address of *host*, if nobody serves there.

    Two sites on one port would answer in turn: one of them perhaps with invented figures.
    """
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(place)
    except (OSError, UnicodeError):
        raise WrongUse("port_taken", address=f"{host}:{port}") from None
    return str(place[0])
