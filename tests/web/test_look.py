# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""From figures to pictures: what is drawn is what was found, about the same middle and years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import Mock

import numpy as np
import polars as pl
import pytest
from django.utils import translation

from tests.figures.making import snapshot
from wijkeconomie.figures import build
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Release, open_release
from wijkeconomie.insight import opgave, wording
from wijkeconomie.insight.results import Direction, Finding, Gap, Interval, Unknown
from wijkeconomie.insight.scan import places, scan, scan_all
from wijkeconomie.web import look as looking
from wijkeconomie.web import maps, municipality, neighbourhood, quality
from wijkeconomie.web.context import NOTHING_ASKED, Asked, Beside
from wijkeconomie.web.look import Look, look

BROKEN = "establishments_per_1000"  # counted differently from 2021 on
WHOLE = "social_assistance"


@pytest.fixture(autouse=True)
def _dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield


def seen(release: Release, indicator: str) -> Look:
    asked = replace(NOTHING_ASKED, indicator=indicator, level="wijk")
    return look(release, release.area("GM9901"), asked)


def beside(release: Release, name: Beside, indicator: str = WHOLE) -> Look:
    asked = replace(NOTHING_ASKED, indicator=indicator, level="wijk", beside=name)
    return look(release, release.area("GM9901"), asked)


def test_a_map_compares_with_the_country_which_is_one_figure_for_all(release: Release) -> None:
    shown = seen(release, WHOLE)
    assert (shown.beside, shown.held_against) == ("land", ("land", "vergelijkbaar"))
    shade = looking.shade(shown, "nl")
    assert shade.middle == shown.country
    assert shade.of == {r.area.code: r.value for r in shown.ranked}


def test_or_it_holds_every_area_against_its_own_comparable_ones(release: Release) -> None:
    """The twin: one middle for all would call an area better that is worse than its own."""
    shown = beside(release, "vergelijkbaar")
    own = {r.area.code: r.finding.peers for r in shown.ranked if r.finding and r.finding.peers}
    assert len({gap.reference for gap in own.values()}) > 5
    shade = looking.shade(shown, "nl")
    assert shade.middle == 0.0
    assert {code: shade.of[code] for code in own} == {c: g.published for c, g in own.items()}
    one = median(gap.reference for gap in own.values())
    turned = [r for r in shown.ranked if r.value is not None and r.area.code in own
              and (r.value - one) * own[r.area.code].published < 0]  # fmt: skip
    assert turned


def test_an_area_without_peers_is_no_colour_of_a_map_beside_peers(release: Release) -> None:
    shown = beside(release, "vergelijkbaar")
    first = shown.ranked[0]
    alone = replace(shown, ranked=(replace(first, finding=None), *shown.ranked[1:]))
    assert looking.shade(shown, "nl").of[first.area.code] is not None
    assert looking.shade(alone, "nl").of[first.area.code] is None


@pytest.mark.parametrize("name", ["land", "vergelijkbaar"])
@pytest.mark.parametrize("level", ["wijk", "buurt"])
def test_no_map_says_better_or_worse_of_a_difference_that_does_not_matter(
    release: Release, name: Beside, level: str
) -> None:
    """The twin: steps by what the areas differ alone say so of some."""
    trifles = 0
    for _perspective, listed in looking.choices(release, level, "GM9901"):
        for indicator in listed:
            asked = replace(NOTHING_ASKED, indicator=indicator.id, level=level, beside=name)
            shade = looking.shade(look(release, release.area("GM9901"), asked), "nl")
            if shade.middle is None or shade.better == "neither":
                continue
            colours = maps.steps(shade, shade.of)
            unbounded = maps.steps(replace(shade, matters=0.0), shade.of)
            for value in shade.of.values():
                if value is not None and abs(value - shade.middle) < indicator.matters - 1e-9:
                    assert colours.name(value) == "m0"
                    trifles += unbounded.name(value) != "m0"
    assert trifles


def test_what_cannot_be_compared_with_is_not_offered(release: Release) -> None:
    shown = beside(release, "vergelijkbaar")
    alone = replace(shown, ranked=tuple(replace(r, finding=None) for r in shown.ranked))
    assert alone.held_against == ("land",)
    assert replace(shown, country=None).held_against == ("vergelijkbaar",)
    described = beside(release, "vergelijkbaar", "households")
    assert (described.held_against, described.beside) == ((), "land")
    assert looking.shade(described, "nl").middle is None


