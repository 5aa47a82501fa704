# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a resident says of themselves, to what they agree, and who saw it.  Every write of it.

Consent is kept by purpose: on which day, to which version of the words, until when.  What was
withdrawn or ran out stops proposals at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import ProcessingLine, User
from wijkeconomie.web.acting import actions, booking
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.skill_matching import (
    BEGUN,
    HOLDS,
    HOLDS_FOR,
    OPEN,
    PROFILE,
    PURPOSES,
    VERSION,
)
from wijkeconomie.web.acting.models import Booking, Case, Listing

_SHOWN = 50  # lines of who saw it


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """To what somebody agreed: ``until`` when, None where they did not or not any more."""

    purpose: str
    words: Any
    since: date | None
    until: date | None


@transaction.atomic
def begin(
    *, desk: Listing, key: UUID, asker: actions.Asker, more: Mapping[str, Any],
    agreed: Collection[str],
) -> Case:  # fmt: skip
    """A resident makes a profile, alone or with help; sent once more it is the same."""
    kept = dict(more) | {"consent": _given(agreed, timezone.localdate())}
    question = actions.Question(about="", text="", channel="web", asker=asker, more=kept)
    return actions.ask(listing=desk, kind=PROFILE, key=key, question=question)


@transaction.atomic
def change(*, profile: Case, more: Mapping[str, Any]) -> Case:
    """What somebody says of themselves from now on."""
    held = _open(profile)
    held.more = held.more | dict(more)
    held.due = timezone.localdate() + HOLDS_FOR
    held.save(update_fields=("more", "due"))
    audit.note(held.municipality, "change_profile", by=LINK, subject=held.pk)
    return held


@transaction.atomic
def consent(*, profile: Case, agreed: Collection[str]) -> Case:
    """To what somebody agrees from today on; what is not among it is withdrawn, and without the
    consent to be proposed no proposal goes on.  What was agreed to anew brings nothing back."""
    held = _open(profile)
    lapsed = not agrees(held, "propose", timezone.localdate())
    held.more = held.more | {"consent": _given(agreed, timezone.localdate())}
    held.due = timezone.localdate() + HOLDS_FOR
    held.save(update_fields=("more", "due"))
    audit.note(held.municipality, "consent", by=LINK, subject=held.pk, to=",".join(sorted(agreed)))
    if lapsed or "propose" not in agreed:
        _take_back(held)
    if "ask" not in agreed:
        ask_no_more(held)
    return held


@transaction.atomic
def stop(*, profile: Case) -> Case:
    """Somebody takes part no more: nothing that is open goes on, and seats are given back."""
    held = locked(profile)
    if held.state == "stopped":
        return held
    _take_back(held)
    for one in seats(held):
        give_back(profile=held, seat=one)
    ask_no_more(held)
    stepped(held, "stopped", by=None)
    return held


def seats(profile: Case) -> QuerySet[Booking]:
    """The seats of somebody on routes that are still to begin."""
    mine = profile.bookings.filter(state="confirmed", starts_at__gt=timezone.now())
    return mine.select_related("slot__listing").order_by("starts_at")


@transaction.atomic
def give_back(*, profile: Case, seat: Booking) -> None:
    """A seat on a route goes to who waits, and nobody is asked how it goes."""
    held = locked(profile)
    booking.let_go(booking=seat)
    for one in held.matches.filter(listing=seat.slot.listing_id, state="enrolled"):
        stepped(one, "taken_back", by=None)
    if not held.matches.filter(state__in=BEGUN).exists():
        ask_no_more(held)


def ask_no_more(held: Case) -> None:
    """What was to be asked later is asked no more."""
    for one in held.lines.filter(state="open"):
        stepped(one, "dropped", by=None, who=Who.TEAM, reason=gettext("Not to be asked any more"))


def agrees(profile: Case, purpose: str, today: date) -> bool:
    """Whether somebody agrees to *purpose* today, to the words as they are now."""
    given = profile.more.get("consent", {}).get(purpose)
    return bool(
        profile.state == "open" and profile.party_id and given and given["version"] == VERSION
        and date.fromisoformat(given["until"]) >= today
    )  # fmt: skip


def consents(profile: Case) -> list[Consent]:
    """To what somebody agreed, and to what not."""
    given, today = profile.more.get("consent", {}), timezone.localdate()
    return [
        Consent(purpose=name, words=words,
                since=date.fromisoformat(given[name]["on"]) if name in given else None,
                until=date.fromisoformat(given[name]["until"])
                if agrees(profile, name, today) else None)
        for name, words in PURPOSES.items()
    ]  # fmt: skip


def seen_by(profile: Case) -> list[tuple[datetime, str]]:
    """Who of the team saw what belongs to somebody, and when; the newest first."""
    rows = list(ProcessingLine.objects.filter(person=str(profile.party_id))[:_SHOWN])
    users = User.objects.filter(pk__in={UUID(one.actor) for one in rows})
    known = {str(one.pk): one.name or one.email for one in users}
    return [(one.at, known.get(one.actor, "")) for one in rows]


def _given(agreed: Collection[str], today: date) -> dict[str, dict[str, Any]]:
    return {name: {"on": today.isoformat(), "version": VERSION,
                   "until": (today + HOLDS[name]).isoformat()}
            for name in PURPOSES if name in agreed}  # fmt: skip


def _open(profile: Case) -> Case:
    """*profile* as it is now; Refusal("profile_over") where somebody stopped."""
    held = locked(profile)
    if held.state != "open" or held.party_id is None:
        raise Refusal("profile_over")
    return held


def _take_back(held: Case) -> None:
    for one in held.matches.filter(state__in=OPEN):
        stepped(one, "taken_back", by=None)
    for one in held.matches.filter(state__in=BEGUN):  # the employer reads of them no more
        one.more = one.more | {"ended": True}
        one.save(update_fields=("more",))
