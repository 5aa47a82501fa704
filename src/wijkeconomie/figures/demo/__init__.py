# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The fictional country: what CBS, a register and gemeenten would publish about it.

Made by our own code from nothing but names and rules of thumb (``toml``, ``figures.toml``),
so that everyone can try the software without data.  It holds what real data hold: rounding,
secret, late, ended, impossible and unknown figures, breaks and a change of boundary.

Rounding and thresholds as CBS, Toelichting Kerncijfers wijken en buurten 2023: counts of people,
homes and households in wijken and buurten at random to a multiple of 5, benefits to 10, income
from 100 households, participation from 150 inhabitants, sectors from 20 establishments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wijkeconomie.figures import areas
from wijkeconomie.figures.demo.country import (
    YEARS,
    Country,
    figures,
    generator,
    lay_out,
    polygons,
    rules,
    urbanity,
)
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import Column, registry
from wijkeconomie.figures.snapshot import (
    STATUS_SUFFIX,
    Boundaries,
    Crosswalk,
    Origin,
    Snapshot,
    Table,
)

GEMEENTE = "GM9901"
_SPLIT = 2021  # from this year one buurt is two, and one of them lies in another wijk
_MADE = datetime(2025, 1, 1, tzinfo=UTC)  # no clock: the same tables on every machine
_TITLES = {
    "kwb": "Kerncijfers wijken en buurten van Voorbeeldland (fictief)",
    "related": "Verwante tabellen van Voorbeeldland (fictief)",
    "shared": "Starters en winkels in Voorbeeldland (fictief)",
    "own": "Eigen tabel van gemeenten in Voorbeeldland (fictief)",
}

Float = NDArray[np.floating[Any]]
Codes = NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Classification:
    """All areas of one year, by code, and which buurten of 2024 lie in each (areas, buurten)."""

    year: int
    codes: Codes
    fine: NDArray[np.bool_]  # wijk or buurt
    member: Float

    def total(self, value: Float) -> Float:
        """Sum over buurten, for each area."""
        return self.member @ value

    def mean(self, value: Float, weight: Float) -> Float:
        """Weighted mean over buurten, for each area; NaN where the weight is zero."""
        whole = self.total(weight)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(whole > 0, self.total(value * weight) / whole, np.nan)


def tables(seed: int = 1) -> list[Table]:
    """Return the whole fictional country, 2017 to 2024; the same *seed* gives the same tables.

    Snapshots (three tables a year), boundaries of 2020 and 2024, and crosswalks to 2024 of the
    wijken that changed in 2021.  Every origin says that it is fictional.
    """
    country = lay_out(seed)
    shapes, hectares = polygons(np.array([b.point for b in country.buurten]))
    made = figures(country, hectares, seed)
    found: list[Table] = []
    for position, year in enumerate(YEARS):
        division = _classify(country, year)
        exact = _exact(division, {name: value[position] for name, value in made.items()})
        found += [_snapshot(table, division, exact, country, seed) for table in _TITLES]
    found += [_boundaries(_classify(country, year), country, shapes) for year in (2020, 2024)]
    now = made["dwellings"][-1]
    found += [_crosswalk(country, now, year) for year in YEARS if year < _SPLIT]
    return found


def _classify(country: Country, year: int) -> _Classification:
    buurten = [b.code if year >= _SPLIT else b.before for b in country.buurten]
    within = [(b, areas.parent(b), areas.gemeente_of(b), areas.COUNTRY) for b in buurten]
    codes = np.unique(np.array(within))
    member = np.zeros((len(codes), len(buurten)))
    for buurt, around in enumerate(within):
        member[np.searchsorted(codes, around), buurt] = 1.0
    fine = np.array([areas.level(code) in ("wijk", "buurt") for code in codes])
    return _Classification(year=year, codes=codes, fine=fine, member=member)


