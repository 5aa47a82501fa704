# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The scan as a whole: rules that hold for every area of a made country."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.insight.made import Made, country
from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.registry import CONTEXT, Break, Text, registry
from wijkeconomie.figures.release import NO_ROW, Panel, Release
from wijkeconomie.insight import opgave, peers
from wijkeconomie.insight import scan as scanning
from wijkeconomie.insight.results import Finding, Kind, Peers, Redrawn, Scan, Unknown
from wijkeconomie.insight.scan import (
    _belief,
    _enough_outside,
    _level,
    _trends,
    places,
    scan,
    scan_all,
)

AREA = "BU00050003"


@pytest.fixture(scope="module")
def made() -> Made:
    return country()


@pytest.fixture(scope="module")
def scans(made: Made) -> tuple[Scan, ...]:
    return tuple(s for g in range(1, 13) for s in scan_all(made, f"GM{g:04d}", "buurt"))


def of(found: Scan, indicator: str) -> Finding:
    return {f.indicator: f for f in found.findings}[indicator]


def change(
    release: Made, indicator: str, value: float, *, year: int = -1, code: str = AREA
) -> None:
    release.figures["buurt", indicator][year, release.codes["buurt"].index(code)] = value


def test_one_area_equals_its_part_of_the_gemeente(made: Made, scans: tuple[Scan, ...]) -> None:
    assert scan(made, AREA) == {s.area.code: s for s in scans}[AREA]


def test_another_process_gives_the_same_answer(scans: tuple[Scan, ...]) -> None:
    """The same figures in a new release object: nothing is drawn anew."""
    assert scan(country(), AREA) == {s.area.code: s for s in scans}[AREA]


def test_peers_lie_in_other_gemeenten_and_number_fifteen(scans: tuple[Scan, ...]) -> None:
    for found in scans:
        if found.peers.good:
            assert len(found.peers.list) == 15
            assert all(p.area.code[2:6] != found.area.code[2:6] for p in found.peers.list)
            distances = [p.distance for p in found.peers.list]
            assert distances == sorted(distances)


def test_outcomes_do_not_choose_peers(made: Made, scans: tuple[Scan, ...]) -> None:
    other = country()
    rng = np.random.default_rng(9)
    for name in ("social_assistance", "supermarket_distance"):
        figures = other.figures["buurt", name]
        other.figures["buurt", name] = rng.permuted(figures, axis=1)
    mine = {s.area.code: s for s in scans}[AREA]
    assert scan(other, AREA).peers == mine.peers


def test_about_five_in_a_hundred_areas_have_no_good_peers(scans: tuple[Scan, ...]) -> None:
    far = [s for s in scans if s.peers.reason == "far"]
    assert len(far) == len(scans) // 20
    for found in far:
        assert not found.peers.good
        assert found.peers.list
        assert all(f.peers is None for f in found.findings)


def test_kind_follows_from_the_two_gaps_everywhere(scans: tuple[Scan, ...]) -> None:
    for f in (f for s in scans for f in s.findings):
        entry = registry().indicators[f.indicator]
        found = opgave.kind(f.country, f.peers, entry.better, entry.matters)
        assert f.kind in ({"level"} if f.reason else {found, "shared" if found == "own" else found})
        assert (f.kind == "level") or not f.reason


BEHIND = {("own", "country"), ("own", "peers"), ("shared", "country"), ("early_sign", "peers")}


def test_what_is_shown_lies_in_its_interval_and_has_the_sign_that_the_kind_says(
    scans: tuple[Scan, ...],
) -> None:
    for f in (f for s in scans for f in s.findings):
        assert 0.0 <= f.interval.low <= f.estimate <= f.interval.high
        assert f.settled == (f.interval.low <= f.value <= f.interval.high)
        worse = 1.0 if registry().indicators[f.indicator].better == "lower" else -1.0
        for name, gap in (("country", f.country), ("peers", f.peers)):
            if gap is None:
                continue
            assert gap.interval.low <= gap.size <= gap.interval.high
            assert gap.size == pytest.approx(f.estimate - gap.reference)
            assert gap.published == pytest.approx(f.value - gap.reference)
            if (f.kind, name) in BEHIND:
                assert worse * gap.published > 0
            if f.kind == "strength":
                assert worse * gap.published < 0


def test_persons_come_with_a_shortfall_only(scans: tuple[Scan, ...]) -> None:
    for f in (f for s in scans for f in s.findings):
        if f.persons is not None:
            assert f.kind in ("own", "shared", "early_sign")
            assert f.persons > 0
            assert f.counted == "persons"
    assert any(f.persons for s in scans for f in s.findings)


def test_the_largest_opgave_stands_first(made: Made) -> None:
    found = scan_all(made, "GM0005", "buurt")
    most = [
        max((f.priority for f in s.opgaven if f.kind in ("own", "shared")), default=0.0)
        for s in found
    ]
    assert most[0] > most[1] > 0
    assert most == sorted(most, reverse=True)
    assert {s.area.code for s in found} == {c for c in made.codes["buurt"] if c[2:6] == "0005"}


