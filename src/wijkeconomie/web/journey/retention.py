# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long what came from the street is kept, and how it goes: with all that was made of it.

What stays are the pseudonym and the card, by which a giver still reads that nothing is left, and
what a plan counted: that something was seen, and that somebody had an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery

from wijkeconomie.figures.registry import Text
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import AuditLine
from wijkeconomie.web.accounts.retention import Term
from wijkeconomie.web.journey import pictures, sounds
from wijkeconomie.web.journey.models import (
    Answer,
    Consent,
    Conversation,
    Giver,
    Journey,
    Observation,
    Photo,
    Purpose,
    Recording,
    Round,
    Version,
)

AFTER_CLOSING = 730  # days


def _withdrawn(before: datetime) -> QuerySet[Conversation]:
    """Of who took everything back, and of who said last that nothing may be noted."""
    notes = Consent.objects.filter(giver=OuterRef("giver"), purpose=Purpose.NOTE)
    last = notes.order_by("-number")
    said = Conversation.objects.annotate(
        may=Subquery(last.values("given")[:1]), since=Subquery(last.values("made_at")[:1])
    )
    return said.filter(Q(giver__withdrawn_at__lte=before) | Q(may=False, since__lte=before))


def _closed(before: datetime) -> QuerySet[Journey]:
    """The term counts from the later of the day that was said and the moment at which it was
    closed: a day that was typed wrong destroys nothing before its time."""
    late = Q(closed_at=None) | Q(closed_at__lte=before)
    return Journey.objects.filter(late, state=Journey.State.CLOSED, ends_on__lte=before.date())


def is_over(journey: Journey, now: datetime) -> bool:
    """Whether the term of what was said and seen on *journey* is over: what is gone then was not
    taken back, it was kept long enough."""
    return _closed(now - timedelta(days=AFTER_CLOSING)).filter(pk=journey.pk).exists()


def _of_closed(before: datetime) -> QuerySet[Conversation]:
    return Conversation.objects.filter(journey__in=_closed(before))


def _seen(before: datetime) -> QuerySet[Observation]:
    """Those that still have words."""
    return Observation.objects.filter(journey__in=_closed(before)).exclude(note="")


def _answered(before: datetime) -> QuerySet[Answer]:
    """Those that still have words."""
    return Answer.objects.filter(journey__in=_closed(before)).exclude(text="")


def _typed_out(before: datetime) -> QuerySet[Recording]:
    """Of a text that was checked after the voice came; another was not typed out yet."""
    checked = Q(conversation__checked_at__lte=before)
    return Recording.objects.filter(checked, conversation__checked_at__gte=F("made_at"))


def _noted(rows: QuerySet[Any], kind: str) -> None:
    """A line in the audit log for each journey: of which kind and how many went."""
    for journey, count in Counter(rows.values_list("journey", flat=True)).items():
        municipality = Journey.objects.select_related("municipality").get(pk=journey).municipality
        audit.note(municipality, "destroy", by=None, subject=journey, kind=kind, count=str(count))


def _without_files(photos: QuerySet[Photo], voices: QuerySet[Recording]) -> None:
    """Pictures and voices go, here and on disk."""
    for rows, remove in ((photos, pictures.remove), (voices, sounds.remove)):
        keys = list(rows.values_list("pk", flat=True))
        transaction.on_commit(partial(remove, keys))
        rows.delete()


@dataclass(frozen=True, slots=True)
class Files:
    """Files of ours."""

    paths: tuple[Path, ...]

    def count(self) -> int:
        return len(self.paths)


def _stray(before: datetime) -> Files:
    return stray(before, ("keep_photo", "keep_sound"), {"photos": Photo, "recordings": Recording})


def stray(before: datetime, verbs: Iterable[str], folders: Mapping[str, type[Model]]) -> Files:
    """Files in *folders*, each of a kind of row, that no row knows, and halves of such files: a
    process that is killed between a row and its file leaves one.

    A database that never took any in (*verbs*) is not the one that these files are of: then none
    are.
    """
    if not AuditLine.objects.filter(verb__in=tuple(verbs)).exists():
        return Files(())
    found: list[Path] = []
    for folder, kind in folders.items():
        old = [file for file in pictures.files(folder) if _written(file) <= before]
        known = set(kind._default_manager.values_list("pk", flat=True))  # noqa: SLF001 -- Django's
        found += [file for file in old if pictures.key_of(file) not in known]
    return Files(tuple(found))


def _written(file: Path) -> datetime:
    """When; of one that is gone meanwhile: a moment that is never over."""
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.max.replace(tzinfo=UTC)


