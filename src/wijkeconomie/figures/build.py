# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""From stored tables to a published release: merge, one boundary year, indicators, checks.

A red check publishes nothing and the release in use stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from wijkeconomie.figures import formulas, store
from wijkeconomie.figures.boundary import SOURCE_SUFFIX, to_year
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.registry import Indicator, Registry, registry
from wijkeconomie.figures.release import FORMAT, Release, open_release
from wijkeconomie.figures.snapshot import STATUS_SUFFIX, Progress, Silent, Table

ROW_GROUP = 65_536
_ROUNDED = 125.0  # a percentage up to here can come from random rounding to five
LOST = 0.8  # a year and indicator that keeps less than this share of its figures is red
TOTAL_TOLERANCE = 0.02  # parts may exceed the published whole by this share (CBS rounding: 0.7 %)
_LEVELS = pl.col("area").str.slice(0, 2).replace_strict(
    {"NL": "land", "GM": "gemeente", "WK": "wijk", "BU": "buurt"}, return_dtype=pl.String
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Merged:
    """All tables of one year side by side; ``frame`` has x, x~ (status) and x^ (table) columns."""

    year: int
    frame: pl.DataFrame
    official: bool  # holds a national classification, not only a municipality's own figures


def load(data: Path, tables: Iterable[Table], progress: Progress | None = None) -> Release:
    """Store tables and publish the release of all that is in use and these.

    Raises Refusal with nothing changed: tables that no release names are swept by the next run.
    """
    with store.locked(data):
        raws = store.in_use(data)
        added = {raw.key: raw for raw in (store.add(data, table) for table in tables)}
        raws = [*(raw for raw in raws if raw.key not in added), *added.values()]
        return _publish(data, store.ordered(raws), progress or Silent())


def _publish(data: Path, raws: list[store.Raw], progress: Progress) -> Release:
    if not raws:
        raise Refusal("no_figures")
    identity = hashlib.sha256(f"{FORMAT}:{[raw.key for raw in raws]}".encode()).hexdigest()[:10]
    name = f"{max(raw.origin.read_at for raw in raws):%Y-%m-%d}-{identity}"
    folder = data / "releases" / name
    if not folder.exists():
        progress.start("release", 4)
        _build(data, folder, raws, progress)
        progress.finish()
    store.replace_text(data / "current", name)
    return open_release(data)


def _build(data: Path, folder: Path, raws: list[store.Raw], progress: Progress) -> None:
    known = registry()
    merged = _merge(raws, known)
    progress.advance()
    target = max((m.year for m in merged if m.official), default=max(m.year for m in merged))
    frames = to_year({m.year: m.frame for m in merged}, target, _crosswalks(raws), known.columns)
    progress.advance()
    areas = _areas(frames, target)
    notices = [notice for raw in raws for notice in store.notices_of(raw)]
    notices += _check_totals(frames, areas)
    rows = _indicators(frames, areas, known)
    progress.advance()
    _check_loss(data, rows)
    with store.whole_folder(folder) as new:
        _write(new, rows, areas)
        _write_outlines(new, raws, areas)
        _write_manifest(new, folder.name, raws, frames, target, notices)
    progress.advance()


def _merge(raws: Sequence[store.Raw], known: Registry) -> list[_Merged]:
    by_year: dict[int, list[tuple[int, store.Raw, pl.DataFrame]]] = {}
    for index, raw in enumerate(raws):
        if raw.kind == "snapshot":
            for (year,), part in raw.frame().group_by("year", maintain_order=True):
                by_year.setdefault(int(str(year)), []).append((index, raw, part))
    if not by_year:
        raise Refusal("no_figures")
    merged = []
    for year, parts in sorted(by_year.items()):
        official = [part for part in parts if _is_official(part[1])]
        own = [part for part in parts if not _is_official(part[1])]
        ordered = list(reversed(official)) + list(reversed(own))
        frame = _side_by_side(ordered, known)
        merged.append(_Merged(year=year, frame=frame, official=bool(official)))
    return merged


def _is_official(raw: store.Raw) -> bool:
    return raw.origin.publisher == "CBS" or raw.origin.fictional


def _side_by_side(
    parts: Sequence[tuple[int, store.Raw, pl.DataFrame]], known: Registry
) -> pl.DataFrame:
    """First part wins cell by cell, if its column holds any figure at all (staged filling)."""
    whole: pl.DataFrame | None = None
    for index, _raw, part in parts:
        named = _labelled(part, index, known)
        whole = named if whole is None else _beside(whole, named)
    assert whole is not None  # noqa: S101 -- every year has at least one part
    return whole.sort("area")


def _labelled(part: pl.DataFrame, index: int, known: Registry) -> pl.DataFrame:
    present = [c for c in known.columns if c in part.columns]
    source = pl.lit(index, pl.UInt16)
    return part.select(
        "area", "name", "gemeente", "change", *present, *(c + STATUS_SUFFIX for c in present),
        *(source.alias(c + SOURCE_SUFFIX) for c in present),
    )  # fmt: skip


def _beside(whole: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    extra = [c for c in other.columns if c not in whole.columns]
    joined = whole.join(other, on="area", how="full", coalesce=True, suffix=":2")
    fills = [pl.coalesce(c, c + ":2").alias(c) for c in ("name", "gemeente", "change")]
    for column in (c for c in other.columns if c + STATUS_SUFFIX in whole.columns):
        empty = whole[column].null_count() == whole.height
        mine = pl.col(column + STATUS_SUFFIX).is_not_null() & pl.lit(value=not empty)
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
    """The areas of the boundary year, and those that only a later own table names."""
    parts = [frames[target], *(f for year, f in sorted(frames.items()) if year > target)]
    named = pl.concat(
        [part.select("area", "name", pl.lit(None, pl.String).alias("gemeente") if "gemeente" not in
                     part.columns else "gemeente") for part in parts]
    )  # fmt: skip
    areas = named.unique("area", keep="first").sort("area").with_columns(level=_LEVELS)
    towns = areas.filter(pl.col("level") == "gemeente").select(
        town=pl.col("area").str.slice(2, 4), town_name="name"
    )
    areas = areas.with_columns(town=pl.col("area").str.slice(2, 4)).join(towns, "town", how="left")
    fallback = pl.coalesce(pl.col("gemeente"), pl.col("town_name"), pl.lit(""))
    return areas.select(
        "area", name=pl.coalesce("name", "area"), level="level",
        gemeente=pl.when(pl.col("level") == "land").then(pl.lit("")).otherwise(
            pl.coalesce(pl.col("town_name"), fallback)),
    )  # fmt: skip


def _indicators(
    frames: Mapping[int, pl.DataFrame], areas: pl.DataFrame, known: Registry
) -> pl.DataFrame:
    """Long rows: area, year, indicator, value, status, source."""
    codes = pl.Enum(areas["area"])
    names = pl.Enum(list(known.indicators))
    parts = []
    for year, frame in sorted(frames.items()):
        inside = frame.join(areas.select("area"), on="area", how="semi")
        ids = [i for i in known.indicators.values() if _exists(i, year, inside)]
        values = inside.select("area", *_values(ids))
        for entry in ids:
            parts.append(
                values.select(
                    pl.col("area").cast(codes),
                    pl.lit(year, pl.Int16).alias("year"),
                    pl.lit(entry.id, pl.String).cast(names).alias("indicator"),
                    pl.col(entry.id).alias("value"),
                    _status(entry, ids).alias("status"),
                    pl.col(_first(entry) + SOURCE_SUFFIX).alias("source"),
                ).with_columns(
                    value=pl.when(pl.col("status") <= int(Status.MOVED)).then("value"),
                )
            )  # fmt: skip
    if not parts:
        raise Refusal("no_figures")
    rows = pl.concat(parts).filter(pl.col("status").is_not_null())
    return _checked(rows)


def _exists(entry: Indicator, year: int, frame: pl.DataFrame) -> bool:
    in_time = year >= entry.since and (not entry.until or year <= entry.until)
    return in_time and all(column in frame.columns for column in entry.inputs.values())


def _values(ids: Sequence[Indicator]) -> list[pl.Expr]:
    """One expression an indicator, and the columns its status needs."""
    needed = sorted({column for entry in ids for column in entry.inputs.values()})
    keep = [pl.col(c + s) for c in needed for s in (STATUS_SUFFIX, SOURCE_SUFFIX)]
    made = []
    for entry in ids:
        formula = getattr(formulas, entry.formula)
        made.append(formula(**{p: pl.col(c) for p, c in entry.inputs.items()}).alias(entry.id))
    return made + keep


def _first(entry: Indicator) -> str:
    return next(iter(entry.inputs.values()))


def _status(entry: Indicator, ids: Sequence[Indicator]) -> pl.Expr:
    """Worst status of the inputs; too few where the denominator is small; null: no such row."""
    inputs = [pl.col(column + STATUS_SUFFIX) for column in entry.inputs.values()]
    worst = pl.max_horizontal(inputs)
    status = pl.when(pl.any_horizontal([i.is_null() for i in inputs])).then(None).when(
        (worst <= int(Status.MOVED)) & pl.col(entry.id).is_null()
    ).then(int(Status.IMPOSSIBLE)).otherwise(worst)  # fmt: skip
    if entry.denominator in {i.id for i in ids} and entry.minimum:
        small = pl.col(entry.denominator) < entry.minimum
        status = pl.when(small & status.is_not_null()).then(int(Status.TOO_FEW)).otherwise(status)
    return status.cast(pl.UInt8)


def _checked(rows: pl.DataFrame) -> pl.DataFrame:
    """Refuse what no figure can be; a share just over 100 is rounding and too small to show.

    CBS rounds part and whole to five apart from each other, so 55 of 50 people can stand there.
    """
    percents = [i.id for i in registry().indicators.values() if i.unit == "percent"]
    over = pl.col("indicator").cast(pl.String).is_in(percents) & (pl.col("value") > 100)
    wrong = rows.filter(
        (pl.col("value") < 0)
        | pl.col("value").is_infinite()
        | (over & (pl.col("value") > _ROUNDED))
    )
    if wrong.height:
        first = wrong.row(0, named=True)
        raise Refusal(
            "impossible_figure", area=str(first["area"]), year=str(first["year"]),
            indicator=str(first["indicator"]), value=f"{first['value']:g}", count=wrong.height,
        )  # fmt: skip
    return rows.with_columns(
        status=pl.when(over).then(int(Status.TOO_FEW)).otherwise("status").cast(pl.UInt8),
        value=pl.when(~over.fill_null(value=False)).then("value"),
    )


def _check_totals(frames: Mapping[int, pl.DataFrame], areas: pl.DataFrame) -> list[Notice]:
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


def _check_loss(data: Path, rows: pl.DataFrame) -> None:
    """Red when a year of an indicator lost a fifth of its figures since the release in use."""
    try:
        before = open_release(data)
    except Refusal:
        return
    if before.fictional:
        return
    now = _filled(rows)
    lost = before.coverage().join(now, on=["indicator", "year", "level"], how="left", suffix="_now")
    lost = lost.filter(
        (pl.col("filled") >= 20) & (pl.col("filled_now").fill_null(0) < LOST * pl.col("filled"))
    )
    if lost.height:
        row = lost.row(0, named=True)
        raise Refusal(
            "figures_lost", indicator=row["indicator"], year=str(row["year"]), level=row["level"],
            before=int(row["filled"]), now=int(row["filled_now"] or 0), others=lost.height - 1,
        )  # fmt: skip


def _filled(rows: pl.DataFrame) -> pl.DataFrame:
    counted = rows.with_columns(pl.col("area").cast(pl.String)).with_columns(level=_LEVELS)
    return (
        counted.group_by(
            pl.col("indicator").cast(pl.String), pl.col("year").cast(pl.Int64), "level"
        )
        .agg(filled=pl.col("value").count(), total=pl.len())
        .sort("indicator", "year", "level")
    )


def _write(new: Path, rows: pl.DataFrame, areas: pl.DataFrame) -> None:
    """Two sort orders with, beside them, where each area and each map begins."""
    by_area = rows.sort("area", "indicator", "year")
    starts = by_area.with_row_index("start").group_by("area", maintain_order=True).agg(
        pl.col("start").first(), length=pl.len()
    )  # fmt: skip
    by_area.write_parquet(new / "by_area.parquet", row_group_size=ROW_GROUP, statistics=True)
    ordered = areas.join(
        starts.with_columns(pl.col("area").cast(pl.String)), on="area", how="left"
    ).with_columns(pl.col("start", "length").fill_null(0))
    ordered.write_parquet(new / "areas.parquet")
    level = pl.Series(areas["level"]).cast(pl.Enum(["land", "gemeente", "wijk", "buurt"]))
    of_row = level.gather(rows["area"].to_physical())
    by_indicator = rows.with_columns(level=of_row).sort("indicator", "year", "level", "area")
    maps = by_indicator.with_row_index("start").group_by(
        "indicator", "year", "level", maintain_order=True
    ).agg(pl.col("start").first(), total=pl.len(), filled=pl.col("value").count())  # fmt: skip
    by_indicator.drop("level").write_parquet(
        new / "by_indicator.parquet", row_group_size=ROW_GROUP, statistics=True
    )
    maps.with_columns(pl.col("indicator", "level").cast(pl.String)).write_parquet(
        new / "maps.parquet"
    )


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
    named.sort("area").write_parquet(new / "outlines.parquet")


def _write_manifest(
    new: Path,
    name: str,
    raws: Sequence[store.Raw],
    frames: Mapping[int, pl.DataFrame],
    target: int,
    notices: Sequence[Notice],
) -> None:
    manifest = {
        "format": FORMAT,
        "id": name,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "boundary_year": target,
        "years": sorted(frames),
        "fictional": any(raw.origin.fictional for raw in raws),
        "sources": [
            {"key": r.key, "kind": r.kind, "origin": asdict(r.origin), "sha256": r.facts["sha256"]}
            for r in raws
        ],
        "unrecognised": {r.key: r.facts["unrecognised"] for r in raws if r.kind == "snapshot"},
        "notices": [asdict(notice) for notice in notices],
        "files": {f.name: store.checksum(f) for f in sorted(new.glob("*.parquet"))},
    }
    (new / "manifest.json").write_text(json.dumps(manifest, default=str, indent=1), "utf-8")
