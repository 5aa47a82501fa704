# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Back to the neighbourhood: what it sees, who may answer, and what is told of the answers."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.journey.conftest import Signed
from tests.web.journey.rounds import NAMES, form, opened, say, standing, statements
from wijkeconomie.fieldwork import plain
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web import cache as kept_pages
from wijkeconomie.web.accounts.models import AuditLine, Role, User
from wijkeconomie.web.journey import access, asking, counting, posters, presenting
from wijkeconomie.web.journey.actions import back, listening, mending, plan, sense
from wijkeconomie.web.journey.models import (
    Conversation,
    Finding,
    Giver,
    Item,
    Journey,
    Reply,
    Round,
    Token,
)
from wijkeconomie.web.journey.thread import thread

HELD = datetime(2026, 9, 1, 10, tzinfo=UTC)
Person = Callable[[Role], User]


@pytest.fixture
def by(person: Person) -> User:
    return person(Role.PLANNER)


def _talk(journey: Journey, by: User, text: str, *allows: str) -> Conversation:
    heard = listening.Heard(key=uuid4(), text=text, held_at=HELD,
                            allows=frozenset({"note", *allows}))  # fmt: skip
    talk = listening.hear(by=by, journey=journey, heard=heard)
    listening.check(by=by, conversation=talk)
    return talk


def _under(finding: Finding, by: User, talk: Conversation, direction: int = 1) -> None:
    wording = talk.wordings.get()
    quote = sense.quote(by=by, wording=wording, start=0, end=len(wording.text))
    sense.weigh(by=by, finding=finding, thing=quote, direction=direction)


