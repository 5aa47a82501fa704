# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Plain Dutch: what stops a reader is found, in every inflection; plain text passes."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.fieldwork.plain import check, hard, unknown
from wijkeconomie.fieldwork.search import family

LISTS = tomllib.loads(files("wijkeconomie.fieldwork").joinpath("plain.toml").read_text("utf-8"))


def hints(text: str) -> list[tuple[str, str, str]]:
    return [(text[h.start : h.end], h.kind, h.simpler) for h in check(text).hints]


def test_the_list_is_long_and_each_family_stands_in_it_once() -> None:
    words = list(LISTS["words"])
    assert len(words) >= 150
    assert len({family(word) for word in words}) == len(words)


@pytest.mark.parametrize("part", ["words", "phrases", "abbreviations"])
def test_what_is_simpler_is_itself_plain(part: str) -> None:
    wrong = {}
    for word, simpler in LISTS[part].items():
        found = check(simpler[0].upper() + simpler[1:] + ".")
        if not found.plain:
            wrong[word] = simpler
    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wij faciliteren dit.", [("faciliteren", "word", "helpen")]),
        ("De gemeente faciliteerde dit.", [("faciliteerde", "word", "helpen")]),
        ("Er zijn knelpunten.", [("knelpunten", "word", "probleem")]),
        ("Dit gaat om geld in het kader van de wijk.", [("in het kader van", "phrase", "voor")]),
        ("Kom z.s.m. langs.", [("z.s.m.", "abbreviation", "zo snel mogelijk")]),
        ("Bel het UWV.", [("UWV", "abbreviation", "organisatie voor werk en uitkeringen")]),
        ("Vraag de RMC.", [("RMC", "capitals", "")]),
        ("Een vergunningplichtige zaak.", [("vergunningplichtige", "long_word", "")]),
        ("De winkel wordt morgen gesloten.", [("gesloten", "passive", "")]),
        ("De lening werd door ons betaald.", [("betaald", "passive", "")]),
        ("Wij sluiten de winkel. Het wordt mooi.", []),
        ("De bakker heeft de winkel gesloten.", []),
    ],
)
def test_what_may_stop_a_reader_is_found(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert hints(text) == expected


def test_places_are_code_points() -> None:
    assert hints("😀 Thans 😀 open.") == [("Thans", "word", "nu")]


def test_fifteen_words_are_no_long_sentence_and_sixteen_are() -> None:
    fifteen = "Wij gaan met de buren naar de markt en daar kopen wij brood en kaas."
    assert [(s.words, s.long) for s in check(fifteen).sentences] == [(15, False)]
    sixteen = fifteen.replace("kaas", "verse kaas")
    assert [(s.words, s.long) for s in check(sixteen).sentences] == [(16, True)]
    assert (check(fifteen).plain, check(sixteen).plain) == (True, False)


def test_an_abbreviation_ends_no_sentence_and_a_line_does() -> None:
    text = "Kom bijv. om 10.30 uur.\nDat mag"
    found = check(text)
    assert [text[s.start : s.end] for s in found.sentences] == [
        "Kom bijv. om 10.30 uur.", "Dat mag",
    ]  # fmt: skip


def test_nothing_is_plain() -> None:
    assert (check("").plain, check("").sentences) == (True, ())


def test_the_words_under_a_text_are_each_told_once() -> None:
    text = "De leegstand daalt. Leegstand kost geld, aldus het CBS."
    assert unknown(text) == (
        ("cbs", "Centraal Bureau voor de Statistiek"), ("leegstand", "lege gebouwen"),
    )  # fmt: skip


def test_plain_and_official_text_differ() -> None:
    plain = (
        "Er zijn veel lege winkels. De huur is te hoog. Wij maken drie winkels klaar voor starters."
    )
    official = (
        "Teneinde de leegstand te reduceren en de leefbaarheid te bevorderen wordt door het college"
        " een interventie geïnitieerd, waarbij additionele subsidie wordt verstrekt aan"
        " exploitanten."
    )
    assert check(plain).plain
    assert check(plain).hints == ()
    assert not check(official).plain
    assert [text for text, kind, _ in hints(official) if kind == "word"] == [
        "Teneinde", "leegstand", "reduceren", "leefbaarheid", "bevorderen", "college",
        "interventie", "geïnitieerd", "additionele", "subsidie", "verstrekt", "exploitanten",
    ]  # fmt: skip


@given(st.text(max_size=80))
def test_any_text_is_taken_and_hints_are_apart(text: str) -> None:
    found = check(text)
    assert all(0 <= h.start < h.end <= len(text) for h in found.hints)
    assert all(a.end <= b.start for a, b in pairwise(found.hints))
    assert all(0 <= s.start < s.end <= len(text) for s in found.sentences)


def test_hard_words_are_those_with_something_simpler_and_those_that_are_left() -> None:
    told, left = hard(["Conform de leegstandsproblematiek.", "conform, en een winkel."])
    assert (told, left) == (("conform",), ("leegstandsproblematiek",))
