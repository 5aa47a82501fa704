# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A municipality's own tables: what of them is hidden, refused, corrected, and told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import polars as pl

from wijkeconomie.figures import store
from wijkeconomie.figures.boundary import SOURCE_SUFFIX
from wijkeconomie.figures.compare import refuse_unknown
from wijkeconomie.figures.disclosure import hide_small
from wijkeconomie.figures.refusal import LANGUAGES, Notice, Refusal, about
from wijkeconomie.figures.registry import Registry, registry
from wijkeconomie.figures.snapshot import Crosswalk, Snapshot, Table

_PARTS = ("men", "women", "population")
_INSIDE = (("GM", "NL00", 0), ("WK", "GM", 4), ("BU", "GM", 4), ("BU", "WK", 6))
_ROUNDING, _HALF = 0.02, 5.0  # parts that were rounded apart, to tens, may be so much more
_SAID = 60  # characters of a name
_ALIKE = 0.5  # of the letters of two names of one area


def rank(raw: store.Raw, known: Registry) -> int:
    """Kerncijfers, whose names and classification hold, before related tables, before own ones."""
    related = {pick.column for series in known.series for pick in series.picks}
    published = raw.origin.is_official or "division" in raw.facts
    if published and raw.facts["keys"].keys() <= related:
        return 1
    return 0 if raw.origin.is_official else 2


def still_in_use(raw: store.Raw, given: Sequence[Table]) -> bool:
    """Not an own table of which a corrected one is given: same name, and a year in common, because
    a file a year may have one name.  Its rows that the new one leaves out are taken back.  Nor
    changes of boundary of which others are given, for only the last of a level and two years
    count."""
    if raw.kind == "crosswalk":
        spans = [_span(t.level, t.from_year, t.to_year) for t in given if isinstance(t, Crosswalk)]
        facts = raw.facts
        return _span(facts["level"], facts["from_year"], facts["to_year"]) not in spans
    if raw.kind != "snapshot" or raw.origin.is_official:
        return True
    named = (raw.origin.publisher, raw.origin.table)
    years = {
        year
        for table in given
        if isinstance(table, Snapshot) and (table.origin.publisher, table.origin.table) == named
        for year in table.frame["year"].unique()
    }
    return not years or years.isdisjoint(raw.frame()["year"].unique())


def _span(level: str, from_year: int, to_year: int) -> tuple[str, int, int]:
    return level, from_year, to_year


def kept(table: Table, given: Sequence[Table], raws: Sequence[store.Raw]) -> Table:
    """CBS hides what is small itself; of a municipality's own table it is done here.

    With the tables beside it, for those may tell how many people a share is about, or what is left
    when the rest is known.  Its checksum becomes that of what is kept: by that of the file anyone
    could find out what was hidden, trying one number after another.
    """
    if not isinstance(table, Snapshot) or table.origin.is_official:
        return table
    _refuse_years_to_come(table)
    read = [other for other in given if isinstance(other, Snapshot) and other is not table]
    stored = [raw for raw in reversed(raws) if raw.kind == "snapshot"]  # newest first
    beside = [(other.origin.is_official, other.frame) for other in read]
    beside += [(raw.origin.is_official, raw.frame()) for raw in stored]
    own = [frame for is_official, frame in beside if not is_official]
    official = [frame for is_official, frame in beside if is_official]
    hidden = _without_excess(hide_small(table, own, official), table)
    content = hashlib.sha256(hidden.frame.write_csv().encode()).hexdigest()
    return replace(hidden, origin=replace(hidden.origin, version=content, checksum=content))


def _refuse_years_to_come(table: Snapshot) -> None:
    newest = int(table.frame["year"].max() or 0)  # type: ignore[arg-type]
    if newest > table.origin.read_at.year:
        raise Refusal("year_to_come", table=table.origin.table, year=str(newest))


def _without_excess(hidden: Snapshot, table: Snapshot) -> Snapshot:
    """No warning about men, women and inhabitants, or a part and its whole, where one of them was
    hidden: that one exceeds the other by more than rounding explains leaves few values for the one
    that nobody may know."""

    def tells(notice: Notice) -> bool:
        if notice.code == "parts_exceed_total":
            columns = [column for column in _PARTS if column in table.frame.columns]
        elif notice.code == "part_exceeds_whole":
            columns = notice.fields["columns"]
        else:
            return False
        return not hidden.frame.select(columns).equals(table.frame.select(columns))

    return replace(hidden, notices=tuple(n for n in hidden.notices if not tells(n)))


def hidden_again(data: Path, raws: Sequence[store.Raw]) -> list[store.Raw]:
    """The tables in use, of which the own ones are tested again beside all others: a table of CBS
    that comes later may tell what was hidden, or be the whole of which a share is nearly all.

    Hiding in one own table may ask for hiding in another; it ends, for nothing is shown again.
    """
    found, changed = list(raws), True
    while changed:
        changed = False
        for at, raw in enumerate(found):
            if raw.kind != "snapshot" or raw.origin.is_official:
                continue
            table = _as_read(raw)
            again = kept(table, [], [*found[:at], *found[at + 1 :]])
            if again.origin != table.origin or not again.frame.equals(table.frame):
                (found[at],) = store.add(data, [again])
                changed = True
    return found


