# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of bringing an earlier year to later boundaries."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.figures.making import frame
from wijkeconomie.figures.boundary import Grounds
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import registry

COLUMNS = registry().columns


def merged(year: int, rows: list[dict[str, object]]) -> pl.DataFrame:
    made = frame(year, rows, default=Status.SECRET).drop("year")
    names = [c for c in made.columns if c in COLUMNS]
    return made.with_columns(*(pl.lit(0, pl.UInt16).alias(n + "^") for n in names))


def crosswalk(*rows: tuple[str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["new", "old", "addresses"], orient="row")


def cell(moved: pl.DataFrame, area: str, column: str) -> tuple[float | None, Status]:
    value, status = moved.filter(area=area).select(column, column + "~").row(0)
    return value, Status(status)


OLD = [
    {"area": "WK000101", "population": 100.0, "social_minimum_share": 10.0, "households": 50.0,
     "median_wealth": 40.0},
    {"area": "WK000102", "population": 300.0, "social_minimum_share": 20.0, "households": 150.0,
     "median_wealth": 80.0},
]  # fmt: skip
NEW = [{"area": "WK000109", "population": 400.0}]


def test_a_count_moves_by_the_share_of_addresses() -> None:
    new = [{"area": "WK000101", "population": 1.0}, {"area": "WK000103", "population": 1.0}]
    shares = crosswalk(("WK000101", "WK000101", 75.0), ("WK000103", "WK000101", 25.0))
    walks = {("wijk", 2019, 2020): shares}
    moved = Grounds({2019: merged(2019, OLD), 2020: merged(2020, new)}).to_year(
        2020, walks, COLUMNS
    )
    assert cell(moved[2019], "WK000101", "population") == (75.0, Status.APPORTIONED)
    assert cell(moved[2019], "WK000103", "population") == (25.0, Status.APPORTIONED)


@pytest.mark.parametrize(
    ("kept", "expected"),
    [(90.0, Status.MOVED), (89.0, Status.APPORTIONED), (10.0, Status.APPORTIONED)],
)
def test_a_figure_of_which_more_than_a_tenth_lies_outside_the_area_is_apportioned(
    kept: float, expected: Status
) -> None:
    shares = crosswalk(("WK000101", "WK000101", kept), ("WK000103", "WK000101", 100.0 - kept))
    new = [{"area": "WK000101", "population": 1.0}, {"area": "WK000103", "population": 1.0}]
    frames = {2019: merged(2019, OLD[:1]), 2020: merged(2020, new)}
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): shares}, COLUMNS)[2019]
    assert cell(moved, "WK000101", "social_minimum_share") == (10.0, expected)
    assert cell(moved, "WK000101", "population") == (kept, expected)


def test_a_merged_share_is_rebuilt_from_numerator_and_denominator() -> None:
    shares = crosswalk(("WK000109", "WK000101", 10.0), ("WK000109", "WK000102", 10.0))
    frames = {2019: merged(2019, OLD), 2020: merged(2020, NEW)}
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): shares}, COLUMNS)[2019]
    assert cell(moved, "WK000109", "households") == (200.0, Status.MOVED)
    assert cell(moved, "WK000109", "social_minimum_share") == (17.5, Status.MOVED)


def test_a_share_of_nobody_is_missing_after_a_merger_and_not_a_number_of_nothing() -> None:
    old = [{**row, "households": 0.0} for row in OLD]
    shares = crosswalk(("WK000109", "WK000101", 10.0), ("WK000109", "WK000102", 10.0))
    frames = {2019: merged(2019, old), 2020: merged(2020, NEW)}
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): shares}, COLUMNS)[2019]
    assert cell(moved, "WK000109", "households") == (0.0, Status.MOVED)
    assert cell(moved, "WK000109", "social_minimum_share") == (None, Status.BOUNDARY)


def test_a_median_cannot_be_rebuilt_and_says_so() -> None:
    shares = crosswalk(("WK000109", "WK000101", 10.0), ("WK000109", "WK000102", 10.0))
    frames = {2019: merged(2019, OLD), 2020: merged(2020, NEW)}
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): shares}, COLUMNS)[2019]
    assert cell(moved, "WK000109", "median_wealth") == (None, Status.BOUNDARY)


