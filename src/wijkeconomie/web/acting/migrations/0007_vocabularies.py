# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which version of a vocabulary is in use."""

import uuid
from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One row a vocabulary."""

    dependencies: ClassVar[list[Any]] = [("acting", "0006_once")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Vocabulary",
            fields=[
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("occupation", "ESCO"),
                            ("skill", "ESCO"),
                            ("sbi", "SBI"),
                            ("cpv", "CPV"),
                            ("trade", "Trades of this municipality"),
                        ],
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.CharField(max_length=20)),
                ("loaded_at", models.DateTimeField(auto_now=True)),
                ("stamp", models.UUIDField(default=uuid.uuid4)),
            ],
        ),
    ]
