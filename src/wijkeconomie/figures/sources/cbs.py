# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Kerncijfers wijken en buurten and related tables: OData v4, and v3 where v4 lacks the table.

Source: CBS open data, https://datasets.cbs.nl/odata/v1 and https://opendata.cbs.nl, and the tables
that CBS publishes for others, https://dataderden.cbs.nl (v3); licence CC BY 4.0.  Which table holds
which year is in the registry and is checked against what the table says of itself, because lists of
tables that circulate give wrong years.  Of a related table we read only what the registry names;
one that is not as we know it is told and left out.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from wijkeconomie.figures.areas import COUNTRY, gemeente_of, is_code, level
from wijkeconomie.figures.refusal import LANGUAGES, Notice, Refusal, WrongUse
from wijkeconomie.figures.refusal import about as said_about
from wijkeconomie.figures.registry import CbsTable, Series, registry
from wijkeconomie.figures.snapshot import CBS, Origin, Progress, Silent, Snapshot
from wijkeconomie.figures.sources import odata, related
from wijkeconomie.figures.sources.http import Client, cabinet, pages, part_of_it

V4_ADDRESS = "https://datasets.cbs.nl/odata/v1/CBS"  # WIJKECONOMIE_CBS_V4
V3_ADDRESS = "https://opendata.cbs.nl/ODataFeed/odata"  # WIJKECONOMIE_CBS_V3
MOST_ROWS = 10_000_000  # of a table that does not say how many; a year of the country has 1.7
MOST_LISTED = 500_000  # areas, measures, members; the country has some 18,000 areas
DERDEN_ADDRESS = "https://dataderden.cbs.nl/ODataFeed/OData"  # WIJKECONOMIE_CBS_DERDEN


def fetch(
    years: Iterable[int],
    *,
    client: Client,
    cache: Path,
    gemeente: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Snapshot]:
    """Yield the table of each year, oldest first; with *gemeente*, its areas and the country.

    Related tables of those years follow.  What was read stays in *cache*, so a second call goes on
    where a first one broke off.  Years that have no table, and related tables that are not as we
    know them, are told in a notice; Refusal when no year has a table.  The environment may name
    other addresses (``WIJKECONOMIE_CBS_V4``, ``WIJKECONOMIE_CBS_V3``, ``WIJKECONOMIE_CBS_DERDEN``)
    and one version only (``WIJKECONOMIE_CBS_API`` = ``v4`` or ``v3``).  Raises WrongUse for a code
    that is no gemeente, Refusal for everything that the service does wrong.
    """
    condition = region_condition(gemeente)
    tables, told = _tables(years)
    held: Snapshot | None = None  # one is held back, to carry what is told after it
    for table, series, span in (*tables, *_related_to(tables)):
        if series is not None and held is None:
            break  # what is related to nothing has no areas to stand on
        reading = _Reading(
            table=table, client=client, cache=cache, progress=progress or Silent(),
            gemeente=condition, series=series, years=span,
        )  # fmt: skip
        try:
            found = _first_that_has(reading)
        except Refusal as refusal:
            told.append(_left_out(reading, refusal))
            continue
        if held is not None:
            yield held
        held, told = replace(found, notices=(*told, *found.notices)), []
    if held is not None:
        yield replace(held, notices=(*held.notices, *told))
    elif told:
        raise Refusal(told[0].code, **told[0].fields)


def region_condition(gemeente: str | None) -> tuple[str, ...]:
    """Beginnings of the region codes of *gemeente* and the country; empty for everything.

    Beginnings, because v3 pads its codes to ten positions.  Raises WrongUse("invalid_region").
    """
    if gemeente is None:
        return ()
    if not is_code(gemeente) or level(gemeente) != "gemeente":
        raise WrongUse("invalid_region")
    digits = gemeente_of(gemeente)[2:]
    return (COUNTRY, f"GM{digits}", f"WK{digits}", f"BU{digits}")


