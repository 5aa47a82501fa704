# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The board of some givers: for who reads conversations any group, for others none under ten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.test_sense import heard
from tests.web.journey.test_weighing import theme
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import RIGHTS
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey import narrowing, weighing
from wijkeconomie.web.journey.actions import listening, sense
from wijkeconomie.web.journey.models import Conversation, Journey, Theme
from wijkeconomie.web.journey.narrowing import Only

__all__ = ["theme"]
Person = Callable[[Role], User]


def spoke(
    journey: Journey, person: Person, theme: Theme, count: int, says: str = "worse", **giver: str
) -> list[Conversation]:
    by, made = person(Role.CODER), []
    for _ in range(count):
        talk = heard(by, journey, "De huur is hoog.", **giver)
        lifted = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=15)
        sense.code(by=by, quote=lifted, theme=theme, says=says)
        made.append(talk)
    return made


def line(journey: Journey, **only: str) -> tuple[int, int, int, int]:
    """Who speak of the theme, of how many, for whom it is a problem, for whom it goes well."""
    (found,) = [one for aspect in weighing.board(journey, Only(**only)) for one in aspect.lines]
    row = found.row
    return row.spoken.count, row.spoken.of, row.worse.count, row.better.count


def may(journey: Journey, role: Role, **only: str) -> bool:
    asked = Only(**only)
    try:
        return narrowing.allowed(journey, RIGHTS[role], asked) == asked
    except Refusal as refusal:
        return refusal.notice.code != "group_too_small"


def test_the_board_counts_the_chosen_givers_only(
    journey: Journey, person: Person, theme: Theme
) -> None:
    spoke(journey, person, theme, 3, age="65+", language="tr")
    spoke(journey, person, theme, 2, says="better", giver_kind="entrepreneur", age="25-44")
    assert line(journey) == (5, 5, 3, 2)
    assert line(journey, kind="entrepreneur") == (2, 2, 0, 2)
    assert line(journey, age="65+") == (3, 3, 3, 0)
    assert line(journey, language="tr", age="65+") == (3, 3, 3, 0)


def test_another_language_is_one_without_a_name_here(
    journey: Journey, person: Person, theme: Theme
) -> None:
    spoke(journey, person, theme, 1, language="")
    spoke(journey, person, theme, 2)
    assert line(journey, language=narrowing.ANOTHER) == (1, 1, 1, 0)


def test_who_reads_no_conversations_sees_no_group_under_ten(
    journey: Journey, person: Person, theme: Theme
) -> None:
    spoke(journey, person, theme, 25, age="65+")
    spoke(journey, person, theme, 9, giver_kind="entrepreneur", age="25-44")
    for role, small in ((Role.CODER, True), (Role.FIELD_WORKER, True), (Role.PLANNER, False),
                        (Role.AREA_MANAGER, False)):  # fmt: skip
        assert may(journey, role, kind="entrepreneur") is small
    assert may(journey, Role.PLANNER)


def test_nor_a_group_that_leaves_fewer_than_ten_when_it_is_subtracted(
    journey: Journey, person: Person, theme: Theme
) -> None:
    """Of 34 the 25 residents would tell what the nine others said."""
    spoke(journey, person, theme, 25)
    spoke(journey, person, theme, 9, giver_kind="entrepreneur")
    assert not may(journey, Role.PLANNER, kind="resident")
    spoke(journey, person, theme, 1, giver_kind="entrepreneur")
    assert may(journey, Role.PLANNER, kind="resident")
    assert may(journey, Role.PLANNER, kind="entrepreneur")


def test_twin_by_size_alone_nine_people_are_read_off_by_subtracting(
    journey: Journey, person: Person, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoke(journey, person, theme, 25)
    spoke(journey, person, theme, 9, says="better", giver_kind="entrepreneur")
    by_size = {("kind", "resident")}  # the only group of ten or more
    monkeypatch.setattr(narrowing, "_shown", lambda _journey: by_size)
    assert may(journey, Role.PLANNER, kind="resident")
    everyone, residents = line(journey), line(journey, kind="resident")
    rest = [a - b for a, b in zip(everyone, residents, strict=True)]
    assert rest == [9, 9, 0, 9]  # nine others, who all say that it goes well


def test_nor_two_traits_at_once(journey: Journey, person: Person, theme: Theme) -> None:
    spoke(journey, person, theme, 40, age="65+")
    assert may(journey, Role.PLANNER, age="65+")
    assert not may(journey, Role.PLANNER, age="65+", kind="resident")
    assert may(journey, Role.CODER, age="65+", kind="resident")


def test_a_planner_who_asks_for_a_small_group_sees_everyone_and_why(
    signed: Signed, journey: Journey, person: Person, theme: Theme
) -> None:
    spoke(journey, person, theme, 12, age="65+")
    spoke(journey, person, theme, 3, age="0-24")
    address = reverse("beside", args=[journey.pk])
    pages = [
        signed(role).get(address, {"age": "0-24"}).content.decode()
        for role in (Role.PLANNER, Role.CODER)
    ]
    assert [page.count("Hieronder staat iedereen.") for page in pages] == [1, 0]
    assert [page.count("15 van 15") for page in pages] == [2, 0]
    assert [page.count("3 van 3") for page in pages] == [0, 2]


def test_a_search_of_a_small_group_finds_nothing_for_a_planner(
    signed: Signed, journey: Journey, person: Person, theme: Theme
) -> None:
    spoke(journey, person, theme, 12, age="65+")
    spoke(journey, person, theme, 3, age="0-24")
    address = reverse("look_for", args=[journey.pk])
    asked = {"words": "huur", "age": "0-24"}
    planner, coder = (signed(role).post(address, asked) for role in (Role.PLANNER, Role.CODER))
    assert (planner.status_code, coder.status_code) == (422, 200)
    found = [page.content.decode().count("<mark>") for page in (planner, coder)]
    assert found == [0, 6]  # three conversations of one's own, and the words kept of each


def test_what_is_no_group_shows_everyone(
    signed: Signed, journey: Journey, person: Person, theme: Theme
) -> None:
    spoke(journey, person, theme, 2)
    page = signed(Role.CODER).get(reverse("beside", args=[journey.pk]), {"age": "oud"})
    assert page.status_code == 200
    assert page.content.decode().count("2 van 2") == 2


def test_who_took_it_back_is_in_no_group(journey: Journey, person: Person, theme: Theme) -> None:
    made = spoke(journey, person, theme, 3, age="65+")
    listening.withdraw(giver=made[0].giver)
    assert line(journey, age="65+") == (2, 2, 2, 0)


@pytest.mark.parametrize("count", [2, 30])
def test_the_narrowed_board_asks_as_many_queries_however_many_spoke(
    journey: Journey, person: Person, theme: Theme, count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    spoke(journey, person, theme, count, age="65+")
    with django_assert_num_queries(6):  # type: ignore[attr-defined]
        weighing.board(journey, Only(age="65+"))
