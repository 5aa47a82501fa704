# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What else is hidden, so that sums do not give away what is hidden for being about a few.

Source: Hundepool et al. (2012), *Statistical Disclosure Control*, §4.3 and §4.4 (feasibility
intervals of suppressed cells; secondary suppression in hierarchical tables); decision 0014.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from itertools import chain
from typing import NamedTuple

import polars as pl

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import STATUS_SUFFIX

HALF_SUFFIX = "±"  # of a column: how far its numbers may be from the truth
VALUES = 4  # that every hidden count may still have by what is published
_SUMS = (  # wholes, and groups that together are them
    ("population", "men", "women"),
    ("population", "age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus"),
    ("15 to 64 years", "age_15_24", "age_25_44", "age_45_64"),
    ("households", "one_person_households", "households_without_children",
     "households_with_children"),
    ("establishments", "firms_agriculture", "firms_industry", "firms_trade_catering",
     "firms_transport_information", "firms_finance_property", "firms_business_services",
     "firms_public_care", "firms_culture_other"),
)  # fmt: skip
_WORKERS = "15 to 64 years"  # in no table, but their ages are
_OF_MORE = ("households_without_children", "households_with_children")  # than one person
_HOMES_OF = ("one_person_households", *_OF_MORE)


def with_others(
    frame: pl.DataFrame,
    few: Mapping[str, set[int]],
    beside: Sequence[pl.DataFrame] = (),
    wholes: Mapping[str, str] | None = None,
    fixed: Sequence[pl.DataFrame] = (),
) -> dict[str, set[int]]:
    """Rows of each column that are hidden: the *few* (by column), and those that would tell them.

    *frame* has area, year and the columns, *beside* are own tables with those and their status,
    *fixed* those of others: what these tell by themselves stays told, so nothing is hidden for it
    in vain.  *wholes* says of what a column is a part, at most.

    Every wijk is the sum of its buurten, every gemeente of its wijken (of its buurten where no
    wijken are known), all inhabitants of men and women and of the age groups, all firms of the
    sectors, all households of their kinds; whom others count in no wijk or buurt, where theirs do
    not add up, are a rest that nobody knows.  What is published in these sums leaves every hidden
    count an interval; where that holds fewer than four values, the smallest other part is hidden,
    else the whole, else a nought, until it does.
    """
    cells = _Cells(frame, few, beside, wholes or {}, fixed)
    anyway = cells.told_anyway()
    while hidden := _next(cells, anyway):
        cells.hide(hidden)
    found: dict[str, set[int]] = {column: set(rows) for column, rows in few.items()}
    for key in cells.hidden.keys() & cells.mine.keys():
        if cells.own[key] > 0 or not cells.is_told(key):  # a nought that is told is no less shown
            found[key.column].add(cells.mine[key])
    return found


def _next(cells: _Cells, anyway: set[_Key]) -> list[_Key]:
    """What is hidden at once, one in each wijk: what one count needs may be what another has got.
    What was hidden last goes first, for it may tell what it was hidden for."""
    taken, found = set[tuple[str, int]](), list[_Key]()
    asked = cells.hidden.keys() - anyway
    told = [key for key in asked if cells.is_told(key)] or cells.told_exactly(asked)
    last = max((cells.hidden[key] for key in told), default=0)
    for key in sorted((k for k in told if cells.hidden[k] == last), reverse=True):  # wijken first
        place = key.area[2:8], key.year
        if place not in taken and (other := cells.another(key)):
            taken |= {place, (other.area[2:8], other.year)}
            found.append(other)
    if told and not found:  # nothing helps those: the others
        anyway |= {key for key in told if cells.hidden[key] == last}
        return _next(cells, anyway)
    return found


class _Key(NamedTuple):
    area: str
    year: int
    column: str


