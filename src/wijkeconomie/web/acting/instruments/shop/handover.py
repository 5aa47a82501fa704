# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has the key of the shop, and how the shop was left: ticked off at the start and at the end of
a day, by who is there or by the team.  What is missing or broken is a note until the team settles
it; who comes next reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions
from wijkeconomie.web.acting.actions import Question, stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.shop import HANDOVER, KEY, WISH
from wijkeconomie.web.acting.models import Booking, Case, Item, Listing, Step

HERE, MINE, LOST = "here", "mine", "lost"  # where a key is, beside the case of somebody else
_BACK, _AHEAD = timedelta(days=1), timedelta(days=8)  # a day can be told until the day after it
_SHOWN = 5  # of how it was left, on a page


@transaction.atomic
def equip(*, by: User, listing: Listing, key: UUID, checklist: Collection[str], name: str) -> None:
    """Keep the list that is ticked off, and one more key if it has a *name*."""
    shop = Listing.objects.select_for_update(no_key=True).get(pk=listing.pk)
    shop.more = shop.more | {"checklist": list(checklist)}
    shop.save(update_fields=("more",))
    if name:
        Item.objects.create(id=key, municipality=shop.municipality, made_by=by, kind=KEY,
                            listing=shop, name=name, state="here")  # fmt: skip
    audit.note(shop.municipality, "equip", by=by, subject=shop.pk, count=str(len(checklist)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of a handover: ``moment`` (start or end), what is ``missing`` of the list, a
    ``note``, and of each key by its id where it is now: ``here``, ``mine``, ``lost``, the case of
    who has it, or "" for no change."""

    moment: str
    missing: tuple[str, ...]
    note: str
    keys: Mapping[str, str]


@transaction.atomic
def hand_over(*, one: Booking | None, key: UUID, told: Told, by: User | None = None) -> Case:
    """Tell how the shop was found or left on a day; *by*: who of the team does so for them.  Sent
    once more it is the same.  Refusal("not_there_yet") for a day to come."""
    if one is None:
        raise Refusal("not_there_yet")
    wish = one.case
    if wish is None or wish.party is None or one.state not in ("confirmed", "completed",
                                                               "checked_in"):  # fmt: skip
        raise Refusal("nothing_chosen")
    if timezone.localdate(one.starts_at) > timezone.localdate():
        raise Refusal("not_there_yet")
    again = Case.objects.filter(pk=key).exists()
    made = actions.ask(by=by, listing=wish.listing, kind=HANDOVER, key=key, question=Question(
        about=told.moment, text=told.note, channel=Case.Channel.WEB, asker=wish.party,
        more={"booking": str(one.pk), "shown": wish.more.get("shown", ""),
              "missing": list(told.missing), "keys": dict(told.keys)},
    ))  # fmt: skip
    if again:
        return made
    for item in Item.objects.select_for_update(no_key=True).filter(
        listing=wish.listing, kind=KEY, pk__in=list(told.keys)
    ).order_by("pk"):  # fmt: skip
        _passed(item, told.keys[str(item.pk)], wish, by)
    if not told.missing and not told.note.strip():
        stepped(made, "well", by=None, who=Who.NOBODY)
    return made


def _passed(item: Item, to: str, wish: Case, by: User | None) -> None:
    """A key goes where it is told to be."""
    if not to:
        return
    if to in (HERE, LOST):
        if item.state != to:
            # By nobody's name: this stays as long as the key does.
            stepped(
                item, to, by=by, reason=gettext("Said by who had the day") if to == LOST else ""
            )
        item.party = None if to == HERE else item.party
    else:
        who = wish if to == MINE else holders(wish.listing).get(to)
        if who is None or (item.state == "out" and item.party_id == who.party_id):
            return
        if item.state == "lost":
            stepped(item, "here", by=by)
        stepped(item, "out", by=by)
        item.party = who.party
    item.save(update_fields=("party",))


def holders(listing: Listing) -> dict[str, Case]:
    """Who is in the shop these days, by their case: to whom a key can go."""
    now = timezone.now()
    rows = listing.cases.filter(
        kind=WISH.name, party__isnull=False, bookings__state="confirmed",
        bookings__starts_at__gt=now - _BACK, bookings__starts_at__lt=now + _AHEAD,
    ).distinct()  # fmt: skip
    return {str(one.pk): one for one in rows.select_related("party")}


@transaction.atomic
def settle(*, by: User, case: Case, reason: str) -> Case:
    """Say how what was missing or broken was settled: who comes next reads it no more."""
    held = actions.locked(case)
    stepped(held, "settled", by=by, reason=reason)
    return held


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A key: with ``whom`` by the name that they show ("" for nobody), since when, and whether it
    is ``late``: out since a day before."""

    item: Item
    whom: str
    since: date | None
    late: bool


def keys(listing: Listing) -> list[Held]:
    """The keys of *listing* and where they are, in three queries."""
    steps = Prefetch("steps", Step.objects.order_by("made_at"), to_attr="went")
    items = list(listing.items.filter(kind=KEY).order_by("name").prefetch_related(steps))
    wishes = listing.cases.filter(kind=WISH.name, party__in=[one.party_id for one in items])
    names = {one.party_id: str(one.more.get("shown", "")) for one in wishes}
    found = []
    for one in items:
        last = one.went[-1] if one.went else None
        since = timezone.localdate(last.made_at) if last and one.state != "here" else None
        out = one.state == "out"
        found.append(Held(item=one, whom=names.get(one.party_id, "") if out else "", since=since,
                          late=bool(out and since and since < timezone.localdate())))  # fmt: skip
    return found


def notes(listing: Listing) -> list[Case]:
    """What is missing or broken and not settled, the newest first."""
    rows = listing.cases.filter(kind=HANDOVER.name, state="noted")
    return list(rows.order_by("-made_at"))


def last(listing: Listing) -> list[Case]:
    """How the shop was found and left the last times."""
    return list(listing.cases.filter(kind=HANDOVER.name).order_by("-made_at")[:_SHOWN])


def now_of(case: Case) -> Booking | None:
    """The day of *case* that can be told of now: today's, or yesterday's."""
    today = timezone.localdate()
    mine = case.bookings.filter(state__in=("confirmed", "checked_in", "completed"),
                                starts_at__date__in=(today, today - _BACK))  # fmt: skip
    return mine.select_related("slot", "case__party").order_by("-starts_at").first()


def these_days(listing: Listing) -> list[Booking]:
    """The days that the team can tell of now."""
    today = timezone.localdate()
    rows = Booking.objects.filter(
        slot__listing=listing, state__in=("confirmed", "checked_in", "completed"),
        starts_at__date__in=(today, today - _BACK), case__party__isnull=False,
    )  # fmt: skip
    return list(rows.select_related("slot", "case__party").order_by("-starts_at"))
