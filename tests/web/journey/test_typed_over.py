# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words of a giver that the team typed over: a warning first, and a list once taken back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.test_sense import heard
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey.actions import listening, sense
from wijkeconomie.web.journey.models import Conversation, Finding, Journey

Person = Callable[[Role], User]
SAID = "Mijn man zit sinds de zomer thuis en de zaak loopt leeg."
OVER = "“Mijn man zit sinds de ZOMER thuis”, zegt een ondernemer"
WARNS = "Een gever zei dit, woord voor woord."


@pytest.fixture
def talk(journey: Journey, person: Person) -> Conversation:
    made = heard(person(Role.FIELD_WORKER), journey, SAID)
    listening.check(by=person(Role.FIELD_WORKER), conversation=made)
    return made


@pytest.mark.parametrize(("claim", "status"), [
    (OVER, 422), ("Mijn man zit sinds de winter thuis", 302), ("Zaken lopen leeg", 302),
])  # fmt: skip
def test_who_types_over_six_words_of_a_giver_is_warned_first_and_may_save_it_all_the_same(
    talk: Conversation, signed: Signed, claim: str, status: int
) -> None:
    page = reverse("find", args=[talk.journey_id])
    given = {"key": uuid4(), "claim": claim, "perspective": "space"}
    answer = signed(Role.PLANNER).post(page, given)
    assert (answer.status_code, WARNS in answer.content.decode()) == (status, status == 422)
    if status == 422:
        marks = " ".join(one.mark for one in answer.context["form"].suspects)
        assert signed(Role.PLANNER).post(page, given | {"warned": marks}).status_code == 302
    assert Finding.objects.get().claim == claim


def test_what_was_taken_back_already_is_not_told_of(talk: Conversation, signed: Signed) -> None:
    listening.withdraw(giver=talk.giver)
    given = {"key": uuid4(), "claim": OVER, "perspective": "space"}
    answer = signed(Role.PLANNER).post(reverse("find", args=[talk.journey_id]), given)
    assert answer.status_code == 302


def test_a_better_version_of_what_the_giver_said_is_their_own_words(
    talk: Conversation, signed: Signed
) -> None:
    given = {"key": uuid4(), "text": SAID + " Het is stil.", "was": ""}
    answer = signed(Role.FIELD_WORKER).post(reverse("correct", args=[talk.pk]), given)
    assert (answer.status_code, WARNS in answer.content.decode()) == (302, False)


@pytest.mark.parametrize(("role", "told"), [(Role.PLANNER, True), (Role.CODER, False)])
def test_where_words_that_were_taken_back_still_stand_is_told_to_who_plans(
    talk: Conversation, signed: Signed, person: Person, role: Role, *, told: bool
) -> None:
    journey = talk.journey
    for claim in (OVER, "Zaken lopen leeg"):
        sense.find(by=person(Role.CODER), journey=journey, key=uuid4(), claim=claim,
                   perspective="space")  # fmt: skip
    page = reverse("journey", args=[journey.pk])
    said = "Nog te herzien"
    assert said not in signed(role).get(page).content.decode()  # the twin: nothing was taken back
    listening.withdraw(giver=talk.giver)
    answer = signed(role).get(page)
    assert (said in answer.content.decode()) is told
    left = [knot.label for knot in answer.context["page"].left]
    assert left == ([OVER] if told else [])
