# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The proof that something was destroyed."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Made by makemigrations from the models."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("accounts", "0003_append_only"),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Destruction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=20)),
                ("count", models.PositiveIntegerField()),
                ("ground", models.CharField(max_length=100)),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
    ]
