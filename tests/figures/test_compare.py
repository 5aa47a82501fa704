# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A loss of rows is refused, a leap of a figure is held up for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from wijkeconomie.figures.compare import compare
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.snapshot import Origin, Snapshot

ORIGIN = Origin(
    publisher="CBS",
    table="T",
    title="T",
    version="1",
    read_at=datetime(2026, 1, 1, tzinfo=UTC),
    licence="CC BY 4.0",
    checksum="",
)


def table(
    figures: dict[str, float | None], year: int = 2020, column: str = "population"
) -> Snapshot:
    frame = pl.DataFrame(
        {
            "area": list(figures),
            "year": pl.Series([year] * len(figures), dtype=pl.Int16),
            column: pl.Series(list(figures.values()), dtype=pl.Float64),
        },
        schema_overrides={"area": pl.String},
    )
    return Snapshot(origin=ORIGIN, frame=frame, keys={column: "a"})


def many(count: int, gemeente: str = "0518") -> dict[str, float | None]:
    return {f"BU{gemeente}{number:04d}": 100.0 for number in range(count)}


def test_no_rows_are_refused_when_there_were_some() -> None:
    with pytest.raises(Refusal) as caught:
        compare(table({}), table(many(1400)))
    assert caught.value.text("nl").startswith(
        "De dienst gaf 0 rijen; vorige keer waren het er 1.400. Niet overgenomen."
    )


@pytest.mark.parametrize(("now", "refused"), [(100, False), (80, False), (79, True)])
def test_a_loss_of_over_a_fifth_is_refused(now: int, *, refused: bool) -> None:
    if refused:
        with pytest.raises(Refusal):
            compare(table(many(now)), table(many(100)))
    else:
        assert compare(table(many(now)), table(many(100))) == ()


def test_nothing_before_is_nothing_to_compare() -> None:
    assert compare(table(many(1)), None) == ()


def test_one_gemeente_is_compared_with_itself_only() -> None:
    old = table(many(100) | many(10, "0344") | {"NL00": 17e6})
    assert compare(table(many(10, "0344") | {"NL00": 17e6}), old) == ()
    with pytest.raises(Refusal):
        compare(table(many(5, "0344") | {"NL00": 17e6}), old)


def test_a_leap_names_area_figure_and_both_values() -> None:
    (notice,) = compare(table({"BU05181785": 522_000.0}), table({"BU05181785": 5220.0}, year=2019))
    assert notice.code == "value_jump"
    assert notice.text("nl").startswith("BU05181785: ")
    assert notice.text("nl").endswith("van 5.220 naar 522.000. Controleer voordat u publiceert.")


@pytest.mark.parametrize(
    ("before", "now", "held"),
    [
        (5220.0, 522_000.0, True),
        (522_000.0, 5220.0, True),
        (5220.0, 521_999.0, False),
        (5.0, 900.0, False),  # one rounding step: a new street
        (45.0, 4500.0, False),  # nine of them
        (50.0, 5000.0, True),
        (0.0, 900.0, False),
        (None, 900.0, False),
        (5220.0, None, False),
    ],
)
def test_a_leap_is_a_hundredfold_of_a_figure_that_was_more_than_rounding(
    before: float | None, now: float | None, *, held: bool
) -> None:
    notices = compare(table({"BU05181785": now}), table({"BU05181785": before}))
    assert bool(notices) is held


def test_shares_and_classes_do_not_leap() -> None:
    new, old = (table({"BU05181785": v}, column="theft") for v in (900.0, 1.0))
    assert compare(new, old) == ()


def test_many_leaps_are_counted_after_the_first_twenty() -> None:
    old = table(many(30))
    new = table(dict.fromkeys(many(30), 100_000.0))
    notices = compare(new, old)
    assert [n.code for n in notices] == ["value_jump"] * 20 + ["value_jumps_more"]
    assert notices[-1].fields == {"count": 10}


def test_a_table_of_fewer_years_is_compared_with_those_years_only() -> None:
    """Related tables of CBS keep one name over the years, and one asks for the newest."""
    both = table(many(100), 2019)
    both = replace(both, frame=pl.concat([both.frame, table(many(100)).frame]))
    assert compare(table(many(100)), both) == ()
    with pytest.raises(Refusal):
        compare(table(many(79)), both)


def test_a_year_that_comes_along_with_the_one_before_is_held_against_that() -> None:
    """A municipality sends one file that grows a year each time."""
    both = pl.concat(
        [
            table({"WK034401": jobs}, year, "jobs").frame
            for year, jobs in ((2019, 850.0), (2020, 86_000.0))
        ]
    )
    before = table({"WK034401": 850.0}, 2019, "jobs")
    (notice,) = compare(replace(before, frame=both), before)
    assert notice.code == "value_jump"
    assert notice.fields["now"] == 86000


def test_a_year_that_was_there_is_held_against_itself_and_not_against_the_last() -> None:
    """A person accepted the leap of 2020; 2019 stays what it was."""
    years = [table({"WK034401": v}, y, "jobs") for y, v in ((2019, 850.0), (2020, 86_000.0))]
    both = replace(years[0], frame=pl.concat(each.frame for each in years))
    assert compare(both, both) == ()


def test_a_year_that_was_not_there_is_held_against_the_last_of_the_same_area() -> None:
    years = [table({"WK034401": v}, y, "jobs") for y, v in ((2018, 85_000.0), (2019, 850.0))]
    before = replace(years[0], frame=pl.concat(each.frame for each in reversed(years)))
    (notice,) = compare(table({"WK034401": 85_000.0}, 2020, "jobs"), before)
    assert (notice.fields["before"], notice.fields["now"]) == (850, 85_000)


@pytest.mark.parametrize(("now", "refused"), [(80, False), (79, True)])
def test_a_file_of_the_next_year_is_compared_with_the_last_year_only(
    now: int, *, refused: bool
) -> None:
    """A file that held two years, and then one a year of the same name: nothing was lost."""
    before = table(many(100), 2018)
    before = replace(before, frame=pl.concat([before.frame, table(many(100), 2019).frame]))
    if not refused:
        assert compare(table(many(now), 2020), before) == ()
        return
    with pytest.raises(Refusal) as caught:
        compare(table(many(now), 2020), before)
    assert caught.value.notice.fields == {"now": 79, "before": 100}
