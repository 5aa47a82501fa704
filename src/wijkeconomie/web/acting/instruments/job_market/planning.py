# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Appointments at the stands from what visitors wish: a look first, and then it is kept.

What stands never moves.  A new plan goes around it (:mod:`wijkeconomie.acting.appointments`); only
who had a time cancels it, or a stand that does not come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wijkeconomie.acting.appointments import Appointment, Visitor, plan
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import letters
from wijkeconomie.web.acting.instruments.job_market import STAND, TALK, clocks, moments, visitors
from wijkeconomie.web.acting.models import STANDS, Booking, Case, Listing, Slot

WHY = {
    "no_wish": _("wished for nobody"),
    "stand_gone": _("the stands of their wishes do not come"),
    "not_there": _("their wishes have no time in the hours that they are there"),
    "full": _("their wishes are full in the hours that they are there"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a plan would do.  ``made``: who would get which slot; of the ``people`` who wish
    something ``one`` have an appointment then, ``first`` one at their dearest stand; ``none``: who
    has none, and why; ``lost``: appointments that go with the stand that is left out; ``stamp``: of
    exactly this plan."""

    made: tuple[tuple[Case, Slot], ...]
    people: int
    one: int
    first: int
    none: tuple[tuple[Case, str], ...]
    lost: int
    stamp: str


class _Day:
    """What a plan is made of, read in three queries."""

    def __init__(self, market: Listing, now: datetime, without: UUID | None) -> None:
        self.spans = moments(market)
        self.at = {begins: n for n, (begins, _over) in enumerate(self.spans)}
        self.market, self.clocks = market, clocks(market)
        rows = visitors(market).filter(state__in=("expected", "came"), party__isnull=False)
        fields = ("id", "more", "state", "kind", "party", "listing", "municipality", "made_at")
        self.cases = {one.pk.hex: one for one in rows.only(*fields)}
        slots = Slot.objects.filter(listing__within=market, state=Slot.State.OPEN,
                                    listing__kind=STAND.name, listing__state="open")  # fmt: skip
        self.slots = {(one.listing_id.hex, self.at[one.starts_at]): one
                      for one in slots if one.starts_at in self.at}  # fmt: skip
        booked = Booking.objects.filter(slot__listing__within=market, state__in=STANDS)
        self.booked = list(booked.values_list(
            "case", "slot__listing", "slot__listing__kind", "slot", "seat", "starts_at",
            "slot__ends_at",
        ))  # fmt: skip
        self.now, self.without = now, without.hex if without else ""
        self._sort()

    def _sort(self) -> None:
        """What was agreed at stands, who is busy when, and which seats are taken."""
        self.agreed: list[Appointment] = []
        self.seats: dict[UUID, set[int]] = defaultdict(set)
        self.busy: dict[str, set[int]] = defaultdict(set)
        self.lost = 0
        for case, stand, kind, slot, seat, starts, ends in self.booked:
            self.seats[slot].add(seat or 0)
            if case is None:
                continue
            if kind == TALK.name:
                self.busy[case.hex] |= self._during(starts, ends)
            elif stand.hex == self.without and starts > self.now:
                self.lost += 1
            elif (stand.hex, self.at.get(starts)) in self.slots:
                self.agreed.append(Appointment(visitor=case.hex, stand=stand.hex,
                                               moment=self.at[starts]))  # fmt: skip
        self.places = {place: self._open(place, slot) for place, slot in self.slots.items()}

    def _during(self, starts: datetime, ends: datetime) -> set[int]:
        return {n for n, (begins, over) in enumerate(self.spans)
                if begins < ends and over > starts}  # fmt: skip

    def _open(self, place: tuple[str, int], slot: Slot) -> int:
        """Seats that can be planned: what is past or left out has those that are taken."""
        taken = len(self.seats[slot.pk])
        if place[0] == self.without and slot.starts_at > self.now:
            return 0
        return max(slot.seats, taken) if slot.starts_at > self.now else taken

    def visitors(self, only: UUID | None) -> list[Visitor]:
        """Who may get one more."""
        return [self._visitor(key, case) for key, case in self.cases.items()
                if case.more.get("wishes") and (only is None or key == only.hex)]  # fmt: skip

    def _visitor(self, key: str, case: Case) -> Visitor:
        since, until = case.more["since"], case.more["until"]
        there = {n for n, clock in enumerate(self.clocks[:-1]) if since <= clock < until}
        return Visitor(id=key, wishes=tuple(case.more["wishes"]), most=case.more["most"],
                       there=frozenset(there - self.busy[key]))  # fmt: skip

    def why(self, one: Visitor) -> str:
        """Why somebody has no appointment."""
        here = [stand for stand in one.wishes if stand != self.without
                and any(stand == place for place, _n in self.places)]  # fmt: skip
        if not here:
            return "stand_gone"
        open_ = any(self.places.get((stand, n)) for stand in here for n in one.there)
        return "full" if open_ else "not_there"


def look(market: Listing, *, only: UUID | None = None, without: UUID | None = None) -> Look:
    """What a new plan would do; for one visitor (*only*), or as if a stand were not there."""
    return _looked(_Day(market, timezone.now(), without), only)


def _looked(day: _Day, only: UUID | None) -> Look:
    asking = day.visitors(only)
    planned = plan(asking, day.places, seed=day.market.more["seed"], agreed=day.agreed)
    agreed = set(day.agreed)
    new = [one for one in planned if one not in agreed]
    has = {one.visitor for one in planned}
    met = {(one.visitor, one.stand) for one in planned}
    left = [one for one in asking if one.id not in has]
    wishless = [] if only else [one for one in day.cases.values() if not one.more.get("wishes")]
    return Look(
        made=tuple((day.cases[one.visitor], day.slots[one.stand, one.moment]) for one in new),
        people=len(asking), one=len(asking) - len(left), lost=day.lost,
        first=sum((one.id, one.wishes[0]) in met for one in asking), stamp=_stamp(new),
        none=(*((day.cases[one.id], day.why(one)) for one in left),
              *((one, "no_wish") for one in wishless if one.pk.hex not in has)),
    )  # fmt: skip


def _stamp(new: Iterable[Appointment]) -> str:
    said = sorted(f"{one.visitor}{one.stand}{one.moment}" for one in new)
    return sha256("\n".join(said).encode()).hexdigest()


@transaction.atomic
def keep(*, by: User, market: Listing, stamp: str, only: UUID | None = None) -> int:
    """Make the appointments of the plan that was looked at, and tell who got one; how many were
    made.  Refusal("fair_plan_changed") where it would be another plan by now."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=market.pk)
    day = _Day(held, timezone.now(), None)
    found = _looked(day, only)
    if found.stamp != stamp:
        raise Refusal("fair_plan_changed")
    try:
        with transaction.atomic():
            Booking.objects.bulk_create(_booked(found.made, day, by), batch_size=500)
    except IntegrityError:  # somebody took a seat meanwhile
        raise Refusal("fair_plan_changed") from None
    audit.note(held.municipality, "keep_fair_plan", by=by, subject=held.pk,
               count=str(len(found.made)))  # fmt: skip
    got = {case.pk for case, _slot in found.made}
    letters.tell_each("fair_day", cases=Case.objects.filter(pk__in=got).select_related("party"))
    return len(found.made)


def _booked(made: Sequence[tuple[Case, Slot]], day: _Day, by: User) -> list[Booking]:
    """Each on a seat that nobody has."""
    rows = []
    for case, slot in made:
        taken = day.seats[slot.pk]
        seat = next(n for n in range(1, slot.seats + 1) if n not in taken)
        taken.add(seat)
        rows.append(Booking(
            id=uuid4(), municipality_id=slot.municipality_id, made_by=by, slot=slot, case=case,
            party_id=case.party_id, starts_at=slot.starts_at, state="confirmed", seat=seat,
        ))  # fmt: skip
    return rows


def hours(market: Listing) -> list[tuple[int, int, int, int]]:
    """By hour of the day how many seats there are at stands, are taken, and are free."""
    rows = Slot.objects.filter(listing__within=market, state=Slot.State.OPEN,
                               listing__kind=STAND.name, listing__state="open")  # fmt: skip
    seats: Counter[int] = Counter()
    for starts, many in rows.values_list("starts_at", "seats"):
        seats[timezone.localtime(starts).hour] += many
    booked = Booking.objects.filter(slot__in=rows, state__in=STANDS)
    begun = booked.values_list("starts_at", flat=True)
    taken = Counter(timezone.localtime(at).hour for at in begun)
    return [(hour, seats[hour], taken[hour], seats[hour] - taken[hour]) for hour in sorted(seats)]


def filled(slots: QuerySet[Slot]) -> list[Slot]:
    """*slots* that go ahead, each with how many seats are ``left``."""
    taken = Count("bookings", filter=Q(bookings__state__in=STANDS))
    rows = slots.filter(state=Slot.State.OPEN)
    counted = rows.annotate(left=F("seats") - taken)  # type: ignore[no-redef]
    return list(counted.order_by("starts_at", "pk"))


def named(none: Iterable[tuple[Case, str]]) -> list[tuple[Case, str]]:
    """Who has no appointment, with who that is, and why in words."""
    rows = list(none)
    known = Case.objects.filter(pk__in=[one.pk for one, _why in rows]).select_related("party")
    people = {one.pk: one for one in known}
    return [(people[one.pk], str(WHY[why])) for one, why in rows]