def test_the_density_of_addresses_is_rebuilt_from_the_addresses_that_moved() -> None:
    """CBS: the mean over all addresses of the density around each.  A wijk of 300 addresses at 2000
    and 100 at 6000 has 3000; by their people it would be 5000."""
    old = [
        {"area": "WK000101", "population": 100.0, "address_density": 2000.0},
        {"area": "WK000102", "population": 300.0, "address_density": 6000.0},
    ]
    shares = crosswalk(("WK000109", "WK000101", 300.0), ("WK000109", "WK000102", 100.0))
    frames = {2019: merged(2019, old), 2020: merged(2020, NEW)}
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): shares}, COLUMNS)[2019]
    assert cell(moved, "WK000109", "address_density") == (3000.0, Status.MOVED)
    halves = crosswalk(("WK000103", "WK000102", 50.0), ("WK000104", "WK000102", 50.0))
    new = [{"area": f"WK00010{n}", "population": 1.0} for n in (1, 3, 4)]
    frames = {2019: merged(2019, old), 2020: merged(2020, new)}
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): halves}, COLUMNS)[2019]
    assert cell(moved, "WK000101", "address_density") == (2000.0, Status.OK)
    for part in ("WK000103", "WK000104"):
        assert cell(moved, part, "address_density") == (6000.0, Status.APPORTIONED)


def test_a_part_without_a_density_of_addresses_makes_none() -> None:
    old = [
        {"area": "WK000101", "population": 100.0, "address_density": 2000.0},
        {"area": "WK000102", "population": 300.0, "address_density": None},
    ]
    shares = crosswalk(("WK000109", "WK000101", 300.0), ("WK000109", "WK000102", 100.0))
    frames = {2019: merged(2019, old), 2020: merged(2020, NEW)}
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): shares}, COLUMNS)[2019]
    assert cell(moved, "WK000109", "address_density") == (None, Status.SECRET)


def test_a_secret_part_makes_the_whole_secret_never_smaller() -> None:
    old = [{**OLD[0], "population": None}, OLD[1]]
    shares = crosswalk(("WK000109", "WK000101", 10.0), ("WK000109", "WK000102", 10.0))
    frames = {2019: merged(2019, old), 2020: merged(2020, NEW)}
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): shares}, COLUMNS)[2019]
    assert cell(moved, "WK000109", "population") == (None, Status.SECRET)


def test_one_stray_address_does_not_make_an_area_changed() -> None:
    new = [{"area": "WK000101", "population": 1.0}, {"area": "WK000102", "population": 1.0}]
    shares = crosswalk(
        ("WK000101", "WK000101", 7402.0), ("WK000102", "WK000101", 1.0),
        ("WK000102", "WK000102", 9000.0),
    )  # fmt: skip
    frames = {2019: merged(2019, OLD), 2020: merged(2020, new)}
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): shares}, COLUMNS)[2019]
    assert cell(moved, "WK000101", "population") == (100.0, Status.OK)
    assert cell(moved, "WK000102", "population") == (300.0, Status.OK)


@pytest.mark.parametrize(
    ("change", "name", "expected"),
    [
        ("1", "Oost", (10.0, Status.OK)),
        ("1", "Nieuwe naam", (10.0, Status.OK)),
        ("3", "Oost", (None, Status.BOUNDARY)),
        (None, "Oost", (10.0, Status.OK)),
        (None, "Andere wijk", (None, Status.BOUNDARY)),  # a code that was used again
    ],
)
def test_a_buurt_is_followed_by_the_change_word_and_else_by_its_name(
    change: str | None, name: str, expected: tuple[float | None, Status]
) -> None:
    old = [{"area": "BU00010101", "name": "Oost", "population": 10.0}]
    new = [{"area": "BU00010101", "name": name, "change": change, "population": 11.0}]
    moved = Grounds({2019: merged(2019, old), 2020: merged(2020, new)}).to_year(2020, {}, COLUMNS)
    assert cell(moved[2019], "BU00010101", "population") == expected


def test_a_buurt_with_a_new_code_on_the_same_ground_is_found_by_its_name() -> None:
    old = [{"area": "BU00010101", "name": "Oost", "population": 10.0}]
    new = [{"area": "BU00010207", "name": "Oost", "change": "2", "population": 11.0}]
    moved = Grounds({2019: merged(2019, old), 2020: merged(2020, new)}).to_year(2020, {}, COLUMNS)
    assert cell(moved[2019], "BU00010207", "population") == (10.0, Status.OK)


