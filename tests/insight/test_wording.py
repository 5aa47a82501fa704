# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sentences: every kind, both languages, figures inside, nothing claimed that was not seen."""

from __future__ import annotations

import itertools
import re
import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import PERSPECTIVES, UNITS, decimals_for, registry
from wijkeconomie.figures.release import open_release
from wijkeconomie.insight import opgave, wording
from wijkeconomie.insight.results import (
    Finding,
    Gap,
    Interval,
    Kind,
    Peer,
    Peers,
    Reason,
    Redrawn,
    Scan,
    Trend,
    Unknown,
)
from wijkeconomie.insight.scan import scan_all

WIJK = Area("WK059903", "Delfshaven", "wijk", "Rotterdam")
KINDS: tuple[Kind, ...] = get_args(Kind)
TEXTS: dict[str, Any] = tomllib.loads(
    files("wijkeconomie.insight").joinpath("wording.toml").read_text("utf-8")
)


def gap(reference: float, size: float, probability: float = 1.0) -> Gap:
    interval = Interval(low=size - 1, high=size + 1)
    return Gap(
        reference=reference, size=size, published=size, interval=interval,
        probability=probability, spread=2.5,
    )  # fmt: skip


def finding(**changes: Any) -> Finding:
    made = Finding(
        area=WIJK.code, indicator="social_assistance", perspective="work", kind="own", year=2020,
        value=7.57, status=Status.OK, estimate=7.57, interval=Interval(low=7.4, high=7.7),
        country=gap(2.42, 5.15), peers=gap(4.44, 3.13, 0.998), persons=2405.0, counted="persons",
        trend=Trend(direction="unknown", reason="too_few_years"), priority=2400.0,
    )  # fmt: skip
    return replace(made, **changes)


def unsure(chance: int) -> str:
    return (
        f"maar daarvan zijn we niet zeker genoeg: de kans dat dat echt zo is, is {chance} %, en we "
        "zeggen het pas vanaf 90 %."
    )


@pytest.mark.parametrize(
    ("status", "language", "said"),
    [
        (Status.MOVED, "nl", "Dat cijfer is omgerekend naar de nieuwe grenzen van dit gebied."),
        (Status.MOVED, "en", "That figure was converted to the new boundary of this area."),
    ],
)
def test_a_converted_figure_says_so_in_its_sentence(
    status: Status, language: wording.Language, said: str
) -> None:
    assert said in wording.sentence(finding(status=status), WIJK, language)
    assert said not in wording.sentence(finding(), WIJK, language)


def test_own_opgave_in_dutch() -> None:
    assert wording.sentence(finding(), WIJK) == (
        "7,6 % van de inwoners heeft bijstand; in vergelijkbare wijken is dat 4,4 % en in "
        "Nederland 2,4 %. Het verschil met die wijken is ongeveer 2.400 mensen. Dat het hier "
        "slechter gaat, is bijna zeker; vergelijkbare wijken laten zien dat het beter kan."
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", (" Over 2023 is het hier 7,7 %, maar voor dat jaar is er te weinig om het mee te "
               "vergelijken.")),
        ("en", (" For 2023 it is 7.7% here, but for that year there is too little to compare it "
               "with.")),
    ],
)  # fmt: skip
def test_a_newer_figure_stands_behind_what_was_compared(
    language: wording.Language, said: str
) -> None:
    newer = wording.sentence(finding(newer=(2023, 7.68)), WIJK, language)
    assert newer == wording.sentence(finding(), WIJK, language) + said


def test_own_opgave_in_english() -> None:
    assert wording.sentence(finding(), WIJK, "en") == (
        "7.6% of inhabitants are on social assistance; in comparable wijken it is 4.4% and in "
        "the Netherlands 2.4%. The difference from those wijken is about 2,400 people. That it is "
        "worse here is almost certain; comparable wijken show that it can be better."
    )


@pytest.mark.parametrize("said", [wording.sentence, wording.headline])
def test_in_another_country_its_own_name_stands_in_the_sentence(said: Any) -> None:
    there = replace(WIJK, country="Voorbeeldland (fictief)")
    assert said(finding(), there) == said(finding(), WIJK).replace("Nederland", "Voorbeeldland")
    assert "in Voorbeeldland 2.4%" in said(finding(), there, "en")
    assert "Netherlands" not in said(finding(), there, "en")


def test_a_shared_opgave_counts_from_the_country() -> None:
    """Charlois in 2020."""
    shared = finding(kind="shared", value=6.54, peers=gap(6.6, -0.1, 0.4), persons=2859.0)
    said = wording.sentence(shared, WIJK)
    assert "Het verschil met Nederland is ongeveer 2.900 mensen." in said
    assert "vergelijkbare wijken hebben deze opgave ook" in said


def test_peers_that_are_ahead_of_the_country_are_not_said_to_share_the_opgave() -> None:
    shared = finding(kind="shared", peers=gap(2.0, 5.5, 0.88))
    said = wording.sentence(shared, WIJK)
    assert "hebben deze opgave ook" not in said
    assert said.endswith(f"vergelijkbare wijken, {unsure(88)}")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", ["own", "strength", "level"])
def test_without_peers_nothing_is_claimed_about_them(kind: Kind, language: str) -> None:
    chance = {"own": 1.0, "strength": 0.0, "level": 0.5}[kind]
    alone = finding(kind=kind, peers=None, country=gap(2.42, 5.15, chance))
    said = wording.sentence(alone, WIJK, language)  # type: ignore[arg-type]
    assert {
        "nl": "Hiervoor hebben we geen vergelijkbare wijken",
        "en": "We have no comparable wijken",
    }[language] in said
    assert "4,4" not in said


