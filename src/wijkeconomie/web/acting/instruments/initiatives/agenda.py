# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The calendar of what is organised in a neighbourhood, and what comes back by itself.

Of what comes back the next one is made as long as one looks ahead: with the same help asked, a list
that is not ticked off yet, and what the permit guide says of that day.  Free: everyone sees it at
once; else it waits for the team, and no further one is made meanwhile.  Called off, the next one
still comes; what the team refused comes back no more.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from wijkeconomie.acting import recurring
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.planning.calendar import Day, Hour
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.acting import letters
from wijkeconomie.web.acting.actions import stepped
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments import initiatives
from wijkeconomie.web.acting.instruments.initiatives import INITIATIVE, PROPOSAL
from wijkeconomie.web.acting.models import Case, Listing

log = logging.getLogger(__name__)
SHOWN = ("open", "held", "cancelled")
MOST = 200  # of a month, on a page
_BACK, _AHEAD = timedelta(days=31), timedelta(days=400)  # of what an agenda is told


def between(desk: Listing, first: date, last: date) -> QuerySet[Listing]:
    """What everyone sees of *desk* from *first* up to and including *last*, by day and hour."""
    shown = desk.inside.filter(kind=INITIATIVE.name, state__in=SHOWN)
    days = shown.filter(more__day__gte=first.isoformat(), more__day__lte=last.isoformat())
    return days.select_related("place").order_by("more__day", "more__begins", "title", "pk")


def month_of(text: str, today: date) -> date:
    """The first day of a month as an address says it (``2026-12``); this one for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def next_month(first: date) -> date:
    """The first day of the month after that of *first*."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def next_day(desk: Listing, after: date) -> date | None:
    """The first day after *after* on which there is something; None where there is none."""
    found = between(desk, after + timedelta(days=1), after + _AHEAD).first()
    return initiatives.day_of(found) if found else None


def hours(initiative: Listing) -> tuple[datetime, datetime] | None:
    """From when until when, where that was said."""
    said = [initiative.more.get(name) for name in ("begins", "ends")]
    if not all(said):
        return None
    day = initiatives.day_of(initiative)
    begins, ends = (timezone.make_aware(datetime.combine(day, time.fromisoformat(one)))
                    for one in said)  # fmt: skip
    return begins, ends


def entries(desk: Listing, today: date, address: str) -> list[Day | Hour]:
    """What an agenda is told, with the *address* of each under that of the site; what was called
    off is told too, so that it goes from an agenda that has it."""
    return [_entry(one, address + reverse("initiative", args=[one.pk]))
            for one in between(desk, today - _BACK, today + _AHEAD)]  # fmt: skip


def _entry(one: Listing, address: str) -> Day | Hour:
    off, where = one.state == "cancelled", one.place.name if one.place else ""
    if when := hours(one):
        return Hour(uid=str(one.pk), starts=when[0], ends=when[1], title=one.title, text=address,
                    made=one.made_at, place=where, off=off)  # fmt: skip
    return Day(uid=str(one.pk), day=initiatives.day_of(one), title=f"{one.title}, {where}",
               text=address, made=one.made_at, off=off)  # fmt: skip


# -- what comes back
def go_on(now: datetime) -> int:
    """Make what is next of all that comes back; how many were made.  What cannot be made now is
    tried again later, and the others go on."""
    rows = Listing.objects.filter(kind=INITIATIVE.name, state__in=SHOWN, more__newest=True,
                                  within__state="open")  # fmt: skip
    made = 0
    for key in rows.values_list("pk", flat=True):
        try:
            made += _went_on(key, timezone.localtime(now).date())
        except Refusal as refusal:
            log.warning("the next initiative was not made: %s", refusal.notice.code)
    return made


@transaction.atomic
def _went_on(key: UUID, today: date) -> int:
    held = Listing.objects.select_for_update(no_key=True).get(pk=key)
    if held.state not in SHOWN or not held.more.get("newest"):
        return 0  # another process was here
    made = 0
    for day in recurring.coming(initiatives.day_of(held), held.more["every"], today):
        if (after := _next(held, day)) is None:
            break
        held, made = after, made + 1
        if held.state == "proposed":
            break
    return made


def _next(was: Listing, day: date) -> Listing | None:
    """The one after *was*; None where nobody is there any more for whom it would be."""
    case = was.cases.filter(kind=PROPOSAL.name).select_related("party").first()
    series = was.more["series"]
    was.more = was.more | {"newest": False}
    was.save(update_fields=("more",))
    if case is None or case.party is None:
        return None
    one = initiatives.again(case=case, key=uuid5(UUID(series), day.isoformat()), day=day)
    found = Listing.objects.get(pk=one.listing_id)
    found.more = found.more | {"series": series}
    found.save(update_fields=("more",))
    _ask_the_same(was, one, day)
    if initiatives.may(found).verdict == "free":
        stepped(found, "open", by=None, who=Who.TEAM)
        letters.tell("init_news", case=one)
    return found


def _ask_the_same(was: Listing, case: Case, day: date) -> None:
    days = day - initiatives.day_of(was)
    for slot in was.slots.filter(place__isnull=False).select_related("place"):
        begins, ends = (moved(moment, days) for moment in (slot.starts_at, slot.ends_at))
        initiatives.add_shift(case=case, key=uuid5(case.pk, str(slot.pk)), begins=begins, ends=ends,
                              text=slot.place.name if slot.place else "",
                              seats=slot.seats)  # fmt: skip


def moved(moment: datetime, days: timedelta) -> datetime:
    """The same time of the clock on the wall, so many days on."""
    naive = timezone.localtime(moment).replace(tzinfo=None) + days
    return timezone.make_aware(naive)


def series(initiative: Listing) -> list[Case]:
    """Those of the same series that are still to come, each with who proposed it."""
    if not (name := initiative.more.get("series")):
        return []
    rows = Case.objects.filter(kind=PROPOSAL.name, listing__more__series=name,
                               listing__state__in=("proposed", "open"))  # fmt: skip
    found = [one for one in rows.select_related("listing") if one.party_id]
    return sorted(found, key=lambda one: initiatives.day_of(one.listing))


@transaction.atomic
def stop(*, case: Case) -> int:
    """It comes back no more: no further one is made.  Those that were made stay, and are called off
    one by one where they do not go ahead.  How many of the series were told so."""
    name = case.listing.more.get("series")
    rows = Listing.objects.select_for_update(no_key=True).filter(more__series=name)
    found = list(rows) if name else []
    for one in found:
        one.more = one.more | {"newest": False, "every": ""}
        one.save(update_fields=("more",))
    audit.note(case.municipality, "reword", by=LINK, subject=case.listing_id)
    return len(found)
