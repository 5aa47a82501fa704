# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Schedules of a thousand loans, against numpy-financial for each loan.

``numpy-financial`` is no dependency; where it is not installed, its formulas stand here, on numpy
as it has them (pmt, and ipmt and ppmt of all periods at once).  Beside speed stands what floats
cost: by how many cents their rounded instalments miss what was lent.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from wijkeconomie.acting.loan import Terms, instalment, schedule

try:
    from numpy_financial import ipmt, pmt, ppmt  # type: ignore[import-not-found]
except ModuleNotFoundError:

    def pmt(rate: float, months: int, principal: float) -> float:
        factor = (1 + rate) ** months
        return -principal * rate * factor / (factor - 1) if rate else -principal / months

    def ipmt(rate: float, periods: np.ndarray, months: int, principal: float) -> np.ndarray:
        level, grown = pmt(rate, months, principal), (1 + rate) ** (periods - 1)
        left = principal * grown + level * (grown - 1) / rate if rate else principal
        return -left * rate

    def ppmt(rate: float, periods: np.ndarray, months: int, principal: float) -> np.ndarray:
        return pmt(rate, months, principal) - ipmt(rate, periods, months, principal)


Line = tuple[str, float, float]
LOANS, MONTHS, WITHIN = 1_000, 60, 1.0  # seconds that all schedules together may take


def loans(many: int = LOANS) -> list[Terms]:
    chance = random.Random(1)
    return [
        Terms(principal=chance.randrange(100_000, 5_000_000), months=MONTHS,
              first=date(2027, 1, 31), rate=Decimal(chance.randrange(100, 1_200)) / 100)
        for _ in range(many)
    ]  # fmt: skip


def floats(terms: Terms) -> tuple[np.ndarray, np.ndarray]:
    """Interest and repayment of each month, in rounded cents."""
    rate, periods = float(terms.rate) / 1200, np.arange(1, terms.months + 1)
    parts = (of(rate, periods, terms.months, float(terms.principal)) for of in (ipmt, ppmt))
    interest, repaid = (np.rint(-part).astype(np.int64) for part in parts)
    return interest, repaid


def _best(do: Callable[[], list[Any]]) -> tuple[float, list[Any]]:
    """The least seconds of this process of three times, and what came out."""
    times = []
    for _ in range(3):
        begun = time.process_time()
        found = do()
        times.append(time.process_time() - begun)
    return min(times), found


def lines() -> Iterator[Line]:
    """The seconds that are allowed, and against numpy."""
    every = loans()
    exact, ours = _best(lambda: [schedule(terms) for terms in every])
    fast, theirs = _best(lambda: [floats(terms) for terms in every])
    missed = 0
    for terms, rows, (_interest, repaid) in zip(every, ours, theirs, strict=True):
        assert sum(row.principal for row in rows) == terms.principal, "what was lent is repaid"
        assert rows[-1].balance == 0, "and nothing is left"
        level = -pmt(float(terms.rate) / 1200, terms.months, float(terms.principal))
        assert abs(instalment(terms.principal, terms.rate, terms.months) - level) < 1, "a cent"
        missed += int(repaid.sum()) != terms.principal
    name = f"schedules of {LOANS} loans of {MONTHS} months"
    told = f"{exact:.3f} s exact, {fast:.3f} s by numpy per loan ({exact / fast:.1f} times as long)"
    print(f"# {name}: {told}; {missed} by floats do not add up to what was lent", file=sys.stderr)
    yield f"{name}, of the {WITHIN:g} s that are allowed", WITHIN / exact, 1.0


if __name__ == "__main__":
    sys.exit(any(ratio < goal for _name, ratio, goal in lines()))
