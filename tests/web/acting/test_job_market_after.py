# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""After a job market: who is still there, what employers say, what came of it; and the wall on
which residents write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.acting.fairs import a_fair, a_stand, a_visit, refused
from tests.web.acting.test_sealed import cells
from tests.web.journey.conftest import Signed
from wijkeconomie.web.accounts.models import EXAMPLE, Municipality, ProcessingLine, Role, User
from wijkeconomie.web.acting import access, kinds
from wijkeconomie.web.acting.instruments.job_market import (
    after,
    day_story,
    meetings,
    story,
    wall,
)
from wijkeconomie.web.acting.instruments.job_market.retention import TERMS as FAIR_TERMS
from wijkeconomie.web.acting.models import Case, Line, Listing, Match, Message
from wijkeconomie.web.acting.retention import TERMS
from wijkeconomie.web.journey import seed
from wijkeconomie.web.journey.models import Effort

Person = Callable[[Role], User]


@pytest.fixture
def by(municipality: Municipality, person: Person) -> User:
    return person(Role.AREA_MANAGER)


@pytest.fixture
def fair(by: User) -> Listing:
    return a_fair(by)


@pytest.fixture
def stand(by: User, fair: Listing) -> tuple[Listing, Case]:
    return a_stand(by, fair)


@pytest.fixture
def visit(fair: Listing) -> Case:
    return a_visit(fair)


def page(name: str, case: Case) -> str:
    return Client().get(reverse(name, args=[access.link(case)])).content.decode()


def on(name: str, case: Case, *more: Any, **said: Any) -> Any:
    return Client().post(reverse(name, args=[access.link(case), *more]), said)


def hired(visit: Case, stand: Listing) -> Match:
    match = meetings.meet(stand=stand, badge=visit.more["badge"])
    return meetings.came(match=match, to="hired")


def asked(visit: Case) -> list[tuple[int, str]]:
    """In how many days, and how that stands."""
    today = timezone.localdate()
    return [((one.due - today).days, one.state) for one in visit.lines.order_by("due") if one.due]


def test_who_is_hired_and_agreed_is_asked_after_three_six_and_twelve_months(
    stand: tuple[Listing, Case], visit: Case
) -> None:
    after.may_ask(visit=visit, yes=True)
    hired(visit, stand[0])
    days, states = zip(*asked(visit), strict=True)
    assert [round(one / 30.4) for one in days] == [3, 6, 12]
    assert set(states) == {"open"}


def test_who_did_not_agree_is_not_asked_until_they_do_and_not_any_more_after_a_no(
    stand: tuple[Listing, Case], visit: Case
) -> None:
    hired(visit, stand[0])
    assert asked(visit) == []
    on("fair_ask", visit, yes="1")
    assert len(asked(visit)) == 3
    on("fair_ask", visit, no="1")
    assert {state for _day, state in asked(visit)} == {"dropped"}


def due(visit: Case, days: int) -> None:
    """The first question is due since so many days."""
    first = visit.lines.order_by("due").first()
    assert first
    Line.objects.filter(pk=first.pk).update(due=timezone.localdate() - timedelta(days=days))


def test_one_tap_says_that_somebody_is_still_there(
    stand: tuple[Listing, Case], visit: Case
) -> None:
    after.may_ask(visit=visit, yes=True)
    hired(visit, stand[0])
    assert reverse("fair_still", args=[access.link(visit)]) not in page("fair_talks", visit)
    due(visit, 1)
    assert reverse("fair_still", args=[access.link(visit)]) in page("fair_talks", visit)
    on("fair_still", visit, yes="1")
    assert [state for _day, state in asked(visit)] == ["kept", "open", "open"]


def test_the_team_calls_who_did_not_answer_and_that_they_looked_is_written_down(
    fair: Listing, stand: tuple[Listing, Case], visit: Case, signed: Signed
) -> None:
    after.may_ask(visit=visit, yes=True)
    hired(visit, stand[0])
    due(visit, 1)
    desk = signed(Role.AREA_MANAGER)
    assert "Zwaantje Kanarie" in desk.get(reverse("fair_after", args=[fair.pk])).content.decode()
    assert ProcessingLine.objects.filter(person=str(visit.party_id)).count() == 1
    desk.post(reverse("note_fair_still", args=[visit.pk]), {"no": "1"})
    assert {state for _day, state in asked(visit)} == {"broken"}
    assert Match.objects.get(kind="fair_meeting").state == "left"


