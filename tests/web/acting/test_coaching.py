# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coaching: a need, a coach beside it with reasons, a yes of both, goals, the end and what came
after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.journey.conftest import Signed
from wijkeconomie.acting.terms import shipped
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import retention
from wijkeconomie.web.accounts.models import (
    EXAMPLE,
    AuditLine,
    Membership,
    Municipality,
    Role,
    User,
)
from wijkeconomie.web.acting import access, actions, kinds, letters, vocabulary
from wijkeconomie.web.acting.instruments import coaching
from wijkeconomie.web.acting.instruments.coaching import matching, story, trajectories
from wijkeconomie.web.acting.models import (
    Agreement,
    Booking,
    Case,
    Contact,
    Line,
    Listing,
    Match,
    Message,
    Party,
    Step,
    Term,
)
from wijkeconomie.web.acting.retention import TERMS
from wijkeconomie.web.journey import seed

Person = Callable[[Role], User]
OFFERS = {"subjects": ["administration", "money"], "languages": ["nl", "tr"], "most": 1}
FORM = {"subjects": ["administration", "marketing"], "text": "Ik snap de btw niet", "terms": "",
        "about": "started", "languages": ["nl"], "when": "dinsdag", "name": "Bes", "phone": "",
        "email": "bes@example.org"}  # fmt: skip


@pytest.fixture
def programme(municipality: Municipality, person: Person, release: Any) -> Listing:
    """Coaching that is open for everyone."""
    by, wijk = person(Role.PLANNER), release.areas("wijk", municipality.code)[0].code
    made = actions.offer(by=by, municipality=municipality, key=uuid4(), kind=coaching.COACHING,
                         area=wijk, title="Coaches", more={"days": 10, "phone": ""})  # fmt: skip
    return actions.move(by=by, listing=made, to="open")


@pytest.fixture
def coach(programme: Listing, person: Person) -> Listing:
    """One with room for one, who has an account."""
    return coaches(programme, person, "Cora", user=person(Role.COACH))


def coaches(programme: Listing, person: Person, name: str, user: User | None = None, **more: Any
            ) -> Listing:  # fmt: skip
    return matching.add_coach(by=person(Role.PLANNER), programme=programme, key=uuid4(), name=name,
                              user=user, more=OFFERS | more)  # fmt: skip


def needs(programme: Listing, **other: Any) -> Case:
    """An entrepreneur asks for a coach, as anyone."""
    sent = Client().post(
        reverse("coaching", args=[programme.pk]), {"key": uuid4(), **FORM, **other}
    )
    assert sent.status_code == 302, sent.content.decode()
    return Case.objects.latest("made_at")


@pytest.fixture
def needing(programme: Listing) -> Case:
    return needs(programme)


def page(case: Case) -> str:
    """What the entrepreneur reads."""
    return Client().get(reverse("my_coaching", args=[access.link(case)])).content.decode()


@pytest.fixture
def deal(coach: Listing, needing: Case, person: Person) -> Agreement:
    """Both said yes."""
    match = matching.propose(by=person(Role.CLERK), needing=needing, coach=coach)
    matching.reply(by=person(Role.COACH), match=match, yes=True)
    made = matching.choose(match=match, yes=True)
    assert made is not None
    return made


