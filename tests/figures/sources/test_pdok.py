# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Boundaries of PDOK: whole, of the asked gemeente, once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.figures.sources.fake_service import PDOK, REGIONS, YEAR, FakeService
from tests.figures.sources.watching import Watched
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.snapshot import Boundaries, Progress, Silent
from wijkeconomie.figures.sources import pdok
from wijkeconomie.figures.sources.http import Answer, Client, Limits

MONDAY = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    with FakeService(page=2) as running:
        monkeypatch.setenv("WIJKECONOMIE_PDOK", f"{running.url}/pdok")
        yield running


def fetched(
    folder: Path,
    *years: int,
    gemeente: str | None = None,
    today: datetime = MONDAY,
    progress: Progress | None = None,
) -> list[Boundaries]:
    with Client(
        limits=Limits(read=10.0), proxies={}, sleep=lambda _: None, now=lambda: today
    ) as client:
        wanted = years or (YEAR,)
        return list(
            pdok.fetch(
                wanted,
                gemeente=gemeente,
                client=client,
                cache=folder,
                progress=progress or Silent(),
            )
        )


def code_of(folder: Path, *years: int, **more: Any) -> str:
    with pytest.raises(Refusal) as caught:
        fetched(folder, *years, **more)
    return caught.value.notice.code


def test_progress_tells_of_each_collection_how_many_areas_there_are(
    service: FakeService, tmp_path: Path
) -> None:
    watched = Watched()
    fetched(tmp_path, progress=watched)
    totals = dict(told for told in watched.told if isinstance(told, tuple))
    assert totals == {f"PDOK {YEAR}: {name}": len(features) for name, features in PDOK.items()}
    assert sum(told for told in watched.told if isinstance(told, int)) == sum(totals.values())


def test_a_count_that_is_not_given_is_no_fault(service: FakeService, tmp_path: Path) -> None:
    service.changes |= {"matched": None, "returned": None}
    assert len(fetched(tmp_path)) == 1


@pytest.mark.parametrize("junk", ["many", [], True, -1, 4.5])
def test_a_count_that_is_none_is_refused(
    service: FakeService, tmp_path: Path, junk: object
) -> None:
    service.changes["matched"] = junk
    assert code_of(tmp_path) == "service_number"


def test_more_objects_than_matched_are_refused_without_reading_on(
    service: FakeService, tmp_path: Path
) -> None:
    service.page, service.changes["matched"] = 1, 1
    assert code_of(tmp_path) == "service_too_many_rows"
    assert len(service.data_requests()) == 2


def test_objects_that_nobody_counted_have_an_end(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdok, "MOST_FEATURES", 1)
    service.changes["matched"] = None
    assert code_of(tmp_path) == "service_too_many_rows"


def test_every_area_comes_with_its_name_and_outline(service: FakeService, tmp_path: Path) -> None:
    (read,) = fetched(tmp_path)
    expected = {code: name for code, name in REGIONS.items() if code != "NL00"}
    assert dict(read.frame.select("area", "name").iter_rows()) == expected
    assert read.year == YEAR
    outlines = dict(read.frame.select("area", "geometry").iter_rows())
    for level, features in zip(("gemeente", "wijk", "buurt"), PDOK.values(), strict=True):
        for feature in features:
            outline = shapely.from_wkb(outlines[feature["properties"][f"{level}code"]])
            assert outline.equals(shapely.geometry.shape(feature["geometry"]))


def test_one_gemeente_comes_alone(service: FakeService, tmp_path: Path) -> None:
    (read,) = fetched(tmp_path, gemeente="GM9902")
    assert set(read.frame["area"]) == {"GM9902", "WK9902AA", "BU9902AA01"}
    assert all("gemeentecode=GM9902" in path for path in service.data_requests())


def test_a_service_that_ignores_the_filter_does_not_mix_in_others(
    service: FakeService, tmp_path: Path
) -> None:
    service.ignores_filter = True
    (read,) = fetched(tmp_path, gemeente="GM9902")
    assert set(read.frame["area"]) == {"GM9902", "WK9902AA", "BU9902AA01"}


