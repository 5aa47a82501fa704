# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The text says what the scan found and reads well in any terminal."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.figures.making import origin, snapshot
from tests.insight.test_wording import WIJK, finding, gap
from wijkeconomie.figures import build, demo
from wijkeconomie.figures.refusal import LANGUAGES, Language
from wijkeconomie.figures.registry import CONTEXT, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.figures.snapshot import Crosswalk
from wijkeconomie.insight import text, wording
from wijkeconomie.insight.results import Scan
from wijkeconomie.insight.scan import scan, scan_all

BUURT = "BU99010101"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_unknown_is_one_line_for_each_reason(
    release: Release, scans: tuple[Scan, ...], language: Language
) -> None:
    one = next(s for s in scans if any(u.perspective != CONTEXT for u in s.unknown))
    shown = [u for u in one.unknown if u.perspective != CONTEXT]
    whole = text.as_text(one, release, language, 10_000)
    lines = whole.splitlines()[-len({(u.status, u.year is None) for u in shown}) :]
    assert all(line.startswith("* ") for line in lines)
    for unknown in shown:
        why = wording.reason(unknown.status, language, loaded=unknown.year is not None)
        label = registry().indicators[unknown.indicator].label[language]
        (said,) = [line for line in lines if line[2:].lower().startswith(f"{why}: ")]
        assert label in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_names_every_figure_that_was_judged(release: Release, language: Language) -> None:
    """What is level in one line of its perspective, with its value."""
    said = 0
    for one in scan_all(release, demo.GEMEENTE, "buurt"):
        lines = text.as_text(one, release, language, 10_000).splitlines()
        for found in (f for f in one.findings if f.kind == "level"):
            start = lines.index(wording.perspective(found.perspective, language))
            here = lines[start : lines.index("", start)]
            entry = registry().indicators[found.indicator]
            value = wording.quantity(found.value, entry, language)
            badge = wording.badge(found, language)
            (line,) = [x for x in here if x.startswith((f"* {badge}: ", f"* {badge}, "))]
            assert f"{entry.label[language]} ({value}" in line
            said += 1
    assert said > 50


def test_an_own_figure_that_could_not_be_compared_stands_in_the_text(
    release: Release, scans: tuple[Scan, ...]
) -> None:
    own = finding(
        indicator="jobs_per_1000", kind="level", value=812.0, country=None, peers=None,
        reason="nothing",
    )  # fmt: skip
    said = text.as_text(replace(scans[0], findings=(own,)), release, "nl", 200)
    assert (
        "* Niet te vergelijken, want dit cijfer is er niet voor Voorbeeldland en niet voor genoeg "
        "vergelijkbare wijken: Banen per 1.000 mensen van 15 tot 65 jaar (812 per 1.000)." in said
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_strength_stands_in_the_text_as_a_sentence_under_its_perspective(
    release: Release, scans: tuple[Scan, ...], language: Language
) -> None:
    worse = finding()
    better = finding(kind="strength", persons=None, value=2.0, country=gap(3.0, -1.0, 0.01),
                     peers=gap(4.0, -2.0, 0.01))  # fmt: skip
    one = replace(scans[0], findings=(worse, better))
    lines = text.as_text(one, release, language, 10_000).splitlines()
    start = lines.index(wording.perspective("work", language))
    assert lines[start + 2 : lines.index("", start)] == [
        f"* {wording.badge(f, language)}: {wording.sentence(f, one.area, language)}"
        for f in (worse, better)
    ]


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("nl", "1 wijk, grootste opgave eerst", "2 wijken, grootste opgave eerst"),
        ("en", "1 wijk, largest opgave first", "2 wijken, largest opgave first"),
    ],
)
def test_an_overview_counts_its_areas_in_the_singular_and_the_plural(
    release: Release, scans: tuple[Scan, ...], language: Language, one: str, two: str
) -> None:
    place = f"{scans[0].area.gemeente}, {scans[0].year}"
    for count, said in ((1, one), (2, two)):
        head = text.as_overview(scans[:count], release, language, 200).splitlines()[0]
        assert head == f"{place}: {said}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_says_that_figures_are_invented(release: Release, language: Language) -> None:
    said = text.as_text(scan(release, BUURT), release, language)
    assert {"nl": "verzonnen", "en": "invented"}[language] in said


@given(width=st.integers(20, 200))
def test_text_fits_any_terminal(release: Release, width: int) -> None:
    said = text.as_text(scan(release, BUURT), release, "nl", width)
    assert max(map(len, said.splitlines())) <= max(40, width)


