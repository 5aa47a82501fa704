# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Copies of a CBS table on disk: OData v3 or v4 as JSON or Parquet, and the StatLine zip.

Source: CBS open data, OData v3 (TypedDataSet, DataProperties, TableInfos) and v4 (Observations,
MeasureCodes, MeasureGroups, Properties).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import Origin, Snapshot
from wijkeconomie.figures.sources import odata_v3, odata_v4
from wijkeconomie.figures.sources.grid import frame
from wijkeconomie.figures.sources.tidy import year_needed

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LONE = re.compile("[\ud800-\udfff]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

Metadata = Mapping[str, Any]
Part = Callable[[], Any]


def parse(content: bytes) -> Any:
    """Strict JSON (RFC 8259): no NaN, no key twice, nothing that UTF-8 cannot hold.

    Raises Refusal with line and column.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal("json_not_utf8", byte=f"0x{content[error.start]:02X}") from error
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise _cut_or_wrong(text, error) from error
    except RecursionError as error:
        raise Refusal("json_too_deep") from error
    if _SURROGATE.search(text):
        _refuse_lone(data)
    return data


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Refusal("json_key_twice", key=twice[:60])
    return entries


def _refuse_constant(name: str) -> None:
    raise Refusal("json_constant", name=name)


def _cut_or_wrong(text: str, error: json.JSONDecodeError) -> Refusal:
    """Text that stops inside something is cut off: tell where the whole part ends."""
    rest = text[error.pos :].strip()
    if rest and not error.msg.startswith("Unterminated"):
        return Refusal("json_wrong", line=error.lineno, column=error.colno)
    whole = text.rfind("{", 0, error.pos)
    stop = whole if whole > 0 else error.pos
    line = text.count("\n", 0, stop) + 1
    return Refusal("json_cut_off", line=line, column=stop - (text.rfind("\n", 0, stop) + 1))


def _refuse_lone(data: Any) -> None:
    if isinstance(data, str) and (match := _LONE.search(data)):
        raise Refusal("json_lone_surrogate", point=f"U+{ord(match[0]):04X}")
    if isinstance(data, dict):
        data = [*data, *data.values()]
    if isinstance(data, list):
        for part in data:
            _refuse_lone(part)


def rows_of(data: Any) -> pl.DataFrame:
    """The rows of an OData answer or of a plain list, whatever keys each row has."""
    rows = data.get("value") if isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refusal("json_not_rows")
    if any(isinstance(cell, dict | list) for row in rows for cell in row.values()):
        raise Refusal("json_nested")
    if not rows:
        raise Refusal("only_header")
    names = list(dict.fromkeys(key for row in rows for key in row))
    return frame(names, [[row.get(name) for name in names] for row in rows])


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
    origin = Origin(
        publisher="CBS",
        table=str(about.get("Identifier") or name),
        title=str(about.get("Title") or name),
        version=_version(about, checksum),
        read_at=datetime.now(UTC),
        licence="CC BY 4.0",
        checksum=checksum,
        url=str(about.get("ApiUrl") or ""),
    )
    year = year_of(about) or year
    if year is None:
        raise year_needed(name)
    rows = parts[data]()
    read = _v4 if is_observations(rows) else _v3
    return read(rows, parts, origin, year)


def _version(about: Metadata, checksum: str) -> str:
    named = (about.get(key) for key in ("Version", "Updated", "Modified"))
    return str(next(filter(None, named), checksum))


def _dimension(rows: pl.DataFrame) -> str:
    for name in ("WijkenEnBuurten", "RegioS"):
        if name in rows.columns:
            return name
    raise Refusal("no_code_column")


def _v3(rows: pl.DataFrame, parts: Mapping[str, Part], origin: Origin, year: int) -> Snapshot:
    described = {
        "Regions": _entries(parts, "WijkenEnBuurten"),
        "DataProperties": _entries(parts, "DataProperties"),
    }
    return odata_v3.snapshot(
        [rows], described, _dimension(rows), year=year, origin=origin, notices=()
    )


def _v4(rows: pl.DataFrame, parts: Mapping[str, Part], origin: Origin, year: int) -> Snapshot:
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
    return odata_v4.snapshot([figures], described, year=year, origin=origin, notices=())


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
    known = {table.id: table.year for table in registry().tables if table.topic == "kwb"}
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
