# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Enrolment in a learn-work route at a stand: a seat of a start of the route is taken by the
visitor's own yes, on their phone, on a tablet that they are handed, or on paper that is keyed in
later with the time that stands on it.

The route is that of people beside work: the school reads there who comes, as with any seat.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.instruments.job_market import after, stands
from wijkeconomie.web.acting.instruments.job_market.day import BEGUN
from wijkeconomie.web.acting.instruments.job_market.meetings import talk
from wijkeconomie.web.acting.instruments.skill_matching import WORK, matching, profiles
from wijkeconomie.web.acting.models import Booking, Case, Listing, Match, Slot


def routes(stand: Listing) -> list[Listing]:
    """The open routes that *stand* offers."""
    offers = [UUID(one) for one in stand.more.get("offers", ())]
    rows = Listing.objects.filter(pk__in=offers, kind=WORK.name, state="open")
    return [one for one in rows.order_by("title", "pk") if one.more["form"] == "route"]


def starts(market: Listing) -> list[tuple[Listing, Listing, Slot]]:
    """Stand, route and start of all that one can enrol in now, with a seat left."""
    return [(stand, route, slot) for stand in stands(market) for route in routes(stand)
            for slot in matching.starts(route)]  # fmt: skip


@transaction.atomic
def enrol(
    *, visit: Case, stand: Listing, slot: Slot, key: UUID, how: str, at: datetime | None = None,
    by: User | None = None,
) -> Match:  # fmt: skip
    """A seat of *slot* for the visitor, who said yes; *at*: when, where it was on paper (not later
    than now), and *by* whom of the team it was keyed in.  Sent once more under its *key* it is the
    same seat.  Refusals as of ``booking.book``; "not_at_stand" where it is not offered there."""
    held = locked(visit)
    if held.party is None or held.closed_at is not None:
        raise Refusal("visit_over")
    if slot.listing not in routes(stand):
        raise Refusal("not_at_stand")
    now = timezone.now()
    if at is not None and at > now:
        raise Refusal("not_there_yet")
    profile = _profile(held, slot.listing)
    seat = matching.enrol(profile=profile, slot=slot, key=key)
    found = talk(held, stand)
    if found.state not in BEGUN:
        said = {"at": (at or now).isoformat(), "how": how, "route": str(slot.listing_id),
                "seat": str(seat.pk)}  # fmt: skip
        found.more = found.more | {"enrolled": said}
        stepped(found, "enrolled", by=by, also=("more",))
        audit.note(held.municipality, "enrol", by=by or LINK, subject=found.pk, how=how)
        after.ask_about(held, since=timezone.localdate(slot.starts_at))
    return found


def _profile(visit: Case, route: Listing) -> Case:
    """The visitor at the desk of *route*: known there by name and how to reach them, and with no
    more than that.  They are asked later how it goes by the job market, once."""
    desk, who = route.within, visit.party
    if desk is None or who is None:
        raise Refusal("not_at_stand")
    asker = actions.Asker(kind="person", name=who.name, email=who.email, phone=who.phone,
                          language=who.language)  # fmt: skip
    return profiles.begin(desk=desk, key=uuid5(visit.pk, desk.pk.hex), asker=asker,
                          more={"can": []}, agreed=("propose",))  # fmt: skip


def seat_of(match: Match) -> Booking | None:
    """The seat that was taken with a talk."""
    key = match.more.get("enrolled", {}).get("seat")
    return Booking.objects.filter(pk=key).select_related("slot__listing").first() if key else None
