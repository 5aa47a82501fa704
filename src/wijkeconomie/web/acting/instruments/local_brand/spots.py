# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a brand is at work: workshops with guidance, stalls and shops, each with days and so many
seats.  Makers take a seat by their link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions, booking
from wijkeconomie.web.acting.graphs import Edge, Graph
from wijkeconomie.web.acting.instruments.local_brand import BRAND
from wijkeconomie.web.acting.kinds import Kind, declare
from wijkeconomie.web.acting.models import Booking, Case, Listing, Slot

USES = {"workshop": _("Workshop"), "stall": _("Stall"), "shop": _("Point of sale")}
_COMING = ("held", "confirmed", "checked_in", "completed")
_LOOKED = 20

SPOT = declare(Kind(
    name="brand_spot", label=_("Where a brand is at work"), table=Listing, right=Right.CASES,
    within=BRAND.name, team="brand_spot",
    graph=Graph({"open": _("Open"), "closed": _("Closed")},
                (Edge(was="open", to="closed", act=_("Close it"), reason=True),)),
))  # fmt: skip


@transaction.atomic
def begin(
    *, by: User, brand: Listing, key: UUID, title: str, address: str, more: Mapping[str, str]
) -> Listing:
    """A workshop, a stall or a point of sale; the same under its *key* is the same one."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=brand.pk)
    if (known := Listing.objects.filter(pk=key).first()) is not None:
        if (known.within_id, known.title, known.more) != (held.pk, title, dict(more)):
            raise Refusal("key_used")
        return known
    return actions.offer(by=by, municipality=held.municipality, key=key, kind=SPOT, more=more,
                         area=held.area, title=title, within=held,
                         place={"name": title, "address": address})  # fmt: skip


def days(first: date, weeks: int, opens: time, closes: time) -> Iterable[tuple[datetime, datetime]]:
    """The same day of so many weeks, by the clock on the wall."""
    for day in (first + timedelta(weeks=n) for n in range(weeks)):
        ends = datetime.combine(day, closes)
        yield timezone.make_aware(datetime.combine(day, opens)), timezone.make_aware(ends)


@transaction.atomic
def open_days(
    *, by: User, spot: Listing, times: Iterable[tuple[datetime, datetime]], seats: int
) -> list[Slot]:
    """Open days there; what is open already stays as it is."""
    return booking.open_slots(by=by, listing=spot, times=times, seats=seats, place=spot.place)


def open_of(brand: Listing) -> QuerySet[Listing]:
    """Where *brand* is at work."""
    rows = brand.inside.filter(kind=SPOT.name, state="open")
    return rows.select_related("place").order_by("title", "pk")


def coming(brand: Listing) -> list[Slot]:
    """The next days of all of those, each with how many seats are ``left``."""
    found = [slot for one in open_of(brand) for slot in booking.coming(one)[:_LOOKED]]
    return sorted(found, key=lambda one: (one.starts_at, str(one.pk)))[:_LOOKED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """What a maker took, and what they can take."""

    taken: list[Booking]
    free: list[Slot]


def mine(maker: Case) -> Mine:
    """The seats of *maker* still to come, and the days on which there is one more."""
    rows = maker.bookings.filter(state__in=_COMING, starts_at__gt=timezone.now())
    taken = list(rows.select_related("slot__place", "slot__listing").order_by("starts_at"))
    known = {one.slot_id for one in taken}
    free = [one for one in coming(maker.listing) if one.left > 0 and one.pk not in known]
    return Mine(taken=taken, free=free if maker.state == "making" else [])


@transaction.atomic
def take(*, maker: Case, slot: str, key: UUID) -> Booking:
    """A seat for *maker*; 404 for a time that is not of the brand or is over."""
    there = next(filter(None, (booking.one_of(one, slot) for one in open_of(maker.listing))), None)
    if there is None or maker.party is None or maker.state != "making":
        raise Http404
    return booking.book(slot=there, wish=booking.Wish(key=key, party=maker.party, case=maker))


def called_off(maker: Case) -> list[tuple[Booking, str]]:
    """Days still to come that were cancelled by the team, each with why."""
    rows = maker.bookings.filter(state="cancelled", starts_at__gt=timezone.now())
    found = []
    for one in rows.select_related("slot__listing").order_by("starts_at"):
        last = one.steps.order_by("-made_at").first()
        if last is not None and last.made_by_id is not None:
            found.append((one, last.reason))
    return found


def of_today(spot: Listing) -> list[Booking]:
    """Who has a seat there today, with how that went."""
    return booking.on_day([spot], timezone.localdate())


@transaction.atomic
def guide(*, by: User, slot: Slot, name: str) -> Listing:
    """Say who guides on a day; everyone reads it."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=slot.listing_id)
    guides = dict(held.more.get("guides", {}))
    held.more = held.more | {"guides": guides | {slot.pk.hex: name}}
    held.save(update_fields=("more",))
    audit.note(held.municipality, "guide_day", by=by, subject=slot.pk)
    return held


def who_guides(slot: Slot) -> str:
    """Who guides that day; else which guidance there always is."""
    more = slot.listing.more
    return str(more.get("guides", {}).get(slot.pk.hex) or more.get("guide", ""))


def who_comes(spot: Listing) -> list[tuple[Slot, list[Booking]]]:
    """The days still to come of *spot*, each with who takes a seat."""
    slots = list(booking.coming(spot)[:_LOOKED])
    rows = Booking.objects.filter(slot__in=slots, state__in=_COMING).select_related("party")
    by_slot: dict[UUID, list[Booking]] = {}
    for one in rows.order_by("seat"):
        by_slot.setdefault(one.slot_id, []).append(one)
    return [(one, by_slot.get(one.pk, [])) for one in slots]