def _as_read(raw: store.Raw) -> Snapshot:
    return Snapshot(
        origin=raw.origin, frame=raw.frame(), keys=raw.facts["keys"],
        unrecognised=tuple(raw.facts["unrecognised"]), notices=tuple(store.notices_of(raw)),
        division=raw.facts.get("division"),
    )  # fmt: skip


def refuse_unknown_codes(given: Sequence[Table], raws: Sequence[store.Raw]) -> None:
    """A municipality's own table may only name areas that CBS has in that year; of a year without
    CBS, areas of a gemeente that it has in any other."""
    snapshots = (table for table in given if isinstance(table, Snapshot))
    own = [t for t in snapshots if not t.origin.is_official and not t.division]
    if not own:
        return
    known: dict[int, set[str]] = {}
    for raw in raws:
        if raw.kind == "snapshot" and not rank(raw, registry()):
            for (year,), part in raw.frame().select("area", "year").group_by("year"):
                known.setdefault(int(str(year)), set()).update(part["area"])
    for table in own:
        with about(table.origin.table if len(own) > 1 else ""):
            refuse_unknown(table, known)


def misnamed(raws: Sequence[store.Raw], areas: pl.DataFrame) -> Iterator[Notice]:
    """Own rows whose name is not at all that of the area with this code, or is that of another in
    the same gemeente: a code may be mistaken.

    *areas*: ``area`` and ``name`` of the release.
    """
    names = dict(areas.select("area", "name").iter_rows())
    of_one = {(_kin(code), _plain(name)) for code, name in names.items() if name}
    for raw in raws:
        if raw.kind != "snapshot" or raw.origin.is_official:
            continue
        own = raw.frame().select("area", "name").drop_nulls().unique(maintain_order=True)
        wrong = [
            (code, name) for code, name in own.iter_rows()
            if code in names and name != code and not (
                _plain(name) == _plain(names[code])
                or (_alike(name, names[code]) and (_kin(code), _plain(name)) not in of_one)
            )
        ]  # fmt: skip
        if wrong:
            code, name = wrong[0]
            yield Notice("own_name_differs", {
                "table": raw.origin.table, "count": len(wrong), "code": code, "name": _short(name),
                "other": _short(names[code]),
            })  # fmt: skip


def refuse_parts_over_whole(frames: Mapping[int, pl.DataFrame], raws: Sequence[store.Raw]) -> None:
    """Refuse own counts of which the parts hold more than the whole, whichever own table has
    either: a figure of the country beside which everything would look large, or small.

    *frames* by year, as merged: ``x`` and ``x^``, the number of its table in *raws*.  Raises
    Refusal ``own_parts_exceed``.
    """
    own = [number for number, raw in enumerate(raws) if not raw.origin.is_official]
    known = registry().columns
    for year, frame in frames.items() if own else ():
        for column in (c for c in frame.columns if c in known and known[c].kind == "count"):
            ours = frame.filter(pl.col(column + SOURCE_SUFFIX).is_in(own)).drop_nulls(column)
            held = ours.select("area", whole=column)
            for level, above, digits in _INSIDE:
                over = _over(held, level, pl.lit(above) + pl.col("area").str.slice(2, digits))
                if over is not None:
                    entry, (area, parts, whole) = registry().indicators.get(column), over
                    raise Refusal(
                        "own_parts_exceed", area=area, year=str(year),
                        what={code: entry.label[code] if entry else column for code in LANGUAGES},
                        parts=f"{parts:.10g}", whole=f"{whole:.10g}",
                    )  # fmt: skip


def _over(held: pl.DataFrame, level: str, parent: pl.Expr) -> tuple[str, float, float] | None:
    """The first area of which the parts of one *level* are more than its whole, and both."""
    parts = held.filter(pl.col("area").str.starts_with(level))
    summed = parts.group_by(area=parent, maintain_order=True).agg(
        parts=pl.col("whole").sum(), slack=_HALF * (pl.len() + 1)
    )
    both = summed.join(held, on="area", how="inner", maintain_order="left")
    most = pl.col("whole") * (1 + _ROUNDING) + pl.col("slack")
    over = both.filter(pl.col("parts") > most)
    return over.select("area", "parts", "whole").row(0) if over.height else None


def _plain(name: str) -> str:
    return name.casefold().strip()


def _short(name: str) -> str:
    return name if len(name) <= _SAID else name[: _SAID - 1] + "…"


def _kin(code: str) -> str:
    """What areas of one level and one gemeente have in common."""
    return code[:6]


def _alike(one: str, other: str) -> bool:
    """Whether two names may be of one area: one holds the other, or half of their letters agree."""
    a, b = _plain(one), _plain(other)
    return a in b or b in a or SequenceMatcher(None, a, b).ratio() >= _ALIKE
