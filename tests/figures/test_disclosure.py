# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counts of a few people are hidden, and no total gives them away."""

from __future__ import annotations

import polars as pl

from tests.figures.making import origin
from wijkeconomie.figures.disclosure import hide_small
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.snapshot import Snapshot

ORIGIN = origin("own", publisher="Gemeente")


def table(rows: dict[str, float | None], column: str) -> Snapshot:
    frame = pl.DataFrame({
        "area": list(rows), "year": pl.Series([2020] * len(rows), dtype=pl.Int16),
        column: pl.Series(list(rows.values()), dtype=pl.Float64),
    })  # fmt: skip
    return Snapshot(origin=ORIGIN, frame=frame, keys={column: "w"})


def hidden(rows: dict[str, float | None]) -> list[str]:
    """Areas whose figure is hidden of an own table of job seekers."""
    frame = table(rows, column="job_seekers").frame.with_columns(
        pl.when(pl.col("job_seekers").is_null()).then(6).otherwise(0).cast(pl.UInt8)
        .alias("job_seekers~")
    )  # fmt: skip
    own = Snapshot(origin=ORIGIN, frame=frame, keys={"job_seekers": "w"})
    found = hide_small(own)
    secret = found.frame.filter(pl.col("job_seekers~") == int(Status.SECRET))
    assert secret["job_seekers"].null_count() == secret.height
    assert [n.code for n in found.notices] == (["small_counts_hidden"] if secret.height else [])
    return secret["area"].to_list()


def test_a_count_of_one_to_nine_people_is_hidden_and_zero_and_ten_are_not() -> None:
    assert hidden({"BU05180001": 9.0, "BU05180002": 10.0, "BU05180003": 0.0}) == ["BU05180001"]


def test_a_total_gives_no_hidden_count_away() -> None:
    """48 in the wijk less 30 and 15 would be the three that were hidden."""
    wijk = {"WK051800": 48.0, "BU05180001": 3.0, "BU05180002": 30.0, "BU05180003": 15.0}
    assert hidden(wijk) == ["BU05180001", "BU05180003"]
    assert hidden({**wijk, "BU05180002": 4.0}) == [
        "BU05180001",
        "BU05180002",
    ]  # two hide each other
    assert hidden({"WK051800": 12.0, "BU05180001": 3.0, "BU05180002": 0.0}) == [
        "WK051800", "BU05180001",
    ]  # fmt: skip


def test_without_a_total_only_the_small_count_is_hidden() -> None:
    """The twin: nothing to take it from."""
    assert hidden({"BU05180001": 3.0, "BU05180002": 30.0}) == ["BU05180001"]


def test_counts_of_firms_or_homes_are_not_people() -> None:
    own = table({"BU05180001": 3.0}, column="shops")
    assert hide_small(own) is own
