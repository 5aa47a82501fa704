# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""In a municipality's own table what is about a few people is hidden before it is stored.

Firms too, because most are one person (decision 0014).  What CBS publishes it has protected itself.
Source: Hundepool et al. (2012), *Statistical Disclosure Control* (primary and secondary
suppression, as in tau-Argus; §4.3 feasibility intervals of suppressed cells).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import SAID_SUFFIX, STATUS_SUFFIX, Snapshot

FEWEST = {"persons": 10, "jobs": 10, "firms": 5}  # in one cell; a job is somebody's
VALUES = 4  # that every hidden count may still have by what is published (decision 0014)
_EVERYONE = {"persons": "population", "firms": "establishments"}
_SUMS = (  # wholes, and groups that together are them
    ("population", "men", "women"),
    ("population", "age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus"),
    ("establishments", "firms_agriculture", "firms_industry", "firms_trade_catering",
     "firms_transport_information", "firms_finance_property", "firms_business_services",
     "firms_public_care", "firms_culture_other"),
)  # fmt: skip


def hide_small(table: Snapshot, others: Iterable[pl.DataFrame] = ()) -> Snapshot:
    """The table without counts of one to nine people or jobs and of one to four firms, or of all
    but so few, nor shares that are about so few, with a notice of how many were hidden.

    Where the rest of a wijk or gemeente would tell what was hidden, another one is hidden too (see
    :func:`_small`).  *others* are tables beside it: with them counts can be worked out as well, and
    they may say how many people a share is taken of; where none does, the share is hidden, for it
    might be about one person.
    """
    known = registry().columns
    people = [c for c in table.keys if known[c].kind == "count" and _fewest(c)]
    shares = [c for c in table.keys if known[c].kind == "share" and _fewest(c)]
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


def _fewest(column: str) -> int:
    """How many people, jobs or firms a cell is about at least; 0 for what may be about one."""
    entry = registry().columns[column]
    counts = registry().columns[entry.of] if entry.unit == "percent" and entry.of else entry
    return FEWEST.get(counts.unit, 0) if counts.kind == "count" else 0


def _wholes(frame: pl.DataFrame, of: str, frames: Sequence[pl.DataFrame]) -> pl.Series:
    """Of how many each row of *frame* is a part; null where no table says so.  The year itself goes
    first, then the nearest."""
    known = [f.select("area", "year", whole=of).drop_nulls() for f in frames if of in f.columns]
    if not known:
        return pl.Series("whole", [None] * frame.height, pl.Float64)
    wholes = pl.concat(known).unique(("area", "year"), keep="first", maintain_order=True)
    places = frame.select("area", "year").with_row_index("at").sort("area", "year")
    found = places.join_asof(
        wholes.sort("area", "year"), on="year", by="area", strategy="nearest",
        check_sortedness=False,
    )  # fmt: skip
    return found.sort("at")["whole"]