def sweep(files: Files) -> None:
    """They go."""
    for file in files.paths:
        file.unlink(missing_ok=True)


def _forget(talks: QuerySet[Conversation]) -> None:
    """Texts, quotes, codings, evidence, memos and photos go, and what the giver was answered; of
    the giver what tells them apart, also in which groups they were counted."""
    _noted(talks, "conversations")
    _unname(talks)
    keys = list(talks.values_list("pk", flat=True))
    givers = list(talks.values_list("giver", flat=True))
    _without_files(
        Photo.objects.filter(conversation__in=keys), Recording.objects.filter(conversation__in=keys)
    )
    Conversation.objects.filter(pk__in=keys).delete()
    Giver.objects.filter(pk__in=givers).update(age="", buurt="", language="")
    Answer.objects.filter(giver__in=givers).update(text="")


def _unname(talks: QuerySet[Conversation]) -> None:
    """What was told of how many keeps who was counted, to hold later numbers against: another key,
    the same everywhere and of nobody, takes the place of each of *talks* in it."""
    others = {str(key): str(uuid4()) for key in talks.values_list("pk", flat=True)}
    journeys = list(talks.values_list("journey", flat=True).distinct())
    for round_ in Round.objects.filter(journey__in=journeys).exclude(told={}):
        Round.objects.filter(pk=round_.pk).update(told=_as_others(round_.told, others))
    for version in Version.objects.filter(journey__in=journeys):
        if "heard" in version.content:
            told = _as_others(version.content["heard"], others)
            content = version.content | {"heard": told}
            Version.objects.filter(pk=version.pk).update(content=content)  # same digest


def _as_others(told: dict[str, Any], others: dict[str, str]) -> dict[str, Any]:
    groups = told["groups"].items()
    return told | {"groups": {name: [others.get(k, k) for k in who] for name, who in groups}}


def _unsee(seen: QuerySet[Observation]) -> None:
    """Place, words and photos go; that something was seen stays, as findings count it."""
    _noted(seen, "observations")
    keys = list(seen.values_list("pk", flat=True))
    _without_files(Photo.objects.filter(observation__in=keys), Recording.objects.none())
    Observation.objects.filter(pk__in=keys).update(place="", note="", spot=None, waits=False)


def _unsay(answers: QuerySet[Answer]) -> None:
    """The words go; that there was an answer stays."""
    _noted(answers, "answers")
    answers.update(text="")


def _unhear(voices: QuerySet[Recording]) -> None:
    _noted(voices, "recordings")
    _without_files(Photo.objects.none(), voices)


_CLOSING = Text(nl="het sluiten van de reis", en="the journey was closed")
_LOOKED_UP = Text(nl="tot dan kan worden nagezocht waar een plan op rust",
                  en="until then it can be looked up what a plan rests on")  # fmt: skip
TERMS = (
    Term(
        kind="withdrawn words", name=Text(nl="ingetrokken woorden", en="withdrawn words"), days=30,
        trigger=Text(nl="het intrekken", en="the giver took everything back"),
        ground=Text(nl="de gever nam alles terug", en="the giver took everything back"),
        over=_withdrawn, destroy=_forget,
    ),
    Term(
        kind="recordings", name=Text(nl="opnamen van een stem", en="recordings of a voice"),
        days=30,
        trigger=Text(nl="het nakijken van de uitgetypte tekst",
                     en="the text that was typed out was checked"),
        ground=Text(nl="de tekst zegt wat de stem zei", en="the text says what the voice said"),
        over=_typed_out, destroy=_unhear,
    ),
    Term(
        kind="answers", name=Text(nl="antwoorden aan gevers", en="answers to givers"),
        days=AFTER_CLOSING, trigger=_CLOSING, ground=_LOOKED_UP,
        over=_answered, destroy=_unsay,
    ),
    Term(
        kind="conversations", name=Text(nl="gesprekken", en="conversations"),
        days=AFTER_CLOSING, trigger=_CLOSING, ground=_LOOKED_UP,
        over=_of_closed, destroy=_forget,
    ),
    Term(
        kind="observations", name=Text(nl="waarnemingen op straat", en="street observations"),
        days=AFTER_CLOSING, trigger=_CLOSING, ground=_LOOKED_UP,
        over=_seen, destroy=_unsee,
    ),
    Term(
        kind="files", name=Text(nl="bestanden die nergens bij horen",
                                en="files that belong to nothing"), days=1,
        trigger=Text(nl="het schrijven", en="it was written"),
        ground=Text(nl="de foto of opname is er niet meer",
                    en="the photo or recording is there no more"),
        over=_stray, destroy=sweep,
    ),
)  # fmt: skip