ERMELO = {"area": "BU02330003", "name": "Veldwijk", "population": 1915.0, "area_total": 90.0}
ACROSS_YEARS = [
    ("Ermelo - Zuid", 90.0, (None, Status.BOUNDARY)),  # the code was used again
    ("Veldwijk", 90.0, (1915.0, Status.OK)),
    ("Wijk 03 Veldwijk", 90.0, (1915.0, Status.OK)),  # what years write differently
    ("Veld-Wijk (Gld.)", 90.0, (1915.0, Status.OK)),
    ("Veldwijk", None, (1915.0, Status.OK)),
    ("Veldwijk", 95.0, (None, Status.BOUNDARY)),  # more than 5 % and 2 ha: other ground
    ("Veldwijk", 94.0, (1915.0, Status.OK)),
]


def ermelo_in_2024(name: str, hectares: float | None) -> dict[str, object]:
    new = {**ERMELO, "name": name, "change": "1", "population": 6555.0, "area_total": hectares}
    return {k: v for k, v in new.items() if v is not None}


@pytest.mark.parametrize(("name", "hectares", "expected"), ACROSS_YEARS)
def test_unchanged_says_nothing_of_years_that_are_not_loaded(
    name: str, hectares: float | None, expected: tuple[float | None, Status]
) -> None:
    new = ermelo_in_2024(name, hectares)
    moved = Grounds({2020: merged(2020, [ERMELO]), 2024: merged(2024, [new])}).to_year(
        2024, {}, COLUMNS
    )
    assert cell(moved[2020], "BU02330003", "population") == expected


@pytest.mark.parametrize(
    ("people", "hectares", "expected"),
    [
        (110.0, None, (None, Status.BOUNDARY)),  # as BU01411209 of 2020 and 2024
        (600.0, None, (1145.0, Status.OK)),
        (110.0, 90.0, (1145.0, Status.OK)),  # the same ground, of which the homes are gone
    ],
    ids=["cut", "the twin: half stayed", "the twin: the surface is known"],
)
def test_a_buurt_that_most_left_is_followed_only_where_its_surface_stayed(
    people: float, hectares: float | None, expected: tuple[float | None, Status]
) -> None:
    old = {**ERMELO, "population": 1145.0}
    new = {**ermelo_in_2024("Veldwijk", hectares), "population": people}
    moved = Grounds({2020: merged(2020, [old]), 2024: merged(2024, [new])}).to_year(
        2024, {}, COLUMNS
    )
    assert cell(moved[2020], "BU02330003", "population") == expected


@pytest.mark.parametrize(
    ("before", "expected"), [(2023, (1915.0, Status.OK)), (2022, (None, Status.BOUNDARY))]
)
def test_unchanged_is_said_of_one_year_and_no_more(
    before: int, expected: tuple[float | None, Status]
) -> None:
    new = ermelo_in_2024("Ermelo - Zuid", 90.0)
    frames = {before: merged(before, [ERMELO]), 2024: merged(2024, [new])}
    moved = Grounds(frames).to_year(2024, {}, COLUMNS)
    assert cell(moved[before], "BU02330003", "population") == expected


def test_unchanged_alone_would_give_ermelo_zuid_the_figures_of_a_care_institution() -> None:
    """The twin: the word taken for all the years between; it is true from one year to the next."""
    new = ermelo_in_2024("Ermelo - Zuid", None)
    moved = Grounds({2023: merged(2023, [ERMELO]), 2024: merged(2024, [new])}).to_year(
        2024, {}, COLUMNS
    )
    assert cell(moved[2023], "BU02330003", "population") == (1915.0, Status.OK)


def test_a_file_of_one_gemeente_between_does_not_close_the_gap_of_the_others() -> None:
    country = {"area": "NL00", "name": "Nederland", "population": 99.0}
    others = [{"area": f"GM000{n}", "name": f"G{n}", "population": 9.0} for n in range(1, 5)]
    frames = {
        2020: merged(2020, [country, *others, ERMELO]),
        2023: merged(2023, [others[0]]),
        2024: merged(2024, [country, *others, ermelo_in_2024("Ermelo - Zuid", None)]),
    }
    moved = Grounds(frames).to_year(2024, {}, COLUMNS)[2020]
    assert cell(moved, "BU02330003", "population") == (None, Status.BOUNDARY)


