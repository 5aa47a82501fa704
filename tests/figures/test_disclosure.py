# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counts of a few people are hidden, and no total gives them away."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.figures.making import origin, snapshot
from tests.insight.made import national_2020
from wijkeconomie.figures import disclosure, store, suppression
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


def own(rows: Mapping[str, float | None]) -> Snapshot:
    """An own table of job seekers."""
    frame = table(dict(rows), column="job_seekers").frame.with_columns(
        pl.when(pl.col("job_seekers").is_null()).then(6).otherwise(0).cast(pl.UInt8)
        .alias("job_seekers~")
    )  # fmt: skip
    return Snapshot(origin=ORIGIN, frame=frame, keys={"job_seekers": "w"})


def secrets(found: Snapshot) -> list[str]:
    """Areas whose figure is hidden."""
    secret = found.frame.filter(pl.col("job_seekers~") == int(Status.SECRET))
    assert secret["job_seekers"].null_count() == secret.height
    return secret["area"].to_list()


def hidden(rows: Mapping[str, float | None]) -> list[str]:
    found = hide_small(own(rows))
    areas = secrets(found)
    assert [n.code for n in found.notices] == (["small_counts_hidden"] if areas else [])
    return areas


def test_a_count_of_one_to_nine_people_is_hidden_and_zero_and_ten_are_not() -> None:
    assert hidden({"BU05180001": 9.0, "BU05180002": 10.0, "BU05180003": 0.0}) == ["BU05180001"]


def test_a_count_of_all_inhabitants_but_a_few_is_hidden() -> None:
    """As the percentage is: 1,462 of 1,465 says that three are not in it."""
    areas = ("BU05180001", "BU05180102", "BU05180203", "BU05180304")
    people = own(dict.fromkeys(areas, 1465.0)).frame.rename(
        {"job_seekers": "population", "job_seekers~": "population~"}
    )
    counted = own(dict(zip(areas, (1462.0, 1455.0, 1465.0, 1466.0), strict=True)))
    found = hide_small(counted, [people])
    assert secrets(found) == ["BU05180001"]  # not of ten, nor of none, nor where rounding says more
    assert told(found) == [("small_counts_hidden", 1)]
    mine = counted.frame.join(people, on=("area", "year"))
    together = Snapshot(origin=ORIGIN, frame=mine, keys={"job_seekers": "w", "population": "i"})
    assert secrets(hide_small(together)) == ["BU05180001"]


@pytest.mark.parametrize(("others", "is_hidden"), [(0, False), (1, True), (9, True), (10, False)])
def test_all_inhabitants_but_one_to_nine_are_few(others: int, *, is_hidden: bool) -> None:
    people = own({"BU05180001": 1465.0}).frame.rename(
        {"job_seekers": "population", "job_seekers~": "population~"}
    )
    found = hide_small(own({"BU05180001": 1465.0 - others}), [people])
    assert secrets(found) == (["BU05180001"] if is_hidden else [])


def test_all_but_a_few_of_the_inhabitants_of_cbs_is_hidden_whatever_the_table_counts() -> None:
    """The table counts 1,575 inhabitants itself, but the figure in use is CBS's 1,465."""
    people = own({"BU05180001": 1465.0}).frame.rename(
        {"job_seekers": "population", "job_seekers~": "population~"}
    )
    mine = own({"BU05180001": 1462.0}).frame.with_columns(
        pl.lit(1575.0).alias("population"), pl.lit(0, pl.UInt8).alias("population~")
    )
    both = Snapshot(origin=ORIGIN, frame=mine, keys={"job_seekers": "w", "population": "i"})
    assert secrets(hide_small(both)) == []
    assert secrets(hide_small(both, [people])) == ["BU05180001"]


def test_all_establishments_but_one_to_four_are_few() -> None:
    everyone = table({"BU05180001": 1465.0, "BU05180102": 1465.0}, column="establishments").frame
    rows = {"BU05180001": 1461.0, "BU05180102": 1460.0}
    assert shown("circular_firms", rows, everyone) == ["BU05180102"]


def test_unguarded_the_inhabitants_less_the_count_are_the_three() -> None:
    """The twin: without the inhabitants the count says nothing of who is not in it."""
    assert hidden({"BU05180001": 1462.0}) == []
    assert 1465 - 1462 == 3


