# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules from stored tables to a published release."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.figures.making import origin, snapshot
from wijkeconomie.figures import build, export, store
from wijkeconomie.figures import release as releases
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.release import Release, open_release, verify
from wijkeconomie.figures.snapshot import Boundaries, Crosswalk, Snapshot
from wijkeconomie.figures.sources import files

AGES = {"age_15_24": 100, "age_25_44": 200, "age_45_64": 100}
WIJK = {"area": "WK000101", "name": "Oost", "population": 500, "social_assistance": 40}


def figure(release: Release, code: str, indicator: str, year: int) -> tuple[float | None, Status]:
    row = release.series(code).filter(indicator=indicator, year=year)
    assert row.height == 1
    return row["value"][0], Status(row["status"][0])


def load(data: Path, *tables: Any) -> Release:
    return build.load(data, tables)


def test_an_indicator_is_computed_and_traced_to_its_cells(tmp_path: Path) -> None:
    release = load(tmp_path, snapshot(2020, [WIJK]))
    assert figure(release, "WK000101", "social_assistance", 2020) == (8.0, Status.OK)
    cells = release.trace("WK000101", "social_assistance", 2020)
    assert [(c.key, c.value) for c in cells] == [("SOCIAL_ASSISTANCE", 40.0), ("POPULATION", 500.0)]
    assert cells[0].origin.table == "T"


def test_a_secret_input_makes_the_figure_secret_not_zero(tmp_path: Path) -> None:
    release = load(tmp_path, snapshot(2020, [{**WIJK, "social_assistance": None}]))
    assert figure(release, "WK000101", "social_assistance", 2020) == (None, Status.SECRET)


def test_a_real_zero_stays_zero(tmp_path: Path) -> None:
    release = load(tmp_path, snapshot(2020, [{**WIJK, "social_assistance": 0}]))
    assert figure(release, "WK000101", "social_assistance", 2020) == (0.0, Status.OK)


def test_under_the_minimum_denominator_nothing_is_computed(tmp_path: Path) -> None:
    release = load(tmp_path, snapshot(2020, [{**WIJK, "population": 45}]))
    assert figure(release, "WK000101", "social_assistance", 2020) == (None, Status.TOO_FEW)


def test_a_share_over_a_hundred_by_rounding_is_too_few(tmp_path: Path) -> None:
    row = {"area": "BU00010101", "population": 50, "age_0_14": 55}
    release = load(tmp_path, snapshot(2020, [row]))
    assert figure(release, "BU00010101", "age_0_14_share", 2020) == (None, Status.TOO_FEW)


def test_twice_as_many_by_rounding_of_a_few_is_too_few_and_not_refused(tmp_path: Path) -> None:
    row = {"area": "BU00010101", "population": 15, "households": 5, "one_person_households": 10}
    release = load(tmp_path, snapshot(2020, [row]))
    found = figure(release, "BU00010101", "one_person_households_share", 2020)
    assert found == (None, Status.TOO_FEW)


def test_a_share_that_no_rounding_explains_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    before = load(tmp_path, snapshot(2020, [WIJK]))
    wrong = snapshot(2021, [{**WIJK, "social_assistance": 5000}], table="U", day=1)
    with pytest.raises(Refusal, match="impossible"):
        load(tmp_path, wrong)
    assert open_release(tmp_path) is before
    assert verify(tmp_path) == []


OWN = {"publisher": "eigen opgave", "licence": "", "table": "own.csv"}


def test_what_an_own_table_gives_and_cbs_has_is_told_and_not_used(tmp_path: Path) -> None:
    east, west = WIJK, {**WIJK, "area": "WK000102", "name": "West", "social_assistance": None}
    cbs = snapshot(2020, [east, west])
    rows = [
        {"area": "WK000101", "population": 510, "social_assistance": 44, "jobs": 100},
        {"area": "WK000102", "population": None, "social_assistance": 45, "jobs": 110},
    ]
    release = load(tmp_path, cbs, snapshot(2020, rows, day=1, **OWN))
    found = [n.fields for n in release.notices() if n.code == "own_passed_over"]
    told = {"table": "own.csv", "years": "2020"}
    assert found == [
        {**told, "column": "POPULATION", "count": 1},
        {**told, "column": "SOCIAL_ASSISTANCE", "count": 2},  # one of them CBS keeps secret
    ]
    assert figure(release, "WK000101", "population", 2020) == (500.0, Status.OK)
    assert figure(release, "WK000102", "social_assistance", 2020) == (None, Status.SECRET)


def test_what_cbs_does_not_have_is_used_without_a_word(tmp_path: Path) -> None:
    other = {"area": "WK000102", "population": 300}
    own = snapshot(2020, [{**WIJK, "population": None, "jobs": 100}], day=1, **OWN)
    late = snapshot(2021, [{**WIJK, "population": 510}], day=1, **{**OWN, "table": "late.csv"})
    cbs = snapshot(
        2020, [{**WIJK, "social_assistance": None}, {**other, "social_assistance": None}]
    )
    release = load(tmp_path, cbs, own, late)
    assert [n.code for n in release.notices() if n.code == "own_passed_over"] == []
    assert figure(release, "WK000101", "social_assistance", 2020) == (8.0, Status.OK)
    assert figure(release, "WK000101", "population", 2021) == (510.0, Status.OK)


def test_rows_of_areas_that_no_loaded_figures_have_are_told(tmp_path: Path) -> None:
    rows = [{"area": "WK000101", "jobs": 9}, {"area": "WK000177", "jobs": 80}]
    own = snapshot(2019, rows, day=1, **OWN)
    release = load(tmp_path, snapshot(2020, [WIJK]), own)
    told = [n.fields for n in release.notices() if n.code == "own_areas_unknown"]
    assert told == [{"table": "own.csv", "count": 1, "codes": "WK000177"}]


def test_what_reading_a_table_told_says_of_which_table(tmp_path: Path) -> None:
    """Also when another table is loaded later."""
    path = tmp_path / "own.csv"
    path.write_text(
        "wijkcode;jaar;aantal_inwoners;mannen;vrouwen\nWK000101;2019;700;40;720\n", "utf-8"
    )
    load(tmp_path / "d", snapshot(2019, [WIJK]), *files.read(path))
    release = load(tmp_path / "d", snapshot(2020, [WIJK], table="later"))
    (told,) = [n for n in release.notices() if n.code == "parts_exceed_total"]
    assert told.text("nl").startswith("own.csv: Regel 2: mannen + vrouwen (760)")


