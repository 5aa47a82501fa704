# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Strict JSON, and what the description of a table says about its year and version."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.sources import odata_copy

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = plain | st.text(st.characters(exclude_categories=["Cs"]))
documents = st.recursive(
    values,
    lambda part: st.lists(part) | st.dictionaries(st.text("abc", min_size=1), part),
    max_leaves=8,
)


@given(document=documents, escaped=st.booleans())
def test_valid_json_reads_back_equal(document: Any, *, escaped: bool) -> None:
    content = json.dumps(document, ensure_ascii=escaped).encode()
    assert odata_copy.parse(content) == document


@given(st.dictionaries(st.text("ab", min_size=1), st.integers(), min_size=1), st.data())
def test_json_cut_off_anywhere_is_refused(row: dict[str, int], data: st.DataObject) -> None:
    content = json.dumps([row, row]).encode()
    cut = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(Refusal) as refused:
        odata_copy.parse(content[:cut])
    assert refused.value.notice.code in ("json_cut_off", "json_wrong")


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_in_json_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        odata_copy.parse(f'[{{"a": {name}}}]'.encode())
    assert refused.value.notice.fields == {"name": name}


def test_a_lone_surrogate_is_refused_in_keys_too_and_a_pair_is_not() -> None:
    with pytest.raises(Refusal):
        odata_copy.parse(rb'[{"\udc00": 1}]')
    assert odata_copy.parse(rb'["\ud83d\ude00"]') == ["\U0001f600"]


@pytest.mark.parametrize(
    ("metadata", "year"),
    [
        ({"Period": "2020"}, 2020),
        ({"TemporalCoverage": "2017", "Title": "Kerncijfers 2018"}, 2017),
        ({"Period": "2009-2012", "Title": "Kerncijfers wijken en buurten 2011"}, 2011),
        ({"Identifier": "84799NED"}, 2020),
        ({"Title": "Kerncijfers 2011 en 2012"}, None),
        ({}, None),
    ],
)
def test_the_year_of_a_table_is_its_period_else_its_title_else_its_id(
    metadata: dict[str, str], year: int | None
) -> None:
    assert odata_copy.year_of(metadata) == year


def _v3(**parts: Any) -> dict[str, Any]:
    rows = pl.DataFrame(
        {
            "ID": [0, 1],
            "WijkenEnBuurten": ["GM0518    ", "BU05181785"],
            "AantalInwoners_5": [548_320, None],
            "Nieuw_6": [1, 2],
        }
    )
    return {"TypedDataSet": lambda: rows, **parts}


def test_a_copy_of_v3_takes_names_titles_year_and_version_from_beside_it() -> None:
    areas = pl.DataFrame({"Key": ["GM0518    ", "BU05181785"], "Title": ["Den Haag", "Moerwijk  "]})
    topics = pl.DataFrame(
        {
            "ID": [1, 2],
            "ParentID": [None, 1],
            "Type": ["TopicGroup", "Topic"],
            "Key": ["", "Nieuw_6"],
            "Title": ["Bevolking", "Mannen"],
            "Unit": ["", "aantal"],
        }
    )
    about = {"Identifier": "1NED", "Title": "Proef", "Period": "2020", "Modified": "2021-03-26"}
    table = odata_copy.table(
        _v3(
            WijkenEnBuurten=lambda: areas,
            DataProperties=lambda: topics,
            Metadata=lambda: about,
        ),
        "TypedDataSet",
        name="x",
        checksum="c",
        year=None,
    )
    assert (table.origin.table, table.origin.version) == ("1NED", "2021-03-26")
    assert table.frame.select("area", "year", "name", "population", "population~").rows() == [
        ("GM0518", 2020, "Den Haag", 548_320.0, Status.OK),
        ("BU05181785", 2020, "Moerwijk", None, Status.UNKNOWN),
    ]
    assert table.unrecognised == ("Nieuw_6",)


def test_a_copy_without_description_asks_for_its_year() -> None:
    with pytest.raises(WrongUse) as refused:
        odata_copy.table(_v3(), "TypedDataSet", name="kwb_2020.parquet", checksum="c", year=None)
    assert "--year 2020" in refused.value.text("en")


def test_a_copy_of_v4_keeps_the_reason_that_the_service_gave() -> None:
    rows = pl.DataFrame(
        {
            "Id": [1, 2, 3],
            "Measure": ["T001036", "T001036", "T001036"],
            "ValueAttribute": ["None", "Impossible", "Confidential"],
            "Value": [5.0, None, None],
            "WijkenEnBuurten": ["BU05181785", "BU05181786", "BU05181787"],
        }
    )
    parts = {"Observations": lambda: rows}
    table = odata_copy.table(parts, "Observations", name="x", checksum="c", year=2024)
    assert table.frame["population~"].to_list() == [Status.OK, Status.IMPOSSIBLE, Status.SECRET]
