# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Charts: unknown is never zero, a break breaks, labels keep apart, names stay names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import registry
from wijkeconomie.insight import wording
from wijkeconomie.web import charts, drawing
from wijkeconomie.web import look as looking
from wijkeconomie.web.charts import Mark, Point, bars, key

TOKENS = Path(__file__).parents[2] / "frontend" / "css" / "tokens.css"
YEARS = list(range(2017, 2025))
PERSPECTIVES = ("entrepreneurship", "space", "work", "cohesion", "context")


def percent(value: float, *_beside: float, margin: Sequence[float] = ()) -> str:
    return f"{value:.1f} %".replace(".", ",")


def known(label: str = "Havenoord", value: float = 7.6, **more: object) -> Mark:
    given = {"low": value - 1, "high": value + 1, "peers": 4.4, "country": 5.1} | more
    return Mark(label=label, value=value, **given)  # type: ignore[arg-type]


def unknown(label: str = "Kanaal", status: Status = Status.SECRET) -> Mark:
    return Mark(label=label, value=None, status=status, peers=4.4, country=5.1)


def every(label: str, **more: object) -> dict[str, str]:
    """One of each chart, all with *label* as the name they show."""
    base = {"title": label, "prefix": "x"} | more
    points = [Point(label=label, level=n - 2, trend=n / 9, href="/a") for n in range(4)]
    marks = [known(label, href='/a?b="1"&c=2', current=True), unknown(label)]
    return {
        "figure": charts.figure_bar(known(label), fmt=percent, **base),
        "compact": charts.figure_bar(known(label), fmt=percent, compact=True, **base),
        "silent": charts.figure_bar(unknown(label), fmt=percent, **base),
        "ranking": charts.ranking(marks, fmt=percent, **base),
        "series": charts.series(YEARS, [1, 2, None, 4, 5, 6, 7, 8], fmt=percent, **base),
        "quadrant": charts.quadrant(points, **base),
        "spread": charts.spread_line(
            YEARS, [1.0] * 8, low=[0.5] * 8, high=[1.5] * 8, measure="punten", fmt=percent, **base
        ),
    }  # type: ignore[arg-type]


def parse(svg: str) -> ET.Element:
    return ET.fromstring(re.sub(r' xmlns="[^"]+"', "", svg))  # noqa: S314 -- our own drawing


def drawn(root: ET.Element, kind: str) -> list[ET.Element]:
    return [e for e in root.iter() if kind in (e.get("class") or "").split()]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("standalone", [False, True])
@pytest.mark.parametrize("name", every("Wijk"))
def test_every_chart_has_title_description_and_ids_of_its_own(
    name: str, language: str, standalone: bool
) -> None:
    root = parse(every("Wijk", language=language, standalone=standalone)[name])
    ids = [e.get("id", "") for e in root.iter() if e.get("id")]
    assert root.findtext("title") == "Wijk"
    assert root.findtext("desc")
    assert len(ids) == len(set(ids))
    assert all(i.startswith("x-") for i in ids)
    assert root.get("aria-labelledby", "").split() == ["x-t", "x-d"]


@pytest.mark.parametrize("name", every("Wijk"))
def test_no_chart_needs_an_inline_style(name: str) -> None:
    for standalone in (False, True):
        root = parse(every("Wijk", standalone=standalone)[name])
        assert not [e for e in root.iter() if e.tag == "style" or e.get("style")]


@given(st.text(min_size=1, max_size=40))
def test_names_stay_text_whatever_they_hold(label: str) -> None:
    for svg in every(label, language="nl").values():
        tags = {e.tag for e in parse(svg).iter()}
        assert not tags & {"script", "image", "foreignObject"}


def test_markup_in_a_name_is_shown_not_run() -> None:
    root = parse(charts.ranking([known("<b>&\"'")], title="t", fmt=percent, prefix="p"))
    assert next(root.iter("text")).text == "<b>&\"'"


def test_a_picture_with_links_is_a_group_because_an_image_hides_them() -> None:
    assert parse(every("Wijk")["ranking"]).get("role") == "group"
    assert parse(every("Wijk")["figure"]).get("role") == "img"


# --- the one way to draw a figure ---


def test_an_unknown_figure_is_hatched_and_has_no_dot() -> None:
    root = parse(charts.figure_bar(unknown(), title="t", fmt=percent, prefix="p"))
    assert [e.get("fill") for e in drawn(root, "unknown")] == ["url(#p-h)"]
    assert not drawn(root, "dot")
    assert not drawn(root, "bar")
    assert "geheim of te onzeker" in "".join(root.itertext())


def test_zero_is_a_figure_with_a_dot_and_no_hatching() -> None:
    """The twin: what unknown would look like if it were taken for zero."""
    root = parse(charts.figure_bar(known(value=0.0), title="t", fmt=percent, prefix="p"))
    assert len(drawn(root, "dot")) == 1
    assert not drawn(root, "unknown")


def test_a_figure_has_dot_bar_tick_and_ring() -> None:
    mark = known(spread=(4.0, 5.0))
    root = parse(charts.figure_bar(mark, title="t", fmt=percent, prefix="p"))
    assert [len(drawn(root, k)) for k in ("dot", "bar", "peer", "land", "spread")] == [1] * 5


def test_a_figure_apart_from_its_interval_is_tied_to_it() -> None:
    apart = known(value=2.0, low=4.0, high=6.0)
    root = parse(charts.figure_bar(apart, title="t", fmt=percent, prefix="p"))
    assert len(drawn(root, "tie")) == 1
    within = parse(charts.figure_bar(known(), title="t", fmt=percent, prefix="p"))
    assert not drawn(within, "tie")


