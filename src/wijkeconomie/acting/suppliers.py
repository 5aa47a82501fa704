# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who could supply: by codes of what is bought, by size, and how far away.

Codes are those of the Common Procurement Vocabulary (CPV; Regulation (EC) 213/2008): eight digits
that go from wide to narrow, and one that checks them; and of the branches of Statistics
Netherlands (SBI), which go from wide to narrow too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from wijkeconomie.figures.refusal import Refusal

_CPV = re.compile(r"([0-9]{8})(?:-([0-9]))?")
_SBI = re.compile(r"[0-9]{2,5}")
_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)  # found from codes as published; every one in the tests fits
SHARED = (8, 5, 4, 3, 2)  # digits: the same, category, class, group, division
_EARTH = 6_371_008.8  # metres: mean radius (IUGG)


def cpv(typed: str) -> str:
    """A code as it is written, 77310000-6, of one that was typed with or without its last digit.

    :class:`Refusal` where that is none: another form, or a digit that does not check.
    """
    found = _CPV.fullmatch(typed.strip())
    if found is None:
        raise Refusal("cpv_form", value=typed.strip()[:20])
    digit = sum(w * int(d) for w, d in zip(_WEIGHTS, found[1], strict=True)) % 10
    if found[2] is not None and int(found[2]) != digit:
        raise Refusal("cpv_digit", value=typed.strip())
    return f"{found[1]}-{digit}"


def sbi(typed: str) -> str:
    """A code of a branch, 2 to 5 digits; points are left out (81.30)."""
    found = typed.strip().replace(".", "")
    if _SBI.fullmatch(found) is None:
        raise Refusal("sbi_form", value=typed.strip()[:20])
    return found


def shared(one: str, other: str) -> int:
    """With how many digits two CPV codes begin alike, as the vocabulary counts: 8, 5, 4, 3, 2, or 0
    for none."""
    for digits in SHARED:
        if one[:digits] == other[:digits]:
            return digits
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """What a supplier says of itself; ``most``: the largest commission it can carry, in cents
    (None: any); ``metres``: how far away it is (None: not known)."""

    id: str
    cpv: tuple[str, ...] = ()
    sbi: tuple[str, ...] = ()
    most: int | None = None
    metres: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Why a firm could supply: the digits of CPV codes that are alike (0: none), the branch that
    is; whether it is large enough."""

    firm: str
    digits: int
    branch: str
    large: bool
    metres: int | None


def fit(firm: Firm, cpv: Iterable[str], sbi: Iterable[str], cents: int) -> Fit | None:
    """Whether *firm* does what is bought, by codes of it, and can carry so many *cents*; None where
    it does something else."""
    wanted = tuple(cpv)
    digits = max((shared(mine, theirs) for mine in firm.cpv for theirs in wanted), default=0)
    branches = [one for one in sbi if any(_alike(one, mine) for mine in firm.sbi)]
    if not digits and not branches:
        return None
    large = firm.most is None or cents <= firm.most
    return Fit(firm=firm.id, digits=digits, branch=next(iter(branches), ""), large=large,
               metres=firm.metres)  # fmt: skip


def _alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def metres(one: tuple[float, float], other: tuple[float, float]) -> int:
    """How far it is as the crow flies between two places, each (longitude, latitude) in degrees
    (haversine: R. W. Sinnott, Sky and Telescope 68 (1984) 159)."""
    (lon1, lat1), (lon2, lat2) = ((radians(x), radians(y)) for x, y in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * _EARTH * asin(sqrt(min(1.0, half))))