def test_what_is_hidden_belongs_to_the_format_of_what_is_kept() -> None:
    """A release that is in use is not made again before something is loaded, so a change of the
    rules needs a new ``FORMAT``: raise it when this changes."""
    rows = [
        {"area": "WK051800", "population": 1500, "men": 750, "women": 750, "job_seekers": 48,
         SHARE: 99.8, "establishments": 47, "jobs": 9, "ses_score": 0.2},
        {"area": "BU05180001", "population": 700, "men": 695, "women": 5, "job_seekers": 3,
         SHARE: 0.1, "establishments": 5, "jobs": 0, "ses_score": 0.3},
        {"area": "BU05180002", "population": 800, "men": 55, "women": 745, "job_seekers": 45,
         SHARE: 50.0, "establishments": 42, "jobs": 9, "ses_score": 0.4},
        {"area": "BU05180101", "population": 8, "men": 0, "women": 8, "job_seekers": 0,
         SHARE: 0.0, "establishments": 4, "jobs": 10,
         "ses_score": 0.1},
    ]  # fmt: skip
    for row, income in zip(rows, (33.8, 31.2, 35.0, 99.5), strict=True):
        row["income_per_inhabitant"] = income
    gemeente = {**rows[0], "area": "GM0518", "population": 1508}
    rows += [gemeente, {**gemeente, "area": "NL00"}]
    frame = hide_small(snapshot(2020, rows)).frame
    shown = {name: frame[name].is_not_null().to_list() for name in rows[0] if name != "area"}
    letters = {name: "".join(".x"[one] for one in places) for name, places in shown.items()}
    assert (store.FORMAT, letters) == (11, {  # x: shown; of wijk, three buurten, gemeente, country
        "population": "..x.x.", "men": "....x.", "women": "....x.", "job_seekers": "....x.",
        SHARE: "......", "establishments": "xxx.x.", "jobs": ".x.x..", "ses_score": "..x.x.",
        "income_per_inhabitant": "..x.x.",
    })  # fmt: skip


def test_what_is_secret_in_the_table_itself_is_not_given_away_by_its_sum() -> None:
    """48 in the wijk less 30 and 15 is the three that were hidden when nobody knew the 48."""
    rows = {"WK051800": 48.0, "BU05180001": None, "BU05180002": 30.0, "BU05180003": 15.0}
    given = own(rows)
    secret = given.frame.with_columns(
        pl.when(pl.col("job_seekers").is_null()).then(2).otherwise(0).cast(pl.UInt8)
        .alias("job_seekers~")
    )  # fmt: skip
    found = hide_small(Snapshot(origin=ORIGIN, frame=secret, keys=given.keys))
    assert secrets(found) == ["BU05180001", "BU05180003"]


def test_what_was_hidden_before_and_now_is_counted_together() -> None:
    first = hide_small(own({"BU05180001": 3.0, "BU05180102": 1462.0}))
    people = own({"BU05180102": 1465.0}).frame.rename(
        {"job_seekers": "population", "job_seekers~": "population~"}
    )
    assert told(first) == [("small_counts_hidden", 1)]
    assert told(hide_small(first, [people])) == [("small_counts_hidden", 2)]


def test_the_source_of_a_hidden_count_is_hidden_too() -> None:
    said = own({"BU05180001": 3.0, "BU05180002": 30.0})
    told = said.frame.with_columns(pl.Series("job_seekers@", ["UWV: 3 people", "UWV"]))
    found = hide_small(Snapshot(origin=ORIGIN, frame=told, keys=said.keys))
    assert found.frame["job_seekers@"].to_list() == [None, "UWV"]


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


def test_what_is_hidden_for_a_sum_opens_no_other_sum() -> None:
    """Wijk 01 is the seven of its buurt, so it is hidden, and wijk 08 too; then the buurten of wijk
    08 would tell wijk 08, and the gemeente less the others the seven."""
    all_of_it = {
        "GM0344": 2505.0, "WK034401": 7.0, "WK034408": 189.0, "WK034409": 2309.0,
        "BU03440111": 7.0, "BU03440112": 0.0, "BU03440801": 100.0, "BU03440802": 89.0,
        "BU03440901": 2309.0,
    }  # fmt: skip
    assert hidden(all_of_it) == ["WK034401", "WK034408", "BU03440111", "BU03440802"]


def test_unguarded_the_gemeente_less_the_known_buurten_is_the_seven() -> None:
    """The twin: one buurt of each wijk is needed."""
    assert 2505 - 2309 - (100 + 89) == 7


def test_a_gemeente_is_the_sum_of_its_buurten_where_no_wijken_are_known() -> None:
    rows = {"GM0344": 48.0, "BU03440111": 3.0, "BU03440801": 30.0, "BU03440901": 15.0}
    assert hidden(rows) == ["BU03440111", "BU03440901"]


def test_as_many_people_as_hidden_counts_tell_that_each_is_one() -> None:
    rows = {"WK051800": 42.0, "BU05180001": 1.0, "BU05180002": 1.0, "BU05180003": 40.0}
    assert hidden(rows) == ["BU05180001", "BU05180002", "BU05180003"]


@pytest.mark.parametrize(("other", "more"), [(2.0, True), (3.0, True), (4.0, False)])
def test_two_hidden_counts_keep_four_values_each(other: float, more: bool) -> None:
    """One and two under a published three are (1, 2) or (2, 1); one and four may be four pairs."""
    rows = {"WK051800": 41.0 + other, "BU05180001": 1.0, "BU05180002": other, "BU05180003": 40.0}
    assert hidden(rows) == ["BU05180001", "BU05180002", *(["BU05180003"] if more else [])]


def test_a_total_in_another_table_gives_no_hidden_count_away() -> None:
    """485 in the wijk, in a file of its own, less what the buurten still show."""
    buurten = own({"BU05180001": 3.0, "BU05180002": 30.0, "BU05180003": 452.0})
    wijk = own({"WK051800": 485.0})
    alone = hide_small(buurten)
    assert secrets(alone) == ["BU05180001"]
    assert secrets(hide_small(wijk, [alone.frame])) == ["WK051800"]  # loaded later
    assert secrets(hide_small(buurten, [wijk.frame])) == ["BU05180001", "BU05180002"]  # together


