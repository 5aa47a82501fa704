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

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl

from wijkeconomie.figures.areas import gemeente_of
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.registry import fold, registry
from wijkeconomie.figures.snapshot import CBS, STATUS_SUFFIX, Origin, Snapshot
from wijkeconomie.figures.sources import tidy

REASONS = {"Impossible": Status.IMPOSSIBLE, "Confidential": Status.SECRET}
_NUMERIC = ("Long", "Integer", "Float", "Double")  # of v3
_WHOLE = ("Long", "Integer")
_WHOLE_NUMBER = re.compile(r"\s*-?[0-9]{1,15}\s*")
_YEAR = re.compile(r"\b(?:19|20)[0-9][0-9]\b")
_NAMED_BY = {  # of what a copy holds
    "DataProperties": ("ID", "Type", "Key"),
    **dict.fromkeys(("MeasureCodes", "Dimensions", "WijkenEnBuurtenCodes"), ("Identifier",)),
    "WijkenEnBuurten": ("Key",),
}
_NAMING = ("ID", "Key", "Identifier")
_NOTHING = type(None)
_KINDS = {  # of what we read in a description
    **dict.fromkeys(("Title", "Unit", "DataType", "Datatype", "Kind"), (str, _NOTHING)),
    **dict.fromkeys(("Id", "ParentId", "MeasureGroupId", "ParentID"), (str, int, _NOTHING)),
    **dict.fromkeys(("Identifier", "Key", "Type"), (str, _NOTHING)),
    "MapYear": (str, int, _NOTHING),
}
_DEEPEST = 20  # steps of a path; CBS has four at most

Metadata = Mapping[str, Any]
Part = Callable[[], Any]


def rows(page: Mapping[str, Any], table: str) -> list[dict[str, Any]]:
    """The rows of a page of v4 or v3, or Refusal: "service_shape", "service_type"."""
    found = page.get("value")
    if not isinstance(found, list):
        raise Refusal("service_shape", table=table, what="value")
    for at, row in enumerate(found):
        if not isinstance(row, dict):
            raise unlike(table, at, "value", row)
    return found


def unlike(table: str, at: int, what: str, value: Any) -> Refusal:
    """The row at position *at* holds something of another kind than it should."""
    return Refusal("service_type", table=table, row=at + 1, what=what, value=_short(value))


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:40]


def count(answer: Mapping[str, Any], name: str, table: str) -> int | None:
    """A count that the service gives, if it gives one; Refusal for what is no count."""
    given = answer.get(name)
    if given is None:
        return None
    if isinstance(given, bool) or not re.fullmatch(r"[0-9]{1,12}", str(given)):
        raise Refusal("service_number", table=table, what=name, value=_short(given))
    return int(given)


def said_of(answer: Mapping[str, Any], names: Iterable[str], table: str) -> Mapping[str, Any]:
    """What a table says of itself, of which *names* are words or numbers where they are given."""
    for name in names:
        if isinstance(answer.get(name), bool | list | dict):
            raise unlike(table, 0, name, answer[name])
    return answer


def listed(page: Mapping[str, Any], keys: Sequence[str], table: str) -> list[dict[str, Any]]:
    """The rows of a page that describes a table, whose *keys* are there and whose words are words.

    *page* may be the rows of a copy too.  Raises Refusal: all that reads them may rely on it.
    """
    found = rows(page, table)
    needed(found, keys, table)
    for at, row in enumerate(found):
        for name, value in row.items():
            right = _KINDS.get(name)
            if name in keys:
                right = (int,) if name == "ID" else (str,)
            if right and type(value) not in right:
                raise unlike(table, at, name, value)
    return found


def refuse_listed_twice(
    found: Sequence[Mapping[str, Any]], keys: Iterable[str], table: str
) -> None:
    """Refusal("service_listed_twice") when two rows of a description have one of their *keys*."""
    for key in (key for key in keys if key in _NAMING):
        times = Counter(str(row[key]).strip() for row in found)
        if twice := [named for named, count in times.items() if named and count > 1]:
            raise Refusal("service_listed_twice", table=table, what=key, value=twice[0][:40])


def needed(found: list[dict[str, Any]], names: Iterable[str], table: str) -> None:
    """Refusal("service_shape") unless every row has all of *names*: else it is another service."""
    for name in names:
        for at, row in enumerate(found):
            if name not in row:
                raise Refusal("service_shape", table=table, what=_in_row(name, at))


def _in_row(name: str, at: int) -> dict[str, str]:
    return {"nl": f"{name} in rij {at + 1}", "en": f"{name} in row {at + 1}"}


