# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of CBS: every figure arrives, with its reason; nothing else does."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.figures.sources.fake_service import (
    FIGURES,
    MEASURES,
    REGIONS,
    TABLE,
    V3,
    V4,
    YEAR,
    FakeService,
)
from tests.figures.sources.watching import Watched
from wijkeconomie.figures import registry as registry_module
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.registry import CbsTable, Registry
from wijkeconomie.figures.snapshot import Silent, Snapshot
from wijkeconomie.figures.sources import cbs, odata
from wijkeconomie.figures.sources.http import Client, Limits

COLUMNS = {
    "population": 0,
    "electricity_use": 2,
    "income_per_inhabitant": 3,
    "poverty_persons_share": 4,
}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    whole = registry_module.registry()
    fictional = Registry(
        columns=whole.columns,
        indicators=whole.indicators,
        tables=(CbsTable(id=TABLE, year=YEAR), CbsTable(id="99002NED", year=2018)),
        _by_name=whole._by_name,
        _by_code=whole._by_code,
    )
    monkeypatch.setattr(cbs, "registry", lambda: fictional)
    with FakeService() as running:
        monkeypatch.setenv("WIJKECONOMIE_CBS_V4", f"{running.url}/v4")
        monkeypatch.setenv("WIJKECONOMIE_CBS_V3", f"{running.url}/v3/")
        monkeypatch.setenv("WIJKECONOMIE_CBS_DERDEN", f"{running.url}/derden")
        yield running


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(limits=Limits(read=10.0), proxies={}, sleep=lambda _: None) as ready:
        yield ready


def fetched(
    client: Client,
    cache: Path,
    *,
    year: int = YEAR,
    gemeente: str | None = None,
    progress: Any = None,
) -> Snapshot:
    return next(
        cbs.fetch(
            [year], gemeente=gemeente, client=client, cache=cache, progress=progress or Silent()
        )
    )


def code_of(client: Client, cache: Path, **more: Any) -> str:
    with pytest.raises(Refusal) as caught:
        fetched(client, cache, **more)
    return caught.value.notice.code