def test_unguarded_two_tables_tell_what_one_hides() -> None:
    """The twin: the wijk alone holds nothing small."""
    assert secrets(hide_small(own({"WK051800": 485.0}))) == []


def test_the_inhabitants_less_the_other_ages_give_no_hidden_age_away() -> None:
    """905 less 200, 300, 200 and 200 would be the five children."""
    ages = {"age_15_24": 200, "age_25_44": 300, "age_45_64": 200, "age_65_plus": 200}
    row = {"area": "BU05180001", "population": 905, "age_0_14": 5, **ages}
    found = hide_small(snapshot(2020, [row])).frame
    assert [name for name in row if found[name][0] is None] == ["age_0_14", "age_15_24"]
    assert 905 - sum(ages.values()) == 5  # the harm, unguarded
    of_cbs = snapshot(2020, [{"area": "BU05180001", "population": 905}])
    beside = hide_small(snapshot(2020, [{**row, "population": None}]), [of_cbs.frame]).frame
    assert [name for name in ages if beside[name][0] is None] == ["age_15_24"]


def test_without_a_total_only_the_small_count_is_hidden() -> None:
    """The twin: nothing to take it from."""
    assert hidden({"BU05180001": 3.0, "BU05180002": 30.0}) == ["BU05180001"]


def shown(
    column: str, rows: dict[str, float], *others: pl.DataFrame, year: int = 2020
) -> list[str]:
    """Areas whose figure stays."""
    made = snapshot(year, [{"area": area, column: value} for area, value in rows.items()])
    frame = hide_small(made, others).frame
    return frame.filter(pl.col(column).is_not_null())["area"].to_list()


@pytest.mark.parametrize(
    ("column", "fewest"),
    [
        ("establishments", 5), ("firms_culture_other", 5), ("jobs_started_firms", 5),
        ("stopped_firms", 5), ("circular_firms", 5), ("jobs", 10), ("volunteers", 10),
    ],
)  # fmt: skip
def test_a_firm_may_be_one_person_and_a_job_is_somebodys(column: str, fewest: int) -> None:
    """Decision 0014: one to four firms, one to nine jobs."""
    rows = {"BU05180001": 1.0, "BU05180102": fewest - 1.0, "BU05180203": float(fewest),
            "BU05180304": 0.0}  # fmt: skip
    assert shown(column, rows) == ["BU05180203", "BU05180304"]


@pytest.mark.parametrize("column", ["shops", "vacant_shops", "partner_organisations", "dwellings"])
def test_premises_homes_and_associations_are_not_people(column: str) -> None:
    own = table({"BU05180001": 3.0}, column=column)
    assert hide_small(own) is own


def test_all_firms_less_the_other_sectors_give_no_hidden_sector_away() -> None:
    sectors = ("agriculture", "industry", "trade_catering", "transport_information",
               "finance_property", "business_services", "public_care", "culture_other")  # fmt: skip
    row = {f"firms_{name}": 2 if n == 0 else 20 for n, name in enumerate(sectors)}
    frame = hide_small(snapshot(2020, [{"area": "BU05180001", "establishments": 142, **row}])).frame
    assert frame["establishments"][0] == 142
    assert [name for name in row if frame[name][0] is None] == [
        "firms_agriculture", "firms_business_services",
    ]  # fmt: skip


@pytest.mark.parametrize(("year", "kept"), [(2020, []), (2018, []), (2024, [])])
def test_of_how_many_a_count_is_taken_may_be_told_by_another_year(
    year: int, kept: list[str]
) -> None:
    """1,462 of the 1,465 inhabitants of 2020; and the twin, without them."""
    people = table({"BU05180001": 1465.0}, column="population").frame
    assert shown("job_seekers", {"BU05180001": 1462.0}, people, year=year) == kept
    assert shown("job_seekers", {"BU05180001": 1462.0}, year=year) == ["BU05180001"]


def test_none_of_so_few_is_hidden_as_well_as_any() -> None:
    """Of eight inhabitants nobody seeks a job: that is known of each of them."""
    people = table({"BU05180001": 8.0, "BU05180102": 10.0}, column="population").frame
    assert shown("job_seekers", {"BU05180001": 0.0, "BU05180102": 0.0}, people) == ["BU05180102"]


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


def test_a_share_that_is_about_all_but_a_few_is_hidden() -> None:
    found = shares({"BU05180001": 99.8, "BU05180102": 100.0}, people=dict.fromkeys(
        ("BU05180001", "BU05180102"), 1465.0))  # fmt: skip
    assert secret(found) == ["BU05180001"]  # three are not in it; that all are is no count of few


@pytest.mark.parametrize(("people", "share", "is_hidden"), [
    (18.0, 55.6, True), (18.0, 44.4, True), (22.0, 54.5, False), (22.0, 45.5, False),
])  # fmt: skip
def test_of_a_share_the_smaller_side_is_looked_at(
    people: float, share: float, *, is_hidden: bool
) -> None:
    """Ten of eighteen are in it, so eight are not."""
    found = shares({"BU05180001": share}, people={"BU05180001": people})
    assert secret(found) == (["BU05180001"] if is_hidden else [])


