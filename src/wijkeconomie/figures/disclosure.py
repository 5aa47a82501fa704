# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""In a municipality's own table what is about a few people is hidden before it is stored.

Firms too, because most are one person (decision 0014).  What CBS publishes it has protected itself.
Source: Hundepool et al. (2012), *Statistical Disclosure Control* (primary suppression, as in
tau-Argus); what else must be hidden for it: :mod:`wijkeconomie.figures.suppression`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from wijkeconomie.figures.areas import COUNTRY
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import SAID_SUFFIX, STATUS_SUFFIX, Snapshot
from wijkeconomie.figures.suppression import HALF_SUFFIX, with_others

FEWEST = {"persons": 10, "jobs": 10, "firms": 5, "households": 5}  # in a cell; a job is somebody's
_HOMES = 5  # that a mean of what homes use is of at least
_EVERYONE = {"persons": "population", "firms": "establishments", "households": "households"}
_AT_MOST = {"persons": "population", "firms": "establishments", "households": "population"}
_TELLS = {  # the count that follows from a figure, beside another
    "social_assistance_share_own": ("social_assistance", "population"),
    "household_size": ("households", "population"),
    "population_density": ("population", "area_land"),
}
_SAME = {figure: count for figure, (count, _) in _TELLS.items()} | {
    "net_participation": "working_persons"
}
_OF_WORKERS = {  # not of all inhabitants, of whom a share seems to be about more people than it is
    "net_participation", "employee_share", "self_employed_share", "flexible_workers_share",
}  # fmt: skip
_TOLD = (
    "small_counts_hidden", "small_shares_hidden", "unsure_shares_hidden", "small_means_hidden",
)  # fmt: skip
_SUCH_AS = 3
# means, rates, densities, and what was scored of people
_PER_PERSON = {"persons", "per_km2", "eur_1000", "cars", "per_1000", "score"}
_PER_HOME = {"kwh", "m3"}
_GEMEENTE = pl.col("area").str.slice(2, 4)
_NEARLY_ALL = 0.9  # of the areas of a level: what others than these have together may be little


def hide_small(
    table: Snapshot, others: Iterable[pl.DataFrame] = (), official: Iterable[pl.DataFrame] = ()
) -> Snapshot:
    """The table without counts of one to nine people or jobs and of one to four firms or
    households, or of all but so few, nor shares and means that are about so few, with a notice of
    how many were hidden.

    Where the rest of a wijk or gemeente would tell what was hidden, another one is hidden too (see
    :func:`with_others`), and the country where all its areas stand beside it.  *others* are the
    municipality's tables beside it, *official* those that it cannot change: with them counts can be
    worked out as well, and they may say how many people a share is taken of; where none does, the
    share is hidden, for it might be about one person.
    """
    known, others, official = registry().columns, list(others), list(official)
    people = [c for c in table.keys if known[c].kind == "count" and _fewest(c)]
    shares = [c for c in table.keys if known[c].kind == "share" and _fewest(c)]
    means = [c for c in table.keys if known[c].kind != "count" and _of_whom(c)]
    codes = table.frame["area"].str.slice(2, 4).unique()
    own, fixed = (
        [f.filter(_GEMEENTE.is_in(codes.implode())) for f in some] if people or shares or means
        else [] for some in (others, official)
    )  # fmt: skip
    beside = [*own, *fixed]
    everything = [table.frame, *beside]  # what the table itself keeps secret is no less so
    unsure = {c: _unsure(table.frame, _implied(table.frame, c, everything), c) for c in shares}
    same = {c: of for c, of in _SAME.items() if c in table.keys}
    few_counts = {
        c: _few_of_any(table.frame, c, beside) if c in people else set()
        for c in dict.fromkeys((*people, *same.values()))
    }
    wholes = {c: of for c in few_counts if (of := _AT_MOST.get(known[c].unit, c)) != c}
    (joint,), mine, theirs = (
        [_with_numbers(f, _TELLS, everything) for f in some] for some in ([table.frame], own, fixed)
    )
    while True:  # a share and its count tell each other
        counts = with_others(joint, few_counts, [joint, *mine], wholes, theirs)
        few = {c: _shares(table.frame, c, counts, own, fixed) for c in shares}
        few_means = {c: _mean_of_few(table.frame, c, counts, everything) for c in means}
        both = few | few_means
        if all(both[c] <= counts[of] for c, of in same.items()):
            break
        few_counts |= {of: few_counts[of] | both[c] for c, of in same.items()}
    counts = {c: rows & _filled(table.frame, c) for c, rows in counts.items() if c in table.keys}
    for column in few_means.keys() - _TELLS.keys():
        few_means[column] = _with_other_means(table.frame, column, few_means[column], own, fixed)
    found = {**counts, **few_means, **{c: few[c] | unsure[c] for c in shares}}
    country = {c: _country(table.frame, c, found, others, official) for c in found}
    for kind in (counts, few, few_means):
        kind |= {c: rows | country[c] for c, rows in kind.items() if c in country}
    hidden = {c: rows | country[c] for c, rows in found.items()}
    if not any(hidden.values()):
        return table
    frame = table.frame.with_columns(
        expression
        for column, rows in hidden.items()
        for expression in _without(column, rows, table.frame.columns)
    )
    told = dict(zip(_TOLD, (counts, few, unsure, few_means), strict=True))
    return replace(table, frame=frame, notices=_told(table, told))


