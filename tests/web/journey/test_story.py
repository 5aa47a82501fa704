# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""One story through the pages: from a conversation to an adopted plan, and taken back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.planting import of
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import Membership, Municipality, Role
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey.actions.plan import obstacles
from wijkeconomie.web.journey.fields import suspects
from wijkeconomie.web.journey.models import (
    Conversation,
    Effort,
    Finding,
    Goal,
    Journey,
    Opgave,
    Plan,
    Quote,
    Theme,
)

WORDS = "de huur is te hoog voor een kleine zaak"
TEXT = f"Ik zoek al een jaar. Overal {WORDS}. Dus ik werk thuis. 🚲"


def _send(client: Client, page: str, at: object, /, **fields: object) -> str:
    """Fill a form well: the answer is another page."""
    address = reverse(page, args=[at])
    answer = client.post(address, {"key": uuid4(), **fields})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def _hear(field: Client, journey: Journey, **fields: object) -> Conversation:
    given = {
        "text": TEXT, "allows": ["note", "quote"], "giver_kind": "entrepreneur", "language": "nl",
        "kind": "visit", "held_at": "2026-09-02T10:00", "wants_answer": "on", **fields,
    }  # fmt: skip
    _send(field, "hear", journey.pk, **given)
    return Conversation.objects.latest("made_at")


@dataclass(frozen=True, kw_only=True)
class Told:
    """The story up to a plan that lies before the council."""

    talk: Conversation
    quote: Quote
    finding: Finding
    opgave: Opgave
    plan: Plan


@pytest.fixture
def told(signed: Signed, journey: Journey) -> Told:
    field, coder, planner = map(signed, (Role.FIELD_WORKER, Role.CODER, Role.PLANNER))
    talk = _hear(field, journey)
    _send(field, "check", talk.pk, version=talk.wordings.latest("number").number)
    _send(coder, "add_theme", journey.pk, name="Betaalbare ruimte", perspective="space")
    _send(coder, "conversation", talk.pk, words=WORDS, theme=Theme.objects.get().pk)
    quote = Quote.objects.get()
    _send(coder, "find", journey.pk, claim="Kleine zaken vinden geen ruimte", perspective="space")
    finding = Finding.objects.get()
    _send(coder, "finding", finding.pk, thing=f"quote:{quote.pk}", direction=1)
    _send(planner, "finding", finding.pk, thing="figure:establishments_per_1000", direction=1)
    _send(
        planner,
        "judge",
        finding.pk,
        verdict="confirms",
        confidence="fair",
        why="Te weinig gesprekken om te rekenen",
    )
    _send(
        planner, "set_opgave", journey.pk, sentence="Betaalbare ruimte voor starters",
        perspective="space", findings=[finding.pk], contribution="large",
        assumption="Zonder ruimte geen zaak",
    )  # fmt: skip
    opgave = Opgave.objects.get()
    _send(
        planner, "set_goal", opgave.pk, sentence="Meer kleine zaken in de plint",
        baseline="establishments_per_1000", target="300", year="2029",
    )  # fmt: skip
    _send(
        planner, "propose", Goal.objects.get().pk, title="Een winkel die elke dag van een ander is",
        instrument="day_shop", low="10000", likely="15000", high="20000", hours="200",
        space="80", value="4", contribution="large", assumption="Een dag per week is te betalen",
    )  # fmt: skip
    effort = Effort.objects.get()
    _send(planner, "effort", effort.pk, choice="chosen", reason="Past in het budget")
    _send(planner, "promise", effort.pk, partner="Corporatie", what="Een pand", due="2027-01-31")
    _send(planner, "draw_up", journey.pk, title="Plan", budget="20000", hours="400", space="100")
    plan = Plan.objects.get()
    for step in ("consultation", "executive"):
        _send(planner, "plan", plan.pk, to=step)
    _send(signed(Role.AREA_MANAGER), "plan", plan.pk, to="council")
    return Told(talk=talk, quote=quote, finding=finding, opgave=opgave, plan=plan)