def test_one_domain_puts_the_same_value_in_the_same_place() -> None:
    marks = [known("a", 3.0), known("b", 9.0, peers=3.0)]
    shared = charts.domain(marks)
    a, b = (
        parse(charts.figure_bar(m, title="t", fmt=percent, prefix="p", domain=shared))
        for m in marks
    )
    assert drawn(a, "dot")[0].get("cx") == drawn(b, "peer")[0].get("x1")


@pytest.mark.parametrize("more", [
    {"low": -5.0, "high": 20.0}, {"country": 20.0}, {"peers": -5.0}, {"spread": (-5.0, 20.0)},
])  # fmt: skip
def test_one_domain_holds_all_that_is_drawn_of_any_figure(more: dict[str, Any]) -> None:
    """Not the figures alone: else an interval or the country would end outside the picture."""
    bare = {"low": None, "high": None, "peers": None, "country": None}
    marks = [known("a", 8.0, **bare), known("b", 9.0, **{**bare, **more})]
    ends = [end for given in more.values() for end in np.ravel(given)]
    assert charts.domain(marks) == drawing.extent([8.0, 9.0, *ends])


@given(
    st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1e5), st.floats(-1e6, 1e6)
)  # fmt: skip
def test_everything_lies_within_the_picture(
    value: float, peers: float, half: float, country: float
) -> None:
    mark = Mark(
        label="a", value=value, low=value - half, high=value + half, peers=peers, country=country
    )
    root = parse(charts.figure_bar(mark, title="t", fmt=percent, prefix="p"))
    places = [
        float(v[:-1])
        for e in root.iter()
        for k in ("x", "x1", "cx")
        if (v := e.get(k, "")).endswith("%")
    ]
    assert all(0 <= place <= 100 for place in places)


def test_the_description_says_all_that_is_drawn_in_both_languages() -> None:
    said = charts.describe(known(), percent, "nl")
    assert said == (
        "Havenoord: 7,6 % (90 %-interval 6,6 % tot 8,6 %); "
        "vergelijkbare gebieden 4,4 %; het land 5,1 %"
    )
    assert charts.describe(unknown(), percent, "en") == (
        "Kanaal: unknown, secret or too uncertain; comparable areas 4,4 %; the country 5,1 %"
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_reason_for_missing_has_words(language: str) -> None:
    missing = [s for s in Status if not s.has_value]
    said = [drawing.reason(s, language) for s in missing]
    assert len(set(said)) == len(missing)


def test_both_languages_have_the_same_words() -> None:
    assert set(charts.WORDS["nl"]) == set(charts.WORDS["en"])


# --- ranking ---


def test_a_ranking_keeps_the_order_given_and_shows_every_interval() -> None:
    marks = [known("Aa", 9.0), known("Bb", 5.0), unknown("Cc"), known("Dd", 2.0)]
    root = parse(charts.ranking(marks, title="t", fmt=percent, prefix="p"))
    names = [e.text for e in root.iter("text") if e.get("x") == "0"]
    assert names == ["Aa", "Bb", "Cc", "Dd"]
    assert len(drawn(root, "bar")) == len(drawn(root, "dot")) == 3
    assert len(drawn(root, "unknown")) == 1


def test_a_long_name_is_shortened_and_whole_in_its_title() -> None:
    name = "Binnenstad-Noordoost en Singels met de Oude Haven"
    root = parse(charts.ranking([known(name)], title="t", fmt=percent, prefix="p"))
    shown = next(e.text or "" for e in root.iter("text") if e.get("x") == "0")
    assert shown.endswith("…")
    assert drawing.text_width(shown, 14) < 264
    assert any(name in (e.text or "") for e in root.iter("title"))


def test_a_name_is_whole_where_its_row_has_room() -> None:
    """A page shows the one that fits its width; a file knows its own."""
    name = "Laakkwartier, Spoorwijk en Molenwijk"
    svg = charts.ranking([known(name)], title="t", fmt=percent, prefix="p")
    short, long = (drawn(parse(svg), f"only-{kind}")[0].text or "" for kind in ("narrow", "wide"))
    assert (short.endswith("…"), long) == (True, name)
    assert drawing.text_width(long, 14) < bars.BROAD
    more = {"title": "t", "fmt": percent, "prefix": "p", "standalone": True, "note": "n"}
    alone = parse(charts.ranking([known(name)], **more))  # type: ignore[arg-type]
    assert "…" not in "".join(alone.itertext())
    few = charts.ranking([known("Kort")], title="t", fmt=percent, prefix="p")
    assert "only-" not in few


def test_a_part_of_a_ranking_has_the_scale_of_the_whole() -> None:
    marks = [known("Aa", 9.0), known("Bb", 5.0), known("Cc", 2.0)]

    def dots(part: slice) -> list[str | None]:
        svg = charts.ranking(marks, title="t", fmt=percent, prefix="p", part=part)
        return [dot.get("cx") for dot in drawn(parse(svg), "dot")]

    assert dots(slice(0, 2)) + dots(slice(2, 3)) == dots(slice(None))
    assert len(dots(slice(0, 2))) == 2


def test_in_a_picture_of_a_known_width_a_name_is_as_long_as_fits() -> None:
    name = "Binnenstad-Noordoost en Singels met de Oude Haven"
    svg = charts.ranking(
        [known(name)], title="t", fmt=percent, prefix="p", width=800, standalone=True
    )
    assert f">{name}</text>" in svg


# --- over the years ---


def lines(root: ET.Element, kind: str = "line") -> int:
    return len([e for e in drawn(root, kind) if e.tag == "path"])


def series(values: list[float | None], **more: object) -> ET.Element:
    given = {"title": "t", "fmt": percent, "prefix": "p"} | more
    return parse(charts.series(YEARS, values, **given))  # type: ignore[arg-type]


def test_a_break_of_definition_breaks_every_line() -> None:
    whole = series([1.0] * 8, peers=[2.0] * 8, country=[3.0] * 8)
    broken = series([1.0] * 8, peers=[2.0] * 8, country=[3.0] * 8, breaks=[2021])
    kinds = ("line", "peer-line", "land-line")
    assert [lines(whole, k) for k in kinds] == [1, 1, 1]
    assert [lines(broken, k) for k in kinds] == [2, 2, 2]
    assert len(drawn(broken, "break")) == 1
    assert "andere definitie: 2021" in (broken.findtext("desc") or "")


def test_a_missing_year_is_hatched_and_interrupts_the_line() -> None:
    root = series([1.0, 2.0, 3.0, None, 5.0, 6.0, 7.0, 8.0], statuses=[Status.LATE] * 8)
    assert lines(root) == 2
    assert len(drawn(root, "gap")) == 1
    assert len(drawn(root, "dot")) == 7
    assert "2020: stond nog niet in de tabel" in (root.findtext("desc") or "")


def test_a_zero_does_not_interrupt_the_line() -> None:
    """The twin: as a zero the same year would pull the line to the bottom, unmarked."""
    root = series([1.0, 2.0, 3.0, 0.0, 5.0, 6.0, 7.0, 8.0])
    assert lines(root) == 1
    assert not drawn(root, "gap")


def test_a_series_without_any_figure_is_all_hatched() -> None:
    root = series([None] * 8)
    assert len(drawn(root, "gap")) == 8
    assert not drawn(root, "dot")


def test_one_year_only_is_a_dot() -> None:
    root = parse(charts.series([2024], [5.0], title="t", fmt=percent, prefix="p"))
    assert len(drawn(root, "dot")) == 1


def test_a_break_says_what_it_is_beside_its_line() -> None:
    shown = [e.text for e in series([1.0] * 8, breaks=[2021]).iter("text")]
    assert shown.count("andere definitie") == 1
    assert "2021" in shown


def test_breaks_close_together_say_it_once() -> None:
    shown = [e.text for e in series([1.0] * 8, breaks=[2020, 2021]).iter("text")]
    assert shown.count("andere definitie") == 1


def test_a_year_that_stands_alone_is_drawn_as_beside_a_single_figure() -> None:
    """Own: a large dot; peers: a tick; country: a ring.  As a line they would be nothing."""
    one = [None, 2.0, *[None] * 6]
    root = series([1.0, None, *[3.0] * 6], peers=one, country=one)
    assert [lines(root, k) for k in ("peer-line", "land-line")] == [0, 0]
    assert len(drawn(root, "peer")) == len(drawn(root, "land")) == 1
    assert [float(d.get("r", "0")) for d in drawn(root, "dot")] == [5, 3, 3, 3, 3, 3, 5]


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=8, max_size=8))
def test_no_line_passes_through_the_newest_figure(values: list[float | None]) -> None:
    """However the lines run: where the newest year is the last, beside it there is nothing."""
    values[-1] = 50.0
    root = series(values, peers=[v and v / 2 for v in values], breaks=[2020])
    name, dot = drawn(root, "t-own")[0], drawn(root, "dot")[-1]
    assert float(name.get("x", "0")) == float(dot.get("cx", "0")) + 9
    assert name.get("text-anchor") == "start"
    assert float(name.get("x", "0")) + drawing.text_width("50,0 %", 13) < 306