def _exact(division: _Classification, made: Mapping[str, Float]) -> dict[str, Float]:
    """Every figure of every area before publication; NaN where it cannot occur."""
    columns = registry().columns
    exact: dict[str, Float] = {}
    for name in rules():
        column = columns[name]
        if column.kind == "count":
            exact[name] = division.total(made[name])
        else:
            weight = column.of or ("households" if column.kind == "median" else "population")
            exact[name] = division.mean(made[name], made[weight])
    exact["address_density"] = division.mean(made["address_density"], made["dwellings"])
    exact["urbanity"] = np.where(
        np.isnan(exact["address_density"]), np.nan, urbanity(exact["address_density"])
    )
    exact["population_density"] = 100.0 * exact["population"] / exact["area_land"]
    with np.errstate(invalid="ignore", divide="ignore"):
        exact["household_size"] = exact["population"] / exact["households"]
    return exact


def _snapshot(
    table: str,
    division: _Classification,
    exact: Mapping[str, Float],
    country: Country,
    seed: int,
) -> Snapshot:
    rows = _rows_of(table, division, country)
    published = {
        name: _publish(name, rule, division, exact, seed)
        for name, rule in rules().items()
        if rule.get("table", "kwb") == table and division.year >= rule.get("since", 0)
    }
    frame = _identity(division, country)
    for name, (value, status) in published.items():
        frame = frame.with_columns(
            pl.Series(name, value, nan_to_null=True),
            pl.Series(name + STATUS_SUFFIX, status, dtype=pl.UInt8),
        )
    frame = frame.filter(pl.Series(rows))
    columns = registry().columns
    return Snapshot(
        origin=_origin(
            f"voorbeeld-{table}-{division.year}",
            f"{_TITLES[table]}, {division.year}",
            frame.write_csv().encode(),
        ),
        frame=frame,
        keys={name: _key(columns[name]) for name in published},
    )


def _rows_of(table: str, division: _Classification, country: Country) -> NDArray[np.bool_]:
    """Who is in the table: all, or the gemeenten with a table of their own."""
    if table != "own":
        return np.ones(len(division.codes), dtype=bool)
    return np.array([areas.gemeente_of(code) in country.tables for code in division.codes])


def _identity(division: _Classification, country: Country) -> pl.DataFrame:
    codes = [str(code) for code in division.codes]
    names = [country.names[code] for code in codes]
    gemeente = [country.names[areas.gemeente_of(code)] for code in codes]
    changed = _changed(country) if division.year == _SPLIT else frozenset()
    change = [None if code == areas.COUNTRY else "3" if code in changed else "1" for code in codes]
    return pl.DataFrame(
        {"area": codes, "name": names, "gemeente": gemeente, "change": change},
        schema_overrides={"change": pl.String},
    ).select("area", pl.lit(division.year, pl.Int16).alias("year"), "name", "gemeente", "change")


def _changed(country: Country) -> frozenset[str]:
    """Codes whose ground changed in the split: buurten and wijken, new and old."""
    moved = [code for b in country.buurten if b.code != b.before for code in (b.code, b.before)]
    return frozenset(moved) | {areas.parent(code) for code in moved}


def _publish(
    name: str,
    rule: Mapping[str, Any],
    division: _Classification,
    exact: Mapping[str, Float],
    seed: int,
) -> tuple[Float, NDArray[np.uint8]]:
    """Round and hide one figure as its publisher would: value (NaN where hidden) and status."""
    rng = generator(seed, name, str(division.year))
    value = exact[name]
    status = np.zeros(len(value), dtype=np.uint8)
    drawn = rng.uniform(size=len(value))
    rare = division.fine & (drawn < rule.get("unsure", 0.0))
    lost = division.fine & (drawn > 1.0 - rule.get("gaps", 0.0))
    status[lost] = Status.UNKNOWN
    status[rare | _too_few(rule, exact) | (value <= rule.get("hidden_to", -1))] = Status.SECRET
    status[_nobody(rule, exact) | np.isnan(value)] = Status.IMPOSSIBLE
    if rule.get("gaps_in") == division.year or division.year in rule.get("skip", ()):
        status[:] = Status.UNKNOWN
    if rule.get("late") and division.year == YEARS[-1]:
        status[:] = Status.LATE
    if division.year > rule.get("until", division.year):
        status[:] = Status.ENDED
    rounded = _rounded(registry().columns[name], value, division.fine, rng)
    return np.where(status == Status.OK, rounded, np.nan), status


