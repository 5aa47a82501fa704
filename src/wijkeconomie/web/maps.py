# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Maps: a choropleth as SVG, and vector tiles with the values that are joined to them.

Colours run from behind to ahead around what the areas are held against: one figure, or of each area
its own comparable ones.  Where nothing is better or worse they are steps.  What is unknown is
hatched.  An area too small to see gets a disc of its colour.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from wijkeconomie.figures import outline
from wijkeconomie.figures.missing import Status, status_word
from wijkeconomie.figures.refusal import WrongUse
from wijkeconomie.figures.release import Release
from wijkeconomie.web.charts.bars import WORDS, Fmt, margin
from wijkeconomie.web.drawing import (
    Box,
    Frame,
    finest,
    hatching,
    path,
    picture,
    place,
    reason,
    shorten,
    tag,
    text,
    text_width,
    written,
)  # fmt: skip

Values = Mapping[str, tuple[float | None, Status | None]]
DIVERGING = ("b3", "b2", "b1", "m0", "a1", "a2", "a3")
SEQUENTIAL = ("s1", "s2", "s3", "s4", "s5")
UNKNOWN = "unknown"
WIDTH, HIGHEST = 480.0, 520.0
ROW, LETTERS = 24.0, 20.0  # of the key: a row, and the letters of a narrow page
PHONE, DESK = 19.0, 12.0  # letters of a name on the map, by the width of the page
TOLERANCE = 0.7  # px: what simplifying may move a border
SMALLEST = 5.0  # px: an area that is smaller both ways is drawn as a disc
STICKS_OUT = 1.15  # a name's width against its area's
LEVELS = ("gemeente", "wijk", "buurt")
GRID = 4096  # steps across a tile
SNAP = 4  # of them are half a pixel of a tile 512 pixels wide
MIN_ZOOM, MAX_ZOOM = 8, 13  # MapLibre stretches the tiles of the highest zoom beyond it
_EARTH = 20_037_508.342789244  # half the width of the Web Mercator world, metres (EPSG:3857)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """An area's outline, WKB in longitude and latitude."""

    code: str
    name: str
    wkb: bytes


def shapes(outlines: pl.DataFrame) -> tuple[Shape, ...]:
    """The areas of ``Release.outlines`` that have an outline."""
    rows = outlines.drop_nulls("geometry").select("area", "name", "geometry").iter_rows()
    return tuple(Shape(code=code, name=name, wkb=wkb) for code, name, wkb in rows)


