# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The fictional country: deterministic, consistent, shaped like a town, and with every defect."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl
import pytest
import shapely

from wijkeconomie.figures import areas, build, demo
from wijkeconomie.figures.demo import country as land
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import STATUS_SUFFIX, Boundaries, Crosswalk, Snapshot
from wijkeconomie.insight.scan import scan_all

SOURCE_STATUSES = {
    Status.OK, Status.SECRET, Status.LATE, Status.ENDED, Status.IMPOSSIBLE, Status.UNKNOWN,
}  # fmt: skip
TOWN = pl.col("area").str.contains(f"^..{demo.GEMEENTE[2:]}")


@cache
def tables() -> tuple[Snapshot | Boundaries | Crosswalk, ...]:
    return tuple(demo.tables())


def snapshots(table: str = "") -> list[Snapshot]:
    return [t for t in tables() if isinstance(t, Snapshot) and f"-{table}" in t.origin.table]


def kwb(year: int) -> pl.DataFrame:
    return next(s.frame for s in snapshots("kwb") if s.frame["year"][0] == year)


def outlines(year: int = 2024) -> dict[str, shapely.Geometry]:
    frame = next(t.frame for t in tables() if isinstance(t, Boundaries) and t.year == year)
    shapes = shapely.from_wkb(frame["geometry"].to_list())
    return dict(zip(frame["area"], shapes, strict=True))


def of_level(level: str, year: int = 2024) -> list[shapely.Geometry]:
    return [shape for code, shape in outlines(year).items() if areas.level(code) == level]


@cache
def cells() -> pl.DataFrame:
    """Every cell of every snapshot: table, area, year, column, value, status."""
    parts = [
        s.frame.select(
            "area",
            "year",
            pl.lit(name).alias("column"),
            pl.col(name).alias("value"),
            pl.col(name + STATUS_SUFFIX).alias("status"),
        )
        for s in snapshots()
        for name in s.keys
    ]
    return pl.concat(parts)


# ---- the same for everyone, and said to be fictional -----------------------------------------


def test_two_runs_give_the_same_bytes() -> None:
    again = [t.origin.checksum for t in demo.tables()]
    assert [t.origin.checksum for t in tables()] == again


def test_another_seed_gives_another_country() -> None:
    other = {t.origin.checksum for t in demo.tables(seed=2)}
    assert other.isdisjoint(t.origin.checksum for t in tables() if not isinstance(t, Crosswalk))


def test_every_table_says_that_it_is_fictional() -> None:
    origins = [t.origin for t in tables()]
    assert {(o.fictional, o.publisher, o.licence) for o in origins} == {
        (True, "wijkeconomie (fictief)", "CC0-1.0")
    }
    assert all("(fictief)" in o.title for o in origins)
    gemeenten = kwb(2024).filter(pl.col("area").str.starts_with("GM"))["name"]
    assert all(name.endswith("(fictief)") for name in gemeenten)


def test_no_wijk_or_buurt_bears_a_real_name(shared: Path) -> None:
    source = shared / "kwb-2020-national" / "cbs.v3.84799NED_WijkenEnBuurten.parquet"
    if not source.exists():
        source = shared / "data" / source.relative_to(shared)
    titles = pl.read_parquet(source)["Title"].str.strip_chars()
    real = {re.sub(r"^wijk \S+ ", "", title.lower()) for title in titles.drop_nulls()}
    invented = {name.lower().removesuffix(" (fictief)") for name in kwb(2024)["name"]}
    assert invented & real == set()


def test_no_name_is_used_twice_in_the_country() -> None:
    names = kwb(2024)["name"]
    assert names.n_unique() == len(names)


# ---- enough to try everything with -----------------------------------------------------------


def test_voorbeeldstad_has_eleven_wijken_and_56_buurten_in_eight_years() -> None:
    codes = kwb(2024).filter(TOWN)["area"]
    assert [codes.str.starts_with(p).sum() for p in ("GM", "WK", "BU")] == [1, 11, 56]
    assert [s.frame["year"][0] for s in snapshots("kwb")] == list(range(2017, 2025))


def test_seventeen_other_gemeenten_have_thirty_buurten_each() -> None:
    buurten = kwb(2024).filter(pl.col("area").str.starts_with("BU") & ~TOWN)["area"]
    counts = buurten.str.slice(2, 4).value_counts()["count"]
    assert counts.to_list() == [30] * 17


def test_every_indicator_has_its_columns_but_the_share_that_repeats_a_count() -> None:
    published = {name for s in snapshots() for name in s.keys}
    lacking = {
        i.id for i in registry().indicators.values() if not set(i.inputs.values()) <= published
    }
    assert lacking <= {"benefit_share_municipal"}  # the table has the number of people


def test_every_reason_for_a_missing_figure_occurs() -> None:
    assert {Status(code) for code in cells()["status"].unique()} == SOURCE_STATUSES