def _told(table: Snapshot, hidden: Mapping[str, Mapping[str, set[int]]]) -> tuple[Notice, ...]:
    """The notices of a table: how many figures were hidden, now and before, and a few of them."""
    before = {n.code: n.fields for n in table.notices if n.code in hidden}
    told = []
    for code, found in hidden.items():
        cells = [(column, row) for column, rows in found.items() for row in sorted(rows)]
        number = len(cells) + before.get(code, {}).get("count", 0)
        places = table.frame.select("area", "year").rows()
        said = [
            f"{places[row][0]} ({table.keys[column]}, {places[row][1]})"
            for column, row in cells[:_SUCH_AS]
        ]
        such_as = before.get(code, {}).get("cells") or ", ".join(said)
        if number:
            fields = {"table": table.origin.table, "count": number, "cells": such_as}
            told.append(Notice(code, fields))
    return (*(n for n in table.notices if n.code not in hidden), *told)


def _without(column: str, rows: set[int], columns: Collection[str]) -> list[pl.Expr]:
    """The column, its status and who said so; a source may name the number ("UWV: 3 people")."""
    mark, said = column + STATUS_SUFFIX, column + SAID_SUFFIX
    out = pl.int_range(pl.len(), dtype=pl.Int64).is_in(sorted(rows))
    secret = pl.lit(int(Status.SECRET), pl.UInt8)
    return [
        pl.when(out).then(secret).otherwise(mark).alias(mark),
        *(pl.when(~out).then(name).alias(name) for name in (column, said) if name in columns),
    ]


def _shares(
    frame: pl.DataFrame,
    column: str,
    counts: Mapping[str, set[int]],
    own: Sequence[pl.DataFrame],
    fixed: Sequence[pl.DataFrame],
) -> set[int]:
    """Rows of which the share is about few, or stands beside its count or its whole that is
    hidden, be it for a sum; and the shares that would tell these."""
    everything = [frame, *own, *fixed]
    few = _few(_implied(frame, column, [*own, *fixed]), column, [])
    few |= _few(_implied(frame, column, everything), column, [])
    for tells in (_SAME.get(column, ""), _whole_of(column)):
        few |= _hidden(frame, tells, counts, [frame, *own]) & _filled(frame, column)
    if column in _TELLS:
        return few
    told = {column: (column, _whole_of(column))}
    numbered, *others = (_with_numbers(f, told, everything) for f in (frame, *own))
    theirs = [_with_numbers(f, told, everything) for f in fixed]
    return with_others(numbered, {column: few}, [numbered, *others], {}, theirs)[column]


