# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is a new table plausible beside the one before it, and is all of an own table used?

A loss is refused, a leap is held up, what is not used or is doubtful is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

import polars as pl

from wijkeconomie.figures.boundary import SOURCE_SUFFIX
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import STATUS_SUFFIX, Boundaries, Snapshot, Table
from wijkeconomie.figures.store import Raw

PASSED_OVER = "own_passed_over"  # the notice of figures of an own table that CBS has itself
OUT_OF_TIME = "own_out_of_time"  # and of years in which no indicator is made of them
INCOMPLETE = "own_incomplete"  # and that lack another figure to be made an indicator with
MOST_LOST = 0.20  # of the rows
LEAP = 100.0  # times as large, or as small
UNLIKELY = 10.0  # the same, of an own table beside CBS: told only, for much is built in some years
_LEAPING = ("count", "mean", "median")  # the kinds of columns that leap; a share is bounded
_STEPS = 10  # a figure of fewer rounding steps leaps by chance: a new street in an empty buurt
TOTAL_TOLERANCE = 0.02  # parts may exceed the published whole by this share (CBS rounding: 0.7 %)
SOME = 0.02  # of the areas of a year, whose boundary changed, is worth a word at every load
_NAMED = 20
_CODES = 5
_WHOLE = 0.5  # of the gemeenten of the fullest year makes a classification of the whole country
_MENDED = 100
_UNKNOWN = {  # whether their year has a classification: the refusal, and that of a file with rows
    True: ("unknown_codes", "unknown_codes_in_rows"),
    False: ("unknown_gemeenten", "unknown_gemeenten_in_rows"),
}


def compare(new: Snapshot, old: Snapshot | None, *, losses: bool = True) -> tuple[Notice, ...]:
    """Refuse *new* when it lost over 20 % of *old*'s rows, unless a person accepts *losses*;
    return notices for its leaps.

    *old* is the previous version of the table, or the table of the year before; None when there
    is none.  A table of one gemeente is compared with the rows of that gemeente, one of fewer years
    with the rows of those years, one of other years with those of the last year.  A notice
    ``value_jump`` means: hold until a person has looked.
    """
    if old is None:
        return ()
    before = _same_part(new, old)
    now, then = _rows(new.frame, before)
    if losses and now < then * (1 - MOST_LOST):
        raise Refusal("service_dropped", now=now, before=then)
    both = [column for column in new.keys if column in old.keys]
    leaps = [notice for column in both for notice in _leaps(new, before, column)]
    rest = len(leaps) - _NAMED
    more = (Notice("value_jumps_more", {"count": rest}),) if rest > 0 else ()
    return (*leaps[:_NAMED], *more)


def _rows(new: pl.DataFrame, before: pl.DataFrame) -> tuple[int, int]:
    """How many rows there are and were, of the years of both; of a file for the next year, of its
    first year and the last one before."""
    common = list(set(new["year"]) & set(before["year"]))
    years = (common, common) if common else ([new["year"].min()], [before["year"].max()])
    now, then = (
        frame.filter(pl.col("year").is_in(of)).height
        for frame, of in zip((new, before), years, strict=True)
    )
    return now, then


def corrected(
    raws: Sequence[Raw], given: Sequence[Table]
) -> Iterator[tuple[Raw, Snapshot | Boundaries]]:
    """The tables in use that are *given* again as of another year, which a person had to say: one
    file is of one year, so the year said last corrects the one before.

    Of a table of CBS, and of outlines, the file is the same; of an own one, of which no checksum is
    kept, the name and every figure that is known of both years.
    """
    told = [t for t in given if isinstance(t, Snapshot | Boundaries) and t.asked]
    for raw in raws:
        again = [t for t in told if _same_file(raw, t)]
        if again and all(raw.years.isdisjoint(table.years) for table in again):
            yield raw, again[0]


def _same_file(raw: Raw, table: Snapshot | Boundaries) -> bool:
    if raw.kind != ("snapshot" if isinstance(table, Snapshot) else "boundaries"):
        return False
    if raw.origin.is_official or isinstance(table, Boundaries):
        return raw.origin.checksum == table.origin.checksum
    if (raw.origin.publisher, raw.origin.table) != (table.origin.publisher, table.origin.table):
        return False
    before, now = (f.drop("year").sort("area") for f in (raw.frame(), table.frame))
    if raw.facts["keys"] != table.keys or not before["area"].equals(now["area"]):
        return False
    # what is hidden in one of the two is null, and says nothing
    return all((before[column] == now[column]).all() for column in table.keys)


