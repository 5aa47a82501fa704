# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Before the day of a job market: stands with their times, who registers, and a time at a stand.
Every write of it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions, booking
from wijkeconomie.web.acting.actions import locked, stepped
from wijkeconomie.web.acting.instruments.job_market import EXHIBITOR, STAND, VISIT, after
from wijkeconomie.web.acting.instruments.job_market.day import day_of, stands
from wijkeconomie.web.acting.models import Booking, Case, Listing, Slot


@transaction.atomic
def add_stand(
    *, by: User, market: Listing, key: UUID, asker: actions.Asker, title: str, opens: time,
    closes: time, minutes: int, tables: int, offers: Collection[str] = (), story: str = "",
) -> Case:  # fmt: skip
    """A stand, its times on the day, and who holds it, by a link; sent once more the same."""
    question = actions.Question(about="", text="", channel="web", asker=asker)
    if (known := Case.objects.filter(pk=key).first()) is not None:
        return actions.ask(listing=market, kind=EXHIBITOR, key=known.pk, question=question, by=by)
    case = actions.ask(listing=market, kind=EXHIBITOR, key=key, question=question, by=by)
    stand = Listing.objects.create(
        municipality=market.municipality, made_by=by, kind=STAND.name, area=market.area,
        title=title, story=story, within=market, party=case.party, state=STAND.graph.start,
        more={"offers": [str(one) for one in offers]},
    )  # fmt: skip
    day = day_of(market)
    weekly = booking.Weekly(first=day, weeks=1, days=frozenset({day.weekday()}), opens=opens,
                            closes=closes, minutes=minutes)  # fmt: skip
    booking.open_slots(by=by, listing=stand, times=weekly.times(), seats=tables)
    return case


@transaction.atomic
def register(
    *, market: Listing, key: UUID, asker: actions.Asker, by: User | None = None
) -> Case:  # fmt: skip
    """Somebody comes; their badge is random and tells nothing.  Sent once more it is the same."""
    question = actions.Question(about="", text="", channel="counter" if by else "web", asker=asker)
    made = actions.ask(listing=market, kind=VISIT, key=key, question=question, by=by)
    if "badge" not in made.more:
        made.more = made.more | {"badge": secrets.token_urlsafe(16)}
        made.save(update_fields=("more",))
    return made


@transaction.atomic
def choose(*, visit: Case, slot: Slot, key: UUID) -> Booking:
    """A time at a stand.  Refusals as of ``booking.book``."""
    if visit.party is None or visit.closed_at is not None:
        raise Refusal("visit_over")
    return booking.book(slot=slot, wish=booking.Wish(key=key, party=visit.party, case=visit))


@transaction.atomic
def stop(*, visit: Case) -> Case:
    """Somebody takes part no more: their times are free again, and no stand reads of them."""
    held = locked(visit)
    if held.closed_at is None:
        booking.give_up(bookings=held.bookings.filter(state__in=("held", "confirmed", "waiting")))
        stepped(held, "stopped", by=None)
    return held


@transaction.atomic
def move(*, by: User, market: Listing, to: str, reason: str = "") -> Listing:
    """Open it, say that the day is over (then who had a stand is asked how it was), or end it."""
    held = actions.move(by=by, listing=market, to=to, reason=reason)
    if to == "over":
        after.ask_exhibitors(held, day_of(held))
    return held


def free(market: Listing) -> list[Slot]:
    """Times that can still be had, by stand."""
    now = timezone.now()
    rows = [one for stand in stands(market).filter(state="open") for one in booking.coming(stand)]
    return [one for one in rows if one.left > 0 and one.starts_at > now]


def offered(market: Listing) -> list[tuple[str, str]]:
    """Work and routes at the desks of people beside work of this municipality, by what they are
    called."""
    rows = Listing.objects.filter(municipality=market.municipality, kind="work_offer", state="open")
    return [(str(one.pk), one.title) for one in rows.order_by("title", "pk")]
