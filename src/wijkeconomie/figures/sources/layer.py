# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""One map layer of any format, judged: codes, water, projection, repairs, outlines and figures.

GeoJSON, GeoPackage and shapefile differ only in how they are read; what a good outline is, is
said here once.  Outlines that cross themselves are mended, and the change of their surface is told.

Rijksdriehoek (RD New, EPSG:28992) becomes longitude and latitude (WGS84) after F.H. Schreutelkamp
and G.L. Strang van Hees, Benaderingsformules voor de transformatie tussen RD- en
WGS84-kaartcoördinaten, Geodesia 2001 (formula 6, tables 4 and 5).  Their Amersfoort is that of
2001; ours is the published RDNAPTRANS point of today (ETRS89), which takes away a shift of 0.3 m.
Accuracy: 0.25 m on land, 1e-6 degree from the transformation without correction grid that GIS
software uses.  Not for surveying.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wijkeconomie.figures import areas
from wijkeconomie.figures.missing import SENTINEL_CEILING, SENTINELS, Status
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import Boundaries, Origin, Snapshot
from wijkeconomie.figures.sources import layout, tidy

Points = NDArray[np.float64]

RD, WGS84 = "EPSG:28992", "EPSG:4326"
_SAME_AS = {"7415": RD, "28992": RD, "4326": WGS84, "4979": WGS84, "4258": WGS84, "CRS84": WGS84}
MOST_VERTICES = 100_000  # an area; make_valid on more would run for minutes
_OVERLAP = 1e-3  # of the surface: more, and two outlines are no pieces of one area
_MOST_NAMED = 20  # repairs told one by one; the rest is counted

_MOST_CROSSINGS = 50  # of one ring; beyond that nobody can say what was meant

X0, Y0 = 155_000.0, 463_000.0  # the church spire of Amersfoort, in metres
LON0, LAT0 = 5.387203657, 52.155172897  # the same in degrees

# Where the formulas hold: the Netherlands with a margin, as (x, y) or (lon, lat) low and high.
RD_BOUNDS = ((-10_000.0, 300_000.0), (300_000.0, 640_000.0))
WGS84_BOUNDS = ((3.0, 50.5), (7.6, 54.0))

# Row p, column q: the coefficient of dx**p * dy**q, result in seconds of arc.
_LAT = np.zeros((6, 5))
_LAT[0, 1:4] = 3235.65389, -0.24750, -0.06550
_LAT[1, 0:2] = -0.00738, -0.00012
_LAT[2, 0:4] = -32.58297, -0.84978, -0.01709, -0.00039
_LAT[4, 0:2] = 0.00530, 0.00033
_LON = np.zeros((6, 5))
_LON[0, 1:3] = 0.01199, 0.00022
_LON[1, 0:5] = 5260.52916, 105.94684, 2.45656, 0.05594, 0.00128
_LON[2, 0] = -0.00022
_LON[3, 0:3] = -0.81885, -0.05607, -0.00256
_LON[5, 0] = 0.00026