def refuse_unknown(table: Snapshot, known: Mapping[int, Collection[str]]) -> None:
    """Refuse a table with codes that the classification does not hold, all of them at once.

    *known* holds the codes of each year that has a classification; where that is of some gemeenten
    only, it says nothing of others.  Of a row of another year the gemeente must be in one of them:
    which wijken and buurten there were then, nobody has said.
    """
    if not known:
        return
    code, town = pl.col("area"), pl.col("area").str.slice(2, 4)
    of_years = pl.DataFrame(
        [(each, at) for at, codes in known.items() for each in codes],
        schema={"area": pl.String, "year": pl.Int16}, orient="row",
    )  # fmt: skip
    towns = of_years.select(town.alias("town"), "year").unique()
    whole = towns.group_by("year").len().filter(pl.col("len") >= _WHOLE * pl.col("len").max())
    rows = table.frame.select("area", "year", town.alias("town")).with_row_index("row")
    there, divided = (
        pl.col("row").is_in(rows.join(of, on=on, how="semi")["row"].implode())
        for of, on in ((of_years, ("area", "year")), (towns, ("town", "year")))
    )
    judged = divided | pl.col("year").is_in(whole["year"].implode())
    stranger = ~pl.col("town").is_in(towns["town"].implode()) & ~code.str.starts_with("NL")
    rows = rows.with_columns(judged=judged)
    wrong = rows.filter(pl.when("judged").then(~there).otherwise(stranger))
    if wrong.height:
        raise _unknown(table, wrong, judged=bool(wrong["judged"].any()))


def _unknown(table: Snapshot, wrong: pl.DataFrame, *, judged: bool) -> Refusal:
    """*judged*: a classification of the year of one of these rows is loaded."""
    listed = {
        "codes": _listed(wrong["area"].unique(maintain_order=True)),
        "year": _listed(wrong["year"].unique(maintain_order=True)),
    }
    plain, in_rows = _UNKNOWN[judged]
    if table.lines is None:
        return Refusal(plain, **listed)
    return Refusal(in_rows, rows=_listed(table.lines[wrong["row"]]), **listed)


def _listed(found: pl.Series) -> str:
    """All that a person can mend by hand; of a wholly other table the first hundred."""
    more = [f"… ({len(found)})"] if len(found) > _MENDED else []
    return ", ".join([*map(str, found[:_MENDED]), *more])


def unused(
    raws: Sequence[Raw],
    merged: Mapping[int, pl.DataFrame],
    official: Collection[int],
    areas: Collection[str],
) -> Iterator[Notice]:
    """What of own tables reaches no figure, and why: nothing of it is dropped without a word.

    *merged* are the tables side by side by year, *official* the years of which CBS says which areas
    there are, *areas* those of the release.
    """
    for raw in _own(raws):
        frame, about = raw.frame(), {"table": raw.origin.table}
        lost = frame.filter(
            ~pl.col("year").is_in(list(official)) & ~pl.col("area").is_in(list(areas))
        )
        if lost.height:
            codes = lost["area"].unique(maintain_order=True)
            more = ", …" if len(codes) > _CODES else ""
            named = ", ".join(codes[:_CODES]) + more
            yield Notice("own_areas_unknown", {**about, "count": lost.height, "codes": named})
        for column, header in raw.facts["keys"].items():
            for code, rows in _unused_of(column, frame.drop_nulls(column), merged, raws):
                years = ", ".join(map(str, rows["year"].unique().sort()))
                fields = {**about, "column": header, "count": rows.height, "years": years}
                yield Notice(code, fields)


