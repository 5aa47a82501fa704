# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever one thing a service gets wrong: a refusal in words, or the same figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from tests.figures.sources.fake_service import TABLE, YEAR, FakeService
from tests.figures.sources.mutating import Player, Recorder, mutated, outcome
from wijkeconomie.figures import registry as registry_module
from wijkeconomie.figures.registry import CbsTable
from wijkeconomie.figures.snapshot import Boundaries, Silent, Snapshot
from wijkeconomie.figures.sources import cbs, pdok

TRIED = 120  # mutations of each service
REAL = {"v3": ("84799NED", 2020), "v4": ("83765NED", 2017)}
Answers = dict[str, Any]


@dataclass(frozen=True)
class Played:
    """What a service answered, to be played again with a change."""

    answers: Answers
    read: Callable[[Any, Path], list[Any]]


@pytest.fixture(params=["v4", "v3", "pdok", "v4-real", "v3-real"])
def played(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Played:
    version, _, real = request.param.partition("-")
    table, year = REAL[version] if real else (TABLE, YEAR)
    fictional = replace(
        registry_module.registry(), tables=(CbsTable(id=table, year=year),), series=()
    )
    monkeypatch.setattr(cbs, "registry", lambda: fictional)
    monkeypatch.setenv("WIJKECONOMIE_CBS_API", version)
    fetch = pdok.fetch if version == "pdok" else cbs.fetch

    def read(client: Any, cache: Path) -> list[Any]:
        return list(fetch([year], gemeente=None, client=client, cache=cache, progress=Silent()))

    with FakeService(page=20, table=table) as running, Recorder(proxies={}) as client:
        for name, path in (("CBS_V4", "v4"), ("CBS_V3", "v3"), ("PDOK", "pdok")):
            monkeypatch.setenv(f"WIJKECONOMIE_{name}", f"{running.url}/{path}")
        running.period = str(year)
        if real:
            running.page = 200
            running.changes |= _real(version, request.getfixturevalue("shared") / "data")
        client.answers = {}
        read(client, tmp_path / "whole")
    return Played(client.answers, read)


def _real(version: str, data: Path) -> dict[str, list[dict[str, Any]]]:
    """How CBS itself described a table, and its first areas; of v4 with figures that we made."""
    if version == "v3":
        folder, start = data / "kwb-2020-national", "cbs.v3.84799NED_"
        found = {
            f"v3/{name}": pl.read_parquet(folder / f"{start}{name}.parquet").head(most).to_dicts()
            for name, most in (("DataProperties", 200), ("WijkenEnBuurten", 9), ("TypedDataSet", 9))
        }
        return found | {"v3/TableInfos": [{"RecordCount": 9}]}
    folder, start = data / "kwb-2017-v4-metadata", "cbs.v4.83765NED_"
    names = ("Dimensions", "MeasureCodes", "MeasureGroups", "WijkenEnBuurtenCodes")
    found = {
        name: pl.read_parquet(folder / f"{start}{name}.parquet").head(200).to_dicts()
        for name in names
    }
    areas = [row["Identifier"] for row in found["WijkenEnBuurtenCodes"][:6]]
    measures = [m["Identifier"] for m in found["MeasureCodes"] if m["DataType"] != "String"][:20]
    found["Observations"] = [
        {
            "Id": number, "Measure": measure, "ValueAttribute": "None", "Value": 10 + number % 80,
            "StringValue": None, "WijkenEnBuurten": area,
        }
        for number, (area, measure) in enumerate(product(areas, measures))
    ]  # fmt: skip
    return found


def _figures(tables: list[Any]) -> dict[tuple[str, str], Any]:
    """What a release would take over: figures by area and column, names of outlines."""
    found: dict[tuple[str, str], Any] = {}
    for table in tables:
        if isinstance(table, Boundaries):
            found |= {
                (area, "name"): name for area, name in table.frame.select("area", "name").rows()
            }
        else:
            found |= _cells(table)
    return found


def _cells(table: Snapshot) -> dict[tuple[str, str], Any]:
    columns = [name for name in table.frame.columns if name in table.keys]
    long = table.frame.select("area", *columns).unpivot(columns, index="area")
    return {
        (area, name): value
        for area, name, value in long.filter(pl.col("value").is_not_null()).rows()
    }


def wrong(found: dict[tuple[str, str], Any], right: dict[tuple[str, str], Any]) -> dict[Any, Any]:
    """Figures that are not those of the untouched answers; one that is missing flatters nobody."""
    return {place: value for place, value in found.items() if value not in (right.get(place), None)}


def test_no_change_of_one_node_is_unforeseen_or_gives_a_wrong_figure(
    played: Played, tmp_path: Path
) -> None:
    answers = played.answers
    right = _figures(played.read(Player(answers), tmp_path / "right"))
    assert right
    ends: Counter[str] = Counter()
    for seed in range(TRIED):
        chance = Random(seed)  # to repeat it, not to hide it
        url = chance.choice(sorted(answers))
        page, what = mutated(answers[url], chance)
        client = Player(answers | {url: page})
        tables, end = outcome(lambda: played.read(client, tmp_path / str(seed)))  # noqa: B023
        ends[end] += 1
        assert not end.startswith("unforeseen"), f"seed {seed}: {url} {what}: {end}"
        assert wrong(_figures(tables), right) == {}, f"seed {seed}: {url} {what}"
    assert ends.total() == TRIED
    assert 0 < ends["read"] < TRIED