def test_where_years_are_still_missing_the_newest_figure_steps_aside_for_the_peers() -> None:
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, None, None]
    aside = drawn(series(values, peers=[*[6.0] * 7, 12.0]), "t-own")[0]
    assert aside.get("text-anchor") != "start"


@pytest.mark.parametrize("values", [[1.0, None, 2.0, None], [1.0, 2.0, 6.0, None]])
def test_the_newest_figure_is_not_written_over_hatching_beside_it(
    values: list[float | None],
) -> None:
    given = {"title": "t", "fmt": percent, "prefix": "p"}
    root = parse(charts.series(YEARS[:4], values, **given))  # type: ignore[arg-type]
    assert drawn(root, "t-own")[0].get("text-anchor") != "start"
    assert not drawn(root, "back")
    closed_in = series([None] * 4 + [5.0] + [None] * 3)  # columns narrower than the words
    assert len(drawn(closed_in, "back")) == 1


def test_a_figure_between_two_lines_of_the_grid_is_not_called_as_one_of_them() -> None:
    """89.4 stood well above the line 89, with "89" beside both."""
    entry = replace(registry().indicators["sector_diversity"], decimals=0)
    more = {"title": "t", "fmt": looking.fmt(entry, "nl"), "prefix": "p"}
    root = parse(charts.series([2023, 2024], [89.1, 89.4], **more))  # type: ignore[arg-type]
    assert drawn(root, "t-own")[0].text == "89,4"


@pytest.mark.parametrize("indicator", ["sector_diversity", "social_assistance"])
def test_an_axis_is_not_blown_up_to_less_than_what_matters(indicator: str) -> None:
    entry = registry().indicators[indicator]
    least = {"sector_diversity": 5.0, "social_assistance": entry.matters}[indicator]
    assert entry.least_span == least
    low, high = drawing.extent([89.1, 89.4], least=entry.least_span)
    assert high - low >= least
    assert (low <= 89.1, high >= 89.4) == (True, True)
    assert drawing.extent([0.0, 0.1], least=5.0)[0] == 0.0
    near, far = drawing.extent([89.1, 89.4])
    assert far - near < 1  # the twin: without it the axis is one point long


