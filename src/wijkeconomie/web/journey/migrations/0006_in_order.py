# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The first fifty of thousands of conversations and quotes, without putting all in order."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Made by makemigrations from the models."""

    dependencies: ClassVar[list[Any]] = [
        ("journey", "0005_sealed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar[list[Any]] = [
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                fields=["journey", "-held_at", "id"], name="conversation_newest_first"
            ),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(fields=["journey", "made_at", "id"], name="quote_in_order"),
        ),
    ]