SHIFTED = [
    ("BU00010101", "Beta", "2", (80.0, Status.OK)),
    ("BU00010104", "Alpha", "2", (10.0, Status.OK)),
    ("BU00010103", "Gamma", "1", (30.0, Status.OK)),
]


def shifted(old: list[tuple[str, str, float]], new: list[tuple[str, ...]]) -> pl.DataFrame:
    """The figures of 2019 on the areas of 2020: the row of every area."""
    then = [{"area": a, "name": n, "population": p} for a, n, p in old]
    now = [{"area": a, "name": n, "change": c, "population": 1.0} for a, n, c in new]
    frames = {2019: merged(2019, then), 2020: merged(2020, now)}
    return Grounds(frames).to_year(2020, {}, COLUMNS)[2019]


BEFORE = [
    ("BU00010101", "Alpha", 10.0),
    ("BU00010102", "Beta", 80.0),
    ("BU00010103", "Gamma", 30.0),
]


def test_an_area_whose_code_another_took_over_keeps_its_history() -> None:
    """CBS moves codes up: Beta has that of Alpha now, and Alpha a new one."""
    moved = shifted(BEFORE, [row[:3] for row in SHIFTED])
    for code, _, _, expected in SHIFTED:
        assert cell(moved, code, "population") == expected


def test_an_area_that_is_still_there_under_its_code_gives_its_history_to_no_other() -> None:
    """Alpha was drawn again and has its code; another Alpha is not the one of before.  The twin:
    of two that say they are the one that went away neither is."""
    still = [("BU00010101", "Alpha", "3"), ("BU00010104", "Alpha", "2")]
    moved = shifted(BEFORE, still)
    assert cell(moved, "BU00010104", "population") == (None, Status.BOUNDARY)
    twice = [("BU00010104", "Alpha", "2"), ("BU00010105", "Alpha", "2")]
    moved = shifted(BEFORE, twice)
    assert cell(moved, "BU00010104", "population") == (None, Status.BOUNDARY)


def test_a_later_figure_goes_to_the_ground_of_then_though_its_code_is_on_other_ground_now() -> None:
    """Alpha's code is of a new area: of the two rows for that code Alpha's own counts."""
    then = [{"area": "BU00010101", "name": "Alpha", "population": 10.0}]
    now = [
        {"area": "BU00010101", "name": "New", "change": "3", "population": 99.0},
        {"area": "BU00010104", "name": "Alpha", "change": "2", "population": 11.0},
    ]
    moved = Grounds({2019: merged(2019, then), 2020: merged(2020, now)}).to_year(2019, {}, COLUMNS)[
        2020
    ]
    assert cell(moved, "BU00010101", "population") == (11.0, Status.OK)


@pytest.mark.parametrize(("small", "expected"), [(60.0, Status.MOVED), (20.0, Status.APPORTIONED)])
def test_how_much_of_a_figure_lies_outside_is_of_all_its_addresses(
    small: float, expected: Status
) -> None:
    """Ten of the 140 (60) addresses behind it lie elsewhere, whichever part is the largest."""
    old = [{"area": f"WK00010{n}", "population": 100.0} for n in (1, 2, 3)]
    new = [{"area": a, "population": 1.0} for a in ("WK000108", "WK000109")]
    walk = crosswalk(
        ("WK000109", "WK000101", 20.0),
        ("WK000108", "WK000101", 20.0),
        ("WK000109", "WK000102", small),
        ("WK000109", "WK000103", small),
    )
    frames = {2019: merged(2019, old), 2020: merged(2020, new)}
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): walk}, COLUMNS)[2019]
    assert cell(moved, "WK000109", "population") == (250.0, expected)


def test_what_code_an_area_had_is_told_of_earlier_and_later_years_and_of_divisions() -> None:
    then = merged(2019, [{"area": "BU00010102", "name": "Beta", "population": 80.0}])
    now = merged(2020, [{"area": "BU00010101", "name": "Beta", "change": "2", "population": 81.0}])
    frames = {2019: then, 2020: now}
    found = Grounds(frames).recoded({2019: {2018: then}}, 2020, ())
    assert found.rows() == [
        (False, 2019, "BU00010101", "BU00010102"), (True, 2019, "BU00010101", "BU00010102"),
    ]  # fmt: skip
    assert Grounds(frames).recoded({2020: {2018: now}}, 2019, ()).rows() == [
        (False, 2020, "BU00010102", "BU00010101"), (True, 2020, "BU00010102", "BU00010101"),
    ]  # fmt: skip
    assert Grounds(frames).recoded({}, 2020, [("buurt", 2019, 2020)]).rows() == []