_Sum = tuple[_Key, ...]  # the whole, then its parts
_Bounds = tuple[float, float]
_PASSES = 6  # of a sum: what bounds then leave open, a linear programme decides
_NOISE = 1e-6
_MANY = 1e8  # of anything
_AT_ONCE = 8  # programmes for all counts together, before one for each
_REST = "all but "
_LIVE = _REST + "who live there"
_NOWHERE = _REST + "who are in no part: "  # Utrecht 2020: 252 people are in no wijk


class _Cells:
    """Counts in this table and beside it, and the sums that they form."""

    def __init__(
        self,
        frame: pl.DataFrame,
        few: Mapping[str, set[int]],
        beside: Sequence[pl.DataFrame],
        wholes: Mapping[str, str],
        fixed: Sequence[pl.DataFrame] = (),
    ) -> None:
        self.own: dict[_Key, float] = {}  # shown or hidden, of this table and others of its kind
        self.hidden: dict[_Key, int] = {}  # and in which turn
        self.mine: dict[_Key, int] = {}
        self.fixed: dict[_Key, _Bounds] = {}  # what a reader may take figures of CBS for
        self.widest: dict[_Key, _Bounds] = {}  # and how far these may be from the truth
        self.near: dict[_Key, _Bounds] = {}  # own numbers that are not exact
        self.wholes = {c: of for c, of in wholes.items() if c in few}
        wanted = _tied_columns(few, self.wholes)
        here = frame.select(gemeente=pl.col("area").str.slice(2, 4), year="year").unique()
        self.not_nought: set[_Key] = set()  # nor known: others keep it secret
        self.guessed: set[_Sum] = set()
        secret = set[_Key]()
        for column in wanted:
            for key, (value, half) in _shown(column, beside, here, secret).items():
                self.own[key] = value
                if half:
                    self.near[key] = _between(value, half)
            theirs = _shown(column, fixed, here, self.not_nought)
            self.fixed |= _rounded(column, theirs, nearest=True)
            self.widest |= _rounded(column, theirs, nearest=False)
        self.hidden = dict.fromkeys(secret - self.own.keys(), 0)
        self.secret = frozenset(secret)
        for column, rows in few.items():
            self._add_mine(frame.select("area", "year", column), column, rows)
        self.sums_with: dict[_Key, list[_Sum]] = {}
        for sum_ in self._sums(_inside([frame, *beside, *fixed], here)):
            for key in sum_:
                self.sums_with.setdefault(key, []).append(sum_)
        self.bounds: dict[_Key, _Bounds] = {}  # of what is open: hidden, rounded or in no table
        self._settle(chain.from_iterable(self.sums_with.values()))

    def _add_mine(self, frame: pl.DataFrame, column: str, rows: Collection[int]) -> None:
        for row, (area, year, value) in enumerate(frame.iter_rows()):
            if value is not None:
                key = _Key(area, year, column)
                self.mine[key] = row
                self.own.setdefault(key, value)
                if row in rows:
                    self.hidden[key] = 0

    def _sums(self, inside: Mapping[tuple[str, int], Sequence[str]]) -> Iterator[_Sum]:
        known = dict.fromkeys(sorted(self.own.keys() | self.hidden.keys() | self.fixed.keys()))
        for column in dict.fromkeys(key.column for key in known):
            for (area, year), codes in inside.items():
                whole, parts = _Key(area, year, column), [_Key(c, year, column) for c in codes]
                some = [part for part in parts if part in known]
                if not self._may_add_up(whole, parts):
                    yield (whole, *parts, whole._replace(column=_NOWHERE + column))
                    continue
                if some or whole in known:
                    yield (whole, *parts)
                left = self.not_nought.isdisjoint(parts) and len(some) < len(parts)
                if some and left and self._may_be_all(whole, some):
                    self.guessed.add((whole, *some))
                    yield (whole, *some)
        yield from self._sums_of_columns(known)

    def _may_be_all(self, whole: _Key, some: Sequence[_Key]) -> bool:
        """Whether what is in no table may be none, or nearly: a reader who takes it for none, where
        it is not, is led astray and finds nothing."""
        low, high = self._truly(whole)
        ends = [self._truly(part) for part in some]
        left = low - math.fsum(most for _, most in ends)
        return left < VALUES and high - math.fsum(least for least, _ in ends) > -VALUES

    def _truly(self, key: _Key) -> _Bounds:
        """What we know of it that a reader may not: what others keep secret may be anything."""
        if key in self.own:
            return self.near.get(key) or (self.own[key],) * 2
        return self.widest.get(key, (0.0, math.inf))

    def _may_add_up(self, whole: _Key, parts: Sequence[_Key]) -> bool:
        """Whether the parts of a whole that others count can be it, by how they are rounded."""
        ends = [self.fixed.get(part, (0.0, math.inf)) for part in parts]
        known = self.own.keys() | self.hidden.keys()
        return (
            whole in known
            or not known.isdisjoint(parts)
            or (self.fixed.get(whole, (0.0, math.inf))[0] <= math.fsum(high for _, high in ends))
        )

    def _sums_of_columns(self, known: Mapping[_Key, None]) -> Iterator[_Sum]:
        for column, *group in _SUMS:
            wholes = (key._replace(column=column) for key in known if key.column in group)
            for whole in dict.fromkeys(wholes):
                yield (whole, *(whole._replace(column=part) for part in group))
        for key in known:  # the rest is nobody at least
            column = key.column
            if column == "population":
                homes = [home for c in _HOMES_OF if (home := key._replace(column=c)) in known]
                yield (key, *homes, key._replace(column=_LIVE))
            if column == "job_seekers":
                of_age = key._replace(column=_WORKERS)
                yield (of_age, key, key._replace(column=_REST + "at work"))
            if of := self.wholes.get(column):
                yield (key._replace(column=of), key, key._replace(column=_REST + column))

    def told_anyway(self) -> set[_Key]:
        """What the tables of others tell even if the municipality hides all that it has."""
        bare = copy(self)
        bare.hidden, bare.bounds = self.hidden | dict.fromkeys(self.own, 0), {}
        bare.sums_with = {
            key: [sum_ for sum_ in sums if sum_ not in self.guessed]
            for key, sums in self.sums_with.items()
        }
        bare._settle(chain.from_iterable(bare.sums_with.values()))  # noqa: SLF001 -- its own kind
        ends = {key: bare._bound(key) for key in self.hidden}  # noqa: SLF001
        return {key for key in ends if bare.is_told(key)}

    def hide(self, keys: Collection[_Key]) -> None:
        """These too: what they are tied to is open again."""
        turn = max(self.hidden.values(), default=0) + 1
        self.hidden |= dict.fromkeys(keys, turn)
        found, waiting = dict[_Sum, None](), [*keys]
        while waiting:
            key = waiting.pop()
            self.bounds.pop(key, None)
            new = [sum_ for sum_ in self.sums_with.get(key, ()) if sum_ not in found]
            found |= dict.fromkeys(new)
            waiting += [member for sum_ in new for member in sum_ if self._is_open(member)]
        self._settle(found)

    def is_told(self, key: _Key) -> bool:
        """Whether what is published leaves a hidden count fewer than four values."""
        return _is_narrow(self._bound(key))

    def told_exactly(self, keys: Collection[_Key]) -> list[_Key]:
        """Which of these hidden counts the sums tell together, where they cross and bounds, passed
        from one to the next, do not show it; what others count need not add up with them."""
        found, places = list[_Key](), dict[tuple[str, int], list[_Key]]()
        for key in sorted(keys):
            if math.isfinite(self._bound(key)[1]):
                places.setdefault((key.area[2:6], key.year), []).append(key)
        for here in places.values():
            tied = chain.from_iterable(self._rings(*here))
            sums = [sum_ for sum_ in tied if sum_ not in self.guessed]
            ends = self._extremes(here, sums) or self._extremes(
                here, [sum_ for sum_ in sums if self.fixed.keys().isdisjoint(sum_)]
            )
            found += [key for key, between in ends.items() if _is_narrow(between)]
        return found

    def _extremes(self, keys: Sequence[_Key], sums: Sequence[_Sum]) -> dict[_Key, _Bounds]:
        """The least and most that each of these counts may be by all sums together, by linear
        programming; nothing where the sums contradict one another."""
        programme = _Programme(sums, lambda key: self._before(key, self.widest))
        keys = [key for key in keys if key in programme.at]
        ends = dict.fromkeys(keys, (math.inf, -math.inf))
        # the most and least of many at once first: nearly all are shown to be wide by that
        asked = [{k: (-1.0) ** (n >> bit) for n, k in enumerate(keys)} for bit in range(_AT_ONCE)]
        asked += [{key: 1.0} for key in keys]
        for weights in asked:
            if all(not _is_narrow(ends[key]) for key in weights):
                continue
            for sign in (1.0, -1.0):
                found = programme.least({key: sign * n for key, n in weights.items()})
                if found is None:
                    return {}
                ends = {k: (min(a, found[k]), max(b, found[k])) for k, (a, b) in ends.items()}
        return ends

    def _is_open(self, key: _Key) -> bool:
        return key in self.hidden or key not in self.own

    def _bound(self, key: _Key) -> _Bounds:
        """A hidden count is one or more, for most zeros are shown."""
        if not self._is_open(key):
            return self.near.get(key) or (self.own[key],) * 2
        if key not in self.bounds:
            self.bounds[key] = self._before(key, self.fixed)
        return self.bounds[key]

    def _before(self, key: _Key, theirs: Mapping[_Key, _Bounds]) -> _Bounds:
        """The bound of what is open before any sum says more."""
        if not self._is_open(key):
            return self._bound(key)
        low = min(self.own.get(key, 1.0), 1.0) if key in self.hidden else 0.0
        least, most = theirs.get(key, (0.0, math.inf))
        return max(low, least), most

    def _settle(self, sums: Iterable[_Sum]) -> None:
        """Pass bounds on from sum to sum until they stay: in a tree of areas they are then exact,
        else not narrower than those are.  First what own tables say, for it adds up."""
        all_ = dict.fromkeys(sums)
        self._pass_on(s for s in all_ if self.fixed.keys().isdisjoint(s))
        self._pass_on(all_, everything=True)

    def _pass_on(self, sums: Iterable[_Sum], *, everything: bool = False) -> None:
        waiting = deque(sums)
        queued, passes = set(waiting), Counter[_Sum]()
        while waiting:
            sum_ = waiting.popleft()
            queued.discard(sum_)
            passes[sum_] += 1
            for key in self._tighten(sum_):
                again = [
                    s for s in self.sums_with[key]
                    if s not in queued and passes[s] < _PASSES
                    and (everything or self.fixed.keys().isdisjoint(s))
                ]  # fmt: skip
                queued.update(again)
                waiting += again

    def _tighten(self, sum_: _Sum) -> list[_Key]:
        """The whole lies between the sums of its parts' ends, a part between what the others leave
        of the whole; gives what this changed."""
        whole, *parts = sum_
        people = [_people(part, sum_) for part in parts]
        bounds = [self._bound(part) for part in parts]
        ends = [(n * low, n * high) for n, (low, high) in zip(people, bounds, strict=True)]
        least, most = self._bound(whole)
        lows = math.fsum(low for low, _ in ends)
        known = math.fsum(high for _, high in ends if high != math.inf)
        free = sum(high == math.inf for _, high in ends)
        changed = [whole] if self._narrow(whole, lows, known if not free else math.inf) else []
        for part, n, (low, high) in zip(parts, people, ends, strict=True):
            alone = free == (high == math.inf)  # all others have an end
            others = (known - (0.0 if high == math.inf else high)) if alone else math.inf
            if self._narrow(part, (least - others) / n, (most - (lows - low)) / n):
                changed.append(part)
        return changed

    def _narrow(self, key: _Key, low: float, high: float) -> bool:
        """What contradicts what is known already says nothing: tables of others need not add up."""
        if not self._is_open(key):
            return False
        before = self._bound(key)
        after = max(low, before[0]), min(high, before[1])
        if after == before or after[0] > after[1]:
            return False
        self.bounds[key] = after
        return True

    def another(self, key: _Key) -> _Key | None:
        """What is hidden next: the smallest part above zero, else the whole, of the sum that binds
        the count most; of its own sums first, and a nought only where nothing else is left."""
        for loose, nought in ((False, False), (True, False), (False, True), (True, True)):
            for sums in self._rings(key):
                fit = [s for s in sums if s[-1].column.startswith(_REST) == loose]
                for sum_ in sorted(fit, key=lambda s: sum(member in self.hidden for member in s)):
                    if found := self._of_sum(sum_, nought=nought):
                        return found
        return None

    def _of_sum(self, sum_: _Sum, *, nought: bool) -> _Key | None:
        whole, *parts = sum_
        free = [k for k in (*parts, whole) if k in self.mine and k not in self.hidden]
        fit = [k for k in free if k != whole and (self.own[k] > 0) != nought]
        if fit:
            return min(fit, key=lambda k: (k not in self.secret, self._tells(k), self.own[k], k))
        return whole if whole in free else None

    def _tells(self, key: _Key) -> int:
        """How many other sums would give this back at once, if it were hidden."""
        strict = (s for s in self.sums_with[key] if not s[-1].column.startswith(_REST))
        return sum(not any(self._is_open(k) for k in s) for s in strict)

    def _rings(self, *keys: _Key) -> Iterator[list[_Sum]]:
        """Their own sums, then those that they are tied to by what is open, and so on."""
        own = chain.from_iterable(self.sums_with.get(key, ()) for key in keys)
        ring, seen = list(dict.fromkeys(own)), set[_Sum]()
        while ring:
            yield ring
            seen.update(ring)
            beyond = (
                other
                for sum_ in ring for member in sum_ if self._is_open(member)
                for other in self.sums_with[member]
            )  # fmt: skip
            ring = [sum_ for sum_ in dict.fromkeys(beyond) if sum_ not in seen]


