# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The database refuses to empty a log at once too: PostgreSQL asks no trigger of a row then."""

from typing import Any, ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LOGS = ("accounts_auditline", "accounts_processingline")


def _each(schema: BaseDatabaseSchemaEditor, statement: str) -> None:
    """On SQLite nothing empties a table but the removal of its rows, which is refused already."""
    if schema.connection.vendor == "postgresql":
        for log in LOGS:
            schema.execute(statement.format(log=log), params=None)


def guard(_apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    """A trigger before the whole statement."""
    _each(schema, "CREATE TRIGGER {log}_whole BEFORE TRUNCATE ON {log} "
                  "FOR EACH STATEMENT EXECUTE FUNCTION accounts_append_only()")  # fmt: skip


def lift(_apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    """As it was before."""
    _each(schema, "DROP TRIGGER {log}_whole ON {log}")


class Migration(migrations.Migration):
    """After the function of 0003."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("accounts", "0008_clerk")]
    operations: ClassVar[list[Any]] = [migrations.RunPython(guard, lift)]
