# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""When a text was checked, from which a recording has its term; a promise that is withdrawn."""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError
from django.utils import timezone

import wijkeconomie.web.journey.sealed


def count_from_now(apps: Any, _editor: Any) -> None:
    """When a text was checked was not kept before: the term of its recording begins today."""
    talks = apps.get_model("journey", "Conversation").objects.filter(state="checked")
    talks.update(checked_at=timezone.now())


def refuse(apps: Any, _editor: Any) -> None:
    """Back only where no promise was withdrawn: before, it would stand as if it held."""
    promised = apps.get_model("journey", "Commitment").objects
    count = promised.exclude(withdrawn_at=None).count()
    if count:
        raise IrreversibleError(
            f"journey 0015 cannot go back: {count} promises were withdrawn, and would stand again. "
            "Nothing was changed; restore a backup from before it instead. / Terug achter journey "
            f"0015 kan niet: {count} beloften zijn ingetrokken, en zouden weer gelden. Er is niets "
            "veranderd; zet een reservekopie van daarvoor terug."
        )


class Migration(migrations.Migration):
    """A moment for a conversation; a moment with its reason for a promise."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("journey", "0014_replaced_before")]
    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="conversation",
            name="checked_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="commitment",
            name="withdrawn_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="commitment",
            name="withdrawn_why",
            field=wijkeconomie.web.journey.sealed.SealedText(
                blank=True, default="", max_length=300
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_why", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="commitment_withdrawn_says_why",
            ),
        ),
        migrations.RunPython(count_from_now, refuse),
    ]