def test_a_rebuilt_share_weighs_each_part_by_those_of_it_who_live_here() -> None:
    """Of the thousand of Old a tenth lives here, with the hundred of Small: 100 × 5 % and
    100 × 25 % of 200."""
    old = [
        {"area": "WK000101", "population": 1000.0, "poverty_persons_share": 5.0},
        {"area": "WK000102", "population": 100.0, "poverty_persons_share": 25.0},
    ]
    new = [
        {"area": a, "population": 1.0, "poverty_persons_share": 1.0}
        for a in ("WK000108", "WK000109")
    ]
    walk = crosswalk(
        ("WK000109", "WK000101", 10.0),
        ("WK000108", "WK000101", 90.0),
        ("WK000109", "WK000102", 10.0),
    )
    frames = {2019: merged(2019, old), 2020: merged(2020, new)}
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): walk}, COLUMNS)[2019]
    value, status = cell(moved, "WK000109", "poverty_persons_share")
    assert (value, status) == (pytest.approx(15.0), Status.APPORTIONED)
    assert cell(moved, "WK000109", "population")[0] == pytest.approx(200.0)
    unweighed = (1000.0 * 5.0 + 100.0 * 25.0) / 1100.0  # the twin: all of Old as if it lived here
    assert unweighed == pytest.approx(6.82, abs=0.01)


def test_two_old_buurten_of_one_name_are_not_guessed_between() -> None:
    old = [
        {"area": "BU00010101", "name": "Oost", "population": 10.0},
        {"area": "BU00010102", "name": "Oost", "population": 90.0},
    ]
    new = [{"area": "BU00010207", "name": "Oost", "change": "2", "population": 11.0}]
    moved = Grounds({2019: merged(2019, old), 2020: merged(2020, new)}).to_year(2020, {}, COLUMNS)
    assert cell(moved[2019], "BU00010207", "population") == (None, Status.BOUNDARY)


def test_a_change_in_a_year_between_cuts_the_years_before_it() -> None:
    def year(y: int, change: str, people: float) -> pl.DataFrame:
        return merged(y, [{"area": "BU00010101", "change": change, "population": people}])

    frames = {2018: year(2018, "1", 1.0), 2019: year(2019, "3", 2.0), 2020: year(2020, "1", 3.0)}
    moved = Grounds(frames).to_year(2020, {}, COLUMNS)
    assert cell(moved[2018], "BU00010101", "population") == (None, Status.BOUNDARY)
    assert cell(moved[2019], "BU00010101", "population") == (2.0, Status.OK)


@given(
    st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), min_size=1, max_size=8),
    st.lists(st.integers(0, 5000), min_size=8, max_size=8),
)
def test_moving_counts_keeps_their_total(
    addresses: list[tuple[int, int]], people: list[int]
) -> None:
    old = [{"area": f"WK0001{i:02}", "population": float(people[i])} for i in range(len(addresses))]
    new = [{"area": "WK000190", "population": 1.0}, {"area": "WK000191", "population": 1.0}]
    walk = crosswalk(
        *(("WK000190", f"WK0001{i:02}", float(a)) for i, (a, _) in enumerate(addresses)),
        *(("WK000191", f"WK0001{i:02}", float(b)) for i, (_, b) in enumerate(addresses)),
    )
    frames = {2019: merged(2019, old), 2020: merged(2020, new)}
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): walk}, COLUMNS)[2019]
    total = moved.filter(pl.col("area").is_in(["WK000190", "WK000191"]))["population"].sum()
    assert total == pytest.approx(sum(row["population"] for row in old), rel=1e-12)


def test_a_file_of_one_gemeente_does_not_end_the_others() -> None:
    old = [{"area": "BU00010101", "name": "Oost", "population": 10.0}]
    new = [{"area": "BU00020101", "name": "West", "population": 20.0}]
    moved = Grounds({2019: merged(2019, old), 2020: merged(2020, new)}).to_year(2020, {}, COLUMNS)
    assert moved[2019]["area"].to_list() == ["BU00010101"]
    assert cell(moved[2019], "BU00010101", "population") == (10.0, Status.OK)


