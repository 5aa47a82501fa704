# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A job market on a day, with stands and visitors, for tests of that day and of after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.web.accounts.persons import municipality
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting import actions, booking
from wijkeconomie.web.acting.instruments import job_market as fair
from wijkeconomie.web.acting.instruments.job_market import visits
from wijkeconomie.web.acting.models import Booking, Case, Listing, Slot


def a_fair(by: User, day: date | None = None, **more: Any) -> Listing:
    """Open, on *day* (today)."""
    said = {"days": 5, "phone": "", "where": "Kade 1", "opens": "00:00", "closes": "01:00",
            "minutes": 10, "day": (day or timezone.localdate()).isoformat(), **actions.lottery(),
            **more}  # fmt: skip
    made = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=fair.MARKET,
                         area="WK990101", title="Banenmarkt", more=said)  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


def a_stand(
    by: User, market: Listing, name: str = "Bakkerij", *offers: Listing
) -> tuple[Listing, Case]:
    """A stand and who holds it."""
    asker = actions.Asker(kind="organisation", name=name, email=f"{name[:5].lower()}@example.org")
    stand = fair.Stand(
        sort="employer", title=name, story="", number=market.inside.count() + 1, x=10, y=10,
        tables=3, offers=tuple(one.pk.hex for one in offers),
    )  # fmt: skip
    made = fair.add_stand(by=by, market=market, key=uuid4(), stand=stand, holder=asker)
    return made, made.cases.get(kind=fair.EXHIBITOR.name)


def a_visit(market: Listing, name: str = "Zwaantje Kanarie") -> Case:
    phone, email = f"06-kwinkslag {uuid4().int % 10**9}", f"z{uuid4().hex}@example.org"
    asker = actions.Asker(kind="person", name=name, phone=phone, email=email)
    coming = visits.Coming(wishes=(), since="00:00", until="01:00")
    return visits.register(market=market, key=uuid4(), coming=coming, asker=asker)


def booked(visit: Case, stand: Listing, minutes: int = 30) -> Booking:
    """An appointment that begins so many minutes from now."""
    slot = Slot.objects.create(
        municipality=stand.municipality, listing=stand, seats=3,
        starts_at=timezone.now() + timedelta(minutes=minutes),
        ends_at=timezone.now() + timedelta(minutes=minutes + 10),
    )  # fmt: skip
    assert visit.party
    return booking.book(slot=slot, wish=booking.Wish(key=uuid4(), party=visit.party, case=visit))


def began(one: Booking) -> Booking:
    """The same, that began a while ago (or on its day, whatever the hour)."""
    at = timezone.now() - timedelta(minutes=1)
    Slot.objects.filter(pk=one.slot_id).update(starts_at=at)
    Booking.objects.filter(pk=one.pk).update(starts_at=at)
    return Booking.objects.get(pk=one.pk)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """A Refusal, by its name."""
    with pytest.raises(Refusal) as why:
        yield
    assert why.value.notice.code == code