_NAMES = {
    "BU": ("bu_naam", "buurtnaam", "bun"),
    "WK": ("wk_naam", "wijknaam", "wkn"),
    "GM": ("gm_naam", "gemeentenaam", "gmn"),
}
_ANY_NAME = ("naam", "name", "statnaam", "regio_naam", "regionaam")
_WATER = ("water", "h2o")
_CODE_WITH_YEAR = ("jrstatcode", "jaarstatcode")
_YEAR = ("jaar", "peiljaar", *_CODE_WITH_YEAR, "year")
_YEAR_FIRST = re.compile(r"(20[0-9][0-9])(?:\.0)?(?:(?:GM|WK|BU)[0-9A-Z]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """``shapes`` (n,) of shapely geometries or None beside ``rows`` (n) with their attributes.

    ``crs`` is :data:`RD`, :data:`WGS84`, or None when the source does not say.  ``closed`` are the
    rows of which a ring was open and has been closed.
    """

    name: str
    shapes: NDArray[np.object_]
    rows: pl.DataFrame
    crs: str | None = None
    closed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Areas:
    """The layer's rows that are areas, with their codes."""

    shapes: NDArray[np.object_]
    rows: pl.DataFrame
    codes: list[str]
    notices: tuple[Notice, ...]


def crs(text: str) -> str:
    """Our name for a coordinate system as files name it; Refusal("unknown_projection") else."""
    last = re.split(r"[:/#]", text.strip())[-1]
    if known := _SAME_AS.get(last.upper()):
        return known
    raise Refusal("unknown_projection", projection=text[:80])


def boundaries(layer: Layer, *, year: int | None, origin: Origin) -> Boundaries:
    """Outlines of *layer* in longitude and latitude; *year* serves when the rows do not say it.

    Raises :class:`Refusal` for shapes that are no area, coordinates that cannot be, codes that
    occur twice or are invalid; WrongUse("year_needed") without a year.
    """
    return _outlines(_areas(layer), layer, year, origin)


def tables(layer: Layer, *, year: int | None, origin: Origin) -> tuple[Boundaries | Snapshot, ...]:
    """The outlines of *layer* and, when its attributes hold figures, these too."""
    found = _areas(layer)
    outlines = _outlines(found, layer, year, origin)
    figures = _figures(found, outlines.year, origin)
    return (outlines,) if figures is None else (outlines, figures)


def is_published(layer: Layer) -> bool:
    """Whether this is the map of CBS: by its structure, or bare outlines with its code of a year.

    Own figures beside the outlines of CBS are no figures of CBS.
    """
    columns = layer.rows.columns
    bare = not any(map(layout.recognise, columns))
    return layout.is_published(columns) or (bare and bool(_named(layer.rows, _CODE_WITH_YEAR)))


def refuse_other_shape(number: int, kind: str) -> None:
    """Refuse feature *number* (from 1) unless *kind*, a GeoJSON type, is an area."""
    if kind in ("Polygon", "MultiPolygon"):
        return
    words = {"Point": "point", "MultiPoint": "point"}
    words |= {"LineString": "line", "LinearRing": "line", "MultiLineString": "line"}
    raise Refusal(f"shape_is_{words.get(kind, 'something_else')}", feature=number)


def _areas(layer: Layer) -> _Areas:
    _check_shapes(layer.shapes)
    _check_projection(layer)
    wet = _water(layer.rows)
    rows, shapes = layer.rows.filter(~wet), layer.shapes[~wet]
    codes = _codes(rows)
    closed = np.isin(np.arange(len(wet)), layer.closed)[~wet]
    notices = [Notice("water_left_out", {"areas": int(wet.sum())})] if wet.any() else []
    notices += _named_notices("ring_closed", [{"code": codes[i]} for i in np.flatnonzero(closed)])
    found = _Areas(shapes=shapes, rows=rows, codes=codes, notices=tuple(notices))
    return found if len(set(codes)) == len(codes) else _joined(found)


def _water(rows: pl.DataFrame) -> NDArray[np.bool_]:
    """Which rows are water: people count in the land, and land has the same code (CBS map)."""
    wet = np.zeros(rows.height, dtype=bool)
    for name in _named(rows, _WATER):
        says = rows[name].cast(pl.String).str.strip_chars().str.to_uppercase() == "JA"
        wet |= says.fill_null(value=False).to_numpy()
    return wet


def _joined(found: _Areas) -> _Areas:
    """Pieces of one area put together; pieces that overlap or differ in figures are refused."""
    import shapely  # noqa: PLC0415 -- heavy

    rows_of: dict[str, list[int]] = {}
    for row, code in enumerate(found.codes):
        rows_of.setdefault(code, []).append(row)
    shapes, notices = found.shapes.copy(), list(found.notices)
    known = [name for name in found.rows.columns if registry().recognise(name)]
    for code, pieces in rows_of.items():
        if len(pieces) == 1:
            continue
        parts = shapely.make_valid(found.shapes[pieces])
        whole = shapely.union_all(parts)
        figures = found.rows.select(known)[pieces].unique() if known else found.rows.clear()
        apart = whole.area >= shapely.area(parts).sum() * (1 - _OVERLAP)  # not so for nan
        if not apart or figures.height > 1:
            raise Refusal("outline_twice", code=code)
        shapes[pieces[0]] = whole
        notices.append(Notice("pieces_joined", {"code": code, "pieces": len(pieces)}))
    kept = [pieces[0] for pieces in rows_of.values()]
    return _Areas(
        shapes=shapes[kept], rows=found.rows[kept], codes=list(rows_of), notices=tuple(notices)
    )


def _outlines(found: _Areas, layer: Layer, year: int | None, origin: Origin) -> Boundaries:
    import shapely  # noqa: PLC0415 -- heavy

    own_year = _year(found.rows)
    if own_year is None and year is None:
        raise tidy.year_needed(layer.name)
    mended, repairs = repair(found.shapes)
    if layer.crs == RD:
        mended = shapely.transform(mended, to_wgs84)
    frame = pl.DataFrame(
        {
            "area": found.codes,
            "name": _area_names(found.rows, found.codes),
            "geometry": pl.Series(list(shapely.to_wkb(mended)), dtype=pl.Binary),
        },
        schema_overrides={"area": pl.String, "name": pl.String},
    )
    notices = (*found.notices, *_repair_notices(found.codes, repairs), *_without(mended))
    return Boundaries(origin=origin, year=own_year or year or 0, frame=frame, notices=notices)


def _figures(found: _Areas, year: int, origin: Origin) -> Snapshot | None:
    known = [name for name in found.rows.columns if registry().recognise(name)]
    if not known:
        return None
    spent = {*_code_columns(found.rows), *_named(found.rows, _YEAR), *_named(found.rows, _WATER)}
    rest = found.rows.drop(spent & set(found.rows.columns))
    notices = tuple(_sentinels(rest.select(known)))
    rows = rest.insert_column(0, pl.Series("regiocode", found.codes, dtype=pl.String))
    return tidy.snapshot(rows, origin=origin, year=year, notices=notices)


def _check_shapes(shapes: NDArray[np.object_]) -> None:
    import shapely  # noqa: PLC0415 -- heavy

    points, owner = shapely.get_coordinates(shapes, return_index=True)
    wrong = ~np.isfinite(points).all(axis=1) | (np.abs(points) > 1e9).any(axis=1)
    if wrong.any():
        raise Refusal("invalid_coordinate", feature=int(owner[wrong.argmax()]) + 1)
    for kind in np.unique(shapely.get_type_id(shapes)):
        if kind not in (-1, shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON):
            first = int((shapely.get_type_id(shapes) == kind).argmax())
            refuse_other_shape(first + 1, shapes[first].geom_type)
    vertices = shapely.get_num_coordinates(shapes)
    if vertices.size and vertices.max() > MOST_VERTICES:
        most = int(vertices.argmax())
        raise Refusal("too_many_vertices", vertices=int(vertices[most]), feature=most + 1)


def _check_projection(layer: Layer) -> None:
    import shapely  # noqa: PLC0415 -- heavy

    points = shapely.get_coordinates(layer.shapes)
    looks_rd = within(points, RD_BOUNDS)
    looks_wgs84 = within(points, WGS84_BOUNDS)
    if not points.size or (looks_rd if layer.crs == RD else looks_wgs84):
        return
    x, y = (f"{number:.7g}" for number in points[0])
    if looks_rd:
        code = "looks_rd" if layer.crs is None else "says_wgs84_looks_rd"
    elif looks_wgs84:
        code = "says_rd_looks_wgs84"
    elif within(points[:, ::-1], WGS84_BOUNDS):
        code = "looks_swapped"
    else:
        code = "outside_netherlands"
    raise Refusal(code, x=x, y=y)


def _code_columns(rows: pl.DataFrame) -> list[str]:
    """Columns of which half of the values or more are area codes, the smallest areas first.

    By content, because every publisher has its own header: bu_code, buurtcode, BU_CODE, WKC.
    """
    found: list[tuple[int, str]] = []
    for name, dtype in rows.schema.items():
        if dtype != pl.String:
            continue
        given = rows[name].drop_nulls().str.strip_chars()
        is_code = given.str.contains(f"^(?:{areas.CODE.pattern})$")
        if given.len() and (is_code.sum() or 0) * 2 >= given.len():
            level = areas.level(given.filter(is_code).item(0))
            found.append((-areas.LEVELS.index(level), name))
    return [name for _, name in sorted(found, key=lambda pair: pair[0])]


def _codes(rows: pl.DataFrame) -> list[str]:
    columns = _code_columns(rows)
    if not rows.columns:
        raise Refusal("outlines_bare")
    if not columns:
        raise Refusal("outlines_without_codes", columns=", ".join(rows.columns[:12]))
    codes = rows[columns[0]].str.strip_chars()
    for code in codes:
        if code is None or not areas.is_code(code):
            raise Refusal("invalid_code", code=code or '""')
    return codes.to_list()


def _named(rows: pl.DataFrame, names: Sequence[str]) -> list[str]:
    """The columns of *rows* with one of *names*, in the order of *names*."""
    by_name = {column.lower(): column for column in rows.columns}
    return [by_name[name] for name in names if name in by_name]


def _area_names(rows: pl.DataFrame, codes: list[str]) -> list[str | None]:
    wanted = _NAMES.get(codes[0][:2], ()) if codes else ()
    for column in _named(rows, (*wanted, *_ANY_NAME)):
        return tidy.printable(rows[column].cast(pl.String)).to_list()
    return [None] * rows.height


def _year(rows: pl.DataFrame) -> int | None:
    """The one year that the rows tell; two years in one layer are refused."""
    for column in _named(rows, _YEAR):
        found = {_YEAR_FIRST.fullmatch(str(value).strip()) for value in rows[column].drop_nulls()}
        years = {match[1] for match in found if match}
        if len(years) > 1:
            raise Refusal("outlines_of_years", years=", ".join(sorted(years)))
        if years:
            return int(years.pop())
    return None


def _sentinels(figures: pl.DataFrame) -> Iterator[Notice]:
    """How many values are a number that means a reason, per number."""
    counts: dict[float, int] = {}
    for column in figures.select(pl.selectors.numeric()):
        values = column.filter(column <= SENTINEL_CEILING)
        for value, count in values.cast(pl.Float64).value_counts().iter_rows():
            counts[value] = counts.get(value, 0) + count
    for value, count in sorted(counts.items()):
        fields = {"values": count, "sentinel": f"{value:.0f}"}
        if SENTINELS.get(int(value), Status.SECRET) is not Status.SECRET:
            yield Notice("sentinel_other", fields)
        else:
            yield Notice("sentinel_value" if count == 1 else "sentinel_values", fields)


def _repair_notices(codes: list[str], repairs: Sequence[Repair]) -> list[Notice]:
    told = [
        {"code": codes[r.row], "percent": f"{round(r.percent):+}" if round(r.percent) else "0"}
        for r in repairs
    ]
    return _named_notices("outline_repaired", told)


def _named_notices(code: str, told: Sequence[dict[str, str]]) -> list[Notice]:
    notices = [Notice(code, fields) for fields in told[:_MOST_NAMED]]
    if rest := len(told) - _MOST_NAMED:
        notices += [Notice("more_repairs", {"areas": rest})] if rest > 0 else []
    return notices


def _without(shapes: NDArray[np.object_]) -> list[Notice]:
    none = sum(shape is None for shape in shapes)
    code = "without_outline" if none == 1 else "without_outlines"
    return [Notice(code, {"areas": none})] if none else []


@dataclass(frozen=True, slots=True)
class Repair:
    """``percent`` is the surface of ``row`` after the repair against what was meant."""

    row: int
    percent: float


def repair(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], tuple[Repair, ...]]:
    """Shapes (n,) of valid areas or None, and what was mended.

    GEOS ``make_valid`` (structure method: holes stay holes, overlaps are counted once).  What was
    meant is the ring in which the two lines that cross have changed partners, so that a bowtie
    is half a square.  What is left without surface becomes None.
    """
    import shapely  # noqa: PLC0415 -- heavy

    broken = np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes))
    mended = shapes.copy()
    repairs = []
    for row in broken:
        whole = shapely.make_valid(shapes[row], method="structure", keep_collapsed=False)
        mended[row] = whole if whole.area > 0 else None
        meant = sum(_surface(part) for part in shapely.get_parts(shapes[row]))
        change = 100 * (whole.area / meant - 1) if meant > 0 else 0.0
        repairs.append(Repair(int(row), change))
    mended[shapely.is_empty(mended)] = None
    return mended, tuple(repairs)