def doubtful(raws: Sequence[Raw], merged: Mapping[int, pl.DataFrame]) -> Iterator[Notice]:
    """Where an own table is far from CBS about one area, or differs from another own table: then
    an area, a year or a unit may be mistaken.

    *raws* and *merged* as in :func:`unused`.  What is hidden is in neither, so none of it is told.
    """
    own = _own(raws)
    for raw in own:
        leaps = [
            leap for column in raw.facts["keys"] for leap in _beside_cbs(raw, column, raws, merged)
        ]
        if leaps:
            yield Notice(
                "own_unlikely", {"table": raw.origin.table, "count": len(leaps), **leaps[0]}
            )
    for late, early in combinations(reversed(own), 2):
        for column in (c for c in late.facts["keys"] if c in early.facts["keys"]):
            now, then = (raw.frame().select("area", "year", v=column) for raw in (late, early))
            both = now.join(then, on=("area", "year")).filter(pl.col("v") != pl.col("v_right"))
            left = both.join(_of_cbs(column, merged, raws), on=("area", "year"), how="anti")
            for area, year in left.select("area", "year").head(1).iter_rows():
                yield Notice("own_tables_differ", {
                    "table": late.origin.table, "other": early.origin.table, "count": left.height,
                    "column": late.facts["keys"][column], "area": area, "year": str(year),
                })  # fmt: skip


def over_gemeente(frames: Mapping[int, pl.DataFrame], areas: pl.DataFrame) -> list[Notice]:
    """Warn where the parts of a gemeente hold more people than the gemeente (persons without a
    known place count only in the gemeente, so less is normal)."""
    notices = []
    levels = areas.select("area", "level")
    for year, frame in sorted(frames.items()):
        if "population" not in frame.columns:
            continue
        people = frame.select("area", "population").join(levels, on="area")
        people = people.with_columns(town=pl.col("area").str.slice(2, 4))
        whole = people.filter(pl.col("level") == "gemeente").select("town", whole="population")
        parts = people.filter(pl.col("level") == "wijk").group_by("town").agg(
            parts=pl.col("population").sum()
        )  # fmt: skip
        over = parts.join(whole, on="town").filter(
            pl.col("parts") > pl.col("whole") * (1 + TOTAL_TOLERANCE)
        )
        notices += [
            Notice(
                "parts_exceed_gemeente",
                {"area": f"GM{town}", "year": str(year), "parts": int(parts), "whole": int(whole)},
            )
            for town, parts, whole in over.rows()
        ]
    return notices


def unfollowed(
    frames: Mapping[int, pl.DataFrame], target: int, raws: Sequence[Raw]
) -> Iterator[Notice]:
    """Of how many areas a year has no figures any more on the boundaries of *target*: of the last
    year of which they are more than :data:`SOME`, with the table that brought the boundaries."""
    status = "population" + STATUS_SUFFIX
    lost = {
        year: int((frame[status] == int(Status.BOUNDARY)).sum())
        for year, frame in frames.items() if year < target and status in frame.columns
    }  # fmt: skip
    year = max((y for y, count in lost.items() if count > SOME * frames[y].height), default=None)
    if year is None:
        return
    tables = [r for r in raws if r.kind == "snapshot" and target in r.frame()["year"].unique()]
    tables.sort(key=lambda raw: raw.origin.is_official)
    walked = {(r.facts["from_year"], r.facts["to_year"]) for r in raws if r.kind == "crosswalk"}
    yield Notice("areas_without_table" if (year, target) in walked else "areas_not_followed", {
        "table": tables[-1].origin.table, "year": str(year), "target": str(target),
        "count": lost[year],
    })  # fmt: skip


def _own(raws: Sequence[Raw]) -> list[Raw]:
    return [
        raw for raw in raws
        if raw.kind == "snapshot" and not raw.origin.is_official and "division" not in raw.facts
    ]  # fmt: skip


def _beside_cbs(
    raw: Raw, column: str, raws: Sequence[Raw], merged: Mapping[int, pl.DataFrame]
) -> Iterator[dict[str, object]]:
    """Cells of an own table beside that of CBS in the nearest year, where they are far apart."""
    entry = registry().columns[column]
    if entry.kind not in _LEAPING:
        return
    cbs = _of_cbs(column, merged, raws).rename({"year": "then_year"}).drop_nulls()
    both = raw.frame().select("area", "year", now=column).join(cbs, on="area")
    near = both.sort((pl.col("year") - pl.col("then_year")).abs(), maintain_order=True).unique(
        ("area", "year"), keep="first", maintain_order=True
    )  # fmt: skip
    far = near.filter(_leap(UNLIKELY, entry.rounding)).sort("area", "year")
    for area, year, now, then_year, then in far.iter_rows():
        yield {
            "area": area, "column": raw.facts["keys"][column],
            "year": str(year), "now": _plain(now),
            "then_year": str(then_year), "before": _plain(then),
        }  # fmt: skip


