# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""In a municipality's own table what is about a few people is hidden before it is stored.

What CBS publishes it has protected itself.  Source: Hundepool et al. (2012), *Statistical
Disclosure Control* (primary and secondary suppression, as in tau-Argus).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice
from wijkeconomie.figures.registry import Column, registry
from wijkeconomie.figures.snapshot import SAID_SUFFIX, STATUS_SUFFIX, Snapshot

FEWEST = 10  # people in one cell
_PARTS = (  # groups that together are all inhabitants
    ("men", "women"),
    ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus"),
)
_WHOLE = "population"


def hide_small(table: Snapshot, others: Iterable[pl.DataFrame] = ()) -> Snapshot:
    """The table without counts of one to nine people or of all inhabitants but so few, nor shares
    that are about so few, with a notice of how many were hidden.

    Where the rest of a wijk or gemeente would tell what was hidden, another one is hidden too (see
    :func:`_small`).  *others* are tables beside it: with them counts can be worked out as well, and
    they may say how many people a share is taken of; where none does, the share is hidden, for it
    might be about one person.
    """
    known = registry().columns
    people = [c for c in table.keys if known[c].unit == "persons" and known[c].kind == "count"]
    shares = [c for c in table.keys if _is_of_people(known[c], known)]
    beside = list(others) if people or shares else []
    counts = _small(table.frame, people, beside)
    frames = [table.frame, *beside]
    implied = {column: _implied(table.frame, column, frames) for column in shares}
    few = {
        c: _small(frame, [c], _implied_beside(c, beside, frames))[c] for c, frame in implied.items()
    }
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


def _small(
    frame: pl.DataFrame, columns: Sequence[str], beside: Sequence[pl.DataFrame] = ()
) -> dict[str, set[int]]:
    """Rows of each column whose count of people is hidden, or would give a hidden one away.

    Every wijk is the sum of its buurten, every gemeente of its wijken (of its buurten where no
    wijken are known), and all inhabitants of men and women and of the age groups.  A sum in which
    one member is hidden tells it, and so does one whose hidden members are as many as the people
    in them.  Then the smallest other one is hidden, else the whole; which may open another sum,
    until none tells.  Sums over areas form a tree, and with two hidden members in each every one
    of them is free (Hundepool et al. 2012, §4.4).
    """
    cells = _Cells(frame, columns, beside)
    waiting = [sum_ for key in sorted(cells.hidden) for sum_ in cells.sums_with.get(key, ())]
    while waiting:
        sum_ = waiting.pop()
        if cells.tells(sum_) and (key := cells.another(sum_)):
            cells.hidden.add(key)
            waiting += cells.sums_with[key]
    found: dict[str, set[int]] = {column: set() for column in columns}
    for key in cells.hidden & cells.mine.keys():
        found[key.column].add(cells.mine[key])
    return found


class _Key(NamedTuple):
    area: str
    year: int
    column: str


_Sum = tuple[_Key, ...]  # the whole, then its parts


class _Cells:
    """Counts in this table and beside it, and the sums that they form."""

    def __init__(
        self, frame: pl.DataFrame, columns: Sequence[str], beside: Sequence[pl.DataFrame]
    ) -> None:
        self.values: dict[_Key, float] = {}
        self.hidden: set[_Key] = set()
        self.mine: dict[_Key, int] = {}
        related = {_WHOLE, *(c for group in _PARTS for c in group)}
        if not related.intersection(columns):
            related = {_WHOLE for c in columns if registry().columns[c].kind == "count"}
        wanted = [*columns, *related.difference(columns)]
        here = frame.select(gemeente=pl.col("area").str.slice(2, 4), year="year").unique()
        for column in wanted:
            self._add_beside(column, beside, here)
        for column in columns:
            rows = frame.select("area", "year", column).iter_rows()
            for row, (area, year, value) in enumerate(rows):
                if value is not None:
                    key = _Key(area, year, column)
                    self.mine[key], self.values[key] = row, value
        self.hidden -= self.mine.keys()
        self.hidden |= {key for key in self.mine if self._is_of_few(key)}
        self.sums_with: dict[_Key, list[_Sum]] = {}
        for sum_ in self._sums():
            for key in sum_:
                self.sums_with.setdefault(key, []).append(sum_)

    def _is_of_few(self, key: _Key) -> bool:
        """About one to nine people, or about all inhabitants but so few: 1,462 of 1,465."""
        number = self.values[key]
        everyone = self.values.get(key._replace(column=_WHOLE), number)
        return 0 < number < FEWEST or 0 < everyone - number < FEWEST

    def _add_beside(self, column: str, beside: Sequence[pl.DataFrame], here: pl.DataFrame) -> None:
        mark = column + STATUS_SUFFIX
        for other in (frame for frame in beside if {column, mark} <= set(frame.columns)):
            cells = other.select("area", "year", column, mark).with_columns(
                gemeente=pl.col("area").str.slice(2, 4)
            )
            near = cells.join(here, on=("gemeente", "year"), how="semi")
            for area, year, value, status in near.drop("gemeente").iter_rows():
                if value is not None:
                    self.values.setdefault(_Key(area, year, column), value)
                elif status == Status.SECRET:
                    self.hidden.add(_Key(area, year, column))
        self.hidden -= self.values.keys()

    def _sums(self) -> Iterator[_Sum]:
        known = dict.fromkeys(sorted(self.values.keys() | self.hidden))  # each run the same
        inside: dict[_Key, list[_Key]] = {}
        for key in known:
            area, year, column = key
            around = {"BU": ("WK" + area[2:8], "GM" + area[2:6]), "WK": ("GM" + area[2:6],)}
            wholes = (_Key(code, year, column) for code in around.get(area[:2], ()))
            if whole := next((whole for whole in wholes if whole in known), None):
                inside.setdefault(whole, []).append(key)
        yield from ((whole, *parts) for whole, parts in inside.items())
        for whole in (key for key in known if key.column == _WHOLE):
            for group in _PARTS:
                parts = [whole._replace(column=column) for column in group]
                if all(part in known for part in parts):
                    yield (whole, *parts)

    def tells(self, sum_: _Sum) -> bool:
        hidden = [key for key in sum_ if key in self.hidden]
        if len(hidden) < 2 or sum_[0] in self.hidden:
            return len(hidden) == 1
        people = sum(self.values.get(key, FEWEST) for key in hidden)
        return people <= len(hidden)

    def another(self, sum_: _Sum) -> _Key | None:
        """What is hidden next: the smallest part above zero, else the whole."""
        whole, *parts = (k if k in self.mine and k not in self.hidden else None for k in sum_)
        some = [key for key in parts if key and self.values[key] > 0]
        return min(some, key=lambda key: (self.values[key], key)) if some else whole
