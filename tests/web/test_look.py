# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""From figures to pictures: what is not drawn because it would mislead."""

from __future__ import annotations

from pathlib import Path

import pytest

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import open_release
from wijkeconomie.insight.scan import scan
from wijkeconomie.web import look as looking
from wijkeconomie.web.context import Asked
from wijkeconomie.web.look import look

WIJK = "WK990101"


@pytest.fixture(scope="module")
def past(demo_data: Path) -> looking.Past:
    release = open_release(demo_data)
    return looking.past(release, scan(release, WIJK))


def test_the_number_of_people_in_the_country_is_no_measure_for_a_wijk(
    past: looking.Past,
) -> None:
    """On one scale with the country a wijk would be a line along the bottom."""
    population = registry().indicators["population"]
    assert "land-line" not in looking.series(past, population, "nl")
    assistance = registry().indicators["social_assistance"]
    assert "land-line" in looking.series(past, assistance, "nl")


@pytest.mark.parametrize(
    ("indicator", "known"), [("households", False), ("shops", False), ("social_assistance", True)]
)
def test_a_map_of_a_count_has_no_country_beside_it(
    demo_data: Path, indicator: str, known: bool
) -> None:
    release = open_release(demo_data)
    asked = Asked(areas=(), indicator=indicator, level="wijk", year=2023)
    seen = look(release, release.area("GM9901"), asked)
    assert (seen.country is not None) == known


def test_an_average_number_is_no_count() -> None:
    assert registry().indicators["schools_nearby"].is_count is False


def _years(*values: float | None) -> looking.Past:
    own = {2020 + n: (value, Status.OK) for n, value in enumerate(values)}
    return looking.Past(code="x", name="X", years=tuple(own), own={"i": own}, peers={}, country={})


def test_a_line_needs_two_years() -> None:
    assert [_years(*v).moves("i") for v in ((), (1.0,), (None, 1.0), (1.0, None, 2.0))] == [
        False, False, False, True,
    ]  # fmt: skip
