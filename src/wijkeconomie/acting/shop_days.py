# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who owns the shop on which day, for a season: an allocation by a rule that everybody can read.

In this order: as many days used as can be; room for starters; the best wishes, that is as many
first wishes as can be, then as many second ones, and so on (rank-maximal: R. Irving and others,
ACM Trans. Algorithms 2 (2006) 602-610); who was in the shop fewer seasons; a lottery.  Nobody gets
two days, and on a day no two are of the same trade.

All steps together are the price of one flow through a small network, so that the exact answer and
the exact reason of everybody take a moment.  The lottery follows from a seed that is published:
everybody can draw it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from heapq import heappop, heappush
from typing import Literal

Step = Literal["used", "starters", "wishes", "seasons", "lottery"]
_TICKETS = 2**20
_START, _END, _STARTERS = range(3)  # knots of the network that every season has


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who would like a day: ``wishes`` are ids of days, the dearest first, each once; ``seasons``
    is in how many they were in the shop before."""

    id: str
    trade: str
    wishes: tuple[str, ...]
    starter: bool = False
    seasons: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """What is divided: ``days`` with how many shops are open, for ``starters`` at least so many
    places if there are as many who want one; ``seed`` of the lottery."""

    days: Mapping[str, int]
    applicants: tuple[Applicant, ...]
    seed: str
    starters: int = 0

    def __post_init__(self) -> None:
        if len({one.id for one in self.applicants}) < len(self.applicants):
            raise ValueError("every applicant once")
        for one in self.applicants:
            if len(set(one.wishes)) < len(one.wishes) or not set(one.wishes) <= set(self.days):
                raise ValueError(f"{one.id}: wishes are days of the season, each once")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """``days`` by applicant.  ``wishes``: how many got their first, second … wish; ``places``: how
    many there were to give."""

    days: Mapping[str, str]
    wishes: tuple[int, ...]
    places: int


class Dividing:
    """A season while it is divided.

    One unit flows for each who gets a day: from the start to the applicant (for starters by a knot
    of their own), by their trade on that day, by the day, to the end, and back.  What the steps of
    the rule count is the price of it, in which a step weighs more than all after it together.
    Somebody on another day costs the cheapest way round through that pair in what is left of the
    network, and no less: any allocation is the cheapest one and ways round, none of which gains
    anything (R. Ahuja, T. Magnanti and J. Orlin, Network Flows (1993), theorems 3.7 and 9.1).
    """

    def __init__(self, season: Season) -> None:
        self.season = season
        self._ranks = max((len(one.wishes) for one in season.applicants), default=0)
        self._weighs = self._weights()
        self._net, self._pairs = self._drawn()
        self._net.fill(self._weighs["used"])

    @cached_property
    def allocation(self) -> Allocation:
        """The one that the rule gives."""
        taken = [pair for pair, arc in self._pairs.items() if not self._net.left[arc]]
        wishes = {one.id: one.wishes for one in self.season.applicants}
        ranks = [wishes[name].index(day) for name, day in taken]
        return Allocation(
            days=dict(taken), wishes=tuple(ranks.count(rank) for rank in range(self._ranks)),
            places=sum(self.season.days.values()),
        )  # fmt: skip

    def why_not(self, applicant: str, day: str) -> Step | None:
        """The step at which *applicant* on *day* would have cost others more than it gives: None
        where no allocation at all allows it, or where it is what they got.

        ``used``: a day would stay unused; ``starters``, ``wishes``, ``seasons``: others would be
        served worse by that step of the rule; ``lottery``: it was the lot.
        """
        arc = self._pairs.get((applicant, day))
        if arc is None or self.allocation.days.get(applicant) == day:
            return None
        more = self._net.around(arc)
        if more is None:
            return None
        first = next((name for name, weight in self._weighs.items() if 2 * more > weight), "")
        steps: tuple[Step, ...] = ("used", "starters", "wishes", "seasons")
        return next((step for step in steps if first.startswith(step)), "lottery")

    def _weights(self) -> dict[str, int]:
        """What one of each step weighs: more than twice what all after it can differ together, so
        that of a difference the first step shows."""
        most = max((one.seasons for one in self.season.applicants), default=0)
        wishes = {f"wishes{rank}": 1 for rank in range(self._ranks)}
        spans = {"used": 1, "starters": 1, **wishes, "seasons": most, "lottery": _TICKETS}
        found: dict[str, int] = {}
        below = 0
        for name, span in reversed(spans.items()):
            found[name] = 2 * below + 1
            below += len(self.season.applicants) * span * found[name]
        return dict(reversed(found.items()))

    def _price(self, one: Applicant, day: str, rank: int) -> int:
        """What *one* on *day* gives less than the best there could be, from the wishes on."""
        weighs, drawn = self._weighs, ticket(self.season.seed, one.id, day)
        others = sum(weighs[f"wishes{n}"] for n in range(self._ranks) if n != rank)
        return others + one.seasons * weighs["seasons"] + (_TICKETS - drawn) * weighs["lottery"]

    def _drawn(self) -> tuple[_Network, dict[tuple[str, str], int]]:
        """The network, and which arc of it is whom on which day."""
        net, season, plain = _Network(), self.season, self._weighs["starters"]
        days = {day: net.knot() for day in season.days}
        for day, many in season.days.items():
            net.arc(days[day], _END, many, 0)
        net.arc(_START, _STARTERS, season.starters, 0)
        net.arc(_START, _STARTERS, len(season.applicants), plain)
        trades: dict[tuple[str, str], int] = {}
        pairs: dict[tuple[str, str], int] = {}
        for one in sorted(season.applicants, key=lambda one: one.id):
            who = net.knot()
            net.arc(_STARTERS if one.starter else _START, who, 1, 0 if one.starter else plain)
            for rank, day in enumerate(one.wishes):
                if (at := trades.get((day, one.trade))) is None:
                    at = trades[day, one.trade] = net.knot()
                    net.arc(at, days[day], 1, 0)
                pairs[one.id, day] = net.arc(who, at, 1, self._price(one, day, rank))
        return net, pairs


class _Network:
    """Arcs with what can still go through them, and what a unit costs; each has its way back beside
    it.  Of whole numbers without a bound, so that nothing is rounded."""

    def __init__(self) -> None:
        self.left: list[int] = []
        self._to: list[int] = []
        self._cost: list[int] = []
        self._out: list[list[int]] = [[] for _knot in (_START, _END, _STARTERS)]
        self._level = [0] * len(self._out)  # of each knot: no arc that is left goes down
        self._known: dict[int, dict[int, int]] = {}

    def knot(self) -> int:
        """One knot more."""
        self._out.append([])
        self._level.append(0)
        return len(self._out) - 1

    def arc(self, one: int, other: int, left: int, cost: int) -> int:
        """One arc more, through which *left* units can go for *cost* each (not under 0)."""
        made = len(self.left)
        for knot, to, most, price in ((one, other, left, cost), (other, one, 0, -cost)):
            self._out[knot].append(len(self.left))
            self.left.append(most)
            self._to.append(to)
            self._cost.append(price)
        return made

    def fill(self, worth: int) -> None:
        """Send what can go, each unit by the cheapest way that is left; a unit is *worth* more than
        any way costs.  Then what comes out can go back to the start."""
        sent = 0
        while (found := self._ways(_START, _END)) and _END in found[0]:
            far, by = found
            most = far[_END]
            self._level = [level + min(far.get(knot, most), most)
                           for knot, level in enumerate(self._level)]  # fmt: skip
            knot, sent = _END, sent + 1
            while knot != _START:
                arc = by[knot]
                self.left[arc] -= 1
                self.left[arc ^ 1] += 1
                knot = self._to[arc ^ 1]
        reached = self._ways(_START)[0]
        higher = worth - self._level[_END]
        self._level = [level + (knot not in reached) * higher
                       for knot, level in enumerate(self._level)]  # fmt: skip
        back = self.arc(_END, _START, len(self._out), -worth)
        self.left[back ^ 1] = sent

    def around(self, arc: int) -> int | None:
        """What the cheapest way round through *arc* costs; None where there is none."""
        begins, to, cost = self._to[arc ^ 1], self._to[arc], self._cost[arc]
        ways = [one for one in self._out[to] if self.left[one]]
        if len(ways) == 1:  # a trade that nobody has there: as from the day itself
            to, cost = self._to[ways[0]], cost + self._cost[ways[0]]
        if to not in self._known:
            self._known[to] = self._ways(to)[0]
        far = self._known[to].get(begins)
        return None if far is None else cost + far + self._level[begins] - self._level[to]

    def _ways(self, one: int, other: int | None = None) -> tuple[dict[int, int], dict[int, int]]:
        """How far each knot is from *one*, in what the level does not say, and by which arc one
        comes there; up to *other* where it is named (Dijkstra)."""
        far, by, heap = dict[int, int](), dict[int, int](), [(0, one, -1)]
        while heap:
            at, knot, arc = heappop(heap)
            if knot in far:
                continue
            far[knot], by[knot] = at, arc
            if knot == other:
                break
            level = at + self._level[knot]
            for out in self._out[knot]:
                if self.left[out] and (to := self._to[out]) not in far:
                    heappush(heap, (level + self._cost[out] - self._level[to], to, out))
        return far, by


def ticket(seed: str, applicant: str, day: str) -> int:
    """The lot of *applicant* for *day*, from 0 up to 2²⁰: everybody can work it out."""
    return int.from_bytes(sha256(f"{seed}|{applicant}|{day}".encode()).digest()[:8]) % _TICKETS


def divide(season: Season) -> Allocation:
    """The allocation that the rule gives; ValueError for a season that is not one."""
    return Dividing(season).allocation
