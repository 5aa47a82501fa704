# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an act holds until it ends, so that of two at once the second sees what the first did.

Each race is held in the same way: the first act stops just before it writes, and the second begins
there.  The twin does not hold what the act should; on SQLite one writes at a time anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.db.models import Model, QuerySet

from tests.web.accounts.persons import municipality, someone
from tests.web.accounts.test_at_once import (  # noqa: F401
    at_once,
    held_up,
    logs_that_may_be_emptied,
)
from tests.web.journey.jpegs import JPEG
from tests.web.journey.rounds import budget, effort, opened, say, statements
from tests.web.journey.test_sounds import WEBM
from wijkeconomie.fieldwork.project import Code, Project, Source
from wijkeconomie.web.accounts.models import AuditLine, Municipality, Role, User
from wijkeconomie.web.journey import access, asking, forms
from wijkeconomie.web.journey.actions import (
    back,
    exchange,
    field,
    listening,
    mending,
    plan,
    sense,
)
from wijkeconomie.web.journey.models import (
    Commitment,
    Conversation,
    Device,
    Finding,
    Item,
    Journey,
    Observation,
    Opgave,
    Photo,
    Purpose,
    Quote,
    Recording,
    Reply,
    Round,
    Settling,
    Sighting,
    Theme,
    Version,
    Wording,
)

pytestmark = pytest.mark.django_db(transaction=True)
HELD = datetime(2026, 9, 1, 10, tzinfo=UTC)
SAID = "De huur is te hoog."


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """*first* stops before it calls ``owner.name``; then *second* acts.  ``holds``: whether all is
    well, by what both answered."""

    first: Callable[[], object]
    owner: Any
    name: str
    second: Callable[[], object]
    holds: Callable[[list[Any]], bool]


@pytest.fixture
def by(transactional_db: None) -> User:
    return someone("veld", Role.FIELD_WORKER)


@pytest.fixture
def journey(by: User) -> Journey:
    return plan.begin(by=by, municipality=municipality(), key=uuid4(), name="Reis",
                      area="WK990101", starts_on=date(2026, 3, 1))  # fmt: skip


def _talk(by: User, journey: Journey) -> Conversation:
    allows = frozenset({"note", "photo", "audio"})
    heard = listening.Heard(key=uuid4(), text=SAID, held_at=HELD, allows=allows)
    return listening.hear(by=by, journey=journey, heard=heard)


def _voice(by: User, journey: Journey) -> Race:
    """A voice arrives while its giver forbids it."""
    talk = _talk(by, journey)
    return Race(
        first=partial(field.keep_sound, by=by, talk=talk, key=uuid4(), data=WEBM),
        owner=Recording, name="save",
        second=partial(listening.allow, giver=talk.giver, purpose=Purpose.AUDIO, given=False),
        holds=lambda _said: not Recording.objects.exists(),
    )  # fmt: skip


def _photo(by: User, journey: Journey) -> Race:
    """A photo arrives while its giver takes everything back."""
    talk = _talk(by, journey)
    return Race(
        first=partial(field.keep_photo, by=by, beside=talk, key=uuid4(), data=JPEG),
        owner=Photo, name="save", second=partial(listening.withdraw, giver=talk.giver),
        holds=lambda _said: not Photo.objects.exists(),
    )  # fmt: skip


def _again(by: User, journey: Journey) -> Race:
    """The same arrives twice from a phone, on two lines."""
    sent = field.Sent(key=uuid4(), content={"text": SAID}, at=HELD)
    heard = listening.Heard(key=sent.key, text=SAID, held_at=HELD, allows=frozenset({"note"}))

    def arrive() -> int:
        keep = partial(listening.hear, by=by, journey=journey, heard=heard)
        return field.arrive(by=by, journey=journey, sent=sent, keep=keep).number

    return Race(first=arrive, owner=Conversation, name="save", second=arrive,
                holds=lambda said: said == [1, 1])  # fmt: skip


