# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""To which account a loan goes is confirmed by two."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """After local procurement; nothing of a table changes."""

    dependencies: ClassVar[list[Any]] = [("acting", "0008_procurement")]

    operations: ClassVar[list[Any]] = [
        migrations.AlterField(
            model_name="seconding",
            name="act",
            field=models.CharField(
                choices=[
                    ("approve", "Approve"),
                    ("write_off", "Write off"),
                    ("account", "Pay to another account"),
                ],
                max_length=10,
            ),
        ),
    ]
