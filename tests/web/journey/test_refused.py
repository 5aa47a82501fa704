# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a verb refuses, and that nothing was changed: of another journey, frozen, twice, or bare."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.urls import reverse

from tests.web.journey.conftest import Signed
from tests.web.journey.jpegs import JPEG
from tests.web.journey.test_mending import effort, to_the_council
from tests.web.journey.test_sense import heard
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import AuditLine, Role, User
from wijkeconomie.web.journey import access, boards, counting
from wijkeconomie.web.journey.actions import back, field, listening, mending, plan, sense
from wijkeconomie.web.journey.models import (
    Aim,
    Answer,
    Apart,
    Arrival,
    Coding,
    Commitment,
    Conversation,
    Device,
    Effort,
    Evidence,
    Figure,
    Finding,
    Goal,
    Ground,
    Item,
    Journey,
    Observation,
    Opgave,
    Photo,
    Plan,
    Purpose,
    Round,
    Says,
    Version,
)

__all__ = ["effort"]
Person = Callable[[Role], User]
KINDS = (Ground, Aim, Apart, Evidence, Coding, Item, Opgave, Effort, Arrival)


def refused(act: Callable[[], object]) -> str:
    """Its code; and nothing is there that was not there before."""
    before = [kind.objects.count() for kind in KINDS]
    with pytest.raises(Refusal) as caught:
        act()
    assert [kind.objects.count() for kind in KINDS] == before
    return caught.value.notice.code


@pytest.fixture
def by(person: Person) -> User:
    return person(Role.AREA_MANAGER)


@pytest.fixture
def elsewhere(journey: Journey, by: User) -> Journey:
    """Another journey of the same municipality, whose readers are others."""
    return plan.begin(by=by, municipality=journey.municipality, key=uuid4(), name="Elders",
                      area="WK990102", starts_on=date(2026, 1, 1))  # fmt: skip


def found(by: User, journey: Journey) -> Finding:
    return sense.find(by=by, journey=journey, key=uuid4(), claim="Duur", perspective="space")


def second(by: User, goal: Goal) -> Effort:
    return plan.propose(
        by=by, goal=goal, key=uuid4(), title="Markt", instrument="job_fair", perspective="work",
        costs=(1, 2, 3), hours=1, assumption="Ja",
    )  # fmt: skip


def test_nothing_of_another_journey_is_tied_in(
    by: User, journey: Journey, elsewhere: Journey, effort: Effort
) -> None:
    there, goal = found(by, elsewhere), Goal.objects.get()
    talk = heard(by, elsewhere, "Te duur.")
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=3)
    theme = sense.add_theme(by=by, journey=journey, key=uuid4(), name="Huur")
    opgave = plan.set_opgave(by=by, journey=elsewhere, key=uuid4(), sentence="Elders",
                             assumption="Ja", perspective="space", findings=[there])  # fmt: skip
    other = plan.set_goal(by=by, opgave=opgave, key=uuid4(), sentence="Daar", year=2030, sign="Zie")
    round_ = back.begin_round(by=by, journey=journey, key=uuid4(), kind="statements", title="Klopt")
    said = {"contribution": "small", "assumption": "Ja"}
    acts: dict[str, Callable[[], object]] = {
        "set_opgave": lambda: plan.set_opgave(
            by=by, journey=journey, key=uuid4(), sentence="Vals", assumption="Ja",
            perspective="space", findings=[there],
        ),
        "ground": lambda: mending.ground(by=by, opgave=goal.opgave, finding=there, **said),
        "aim": lambda: plan.aim(by=by, effort=effort, goal=other, **said),
        "weigh": lambda: sense.weigh(by=by, finding=goal.opgave.findings.get(), thing=quote,
                                     direction=1),
        "code": lambda: sense.code(by=by, quote=quote, theme=theme),
        "pass_over": lambda: sense.pass_over(by=by, quote=quote, theme=theme),
        "statement": lambda: back.add_statement(by=by, round_=round_, key=uuid4(), finding=there,
                                                heard="Duur", asked="Is het duur?"),
    }  # fmt: skip
    assert {name: refused(act) for name, act in acts.items()} == (
        dict.fromkeys(acts, "other_journey")
    )


