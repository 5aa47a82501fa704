# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The thread holds together whatever people do, in whatever order."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey import access, kept, weighing
from wijkeconomie.web.journey.actions import listening, plan, sense
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
    Theme,
    Version,
)
from wijkeconomie.web.journey.thread import KINDS, thread

HELD = datetime(2026, 9, 1, 10, tzinfo=UTC)
TEXT = "De huur is hoog en de straat is leeg; toch komen hier elke week nieuwe makers bij."
ALLOWED = frozenset({"note", "quote"})


class Walk:
    """Someone who does anything that can be done, one thing after another."""

    def __init__(self, journey: Journey, by: User, seed: int) -> None:
        self.journey, self.by, self.chance = journey, by, random.Random(seed)
        self.coded: set[UUID] = set()  # what must stay true, noted beside the records
        self.weighed: set[tuple[UUID, UUID]] = set()
        self.grounded: set[tuple[UUID, UUID]] = set()
        self.verbs: list[Callable[[], object]] = [
            self.hear, self.hear, self.quote, self.quote, self.quote, self.theme, self.code,
            self.code,
            self.merge_themes, self.split, self.find, self.weigh, self.weigh, self.merge_findings,
            self.opgave, self.goal, self.propose, self.decide, self.withdraw, self.correct,
            self.observe, self.weigh_seen, self.weigh_figure, self.uncode, self.move_theme,
            self.measured_goal, self.aim, self.replan, self.plan, self.forbid,
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
        heard = listening.Heard(key=self.key(), text=TEXT, held_at=HELD, allows=ALLOWED)
        listening.hear(by=self.by, journey=self.journey, heard=heard)

    def correct(self) -> None:
        talk = self.any(access.conversations(self.journey))
        listening.correct(by=self.by, conversation=talk, text=TEXT + " Ja.")

    def withdraw(self) -> None:
        if self.chance.random() < 0.2:
            listening.withdraw(giver=self.any(self.journey.givers.filter(withdrawn_at=None)))

    def quote(self) -> None:
        talk = self.any(access.conversations(self.journey))
        start = self.chance.randrange(len(TEXT) - 1)
        end = self.chance.randrange(start + 1, len(TEXT))
        sense.quote(by=self.by, wording=talk.wordings.first(), start=start, end=end)

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
        """The plan is drawn up, goes to the neighbourhood and comes back."""
        there = Plan.objects.filter(journey=self.journey).first()
        if there is None:
            plan.draw_up(by=self.by, journey=self.journey, key=self.key(), title="Plan",
                         budget=100, hours=10)  # fmt: skip
            return
        to = {"concept": "consultation", "consultation": "concept"}[there.state]
        plan.advance(by=self.by, plan=there, to=to, reason="Opnieuw")

    def forbid(self) -> None:
        giver = self.any(self.journey.givers.filter(withdrawn_at=None))
        listening.allow(giver=giver, purpose="note", given=self.chance.random() < 0.7)


def _heir(finding: Finding) -> Finding:
    while finding.became is not None:
        finding = finding.became
    return finding


def _written(journey: Journey) -> set[tuple[str, str, int]]:
    """Every step that the records hold, row by row, without the thread."""
    steps: set[tuple[Any, Any, int]] = set()
    for piece in journey.evidences.all():
        if piece.quote is None or _may_be_read(piece.quote.wording.conversation.giver):
            thing = piece.quote_id or piece.observation_id or piece.figure_id
            steps.add((thing, piece.finding_id, piece.direction))
    for ground in journey.grounds.all():
        steps.add((ground.finding_id, ground.opgave_id, 1))
    for goal in journey.goals.all():
        steps.add((goal.opgave_id, goal.pk, 1))
        if goal.baseline_id:
            steps.add((goal.baseline_id, goal.pk, 1))
    for aim in journey.aims.all():
        steps.add((aim.goal_id, aim.effort_id, 1))
    return {(str(start), str(end), direction) for start, end, direction in steps}


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
    line = thread(journey)

    assert {(s.start, s.end, s.direction) for s in line.strands} == _written(journey)
    onward = {(key, after.key) for key in line.knots for after in line.onward(key)}
    back = {(before.key, key) for key in line.knots for before in line.back(key)}
    assert onward == back
    assert onward >= {(s.start, s.end) for s in line.strands}
    assert {k.key for k in line.loose()} == {
        k.key for k in line.knots.values()
        if (k.kind not in ("figure", "quote", "observation") and not line.before(k.key))
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
    # the walk did something: a test of nothing passes too
    made = (Quote, Theme, Coding, Finding, Opgave, Goal, Effort, Observation, Aim, Version)
    few = {kind.__name__: n for kind in made if (n := kind._default_manager.count()) <= 10}
    assert not few
    assert withdrawn.exists()
    assert not all(map(_may_be_read, journey.givers.filter(withdrawn_at=None)))
    assert {k.kind for k in line.knots.values()} == set(KINDS) - {"statement"}
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