def test_with_nothing_to_compare_it_says_so() -> None:
    said = wording.sentence(finding(kind="level", peers=None, country=None, persons=None), WIJK)
    assert said == (
        "7,6 % van de inwoners heeft bijstand. We hebben niets om dit mee te vergelijken: "
        "dit cijfer is er niet voor Nederland en niet voor vergelijkbare wijken."
    )


DIRECTIONS = [
    Trend(direction=d, slope=0.1, peers_slope=0.0, years=(2015, 2024))  # type: ignore[arg-type]
    for d in ("improving", "steady", "worsening", "unclear")
] + [Trend(direction="unknown", reason=r) for r in ("too_few_years", "no_peers")]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_makes_whole_sentences(kind: Kind, language: str) -> None:
    references = itertools.product((None, gap(2.42, 5.15)), (None, gap(4.44, 3.13)), DIRECTIONS)
    for country, peers, trend in references:
        if kind in ("shared", "early_sign") and (country is None or peers is None):
            continue  # these kinds need both
        if kind != "level" and country is peers is None:
            continue  # nothing to judge by
        made = finding(kind=kind, country=country, peers=peers, trend=trend)
        said = wording.sentence(made, WIJK, language)  # type: ignore[arg-type]
        assert not re.search(r"[{}]|None|nan|  |\.\.", said), said
        assert said.endswith(".")
        assert all(part[0].isupper() or part[0].isdigit() for part in re.split(r"(?<=[.]) ", said))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_indicator_speaks(language: str) -> None:
    for entry in registry().indicators.values():
        made = finding(indicator=entry.id, persons=None, value=12.34, kind="level")
        said = wording.sentence(made, WIJK, language)  # type: ignore[arg-type]
        assert wording.quantity(12.34, entry, language) in said  # type: ignore[arg-type]


def test_a_scan_that_judged_nothing_does_not_say_that_nothing_stands_out() -> None:
    empty = Scan(
        release="r", area=WIJK, year=2020, findings=(), peers=Peers(list=(), good=False),
        unknown=(),
    )  # fmt: skip
    assert "kunnen we niets zeggen" in wording.nothing(empty)
    assert "met zekerheid" in wording.nothing(replace(empty, findings=(finding(kind="level"),)))
    alone = finding(kind="level", country=None, peers=None, reason="nothing")
    assert "nergens mee vergelijken" in wording.nothing(replace(empty, findings=(alone,)))
    assert wording.badge(alone) == "Niet te vergelijken"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_reason_for_silence_is_a_sentence(language: str) -> None:
    for status in Status:
        if status is Status.MOVED:
            continue  # has a value
        unknown = Unknown(
            indicator="social_assistance", perspective="work", status=status, year=2023
        )
        said = wording.unknown_sentence(unknown, language)  # type: ignore[arg-type]
        assert said.startswith(registry().indicators["social_assistance"].label[language])
        assert said.endswith(".")
    never = Unknown(indicator="jobs_per_1000", perspective="work", status=Status.UNKNOWN, year=None)
    expected = {"nl": "geen cijfers geladen", "en": "no figures were loaded"}[language]
    assert expected in wording.unknown_sentence(never, language)  # type: ignore[arg-type]


def test_trend_speaks_of_the_gap_that_there_is() -> None:
    better, worse = DIRECTIONS[0], DIRECTIONS[2]
    said = [
        wording.trend_sentence(finding(trend=trend, peers=gap(4.44, size)), WIJK)
        for trend in (better, worse)
        for size in (3.13, -1.0)
    ]
    assert [s.split(" werd ")[1] for s in said] == [
        "de achterstand op vergelijkbare wijken kleiner.",
        "de voorsprong op vergelijkbare wijken groter.",
        "de achterstand op vergelijkbare wijken groter.",
        "de voorsprong op vergelijkbare wijken kleiner.",
    ]


def test_the_same_figure_is_said_to_be_the_same() -> None:
    said = wording.sentence(finding(kind="level", peers=gap(7.58, -0.01, 0.5)), WIJK)
    assert "in vergelijkbare wijken is dat ook 7,6 %" in said


def feature(name: str) -> tuple[str, float, float, float]:
    return (name, 3822.0, 3276.0, 0.5)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("reason", ["", "far", "no_context", "too_few_areas"])
def test_peers_are_explained_or_their_absence_is(reason: str, language: str) -> None:
    peer = Peer(
        area=WIJK,
        distance=1.0,
        alike=(feature("address_density"),),
        differs=(feature("population"),),
    )
    made = Peers(
        list=() if reason else (peer,) * 15, good=not reason, reason=reason, stability=0.876
    )
    said = wording.peers_sentence(made, WIJK, language)  # type: ignore[arg-type]
    assert (wording.percent("88", language) in said) == (not reason)  # type: ignore[arg-type]
    assert "wijken" in said
    if not reason:
        own = wording.peers_sentence(replace(made, own_gemeente=True), WIJK, language)  # type: ignore[arg-type]
        assert own.startswith(said)
        assert own != said


