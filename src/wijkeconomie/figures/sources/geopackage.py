# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""GeoPackage to layers (OGC 12-128r18): an SQLite file, opened read-only and trusted in nothing."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.sources import geojson
from wijkeconomie.figures.sources.layer import Layer, crs

SIGNATURE = b"SQLite format 3\x00"
_LAYER_NAME = re.compile(r"[\w .()+-]{1,128}")  # what cannot end a quoted SQL name
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)  # by the envelope indicator, clause 2.1.3
_MOST_STEPS = 20_000  # thousands of SQLite instructions: some minutes, no more


def layers(path: Path) -> list[Layer]:
    """Every feature layer of the GeoPackage at *path*; Refusal when it is none or damaged."""
    with path.open("rb") as file:
        if file.read(len(SIGNATURE)) != SIGNATURE:
            raise Refusal("not_geopackage")
    try:
        with closing(_open(path)) as database:
            return list(_layers(database))
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


def _layers(database: sqlite3.Connection) -> Iterator[Layer]:
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
        yield _layer(database, table, geometry, number)


def _layer(database: sqlite3.Connection, table: str, geometry: str, number: int) -> Layer:
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
        shapes=_shapes([record[shape] for record in records]),
        rows=geojson.rows(properties),
        crs=crs(str(number)) if number > 0 else None,
    )


def _plain(value: Any) -> Any:
    return None if isinstance(value, bytes) else value


def _shapes(blobs: list[Any]) -> NDArray[np.object_]:
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
