# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write of a journey: a verb, keyword-only, one transaction, one audit line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey.models import Finding, Journey, Plan, Record
from wijkeconomie.web.journey.sealed import clean

__all__ = ["at_once", "clean", "hold", "noted", "still", "unfrozen", "unlaid"]


Held = TypeVar("Held", bound=Record)


def noted(by: User | Literal["card"], verb: str, about: Record) -> None:
    """The audit line: who did what to which key, never what stands in it."""
    audit.note(about.journey.municipality, verb, by=by, subject=about.pk)


def hold(journey: UUID) -> None:
    """Let nobody change, join or take away anything of a *journey* until the act ends.  First of
    all that an act holds, before the log: else two acts wait for each other."""
    Journey.objects.select_for_update(no_key=True).get(pk=journey)


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
