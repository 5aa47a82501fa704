# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""One release: an immutable folder of figures, opened read-only by web and command line."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache, partial, wraps
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar, TypeVarTuple
from weakref import finalize

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wijkeconomie.figures import areas as codes
from wijkeconomie.figures import store
from wijkeconomie.figures.areas import COUNTRY, Area, Names
from wijkeconomie.figures.boundary import shared
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice, Refusal, Unavailable, WrongUse
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import SAID_SUFFIX, STATUS_SUFFIX, Origin

_Key = TypeVarTuple("_Key")
_Made = TypeVar("_Made")
ENOUGH = 0.5  # of the figures, or areas, of the fullest year make a year that tells of them all
Filled = dict[str, dict[int, int]]  # indicator to year to areas

NO_ROW = 255  # in a panel: no table that was loaded has this cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Figures of one level for the whole country.

    ``values`` is float64 of shape (years, areas, indicators) with NaN where a figure is missing,
    and where a judged one is that of a larger area (Status.APPORTIONED): it is not to be compared;
    ``status`` is uint8 of the same shape, :class:`Status`, or NO_ROW where no loaded table has the
    cell.  ``codes`` is sorted.
    """

    level: str
    codes: tuple[str, ...]
    years: NDArray[np.int64]
    indicators: tuple[str, ...]
    values: NDArray[np.float64]
    status: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a source under a figure: table (``origin``), row (``area``) and column (``key``).

    ``value`` is what the source says, in the boundaries of its own year; ``said`` whom a
    municipality's own table names as the source of the cell, "" where it names none.  ``share``:
    the part of the addresses of ``area`` that lies in the area whose figure this is under, None
    where their boundary is the same.
    """

    column: str
    key: str
    area: str
    year: int
    value: float | None
    status: Status
    origin: Origin
    said: str = ""
    share: float | None = None


def kept(most: int) -> Callable[[Callable[[*_Key], _Made]], Callable[[*_Key], _Made]]:
    """As ``lru_cache(most)``, but who asks for what another thread is making waits for it.

    Else eight visitors of a new release each read the whole country at once.
    """

    def around(make: Callable[[*_Key], _Made]) -> Callable[[*_Key], _Made]:
        making = lru_cache(most)(lambda *key: _Making(partial(make, *key)))

        @wraps(make)
        def asked(*key: *_Key) -> _Made:
            made: _Made = making(*key).made()
            return made

        return asked

    return around


class _Making(Generic[_Made]):
    """What is made by whoever asks first; what could not be made is tried again by the next."""

    def __init__(self, make: Callable[[], _Made]) -> None:
        self._make, self._lock = make, Lock()
        self._found: list[_Made] = []

    def made(self) -> _Made:
        with self._lock:
            if not self._found:
                self._found.append(self._make())
            return self._found[0]


def open_release(data: Path) -> Release:
    """The release in use, opened and compared with its checksums once a process.

    Refusals: ``no_release`` when there never was one, ``pointer_gone`` when nothing says which of
    several is in use, ``release_damaged`` when it is gone or not as published.
    """
    return _open(_in_use(data))


def _in_use(data: Path) -> Path:
    name = store.pointer(data)
    if name is None:
        raise Unavailable("no_release", data=str(data))
    return data / "releases" / name


@lru_cache(maxsize=4)
def _open(path: Path) -> Release:
    release = Release(path=path, manifest=store.manifest(path))
    store.refuse_other_format(release.manifest, path.parent.parent)
    finalize(release, os.close, store.hold(path))
    if _damaged(path):  # later Polars tells of it in many ways, or in none
        raise _gone(path)
    return release


def _damaged(path: Path) -> bool:
    """Whether a file is not as published; that the hash of the manifest alone is gone is
    said (:meth:`Release.unproven`) and keeps no figures from who needs them."""
    try:
        return bool({*store.damaged(path)} - {store.HASH})
    except OSError:
        return True


def _gone(path: Path) -> Unavailable:
    return Unavailable("release_damaged", name=path.name, data=str(path.parent.parent))


def use(data: Path, name: str) -> Release:
    """Put another release of this folder in use, such as the one before."""
    with store.locked(data):
        folder = _named(data, name)
        if store.damaged(folder):
            raise Unavailable("release_damaged", name=name, data=str(data))
        store.refuse_other_format(store.manifest(folder), data)
        store.replace_text(data / "current", name)
    return open_release(data)


def quote(data: Path, name: str) -> None:
    """Never forget this release: a document names it, and its figures must be found again."""
    with store.locked(data):
        store.replace_text(_named(data, name) / store.QUOTED, "")