def _implied(frame: pl.DataFrame, column: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The rows of *frame* with, in *column*, how many people the share is about; null where no
    table says of how many it is taken.  Of fewer than ten any share is about those: all of eight
    people, or none of them, says it of each."""
    whole, share, fewest = pl.col("whole"), pl.col(column), _fewest(column)
    # who is in it, or who is not: 99.8 % of 1,500 people is about three; above zero, about somebody
    less = pl.when(share > 50).then(100 - share).otherwise(share)
    number = (less / 100 * whole).round()
    people = pl.when(less == 0).then(0.0).when(number < 1).then(1.0).otherwise(number)
    people = pl.when(people < fewest).then(people).otherwise(share / 100 * whole)
    people = (
        pl.when((whole > 0) & (whole < fewest) & share.is_not_null()).then(whole).otherwise(people)
    )
    with_whole = frame.with_columns(_wholes(frame, registry().columns[column].of, frames))
    return with_whole.select("area", "year", people.alias(column))


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
    """Rows of each column whose count is hidden, or would give a hidden one away.

    Every wijk is the sum of its buurten, every gemeente of its wijken (of its buurten where no
    wijken are known), all inhabitants of men and women and of the age groups, all firms of the
    sectors.  What is published in these sums leaves every hidden count an interval; where that
    holds fewer than four values, the smallest other part is hidden, else the whole, until it does.
    """
    cells = _Cells(frame, columns, beside)
    waiting = sorted(cells.hidden & cells.sums_with.keys())
    while waiting:
        key = waiting.pop()
        if cells.is_told(key) and (other := cells.another(key)):
            cells.hide(other)
            waiting += [key, other]
    found: dict[str, set[int]] = {column: set() for column in columns}
    for key in cells.hidden & cells.mine.keys():
        found[key.column].add(cells.mine[key])
    return found


class _Key(NamedTuple):
    area: str
    year: int
    column: str


_Sum = tuple[_Key, ...]  # the whole, then its parts
_Bounds = tuple[float, float]
_PASSES = 50


class _Cells:
    """Counts in this table and beside it, and the sums that they form."""

    def __init__(
        self, frame: pl.DataFrame, columns: Sequence[str], beside: Sequence[pl.DataFrame]
    ) -> None:
        self.values: dict[_Key, float] = {}
        self.hidden: set[_Key] = set()
        self._found: dict[_Key, _Bounds] = {}  # of the hidden ones, as long as no other is
        self.mine: dict[_Key, int] = {}
        related = {c for sum_ in _SUMS if set(sum_) & set(columns) for c in sum_}
        wanted = [*columns, *related.difference(columns)]
        here = frame.select(gemeente=pl.col("area").str.slice(2, 4), year="year").unique()
        for column in wanted:
            self._add_beside(column, beside, here)
        few: set[_Key] = set()
        for column in columns:
            rows = frame.select(
                "area", "year", column, _everyone(frame, column, beside)
            ).iter_rows()
            for row, (area, year, value, everyone) in enumerate(rows):
                if value is not None:
                    key = _Key(area, year, column)
                    self.mine[key], self.values[key] = row, value
                    few |= {key} if _is_of_few(value, everyone, _fewest(column)) else set()
        self.hidden = (self.hidden - self.mine.keys()) | few
        self.sums_with: dict[_Key, list[_Sum]] = {}
        for sum_ in self._sums():
            for key in sum_:
                self.sums_with.setdefault(key, []).append(sum_)

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
        for column, *group in _SUMS:
            for whole in (key for key in known if key.column == column):
                parts = [whole._replace(column=part) for part in group]
                if all(part in known for part in parts):
                    yield (whole, *parts)

    def hide(self, key: _Key) -> None:
        self.hidden.add(key)
        self._found.clear()

    def is_told(self, key: _Key) -> bool:
        """Whether what is published leaves a hidden count fewer than four values."""
        low, high = self._bounds(key)
        return math.floor(high) - math.ceil(low) + 1 < VALUES if math.isfinite(high) else False

    def _bounds(self, key: _Key) -> _Bounds:
        """Of a hidden count, from all sums that it is tied to by others that are hidden.

        A hidden count is one or more, for zeros are shown.  Bounds of sums are passed on until
        they stay: in a tree of areas they are then exact, else not narrower than those are.
        """
        if key not in self._found:
            tied, bounds = self._tied(key), dict[_Key, _Bounds]()
            for _ in range(_PASSES):
                before = dict(bounds)
                for whole, *parts in tied:
                    self._tighten(whole, parts, bounds)
                if bounds == before:
                    break
            self._found |= bounds
        return self._bound(key, self._found)

    def _tied(self, key: _Key) -> list[_Sum]:
        found: dict[_Sum, None] = {}
        waiting = [key]
        while waiting:
            new = [sum_ for sum_ in self.sums_with.get(waiting.pop(), ()) if sum_ not in found]
            found |= dict.fromkeys(new)
            waiting += [member for sum_ in new for member in sum_ if member in self.hidden]
        return list(found)

    def _bound(self, key: _Key, bounds: Mapping[_Key, _Bounds]) -> _Bounds:
        if key not in self.hidden:
            return self.values[key], self.values[key]
        return bounds.get(key, (min(self.values.get(key, 1.0), 1.0), math.inf))

    def _tighten(self, whole: _Key, parts: Sequence[_Key], bounds: dict[_Key, _Bounds]) -> None:
        """The whole lies between the sums of its parts' ends, a part between what the others leave
        of the whole."""
        ends = {key: self._bound(key, bounds) for key in (whole, *parts)}
        lows, highs = (math.fsum(ends[part][end] for part in parts) for end in (0, 1))
        known = math.fsum(ends[part][1] for part in parts if math.isfinite(ends[part][1]))
        free = sum(math.isinf(ends[part][1]) for part in parts)
        if whole in self.hidden:
            ends[whole] = bounds[whole] = (max(ends[whole][0], lows), min(ends[whole][1], highs))
        for part in (part for part in parts if part in self.hidden):
            low, high = ends[part]
            alone = free - math.isinf(high) == 0  # all others have an end
            others = known - (0.0 if math.isinf(high) else high) if alone else math.inf
            bounds[part] = (
                max(low, ends[whole][0] - others), min(high, ends[whole][1] - (lows - low))
            )  # fmt: skip

    def another(self, key: _Key) -> _Key | None:
        """What is hidden next: the smallest part above zero, else the whole, of the sum that binds
        the count most; of its own sums first."""

        def binds(sum_: _Sum) -> tuple[bool, int]:
            return key not in sum_, sum(member in self.hidden for member in sum_)

        for whole, *parts in sorted(self._tied(key), key=binds):
            mine = [k for k in parts if k in self.mine and k not in self.hidden]
            if some := [k for k in mine if self.values[k] > 0]:
                return min(some, key=lambda k: (self.values[k], k))
            if whole in self.mine and whole not in self.hidden:
                return whole
        return None


def _everyone(frame: pl.DataFrame, column: str, beside: Sequence[pl.DataFrame]) -> pl.Series:
    """Of how many inhabitants or firms each count is a part, as far as that is known."""
    entry = registry().columns[column]
    of = _EVERYONE.get(entry.unit, "") if entry.kind == "count" else ""
    return _wholes(frame, of, [frame, *beside])


def _is_of_few(number: float, everyone: float | None, fewest: int) -> bool:
    """About one to nine people, or about all inhabitants but so few: 1,462 of 1,465; or about any,
    or none, of so few inhabitants."""
    everyone = number if everyone is None else everyone
    return 0 < number < fewest or 0 < everyone - number < fewest or 0 < everyone < fewest
