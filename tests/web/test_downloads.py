# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every table of the pages is a file, and says the same as the page."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import openpyxl
import polars as pl
import pytest
from django.test import Client
from pytest_django import Settings

from tests.figures.making import snapshot
from wijkeconomie.figures import build, export
from wijkeconomie.figures.missing import WITH_VALUE
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import document
from wijkeconomie.insight.results import Interval, SpreadPoint, SpreadSeries
from wijkeconomie.insight.scan import scan
from wijkeconomie.web import downloads
from wijkeconomie.web import look as looking
from wijkeconomie.web import report as reporting
from wijkeconomie.web.context import NOTHING_ASKED
from wijkeconomie.web.municipality import listed

pytestmark = pytest.mark.usefixtures("release")
GEMEENTE, WIJK, BUURT = "GM9901", "WK990101", "BU99010101"
ASKED = {
    "scan": f"gebied={BUURT}",
    "quadrant": f"gebied={BUURT}",
    "areas": f"gebied={GEMEENTE}&niveau=buurt",
    "opgaven": f"gebied={GEMEENTE}&niveau=wijk",
    "ranking": f"gebied={GEMEENTE}&indicator=social_assistance&niveau=wijk",
    "series": f"gebied={BUURT}&indicator=population",
    "peers": f"gebied={BUURT}",
    "unknown": f"gebied={BUURT}",
    "compare": f"gebied={BUURT}&gebied={WIJK}",
    "spread": f"gebied={GEMEENTE}&indicator=social_assistance",
    "coverage": "niveau=buurt",
    "origins": "",
    "notices": "",
    "indicators": "",
    "trace": f"gebied={BUURT}&indicator=population&jaar=2024",
}


def _file(client: Client, kind: str, ending: str, prefix: str = "") -> Any:
    response = client.get(f"{prefix}/download/{kind}.{ending}?{ASKED[kind]}")
    assert response.status_code == 200, response.content
    return response


def _rows(client: Client, kind: str) -> list[dict[str, str]]:
    text = _file(client, kind, "csv").content.decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_every_kind_of_table_is_tried() -> None:
    assert set(ASKED) == set(downloads.TABLES)


@pytest.mark.parametrize("kind", ASKED)
def test_csv_xlsx_and_json_hold_the_same_rows(client: Client, kind: str) -> None:
    rows = _rows(client, kind)
    book = openpyxl.load_workbook(io.BytesIO(_file(client, kind, "xlsx").content))
    assert book.worksheets[0].max_row == len(rows) + 1
    heads = [cell.value for cell in book.worksheets[0][1]]
    if kind not in ("coverage", "indicators", "origins", "notices"):
        assert not set(heads) & set(rows[0])
    body = json.loads(_file(client, kind, "json").content)
    if kind in ("scan", "opgaven"):
        jsonschema.Draft202012Validator(document.schema()).validate(body)
    else:
        assert len(body["rows"]) == len(rows)


def test_a_workbook_shows_numbers_in_the_decimals_of_their_unit_and_keeps_them_whole(
    client: Client,
) -> None:
    """Fifteen digits say more than anybody knows; a yes is a yes in all three forms."""
    rows, names = _rows(client, "opgaven"), list(document.CSV_COLUMNS)
    book = openpyxl.load_workbook(io.BytesIO(_file(client, "opgaven", "xlsx").content))
    sheet = book.worksheets[0]
    for row, cells in zip(rows, sheet.iter_rows(min_row=2), strict=True):
        known = dict(zip(names, cells, strict=True))
        assert known["settled"].value is (row["settled"] == "true")
        for name in ("value", "gap_country"):
            if known[name].value is not None:
                assert known[name].value == pytest.approx(float(row[name]), rel=1e-14)
                decimals = registry().indicators[row["indicator"]].decimals + 1
                assert known[name].number_format == f"#,##0.{'0' * decimals}"
        assert known["year"].number_format == "General"  # 2,024 is no year
        assert known["persons"].value is None or known["persons"].number_format == "#,##0"


@pytest.mark.parametrize("kind", ["scan", "opgaven"])
def test_a_sentence_in_a_file_says_its_year_in_all_forms(client: Client, kind: str) -> None:
    """A row is taken out of its file; on a page, and in the text of the command line, the year
    stands above it."""
    rows = _rows(client, kind)
    assert rows
    assert [row for row in rows if f"({row['year']})" not in row["sentence"]] == []
    made = json.loads(_file(client, kind, "json").content)
    areas = made.get("areas", [made])
    told = [one["sentence"] for area in areas for one in (*area["opgaven"], *area["uncompared"])]
    assert told == [row["sentence"] for row in rows]


