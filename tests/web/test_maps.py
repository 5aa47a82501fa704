# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Maps: every area a link with its figure, unknown hatched, tiles that join to the same colours."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import WrongUse
from wijkeconomie.figures.release import Release
from wijkeconomie.web import maps
from wijkeconomie.web.maps import Shape

GM = "GM9901"


def percent(value: float, *_beside: float, margin: Sequence[float] = ()) -> str:
    return f"{value:.1f} %".replace(".", ",")


def square(code: str, x: float, y: float, size: float = 0.1, name: str = "") -> Shape:
    box = shapely.box(x, y, x + size, y + size)
    return Shape(code=code, name=name or f"Wijk {code}", wkb=shapely.to_wkb(box))


ROW = tuple(square(f"WK99010{n}", 5 + n / 10, 52) for n in range(4))
VALUES = {
    "WK990100": (2.0, Status.OK),
    "WK990101": (6.0, Status.OK),
    "WK990102": (10.0, Status.OK),
    "WK990103": (None, Status.SECRET),
}


SHADE = {"middle", "better", "head", "told", "of", "unknown", "matters"}


def shade(values: maps.Values, **more: object) -> maps.Shade:
    given = {"of": {code: value for code, (value, _) in values.items()}, "middle": 6.0,
             "better": "higher", "fmt": percent, "head": "vergeleken met het land"}  # fmt: skip
    return maps.Shade(**given | more)  # type: ignore[arg-type]


def draw(
    areas: tuple[Shape, ...] = ROW, values: maps.Values = VALUES, **more: object
) -> ET.Element:
    given = {
        "title": "Bijstand", "fmt": percent, "prefix": "m", "href": lambda code: f"/gebied/{code}/",
        "shade": shade(values, **{k: more.pop(k) for k in SHADE & set(more)}),
    } | more  # fmt: skip
    svg = maps.svg_map(areas, values, **given)  # type: ignore[arg-type]
    return ET.fromstring(re.sub(r' xmlns="[^"]+"', "", svg))  # noqa: S314 -- our own drawing


def classes(root: ET.Element) -> dict[str, str]:
    return {
        a.get("href", "")[8:16]: (a.find("path").get("class") or "").split()[1]  # type: ignore[union-attr]
        for a in root.iter("a")
    }


def test_every_area_is_a_link_that_says_its_name_and_figure() -> None:
    said = [(a.get("href"), a.get("aria-label")) for a in draw().iter("a")]
    assert said == [
        ("/gebied/WK990100/", "Wijk WK990100: 2,0 %"),
        ("/gebied/WK990101/", "Wijk WK990101: 6,0 %"),
        ("/gebied/WK990102/", "Wijk WK990102: 10,0 %"),
        ("/gebied/WK990103/", "Wijk WK990103: geheim of te onzeker"),
    ]


def test_unknown_is_hatched_and_has_no_colour_of_a_figure() -> None:
    root = draw()
    assert classes(root)["WK990103"] == "unknown"
    hatched = [p for a in root.iter("a") for p in a.iter("path") if p.get("fill") == "url(#m-h)"]
    assert len(hatched) == 1


def test_an_area_without_any_row_is_unknown_too() -> None:
    assert classes(draw(values={"WK990100": (2.0, Status.OK)}))["WK990101"] == "unknown"


def test_zero_is_a_figure() -> None:
    """The twin: were unknown taken for zero, it would get this colour."""
    values = VALUES | {"WK990103": (0.0, Status.OK)}
    assert classes(draw(values=values))["WK990103"] == "b3"


def test_ahead_and_behind_turn_with_what_is_better() -> None:
    higher, lower = classes(draw()), classes(draw(better="lower"))
    assert (higher["WK990100"], higher["WK990101"], higher["WK990102"]) == ("b2", "m0", "a2")
    assert (lower["WK990100"], lower["WK990101"], lower["WK990102"]) == ("a2", "m0", "b2")


def test_where_neither_is_better_there_is_no_behind() -> None:
    found = classes(draw(better="neither"))
    assert {v[0] for k, v in found.items() if k != "WK990103"} == {"s"}


