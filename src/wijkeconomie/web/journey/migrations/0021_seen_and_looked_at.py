# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was seen and points at a person waits until somebody looked at it; what is there was."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError


def nothing(_apps: Any, _editor: Any) -> None:
    """What was seen before this counts as looked at."""


def refuse(apps: Any, _editor: Any) -> None:
    """Back only where nothing waits: before, everyone on the journey would read it."""
    count = apps.get_model("journey", "Observation").objects.filter(waits=True).count()
    if count:
        raise IrreversibleError(
            f"journey 0021 cannot go back: {count} things seen in the street wait until somebody "
            "looks whether they point at a person, and before it everyone would read them. Nothing "
            "was changed; look at them first. / Terug achter journey 0021 kan niet: "
            f"{count} waarnemingen wachten tot iemand kijkt of ze naar een persoon wijzen, en "
            "daarvoor zou iedereen ze lezen. Er is niets veranderd; kijk ze eerst na."
        )


class Migration(migrations.Migration):
    """One mark on each thing that was seen."""

    dependencies: ClassVar[list[Any]] = [("journey", "0020_answers_changed")]
    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="observation",
            name="waits",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(nothing, refuse),
    ]
