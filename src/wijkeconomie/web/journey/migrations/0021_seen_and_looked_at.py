# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was seen and points at a person waits until somebody looked at it; what is there was.

And a conversation knows its guide, so that counting them opens nothing that was noted.
"""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError


def guided(apps: Any, _editor: Any) -> None:
    """Which guide was asked stands in what was noted; of the rest nobody knows, as before.  What
    was seen before this counts as looked at."""
    every = apps.get_model("journey", "Guide").objects
    guides = {(one.journey_id, one.version): one.pk for one in every.only("journey", "version")}
    talks = apps.get_model("journey", "Conversation").objects
    for key, journey, noted in talks.values_list("pk", "journey", "noted").iterator():
        if found := guides.get((journey, noted.get("guide"))):
            talks.filter(pk=key).update(guide=found)


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
    """One mark on each thing that was seen, and a guide beside each conversation."""

    dependencies: ClassVar[list[Any]] = [("journey", "0020_answers_changed")]
    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="observation",
            name="waits",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="conversation",
            name="guide",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=models.PROTECT,
                related_name="conversations",
                to="journey.guide",
            ),
        ),
        migrations.RunPython(guided, refuse),
    ]
