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


COUNTRY = [
    Area(code, name, areas.level(code), gemeente)
    for code, name, gemeente in (
        ("GM0344", "Utrecht", "Utrecht"), ("WK034409", "Wijk 09 Leidsche Rijn", "Utrecht"),
        ("BU03440931", "Leidsche Rijn-Centrum", "Utrecht"),
        ("GM0355", "Zeist", "Zeist"), ("BU03550206", "Utrechtseweg", "Zeist"),
        ("GM0518", "'s-Gravenhage", "'s-Gravenhage"),
        ("WK051828", "Wijk 28 Centrum", "'s-Gravenhage"),
        ("GM0796", "'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("GM1700", "Twenterand", "Twenterand"), ("WK170003", "Den Ham", "Twenterand"),
        ("GM1655", "Halderberge", "Halderberge"),
        ("BU16550301", "Oudenbosch-Centrum", "Halderberge"),
        ("WK192405", "Den Bommel", "Goeree-Overflakkee"),
        ("GM0228", "Ede", "Ede"), ("GM0184", "Urk", "Urk"), ("WK171403", "Wijk 03 Wedde", "Sluis"),
    )
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("den haag", "GM0518"), ("Den Haag", "GM0518"), ("the hague", "GM0518"),
        ("den hag", "GM0518"), ("den bosch", "GM0796"), ("den bosh", "GM0796"),
        ("den haag centrum", "WK051828"), ("centrum den haag", "WK051828"),
        ("GM344", "GM0344"), ("gm 0344", "GM0344"), ("0344", "GM0344"), ("344", "GM0344"),
        ("wk34409", "WK034409"), ("03440931", "BU03440931"),
        ("Utrecht Leidsche", "WK034409"), ("Leidsche, Utrecht", "WK034409"),
        ("edde", "GM0228"), ("eed", "GM0228"), ("uk", "GM0184"), ("urrk", "GM0184"),
    ],
)  # fmt: skip
def test_an_area_is_found_as_people_call_it(typed: str, first: str) -> None:
    """By the name that is said, half of it with its gemeente, a code without its zeros, and with
    one error in a short name."""
    assert Names(COUNTRY, {}).find(typed)[0].code == first


@pytest.mark.parametrize("typed", ["345", "gm034", "wk0344", "034409315", "2e", "x", "", "..."])
def test_a_number_that_is_no_code_here_is_not_taken_for_another(typed: str) -> None:
    """The twin: without filling it up to a whole code 344 would be the beginning of many."""
    assert Names(COUNTRY, {}).named(typed) == ()


def test_everyday_names_are_of_areas_that_officially_are_called_so() -> None:
    """The twin: where there is no 's-Gravenhage, nothing is called Den Haag."""
    others = [area for area in COUNTRY if area.name != "'s-Gravenhage"]
    assert Names(others, {}).named("den haag") == ()
    every = Names(COUNTRY, {}).find("den haag", limit=100)
    assert len(every) == len(set(every))


def test_what_lies_among_others_is_chosen_before_names_are_cut() -> None:
    """The twin: the first of all are others."""
    many = [Area(f"BU0001{n:04}", f"Oosterwijk {n}", "buurt", "A") for n in range(300)]
    mine = [Area(f"BU0002{n:04}", f"Oosterwijk {n} z", "buurt", "B") for n in range(3)]
    names = Names([*many, *mine], {})
    among = {area.code for area in mine}
    for typed in ("oosterwijk", "oosterwyjk"):  # as it is, and with a typing error
        assert set(names.find(typed, limit=3, among=among)) == set(mine)
        assert set(names.find(typed, limit=3)) != set(mine)