def test_what_lies_before_the_council_gets_no_new_ties(
    by: User, journey: Journey, effort: Effort
) -> None:
    goal, more = Goal.objects.get(), found(by, journey)
    market = second(by, goal)
    apart = plan.keep_apart(by=by, key=uuid4(), pair=(effort, market), reason="Zelfde plek")
    plan.decide(by=by, effort=market, choice="not", reason="Te duur")
    third = second(by, goal)
    plan.decide(by=by, effort=third, choice="not", reason="Te duur")
    plan.decide(by=by, effort=effort, choice="chosen", reason="")
    for step in ("consultation", "executive", "council"):
        plan.advance(by=by, plan=Plan.objects.get(), to=step, settles=True)
    said = {"contribution": "small", "assumption": "Ja"}
    acts: dict[str, Callable[[], object]] = {
        "ground": lambda: mending.ground(by=by, opgave=goal.opgave, finding=more, **said),
        "aim": lambda: plan.aim(by=by, effort=effort, goal=goal, **said),
        "apart": lambda: plan.keep_apart(by=by, key=uuid4(), pair=(effort, third), reason="Nee"),
        "together": lambda: plan.let_together(by=by, apart=apart),
        "decide": lambda: plan.decide(by=by, effort=effort, choice="not", reason="Toch niet"),
    }  # fmt: skip
    assert {name: refused(act) for name, act in acts.items()} == (
        dict.fromkeys(acts, "plan_is_frozen")
    )
    effort.refresh_from_db()
    assert effort.choice == "chosen"


def test_two_efforts_are_kept_apart_once(by: User, effort: Effort) -> None:
    pair = (effort, second(by, Goal.objects.get()))
    plan.keep_apart(by=by, key=uuid4(), pair=pair, reason="Zelfde plek")
    again = (pair[1], pair[0])
    assert (
        refused(lambda: plan.keep_apart(by=by, key=uuid4(), pair=again, reason="Nog eens"))
        == "apart_exists"
    )


def test_a_journey_is_in_its_own_gemeente(by: User, journey: Journey) -> None:
    assert refused(lambda: plan.begin(
        by=by, municipality=journey.municipality, key=uuid4(), name="Ver weg", area="WK034403",
        starts_on=date(2026, 1, 1),
    )) == "area_of_other_gemeente"  # fmt: skip


def _loose(by: User, effort: Effort) -> list[str]:
    """A plan before the council in which a must is not done, two that do not go together are, and
    nothing is done for an opgave."""
    goal = Goal.objects.get()
    left, other = second(by, goal), second(by, goal)
    Effort.objects.filter(pk=left.pk).update(must=True, title="Het moet")
    for one in (effort, other):
        plan.decide(by=by, effort=one, choice="chosen", reason="")
    plan.keep_apart(by=by, key=uuid4(), pair=(effort, other), reason="Zelfde plek")
    plan.set_opgave(by=by, journey=effort.journey, key=uuid4(), sentence="Kaal", assumption="Ja",
                    perspective="work", findings=[Finding.objects.all()[0]])  # fmt: skip
    for step in ("consultation", "executive", "council"):
        plan.advance(by=by, plan=Plan.objects.get(), to=step, settles=True)
    return ["Het moet", other.title, "Kaal"]


def test_of_two_that_do_not_go_together_one_is_done_and_that_is_no_loose_end(
    by: User, effort: Effort
) -> None:
    other = second(by, Goal.objects.get())
    plan.keep_apart(by=by, key=uuid4(), pair=(effort, other), reason="Zelfde plek")
    both = Effort.objects.order_by("pk")
    for chosen in both:  # the one and the other of the pair
        both.update(choice="open")
        plan.decide(by=by, effort=Effort.objects.get(pk=chosen.pk), choice="chosen", reason="")
        assert plan.loose_ends(effort.journey) == []
    both.update(choice="chosen")
    assert len(plan.loose_ends(effort.journey)) == 1


def test_a_choice_that_is_taken_over_decides_on_no_effort_of_another_journey(
    by: User, journey: Journey, elsewhere: Journey, effort: Effort
) -> None:
    opgave = plan.set_opgave(by=by, journey=elsewhere, key=uuid4(), sentence="Elders",
                             assumption="Ja", perspective="space",
                             findings=[found(by, elsewhere)])  # fmt: skip
    there = second(by, plan.set_goal(by=by, opgave=opgave, key=uuid4(), sentence="Daar", year=2030,
                                     sign="Zie"))  # fmt: skip
    choices = dict.fromkeys((effort.pk, there.pk), ("not", "Te duur"))
    plan.take_over(by=by, plan=Plan.objects.get(), choices=choices)
    kept = {pk: (choice, reason) for pk, choice, reason
            in Effort.objects.values_list("pk", "choice", "reason")}  # fmt: skip
    assert kept == {effort.pk: ("not", "Te duur"), there.pk: ("open", "")}