def test_figures_of_years_in_which_the_indicator_did_not_exist_are_told(tmp_path: Path) -> None:
    """Poverty by the definition of 2024, given for 2020, is no figure of anything."""
    row = {"area": "WK000101", "poverty_persons_share": 5.0, "jobs": 100}
    release = load(tmp_path, snapshot(2020, [WIJK]), snapshot(2020, [row], day=1, **OWN))
    told = [n.fields for n in release.notices() if n.code == "own_out_of_time"]
    about = {"table": "own.csv", "years": "2020", "count": 1}
    assert told == [about | {"column": "POVERTY_PERSONS_SHARE"}]


def test_figures_that_lack_another_one_to_be_computed_with_are_told(tmp_path: Path) -> None:
    """Jobs of 2019, but nobody says how many people lived there then."""
    own = snapshot(2019, [{"area": "WK000101", "jobs": 100}], day=1, **OWN)
    release = load(tmp_path, snapshot(2020, [WIJK | AGES]), own)
    told = [(n.code, n.fields["years"]) for n in release.notices() if n.code.startswith("own_")]
    assert told == [("own_incomplete", "2019")]


def test_a_share_is_of_the_people_that_the_newest_table_counts(tmp_path: Path) -> None:
    """5 % of 250 people are kept, of the 150 of the corrected table hidden: eight."""
    share = [{"area": "WK000101", "social_assistance_share_own": 5.0}]
    for day, people in ((0, 250), (1, 150)):
        load(tmp_path, snapshot(2020, [WIJK | {"population": people}], day=day))
    release = load(tmp_path, snapshot(2020, share, day=2, **OWN))
    assert [n.code for n in release.notices() if "hidden" in n.code] == ["small_shares_hidden"]


def test_a_corrected_own_table_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    """What it leaves out is taken back; another year under the same name stays."""
    east = WIJK | AGES
    west = {**east, "area": "WK000102", "name": "West"}
    cbs = [snapshot(year, [east, west], table=f"T{year}") for year in (2019, 2020)]
    old = snapshot(2019, [{"area": "WK000101", "jobs": 90}], day=1, **OWN)
    first = [{"area": "WK000101", "jobs": 100}, {"area": "WK000102", "jobs": 70}]
    load(tmp_path, *cbs, old, snapshot(2020, first, day=1, **OWN))
    corrected = snapshot(2020, [{"area": "WK000101", "jobs": 110}], day=2, **OWN)
    release = build.load(tmp_path, [corrected], accept_loss=True)
    jobs = {
        (code, year): release.series(code)
        .filter(indicator="jobs_per_1000", year=year)["value"]
        .to_list()
        for code, year in (("WK000101", 2019), ("WK000101", 2020), ("WK000102", 2020))
    }
    assert jobs == {
        ("WK000101", 2019): [225.0],
        ("WK000101", 2020): [275.0],
        ("WK000102", 2020): [],
    }


def _of(year: int, *, asked: bool, **about: Any) -> Snapshot:
    """One file of thirty wijken, read as of a year that a person gave, or that it says itself."""
    rows = [WIJK | {"area": f"WK0001{n:02}"} for n in range(30)]
    return replace(snapshot(year, rows, **about), asked=asked)


@pytest.mark.parametrize("about", [{}, OWN], ids=["cbs", "own"])
def test_a_file_loaded_for_another_year_is_a_correction_of_its_year(
    tmp_path: Path, about: dict[str, Any]
) -> None:
    """In both years it would show a standstill that nobody measured."""
    told: list[Any] = []
    build.load(tmp_path, [_of(2018, asked=True, **about)])
    for year in (2019, 2018):  # and back: the release of 2018 is there already
        release = build.load(tmp_path, [_of(year, asked=True, **about)], tell=told.append)
        assert release.years == (year,)
    assert [(n.code, n.fields["before"], n.fields["year"]) for n in told] == [
        ("year_corrected", "2018", "2019"), ("year_corrected", "2019", "2018"),
    ]  # fmt: skip


def test_two_files_that_say_their_years_are_two_years(tmp_path: Path) -> None:
    """The twin: where no year was given, nothing was corrected."""
    told: list[Any] = []
    build.load(tmp_path, [_of(2018, asked=False)])
    release = build.load(tmp_path, [_of(2019, asked=False)], tell=told.append)
    assert (release.years, told) == ((2018, 2019), [])


def test_another_file_for_the_next_year_corrects_nothing(tmp_path: Path) -> None:
    build.load(tmp_path, [_of(2018, asked=True)])
    assert build.load(tmp_path, [_of(2019, asked=True, day=1)]).years == (2018, 2019)


def test_a_corrected_year_gives_the_right_table_of_the_wrong_year_its_place_again(
    tmp_path: Path,
) -> None:
    right = snapshot(2018, [WIJK | {"population": 450}], table="R")
    build.load(tmp_path, [right])
    wrong = build.load(tmp_path, [_of(2018, asked=True, day=1)], accept_loss=True)
    assert figure(wrong, "WK000101", "population", 2018)[0] == 500
    release = build.load(tmp_path, [_of(2019, asked=True, day=1)])
    assert figure(release, "WK000101", "population", 2018)[0] == 450
    assert figure(release, "WK000101", "population", 2019)[0] == 500


def test_outlines_loaded_for_another_year_are_a_correction_too(tmp_path: Path) -> None:
    drawn = pl.DataFrame({"area": ["WK000101"], "name": ["Oost"], "geometry": [b"x"]})
    figures = snapshot(2019, [WIJK])
    for year in (2016, 2019):
        outlines = Boundaries(origin=origin("map"), year=year, frame=drawn, asked=True)
        build.load(tmp_path, [figures, outlines])
    years = [raw.years for raw in store.in_use(tmp_path) if raw.kind == "boundaries"]
    assert years == [frozenset([2019])]


