# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is owed for a sponsored run, and the list of rounds as somebody types it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST = 1000  # runners, and rounds of one


def owed(cents: int, rounds: int | None, most: int | None = None) -> int | None:
    """Whole cents owed for *rounds* at *cents* each, never more than *most*; None as long as the
    rounds are not known."""
    if rounds is None:
        return None
    total = cents * rounds
    return total if most is None else min(total, most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What sponsors owe and paid, in whole cents: ``owed`` as far as the rounds are known,
    ``unknown``: of how many they are not, ``paid`` by how many (``payers``), ``open``: what is
    owed and not paid."""

    owed: int
    unknown: int
    paid: int
    payers: int
    open: int


def added(owes: Iterable[tuple[int | None, int | None]]) -> Sum:
    """Of what each owes and paid (None: not known, not paid)."""
    rows = list(owes)
    known = [(owes, paid or 0) for owes, paid in rows if owes is not None]
    return Sum(
        owed=sum(owes for owes, _paid in known), unknown=len(rows) - len(known),
        paid=sum(paid or 0 for _owes, paid in rows),
        payers=sum(paid is not None for _owes, paid in rows),
        open=sum(max(0, owes - paid) for owes, paid in known),
    )  # fmt: skip


def read(text: str) -> dict[str, int | None]:
    """Rounds by the number of a runner, of lines such as ``7 12``; a number alone is a runner of
    whom they are not known yet.  ValueError with the line that is none, or names one twice."""
    found: dict[str, int | None] = {}
    for line in filter(None, (one.strip() for one in text.splitlines())):
        parts = line.replace(":", " ").replace(";", " ").split()
        numbers = [int(one) for one in parts if one.isascii() and one.isdigit()]
        if not 0 < len(parts) == len(numbers) <= 2 or not 1 <= numbers[0] <= MOST \
                or max(numbers) > MOST or str(numbers[0]) in found:  # fmt: skip
            raise ValueError(line)
        found[str(numbers[0])] = numbers[1] if len(numbers) > 1 else None
    return found


def written(rounds: Mapping[str, int | None]) -> str:
    """The same as somebody types it."""
    return "\n".join(number if many is None else f"{number} {many}"
                     for number, many in rounds.items())  # fmt: skip
