# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many at once on a journey: one conversation for one key, one step of a plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from functools import partial
from threading import Barrier, Event, Lock
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection
from django.db.models import QuerySet

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import (  # noqa: F401
    at_once,
    held_up,
    logs_that_may_be_emptied,
)
from tests.web.journey.rounds import budget, opened, say, statements
from wijkeconomie.fieldwork import publishing
from wijkeconomie.web.accounts import actions
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey import counting
from wijkeconomie.web.journey.actions import at_once as at_once_guard
from wijkeconomie.web.journey.actions import back, field, listening, mending, plan, sense
from wijkeconomie.web.journey.models import (
    Conversation,
    Effort,
    Giver,
    Journey,
    Plan,
    Reply,
    Round,
    Token,
    Version,
)

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50
HELD = datetime(2026, 9, 1, 10, tzinfo=UTC)
NOTE = frozenset({"note"})


@pytest.fixture
def by(transactional_db: None) -> User:
    return someone("veld", Role.FIELD_WORKER)


@pytest.fixture
def journey(by: User) -> Journey:
    return plan.begin(by=by, municipality=municipality(), key=uuid4(), name="Reis",
                      area="WK990101", starts_on=date(2026, 3, 1))  # fmt: skip


def _hear(by: User, journey: Journey, key: UUID) -> str:
    heard = listening.Heard(key=key, text="Te duur.", held_at=HELD, allows=NOTE)
    return str(listening.hear(by=by, journey=journey, heard=heard).pk)


def test_the_same_conversation_sent_fifty_times_at_once_is_one(by: User, journey: Journey) -> None:
    key = uuid4()

    def send() -> str:
        answer: str = actions.once(
            user=by, key=str(key), content={"text": "Te duur."}, do=lambda: _hear(by, journey, key)
        )
        return answer

    assert at_once(send, MANY) == [str(key)] * MANY
    assert Conversation.objects.count() == Giver.objects.count() == 1


def test_fifty_conversations_at_once_are_fifty_givers_who_are_counted_on(
    by: User, journey: Journey
) -> None:
    at_once(lambda: _hear(by, journey, uuid4()), MANY)
    assert sorted(giver.pseudonym for giver in Giver.objects.all()) == [
        f"Bewoner-{n:02d}" for n in range(1, MANY + 1)
    ]


def test_two_who_take_the_same_step_with_a_plan_take_one(by: User, journey: Journey) -> None:
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=1, hours=1)
    said = at_once(lambda: plan.advance(by=by, plan=made, to="consultation").number, 10)
    assert sorted(map(str, said)) == ["1"] + ["no_such_step"] * 9
    assert Version.objects.count() == 1
    assert Plan.objects.get().state == Plan.State.CONSULTATION


def test_the_same_quote_by_many_at_once_is_one(by: User, journey: Journey) -> None:
    key = uuid4()
    _hear(by, journey, key)
    wording = Conversation.objects.get().wordings.get()
    keys = at_once(lambda: str(sense.quote(by=by, wording=wording, start=0, end=7).pk), 10)
    assert len(set(keys)) == 1


def _open(by: User, journey: Journey) -> tuple[Round, str]:
    round_ = statements(journey, by)
    return round_, opened(round_, by, 1)[0]


def test_one_code_that_answers_many_times_at_once_has_one_answer(
    by: User, journey: Journey
) -> None:
    round_, code = _open(by, journey)
    turns = iter(range(MANY))
    at_once(lambda: say(round_, code, (-1, 0, 1)[next(turns) % 3]), MANY)
    assert Reply.objects.count() == 1


