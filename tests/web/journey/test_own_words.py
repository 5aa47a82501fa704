# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A giver says their own words otherwise: a new version, and what rested on the old looked at."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.jpegs import JPEG
from tests.web.journey.planting import of, with_card
from tests.web.journey.test_sense import heard
from wijkeconomie.fieldwork import personal
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import AuditLine, Role, User
from wijkeconomie.web.journey import access, published, spoken, views
from wijkeconomie.web.journey.actions import listening, plan, sense
from wijkeconomie.web.journey.models import (
    Conversation,
    Evidence,
    Finding,
    Giver,
    Journey,
    Plan,
    Purpose,
    Quote,
    Wording,
)
from wijkeconomie.web.paper import as_html

TEXT, NEW = "De huur is te hoog. De straat leeft.", "De huur valt mee. De straat leeft."
Person = Callable[[Role], User]


@pytest.fixture
def talk(journey: Journey, person: Person) -> Conversation:
    made = heard(person(Role.FIELD_WORKER), journey, TEXT)
    listening.check(by=person(Role.FIELD_WORKER), conversation=made)
    return made


@pytest.fixture
def finding(talk: Conversation, person: Person) -> Finding:
    """One that rests on both sentences."""
    by = person(Role.CODER)
    made = sense.find(by=by, journey=talk.journey, key=uuid4(), claim="Duur", perspective="space")
    for start, end in ((0, 19), (20, 36)):
        quote = sense.quote(by=by, wording=talk.wordings.get(), start=start, end=end)
        sense.weigh(by=by, finding=made, thing=quote, direction=1)
    return made


@pytest.fixture
def mine(talk: Conversation) -> Client:
    return with_card(access.card_of(talk.giver_id))


def say(mine: Client, text: str, version: int = 1) -> int:
    given = {"text": text, "version": version, **of(Giver.objects.get())}
    return mine.post(reverse("change"), given).status_code


def words(journey: Journey, purpose: Purpose) -> set[str]:
    return {quote.words for quote in access.quotes(journey, purpose)}


def test_a_giver_is_warned_of_a_name_in_their_own_language_and_may_keep_it_all_the_same(
    mine: Client, talk: Conversation
) -> None:
    told = "Jan de Vries, op 06-12345678, zegt het ook."
    given = {"text": told, "version": 1, **of(talk.giver)}
    for code in ("nl", "tr"):
        answer = mine.post(f"{reverse('change')}?taal={code}", given)
        page = answer.content.decode()
        assert (answer.status_code, talk.wordings.count()) == (422, 1)
        assert spoken.with_card()[code]["known"] in page
        assert [one.words for one in answer.context["form"].suspects] == [
            "Jan de Vries", "06-12345678",
        ]  # fmt: skip
        assert told in page
    marks = " ".join(one.mark for one in answer.context["form"].suspects)
    assert mine.post(reverse("change"), given | {"warned": marks}).status_code == 302
    assert talk.wordings.latest("number").text == told


def test_with_the_card_a_giver_changes_what_they_said_and_the_old_version_is_kept(
    mine: Client, talk: Conversation
) -> None:
    assert TEXT in mine.get(reverse("my_contribution")).content.decode()
    assert say(mine, NEW) == 302
    assert [(w.number, w.text, w.made_by is None) for w in talk.wordings.all()] == [
        (1, TEXT, False), (2, NEW, True),
    ]  # fmt: skip
    page = mine.get(reverse("my_contribution")).content.decode()
    assert (NEW in page, TEXT in page) == (True, False)
    line = AuditLine.objects.order_by("number").last()
    assert line is not None
    assert (line.actor, line.verb, line.subject) == ("card", "correct", str(talk.pk))


def test_what_a_giver_typed_is_first_looked_at_for_personal_data(
    mine: Client, talk: Conversation, signed: Signed
) -> None:
    page, coder = reverse("conversation", args=[talk.pk]), signed(Role.CODER)
    assert coder.get(page).status_code == 200
    listening.reword(giver=talk.giver, version=1, text="Bel mij op 06-12345678.")
    assert coder.get(page).status_code == 404
    talk.refresh_from_db()
    assert talk.state == Conversation.State.RECEIVED