@pytest.mark.parametrize("kind", ASKED)
def test_a_file_has_a_name_and_is_saved_not_shown(client: Client, kind: str) -> None:
    response = _file(client, kind, "csv")
    assert response["Content-Disposition"].startswith(f'attachment; filename="wijkeconomie-{kind}')
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_series_have_the_columns_of_the_contract(client: Client, release: Release) -> None:
    assert tuple(_rows(client, "series")[0]) == export.COLUMNS
    assert len(_rows(client, "series")) == export.rows(release, [BUURT], ["population"]).height


def test_csv_for_a_dutch_spreadsheet(client: Client) -> None:
    response = _file(client, "series", "csv-excel")
    assert response.content.startswith("\ufeffarea;name;".encode())
    assert response["Content-Disposition"].endswith('.csv"')


def test_words_are_in_the_language_of_the_address(client: Client, release: Release) -> None:
    dutch, english = (
        json.loads(_file(client, "scan", "json", prefix).content) for prefix in ("", "/en")
    )
    assert dutch == document.as_document(scan(release, BUURT), release, "nl")
    assert english == document.as_document(scan(release, BUURT), release, "en")


def test_a_ranking_holds_every_area_and_never_a_zero_for_what_is_missing(
    client: Client, release: Release
) -> None:
    rows = _rows(client, "ranking")
    assert {row["area"] for row in rows} == {a.code for a in release.areas("wijk", GEMEENTE)}
    labels = {status.label for status in WITH_VALUE}
    assert all((row["value"] != "") == (row["status"] in labels) for row in rows)


def test_an_interval_in_a_ranking_is_that_of_the_scan_and_holds_its_estimate(
    client: Client, release: Release
) -> None:
    """Lower end first, and of the area that it stands beside."""
    found = {
        (area.code, f.indicator): f
        for area in release.areas("wijk", GEMEENTE)
        for f in scan(release, area.code).findings
    }
    rows = [row for row in _rows(client, "ranking") if row["low"]]
    ends = [(float(row["low"]), float(row["high"])) for row in rows]
    told = [found[row["area"], row["indicator"]].interval for row in rows]
    assert ends == [pytest.approx((one.low, one.high)) for one in told]
    assert len(rows) > 5


def test_formulas_in_a_name_are_defused_at_the_door(tmp_path: Path, settings: Settings) -> None:
    rows = [{"area": f"WK00010{n}", "name": f"=1+{n}", "population": 100 * n} for n in (1, 2)]
    build.load(
        tmp_path, [snapshot(2020, [*rows, {"area": "GM0001", "name": "G", "population": 300}])]
    )
    settings.DATA = tmp_path
    address = "/download/ranking.csv?gebied=GM0001&niveau=wijk&indicator=population"
    said = Client(headers={"host": "127.0.0.1"}).get(address).content.decode("utf-8-sig")
    assert "'=1+1" in said
    assert not re.search(r"(^|[,;\n])\"?=1\+", said)


def test_comparing_holds_every_judged_figure_of_both(client: Client, release: Release) -> None:
    expected = sum(len(scan(release, code).findings) for code in (BUURT, WIJK))
    assert len(_rows(client, "compare")) == expected


def test_indicators_and_sources_are_complete(client: Client, release: Release) -> None:
    assert [row["id"] for row in _rows(client, "indicators")] == list(registry().indicators)
    assert len(_rows(client, "origins")) == len(release.origins)


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/download/happiness.csv", 404, "Deze tabel is er niet: happiness."),
        ("/download/scan.ods?gebied=BU99010101", 404, "Onbekend formaat: ods."),
        ("/download/scan.csv", 400, "Noem een gebied"),
        ("/download/scan.csv?gebied=GM0001", 404, "GM0001 staat niet in deze cijfers"),
        ("/rapport/GM9901.odt", 404, "Onbekend formaat: odt."),
    ],
)
def test_what_we_cannot_give_is_said_in_words(
    client: Client, address: str, status: int, said: str
) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert said in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        *(f"/download/{kind}.csv?{asked.replace('&jaar=2024', '')}&jaar=1999"
          for kind, asked in ASKED.items()),
        *(f"/beeld/{kind}.svg?gebied={BUURT}&indicator=population&jaar=1999"
          for kind in downloads.PICTURES),
    ],
)  # fmt: skip
def test_a_file_of_a_year_that_is_not_there_is_refused_in_words(
    client: Client, address: str
) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert "Voor 1999 zijn geen cijfers geladen. Geladen jaren: 2017" in response.content.decode()