def _named(data: Path, name: str) -> Path:
    found = {folder.name: folder for folder in store.newest_first(data)}
    if name not in found:
        raise WrongUse("no_such_release", name=name[:60], names=", ".join(found) or "–")
    return found[name]


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """That a release is gone or was damaged since it was opened is said, with what to do.

    Polars says so in many ways, and panics; a release that is whole has an error of ours.
    """
    try:
        yield
    except (Exception, pl.exceptions.PanicException) as error:
        if isinstance(error, OSError) or _damaged(path):
            raise _gone(path) from error
        raise


@dataclass(frozen=True, kw_only=True, eq=False)
class Release:
    """Figures of all areas and years on the boundaries of one year.

    Equal only to itself, so it can be the key of what is computed from it.
    """

    path: Path
    manifest: dict[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        return str(self.manifest["id"])

    @property
    def fictional(self) -> bool:
        return bool(self.manifest["fictional"])

    @property
    def boundary_year(self) -> int:
        return int(self.manifest["boundary_year"])

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(self.manifest["years"])

    def loaded(self, year: int | None) -> int | None:
        """The year that was asked for, if any; WrongUse ``year_not_loaded`` for one not here."""
        if year is not None and year not in self.years:
            known = ", ".join(map(str, self.years))
            raise WrongUse("year_not_loaded", year=str(year), years=known)
        return year

    @property
    def built_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest["built_at"])

    @cached_property
    def origins(self) -> tuple[Origin, ...]:
        return tuple(store.origin_from(s["origin"]) for s in self.manifest["sources"])

    def facts(self, number: int) -> dict[str, Any]:
        """Of this number in :attr:`origins`: ``kind``, and which year, division or change it is."""
        source = self.manifest["sources"][number]
        with self._stored(source) as folder:
            return {**_facts(folder), "kind": source["kind"]}

    def notices(self) -> tuple[Notice, ...]:
        """What the sources and checks warned of, and that what must prove this release is gone."""
        said = (
            Notice(n["code"], n["fields"], n.get("where", "")) for n in self.manifest["notices"]
        )
        return (*self.unproven(), *said)

    def unproven(self) -> tuple[Notice, ...]:
        """Its files are as its manifest says, but nothing says any more that the manifest is."""
        whole = (self.path / store.HASH).exists()
        return () if whole else (Notice("manifest_unproven", {"name": self.id}),)

    def unrecognised(self) -> tuple[tuple[Origin, tuple[str, ...]], ...]:
        """Columns that no registry entry names, table by table."""
        listed = self.manifest["unrecognised"]
        return tuple(
            (origin, tuple(listed[source["key"]]))
            for source, origin in zip(self.manifest["sources"], self.origins, strict=True)
            if listed.get(source["key"])
        )

    def said(self) -> Iterator[tuple[int, pl.LazyFrame, list[str]]]:
        """Own tables that name their sources: number in :attr:`origins`, table, columns ``x@``."""
        for number, source in enumerate(self.manifest["sources"]):
            if source["kind"] != "snapshot" or self.origins[number].is_official:
                continue
            with self._stored(source) as folder:
                table = pl.scan_ipc(folder / "table.arrow")
                names = [n for n in table.collect_schema() if n.endswith(SAID_SUFFIX)]
            yield number, table, names

    @contextmanager
    def _stored(self, source: dict[str, Any]) -> Iterator[Path]:
        """The folder of a table under this release; that it is gone or no longer as it was stored
        is said, with its name, and never shown as what a source said."""
        data = self.path.parent.parent
        lost = Unavailable("tables_lost", tables=source["origin"]["table"], data=str(data))
        if source["key"] not in self._compared and not store.is_as_stored(data, source):
            raise lost
        self._compared.add(source["key"])
        try:
            yield data / "raw" / source["key"]
        except (Exception, pl.exceptions.PanicException) as error:
            if store.is_as_stored(data, source):
                raise
            raise lost from error

    @cached_property
    def _compared(self) -> set[str]:
        """Which tables were found as they were stored, once a process."""
        return set()

    @cached_property
    def _table(self) -> pl.DataFrame:
        with _readable(self.path):
            return pl.read_ipc(self.path / "areas.arrow")

    @cached_property
    def _areas(self) -> dict[str, Area]:
        rows = self._table.select("area", "name", "level", "gemeente").rows()
        land = next((name for _, name, level, _ in rows if level == "land"), "Nederland")
        return {code: Area(code, name, lv, gemeente, land) for code, name, lv, gemeente in rows}

    def area(self, code: str) -> Area:
        """The area with this code; WrongUse for no code at all, Refusal for one not here."""
        if not codes.is_code(code):
            raise WrongUse("invalid_code", code=code[:20])
        try:
            return self._areas[code]
        except KeyError:
            raise Refusal("unknown_area", code=code) from None

    def above(self, area: Area) -> tuple[Area, ...]:
        """The areas in which it lies, widest first, without the country, as far as they are here: a
        table of buurten alone holds no wijk and no gemeente."""
        codes_above = [code for code in (codes.gemeente_of(area.code), area.parent)
                       if code not in (area.code, COUNTRY)]  # fmt: skip
        return tuple(self._areas[c] for c in dict.fromkeys(codes_above) if c in self._areas)

    def areas(self, level: str | None = None, within: str | None = None) -> tuple[Area, ...]:
        """Areas of a level inside another area, sorted by code."""
        inside = "" if within in (None, COUNTRY) else str(within)[2:]
        return tuple(
            area
            for area in self._areas.values()
            if (level is None or area.level == level) and area.code[2:].startswith(inside)
        )

    @cached_property
    def names(self) -> Names:
        """To find an area by what somebody typed."""
        return Names(tuple(self._areas.values()), self._people)

    @cached_property
    def _people(self) -> dict[str, float]:
        """The newest known inhabitants of every area that has them."""
        people: dict[str, float] = {}
        for _, year, level in sorted(key for key in self._maps if key[0] == "population"):
            rows = self.map("population", year, level).drop_nulls("value")
            people.update(rows.select("area", "value").iter_rows())
        return people

    def series(self, code: str) -> pl.DataFrame:
        """indicator, year, value, status, source: one area, all years, sorted."""
        self.area(code)
        row = self._table.row(self._table["area"].search_sorted(code), named=True)
        return self._rows(row["start"], row["length"])

    def _rows(self, start: int, length: int) -> pl.DataFrame:
        """Those of an area, or of areas whose codes follow each other."""
        rows = pl.scan_ipc(self.path / "by_area.arrow").slice(start, length)
        wanted = rows.select(
            pl.col("indicator").cast(pl.String), "year", "value", "status", "source"
        )
        with _readable(self.path):
            return wanted.collect()

    def map(self, indicator: str, year: int, level: str) -> pl.DataFrame:
        """area, value, status, source: one indicator, one year, all areas of a level."""
        start, length = self._maps.get((indicator, year, level), (0, 0))
        rows = pl.scan_ipc(self.path / "by_indicator.arrow").slice(start, length)
        wanted = rows.select(pl.col("area").cast(pl.String), "value", "status", "source")
        with _readable(self.path):
            return wanted.collect()

    @cached_property
    def _maps(self) -> dict[tuple[str, int, str], tuple[int, int]]:
        listed = self._listed.select("indicator", "year", "level", "start", "total")
        return {(i, y, lv): (start, total) for i, y, lv, start, total in listed.iter_rows()}

    @cached_property
    def _listed(self) -> pl.DataFrame:
        with _readable(self.path):
            return pl.read_ipc(self.path / "maps.arrow")

    def coverage(self) -> pl.DataFrame:
        """indicator, year, level, filled, total: how many areas have a figure."""
        return self._listed.select(
            "indicator", pl.col("year").cast(pl.Int64), "level",
            pl.col("filled").cast(pl.Int64), pl.col("total").cast(pl.Int64),
        )  # fmt: skip

    def filled(self, level: str, within: str | None = None) -> Filled:
        """Of how many areas of a level inside another (else of the country) there is a figure, by
        indicator and year; what has none is left out."""
        return _filled(self, level, within or COUNTRY)

    def newest(self, indicator: str, level: str, within: str | None = None) -> int | None:
        """The newest year in which the areas of this level inside another have figures: at least
        half as many as in their fullest year, for a year may hold two rows of one of them only.
        None where they have none.
        """
        years = self.filled(level, within).get(indicator, {})
        most = max(years.values(), default=0)
        return max((year for year, n in years.items() if n >= ENOUGH * most), default=None)

    def country(self, indicator: str, year: int) -> float | None:
        """The published figure of the whole country, None when no table holds it."""
        values = self.map(indicator, year, "land")["value"]
        return values[0] if len(values) else None

    def panel(self, level: str, indicators: tuple[str, ...]) -> Panel:
        """All areas of a level; all indicators are read once a process, and some taken from it."""
        whole = _panel(self, level)
        if indicators == whole.indicators:
            return whole
        at = [whole.indicators.index(indicator) for indicator in indicators]
        return replace(
            whole, indicators=indicators, values=whole.values[:, :, at],
            status=whole.status[:, :, at],
        )  # fmt: skip

    def outlines(self, level: str, within: str | None = None) -> pl.DataFrame:
        """area, name, geometry (WKB lon/lat) of a level inside another area."""
        drawn = self._outlines.filter(pl.col("level") == level)
        if within not in (None, COUNTRY):
            drawn = drawn.filter(pl.col("area").str.slice(2).str.starts_with(str(within)[2:]))
        return drawn.select("area", "name", "geometry")

    def drawn_from(self, level: str, within: str | None = None) -> tuple[tuple[int, ...], str]:
        """Of which years the outlines of a level inside another area are, and whose: publishers
        and licences of the tables with outlines, as they are to be named beside a map."""
        codes = self.outlines(level, within)["area"].implode()
        drawn = self._outlines.filter(pl.col("area").is_in(codes))
        return tuple(sorted(drawn["outline_year"].unique())), self.published_by("boundaries")

    def published_by(self, kind: str = "snapshot") -> str:
        """Publishers and licences of the tables of a kind, as they are to be named; "" where no
        table says."""
        sources = zip(self.origins, self.manifest["sources"], strict=True)
        by = (o for o, source in sources if source["kind"] == kind)
        named = dict.fromkeys(" ".join(filter(None, (o.publisher, o.licence))) for o in by)
        return "; ".join(filter(None, named))

    @cached_property
    def _outlines(self) -> pl.DataFrame:
        with _readable(self.path):
            return pl.read_ipc(self.path / "outlines.arrow")

    def trace(self, code: str, indicator: str, year: int) -> tuple[Cell, ...]:
        """The cells under a figure, in the order of the formula's inputs.

        A figure moved over a change of boundary shows those of the areas that it was made from, and
        that of an area which had another code then its cell under that code; where nothing says
        which, the cell of the same code, if there is one.
        """
        self.area(code)
        try:
            inputs = registry().indicators[indicator].inputs.values()
        except KeyError:
            raise Refusal("unknown_indicator", indicator=indicator[:60]) from None
        return tuple(
            cell for column in dict.fromkeys(inputs) for cell in self._cells(code, column, year)
        )

    def _made_of(
        self, code: str, year: int, *, divided: bool
    ) -> tuple[tuple[str, float | None], ...]:
        """The areas of *year* (of a division of its own) from which figures were brought to this
        one, each with the share of its addresses that lies here; where no addresses say so, the
        code of then on the same ground."""
        source = self.crosswalks.get((codes.level(code), year, self.boundary_year))
        if source is None:
            return ((self._recoded.get((divided, year, code), code), None),)
        with self._stored(source) as folder:
            return _parts_of(folder).get(code, ((code, None),))

    @cached_property
    def _recoded(self) -> dict[tuple[bool, int, str], str]:
        with _readable(self.path):
            rows = pl.read_ipc(self.path / "recoded.arrow").iter_rows()
        return {(divided, year, code): before for divided, year, code, before in rows}

    @cached_property
    def crosswalks(self) -> dict[tuple[str, int, int], dict[str, Any]]:
        """The source of each table of boundary changes, by level and its two years."""
        found = {}
        for source in self.manifest["sources"]:
            if source["kind"] == "crosswalk":
                with self._stored(source) as folder:
                    facts = _facts(folder)
                found[facts["level"], facts["from_year"], facts["to_year"]] = source
        return found

    def _cells(self, code: str, column: str, year: int) -> list[Cell]:
        """Every table's cell of this column, the one in use first."""
        found = []
        for source, origin in reversed(
            list(zip(self.manifest["sources"], self.origins, strict=True))
        ):
            if source["kind"] != "snapshot":
                continue
            with self._stored(source) as folder:
                facts = _facts(folder)
                if column not in facts["keys"]:
                    continue
                divided = "division" in facts
                olds = self._made_of(code, facts.get("division", year), divided=divided)
                rows = [(_rows_of(folder, old[2:6]).get((old, year)), part) for old, part in olds]
            for row, share in rows:
                if row is None:
                    continue
                status = Status(row[column + STATUS_SUFFIX])
                if origin.is_official or status is not Status.UNKNOWN:  # else it is silent here
                    found.append(
                        Cell(column=column, key=facts["keys"][column], area=row["area"], year=year,
                             value=row[column], status=status, origin=origin, share=share,
                             said=row.get(column + SAID_SUFFIX) or "")
                    )  # fmt: skip
        return sorted(
            found, key=lambda cell: (not cell.status.has_value, not cell.origin.is_official)
        )