def _too_few(rule: Mapping[str, Any], exact: Mapping[str, Float]) -> NDArray[np.bool_]:
    few = np.zeros(len(exact["population"]), dtype=bool)
    for counted, least in rule.get("least", {}).items():
        few |= exact[counted] < least
    return few


def _nobody(rule: Mapping[str, Any], exact: Mapping[str, Float]) -> NDArray[np.bool_]:
    """Where there is nobody or nothing that a mean or share could be about."""
    nobody = np.zeros(len(exact["population"]), dtype=bool)
    for counted in rule.get("least", {}):
        nobody |= exact[counted] == 0
    return nobody


def _rounded(
    column: Column, value: Float, fine: NDArray[np.bool_], rng: np.random.Generator
) -> Float:
    """To the source's step; people and homes of wijk and buurt up or down at random (CBS)."""
    step = column.rounding
    near = np.round(value / step) * step
    if column.kind == "count" and step == 5.0 and column.unit != "firms":
        up_or_down = np.floor(value / step + rng.uniform(size=len(value))) * step
        near = np.where(fine, up_or_down, np.round(value))
    return np.round(near, 3)


def _key(column: Column) -> str:
    """The name under which the publisher would give it."""
    return (column.titles or column.names or column.own or (column.id,))[0]


def _boundaries(division: _Classification, country: Country, shapes: list[Any]) -> Boundaries:
    import shapely  # noqa: PLC0415 -- heavy

    parts = np.array(shapes)
    codes = [str(code) for code in division.codes if code != areas.COUNTRY]
    member = division.member[division.codes != areas.COUNTRY] > 0
    geometry = [shapely.coverage_union_all(parts[row]) for row in member]
    wkb = [shapely.to_wkb(shapely.normalize(outline), byte_order=1) for outline in geometry]
    frame = pl.DataFrame(
        {"area": codes, "name": [country.names[code] for code in codes], "geometry": wkb}
    )
    title = f"Wijken en buurten van Voorbeeldland (fictief), {division.year}"
    origin = _origin(f"voorbeeld-kaart-{division.year}", title, b"".join(wkb))
    return Boundaries(origin=origin, year=division.year, frame=frame)


def _crosswalk(country: Country, dwellings: Float, year: int) -> Crosswalk:
    """Addresses of the old wijken in the new ones, for the wijken that changed."""
    changed = _changed(country)
    pairs = pl.DataFrame(
        {
            "new": [areas.parent(b.code) for b in country.buurten],
            "old": [areas.parent(b.before) for b in country.buurten],
            "addresses": dwellings,
        }
    )
    frame = (
        pairs.filter(pl.col("new").is_in(changed))
        .group_by("new", "old")
        .agg(pl.col("addresses").sum())
        .sort("new", "old")
    )
    title = f"Grenswijzigingen van wijken in Voorbeeldland (fictief), {year} naar {YEARS[-1]}"
    return Crosswalk(
        origin=_origin(f"voorbeeld-grenzen-{year}", title, frame.write_csv().encode()),
        level="wijk",
        from_year=year,
        to_year=YEARS[-1],
        frame=frame,
    )


def _origin(table: str, title: str, content: bytes) -> Origin:
    checksum = hashlib.sha256(content).hexdigest()
    return Origin(
        publisher="wijkeconomie (fictief)",
        table=table,
        title=title,
        version=checksum[:12],
        read_at=_MADE,
        licence="CC0-1.0",
        checksum=checksum,
        fictional=True,
    )
