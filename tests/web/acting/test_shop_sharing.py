# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A shop that is shared: days are swapped, the shop is handed over, and everybody asks once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.test_shop import FORM, page, shop, wants
from tests.web.journey.conftest import Signed
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import ProcessingLine, Role, User
from wijkeconomie.web.acting import access, actions, booking, kinds, letters
from wijkeconomie.web.acting.instruments import shop as shops
from wijkeconomie.web.acting.instruments.shop import handover, neighbours, swaps
from wijkeconomie.web.acting.models import Booking, Case, Item, Listing, Mark, Message, Step
from wijkeconomie.web.acting.retention import TERMS

__all__ = ["shop"]
Person = Callable[[Role], User]
Two = tuple[Case, Case]


@pytest.fixture
def two(shop: Listing, person: Person) -> Two:
    """Bes has the Tuesdays, Art the Thursdays."""
    cases = (wants(shop), wants(shop, wish0="do", about="art", shown="Kunst van Art", name="Art"))
    shops.divide(by=person(Role.PLANNER), listing=shop)
    first, second = (Case.objects.get(pk=one.pk) for one in cases)
    return first, second


def days(case: Case) -> list[int]:
    """On which days of the week somebody is still to come."""
    return sorted(timezone.localtime(one.starts_at).weekday() for one in swaps.coming(case))


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What stands inside is refused, for that reason."""
    with pytest.raises(Refusal) as said:
        yield
    assert said.value.notice.code == code


def first(case: Case) -> Booking:
    return swaps.coming(case)[0]


def post(name: str, case: Case, **data: Any) -> Any:
    return Client().post(reverse(name, args=[access.link(case)]), data)


# -- swapping
def test_a_day_is_asked_for_accepted_by_the_other_and_both_have_the_other_day(two: Two) -> None:
    bes, art = two
    mine, theirs = first(bes), first(art)
    sent = post("swap_days", bes, key=uuid4(), gives=mine.pk, wants=theirs.pk)
    assert sent.status_code == 302
    assert "Brood van Bes" in page(art)
    asked = Case.objects.get(kind="shop_swap")
    assert post("answer_swap", art, swap=asked.pk, yes="1", day=theirs.pk).status_code == 302
    assert (days(bes), days(art)) == ([1, 3], [1, 3])
    assert {one.slot_id for one in swaps.coming(bes)} == {
        theirs.slot_id, *(one.slot_id for one in bes.bookings.exclude(slot=mine.slot_id)
                          .filter(state="confirmed"))}  # fmt: skip
    assert (Case.objects.get(kind="shop_swap").state, first(bes).seat) == ("swapped", 1)


def test_what_is_asked_of_all_is_answered_by_who_chooses_a_day_and_no_to_one_is_no_to_that_one(
    two: Two,
) -> None:
    bes, art = two
    post("swap_days", bes, key=uuid4(), gives=first(bes).pk, wants="")
    asked = Case.objects.get(kind="shop_swap")
    assert len(swaps.asked_of(art)[0].gives) == 2
    post("answer_swap", art, swap=asked.pk, no="1")
    assert (swaps.asked_of(art), Case.objects.get(pk=asked.pk).state) == ([], "asked")
    assert post("answer_swap", art, swap=asked.pk, yes="1", day=first(art).pk).status_code == 409


def test_all_days_that_are_still_to_come_are_swapped_at_once(two: Two) -> None:
    bes, art = two
    sent = post("swap_days", bes, key=uuid4(), gives="all", wants=f"all-{art.pk}")
    assert sent.status_code == 302
    post("answer_swap", art, swap=Case.objects.get(kind="shop_swap").pk, yes="1")
    assert (days(bes), days(art)) == ([3, 3], [1, 1])
    assert "Uw dag is donderdag." in page(Case.objects.get(pk=bes.pk))


def test_a_day_for_all_days_is_refused_in_words(two: Two) -> None:
    bes, art = two
    sent = post("swap_days", bes, key=uuid4(), gives=first(bes).pk, wants=f"all-{art.pk}")
    assert (sent.status_code, Case.objects.filter(kind="shop_swap").count()) == (422, 0)
    assert "Ruil een dag voor een dag" in sent.content.decode()


def test_what_was_asked_is_the_same_when_it_is_sent_once_more(two: Two) -> None:
    bes, _art = two
    data = {"key": uuid4(), "gives": first(bes).pk, "wants": ""}
    assert [post("swap_days", bes, **data).status_code for _ in range(2)] == [302, 302]
    other = post("swap_days", bes, **data | {"gives": "all"})
    assert (other.status_code, Case.objects.filter(kind="shop_swap").count()) == (422, 1)


@pytest.mark.parametrize("name", ["my_days", "swap_days"])
def test_twenty_swaps_are_read_in_as_many_queries_as_one(two: Two, name: str) -> None:
    bes, art = two
    counts = []
    for _ in range(2):
        swaps.ask(case=bes, key=uuid4(), gives=str(first(bes).pk), wants="")
        with CaptureQueriesContext(connection) as asked:
            Client().get(reverse(name, args=[access.link(art)]))
        counts.append(len(asked))
        for _more in range(19):
            swaps.ask(case=bes, key=uuid4(), gives=str(first(bes).pk), wants="")
    assert (counts[0], len(swaps.asked_of(art))) == (counts[1], 40)


def test_a_day_that_was_not_asked_for_is_not_given(two: Two) -> None:
    bes, art = two
    one, other = swaps.coming(art)
    asked = swaps.ask(case=bes, key=uuid4(), gives=str(first(bes).pk), wants=str(one.pk))
    with refused("nothing_chosen"):
        swaps.accept(swap=asked, case=art, day=str(other.pk))
    with refused("nothing_chosen"):
        swaps.accept(swap=asked, case=art)
    assert (days(bes), days(art)) == ([1, 1], [3, 3])


def test_two_of_one_trade_can_swap_with_each_other_for_they_are_not_there_together(
    two: Two,
) -> None:
    bes, art = two
    Case.objects.filter(pk=art.pk).update(about=bes.about)
    theirs = first(art)
    asked = swaps.ask(case=bes, key=uuid4(), gives=str(first(bes).pk), wants=str(theirs.pk))
    swaps.accept(swap=asked, case=Case.objects.get(pk=art.pk), day=str(theirs.pk))
    assert (days(bes), days(art)) == ([1, 3], [1, 3])


def test_of_all_days_each_reads_the_other_day_of_the_week_as_their_own(two: Two) -> None:
    bes, art = two
    asked = swaps.ask(case=bes, key=uuid4(), gives=swaps.ALL, wants=str(art.pk))
    swaps.accept(swap=asked, case=art)
    assert [Case.objects.get(pk=one.pk).more["day"] for one in two] == ["do", "di"]
    one = swaps.ask(case=bes, key=uuid4(), gives=str(first(bes).pk), wants="")
    swaps.accept(swap=one, case=Case.objects.get(pk=art.pk), day=str(first(art).pk))
    assert [Case.objects.get(pk=one.pk).more["day"] for one in two] == ["do", "di"]


@pytest.mark.parametrize("how", ["over", "nobodys", "given_back"])
def test_what_is_nobodys_to_give_is_not_exchanged_and_everybody_keeps_what_they_had(
    two: Two, how: str
) -> None:
    mine, theirs = (first(one) for one in two)
    changed: dict[str, dict[str, Any]] = {
        "over": {"starts_at": timezone.now()}, "nobodys": {"party": None},
        "given_back": {"state": "cancelled"},
    }  # fmt: skip
    Booking.objects.filter(pk=theirs.pk).update(**changed[how])
    before = set(Booking.objects.values_list("pk", "state"))
    with refused("swap_over"):
        booking.exchange(ones=[mine.pk], others=[theirs.pk])
    assert set(Booking.objects.values_list("pk", "state")) == before


def test_after_a_day_was_given_back_the_swap_is_over_and_nobody_lost_anything(two: Two) -> None:
    bes, art = two
    theirs = first(art)
    asked = swaps.ask(case=bes, key=uuid4(), gives=str(first(bes).pk), wants=str(theirs.pk))
    booking.let_go(booking=first(bes))
    with refused("swap_over"):
        swaps.accept(swap=asked, case=art, day=str(theirs.pk))
    assert (days(art), Booking.objects.filter(state="confirmed").count()) == ([3, 3], 3)


def test_what_one_asked_oneself_can_be_taken_back_and_by_nobody_else(two: Two) -> None:
    bes, art = two
    asked = swaps.ask(case=bes, key=uuid4(), gives=str(first(bes).pk), wants="")
    assert post("answer_swap", art, swap=asked.pk, back="1").status_code == 409
    assert post("answer_swap", bes, swap=asked.pk, back="1").status_code == 302
    assert Case.objects.get(pk=asked.pk).state == "withdrawn"
    with pytest.raises(Refusal):
        swaps.accept(swap=asked, case=art, day=str(first(art).pk))


def _of_one_trade(shop: Listing, by: User) -> list[Case]:
    """Bes (food) on Tuesday with Art (art); Tess (food) on Thursday: two can be there."""
    Listing.objects.update(more=shop.more | {"shops": 2})
    shop.refresh_from_db()
    cases = [wants(shop), wants(shop, about="art", shown="Art", name="Art"),
             wants(shop, wish0="do", shown="Tess", name="Tess")]  # fmt: skip
    shops.divide(by=by, listing=shop)
    return [Case.objects.get(pk=one.pk) for one in cases]


def test_a_swap_by_which_two_of_a_trade_would_be_there_is_refused(
    shop: Listing, person: Person
) -> None:
    _bes, art, tess = _of_one_trade(shop, person(Role.PLANNER))
    day = str(first(tess).pk)
    asked = swaps.ask(case=art, key=uuid4(), gives=str(first(art).pk), wants=day)
    with refused("swap_trade"):
        swaps.accept(swap=asked, case=tess, day=day)
    assert (days(art), days(tess)) == ([1, 1], [3, 3])


def test_also_what_is_given_for_it_is_of_no_trade_that_is_there(
    shop: Listing, person: Person
) -> None:
    _bes, art, tess = _of_one_trade(shop, person(Role.PLANNER))
    day = str(first(art).pk)
    asked = swaps.ask(case=tess, key=uuid4(), gives=str(first(tess).pk), wants=day)
    with refused("swap_trade"):
        swaps.accept(swap=asked, case=art, day=day)
    assert (days(art), days(tess)) == ([1, 1], [3, 3])


def test_who_takes_a_day_that_came_free_keeps_the_days_they_had(two: Two) -> None:
    bes, art = two
    assert bes.party is not None
    theirs = first(art)
    waits = booking.wait(slot=theirs.slot,
                         wish=booking.Wish(key=uuid4(), party=bes.party, case=bes))  # fmt: skip
    booking.let_go(booking=theirs)
    booking.confirm(booking=Booking.objects.get(pk=waits.pk))
    assert (days(bes), days(art)) == ([1, 1, 3], [3])


def test_twin_without_that_the_days_they_had_are_given_back(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    bes, art = two
    assert bes.party is not None
    theirs = first(art)
    waits = booking.wait(slot=theirs.slot,
                         wish=booking.Wish(key=uuid4(), party=bes.party, case=bes))  # fmt: skip
    booking.let_go(booking=theirs)
    known = kinds.of
    monkeypatch.setattr(kinds, "of", lambda thing: replace(known(thing), keeps=False))
    booking.confirm(booking=Booking.objects.get(pk=waits.pk))
    assert (days(bes), days(art)) == ([3], [3])


def test_twin_without_the_rule_of_trades_two_of_one_trade_are_there(
    shop: Listing, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swaps, "_of_trade", lambda *_args, **_options: None)
    _bes, art, tess = _of_one_trade(shop, person(Role.PLANNER))
    day = str(first(tess).pk)
    asked = swaps.ask(case=art, key=uuid4(), gives=str(first(art).pk), wants=day)
    swaps.accept(swap=asked, case=tess, day=day)
    slot = first(tess).slot
    there = slot.bookings.filter(state="confirmed").values_list("case__about", flat=True)
    assert list(there) == ["food", "food"]


def _waits(shop: Listing, slot: Any) -> Case:
    waits = wants(shop, about="care", shown="Zorg", name="Wacht")
    assert waits.party is not None
    booking.wait(slot=slot, wish=booking.Wish(key=uuid4(), party=waits.party, case=waits))
    return waits


@pytest.fixture
def waited_for(shop: Listing, two: Two, monkeypatch: pytest.MonkeyPatch) -> Two:
    """Somebody waits for the first day of Bes."""
    Listing.objects.update(state="applying")
    _waits(Listing.objects.get(pk=shop.pk), first(two[0]).slot)
    Listing.objects.update(state="season")
    return two


def test_who_waits_for_a_day_that_is_swapped_gets_nothing_of_it(waited_for: Two) -> None:
    bes, art = waited_for
    asked = swaps.ask(case=bes, key=uuid4(), gives=str(first(bes).pk), wants="")
    swaps.accept(swap=asked, case=art, day=str(first(art).pk))
    assert (days(bes), days(art)) == ([1, 3], [1, 3])
    assert Booking.objects.get(case__more__isnull=False, turn=1).state == "waiting"


def test_twin_by_cancelling_and_booking_one_after_the_other_one_ends_with_none(
    waited_for: Two,
) -> None:
    bes, art = waited_for
    mine, theirs = first(bes), first(art)
    booking.let_go(booking=mine)
    booking.let_go(booking=theirs)
    assert bes.party is not None
    assert art.party is not None
    booking.book(slot=theirs.slot, wish=booking.Wish(key=uuid4(), party=bes.party, case=bes))
    with refused("slot_full"):  # it went to who waits
        booking.book(slot=mine.slot, wish=booking.Wish(key=uuid4(), party=art.party, case=art))
    assert (days(bes), days(art)) == ([1, 3], [3])


def test_both_are_told_and_an_e_mail_says_not_which_day(
    shop: Listing, person: Person, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example"
    bes = wants(shop, email="bes@example.org")
    art = wants(shop, wish0="do", about="art", shown="Art", name="Art", email="art@example.org")
    shops.divide(by=person(Role.PLANNER), listing=shop)
    bes, art = Case.objects.get(pk=bes.pk), Case.objects.get(pk=art.pk)
    asked = swaps.ask(case=bes, key=uuid4(), gives=str(first(bes).pk), wants="")
    mail = letters.mail_of(Message.objects.get(kind="swap_asked"))
    assert mail is not None
    assert (mail.to, "dinsdag" in str(mail.body)) == (["art@example.org"], False)
    swaps.accept(swap=asked, case=art, day=str(first(art).pk))
    told = Message.objects.filter(kind="swapped").values_list("case", flat=True)
    assert set(told) == {bes.pk, art.pk}
    assert letters.mail_of(Message.objects.get(kind="swap_asked")) is None  # overtaken


def test_on_one_agenda_the_day_that_was_swapped_away_is_cancelled(two: Two) -> None:
    bes, art = two
    asked = swaps.ask(case=bes, key=uuid4(), gives=str(first(bes).pk), wants="")
    swaps.accept(swap=asked, case=art, day=str(first(art).pk))
    sent = Client().get(reverse("own_agenda", args=[access.link(bes)])).content.decode()
    assert (sent.count("BEGIN:VEVENT"), sent.count("STATUS:CANCELLED")) == (3, 1)


# -- once
@pytest.mark.parametrize("same", [
    {"email": "BES@example.org"}, {"phone": "+31 6 12345678"},
    {"name": "bes", "shown": "Brood van  bes"},
])  # fmt: skip
def test_who_asked_already_reads_so_and_nothing_of_what_was_said(
    shop: Listing, settings: Any, same: dict[str, str]
) -> None:
    settings.EMAIL_HOST = "mail.example"
    case = wants(shop, email="bes@example.org", phone="06-12345678")
    other = {"shown": "Anders", "name": "Anders", "about": "art", "text": "Iets anders"}
    sent = Client().post(reverse("shop", args=[shop.pk]), {"key": uuid4(), **FORM, **other, **same})
    said = sent.content.decode()
    assert (sent.status_code, "is al om een dag gevraagd" in said) == (422, True)
    assert ("Brood en koek" in said, Case.objects.count()) == (False, 1)
    (told,) = Message.objects.filter(kind="again")
    mail = letters.mail_of(told)
    assert mail is not None
    assert (mail.to, access.link(case) in str(mail.body)) == (["bes@example.org"], True)


def test_who_asks_over_and_over_does_not_fill_somebodys_mailbox(
    shop: Listing, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example"
    wants(shop, email="bes@example.org")
    for _ in range(3):
        Client().post(reverse("shop", args=[shop.pk]), {
            "key": uuid4(), **FORM, "email": "bes@example.org", "shown": "Anders"})  # fmt: skip
    assert Message.objects.filter(kind="again").count() == 1


def test_two_of_one_name_with_businesses_of_their_own_both_ask(shop: Listing) -> None:
    wants(shop)
    wants(shop, name="Bes", shown="Een andere Bes")
    assert Case.objects.count() == 2


def test_one_form_sent_twice_is_one_request_and_no_second(shop: Listing) -> None:
    key = uuid4()
    for _ in range(2):
        wants(shop, key=key, name="Bes", email="bes@example.org")
    assert (Case.objects.count(), Mark.objects.count()) == (1, 2)


def test_who_stopped_may_ask_again_and_after_a_year_no_fingerprint_is_left(
    shop: Listing, person: Person
) -> None:
    shops.stop(case=wants(shop))
    case = wants(shop, name="Bes")
    assert set(Mark.objects.values_list("case", flat=True)) == {case.pk}
    shops.divide(by=person(Role.PLANNER), listing=shop)
    actions.move(by=person(Role.PLANNER), listing=Listing.objects.get(), to="ended", reason="Om")
    later = timezone.now() + timedelta(days=366)
    retention.destroy(later, really=True, terms=TERMS)
    assert Mark.objects.count() == 0


# -- key and checklist
@pytest.fixture
def kept(shop: Listing, two: Two, person: Person) -> Listing:
    """With a checklist and a key; today is a day of Bes."""
    for name in ("Voordeur", ""):
        handover.equip(by=person(Role.PLANNER), listing=shop, key=uuid4(), name=name,
                       checklist=["Verwarming uit", "Kassa dicht"])  # fmt: skip
    begun = timezone.now() - timedelta(minutes=5)
    Booking.objects.filter(pk=first(two[0]).pk).update(starts_at=begun)
    return Listing.objects.get(pk=shop.pk)


def told(case: Case, **data: Any) -> Any:
    given = {"key": uuid4(), "moment": "end", "done": ["0", "1"], "text": ""}
    return post("hand_over", case, **given | data)


def test_who_is_there_takes_the_key_and_the_next_one_reads_who_has_it(
    kept: Listing, two: Two
) -> None:
    bes, art = two
    key = Item.objects.get()
    assert told(bes, moment="start", **{f"key_{key.pk}": "mine"}).status_code == 302
    (held,) = handover.keys(kept)
    assert (held.whom, held.late, held.item.state) == ("Brood van Bes", False, "out")
    shown = Client().get(reverse("hand_over", args=[access.link(art)])).content.decode()
    assert ("Brood van Bes" in shown, "Verwarming uit" in shown) == (True, False)
    told(bes, **{f"key_{key.pk}": "here"})
    assert (Item.objects.get().state, Item.objects.get().party) == ("here", None)
    assert [one.state for one in Step.objects.filter(item=key)] == ["out", "here"]


def test_a_key_goes_from_hand_to_hand_and_each_time_is_written_down(
    kept: Listing, two: Two
) -> None:
    bes, art = two
    Booking.objects.filter(pk=first(art).pk).update(starts_at=timezone.now() + timedelta(days=2))
    key = Item.objects.get()
    told(bes, **{f"key_{key.pk}": "mine"})
    told(bes, **{f"key_{key.pk}": str(art.pk)})
    assert Item.objects.get().party_id == art.party_id
    assert [(one.was, one.state) for one in Step.objects.filter(item=key)] == [
        ("here", "out"), ("out", "out")]  # fmt: skip


def test_what_is_not_ticked_is_a_note_until_the_team_settles_it(
    kept: Listing, two: Two, signed: Signed
) -> None:
    told(two[0], done=["0"], text="Het slot klemt.")
    (note,) = handover.notes(kept)
    assert (note.more["missing"], note.text) == (["Kassa dicht"], "Het slot klemt.")
    shown = Client().get(reverse("hand_over", args=[access.link(two[1])])).content.decode()
    assert "Het slot klemt." in shown
    desk = signed(Role.AREA_MANAGER)
    assert "Het slot klemt." in desk.get(reverse("shop_team", args=[kept.pk])).content.decode()
    before = ProcessingLine.objects.count()
    settle = reverse("settle_handover", args=[note.pk])
    assert desk.post(settle, {"reason": ""}).status_code == 422
    assert desk.post(settle, {"reason": "Gesmeerd"}).status_code == 302
    assert (handover.notes(kept), ProcessingLine.objects.count() > before) == ([], True)


def test_when_all_is_ticked_there_is_no_note_and_it_is_sent_once(kept: Listing, two: Two) -> None:
    key = uuid4()
    for _ in range(2):
        assert told(two[0], key=key).status_code == 302
    made = Case.objects.get(kind="shop_handover")
    assert (made.state, made.closed_at is None) == ("well", False)


def test_a_key_that_is_out_longer_than_a_day_is_shown_to_the_team(
    kept: Listing, two: Two, signed: Signed
) -> None:
    told(two[0], **{f"key_{Item.objects.get().pk}": "mine"})
    Step.objects.filter(item__isnull=False).update(made_at=timezone.now() - timedelta(days=1))
    (held,) = handover.keys(kept)
    assert held.late is True
    shown = signed(Role.CLERK).get(reverse("shop_team", args=[kept.pk])).content.decode()
    assert "langer dan een dag" in shown


def test_on_a_day_that_is_not_mine_there_is_nothing_to_tick(kept: Listing, two: Two) -> None:
    assert told(two[1]).status_code == 422
    assert Case.objects.filter(kind="shop_handover").count() == 0


def test_the_team_ticks_for_who_is_there(kept: Listing, two: Two, signed: Signed) -> None:
    one = handover.now_of(two[0])
    assert one is not None
    sent = signed(Role.CLERK).post(reverse("hand_over_for", args=[kept.pk]), {
        "key": uuid4(), "mine": one.pk, "moment": "start", "done": ["0"], "text": ""})  # fmt: skip
    assert sent.status_code == 302
    assert Case.objects.get(kind="shop_handover").made_by is not None


def test_keys_are_asked_in_three_queries(
    kept: Listing, two: Two, person: Person, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for n in range(3):
        handover.equip(by=person(Role.PLANNER), listing=kept, key=uuid4(), name=f"Sleutel {n}",
                       checklist=[])  # fmt: skip
    told(two[0], **{f"key_{Item.objects.earliest('made_at').pk}": "mine"})
    with django_assert_num_queries(3):
        assert len(handover.keys(kept)) == 4


# -- the roster
def test_the_roster_shows_the_season_and_a_day_with_telephone_numbers_for_who_may_read_them(
    shop: Listing, two: Two, signed: Signed
) -> None:
    address = reverse("roster", args=[shop.pk])
    season = signed(Role.PLANNER).get(address).content.decode()
    assert (season.count("Brood van Bes"), season.count("Kunst van Art")) == (2, 2)
    day = f"{address}?dag={timezone.localdate(first(two[0]).starts_at)}"
    assert "Telefoon" not in signed(Role.PLANNER).get(day).content.decode()
    before = ProcessingLine.objects.count()
    assert "Telefoon" in signed(Role.CLERK).get(day).content.decode()
    assert ProcessingLine.objects.count() == before + 1


def test_the_roster_is_asked_in_two_queries(
    shop: Listing, two: Two, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(2):
        assert len(shops.roster(shop)) == 4


# -- the shops next door
def next_door(desk: Client, shop: Listing, **more: Any) -> Any:
    given = {"key": uuid4(), "metres_near": 200, "name": "Bakker Kade", "trade": "food",
             "metres": 80}  # fmt: skip
    return desk.post(reverse("next_door", args=[shop.pk]), given | more)


def test_who_sells_the_same_as_a_neighbour_is_flagged_and_takes_part_until_somebody_decides(
    shop: Listing, signed: Signed, person: Person
) -> None:
    desk = signed(Role.AREA_MANAGER)
    assert next_door(desk, shop).status_code == 302
    case, other = wants(shop), wants(shop, about="art", wish0="do", shown="Art")
    shop = Listing.objects.get(pk=shop.pk)
    assert [one.name for one in neighbours.same(shop, case)] == ["Bakker Kade"]
    assert neighbours.same(shop, other) == []
    said = desk.get(reverse("shop_team", args=[shop.pk])).content.decode()
    assert ("Eerst praten:" in said, "Bakker Kade verkoopt hetzelfde." in said) == (True, True)
    public = Client().get(reverse("shop", args=[shop.pk])).content.decode()
    assert ("binnen 200 meter" in public, "Bakker Kade" in public) == (True, True)
    shops.divide(by=person(Role.PLANNER), listing=shop)
    assert Case.objects.get(pk=case.pk).state == "placed"


@pytest.mark.parametrize(("more", "flagged"), [
    ({}, True), ({"metres": 201}, False), ({"metres": 200}, True), ({"trade": "art"}, False),
])  # fmt: skip
def test_a_neighbour_is_of_the_same_trade_and_within_the_distance_that_is_shown(
    shop: Listing, signed: Signed, more: dict[str, Any], flagged: bool
) -> None:
    next_door(signed(Role.PLANNER), shop, **more)
    shop = Listing.objects.get(pk=shop.pk)
    assert bool(neighbours.same(shop, wants(shop))) is flagged


def test_who_sells_something_of_no_named_trade_sells_the_same_as_nobody(
    shop: Listing, signed: Signed
) -> None:
    next_door(signed(Role.PLANNER), shop, trade="other")
    shop = Listing.objects.get(pk=shop.pk)
    assert neighbours.same(shop, wants(shop, about="other")) == []


@pytest.mark.parametrize(("verdict", "state", "words"), [
    ("allowed", "received", "Het kan, zoals u vroeg"),
    ("range", "received", "Het kan, met een ander aanbod"),
    ("no", "refused", "U kunt in deze winkel geen dag krijgen."),
])  # fmt: skip
def test_a_person_decides_with_a_reason_that_the_applicant_reads(
    shop: Listing, signed: Signed, verdict: str, state: str, words: str
) -> None:
    desk = signed(Role.AREA_MANAGER)
    next_door(desk, shop)
    case = wants(shop)
    address = reverse("talk", args=[case.pk])
    assert desk.post(address, {"verdict": verdict, "reason": " "}).status_code == 422
    assert (
        desk.post(address, {"verdict": verdict, "reason": "Zo spraken wij af"}).status_code == 302
    )
    said = page(Case.objects.get(pk=case.pk))
    assert (Case.objects.get(pk=case.pk).state, words in said) == (state, True)
    assert ("Zo spraken wij af" in said, "Bakker Kade" in said) == (True, True)


def test_after_a_no_others_divide_the_days_and_the_decision_is_not_made_twice(
    shop: Listing, signed: Signed, person: Person
) -> None:
    case, other = wants(shop), wants(shop)
    by = person(Role.AREA_MANAGER)
    neighbours.decide(by=by, case=case, verdict="no", reason="Bakker Kade")
    with refused("state_otherwise"):
        neighbours.decide(by=by, case=case, verdict="allowed", reason="Toch")
    shops.divide(by=by, listing=shop)
    assert Case.objects.get(pk=other.pk).state == "placed"
    assert Case.objects.get(pk=case.pk).state == "refused"


def test_a_neighbour_is_taken_off_the_list(shop: Listing, signed: Signed) -> None:
    desk = signed(Role.PLANNER)
    next_door(desk, shop)
    desk.post(reverse("next_door", args=[shop.pk]), {"away": "Bakker Kade"})
    assert neighbours.of(Listing.objects.get(pk=shop.pk)) == []


def test_that_a_key_is_lost_stays_known_and_by_whom_it_was_said_does_not(
    kept: Listing, two: Two
) -> None:
    bes, _art = two
    key = Item.objects.get()
    assert told(bes, **{f"key_{key.pk}": "lost"}).status_code == 302
    (step,) = Step.objects.filter(item=key, state="lost")
    assert str(bes.more["shown"]) not in step.reason
    assert step.reason != ""
