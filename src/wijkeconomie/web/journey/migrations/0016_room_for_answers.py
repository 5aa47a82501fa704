# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A text has room for the answers to a guide beside what was noted freely.

Conversations of before keep their text as it was checked and quoted: to write their answers into
it would take all of them from coders until somebody had checked each anew.
"""

from typing import Any, ClassVar

from django.db import migrations

import wijkeconomie.web.journey.sealed


class Migration(migrations.Migration):
    """The column is sealed text without a bound of its own, so no table changes."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("journey", "0015_terms_and_promises")]
    operations: ClassVar[list[Any]] = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="wording",
                    name="text",
                    field=wijkeconomie.web.journey.sealed.SealedText(max_length=60_000),
                )
            ]
        )
    ]
