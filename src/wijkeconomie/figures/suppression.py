# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What else is hidden, so that sums do not give away what is hidden for being about a few.

Source: Hundepool et al. (2012), *Statistical Disclosure Control*, §4.3 and §4.4 (feasibility
intervals of suppressed cells; secondary suppression in hierarchical tables); decision 0014.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.snapshot import STATUS_SUFFIX

VALUES = 4  # that every hidden count may still have by what is published
_SUMS = (  # wholes, and groups that together are them
    ("population", "men", "women"),
    ("population", "age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus"),
    ("establishments", "firms_agriculture", "firms_industry", "firms_trade_catering",
     "firms_transport_information", "firms_finance_property", "firms_business_services",
     "firms_public_care", "firms_culture_other"),
)  # fmt: skip


def with_others(
    frame: pl.DataFrame,
    few: Mapping[str, set[int]],
    beside: Sequence[pl.DataFrame] = (),
    wholes: Mapping[str, str] | None = None,
) -> dict[str, set[int]]:
    """Rows of each column that are hidden: the *few* (by column), and those that would tell them.

    *frame* has area, year and the columns, *beside* are tables with those and their status.

    Every wijk is the sum of its buurten, every gemeente of its wijken (of its buurten where no
    wijken are known), all inhabitants of men and women and of the age groups, all firms of the
    sectors.  What is published in these sums leaves every hidden count an interval; where that
    holds fewer than four values, the smallest other part is hidden, else the whole, until it does.
    """
    cells = _Cells(frame, few, beside, wholes or {})
    waiting = sorted(cells.hidden & cells.sums_with.keys())
    while waiting:
        key = waiting.pop()
        if cells.is_told(key) and (other := cells.another(key)):
            cells.hide(other)
            waiting += [key, other]
    found: dict[str, set[int]] = {column: set() for column in few}
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
        self,
        frame: pl.DataFrame,
        few: Mapping[str, set[int]],
        beside: Sequence[pl.DataFrame],
        wholes: Mapping[str, str],
    ) -> None:
        self.values: dict[_Key, float] = {}
        self.hidden: set[_Key] = set()
        self._found: dict[_Key, _Bounds] = {}  # of the hidden ones, as long as no other is
        self.mine: dict[_Key, int] = {}
        self.wholes = {c: of for c, of in wholes.items() if c in few}
        related = {c for sum_ in _SUMS if few.keys() & set(sum_) for c in sum_}
        related |= set(self.wholes.values())
        wanted = [*few, *related.difference(few)]
        here = frame.select(gemeente=pl.col("area").str.slice(2, 4), year="year").unique()
        for column in wanted:
            self._add_beside(column, beside, here)
        for column, rows in few.items():
            found = frame.select("area", "year", column).iter_rows()
            for row, (area, year, value) in enumerate(found):
                if value is not None:
                    key = _Key(area, year, column)
                    self.mine[key], self.values[key] = row, value
                    self.hidden.discard(key)
                    if row in rows:
                        self.hidden.add(key)
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
                if any(part in known for part in parts):
                    yield (whole, *parts)
        for part in known:  # the rest is nobody at least
            whole = part._replace(column=self.wholes.get(part.column, ""))
            if whole in known:
                yield (whole, part, part._replace(column=f"all but {part.column}"))

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
            value = self.values.get(key)
            return (0.0, math.inf) if value is None else (value, value)  # or in no table
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

        def binds(sum_: _Sum) -> tuple[bool, bool, int]:
            loose = any(member.column.startswith("all but ") for member in sum_)
            return loose, key not in sum_, sum(member in self.hidden for member in sum_)

        for whole, *parts in sorted(self._tied(key), key=binds):
            mine = [k for k in parts if k in self.mine and k not in self.hidden]
            if some := [k for k in mine if self.values[k] > 0]:
                return min(some, key=lambda k: (self.values[k], k))
            if whole in self.mine and whole not in self.hidden:
                return whole
        return None
