# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Indicators of every area and year, from the merged tables.

One select a year computes all values and statuses; the long table is then only put in order, never
sorted: it comes out by indicator, year and area.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import polars as pl

from wijkeconomie.figures import formulas
from wijkeconomie.figures.boundary import SOURCE_SUFFIX
from wijkeconomie.figures.missing import WITH_VALUE, Status
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import Indicator, Registry
from wijkeconomie.figures.snapshot import STATUS_SUFFIX

ROUNDED = 125.0  # a percentage up to here can come from random rounding to five
_VALUE, _STATUS, _SOURCE = "v:", "s:", "o:"


def rows(frames: Mapping[int, pl.DataFrame], areas: pl.DataFrame, known: Registry) -> pl.DataFrame:
    """indicator, year, area, value, status, source; sorted by the first three.

    ``areas`` is sorted by code; ``area`` and ``indicator`` are Enums in the order of ``areas`` and
    of the registry.  Raises Refusal for a figure that cannot be.
    """
    codes = pl.Enum(areas["area"])
    with ThreadPoolExecutor() as pool:  # frames of a year are too small for Polars' own threads
        found = pool.map(lambda y: _wide(y, frames[y], known, codes), sorted(frames))
        wide = dict(zip(sorted(frames), found, strict=True))
    names = list(known.indicators)
    indicators = pl.Series("indicator", names, dtype=pl.Enum(names))
    present = {year: set(frame.columns) for year, frame in wide.items()}
    parts = [
        (position, year, _part(name, wide[year]))
        for position, name in enumerate(known.indicators)
        for year in wide
        if _VALUE + name in present[year]
    ]
    if not parts:
        read = {c for f in frames.values() for c in f.columns if c in known.columns}
        raise Refusal("nothing_computed", columns=", ".join(sorted(read)))
    positions, years, cells = zip(*parts, strict=True)
    heights = [part[0].len() for part in cells]
    with ThreadPoolExecutor() as pool:
        columns = pool.map(lambda column: pl.concat(column, rechunk=True), zip(*cells, strict=True))
        indicator = indicators.gather(np.repeat(np.array(positions, np.uint32), heights))
        year = pl.Series("year", np.repeat(np.array(years, np.int16), heights))
        return pl.DataFrame([indicator, year, *columns])


def _part(name: str, frame: pl.DataFrame) -> list[pl.Series]:
    """area, value, status and source of one indicator, where a table has the row."""
    status = frame[_STATUS + name]
    chosen = frame if not status.null_count() else frame.filter(status.is_not_null())
    return [
        chosen["area"],
        chosen[_VALUE + name].alias("value"),
        chosen[_STATUS + name].alias("status"),
        chosen[_SOURCE + name].alias("source"),
    ]


def _wide(year: int, frame: pl.DataFrame, known: Registry, codes: pl.Enum) -> pl.DataFrame:
    """area, and for every indicator its value, status and source; sorted by area."""
    inside = frame.sort("area")
    present = set(inside.columns)
    ids = [entry for entry in known.indicators.values() if _exists(entry, year, present)]
    parts = known.parts
    pairs = {entry.id: parts[entry.id] for entry in ids if entry.id in parts}
    made = inside.select(
        pl.col("area").cast(codes),
        *(_value(entry) for entry in ids),
        *(pl.col(_first(entry) + SOURCE_SUFFIX).alias(_SOURCE + entry.id) for entry in ids),
        *(pl.col(c) for c in sorted({c for pair in pairs.values() for c in pair})),
        *(pl.col(c) for c in sorted({c + STATUS_SUFFIX for e in ids for c in e.inputs.values()})),
    )
    apportioned, unknown = (_holding(made, s) for s in (Status.APPORTIONED, Status.UNKNOWN))
    made = made.with_columns(
        _status(entry, made, apportioned, unknown).alias(_STATUS + entry.id) for entry in ids
    ).with_columns(_exceeding(id_, *pair, known.slack(*pair)) for id_, pair in pairs.items())
    _refuse_impossible(year, made, ids, known)
    return made.with_columns(
        pl.when(pl.col(_STATUS + entry.id).is_in(WITH_VALUE)).then(_VALUE + entry.id)
        .alias(_VALUE + entry.id)
        for entry in ids
    )  # fmt: skip


def _exists(entry: Indicator, year: int, present: Collection[str]) -> bool:
    in_time = year >= entry.since and (not entry.until or year <= entry.until)
    return in_time and all(column in present for column in entry.inputs.values())


