# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is owed for a sponsored run, and the list of rounds as somebody types it."""

from __future__ import annotations

from collections.abc import Mapping

MOST = 1000  # runners, and rounds of one


def owed(cents: int, rounds: int | None, most: int | None = None) -> int | None:
    """Whole cents owed for *rounds* at *cents* each, never more than *most*; None as long as the
    rounds are not known."""
    if rounds is None:
        return None
    total = cents * rounds
    return total if most is None else min(total, most)


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
