# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write of a journey: a verb, keyword-only, one transaction, one audit line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from wijkeconomie.fieldwork import moved
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey.models import (
    Evidence,
    Finding,
    Journey,
    Plan,
    Record,
    Version,
    sentences,
)
from wijkeconomie.web.journey.sealed import clean

__all__ = [
    "at_once", "clean", "hold", "laid", "left_laid", "noted", "still", "unfrozen", "unlaid",
    "unturned",
]  # fmt: skip


Held = TypeVar("Held", bound=Record)


def noted(by: User | audit.Unknown, verb: str, about: Record) -> None:
    """The audit line: who did what to which key, never what stands in it."""
    audit.note(about.journey.municipality, verb, by=by, subject=about.pk)


def hold(*journeys: UUID) -> None:
    """Let nobody change, join, bring or take away anything of *journeys* until the act ends.  First
    of all that an act holds, before the log, and of more journeys always in one order: else two
    acts wait for each other."""
    rows = Journey.objects.select_for_update(no_key=True).filter(pk__in=set(journeys))
    list(rows.order_by("pk"))


def still(thing: Held) -> Held:
    """*thing* as it is now, and its journey held; Refusal("taken_away") for what somebody else took
    away a moment before."""
    hold(thing.journey_id)
    found = type(thing)._default_manager.filter(pk=thing.pk).first()  # noqa: SLF001 -- Django's name for it
    if found is None:
        raise Refusal("taken_away")
    return found


def unfrozen(journey: Journey) -> None:
    """Refuse to change what lies before the council or was adopted; it takes no step meanwhile."""
    plans = Plan.objects.select_for_update(no_key=True).filter(journey=journey)
    if any(one.state in Plan.FROZEN for one in plans):
        raise Refusal("plan_is_frozen")


def unlaid(*findings: Finding) -> None:
    """Refuse to reword, join or take from what such a plan rests on: whoever walks back from it
    comes to what it was adopted for.  More may be put beside it, and a verdict may change."""
    if any(one.grounds.exists() for one in findings):
        unfrozen(findings[0].journey)


def laid(finding: Finding) -> QuerySet[Evidence]:
    """What stood under *finding* when the plan that rests on it went to the council, while it lies
    there or was adopted; where there is no such plan, nothing."""
    frozen = Plan.objects.filter(journey=finding.journey_id, state__in=Plan.FROZEN)
    if not frozen.exists() or not finding.grounds.exists():
        return finding.evidence.none()
    went = Version.objects.filter(plan__in=frozen, state=Plan.State.COUNCIL).order_by("number")
    last = went.values_list("made_at", flat=True).last()
    return finding.evidence.filter(made_at__lte=last) if last else finding.evidence.all()


def unturned(piece: Evidence) -> None:
    """Refuse to let *piece* say something else, or to take it away, where it was laid down; what
    was put beside it after that is free."""
    held = Plan.objects.select_for_update(no_key=True).filter(journey=piece.journey_id)
    list(held)  # it takes no step meanwhile
    if laid(piece.finding).filter(pk=piece.pk).exists():
        raise Refusal("plan_is_frozen")


@contextmanager
def at_once(there: Callable[[], bool], code: str, **fields: object) -> Iterator[None]:
    """Refusal(*code*) where the database refuses because somebody else made the same a moment
    before, so that now it is *there*; nothing of what was written inside is kept."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        if not there():
            raise
        raise Refusal(code, **fields) from None


def left_laid(journey: Journey) -> tuple[str, ...]:
    """Sentences of what was laid down in which the team typed over what givers took back since."""
    if not (said := access.taken_back(journey)):
        return ()
    versions = Version.objects.filter(journey=journey).order_by("number")
    every = dict.fromkeys(chain.from_iterable(sentences(one.content) for one in versions))
    return tuple(one for one in every if moved.repeated(one, said))