@pytest.mark.parametrize("share", [0.0, 50.0, 100.0])
def test_any_share_of_fewer_than_ten_people_is_hidden(share: float) -> None:
    """All of eight, or none: that says it of each of them.  Of ten it is no count of few."""
    people = {"BU05180001": 8.0, "BU05180102": 10.0}
    found = shares(dict.fromkeys(people, share), people=people)
    assert secret(found) == ["BU05180001", *(["BU05180102"] if share == 50.0 else [])]


@pytest.mark.parametrize("share", [0.0, 100.0])
def test_that_one_table_counts_nobody_does_not_make_a_share_about_nobody(share: float) -> None:
    """By the other it is about eight people: all of them, or none."""
    tables = [table({"BU05180001": n}, column="population").frame for n in (0.0, 8.0)]
    for beside in (tables, tables[::-1]):
        found = hide_small(snapshot(2020, [{"area": "BU05180001", SHARE: share}]), beside)
        assert (secret(found), told(found)) == (["BU05180001"], [("small_shares_hidden", 1)])


def test_the_same_share_of_more_people_is_kept() -> None:
    """The twin: the share says nothing by itself, 4.5 % of 2,000 are ninety people."""
    found = shares({"BU05180001": 4.5}, people={"BU05180001": 2000.0})
    assert (secret(found), told(found)) == ([], [])


def test_unguarded_a_share_tells_how_many_people_it_is_about() -> None:
    """The harm: anyone multiplies it by the population that CBS publishes."""
    made = snapshot(2020, [{"area": "BU05180001", SHARE: 1.5}])
    assert round(made.frame[SHARE][0] / 100 * 200) == 3


@pytest.mark.parametrize(("working", "is_hidden"), [(150.0, True), (300.0, False), (None, True)])
def test_a_share_of_those_who_work_is_not_taken_of_all_inhabitants(
    working: float | None, *, is_hidden: bool
) -> None:
    """Five in a hundred of 250 inhabitants are twelve, and of the 150 who work eight."""
    counted = {} if working is None else {"working_persons": working}
    made = snapshot(2020, [{"area": "BU05180001", "self_employed_share": 95.0}])
    people = snapshot(2020, [{"area": "BU05180001", "population": 250.0, **counted}])
    found = hide_small(made, [], [people.frame]).frame["self_employed_share"]
    assert found.is_null().to_list() == [is_hidden]


def test_a_share_of_unknown_many_people_is_hidden_and_told_apart() -> None:
    found = shares({"BU05180001": 45.0, "BU05180102": 45.0}, people={"BU05180102": 2000.0})
    assert secret(found) == ["BU05180001"]
    assert told(found) == [("unsure_shares_hidden", 1)]
    none = shares({"BU05180001": 45.0}, people={})
    assert told(none) == [("unsure_shares_hidden", 1)]


def test_of_how_many_is_taken_from_the_table_itself_and_from_another_of_the_nearest_year() -> None:
    """A reader sees both: 4.5 % of the 100 people that CBS counts is about five."""
    row = {"area": "BU05180001", "population": 2000, SHARE: 4.5}
    few, many = (table({"BU05180001": n}, column="population").frame for n in (100.0, 2100.0))
    assert told(hide_small(snapshot(2020, [row]), [many])) == []
    assert told(hide_small(snapshot(2020, [row]), [few])) == [("small_shares_hidden", 1)]
    for year in (2018, 2024):
        found = shares({"BU05180001": 4.5}, people={"BU05180001": 100.0}, year=year)
        assert told(found) == [("small_shares_hidden", 1)]


def test_a_share_that_is_missing_stays_missing_for_its_own_reason() -> None:
    made = snapshot(2020, [{"area": "BU05180001", SHARE: None}], default=Status.UNKNOWN)
    people = table({"BU05180001": 100.0}, column="population").frame
    assert hide_small(made, [people]) is made
    assert hide_small(made) is made


@pytest.mark.parametrize(
    ("share", "hidden"),
    [(4.1, ["BU05180001", "BU05180002"]), (4.0, ["BU05180002"])],
    ids=["to a decimal they are 49 less 41", "to whole percentages 42 to 54 less 35 to 45"],
)
def test_the_share_of_the_whole_gives_no_hidden_share_away(share: float, hidden: list[str]) -> None:
    found = shares(
        {"WK051800": share, "BU05180001": share, "BU05180002": 4.0},
        people={"WK051800": 1200.0, "BU05180001": 1000.0, "BU05180002": 200.0},
    )
    assert secret(found) == hidden


def test_shares_of_homes_are_not_about_people() -> None:
    own = table({"BU05180001": 1.0}, column="vacant_dwellings_share")
    assert hide_small(own) is own


def means(rows: list[dict[str, Any]], *beside: Snapshot) -> tuple[list[str], list[str]]:
    """What is hidden of an own table of one area, and what is told of it."""
    made = snapshot(2020, [{"area": "BU05180001", **row} for row in rows])
    found = hide_small(made, [one.frame for one in beside])
    gone = [c for c in made.keys if found.frame[c].is_null()[0]]
    return gone, [n.code for n in found.notices]


