# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the fictional country lies: its gemeenten, wijken and buurten, and their outlines.

The country is an island that does not exist, in open sea west of Texel (3.55° E, 52.95° N), so
that no outline can be taken for a real town.  ``town.toml`` holds the names and kinds.

The map is a Voronoi tessellation in kilometres around the market square of Voorbeeldstad, cut
along a river and a ring road.  All its lines are noded once, then bent by a smooth field, and only
then closed to polygons: neighbours share their border exactly, without gaps or overlaps.  The river
is land of nobody.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

RING_ROAD = 2.4  # km from the market square
_RIVER = 0.07  # km, half its width
_ISLAND = (28.0, 22.5)  # km, half axes
_PER_GEMEENTE, _PER_WIJK = 30, 5
_SIDES = ("Centrum", "Zuidwest", "Zuid", "Oost", "Noord", "Noordwest")
# Bending: (amplitude km, wavelength km, direction rad, phase).  The sum of 2π·amplitude/wavelength
# stays below 1, so the field folds nowhere and polygons stay simple.
_WAVES = (
    (1.10, 31.0, 0.3, 0.2), (0.80, 27.0, 1.9, 1.1), (0.28, 9.5, 0.1, 2.3),
    (0.12, 7.3, 2.5, 0.7), (0.030, 1.9, 1.4, 0.4), (0.025, 1.6, 2.8, 1.9),
)  # fmt: skip

Float = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Buurt:
    """One buurt; ``before`` is the code that its ground had until 2020, ``point`` its seed (km)."""

    code: str
    before: str
    name: str
    kind: str
    story: str
    people: float | None
    point: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """All buurten in order of code, names of wijken and gemeenten, and who has an own table."""

    buurten: tuple[Buurt, ...]
    names: Mapping[str, str]
    tables: frozenset[str]


@cache
def plan() -> dict[str, Any]:
    """``town.toml``, read once."""
    return tomllib.loads(files(__package__).joinpath("town.toml").read_text("utf-8"))


def country(seed: int) -> Country:
    """Lay out the country; the same *seed* gives the same country."""
    rng = np.random.default_rng([seed, 1])
    source = plan()
    buurten = _main_town(rng)
    names = {"NL00": source["country"]["name"]}
    names |= {wijk["code"]: wijk["name"] for wijk in source["wijk"]}
    coined = _coin(rng)
    for (code, gemeente), centre in zip(source["gemeente"].items(), _centres(), strict=True):
        names[code] = gemeente["name"]
        if centre is not None:
            buurten += _other_town(code, gemeente["character"], centre, coined, rng)
            stem = gemeente["name"].removesuffix(" (fictief)")
            names |= {f"WK{code[2:]}{w:02d}": f"{stem}-{side}" for w, side in enumerate(_SIDES)}
    buurten.sort(key=lambda buurt: buurt.code)
    names |= {b.code: b.name for b in buurten}
    return Country(
        buurten=tuple(buurten),
        names=names,
        tables=frozenset(code for code, g in source["gemeente"].items() if g["tables"]),
    )


def _coin(rng: np.random.Generator) -> list[str]:
    names = plan()["names"]
    coined = [a + b for a, b in product(names["first"], names["last"])]
    rng.shuffle(coined)
    return coined


def _centres() -> list[tuple[float, float] | None]:
    """Middle of each gemeente (km); None for the main town, whose buurten are drawn by hand."""
    rings = ((7, 11.8, 0.25), (10, 20.5, 0.05))
    around = [
        (radius * np.cos(angle) * 1.1, radius * np.sin(angle) * 0.84)
        for n, radius, turn in rings
        for angle in (np.arange(n) + turn) * 2 * np.pi / n
    ]
    return [None, *around]


def _main_town(rng: np.random.Generator) -> list[Buurt]:
    found = []
    for wijk in plan()["wijk"]:
        points = _sector(len(wijk["buurten"]), wijk["ring"], wijk["arc"], rng)
        for number, (entry, point) in enumerate(zip(wijk["buurten"], points, strict=True), 1):
            code = entry.get("code", f"BU{wijk['code'][2:]}{number:02d}")
            found.append(
                Buurt(
                    code=code,
                    before=entry.get("was", code),
                    name=entry["name"],
                    kind=entry["kind"],
                    story=entry.get("story", "plain"),
                    people=entry.get("people"),
                    point=_polar(*entry["at"]) if "at" in entry else point,
                )
            )
    return found


def _polar(radius: float, degrees: float) -> tuple[float, float]:
    angle = np.radians(degrees)
    return float(radius * np.cos(angle)), float(radius * np.sin(angle))