def _told(code: str, found: Finding | None) -> Scan:
    """A scan of one finding, or of none."""
    return Scan(
        release="made", area=Area(code, code, "buurt", "GM0005"), year=2024,
        findings=(found,) if found else (), peers=Peers(list=(), good=False), unknown=(),
    )  # fmt: skip


def test_after_the_opgaven_come_signs_strengths_nothing_found_and_unknown(
    made: Made, scans: tuple[Scan, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told from last to first, so that neither the code nor the order given helps."""
    some = of(next(s for s in scans if s.peers.good), "social_assistance")
    alone = replace(some, kind="level", reason="nothing", persons=None, priority=0.0)
    told: list[tuple[Kind, float | None, float]] = [
        ("level", None, 0.0), ("strength", None, 9.0), ("early_sign", None, 2.0),
        ("early_sign", 5000.0, 4500.0), ("own", None, 1.0), ("shared", 20.0, 19.0),
        ("own", 90.0, 88.0),
    ]  # fmt: skip
    findings = [
        None, alone, *(replace(some, kind=k, persons=n, priority=p) for k, n, p in told)
    ]  # fmt: skip
    results = tuple(_told(f"BU0005{n:04d}", f) for n, f in enumerate(findings))
    monkeypatch.setattr("wijkeconomie.insight.scan._scan", lambda *_: results)
    kinds = [s.findings[0].kind if s.compared else "" for s in scan_all(made, "GM0005", "buurt")]
    assert kinds == [
        "own", "shared", "own", "early_sign", "early_sign", "strength", "level", "", "",
    ]  # fmt: skip
    listed = [s.area.code for s in scan_all(made, "GM0005", "buurt")]
    assert listed == [f"BU0005{n:04d}" for n in (8, 7, 6, 5, 4, 3, 2, 0, 1)]


def test_areas_of_which_a_shared_opgave_counts_nobody_stand_by_how_far_behind_they_are(
    made: Made, scans: tuple[Scan, ...]
) -> None:
    """In the spread of all buurten, times its chance: without it they stood by their code."""
    figures = made.figures["buurt", "supermarket_distance"][-1]
    spread = 1.4826 * np.median(np.abs(figures - np.median(figures)))
    several = 0
    for gemeente in range(1, 13):
        here = [s for s in scans if s.area.code.startswith(f"BU{gemeente:04d}")]
        firsts = [s.findings[0] for s in here if s.compared]
        shared = [f for f in firsts if (f.kind, f.persons) == ("shared", None)]
        told = [(f.country.size / spread) * f.country.probability for f in shared if f.country]
        assert [f.priority for f in shared] == pytest.approx(told)
        assert told == sorted(told, reverse=True)
        several += told != [] and [f.area for f in shared] != sorted(f.area for f in shared)
    assert several


def test_trend_uses_every_year_after_the_last_break(scans: tuple[Scan, ...]) -> None:
    """social_assistance has no break; the distance to a supermarket broke in 2022."""
    found = next(s for s in scans if s.peers.good)
    assert of(found, "social_assistance").trend.years == (2017, 2024)
    assert of(found, "supermarket_distance").trend.reason == "too_few_years"


@pytest.mark.parametrize(("value", "kind"), [(45.0, "own"), (90.0, "strength")])
def test_of_what_is_better_when_higher_the_low_is_behind(value: float, kind: str) -> None:
    """The twin is all else here, of which more is worse."""
    release = country()
    shape = release.figures["buurt", "population"].shape
    known = np.random.default_rng(3).normal(70, 2, shape[1]).round()
    release.figures["buurt", "labour_participation"] = np.broadcast_to(known, shape).copy()
    release.figures["land", "labour_participation"] = np.full((shape[0], 1), 70.0)
    change(release, "labour_participation", value)
    found = of(scan(release, AREA), "labour_participation")
    assert found.kind == kind
    for gap in (found.country, found.peers):
        assert gap is not None
        assert (gap.probability > 0.99, gap.probability < 0.01) == (kind == "own", kind != "own")


@pytest.mark.parametrize(("people", "telling"), [(149.0, False), (150.0, True)])
def test_areas_of_fewer_than_we_compute_a_figure_for_say_nothing_of_others(
    people: float, *, telling: bool
) -> None:
    """Labour participation is judged from 150 people of working age on."""
    entry, size = registry().indicators["labour_participation"], np.full(60, 2000.0)
    values = np.random.default_rng(4).uniform(64, 72, 60)
    size[:20], values[:20] = people, 25.0
    some = _belief(entry, values, size, np.ones(60)).mean()
    none = _belief(entry, np.where(size < 2000, np.nan, values), size, np.ones(60)).mean()
    assert (some[20:] != none[20:]).all() == telling


def test_a_secret_figure_is_unknown_and_never_a_finding() -> None:
    release = country()
    change(release, "social_assistance", math.nan)
    found = scan(release, AREA)
    silent = {u.indicator: u for u in found.unknown}["social_assistance"]
    assert (silent.status, silent.year) == (Status.SECRET, 2024)
    assert "social_assistance" not in {f.indicator for f in found.findings}


def test_too_few_people_is_an_answer() -> None:
    release = country()
    change(release, "population", 40.0)
    silent = {u.indicator: u for u in scan(release, AREA).unknown}
    assert silent["social_assistance"].status is Status.TOO_FEW


@pytest.mark.parametrize("people", [95.0, 100.0])
def test_a_published_figure_of_fewer_than_a_hundred_inhabitants_is_not_judged(
    people: float,
) -> None:
    release = country()
    change(release, "population", people)
    found = scan(release, AREA)
    judged = {f.indicator for f in found.findings}
    silent = {u.indicator: u.status for u in found.unknown}
    assert ("supermarket_distance" in judged) == (people >= 100)
    assert silent.get("supermarket_distance") == (None if people >= 100 else Status.TOO_FEW)


def test_an_indicator_that_nobody_loaded_has_no_year(scans: tuple[Scan, ...]) -> None:
    silent = {u.indicator: u for u in scans[0].unknown}
    assert (silent["jobs_per_1000"].status, silent["jobs_per_1000"].year) == (Status.UNKNOWN, None)


def with_low_incomes(counted: int | None, recipient_count: float = 700.0) -> Finding:
    """Sixty per cent of income recipients in one buurt, forty elsewhere; how many recipients there
    are is known of the year ``counted``."""
    release = country()
    low = 40.0 + np.random.default_rng(3).normal(0.0, 0.5, (8, 240))
    low[:, release.codes["buurt"].index(AREA)] = 60.0
    release.figures["buurt", "low_income_persons"] = low
    release.figures["land", "low_income_persons"] = np.full((8, 1), 40.0)
    if counted is not None:
        recipients = np.full((8, 240), np.nan)
        recipients[counted - 2017] = recipient_count
        release.figures["buurt", "income_recipients"] = recipients
    return of(scan(release, AREA), "low_income_persons")


@pytest.mark.parametrize("year", [2024, 2021])
def test_people_are_counted_of_those_whom_the_figure_is_of(year: int) -> None:
    """Not of all inhabitants, who are the denominator where nobody counted the recipients."""
    found = with_low_incomes(year)
    assert found.peers is not None
    assert (found.kind, found.counted) == ("own", "persons")
    assert found.persons == pytest.approx(found.peers.size / 100 * 700.0)


def test_a_figure_is_as_sure_as_the_number_of_those_whom_it_is_of_makes_it() -> None:
    """Sixty per cent of 100 recipients may be chance, of 10,000 it is not: the inhabitants, who are
    as many in both, do not say it."""
    few, many = (with_low_incomes(2024, n).interval for n in (100.0, 10_000.0))
    assert few.high - few.low > 3 * (many.high - many.low)


@pytest.mark.parametrize("year", [None, 2020])
def test_without_a_recent_count_of_those_the_opgave_says_no_number(year: int | None) -> None:
    found = with_low_incomes(year)
    assert (found.kind, found.persons, found.counted) == ("own", None, "")
    assert found.priority > 0


@pytest.mark.parametrize("counted", [True, False])
def test_where_dwellings_were_not_counted_no_number_is_made_of_the_fewest_that_we_judge(
    counted: bool,
) -> None:
    """The interval takes the area as small then, but that is no count of its dwellings."""
    release = country()
    empty = np.round(np.random.default_rng(3).normal(4.0, 1.0, (8, 240)).clip(1.0))
    empty[:, release.codes["buurt"].index(AREA)] = 90.0
    release.figures["buurt", "vacant_dwellings_share"] = empty
    if not counted:
        del release.figures["buurt", "dwellings"]
    found = of(scan(release, AREA), "vacant_dwellings_share")
    assert found.kind == "own"
    assert (found.persons is not None) == counted


def test_a_whole_column_that_is_late_says_late() -> None:
    release = country()
    release.figures["buurt", "poverty"] = np.full((8, 240), np.nan)
    release.missing["buurt", "poverty"] = Status.LATE
    silent = {u.indicator: u for u in scan(release, AREA).unknown}["poverty"]
    assert (silent.status, silent.year) == (Status.LATE, 2024)


@pytest.mark.parametrize("year", [2022, 2021])
def test_a_figure_of_up_to_three_years_earlier_is_used_and_says_its_year(year: int) -> None:
    release = country()
    release.figures["buurt", "social_assistance"][year - 2024 :] = np.nan
    found = scan(release, AREA)
    assert (found.year, of(found, "social_assistance").year) == (2024, year)
    assert of(found, "social_assistance").dated
    assert not of(found, "supermarket_distance").dated


def test_a_figure_more_than_three_years_old_is_history_and_no_end_of_the_figure() -> None:
    release = country()
    release.figures["buurt", "social_assistance"][-4:] = np.nan
    silent = {u.indicator: u for u in scan(release, AREA).unknown}["social_assistance"]
    assert (silent.status, silent.year) == (Status.OLD, 2020)


def test_a_figure_that_its_source_ended_says_so() -> None:
    release = country()
    until = registry().indicators["violence"].until
    assert until
    release.figures["buurt", "violence"] = np.full((8, 240), np.nan)
    release.figures["buurt", "violence"][2] = 5.0
    silent = {u.indicator: u for u in scan(release, AREA).unknown}["violence"]
    assert (silent.status, silent.year) == (Status.ENDED, 2019)


@pytest.mark.parametrize(("year", "said"), [
    (None, (Status.ENDED, 2017)), (2018, (Status.ENDED, 2017)), (2017, (Status.UNKNOWN, None)),
])  # fmt: skip
def test_a_figure_that_had_ended_and_was_not_loaded_is_said_to_have_ended(
    year: int | None, said: tuple[Status, int | None]
) -> None:
    """Loading more tables would not help."""
    assert registry().indicators["violence"].until == 2017
    silent = {u.indicator: u for u in scan(country(), AREA, year).unknown}["violence"]
    assert (silent.status, silent.year) == said


def later_of_few(areas: int) -> Made:
    """Everyone has figures up to 2021, the first *areas* buurten alone those of 2024."""
    release = replace(country(), boundary=2021)
    for name in [name for level, name in release.figures if level == "buurt"]:
        figures = release.figures["buurt", name]
        figures[-3:-1] = np.nan
        figures[-1, areas:] = np.nan
    return release


def test_a_later_year_of_a_few_areas_hides_nobodys_scan() -> None:
    found = scan(later_of_few(2), AREA)
    assert found.year == 2021
    assert of(found, "social_assistance").year == 2021
    assert found.peers.good


def test_a_later_year_of_few_figures_is_not_the_year_of_the_scan() -> None:
    """Everyone has inhabitants in 2024, and only two of the judged figures of 2021."""
    release = replace(country(), boundary=2024)
    for name in ("social_assistance", "supermarket_distance"):
        release.figures["buurt", name][-3:] = np.nan
    found = scan(release, AREA)
    assert found.year == 2021
    assert of(found, "social_assistance").year == 2021


def test_a_later_year_with_figures_of_one_gemeente_only_is_not_the_year_of_the_scan() -> None:
    """Everyone has inhabitants in 2024; what is judged has that year for one gemeente, and some of
    it never for another."""
    release = replace(country(), boundary=2024)
    for name in ("social_assistance", "supermarket_distance"):
        release.figures["buurt", name][-3:] = np.nan
        release.figures["buurt", name][-1, :20] = 5.0
    for name in ("violence", "vandalism", "gp_distance"):
        release.figures["buurt", name] = np.full((8, 240), np.nan)
        release.figures["buurt", name][-1, :20] = 5.0
    found = scan(release, AREA)
    assert found.year == 2021
    assert of(found, "social_assistance").year == 2021


@pytest.mark.parametrize(("areas", "used"), [(20, False), (119, False), (120, True)])
def test_context_that_less_than_half_of_the_areas_have_chooses_no_peers(
    areas: int, *, used: bool
) -> None:
    plain, extra = country(), country()
    column = np.full((8, 240), np.nan)
    column[:, :areas] = 30.0
    extra.figures["buurt", "corporation_share"] = column + np.arange(240)
    ours, theirs = scan(plain, AREA).peers, scan(extra, AREA).peers
    assert ("corporation_share" in theirs.used) == used
    assert (theirs == ours) == (not used)


def test_context_of_a_later_year_of_one_gemeente_does_not_replace_that_of_all() -> None:
    """Densities and how urban it is stand in a table of 2024 for twenty buurten only, and are other
    ones there; those of 2023 choose the peers and shrink the figures."""
    plain, extra = country(), country()
    for name in ("address_density", "population_density", "urbanity"):
        extra.figures["buurt", name][-1, 20:] = np.nan
        extra.figures["buurt", name][-1, :20] = 1.0
    assert scan(extra, AREA) == scan(plain, AREA)


def test_a_figure_of_another_gemeentes_table_is_not_loaded_here() -> None:
    """And not: the source gives no figure and no reason."""
    release = country()
    column = np.full((8, 240), np.nan)
    column[:, :20] = 5.0
    release.figures["buurt", "violence"] = column
    release.missing["buurt", "violence"] = NO_ROW
    silent = {u.indicator: u for u in scan(release, "BU000500" + "01").unknown}
    assert silent["violence"].year is None


def told_of_few(area: str, *, figures: bool) -> Unknown:
    """What a scan says of poverty, which is late for all in 2020; a table of 2024 has only the
    first gemeente, with *figures* or without."""
    release = country()
    release.figures["buurt", "poverty"] = np.full((8, 240), np.nan)
    why = np.full((8, 240), NO_ROW, np.uint8)
    why[3], why[-1, :20] = Status.LATE, Status.SECRET
    if figures:
        release.figures["buurt", "poverty"][-1, :18] = 5.0
    release.missing["buurt", "poverty"] = why
    return {u.indicator: u for u in scan(release, area).unknown}["poverty"]


@pytest.mark.parametrize("figures", [True, False])
def test_a_later_table_of_another_gemeente_does_not_hide_what_ours_says(figures: bool) -> None:
    silent = told_of_few(AREA, figures=figures)
    assert (silent.status, silent.year) == (Status.LATE, 2020)


@pytest.mark.parametrize("figures", [True, False])
def test_the_gemeente_of_the_later_table_is_told_what_that_says(figures: bool) -> None:
    silent = told_of_few("BU00010019", figures=figures)
    assert (silent.status, silent.year) == (Status.SECRET, 2024)


def of_one_gemeente(years: slice, boundary: int | None = None) -> Made:
    """Assistance is known for the buurten of the first gemeente alone, and for the country."""
    release = replace(country(), boundary=boundary)
    column = np.full((8, 240), np.nan)
    column[years, :20] = 9.0
    release.figures["buurt", "social_assistance"] = column
    release.missing["buurt", "social_assistance"] = NO_ROW
    return release


def with_a_newer(later: dict[int, float], **made: Any) -> Finding:
    """Assistance of AREA, of which from 2023 on only its own gemeente has a table."""
    release = country()
    column = release.figures["buurt", "social_assistance"]
    column[6:] = np.nan
    for year, value in later.items():
        column[release.years.index(year), release.codes["buurt"].index(AREA)] = value
    return of(scan(release, AREA, **made), "social_assistance")


def test_a_newer_figure_that_nothing_can_be_held_against_is_told() -> None:
    """Asked for 2024, it said 2022 and kept quiet of what was there."""
    found = with_a_newer({2023: 7.0, 2024: 7.7})
    assert (found.year, found.newer) == (2022, (2024, 7.7))
    assert with_a_newer({2023: 7.0, 2024: 7.7}, year=2023).newer == (2023, 7.0)
    assert with_a_newer({2023: 7.0}).newer == (2023, 7.0)
    assert with_a_newer({}).newer is None
    others = [f for f in scan(country(), AREA).findings if f.newer]
    assert others == []


def test_a_newer_figure_after_a_break_is_not_told_as_if_it_were_the_same() -> None:
    entry = registry().indicators["establishments_per_1000"]
    broke = entry.breaks[0].year
    years = np.array([broke - 2, broke - 1, broke])
    values = np.full((3, 2, 1), np.nan)
    values[0], values[1, 0], values[2] = 5.0, 6.0, 9.0
    panel = Panel(
        level="buurt", years=years, codes=("BU1", "BU2"), indicators=(entry.id,), values=values,
        status=np.where(np.isfinite(values), Status.OK, NO_ROW).astype(np.uint8),
    )  # fmt: skip
    told, newer = scanning._newer(entry, panel, 0, broke)
    assert (told.tolist(), newer[0]) == ([broke - 1, 0], 6.0)
    assert np.isnan(newer[1])


def test_that_comparable_areas_lack_a_figure_is_another_thing_than_that_there_are_none() -> None:
    """Areas are chosen on context; a figure of one gemeente leaves nobody to hold it against."""
    release = of_one_gemeente(slice(None))
    found = next(s for s in scan_all(release, "GM0001", "buurt") if s.peers.good)
    assert of(found, "social_assistance").peers is None
    assert of(found, "social_assistance").lacking
    others = [f for f in found.findings if f.peers]
    assert (bool(others), any(f.lacking for f in others)) == (True, False)
    code = found.area.code
    for (level, indicator), figures in release.figures.items():
        if level == "buurt" and indicator not in ("social_assistance", "population"):
            figures[:, release.codes["buurt"].index(code)] = np.nan
    assert not of(scan(replace(release), code), "social_assistance").lacking  # there are none


def test_an_old_figure_of_another_gemeente_is_no_old_figure_here() -> None:
    """2017 stands in a table of the first gemeente; of the third no year was loaded."""
    release = of_one_gemeente(slice(0, 1))
    said = {
        code: {u.indicator: (u.status, u.year) for u in scan(release, code).unknown}
        for code in (release.codes["buurt"][0], release.codes["buurt"][50])
    }
    there, here = (unknown["social_assistance"] for unknown in said.values())
    assert there == (Status.OLD, release.years[0])
    assert here == (Status.UNKNOWN, None)


def test_a_figure_of_years_ago_where_others_have_newer_ones_is_old() -> None:
    """And not: there is a figure, and no figure."""
    release = country()
    here = release.codes["buurt"].index(AREA)
    release.figures["buurt", "social_assistance"][-4:, here] = np.nan
    why = np.full((8, 240), Status.SECRET, np.uint8)
    why[-4:, here] = NO_ROW
    release.missing["buurt", "social_assistance"] = why
    silent = {u.indicator: u for u in scan(release, AREA).unknown}["social_assistance"]
    assert (silent.status, silent.year) == (Status.OLD, 2020)


def test_a_later_year_of_most_areas_is_judged() -> None:
    """The twin: an indicator that most areas have for a later year is judged in that."""
    assert of(scan(later_of_few(200), AREA), "social_assistance").year == 2024


def test_a_year_that_was_asked_for_is_the_last_that_is_judged() -> None:
    assert of(scan(later_of_few(200), AREA, 2021), "social_assistance").year == 2021


def test_an_earlier_scan_does_not_look_ahead(made: Made) -> None:
    found = scan(made, AREA, 2019)
    assert found.year == 2019
    assert {f.year for f in found.findings} == {2019}


def test_every_judged_indicator_is_found_or_unknown(scans: tuple[Scan, ...]) -> None:
    judged = {
        i.id
        for i in registry().indicators.values()
        if i.better != "neither" and i.perspective != "context"
    }
    for found in scans:
        names = [f.indicator for f in found.findings] + [u.indicator for u in found.unknown]
        assert sorted(names) == sorted(judged)


def test_an_area_without_context_has_no_peers_but_keeps_the_country() -> None:
    release = country()
    for (level, indicator), figures in release.figures.items():
        if level == "buurt" and indicator not in ("social_assistance", "population"):
            figures[:, release.codes["buurt"].index(AREA)] = np.nan
    found = scan(release, AREA)
    assert (found.peers.good, found.peers.reason, found.peers.list) == (False, "no_context", ())
    assert of(found, "social_assistance").country is not None
    assert of(found, "social_assistance").trend.reason == "no_peers"


def test_without_a_country_row_there_is_no_gap_to_the_country() -> None:
    release = country()
    del release.figures["land", "social_assistance"]
    assert of(scan(release, AREA), "social_assistance").country is None


def test_a_single_gemeente_compares_within_itself_and_says_so() -> None:
    release = country(gemeenten=1, buurten=60)
    found = next(s for s in scan_all(release, "GM0001", "buurt") if s.peers.good)
    assert found.peers.own_gemeente
    assert found.area.code not in {p.area.code for p in found.peers.list}


def test_a_handful_of_areas_has_no_peers() -> None:
    found = scan_all(country(gemeenten=1, buurten=10), "GM0001", "buurt")
    assert {s.peers.reason for s in found} == {"too_few_areas"}
    assert {f.peers for s in found for f in s.findings} == {None}


@pytest.mark.parametrize(
    ("code", "year", "error", "notice"),
    [
        ("Delfshaven", None, WrongUse, "invalid_code"),
        ("BU99990000", None, Refusal, "unknown_area"),
        ("NL00", None, WrongUse, "scan_of_country"),
        (AREA, 1999, WrongUse, "year_not_loaded"),
    ],
)
def test_what_is_refused(
    made: Made, code: str, year: int | None, error: type[Refusal], notice: str
) -> None:
    with pytest.raises(error) as caught:
        scan(made, code, year)
    assert caught.value.notice.code == notice
    for language in ("nl", "en"):
        assert "{" not in caught.value.text(language)  # type: ignore[arg-type]


def test_an_unknown_level_is_refused(made: Made) -> None:
    with pytest.raises(WrongUse) as caught:
        scan_all(made, "GM0005", "straat")
    assert caught.value.notice.code == "invalid_level"


def test_a_level_without_areas_gives_no_scans() -> None:
    release = country()
    release.codes["wijk"] = ()
    assert scan_all(release, "GM0005", "wijk") == ()


def test_places_are_those_of_judged_areas_of_the_gemeente_worst_first(made: Made) -> None:
    found = places(made, "GM0005", "buurt", "social_assistance")
    assert set(found) == {c for c in made.codes["buurt"] if c[2:6] == "0005"}
    assert all(1 <= first <= last <= len(found) for first, last in found.values())
    values = dict(
        zip(made.codes["buurt"], made.figures["buurt", "social_assistance"][-1], strict=True)
    )
    worst, best = max(found, key=lambda c: values[c]), min(found, key=lambda c: values[c])
    assert found[worst][0] < found[best][0]
    assert places(made, "GM0005", "buurt", "population") == {}


def test_places_are_those_of_the_year_that_is_asked() -> None:
    """In the last year the order is turned round; the scan of the year before does not know it."""
    release = country()
    figures = release.figures["buurt", "social_assistance"]
    figures[-1] = figures[-2].max() - figures[-2]
    before = replace(release, years=release.years[:-1])
    before.figures = {name: values[:-1] for name, values in release.figures.items()}
    asked = ("GM0005", "buurt", "social_assistance")
    assert places(release, *asked, 2023) == places(before, *asked)
    assert places(release, *asked, 2023) != places(release, *asked)
    with pytest.raises(WrongUse, match="1999"):
        places(release, *asked, 1999)


def test_a_scan_says_how_many_areas_were_redrawn_after_its_year() -> None:
    """Twelve of 240 buurten were brought to the boundaries of 2026; the scan is of 2024."""
    release = country()
    release.boundary = 2026
    moved = np.full((len(release.years), len(release.codes["buurt"])), Status.OK)
    moved[:, :9] = Status.MOVED
    release.present["buurt", "population"] = moved
    release.figures["buurt", "population"][:, 9:12] = np.nan
    release.missing["buurt", "population"] = Status.BOUNDARY
    found = scan(release, AREA).peers.redrawn
    assert found == Redrawn(areas=12, of=240, since=2024, boundary=2026)


def test_on_the_boundaries_of_its_own_year_nothing_was_redrawn(made: Made) -> None:
    assert scan(made, AREA).peers.redrawn is None
    same_ground = country()
    same_ground.boundary = 2026
    assert scan(same_ground, AREA).peers.redrawn is None


@pytest.mark.parametrize(
    ("indicator", "half"),
    [
        ("social_assistance", 5.0),
        ("labour_participation", 2.0),
        ("jobs_per_1000", 0.0),
        ("establishments_per_1000", 5.0),
    ],
)
def test_the_rounding_of_a_published_percentage_is_that_of_so_many_of_its_people(
    indicator: str, half: float
) -> None:
    """Half a per cent of 400 people is two of them; a count to tens is five of any number,
    and one that is not rounded is exact; CBS rounds firms to fives at random, so by up to five."""
    entry = registry().indicators[indicator]
    size = np.array([400.0, 4000.0])
    about = _belief(entry, np.array([50.0, 50.0]), size, np.ones(2))
    assert about.half == pytest.approx([half, half * (10 if indicator[0] == "l" else 1)])
    assert about.count == pytest.approx(50.0 / entry.scale * size)


def test_a_break_in_the_figures_own_year_leaves_no_trend(made: Made) -> None:
    """Distances broke in 2022: in a scan of that year there is one figure of the new kind."""
    found = next(s for s in scan_all(made, "GM0005", "buurt", 2022) if s.peers.good)
    assert of(found, "supermarket_distance").trend.reason == "too_few_years"
    assert of(found, "social_assistance").trend.years == (2017, 2022)


def test_of_two_breaks_the_last_begins_the_trend() -> None:
    model = _level(country(), "buurt", None, None)
    figure = next(f for f in model.figures if f.entry.id == "social_assistance")
    why = Text("Andere bron", "Another source")
    entry = replace(figure.entry, breaks=(Break(year=2018, why=why), Break(year=2020, why=why)))
    rows = np.arange(3)
    found = _trends(model, replace(figure, entry=entry), rows, model.nearest[rows])
    assert [one.years for one in found] == [(2020, 2024)] * 3


def test_the_year_of_a_break_is_the_first_of_the_new_figures() -> None:
    """Distances broke in 2022: with 2026 there are five years of the new kind, just enough."""
    release = country()
    release.years = tuple(range(2019, 2027))
    found = next(s for s in scan_all(release, "GM0005", "buurt") if s.peers.good)
    assert of(found, "supermarket_distance").trend.years == (2022, 2026)


def test_what_depends_on_the_size_of_an_area_is_no_finding_and_not_unknown(
    release: Release,
) -> None:
    """It is shown, and held against nobody."""
    scans = scan_all(release, "GM9901", "buurt")
    named = {f.indicator for s in scans for f in (*s.findings, *s.unknown)}
    assert "sector_diversity" not in named
    assert release.map("sector_diversity", 2024, "buurt")["value"].count() > 0


def test_no_interval_of_a_distance_in_a_scan_goes_below_zero() -> None:
    release = country()
    release.figures["buurt", "supermarket_distance"][:, ::7] = 0.0
    found = [
        f for s in scan_all(release, "GM0003", "buurt") for f in s.findings
        if f.indicator == "supermarket_distance"
    ]  # fmt: skip
    assert any(f.value == 0.0 for f in found)
    assert min(f.interval.low for f in found) == 0.0


@pytest.mark.parametrize(("outside", "enough"), [(29, False), (30, True)])
def test_peers_come_from_elsewhere_when_that_holds_twice_as_many_as_are_chosen(
    outside: int, enough: bool
) -> None:
    """Of a gemeente of forty, beside others of at most ten each."""
    sizes = [40, 10, 10, outside - 20]
    group = np.repeat(np.arange(4), sizes)
    raw = np.random.default_rng(1).uniform(10, 90, (len(group), 2))
    chosen = [i for i in registry().of_perspective(CONTEXT) if i.weight > 0][:2]
    about = peers.context(raw, chosen, np.full(len(group), 1e3))
    assert _enough_outside(about, group) is enough


def test_a_figure_of_a_larger_area_of_before_is_shown_and_not_judged(release: Release) -> None:
    """Haven was part of a wijk until 2020: its trend begins after, and a scan of then is silent."""
    then = scan(release, "WK990108", 2020)
    unknown = {u.indicator: (u.year, u.status) for u in then.unknown}
    assert unknown["social_assistance"] == (2020, Status.APPORTIONED)
    assert "social_assistance" not in {f.indicator for f in then.findings}
    judged = {f.indicator: f for f in scan(release, "WK990108").findings}
    assert {f.trend.years[0] for f in judged.values() if f.trend.years} <= {2021, 2022, 2023, 2024}


def test_unguarded_the_figure_of_the_larger_area_would_be_judged_as_its_own(
    release: Release,
) -> None:
    """The twin: the figure is there, and it is the same in both parts."""
    values = dict(release.map("social_assistance", 2020, "wijk").select("area", "value").rows())
    status = dict(release.map("social_assistance", 2020, "wijk").select("area", "status").rows())
    assert Status(status["WK990108"]) is Status.APPORTIONED
    assert values["WK990108"] is not None


def test_without_any_judged_figure_the_year_is_that_of_the_boundaries() -> None:
    release = country()
    release.boundary = 2022
    for name in ("social_assistance", "supermarket_distance"):
        release.figures["buurt", name][:] = np.nan
    found = scan(release, AREA)
    assert (found.year, found.findings) == (2022, ())


def test_a_year_after_that_of_the_boundaries_is_never_that_of_the_scan() -> None:
    """Its figures are used, and say their year."""
    release = country()
    release.boundary = 2022
    found = scan(release, AREA)
    assert found.year == 2022
    assert {f.year for f in found.findings} == {2024}


def only_before(release: Made, year: int, *indicators: str) -> None:
    """The gemeente of the area has none of these figures from *year* on."""
    mine = [n for n, code in enumerate(release.codes["buurt"]) if code[2:6] == AREA[2:6]]
    for name in indicators:
        release.figures["buurt", name][release.years.index(year) :, mine] = np.nan


def test_a_gemeente_is_judged_in_its_own_year_and_in_the_one_that_is_asked() -> None:
    release = country()
    only_before(release, 2019, "social_assistance", "supermarket_distance")
    found, asked = scan(release, AREA), scan(release, AREA, 2024)
    assert (found.year, len(found.findings)) == (2018, 2)
    assert (asked.year, len(asked.findings)) == (2024, 0)


def test_a_gemeente_of_which_less_than_half_is_told_elsewhere_is_judged_in_its_own_years() -> None:
    """Others have two figures of 2024, which this one has of 2023; one figure ended in 2022, and
    that one alone would be all that is said of it."""
    release = country()
    release.boundary = 2023
    release.figures["buurt", "gp_distance"] = 1 + release.figures["buurt", "supermarket_distance"]
    release.figures["buurt", "social_assistance"][release.years.index(2023) :] = np.nan
    only_before(release, 2024, "supermarket_distance", "gp_distance")
    assert {f.indicator: f.year for f in scan(release, AREA).findings} == {
        "social_assistance": 2022, "supermarket_distance": 2023, "gp_distance": 2023,
    }  # fmt: skip


def test_good_peers_are_measured_against_those_of_areas_that_have_context() -> None:
    """Sixty of 240 have none: five in a hundred of the other 180 have peers that are too far, and
    not the twelve of whom all 240 would make five in a hundred."""
    release = country()
    for (level, indicator), figures in release.figures.items():
        if level == "buurt" and indicator not in ("social_assistance", "population"):
            figures[:, ::4] = np.nan
    found = [s for g in range(1, 13) for s in scan_all(release, f"GM{g:04d}", "buurt")]
    assert [s.peers.reason for s in found].count("no_context") == 60
    assert [s.peers.reason for s in found].count("far") == 9


def test_beside_peers_whose_figure_is_rounded_to_nothing_the_published_difference_is_whole() -> (
    None
):
    """Nobody publishes a share here but one: its published gap is from 0, its estimated one from
    what may be hidden in those zeros; and figures that do not differ have no spread."""
    release = country()
    release.figures["buurt", "social_assistance"][:] = 0.0
    change(release, "social_assistance", 10.0)
    found = of(scan(release, AREA), "social_assistance")
    assert found.peers is not None
    assert found.country is not None
    assert found.peers.reference > 0
    assert (found.peers.published, found.peers.rounded) == (10.0, True)
    assert found.country.spread is None


def test_a_trend_says_the_first_and_the_last_year_of_the_areas_own_figures(made: Made) -> None:
    release = country()
    change(release, "social_assistance", math.nan, year=0)
    assert of(scan(made, AREA), "social_assistance").trend.years == (2017, 2024)
    assert of(scan(release, AREA), "social_assistance").trend.years == (2018, 2024)


def test_a_break_after_the_year_of_the_scan_cuts_no_trend(made: Made) -> None:
    """The distance to a supermarket broke in 2022."""
    found = next(s for s in scan_all(made, "GM0005", "buurt", 2021) if s.peers.good)
    assert of(found, "supermarket_distance").trend.years == (2017, 2021)