def spread(**more: object) -> ET.Element:
    given = {"low": [0.5] * 8, "high": [1.5] * 8, "measure": "in punten"} | more
    return parse(
        charts.spread_line(YEARS, [1.0] * 8, title="t", fmt=percent, prefix="p", **given)  # type: ignore[arg-type]
    )


def test_the_band_of_the_spread_is_its_interval_and_breaks_with_the_line() -> None:
    whole, broken = spread(), spread(breaks=[2021])
    assert [len(drawn(r, "band")) for r in (whole, broken)] == [1, 2]
    assert [lines(r) for r in (whole, broken)] == [1, 2]
    assert len(drawn(broken, "break")) == 1
    assert "andere definitie: 2021" in (broken.findtext("desc") or "")


def test_a_year_of_the_spread_that_stands_alone_keeps_its_interval() -> None:
    assert len(drawn(spread(breaks=[2018, 2024]), "band")) == 3


def test_the_spread_says_in_words_what_its_numbers_are() -> None:
    assert "in punten" in [e.text for e in spread().iter("text")]
    assert (spread().findtext("desc") or "").startswith("in punten. 2017: 1,0 %")


def test_the_newest_figure_of_a_series_has_its_interval_and_an_axis_that_holds_it() -> None:
    """The twin: without one there is no bar, and no words of it."""
    base: dict[str, Any] = {"title": "t", "fmt": percent, "prefix": "p"}
    root = parse(charts.series([2020, 2021, 2022], [4.0, 5.0, None], interval=(2, 9), **base))
    (bar,) = drawn(root, "bar")
    top, deep = float(bar.get("y", "")), float(bar.get("height", ""))
    newest = drawn(root, "dot")[-1]
    middle = float(bar.get("x", "")) + float(bar.get("width", "")) / 2
    assert middle == pytest.approx(float(newest.get("cx", "")))
    assert top < float(newest.get("cy", "")) < top + deep <= 152
    assert root.findtext("desc", "").startswith(
        "2020: 4,0 %; 2021: 5,0 % (90\xa0%-interval 2,0 % tot 9,0 %); 2022: geen cijfer"
    )
    none = parse(charts.series([2020, 2021, 2022], [4.0, 5.0, None], **base))
    assert not drawn(none, "bar")
    assert "interval" not in none.findtext("desc", "")


# --- level by trend ---


def test_a_perspective_is_told_by_shape_too() -> None:
    shapes = {
        ET.tostring(parse(charts.quadrant(
            [Point(label="a", level=1, trend=0.1, perspective=p)], title="t", prefix="p"
        )).findall(".//*[@class='dot']")[0])
        for p in PERSPECTIVES[:4]
    }  # fmt: skip
    assert len(shapes) == 4


CROWD = [
    Point(label=f"Een lange naam {n}", level=1 + n / 9, trend=0.1, href=f"/{n}/") for n in range(9)
]


def test_every_point_has_its_number_and_says_its_name_to_who_points_there() -> None:
    """Names would lie on each other; a picture that stands alone lists them under it."""
    root = parse(charts.quadrant(CROWD, title="t", prefix="p"))
    named = [t.text for t in drawn(root, "named")]
    numbers = [t.text for t in drawn(root, "t-halo") if "named" not in (t.get("class") or "")]
    assert named == [p.label for p in CROWD]
    assert sorted(numbers) == [str(n) for n in range(1, 10)]
    alone = charts.quadrant(CROWD, title="t", prefix="p", standalone=True, note="Bron")
    assert re.findall(">(?:[0-9]|Een lange naam [0-9])(?=</text>)", alone)[-18:] == [
        words for n, p in enumerate(CROWD, 1) for words in (f">{n}", f">{p.label}")
    ]


def test_a_number_far_from_its_point_has_a_line_to_it() -> None:
    alone = [Point(label="Een naam", level=1, trend=0.1)]
    assert not drawn(parse(charts.quadrant(alone, title="t", prefix="p")), "leader")
    assert drawn(parse(charts.quadrant(CROWD, title="t", prefix="p")), "leader")


def numbers(root: ET.Element) -> list[str]:
    """The numbers in a quadrant that are there on every width."""
    return [t.text or "" for t in root.iter("text") if t.get("class") == "t-halo"]


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_marks_on_one_spot_have_every_one_its_number(level: float) -> None:
    """The list says that the numbers stand in the picture, on a phone as well."""
    heap = [Point(label=f"Naam {n}", level=level, trend=0.1 * level) for n in range(30)]
    root = parse(charts.quadrant(heap, title="t", prefix="p"))
    assert sorted(map(int, numbers(root))) == [*range(1, 31)]


def test_a_line_to_a_number_crosses_no_mark_and_no_other_line_while_it_can() -> None:
    """The twin: the first free place around the left one lies beyond the right one."""
    wall, room = drawing.Box(20, 0, 40, 300), drawing.Box(0, 0, 400, 400)
    point = ("7", 10.0, 150.0)
    around = [drawing.Box(0, 130, 20, 170), wall]
    found = drawing.place([point], bounds=room, taken=around, gap=5, far=(50,), sizes=(13,))[0]
    assert found.x < 20
    line = (10.0, 150.0, 60.0, 150.0)
    assert drawing.passes(line, wall)
    assert drawing._cross(line, (30.0, 100.0, 30.0, 200.0))
    assert not drawing._cross(line, (70.0, 100.0, 70.0, 200.0))


