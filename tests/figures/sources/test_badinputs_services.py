# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every way to fail that the manifest of bad input lists for services, lived through."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.figures.sources.fake_service import TABLE, V4, YEAR, FakeService
from wijkeconomie.figures import registry as registry_module
from wijkeconomie.figures.compare import compare
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.registry import CbsTable
from wijkeconomie.figures.snapshot import Silent, Snapshot
from wijkeconomie.figures.sources import cbs, http, pdok
from wijkeconomie.figures.sources.http import Client, Limits

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Stage:
    """One service, one client with short patience, one cache."""

    service: FakeService
    client: Client
    cache: Path

    def ask(self, path: str) -> Notice:
        return self.refusal(lambda: self.client.json(f"{self.service.url}/{path}"))

    def follow(self, path: str) -> Notice:
        url = self.service.url
        reading = http.pages(
            self.client, f"{url}/{path}", within=url, folder=self.cache, name="page"
        )
        return self.refusal(lambda: list(reading))

    def table(self) -> Snapshot:
        return next(
            cbs.fetch(
                [YEAR], gemeente=None, client=self.client, cache=self.cache, progress=Silent()
            )
        )

    def refusal(self, act: Callable[[], object]) -> Notice:
        with pytest.raises(Refusal) as caught:
            act()
        assert not list(self.cache.rglob("page-*"))
        return caught.value.notice


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    fictional = replace(
        registry_module.registry(), tables=(CbsTable(id=TABLE, year=YEAR),), series=()
    )
    monkeypatch.setattr(cbs, "registry", lambda: fictional)
    limits = Limits(read=0.5, size=3_000_000)
    with (
        FakeService(page=1000) as service,
        Client(limits=limits, proxies={}, sleep=lambda _: None, now=lambda: NOW) as client,
    ):
        monkeypatch.setenv("WIJKECONOMIE_CBS_V4", f"{service.url}/v4")
        monkeypatch.setenv("WIJKECONOMIE_CBS_V3", f"{service.url}/v3")
        monkeypatch.setenv("WIJKECONOMIE_PDOK", f"{service.url}/pdok")
        yield Stage(service, client, tmp_path)


def recovers(stage: Stage) -> None:
    assert stage.client.json(f"{stage.service.url}/503").data == {"value": [1]}


def type_change(stage: Stage) -> None:
    stage.service.changes["Observations"] = [
        row | {"Value": "5220"} if row["Value"] == 5220 else row for row in V4["Observations"]
    ]
    snapshot = stage.table()
    assert 5220.0 in snapshot.frame["population"]
    assert [notice.code for notice in snapshot.notices] == ["service_type_change"]


def missing_page(stage: Stage) -> Notice:
    stage.service.changes = {"Observations": V4["Observations"][:4], "count": 5}
    return stage.refusal(stage.table)


def empty(stage: Stage) -> Notice:
    now = stage.table()
    names = pl.DataFrame({"area": [f"BU0518{n:04d}" for n in range(14_000)]})
    before = replace(now, frame=names.with_columns(year=pl.lit(YEAR), population=pl.lit(5.0)))
    stage.service.changes = {"Observations": [], "v3/TypedDataSet": []}
    stage.service.changes["v3/TableInfos"] = [{"Title": str(YEAR)}]
    stage.service.version = "2"
    assert stage.refusal(stage.table).code == "service_empty"
    return stage.refusal(lambda: compare(replace(now, frame=now.frame.clear()), before))


def capped(stage: Stage) -> Notice:
    ring = [[5.0, 52.0], [5.1, 52.0], [5.1, 52.1], [5.0, 52.0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    stage.service.changes = {
        "gemeenten": [
            {"type": "Feature", "properties": {"gemeentecode": f"GM{n:04d}"}, "geometry": shape}
            for n in range(1000)
        ],
        "matched": 2000,
    }
    return stage.refusal(
        lambda: list(
            pdok.fetch(
                [YEAR], gemeente=None, client=stage.client, cache=stage.cache, progress=Silent()
            )
        )
    )


def leap(stage: Stage) -> Notice:
    frame = pl.DataFrame({"area": ["BU05181785"], "year": [2020], "population": [5220.0]})
    old = replace(stage.table(), frame=frame, keys={"population": "a_inw"})
    new = replace(old, frame=frame.with_columns(year=pl.lit(2021), population=pl.lit(522_000.0)))
    (notice,) = compare(new, old)
    return notice


SHOWN: dict[str, Callable[[Stage], Notice | None]] = {
    "SVC-01": lambda stage: stage.ask("html200"),
    "SVC-02": recovers,
    "SVC-03": lambda stage: stage.ask("truncated"),
    "SVC-04": lambda stage: stage.ask("short_cl"),
    "SVC-06": lambda stage: stage.ask("hang"),
    "SVC-07": lambda stage: stage.follow("nextlink_other_host"),
    "SVC-08": lambda stage: stage.follow("nextlink_loop"),
    "SVC-09": lambda stage: stage.ask("redirect_metadata"),
    "SVC-10": lambda stage: stage.ask("gzipbomb"),
    "SVC-12": type_change,
    "SVC-13": missing_page,
    "SVC-15": empty,
    "SVC-16": lambda stage: stage.ask("wfs_exception"),
    "SVC-17": capped,
    "SVC-18": lambda stage: stage.ask("429"),
    "SVC-19": lambda stage: stage.ask("reset"),
    "SVC-20": lambda stage: stage.ask("wrong_charset"),
    "SVC-21": leap,
}


@pytest.fixture(scope="module")
def manifest(shared: Path) -> dict[str, dict[str, str]]:
    with (shared / "badinputs" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file) if row["area"] == "service"}


def test_every_row_of_the_manifest_is_lived_through(manifest: dict[str, dict[str, str]]) -> None:
    assert set(manifest) == set(SHOWN)


@pytest.mark.parametrize("key", sorted(SHOWN))
def test_a_row_ends_as_the_manifest_says(
    stage: Stage, manifest: dict[str, dict[str, str]], key: str
) -> None:
    row, notice = manifest[key], SHOWN[key](stage)
    if not row["message_nl"]:
        assert notice is None
        return
    assert notice is not None
    kept = Notice("kept", {"date": "{date}"})
    dutch = f"{notice.text('nl')} {kept.text('nl')}"
    assert plain(dutch).startswith(plain(filled(row["message_nl"], notice)))
    english = row["message_en"].removesuffix(" The previous data ({date}) stay in use.")
    assert plain(filled(english, notice)).rstrip(".") in plain(notice.text("en"))


def filled(message: str, notice: Notice) -> str:
    """The manifest's placeholders are ours, filled; ``kept`` keeps its own."""
    told = message.replace("{datum}", "{date}").replace("{tijd}", "{time}")
    return told.replace("{time}", str(notice.fields.get("time", "{time}")))


def plain(text: str) -> str:
    """Without thousands separators, which the manifest writes in some rows only."""
    return re.sub(r"(?<=\d)[.,](?=\d{3})", "", text)
