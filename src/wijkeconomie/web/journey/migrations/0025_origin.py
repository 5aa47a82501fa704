# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where words that a file brought came from, so that what is taken back there goes here too; and
states and choices that the database itself refuses where nobody knows them."""

from typing import Any, ClassVar
from uuid import uuid5

from django.db import migrations, models
from django.db.models import Q

_STATES = ("preparing", "exploring", "sense", "planning", "acting", "closed")
_PLAN = (
    "concept", "consultation", "executive", "council", "adopted", "under_way", "evaluated",
)  # fmt: skip
_RULES = (
    ("journey", "journey_state_known", Q(state__in=_STATES)),
    ("coding", "coding_says_known", Q(says__in=("worse", "better", "both"))),
    ("evidence", "evidence_direction_known", Q(direction__in=(-1, 0, 1))),
    ("plan", "plan_state_known", Q(state__in=_PLAN)),
    ("effort", "effort_choice_known", Q(choice__in=("open", "chosen", "not"))),
    ("round", "round_state_known", Q(state__in=("draft", "open", "closed"))),
)


def find_origins(apps: Any, _editor: object) -> None:
    """Until now the key of who came by a file followed from their journey and the key that they had
    in it: so it is found.  Who took everything back there did so here."""
    givers = apps.get_model("journey", "Giver").objects
    every = dict(givers.values_list("pk", "withdrawn_at"))
    brought = {pk: here for pk, here in givers.values_list("pk", "journey") if pk.version == 5}
    origins = {uuid5(here, str(key)): key for here in set(brought.values()) for key in every}
    for pk in brought:
        if pk in origins:
            givers.filter(pk=pk).update(origin=origins[pk])
    for pk in sorted(brought.keys() & origins.keys(), key=str):
        at, above = every[pk], pk
        while at is None and above in origins:
            above = origins[above]
            at = every[above]
        if at is not None and every[pk] is None:
            givers.filter(pk=pk).update(withdrawn_at=at)


class Migration(migrations.Migration):
    """Going back forgets where words came from; what was taken back stays so."""

    dependencies: ClassVar = [("journey", "0023_closed_at")]

    operations: ClassVar = [
        migrations.AddField("giver", "origin", models.UUIDField(null=True, editable=False)),
        migrations.AddIndex("giver", models.Index(fields=("origin",), name="giver_origin")),
        *(
            migrations.AddConstraint(model, models.CheckConstraint(condition=rule, name=name))
            for model, name, rule in _RULES
        ),
        migrations.RunPython(find_origins, migrations.RunPython.noop),
    ]
