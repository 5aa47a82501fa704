# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Of a premise that was seen its state is kept, and what was said of it before."""

import uuid
from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError

STATES = [
    ("vacant", "Stands empty"), ("rebuilt", "Is being rebuilt"), ("in_use", "In use"),
    ("dwelling", "In use as a dwelling"), ("storage", "In use as storage or office"),
    ("gone", "Is not there any more"),
]  # fmt: skip


def refuse(apps: Any, _editor: Any) -> None:
    """Back only where no state was noted: there is no place for it before."""
    count = apps.get_model("journey", "Sighting").objects.count()
    if count:
        raise IrreversibleError(
            f"journey 0017 cannot go back: the state of premises was noted {count} times, which "
            "has no place before it. Nothing was changed; restore a backup from before it instead. "
            f"/ Terug achter journey 0017 kan niet: {count} keer is de staat van een pand "
            "genoteerd, en die heeft daar geen plaats. Er is niets veranderd; zet een reservekopie "
            "van daarvoor terug."
        )


def state() -> Any:
    """As both tables have it."""
    return models.CharField(blank=True, choices=STATES, max_length=10)


class Migration(migrations.Migration):
    """The last state stands with what was seen, all of them in a table of their own."""

    dependencies: ClassVar[list[Any]] = [
        ("journey", "0016_room_for_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar[list[Any]] = [
        migrations.AddField(model_name="observation", name="state", field=state()),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("number", models.PositiveIntegerField()),
                ("state", state()),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="journey.journey",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "observation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sightings",
                        to="journey.observation",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("observation", "number"), name="sighting_in_order"
                    )
                ],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse),
    ]
