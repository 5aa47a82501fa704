# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ledger of a fund, which the database itself refuses to change, and what two people decide."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import wijkeconomie.web.journey.sealed

LEDGER = "acting_transfer"


def guard(_apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    """A trigger before every change and removal, on both databases."""
    for statement in statements(schema.connection.vendor):
        schema.execute(statement, params=None)


def statements(vendor: str) -> list[str]:
    """What makes the triggers, one statement each; the function is that of the logs."""
    if vendor == "postgresql":
        refuse = "EXECUTE FUNCTION accounts_append_only()"
        row, whole = f"FOR EACH ROW {refuse}", f"FOR EACH STATEMENT {refuse}"
        return [
            f"CREATE TRIGGER {LEDGER}_only BEFORE UPDATE OR DELETE ON {LEDGER} {row}",
            f"CREATE TRIGGER {LEDGER}_whole BEFORE TRUNCATE ON {LEDGER} {whole}",
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {LEDGER}_{act.lower()} BEFORE {act} ON {LEDGER} "
        "BEGIN SELECT RAISE(ABORT, 'append only'); END"
        for act in ("UPDATE", "DELETE")
    ]


class Migration(migrations.Migration):
    """After the rest of the kernel."""

    dependencies: ClassVar[list[Any]] = [
        ("accounts", "0010_working_roles"),
        ("acting", "0004_kernel"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Seconding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "act",
                    models.CharField(
                        choices=[("approve", "Approve"), ("write_off", "Write off")], max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for a second person"),
                            ("done", "Confirmed"),
                            ("refused", "Not confirmed"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("reason", wijkeconomie.web.journey.sealed.SealedText(max_length=1000)),
                ("second_at", models.DateTimeField(null=True)),
                ("said", wijkeconomie.web.journey.sealed.SealedText(blank=True, max_length=1000)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="secondings",
                        to="acting.agreement",
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
                    "second",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("number", models.PositiveIntegerField()),
                ("entry", models.UUIDField(db_index=True)),
                ("act", models.CharField(max_length=10)),
                ("day", models.DateField()),
                ("source", models.CharField(max_length=8)),
                ("target", models.CharField(max_length=8)),
                ("money", wijkeconomie.web.journey.sealed.SealedJSON()),
                (
                    "agreement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="acting.agreement",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
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
                    "seconding",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfer",
                        to="acting.seconding",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="acting.transfer",
                    ),
                ),
            ],
            options={
                "ordering": ("listing", "number"),
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="seconding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second", None),
                    models.Q(
                        ("made_by__isnull", False),
                        models.Q(("second", models.F("made_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="seconding_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="seconding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("second", None), ("second_at", None), ("state", "asked")),
                    models.Q(
                        models.Q(("state", "asked"), _negated=True),
                        ("second__isnull", False),
                        ("second_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="seconding_confirmed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="seconding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("agreement", "act"),
                name="seconding_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(
                fields=("listing", "number"), name="transfer_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(
                fields=("entry", "source", "target"), name="transfer_once_of_an_entry"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="transfer_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("act", "deposit"),
                        ("source", "capital"),
                        ("target", "cash"),
                        ("undoes", None),
                    ),
                    models.Q(
                        ("act", "withdraw"),
                        ("source", "cash"),
                        ("target", "capital"),
                        ("undoes", None),
                    ),
                    models.Q(
                        ("act", "pay_out"), ("source", "cash"), ("target", "loan"), ("undoes", None)
                    ),
                    models.Q(
                        ("act", "receive"),
                        ("source", "interest"),
                        ("target", "cash"),
                        ("undoes", None),
                    ),
                    models.Q(
                        ("act", "receive"), ("source", "loan"), ("target", "cash"), ("undoes", None)
                    ),
                    models.Q(
                        ("act", "extra"), ("source", "loan"), ("target", "cash"), ("undoes", None)
                    ),
                    models.Q(
                        ("act", "write_off"),
                        ("source", "loan"),
                        ("target", "lost"),
                        ("undoes", None),
                    ),
                    models.Q(
                        ("act", "recover"), ("source", "lost"), ("target", "cash"), ("undoes", None)
                    ),
                    models.Q(
                        ("act", "undo"),
                        ("source", "cash"),
                        ("target", "capital"),
                        ("undoes__isnull", False),
                    ),
                    models.Q(
                        ("act", "undo"),
                        ("source", "capital"),
                        ("target", "cash"),
                        ("undoes__isnull", False),
                    ),
                    models.Q(
                        ("act", "undo"),
                        ("source", "loan"),
                        ("target", "cash"),
                        ("undoes__isnull", False),
                    ),
                    models.Q(
                        ("act", "undo"),
                        ("source", "cash"),
                        ("target", "interest"),
                        ("undoes__isnull", False),
                    ),
                    models.Q(
                        ("act", "undo"),
                        ("source", "cash"),
                        ("target", "loan"),
                        ("undoes__isnull", False),
                    ),
                    models.Q(
                        ("act", "undo"),
                        ("source", "lost"),
                        ("target", "loan"),
                        ("undoes__isnull", False),
                    ),
                    models.Q(
                        ("act", "undo"),
                        ("source", "cash"),
                        ("target", "lost"),
                        ("undoes__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="transfer_from_account_to_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agreement__isnull", False),
                    models.Q(
                        models.Q(("source__in", ("loan", "interest", "lost")), _negated=True),
                        models.Q(("target__in", ("loan", "interest", "lost")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="transfer_of_a_loan_has_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act", "write_off"), _negated=True),
                    ("seconding__isnull", False),
                    _connector="OR",
                ),
                name="transfer_written_off_by_two",
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
