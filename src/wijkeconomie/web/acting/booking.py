# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every write of times and of the seats that people have of them.

The database gives a seat away once; what stands here is who comes next.  An act that lets go of a
seat holds the slot, so that it goes to the first who waits and to nobody else.  Locks are taken in
one order (case, slots, log), and a seat is taken before anything is written in the log: else two
acts could wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wijkeconomie.acting.permits import holidays_of
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, kinds, letters
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.models import (
    STANDS,
    Booking,
    Case,
    Listing,
    Message,
    Party,
    Place,
    Slot,
)
from wijkeconomie.web.context import at_clock
from wijkeconomie.web.journey.actions import at_once

COMING = timedelta(weeks=8)  # how far ahead times are shown
OFFER = timedelta(hours=24)  # how long a seat that came free is kept for who was first in turn
HOLD = timedelta(minutes=15)  # and one for which somebody is filling in a form
_Thing = TypeVar("_Thing", Slot, Booking)
_OTHERS, _LOOKED = 3, 100  # times that are named to who comes too late, of so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A seat that somebody wants: whose, in which case, where they are if it is with them; ``key``
    is that of the form."""

    key: UUID
    party: Party
    case: Case | None = None
    where: str = ""
    by: User | None = None  # who of the team does it for them


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Times that come back every week: on these days (0 is Monday), between two moments of the
    clock, so many minutes each, for so many weeks."""

    first: date
    weeks: int
    days: frozenset[int]
    opens: time
    closes: time
    minutes: int

    def times(self) -> Iterator[tuple[datetime, datetime]]:
        """By the clock on the wall, also over its change; not on public holidays."""
        for day in (self.first + timedelta(days=n) for n in range(7 * self.weeks)):
            if day.weekday() in self.days and day not in holidays_of(day.year):
                yield from self._of(day)

    def _of(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        at = datetime.combine(day, self.opens)
        while (ends := at + timedelta(minutes=self.minutes)) <= datetime.combine(day, self.closes):
            yield timezone.make_aware(at), timezone.make_aware(ends)
            at = ends


@transaction.atomic
def open_slots(
    *, by: User | None, listing: Listing, times: Iterable[tuple[datetime, datetime]],
    seats: int = 1, place: Place | None = None,
) -> list[Slot]:  # fmt: skip
    """Open *times*; what is open there already stays as it is."""
    Listing.objects.select_for_update(no_key=True).get(pk=listing.pk)
    there = listing.slots.filter(place=place, state=Slot.State.OPEN)
    known = set(there.values_list("starts_at", flat=True))
    made = Slot.objects.bulk_create(
        Slot(municipality=listing.municipality, made_by=by, listing=listing, place=place,
             starts_at=starts, ends_at=ends, seats=seats)
        for starts, ends in times if starts not in known
    )  # fmt: skip
    audit.note(
        listing.municipality, "open_times", by=by or LINK, subject=listing.pk, count=str(len(made))
    )
    return made


@transaction.atomic
def book(*, slot: Slot, wish: Wish, hold: timedelta | None = None) -> Booking:
    """A seat of *slot*, for good or only as long as *hold*.

    Sent once more it is the same booking.  Raises Refusal: ``slot_full``, with other times;
    ``slot_over``; ``booked_elsewhere`` where they have a seat somewhere else then; ``key_used``.
    """
    if (known := _known(slot, wish)) is not None:
        return known
    if slot.bookings.filter(_over(timezone.now())).exists():
        _lapse(_hold([slot.pk])[0])
    return _seated(slot, wish, until=timezone.now() + hold if hold else None)


@transaction.atomic
def appoint(*, slot: Slot, wish: Wish) -> Booking:
    """The one time that a case has: what it had before is given back.  Refusals as of ``book``."""
    if (known := _known(slot, wish)) is not None:
        return known
    had = _standing(wish.case, slot)
    if same := next((one for one in had if one.slot_id == slot.pk), None):
        return same
    _give_back(had, by=wish.by)
    made = _seated(_fresh(slot), wish)
    for one in had:
        _offer(one.slot)
    return made


@transaction.atomic
def wait(*, slot: Slot, wish: Wish) -> Booking:
    """A place on the waiting list of *slot*; a seat at once where there is one after all."""
    if (known := _known(slot, wish)) is not None:
        return known
    (held,) = _hold([slot.pk])
    _lapse(held)
    if found := held.bookings.filter(party=wish.party, state__in=("waiting", *STANDS)).first():
        return found
    if _free(held) or held.state != Slot.State.OPEN:
        return _seated(held, wish)
    last = held.bookings.aggregate(last=Max("turn"))["last"] or 0
    return _made(held, wish, state="waiting", turn=last + 1)


@transaction.atomic
def confirm(*, booking: Booking, by: User | None = None) -> Booking:
    """Take what was held or offered; in a case that has one time, the other is given back.
    Refusal("offer_over") for who comes too late."""
    had = [one for one in _standing(booking.case, booking.slot) if one.pk != booking.pk]
    if booking.case and kinds.of(booking.case).keeps:
        had = []
    booking = _fresh(booking)
    if booking.until is None or booking.state not in ("held", "offered") \
            or booking.until <= timezone.now():  # fmt: skip
        raise Refusal("offer_over")
    _may_sit(booking.case, booking.slot)
    _give_back(had, by=by)
    booking.until = None
    stepped(booking, "confirmed", by=by, who=Who.PARTY, also=("until",))
    letters.tell("booked", case=booking.case, booking=booking)
    for one in had:
        _offer(one.slot)
    return booking


@transaction.atomic
def let_go(*, booking: Booking, by: User | None = None, reason: str = "") -> Booking:
    """Cancel, leave the waiting list, or decline what was offered; the seat goes to who waits."""
    (slot,) = _hold([booking.slot_id])
    booking = _fresh(booking)
    to = "declined" if booking.state == "offered" and by is None else "cancelled"
    stepped(booking, to, by=by, reason=reason)
    if by is not None or booking.seat:
        letters.tell("called_off", case=booking.case, booking=booking)
    _offer(slot)
    return booking


@transaction.atomic
def give_up(*, bookings: QuerySet[Booking], by: User | None = None, reason: str = "") -> None:
    """Let go of more at once: all their slots are held before anything is written."""
    _hold(set(bookings.values_list("slot", flat=True)))
    for one in bookings:
        let_go(booking=one, by=by, reason=reason)


@transaction.atomic
def exchange(*, ones: Collection[UUID], others: Collection[UUID]) -> list[Booking]:
    """Who has the bookings *ones* gets the seats of *others*, and the other way round, in one act:
    until it is done everybody has what they had.  Refusal("swap_over") where one of those is
    nobody's to give any more, ("booked_elsewhere") where somebody is there then already."""
    keys = {*ones, *others}
    rows = Booking.objects.filter(pk__in=keys)
    _hold(set(rows.values_list("slot", flat=True)))
    had = {one.pk: one for one in rows.select_related("slot__listing", "party", "case")}
    if not (ones and others and _going(had, keys, timezone.now())):
        raise Refusal("swap_over")
    for one in had.values():
        stepped(one, "cancelled", by=None)
    made = []
    for given, back in ((ones, others), (others, ones)):
        who = had[next(iter(back))]
        made += [_handed(had[key], who) for key in given]
    return made


def _going(had: Mapping[UUID, Booking], keys: Collection[UUID], now: datetime) -> bool:
    """Whether all of *keys* are somebody's, and still to come."""
    return had.keys() == set(keys) and all(
        one.state == "confirmed" and one.starts_at > now and one.party_id for one in had.values()
    )


def _handed(one: Booking, who: Booking) -> Booking:
    """The seat of *one*, for whoever has *who*."""
    theirs = Booking.objects.filter(party=who.party, starts_at=one.starts_at, state__in=STANDS)
    wish = Wish(key=uuid4(), party=cast("Party", who.party), case=who.case)
    with at_once(theirs.exists, "booked_elsewhere"):
        return _made(one.slot, wish, state="confirmed", seat=one.seat)


@transaction.atomic
def saw(*, by: User, booking: Booking, to: str) -> Booking:
    """Say whether who had the seat came; not before the day itself."""
    held = Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)
    if timezone.localdate(held.starts_at) > timezone.localdate():
        raise Refusal("not_there_yet")
    stepped(held, to, by=by)
    return held