def test_words_that_were_replaced_stand_in_no_plan_and_the_team_sees_what_to_look_at_again(
    mine: Client, finding: Finding, signed: Signed
) -> None:
    journey = finding.journey
    old, kept = "De huur is te hoog.", "De straat leeft."
    assert words(journey, Purpose.QUOTE) == words(journey, Purpose.PUBLIC) == {old, kept}
    say(mine, NEW)
    assert words(journey, Purpose.QUOTE) == words(journey, Purpose.PUBLIC) == {kept}
    assert words(journey, Purpose.NOTE) == {kept}
    (replaced,) = [one for one in Quote.objects.all() if one.replaced_by]
    assert (replaced.words, replaced.replaced_by.number) == (old, 2)
    planner = signed(Role.PLANNER)
    page = planner.get(reverse("finding", args=[finding.pk])).content.decode()
    assert page.count("de gever zegt het nu anders.") == 1
    assert list(planner.get(reverse("journey", args=[journey.pk])).context["page"].again) == [
        finding
    ]
    Evidence.objects.filter(quote=replaced).delete()  # the team takes it away
    assert planner.get(reverse("journey", args=[journey.pk])).context["page"].again == ()


def test_twin_without_the_mark_the_old_words_would_go_on_as_if_nothing_was_said(
    mine: Client, finding: Finding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sense, "replace", lambda **_given: None)
    say(mine, NEW)
    assert "De huur is te hoog." in words(finding.journey, Purpose.PUBLIC)


def test_a_plan_that_was_laid_down_says_withdrawn_where_the_giver_replaced_words(
    mine: Client, finding: Finding, person: Person
) -> None:
    by, journey = person(Role.PLANNER), finding.journey
    plan.set_opgave(by=by, journey=journey, key=uuid4(), sentence="Ruimte", perspective="space",
                    findings=[finding], assumption="Ja")  # fmt: skip
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=1, hours=1)
    version = plan.advance(by=by, plan=made, to=Plan.State.CONSULTATION)
    say(mine, NEW)
    for kind, counted in (("raad", "“ingetrokken”"), ("bewoners", "1 citaat onder deze zin")):
        assert as_html(published.KINDS[kind](made, version)).count(counted) == 1


def test_words_that_the_team_corrected_are_gone_from_the_plan_and_not_called_withdrawn(
    finding: Finding, person: Person
) -> None:
    by, journey = person(Role.PLANNER), finding.journey
    plan.set_opgave(by=by, journey=journey, key=uuid4(), sentence="Ruimte", perspective="space",
                    findings=[finding], assumption="Ja")  # fmt: skip
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=1, hours=1)
    version = plan.advance(by=by, plan=made, to=Plan.State.CONSULTATION)
    talk = Conversation.objects.get()
    listening.correct(by=person(Role.FIELD_WORKER), conversation=talk, text=NEW)
    for kind in ("raad", "bewoners"):
        text = as_html(published.KINDS[kind](made, version))
        assert (text.count("te hoog"), text.count("“ingetrokken”"), text.count("citaat onder")) == (
            0, 0, 0,
        )  # fmt: skip


def test_what_was_changed_meanwhile_is_not_replaced_and_what_was_typed_stays(
    mine: Client, talk: Conversation, person: Person
) -> None:
    listening.correct(by=person(Role.FIELD_WORKER), conversation=talk, text="Anders.")
    answer = mine.post(reverse("change"), {"text": NEW, "version": 1, **of(talk.giver)})
    assert (answer.status_code, Wording.objects.count()) == (422, 2)
    page = answer.content.decode()
    assert ("intussen veranderd" in page, NEW in page, "Anders." in page) == (True, True, True)
    assert answer.context["form"]["version"].value() == "2"  # who keeps it once more has read it


@pytest.mark.parametrize("text", ["", "   ", "x" * 100_001])
def test_nothing_and_far_too_much_are_refused_and_nothing_is_kept(mine: Client, text: str) -> None:
    assert say(mine, text) == 422
    assert Wording.objects.count() == 1


def test_the_same_words_again_are_no_new_version(mine: Client) -> None:
    assert say(mine, f" {TEXT}\r\n") == 302
    assert Wording.objects.count() == 1