def test_a_point_says_what_is_sure_of_it_and_not_what_its_place_would_say() -> None:
    """The twin: the farthest corner of behind and worsening, of which only behind is sure."""
    point = Point(label="Inkomen", level=-2, trend=-1, said="Achter, richting niet duidelijk",
                  sure=False)  # fmt: skip
    root = parse(charts.quadrant([point], title="t", prefix="p"))
    told = "Inkomen: achter, richting niet duidelijk"
    assert root.findtext("desc") == told
    assert [t.text for g in root.iter("g") for t in g.findall("title")] == [told]
    assert len(drawn(root, "open")) == 1
    firm = parse(charts.quadrant([replace(point, sure=True)], title="t", prefix="p"))
    assert not drawn(firm, "open")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_ends_of_the_axes_have_names_and_the_corners_have_none(language: str) -> None:
    root = parse(charts.quadrant([], title="t", prefix="p", language=language))
    ends = {
        "nl": {"nu slechter", "nu beter", "wordt beter dan daar", "wordt slechter dan daar"},
        "en": {"worse now", "better now", "gaining on peers", "losing ground"},
    }
    assert {t.text for t in root.iter("text")} == ends[language]


def test_ahead_lies_right_and_gaining_lies_up() -> None:
    root = parse(charts.quadrant([Point(label="a", level=1, trend=0.1)], title="t", prefix="p"))
    dot = drawn(root, "dot")[0]
    assert float(dot.get("cx", "0")) > 280
    assert float(dot.get("cy", "999")) < 215
    assert root.findtext("desc") == "a"


@given(
    st.lists(
        st.tuples(
            st.text("abcdeMW ", min_size=1, max_size=20), st.floats(0, 500), st.floats(0, 400)
        ),
        max_size=25,
    )
)
def test_labels_never_collide(labels: list[tuple[str, float, float]]) -> None:
    room, sizes = drawing.Box(0, 0, 500, 400), (20.0, 13.0)
    found = drawing.place(labels, bounds=room, taken=(), gap=10, sizes=sizes)

    def boxes(size: float, places: list[drawing.Place]) -> list[drawing.Box]:
        return [drawing._box(labels[p.index][0], p.x, p.y, p.anchor, size) for p in places]

    narrow = boxes(20, [p for p in found if p.narrow])
    for among in (narrow, boxes(13, found)):
        assert all(box.within(room) for box in among)
        assert not [1 for a, b in itertools.combinations(among, 2) if a.hits(b)]


DEJAVU = {  # thousandths of a size, from its hmtx table; Verdana's are as wide
    "a": 613, "b": 635, "c": 550, "d": 635, "e": 615, "f": 352, "g": 635, "h": 634, "i": 278,
    "j": 278, "k": 579, "l": 278, "m": 974, "n": 634, "o": 612, "p": 635, "q": 635, "r": 411,
    "s": 521, "t": 392, "u": 634, "v": 592, "w": 818, "x": 592, "y": 592, "z": 525, "A": 684,
    "B": 686, "C": 698, "D": 770, "E": 632, "F": 575, "G": 775, "H": 752, "I": 295, "J": 295,
    "K": 656, "L": 557, "M": 863, "N": 748, "O": 787, "P": 603, "Q": 787, "R": 695, "S": 635,
    "T": 611, "U": 732, "V": 684, "W": 989, "X": 685, "Y": 611, "Z": 685, "0": 636, "1": 636,
    "2": 636, "3": 636, "4": 636, "5": 636, "6": 636, "7": 636, "8": 636, "9": 636, " ": 318,
    ".": 318, ",": 318, ":": 337, "(": 390, ")": 390, "-": 361, "%": 950, "/": 337,
}  # fmt: skip


def in_dejavu(words: str, size: float) -> float:
    return size * sum(DEJAVU[letter] for letter in words) / 1000


def rows(svg: str) -> list[list[tuple[float, float]]]:
    """From where to where each entry of the legend under a picture reaches, by row."""
    found: dict[float, list[tuple[float, float]]] = {}
    for entry in parse(svg).iter("g"):
        if (at := re.match(r"translate\((\S+) (\S+)\)", entry.get("transform") or "")) is None:
            continue
        words = entry.findall("text")[-1]
        left = float(at[1])
        right = left + float(words.get("x", "0")) + in_dejavu(words.text or "", 12)
        found.setdefault(float(at[2]), []).append((left, right))
    return list(found.values())


def test_a_file_opened_without_our_font_has_a_legend_that_does_not_overlap() -> None:
    """The twin: the same words as wide as in our own font would run into the next number."""
    labels = [entry.label["nl"] for entry in registry().indicators.values()]
    points = [Point(label=name, level=1, trend=0.1) for name in labels if {*name} <= {*DEJAVU}]
    svg = charts.quadrant(points, title="t", prefix="p", standalone=True, note="Bron")
    assert len(points) > 40
    for row in rows(svg):
        assert all(one[1] < other[0] for one, other in itertools.pairwise(row))
        assert row[-1][1] < 560 + 12
    name = "Mensen met een uitkering voor arbeidsongeschikten"
    assert drawing.text_width(name, 12) < in_dejavu(name, 12)
    assert drawing.text_width(name, 12, drawing._ANY_FONT) >= in_dejavu(name, 12)


def test_no_letter_of_a_font_that_stands_in_is_wider_than_is_counted_with() -> None:
    wider = [c for c in DEJAVU if in_dejavu(c, 1) > drawing.text_width(c, 1, drawing._ANY_FONT)]
    assert wider == []


