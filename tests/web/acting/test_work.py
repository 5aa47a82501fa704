# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of everything that is at work: who sees what, and what one can begin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from wijkeconomie.figures.registry import PERSPECTIVES
from wijkeconomie.planning.instruments import library
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import Membership, Role
from wijkeconomie.web.acting import kinds
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.journey.models import Effort, Journey


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


def test_a_partner_comes_to_their_own_spaces_and_covenants(
    signed: Callable[[Role], Client],
) -> None:
    shown = page(signed(Role.PARTNER))
    assert f'<a href="{reverse("my_spaces")}">' in shown
    assert f'<a href="{reverse("covenants")}">' in shown


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
    there = reverse("nearby_in", args=[point.municipality_id])
    assert there in Client().get(reverse("nearby")).content.decode()
    shown = Client().get(there).content.decode()
    name = next(one.name for one in release.areas("wijk", point.municipality_id)
                if one.code == point.area)  # fmt: skip
    assert (point.title in shown, name in shown, "Nog dicht" in shown) == (True, True, False)


def test_where_nothing_is_open_there_is_no_page(point: Listing) -> None:
    Listing.objects.update(state="ended")
    there = reverse("nearby_in", args=[point.municipality_id])
    assert Client().get(there).status_code == 404
    assert "nog niets" in Client().get(reverse("nearby")).content.decode()


def test_every_instrument_that_everyone_sees_says_where_and_in_which_states() -> None:
    known = [one for one in kinds.instruments() if one.public]
    assert [one.name for one in known if not one.shown or one.shown - set(one.graph.states)] == []


def test_every_instrument_stands_under_its_perspective_as_in_the_library() -> None:
    known = {one.name: one.perspective for one in kinds.instruments()}
    assert {name for name, one in known.items() if one not in PERSPECTIVES} == set()
    told = {name: one.perspective for name, one in library().instruments.items()}
    assert {name: one for name, one in known.items() if told.get(name, one) != one} == {}


def test_what_is_open_stands_under_its_perspective(point: Listing) -> None:
    Listing.objects.create(municipality=point.municipality, kind="day_shop", area=point.area,
                           title="De winkel", state="season")  # fmt: skip
    shown = Client().get(reverse("nearby_in", args=[point.municipality_id])).content.decode()
    marks = ("p-entrepreneurship", point.title, "p-space", "De winkel")
    assert sorted(marks, key=shown.index) == list(marks)


def test_what_stands_at_an_instrument_is_said_anew_by_who_sets_it_to_work(
    point: Listing, signed: Callable[[Role], Client]
) -> None:
    there = reverse("reword", args=[point.pk])
    sent = {"title": "Loket", "story": "Kom langs.", "address": "Kade 2", "phone": "0900",
            "hours": "vrijdag", "effort": ""}  # fmt: skip
    assert signed(Role.CLERK).post(there, sent).status_code == 403
    days = point.more["days"]
    assert signed(Role.PLANNER).post(there, sent).status_code == 302
    point.refresh_from_db()
    assert (point.title, point.story, point.place and point.place.address) == (
        "Loket", "Kom langs.", "Kade 2")  # fmt: skip
    assert (point.more["hours"], point.more["phone"], point.more["days"]) == (
        "vrijdag", "0900", days)  # fmt: skip


def test_what_ended_and_what_was_agreed_is_not_said_anew(
    point: Listing, signed: Callable[[Role], Client]
) -> None:
    there, client = reverse("reword", args=[point.pk]), signed(Role.PLANNER)
    assert client.get(there).status_code == 200
    Listing.objects.update(state="ended")
    assert client.get(there).status_code == 404
    Listing.objects.update(state="open", kind="covenant")
    assert client.get(there).status_code == 404


def test_it_can_be_of_another_effort_of_a_plan_afterwards(
    point: Listing, journey: Journey, signed: Callable[[Role], Client]
) -> None:
    client = signed(Role.AREA_MANAGER)
    effort = Effort.objects.create(
        journey=journey, title="Eén loket", instrument="coaching", perspective="work",
        choice="chosen", cost_low=1, cost_likely=1, cost_high=1, hours=1, value=1,
        made_by=Membership.objects.get(role=Role.AREA_MANAGER).user,
    )  # fmt: skip
    sent = {"title": "Loket", "effort": str(effort.pk)}
    there = reverse("reword", args=[point.pk])
    assert client.post(there, sent).status_code == 302
    point.refresh_from_db()
    assert point.effort == effort
