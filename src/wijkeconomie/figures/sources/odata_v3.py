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
from wijkeconomie.figures.sources.odata import (
    needed,
    numbers,
    rows,
    title,
    title_path,
    words,
)

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
        titles=title_paths(described["DataProperties"]),
    )


def title_paths(properties: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Key of every topic to title path with unit."""
    by_id = {entry["ID"]: entry for entry in properties}

    def parent(entry: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return by_id.get(entry.get("ParentID"))

    topics = (entry for entry in properties if entry.get("Type") == "Topic")
    return {str(entry["Key"]): title_path(entry, parent) for entry in topics}
