# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words that were corrected before 0013 are marked too: a name that was replaced may be in them."""

from itertools import combinations, groupby
from typing import Any, ClassVar

from django.db import migrations

from wijkeconomie.fieldwork.moved import lost


def mark(apps: Any, _editor: Any) -> None:
    """The first later version in which the words of each quote do not stand any more."""
    every, quoted = apps.get_model("journey", "Wording").objects, apps.get_model("journey", "Quote")
    in_turn = every.order_by("conversation_id", "number").iterator()
    for _talk, versions in groupby(in_turn, key=lambda one: one.conversation_id):
        for old, new in combinations(versions, 2):
            quotes = quoted.objects.filter(wording=old, replaced_by=None)
            places = list(quotes.values_list("start", "end"))
            for start, end in lost(old.text, new.text, places) if places else ():
                quotes.filter(start=start, end=end).update(replaced_by=new)


class Migration(migrations.Migration):
    """No table changes; there is nothing to take back."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("journey", "0013_words_of_the_giver")]
    operations: ClassVar[list[Any]] = [
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
