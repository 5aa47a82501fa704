# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of everything that is at work: who sees what, and what one can begin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting import kinds
from wijkeconomie.web.acting.models import Listing


def page(client: Client) -> str:
    return client.get(reverse("work")).content.decode()


def test_who_sets_to_work_sees_every_instrument_and_can_begin_one(
    point: Listing, signed: Callable[[Role], Client]
) -> None:
    shown = page(signed(Role.PLANNER))
    assert point.title in shown
    known = [one for one in kinds.instruments() if Right.SET_TO_WORK in one.works]
    assert [one.name for one in known if f'id="{one.name}"' not in shown] == []
    begins = [reverse(one.begins, args=[point.municipality_id]) for one in known if one.begins]
    assert [there for there in begins if there not in shown] == []


def test_who_answers_can_begin_nothing(point: Listing, signed: Callable[[Role], Client]) -> None:
    shown = page(signed(Role.CLERK))
    assert point.title in shown
    assert reverse("new_point", args=[point.municipality_id]) not in shown


def test_another_role_reads_that_it_is_not_for_them(
    point: Listing, signed: Callable[[Role], Client]
) -> None:
    shown = page(signed(Role.CODER))
    assert "niet voor uw rol" in shown
    assert point.title not in shown


@pytest.mark.parametrize("count", [1, 9])
def test_it_asks_as_much_of_the_database_however_much_is_at_work(
    point: Listing, signed: Callable[[Role], Client], django_assert_num_queries: Any, count: int
) -> None:
    for n in range(count):
        Listing.objects.create(municipality=point.municipality, kind=point.kind, area=point.area,
                               title=f"Loket {n}", state="open")  # fmt: skip
    client = signed(Role.AREA_MANAGER)
    with django_assert_num_queries(6):
        assert client.get(reverse("work")).status_code == 200


def test_everyone_sees_what_is_open_by_neighbourhood_and_nothing_else(
    point: Listing, release: Any
) -> None:
    Listing.objects.create(municipality=point.municipality, kind=point.kind, area=point.area,
                           title="Nog dicht", state="draft")  # fmt: skip
    there = reverse("for_entrepreneurs_in", args=[point.municipality_id])
    assert there in Client().get(reverse("for_entrepreneurs")).content.decode()
    shown = Client().get(there).content.decode()
    name = next(one.name for one in release.areas("wijk", point.municipality_id)
                if one.code == point.area)  # fmt: skip
    assert (point.title in shown, name in shown, "Nog dicht" in shown) == (True, True, False)


def test_where_nothing_is_open_there_is_no_page(point: Listing) -> None:
    Listing.objects.update(state="ended")
    there = reverse("for_entrepreneurs_in", args=[point.municipality_id])
    assert Client().get(there).status_code == 404
    assert "nog niets" in Client().get(reverse("for_entrepreneurs")).content.decode()


def test_every_instrument_that_everyone_sees_says_where_and_in_which_states() -> None:
    known = [one for one in kinds.instruments() if one.public]
    assert [one.name for one in known if not one.shown or one.shown - set(one.graph.states)] == []
