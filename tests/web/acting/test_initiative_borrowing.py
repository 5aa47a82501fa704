# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Material goes from one initiative to another, and it is known who has it."""

from __future__ import annotations

from uuid import uuid4

from django.test import Client
from django.urls import reverse

from tests.web.acting.test_covenant import Person, refused
from tests.web.acting.test_initiatives import Proposes, desk, party, proposes
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting import access, kinds
from wijkeconomie.web.acting.graphs import Who
from wijkeconomie.web.acting.instruments.initiatives import ITEM, borrowing
from wijkeconomie.web.acting.models import Case, Item, Listing

__all__ = ["desk", "party", "proposes"]


def test_a_thing_goes_out_on_pages_and_who_has_it_reads_that(
    party: Case, desk: Listing, signed: Signed
) -> None:
    team, data = signed(Role.PLANNER), {"key": uuid4(), "name": "Partytent"}
    for _ in range(2):
        assert team.post(reverse("add_thing", args=[desk.pk]), data).status_code == 302
    item = Item.objects.get()
    sent = team.post(reverse("hand_thing", args=[item.pk]), {"to": "out", "case": str(party.pk)})
    assert sent.status_code == 302
    assert "Partytent" in Client().get(access.page_of(party)).content.decode()
    assert [(one.name, title) for one, title in borrowing.things(desk)] == [
        ("Partytent", "Straatfeest")]  # fmt: skip


def test_it_goes_to_somebody_comes_back_and_is_lost_only_with_a_reason(
    party: Case, desk: Listing, person: Person
) -> None:
    by = person(Role.PLANNER)
    item = borrowing.add(by=by, desk=desk, key=uuid4(), name="Tent")
    with refused("nothing_chosen"):
        borrowing.hand(by=by, item=item, to="out")
    borrowing.hand(by=by, item=item, to="out", case=party)
    assert borrowing.lent_to(party) == [item]
    borrowing.hand(by=by, item=item, to="here")
    assert (borrowing.lent_to(party), borrowing.things(desk)) == ([], [(item, "")])
    with refused("state_without_reason"):
        borrowing.hand(by=by, item=item, to="lost")


def test_of_two_who_hand_it_out_at_once_one_does(
    party: Case, proposes: Proposes, desk: Listing, person: Person
) -> None:
    by, other = person(Role.PLANNER), proposes(title="Loop")
    item = borrowing.add(by=by, desk=desk, key=uuid4(), name="Tent")
    stale = Item.objects.get(pk=item.pk)
    borrowing.hand(by=by, item=item, to="out", case=party)
    with refused("state_otherwise"):
        borrowing.hand(by=by, item=stale, to="out", case=other)
    assert (borrowing.lent_to(party), borrowing.lent_to(other)) == ([item], [])


def test_twin_a_key_of_a_shop_does_go_from_hand_to_hand_so_the_second_would_take_it_away() -> None:
    assert "out" in {edge.to for edge in kinds.ITEMS.steps("out", Who.TEAM)}
    thing = Item(kind=ITEM, state="out")
    assert {edge.to for edge in kinds.steps(thing)} == {"here", "broken", "lost"}


def test_what_is_broken_is_mended_or_thrown_away_and_lent_to_nobody_meanwhile(
    party: Case, desk: Listing, person: Person
) -> None:
    by = person(Role.PLANNER)
    item = borrowing.add(by=by, desk=desk, key=uuid4(), name="Tent")
    borrowing.hand(by=by, item=item, to="out", case=party)
    broken = borrowing.hand(by=by, item=item, to="broken", reason="De stok is krom")
    assert (borrowing.lent_to(party), borrowing.things(desk)) == ([], [(item, "Straatfeest")])
    with refused("state_otherwise"):
        borrowing.hand(by=by, item=broken, to="out", case=party)
    assert borrowing.hand(by=by, item=broken, to="here").party is None


def test_one_key_is_one_thing(desk: Listing, person: Person) -> None:
    by, key = person(Role.PLANNER), uuid4()
    borrowing.add(by=by, desk=desk, key=key, name="Tent")
    with refused("key_used"):
        borrowing.add(by=by, desk=desk, key=key, name="Tafel")


def test_only_an_initiative_that_goes_ahead_borrows(
    party: Case, proposes: Proposes, desk: Listing
) -> None:
    proposes()
    assert list(borrowing.borrowers(desk)) == [party]
