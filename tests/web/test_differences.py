# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is said of the differences between areas: since the last break, in which measure, of how
few."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import wording
from wijkeconomie.insight.scan import scan
from wijkeconomie.insight.spread import change, spread
from wijkeconomie.web import charts, differences
from wijkeconomie.web import look as looking
from wijkeconomie.web.context import NOTHING_ASKED
from wijkeconomie.web.look import Look, look
from wijkeconomie.web.templatetags import figures

BROKEN = "establishments_per_1000"  # counted differently from 2021 on
WHOLE = "social_assistance"


@pytest.fixture(autouse=True)
def _dutch() -> Iterator[None]:
    with translation.override("nl"):
        yield


def seen(release: Release, indicator: str) -> Look:
    asked = replace(NOTHING_ASKED, indicator=indicator, level="wijk")
    return look(release, release.area("GM9901"), asked)


def test_spread_is_judged_after_the_last_break_only(release: Release) -> None:
    """The twin: over all years it would compare two ways of counting."""
    shown = seen(release, BROKEN)
    judged = differences.spread_of(release, shown, "nl")
    assert judged is not None
    assert max(b.year for b in registry().indicators[BROKEN].breaks) == 2021
    assert [point.year for point in judged.points] == [2021, 2022, 2023, 2024]
    assert judged.since == 2021
    assert "(2021–2024)" in judged.sentence
    assert spread(release, BROKEN, "wijk", "GM9901").points[0].year == 2017


def test_what_depends_on_the_size_of_an_area_stands_beside_no_country_and_says_why(
    release: Release,
) -> None:
    """The twin: a figure that is an average of its parts has both."""
    shown = seen(release, "sector_diversity")
    assert release.country("sector_diversity", shown.year) is not None
    assert (shown.country, shown.held_against) == (None, ())
    assert differences.spread_of(release, shown, "nl") is None
    assert "hoe groot een gebied is" in differences.no_spread(release, shown)
    assert figures.explain("sector_diversity").endswith("vergelijken en beoordelen we het niet.")
    past = looking.past(release, scan(release, "WK990101"))
    assert ("sector_diversity" in past.peers, "sector_diversity" in past.country) == (False, False)
    assert seen(release, WHOLE).country is not None
    assert (WHOLE in past.peers, WHOLE in past.country) == (True, True)


def test_the_differences_end_at_the_year_that_was_asked(release: Release) -> None:
    """The page of 2019 said whether they shrank until 2024."""
    asked = replace(NOTHING_ASKED, indicator=WHOLE, level="wijk", year=2019)
    then = look(release, release.area("GM9901"), asked)
    judged = differences.spread_of(release, then, "nl")
    assert judged is not None
    assert [point.year for point in judged.points] == [2017, 2018, 2019]
    assert "(2017–2019)" in judged.sentence
    assert [p.year for p in differences.differences(release, then).points] == [2017, 2018, 2019]
    whole = differences.differences(release, seen(release, WHOLE))
    assert whole == spread(release, WHOLE, "wijk", "GM9901")


@pytest.mark.parametrize("indicator", ["population", "urbanity"])
def test_of_what_says_how_large_an_area_is_no_differences_are_measured(
    release: Release, indicator: str
) -> None:
    shown = seen(release, indicator)
    assert differences.spread_of(release, shown, "nl") is None
    assert differences.no_spread(release, shown) == (
        "Van een aantal of een klasse meten we geen verschillen: die zeggen hoe groot of stedelijk "
        "een gebied is."
    )


def test_spread_without_a_break_is_judged_over_all_years(release: Release) -> None:
    judged = differences.spread_of(release, seen(release, WHOLE), "nl")
    assert judged is not None
    assert (judged.points[0].year, judged.since) == (2017, 0)


def test_spread_names_its_measure_with_the_first_and_the_last_value(release: Release) -> None:
    in_points = differences.spread_of(release, seen(release, WHOLE), "nl")
    theil = differences.spread_of(release, seen(release, BROKEN), "nl")
    assert in_points is not None
    assert theil is not None
    assert (in_points.in_points, theil.in_points) == (True, False)
    first, last = (wording.number(theil.points[n].theil, 3) for n in (0, -1))
    assert f"De Theil-index was {first} in 2021 en {last} in 2024." in theil.sentence
    assert in_points.points[0].gap is not None
    assert f"{wording.number(in_points.points[0].gap, 1)} procentpunt" in in_points.sentence