def _page(round_: Round, language: str = "nl") -> str:
    answer = Client().get(reverse("presented", args=[round_.slug]) + f"?taal={language}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def spoken(journey: Journey, by: User) -> tuple[Round, Giver]:
    """An open round; one giver allows a public page, one the plan only."""
    round_ = statements(journey, by)
    finding = round_.items.get().finding
    assert finding is not None
    talk = _talk(journey, by, "Het is hier onbetaalbaar geworden.", "quote", "public")
    _under(finding, by, talk)
    _under(finding, by, _talk(journey, by, "Niet voor buiten bestemd.", "quote"))
    _under(finding, by, _talk(journey, by, "Mij valt het mee.", "quote", "public"), -1)
    opened(round_, by)
    return round_, talk.giver


def test_the_page_shows_words_of_who_allows_it_and_what_speaks_against_apart(
    spoken: tuple[Round, Giver],
) -> None:
    page = _page(spoken[0])
    before, after = page.split("Wat er tegenin gaat")
    assert "Het is hier onbetaalbaar geworden." in before
    assert "Mij valt het mee." in after
    assert "Niet voor buiten bestemd." not in page


def test_what_goes_against_it_is_not_denied_when_it_may_not_stand_there(
    spoken: tuple[Round, Giver],
) -> None:
    round_, _giver = spoken
    say = presenting.texts()["nl"]
    (against,) = (q for q in access.quotes(round_.journey) if q.words.startswith("Mij"))
    shown = _page(round_)
    assert (say["silent"] in shown, say["no_contrary"] in shown) == (False, False)
    giver = against.wording.conversation.giver
    listening.allow(giver=giver, purpose="public", given=False)
    shown = _page(round_)
    assert "Mij valt het mee." not in shown
    assert (say["silent"] in shown, say["no_contrary"] in shown) == (True, False)


@pytest.mark.parametrize("act", ["withdraw", "forbid"])
def test_words_that_are_taken_back_are_gone_from_the_page_at_the_next_request(
    spoken: tuple[Round, Giver], act: str
) -> None:
    round_, giver = spoken
    assert "onbetaalbaar" in _page(round_)
    if act == "withdraw":
        listening.withdraw(giver=giver)
    else:
        listening.allow(giver=giver, purpose="public", given=False)
    assert "onbetaalbaar" not in _page(round_)


def test_twin_quotes_that_were_looked_up_before_would_still_stand_there(
    spoken: tuple[Round, Giver], monkeypatch: pytest.MonkeyPatch
) -> None:
    round_, giver = spoken
    quotes = access.with_giver(access.quotes(round_.journey, presenting.Purpose.PUBLIC))
    earlier = {str(quote.pk): quote for quote in quotes}
    monkeypatch.setattr(presenting, "_public", lambda *_asked: earlier)
    listening.withdraw(giver=giver)
    assert "onbetaalbaar" in _page(round_)


def test_a_button_says_what_it_makes(journey: Journey, by: User, signed: Signed) -> None:
    pages = {
        (Role.PLANNER, reverse("codes", args=[statements(journey, by).pk])): "Maak de codes",
        (Role.FIELD_WORKER, reverse("make_sheets", args=[journey.pk])): "Maak de bladen (PDF)",
    }
    shown = {one: signed(one[0]).get(one[1]).content.decode() for one in pages}
    buttons = {one: re.findall(r'<button type="submit">([^<]*)<', shown[one]) for one in pages}
    assert buttons == {one: [words] for one, words in pages.items()}


def test_no_page_of_a_round_is_kept_by_anyone(spoken: tuple[Round, Giver]) -> None:
    answer = Client().get(reverse("presented", args=[spoken[0].slug]))
    assert "no-store" in answer["Cache-Control"]
    assert "wijkeconomie.web.journey.presented_views" not in kept_pages.PUBLIC
    assert "ETag" not in answer


def test_the_queries_of_the_page_do_not_grow_with_what_is_in_the_round(
    journey: Journey, by: User, django_assert_num_queries: Callable[[int], object]
) -> None:
    for title, claims in (("Kort", 1), ("Lang", 8)):
        round_ = statements(journey, by, *[f"Zin {n}" for n in range(claims)], title=title)
        for item in round_.items.all():
            assert item.finding is not None
            _under(item.finding, by, _talk(journey, by, f"{title} {item.number}", "public"))
        opened(round_, by)
        with django_assert_num_queries(3):  # type: ignore[attr-defined]
            _page(round_)
        back.close_round(by=by, round_=round_)
        with django_assert_num_queries(5):  # type: ignore[attr-defined]
            _page(round_)


def test_a_round_that_is_being_prepared_is_seen_by_the_team_only(
    journey: Journey, by: User, signed: Signed
) -> None:
    address = reverse("presented", args=[statements(journey, by).slug])
    assert Client().get(address).status_code == 404
    assert signed(Role.CODER).get(address).status_code == 200


def test_how_many_said_so_is_told_from_ten_conversations_on_and_keeps_to_the_day_of_opening(
    journey: Journey, by: User
) -> None:
    round_ = statements(journey, by, "Veel", "Weinig")
    for item, said in zip(round_.items.all(), (12, 9), strict=True):
        for number in range(said):
            assert item.finding is not None
            _under(item.finding, by, _talk(journey, by, f"{item.asked} {number}"))
    for number in range(14):
        _talk(journey, by, f"Iets anders {number}")
    opened(round_, by)
    many, few = round_.items.all()
    assert (many.said, few.said) == ({"of": 35, "for": 12, "against": None},
                                     {"of": 35, "for": None, "against": None})  # fmt: skip
    for giver in journey.givers.all()[:12]:
        listening.withdraw(giver=giver)
    assert "12 van de 35 gesprekken zeggen dit." in _page(round_)


@pytest.mark.parametrize("waits", [True, False])
def test_what_nobody_may_read_yet_is_in_no_count_of_a_round_which_says_so(
    journey: Journey, by: User, waits: bool
) -> None:
    round_ = statements(journey, by)
    for number in range(12):
        _talk(journey, by, f"Iets {number}")
    if waits:
        late = listening.Heard(key=uuid4(), text="Wie weet.", held_at=HELD,
                               allows=frozenset({"note"}))  # fmt: skip
        listening.hear(by=by, journey=journey, heard=late)
    opened(round_, by)
    said = "Nog niet alle gesprekken waren toen gelezen." in _page(round_)
    assert (round_.items.get().said["of"], said) == (12, waits)


def test_a_second_round_does_not_give_away_who_came_after_the_first(
    journey: Journey, by: User
) -> None:
    first = statements(journey, by, title="Eerst")
    finding = first.items.get().finding
    assert finding is not None
    for number in range(12):
        _under(finding, by, _talk(journey, by, f"Duur {number}"))
    opened(first, by)
    _under(finding, by, _talk(journey, by, "Nog een"))
    second = back.begin_round(by=by, journey=journey, key=uuid4(), kind="statements", title="Dan")
    back.add_statement(by=by, round_=second, key=uuid4(), finding=finding, heard="a", asked="b")
    opened(second, by)
    assert first.items.get().said["for"] == 12
    assert second.items.get().said == {"of": None, "for": None, "against": None}


def test_twin_without_the_earlier_round_both_counts_would_stand_and_differ_by_one(
    journey: Journey, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "before", lambda _journey: [])
    with pytest.raises(AssertionError, match="13"):
        test_a_second_round_does_not_give_away_who_came_after_the_first(journey, by)


def test_a_mistake_is_mended_where_it_was_made_and_what_is_not_answered_stays(
    journey: Journey, by: User
) -> None:
    round_ = statements(journey, by, "Een", "Twee")
    code, *_rest = opened(round_, by)
    say(round_, code, 1, 0)
    say(round_, code, -1, own=True)
    assert list(Reply.objects.order_by("item__number").values_list("says", flat=True)) == [-1, 0]
    assert Round.objects.get().changed == 1


@pytest.mark.parametrize("answers", [(-1, 0), (1, 1), (-1,), (1, 0, 1)])
@pytest.mark.parametrize("paper", [False, True])
def test_a_code_that_answered_says_nothing_else_in_another_browser(
    journey: Journey, by: User, answers: tuple[int, ...], paper: bool
) -> None:
    round_ = statements(journey, by, "Een", "Twee", "Drie")
    code, *_rest = opened(round_, by)
    say(round_, code, 1, 0)
    say(round_, code, 1, 0)  # the same once more is no other answer: a line that broke off
    with pytest.raises(Refusal, match="answered with this code already"):
        say(round_, code, *answers, by=by if paper else None)
    assert list(Reply.objects.order_by("item__number").values_list("says", flat=True)) == [1, 0]
    assert Round.objects.get().changed == 0


def _answered_by(round_: Round, browser: Client, code: str, answer: int) -> int:
    address = reverse("presented", args=[round_.slug])
    return browser.post(address, form(round_.items.get(), code, answer)).status_code


def test_only_the_browser_that_answered_may_change_it_and_for_an_hour(
    journey: Journey, by: User, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = statements(journey, by)
    code, other, *_rest = opened(round_, by)
    mine, theirs = Client(), Client()
    sent = [_answered_by(round_, *one) for one in (
        (mine, code, -1), (theirs, other, 1), (theirs, code, 1), (mine, code, 0), (mine, other, 0),
    )]  # fmt: skip
    assert sent == [302, 302, 422, 302, 422]
    monkeypatch.setattr(access, "OWN_SECONDS", -1)
    assert _answered_by(round_, mine, code, 1) == 422
    assert sorted(Reply.objects.values_list("says", flat=True)) == [0, 1]
    team = signed(Role.PLANNER).get(reverse("round", args=[round_.pk])).content.decode()
    assert "Eén keer is een antwoord achteraf veranderd" in team


def test_what_was_typed_in_from_paper_is_mended_by_who_typed_it_only(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_ = statements(journey, by)
    code, *_rest = opened(round_, by)
    address, item = reverse("type_in", args=[round_.pk]), round_.items.get()
    first, other = signed(Role.FIELD_WORKER), signed(Role.FIELD_WORKER)
    sent = [who.post(address, form(item, code, said)).status_code
            for who, said in ((first, 1), (first, -1), (other, 0))]  # fmt: skip
    assert sent == [302, 302, 422]
    assert Reply.objects.get().says == -1


def test_twin_without_the_browser_every_answer_could_be_written_over(
    journey: Journey, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = statements(journey, by)
    codes = opened(round_, by)
    for code in codes:
        say(round_, code, -1)
    monkeypatch.setattr(access, "own_code", lambda _request: seal)
    for code in codes:
        seal = access.sealed(code)
        assert _answered_by(round_, Client(), code, 1) == 302
    assert list(Reply.objects.values_list("says", flat=True)) == [1] * 12
    assert Round.objects.get().changed == 12


def _printed(
    round_: Round, planner: Client, monkeypatch: pytest.MonkeyPatch, key: UUID | None = None
) -> list[str]:
    """The codes on a sheet that the planner prints."""
    drawn: list[str] = []
    monkeypatch.setattr(posters, "_picture", lambda text: drawn.append(text) or _PICTURE(text))
    sent = {"key": key or uuid4(), "slips": "1"}
    answer = planner.post(reverse("sheet", args=[round_.pk, 1]), sent)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return [text.partition("#")[2] for text in drawn]


def test_a_code_with_which_somebody_answered_is_never_printed_again(
    journey: Journey, by: User, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_, planner = statements(journey, by), signed(Role.PLANNER)
    opened(round_, by, 4)
    first = _printed(round_, planner, monkeypatch)
    say(round_, first[0], -1)
    back.stop_code(by=by, round_=round_, code=first[1])
    again = _printed(round_, planner, monkeypatch)
    assert (len(first), len(again), set(first) & set(again)) == (4, 2, set())
    with pytest.raises(Refusal, match="do not know this code"):
        say(round_, first[2], 1)
    say(round_, again[0], 1)
    assert sorted(Reply.objects.values_list("says", flat=True)) == [-1, 1]
    assert round_.tokens.count() == 4


def test_the_same_press_twice_prints_the_same_codes_and_they_count(
    journey: Journey, by: User, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_, planner, key = statements(journey, by), signed(Role.PLANNER), uuid4()
    opened(round_, by, 3)
    first, again = (_printed(round_, planner, monkeypatch, key) for _ in range(2))
    assert (len(first), first) == (3, again)
    say(round_, first[0], 1)
    assert _printed(round_, planner, monkeypatch, key) == first[1:]  # the used one never again
    for code in first[1:]:
        say(round_, code, 1)
    sent = {"key": key, "slips": "1"}
    assert planner.post(reverse("sheet", args=[round_.pk, 1]), sent).status_code == 409


def test_twin_without_the_key_the_second_press_makes_the_first_paper_worth_nothing(
    journey: Journey, by: User, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_, planner, key = statements(journey, by), signed(Role.PLANNER), uuid4()
    opened(round_, by, 3)
    monkeypatch.setattr(asking, "once", lambda *, do, **_given: do())
    first, again = (_printed(round_, planner, monkeypatch, key) for _ in range(2))
    assert set(first) & set(again) == set()
    with pytest.raises(Refusal, match="do not know this code"):
        say(round_, first[0], 1)


def test_the_page_to_print_from_brings_its_key_and_without_one_nothing_is_printed(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_, planner = statements(journey, by), signed(Role.PLANNER)
    codes, address = opened(round_, by, 3), reverse("sheet", args=[round_.pk, 1])
    page = planner.get(address).content.decode()
    (key,) = re.findall(r'name="key" value="([^"]+)"', page)
    assert planner.post(address, {"slips": "1"}).status_code == 422
    assert sorted(access.code_of(token.pk) for token in round_.tokens.all()) == sorted(codes)
    assert planner.post(address, {"slips": "1", "key": key}).status_code == 200


def test_twin_without_new_codes_who_prints_reads_every_code_that_answered(
    journey: Journey, by: User, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = statements(journey, by)
    used = opened(round_, by, 3)
    for code in used:
        say(round_, code, -1)
    monkeypatch.setattr(back, "print_sheet", lambda **_what: list(round_.tokens.all()))
    monkeypatch.setattr(back, "unused", lambda _round: round_.tokens.all())
    assert sorted(_printed(round_, signed(Role.PLANNER), monkeypatch)) == sorted(used)


def test_before_printing_it_is_said_what_that_does_and_looking_changes_nothing(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_, planner = statements(journey, by), signed(Role.PLANNER)
    codes = opened(round_, by, 3)
    say(round_, codes[0], 1)
    address = reverse("sheet", args=[round_.pk, 1])
    page = planner.get(address).content.decode()
    assert "Er worden 2 nieuwe codes gemaakt en gedrukt." in page
    assert [access.code_of(token.pk) for token in round_.tokens.all()] == codes
    assert planner.get(reverse("sheet", args=[round_.pk, 2])).status_code == 404
    back.close_round(by=by, round_=round_)
    assert planner.post(address, {"slips": "1", "key": uuid4()}).status_code == 409


def test_a_sheet_of_which_every_code_was_used_is_not_printed(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_, planner = statements(journey, by), signed(Role.PLANNER)
    for code in opened(round_, by, 1):
        say(round_, code, 1)
    address = reverse("sheet", args=[round_.pk, 1])
    assert "er is niets te drukken" in planner.get(address).content.decode()
    assert planner.post(address, {"slips": "1", "key": uuid4()}).status_code == 409


@pytest.mark.parametrize("wrong", ["zzzzzzzzzz", "", "stopped", "sheet"])
def test_a_code_that_is_unknown_or_stopped_keeps_nothing(
    journey: Journey, by: User, wrong: str
) -> None:
    round_ = statements(journey, by)
    code, other, *_rest = opened(round_, by)
    if wrong == "stopped":
        back.stop_code(by=by, round_=round_, code=code)
        say(round_, other, 1)
    if wrong == "sheet":
        back.stop_sheet(by=by, round_=round_, sheet=1)
    with pytest.raises(Refusal, match="do not know this code"):
        say(round_, code if wrong in ("stopped", "sheet") else wrong, 1)
    assert Reply.objects.count() == (1 if wrong == "stopped" else 0)
    assert Token.objects.count() == 12


def test_a_code_of_one_round_answers_no_other(journey: Journey, by: User) -> None:
    one, other = statements(journey, by, title="Een"), statements(journey, by, title="Twee")
    code, *_rest = opened(one, by)
    opened(other, by)
    with pytest.raises(Refusal, match="do not know this code"):
        say(other, code, 1)
    back.reply(round_=one, code=code, says={other.items.get().pk: 1})
    assert not Reply.objects.exists()


def test_what_is_asked_does_not_change_once_it_is_open_nor_is_it_answered_once_it_is_closed(
    journey: Journey, by: User
) -> None:
    round_ = statements(journey, by)
    code, *_rest = opened(round_, by)
    item = round_.items.get()
    with pytest.raises(Refusal, match="does not change any more"):
        back.remove_item(by=by, item=item)
    back.close_round(by=by, round_=round_)
    with pytest.raises(Refusal, match="is not open"):
        say(round_, code, 1)
    with pytest.raises(Refusal, match="is not open"):
        back.close_round(by=by, round_=round_)


def test_a_round_without_anything_is_not_opened(journey: Journey, by: User) -> None:
    round_ = back.begin_round(by=by, journey=journey, key=uuid4(), kind="statements", title="Leeg")
    with pytest.raises(Refusal, match="nothing in this round"):
        back.open_round(by=by, round_=round_)


# -- codes and the browser


def test_an_answer_from_a_phone_is_kept_and_the_code_stands_in_no_address_row_or_log(
    spoken: tuple[Round, Giver], caplog: pytest.LogCaptureFixture
) -> None:
    round_ = spoken[0]
    code = access.code_of(round_.tokens.all()[0].pk)
    with caplog.at_level(logging.DEBUG):
        answer = Client().post(
            reverse("presented", args=[round_.slug]), form(round_.items.get(), f" {code.upper()} ")
        )
    assert answer.status_code == 302
    assert answer["Location"] == f"/voorgelegd/{round_.slug}/?taal=nl&dank=1"
    assert Reply.objects.get().says == 1
    assert code not in caplog.text.lower()
    assert _holding(code) == []
    assert "Bedankt" in Client().get(answer["Location"]).content.decode()


def _holding(words: str) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- names of our own
            if words in str(cursor.fetchall()).lower():
                found.append(table)
    return found


def test_who_guesses_is_stopped_and_who_has_a_code_is_not_counted(
    spoken: tuple[Round, Giver],
) -> None:
    round_ = spoken[0]
    item, address = round_.items.get(), reverse("presented", args=[round_.slug])
    code = access.code_of(round_.tokens.all()[0].pk)
    for _ in range(30):
        assert Client().post(address, form(item, code)).status_code == 302
    guesses = [Client().post(address, form(item, "zzzzzzzzzz")).status_code for _ in range(21)]
    assert guesses == [422] * 20 + [429]
    assert Client().post(address, form(item, code)).status_code == 429


def test_what_is_wrong_is_said_in_the_language_of_the_page(spoken: tuple[Round, Giver]) -> None:
    round_ = spoken[0]
    say_ = presenting.texts()["tr"]
    address = reverse("presented", args=[round_.slug]) + "?taal=tr"
    unknown = Client().post(address, form(round_.items.get(), "zzzzzzzzzz"))
    assert say_["code_unknown"] in unknown.content.decode()
    code = access.code_of(round_.tokens.all()[0].pk)
    nothing = Client().post(address, form(None, code))
    assert (nothing.status_code, say_["nothing"] in nothing.content.decode()) == (422, True)


def test_an_answer_on_paper_is_marked_and_noted_and_one_by_phone_is_in_no_log(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_ = statements(journey, by)
    paper, phone, *_rest = opened(round_, by)
    lines = AuditLine.objects.count()
    say(round_, phone, 1)
    assert AuditLine.objects.count() == lines
    answer = signed(Role.FIELD_WORKER).post(
        reverse("type_in", args=[round_.pk]), form(round_.items.get(), paper, -1)
    )
    assert answer.status_code == 302
    assert list(Reply.objects.order_by("says").values_list("says", "on_paper")) == [
        (-1, True), (1, False),
    ]  # fmt: skip
    line = AuditLine.objects.latest("number")
    assert (line.verb, line.subject) == ("type_in", str(round_.pk))


# -- what is told of the answers


def _answered(journey: Journey, by: User, *answers: int) -> Round:
    round_ = statements(journey, by)
    for code, said in zip(opened(round_, by, 40), answers, strict=False):
        say(round_, code, said)
    return round_


def test_counts_are_told_when_the_round_is_closed(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_ = _answered(journey, by, *[1] * 14, *[-1] * 12, *[0] * 10)
    words, team = "14 eens, 12 oneens, 10 weet ik niet.", reverse("round", args=[round_.pk])
    assert words not in _page(round_)
    assert "14 eens" not in signed(Role.PLANNER).get(team).content.decode()
    assert counting.answers(journey) == {}
    back.close_round(by=by, round_=round_)
    assert words in _page(round_)
    assert "14 eens" in signed(Role.PLANNER).get(team).content.decode()


def test_of_nine_answers_no_number_is_told(journey: Journey, by: User) -> None:
    round_ = _answered(journey, by, *[1] * 9)
    back.close_round(by=by, round_=round_)
    assert "Minder dan tien mensen antwoordden." in _page(round_)
    assert "9 eens" not in _page(round_)
    (knot,) = [k for k in thread(journey).knots.values() if k.kind == "statement"]
    assert knot.answers is None


@pytest.mark.parametrize(
    ("agree", "disagree", "unsure", "words"),
    [
        (9, 1, 0, "agree"),  # one person disagreed
        (10, 0, 0, "agree"),  # each of them agrees
        (0, 25, 0, "disagree"),
        (3, 2, 14, "unsure"),
        (12, 12, 1, "divided"),
        (10, 9, 0, "agree"),
    ],
)
def test_counts_of_answers_that_tell_of_few_are_words(
    journey: Journey, by: User, signed: Signed, agree: int, disagree: int, unsure: int, words: str
) -> None:
    """On the page of the round, for the team, on the thread and where it is settled."""
    round_ = _answered(journey, by, *[1] * agree, *[-1] * disagree, *[0] * unsure)
    back.close_round(by=by, round_=round_)
    say, planner, item = presenting.texts()["nl"], signed(Role.PLANNER), round_.items.get()
    told = f"{say[f'counts_{words}']} {say['counts_hidden']}"
    pages = [planner.get(reverse("round", args=[round_.pk])).content.decode(),
             planner.get(reverse("settle", args=[item.finding_id])).content.decode()]  # fmt: skip
    assert [told in page for page in (_page(round_), *pages)] == [True] * 3
    (knot,) = [k for k in thread(journey).knots.values() if k.kind == "statement"]
    assert (knot.answers, knot.mostly) == (None, words)


def test_twin_by_the_number_of_answers_alone_the_one_who_disagrees_is_told(
    journey: Journey, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting.publishing, "tellable", lambda _counts: True)
    round_ = _answered(journey, by, *[1] * 9, -1)
    back.close_round(by=by, round_=round_)
    assert "9 eens, 1 oneens, 0 weet ik niet." in _page(round_)


def test_answers_of_a_stopped_code_do_not_count(journey: Journey, by: User) -> None:
    round_ = _answered(journey, by, *[1] * 10)
    back.stop_code(by=by, round_=round_, code=access.code_of(Reply.objects.all()[0].token_id))
    back.close_round(by=by, round_=round_)
    assert list(counting.answers(journey).values()) == [None]


def test_a_finding_stands_as_a_person_says_with_a_reason_and_its_earlier_words(
    journey: Journey, by: User
) -> None:
    round_ = _answered(journey, by, *[1] * 10)
    finding = round_.items.get().finding
    assert finding is not None
    assert standing(finding) == "presented"
    with pytest.raises(Refusal, match="is not closed"):
        back.settle(by=by, finding=finding, standing="supported", reason="Ja")
    back.close_round(by=by, round_=round_)
    assert "We moeten dit nog bespreken." in _page(round_)
    with pytest.raises(Refusal, match="Say why"):
        back.settle(by=by, finding=finding, standing="supported", reason=" ")
    made = back.settle(by=by, finding=finding, standing="adjusted", reason="Ook winkels.",
                       claim="Huren zijn hoog.")  # fmt: skip
    assert made.claim_was == "De huur is hoog."
    assert Finding.objects.get(pk=finding.pk).claim == "Huren zijn hoog."
    assert "We hebben de zin aangepast. “Huren zijn hoog.”<" in _page(round_)
    assert "Ook winkels." in _page(round_)


@pytest.mark.parametrize(("settled", "direction"), [("supported", 1), ("disputed", -1)])
def test_the_thread_shows_the_answers_on_the_side_on_which_a_person_put_them(
    journey: Journey, by: User, settled: str, direction: int
) -> None:
    round_ = _answered(journey, by, *[direction] * 18, *[-direction] * 13)
    finding = round_.items.get().finding
    assert finding is not None
    assert [k for k in thread(journey).knots.values() if k.kind == "statement"] == []
    back.close_round(by=by, round_=round_)
    back.settle(by=by, finding=finding, standing=settled, reason="Zo is het.")
    ((strand, knot),) = thread(journey).before(str(finding.pk))
    told = (18, 13, 0) if direction > 0 else (13, 18, 0)
    assert (knot.kind, knot.answers, strand.direction) == ("statement", told, direction)


def test_what_came_of_a_finding_stays_when_it_is_put_to_the_neighbourhood_again(
    journey: Journey, by: User
) -> None:
    first = _answered(journey, by, *[-1] * 10)
    finding = first.items.get().finding
    assert finding is not None
    back.close_round(by=by, round_=first)
    back.settle(by=by, finding=finding, standing="disputed", reason="Het ligt anders.")
    again = back.begin_round(by=by, journey=journey, key=uuid4(), kind="statements", title="Nog")
    back.add_statement(by=by, round_=again, key=uuid4(), finding=finding, heard="a", asked="b")
    opened(again, by)
    assert standing(finding) == "disputed"
    assert "De wijk is het er niet mee eens." in _page(first)
    back.close_round(by=by, round_=again)  # nobody answered, so nothing was counted
    assert standing(finding) == "disputed"
    assert f"De wijk is het er niet mee eens. ({NAMES[0]})" in _page(again)
    settled = back.settle(by=by, finding=finding, standing="disputed", reason="Nog steeds.")
    assert settled.round == first
    ends = {knot.key: strand.direction for strand, knot in thread(journey).before(str(finding.pk))}
    assert ends == {str(first.items.get().pk): -1, str(again.items.get().pk): 0}


def test_twin_when_every_round_set_it_anew_a_finding_that_was_disputed_would_look_untold(
    journey: Journey, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens = back.open_round

    def anew(*, by: User, round_: Round) -> None:
        opens(by=by, round_=round_)
        Finding.objects.filter(items__round=round_).update(standing="presented")

    monkeypatch.setattr(back, "open_round", anew)
    with pytest.raises(AssertionError, match="presented"):
        test_what_came_of_a_finding_stays_when_it_is_put_to_the_neighbourhood_again(journey, by)


def test_that_the_neighbourhood_supports_it_takes_ten_answers(journey: Journey, by: User) -> None:
    round_ = _answered(journey, by, *[1] * 9)
    back.close_round(by=by, round_=round_)
    finding = round_.items.get().finding
    assert finding is not None
    for claimed in ("supported", "disputed"):
        with pytest.raises(Refusal, match="Fewer than 10 people answered"):
            back.settle(by=by, finding=finding, standing=claimed, reason="Zo is het.")
    back.settle(by=by, finding=finding, standing="adjusted", reason="Ook winkels.")


@pytest.mark.parametrize("said", [[-1] * 18 + [1] * 2, [1] * 10 + [-1] * 10, [0] * 12])
def test_nobody_says_that_the_neighbourhood_supports_what_no_majority_agreed_with(
    journey: Journey, by: User, said: list[int]
) -> None:
    round_ = _answered(journey, by, *said)
    back.close_round(by=by, round_=round_)
    finding = round_.items.get().finding
    assert finding is not None
    with pytest.raises(Refusal, match="Not more than half of those who answered agreed"):
        back.settle(by=by, finding=finding, standing="supported", reason="Wij vinden van wel.")
    assert standing(Finding.objects.get()) == "presented"
    back.settle(by=by, finding=finding, standing="disputed", reason="Zo is het.")


def _agreed(journey: Journey, by: User) -> Finding:
    """A finding with which 33 agreed and 12 did not."""
    round_ = _answered(journey, by, *[1] * 33, *[-1] * 12)
    back.close_round(by=by, round_=round_)
    return Finding.objects.get()


def test_nobody_says_that_the_neighbourhood_disputes_what_most_agreed_with(
    journey: Journey, by: User
) -> None:
    finding = _agreed(journey, by)
    with pytest.raises(Refusal, match="More than half of those who answered agreed"):
        back.settle(by=by, finding=finding, standing="disputed", reason="Wij vinden van niet.")
    assert standing(finding) == "presented"
    back.settle(by=by, finding=finding, standing="supported", reason="Zo is het.")


def test_twin_without_the_answers_it_would_be_public_that_the_neighbourhood_disputes_it(
    journey: Journey, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding = _agreed(journey, by)
    round_, _said = counting.last(finding)
    monkeypatch.setattr(
        counting, "last", lambda _finding: (round_, counting.Answered(most="no", counts=None))
    )
    back.settle(by=by, finding=finding, standing="disputed", reason="Wij vinden van niet.")
    assert "De wijk is het er niet mee eens." in _page(Round.objects.get())


def _weighed_later(journey: Journey, by: User) -> tuple[str, str]:
    """A page of a closed round, before and after something was weighed and taken away."""
    round_ = statements(journey, by)
    finding = round_.items.get().finding
    assert finding is not None
    _under(finding, by, _talk(journey, by, "Van het begin.", "public"))
    opened(round_, by)
    back.close_round(by=by, round_=round_)
    before = _page(round_)
    _under(finding, by, _talk(journey, by, "Dit kwam later.", "public"))
    _under(finding, by, _talk(journey, by, "Ook dit kwam later.", "public"), -1)
    next(one for one in finding.evidence.all() if str(one) == "Van het begin.").delete()
    return before, _page(round_)


def test_a_round_rests_on_what_was_there_when_it_was_opened(journey: Journey, by: User) -> None:
    before, after = _weighed_later(journey, by)
    assert "Van het begin." in before
    assert after.partition("<main")[2] == before.partition("<main")[2]


def test_twin_evidence_that_was_not_kept_would_change_a_round_that_is_closed(
    journey: Journey, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = presenting._evidence

    def live(round_: Round, items: list[Item]) -> object:
        round_.told = {}
        return kept(round_, items)

    monkeypatch.setattr(presenting, "_evidence", live)
    _before, after = _weighed_later(journey, by)
    assert ("Dit kwam later." in after, "Van het begin." in after) == (True, False)


def test_statements_go_along_when_a_finding_is_merged(journey: Journey, by: User) -> None:
    round_ = statements(journey, by, "Een", "Twee")
    one, two = (item.finding for item in round_.items.all())
    assert one is not None
    assert two is not None
    sense.merge_findings(by=by, finding=one, into=two)
    assert {item.finding for item in round_.items.all()} == {two}


def _supported(journey: Journey, by: User) -> tuple[Round, Finding]:
    """A round in which all agreed with a finding, and what the team said after it."""
    round_ = _answered(journey, by, *[1] * 30)
    back.close_round(by=by, round_=round_)
    finding = round_.items.get().finding
    assert finding is not None
    back.settle(by=by, finding=finding, standing="supported", reason="Allen eens.")
    return round_, Finding.objects.get(pk=finding.pk)


def _heads(finding: Finding) -> tuple[str, object]:
    """What a plan tells of how the neighbourhood stands to *finding*."""
    now = Finding.objects.get(pk=finding.pk)
    return now.standing, counting.presented(now, counting.answers(now.journey))


def _otherwise(by: User, finding: Finding) -> None:
    mending.change(by=by, thing=finding, given={"claim": "De huur moet met een derde omlaag."})


def test_that_the_neighbourhood_agrees_stands_under_the_sentence_that_it_was_asked_about(
    journey: Journey, by: User
) -> None:
    round_, finding = _supported(journey, by)
    before = _heads(finding)[0]
    _otherwise(by, finding)
    assert (before, _heads(finding)) == ("supported", ("concept", None))
    with pytest.raises(Refusal, match="answered about another sentence"):
        back.settle(by=by, finding=finding, standing="supported", reason="Allen eens.")
    assert "De wijk is het ermee eens." in _page(round_)  # of the sentence that stands there
    ((strand, _knot),) = thread(journey).before(str(finding.pk))
    assert strand.direction == 0
    assert [one.claim_was for one in finding.settlings.all()] == ["De huur is hoog."]  # it stays


def test_another_perspective_is_no_other_sentence(journey: Journey, by: User) -> None:
    _round, finding = _supported(journey, by)
    same = {"claim": finding.claim, "perspective": "cohesion"}
    mending.change(by=by, thing=finding, given=same)
    assert standing(finding) == "supported"


def test_twin_without_it_the_neighbourhood_agrees_with_what_nobody_asked(
    journey: Journey, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _round, finding = _supported(journey, by)
    monkeypatch.setattr(counting, "reworded", lambda _finding: None)
    _otherwise(by, finding)
    back.settle(by=by, finding=finding, standing="supported", reason="Allen eens.")
    told = _heads(finding)
    assert (Finding.objects.get().claim, told[0]) == (
        "De huur moet met een derde omlaag.", "supported",
    )  # fmt: skip


def test_what_was_answered_about_a_merged_finding_says_nothing_of_its_heir(
    journey: Journey, by: User
) -> None:
    round_, finding = _supported(journey, by)
    heir = sense.find(by=by, journey=journey, key=uuid4(), claim="Sluit alles.",
                      perspective="space")  # fmt: skip
    sense.merge_findings(by=by, finding=finding, into=heir)
    with pytest.raises(Refusal, match="answered about another sentence"):
        back.settle(by=by, finding=heir, standing="supported", reason="Allen eens.")
    assert _heads(heir) == ("concept", None)
    assert "De wijk is het ermee eens." in _page(round_)


def test_of_two_that_read_the_same_what_was_answered_counts_for_the_heir(
    journey: Journey, by: User
) -> None:
    _round, finding = _supported(journey, by)
    heir = sense.find(by=by, journey=journey, key=uuid4(), claim=finding.claim,
                      perspective="space")  # fmt: skip
    sense.merge_findings(by=by, finding=finding, into=heir)
    back.settle(by=by, finding=heir, standing="supported", reason="Allen eens.")
    assert _heads(heir)[0] == "supported"


def test_a_round_that_asks_about_other_words_by_now_is_not_opened(
    journey: Journey, by: User
) -> None:
    round_ = statements(journey, by)
    _otherwise(by, journey.findings.get())
    with pytest.raises(Refusal, match="belongs to a finding that reads otherwise now"):
        back.open_round(by=by, round_=round_)


def test_of_a_sentence_that_was_adjusted_no_answers_are_told(journey: Journey, by: User) -> None:
    round_ = _answered(journey, by, *[1] * 30)
    back.close_round(by=by, round_=round_)
    finding = journey.findings.get()
    back.settle(by=by, finding=finding, standing="adjusted", reason="Ook winkels.",
                claim="Huren zijn hoog.")  # fmt: skip
    now, told = _heads(finding)
    assert isinstance(told, dict)
    assert (now, told["reworded"], told["counts"]) == ("adjusted", True, None)


# -- languages, plain words, paper


def test_around_a_round_every_language_has_the_same_texts_with_the_same_gaps() -> None:
    texts = presenting.texts()
    assert list(texts) == ["nl", "en", "ar", "pl", "tr", "uk"]
    for name, words in texts["nl"].items():
        if isinstance(words, str) and "{" in words:
            gaps = {part.partition("}")[0] for part in words.split("{")[1:]}
            for one in texts.values():
                assert {p.partition("}")[0] for p in one[name].split("{")[1:]} == gaps, name


def test_a_language_that_no_native_speaker_checked_says_so_and_runs_its_own_way(
    spoken: tuple[Round, Giver],
) -> None:
    page = _page(spoken[0], "ar")
    assert 'lang="ar" dir="rtl"' in page
    assert presenting.texts()["ar"]["unchecked"] in page
    assert presenting.texts()["nl"]["unchecked"] not in _page(spoken[0])


def test_a_sentence_is_in_another_language_only_if_somebody_typed_it(
    journey: Journey, by: User
) -> None:
    round_ = statements(journey, by, "De huur is hoog.", "Er is geen plek.")
    first = round_.items.all()[0]
    back.translate(by=by, item=first, code="tr", heard="Kira yüksek.", asked="Kira yüksek mi?")
    opened(round_, by)
    page = _page(round_, "tr")
    assert "Kira yüksek." in page
    assert "De huur is hoog." not in page
    assert page.count(presenting.texts()["tr"]["dutch_only"]) == 1
    back.translate(by=by, item=Item.objects.get(pk=first.pk), code="tr", heard="", asked="")
    assert "De huur is hoog." in _page(round_, "tr")


def test_the_dutch_texts_are_plain() -> None:
    hard = {
        name: plain.check(words).hints
        for name, words in presenting.texts()["nl"].items()
        if isinstance(words, str) and not plain.check(words.replace("{", "").replace("}", "")).plain
    }
    assert hard == {}


def test_hard_words_are_explained_on_the_page_and_told_to_the_team(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_ = statements(journey, by, "De participatie stagneert.")
    opened(round_, by)
    word, meaning = plain.unknown("De participatie stagneert.")[0]
    page = _page(round_)
    assert f"<dt>{word}</dt><dd>{meaning}</dd>" in page
    team = signed(Role.PLANNER).get(reverse("round", args=[round_.pk])).content.decode()
    assert f"{word} → {meaning}" in team


def test_a_sheet_is_tagged_with_every_code_once_and_none_that_was_stopped(
    journey: Journey, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = statements(journey, by)
    codes = opened(round_, by, 9)
    back.stop_code(by=by, round_=round_, code=codes[0])
    drawn: list[str] = []
    monkeypatch.setattr(posters, "_picture", lambda text: drawn.append(text) or _PICTURE(text))
    body = posters.slips(round_, round_.tokens.all(), "https://wijk.example/voorgelegd/klopt-dit/")
    assert drawn == [f"https://wijk.example/voorgelegd/klopt-dit/#{code}" for code in codes[1:]]
    with pikepdf.open(_file(body)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.pages) == 1


def test_a_ballot_is_a_page_for_each_code_with_every_question(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_ = statements(journey, by, "Een", "Twee")
    opened(round_, by, 3)
    address = reverse("sheet", args=[round_.pk, 1])
    sent = {"ballots": "1", "key": uuid4()}
    body = signed(Role.PLANNER).post(address, sent).content
    with pikepdf.open(_file(body)) as pdf:
        assert len(pdf.pages) == 3
        assert pdf.Root.MarkInfo.Marked
    assert AuditLine.objects.latest("number").verb == "print_codes"


_PICTURE = posters._picture


def _file(body: bytes) -> BytesIO:
    return BytesIO(body)


@pytest.mark.parametrize(("size", "width"), [("a4", 595), ("a3", 842)])
def test_a_poster_is_one_tagged_page_of_its_size(
    journey: Journey, by: User, signed: Signed, size: str, width: int
) -> None:
    round_ = statements(journey, by, *[f"Dit is zin {number} van de ronde." for number in range(5)])
    answer = signed(Role.CODER).get(reverse("round_poster", args=[round_.pk, size]))
    with pikepdf.open(_file(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert [round(float(page.MediaBox[2])) for page in pdf.pages] == [width]


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 302), (1, 302)])
def test_a_round_does_not_end_before_it_begins(
    signed: Signed, journey: Journey, days: int, status: int
) -> None:
    day = timezone.localdate() + timedelta(days=days)
    given = {"key": uuid4(), "title": "Ronde", "kind": "statements", "most": 1, "closes_on": day}
    answer = signed(Role.PLANNER).post(reverse("rounds", args=[journey.pk]), given)
    assert answer.status_code == status
    assert ("Deze dag is voorbij." in answer.content.decode()) is (status == 422)


def test_a_question_in_another_language_does_not_change_once_somebody_answered(
    journey: Journey, by: User
) -> None:
    round_ = statements(journey, by, "De huur is hoog.")
    item = round_.items.get()
    back.translate(by=by, item=item, code="tr", heard="Kira yüksek.", asked="Kira yüksek mi?")
    (code,) = opened(round_, by, 1)
    say(round_, code, 1)
    for asked in ("Kira düşük mü?", ""):
        with pytest.raises(Refusal, match="does not change any more"):
            back.translate(by=by, item=item, code="tr", heard=asked, asked=asked)
    back.translate(by=by, item=item, code="pl", heard="Czynsz.", asked="Czynsz?")
    assert sorted(Item.objects.get().spoken) == ["pl", "tr"]
    back.close_round(by=by, round_=round_)
    with pytest.raises(Refusal, match="does not change any more"):
        back.translate(by=by, item=item, code="uk", heard="Оренда.", asked="Оренда?")


def test_after_the_last_day_only_what_came_on_paper_is_typed_in(journey: Journey, by: User) -> None:
    round_ = statements(journey, by, "De huur is hoog.")
    first, other = opened(round_, by, 2)
    Round.objects.update(closes_on=timezone.localdate())
    say(round_, first, 1)
    Round.objects.update(closes_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refusal, match="is not open"):
        say(round_, first, -1)
    say(round_, other, 1, by=by)
    assert [reply.says for reply in Reply.objects.order_by("token_id")] == [1, 1]


def test_a_round_of_another_journey_with_the_same_name_is_in_nobodys_way(
    journey: Journey, by: User
) -> None:
    other = plan.begin(by=by, municipality=journey.municipality, key=uuid4(), name="Andere reis",
                       area="WK990102", starts_on=date(2026, 3, 1))  # fmt: skip
    made = [statements(place, by, "Huur", title="Klopt dit?") for place in (journey, other)]
    assert made[0].slug == "klopt-dit"
    assert made[1].slug.startswith("klopt-dit-")
    with pytest.raises(Refusal, match="Klopt dit"):
        statements(journey, by, "Huur", title="Klopt dit?")


# -- the page of the team: closing asks once more, and what is empty says what to do


def test_closing_asks_once_more_with_how_many_answered_and_only_then_closes(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_ = statements(journey, by)
    for code in opened(round_, by, 12)[:3]:
        say(round_, code, 1)
    planner, address = signed(Role.PLANNER), reverse("round_step", args=[round_.pk])
    asked = planner.post(address, {"close": "1"})
    assert (asked.status_code, Round.objects.get().state) == (200, "open")
    text = asked.content.decode()
    assert ("3 van de 12 codes zijn gebruikt" in text, "Minder dan tien" in text) == (True, True)
    assert planner.post(address, {"close": "1", "sure": "1"}).status_code == 302
    assert Round.objects.get().state == "closed"


def test_a_round_with_nothing_in_it_or_no_answer_says_what_to_do(
    journey: Journey, by: User, signed: Signed
) -> None:
    round_ = back.begin_round(by=by, journey=journey, key=uuid4(), kind="statements", title="Leeg")
    planner, address = signed(Role.PLANNER), reverse("round", args=[round_.pk])

    def shown() -> tuple[str, bool]:
        page = planner.get(address)
        assert page.context["page"].todo in html.unescape(page.content.decode())
        return page.context["page"].todo, 'id="stap"' in page.content.decode()

    found = [shown()]
    finding = sense.find(by=by, journey=journey, key=uuid4(), claim="Duur", perspective="space")
    back.add_statement(by=by, round_=round_, key=uuid4(), finding=finding, heard="Zo", asked="Ja?")
    found.append(shown())
    codes = opened(round_, by, 1)
    found.append(shown())
    assert [(todo.partition(".")[0], step) for todo, step in found] == [
        ("Er wordt nog niets gevraagd", False),
        ("Er zijn nog geen codes, en zonder code kan niemand antwoorden", True),
        ("Nog niemand heeft geantwoord", True),
    ]
    say(round_, codes[0], 1)
    assert shown() == ("", True)
    Reply.objects.all().delete()
    back.close_round(by=by, round_=round_)
    todo, step = shown()
    assert (todo, step) == (
        "Niemand heeft geantwoord. Deze ronde gaat niet meer open: begin een nieuwe.", False,
    )  # fmt: skip


def test_who_does_not_know_is_counted_apart_and_who_chose_nothing_not_at_all(
    journey: Journey, by: User
) -> None:
    round_ = statements(journey, by, "Duur", "Leeg")
    codes = opened(round_, by, 40)
    for number, code in enumerate(codes):
        says = (1, -1, 0, None)[number // 10]
        first, second = round_.items.values_list("pk", flat=True)
        given = {first: says} if says is not None else {second: 1}
        back.reply(round_=round_, code=code, says=given)
    back.close_round(by=by, round_=round_)
    first, second = counting.statements(journey)
    assert first.answered == counting.Answered(most="divided", counts=(10, 10, 10))
    assert second.answered == counting.Answered(most="agree", counts=None)


def test_words_that_were_taken_back_or_wait_for_a_check_are_in_no_count_that_is_told(
    journey: Journey, by: User
) -> None:
    round_ = statements(journey, by)
    finding = round_.items.get().finding
    assert finding is not None
    talks = [_talk(journey, by, f"Duur {number}") for number in range(26)]
    for number, talk in enumerate(talks):
        _under(finding, by, talk, 1 if number < 14 else -1)
    listening.withdraw(giver=talks[0].giver)
    listening.allow(giver=talks[-1].giver, purpose="note", given=False)
    Conversation.objects.filter(pk=talks[1].pk).update(returned_why="Er staat een naam in.")
    opened(round_, by)
    item, keys = round_.items.get(), [str(talk.pk) for talk in talks]
    assert (item.said["of"], item.said["for"]) == (24, 12)
    assert Round.objects.get().told["groups"] == {
        "of": sorted(keys[1:-1]), f"{item.pk}/for": sorted(keys[2:14]),
        f"{item.pk}/against": sorted(keys[14:-1]),
    }  # fmt: skip
