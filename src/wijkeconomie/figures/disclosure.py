# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""In a municipality's own table what is about a few people is hidden before it is stored.

What CBS publishes it has protected itself.  Source: Hundepool et al. (2012), *Statistical
Disclosure Control* (primary and secondary suppression, as in tau-Argus).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice
from wijkeconomie.figures.registry import Column, registry
from wijkeconomie.figures.snapshot import SAID_SUFFIX, STATUS_SUFFIX, Snapshot

FEWEST = 10  # people in one cell


def hide_small(table: Snapshot, others: Iterable[pl.DataFrame] = ()) -> Snapshot:
    """The table without counts of one to nine people, nor shares that are about so few, with a
    notice of how many were hidden.

    Where the rest of a wijk or gemeente would tell what was hidden, another one is hidden too (see
    :func:`_small`).  *others* are tables beside it: with them counts can be worked out as well, and
    they may say how many people a share is taken of; where none does, the share is hidden, for it
    might be about one person.
    """
    known = registry().columns
    people = [c for c in table.keys if known[c].unit == "persons" and known[c].kind == "count"]
    shares = [c for c in table.keys if _is_of_people(known[c], known)]
    beside = list(others) if people or shares else []
    counts = {column: _small(table.frame, column, beside) for column in people}
    frames = [table.frame, *beside]
    implied = {column: _implied(table.frame, column, frames) for column in shares}
    few = {c: _small(frame, c, _implied_beside(c, beside, frames)) for c, frame in implied.items()}
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
        expression
        for column, rows in hidden.items()
        for expression in _without(column, rows, table.frame.columns)
    )
    return replace(table, frame=frame, notices=(*table.notices, *told))


def _without(column: str, rows: set[int], columns: Collection[str]) -> list[pl.Expr]:
    """The column, its status and who said so; a source may name the number ("UWV: 3 people")."""
    mark, said = column + STATUS_SUFFIX, column + SAID_SUFFIX
    out = pl.int_range(pl.len(), dtype=pl.Int64).is_in(sorted(rows))
    secret = pl.lit(int(Status.SECRET), pl.UInt8)
    return [
        pl.when(out).then(secret).otherwise(mark).alias(mark),
        *(pl.when(~out).then(name).alias(name) for name in (column, said) if name in columns),
    ]


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
    share = pl.col(column)
    # who is in it, or who is not: 99.8 % of 1,500 people is about three; above zero, about somebody
    less = pl.when(share > 50).then(100 - share).otherwise(share)
    number = (less / 100 * pl.col("whole")).round()
    people = pl.when(less == 0).then(0.0).when(number < 1).then(1.0).otherwise(number)
    people = pl.when(people < FEWEST).then(people).otherwise(share / 100 * pl.col("whole"))
    return with_whole.sort("at").select("area", "year", people.alias(column))


def _implied_beside(
    column: str, beside: Sequence[pl.DataFrame], frames: Sequence[pl.DataFrame]
) -> list[pl.DataFrame]:
    """The same shares in other tables as numbers of people, with their status."""
    mark = column + STATUS_SUFFIX
    return [
        _implied(frame, column, frames).with_columns(frame[mark])
        for frame in beside
        if column in frame.columns and mark in frame.columns
    ]


def _unsure(frame: pl.DataFrame, implied: pl.DataFrame, column: str) -> set[int]:
    return set((frame[column].is_not_null() & implied[column].is_null()).arg_true())


def _small(frame: pl.DataFrame, column: str, beside: Iterable[pl.DataFrame] = ()) -> set[int]:
    """Rows whose count of people is hidden, or would give a hidden one away.

    Every wijk is the sum of its buurten and every gemeente of its wijken (of its buurten where no
    wijken are known).  A sum in which one member is hidden tells it, and so does one whose hidden
    members are as many as the people in them.  Then the smallest other one is hidden, else the
    whole; which may open another sum, until none tells.  Sums that form a tree with two hidden
    members in each leave every one of them free (Hundepool et al. 2012, §4.4).
    """
    cells = _Cells(frame, column, beside)
    waiting = [whole for key in cells.hidden for whole in cells.sums_with(key)]
    while waiting:
        whole = waiting.pop()
        if cells.tells(whole) and (key := cells.another(whole)):
            cells.hidden.add(key)
            waiting += cells.sums_with(key)
    return {row for key, row in cells.mine.items() if key in cells.hidden}


_Key = tuple[str, int]  # area and year


class _Cells:
    """Counts of one column in this table and beside it, and the sums that they form."""

    def __init__(self, frame: pl.DataFrame, column: str, beside: Iterable[pl.DataFrame]) -> None:
        self.values: dict[_Key, float] = {}
        self.hidden: set[_Key] = set()
        for other in beside:
            if column in other.columns and column + STATUS_SUFFIX in other.columns:
                self._add_beside(other.select("area", "year", column, column + STATUS_SUFFIX))
        rows = list(enumerate(frame.select("area", "year", column).iter_rows()))
        self.mine = {(area, year): row for row, (area, year, value) in rows if value is not None}
        self.values |= {(area, year): v for _, (area, year, v) in rows if v is not None}
        self.hidden -= self.mine.keys()
        self.hidden |= {key for key in self.mine if 0 < self.values[key] < FEWEST}
        self.parts: dict[_Key, list[_Key]] = {}
        self.whole_of: dict[_Key, _Key] = {}
        for key in self.values.keys() | self.hidden:
            if whole := self._whole(*key):
                self.whole_of[key] = whole
                self.parts.setdefault(whole, []).append(key)

    def _add_beside(self, other: pl.DataFrame) -> None:
        for area, year, value, status in other.iter_rows():
            if value is not None:
                self.values.setdefault((area, year), value)
            elif status == Status.SECRET:
                self.hidden.add((area, year))
        self.hidden -= self.values.keys()

    def _whole(self, area: str, year: int) -> _Key | None:
        """The nearest area around this one that is counted too."""
        around = {"BU": ("WK" + area[2:8], "GM" + area[2:6]), "WK": ("GM" + area[2:6],)}
        keys = [(code, year) for code in around.get(area[:2], ())]
        return next((key for key in keys if key in self.values or key in self.hidden), None)

    def sums_with(self, key: _Key) -> list[_Key]:
        """The wholes of the sums that this count is in: as a part, and as the whole."""
        return [w for w in (self.whole_of.get(key), key) if w in self.parts]

    def tells(self, whole: _Key) -> bool:
        hidden = [key for key in (whole, *self.parts[whole]) if key in self.hidden]
        if len(hidden) < 2 or whole in self.hidden:
            return len(hidden) == 1
        people = sum(self.values.get(key, FEWEST) for key in hidden)
        return people <= len(hidden)

    def another(self, whole: _Key) -> _Key | None:
        """What is hidden next: the smallest part above zero, else the whole."""
        parts = [k for k in self.parts[whole] if k in self.mine and k not in self.hidden]
        some = [key for key in parts if self.values[key] > 0]
        if some:
            return min(some, key=lambda key: (self.values[key], key))
        return whole if whole in self.mine and whole not in self.hidden else None