def odata_filter(
    dimension: str, beginnings: tuple[str, ...], members: Mapping[str, Iterable[str]] | None = None
) -> str:
    """The query part that selects regions and *members* of other dimensions, percent-encoded; ""
    for everything."""
    parts = [[f"startswith({dimension},{literal(start)})" for start in beginnings]]
    for name, codes in (members or {}).items():
        parts.append([f"{name} eq {literal(code)}" for code in codes])
    chosen = [" or ".join(part) for part in parts if part]
    if not chosen:
        return ""
    joined = chosen[0] if len(chosen) == 1 else " and ".join(f"({part})" for part in chosen)
    return "$filter=" + quote(joined, safe="(),'")


def literal(text: str) -> str:
    """*text* as an OData string: quotes doubled, so that no text ends its own literal.

    OData 4.01 URL conventions §5.1.1.6.1.
    """
    return "'" + text.replace("'", "''") + "'"


class _Missing(Refusal):
    """CBS does not have this table, though it may have others."""


_Wanted = tuple[CbsTable, Series | None, tuple[int, ...]]  # table, series it is of, years to read


def _tables(years: Iterable[int]) -> tuple[list[_Wanted], list[Notice]]:
    """The tables of *years*, and a notice about the years for which we know none."""
    known = {table.year: table for table in registry().tables}
    wanted = sorted(set(years))
    lacking = ", ".join(str(year) for year in wanted if year not in known)
    every = f"{min(known)}–{max(known)}"
    told = [Notice("no_table_for_year", {"years": lacking, "known": every})] if lacking else []
    return [(known[year], None, (year,)) for year in wanted if year in known], told


def _related_to(tables: Iterable[_Wanted]) -> Iterator[_Wanted]:
    """The related tables of the same years; one that holds several years once."""
    wanted = [table.year for table, *_ in tables]
    for series in registry().series:
        for id_, (first, last) in series.tables.items():
            span = tuple(year for year in wanted if first <= year <= last)
            if span:
                yield CbsTable(id=id_, year=span[-1]), series, span


def _left_out(reading: _Reading, refusal: Refusal) -> Notice:
    """What is told of a table that is not there; raises where the load cannot do without it.

    A related table that was loaded before stays in use, so leaving it out loses nothing.
    """
    if isinstance(refusal, _Missing):
        return refusal.notice
    if reading.series is None or not refusal.notice.code.startswith(
        ("service_", "table_", "unlike_")
    ):
        raise refusal
    why = {language: refusal.text(language) for language in LANGUAGES}
    title = {"nl": reading.series.title.nl, "en": reading.series.title.en}
    return Notice("related_left_out", {"title": title, "table": reading.table.id, "why": why})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One table being read: from whom, about which regions, and where pages are kept."""

    table: CbsTable
    client: Client
    cache: Path
    progress: Progress
    gemeente: tuple[str, ...]
    series: Series | None
    years: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class _Received:
    """What a version of the service gave of one table, in the service's own words."""

    url: str
    about: Mapping[str, Any]
    version: str
    folder: Path
    described: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    frames: list[Any] = field(default_factory=list)
    rows: int = 0
    said: int | None = None
    texts: dict[str, int] = field(default_factory=dict)  # numbers that came as text, by column
    checksum: Any = field(default_factory=hashlib.sha256)


_Reader = Callable[[_Reading], "Snapshot | None"]


def _first_that_has(reading: _Reading) -> Snapshot:
    """v4 says why a figure is missing and v3 does not, so v4 goes first."""
    readers: dict[str, _Reader] = {"v4": _v4, "v3": _v3}
    only = os.environ.get("WIJKECONOMIE_CBS_API", "")
    empty = False
    for version, reader in readers.items():
        if only in readers and version != only:
            continue
        if version not in _addresses(reading):
            continue
        try:
            snapshot = reader(reading)
        except Refusal as refusal:
            if refusal.notice.code == "unlike_table" and version == "v4" and not only:
                continue  # v3 has other keys
            if refusal.notice.code != "service_not_found":
                raise
            continue
        if snapshot is not None:
            return snapshot
        empty = True
    if empty:
        raise Refusal("service_empty")
    raise _Missing("table_missing", table=reading.table.id, year=str(reading.table.year))