def test_only_the_code_of_a_gemeente_reaches_the_address(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        fetched(tmp_path, gemeente="GM0344&bbox=1")


def test_the_origin_says_where_and_when(service: FakeService, tmp_path: Path) -> None:
    origin = fetched(tmp_path)[0].origin
    assert origin.url == f"{service.url}/pdok/wijken-en-buurten-{YEAR}/ogc/v1"
    assert (origin.read_at, len(origin.checksum)) == (MONDAY, 64)


def test_the_version_changes_with_the_outlines_only(service: FakeService, tmp_path: Path) -> None:
    first = fetched(tmp_path)[0].origin
    service.page = 3
    same = fetched(tmp_path, today=TUESDAY)[0].origin
    service.changes["buurten"] = PDOK["buurten"][:-1]
    other = fetched(tmp_path / "other")[0].origin
    assert first.checksum != same.checksum
    assert first.version == same.version != other.version


def test_years_that_pdok_lacks_are_told_with_those_that_it_has(
    service: FakeService, tmp_path: Path
) -> None:
    (read,) = fetched(tmp_path, 2013, YEAR, 2014)
    assert read.notices[0].text("en") == (
        "PDOK has no boundaries for 2013, 2014. Load a file with boundaries for those years."
    )


def test_no_year_at_all_is_refused(service: FakeService, tmp_path: Path) -> None:
    assert code_of(tmp_path, 2013) == "no_boundaries_for_year"


def test_fewer_objects_than_matched_are_refused_and_asked_again(
    service: FakeService, tmp_path: Path
) -> None:
    service.changes["matched"] = 2000
    with pytest.raises(Refusal) as caught:
        fetched(tmp_path)
    assert caught.value.text("en").startswith("2 of 2,000 objects delivered.")
    del service.changes["matched"]
    assert fetched(tmp_path)[0].frame.height == len(REGIONS) - 1


def test_a_page_that_returns_fewer_than_it_says_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        pdok._checked({"numberReturned": 3, "features": [{}]}, "buurten")
    assert caught.value.notice.code == "service_short"


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ({}, "service_shape"),
        ({"features": {}}, "service_shape"),
        ({"features": [1]}, "service_type"),
        ({"features": [{"properties": []}]}, "service_type"),
        ({"features": [{"geometry": "x"}]}, "service_type"),
        ({"features": [{"properties": {"buurtcode": 5}}]}, "service_type"),
        ({"features": [{"properties": {"water": ["NEE"]}}]}, "service_type"),
    ],
)
def test_a_page_of_another_shape_is_refused(page: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        pdok._checked(page, "buurten")
    assert caught.value.notice.code == code


def test_an_empty_collection_is_refused(service: FakeService, tmp_path: Path) -> None:
    service.changes["buurten"] = []
    assert code_of(tmp_path) == "service_empty"


def test_a_page_without_areas_that_leads_to_one_more_is_refused(
    service: FakeService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such pages could come without end."""

    def empty(_client: Client, url: str, **_given: object) -> Iterator[Answer]:
        for number in range(1, 9):
            onward = [{"rel": "next", "href": f"{url}&page={number}"}]
            yield Answer(b"{}", {"features": [], "links": onward}, url)

    monkeypatch.setattr(pdok, "pages", empty)
    assert code_of(tmp_path) == "service_empty_page"


def test_after_a_break_half_way_only_the_rest_is_read(service: FakeService, tmp_path: Path) -> None:
    whole = fetched(tmp_path / "other")[0]
    pages = len(service.data_requests())
    service.asked.clear()
    service.stop_after = 3  # the collections and two pages
    assert code_of(tmp_path) == "service_connection_lost"
    service.stop_after = None
    service.asked.clear()
    again = fetched(tmp_path)[0]
    assert len(service.data_requests()) == pages - 2
    assert again.frame.equals(whole.frame)


def test_what_was_read_serves_for_the_day(service: FakeService, tmp_path: Path) -> None:
    fetched(tmp_path)
    service.asked.clear()
    fetched(tmp_path)
    assert service.data_requests() == []
    fetched(tmp_path, today=TUESDAY)
    assert service.data_requests() != []


def test_outlines_that_cannot_be_are_not_kept(service: FakeService, tmp_path: Path) -> None:
    service.changes["buurten"] = [PDOK["buurten"][0], PDOK["buurten"][0]]
    assert code_of(tmp_path) != ""
    service.changes.clear()
    assert fetched(tmp_path)[0].frame.height == len(REGIONS) - 1
