# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""People in roles, for tests: made directly, so that what is tested is not what makes them."""

from __future__ import annotations

import re
import time
from html import unescape
from importlib import import_module
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import connection
from django.test import Client

from wijkeconomie.web.accounts.models import Membership, Municipality, Role, User

_MIGRATION: Any = import_module("wijkeconomie.web.accounts.migrations.0003_append_only")
_FUND: Any = import_module("wijkeconomie.web.acting.migrations.0005_fund")
LOGS = (*_MIGRATION.LOGS, _FUND.LEDGER)
GEMEENTE, ELSEWHERE = "GM9901", "GM9902"
SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 -- of no real phone
PASSWORD = "een molen bij de kade"  # noqa: S105 -- of nobody


def municipality(code: str = GEMEENTE) -> Municipality:
    name = {GEMEENTE: "Molendam"}.get(code, "Elders")
    return Municipality.objects.get_or_create(code=code, defaults={"name": name})[0]


def someone(
    name: str = "iemand", role: Role | None = None, code: str = GEMEENTE, *, step: bool = True,
    wijk: str = "", domain: str = "example.org",
) -> User:  # fmt: skip
    """A person who can sign in, with a second step, perhaps in a role."""
    user = User.objects.add(f"{name}@{domain}", name.title())
    if step:
        data = {"secret": get_adapter().encrypt(SECRET)}
        Authenticator.objects.create(user=user, type="totp", data=data)
    if role is not None:
        Membership.objects.create(user=user, municipality=municipality(code), role=role, wijk=wijk)
    return user


def signed_in(user: User | None) -> Client:
    """Their browser; anybody's for None."""
    client = Client(headers={"host": "127.0.0.1"})
    if user is not None:
        client.force_login(user)
    return client


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def code_now(secret: str = SECRET) -> str:
    """What the app on a phone shows."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def text(html: bytes | str) -> str:
    """What a page says, without its marks."""
    words = html.decode() if isinstance(html, bytes) else html
    body = words.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", "<" + body)).split())


def lift_guards() -> None:
    """Take away the triggers that keep the logs as they were written."""
    with connection.cursor() as cursor:
        for log in LOGS:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE {log} DISABLE TRIGGER USER")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {log}_update")
                cursor.execute(f"DROP TRIGGER IF EXISTS {log}_delete")


def set_guards() -> None:
    """And put them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for log in LOGS:
                cursor.execute(f"ALTER TABLE {log} ENABLE TRIGGER USER")
        else:
            for migration in (_MIGRATION, _FUND):
                for statement in migration.statements(connection.vendor):
                    cursor.execute(statement)