def _closing(by: User, journey: Journey) -> Race:
    """A conversation is on its way in while the journey is closed."""

    def close() -> int:
        mending.change_journey(by=by, journey=Journey.objects.get(), name="Reis", assignment="",
                               state=Journey.State.CLOSED, ends_on=date(2026, 9, 2))  # fmt: skip
        return Conversation.objects.count()

    return Race(first=partial(_talk, by, journey), owner=Conversation, name="save", second=close,
                holds=lambda said: said[1] == 1 or said == ["journey_closed", 0])  # fmt: skip


def _phone(by: User, journey: Journey) -> Race:
    """Two people stop the same phone."""
    device = Device.objects.create(id=uuid4(), journey=journey, made_by=by, seen_at=HELD)
    stop = partial(field.stop_device, by=by, device=device)
    lines = AuditLine.objects.filter(verb="stop_device")
    return Race(first=stop, owner=Device, name="save", second=stop,
                holds=lambda _said: lines.count() == 1)  # fmt: skip


def _quote(by: User, journey: Journey) -> Race:
    """Words are kept out of a text that is corrected."""
    talk = _talk(by, journey)
    theme = sense.add_theme(by=by, journey=journey, key=uuid4(), name="Huur")
    lift = partial(sense.lift, by=by, wording=talk.wordings.get(), words="De huur", start=0,
                   themes=[theme])  # fmt: skip
    return Race(
        first=lift, owner=sense, name="code",
        second=partial(listening.correct, by=by, conversation=talk, text="Iets anders."),
        holds=lambda _said: not Quote.objects.filter(replaced_by=None).exists(),
    )  # fmt: skip


def _checked(by: User, journey: Journey) -> Race:
    """A text is found to name nobody while another takes its place."""
    talk = _talk(by, journey)
    check = partial(listening.check, by=by, conversation=talk, version=1)
    other = Conversation.objects.get(pk=talk.pk)
    return Race(
        first=check, owner=Conversation, name="save",
        second=partial(listening.correct, by=by, conversation=other, text="Van Jansen."),
        holds=lambda _said: Conversation.objects.get().state != Conversation.State.CHECKED,
    )  # fmt: skip


def _reworded(by: User, journey: Journey) -> Race:
    """A giver writes their words anew while who noted them does."""
    talk = _talk(by, journey)
    return Race(
        first=partial(listening.reword, giver=talk.giver, version=1, text="Mijn woorden."),
        owner=Wording, name="save",
        second=partial(listening.correct, by=by, conversation=talk, text="Iets anders."),
        holds=lambda _said: sorted(w.number for w in Wording.objects.all()) == [1, 2, 3],
    )  # fmt: skip


def _merged(by: User, journey: Journey) -> Race:
    """Each of two themes is merged into the other."""
    one, two = (
        sense.add_theme(by=by, journey=journey, key=uuid4(), name=name) for name in ("A", "B")
    )
    merge = partial(sense.merge_themes, by=by)
    return Race(
        first=partial(merge, theme=one, into=two), owner=sense, name="_carry",
        second=partial(merge, theme=two, into=one),
        holds=lambda _said: Theme.objects.filter(became=None).count() == 1,
    )  # fmt: skip


def _grounded(by: User, journey: Journey, rest: str = "ground") -> Race:
    """An opgave comes to rest on a finding while that is merged into another."""
    one, two, three = (
        sense.find(by=by, journey=journey, key=uuid4(), claim=claim, perspective="space")
        for claim in ("A", "B", "C")
    )
    set_opgave = partial(plan.set_opgave, by=by, journey=journey, sentence="Ruimte",
                         perspective="space", assumption="Ja")  # fmt: skip
    there = set_opgave(key=uuid4(), findings=[three])
    acts: dict[str, Callable[[], object]] = {
        "ground": partial(mending.ground, by=by, opgave=there, finding=one, contribution="small",
                          assumption="Ja"),
        "set": partial(set_opgave, key=uuid4(), findings=[one]),
    }  # fmt: skip
    return Race(
        first=partial(sense.merge_findings, by=by, finding=one, into=two),
        owner=Finding, name="save", second=acts[rest],
        holds=lambda _said: two.grounds.exists(),
    )  # fmt: skip


