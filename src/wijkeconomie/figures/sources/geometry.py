# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Read a map that a user has: GeoJSON, GeoPackage or zipped shapefile, in RD or WGS84.

GeoJSON is that of RFC 7946, with the ``crs`` that the format of 2008 still allowed.  A GeoPackage
(OGC 12-128r18) is an SQLite file, opened read-only and trusted in nothing.  Shapefiles (ESRI, 1998)
are never unpacked to disk.  What a good outline is, is said in ``layer``.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.snapshot import CBS, OWN, Boundaries, Origin, Table
from wijkeconomie.figures.sources import layer
from wijkeconomie.figures.sources.layer import RD, WGS84, Layer, crs, refuse_other_shape

MOST_BYTES = 1_000_000_000  # unpacked; the map of the whole country is some 300 MB
MOST_BYTES_AS_TEXT = 300_000_000  # GeoJSON and XML are held in memory whole
_MOST_EXACT = 2.0**53  # the whole numbers that a float holds exactly
_SQLITE = b"SQLite format 3\x00"
_LAYER_NAME = re.compile(r"[\w .()+-]{1,128}")  # what cannot end a quoted SQL name
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)  # by the envelope indicator, clause 2.1.3
_MOST_STEPS = 20_000  # thousands of SQLite instructions: some minutes, no more
_SHAPEFILE_PARTS = ("shp", "shx", "dbf", "prj", "cpg")


def read(path: Path, *, year: int | None = None) -> list[Table]:
    """The outlines in the file at *path*, a table per layer, and the figures beside them.

    The format is told by content.  *year* serves for layers that do not say theirs.  Raises
    Refusal for what cannot be outlines, WrongUse("year_needed") where a year lacks.
    """
    found = _layers(path)
    checksum = _checksum(path)
    tables: list[Table] = []
    for one in found:
        publisher, licence = CBS if layer.is_published(one) else OWN
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
    declared: str = WGS84,
) -> Boundaries:
    """Outlines of GeoJSON *features* of a service, in the *declared* coordinate system."""
    found = _of_features(features, name=origin.table, declared=declared)
    return layer.boundaries(found, year=year, origin=origin)


def _layers(path: Path) -> list[Layer]:
    with path.open("rb") as file:
        start = file.read(1024)
    if start.startswith(_SQLITE) or path.suffix.lower() == ".gpkg":
        _limit(path.stat().st_size, MOST_BYTES)
        return _geopackage(path)
    if start.startswith(b"PK"):
        return _zipped(path)
    _limit(path.stat().st_size, MOST_BYTES_AS_TEXT)
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if content.lstrip()[:1] == b"<":
        refuse_xml(content)
    return [_geojson(content, name=path.stem)]


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


def _zipped(path: Path) -> list[Layer]:
    """GeoPackages in a zip, as CBS gives the map of a year, else its shapefiles."""
    try:
        with ZipFile(path) as archive:
            members = archive.infolist()
            _limit(sum(member.file_size for member in members), MOST_BYTES)
            packages = [m for m in members if m.filename.lower().endswith(".gpkg")]
            found = [one for member in packages for one in _unpacked(archive, member)]
            found = found or list(_shapefiles(archive))
    except (BadZipFile, zlib.error, RuntimeError, NotImplementedError):  # damaged or encrypted
        raise Refusal("zip_unreadable", file=path.name) from None
    if not found:
        raise Refusal("no_layers")
    return found


def _unpacked(archive: ZipFile, member: ZipInfo) -> list[Layer]:
    with TemporaryDirectory() as folder:  # SQLite reads files only
        target = Path(folder, "map.gpkg")
        with archive.open(member) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        return _geopackage(target)


def _limit(size: int, most: int) -> None:
    if size > most:
        raise Refusal("geometry_too_large", megabytes=size // 1_000_000, most=most // 1_000_000)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _geojson(content: bytes, *, name: str) -> Layer:
    """The features of a GeoJSON file; Refusal when it is none or holds shapes that are no area."""
    try:
        document = json.loads(content)
    except RecursionError:
        raise Refusal("geometry_too_deep") from None
    except ValueError as error:
        raise Refusal("not_geojson", reason=str(error)[:120]) from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise Refusal("not_geojson", reason="features")
    return _of_features(features, name=name, declared=_declared(document))


def _of_features(
    features: Iterable[Mapping[str, Any]], *, name: str, declared: str | None = None
) -> Layer:
    """A layer of GeoJSON features; *declared* is their coordinate system when they say one."""
    rings = _Rings()
    properties: list[Mapping[str, Any]] = []
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, Mapping):
            raise Refusal("not_geojson", reason=f"features[{number}]")
        rings.add(number, feature.get("geometry"))
        properties.append(feature.get("properties") or {})
    return Layer(
        name=name,
        shapes=rings.shapes(),
        rows=attributes(properties),
        crs=declared,
        closed=tuple(rings.closed),
    )