def test_peers_on_the_boundaries_of_another_year_are_told_as_such() -> None:
    redrawn = Redrawn(areas=678, of=3393, since=2020, boundary=2024)
    assert wording.redrawn_sentence(redrawn, WIJK) == (
        "De wijken hebben de grenzen van 2024. 678 van de 3.393 wijken zijn sinds 2020 veranderd. "
        "Hun cijfers zijn omgerekend, als dat kon. Op de grenzen van 2020 kunnen de vergelijkbare "
        "wijken andere zijn."
    )
    assert wording.redrawn_sentence(redrawn, WIJK, "en") == (
        "The wijken have the boundaries of 2024. 678 of the 3,393 wijken have changed since 2020. "
        "Their figures were converted where that is possible. On the boundaries of 2020 the "
        "comparable wijken may be others."
    )
    made = Peers(list=(), good=True, stability=0.876)
    plain = wording.peers_sentence(made, WIJK)
    assert wording.peers_sentence(replace(made, redrawn=redrawn), WIJK) == (
        f"{plain} {wording.redrawn_sentence(redrawn, WIJK)}"
    )


@pytest.mark.parametrize(
    ("value", "decimals", "nl", "en"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (0.04, 1, "0,0", "0.0"),
        (-0.04, 1, "0,0", "0.0"),
        (-3.25, 2, "−3,25", "−3.25"),
        (1_000_000, 0, "1.000.000", "1,000,000"),
    ],
)
def test_numbers_are_written_as_the_language_does(
    value: float, decimals: int, nl: str, en: str
) -> None:
    assert wording.number(value, decimals, "nl") == nl
    assert wording.number(value, decimals, "en") == en


@pytest.mark.parametrize(
    ("indicator", "value", "nl", "en"),
    [
        ("social_assistance", 7.57, "7,6 %", "7.6%"),
        ("income_per_inhabitant", 31.4, "€ 31.400", "€31,400"),
        ("dwelling_value", 312.0, "€ 312.000", "€312,000"),
        ("supermarket_distance", 0.9, "0,9 km", "0.9 km"),
        ("establishments_per_1000", 95.2, "95", "95"),
        ("business_floor_per_job", 35.0, "35 m²", "35 m²"),
    ],
)
def test_a_quantity_has_its_unit(indicator: str, value: float, nl: str, en: str) -> None:
    entry = registry().indicators[indicator]
    assert wording.quantity(value, entry, "nl") == nl
    assert wording.quantity(value, entry, "en") == en


@pytest.mark.parametrize(
    ("count", "honest"),
    [(2405.0, 2400), (2450.0, 2500), (96.4, 96), (8.5, 9), (1.2, 1), (0.4, 0), (12_345.0, 12_000)],
)
def test_persons_have_two_significant_digits(count: float, honest: int) -> None:
    assert wording.honest(count) == honest


def test_fewer_than_ten_get_no_number() -> None:
    assert wording.persons(9.6, "persons", "nl") == "minder dan tien mensen"
    assert wording.persons(10.2, "firms", "en") == "about 10 firms"
    assert wording.persons(10.0, "persons", "nl") == "ongeveer 10 mensen"


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (0.98, "bijna zeker"),
        (0.975, "bijna zeker"),
        (0.974, "waarschijnlijk"),
        (0.9, "waarschijnlijk"),
        (0.899, "onzeker"),
    ],
)
def test_certainty_in_words(probability: float, word: str) -> None:
    country, peers = gap(2.42, 5.15, 0.99), gap(4.44, 3.13, probability)
    assert wording.certainty(finding(country=country, peers=peers)) == word


def test_a_figure_that_chance_made_is_told_and_never_almost_certain() -> None:
    """Published 20 %, by the estimate 7 to 11."""
    swung = finding(value=20.0, estimate=9.0, interval=Interval(low=7.0, high=11.0))
    said = wording.sentence(swung, WIJK)
    assert "Dat cijfer is voor een deel toeval of afronding; 9,0 % is waarschijnlijker" in said
    assert "is waarschijnlijk;" in said
    assert "bijna zeker" not in said
    assert "toeval" not in wording.sentence(finding(), WIJK)
    same = replace(swung, value=9.04, interval=Interval(low=7.0, high=9.02))
    assert "toeval" not in wording.sentence(same, WIJK)


def test_a_count_that_the_printed_figures_do_not_give_is_called_careful() -> None:
    swung = finding(peers=replace(gap(4.44, 3.13), published=15.0))
    assert "voorzichtig gerekend ongeveer 2.400 mensen" in wording.sentence(swung, WIJK)
    assert "voorzichtig" not in wording.sentence(finding(), WIJK)


def test_a_figure_of_another_year_than_the_scan_says_its_year() -> None:
    said = wording.sentence(finding(dated=True), WIJK)
    assert said.startswith("7,6 % van de inwoners heeft bijstand (2020); in vergelijkbare")
    assert "(2020)" not in wording.sentence(finding(), WIJK)
    assert wording.named(finding(dated=True)) == f"{wording.named(finding())} (2020)"
    assert wording.named(finding(), "en") == registry().indicators[finding().indicator].label.en


def test_an_early_sign_that_is_a_little_worse_than_the_country_says_so() -> None:
    small = finding(kind="early_sign", country=gap(7.4, 0.17, 0.99), peers=gap(4.4, 3.1, 0.99))
    assert "Ook met Nederland is er een verschil, maar een klein" in wording.sentence(small, WIJK)


