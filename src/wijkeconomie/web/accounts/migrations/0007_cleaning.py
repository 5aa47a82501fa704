# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""On which days was cleaned; seeing a card's code is an activity of the processing log."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    """Made by makemigrations from the models."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("accounts", "0006_reading"),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Cleaning",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "cache_key",
                    models.CharField(max_length=255, primary_key=True, serialize=False),
                ),
                ("expires", models.DateTimeField()),
            ],
            options={"db_table": "attempts", "managed": False},
        ),
        migrations.AlterField(
            model_name="processingline",
            name="activity",
            field=models.CharField(
                choices=[
                    ("people", "Managing who works here and in which role"),
                    ("oversight", "Supervising who saw and did what"),
                    ("exchange", "Taking coded conversations along to another program"),
                    ("reading", "Reading what somebody told"),
                    ("card", "Seeing the code on somebody’s card"),
                ],
                max_length=20,
            ),
        ),
    ]