def test_of_two_tables_with_one_name_that_of_one_year_can_be_taken_away(tmp_path: Path) -> None:
    load(tmp_path, _of(2018, asked=False), _of(2019, asked=False, day=1))
    with pytest.raises(WrongUse, match=r"T \(2017\)\. Present: T \(2018\), T \(2019\)"):
        build.remove(tmp_path, "T", 2017)
    assert build.remove(tmp_path, "T", 2018).years == (2019,)


def test_a_loss_is_refused_until_a_person_accepts_it(tmp_path: Path) -> None:
    rows = [{"area": f"WK0001{n:02}", "population": 500} for n in range(30)]
    before = load(tmp_path, snapshot(2020, rows), snapshot(2020, rows, day=1, **OWN))
    with pytest.raises(Refusal) as refused:
        load(tmp_path, snapshot(2020, rows[:20], day=2, **OWN))
    assert refused.value.notice.code == "service_dropped"
    assert open_release(tmp_path) is before
    after = build.load(tmp_path, [snapshot(2020, rows[:20], day=2, **OWN)], accept_loss=True)
    assert [o.table for o in after.origins] == ["T", "own.csv"]


def test_a_table_can_be_taken_away_with_all_its_figures(tmp_path: Path) -> None:
    own = snapshot(2020, [{"area": "WK000101", "jobs": 100}], day=1, **OWN)
    before = load(tmp_path, snapshot(2020, [WIJK | AGES]), own)
    assert figure(before, "WK000101", "jobs_per_1000", 2020) == (250.0, Status.OK)
    after = build.remove(tmp_path, "own.csv")
    assert [o.table for o in after.origins] == ["T"]
    assert after.series("WK000101").filter(indicator="jobs_per_1000").height == 0
    with pytest.raises(WrongUse, match=r"no table own\.csv\. Present: T \(2020\)"):
        build.remove(tmp_path, "own.csv")
    with pytest.raises(Refusal, match="no figures are left"):
        build.remove(tmp_path, "T")
    assert open_release(tmp_path) is after


def test_columns_of_which_nothing_can_be_computed_are_named(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="not a single figure can be computed: jobs"):
        load(tmp_path, snapshot(2020, [{"area": "WK000101", "jobs": 100}], **OWN))


def test_whom_an_own_table_names_as_its_source_is_found_under_the_figure(tmp_path: Path) -> None:
    lines = ("code;indicator;year;value;source", "WK000101;jobs;2020;100;LISA 2020",
             "WK000101;volunteers;2020;40;", "WK000101;shops;2020;7;Locatus")  # fmt: skip
    (tmp_path / "own.csv").write_text("\n".join(lines), "utf-8")
    data = tmp_path / "data"
    release = load(data, snapshot(2020, [{**WIJK, **AGES}]), *files.read(tmp_path / "own.csv"))

    def said(indicator: str) -> list[str]:
        return [cell.said for cell in release.trace("WK000101", indicator, 2020)]

    assert said("jobs_per_1000") == ["LISA 2020", "", "", ""]  # ages are of CBS
    assert said("volunteers_share")[0] == ""
    rows = export.rows(release, ["WK000101"])
    sources = dict(rows.select("indicator", "source").iter_rows())
    assert sources["jobs_per_1000"] == "eigen opgave, own.csv: LISA 2020"
    assert sources["volunteers_share"] == "eigen opgave, own.csv"
    assert sources["population"] == "CBS, T"
    (release.path.parent.parent / "raw" / release.manifest["sources"][-1]["key"] / "table.arrow"
     ).unlink()  # fmt: skip
    export._said.cache_clear()
    with pytest.raises(Refusal) as refused:
        export.rows(release, ["WK000101"])
    assert refused.value.notice.code == "tables_lost"


def test_an_own_table_is_no_source_of_a_year_that_it_does_not_have(tmp_path: Path) -> None:
    lines = ("code;indicator;year;value", "WK000101;jobs;2020;100", "WK000101;volunteers;2019;40")
    (tmp_path / "own.csv").write_text("\n".join(lines), "utf-8")
    row = {**WIJK, **AGES}
    of_cbs = [snapshot(2019, [row], table="S"), snapshot(2020, [{**row, "volunteers": None}])]
    release = load(tmp_path / "data", *of_cbs, *files.read(tmp_path / "own.csv"))
    rows = export.rows(release, ["WK000101"], ["jobs_per_1000", "volunteers_share"])
    assert rows.select("indicator", "year", "status", "source").rows() == [
        ("jobs_per_1000", 2019, "unknown", None),
        ("jobs_per_1000", 2020, "ok", "eigen opgave, own.csv"),
        ("volunteers_share", 2019, "ok", "eigen opgave, own.csv"),
        ("volunteers_share", 2020, "secret", "CBS, T"),  # what CBS says of it stays
    ]
    assert [cell.column for cell in release.trace("WK000101", "jobs_per_1000", 2019)] == list(AGES)
    (cell,) = release.trace("WK000101", "volunteers_share", 2020)[:1]
    assert (cell.origin.table, cell.status) == ("T", Status.SECRET)


def test_a_wide_own_table_names_its_source_for_the_whole_row(tmp_path: Path) -> None:
    text = "code;jaar;aantal_banen;bron\nWK000101;2020;100;LISA 2020\nWK000102;2020;90;\n"
    (tmp_path / "own.csv").write_text(text, "utf-8")
    (own,) = files.read(tmp_path / "own.csv")
    assert isinstance(own, Snapshot)
    assert own.unrecognised == ()
    assert own.frame["jobs@"].to_list() == ["LISA 2020", None]
    assert [name for name in own.frame.columns if name.endswith("@")] == ["jobs@"]


def test_a_refused_table_does_not_come_back_with_the_next_load(tmp_path: Path) -> None:
    load(tmp_path, snapshot(2020, [WIJK]))
    with pytest.raises(Refusal):
        load(tmp_path, snapshot(2021, [{**WIJK, "social_assistance": 5000}], table="U", day=1))
    after = load(tmp_path, snapshot(2019, [WIJK], table="V", day=2))
    assert after.years == (2019, 2020)
    assert len(list((tmp_path / "raw").iterdir())) == 2


