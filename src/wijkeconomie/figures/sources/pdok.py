# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Boundaries of gemeenten, wijken and buurten from PDOK, OGC API Features, one year at a time.

Source: https://api.pdok.nl/cbs/wijken-en-buurten-2024/ogc/v1; © CBS and Kadaster, CC BY 4.0.
Coordinates come in longitude and latitude (OGC API Features Part 1 §7.13: CRS84 by default).
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from wijkeconomie.figures.areas import is_code
from wijkeconomie.figures.refusal import Notice, Refusal, about
from wijkeconomie.figures.snapshot import Boundaries, Origin, Progress
from wijkeconomie.figures.sources import geometry
from wijkeconomie.figures.sources.cbs import region_condition
from wijkeconomie.figures.sources.http import Client, cabinet, next_link, pages
from wijkeconomie.figures.sources.odata import count, unlike

ADDRESS = "https://api.pdok.nl/cbs"  # WIJKECONOMIE_PDOK
COLLECTIONS = ("gemeenten", "wijken", "buurten")
_WORDS = ("code", "naam")  # ends of properties that are text
# Of a collection that does not say how many it has; the country has 14,700 buurten.
MOST_FEATURES = 100_000
PAGE = 1000  # the most that PDOK gives at once


def fetch(
    years: Iterable[int],
    *,
    gemeente: str | None,
    client: Client,
    cache: Path,
    progress: Progress,
) -> Iterator[Boundaries]:
    """Yield the boundaries of each year that PDOK has, oldest first.

    Years that it does not have are told in a notice with the first; Refusal when it has none of
    them.  What was read stays in *cache* for the day: PDOK names no version of its data.  The
    environment may name another address (``WIJKECONOMIE_PDOK``).
    """
    region_condition(gemeente)
    address = os.environ.get("WIJKECONOMIE_PDOK", ADDRESS).rstrip("/")
    wanted = sorted(set(years))
    urls = {year: f"{address}/wijken-en-buurten-{year}/ogc/v1" for year in wanted}
    offered = [year for year in wanted if _offers(client, urls[year])]
    lacking = ", ".join(str(year) for year in wanted if year not in offered)
    if lacking and not offered:
        raise Refusal("no_boundaries_for_year", years=lacking)
    told = (Notice("no_boundaries_for_year", {"years": lacking}),) if lacking else ()
    for year in offered:
        read = _boundaries(_Reading(
            year=year, url=urls[year], client=client, cache=cache, progress=progress,
            gemeente=gemeente,
        ))  # fmt: skip
        yield replace(read, notices=(*told, *read.notices))
        told = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    year: int
    url: str
    client: Client
    cache: Path
    progress: Progress
    gemeente: str | None
    checksum: Any = field(default_factory=hashlib.sha256)


def _offers(client: Client, url: str) -> bool:
    try:
        client.json(f"{url}/collections?f=json")
    except Refusal as refusal:
        if refusal.notice.code == "service_not_found":
            return False
        raise
    return True


def _boundaries(one: _Reading) -> Boundaries:
    moment = one.client.now()
    folder = cabinet(
        one.cache, f"pdok-{one.year}", url=f"{one.url} {one.gemeente}", version=f"{moment:%Y-%m-%d}"
    )
    origin = Origin(
        publisher="PDOK", table=f"wijken-en-buurten-{one.year}",
        title=f"Wijken en buurten {one.year}" + (f" ({one.gemeente})" if one.gemeente else ""),
        version="", read_at=moment, licence="CC BY 4.0", checksum="", url=one.url,
    )  # fmt: skip
    try:
        parts = [
            geometry.outlines(_features(one, name, folder), year=one.year, origin=origin)
            for name in COLLECTIONS
        ]
    except Refusal as refusal:
        if not refusal.notice.code.startswith("service_"):
            shutil.rmtree(folder, ignore_errors=True)  # it came whole, and is not to be used
        raise
    frame = pl.concat(part.frame for part in parts)
    return Boundaries(
        origin=replace(origin, version=_version(frame), checksum=one.checksum.hexdigest()),
        year=one.year,
        frame=frame,
        notices=tuple(notice for part in parts for notice in part.notices),
    )


def _version(frame: pl.DataFrame) -> str:
    """Of the outlines themselves: PDOK's pages carry the time of asking, so they always differ."""
    digest = hashlib.sha256()
    for area, outline in frame.select("area", "geometry").iter_rows():
        digest.update(area.encode() + (outline or b""))
    return digest.hexdigest()[:16]


def _features(one: _Reading, collection: str, folder: Path) -> Iterator[dict[str, Any]]:
    """Every feature of a collection, or Refusal when fewer come than PDOK says there are."""
    url = f"{one.url}/collections/{collection}/items?f=json&limit={PAGE}"
    if one.gemeente:
        url += f"&gemeentecode={one.gemeente}"
    got, total = 0, None
    reading = pages(one.client, url, within=one.url, folder=folder, name=collection)
    try:
        for number, page in enumerate(reading):
            with about(page.url):
                features = _checked(page.data, collection)
            one.checksum.update(page.body)
            total = count(page.data, "numberMatched", collection) or total
            if number == 0:
                one.progress.start(f"PDOK {one.year}: {collection}", total)
            if not features and next_link(page.data, at=page.url, within=one.url):
                raise Refusal("service_empty_page", table=collection)
            got += len(features)
            one.progress.advance(len(features))
            if got > (MOST_FEATURES if total is None else total):
                raise Refusal(
                    "service_too_many_rows", table=collection, most=total or MOST_FEATURES
                )
            yield from (f for f in features if _within(f, one.gemeente))
    finally:
        one.progress.finish()
    if total is not None and got < total:
        shutil.rmtree(folder, ignore_errors=True)
        raise Refusal("service_short", got=got, total=total)
    if not got:
        raise Refusal("service_empty")


def _checked(page: dict[str, Any], collection: str) -> list[dict[str, Any]]:
    features = page.get("features")
    if not isinstance(features, list):
        raise Refusal("service_shape", table=collection, what="features")
    for at, feature in enumerate(features):
        if not isinstance(feature, dict):
            raise unlike(collection, at, "features", feature)
        for part in ("properties", "geometry"):
            if not isinstance(feature.get(part), dict | None):
                raise unlike(collection, at, part, feature[part])
        for name, value in (feature.get("properties") or {}).items():
            is_word = name.endswith(_WORDS)
            if isinstance(value, list | dict) or (is_word and not isinstance(value, str | None)):
                raise unlike(collection, at, name, value)
    returned = count(page, "numberReturned", collection)
    if returned not in (None, len(features)):
        raise Refusal("service_short", got=len(features), total=returned)
    return features


def _within(feature: dict[str, Any], gemeente: str | None) -> bool:
    """Whether the feature lies in *gemeente*: a service may ignore a filter that it lacks."""
    if gemeente is None:
        return True
    codes = (v for v in (feature.get("properties") or {}).values() if isinstance(v, str))
    return any(is_code(code) and code[2:6] == gemeente[2:] for code in codes)