def _with_numbers(
    frame: pl.DataFrame, told: Mapping[str, tuple[str, str]], frames: Sequence[pl.DataFrame]
) -> pl.DataFrame:
    """The table with the counts that follow from its shares, means and densities where it gives
    these and not those, with their status and how far they may be from the truth for rounding.

    *told*: of each figure the count that follows from it, and the one beside which it does; of
    several numbers of that the smallest is taken.
    """
    for figure, (count, beside) in told.items():
        if figure not in frame.columns:
            continue
        wholes = _wholes(frame, beside, frames).group_by("at").agg(pl.col("whole").min())
        rows = frame.select("area").with_row_index("at")
        whole = rows.join(wholes, on="at", how="left", maintain_order="left")["whole"]
        step = _half_step(frame[figure])
        low, number, high = (_number(figure, whole, slack) for slack in (-step, 0.0, step))
        given = count in frame.columns and count != figure
        blank = pl.col(count).is_null() if given else pl.lit(value=True)
        mark, status = pl.col(figure + STATUS_SUFFIX), count + STATUS_SUFFIX
        hidden = blank & (mark == int(Status.SECRET))
        frame = frame.with_columns(
            pl.when(blank).then(number).otherwise(count if given else None).alias(count),
            pl.when(blank).then((high - low).abs() / 2).otherwise(0.0).alias(count + HALF_SUFFIX),
            pl.when(hidden).then(mark).otherwise(status if given else mark).alias(status),
        )
    return frame


def _number(figure: str, whole: pl.Series, slack: float) -> pl.Expr:
    """The count that follows from a figure that was *slack* more, beside this other count."""
    value = (pl.col(figure) + slack).clip(1e-3)
    unit = registry().columns[figure].unit
    return whole / value if unit == "persons" else value / 100 * whole  # hectares, or of a hundred


def _half_step(given: pl.Series) -> float:
    """Half of the last decimal that is given of a column, of four at most."""
    for decimals in range(4):
        if not given.drop_nulls().ne(given.drop_nulls().round(decimals)).any():
            return 10.0**-decimals / 2
    return 10.0**-4 / 2


def _filled(frame: pl.DataFrame, column: str) -> set[int]:
    return set(frame[column].is_not_null().arg_true())


def _hidden(
    frame: pl.DataFrame, column: str, hidden: Mapping[str, set[int]], frames: Sequence[pl.DataFrame]
) -> set[int]:
    """Rows of which this column is hidden, here or in one of the tables."""
    rows = set(hidden.get(column, ()))
    places = frame.select("area", "year").with_row_index("at")
    for other in (one for one in frames if column + STATUS_SUFFIX in one.columns):
        secret = other.filter(pl.col(column + STATUS_SUFFIX) == int(Status.SECRET))
        rows |= set(places.join(secret, on=("area", "year"), how="semi")["at"])
    return rows


def _mean_of_few(
    frame: pl.DataFrame, column: str, hidden: Mapping[str, set[int]], frames: Sequence[pl.DataFrame]
) -> set[int]:
    """Rows of which the mean, rate or density is of few people, households or homes, or stands
    beside a number of them that is hidden: people to the square kilometre, times the land, are the
    people."""
    rows = set[int]()
    for of in _of_whom(column):
        fewest = FEWEST.get(registry().columns[of].unit, _HOMES)
        small = (pl.col("whole") > 0) & (pl.col("whole") < fewest)
        rows |= set(_wholes(frame, of, frames).filter(small)["at"]) | _hidden(
            frame, of, hidden, frames
        )
    return rows & _filled(frame, column)


def _with_other_means(
    frame: pl.DataFrame,
    column: str,
    few: set[int],
    own: Sequence[pl.DataFrame],
    fixed: Sequence[pl.DataFrame],
) -> set[int]:
    """Rows of which the mean is hidden: the *few*, and those that would tell them, because the mean
    of a whole is that of its parts by how many live there, in whichever tables these stand.  What
    is hidden in one whole is two parts at least, together of as many as a mean may be of; else the
    whole, where it is this table's."""
    of = next(iter(_of_whom(column)), "population")
    fewest = FEWEST.get(registry().columns[of].unit, _HOMES)
    mine = dict(_places(frame, column, given=True))
    gone = {place for place, at in mine.items() if at in few}
    gone |= {place for one in (frame, *own) for place, _ in _places(one, column, given=False)}
    shown = {
        place for one in (frame, *own, *fixed) for place, _ in _places(one, column, given=True)
    }
    size = _sizes(shown | gone, of, [frame, *own, *fixed])
    for whole, parts in _within(shown | gone):
        known = sum(size[part] for part in parts)
        if whole in gone or known < _NEARLY_ALL * size[whole]:
            continue  # the others, of whom no table tells, leave it open
        here = [part for part in parts if part in gone]
        free = sorted((p for p in parts if p in mine and p not in gone), key=size.__getitem__)
        free += [whole] if whole in mine else []
        while here and free and (len(here) < 2 or sum(size[part] for part in here) < fewest):
            here.append(free.pop(0))
            gone.add(here[-1])
    return {at for place, at in mine.items() if place in gone}


