# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What tablets at the door of a fair saw, which the database itself refuses to change; and a badge
of the spare roll is of one person."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SCANS = "acting_scan"


def guard(_apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    """A trigger before every change, on both databases; on SQLite also before a row is replaced."""
    for statement in statements(schema.connection.vendor):
        schema.execute(statement, params=None)


def lift(_apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    """As it was before."""
    if schema.connection.vendor == "postgresql":
        schema.execute(f"DROP TRIGGER {SCANS}_only ON {SCANS}", params=None)
        return
    for act in ("update", "insert"):
        schema.execute(f"DROP TRIGGER IF EXISTS {SCANS}_{act}", params=None)


def statements(vendor: str) -> list[str]:
    """What makes the triggers, one statement each; the function is that of the logs."""
    if vendor == "postgresql":
        on = f"CREATE TRIGGER {SCANS}_only BEFORE UPDATE ON {SCANS} FOR EACH ROW"
        return [f"{on} EXECUTE FUNCTION accounts_append_only()"]
    refuse = "BEGIN SELECT RAISE(ABORT, 'append only'); END"
    there = f"SELECT 1 FROM {SCANS} WHERE id = NEW.id"  # noqa: S608 -- a name of ours
    again = f"WHEN EXISTS ({there})"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {SCANS}_update BEFORE UPDATE ON {SCANS} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {SCANS}_insert BEFORE INSERT ON {SCANS} {again} {refuse}",
    ]


class Migration(migrations.Migration):
    """A table of its own: no other instrument has badges that are scanned."""

    dependencies: ClassVar[list[Any]] = [
        ("accounts", "0011_replaced"),
        ("acting", "0016_needs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Scan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("device", models.UUIDField()),
                ("badge", models.CharField(max_length=64)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("in", "came in"),
                            ("out", "went out"),
                            ("stand", "at a stand"),
                        ],
                        max_length=5,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("said_at", models.DateTimeField()),
                ("off", models.IntegerField()),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scans",
                        to="acting.listing",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="accounts.municipality",
                    ),
                ),
                (
                    "stand",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scans_at",
                        to="acting.listing",
                    ),
                ),
                (
                    "tablet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scans",
                        to="acting.case",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stand__isnull", False), ("what", "stand")),
                            models.Q(models.Q(("what", "stand"), _negated=True), ("stand", None)),
                            _connector="OR",
                        ),
                        name="scan_of_a_stand_has_one",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["listing", "badge"], name="scan_of_badge"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "spare_badge")),
                fields=("listing", "name"),
                name="item_badge_once",
            ),
        ),
        migrations.RunPython(guard, lift),
    ]