class _Programme:
    """Sums of counts that lie between bounds, as a linear programme."""

    def __init__(self, sums: Sequence[_Sum], bound: Callable[[_Key], _Bounds]) -> None:
        from scipy.optimize import Bounds, LinearConstraint  # noqa: PLC0415 -- heavy
        from scipy.sparse import coo_array  # noqa: PLC0415 -- heavy

        self.at = {key: n for n, key in enumerate(dict.fromkeys(chain.from_iterable(sums)))}
        lows, highs = zip(*map(bound, self.at), strict=True) if self.at else ((), ())
        self.bounds = Bounds(lows, [min(high, _MANY) for high in highs])
        cells = [
            (n, self.at[key], 1.0 if key == sum_[0] else -_people(key, sum_))
            for n, sum_ in enumerate(sums) for key in sum_
        ]  # fmt: skip
        row, column, number = zip(*cells, strict=True) if cells else ((), (), ())
        shape = len(sums), len(self.at)
        matrix = coo_array((number, (row, column)), shape=shape).tocsr()
        self.sums = LinearConstraint(matrix, 0.0, 0.0)

    def least(self, weights: Mapping[_Key, float]) -> dict[_Key, float] | None:
        """A solution in which the weighted sum of these is least; None if there is no solution."""
        from scipy.optimize import milp  # noqa: PLC0415 -- heavy

        objective = [0.0] * len(self.at)
        for key, weight in weights.items():
            objective[self.at[key]] = weight
        found = milp(objective, constraints=self.sums, bounds=self.bounds)
        return dict(zip(self.at, found.x.tolist(), strict=True)) if found.status == 0 else None


