# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which skills an occupation takes."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    """One row a pair."""

    dependencies: ClassVar[list[Any]] = [("acting", "0015_pots")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                )),
                ("essential", models.BooleanField()),
                ("occupation", models.ForeignKey(
                    on_delete=CASCADE, related_name="needs", to="acting.term"
                )),
                ("skill", models.ForeignKey(
                    on_delete=CASCADE, related_name="+", to="acting.term"
                )),
            ],
            options={
                "ordering": ("occupation", "-essential", "skill__nl"),
                "constraints": [models.UniqueConstraint(
                    fields=("occupation", "skill"), name="need_once"
                )],
            },
        ),
    ]  # fmt: skip
