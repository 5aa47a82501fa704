# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The thread holds together whatever people do, in whatever order."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import pytest

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey.actions import listening, plan, sense
from wijkeconomie.web.journey.models import (
    Coding,
    Effort,
    Evidence,
    Finding,
    Goal,
    Journey,
    Opgave,
    Quote,
    Theme,
)
from wijkeconomie.web.journey.thread import thread

HELD = datetime(2026, 9, 1, 10, tzinfo=UTC)
TEXT = "De huur is hoog en de straat is leeg; toch komen hier elke week nieuwe makers bij."
ALLOWED = frozenset({"note", "quote"})


class Walk:
    """Someone who does anything that can be done, one thing after another."""

    def __init__(self, journey: Journey, by: User, seed: int) -> None:
        self.journey, self.by, self.chance = journey, by, random.Random(seed)
        self.verbs: list[Callable[[], object]] = [
            self.hear, self.hear, self.quote, self.quote, self.quote, self.theme, self.code,
            self.merge_themes, self.split, self.find, self.weigh, self.weigh, self.merge_findings,
            self.opgave, self.goal, self.propose, self.decide, self.withdraw, self.correct,
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
        sense.code(by=self.by, quote=self.any(access.quotes(self.journey)), theme=self.any(themes))

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
        direction = self.chance.choice((-1, 0, 1))
        sense.weigh(by=self.by, finding=finding, thing=quote, direction=direction)

    def merge_findings(self) -> None:
        findings = self.journey.findings.filter(became=None)
        if self.chance.random() < 0.3:
            sense.merge_findings(by=self.by, finding=self.any(findings), into=self.any(findings))

    def opgave(self) -> None:
        finding = self.any(self.journey.findings.filter(became=None))
        plan.set_opgave(by=self.by, journey=self.journey, key=self.key(), sentence="Dit",
                        perspective="space", findings=[finding], assumption="Omdat")  # fmt: skip

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


@pytest.mark.parametrize("seed", range(2))
def test_after_a_thousand_random_acts_nothing_hangs_loose_and_both_directions_agree(
    journey: Journey, person: Callable[[Role], User], seed: int
) -> None:
    walk = Walk(journey, person(Role.PLANNER), seed)
    for _ in range(1000):
        walk.step()
    line = thread(journey)

    assert {s.start for s in line.strands} | {s.end for s in line.strands} <= set(line.knots)
    onward = {(key, next_.key) for key in line.knots for _s, next_ in line.after(key)}
    back = {(under.key, key) for key in line.knots for _s, under in line.before(key)}
    assert onward == back == {(s.start, s.end) for s in line.strands}
    withdrawn = Quote.objects.exclude(wording__conversation__giver__withdrawn_at=None)
    assert not {str(quote.pk) for quote in withdrawn} & set(line.knots)
    assert not Coding.objects.exclude(theme__became=None).exists()
    assert not Evidence.objects.exclude(finding__became=None).exists()
    assert not Opgave.objects.filter(grounds=None).exists()
    assert not Opgave.objects.exclude(grounds__finding__became=None).exists()
    assert audit.broken(journey.municipality) is None
    # the walk did something: a test of nothing passes too
    made = (Quote, Theme, Coding, Finding, Opgave, Goal, Effort)
    assert min(kind._default_manager.count() for kind in made) > 10
    assert withdrawn.exists()
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