def test_who_took_everything_back_or_forbade_writing_down_changes_no_words(
    mine: Client, talk: Conversation
) -> None:
    listening.allow(giver=talk.giver, purpose=Purpose.NOTE, given=False)
    assert say(mine, NEW) == 422
    listening.withdraw(giver=talk.giver)
    assert say(mine, NEW) == 422
    with pytest.raises(Refusal) as refused:
        listening.reword(giver=Giver.objects.get(), version=1, text=NEW)
    assert (refused.value.notice.code, Wording.objects.count()) == ("own_words_changed", 1)


def test_without_a_card_nobody_changes_words(talk: Conversation) -> None:
    assert (say(Client(), NEW), Wording.objects.count()) == (403, 1)
    guessed = Client().post(reverse("change"), {"text": NEW, "version": 1, "code": "zzzzzzzzzz"})
    assert (guessed.status_code, Wording.objects.count()) == (422, 1)
    assert NEW in guessed.content.decode()


def _late(mine: Client, given: dict[str, object]) -> dict[str, object]:
    """What a browser sends from the page that asks for the code again, once it is typed."""
    del mine.cookies["card"]
    asked = mine.post(reverse("change"), given)
    page = asked.content.decode()
    assert (asked.status_code, "Typ uw code opnieuw." in page) == (403, True)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    hidden.pop("csrfmiddlewaretoken", None)
    typed = re.search(r'name="text"[^>]*>\n([^<]*)</textarea>', page)
    return hidden | ({"text": html.unescape(typed[1])} if typed else {})


@pytest.mark.parametrize(
    ("given", "came"),
    [
        (
            {"text": NEW, "version": 1},
            lambda giver: giver.withdrawn_at is None and Wording.objects.get(number=2).text == NEW,
        ),
        ({"withdraw": "1"}, lambda giver: giver.withdrawn_at is not None),
        ({"no": "public"}, lambda giver: not access.allowed(giver)["public"]),
    ],
    ids=["text", "withdraw", "consent"],
)
def test_who_waited_too_long_types_the_code_again_and_it_is_done(
    mine: Client, talk: Conversation, given: dict[str, object], came: Callable[[Giver], bool]
) -> None:
    given |= of(talk.giver)
    waits = _late(mine, given)
    assert waits == {name: str(value) for name, value in given.items()}
    assert Wording.objects.count() == 1
    assert mine.post(reverse("change"), waits | {"code": "zzzzzzzzzz"}).status_code == 422
    done = mine.post(reverse("change"), waits | {"code": access.card_of(talk.giver_id)})
    assert (done.status_code, done["Location"]) == (302, reverse("my_contribution"))
    assert came(Giver.objects.get())
    assert mine.get(reverse("my_contribution")).status_code == 200


def test_twin_without_what_waits_the_words_are_gone(
    mine: Client, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ASKED", ())
    del mine.cookies["card"]
    page = mine.post(reverse("change"), {"text": NEW, "version": 1}).content.decode()
    assert NEW not in page


def test_a_page_of_a_card_that_is_over_leads_to_where_the_code_is_typed(mine: Client) -> None:
    del mine.cookies["card"]
    answer = mine.get(reverse("my_contribution") + "?taal=ar")
    assert (answer.status_code, answer["Location"]) == (302, reverse("contribution") + "?taal=ar")


NAMED = "Bel Truus op 06-12345678. De straat leeft."


@pytest.fixture
def named(journey: Journey, person: Person) -> Quote:
    """Words with a number that nobody saw at the first check, under a theme and a finding."""
    talk = heard(person(Role.FIELD_WORKER), journey, NAMED)
    listening.check(by=person(Role.FIELD_WORKER), conversation=talk, reason="Van de winkel")
    by = person(Role.CODER)
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=25)
    theme = sense.add_theme(by=by, journey=journey, key=uuid4(), name="Hulp", perspective="space")
    sense.code(by=by, quote=quote, theme=theme, says="worse")
    finding = sense.find(by=by, journey=journey, key=uuid4(), claim="Hulp", perspective="space")
    sense.weigh(by=by, finding=finding, thing=quote, direction=1)
    return quote


