# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of the registry: what is not understood is refused, what is promised is there."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.figures import registry as registry_module
from wijkeconomie.figures.registry import (
    CONTEXT,
    PERSPECTIVES,
    RegistryError,
    decimals_for,
    fingerprint,
    fold,
    read,
    registry,
)

COLUMNS = """
[people]
unit = "persons"
kind = "count"
mnemonics = ["a_inw"]
[poor]
unit = "percent"
kind = "share"
of = "people"
"""
INDICATOR = """
[people]
label = { nl = "Inwoners", en = "Inhabitants" }
description = { nl = "Aantal.", en = "Number." }
phrase = { nl = "er zijn {value}", en = "there are {value}" }
perspective = "context"
unit = "persons"
decimals = 0
better = "neither"
formula = "published"
inputs = { value = "people" }
"""
PROMISED = (
    "population", "households", "establishments", "establishments_per_1000",
    "self_employed_share", "social_assistance", "labour_participation",
)  # fmt: skip


def refused(columns: str = COLUMNS, indicators: str = INDICATOR) -> str:
    with pytest.raises(RegistryError) as error:
        read(columns, indicators)
    return str(error.value)


def test_the_small_registry_of_these_tests_is_understood() -> None:
    assert read(COLUMNS, INDICATOR).recognise("A_INW") == "people"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('better = "neither"', 'better = "neither"\ntypo = 1', "unknown key typo"),
        ('unit = "persons"', 'unit = "furlongs"', "unit = 'furlongs'"),
        ('"published"', '"invented"', "no formula invented"),
        ('"published"', '"share"', "share takes"),
        ('value = "people"', 'value = "nobody"', "input nobody is no column"),
        ('better = "neither"', 'better = "maybe"', "better = 'maybe'"),
        ('perspective = "context"', 'perspective = "other"', "perspective = 'other'"),
        ('decimals = 0', "", "missing decimals"),
        (', en = "Inhabitants"', ', en = ""', "label needs both nl and en"),
        ('unit = "persons"', 'unit = "percent"', "a rate must name its denominator"),
        ('decimals = 0', 'decimals = 0\ndenominator = "ghosts"', "denominator ghosts is unknown"),
        ('decimals = 0', 'decimals = 0\nwhole = "ghosts"', "whole ghosts is unknown"),
        ('decimals = 0', 'decimals = 0\nunaveraged = {nl = "a", en = "b"}', "and no context"),
        ('decimals = 0', 'decimals = 0\none = 2.0', "one > 0 belongs to a mean"),
        ('decimals = 0', 'decimals = 0\nmatters = 2.0', "matters > 0 belongs to what is judged"),
    ],
)  # fmt: skip
def test_an_indicator_that_is_not_understood_is_refused(old: str, new: str, said: str) -> None:
    assert said in refused(indicators=INDICATOR.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "count"', 'kind = "heap"', "kind = 'heap'"),
        ('of = "people"', "", "must say of which count"),
        ('of = "people"', 'of = "ghosts"', "of = ghosts is no column"),
        ('of = "people"', 'of = "people"\nnames = ["A_INW"]', "names both people and poor"),
    ],
)
def test_a_column_that_is_not_understood_is_refused(old: str, new: str, said: str) -> None:
    assert said in refused(columns=COLUMNS.replace(old, new))


