# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Codes of pieces, numbers of products, and how what is sold is divided."""

from __future__ import annotations

import pytest

from wijkeconomie.acting import pieces
from wijkeconomie.figures.refusal import Refusal


def test_a_code_is_short_and_no_two_of_many_are_alike_or_follow_each_other() -> None:
    codes = [pieces.code() for _ in range(2_000)]
    assert (len(set(codes)), {len(one) for one in codes}) == (2_000, {9})
    assert codes != sorted(codes)
    assert set("".join(codes)) <= set(pieces.SIGNS)


def test_a_code_that_is_typed_over_is_read_as_it_was_meant() -> None:
    assert pieces.read(" AbC-2 3d ") == "abc23d"


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("4006381333931", "04006381333931"),  # a pencil, as in the example of EAN-13
        ("96385074", "00000096385074"),  # EAN-8
        ("036000291452", "00036000291452"),  # UPC-A
        ("0400 6381 3339 31", "04006381333931"),
    ],
)
def test_a_gtin_becomes_fourteen_digits(typed: str, whole: str) -> None:
    assert pieces.gtin(typed) == whole


@pytest.mark.parametrize("typed", ["4006381333932", "123", "", "40063813339ab", "٤٠٠٦٣٨١٣٣٣٩٣١"])
def test_a_number_that_is_no_gtin_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        pieces.gtin(typed)
    assert refused.value.notice.code == "gtin_wrong"


def test_every_digit_of_a_gtin_that_is_mistyped_is_noticed() -> None:
    good = "4006381333931"
    for place in range(len(good)):
        for digit in set("0123456789") - {good[place]}:
            with pytest.raises(Refusal):
                pieces.gtin(good[:place] + digit + good[place + 1 :])


def test_what_is_divided_adds_up_to_the_cent() -> None:
    for cents in range(1_000):
        found = pieces.divided(cents, {"brand": 13, "stall": 7}, "maker")
        assert sum(found.values()) == cents
    assert pieces.divided(999, {"brand": 10, "stall": 5}, "maker") == {
        "maker": 851, "brand": 99, "stall": 49,
    }  # fmt: skip


def test_more_than_all_is_not_divided() -> None:
    with pytest.raises(ValueError, match="cents in"):
        pieces.divided(100, {"brand": 60, "stall": 41}, "maker")