def _is_narrow(between: _Bounds) -> bool:
    """Whether so few whole numbers lie between these."""
    low, high = between
    if math.isinf(high) or math.isinf(low):
        return low > high
    return math.floor(high + _NOISE) - math.ceil(low - _NOISE) + 1 < VALUES


def _people(part: _Key, sum_: _Sum) -> int:
    """How often a part counts in a sum: a home of more than one person for two of those who live
    there, at least."""
    return 2 if sum_[-1].column == _LIVE and part.column in _OF_MORE else 1


def _tied_columns(few: Iterable[str], wholes: Mapping[str, str]) -> list[str]:
    """These, and all that sums tie to them."""
    ties = [*map(set, _SUMS), *({part, whole} for part, whole in wholes.items())]
    ties += [{"population", "households", *_HOMES_OF}, {"job_seekers", "age_15_24"}]
    found, before = set(few), set[str]()
    while found != before:
        before = set(found)
        found = found.union(*(tie for tie in ties if tie & found))
    return sorted(found)


def _shown(
    column: str, frames: Sequence[pl.DataFrame], here: pl.DataFrame, secret: set[_Key]
) -> dict[_Key, tuple[float, float]]:
    """What these tables show of the gemeenten and years *here*, and how far it may be from the
    truth: where several do, the surest, of those the first; what they hide goes to *secret*."""
    mark, shown = column + STATUS_SUFFIX, dict[_Key, tuple[float, float]]()
    half = column + HALF_SUFFIX
    for other in (frame for frame in frames if {column, mark} <= set(frame.columns)):
        near = other.with_columns(gemeente=pl.col("area").str.slice(2, 4)).join(
            here, on=("gemeente", "year"), how="semi"
        )
        slack = pl.col(half).fill_null(0.0) if half in near.columns else pl.lit(0.0)
        for area, year, value, status, wide in near.select(
            "area", "year", column, mark, slack.alias(half)
        ).iter_rows():
            key = _Key(area, year, column)
            if value is not None:
                if key not in shown or wide < shown[key][1]:
                    shown[key] = value, wide
            elif status == Status.SECRET:
                secret.add(key)
    return shown


