# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The map: names that keep apart, and a map that moves for who has no mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.journey

MAP = "/gebied/GM9901/?niveau=buurt&indicator=social_assistance"


@pytest.fixture
def errors() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, site: str, errors: list[str]) -> Iterator[Page]:
    with browser.new_context(base_url=site, reduced_motion="reduce") as context:
        opened = context.new_page()
        opened.on("pageerror", lambda e: errors.append(str(e)))
        opened.goto(MAP)
        yield opened


def started(page: Page) -> Locator:
    """Start the map with the keyboard alone; the map that is ready."""
    page.get_by_role("button", name="Door de kaart bewegen").focus()
    page.keyboard.press("Enter")
    ready = page.locator("[data-map][data-ready]")
    expect(ready).to_be_visible(timeout=30_000)
    return ready


def test_starting_by_keyboard_puts_the_keyboard_on_the_map(page: Page, errors: list[str]) -> None:
    started(page)
    expect(page.locator(".maplibregl-canvas")).to_be_focused()
    assert errors == []


def test_choosing_an_area_goes_there_and_opens_its_figure(page: Page, errors: list[str]) -> None:
    """From the list alone: that starts the map too."""
    page.get_by_label("Ga naar").select_option(label="Kraanhof")
    popup = page.locator(".maplibregl-popup")
    expect(popup).to_contain_text("Kraanhof", timeout=30_000)
    expect(popup.get_by_role("link", name="Kraanhof")).to_have_attribute(
        "href", re.compile("/gebied/BU9901")
    )
    expect(popup).to_contain_text("%")
    box, canvas = popup.bounding_box(), page.locator("[data-map-canvas]").bounding_box()
    assert box
    assert canvas
    assert canvas["x"] < box["x"] + box["width"] / 2 < canvas["x"] + canvas["width"]
    assert errors == []


def place(popup: Locator) -> str:
    return str(popup.evaluate("e => getComputedStyle(e).transform"))


@pytest.mark.parametrize("key", ["ArrowLeft", "ArrowUp", "+"])
def test_the_keyboard_moves_and_enlarges_the_map(page: Page, key: str) -> None:
    """What stands on the map moves along with it."""
    ready = started(page)
    page.get_by_label("Ga naar").select_option(label="Kraanhof")
    popup = page.locator(".maplibregl-popup")
    expect(popup).to_be_visible()
    ready.locator(".maplibregl-canvas").focus()
    before = place(popup)
    page.keyboard.press(key)
    page.wait_for_function(
        "before => getComputedStyle(document.querySelector('.maplibregl-popup')).transform"
        " !== before",
        arg=before,
    )


def test_back_to_the_picture_and_to_the_map_again(page: Page, errors: list[str]) -> None:
    started(page)
    expect(page.locator("[data-map-static] .map-areas")).to_be_hidden()
    page.get_by_role("button", name="Terug naar het plaatje").click()
    expect(page.locator("[data-map-static] .map-areas")).to_be_visible()
    expect(page.locator("[data-map-canvas]")).to_be_hidden()
    expect(page.get_by_role("button", name="Door de kaart bewegen")).to_be_focused()
    started(page)
    expect(page.get_by_role("button", name="Terug naar het plaatje")).to_be_visible()
    assert errors == []


def overlapping(labels: list[dict[str, float]]) -> int:
    return sum(
        a["left"] < b["right"] and b["left"] < a["right"]
        and a["top"] < b["bottom"] and b["top"] < a["bottom"]
        for a, b in combinations(labels, 2)
    )  # fmt: skip


def shown(page: Page) -> list[dict[str, float]]:
    """Where the names on the map are, letters without the air above and below them."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.map-label')]
        .filter(e => getComputedStyle(e).display !== 'none')
        .map(e => e.getBoundingClientRect())
        .map(b => ({left: b.left, right: b.right,
                    top: b.top + 0.15 * b.height, bottom: b.bottom - 0.15 * b.height}))"""
    )  # type: ignore[no-any-return]


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_names_on_the_map_never_collide(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    labels = shown(page)
    assert len(labels) > 5
    assert overlapping(labels) == 0


def test_names_placed_for_smaller_letters_would_collide(page: Page) -> None:
    """The twin: the same places, with letters twice as large as those they were made for."""
    page.evaluate(
        "() => document.querySelectorAll('.map-label').forEach(e => { e.style.fontSize = '26px' })"
    )
    assert overlapping(shown(page)) > 0


def test_the_map_one_moves_names_areas_and_has_a_way_back_to_the_whole(page: Page) -> None:
    ready = started(page)
    names = ready.locator(".map-name:not(.no-room)")
    assert names.count() > 5
    status = page.locator("[data-map-status]")
    expect(status).to_have_text("")
    page.get_by_label("Ga naar").select_option(label="Kraanhof")
    expect(status).to_contain_text("Kraanhof: ")
    expect(page.locator(".maplibregl-popup")).to_be_visible()
    page.get_by_role("button", name="Heel Voorbeeldstad").press("Enter")
    expect(page.locator(".maplibregl-popup")).to_be_hidden()
    expect(status).to_have_text("")
    expect(page.get_by_label("Ga naar")).to_have_value("")


def sticking_out(page: Page) -> list[str]:
    """Names that run off the edge of the map that moves."""
    return page.evaluate(
        """() => {
          const edge = document.querySelector('[data-map-canvas]').getBoundingClientRect();
          return [...document.querySelectorAll('.map-name:not(.no-room)')]
            .filter((e) => {
              const box = e.getBoundingClientRect();
              return box.left < edge.left || box.right > edge.right
                || box.top < edge.top || box.bottom > edge.bottom;
            })
            .map((e) => e.textContent);
        }"""
    )  # type: ignore[no-any-return]


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_name_runs_off_the_edge_of_the_map_one_moves(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    started(page)
    assert page.locator(".map-name:not(.no-room)").count() > 3
    assert sticking_out(page) == []
    page.get_by_label("Ga naar").select_option(label="Kraanhof")
    expect(page.locator(".maplibregl-popup")).to_be_visible()
    assert sticking_out(page) == []


def test_a_name_that_moves_off_the_edge_would_be_found(page: Page) -> None:
    started(page)
    page.locator(".map-name:not(.no-room)").first.evaluate("e => { e.style.paddingLeft = '60rem' }")
    assert len(sticking_out(page)) == 1


def test_the_map_asks_for_every_tile_in_the_picture(page: Page) -> None:
    """Also for those beside the gemeente, or the outlines of its neighbours would stop halfway."""
    columns: set[int] = set()
    wanted = re.compile(r"/kaart/.*/buurt/(\d+)/(\d+)/\d+\.mvt")

    def asked(address: str) -> None:
        if found := wanted.search(address):
            zoom, x = map(int, found.groups())
            columns.add(round((x + 1) / 2**zoom * 360 - 180, 5))  # degrees of its eastern edge

    page.on("request", lambda request: asked(request.url))
    ready = started(page)
    west = float((ready.get_attribute("data-bounds") or "").split(",")[0])
    assert min(columns) > west
    with page.expect_request(wanted):
        for _step in range(12):
            page.keyboard.press("ArrowLeft")
    assert min(columns) < west