def _unused_of(
    column: str, known: pl.DataFrame, merged: Mapping[int, pl.DataFrame], raws: Sequence[Raw]
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Rows with a figure that is in no indicator, by the notice that says why."""
    of_cbs = _of_cbs(column, merged, raws)
    rest = known.join(of_cbs, on=("area", "year"), how="anti")
    why = {year: _why_unused(column, year, merged) for year in rest["year"].unique()}
    found = {PASSED_OVER: known.join(of_cbs, on=("area", "year"), how="semi")} | {
        code: rest.filter(pl.col("year").is_in([year for year in why if why[year] == code]))
        for code in (OUT_OF_TIME, INCOMPLETE)
    }
    yield from ((code, rows) for code, rows in found.items() if rows.height)


def _of_cbs(column: str, merged: Mapping[int, pl.DataFrame], raws: Sequence[Raw]) -> pl.DataFrame:
    """Areas and years for which CBS gives this figure (``then``), or keeps it secret, itself."""
    official = [n for n, raw in enumerate(raws) if raw.origin.is_official]
    return pl.concat(
        frame.filter(pl.col(column + SOURCE_SUFFIX).is_in(official)).select(
            "area", year=pl.lit(year, pl.Int16), then=column
        )
        for year, frame in merged.items()
        if column in frame.columns
    )


def _why_unused(column: str, year: int, merged: Mapping[int, pl.DataFrame]) -> str:
    """The notice that says why no indicator is made of this column in this year, or ""."""
    entries = [
        e
        for e in registry().indicators.values()
        if column in e.inputs.values() and e.since <= year and (not e.until or year <= e.until)
    ]
    if not entries:
        return OUT_OF_TIME
    there = set(merged[year].columns) if year in merged else set()
    return "" if any(there.issuperset(e.inputs.values()) for e in entries) else INCOMPLETE


def _same_part(new: Snapshot, old: Snapshot) -> pl.DataFrame:
    """The rows of *old* that *new* is about: all, or one gemeente and the country."""
    gemeenten = pl.col("area").str.slice(2, 4)
    found = new.frame.select(gemeenten.unique()).to_series()
    one = found.filter(found != "00")
    if one.len() != 1:
        return old.frame
    return old.frame.filter(gemeenten.is_in(found.implode()))


def _leaps(new: Snapshot, before: pl.DataFrame, column: str) -> list[Notice]:
    """Each figure beside that of its year before; of a year that was not there, beside the last."""
    entry = registry().columns[column]
    if entry.kind not in _LEAPING:
        return []
    known = before.select("area", "year", then=column).drop_nulls()
    last = known.sort("year").group_by("area").agg(last=pl.col("then").last())
    now = new.frame.select("area", "year", now=column)
    both = now.join(known, on=("area", "year"), how="left").join(last, on="area", how="inner")
    both = both.with_columns(pl.coalesce("then", "last").alias("then"))
    what = _words(column)
    return [
        Notice("value_jump", {"area": area, "what": what, "before": _plain(a), "now": _plain(b)})
        for area, a, b in both.filter(_leap(LEAP, entry.rounding))
        .select("area", "then", "now")
        .iter_rows()
    ]


def _leap(times: float, rounding: float) -> pl.Expr:
    """``now`` is *times* ``then`` or the reverse, and the smaller one no matter of rounding."""
    now, then, least = pl.col("now"), pl.col("then"), rounding * _STEPS
    return ((now >= times * then) & (then >= least)) | ((then >= times * now) & (now >= least))


def _words(column: str) -> dict[str, str]:
    entry = registry().indicators.get(column)
    if entry is None:
        return {"nl": column, "en": column}
    label = entry.label
    return {"nl": label.nl[:1].lower() + label.nl[1:], "en": label.en[:1].lower() + label.en[1:]}


def _plain(value: float) -> int | str:
    return int(value) if value.is_integer() else f"{value:g}"
