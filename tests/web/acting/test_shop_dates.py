# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Days that come or go once the season of a shop runs, and what everyone reads of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.test_shop import page, shop, wants
from tests.web.acting.test_shop_sharing import refused, two
from tests.web.journey.conftest import Signed
from wijkeconomie.acting.shop_days import divide
from wijkeconomie.web.accounts.models import AuditLine, Role, User
from wijkeconomie.web.acting import access, actions, booking, letters
from wijkeconomie.web.acting.instruments import shop as shops
from wijkeconomie.web.acting.instruments.shop import dates
from wijkeconomie.web.acting.models import Booking, Case, Listing, Message, Slot

__all__ = ["shop", "two"]
Person = Callable[[Role], User]
Two = tuple[Case, Case]
TEN, FIVE = time(10), time(17)
FIXED = ("shops", "open_on", "opens", "closes", "told_on", "first", "weeks", "starters", "seed",
         "seed_sha256")  # fmt: skip


def coming(weekday: int) -> date:
    """The first such day of the week of which the shop knows nothing yet, after its two weeks."""
    first = timezone.localdate() + timedelta(days=28)
    return next(day for day in (first + timedelta(days=n) for n in range(7))
                if day.weekday() == weekday)  # fmt: skip


def public(shop: Listing) -> str:
    return Client().get(reverse("shop", args=[shop.pk])).content.decode()


def more_day(shop: Listing, by: User, weekday: int, key: UUID | None = None) -> Slot:
    return dates.add(by=by, listing=shop, key=key or uuid4(), day=coming(weekday), opens=TEN,
                     closes=FIVE, reason="Braderie in de straat")  # fmt: skip


def test_a_date_that_comes_on_somebodys_day_of_the_week_is_theirs_and_any_other_is_free(
    shop: Listing, two: Two, person: Person
) -> None:
    bes, art = two
    theirs, free = (more_day(shop, person(Role.PLANNER), day) for day in (1, 6))
    assert list(theirs.bookings.values_list("case", "state")) == [(bes.pk, "confirmed")]
    assert (free.bookings.count(), free.seats) == (0, shop.more["shops"])
    sent = Client().post(reverse("take_day", args=[access.link(art)]), {"slot": str(free.pk)})
    assert (sent.status_code, free.bookings.get().case_id) == (302, art.pk)
    assert "Braderie in de straat" in public(shop)


def test_who_stopped_gets_no_date_that_comes(shop: Listing, two: Two, person: Person) -> None:
    bes, _art = two
    shops.stop(case=bes)
    assert more_day(shop, person(Role.PLANNER), 1).bookings.count() == 0


def test_what_changes_today_is_still_told(shop: Listing, two: Two, person: Person) -> None:
    made = more_day(shop, person(Role.PLANNER), 6)
    day = timezone.localdate(made.starts_at)
    shop.refresh_from_db()
    told = [len(dates.changes(shop, day + timedelta(days=n))) for n in (0, 1)]
    assert told == [1, 0]


def test_a_day_that_is_sent_twice_is_one_day_and_another_under_its_key_is_refused(
    shop: Listing, two: Two, person: Person
) -> None:
    by, key = person(Role.PLANNER), uuid4()
    assert more_day(shop, by, 6, key) == more_day(shop, by, 6, key)
    with refused("key_used"):
        more_day(shop, by, 5, key)
    with refused("shop_day_open"):
        more_day(shop, by, 6)
    assert AuditLine.objects.filter(verb="add_day").count() == 1


def test_who_had_a_day_that_is_taken_away_reads_why_and_can_have_another_beside_what_they_may(
    shop: Listing, two: Two, person: Person
) -> None:
    bes, _art = two
    mine = bes.bookings.order_by("starts_at")[0]
    dates.take_away(by=person(Role.PLANNER), slot=mine.slot, reason="De straat is dicht")
    assert ("Deze dag gaat niet door" in page(bes), "De straat is dicht" in page(bes)) == (
        True, True,
    )  # fmt: skip
    assert "De straat is dicht" in public(shop)
    assert (shops.most(bes), Booking.objects.get(pk=mine.pk).state) == (
        shops.MOST_SINGLES + 1, "cancelled",
    )  # fmt: skip
    assert dates.take_away(by=person(Role.PLANNER), slot=mine.slot, reason="Nog eens") == []
    assert AuditLine.objects.filter(verb="take_day_away").count() == 1