@transaction.atomic
def cancel_slot(*, by: User, slot: Slot, reason: str) -> list[Booking]:
    """Take a time away, with a reason; who had a seat or waited is told, and comes back here."""
    if not reason.strip():
        raise Refusal("state_without_reason")
    (held,) = _hold([slot.pk])
    if held.state == Slot.State.CANCELLED:
        return []
    held.state = Slot.State.CANCELLED
    held.save(update_fields=("state",))
    left = list(held.bookings.filter(state__in=("held", "offered", "confirmed", "waiting")))
    audit.note(held.municipality, "close_time", by=by, subject=held.pk, count=str(len(left)))
    for one in left:
        stepped(one, "cancelled", by=by, reason=reason)
        letters.tell("called_off", case=one.case, booking=one)
    return left


@transaction.atomic
def resize(*, by: User, slot: Slot, seats: int) -> Slot:
    """More seats go to who waits; fewer than people have is refused."""
    (held,) = _hold([slot.pk])
    highest = held.bookings.filter(state__in=STANDS).aggregate(last=Max("seat"))["last"] or 0
    if seats < highest:
        raise Refusal("seats_taken", seats=str(highest))
    held.seats = seats
    held.save(update_fields=("seats",))
    audit.note(held.municipality, "resize", by=by, subject=held.pk, seats=str(seats))
    _offer(held)
    return held