def _surface(polygon: object) -> float:
    import shapely  # noqa: PLC0415 -- heavy

    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(polygon)]
    return max(0.0, _shoelace(_uncrossed(rings[0])) - sum(map(_shoelace, rings[1:])))


def _uncrossed(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """The closed *ring* (n, 2), with the stretch between two crossing lines turned round."""
    for _ in range(_MOST_CROSSINGS):
        crossing = _first_crossing(ring)
        if crossing is None:
            break
        i, j = crossing
        ring = np.concatenate((ring[: i + 1], ring[i + 1 : j + 1][::-1], ring[j + 1 :]))
    return ring


def _first_crossing(ring: NDArray[np.float64]) -> tuple[int, int] | None:
    """Numbers of two lines of *ring* that cross each other, or None."""
    import shapely  # noqa: PLC0415 -- heavy

    lines = shapely.linestrings(np.stack((ring[:-1], ring[1:]), axis=1))
    pairs = shapely.STRtree(lines).query(lines, predicate="crosses")
    pairs = pairs[:, pairs[0] < pairs[1]]
    if not pairs.size:
        return None
    first = np.lexsort((pairs[1], pairs[0]))[0]
    return int(pairs[0, first]), int(pairs[1, first])


def _shoelace(ring: NDArray[np.float64]) -> float:
    """Surface within a closed ring (Gauss); differences from the first point keep it exact."""
    x, y = (ring - ring[0]).T
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)


def to_wgs84(rd: Points) -> Points:
    """Longitude and latitude in degrees, shape (n, 2), of RD points in metres, shape (n, 2)."""
    dx, dy = (rd[:, 0] - X0) * 1e-5, (rd[:, 1] - Y0) * 1e-5
    longitude = LON0 + _polynomial(dx, dy, _LON) / 3600
    return np.column_stack((longitude, LAT0 + _polynomial(dx, dy, _LAT) / 3600))


def within(points: Points, bounds: tuple[tuple[float, float], tuple[float, float]]) -> bool:
    """Whether all points, shape (n, 2), lie between the low and the high corner."""
    low, high = bounds
    return bool(np.all((points >= low) & (points <= high)))


def _polynomial(a: Points, b: Points, coefficients: Points) -> Points:
    return np.asarray(np.polynomial.polynomial.polyval2d(a, b, coefficients), dtype=np.float64)