def test_of_two_deliveries_the_newest_filled_column_wins(tmp_path: Path) -> None:
    first = snapshot(2020, [{**WIJK, "establishments": 30}], day=1)
    second = snapshot(
        2020, [{**WIJK, "population": 510, "establishments": None}], day=2, default=Status.LATE
    )
    release = load(tmp_path, first, second)
    assert figure(release, "WK000101", "population", 2020) == (510.0, Status.OK)
    assert figure(release, "WK000101", "establishments", 2020) == (30.0, Status.OK)


def test_a_municipality_fills_what_cbs_does_not_have_and_never_overrules_it(tmp_path: Path) -> None:
    cbs = snapshot(2020, [WIJK | AGES], day=1)
    own = snapshot(
        2020, [{"area": "WK000101", "population": 999, "jobs": 80}],
        table="own", day=2, publisher="Gemeente",
    )  # fmt: skip
    release = load(tmp_path, cbs, own)
    assert figure(release, "WK000101", "population", 2020) == (500.0, Status.OK)
    assert figure(release, "WK000101", "jobs_per_1000", 2020) == (200.0, Status.OK)


@pytest.mark.parametrize("damaged", [False, True])
def test_losing_a_fifth_of_the_figures_is_refused(tmp_path: Path, *, damaged: bool) -> None:
    """Also where the release before can no longer be opened: its manifest says what it had."""
    rows = [{**WIJK, "area": f"WK0001{i:02}"} for i in range(30)]
    before = load(tmp_path, snapshot(2020, rows, day=1))
    fewer = [{**row, "social_assistance": None if i > 10 else 40} for i, row in enumerate(rows)]
    if damaged:
        (before.path / "maps.arrow").unlink()
        releases._open.cache_clear()
    with pytest.raises(Refusal) as refused:
        load(tmp_path, snapshot(2020, fewer, day=2))
    assert refused.value.notice.code == "figures_lost"
    assert store.pointer(tmp_path) == before.id


def test_the_fictional_example_leaves_when_real_figures_come(tmp_path: Path) -> None:
    fiction = snapshot(2020, [{**WIJK, "area": "WK990101"}], table="F", fictional=True)
    assert load(tmp_path, fiction).fictional
    release = load(tmp_path, snapshot(2020, [WIJK], day=1))
    assert not release.fictional
    assert [area.code for area in release.areas()] == ["WK000101"]


def test_the_same_tables_make_the_same_release(tmp_path: Path) -> None:
    one = load(tmp_path / "a", snapshot(2020, [WIJK]))
    two = load(tmp_path / "b", snapshot(2020, [WIJK]))
    assert one.id == two.id
    assert one.manifest["files"] == two.manifest["files"]


