# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading a conversation is an activity of the processing log; the database stays."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Made by makemigrations from the models."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("accounts", "0005_exchange"),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.AlterField(
            model_name="processingline",
            name="activity",
            field=models.CharField(
                choices=[
                    ("people", "Managing who works here and in which role"),
                    ("oversight", "Supervising who saw and did what"),
                    ("exchange", "Taking coded conversations along to another program"),
                    ("reading", "Reading what somebody told"),
                ],
                max_length=20,
            ),
        ),
    ]
