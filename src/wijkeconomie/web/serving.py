# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Run the site in this process, for ``wijkeconomie serve``."""

from __future__ import annotations

import os

import django
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces


def run(*, host: str, port: int, workers: int) -> None:
    """Bring the database up to date and serve until interrupted."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wijkeconomie.web.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    Granian(
        "wijkeconomie.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        log_access=False,
    ).serve()