@pytest.mark.parametrize(
    ("country", "said"),
    [
        (gap(2.42, 5.15, 0.99), "maar dat gaat over minder dan tien mensen, woningen of bedrijven"),
        (replace(gap(2.42, 0.3, 0.99), published=3.0), "daarvan zijn we niet zeker genoeg"),
        (replace(gap(2.42, 1.3, 0.6), published=3.0), "daarvan zijn we niet zeker genoeg"),
    ],
)
def test_an_early_sign_never_calls_a_published_difference_that_matters_small(
    country: Gap, said: str
) -> None:
    """Why it is no own opgave: of too few, or not sure; 5.1 % beside 2.4 % is not small."""
    sign = wording.sentence(finding(kind="early_sign", country=country), WIJK)
    assert said in sign
    assert "maar een klein" not in sign


def test_that_the_figure_of_peers_is_an_estimate_is_said_where_it_prints_otherwise() -> None:
    rounded = replace(gap(0.8, 6.77, 0.99), published=7.57, rounded=True)
    said = (
        "Bij een deel van de vergelijkbare wijken is het cijfer afgerond op 0; 0,8 % is daarom een "
        "schatting."
    )
    assert said in wording.sentence(finding(peers=rounded), WIJK)
    assert "afgerond op 0" not in wording.sentence(finding(), WIJK)
    same = replace(rounded, reference=0.01, size=7.56)
    assert "afgerond op 0" not in wording.sentence(finding(peers=same), WIJK)


def test_an_opgave_without_a_number_of_people_says_none() -> None:
    """The difference stands in the figures; and is told in points where areas are listed."""
    silent = finding(persons=None, counted="")
    assert "Het verschil met die wijken is" not in wording.sentence(silent, WIJK)
    assert wording.behind(silent) == {"peers": "3,1 procentpunt", "country": "5,2 procentpunt"}


def test_where_figure_and_estimate_disagree_the_trend_names_no_lead_and_no_lag() -> None:
    torn = finding(trend=DIRECTIONS[0], peers=replace(gap(4.44, 3.13), published=-1.0))
    assert "de goede kant op" in wording.trend_sentence(torn, WIJK)


def moving(low: float, high: float) -> Trend:
    """Of social assistance, where lower is better."""
    return Trend(
        direction="improving" if high < 0 else "worsening", slope=(low + high) / 2,
        peers_slope=0.0, interval=Interval(low=low, high=high), years=(2017, 2023),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("size", "trend", "said"),
    [
        (-0.8, moving(-1.2, -0.9), "de goede kant op"),  # 5.7 behind in 2017, 0.8 ahead in 2023
        (-0.8, moving(-0.2, -0.1), "de goede kant op"),  # 0.4 ahead or 0.4 behind: we do not know
        (-2.0, moving(-0.2, -0.1), "werd de voorsprong op vergelijkbare wijken groter"),
        (0.8, moving(0.9, 1.2), "de verkeerde kant op"),
        (2.0, moving(0.1, 0.2), "werd de achterstand op vergelijkbare wijken groter"),
        (2.0, moving(-0.2, -0.1), "werd de achterstand op vergelijkbare wijken kleiner"),
        (-2.0, moving(0.1, 0.2), "werd de voorsprong op vergelijkbare wijken kleiner"),
    ],
)
def test_a_lead_or_a_lag_is_only_said_of_who_had_it_in_the_first_year_too(
    size: float, trend: Trend, said: str
) -> None:
    assert said in wording.trend_sentence(finding(trend=trend, peers=gap(4.44, size)), WIJK)


def test_no_sentence_of_the_example_says_that_a_lead_grew_which_was_a_lag(
    demo_data: Path,
) -> None:
    """Figure and estimate, without what the trend changed, are on the side that is said."""
    release, said = open_release(demo_data), 0
    for scan in scan_all(release, "GM9901", "buurt"):
        for found in scan.findings:
            text = wording.trend_sentence(found, scan.area)
            side = 1.0 if "achterstand" in text else -1.0 if "voorsprong" in text else 0.0
            if not side:
                continue
            assert found.peers
            assert found.trend.years
            assert found.trend.slope is not None
            worse = 1.0 if registry().indicators[found.indicator].better == "lower" else -1.0
            first, last = found.trend.years
            change = found.trend.slope * (last - first)
            then = [worse * (now - change) for now in (found.peers.size, found.peers.published)]
            assert [gap * side > 0 for gap in then] == [True, True], text
            said += 1
    assert said > 50


@pytest.mark.parametrize(
    ("kind", "country", "peers", "said"),
    [
        ("own", True, True, "Eigen opgave"),
        ("own", True, False, "Achter op het land"),
        ("own", False, True, "Achter op vergelijkbare gebieden"),
        ("strength", True, False, "Voor op het land"),
        ("shared", True, True, "Gedeelde opgave"),
    ],
)
def test_a_badge_claims_no_comparison_that_was_not_made(
    kind: Kind, country: bool, peers: bool, said: str
) -> None:
    made = finding(
        kind=kind,
        country=gap(2.4, 5.0) if country else None,
        peers=gap(4.4, 3.0) if peers else None,
    )
    assert wording.badge(made) == said


def test_a_shared_opgave_of_an_area_that_does_better_than_its_peers_says_so() -> None:
    shared = finding(kind="shared", country=gap(2.4, 5.0, 0.99), peers=gap(9.0, -1.5, 0.02))
    assert "in vergelijkbare wijken gaat het nog slechter" in wording.sentence(shared, WIJK)