def test_a_goal_is_not_measured_by_a_figure_of_another_journey(
    by: User, journey: Journey, elsewhere: Journey, effort: Effort
) -> None:
    there = Figure.objects.create(
        journey=elsewhere, made_by=by, release="r", area="WK990102", indicator="shop_vacancy",
        year=2024, value=9.0, unit="%", gap={},
    )  # fmt: skip
    goal = Goal.objects.get()
    measured = {"sentence": "Plek", "year": 2030, "baseline": there, "target": 5.0}
    assert refused(
        lambda: plan.set_goal(by=by, opgave=goal.opgave, key=uuid4(), **measured)
    ) == "other_journey"  # fmt: skip
    assert refused(lambda: mending.change(by=by, thing=goal, given=measured)) == "other_journey"
    assert list(Goal.objects.values_list("baseline__journey", flat=True)) == [journey.pk]


@pytest.fixture
def one_of_each(by: User, journey: Journey, effort: Effort) -> None:
    """One of everything that has a state or a choice."""
    back.begin_round(by=by, journey=journey, key=uuid4(), kind="statements", title="Klopt")
    talk = heard(by, journey, "Te duur.")
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=3)
    theme = sense.add_theme(by=by, journey=journey, key=uuid4(), name="Huur")
    sense.code(by=by, quote=quote, theme=theme)
    Effort.objects.update(reason="Te duur")  # as one that is not chosen has


STATES: dict[str, tuple[type[Model], str, list[Any], object]] = {
    "journey": (Journey, "state", Journey.State.values, "x"),
    "coding": (Coding, "says", Says.values, "x"),
    "evidence": (Evidence, "direction", Evidence.Direction.values, 7),
    "plan": (Plan, "state", Plan.State.values, "x"),
    "effort": (Effort, "choice", Effort.Choice.values, "x"),
    "round": (Round, "state", Round.State.values, "x"),
}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.usefixtures("one_of_each")
def test_the_database_takes_every_value_that_a_page_knows_and_no_other(name: str) -> None:
    kind, field_, known, other = STATES[name]
    rows = kind._default_manager
    assert [rows.update(**{field_: value}) for value in known] == [1] * len(known)
    with pytest.raises(IntegrityError, match=f"{name}_{field_}_known"), transaction.atomic():
        rows.update(**{field_: other})
    assert rows.get() == rows.get(**{field_: known[-1]})


def _adopted(by: User, despite: Iterable[str] = (), reason: str = "") -> Version:
    return plan.advance(by=by, plan=Plan.objects.get(), to="adopted", reason=reason,
                        despite=despite, settles=True)  # fmt: skip


def _in_the_way() -> list[str]:
    return [one.key for one in plan.obstacles(Plan.objects.get())]


def test_loose_ends_of_a_plan_are_named_one_by_one_and_each_asks_its_own_yes(
    by: User, effort: Effort
) -> None:
    names, keys = _loose(by, effort), _in_the_way()
    assert [f"“{name}”" in one.words
            for name, one in zip(names, plan.obstacles(Plan.objects.get()), strict=True)
            ] == [True] * 3  # fmt: skip
    for one in range(3):
        some = keys[:one] + keys[one + 1 :]
        assert refused(lambda keys=some: _adopted(by, keys, "Toch")) == "plan_loose_ends"
    assert refused(lambda: _adopted(by, keys, " \n")) == "adopted_without_reason"
    version = _adopted(by, keys, "De raad wil het zo")
    words = [one.words for one in plan.obstacles(Plan.objects.get())]
    assert version.content["despite"] == {"why": "De raad wil het zo", "what": words}