def test_text_keeps_a_number_and_its_unit_together(release: Release) -> None:
    for width in range(40, 90, 7):
        lines = text.as_text(scan(release, BUURT), release, "nl", width).splitlines()
        assert not [line for line in lines if line.strip().startswith("%")]


@pytest.mark.parametrize("count", ["1.200 mensen", "€ 31.400", "7,6 %", "0,9 km", "12 huishoudens"])
def test_no_line_ends_between_a_number_and_what_it_counts(count: str) -> None:
    for width in range(20, 60):
        lines = text._wrapped(f"Het verschil met die wijken is ongeveer {count} of zo.", width)
        assert [count in line for line in lines].count(True) == 1


def test_without_the_bond_a_line_may_end_between_them() -> None:
    """The twin: plain wrapping does it."""
    assert "1.200" in textwrap.wrap("Het verschil is 1.200 mensen.", 22)[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 59, 60, 80, 100])
def test_an_overview_names_every_area_once_in_the_order_of_the_scan(
    release: Release, scans: tuple[Scan, ...], language: Language, width: int
) -> None:
    said = text.as_overview(scans, release, language, width)
    table = said.rpartition("\n\n")[0].replace("\n", " ")
    places = [table.index(f"({one.area.code})") for one in scans]
    assert places == sorted(places)
    assert max(map(len, said.splitlines())) <= width
    assert {"nl": "verzonnen", "en": "invented"}[language] in said


def test_an_overview_says_of_each_area_what_how_much_and_how_sure(
    release: Release, scans: tuple[Scan, ...]
) -> None:
    flat = " ".join(text.as_overview(scans, release, "nl", 59).split())
    asking = [one for one in scans if one.opgaven and one.opgaven[0].persons is not None]
    assert asking
    for one in asking:
        first = one.opgaven[0]
        said = f"{wording.badge(first)}, {wording.certainty(first)}. "
        assert said + text._behind(first, one.area, "nl") in flat


def test_an_overview_says_how_far_behind_each_reference_that_it_is_behind() -> None:
    """People where they are counted, else the figure's own unit."""
    assert text._behind(finding(), WIJK, "nl") == (
        "Achter op vergelijkbare wijken: ongeveer 2.400 mensen; op Nederland: ongeveer 4.000 "
        "mensen."
    )
    alone = finding(peers=None, persons=None)
    assert text._behind(alone, WIJK, "nl") == "Achter op Nederland: 5,2 procentpunt."
    level = finding(country=gap(7.5, 0.07, 0.6))
    assert text._behind(level, WIJK, "en") == "Behind comparable wijken: about 2,400 people."


def test_a_cell_that_is_too_long_goes_on_below_in_its_column() -> None:
    lines = list(text._in_columns(("a", "ongeveer 1.200 huishoudens"), (3, 18)))
    assert lines == ["  a    ongeveer", "       1.200 huishoudens"]


def beside_its_name(one: Scan, release: Release) -> str:
    """What stands after the name of the only area of a narrow overview."""
    flat = " ".join(text.as_overview([one], release, "nl", 59).split())
    return flat.partition(f"{one.area.name} ({one.area.code}) * ")[2].partition(" De volgorde")[0]


def test_where_only_strengths_were_found_the_first_stands_beside_the_name(
    release: Release, scans: tuple[Scan, ...]
) -> None:
    """As on the page of the gemeente, which shows ``Scan.first`` too."""
    one = next(s for s in scans if any(f.kind == "strength" for f in s.findings))
    strong = replace(one, findings=tuple(f for f in one.findings if f.kind == "strength"))
    first = strong.findings[0]
    assert strong.first == first
    entry = registry().indicators[first.indicator]
    value = wording.quantity(first.value, entry, beside=first.printed)
    assert beside_its_name(strong, release) == (
        f"{wording.named(first)}: {value}; {wording.badge(first)}, {wording.certainty(first)}"
    )


def test_where_nothing_stands_out_the_overview_says_how_much_was_compared(
    release: Release, scans: tuple[Scan, ...]
) -> None:
    one = scans[0]
    level = replace(one, findings=tuple(replace(f, kind="level") for f in one.findings))
    assert level.first is None
    assert beside_its_name(level, release) == (
        f"Geen opgave gevonden; {level.compared} van de {level.figures} cijfers vergeleken"
    )