def test_most_figures_are_there_and_each_reason_has_its_share() -> None:
    counts = cells().group_by("status").len()
    share = {Status(code): n / counts["len"].sum() for code, n in counts.rows()}
    assert 0.75 < share[Status.OK] < 0.92
    assert 0.02 < share[Status.SECRET] < 0.12
    assert 0.02 < share[Status.LATE] < 0.06
    assert 0.03 < share[Status.ENDED] < 0.08
    assert 0.0003 < share[Status.IMPOSSIBLE] < 0.02
    assert 0.002 < share[Status.UNKNOWN] < 0.02


def test_late_figures_are_of_the_newest_year_only() -> None:
    late = cells().filter(pl.col("status") == int(Status.LATE))
    assert late["year"].unique().to_list() == [2024]


# ---- what every source must hand over --------------------------------------------------------


@pytest.mark.parametrize("table", ["kwb", "shared", "own"])
def test_snapshots_keep_the_contract(table: str) -> None:
    for snapshot in snapshots(table):
        frame = snapshot.frame
        assert frame.select("area", "year").is_unique().all()
        assert all(areas.is_code(code) for code in frame["area"])
        assert frame.schema["year"] == pl.Int16
        for name in snapshot.keys:
            status = frame[name + STATUS_SUFFIX]
            assert (frame.schema[name], status.dtype) == (pl.Float64, pl.UInt8)
            assert frame[name].is_not_null().equals(status <= int(Status.MOVED))
            assert not frame[name].is_nan().any()


def test_keys_are_names_that_the_registry_recognises() -> None:
    keys = {(name, key) for s in snapshots() for name, key in s.keys.items()}
    known = registry()
    assert {(known.recognise(key) or known.recognise_code(key), key) for _, key in keys} == keys


def test_figures_are_possible_and_rounded_as_their_source_rounds() -> None:
    for name, column in registry().columns.items():
        value = cells().filter((pl.col("column") == name) & pl.col("value").is_not_null())
        if value.is_empty():
            continue
        assert value["value"].min() >= column.lowest  # type: ignore[operator]
        assert value["value"].max() <= column.highest  # type: ignore[operator]
        fine = value.filter(pl.col("area").str.contains("^(WK|BU)"))["value"].to_numpy()
        steps = fine / column.rounding
        assert np.abs(steps - np.round(steps)).max() < 1e-6, name


# ---- wholes and parts ------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["population", "households", "age_15_24"])
def test_a_wijk_is_the_sum_of_its_buurten_within_rounding(column: str) -> None:
    for year in (2017, 2024):
        frame = kwb(year)
        parts = (
            frame.filter(pl.col("area").str.starts_with("BU"))
            .group_by("WK" + pl.col("area").str.slice(2, 6))
            .agg(pl.col(column).sum().alias("parts"), pl.len())
        )
        both = frame.select("area", column).join(parts, left_on="area", right_on="literal")
        assert (both[column] - both["parts"]).abs().le(5 * (both["len"] + 1)).all()


def test_the_country_is_exactly_the_sum_of_its_gemeenten() -> None:
    frame = kwb(2023)
    whole = frame.filter(pl.col("area") == areas.COUNTRY)["population"].item()
    assert frame.filter(pl.col("area").str.starts_with("GM"))["population"].sum() == whole


def test_rounding_at_random_leaves_sums_that_do_not_add_up() -> None:
    frame = kwb(2023)
    parts = frame.filter(pl.col("area").str.starts_with("BU"))["population"].sum()
    assert parts != frame.filter(pl.col("area") == areas.COUNTRY)["population"].item()


def test_public_care_counts_in_the_total_from_2021_on() -> None:
    before, after = kwb(2020), kwb(2021)
    assert "firms_public_care" not in before.columns
    for frame in (before, after):
        sectors = [s for s in land.SECTORS if s in frame.columns]
        whole = frame.filter(pl.col("area") == areas.COUNTRY)
        total = whole.select(pl.sum_horizontal(sectors)).item()
        assert abs(total - whole["establishments"].item()) <= 5 * len(sectors)


def test_distances_are_redefined_in_2022() -> None:
    country = [kwb(y).filter(pl.col("area") == "NL00")["distance_gp"].item() for y in (2021, 2022)]
    exact = [
        kwb(y).filter(pl.col("area").str.starts_with("BU"))["distance_gp"].mean()
        for y in (2020, 2021, 2022)
    ]
    assert exact[2] - exact[1] > 5 * abs(exact[1] - exact[0])  # type: ignore[operator]
    assert country[1] >= country[0]


# ---- one change of boundary ------------------------------------------------------------------


def test_one_buurt_is_split_in_2021_and_all_else_stays() -> None:
    changed = {year: set(kwb(year).filter(pl.col("change") == "3")["area"]) for year in land.YEARS}
    assert changed.pop(2021) == {"BU99010306", "BU99010805", "WK990103", "WK990108"}
    assert set().union(*changed.values()) == set()
    assert set(kwb(2021)["area"]) - set(kwb(2020)["area"]) == {"BU99010306"}


def test_the_crosswalk_gives_away_what_the_old_wijk_loses() -> None:
    walk = next(t for t in tables() if isinstance(t, Crosswalk) and t.from_year == 2020)
    pairs = {(new, old) for new, old, _ in walk.frame.rows()}
    assert (walk.level, walk.to_year) == ("wijk", 2024)
    assert pairs == {
        ("WK990103", "WK990103"), ("WK990103", "WK990108"), ("WK990108", "WK990108"),
    }  # fmt: skip
    assert walk.frame["addresses"].min() > 0  # type: ignore[operator]