@lru_cache(maxsize=32)
def _parts_of(folder: Path) -> dict[str, tuple[tuple[str, float | None], ...]]:
    """By new area the old ones and their shares, without what stayed the same (see boundary)."""
    pairs = shared(pl.read_ipc(folder / "table.arrow")).filter(~pl.col("same"))
    moved = pairs.sort("new", "weight", descending=[False, True])
    found: dict[str, list[tuple[str, float | None]]] = defaultdict(list)
    for new, old, weight in moved.select("new", "old", "weight").iter_rows():
        found[new].append((old, weight))
    return {new: tuple(olds) for new, olds in found.items()}


@lru_cache(maxsize=128)
def _rows_of(folder: Path, gemeente: str) -> dict[tuple[str, int], dict[str, Any]]:
    """Rows of one gemeente in a stored table by area and year; a scan traces thousands of cells."""
    rows = pl.scan_ipc(folder / "table.arrow")
    part = rows.filter(pl.col("area").str.slice(2, 4) == gemeente).collect()
    return {(row["area"], row["year"]): row for row in part.iter_rows(named=True)}


@lru_cache(maxsize=256)
def _facts(folder: Path) -> dict[str, Any]:
    """What is said of a stored table: of figures its ``keys`` and ``division``."""
    return dict(json.loads((folder / "origin.json").read_text("utf-8"))["facts"])


