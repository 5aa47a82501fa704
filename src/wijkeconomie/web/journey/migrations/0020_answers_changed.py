# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How often an answer of a round was changed: its team sees that, and not whose."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One number for each round; going back loses it, and no answer."""

    dependencies: ClassVar = [("journey", "0019_kind_and_day_unknown")]

    operations: ClassVar = [
        migrations.AddField("round", "changed", models.PositiveIntegerField(default=0)),
    ]
