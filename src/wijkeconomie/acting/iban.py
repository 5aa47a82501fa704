# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The number of a bank account (ISO 13616), and whether it can be one."""

from __future__ import annotations

import re

_FORM = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_LENGTH = {"NL": 18, "BE": 16, "DE": 22}  # of the countries that people here bank in most


def iban(text: str) -> str:
    """*text* without spaces, in capitals.  ValueError where it is no IBAN: its form, its length
    where we know it, or its check digits (ISO 7064, MOD 97-10)."""
    found = "".join(text.split()).upper()
    if not _FORM.fullmatch(found) or len(found) != _LENGTH.get(found[:2], len(found)):
        raise ValueError("no IBAN by its form")
    if int("".join(str(int(sign, 36)) for sign in found[4:] + found[:4])) % 97 != 1:
        raise ValueError("no IBAN by its check digits")
    return found


def written(iban: str) -> str:
    """In groups of four, as it stands on a card."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def masked(iban: str) -> str:
    """Enough to know one's own by: the country and the last four signs."""
    return f"{iban[:2]}•• •••• {iban[-4:]}" if iban else ""