def words(found: list[dict[str, Any]], name: str, table: str) -> pl.Series:
    """One key of every row as text without padding; null where it is null.

    Raises Refusal: "service_shape" where it lacks, "service_type" where it is no text.
    """
    needed(found, (name,), table)
    return _words([row[name] for row in found], name, table)


def _words(texts: list[Any], name: str, table: str) -> pl.Series:
    if {type(text) for text in texts} - {str, type(None)}:
        at = next(i for i, text in enumerate(texts) if not isinstance(text, str | None))
        raise unlike(table, at, name, texts[at])
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
        values = [
            _number(v, table, name, at) if type(v) in others else v for at, v in enumerate(values)
        ]
    series = pl.Series(name, values, dtype=pl.Float64, strict=False)
    endless = (series.is_infinite() | series.is_null()).fill_null(value=True)
    for at in endless.arg_true():
        if values[at] is not None:
            raise _no_number(table, name, at, values[at])
    return series


def _number(value: Any, table: str, name: str, at: int) -> int:
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    raise _no_number(table, name, at, value)


def _no_number(table: str, name: str, at: int, value: Any) -> Refusal:
    shown = "1e999" if type(value) in (int, float) else _short(value)
    return Refusal("service_number", table=table, what=_in_row(name, at), value=shown)


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
    frame = pl.DataFrame(
        {
            "area": areas,
            "measure": measures,
            "value": numbers(found, "Value", table, texts),
            "text": _words([row.get("StringValue") for row in found], "StringValue", table),
            "reason": words(found, "ValueAttribute", table),
            **{name: words(found, name, table) for name in others},
        }
    )
    both = frame["value"].is_not_null() & frame["reason"].is_in(list(REASONS))
    if both.any():  # a figure, and why there is none
        at = int(both.arg_max() or 0)
        raise unlike(table, at, "ValueAttribute", frame["reason"][at])
    return frame


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
    refuse_twice(figures, origin.table)
    _refuse_undescribed(figures["measure"], described["MeasureCodes"], origin.table)
    whole = [m["Identifier"] for m in described["MeasureCodes"] if m.get("DataType") in _WHOLE]
    _refuse_broken(figures.filter(pl.col("measure").is_in(whole)), origin.table)
    paths = title_paths_v4(described["MeasureCodes"], described["MeasureGroups"])
    wide = named_regions(figures, described["Regions"]).join(
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
    return replace(with_reasons(table, reasoned), unrecognised=names)


def _refuse_undescribed(
    measures: pl.Series, described: Iterable[Mapping[str, Any]], table: str
) -> None:
    """A measure that nothing describes would be left out in silence."""
    known = {measure["Identifier"] for measure in described}
    if lacking := sorted(set(measures.unique()) - known):
        raise Refusal("service_shape", table=table, what=f"MeasureCodes: {lacking[0][:40]}")


def title_paths_v4(
    measures: Iterable[Mapping[str, Any]], groups: Iterable[Mapping[str, Any]]
) -> dict[str, str]:
    """Measure code to title path with unit."""
    by_id = {str(group.get("Id", group.get("Identifier"))): group for group in groups}

    def parent(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return by_id.get(str(entry.get("MeasureGroupId", entry.get("ParentId"))))

    return {str(measure["Identifier"]): title_path(measure, parent) for measure in measures}


def refuse_twice(figures: pl.DataFrame, table: str) -> None:
    """Refusal("service_twice") when an area has two figures of one measure."""
    twice = figures.filter(pl.struct("area", "measure").is_duplicated())
    if twice.height:
        first = twice.row(0, named=True)
        raise Refusal("service_twice", table=table, area=first["area"], what=first["measure"])


def _refuse_broken(figures: pl.DataFrame, table: str) -> None:
    """Refusal("service_number") for a fraction among *figures* that are said to be whole."""
    broken = figures.filter(pl.col("value") != pl.col("value").round())
    if broken.height:
        first = broken.row(0, named=True)
        what, value = f"{first['area']}, {first['measure']}", f"{first['value']:.10g}"
        raise Refusal("service_not_whole", table=table, what=what, value=value)


def named_regions(figures: pl.DataFrame, regions: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
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


def with_reasons(table: Snapshot, figures: pl.DataFrame) -> Snapshot:
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
    for entry in described["DataProperties"]:
        key = entry["Key"]
        if entry.get("Datatype") in _WHOLE and table.schema.get(key) == pl.Float64:
            one = pl.DataFrame({"area": areas, "measure": key, "value": table[key]})
            _refuse_broken(one, origin.table)
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


def is_observations(rows: pl.DataFrame) -> bool:
    """Whether this is OData v4: a row a figure."""
    return {"Measure", "Value"} <= set(rows.columns)


def table(
    parts: Mapping[str, Part], data: str, *, name: str, checksum: str, year: int | None
) -> Snapshot:
    """One table from its *data* part, its description, its topics and the names of its areas.

    *parts* maps "TypedDataSet", "DataProperties", "Metadata" and so on to what reads them.
    """
    about = about_of(parts)
    origin = origin_of(about, name, checksum)
    year = year_of(about) or year
    if year is None:
        raise tidy.year_needed(name)
    rows = parts[data]()
    read = _copy_v4 if is_observations(rows) else _copy_v3
    return read(rows, parts, origin, year)


def origin_of(about: Metadata, name: str, checksum: str) -> Origin:
    """Where a copy came from, as it says itself; its id else stands in its name."""
    publisher, licence = CBS
    return Origin(
        publisher=publisher,
        table=str(about.get("Identifier") or _id_in(name) or name).strip(),
        title=str(about.get("Title") or name),
        version=_version(about, checksum),
        read_at=datetime.now(UTC),
        licence=licence,
        checksum=checksum,
        url=str(about.get("ApiUrl") or ""),
    )


def _id_in(name: str) -> str | None:
    found = re.search(r"(?<![0-9])[0-9]{5}NED", name, re.IGNORECASE)
    return found[0].upper() if found else None


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
        "Regions": entries(parts, "WijkenEnBuurten"),
        "DataProperties": entries(parts, "DataProperties"),
    }
    return snapshot_v3([rows], described, _dimension(rows), year=year, origin=origin, notices=())


def observed(rows: pl.DataFrame, others: Sequence[str] = ()) -> pl.DataFrame:
    """A StatLine zip writes every cell as text, numbers with a decimal comma or point."""
    text = rows["Value"].cast(pl.String).str.strip_chars().str.replace(",", ".", literal=True)
    value = text.replace({"": None, ".": None}).cast(pl.Float64, strict=False)
    wrong = text.is_not_null() & ~text.is_in(["", "."]) & ~value.is_finite().fill_null(value=False)
    if wrong.any():
        at = int(wrong.arg_max() or 0)
        raise _no_number("Observations", "Value", at, text[at])
    return rows.select(
        area=pl.col(_dimension(rows)).str.strip_chars(),
        measure=pl.col("Measure").cast(pl.String).str.strip_chars(),
        value=value,
        text=_column(rows, "StringValue"),
        reason=_column(rows, "ValueAttribute"),
        **{name: pl.col(name).cast(pl.String).str.strip_chars() for name in others},
    )


def _copy_v4(rows: pl.DataFrame, parts: Mapping[str, Part], origin: Origin, year: int) -> Snapshot:
    figures = observed(rows)
    measures = entries(parts, "MeasureCodes") or [
        {"Identifier": measure} for measure in figures["measure"].unique(maintain_order=True)
    ]
    described = {
        "Regions": entries(parts, "WijkenEnBuurtenCodes"),
        "MeasureCodes": measures,
        "MeasureGroups": entries(parts, "MeasureGroups"),
    }
    return snapshot_v4([figures], described, year=year, origin=origin, notices=())


def _column(rows: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String) if name in rows.columns else pl.lit(None, dtype=pl.String)


def entries(parts: Mapping[str, Part], name: str) -> list[dict[str, Any]]:
    """The rows of a part of a copy; none where the copy does not have it."""
    try:
        found = parts[name]() if name in parts else pl.DataFrame()
        if not isinstance(found, pl.DataFrame):
            raise Refusal("json_not_rows")
    except Refusal as refusal:
        if refusal.notice.code != "only_header":  # a table without groups of measures has none
            raise
        return []
    listed_rows = found.to_dicts()
    needed(listed_rows, _NAMED_BY.get(name, ()), name)
    return listed_rows


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


def about_of(parts: Mapping[str, Part]) -> Metadata:
    """Whatever the copy calls its description, as one mapping."""
    for name in ("Metadata", "Properties", "TableInfos"):
        if name in parts:
            found = parts[name]()
            if not isinstance(found, pl.DataFrame | dict):
                raise Refusal("json_not_rows")
            return _described(found) if isinstance(found, pl.DataFrame) else found
    return {}


def _described(table: pl.DataFrame) -> Metadata:
    """A description of one row, or of two columns with name and text."""
    if table.width == 2 and "Identifier" not in table.columns:
        return {str(name): text for name, text in table.iter_rows()}
    return table.row(0, named=True) if table.height else {}