@pytest.mark.parametrize(
    ("country", "peers", "said"),
    [
        (0.02, 0.5, "Dat is beter dan in Nederland"),
        (0.5, 0.02, "Dat is beter dan in vergelijkbare wijken"),
        (0.5, 0.5, "Dat is geen duidelijk verschil"),
    ],
)
def test_level_tells_with_whom_there_is_a_difference(
    country: float, peers: float, said: str
) -> None:
    made = finding(kind="level", country=gap(9.0, -1.5, country), peers=gap(9.0, -1.5, peers))
    assert said in wording.sentence(made, WIJK)


@pytest.mark.parametrize(("reason", "said"), [("trifle", "te klein"), ("few", "minder dan tien")])
def test_a_difference_that_is_no_opgave_says_why(reason: Reason, said: str) -> None:
    assert said in wording.sentence(finding(kind="level", reason=reason, persons=None), WIJK)


def entries(table: dict[str, Any], path: str = "") -> list[tuple[str, dict[str, Any]]]:
    if "nl" in table:
        return [(path, table)]
    return [e for key, value in table.items() for e in entries(value, f"{path}.{key}")]


@pytest.mark.parametrize(("path", "text"), entries(TEXTS))
def test_both_languages_have_the_same_placeholders(path: str, text: dict[str, Any]) -> None:
    assert set(text) == {"nl", "en"}
    found = [set(re.findall(r"{(\w+)}", str(text[language]))) for language in ("nl", "en")]
    assert found[0] == found[1]


def test_every_name_that_data_may_hold_has_a_word() -> None:
    assert set(UNITS) == set(TEXTS["unit"])
    assert {*PERSPECTIVES, "context"} == set(TEXTS["perspective"])
    assert set(KINDS) == set(TEXTS["kind"])
    assert {s.label for s in Status} - {"moved"} <= set(TEXTS["unknown"])


# --- digits ---


def printed(indicator: str, *values: float) -> list[str]:
    entry = registry().indicators[indicator]
    return [wording.quantity(value, entry, beside=values) for value in values]


def test_a_difference_that_matters_is_not_rounded_away() -> None:
    """The twin: apart each is printed in whole units, and five beside five looks equal."""
    entry = registry().indicators["vandalism"]
    assert [wording.quantity(value, entry) for value in (6.4, 5.1, 4.7)] == ["6", "5", "5"]
    assert printed("vandalism", 6.4, 5.1, 4.7) == ["6,4", "5,1", "4,7"]


def test_a_difference_that_does_not_matter_costs_no_digits() -> None:
    assert printed("vandalism", 5.4, 4.9, 4.7) == ["5", "5", "5"]
    assert printed("social_assistance", 7.57, 4.44, 2.41) == ["7,6 %", "4,4 %", "2,4 %"]


@given(
    st.lists(st.floats(0, 100), min_size=2, max_size=3),
    st.sampled_from(sorted(registry().indicators)),
)
def test_what_is_printed_tells_a_difference_that_matters_within_a_fifth(
    values: list[float], indicator: str
) -> None:
    entry = registry().indicators[indicator]
    decimals = decimals_for(entry, tuple(values))
    assert entry.decimals <= decimals <= entry.decimals + 2
    if entry.matters >= 10.0**-entry.decimals:
        for a, b in itertools.combinations(values, 2):
            if abs(a - b) >= entry.matters:
                told = abs(round(a, decimals) - round(b, decimals))
                assert told == pytest.approx(abs(a - b), rel=0.2 + 1e-9)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.41, 0.44, "0,41 km tot 0,44 km"), (0.4, 0.8, "0,4 km tot 0,8 km"),
     (0.41111, 0.41112, "0,4 km")],
)  # fmt: skip
def test_the_ends_of_a_margin_are_not_the_same(low: float, high: float, said: str) -> None:
    entry = next(i for i in registry().indicators.values() if i.unit == "km" and i.decimals == 1)
    ends = dict.fromkeys(wording.quantity(end, entry, margin=(low, high)) for end in (low, high))
    assert " tot ".join(ends) == said


def test_a_sentence_prints_its_figures_so_that_they_can_be_told_apart() -> None:
    found = finding(
        indicator="registered_vandalism_per_1000",
        value=6.4,
        peers=gap(5.1, 1.3),
        country=gap(4.7, 1.7),
    )
    assert wording.headline(found, WIJK) == (
        "De politie registreerde 6,4 vernielingen per 1.000 inwoners; in vergelijkbare wijken is "
        "dat 5,1 en in Nederland 4,7."
    )


@pytest.mark.parametrize("also", [False, True])
def test_comparable_areas_have_the_opgave_too_only_where_their_own_gap_matters(also: bool) -> None:
    least = registry().indicators["social_assistance"].matters
    reference = 2.4 + least * (1.0 if also else 0.9)
    shared = finding(kind="shared", country=gap(2.4, 3.0), peers=gap(reference, 0.1, 0.5))
    assert ("hebben deze opgave ook" in wording.sentence(shared, WIJK)) is also


@pytest.mark.parametrize(("times", "careful"), [(1.15, False), (1.25, True)])
def test_a_count_is_called_careful_where_the_printed_gap_is_a_fifth_larger(
    times: float, careful: bool
) -> None:
    peers = replace(gap(4.44, 3.0), published=3.0 * times)
    assert ("voorzichtig gerekend" in wording.sentence(finding(peers=peers), WIJK)) is careful


