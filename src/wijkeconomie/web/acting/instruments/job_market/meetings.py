# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Talks of visitors with stands: what a stand may read of somebody, what it wrote down (the visitor
reads that too) and what came of it.  Every write of it.

Two steps before a stand reads who somebody is: the visitor allows it, to this stand, and they met.
Either is looked at each time that something is shown.  Locks: the visit, the match, the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.acting.checkins import Presence
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import letters
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.job_market import VISIT, after, door
from wijkeconomie.web.acting.instruments.job_market.day import (
    BEGUN,
    MEETING,
    MET,
    SHOWS,
    WENT,
    fingerprint,
    first_name,
    market_of,
    number,
    stands_of,
)
from wijkeconomie.web.acting.models import Booking, Case, Listing, Match, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a stand may read of a talk now: ``called``: a first name or a number; ``who`` is None
    until both steps were taken; ``here``: whether they were scanned in and not out."""

    stand: Listing
    visit: UUID
    called: str
    who: Party | None
    here: bool
    at: datetime | None
    booking: Booking | None
    match: Match | None

    @property
    def notes(self) -> list[dict[str, str]]:
        """What the stand wrote down, which the visitor reads too."""
        return list(self.match.more.get("notes", ())) if self.match else []


def talk(visit: Case, stand: Listing) -> Match:
    """The talk of *visit*, which is held, with *stand*: one."""
    return Match.objects.get_or_create(
        case=visit, listing=stand,
        defaults={"municipality": visit.municipality, "kind": MEETING.name,
                  "state": MEETING.graph.start},
    )[0]  # fmt: skip


@transaction.atomic
def allow(*, visit: Case, stand: Listing, shows: str) -> Match:
    """What *stand* may read of the visitor from now on; what it read before, it reads no more where
    that is less."""
    held = _open(visit)
    found = talk(held, stand)
    found.more = found.more | {"shows": shows if shows in SHOWS else "nothing"}
    found.save(update_fields=("more",))
    audit.note(held.municipality, "consent", by=LINK, subject=found.pk, to=found.more["shows"])
    return found


@transaction.atomic
def went(*, booking: Booking, to: str) -> Booking:
    """The stand says that they talked, or that the visitor did not come."""
    visit = locked(booking.case) if booking.case else None
    held = Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)
    if timezone.localdate(held.starts_at) > timezone.localdate():
        raise Refusal("not_there_yet")
    stepped(held, to, by=None, who=Who.TEAM)
    if to == "completed" and visit is not None:
        _meet(visit, held.slot.listing)
    return held


@transaction.atomic
def meet(*, stand: Listing, badge: str) -> Match:
    """Somebody who stands there without an appointment, by the badge that they hold out;
    Refusal("badge_unknown") where it is nobody's."""
    visit = door.by_badge(stand.within).get(fingerprint(badge)) if stand.within else None
    if visit is None:
        raise Refusal("badge_unknown")
    return _meet(locked(visit), stand)


def _meet(visit: Case, stand: Listing) -> Match:
    """Who talks at a stand, came."""
    found = talk(visit, stand)
    if found.state == "open":
        stepped(found, "met", by=None)
    if door.may_come(visit):
        stepped(visit, "came", by=None, who=Who.TEAM)
    return found


@transaction.atomic
def note(*, match: Match, key: UUID, text: str) -> Match:
    """What the stand writes down, for itself and the visitor; sent once more it is the same."""
    visit, held = _both(match)
    notes = list(held.more.get("notes", ()))
    known = next((one for one in notes if one["key"] == key.hex), None)
    if known is not None:
        if known["text"] != text:
            raise Refusal("key_used")
        return held
    held.more = held.more | {"notes": [*notes, {"key": key.hex, "text": text,
                                                "at": timezone.now().isoformat()}]}  # fmt: skip
    held.save(update_fields=("more",))
    audit.note(held.municipality, "write_in_case", by=LINK, subject=held.pk)
    letters.tell("fair_met", case=visit)
    return held


