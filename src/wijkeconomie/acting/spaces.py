# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Does a space fit what an entrepreneur looks for, condition by condition?

What is not known of a space is never met.  Nothing is decided here and nobody gets a number: of
each space it says which conditions are met, which not, and what nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from wijkeconomie.figures.areas import parent
from wijkeconomie.figures.refusal import Refusal

FACILITIES = ("water", "power", "toilet", "kitchen", "extraction", "heating", "window", "loading",
              "internet", "accessible")  # fmt: skip
USES = ("shop", "workshop", "office", "horeca", "storage", "social")
OWNERS = ("corporation", "private", "municipality", "church", "school", "other")
Standing = Literal["met", "not", "unknown"]
Verdict = Literal["fits", "unsure", "almost", "not"]
VERDICTS: tuple[Verdict, ...] = ("fits", "unsure", "almost", "not")  # the best first
_DIGITS = 16
_OBJECTS = {"01": "object", "10": "building"}  # BAG: positions 5 and 6 of a key


def bag(text: str) -> str:
    """A key of the BAG (*Basisregistratie Adressen en Gebouwen*): of a verblijfsobject or a pand.

    Raises Refusal: ``bag_digits`` where it is not sixteen digits, ``bag_kind`` where it is the key
    of something else, such as an address (20) or a street (30).
    """
    key = text.strip()
    if len(key) != _DIGITS or not (key.isascii() and key.isdigit()):
        raise Refusal("bag_digits", typed=key[:30])
    if key[4:6] not in _OBJECTS:
        raise Refusal("bag_kind", typed=key, kind=key[4:6])
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A space as far as it is known; ``rent`` in cents a month; ``facilities``: whether it has one,
    what is not in it nobody knows; ``use``: "" where nobody knows."""

    id: str
    area: str
    name: str = ""
    m2: int | None = None
    rent: int | None = None
    use: str = ""
    facilities: Mapping[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody looks for; ``rent_most`` in cents a month; ``needs`` has to be there, ``likes``
    is welcome; ``area`` and ``use``: "" where any will do."""

    m2_least: int
    m2_most: int
    rent_most: int | None = None
    area: str = ""
    use: str = ""
    needs: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that is asked: what, whether it has to be, and how a space stands to it."""

    code: str
    hard: bool
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A space beside a wish."""

    unit: Unit
    conditions: tuple[Condition, ...]

    def count(self, standing: Standing, *, hard: bool = True) -> int:
        """How many conditions, or wishes, stand so."""
        return sum(one.standing == standing and one.hard is hard for one in self.conditions)

    @property
    def verdict(self) -> Verdict:
        """``fits``: all is met; ``unsure``: what is known is met; ``almost``: one thing is not."""
        lacks = self.count("not")
        if lacks == 0:
            return "unsure" if self.count("unknown") else "fits"
        return "almost" if lacks == 1 else "not"


def compared(wish: Wish, unit: Unit) -> Fit:
    """*unit* beside *wish*: the hard conditions first."""
    known: list[tuple[str, bool | None]] = [
        ("m2", None if unit.m2 is None else wish.m2_least <= unit.m2 <= wish.m2_most)
    ]
    if wish.rent_most is not None:
        known.append(("rent", None if unit.rent is None else unit.rent <= wish.rent_most))
    if wish.area:
        known.append(("area", wish.area in (unit.area, parent(unit.area))))
    if wish.use:
        known.append(("use", unit.use == wish.use if unit.use else None))
    known += [(code, unit.facilities.get(code)) for code in wish.needs]
    hard = [Condition(code=code, hard=True, standing=_standing(met)) for code, met in known]
    soft = [Condition(code=code, hard=False, standing=_standing(unit.facilities.get(code)))
            for code in wish.likes]  # fmt: skip
    return Fit(unit=unit, conditions=(*hard, *soft))


def _standing(met: bool | None) -> Standing:  # noqa: FBT001 -- it is what is asked
    return "unknown" if met is None else "met" if met else "not"


def in_order(fits: Iterable[Fit]) -> list[Fit]:
    """By what the page says: the verdict; what is not met; what nobody knows; how much of what is
    welcome is there; the rent, the lowest first and what nobody knows last; the name."""
    return sorted(fits, key=_rank)


def _rank(fit: Fit) -> tuple[int, int, int, int, bool, int, str, str]:
    rent = fit.unit.rent
    return (VERDICTS.index(fit.verdict), fit.count("not"), fit.count("unknown"),
            -fit.count("met", hard=False), rent is None, rent or 0, fit.unit.name,
            fit.unit.id)  # fmt: skip