# Of whom each rate is, by the definition of its source (CBS: DataProperties of 84799NED and the
# explanation of Kerncijfers wijken en buurten 2023; own tables: the description in the registry),
# and whom each count counts.  "" where no table counts exactly those.
OF_WHOM = {
    "age_0_14_share": "inhabitants", "age_15_24_share": "inhabitants",
    "age_25_44_share": "inhabitants", "age_65_plus_share": "inhabitants",
    "one_person_households_share": "private households",
    "households_with_children_share": "private households",
    "corporation_share": "dwellings", "built_before_2000_share": "dwellings",
    "single_family_share": "dwellings", "vacant_dwellings_share": "dwellings",
    "owner_occupied_share": "dwellings",
    "establishments_per_1000": "inhabitants", "trade_catering_per_1000": "inhabitants",
    "industry_per_1000": "inhabitants", "start_rate": "inhabitants",
    "business_services_share": "establishments", "stop_rate": "establishments",
    "circular_firms_share": "establishments", "shop_vacancy": "shop units",
    "vacant_shop_floor_share": "",  # of square metres
    "social_assistance": "inhabitants", "unemployment_benefit": "inhabitants of 15 to 64",
    "disability_benefit": "inhabitants of 15 to 64", "job_seekers": "inhabitants of 15 to 64",
    "jobs_per_1000": "inhabitants of 15 to 64",
    "labour_participation": "inhabitants of 15 to 74",
    "education_low_share": "inhabitants of 15 to 74",
    "self_employed_share": "people at work of 15 to 74",
    "employee_share": "people at work of 15 to 74",
    "flexible_workers": "people at work of 15 to 74",
    "low_income_persons": "persons with an income in private households",
    "low_income_households": "",  # without students and incomplete years of income
    "social_minimum_households": "",  # the same
    "poverty": "",  # of persons whose income is known
    "active_share": "",  # of 15 to 74, in tables that count 15 to 64
    "youth_at_distance": "inhabitants of 15 to 24", "social_support": "inhabitants",
    "youth_care": "inhabitants under 25", "violence": "inhabitants", "vandalism": "inhabitants",
    "partners_per_1000": "inhabitants", "volunteers_share": "inhabitants",
    "benefit_share_municipal": "inhabitants", "registered_vandalism_per_1000": "inhabitants",
    "business_burglaries_per_1000": "establishments", "shoplifting_per_1000": "establishments",
}  # fmt: skip
COUNTS = {
    "population": "inhabitants", "population_15_64": "inhabitants of 15 to 64",
    "population_15_24": "inhabitants of 15 to 24", "population_under_25": "inhabitants under 25",
    "education_known": "inhabitants of 15 to 74", "people_at_work": "people at work of 15 to 74",
    "income_recipients": "persons with an income in private households",
    "households": "private households", "dwellings": "dwellings",
    "establishments": "establishments", "shops": "shop units",
}  # fmt: skip


def test_every_rate_is_counted_of_exactly_those_whom_its_source_means_or_of_nobody() -> None:
    """A share of income recipients times all inhabitants makes people who are not there."""
    known = registry()
    rates = [entry for entry in known.indicators.values() if entry.is_rate]
    assert {entry.id for entry in rates} == set(OF_WHOM)
    said = {e.id: COUNTS[w.id] if (w := known.whole(e)) else "" for e in rates}
    assert said == OF_WHOM
    for entry in rates:
        assert (entry.uncounted is None) == bool(OF_WHOM[entry.id])
        if entry.uncounted is not None:
            assert entry.uncounted.nl.endswith(".")
            assert entry.uncounted.en.endswith(".")


def test_no_figure_but_a_rate_has_a_whole() -> None:
    known = registry()
    assert known.whole(known.indicators["supermarket_distance"]) is None
    assert known.whole(known.indicators["population"]) is None


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("low_income_persons", 'whole = "income_recipients"\n'),
        ("low_income_households", "uncounted = .*\n"),
        ("vacant_shop_floor_share", "uncounted = .*\n"),
    ],
)
def test_a_rate_that_names_neither_its_whole_nor_why_there_is_none_is_refused(
    entry: str, line: str
) -> None:
    """It would be multiplied with whatever count is at hand."""
    package = files("wijkeconomie.figures")
    columns, text = (
        package.joinpath(f"{name}.toml").read_text("utf-8") for name in ("columns", "indicators")
    )
    before, named, after = text.partition(f"[{entry}]\n")
    without = before + named + re.sub(line, "", after, count=1)
    with pytest.raises(RegistryError, match=rf"{entry}: a rate must name the count of exactly"):
        read(columns, without)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unaveraged", "uncounted", "is no average of its parts; say so"),
        ('better = "neither"', 'better = "higher"\nmatters = 5.0\none = 30.0', "and no context"),
    ],
)
def test_what_is_no_average_of_its_parts_says_so_and_is_not_judged(
    old: str, new: str, said: str
) -> None:
    """The country would be above nearly all of its parts: 428 of the 436 buurten of Amsterdam."""
    package = files("wijkeconomie.figures")
    columns, text = (
        package.joinpath(f"{name}.toml").read_text("utf-8") for name in ("columns", "indicators")
    )
    before, named, after = text.partition("[sector_diversity]\n")
    entry, end, others = after.partition("\n\n[")
    wrong = before + named + entry.replace(old, new) + end + others
    with pytest.raises(RegistryError, match=f"sector_diversity: .*{said}"):
        read(columns, wrong)


