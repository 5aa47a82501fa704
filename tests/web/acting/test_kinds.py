# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a kind says of things, and what a step keeps because of it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, reverse

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.acting import actions, kinds
from wijkeconomie.web.acting.graphs import Graph
from wijkeconomie.web.acting.models import Case, Listing


def test_a_case_is_closed_in_the_states_that_its_kind_says_and_open_again_after(
    case: Case, person: Callable[[Role], User]
) -> None:
    worker = person(Role.CLERK)
    assert (case.first_at, case.closed_at) == (None, None)
    actions.answer(by=worker, case=case, key=uuid4(), text="Ja, dat mag.", channel="web")
    case.refresh_from_db()
    first = case.closed_at
    assert first is not None
    assert case.first_at == first
    actions.reply(case=case, key=uuid4(), text="Dat helpt nog niet.")
    case.refresh_from_db()
    assert (case.first_at, case.closed_at) == (first, None)
    actions.answer(by=worker, case=case, key=uuid4(), text="En zo wel.", channel="web")
    case.refresh_from_db()
    assert case.closed_at is not None
    assert case.closed_at > first
    assert case.first_at == first


def test_what_closes_a_case_is_a_state_that_it_knows() -> None:
    graph = Graph({"open": "Open"}, ())
    kind = kinds.Kind(name="wrong", label="Wrong", table=Case, graph=graph, right=Right.CASES,
                      closes=frozenset({"shut"}))  # fmt: skip
    with pytest.raises(ValueError, match="shut"):
        kinds.declare(kind)


def test_each_case_that_letters_are_sent_of_can_be_followed_and_each_instrument_has_its_pages() -> (
    None
):
    def leads(page: str, *args: object) -> bool:
        try:
            return bool(reverse(page, args=args))
        except NoReverseMatch:
            return False

    cases = [kind for kind in kinds.every() if kind.table is Case and kind.letters]
    assert [kind.name for kind in cases if not leads(kind.page, "a:b")] == []
    assert [kind.name for kind in kinds.instruments() if not leads(kind.team, uuid4())] == []
    assert [kind.name for kind in kinds.instruments() if not leads(kind.every[0])] == []
    counted = [kind for kind in kinds.every() if kind.counted]
    assert [kind.name for kind in counted if kind.within not in named()] == []


def named() -> set[str]:
    """Kinds of listings."""
    return {kind.name for kind in kinds.every() if kind.table is Listing}
