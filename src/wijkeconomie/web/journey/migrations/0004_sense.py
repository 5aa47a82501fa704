# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Making sense: which way words point, memos, why a text was let through."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Made by makemigrations from the models."""

    dependencies: ClassVar[list[Any]] = [
        ("journey", "0003_together"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="coding",
            name="says",
            field=models.CharField(
                choices=[
                    ("worse", "It is a problem"),
                    ("better", "It goes well"),
                    ("both", "Both, or neither"),
                ],
                default="both",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="checked_why",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="finding",
            name="seen",
            field=models.CharField(blank=True, editable=False, max_length=14),
        ),
        migrations.AddField(
            model_name="finding",
            name="why",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="theme",
            name="indicators",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.CreateModel(
            name="Memo",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("text", models.TextField(max_length=2000)),
                (
                    "conversation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memos",
                        to="journey.conversation",
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
                    "quote",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memos",
                        to="journey.quote",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memos",
                        to="journey.theme",
                    ),
                ),
            ],
            options={
                "ordering": ("made_at", "id"),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("conversation", None), ("quote", None), ("theme__isnull", False)
                            ),
                            models.Q(
                                ("conversation", None), ("quote__isnull", False), ("theme", None)
                            ),
                            models.Q(
                                ("conversation__isnull", False), ("quote", None), ("theme", None)
                            ),
                            _connector="OR",
                        ),
                        name="memo_about_one_thing",
                    )
                ],
            },
        ),
    ]
