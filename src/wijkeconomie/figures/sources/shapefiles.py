# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Zipped shapefiles to layers (ESRI, 1998), never unpacked to disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.sources import geojson
from wijkeconomie.figures.sources.layer import RD, WGS84, Layer

MOST_BYTES = 1_000_000_000  # unpacked; the map of the whole country is some 300 MB
_MOST_MEMBERS = 200
_PARTS = ("shp", "shx", "dbf", "prj", "cpg")


def layers(path: Path) -> list[Layer]:
    """Every shapefile in the zip at *path*; Refusal when there is none, or one is damaged."""
    try:
        with ZipFile(path) as archive:
            return list(_layers(archive))
    except BadZipFile:
        raise Refusal("shapefile_damaged", layer=path.name) from None


def holds_shapefile(path: Path) -> bool:
    """Whether the zip at *path* has a ``.shp`` in it."""
    try:
        with ZipFile(path) as archive:
            return any(name.lower().endswith(".shp") for name in archive.namelist())
    except BadZipFile:
        return False


def _layers(archive: ZipFile) -> Iterator[Layer]:
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    if len(members) > _MOST_MEMBERS or size > MOST_BYTES:
        raise Refusal("geometry_too_large", megabytes=size // 1_000_000, most=1000)
    by_name = {member.filename.lower(): member for member in members}
    for name in by_name:
        if not name.endswith(".shp"):
            continue
        stem = name.removesuffix(".shp")
        parts = {
            part: archive.read(by_name[f"{stem}.{part}"])
            for part in _PARTS
            if f"{stem}.{part}" in by_name
        }
        yield _layer(PurePosixPath(stem).name, parts)


def _layer(name: str, parts: dict[str, bytes]) -> Layer:
    import shapefile  # noqa: PLC0415 -- heavy

    if lacking := sorted({"dbf", "prj"} - set(parts)):
        raise Refusal("shapefile_lacks", layer=name, parts=", ".join(f".{p}" for p in lacking))
    declared = _projection(parts["prj"].decode("utf-8", "replace"))
    files = {part: BytesIO(parts[part]) for part in ("shp", "shx", "dbf") if part in parts}
    try:
        with shapefile.Reader(**files, encoding=_encoding(parts), encodingErrors="strict") as file:
            features = [_feature(record) for record in file.iterShapeRecords()]
    except UnicodeDecodeError:
        raise Refusal("shapefile_encoding", layer=name) from None
    except (shapefile.ShapefileException, ValueError, IndexError, ArithmeticError, OSError) as e:
        raise Refusal("shapefile_damaged", layer=name) from e
    return geojson.of_features(features, name=name, declared=declared)


def _feature(record: Any) -> dict[str, Any]:
    empty = record.shape.shapeType == 0 or not record.shape.points
    geometry = None if empty else record.shape.__geo_interface__
    return {"geometry": geometry, "properties": record.record.as_dict(date_strings=True)}


def _encoding(parts: dict[str, bytes]) -> str:
    """What the ``.cpg`` says, else UTF-8 where that fits, else the Windows page of old files."""
    said = parts.get("cpg", b"").decode("ascii", "replace").strip().lower()
    if "utf" in said or said == "65001":
        return "utf-8"
    try:
        parts["dbf"].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _projection(wkt: str) -> str:
    """The coordinate system of a ``.prj``, by its name: ESRI writes no EPSG number."""
    name = re.match(r'\s*\w+\["([^"]*)"', wkt)
    text = re.sub(r"[^a-z0-9]", "", name[1].lower()) if name else ""
    if text in ("rdnew", "amersfoortrdnew"):
        return RD
    if text in ("wgs84", "gcswgs1984", "gcsetrs1989", "etrs89"):
        return WGS84
    raise Refusal("unknown_projection", projection=(name[1] if name else wkt)[:80])
