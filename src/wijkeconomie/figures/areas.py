# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Gemeente, wijk, buurt: codes, levels and who lies in whom.

Source: CBS, Wijk- en buurtindeling.  Since 2023 Amsterdam has letters in its codes
(WK0363AA, BU0363AA01), so the last positions are letters or digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LEVELS = ("land", "gemeente", "wijk", "buurt")
COUNTRY = "NL00"
# [0-9], for \d takes digits of every script
CODE = re.compile(r"NL00|GM[0-9]{4}|WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4}")
_LEVEL_OF = {"NL": "land", "GM": "gemeente", "WK": "wijk", "BU": "buurt"}


@dataclass(frozen=True, slots=True)
class Area:
    """One area in the boundary year of a release; ``gemeente`` is the gemeente's name, because
    names repeat over the country (two Schilderswijken); ``country`` is where it lies, because the
    example lies in a country of its own."""

    code: str
    name: str
    level: str
    gemeente: str
    country: str = "Nederland"

    @property
    def parent(self) -> str:
        """Code of the area it lies in; the country's parent is itself."""
        return parent(self.code)


def is_code(text: str) -> bool:
    """Whether *text* is a whole, valid area code."""
    return CODE.fullmatch(text) is not None


def level(code: str) -> str:
    """``level("WK051801") == "wijk"``; the code must be valid."""
    return _LEVEL_OF[code[:2]]


def gemeente_of(code: str) -> str:
    """``gemeente_of("BU05181785") == "GM0518"``."""
    return COUNTRY if code == COUNTRY else f"GM{code[2:6]}"


def parent(code: str) -> str:
    """Code of the area that a buurt, wijk or gemeente lies in."""
    match level(code):
        case "buurt":
            return f"WK{code[2:8]}"
        case "wijk":
            return f"GM{code[2:6]}"
        case _:
            return COUNTRY
