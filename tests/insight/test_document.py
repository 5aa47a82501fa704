# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The document says what the scan found, keeps to its schema and reads well in any terminal."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from wijkeconomie.figures.refusal import LANGUAGES, Language
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import document, wording
from wijkeconomie.insight.results import Finding, Scan
from wijkeconomie.insight.scan import scan

BUURT = "BU99010101"


@pytest.fixture(scope="module")
def made(release: Release, scans: tuple[Scan, ...]) -> dict[str, Any]:
    return document.as_documents(scans, release, "nl")


def _errors(instance: object) -> list[str]:
    validator = jsonschema.Draft202012Validator(document.schema())
    return [error.message for error in validator.iter_errors(instance)]


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(document.schema())


def test_every_key_is_explained_or_points_to_what_is() -> None:
    bare = [
        f"{name}.{key}"
        for name, shape in document.schema()["$defs"].items()
        for key, rule in shape.get("properties", {}).items()
        if key in ("kind", "value", "estimate", "persons", "probability", "size")
        and not {"description", "$ref"} & set(rule)
        and name not in {"figure", "gap"}
    ]  # fmt: skip
    assert bare == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_documents_keep_to_the_schema(
    release: Release, scans: tuple[Scan, ...], language: Language
) -> None:
    assert _errors(document.as_documents(scans, release, language)) == []
    assert _errors(document.as_document(scan(release, BUURT), release, language)) == []


def test_the_schema_refuses_a_key_that_it_does_not_know(made: dict[str, Any]) -> None:
    wrong = copy.deepcopy(made)
    wrong["areas"][0]["total_score"] = 7
    assert _errors(wrong) != []


def test_areas_come_in_the_order_of_the_scan(made: dict[str, Any], scans: tuple[Scan, ...]) -> None:
    assert [area["area"]["code"] for area in made["areas"]] == [s.area.code for s in scans]


def test_opgaven_that_count_come_by_priority_which_is_at_least_what_the_sentence_counts(
    made: dict[str, Any],
) -> None:
    for area in made["areas"]:
        counting = [
            o for o in area["opgaven"] if o["persons"] is not None and o["kind"] != "strength"
        ]
        places = [(o["kind"] != "early_sign", o["priority"]) for o in counting]
        assert places == sorted(places, reverse=True)  # a sign is no opgave yet
        for o in counting:
            assert o["priority"] >= o["persons"] * o["probability"] * (1 - 1e-12)


def test_what_is_level_is_no_opgave(made: dict[str, Any]) -> None:
    kinds = {o["kind"] for area in made["areas"] for o in area["opgaven"]}
    assert kinds <= {"own", "shared", "early_sign", "strength", None}


def test_a_gap_is_that_of_the_estimate_in_its_interval_and_of_the_published_value(
    made: dict[str, Any],
) -> None:
    for area in made["areas"]:
        for opgave in area["opgaven"]:
            for name in ("country", "peers"):
                if opgave[name] is not None:
                    gap = opgave["gaps"][name]
                    assert gap["size"] == pytest.approx(opgave["estimate"] - opgave[name])
                    assert gap["published"] == pytest.approx(opgave["value"] - opgave[name])
                    assert gap["interval"][0] <= gap["size"] <= gap["interval"][1]
                else:
                    assert opgave["gaps"][name] is None


def test_every_value_leads_to_its_cells(made: dict[str, Any]) -> None:
    for area in made["areas"]:
        for opgave in area["opgaven"]:
            assert opgave["figures"], opgave["indicator"]
            assert all(cell["table"] and cell["licence"] for cell in opgave["figures"])


def test_csv_has_a_row_per_opgave(made: dict[str, Any], scans: tuple[Scan, ...]) -> None:
    rows = document.as_table(scans, "nl").to_dicts()
    opgaven = [o["indicator"] for area in made["areas"] for o in area["opgaven"]]
    assert [row["indicator"] for row in rows if row["side"]] == opgaven
    assert all(tuple(row) == document.CSV_COLUMNS for row in rows)
    first = made["areas"][0]["opgaven"][0]
    assert (rows[0]["indicator"], rows[0]["sentence"]) == (first["indicator"], first["sentence"])


def test_what_could_be_held_against_nothing_is_in_both_forms_and_is_no_opgave(
    release: Release, scans: tuple[Scan, ...]
) -> None:
    """The page and the text say so.  The twin: by the opgaven alone nothing seems to be wrong."""
    result = scans[0]
    first, other = (
        replace(_held_against(f, set()), kind="level", reason="nothing", persons=None)
        for f in result.findings[:2]
    )
    one = replace(result, findings=(first, other))
    made = document.as_document(one, release, "nl")
    assert _errors(made) == []
    assert (made["compared"], made["figures"], made["opgaven"]) == (0, 2 + len(one.unknown), [])
    assert [f["indicator"] for f in made["uncompared"]] == [first.indicator, other.indicator]
    assert [f["value"] for f in made["uncompared"]] == [first.value, other.value]
    assert all(f["figures"] for f in made["uncompared"])
    rows = document.as_table([one], "nl").to_dicts()
    assert [(row["indicator"], row["value"]) for row in rows] == [
        (first.indicator, first.value), (other.indicator, other.value),
    ]  # fmt: skip
    for row in rows:
        assert (row["kind"], row["side"], row["compared_with"]) == (None, None, "")
    mixed = replace(result, findings=(first, *result.opgaven))
    assert [f.indicator for f in mixed.listed][-1] == first.indicator


def test_a_cell_of_a_converted_figure_has_its_share_of_addresses(release: Release) -> None:
    (cell,) = release.trace("WK990108", "population", 2020)
    assert document.figure(cell)["share"] == cell.share
    assert cell.share is not None
    (own,) = release.trace("WK990108", "population", 2024)
    assert document.figure(own)["share"] is None


# -- one reference only (decision 0025)
def _held_against(finding: Finding, names: set[str]) -> Finding:
    return replace(
        finding,
        country=finding.country if "country" in names else None,
        peers=finding.peers if "peers" in names else None,
    )


@pytest.mark.parametrize(("kind", "side"), [("own", "behind"), ("strength", "ahead")])
@pytest.mark.parametrize("names", [{"country"}, {"peers"}, {"country", "peers"}])
def test_a_kind_of_two_references_is_not_given_where_there_was_one(
    release: Release, scans: tuple[Scan, ...], kind: str, side: str, names: set[str]
) -> None:
    """Behind the country alone may be own or shared: the page says "behind the country" too."""
    result, finding = next(
        (s, f) for s in scans for f in s.findings if f.kind == kind and f.peers and f.country
    )
    one = replace(result, findings=(_held_against(finding, names),))
    told = kind if len(names) == 2 else None
    made = document.as_document(one, release, "nl")
    (opgave,) = made["opgaven"]
    (row,) = document.as_table([one], "nl").to_dicts()
    assert (opgave["kind"], opgave["side"], set(opgave["compared_with"])) == (told, side, names)
    assert (row["kind"], row["side"], set(row["compared_with"].split())) == (told, side, names)
    assert _errors(made) == []
    said = wording.badge(one.findings[0], "en")
    assert (said == wording.kind(finding.kind, "en")) is (told is not None)


def test_with_the_kind_of_the_order_a_script_would_count_what_may_be_shared(
    scans: tuple[Scan, ...],
) -> None:
    """The twin: inside, own orders the list also where only the country is known."""
    own = next(f for s in scans for f in s.findings if f.kind == "own" and f.peers)
    alone = _held_against(own, {"country"})
    assert (alone.kind, alone.shown) == ("own", None)
