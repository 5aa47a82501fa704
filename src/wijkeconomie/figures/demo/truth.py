# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is true in the fictional country, buurt by buurt, before anyone rounds or hides it.

Every buurt has four latents (work, entrepreneurship, space, cohesion; worse is positive) that
follow from its kind, gemeente, wijk, itself and its story, and move over the years.  Figures
follow from the latents by ``figures.toml``.  All arrays are (years, buurten), Float64;
buurten are those of 2024, in order of code.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.figures.demo.town import Country, plan

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

Float = NDArray[np.floating[Any]]


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
