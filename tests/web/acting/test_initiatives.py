# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Initiatives: proposed without an account, answered at once, helped by neighbours, and told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.test_covenant import Person, refused
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import Municipality, Role
from wijkeconomie.web.acting import access, actions, booking
from wijkeconomie.web.acting.instruments import initiatives
from wijkeconomie.web.acting.models import Booking, Case, Listing, Party, Slot
from wijkeconomie.web.acting.retention import TERMS

TODAY = timezone.localdate
Proposes = Callable[..., Case]


@pytest.fixture
def desk(municipality: Municipality, person: Person, release: Any) -> Listing:
    """Where anyone can propose something."""
    by, wijk = person(Role.PLANNER), release.areas("wijk", municipality.code)[0].code
    made = actions.offer(by=by, municipality=municipality, key=uuid4(), kind=initiatives.DESK,
                         area=wijk, title="Doe mee", story="Stel iets voor.")  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


@pytest.fixture
def proposes(desk: Listing) -> Proposes:
    """Somebody proposes a street party, so many days from now."""

    def made(days: int = 30, **more: Any) -> Case:
        told: dict[str, Any] = {"sort": "street", "title": "Straatfeest", "story": "Samen eten.",
                                "where": "Kade", "answers": {"people": "40"}}  # fmt: skip
        key = more.pop("key", uuid4())
        plan = initiatives.Plan(day=TODAY() + timedelta(days), **told | more)
        asker = actions.Asker(kind="person", name="Zwanhilde", phone="06-Kwinkslag1")
        return initiatives.propose(desk=desk, key=key, plan=plan, asker=asker)

    return made


@pytest.fixture
def party(proposes: Proposes, person: Person) -> Case:
    """One that goes ahead."""
    case = proposes()
    initiatives.decide(by=person(Role.PLANNER), initiative=case.listing, to="open")
    case.listing.refresh_from_db()
    return case


def shift(case: Case, seats: int = 1, text: str = "Kramen", hours: int = 2, **more: Any) -> Slot:
    begins = timezone.now() + timedelta(days=3)
    told = {"key": uuid4(), "begins": begins, "ends": begins + timedelta(hours=hours)} | more
    return initiatives.add_shift(case=case, text=text, seats=seats, **told)


def helps(slot: Slot, number: int = 1, **more: Any) -> Case:
    asker = actions.Asker(kind="person", name=f"Helper {number}", phone=f"06-0000000{number}")
    return initiatives.help_at(slot=slot, asker=asker, **{"key": uuid4()} | more)


def on_its_day(case: Case) -> Listing:
    """The same, with the day come and its shifts over."""
    found = Listing.objects.get(pk=case.listing_id)
    past = timezone.now() - timedelta(hours=1)
    found.slots.update(starts_at=past - timedelta(hours=2), ends_at=past)
    found.more = found.more | {"day": TODAY().isoformat()}
    found.save(update_fields=("more",))
    return found


def test_who_has_no_account_proposes_and_reads_at_once_what_may_be(desk: Listing) -> None:
    visitor, key = Client(), uuid4()
    data = {"key": key, "sort": "street", "title": "Straatfeest", "story": "Samen eten.",
            "day": (TODAY() + timedelta(60)).isoformat(), "where": "Kade", "v-people": "40",
            "name": "Zwanhilde", "phone": "06-1", "email": ""}  # fmt: skip
    for _ in range(2):
        sent = visitor.post(reverse("propose_initiative", args=[desk.pk]), data)
        assert sent.status_code == 302
    page = visitor.get(sent["Location"]).content.decode()
    assert ("Mag dit?" in page, Case.objects.count(), Listing.objects.count()) == (True, 1, 2)
    assert reverse("guide_answer", args=[desk.municipality_id, "small_event"]) in page