def test_a_long_title_and_note_above_and_under_a_file_stand_in_lines_that_fit() -> None:
    words = " ".join(["Bedrijventerrein"] * 9)
    root = parse(charts.quadrant([], title=words, prefix="p", standalone=True, note=words))
    lines = [t.text or "" for t in root.iter("text") if "Bedrijven" in (t.text or "")]
    assert " ".join(lines) == f"{words} {words}"
    bold = [t.text or "" for t in root.iter("text") if t.get("font-weight") == "700"]
    assert all(in_dejavu(line, 15 * 1.05) < 560 for line in bold)
    assert all(in_dejavu(line, 11) < 560 for line in lines[len(bold) :])
    assert float(root.get("height", "0")) > max(float(t.get("y", "0")) for t in root.iter("text"))


def in_decimals(decimals: int) -> Callable[[float], str]:
    return lambda value: wording.number(value, decimals, "en") + " %"


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(-1, 4))
def test_the_ticks_of_an_axis_are_round_and_no_two_print_alike(
    low: float, span: float, decimals: int
) -> None:
    fmt = in_money if decimals < 0 else in_decimals(decimals)
    found = drawing.axis(low, low + span, fmt)
    steps = np.diff(found.ticks)
    assert 2 <= len(found.ticks) <= 11
    assert len({fmt(tick) for tick in found.ticks}) == len(found.ticks)
    assert steps == pytest.approx(steps[0], rel=1e-4)  # a million holds few digits after the point
    size = steps[0] / 10 ** np.floor(np.log10(steps[0] * 1.0001))
    assert np.isclose(size, (1, 2, 2.5, 5), rtol=1e-3).any()
    printed = [float(re.sub(r"[€,%\s]", "", fmt(t).replace("−", "-"))) for t in found.ticks]
    assert np.diff(printed) == pytest.approx(np.diff(printed)[0], rel=1e-4)


def in_money(value: float) -> str:
    return wording.quantity(value, registry().indicators["household_income"], "en")


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(0, 4))
def test_an_axis_holds_what_it_was_made_for_and_all_its_ticks(
    low: float, span: float, decimals: int
) -> None:
    found = drawing.axis(low, low + span, in_decimals(decimals))
    least = span * 1e-6 + 1e-6
    assert found.low - least <= min(low, *found.ticks)
    assert found.high + least >= max(low + span, *found.ticks)


def test_what_prints_alike_on_every_step_gets_a_wider_axis() -> None:
    """The twin: steps of a half print 16, 16 and 17 %, of which one is no round number."""
    whole = in_decimals(0)
    assert [whole(16.0 + n / 2) for n in range(3)] == ["16 %", "16 %", "17 %"]
    assert drawing.axis(16.0, 17.0, whole) == drawing.Axis(16.0, 17.0, (16.0, 17.0))
    assert drawing.axis(16.2, 16.8, whole) == drawing.Axis(16.0, 17.0, (16.0, 17.0))
    assert drawing.axis(16.2, 16.8, in_decimals(1)).ticks == (16.2, 16.4, 16.6, 16.8)


def texts_of(svg: str) -> list[str]:
    return re.findall(r'class="t-soft"[^>]*>([^<]+)</text>', svg)


@pytest.mark.parametrize("indicator", sorted(registry().indicators))
def test_no_chart_over_the_years_prints_one_number_twice_on_its_axis(indicator: str) -> None:
    entry = registry().indicators[indicator]
    fmt = looking.fmt(entry, "nl")
    unit = 10.0**-entry.decimals
    for middle, wide in itertools.product((0.0, 7.0, 16.4, 1234.0), (0.1, 0.7, 1.0, 3.0, 40.0)):
        values = [middle * unit, (middle + wide) * unit, (middle + wide / 3) * unit]
        svg = charts.series([2017, 2018, 2019], values, title="t", fmt=fmt, prefix="p")
        printed = [said for said in texts_of(svg) if said not in ("2017", "2019")]
        assert len(printed) > 1
        assert len(set(printed)) == len(printed)


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 900)), min_size=2, max_size=60))
def test_a_path_of_steps_ends_where_its_points_end(points: list[tuple[float, float]]) -> None:
    numbers = [float(n) for n in re.findall(r"-?[\d.]+(?:e-\d+)?", drawing.path(points))]
    ends = (sum(numbers[0::2]), sum(numbers[1::2]))
    assert ends == pytest.approx([round(10 * v) / 10 for v in points[-1]], abs=1e-6)


# --- colours ---


def token(name: str) -> tuple[str, str]:
    found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", TOKENS.read_text())
    assert found, name
    return found[1], found[2]


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    a, b = (float(linear(c) @ [0.2126, 0.7152, 0.0722]) + 0.05 for c in (one, other))
    return max(a, b) / min(a, b)


# Machado, Oliveira & Fernandes 2009, severity 1.0
BLINDNESS = {
    "none": [1, 0, 0, 0, 1, 0, 0, 0, 1],
    "protan": [
        0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
    ],
    "deutan": [
        0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881,
    ],
    "tritan": [
        1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900,
    ],
}  # fmt: skip


def lab(colour: str, blindness: str) -> np.ndarray:
    """CIE L*a*b* (D65) of a colour as seen with a colour blindness."""
    seen = np.clip(np.reshape(BLINDNESS[blindness], (3, 3)) @ linear(colour), 0, 1)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    x, y, z = np.cbrt(to_xyz @ seen / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_perspectives_differ_for_the_colour_blind(blindness: str, scheme: int) -> None:
    seen = [lab(token(p)[scheme], blindness) for p in PERSPECTIVES[:4]]
    apart = [float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2)]
    assert min(apart) > 20