def lapse_all(now: datetime) -> int:
    """What was held or offered for too long goes to who is next; how many slots that changed."""
    over = Booking.objects.filter(_over(now))
    slots = sorted(set(over.values_list("slot", flat=True)))
    for key in slots:
        with transaction.atomic():
            _lapse(_hold([key])[0], now)
    return len(slots)


def coming(listing: Listing, now: datetime | None = None) -> QuerySet[Slot]:
    """The times of *listing* that can still be booked or waited for, each with how many seats are
    ``left``."""
    now = now or timezone.now()
    taken = Count("bookings", filter=Q(bookings__state__in=STANDS))
    found = listing.slots.filter(
        state=Slot.State.OPEN, starts_at__gt=now, starts_at__lte=now + COMING
    )
    rows = found.select_related("place")
    counted = rows.annotate(left=F("seats") - taken)  # type: ignore[no-redef]
    return counted.order_by("starts_at", "pk")  # which a count by groups would forget


def one_of(listing: Listing, key: str) -> Slot | None:
    """The time *key* of *listing*, if it is one that can still be booked or waited for."""
    try:
        return coming(listing).filter(pk=UUID(key)).first()
    except ValueError:
        return None


def room(slot: Slot, case: Case) -> bool:
    """Whether a seat of *slot* is nobody's, or that of *case*; nothing is held for it."""
    there = slot.bookings.filter(state__in=STANDS).exclude(_over(timezone.now()))
    return there.exclude(case=case).count() < slot.seats


def on_day(listings: Iterable[Listing], day: date) -> list[Booking]:
    """Who comes that day, at any of *listings*."""
    rows = Booking.objects.filter(
        slot__listing__in=[one.pk for one in listings], starts_at__date=day,
        state__in=("confirmed", "checked_in", "completed", "no_show"),
    )  # fmt: skip
    told = rows.select_related("party", "case", "slot__place", "slot__listing", "municipality")
    return list(told.order_by("starts_at", "seat"))


def others(slot: Slot) -> list[Slot]:
    """The first times of what *slot* is of that have a seat."""
    rows = coming(slot.listing).exclude(pk=slot.pk)[:_LOOKED]
    return [one for one in rows if one.left > 0][:_OTHERS]


def _known(slot: Slot, wish: Wish) -> Booking | None:
    """What the form of *wish* made before."""
    known = Booking.objects.filter(pk=wish.key).first()
    if known is not None and (known.slot_id, known.party_id) != (slot.pk, wish.party.pk):
        raise Refusal("key_used")
    return known


def _hold(keys: Collection[UUID]) -> list[Slot]:
    """Those slots as they are now, always in one order: nobody else takes a step there."""
    rows = Slot.objects.select_for_update(no_key=True).filter(pk__in=keys)
    return list(rows.order_by("pk"))


def _fresh(thing: _Thing) -> _Thing:
    found: _Thing = type(thing)._default_manager.get(pk=thing.pk)  # noqa: SLF001 -- Django's name
    return found


def _standing(case: Case | None, slot: Slot) -> list[Booking]:
    """What *case* has booked; it is held, and so are those slots and *slot*."""
    mine = Booking.objects.none()
    if case is not None:
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        mine = Booking.objects.filter(case=case, state__in=("held", "confirmed"))
    held = _hold({slot.pk, *mine.values_list("slot", flat=True)})
    _lapse(next(one for one in held if one.pk == slot.pk))
    return list(mine.select_related("slot__listing"))


def _may_sit(case: Case | None, slot: Slot) -> None:
    """Refusal where the kind of *case* says that a seat of *slot* is not for it."""
    if case is not None and (sits := kinds.of(case).sits) is not None:
        sits(case, slot)


def _free(slot: Slot) -> list[int]:
    """Seats that nobody has."""
    taken = set(slot.bookings.filter(state__in=STANDS).values_list("seat", flat=True))
    return [seat for seat in range(1, slot.seats + 1) if seat not in taken]


def _seated(slot: Slot, wish: Wish, *, until: datetime | None = None) -> Booking:
    """On the first seat that the database gives."""
    if slot.state != Slot.State.OPEN or slot.starts_at <= timezone.now():
        raise Refusal("slot_over", others=_in_words(others(slot)))
    if _free(slot):
        _may_sit(wish.case, slot)
    state = "held" if until else "confirmed"
    for seat in _free(slot):
        try:
            with transaction.atomic():
                return _made(slot, wish, state=state, seat=seat, until=until)
        except IntegrityError:  # somebody else has it, or the same form was sent twice
            continue
    if (known := _known(slot, wish)) is not None:
        return known
    theirs = Booking.objects.filter(party=wish.party, starts_at=slot.starts_at, state__in=STANDS)
    if theirs.exists():
        raise Refusal("booked_elsewhere")
    raise Refusal("slot_full", others=_in_words(others(slot)))


