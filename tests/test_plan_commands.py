# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Choosing on the command line: the same choice as the page's, and bad input with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wijkeconomie.cli import cli
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.planning import pabulib

HEAD = "id,perspective,opgaven,value,low,likely,high,must\n"
SHOP, MARKET, COACH = "shop,space,a,5,50,60,70,\n", "market,work,b,4,40,40,40,\n", (
    "coach,work,b,3,50,50,50,\n"
)  # fmt: skip


def _run(tmp_path: Path, text: str, *options: str, name: str = "c.csv") -> Result:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return CliRunner().invoke(cli, ["plan", "choose", str(file), *options])


def test_the_best_set_with_why_not_and_prices(tmp_path: Path) -> None:
    made = _run(tmp_path, HEAD + SHOP + MARKET + COACH, "--money", "100", "--format", "json")
    told = json.loads(made.stdout)
    assert {row["id"]: row["chosen"] for row in told["rows"]} == {
        "shop": True, "market": True, "coach": False,
    }  # fmt: skip
    assert (told["value"], told["likely"], told["with_overruns"]) == (9, "100.00", "100.00")
    assert {"rule": "money", "more": 3} in told["prices"]
    assert told["rows"][2]["why_not"] == "money outdone"


def test_toml_and_csv_choose_the_same(tmp_path: Path) -> None:
    lines = ["[plan]\nmoney = 100\n"]
    for row in (SHOP, MARKET, COACH):
        cells = dict(zip(HEAD.strip().split(","), row.strip().split(","), strict=True))
        lines.append("[[candidates]]\n" + "".join(f'{k} = "{v}"\n' for k, v in cells.items()))
    of_toml = _run(tmp_path, "\n".join(lines), "--format", "csv", name="c.toml")
    of_csv = _run(tmp_path, HEAD + SHOP + MARKET + COACH, "--money", "100", "--format", "csv")
    assert of_toml.stdout == of_csv.stdout
    assert len(of_csv.stdout.splitlines()) == 4


def test_setbacks_count(tmp_path: Path) -> None:
    made = _run(tmp_path, HEAD + SHOP + MARKET, "--money", "100", "--overruns", "1")
    assert isinstance(made.exception, Refusal)
    assert made.exception.notice.code == "rules_conflict"


def test_where_letting_go_of_one_rule_is_not_enough_no_rule_is_offered(tmp_path: Path) -> None:
    head = HEAD.replace("must", "must,hours")
    dear = "shop,space,a,5,500,600,700,yes,9\nmarket,work,b,5,500,600,700,yes,9\n"
    made = _run(tmp_path, head + dear, "--money", "100", "--hours", "5")
    assert isinstance(made.exception, Refusal)
    assert made.exception.notice.code == "rules_conflict_more"
    assert "loslaten is niet genoeg" in made.exception.text("nl")


@pytest.mark.parametrize(
    ("row", "column"),
    [("x,space,a,5,50,-1,70,\n", "likely"), ("x,space,a,5,50,6e400,70,\n", "likely"),
     ("x,sea,a,5,50,60,70,\n", "perspective"), ("x,space,a,1.5,50,60,70,\n", "value"),
     ("x,space,a,5,61,60,70,\n", "low"), ("x,space,a,5,50,60,59,\n", "high"),
     ("x,space,a,5,50,60,70,misschien\n", "must"), ("shop,space,a,5,50,60,70,\n", "id"),
     ("x,space,a,5,50,nan,70,\n", "likely"), (",space,a,5,50,60,70,\n", "id")],
)  # fmt: skip
def test_a_wrong_cell_is_refused_with_its_place(tmp_path: Path, row: str, column: str) -> None:
    made = _run(tmp_path, HEAD + SHOP + row, "--money", "100")
    assert isinstance(made.exception, Refusal)
    assert made.exception.notice.code == "candidates_cell"
    assert (made.exception.notice.fields["row"], made.exception.notice.fields["column"]) == (
        2,
        column,
    )


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


def test_votes_are_counted_with_who_pays_and_what_lacks(tmp_path: Path) -> None:
    file = tmp_path / "stemmen.pb"
    file.write_text(SMALL, "utf-8")
    said = CliRunner().invoke(cli, ["plan", "shares", str(file)])
    assert said.output.splitlines() == [
        "[x] 1 · Feest · 6.00 · 3", "[x] 2 · Bankjes · 4.00 · 2", "[ ] 3 · Boom · 3.00 · 1 · 1.00",
        "voters: 4", "share: 3.00", "added: 0.00", "spent: 10.00", "budget: 12.00",
    ]  # fmt: skip


def test_a_file_that_holds_no_votes_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "stemmen.pb"
    file.write_bytes(b"\xff\x00nee")
    said = CliRunner().invoke(cli, ["plan", "shares", str(file)])
    assert isinstance(said.exception, Refusal)
    gone = CliRunner().invoke(cli, ["plan", "shares", str(tmp_path / "weg.pb")])
    assert isinstance(gone.exception, WrongUse)


@pytest.mark.parametrize("step", ["one", "growing"])
def test_equal_shares_choose_what_assen_chose(shared: Path, step: str) -> None:
    file = shared / "data" / "pabulib" / "Netherlands_Assen_2024.pb"
    asked = ["plan", "shares", str(file), "--step", step, "--format", "json"]
    made = CliRunner().invoke(cli, asked)
    vote = pabulib.read(file.read_text("utf-8"))
    told = {row["id"]: row["chosen"] for row in json.loads(made.stdout)["rows"]}
    assert told == {one.id: bool(one.official) for one in vote.projects}


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [(HEAD + SHOP, (), "candidates_without_money"), (HEAD, ("--money", "1"), "candidates_none"),
     ("id,value\n", ("--money", "1"), "candidates_without_column")],
)  # fmt: skip
def test_what_is_lacking_is_said(
    tmp_path: Path, text: str, options: tuple[str, ...], code: str
) -> None:
    made = _run(tmp_path, text, *options)
    assert isinstance(made.exception, Refusal)
    assert made.exception.notice.code == code


def test_toml_that_is_none_is_refused(tmp_path: Path) -> None:
    made = _run(tmp_path, "[plan", name="c.toml")
    assert isinstance(made.exception, Refusal)
    assert made.exception.notice.code == "candidates_unreadable"
