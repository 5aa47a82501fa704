# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""``wijkeconomie count``: a file of votes of any size, counted outside the site."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from wijkeconomie.cli import cli

SMALL = """META
key;value
description;Buurtgeld
budget;12
vote_type;approval
PROJECTS
project_id;cost;name
1;6;Feest
2;4;Bankjes
3;3;Boom
VOTES
voter_id;vote
v1;1,3
v2;1
v3;1,2
v4;2
"""


def test_a_file_of_votes_is_counted_in_order_with_what_lacks(tmp_path: Path) -> None:
    file = tmp_path / "stemmen.pb"
    file.write_text(SMALL, "utf-8")
    said = CliRunner().invoke(cli, ["count", str(file)])
    assert said.output.splitlines() == [
        "Buurtgeld: 4 stemmen, € 12,00",
        "ieder € 3,00, waarvan erbij € 0,00",
        "+ Feest (€ 6,00; 3 betalen)",
        "+ Bankjes (€ 4,00; 2 betalen)",
        "- Boom (€ 3,00; 1 voor, over € 1,00)",
        "uitgegeven € 10,00",
    ]


def test_a_file_that_is_not_one_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "stemmen.pb"
    file.write_bytes(b"\xff\x00nee")
    said = CliRunner().invoke(cli, ["count", str(file)])
    assert said.exit_code != 0
    assert CliRunner().invoke(cli, ["count", str(tmp_path / "weg.pb")]).exit_code != 0


@pytest.mark.parametrize("step", ["one", "growing"])
def test_the_vote_of_assen_is_the_official_one_by_either_step(shared: Path, step: str) -> None:
    file = shared / "data/pabulib/Netherlands_Assen_2024.pb"
    said = CliRunner().invoke(cli, ["count", str(file), "--step", step])
    assert sum(line.startswith("+ ") for line in said.output.splitlines()) == 9
