# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Choosing under the budget of a plan: the question that the records ask, its answer in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from time import monotonic
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.insight import wording
from wijkeconomie.planning import portfolio, prices
from wijkeconomie.planning.portfolio import (
    EACH,
    Candidate,
    Conflict,
    Cost,
    Patience,
    Question,
    Reason,
    Rule,
)
from wijkeconomie.planning.prices import Way
from wijkeconomie.web.context import euros, language
from wijkeconomie.web.journey.models import Effort, Perspective, Plan

_LONGEST = 300  # of a reason
PATIENCE = 20.0  # seconds for all prices together: longer nobody waits for a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a planner sets: at least so many efforts, and so many percent of the likely money, a
    perspective; how many efforts may cost the most at once."""

    number: Mapping[str, int] = field(default_factory=dict)
    share: Mapping[str, int] = field(default_factory=dict)
    overruns: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One effort: what was decided, what is proposed, and why not where it is not."""

    effort: Effort
    proposed: bool
    why_not: str

    @property
    def moves(self) -> bool:
        """Would the proposal change what was decided?"""
        return self.proposed != (self.effort.choice == Effort.Choice.CHOSEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What a set of efforts takes, in cents, hours and m², and brings, in points."""

    cost: int
    needed: int
    hours: int
    space: int
    value: int
    likely: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The best choice beside the present one."""

    lines: tuple[Line, ...]
    proposed: Sum
    present: Sum
    broken: tuple[str, ...]

    @property
    def chosen(self) -> str:
        """The keys of what is proposed, as a form sends them back."""
        return ",".join(str(line.effort.pk) for line in self.lines if line.proposed)


def question(plan: Plan, efforts: Iterable[Effort], **wish: Any) -> Question:
    """*efforts* of a plan as candidates under its money, hours and room; *wish*: other rules."""
    return Question(
        candidates=tuple(map(_candidate, efforts)), money=plan.budget, hours=plan.hours,
        space=plan.space or None, **{"opgaven": frozenset(), **wish},
    )  # fmt: skip


def _candidate(effort: Effort) -> Candidate:
    return Candidate(
        id=str(effort.pk), perspective=effort.perspective,
        opgaven=frozenset(str(aim.goal.opgave_id) for aim in effort.aims.all()),
        value=effort.value,
        cost=Cost(low=effort.cost_low, likely=effort.cost_likely, high=effort.cost_high),
        hours=effort.hours, space=effort.space, must=effort.must,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stuck:
    """Nothing can be chosen: these rules cannot be kept together; each with what giving it up would
    allow.  ``opens``: it is enough to give up one of them."""

    rules: tuple[tuple[str, str], ...]
    opens: bool


@dataclass(frozen=True, slots=True)
class Priced:
    """What each rule costs in points, dearest first, and the next budget that brings more.
    ``unknown``: what was not computed in the time that a page may take, as a sentence."""

    rules: tuple[tuple[str, int], ...]
    step: prices.Step | None
    unknown: str = ""


class Choosing:
    """The efforts of a plan as candidates, and how their choice is told."""

    def __init__(self, plan: Plan, wish: Wish) -> None:
        self.plan = plan
        found = plan.journey.efforts.prefetch_related("aims__goal")
        self.efforts = {str(effort.pk): effort for effort in found}
        self.opgaven = {str(one.pk): one.sentence for one in plan.journey.opgaves.all()}
        self.question = question(
            plan, self.efforts.values(), opgaven=frozenset(self.opgaven),
            apart=tuple((str(pair.one_id), str(pair.other_id))
                        for pair in plan.journey.aparts.all()),
            number=dict(wish.number), share=dict(wish.share), overruns=wish.overruns,
        )  # fmt: skip

    def propose(self) -> Proposal | Stuck:
        """The best choice, or which rules stand in its way."""
        choice = portfolio.choose(self.question)
        if isinstance(choice, Conflict):
            return self._stuck(choice)
        why = {passed.id: self.why_not(passed.reasons) for passed in choice.passed}
        now = {key for key, one in self.efforts.items() if one.choice == Effort.Choice.CHOSEN}
        return Proposal(
            lines=tuple(
                Line(effort=effort, proposed=key in choice.chosen, why_not=why.get(key, ""))
                for key, effort in self.efforts.items()
            ),
            proposed=self._sum(set(choice.chosen)), present=self._sum(now),
            broken=tuple(map(self.rule, portfolio.broken(self.question, now))),
        )  # fmt: skip

    def prices(self) -> Priced | Stuck:
        """What each rule costs: a search for every rule."""
        until = monotonic() + PATIENCE
        patience = Patience(seconds=PATIENCE, left=lambda: until - monotonic())
        choice = portfolio.choose(self.question, patience)
        if isinstance(choice, Conflict):
            return self._stuck(choice, patience)
        found: dict[Rule, int] = {}
        step, unknown = None, ""
        try:
            for price in prices.prices(self.question, choice, patience):
                found[price.rule] = price.more
            step = prices.next_step(self.question, choice, patience)
        except Refusal:
            unknown = self._unknown(found)
        told = sorted(((self.rule(rule), more) for rule, more in found.items()),
                      key=lambda priced: -priced[1])  # fmt: skip
        return Priced(tuple(told), step, unknown)

    def _unknown(self, found: Collection[Rule]) -> str:
        rest = [self.rule(rule) for rule in portfolio.rules(self.question) if rule not in found]
        words = _("Computing was stopped after %(n)s seconds. Not known yet: %(what)s. Set fewer "
                  "rules to know more.")  # fmt: skip
        what = "; ".join([*rest, _("from which budget on more is possible")])
        return words % {"n": _number(int(PATIENCE)), "what": what}

    def _stuck(self, conflict: Conflict, patience: Patience = EACH) -> Stuck:
        found = list(prices.ways(self.question, conflict, patience))
        told = tuple((self.rule(way.rule), self._allows(way)) for way in found)
        return Stuck(told, any(not way.left for way in found))

    def _allows(self, way: Way) -> str:
        """What giving up one rule would allow, as a sentence; searched for, never supposed."""
        if way.left:
            words = ngettext(
                "Without it it is not possible either, since then this cannot be kept: %(rules)s.",
                "Without it it is not possible either, since then these do not go together: "
                "%(rules)s.", len(way.left),
            )  # fmt: skip
            return words % {"rules": "; ".join(map(self.rule, way.left))}
        if way.rule.kind == "money":
            words = _("From a budget of %(money)s on it is possible.")
            return words % {"money": euros(way.enough or 0)}
        if way.rule.kind == "hours":
            words = _("From %(n)s hours of work on it is possible.")
            return words % {"n": _number(way.enough or 0)}
        if way.rule.kind == "space":
            return _("From %(n)s m² on it is possible.") % {"n": _number(way.enough or 0)}
        words = ngettext(
            "Without it it is possible: the best choice then brings %(n)s point, for %(cost)s.",
            "Without it it is possible: the best choice then brings %(n)s points, for %(cost)s.",
            way.value,
        )  # fmt: skip
        return words % {"n": _number(way.value), "cost": euros(way.likely)}

    def _sum(self, keys: set[str]) -> Sum:
        taken = [one for one in self.question.candidates if one.id in keys]
        likely = {
            name: sum(one.cost.likely for one in taken if one.perspective == name)
            for name in Perspective.values
        }
        return Sum(
            cost=sum(likely.values()), needed=portfolio.needed(taken, self.question.overruns),
            hours=sum(one.hours for one in taken), space=sum(one.space for one in taken),
            value=sum(one.value for one in taken), likely=likely,
        )  # fmt: skip

    def rule(self, rule: Rule) -> str:
        """A rule in words."""
        about, asked = rule.about, self.question
        match rule.kind:
            case "must":
                return _("“%(effort)s” has to be in the plan") % {"effort": self._title(about[0])}
            case "apart":
                one, other = map(self._title, about)
                words = _("“%(one)s” and “%(other)s” do not go together")
                return words % {"one": one, "other": other}
            case "opgave":
                words = _("at least one effort for the opgave “%(opgave)s”")
                return words % {"opgave": self.opgaven[about[0]]}
            case "number" | "share":
                return self._balance(rule)
            case "money":
                return _("no more money than %(budget)s") % {"budget": euros(asked.money)}
            case "hours":
                return _("no more hours of work than %(n)s") % {"n": _number(asked.hours or 0)}
            case "space":
                return _("no more room than %(n)s m²") % {"n": _number(asked.space or 0)}
        words = ngettext("money for %(n)s setback", "money for %(n)s setbacks at once",
                         asked.overruns)  # fmt: skip
        return words % {"n": asked.overruns}

    def _balance(self, rule: Rule) -> str:
        name = rule.about[0]
        said: dict[str, object] = {"perspective": Perspective(name).label}
        if rule.kind == "share":
            words = _("at least %(n)s%% of the money for %(perspective)s")
            return words % {**said, "n": self.question.share[name]}
        least = self.question.number[name]
        words = ngettext("at least %(n)s effort for %(perspective)s",
                         "at least %(n)s efforts for %(perspective)s", least)  # fmt: skip
        return words % {**said, "n": least}

    def _title(self, key: str) -> str:
        return self.efforts[key].title

    def why_not(self, reasons: tuple[Reason, ...]) -> str:
        """Reasons as sentences, as long as a reason may be."""
        return Truncator(" ".join(self._reasons(reasons))).chars(_LONGEST)

    def _reasons(self, reasons: tuple[Reason, ...]) -> Iterator[str]:
        """What is of one kind is said once."""
        for kind, alike in groupby(reasons, key=lambda reason: reason.kind):
            about = [name for reason in alike for name in reason.about]
            yield self._reason(next(r for r in reasons if r.kind == kind), about)

    @staticmethod
    def _over(most: int | None, reason: Reason) -> dict[str, str]:
        return {"all": _number((most or 0) + reason.short), "most": _number(most or 0)}

    def _reason(self, reason: Reason, about: list[str]) -> str:
        match reason.kind:
            case "money":
                words = _("With it the plan takes %(all)s; there is %(budget)s.")
                if self.question.overruns:
                    words = _(
                        "With it the plan takes %(all)s, setbacks included; there is %(budget)s."
                    )
                budget = self.question.money
                return words % {"all": euros(budget + reason.short), "budget": euros(budget)}
            case "hours":
                words = _("With it the plan takes %(all)s hours of work; there are %(most)s.")
                return words % self._over(self.question.hours, reason)
            case "space":
                words = _("With it the plan takes %(all)s m² of room; there is %(most)s m².")
                return words % self._over(self.question.space, reason)
            case "share":
                names = ", ".join(str(Perspective(name).label) for name in about)
                return _("Then too small a part of the money goes to %(names)s.") % {"names": names}
            case "no_opgave":
                return _("It serves no opgave of this plan.")
            case "no_value":
                return _("Its usefulness was estimated as nothing.")
        names = ", ".join(f"“{self._title(key)}”" for key in about)
        if reason.kind == "apart":
            return _("It does not go together with %(names)s.") % {"names": names}
        words = _("For the same opgaven as much is done, for no more, by: %(names)s.")
        return words % {"names": names}


def _number(value: int) -> str:
    return wording.number(value, 0, language())
