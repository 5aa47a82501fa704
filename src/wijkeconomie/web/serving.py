# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Run the site in this process, for ``wijkeconomie serve``."""

from __future__ import annotations

import multiprocessing
import os
import socket

import django
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

from wijkeconomie.figures.refusal import WrongUse


def run(*, host: str, port: int, workers: int) -> None:
    """Bring the database up to date and serve until interrupted."""
    _refuse_taken(host, port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wijkeconomie.web.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    # Making the example started Polars' threads; a forked worker would wait for them for ever.
    multiprocessing.set_start_method("spawn", force=True)
    Granian(
        "wijkeconomie.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        log_access=False,
    ).serve()


def _refuse_taken(host: str, port: int) -> None:
    """Two sites on one port would answer in turn: one of them perhaps with invented figures."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except (OSError, OverflowError):
            raise WrongUse("port_taken", address=f"{host}:{port}") from None
