# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who waits for an answer: by name of ours for who may read their words, in numbers for a planner;
and what counts as an answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.journey.conftest import Signed
from tests.web.journey.planting import of
from tests.web.journey.test_sense import heard
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import AuditLine, ProcessingLine, Role, User
from wijkeconomie.web.journey import access, boards, spoken
from wijkeconomie.web.journey.actions import listening, plan, sense
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


def main(page: HttpResponse) -> str:
    """What stands on a page, without the signs of its form that differ each time."""
    return page.content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("name", ["givers", "journey"])
def test_who_reads_no_conversations_cannot_see_that_the_only_one_of_a_kind_took_all_back(
    talks: list[Conversation], journey: Journey, signed: Signed, person: Person, name: str
) -> None:
    for number in range(10):
        heard(person(Role.FIELD_WORKER), journey, f"Gesprek {number}.", wants_answer=False)
    school = heard(person(Role.CODER), journey, "School.", giver_kind="school", wants_answer=False)
    page, team = reverse(name, args=[journey.pk]), signed(Role.FIELD_WORKER)
    outside = signed(Role.PLANNER)
    before = main(outside.get(page)), main(team.get(page))
    listening.withdraw(giver=school.giver)
    after = main(outside.get(page)), main(team.get(page))
    assert before[0] == after[0]
    assert "School" not in before[0]
    assert "10 gesprekken of meer" in before[0]
    assert (before[1] == after[1]) is (name == "givers")  # twin: on the journey the team sees it


def test_of_fewer_than_ten_conversations_no_number_is_told(
    talks: list[Conversation], journey: Journey, signed: Signed
) -> None:
    page = main(signed(Role.PLANNER).get(reverse("givers", args=[journey.pk])))
    assert "minder dan tien gesprekken" in page
    assert "3 gevers wachten nog op een antwoord" in page


@pytest.mark.parametrize(("role", "kind", "told"), [
    (Role.PLANNER, "school", "Iemand die in de wijk werkt"),
    (Role.PLANNER, "entrepreneur", "Ondernemer"), (Role.CODER, "school", "School-01"),
])  # fmt: skip
def test_whose_words_they_are_is_told_without_a_number_to_who_reads_no_conversations(
    journey: Journey, signed: Signed, person: Person, role: Role, kind: str, told: str
) -> None:
    by = person(Role.CODER)
    talk = heard(by, journey, "Veel te duur.", giver_kind=kind)
    listening.check(by=by, conversation=talk)
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=4)
    theme = sense.add_theme(by=by, journey=journey, key=uuid4(), name="Huur")
    sense.code(by=by, quote=quote, theme=theme)
    found = sense.find(by=by, journey=journey, key=uuid4(), claim="Duur", perspective="space")
    sense.weigh(by=by, finding=found, thing=quote, direction=1)
    for name, key in (("finding", found.pk), ("theme", theme.pk), ("quote", quote.pk)):
        page = main(signed(role).get(reverse(name, args=[key])))
        assert told in page, name
        assert (talk.giver.pseudonym in page) is (role == Role.CODER), name


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
    {"no": "quote"}, {"version": "1", "text": "Het valt mee."},
])  # fmt: skip
def test_the_language_stays_after_a_change(
    talks: list[Conversation], given: dict[str, str]
) -> None:
    giver = talks[0].giver
    answer = with_card(giver).post(reverse("change") + "?taal=pl", given | of(giver))
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


# -- whoever has the code on a card speaks in the name of its giver


def consents(of: Giver) -> list[tuple[str, dict[str, str]]]:
    """What the audit log says of what was allowed with the card."""
    lines = AuditLine.objects.filter(subject=str(of.pk), verb__in=("allow", "forbid"))
    return [(one.verb, one.details) for one in lines.order_by("number")]


def test_each_time_that_the_code_on_a_card_is_shown_stands_in_both_logs(
    talks: list[Conversation], signed: Signed, person: Person
) -> None:
    giver = talks[0].giver
    by = talks[0].made_by
    browser = Client()
    browser.force_login(by)
    for _ in range(2):
        page = browser.get(reverse("card", args=[giver.pk])).content.decode()
        assert access.card_of(giver.pk)[:5] in page
    seen = ProcessingLine.objects.filter(person=str(giver.pk))
    done = AuditLine.objects.filter(subject=str(giver.pk), verb="show_card")
    assert [(one.actor, one.activity) for one in seen] == [(str(by.pk), "card")] * 2
    assert [one.actor for one in done] == [str(by.pk)] * 2


@pytest.mark.parametrize(("hours", "marked"), [(23, {"code_seen": "1"}), (25, {})])
def test_a_yes_within_a_day_after_one_of_us_saw_the_code_is_marked(
    talks: list[Conversation], hours: int, marked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    giver = talks[0].giver
    listening.show_card(by=talks[0].made_by, giver=giver)
    later = timezone.now() + timedelta(hours=hours)
    monkeypatch.setattr(timezone, "now", lambda: later)
    for given in (True, False):
        listening.allow(giver=giver, purpose=Purpose.PUBLIC, given=given)
    assert consents(giver) == [("allow", marked), ("forbid", {})]


def test_twin_of_a_yes_without_a_look_at_the_code_nothing_is_marked(
    talks: list[Conversation],
) -> None:
    listening.show_card(by=talks[1].made_by, giver=talks[1].giver)
    listening.allow(giver=talks[0].giver, purpose=Purpose.PUBLIC, given=True)
    assert consents(talks[0].giver) == [("allow", {})]


def test_the_privacy_officer_reads_that_a_yes_followed_a_look_at_the_code(
    talks: list[Conversation], signed: Signed
) -> None:
    listening.show_card(by=talks[0].made_by, giver=talks[0].giver)
    listening.allow(giver=talks[0].giver, purpose=Purpose.PUBLIC, given=True)
    code = talks[0].journey.municipality_id
    page = signed(Role.PRIVACY_OFFICER).get(reverse("audit_log", args=[code])).content.decode()
    assert "vond iets goed, hooguit een dag nadat een van ons de code zag" in page
    assert "zag de code op de kaart van een gever" in page