def _named(by: User, journey: Journey) -> Race:
    """The same of a new opgave."""
    return _grounded(by, journey, "set")


def _brought(by: User, journey: Journey) -> Race:
    """The same file is brought twice."""
    project = Project(name="Ander", codes=(Code(guid=str(uuid4()), name="Huur"),))
    bring = partial(exchange.bring, by=by, journey=journey, project=project)
    return Race(
        first=bring, owner=Theme, name="save", second=bring,
        holds=lambda said: [type(one) for one in said] == [exchange.Brought] * 2,
    )  # fmt: skip


def _copied(by: User, journey: Journey) -> Race:
    """A file brings to another journey what its giver takes back."""
    talk = _talk(by, journey)
    other = plan.begin(by=by, municipality=municipality(), key=uuid4(), name="Andere",
                       area="WK990101", starts_on=date(2026, 3, 1))  # fmt: skip
    project = Project(name="Ons", sources=(Source(guid=str(talk.pk), text=SAID),))
    terms = exchange.Terms(may_note=True, giver_kind="resident", language="nl", wants_answer=False)
    return Race(
        first=partial(exchange.bring, by=by, journey=other, project=project, terms=terms),
        owner=Conversation, name="save", second=partial(listening.withdraw, giver=talk.giver),
        holds=lambda _said: not access.conversations(other).exists(),
    )  # fmt: skip


def _counted(by: User, journey: Journey) -> Race:
    """An answer arrives while the round is counted."""
    round_ = budget(journey, by, 1_000_000, (10_000,))
    *first, last = opened(round_, by, 11)
    for code in first:
        say(round_, code, 1)
    return Race(
        first=partial(back.close_round, by=by, round_=round_), owner=Round, name="save",
        second=partial(say, round_, last, 1),
        holds=lambda _said: Round.objects.get().outcome["voters"] == Reply.objects.count(),
    )  # fmt: skip


def _spoken(by: User, journey: Journey) -> Race:
    """Two people type a sentence in two languages."""
    item = statements(journey, by).items.get()
    turkish, polish = (
        partial(back.translate, by=by, item=item, code=code, heard="…", asked="…")
        for code in ("tr", "pl")
    )
    return Race(first=turkish, owner=Item, name="save", second=polish,
                holds=lambda _said: set(Item.objects.get().spoken) == {"tr", "pl"})  # fmt: skip


def _laid(by: User, journey: Journey) -> Race:
    """A plan goes to the council, which tells how many were heard, while one more is heard and a
    round tells of how many it speaks: both told, they would tell of that one."""
    for _ in range(30):
        listening.check(by=by, conversation=_talk(by, journey))
    round_ = statements(journey, by)
    made = plan.draw_up(by=by, journey=journey, key=uuid4(), title="P", budget=1, hours=1)
    step = partial(plan.advance, by=by, plan=made, settles=True)
    for to in ("consultation", "executive"):
        step(to=to)

    def hear_and_open() -> int | None:
        listening.check(by=by, conversation=_talk(by, journey))
        back.open_round(by=by, round_=round_)
        told: int | None = Item.objects.get().said["of"]
        return told

    return Race(first=partial(step, to="council"), owner=Version, name="save",
                second=hear_and_open, holds=lambda said: said[1] is None)  # fmt: skip


def _renamed(by: User, journey: Journey) -> Race:
    """Two people change the same, each from a page that showed how it was."""

    def form(name: str) -> Any:
        there = Journey.objects.get(pk=journey.pk)
        made = asking._edited(forms.JourneyStepForm)({"name": name, "state": there.state})
        made.showing(there, asking.columns("name", "assignment", "state", "ends_on"), None)
        made.data["was"] = made.initial["was"]
        assert made.is_valid()
        return made

    def act(given: dict[str, Any]) -> str:
        mending.change_journey(by=by, journey=Journey.objects.get(), **given)
        return str(given["name"])

    first, second = (partial(asking._acted, form(name), act) for name in ("Een", "Twee"))
    return Race(first=first, owner=Journey, name="save", second=second,
                holds=lambda said: said == ["Een", "changed_meanwhile"])  # fmt: skip