def bounds(areas: Sequence[Shape]) -> tuple[float, float, float, float]:
    """West, south, east, north of all together, in degrees."""
    each = outline.bounds([a.wkb for a in areas])
    west, south = each[:, :2].min(axis=0)
    east, north = each[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


# --- colours ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Steps:
    """Which colour a value gets: ``names[i]`` up to ``edges[i]``, ascending.

    What counts is the value as it is printed, in whole ``unit``s; edges lie between two of them,
    so that no area reads 36 % and is coloured as more than 36 %.
    """

    edges: tuple[float, ...]
    names: tuple[str, ...]
    middle: float | None
    unit: float

    def name(self, value: float | None) -> str:
        if value is None or math.isnan(value):
            return UNKNOWN
        printed = round(value, -round(math.log10(self.unit)))
        return self.names[int(np.searchsorted(self.edges, printed))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """What the colours tell: ``of`` each area a number, or None, around ``middle``.

    ``head`` says in the key with what they compare, ``unknown`` what hatching means, ``fmt`` how
    the number is written.  ``told``: beside its figure an area says this number too.  A difference
    below ``matters``, in the unit of the number, is neither better nor worse.
    """

    of: Mapping[str, float | None]
    middle: float | None
    better: str
    fmt: Fmt
    head: str = ""
    unknown: str = ""
    told: bool = False
    matters: float = 0.0


def steps(shade: Shade, areas: Iterable[str]) -> Steps:
    """Seven equal steps around the middle, behind to ahead; without one (or where neither side is
    better) up to five steps with as many of the *areas* (codes) each.

    The step is half of what three areas in four differ at most, so that a few odd areas do not
    pale the rest; but so wide that the middle colour holds all that does not matter, and each
    colour two figures as they are printed.
    """
    unit = finest(shade.fmt)
    of, middle, better = (shade.of.get(code) for code in areas), shade.middle, shade.better
    known = np.array([v for v in of if v is not None and math.isfinite(v)])
    if middle is None or better == "neither" or not known.size:
        cuts = np.unique(np.quantile(known, [0.2, 0.4, 0.6, 0.8])) if known.size else np.array([])
        between = sorted({_between_units(float(c), unit) for c in cuts})
        edges = tuple(c for c in between if c < known.max())
        return Steps(edges, SEQUENTIAL[: len(edges) + 1], None, unit)
    usual = float(np.quantile(np.abs(known - middle), 0.75)) / 2
    step = max(usual, 2 * shade.matters + unit if shade.matters else 0.0, 2 * unit)
    edges = tuple(
        _between_units(middle + step * k, unit) for k in (-2.5, -1.5, -0.5, 0.5, 1.5, 2.5)
    )
    return Steps(edges, DIVERGING if better == "higher" else DIVERGING[::-1], middle, unit)


def _between_units(edge: float, unit: float) -> float:
    """Half-way between the two printed figures around an edge."""
    return (math.floor(edge / unit) + 0.5) * unit


def values_document(
    areas: Sequence[Shape],
    values: Values,
    *,
    shade: Shade,
    beside: str,
    fmt: Fmt,
    language: str,
    href: Callable[[str], str],
) -> dict[str, Any]:
    """What map.js joins to the tiles: per code the colour, the figure in words with what stands
    ``beside`` it (year, comparison), where it lies and its page.  The colours are those of
    :func:`svg_map`."""
    colours = steps(shade, [a.code for a in areas])
    outlines = [a.wkb for a in areas]
    corners = np.round(outline.bounds(outlines), 5).tolist()
    spots = np.round(outline.label_points(outlines), 5).tolist()
    return {
        "edges": list(colours.edges),
        "steps": list(colours.names),
        "values": {
            area.code: {
                "value": value,
                "status": status_word(status),
                "step": colours.name(shade.of.get(area.code)),
                "text": _said(area.code, values, shade, fmt, language)
                + ("" if value is None else f" ({beside})"),
                "bounds": box,
                "label": spot,
                "url": href(area.code),
            }
            for area, box, spot in zip(areas, corners, spots, strict=True)
            for value, status in [values.get(area.code, (None, None))]
        },
    }


# --- the map as SVG ---------------------------------------------------------------------------


Projection = Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """An area on the picture: its path, its size and where its label goes."""

    shape: Shape
    d: str
    size: tuple[float, float]
    label: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """All areas in the units of the picture, its height, and the edge of all together."""

    drawn: tuple[_Drawn, ...]
    height: float
    shore: str


def svg_map(
    areas: tuple[Shape, ...],
    values: Values,
    *,
    title: str,
    fmt: Fmt,
    shade: Shade,
    prefix: str,
    language: str = "nl",
    href: Callable[[str], str] | None = None,
    current: str = "",
    what: str = "",
    labels: bool = True,
    standalone: bool = False,
    note: str = "",
) -> str:
    """A choropleth of *areas*, each a link with its name and figure.

    ``current`` is outlined.  ``what`` heads the key: figure and unit.  Costs some 10 ms per 100
    areas: keep the answer.
    """
    sheet = _project(areas)
    colours = steps(shade, [a.code for a in areas])
    said = {a.code: _said(a.code, values, shade, fmt, language) for a in areas}
    body = [
        tag("path", d=sheet.shore, class_="shore"),
        "".join(_area(d, said, shade, colours, prefix, href) for d in sheet.drawn),
        _outlined(sheet, current),
        _labels(sheet, _worst(sheet, shade), standalone=standalone) if labels else "",
    ]
    heads = [what, shade.head if colours.middle is not None else ""]
    classes = _rows(colours, [shade.of.get(a.code) for a in areas], shade, language)
    key, height = _key([h for h in heads if h], classes, sheet.height + 12, prefix)
    frame = Frame(
        title=title, desc=_told(areas, values, fmt, language), prefix=prefix, width=WIDTH,
        height=height, language=language, standalone=standalone, note=note,
    )  # fmt: skip
    return picture(frame, hatching(prefix), tag("g", *body, class_="map-areas"), key)


def locator(
    areas: tuple[Shape, ...], current: str, *, title: str, prefix: str, language: str
) -> str:
    """Where an area lies among its neighbours, to print: outlines only, the area itself dark."""
    sheet = _project(areas)
    body = [
        tag("path", d=d.d, class_="area", fill_rule="evenodd",
            fill="#16406b" if d.shape.code == current else "#d5dee6")
        for d in sheet.drawn
    ]  # fmt: skip
    frame = Frame(
        title=title, desc=title, prefix=prefix, width=WIDTH, height=sheet.height,
        language=language, standalone=True,
    )  # fmt: skip
    return picture(frame, tag("path", d=sheet.shore, class_="shore"), *body)


def _said(code: str, values: Values, shade: Shade, fmt: Fmt, language: str) -> str:
    """The figure of an area in words, or why there is none; with what its colour tells if that is
    another number."""
    value, status = values.get(code, (None, None))
    if value is None:
        return reason(status, language)
    shown = shade.of.get(code)
    return f"{fmt(value)} ({shade.fmt(shown)})" if shade.told and shown is not None else fmt(value)


def _worst(sheet: _Sheet, shade: Shade) -> str:
    """The code of the area that is farthest behind; "" where nothing is worse."""
    sign = {"higher": 1.0, "lower": -1.0}.get(shade.better)
    known = [
        (v, d.shape.code) for d in sheet.drawn if (v := shade.of.get(d.shape.code)) is not None
    ]
    return min((sign * v, code) for v, code in known)[1] if sign and known else ""


def _outlined(sheet: _Sheet, current: str) -> str:
    return "".join(
        tag("path", d=d.d, class_="area-current") for d in sheet.drawn if d.shape.code == current
    )


@lru_cache(maxsize=32)
def _project(areas: tuple[Shape, ...]) -> _Sheet:
    """Paths in the units of the picture, on a flat map that is right at this latitude.

    Kept, because only the colours differ from indicator to indicator.
    """
    if not areas:
        return _Sheet((), 0.0, "")
    west, south, east, north = bounds(areas)
    flat = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * flat, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 4) / wide, (HIGHEST - 4) / high)
    left = (WIDTH - wide * scale) / 2

    def to_picture(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.column_stack(
            (left + (points[:, 0] - west) * flat * scale, 2 + (north - points[:, 1]) * scale)
        )

    simple = outline.simplify([a.wkb for a in areas], TOLERANCE * 111_260 / scale)
    spots = to_picture(outline.label_points(simple))
    drawn = tuple(
        _draw(area, wkb, to_picture, (float(x), float(y)))
        for area, wkb, (x, y) in zip(areas, simple, spots, strict=True)
    )
    return _Sheet(drawn, high * scale + 4, _shore(simple, to_picture))


def _draw(
    area: Shape, wkb: bytes | None, to_picture: Projection, label: tuple[float, float]
) -> _Drawn:
    import shapely  # noqa: PLC0415 -- heavy

    found = shapely.from_wkb(wkb)
    wide, high = np.ptp(to_picture(shapely.get_coordinates(found)), axis=0)
    return _Drawn(area, _line(found, to_picture), (float(wide), float(high)), label)


def _line(found: Any, to_picture: Projection) -> str:
    """The ``d`` of all rings of a polygon or several."""
    import shapely  # noqa: PLC0415 -- heavy

    rings = shapely.get_rings(shapely.get_parts(found))
    return "".join(
        path([(x, y) for x, y in to_picture(shapely.get_coordinates(ring))[:-1]], closed=True)
        for ring in rings
    )


def _shore(simple: Sequence[bytes | None], to_picture: Projection) -> str:
    """The edge of all areas together, so that pale areas end somewhere."""
    import shapely  # noqa: PLC0415 -- heavy

    whole = shapely.coverage_union_all(shapely.from_wkb(np.array(simple, dtype=object)))
    return _line(whole, to_picture)


def _area(
    drawn: _Drawn,
    texts: Mapping[str, str],
    shade: Shade,
    colours: Steps,
    prefix: str,
    href: Callable[[str], str] | None,
) -> str:
    step = colours.name(shade.of.get(drawn.shape.code))
    fill = f"url(#{prefix}-h)" if step == UNKNOWN else None
    said = f"{drawn.shape.name}: {texts[drawn.shape.code]}"
    body = tag("path", d=drawn.d, class_=f"area {step}", fill=fill, fill_rule="evenodd")
    if max(drawn.size) < SMALLEST:
        x, y = drawn.label
        body += tag("circle", cx=x, cy=y, r=4, class_=f"area {step}", fill=fill)
    told = tag("title", written(said))
    if href is None:
        return tag("g", told, body)
    return tag("a", told, body, href=href(drawn.shape.code), aria_label=said)


def _inside(drawn: _Drawn, sheet: _Sheet) -> tuple[float, float]:
    """Where its name goes: on the area, or so far beside that it does not run off the picture."""
    (x, y), half = drawn.label, text_width(drawn.shape.name, PHONE) / 2 + 2
    return min(max(x, half), WIDTH - half), min(max(y, PHONE), sheet.height - PHONE * 0.65)


def _labels(sheet: _Sheet, worst: str, *, standalone: bool) -> str:
    """The name of the *worst* area, then of the largest; a name without room is left to the list.

    A name may stick out of its area a little, but not so far that it seems to name another.
    """
    fitting = (
        d for d in sheet.drawn
        if d.shape.code == worst or text_width(d.shape.name, DESK) < STICKS_OUT * d.size[0]
    )  # fmt: skip
    order = sorted(fitting, key=lambda d: (d.shape.code != worst, -d.size[0] * d.size[1]))
    spots = [(d.shape.name, *_inside(d, sheet)) for d in order]
    room = Box(0, 0, WIDTH, sheet.height)
    found = place(spots, bounds=room, taken=(), gap=0, sizes=(PHONE, DESK))
    parts = []
    for at in found:
        words = order[at.index].shape.name
        if standalone:
            wide = text_width(words, DESK)
            parts.append(
                tag("rect", x=at.x - wide / 2, y=at.y - 10, width=wide, height=13, class_="back")
            )
        kind = "map-label t-halo" if at.narrow else "map-label t-halo only-wide"
        parts.append(text(at.x, at.y, words, text_anchor="middle", class_=kind))
    return tag("g", *parts, pointer_events="none")


def _rows(
    colours: Steps, drawn: Sequence[float | None], shade: Shade, language: str
) -> list[tuple[str, str]]:
    """Each colour from the first to the last on the map with its words, from behind to ahead:
    ``iets slechter: 5 % tot en met 9 %``.  A class that begins below zero where no figure does,
    begins at zero."""
    known = [v for v in drawn if v is not None and math.isfinite(v)]
    used = {colours.name(v) for v in drawn}
    floor = 0.0 if known and min(known) >= 0 else -math.inf
    words, ends = WORDS[language], (-math.inf, *colours.edges, math.inf)
    rows = []
    for name, low, high in zip(colours.names, ends, ends[1:], strict=False):
        first, last = low + colours.unit / 2, high - colours.unit / 2  # as they are printed
        between = _between(max(first, floor) if low > -math.inf else low, last, shade.fmt, language)
        rows.append((name, f"{words[name]}: {between}" if name in words else between))
    shown = [place for place, (name, _) in enumerate(rows) if name in used]
    rows = rows[shown[0] : shown[-1] + 1] if shown else []
    if colours.names == DIVERGING[::-1]:
        rows.reverse()
    return [*rows, (UNKNOWN, shade.unknown or words["unknown"])] if UNKNOWN in used else rows


def _between(low: float, high: float, fmt: Fmt, language: str) -> str:
    words = WORDS[language]
    if math.isinf(low) and math.isinf(high):
        return words["every"]
    if math.isinf(low):
        return f"{words['at_most']} {fmt(high)}"
    if math.isinf(high):
        return words["at_least"].format(figure=fmt(low))
    return margin(low, high, fmt, language, to="through")


def _key(
    heads: Sequence[str], classes: Sequence[tuple[str, str]], top: float, prefix: str
) -> tuple[str, float]:
    """Headings and then the colours with their words, below each other; and where they end."""
    parts: list[str] = []
    for head in heads:
        kind = "t-soft" if parts else "t-strong"
        parts.append(text(4, top + 16, shorten(head, WIDTH - 8, LETTERS), class_=kind))
        top += ROW
    for name, words in classes:
        fill, kind = (f"url(#{prefix}-h)", "unknown") if name == UNKNOWN else (None, f"area {name}")
        parts.append(tag("rect", x=4, y=top + 3, width=32, height=16, fill=fill, class_=kind))
        parts.append(text(44, top + 16, words))
        top += ROW
    return tag("g", *parts, class_="map-key"), top + 4


def _told(areas: Sequence[Shape], values: Values, fmt: Fmt, language: str) -> str:
    """Highest, lowest and how many are unknown; the table under the map says the rest."""
    known = sorted(
        (value, area.name)
        for area in areas
        if (value := values.get(area.code, (None, None))[0]) is not None
    )
    words = WORDS[language]
    silent = f"{words['unknown']}: {len(areas) - len(known)}"
    if not known:
        return silent
    (low, least), (high, most) = known[0], known[-1]
    return (
        f"{words['highest']}: {most} {fmt(high)}; {words['lowest']}: {least} {fmt(low)}; {silent}"
    )


# --- vector tiles -----------------------------------------------------------------------------


def tile(release: Release, z: int, x: int, y: int, level: str) -> bytes:
    """One Mapbox vector tile, layer ``areas`` with code and name; empty where nothing lies.

    A release never changes, so a tile may be kept for ever.  WrongUse when there is no such tile:
    below zoom 8 a tile would hold most wijken of the country, smaller than can be seen.
    """
    lowest = MIN_ZOOM if level in ("wijk", "buurt") else 0
    if level not in LEVELS or not lowest <= z <= MAX_ZOOM or not (0 <= x < 2**z and 0 <= y < 2**z):
        raise WrongUse("no_such_tile", level=level, tile=f"{z}/{x}/{y}")
    import shapely  # noqa: PLC0415 -- heavy

    layer = _layer(release, level)
    side = 2 * _EARTH / 2**z
    west, north = -_EARTH + x * side, _EARTH - y * side
    edge = side / 64
    window = (west - edge, north - side - edge, west + side + edge, north + edge)
    rows = np.sort(layer.tree.query(shapely.box(*window)))
    cut = shapely.clip_by_rect(layer.shapes[rows], *window)
    kept = np.isin(shapely.get_type_id(cut), (3, 6)) & ~shapely.is_empty(cut)
    scale = np.array([GRID, -GRID]) / side
    grid = shapely.transform(cut[kept], lambda points: (points - (west, north)) * scale)
    return _encoded(grid, [layer.named[row] for row in rows[kept]])


@dataclass(frozen=True, slots=True)
class _Layer:
    """All outlines of a level in Web Mercator."""

    shapes: Any
    named: tuple[tuple[str, str], ...]
    tree: Any


@lru_cache(maxsize=6)
def _layer(release: Release, level: str) -> _Layer:
    import shapely  # noqa: PLC0415 -- heavy

    areas = shapes(release.outlines(level))
    found = shapely.transform(
        shapely.from_wkb(np.array([a.wkb for a in areas], dtype=object)), _mercator
    )
    return _Layer(found, tuple((a.code, a.name) for a in areas), shapely.STRtree(found))


def _mercator(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Longitude and latitude to Web Mercator metres (EPSG:3857, spherical)."""
    north = np.log(np.tan(np.pi / 4 + np.radians(points[:, 1]) / 2))
    return np.column_stack((points[:, 0], np.degrees(north))) * (_EARTH / 180)


def _encoded(found: Any, named: Sequence[tuple[str, str]]) -> bytes:
    """Polygons in grid steps as a tile (Mapbox Vector Tile 2.1, section 4.3): all at once, because
    thousands of areas one by one take seconds.

    Every corner goes to the nearest half pixel, and a corner that then falls on the one before is
    left out.  Neighbours have the same corners, so they keep one border.
    """
    import shapely  # noqa: PLC0415 -- heavy

    parts, feature = shapely.get_parts(found, return_index=True)
    rings, part = shapely.get_rings(
        shapely.orient_polygons(parts, exterior_cw=False), return_index=True
    )
    points, ring = shapely.get_coordinates(rings, return_index=True)
    points = (np.round(points / SNAP) * SNAP).astype(np.int64)
    moved = np.ones(len(points), bool)  # the last of a ring falls on its first
    moved[:-1] = (np.diff(points, axis=0) != 0).any(1) & (np.diff(ring) == 0)
    closing = np.append(np.diff(ring) != 0, True)[: len(points)]
    points, ring = points[moved & ~closing], ring[moved & ~closing]
    drawn = np.bincount(ring, minlength=len(rings))[ring] > 2  # fewer corners are no area
    points, ring = points[drawn], ring[drawn]
    return _message(points, ring, feature[part][ring], named)


def _message(points: Any, ring: Any, of: Any, named: Sequence[tuple[str, str]]) -> bytes:
    """The commands of each ring (MoveTo, LineTo, ClosePath) in the features that they are *of*."""
    new = np.append(True, np.diff(of) != 0)[: len(of)]
    steps = np.diff(points, axis=0, prepend=points[:1])
    steps[new] = points[new]
    signless = (steps << 1) ^ (steps >> 63)
    starts = np.flatnonzero(np.append(True, np.diff(ring) != 0)[: len(ring)])
    counts = np.diff(np.append(starts, len(ring)))
    sizes = 2 * counts + 3
    at = np.cumsum(sizes) - sizes
    within = np.arange(len(ring)) - np.repeat(starts, counts)
    places = np.repeat(at, counts) + 1 + 2 * within + (within > 0)
    stream = np.empty(int(sizes.sum()), np.int64)
    stream[places], stream[places + 1] = signless[:, 0], signless[:, 1]
    stream[at], stream[at + 3], stream[at + sizes - 1] = 9, (counts - 1) << 3 | 2, 15
    data, ends = _varints(stream)
    first = at[new[starts]]  # of each feature
    bounds = np.append(np.append(0, ends)[first], len(data))
    features, values = [], []
    for number, row in enumerate(of[new].tolist()):
        tags = b"\x00" + _varint(2 * number) + b"\x01" + _varint(2 * number + 1)
        shape = data[bounds[number] : bounds[number + 1]]
        features.append(_field(2, _field(2, tags) + b"\x18\x03" + _field(4, shape)))
        values += [_field(4, _field(1, words.encode())) for words in named[row]]
    keys = _field(3, b"code") + _field(3, b"name")
    head = b"\x78\x02" + _field(1, b"areas")
    tail = b"\x28" + _varint(GRID)
    return _field(3, head + b"".join(features) + keys + b"".join(values) + tail)


def _field(number: int, content: bytes) -> bytes:
    """A field of bytes with its length (Protocol Buffers, wire type 2)."""
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _varints(numbers: Any) -> tuple[bytes, Any]:
    """Numbers seven bits a byte, lowest first, and where each ends."""
    sizes = 1 + sum((numbers >= 1 << bits).astype(np.int64) for bits in (7, 14, 21, 28))
    ends = np.cumsum(sizes)
    out = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    for n in range(5):
        here = sizes > n
        more = np.where(sizes[here] > n + 1, 128, 0)
        out[(ends - sizes)[here] + n] = (numbers[here] >> (7 * n)) & 127 | more
    return out.tobytes(), ends
