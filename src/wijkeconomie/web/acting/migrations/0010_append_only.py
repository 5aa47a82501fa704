# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The database refuses that a step becomes another one, and on SQLite that a row of the ledger is
replaced: there REPLACE takes a row away without asking the triggers of its removal."""

from typing import Any, ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LEDGER, STEPS = "acting_transfer", "acting_step"
# Its words go in time, and examples say when it was; with the thing it belongs to it goes as well.
FIXED = ("id", "was", "state", "made_by_id", "municipality_id", "listing_id", "case_id",
         "booking_id", "match_id", "agreement_id", "line_id", "item_id")  # fmt: skip
ONCE = (("id",), ("listing_id", "number"), ("entry", "source", "target"), ("seconding_id",),
        ("undoes_id",))  # fmt: skip


def guard(_apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    """Triggers, on both databases."""
    for statement in statements(schema.connection.vendor):
        schema.execute(statement, params=None)


def lift(_apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    """As it was before."""
    if schema.connection.vendor == "postgresql":
        schema.execute(f"DROP TRIGGER {STEPS}_only ON {STEPS}", params=None)
        return
    for name in (f"{STEPS}_update", f"{LEDGER}_insert"):
        schema.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)


def statements(vendor: str) -> list[str]:
    """What makes the triggers, one statement each; the function is that of the logs."""
    if vendor == "postgresql":
        changed = " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in FIXED)
        on = f"CREATE TRIGGER {STEPS}_only BEFORE UPDATE ON {STEPS} FOR EACH ROW"
        return [f"{on} WHEN ({changed}) EXECUTE FUNCTION accounts_append_only()"]
    changed = " OR ".join(f"OLD.{one} IS NOT NEW.{one}" for one in FIXED)
    same = " OR ".join(f"({' AND '.join(f'{one} = NEW.{one}' for one in of)})" for of in ONCE)
    there = f"SELECT 1 FROM {LEDGER} WHERE {same}"  # noqa: S608 -- names of ours
    refuse = "BEGIN SELECT RAISE(ABORT, 'append only'); END"
    update = f"CREATE TRIGGER IF NOT EXISTS {STEPS}_update BEFORE UPDATE ON {STEPS}"
    insert = f"CREATE TRIGGER IF NOT EXISTS {LEDGER}_insert BEFORE INSERT ON {LEDGER}"
    return [f"{update} WHEN {changed} {refuse}", f"{insert} WHEN EXISTS ({there}) {refuse}"]


class Migration(migrations.Migration):
    """After what is bought."""

    dependencies: ClassVar[list[Any]] = [
        ("accounts", "0011_replaced"),
        ("acting", "0009_account_by_two"),
    ]
    operations: ClassVar[list[Any]] = [migrations.RunPython(guard, lift)]