def _addresses(reading: _Reading) -> dict[str, str]:
    """Where each version of the service has this table."""
    if reading.series and reading.series.service == "derden":
        known = {"v3": os.environ.get("WIJKECONOMIE_CBS_DERDEN", DERDEN_ADDRESS)}
    else:
        known = {
            "v4": os.environ.get("WIJKECONOMIE_CBS_V4", V4_ADDRESS),
            "v3": os.environ.get("WIJKECONOMIE_CBS_V3", V3_ADDRESS),
        }
    return {version: f"{base.rstrip('/')}/{reading.table.id}" for version, base in known.items()}


def _v4(reading: _Reading) -> Snapshot | None:
    url = _addresses(reading)["v4"]

    def about() -> dict[str, Any]:
        return reading.client.json(f"{url}/Properties").data

    got = _begin(reading, url, about(), period="TemporalCoverage", version="Version")
    got.described["MeasureGroups"] = _whole(reading, got, "MeasureGroups", keys=("Title",))
    for resource in ("MeasureCodes", "Dimensions"):
        got.described[resource] = _whole(reading, got, resource, keys=("Identifier",))
    if reading.series is not None:
        shape = related.shape_v4(got.described, reading.table.id)
        return _related(reading, reading.series, got, shape, about, _V4)
    dimension = odata.regions_of(
        got.described["Dimensions"], reading.table.id, kind="Kind", key="Identifier"
    )
    got.described["Regions"] = _whole(reading, got, f"{dimension}Codes", keys=("Identifier",))
    query = "&".join(filter(None, ("$count=true", odata_filter(dimension, reading.gemeente))))
    total = (
        None if reading.gemeente else odata.count(got.about, "ObservationCount", reading.table.id)
    )

    def taken(page: dict[str, Any]) -> Any:
        # ObservationCount counts cells, of which empty ones are not sent: only $count is a promise
        got.said = _said(page, reading, got)
        return odata.observations(page, dimension, table=reading.table.id, texts=got.texts)

    _data(reading, got, f"Observations?{query}", total, taken)
    if not got.rows:
        return None
    return _finished(reading, got, about, lambda origin: odata.snapshot_v4(
        got.frames, got.described, year=reading.table.year, origin=origin,
        notices=_notices(reading, got),
    ))  # fmt: skip


def _v3(reading: _Reading) -> Snapshot | None:
    url = _addresses(reading)["v3"]

    def about() -> dict[str, Any]:
        answer = reading.client.json(f"{url}/TableInfos?$format=json").data
        return next(iter(odata.rows(answer, reading.table.id)), {})

    got = _begin(reading, url, about(), period="Period", version="Modified")
    got.described["DataProperties"] = _whole(
        reading, got, "DataProperties", "?$format=json", keys=("ID", "Type", "Key")
    )
    if reading.series is not None:
        shape = related.shape_v3(got.described["DataProperties"], reading.table.id)
        return _related(reading, reading.series, got, shape, about, _V3)
    dimension = odata.regions_of(
        got.described["DataProperties"], reading.table.id, kind="Type", key="Key"
    )
    got.described["Regions"] = _whole(reading, got, dimension, "?$format=json", keys=("Key",))
    query = "&".join(filter(None, ("$format=json", odata_filter(dimension, reading.gemeente))))
    if not reading.gemeente:
        got.said = odata.count(got.about, "RecordCount", reading.table.id)
    kinds = odata.kinds(got.described["DataProperties"])

    def taken(page: dict[str, Any]) -> Any:
        return odata.typed(page, dimension, kinds, table=reading.table.id, texts=got.texts)

    _data(reading, got, f"TypedDataSet?{query}", got.said, taken)
    if not got.rows:
        return None
    return _finished(reading, got, about, lambda origin: odata.snapshot_v3(
        got.frames, got.described, dimension, year=reading.table.year, origin=origin,
        notices=_notices(reading, got),
    ))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dialect:
    """How a version of the service calls members, their keys and the figures."""

    ending: str
    query: str
    key: str
    data: str


