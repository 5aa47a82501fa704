# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What hangs and lies in the hall: lists by stand and by moment, badges, and the screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch
from django.utils import timezone

from wijkeconomie.web.acting.instruments.job_market import STAND, stands, talks, visitors
from wijkeconomie.web.acting.models import STANDS, Booking, Case, Listing, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of paper: of a stand or a moment, with who comes there in order."""

    title: str
    rows: list[Booking] = field(default_factory=list)


def _booked(market: Listing) -> list[Booking]:
    rows = Booking.objects.filter(slot__listing__within=market, state__in=STANDS,
                                  slot__listing__kind=STAND.name)  # fmt: skip
    told = rows.select_related("party", "slot__listing", "slot__place")
    return list(told.order_by("starts_at", "slot__listing__more__number", "seat"))


def by_stand(market: Listing) -> list[Sheet]:
    """A sheet for each stand, also where nobody comes."""
    found = {one.pk: Sheet(title=f"{one.more['number']}. {one.title}") for one in stands(market)}
    for one in _booked(market):
        if one.slot.listing_id in found:
            found[one.slot.listing_id].rows.append(one)
    return list(found.values())


def by_moment(market: Listing) -> list[Sheet]:
    """A sheet for each moment at which somebody sits somewhere."""
    found: dict[datetime, Sheet] = {}
    for one in _booked(market):
        clock = f"{timezone.localtime(one.starts_at):%H:%M}"
        found.setdefault(one.starts_at, Sheet(title=clock)).rows.append(one)
    return list(found.values())


def badges(market: Listing) -> list[Case]:
    """Everybody who comes and is known, by name, with the code on their badge."""
    rows = visitors(market).exclude(state="off").filter(party__isnull=False)
    known = [one for one in rows.select_related("party") if one.more.get("badge")]
    return sorted(known, key=lambda one: (one.party.name if one.party else "", one.pk))


def called(market: Listing, words: str) -> list[Case]:
    """Who is registered by a name or number with *words* in it, by name.  They are sealed, so all
    are read; shown are those."""
    asked = words.strip().casefold()
    rows = visitors(market).filter(party__isnull=False).select_related("party")
    found = [one for one in rows if one.party and any(
        asked in said.casefold() for said in (one.party.name, one.party.phone, one.party.email)
    )]  # fmt: skip
    return sorted(found, key=lambda one: (one.party.name.casefold() if one.party else "", one.pk))


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """A stand as the screen shows it: its free places ``now`` and at the ``next`` moment (None:
    there is no such moment)."""

    stand: Listing
    now: int | None
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What is now and what is next: at which moments, at each stand, and on the programme."""

    now: datetime | None
    next: datetime | None
    stands: list[Now]
    talks: list[Slot]


def screen(market: Listing, at: datetime) -> Screen:
    """What hangs in the hall: nobody's name."""
    taken = Booking.objects.filter(state__in=STANDS).only("slot")
    open_ = Slot.objects.filter(state=Slot.State.OPEN, ends_at__gt=at)
    shown = stands(market).prefetch_related(
        Prefetch("slots", queryset=open_.prefetch_related(Prefetch("bookings", queryset=taken)))
    )
    rows = list(shown)
    now, later = _moments(rows, at)
    lines = [Now(stand=one, now=_free(one, now), next=_free(one, later)) for one in rows]
    coming = talks(market).filter(ends_at__gt=at)[:4]
    return Screen(now=now, next=later, stands=lines, talks=list(coming))


def _moments(rows: Sequence[Listing], at: datetime) -> tuple[datetime | None, datetime | None]:
    """That which is now, and that which comes."""
    begun: dict[bool, set[datetime]] = defaultdict(set)
    for one in rows:
        for slot in one.slots.all():
            begun[slot.starts_at <= at].add(slot.starts_at)
    return max(begun[True], default=None), min(begun[False], default=None)


def _free(stand: Listing, at: datetime | None) -> int | None:
    slot = next((one for one in stand.slots.all() if one.starts_at == at), None)
    return max(0, slot.seats - len(slot.bookings.all())) if slot else None
