# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Of what is offered or needed, what the team alone reads: such as an estimate before an award."""

from typing import Any, ClassVar

from django.db import migrations, models

import wijkeconomie.web.journey.sealed


class Migration(migrations.Migration):
    """A sealed column; nothing stands in it where there is nothing to keep.  And one award."""

    dependencies: ClassVar[list[Any]] = [("acting", "0007_vocabularies")]

    operations: ClassVar[list[Any]] = [
        migrations.AddField(
            model_name="listing",
            name="secret",
            field=wijkeconomie.web.journey.sealed.SealedJSON(null=True),  # type: ignore[misc]
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "award")),
                fields=("listing",),
                name="agreement_awarded_once",
            ),
        ),
    ]