def test_the_key_says_with_what_the_colours_compare(release: Release) -> None:
    shapes = maps.shapes(release.outlines("wijk", "GM9901"))
    country, peers = seen(release, BROKEN), beside(release, "vergelijkbaar", BROKEN)
    assert country.country is not None
    figure = wording.quantity(country.country, country.indicator, "nl")
    drawn = [looking.map_of(one, shapes, "nl") for one in (country, peers)]
    assert f"vergeleken met het land: {figure}<" in drawn[0]
    assert "elk naast de eigen vergelijkbare gebieden<" in drawn[1]
    assert colours(drawn[0]) != colours(drawn[1])


def colours(drawing: str) -> list[str]:
    return re.findall(r'<path[^>]* class="area ([\w-]+)', drawing)


def test_the_bar_of_the_peers_is_their_middle_half_in_the_year_of_the_figure(
    release: Release,
) -> None:
    result = scan(release, "WK990101")
    past = looking.past(release, result)
    found = next(f for f in result.findings if f.indicator == WHOLE)
    values = [
        row["value"][0]
        for peer in result.peers.list
        if not (
            row := release.series(peer.area.code)
            .filter((pl.col("indicator") == WHOLE) & (pl.col("year") == found.year))
            .drop_nulls("value")
        ).is_empty()
    ]
    assert len(values) > 10
    drawn = looking.mark(found, "Kernstede", past=past).spread
    assert drawn == pytest.approx(tuple(np.percentile(values, [25, 75])))
    assert looking.mark(replace(found, peers=None), "Kernstede", past=past).spread is None


WIJK = "WK990101"


@pytest.fixture(scope="module")
def past(demo_data: Path) -> looking.Past:
    release = open_release(demo_data)
    return looking.past(release, scan(release, WIJK))


def test_the_number_of_people_in_the_country_is_no_measure_for_a_wijk(
    past: looking.Past,
) -> None:
    """On one scale with the country a wijk would be a line along the bottom."""
    population = registry().indicators["population"]
    assert "land-line" not in looking.series(past, population, "nl")
    assistance = registry().indicators["social_assistance"]
    assert "land-line" in looking.series(past, assistance, "nl")


@pytest.mark.parametrize(
    ("indicator", "known"), [("households", False), ("shops", False), ("social_assistance", True)]
)
def test_a_map_of_a_count_has_no_country_beside_it(
    demo_data: Path, indicator: str, known: bool
) -> None:
    release = open_release(demo_data)
    asked = Asked(areas=(), indicator=indicator, level="wijk", year=2023)
    seen = look(release, release.area("GM9901"), asked)
    assert (seen.country is not None) == known


def test_an_average_number_is_no_count() -> None:
    assert registry().indicators["schools_nearby"].is_count is False


def _years(*values: float | None) -> looking.Past:
    own = {2020 + n: (value, Status.OK) for n, value in enumerate(values)}
    return looking.Past(
        code="x", name="X", years=tuple(own), own={"i": own}, peers={}, country={}, judged={}
    )


def test_a_line_needs_two_years() -> None:
    assert [_years(*v).moves("i") for v in ((), (1.0,), (None, 1.0), (1.0, None, 2.0))] == [
        False, False, False, True,
    ]  # fmt: skip


def test_the_years_of_a_chart_are_also_those_of_which_it_shows_others_alone(
    release: Release,
) -> None:
    """Of 2017 only comparable areas were known, and the chart had their mark."""
    past = looking.past(release, scan(release, "WK990101"))
    indicator = next(i for i in past.peers if past.moves(i) and i in past.own)
    own = {year: past.own[indicator].get(year, (None, None)) for year in (2020, 2023)}
    middle = past.peers[indicator]
    late = replace(
        past, years=(2017, 2020, 2023), own={indicator: own}, country={},
        peers={indicator: dict.fromkeys((2016, 2017, 2020), middle[2023])},
    )  # fmt: skip
    assert late.drawn([indicator]) == {2017, 2020, 2023}
    assert replace(late, peers={}).drawn([indicator]) == {2020, 2023}
    assert late.drawn([]) == set()


@pytest.mark.parametrize(
    ("indicator", "sign"), [("social_assistance", -1.0), ("labour_participation", 1.0)]
)
def test_the_worst_stands_first_by_the_estimate(
    release: Release, indicator: str, sign: float
) -> None:
    at = [sign * r.finding.estimate for r in seen(release, indicator).ranked if r.finding]
    assert len(at) > 5
    assert at == sorted(at)