@pytest.mark.parametrize(("row", "gone"), [
    ({"population": 3, "population_density": 6, "area_land": 50}, ["population_density"]),
    ({"population": 3, "household_size": 1.5}, ["household_size"]),
    ({"population": 3, "vandalism": 333.3}, ["vandalism"]),  # one case
    ({"population": 9, "household_income": 93.4}, ["household_income"]),
    ({"population": 10, "household_income": 93.4}, []),
    ({"population": 9, "ses_score": -0.91, "cohesion_score": 3.1}, ["ses_score", "cohesion_score"]),
    ({"income_recipients": 2, "income_per_recipient": 25.4}, ["income_per_recipient"]),
    ({"population": 3, "distance_gp": 0.8}, []),  # of the place, not of the people
    ({"dwellings": 4, "electricity_use": 2500}, ["electricity_use"]),
    ({"dwellings": 5, "electricity_use": 2500}, []),
])  # fmt: skip
def test_a_mean_of_few_or_from_which_a_hidden_number_follows_is_hidden_too(
    row: dict[str, float], gone: list[str]
) -> None:
    found, told_codes = means([row])
    counted = [c for c in row if c in ("population", "income_recipients") and row[c] < 10]
    assert found == [c for c in row if c in (*counted, *gone)]
    assert ("small_means_hidden" in told_codes) == bool(gone)


def test_of_how_many_a_mean_is_may_be_told_by_another_table() -> None:
    people = snapshot(2019, [{"area": "BU05180001", "population": 4}])
    assert means([{"population_density": 8}], people) == (
        ["population_density"], ["small_means_hidden"],
    )  # fmt: skip
    many = snapshot(2019, [{"area": "BU05180001", "population": 400}])
    assert means([{"population_density": 8}], many) == ([], [])


def test_unguarded_the_density_times_the_land_is_the_three() -> None:
    row = {"population": 3, "population_density": 6, "area_land": 50}  # per km2, and hectares
    assert row["population_density"] * row["area_land"] / 100 == row["population"]


def test_a_share_beside_its_count_that_is_hidden_for_a_sum_is_hidden_too() -> None:
    """3, 30 and 15 of 48 are on assistance; the 15 is hidden for the 3; 1.5 % of 1,000 is 15."""
    rows = [
        {"area": area, "social_assistance": number, SHARE: number / 10}
        for area, number in (("BU05180001", 3), ("BU05180002", 30), ("BU05180003", 15))
    ]
    people = snapshot(2020, [{"area": row["area"], "population": 1000} for row in rows])
    wijk = {"area": "WK051800", "social_assistance": 48, SHARE: None}
    found = hide_small(snapshot(2020, [*rows, wijk]), [people.frame]).frame
    assert found["social_assistance"].to_list() == [None, 30, None, 48]
    assert found[SHARE].to_list() == [None, 3.0, None, None]


def test_twin_the_share_times_the_inhabitants_is_the_hidden_count() -> None:
    assert round(1.5 / 100 * 1000) == 15


def test_of_all_tables_that_count_the_inhabitants_the_tightest_counts() -> None:
    """1,462 of 1,575 by the table, of 1,600 by another, of 1,465 by a third: three are not."""
    others = [
        snapshot(2020, [{"area": "BU05180001", "population": n}], table=f"{n}").frame
        for n in (1600, 1465)
    ]
    mine = {"area": "BU05180001", "population": 1575, "job_seekers": 1462}
    for beside, expected in ((others, None), (others[::-1], None), (others[:1], 1462)):
        found = hide_small(snapshot(2020, [mine]), beside).frame
        assert found["job_seekers"].to_list() == [expected]


def test_one_to_four_households_are_hidden_and_so_is_their_number_where_few_people_live() -> None:
    """Six households of six people say that each lives alone."""
    assert shown("one_person_households", {"BU05180001": 4.0, "BU05180002": 5.0}) == ["BU05180002"]
    people = snapshot(2020, [{"area": "BU05180001", "population": 6}]).frame
    assert shown("households", {"BU05180001": 6.0}, people) == []
    assert shown("households", {"BU05180001": 6.0}) == ["BU05180001"]  # the twin


def test_a_share_of_one_to_four_households_is_hidden() -> None:
    homes = snapshot(2020, [{"area": "BU05180001", "households": 100}]).frame
    for share, left in ((4.0, []), (5.0, ["BU05180001"])):
        assert shown("low_income_households_share", {"BU05180001": share}, homes) == left


def test_what_tables_of_others_tell_is_hidden_for_in_vain_so_nothing_else_is() -> None:
    """CBS gives 48 of the wijk and 45 of the other buurt: the three are told whatever we hide."""
    mine = [{"area": a, "job_seekers": n} for a, n in (("BU05180001", 3), ("BU05180002", 45))]
    others = [{"area": a, "job_seekers": n} for a, n in (("WK051800", 48), ("BU05180002", 45))]
    official = snapshot(2020, others).frame
    assert hide_small(snapshot(2020, mine), [], [official]).frame["job_seekers"].to_list() == [
        None, 45,
    ]  # fmt: skip
    assert hide_small(snapshot(2020, mine), [official]).frame["job_seekers"].to_list() == [
        None, None,
    ]  # fmt: skip


