# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a municipality spent, by year and by where firms are: sums that tell of nobody."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table of its own: no other instrument has sums of payments."""

    dependencies: ClassVar[list[Any]] = [
        ("accounts", "0011_replaced"),
        ("acting", "0011_photos"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Spending",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("year", models.PositiveSmallIntegerField()),
                ("sums", models.JSONField()),
                (
                    "vat",
                    models.CharField(
                        choices=[
                            ("excl", "without VAT"),
                            ("incl", "with VAT"),
                            ("unknown", "with or without VAT is not known"),
                        ],
                        max_length=8,
                    ),
                ),
                ("stamp", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField()),
                ("wrong", models.PositiveIntegerField()),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spendings",
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
            ],
            options={
                "ordering": ("year",),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("listing", "year"), name="spending_once_a_year")
                ],
            },
        ),
    ]