_V4 = _Dialect(ending="Codes", query="", key="Identifier", data="Observations?$count=true")
_V3 = _Dialect(ending="", query="?$format=json", key="Key", data="TypedDataSet?$format=json")


def _related(
    reading: _Reading,
    series: Series,
    got: _Received,
    shape: related.Shape,
    about: Callable[[], Mapping[str, Any]],
    dialect: _Dialect,
) -> Snapshot | None:
    """The figures that the registry picks from a related table; None when there is not one."""
    table = reading.table.id
    related.chosen(series, shape, table)  # before more of it is asked
    listed = {
        name: _whole(
            reading, got, name + dialect.ending, dialect.query, keys=(dialect.key, "Title")
        )
        for name in (shape.regions, shape.periods, *shape.others)
        if name
    }
    codes = {n: {str(r[dialect.key]): odata.title(r) for r in rows} for n, rows in listed.items()}
    picked = related.picked(series, shape, codes, table)
    years = related.periods(codes.get(shape.periods, ()), series.periods, reading.years)
    if series.periods and not years:
        raise _Missing("table_missing", table=table, year=str(reading.table.year))
    query = _query(reading, shape, picked, years, dialect)
    _data(reading, got, query, None, lambda page: _long(page, reading, got, shape, dialect))
    if not got.rows:
        return None
    regions = [row | {"Identifier": row[dialect.key]} for row in listed[shape.regions]]
    return _finished(reading, got, about, lambda origin: related.related(
        got.frames, picked, shape, years, regions, year=reading.table.year, origin=origin,
        notices=_notices(reading, got),
    ))  # fmt: skip


def _query(
    reading: _Reading,
    shape: related.Shape,
    picked: Mapping[str, tuple[str, Mapping[str, str]]],
    years: Mapping[str, int],
    dialect: _Dialect,
) -> str:
    """What asks for the picked measures, members and periods only."""
    measures = sorted({measure for measure, _ in picked.values()})
    members = {n: sorted({where[n] for _, where in picked.values()}) for n in shape.others}
    if shape.periods:
        members[shape.periods] = list(years)
    if dialect is _V4:
        members["Measure"] = measures
        return f"{dialect.data}&{odata_filter(shape.regions, reading.gemeente, members)}"
    columns = ",".join([shape.regions, *members, *measures])
    condition = odata_filter(shape.regions, reading.gemeente, members)
    return "&".join(filter(None, (dialect.data, condition, f"$select={columns}")))


def _long(
    page: dict[str, Any],
    reading: _Reading,
    got: _Received,
    shape: related.Shape,
    dialect: _Dialect,
) -> Any:
    """A page as a frame with a row a figure."""
    table, numeric = reading.table.id, dict.fromkeys(shape.measures, True)
    if dialect is _V3:
        return related.long_v3(
            odata.typed(page, shape.regions, numeric, table=table, texts=got.texts), shape
        )
    got.said = _said(page, reading, got)
    others = [name for name in (shape.periods, *shape.others) if name]
    return odata.observations(page, shape.regions, table=table, texts=got.texts, others=others)


def _said(page: Mapping[str, Any], reading: _Reading, got: _Received) -> int | None:
    """How many rows there are, as the first page says."""
    if got.said is not None:
        return got.said
    return odata.count(page, "@odata.count", reading.table.id)


def _begin(
    reading: _Reading, url: str, about: Mapping[str, Any], *, period: str, version: str
) -> _Received:
    table = reading.table
    odata.said_of(about, (period, version, "Title", "Modified"), table.id)
    found = str(about.get(period) or about.get("Title") or "")
    many = reading.series is not None and reading.series.periods  # its periods say their years
    if not many and not found.strip():
        raise Refusal("table_without_period", table=table.id, expected=str(table.year))
    if not many and re.findall(r"[0-9]{4}", found) != [str(table.year)]:
        raise Refusal(
            "table_other_period", table=table.id, found=found[:80], expected=str(table.year)
        )
    today = f"{reading.client.now():%Y-%m-%d}"  # better a page twice than a page too old
    stamp = str(about.get(version) or about.get("Modified") or today)
    asked = "-".join(reading.gemeente)
    if reading.series is not None:  # other figures picked are other pages
        asked += f"{reading.years}{reading.series.picks}"
    return _Received(
        url=url,
        about=about,
        version=stamp,
        folder=cabinet(reading.cache, table.id, url=url + asked, version=stamp),
    )