# -- beside figures of CBS, which need not add up

PEOPLE = {"BU05180001": 1000, "BU05180002": 800, "BU05180003": 1200, "WK051800": 3100}
FOUND = {"BU05180001": 60.0, "BU05180002": 40.0, "BU05180003": 5.0, "WK051800": 105.0}


def beside_cbs(gemeente: int) -> list[str]:
    """An own table of one small count, beside inhabitants of CBS whose gemeente has so many."""
    ages = {"age_15_24": 0.2, "age_25_44": 0.3, "age_45_64": 0.2}
    rows = [
        {"area": area, "population": n} | {age: n * share // 1 for age, share in ages.items()}
        for area, n in (PEOPLE | {"GM0518": gemeente}).items()
    ]
    cbs = snapshot(2020, rows, table="A").frame
    return secrets(hide_small(own(FOUND | {"GM0518": 105.0}), official=[cbs]))


@pytest.mark.parametrize("gemeente", [3100, 3350])
def test_people_whom_cbs_counts_in_no_wijk_hide_nothing_else(gemeente: int) -> None:
    """Of Utrecht in 2020 252 are in no wijk: its buurten, wijken and total do not add up."""
    assert len(beside_cbs(gemeente)) == 2


def test_taken_to_add_up_such_figures_would_hide_the_whole_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The twin: a bound that contradicts itself passed for a count that is told."""
    monkeypatch.setattr(suppression._Cells, "_may_add_up", lambda *_: True)
    monkeypatch.setattr(suppression._Cells, "_narrow", _believe)
    monkeypatch.setattr(suppression._Cells, "told_anyway", lambda _: set())
    assert len(beside_cbs(3350)) == 5


def _believe(cells: suppression._Cells, key: suppression._Key, low: float, high: float) -> bool:
    if not cells._is_open(key):
        return False
    before = cells._bound(key)
    if before[0] > before[1]:
        return False
    cells.bounds[key] = max(low, before[0]), min(high, before[1])
    return cells.bounds[key] != before


@pytest.mark.parametrize(
    ("gemeente", "secret"), [("0344", 2), ("0518", 4), ("0603", 2), ("0772", 2)]
)
def test_beside_the_real_figures_of_2020_one_small_count_hides_few_more(
    shared: Path, gemeente: str, secret: int
) -> None:
    """Of The Hague it is in a wijk with no other buurt of so many: that is hidden, and another."""
    real = national_2020(shared)
    people = {
        code: float(value)
        for level in ("gemeente", "wijk", "buurt")
        for code, value in zip(
            real.codes[level], real.figures[level, "population"][0], strict=True
        )
        if code[2:6] == gemeente and math.isfinite(value)
    }  # fmt: skip
    found = {code: n // 20 + 10 for code, n in people.items() if code[:2] == "BU" and n > 400}
    found[min(found)] = 5.0
    for code, n in [*found.items()]:
        for whole in ("WK" + code[2:8], "GM" + gemeente):
            found[whole] = found.get(whole, 0.0) + n
    cbs = snapshot(2020, [{"area": a, "population": n} for a, n in people.items()]).frame
    assert len(secrets(hide_small(own(found), official=[cbs]))) == secret


@pytest.mark.parametrize("column", ["gas_use", "electricity_use"])
def test_what_fewer_than_five_homes_use_on_average_is_hidden(column: str) -> None:
    assert means([{"dwellings": 4, column: 1200}]) == ([column], ["small_means_hidden"])
    assert means([{"dwellings": 5, column: 1200}]) == ([], [])


def test_what_homes_are_worth_is_not_about_who_lives_there() -> None:
    assert means([{"population": 3, "dwelling_value": 410}])[0] == ["population"]


def apart() -> tuple[Snapshot, Snapshot, Snapshot]:
    """Shares of two buurten in one table, the counts of their wijk and the third in others."""
    buurten = {"BU05180001": (240, 100.0), "BU05180002": (122, 27.0)}
    mine = snapshot(2020, [{"area": a, SHARE: share} for a, (_, share) in buurten.items()])
    wijk = snapshot(2020, [{"area": "WK051800", "social_assistance": 274}], table="wijk")
    everyone = {"WK051800": 700, "BU05180003": 338} | {a: n for a, (n, _) in buurten.items()}
    people = snapshot(
        2020, [{"area": a, "population": n} for a, n in everyone.items()], table="people"
    )
    return mine, wijk, people


def test_shares_of_buurten_and_the_count_of_their_wijk_are_one_sum() -> None:
    """100 % of 240 is hidden for itself; 27 % of 122 is 33 of 274, and no wijk tells the rest."""
    mine, wijk, people = apart()
    third = snapshot(2020, [{"area": "BU05180003", "social_assistance": 1}], table="third")
    left = hide_small(third, [mine.frame, wijk.frame, people.frame])
    assert left.frame["social_assistance"].to_list() == [None]
    found = hide_small(mine, [left.frame, wijk.frame, people.frame])
    assert secret(found) == ["BU05180002"]


def test_twin_each_by_itself_the_shares_and_the_count_leave_one_person() -> None:
    assert 274 - round(240 * 100.0 / 100) - round(122 * 27.0 / 100) == 1


@pytest.mark.parametrize(
    ("figure", "value", "beside", "hidden"),
    [
        ("household_size", 2.5, {"population": 100}, True),  # 40 homes, 26 and 10 are known
        ("household_size", 2.5, {"population": 900}, False),  # 353 to 367
        ("population_density", 200.0, {"area_land": 50}, True),  # 100 people, 63 and 33 are known
    ],
)
def test_the_number_that_a_mean_or_a_density_tells_is_in_the_sums(
    figure: str, value: float, beside: dict[str, int], *, hidden: bool
) -> None:
    area = {"area": "BU05180001"}
    parts = (
        {"one_person_households": 26, "households_without_children": 4,
         "households_with_children": 10}
        if figure == "household_size" else {"men": 96, "women": 4}
    )  # fmt: skip
    counts = hide_small(snapshot(2020, [area | parts], table="counts")).frame
    others = [counts, snapshot(2020, [area | beside], table="beside").frame]
    found = hide_small(snapshot(2020, [area | {figure: value}]), others).frame
    assert (found[figure].to_list() == [None]) == hidden


def test_a_small_buurt_hides_no_wijk_that_others_fill() -> None:
    """9,400 jobs in the wijk are not the 3 of the one buurt that the table names."""
    buurten = [{"area": f"BU0518000{n}", "population": 1000} for n in (1, 2)]
    cbs = snapshot(2020, [{"area": "WK051800", "population": 2000}, *buurten])
    rows = {"WK051800": 9400, "BU05180001": 3}
    jobs = snapshot(2020, [{"area": a, "jobs": n} for a, n in rows.items()], table="jobs")
    assert hide_small(jobs, official=[cbs.frame]).frame["jobs"].to_list() == [9400, None]


def test_a_wijk_of_which_the_rest_may_be_none_is_hidden_with_its_buurt() -> None:
    """The twin: 5 in the wijk, of which 3 in the buurt that is named."""
    buurten = [{"area": f"BU0518000{n}", "population": 1000} for n in (1, 2)]
    cbs = snapshot(2020, [{"area": "WK051800", "population": 2000}, *buurten])
    rows = {"WK051800": 12, "BU05180001": 9}
    jobs = snapshot(2020, [{"area": a, "jobs": n} for a, n in rows.items()], table="jobs")
    assert hide_small(jobs, official=[cbs.frame]).frame["jobs"].to_list() == [None, None]


def test_what_is_hidden_is_named_by_area_column_and_year() -> None:
    found = hide_small(own({"BU05180001": 3.0, "BU05180002": 30.0}))
    assert [notice.fields["cells"] for notice in found.notices] == ["BU05180001 (w, 2020)"]


GEMEENTEN = {f"GM{n:04}": 100.0 + n for n in range(1, 21)}


def national() -> dict[str, float]:
    """All gemeenten, of which one has seven, and the country that they are together."""
    rows = {**GEMEENTEN, "GM0007": 7.0}
    return {**rows, "NL00": sum(rows.values())}


def people_of(*areas: str) -> pl.DataFrame:
    return snapshot(2020, [{"area": code, "population": 9000} for code in areas]).frame


def test_the_country_is_hidden_where_it_would_tell_the_only_gemeente_that_is() -> None:
    """97,949 minus the 354 others were seven people."""
    assert secrets(hide_small(own(national()), official=[people_of("NL00", *GEMEENTEN)])) == [
        "GM0007", "NL00"
    ]  # fmt: skip
    without = {
        code: n for code, n in national().items() if code not in ("GM0008", "GM0009", "GM0010")
    }
    found = hide_small(own(without), official=[people_of("NL00", *GEMEENTEN)])
    assert secrets(found) == ["GM0007"]  # of four nobody knows what they have together
    fine = hide_small(own({**national(), "GM0007": 700.0}), official=[people_of(*GEMEENTEN)])
    assert secrets(fine) == []


def test_twin_without_that_the_country_less_the_others_was_the_seven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disclosure, "_country", lambda *_: set())
    found = hide_small(own(national()), official=[people_of("NL00", *GEMEENTEN)])
    shown = dict(found.frame.select("area", "job_seekers").drop_nulls().iter_rows())
    assert shown.pop("NL00") - sum(shown.values()) == 7


def test_the_country_in_another_table_is_hidden_too_and_in_whatever_order() -> None:
    cbs = [people_of("NL00", *GEMEENTEN)]
    parts = own({code: n for code, n in national().items() if code != "NL00"})
    whole = own({"NL00": national()["NL00"]})
    hidden_parts = hide_small(parts, official=cbs)
    assert secrets(hidden_parts) == ["GM0007"]
    assert secrets(hide_small(whole, [hidden_parts.frame], cbs)) == ["NL00"]
    assert secrets(hide_small(whole, official=cbs)) == []


def test_a_wijk_that_is_hidden_hides_the_country_where_all_wijken_stand_beside_it() -> None:
    wijken: dict[str, float | None] = {f"WK{n:04}01": 90.0 for n in range(1, 12)}
    rows = {**wijken, "WK000301": 3.0, "NL00": 903.0}
    assert secrets(hide_small(own(rows))) == ["WK000301", "NL00"]


def incomes(rows: Mapping[str, tuple[float, int]]) -> Snapshot:
    """An own table of incomes, of areas with their income and inhabitants."""
    column = "income_per_inhabitant"
    frame = table({code: income for code, (income, _) in rows.items()}, column).frame
    frame = frame.with_columns(pl.lit(0, pl.UInt8).alias(f"{column}~"))
    return Snapshot(origin=ORIGIN, frame=frame, keys={column: "i"})


def living(rows: Mapping[str, tuple[float, int]]) -> pl.DataFrame:
    return snapshot(2020, [{"area": code, "population": n} for code, (_, n) in rows.items()]).frame


def hidden_incomes(found: Snapshot) -> list[str]:
    secret = pl.col("income_per_inhabitant~") == int(Status.SECRET)
    return found.frame.filter(secret)["area"].to_list()


def secret_means(rows: Mapping[str, tuple[float, int]]) -> list[str]:
    """Areas of which the income is hidden."""
    return hidden_incomes(hide_small(incomes(rows), official=[living(rows)]))


SMALL, LARGE = {"BU16800909": (99.5, 5)}, {"BU16800900": (31.2, 125)}
WIJK = {"WK168009": (33.8, 130)}


def test_the_mean_of_a_few_is_not_left_by_the_mean_of_their_wijk() -> None:
    """130 people of 33.8 and 125 of 31.2 leave 98.8 for the other five."""
    assert secret_means(SMALL | LARGE | WIJK) == ["BU16800909", "BU16800900"]
    assert secret_means(SMALL | LARGE) == ["BU16800909"]  # nothing tells it
    assert secret_means(LARGE | WIJK) == []
    third, wijk = {"BU16800901": (30.0, 400)}, {"WK168009": (33.8, 530)}
    assert secret_means(SMALL | LARGE | third | wijk) == ["BU16800909", "BU16800900"]
    assert secret_means(SMALL | WIJK) == ["BU16800909"]  # of the other 125 nobody tells
    assert secret_means(SMALL | {"WK168009": (99.0, 5)}) == ["BU16800909", "WK168009"]


def test_twin_beside_the_wijk_and_the_other_buurt_the_mean_of_five_people_was_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disclosure, "_with_other_means", lambda _frame, _column, few, *_: few)
    found = hide_small(incomes(SMALL | LARGE | WIJK), official=[living(SMALL | LARGE | WIJK)])
    shown = dict(found.frame.select("area", "income_per_inhabitant").drop_nulls().iter_rows())
    assert hidden_incomes(found) == ["BU16800909"]
    known = 130 * shown["WK168009"] - 125 * shown["BU16800900"]
    assert known / 5 == pytest.approx(99.5, rel=0.01)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_nor_by_the_mean_of_their_wijk_in_another_table_in_whatever_order(
    order: tuple[int, ...],
) -> None:
    """Three tables, of a buurt, of the other buurt and of the wijk, each beside the others,
    again and again: as every publication does until nothing changes."""
    everyone = [living(SMALL | LARGE | WIJK)]
    tables = [incomes(rows) for rows in (SMALL, LARGE, WIJK)]
    for at in order * 3:
        others = [one.frame for n, one in enumerate(tables) if n != at]
        tables[at] = hide_small(tables[at], others, everyone)
    assert [hidden_incomes(one) for one in tables] in (
        [["BU16800909"], ["BU16800900"], []], [["BU16800909"], [], ["WK168009"]],
    )  # fmt: skip


def test_beside_a_wijk_of_cbs_the_other_buurt_is_hidden_where_it_is_ours() -> None:
    cbs = incomes(WIJK).frame.join(living(WIJK), on=("area", "year"), how="inner")
    people = living(SMALL | LARGE)
    assert hidden_incomes(hide_small(incomes(SMALL | LARGE), official=[cbs, people])) == [
        "BU16800909", "BU16800900"
    ]  # fmt: skip
    theirs = incomes(LARGE | WIJK).frame.join(living(LARGE | WIJK), on=("area", "year"))
    told = hide_small(incomes(SMALL), official=[theirs, living(SMALL)])
    assert hidden_incomes(told) == ["BU16800909"]  # what CBS tells is told


def test_two_hidden_means_of_fewer_than_ten_people_together_take_a_third() -> None:
    rows = {"BU16800901": (99.0, 4), "BU16800902": (80.0, 3), "BU16800903": (30.0, 60),
            "BU16800904": (31.0, 70), "WK168009": (34.0, 137)}  # fmt: skip
    assert secret_means(rows) == ["BU16800901", "BU16800902", "BU16800903"]
    rows["BU16800902"] = (80.0, 6)
    assert secret_means(rows) == ["BU16800901", "BU16800902"]


def test_a_wijk_that_is_hidden_for_its_buurt_is_not_left_by_the_gemeente() -> None:
    rows = {"WK168009": (33.8, 5), "WK168001": (30.0, 900), "WK168002": (31.0, 950),
            "GM1680": (31.0, 1855)}  # fmt: skip
    assert secret_means(rows) == ["WK168009", "WK168001"]
