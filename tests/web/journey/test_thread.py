# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The thread holds together whatever people do, in whatever order."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from wijkeconomie.fieldwork import personal
from wijkeconomie.fieldwork.publishing import FEWEST
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.accounts.models import AuditLine, Role, User
from wijkeconomie.web.journey import access, kept, weighing
from wijkeconomie.web.journey.actions import back, listening, plan, sense
from wijkeconomie.web.journey.models import (
    Aim,
    Coding,
    Effort,
    Evidence,
    Figure,
    Finding,
    Giver,
    Goal,
    Journey,
    Observation,
    Opgave,
    Plan,
    Quote,
    Round,
    Theme,
    Version,
    Wording,
)
from wijkeconomie.web.journey.thread import KINDS, thread

HELD = datetime(2026, 9, 1, 10, tzinfo=UTC)
TEXT = "De huur is hoog en de straat is leeg; toch komen hier elke week nieuwe makers bij."
ALLOWED = frozenset({"note", "quote"})
STARTS = ("figure", "quote", "observation", "statement")  # that rest on nothing


class Walk:
    """Someone who does anything that can be done, one thing after another."""

    def __init__(self, journey: Journey, by: User, seed: int) -> None:
        self.journey, self.by, self.chance = journey, by, random.Random(seed)
        self.coded: set[UUID] = set()  # what must stay true, noted beside the records
        self.weighed: set[tuple[UUID, UUID]] = set()
        self.grounded: set[tuple[UUID, UUID]] = set()
        self.laid: dict[str, Any] = {}  # before the council, last
        self.verbs: list[Callable[[], object]] = [
            self.hear, self.hear, self.quote, self.quote, self.quote, self.theme, self.code,
            self.code,
            self.merge_themes, self.split, self.find, self.weigh, self.weigh, self.merge_findings,
            self.opgave, self.goal, self.propose, self.decide, self.withdraw, self.correct,
            self.observe, self.weigh_seen, self.weigh_figure, self.uncode, self.move_theme,
            self.measured_goal, self.aim, self.replan, self.plan, self.forbid,
            self.check, self.check, self.mask, self.reword, self.send_back, self.prepare,
            self.open_or_close, self.reply, self.settle, self.settle, self.promise,
            self.say_kept, self.withdraw_promise, self.answer,
        ]  # fmt: skip

    def step(self) -> None:
        """One act; what is refused or has nothing to act on is let go."""
        with suppress(Refusal, IndexError):
            self.chance.choice(self.verbs)()

    def key(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def any(self, kept: object) -> object:
        return self.chance.choice(list(kept))  # type: ignore[call-overload]

    def hear(self) -> None:
        text = TEXT + self.chance.choice(("", " Bel mevrouw Jansen op 06-12345678."))
        heard = listening.Heard(key=self.key(), text=text, held_at=HELD, allows=ALLOWED)
        listening.hear(by=self.by, journey=self.journey, heard=heard)

    def correct(self) -> None:
        talk = self.any(access.conversations(self.journey))
        listening.correct(by=self.by, conversation=talk, text=TEXT + " Ja.")

    def reword(self) -> None:
        """With the card; what was quoted may stand there no more."""
        giver = self.any(access.givers(self.journey))
        version = giver.conversations.get().wordings.latest("number").number
        listening.reword(giver=giver, version=version, text=self.chance.choice((TEXT, TEXT[:40])))

    def check(self) -> None:
        listening.check(by=self.by, conversation=self.any(access.conversations(self.journey)))

    def mask(self) -> None:
        talk = self.any(access.conversations(self.journey))
        last = talk.wordings.latest("number")
        places = {(span.start, span.end) for span in personal.find(last.text)}
        if places:
            listening.mask(by=self.by, conversation=talk, version=last.number, places=places)

    def send_back(self) -> None:
        if self.chance.random() < 0.3:
            talk = self.any(access.conversations(self.journey))
            listening.send_back(by=self.by, conversation=talk, why="Wie is dit?")

    def withdraw(self) -> None:
        if self.chance.random() < 0.2:
            listening.withdraw(giver=self.any(self.journey.givers.filter(withdrawn_at=None)))

    def quote(self) -> None:
        talk = self.any(access.conversations(self.journey))
        wording = self.any(talk.wordings.all())
        start = self.chance.randrange(len(wording.text) - 1)
        end = self.chance.randrange(start + 1, len(wording.text))
        sense.quote(by=self.by, wording=wording, start=start, end=end)

    def theme(self) -> None:
        name = f"thema {self.chance.randrange(40)}"
        sense.add_theme(by=self.by, journey=self.journey, key=self.key(), name=name)

    def code(self) -> None:
        themes = Theme.objects.filter(journey=self.journey)
        quote = self.any(access.quotes(self.journey))
        sense.code(by=self.by, quote=quote, theme=self.any(themes))
        self.coded.add(quote.pk)

    def uncode(self) -> None:
        coding = self.any(Coding.objects.filter(journey=self.journey))
        if self.chance.random() < 0.8:
            return
        sense.uncode(by=self.by, coding=coding)
        if not coding.quote.codings.exists():
            self.coded.discard(coding.quote_id)

    def move_theme(self) -> None:
        themes = self.journey.themes.filter(became=None)
        theme, above = self.any(themes), self.any([None, *themes])
        sense.change_theme(by=self.by, theme=theme, name=theme.name, definition="Anders",
                           perspective="work", parent=above, indicators=())  # fmt: skip

    def merge_themes(self) -> None:
        themes = self.journey.themes.filter(became=None)
        sense.merge_themes(by=self.by, theme=self.any(themes), into=self.any(themes))

    def split(self) -> None:
        theme = self.any(self.journey.themes.filter(became=None))
        quotes = [coding.quote for coding in theme.codings.all()][:2]
        name = f"deel {self.chance.randrange(99)}"
        sense.split_theme(by=self.by, theme=theme, key=self.key(), name=name, quotes=quotes)

    def find(self) -> None:
        sense.find(by=self.by, journey=self.journey, key=self.key(), claim="Zo is het",
                   perspective="space")  # fmt: skip

    def weigh(self) -> None:
        finding = self.any(self.journey.findings.filter(became=None))
        quote = self.any(access.quotes(self.journey))
        self._weigh(finding, quote)

    def _weigh(self, finding: Finding, thing: Quote | Observation | Figure) -> None:
        direction = self.chance.choice((-1, 0, 1))
        sense.weigh(by=self.by, finding=finding, thing=thing, direction=direction)
        self.weighed.add((finding.pk, thing.pk))

    def observe(self) -> None:
        listening.observe(by=self.by, journey=self.journey, key=self.key(), place="Hoek",
                          note="Een leeg pand", seen_at=HELD)  # fmt: skip

    def weigh_seen(self) -> None:
        seen = self.any(self.journey.observations.all())
        self._weigh(self.any(self.journey.findings.filter(became=None)), seen)

    def figure(self) -> Figure:
        figure = {"release": "r", "area": self.journey.area, "indicator": "shop_vacancy",
                  "year": self.chance.randrange(2015, 2025), "value": 9.1, "unit": "percent",
                  "gap": {}}  # fmt: skip
        return sense.quote_figure(by=self.by, journey=self.journey, figure=figure)

    def weigh_figure(self) -> None:
        self._weigh(self.any(self.journey.findings.filter(became=None)), self.figure())

    def merge_findings(self) -> None:
        findings = self.journey.findings.filter(became=None)
        if self.chance.random() < 0.3:
            sense.merge_findings(by=self.by, finding=self.any(findings), into=self.any(findings))

    def opgave(self) -> None:
        finding = self.any(self.journey.findings.filter(became=None))
        made = plan.set_opgave(by=self.by, journey=self.journey, key=self.key(), sentence="Dit",
                               perspective="space", findings=[finding],
                               assumption="Omdat")  # fmt: skip
        self.grounded.add((finding.pk, made.pk))

    def goal(self) -> None:
        opgave = self.any(self.journey.opgaves.all())
        plan.set_goal(by=self.by, opgave=opgave, key=self.key(), sentence="Zo", year=2030,
                      sign="Een bord op het raam")  # fmt: skip

    def propose(self) -> None:
        goal = self.any(self.journey.goals.all())
        plan.propose(by=self.by, goal=goal, key=self.key(), title="Iets", instrument="coaching",
                     perspective="space", costs=(1, 2, 3), hours=1, assumption="Ja")  # fmt: skip

    def decide(self) -> None:
        effort = self.any(self.journey.efforts.all())
        choice = self.chance.choice(Effort.Choice.values)
        plan.decide(by=self.by, effort=effort, choice=choice, reason="Daarom")

    def measured_goal(self) -> None:
        plan.set_goal(by=self.by, opgave=self.any(self.journey.opgaves.all()), key=self.key(),
                      sentence="Minder", year=2030, baseline=self.figure(),
                      target=5.0)  # fmt: skip

    def aim(self) -> None:
        effort, goal = self.any(self.journey.efforts.all()), self.any(self.journey.goals.all())
        if not effort.aims.filter(goal=goal).exists():
            plan.aim(by=self.by, effort=effort, goal=goal, assumption="Ook", contribution="small")

    def replan(self) -> None:
        """Another choice of all efforts at once."""
        choices = {effort.pk: (self.chance.choice(Effort.Choice.values), "Toch")
                   for effort in self.journey.efforts.all()}  # fmt: skip
        plan.take_over(by=self.by, plan=Plan.objects.filter(journey=self.journey)[0],
                       choices=choices)  # fmt: skip

    def plan(self) -> None:
        """The plan is drawn up, goes to the neighbourhood and as far as the council, and back."""
        there = Plan.objects.filter(journey=self.journey).first()
        if there is None:
            plan.draw_up(by=self.by, journey=self.journey, key=self.key(), title="Plan",
                         budget=100, hours=10)  # fmt: skip
            return
        open_ = [to for to in plan.steps(there.state, Right) if to != Plan.State.ADOPTED]
        self.advance(there, self.any(open_))

    def advance(self, there: Plan, to: str) -> None:
        despite = [one.key for one in plan.obstacles(there)]  # whatever a walk left open
        version = plan.advance(by=self.by, plan=there, to=to, reason="Opnieuw", despite=despite,
                               settles=True)  # fmt: skip
        if to == Plan.State.COUNCIL:
            self.laid = version.content

    def adopt(self) -> None:
        """From wherever it is now, with an effort at least that was chosen."""
        there = Plan.objects.get(journey=self.journey)
        if there.state == Plan.State.COUNCIL:
            self.advance(there, Plan.State.CONCEPT)
        plan.decide(by=self.by, effort=self.any(self.journey.efforts.all()),
                    choice=Effort.Choice.CHOSEN, reason="Ja")  # fmt: skip
        way = ["consultation", "executive", "council", "adopted"]
        there.refresh_from_db()
        for to in way[way.index(there.state) + 1 if there.state in way else 0 :]:
            self.advance(there, to)

    def prepare(self) -> None:
        """A round with some findings and its codes; a few in all."""
        rounds = self.journey.rounds
        findings = list(self.journey.findings.filter(became=None))
        busy = rounds.exclude(state=Round.State.CLOSED).exists()
        if findings and not busy and rounds.count() < 4:
            made = back.begin_round(by=self.by, journey=self.journey, key=self.key(),
                                    kind="statements", title=f"Ronde {rounds.count()}")  # fmt: skip
            for finding in self.chance.sample(findings, min(3, len(findings))):
                back.add_statement(by=self.by, round_=made, key=self.key(), finding=finding,
                                   heard=finding.claim, asked="Klopt dat?")  # fmt: skip
            back.make_codes(by=self.by, round_=made, key=self.key(), count=12)

    def open_or_close(self) -> None:
        there = self.journey.rounds.exclude(state=Round.State.CLOSED)[0]
        act = back.open_round if there.state == Round.State.DRAFT else back.close_round
        act(by=self.by, round_=there)

    def reply(self) -> None:
        there = self.journey.rounds.filter(state=Round.State.OPEN)[0]
        for token in there.tokens.all():
            says = {item.pk: self.chance.choice((-1, 0, 1, 1)) for item in there.items.all()}
            back.reply(round_=there, code=access.code_of(token.pk), says=says)

    def settle(self) -> None:
        asked = self.journey.findings.filter(items__round__state=Round.State.CLOSED)
        standing = self.chance.choice(("supported", "disputed", "adjusted"))
        back.settle(by=self.by, finding=self.any(asked), standing=standing, reason="Daarom",
                    claim="Zo is het ook")  # fmt: skip

    def promise(self) -> None:
        plan.promise(by=self.by, effort=self.any(self.journey.efforts.all()), key=self.key(),
                     partner="Wij", what="Een pand", due=date(2027, 1, 1))  # fmt: skip

    def say_kept(self) -> None:
        kept = self.chance.choice(("kept", "missed"))
        plan.say_kept(by=self.by, promised=self.any(self.journey.commitments.all()), kept=kept,
                      why="Verkocht")  # fmt: skip

    def withdraw_promise(self) -> None:
        promised = self.any(self.journey.commitments.all())
        plan.withdraw_promise(by=self.by, promised=promised, why="Verkocht")

    def answer(self) -> None:
        plan.answer(by=self.by, giver=self.any(access.givers(self.journey)), key=self.key(),
                    text="Daar doen wij iets aan.")  # fmt: skip

    def forbid(self) -> None:
        giver = self.any(self.journey.givers.filter(withdrawn_at=None))
        listening.allow(giver=giver, purpose="note", given=self.chance.random() < 0.3)


def _heir(finding: Finding) -> Finding:
    while finding.became is not None:
        finding = finding.became
    return finding


def _written(journey: Journey) -> set[tuple[str, str, int]]:
    """Every step that the records hold, row by row, without the thread."""
    steps: set[tuple[Any, Any, int]] = set()
    for piece in journey.evidences.all():
        if piece.quote is None or _stands(piece.quote):
            thing = piece.quote_id or piece.observation_id or piece.figure_id
            steps.add((thing, piece.finding_id, piece.direction))
    for item in journey.items.filter(round__state=Round.State.CLOSED):
        said = item.replies.count() >= FEWEST and "then" not in item.said  # of other words
        side = {"supported": 1, "disputed": -1}.get(item.finding.standing, 0) if said else 0
        steps.add((item.pk, item.finding_id, side))
    for ground in journey.grounds.all():
        steps.add((ground.finding_id, ground.opgave_id, 1))
    for goal in journey.goals.all():
        steps.add((goal.opgave_id, goal.pk, 1))
        if goal.baseline_id:
            steps.add((goal.baseline_id, goal.pk, 1))
    for aim in journey.aims.all():
        steps.add((aim.goal_id, aim.effort_id, 1))
    return {(str(start), str(end), direction) for start, end, direction in steps}


def _stands(quote: Quote) -> bool:
    talk = quote.wording.conversation
    return quote.replaced_by is None and not talk.returned_why and _may_be_read(talk.giver)


def _as_laid(walk: Walk) -> bool:
    """Whether what lies before the council, or was adopted, says what it said."""
    there = Plan.objects.filter(journey=walk.journey).first()
    if there is None or there.state not in Plan.FROZEN:
        return True
    return _kept(plan.contents(there)) == walk.laid | {"state": there.state}


def _kept(content: dict[str, Any]) -> dict[str, Any]:
    """Without what its later steps say of themselves."""
    return {name: one for name, one in content.items() if name not in ("despite", "outcomes")}


def _may_be_read(giver: Giver) -> bool:
    return bool(access.allowed(giver)["note"])


@pytest.mark.parametrize("seed", range(2))
def test_after_a_thousand_random_acts_nothing_hangs_loose_and_both_directions_agree(
    journey: Journey, person: Callable[[Role], User], seed: int
) -> None:
    walk = Walk(journey, person(Role.PLANNER), seed)
    for act in range(1000):
        walk.step()
        if act % 10 == 0:  # no verb forgets the line in the log by which what is kept is let go
            assert kept.kept(journey, lambda: thread(journey), "walk") == thread(journey)
            assert _as_laid(walk)
    _whole(walk)
    _did_everything(walk)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_done_after_it_an_adopted_plan_says_what_it_said(
    journey: Journey, person: Callable[[Role], User], seed: int
) -> None:
    walk = Walk(journey, person(Role.PLANNER), seed)
    for _ in range(300):
        walk.step()
    walk.adopt()
    laid, before = walk.laid, Wording.objects.count()
    for act in range(200):
        walk.step()
        if act % 10 == 0:
            assert _as_laid(walk)
    adopted = Version.objects.get(state=Plan.State.ADOPTED)
    assert _kept(adopted.content) == laid | {"state": Plan.State.ADOPTED}
    assert Plan.objects.get().state in (Plan.State.UNDER_WAY, Plan.State.EVALUATED)
    assert Wording.objects.count() > before
    _whole(walk)


def _whole(walk: Walk) -> None:
    """That nothing hangs loose, and nothing that people did is lost."""
    journey = walk.journey
    line = thread(journey)

    assert {(s.start, s.end, s.direction) for s in line.strands} == _written(journey)
    onward = {(key, after.key) for key in line.knots for after in line.onward(key)}
    back = {(before.key, key) for key in line.knots for before in line.back(key)}
    assert onward == back
    assert onward >= {(s.start, s.end) for s in line.strands}
    assert {k.key for k in line.loose()} == {
        k.key for k in line.knots.values()
        if (k.kind not in STARTS and not line.before(k.key))
        or (k.kind != "effort" and not line.after(k.key))
    }  # fmt: skip
    withdrawn = Quote.objects.exclude(wording__conversation__giver__withdrawn_at=None)
    assert not {str(quote.pk) for quote in withdrawn} & set(line.knots)
    assert not Coding.objects.exclude(theme__became=None).exists()
    assert not Evidence.objects.exclude(finding__became=None).exists()
    assert not Opgave.objects.filter(grounds=None).exists()
    assert not Opgave.objects.exclude(grounds__finding__became=None).exists()
    assert audit.broken(journey.municipality) is None
    # nothing that people did is lost on the way
    assert walk.coded <= set(Coding.objects.values_list("quote_id", flat=True))
    for finding, thing in walk.weighed:
        heir = _heir(Finding.objects.get(pk=finding))
        things = heir.evidence.values_list("quote", "observation", "figure")
        assert thing in {key for row in things for key in row}
    for finding, opgave in walk.grounded:
        assert _heir(Finding.objects.get(pk=finding)).grounds.filter(opgave=opgave).count() == 1
    live = journey.themes.filter(became=None)
    assert sorted(b.theme.pk for b in weighing.tree(journey)) == sorted(t.pk for t in live)
    assert not live.exclude(parent=None).exclude(parent__became=None).exists()
    assert all(plan.digest(v.content) == v.digest for v in Version.objects.all())
    assert not Quote.objects.filter(pk__in=line.knots).exclude(replaced_by=None).exists()


def _did_everything(walk: Walk) -> None:
    """A test of nothing passes too."""
    journey, line = walk.journey, thread(walk.journey)
    withdrawn = Quote.objects.exclude(wording__conversation__giver__withdrawn_at=None)
    made = (Quote, Theme, Coding, Finding, Opgave, Goal, Effort, Observation, Aim, Version)
    few = {kind.__name__: n for kind in made if (n := kind._default_manager.count()) <= 10}
    assert not few
    assert withdrawn.exists()
    assert {k.kind for k in line.knots.values()} == set(KINDS)
    verbs = {"check", "correct", "send_back", "open_round", "close_round", "settle", "promise",
             "say_kept", "withdraw_promise", "answer", "forbid", "to_council",
             "to_concept"}  # fmt: skip
    assert verbs - set(AuditLine.objects.values_list("verb", flat=True)) == set()
    assert Wording.objects.filter(made_by=None).exists()
    assert Quote.objects.exclude(replaced_by=None).exists()
    assert any("[naam 1]" in wording.text for wording in Wording.objects.all())
    assert journey.themes.exclude(became=None).exists()
    assert journey.findings.exclude(became=None).exists()


def test_the_queries_of_a_thread_do_not_grow_with_what_is_on_it(
    journey: Journey,
    person: Callable[[Role], User],
    django_assert_num_queries: Callable[..., object],
) -> None:
    walk = Walk(journey, person(Role.PLANNER), 7)
    for acts in (50, 200):
        for _ in range(acts):
            walk.step()
        with django_assert_num_queries(12):  # type: ignore[attr-defined]
            thread(journey)