@transaction.atomic
def came(*, match: Match, to: str, by: User | None = None) -> Match:
    """What came of it, as the stand says or told the team (*by*); who begins is asked later how it
    goes, where they agreed to that."""
    visit, held = _both(match)
    if to not in WENT:
        raise Refusal("state_otherwise", was=str(MEETING.graph.states[held.state]))
    stepped(held, to, by=by)
    if to in BEGUN:
        after.ask_about(visit, since=timezone.localdate())
    return held


def shown_to(exhibitor: Case, day: date | None = None) -> list[Shown]:
    """What *exhibitor* may read at this moment of who comes to its stands (on *day*, where one is
    named) or talked there, and nothing else: nobody who took part no more."""
    stands = {one.pk: one for one in stands_of(exhibitor)}
    rows = Booking.objects.filter(
        slot__listing__in=stands, state__in=("confirmed", "checked_in", "completed", "no_show"),
        case__kind=VISIT.name, case__party__isnull=False, case__closed_at=None,
    ).select_related("case__party", "slot__listing").order_by("starts_at", "seat")  # fmt: skip
    if day is not None:
        rows = rows.filter(starts_at__date=day)
    talks = Match.objects.filter(kind=MEETING.name, listing__in=stands, case__party__isnull=False,
                                 case__closed_at=None).order_by("made_at", "pk")  # fmt: skip
    of = {(one.case_id, one.listing_id): one
          for one in talks.select_related("case__party", "listing")}  # fmt: skip
    here = door.here(market_of(exhibitor)) if stands else {}
    found = [_shown(one.case, one.slot.listing, of, here, one) for one in rows if one.case]
    had = {(one.visit, one.stand.pk) for one in found}
    return found + [_shown(one.case, one.listing, of, here, None)
                    for key, one in of.items() if key not in had and one.state in MET]  # fmt: skip


def _shown(
    visit: Case, stand: Listing, of: dict[tuple[UUID, UUID], Match], here: dict[UUID, Presence],
    booking: Booking | None,
) -> Shown:  # fmt: skip
    match = of.get((visit.pk, stand.pk))
    shows = match.more.get("shows", "nothing") if match else "nothing"
    named = shows != "nothing" and first_name(visit)
    return Shown(
        stand=stand, visit=visit.pk, called=named or number(visit), match=match, booking=booking,
        who=visit.party if match and shows == "reach" and match.state in MET else None,
        here=visit.pk in here and here[visit.pk].inside,
        at=booking.starts_at if booking else None,
    )  # fmt: skip


def of_visit(visit: Case) -> list[Match]:
    """The talks of *visit*, with what stands wrote; where there is an appointment and no talk yet,
    one that is not kept."""
    rows = list(
        visit.matches.filter(kind=MEETING.name).select_related("listing").order_by("made_at")
    )
    known = {one.listing_id for one in rows}
    booked = visit.bookings.filter(state__in=("confirmed", "checked_in", "completed"))
    return rows + [Match(case=visit, listing=stand, kind=MEETING.name, state=MEETING.graph.start,
                         municipality=visit.municipality)
                   for stand in _stands(booked) if stand.pk not in known]  # fmt: skip


def _stands(booked: Iterable[Booking]) -> list[Listing]:
    rows = Listing.objects.filter(pk__in={one.slot_id and one.slot.listing_id for one in booked},
                                  kind="fair_stand")  # fmt: skip
    return list(rows.order_by("title", "pk"))


def _open(visit: Case) -> Case:
    """*visit* as it is now; Refusal("visit_over") where somebody takes part no more."""
    held = locked(visit)
    if held.closed_at is not None or held.party_id is None:
        raise Refusal("visit_over")
    return held


def _both(match: Match) -> tuple[Case, Match]:
    """The visit and the match as they are now, of which nobody else takes a step meanwhile."""
    visit = _open(match.case)
    return visit, Match.objects.select_related("listing").get(pk=match.pk)