def test_a_few_odd_areas_do_not_pale_the_rest() -> None:
    values = {str(n): (float(v), Status.OK) for n, v in enumerate([248, 267, 439, 610, 663, 4118])}
    seen = maps.steps(shade(values, middle=471.0), values)
    assert [seen.name(v) for v, _ in values.values()] == ["b2", "b2", "m0", "a1", "a2", "a3"]


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40), st.floats(-1e9, 1e9))
def test_steps_rise_and_the_middle_is_in_the_middle(values: list[float], middle: float) -> None:
    known = {str(n): (v, Status.OK) for n, v in enumerate(values)}
    seen = maps.steps(shade(known, middle=middle), known)
    order = [maps.DIVERGING.index(seen.name(v)) for v in sorted(values)]
    assert order == sorted(order)
    assert seen.name(middle) == "m0"


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(-1e6, 1e6),
    st.floats(1e-3, 1e6),
)  # fmt: skip
def test_what_does_not_matter_is_neither_better_nor_worse(
    values: list[float], middle: float, matters: float
) -> None:
    """And far better or worse is several times what matters."""
    known = {str(n): (v, Status.OK) for n, v in enumerate(values)}
    seen = maps.steps(shade(known, middle=middle, matters=matters), known)
    for value in values:
        apart, slack = abs(value - middle), 1e-9 * (matters + abs(middle))
        if apart < matters - slack:
            assert seen.name(value) == "m0"
        if seen.name(value) in ("b3", "a3"):
            assert apart >= 5 * matters - slack


def test_areas_that_hardly_differ_have_one_colour_and_one_row_in_the_key() -> None:
    """The twin: by their own spread alone one of them was called worse than the country."""
    values = {
        area.code: (value, Status.OK) for area, value in zip(ROW, (1.2, 1.2, 1.3, 1.6), strict=True)
    }
    given = {"values": values, "middle": 1.2, "better": "lower"}
    assert set(classes(draw(**given, matters=0.5)).values()) == {"m0"}  # type: ignore[arg-type]
    assert "b2" in classes(draw(**given)).values()  # type: ignore[arg-type]
    key = [t.text or "" for t in draw(**given, matters=0.5).iter("text")]  # type: ignore[arg-type]
    assert [t for t in key if "slechter" in t or "beter" in t] == []


def labels(root: ET.Element) -> list[str]:
    return [
        t.text or "" for t in root.iter("text") if (t.get("class") or "").startswith("map-label")
    ]


@pytest.mark.parametrize(("better", "named"), [("lower", True), ("higher", False)])
def test_the_worst_area_has_its_name_on_the_map_also_where_it_is_small(
    better: str, named: bool
) -> None:
    """The twin: the best one of the same size has none, for its name is longer than it is wide."""
    areas = (
        square("WK990100", 5, 52, 0.5, "Groot"),
        square("WK990101", 5.8, 52, 0.02, "Klein dorp"),
    )
    values = {"WK990100": (1.0, Status.OK), "WK990101": (9.0, Status.OK)}
    root = draw(areas=areas, values=values, better=better, middle=5.0)
    assert ("Klein dorp" in labels(root)) is named
    on_a_phone = [t.text for t in root.iter("text") if t.get("class") == "map-label t-halo"]
    assert ("Klein dorp" in on_a_phone) is named


def test_a_map_of_unknowns_only_is_drawn() -> None:
    root = draw(values={})
    assert set(classes(root).values()) == {"unknown"}
    assert root.findtext("desc") == "onbekend: 4"


def test_a_map_without_areas_is_empty_not_an_error() -> None:
    assert list(draw(areas=()).iter("a")) == []


def test_an_area_too_small_to_see_gets_a_disc() -> None:
    tiny = (*ROW, square("WK990104", 5.5, 52.05, size=0.0005))
    root = draw(areas=tiny, values=VALUES | {"WK990104": (10.0, Status.OK)})
    discs = [c.get("class") for a in root.iter("a") for c in a.iter("circle")]
    assert discs == ["area a2"]


def test_the_current_area_is_outlined() -> None:
    outlined = [
        p for p in draw(current="WK990101").iter("path") if p.get("class") == "area-current"
    ]
    assert len(outlined) == 1