def test_the_same_tables_under_another_registry_make_another_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update of the software a load must not give the old indicators again."""
    before = load(tmp_path, snapshot(2020, [WIJK]))
    monkeypatch.setattr(build, "fingerprint", lambda: "another")
    assert load(tmp_path, snapshot(2020, [WIJK])).id != before.id


def test_wijken_with_more_people_than_their_gemeente_are_noticed(tmp_path: Path) -> None:
    rows = [{**WIJK, "area": "GM0001", "population": 400}, WIJK]
    notices = load(tmp_path, snapshot(2020, rows)).notices()
    assert [notice.code for notice in notices] == ["parts_exceed_gemeente"]


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    release = load(tmp_path, snapshot(2020, [WIJK]))
    target = release.path / "by_area.arrow"
    content = bytearray(target.read_bytes())
    content[len(content) // 2] ^= 1
    target.write_bytes(bytes(content))
    assert [notice.fields["file"] for notice in verify(tmp_path)] == ["by_area.arrow"]


def test_nothing_recognised_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="Not a single figure"):
        load(tmp_path)


def test_a_figure_a_hundred_times_larger_is_held_until_a_person_accepts_it(tmp_path: Path) -> None:
    before = load(tmp_path, snapshot(2020, [WIJK], day=1))
    jump = snapshot(2020, [{**WIJK, "population": 52_000}], day=2)
    with pytest.raises(Refusal) as held:
        load(tmp_path, jump)
    assert held.value.notice.code == "jumps_held"
    assert open_release(tmp_path) is before
    after = build.load(tmp_path, [jump], accept_jumps=True)
    assert figure(after, "WK000101", "population", 2020) == (52_000.0, Status.OK)


def test_an_own_table_may_not_name_an_area_that_cbs_does_not_have(tmp_path: Path) -> None:
    own = snapshot(
        2020, [{"area": "WK000199", "jobs": 80}], table="own", day=2, publisher="Gemeente"
    )
    load(tmp_path, snapshot(2020, [WIJK], day=1))
    with pytest.raises(Refusal, match="WK000199 does not exist in the 2020 classification"):
        load(tmp_path, own)


def test_an_indicator_exists_only_in_the_years_that_its_definition_holds(tmp_path: Path) -> None:
    """Low income ends in 2023 and poverty, another definition, begins in 2024: never one series."""
    row = WIJK | {"households": 200, "low_income_households_share": 9, "poverty_persons_share": 5}
    tables = [snapshot(year, [row], table=f"T{year}") for year in (2023, 2024)]
    series = load(tmp_path, *tables).series("WK000101")

    def years(indicator: str) -> list[int]:
        return series.filter(indicator=indicator)["year"].to_list()

    assert (years("low_income_households"), years("poverty")) == ([2023], [2024])


def test_a_table_of_tomorrow_means_a_wrong_clock_and_nothing_is_written(tmp_path: Path) -> None:
    before = load(tmp_path, snapshot(2020, [WIJK]))
    with pytest.raises(Refusal, match="clock seems wrong"):
        load(tmp_path, snapshot(2021, [WIJK], table="U", day=365 * 200))
    assert open_release(tmp_path) is before


def test_a_lost_release_is_said_and_no_table_is_swept(tmp_path: Path) -> None:
    release = load(tmp_path, snapshot(2020, [WIJK]))
    load(tmp_path, snapshot(2021, [WIJK], table="U", day=1))
    for folder in (open_release(tmp_path).path, release.path):
        (folder / "manifest.json").write_text("{", "utf-8")
        with pytest.raises(Refusal) as refused:
            load(tmp_path, snapshot(2022, [WIJK], table="V", day=2))
        assert refused.value.notice.code == "release_damaged"
        assert len(list((tmp_path / "raw").iterdir())) == 2


def test_what_another_version_wrote_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    """Without this the first file that is named otherwise would be a traceback."""
    release = load(tmp_path, snapshot(2020, [WIJK]))
    manifest = release.path / "manifest.json"
    old = {**json.loads(manifest.read_text("utf-8")), "format": store.FORMAT - 1}
    manifest.write_text(json.dumps(old), "utf-8")
    store.sign_manifest(release.path)
    for read in (open_release, lambda data: load(data, snapshot(2021, [WIJK], table="U", day=1))):
        releases._open.cache_clear()
        with pytest.raises(Refusal) as refused:
            read(tmp_path)
        assert refused.value.notice.code == "other_format"
    assert len(list((tmp_path / "raw").iterdir())) == 1


def test_a_year_without_any_indicator_is_no_fault(tmp_path: Path) -> None:
    own = snapshot(
        2021, [{"area": "WK000101", "jobs": 80}], table="own", day=1, publisher="Gemeente"
    )
    assert load(tmp_path, snapshot(2020, [WIJK]), own).areas("wijk")[0].code == "WK000101"


def test_a_figure_lost_to_a_boundary_names_no_table(tmp_path: Path) -> None:
    before = {"area": "BU00010101", "name": "Oost", "population": 100}
    after = {**before, "change": "3", "population": 90}
    release = load(tmp_path, snapshot(2019, [before], table="A"), snapshot(2020, [after], day=1))
    assert figure(release, "BU00010101", "population", 2019) == (None, Status.BOUNDARY)
    assert export.rows(release, ["BU00010101"], ["population"])["source"].to_list() == [
        None, "CBS, T",
    ]  # fmt: skip


def gemeente(town: str, *names: str, people: int = 100) -> list[dict[str, Any]]:
    """The wijken of a gemeente, numbered in order."""
    return [
        {"area": f"WK{town}{n:02d}", "name": name, "population": people + n}
        for n, name in enumerate(names, 1)
    ]


NATIONAL = [*gemeente("0001", "Oost", "West", "Noord"), *gemeente("0002", "A", "B", "C", "D")]


def test_a_later_table_of_one_gemeente_leaves_the_boundary_year_and_the_others(
    tmp_path: Path,
) -> None:
    later = snapshot(2023, gemeente("0001", "Oost", "Elders", "Noord", people=200), day=1)
    release = load(tmp_path, snapshot(2020, NATIONAL), later)
    assert release.boundary_year == 2020
    assert figure(release, "WK000202", "population", 2020) == (102.0, Status.OK)
    assert figure(release, "WK000101", "population", 2023) == (201.0, Status.OK)
    assert figure(release, "WK000102", "population", 2023) == (None, Status.BOUNDARY)


def test_a_later_table_of_half_of_the_areas_is_the_boundary_year(tmp_path: Path) -> None:
    """The twin: then it is no small table, and the rest is what that year does not have."""
    later = snapshot(2023, gemeente("0002", "A", "B", "C", "D"), day=1)
    assert load(tmp_path, snapshot(2020, NATIONAL), later).boundary_year == 2023


def test_a_municipalitys_own_years_need_no_names_and_no_table_of_cbs(tmp_path: Path) -> None:
    def own(year: int) -> Any:
        rows = [{"area": "WK000101", "name": None, "shops": year}]
        return snapshot(year, rows, table=f"own {year}", publisher="Gemeente")

    release = load(tmp_path, own(2019), own(2020), own(2021))
    for year in (2019, 2020, 2021):
        assert figure(release, "WK000101", "shops", year) == (float(year), Status.OK)


def test_an_own_table_between_two_years_of_cbs_cuts_no_series(tmp_path: Path) -> None:
    own = snapshot(
        2019, [{"area": "WK000101", "name": None, "shops": 7}], table="own", publisher="Gemeente"
    )
    release = load(
        tmp_path, snapshot(2018, NATIONAL, table="A"), own, snapshot(2020, NATIONAL, table="B")
    )
    assert figure(release, "WK000101", "population", 2018) == (101.0, Status.OK)
    assert figure(release, "WK000101", "shops", 2019) == (7.0, Status.OK)


HOMES = {"area": "WK000101", "name": "Oost", "population": 500, "households": 250}
SCORE = {"area": "WK000101", "name": "Oost", "ses_score": -0.25}


def scores(year: int, row: dict[str, Any], *, division: int, day: int = 1) -> Any:
    return replace(snapshot(year, [row], table="SES", day=day), division=division)


def test_a_score_around_zero_stands_beside_the_figures_of_its_year(tmp_path: Path) -> None:
    release = load(
        tmp_path, snapshot(2019, [HOMES], table="A"), snapshot(2020, [HOMES], table="B"),
        scores(2019, SCORE, division=2025),
    )  # fmt: skip
    assert figure(release, "WK000101", "ses_score", 2019) == (-0.25, Status.OK)
    (cell,) = release.trace("WK000101", "ses_score", 2019)
    assert (cell.origin.table, cell.value) == ("SES", -0.25)
    assert release.manifest["boundary_year"] == 2020
    assert release.manifest["filled"]["2019/ses_score"] == 1


def test_areas_of_another_division_add_no_area_and_rename_none(tmp_path: Path) -> None:
    other = {**SCORE, "area": "WK000102", "name": "Nieuw"}
    renamed = {**SCORE, "name": "West"}
    release = load(
        tmp_path, snapshot(2020, [HOMES]),
        replace(snapshot(2020, [renamed, other], table="SES", day=1), division=2025),
    )  # fmt: skip
    assert [area.code for area in release.areas("wijk")] == ["WK000101"]
    assert release.area("WK000101").name == "Oost"
    assert figure(release, "WK000101", "ses_score", 2020) == (None, Status.BOUNDARY)


def test_of_two_deliveries_on_their_own_areas_the_newest_wins(tmp_path: Path) -> None:
    old = scores(2020, {**SCORE, "ses_score": 0.5}, division=2025)
    new = scores(2020, SCORE, division=2025, day=2)
    release = load(tmp_path, snapshot(2020, [HOMES]), old, new)
    assert figure(release, "WK000101", "ses_score", 2020) == (-0.25, Status.OK)


@pytest.mark.parametrize(
    ("publisher", "division"), [("CBS", None), ("CBS", 2020), ("Politie", 2020)]
)
def test_a_related_table_renames_no_area_and_makes_none(
    tmp_path: Path, publisher: str, division: int | None
) -> None:
    """WK000199 is in no table of Kerncijfers; the related table is loaded later."""
    rows = [{"area": code, "name": "Anders", "ses_score": 0.1} for code in ("WK000101", "WK000199")]
    related = snapshot(2020, rows, table="SES", day=1, publisher=publisher)
    release = load(tmp_path, snapshot(2020, [WIJK]), replace(related, division=division))
    assert [(area.code, area.name) for area in release.areas()] == [("WK000101", "Oost")]
    assert figure(release, "WK000101", "ses_score", 2020) == (0.1, Status.OK)


def test_without_kerncijfers_a_related_table_has_its_own_areas_and_names(tmp_path: Path) -> None:
    rows = [{"area": "WK000199", "name": "Anders", "ses_score": 0.1}]
    release = load(tmp_path, snapshot(2020, rows, table="SES", day=1))
    assert [(area.code, area.name) for area in release.areas()] == [("WK000199", "Anders")]


def test_a_table_of_the_police_may_name_areas_of_its_own_division(tmp_path: Path) -> None:
    """A municipality's own table may not: there a strange code is a mistake."""
    row = {"area": "WK000102", "name": "Nieuw", "shoplifting": 3}
    police = replace(snapshot(2020, [row], table="P", day=1, publisher="Politie"), division=2025)
    load(tmp_path, snapshot(2020, [HOMES]), police)
    with pytest.raises(Refusal) as caught:
        load(tmp_path, replace(police, division=None))
    assert caught.value.notice.code == "unknown_codes"


