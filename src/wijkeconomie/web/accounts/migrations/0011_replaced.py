# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""SQLite takes a row away for REPLACE without asking the triggers of its removal, unless the
connection says so: a line of a log with a number that is there is refused by itself."""

from typing import Any, ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LOGS = ("accounts_auditline", "accounts_processingline")


def guard(_apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    """A trigger before a row comes in.  PostgreSQL has no REPLACE, and ON CONFLICT is an UPDATE."""
    if schema.connection.vendor == "sqlite":
        for log in LOGS:
            there = f"SELECT 1 FROM {log} WHERE id = NEW.id"  # noqa: S608 -- names of ours
            schema.execute(
                f"CREATE TRIGGER IF NOT EXISTS {log}_insert BEFORE INSERT ON {log} "
                f"WHEN EXISTS ({there}) BEGIN SELECT RAISE(ABORT, 'append only'); END",
                params=None,
            )


def lift(_apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    """As it was before."""
    if schema.connection.vendor == "sqlite":
        for log in LOGS:
            schema.execute(f"DROP TRIGGER IF EXISTS {log}_insert", params=None)


class Migration(migrations.Migration):
    """After the triggers of 0003."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("accounts", "0010_working_roles")]
    operations: ClassVar[list[Any]] = [migrations.RunPython(guard, lift)]