@pytest.mark.parametrize("entry", ["income_per_inhabitant", "ses_score", "social_cohesion"])
def test_a_mean_that_does_not_say_how_far_one_person_lies_from_it_is_refused(entry: str) -> None:
    """It would be taken as free of chance, and be almost certain."""
    package = files("wijkeconomie.figures")
    columns, text = (
        package.joinpath(f"{name}.toml").read_text("utf-8") for name in ("columns", "indicators")
    )
    before, named, after = text.partition(f"[{entry}]\n")
    without = before + named + re.sub(r"^one = .*\n", "", after, count=1, flags=re.MULTILINE)
    with pytest.raises(RegistryError, match=rf"{entry}: one > 0"):
        read(columns, without)


def test_a_formula_may_not_be_a_private_name() -> None:
    assert "no formula _SECTORS" in refused(
        indicators=INDICATOR.replace('"published"', '"_SECTORS"')
    )


def test_at_least_45_indicators_over_four_perspectives_and_context() -> None:
    entries = registry().indicators
    assert len(entries) >= 45
    assert {entry.perspective for entry in entries.values()} == {*PERSPECTIVES, CONTEXT}
    assert set(PROMISED) <= set(entries)


@pytest.mark.parametrize("entry", registry().indicators.values(), ids=lambda entry: entry.id)
def test_an_indicator_can_be_read_by_people(entry: object) -> None:
    for language in ("nl", "en"):
        assert "{value}" in entry.phrase[language]  # type: ignore[attr-defined]
        assert entry.description[language].endswith(".")  # type: ignore[attr-defined]
    for broken in entry.breaks:  # type: ignore[attr-defined]
        assert broken.why.nl
        assert broken.why.en


def test_every_year_from_2013_has_one_table() -> None:
    years = [table.year for table in registry().tables]
    assert years == list(range(2013, years[-1] + 1))


@pytest.mark.parametrize(
    "header",
    ["a_inw", "AantalInwoners_5", "AantalInwoners_12", "Bevolking/Aantal inwoners (aantal)",
     "Bevolking.Aantal.inwoners..aantal.", " BEVOLKING/AANTAL INWONERS (AANTAL) ",
     "aantal_inwoners"],
)  # fmt: skip
def test_a_column_is_recognised_under_every_name_that_sources_use(header: str) -> None:
    assert registry().recognise(header) == "population"


@pytest.mark.parametrize("header", ["", "_5", "inwonertal 2030 prognose", "AantalInwoners_x"])
def test_what_is_not_known_is_not_guessed(header: str) -> None:
    assert registry().recognise(header) is None


def test_a_v4_measure_is_recognised_by_its_code() -> None:
    assert registry().recognise_code("T001036 ") == "population"
    assert registry().recognise_code("X") is None


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper()) == fold(text.upper().lower())


@pytest.mark.parametrize(
    "changed",
    ["formulas.py", "compute.py", "boundary.py", "build.py", "missing.py", "registry.py",
     "columns.toml", "indicators.toml"],
)  # fmt: skip
def test_the_fingerprint_changes_with_all_that_computes_a_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    package = _copied(tmp_path, monkeypatch, changed)
    before = fingerprint.__wrapped__(package)
    with (tmp_path / package / changed).open("a") as file:
        file.write("# other\n")
    assert fingerprint.__wrapped__(package) != before


