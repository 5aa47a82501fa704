# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Read a map that a user has: GeoJSON, GeoPackage or zipped shapefile, in RD or WGS84."""

from __future__ import annotations

import hashlib
import shutil
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.snapshot import Boundaries, Origin, Table
from wijkeconomie.figures.sources import geojson, geopackage, layer, shapefiles

MOST_BYTES = 1_000_000_000  # unpacked; the map of the whole country is some 300 MB
_CBS, _OWN = ("CBS", "CC BY 4.0"), ("eigen opgave", "")  # publisher and licence
MOST_BYTES_AS_TEXT = 300_000_000  # GeoJSON and XML are held in memory whole


def read(path: Path, *, year: int | None = None) -> list[Table]:
    """The outlines in the file at *path*, a table per layer, and the figures beside them.

    The format is told by content.  *year* serves for layers that do not say theirs.  Raises
    Refusal for what cannot be outlines, WrongUse("year_needed") where a year lacks.
    """
    found = _layers(path)
    checksum = _checksum(path)
    tables: list[Table] = []
    for one in found:
        publisher, licence = _CBS if layer.is_published(one) else _OWN
        origin = Origin(
            publisher=publisher,
            table=one.name,
            title=path.name,
            version=checksum,
            read_at=datetime.now(UTC),
            licence=licence,
            checksum=checksum,
        )
        tables += layer.tables(one, year=year, origin=origin)
    return tables


def outlines(
    features: Iterable[Mapping[str, Any]],
    *,
    year: int,
    origin: Origin,
    declared: str = layer.WGS84,
) -> Boundaries:
    """Outlines of GeoJSON *features* of a service, in the *declared* coordinate system."""
    found = geojson.of_features(features, name=origin.table, declared=declared)
    return layer.boundaries(found, year=year, origin=origin)


def _layers(path: Path) -> list[layer.Layer]:
    with path.open("rb") as file:
        start = file.read(1024)
    if start.startswith(geopackage.SIGNATURE) or path.suffix.lower() == ".gpkg":
        _limit(path.stat().st_size, MOST_BYTES)
        return geopackage.layers(path)
    if start.startswith(b"PK"):
        return _zipped(path)
    _limit(path.stat().st_size, MOST_BYTES_AS_TEXT)
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if content.lstrip()[:1] == b"<":
        refuse_xml(content)
    return [geojson.layer(content, name=path.stem)]


def refuse_xml(content: bytes) -> None:
    """Say what an XML file is that we do not read: a service's error, or KML, GML and the like.

    A DTD is refused before anything in it is looked at, so no entity grows and no request leaves.
    """
    from defusedxml import ElementTree  # noqa: PLC0415 -- heavy
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415 -- heavy

    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise Refusal("xml_dtd") from None
    except ElementTree.ParseError:
        raise Refusal("xml_not_read") from None
    if root.tag.rpartition("}")[2] not in ("ExceptionReport", "ServiceExceptionReport"):
        raise Refusal("xml_not_read")
    said = " ".join(" ".join(root.itertext()).split())
    raise Refusal("service_exception", text=said[:300])


def _zipped(path: Path) -> list[layer.Layer]:
    """GeoPackages in a zip, as CBS gives the map of a year, else its shapefiles."""
    try:
        with ZipFile(path) as archive:
            members = archive.infolist()
            _limit(sum(member.file_size for member in members), MOST_BYTES)
            packages = [m for m in members if m.filename.lower().endswith(".gpkg")]
            found = [one for member in packages for one in _unpacked(archive, member)]
            found = found or list(shapefiles.layers(archive))
    except (BadZipFile, zlib.error, RuntimeError, NotImplementedError):  # damaged or encrypted
        raise Refusal("zip_unreadable", file=path.name) from None
    if not found:
        raise Refusal("no_layers")
    return found


def _unpacked(archive: ZipFile, member: ZipInfo) -> list[layer.Layer]:
    with TemporaryDirectory() as folder:  # SQLite reads files only
        target = Path(folder, "map.gpkg")
        with archive.open(member) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        return geopackage.layers(target)


def _limit(size: int, most: int) -> None:
    if size > most:
        raise Refusal("geometry_too_large", megabytes=size // 1_000_000, most=most // 1_000_000)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
