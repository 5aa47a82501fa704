# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is a new table plausible beside the one before it?  A loss is refused, a leap is held up."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import Snapshot

MOST_LOST = 0.20  # of the rows
LEAP = 100.0  # times as large, or as small
_STEPS = 10  # a figure of fewer rounding steps leaps by chance: a new street in an empty buurt
_NAMED = 20


def compare(new: Snapshot, old: Snapshot | None) -> tuple[Notice, ...]:
    """Refuse *new* when it lost over 20 % of *old*'s rows; return notices for its leaps.

    *old* is the previous version of the table, or the table of the year before; None when there
    is none.  A table of one gemeente is compared with the rows of that gemeente, one of fewer years
    with the rows of those years.  A notice ``value_jump`` means: hold until a person has looked.
    """
    if old is None:
        return ()
    before = _same_part(new, old)
    common = set(new.frame["year"]) & set(before["year"])
    now, then = new.frame.height, before.height
    if common:
        here = pl.col("year").is_in(list(common))
        now, then = new.frame.filter(here).height, before.filter(here).height
    if now < then * (1 - MOST_LOST):
        raise Refusal("service_dropped", now=now, before=then)
    both = [column for column in new.keys if column in old.keys]
    leaps = [notice for column in both for notice in _leaps(new, before, column)]
    rest = len(leaps) - _NAMED
    more = (Notice("value_jumps_more", {"count": rest}),) if rest > 0 else ()
    return (*leaps[:_NAMED], *more)


def refuse_unknown(table: Snapshot, known: Collection[str], *, year: int | None = None) -> None:
    """Refuse a table with codes that the classification does not hold, all of them at once.

    *known* holds the codes of one year; with *year* only rows of that year are judged.
    """
    wrong = (~table.frame["area"].is_in(list(known))).arg_true()
    if year is not None:
        wrong = wrong.filter(table.frame["year"][wrong] == year)
    if not len(wrong):
        return
    listed = {
        "codes": ", ".join(table.frame["area"][wrong].unique(maintain_order=True)),
        "year": str(table.frame["year"][wrong[0]]),
    }
    if table.lines is None:
        raise Refusal("unknown_codes", **listed)
    rows = ", ".join(map(str, table.lines[wrong]))
    raise Refusal("unknown_codes_in_rows", rows=rows, **listed)


def _same_part(new: Snapshot, old: Snapshot) -> pl.DataFrame:
    """The rows of *old* that *new* is about: all, or one gemeente and the country."""
    gemeenten = pl.col("area").str.slice(2, 4)
    found = new.frame.select(gemeenten.unique()).to_series()
    one = found.filter(found != "00")
    if one.len() != 1:
        return old.frame
    return old.frame.filter(gemeenten.is_in(found.implode()))


def _leaps(new: Snapshot, before: pl.DataFrame, column: str) -> list[Notice]:
    entry = registry().columns[column]
    if entry.kind not in ("count", "mean", "median"):
        return []
    last = before.sort("year").group_by("area").agg(pl.col("year", column).last())
    same = new.frame.join(before, on=("area", "year"), how="semi").height > 0
    on = ("area", "year") if same else ("area",)
    then = (before if same else last).select(*on, then=column)
    both = new.frame.select("area", "year", now=column).join(then, on=on, how="inner")
    least = entry.rounding * _STEPS
    leap = ((pl.col("now") >= LEAP * pl.col("then")) & (pl.col("then") >= least)) | (
        (pl.col("then") >= LEAP * pl.col("now")) & (pl.col("now") >= least)
    )
    what = _words(column)
    return [
        Notice("value_jump", {"area": area, "what": what, "before": _plain(a), "now": _plain(b)})
        for area, a, b in both.filter(leap).select("area", "then", "now").iter_rows()
    ]


def _words(column: str) -> dict[str, str]:
    entry = registry().indicators.get(column)
    if entry is None:
        return {"nl": column, "en": column}
    label = entry.label
    return {"nl": label.nl[:1].lower() + label.nl[1:], "en": label.en[:1].lower() + label.en[1:]}


def _plain(value: float) -> int | str:
    return int(value) if value.is_integer() else f"{value:g}"