@lru_cache(maxsize=64)
def _filled(release: Release, level: str, within: str) -> Filled:
    if within == COUNTRY:
        counts = release.coverage().filter((pl.col("level") == level) & (pl.col("filled") > 0))
    else:
        inside = (pl.col("level") == level) & pl.col("area").str.slice(2).str.starts_with(
            within[2:]
        )
        mine = release._table.filter(inside)  # noqa: SLF001 -- same module; they follow each other
        start = int(mine["start"][0]) if len(mine) else 0
        rows = release._rows(start, int(mine["length"].sum()))  # noqa: SLF001
        counts = rows.drop_nulls("value").group_by("indicator", "year").agg(filled=pl.len())
    found: dict[str, dict[int, int]] = {}
    for indicator, year, n in counts.sort("year").select("indicator", "year", "filled").iter_rows():
        found.setdefault(indicator, {})[year] = n
    return found


@kept(8)
def _panel(release: Release, level: str) -> Panel:
    """Of every indicator of the registry."""
    indicators = tuple(registry().indicators)
    everyone = release.areas()
    listed = tuple(area.code for area in everyone if area.level == level)
    positions = np.full(len(everyone), -1)
    positions[[place for place, area in enumerate(everyone) if area.level == level]] = np.arange(
        len(listed)
    )
    years = release.years
    shape = (len(years), len(listed), len(indicators))
    values, status = np.full(shape, np.nan), np.full(shape, NO_ROW, np.uint8)
    with _readable(release.path):
        rows = pl.read_ipc(release.path / "by_indicator.arrow", columns=["area", "value", "status"])
        at = positions[rows["area"].to_physical().to_numpy()]
        found, why = rows["value"].fill_null(np.nan).to_numpy(), rows["status"].to_numpy()
    compared = np.where(why == Status.APPORTIONED, np.nan, found)
    for k, indicator in enumerate(indicators):
        told = compared if registry().indicators[indicator].judged else found
        for y, year in enumerate(years):
            start, length = release._maps.get((indicator, year, level), (0, 0))  # noqa: SLF001 -- same module
            here = slice(start, start + length)
            values[y, at[here], k], status[y, at[here], k] = told[here], why[here]
    return Panel(
        level=level, codes=listed, years=np.array(years), indicators=indicators, values=values,
        status=status,
    )  # fmt: skip


def verify(data: Path) -> Sequence[Notice]:
    """Compare every file of the release in use, its manifest, and the tables under it, with its
    checksum and its provenance."""
    folder = _in_use(data)
    wrong = store.damaged(folder)
    files = [Notice("checksum_differs", {"file": name}) for name in wrong]
    if "manifest.json" in wrong:  # which says what tables there are
        return files
    manifest = store.manifest(folder)
    store.refuse_other_format(manifest, data)
    tables = changed_tables(data, manifest)
    return [*files, *(Notice("table_differs", {"table": table}) for table in tables)]


def changed_tables(data: Path, manifest: dict[str, Any]) -> list[str]:
    """Which tables under a release are gone or no longer as they were when it was made."""
    return [
        source["origin"]["table"]
        for source in manifest["sources"]
        if not store.is_as_stored(data, source)
    ]
