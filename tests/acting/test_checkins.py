# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkeconomie.acting.checkins import Scan, clocks, merged, presences

DAY = datetime(2026, 5, 12, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def scan(nonce: str, minute: int, **given: Any) -> Scan:
    at = DAY + minute * MINUTE
    first: dict[str, Any] = {"device": "a", "badge": "1", "what": "in", "received": at,
                             "off": timedelta()}  # fmt: skip
    return Scan(nonce=nonce, at=at, **first | given)


def day_of(chance: random.Random, many: int = 30) -> list[Scan]:
    """Two tablets, eight badges."""
    return [
        scan(f"n{n}", chance.randrange(60), device=chance.choice("ab"),
             badge=str(chance.randrange(8)), what=chance.choice(("in", "in", "out", "stand")),
             stand=chance.choice(("", "s1", "s2")))
        for n in range(many)
    ]  # fmt: skip


def test_a_thousand_orders_with_parts_that_come_twice_give_one_result() -> None:
    chance = random.Random(7)
    scans = day_of(chance)
    first = merged(scans)
    for _ in range(1000):
        again = [*scans, *chance.sample(scans, 10)]
        chance.shuffle(again)
        cut = chance.randrange(len(again))
        found = merged(again[cut:], again[:cut])
        assert found == first
        assert presences(found) == presences(first)


_SCANS = st.lists(
    st.builds(
        scan, st.sampled_from([f"n{n}" for n in range(12)]), st.integers(0, 90),
        device=st.sampled_from("ab"), badge=st.sampled_from("123"),
        what=st.sampled_from(["in", "out", "stand"]),
        received=st.integers(0, 5).map(lambda n: DAY + n * MINUTE),
    ),
    max_size=20,
)  # fmt: skip


@given(_SCANS, _SCANS, _SCANS)
@settings(max_examples=300, deadline=None)
def test_putting_together_knows_no_order_no_parts_and_no_twice(
    one: list[Scan], two: list[Scan], three: list[Scan]
) -> None:
    assert merged(one, two) == merged(two, one)
    assert merged(merged(one, two), three) == merged(one, merged(two, three))
    assert merged(one, one) == merged(one)


def test_a_badge_that_two_tablets_scanned_came_once_and_both_scans_are_kept() -> None:
    here = presences(merged([scan("x", 5, device="a")], [scan("y", 3, device="b")]))["1"]
    assert (here.came, here.inside) == (DAY + 3 * MINUTE, True)
    assert [one.nonce for one in here.scans] == ["y", "x"]


def test_of_a_nonce_that_came_twice_the_first_that_was_received_counts() -> None:
    late = scan("x", 5, received=DAY + 9 * MINUTE)
    assert merged([late], [scan("x", 5)]) == merged([scan("x", 5)], [late]) == {scan("x", 5)}


@pytest.mark.parametrize(
    ("scans", "came", "inside", "stand"),
    [
        ([("in", 1)], 1, True, ""),
        ([("in", 1), ("out", 9)], 1, False, ""),
        ([("out", 9)], None, False, ""),
        ([("in", 1), ("out", 9), ("in", 20)], 1, True, ""),
        ([("stand", 4)], 4, True, "s4"),  # nobody saw them at the door
        ([("in", 1), ("stand", 4), ("stand", 2)], 1, True, "s4"),
    ],
)  # fmt: skip
def test_what_follows_from_the_scans_of_a_badge(
    scans: list[tuple[Any, int]], came: int | None, inside: bool, stand: str
) -> None:
    given = [scan(f"n{n}", minute, what=what, stand=f"s{minute}" if what == "stand" else "")
             for n, (what, minute) in enumerate(scans)]  # fmt: skip
    here = presences(given)["1"]
    assert here.came == (None if came is None else DAY + came * MINUTE)
    assert (here.inside, here.stand) == (inside, stand)


def test_a_tablet_whose_clock_is_off_is_named_with_how_much() -> None:
    scans = [scan("1", 1, off=timedelta(minutes=4)), scan("2", 2, device="b", off=-11 * MINUTE),
             scan("3", 3, device="b", off=6 * MINUTE)]  # fmt: skip
    assert clocks(scans) == {"b": -11 * MINUTE}