@pytest.mark.parametrize(("covered", "expected"), [(2, "boundary"), (1, None)])
def test_a_year_is_national_with_the_country_and_half_of_the_gemeenten_of_the_fullest(
    covered: int, expected: str | None
) -> None:
    """Of a national year an area without a row lost its boundary; of less nothing is known: two
    gemeenten and the country (three codes) are half of six, one and the country are not."""
    country = {"area": "NL00", "name": "Nederland", "population": 99.0}
    everyone = [{"area": f"GM000{n}", "name": f"G{n}", "population": 9.0} for n in range(1, 6)]
    new = {"area": "BU00010109", "name": "Nieuw", "change": "3", "population": 3.0}
    frames = {
        2019: merged(2019, [country, *everyone[5 - covered :]]),
        2020: merged(2020, [country, *everyone, new]),
    }
    moved = Grounds(frames).to_year(2020, {}, COLUMNS)[2019]
    found = moved.filter(area="BU00010109")["population~"].to_list()
    assert [Status(status).label for status in found] == ([expected] if expected else [])


AREAS = {
    year: [
        {"area": "GM0637", "name": "Zoetermeer", "change": "1", "population": 9.0},
        {"area": "WK063701", "name": "Centrum", "change": "1", "population": 9.0},
        {"area": "WK063705", "name": name, "change": change, "population": 9.0},
    ]
    for year, name, change in ((2024, "Rokkeveen", "1"), (2025, "Meerzicht", "3"))
}
SCORES = [
    {"area": "GM0637", "name": "Zoetermeer", "ses_score": 0.1},
    {"area": "WK063701", "name": "Centrum", "ses_score": 0.2},
    {"area": "WK063705", "name": "Meerzicht", "ses_score": -0.3},
]


def on_2024(frames: dict[int, pl.DataFrame]) -> pl.DataFrame:
    """The scores of 2016, given on the areas of 2025, on those of 2024."""
    parts = {2016: merged(2016, SCORES)}
    return Grounds(frames).from_division(parts, 2025, 2024, {}, COLUMNS)[2016]


@pytest.mark.parametrize("known", [(2024,), (2024, 2025)])
def test_a_code_that_was_given_to_other_ground_takes_no_figure_back_in_time(
    known: tuple[int, ...],
) -> None:
    moved = on_2024({year: merged(year, AREAS[year]) for year in known})
    assert cell(moved, "WK063701", "ses_score") == (0.2, Status.OK)
    assert cell(moved, "WK063705", "ses_score") == (None, Status.BOUNDARY)


def test_a_code_alone_would_give_rokkeveen_the_score_of_meerzicht() -> None:
    """The twin: what joining on the code does."""
    joined = merged(2024, AREAS[2024]).join(merged(2016, SCORES), on="area")
    assert joined.filter(name="Rokkeveen")["ses_score"].item() == -0.3


def test_areas_of_the_same_year_need_no_moving() -> None:
    parts = {2016: merged(2016, SCORES)}
    moved = Grounds({2025: merged(2025, AREAS[2025])}).from_division(parts, 2025, 2025, {}, COLUMNS)
    assert cell(moved[2016], "WK063705", "ses_score") == (-0.3, Status.OK)


def test_counts_on_earlier_areas_move_on_by_addresses() -> None:
    crimes = [{"area": "WK000101", "name": "A", "shoplifting": 40.0}]
    new = [{"area": "WK000101", "name": "A", "change": "3", "population": 1.0},
           {"area": "WK000103", "name": "B", "change": "3", "population": 1.0}]  # fmt: skip
    shares = crosswalk(("WK000101", "WK000101", 75.0), ("WK000103", "WK000101", 25.0))
    walks = {("wijk", 2023, 2024): shares}
    frames = {2024: merged(2024, new)}
    moved = Grounds(frames).from_division({2015: merged(2015, crimes)}, 2023, 2024, walks, COLUMNS)[
        2015
    ]
    assert cell(moved, "WK000101", "shoplifting") == (30.0, Status.APPORTIONED)
    assert cell(moved, "WK000103", "shoplifting") == (10.0, Status.APPORTIONED)