@given(st.text(min_size=1, max_size=40))
def test_names_stay_text_whatever_they_hold(name: str) -> None:
    root = draw(areas=(square("WK990100", 5, 52, name=name),))
    assert not {e.tag for e in root.iter()} & {"script", "image", "foreignObject"}


def key(**more: object) -> list[str | None]:
    found = next(g for g in draw(**more).iter("g") if g.get("class") == "map-key")  # type: ignore[arg-type]
    return [t.text for t in found.iter("text")]


def test_the_key_says_figure_unit_middle_and_every_colour_in_words() -> None:
    assert key(what="Mensen met bijstand (%)") == [
        "Mensen met bijstand (%)", "vergeleken met het land",
        "slechter: 1,1 % tot en met 3,0 %", "iets slechter: 3,1 % tot en met 5,0 %",
        "ongeveer gelijk: 5,1 % tot en met 7,0 %", "iets beter: 7,1 % tot en met 9,0 %",
        "beter: 9,1 % tot en met 11,0 %", "onbekend",
    ]  # fmt: skip


def test_the_key_runs_from_behind_to_ahead_also_where_less_is_better() -> None:
    assert [words and words.split(":")[0] for words in key(better="lower")[1:]] == [
        "slechter", "iets slechter", "ongeveer gelijk", "iets beter", "beter", "onbekend",
    ]  # fmt: skip


def test_the_key_says_what_hatching_means_where_that_is_not_unknown() -> None:
    assert key(unknown="niets om mee te vergelijken")[-1] == "niets om mee te vergelijken"


def test_colours_and_key_tell_the_distance_and_an_area_its_figure_too() -> None:
    """The twin: by its figure the last area would be far better."""
    apart = {"WK990100": -4.0, "WK990101": 0.0, "WK990102": -4.0, "WK990103": None}
    root = draw(of=apart, middle=0.0, told=True)
    assert classes(root)["WK990102"] == classes(root)["WK990100"] == "b2"
    assert classes(draw())["WK990102"] == "a2"
    said = [a.get("aria-label") for a in root.iter("a")]
    assert said[2:] == ["Wijk WK990102: 10,0 % (-4,0 %)", "Wijk WK990103: geheim of te onzeker"]


def test_the_key_has_no_class_below_zero_where_no_figure_is() -> None:
    """Twin: as soon as one figure is below zero the class says so."""
    low = {
        "WK990100": (0.1, Status.OK),
        "WK990101": (6.0, Status.OK),
        "WK990102": (12.0, Status.OK),
    }
    assert key(values=low, middle=4.0)[1] == "iets slechter: 0,0 % tot en met 2,5 %"
    below = low | {"WK990103": (-5.0, Status.OK)}
    assert not [words for words in key(values=low, middle=4.0) if words and "-" in words]
    assert [words for words in key(values=below, middle=4.0) if words and "-" in words]


def test_the_key_has_no_hole_between_two_colours_that_are_on_the_map() -> None:
    """What lies beyond the first and the last colour on the map is left out."""
    said = [words or "" for words in key(values={"WK990100": (1.0, Status.OK),
            "WK990101": (11.0, Status.OK), "WK990102": (6.0, Status.OK)})[1:]]  # fmt: skip
    assert [words.partition(":")[0] for words in said] == [
        "slechter", "iets slechter", "ongeveer gelijk", "iets beter", "beter", "onbekend",
    ]  # fmt: skip


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=40), st.floats(0, 100),
    st.sampled_from(["higher", "lower", "neither"]),
)  # fmt: skip
def test_areas_that_read_alike_have_one_colour_and_it_holds_what_they_read(
    values: list[float], middle: float, better: str
) -> None:
    """The twin: 35.993 reads 36 and an edge at 35.978 reads 36, and it was "more than 36"."""

    def whole(value: float, *_beside: float, margin: Sequence[float] = ()) -> str:
        return f"{value:.0f}"

    known = {str(n): (v, Status.OK) for n, v in enumerate(values)}
    seen = maps.steps(shade(known, middle=middle, better=better, fmt=whole), known)
    ends = [float("-inf"), *seen.edges, float("inf")]
    for value in values:
        at = seen.names.index(seen.name(value))
        assert ends[at] + 0.5 <= float(whole(value)) <= ends[at + 1] - 0.5


