# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who waits for an answer: by name of ours for who may read their words, in numbers for a planner;
and what counts as an answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.test_sense import heard
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey import access, boards, spoken
from wijkeconomie.web.journey.actions import listening, plan
from wijkeconomie.web.journey.models import Answer, Conversation, Giver, Journey, Purpose

Person = Callable[[Role], User]


@pytest.fixture
def talks(journey: Journey, person: Person) -> list[Conversation]:
    """Two of the field worker, of which one is checked; one of the coder, not checked."""
    field, coder = person(Role.FIELD_WORKER), person(Role.CODER)
    made = [heard(field, journey, "Te duur."), heard(field, journey, "Te stil."),
            heard(coder, journey, "Te vol.", giver_kind="entrepreneur")]  # fmt: skip
    listening.check(by=field, conversation=made[0])
    return made


NAMES = ("Bewoner-01", "Bewoner-02", "Ondernemer-01")


@pytest.mark.parametrize(("role", "named"), [
    (Role.FIELD_WORKER, (True, True, False)), (Role.CODER, (True, False, True)),
    (Role.PLANNER, (False,) * 3), (Role.AREA_MANAGER, (False,) * 3),
])  # fmt: skip
def test_a_pseudonym_is_for_who_may_read_the_words(
    talks: list[Conversation], journey: Journey, signed: Signed, role: Role,
    named: tuple[bool, ...],
) -> None:  # fmt: skip
    page = signed(role).get(reverse("givers", args=[journey.pk])).content.decode()
    assert tuple(name in page for name in NAMES) == named


def test_twin_all_givers_of_the_journey_have_a_pseudonym(
    talks: list[Conversation], journey: Journey
) -> None:
    assert {one.pseudonym for one in journey.givers.all()} == set(NAMES)


def test_a_planner_sees_how_many_wait_by_group(
    talks: list[Conversation], journey: Journey, person: Person
) -> None:
    plan.answer(
        by=person(Role.CODER), giver=talks[0].giver, key=uuid4(), text="We doen er iets aan."
    )
    assert boards.waiting_by_group(journey) == (("Bewoner", 2, 1), ("Ondernemer", 1, 1))


@pytest.mark.parametrize(("role", "status"), [
    (Role.FIELD_WORKER, (200, 200, 404)), (Role.CODER, (200, 404, 200)),
    (Role.PLANNER, (403, 403, 403)),
])  # fmt: skip
def test_who_may_read_the_words_gives_the_answer(
    talks: list[Conversation], signed: Signed, role: Role, status: tuple[int, ...]
) -> None:
    pages = [reverse("answer", args=[talk.giver_id]) for talk in talks]
    assert tuple(signed(role).get(page).status_code for page in pages) == status


@pytest.mark.parametrize(("text", "kept"), [
    (".", 0), ("ok", 0), ("a b c d", 0), ("Dank u", 0), ("We doen dit.", 1),
])  # fmt: skip
def test_an_answer_is_a_sentence(
    talks: list[Conversation], journey: Journey, person: Person, text: str, kept: int
) -> None:
    expected = nullcontext() if kept else pytest.raises(Refusal, match="at least one sentence")
    with expected:
        plan.answer(by=person(Role.CODER), giver=talks[0].giver, key=uuid4(), text=text)
    assert (Answer.objects.count(), plan.waiting(journey)) == (kept, 3 - kept)


def test_who_forbade_notes_waits_for_nothing(talks: list[Conversation], journey: Journey) -> None:
    listening.allow(giver=talks[0].giver, purpose=Purpose.NOTE, given=False)
    assert (plan.waiting(journey), boards.mine(talks[0].giver).waits) == (2, False)
    listening.allow(giver=talks[0].giver, purpose=Purpose.NOTE, given=True)
    assert (plan.waiting(journey), boards.mine(talks[0].giver).waits) == (3, True)


# -- what a giver reads with the card, in the languages of the street


def with_card(giver: Giver) -> Client:
    browser = Client()
    browser.post(reverse("contribution"), {"code": access.card_of(giver.pk)})
    return browser


@pytest.mark.parametrize("code", ["nl", "en", "ar", "tr", "pl", "uk"])
def test_the_page_of_a_giver_speaks_each_language_of_consent(
    talks: list[Conversation], code: str
) -> None:
    say = spoken.with_card()[code]
    first = Client().get(reverse("contribution"), {"taal": code}).content.decode()
    page = with_card(talks[0].giver).get(reverse("my_contribution"), {"taal": code})
    told = page.content.decode()
    assert f'lang="{code}" dir="{say["direction"]}"' in told
    assert [say[name] in told for name in ("title", "said", "wrong", "did", "allow", "back")] == (
        [True] * 6
    )
    assert [say[name] in first for name in ("lead", "code", "show", "lost")] == [True] * 4
    assert (say["unchecked"] in told) == (code not in ("nl", "en"))
    assert spoken.of(code)["quote"] in told


def test_without_a_choice_the_page_speaks_the_language_of_the_giver(
    journey: Journey, person: Person
) -> None:
    talk = heard(person(Role.FIELD_WORKER), journey, "Çok pahalı.", language="tr")
    page = with_card(talk.giver).get(reverse("my_contribution")).content.decode()
    assert spoken.with_card()["tr"]["title"] in page


@pytest.mark.parametrize("given", [
    {"purpose": "quote", "given": "0"}, {"version": "1", "text": "Het valt mee."},
])  # fmt: skip
def test_the_language_stays_after_a_change(
    talks: list[Conversation], given: dict[str, str]
) -> None:
    answer = with_card(talks[0].giver).post(reverse("change") + "?taal=pl", given)
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("my_contribution") + "?taal=pl",
    )


def test_a_language_that_lacks_a_text_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in spoken.CARD.iterdir():
        lines = file.read_text("utf-8").splitlines()
        (tmp_path / file.name).write_text("\n".join(lines[:-1]), "utf-8")
    monkeypatch.setattr(spoken, "CARD", tmp_path)
    with pytest.raises(ValueError, match="back_yes"):
        spoken.with_card.__wrapped__()


def test_a_card_writes_twenty_versions_and_then_says_whom_to_ask(
    talks: list[Conversation],
) -> None:
    giver = talks[0].giver
    for number in range(1, listening.MOST_OWN + 1):
        listening.reword(giver=giver, version=number, text=f"Versie {number}.")
    with pytest.raises(Refusal) as refused:
        listening.reword(giver=giver, version=listening.MOST_OWN + 1, text="Nog een.")
    assert refused.value.notice.code == "own_words_often"
    assert talks[0].wordings.count() == listening.MOST_OWN + 1