def told(team: Client, quote: Quote) -> list[str]:
    """The pages of the team on which the number stands."""
    journey, theme = quote.journey, quote.codings.get().theme
    found = {
        "board": reverse("beside", args=[journey.pk]), "theme": reverse("theme", args=[theme.pk]),
        "finding": reverse("finding", args=[quote.evidence.get().finding_id]),
        "words": reverse("quote", args=[quote.pk]), "thread": reverse("thread", args=[journey.pk]),
        "search": reverse("look_for", args=[journey.pk]) + "?q=Truus",
        "talk": reverse("conversation", args=[quote.wording.conversation_id]),
    }  # fmt: skip
    return [name for name, at in found.items() if "06-12345678" in team.get(at).content.decode()]


def test_a_number_in_words_is_gone_everywhere_from_sending_back_until_after_the_new_check(
    named: Quote, person: Person, signed: Signed
) -> None:
    field, talk = person(Role.FIELD_WORKER), named.wording.conversation
    for role in (Role.PLANNER, Role.CODER):
        assert len(told(signed(role), named)) >= 5
    listening.send_back(by=person(Role.CODER), conversation=talk, why="Een nummer")
    assert [told(signed(role), named) for role in (Role.PLANNER, Role.CODER)] == [[], []]
    places = {(span.start, span.end) for span in personal.find(NAMED)}
    listening.mask(by=field, conversation=talk, version=1, places=places)
    listening.check(by=field, conversation=talk)
    assert [told(signed(role), named) for role in (Role.PLANNER, Role.CODER)] == [[], []]
    page = signed(Role.CODER).get(reverse("finding", args=[named.evidence.get().finding_id]))
    assert "de woorden die hier stonden, zijn later verbeterd." in page.content.decode()


def test_what_was_given_back_for_nothing_stands_again_after_the_check(
    named: Quote, person: Person, signed: Signed
) -> None:
    talk = named.wording.conversation
    before = told(signed(Role.PLANNER), named)
    listening.send_back(by=person(Role.CODER), conversation=talk, why="Een nummer?")
    assert told(signed(Role.PLANNER), named) == []
    listening.check(by=person(Role.FIELD_WORKER), conversation=talk, reason="Van de winkel")
    assert told(signed(Role.PLANNER), named) == before


def test_words_that_are_kept_from_a_page_read_before_the_correction_stand_nowhere(
    journey: Journey, person: Person
) -> None:
    talk = heard(person(Role.FIELD_WORKER), journey, NAMED)
    read = talk.wordings.get()
    listening.correct(by=person(Role.FIELD_WORKER), conversation=talk, text="De straat leeft.")
    listening.check(by=person(Role.FIELD_WORKER), conversation=talk)
    for start, end in ((0, 25), (26, len(NAMED))):
        sense.quote(by=person(Role.CODER), wording=read, start=start, end=end)
    assert words(journey, Purpose.NOTE) == {"De straat leeft."}


def photographed(talk: Conversation, signed: Signed) -> UUID:
    listening.allow(giver=talk.giver, purpose=Purpose.PHOTO, given=True)
    key = uuid4()
    to = reverse("receive_photo", args=[talk.journey_id, talk.pk, key])
    assert signed(Role.FIELD_WORKER).post(to, JPEG, "image/jpeg").status_code == 200
    return key


def test_a_giver_sees_the_photo_beside_their_story_and_nobody_elses(
    mine: Client, talk: Conversation, signed: Signed, person: Person
) -> None:
    other = heard(person(Role.FIELD_WORKER), talk.journey, "Een ander.")
    key = photographed(talk, signed)
    address = reverse("my_photo", args=[key])
    assert f'src="{address}"' in mine.get(reverse("my_contribution")).content.decode()
    shown = mine.get(address)
    assert (shown.status_code, shown["Content-Type"], shown["Cache-Control"]) == (
        200, "image/jpeg", "max-age=0, no-cache, no-store, must-revalidate, private",
    )  # fmt: skip
    others = with_card(access.card_of(other.giver_id))
    assert [one.get(address).status_code for one in (others, Client())] == [404, 404]


def test_a_photo_that_was_forbidden_or_taken_back_is_not_shown(
    mine: Client, talk: Conversation, signed: Signed
) -> None:
    address = reverse("my_photo", args=[photographed(talk, signed)])
    mine.post(reverse("change"), {"no": Purpose.PHOTO, **of(talk.giver)})
    again = reverse("my_photo", args=[photographed(talk, signed)])
    mine.post(reverse("change"), {"withdraw": "1", **of(talk.giver)})
    assert [mine.get(one).status_code for one in (address, again)] == [404, 404]


