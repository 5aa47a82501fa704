# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The fictional country as it is, before anyone rounds or hides it: its map and its figures.

It is an island that does not exist, in open sea west of Texel (3.55° E, 52.95° N), so that no
outline can be taken for a real town.  ``town.toml`` holds the names and kinds.  The map is a
Voronoi tessellation in kilometres around the market square of Voorbeeldstad, cut along a river and
a ring road.  All its lines are noded once, then bent by a smooth field, and only then closed to
polygons: neighbours share their border exactly, without gaps or overlaps.  The river is land of
nobody.

Every buurt has four latents (work, entrepreneurship, space, cohesion; worse is positive) that
follow from its kind, gemeente, wijk, itself and its story, and move over the years.  Figures
follow from the latents by ``figures.toml``.  All arrays of figures are (years, buurten), Float64;
buurten are those of 2024, in order of code.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

YEARS = tuple(range(2017, 2025))
AGES = ("age_0_14", "age_15_24", "age_25_44", "age_45_64", "age_65_plus")
SECTORS = (
    "firms_agriculture", "firms_industry", "firms_trade_catering", "firms_transport_information",
    "firms_finance_property", "firms_business_services", "firms_public_care", "firms_culture_other",
)  # fmt: skip
_SECTOR_BREAK = 2021  # O-Q is counted, and part of the total, from this year on
_URBANITY = (500.0, 1000.0, 1500.0, 2500.0)  # addresses per km2; CBS, mate van stedelijkheid
# How much of a kind's deprivation each latent takes over, in the order of the latents.
_FROM_KIND = np.array([1.0, 0.35, 0.45, 0.75])
RING_ROAD = 4.2  # km from the market square
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


def lay_out(seed: int) -> Country:
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


@cache
def rules() -> dict[str, dict[str, Any]]:
    """``figures.toml``, read once; its order is the order in which figures are made."""
    return tomllib.loads(files(__package__).joinpath("figures.toml").read_text("utf-8"))


def generator(seed: int, *words: str) -> np.random.Generator:
    """A stream of its own for each purpose, so that one new figure leaves the others alone."""
    return np.random.default_rng([seed, *(zlib.crc32(word.encode()) for word in words)])


def figures(country: Country, hectares: Float, seed: int) -> dict[str, Float]:
    """Return every figure of every buurt; counts are whole numbers."""
    latent = _latents(country, seed)
    made = _people(country, seed) | _ground(country, hectares, seed)
    made |= _homes(country, made, seed)
    made |= _firms(country, made, latent, seed)
    for name, rule in rules().items():
        if name not in made:
            base = _base(country, rule)
            made[name] = _figure(rule, base, made[rule["of"]], latent, generator(seed, name))
    return made


def _base(country: Country, rule: Mapping[str, Any]) -> Float:
    """What the kind of a buurt brings to the linear predictor."""
    if "inverse" in rule:
        return -_log(_kind_of(country, rule["inverse"]))
    if "kind" not in rule:
        return np.zeros(len(country.buurten))
    usual = _kind_of(country, rule["kind"])
    return _log(usual) if rule["link"] == "mean" else _logit(usual / 100.0)


def urbanity(address_density: Float) -> Float:
    """CBS class 1 (very urban, 2,500 addresses per km² or more) to 5 (not urban, under 500)."""
    return 5.0 - np.digitize(address_density, _URBANITY).astype(np.float64)


def _latents(country: Country, seed: int) -> Float:
    """(years, buurten, 4), worse is positive; about unit spread over the country."""
    rng = generator(seed, "latents")
    kinds, stories = plan()["kind"], plan()["story"]
    worse = np.array([kinds[b.kind]["worse"] for b in country.buurten])
    shift = np.array([stories[b.story]["shift"] for b in country.buurten])
    drift = np.array([stories[b.story]["drift"] for b in country.buurten])
    told = np.array([b.story == "shared" for b in country.buurten])
    own = np.zeros(shift.shape)
    for end, spread in ((6, 0.16), (8, 0.16), (10, 0.26)):  # gemeente, wijk, buurt
        own = own + _shared_noise([b.code[:end] for b in country.buurten], spread, rng)
    drift = drift + rng.normal(0, 0.018, drift.shape)
    own = np.where(told[:, None], 0.2 * own, own)  # nothing but what its kind brings
    level: Float = worse[:, None] * _FROM_KIND + shift + own
    steps = (np.arange(len(YEARS), dtype=float) - 3.0)[:, None, None]
    moving: Float = level + steps * drift + rng.normal(0, 0.03, (len(YEARS), *level.shape))
    return moving


def _shared_noise(groups: list[str], spread: float, rng: np.random.Generator) -> Float:
    """(buurten, 4): the same draw for all of one group."""
    _, member = np.unique(groups, return_inverse=True)
    return rng.normal(0, spread, (member.max() + 1, 4))[member]


def _kind_of(country: Country, key: str) -> Float:
    kinds = plan()["kind"]
    return np.array([kinds[b.kind][key] for b in country.buurten], dtype=float)


