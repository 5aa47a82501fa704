# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A declared graph: what is not named or cannot be reached is refused where it is declared."""

from __future__ import annotations

import pytest

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting import kinds
from wijkeconomie.web.acting.graphs import Edge, Graph, Who

STATES = {"a": "A", "b": "B"}
EDGE = Edge(was="a", to="b", act="Ga", reason=True)


def test_a_graph_begins_at_its_first_state_and_ends_where_the_team_has_no_step() -> None:
    graph = Graph(STATES, [EDGE, Edge(was="b", to="a", act="Terug", who=Who.PARTY)])
    assert (graph.start, graph.ends) == ("a", {"b"})
    assert [one.to for one in graph.steps("b", Who.PARTY)] == ["a"]
    assert graph.steps("b", Who.TEAM) == ()


@pytest.mark.parametrize(
    ("states", "edges"),
    [
        (STATES, []),  # b is never reached
        (STATES, [Edge(was="a", to="c", act="Ga")]),
        ({"a": "A"}, [EDGE]),
        (STATES, [EDGE, EDGE]),
    ],
)
def test_a_graph_that_does_not_hold_together_is_refused(
    states: dict[str, str], edges: list[Edge]
) -> None:
    with pytest.raises(ValueError, match="graph"):
        Graph(states, edges)


@pytest.mark.parametrize(
    ("was", "to", "who", "reason", "code"),
    [
        ("b", "a", Who.TEAM, "ja", "state_otherwise"),
        ("a", "b", Who.PARTY, "ja", "state_otherwise"),
        ("a", "b", Who.TEAM, " \n", "state_without_reason"),
        ("a", "b", Who.TEAM, "ja", ""),
    ],
)
def test_a_step_is_one_of_the_graph_by_whom_it_is_and_with_its_reason(
    was: str, to: str, who: Who, reason: str, code: str
) -> None:
    graph, got = Graph(STATES, [EDGE]), ""
    try:
        graph.step(was, to, who, reason)
    except Refusal as refusal:
        got = refusal.notice.code
    assert got == code


def test_two_kinds_of_one_name_are_refused() -> None:
    (first, *_) = kinds.every()
    other = kinds.Kind(name=first.name, label="", table=first.table, graph=first.graph,
                       right=first.right)  # fmt: skip
    assert kinds.declare(first) is first
    with pytest.raises(ValueError, match=first.name):
        kinds.declare(other)
