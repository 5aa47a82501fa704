# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counts of a few people are hidden, and no total gives them away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tests.figures.making import origin, snapshot
from wijkeconomie.figures import store
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


def test_unguarded_the_inhabitants_less_the_count_are_the_three() -> None:
    """The twin: without the inhabitants the count says nothing of who is not in it."""
    assert hidden({"BU05180001": 1462.0}) == []
    assert 1465 - 1462 == 3


def test_what_is_hidden_belongs_to_the_format_of_what_is_kept() -> None:
    """A kept own table is not hidden again, so a change of the rules needs a new ``FORMAT``: raise
    it when this changes, else what was kept before stays as it was hidden then."""
    rows = [
        {"area": "WK051800", "population": 1500, "men": 1495, "women": 5, "job_seekers": 48,
         SHARE: 99.8},
        {"area": "BU05180001", "population": 700, "men": 350, "women": 350, "job_seekers": 3,
         SHARE: 0.1},
        {"area": "BU05180002", "population": 800, "men": 400, "women": 400, "job_seekers": 45,
         SHARE: 50.0},
    ]  # fmt: skip
    frame = hide_small(snapshot(2020, rows)).frame
    shown = {name: frame[name].is_not_null().to_list() for name in rows[0] if name != "area"}
    assert (store.FORMAT, shown) == (4, {
        "population": [True, True, True], "men": [False, False, True],
        "women": [False, False, True], "job_seekers": [True, False, False],
        SHARE: [False, False, True],
    })  # fmt: skip


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
    assert hidden({**rows, "WK051800": 43.0, "BU05180002": 2.0}) == ["BU05180001", "BU05180002"]


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


@given(st.data())
def test_no_hidden_count_can_be_worked_out_from_any_sums(data: st.DataObject) -> None:
    """Against linear algebra: of what is published, no hidden count has only one solution."""
    areas = [f"BU0518{wijk:02}{buurt:02}" for wijk in range(3) for buurt in range(3)]
    counts = {area: float(data.draw(st.sampled_from([0, 1, 2, 7, 12, 40]))) for area in areas}
    wijken = {
        f"WK0518{n:02}": sum(counts[a] for a in areas if a[6:8] == f"{n:02}") for n in range(3)
    }
    whole = {"GM0518": sum(counts.values())}
    kept = data.draw(st.sampled_from([wijken | whole, wijken, whole, {}]))
    out = hidden({**kept, **counts})
    assert {area for area, n in counts.items() if 0 < n < 10} <= set(out)
    assert not [area for area in out if _is_told(area, out, kept)]


def _is_told(area: str, out: list[str], kept: Mapping[str, float]) -> bool:
    """Whether the sums of the wijken and the gemeente that are *kept* fix this hidden count."""
    wijken = [(code, "BU" + code[2:]) for code in kept if code.startswith("WK")]
    of_gemeente = [("GM0518", "BU"), *([("GM0518", "WK")] if wijken else [])]
    rows = []
    for whole, inside in [*wijken, *(of_gemeente if "GM0518" in kept else [])]:
        signs = (-1.0 if n == whole else 1.0 if n.startswith(inside) else 0.0 for n in out)
        rows.append(np.array(list(signs)))
    sums = np.array([row for row in rows if row.any()]).reshape(-1, len(out))
    unit = np.eye(len(out))[out.index(area)]
    return int(np.linalg.matrix_rank(sums)) == int(np.linalg.matrix_rank(np.vstack([sums, unit])))


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


def test_a_share_that_is_about_all_but_a_few_is_hidden() -> None:
    found = shares({"BU05180001": 99.8, "BU05180102": 100.0}, people=dict.fromkeys(
        ("BU05180001", "BU05180102"), 1465.0))  # fmt: skip
    assert secret(found) == ["BU05180001"]  # three are not in it; that all are is no count of few


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
