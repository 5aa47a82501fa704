# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which status a figure gets from those of the columns that it is computed of."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tests.figures.making import frame
from wijkeconomie.figures import compute
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import registry

BUURT = "BU00010101"


def computed(indicator: str, **cells: Any) -> tuple[float | None, Status]:
    """Of one area in 2020: a number, or a reason; ``name=(number, status)`` for both."""
    numbers = {n: cell[0] if isinstance(cell, tuple) else cell for n, cell in cells.items()}
    made = frame(2020, [{"area": BUURT, **numbers}], default=Status.SECRET).drop("year")
    made = made.with_columns(
        *(pl.lit(int(cell[1]), pl.UInt8).alias(f"{n}~")
          for n, cell in cells.items() if isinstance(cell, tuple)),
        *(pl.lit(0, pl.UInt16).alias(f"{n}^") for n in cells),
    )  # fmt: skip
    found = compute.rows({2020: made}, pl.DataFrame({"area": [BUURT]}), registry())
    value, status = found.filter(pl.col("indicator") == indicator).select("value", "status").row(0)
    return value, Status(status)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (Status.OK, Status.OK, Status.OK),
        (Status.OK, Status.MOVED, Status.MOVED),
        (Status.APPORTIONED, Status.OK, Status.APPORTIONED),
        (Status.MOVED, Status.APPORTIONED, Status.APPORTIONED),
    ],
)
def test_what_is_computed_with_an_apportioned_number_is_apportioned(
    part: Status, whole: Status, expected: Status
) -> None:
    found = computed(
        "social_assistance", social_assistance=(40.0, part), population=(1000.0, whole)
    )
    assert found == (4.0, expected)


@pytest.mark.parametrize("reason", [Status.SECRET, Status.LATE, Status.BOUNDARY])
def test_beside_an_apportioned_number_a_missing_one_keeps_its_reason(reason: Status) -> None:
    found = computed(
        "social_assistance", social_assistance=reason, population=(1000.0, Status.APPORTIONED)
    )
    assert found == (None, reason)


@pytest.mark.parametrize("reason", [Status.SECRET, Status.LATE, Status.BOUNDARY])
@pytest.mark.parametrize("turned", [False, True])
def test_a_share_of_what_is_hidden_is_hidden_whatever_else_is_empty(
    reason: Status, *, turned: bool
) -> None:
    """By the highest number of a status alone a share of households that were hidden for privacy
    said that the source gives no reason; the twin: beside a number, and beside another silence,
    an empty cell is still a silence."""
    one, other = (Status.UNKNOWN, reason) if turned else (reason, Status.UNKNOWN)
    share = "one_person_households_share"
    assert computed(share, one_person_households=one, households=other) == (None, reason)
    for number in (500.0, Status.UNKNOWN, (500.0, Status.MOVED)):
        found = computed(share, one_person_households=Status.UNKNOWN, households=number)
        assert found == (None, Status.UNKNOWN)


def test_a_share_of_nobody_cannot_occur_and_one_of_few_is_not_computed() -> None:
    told = {n: computed("social_assistance", social_assistance=0.0, population=n)
            for n in (0.0, 49.0, 50.0)}  # fmt: skip
    assert told == {
        0.0: (None, Status.TOO_FEW), 49.0: (None, Status.TOO_FEW), 50.0: (0.0, Status.OK),
    }  # fmt: skip
