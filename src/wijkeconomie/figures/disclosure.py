# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""In a municipality's own table what is about a few people is hidden before it is stored.

Firms too, because most are one person (decision 0014).  What CBS publishes it has protected itself.
Source: Hundepool et al. (2012), *Statistical Disclosure Control* (primary suppression, as in
tau-Argus); what else must be hidden for it: :mod:`wijkeconomie.figures.suppression`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import SAID_SUFFIX, STATUS_SUFFIX, Snapshot
from wijkeconomie.figures.suppression import with_others

FEWEST = {"persons": 10, "jobs": 10, "firms": 5}  # in one cell; a job is somebody's
_EVERYONE = {"persons": "population", "firms": "establishments"}
_TOLD = (
    "small_counts_hidden", "small_shares_hidden", "unsure_shares_hidden", "small_means_hidden",
)  # fmt: skip
_PER_PERSON = {"persons", "per_km2", "eur_1000", "cars"}  # units of means and densities of people
_RECIPIENTS = {"income_per_recipient": "income_recipients"}  # the others are of all inhabitants


def hide_small(table: Snapshot, others: Iterable[pl.DataFrame] = ()) -> Snapshot:
    """The table without counts of one to nine people or jobs and of one to four firms, or of all
    but so few, nor shares that are about so few, with a notice of how many were hidden.

    Where the rest of a wijk or gemeente would tell what was hidden, another one is hidden too (see
    :func:`with_others`).  *others* are tables beside it: with them counts can be worked out as
    well, and they may say how many people a share is taken of; where none does, the share is
    hidden, for it might be about one person.
    """
    known = registry().columns
    people = [c for c in table.keys if known[c].kind == "count" and _fewest(c)]
    shares = [c for c in table.keys if known[c].kind == "share" and _fewest(c)]
    means = [c for c in table.keys if known[c].kind in ("mean", "median", "density")
             and known[c].unit in _PER_PERSON]  # fmt: skip
    beside = list(others) if people or shares or means else []
    everything = [table.frame, *beside]  # what the table itself keeps secret is no less so
    wholes = {c: _EVERYONE[known[c].unit] for c in people if known[c].unit in _EVERYONE}
    counts = with_others(
        table.frame, {c: _few_of_any(table.frame, c, beside) for c in people}, everything,
        {c: whole for c, whole in wholes.items() if c != whole},
    )  # fmt: skip
    implied = {column: _implied(table.frame, column, everything) for column in shares}
    few = {
        c: with_others(
            frame,
            {c: _few(frame, c, []) | _few(_implied(table.frame, c, beside), c, [])},
            _implied_beside(c, everything, everything),
        )[c]
        for c, frame in implied.items()
    }
    unsure = {column: _unsure(table.frame, implied[column], column) for column in shares}
    few_means = {column: _mean_of_few(table.frame, column, counts, everything) for column in means}
    hidden = {**counts, **few_means, **{c: few[c] | unsure[c] for c in shares}}
    numbers = {
        code: sum(map(len, found.values()))
        for code, found in zip(_TOLD, (counts, few, unsure, few_means), strict=True)
    }
    if not any(numbers.values()):
        return table
    frame = table.frame.with_columns(
        expression
        for column, rows in hidden.items()
        for expression in _without(column, rows, table.frame.columns)
    )
    return replace(table, frame=frame, notices=_told(table, numbers))


def _told(table: Snapshot, hidden: Mapping[str, int]) -> tuple[Notice, ...]:
    """The notices of a table of which so many figures were hidden now, with those hidden before."""
    before = {n.code: n.fields["count"] for n in table.notices if n.code in hidden}
    numbers = {code: number + before.get(code, 0) for code, number in hidden.items()}
    told = (
        Notice(code, {"table": table.origin.table, "count": number})
        for code, number in numbers.items()
        if number
    )
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


def _mean_of_few(
    frame: pl.DataFrame, column: str, hidden: Mapping[str, set[int]], frames: Sequence[pl.DataFrame]
) -> set[int]:
    """Rows of which the mean or density is of one to nine people, or stands beside a number of
    them that is hidden: people to the square kilometre, times the land, are the people."""
    of = _RECIPIENTS.get(column, "population")
    whole = _wholes(frame, of, frames)
    small = (whole > 0) & (whole < FEWEST["persons"])
    rows = set(small.fill_null(value=False).arg_true()) | hidden.get(of, set())
    places = frame.select("area", "year").with_row_index("at")
    for other in (one for one in frames if of + STATUS_SUFFIX in one.columns):
        secret = other.filter(pl.col(of + STATUS_SUFFIX) == int(Status.SECRET))
        rows |= set(places.join(secret, on=("area", "year"), how="semi")["at"])
    return rows & set(frame[column].is_not_null().arg_true())


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


def _few_of_any(frame: pl.DataFrame, column: str, beside: Sequence[pl.DataFrame]) -> set[int]:
    """Few beside the inhabitants that the table gives, or those of another: a reader sees both."""
    return _few(frame, column, [frame, *beside]) | _few(frame, column, beside)


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
    return set(frame.with_columns(wholes).select(few.fill_null(value=False)).to_series().arg_true())
