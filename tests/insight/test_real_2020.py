# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The real national table of 2020: the scan finds what people in the field know."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.insight.made import Made, national_2020
from wijkeconomie.insight import document, wording
from wijkeconomie.insight.results import Finding, Scan
from wijkeconomie.insight.scan import scan_all


@pytest.fixture(scope="module")
def national(shared: Path) -> Made:
    return national_2020(shared)


def wijk(national: Made, gemeente: str, name: str) -> Scan:
    (found,) = (s for s in scan_all(national, gemeente) if name in s.area.name)
    return found


def assistance(found: Scan) -> Finding:
    return {f.indicator: f for f in found.findings}["social_assistance"]


@pytest.mark.parametrize(
    ("gemeente", "name", "value", "peers", "persons", "kind"),
    [
        # measured beforehand with other weights, so peers' medians agree within a point
        ("GM0599", "Delfshaven", 7.6, 4.4, 2400, "own"),
        ("GM0599", "Feijenoord", 8.3, 6.2, 1600, "own"),
        ("GM0518", "Moerwijk", 10.9, 6.5, 940, "own"),
        ("GM0479", "Poelenburg", 5.3, 2.7, 230, "own"),
        ("GM0080", "Heechterp", 18.6, 3.4, 550, "own"),
    ],
)
def test_known_neighbourhoods_have_their_own_opgave(
    national: Made, gemeente: str, name: str, value: float, peers: float, persons: int, kind: str
) -> None:
    found = assistance(wijk(national, gemeente, name))
    assert found.value == pytest.approx(value, abs=0.05)
    assert found.peers is not None
    assert found.peers.reference == pytest.approx(peers, abs=1.0)
    assert found.persons == pytest.approx(persons, rel=0.3)
    assert found.kind == kind


@pytest.mark.parametrize(
    ("gemeente", "name", "value", "peers", "chance"),
    [("GM0599", "Charlois", 6.5, 4.79, 0.882), ("GM0505", "Oud Krispijn", 4.4, 4.22, 0.534)],
)
def test_deprived_among_deprived_is_a_shared_opgave_and_not_none(
    national: Made, gemeente: str, name: str, value: float, peers: float, chance: float
) -> None:
    """What decision 0010 says of Charlois: its peers are behind too, and it is not surely worse."""
    found = assistance(wijk(national, gemeente, name))
    assert found.value == pytest.approx(value, abs=0.05)
    assert found.peers is not None
    assert found.peers.reference == pytest.approx(peers, abs=0.01)
    assert found.peers.probability == pytest.approx(chance, abs=0.02)
    assert found.kind == "shared"
    assert found.persons is not None
    assert found.persons > 100


def test_delfshaven_in_words(national: Made) -> None:
    found = wijk(national, "GM0599", "Delfshaven")
    said = wording.sentence(assistance(found), found.area)
    assert said.startswith(
        "7,6 % van de inwoners heeft bijstand; in vergelijkbare wijken is dat 4,4 % "
        "en in Nederland 2,4 %. Het verschil met die wijken is ongeveer 2.400 mensen."
    )


def test_rotterdam_comes_by_people_above_the_level_of_the_country(national: Made) -> None:
    """8.3 %, 7.6 % and 6.5 % on social assistance, the country 2.4 %."""
    top = [found.area.name for found in scan_all(national, "GM0599")[:3]]
    assert top == ["Feijenoord", "Delfshaven", "Charlois"]


def test_every_buurt_of_amsterdam_answers(national: Made) -> None:
    found = scan_all(national, "GM0363", "buurt")
    assert len(found) == 479
    assert all(s.findings or s.unknown for s in found)
    assert all(len(s.peers.list) == 15 for s in found if s.peers.good)


def test_overvecht_stands_before_zuidwest_that_has_fewer_people_on_assistance(
    national: Made,
) -> None:
    """8.2 % (worse than peers too) beside 4.8 % (as its peers): the worse one comes first."""
    places = [found.area.name for found in scan_all(national, "GM0344", "wijk")]
    assert places.index("Wijk 03 Overvecht") < places.index("Wijk 08 Zuidwest")


@pytest.mark.parametrize("level", ["wijk", "buurt"])
def test_a_value_of_utrecht_lies_in_its_interval_or_its_row_says_that_chance_made_it(
    national: Made, level: str
) -> None:
    """A published 0.0 % beside an interval of 0.005 to 0.34 %: the interval is that of the chance
    behind the figure, which is never nothing."""
    rows = document.as_table(scan_all(national, "GM0344", level), "nl").to_dicts()
    assert rows
    for row in rows:
        low, value, high = (float(row[name] or 0.0) for name in ("low", "value", "high"))
        assert (low <= value <= high) is row["settled"], row
        assert low <= float(row["estimate"] or 0.0) <= high
    unsettled = [row for row in rows if not row["settled"]]
    assert bool(unsettled) is (level == "buurt")
    assert len(unsettled) < 0.1 * len(rows)
