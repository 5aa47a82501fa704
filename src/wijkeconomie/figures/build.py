# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""From stored tables to a published release: merge, one boundary year, indicators, checks.

A red check publishes nothing and the release in use stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, count, pairwise
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wijkeconomie.figures import compute, own_tables, store
from wijkeconomie.figures.boundary import SOURCE_SUFFIX, Grounds
from wijkeconomie.figures.compare import (
    compare,
    corrected,
    doubtful,
    over_gemeente,
    unfollowed,
    unused,
)
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import LANGUAGES, Notice, Refusal, WrongUse
from wijkeconomie.figures.registry import Registry, fingerprint, registry
from wijkeconomie.figures.release import ENOUGH, Release, changed_tables, open_release
from wijkeconomie.figures.snapshot import (
    STATUS_SUFFIX,
    Boundaries,
    Origin,
    Progress,
    Silent,
    Snapshot,
    Table,
)

BATCH = 65_536  # rows of a release that are unpacked to read one of them
_ABSENT = np.iinfo(np.uint32).max
LOST = 0.8  # a column of a year that keeps less than this share of its figures is red
FEWEST_TO_LOSE = 20
_LEVELS = pl.col("area").str.slice(0, 2).replace_strict(
    {"NL": "land", "GM": "gemeente", "WK": "wijk", "BU": "buurt"}, return_dtype=pl.String
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Merged:
    """All tables of one year side by side; ``frame`` has x, x~ (status) and x^ (table) columns."""

    year: int
    frame: pl.DataFrame
    official: bool  # holds a national classification, not only a municipality's own figures


def load(
    data: Path,
    tables: Iterable[Table],
    progress: Progress | None = None,
    *,
    accept_jumps: bool = False,
    accept_loss: bool = False,
    tell: Callable[[Notice], object] = lambda _notice: None,
) -> Release:
    """Store tables and publish the release of all that is in use and these.

    A figure that became a hundred times as large or small is held until a person accepts it, and so
    is a fifth of the rows or figures that would be lost.  A corrected own table takes the place of
    the one before (see :func:`own_tables.still_in_use`), and so does a file of which the year was
    corrected (see :func:`compare.corrected`), which *tell* is told.
    Raises Refusal with nothing changed: tables that no release names are swept by the next run.
    """
    with store.locked(data):
        store.sweep(data)
        given = list(tables)
        raws = store.in_use(data, given)
        for at, table in enumerate(given):
            given[at] = own_tables.kept(table, given, raws)
        _hold_changes(given, raws, jumps=not accept_jumps, losses=not accept_loss)
        moved = list(corrected(raws, given))
        raws = [raw for raw in raws if all(raw is not old for old, _ in moved)]
        added = {raw.key: raw for raw in store.add(data, given)}
        raws = [raw for raw in raws if raw.key not in added and own_tables.still_in_use(raw, given)]
        raws += added.values()
        _refuse_wrong_clock(raws)
        own_tables.refuse_unknown_codes(given, store.ordered(raws))
        raws = store.ordered(own_tables.hidden_again(data, raws))
        lost = frozenset[int]().union(*(old.years for old, _ in moved))
        release = _publish(
            data, raws, progress or Silent(), accept_loss=accept_loss, taken_back=lost
        )
        for name, now, then in dict.fromkeys(
            (new.origin.table, _listed(new), _listed(old)) for old, new in moved
        ):
            tell(Notice("year_corrected", {"table": name, "year": now, "before": then}))
        store.forget_refused(data)
        return release


def remove(data: Path, table: str, year: int | None = None) -> Release:
    """Publish the release of all that is in use without the tables of this name; with a *year*,
    only those that are of that year alone.

    WrongUse ``no_such_table`` where there is none, Refusal ``nothing_left`` where it is the last.
    """
    with store.locked(data):
        store.sweep(data)
        raws = store.in_use(data)
        kept = [
            raw for raw in raws
            if raw.origin.table != table or (year is not None and raw.years != {year})
        ]  # fmt: skip
        if len(kept) == len(raws):
            names = dict.fromkeys(sorted(f"{raw.origin.table} ({_listed(raw)})" for raw in raws))
            asked = table[:60] + (f" ({year})" if year else "")
            raise WrongUse("no_such_table", name=asked, names=", ".join(names) or "–")
        if not any(raw.kind == "snapshot" for raw in kept):
            raise Refusal("nothing_left", name=table)
        return _publish(data, store.ordered(kept), Silent(), accept_loss=True)


def _listed(table: store.Raw | Snapshot | Boundaries) -> str:
    return ", ".join(map(str, sorted(table.years))) or "–"


def _refuse_wrong_clock(raws: Sequence[store.Raw]) -> None:
    """No table was read tomorrow: then this clock, or the one before it, is wrong."""
    now = datetime.now(UTC)
    newest = max((raw.origin.read_at for raw in raws), default=now)
    if newest > now + timedelta(days=1):
        raise Refusal("clock_wrong", now=f"{now:%Y-%m-%d}", newest=f"{newest:%Y-%m-%d}")


def _hold_changes(
    given: Sequence[Table], raws: Sequence[store.Raw], *, jumps: bool, losses: bool
) -> None:
    """Compare every new table with its previous version in use."""
    found = [
        jump
        for table in given
        if isinstance(table, Snapshot)
        for jump in compare(table, _previous(table, raws), losses=losses)
    ]
    if found and jumps:
        words = {code: " ".join(jump.text(code) for jump in found[:5]) for code in LANGUAGES}
        raise Refusal("jumps_held", jumps=words, count=len(found))


def _previous(table: Snapshot, raws: Sequence[store.Raw]) -> Snapshot | None:
    """The table in use with the same name, else the publisher's of the same kind a year before.

    Of the same kind are tables with a column in common.
    """
    same = [
        raw
        for raw in raws
        if raw.kind == "snapshot" and raw.origin.publisher == table.origin.publisher
    ]
    named = [raw for raw in same if raw.origin.table == table.origin.table]
    alike = [raw for raw in same if raw.facts["keys"].keys() & table.keys.keys()]
    first = table.frame["year"].min()
    for raw in reversed(named or alike):
        frame = raw.frame()
        if named or frame["year"].max() == first - 1:  # type: ignore[operator]
            return Snapshot(origin=raw.origin, frame=frame, keys=raw.facts["keys"])
    return None


def _publish(
    data: Path,
    raws: list[store.Raw],
    progress: Progress,
    *,
    accept_loss: bool,
    taken_back: Collection[int] = (),
) -> Release:
    if not raws:
        raise Refusal("no_figures")
    made_of = f"{store.FORMAT}:{fingerprint()}:{[raw.key for raw in raws]}"
    identity = hashlib.sha256(made_of.encode()).hexdigest()[:10]
    name = f"{max(raw.origin.read_at for raw in raws):%Y-%m-%d}-{identity}"
    folder = _place(data / "releases" / name)
    if not folder.exists():
        progress.start("release", 4)
        losses = None if accept_loss else taken_back
        _build(data, folder, raws, progress, losses=losses)
        progress.finish()
    store.replace_text(data / "current", folder.name)
    store.sweep(data)
    return open_release(data)


def _place(folder: Path) -> Path:
    """Where this release is whole or can be made; a damaged one is passed over, for it may be in
    use, and there is no replacing a folder in one step."""
    again = (folder.with_name(f"{folder.name}_{number}") for number in count(2))
    return next(place for place in chain([folder], again) if not place.exists() or _is_whole(place))


def _is_whole(folder: Path) -> bool:
    return not store.damaged(folder) and not changed_tables(
        folder.parent.parent, store.manifest(folder)
    )


def _build(
    data: Path,
    folder: Path,
    raws: list[store.Raw],
    progress: Progress,
    *,
    losses: Collection[int] | None,
) -> None:
    """*losses*: the years in which figures may be lost; None for any."""
    known = registry()
    merged = _merge(raws, known)
    own_tables.refuse_parts_over_whole({m.year: m.frame for m in merged}, raws)
    own = _with_own_division(raws, known)
    related = [(year, part) for parts in own.values() for year, part in parts.items()]
    filled = _filled([*((m.year, m.frame) for m in merged), *related], raws, known)
    if losses is not None:
        _check_loss(data, filled, losses)
    progress.advance()
    official = [m for m in merged if m.official]
    target = _boundary_year(official or merged)
    by_year = {m.year: m.frame for m in merged}
    grounds = Grounds(by_year, {m.year for m in official})
    crosswalks = _crosswalks(raws)
    frames = _on_one_year(grounds, own, target, crosswalks, known)
    frames = _without_strangers(frames, raws, known)
    progress.advance()
    areas = _areas(frames, target)
    read = [(raw.origin.table, notice) for raw in raws for notice in store.notices_of(raw)]
    notices = [replace(notice, where=table) for table, notice in read]
    notices += unused(raws, by_year, {m.year for m in official}, set(areas["area"]))
    notices += own_tables.misnamed(raws, areas)
    notices += doubtful(raws, by_year)
    notices += over_gemeente(frames, areas)
    notices += unfollowed(frames, target, raws)
    rows = compute.rows(frames, areas, known)
    progress.advance()
    with store.whole_folder(folder) as new:
        _write(new, rows, areas)
        _write_outlines(new, raws, areas)
        recoded = grounds.recoded(own, target, crosswalks)
        recoded.write_ipc(new / "recoded.arrow", compression="lz4")
        _write_manifest(new, folder.name, raws, sorted(frames), target, notices, filled)
    progress.advance()


def _on_one_year(
    grounds: Grounds,
    own: Mapping[int, Mapping[int, pl.DataFrame]],
    target: int,
    crosswalks: Mapping[tuple[str, int, int], pl.DataFrame],
    known: Registry,
) -> dict[int, pl.DataFrame]:
    """Every year on the areas of *target*, with beside it the tables that have a division of
    their *own*."""
    frames = grounds.to_year(target, crosswalks, known.columns)
    for division, parts in own.items():
        moved = grounds.from_division(parts, division, target, crosswalks, known.columns)
        frames |= {y: _beside(frames[y], p) if y in frames else p for y, p in moved.items()}
    return frames


def _boundary_year(merged: Sequence[_Merged]) -> int:
    """The newest year that covers at least half as many areas as the fullest: a table of one
    gemeente of a later year does not take the other gemeenten's figures away."""
    fullest = max(m.frame.height for m in merged)
    return max(m.year for m in merged if m.frame.height >= ENOUGH * fullest)


def _merge(raws: Sequence[store.Raw], known: Registry) -> list[_Merged]:
    by_year: dict[int, list[tuple[int, store.Raw, pl.DataFrame]]] = {}
    for index, raw in enumerate(raws):
        if raw.kind == "snapshot" and "division" not in raw.facts:
            for year, part in _by_year(raw.frame()):
                by_year.setdefault(year, []).append((index, raw, part))
    if not by_year:
        raise Refusal("only_maps")
    merged = []
    for year, parts in sorted(by_year.items()):
        official = [part for part in parts if not own_tables.rank(part[1], known)]
        ordered = sorted(parts, key=lambda part: (own_tables.rank(part[1], known), -part[0]))
        frame = _side_by_side(ordered, known)
        merged.append(_Merged(year=year, frame=frame, official=bool(official)))
    return merged


def _without_strangers(
    frames: Mapping[int, pl.DataFrame], raws: Sequence[store.Raw], known: Registry
) -> dict[int, pl.DataFrame]:
    """Without areas that only other tables name, where Kerncijfers say which areas there are."""
    named: tuple[set[str], ...] = (set(), set(), set())
    for raw in raws:
        if raw.kind == "snapshot":
            named[own_tables.rank(raw, known)].update(raw.frame()["area"].unique())
    kerncijfers, related, local = named
    strangers = (related | local) - kerncijfers if kerncijfers else set()
    if not strangers:
        return dict(frames)
    return {y: f.filter(~pl.col("area").is_in(list(strangers))) for y, f in frames.items()}


def _with_own_division(
    raws: Sequence[store.Raw], known: Registry
) -> dict[int, dict[int, pl.DataFrame]]:
    """Tables that give many years on the areas of one: division to year to table, newest first."""
    found: dict[int, dict[int, pl.DataFrame]] = {}
    for index, raw in reversed(list(enumerate(raws))):
        if division := raw.facts.get("division"):
            years = found.setdefault(division, {})
            for year, part in _by_year(raw.frame()):
                named = _labelled(part, index, raw.origin, known)
                years[year] = _beside(years[year], named) if year in years else named
    return found


def _by_year(frame: pl.DataFrame) -> list[tuple[int, pl.DataFrame]]:
    parts = frame.partition_by("year", as_dict=True)
    return [(int(str(year)), part) for (year,), part in parts.items()]


def _side_by_side(
    parts: Sequence[tuple[int, store.Raw, pl.DataFrame]], known: Registry
) -> pl.DataFrame:
    """First part wins cell by cell, if its column holds any figure at all (staged filling)."""
    whole: pl.DataFrame | None = None
    for index, raw, part in parts:
        named = _labelled(part, index, raw.origin, known)
        whole = named if whole is None else _beside(whole, named)
    assert whole is not None  # noqa: S101 -- every year has at least one part
    return whole


def _labelled(part: pl.DataFrame, index: int, origin: Origin, known: Registry) -> pl.DataFrame:
    """The columns with their table; an own table is no source of a figure that it does not hold."""
    given = set(part.columns)
    present = [c for c in known.columns if c in given]
    source, is_own = pl.lit(index, pl.UInt16), not origin.is_official
    known_of = {c: pl.col(c + STATUS_SUFFIX) != int(Status.UNKNOWN) for c in present if is_own}
    return part.select(
        "area", "name", "gemeente", "change", *present, *(c + STATUS_SUFFIX for c in present),
        *((pl.when(known_of[c]).then(source) if is_own else source).alias(c + SOURCE_SUFFIX)
          for c in present),
    )  # fmt: skip


def _beside(whole: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    extra = [c for c in other.columns if c not in whole.columns]
    joined = whole.join(other, on="area", how="full", coalesce=True, suffix=":2")
    fills = [pl.coalesce(c, c + ":2").alias(c) for c in ("name", "gemeente", "change")]
    for column in (c for c in other.columns if c + STATUS_SUFFIX in whole.columns):
        empty = whole[column].null_count() == whole.height
        silent = pl.col(column + STATUS_SUFFIX + ":2") == int(Status.UNKNOWN)
        mine = pl.col(column + STATUS_SUFFIX).is_not_null() & (pl.lit(value=not empty) | silent)
        fills += [
            pl.when(mine).then(c).otherwise(pl.coalesce(c + ":2", c)).alias(c)
            for c in (column, column + STATUS_SUFFIX, column + SOURCE_SUFFIX)
        ]
    return joined.with_columns(fills).select([*whole.columns, *extra])


def _crosswalks(raws: Sequence[store.Raw]) -> dict[tuple[str, int, int], pl.DataFrame]:
    return {
        (raw.facts["level"], raw.facts["from_year"], raw.facts["to_year"]): raw.frame()
        for raw in raws
        if raw.kind == "crosswalk"
    }


def _areas(frames: Mapping[int, pl.DataFrame], target: int) -> pl.DataFrame:
    """The areas of the boundary year, and those that only another year's tables cover."""
    parts = [frames[target], *(f for year, f in sorted(frames.items()) if year != target)]
    named = pl.concat(
        [part.select("area", "name", pl.lit(None, pl.String).alias("gemeente") if "gemeente" not in
                     part.columns else "gemeente") for part in parts]
    )  # fmt: skip
    areas = named.unique("area", keep="first").sort("area").with_columns(level=_LEVELS)
    towns = areas.filter(pl.col("level") == "gemeente").select(
        town=pl.col("area").str.slice(2, 4), town_name="name"
    )
    areas = areas.with_columns(town=pl.col("area").str.slice(2, 4)).join(towns, "town", how="left")
    fallback = pl.coalesce(pl.col("gemeente"), pl.format("GM{}", pl.col("town")))
    return areas.select(
        "area", name=pl.coalesce("name", "area"), level="level",
        gemeente=pl.when(pl.col("level") == "land").then(pl.lit("")).otherwise(
            pl.coalesce(pl.col("town_name"), fallback)),
    )  # fmt: skip


def _filled(
    frames: Iterable[tuple[int, pl.DataFrame]], raws: Sequence[store.Raw], known: Registry
) -> dict[str, int]:
    """Cells with a figure, by year and column, as the sources say it; what is secret in a
    municipality's own table was hidden here and is not lost."""
    own = [number for number, raw in enumerate(raws) if not raw.origin.is_official]
    secret = int(Status.SECRET)
    found: dict[str, int] = {}
    for year, frame in frames:
        said = frame.select(
            (pl.col(c).is_not_null() | (pl.col(c + STATUS_SUFFIX) == secret)
             & pl.col(c + SOURCE_SUFFIX).is_in(own)).sum().alias(f"{year}/{c}")
            if own else pl.col(c).count().alias(f"{year}/{c}")
            for c in known.columns if c in frame.columns
        )  # fmt: skip
        found |= said.row(0, named=True) if said.width else {}
    return found


def _check_loss(data: Path, filled: Mapping[str, int], but: Collection[int]) -> None:
    """Red when a column of a year lost a fifth of its figures since the release in use, *but* in
    the years of which a table was said to be of another."""
    name = store.pointer(data)
    before = store.manifest(data / "releases" / name) if name else None
    if before is None or before["fictional"]:
        return
    lost = [
        (name, then, filled.get(name, 0))
        for name, then in before["filled"].items()
        if then >= FEWEST_TO_LOSE
        and filled.get(name, 0) < LOST * then
        and int(name.partition("/")[0]) not in but
    ]
    if lost:
        (name, then, now), others = lost[0], len(lost) - 1
        year, column = name.split("/")
        raise Refusal("figures_lost", column=column, year=year, before=then, now=now, others=others)


def _write(new: Path, rows: pl.DataFrame, areas: pl.DataFrame) -> None:
    """Two sort orders with, beside them, where each area and each map begins.

    Rows come by indicator, year and area; one order is written while the other is made.
    """
    at = rows["area"].to_physical().to_numpy()
    runs = _runs(rows)
    with ThreadPoolExecutor() as pool:
        written = pool.submit(_write_rows, rows, new / "by_indicator.arrow")
        maps = pool.submit(_maps, rows, areas["level"], at, runs)
        order, length = _by_area(at, runs, areas.height)
        by_area = rows.lazy().select(pl.all().gather(order)).collect()  # columns in parallel
        _write_rows(by_area, new / "by_area.arrow")
        maps.result().write_ipc(new / "maps.arrow", compression="lz4")
        areas.with_columns(
            start=pl.Series(np.cumsum(length) - length), length=pl.Series(length)
        ).write_ipc(new / "areas.arrow", compression="lz4")
        written.result()


def _runs(rows: pl.DataFrame) -> NDArray[np.int64]:
    """Where each indicator and year begins, and the end."""
    keys = (rows["indicator"].to_physical().to_numpy(), rows["year"].to_numpy())
    begins = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return np.concatenate(([0], np.flatnonzero(begins) + 1, [len(rows)]))


def _by_area(
    at: NDArray[np.unsignedinteger], runs: NDArray[np.int64], areas: int
) -> tuple[pl.Series, NDArray[np.int64]]:
    """The order of the rows by area, and how many rows each area has.

    *at* is which area each row has, sorted and once in each of *runs*: so a table of runs by areas
    holds every row, and is the order when it is turned; nothing has to be sorted.
    """
    table = np.full((len(runs) - 1, areas), _ABSENT, np.uint32)
    for run, (start, stop) in zip(table, pairwise(runs), strict=True):
        run[at[start:stop]] = np.arange(start, stop, dtype=np.uint32)
    some = table != _ABSENT
    order = table.T.ravel() if some.all() else table.T[some.T]
    return pl.Series(order), some.sum(axis=0)


def _maps(
    rows: pl.DataFrame,
    level: pl.Series,
    at: NDArray[np.unsignedinteger],
    runs: NDArray[np.int64],
) -> pl.DataFrame:
    """indicator, year, level, start, total and filled of every run of rows that makes one map.

    *level* is that of each area, *at* is which area each row has.  Codes sort by level (BU, GM, NL,
    WK), so in each of *runs* a level is one piece.
    """
    edges = np.cumsum(level.rle().struct.field("len").to_numpy())[:-1]
    cuts = [start + np.searchsorted(at[start:stop], edges) for start, stop in pairwise(runs)]
    pieces = np.unique(np.concatenate([runs, *cuts]))
    start = pieces[:-1]
    has_value = rows["value"].is_not_null().to_numpy()
    return pl.DataFrame(
        {
            "indicator": rows["indicator"].gather(start).cast(pl.String),
            "year": rows["year"].gather(start),
            "level": level.gather(at[start]),
            "start": pl.Series(start, dtype=pl.UInt32),
            "total": pl.Series(np.diff(pieces), dtype=pl.UInt32),
            "filled": pl.Series(np.add.reduceat(has_value, start, dtype=np.uint32)),
        }
    )


def _write_rows(rows: pl.DataFrame, target: Path) -> None:
    rows.write_ipc(target, record_batch_size=BATCH, compression="lz4")
    store.flush(target)  # the disk takes it while the next is made


def _write_outlines(new: Path, raws: Sequence[store.Raw], areas: pl.DataFrame) -> None:
    """For each area the outline of the newest year that has one."""
    chosen = pl.DataFrame(
        schema={"area": pl.String, "geometry": pl.Binary, "outline_year": pl.Int64}
    )
    drawn = sorted((r for r in raws if r.kind == "boundaries"), key=lambda r: -int(r.facts["year"]))
    for raw in drawn:
        frame = raw.frame().filter(pl.col("geometry").is_not_null()).select(
            "area", "geometry", outline_year=pl.lit(int(raw.facts["year"]), pl.Int64)
        )  # fmt: skip
        chosen = pl.concat([chosen, frame.join(chosen, on="area", how="anti")])
    named = areas.select("area", "name", "level").join(chosen, on="area", how="inner")
    named.sort("area").write_ipc(new / "outlines.arrow", compression="lz4")


def _write_manifest(
    new: Path,
    name: str,
    raws: Sequence[store.Raw],
    years: Sequence[int],
    target: int,
    notices: Sequence[Notice],
    filled: Mapping[str, int],
) -> None:
    manifest = {
        "format": store.FORMAT,
        "id": name,
        "built_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "boundary_year": target,
        "years": years,
        "fictional": any(raw.origin.fictional for raw in raws),
        "sources": [
            {"key": r.key, "kind": r.kind, "origin": asdict(r.origin), "sha256": r.facts["sha256"]}
            for r in raws
        ],
        "unrecognised": {r.key: r.facts["unrecognised"] for r in raws if r.kind == "snapshot"},
        "notices": [asdict(notice) for notice in notices],
        "filled": filled,
        "files": store.checksums(new),
    }
    (new / "manifest.json").write_text(json.dumps(manifest, default=str, indent=1), "utf-8")
    store.sign_manifest(new)