@pytest.mark.parametrize(("country", "peers"), [(5.15, -3.13), (-5.15, 3.13)])
def test_the_badge_of_what_is_better_than_one_reference_says_so_as_the_sentence_does(
    country: float, peers: float
) -> None:
    """The twin: what is better than neither has no clear difference."""
    one = finding(
        kind="level", persons=None, country=gap(2.42, country, 0.001 if country < 0 else 0.5),
        peers=gap(4.44, peers, 0.001 if peers < 0 else 0.5),
    )  # fmt: skip
    better = "in vergelijkbare wijken" if peers < 0 else "in Nederland"
    badge = "vergelijkbare gebieden" if peers < 0 else "het land"
    assert f"Dat is beter dan {better};" in wording.sentence(one, WIJK)
    assert wording.badge(one) == f"Alleen beter dan {badge}"
    small = replace(one, reason="trifle")  # the other difference is sure, but does not matter
    assert (wording.sentence(small, WIJK), wording.badge(small)) == (
        wording.sentence(one, WIJK), wording.badge(one),
    )  # fmt: skip
    neither = replace(one, country=gap(2.42, 0.1, 0.5), peers=gap(4.44, 0.1, 0.5))
    assert wording.badge(neither) == "Geen duidelijk verschil"


def test_how_far_behind_is_said_in_people_or_else_in_the_figures_own_unit(demo_data: Path) -> None:
    """Never a dash for what was measured."""
    release = open_release(demo_data)
    for one in scan_all(release, "GM9901"):
        for finding in one.opgaven:
            told = wording.behind(finding)
            assert bool(told) == (finding.kind != "strength"), finding.indicator
            short = opgave.shortfalls(finding, registry().indicators[finding.indicator])
            if short:
                assert told == {n: wording.persons(x, finding.counted) for n, x in short.items()}


def test_a_figure_that_stands_alone_has_its_unit() -> None:
    known = registry().indicators
    assert wording.measured(22.0, known["business_burglaries_per_1000"]) == "22 per 1.000"
    assert wording.measured(5.9, known["social_cohesion"]) == "5,9 punten"
    assert wording.measured(12.0, known["shop_vacancy"]) == "12 %"


@pytest.mark.parametrize(
    ("kind", "country", "peers", "said"),
    [
        ("own", 0.98, 0.91, "slechter is: 91 %"),
        ("shared", 0.98, 0.6, "slechter is dan in het land: 98 %"),
        ("early_sign", 0.6, 0.93, "slechter is dan in vergelijkbare gebieden: 93 %"),
        ("strength", 0.02, 0.05, "beter is: 95 %"),
        ("level", 0.81, 0.57, "slechter is dan in vergelijkbare gebieden: 57 %"),
        ("level", 0.81, 0.3, "beter is dan in vergelijkbare gebieden: 70 %"),
        ("level", 0.81, None, "slechter is dan in het land: 81 %"),
        ("own", 0.995, None, "slechter is dan in het land: > 99 %"),
        ("strength", None, 0.05, "beter is dan in vergelijkbare gebieden: 95 %"),
        ("level", None, None, ""),
    ],
)
def test_a_chance_says_of_what_and_beside_which_reference_it_is(
    kind: Kind, country: float | None, peers: float | None, said: str
) -> None:
    sides = {
        name: None if sure is None else gap(1.0, 1.0, sure)
        for name, sure in (("country", country), ("peers", peers))
    }
    found = finding(kind=kind, **sides)
    assert wording.likely(found) == (said and f"kans dat het hier {said}")


SHARED = {  # (that of comparable areas, how far it is behind them, how sure): what is said of it
    "met vergelijkbare wijken is er geen duidelijk verschil.": (2.6, 0.1, 0.6),
    unsure(80): (2.6, 3.13, 0.8),
    "vergelijkbare wijken hebben deze opgave ook.": (7.4, 0.17, 0.6),
    "maar dat gaat over minder dan tien mensen, woningen of bedrijven.": (4.44, 3.13, 0.99),
}


@pytest.mark.parametrize("said", SHARED)
def test_a_shared_opgave_says_what_is_seen_beside_comparable_areas(said: str) -> None:
    """15 % beside 9 % is a difference, also where we cannot exclude chance."""
    one = finding(kind="shared", peers=gap(*SHARED[said]), value=SHARED[said][0] + SHARED[said][1])
    assert wording.sentence(one, WIJK).endswith(said)
    assert [key for key in SHARED if key in wording.sentence(one, WIJK)] == [said]


def test_a_figure_worse_than_that_of_areas_that_are_behind_too_says_both() -> None:
    one = finding(kind="shared", peers=gap(5.0, 2.57, 0.85))
    assert wording.sentence(one, WIJK).endswith(
        "vergelijkbare wijken hebben deze opgave ook. Het cijfer hier is nog slechter, "
        + unsure(85)
    )


def test_a_difference_that_chance_made_larger_is_not_called_unlikely() -> None:
    """It is surely there, but only as published large enough to matter."""
    both = replace(gap(2.6, 0.2, 0.96), published=3.1)
    said = wording.sentence(finding(kind="shared", peers=both, value=5.7), WIJK)
    assert said.endswith(
        "maar daarvan zijn we niet zeker genoeg: zonder toeval is het verschil waarschijnlijk "
        "kleiner."
    )


def test_a_figure_better_than_that_of_areas_that_are_behind_too_says_both() -> None:
    """3,8 % beside 6,0 %, of which the choice of peers leaves one chance in ten."""
    one = finding(kind="shared", peers=gap(6.0, -2.24, 0.102), value=3.76)
    assert wording.sentence(one, WIJK).endswith(
        "vergelijkbare wijken hebben deze opgave ook. Het cijfer hier is beter dan daar, "
        + unsure(89)
    )


