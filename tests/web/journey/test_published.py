# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The plan for everyone: what was laid down, in six languages, with words only while allowed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.test_sense import heard
from wijkeconomie.fieldwork import plain
from wijkeconomie.web.accounts.models import AuditLine, Municipality, Role, User
from wijkeconomie.web.journey import access, documents, presenting, published, seed
from wijkeconomie.web.journey.actions import listening, mending, sense
from wijkeconomie.web.journey.actions import plan as plan_actions
from wijkeconomie.web.journey.actions.plan import advance, digest, snapshot
from wijkeconomie.web.journey.models import (
    STRUCK,
    Effort,
    Evidence,
    Finding,
    Journey,
    Plan,
    Purpose,
    Quote,
    Version,
)
from wijkeconomie.web.paper import as_html
from wijkeconomie.web.templatetags.journey import euros


@pytest.fixture
def plan(municipality: Municipality, person: Callable[[Role], User]) -> Plan:
    seed.tell(municipality=municipality, by=person(Role.AREA_MANAGER))
    return Plan.objects.get()


def read(plan: Plan, code: str = "nl") -> str:
    answer = Client().get(reverse("published", args=[plan.pk]), {"taal": code})
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    return unescape(answer.content.decode())


def test_anyone_reads_what_is_done_and_what_not_and_why(plan: Plan) -> None:
    page = published.published(plan, access.laid_down(plan), "nl")
    chosen = [e.title for e in Effort.objects.all() if e.choice == "chosen"]
    assert {one.title for part in page.parts for one in part.doing} == set(chosen)
    assert page.turned == tuple(
        (e.title, e.reason) for e in Effort.objects.all() if e.choice == "not"
    )
    assert all(part.reasons for part in page.parts)
    assert page.state == "De gemeenteraad heeft dit plan vastgesteld."
    text = read(plan)
    assert [title in text for title in chosen] == [True] * len(chosen)


def test_hard_words_of_every_sentence_of_ours_are_explained(plan: Plan) -> None:
    page = published.published(plan, access.laid_down(plan), "nl")
    shown = [text for part in page.parts for reason in part.reasons for text in (reason.contrary,)]
    shown += [text for part in page.parts for text in (part.sentence, *part.looks)]
    shown += [text for part in page.parts for one in part.doing for text in one.promises]
    assert all(shown[-3:])
    assert set(shown) <= {text for part in page.parts for text in part.ours}
    every = [text for part in page.parts for text in part.ours]
    every += [text for pair in page.turned for text in pair]
    assert page.words == tuple(sorted({word for text in every for word in plain.unknown(text)}))


def test_one_thing_is_told_as_one_in_every_language_and_nothing_that_is_not_done_has_no_chapter(
    plan: Plan,
) -> None:
    version = access.laid_down(plan)
    assert version is not None
    one = next(e for e in version.content["efforts"] if e["choice"] == "chosen")
    version.content = {**version.content, "efforts": [one]}
    cost = euros(one["cost_likely"])
    told = {code: published.published(plan, version, code).money for code in presenting.texts()}
    assert told == {code: presenting.told(say, "plan_money_one", amount=cost)
                    for code, say in presenting.texts().items()}  # fmt: skip
    assert told["nl"] == f"We doen 1 ding. Het kost ongeveer {cost}."
    anchors = [chapter.anchor for chapter in published.residents(plan, version).chapters]
    assert anchors[:2] == ["doen", "u"]
    every = [chapter.anchor for chapter in published.residents(plan).chapters]
    assert every[:3] == ["doen", "niet", "u"]  # the twin: where something is not done


def _reworded(plan: Plan, person: Callable[[Role], User]) -> str:
    """What everyone reads, and the council's document, after a finding under an adopted plan was
    judged anew and a next step was taken."""
    key = plan.versions.order_by("number").last().content["opgaven"][0]["grounds"][0][0]
    finding = Finding.objects.get(pk=key)
    sense.judge(by=person(Role.CODER), finding=finding, verdict=finding.verdict,
                confidence=finding.confidence, contrary="Men wil een casino.")  # fmt: skip
    now = as_html(documents.council(plan))
    advance(by=person(Role.PLANNER), plan=plan, to=Plan.State.UNDER_WAY)
    return now + read(plan)


