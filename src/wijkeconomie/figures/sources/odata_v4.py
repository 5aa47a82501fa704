# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What CBS writes in OData v4: one row a figure, with the reason when there is none.

Source: https://datasets.cbs.nl/odata/v1/releasenotes.html (empty cells are not sent, unless they
have a reason such as ``Impossible``) and the metadata of 83765NED.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from wijkeconomie.figures.areas import gemeente_of
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.registry import fold, registry
from wijkeconomie.figures.snapshot import STATUS_SUFFIX, Origin, Snapshot
from wijkeconomie.figures.sources import tidy
from wijkeconomie.figures.sources.odata import numbers, rows, title, title_path, words

REASONS = {"Impossible": Status.IMPOSSIBLE, "Confidential": Status.SECRET}


def geographic(dimensions: Sequence[Mapping[str, Any]], table: str) -> str:
    """Name of the dimension of regions: WijkenEnBuurten, in 2013 RegioS."""
    for dimension in dimensions:
        if str(dimension.get("Kind", "")).startswith("Geo"):
            return str(dimension["Identifier"])
    raise Refusal("service_shape", table=table, what="GeoDimension")


def observations(
    page: Mapping[str, Any], dimension: str, *, table: str, texts: dict[str, int]
) -> pl.DataFrame:
    """A page as a frame: ``area``, ``measure``, ``value``, ``text``, ``reason``."""
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
        }
    )


def snapshot(
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
    paths = title_paths(described["MeasureCodes"], described["MeasureGroups"])
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
    return replace(_with_reasons(table, figures), unrecognised=names)


def title_paths(
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
    """Put the service's reason in place of "unknown" where it gave one."""
    reasoned = figures.filter(pl.col("reason").is_in(list(REASONS)) & pl.col("value").is_null())
    frame = table.frame
    for name, code in table.keys.items():
        of_measure = reasoned.filter(pl.col("measure") == code)
        if of_measure.height:
            frame = frame.with_columns(_reason(name + STATUS_SUFFIX, of_measure))
    return replace(table, frame=frame)


def _reason(status: str, reasoned: pl.DataFrame) -> pl.Expr:
    """The status column with the reasons of *reasoned* (area, reason) where it says unknown."""
    meanings = reasoned["reason"].replace_strict(REASONS, return_dtype=pl.UInt8)
    by_area = dict(zip(reasoned["area"], meanings, strict=True))
    found = pl.col("area").replace_strict(by_area, default=None, return_dtype=pl.UInt8)
    unknown = pl.col(status) == Status.UNKNOWN.value
    return pl.when(unknown & found.is_not_null()).then(found).otherwise(status).alias(status)