def _settled(by: User, journey: Journey) -> Race:
    """Two people word a finding anew: each says of the one before which words it had."""
    round_ = statements(journey, by)
    back.open_round(by=by, round_=round_)
    back.close_round(by=by, round_=round_)
    finding = Finding.objects.get()
    one, other = (
        partial(back.settle, by=by, finding=finding, standing="adjusted", reason="Zo",
                claim=claim)
        for claim in ("Te hoog.", "Veel te hoog.")
    )  # fmt: skip
    return Race(
        first=one, owner=Settling, name="save", second=other,
        holds=lambda _said: {s.claim_was for s in Settling.objects.all()} == {
            finding.claim, "Te hoog.",
        },
    )  # fmt: skip


def _promise(by: User, journey: Journey) -> Commitment:
    return plan.promise(by=by, effort=effort(journey, by, 1), key=uuid4(), partner="Wij",
                        what="Een pand", due=date(2027, 1, 1))  # fmt: skip


def _kept(by: User, journey: Journey) -> Race:
    """A promise is taken back while somebody says what came of it."""
    made = _promise(by, journey)
    return Race(
        first=partial(plan.withdraw_promise, by=by, promised=made, why="Verkocht"),
        owner=Commitment, name="save",
        second=partial(plan.say_kept, by=by, promised=made, kept="kept", why=""),
        holds=lambda said: said == [None, "promise_withdrawn"],
    )  # fmt: skip


def _unpromised(by: User, journey: Journey) -> Race:
    """Two people take the same promise back: why the first did so stays."""
    made = _promise(by, journey)
    one, other = (
        partial(plan.withdraw_promise, by=by, promised=made, why=why) for why in ("Een", "Twee")
    )
    return Race(first=one, owner=Commitment, name="save", second=other,
                holds=lambda said: said == [None, "promise_withdrawn"])  # fmt: skip


def _restated(by: User, journey: Journey) -> Race:
    """Two people see that the same premise stands empty: it was seen so once."""
    seen = listening.observe(by=by, journey=journey, key=uuid4(), place="Kade 3", note="Leeg",
                             seen_at=HELD)  # fmt: skip
    say_so = partial(listening.restate, by=by, seen=seen, state="vacant")
    return Race(first=say_so, owner=Observation, name="save", second=say_so,
                holds=lambda _said: Sighting.objects.count() == 1)  # fmt: skip


def _told(*codes: str) -> Callable[[list[Any]], bool]:
    return lambda said: sorted(map(str, said)) == sorted(codes)


def _gone(by: User, journey: Journey) -> Race:
    """A finding is taken away while somebody else changes it."""
    finding = sense.find(by=by, journey=journey, key=uuid4(), claim=SAID, perspective="space")
    words = {"claim": "Iets anders.", "perspective": "space"}
    return Race(first=partial(mending.remove, by=by, thing=finding), owner=Finding, name="delete",
                second=partial(mending.change, by=by, thing=finding, given=words),
                holds=_told("None", "taken_away"))  # fmt: skip


def _baseless(by: User, journey: Journey) -> Race:
    """An opgave is taken away while somebody else sets a goal under it."""
    finding = sense.find(by=by, journey=journey, key=uuid4(), claim=SAID, perspective="space")
    opgave = plan.set_opgave(by=by, journey=journey, key=uuid4(), sentence="Ruimte",
                             perspective="space", findings=[finding], assumption="Ja")  # fmt: skip
    goal = partial(plan.set_goal, by=by, opgave=opgave, key=uuid4(), sentence="Plek", year=2030,
                   sign="Zie")  # fmt: skip
    return Race(first=partial(mending.remove, by=by, thing=opgave), owner=Opgave, name="delete",
                second=goal, holds=_told("None", "taken_away"))  # fmt: skip


