# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Changing what was written, tying it to more, and taking away what nothing rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.journey.actions import at_once, heir_of, noted, unfrozen, unlaid
from wijkeconomie.web.journey.actions.plan import sound
from wijkeconomie.web.journey.actions.sense import unmerged
from wijkeconomie.web.journey.models import (
    Aim,
    Commitment,
    Effort,
    Evidence,
    Finding,
    Goal,
    Ground,
    Journey,
    Opgave,
    Plan,
)

Written = Finding | Opgave | Goal | Effort | Plan
Loose = Finding | Opgave | Goal | Effort | Evidence | Ground | Aim | Commitment


@transaction.atomic
def change(*, by: User, thing: Written, given: Mapping[str, Any]) -> None:
    """Give *thing* the columns *given*; what is part of a plan only while that may change."""
    if isinstance(thing, Finding):
        unlaid(unmerged(thing))
    else:
        unfrozen(thing.journey)
    for name, value in given.items():
        setattr(thing, name, value)
    sound(thing)
    thing.save(update_fields=tuple(given))
    noted(by, "change", thing)


@transaction.atomic
def change_journey(
    *, by: User, journey: Journey, name: str, assignment: str, state: str, ends_on: date | None
) -> None:
    """Give a journey another name or assignment, or the step on which it stands; one that is
    closed has an end."""
    # Read anew: of what others keep on it, as its streets, nothing is written back.
    journey = Journey.objects.select_for_update(no_key=True).get(pk=journey.pk)
    there = journey.municipality.journeys.filter(name=name).exclude(pk=journey.pk).exists
    if there():
        raise Refusal("journey_exists", name=name)
    if ends_on is not None and ends_on < journey.starts_on:
        raise Refusal("journey_ends_before_start", start=journey.starts_on.isoformat())
    if state == Journey.State.CLOSED:
        _ended(ends_on)
    journey.name, journey.assignment = name, assignment
    journey.state, journey.ends_on = state, ends_on
    with at_once(there, "journey_exists", name=name):
        journey.save(update_fields=("name", "assignment", "state", "ends_on"))
    audit.note(journey.municipality, "change_journey", by=by, subject=journey.pk)


def _ended(ends_on: date | None) -> None:
    """How long words are kept is counted from that day, so nobody puts it off by a later one."""
    today = timezone.localdate()
    if ends_on is None:
        raise Refusal("journey_without_end")
    if ends_on > today:
        raise Refusal("journey_ends_later", today=today.isoformat())


@transaction.atomic
def ground(
    *, by: User, opgave: Opgave, finding: Finding, contribution: str, assumption: str
) -> Ground:
    """Let an opgave rest on one more finding, or on what that was merged into; said again, the last
    word counts."""
    finding = heir_of(finding)
    unfrozen(opgave.journey)
    if finding.journey_id != opgave.journey_id:
        raise Refusal("other_journey")
    said = {"contribution": contribution, "assumption": assumption}
    made, _new = Ground.objects.update_or_create(
        opgave=opgave, finding=finding, defaults=said,
        create_defaults={**said, "journey": opgave.journey, "made_by": by},
    )  # fmt: skip
    noted(by, "ground", made)
    return made


@transaction.atomic
def remove(*, by: User, thing: Loose) -> None:
    """Take *thing* away, unless something rests on it, or it is all that another rests on."""
    if isinstance(thing, Finding | Evidence):
        unlaid(thing if isinstance(thing, Finding) else thing.finding)
    else:
        unfrozen(thing.journey)
    if isinstance(thing, Ground) and thing.opgave.grounds.count() == 1:
        raise Refusal("opgave_without_finding")
    if isinstance(thing, Aim) and thing.effort.aims.count() == 1:
        raise Refusal("effort_without_goal")
    if isinstance(thing, Effort) and thing.commitments.exists():
        raise Refusal("others_rest_on_it")
    noted(by, "remove", thing)
    try:
        thing.delete()
    except ProtectedError:
        raise Refusal("others_rest_on_it") from None
