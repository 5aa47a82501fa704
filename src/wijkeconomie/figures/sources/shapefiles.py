# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Zipped shapefiles to layers (ESRI, 1998), never unpacked to disk."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from zipfile import ZipFile

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.sources import geojson
from wijkeconomie.figures.sources.layer import RD, WGS84, Layer

_PARTS = ("shp", "shx", "dbf", "prj", "cpg")


def layers(archive: ZipFile) -> Iterator[Layer]:
    """Every shapefile in *archive*; Refusal when one is damaged or lacks a part."""
    names = {name.lower(): name for name in archive.namelist()}
    for stem in (name.removesuffix(".shp") for name in names if name.endswith(".shp")):
        found = {part: names.get(f"{stem}.{part}") for part in _PARTS}
        parts = {part: archive.read(name) for part, name in found.items() if name}
        yield _layer(PurePosixPath(stem).name, parts)


def _layer(name: str, parts: dict[str, bytes]) -> Layer:
    import shapefile  # noqa: PLC0415 -- heavy

    if lacking := sorted({"dbf", "prj"} - set(parts)):
        raise Refusal("shapefile_lacks", layer=name, parts=", ".join(f".{p}" for p in lacking))
    if int.from_bytes(parts["shp"][24:28], "big") * 2 != len(parts["shp"]):  # in words of 16 bits
        raise Refusal("shapefile_damaged", layer=name)
    declared = _projection(parts["prj"].decode("utf-8", "replace"))
    files = {part: BytesIO(parts[part]) for part in ("shp", "shx", "dbf") if part in parts}
    try:
        with shapefile.Reader(**files, encoding=_encoding(parts), encodingErrors="strict") as file:
            features = [_feature(record) for record in file.iterShapeRecords()]
    except UnicodeDecodeError:
        raise Refusal("shapefile_encoding", layer=name) from None
    except (shapefile.ShapefileException, struct.error, LookupError, ValueError, OSError):
        raise Refusal("shapefile_damaged", layer=name) from None
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
    header = int.from_bytes(parts["dbf"][8:10], "little")
    try:
        parts["dbf"][header:].decode("utf-8")
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
