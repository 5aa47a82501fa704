# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Phones in the street: the streets that they take along, and which may go on."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from wijkeconomie.web.journey.sealed import SealedText


class Migration(migrations.Migration):
    """Streets of a journey, and devices."""

    dependencies: ClassVar[list[Any]] = [
        ("journey", "0010_team"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="journey",
            name="streets",
            field=SealedText(blank=True, default="", max_length=40_000),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("label", models.CharField(blank=True, max_length=120)),
                ("seen_at", models.DateTimeField()),
                ("waiting", models.PositiveIntegerField(default=0)),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("wiped_at", models.DateTimeField(blank=True, null=True)),
                ("lost", models.PositiveIntegerField(blank=True, null=True)),
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
                    "stopped_by",
                    models.ForeignKey(
                        blank=True,
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
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(stopped_at=None, stopped_by=None)
                        | Q(stopped_at__isnull=False, stopped_by__isnull=False),
                        name="device_stopped_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=Q(wiped_at=None, lost=None)
                        | Q(wiped_at__isnull=False, lost__isnull=False, stopped_at__isnull=False),
                        name="device_wiped_after_it_was_stopped",
                    ),
                ],
            },
        ),
    ]
