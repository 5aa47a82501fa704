# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables beside Kerncijfers wijken en buurten: of each only the figures that the registry picks.

The same rules for the service, for a copy of its answers, for the zip of StatLine and for the table
that StatLine exports: dimensions, members, units and the year of the areas must be as we know them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice, Refusal, WrongUse
from wijkeconomie.figures.registry import Pick, Series, fold, registry
from wijkeconomie.figures.snapshot import Origin, Snapshot
from wijkeconomie.figures.sources import odata, tidy
from wijkeconomie.figures.sources.grid import Grid
from wijkeconomie.figures.sources.layout import Layout, is_placed, layout

_DIMENSIONS = ("Dimension", "GeoDetail")  # ends of the v3 types: TimeDimension, GeoDimension
_AREA, _PERIODS = "area", "Perioden"
_UNIT = re.compile(r"(.*?) \(([^()]*)\)")  # Totaalscore/Gemiddelde score (Getal)
_WHOLE_YEAR = r"^((?:19|20)[0-9][0-9])\*{0,2}$"  # 2024, 2024* (provisional)
_SECRET = next(word for word, status in odata.REASONS.items() if status is Status.SECRET)
_SAID = {"percent": "%", "km": "km"}  # how CBS writes units that are easily mistaken


def table(
    parts: Mapping[str, odata.Part], data: str, *, name: str, checksum: str, year: int | None
) -> Snapshot:
    """A copy of an OData table, as :func:`odata.table`, whichever table of CBS it is of."""
    about = odata.about_of(parts)
    origin = odata.origin_of(about, name, checksum)
    if origin.table in {known.id for known in registry().tables}:
        return odata.table(parts, data, name=name, checksum=checksum, year=year)
    v4 = data == "Observations"
    shape = _shape_of(parts, origin.table, v4=v4)
    series = _series_of(origin.table, shape)
    if shape is None or series is None:
        return odata.table(parts, data, name=name, checksum=checksum, year=year)
    origin = replace(origin, publisher=series.publisher, licence=series.licence)
    said = odata.year_of(about) or year
    return _copied(parts[data](), parts, shape, series, origin, said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a table says of itself, in words that both versions share.

    ``division`` is the year of its areas; ``periods`` its dimension of time, "" without one;
    ``others`` its other dimensions; ``measures`` maps codes to title path and unit.
    """

    regions: str
    division: int | None
    periods: str
    others: tuple[str, ...]
    measures: Mapping[str, tuple[str, str]]


def shape_v3(properties: Sequence[Mapping[str, Any]], table: str) -> Shape:
    """From DataProperties; Refusal("service_shape") without regions."""
    paths = odata.title_paths_v3(properties)
    dimensions = [entry for entry in properties if str(entry["Type"]).endswith(_DIMENSIONS)]
    topics = [entry for entry in properties if entry["Type"] == "Topic"]
    return _shape(dimensions, topics, paths, table, kind="Type", key="Key")


def shape_v4(described: Mapping[str, Sequence[Mapping[str, Any]]], table: str) -> Shape:
    """From Dimensions, MeasureCodes and MeasureGroups; Refusal("service_shape") without regions."""
    measures = described["MeasureCodes"]
    paths = odata.title_paths_v4(measures, described["MeasureGroups"])
    return _shape(described["Dimensions"], measures, paths, table, kind="Kind", key="Identifier")


def _shape(
    dimensions: Sequence[Mapping[str, Any]],
    measures: Sequence[Mapping[str, Any]],
    paths: Mapping[str, str],
    table: str,
    *,
    kind: str,
    key: str,
) -> Shape:
    regions = odata.regions_of(dimensions, table, kind=kind, key=key)
    year = str(next(entry.get("MapYear") for entry in dimensions if entry[key] == regions))
    times = [str(d[key]) for d in dimensions if str(d.get(kind, "")).startswith("Time")]
    named = (str(d[key]) for d in dimensions)
    units = {str(m[key]): str(m.get("Unit") or "").strip() for m in measures}
    return Shape(
        regions=regions,
        division=int(year) if re.fullmatch(r"[0-9]{4}", year) else None,
        periods=times[0] if times else "",
        others=tuple(name for name in named if name != regions and name not in times),
        measures={
            code: (paths[code].removesuffix(f" ({units[code]})"), units[code]) for code in units
        },
    )


def chosen(series: Series, shape: Shape, table: str) -> dict[str, str]:
    """Column to measure code; Refusal("unlike_table") when the table is not as we know it."""
    if series.periods and shape.division is None:
        raise Refusal("unlike_table", table=table, what="MapYear")
    if bool(shape.periods) != bool(series.periods):
        raise Refusal("unlike_table", table=table, what=shape.periods or "Perioden")
    for pick in series.picks:
        if unknown := set(shape.others) ^ set(pick.where):
            raise Refusal("unlike_table", table=table, what=min(unknown))
    return {pick.column: _measure(pick, shape, table) for pick in series.picks}


def picked(
    series: Series, shape: Shape, codes: Mapping[str, Mapping[str, str]], table: str
) -> dict[str, tuple[str, dict[str, str]]]:
    """Column to measure and the member of each other dimension; *codes* is code to title of each.

    Refusal("unlike_table") for a member that is not there.
    """
    measures = chosen(series, shape, table)
    return {
        pick.column: (
            measures[pick.column],
            {name: member(codes[name], said, table) for name, said in pick.where.items()},
        )
        for pick in series.picks
    }


def _measure(pick: Pick, shape: Shape, table: str) -> str:
    wanted = fold(pick.measure)
    found = [code for code, (path, _) in shape.measures.items() if wanted in _ends(code, path)]
    if len(found) != 1:
        raise Refusal("unlike_table", table=table, what=pick.measure)
    unit, expected = shape.measures[found[0]][1], registry().columns[pick.column].unit
    if expected in _SAID and unit != _SAID[expected]:
        raise Refusal("unlike_table", table=table, what=f"{pick.measure} ({_SAID[expected]})")
    return found[0]


def _ends(code: str, path: str) -> set[str]:
    """Every way to name a measure: its key without position, and each end of its title path."""
    steps = path.split("/")
    return {
        fold(re.sub(r"_[0-9]+$", "", code)),
        *(fold("".join(steps[n:])) for n in range(len(steps))),
    }


def member(members: Mapping[str, str], wanted: str, table: str) -> str:
    """The code, as the service pads it, of the member with this code or title."""
    for code, name in members.items():
        if code.strip() == wanted or fold(name) == fold(wanted):
            return code
    raise Refusal("unlike_table", table=table, what=wanted)


def periods(members: Iterable[str], kind: str, years: Iterable[int]) -> dict[str, int]:
    """Code to year of the newest period of *kind* in each year: 2021JJ00, or 2021KW04."""
    known = sorted(members)
    found: dict[str, int] = {}
    for year in years:
        of_year = [code for code in known if code.startswith(f"{year}{kind}")]
        found |= dict.fromkeys(of_year[-1:], year)
    return found


def long_v3(frame: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """A page of v3 with a row a figure, as v4 has it."""
    places = [name for name in (shape.regions, shape.periods, *shape.others) if name]
    measures = [name for name in frame.columns if name in shape.measures]
    long = frame.unpivot(measures, index=places, variable_name="measure")
    return long.rename({shape.regions: "area"}).with_columns(reason=pl.lit(None, pl.String))


def related(
    frames: Sequence[pl.DataFrame],
    figures_of: Mapping[str, tuple[str, Mapping[str, str]]],
    shape: Shape,
    years: Mapping[str, int],
    regions: Iterable[Mapping[str, Any]],
    *,
    year: int,
    origin: Origin,
    notices: tuple[Notice, ...],
) -> Snapshot:
    """The figures of a related table in our columns, a row an area and year.

    *figures_of* maps columns to measure and members; *years* the periods to their year, empty where
    the table is about *year* alone.
    """
    whole = pl.concat(frames)
    time = pl.col(shape.periods).replace_strict(years) if years else pl.lit(year)
    figures = whole.with_columns(year=time.cast(pl.Int16))
    table = figures.select("area", "year").unique(maintain_order=True)
    parts = []
    for column, (measure, members) in figures_of.items():
        part = _part(figures, measure, members)
        odata.refuse_twice(part.with_columns(area=pl.format("{} {}", "area", "year")), origin.table)
        parts.append(part)
        here = part.select("area", "year", pl.col("value").alias(column))
        table = table.join(here, on=("area", "year"), how="left", maintain_order="left")
    named = odata.named_regions(table, regions).join(table, left_on="regiocode", right_on="area")
    read = tidy.snapshot(named.rename({"year": "jaar"}), origin=origin, year=None, notices=notices)
    keys = {column: _says(*found) for column, found in figures_of.items()}
    read = odata.with_reasons(replace(read, keys=keys), pl.concat(parts))
    own = set(years.values()) or {year}
    return replace(read, division=None if own == {shape.division} else shape.division)


def _part(figures: pl.DataFrame, measure: str, members: Mapping[str, str]) -> pl.DataFrame:
    here = [pl.col(name) == code.strip() for name, code in members.items()]
    of_measure = figures.filter(pl.col("measure") == measure, *here)
    return of_measure.select(
        "area", "year", "measure", "value", "reason", key=pl.lit(_says(measure, members))
    )


def _says(measure: str, members: Mapping[str, str]) -> str:
    return ", ".join([measure, *(f"{name} = {code.strip()}" for name, code in members.items())])


def _shape_of(parts: Mapping[str, odata.Part], table: str, *, v4: bool) -> Shape | None:
    """What a copy says of its table; None where the description is not beside it."""
    if not v4 and "DataProperties" in parts:
        return shape_v3(odata.entries(parts, "DataProperties"), table)
    if v4 and {"Dimensions", "MeasureCodes"} <= parts.keys():
        names = ("Dimensions", "MeasureCodes", "MeasureGroups")
        return shape_v4({name: odata.entries(parts, name) for name in names}, table)
    return None


def _series_of(table: str, shape: Shape | None) -> Series | None:
    """The series that a table belongs to: by its id, else by having all figures that we pick."""
    for series in registry().series:
        if table in series.tables:
            if shape is None:
                raise Refusal("unlike_table", table=table, what="DataProperties/Dimensions")
            return series
    for series in registry().series:
        if shape is None:
            break
        with suppress(Refusal):
            chosen(series, shape, table)
            return series
    return None


def _copied(
    rows: pl.DataFrame,
    parts: Mapping[str, odata.Part],
    shape: Shape,
    series: Series,
    origin: Origin,
    year: int | None,
) -> Snapshot:
    """The figures that the registry picks from a copy; *year* is what it says of itself."""
    v4 = odata.is_observations(rows)
    names = [name for name in (shape.periods, *shape.others) if name]
    figures = odata.observed(rows, names) if v4 else _long(rows, shape, origin.table)
    codes = {name: _members(parts, name, figures[name]) for name in names}
    listed = odata.entries(parts, shape.regions + "Codes" * v4)
    regions = [{"Identifier": row.get("Key"), **row} for row in listed]
    return _picked(figures, codes, regions, shape, series, origin, year)


def _picked(
    figures: pl.DataFrame,
    codes: Mapping[str, Mapping[str, str]],
    regions: Sequence[Mapping[str, Any]],
    shape: Shape,
    series: Series,
    origin: Origin,
    year: int | None,
) -> Snapshot:
    table = origin.table
    found = picked(series, shape, codes, table)
    years = _years(codes.get(shape.periods, {}), series, table)
    if shape.periods:
        figures = figures.filter(pl.col(shape.periods).is_in(list(years)))
    return related(
        [figures], found, shape, years, regions, origin=origin, notices=(),
        year=max(years.values()) if years else _one_year(series, table, year),
    )  # fmt: skip


def _years(codes: Mapping[str, str], series: Series, table: str) -> dict[str, int]:
    """The periods of a copy that give the figure of a year, of the years that we know it has."""
    if not series.periods:
        return {}
    held = sorted({int(code[:4]) for code in codes if re.match("[0-9]{4}", code)})
    first, last = series.tables.get(table, (min(held, default=0), max(held, default=0)))
    found = periods(codes, series.periods, (year for year in held if first <= year <= last))
    if not found:
        raise Refusal("unlike_table", table=table, what=f"{first}{series.periods}")
    return found


def _one_year(series: Series, table: str, said: int | None) -> int:
    """The year of a table without periods: its own word, which must be ours where we know it."""
    known = series.tables.get(table, (said, said))[0]
    if known is None:
        raise tidy.year_needed(table)
    if said not in (None, known):
        raise Refusal("table_other_period", table=table, found=str(said), expected=str(known))
    return known


def _members(parts: Mapping[str, odata.Part], name: str, found: pl.Series) -> dict[str, str]:
    """Code to title of the members of a dimension; without their list, the codes that occur."""
    listed = odata.entries(parts, name) or odata.entries(parts, name + "Codes")
    titles = {
        str(row.get("Key", row.get("Identifier"))).strip(): odata.title(row) for row in listed
    }
    return titles or {str(code): "" for code in found.unique().sort().drop_nulls()}


def _long(rows: pl.DataFrame, shape: Shape, table: str) -> pl.DataFrame:
    """A row a figure, from a row an area whose cells are numbers or (padded) text."""
    text = rows.with_columns(pl.all().cast(pl.String).str.strip_chars())
    long = long_v3(text, shape)
    number = pl.col("value").str.replace(",", ".", literal=True).replace({"": None, ".": None})
    try:
        return long.with_columns(
            number.cast(pl.Float64), reason=pl.when(pl.col("value") == ".").then(pl.lit(_SECRET))
        )
    except pl.exceptions.InvalidOperationError as error:
        wrong = long.filter(number.cast(pl.Float64, strict=False).is_null() & number.is_not_null())
        first = wrong.row(0, named=True)
        what, value = f"{first['area']}, {first['measure']}", first["value"]
        raise Refusal("service_number", table=table, what=what, value=value[:40]) from error


def series_of_headers(headers: Sequence[str]) -> Series | None:
    """The series of which StatLine exported a table, told by the titles of all that we pick and
    by its places: titles alone a municipality's own table may have too."""
    if not is_placed(headers):
        return None
    for series in registry().series:
        with suppress(Refusal):
            chosen(series, _shape_of_headers(headers, division=1), "")
            return series
    return None


def exported(grid: Grid, series: Series, origin: Origin, year: int | None) -> Snapshot:
    """A table as StatLine exports it: title paths over the columns, members by their title.

    *year* is that of the areas, which the table does not say: WrongUse("areas_year_needed").
    """
    shape = _shape_of_headers(grid.rows.columns, division=year)
    if series.periods and year is None:
        title = {"nl": series.title.nl, "en": series.title.en}
        raise WrongUse("areas_year_needed", file=origin.table, title=title)
    plan = layout(grid.rows, {})
    rows = grid.rows.rename({plan.code: _AREA, **_named_dimensions(grid.rows.columns)})
    if shape.periods:
        rows = rows.with_columns(pl.col(shape.periods).str.replace(_WHOLE_YEAR, "${1}JJ00"))
    figures = _long(rows, shape, origin.table)
    codes = {
        name: {code: code.partition(" ")[0] if code[:1] in "0123456789" else code
               for code in figures[name].unique().sort()}
        for name in (shape.periods, *shape.others) if name
    }  # fmt: skip
    origin = replace(origin, publisher=series.publisher, licence=series.licence)
    return _picked(figures, codes, _regions_of(rows, plan), shape, series, origin, year)


def _shape_of_headers(headers: Sequence[str], *, division: int | None) -> Shape:
    named = _named_dimensions(headers)
    split = {header: _UNIT.fullmatch(header) for header in headers if header not in named}
    return Shape(
        regions=_AREA,
        division=division,
        periods=_PERIODS if _PERIODS in named.values() else "",
        others=tuple(name for name in named.values() if name != _PERIODS),
        measures={header: (found[1], found[2]) for header, found in split.items() if found},
    )


def _named_dimensions(headers: Sequence[str]) -> dict[str, str]:
    """Header to the name that the registry gives this dimension."""
    picks = (pick for series in registry().series for pick in series.picks)
    known = {fold(name): name for name in (_PERIODS, *(n for pick in picks for n in pick.where))}
    return {header: known[fold(header)] for header in headers if fold(header) in known}


def _regions_of(rows: pl.DataFrame, plan: Layout) -> list[dict[str, Any]]:
    if plan.name is None:
        return []
    pairs = rows.select(_AREA, plan.name).unique(maintain_order=True)
    return [{"Identifier": code, "Title": name} for code, name in pairs.iter_rows()]
