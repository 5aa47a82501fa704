# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the query of an address asks for, or a refusal in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from wijkeconomie.figures.areas import is_code
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.registry import registry

LEVELS = ("gemeente", "wijk", "buurt")
MOST_AREAS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``areas`` in the order given, each once; "" and None are left to the page to choose."""

    areas: tuple[str, ...]
    indicator: str
    level: str
    year: int | None


def asked(query: QueryDict) -> Asked:
    """Read gebied, indicator, niveau and jaar; raises WrongUse or Refusal for what is not one."""
    return Asked(
        areas=_areas(query.getlist("gebied")),
        indicator=_indicator(query.get("indicator", "")),
        level=_level(query.get("niveau", "")),
        year=_year(query.get("jaar", "")),
    )


def _areas(given: list[str]) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code.strip().upper() for code in given if code.strip()))
    for code in codes:
        if not is_code(code):
            raise WrongUse("invalid_code", code=code[:20])
    if len(codes) > MOST_AREAS:
        raise WrongUse("too_many_areas", given=len(codes), most=MOST_AREAS)
    return codes


def _indicator(given: str) -> str:
    if given and given not in registry().indicators:
        raise Refusal("unknown_indicator", indicator=given[:60])
    return given


def _level(given: str) -> str:
    if given and given not in LEVELS:
        raise WrongUse("invalid_level", level=given[:20])
    return given


def _year(given: str) -> int | None:
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) == 4):
        raise WrongUse("invalid_year", year=given[:20])
    return int(given)