def test_what_cannot_lie_below_zero_is_still_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="impossible"):
        load(tmp_path, snapshot(2020, [{**HOMES, "cohesion_score": -1}]))


def test_a_table_is_compared_with_its_own_kind_of_the_year_before(tmp_path: Path) -> None:
    """Not with a related table of CBS, which has many more rows: that would be a loss."""
    many = [{"area": f"WK0001{n:02d}", "ses_score": 0.1} for n in range(1, 9)]
    load(
        tmp_path, snapshot(2019, [HOMES], table="A"),
        replace(snapshot(2019, many, table="SES", day=1), division=2025),
        snapshot(2019, [{"area": r["area"], "distance_cafe": 1.0} for r in many], table="N", day=2),
    )  # fmt: skip
    assert 2020 in load(tmp_path, snapshot(2020, [HOMES], table="B", day=3)).years
    with pytest.raises(Refusal) as caught:
        load(tmp_path, snapshot(2020, [{**HOMES, "population": 50_000}], table="C", day=4))
    assert caught.value.notice.code == "jumps_held"


def test_fewer_rows_than_the_same_related_table_had_are_refused(tmp_path: Path) -> None:
    many = [{"area": f"WK0001{n:02d}", "ses_score": 0.1} for n in range(1, 9)]
    was = replace(snapshot(2020, many, table="SES", day=1), division=2025)
    load(tmp_path, snapshot(2020, [HOMES]), was)
    with pytest.raises(Refusal) as caught:
        load(tmp_path, scores(2020, SCORE, division=2025, day=2))
    assert caught.value.notice.code == "service_dropped"


def test_an_extract_with_the_row_of_the_country_takes_no_other_gemeente_its_boundary(
    tmp_path: Path,
) -> None:
    country = {"area": "NL00", "name": "Nederland", "population": 900}
    towns = [row for n in range(1, 5) for row in gemeente(f"000{n}", "Oost", "West")]
    extract = snapshot(2017, [country, *gemeente("0001", "Oost", "West")], table="A")
    release = load(tmp_path, extract, snapshot(2020, [country, *towns], table="B", day=1))
    assert figure(release, "WK000101", "population", 2017) == (101.0, Status.OK)
    assert release.series("WK000301").filter(indicator="population", year=2017).is_empty()


# -- bounds, each from both sides
@pytest.mark.parametrize(("people", "status"), [(45, Status.TOO_FEW), (50, Status.OK)])
def test_a_rate_of_fifty_people_is_told_and_of_fewer_it_is_not(
    tmp_path: Path, people: int, status: Status
) -> None:
    row = {"area": "WK000101", "population": people, "social_assistance": 10}
    release = load(tmp_path, snapshot(2020, [row]))
    assert figure(release, "WK000101", "social_assistance", 2020)[1] is status


@pytest.mark.parametrize(("kept", "is_lost"), [(80, False), (79, True)])
def test_of_a_hundred_figures_twenty_may_go_and_no_more(
    tmp_path: Path, kept: int, is_lost: bool
) -> None:
    rows = [{**WIJK, "area": f"WK0001{i:02}"} for i in range(100)]
    before = load(tmp_path, snapshot(2020, rows, day=1))
    fewer = [{**r, "social_assistance": 40 if i < kept else None} for i, r in enumerate(rows)]
    if not is_lost:
        assert load(tmp_path, snapshot(2020, fewer, day=2)).id != before.id
        return
    with pytest.raises(Refusal) as refused:
        load(tmp_path, snapshot(2020, fewer, day=2))
    assert refused.value.notice.code == "figures_lost"


@pytest.mark.parametrize(("year", "is_held"), [(2021, True), (2022, False), (2019, False)])
def test_a_new_table_is_compared_with_the_year_before_and_no_other(
    tmp_path: Path, year: int, is_held: bool
) -> None:
    load(tmp_path, snapshot(2020, [WIJK], table="A"))
    grown = snapshot(year, [{**WIJK, "population": 50_000}], table="B", day=1)
    if not is_held:
        assert year in load(tmp_path, grown).years
        return
    with pytest.raises(Refusal) as refused:
        load(tmp_path, grown)
    assert refused.value.notice.code == "jumps_held"


