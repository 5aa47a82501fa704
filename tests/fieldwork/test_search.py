# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Search hears inflections, marks them by code point, ranks, and is fast; like quotes are found."""

from __future__ import annotations

import time
from itertools import combinations

import numpy as np
import pytest

from wijkeconomie.fieldwork.search import (
    Index,
    alike,
    excerpt,
    family,
    function_words,
    index,
    search,
    words,
)

# Words of one family that people use in conversations about a neighbourhood (docs/decisions/0015)
FAMILIES = """
winkel winkels winkeltje winkeltjes; sluiten sluit gesloten sloot sloten; huren huurt gehuurd
huurde huur; huurder huurders; lopen loopt liep liepen gelopen; straat straten straatje; pand
panden pandje pandjes; kopen koopt kocht gekocht kochten; werken werkt werkte werkten gewerkt;
baan banen baantje baantjes; kind kinderen kindje; stad steden; bedrijf bedrijven bedrijfje
bedrijfjes; ondernemer ondernemers; vergunning vergunningen; aanvragen aangevraagd; huis huizen
huisje; leeg lege; duur dure duurder duurst; veilig veilige veiliger veiligst; goed goede beter
best; zoeken zoekt zocht gezocht zochten; brengen brengt bracht gebracht; denken denkt dacht
gedacht; geven geeft gaf gaven gegeven; blijven blijft bleef gebleven bleven; staan staat stond
stonden gestaan; gaan gaat ging gingen gegaan; zien ziet zag zagen gezien; krijgen krijgt kreeg
kregen gekregen; schip schepen; dag dagen; weg wegen; markt markten marktje; kraam kramen
kraampje; fiets fietsen fietsje; school scholen; leraar leraren; vrouw vrouwen vrouwtje; jongere
jongeren; oudere ouderen; idee ideeën; café cafés cafeetje; groot grote groter grootst; jong jonge
jonger jongst; helpen helpt hielp hielpen geholpen; betalen betaalt betaalde betaald; verdienen
verdient verdiende verdiend; verhuizen verhuist verhuisde verhuisd; klant klanten klantje; plein
pleinen pleintje; lening leningen; stage stages; cursus cursussen; kans kansen; regel regels
regeltje
"""
TEXTS = {
    "a": "De huren zijn gestegen 😀, zegt de bakker. Hij huurt al tien jaar.",
    "b": "Er staan drie winkels leeg in de winkelstraat.",
    "c": "Zij kocht brood bij de bakker en ging naar de markt.",
    "d": "De huurprijs is te hoog.",
}


def marked(texts: dict[str, str], query: str) -> dict[str, list[str]]:
    return {hit.id: [texts[hit.id][a:b] for a, b in hit.spans]
            for hit in search(index(texts), query)}  # fmt: skip


def test_of_all_pairs_of_one_family_nine_in_ten_meet() -> None:
    pairs = [pair for line in FAMILIES.split(";") for pair in combinations(line.split(), 2)]
    met = sum(family(a) == family(b) for a, b in pairs)
    print(f"{met} of {len(pairs)} pairs")
    assert met / len(pairs) > 0.9


@pytest.mark.parametrize(
    ("one", "other"),
    [("politie", "politiek"), ("huur", "huis"), ("buurt", "buur"), ("bestuur", "bestuurder"),
     ("gemeente", "gemeen"), ("organisatie", "orgaan"), ("markt", "merk"), ("stage", "staan")],
)  # fmt: skip
def test_words_of_other_families_do_not_meet(one: str, other: str) -> None:
    assert family(one) != family(other)


def test_an_inflection_finds_the_others_by_code_point() -> None:
    assert marked(TEXTS, "huur") == {"a": ["huren", "huurt"], "d": ["huurprijs"]}
    assert marked(TEXTS, "kopen") == {"c": ["kocht"]}
    assert marked(TEXTS, "gaan") == {"c": ["ging"]}


def test_a_word_is_found_inside_a_compound_but_counts_less() -> None:
    assert marked(TEXTS, "winkel") == {"b": ["winkels", "winkelstraat"]}
    texts = {"part": "Het gaat om winkelstraat.", "whole": "Het gaat om winkels."}
    assert [hit.id for hit in search(index(texts), "winkel")] == ["whole", "part"]