# -- what a crosswalk of addresses says of an area
def walked(old: list[dict[str, object]], new: tuple[str, ...], walk: pl.DataFrame) -> pl.DataFrame:
    frames = {
        2019: merged(2019, old),
        2020: merged(2020, [{"area": code, "population": 1.0} for code in new]),
    }
    return Grounds(frames).to_year(2020, {("wijk", 2019, 2020): walk}, COLUMNS)[2019]


def test_an_area_that_took_in_another_is_changed_though_it_lost_nothing() -> None:
    walk = crosswalk(("WK000101", "WK000101", 1000.0), ("WK000101", "WK000102", 1000.0))
    moved = walked(OLD, ("WK000101",), walk)
    assert cell(moved, "WK000101", "population") == (400.0, Status.MOVED)
    assert cell(moved, "WK000101", "median_wealth") == (None, Status.BOUNDARY)


@pytest.mark.parametrize(("kept", "expected"), [
    (995.0, (99.5, Status.MOVED)), (996.0, (100.0, Status.OK)),
])  # fmt: skip
def test_an_area_that_keeps_995_of_1000_addresses_is_changed_and_with_one_more_is_not(
    kept: float, expected: tuple[float, Status]
) -> None:
    walk = crosswalk(
        ("WK000101", "WK000101", kept), ("WK000102", "WK000101", 1000.0 - kept),
        ("WK000102", "WK000102", 9000.0),
    )  # fmt: skip
    moved = walked(OLD, ("WK000101", "WK000102"), walk)
    assert cell(moved, "WK000101", "population") == expected


@pytest.mark.parametrize(("own", "changed"), [(995.0, True), (996.0, False)])
def test_an_area_of_which_995_of_1000_addresses_are_its_own_is_changed_and_with_one_more_is_not(
    own: float, changed: bool
) -> None:
    walk = crosswalk(
        ("WK000101", "WK000101", own), ("WK000101", "WK000102", 1000.0 - own),
        ("WK000102", "WK000102", 9000.0),
    )  # fmt: skip
    moved = walked(OLD, ("WK000101", "WK000102"), walk)
    value, status = cell(moved, "WK000101", "population")
    assert (value, status) == (
        (pytest.approx(100.0 + 300.0 * 5 / 9005), Status.MOVED) if changed else (100.0, Status.OK)
    )


def test_what_an_unchanged_area_got_by_a_stray_address_makes_no_second_row_of_it() -> None:
    walk = crosswalk(
        ("WK000101", "WK000101", 9990.0), ("WK000101", "WK000102", 5.0),
        ("WK000102", "WK000102", 5000.0),
    )  # fmt: skip
    moved = walked(OLD, ("WK000101", "WK000102"), walk)
    assert moved["area"].to_list() == ["WK000101", "WK000102"]
    assert cell(moved, "WK000101", "population") == (100.0, Status.OK)


def test_an_area_that_the_crosswalk_does_not_name_is_as_it_was() -> None:
    kept = {**OLD[0], "area": "WK000107", "population": 70.0}
    moved = walked([*OLD, kept], ("WK000109", "WK000107"), crosswalk(
        ("WK000109", "WK000101", 10.0), ("WK000109", "WK000102", 10.0)
    ))  # fmt: skip
    assert cell(moved, "WK000107", "population") == (70.0, Status.OK)


def test_a_code_that_the_crosswalk_gives_to_other_ground_is_not_as_it_was() -> None:
    """WK000107 had no address; now the code stands for ground of WK000101."""
    empty = {**OLD[0], "area": "WK000107", "population": 0.0}
    walk = crosswalk(("WK000107", "WK000101", 25.0), ("WK000101", "WK000101", 75.0))
    moved = walked([OLD[0], empty], ("WK000101", "WK000107"), walk)
    assert moved["area"].to_list() == ["WK000101", "WK000107"]
    assert cell(moved, "WK000107", "population") == (25.0, Status.APPORTIONED)


