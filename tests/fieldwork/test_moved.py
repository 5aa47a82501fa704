# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A quote keeps its place in a later version of the text, without what was replaced."""

from __future__ import annotations

import time
from itertools import cycle, islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkeconomie.fieldwork import personal
from wijkeconomie.fieldwork.moved import carried, repeated

OLD = "Jan zei 👩🏽‍🌾: de huur is hoog. Bel 06-12345678. De huur is hoog."
NEW = "[naam 1] zei 👩🏽‍🌾: de huur is hoog. Bel [telefoon 1]. De huur is hoog."


def part(words: str, at: int = 0) -> tuple[int, int]:
    start = OLD.index(words, at)
    return start, start + len(words)


@pytest.mark.parametrize(
    ("words", "becomes"),
    [
        ("de huur is hoog", "de huur is hoog"),
        ("Jan zei", "[naam 1] zei"),
        ("an zei", "[naam 1] zei"),
        ("uur is hoo", "uur is hoo"),
        ("Bel 06-1234", "Bel [telefoon 1]"),
        ("Jan", None),
        ("06-12345678", None),
        (OLD, NEW),
    ],
)
def test_words_are_found_where_they_stand_now(words: str, becomes: str | None) -> None:
    (place,) = carried(OLD, NEW, [part(words)])
    assert (place and NEW[slice(*place)]) == becomes


def test_the_same_words_twice_keep_their_own_place() -> None:
    second = OLD.rindex("uur is hoog")
    (place,) = carried(OLD, NEW, [(second, second + 11)])
    assert place == (NEW.rindex("uur is hoog"), NEW.rindex("uur is hoog") + 11)


def test_what_came_instead_ends_without_the_space_behind_it() -> None:
    old, new = "Hier zei Jan dat.", "Hier zei [naam 1] dat."
    (place,) = carried(old, new, [(5, 12)])
    assert (old[5:12], place and new[slice(*place)]) == ("zei Jan", "zei [naam 1]")


def test_in_an_equal_text_nothing_moves() -> None:
    assert carried(OLD, OLD, [(0, 3), (3, 3)]) == [(0, 3), (3, 3)]


def test_the_longest_text_with_words_that_come_often_is_compared_at_once() -> None:
    """By difflib, for which time grows with the square of how often a word comes, four minutes."""
    often = ("de", "winkel", "is", "dicht", "en", "niemand", "kocht", "daar", "nog", "iets")
    words = list(islice(cycle(often), 11_000))
    old = " ".join(words)
    words[::30] = ["[naam 1]"] * len(words[::30])
    new = " ".join(words)
    start = time.process_time()
    (place,) = carried(old, new, [(len(old) - 4, len(old))])
    assert time.process_time() - start < 5
    assert place == (len(new) - 4, len(new))


_texts = st.text(st.sampled_from("ab .👩\n"), max_size=40)


@settings(max_examples=200)
@given(_texts, _texts, st.lists(st.integers(0, 40), min_size=2, max_size=6))
def test_a_place_is_within_the_text_and_never_empty(old: str, new: str, ats: list[int]) -> None:
    cuts = sorted(min(at, len(old)) for at in ats)
    for place in carried(old, new, [pair for pair in pairwise(cuts) if pair[0] < pair[1]]):
        assert place is None or 0 <= place[0] < place[1] <= len(new)


def test_what_was_masked_never_comes_back() -> None:
    masked = personal.mask(OLD, personal.find(OLD))
    words = [(at, end) for at in range(0, len(OLD), 3) for end in range(at + 1, len(OLD), 5)]
    assert "06-12345678" not in masked
    shown = "".join(masked[slice(*place)] for place in carried(OLD, masked, words) if place)
    assert "12345678" not in shown


@pytest.mark.parametrize(("text", "found"), [
    ("zegt: De huur is hier véél te hoog, vindt zij", ["De huur is hier véél te hoog"]),
    ("de huur is hier veel te hoog", []), ("hier te hoog", []), ("", []),
    ("de huur, IS hier\nvéél te en de huur is hier véél te",
     ["de huur, IS hier\nvéél te", "de huur is hier véél te"]),
])  # fmt: skip
def test_six_words_in_a_row_of_what_was_said_are_found_whatever_stands_between(
    text: str, found: list[str]
) -> None:
    said = ["Ja. De huur is hier véél te hoog!", "Nee."]
    assert [text[start:end] for start, end in repeated(text, said)] == found
