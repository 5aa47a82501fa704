# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A few of each drill of ``make faults``, so that what it shows also holds in every test run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import run


@pytest.fixture(scope="module")
def at() -> Iterator[run.Scene]:
    with run.scene() as made:
        yield made


def test_a_load_that_is_killed_leaves_what_was_in_use_whole(at: run.Scene) -> None:
    assert run.killed(at, 3)


def test_two_loads_at_once_are_both_in_the_release(at: run.Scene) -> None:
    assert run.two_at_once(at, 1)


def test_a_service_that_stops_half_way_changes_nothing_and_is_read_on_from_there(
    at: run.Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WIJKECONOMIE_CBS_V4", "WIJKECONOMIE_CBS_API"):
        monkeypatch.setenv(name, "")  # the drill sets them, and they are set back after it
    assert run.service_stops(at)


def test_of_fifty_at_one_day_of_a_shop_one_has_it(at: run.Scene) -> None:
    """Over HTTP on PostgreSQL; without the guard two have it."""
    assert run.shop_day(at, 3)


def test_when_many_cancel_who_waits_is_offered_a_seat_in_turn(at: run.Scene) -> None:
    assert run.cancel_storm(at, 20)


def test_who_registers_for_a_job_market_is_there_once_whatever_is_killed(at: run.Scene) -> None:
    assert run.fair_rush(at, 20)


def test_without_its_guard_a_seat_at_a_talk_is_given_to_more_than_one(at: run.Scene) -> None:
    assert run.fair_twin(at, 10)


def test_the_drill_counts_a_release_that_is_not_whole(at: run.Scene) -> None:
    """The twin: a byte that changed is seen, so that the drills can fail."""
    data = at.fresh()
    assert at.is_whole(data)
    (folder,) = (data / "releases").iterdir()
    with (folder / "by_area.arrow").open("r+b") as file:
        file.seek(-40, 2)
        file.write(b"x")
    assert not at.is_whole(data)