@pytest.mark.parametrize(
    ("reason", "badge", "said"),
    [
        ("trifle", "Klein verschil", "Zo’n verschil is te klein om iets uit te maken."),
        ("few", "Verschil over weinig mensen of bedrijven", "te weinig om een opgave te noemen."),
    ],
)
def test_a_small_difference_is_no_unclear_one_where_there_are_no_peers_either(
    reason: Reason, badge: str, said: str
) -> None:
    one = finding(kind="level", reason=reason, peers=None, country=gap(7.4, 0.17), persons=None)
    assert wording.badge(one) == badge
    assert wording.sentence(one, WIJK).endswith(
        f"{said} Hiervoor hebben we geen vergelijkbare wijken."
    )
    other = replace(one, peers=one.country, country=None)
    assert wording.sentence(other, WIJK).endswith(
        f"{said} Het cijfer van Nederland hebben we niet."
    )


@pytest.mark.parametrize(
    ("reason", "badge"),
    [("trifle", "Klein verschil"), ("few", "Verschil over weinig mensen of bedrijven"),
     ("", "Geen duidelijk verschil")],
)  # fmt: skip
def test_a_difference_that_is_sure_but_small_is_not_called_unclear(
    reason: Reason, badge: str
) -> None:
    sure = gap(7.4, 0.17)
    one = finding(kind="level", reason=reason, country=sure, peers=sure, persons=None)
    assert wording.badge(one) == badge


def reached(compared: int, of: int) -> Scan:
    alone = finding(kind="level", country=None, peers=None, reason="nothing")
    findings = (*(finding() for _ in range(compared)), *(alone for _ in range(of - compared)))
    return Scan(
        release="r", area=WIJK, year=2020, findings=findings, peers=Peers(list=(), good=False),
        unknown=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("compared", "said"),
    [(0, ""), (5, "We konden hier 5 van de 44 cijfers vergelijken."),
     (21, "We konden hier 21 van de 44 cijfers vergelijken."), (22, ""), (44, "")],
)  # fmt: skip
def test_a_headline_says_how_little_was_compared_where_that_is_less_than_half(
    compared: int, said: str
) -> None:
    assert wording.reach((reached(compared, 44),)) == said


def test_of_many_areas_the_one_that_we_know_best_says_how_much_was_compared() -> None:
    scans = (reached(3, 44), reached(5, 44))
    assert wording.reach(scans) == "Per gebied konden we hoogstens 5 van de 44 cijfers vergelijken."
    assert wording.reach((*scans, reached(30, 44))) == ""
    assert wording.reach(()) == ""


@pytest.mark.parametrize("gone", [Status.BOUNDARY, Status.APPORTIONED])
def test_that_nothing_is_known_because_the_boundary_changed_is_not_said_to_be_of_few(
    gone: Status,
) -> None:
    def silent(*statuses: Status | None) -> Scan:
        unknown = tuple(
            Unknown(indicator="starters_per_1000", perspective="entrepreneurship",
                    status=status or Status.UNKNOWN, year=status and 2020)
            for status in statuses
        )  # fmt: skip
        return replace(reached(0, 0), unknown=unknown)

    late = [Status.LATE, Status.ENDED, Status.OLD, None] * 3  # those say nothing of this area
    moved = silent(gone, gone, Status.TOO_FEW, *late)
    assert wording.nothing(moved) == (
        "De grens van dit gebied is veranderd. De cijfers van daarvoor zijn niet goed genoeg om te "
        "rekenen. Daarom zeggen we niets over de opgave."
    )
    few = silent(gone, Status.TOO_FEW, *late)
    assert wording.nothing(few) == TEXTS["nothing"]["unjudged"]["nl"]
    assert wording.nothing(silent(*late)) == TEXTS["nothing"]["unjudged"]["nl"]


def test_a_scan_of_which_most_is_of_other_years_says_so() -> None:
    """Of 2023 only the own gemeente was loaded: what is compared is of 2020."""
    one = reached(30, 44)
    older = [replace(found, dated=True) for found in one.findings]
    most = replace(one, findings=(*older[:16], *one.findings[16:]))
    assert wording.reach((most,)) == (
        f"Van de cijfers die we vergeleken, zijn de meeste niet van {one.year}: over dat jaar is "
        "er minder om mee te vergelijken. Het jaar staat erbij."
    )
    half = replace(one, findings=(*older[:15], *one.findings[15:]))
    assert wording.reach((half,)) == ""


def test_what_most_peers_have_in_common_is_said_once() -> None:
    far = [("households", 1.0, 2.0, 0.5)]
    peers = [
        Peer(area=WIJK, distance=1.0, alike=tuple((n, 1.0, 1.0, 0.0) for n in names), differs=far)  # type: ignore[arg-type]
        for names in (("population", "address_density"), ("population",))
    ]
    labels = [registry().indicators[n].label.nl for n in ("population", "address_density")]
    assert wording.reasons_sentences(Peers(list=tuple(peers), good=True)) == (
        f"Waarin ze het meest op dit gebied lijken: {'; '.join(labels)}.",
        f"Waarin ze er het meest van verschillen: {registry().indicators['households'].label.nl}.",
    )