def test_whether_they_want_an_answer_a_giver_changes_as_the_other_answers(
    mine: Client, talk: Conversation
) -> None:
    asked = "U vroeg om een antwoord."
    said = []
    for given in ("yes", "no"):
        mine.post(reverse("change"), {given: "answer", **of(talk.giver)})
        talk.giver.refresh_from_db()
        page = mine.get(reverse("my_contribution")).content.decode()
        said.append((talk.giver.wants_answer, asked in page, plan.waiting(talk.journey)))
    assert said == [(True, True, 1), (False, False, 0)]
    verbs = AuditLine.objects.filter(subject=str(talk.giver_id)).values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["want_answer", "want_no_answer"]


def test_after_everything_was_taken_back_nobody_waits_for_an_answer(
    mine: Client, talk: Conversation
) -> None:
    mine.post(reverse("change"), {"no": "answer", **of(talk.giver)})
    mine.post(reverse("change"), {"withdraw": "1", **of(talk.giver)})
    mine.post(reverse("change"), {"yes": "answer", **of(talk.giver)})
    talk.giver.refresh_from_db()
    assert talk.giver.wants_answer is False


def test_who_was_answered_does_not_read_that_nothing_was_done(
    mine: Client, talk: Conversation, person: Person
) -> None:
    """“Nothing yet. We are still listening” stood above the answer."""
    nothing, pages = "Nog niets. We luisteren nog.", []
    pages.append(mine.get(reverse("my_contribution")).content.decode())
    told = "Wij zoeken een plek voor u."
    plan.answer(by=person(Role.CODER), giver=talk.giver, key=uuid4(), text=told)
    pages.append(mine.get(reverse("my_contribution")).content.decode())
    assert [(nothing in page, told in page) for page in pages] == [(True, False), (False, True)]


@pytest.mark.parametrize("code", sorted(spoken.with_card()))
def test_no_language_promises_what_paper_says_once_it_is_printed(code: str) -> None:
    """“In a plan that was printed before, it says: withdrawn” was true of no paper."""
    gone = {"nl": "ingetrokken", "en": "withdrawn", "ar": "سُحبت", "tr": "geri çekildi",
            "pl": "wycofane", "uk": "відкликано"}  # fmt: skip
    assert gone[code] not in spoken.with_card()[code]["taken_text"]


# -- two cards in one browser, and a browser that others use next


@pytest.fixture
def other(journey: Journey, person: Person, talk: Conversation) -> Conversation:
    """Of somebody else, whose card is typed in the same browser."""
    made = heard(person(Role.FIELD_WORKER), journey, "Het is hier stil.")
    listening.check(by=person(Role.FIELD_WORKER), conversation=made)
    return made


def _acts() -> list[dict[str, str]]:
    return [{"text": NEW, "version": "1"}, {"withdraw": "1"}, {"no": "public"}, {"no": "answer"}]


def _state(talk: Conversation) -> tuple[object, ...]:
    giver = Giver.objects.get(pk=talk.giver_id)
    last = talk.wordings.latest("number").text
    return last, giver.withdrawn_at, access.allowed(giver)["public"], giver.wants_answer


@pytest.mark.parametrize("given", _acts())
def test_a_page_of_one_giver_never_acts_for_another_whose_card_was_typed_since(
    mine: Client, talk: Conversation, other: Conversation, given: dict[str, str]
) -> None:
    before = _state(talk), _state(other)
    mine.post(reverse("contribution"), {"code": access.card_of(other.giver_id)})
    for sent in (given | of(talk.giver), given, given | {"of": "x"}):
        answer = mine.post(reverse("change") + "?taal=tr", sent)
        page = answer.content.decode()
        assert (answer.status_code, spoken.with_card()["tr"]["other"] in page) == (409, True)
        assert html.escape(given.get("text", "")) in page
        assert (_state(talk), _state(other)) == before


