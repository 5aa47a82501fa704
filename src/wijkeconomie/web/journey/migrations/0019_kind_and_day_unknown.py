# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Of a text of another program nobody may know what kind of conversation it was, or when."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError

KINDS = [
    ("street", "In the street"), ("kitchen", "At the kitchen table"), ("visit", "At a business"),
    ("session", "Working session"), ("school", "At a school"), ("stand", "At a stand"),
    ("unknown", "Kind of conversation not known"),
]  # fmt: skip


def refuse(apps: Any, _editor: Any) -> None:
    """Back only where all is known: before, it would be of a street and of today."""
    every = apps.get_model("journey", "Conversation").objects
    count = every.filter(models.Q(kind="unknown") | models.Q(day_known=False)).count()
    if count:
        raise IrreversibleError(
            f"journey 0019 cannot go back: of {count} conversations the kind or the day is not "
            "known, which has no place before it. Nothing was changed; restore a backup from "
            "before it instead. / Terug achter journey 0019 kan niet: van "
            f"{count} gesprekken is niet bekend wat voor gesprek het was of wanneer, en dat kan "
            "daar niet. Er is niets veranderd; zet een reservekopie van daarvoor terug."
        )


class Migration(migrations.Migration):
    """Not known is an answer too."""

    dependencies: ClassVar[list[Any]] = [("journey", "0018_asked_guide")]
    operations: ClassVar[list[Any]] = [
        migrations.AlterField(
            model_name="conversation",
            name="kind",
            field=models.CharField(choices=KINDS, default="street", max_length=8),
        ),
        migrations.AddField(
            model_name="conversation",
            name="day_known",
            field=models.BooleanField(default=True, editable=False),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse),
    ]