def test_a_proposal_asks_one_way_to_reach_somebody(desk: Listing) -> None:
    data = {"key": uuid4(), "sort": "street", "title": "T", "story": "S", "where": "K",
            "day": (TODAY() + timedelta(60)).isoformat(), "name": "Z"}  # fmt: skip
    sent = Client().post(reverse("propose_initiative", args=[desk.pk]), data)
    assert (sent.status_code, Case.objects.count()) == (422, 0)
    assert "Vul een telefoonnummer of een e-mailadres in." in sent.content.decode()


def test_one_key_is_one_proposal(proposes: Proposes) -> None:
    case = proposes()
    assert proposes(key=case.pk).pk == case.pk
    with refused("key_used"):
        proposes(key=case.pk, title="Iets anders")
    assert Listing.objects.filter(kind="initiative").count() == 1


def test_the_words_of_somebody_are_public_only_once_the_team_shows_them(
    proposes: Proposes, person: Person
) -> None:
    case = proposes()
    public = reverse("initiative", args=[case.listing_id])
    here = reverse("initiatives_here", args=[case.listing.within_id])
    assert Client().get(public).status_code == 404
    assert "Straatfeest" not in Client().get(here).content.decode()
    initiatives.decide(by=person(Role.PLANNER), initiative=case.listing, to="open")
    page = Client().get(public).content.decode()
    assert ("Samen eten." in page, "Zwanhilde" in page) == (True, False)
    assert "Straatfeest" in Client().get(here).content.decode()


def test_who_proposed_it_reads_why_it_does_not_go_ahead(proposes: Proposes, person: Person) -> None:
    case = proposes()
    with refused("state_without_reason"):
        initiatives.decide(by=person(Role.PLANNER), initiative=case.listing, to="refused")
    initiatives.decide(by=person(Role.PLANNER), initiative=case.listing, to="refused",
                       reason="De weg is die dag open.")  # fmt: skip
    case.refresh_from_db()
    page = Client().get(access.page_of(case)).content.decode()
    assert ("De weg is die dag open." in page, case.closed_at is None) == (True, False)


def test_a_shift_never_has_too_many(party: Case) -> None:
    slot = shift(party, seats=2)
    for number in (1, 2):
        helps(slot, number)
    with refused("slot_full"):
        helps(slot, 3)
    assert Booking.objects.filter(slot=slot, state="confirmed").count() == 2
    assert Case.objects.filter(kind="initiative_help").count() == 2


def test_twin_the_database_itself_gives_a_seat_of_a_shift_once_and_without_it_two_have_it(
    party: Case,
) -> None:
    slot = shift(party)
    one = helps(slot)
    had = one.bookings.get()
    made = {"municipality": slot.municipality, "slot": slot, "starts_at": slot.starts_at,
            "state": "confirmed"}  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(**made, seat=had.seat)
    Booking.objects.create(**made, seat=2)  # of a seat that a shift of one lacks nothing is told
    assert initiatives.shifts(party.listing)[0].left == -1


def test_two_shifts_at_the_same_moment_can_stand_beside_each_other(party: Case) -> None:
    first = shift(party)
    shift(party, text="Koffie", begins=first.starts_at, ends=first.ends_at)
    assert {one.place and one.place.name for one in initiatives.shifts(party.listing)} == {
        "Kramen", "Koffie"}  # fmt: skip


def test_a_shift_is_once_under_its_key_and_ends_after_it_begins(party: Case) -> None:
    key = uuid4()
    slot = shift(party, key=key)
    again = {"key": key, "begins": slot.starts_at, "ends": slot.ends_at}
    assert shift(party, **again).pk == slot.pk
    with refused("key_used"):
        shift(party, seats=5, **again)
    with refused("shift_ends_first"):
        shift(party, hours=-1)


def test_who_helps_lets_a_shift_go_and_takes_another_on_their_page(party: Case) -> None:
    slot, other = shift(party), shift(party, text="Koffie", hours=1)
    case, visitor = helps(slot), Client()
    there = access.page_of(case)
    had = case.bookings.get()
    assert visitor.post(there, {"booking": str(had.pk)}).status_code == 302
    for _ in range(2):
        assert visitor.post(there, {"slot": str(other.pk)}).status_code == 302
    assert sorted(case.bookings.values_list("slot__place__name", "state")) == [
        ("Koffie", "confirmed"), ("Kramen", "cancelled")]  # fmt: skip
    assert visitor.post(there, {"slot": str(slot.pk)}).status_code in (302, 409)


