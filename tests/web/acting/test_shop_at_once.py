# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many who say yes to one swap at once, and one person who asks for a day twice at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import logs_that_may_be_emptied  # noqa: F401
from tests.web.acting.test_booking_at_once import each
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting import actions, booking
from wijkeconomie.web.acting.instruments import shop as shops
from wijkeconomie.web.acting.instruments.shop import swaps
from wijkeconomie.web.acting.models import Booking, Case, Listing, Mark

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = list(shops.DAYS)


@pytest.fixture
def shop(transactional_db: None) -> Listing:
    """One of seven days a week, in which somebody can ask for a day."""
    by, today = someone("opener", Role.AREA_MANAGER), timezone.localdate()
    more = {"shops": 1, "open_on": DAYS, "opens": "10:00:00", "closes": "17:00:00", "weeks": 1,
            "told_on": today.isoformat(), "first": (today + timedelta(days=7)).isoformat(),
            "starters": 0, **actions.lottery()}  # fmt: skip
    made = actions.offer(by=by, municipality=municipality(), key=uuid4(), kind=shops.SHOP,
                         area="WK990101", title="Winkel", more=more)  # fmt: skip
    return actions.move(by=by, listing=made, to="applying")


def wish(shop: Listing, day: str, **who: Any) -> Case:
    asker = actions.Asker(kind="organisation", **{"name": f"Zaak {uuid4()}"} | who)
    more = {"wishes": [day], "shown": "Zaak", "seasons": 0, "starter": False}
    question = actions.Question(about="other", text="Iets", channel="web", asker=asker, more=more)
    return shops.wish(listing=shop, key=uuid4(), question=question)


@pytest.fixture
def seven(shop: Listing) -> list[Case]:
    """Seven who have a day each."""
    cases = [wish(shop, day) for day in DAYS]
    shops.divide(by=someone("verdeler", Role.AREA_MANAGER), listing=shop)
    return [Case.objects.get(pk=one.pk) for one in cases]


def has(case: Case) -> int:
    return case.bookings.filter(state="confirmed").count()


def test_of_many_who_say_yes_to_one_swap_exactly_one_swaps_and_everybody_has_one_day(
    seven: list[Case],
) -> None:
    first, *others = seven
    asked = swaps.ask(case=first, key=uuid4(), gives=str(swaps.coming(first)[0].pk), wants="")

    def yes(case: Case) -> str:
        day = str(swaps.coming(case)[0].pk)
        return swaps.accept(swap=asked, case=case, day=day).state

    answers = each(yes, others)
    assert sorted(isinstance(answer, str) for answer in answers) == [False] * 5 + [True]
    assert [has(case) for case in seven] == [1] * 7
    taken = Booking.objects.filter(state="confirmed").values("slot", "seat").distinct().count()
    assert taken == 7


def test_two_who_swap_with_each_other_crosswise_do_not_wait_for_each_other(
    seven: list[Case],
) -> None:
    pairs = [(seven[0], seven[1]), (seven[1], seven[0])]

    def both(pair: tuple[Case, Case]) -> None:
        one, other = pair
        for _ in range(5):
            mine, theirs = swaps.coming(one), swaps.coming(other)
            booking.exchange(ones=[mine[0].pk], others=[theirs[0].pk])

    each(both, pairs, hands=2)
    assert [has(case) for case in seven] == [1] * 7


def test_twin_without_the_hold_and_the_guard_a_day_is_given_to_more_than_one(
    seven: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both looked before either swapped: what a check without a hold comes to."""
    first, second, third, *_others = seven
    (mine,) = swaps.coming(first)
    stale = {one.pk: one for one in Booking.objects.all()}
    real = booking.stepped

    def as_it_was(thing: Any, to: str, **how: Any) -> None:
        thing.state = stale[thing.pk].state if thing.pk in stale else thing.state
        real(thing, to, **how)

    guard = next(one for one in Booking._meta.constraints if one.name == "booking_seat_once")
    with connection.schema_editor() as schema:
        schema.remove_constraint(Booking, guard)
    monkeypatch.setattr(booking, "stepped", as_it_was)
    monkeypatch.setattr(booking, "_going", lambda _had, _keys, _now: True)
    for other in (second, third):
        (theirs,) = swaps.coming(other)
        booking.exchange(ones=[mine.pk], others=[theirs.pk])
    there = Booking.objects.filter(slot=mine.slot_id, seat=mine.seat, state="confirmed").count()
    Booking.objects.all().delete()
    with connection.schema_editor() as schema:
        schema.add_constraint(Booking, guard)
    assert there == 2


def test_one_person_who_asks_often_at_once_asks_once(shop: Listing) -> None:
    answers = each(lambda _n: wish(shop, "ma", email="bes@example.org").pk, list(range(12)))
    refused = [answer[0] for answer in answers if isinstance(answer, tuple)]
    assert (refused, Case.objects.count()) == (["asked_already"] * 11, 1)


def test_twin_without_the_guard_one_person_asks_as_often_as_they_like(
    shop: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    (guard,) = Mark._meta.constraints
    monkeypatch.setattr(Mark._meta, "constraints", [])  # of which SQLite makes the table anew
    with connection.schema_editor() as schema:
        schema.remove_constraint(Mark, guard)
    for _ in range(2):
        wish(shop, "ma", email="bes@example.org")
    many = Case.objects.count()
    Mark.objects.all().delete()
    monkeypatch.undo()
    with connection.schema_editor() as schema:
        schema.add_constraint(Mark, guard)
    assert many == 2
