# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""One piece of a product: the code on its label, its number in the shops of the world, and how what
it brings is divided.

A code cannot be guessed from another one: it is drawn, not counted.  It is the serial number of a
GS1 Digital Link too (AI 21: up to twenty letters and digits).  Source: GS1 General Specifications,
check digits (section 7.9) and GS1 Digital Link: URI Syntax (``/01/{GTIN}/21/{serial}``).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wijkeconomie.figures.refusal import Refusal

SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else
LENGTH = 9  # 31 to the 9th: 26 million million
_LENGTHS = (8, 12, 13, 14)  # digits of a GTIN
_WHOLE = 100
BEFORE = ("reused", "recycled", "leftover")  # had a life before


def code() -> str:
    """A code for a new piece."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def read(typed: str) -> str:
    """A code as somebody typed it over: without spaces and dashes, in small letters."""
    return re.sub(r"[\s-]", "", typed).lower()


def gtin(typed: str) -> str:
    """A GTIN in fourteen digits; Refusal("gtin_wrong") where its length or check digit is wrong."""
    digits = re.sub(r"[\s.-]", "", typed)
    if not re.fullmatch("[0-9]+", digits) or len(digits) not in _LENGTHS:
        raise Refusal("gtin_wrong", typed=typed)
    whole = digits.zfill(_LENGTHS[-1])
    weighed = sum(int(one) * (3 - 2 * (n % 2)) for n, one in enumerate(whole[:-1]))
    if (10 - weighed % 10) % 10 != int(whole[-1]):
        raise Refusal("gtin_wrong", typed=typed)
    return whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Reused:
    """How much of a product had a life before, by weight: ``grams`` of ``whole`` grams, of
    ``known`` of its ``many`` materials; ``percent`` rounded down, None where no weight is known."""

    grams: int
    whole: int
    known: int
    many: int

    @property
    def percent(self) -> int | None:
        """Of what is known; never more than there is."""
        return self.grams * _WHOLE // self.whole if self.whole else None


def reused(materials: Sequence[Mapping[str, Any]]) -> Reused:
    """Of *materials*: each with its origin (``code``) and its weight in one piece (``grams``), if
    that was noted.  What was not noted counts for nothing, and is said."""
    weighed = [one for one in materials if one.get("grams")]
    before = sum(one["grams"] for one in weighed if one["code"] in BEFORE)
    return Reused(grams=before, whole=sum(one["grams"] for one in weighed), known=len(weighed),
                  many=len(materials))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Circular:
    """Of the pieces of a brand: of how many all weights are ``known``, and how many of those are
    ``mostly`` (at least half, by weight) of what had a life before; ``many`` in all."""

    mostly: int
    known: int
    many: int


def circular(made: Iterable[tuple[Sequence[Mapping[str, Any]], int]]) -> Circular:
    """Of products, each with its materials and how many pieces were made of it."""
    mostly = known = many = 0
    for materials, count in made:
        found = reused(materials)
        whole = bool(found.many) and found.known == found.many
        many, known = many + count, known + count * whole
        mostly += count * (whole and found.grams * 2 >= found.whole)
    return Circular(mostly=mostly, known=known, many=many)


def divided(cents: int, shares: Mapping[str, int], rest: str) -> dict[str, int]:
    """*cents* in whole cents by percentages, each rounded down, and what is left for *rest*: it
    adds up to the cent.  ValueError for shares of more than all, or of less than nothing."""
    if cents < 0 or any(one < 0 for one in shares.values()) or sum(shares.values()) > _WHOLE:
        raise ValueError(f"{cents} cents in {shares}")
    found = {name: cents * percent // _WHOLE for name, percent in shares.items()}
    return {rest: cents - sum(found.values()), **found}