def test_a_quote_is_the_words_at_its_place_in_code_points(told: Told) -> None:
    text = told.quote.wording.text
    assert text[told.quote.start : told.quote.end] == told.quote.words == WORDS


def test_a_coder_reads_no_conversation_that_was_not_checked(
    signed: Signed, journey: Journey
) -> None:
    talk = _hear(signed(Role.FIELD_WORKER), journey)
    page = reverse("conversation", args=[talk.pk])
    assert signed(Role.CODER).get(page).status_code == 404
    _send(
        signed(Role.FIELD_WORKER), "check", talk.pk, version=talk.wordings.latest("number").number
    )
    assert signed(Role.CODER).get(page).status_code == 200


def test_a_text_that_was_corrected_is_checked_again(signed: Signed, journey: Journey) -> None:
    field = signed(Role.FIELD_WORKER)
    talk = _hear(field, journey)
    page = reverse("conversation", args=[talk.pk])
    _send(field, "check", talk.pk, version=talk.wordings.latest("number").number)
    assert signed(Role.CODER).get(page).status_code == 200
    words = "Bel mij op 06-12345678."
    warned = " ".join(one.mark for one in suspects(words))
    _send(field, "correct", talk.pk, text=words, warned=warned)
    assert signed(Role.CODER).get(page).status_code == 404


def test_a_plan_is_not_adopted_while_a_giver_waits_for_an_answer(
    signed: Signed, told: Told
) -> None:
    manager = signed(Role.AREA_MANAGER)
    refused = manager.post(reverse("plan", args=[told.plan.pk]), {"to": "adopted", "sure": "on"})
    assert refused.status_code == 422
    assert "1 gever vroeg om een antwoord en heeft het nog niet." in refused.content.decode()
    _send(signed(Role.FIELD_WORKER), "answer", told.talk.giver_id, text="We openen een winkel.")
    _send(manager, "plan", told.plan.pk, to="adopted", sure="on")
    told.plan.refresh_from_db()
    assert told.plan.state == Plan.State.ADOPTED
    states = [version.state for version in told.plan.versions.all()]
    assert states == ["consultation", "executive", "council", "adopted"]


def test_only_who_settles_the_plan_may_adopt_it_without_answers_and_says_why(
    signed: Signed, told: Told
) -> None:
    page, (waits,) = reverse("plan", args=[told.plan.pk]), obstacles(told.plan)
    given = {"to": "adopted", "reason": "Haast", "sure": "on", "despite": [waits.key]}
    assert signed(Role.AREA_MANAGER).post(page, given | {"despite": ["x"]}).status_code == 422
    assert signed(Role.PLANNER).post(page, given).status_code == 422
    assert signed(Role.AREA_MANAGER).post(page, given).status_code == 302
    assert told.plan.versions.last().reason == "Haast"


def test_a_plan_before_the_council_does_not_change(signed: Signed, told: Told) -> None:
    page = reverse("effort", args=[Effort.objects.get().pk])
    refused = signed(Role.PLANNER).post(page, {"choice": "not", "reason": "Toch niet"})
    assert refused.status_code == 422
    assert Effort.objects.get().choice == "chosen"


def test_the_thread_goes_from_figure_and_quote_to_effort(
    signed: Signed, told: Told, journey: Journey
) -> None:
    line = signed(Role.PLANNER).get(reverse("thread_json", args=[journey.pk])).json()
    assert [knot["kind"] for knot in line["knots"]] == [
        "figure", "quote", "finding", "opgave", "goal", "effort",
    ]  # fmt: skip


def _with_card(told: Told) -> Client:
    giver = Client()
    typed = access.card_of(told.talk.giver_id).upper()
    assert giver.post(reverse("contribution"), {"code": typed}).status_code == 302
    return giver


def test_a_giver_sees_with_the_card_what_became_of_their_words(signed: Signed, told: Told) -> None:
    _send(signed(Role.FIELD_WORKER), "answer", told.talk.giver_id, text="We openen een winkel.")
    mine = _with_card(told).get(reverse("my_contribution")).content.decode()
    for words in (WORDS, told.finding.claim, told.opgave.sentence, "We openen een winkel."):
        assert words in mine


