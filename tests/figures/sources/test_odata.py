# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Strict JSON, and what the description of a table says about its year and version."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import WrongUse
from wijkeconomie.figures.sources import odata


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
    assert odata.year_of(metadata) == year


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
    table = odata.table(
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
        odata.table(_v3(), "TypedDataSet", name="kwb_2020.parquet", checksum="c", year=None)
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
    table = odata.table(parts, "Observations", name="x", checksum="c", year=2024)
    assert table.frame["population~"].to_list() == [Status.OK, Status.IMPOSSIBLE, Status.SECRET]
