# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""In a municipality's own table what is about a few people is hidden before it is stored.

What CBS publishes it has protected itself.  Source: Hundepool et al. (2012), *Statistical
Disclosure Control* (primary and secondary suppression, as in tau-Argus).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice
from wijkeconomie.figures.registry import Column, registry
from wijkeconomie.figures.snapshot import STATUS_SUFFIX, Snapshot

FEWEST = 10  # people in one cell


def hide_small(table: Snapshot, others: Iterable[pl.DataFrame] = ()) -> Snapshot:
    """The table without counts of one to nine people, nor shares that are about so few, with a
    notice of how many were hidden.

    Where one area of a wijk (or one wijk of a gemeente) is hidden and the whole is known, the rest
    would tell it; then the smallest other one is hidden too, or the whole where there is none.
    *others* are tables that may say how many people a share is taken of; where none does, the share
    is hidden as well, for it might be about one person.
    """
    known = registry().columns
    people = [c for c in table.keys if known[c].unit == "persons" and known[c].kind == "count"]
    shares = [c for c in table.keys if _is_of_people(known[c], known)]
    counts = {column: _small(table.frame, column) for column in people}
    frames = [table.frame, *others] if shares else []
    implied = {column: _implied(table.frame, column, frames) for column in shares}
    few = {column: _small(implied[column], column) for column in shares}
    unsure = {column: _unsure(table.frame, implied[column], column) for column in shares}
    hidden = {**counts, **{column: few[column] | unsure[column] for column in shares}}
    told = [
        Notice(code, {"table": table.origin.table, "count": count})
        for code, found in (
            ("small_counts_hidden", counts), ("small_shares_hidden", few),
            ("unsure_shares_hidden", unsure),
        )
        if (count := sum(map(len, found.values())))
    ]  # fmt: skip
    if not told:
        return table
    frame = table.frame.with_columns(
        expression for c, rows in hidden.items() for expression in _without(c, rows)
    )
    return replace(table, frame=frame, notices=(*table.notices, *told))


def _without(column: str, rows: set[int]) -> tuple[pl.Expr, pl.Expr]:
    mark, place = column + STATUS_SUFFIX, pl.int_range(pl.len(), dtype=pl.Int64)
    out = place.is_in(sorted(rows))
    secret = pl.lit(int(Status.SECRET), pl.UInt8)
    return (
        pl.when(~out).then(column).alias(column),
        pl.when(out).then(secret).otherwise(mark).alias(mark),
    )


def _is_of_people(column: Column, known: Mapping[str, Column]) -> bool:
    shared = column.unit == "percent" and column.kind == "share"
    return shared and known[column.of].unit == "persons"


def _implied(frame: pl.DataFrame, column: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The rows of *frame* with, in *column*, how many people the share is about; null where no
    table says of how many it is taken.  The year itself goes first, then the nearest."""
    of = registry().columns[column].of
    known = [f.select("area", "year", whole=of).drop_nulls() for f in frames if of in f.columns]
    places = frame.select("area", "year", column).with_row_index("at").sort("area", "year")
    if not known:
        return frame.select("area", "year", pl.lit(None, pl.Float64).alias(column))
    wholes = pl.concat(known).unique(("area", "year"), keep="first", maintain_order=True)
    with_whole = places.join_asof(
        wholes.sort("area", "year"), on="year", by="area", strategy="nearest",
        check_sortedness=False,
    )  # fmt: skip
    number = (pl.col(column) / 100 * pl.col("whole")).round()
    some = pl.when(number < 1).then(1.0).otherwise(number)  # above zero it is about somebody
    people = pl.when(pl.col(column) == 0).then(0.0).otherwise(some)
    return with_whole.sort("at").select("area", "year", people.alias(column))


def _unsure(frame: pl.DataFrame, implied: pl.DataFrame, column: str) -> set[int]:
    return set((frame[column].is_not_null() & implied[column].is_null()).arg_true())


def _small(frame: pl.DataFrame, column: str) -> set[int]:
    """Rows whose count of people is hidden, or would give a hidden one away."""
    cells = list(enumerate(frame.select("area", "year", column).iter_rows()))
    hidden = {row for row, (_, _, value) in cells if value is not None and 0 < value < FEWEST}
    values = {(area, year): (row, value) for row, (area, year, value) in cells}
    for prefix, length, whole in (("BU", 8, "WK"), ("WK", 6, "GM")):
        groups: dict[tuple[str, int], list[tuple[float, int]]] = {}
        for row, (area, year, value) in cells:
            if area.startswith(prefix) and value is not None:
                groups.setdefault((whole + area[2:length], year), []).append((value, row))
        for key, parts in groups.items():
            total, sum_known = values.get(key, (-1, None))
            if sum_known is None or sum(row in hidden for _, row in parts) != 1:
                continue
            others = sorted(part for part in parts if part[1] not in hidden and part[0] > 0)
            hidden.add(others[0][1] if others else total)
    return hidden
