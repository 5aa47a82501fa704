# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Days that come or go once the season runs, each with a reason that everyone reads.

What was divided stays divided: how many can be there, which days of the week are whose, the lottery
and its number are never touched.  A date that comes on somebody's day of the week is theirs, as all
the others; any other date is for whoever takes it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import access, booking, letters
from wijkeconomie.web.acting.instruments.shop import DAY_NAMES, PLACED, WISH, taken_away
from wijkeconomie.web.acting.models import Booking, Case, Listing, Message, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A date that came or went (``what`` is ``come`` or ``gone``), and why."""

    what: str
    on: date
    reason: str


@transaction.atomic
def add(
    *, by: User, listing: Listing, key: UUID, day: date, opens: time, closes: time, reason: str
) -> Slot:  # fmt: skip
    """Open the shop on one date more.  Sent once more it is the same; Refusal("key_used") where it
    says another thing, ("shop_not_running") out of season, ("shop_day_open") where it is open."""
    shop = _running(listing)
    starts, ends = (timezone.make_aware(datetime.combine(day, at)) for at in (opens, closes))
    said = {"key": str(key), "what": "come", "on": day.isoformat(), "reason": reason,
            "hours": f"{opens:%H:%M}-{closes:%H:%M}"}  # fmt: skip
    here = shop.slots.filter(state=Slot.State.OPEN, starts_at__date=day)
    if known := next((one for one in _said(shop) if one.get("key") == str(key)), None):
        if known != said or (slot := here.filter(starts_at=starts).first()) is None:
            raise Refusal("key_used")
        return slot
    if starts <= timezone.now() or here.exists():
        raise Refusal("shop_day_open", when=booking.moment(starts))
    (slot,) = booking.open_slots(by=by, listing=shop, times=[(starts, ends)], place=shop.place,
                                 seats=shop.more["shops"])  # fmt: skip
    for case in _owners(shop, DAY_NAMES[day.weekday()]):
        if case.party is None:
            continue
        wish = booking.Wish(key=uuid5(case.pk, str(slot.pk)), party=case.party, case=case, by=by)
        with suppress(Refusal):  # somewhere else then, or somebody of the trade: it stays free
            made = booking.book(slot=slot, wish=wish)
            letters.tell("day_came", case=case, booking=made)
    _keep(by, shop, said, "add_day")
    return slot


@transaction.atomic
def take_away(*, by: User, slot: Slot, reason: str) -> list[Booking]:
    """Close the shop on a date: who had it or waited for it is told, and can choose another."""
    shop = _running(slot.listing)
    if slot.starts_at <= timezone.now():
        raise Refusal("shop_day_over", when=booking.moment(slot.starts_at))
    if Slot.objects.get(pk=slot.pk).state == Slot.State.CANCELLED:
        return []
    left = booking.cancel_slot(by=by, slot=slot, reason=reason)
    for one in left:
        letters.tell("day_gone", case=one.case, booking=one)
    said = {"what": "gone", "on": timezone.localdate(slot.starts_at).isoformat(), "reason": reason}
    _keep(by, shop, said, "take_day_away")
    return left


def changes(listing: Listing, today: date) -> list[Change]:
    """What came or went of the days from *today* on, the first date first."""
    found = [Change(what=one["what"], on=date.fromisoformat(one["on"]), reason=one["reason"])
             for one in _said(listing)]  # fmt: skip
    return sorted((one for one in found if one.on >= today), key=lambda one: one.on)


def gone(case: Case) -> list[tuple[Booking, str]]:
    """The days of *case* that are still to come and do not go ahead, each with its reason."""
    mine = taken_away(case).filter(starts_at__gt=timezone.now()).select_related("slot")
    rows = mine.prefetch_related("steps").order_by("starts_at")
    return [(one, str(list(one.steps.all())[-1].reason)) for one in rows]


def _running(listing: Listing) -> Listing:
    """The shop, held; Refusal("shop_not_running") while there is no season of it."""
    shop = Listing.objects.select_for_update(no_key=True).get(pk=listing.pk)
    if shop.state != "season":
        raise Refusal("shop_not_running")
    return shop


def _owners(shop: Listing, day: str) -> list[Case]:
    rows = shop.cases.filter(kind=WISH.name, state__in=PLACED, party__isnull=False)
    found = [one for one in rows.select_related("party") if one.more.get("day") == day]
    return sorted(found, key=lambda one: one.pk)


def _said(shop: Listing) -> list[dict[str, str]]:
    return list(shop.more.get("changes", ()))


def _keep(by: User, shop: Listing, said: dict[str, str], verb: str) -> None:
    shop.more = shop.more | {"changes": [*_said(shop), said]}
    shop.save(update_fields=("more",))
    audit.note(shop.municipality, verb, by=by, subject=shop.pk, day=said["on"])


@letters.writes("day_gone")
def _gone(message: Message) -> letters.Letter | None:
    if (one := message.booking) is None or message.case is None:
        return None
    return letters.Letter(
        about=gettext("A day in the shop does not go ahead"), page=access.page_of(message.case),
        said=(gettext("The shop is closed on %(when)s.") % {"when": booking.moment(one.starts_at)},
              gettext("On this page you read why, and can choose another day:")),
    )  # fmt: skip


@letters.writes("day_came")
def _came(message: Message) -> letters.Letter | None:
    one = message.booking
    if one is None or message.case is None or one.state != "confirmed":
        return None
    return letters.Letter(
        about=gettext("One more day in the shop"), page=access.page_of(message.case),
        said=(gettext("The shop is open on one more day: %(when)s. It is your day of the week, so "
                      "it is yours.") % {"when": booking.moment(one.starts_at)},
              gettext("Can you not come? Say so on this page:")),
    )  # fmt: skip
