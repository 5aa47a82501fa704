# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""GeoJSON to a layer (RFC 7946), with the ``crs`` that the format of 2008 still allowed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.sources.layer import Layer, crs, refuse_other_shape

_MOST_EXACT = 2.0**53  # the whole numbers that a float holds exactly


def layer(content: bytes, *, name: str) -> Layer:
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
    return of_features(features, name=name, declared=_declared(document))


def of_features(
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
        rows=rows(properties),
        crs=declared,
        closed=tuple(rings.closed),
    )


def rows(properties: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
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
