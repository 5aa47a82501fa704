# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A shared shop: a day is asked for, divided by the rule, owned, given back and counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.journey.conftest import Signed
from wijkeconomie.acting.shop_days import Dividing, Season, divide
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import AuditLine, Municipality, Role, User
from wijkeconomie.web.acting import access, actions, booking, kinds
from wijkeconomie.web.acting.instruments import shop as shops
from wijkeconomie.web.acting.models import Booking, Case, Listing, Slot, Step
from wijkeconomie.web.acting.retention import TERMS

Person = Callable[[Role], User]
FORM = {"shown": "Brood van Bes", "about": "food", "text": "Brood en koek", "starter": "",
        "seasons": "0", "wish0": "di", "wish1": "", "name": "Bes", "phone": "",
        "named": "yes", "email": ""}  # fmt: skip
DIVIDING = 47  # queries, savepoints among them


def _made(municipality: Municipality, by: User, area: str, **other: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {"shops": 1, "open_on": ["di", "do"], "opens": "10:00:00", "closes": "17:00:00",
            "told_on": today.isoformat(), "first": (today + timedelta(days=7)).isoformat(),
            "weeks": 2, "starters": 0, **actions.lottery(), **other}  # fmt: skip


@pytest.fixture
def shop(municipality: Municipality, person: Person, release: Any) -> Listing:
    """One that is open for who wants a day: two days a week, for two weeks."""
    by, wijk = person(Role.PLANNER), release.areas("wijk", municipality.code)[0].code
    made = actions.offer(
        by=by, municipality=municipality, key=uuid4(), kind=shops.SHOP, area=wijk,
        title="Weverslaan 8", story="", place={"name": "Weverslaan 8", "address": "Weverslaan 8"},
        more=_made(municipality, by, wijk),
    )  # fmt: skip
    return actions.move(by=by, listing=made, to="applying")


def wants(shop: Listing, **other: Any) -> Case:
    """Somebody asks for a day, as anyone; who is not named is nobody who asked before."""
    named = {"name": "Bes" if not Case.objects.exists() else f"Bes {uuid4()}"}
    given = {"key": uuid4(), **FORM, **named, **other}
    sent = Client().post(reverse("shop", args=[shop.pk]), given)
    assert sent.status_code == 302, sent.content.decode()
    return Case.objects.latest("made_at")


def page(case: Case) -> str:
    """What who asked reads."""
    return Client().get(reverse("my_days", args=[access.link(case)])).content.decode()


def test_who_asks_needs_no_account_and_reads_on_which_day_they_hear(shop: Listing) -> None:
    case = wants(shop)
    assert case.more == {"wishes": ["di"], "seasons": 0, "shown": "Brood van Bes",
                         "starter": False, "named": True}  # fmt: skip
    assert case.due.isoformat() == shop.more["told_on"]
    assert "We hebben uw verzoek" in page(case)


@pytest.mark.parametrize(("other", "said"), [
    ({"wish0": ""}, "verplicht"), ({"named": ""}, "verplicht"),
    ({"wish1": "di"}, "U koos een dag twee keer."),
    ({"wish0": "ma"}, "geldige"), ({"about": ""}, "verplicht"),
])  # fmt: skip
def test_a_wish_that_is_none_is_refused_in_words_and_what_was_typed_stays(
    shop: Listing, other: dict[str, str], said: str
) -> None:
    sent = Client().post(reverse("shop", args=[shop.pk]), {"key": uuid4(), **FORM, **other})
    assert (sent.status_code, said in sent.content.decode()) == (422, True)
    assert "Brood en koek" in sent.content.decode()
    assert Case.objects.count() == 0


def test_the_days_are_divided_by_the_published_rule_and_everybody_reads_why(
    shop: Listing, person: Person
) -> None:
    cases = [wants(shop), wants(shop, wish1="do"), wants(shop, about="art")]
    seed, shown = shop.more["seed"], Client().get(reverse("shop", args=[shop.pk])).content.decode()
    assert (seed in shown, sha256(seed.encode()).hexdigest() in shown) == (False, True)
    rule = divide(shops.season(shop, cases))
    made = shops.divide(by=person(Role.PLANNER), listing=shop)
    assert made is not None
    assert (made, dict(made.days)[cases[1].pk.hex]) == (rule, "do")
    after = {case.pk: Case.objects.get(pk=case.pk) for case in cases}
    assert {one.more["day"] for one in after.values()} == {"di", "do", ""}
    (without,) = (one for one in after.values() if one.state == "unplaced")
    assert without.more["why"] == {"di": "lottery"}
    assert "Het lot besliste." in page(without)
    assert "Met u op deze dag was een andere dag leeg gebleven." in page(after[cases[1].pk])
    assert seed in Client().get(reverse("shop", args=[shop.pk])).content.decode()


def test_who_sells_something_else_stands_in_nobodys_way(shop: Listing, person: Person) -> None:
    """Two of one named trade on one day cannot be; two of no named trade can."""
    Listing.objects.update(more=shop.more | {"shops": 2})
    shop.refresh_from_db()
    for about in ("other", "other"):
        wants(shop, about=about)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    assert Case.objects.filter(state="placed").count() == 2


def test_twin_two_of_one_trade_are_not_there_on_one_day(shop: Listing, person: Person) -> None:
    Listing.objects.update(more=shop.more | {"shops": 2})
    shop.refresh_from_db()
    for _ in range(2):
        wants(shop)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    assert Case.objects.filter(state="placed").count() == 1


def test_each_date_of_the_season_is_booked_and_the_days_are_divided_once(
    shop: Listing, person: Person
) -> None:
    case, by = wants(shop), person(Role.PLANNER)
    shops.divide(by=by, listing=shop)
    dates = [timezone.localtime(one.starts_at).weekday() for one in case.bookings.all()]
    assert (dates, Slot.objects.count()) == ([1, 1], 4)
    assert shops.divide(by=by, listing=shop) is None
    with pytest.raises(Refusal):  # a step by hand is no division
        actions.move(by=by, listing=Listing.objects.get(), to="applying")
    assert AuditLine.objects.filter(verb="divide").count() == 1


def test_nobody_skips_the_division_by_a_step_of_the_form(shop: Listing, signed: Signed) -> None:
    wants(shop)
    sent = signed(Role.PLANNER).post(reverse("move_shop", args=[shop.pk]), {"to": "season"})
    assert (sent.status_code, Listing.objects.get().state) == (422, "applying")


def test_without_wishes_nothing_is_divided(shop: Listing, signed: Signed) -> None:
    sent = signed(Role.PLANNER).post(reverse("divide", args=[shop.pk]))
    assert "Nog niemand vroeg om een dag" in sent.content.decode()
    assert Listing.objects.get().state == "applying"


def test_after_the_division_nobody_asks_for_a_day_any_more(shop: Listing, person: Person) -> None:
    wants(shop)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    sent = Client().post(reverse("shop", args=[shop.pk]), {"key": uuid4(), **FORM})
    assert (sent.status_code, Case.objects.count()) == (422, 1)
    assert "De dagen zijn al verdeeld." in sent.content.decode()


def test_a_day_that_is_given_back_goes_to_who_waits_for_it(shop: Listing, person: Person) -> None:
    cases = [wants(shop), wants(shop)]
    shops.divide(by=person(Role.PLANNER), listing=shop)
    owner, other = sorted((Case.objects.get(pk=one.pk) for one in cases),
                          key=lambda one: one.state)  # fmt: skip
    assert (owner.state, other.state) == ("placed", "unplaced")
    first = owner.bookings.order_by("starts_at")[0]
    take = reverse("take_day", args=[access.link(other)])
    assert Client().post(take, {"slot": first.slot_id, "wait": "1"}).status_code == 302
    assert other.bookings.get().state == "waiting"
    settle = reverse("settle_booking", args=[access.link(owner)])
    sent = Client().post(settle, {"booking": first.pk, "cancel": "1"})
    there = reverse("my_days", args=[access.link(owner)])
    assert sent["Location"] == f"{there}?af={first.pk}"
    told = "U bent er niet op"
    assert told in Client().get(sent["Location"]).content.decode()
    assert told not in Client().get(there).content.decode()
    assert other.bookings.get().state == "offered"
    Client().post(reverse("settle_booking", args=[access.link(other)]),
                  {"booking": other.bookings.get().pk, "take": "1"})  # fmt: skip
    assert other.bookings.get().state == "confirmed"


def test_who_comes_second_at_a_day_reads_what_is_free_and_does_not_wait_unasked(
    shop: Listing, person: Person
) -> None:
    cases = [wants(shop), wants(shop)]
    shops.divide(by=person(Role.PLANNER), listing=shop)
    (owner,) = Case.objects.filter(state="placed")
    other = next(one for one in cases if one.pk != owner.pk)
    taken = owner.bookings.order_by("starts_at")[0].slot_id
    sent = Client().post(reverse("take_day", args=[access.link(other)]), {"slot": taken})
    assert (sent["Location"].endswith("?dag=weg"), other.bookings.count()) == (True, 0)
    said = Client().get(sent["Location"]).content.decode()
    assert ("Iemand anders was eerder" in said, "Neem deze dag" in said) == (True, True)


def test_a_button_that_is_pressed_twice_takes_the_day_once_and_says_so(
    shop: Listing, person: Person
) -> None:
    one, other = _in_season(shop, person, "food", "craft")
    day = other.bookings.order_by("starts_at")[0].slot
    take = reverse("take_day", args=[access.link(one)])
    answers = [Client().post(take, {"slot": str(day.pk)}) for _ in range(2)]
    mine = reverse("my_days", args=[access.link(one)])
    assert [answer["Location"] for answer in answers] == [mine, mine]
    assert one.bookings.filter(slot=day).count() == 1


def test_who_comes_too_late_takes_no_lock_and_a_seat_that_was_kept_too_long_is_no_ones(
    shop: Listing, person: Person
) -> None:
    cases = [wants(shop), wants(shop)]
    shops.divide(by=person(Role.PLANNER), listing=shop)
    (owner,) = Case.objects.filter(state="placed")
    other = next(Case.objects.get(pk=one.pk) for one in cases if one.pk != owner.pk)
    taken = owner.bookings.select_related("slot").order_by("starts_at")[0]
    slot = taken.slot
    with CaptureQueriesContext(connection) as asked:
        assert shops.take(case=other, slot=slot, waits=False) is None
    assert len(asked) == 1
    ago = timezone.now() - timedelta(minutes=1)
    Booking.objects.filter(pk=taken.pk).update(state="offered", until=ago)
    made = shops.take(case=other, slot=slot, waits=False)
    assert made is not None
    assert (made.state, made.seat) == ("confirmed", 1)


def test_who_stops_twice_stopped_once_and_waits_for_nothing_any_more(
    shop: Listing, person: Person
) -> None:
    cases = [wants(shop), wants(shop)]
    shops.divide(by=person(Role.PLANNER), listing=shop)
    (owner,) = Case.objects.filter(state="placed")
    other = next(Case.objects.get(pk=one.pk) for one in cases if one.pk != owner.pk)
    first, second = (one.slot for one in owner.bookings.order_by("starts_at"))
    for slot in (first, second):
        shops.take(case=other, slot=slot, waits=True)
    booking.let_go(booking=owner.bookings.get(slot=first))
    assert sorted(other.bookings.values_list("state", flat=True)) == ["offered", "waiting"]
    done = [shops.stop(case=other) for _ in range(2)]
    assert done[0].closed_at == done[1].closed_at
    assert Step.objects.filter(case=other, state="stopped").count() == 1
    assert set(other.bookings.values_list("state", flat=True)) <= {"cancelled", "declined"}


def test_days_that_are_free_stand_before_those_for_which_one_can_wait(
    shop: Listing, person: Person
) -> None:
    cases = [wants(shop), wants(shop)]
    shops.divide(by=person(Role.PLANNER), listing=shop)
    other = next(one for one in cases if Case.objects.get(pk=one.pk).state == "unplaced")
    said = page(Case.objects.get(pk=other.pk))
    assert said.rindex("Neem deze dag") < said.index("Wacht op deze dag")


def test_a_day_is_given_away_after_a_look_at_what_then_happens(
    shop: Listing, person: Person
) -> None:
    case = wants(shop)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    said = page(case)
    assert said.count('name="cancel"') == case.bookings.count()
    for part in said.split('name="cancel"')[:-1]:
        assert part.rindex("<details") > part.rfind("</details")
        assert "Wie op die dag wacht, krijgt hem." in part[part.rindex("<details") :]


def test_who_got_no_day_reads_words_of_their_own(shop: Listing, person: Person) -> None:
    cases = [wants(shop), wants(shop)]
    shops.divide(by=person(Role.PLANNER), listing=shop)
    said = {Case.objects.get(pk=one.pk).state: page(one) for one in cases}
    own = ("Waarom hebt u geen dag?", "Dagen die u nog kunt krijgen", "U hebt geen vaste dag")
    assert [[one in said[state] for one in own] for state in ("placed", "unplaced")] == [
        [False] * 3, [True] * 3]  # fmt: skip
    assert ("Naast uw vaste dag" in said["placed"], "Naast uw" in said["unplaced"]) == (True, False)


def test_on_paper_stands_no_day_that_is_not_theirs(shop: Listing, person: Person) -> None:
    case = wants(shop)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    assert '<section class="section no-print" aria-labelledby="vrij">' in page(case)


def test_who_stops_gives_back_all_that_is_still_to_come(shop: Listing, person: Person) -> None:
    case = wants(shop)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    past = case.bookings.order_by("starts_at")[0]
    ago = timezone.now() - timedelta(days=1)
    Booking.objects.filter(pk=past.pk).update(starts_at=ago)
    assert Client().post(reverse("stop_days", args=[access.link(case)])).status_code == 302
    states = list(case.bookings.order_by("starts_at").values_list("state", flat=True))
    assert (states, Case.objects.get().state) == (["confirmed", "cancelled"], "stopped")


def test_everyone_reads_who_is_there_by_the_name_they_show_and_no_other(
    shop: Listing, person: Person
) -> None:
    wants(shop)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    first = timezone.localdate(Slot.objects.order_by("starts_at")[0].starts_at)
    (one,) = shops.days(Listing.objects.get(), first, 1)
    assert (one.names, one.free) in {(("Brood van Bes",), 0), ((), 1)}
    every = [name for one in shops.days(Listing.objects.get(), first) for name in one.names]
    assert every == ["Brood van Bes"] * 2


@pytest.mark.parametrize("count", [1, 4])
def test_who_is_there_is_asked_in_two_queries(
    shop: Listing, person: Person, count: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    Listing.objects.update(more=shop.more | {"shops": 5})
    shop.refresh_from_db()
    for _ in range(count):
        wants(shop, about="other")
    shops.divide(by=person(Role.PLANNER), listing=shop)
    with django_assert_num_queries(2):
        shops.days(shop, timezone.localdate(), 30)


def test_what_was_sold_is_said_in_bands_of_days_that_are_over(
    shop: Listing, person: Person
) -> None:
    case = wants(shop)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    one = case.bookings.order_by("starts_at")[0]
    sold = reverse("sold", args=[access.link(case)])
    assert Client().post(sold, {"booking": one.pk, "band": "2"}).status_code == 404
    Booking.objects.filter(pk=one.pk).update(starts_at=timezone.now() - timedelta(days=1))
    assert Client().post(sold, {"booking": one.pk, "band": "2"}).status_code == 302
    assert Case.objects.get().more["sold"] == {str(one.pk): "2"}
    assert shops.figures(shop, timezone.now()).sold == (("2", 1),)
    assert "€ 100 tot € 250</option>" in page(Case.objects.get())


def test_where_entrepreneurs_go_is_counted_and_so_is_who_has_a_day(
    shop: Listing, person: Person
) -> None:
    by, first, second = person(Role.PLANNER), wants(shop), wants(shop, wish0="do", about="art")
    shops.divide(by=by, listing=shop)
    shops.grow(by=by, case=first, to="more")
    shops.grow(by=by, case=first, to="lease")
    with pytest.raises(Refusal):
        shops.grow(by=by, case=second, to="stopped")  # without a reason
    shops.grow(by=by, case=second, to="stopped", reason="Verhuisd")
    got = shops.figures(shop, timezone.now())
    assert (got.asked, got.placed, got.went) == (2, 1, (("lease", 1), ("stopped", 1)))
    assert kinds.of(first).counted(Case.objects.all()).count() == 1  # type: ignore[misc]


@pytest.mark.parametrize(("role", "status"), [(Role.CLERK, 403), (Role.CODER, 403)])
def test_only_who_sets_instruments_to_work_divides(
    shop: Listing, signed: Signed, role: Role, status: int
) -> None:
    wants(shop)
    assert signed(role).post(reverse("divide", args=[shop.pk])).status_code == status
    assert Listing.objects.get().state == "applying"


def test_a_shop_of_forty_is_divided_with_a_reason_for_each_in_seconds(shop: Listing) -> None:
    """Time of this process alone; the bench has the figure."""
    names = list(shops.DAYS)[:5]
    cases = [
        Case(id=uuid4(), about=list(shops.TRADES)[n % 9], more={
            "wishes": [names[n % 5], names[(n + 1) % 5]], "starter": n % 3 == 0, "seasons": n % 2})
        for n in range(40)
    ]  # fmt: skip
    shop.more |= {"open_on": names, "shops": 3}
    made = Dividing(shops.season(shop, cases))
    assert len(made.allocation.days) == 15
    assert all(shops._why(made, case) for case in cases if case.pk.hex not in made.allocation.days)


def meanwhile(monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], Any]) -> None:
    """Those happen one by one, each while the days are being worked out."""
    left = list(acts)

    def worked_out(asked: Season) -> Dividing:
        if left:
            left.pop(0)()
        return Dividing(asked)

    monkeypatch.setattr(shops, "Dividing", worked_out)