def test_twin_without_the_look_a_plan_with_loose_ends_is_adopted_without_a_word(
    by: User, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    _loose(by, effort)
    monkeypatch.setattr(plan, "loose_ends", lambda _journey: [])
    assert _adopted(by).reason == ""


def test_a_yes_is_to_so_many_who_wait_and_not_to_one_who_came_meanwhile(
    by: User, journey: Journey, effort: Effort
) -> None:
    heard(by, journey, "Te duur.", wants_answer=True)
    to_the_council(by)
    one_waits = _in_the_way()
    heard(by, journey, "Te ver.", wants_answer=True)
    assert refused(lambda: _adopted(by, one_waits, "Haast")) == "givers_wait"
    assert _adopted(by, _in_the_way(), "Haast").content["despite"]["what"] == [
        "2 gevers vroegen om een antwoord en hebben het nog niet."
    ]


def test_twin_a_yes_without_its_words_lets_who_came_meanwhile_wait_unseen(
    by: User, journey: Journey, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan.Obstacle, "key", property(lambda one: one.code))
    heard(by, journey, "Te duur.", wants_answer=True)
    to_the_council(by)
    one_waits = _in_the_way()
    heard(by, journey, "Te ver.", wants_answer=True)
    assert _adopted(by, one_waits, "Haast").state == "adopted"


def test_what_nothing_speaks_against_is_adopted_without_a_reason(by: User, effort: Effort) -> None:
    to_the_council(by)
    assert "despite" not in _adopted(by).content


@pytest.mark.parametrize(
    ("unit", "target", "fits"),
    [("percent", 250.0, False), ("percent", -5.0, False), ("percent", 100.0, True),
     ("persons", 1e300, False), ("persons", -1.0, False), ("persons", float("nan"), False),
     ("persons", 250.0, True), ("score", -0.2, True), ("score", float("inf"), False)],
)  # fmt: skip
def test_a_target_is_one_that_its_figure_can_have(unit: str, target: float, fits: bool) -> None:
    figure = Figure(indicator="population", unit=unit, year=2024, value=1.0)
    goal = Goal(baseline=figure, target=target)
    if fits:
        mending._in_reach(goal)
        return
    with pytest.raises(Refusal) as said:
        mending._in_reach(goal)
    assert said.value.notice.code == "goal_out_of_reach"


def test_an_empty_plan_is_not_adopted(by: User, effort: Effort) -> None:
    made = Plan.objects.get()
    for step in ("consultation", "executive", "council"):
        plan.advance(by=by, plan=made, to=step, settles=True)
    assert (
        refused(lambda: plan.advance(by=by, plan=made, to="adopted", reason="Toch", settles=True))
        == "plan_without_effort"
    )


def test_a_plan_beyond_its_limits_is_adopted_only_with_a_yes_to_how_much(
    by: User, effort: Effort
) -> None:
    Effort.objects.update(cost_likely=1_250_050, cost_high=1_250_050, hours=1_200, space=40)
    to_the_council(by)
    Plan.objects.update(budget=50, hours=0, space=1)
    keys = _in_the_way()
    for one in range(3):
        some = keys[:one] + keys[one + 1 :]
        assert refused(lambda keys=some: _adopted(by, keys, "Toch")) == "plan_over_budget"
    assert _adopted(by, keys, "De raad legt bij").content["despite"]["what"] == [
        "Wat is gekozen, kost €\u00a012.500 meer dan er is.",
        "Wat is gekozen, kost 1.200 uur werk meer dan er is.",
        "Wat is gekozen, vraagt 39 m² meer dan er is.",
    ]


@pytest.mark.parametrize(("space", "fits"), [(39, False), (40, True), (0, True)])
def test_a_plan_keeps_to_its_room_and_without_a_limit_to_none(
    by: User, effort: Effort, space: int, fits: bool
) -> None:
    Effort.objects.update(space=40)
    Plan.objects.update(space=space)
    to_the_council(by)

    def adopt() -> str:
        return plan.advance(by=by, plan=Plan.objects.get(), to="adopted", settles=True).state

    assert (adopt() if fits else refused(adopt)) == ("adopted" if fits else "plan_over_budget")


def test_a_yes_to_one_thing_is_no_yes_to_another(
    by: User, journey: Journey, effort: Effort
) -> None:
    heard(by, journey, "Te duur.", wants_answer=True)
    to_the_council(by)
    waits = _in_the_way()
    Plan.objects.update(budget=0)
    assert refused(lambda: _adopted(by, waits, "Wij schrijven hun morgen")) == "plan_over_budget"
    assert _adopted(by, _in_the_way(), "Wij schrijven hun morgen").state == "adopted"


def test_a_number_that_points_at_one_person_stays_only_with_a_reason_in_words(
    by: User, journey: Journey
) -> None:
    talk = heard(by, journey)
    assert (
        refused(lambda: listening.check(by=by, conversation=talk, reason=" \n"))
        == "personal_data_stands"
    )
    talk.refresh_from_db()
    assert talk.state == "received"


def test_what_a_phone_says_while_it_is_stopped_changes_nothing_of_it(
    by: User, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was let through in the moment before; the first who stopped it stays too."""
    key = uuid4()
    field.alive(by=by, journey=journey, key=key, waiting=1, label="Toestel")
    device = Device.objects.get()
    field.stop_device(by=by, device=device)
    monkeypatch.setattr(field, "going", lambda _key: None)
    field.alive(by=by, journey=journey, key=key, waiting=9, label="Toestel")
    other = User.objects.add("later@example.org")
    field.stop_device(by=other, device=device)
    held = Device.objects.get()
    assert (held.waiting, held.stopped_by) == (1, by)
    assert AuditLine.objects.filter(verb="stop_device").count() == 1


def test_nothing_was_said_later_than_now() -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    later = datetime(2026, 3, 1, 13, tzinfo=UTC)
    assert field.by_our_clock(later, device_now=now, now=now) == now


def test_a_card_is_shown_to_who_talked_with_the_giver_alone(
    signed: Signed, person: Person, journey: Journey
) -> None:
    mine = heard(person(Role.FIELD_WORKER), journey, "Te duur.")
    theirs = heard(person(Role.AREA_MANAGER), journey, "Te duur.")
    client = signed(Role.FIELD_WORKER)
    seen = [
        client.get(reverse("card", args=[talk.giver_id])).status_code for talk in (mine, theirs)
    ]
    assert seen == [200, 404]


def test_a_key_that_is_of_something_else_is_refused_in_words(
    signed: Signed, person: Person, journey: Journey
) -> None:
    there = found(person(Role.AREA_MANAGER), journey)
    answer = signed(Role.PLANNER).post(
        reverse("find", args=[journey.pk]),
        {"key": str(there.pk), "claim": "Anders", "perspective": "space"},
    )
    assert answer.status_code == 422
    assert "al eerder verstuurd, met andere inhoud" in answer.content.decode()
    assert Finding.objects.get().claim == "Duur"


def test_twin_what_else_the_database_refuses_is_an_error_of_ours_and_not_called_that(
    signed: Signed, person: Person, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = found(person(Role.AREA_MANAGER), journey)
    monkeypatch.setattr(access, "goes_by", lambda _key: False)
    sent = {"key": str(there.pk), "claim": "Anders", "perspective": "space"}
    with pytest.raises(IntegrityError):
        signed(Role.PLANNER).post(reverse("find", args=[journey.pk]), sent)


def test_a_key_of_a_talk_that_was_noted_at_a_desk_is_no_error_to_a_phone(
    by: User, journey: Journey
) -> None:
    talk = heard(by, journey, "Te duur.")
    sent = field.Sent(key=talk.pk, at=datetime(2026, 3, 1, tzinfo=UTC), content={"text": "Duur"})
    assert (
        refused(lambda: field.arrive(by=by, journey=journey, sent=sent, keep=lambda: None))
        == "arrived_otherwise"
    )


def test_a_clock_beyond_all_years_is_now() -> None:
    now, first = datetime(2026, 3, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)
    last = datetime(9999, 12, 31, tzinfo=UTC)
    assert field.by_our_clock(first, device_now=last, now=now) == now


def test_evidence_against_is_not_passed_over_in_silence(
    by: User, journey: Journey, effort: Effort
) -> None:
    talk = heard(by, journey, "Valt mee.")
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=4)
    finding = Finding.objects.get()
    sense.weigh(by=by, finding=finding, thing=quote, direction=-1)
    judged = {"verdict": "confirms", "confidence": "fair"}
    assert (
        refused(lambda: sense.judge(by=by, finding=finding, contrary=" ", **judged))
        == "contrary_without_words"
    )


def _against(by: User, journey: Journey) -> tuple[Conversation, Finding]:
    """A finding with one quote against it."""
    talk = heard(by, journey, "Valt mee.")
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=4)
    finding = Finding.objects.get()
    sense.weigh(by=by, finding=finding, thing=quote, direction=-1)
    return talk, finding


def _judged(by: User, finding: Finding) -> str:
    sense.judge(by=by, finding=finding, verdict="confirms", confidence="fair", contrary="")
    return Finding.objects.get().verdict


UNREAD: dict[str, Callable[[Conversation], None]] = {
    "taken back": lambda talk: listening.withdraw(giver=talk.giver),
    "forbidden": lambda talk: listening.allow(giver=talk.giver, purpose="note", given=False),
    "given back": lambda talk: listening.send_back(by=talk.made_by, conversation=talk, why="Jan"),
}


@pytest.mark.parametrize("how", UNREAD)
def test_a_verdict_asks_no_words_about_evidence_that_nobody_reads_any_more(
    by: User, journey: Journey, effort: Effort, how: str
) -> None:
    talk, finding = _against(by, journey)
    UNREAD[how](talk)
    shown = [one.direction for one in boards.case(finding).evidence]
    assert (_judged(by, finding), shown) == ("confirms", [1])


@pytest.mark.parametrize("how", UNREAD)
def test_twin_counted_all_the_same_the_verdict_waits_for_words_about_nothing(
    by: User, journey: Journey, effort: Effort, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, finding = _against(by, journey)
    UNREAD[how](talk)
    monkeypatch.setattr(access, "weighing", lambda one: one.evidence.all())
    assert refused(lambda: _judged(by, finding)) == "contrary_without_words"


def test_of_words_that_were_replaced_a_reader_sees_that_they_were_against(
    by: User, journey: Journey, effort: Effort
) -> None:
    talk, finding = _against(by, journey)
    listening.correct(by=by, conversation=talk, text="Iets anders.")
    assert refused(lambda: _judged(by, finding)) == "contrary_without_words"


def test_a_round_has_at_most_so_many_proposals(
    by: User, journey: Journey, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_PROPOSALS", 1)
    round_ = back.begin_round(by=by, journey=journey, key=uuid4(), kind="budget", title="Verdeel",
                              budget=900)  # fmt: skip
    more = second(by, Goal.objects.get())
    back.add_proposal(by=by, round_=round_, key=uuid4(), effort=effort, heard="Een", asked="Een")
    assert refused(lambda: back.add_proposal(
        by=by, round_=round_, key=uuid4(), effort=more, heard="Twee", asked="Twee",
    )) == "too_many_proposals"  # fmt: skip


def test_a_receipt_is_of_its_own_journey(by: User, journey: Journey, elsewhere: Journey) -> None:
    sent = field.Sent(key=uuid4(), at=datetime(2026, 3, 1, tzinfo=UTC), content={"text": "Duur"})
    field.arrive(by=by, journey=journey, sent=sent, keep=lambda: None)
    assert (
        refused(lambda: field.arrive(by=by, journey=elsewhere, sent=sent, keep=lambda: None))
        == "arrived_otherwise"
    )


def test_a_photo_is_beside_one_thing_and_needs_its_own_yes(by: User, journey: Journey) -> None:
    def talk(*allows: str) -> Any:
        return heard(by, journey, "Kijk.", allows=frozenset({"note", *allows}))

    key: UUID = uuid4()
    one, other, without = talk("photo"), talk("photo"), talk()
    kept = field.keep_photo(by=by, beside=one, key=key, data=JPEG)
    assert (
        refused(lambda: field.keep_photo(by=by, beside=other, key=key, data=JPEG))
        == "arrived_otherwise"
    )
    assert (
        refused(lambda: field.keep_photo(by=by, beside=without, key=uuid4(), data=JPEG))
        == "no_consent_to_photo"
    )
    listening.allow(giver=one.giver, purpose=Purpose.PHOTO, given=False)
    assert not Photo.objects.filter(pk=kept.pk).exists()


def test_a_version_holds_the_words_only_of_who_allows_them_in_a_plan(
    by: User, journey: Journey, effort: Effort
) -> None:
    finding = Finding.objects.get()
    for allows in (frozenset({"note"}), frozenset({"note", "quote"})):
        talk = heard(by, journey, "Te duur.", allows=allows)
        quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=3)
        sense.weigh(by=by, finding=finding, thing=quote, direction=1)
    pieces = plan.snapshot(Plan.objects.get())["findings"][0]["evidence"]
    kept = [bool(piece["fingerprint"]) for piece in pieces if piece["kind"] == "quote"]
    assert sorted(kept) == [False, True]
    assert access.quotes(journey).count() == 2


def _words() -> list[str]:
    return [one.words for one in plan.obstacles(Plan.objects.get())]


def _observed(by: User, journey: Journey) -> Observation:
    return listening.observe(by=by, journey=journey, key=uuid4(), place="Kade", note="Leeg",
                             seen_at=datetime(2026, 9, 1, tzinfo=UTC))  # fmt: skip


def test_what_was_not_settled_about_a_finding_is_named_before_a_plan_is_adopted(
    by: User, journey: Journey, effort: Effort
) -> None:
    found_ = Finding.objects.get()
    assert _words() == ["Voor de opgave “Ruimte” is niets gekozen."]
    plan.decide(by=by, effort=effort, choice="chosen", reason="")
    assert _words() == []
    seen = sense.weigh(by=by, finding=found_, thing=_observed(by, journey), direction=-1)
    against, changed = (
        "er is iets wat ertegen spreekt, en niemand zegt wat dat betekent",
        "wat eronder ligt, is veranderd na het oordeel",
    )
    assert _words() == [f"De bevinding “Duur”: {against}; {changed}."]
    said = {"verdict": "only_figures", "confidence": "fair", "contrary": "Eén pand."}
    sense.judge(by=by, finding=found_, **said)
    assert _words() == []
    mending.remove(by=by, thing=seen)
    assert _words() == [f"De bevinding “Duur”: {changed}."]
    sense.judge(by=by, finding=found_, **said)
    sense.weigh(by=by, finding=found_, thing=Figure.objects.get(), direction=1, weight=3)
    assert _words() == [f"De bevinding “Duur”: {changed}."]
    Evidence.objects.all().delete()
    Finding.objects.update(verdict="")
    assert _words() == ["De bevinding “Duur”: er is geen oordeel over; er ligt niets onder."]
    journey.conversations.all().delete()
    assert _words()[0] == "Niemand is gehoord."


@pytest.mark.parametrize(("direction", "said"), [
    (1, ["De bevinding “Duur”: er ligt niets onder."]), (-1, []),
])  # fmt: skip
def test_what_its_giver_took_back_does_not_lie_under_a_finding_any_more(
    by: User, journey: Journey, effort: Effort, direction: int, said: list[str]
) -> None:
    """Alone it held the finding up; against it nobody need say what it means."""
    found_, talk = Finding.objects.get(), heard(by, journey, "Te duur.")
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=3)
    sense.weigh(by=by, finding=found_, thing=quote, direction=direction)
    if direction == 1:
        Evidence.objects.exclude(quote=quote).delete()
    sense.judge(by=by, finding=found_, verdict="only_words", confidence="fair", contrary="Nee.")
    Finding.objects.update(contrary="")
    plan.decide(by=by, effort=effort, choice="chosen", reason="")
    listening.withdraw(giver=talk.giver)
    assert _words() == said


def test_twin_without_the_look_a_plan_is_adopted_on_a_finding_that_nobody_judged(
    by: User, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    Finding.objects.update(verdict="")
    to_the_council(by)
    assert refused(lambda: _adopted(by)) == "plan_loose_ends"
    monkeypatch.setattr(plan, "unsettled", lambda _journey: iter(()))
    assert _adopted(by).state == "adopted"


def test_a_finding_under_no_opgave_holds_up_no_plan(
    by: User, journey: Journey, effort: Effort
) -> None:
    plan.decide(by=by, effort=effort, choice="chosen", reason="")
    found(by, journey)
    assert _words() == []


@pytest.mark.parametrize("verdict", ["confirms", "qualifies", "contradicts"])
def test_a_verdict_on_words_and_figures_where_there_are_none_is_not_kept(
    by: User, journey: Journey, verdict: str
) -> None:
    bare = found(by, journey)
    said = {"verdict": verdict, "confidence": "strong", "contrary": ""}
    assert refused(lambda: sense.judge(by=by, finding=bare, **said)) == "verdict_without_evidence"
    assert Finding.objects.get(pk=bare.pk).verdict == ""


def test_twin_without_the_look_a_finding_of_nothing_confirms(
    by: User, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = found(by, journey)
    monkeypatch.setattr(Finding, "OF_BOTH", frozenset())
    sense.judge(by=by, finding=bare, verdict="confirms", confidence="strong", contrary="")
    assert Finding.objects.get(pk=bare.pk).verdict == "confirms"


def test_no_verdict_is_chosen_beforehand(
    by: User, journey: Journey, signed: Callable[[Role], Any]
) -> None:
    bare = found(by, journey)
    form = signed(Role.CODER).get(reverse("judge", args=[bare.pk])).context["form"]
    assert (form["verdict"].value(), form.fields["verdict"].choices[0][0]) == ("", "")


# -- goals that go the wrong way, promises of before, answers that came too soon


@pytest.mark.parametrize(
    ("indicator", "target", "sign", "code"),
    [("shop_vacancy", 12.0, "Zie", "goal_lower_is_better"), ("shop_vacancy", 5.0, "", ""),
     ("establishments_per_1000", 5.0, "Zie", "goal_higher_is_better"),
     ("establishments_per_1000", 12.0, "", ""),
     ("shop_vacancy", 9.0, "", "goal_says_not_where_to"),
     ("shop_vacancy", 9.0, "Niet meer leegstand dan nu", ""),
     ("population", 12.0, " ", "goal_says_not_where_to"), ("population", 5.0, "Minder druk", "")],
)  # fmt: skip
def test_a_goal_goes_the_better_way_or_says_what_is_wanted(
    indicator: str, target: float, sign: str, code: str
) -> None:
    goal = Goal(baseline=Figure(indicator=indicator, value=9.0), target=target, sign=sign)
    if not code:
        mending._forward(goal)
        return
    with pytest.raises(Refusal) as said:
        mending._forward(goal)
    assert (said.value.notice.code, f"{target:.0f}" in said.value.text("nl")) == (code, True)


def test_twin_without_the_look_a_worse_figure_is_a_goal(
    by: User, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = Goal.objects.get()
    with pytest.raises(Refusal, match="goes the wrong way"):
        mending.change(by=by, thing=goal, given={"target": 12.0})
    assert Goal.objects.get().target == 5.0
    monkeypatch.setattr(mending, "_forward", lambda _goal: None)
    mending.change(by=by, thing=goal, given={"target": 12.0})
    assert Goal.objects.get().target == 12.0


def test_nobody_promises_for_a_day_before_the_journey_began(by: User, effort: Effort) -> None:
    def promised(due: date) -> Commitment:
        return plan.promise(by=by, effort=effort, key=uuid4(), partner="School", what="Een lokaal",
                            due=due)  # fmt: skip

    assert refused(lambda: promised(date(2020, 1, 1))) == "promise_before_journey"
    assert Commitment.objects.count() == 0
    promised(effort.journey.starts_on)
    assert Commitment.objects.count() == 1


def test_an_answer_of_before_it_was_decided_what_is_done_is_named_apart(
    by: User, journey: Journey, effort: Effort
) -> None:
    plan.decide(by=by, effort=effort, choice="chosen", reason="")
    talk = heard(by, journey, "Te duur.", wants_answer=True)
    plan.answer(by=by, giver=talk.giver, key=uuid4(), text="Wij lezen dit.")
    assert _words() == []  # nothing came of their words
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=3)
    sense.weigh(by=by, finding=Finding.objects.get(), thing=quote, direction=1)
    sense.judge(by=by, finding=Finding.objects.get(), verdict="confirms", confidence="fair",
                contrary="")  # fmt: skip
    assert _words() == []  # answered after it was decided
    early = talk.giver.answers.get().made_at - timedelta(days=1)
    Answer.objects.update(made_at=early)
    assert _words() == ["1 gever kreeg antwoord voordat vaststond wat we met diens woorden doen."]
    to_the_council(by)
    assert refused(lambda: _adopted(by)) == "givers_wait"
    plan.answer(by=by, giver=talk.giver, key=uuid4(), text="Er komt een winkel bij.")
    assert _adopted(by).state == "adopted"


def test_twin_without_the_look_three_words_at_once_open_the_gate(
    by: User, journey: Journey, effort: Effort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "hastily_answered", lambda _journey: 0)
    talk = heard(by, journey, "Te duur.", wants_answer=True)
    plan.answer(by=by, giver=talk.giver, key=uuid4(), text="Wij lezen dit.")
    quote = sense.quote(by=by, wording=talk.wordings.get(), start=0, end=3)
    sense.weigh(by=by, finding=Finding.objects.get(), thing=quote, direction=1)
    sense.judge(by=by, finding=Finding.objects.get(), verdict="confirms", confidence="fair",
                contrary="")  # fmt: skip
    Answer.objects.update(made_at=talk.giver.answers.get().made_at - timedelta(days=1))
    to_the_council(by)
    assert _adopted(by).state == "adopted"


def test_a_claim_of_two_sentences_or_with_a_hard_word_is_told_so_once_and_then_kept(
    journey: Journey, signed: Callable[[Role], Any]
) -> None:
    coder, address = signed(Role.CODER), reverse("find", args=[journey.pk])
    for claim, hint in (("Het is duur. Men vertrekt.", "meer dan één zin"),
                        ("De gemeente faciliteert dit.", "faciliteert =")):  # fmt: skip
        sent = {"key": uuid4(), "claim": claim, "perspective": "space"}
        page = coder.post(address, sent)
        assert (page.status_code, hint in page.content.decode()) == (422, True)
        assert not Finding.objects.filter(perspective="space").exists()
        again = page.context["form"]["anyway"].value()
        assert coder.post(address, sent | {"anyway": again, "claim": "Nee. Ja."}).status_code == 422
        assert coder.post(address, sent | {"anyway": again}).status_code == 302
        assert Finding.objects.get().claim == claim
        Finding.objects.all().delete()
    sent = {"key": uuid4(), "claim": "Het is duur.", "perspective": "space"}
    assert coder.post(address, sent).status_code == 302  # the twin: one plain sentence


def test_how_much_findings_matter_for_a_new_opgave_is_asked_and_not_assumed(
    by: User, journey: Journey, signed: Callable[[Role], Any]
) -> None:
    bare, address = found(by, journey), reverse("set_opgave", args=[journey.pk])
    sent = {"key": uuid4(), "sentence": "Ruimte", "perspective": "space", "assumption": "Ja",
            "findings": [bare.pk]}  # fmt: skip
    planner = signed(Role.PLANNER)
    assert [planner.post(address, sent | more).status_code
            for more in ({}, {"contribution": "small"})] == [422, 302]  # fmt: skip
    assert Ground.objects.get().contribution == "small"