@pytest.mark.parametrize(
    ("indicator", "nl", "en"),
    [
        ("violence", "7 per 1.000", "7 per 1,000"),
        ("ses_score", "7,00 punten", "7.00 points"),
        ("gp_distance", "7,0 km", "7.0 km"),
        ("household_income", "€ 7.000", "€7,000"),
        ("labour_participation", "7 procentpunt", "7 percentage points"),
    ],
)
def test_a_distance_that_counts_nobody_has_its_unit(indicator: str, nl: str, en: str) -> None:
    """The phrase that names the unit of the figure does not stand beside it."""
    better = registry().indicators[indicator].better
    size = 7.0 if better == "lower" else -7.0
    alone = finding(
        indicator=indicator, persons=None, peers=None, value=8.0, country=gap(1.0, size)
    )
    assert text._behind(alone, WIJK, "nl") == f"Achter op Nederland: {nl}."
    assert text._behind(alone, WIJK, "en") == f"Behind the Netherlands: {en}."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_judged_figure_has_a_difference_with_a_unit(language: Language) -> None:
    for entry in (i for i in registry().indicators.values() if i.judged):
        said = wording.difference(7.0, entry, language)
        assert said != wording.number(7.0, entry.decimals, language), entry.id


ALL_YEARS = "2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024: --year 2024."
MISSING: dict[Language, str] = {
    "nl": "Over 2013 zijn geen tabellen geladen met cijfers die we vergelijken. Vergelijken kan "
    f"wel over {ALL_YEARS} Of laad de tabellen van 2013: wijkeconomie figures load cbs --years "
    "2013.",
    "en": "No tables of 2013 were loaded with figures that we compare. It can be compared in "
    f"{ALL_YEARS} Or load the tables of 2013: wijkeconomie figures load cbs --years 2013.",
}


@pytest.mark.parametrize(("language", "said"), MISSING.items())
def test_where_nothing_could_be_compared_it_says_which_tables_are_missing(
    release: Release, scans: tuple[Scan, ...], language: Language, said: str
) -> None:
    """And not for every area that there is nothing to compare with, without a reason."""
    silent = [replace(one, year=2013, findings=()) for one in scans]
    for shown in (
        text.as_overview(silent, release, language, 10_000),
        text.as_text(silent[0], release, language, 10_000),
    ):
        assert said in shown.splitlines()
    assert said not in text.as_overview(scans, release, language, 10_000)


def test_figures_of_the_year_that_nothing_can_be_held_against_are_counted(
    release: Release, scans: tuple[Scan, ...]
) -> None:
    silent = [replace(one, findings=()) for one in scans]
    shown = text.as_overview(silent, release, "nl", 10_000)
    n = sum(
        scans[0].year in years and registry().indicators[name].judged
        for name, years in release.filled(scans[0].area.level).items()
    )
    assert f"Over 2024 zijn wel cijfers geladen die we vergelijken ({n}), maar niet van" in shown
    assert "grootste opgave eerst" not in shown


def redrawn(data: Path, *walks: Crosswalk) -> str:
    """What is said of a wijk that is new in the last year, and of all wijken there."""
    then = [{"area": code, "name": code, "population": 900, "social_assistance": 90.0}
            for code in ("NL00", "GM0001", "WK000101", "WK000102")]  # fmt: skip
    now = [
        {"area": code, "name": code, "population": 900} for code in ("NL00", "GM0001", "WK000102")
    ]
    now.append({"area": "WK0001AA", "name": "Anders", "population": 900})
    tables = [snapshot(2020, then), *walks, snapshot(2022, now, table="later", day=1)]
    opened = build.load(data, tables)
    one = text.as_text(scan(opened, "WK0001AA"), opened, "nl", 400)
    return one + text.as_overview(scan_all(opened, "GM0001", "wijk"), opened, "nl", 400)


def test_who_can_load_the_changes_of_boundary_is_told_how_and_who_did_is_not(
    tmp_path: Path,
) -> None:
    advice = "wijkeconomie figures load grenswijziging_wijk_van_2020_naar_2022.csv"
    before = redrawn(tmp_path / "a")
    assert before.count(advice) == 1
    pairs = pl.DataFrame({"new": ["WK000199"], "old": ["WK000199"], "addresses": [9]})
    walk = Crosswalk(origin=origin("w"), level="wijk", from_year=2020, to_year=2022, frame=pairs)
    after = redrawn(tmp_path / "b", walk)
    assert advice not in after
    for said in (before, after):
        assert said.count("De grens van dit gebied is veranderd.") == 1
        assert "  De grens is veranderd; cijfers van daarvoor zijn niet om te rekenen" in said
