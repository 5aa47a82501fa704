# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is sealed, found by its words all the same; and the database as others see it."""

from __future__ import annotations

from typing import TypeVar

from django.db import connection, models

Kept = TypeVar("Kept", bound=models.Model)


def the(kind: type[Kept], **words: str) -> Kept:
    """The only record of which these fields hold these words."""
    (found,) = (
        one
        for one in kind._default_manager.all()
        if all(getattr(one, name) == text for name, text in words.items())
    )
    return found


def cells() -> dict[str, str]:
    """Everything in the database as a dump shows it, by ``table.column``."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- names of our own
            names = [column[0] for column in cursor.description]
            for name, values in zip(names, zip(*cursor.fetchall(), strict=True), strict=False):
                found[f"{table}.{name}"] = "\n".join(map(str, values))
    return found
