# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Search finds inflections, only what the reader may read, in no address or log; likeness waits
for a person."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.bench.large import gather_statistics
from tests.web.journey.conftest import Signed
from tests.web.journey.test_sense import heard
from tests.web.journey.words import the
from wijkeconomie.web import wsgi
from wijkeconomie.web.accounts.models import AuditLine, ProcessingLine, Role, User
from wijkeconomie.web.journey import access, searching, weighing
from wijkeconomie.web.journey.actions import listening, sense
from wijkeconomie.web.journey.models import (
    Coding,
    Consent,
    Conversation,
    Giver,
    Journey,
    Memo,
    Purpose,
    Quote,
    Theme,
    Unlike,
    Wording,
)
from wijkeconomie.web.journey.narrowing import EVERYONE, Only

Person = Callable[[Role], User]
SAID = "De winkel is gesloten. Niemand kocht daar nog."


@pytest.fixture
def theme(journey: Journey, person: Person) -> Theme:
    return sense.add_theme(by=person(Role.CODER), journey=journey, key=uuid4(), name="Huur",
                           perspective="space")  # fmt: skip


def checked(person: Person, journey: Journey, text: str = SAID, **more: object) -> Conversation:
    by = person(Role.FIELD_WORKER)
    talk = heard(by, journey, text, **more)
    listening.check(by=by, conversation=talk)
    return talk


def kept(person: Person, talk: Conversation, words: str = "De winkel is gesloten") -> Quote:
    wording = talk.wordings.latest("number")
    return sense.lift(by=person(Role.CODER), wording=wording, words=words, start=None, themes=[])


def found(journey: Journey, reader: User, words: str, only: Only = EVERYONE) -> searching.Found:
    return searching.found(journey, reader, access.rights(reader, journey), words, only)


def counts(journey: Journey, reader: User, words: str = "sluiten", **only: str) -> list[int]:
    hits = found(journey, reader, words, Only(**only))
    return [len(hits.talks), len(hits.quotes), len(hits.memos)]


def test_another_form_of_the_word_is_found_and_marked(journey: Journey, person: Person) -> None:
    checked(person, journey)
    (hit,) = found(journey, person(Role.CODER), "sluiten").talks
    assert [piece.words for piece in hit.pieces if piece.found] == ["gesloten"]
    assert "".join(piece.words for piece in hit.pieces) == SAID


def test_each_role_finds_what_it_may_read(journey: Journey, person: Person, theme: Theme) -> None:
    """A coder what was checked, a field worker their own, a planner words and memos on themes."""
    by = person(Role.CODER)
    talk = checked(person, journey)
    quote = kept(person, talk)
    heard(person(Role.AREA_MANAGER), journey, SAID)  # not checked, and not one's own
    for about in (theme, talk, quote):
        sense.write_memo(by=by, about=about, key=uuid4(), text="Waarom sluit men?")
    found = {role.value: counts(journey, person(role)) for role in
             (Role.CODER, Role.FIELD_WORKER, Role.PLANNER)}  # fmt: skip
    assert found == {"coder": [1, 1, 3], "field_worker": [1, 1, 0], "planner": [0, 1, 1]}


def test_what_is_taken_back_forbidden_or_replaced_is_found_no_more(
    journey: Journey, person: Person
) -> None:
    first, second, third = (checked(person, journey) for _ in range(3))
    for talk in (first, second):
        quote = kept(person, talk)
        sense.write_memo(by=person(Role.CODER), about=quote, key=uuid4(), text="Sluit zij?")
    coder = person(Role.CODER)
    assert counts(journey, coder) == [3, 2, 2]
    listening.withdraw(giver=first.giver)
    assert counts(journey, coder) == [2, 1, 1]
    listening.allow(giver=second.giver, purpose=Purpose.NOTE, given=False)
    assert counts(journey, coder) == [1, 0, 0]
    listening.allow(giver=second.giver, purpose=Purpose.NOTE, given=True)
    assert counts(journey, coder) == [2, 1, 1]
    listening.correct(by=person(Role.FIELD_WORKER), conversation=third, text="Open.")
    assert counts(journey, person(Role.FIELD_WORKER)) == [1, 1, 0]


def test_words_of_a_text_that_waits_for_a_new_check_are_found_by_nobody_else(
    journey: Journey, person: Person
) -> None:
    talk = checked(person, journey)
    kept(person, talk)
    assert counts(journey, person(Role.PLANNER)) == [0, 1, 0]
    listening.send_back(by=person(Role.CODER), conversation=talk, why="Een naam")
    assert counts(journey, person(Role.PLANNER)) == [0, 0, 0]