@pytest.mark.parametrize(("areas", "few"), [(19, True), (20, False)])
def test_a_spread_over_fewer_than_twenty_areas_says_that_it_rests_on_few(
    release: Release, areas: int, *, few: bool
) -> None:
    found = differences.spread_of(release, seen(release, WHOLE), "nl")
    assert found is not None
    points = tuple(replace(p, areas=n) for p, n in zip(found.points, [50, areas], strict=False))
    assert replace(found, points=points).few is few


def test_a_spread_over_years_with_other_areas_says_which_are_compared(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The figures in the sentence are those of the areas compared; of too few there are none."""
    shown = seen(release, WHOLE)
    found = change(release, WHOLE, "wijk", "GM9901", (2021, 2024))
    assert found.areas == found.of
    asked = (release, (2021, 2024), shown, "nl")
    assert "Vergeleken" not in differences._spread_sentence(*asked)
    fewer = replace(found, areas=found.of - 1, before=1.0, after=2.0)
    monkeypatch.setattr(differences, "change", lambda *_: fewer)
    assert differences._spread_sentence(*asked).endswith(
        f"Vergeleken zijn de {found.of - 1} wijken met een cijfer in beide jaren. De lijn laat "
        f"alle {found.of} zien die een cijfer hebben. Haar uiteinden kunnen daarom iets anders "
        "liggen. "
        "In 2021 lagen hoog en laag 1,0 procentpunt uit elkaar, in 2024 2,0."
    )
    none = replace(fewer, areas=2, before=math.nan, after=math.nan)
    monkeypatch.setattr(differences, "change", lambda *_: none)
    assert differences._spread_sentence(*asked) == (
        "Te weinig wijken hebben een cijfer in 2021 én in 2024: wij kunnen ze niet vergelijken."
    )


@pytest.mark.parametrize(
    ("years", "loaded", "said"),
    [
        ((2020, 2021, 2022), (2020, 2021, 2022), "2020–2022"),
        ((2020, 2023), (2020, 2023, 2024), "2020 en 2023; 2021 en 2022 zijn niet geladen"),
        ((2020, 2022), (2020, 2022), "2020 en 2022; 2021 is niet geladen"),
        ((2020, 2021, 2023), range(2020, 2024), "2020–2023; van 2022 is te weinig bekend"),
        (
            (2018, 2023),
            (2018, 2020, 2023),
            "2018 en 2023; 2019, 2021 en 2022 zijn niet geladen; van 2020 is te weinig bekend",
        ),
    ],
)
def test_the_verdict_says_of_which_years_it_speaks_and_why_not_of_those_between(
    years: tuple[int, ...], loaded: tuple[int, ...], said: str
) -> None:
    assert differences._of_years(years, loaded) == said


def test_where_there_is_no_verdict_it_says_whether_areas_or_years_lack(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = seen(release, WHOLE)
    few = replace(shown, ranked=shown.ranked[:2])
    assert (
        differences.no_spread(release, few) == "Er zijn hier te weinig gebieden om dat te zeggen."
    )
    found = spread(release, WHOLE, "wijk", "GM9901")
    monkeypatch.setattr(differences, "spread", lambda *_: replace(found, points=found.points[:1]))
    assert "maar één jaar" in differences.no_spread(release, shown)
    assert f": {found.points[0].year}. " in differences.no_spread(release, shown)
    assert differences.spread_of(release, shown, "nl") is None


def test_a_line_is_in_points_only_where_every_year_has_them_else_in_the_theil_index(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[list[float | None], dict[str, Any]]] = []

    def draw(_years: list[int], values: list[float | None], **given: Any) -> str:
        drawn.append((values, given))
        return ""

    monkeypatch.setattr(differences.charts, "spread_line", draw)
    found = spread(release, WHOLE, "wijk", "GM9901")
    differences.spread_line(found, "Stad", "nl")
    first = replace(found.points[0], gap=None, gap_interval=None)
    mixed = replace(found, points=(first, *found.points[1:]))
    differences.spread_line(mixed, "Stad", "nl")
    words = charts.WORDS["nl"]
    assert [(values, given["measure"], given["fmt"](2.5)) for values, given in drawn] == [
        ([p.gap for p in found.points], words["gap_measure"], "2,5 punten"),
        ([p.theil for p in found.points], words["theil_measure"], "2,500"),
    ]
    assert [given["low"] for _, given in drawn] == [
        [p.gap_interval.low for p in found.points if p.gap_interval],
        [p.interval.low if p.interval else None for p in mixed.points],
    ]