def test_a_place_goes_with_a_finding(release: Release) -> None:
    ranked = seen(release, WHOLE).ranked
    assert all((r.place is None) == (r.finding is None) for r in ranked)
    assert {r.place[0] for r in ranked if r.place} >= {1}


@pytest.mark.parametrize(
    ("indicator", "value", "language", "said"),
    [
        ("social_assistance", 3.14, "nl", "+3,1 procentpunt"),
        ("social_assistance", -3.14, "en", "−3.1 percentage points"),
        ("social_assistance", 0.01, "nl", "0,0 procentpunt"),
        ("vandalism", -2.0, "nl", "−2"),
    ],
)
def test_a_distance_has_its_sign_and_unit(
    indicator: str, value: float, language: Language, said: str
) -> None:
    with translation.override(language):
        assert looking._apart(registry().indicators[indicator], language)(value) == said


@pytest.mark.parametrize("standalone", [False, True])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_quadrant_names_a_side_and_a_direction_only_where_the_finding_does(
    release: Release, language: Language, *, standalone: bool
) -> None:
    """The twin: by their places alone, points of which we know neither would say both."""
    unsure = 0
    for result in scan_all(release, "GM9901", "buurt"):
        svg = unescape(looking.quadrant(result, language, standalone=standalone))
        for f in result.findings:
            entry = registry().indicators[f.indicator]
            at = opgave.position(f, entry.better)
            if at is None or f.peers is None:
                continue
            side = opgave.side(f.peers, entry.better, entry.matters)
            said = wording.standing(side, f.trend.direction, language)
            told = f"{entry.label[language]}: {said[0].lower()}{said[1:]}"
            assert f"<title>{told}</title>" in svg
            assert told in svg.partition("</desc>")[0]
            unsure += side == "level" or f.trend.direction in ("steady", "unclear")
            assert svg.count(f"{entry.label[language]}: ") == 2
        for name in ("Achter, haalt in", "Voor, loopt uit", "Behind, catching up"):
            assert name.lower() not in svg.lower()
    assert unsure > 20


def test_the_points_stand_in_groups_so_that_numbers_follow_the_list(release: Release) -> None:
    for result in scan_all(release, "GM9901", "wijk"):
        said = [point.said for point in looking.points(result, "nl")]
        assert len([name for name, _ in groupby(said)]) == len(set(said))


def test_a_list_prints_every_figure_in_the_decimals_of_the_row_that_needs_most() -> None:
    """The twin: each row by itself would print 5 beside 5.4."""
    entry = registry().indicators["self_employed_share"]
    rows: list[Any] = [Mock(printed=(5.0, 9.0)), Mock(printed=(5.4, 8.6))]
    most = looking.most_decimals(entry, rows)
    assert most == (5.4, 8.6)
    together = [
        wording.quantity(value, entry, "nl", beside=most, margin=(value,)) for value in (5.0, 5.4)
    ]
    assert together == ["5,0 %", "5,4 %"]
    assert wording.quantity(5.0, entry, "nl", beside=(9.0,)) == "5 %"
    assert looking.most_decimals(entry, []) == ()


def test_a_series_has_the_interval_of_its_newest_figure_only() -> None:
    """The twin: a finding of an older year says nothing of the newest."""
    past = _years(1.0, 2.0)
    assert past.interval("i") is None
    finding = Mock(year=2021, interval=Interval(low=1.5, high=2.5))
    assert replace(past, judged={"i": finding}).interval("i") == (1.5, 2.5)
    assert replace(past, judged={"i": Mock(year=2020)}).interval("i") is None


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_side_and_direction_has_its_words_and_level_has_none(language: Language) -> None:
    sides: tuple[opgave.Side, ...] = ("behind", "ahead", "level")
    moves: tuple[Direction, ...] = ("worsening", "steady", "unclear", "improving")
    said = {(s, m): wording.standing(s, m, language) for s in sides for m in moves}
    assert len(set(said.values())) == 9
    assert len({said["level", move] for move in moves}) == 1


def test_a_newer_table_of_another_gemeente_takes_no_inhabitants_away_and_covers_only_itself(
    tmp_path: Path,
) -> None:
    rows = [{"area": code, "population": 500} for code in ("WK000101", "WK000201")]
    tables = [snapshot(2020, rows), snapshot(2022, rows[1:], table="B", day=1)]
    release = build.load(tmp_path, tables)
    towns = ("GM0001", "GM0002")
    years = {town: municipality.counted(release, "wijk", town, None) for town in towns}
    assert years == {"GM0001": 2020, "GM0002": 2022}
    assert {municipality.counted(release, "wijk", town, 2020) for town in towns} == {2020}
    assert municipality.counted(release, "wijk", "GM0002", 2021) == 2022
    filled = quality._counts(release, "wijk")
    assert (filled["population", 2020], filled["population", 2022]) == ((2, 2), (1, 2))