def test_capitals_and_accents_do_not_count() -> None:
    texts = {"a": "Het CAFÉ van de ideeën."}
    assert marked(texts, "cafe idee") == {"a": ["CAFÉ", "ideeën"]}


def test_letters_of_other_languages_are_found_with_a_dutch_keyboard() -> None:
    texts = {"tr": "Işık satıyor", "pl": "Łódź", "TR": "İSTANBUL"}
    assert [marked(texts, q) for q in ("isik", "lodz", "istanbul")] == [
        {"tr": ["Işık"]}, {"pl": ["Łódź"]}, {"TR": ["İSTANBUL"]},
    ]  # fmt: skip


def test_other_scripts_are_found_as_they_are() -> None:
    texts = {"ar": "المحل مفتوح", "uk": "Магазин зачинено", "tr": "Kira çok yüksek"}
    assert [marked(texts, q) for q in ("مفتوح", "магазин", "YÜKSEK")] == [
        {"ar": ["مفتوح"]}, {"uk": ["Магазин"]}, {"tr": ["yüksek"]},
    ]  # fmt: skip


def test_who_has_all_words_comes_before_who_has_one_often() -> None:
    texts = {"often": "huur huur huur huur", "both": "De bakker vertelt lang over zijn huur."}
    assert [(h.id, h.words, h.asked) for h in search(index(texts), "huur bakker")] == [
        ("both", 2, 2), ("often", 1, 2),
    ]  # fmt: skip


def test_what_the_reader_may_not_see_or_was_withdrawn_is_not_found() -> None:
    found = index(TEXTS)
    assert [hit.id for hit in search(found, "huur", among=["d"])] == ["d"]
    assert search(found, "huur", among=[]) == ()


@pytest.mark.parametrize("query", ["", "  ?! ", "zeppelin", "_"])
def test_nothing_asked_or_nothing_there_gives_nothing(query: str) -> None:
    assert search(index(TEXTS), query) == ()
    assert search(index({}), query or "huur") == ()


def test_words_say_where_they_stand() -> None:
    text = "’s Ochtends 😀 koopt zij foto's."
    assert [text[w.start : w.end] for w in words(text)] == [
        "s", "Ochtends", "koopt", "zij", "foto's",
    ]  # fmt: skip


QUOTES = {
    "rent1": "De huur van mijn winkel is veel te hoog geworden.",
    "rent2": "Ik betaal te veel huur, straks moet ik de winkel sluiten.",
    "safe1": "Op straat is het 's avonds niet veilig voor mijn kinderen.",
    "safe2": "Mijn kind durft de straat niet op, het is onveilig.",
    "work": "Zonder diploma krijg ik geen baan.",
}


@pytest.mark.parametrize("to", list(QUOTES))
def test_how_alike_quotes_are_equals_the_matrix_way(to: str) -> None:
    """The same by the book: a dense matrix of (1 + ln tf)·ln(N/df), of quotes with two words."""
    names = sorted({w.family for text in QUOTES.values() for w in words(text)})
    counts = np.array([[sum(w.family == n for w in words(t)) for n in names]
                       for t in QUOTES.values()])  # fmt: skip
    with np.errstate(divide="ignore"):
        weights = np.where(counts > 0, 1 + np.log(counts), 0) * np.log(5 / (counts > 0).sum(0))
    weights /= np.linalg.norm(weights, axis=1)[:, None]
    at = list(QUOTES).index(to)
    shared = ((weights > 0) & (weights[at] > 0)).sum(1)
    others = [n for n in range(5) if n != at]
    expected = {list(QUOTES)[n]: weights[n] @ weights[at] if shared[n] > 1 else 0.0 for n in others}
    found = alike(index(QUOTES), [to], among=list(QUOTES), least=0.0)
    assert {one.id: one.cosine for one in found} == pytest.approx(expected)
    in_order = sorted(expected.values(), reverse=True)
    assert [one.cosine for one in found] == pytest.approx(in_order)


