# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A giver writes a version of their own words; a quote knows which version replaced it."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError


def refuse(apps: Any, _editor: Any) -> None:
    """Back only where no giver wrote: before, a text was of somebody with an account, and a quote
    that they replaced would stand in public again."""
    count = apps.get_model("journey", "Wording").objects.filter(made_by=None).count()
    if count:
        raise IrreversibleError(
            f"journey 0013 cannot go back: givers wrote {count} texts themselves, which have no "
            "place before it. Nothing was changed; restore a backup from before it instead. / "
            f"Terug achter journey 0013 kan niet: gevers schreven zelf {count} teksten, die daar "
            "geen plaats hebben. Er is niets veranderd; zet een reservekopie van daarvoor terug."
        )


class Migration(migrations.Migration):
    """A version without an account is the giver's own; a quote points at what came instead."""

    dependencies: ClassVar[list[Any]] = [
        ("journey", "0012_published_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar[list[Any]] = [
        migrations.AlterField(
            model_name="wording",
            name="made_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="replaced_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replaces",
                to="journey.wording",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse),
    ]
