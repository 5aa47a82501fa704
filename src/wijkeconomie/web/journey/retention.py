# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long words of givers are kept, and how they go: with all that was made of them.

What stays is the pseudonym and the card, by which a giver still reads that nothing is left.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from wijkeconomie.figures.registry import Text
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.retention import Term
from wijkeconomie.web.journey import pictures, sounds
from wijkeconomie.web.journey.models import (
    Consent,
    Conversation,
    Giver,
    Journey,
    Photo,
    Purpose,
    Recording,
)


def _withdrawn(before: datetime) -> QuerySet[Conversation]:
    """Of who took everything back, and of who said last that nothing may be noted."""
    notes = Consent.objects.filter(giver=OuterRef("giver"), purpose=Purpose.NOTE)
    last = notes.order_by("-number")
    said = Conversation.objects.annotate(
        may=Subquery(last.values("given")[:1]), since=Subquery(last.values("made_at")[:1])
    )
    return said.filter(Q(giver__withdrawn_at__lte=before) | Q(may=False, since__lte=before))


def _of_closed(before: datetime) -> QuerySet[Conversation]:
    closed = Journey.objects.filter(state=Journey.State.CLOSED, ends_on__lte=before.date())
    return Conversation.objects.filter(journey__in=closed)


def _forget(talks: QuerySet[Conversation]) -> None:
    """Texts, quotes, codings, evidence, memos and photos go; of the giver what tells them apart."""
    keys = list(talks.values_list("pk", flat=True))
    photos = Photo.objects.filter(conversation__in=keys)
    transaction.on_commit(partial(pictures.remove, list(photos.values_list("pk", flat=True))))
    voices = Recording.objects.filter(conversation__in=keys)
    transaction.on_commit(partial(sounds.remove, list(voices.values_list("pk", flat=True))))
    givers = list(talks.values_list("giver", flat=True))
    for journey in Journey.objects.filter(conversations__in=keys).distinct():
        audit.note(journey.municipality, "destroy", by=None, subject=journey.pk)
    Conversation.objects.filter(pk__in=keys).delete()
    Giver.objects.filter(pk__in=givers).update(age="", buurt="", language="")


TERMS = (
    Term(
        kind="withdrawn words", name=Text(nl="ingetrokken woorden", en="withdrawn words"), days=30,
        trigger=Text(nl="het intrekken", en="the giver took everything back"),
        ground=Text(nl="de gever nam alles terug", en="the giver took everything back"),
        over=_withdrawn, destroy=_forget,
    ),
    Term(
        kind="conversations", name=Text(nl="gesprekken", en="conversations"), days=730,
        trigger=Text(nl="het sluiten van de reis", en="the journey was closed"),
        ground=Text(nl="tot dan kan worden nagezocht waar een plan op rust",
                    en="until then it can be looked up what a plan rests on"),
        over=_of_closed, destroy=_forget,
    ),
)  # fmt: skip
