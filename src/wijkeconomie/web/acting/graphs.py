# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""State graphs, declared: from where to where, by whom, and whether a reason is asked.

A graph is checked when it is declared: what cannot be reached or is not named is a defect of the
program, and raises there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wijkeconomie.figures.refusal import Refusal


class Who(StrEnum):
    """On whose side somebody takes a step."""

    TEAM = "team"  # of the municipality, by a right
    PARTY = "party"  # whom it is about, by the link they hold
    NOBODY = "nobody"  # it follows: time went by, or somebody else took a step


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One step; ``act``: what the button says.  A reason is asked where it hurts."""

    was: str
    to: str
    act: Any  # lazy: in the language of the page
    who: Who = Who.TEAM
    reason: bool = False


class Graph:
    """The states of one kind of thing, by name and as they are called; the first is where it
    begins, or at one of *also*."""

    def __init__(
        self, states: Mapping[str, Any], edges: Collection[Edge], *, also: Collection[str] = ()
    ) -> None:
        self.states = dict(states)
        self.edges = tuple(edges)
        self.start = next(iter(self.states))
        named = {name for edge in self.edges for name in (edge.was, edge.to)}
        reached = {self.start, *also, *(edge.to for edge in self.edges)}
        twice = len({(edge.was, edge.to, edge.who) for edge in self.edges}) < len(self.edges)
        if twice or named - self.states.keys() or self.states.keys() - reached:
            raise ValueError(f"a graph with {sorted(named)} of {sorted(self.states)}")

    @property
    def ends(self) -> frozenset[str]:
        """States that the team leaves no more."""
        left = {edge.was for edge in self.edges if edge.who is Who.TEAM}
        return frozenset(self.states) - left

    def steps(self, was: str, who: Who) -> tuple[Edge, ...]:
        """What *who* can do with a thing that is *was*."""
        return tuple(edge for edge in self.edges if (edge.was, edge.who) == (was, who))

    def step(self, was: str, to: str, who: Who, reason: str) -> Edge:
        """The step that *who* takes; Refusal where there is none or a reason is lacking."""
        found = next((edge for edge in self.steps(was, who) if edge.to == to), None)
        if found is None:
            raise Refusal("state_otherwise", was=str(self.states[was]))
        if found.reason and not reason.strip():
            raise Refusal("state_without_reason")
        return found
