# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How much a piece of evidence weighs, as people judge it."""

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """How much a piece of evidence weighs."""

    dependencies: ClassVar[list[Any]] = [("journey", "0004_sense")]

    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="evidence",
            name="weight",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "weighs little"), (2, "weighs as usual"), (3, "weighs heavily")],
                default=2,
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__gte", 1), ("weight__lte", 3)),
                name="evidence_weight_1_to_3",
            ),
        ),
    ]