def test_the_old_outline_is_the_two_new_ones_together() -> None:
    old, new = outlines(2020), outlines(2024)
    both = shapely.union(new["BU99010805"], new["BU99010306"])
    assert shapely.equals(old["BU99010805"], both)


# ---- a map that looks like a town ------------------------------------------------------------


@pytest.mark.parametrize("year", [2020, 2024])
@pytest.mark.parametrize("level", ["buurt", "wijk", "gemeente"])
def test_neighbours_share_their_borders_exactly(level: str, year: int) -> None:
    shapes = of_level(level, year)
    assert all(shape.is_valid and not shape.is_empty for shape in shapes)
    assert shapely.coverage_is_valid(shapes)


def test_only_the_river_parts_the_country() -> None:
    banks = shapely.get_parts(shapely.coverage_union_all(of_level("buurt")))
    assert len(banks) == 2
    assert [len(bank.interiors) for bank in banks] == [0, 0]


def test_cells_bent_one_by_one_would_leave_gaps() -> None:
    points = np.array([b.point for b in land.lay_out(1).buurten])
    bent = [
        shapely.transform(shapely.segmentize(cell, 0.2), land._bend)
        for _, cell in land._cells(points)
    ]
    assert not shapely.coverage_is_valid(bent)


def test_every_wijk_of_voorbeeldstad_is_one_piece() -> None:
    wijken = {c: s for c, s in outlines().items() if c.startswith("WK9901")}
    assert {c for c, s in wijken.items() if s.geom_type != "Polygon"} == set()


def test_the_centre_is_built_denser_than_the_edge() -> None:
    land = dict(kwb(2024).select("area", "area_land").rows())
    centre = [land[c] for c in land if c.startswith("BU990101")]
    edge = [land[c] for c in land if c.startswith("BU990111")]
    assert max(centre) < min(edge)


def test_the_areas_that_a_wijk_is_compared_with_are_about_as_densely_peopled(
    tmp_path: Path,
) -> None:
    """Else "comparable" looks odd on every page: half to double, as address density is."""
    release = build.load(tmp_path, demo.tables())
    for indicator in ("population_density", "address_density"):
        density = dict(release.map(indicator, 2024, "wijk").select("area", "value").iter_rows())
        for scan in scan_all(release, "GM9901", "wijk"):
            peers = [density[peer.area.code] for peer in scan.peers.list]
            assert 0.5 < median(peers) / density[scan.area.code] < 2, (indicator, scan.area.code)


def test_the_country_lies_in_open_sea() -> None:
    west, south, east, north = shapely.total_bounds(list(outlines().values()))
    assert (west > 3.0, east < 4.1) == (True, True)
    assert (south > 52.6, north < 53.3) == (True, True)


# ---- the stories that the pages show ---------------------------------------------------------


def share(code: str, part: str, year: int) -> float:
    row = kwb(year).filter(pl.col("area") == code)
    return float(row[part].item() / row["population"].item())


def usual(kind: str, part: str, year: int) -> float:
    codes = [b.code for b in land.lay_out(1).buurten if (b.kind, b.story) == (kind, "plain")]
    return float(np.median([share(code, part, year) for code in codes]))


def test_vlasveste_has_far_more_people_on_assistance_than_its_kind() -> None:
    assert share("BU99010501", "social_assistance", 2023) > 1.8 * usual(
        "postwar", "social_assistance", 2023
    )


def test_zuidoever_is_behind_the_country_but_level_with_its_kind() -> None:
    own = share("WK990104", "social_assistance", 2023)
    assert own > 1.3 * share("NL00", "social_assistance", 2023)
    assert own == pytest.approx(usual("postwar", "social_assistance", 2023), rel=0.15)


def test_havenoord_gains_on_the_country_and_zuiderveste_falls_behind() -> None:
    ratio = {
        (code, year): share(code, "social_assistance", year)
        / share("NL00", "social_assistance", year)
        for code in ("WK990103", "WK990109")
        for year in (2018, 2024)
    }
    assert ratio["WK990103", 2024] < 0.85 * ratio["WK990103", 2018]
    assert ratio["WK990109", 2024] > 1.15 * ratio["WK990109", 2018]


def test_on_the_business_estate_there_are_firms_and_too_few_people() -> None:
    row = kwb(2024).filter(pl.col("area") == "BU99010802").row(0, named=True)
    assert row["population"] == 0
    assert row["establishments"] > 100
    assert row["household_size" + STATUS_SUFFIX] == Status.IMPOSSIBLE


def test_a_release_of_it_shows_moved_and_lost_figures(tmp_path: Path) -> None:
    release = build.load(tmp_path, demo.tables())
    assert release.fictional
    assert release.years == land.YEARS
    found = {
        Status(code)
        for part in ("WK990103", "BU99010306")
        for code in release.series(part)["status"]
    }
    assert {Status.MOVED, Status.BOUNDARY, Status.LATE} <= found