# -- what came of it
def test_what_came_of_it_is_counted_from_ten_on_and_what_was_not_asked_is_said_to_be_so(
    fair: Listing, stand: tuple[Listing, Case]
) -> None:
    assert after.in_words(fair).split("; ")[-1] == "na 12 maanden: nog niet gevraagd"
    visits = [a_visit(fair, f"Bezoeker {n}") for n in range(22)]
    for one in visits:
        meetings.meet(stand=stand[0], badge=one.more["badge"])
    for one in visits[:11]:
        after.may_ask(visit=one, yes=True)
        hired(one, stand[0])
        due(one, 2)
        after.still(visit=one, there=True)
    assert after.in_words(fair).split("; ") == [
        "22 mensen kwamen", "0 afspraken gingen door", "spraken een stand: 22",
        "werden uitgenodigd: te weinig om te noemen", "werden aangenomen: 11",
        "schreven zich in voor een route: te weinig om te noemen",
        "na 3 maanden zijn 11 van de 11 die antwoordden er nog",
        "na 6 maanden: nog niet gevraagd", "na 12 maanden: nog niet gevraagd",
    ]  # fmt: skip


def test_who_left_counts_as_hired_still(fair: Listing, stand: tuple[Listing, Case]) -> None:
    visit = a_visit(fair)
    hired(visit, stand[0])
    after.still(visit=visit, there=False)
    assert after.people(fair)["hired"] == {visit.pk.hex}


def test_what_was_counted_stays_after_who_it_was_is_forgotten(
    fair: Listing, stand: tuple[Listing, Case]
) -> None:
    people = [a_visit(fair, f"Bezoeker {n}") for n in range(10)]
    for one in people:
        hired(one, stand[0])
    before = after.in_words(fair)
    term = next(one for one in TERMS if one.kind == "questions")
    term.destroy(Case.objects.filter(pk__in=[one.pk for one in people]))
    assert "aangenomen: 10" in before
    assert after.in_words(fair) == before


def test_the_story_tells_what_came_of_the_market_that_was_held(db: None, release: Any) -> None:
    first = release.areas("gemeente")[0]
    seed.open_doors(code=first.code, name=first.name)
    boss = User.objects.get(email=f"{seed.PEOPLE[Role.AREA_MANAGER]}@{EXAMPLE}")
    story.tell(code=first.code, by=boss)
    for _ in range(2):
        day_story.tell(code=first.code, by=boss)
    (held,) = kinds.results(Effort.objects.get(instrument="job_fair"))
    assert held.words.split("; ")[2:] == [
        "spraken een stand: 29", "werden uitgenodigd: 10", "werden aangenomen: 10",
        "schreven zich in voor een route: te weinig om te noemen",
        "na 3 maanden zijn 12 van de 12 die antwoordden er nog",
        "na 6 maanden zijn 12 van de 12 die antwoordden er nog",
        "na 12 maanden: nog niet gevraagd",
    ]  # fmt: skip
    assert after.said(Listing.objects.get(state="ended", kind="job_market")) is not None


# -- what employers say
def test_employers_are_told_of_in_counts_from_three_on(by: User, fair: Listing) -> None:
    for n in range(3):
        assert after.said(fair) is None
        _stand, holder = a_stand(by, fair, f"Zaak {n}")
        sent = on("fair_feedback", holder, worth="yes" if n else "no", again="on", text="Wielewaal")
        assert sent.status_code == 302
    assert after.said(fair) == (3, {"yes": 2, "partly": 0, "no": 1}, 3)