def test_a_list_says_of_how_many_areas_the_figure_is_that_of_a_larger_one(release: Release) -> None:
    area = release.area("GM9901")
    asked = replace(NOTHING_ASKED, level="wijk", indicator="social_assistance", year=2020)
    then, now = look(release, area, asked), look(release, area, replace(asked, year=2024))
    assert [r.area.code for r in then.apportioned] == ["WK990108"]
    assert now.apportioned == ()


@pytest.mark.parametrize("level", ["wijk", "buurt"])
def test_the_places_of_a_list_are_those_of_the_scan_of_its_year(
    release: Release, level: str
) -> None:
    """The first of 2017 was called the fourth, for its place was that of the newest scan."""
    area, told = release.area("GM9901"), 0
    newest = places(release, "GM9901", level, WHOLE)
    for year in release.years:
        seen = look(release, area, replace(NOTHING_ASKED, level=level, indicator=WHOLE, year=year))
        given = {r.area.code: r.place for r in seen.ranked if r.place}
        then = places(release, "GM9901", level, WHOLE, year)
        assert given.items() <= then.items()
        told += given != {code: newest.get(code) for code in given}
    assert told > 3


def test_what_comparable_areas_have_of_a_larger_area_is_not_in_their_middle(
    release: Release,
) -> None:
    """The tick of the peers lay outside the band that the finding gives them."""

    def frame(value: float, status: Status) -> pl.DataFrame:
        rows = {"indicator": ["social_assistance"], "year": [2020], "value": [value]}
        return pl.DataFrame(rows | {"status": [int(status)]})

    peers = [frame(5.0, Status.OK), frame(6.0, Status.MOVED), frame(7.0, Status.OK),
             frame(90.0, Status.APPORTIONED)]  # fmt: skip
    (lower, middle, upper) = looking._quartiles(peers)["social_assistance"][2020]
    assert (lower, middle, upper) == (5.5, 6.0, 6.5)


def test_areas_that_are_not_like_enough_are_no_line_beside_the_figures(
    release: Release,
) -> None:
    found = scan(release, "WK990110")
    assert (found.peers.good, len(found.peers.list) > 0) == (False, True)
    assert looking.past(release, found).peers == {}
    good = scan(release, "WK990101")
    assert good.peers.good
    assert looking.past(release, good).peers != {}


def test_the_middle_of_fewer_than_half_of_the_peers_is_not_drawn() -> None:
    """The four of fifteen that had a figure in 2017 lay two points above all fifteen."""

    def frame(*years: int) -> pl.DataFrame:
        rows = {"indicator": "social_assistance", "year": years, "value": 5.0, "status": 0}
        return pl.DataFrame(rows)

    peers = [*(frame(2017, 2020) for _ in range(7)), *(frame(2020) for _ in range(8))]
    assert set(looking._quartiles(peers)["social_assistance"]) == {2020}
    peers[7] = frame(2017, 2020)
    assert set(looking._quartiles(peers)["social_assistance"]) == {2017, 2020}


def behind_both(release: Release) -> Finding:
    """A finding that counts people and is behind country and peers."""
    return next(
        f for r in scan_all(release, "GM9901") for f in r.findings
        if f.kind == "own" and f.persons and f.country and f.peers
    )  # fmt: skip


@pytest.mark.parametrize(
    ("of_country", "of_peers", "decisive"),
    [(100.0, 97.0, "peers"), (110.0, 97.0, "country"), (97.0, 97.0, "peers")],
)
def test_the_number_that_orders_the_list_is_the_largest_times_its_probability(
    release: Release, of_country: float, of_peers: float, decisive: str
) -> None:
    """100 people at 90 % are 90, and 97 at 99 % are 96."""
    one = behind_both(release)
    first = replace(
        one,
        country=replace(one.country, probability=0.9),
        peers=replace(one.peers, probability=0.99),
    )
    found = municipality._decisive(first, {"country": of_country, "peers": of_peers})
    assert found == decisive


