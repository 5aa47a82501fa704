# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rounds of questions to the neighbourhood: what is put to it, codes, and what they answer."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wijkeconomie.web.journey.sealed import SealedJSON, SealedText


class Migration(migrations.Migration):
    """Made by makemigrations from the models."""

    dependencies: ClassVar[list[Any]] = [
        ("journey", "0007_unlike"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="finding",
            name="standing",
            field=models.CharField(
                choices=[
                    ("concept", "Not put to the neighbourhood yet"),
                    ("presented", "Put to the neighbourhood"),
                    ("adjusted", "Adjusted"),
                    ("supported", "Supported by the neighbourhood"),
                    ("disputed", "Disputed by the neighbourhood"),
                ],
                default="concept",
                max_length=9,
            ),
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("statements", "Statements: do you agree?"),
                            ("budget", "A budget: what do you want?"),
                        ],
                        default="statements",
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=120)),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("intro", SealedText(blank=True, max_length=600)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being prepared"),
                            ("open", "Open"),
                            ("closed", "Closed"),
                        ],
                        default="draft",
                        max_length=6,
                    ),
                ),
                ("closes_on", models.DateField(blank=True, null=True)),
                ("budget", models.PositiveBigIntegerField(null=True)),
                (
                    "most",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Yes or no"), (3, "0 to 3 points for each proposal")],
                        default=1,
                    ),
                ),
                ("told", models.JSONField(default=dict)),
                ("outcome", models.JSONField(null=True)),
                ("taken_why", SealedText(blank=True, max_length=300)),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
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
            name="Item",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("cost", models.PositiveBigIntegerField(null=True)),
                ("heard", SealedText(max_length=300)),
                ("asked", SealedText(max_length=300)),
                ("said", models.JSONField(default=dict)),
                ("spoken", SealedJSON(default=dict)),
                (
                    "effort",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="journey.effort",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="journey.finding",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="journey.round",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Settling",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("concept", "Not put to the neighbourhood yet"),
                            ("presented", "Put to the neighbourhood"),
                            ("adjusted", "Adjusted"),
                            ("supported", "Supported by the neighbourhood"),
                            ("disputed", "Disputed by the neighbourhood"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", SealedText(max_length=300)),
                ("claim_was", SealedText(max_length=300)),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="settlings",
                        to="journey.finding",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
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
            name="Token",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("sheet", models.PositiveSmallIntegerField()),
                ("seal", models.CharField(editable=False, max_length=64, unique=True)),
                ("off_at", models.DateTimeField(null=True)),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to="journey.round",
                    ),
                ),
            ],
            options={
                "ordering": ("sheet", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("says", models.SmallIntegerField()),
                ("on_paper", models.BooleanField(default=False)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="journey.item",
                    ),
                ),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="journey.token",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("budget", None), ("kind", "statements")),
                    models.Q(("budget__gt", 0), ("kind", "budget")),
                    _connector="OR",
                ),
                name="round_of_a_budget_has_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(fields=("round", "number"), name="item_number_once"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.UniqueConstraint(fields=("round", "effort"), name="proposal_once"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cost", None), ("effort", None), ("finding__isnull", False)),
                    models.Q(("cost__gt", 0), ("effort__isnull", False), ("finding", None)),
                    _connector="OR",
                ),
                name="item_is_statement_or_proposal",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(fields=("item", "token"), name="reply_once"),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("says__gte", -1), ("says__lte", 3)), name="reply_in_bounds"
            ),
        ),
    ]