def _sector(
    n: int, ring: Sequence[float], arc: Sequence[float], rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Spread *n* points over a piece of a ring, in one or two rows."""
    depth = ring[1] - ring[0]
    inner, outer = ring[0] + 0.26 * depth, ring[0] + 0.76 * depth
    first = max(1, round(n * inner / (inner + outer)))
    points = []
    for count, radius in ((first, inner), (n - first, outer)):
        steps = (np.arange(count) + 0.5 + rng.uniform(-0.16, 0.16, count)) / count
        angles = np.radians(arc[0] + steps * (arc[1] - arc[0]))
        radii = radius + rng.uniform(-0.1, 0.1, count) * depth
        points += list(zip(radii * np.cos(angles), radii * np.sin(angles), strict=True))
    return [(float(x), float(y)) for x, y in points]


def _other_town(
    code: str,
    character: str,
    centre: tuple[float, float],
    coined: list[str],
    rng: np.random.Generator,
) -> list[Buurt]:
    """Thirty buurten around *centre*: a heart of five, then five wijken by direction."""
    offsets = _scatter(centre, rng)
    order = np.argsort(np.hypot(*offsets.T))
    heart, rest = order[:_PER_WIJK], order[_PER_WIJK:]
    rest = rest[np.argsort(np.arctan2(offsets[rest, 1], offsets[rest, 0]))]
    kinds_of = _kinds(plan()["character"][character], rng)
    found = []
    for wijk, chunk in enumerate([heart, *rest.reshape(-1, _PER_WIJK)]):
        outward = chunk[np.argsort(np.hypot(*offsets[chunk].T))]
        kinds = kinds_of[wijk]
        for number, (seed, kind) in enumerate(zip(outward, kinds, strict=True), 1):
            area = f"BU{code[2:]}{wijk:02d}{number:02d}"
            x, y = offsets[seed] + centre
            found.append(
                Buurt(
                    code=area,
                    before=area,
                    name=coined.pop(),
                    kind=kind,
                    story="plain",
                    people=None,
                    point=(float(x), float(y)),
                )
            )
    return found


def _scatter(centre: tuple[float, float], rng: np.random.Generator) -> Float:
    """Thirty offsets (km) that keep their distance, dense in the middle, on dry land."""
    chosen: list[Float] = []
    while len(chosen) < _PER_GEMEENTE:
        reach = 4.6 * rng.uniform() ** 0.75
        angle = rng.uniform(0, 2 * np.pi)
        offset = np.array([reach * np.cos(angle), reach * np.sin(angle)])
        x, y = offset + centre
        dry = abs(y) > 0.2 and np.hypot(x / _ISLAND[0], y / _ISLAND[1]) < 0.97
        room = 0.28 + 0.16 * reach
        if dry and all(np.hypot(*(offset - other)) > room for other in chosen):
            chosen.append(offset)
    return np.array(chosen)


def _kinds(style: Mapping[str, Any], rng: np.random.Generator) -> list[list[str]]:
    """Kinds of the buurten of each wijk from the inside out, the heart first."""
    others = len(_SIDES) - 1 - len(style["always"])
    drawn = rng.choice(len(style["some"]), size=others, replace=False)
    around = [*style["always"], *(style["some"][i] for i in drawn)]
    return [style["heart"], *(around[i] for i in rng.permutation(len(around)))]


def polygons(points: Float) -> tuple[list[Any], Float]:
    """Outline of each seed in longitude and latitude (shapely), and its surface in hectares.

    *points* has a row per seed: km east and north of the market square.
    """
    import shapely  # noqa: PLC0415 -- heavy

    cells = _cells(points)
    edges = shapely.unary_union([cell.boundary for _, cell in cells], grid_size=1e-4)
    edges = shapely.transform(shapely.segmentize(edges, 0.2), _bend)
    faces = np.array(shapely.get_parts(shapely.polygonize([edges])))
    inside = shapely.transform(shapely.point_on_surface([c for _, c in cells]), _bend)
    which, face = shapely.STRtree(faces).query(inside, predicate="within")
    of_seed: dict[int, list[Any]] = {}
    for cell, found in zip(which, face, strict=True):
        of_seed.setdefault(cells[cell][0], []).append(faces[found])
    shapes = [shapely.union_all(of_seed[seed]) for seed in range(len(points))]
    hectares: Float = 100.0 * shapely.area(shapes)
    return list(shapely.transform(shapes, _to_degrees)), hectares


def _cells(points: Float) -> list[tuple[int, Any]]:
    """(seed, cell) before bending: Voronoi on each side of the river and of the ring road."""
    import shapely  # noqa: PLC0415 -- heavy

    island = shapely.affinity.scale(shapely.Point(0, 0).buffer(1, 48), *_ISLAND)
    road = shapely.Point(0, 0).buffer(RING_ROAD, 32)
    found = []
    for north, inner in product((True, False), repeat=2):
        low, high = (_RIVER, 99.0) if north else (-99.0, -_RIVER)
        part = (island & road if inner else island - road) & shapely.box(-99, low, 99, high)
        in_part = ((points[:, 1] > 0) == north) & ((np.hypot(*points.T) < RING_ROAD) == inner)
        seeds = np.flatnonzero(in_part)
        raw = shapely.voronoi_polygons(shapely.multipoints(points[seeds]), extend_to=island)
        raw = np.array(shapely.get_parts(raw))
        seed, cell = shapely.STRtree(raw).query(shapely.points(points[seeds]), predicate="within")
        for s, c in zip(seeds[seed], cell, strict=True):
            found += [(int(s), piece) for piece in shapely.get_parts(raw[c] & part)]
    return found


def _bend(xy: Float) -> Float:
    """Bend straight lines and the river; one to one (see ``_WAVES``)."""
    moved = xy.copy()
    for amplitude, length, direction, phase in _WAVES:
        along = xy[:, 0] * np.cos(direction) + xy[:, 1] * np.sin(direction)
        swing = amplitude * np.sin(2 * np.pi * along / length + phase)
        moved[:, 0] -= swing * np.sin(direction)
        moved[:, 1] += swing * np.cos(direction)
    return moved


def _to_degrees(xy: Float) -> Float:
    """Kilometres to longitude and latitude on a sphere, near enough for 50 km."""
    origin = plan()["country"]
    lon = origin["lon"] + xy[:, 0] / (111.320 * np.cos(np.radians(origin["lat"])))
    lat = origin["lat"] + xy[:, 1] / 111.195
    return np.round(np.column_stack([lon, lat]), 7)
