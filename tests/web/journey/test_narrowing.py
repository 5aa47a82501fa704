# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The board of some givers: for who reads conversations, and for nobody else, however large."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from tests.web.accounts.persons import text
from tests.web.journey.conftest import Signed
from tests.web.journey.test_weighing import checked, theme
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
        talk = checked(by, journey, "De huur is hoog.", **giver)
        lifted = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=15)
        sense.code(by=by, quote=lifted, theme=theme, says=says)
        made.append(talk)
    return made


def line(journey: Journey, **only: str) -> tuple[int, int, int, int]:
    """Who speak of the theme, of how many, for whom it is a problem, for whom it goes well."""
    (found,) = [
        one for aspect in weighing.board(journey, Only(**only)).aspects for one in aspect.lines
    ]
    row = found.row
    return row.spoken.count, row.spoken.of, row.worse.count, row.better.count


def may(role: Role, **only: str) -> bool:
    asked = Only(**only)
    try:
        return narrowing.allowed(RIGHTS[role], asked) == asked
    except Refusal as refusal:
        return refusal.notice.code != "group_for_readers"


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


def test_who_reads_not_every_conversation_sees_no_group_apart() -> None:
    roles = (Role.CODER, Role.FIELD_WORKER, Role.PLANNER, Role.AREA_MANAGER)
    assert [may(role, kind="resident") for role in roles] == [True, False, False, False]
    assert [may(role) for role in roles] == [True] * 4


def _one_more(
    signed: Signed, journey: Journey, person: Person, theme: Theme, **only: str
) -> tuple[str, str]:
    """The board of a planner before and after one more entrepreneur spoke of the theme."""
    for kind in ("resident", "entrepreneur"):
        spoke(journey, person, theme, 20, giver_kind=kind)
    address, planner = reverse("beside", args=[journey.pk]), signed(Role.PLANNER)
    before = planner.get(address, only).content.decode()
    spoke(journey, person, theme, 1, says="better", giver_kind="entrepreneur")
    return before, planner.get(address, only).content.decode()


def test_one_conversation_more_tells_a_planner_not_of_which_group_it_is(
    signed: Signed, journey: Journey, person: Person, theme: Theme
) -> None:
    pages = _one_more(signed, journey, person, theme, kind="entrepreneur")
    assert [("40 gesprekken" in page, "20 van 20" in page) for page in pages[:1]] == [(True, False)]
    assert ("41 gesprekken" in pages[1], "21 van 21" in pages[1]) == (True, False)


def test_twin_when_large_groups_were_shown_one_conversation_more_would_tell(
    signed: Signed, journey: Journey, person: Person, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "reads", lambda _rights: True)
    pages = _one_more(signed, journey, person, theme, kind="entrepreneur")
    assert ("20 van 20" in pages[0], "21 van 21" in pages[1]) == (True, True)


@pytest.mark.parametrize("page", ["journey", "theme"])
def test_how_many_of_each_kind_is_for_who_reads_conversations(
    signed: Signed, journey: Journey, person: Person, theme: Theme, page: str
) -> None:
    spoke(journey, person, theme, 12)
    spoke(journey, person, theme, 25, giver_kind="entrepreneur")
    address = reverse(page, args=[theme.pk if page == "theme" else journey.pk])
    roles = (Role.CODER, Role.FIELD_WORKER, Role.PLANNER, Role.AREA_MANAGER)
    pages = [signed(role).get(address).content.decode() for role in roles]
    walks = page == "journey"  # whom we heard, to know whom to talk to: not what they say
    sees = [True, walks, False, False]
    assert ['<th scope="row">Ondernemer' in one for one in pages] == sees
    shut = (
        "Hoeveel van elke groep, is voor wie gesprekken voert of codeert.",
        "Hoeveel van elke groep erover spreken, is voor wie gesprekken codeert.",
    )[not walks]
    assert [shut in one for one in pages] == [not one for one in sees]


def test_a_planner_who_asks_for_a_group_sees_everyone_and_why(
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
    assert ['name="age"' in page for page in pages] == [False, True]
    assert [page.count("15 gesprekken") for page in pages] == [1, 0]
    hidden = "verborgen: te weinig om te tonen"
    assert [(page.count("3 van 3"), page.count(hidden)) for page in pages] == [(0, 0), (0, 1)]


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


def _board(signed: Signed, journey: Journey, role: Role, **only: str) -> str:
    return text(signed(role).get(reverse("beside", args=[journey.pk]), only).content)


def test_a_group_under_ten_has_no_share_on_the_board_either(
    signed: Signed, journey: Journey, person: Person, theme: Theme
) -> None:
    spoke(journey, person, theme, 1, giver_kind="school")
    spoke(journey, person, theme, 12)
    small, large, every = (
        _board(signed, journey, Role.CODER, **only)
        for only in ({"kind": "school"}, {"kind": "resident"}, {})
    )
    assert ("1 van 1" in small, "Voor hoeveel het een probleem is, staat hier niet" in small) == (
        False, True,
    )  # fmt: skip
    assert ("12 van 12" in large, "13 van 13" in every) == (True, True)


def test_twin_without_the_rule_the_board_tells_what_the_one_school_said(
    signed: Signed, journey: Journey, person: Person, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoke(journey, person, theme, 1, giver_kind="school")
    monkeypatch.setattr(narrowing, "told", lambda *_share, **_apart: True)
    assert "1 van 1 (100" in _board(signed, journey, Role.CODER, kind="school")


def test_who_reads_no_conversations_sees_how_many_speak_and_not_of_how_many_nor_for_whom(
    signed: Signed, journey: Journey, person: Person, theme: Theme
) -> None:
    spoke(journey, person, theme, 2)
    spoke(journey, person, theme, 2, says="better")
    for _ in range(12):
        checked(person(Role.CODER), journey, "Mooie straat.")
    coder, planner = (_board(signed, journey, role) for role in (Role.CODER, Role.PLANNER))
    assert [one in coder for one in ("4 van 16", "2 van 4")] == [True, True]
    assert [one in planner for one in ("4 van 16", "2 van 4", "16")] == [False] * 3
    assert "Spreken erover: 4 gesprekken" in planner


def test_for_how_many_it_is_a_problem_is_told_where_each_side_is_of_ten_or_more(
    signed: Signed, journey: Journey, person: Person, theme: Theme
) -> None:
    spoke(journey, person, theme, 10)
    spoke(journey, person, theme, 11, says="better")
    page = _board(signed, journey, Role.PLANNER)
    assert ("10 van 21" in page, "11 van 21" in page) == (True, True)