def _between(value: float, half: float) -> _Bounds:
    """The whole numbers that are at most *half* away, else the nearest."""
    low, high = math.ceil(value - half - _NOISE), math.floor(value + half + _NOISE)
    return (low, high) if low <= high else (round(value),) * 2


def _rounded(
    column: str, shown: Mapping[_Key, tuple[float, float]], *, nearest: bool
) -> dict[_Key, _Bounds]:
    """Between which numbers a figure of CBS lies: rounded, if all are, except of gemeenten.

    CBS rounds to fives by chance, so up to four away; taking it for the *nearest* is taking a
    reader to know more than they do, and hides no less."""
    step = registry().columns[column].rounding if shown else 0
    exact = {key: value for key, (value, half) in shown.items() if not half}
    of_parts = [value for key, value in exact.items() if key.area[:2] in ("WK", "BU")]
    is_rounded = step > 1 and any(of_parts) and all(value % step == 0 for value in of_parts)
    slack = (step // 2 if nearest else step - 1) if is_rounded else 0.0
    return {
        key: (value - slack, value + slack) if key.area[:2] in ("WK", "BU") else (value, value)
        for key, value in exact.items()
    } | {key: _between(value, half) for key, (value, half) in shown.items() if half}


def _inside(frames: Sequence[pl.DataFrame], here: pl.DataFrame) -> dict[tuple[str, int], list[str]]:
    """Which areas of each year together are a wijk or gemeente: of a gemeente its wijken, or its
    buurten where no wijken are known."""
    places = pl.concat(frame.select("area", "year") for frame in frames).unique()
    gemeente = pl.col("area").str.slice(2, 4).alias("gemeente")
    known = places.with_columns(gemeente).join(here, on=("gemeente", "year"), how="semi")
    rows = sorted(known.select("area", "year").iter_rows())
    all_, found = set(rows), dict[tuple[str, int], list[str]]()
    for area, year in rows:
        wijk, gemeente_code = "WK" + area[2:8], "GM" + area[2:6]
        if area[:2] == "WK" or (area[:2] == "BU" and (wijk, year) not in all_):
            found.setdefault((gemeente_code, year), []).append(area)
        elif area[:2] == "BU":
            found.setdefault((wijk, year), []).append(area)
    return found
