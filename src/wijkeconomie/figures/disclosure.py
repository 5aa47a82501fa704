# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""In a municipality's own table a count of a few people is hidden before it is stored.

What CBS publishes it has protected itself.  Source: Hundepool et al. (2012), *Statistical
Disclosure Control* (primary and secondary suppression, as in tau-Argus).
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import STATUS_SUFFIX, Snapshot

FEWEST = 10  # people in one cell


def hide_small(table: Snapshot) -> Snapshot:
    """The table without counts of one to nine people, with a notice of how many were hidden.

    Where one area of a wijk (or one wijk of a gemeente) is hidden and the whole is known, the rest
    would tell it; then the smallest other one is hidden too, or the whole where there is none."""
    known = registry().columns
    people = [c for c in table.keys if known[c].unit == "persons" and known[c].kind == "count"]
    hidden = {column: _small(table.frame, column) for column in people}
    count = sum(len(rows) for rows in hidden.values())
    if not count:
        return table
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    frame = table.frame.with_columns(
        *(pl.when(~place.is_in(sorted(rows))).then(c).alias(c) for c, rows in hidden.items()),
        *(
            pl.when(place.is_in(sorted(rows))).then(pl.lit(int(Status.SECRET), pl.UInt8))
            .otherwise(c + STATUS_SUFFIX).alias(c + STATUS_SUFFIX)
            for c, rows in hidden.items()
        ),
    )  # fmt: skip
    told = Notice("small_counts_hidden", {"table": table.origin.table, "count": count})
    return replace(table, frame=frame, notices=(*table.notices, told))


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
