# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables beside Kerncijfers wijken en buurten: what the registry picks arrives, nothing else.

The tables are fictional; their shape is that of 86296NED, 86134NED, 47018NED and 86258NED.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.figures.sources.fake_service import REGIONS, TABLE, YEAR, FakeService
from wijkeconomie.figures import registry as registry_module
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import CbsTable, Pick, Registry, Series, Text
from wijkeconomie.figures.snapshot import Silent, Snapshot
from wijkeconomie.figures.sources import cbs, related
from wijkeconomie.figures.sources.http import Client, Limits

ID = "99101NED"
SCORES = Series(
    id="ses", title=Text("SES", "SES"), publisher="CBS", licence="CC BY 4.0", seen="here",
    tables={ID: (2014, 2018)}, periods="JJ",
    picks=(
        Pick(column="ses_score", measure="Totaalscore/Gemiddelde score"),
        Pick(column="ses_work_score", measure="Deelscore arbeidsverleden/Gemiddelde score"),
    ),
)  # fmt: skip
DISTANCES = replace(
    SCORES, id="near", title=Text("Nabijheid", "Proximity"), tables={ID: (YEAR, YEAR)}, periods="",
    picks=(Pick(column="distance_cafe", measure="AfstandTotCafeED"),),
)  # fmt: skip
CRIMES = replace(
    SCORES, id="crime", publisher="Politie", service="derden",
    picks=(
        Pick(column="shoplifting", measure="GeregistreerdeMisdrijven",
             where={"SoortMisdrijf": "2.5.2"}),
        Pick(column="business_burglaries", measure="GeregistreerdeMisdrijven",
             where={"SoortMisdrijf": "2.5.1"}),
    ),
)  # fmt: skip
KINDS = {"0.0.0 ": "Totaal misdrijven", "2.5.1 ": "Diefstal/inbraak", "2.5.2 ": "Winkeldiefstal"}
YEARS = {f"{year}JJ00": str(year) for year in range(2014, 2019)}
# code, v3 key, title path, unit
MEASURES = {
    "ses": [
        ("S1", "GemiddeldeScore_29", "SES-WOA/Totaalscore/Gemiddelde score", "Getal"),
        ("S2", "GemiddeldeScore_35", "SES-WOA/Deelscore arbeidsverleden/Gemiddelde score", "Getal"),
    ],
    "near": [
        ("D1", "AfstandTotCafeED_36", "Horeca/Café/Afstand tot café e.d.", "km"),
        ("D2", "AfstandTotSchool_60", "Onderwijs/Basis/Afstand tot school", "km"),
        ("D3", "AfstandTotSchool_64", "Onderwijs/Voortgezet/Afstand tot school", "km"),
    ],
    "crime": [("C1", "GeregistreerdeMisdrijven_1", "Geregistreerde misdrijven", "aantal")],
}


def figure(region: str, place: tuple[str, ...], code: str) -> float | None:
    """A figure that tells where it belongs; the hamlet has none, and scores lie around zero."""
    if region == "BU99010001":
        return None
    signed = -1.0 if code.startswith("S") else 1.0
    tail = sum(ord(c) for part in place for c in part.strip()) / 1000
    return round(signed * (list(REGIONS).index(region) + 1 + tail + int(code[1]) / 100), 4)