def test_on_earlier_areas_an_old_code_and_the_country_keep_what_is_theirs() -> None:
    frames = {
        2024: merged(2024, [{"area": "NL00", "name": "Nederland", "population": 9.0},
                            {"area": "WK000101", "name": "Oost", "population": 9.0}]),
        2025: merged(2025, [{"area": "NL00", "name": "Nederland", "population": 9.0},
                            {"area": "WK000105", "name": "Oost", "change": "2",
                             "population": 9.0},
                            {"area": "WK000106", "name": "Nieuw", "change": "3",
                             "population": 9.0}]),
    }  # fmt: skip
    given = {"NL00": 0.0, "WK000105": 0.4, "WK000106": 0.6}
    parts = {2016: merged(2016, [{"area": a, "ses_score": s} for a, s in given.items()])}
    moved = Grounds(frames).from_division(parts, 2025, 2024, {}, COLUMNS)[2016]
    assert moved["area"].to_list() == ["NL00", "WK000101"]
    assert cell(moved, "NL00", "ses_score") == (0.0, Status.OK)
    assert cell(moved, "WK000101", "ses_score") == (0.4, Status.OK)


@pytest.mark.parametrize(("here", "expected"), [("WK000101", ["WK000103"]), ("WK000901", [])])
def test_a_table_of_one_gemeente_says_of_no_other_that_its_boundary_changed(
    here: str, expected: list[str]
) -> None:
    country = {"area": "NL00", "name": "Nederland", "population": 99.0}
    others = [{"area": f"GM000{n}", "name": f"G{n}", "population": 9.0} for n in range(1, 7)]
    walk = crosswalk(("WK000102", "WK000101", 50.0), ("WK000103", "WK000101", 50.0))
    new = [{"area": f"WK00010{n}", "population": 1.0} for n in (2, 3)]
    frames = {
        2019: merged(2019, [{"area": here, "name": "A", "population": 100.0}]),
        2020: merged(2020, [country, *others, *new]),
    }
    moved = Grounds(frames).to_year(2020, {("wijk", 2019, 2020): walk}, COLUMNS)[2019]
    assert moved.filter(pl.col("area") == "WK000103")["area"].to_list() == expected


def test_a_part_of_an_area_weighs_in_a_share_by_the_part_of_its_people() -> None:
    """Ten per cent of 50 households, and 20 of 75 of the 150: 16 per cent of those 125."""
    walk = crosswalk(
        ("WK000109", "WK000101", 50.0), ("WK000109", "WK000102", 75.0),
        ("WK000108", "WK000102", 75.0),
    )  # fmt: skip
    moved = walked(OLD, ("WK000108", "WK000109"), walk)
    assert cell(moved, "WK000109", "households") == (125.0, Status.APPORTIONED)
    assert cell(moved, "WK000109", "social_minimum_share") == (16.0, Status.APPORTIONED)


@pytest.mark.parametrize(("wholes", "expected"), [(2, Status.MOVED), (1, Status.APPORTIONED)])
def test_what_lies_outside_is_held_against_the_addresses_of_all_parts(
    wholes: int, expected: Status
) -> None:
    """Twenty of the hundred addresses of one area came along, with areas of a hundred each that
    came whole: sixteen lie outside, by its share, of 220 or of 120."""
    old = [{**OLD[0], "area": f"WK00010{n}"} for n in range(1, wholes + 2)]
    walk = crosswalk(
        *(("WK000109", f"WK00010{n}", 100.0) for n in range(2, wholes + 2)),
        ("WK000109", "WK000101", 20.0), ("WK000108", "WK000101", 80.0),
    )  # fmt: skip
    moved = walked(old, ("WK000108", "WK000109"), walk)
    assert cell(moved, "WK000109", "population") == (100.0 * wholes + 20.0, expected)


def test_a_later_figure_of_ground_that_got_another_code_goes_before_what_has_its_code_now() -> None:
    """Oost became 05 in 2025; in 2026 its old code 01 stands for new ground."""
    oost, west = {"area": "WK000101", "name": "Oost"}, {"area": "WK000102", "name": "West"}
    recoded = {"area": "WK000105", "name": "Oost"}
    frames = {
        2024: merged(2024, [{**oost, "population": 9.0}, {**west, "population": 8.0}]),
        2025: merged(2025, [{**west, "change": "1", "population": 8.0},
                            {**recoded, "change": "2", "population": 9.0}]),
        2026: merged(2026, [{**west, "change": "1", "population": 8.0},
                            {**oost, "name": "Nieuw", "change": "3", "population": 1.0},
                            {**recoded, "change": "1", "population": 7.0}]),
    }  # fmt: skip
    moved = Grounds(frames).to_year(2024, {}, COLUMNS)[2026]
    assert moved["area"].to_list() == ["WK000101", "WK000102"]
    assert cell(moved, "WK000101", "population") == (7.0, Status.OK)