@pytest.mark.parametrize("perspective", PERSPECTIVES)
def test_perspectives_are_readable_on_paper_and_on_their_own_ground(perspective: str) -> None:
    for scheme, paper in enumerate(("#ffffff", "#11171d")):
        colour = token(perspective)[scheme]
        assert contrast(colour, paper) >= 4.5
        assert contrast(colour, token(f"{perspective}-bg")[scheme]) >= 4.5


def test_a_picture_alone_has_the_colours_of_the_page() -> None:
    for perspective, colour in drawing.PERSPECTIVE.items():
        assert token(perspective)[0] == colour
    names = {"b": "behind-", "a": "ahead-", "s": "step-"}
    for step, colour in drawing.STEPS.items():
        assert token("level" if step == "m0" else names[step[0]] + step[1])[0] == colour


def test_every_class_that_a_page_paints_is_painted_in_a_picture_alone() -> None:
    for svg in every("Wijk").values():
        used = {c for found in re.findall(r' class="([^"]+)"', svg) for c in found.split()}
        layout = {"wc", "wc-fluid", "wc-scaled", "wc-small", "gap", "only-wide", "t-halo", "named"}
        assert used - layout <= set(drawing.PAINT)
    for svg in every("Wijk", standalone=True).values():
        assert " class=" not in svg


def test_a_picture_alone_shows_its_title_and_source_when_asked() -> None:
    svg = charts.figure_bar(
        known(), title="Bijstand", fmt=percent, prefix="p", standalone=True, note="Bron: CBS"
    )
    shown = [e.text for e in parse(svg).iter("text")]
    assert shown[0] == "Bijstand"
    assert shown[-1] == "Bron: CBS"


def test_a_ranking_alone_says_how_to_read_it() -> None:
    svg = every("Wijk", standalone=True, note="Bron: CBS")["ranking"]
    said = "".join(parse(svg).itertext())
    assert all(words in said for _, words in key("ranking", "nl", "p"))


def test_the_legend_of_a_ranking_names_the_middle_half_only_where_it_is_drawn() -> None:
    half = "vergelijkbare gebieden: het midden en de middelste helft"
    assert half not in charts.legend("nl", "ranking")
    assert half in charts.legend("nl", "figure")
    for mark, told in ((known(), False), (known(spread=(1.0, 5.0)), True)):
        svg = charts.ranking([mark], title="t", fmt=percent, prefix="p", standalone=True, note="n")
        assert (half in svg) is told


