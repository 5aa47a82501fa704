# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counting a round: who said so before, how many agreed, and how a budget was divided.

What is kept of a count is plain values; of a vote over a budget never which voter paid.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from wijkeconomie.fieldwork import publishing
from wijkeconomie.fieldwork.publishing import FEWEST, Published
from wijkeconomie.planning.shares import Ballot, Outcome, Project, Vote, equal_shares, growing
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey.models import (
    Evidence,
    Finding,
    Item,
    Journey,
    Reply,
    Round,
    Version,
)

MOST_CODES, MOST_PROPOSALS = 1500, 30  # of a budget: what a page can wait for (decision 0018)
_THINGS = ("quote_id", "figure_id", "observation_id")  # that a finding rests on
RULE = "equal shares by cost, add 1, from 100 on 10, from 1000 on 100"  # of the count, in a file


# In what is told of a statement: which finding it was about, of which the words changed since, or
# which went on as another.  What was answered stays, and says nothing of the words of today.
THEN = "then"

SAYS = {"agree": 1, "disagree": -1, "unsure": 0}  # of a statement, in the order of counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What ten codes or more said of one statement: which answer more than half gave (``most``: its
    name in ``SAYS``, or divided), and how many gave each where that tells of nobody."""

    most: str
    counts: tuple[int, ...] | None

    @classmethod
    def of(cls, counts: tuple[int, ...]) -> Answered | None:
        """Out of how many gave each answer; None where too few did."""
        everyone = sum(counts)
        if everyone < FEWEST:
            return None
        most = next((s for s, n in zip(SAYS, counts, strict=True) if 2 * n > everyone), "divided")
        return cls(most=most, counts=counts if publishing.tellable(counts) else None)


class Asked(NamedTuple):
    """A statement of a closed round, with what is told of it (see :data:`THEN`); ``answered`` is
    None where too few did."""

    key: UUID
    asked: str
    finding: UUID
    told: dict[str, Any]
    standing: str
    answered: Answered | None


def statements(journey: Journey) -> list[Asked]:
    """Every statement of a closed round, with what was answered."""
    counts = {
        name: Count("replies", filter=Q(replies__says=says, replies__token__off_at=None))
        for name, says in SAYS.items()
    }
    closed = journey.items.filter(round__state=Round.State.CLOSED, finding__isnull=False)
    rows = closed.annotate(**counts).order_by("made_at", "id").values_list(
        "id", "asked", "finding_id", "said", "finding__standing", *counts
    )  # fmt: skip
    known = len(Asked._fields) - 1
    return [Asked._make((*row[:known], Answered.of(row[known:]))) for row in rows]


def answers(journey: Journey) -> dict[UUID, Answered | None]:
    """Of every statement of a closed round what was answered."""
    return {one.key: one.answered for one in statements(journey)}


def last(finding: Finding) -> tuple[Round | None, Answered | None]:
    """The last round in which ten people or more answered about *finding* as it reads now, and what
    they did."""
    known = {one.key: one.answered for one in statements(finding.journey)
             if one.answered and THEN not in one.told}  # fmt: skip
    items = finding.items.filter(pk__in=known).select_related("round")
    item = items.order_by("round__made_at", "round_id").last()
    return (item.round, known[item.pk]) if item else (None, None)


def reworded(finding: Finding) -> None:
    """Let no round in which *finding* was asked about, or is going to be, count for other words."""
    for item in finding.items.all():
        item.said = {THEN: str(finding.pk)} | item.said  # what it was about first stays
        item.save(update_fields=("said",))


def presented(finding: Finding, answered: Mapping[UUID, Answered | None]) -> dict[str, Any] | None:
    """After which closed round *finding* stands as it does: its title, the day on which a person
    said what came of it (None: not yet), and what was answered, where that may be told.  None
    where no round asked about it.  ``reworded``: it was adjusted since, so that is not told."""
    closed = [one for one in finding.items.all() if one.round.state == Round.State.CLOSED]
    adjusted = finding.standing == Finding.Standing.ADJUSTED
    about = {None, str(finding.pk)} if adjusted else {None}
    asked = [one for one in closed if one.said.get(THEN) in about]
    items = sorted(asked, key=lambda one: (one.round.made_at, one.round_id))
    if not items:
        return None
    last = max(finding.settlings.all(), key=lambda one: (one.made_at, one.pk), default=None)
    until = [one for one in items if last and one.round.made_at <= last.made_at] or items
    item = next((one for one in items if last and one.round_id == last.round_id), until[-1])
    other = THEN in item.said
    said = None if other else answered.get(item.pk)
    return {
        "round": item.round.title, "reworded": other, "most": said.most if said else "",
        "on": timezone.localtime(last.made_at).date().isoformat() if last else None,
        "counts": list(said.counts) if said and said.counts else None,
    }  # fmt: skip


def repriced(round_: Round) -> list[Item]:
    """What people chose at other costs than it has now."""
    paid = chosen(round_.outcome or {"rounds": ()})
    items = [item for item in round_.items.select_related("effort") if name_of(item) in paid]
    return [item for item in items if item.effort and item.effort.cost_likely != item.cost]


def voices(round_: Round) -> tuple[dict[UUID, dict[str, int | None]], dict[str, Any]]:
    """How many conversations say what each finding says, and the opposite, where that may be told
    beside all that was told before; and what to keep to check the next round against."""
    journey = round_.journey
    talks = {str(key) for key in access.checked(journey).values_list("id", flat=True)}
    groups: dict[str, set[str]] = {"of": talks}
    items = [item for item in round_.items.all() if item.finding_id]
    said: dict[tuple[UUID, int], set[str]] = defaultdict(set)
    for finding, side, talk in Evidence.objects.filter(
        access.standing("quote__"),
        finding__in=[item.finding_id for item in items],
        quote__isnull=False,
    ).values_list("finding_id", "direction", "quote__wording__conversation_id"):
        said[finding, side].add(str(talk))
    for item in items:
        for name, side in (("for", 1), ("against", -1)):
            groups[f"{item.pk}/{name}"] = said[item.finding_id, side] & talks  # type: ignore[index]
    made = publishing.publish(groups, before=before(journey))
    counts = made.counts
    told = {
        item.pk: {"of": counts["of"], **{s: counts[f"{item.pk}/{s}"] for s in ("for", "against")}}
        for item in items
    }
    kept = {"groups": {name: sorted(who) for name, who in made.groups.items()},
            "waiting": access.conversations(journey).count() - len(talks),
            "shown": sorted(made.shown), "rests": rests(items)}  # fmt: skip
    return told, kept


def rests(items: Iterable[Item]) -> dict[str, list[list[Any]]]:
    """What each statement rests on now: kind, key and direction of every piece of evidence."""
    found: dict[UUID, list[list[Any]]] = defaultdict(list)
    for finding, direction, *things in Evidence.objects.filter(
        finding__in=[item.finding_id for item in items]
    ).values_list("finding_id", "direction", *_THINGS):
        kind, key = next((kind, key) for kind, key in zip(_THINGS, things, strict=True) if key)
        found[finding].append([kind, str(key), direction])
    return {str(item.pk): found[item.finding_id] for item in items if item.finding_id}


def before(journey: Journey) -> list[Published]:
    """Every count of conversations that went out: with rounds, and with versions of the plan."""
    laid = Version.objects.filter(journey=journey).order_by("number")
    contents: list[Any] = list(laid.values_list("content", flat=True))
    told = [*journey.rounds.exclude(told={}).values_list("told", flat=True),
            *(one["heard"] for one in contents if "heard" in one)]  # fmt: skip
    return [
        Published(groups={name: frozenset(who) for name, who in one["groups"].items()},
                  shown=frozenset(one["shown"]))
        for one in told
    ]  # fmt: skip


def name_of(item: Item) -> str:
    """How a proposal is called in a count: in the order of the list, also as text."""
    return f"{item.number:02d}"


def vote(round_: Round) -> Vote:
    """The votes of a budget: who wants nothing divides nothing.  Voters are numbered in the order
    of what they voted, so that nobody is found by a number."""
    items = list(round_.items.all())
    given: dict[UUID, dict[str, int]] = defaultdict(dict)
    names = {item.pk: name_of(item) for item in items}
    wanted = Reply.objects.filter(item__round=round_, says__gt=0, token__off_at=None)
    for token, item, says in wanted.values_list("token_id", "item_id", "says"):
        given[token][names[item]] = says
    ballots = sorted(sorted(points.items()) for points in given.values())
    return Vote(
        projects=tuple(Project(id=name_of(i), cost=i.cost or 0, name=i.asked) for i in items),
        ballots=tuple(Ballot(voter=str(number), points=dict(points))
                      for number, points in enumerate(ballots, 1)),
        budget=round_.budget or 0, title=round_.title,
    )  # fmt: skip


def outcome(given: Vote) -> dict[str, Any] | None:
    """How the budget is divided, as plain values; None where too few voted to tell."""
    if len(given.ballots) < FEWEST:
        return None
    return _plain(given, equal_shares(given, completion="add1", step=growing))


def _plain(given: Vote, made: Outcome) -> dict[str, Any]:
    backers = Counter(name for ballot in given.ballots for name in ballot.points)
    return {
        "voters": len(given.ballots), "budget": made.budget, "spent": made.spent,
        "first": str(Fraction(made.budget, len(given.ballots))), "share": str(made.share),
        "added": made.added, "supporters": dict(backers),
        "rounds": [
            {"project": one.project, "rate": str(one.rate),
             "payments": _payments(p.amount for p in one.payments),
             "all_left": sum(p.all_left for p in one.payments)}
            for one in made.rounds
        ],
        "unpaid": [
            {"project": one.project, "supporters": one.supporters, "left": str(one.left),
             "fits": one.fits}
            for one in made.unpaid
        ],
    }  # fmt: skip


def _payments(amounts: Iterable[Fraction]) -> list[list[Any]]:
    """Amount and how many paid it, the largest first."""
    return [
        [str(amount), count] for amount, count in sorted(Counter(amounts).items(), reverse=True)
    ]


def chosen(found: Mapping[str, Any]) -> set[str]:
    """Which proposals an outcome pays for."""
    return {one["project"] for one in found["rounds"]}