_Place = tuple[str, int]


def _places(frame: pl.DataFrame, column: str, *, given: bool) -> Iterator[tuple[_Place, int]]:
    """Area and year, with the row, of what is *given* of this column, else of what is secret."""
    if column not in frame.columns:
        return
    known = pl.col(column).is_not_null()
    secret = ~known & (pl.col(column + STATUS_SUFFIX) == int(Status.SECRET))
    rows = frame.with_row_index("at").filter(known if given else secret)
    for area, year, at in rows.select("area", "year", "at").iter_rows():
        yield (area, year), at


def _within(places: Collection[_Place]) -> list[tuple[_Place, list[_Place]]]:
    """Each whole with its parts, the wijken first: buurten of a wijk; of a gemeente its wijken, and
    the buurten of a wijk that is not among these."""
    found: dict[_Place, list[_Place]] = {}
    for area, year in sorted(places):
        wijk, gemeente = ("WK" + area[2:8], year), ("GM" + area[2:6], year)
        whole = wijk if area[:2] == "BU" and wijk in places else gemeente
        if area[:2] in ("BU", "WK") and whole in places:
            found.setdefault(whole, []).append((area, year))
    return sorted(found.items(), reverse=True)


def _sizes(
    places: Collection[_Place], of: str, frames: Sequence[pl.DataFrame]
) -> dict[_Place, float]:
    """How many live (or else are counted) in each, by the table that says the fewest; 0 unknown."""
    asked = pl.DataFrame(sorted(places), schema={"area": pl.String, "year": pl.Int16}, orient="row")
    least = _wholes(asked, of, frames).group_by("at").agg(pl.col("whole").min().fill_null(0.0))
    rows = asked.rows()
    return {rows[at]: float(number) for at, number in least.iter_rows()}


def _country(
    frame: pl.DataFrame,
    column: str,
    hidden: Mapping[str, set[int]],
    others: Sequence[pl.DataFrame],
    official: Sequence[pl.DataFrame],
) -> set[int]:
    """Rows of the country that would tell what is hidden of a gemeente, wijk or buurt, because the
    tables show (nearly) all others of that level."""
    same = {column, *(c for c, of in _SAME.items() if of == column), _SAME.get(column, column)}
    rows = set[int]()
    for at, (area, year, value) in enumerate(frame.select("area", "year", column).iter_rows()):
        if area != COUNTRY or value is None:
            continue
        given, gone = set[str](), set[str]()
        for one in (frame, *others):
            there = one.filter(pl.col("year") == year)
            for name in same & set(one.columns):
                secret = pl.col(name + STATUS_SUFFIX) == int(Status.SECRET)
                given |= set(there.filter(pl.col(name).is_not_null())["area"])
                gone |= set(there.filter(secret)["area"])
        mine = {c: hidden[c] for c in same & hidden.keys()}
        gone |= {frame["area"][row] for found in mine.values() for row in found
                 if frame["year"][row] == year}  # fmt: skip
        for level in ("GM", "WK", "BU"):
            all_ = _of_level(level, year, official) or _of_level(level, year, [frame, *others])
            known = {code for code in given | gone if code[:2] == level}
            if any(code[:2] == level for code in gone) and (
                len(known & all_) >= _NEARLY_ALL * len(all_) and len(known) > 1
            ):
                rows.add(at)
    return rows


def _of_level(level: str, year: int, frames: Sequence[pl.DataFrame]) -> set[str]:
    """The areas of a level in these tables, in the year or else the nearest that has them."""
    here = pl.col("area").str.starts_with(level)
    years = [(abs(y - year), y) for f in frames for y in f.filter(here)["year"].unique()]
    if not years:
        return set()
    nearest = pl.col("year") == min(years)[1]
    return {code for f in frames for code in f.filter(here & nearest)["area"]}


def _of_whom(column: str) -> tuple[str, ...]:
    """The counts of which a mean, rate or density is about so many, or tells it."""
    entry = registry().columns[column]
    if entry.unit in _PER_HOME:
        return (entry.of,)
    if entry.unit not in _PER_PERSON or column == "address_density":
        return ()
    return {
        "income_recipients": ("income_recipients",), "households": ("population", "households"),
        "dwellings": (),
    }.get(entry.of, ("population",))  # fmt: skip