def test_the_key_of_what_is_neither_good_nor_bad_has_figures_only() -> None:
    assert key(middle=None, better="neither") == [
        "tot en met 3,6 %", "3,7 % tot en met 5,2 %", "5,3 % tot en met 6,8 %",
        "6,9 % tot en met 8,4 %", "8,5 % of meer", "onbekend",
    ]  # fmt: skip


def test_a_name_too_long_for_the_key_is_cut_not_run_off() -> None:
    assert (key(what="x" * 90)[0] or "").endswith("…")


def test_the_description_names_highest_and_lowest() -> None:
    assert draw().findtext("desc") == (
        "hoogste: Wijk WK990102 10,0 %; laagste: Wijk WK990100 2,0 %; onbekend: 1"
    )


def test_bounds_hold_all_areas() -> None:
    assert maps.bounds(ROW) == pytest.approx((5.0, 52.0, 5.4, 52.1))


def test_the_moving_map_has_the_colours_words_and_pages_of_the_still_one() -> None:
    document = maps.values_document(
        ROW, VALUES, shade=shade(VALUES), fmt=percent, language="nl", beside="2024",
        href=lambda code: f"/gebied/{code}/",
    )  # fmt: skip
    found = document["values"]
    assert {code: entry["step"] for code, entry in found.items()} == classes(draw())
    assert found["WK990103"]["text"] == "geheim of te onzeker"
    assert found["WK990103"]["value"] is None
    assert found["WK990100"]["text"] == "2,0 % (2024)"
    assert found["WK990100"]["bounds"] == pytest.approx([5.0, 52.0, 5.1, 52.1])
    assert found["WK990100"]["url"] == "/gebied/WK990100/"
    json.dumps(document, allow_nan=False)


# --- tiles ---


def covering(release: Release, zoom: int) -> tuple[int, int, int]:
    west, south, east, north = maps.bounds(maps.shapes(release.outlines("buurt", GM)))
    x = int((((west + east) / 2) + 180) / 360 * 2**zoom)
    middle = math.radians((south + north) / 2)
    y = int((1 - math.asinh(math.tan(middle)) / math.pi) / 2 * 2**zoom)
    return zoom, x, y


def read(tile: bytes) -> dict[str, dict[str, object]]:
    layers = mapbox_vector_tile.decode(tile)
    return {f["properties"]["code"]: f for f in layers.get("areas", {}).get("features", [])}


def test_a_tile_holds_code_and_name_of_every_area_in_it(release: Release) -> None:
    found = read(maps.tile(release, *covering(release, 8), "wijk"))
    expected = {a.code: a.name for a in maps.shapes(release.outlines("wijk", GM))}
    assert expected.items() <= {c: f["properties"]["name"] for c, f in found.items()}.items()  # type: ignore[index]
    assert all(set(f["properties"]) == {"code", "name"} for f in found.values())  # type: ignore[call-overload]


def test_a_tile_holds_a_little_more_than_its_square_so_that_no_seam_shows(
    release: Release,
) -> None:
    """A sixty-fourth of its side on every side; without it the edge of the tile would be drawn."""
    found = read(maps.tile(release, *covering(release, 12), "wijk"))
    corners = np.concatenate(
        [shapely.get_coordinates(shapely.geometry.shape(f["geometry"])) for f in found.values()]
    )
    assert (corners.min(), corners.max()) == (-64, 4096 + 64)


def test_tiles_of_municipalities_are_there_from_the_whole_world_on(release: Release) -> None:
    """Twin: wijken are not, for they would be too many and too small to see."""
    found = read(maps.tile(release, 0, 0, 0, "gemeente"))
    assert set(found) <= {a.code for a in release.areas("gemeente")}
    west = read(maps.tile(release, *covering(release, 7), "gemeente"))
    assert GM in west
    with pytest.raises(WrongUse):
        maps.tile(release, *covering(release, 7), "wijk")


