# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a municipality spent in a year is told by one local procurement: two can be subtracted."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def one_tells(apps: Any, _schema: BaseDatabaseSchemaEditor) -> None:
    """Of two that tell of a year the later one goes; what it told stays known with it."""
    told = set()
    for one in apps.get_model("acting", "Spending").objects.order_by("made_at", "pk"):
        if (one.municipality_id, one.year) not in told:
            told.add((one.municipality_id, one.year))
            continue
        said = {name: sums for name, sums in one.sums.items() if name != "before"}
        gone = one.listing.more.get("taken_away", {})
        gone[f"{one.year}"] = [*one.sums.get("before", ()), said]
        one.listing.more = one.listing.more | {"taken_away": gone}
        one.listing.save(update_fields=("more",))
        one.delete()


class Migration(migrations.Migration):
    """Made by makemigrations from the models, and what stood there twice."""

    dependencies: ClassVar[list[Any]] = [("acting", "0013_pieces")]

    operations: ClassVar[list[Any]] = [
        migrations.RunPython(one_tells, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="spending", name="spending_once_a_year"),
        migrations.AddConstraint(
            model_name="spending",
            constraint=models.UniqueConstraint(
                fields=("municipality", "year"), name="spending_once_a_year"
            ),
        ),
    ]
