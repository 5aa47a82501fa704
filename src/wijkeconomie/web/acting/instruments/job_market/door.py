# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The door of a job market: tablets that the organiser hands out by a link of their own, what they
scanned, and badges of a spare roll.  Every write of it.

What tablets bring is added to a table in which nothing changes; who is here follows from that table
alone (:mod:`wijkeconomie.acting.checkins`), so it does not matter which tablet comes first.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wijkeconomie.acting import checkins
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.actions import stepped, stepped_each
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.job_market import VISIT, day_of, stands
from wijkeconomie.web.acting.instruments.job_market.day import (
    BADGE,
    TABLET,
    fingerprint,
    first_name,
    number,
    visits,
)
from wijkeconomie.web.acting.models import Booking, Case, Item, Listing, Scan
from wijkeconomie.web.journey.actions import at_once
from wijkeconomie.web.journey.actions.field import by_our_clock

SPARES = 100  # badges of the roll for who has none
MOST = 500  # scans in one message
_HEX = frozenset("0123456789abcdef")
_LENGTH = 64  # of a fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A scan as a tablet sends it, ``at`` by its own clock."""

    key: UUID
    badge: str
    what: str
    stand: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What arrived, and what cannot be: a key that was used for another scan, or a stand or badge
    that there cannot be."""

    received: list[UUID]
    refused: list[UUID]


@transaction.atomic
def add_tablet(*, by: User, market: Listing, key: UUID, name: str) -> Case:
    """A tablet that may scan at *market*, by a link of its own."""
    asker = actions.Asker(kind="organisation", name=name)
    question = actions.Question(about="", text="", channel="counter", asker=asker)
    return actions.ask(listing=market, kind=TABLET, key=key, question=question, by=by)


@transaction.atomic
def stop_tablet(*, by: User, tablet: Case) -> Case:
    """Its link works no more, and it deletes what it holds as soon as it hears so."""
    held = actions.locked(tablet)
    if held.state != "stopped":
        stepped(held, "stopped", by=by)
    return held


def going(tablet: Case) -> bool:
    """Whether a tablet may still scan."""
    return tablet.state == "open"


@transaction.atomic
def receive(*, tablet: Case, device: UUID, sent: Collection[Sent], device_now: datetime) -> Taken:
    """Add what a tablet scanned; sent once more it is the same.  Who was scanned came."""
    now, known_stands = timezone.now(), set(stands(tablet.listing).values_list("pk", flat=True))
    fits = {one.key: one for one in sent if _can_be(one, known_stands)}
    off = round((device_now - now).total_seconds())
    # On SQLite a trigger refuses a key that is there; on PostgreSQL two may come at one moment.
    there = set(Scan.objects.filter(pk__in=fits).values_list("pk", flat=True))
    Scan.objects.bulk_create(
        (Scan(id=one.key, municipality_id=tablet.municipality_id, listing_id=tablet.listing_id,
              tablet=tablet, stand_id=one.stand, device=device, badge=one.badge, what=one.what,
              at=by_our_clock(one.at, device_now=device_now, now=now), said_at=one.at, off=off,
              received_at=now)
         for one in fits.values() if one.key not in there),
        ignore_conflicts=True,
    )  # fmt: skip
    kept = Scan.objects.filter(pk__in=fits).values_list("pk", "listing", "badge", "what", "stand",
                                                        "said_at")  # fmt: skip
    same = {row[0] for row in kept if row[1:] == _said(tablet, fits[row[0]])}
    audit.note(tablet.municipality, "scan", by=LINK, subject=tablet.pk, count=str(len(same)))
    _came(tablet.listing, {fits[key].badge for key in same if fits[key].what != "out"})
    received = [one.key for one in sent if one.key in same]
    return Taken(received=received, refused=[one.key for one in sent if one.key not in same])


def _said(tablet: Case, one: Sent) -> tuple[Any, ...]:
    return tablet.listing_id, one.badge, one.what, one.stand, one.at


def _can_be(one: Sent, known: Collection[UUID]) -> bool:
    badge = len(one.badge) == _LENGTH and set(one.badge) <= _HEX
    there = one.stand in known if one.what == "stand" else one.stand is None
    return badge and there and one.what in Scan.What.values


def _came(market: Listing, badges: Collection[str]) -> None:
    """Whose badges were scanned is here: once, and in one order of locks."""
    of = by_badge(market)
    keys = {of[badge].pk for badge in badges if badge in of}
    held = Case.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    able = [one for one in held if may_come(one)]
    if able:
        stepped_each(able, "came", by=None, who=Who.TEAM)


def may_come(visit: Case) -> bool:
    """Whether it can still be said of somebody that they came."""
    return any(edge.to == "came" for edge in VISIT.graph.steps(visit.state, Who.TEAM))


# -- badges
def spares(market: Listing) -> list[str]:
    """What stands on the badges of the roll: it follows from the key of this installation, so the
    roll can be printed before the day, and again."""
    return [_spare(market, n) for n in range(SPARES)]


def _spare(market: Listing, n: int) -> str:
    digest = salted_hmac("spare_badge", f"{market.pk}|{n}", algorithm="sha256").digest()
    return base64.b32encode(digest[:15]).decode().lower()


def by_badge(market: Listing) -> dict[str, Case]:
    """Who has which badge, by fingerprint: their own, and those of the roll that were tied.  Two
    queries."""
    rows = list(visits(market))
    of = {fingerprint(one.more["badge"]): one for one in rows if one.more.get("badge")}
    by_party = {one.party_id: one for one in rows}
    tied = Item.objects.filter(listing=market, kind=BADGE, party__isnull=False)
    more = {name: by_party[party] for name, party in tied.values_list("name", "party")
            if party in by_party}  # fmt: skip
    return of | more


@transaction.atomic
def tie(*, by: User, visit: Case, badge: str) -> Item:
    """A badge of the roll is of *visit* from now on, and so is what was scanned of it before.

    Refusal("badge_unknown") for one that is not of the roll, ("badge_taken") for one that another
    has."""
    market, print_ = visit.listing, fingerprint(badge)
    if badge not in spares(market):
        raise Refusal("badge_unknown")
    there = Item.objects.filter(listing=market, kind=BADGE, name=print_)
    if (known := there.first()) is not None:
        if known.party_id != visit.party_id:
            raise Refusal("badge_taken")
        return known
    with at_once(there.exists, "badge_taken"):
        made = Item.objects.create(
            municipality=visit.municipality, made_by=by, listing=market, kind=BADGE, name=print_,
            party=visit.party, state="out",
        )  # fmt: skip
    audit.note(visit.municipality, "tie_badge", by=by, subject=visit.pk)
    if Scan.objects.filter(listing=market, badge=print_).exclude(what="out").exists():
        _came(market, {print_})
    return made


# -- who is here
def scans(market: Listing) -> list[checkins.Scan]:
    """All that was scanned, as it is put together."""
    return [checkins.Scan(nonce=one.pk.hex, device=one.device.hex, badge=one.badge,
                          what=cast("checkins.What", one.what), at=one.at, received=one.received_at,
                          off=timedelta(seconds=one.off),
                          stand=one.stand_id.hex if one.stand_id else "")
            for one in Scan.objects.filter(listing=market)]  # fmt: skip


def here(market: Listing) -> dict[UUID, checkins.Presence]:
    """Who came, by visit: all of somebody's badges together."""
    of = by_badge(market)
    found = (replace(one, badge=of[one.badge].pk.hex) for one in scans(market) if one.badge in of)
    return {UUID(hex=key): one for key, one in checkins.presences(found).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """How it stands at the door: how many came and are inside; badges of which nobody knows whose
    they are; and by tablet when it was heard last, how much it scanned and by how many minutes its
    clock is ahead (0: it is right)."""

    came: int
    inside: int
    untied: int
    tablets: list[tuple[Case, datetime | None, int, int]]


def hall(market: Listing) -> Hall:
    """The door of *market* now."""
    all_, of = scans(market), by_badge(market)
    present = here(market).values()
    rows = list(market.cases.filter(kind=TABLET.name).select_related("party").order_by("made_at"))
    heard: dict[UUID, list[Scan]] = {one.pk: [] for one in rows}
    for one in Scan.objects.filter(listing=market).only("tablet", "received_at", "device"):
        heard[one.tablet_id].append(one)
    off = checkins.clocks(all_)
    return Hall(
        came=sum(one.came is not None for one in present),
        inside=sum(one.inside for one in present),
        untied=len({one.badge for one in all_ if one.badge not in of}),
        tablets=[(one, max((each.received_at for each in heard[one.pk]), default=None),
                  len(heard[one.pk]), _minutes(off, heard[one.pk])) for one in rows],
    )  # fmt: skip


def _minutes(off: Mapping[str, timedelta], heard: Iterable[Scan]) -> int:
    found = [off[device] for device in {one.device.hex for one in heard} if device in off]
    return round(max(found, key=abs, default=timedelta()).total_seconds() / 60)


def list_for(tablet: Case, until: datetime) -> dict[str, Any]:
    """What a tablet takes along: fingerprints of badges with a first name (or a number) and where
    somebody goes first, who came already, the fingerprints of the roll, and the stands."""
    market = tablet.listing
    of = by_badge(market)
    came = {badge: [one.at.isoformat() for one in found.scans if one.what != "out"][:1]
            for badge, found in checkins.presences(scans(market)).items()}  # fmt: skip
    nexts = _nexts(market)
    return {
        "now": timezone.now().isoformat(), "until": until.isoformat(),
        "badges": {print_: [first_name(one) or number(one), nexts.get(one.pk, "")]
                   for print_, one in of.items()},
        "came": came,
        "spares": [one for one in map(fingerprint, spares(market)) if one not in of],
        "stands": [[str(one.pk), one.title] for one in stands(market)],
    }  # fmt: skip


def _nexts(market: Listing) -> dict[UUID, str]:
    """Where each visitor goes first from now on."""
    rows = Booking.objects.filter(
        slot__listing__within=market, state="confirmed", case__isnull=False,
        starts_at__gte=timezone.now() - timedelta(minutes=10),
    ).order_by("-starts_at").select_related("slot__listing")  # fmt: skip
    return {one.case_id: f"{timezone.localtime(one.starts_at):%H:%M} · {one.slot.listing.title}"
            for one in rows if one.case_id}  # fmt: skip


def nobody(until: datetime) -> dict[str, Any]:
    """The same once the day is over: nobody."""
    return {"now": timezone.now().isoformat(), "until": until.isoformat(), "badges": {},
            "came": {}, "spares": [], "stands": []}  # fmt: skip


def ends(market: Listing) -> datetime:
    """From when on no tablet holds a list of *market* any more: the end of its day."""
    return timezone.make_aware(datetime.combine(day_of(market) + timedelta(days=1), time()))


def day_over(market: Listing) -> bool:
    """Whether the day is over."""
    return timezone.now() >= ends(market)