def state(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


# -- asking
def test_who_asks_needs_no_account_and_reads_when_they_hear(programme: Listing) -> None:
    case = needs(programme)
    assert case.more == {"subjects": FORM["subjects"], "languages": ["nl"], "when": "dinsdag",
                         "trades": []}  # fmt: skip
    assert (case.about, case.due) == ("started", actions.after(timezone.localdate(), 10))
    assert "We zoeken een coach" in page(case)


def test_a_need_that_is_sent_twice_is_one_and_another_under_its_key_is_refused(
    programme: Listing,
) -> None:
    sent = {"key": uuid4(), **FORM}
    answers = [Client().post(reverse("coaching", args=[programme.pk]), sent | other).status_code
               for other in ({}, {}, {"text": "Iets anders"})]  # fmt: skip
    assert (answers, Case.objects.count(), Party.objects.count()) == ([302, 302, 422], 1, 1)


@pytest.mark.parametrize(
    "other", [{"subjects": []}, {"languages": []}, {"about": ""}, {"text": ""}]
)
def test_a_need_that_is_none_is_refused_and_what_was_typed_stays(
    programme: Listing, other: dict[str, Any]
) -> None:
    sent = Client().post(
        reverse("coaching", args=[programme.pk]), {"key": uuid4(), **FORM, **other}
    )
    assert (sent.status_code, "verplicht" in sent.content.decode()) == (422, True)
    assert ('value="Bes"' in sent.content.decode(), Case.objects.count()) == (True, 0)


def test_a_trade_is_typed_with_a_mistake_ticked_and_kept(programme: Listing) -> None:
    vocabulary.take_in(scheme="trade", version="1", words=shipped())
    there, sent = reverse("coaching", args=[programme.pk]), {"key": uuid4(), **FORM}
    first = Client().post(there, sent | {"terms": "timerman"})
    assert (first.status_code, "Vink hieronder aan" in first.content.decode()) == (422, True)
    assert ("Timmerman</span>" in first.content.decode(), Case.objects.count()) == (True, 0)
    key = Term.objects.get(code="carpenter").pk
    Client().post(there, sent | {"terms": "timerman", "terms_gekozen": [key]})
    case = Case.objects.get()
    assert ([one.code for one in case.terms.all()], case.more["trades"]) == (
        ["carpenter"], ["carpenter"],
    )  # fmt: skip


@pytest.mark.parametrize(("typed", "status"), [("Timmerman", 302), ("qqqq", 422), ("", 302)])
def test_a_trade_as_it_is_called_needs_no_tick_and_an_unknown_one_is_said(
    programme: Listing, typed: str, status: int
) -> None:
    vocabulary.take_in(scheme="trade", version="1", words=shipped())
    sent = {"key": uuid4(), **FORM, "terms": typed}
    assert Client().post(reverse("coaching", args=[programme.pk]), sent).status_code == status


# -- putting a coach beside it
def test_a_person_sees_every_coach_with_reasons_those_who_fit_first(
    programme: Listing, coach: Listing, needing: Case, person: Person, signed: Signed
) -> None:
    coaches(programme, person, "Anna", subjects=["staff"])
    coaches(programme, person, "Bob", subjects=["administration", "marketing"], languages=["ar"])
    coaches(programme, person, "Dirk", subjects=["administration", "marketing"], most=3)
    rows = matching.offered(programme, needing)
    assert [(coaching.name_of(one), it.fits, it.subjects, it.languages, it.room)
            for one, it, _before in rows] == [
        ("Dirk", True, ("administration", "marketing"), ("nl",), 3),
        ("Cora", True, ("administration",), ("nl",), 1),
        ("Bob", False, ("administration", "marketing"), (), 1),
        ("Anna", False, (), ("nl",), 1),
    ]  # fmt: skip
    shown = signed(Role.CLERK).get(reverse("coaching_need", args=[needing.pk])).content.decode()
    assert shown.index("Dirk") < shown.index("Cora") < shown.index("Bob")
    assert "geen taal" in shown


def test_a_coach_is_added_once_also_beside_one_without_an_account_and_changed(
    programme: Listing, signed: Signed, person: Person
) -> None:
    coaches(programme, person, "Dirk")  # without an account
    user, planner = person(Role.COACH), signed(Role.PLANNER)
    there, offers = reverse("add_coach", args=[programme.pk]), OFFERS | {"terms": ""}
    sent = {"key": uuid4(), "user": str(user.pk), **offers}
    assert planner.post(there, sent).status_code == 302
    assert str(user.pk) not in planner.get(there).content.decode()
    made = access.done_by(user, "coach").get()
    edit = reverse("edit_coach", args=[made.pk])
    assert planner.post(edit, offers | {"state": "away", "most": 7}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.more["most"]) == ("away", 7)


def test_a_coach_never_sees_a_need_before_a_person_proposed_it(
    coach: Listing, needing: Case, signed: Signed, person: Person
) -> None:
    mine = signed(Role.COACH)
    assert mine.get(reverse("coaching_need", args=[needing.pk])).status_code == 403
    assert "Bes" not in mine.get(reverse("my_entrepreneurs")).content.decode()
    matching.propose(by=person(Role.CLERK), needing=needing, coach=coach)
    assert "Bes" in mine.get(reverse("my_entrepreneurs")).content.decode()


def test_twin_what_is_another_coachs_is_not_there(
    programme: Listing, coach: Listing, needing: Case, signed: Signed, person: Person
) -> None:
    other = coaches(programme, person, "Dirk")
    match = matching.propose(by=person(Role.CLERK), needing=needing, coach=other)
    there = reverse("coach_proposal", args=[match.pk])
    assert signed(Role.COACH).get(there).status_code == 404
    other.involvements.update(user=person(Role.COACH))
    assert signed(Role.COACH).get(there).status_code == 200


def test_a_coach_whose_involvement_ended_sees_no_more_of_it(
    deal: Agreement, signed: Signed
) -> None:
    there = reverse("trajectory", args=[deal.pk])
    assert signed(Role.COACH).get(there).status_code == 200
    deal.listing.involvements.update(until=timezone.now())
    assert signed(Role.COACH).get(there).status_code == 404


def test_no_coach_has_more_than_they_said_also_counting_who_must_still_say_yes(
    programme: Listing, coach: Listing, needing: Case, person: Person
) -> None:
    match = matching.propose(by=person(Role.CLERK), needing=needing, coach=coach)
    with pytest.raises(Refusal) as caught:
        matching.propose(by=person(Role.CLERK), needing=needs(programme), coach=coach)
    assert caught.value.notice.code == "coach_is_full"
    with pytest.raises(Refusal):
        matching.change_coach(by=person(Role.PLANNER), coach=coach, state="active",
                              more=OFFERS | {"most": 0})  # fmt: skip
    matching.reply(by=person(Role.COACH), match=match, yes=False, reason="Geen tijd")
    assert coaching.holding(coach) == 0
    assert state(needing) == "received"


def test_proposed_twice_it_is_one_proposal(coach: Listing, needing: Case, person: Person) -> None:
    made = {matching.propose(by=person(Role.CLERK), needing=needing, coach=coach).pk
            for _ in range(2)}  # fmt: skip
    assert (len(made), Match.objects.count()) == (1, 1)


def test_the_reasons_stay_as_they_were_when_it_was_proposed(
    coach: Listing, needing: Case, person: Person
) -> None:
    matching.propose(by=person(Role.CLERK), needing=needing, coach=coach)
    matching.change_coach(by=person(Role.PLANNER), coach=coach, state="active",
                          more=OFFERS | {"subjects": ["staff"]})  # fmt: skip
    assert Match.objects.get().more == {"subjects": ["administration"], "lacking": ["marketing"],
                                        "languages": ["nl"]}  # fmt: skip


@pytest.mark.parametrize("yes", [True, False])
def test_both_say_yes_or_we_look_on(
    coach: Listing, needing: Case, person: Person, *, yes: bool
) -> None:
    match = matching.propose(by=person(Role.CLERK), needing=needing, coach=coach)
    matching.reply(by=person(Role.COACH), match=match, yes=True)
    assert "Cora kan uw coach zijn" in page(needing)
    choose = reverse("choose_coach", args=[access.link(needing)])
    assert Client().post(choose, {"yes" if yes else "no": "1"}).status_code == 302
    assert (state(needing), Agreement.objects.count()) == (
        ("coached", 1) if yes else ("received", 0)
    )  # fmt: skip
    assert Client().post(choose, {"yes": "1"}).status_code == 404


def test_a_coach_who_says_no_says_why_and_a_proposal_can_be_taken_back(
    coach: Listing, needing: Case, person: Person, signed: Signed
) -> None:
    match = matching.propose(by=person(Role.CLERK), needing=needing, coach=coach)
    there = reverse("coach_proposal", args=[match.pk])
    assert signed(Role.COACH).post(there, {"to": "no", "reason": ""}).status_code == 422
    back = reverse("take_back_coach", args=[match.pk])
    assert signed(Role.CLERK).post(back, {"reason": "Duurt te lang"}).status_code == 302
    assert (state(needing), Match.objects.get().state) == ("received", "taken_back")
    matching.propose(by=person(Role.CLERK), needing=needing, coach=coach)
    assert Match.objects.get().state == "proposed"


def test_who_asks_no_more_gives_the_place_back(
    coach: Listing, needing: Case, person: Person
) -> None:
    matching.propose(by=person(Role.CLERK), needing=needing, coach=coach)
    stop = reverse("stop_coaching", args=[access.link(needing)])
    assert {Client().post(stop).status_code for _ in range(2)} == {302}
    assert (state(needing), coaching.holding(coach)) == ("withdrawn", 0)


def test_no_coach_is_an_answer_with_a_reason(needing: Case, signed: Signed) -> None:
    there = reverse("no_coach", args=[needing.pk])
    assert signed(Role.CLERK).post(there, {"reason": ""}).status_code == 422
    signed(Role.CLERK).post(there, {"reason": "Ga naar de KVK"})
    assert (state(needing), "Ga naar de KVK" in page(needing)) == ("refused", True)


# -- working on it
def test_goals_meetings_and_notes_are_read_by_the_entrepreneur_too(
    deal: Agreement, signed: Signed
) -> None:
    mine, day = signed(Role.COACH), timezone.localdate() + timedelta(days=30)
    at = timezone.localtime(timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    sent = {
        "set_coaching_goal": {"text": "De btw is op tijd", "due": day.isoformat()},
        "meet": {"at": f"{at:%Y-%m-%dT%H:%M}", "minutes": "60", "where": "In de bakkerij"},
        "record_meeting": {"text": "We keken naar de bonnen", "channel": "visit"},
    }  # fmt: skip
    for name, form in sent.items():
        answer = mine.post(reverse(name, args=[deal.pk]), {"key": uuid4(), **form})
        assert answer.status_code == 302, answer.content.decode()
    for text in (page(deal.case), mine.get(reverse("trajectory", args=[deal.pk])).content.decode()):
        assert all(said in text for said in
                   ("De btw is op tijd", "In de bakkerij", "We keken naar de bonnen"))  # fmt: skip


def test_who_looks_after_the_programme_reads_no_word_of_those_two(
    deal: Agreement, signed: Signed, person: Person
) -> None:
    trajectories.record(by=person(Role.COACH), deal=deal, key=uuid4(), text="Zwanhilde",
                        channel="visit")  # fmt: skip
    boss, case = signed(Role.AREA_MANAGER), deal.case
    assert case is not None
    pages = (
        reverse("coaching_need", args=[case.pk]),
        reverse("coaching_team", args=[case.listing_id]),
    )
    assert not any("Zwanhilde" in boss.get(one).content.decode() for one in pages)
    assert boss.get(reverse("trajectory", args=[deal.pk])).status_code == 403
    assert Contact.objects.get().text == "Zwanhilde"


def test_the_entrepreneur_writes_back_once_for_a_key(deal: Agreement) -> None:
    there, key = reverse("my_coaching", args=[access.link(deal.case)]), uuid4()
    answers = [Client().post(there, {"key": key, "text": text}).status_code
               for text in ("Dank", "Dank", "Iets anders")]  # fmt: skip
    assert (answers, Contact.objects.count()) == ([302, 302, 422], 1)


def goal(deal: Agreement, by: User, due: date | None = None) -> Line:
    return trajectories.set_goal(by=by, deal=deal, key=uuid4(), text="Doel",
                                 due=due or timezone.localdate())  # fmt: skip


@pytest.mark.parametrize(("to", "reason", "states"), [
    ("kept", "", ["kept"]), ("broken", "Ziek", ["broken"]), ("broken", "", None),
    ("changed", "Beter zo", ["dropped", "open"]), ("changed", "", None),
])  # fmt: skip
def test_a_goal_is_reached_not_reached_or_changes(
    deal: Agreement, signed: Signed, person: Person, to: str, reason: str, states: list[str] | None
) -> None:
    made = goal(deal, person(Role.COACH))
    sent = {"key": uuid4(), "to": to, "reason": reason, "text": "Nieuw",
            "due": timezone.localdate().isoformat()}  # fmt: skip
    answer = signed(Role.COACH).post(reverse("settle_coaching_goal", args=[made.pk]), sent)
    got = list(Line.objects.order_by("made_at").values_list("state", flat=True))
    assert (answer.status_code, got) == ((302, states) if states else (422, ["open"]))


def test_a_goal_that_changes_needs_the_new_goal_and_its_day(
    deal: Agreement, signed: Signed, person: Person
) -> None:
    made = goal(deal, person(Role.COACH))
    sent = {"key": uuid4(), "to": "changed", "reason": "Beter", "text": "", "due": ""}
    answer = signed(Role.COACH).post(reverse("settle_coaching_goal", args=[made.pk]), sent)
    assert (answer.status_code, answer.content.decode().count("Dit veld is verplicht")) == (422, 2)


def test_a_coach_is_at_one_place_at_a_time(
    programme: Listing, deal: Agreement, person: Person
) -> None:
    Listing.objects.filter(pk=deal.listing_id).update(more=OFFERS | {"most": 2})
    match = matching.propose(by=person(Role.CLERK), needing=needs(programme), coach=deal.listing)
    matching.reply(by=person(Role.COACH), match=match, yes=True)
    other = matching.choose(match=match, yes=True)
    assert other is not None
    at = timezone.now() + timedelta(days=3)
    first = meets(deal, person, at)
    with pytest.raises(Refusal) as caught:
        meets(other, person, at)
    assert caught.value.notice.code == "slot_full"
    settle = reverse("settle_booking", args=[access.link(deal.case)])
    Client().post(settle, {"booking": first.pk, "cancel": "1"})
    assert meets(other, person, at).state == "confirmed"


def meets(deal: Agreement, person: Person, at: datetime) -> Booking:
    return trajectories.meet(by=person(Role.COACH), deal=deal, key=uuid4(), at=at, minutes=60,
                             where="Hier")  # fmt: skip


def test_a_meeting_is_said_to_have_been_or_cancelled_by_its_coach_only(
    deal: Agreement, signed: Signed, person: Person
) -> None:
    one = meets(deal, person, timezone.now() + timedelta(days=3))
    was = reverse("meeting_was", args=[one.pk])
    assert signed(Role.CLERK).post(was, {"to": "completed"}).status_code == 403
    assert signed(Role.COACH).post(was, {"to": "completed"}).status_code == 409  # still to come
    assert signed(Role.COACH).post(was, {"to": "cancelled"}).status_code == 302
    assert Booking.objects.get().state == "cancelled"


# -- the end, and after
def ends(deal: Agreement, by: User, **how: Any) -> Agreement:
    return trajectories.end(by=by, deal=deal, **{"to": "reached", "went": "going", **how})


def test_it_ends_with_where_they_are_now_and_what_was_to_come_is_given_back(
    deal: Agreement, person: Person
) -> None:
    meets(deal, person, timezone.now() + timedelta(days=3))
    ends(deal, person(Role.COACH), went="shop_day")
    assert (state(deal.case), Booking.objects.get().state) == ("shop_day", "cancelled")
    assert Agreement.objects.get().last == timezone.localdate()
    with pytest.raises(Refusal) as caught:
        goal(deal, person(Role.COACH))
    assert caught.value.notice.code == "trajectory_over"


@pytest.mark.parametrize("to", ["stopped", "handed"])
def test_who_stops_or_hands_over_says_why(deal: Agreement, signed: Signed, to: str) -> None:
    there = reverse("end_trajectory", args=[deal.pk])
    form = {"to": to, "went": "other", "reason": ""}
    assert signed(Role.COACH).post(there, form).status_code == 422
    assert signed(Role.COACH).post(there, form | {"reason": "Verhuisd"}).status_code == 302
    assert state(deal.case) == ("other" if to == "stopped" else "received")


def test_after_a_handover_the_next_coach_reads_nothing_of_before(
    programme: Listing, deal: Agreement, signed: Signed, person: Person
) -> None:
    trajectories.record(by=person(Role.COACH), deal=deal, key=uuid4(), text="Zwanhilde",
                        channel="visit")  # fmt: skip
    ends(deal, person(Role.COACH), to="handed", reason="Met pensioen")
    next_one = coaches(programme, person, "Dirk", user=person(Role.COACH))
    match = matching.propose(by=person(Role.CLERK), needing=deal.case, coach=next_one)
    matching.reply(by=person(Role.COACH), match=match, yes=True)
    made = matching.choose(match=match, yes=True)
    assert made is not None
    text = signed(Role.COACH).get(reverse("trajectory", args=[made.pk])).content.decode()
    assert ("Zwanhilde" in text, "Zwanhilde" in page(made.case)) == (False, True)


def test_a_coach_who_is_gone_is_replaced_by_who_looks_after_it(
    deal: Agreement, signed: Signed
) -> None:
    there = reverse("another_coach", args=[deal.case_id])
    assert signed(Role.CLERK).post(there, {"reason": ""}).status_code == 422
    assert signed(Role.CLERK).post(there, {"reason": "Ziek"}).status_code == 302
    assert (Agreement.objects.get().state, state(deal.case)) == ("handed", "received")
    assert signed(Role.CLERK).get(there).status_code == 404


def test_the_entrepreneur_stops_when_they_want(deal: Agreement) -> None:
    Client().post(reverse("stop_coaching", args=[access.link(deal.case)]))
    assert (Agreement.objects.get().state, state(deal.case)) == ("stopped", "other")


def test_how_it_goes_is_asked_after_three_six_and_twelve_months_on_the_day_itself(
    deal: Agreement, person: Person, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_HOST = "mail"
    ends(deal, person(Role.COACH))
    due = list(Line.objects.filter(case=deal.case).values_list("due", flat=True))
    asked = Message.objects.filter(kind="coach_after").order_by("next_at")
    assert [timezone.localdate(one.next_at) for one in asked] == due
    Message.objects.exclude(kind="coach_after").delete()
    assert letters.send_all(timezone.now() + timedelta(days=60)) == 0
    assert letters.send_all(timezone.now() + timedelta(days=93)) == 1
    assert "uw-coach" in mail.outbox[-1].body
    assert "Bes" in mail.outbox[-1].body
    assert "btw" not in mail.outbox[-1].body
    tell = reverse("tell_where", args=[access.link(deal.case)])
    Line.objects.filter(case=deal.case, due=due[0]).update(due=timezone.localdate())
    assert Client().post(tell, {"to": "own_lease"}).status_code == 302
    assert state(deal.case) == "own_lease"
    left = Line.objects.filter(case=deal.case, state="open").values_list("due", flat=True)
    assert list(left) == due[1:]


def test_what_was_answered_already_is_not_asked_any_more(
    deal: Agreement, person: Person, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail"
    ends(deal, person(Role.COACH))
    Line.objects.filter(case=deal.case).update(state="kept", kept_on=timezone.localdate())
    Message.objects.exclude(kind="coach_after").delete()
    assert letters.send_all(timezone.now() + timedelta(days=400)) == 0
    assert set(Message.objects.values_list("state", flat=True)) == {"overtaken"}


def test_mail_and_page_are_in_the_language_of_who_asked(
    programme: Listing, coach: Listing, person: Person, settings: Any
) -> None:
    settings.EMAIL_HOST = "mail"
    there = reverse("coaching", args=[programme.pk])
    Client().post(f"/en{there.removeprefix('/nl')}", {"key": uuid4(), **FORM})
    case = Case.objects.get()
    assert case.party is not None
    assert case.party.language == "en"
    match = matching.propose(by=person(Role.CLERK), needing=case, coach=coach)
    matching.reply(by=person(Role.COACH), match=match, yes=True)
    letters.send_all(timezone.now())
    (told,) = [one for one in mail.outbox if one.subject == "We found a coach for you"]
    assert "/en/" in told.body


def test_who_did_not_answer_is_called_and_that_is_noted(
    deal: Agreement, signed: Signed, person: Person
) -> None:
    ends(deal, person(Role.COACH))
    Line.objects.filter(case=deal.case).update(due=timezone.localdate())
    team = reverse("coaching_team", args=[deal.case.listing_id])  # type: ignore[union-attr]
    assert "Vraag hoe het gaat" in signed(Role.CLERK).get(team).content.decode()
    signed(Role.CLERK).post(reverse("note_where", args=[deal.case_id]), {"to": "stopped"})
    assert state(deal.case) == "stopped"
    assert "Vraag hoe het gaat" not in signed(Role.CLERK).get(team).content.decode()


# -- what came of it
def test_entrepreneurs_and_goals_are_counted_from_what_happened(
    programme: Listing, deal: Agreement, person: Person
) -> None:
    by, today = person(Role.COACH), timezone.localdate()
    first, second = goal(deal, by), goal(deal, by)
    goal(deal, by, today + timedelta(days=9))
    trajectories.settle_goal(by=by, goal=first, to="kept")
    trajectories.settle_goal(by=by, goal=second, to="broken", reason="Ziek")
    got = coaching.figures(programme, today)
    assert (got.asked, got.coached, got.active, got.reached, got.due) == (1, 1, 1, 1, 2)
    assert kinds.of(programme).results([programme])[0].words == (  # type: ignore[misc]
        "1 ondernemer gecoacht, 1 van 2 doelen gehaald"
    )


@pytest.mark.parametrize(("many", "shown"), [(9, None), (10, 10)])
def test_from_where_to_where_is_told_from_ten_on(
    programme: Listing, needing: Case, many: int, shown: int | None
) -> None:
    fields = {"kind": needing.kind, "listing": programme, "municipality": needing.municipality,
              "promised": needing.due, "due": needing.due, "channel": "web",
              "sent": ""}  # fmt: skip
    Case.objects.filter(pk=needing.pk).delete()
    Case.objects.bulk_create(Case(about="idea", state="shop_day", **fields) for _ in range(many))
    Case.objects.bulk_create(Case(about="idea", state="received", **fields) for _ in range(20))
    assert coaching.figures(programme, timezone.localdate()).went == (("idea", "shop_day", shown),)


@pytest.mark.parametrize("count", [1, 5])
def test_the_page_of_the_team_asks_the_same_queries_for_one_and_for_many(
    programme: Listing, coach: Listing, signed: Signed, count: int,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    for _ in range(count):
        needs(programme)
    client, there = signed(Role.CLERK), reverse("coaching_team", args=[programme.pk])
    client.get(there)
    with django_assert_max_num_queries(26):
        client.get(there)


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_of_a_coach_asks_the_same_queries_for_one_and_for_many(
    programme: Listing, coach: Listing, signed: Signed, person: Person, count: int,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:  # fmt: skip
    Listing.objects.filter(pk=coach.pk).update(more=OFFERS | {"most": 9})
    for _ in range(count):
        match = matching.propose(by=person(Role.CLERK), needing=needs(programme), coach=coach)
        matching.reply(by=person(Role.COACH), match=match, yes=True)
        matching.choose(match=match, yes=True)
        matching.propose(by=person(Role.CLERK), needing=needs(programme), coach=coach)
    client, there = signed(Role.COACH), reverse("my_entrepreneurs")
    client.get(there)
    with django_assert_max_num_queries(24):
        client.get(there)


@pytest.mark.parametrize(("days", "gone"), [(454, False), (456, True)])
def test_three_months_after_the_last_question_nobody_is_known_and_the_counts_stay(
    programme: Listing, deal: Agreement, person: Person, *, days: int, gone: bool
) -> None:
    by, today = person(Role.COACH), timezone.localdate()
    trajectories.settle_goal(by=by, goal=goal(deal, by), to="kept")
    trajectories.record(by=by, deal=deal, key=uuid4(), text="Zwanhilde", channel="visit")
    ends(deal, by, to="stopped", reason="Kwinkslag")
    before = coaching.figures(programme, today)
    later = timezone.now() + timedelta(days=days)
    retention.destroy(later, really=True, terms=TERMS, sure_of_clock=True)
    case, line = Case.objects.get(), Line.objects.exclude(agreement=None).get()
    left = (case.party is None, case.text == "", line.text == "", Contact.objects.get().text == "",
            not Step.objects.exclude(reason="").exists(),
            Match.objects.get().more == {})  # fmt: skip
    assert set(left) == {gone}
    assert coaching.figures(programme, today) == before


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366, True)])
def test_who_waits_for_a_coach_is_known_until_a_year_after_the_last_news(
    needing: Case, coach: Listing, signed: Signed, person: Person, *, days: int, gone: bool
) -> None:
    Case.objects.update(made_at=timezone.now() - timedelta(days=900))
    match = matching.propose(by=person(Role.CLERK), needing=needing, coach=coach)
    matching.reply(by=person(Role.COACH), match=match, yes=False, reason="Vol")
    retention.destroy(timezone.now() + timedelta(days=days), really=True, terms=TERMS)
    case = Case.objects.get()
    assert (case.party is None, case.more == {}, case.text == "") == (gone, gone, gone)
    client = signed(Role.CLERK)
    for name, key in (("coaching_need", case.pk), ("coaching_team", case.listing_id)):
        assert client.get(reverse(name, args=[key])).status_code == 200


def test_twin_who_has_a_coach_is_not_forgotten_with_those_who_wait(deal: Agreement) -> None:
    retention.destroy(timezone.now() + timedelta(days=390), really=True, terms=TERMS)
    assert (deal.state, Case.objects.get().party is None) == ("active", False)


def test_a_year_after_a_programme_nobody_knows_who_coached(
    programme: Listing, coach: Listing, person: Person
) -> None:
    actions.move(by=person(Role.PLANNER), listing=programme, to="ended", reason="Geld op")
    retention.destroy(timezone.now() + timedelta(days=364), really=True, terms=TERMS)
    assert coaching.name_of(Listing.objects.get(pk=coach.pk)) == "Cora"
    retention.destroy(timezone.now() + timedelta(days=366), really=True, terms=TERMS)
    assert coaching.name_of(Listing.objects.get(pk=coach.pk)) == ""


def test_every_write_has_its_line_in_the_log(deal: Agreement, person: Person) -> None:
    goal(deal, person(Role.COACH))
    assert {"ask", "set_to_work", "propose_coach", "step", "agree", "note_line"} <= set(
        AuditLine.objects.values_list("verb", flat=True)
    )


def test_the_story_is_told_once_and_counts_in_the_plan(db: None, release: Any) -> None:
    first = release.areas("gemeente")[0]
    vocabulary.keep_shipped_trades()
    seed.open_doors(code=first.code, name=first.name)
    boss = User.objects.get(email=f"{seed.PEOPLE[Role.AREA_MANAGER]}@{EXAMPLE}")
    for _ in range(2):
        story.tell(code=first.code, by=boss)
    programme = Listing.objects.get(kind="coaching")
    assert programme.effort is not None
    (words,) = [one.words for one in kinds.results(programme.effort) if one.name == programme.title]
    assert words == "2 ondernemers gecoacht, 3 van 4 doelen gehaald"
    assert Case.objects.filter(state="shop_day").get().lines.filter(
        state="open", due__lte=timezone.localdate()
    ).exists()  # fmt: skip


def test_a_coach_who_was_replaced_reads_only_what_was_said_while_it_was_theirs(
    programme: Listing, deal: Agreement, person: Person, signed: Signed, municipality: Municipality
) -> None:
    trajectories.record(by=person(Role.COACH), deal=deal, key=uuid4(), text="Eigen verslag",
                        channel="visit")  # fmt: skip
    trajectories.end(by=person(Role.CLERK), deal=deal, to="handed", reason="Het klikt niet.")
    other = User.objects.add("coach2@example.org", "Coach Twee")
    Membership.objects.create(user=other, municipality=municipality, role=Role.COACH)
    second = matching.add_coach(
        by=person(Role.PLANNER), programme=programme, key=uuid4(), name="Coach Twee", user=other,
        more={"subjects": ["administration", "money"], "languages": ["nl"], "most": 3},
    )  # fmt: skip
    case = Case.objects.get(pk=deal.case_id)
    match = matching.propose(by=person(Role.CLERK), needing=case, coach=second)
    matching.reply(by=other, match=match, yes=True)
    new = matching.choose(match=match, yes=True)
    trajectories.say(deal=new, key=uuid4(), text="Een klacht over mijn vorige coach")
    trajectories.record(by=other, deal=new, key=uuid4(), text="Nieuw verslag", channel="visit")
    said = signed(Role.COACH).get(reverse("trajectory", args=[deal.pk])).content.decode()
    assert ("Eigen verslag" in said, "Een klacht" in said, "Nieuw verslag" in said) == (
        True, False, False)  # fmt: skip
    everything = case.contacts.filter(made_at__gte=deal.made_at)  # the twin: with no end
    assert {"Een klacht over mijn vorige coach", "Nieuw verslag"} <= {
        one.text for one in everything}  # fmt: skip
    assert [one.text for one in trajectories.said(new)] == [
        "Een klacht over mijn vorige coach", "Nieuw verslag"]  # fmt: skip


def test_a_goal_that_is_dropped_after_its_day_counts_as_not_reached(
    deal: Agreement, person: Person
) -> None:
    by, today = person(Role.COACH), timezone.localdate()
    goals = [
        trajectories.set_goal(by=by, deal=deal, key=uuid4(), text="Doel", due=today + timedelta(n))
        for n in range(3, 8)
    ]
    trajectories.settle_goal(by=by, goal=goals[0], to="kept")
    trajectories.settle_goal(by=by, goal=goals[1], to="dropped", reason="Niet meer nodig.")
    Line.objects.filter(pk__in=[one.pk for one in goals[2:]]).update(due=today - timedelta(5))
    for one in goals[2:]:
        one.refresh_from_db()
        trajectories.settle_goal(by=by, goal=one, to="dropped", reason="Lukt niet.")
    found = coaching.figures(deal.case.listing, today)  # type: ignore[union-attr]
    assert (found.reached, found.due, found.dropped) == (1, 4, 3)
    assert "1 van 4 doelen gehaald, 3 daarvan vervallen na hun dag" in coaching.in_words(found)