def _whole_of(share: str) -> str:
    """The count that a share is at least of."""
    return "working_persons" if share in _OF_WORKERS else registry().columns[share].of


def _fewest(column: str) -> int:
    """How many people, jobs or firms a cell is about at least; 0 for what may be about one."""
    entry = registry().columns[column]
    counts = registry().columns[entry.of] if entry.unit == "percent" and entry.of else entry
    return FEWEST.get(counts.unit, 0) if counts.kind == "count" else 0


def _wholes(frame: pl.DataFrame, of: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Of how many each row of *frame* (``at``) is a part: ``whole``, one row for each number that a
    table gives of the year itself, else one of the nearest year; null where no table says so."""
    places = frame.select("area", "year").with_row_index("at").sort("area", "year")
    known = [f.select("area", "year", whole=of).drop_nulls() for f in frames if of in f.columns]
    if not known:
        return places.select("at", whole=pl.lit(None, pl.Float64))
    wholes = pl.concat(known).unique(maintain_order=True)
    same = places.join(wholes, on=("area", "year"), how="inner")
    others = places.join(same, on="at", how="anti").join_asof(
        wholes.unique(("area", "year"), keep="first", maintain_order=True).sort("area", "year"),
        on="year", by="area", strategy="nearest", check_sortedness=False,
    )  # fmt: skip
    return pl.concat([one.select("at", "whole") for one in (same, others)]).sort("at")


def _implied(frame: pl.DataFrame, column: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The rows of *frame* with, in *column*, how many people the share is about, by the table that
    says the fewest; null where no table says of how many it is taken.  Of fewer than ten any share
    is about those: all of eight people, or none of them, says it of each."""
    whole, share, fewest = pl.col("whole"), pl.col(column), _fewest(column)
    # who is in it, or who is not: 99.8 % of 1,500 people is about three; above zero, about somebody
    less = pl.when(share > 50).then(100 - share).otherwise(share)
    number = (less / 100 * whole).round()
    people = pl.when(less == 0).then(0.0).when(number < 1).then(1.0).otherwise(number)
    people = pl.when(people < fewest).then(people).otherwise(share / 100 * whole)
    people = (
        pl.when((whole > 0) & (whole < fewest) & share.is_not_null()).then(whole).otherwise(people)
    )
    wholes = _wholes(frame, _whole_of(column), frames)
    about = frame.with_row_index("at").join(wholes, on="at").select("at", people.alias(column))
    least = about.group_by("at").agg(
        pl.col(column).filter(pl.col(column) > 0).min().fill_null(pl.col(column).min())
    )
    return frame.select("area", "year").with_row_index("at").join(
        least, on="at", how="left", maintain_order="left"
    ).drop("at")  # fmt: skip


def _unsure(frame: pl.DataFrame, implied: pl.DataFrame, column: str) -> set[int]:
    return set((frame[column].is_not_null() & implied[column].is_null()).arg_true())


def _few_of_any(frame: pl.DataFrame, column: str, beside: Sequence[pl.DataFrame]) -> set[int]:
    """Few beside the inhabitants that the table gives, or those of another: a reader sees them all.
    And households where so few people live: their number is nearly that of the people."""
    few = _few(frame, column, [frame, *beside]) | _few(frame, column, beside)
    if registry().columns[column].unit == "households":
        small = (pl.col("whole") > 0) & (pl.col("whole") < FEWEST["persons"])
        people = _wholes(frame, "population", [frame, *beside]).filter(small)
        few |= set(people["at"]) & _filled(frame, column)
    return few


def _few(frame: pl.DataFrame, column: str, frames: Sequence[pl.DataFrame]) -> set[int]:
    """Rows of one to nine people, or of all inhabitants but so few (1,462 of 1,465), or of any or
    none of so few inhabitants."""
    entry, fewest = registry().columns[column], _fewest(column)
    number, everyone = pl.col(column), pl.coalesce("whole", column)
    few = (
        ((number > 0) & (number < fewest))
        | ((everyone - number > 0) & (everyone - number < fewest))
        | ((everyone > 0) & (everyone < fewest) & number.is_not_null())
    )
    wholes = _wholes(frame, _EVERYONE.get(entry.unit, ""), frames)
    return set(frame.with_row_index("at").join(wholes, on="at").filter(few)["at"])