def test_who_organises_it_reads_who_helps_and_not_how_to_reach_them_and_everyone_reads_neither(
    party: Case,
) -> None:
    slot = shift(party, seats=2)
    helps(slot)
    for address, reads in ((access.page_of(party), True),
                           (reverse("initiative", args=[party.listing_id]), False)):  # fmt: skip
        seen = Client().get(address).content.decode()
        assert ("Helper 1" in seen, "06-00000001" in seen) == (reads, False)


def test_who_helps_already_is_sent_to_their_own_page(party: Case) -> None:
    slot = shift(party, seats=3)
    helps(slot)
    with refused("asked_already"):
        helps(slot)


def test_called_off_everybody_is_free_again_and_everyone_reads_why(party: Case) -> None:
    case = helps(shift(party))
    sent = Client().post(reverse("call_off_initiative", args=[access.link(party)]),
                         {"reason": "Storm"})  # fmt: skip
    case.refresh_from_db()
    assert (sent.status_code, case.bookings.get().state, case.state) == (302, "cancelled", "over")
    assert "Storm" in Client().get(reverse("initiative", args=[party.listing_id])).content.decode()
    with refused("state_otherwise"):
        shift(Case.objects.get(pk=party.pk))


def test_how_it_was_is_told_on_its_day_and_not_before(party: Case) -> None:
    told = {"came": 80, "how": "estimated", "thanks": "Dank!"}
    with refused("not_there_yet"):
        initiatives.told(initiative=party.listing, **told)
    on_its_day(party)
    sent = Client().post(reverse("tell_initiative", args=[access.link(party)]), told)
    page = Client().get(reverse("initiative", args=[party.listing_id])).content.decode()
    assert (sent.status_code, "Er kwamen ongeveer 80 mensen." in page, "Dank!" in page) == (
        302, True, True)  # fmt: skip


def test_what_came_of_it_is_counted_with_how_it_is_known(
    party: Case, desk: Listing, proposes: Proposes, person: Person
) -> None:
    assert initiatives.in_words(initiatives.tally(desk)) == []
    slot, other = shift(party, seats=2), shift(party, text="Koffie", hours=1)
    case = helps(slot)
    initiatives.take(case=case, slot=other) if other.starts_at != slot.starts_at else None
    booking.let_go(booking=helps(slot, 2).bookings.get())
    initiatives.told(initiative=on_its_day(party), came=80, how="estimated", thanks="Dank")
    second = proposes(0)
    initiatives.decide(by=person(Role.PLANNER), initiative=second.listing, to="open")
    initiatives.told(initiative=second.listing, came=20, how="counted", thanks="Dank")
    assert initiatives.tally(desk) == initiatives.Tally(held=2, helped=1, counted=20, estimated=80)
    assert initiatives.in_words(initiatives.tally(desk)) == [
        "Er waren 2 initiatieven", "1 mens hielp mee, per initiatief één keer geteld",
        "bezoekers, geteld door de organisator: 20",
        "bezoekers, geschat door de organisator: 80"]  # fmt: skip


def test_that_of_next_year_is_made_from_this_one_and_waits_for_the_team_again(
    party: Case,
) -> None:
    initiatives.told(initiative=on_its_day(party), came=1, how="counted", thanks="Dank")
    day = TODAY() + timedelta(364)
    sent = Client().post(reverse("initiative_again", args=[access.link(party)]),
                         {"key": uuid4(), "day": day.isoformat()})  # fmt: skip
    made = Listing.objects.exclude(pk=party.listing_id).get(kind="initiative")
    assert (sent.status_code, made.title, made.state, initiatives.day_of(made)) == (
        302, "Straatfeest", "proposed", day)  # fmt: skip
    assert "came" not in made.more


