# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sentences of a plan in other languages, beside its versions."""

from typing import ClassVar

from django.db import migrations

import wijkeconomie.web.journey.sealed


class Migration(migrations.Migration):
    """Going back loses translations, and nothing of a plan."""

    dependencies: ClassVar = [("journey", "0025_origin")]

    operations: ClassVar = [
        migrations.AddField(
            "plan",
            "spoken",
            wijkeconomie.web.journey.sealed.SealedJSON(blank=True, default=dict, editable=False),
        ),
    ]
