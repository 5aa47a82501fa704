# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is owed for a sponsored run."""

from __future__ import annotations

import pytest

from wijkeconomie.acting.sponsored import owed, read, written


@pytest.mark.parametrize(("cents", "rounds", "most", "said"), [
    (25, 12, None, 300), (25, 12, 300, 300), (25, 13, 300, 300), (25, 11, 300, 275),
    (25, 0, 300, 0), (25, None, 300, None), (33, 3, None, 99),
])  # fmt: skip
def test_what_is_owed_is_rounds_times_cents_and_never_more_than_was_promised(
    cents: int, rounds: int | None, most: int | None, said: int | None
) -> None:
    assert owed(cents, rounds, most) == said


def test_rounds_that_are_not_known_yet_are_not_nought() -> None:
    found = read("1 12\n2\n\n3: 0\n")
    assert found == {"1": 12, "2": None, "3": 0}
    assert read(written(found)) == found


@pytest.mark.parametrize(
    "line", ["een 3", "1 2 3", "0 4", "1 1001", "1001", "1 -2", "1 3\n1 4", ":", ";:"]
)
def test_a_line_that_is_none_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=line.splitlines()[-1]):
        read(line)
