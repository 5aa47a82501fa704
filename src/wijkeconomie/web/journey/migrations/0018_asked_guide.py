# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which guide is asked is chosen; until now it was the newest."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError

NEWEST = ("made_at", "id")


def begin(apps: Any, _editor: Any) -> None:
    """Every guide was asked from when it was made, until the next one."""
    apps.get_model("journey", "Guide").objects.update(asked_at=models.F("made_at"))


def refuse(apps: Any, _editor: Any) -> None:
    """Back only where the newest is the one that is asked: before, no other could be."""
    every = apps.get_model("journey", "Guide").objects
    journeys = every.order_by().values_list("journey_id", flat=True).distinct()
    count = sum(_chosen(every.filter(journey_id=one)) for one in journeys)
    if count:
        raise IrreversibleError(
            f"journey 0018 cannot go back: on {count} journeys another guide than the newest is "
            "asked, which has no place before it. Nothing was changed; choose the newest there, or "
            "restore a backup from before it. / Terug achter journey 0018 kan niet: in "
            f"{count} reizen wordt een andere leidraad gevraagd dan de nieuwste, en dat kan daar "
            "niet. Er is niets veranderd; kies daar de nieuwste, of zet een reservekopie van "
            "daarvoor terug."
        )


def _chosen(guides: Any) -> bool:
    """Whether of these *guides* another than the newest is asked."""
    asked = guides.exclude(asked_at=None).order_by("asked_at", *NEWEST).last()
    return bool(asked != guides.order_by(*NEWEST).last())


class Migration(migrations.Migration):
    """The guide that was chosen last is asked."""

    dependencies: ClassVar[list[Any]] = [("journey", "0017_state_of_premises")]
    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="guide",
            name="asked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(begin, refuse),
    ]