def _value(entry: Indicator) -> pl.Expr:
    formula = getattr(formulas, entry.formula)
    inputs = {parameter: pl.col(column) for parameter, column in entry.inputs.items()}
    value: pl.Expr = formula(**inputs)
    return value.alias(_VALUE + entry.id)


def _first(entry: Indicator) -> str:
    return next(iter(entry.inputs.values()))


def _holding(made: pl.DataFrame, status: Status) -> frozenset[str]:
    """The columns of statuses in which some cell has this one."""
    statuses = pl.col(f"^.*{STATUS_SUFFIX}$")
    found = made.select((statuses == int(status)).any())
    return frozenset(column.name for column in found if column[0])


def _status(
    entry: Indicator, made: pl.DataFrame, apportioned: Collection[str], unknown: Collection[str]
) -> pl.Expr:
    """Worst status of the inputs, of which one that nobody explains says least: what is hidden is
    hidden, whatever else is empty; too few where the denominator is small or rounding makes a share
    larger than its whole (CBS rounds part and whole apart, so 55 of 50 people can stand there);
    null where no table has the row.

    Asks only what *made* can answer with yes: *apportioned* and *unknown* are the columns of
    statuses that hold those.
    """
    inputs = [column + STATUS_SUFFIX for column in entry.inputs.values()]
    value = pl.col(_VALUE + entry.id)
    no_worse = dict.fromkeys(map(int, (Status.APPORTIONED, Status.UNKNOWN)), int(Status.MOVED))
    worst = pl.max_horizontal(
        pl.col(s).replace(no_worse) if s in apportioned or s in unknown else s for s in inputs
    )
    few = _small(entry, made.columns)
    if entry.unit == "percent":
        few |= (value > 100).fill_null(value=False)
    known = worst <= int(Status.MOVED)
    chain: Any = pl
    if any(made[status].null_count() for status in inputs):
        chain = chain.when(pl.any_horizontal(pl.col(inputs).is_null())).then(None)
    chain = chain.when(few).then(int(Status.TOO_FEW))
    if silent := [pl.col(s) == int(Status.UNKNOWN) for s in inputs if s in unknown]:
        chain = chain.when(known & pl.any_horizontal(silent)).then(int(Status.UNKNOWN))
    chain = chain.when(known & value.is_null()).then(int(Status.IMPOSSIBLE))
    if by_weight := [pl.col(s) == int(Status.APPORTIONED) for s in inputs if s in apportioned]:
        chain = chain.when(known & pl.any_horizontal(by_weight)).then(int(Status.APPORTIONED))
    found: pl.Expr = chain.otherwise(worst).cast(pl.UInt8)
    return found


def _exceeding(id_: str, part: str, whole: str, slack: float) -> pl.Expr:
    """Its status, which is another where rounding does not explain that the part is so large."""
    status = pl.col(_STATUS + id_)
    over = (status == int(Status.TOO_FEW)) & (pl.col(part) > pl.col(whole) + slack)
    return (
        pl.when(over)
        .then(pl.lit(int(Status.EXCEEDS), pl.UInt8))
        .otherwise(status)
        .alias(_STATUS + id_)
    )


def _small(entry: Indicator, columns: Sequence[str]) -> pl.Expr:
    """Whether the figure is about fewer people, homes or firms than we compute it for."""
    if not entry.minimum or _VALUE + entry.denominator not in columns:
        return pl.lit(value=False)
    return (pl.col(_VALUE + entry.denominator) < entry.minimum).fill_null(value=False)


def _refuse_impossible(
    year: int, made: pl.DataFrame, ids: Sequence[Indicator], known: Registry
) -> None:
    """Refuse what no figure can be: below zero, infinite, a share over what rounding explains.

    Of few, anything can come from rounding: 10 one-person households among 5.
    """
    values = made.select(_VALUE + entry.id for entry in ids)
    for entry, low, high in zip(ids, values.min().row(0), values.max().row(0), strict=True):
        least = known.lowest(entry)
        most = ROUNDED if entry.unit == "percent" else float("inf")
        if low is None or (low >= least and high <= most and high < float("inf")):
            continue
        value = pl.when(~_small(entry, made.columns)).then(pl.col(_VALUE + entry.id))
        wrong = made.filter((value < least) | (value > most) | value.is_infinite())
        if wrong.height:
            raise Refusal(
                "impossible_figure", area=str(wrong["area"][0]), year=str(year),
                indicator=entry.id, value=f"{wrong[_VALUE + entry.id][0]:g}", count=wrong.height,
            )  # fmt: skip