def test_who_asks_while_the_days_are_worked_out_takes_part(
    shop: Listing, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants(shop)
    meanwhile(monkeypatch, lambda: wants(shop, wish0="do", about="art"))
    shops.divide(by=person(Role.PLANNER), listing=shop)
    assert [one.more["day"] for one in Case.objects.order_by("made_at")] == ["di", "do"]


def test_who_stops_while_the_days_are_worked_out_leaves_their_day_to_others(
    shop: Listing, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = wants(shop), wants(shop)
    won = next(iter(divide(shops.season(shop, [first, second])).days))
    winner, other = (first, second) if first.pk.hex == won else (second, first)
    meanwhile(monkeypatch, lambda: shops.stop(case=winner))
    shops.divide(by=person(Role.PLANNER), listing=shop)
    assert (Case.objects.get(pk=other.pk).state, other.bookings.count()) == ("placed", 2)


def test_twin_laid_down_as_it_was_worked_out_the_day_stays_empty(
    shop: Listing, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the look whether anything changed."""
    first, second = wants(shop), wants(shop)
    asked = shops.season(shop, sorted((first, second), key=lambda one: one.pk))
    won = next(iter(divide(asked).days))
    winner, other = (first, second) if first.pk.hex == won else (second, first)
    meanwhile(monkeypatch, lambda: shops.stop(case=winner))
    monkeypatch.setattr(shops, "season", lambda _shop, _cases: asked)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    assert (Case.objects.get(pk=other.pk).state, Booking.objects.count()) == ("unplaced", 0)


def test_of_two_who_divide_at_once_the_second_finds_it_done(
    shop: Listing, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, by = wants(shop), person(Role.PLANNER)
    meanwhile(monkeypatch, lambda: shops.divide(by=by, listing=shop))
    assert shops.divide(by=by, listing=shop) is None
    assert (case.bookings.count(), AuditLine.objects.filter(verb="divide").count()) == (2, 1)


def test_where_people_ask_on_and_on_nothing_is_divided_and_nothing_lost(
    shop: Listing, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants(shop)
    meanwhile(monkeypatch, *[lambda: wants(shop)] * 3)
    with pytest.raises(Refusal) as refused:
        shops.divide(by=person(Role.PLANNER), listing=shop)
    assert refused.value.notice.code == "shop_still_asked"
    assert set(Case.objects.values_list("state", flat=True)) == {"received"}
    assert Listing.objects.get().state == "applying"


@pytest.mark.parametrize("count", [2, 9])
def test_laying_down_takes_as_many_queries_for_two_as_for_nine(
    shop: Listing, person: Person, count: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for n in range(count):
        wants(shop, about=list(shops.TRADES)[n])
    by = person(Role.PLANNER)
    with django_assert_num_queries(DIVIDING):
        shops.divide(by=by, listing=shop)
    steps = Step.objects.filter(case__isnull=False).count()
    assert (steps, AuditLine.objects.filter(verb="step", details__to="unplaced").count()) \
        == (count, count - 1)  # fmt: skip


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366, True)])
def test_a_year_after_the_season_nobody_who_had_a_day_is_known_any_more(
    shop: Listing, person: Person, *, days: int, gone: bool
) -> None:
    by = person(Role.PLANNER)
    wants(shop)
    shops.divide(by=by, listing=shop)
    actions.move(by=by, listing=Listing.objects.get(), to="ended", reason="Het seizoen is om")
    later = timezone.now() + timedelta(days=days)
    retention.destroy(later, really=True, terms=TERMS)
    case = Case.objects.get()
    assert (case.party is None, case.more == {}, case.state) == (gone, gone, "placed")


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366, True)])
def test_a_year_after_the_last_news_of_days_that_nobody_divides_nobody_is_known(
    shop: Listing, signed: Signed, person: Person, *, days: int, gone: bool
) -> None:
    wants(shop)
    retention.destroy(timezone.now() + timedelta(days=days), really=True, terms=TERMS)
    case = Case.objects.get()
    assert (case.party is None, case.more == {}, case.state) == (gone, gone, "received")
    if gone:
        team = signed(Role.CLERK).get(reverse("shop_team", args=[shop.pk]))
        assert team.status_code == 200
        with pytest.raises(Refusal) as refused:
            shops.divide(by=person(Role.PLANNER), listing=shop)
        assert refused.value.notice.code == "shop_no_wishes"
        wants(shop)  # asks anew, and has a day
        shops.divide(by=person(Role.PLANNER), listing=shop)
        assert sorted(Case.objects.values_list("state", flat=True)) == ["placed", "received"]


def test_also_of_a_season_that_nobody_ended_they_go_a_year_after_the_last_day(
    shop: Listing, person: Person
) -> None:
    wants(shop)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    later = timezone.now() + timedelta(days=366 + 60)
    retention.destroy(later, really=True, terms=TERMS, sure_of_clock=True)
    assert Case.objects.get().party is None


def test_twin_while_the_season_runs_who_has_a_day_is_known(shop: Listing, person: Person) -> None:
    wants(shop)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    retention.destroy(timezone.now() + timedelta(days=366), really=True, terms=TERMS)
    assert Case.objects.get().party is not None


def _in_season(shop: Listing, person: Person, *abouts: str, weeks: int = 8) -> list[Case]:
    """A shop of two places, on Tuesdays and Thursdays, with one firm per trade that was named; the
    first has Tuesday, the second Thursday."""
    Listing.objects.filter(pk=shop.pk).update(more=shop.more | {"shops": 2, "weeks": weeks})
    cases = [wants(shop, about=about, wish0=day)
             for about, day in zip(abouts, ("di", "do"), strict=True)]  # fmt: skip
    shops.divide(by=person(Role.PLANNER), listing=Listing.objects.get(pk=shop.pk))
    return [Case.objects.get(pk=one.pk) for one in cases]


def test_also_in_the_season_no_two_of_a_trade_are_there_on_one_day(
    shop: Listing, person: Person
) -> None:
    one, other = _in_season(shop, person, "food", "food")
    day = other.bookings.order_by("starts_at")[0].slot
    sent = Client().post(reverse("take_day", args=[access.link(one)]), {"slot": str(day.pk)})
    assert (sent.status_code, one.bookings.filter(slot=day).count()) == (409, 0)
    assert "die hetzelfde verkoopt" in sent.content.decode()
    other.refresh_from_db()
    wish = booking.Wish(key=uuid4(), party=one.party, case=one)  # type: ignore[arg-type]
    Case.objects.filter(pk=other.pk).update(about="craft")  # the twin: nobody of the trade
    assert booking.book(slot=day, wish=wish).state == "confirmed"


def test_an_offer_of_a_day_is_not_taken_where_somebody_of_the_trade_came(
    shop: Listing, person: Person
) -> None:
    one, other = _in_season(shop, person, "food", "craft")
    theirs = other.bookings.order_by("starts_at")[0]
    made = Booking.objects.create(slot=theirs.slot, party=one.party, case=one, state="offered",
                                  seat=2, starts_at=theirs.starts_at,
                                  until=timezone.now() + timedelta(hours=1),
                                  municipality=shop.municipality)  # fmt: skip
    Case.objects.filter(pk=other.pk).update(about="food")
    settle, sent = (
        reverse("settle_booking", args=[access.link(one)]),
        {"booking": made.pk, "take": "1"},
    )
    assert Client().post(settle, sent).status_code == 409
    Case.objects.filter(pk=other.pk).update(about="craft")
    had = one.bookings.filter(state="confirmed").count()
    Client().post(settle, sent)
    assert one.bookings.filter(state="confirmed").count() == had + 1  # their own days stay theirs


def test_nobody_takes_all_free_days_until_two_days_ahead(shop: Listing, person: Person) -> None:
    one, _other = _in_season(shop, person, "food", "craft")
    take = reverse("take_day", args=[access.link(one)])
    free = [slot for slot in booking.coming(shop).order_by("starts_at")
            if not one.bookings.filter(slot=slot).exists()]  # fmt: skip
    answers = [Client().post(take, {"slot": str(slot.pk)}).status_code for slot in free]
    most = shops.MOST_SINGLES
    assert answers == [302] * most + [409] * (len(free) - most)
    assert f"{most} losse dagen" in page(one)
    last = free[-1]
    soon = timezone.now() + timedelta(hours=40)
    Slot.objects.filter(pk=last.pk).update(starts_at=soon, ends_at=soon + timedelta(hours=2))
    assert Client().post(take, {"slot": str(last.pk)}).status_code == 302
    assert one.bookings.filter(slot=last, state="confirmed").exists()


def test_days_that_nobody_marked_are_given_out_and_not_seen(shop: Listing, person: Person) -> None:
    case = wants(shop)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    later = timezone.now() + timedelta(days=60)
    found = shops.figures(shop, later)
    assert (found.given, found.seen) == (case.bookings.count(), 0)
    first = case.bookings.order_by("starts_at")[0]
    Booking.objects.filter(pk=first.pk).update(state="completed")
    assert shops.figures(shop, later).seen == 1


def test_the_form_of_what_changed_says_of_whom(
    shop: Listing, person: Person, signed: Signed
) -> None:
    case = wants(shop)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    said = signed(Role.CLERK).get(reverse("grow", args=[case.pk])).content.decode()
    assert '<p class="kicker" dir="auto">Brood van Bes</p>' in said