def many(count: int) -> Index:
    """Conversations of 60 to 400 words, drawn as words are (Zipf) from families and made words."""
    rng = np.random.default_rng(0)
    real = [word for line in FAMILIES.split(";") for word in line.split()]
    made = ["".join(rng.choice(list("aeioubdgklmnprst"), 7)) for _ in range(20_000)]
    vocabulary = np.array([*real, *made])
    chance = 1 / np.arange(1, len(vocabulary) + 1)
    drawn = rng.choice(vocabulary, (count, 400), p=chance / chance.sum())
    return index({f"c{n}": " ".join(row[: rng.integers(60, 400)]) for n, row in enumerate(drawn)})


@pytest.mark.simulation
def test_five_thousand_conversations_answer_within_fifty_milliseconds() -> None:
    found = many(5000)
    queries = [f"{a} {b}" for a, b in combinations(["winkels", "huurt", "straat", "baan", "veilig",
               "gekocht", "leeg", "kinderen", "markt", "sluiten", "jongere"], 2)]  # fmt: skip
    times = []
    for query in queries:
        began = time.perf_counter()
        assert search(found, query)
        times.append(time.perf_counter() - began)
    p95 = float(np.quantile(times, 0.95))
    print(f"p95 {1000 * p95:.1f} ms over {len(times)} queries")
    assert p95 < 0.05


SAID = {
    "a": "De huur van een winkel is te hoog.",
    "b": "Voor mijn winkeltje betaal ik te hoge huren.",
    "c": "Jongeren vinden geen stage bij een bedrijf.",
    "d": "Mijn zoon zoekt een stage, maar geen bedrijf neemt hem.",
    "e": "In de zomer is het hier gezellig.",
    "f": "Het is hier in de zomer te druk voor mij.",
}


def like(to: str, among: str, **more: float) -> list[tuple[str, str, list[str]]]:
    found = alike(index(SAID, leaving=function_words()), list(to), among=list(among), **more)  # type: ignore[arg-type]
    return [(one.id, one.to, [SAID[one.id][a:b] for a, b in one.spans]) for one in found]


def test_a_quote_looks_like_the_nearest_one_with_the_words_that_both_have() -> None:
    assert like("ac", "bdef") == [
        ("b", "a", ["winkeltje", "hoge", "huren"]), ("d", "c", ["stage", "bedrijf"]),
    ]  # fmt: skip


def test_one_word_shared_or_words_that_say_how_are_chance() -> None:
    assert like("e", "f") == []


def test_twin_with_the_words_that_say_how_everything_looks_alike() -> None:
    found = alike(index(SAID), ["e"], among=list("abcdf"), least=0.0)
    assert found[0].id == "f"
    assert len(found[0].spans) > 1


def test_what_may_not_be_seen_is_no_suggestion_and_nothing_looks_like_itself() -> None:
    assert like("a", "ac") == []
    assert like("", "abc") == like("a", "") == []


def test_of_a_wide_theme_the_nearest_quote_still_counts() -> None:
    """Against the middle of the theme it would be lost."""
    wide = {f"w{n}": f"woord{n} ding{n} zaak{n} plek{n}" for n in range(60)} | SAID
    found = alike(index(wide, leaving=function_words()), [*list(wide)[:60], "a"], among=["b"])
    assert [(one.id, one.to) for one in found] == [("b", "a")]
    middle = {"middle": " ".join(list(wide.values())[:61])}
    assert alike(index(wide | middle, leaving=function_words()), ["middle"], among=["b"]) == ()


def shown(text: str, *spans: tuple[int, int], most: int = 240) -> str:
    return "".join(f"[{p.words}]" if p.found else p.words for p in excerpt(text, spans, most))


def test_an_excerpt_marks_what_was_found_by_code_point() -> None:
    assert shown("🚲 De huur is hoog", (5, 9)) == "🚲 De [huur] is hoog"
    assert shown("De huur", (3, 7), (0, 2)) == "[De] [huur]"
    assert shown("Niets") == "Niets"


def test_an_excerpt_begins_a_little_before_the_first_word_found_and_says_what_it_leaves_out() -> (
    None
):
    text = "a" * 50 + " " + "b" * 50 + " huur " + "c" * 40 + " " + "d" * 300
    assert shown(text, (102, 106), most=100) == "…" + "b" * 50 + " [huur] " + "c" * 40 + "…"
    assert shown("huur" + "c" * 300, (0, 4), most=80) == "[huur]" + "c" * 76 + "…"