@pytest.fixture(params=["v4", "v3"])
def version(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("WIJKECONOMIE_CBS_API", request.param)
    return str(request.param)


def values(snapshot: Snapshot, column: str) -> dict[str, float | None]:
    return dict(snapshot.frame.select("area", column).iter_rows())


def test_every_figure_arrives_where_it_belongs(
    service: FakeService, client: Client, tmp_path: Path, version: str
) -> None:
    snapshot = fetched(client, tmp_path)
    assert set(snapshot.keys) == set(COLUMNS)
    for column, position in COLUMNS.items():
        expected = {
            area: None if isinstance(row[position], str) else row[position]
            for area, row in FIGURES.items()
        }
        assert values(snapshot, column) == expected


def test_areas_have_their_names_gemeente_change_and_year(
    service: FakeService, client: Client, tmp_path: Path, version: str
) -> None:
    frame = fetched(client, tmp_path).frame
    assert dict(frame.select("area", "name").iter_rows()) == REGIONS
    row = frame.row(by_predicate=pl.col("area") == "BU9902AA01", named=True)
    assert (row["gemeente"], row["year"], row["change"]) == ("Letterdam", YEAR, "1")
    assert frame.filter(area="BU99010001")["change"].item() == "3"


def status(snapshot: Snapshot, column: str, area: str) -> Status:
    return Status(snapshot.frame.filter(area=area)[column + "~"].item())


def test_v4_says_why_a_figure_is_missing(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    snapshot = fetched(client, tmp_path)
    assert status(snapshot, "population", "BU99010001") is Status.OK  # a real zero stays zero
    assert status(snapshot, "electricity_use", "BU99010001") is Status.IMPOSSIBLE
    assert status(snapshot, "income_per_inhabitant", "BU99010001") is Status.SECRET
    assert status(snapshot, "income_per_inhabitant", "BU9902AA01") is Status.UNKNOWN
    assert status(snapshot, "poverty_persons_share", "NL00") is Status.LATE


def test_v3_gives_no_reason_so_we_say_unknown(
    service: FakeService, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIJKECONOMIE_CBS_API", "v3")
    snapshot = fetched(client, tmp_path)
    assert status(snapshot, "electricity_use", "BU99010001") is Status.UNKNOWN
    assert status(snapshot, "poverty_persons_share", "NL00") is Status.LATE


def test_what_is_not_recognised_is_listed_by_its_title(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    snapshot = fetched(client, tmp_path)
    assert snapshot.unrecognised == ("Bevolking/Burgerlijke staat/Ongehuwd (aantal)",)
    assert snapshot.keys["population"] == "T001036"


def test_the_origin_lets_one_find_the_table_again(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    origin = fetched(client, tmp_path).origin
    assert (origin.table, origin.version, origin.licence) == (TABLE, "202011060000", "CC BY 4.0")
    assert origin.url == f"{service.url}/v4/{TABLE}"
    assert len(origin.checksum) == 64
    assert origin.read_at.utcoffset() is not None


def test_progress_tells_table_total_and_rows(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    watched = Watched()
    fetched(client, tmp_path, progress=watched)
    assert watched.told[0] == (f"CBS {TABLE} ({YEAR})", len(V4["Observations"]))
    assert sum(watched.told[1:-1]) == len(V4["Observations"])
    assert watched.told[-1] == "finished"


# -- one gemeente


def test_one_gemeente_comes_with_the_country(
    service: FakeService, client: Client, tmp_path: Path, version: str
) -> None:
    areas = fetched(client, tmp_path, gemeente="GM9902").frame["area"].to_list()
    assert areas == ["NL00", "GM9902", "WK9902AA", "BU9902AA01"]


@pytest.mark.parametrize(
    "region",
    ["BU05181785' or startswith(WijkenEnBuurten,'') or 'a' eq '", "WK051801", "NL00", "GM051", ""],
)
def test_only_the_code_of_a_gemeente_reaches_the_filter(region: str) -> None:
    with pytest.raises(WrongUse) as caught:
        cbs.region_condition(region)
    assert caught.value.text().startswith("Ongeldige regiocode.")


@given(st.text())
def test_no_text_ends_its_own_literal(text: str) -> None:
    inner = cbs.literal(text)[1:-1]
    assert inner.replace("''", "").count("'") == 0
    assert inner.replace("''", "'") == text


# -- which version


def test_v3_serves_when_v4_does_not_have_the_table(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    service.without_v4 = True
    assert "/v3/" in fetched(client, tmp_path).origin.url


def test_v3_serves_when_v4_has_no_observations(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    service.changes["Observations"] = []
    assert "/v3/" in fetched(client, tmp_path).origin.url


def test_a_table_that_cbs_does_not_have_is_said(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    assert code_of(client, tmp_path, year=2018) == "table_missing"


def test_no_year_with_a_table_is_refused(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    with pytest.raises(Refusal) as caught:
        fetched(client, tmp_path, year=1999)
    assert caught.value.text("en") == "We know no CBS table for 1999. Choose from 2017–2018."


@pytest.mark.parametrize("years", [[1999, YEAR], [YEAR, 2018], [1999, YEAR, 2018]])
def test_years_without_a_table_are_told_with_those_that_have_one(
    service: FakeService, client: Client, tmp_path: Path, years: list[int]
) -> None:
    (snapshot,) = cbs.fetch(
        years, client=client, cache=tmp_path
    )  # of everything, watched by nobody
    told = {1999: "no_table_for_year", 2018: "table_missing"}
    assert [n.code for n in snapshot.notices] == [told[y] for y in years if y in told]


def test_a_table_about_another_year_is_refused_before_its_figures_are_read(
    service: FakeService, client: Client, tmp_path: Path, version: str
) -> None:
    service.period = "2022"
    assert code_of(client, tmp_path) == "table_other_period"
    assert service.data_requests() == []


def test_a_table_that_says_no_period_is_refused_in_words_for_that(
    service: FakeService, client: Client, tmp_path: Path, version: str
) -> None:
    service.period, service.title = "", ""
    assert code_of(client, tmp_path) == "table_without_period"
    assert service.data_requests() == []


# -- breaks


def test_after_a_break_half_way_only_the_rest_is_read(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    whole = fetched(client, tmp_path / "other")
    pages = len(service.data_requests())
    service.asked.clear()
    service.stop_after = 5 + pages // 2
    assert code_of(client, tmp_path) == "service_connection_lost"
    read = len(set(service.data_requests())) - 1  # the last one failed
    service.stop_after = None
    service.asked.clear()
    again = fetched(client, tmp_path)
    assert len(service.data_requests()) == pages - read
    assert again.frame.equals(whole.frame)
    assert again.origin.checksum == whole.origin.checksum


def test_what_is_there_is_not_read_again_until_the_version_changes(
    service: FakeService, client: Client, tmp_path: Path, version: str
) -> None:
    fetched(client, tmp_path)
    service.asked.clear()
    fetched(client, tmp_path)
    assert service.data_requests() == []
    service.version = "202601010000"
    fetched(client, tmp_path)
    assert service.data_requests() != []


def test_a_version_that_changes_while_we_read_is_refused(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    class Meanwhile(Silent):
        def finish(self) -> None:
            service.version = "202601010000"

    assert code_of(client, tmp_path, progress=Meanwhile()) == "service_changed_meanwhile"


# -- what the service does wrong


def test_fewer_rows_than_promised_are_refused_and_asked_again_next_time(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    service.changes["count"] = len(V4["Observations"]) + 1
    with pytest.raises(Refusal) as caught:
        fetched(client, tmp_path)
    assert caught.value.text("en") == "Service says 40 rows but gave 39."
    del service.changes["count"]
    assert fetched(client, tmp_path).frame.height == len(REGIONS)


def test_without_a_promised_count_a_short_table_looks_whole(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    service.changes = {"Observations": V4["Observations"][:-1], "count": None}
    assert fetched(client, tmp_path).frame.height == len(REGIONS)


def test_v3_must_give_the_rows_that_it_announces(
    service: FakeService, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIJKECONOMIE_CBS_API", "v3")
    service.changes["v3/TypedDataSet"] = V3["TypedDataSet"][:-1]
    assert code_of(client, tmp_path) == "service_count"


def test_no_rows_at_all_are_refused(service: FakeService, client: Client, tmp_path: Path) -> None:
    service.changes |= {"Observations": [], "v3/TypedDataSet": []}
    service.changes["v3/TableInfos"] = [V3["TableInfos"][0] | {"RecordCount": 0}]
    assert code_of(client, tmp_path) == "service_empty"


@pytest.mark.parametrize(
    ("resource", "key"), [("Observations", "Value"), ("v3", "AantalInwoners_5")]
)
def test_a_whole_number_that_became_text_is_read_with_a_warning(
    service: FakeService,
    client: Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    resource: str,
    key: str,
) -> None:
    monkeypatch.setenv("WIJKECONOMIE_CBS_API", "v3" if resource == "v3" else "v4")
    name, source = (
        ("v3/TypedDataSet", V3["TypedDataSet"]) if resource == "v3" else (resource, V4[resource])
    )
    service.changes[name] = [row | {key: "5220"} if row[key] == 5220 else row for row in source]
    snapshot = fetched(client, tmp_path)
    assert values(snapshot, "population")["BU99010000"] == 5220
    assert [notice.code for notice in snapshot.notices] == ["service_type_change"]


@pytest.mark.parametrize(
    "value", ["22.4", "5.220", "", "veel", True, [1], "5220x", float("inf"), 10**400]
)
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(Refusal) as caught:
        odata.numbers([{"W": 1}, {"W": None}, {"W": value}], "W", "T", {})
    assert caught.value.notice.code == "service_number"


@pytest.mark.parametrize(
    "rows",
    [
        [row | {"Measure": "T001036"} for row in V4["Observations"][:2]],
        [*V4["Observations"], V4["Observations"][0]],
    ],
)
def test_a_figure_that_comes_twice_is_refused(
    service: FakeService, client: Client, tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    service.changes["Observations"] = rows
    assert code_of(client, tmp_path) == "service_twice"


OBSERVATION = V4["Observations"][0]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"value": "x"},
        {"value": [{"Id": 1}]},
        {"value": [OBSERVATION | {"WijkenEnBuurten": None}]},
        {"value": [OBSERVATION, {k: v for k, v in OBSERVATION.items() if k != "Value"}]},
    ],
)
def test_an_answer_of_another_shape_is_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as caught:
        odata.observations(answer, "WijkenEnBuurten", table="T", texts={})
    assert caught.value.notice.code == "service_shape"


@pytest.mark.parametrize(
    "row",
    [
        1,
        OBSERVATION | {"StringValue": 5},
        OBSERVATION | {"StringValue": ["x"]},
        OBSERVATION | {"Measure": 5},
        OBSERVATION | {"ValueAttribute": {}},
        OBSERVATION | {"ValueAttribute": "Confidential"},  # beside a figure
    ],
)
def test_a_cell_of_another_kind_is_refused_with_its_row(row: object) -> None:
    with pytest.raises(Refusal) as caught:
        odata.observations({"value": [OBSERVATION, row]}, "WijkenEnBuurten", table="T", texts={})
    assert caught.value.notice.code == "service_type"
    assert caught.value.notice.fields["row"] == 2


def test_pages_beyond_the_rows_that_were_counted_are_not_asked_for(
    service: FakeService, client: Client, tmp_path: Path, version: str
) -> None:
    service.page = 2
    service.changes |= {"count": 4, "v3/TableInfos": [V3["TableInfos"][0] | {"RecordCount": 4}]}
    assert code_of(client, tmp_path) == "service_count"
    assert len(service.data_requests()) == 3


def test_rows_that_nobody_counted_have_an_end(
    service: FakeService, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cbs, "MOST_ROWS", 5)
    service.changes["count"] = None
    assert code_of(client, tmp_path) == "service_too_many_rows"
    assert len(service.data_requests()) == 2


def test_twin_without_that_end_all_pages_are_read(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    service.changes["count"] = None
    fetched(client, tmp_path)
    assert len(service.data_requests()) == -(-len(V4["Observations"]) // service.page)


def test_a_list_without_end_is_refused(
    service: FakeService, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cbs, "MOST_LISTED", 2)
    assert code_of(client, tmp_path) == "service_too_many_rows"


@pytest.mark.parametrize("resource", ["MeasureCodes", "WijkenEnBuurtenCodes"])
def test_what_is_listed_twice_is_refused(
    service: FakeService, client: Client, tmp_path: Path, resource: str
) -> None:
    service.changes[resource] = [*V4[resource], V4[resource][0]]
    assert code_of(client, tmp_path) == "service_listed_twice"


def test_a_measure_that_nothing_describes_is_refused(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    service.changes["MeasureCodes"] = V4["MeasureCodes"][1:]
    assert code_of(client, tmp_path) == "service_shape"


def test_half_a_person_in_a_column_of_whole_numbers_is_refused(
    service: FakeService, client: Client, tmp_path: Path, version: str
) -> None:
    observations = [dict(row) for row in V4["Observations"]]
    observations[0]["Value"] = 1.5
    typed = [dict(row) for row in V3["TypedDataSet"]]
    typed[0]["AantalInwoners_5"] = 1.5
    service.changes |= {"Observations": observations, "v3/TypedDataSet": typed}
    assert code_of(client, tmp_path) == "service_not_whole"


def test_a_refusal_says_at_which_address_and_in_which_row(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    observations = [dict(row) for row in V4["Observations"]]
    observations[5]["Measure"] = 5
    service.changes["Observations"] = observations
    with pytest.raises(Refusal) as caught:
        fetched(client, tmp_path)
    said = caught.value.text("en")
    assert said.startswith(f"{service.url}/v4/{TABLE}/Observations?&$skip=4: {TABLE}: row 2 holds")
    assert said.endswith("report it to the service.")


RESOURCES = (*V4, *(f"v3/{name}" for name in V3))


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("rows", [[{}], [{"Title": None}]])
def test_a_resource_without_what_we_need_is_a_refusal_and_no_crash(
    service: FakeService,
    client: Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    resource: str,
    rows: list[dict[str, Any]],
) -> None:
    monkeypatch.setenv("WIJKECONOMIE_CBS_API", "v3" if resource.startswith("v3/") else "v4")
    service.changes[resource] = rows if resource != "MeasureGroups" else [{}]
    if resource == "v3/TableInfos":  # a description without a count is enough
        assert fetched(client, tmp_path).frame.height == len(REGIONS)
    else:
        assert code_of(client, tmp_path) == "service_shape"


def test_pages_of_different_columns_are_refused(
    service: FakeService, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIJKECONOMIE_CBS_API", "v3")
    last = {k: v for k, v in V3["TypedDataSet"][-1].items() if k != "Ongehuwd_13"}
    service.page = len(REGIONS) - 1
    service.changes["v3/TypedDataSet"] = [*V3["TypedDataSet"][:-1], last]
    assert code_of(client, tmp_path) == "service_shape"


def test_a_figure_that_cannot_be_is_refused_and_not_kept(
    service: FakeService, client: Client, tmp_path: Path
) -> None:
    service.changes["Observations"] = [
        row | {"Value": -5} if row["Value"] == 5220 else row for row in V4["Observations"]
    ]
    assert code_of(client, tmp_path) == "negative_count"
    service.changes.clear()
    assert values(fetched(client, tmp_path), "population")["BU99010000"] == 5220


# -- the real thing


def test_measures_of_the_real_table_of_2017_are_recognised(shared: Path) -> None:
    start = shared / "kwb-2017-v4-metadata"
    start = start if start.is_dir() else shared / "data" / "kwb-2017-v4-metadata"
    measures = pl.read_parquet(start / "cbs.v4.83765NED_MeasureCodes.parquet").to_dicts()
    groups = pl.read_parquet(start / "cbs.v4.83765NED_MeasureGroups.parquet").to_dicts()
    paths = odata.title_paths_v4(measures, groups)
    assert paths["ZW25810_2"] == (
        "Energie/Gemiddeld aardgasverbruik/Naar woningtype/Appartement (m³)"
    )
    known = registry_module.registry()
    both = {
        code: (known.recognise_code(code), known.recognise(path)) for code, path in paths.items()
    }
    assert {code: pair for code, pair in both.items() if all(pair) and pair[0] != pair[1]} == {}
    assert sum(any(pair) for pair in both.values()) >= 60


def test_the_real_table_of_2020_comes_through_v3_cell_by_cell(
    service: FakeService,
    client: Client,
    tmp_path: Path,
    shared: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = shared / "data" / "kwb-2020-national" / "cbs.v3.84799NED_"
    properties = pl.read_parquet(f"{start}DataProperties.parquet").to_dicts()
    regions = pl.read_parquet(f"{start}WijkenEnBuurten.parquet").head(3000).to_dicts()
    table = pl.read_parquet(f"{start}TypedDataSet.parquet").head(3000)
    info = json.loads(Path(f"{start}Metadata.json").read_text("utf-8"))
    service.page, service.period = 1000, "2017"
    service.changes = {
        "v3/TableInfos": [{"Title": info["Title"], "RecordCount": table.height}],
        "v3/DataProperties": properties,
        "v3/WijkenEnBuurten": regions,
        "v3/TypedDataSet": table.to_dicts(),
    }
    monkeypatch.setenv("WIJKECONOMIE_CBS_API", "v3")
    snapshot = fetched(client, tmp_path)
    assert snapshot.frame["area"].to_list() == table["WijkenEnBuurten"].str.strip_chars().to_list()
    assert len(snapshot.keys) >= 60
    for column, key in snapshot.keys.items():
        assert snapshot.frame[column].to_list() == table[key].cast(pl.Float64).to_list(), key
    assert snapshot.frame["name"].null_count() == 0


def test_environment_of_the_tests_names_no_other_service() -> None:
    addresses = {"WIJKECONOMIE_CBS_V4", "WIJKECONOMIE_CBS_V3", "WIJKECONOMIE_CBS_DERDEN"}
    assert not {*addresses, "WIJKECONOMIE_PDOK"} & set(os.environ)


def test_every_measure_of_the_fake_table_has_a_path_in_both_versions() -> None:
    four = odata.title_paths_v4(V4["MeasureCodes"], V4["MeasureGroups"])
    three = odata.title_paths_v3(V3["DataProperties"])
    assert [four[code] for code, *_ in MEASURES] == [three[key] for _, key, *_ in MEASURES]