def _made(slot: Slot, wish: Wish, *, state: str, **how: Any) -> Booking:
    made = Booking.objects.create(
        id=wish.key, municipality=slot.municipality, made_by=wish.by, slot=slot, party=wish.party,
        case=wish.case, where=wish.where, starts_at=slot.starts_at, state=state, **how,
    )  # fmt: skip
    audit.note(slot.municipality, "book", by=wish.by or LINK, subject=made.pk, to=state)
    if state == "confirmed":
        letters.tell("booked", case=wish.case, booking=made)
    return made


def _give_back(had: Iterable[Booking], *, by: User | None) -> None:
    """Those seats are nobody's now: they are offered once the other is theirs."""
    for one in had:
        stepped(one, "cancelled", by=by, who=Who.PARTY)


def _lapse(slot: Slot, now: datetime | None = None) -> None:
    """Of a slot that is held: what was kept for too long is nobody's any more."""
    now = now or timezone.now()
    for one in slot.bookings.filter(_over(now)):
        stepped(one, "expired", by=None, who=Who.NOBODY)
    _offer(slot, now)


def _over(now: datetime) -> Q:
    kept = Q(state__in=("held", "offered"), until__lte=now)
    return kept | Q(state="waiting", starts_at__lte=now)


def _offer(slot: Slot, now: datetime | None = None) -> None:
    """Of a slot that is held: each seat that is free goes to the first who waits."""
    now = now or timezone.now()
    if slot.state != Slot.State.OPEN or slot.starts_at <= now:
        return
    waiting = slot.bookings.filter(state="waiting").order_by("turn")
    for one, seat in zip(waiting, _free(slot), strict=False):
        one.seat, one.until = seat, min(now + OFFER, slot.starts_at)
        stepped(one, "offered", by=None, who=Who.NOBODY, also=("seat", "until"))
        letters.tell("offered", case=one.case, booking=one)


def _in_words(slots: Iterable[Slot]) -> str:
    return "; ".join(moment(one.starts_at) for one in slots) or "–"


def moment(at: datetime) -> str:
    """``dinsdag 1 december 2026, 10.00 uur``: by the clock here, in the language of the page."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'l j F Y')}, {at_clock(f'{local:%H:%M}')}"


@letters.writes("booked")
def _booked(message: Message) -> letters.Letter | None:
    """When and where, while it stands."""
    if (one := message.booking) is None or one.state != "confirmed" or not message.case:
        return None
    return letters.Letter(
        about=_("Your appointment"), page=access.page_of(message.case),
        said=(_("You have an appointment: %(when)s, %(where)s.")
              % {"when": moment(one.starts_at), "where": where(one)},
              _("Can you not come? Then cancel it, or choose another time, on this page:")),
    )  # fmt: skip


@letters.writes("called_off")
def _called_off(message: Message) -> letters.Letter | None:
    if (one := message.booking) is None or not message.case:
        return None
    when, page = {"when": moment(one.starts_at)}, access.page_of(message.case)
    last = one.steps.last()
    if last is not None and last.made_by_id is None:  # they did so themselves
        said = (_("You cancelled your appointment of %(when)s.") % when,
                _("Do you want another time? Choose one on this page:"))  # fmt: skip
        return letters.Letter(about=_("You cancelled your appointment"), said=said, page=page)
    return letters.Letter(
        about=_("Your appointment is cancelled"), page=page,
        said=(_("Your appointment of %(when)s does not go ahead.") % when,
              _("On this page you read why, and can choose another time:")),
    )  # fmt: skip


@letters.writes("offered")
def _offered(message: Message) -> letters.Letter | None:
    """As long as it is kept for them."""
    one = message.booking
    if one is None or one.state != "offered" or one.until is None or not message.case:
        return None
    when = {"when": moment(one.starts_at), "until": moment(one.until)}
    return letters.Letter(
        about=_("A time came free"), page=access.page_of(message.case),
        said=(_("The time that you wait for came free: %(when)s.") % when,
              _("We keep it for you until %(until)s. After that it goes to somebody else. Take it "
                "or let it go on this page:") % when),
    )  # fmt: skip


def where(one: Booking) -> str:
    """Where an appointment is, in words."""
    place = one.slot.place
    if place is None:
        return _("we come to you") + (f": {one.where}" if one.where else "")
    return ", ".join(filter(None, [place.name, place.address]))