def attributes(properties: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """A frame of *properties*: numbers or text; a column of several kinds is text.

    Numbers without fraction are whole, as many tools write 2022 as 2022.0.  Lists and objects
    are no figures and are left empty.
    """
    names = dict.fromkeys(name for row in properties for name in row)
    return pl.DataFrame([_column(name, [row.get(name) for row in properties]) for name in names])


def _column(name: str, values: list[Any]) -> pl.Series:
    if all(value is None or type(value) in (int, float) for value in values):
        numbers = pl.Series(name, values, dtype=pl.Float64, strict=False).fill_nan(None)
        whole = ((numbers == numbers.round()) & (numbers.abs() < _MOST_EXACT)).all()
        return numbers.cast(pl.Int64) if whole else numbers
    texts = [str(value) if isinstance(value, str | int | float) else None for value in values]
    return pl.Series(name, texts, dtype=pl.String)


def _declared(document: Mapping[str, Any]) -> str | None:
    named = document.get("crs")
    properties = named.get("properties") if isinstance(named, dict) else None
    text = properties.get("name") if isinstance(properties, dict) else None
    return crs(text) if isinstance(text, str) else None


class _Rings:
    """Polygons as they come, in flat arrays: shapely makes all of them in one call."""

    def __init__(self) -> None:
        self.closed: list[int] = []
        self._points: list[NDArray[np.float64]] = []
        self._rings_before: list[int] = [0]  # at the start of each polygon
        self._polygons_before: list[int] = [0]  # at the start of each feature
        self._missing: list[bool] = []

    def add(self, number: int, geometry: object) -> None:
        """Feature *number* (from 1) with its GeoJSON *geometry* or None."""
        self._missing.append(geometry is None)
        if geometry is not None:
            for polygon in _polygons(number, geometry):
                for ring in polygon:
                    self._ring(number, ring)
                self._rings_before.append(len(self._points))
        self._polygons_before.append(len(self._rings_before) - 1)

    def _ring(self, number: int, ring: object) -> None:
        points = _numbers(number, ring)
        if len(points) and not np.array_equal(points[0], points[-1]):
            points = np.concatenate((points, points[:1]))
            if number - 1 not in self.closed[-1:]:
                self.closed.append(number - 1)
        if len(points) < 4:  # three corners, and back at the first
            raise Refusal("ring_too_short", feature=number)
        self._points.append(points)

    def shapes(self) -> NDArray[np.object_]:
        import shapely  # noqa: PLC0415 -- heavy

        ends = np.cumsum([0, *map(len, self._points)])
        made: NDArray[np.object_] = shapely.from_ragged_array(
            shapely.GeometryType.MULTIPOLYGON,
            np.concatenate(self._points) if self._points else np.empty((0, 2)),
            (ends, np.array(self._rings_before), np.array(self._polygons_before)),
        )
        made[np.array(self._missing, dtype=bool)] = None
        return made


def _polygons(number: int, geometry: object) -> list[Any]:
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    if kind == "GeometryCollection":
        raise Refusal("geometry_too_deep")
    if not isinstance(coordinates, (list, tuple)):
        raise Refusal("invalid_coordinate", feature=number)
    if kind not in ("Polygon", "MultiPolygon"):
        if _impossible(coordinates):  # is told first
            raise Refusal("invalid_coordinate", feature=number)
        refuse_other_shape(number, str(kind))
    polygons = [coordinates] if kind == "Polygon" else list(coordinates)
    if not all(isinstance(polygon, (list, tuple)) and polygon for polygon in polygons):
        raise Refusal("ring_too_short", feature=number)
    return polygons


def _numbers(number: int, ring: object) -> NDArray[np.float64]:
    """The points (n, 2) of one ring; a height is left out."""
    try:
        points = np.array(ring, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise Refusal("invalid_coordinate", feature=number) from None
    if points.ndim != 2 or points.shape[1] < 2 or not np.isfinite(points).all():
        raise Refusal("invalid_coordinate", feature=number)
    return points[:, :2]


def _impossible(coordinates: object) -> bool:
    try:
        return not np.isfinite(np.array(coordinates, dtype=np.float64)).all()
    except (TypeError, ValueError, OverflowError):
        return False


def _geopackage(path: Path) -> list[Layer]:
    """Every feature layer of the GeoPackage at *path*; Refusal when it is none or damaged."""
    with path.open("rb") as file:
        if file.read(len(_SQLITE)) != _SQLITE:
            raise Refusal("not_geopackage")
    try:
        with closing(_open(path)) as database:
            return list(_feature_layers(database))
    except sqlite3.DatabaseError:
        raise Refusal("geopackage_damaged") from None


def _open(path: Path) -> sqlite3.Connection:
    """Immutable: no lock, no journal and no write, whatever the file's schema asks for."""
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    steps = iter(range(_MOST_STEPS))
    database.set_progress_handler(lambda: next(steps, None) is None, 1_000_000)
    return database


def _feature_layers(database: sqlite3.Connection) -> Iterator[Layer]:
    if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise Refusal("geopackage_damaged")
    tables = {name for (name,) in database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    )}  # fmt: skip
    if not tables >= {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"}:
        raise Refusal("sqlite_not_geopackage")
    found = database.execute(
        "SELECT c.table_name, g.column_name, s.organization_coordsys_id FROM gpkg_contents c"
        " JOIN gpkg_geometry_columns g USING (table_name)"
        " JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id WHERE c.data_type = 'features'"
    ).fetchall()
    if not found:
        raise Refusal("no_layers")
    for table, geometry, number in found:
        # A name goes into SQL below, so it is one of the file's tables and cannot end its quotes.
        if not _LAYER_NAME.fullmatch(table) or table not in tables:
            raise Refusal("invalid_layer_name")
        yield _feature_layer(database, table, geometry, number)


def _feature_layer(database: sqlite3.Connection, table: str, geometry: str, number: int) -> Layer:
    cursor = database.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- checked by the caller
    names = [column[0] for column in cursor.description]
    if geometry not in names:
        raise Refusal("geopackage_damaged")
    shape = names.index(geometry)
    records = cursor.fetchall()
    properties = [
        {name: _plain(value) for name, value in zip(names, record, strict=True) if name != geometry}
        for record in records
    ]
    return Layer(
        name=table,
        shapes=_from_blobs([record[shape] for record in records]),
        rows=attributes(properties),
        crs=crs(str(number)) if number > 0 else None,
    )


def _plain(value: Any) -> Any:
    return None if isinstance(value, bytes) else value


def _from_blobs(blobs: list[Any]) -> NDArray[np.object_]:
    import shapely  # noqa: PLC0415 -- heavy

    try:
        shapes = shapely.from_wkb(np.array([_wkb(blob) for blob in blobs], dtype=object))
    except shapely.errors.GEOSException:
        raise Refusal("geopackage_damaged") from None
    flat: NDArray[np.object_] = shapely.force_2d(shapes)
    flat[shapely.is_empty(flat)] = None
    return flat


def _wkb(blob: Any) -> bytes | None:
    """The WKB behind a GeoPackage header; None for no geometry."""
    if blob is None:
        return None
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        raise Refusal("geopackage_damaged")
    indicator = blob[3] >> 1 & 0b111
    if indicator >= len(_ENVELOPE_BYTES) or blob[3] & 0b100000:  # an extension of someone's own
        raise Refusal("geopackage_damaged")
    return blob[8 + _ENVELOPE_BYTES[indicator] :]


def _shapefiles(archive: ZipFile) -> Iterator[Layer]:
    """Every shapefile in *archive*; Refusal when one is damaged or lacks a part."""
    names = {name.lower(): name for name in archive.namelist()}
    for stem in (name.removesuffix(".shp") for name in names if name.endswith(".shp")):
        found = {part: names.get(f"{stem}.{part}") for part in _SHAPEFILE_PARTS}
        parts = {part: archive.read(name) for part, name in found.items() if name}
        yield _shapefile(PurePosixPath(stem).name, parts)


def _shapefile(name: str, parts: dict[str, bytes]) -> Layer:
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
    return _of_features(features, name=name, declared=declared)


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
