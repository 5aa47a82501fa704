# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of area codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.figures import areas
from wijkeconomie.figures.areas import CODE, Area, Names


@pytest.mark.parametrize("code", ["NL00", "GM0518", "WK051817", "BU05181785", "BU0363AA01"])
def test_a_code_of_cbs_is_a_code(code: str) -> None:
    assert areas.is_code(code)


@pytest.mark.parametrize(
    "text",
    ["", "NL01", "gm0518", "GM518", "GM0518 ", "GM0518\n", "WK05181", "BU051817850", "0518",
     "BU0363aa01", "GM٠٥١٨", "XX0518"],
)  # fmt: skip
def test_what_only_looks_like_a_code_is_none(text: str) -> None:
    assert not areas.is_code(text)


@pytest.mark.parametrize(
    ("code", "level", "parent", "gemeente"),
    [
        ("NL00", "land", "NL00", "NL00"),
        ("GM0518", "gemeente", "NL00", "GM0518"),
        ("WK0363AA", "wijk", "GM0363", "GM0363"),
        ("BU05181785", "buurt", "WK051817", "GM0518"),
    ],
)
def test_a_code_says_its_level_and_in_whom_it_lies(
    code: str, level: str, parent: str, gemeente: str
) -> None:
    assert areas.level(code) == level
    assert areas.parent(code) == parent
    assert areas.gemeente_of(code) == gemeente
    assert Area(code, "", level, "").parent == parent


@given(st.from_regex(CODE, fullmatch=True))
def test_every_code_reaches_the_country(code: str) -> None:
    steps = 0
    while code != areas.COUNTRY:
        assert areas.is_code(areas.parent(code))
        code, steps = areas.parent(code), steps + 1
    assert steps <= 3


def found(typed: str, *names: str) -> list[str]:
    """The names that are found, best first; of those that look as much alike the first of these
    comes first, for it is a gemeente."""
    codes = ("GM0001", "WK000201", "BU00030101")
    there = [Area(c, n, areas.level(c), n) for c, n in zip(codes, names, strict=False)]
    return [area.name for area in Names(there, {}).find(typed)]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("molenwijt", ["Molenwijknoordoost", "Molenwijk"]),  # one error in both: the shorter
        ("kastelen", ["Kaspelen", "Kastalen"]),  # one error in both: the later one
        ("molen", ["Molenwijknoordoost", "Molenwijk"]),  # both begin so: the shorter
        ("hoek", ["Dehoek", "Hoeksewaard"]),  # it begins so, though it is longer
        ("lijdsche", ["Ledsche", "Leidsche"]),  # one letter, and two that sound the same
        ("overvegt", ["Overvekt", "Overvecht"]),  # two letters that sound the same, before one
        ("schoonoord", ["Schoonwoord", "Schoonoord Oost"]),  # typed whole, before an error
    ],
)
def test_of_a_gemeente_and_a_wijk_the_one_more_like_what_was_typed_comes_first(
    typed: str, names: list[str]
) -> None:
    assert found(typed, *names) == names[::-1]


def test_of_two_names_that_are_as_much_alike_the_wider_area_comes_first() -> None:
    """The twin of the rule above: so nothing else decided there."""
    for one, other in (("Molenwijk", "Molenwijm"), ("Molenwijm", "Molenwijk")):
        assert found("molenwijp", one, other) == [one, other]


def test_a_name_with_more_than_a_typing_error_to_three_letters_is_not_offered() -> None:
    assert found("kastelen", "Kastalan") == ["Kastalan"]  # two in eight
    assert found("kastelen", "Kasteroma") == []  # three, though it begins the same