@pytest.mark.parametrize(
    ("choice", "adopted", "said"),
    [
        (Effort.Choice.CHOSEN, True, "(gekozen)"), (Effort.Choice.NOT, True, "(niet gekozen)"),
        (Effort.Choice.OPEN, True, "(nog niet besloten)"),
        (Effort.Choice.CHOSEN, False, "(nog niet besloten)"),
    ],
)  # fmt: skip
def test_a_giver_reads_whether_an_idea_is_in_an_adopted_plan(
    told: Told, journey: Journey, choice: str, *, adopted: bool, said: str
) -> None:
    """An idea that was turned down stood there as if it would be done."""
    state = Plan.State.ADOPTED if adopted else Plan.State.CONCEPT
    journey.efforts.update(choice=choice)
    journey.plans.update(state=state)
    mine = _with_card(told).get(reverse("my_contribution")).content.decode()
    assert re.findall(r"<strong>(\(.*?\))</strong>", mine) == [said] * journey.efforts.count()


def test_a_giver_is_asked_once_more_before_all_is_taken_back(told: Told) -> None:
    mine = _with_card(told).get(reverse("my_contribution")).content.decode()
    asked = mine.index("Weet u het zeker? Dit kunt u niet terugdraaien.")
    assert mine.index("<summary>Neem mijn verhaal terug</summary>") < asked
    assert asked < mine.index('name="withdraw"')


def test_what_was_taken_back_is_gone_from_every_page_within_the_request(
    signed: Signed, told: Told, journey: Journey
) -> None:
    coder = signed(Role.CODER)
    pages = [
        *(reverse(name, args=[journey.pk]) for name in ("beside", "thread", "thread_json")),
        reverse("finding", args=[told.finding.pk]), reverse("opgave", args=[told.opgave.pk]),
        reverse("conversation", args=[told.talk.pk]),
    ]  # fmt: skip
    seen = [WORDS in coder.get(page).content.decode() for page in pages]
    assert seen == [True, True, True, True, False, True]  # the twin: they were there
    giver = _with_card(told)
    taken = giver.post(reverse("change"), {"withdraw": "1", **of(told.talk.giver)})
    assert taken.status_code == 302
    assert not any(WORDS in coder.get(page).content.decode() for page in pages)
    assert WORDS not in giver.get(reverse("my_contribution")).content.decode()
    assert WORDS not in str(told.plan.versions.last().content)
    assert audit.broken(journey.municipality) is None


def test_without_consent_to_note_nothing_is_stored(signed: Signed, journey: Journey) -> None:
    answer = signed(Role.FIELD_WORKER).post(
        reverse("hear", args=[journey.pk]),
        {"key": uuid4(), "text": TEXT, "giver_kind": "resident", "kind": "street",
         "held_at": "2026-09-02T10:00"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert TEXT in answer.content.decode()  # what was typed is still there
    assert Conversation.objects.count() == 0


def test_the_same_key_twice_makes_one_conversation(signed: Signed, journey: Journey) -> None:
    field, key = signed(Role.FIELD_WORKER), uuid4()
    first = _hear(field, journey, key=key)
    assert _hear(field, journey, key=key) == first
    assert Conversation.objects.count() == 1


def test_a_journey_of_another_municipality_does_not_exist_for_you(
    signed: Signed, journey: Journey
) -> None:
    coder = signed(Role.CODER)
    elsewhere = Municipality.objects.create(code="GM9999", name="Elders")
    Membership.objects.update(municipality=elsewhere)
    assert coder.get(reverse("journey", args=[journey.pk])).status_code == 404


def test_whoever_tries_codes_is_stopped_and_in_words(signed: Signed, told: Told) -> None:
    stranger, page = Client(), reverse("contribution")
    tries = [stranger.post(page, {"code": f"aaaaabbb{n:02d}"}) for n in range(21)]
    assert [one.status_code for one in tries] == [422] * 20 + [429]
    right = stranger.post(page, {"code": access.card_of(told.talk.giver_id)})
    assert right.status_code == 429  # the right one too, or trying would pay
    assert stranger.get(page).status_code == 200
