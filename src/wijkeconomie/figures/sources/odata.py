# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A table of CBS as OData: v4, v3, and the copies of both that people keep on disk.

v4 writes one row a figure, with the reason when there is none: empty cells are not sent, unless
they have a reason such as ``Impossible`` (https://datasets.cbs.nl/odata/v1/releasenotes.html and
the metadata of 83765NED).  v3 writes one row an area, null without a reason, text padded to width
(CBS, Handleiding CBS Open Data Services, 2014, and the metadata of 84799NED).  A copy is either,
as JSON or Parquet, or the zip of StatLine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import polars as pl

from wijkeconomie.figures.areas import gemeente_of
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.registry import Pick, Series, fold, registry
from wijkeconomie.figures.snapshot import CBS, STATUS_SUFFIX, Origin, Snapshot
from wijkeconomie.figures.sources import tidy

REASONS = {"Impossible": Status.IMPOSSIBLE, "Confidential": Status.SECRET}
_NUMERIC = ("Long", "Integer", "Float", "Double")  # of v3
_WHOLE_NUMBER = re.compile(r"\s*-?\d{1,15}\s*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DIMENSIONS = ("Dimension", "GeoDetail")  # ends of the v3 types: TimeDimension, GeoDimension
_SAID = {"percent": "%", "km": "km"}  # how CBS writes units that are easily mistaken
_DEEPEST = 20  # steps of a path; CBS has four at most

Metadata = Mapping[str, Any]
Part = Callable[[], Any]


def rows(page: Mapping[str, Any], table: str) -> list[dict[str, Any]]:
    """The rows of a page of v4 or v3, or Refusal("service_shape")."""
    found = page.get("value")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Refusal("service_shape", table=table, what="value")
    return found


def count(answer: Mapping[str, Any], name: str) -> int | None:
    """A count that the service gives, if it gives one."""
    given = str(answer.get(name))
    return int(given) if re.fullmatch(r"\d{1,12}", given) else None


def needed(found: list[dict[str, Any]], names: Iterable[str], table: str) -> None:
    """Refusal("service_shape") unless every row has all of *names*: else it is another service."""
    for name in names:
        if any(name not in row for row in found):
            raise Refusal("service_shape", table=table, what=name)


def words(found: list[dict[str, Any]], name: str, table: str) -> pl.Series:
    """One key of every row as text without padding; null where it is null."""
    needed(found, (name,), table)
    texts = [None if row[name] is None else str(row[name]) for row in found]
    return pl.Series(name, texts, dtype=pl.String).str.strip_chars()


def numbers(found: list[dict[str, Any]], name: str, table: str, texts: dict[str, int]) -> pl.Series:
    """One key of every row as Float64, null where it is null.

    Text is taken only when it is exactly a whole number, and counted in *texts*.  Raises
    Refusal("service_number") for everything else: true, false, other text, numbers without end.
    """
    needed(found, (name,), table)
    values = [row[name] for row in found]
    others = {type(value) for value in values} - {int, float, type(None)}
    if others:
        texts[name] = texts.get(name, 0) + sum(type(value) in others for value in values)
        values = [_number(v, table, name) if type(v) in others else v for v in values]
    series = pl.Series(name, values, dtype=pl.Float64, strict=False)
    if series.is_infinite().any() or series.null_count() != values.count(None):
        raise Refusal("service_number", table=table, what=name, value="1e999")
    return series


def _number(value: Any, table: str, name: str) -> int:
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    raise Refusal("service_number", table=table, what=name, value=repr(value)[:40])


def title_path(entry: Mapping[str, Any], parent: Callable[[Any], Mapping[str, Any] | None]) -> str:
    """``Wonen/Woningen naar type/Percentage eengezinswoning (%)`` for a measure or topic.

    Titles alone are not unique within a table ("Huurwoning" of electricity and of gas).
    """
    steps, group = [title(entry)], parent(entry)
    while group is not None and len(steps) < _DEEPEST:
        steps.append(title(group))
        group = parent(group)
    path, unit = "/".join(reversed(steps)), entry.get("Unit")
    return f"{path} ({unit})" if unit else path


def title(entry: Mapping[str, Any]) -> str:
    """The title without the (non-breaking) spaces that CBS leaves at its end."""
    return " ".join(str(entry.get("Title") or "").split())


def regions_of(described: Sequence[Mapping[str, Any]], table: str, *, kind: str, key: str) -> str:
    """Name of the dimension of regions: WijkenEnBuurten, in 2013 RegioS."""
    for entry in described:
        if str(entry.get(kind, "")).startswith("Geo"):
            return str(entry[key])
    raise Refusal("service_shape", table=table, what="GeoDimension")


def observations(
    page: Mapping[str, Any],
    dimension: str,
    *,
    table: str,
    texts: dict[str, int],
    others: Sequence[str] = (),
) -> pl.DataFrame:
    """A page as a frame: ``area``, ``measure``, ``value``, ``text``, ``reason``, and *others*."""
    found = rows(page, table)
    areas, measures = words(found, dimension, table), words(found, "Measure", table)
    if areas.null_count() or measures.null_count():
        raise Refusal("service_shape", table=table, what=f"{dimension}/Measure")
    return pl.DataFrame(
        {
            "area": areas,
            "measure": measures,
            "value": numbers(found, "Value", table, texts),
            "text": pl.Series([row.get("StringValue") for row in found], dtype=pl.String),
            "reason": words(found, "ValueAttribute", table),
            **{name: words(found, name, table) for name in others},
        }
    )


def snapshot_v4(
    frames: Sequence[pl.DataFrame],
    described: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    year: int,
    origin: Origin,
    notices: tuple[Notice, ...],
) -> Snapshot:
    """Turn observations into a table of areas, with the service's reason for what is missing.

    A measure without any value is late; an empty cell for which no row came is unknown.
    """
    figures = pl.concat(frames)
    _refuse_twice(figures, origin.table)
    paths = title_paths_v4(described["MeasureCodes"], described["MeasureGroups"])
    wide = _regions(figures, described["Regions"]).join(
        _changes(figures, paths), on="regiocode", how="left"
    )
    numeric = [
        str(measure["Identifier"])
        for measure in described["MeasureCodes"]
        if measure.get("DataType") != "String"
    ]
    table = tidy.snapshot(
        wide.join(_wide(figures, numeric), on="regiocode", how="left"),
        origin=origin,
        year=year,
        notices=notices,
        titles={code: registry().recognise_code(code) or paths[code] for code in numeric},
    )
    names = tuple(paths.get(header) or header for header in table.unrecognised)
    reasoned = figures.with_columns(key="measure")
    return replace(_with_reasons(table, reasoned), unrecognised=names)


def title_paths_v4(
    measures: Iterable[Mapping[str, Any]], groups: Iterable[Mapping[str, Any]]
) -> dict[str, str]:
    """Measure code to title path with unit."""
    by_id = {str(group.get("Id", group.get("Identifier"))): group for group in groups}

    def parent(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return by_id.get(str(entry.get("MeasureGroupId", entry.get("ParentId"))))

    return {str(measure["Identifier"]): title_path(measure, parent) for measure in measures}


def _refuse_twice(figures: pl.DataFrame, table: str) -> None:
    twice = figures.filter(pl.struct("area", "measure").is_duplicated())
    if twice.height:
        first = twice.row(0, named=True)
        raise Refusal("service_twice", table=table, area=first["area"], what=first["measure"])


def _regions(figures: pl.DataFrame, regions: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Every area that has an observation, with its name and that of its gemeente."""
    names = {str(region["Identifier"]).strip(): title(region) for region in regions}
    areas = figures["area"].unique(maintain_order=True).to_list()
    return pl.DataFrame(
        {
            "regiocode": areas,
            "regionaam": [names.get(area) for area in areas],
            "gemeentenaam": [names.get(gemeente_of(area)) for area in areas],
        },
        schema={"regiocode": pl.String, "regionaam": pl.String, "gemeentenaam": pl.String},
    )


def _changes(figures: pl.DataFrame, paths: Mapping[str, str]) -> pl.DataFrame:
    """The indelingswijziging, which is text and so no figure."""
    ends = {code: fold(path.rpartition("/")[2]) for code, path in paths.items()}
    codes = [code for code, end in ends.items() if end.startswith("indelingswijziging")]
    found = figures.filter(pl.col("measure").is_in(codes))
    text = pl.coalesce("text", pl.col("value").cast(pl.Int64).cast(pl.String))
    return found.select(regiocode="area", indelingswijziging=text).unique("regiocode")


def _wide(figures: pl.DataFrame, numeric: list[str]) -> pl.DataFrame:
    """A row an area, a column a measure; a measure without any row is a column of nulls."""
    wide = figures.filter(pl.col("measure").is_in(numeric)).pivot(
        on="measure", on_columns=numeric, index="area", values="value", aggregate_function="first"
    )
    return wide.rename({"area": "regiocode"})


def _with_reasons(table: Snapshot, figures: pl.DataFrame) -> Snapshot:
    """Put the service's reason in place of "unknown" where it gave one.

    *figures* has area, value, reason, ``key`` (as in ``table.keys``) and perhaps year.
    """
    reasoned = figures.filter(pl.col("reason").is_in(list(REASONS)) & pl.col("value").is_null())
    places = [name for name in ("area", "year") if name in figures.columns]
    frame = table.frame
    for name, key in table.keys.items():
        of_measure = reasoned.filter(pl.col("key") == key)
        if of_measure.height:
            frame = _reason(frame, name + STATUS_SUFFIX, of_measure, places)
    return replace(table, frame=frame)


def _reason(
    frame: pl.DataFrame, status: str, reasoned: pl.DataFrame, places: Sequence[str]
) -> pl.DataFrame:
    """*frame* with the reasons of *reasoned* where its status says unknown."""
    meanings = pl.col("reason").replace_strict(REASONS, return_dtype=pl.UInt8)
    found = reasoned.select(*places, meanings).unique(places)
    whole = frame.join(found, on=places, how="left", maintain_order="left")
    unknown = (pl.col(status) == Status.UNKNOWN.value) & pl.col("reason").is_not_null()
    better = pl.when(unknown).then("reason").otherwise(status).alias(status)
    return whole.with_columns(better).drop("reason")


def kinds(properties: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Key of every topic to whether it is a number."""
    return {
        str(entry["Key"]): entry.get("Datatype") in _NUMERIC
        for entry in properties
        if entry.get("Type") == "Topic"
    }


def typed(
    page: Mapping[str, Any],
    dimension: str,
    numeric: Mapping[str, bool],
    *,
    table: str,
    texts: dict[str, int],
) -> pl.DataFrame:
    """A page of TypedDataSet as a frame: every topic has the type that it announces."""
    found = rows(page, table)
    needed(found, (dimension,), table)
    names = [name for name in found[0] if name != "ID"] if found else []
    return pl.DataFrame(
        [
            numbers(found, name, table, texts) if numeric.get(name) else words(found, name, table)
            for name in names
        ]
    )


def snapshot_v3(
    frames: Sequence[pl.DataFrame],
    described: Mapping[str, Sequence[Mapping[str, Any]]],
    dimension: str,
    *,
    year: int,
    origin: Origin,
    notices: tuple[Notice, ...],
) -> Snapshot:
    """The table of areas, with the names that the dimension gives them."""
    names = {str(region["Key"]).strip(): title(region) for region in described["Regions"]}
    filled = [frame for frame in frames if frame.height] or list(frames[:1])
    if any(frame.columns != filled[0].columns for frame in filled):
        raise Refusal("service_shape", table=origin.table, what="TypedDataSet")
    table = pl.concat(filled)
    areas = table[dimension].str.strip_chars()
    named = pl.Series("regionaam", [names.get(area) for area in areas], dtype=pl.String)
    return tidy.snapshot(
        table.with_columns(areas, named),
        origin=origin,
        year=year,
        notices=notices,
        titles=title_paths_v3(described["DataProperties"]),
    )


def title_paths_v3(properties: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Key of every topic to title path with unit."""
    by_id = {entry["ID"]: entry for entry in properties}

    def parent(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return by_id.get(entry.get("ParentID"))

    topics = (entry for entry in properties if entry.get("Type") == "Topic")
    return {str(entry["Key"]): title_path(entry, parent) for entry in topics}


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
    paths = title_paths_v3(properties)
    dimensions = [entry for entry in properties if str(entry["Type"]).endswith(_DIMENSIONS)]
    topics = [entry for entry in properties if entry["Type"] == "Topic"]
    return _shape(dimensions, topics, paths, table, kind="Type", key="Key")


def shape_v4(described: Mapping[str, Sequence[Mapping[str, Any]]], table: str) -> Shape:
    """From Dimensions, MeasureCodes and MeasureGroups; Refusal("service_shape") without regions."""
    measures = described["MeasureCodes"]
    paths = title_paths_v4(measures, described["MeasureGroups"])
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
    regions = regions_of(dimensions, table, kind=kind, key=key)
    year = str(next(entry.get("MapYear") for entry in dimensions if entry[key] == regions))
    times = [str(d[key]) for d in dimensions if str(d.get(kind, "")).startswith("Time")]
    named = (str(d[key]) for d in dimensions)
    units = {str(m[key]): str(m.get("Unit") or "").strip() for m in measures}
    return Shape(
        regions=regions,
        division=int(year) if re.fullmatch(r"\d{4}", year) else None,
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
        fold(re.sub(r"_\d+$", "", code)),
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
    picked: Mapping[str, tuple[str, Mapping[str, str]]],
    shape: Shape,
    years: Mapping[str, int],
    regions: Iterable[Mapping[str, Any]],
    *,
    year: int,
    origin: Origin,
    notices: tuple[Notice, ...],
) -> Snapshot:
    """The figures of a related table in our columns, a row an area and year.

    *picked* maps columns to measure and members; *years* the periods to their year, empty where
    the table is about *year* alone.
    """
    whole = pl.concat(frames)
    time = pl.col(shape.periods).replace_strict(years) if years else pl.lit(year)
    figures = whole.with_columns(year=time.cast(pl.Int16))
    table = figures.select("area", "year").unique(maintain_order=True)
    parts = []
    for column, (measure, members) in picked.items():
        part = _part(figures, measure, members)
        _refuse_twice(part.with_columns(area=pl.format("{} {}", "area", "year")), origin.table)
        parts.append(part)
        here = part.select("area", "year", pl.col("value").alias(column))
        table = table.join(here, on=("area", "year"), how="left", maintain_order="left")
    named = _regions(table, regions).join(table, left_on="regiocode", right_on="area")
    read = tidy.snapshot(named.rename({"year": "jaar"}), origin=origin, year=None, notices=notices)
    keys = {column: _says(*found) for column, found in picked.items()}
    read = _with_reasons(replace(read, keys=keys), pl.concat(parts))
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


def is_observations(rows: pl.DataFrame) -> bool:
    """Whether this is OData v4: a row a figure."""
    return {"Measure", "Value"} <= set(rows.columns)


def table(
    parts: Mapping[str, Part], data: str, *, name: str, checksum: str, year: int | None
) -> Snapshot:
    """One table from its *data* part, its description, its topics and the names of its areas.

    *parts* maps "TypedDataSet", "DataProperties", "Metadata" and so on to what reads them.
    """
    about = _about(parts)
    publisher, licence = CBS
    origin = Origin(
        publisher=publisher,
        table=str(about.get("Identifier") or name),
        title=str(about.get("Title") or name),
        version=_version(about, checksum),
        read_at=datetime.now(UTC),
        licence=licence,
        checksum=checksum,
        url=str(about.get("ApiUrl") or ""),
    )
    year = year_of(about) or year
    if year is None:
        raise tidy.year_needed(name)
    rows = parts[data]()
    read = _copy_v4 if is_observations(rows) else _copy_v3
    return read(rows, parts, origin, year)


def _version(about: Metadata, checksum: str) -> str:
    named = (about.get(key) for key in ("Version", "Updated", "Modified"))
    return str(next(filter(None, named), checksum))


def _dimension(rows: pl.DataFrame) -> str:
    for name in ("WijkenEnBuurten", "RegioS"):
        if name in rows.columns:
            return name
    raise Refusal("no_code_column")


def _copy_v3(rows: pl.DataFrame, parts: Mapping[str, Part], origin: Origin, year: int) -> Snapshot:
    described = {
        "Regions": _entries(parts, "WijkenEnBuurten"),
        "DataProperties": _entries(parts, "DataProperties"),
    }
    return snapshot_v3([rows], described, _dimension(rows), year=year, origin=origin, notices=())


def _copy_v4(rows: pl.DataFrame, parts: Mapping[str, Part], origin: Origin, year: int) -> Snapshot:
    """A StatLine zip writes every cell as text, numbers with a decimal comma or point."""
    number = pl.col("Value").cast(pl.String).str.strip_chars().str.replace(",", ".", literal=True)
    figures = rows.select(
        area=pl.col(_dimension(rows)).str.strip_chars(),
        measure=pl.col("Measure").cast(pl.String).str.strip_chars(),
        value=number.replace({"": None}).cast(pl.Float64, strict=False),
        text=_column(rows, "StringValue"),
        reason=_column(rows, "ValueAttribute"),
    )
    measures = _entries(parts, "MeasureCodes") or [
        {"Identifier": measure} for measure in figures["measure"].unique(maintain_order=True)
    ]
    described = {
        "Regions": _entries(parts, "WijkenEnBuurtenCodes"),
        "MeasureCodes": measures,
        "MeasureGroups": _entries(parts, "MeasureGroups"),
    }
    return snapshot_v4([figures], described, year=year, origin=origin, notices=())


def _column(rows: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String) if name in rows.columns else pl.lit(None, dtype=pl.String)


def _entries(parts: Mapping[str, Part], name: str) -> list[dict[str, Any]]:
    return list(parts[name]().to_dicts()) if name in parts else []


def year_of(metadata: Metadata) -> int | None:
    """The one year that a table is about: its period, else its title, else its id."""
    for name in ("TemporalCoverage", "Period", "Title"):
        years = set(_YEAR.findall(str(metadata.get(name) or "")))
        if len(years) == 1:
            return int(years.pop())
    known = {table.id: table.year for table in registry().tables}
    return known.get(str(metadata.get("Identifier") or ""))


def year_in(titles: Sequence[str]) -> int | None:
    """The one year that titles name, None when they name none or several."""
    years = {year for title in titles for year in _YEAR.findall(title)}
    return int(years.pop()) if len(years) == 1 else None


def _about(parts: Mapping[str, Part]) -> Metadata:
    """Whatever the copy calls its description, as one mapping."""
    for name in ("Metadata", "Properties", "TableInfos"):
        if name in parts:
            found = parts[name]()
            return _described(found) if isinstance(found, pl.DataFrame) else dict(found)
    return {}


def _described(table: pl.DataFrame) -> Metadata:
    """A description of one row, or of two columns with name and text."""
    if table.width == 2 and "Identifier" not in table.columns:
        return {str(name): text for name, text in table.iter_rows()}
    return table.row(0, named=True) if table.height else {}