def made(
    topic: str, dims: Mapping[str, Mapping[str, str]], *, map_year: int = YEAR, period: str = ""
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """A table as v4 and as v3 give it; *dims* maps dimensions to their members."""
    measures = MEASURES[topic]
    groups = sorted({path.rpartition("/")[0] for *_, path, _ in measures} - {""})
    steps = sorted(
        {"/".join(g.split("/")[: n + 1]) for g in groups for n in range(g.count("/") + 1)}
    )
    at = {step: f"G{n}" for n, step in enumerate(steps)}
    number = {step: n + 50 for n, step in enumerate(steps)}
    time = {name: name == "Perioden" for name in dims}
    about = {"Title": f"Tabel {topic}", "Version": "1", "Modified": "2026-01-01"}
    v4: dict[str, list[dict[str, Any]]] = {
        "Properties": [about | {"TemporalCoverage": period or str(YEAR)}],
        "Dimensions": [
            {"Identifier": "WijkenEnBuurten", "Kind": "GeoDetail", "MapYear": str(map_year)},
            *({"Identifier": d, "Kind": "TimeDimension" if time[d] else "Dimension"} for d in dims),
        ],
        "MeasureGroups": [
            {"Id": at[s], "Title": s.rpartition("/")[2], "ParentId": at.get(s.rpartition("/")[0])}
            for s in steps
        ],
        "MeasureCodes": [
            {"Identifier": code, "Title": path.rpartition("/")[2], "DataType": "Double",
             "MeasureGroupId": at.get(path.rpartition("/")[0]), "Unit": unit}
            for code, _, path, unit in measures
        ],
        "WijkenEnBuurtenCodes": [{"Identifier": r, "Title": t} for r, t in REGIONS.items()],
        "Observations": [],
    }  # fmt: skip
    v3: dict[str, list[dict[str, Any]]] = {
        "TableInfos": [about | {"Period": period or str(YEAR)}],
        "DataProperties": [
            {"ID": 0, "ParentID": None, "Type": "GeoDetail", "Key": "WijkenEnBuurten",
             "Title": "Wijken en buurten", "MapYear": map_year, "Unit": None},
            *({"ID": n, "ParentID": None, "Type": "TimeDimension" if time[d] else "Dimension",
               "Key": d, "Title": d, "MapYear": None, "Unit": None}
              for n, d in enumerate(dims, start=1)),
            *({"ID": number[s], "ParentID": number.get(s.rpartition("/")[0]), "Type": "TopicGroup",
               "Key": "", "Title": s.rpartition("/")[2], "Unit": None} for s in steps),
            *({"ID": 100 + n, "ParentID": number.get(path.rpartition("/")[0]), "Type": "Topic",
               "Key": key, "Title": path.rpartition("/")[2], "Datatype": "Double", "Unit": unit}
              for n, (_, key, path, unit) in enumerate(measures)),
        ],
        "WijkenEnBuurten": [{"Key": r.ljust(10), "Title": t} for r, t in REGIONS.items()],
        "TypedDataSet": [],
    }  # fmt: skip
    for name, members in dims.items():
        v4[f"{name}Codes"] = [{"Identifier": c.strip(), "Title": t} for c, t in members.items()]
        v3[name] = [{"Key": c, "Title": t} for c, t in members.items()]
    for region, place in product(REGIONS, product(*dims.values())):
        row = {"WijkenEnBuurten": region.ljust(10), **dict(zip(dims, place, strict=True))}
        for code, key, *_ in measures:
            value = row[key] = figure(region, place, code)
            v4["Observations"].append(
                {"Measure": code, "Value": value, "StringValue": None, "WijkenEnBuurten": region,
                 "ValueAttribute": "Confidential" if value is None else "None",
                 **{name: member.strip() for name, member in zip(dims, place, strict=True)}}
            )  # fmt: skip
        v3["TypedDataSet"].append(row)
    return {"v4": v4, "v3": v3, "derden": v3}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    with FakeService(page=40) as running:
        monkeypatch.setenv("WIJKECONOMIE_CBS_V4", f"{running.url}/v4")
        monkeypatch.setenv("WIJKECONOMIE_CBS_V3", f"{running.url}/v3")
        monkeypatch.setenv("WIJKECONOMIE_CBS_DERDEN", f"{running.url}/derden")
        yield running


@pytest.fixture(params=["v4", "v3"])
def version(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("WIJKECONOMIE_CBS_API", request.param)
    return str(request.param)


def fetched(
    service: FakeService,
    monkeypatch: pytest.MonkeyPatch,
    cache: Path,
    series: Series,
    table: dict[str, dict[str, list[dict[str, Any]]]] | None,
    *,
    gemeente: str | None = None,
    years: tuple[int, ...] = (YEAR,),
) -> list[Snapshot]:
    """The tables of 2017 and what is related to them."""
    whole = registry_module.registry()
    known = Registry(
        columns=whole.columns, indicators=whole.indicators,
        tables=(CbsTable(id=TABLE, year=YEAR), CbsTable(id="99002NED", year=2018)),
        _by_name=whole._by_name, _by_code=whole._by_code, series=(series,),
    )  # fmt: skip
    monkeypatch.setattr(cbs, "registry", lambda: known)
    at = ("derden",) if series.service == "derden" else ("v4", "v3")
    if table is not None:
        service.related = {(place, ID): table[place] for place in at}
    with Client(limits=Limits(read=10.0), proxies={}, sleep=lambda _: None) as client:
        return list(
            cbs.fetch(years, gemeente=gemeente, client=client, cache=cache, progress=Silent())
        )


def expected(place: tuple[str, ...], code: str) -> dict[str, float | None]:
    return {region: figure(region, place, code) for region in REGIONS}


def values(snapshot: Snapshot, column: str, year: int = YEAR) -> dict[str, float | None]:
    rows = snapshot.frame.filter(year=year).select("area", column).iter_rows()
    return dict(rows)


def test_a_table_of_many_years_gives_the_years_that_are_asked(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str
) -> None:
    table = made("ses", {"Perioden": YEARS}, map_year=2025, period="2014-2018")
    _, scores = fetched(service, monkeypatch, tmp_path, SCORES, table, years=(2016, YEAR, 2018))
    assert set(scores.frame["year"]) == {YEAR, 2018}  # 2016 has no KWB table in this registry
    for year, (column, code) in product(
        (YEAR, 2018), (("ses_score", "S1"), ("ses_work_score", "S2"))
    ):
        assert values(scores, column, year) == expected((f"{year}JJ00",), code)
    assert scores.division == 2025
    assert scores.frame["name"][0] == "Nederland"


def test_only_picked_measures_of_the_asked_gemeente_and_years_are_asked(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str
) -> None:
    table = made("ses", {"Perioden": YEARS}, map_year=2025, period="2014-2018")
    _, scores = fetched(service, monkeypatch, tmp_path, SCORES, table, gemeente="GM9902")
    assert set(scores.frame["area"]) == {"NL00", "GM9902", "WK9902AA", "BU9902AA01"}
    assert set(scores.frame["year"]) == {YEAR}


def test_a_table_of_one_year_stands_on_the_areas_of_that_year(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str
) -> None:
    _, near = fetched(service, monkeypatch, tmp_path, DISTANCES, made("near", {}))
    assert values(near, "distance_cafe") == expected((), "D1")
    assert near.division is None
    assert set(near.keys) == {"distance_cafe"}  # two distances to school are not guessed between


def test_a_member_of_another_dimension_becomes_a_column(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = made("crime", {"SoortMisdrijf": KINDS, "Perioden": YEARS}, map_year=2025, period="2014")
    _, crimes = fetched(service, monkeypatch, tmp_path, CRIMES, table)
    assert values(crimes, "shoplifting") == expected(("2.5.2 ", f"{YEAR}JJ00"), "C1")
    assert values(crimes, "business_burglaries") == expected(("2.5.1 ", f"{YEAR}JJ00"), "C1")
    assert crimes.keys["shoplifting"] == "GeregistreerdeMisdrijven_1, SoortMisdrijf = 2.5.2"
    assert (crimes.origin.publisher, crimes.origin.table) == ("Politie", ID)
    assert all("0.0.0" not in path for path in service.data_requests())


@pytest.mark.parametrize(("api", "reason"), [("v4", Status.SECRET), ("v3", Status.UNKNOWN)])
def test_what_is_missing_keeps_its_reason_and_is_no_zero(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, api: str, reason: Status
) -> None:
    monkeypatch.setenv("WIJKECONOMIE_CBS_API", api)
    table = made("ses", {"Perioden": YEARS}, map_year=2025, period="2014-2018")
    _, scores = fetched(service, monkeypatch, tmp_path, SCORES, table)
    row = scores.frame.filter(area="BU99010001")
    assert (row["ses_score"].item(), Status(row["ses_score~"].item())) == (None, reason)


DIFFERENT: dict[str, tuple[Series, Any]] = {
    "a measure that is gone": (
        replace(DISTANCES, picks=(Pick(column="distance_cafe", measure="AfstandTotKroeg"),)),
        made("near", {}),
    ),
    "a measure that is there twice": (
        replace(DISTANCES, picks=(Pick(column="distance_cafe", measure="AfstandTotSchool"),)),
        made("near", {}),
    ),
    "a dimension that we do not name": (DISTANCES, made("near", {"Geslacht": {"1": "Mannen"}})),
    "a dimension of time where we know none": (DISTANCES, made("near", {"Perioden": YEARS})),
    "a dimension that is gone": (CRIMES, made("crime", {"Perioden": YEARS})),
    "no time where we know it": (SCORES, made("ses", {})),
    "a member that is gone": (
        CRIMES,
        made("crime", {"SoortMisdrijf": {"0.0.0 ": "Totaal"}, "Perioden": YEARS}),
    ),
    "another unit": (
        replace(
            DISTANCES, picks=(Pick(column="flexible_workers_share", measure="AfstandTotCafeED"),)
        ),
        made("near", {}),
    ),
    "another year": (DISTANCES, made("near", {}, period="2016")),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_a_table_that_is_not_as_we_know_it_is_told_and_left_out(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, case: str
) -> None:
    only = fetched(service, monkeypatch, tmp_path, *DIFFERENT[case])
    assert [snapshot.origin.table for snapshot in only] == [TABLE]
    notice = only[0].notices[-1]
    assert notice.code == "related_left_out"
    assert ID in notice.text("nl")
    assert not any(f"/{ID}/TypedDataSet" in path for path in service.asked)


def test_the_same_difference_in_kwb_itself_stops_the_load(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    service.period = "2016"
    with pytest.raises(Refusal) as caught:
        fetched(service, monkeypatch, tmp_path, DISTANCES, made("near", {}))
    assert caught.value.notice.code == "table_other_period"


def test_a_related_table_that_is_gone_is_told(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (only,) = fetched(service, monkeypatch, tmp_path, DISTANCES, None)
    assert [notice.code for notice in only.notices] == ["table_missing"]


@pytest.mark.parametrize(
    ("code", "told"),
    [("service_unreachable", True), ("table_missing", True), ("unlike_unit", True),
     ("disk_full", False), ("stopped", False)],
)  # fmt: skip
def test_only_what_the_service_does_wrong_is_told_the_rest_stops_the_load(
    monkeypatch: pytest.MonkeyPatch, code: str, told: bool
) -> None:
    """A related table is left out for what CBS changed, never for what is wrong on our side."""
    monkeypatch.setattr(Refusal, "text", lambda *_: "why")
    reading = SimpleNamespace(series=SCORES, table=SimpleNamespace(id=ID))
    if told:
        assert cbs._left_out(reading, Refusal(code)).code == "related_left_out"  # type: ignore[arg-type]
        reading.series = None
    with pytest.raises(Refusal) as raised:
        cbs._left_out(reading, Refusal(code))  # type: ignore[arg-type]
    assert raised.value.notice.code == code


def test_a_connection_that_breaks_in_a_related_table_is_told_and_resumed_next_time(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    service.page = 4
    fetched(service, monkeypatch, tmp_path / "first", DISTANCES, made("near", {}))
    service.stop_after, service.asked = len(service.asked) - 2, []
    (only,) = fetched(service, monkeypatch, tmp_path, DISTANCES, made("near", {}))
    assert [notice.code for notice in only.notices] == ["related_left_out"]
    assert "Nabijheid" in only.notices[0].text("nl")
    service.stop_after, service.asked = None, []
    _, near = fetched(service, monkeypatch, tmp_path, DISTANCES, made("near", {}))
    assert values(near, "distance_cafe") == expected((), "D1")
    assert all("$skip" in path for path in service.data_requests())  # the first page was kept


def test_a_connection_that_breaks_in_kwb_stops_the_load(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    service.stop_after = 3
    with pytest.raises(Refusal) as caught:
        fetched(service, monkeypatch, tmp_path, DISTANCES, made("near", {}))
    assert caught.value.notice.code.startswith("service_")


def test_v3_serves_a_related_table_whose_v4_has_other_titles(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = made("near", {})
    for measure in table["v4"]["MeasureCodes"]:
        measure["Title"] = f"Anders {measure['Identifier']}"
    _, near = fetched(service, monkeypatch, tmp_path, DISTANCES, table)
    assert near.origin.url.endswith(f"/v3/{ID}")


def test_other_picks_are_read_anew_though_the_version_is_the_same(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WIJKECONOMIE_CBS_API", "v3")
    table = made("ses", {"Perioden": YEARS}, map_year=2025, period="2014-2018")
    fetched(service, monkeypatch, tmp_path, replace(SCORES, picks=SCORES.picks[:1]), table)
    _, both = fetched(service, monkeypatch, tmp_path, SCORES, table)
    assert values(both, "ses_work_score") == expected((f"{YEAR}JJ00",), "S2")


@pytest.mark.parametrize(
    ("kind", "found"),
    [("JJ", "2021JJ00"), ("KW", "2021KW04"), ("MM", "2021MM11")],
)
def test_the_newest_period_of_a_kind_is_that_of_the_year(kind: str, found: str) -> None:
    codes = ["2021MM11", "2021KW04", "2021KW01", "2021JJ00", "2022KW01", "2021MM02"]
    assert related.periods(codes, kind, [2020, 2021]) == {found: 2021}


def test_where_one_version_only_is_asked_it_is_told_how_its_table_differs(
    service: FakeService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And not that there is no such table, as after two versions that do not have it."""
    monkeypatch.setenv("WIJKECONOMIE_CBS_API", "v4")
    (only,) = fetched(service, monkeypatch, tmp_path, *DIFFERENT["a measure that is gone"])
    assert [notice.code for notice in only.notices] == ["related_left_out"]