def test_twin_a_stale_index_still_hides_what_was_withdrawn_but_does_not_find_what_is_new(
    journey: Journey, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two guards: the index is made anew, and what may be seen is asked at every search."""
    talk = checked(person, journey)
    stale = searching._indexes(journey)
    monkeypatch.setattr(searching, "_indexes", lambda _journey: stale)
    assert counts(journey, person(Role.CODER)) == [1, 0, 0]
    listening.withdraw(giver=talk.giver)
    checked(person, journey)
    assert counts(journey, person(Role.CODER)) == [0, 0, 0]


def test_of_another_journey_nothing_is_found(
    journey: Journey, person: Person, theme: Theme
) -> None:
    checked(person, journey)
    other = Journey.objects.create(
        municipality=journey.municipality, name="Andere", area=journey.area,
        starts_on=journey.starts_on,
    )  # fmt: skip
    assert counts(other, person(Role.CODER)) == [0, 0, 0]


def test_search_can_be_narrowed_to_some_givers(journey: Journey, person: Person) -> None:
    checked(person, journey, giver_kind="entrepreneur", language="tr")
    kept(person, checked(person, journey, age="65+"))
    coder = person(Role.CODER)
    assert counts(journey, coder, kind="entrepreneur") == [1, 0, 0]
    assert counts(journey, coder, age="65+") == [1, 1, 0]
    assert counts(journey, coder, language="tr", age="65+") == [0, 0, 0]


def ask(client: Client, journey: Journey, **given: str) -> tuple[int, str]:
    answer = client.post(reverse("look_for", args=[journey.pk]), given)
    assert answer["Cache-Control"].count("no-store") == 1
    return answer.status_code, answer.content.decode()


def test_words_that_are_looked_for_stand_in_no_address_log_or_table(
    signed: Signed, journey: Journey, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    checked(person, journey)
    before = AuditLine.objects.count()
    with caplog.at_level(logging.DEBUG):
        status, page = ask(signed(Role.CODER), journey, words="Zwanhilde gesloten")
    assert status == 200
    assert page.count("<mark>gesloten</mark>") == 1
    assert "Zwanhilde" not in caplog.text
    main = page[page.index("<main") :]
    assert [one for one in main.split('"') if "Zwanhilde" in one] == ["Zwanhilde gesloten"]
    assert AuditLine.objects.count() == before


def test_who_is_shown_conversations_while_searching_is_in_the_processing_log(
    signed: Signed, journey: Journey, person: Person
) -> None:
    """Of each giver whose conversation stands on the page, once; not of words that were kept."""
    shown, kept_too = checked(person, journey), checked(person, journey)
    checked(person, journey, "Over iets anders.")
    kept(person, kept_too)
    ask(signed(Role.CODER), journey, words="gesloten")
    lines = ProcessingLine.objects.values_list("actor", "person", "activity")
    by = str(person(Role.CODER).pk)
    assert sorted(lines) == sorted(
        (by, str(talk.giver_id), "reading") for talk in (shown, kept_too)
    )
    assert ask(signed(Role.PLANNER), journey, words="gesloten")[1].count("<mark>gesloten") == 1
    ask(signed(Role.CODER), journey, words="zeppelin")
    assert ProcessingLine.objects.count() == 2


def test_twin_what_finds_by_itself_writes_nothing_down(journey: Journey, person: Person) -> None:
    """Without the line that the page writes nobody would know of these readings."""
    checked(person, journey)
    assert counts(journey, person(Role.CODER)) == [1, 0, 0]
    assert ProcessingLine.objects.count() == 0


@pytest.mark.parametrize("count", [2, 20])
def test_a_page_of_hits_asks_as_many_queries_however_many_givers_it_shows(
    signed: Signed, journey: Journey, person: Person, count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    """What is written down of all of them is one query."""
    coder = signed(Role.CODER)
    many(journey, person(Role.CODER), count)
    ask(coder, journey, words="winkel")  # makes the index
    with django_assert_num_queries(8):  # type: ignore[attr-defined]
        ask(coder, journey, words="winkel")
    assert ProcessingLine.objects.count() == 2 * count


def test_words_in_an_address_are_not_read(signed: Signed, journey: Journey, person: Person) -> None:
    checked(person, journey)
    page = signed(Role.CODER).get(reverse("look_for", args=[journey.pk]), {"words": "gesloten"})
    assert "<mark>" not in page.content.decode()


def test_nothing_found_nothing_there_and_nothing_asked_say_so(
    signed: Signed, journey: Journey, person: Person
) -> None:
    coder = signed(Role.CODER)
    assert ask(coder, journey, words="zeppelin")[1].count("Er is nog niets om in te zoeken") == 1
    checked(person, journey)
    assert ask(coder, journey, words="zeppelin")[1].count("Niets gevonden.") == 1
    assert ask(coder, journey, words=" ")[0] == 422
    assert ask(coder, journey, words="w" * 201)[0] == 422
    assert ask(coder, journey, words="w", kind="koning")[0] == 422


def test_a_memo_leads_to_what_it_is_about(
    signed: Signed, journey: Journey, person: Person, theme: Theme
) -> None:
    talk, by = checked(person, journey), person(Role.CODER)
    for about in (talk, kept(person, talk), theme):
        sense.write_memo(by=by, about=about, key=uuid4(), text="Zeppelin")
    status, page = ask(signed(Role.CODER), journey, words="zeppelin")
    memos = page.split('id="memos"')[1].split("</section>")[0]
    assert (status, memos.count(reverse("conversation", args=[talk.pk]))) == (200, 2)
    assert memos.count(reverse("theme", args=[theme.pk])) == 1


def test_marks_are_text_and_no_markup(signed: Signed, journey: Journey, person: Person) -> None:
    checked(person, journey, "<b>winkels</b> & meer")
    page = ask(signed(Role.CODER), journey, words="winkel")[1]
    assert page.count("&lt;b&gt;<mark>winkels</mark>&lt;/b&gt; &amp; meer") == 1


def many(journey: Journey, by: User, count: int, words: int = 40) -> None:
    """*count* checked conversations, each with a quote, without the verbs."""
    own = {"journey": journey, "made_by": by}
    at = datetime(2026, 9, 2, tzinfo=UTC)
    givers = Giver.objects.bulk_create(
        Giver(pseudonym=f"B-{n}", kind="resident", card=f"kaart {n}", **own) for n in range(count)
    )
    Consent.objects.bulk_create(
        Consent(giver=g, purpose="note", given=True, text_version="1", language="nl", how="spoken",
                number=1, **own) for g in givers
    )  # fmt: skip
    talks = Conversation.objects.bulk_create(
        Conversation(giver=g, held_at=at, state="checked", **own) for g in givers
    )
    vocabulary = ["winkel", "straat", "huur", "jongeren", "werk", "school", "plein", "markt", "bus"]
    texts = [" ".join(vocabulary[(n * k + k) % 9] for k in range(words)) for n in range(count)]
    wordings = Wording.objects.bulk_create(
        Wording(conversation=t, number=1, text=text, **own)
        for t, text in zip(talks, texts, strict=True)
    )
    Quote.objects.bulk_create(
        Quote(wording=w, start=0, end=12, words=w.text[:12], **own) for w in wordings
    )
    gather_statistics()


@pytest.mark.parametrize("count", [2, 60])
def test_search_asks_as_many_queries_however_much_was_said(
    journey: Journey, person: Person, theme: Theme, count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    by = person(Role.CODER)
    many(journey, by, count)
    sense.write_memo(by=by, about=theme, key=uuid4(), text="winkel")
    found(journey, by, "winkel")
    with django_assert_num_queries(5):  # type: ignore[attr-defined]
        hits = found(journey, by, "winkels")
    assert len(hits.talks) == min(count, searching.SHOWN)


@pytest.fixture
def few_of_many(journey: Journey, person: Person) -> User:
    """A field worker whose 25 conversations say it at more length than 75 of others."""
    by = person(Role.FIELD_WORKER)
    many(journey, person(Role.CODER), 75, words=1)
    for _ in range(25):
        heard(by, journey, "In onze straat is al jaren geen enkele winkel meer te vinden.")
    return by


def test_who_may_read_few_finds_those_also_behind_many_better_hits(
    journey: Journey, few_of_many: User, django_assert_num_queries: Callable[[int], object]
) -> None:
    """One query more: then all that they may read is asked for."""
    found(journey, few_of_many, "winkel")
    with django_assert_num_queries(5):  # type: ignore[attr-defined]
        hits = found(journey, few_of_many, "winkels")
    assert (len(hits.talks), len(hits.quotes)) == (searching.SHOWN, searching.SHOWN)
    assert {hit.record.made_by for hit in hits.talks} == {few_of_many.pk}


def test_twin_of_the_best_hits_alone_they_would_find_none(
    journey: Journey, few_of_many: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowing = searching._allowing

    def best_alone(*asked: Any, **more: bool) -> dict[searching.Kind, frozenset[str]]:
        return allowing(*asked[:-1], asked[-1] or (), **more)

    monkeypatch.setattr(searching, "_allowing", best_alone)
    assert found(journey, few_of_many, "winkels").talks == ()


def test_an_act_on_something_else_makes_no_index_anew_and_one_on_a_text_does(
    journey: Journey, person: Person
) -> None:
    coder = person(Role.CODER)
    checked(person, journey)
    found(journey, coder, "winkel")
    first = searching._kept[journey.pk]
    sense.add_theme(by=coder, journey=journey, key=uuid4(), name="Huur")
    found(journey, coder, "winkel")
    second = searching._kept[journey.pk]
    assert (second.talks is first.talks, second.head == first.head) == (True, False)
    checked(person, journey)
    assert counts(journey, coder) == [2, 0, 0]


def _read_by(journey: Journey, keys: list[str]) -> str:
    """By which index SQLite reads conversations of *journey* when it is asked for some of them."""
    asked = str(access.conversations(journey).filter(pk__in=keys).order_by().explain())
    return next(line for line in asked.splitlines() if "journey_conversation USING" in line)


def test_conversations_that_are_asked_for_by_key_are_read_by_key(
    journey: Journey, person: Person
) -> None:
    """The twin stands first: without statistics every conversation of the journey is read."""
    if connection.vendor != "sqlite":  # the others have a service of their own for it
        wsgi.gather_statistics()
        return
    talks = [checked(person, journey) for _ in range(40)]
    keys = [talk.pk.hex for talk in talks[:3]]
    before = _read_by(journey, keys)
    wsgi.gather_statistics()
    assert ("journey_id" in before, "(id=?)" in _read_by(journey, keys)) == (True, True)


def test_a_process_keeps_the_indexes_of_the_last_journeys_only(
    journey: Journey, person: Person
) -> None:
    coder = person(Role.CODER)
    for number in range(searching._JOURNEYS + 2):
        one = Journey.objects.create(municipality=journey.municipality, name=f"Reis {number}",
                                     area=journey.area, starts_on=journey.starts_on)  # fmt: skip
        found(one, coder, "winkel")
    assert len(searching._kept) == searching._JOURNEYS
    assert list(searching._kept)[-1] == one.pk


def test_a_search_in_five_thousand_conversations_makes_no_index_anew(
    journey: Journey, person: Person
) -> None:
    """Time of this process alone: a busy machine slows both; what it takes is in the bench."""
    coder = person(Role.CODER)
    many(journey, coder, 5000)

    def took(words: str) -> float:
        start = time.process_time()
        found(journey, coder, words)
        return time.process_time() - start

    first = took("winkel")  # makes the indexes
    later = [took(one) for one in ("huur", "winkels straten", "jongere zonder werk", "bus")]
    assert sorted(later)[1] < first / 4, (first, later)


# -- what looks alike

RENT = "De huur van een winkel is te hoog."
ALSO = "Voor mijn winkeltje betaal ik te hoge huren."


@pytest.fixture
def alike(journey: Journey, person: Person, theme: Theme) -> Quote:
    """A quote that looks like the one under the theme."""
    first = kept(person, checked(person, journey, RENT), RENT)
    sense.code(by=person(Role.CODER), quote=first, theme=theme)
    kept(person, checked(person, journey, "In de zomer is het plein gezellig."), "het plein")
    return kept(person, checked(person, journey, ALSO), ALSO)


def judge(client: Client, theme: Theme, quote: Quote, **more: str) -> int:
    given = {"quote": str(quote.pk), "says": "worse", **more}
    return client.post(reverse("judge_alike", args=[theme.pk]), given).status_code


def test_a_quote_that_looks_alike_is_suggested_with_the_one_it_looks_like(
    person: Person, theme: Theme, alike: Quote
) -> None:
    (found,) = searching.suggestions(theme, person(Role.CODER))
    assert (found.quote, found.to.words) == (alike, RENT)
    assert [p.words for p in found.pieces if p.found] == ["winkeltje", "hoge", "huren"]


def test_a_suggestion_counts_for_nothing_until_a_person_accepts_it(
    signed: Signed, theme: Theme, alike: Quote
) -> None:
    coder = signed(Role.CODER)
    page = coder.get(reverse("theme", args=[theme.pk])).content.decode()
    assert page.count("<mark>huren</mark>") == 1
    assert [(b.quotes, b.conversations) for b in weighing.tree(theme.journey)] == [(1, 1)]
    assert judge(coder, theme, alike) == 302
    assert [(b.quotes, b.conversations) for b in weighing.tree(theme.journey)] == [(2, 2)]
    coding = Coding.objects.get(quote=alike)
    assert (coding.theme, coding.says, coding.made_by.email) == (
        theme, "worse", "coder@example.org",
    )  # fmt: skip
    assert "<mark>" not in coder.get(reverse("theme", args=[theme.pk])).content.decode()


def test_no_is_remembered_for_who_said_it_and_for_nobody_else(
    signed: Signed, person: Person, theme: Theme, alike: Quote
) -> None:
    coder = signed(Role.CODER)
    assert [judge(coder, theme, alike, **{"not": "1"}) for _ in range(2)] == [302, 302]
    assert searching.suggestions(theme, person(Role.CODER)) == ()
    assert len(searching.suggestions(theme, person(Role.PLANNER))) == 1
    assert (Unlike.objects.count(), Coding.objects.count()) == (1, 1)
    assert AuditLine.objects.filter(verb="pass_over").count() == 1


def test_no_to_one_theme_is_no_to_that_theme_only(
    person: Person, journey: Journey, theme: Theme, alike: Quote
) -> None:
    by = person(Role.CODER)
    other = sense.add_theme(by=by, journey=journey, key=uuid4(), name="Winkels")
    sense.code(by=by, quote=the(Quote, words=RENT), theme=other)
    sense.pass_over(by=by, quote=alike, theme=other)
    assert searching.suggestions(other, by) == ()
    assert [one.quote for one in searching.suggestions(theme, by)] == [alike]


def test_what_was_taken_back_or_waits_for_its_check_is_no_suggestion(
    signed: Signed, person: Person, theme: Theme, alike: Quote
) -> None:
    talk = alike.wording.conversation
    listening.correct(by=person(Role.FIELD_WORKER), conversation=talk, text=ALSO + " Echt.")
    assert searching.suggestions(theme, person(Role.CODER)) == ()
    assert judge(signed(Role.CODER), theme, alike) == 404
    listening.withdraw(giver=talk.giver)
    assert judge(signed(Role.CODER), theme, alike) == 404
    assert Coding.objects.count() == 1


def test_what_nobody_checked_yet_is_no_suggestion_and_once_checked_it_is(
    person: Person, journey: Journey, theme: Theme, alike: Quote
) -> None:
    by = person(Role.FIELD_WORKER)
    listening.withdraw(giver=alike.wording.conversation.giver)
    talk = heard(by, journey, ALSO)
    waits = kept(person, talk, ALSO)
    assert searching.suggestions(theme, person(Role.CODER)) == ()
    listening.check(by=by, conversation=talk)
    assert [one.quote for one in searching.suggestions(theme, person(Role.CODER))] == [waits]


def test_a_merged_theme_and_who_does_not_code_get_no_suggestions(
    signed: Signed, person: Person, journey: Journey, theme: Theme, alike: Quote
) -> None:
    assert (
        "Lijkt erop"
        not in signed(Role.PLANNER).get(reverse("theme", args=[theme.pk])).content.decode()
    )
    by = person(Role.CODER)
    into = sense.add_theme(by=by, journey=journey, key=uuid4(), name="Ruimte")
    sense.merge_themes(by=by, theme=theme, into=into)
    pages = [signed(Role.CODER).get(reverse("theme", args=[t.pk])) for t in (theme, into)]
    assert ["Lijkt erop" in page.content.decode() for page in pages] == [False, True]


@pytest.mark.parametrize("count", [3, 40])
def test_suggestions_ask_as_many_queries_however_much_was_kept(
    journey: Journey, person: Person, theme: Theme, alike: Quote, count: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:  # fmt: skip
    coder = person(Role.CODER)
    many(journey, coder, count)
    searching.suggestions(theme, coder)
    with django_assert_num_queries(5):  # type: ignore[attr-defined]
        found = searching.suggestions(theme, coder)
    assert found[0].quote == alike


def test_what_is_no_quote_or_says_nothing_known_is_refused_in_words(
    signed: Signed, theme: Theme, alike: Quote
) -> None:
    coder = signed(Role.CODER)
    address = reverse("judge_alike", args=[theme.pk])
    answer = coder.post(address, {"quote": "geen", "says": "worse"})
    assert answer.content.decode().count("U hebt niets gekozen.") == 1
    assert judge(coder, theme, alike, says="misschien") == answer.status_code
    assert Coding.objects.count() == 1
    assert Memo.objects.count() == 0