def test_a_day_that_one_gave_back_oneself_or_waited_for_gives_no_other(
    shop: Listing, two: Two, person: Person
) -> None:
    bes, art = two
    mine = bes.bookings.order_by("starts_at")[0]
    shops.take(case=art, slot=mine.slot, waits=True)
    booking.let_go(booking=mine)
    other = bes.bookings.order_by("starts_at")[1]
    shops.take(case=art, slot=other.slot, waits=True)
    for one in (mine, other):
        dates.take_away(by=person(Role.PLANNER), slot=one.slot, reason="Dicht")
    assert [one.starts_at for one, _why in dates.gone(bes)] == [other.starts_at]
    assert (shops.most(bes), shops.most(art)) == (shops.MOST_SINGLES + 1, shops.MOST_SINGLES + 1)


def test_a_day_that_the_team_cancels_for_somebody_while_the_shop_is_open_gives_no_other(
    two: Two, person: Person
) -> None:
    bes, _art = two
    mine = bes.bookings.order_by("starts_at")[0]
    booking.let_go(booking=mine, by=person(Role.PLANNER), reason="Belde: is ziek")
    assert (shops.most(bes), dates.gone(bes)) == (shops.MOST_SINGLES, [])


@pytest.mark.parametrize("state", ["applying", "ended"])
def test_out_of_season_no_day_comes_or_goes(
    shop: Listing, two: Two, person: Person, state: str
) -> None:
    slot = Slot.objects.order_by("starts_at")[0]
    Listing.objects.filter(pk=shop.pk).update(state=state)
    with refused("shop_not_running"):
        more_day(shop, person(Role.PLANNER), 6)
    with refused("shop_not_running"):
        dates.take_away(by=person(Role.PLANNER), slot=slot, reason="Dicht")


def test_a_day_that_began_or_is_over_is_not_taken_away(
    shop: Listing, two: Two, person: Person
) -> None:
    slot = Slot.objects.order_by("starts_at")[0]
    slot.starts_at = timezone.now()
    with refused("shop_day_over"):
        dates.take_away(by=person(Role.PLANNER), slot=slot, reason="Dicht")
    with refused("shop_day_open"):
        dates.add(by=person(Role.PLANNER), listing=shop, key=uuid4(), opens=TEN, closes=FIVE,
                  day=timezone.localdate() - timedelta(days=1), reason="Te laat")  # fmt: skip


def test_what_the_published_rule_fixed_stays_and_the_division_can_be_drawn_again(
    shop: Listing, two: Two, person: Person
) -> None:
    before = Listing.objects.get(pk=shop.pk).more
    had = {one.pk: one.more["day"] for one in two}
    more_day(shop, person(Role.PLANNER), 1)
    dates.take_away(by=person(Role.PLANNER), slot=Slot.objects.order_by("starts_at")[0],
                    reason="Dicht")  # fmt: skip
    after = Listing.objects.get(pk=shop.pk)
    assert [after.more[name] for name in FIXED] == [before[name] for name in FIXED]
    cases = [Case.objects.get(pk=key) for key in had]
    assert {one.pk: one.more["day"] for one in cases} == had
    drawn = divide(shops.season(after, cases)).days
    assert {one.pk: drawn[one.pk.hex] for one in cases} == had


@override_settings(EMAIL_HOST="mail.example")
def test_who_had_the_day_or_has_one_more_is_told_by_e_mail_that_there_is_news(
    shop: Listing, two: Two, person: Person
) -> None:
    bes, _art = two
    assert bes.party is not None
    bes.party.email = "bes@example.org"
    bes.party.save()
    more_day(shop, person(Role.PLANNER), 1)
    mine = bes.bookings.order_by("starts_at")[0]
    dates.take_away(by=person(Role.PLANNER), slot=mine.slot, reason="De straat is dicht")
    told = {one.kind: letters._WRITERS[one.kind](one) for one in Message.objects.filter(case=bes)}
    assert {"day_came", "day_gone"} <= set(told)
    assert told["day_gone"] is not None
    assert "De straat is dicht" not in " ".join(told["day_gone"].said)