def test_twin_looking_first_and_then_writing_would_keep_as_many_as_were_sent(
    by: User, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the round that is held and the rule of the database."""
    round_, _code = _open(by, journey)
    item, token = round_.items.get(), round_.tokens.get()
    looked = Barrier(5)
    rules = Reply._meta.constraints
    (once_only,) = [rule for rule in rules if rule.name == "reply_once"]

    def look_and_write() -> None:
        there = Reply.objects.filter(item=item, token=token).exists()
        looked.wait(30)
        if not there:
            Reply.objects.create(item=item, token=token, says=1)

    monkeypatch.setattr(Reply._meta, "constraints", [r for r in rules if r is not once_only])
    with connection.schema_editor() as editor:
        editor.remove_constraint(Reply, once_only)
    try:
        at_once(look_and_write, 5)
        assert Reply.objects.count() == 5
    finally:
        Reply.objects.all().delete()
        monkeypatch.undo()
        with connection.schema_editor() as editor:
            editor.add_constraint(Reply, once_only)


def test_the_database_itself_refuses_a_second_answer_of_a_code(by: User, journey: Journey) -> None:
    round_, code = _open(by, journey)
    say(round_, code, 1)
    with pytest.raises(IntegrityError):
        Reply.objects.create(item=round_.items.get(), token=round_.tokens.get(), says=-1)


def test_what_arrives_while_a_round_is_closed_is_counted_or_refused(
    by: User, journey: Journey
) -> None:
    round_ = budget(journey, by, 1_000_000, (10_000,))
    codes = iter(opened(round_, by, 40))
    for _ in range(10):
        say(round_, next(codes), 1)
    acts: list[Callable[[], object]] = [partial(say, round_, code, 1) for code in codes]
    acts.insert(15, partial(back.close_round, by=by, round_=round_))
    turns = iter(acts)

    def act() -> object:
        return next(turns)()

    said = at_once(act, len(acts))
    refused = said.count("round_not_open")
    assert Reply.objects.count() == 40 - refused
    assert Round.objects.get().outcome["voters"] == 40 - refused


def test_the_same_sheet_asked_for_many_times_at_once_is_one(by: User, journey: Journey) -> None:
    round_, key = statements(journey, by), uuid4()

    def make() -> int:
        answer: int = actions.once(
            user=by, key=str(key), content={"count": 5},
            do=lambda: back.make_codes(by=by, round_=round_, key=key, count=5),
        )  # fmt: skip
        return answer

    assert at_once(make, 10) == [1] * 10
    assert Token.objects.count() == 5


SAID = (40, 20, 15)  # conversations; those that say the one, and the part of them that says both


@pytest.fixture
def two(by: User, journey: Journey) -> list[Round]:
    """Two rounds being prepared, of which the counts together tell of five people."""
    talks, one, other = SAID
    for _ in range(talks):
        _hear(by, journey, uuid4())
    for talk in journey.conversations.all():
        listening.check(by=by, conversation=talk)
    quotes = [sense.quote(by=by, wording=talk.wordings.get(), start=0, end=7)
              for talk in journey.conversations.all()]  # fmt: skip
    made = [statements(journey, by, claim, title=claim) for claim in ("Huur", "Straat")]
    for round_, many in zip(made, (one, other), strict=True):
        finding = round_.items.get().finding
        assert finding is not None
        for quote in quotes[:many]:
            sense.weigh(by=by, finding=finding, thing=quote, direction=1)
    return made


def _given_away(journey: Journey) -> int:
    """Of how many people the counts of all rounds together tell."""
    told = counting.before(journey)
    return len(publishing.exposed([cell for one in told for cell in one.cells]))


def _open_at_once(by: User, rounds: list[Round], open_round: Callable[..., None]) -> None:
    turns = iter(rounds)
    said = at_once(lambda: open_round(by=by, round_=next(turns)), len(rounds))
    assert said == [None] * len(rounds)
    assert {one.state for one in Round.objects.all()} == {Round.State.OPEN}


def _told(rounds: list[Round]) -> list[int]:
    """How many say what each statement says; 0 is hidden."""
    return sorted(one.items.get().said["for"] or 0 for one in rounds)


def test_of_two_rounds_that_open_at_once_the_one_sees_what_the_other_tells(
    by: User, journey: Journey, two: list[Round], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, first, done = counting.voices, Lock(), Event()

    def slowly(round_: Round) -> Any:
        found = real(round_)
        if first.acquire(blocking=False):
            held_up(done)  # whoever does not wait has looked by now
        else:
            done.set()
        return found

    monkeypatch.setattr(counting, "voices", slowly)
    _open_at_once(by, two, back.open_round)
    assert (_told(two)[0], _given_away(journey)) == (0, 0)


def test_twin_two_that_look_before_either_writes_give_a_small_group_away(
    by: User, journey: Journey, two: list[Round], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the journey that is held while a round opens."""
    real, looked = counting.voices, Barrier(2)

    def together(round_: Round) -> Any:
        found = real(round_)
        looked.wait(30)
        return found

    monkeypatch.setattr(counting, "voices", together)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, *_a, **_k: rows)
    monkeypatch.setattr(back, "noted", lambda *_given: None)
    _open_at_once(by, two, back.open_round.__wrapped__)
    assert (_told(two), _given_away(journey)) == ([15, 20], 5)


@pytest.fixture
def before_council(by: User, journey: Journey) -> Plan:
    """A plan with one effort that is not chosen yet, before it goes to the council."""
    finding = sense.find(by=by, journey=journey, key=uuid4(), claim="Duur", perspective="space")
    opgave = plan.set_opgave(by=by, journey=journey, key=uuid4(), sentence="Ruimte",
                             perspective="space", findings=[finding], assumption="Ja")  # fmt: skip
    goal = plan.set_goal(by=by, opgave=opgave, key=uuid4(), sentence="Minder leeg", year=2030,
                         sign="Winkels gaan open")  # fmt: skip
    plan.propose(by=by, goal=goal, key=uuid4(), title="Eendagszaak", instrument="", hours=1,
                 perspective="space", costs=(1, 1, 1), assumption="Ja")  # fmt: skip
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=9, hours=9)
    for state in (Plan.State.CONSULTATION, Plan.State.EXECUTIVE):
        plan.advance(by=by, plan=made, to=state, settles=True)
    return made


