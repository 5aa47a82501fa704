# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A visitor finds a neighbourhood, reads its opgave, and follows a figure to its cell.

Every page is held to WCAG 2.2 AA in a real browser, in both languages, small and large, light and
dark; with the browser's own errors (a script or style that the policy blocks) as failures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any, Literal

import pypdfium2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.journey

PAGES = {
    "home": "/",
    "found": "/?zoek=molen",
    "nothing-found": "/?zoek=qqqqqq",
    "gemeente": "/gebied/GM9901/",
    "gemeente-buurten": "/gebied/GM9901/?niveau=buurt&indicator=social_assistance",
    "wijk": "/gebied/WK990101/",
    "buurt": "/gebied/BU99010101/",
    "too-few": "/gebied/BU99010802/",
    "peers": "/gebied/WK990101/vergelijkbaar/",
    "compare-empty": "/vergelijk/",
    "compare": "/vergelijk/?gebied=WK990101&gebied=WK990102&gebied=BU99010802",
    "figures": "/cijfers/",
    "indicator": "/cijfers/establishments_per_1000/",
    "trace": "/gebied/WK990101/cijfer/social_assistance/2023/",
    "about": "/over/",
    "accessibility": "/toegankelijkheid/",
    "programs": "/programmas/",
    "not-found": "/gebied/GM0001/",
}
WIDTHS = (320, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> Any:
    """What axe finds wrong; it was loaded into the page before."""
    return page.evaluate(
        "(rules) => axe.run({runOnly: rules, resultTypes: ['violations']}).then(r => r.violations)",
        RULES,
    )


@pytest.fixture
def errors() -> list[str]:
    return []


def open_page(context: BrowserContext, address: str, errors: list[str]) -> Page:
    page = context.new_page()
    page.on("console", lambda m: errors.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto(address)
    return page


@pytest.fixture
def page(browser: Browser, site: str, errors: list[str]) -> Iterator[Page]:
    with browser.new_context(base_url=site, reduced_motion="reduce") as context:
        yield open_page(context, site + "/", errors)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_to_all(
    browser: Browser, site: str, axe: str, name: str, prefix: str
) -> None:
    seen: list[str] = []
    wrong: dict[str, Any] = {}
    with browser.new_context(reduced_motion="reduce") as context:
        page = open_page(context, site + prefix + PAGES[name], seen)
        page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
        page.evaluate(axe)
        for width, scheme in product(WIDTHS, SCHEMES):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            for v in violations(page):
                wrong[f"{v['id']} {width} {scheme}"] = [n["html"][:120] for n in v["nodes"]][:3]
            if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
                wrong[f"too wide at {width}"] = page.url
    assert wrong == {}
    assert [e for e in seen if "404" not in e] == []


def test_the_checker_finds_what_is_wrong(browser: Browser, site: str, axe: str) -> None:
    """The twin: the same check on a page that we break."""
    with browser.new_context() as context:
        page = open_page(context, site + "/", [])
        page.evaluate("() => document.querySelector('label').remove()")
        page.evaluate(axe)
        assert "label" in {v["id"] for v in violations(page)}


@pytest.mark.parametrize(("fits", "hidden"), [(True, False), (False, True)])
def test_a_long_name_and_large_numbers_push_no_column_of_the_list_out_of_sight(
    page: Page, site: str, *, fits: bool, hidden: bool
) -> None:
    """The twin: the same table, were its cells not to break over lines."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(site + "/gebied/GM9901/")
    said = page.evaluate(
        """(fits) => {
          const table = document.querySelector("#tabel-alle").closest("table");
          table.classList.toggle("fits", fits);
          for (const row of table.querySelectorAll("tbody tr")) {
            row.querySelector("th a").textContent = "Spaarndammerbuurtje/Zeeheldenbuurtje";
            for (const cell of row.querySelectorAll("td.numeric > span"))
              cell.textContent = "ongeveer 10.530\u00a0mensen";
          }
          return table.offsetWidth > table.parentElement.clientWidth;
        }""",
        fits,
    )
    assert said is hidden


def test_from_a_typing_mistake_to_the_cell_under_a_figure(page: Page, errors: list[str]) -> None:
    page.get_by_role("searchbox").fill("kernsteede")
    page.get_by_role("button", name="Zoek").click()
    page.get_by_role("link", name="Kernstede", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kernstede")
    page.get_by_role("link", name=re.compile("waar het vandaan komt")).first.click()
    expect(page.get_by_role("heading", name="De cellen eronder")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("WK990101")
    assert errors == []


def test_suggestions_appear_while_typing_and_the_keyboard_walks_them(page: Page) -> None:
    field = page.get_by_role("searchbox")
    field.press_sequentially("kernst")
    link = page.locator("#suggesties a").first
    expect(link).to_contain_text("Kernstede")
    field.press("ArrowDown")
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kernstede")


def test_another_figure_changes_map_and_list_without_a_new_page(
    page: Page, site: str, errors: list[str]
) -> None:
    page.goto(site + "/gebied/GM9901/")
    page.evaluate("() => { window.same = true }")
    page.get_by_label("Cijfer", exact=True).select_option("households")
    expect(page.locator("#uitkomst h3").first).to_contain_text("Huishoudens")
    assert "indicator=households" in page.url
    assert page.evaluate("() => window.same") is True
    assert errors == []


def test_another_level_is_another_page_whole(page: Page, site: str, errors: list[str]) -> None:
    page.goto(site + "/gebied/GM9901/")
    page.get_by_label("Niveau", exact=True).select_option("buurt")
    expect(page.get_by_role("heading", name="Alle buurten")).to_be_visible()
    assert "niveau=buurt" in page.url
    assert errors == []


def test_without_javascript_everything_is_there(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = open_page(context, site + "/gebied/GM9901/", [])
        page.get_by_label("Niveau", exact=True).select_option("buurt")
        page.get_by_role("button", name="Toon").click()
        assert "niveau=buurt" in page.url
        expect(page.locator("#uitkomst svg").first).to_be_visible()
        page.get_by_text("Hetzelfde als tabel").first.click()
        assert page.locator("#tabel-rangorde").is_visible()


def test_an_area_of_the_map_is_a_link(page: Page, site: str) -> None:
    page.goto(site + "/gebied/GM9901/")
    area = page.locator("[data-map-static] svg a").first
    expect(area).to_have_attribute("href", re.compile("/gebied/WK9901"))


def test_the_other_language_shows_the_same_area(page: Page, site: str) -> None:
    page.goto(site + "/gebied/WK990101/")
    page.get_by_role("link", name="English").click()
    assert page.url == site + "/en/gebied/WK990101/"
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kernstede")


def test_the_first_stop_of_the_keyboard_skips_the_menu(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_on_paper_menu_and_buttons_are_gone(page: Page, site: str) -> None:
    page.goto(site + "/gebied/WK990101/")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Hoofdmenu")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_page_of_a_neighbourhood_is_some_full_pages_of_paper(page: Page, site: str) -> None:
    """They were 22, of which several half empty."""
    page.goto(site + "/gebied/WK990104/")
    document = pypdfium2.PdfDocument(page.pdf(format="A4"))
    assert len(document) <= 14
    for number in range(len(document) - 1):  # the last one ends where it ends
        sheet = document[number]
        edges = [thing.get_bounds()[1] for thing in sheet.get_objects() if thing.type == 1]
        assert min(edges) < sheet.get_height() / 3


FOLDED = (
    "() => [...document.querySelectorAll('main details :is(h4, figure, table, a:not(.source a))')]"
    ".filter(e => !e.checkVisibility()).length"
)


@pytest.mark.parametrize(
    "address",
    ["/gebied/WK990101/", "/gebied/GM9901/", "/vergelijk/?gebied=WK990101&gebied=WK990102"],
)
def test_what_is_folded_on_the_screen_stands_on_paper(page: Page, site: str, address: str) -> None:
    page.goto(site + address)
    assert page.evaluate(FOLDED) > 0
    page.emulate_media(media="print")
    assert page.evaluate(FOLDED) == 0


def test_areas_are_compared_by_name(page: Page, site: str) -> None:
    page.goto(site + "/vergelijk/")
    for name in ("Kernstede", "Molenkwartier"):
        page.get_by_label("Gebied toevoegen").fill(name)
        page.get_by_role("button", name="Voeg toe").click()
        expect(page.locator("main")).to_contain_text(name)
    page.get_by_role("link", name="Weglaten Kernstede").click()
    expect(page.locator(".chosen")).to_have_text(re.compile("Molenkwartier"))


TABLES = [  # one that stands row by row on a phone, and one that is too wide for it
    ("/gebied/GM9901/", "alle", 360, False), ("/gebied/GM9901/", "alle", 1280, False),
    ("/cijfers/", "volledig", 360, False),
    ("/vergelijk/?gebied=WK990101&gebied=WK990102", "h-work", 360, True),
]  # fmt: skip


@pytest.mark.parametrize(("address", "section", "width", "said"), TABLES)
def test_a_table_says_so_where_it_is_cut_off_and_only_there(
    page: Page, site: str, address: str, section: str, width: int, said: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(site + address)
    page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
    hint = page.locator(f"section[aria-labelledby={section}] .slide")
    expect(hint).to_have_text(re.compile("Schuif de tabel opzij"))
    expect(hint).to_be_visible(visible=said)


def test_the_table_of_coverage_is_the_same_table_on_a_phone(page: Page, site: str) -> None:
    """Row by row it stays a table for who hears it, with the year before every percentage; a row
    of the same in every year says so once, in its heading."""

    def heard(width: int) -> Counter[str]:
        page.set_viewport_size({"width": width, "height": 900})
        nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        return Counter(node.get("role", {}).get("value", "") for node in nodes)

    page.goto(site + "/cijfers/")
    wide, narrow = heard(1280), heard(360)
    roles = ("table", "row", "rowheader", "columnheader")
    assert [narrow[role] for role in roles] == [wide[role] for role in roles]
    table = page.locator("section[aria-labelledby=volledig]")
    assert narrow["cell"] == wide["cell"] - table.locator("tr.same td").count() > 200
    assert all(table.locator("tr.same .once").all_inner_texts())
    cell = table.locator("tr:not(.same) td").first
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"2017"'


def test_the_menu_takes_one_row_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    tops = page.locator(".menu a").evaluate_all(
        "all => all.map(a => a.getBoundingClientRect().top)"
    )
    assert len(tops) == 4
    assert len(set(tops)) == 1


def test_a_point_of_the_quadrant_says_its_name_to_the_keyboard(page: Page, site: str) -> None:
    page.goto(site + "/gebied/WK990101/")
    name = page.locator(".wc .named").first
    expect(name).to_be_hidden()
    page.locator("a:has(.named)").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(name).to_be_visible()
