# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A little money for initiatives: no more is given than there is."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tables of their own: no other instrument divides money that was set aside."""

    dependencies: ClassVar[list[Any]] = [
        ("accounts", "0011_replaced"),
        ("acting", "0014_spending_once"),
        ("journey", "0026_plan_spoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Pot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("bound", models.PositiveBigIntegerField()),
                ("cents", models.PositiveBigIntegerField()),
                ("given", models.PositiveBigIntegerField(default=0)),
                ("shares", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for a second person"),
                            ("open", "Can be given"),
                            ("refused", "Not confirmed"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("second_at", models.DateTimeField(null=True)),
                (
                    "effort",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pots",
                        to="journey.effort",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="set_aside",
                        to="acting.listing",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pots",
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
            name="Gift",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("cents", models.PositiveBigIntegerField()),
                ("back", models.PositiveBigIntegerField(default=0)),
                (
                    "line",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="gift",
                        to="acting.line",
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
                    "pot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gifts",
                        to="acting.pot",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="pot",
            constraint=models.CheckConstraint(
                condition=models.Q(("given__lte", models.F("cents"))), name="pot_never_beyond"
            ),
        ),
        migrations.AddConstraint(
            model_name="pot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cents__gte", 1), ("cents__lte", models.F("bound")), ("shares__gte", 1)
                ),
                name="pot_within_its_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="pot",
            constraint=models.CheckConstraint(
                condition=models.Q(("effort", None), ("fund", None), _connector="OR"),
                name="pot_of_one_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="pot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second", None),
                    models.Q(
                        ("made_by__isnull", False),
                        models.Q(("second", models.F("made_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="pot_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="pot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("given", 0), ("second", None), ("second_at", None), ("state", "asked")
                    ),
                    models.Q(
                        models.Q(("state", "asked"), _negated=True),
                        ("second__isnull", False),
                        ("second_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="pot_confirmed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="pot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "refused"), _negated=True),
                fields=("effort",),
                name="pot_once_of_an_effort",
            ),
        ),
        migrations.AddConstraint(
            model_name="gift",
            constraint=models.CheckConstraint(
                condition=models.Q(("back__lte", models.F("cents")), ("cents__gte", 1)),
                name="gift_back_at_most",
            ),
        ),
    ]
