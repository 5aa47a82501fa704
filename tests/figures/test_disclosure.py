# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counts of a few people are hidden, and no total gives them away."""

from __future__ import annotations

import polars as pl

from tests.figures.making import origin, snapshot
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


# -- shares of people
SHARE = "social_assistance_share_own"  # of the population


def shares(rows: dict[str, float], *, people: dict[str, float], year: int = 2020) -> Snapshot:
    """An own table of shares after hiding; *people* stand in another table, of 2020."""
    others = [table({**people}, column="population").frame] if people else []
    made = snapshot(year, [{"area": area, SHARE: value} for area, value in rows.items()])
    return hide_small(made, others)


def told(found: Snapshot) -> list[tuple[str, int]]:
    return [(notice.code, notice.fields["count"]) for notice in found.notices]


def secret(found: Snapshot) -> list[str]:
    rows = found.frame.filter(pl.col(SHARE + "~") == int(Status.SECRET))
    assert rows[SHARE].null_count() == rows.height
    return rows["area"].to_list()


def test_a_share_that_is_about_one_to_nine_people_is_hidden() -> None:
    people = dict.fromkeys(("BU05180001", "BU05180102", "BU05180203", "BU05180304"), 200.0)
    found = shares(
        {"BU05180001": 4.5, "BU05180102": 5.0, "BU05180203": 0.0, "BU05180304": 0.1}, people=people
    )
    assert secret(found) == ["BU05180001", "BU05180304"]  # 9 people, and some; not 10, not none
    assert told(found) == [("small_shares_hidden", 2)]


def test_the_same_share_of_more_people_is_kept() -> None:
    """The twin: the share says nothing by itself, 4.5 % of 2,000 are ninety people."""
    found = shares({"BU05180001": 4.5}, people={"BU05180001": 2000.0})
    assert (secret(found), told(found)) == ([], [])


def test_unguarded_a_share_tells_how_many_people_it_is_about() -> None:
    """The harm: anyone multiplies it by the population that CBS publishes."""
    made = snapshot(2020, [{"area": "BU05180001", SHARE: 1.5}])
    assert round(made.frame[SHARE][0] / 100 * 200) == 3


def test_a_share_of_unknown_many_people_is_hidden_and_told_apart() -> None:
    found = shares({"BU05180001": 45.0, "BU05180102": 45.0}, people={"BU05180102": 2000.0})
    assert secret(found) == ["BU05180001"]
    assert told(found) == [("unsure_shares_hidden", 1)]
    none = shares({"BU05180001": 45.0}, people={})
    assert told(none) == [("unsure_shares_hidden", 1)]


def test_of_how_many_is_taken_from_the_table_itself_and_else_from_the_nearest_year() -> None:
    row = {"area": "BU05180001", "population": 2000, SHARE: 4.5}
    other = table({"BU05180001": 100.0}, column="population").frame
    assert told(hide_small(snapshot(2020, [row]), [other])) == []
    for year in (2018, 2024):
        found = shares({"BU05180001": 4.5}, people={"BU05180001": 100.0}, year=year)
        assert told(found) == [("small_shares_hidden", 1)]


def test_a_share_that_is_missing_stays_missing_for_its_own_reason() -> None:
    made = snapshot(2020, [{"area": "BU05180001", SHARE: None}], default=Status.UNKNOWN)
    people = table({"BU05180001": 100.0}, column="population").frame
    assert hide_small(made, [people]) is made
    assert hide_small(made) is made


def test_the_share_of_the_whole_gives_no_hidden_share_away() -> None:
    """4 % of the wijk are 48 people, less 40 of the other buurt: eight."""
    found = shares(
        {"WK051800": 4.0, "BU05180001": 4.0, "BU05180002": 4.0},
        people={"WK051800": 1200.0, "BU05180001": 1000.0, "BU05180002": 200.0},
    )
    assert secret(found) == ["BU05180001", "BU05180002"]


def test_shares_of_homes_are_not_about_people() -> None:
    own = table({"BU05180001": 1.0}, column="vacant_dwellings_share")
    assert hide_small(own) is own