def _people(country: Country, seed: int) -> dict[str, Float]:
    """Inhabitants by age and sex, and their households."""
    rng = generator(seed, "people")
    n = len(country.buurten)
    usual = _kind_of(country, "people") * np.exp(rng.normal(0, 0.33, n))
    told = np.array([np.nan if b.people is None else b.people for b in country.buurten])
    start = np.where(np.isnan(told), usual, told)
    growth = _kind_of(country, "growth") / 100 + rng.normal(0, 0.006, n)
    people = start * np.exp(_steps() * growth + rng.normal(0, 0.004, (len(YEARS), n)))
    shares = _kind_of(country, "age") * np.exp(rng.normal(0, 0.10, (n, 5)))
    ageing = np.exp(_steps()[..., None] * np.array([-0.006, -0.002, 0.001, -0.002, 0.013]))
    shares = shares * ageing
    ages = np.round(people[..., None] * shares / shares.sum(axis=2, keepdims=True))
    made = dict(zip(AGES, np.moveaxis(ages, 2, 0), strict=True))
    total = ages.sum(axis=2)
    men = np.round(total * rng.normal(0.497, 0.01, n))
    size = _kind_of(country, "size") * np.exp(rng.normal(0, 0.03, n))
    households = np.maximum(np.round(total / size), np.sign(total))
    single = np.round(households * np.clip(_kind_of(country, "single") + _wobble(rng, n), 0, 0.97))
    kids = np.round(households * np.clip(_kind_of(country, "kids") + _wobble(rng, n), 0, 0.9))
    kids = np.minimum(kids, households - single)
    made |= {
        "population": total, "men": men, "women": total - men,
        "adults": ages[..., 1:4].sum(axis=2), "youth": ages[..., :2].sum(axis=2),
        "households": households, "one_person_households": single,
        "households_with_children": kids, "households_without_children": households - single - kids,
        "household_size": total / np.maximum(households, 1),
    }  # fmt: skip
    return made


def _wobble(rng: np.random.Generator, n: int) -> Float:
    return rng.normal(0, 0.025, n)


def _steps() -> Float:
    """Years since the first, as a column."""
    return np.arange(len(YEARS), dtype=float)[:, None]


def _ground(country: Country, hectares: Float, seed: int) -> dict[str, Float]:
    """Surface in hectares, and addresses around per km²."""
    rng = generator(seed, "ground")
    n = len(country.buurten)
    water = np.round(hectares * rng.uniform(0.0, 0.06, n))
    land = np.maximum(np.round(hectares) - water, 1)
    addresses = _kind_of(country, "addresses") * np.exp(rng.normal(0, 0.14, n))
    built = addresses * np.exp(0.006 * _steps())
    surface = {"area_total": land + water, "area_land": land, "area_water": water}
    made = {name: np.tile(value, (len(YEARS), 1)) for name, value in surface.items()}
    return made | {"address_density": built, "urbanity": urbanity(built)}


def _homes(country: Country, made: Mapping[str, Float], seed: int) -> dict[str, Float]:
    rng = generator(seed, "homes")
    dwellings = np.round(made["households"] * rng.normal(1.02, 0.012, len(country.buurten)))
    density = 100.0 * made["population"] / made["area_land"]
    return {"dwellings": dwellings, "population_density": density}


def _firms(
    country: Country, made: Mapping[str, Float], latent: Float, seed: int
) -> dict[str, Float]:
    """Establishments by sector; the total leaves O-Q out before 2021, as CBS does."""
    rng = generator(seed, "firms")
    n = len(country.buurten)
    usual = made["population"] * _kind_of(country, "firms") / 1000 + _kind_of(country, "extra")
    usual = usual * np.exp(-0.19 * latent[:, :, 1] + 0.028 * _steps() + rng.normal(0, 0.08, n))
    mix = _kind_of(country, "sectors") * np.exp(rng.normal(0, 0.15, (n, len(SECTORS))))
    firms = np.round(usual[..., None] * mix / mix.sum(axis=1, keepdims=True))
    care = SECTORS.index("firms_public_care")
    firms[np.array(YEARS) < _SECTOR_BREAK, :, care] = 0
    total = firms.sum(axis=2)
    by_sector = dict(zip(SECTORS, np.moveaxis(firms, 2, 0), strict=True))
    expected = np.round(usual * _kind_of(country, "jobs"))
    return by_sector | {"establishments": total, "jobs_expected": expected}


def _figure(
    rule: Mapping[str, Any],
    base: Float,
    whole: Float,
    latent: Float,
    rng: np.random.Generator,
) -> Float:
    """One figure by its rule: linear predictor, link and, for counts, the luck of small numbers."""
    x = base + rule.get("base", 0.0) + latent @ np.array(rule.get("gain", [0.0] * 4))
    x = x + rng.normal(0, rule.get("noise", 0.08), base.shape)
    x = x + rule.get("drift", 0.0) * _steps()
    for year, effect in rule.get("shock", {}).items():
        x[YEARS.index(int(year))] += effect
    if redefined := rule.get("redefined"):  # by driving direction: somewhat farther, unevenly
        later = np.array(YEARS)[:, None] >= redefined
        x = x + later * rng.normal(0.07, 0.04, base.shape)
    x = x + rng.normal(0, 0.012, x.shape)
    return _linked(rule["link"], x, whole, rng)


def _linked(link: str, x: Float, whole: Float, rng: np.random.Generator) -> Float:
    match link:
        case "linear":
            return x
        case "mean":
            return np.exp(x)
        case "percent":
            return 100.0 * _logistic(x)
        case "factor":
            return np.round(whole * np.exp(x))
    return _part(whole, _logistic(x), rng)


def _part(whole: Float, share: Float, rng: np.random.Generator) -> Float:
    """Draw a count between 0 and *whole*.

    Spread as of independent people, but most who are in it one year are so in the next: of the
    variance 64 % stays and 36 % is of the year.
    """
    deviation = np.sqrt(whole * share * (1.0 - share))
    luck = 0.8 * rng.normal(size=share.shape[1:]) + 0.6 * rng.normal(size=share.shape)
    drawn: Float = np.clip(np.round(whole * share + deviation * luck), 0.0, whole)
    return drawn


def _logistic(x: Float) -> Float:
    odds: Float = np.exp(x)
    return odds / (1.0 + odds)


def _logit(share: Float) -> Float:
    return _log(share / (1.0 - share))


def _log(value: Float) -> Float:
    logarithm: Float = np.log(value)
    return logarithm