def _choose_and_advance(by: User, made: Plan, monkeypatch: pytest.MonkeyPatch) -> bool:
    """An effort is chosen, and before that is written another sends the plan to the council:
    whether what the council has is what stands in the plan."""
    effort, looked, done, save = Effort.objects.get(), Event(), Event(), Effort.save

    def saved(self: Effort, **given: Any) -> None:
        looked.set()
        held_up(done)
        save(self, **given)

    monkeypatch.setattr(Effort, "save", saved)

    def advance() -> None:
        assert looked.wait(20)
        try:
            plan.advance(by=by, plan=made, to=Plan.State.COUNCIL, settles=True)
        finally:
            done.set()

    turns = iter(
        [partial(plan.decide, by=by, effort=effort, choice="chosen", reason="Ja"), advance]
    )

    def act() -> None:
        next(turns)()

    at_once(act, 2)
    content = json.dumps(Version.objects.get(state=Plan.State.COUNCIL).content)
    return (Effort.objects.get().choice == "chosen") == ('"chosen"' in content)


def test_a_plan_takes_no_step_while_something_in_it_changes(
    by: User, before_council: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _choose_and_advance(by, before_council, monkeypatch)


def test_twin_without_the_plan_that_is_held_the_council_has_another_one(
    by: User, before_council: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite one writes at a time anyway."""
    for name in ("unfrozen", "still"):
        monkeypatch.setattr(plan, name, lambda thing: thing)
    same = _choose_and_advance(by, before_council, monkeypatch)
    assert same == (connection.vendor == "sqlite")


# -- what only the database can see: each of two who look first finds nothing there


def _slowly(monkeypatch: pytest.MonkeyPatch, module: object, guard: Any = at_once_guard) -> None:
    """Who looked whether it is there writes only once the other looked too; on SQLite that one
    cannot look before we wrote."""
    looked = Barrier(1 if connection.vendor == "sqlite" else 2)

    @contextmanager
    def waiting(*given: Any, **fields: Any) -> Iterator[None]:
        looked.wait(30)
        with guard(*given, **fields):
            yield

    monkeypatch.setattr(module, "at_once", waiting)


def _unguarded(*_given: Any, **_fields: Any) -> Any:
    return nullcontext()


def _phone(by: User, journey: Journey) -> list[Callable[[], str]]:
    """One key of a phone, in two journeys at once."""
    other = plan.begin(by=by, municipality=municipality(), key=uuid4(), name="Andere reis",
                       area="WK990101", starts_on=date(2026, 3, 1))  # fmt: skip
    sent = field.Sent(key=uuid4(), content={"text": "Te duur."}, at=HELD)
    return [
        lambda there=there: str(field.arrive(  # type: ignore[misc]
            by=by, journey=there, sent=sent, keep=lambda: _hear(by, there, sent.key)
        ).pk and "one")
        for there in (journey, other)
    ]  # fmt: skip


def _rounds(by: User, journey: Journey) -> list[Callable[[], str]]:
    def begin() -> str:
        back.begin_round(by=by, journey=journey, key=uuid4(), kind="statements", title="Klopt dit?")
        return "one"

    return [begin, begin]


def _plans(by: User, journey: Journey) -> list[Callable[[], str]]:
    def draw_up() -> str:
        plan.draw_up(by=by, journey=journey, key=uuid4(), title="Plan", budget=1, hours=1)
        return "one"

    return [draw_up, draw_up]


def _names(by: User, journey: Journey) -> list[Callable[[], str]]:
    """Two journeys get one name."""
    other = plan.begin(by=by, municipality=municipality(), key=uuid4(), name="Andere reis",
                       area="WK990101", starts_on=date(2026, 3, 1))  # fmt: skip

    def call(one: Journey) -> str:
        mending.change_journey(by=by, journey=one, name="Een naam", assignment="",
                               state="exploring", ends_on=None)  # fmt: skip
        return "one"

    return [partial(call, journey), partial(call, other)]


RACES = {"name": (mending, _names, "journey_exists"),
         "phone": (field, _phone, "arrived_otherwise"), "round": (back, _rounds, "round_exists"),
         "plan": (plan, _plans, "plan_exists")}  # fmt: skip


def _raced(acts: list[Callable[[], str]]) -> list[str]:
    turns = iter(acts)

    def act() -> str:
        return next(turns)()

    return sorted(map(str, at_once(act, 2)))


@pytest.mark.parametrize("name", RACES)
def test_who_comes_a_moment_later_is_told_so_in_words(
    by: User, journey: Journey, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    module, acts, code = RACES[name]
    made = acts(by, journey)
    _slowly(monkeypatch, module)
    assert _raced(made) == sorted(["one", code])


@pytest.mark.parametrize("name", RACES)
def test_twin_without_it_the_second_meets_an_error_of_the_database(
    by: User, journey: Journey, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """On SQLite one writes at a time anyway."""
    module, acts, code = RACES[name]
    made = acts(by, journey)
    _slowly(monkeypatch, module, _unguarded)
    if connection.vendor == "sqlite":
        assert _raced(made) == sorted(["one", code])
    else:
        with pytest.raises(IntegrityError):
            _raced(made)
