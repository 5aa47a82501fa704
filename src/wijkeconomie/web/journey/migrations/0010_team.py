# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How much evidence weighs, what came of a promise, and why a conversation was given back."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wijkeconomie.web.journey.sealed import SealedText


class Migration(migrations.Migration):
    """Weight of evidence, promises kept or not, conversations given back."""

    dependencies: ClassVar[list[Any]] = [
        ("journey", "0009_street"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="conversation",
            name="returned_why",
            field=SealedText(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="evidence",
            name="weight",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "weighs little"), (2, "weighs as usual"), (3, "weighs heavily")],
                default=2,
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(weight__gte=1, weight__lte=3), name="evidence_weight_1_to_3"
            ),
        ),
        migrations.AlterModelOptions(
            name="commitment", options={"ordering": ("due", "made_at", "id")}
        ),
        migrations.AddField(
            model_name="commitment",
            name="keeper",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="kept",
            field=models.CharField(
                blank=True,
                choices=[("", "Not known yet"), ("kept", "Kept"), ("missed", "Not kept")],
                default="",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="kept_why",
            field=SealedText(blank=True, max_length=300),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=~models.Q(kept="missed") | ~models.Q(kept_why=""),
                name="commitment_missed_says_why",
            ),
        ),
    ]
