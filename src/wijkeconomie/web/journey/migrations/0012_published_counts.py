# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was made of a finding says after which round that was counted."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A settling points at the round."""

    dependencies = (("journey", "0011_phones"),)
    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="settling",
            name="round",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="settlings",
                to="journey.round",
            ),
        ),
    ]