def test_at_most_three_features_of_peers_are_said() -> None:
    names = ("population", "address_density", "households", "urbanity")
    peers = [
        Peer(area=WIJK, distance=1.0, differs=(), alike=tuple((n, 1.0, 1.0, 0.0) for n in of))
        for of in (names, names[:3])
    ]
    labels = "; ".join(registry().indicators[n].label.nl for n in names[:3])
    assert wording.reasons_sentences(Peers(list=tuple(peers), good=True)) == (
        f"Waarin ze het meest op dit gebied lijken: {labels}.",
    )


@pytest.mark.parametrize(
    ("value", "peers", "margin"), [(24.1, 20.0, "18 tot 24"), (24.1, 23.4, "18,0 tot 24,0")]
)
def test_a_margin_has_the_decimals_of_its_figure(value: float, peers: float, margin: str) -> None:
    """Not "24,1, margin 18 to 24"."""
    entry = replace(registry().indicators["social_assistance"], decimals=0, matters=0.5)
    own = wording.quantity(value, entry, beside=(peers,))
    ends = [
        wording.quantity(end, entry, beside=(value, peers), margin=(18.0, 24.0)).removesuffix(" %")
        for end in (18.0, 24.0)
    ]
    assert " tot ".join(ends) == margin
    assert ("," in own) is ("," in ends[0])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "Er zijn wel vergelijkbare wijken, maar te weinig daarvan hebben dit cijfer over"),
        ("en", "There are comparable wijken, but too few of them have this figure for"),
    ],
)
@pytest.mark.parametrize("kind", ["own", "strength", "level"])
def test_peers_that_lack_the_figure_are_not_said_not_to_be_there(
    kind: Kind, language: Any, said: str
) -> None:
    chance = {"own": 1.0, "strength": 0.0, "level": 0.5}[kind]
    alone = finding(kind=kind, peers=None, country=gap(2.42, 5.15, chance), lacking=True)
    whole = wording.sentence(alone, WIJK, language)
    assert f"{said} {alone.year}." in whole
    assert ("geen vergelijkbare" in whole, "no comparable" in whole) == (False, False)


def test_how_far_behind_without_people_is_the_published_difference() -> None:
    """Nearer by the estimate, as it is there because of chance: who looks it up finds this one."""
    silent = finding(
        persons=None, counted="", country=replace(gap(2.42, 4.0), published=5.15),
        peers=replace(gap(4.44, 2.0), published=3.13),
    )  # fmt: skip
    assert wording.behind(silent) == {"peers": "3,1 procentpunt", "country": "5,2 procentpunt"}


def test_that_peers_are_an_estimate_is_not_said_because_the_area_itself_is_estimated() -> None:
    same = replace(gap(4.44, 2.0, 0.99), published=3.13, rounded=True)
    assert "afgerond op 0" not in wording.sentence(finding(estimate=6.44, peers=same), WIJK)


def test_a_feature_in_which_most_peers_are_alike_is_not_said_to_differ_too() -> None:
    near, far = (("urbanity", 1.0, 1.0, 0.1),), (("urbanity", 1.0, 4.0, 0.5),)
    peers = [
        Peer(area=WIJK, distance=1.0, alike=alike, differs=differs)
        for alike, differs in ((near, ()), (near, ()), ((), far))
    ]
    label = registry().indicators["urbanity"].label.nl
    assert wording.reasons_sentences(Peers(list=tuple(peers), good=True)) == (
        f"Waarin ze het meest op dit gebied lijken: {label}.",
    )


@pytest.mark.parametrize(("language", "said"), [("nl", "€ 31.500"), ("en", "€31,500")])
def test_money_is_no_more_exact_than_its_indicator(language: wording.Language, said: str) -> None:
    """Incomes are published in hundreds of euros."""
    income = registry().indicators["income_per_inhabitant"]
    assert wording.quantity(31.4567, income, language) == said


def test_a_figure_after_its_name_has_its_unit_unless_the_name_says_it() -> None:
    known = registry().indicators
    assert wording.alone(12.3, known["start_rate"]) == "12,3 per 1.000"
    assert wording.alone(12.3, known["start_rate"], "en") == "12.3 per 1,000"
    assert wording.alone(74.0, known["establishments_per_1000"]) == "74"
    assert wording.alone(12.0, known["shop_vacancy"]) == "12 %"
    assert wording.alone(0.9, known["supermarket_distance"]) == "0,9 km"


def test_a_figure_is_rounded_in_one_way_wherever_it_stands_with_what_it_is_compared_with() -> None:
    entry, beside = registry().indicators["violence"], (6.4, 5.1, 4.7)
    shown = {wording.alone(6.4, entry, beside=beside), wording.measured(6.4, entry, beside=beside)}
    assert shown == {"6,4 per 1.000"}
    assert wording.alone(6.4, entry) == "6 per 1.000"  # alone it needs no more


def test_what_somebody_typed_as_a_target_is_not_rounded_away() -> None:
    entry = registry().indicators["business_burglaries_per_1000"]
    assert wording.aimed(6.5, entry) == "6,5 per 1.000"
    assert wording.aimed(6.0, entry) == "6 per 1.000"
    assert wording.aimed(6.0, registry().indicators["violence"], beside=(6.4, 5.1, 4.7)) == (
        "6,0 per 1.000"
    )


def test_twin_as_a_bare_quantity_the_same_target_is_another_number_without_a_unit() -> None:
    assert wording.quantity(6.5, registry().indicators["business_burglaries_per_1000"]) == "6"