@pytest.mark.parametrize(("east", "codes"), [(255, []), (260, ["parts_exceed_gemeente"])])
def test_wijken_may_hold_two_percent_more_than_their_gemeente_by_rounding(
    tmp_path: Path, east: int, codes: list[str]
) -> None:
    rows = [
        {**WIJK, "area": "GM0001", "population": 500}, {**WIJK, "population": east},
        {**WIJK, "area": "WK000102", "population": 255},
    ]  # fmt: skip
    notices = load(tmp_path, snapshot(2020, rows)).notices()
    assert [notice.code for notice in notices] == codes
    if codes:
        assert notices[0].fields == {"area": "GM0001", "year": "2020", "parts": 515, "whole": 500}


@pytest.mark.parametrize(("today", "is_wrong"), [(31, False), (30, True)])
def test_a_clock_in_the_past_is_told_by_the_tables_that_were_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, today: int, is_wrong: bool
) -> None:
    """Of a table of 1 January 2026 a day is allowed, for the time zones of two computers."""

    class Past(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Past:
            return cls(2025, 12, today, tzinfo=tz)

    before = load(tmp_path, snapshot(2020, [WIJK]))
    monkeypatch.setattr(build, "datetime", Past)
    earlier = snapshot(2019, [WIJK], table="U", day=-30)
    if not is_wrong:
        assert 2019 in load(tmp_path, earlier).years
        return
    with pytest.raises(Refusal) as refused:
        load(tmp_path, earlier)
    assert refused.value.notice.code == "clock_wrong"
    assert open_release(tmp_path) is before


def test_the_same_tables_in_another_format_make_another_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = load(tmp_path / "a", snapshot(2020, [WIJK]))
    monkeypatch.setattr(store, "FORMAT", store.FORMAT + 1)
    assert load(tmp_path / "b", snapshot(2020, [WIJK])).id != before.id


def test_a_table_with_a_division_of_its_own_fills_and_never_overrules(tmp_path: Path) -> None:
    row = {**SCORE, "population": 999, "households": 700}
    scored = replace(snapshot(2020, [row], table="SES", day=1), division=2020)
    release = load(tmp_path, snapshot(2020, [{**HOMES, "households": None}]), scored)
    assert figure(release, "WK000101", "ses_score", 2020) == (-0.25, Status.OK)
    assert figure(release, "WK000101", "population", 2020) == (HOMES["population"], Status.OK)
    assert figure(release, "WK000101", "households", 2020) == (700.0, Status.OK)


@pytest.mark.parametrize(
    ("assisted", "status"), [(200, Status.OK), (215, Status.TOO_FEW), (216, Status.EXCEEDS)]
)
def test_a_part_larger_than_its_whole_is_told_as_such_unless_rounding_explains_it(
    tmp_path: Path, assisted: int, status: Status
) -> None:
    """CBS rounds people on assistance to ten and inhabitants to five."""
    table = snapshot(2020, [{**WIJK, "population": 200, "social_assistance": assisted}])
    found = figure(load(tmp_path, table), "WK000101", "social_assistance", 2020)
    assert found == (100.0 if status is Status.OK else None, status)


@pytest.mark.parametrize(("assisted", "is_refused"), [(250, False), (251, True)])
def test_rounding_explains_a_share_of_125_percent_and_no_more(
    tmp_path: Path, assisted: int, is_refused: bool
) -> None:
    table = snapshot(2020, [{**WIJK, "population": 200, "social_assistance": assisted}])
    if not is_refused:
        found = figure(load(tmp_path, table), "WK000101", "social_assistance", 2020)
        assert found == (None, Status.EXCEEDS)
        return
    with pytest.raises(Refusal) as refused:
        load(tmp_path, table)
    assert refused.value.notice.code == "impossible_figure"


def test_per_km2_of_no_land_cannot_exist_which_is_no_silence_of_the_source(tmp_path: Path) -> None:
    release = load(tmp_path, snapshot(2020, [{**WIJK, "area_land": 0}]))
    assert figure(release, "WK000101", "population_density", 2020) == (None, Status.IMPOSSIBLE)


def test_a_figure_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        load(tmp_path, snapshot(2020, [{**WIJK, "population": float("inf")}]))
    assert refused.value.notice.code == "impossible_figure"
    assert refused.value.notice.fields["value"] == "inf"


@pytest.mark.parametrize(("figures", "is_lost"), [(19, False), (20, True)])
def test_of_fewer_than_twenty_figures_all_may_go(
    tmp_path: Path, figures: int, is_lost: bool
) -> None:
    rows = [{**WIJK, "area": f"WK0001{i:02}"} for i in range(40)]
    few = [{**r, "social_assistance": 40 if i < figures else None} for i, r in enumerate(rows)]
    none = [{**row, "social_assistance": 0 if i == 39 else None} for i, row in enumerate(rows)]
    load(tmp_path, snapshot(2020, few, day=1))
    if not is_lost:
        load(tmp_path, snapshot(2020, none, day=2))
        return
    with pytest.raises(Refusal, match="--accept-loss"):
        load(tmp_path, snapshot(2020, none, day=2))


def test_real_figures_may_be_fewer_than_the_fictional_ones_before_them(tmp_path: Path) -> None:
    rows = [{**WIJK, "area": f"WK0001{i:02}"} for i in range(40)]
    made_up = snapshot(2020, rows, day=1)
    load(tmp_path, replace(made_up, origin=replace(made_up.origin, fictional=True)))
    release = load(tmp_path, snapshot(2020, rows[:1], table="real", day=2))
    assert [area.code for area in release.areas("wijk")] == ["WK000100"]


def test_an_own_table_of_as_many_areas_is_no_later_boundary_year(tmp_path: Path) -> None:
    """It does not say which areas there are: its year would leave those of CBS without figures."""
    own = snapshot(2023, [{"area": row["area"], "shops": 20} for row in NATIONAL], day=1, **OWN)
    release = load(tmp_path, snapshot(2020, NATIONAL), own)
    assert (release.boundary_year, release.years) == (2020, (2020, 2023))


def test_taking_a_table_away_is_no_loss_that_must_be_accepted(tmp_path: Path) -> None:
    rows = [{"area": f"WK0001{n:02}", "name": None, "shops": 30} for n in range(30)]
    people = [{"area": row["area"], "population": 500} for row in rows]
    load(tmp_path, snapshot(2020, people), snapshot(2020, rows, day=1, **OWN))
    after = build.remove(tmp_path, "own.csv")
    assert [o.table for o in after.origins] == ["T"]


def test_unguarded_the_same_loss_by_a_load_is_refused(tmp_path: Path) -> None:
    """The twin."""
    rows = [{"area": f"WK0001{n:02}", "name": None, "shops": 30} for n in range(30)]
    people = [{"area": row["area"], "population": 500} for row in rows]
    load(tmp_path, snapshot(2020, people), snapshot(2020, rows, day=1, **OWN))
    gone = [row | {"shops": Status.UNKNOWN if n else 30} for n, row in enumerate(rows)]
    with pytest.raises(Refusal) as refused:
        load(tmp_path, snapshot(2020, gone, day=2, **OWN))
    assert refused.value.notice.code == "figures_lost"


def test_what_cbs_came_to_keep_secret_is_a_loss_also_beside_an_own_table(tmp_path: Path) -> None:
    """What an own table hides was hidden here and is there still; of CBS it is gone."""
    rows = [{**WIJK, "area": f"WK0001{i:02}"} for i in range(30)]
    load(tmp_path, snapshot(2020, rows), snapshot(2020, [{"area": "WK000101", "shops": 20}], **OWN))
    secret = [row | {"social_assistance": None if i else 40} for i, row in enumerate(rows)]
    with pytest.raises(Refusal) as refused:
        load(tmp_path, snapshot(2020, secret, day=2))
    assert refused.value.notice.code == "figures_lost"


def _drawn(year: int, **outlines: bytes | None) -> Boundaries:
    frame = pl.DataFrame(
        {"area": list(outlines), "name": list(outlines), "geometry": list(outlines.values())},
        schema_overrides={"geometry": pl.Binary},
    )
    return Boundaries(origin=origin(f"outlines {year}"), year=year, frame=frame)


@pytest.mark.parametrize("later_first", [True, False])
def test_an_area_is_drawn_as_in_the_newest_year_that_has_its_outline(
    tmp_path: Path, *, later_first: bool
) -> None:
    """Where the newest year has the area without an outline, as in the year before."""
    rows = [{"area": f"WK00010{n}", "population": 500} for n in (1, 2)]
    drawn = [
        _drawn(2019, WK000101=b"old", WK000102=b"older"),
        _drawn(2020, WK000101=b"new", WK000102=None),
    ]
    given = [*reversed(drawn)] if later_first else drawn
    release = load(tmp_path, snapshot(2020, rows), *given)
    assert dict(release.outlines("wijk").select("area", "geometry").iter_rows()) == {
        "WK000101": b"new", "WK000102": b"older",
    }  # fmt: skip
    assert release.drawn_from("wijk")[0] == (2019, 2020)


def test_what_a_later_year_takes_away_of_an_earlier_one_is_told(tmp_path: Path) -> None:
    """A small table of a year with other boundaries empties every figure of the year before there;
    with the changes of boundary it does not."""
    old = [{"area": code, "population": 900, "name": code} for code in ("GM0001", "WK000101")]
    new = [{"area": "GM0001", "population": 900, "name": "GM0001"},
           {"area": "WK0001AA", "population": 900, "name": "Anders"}]  # fmt: skip
    build.load(tmp_path, [snapshot(2020, old)])
    release = build.load(tmp_path, [snapshot(2022, new, table="later", day=1)])
    (told,) = [n for n in release.notices() if n.code == "areas_not_followed"]
    assert told.fields == {"table": "later", "year": "2020", "target": "2022", "count": 1}
    assert "grenswijziging_wijk_van_2020_naar_2022.csv" in told.text("nl")


def test_who_loaded_the_changes_of_boundary_is_not_advised_to_load_them(tmp_path: Path) -> None:
    """It was advised again and again; of buurten there is no such table."""
    old = [{"area": code, "population": 900, "name": code} for code in ("WK000101", "BU00010101")]
    new = [{**old[0]}, {"area": "BU00010102", "population": 900, "name": "Anders"}]
    pairs = pl.DataFrame({"new": ["WK000101"], "old": ["WK000101"], "addresses": [9]})
    walk = Crosswalk(origin=origin("walk"), level="wijk", from_year=2020, to_year=2022, frame=pairs)
    tables = [snapshot(2020, old), walk, snapshot(2022, new, table="later", day=1)]
    release = build.load(tmp_path, tables)
    (told,) = [n for n in release.notices() if "target" in n.fields]
    assert (told.code, told.fields["count"]) == ("areas_without_table", 1)
    assert ("wijk", 2020, 2022) in release.crosswalks


def test_where_every_area_is_followed_nothing_is_told_of_boundaries(tmp_path: Path) -> None:
    rows = [{"area": code, "population": 900, "name": code} for code in ("GM0001", "WK000101")]
    release = build.load(tmp_path, [snapshot(2020, rows), snapshot(2022, rows, table="b", day=1)])
    assert "areas_not_followed" not in {n.code for n in release.notices()}


@pytest.mark.parametrize(("areas", "told"), [(49, True), (50, False)])
def test_one_area_in_fifty_that_is_not_followed_is_not_told_at_every_load(
    tmp_path: Path, areas: int, *, told: bool
) -> None:
    old = [{"area": f"WK0001{n:02d}", "population": 900, "name": f"W{n}"} for n in range(areas)]
    new = [*old[:-1], {**old[-1], "name": "Anders"}]
    release = load(tmp_path, snapshot(2020, old), snapshot(2022, new, table="later", day=1))
    assert ("areas_not_followed" in {n.code for n in release.notices()}) == told


@pytest.mark.parametrize(("areas", "expected"), [(1, 2020), (2, 2023)])
def test_exactly_half_of_the_areas_of_the_fullest_year_make_the_boundary_year(
    tmp_path: Path, areas: int, expected: int
) -> None:
    rows = [{"area": f"WK00010{n}", "population": 900, "name": f"W{n}"} for n in range(4)]
    later = snapshot(2023, rows[:areas], table="later", day=1)
    assert load(tmp_path, snapshot(2020, rows), later).boundary_year == expected