# -- the pages
def test_the_team_opens_and_closes_a_day_on_a_page(shop: Listing, two: Two, signed: Signed) -> None:
    team, there = signed(Role.PLANNER), reverse("shop_season", args=[shop.pk])
    given = {"key": uuid4(), "day": coming(6).isoformat(), "opens": "11:00", "closes": "16:00",
             "reason": "Koningsdag"}  # fmt: skip
    assert team.post(there, given)["Location"] == there
    slot = Slot.objects.latest("starts_at")
    assert timezone.localtime(slot.starts_at).time() == time(11)
    close = reverse("close_day", args=[slot.pk])
    assert team.post(close, {"reason": ""}).status_code == 422
    assert team.post(close, {"reason": "Regen"})["Location"] == there
    assert Slot.objects.get(pk=slot.pk).state == "cancelled"
    assert "Regen" in team.get(there).content.decode()


@pytest.mark.parametrize(("other", "said"), [
    ({"day": "2020-01-01"}, "Kies een dag vanaf morgen"), ({"closes": "09:00"}, "na het eerste"),
    ({"reason": ""}, "verplicht"),
])  # fmt: skip
def test_a_day_that_cannot_be_is_refused_in_words(
    shop: Listing, two: Two, signed: Signed, other: dict[str, str], said: str
) -> None:
    given = {"key": uuid4(), "day": coming(6).isoformat(), "opens": "11:00", "closes": "16:00",
             "reason": "Koningsdag"} | other  # fmt: skip
    sent = signed(Role.PLANNER).post(reverse("shop_season", args=[shop.pk]), given)
    assert (sent.status_code, said in sent.content.decode()) == (422, True)
    assert Slot.objects.count() == 4


def test_only_who_is_there_and_agreed_is_named_and_today_stands_first(
    shop: Listing, person: Person
) -> None:
    Listing.objects.filter(pk=shop.pk).update(more=shop.more | {"shops": 2})
    wants(shop)
    wants(shop, about="art", shown="Kunst van Art", named="no")
    shops.divide(by=person(Role.PLANNER), listing=Listing.objects.get(pk=shop.pk))
    slot = Slot.objects.order_by("starts_at")[0]
    assert "is de winkel gesloten." in public(shop)
    begins = timezone.localtime().replace(hour=23, minute=0)
    Slot.objects.filter(pk=slot.pk).update(starts_at=begins, ends_at=begins + timedelta(minutes=30))
    said = public(shop)
    now, later = said.split("De volgende dagen")
    assert ("Brood van Bes" in now, "Kunst van Art" in said, "een ondernemer" in now) == (
        True, False, True,
    )  # fmt: skip
    assert "Brood van Bes" in later


def test_after_the_season_everyone_is_thanked_and_reads_what_came_of_it(
    shop: Listing, two: Two, person: Person
) -> None:
    bes, _art = two
    by = person(Role.PLANNER)
    shops.grow(by=by, case=bes, to="lease")
    ago = timezone.now() - timedelta(days=60)
    for n, slot in enumerate(Slot.objects.all()):
        at = ago + timedelta(days=n)
        Slot.objects.filter(pk=slot.pk).update(starts_at=at, ends_at=at + timedelta(hours=1))
    actions.move(by=by, listing=Listing.objects.get(pk=shop.pk), to="ended", reason="Om")
    said = public(shop)
    assert ("Dank u wel" in said, "4 van 4" in said, "een eigen winkel" in said) == (
        True, True, True,
    )  # fmt: skip
    assert "Brood van Bes" not in said


@pytest.mark.parametrize("weeks", [2, 20])
def test_the_page_of_a_shop_asks_as_much_for_two_weeks_as_for_twenty(
    shop: Listing, person: Person, weeks: int,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    Listing.objects.filter(pk=shop.pk).update(more=shop.more | {"weeks": weeks})
    wants(shop)
    shops.divide(by=person(Role.PLANNER), listing=Listing.objects.get(pk=shop.pk))
    with django_assert_max_num_queries(6):
        public(shop)