@pytest.mark.parametrize("given", _acts())
def test_twin_without_that_mark_the_act_of_one_falls_on_the_other(
    mine: Client, talk: Conversation, other: Conversation, given: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    listening.want_answer(giver=other.giver, wants=True)
    before = _state(talk), _state(other)
    monkeypatch.setattr(views, "_is_of", lambda *_given: True)
    mine.post(reverse("contribution"), {"code": access.card_of(other.giver_id)})
    mine.post(reverse("change"), given | of(talk.giver))
    assert (_state(talk) == before[0], _state(other) == before[1]) == (True, False)


def test_what_waited_is_done_with_the_card_of_its_own_giver_and_with_no_other(
    mine: Client, talk: Conversation, other: Conversation
) -> None:
    mine.post(reverse("contribution"), {"code": access.card_of(other.giver_id)})
    given = {"text": NEW, "version": "1", **of(talk.giver)}
    wrong = mine.post(reverse("change"), given | {"code": access.card_of(other.giver_id)})
    assert (wrong.status_code, Wording.objects.count()) == (422, 2)
    assert spoken.with_card()["nl"]["not_this"] in wrong.content.decode()
    right = mine.post(reverse("change"), given | {"code": access.card_of(talk.giver_id)})
    assert (right.status_code, talk.wordings.latest("number").text) == (302, NEW)


def test_a_story_closes_with_the_button_with_the_browser_and_at_the_front_door(
    talk: Conversation,
) -> None:
    code, page = access.card_of(talk.giver_id), reverse("my_contribution")
    closed = spoken.with_card()["nl"]["closed"]
    for leave in (
        lambda one: one.post(reverse("contribution"), {"close": "1"}),
        lambda one: one.get(reverse("contribution")),
    ):
        browser = with_card(code)
        kept = browser.cookies["card"]
        assert (kept["max-age"], kept["expires"], kept["httponly"]) == ("", "", True)
        assert browser.get(page).content.decode().count('name="close"') == 2
        answer = leave(browser)
        assert (answer.status_code, closed in answer.content.decode()) == (200, True)
        assert browser.get(page).status_code == 302
    assert closed not in Client().get(reverse("contribution")).content.decode()


def test_half_an_hour_after_the_code_was_typed_the_story_is_closed(
    mine: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mine.get(reverse("my_contribution")).status_code == 200
    monkeypatch.setattr(access, "CARD_SECONDS", -1)
    assert mine.get(reverse("my_contribution")).status_code == 302


def test_right_codes_are_not_counted_and_after_twenty_wrong_ones_it_is_told_how_long_to_wait(
    talk: Conversation,
) -> None:
    page, code = reverse("contribution") + "?taal=pl", access.card_of(talk.giver_id)
    assert [Client().post(page, {"code": code}).status_code for _ in range(25)] == [302] * 25
    wrong = [Client().post(page, {"code": f"aaaaabbb{n:02d}"}) for n in range(21)]
    assert [one.status_code for one in wrong] == [422] * 20 + [429]
    assert spoken.with_card()["pl"]["often"] in wrong[-1].content.decode()


def test_a_yes_or_no_keeps_what_was_typed_beside_it_on_the_page(
    mine: Client, talk: Conversation
) -> None:
    beside = {"text": NEW, "version": "1", "no": "public", **of(talk.giver)}
    answer = mine.post(reverse("change"), beside)
    page = answer.content.decode()
    assert (answer.status_code, access.allowed(talk.giver)["public"]) == (200, False)
    assert (NEW in page, spoken.with_card()["nl"]["unsaved"] in page) == (True, True)
    assert talk.wordings.count() == 1
    assert mine.post(reverse("change"), beside | {"text": TEXT}).status_code == 302


@pytest.mark.parametrize("code", sorted(spoken.with_card()))
def test_the_warning_stands_once_and_every_word_around_it_is_of_the_language(
    mine: Client, talk: Conversation, code: str
) -> None:
    say = spoken.with_card()[code]
    sent = {"text": "Bel 06-12345678.", "version": 1, **of(talk.giver)}
    page = mine.post(f"{reverse('change')}?taal={code}", sent).content.decode()
    told = [page.count(html.escape(say[name])) for name in ("known", "words_help")]
    assert told == [1, 1]
    assert page.count('<mark class="personal">') == 1
    assert (page.count(">Wat u zei<"), "Verander wat niet klopt." in page) == (
        (1, True) if code == "nl" else (0, False)
    )
    for text, name in (("", "empty"), ("  ", "empty"), ("x" * 100_001, "long")):
        page = mine.post(f"{reverse('change')}?taal={code}", sent | {"text": text})
        assert html.escape(say[name]) in page.content.decode()


def test_one_card_tries_six_times_a_minute_and_no_text_is_looked_at_after_that(
    mine: Client, talk: Conversation, other: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = {"text": "Bel 06-12345678.", "version": 1, **of(talk.giver)}
    assert [mine.post(reverse("change"), sent).status_code for _ in range(6)] == [422] * 6
    monkeypatch.setattr(personal, "find", None)
    late = mine.post(reverse("change"), sent)
    page = late.content.decode()
    assert (late.status_code, spoken.with_card()["nl"]["slower"] in page) == (429, True)
    assert "Bel 06-12345678." in page
    monkeypatch.undo()
    assert with_card(access.card_of(other.giver_id)).post(
        reverse("change"), {"text": NEW, "version": 1, **of(other.giver)}
    ).status_code == 302  # fmt: skip


def test_of_a_thousand_numbers_twenty_are_shown_and_the_answer_stays_small(
    mine: Client, talk: Conversation
) -> None:
    text = " ".join(f"06{n:08d}" for n in range(10_000_000, 10_001_000))
    sent = {"text": text, "version": 1, **of(talk.giver)}
    answer = mine.post(reverse("change"), sent)
    page = answer.content.decode()
    assert (page.count('<mark class="personal">'), len(page) < 3 * len(text) + 20_000) == (20, True)
    marks = " ".join(one.mark for one in answer.context["form"].suspects)
    assert mine.post(reverse("change"), sent | {"warned": marks}).status_code == 302


# -- what came of it


def came(mine: Client) -> str:
    page = mine.get(reverse("my_contribution")).content.decode()
    return page.partition("2. Dit hebben wij ermee gedaan")[2].partition("3. Dit vindt u goed")[0]


@pytest.mark.parametrize(("direction", "otherwise"), [(1, False), (0, False), (-1, True)])
def test_a_giver_reads_which_words_led_where_and_that_they_saw_it_otherwise(
    mine: Client, talk: Conversation, person: Person, direction: int, *, otherwise: bool
) -> None:
    by, journey = person(Role.PLANNER), talk.journey
    quote = sense.quote(by=person(Role.CODER), wording=talk.wordings.get(), start=0, end=19)
    finding = sense.find(by=by, journey=journey, key=uuid4(), claim="Het is hier goedkoop",
                         perspective="space")  # fmt: skip
    sense.weigh(by=by, finding=finding, thing=quote, direction=direction)
    plan.set_opgave(by=by, journey=journey, key=uuid4(), sentence="Ruimte erbij",
                    perspective="space", findings=[finding], assumption="Ja")  # fmt: skip
    told = came(mine)
    assert [words in told for words in (quote.words, finding.claim, "U zag het anders.")] == [
        True, True, otherwise,
    ]  # fmt: skip
    assert ("Ruimte erbij" in told) is not otherwise
    assert not re.search("bevinding|opgave|inspanning", told, re.IGNORECASE)


def test_a_giver_reads_why_an_idea_was_not_chosen_and_finds_the_public_plan(
    mine: Client, finding: Finding, person: Person
) -> None:
    by, journey = person(Role.AREA_MANAGER), finding.journey
    opgave = plan.set_opgave(by=by, journey=journey, key=uuid4(), sentence="Ruimte",
                             perspective="space", findings=[finding], assumption="Ja")  # fmt: skip
    goal = plan.set_goal(by=by, opgave=opgave, key=uuid4(), sentence="Meer", year=2028, sign="Ja")
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=1, hours=1)
    costs = {"costs": (1, 1, 1), "hours": 1, "assumption": "Ja", "perspective": "space"}
    effort = plan.propose(by=by, goal=goal, key=uuid4(), title="Winkel", instrument="x", **costs)
    plan.decide(by=by, effort=effort, choice="not", reason="Te duur voor dit jaar.")
    public = reverse("published", args=[made.pk])
    told = came(mine)
    assert [words in told for words in ("nog niet besloten", "Te duur", public)] == [
        True, False, False,
    ]  # fmt: skip
    plan.advance(by=by, plan=made, to=Plan.State.CONSULTATION)
    Plan.objects.update(state=Plan.State.ADOPTED)
    told = came(mine)
    why = "Waarom niet?" in told and "Te duur voor dit jaar." in told
    assert ("niet gekozen" in told, why, public in told) == (True, True, True)