def test_the_team_sees_who_proposes_and_helps_and_decides(
    party: Case, proposes: Proposes, signed: Signed
) -> None:
    helps(shift(party))
    client = signed(Role.PLANNER)
    page = client.get(reverse("initiative_team", args=[party.listing_id])).content.decode()
    assert ("Zwanhilde" in page, "Helper 1" in page) == (True, True)
    waits = proposes(title="Loop")
    assert "Loop" in client.get(
        reverse("initiatives_team", args=[waits.listing.within_id])).content.decode()  # fmt: skip
    sent = client.post(reverse("move_initiative", args=[waits.listing_id]), {"to": "open"})
    waits.listing.refresh_from_db()
    assert (sent.status_code, waits.listing.state) == (302, "open")


def test_more_initiatives_take_no_more_queries_on_the_page_for_everyone(
    party: Case, desk: Listing, proposes: Proposes, person: Person
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert Client().get(reverse("initiatives_here", args=[desk.pk])).status_code == 200
        return len(found)

    queries()
    few = queries()
    for number in range(4):
        case = proposes(title=f"Feest {number}")
        initiatives.decide(by=person(Role.PLANNER), initiative=case.listing, to="open")
    assert queries() == few


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366, True)])
def test_a_year_after_it_was_held_who_took_part_is_destroyed_and_what_was_counted_stays(
    party: Case, desk: Listing, days: int, gone: bool
) -> None:
    helps(shift(party))
    initiatives.told(initiative=on_its_day(party), came=80, how="estimated", thanks="Dank")
    was = initiatives.tally(desk)
    retention.destroy(timezone.now() + timedelta(days), really=True, terms=TERMS)
    assert {one.party is None for one in Case.objects.all()} == {gone}
    assert (initiatives.tally(desk), Party.objects.exists()) == (was, not gone)


def test_a_shift_that_is_still_to_come_helped_nobody_yet(party: Case) -> None:
    now, later = shift(party), shift(party, text="Opruimen", hours=3)
    for number, one in enumerate((now, later)):
        helps(one, number + 1)
    listing = on_its_day(party)
    soon = timezone.now() + timedelta(hours=1)
    Slot.objects.filter(pk=later.pk).update(starts_at=soon, ends_at=soon + timedelta(hours=1))
    initiatives.told(initiative=listing, came=40, how="counted", thanks="")
    assert initiatives.tally(initiatives.desk_of(listing)).helped == 1


def test_how_it_was_is_set_right(party: Case) -> None:
    listing = on_its_day(party)
    for came, how in ((100_000, "counted"), (40, "estimated")):
        initiatives.told(initiative=listing, came=came, how=how, thanks="")
    found = initiatives.tally(initiatives.desk_of(listing))
    assert (found.held, found.counted, found.estimated) == (1, 0, 40)


def test_who_proposed_it_takes_it_back_before_the_team_looked(proposes: Proposes) -> None:
    case = proposes()
    initiatives.decide(by=None, initiative=case.listing, to="cancelled", reason="Toch niet")
    assert Listing.objects.get(pk=case.listing_id).state == "cancelled"


def test_of_what_nobody_outside_ever_read_no_word_stays(proposes: Proposes, person: Person) -> None:
    case = proposes()
    initiatives.decide(by=person(Role.PLANNER), initiative=case.listing, to="refused",
                       reason="Bij Zwanhilde thuis")  # fmt: skip
    link = access.link(case)
    term = next(one for one in TERMS if one.kind == "questions")
    term.destroy(term.over(timezone.now() + timedelta(days=400)))
    gone = Listing.objects.get(pk=case.listing_id)
    assert (gone.title, gone.story, gone.place and gone.place.name) == ("–", "", "–")
    assert set(gone.steps.values_list("reason", flat=True)) == {""}
    assert Client().get(reverse("my_initiative", args=[link])).status_code == 404
