# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""When a journey was closed by our own clock, and why it was opened again."""

from typing import ClassVar

from django.db import migrations, models

import wijkeconomie.web.journey.sealed


class Migration(migrations.Migration):
    """Two columns; of a journey that was closed before, only the day that was said is known.  Going
    back loses them, and nothing that was said on a journey."""

    dependencies: ClassVar = [("journey", "0021_seen_and_looked_at")]

    operations: ClassVar = [
        migrations.AddField(
            "journey", "closed_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
        migrations.AddField(
            "journey",
            "reopened_why",
            wijkeconomie.web.journey.sealed.SealedText(blank=True, default="", max_length=300),
            preserve_default=False,
        ),
    ]