DRAWN = {
    "figure": f"gebied={BUURT}&indicator=social_assistance",
    "compare": f"gebied={BUURT}&gebied={WIJK}&indicator=social_assistance",
    "map": f"gebied={GEMEENTE}&indicator=social_assistance",
    "ranking": f"gebied={GEMEENTE}&indicator=social_assistance",
}


@pytest.mark.parametrize("form", ["html", "docx"])
def test_a_report_is_of_the_year_that_is_asked_and_its_name_says_so(
    client: Client, release: Release, form: str
) -> None:
    then, now = (reporting.build(release, BUURT, "nl", year) for year in (2020, None))
    response = client.get(f"/rapport/{BUURT}.{form}?jaar=2020")
    name = f'attachment; filename="wijkeconomie-{BUURT}-2020-nl.{form}"'
    assert (response.status_code, response["Content-Disposition"]) == (200, name)
    if form == "html":
        words = " ".join(html.unescape(response.content.decode()).split())
        said = (" ".join(made.summary.split()) in words for made in (then, now))
        assert tuple(said) == (True, False)
    other = client.get(f"/rapport/{BUURT}.{form}")
    assert other["Content-Disposition"].endswith(f'{BUURT}-nl.{form}"')


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"/rapport/{BUURT}.pdf?jaar=1999", "Voor 1999 zijn geen cijfers geladen."),
        (f"/rapport/{BUURT}.pdf?jaar=straks", "straks"),
        ("/rapport/GM9901.pdf?jaar=2020", "Het rapport van een hele gemeente gaat over het nieuw"),
    ],
)
def test_a_report_of_a_year_that_cannot_be_is_refused_and_never_another_years(
    client: Client, address: str, said: str
) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert said in response.content.decode()


@pytest.mark.parametrize(("kind", "asked"), DRAWN.items())
def test_a_picture_is_of_the_year_in_its_name(client: Client, kind: str, asked: str) -> None:
    for year in ("2020", "2024"):
        response = client.get(f"/beeld/{kind}.svg?{asked}&jaar={year}")
        title = ET.fromstring(response.content).findtext("{http://www.w3.org/2000/svg}title")  # noqa: S314 -- our own drawing
        assert title is not None
        assert re.findall(r"20\d\d", title) == [year]
        assert f"-{year}.svg" in response["Content-Disposition"]


@pytest.mark.parametrize("address", ["/beeld/spread.svg", "/download/spread.csv"])
def test_differences_of_a_year_that_was_asked_end_there_and_the_file_says_so(
    client: Client, address: str
) -> None:
    """The twin: without a year they are of all years."""
    asked = f"{address}?gebied={GEMEENTE}&indicator=social_assistance"
    whole, then = client.get(asked), client.get(f"{asked}&jaar=2020")
    said = [
        sorted(set(re.findall(r"(?<![\d.])20(?:20|21|24)(?!\d)", one.content.decode())))
        for one in (whole, then)
    ]
    assert said == [["2020", "2021", "2024"], ["2020"]]
    named = ["2020" in one["Content-Disposition"] for one in (whole, then)]
    assert named == [False, True]


def test_a_series_of_a_year_that_was_asked_ends_there_in_picture_table_and_page(
    client: Client, release: Release
) -> None:
    """The twin: without a year it is of all years."""

    def years(asked: str) -> set[int]:
        response = client.get(f"/download/series.csv?gebied={BUURT}{asked}")
        assert ("2020" in response["Content-Disposition"]) is bool(asked)
        rows = csv.DictReader(io.StringIO(response.content.decode()))
        return {int(row["year"]) for row in rows}

    assert years("&jaar=2020") == {year for year in release.years if year <= 2020}
    assert years("") == set(release.years)
    picture = f"/beeld/series.svg?gebied={BUURT}&indicator=social_assistance"
    drawn = [client.get(f"{picture}{asked}").content.decode() for asked in ("&jaar=2020", "")]
    assert ["2024" in picture for picture in drawn] == [False, True]
    page = client.get(f"/gebied/{BUURT}/?jaar=2020").content.decode()
    lines = page.partition('id="jaren"')[2].partition("</section>")[0]
    assert "2020" in lines
    assert "2021" not in re.sub(r"<figcaption>.*?</figcaption>", "", lines)