def test_the_fingerprint_does_not_change_with_what_users_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = _copied(tmp_path, monkeypatch, "words")
    before = fingerprint.__wrapped__(package)
    (tmp_path / package / "refusals.toml").write_text("")
    assert fingerprint.__wrapped__(package) == before


def _copied(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> str:
    """The package of the figures under a name of its own, so that it may be changed."""
    package = "figures_" + name.replace(".", "_")
    (folder / package).mkdir()
    for file in Path(registry_module.__file__).parent.iterdir():
        if file.is_file():
            shutil.copy(file, folder / package)
    monkeypatch.syspath_prepend(folder)
    return package


TABLES = """
[near]
title = { nl = "Nabijheid", en = "Proximity" }
publisher = "CBS"
licence = "CC BY 4.0"
tables = { "99101NED" = [2020, 2020], "99102NED" = [2021, 2021] }
seen = "here"
[near.figures]
people = { measure = "Inwoners", where = { Geslacht = "Totaal" } }
"""


def test_a_related_table_is_understood() -> None:
    (series,) = read(COLUMNS, INDICATOR, TABLES).series
    assert (series.title.en, series.tables["99102NED"]) == ("Proximity", (2021, 2021))
    assert series.picks[0].where == {"Geslacht": "Totaal"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("people =", "poeple =", "figures = 'poeple'"),
        ("measure =", "maat =", "unknown key maat"),
        ('measure = "Inwoners", ', "", "missing measure"),
        ('publisher = "CBS"', "", "missing publisher"),
        ('seen = "here"', "", "missing seen"),
        ('seen = "here"', 'seen = "here"\nperiods = "QQ"', "periods = 'QQ'"),
        ('seen = "here"', 'seen = "here"\nservice = "other"', "service = 'other'"),
        ("[2021, 2021]", "[2020, 2020]", "two tables hold the same year"),
        ("[2021, 2021]", "[2021, 2023]", "needs periods"),
        ("[2021, 2021]", "[2023, 2021]", "needs periods"),
    ],
)
def test_a_related_table_that_is_not_understood_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(RegistryError) as error:
        read(COLUMNS, INDICATOR, TABLES.replace(old, new))
    assert said in str(error.value)


def test_every_column_comes_from_one_related_table_and_feeds_an_indicator() -> None:
    known = registry()
    picked = [pick.column for series in known.series for pick in series.picks]
    used = {column for entry in known.indicators.values() for column in entry.inputs.values()}
    assert len(known.series) == 4
    assert len(picked) == len(set(picked))
    assert set(picked) <= used


def test_no_related_table_is_one_of_kwb() -> None:
    related = {id_ for series in registry().series for id_ in series.tables}
    assert not related & {table.id for table in registry().tables}


def test_compared_figures_are_printed_right_within_a_fifth_and_two_decimals_more_at_most() -> None:
    """5.0 beside 6.4 printed whole is 5 beside 6: a seventh too little of their 1.4; 4.4 beside 7.0
    is 4 beside 7, which is near enough."""
    entry = replace(registry().indicators["social_assistance"], decimals=0, matters=1.0)
    assert decimals_for(entry, (5.0, 6.4)) == 1
    assert decimals_for(entry, (4.4, 7.0)) == 0
    assert decimals_for(entry, (5.0, 5.4)) == 0  # does not matter
    assert decimals_for(entry, (0.401, 0.404), margin=True) == 0  # not even two more tell them
    assert decimals_for(entry, (0.41, 0.44), margin=True) == 2


def test_a_name_is_recognised_with_and_without_its_superscript() -> None:
    """R drops it: ``per km²`` becomes ``per.km..``."""
    assert fold("Inwoners per km²") == fold("Inwoners.per.km..") != fold("Inwoners per km2")


def test_only_a_score_around_zero_may_lie_below_it() -> None:
    known = registry()
    assert known.lowest(known.indicators["ses_score"]) < 0
    assert known.lowest(known.indicators["social_cohesion"]) >= 0
    assert known.lowest(known.indicators["population"]) == 0
