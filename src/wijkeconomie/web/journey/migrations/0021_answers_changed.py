# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How often an answer of a round was changed: its team sees that, and not whose."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One number for each round; going back loses it, and no answer."""

    dependencies = [("journey", "0017_state_of_premises")]

    operations = [
        migrations.AddField("round", "changed", models.PositiveIntegerField(default=0)),
    ]