def test_what_was_adopted_says_the_same_however_findings_are_judged_after_it(
    plan: Plan, person: Callable[[Role], User]
) -> None:
    before = {name: one for name, one in plan.versions.last().content.items() if name != "state"}
    assert "casino" not in _reworded(plan, person)
    last = plan.versions.order_by("number").last()
    assert {name: one for name, one in last.content.items() if name != "state"} == before
    assert last.content["state"] == last.state == Plan.State.UNDER_WAY


def test_twin_written_down_anew_it_says_something_else(
    plan: Plan, person: Callable[[Role], User], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (plan_actions, documents):
        monkeypatch.setattr(module, "contents", snapshot)
    assert _reworded(plan, person).count("casino") > 1


def test_words_stand_on_the_side_on_which_they_speak(plan: Plan) -> None:
    page = published.published(plan, access.laid_down(plan), "nl")
    pieces = Evidence.objects.exclude(quote=None).select_related("finding", "quote")
    sides = {(one.finding.claim, one.quote.words): one.direction for one in pieces}
    shown = [
        (sides[reason.claim, words], side)
        for part in page.parts for reason in part.reasons
        for side, voices in ((1, reason.voices), (-1, reason.against)) for words, _lang in voices
    ]  # fmt: skip
    assert {said for said, _side in shown} == {1, -1}
    assert [said for said, side in shown if said != side] == []


def test_what_the_neighbourhood_disputes_is_said_on_the_page_and_in_the_documents(
    plan: Plan,
) -> None:
    version = access.laid_down(plan)
    page = published.published(plan, version, "nl")
    said = {reason.claim: reason.standing for part in page.parts for reason in part.reasons}
    settled = {one.claim: one.standing for one in Finding.objects.all()}
    say = presenting.texts()["nl"]
    assert said == {
        claim: say[settled[claim]] if settled[claim] in Finding.SETTLED else "" for claim in said
    }
    assert say["disputed"] in said.values()
    for kind in ("raad", "bewoners"):
        assert "Door de wijk betwist" in str(published.KINDS[kind](plan, version))


@pytest.mark.parametrize("code", sorted(presenting.texts()))
def test_the_frame_speaks_every_language_and_the_plan_stays_dutch(plan: Plan, code: str) -> None:
    text, say = read(plan, code), presenting.texts()[code]
    assert say["plan_do"] in text
    assert f'lang="{code}" dir="{say["direction"]}"' in text
    assert (say["unchecked"] in text) == (not say["checked_by_native"])


def typed(plan: Plan, left_out: int = 0) -> dict[str, str]:
    """Every sentence of it in Turkish, as it were, but the last few."""
    sentences = published.published(plan, access.laid_down(plan), "nl").sentences
    kept = len(sentences) - left_out
    return {f"s{at}": f"TR {one}" if at < kept else "" for at, one in enumerate(sentences)}


def test_what_was_typed_in_another_language_stands_there_and_the_version_stays(
    plan: Plan, signed: Signed
) -> None:
    laid = [(one.digest, one.whole) for one in plan.versions.all()]
    page = reverse("plan_in", args=[plan.pk, "tr"])
    sent = signed(Role.PLANNER).post(page, typed(plan))
    assert (sent.status_code, sent["Location"]) == (302, f"/wijkplan/{plan.pk}/?taal=tr")
    shown, say = read(plan, "tr"), presenting.texts()["tr"]
    title = access.laid_down(plan).content["title"]
    assert f'<h1><span lang="tr" dir="auto">TR {title}</span></h1>' in shown
    assert say["dutch_only"] not in shown
    assert f"TR {title}" not in read(plan, "pl")
    assert [(one.digest, one.whole) for one in plan.versions.all()] == laid


def test_what_nobody_typed_stays_dutch_and_the_page_says_so(plan: Plan, signed: Signed) -> None:
    page = reverse("plan_in", args=[plan.pk, "tr"])
    assert signed(Role.PLANNER).post(page, typed(plan, left_out=1)).status_code == 302
    last = published.published(plan, access.laid_down(plan), "nl").sentences[-1]
    shown = read(plan, "tr")
    assert f'<span lang="nl" dir="auto">{last}</span>' in shown
    assert presenting.texts()["tr"]["dutch_only"] in shown


def test_a_sentence_that_is_laid_down_otherwise_is_not_told_in_words_of_before(
    plan: Plan, signed: Signed
) -> None:
    title = access.laid_down(plan).content["title"]
    Plan.objects.update(spoken={"tr": {f"{title} van toen": "TR"}})
    assert f'<span lang="nl" dir="auto">{title}</span>' in read(plan, "tr")


def test_only_who_plans_types_it_and_only_in_a_language_of_the_page(
    plan: Plan, signed: Signed
) -> None:
    page = reverse("plan_in", args=[plan.pk, "tr"])
    assert signed(Role.CODER).post(page, typed(plan)).status_code == 403
    other = reverse("plan_in", args=[plan.pk, "xx"])
    assert signed(Role.PLANNER).get(other).status_code == 404


def test_a_draft_is_for_nobody_and_a_plan_that_goes_back_disappears(plan: Plan) -> None:
    last = plan.versions.order_by("number").last()
    type(last).objects.filter(pk=last.pk).update(state=Plan.State.CONCEPT)
    assert Client().get(reverse("published", args=[plan.pk])).status_code == 404
    plan.versions.all().delete()
    assert Client().get(reverse("published", args=[plan.pk])).status_code == 404


def public_words(plan: Plan) -> list[Quote]:
    shown = read(plan)
    return [q for q in access.quotes(plan.journey, Purpose.PUBLIC) if f"“{q.words}”" in shown]


@pytest.mark.parametrize("act", [
    lambda giver: listening.withdraw(giver=giver),
    lambda giver: listening.allow(giver=giver, purpose=Purpose.PUBLIC, given=False),
])  # fmt: skip
def test_words_go_in_the_request_after_their_giver_says_so(
    plan: Plan, act: Callable[[object], None]
) -> None:
    said = public_words(plan)[0]
    act(said.wording.conversation.giver)
    assert f"“{said.words}”" not in read(plan)


def test_twin_without_asking_for_public_words_they_would_stay(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = public_words(plan)[0]
    listening.allow(giver=said.wording.conversation.giver, purpose=Purpose.PUBLIC, given=False)
    real = access.quotes
    monkeypatch.setattr(access, "quotes", lambda journey, *_purpose: real(journey))
    monkeypatch.setattr(published, "SHOWN", 99)
    assert f"“{said.words}”" in read(plan)


def laid_down_quote(plan: Plan) -> Quote:
    """One that the plan as it was laid down rests on, of a giver with one quote."""
    for said in public_words(plan):
        if Quote.objects.filter(wording=said.wording).count() == 1:
            return said
    raise AssertionError


def told(plan: Plan, kind: str) -> str:
    """What everyone reads of the last version: the page, or the version for residents."""
    if kind == "page":
        return read(plan)
    return unescape(as_html(published.residents(plan, access.laid_down(plan))))


GONE = {"page": "woorden die later zijn ingetrokken (aantal: {})",
        "residents": "citaat onder deze zin ingetrokken"}  # fmt: skip


@pytest.mark.parametrize("kind", GONE)
def test_that_words_were_withdrawn_is_said_with_their_number_and_the_plan_stays(
    plan: Plan, kind: str
) -> None:
    said, digest = laid_down_quote(plan), access.laid_down(plan).digest
    line = GONE[kind].format(1)
    before = told(plan, kind).count(line)
    listening.withdraw(giver=said.wording.conversation.giver)
    text = told(plan, kind)
    assert (text.count(line), said.words in text) == (before + 1, False)
    assert access.laid_down(plan).digest == digest


@pytest.mark.parametrize("kind", GONE)
def test_words_that_are_no_longer_public_or_wait_for_a_check_are_not_called_withdrawn(
    plan: Plan, kind: str
) -> None:
    said = laid_down_quote(plan)
    before = told(plan, kind).count(GONE[kind].format(1))
    giver, talk = said.wording.conversation.giver, said.wording.conversation
    listening.send_back(by=talk.made_by, conversation=talk, why="Er staat een naam in.")
    assert told(plan, kind).count(GONE[kind].format(1)) == before
    assert "“ingetrokken”" not in unescape(
        as_html(documents.council(plan, access.laid_down(plan)))
    ).replace("“ingetrokken”", "", 1)  # one giver of the story took theirs back
    listening.allow(giver=giver, purpose=Purpose.PUBLIC, given=False)
    assert told(plan, kind).count(GONE[kind].format(1)) == before


@pytest.mark.parametrize("kind", GONE)
def test_twin_counting_all_that_is_not_shown_would_call_them_withdrawn(
    plan: Plan, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = laid_down_quote(plan)
    before = told(plan, kind).count(GONE[kind].format(1))
    listening.allow(giver=said.wording.conversation.giver, purpose=Purpose.PUBLIC, given=False)
    monkeypatch.setattr(access, "upheld", lambda journey: journey.quotes.none())
    assert told(plan, kind).count(GONE[kind].format(1)) == before + 1


@pytest.mark.parametrize(("code", "words"), [
    ("nl", "3 mei 2026"), ("en", "3 May 2026"), ("ar", "3 مايو 2026"), ("tr", "3 Mayıs 2026"),
    ("pl", "3 maja 2026"), ("uk", "3 травня 2026"),
])  # fmt: skip
def test_a_day_is_in_words_in_the_language_of_the_page(code: str, words: str) -> None:
    assert presenting.day(date(2026, 5, 3), code) == words


def apart(text: object) -> str:
    return f"\u2068{text}\u2069"


def test_from_right_to_left_amounts_numbers_and_dutch_words_keep_their_own_order(
    plan: Plan,
) -> None:
    pages = {
        code: published.published(plan, access.laid_down(plan), code)
        for code in presenting.texts()
    }  # fmt: skip
    arabic = pages.pop("ar")
    promises = [one for part in arabic.parts for doing in part.doing for one in doing.promises]
    assert arabic.money.endswith(apart(euros(11_900_000)) + ".")
    assert promises[0].startswith(apart("Woningcorporatie"))
    assert promises[0].endswith(apart("1 مارس 2027"))
    assert "\u2068" not in str(list(pages.values()))
    text = read(plan, "ar")
    assert [f"<li>{one}</li>" in text for one in promises] == [True] * len(promises)  # bullet right
    assert '<li lang="nl" dir="auto">' not in text


def test_the_day_of_a_version_is_that_of_here(plan: Plan) -> None:
    """Half past midnight in July is still yesterday in UTC."""
    Version.objects.filter(plan=plan).update(made_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    version = plan.versions.order_by("number").last()
    for kind in published.KINDS:
        assert "1 juli 2026" not in as_html(published.KINDS[kind](plan, version))
    assert "2 juli 2026" in as_html(published.KINDS["raad"](plan, version))
    assert "2 juli 2026" in published.published(plan, version, "nl").version


def renamed(plan: Plan) -> Version:
    """The version that was laid down, after journey and plan got other names."""
    version = access.laid_down(plan)
    Journey.objects.filter(pk=plan.journey_id).update(name="Andere reis")
    Plan.objects.filter(pk=plan.pk).update(title="Ander plan")
    plan.refresh_from_db()
    plan.journey.refresh_from_db()
    return version


def test_what_was_laid_down_keeps_the_names_that_it_was_laid_down_with(plan: Plan) -> None:
    journey, title = plan.journey.name, plan.title
    version = renamed(plan)
    page = published.published(plan, version, "nl")
    assert (page.journey, page.title) == (journey, title)
    for kind in ("raad", "bewoners"):
        made = published.KINDS[kind](plan, version)
        assert (made.subtitle, made.title) == (journey, title)
    text = read(plan)
    assert ("Andere reis" in text, "Ander plan" in text, journey in text) == (False, False, True)


def test_a_version_of_before_names_were_kept_has_that_of_now_and_is_still_known_as_laid_down(
    plan: Plan,
) -> None:
    version = access.laid_down(plan)
    older = {name: one for name, one in snapshot(plan).items() if name != "journey"}
    Version.objects.filter(pk=version.pk).update(digest=digest(older), content=older)
    version = Version.objects.get(pk=version.pk)
    assert documents.council(plan, version).subtitle == plan.journey.name
    facts = [name for name, _said in documents.council(plan).facts]
    assert "Vastgelegd op" in facts


@pytest.fixture
def typed_over(plan: Plan, person: Callable[[Role], User]) -> str:
    """A sentence of what was adopted that a giver said word for word, and took back since."""
    said = str(access.laid_down(plan).content["opgaven"][0]["sentence"])
    talk = heard(person(Role.FIELD_WORKER), plan.journey, f"Ik zei: {said}")
    listening.check(by=person(Role.FIELD_WORKER), conversation=talk)
    Plan.objects.update(spoken={"tr": {said: "TR", "Anders": "TR 2"}})
    listening.withdraw(giver=talk.giver)
    return said


def _everywhere(plan: Plan) -> str:
    """What everyone reads, the documents, and all that was ever laid down."""
    version = access.laid_down(plan)
    papers = [as_html(published.KINDS[kind](plan, version)) for kind in ("raad", "bewoners")]
    return read(plan) + "".join(papers) + str([one.content for one in plan.versions.all()])


def test_words_that_were_typed_over_and_taken_back_are_taken_out_of_all_that_was_laid_down(
    plan: Plan, typed_over: str, signed: Signed
) -> None:
    assert _everywhere(plan).count(typed_over) > 3  # the twin: until somebody does so they stand
    manager, page = signed(Role.AREA_MANAGER), reverse("strike", args=[plan.journey_id])
    for place in (page, reverse("journey", args=[plan.journey_id])):
        assert f"{typed_over}</li>" in manager.get(place).content.decode()
    before = [one.digest for one in plan.versions.all()]
    assert manager.post(page, {"sure": "True"}).status_code == 302
    told = _everywhere(plan)
    assert (told.count(typed_over), STRUCK in told) == (0, True)
    assert Plan.objects.get().spoken == {"tr": {"Anders": "TR 2"}}
    assert "staan geen woorden die een gever terugnam" in manager.get(page).content.decode()
    lines = AuditLine.objects.filter(verb="strike").order_by("number")
    assert [line.details["was"] for line in lines] == before


def test_what_was_struck_is_still_what_was_laid_down_and_what_is_altered_otherwise_is_not(
    plan: Plan, typed_over: str, person: Callable[[Role], User]
) -> None:
    strikes = partial(mending.strike, by=person(Role.AREA_MANAGER), journey=plan.journey)
    assert (strikes(), strikes()) == (plan.versions.count(), 0)
    assert access.not_as_laid(plan.journey.municipality) == []
    assert all(access.as_laid(one) for one in plan.versions.all())
    last = plan.versions.order_by("number").last()
    content = last.content | {"title": "Een ander plan"}
    type(last).objects.filter(pk=last.pk).update(content=content, digest=digest(content))
    assert access.not_as_laid(plan.journey.municipality) == [(str(plan.pk), last.number)]


@pytest.mark.parametrize("role", [Role.PLANNER, Role.CODER])
def test_only_who_decides_takes_words_out(
    plan: Plan, typed_over: str, signed: Signed, role: Role
) -> None:
    answer = signed(role).post(reverse("strike", args=[plan.journey_id]), {"sure": "True"})
    assert (answer.status_code, typed_over in _everywhere(plan)) == (403, True)
