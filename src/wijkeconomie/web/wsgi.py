# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The site for any WSGI server (``granian --interface wsgi wijkeconomie.web.wsgi``), and served
from this process by ``wijkeconomie serve``."""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections.abc import Callable

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError

from wijkeconomie.figures.refusal import Refusal, WrongUse

THREADS = 4  # a worker; Python computes in one at a time, and of eight the last waits half longer

HEADERS = 20_000  # ms for all headers of a request together, however slowly they trickle in

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wijkeconomie.web.settings")
application = get_wsgi_application()

from wijkeconomie.web.accounts.models import EXAMPLE, Role  # noqa: E402 -- models need Django's setup
from wijkeconomie.web.context import current_release  # noqa: E402


def migrate() -> None:
    """Bring the database up to date."""
    try:
        for command in ("migrate", "createcachetable"):
            call_command(command, verbosity=0)
    except DatabaseError as error:
        raise Refusal("database_unusable", reason=str(error)) from error


def example() -> tuple[str, str] | None:
    """E-mail and password to look around with, where the figures are invented; None elsewhere."""
    from wijkeconomie.web.journey import seed  # noqa: PLC0415 -- only after Django's setup

    release = current_release()
    if not release.fictional:
        seed.close_doors()
        return None
    first = release.areas("gemeente")[0]
    seed.open_doors(code=first.code, name=first.name)
    return f"{seed.PEOPLE[Role.AREA_MANAGER]}@{EXAMPLE}", seed.password()


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
        "wijkeconomie.web.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        # Only so the time holds for a reader too who says nothing; measured: in the mode that also
        # speaks HTTP/2 such a connection stayed open for ever.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS),
        websockets=False,
        workers=workers,
        blocking_threads=THREADS,
        log_level=LogLevels.error,  # a warning about any number of threads is noise
    )
    server.on_startup(ready)
    server.serve()


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