def _whole(
    reading: _Reading, got: _Received, resource: str, query: str = "", *, keys: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Every row of a resource that describes the table, each with all of *keys*."""
    url, table = f"{got.url}/{resource}{query}", reading.table.id
    whole: list[dict[str, Any]] = []
    for page in pages(reading.client, url, within=got.url, folder=got.folder, name=resource):
        with said_about(page.url):
            found = odata.listed(page.data, keys, table)
        whole += found
        if len(whole) > MOST_LISTED:
            raise Refusal("service_too_many_rows", table=table, most=MOST_LISTED)
    odata.refuse_listed_twice(whole, keys, table)
    return whole


def _data(
    reading: _Reading,
    got: _Received,
    resource: str,
    total: int | None,
    taken: Callable[[dict[str, Any]], Any],
) -> None:
    """Read the figures page by page into ``got``; Refusal when fewer come than were promised.

    The first page says how many rows there are; *total* serves where it does not.
    """
    table = reading.table
    try:
        for page in pages(
            reading.client, f"{got.url}/{resource}", within=got.url, folder=got.folder, name="data"
        ):
            with said_about(page.url):
                frame = taken(page.data)
            if not got.frames:
                told = total if got.said is None else got.said
                reading.progress.start(f"CBS {table.id} ({table.year})", told)
            got.checksum.update(page.body)
            got.frames.append(frame)
            got.rows += frame.height
            reading.progress.advance(frame.height)
            if got.rows > (MOST_ROWS if got.said is None else got.said):
                break  # pages may go on for ever
    finally:
        reading.progress.finish()
    if got.said is None and got.rows > MOST_ROWS:
        shutil.rmtree(got.folder, ignore_errors=True)
        raise Refusal("service_too_many_rows", table=table.id, most=MOST_ROWS)
    if got.said is not None and got.rows != got.said:
        shutil.rmtree(got.folder, ignore_errors=True)
        raise Refusal("service_count", said=got.said, got=got.rows)


def _finished(
    reading: _Reading,
    got: _Received,
    about: Callable[[], Mapping[str, Any]],
    built: Callable[[Origin], Snapshot],
) -> Snapshot:
    """Build the snapshot of one and the same version; what is refused is not kept."""
    with part_of_it(got.url):
        now = about()  # a service that stops here is asked again later, and what was read stays
    try:
        if now != got.about:
            raise Refusal("service_changed_meanwhile", table=reading.table.id)
        with said_about(reading.table.id):
            return built(_origin(reading, got))
    except Refusal:
        shutil.rmtree(got.folder, ignore_errors=True)
        raise


def _origin(reading: _Reading, got: _Received) -> Origin:
    part = f" ({reading.gemeente[1]})" if reading.gemeente else ""
    publisher, licence = CBS
    if reading.series is not None:
        publisher, licence = reading.series.publisher, reading.series.licence
    return Origin(
        publisher=publisher,
        table=reading.table.id,
        title=" ".join(str(got.about.get("Title", "")).split()) + part,
        version=got.version,
        read_at=reading.client.now(),
        licence=licence,
        checksum=got.checksum.hexdigest(),
        url=got.url,
    )


def _notices(reading: _Reading, got: _Received) -> tuple[Notice, ...]:
    if not got.texts:
        return ()
    named = ", ".join(sorted(got.texts)[:5])
    count = sum(got.texts.values())
    return (
        Notice("service_type_change", {"table": reading.table.id, "count": count, "what": named}),
    )