def test_neighbours_in_a_tile_share_their_border(release: Release) -> None:
    found = read(maps.tile(release, *covering(release, 11), "buurt"))
    drawn = [shapely.geometry.shape(f["geometry"]) for f in found.values()]
    whole = shapely.union_all(drawn)
    overlap = sum(d.area for d in drawn) - whole.area
    assert len(drawn) > 10
    assert overlap < 0.001 * whole.area  # rounding to the grid of the tile, no more


def test_a_hole_and_an_island_stay_what_they_are() -> None:
    """Read back by another program: which ring is a hole follows from its direction."""
    ring = shapely.box(0, 0, 1000, 1000).difference(shapely.box(400, 400, 600, 600))
    both = shapely.MultiPolygon([ring, shapely.box(2000, 2000, 2400, 2400)])
    data = maps._encoded(
        np.array([both, shapely.box(3000, 0, 3100, 100)]), [("a", "A"), ("b", "É")]
    )
    (layer,) = mapbox_vector_tile.decode(data).values()
    one, other = layer["features"]
    assert shapely.geometry.shape(one["geometry"]).area == both.area
    assert (other["properties"], other["geometry"]["type"]) == (
        {"code": "b", "name": "É"}, "Polygon",
    )  # fmt: skip


@given(st.lists(st.integers(0, 2**32 - 1), max_size=40))
def test_numbers_in_a_tile_are_written_seven_bits_a_byte(numbers: list[int]) -> None:
    """All at once is the same as one by one."""
    written = maps._varints(np.array(numbers, dtype=np.int64))[0]
    assert written == b"".join(maps._varint(n) for n in numbers)


def test_an_area_smaller_than_half_a_pixel_is_not_drawn_and_breaks_nothing() -> None:
    data = maps._encoded(
        np.array([shapely.box(8, 8, 9, 9), shapely.box(0, 0, 100, 100)]), [("a", "A"), ("b", "B")]
    )
    assert list(read(data)) == ["b"]


def test_a_tile_where_nothing_lies_is_empty(release: Release) -> None:
    assert read(maps.tile(release, 10, 0, 0, "buurt")) == {}


@pytest.mark.parametrize(
    ("z", "x", "y", "level"),
    [
        (3, 8, 0, "wijk"),
        (3, 0, -1, "wijk"),
        (14, 0, 0, "wijk"),
        (7, 65, 42, "buurt"),
        (3, 0, 0, "land"),
        (-1, 0, 0, "wijk"),
    ],
)
def test_there_is_no_such_tile(release: Release, z: int, x: int, y: int, level: str) -> None:
    with pytest.raises(WrongUse) as refused:
        maps.tile(release, z, x, y, level)
    assert "tegel" in refused.value.text("nl")


def test_real_buurten_are_drawn_with_a_picture_of_modest_size(shared: Path) -> None:
    folder = shared / "data" / "boundaries"
    features = json.loads((folder / "eindhoven_buurten.geojson").read_text("utf-8"))["features"]
    areas = tuple(
        Shape(
            code=f"BU0772{n:04}",
            name="Buurt",
            wkb=shapely.to_wkb(shapely.geometry.shape(f["geometry"])),
        )
        for n, f in enumerate(features)
    )
    values = {a.code: (float(n), Status.OK) for n, a in enumerate(areas)}
    svg = maps.svg_map(
        areas, values, shade=shade(values, better="neither"), title="t", fmt=percent, prefix="m"
    )
    assert svg.count('class="area s') >= len(areas)
    assert len(svg) < 80_000


def test_the_locator_has_every_outline_and_one_of_them_dark() -> None:
    areas = (square("WK000101", 5.0, 52.0), square("WK000102", 5.2, 52.0))
    drawn = maps.locator(areas, "WK000102", title="Waar Zuid ligt", prefix="l", language="nl")
    assert re.findall("#d5dee6|#16406b", drawn) == ["#d5dee6", "#16406b"]
    assert "Waar Zuid ligt</title>" in drawn
    other = maps.locator(areas, "WK000101", title="x", prefix="l", language="nl")
    assert other.index("#16406b") < other.index("#d5dee6")