def test_the_quadrant_is_of_the_year_that_was_asked(client: Client, release: Release) -> None:
    response = client.get(f"/download/quadrant.csv?gebied={BUURT}&jaar=2020")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    told = looking.points(scan(release, BUURT, 2020), "nl")
    assert [row["level_beside_peers"] for row in rows] == [str(point.level) for point in told]
    assert told != looking.points(scan(release, BUURT), "nl")


def test_a_figure_that_we_judge_in_another_year_only_is_not_drawn_under_this_one(
    client: Client, release: Release
) -> None:
    older = next(f for f in scan(release, BUURT, 2024).findings if f.year != 2024)
    address = f"/beeld/figure.svg?gebied={BUURT}&indicator={older.indicator}&jaar="
    assert client.get(f"{address}{older.year}").status_code == 200
    response = client.get(f"{address}2024")
    assert response.status_code == 404
    assert f"Van {older.indicator} is er over 2024 voor {BUURT} geen" in response.content.decode()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"/download/spread.csv?gebied={BUURT}", "geen gebieden van het niveau buurt"),
        (f"/beeld/spread.svg?gebied={BUURT}", "geen gebieden van het niveau buurt"),
        (f"/download/ranking.csv?gebied={WIJK}&niveau=wijk", "geen gebieden van het niveau wijk"),
        (f"/beeld/spread.svg?gebied={GEMEENTE}&indicator=stop_rate&niveau=buurt", ""),
        (
            f"/beeld/spread.svg?gebied={GEMEENTE}&indicator=sector_diversity&niveau=buurt",
            "niet afhangen van hoe groot een gebied is",
        ),
    ],
)
def test_differences_are_between_areas_inside_and_in_a_figure_that_has_them(
    client: Client, address: str, said: str
) -> None:
    response = client.get(address)
    assert response.status_code == (404 if said else 200)
    assert said in response.content.decode()


