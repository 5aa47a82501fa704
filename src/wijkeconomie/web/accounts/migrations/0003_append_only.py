# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The database itself refuses to change or remove a line of a log."""

from typing import Any, ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LOGS = ("accounts_auditline", "accounts_processingline")


def guard(_apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    """A trigger before every change and removal, on both databases."""
    for statement in statements(schema.connection.vendor):
        schema.execute(statement, params=None)


def statements(vendor: str) -> list[str]:
    """What makes the triggers, one statement each."""
    if vendor == "postgresql":
        refuse = (
            "CREATE OR REPLACE FUNCTION accounts_append_only() RETURNS trigger AS $$ "
            "BEGIN RAISE EXCEPTION 'append only'; END $$ LANGUAGE plpgsql"
        )
        return [
            refuse,
            *(
                f"CREATE TRIGGER {log}_only BEFORE UPDATE OR DELETE ON {log} "
                "FOR EACH ROW EXECUTE FUNCTION accounts_append_only()"
                for log in LOGS
            ),
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {log}_{act.lower()} BEFORE {act} ON {log} "
        "BEGIN SELECT RAISE(ABORT, 'append only'); END"
        for log in LOGS
        for act in ("UPDATE", "DELETE")
    ]


class Migration(migrations.Migration):
    """After the tables of 0002."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("accounts", "0002_accounts")]
    operations: ClassVar[list[Any]] = [migrations.RunPython(guard, migrations.RunPython.noop)]
