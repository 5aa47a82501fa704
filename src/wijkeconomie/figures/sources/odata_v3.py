# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What CBS writes in OData v3: one row an area, null without a reason, text padded to width.

Source: CBS, Handleiding CBS Open Data Services (2014), and the metadata of 84799NED.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.snapshot import Origin, Snapshot
from wijkeconomie.figures.sources import tidy
from wijkeconomie.figures.sources.odata import column, numbers, rows, title, title_path

_NUMERIC = ("Long", "Integer", "Float", "Double")


def geographic(properties: Sequence[Mapping[str, Any]], table: str) -> str:
    """Key of the dimension of regions: WijkenEnBuurten, in 2013 RegioS."""
    for entry in properties:
        if str(entry.get("Type", "")).startswith("Geo"):
            return str(entry["Key"])
    raise Refusal("service_shape", table=table, what="GeoDimension")


def kinds(properties: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Key of every topic to whether it is a number."""
    return {
        str(entry["Key"]): entry.get("Datatype") in _NUMERIC
        for entry in properties
        if entry.get("Type") == "Topic"
    }


def typed(
    page: Mapping[str, Any], numeric: Mapping[str, bool], *, table: str, texts: dict[str, int]
) -> pl.DataFrame:
    """A page of TypedDataSet as a frame in which every topic has the type that it announces."""
    found = rows(page, table)
    names = [name for name in found[0] if name != "ID"] if found else []
    series = []
    for name in names:
        values = column(found, name, table)
        if numeric.get(name, False):
            values = numbers(values, table=table, what=name, texts=texts)
            series.append(pl.Series(name, values, dtype=pl.Float64, strict=False))
        else:
            text = [None if value is None else str(value) for value in values]
            series.append(pl.Series(name, text, dtype=pl.String))
    return pl.DataFrame(series)


def snapshot(
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
    table = pl.concat(frames)
    areas = table[dimension].str.strip_chars()
    named = pl.Series("regionaam", [names.get(area) for area in areas], dtype=pl.String)
    return tidy.snapshot(
        table.with_columns(areas, named),
        origin=origin,
        year=year,
        notices=notices,
        titles=title_paths(described["DataProperties"]),
    )


def title_paths(properties: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Key of every topic to title path with unit."""
    by_id = {entry["ID"]: entry for entry in properties}

    def parent(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return by_id.get(entry.get("ParentID"))

    topics = (entry for entry in properties if entry.get("Type") == "Topic")
    return {str(entry["Key"]): title_path(entry, parent) for entry in topics}