def _heirless(by: User, journey: Journey) -> Race:
    """A finding goes on as another, which somebody else takes away."""
    goes, stays = (sense.find(by=by, journey=journey, key=uuid4(), claim=claim,
                              perspective="space") for claim in ("Een", "Twee"))  # fmt: skip
    return Race(first=partial(sense.merge_findings, by=by, finding=goes, into=stays),
                owner=Finding, name="save", second=partial(mending.remove, by=by, thing=stays),
                holds=_told("None", "others_rest_on_it"))  # fmt: skip


RACES = (_gone, _baseless, _heirless, _voice, _photo, _again, _closing, _phone, _quote, _checked,
         _reworded, _merged, _grounded, _named, _brought, _copied,
         _counted, _spoken, _laid, _renamed, _settled, _kept, _unpromised, _restated)  # fmt: skip


def _run(race: Race, monkeypatch: pytest.MonkeyPatch) -> bool:
    stopped, done, real = Event(), Event(), getattr(race.owner, race.name)

    def slowly(*given: Any, **more: Any) -> Any:
        if not stopped.is_set():
            stopped.set()
            held_up(done)  # whoever does not wait is ready now
        return real(*given, **more)

    def later() -> object:
        assert stopped.wait(20)
        try:
            return race.second()
        finally:
            done.set()

    def act() -> object:
        try:
            return next(turns)()
        except DatabaseError as error:
            return type(error)

    monkeypatch.setattr(race.owner, race.name, slowly)
    turns = iter([race.first, later])
    return race.holds(at_once(act, 2))


@pytest.mark.parametrize("made", RACES, ids=lambda made: made.__name__.strip("_"))
def test_of_two_acts_at_once_the_second_sees_what_the_first_did(
    by: User, journey: Journey, monkeypatch: pytest.MonkeyPatch, made: Callable[..., Race]
) -> None:
    assert _run(made(by, journey), monkeypatch)


@pytest.mark.parametrize("made", RACES, ids=lambda made: made.__name__.strip("_"))
def test_twin_without_what_is_held_it_does_not(
    by: User, journey: Journey, monkeypatch: pytest.MonkeyPatch, made: Callable[..., Race]
) -> None:
    """The log is held as ever: its numbers are another matter."""
    race, real = made(by, journey), QuerySet.select_for_update

    def held(rows: QuerySet[Model], *given: Any, **more: Any) -> QuerySet[Model]:
        return real(rows, *given, **more) if rows.model is Municipality else rows

    monkeypatch.setattr(QuerySet, "select_for_update", held)
    assert _run(race, monkeypatch) == (connection.vendor == "sqlite")


def _beside(by: User, journey: Journey) -> Race:
    """While a conversation arrives a colleague writes a theme: that only points at the journey."""
    return Race(
        first=partial(_talk, by, journey), owner=Wording, name="save",
        second=partial(sense.add_theme, by=by, journey=journey, key=uuid4(), name="Huur"),
        holds=lambda said: OperationalError not in said,
    )  # fmt: skip


def test_who_holds_a_journey_lets_others_write_what_points_at_it(
    by: User, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL looks at the end of an act whether what a new row points at is there, and waits
    for who holds it wholly; who then waits for the log in turn never gets it."""
    assert _run(_beside(by, journey), monkeypatch)
    assert (Conversation.objects.count(), Theme.objects.count()) == (1, 1)


def test_twin_held_wholly_both_wait_for_each_other(
    by: User, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = QuerySet.select_for_update

    def wholly(rows: QuerySet[Model], **_more: Any) -> QuerySet[Model]:
        return real(rows)

    monkeypatch.setattr(QuerySet, "select_for_update", wholly)
    assert _run(_beside(by, journey), monkeypatch) == (connection.vendor == "sqlite")


def test_no_act_holds_a_row_wholly() -> None:
    """So that the one above holds for all of them."""
    source = Path(access.__file__).parents[1]
    calls = [line for path in source.rglob("*.py") for line in path.read_text("utf-8").splitlines()
             if "select_for_update(" in line]  # fmt: skip
    assert [line for line in calls if "select_for_update(no_key=True" not in line] == []
    assert len(calls) > 20
