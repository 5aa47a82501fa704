# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The method of equal shares: residents divide a budget, each with an equal part of it.

Every voter gets the same share of the money.  Again and again the project is chosen whose
supporters can pay it at the lowest price for what it gives them, and they pay: each the same price,
or all that is left of the share.  It stops when no project's supporters have enough left.

D. Peters, G. Pierczyński, P. Skowron: *Proportional Participatory Budgeting with Additive
Utilities*, NeurIPS 2021, arXiv:2008.13276.  All amounts are exact: costs in whole cents, shares and
payments as fractions of a cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Measure = Literal["cost", "number"]
Completion = Literal["none", "add1", "add1u"]
STEP = 100  # cents that "add1" gives every voter more: one whole unit of money


def ever_one(_added: int) -> int:
    """By how many cents what was added grows: by one unit of money each time, as at Assen."""
    return STEP


def growing(added: int) -> int:
    """By one unit up to a hundred, then by ten up to a thousand, and so on: never more than a tenth
    of what was added, and never more than a few hundred times."""
    return max(STEP, int(10 ** (len(str(added // STEP)) - 2) * STEP))


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What residents can vote for; ``cost`` in cents, above zero.  ``official``: what the source
    says of it, None where it says nothing."""

    id: str
    cost: int
    name: str = ""
    official: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """The ``points`` that one voter gives to projects: above zero; 1 for each in an approval."""

    voter: str
    points: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A vote over ``projects`` under ``budget`` cents; ids of projects and voters are unique."""

    projects: tuple[Project, ...]
    ballots: tuple[Ballot, ...]
    budget: int
    title: str = ""

    @property
    def costs(self) -> dict[str, int]:
        return {project.id: project.cost for project in self.projects}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What one voter paid for one project, in cents; ``all_left``: it took the last of the share,
    where others could have paid more."""

    voter: str
    amount: Fraction
    all_left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A project was chosen: ``rate`` is the highest price in cents that a supporter pays for one
    unit of utility; the payments add up to the cost."""

    project: str
    rate: Fraction
    payments: tuple[Payment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpaid:
    """A project that was not chosen, and what its ``supporters`` had ``left`` for it, in cents.

    ``fits``: its ``cost`` is no more than what is left of the budget; only its supporters lack it.
    """

    project: str
    supporters: int
    cost: int
    left: Fraction
    fits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What equal shares choose.

    ``share``: what every voter could spend, in cents, of which ``added`` came on top of the real
    share to use the budget well; ``rounds`` in order; ``completed``: what was then bought from the
    rest by number of supporters; ``spent`` of ``budget`` in cents.
    """

    share: Fraction
    added: int
    rounds: tuple[Round, ...]
    completed: tuple[str, ...]
    unpaid: tuple[Unpaid, ...]
    spent: int
    budget: int

    @property
    def chosen(self) -> tuple[str, ...]:
        return (*(one.project for one in self.rounds), *self.completed)


def equal_shares(
    vote: Vote, *, measure: Measure = "cost", completion: Completion = "add1",
    step: Callable[[int], int] = ever_one,
) -> Outcome:  # fmt: skip
    """Divide the budget by equal shares (Peters, Pierczyński and Skowron 2021).

    ``measure``: what a project gives a voter is points times cost (``cost``) or points
    (``number``).  ``completion``: equal shares alone can leave money unused.  ``add1`` gives every
    voter more, each time ``step`` of what was added, as long as all that is chosen still fits the
    real budget, and ends when nothing else would fit, as at Assen in 2024.  Where a ``step`` is too
    much, smaller ones follow, down to one unit of money; that one more is too much ends it.
    ``add1u`` also buys from the rest, by points, what still fits.  Of equal prices the project with
    the most supporters goes first, then the cheapest, then the first id.  Without voters nothing is
    chosen.
    """
    utilities = _utilities(vote, measure)
    share = Fraction(vote.budget, len(vote.ballots)) if vote.ballots else Fraction(0)
    added, size, grows = 0, step(0), True
    rounds, left = _rounds(vote, utilities, share)
    while completion != "none" and _something_fits(vote, utilities, rounds):
        more, rest = _rounds(vote, utilities, share + added + size)
        if _spent(vote, more) <= vote.budget:
            added, rounds, left = added + size, more, rest
            size = step(added) if grows else size
        elif size > STEP:
            size, grows = max(STEP, size // 10), False
        else:
            break
    completed = _completed(vote, rounds) if completion == "add1u" else ()
    costs = vote.costs
    spent = _spent(vote, rounds) + sum(costs[name] for name in completed)
    return Outcome(
        share=share + added, added=added, rounds=rounds, completed=completed, spent=spent,
        budget=vote.budget, unpaid=_unpaid(vote, rounds, completed, left, vote.budget - spent),
    )  # fmt: skip


def _utilities(vote: Vote, measure: Measure) -> dict[str, list[tuple[int, int]]]:
    """Project → (position of the voter, utility) of all who support it."""
    worth = {p.id: p.cost if measure == "cost" else 1 for p in vote.projects}
    found: dict[str, list[tuple[int, int]]] = {project: [] for project in worth}
    for position, ballot in enumerate(vote.ballots):
        for project, points in ballot.points.items():
            found[project].append((position, points * worth[project]))
    return found


def _rounds(
    vote: Vote, utilities: Mapping[str, list[tuple[int, int]]], share: Fraction
) -> tuple[tuple[Round, ...], list[Fraction]]:
    """The rounds when every voter has *share*, and what each has left at the end.

    A price never falls while money is spent, so the last price known of a project bounds it from
    below, and most projects need no new price in a round.
    """
    left, costs, rounds = [share] * len(vote.ballots), vote.costs, []
    bounds = {project: Fraction(0) for project in costs if utilities[project]}
    while bounds:
        best: tuple[Fraction, int, int, str] | None = None
        for project in sorted(bounds, key=bounds.__getitem__):
            if best is not None and bounds[project] > best[0]:
                break
            rate = _rate(costs[project], utilities[project], left)
            if rate is None:
                del bounds[project]
                continue
            bounds[project] = rate
            key = (rate, -len(utilities[project]), costs[project], project)
            best = key if best is None or key < best else best
        if best is not None:
            rounds.append(_pay(vote, utilities[best[3]], best[0], best[3], left))
            del bounds[best[3]]
    return tuple(rounds), left


def _rate(
    cost: int, supporters: Iterable[tuple[int, int]], left: list[Fraction]
) -> Fraction | None:
    """The lowest rate r with sum of min(left, r × utility) = *cost*; None if all together lack it.

    In order of what they can pay for one unit: who cannot pay the common rate pays all.
    """
    able = [(left[voter], utility) for voter, utility in supporters if left[voter]]
    if sum((money for money, _ in able), Fraction(0)) < cost:
        return None
    able.sort(key=lambda one: one[0] / one[1])
    missing, weight = Fraction(cost), sum(utility for _, utility in able)
    for money, utility in able:
        if missing * utility <= money * weight:
            break
        missing, weight = missing - money, weight - utility
    return missing / weight


def _pay(
    vote: Vote, supporters: Iterable[tuple[int, int]], rate: Fraction, project: str,
    left: list[Fraction],
) -> Round:  # fmt: skip
    """Take the payments from *left*."""
    payments = []
    for voter, utility in supporters:
        amount = min(left[voter], rate * utility)
        if amount:
            short = left[voter] < rate * utility
            left[voter] -= amount
            payments.append(Payment(voter=vote.ballots[voter].voter, amount=amount, all_left=short))
    return Round(project=project, rate=rate, payments=tuple(payments))


def _spent(vote: Vote, rounds: Iterable[Round]) -> int:
    costs = vote.costs
    return sum(costs[one.project] for one in rounds)


def _something_fits(
    vote: Vote, utilities: Mapping[str, list[tuple[int, int]]], rounds: tuple[Round, ...]
) -> bool:
    """Whether a project with a supporter, not chosen yet, still fits the real budget: then enough
    more for everyone buys it."""
    room = vote.budget - _spent(vote, rounds)
    taken = {one.project for one in rounds}
    return any(
        cost <= room and utilities[project] and project not in taken
        for project, cost in vote.costs.items()
    )


def _completed(vote: Vote, rounds: tuple[Round, ...]) -> tuple[str, ...]:
    """What the rest buys: by points, then the cheapest, then the first id; what no one wants, no
    one pays."""
    points = {project.id: 0 for project in vote.projects}
    for ballot in vote.ballots:
        for project, given in ballot.points.items():
            points[project] += given
    taken, room, bought = {one.project for one in rounds}, vote.budget - _spent(vote, rounds), []
    for one in sorted(vote.projects, key=lambda p: (-points[p.id], p.cost, p.id)):
        if one.id not in taken and points[one.id] and one.cost <= room:
            bought.append(one.id)
            room -= one.cost
    return tuple(bought)


def _unpaid(
    vote: Vote, rounds: tuple[Round, ...], completed: tuple[str, ...], left: list[Fraction],
    room: int,
) -> tuple[Unpaid, ...]:  # fmt: skip
    taken = {one.project for one in rounds}.union(completed)
    purses = {ballot.voter: money for ballot, money in zip(vote.ballots, left, strict=True)}
    return tuple(
        Unpaid(
            project=project.id, supporters=len(backers), cost=project.cost,
            left=sum((purses[voter] for voter in backers), Fraction(0)),
            fits=project.cost <= room,
        )
        for project in vote.projects if project.id not in taken
        for backers in ([b.voter for b in vote.ballots if project.id in b.points],)
    )  # fmt: skip
