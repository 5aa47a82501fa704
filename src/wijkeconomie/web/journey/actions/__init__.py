# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write of a journey: a verb, keyword-only, one transaction, one audit line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeVar

from django.db import IntegrityError, transaction

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey.models import Finding, Journey, Plan, Record, Theme
from wijkeconomie.web.journey.sealed import clean

__all__ = ["Merged", "as_it_is", "at_once", "clean", "heir_of", "noted", "unfrozen", "unlaid"]
Merged = TypeVar("Merged", Theme, Finding)


def noted(by: User | Literal["card"], verb: str, about: Record) -> None:
    """The audit line: who did what to which key, never what stands in it."""
    audit.note(about.journey.municipality, verb, by=by, subject=about.pk)


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


def as_it_is(thing: Merged) -> Merged:
    """*thing* as it is now; of its journey nobody merges meanwhile, for two who merge each into the
    other would leave neither."""
    Journey.objects.select_for_update(no_key=True).get(pk=thing.journey_id)
    return type(thing).objects.get(pk=thing.pk)


def heir_of(thing: Merged) -> Merged:
    """What *thing* goes on as, of which nobody merges meanwhile; itself where it was not merged."""
    return as_it_is(thing).heir


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