def test_the_ring_of_the_country_stands_only_where_all_have_the_same(release: Release) -> None:
    one = behind_both(release)
    area, entry = release.area(one.area), registry().indicators[one.indicator]

    def ring(*references: float) -> float | None:
        gap: Gap | None = one.country
        cells = [(area, replace(one, country=replace(gap, reference=r)), Status.OK)
                 for r in references]  # fmt: skip
        return neighbourhood.Line(indicator=entry, drawing="", cells=tuple(cells)).country

    assert (ring(4.0, 4.0), ring(4.0, 5.0), ring()) == (4.0, None, None)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_tables_without_the_figure_yet_the_newest_is_named(
    tmp_path: Path, order: tuple[int, ...]
) -> None:
    """Who looks for the figure loads that one again."""
    columns = [("social_assistance", "population")[at] for at in order]
    tables = [snapshot(2019, [{"area": "WK000101", "population": 500, "social_assistance": 40}])]
    tables += [
        snapshot(2020, [{"area": "WK000101", column: Status.LATE}], table=f"T{day}", day=day)
        for day, column in enumerate(columns, 1)
    ]
    release = build.load(tmp_path, tables)
    late = Unknown(indicator=WHOLE, perspective="work", year=2020, status=Status.LATE)
    told = neighbourhood._why(release, release.area("WK000101"), late, "nl")
    assert told == "stond nog niet in de tabel “T2”, over 2020"


def test_a_figure_is_written_out_with_the_cell_of_cbs_and_not_with_that_of_an_own_table(
    tmp_path: Path,
) -> None:
    row = {"area": "WK000101", "name": "Wijk 1", "population": 500, "social_assistance": 40}
    own = {"area": "WK000101", "social_assistance": 55}
    tables = [snapshot(2020, [row]), snapshot(2020, [own], table="own", publisher="Gemeente")]
    found = quality.traced(build.load(tmp_path, tables), "WK000101", WHOLE, 2020)
    assert (found.value, {name: cell.value for name, cell in found.terms.items()}) == (
        8.0, {"part": 40.0, "whole": 500.0},
    )  # fmt: skip


def test_other_years_of_a_figure_are_those_in_which_it_is_known(tmp_path: Path) -> None:
    row = {"area": "WK000101", "name": "Wijk 1", "population": 500}
    helped = {2018: 40, 2019: None, 2020: 45, 2021: 50}
    tables = [
        snapshot(year, [{**row, "social_assistance": n}], table=f"T{year}")
        for year, n in helped.items()
    ]
    release = build.load(tmp_path, tables)
    assert quality.traced(release, "WK000101", WHOLE, 2020).others == (2018, 2021)
    assert quality.traced(release, "WK000101", WHOLE, 2019).others == (2018, 2020, 2021)


@pytest.mark.parametrize("level", ["wijk", "buurt"])
def test_every_point_of_the_quadrant_can_be_looked_up_by_its_number(
    release: Release, level: str
) -> None:
    """On the page (on a phone too), in the file and in the report, of every area."""
    for result in scan_all(release, "GM9901", level):
        numbers = {str(n) for n, _ in enumerate(looking.points(result, "nl"), 1)}
        page = looking.quadrant(result, "nl")
        assert {*re.findall(r' class="t-halo">(\d+)<', page)} == numbers, result.area.code
        alone = looking.quadrant(result, "nl", standalone=True)
        assert {*re.findall(r">(\d+)</text>", alone)} == numbers, result.area.code


def test_with_one_reference_only_a_lag_is_first_and_is_counted_as_no_opgave(
    release: Release,
) -> None:
    """List, cards and their number go together: what stands out first may have no kind yet."""
    one = behind_both(release)
    result = next(r for r in scan_all(release, "GM9901") if one in r.findings)
    alone = replace(one, peers=None)
    lag = replace(result, findings=(alone,))
    assert (looking.asking(lag), looking.opgaven(lag)) == ((alone,), ())
    both = replace(result, findings=(alone, one))
    assert (looking.asking(both), looking.opgaven(both)) == ((alone, one), (one,))
    (card,) = municipality.greatest(release, (lag,), "nl")
    assert (card.finding, card.opgaven) == (alone, 0)


def test_a_year_that_was_asked_is_judged_by_its_own_scan(release: Release) -> None:
    """The twin: the newest scan judges the newest year, and leaves the asked one without."""
    asked = replace(NOTHING_ASKED, level="wijk", indicator=WHOLE)
    newest = look(release, release.area("GM9901"), asked)
    then = look(release, release.area("GM9901"), replace(asked, year=2020))
    assert (newest.judged, then.judged, then.year) == (2024, 2020, 2020)
    assert {r.finding.year for r in then.ranked if r.finding} == {2020}
