# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is read from a file of votes, and what is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.planning.pabulib import read, write
from wijkeconomie.planning.shares import Ballot, Project, Vote

SMALL = """META
key;value
description;Buurtgeld
num_projects;2
num_votes;2
budget;1200
vote_type;approval
PROJECTS
project_id;cost;votes;name;selected
1;600;2;"Feest; met muziek";1
2;400.50;1;Bankjes;0
VOTES
voter_id;vote
v1;1,2
v2;1
"""


def test_a_vote_is_read_with_costs_in_cents_and_what_the_source_chose() -> None:
    assert read(SMALL) == Vote(
        title="Buurtgeld", budget=120_000,
        projects=(
            Project(id="1", cost=60_000, name="Feest; met muziek", official=True),
            Project(id="2", cost=40_050, name="Bankjes", official=False),
        ),
        ballots=(Ballot(voter="v1", points={"1": 1, "2": 1}), Ballot(voter="v2", points={"1": 1})),
    )  # fmt: skip


def test_points_are_read_where_a_vote_has_them() -> None:
    text = SMALL.replace("approval", "cumulative").replace("voter_id;vote", "voter_id;vote;points")
    text = text.replace("v1;1,2", "v1;1,2;3,5").replace("v2;1", "v2;1;8")
    assert [ballot.points for ballot in read(text).ballots] == [{"1": 3, "2": 5}, {"1": 8}]


def test_no_points_are_no_support() -> None:
    text = SMALL.replace("voter_id;vote", "voter_id;vote;points").replace("v1;1,2", "v1;1,2;0,5")
    assert read(text).ballots[0].points == {"2": 5}


def test_a_voter_who_chose_nothing_still_counts() -> None:
    assert read(SMALL.replace("v2;1", "v2;")).ballots[1] == Ballot(voter="v2", points={})


@pytest.mark.parametrize(("before", "after", "code", "fields"), [
    ("VOTES\nvoter_id;vote\nv1;1,2\nv2;1\n", "", "votes_without_part", {"parts": "VOTES"}),
    ("project_id;cost", "project;cost", "votes_without_column",
     {"row": 9, "column": "project_id"}),
    ("v2;1\n", "v2;1;2\n", "votes_ragged", {"row": 15, "found": 3, "fields": 2}),
    ("approval", "ordinal", "votes_of_other_type",
     {"type": "ordinal", "types": "approval, choose-1, cumulative, scoring"}),
    ("budget;1200\n", "", "votes_without_budget", {}),
    ("budget;1200", "budget;veel", "votes_no_amount",
     {"row": 6, "column": "budget", "value": "veel"}),
    ("400.50", "0", "votes_no_amount", {"row": 11, "column": "cost", "value": "0"}),
    ("400.50", "400.505", "votes_no_amount", {"row": 11, "column": "cost", "value": "400.505"}),
    ("400.50", "nan", "votes_no_amount", {"row": 11, "column": "cost", "value": "nan"}),
    ("400.50", "1e99999999", "votes_no_amount",
     {"row": 11, "column": "cost", "value": "1e99999999"}),
    ("v2;1", "v1;1", "votes_id_twice", {"row": 15, "column": "voter_id", "value": "v1"}),
    ("v2;1", "v2;7", "vote_for_unknown", {"row": 15, "value": "7"}),
    ("v2;1", "v2;1,1", "vote_twice_for_one", {"row": 15, "value": "1,1"}),
    ("v2;1\n", "", "votes_other_count", {"key": "num_votes", "said": "2", "found": 1}),
])  # fmt: skip
def test_what_is_not_understood_is_refused_with_its_place(
    before: str, after: str, code: str, fields: dict[str, object]
) -> None:
    with pytest.raises(Refusal) as refused:
        read(SMALL.replace(before, after))
    assert (refused.value.notice.code, refused.value.notice.fields) == (code, fields)


@pytest.mark.parametrize("points", ["3", "3,x", "3,5,7", "3,-5"])
def test_points_that_do_not_fit_the_vote_are_refused(points: str) -> None:
    text = SMALL.replace("voter_id;vote", "voter_id;vote;points")
    with pytest.raises(Refusal) as refused:
        read(text.replace("v1;1,2", f"v1;1,2;{points}"))
    assert refused.value.notice.code == "vote_points_wrong"


@pytest.mark.parametrize("text", ["", "\n\n", "code;jaar\nGM0344;2020\n", "\x00", "PROJECTS\n"])
def test_what_is_no_file_of_votes_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text)
    assert refused.value.notice.code == "votes_without_part"


@pytest.mark.parametrize(("name", "projects", "voters", "budget"), [
    ("Netherlands_Assen_2024.pb", 14, 84, 10_000_000),
    ("Netherlands_Amsterdam_252.pb", 85, 8520, 50_000_000),
])  # fmt: skip
def test_real_files_are_read_whole(
    shared: Path, name: str, projects: int, voters: int, budget: int
) -> None:
    vote = read((shared / "data" / "pabulib" / name).read_text("utf-8"))
    assert (len(vote.projects), len(vote.ballots), vote.budget) == (projects, voters, budget)


def test_a_vote_that_is_written_reads_back_equal() -> None:
    vote = read(SMALL)
    plain = Vote(title=vote.title, budget=vote.budget, ballots=vote.ballots, projects=tuple(
        Project(id=one.id, cost=one.cost, name=one.name) for one in vote.projects
    ))  # fmt: skip
    assert read(write(vote, rule="equal shares")) == plain
    assert "rule;equal shares" in write(vote, rule="equal shares")


_IDS = st.sampled_from(["01", "02", "03"])


@given(
    ballots=st.lists(st.dictionaries(_IDS, st.integers(1, 3), min_size=1), max_size=8),
    budget=st.integers(1, 10**9), costs=st.lists(st.integers(1, 10**8), min_size=3, max_size=3),
    title=st.text(max_size=30), name=st.text(max_size=30),
)  # fmt: skip
def test_any_vote_that_is_written_reads_back_with_its_points_and_amounts(
    ballots: list[dict[str, int]], budget: int, costs: list[int], title: str, name: str
) -> None:
    vote = Vote(
        title=title, budget=budget,
        projects=tuple(Project(id=f"{n:02d}", cost=cost, name=name)
                       for n, cost in enumerate(costs, 1)),
        ballots=tuple(Ballot(voter=str(n), points=points) for n, points in enumerate(ballots, 1)),
    )  # fmt: skip
    back = read(write(vote))
    assert (back.budget, back.ballots) == (vote.budget, vote.ballots)
    assert [(p.id, p.cost, p.name) for p in back.projects] == [
        (p.id, p.cost, " ".join(name.split())) for p in vote.projects
    ]  # fmt: skip