def test_employers_are_asked_the_morning_after_once(
    fair: Listing, stand: tuple[Listing, Case], settings: Any
) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    for _ in range(2):
        after.ask_exhibitors(fair, timezone.localdate())
    message = Message.objects.get(kind="fair_said")
    at = timezone.localtime(message.next_at)
    assert (at.date() - timezone.localdate(), at.hour) == (timedelta(days=1), 9)


# -- the wall
@pytest.fixture
def text(by: User, visit: Case) -> Listing:
    made = wall.write(visit=visit, key=uuid4(), text="Ik bak graag brood")
    return wall.judge(by=by, text=made, to="hanging")


def test_words_hang_only_after_the_team_looked(
    by: User, stand: tuple[Listing, Case], visit: Case
) -> None:
    made = wall.write(visit=visit, key=uuid4(), text="Ik bak graag brood")
    assert "Ik bak graag brood" not in page("fair_wall", stand[1])
    wall.judge(by=by, text=made, to="hanging")
    assert "Ik bak graag brood" in page("fair_wall", stand[1])
    assert "Zwaantje" not in page("fair_wall", stand[1])


def test_names_are_read_only_after_the_resident_chose(
    stand: tuple[Listing, Case], visit: Case, text: Listing
) -> None:
    _one, holder = stand
    on("fair_wall", holder, of=text.pk, text="Kom bij ons bakken")
    bid = Match.objects.get(kind="fair_bid")
    assert "Kom bij ons bakken" in page("fair_talks", visit)
    assert "Kanarie" not in page("fair_wall", holder)
    on("fair_answer", visit, bid.pk, yes="1")
    assert "Zwaantje Kanarie" in page("fair_wall", holder)
    on("fair_answer", visit, bid.pk, no="1")
    assert "Kanarie" not in page("fair_wall", holder)


def test_taken_down_the_words_are_gone_at_once_for_everyone(
    stand: tuple[Listing, Case], visit: Case, text: Listing
) -> None:
    _one, holder = stand
    bid = wall.bid(exhibitor=holder, text=text, words="Kom langs")
    wall.answer(visit=visit, match=bid, yes=True)
    on("fair_text_down", visit)
    shown = page("fair_wall", holder)
    assert [word for word in ("Kanarie", "Ik bak graag") if word in shown] == []
    assert Listing.objects.get(pk=text.pk).secret is None
    with refused("text_gone"):
        wall.bid(exhibitor=holder, text=text, words="Nog eens")


def test_an_employer_answers_a_text_once(stand: tuple[Listing, Case], text: Listing) -> None:
    _one, holder = stand
    first = wall.bid(exhibitor=holder, text=text, words="Kom langs")
    assert wall.bid(exhibitor=holder, text=text, words="Kom langs") == first
    with refused("bid_already"):
        wall.bid(exhibitor=holder, text=text, words="Iets anders")


def test_a_text_that_does_not_hang_says_why_and_another_takes_its_place(
    by: User, visit: Case, text: Listing
) -> None:
    wall.judge(by=by, text=text, to="refused", reason="Er staat een naam in")
    assert "Er staat een naam in" in page("fair_talks", visit)
    sent = on("fair_text", visit, key=uuid4(), text="Ik bak graag")
    assert sent.status_code == 302
    assert "Er staat een naam in" not in page("fair_talks", visit)


def test_nobody_answers_for_another(
    fair: Listing, stand: tuple[Listing, Case], text: Listing
) -> None:
    bid = wall.bid(exhibitor=stand[1], text=text, words="Kom langs")
    other = a_visit(fair, "Iemand Anders")
    assert on("fair_answer", other, bid.pk, yes="1").status_code == 404


def test_words_of_the_wall_are_sealed(text: Listing) -> None:
    every = "\n".join(cells().values())
    assert [word for word in ("Ik bak graag", "Zwaantje") if word in every] == []


def test_texts_go_four_weeks_after_the_day(by: User, fair: Listing, text: Listing) -> None:
    term = next(one for one in FAIR_TERMS if one.kind == "wall texts")
    today = timezone.now()
    assert term.over(today - timedelta(days=1)).count() == 0
    term.destroy(term.over(today))
    assert Listing.objects.get(pk=text.pk).secret is None