@pytest.mark.parametrize("kind", ["figure", "ranking", "series", "spread", "quadrant"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_legend_names_every_mark(kind: str, language: str) -> None:
    root = parse(charts.legend(language, kind))
    items = root.findall("li")
    assert len(items) >= 3
    assert all(i.find("svg") is not None and "".join(i.itertext()).strip() for i in items)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="10"><title>T</title>{}</svg>'


@pytest.mark.parametrize(
    ("drawn", "written"),
    [
        ('<g color="#f00"><rect fill="currentColor"/></g>', 'fill="#f00"'),
        ('<svg width="100" x="5" y="2"><circle cx="50%"/></svg>', 'cx="50.00"'),
        ('<svg width="100" x="5" y="2"><circle cx="50%"/></svg>', "translate(5 2)"),
        ('<rect fill="url(#h)"/>', "url(#a-h)"),
        ('<pattern id="h"/>', 'id="a-h"'),
    ],
)
def test_what_print_engines_do_not_know_is_written_out(drawn: str, written: str) -> None:
    made, title = drawing.flat(SVG.format(drawn), "a")
    assert written in made
    assert title == "T"


def test_a_link_into_the_site_is_no_link_on_paper() -> None:
    assert "href" not in drawing.flat(SVG.format('<a href="/x"><text>y</text></a>'), "a")[0]


@pytest.mark.parametrize(
    ("unit", "said"),
    [(" %", "1.0 % tot 2.0 %"), (" km", "1.0 km tot 2.0 km"), ("", "1.0 tot 2.0"),
     (" procentpunt", "1.0 tot 2.0 procentpunt"),
     (" percentage points", "1.0 tot 2.0 percentage points")],
)  # fmt: skip
def test_a_unit_that_is_a_word_is_said_once_in_a_margin(unit: str, said: str) -> None:
    def write(value: float, *_beside: float, margin: Sequence[float] = ()) -> str:
        return f"{value:.1f}{unit}"

    assert bars.margin(1.0, 2.0, write, "nl") == said
    assert bars.margin(1.01, 1.02, write, "nl") == f"1.0{unit}"


@pytest.mark.parametrize(("values", "cut"), [([40.0, 42.0], True), ([4.0, 42.0], False)])
def test_an_axis_that_does_not_begin_at_zero_says_so_and_others_do_not(
    values: list[float], *, cut: bool
) -> None:
    line = charts.series([2020, 2021], values, title="x", fmt=percent, prefix="a")
    assert ("de as begint bij 39,8 %" in line) is cut
    assert (bars.cut(0, 152).count("<line") == 4) is True
    plain = charts.series([2020, 2021], [0.0, values[1]], title="x", fmt=percent, prefix="a")
    assert line.count('class="axis"') - plain.count('class="axis"') == (4 if cut else 0)


def test_the_key_of_lines_says_what_a_cut_axis_and_a_grey_band_are() -> None:
    assert "de as begint niet bij nul" in charts.legend("nl", "series")
    assert "grijs: 90\u00a0%-interval" in charts.legend("nl", "spread")


def test_a_list_writes_all_its_figures_in_as_many_decimals() -> None:
    entry = replace(registry().indicators["social_assistance"], decimals=0, matters=0.5)
    marks = [charts.Mark(label="A", value=6.4, peers=5.9), charts.Mark(label="B", value=15.3)]
    drawn = charts.ranking(marks, title="t", fmt=looking.fmt(entry, "nl"), prefix="r")
    assert re.findall(r">([\d,]+ %)</text>", drawn) == ["6,4 %", "15,3 %"]


@pytest.mark.parametrize(("peers", "said"), [(5.9, "6,4 %"), (1.0, "6 %")])
def test_the_newest_year_of_a_series_is_written_as_beside_its_peers(
    peers: float, said: str
) -> None:
    entry = replace(registry().indicators["social_assistance"], decimals=0, matters=0.5)
    drawn = charts.series(
        [2017, 2018], [6.0, 6.4], peers=[5.0, peers], title="t", fmt=looking.fmt(entry, "nl"),
        prefix="s",
    )  # fmt: skip
    assert re.findall(r'class="t-own t-halo">([^<]+)</text>', drawn) == [said]


def test_a_year_between_others_that_was_not_loaded_is_hatched_and_interrupts_every_line() -> None:
    """The twin: with the years themselves as they stand, one line would run through the gap."""
    more = {"title": "t", "fmt": percent, "prefix": "p", "statuses": [Status.OK] * 4}
    years, values = [2019, 2020, 2023, 2024], [1.0, 2.0, 3.0, 4.0]
    root = parse(charts.series(years, values, peers=values, country=values, **more))  # type: ignore[arg-type]
    assert [lines(root, kind) for kind in ("line", "peer-line", "land-line")] == [2, 2, 2]
    assert len(drawn(root, "gap")) == 2
    said = root.findtext("desc") or ""
    assert "2021: geen cijfers geladen; 2022: geen cijfers geladen" in said
    whole = parse(charts.series(YEARS[:4], values, peers=values, country=values, **more))  # type: ignore[arg-type]
    assert [lines(whole, kind) for kind in ("line", "peer-line", "land-line")] == [1, 1, 1]


def test_the_spread_has_no_line_and_no_band_through_a_year_without_figures() -> None:
    given = {"title": "t", "measure": "m", "fmt": percent, "prefix": "p"}
    values = [1.0, 2.0, 3.0, 4.0]
    ends = {"low": [0.5, 1.5, 2.5, 3.5], "high": [1.5, 2.5, 3.5, 4.5]}
    root = parse(charts.spread_line([2019, 2020, 2023, 2024], values, **ends, **given))  # type: ignore[arg-type]
    assert (lines(root), len(drawn(root, "band")), len(drawn(root, "gap"))) == (2, 2, 2)
    assert "2021: onbekend; 2022: onbekend" in (root.findtext("desc") or "")
    whole = parse(charts.spread_line([2019, 2020, 2021, 2022], values, **ends, **given))  # type: ignore[arg-type]
    assert (lines(whole), len(drawn(whole, "band")), len(drawn(whole, "gap"))) == (1, 1, 0)


def test_a_legend_beside_pictures_names_only_what_can_be_seen_in_them() -> None:
    lone: list[float | None] = [None, 2.0, *[None] * 6]
    svg = charts.series(YEARS, [1.0] * 8, title="t", fmt=percent, prefix="p", country=lone)
    told = charts.legend("nl", "series", svg)
    assert "het land in een jaar dat los staat" in told
    for absent in (
        "andere definitie",
        "de as begint niet",
        "vergelijkbare",
        "interval",
        "onbekend",
    ):
        assert absent not in told
    whole = charts.series(YEARS, [1.0] * 8, title="t", fmt=percent, prefix="p", peers=[2.0] * 8)
    assert "los staat" not in charts.legend("nl", "series", whole)
    assert "onbekend" in charts.legend("nl", "series", whole + svg.replace("land", "gap"))


def test_the_legend_of_open_marks_shows_them_open_and_no_perspective_that_has_none() -> None:
    point = Point(label="a", level=1, trend=0.1, perspective="work", sure=False)
    told = charts.legend("nl", "quadrant", charts.quadrant([point], title="t", prefix="p"))
    assert 'class="dot"' not in told
    assert [words for words in ("Werk", "Samenhang") if words in told] == ["Werk"]
    firm = charts.quadrant([replace(point, sure=True)], title="t", prefix="p")
    assert 'class="dot"' in charts.legend("nl", "quadrant", firm)


def test_the_ends_of_the_upright_axis_are_named_beside_it_and_not_between_those_of_the_other() -> (
    None
):
    at = {t.text: (t.get("x"), float(t.get("y", "0")))
          for t in parse(charts.quadrant([], title="t", prefix="p")).iter("text")}  # fmt: skip
    across = at["nu slechter"][1]
    assert across == at["nu beter"][1]
    assert at["wordt beter dan daar"][1] < at["wordt slechter dan daar"][1] < across
    assert at["wordt beter dan daar"][0] == at["wordt slechter dan daar"][0] == "290"


@pytest.mark.parametrize(("values", "cut"), [([40.0, 42.0], True), ([4.0, 42.0], False)])
def test_a_file_has_in_its_key_only_what_is_drawn_in_it(values: list[float], *, cut: bool) -> None:
    more = {"title": "t", "fmt": percent, "prefix": "p", "standalone": True, "note": "n"}
    alone = charts.series([2020, 2021], values, **more)  # type: ignore[arg-type]
    assert (">de as begint niet bij nul<" in alone) is cut
    assert ">andere definitie<" not in alone
    point = Point(label="a", level=1, trend=0.1, perspective="work")
    del more["fmt"]
    assert ">Samenhang<" not in charts.quadrant([point], **more)  # type: ignore[arg-type]