def test_differences_that_cannot_be_computed_are_refused_in_words(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of the diversity of sectors in the national table of 2020, which has no weights for it."""
    nothing = SpreadSeries(indicator="population", level="wijk", within=GEMEENTE, points=())
    monkeypatch.setattr(downloads, "differences", lambda *_: nothing)
    for address in (
        f"/beeld/spread.svg?gebied={GEMEENTE}",
        f"/download/spread.csv?gebied={GEMEENTE}",
    ):
        response = client.get(address)
        assert response.status_code == 404
        assert f"binnen {GEMEENTE} geen verschillen te berekenen" in response.content.decode()


@pytest.mark.parametrize(
    ("kind", "asked"),
    [("map", "ranking"), ("spread", "spread"), ("quadrant", "quadrant"), ("series", "series")],
)
def test_every_picture_is_a_file_that_needs_nothing_else(
    client: Client, kind: str, asked: str
) -> None:
    response = client.get(f"/beeld/{kind}.svg?{ASKED[asked]}")
    root = ET.fromstring(response.content)  # noqa: S314 -- our own drawing
    assert response["Content-Type"] == "image/svg+xml"
    assert root.find("{http://www.w3.org/2000/svg}title") is not None
    assert b"class=" not in response.content
    assert b"script" not in response.content


def test_no_text_of_a_table_runs_as_a_formula() -> None:
    """Names and sources of an own table are somebody's words."""
    signs = ("=1+1", "+1", "-1+2", "@SUM(A1)", "\tx", "\rx", "wijk")
    told = export.harmless(pl.DataFrame({"name": signs, "value": [-1.0] * 7}))
    assert told["name"].to_list() == [*(f"'{sign}" for sign in signs[:-1]), "wijk"]
    assert told["value"].to_list() == [-1.0] * 7


def test_the_table_of_the_quadrant_holds_every_point_of_the_picture(
    client: Client, release: Release
) -> None:
    drawn = client.get(f"/beeld/quadrant.svg?gebied={WIJK}").content
    described = ET.fromstring(drawn).findtext("{http://www.w3.org/2000/svg}desc")  # noqa: S314 -- our own drawing
    response = client.get(f"/download/quadrant.csv?gebied={WIJK}")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert len(rows) > 10
    assert described == "; ".join(
        f"{row['label']}: {row['standing'][0].lower()}{row['standing'][1:]}" for row in rows
    )
    page = client.get(f"/gebied/{WIJK}/").content.decode()
    table = page.partition('id="tabel-kwadrant"')[2].partition("</table>")[0]
    assert table.count('scope="row"') == len(rows)


def test_the_list_tells_what_an_area_is_short_of_peers_and_of_the_country_apart(
    release: Release,
) -> None:
    one = next(one for one in listed(release, GEMEENTE, "buurt", "nl") if one.first)
    told = downloads._listed(replace(one, short={"peers": 12.0, "country": 30.0}), "nl")
    assert (told["short_of_peers"], told["short_of_country"]) == (12.0, 30.0)


def test_five_areas_side_by_side_are_five_in_the_table_and_in_the_picture(
    client: Client, release: Release
) -> None:
    codes = [area.code for area in release.areas("wijk", GEMEENTE)][:5]
    asked = "&".join(f"gebied={code}" for code in codes)
    table = client.get(f"/download/compare.csv?{asked}").content.decode()
    found = dict.fromkeys(row["area"] for row in csv.DictReader(io.StringIO(table)))
    assert list(found) == codes
    drawn = client.get(f"/beeld/compare.svg?{asked}&indicator=social_assistance").content.decode()
    assert [release.area(code).name in drawn for code in codes] == [True] * 5


def test_a_point_of_the_quadrant_has_its_level_and_its_trend_each_under_its_name(
    client: Client, release: Release
) -> None:
    told = [
        (row["indicator"], float(row["level_beside_peers"]), float(row["trend_beside_peers"]))
        for row in _rows(client, "quadrant")
    ]
    drawn = looking.points(scan(release, BUURT), "nl")
    assert told == [(p.indicator, p.level, p.trend) for p in drawn]


def test_a_year_of_the_differences_has_the_lower_end_of_both_intervals_first() -> None:
    point = SpreadPoint(
        year=2024, areas=9, theil=0.2, interval=Interval(low=0.1, high=0.3), parts=(), groups=(),
        gap=5.0, gap_interval=Interval(low=4.0, high=7.0),
    )  # fmt: skip
    assert downloads._point(point) == {
        "year": 2024, "areas": 9, "theil": 0.2, "low": 0.1, "high": 0.3, "gap": 5.0,
        "gap_low": 4.0, "gap_high": 7.0,
    }  # fmt: skip


@pytest.mark.parametrize("kind", downloads.PICTURES)
@pytest.mark.parametrize("invented", [True, False])
def test_a_picture_in_a_file_says_whose_figures_it_shows_and_has_its_title(
    kind: str, invented: bool, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of real figures it said nothing and had no title; a map names who drew the boundaries too."""
    monkeypatch.setattr(type(release), "fictional", invented)
    areas = ("GM9901",) if kind in ("map", "ranking", "spread") else (WIJK, BUURT)
    asked = replace(NOTHING_ASKED, areas=areas, indicator="social_assistance")
    root = ET.fromstring(downloads.drawn(kind, release, asked, "nl"))  # noqa: S314 -- our own drawing
    told = " ".join(t.text or "" for t in root.iter("{http://www.w3.org/2000/svg}text"))
    assert (root.findtext("{http://www.w3.org/2000/svg}title") or "no title") in told
    assert "Cijfers: wijkeconomie (fictief)" in told
    assert ("Verzonnen cijfers." in told) is invented
    assert ("Grenzen van 2024: wijkeconomie (fictief)" in told) is (kind == "map")


def test_who_asks_for_a_third_report_at_once_is_asked_to_come_back(client: Client) -> None:
    """The twin: while two are asked for, the second waits and is made."""
    address = "/rapport/WK990101.html"
    assert downloads._IN_LINE.acquire(blocking=False)
    assert client.get(address).status_code == 200  # one is being made, this one waited its turn
    assert downloads._IN_LINE.acquire(blocking=False)
    try:
        for asked, said in ((address, "Er worden nu andere rapporten gemaakt."),
                            ("/en" + address, "Other reports are being made now.")):  # fmt: skip
            busy = client.get(asked + "?jaar=2024")
            assert (busy.status_code, busy["Retry-After"]) == (503, "30")
            assert said in html.unescape(busy.content.decode())
        assert client.get("/gebied/WK990101/").status_code == 200
    finally:
        downloads._IN_LINE.release(2)
    assert client.get(address + "?jaar=2024").status_code == 200


def test_a_report_that_cannot_be_made_gives_its_place_back(client: Client) -> None:
    for _ in range(4):
        assert client.get("/rapport/WK999999.html").status_code == 404
    assert downloads._IN_LINE._value == 2
