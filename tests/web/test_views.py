# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every page answers its question first, says what it does not know, and asks no database."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from click.testing import CliRunner
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings
from shapely import box, to_wkb

from tests.figures.making import origin as from_table
from tests.figures.making import snapshot
from wijkeconomie import cli
from wijkeconomie.figures import build, store
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language, Refusal
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Release, _open, open_release
from wijkeconomie.figures.snapshot import Boundaries
from wijkeconomie.figures.sources import files
from wijkeconomie.insight import opgave, wording
from wijkeconomie.insight import scan as scanning
from wijkeconomie.insight.results import Redrawn
from wijkeconomie.insight.scan import scan, scan_all
from wijkeconomie.web import context, downloads, maps, municipality, neighbourhood, quality, report
from wijkeconomie.web import look as looking
from wijkeconomie.web.context import NOTHING_ASKED, Asked, tight
from wijkeconomie.web.look import look, values
from wijkeconomie.web.templatetags import figures
from wijkeconomie.web.templatetags.figures import as_given, broken, direction, listed, quantity

WIJK = "WK990101"
PAGES = [
    "/", "/?zoek=molen", "/?zoek=qqqqqq", "/zoek/?zoek=molen", "/gebied/GM9901/",
    "/gebied/GM9901/?indicator=social_assistance&niveau=buurt", "/gebied/WK990101/",
    "/gebied/WK990101/vergelijkbaar/", "/vergelijk/",
    "/vergelijk/?gebied=WK990101&gebied=BU99010101",
    "/cijfers/", "/cijfers/?niveau=buurt", "/cijfers/social_assistance/",
    "/gebied/WK990101/cijfer/social_assistance/2023/", "/over/", "/toegankelijkheid/",
    "/programmas/",
]  # fmt: skip


FILES = ("/download/", "/beeld/", "/rapport/", "/api/", "/static/", "/en/")
VISITOR = Client(headers={"host": "127.0.0.1"})  # one for all: its site keeps ready pages


@pytest.fixture
def visitor(release: Release) -> Client:
    return VISITOR


@pytest.fixture
def fresh(release: Release) -> Client:
    return Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)


def text(client: Client, address: str, status: int = 200) -> str:
    """The words of a page, without its marks."""
    response = client.get(address)
    assert response.status_code == status
    words = re.sub(
        r"<(script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL
    )
    return re.sub(r"\s+", " ", unescape(words))


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("page", PAGES)
def test_public_pages_ask_the_database_nothing(
    fresh: Client, page: str, prefix: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert fresh.get(prefix + page).status_code == 200


@pytest.mark.parametrize(("prefix", "language"), [("", "nl"), ("/en", "en")])
@pytest.mark.parametrize("page", [*(p for p in PAGES if "/zoek/" not in p), "/nergens/"])
def test_the_language_of_a_page_is_that_of_its_address(
    visitor: Client, page: str, prefix: str, language: str
) -> None:
    html = visitor.get(prefix + page).content.decode()
    assert re.findall(r"<html lang=\"(\w+)\">", html) == [language]


@pytest.mark.parametrize("page", PAGES)
def test_the_other_language_is_one_click_away_with_the_same_query(
    visitor: Client, page: str
) -> None:
    english = re.search(r'<a href="([^"]+)" lang="en"', visitor.get(page).content.decode())
    if page.startswith("/zoek/"):
        assert english is None  # a list without a frame
        return
    assert english is not None
    assert unescape(english[1]) == "/en" + page


@pytest.mark.parametrize("page", [p for p in PAGES if not p.startswith("/zoek/")])
def test_every_page_says_that_its_figures_are_invented(visitor: Client, page: str) -> None:
    assert "Verzonnen cijfers." in text(visitor, page)


@pytest.mark.parametrize("page", [p for p in PAGES if not p.startswith("/zoek/")])
def test_english_pages_hold_no_dutch_of_ours(visitor: Client, page: str) -> None:
    words = re.sub(r"/api/v1/[\w/{}]+", "", text(visitor, "/en" + page))  # addresses are Dutch
    for dutch in ("Verder", "Hoe het werkt", "Waar ", "gebieden", "Zoek ", "onbekend", "Kies "):
        assert dutch not in words, dutch


@pytest.mark.parametrize("page", PAGES)
def test_no_id_occurs_twice(visitor: Client, page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', visitor.get(page).content.decode())
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("page", PAGES)
def test_every_table_has_a_caption_and_every_picture_a_title(visitor: Client, page: str) -> None:
    html = visitor.get(page).content.decode()
    assert html.count("<table") == html.count("<caption")
    for svg in re.findall(r"<svg\b.*?</svg>", html, flags=re.DOTALL):
        assert 'aria-hidden="true"' in svg or "<title" in svg


@pytest.mark.django_db
def test_links_on_our_pages_lead_somewhere(visitor: Client) -> None:
    """Walk two steps from the home page: no dead ends (files are tested elsewhere)."""
    seen, here = {"/"}, ["/"]
    for _step in range(2):
        found = {
            unescape(link).partition("#")[0]
            for page in here
            for link in re.findall(r'<a [^>]*?href="(/[^"]*)"', visitor.get(page).content.decode())
        }
        here = sorted(
            link for link in found - seen
            if not link.startswith(FILES)
        )[:60]  # fmt: skip
        seen.update(here)
        assert {link: visitor.get(link).status_code for link in here} == dict.fromkeys(here, 200)
    assert len(seen) > 40


# --- home ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Kernstede", "kernsted", "Kernsteede", "WK990101"])
def test_search_forgives_typing(visitor: Client, typed: str) -> None:
    response = visitor.get("/", {"zoek": typed}, follow=True)
    assert "Kernstede" in response.content.decode()


def test_a_code_leads_straight_to_its_area(visitor: Client) -> None:
    assert visitor.get("/", {"zoek": "wk990101"}).headers["Location"] == "/gebied/WK990101/"
    assert visitor.get("/en/", {"zoek": "WK990101"}).headers["Location"] == "/en/gebied/WK990101/"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/gebied/gm9901/", "/gebied/GM9901/"),
        ("/en/gebied/wk990101/vergelijkbaar/", "/en/gebied/WK990101/vergelijkbaar/"),
        ("/gebied/gm9901/?niveau=buurt&x=1", "/gebied/GM9901/?niveau=buurt"),
    ],
)
def test_a_code_in_small_letters_leads_to_its_page(
    visitor: Client, address: str, place: str
) -> None:
    assert visitor.get(address).headers["Location"] == place


@pytest.mark.parametrize("typed", ["kernstede", "gm9901", " GM9901 ", "Voorbeeldstad (fictief)"])
def test_a_code_or_a_name_that_only_one_has_leads_straight_there(
    visitor: Client, release: Release, typed: str
) -> None:
    found = release.names.exact(typed)
    assert found is not None
    assert visitor.get("/", {"zoek": typed}).headers["Location"] == f"/gebied/{found.code}/"


def test_a_whole_name_that_is_a_part_of_others_elsewhere_is_a_list_with_itself_first(
    tmp_path: Path, settings: Settings
) -> None:
    """On the page, under the search field and in the API alike; alone it leads straight there."""
    names = {"BU08260201": "Kanaleneiland", "BU03440831": "Kanaleneiland-Zuid"}
    rows = [{"area": code, "name": name, "population": 900} for code, name in names.items()]
    build.load(tmp_path / "both", [snapshot(2020, rows)])
    build.load(tmp_path / "alone", [snapshot(2020, rows[:1])])
    settings.DATA = tmp_path / "both"
    site = Client(headers={"host": "127.0.0.1"})
    for address in ("/?zoek=kanaleneiland", "/zoek/?zoek=kanaleneiland"):
        shown = re.findall(r'href="/gebied/(\w+)/"><strong>', site.get(address).content.decode())
        assert shown == list(names)
    found = site.get("/api/v1/gebieden?zoek=kanaleneiland").json()["items"]
    assert [area["code"] for area in found] == list(names)
    settings.DATA = tmp_path / "alone"
    assert site.get("/?zoek=kanaleneiland").headers["Location"] == "/gebied/BU08260201/"


def test_a_name_of_several_gemeenten_is_a_list_with_where_each_lies(
    tmp_path: Path, settings: Settings
) -> None:
    """And the page to which a name leads straight names the others, which search does not show."""
    rows = [
        {"area": code, "name": name, "gemeente": gemeente, "population": 900}
        for code, name, gemeente in (
            ("GM0373", "Bergen (NH.)", ""), ("GM0893", "Bergen (L.)", ""),
            ("BU07721120", "Bergen", "Eindhoven"), ("GM0164", "Hengelo", ""),
            ("WK016400", "Hengelo", "Hengelo"), ("BU18760000", "Hengelo", "Bronckhorst"),
        )
    ]  # fmt: skip
    build.load(tmp_path, [snapshot(2020, rows)])
    settings.DATA = tmp_path
    site = Client(headers={"host": "127.0.0.1"})
    html = site.get("/?zoek=Bergen").content.decode()
    assert re.findall(r'<li><a href="/gebied/(\w+)/"><strong>Bergen', html) == [
        "GM0373", "GM0893", "BU07721120",
    ]  # fmt: skip
    assert "3 gebieden heten “Bergen”" in text(site, "/?zoek=Bergen")
    assert site.get("/?zoek=Hengelo")["Location"] == "/gebied/GM0164/"
    assert "Gebieden elders met deze naam: Hengelo (buurt in Bronckhorst)" in text(
        site, "/gebied/GM0164/"
    )
    assert "Bergen (L.) (gemeente), Bergen" in text(site, "/gebied/GM0373/")


def test_finding_nothing_says_what_to_try(visitor: Client) -> None:
    words = text(visitor, "/?zoek=qqqqqq")
    assert "Niets lijkt op “qqqqqq”" in words
    assert "Probeer een korter stuk" in words


@pytest.mark.parametrize(("typed", "many"), [("noord", True), ("kernsteede", False)])
def test_more_than_we_show_is_said_with_what_to_do(
    visitor: Client, release: Release, typed: str, many: bool
) -> None:
    assert (len(release.names.find(typed, 21)) > 20) is many
    html = visitor.get("/", {"zoek": typed}).content.decode()
    assert ("Er zijn er meer dan hier staan." in html) is many
    assert html.count('class="results"') == 1
    assert html.count(" · ") <= 20 + 2


def test_a_number_of_people_is_said_to_be_about_once(visitor: Client, release: Release) -> None:
    first = next(s for s in scan_all(release, "GM9901") if s.opgaven and s.opgaven[0].persons)
    words = text(visitor, f"/gebied/{first.area.code}/")
    assert "Verschil ongeveer" in words
    assert re.search(r"mensen (meer|minder) dan als het hier was zoals in ", words)
    assert "ongeveer ongeveer" not in words


def test_suggestions_are_a_short_list_of_links(visitor: Client) -> None:
    html = visitor.get("/zoek/", {"zoek": "kern"}).content.decode()
    assert 'href="/gebied/WK990101/"' in html
    assert html.count("<li>") <= 8
    assert visitor.get("/zoek/").content.decode().strip() == ""


def test_without_figures_the_site_offers_the_first_step(
    visitor: Client, tmp_path: Path, settings: Settings
) -> None:
    settings.DATA = tmp_path
    for page in ("/", "/gebied/GM9901/", "/cijfers/"):
        words = text(visitor, page, 503)
        assert "wijkeconomie demo" in words
        assert "wijkeconomie figures load" in words
    assert "There are no figures here yet" in text(visitor, "/en/", 503)


def test_visitors_of_a_public_site_read_no_command(
    fresh: Client, little: Callable[..., Client], tmp_path: Path, settings: Settings
) -> None:
    settings.COMMAND = ""
    site = little("GM0001", "WK000101", "WK000102")
    page = text(site, "/gebied/GM0001/?indicator=population")
    assert "De grenzen zijn niet geladen. Wie deze site beheert, kan dat doen: zie" in page
    wrong = text(site, "/gebied/GM0001/?indicator=nergens", 404)
    assert "Onbekend cijfer: nergens." in wrong
    (tmp_path / "current").write_text("weg")
    gone = text(fresh, "/", 503)
    assert "De cijfers zijn nu niet te lezen. Er is niets gewijzigd. Probeer het later" in gone
    settings.DATA = tmp_path / "empty"
    nothing = text(fresh, "/", 503)
    assert "Kom later terug" in nothing
    said = page + wrong + gone + nothing
    assert re.search("wijkeconomie (demo|figures)|Laad ze met|eerste stap", said) is None


@pytest.mark.parametrize("code", ["GM9901", "WK990104"])
def test_where_sizes_of_gaps_stand_it_is_said_how_people_and_points_are_counted(
    visitor: Client, code: str
) -> None:
    """7.8 less 6.6 firms per 1,000 are 23 firms; the page says 21, the part that is no chance."""
    page = text(visitor, f"/gebied/{code}/")
    assert page.count("alleen het deel dat waarschijnlijk geen toeval is.") == 1
    assert page.count("is dat tussen de cijfers zoals ze zijn gepubliceerd.") == 1


def test_all_of_the_page_of_a_gemeente_is_of_the_year_that_is_asked(
    visitor: Client, release: Release
) -> None:
    """The map was of 2019, and the list beside it and its files of the newest year."""
    page, then = "/gebied/GM9901/", scan_all(release, "GM9901", "wijk", 2019)
    html, newest = (visitor.get(page + asked).content.decode() for asked in ("?jaar=2019", ""))
    assert f"De opgave is het grootst in {then[0].area.name}:" in text(visitor, page + "?jaar=2019")
    rows = re.search(r'id="tabel-alle".*?</table>', html, re.DOTALL)
    assert rows is not None
    names = re.findall(r'<th scope="row"><a href="/gebied/(\w+)/\?jaar=2019"', rows[0])
    assert names == [result.area.code for result in then]
    assert names != re.findall(r'<th scope="row"><a href="/gebied/(\w+)/"', newest)[: len(names)]
    assert "Inwoners (2019)" in unescape(rows[0])
    for code in ("GM9901", "WK990104"):  # not those of the newest year
        assert "inwoners in 2019" in text(visitor, f"/gebied/{code}/?jaar=2019")
    assert "Deze pagina toont wat de cijfers tot en met 2019 zeggen." in unescape(html)
    assert '<input type="hidden" name="jaar" value="2019">' in html
    files = re.findall(r'href="(/download/(?:areas|opgaven)[^"]*\.csv[^"]*)"', html)
    assert len(files) == 2
    assert all("jaar=2019" in file for file in files)
    listed = visitor.get(unescape(files[1])).content.decode().splitlines()[1:]
    assert [line.split(",")[0] for line in listed] == names


def test_a_page_says_which_year_it_shows_instead_of_the_one_that_was_asked(
    visitor: Client, release: Release
) -> None:
    unknown = "Over 1999 zijn geen cijfers geladen. "
    newest = unknown + "Deze pagina toont de nieuwste."
    for page in ("GM9901/?jaar=1999&indicator=social_assistance", "WK990101/?jaar=1999"):
        assert newest in text(visitor, f"/gebied/{page}")
    for code in ("GM9901", "WK990101", "BU99010101"):
        assert unknown not in text(visitor, f"/gebied/{code}/?jaar=2024")
        assert "Deze pagina toont" not in text(visitor, f"/gebied/{code}/")


@pytest.mark.parametrize("code", ["WK990101", "BU99010101"])
def test_a_page_of_a_year_is_that_years_scan_with_its_files_peers_and_report(
    visitor: Client, release: Release, code: str
) -> None:
    """As the command line, the API and the report: nothing newer counts, and the page says so."""
    then = scan(release, code, 2020)
    shown = text(visitor, f"/gebied/{code}/?jaar=2020")
    assert "Deze pagina toont wat de cijfers tot en met 2020 zeggen. Toon het nieuwste" in shown
    assert "opgaven uit cijfers van 2020" in shown
    html = visitor.get(f"/gebied/{code}/?jaar=2020").content.decode()
    assert [
        said for f in then.opgaven if (said := wording.sentence(f, then.area)) not in shown
    ] == []
    assert f'/rapport/{code}.pdf?jaar=2020"' in html
    for link in re.findall(
        r'href="(/(?:download/(?:scan|quadrant|unknown)|rapport|beeld)[^"]*)"', html
    ):
        assert "jaar=2020" in link
    peers = text(visitor, f"/gebied/{code}/vergelijkbaar/?jaar=2020")
    assert [p.area.name for p in then.peers.list if p.area.name not in peers] == []
    api = visitor.get(f"/api/v1/gebieden/{code}/vergelijkbaar?jaar=2020").json()
    assert [p["code"] for p in api["peers"]] == [p.area.code for p in then.peers.list]


@pytest.mark.parametrize("page", ["/", "/gebied/WK990101/", "/vergelijk/", "/nergens/"])
def test_an_address_with_too_many_parameters_is_refused_in_words(
    fresh: Client, settings: Settings, page: str
) -> None:
    many = "&".join(f"x{n}=1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    status = 404 if page == "/nergens/" else 400
    words = text(fresh, f"{page}?{many}", status)
    assert ("Dit adres heeft meer dan 1.000 parameters." in words) is (status == 400)
    assert fresh.get(f"{page}?{many}")["X-Frame-Options"] == "DENY"
    assert "has more than 1,000" in text(fresh, f"/en{page}?{many}", status) or status == 404


def test_that_nothing_proves_the_manifest_any_more_stands_on_the_page_of_the_figures(
    tmp_path: Path, settings: Settings
) -> None:
    made = build.load(tmp_path, [snapshot(2020, [{"area": "GM0001", "population": 900}])])
    settings.DATA = tmp_path
    site = Client(headers={"host": "127.0.0.1"})
    assert "manifest.sha256" not in text(site, "/en/cijfers/")
    (made.path / store.HASH).unlink()
    assert "manifest.sha256 of release" in text(
        Client(headers={"host": "127.0.0.1"}), "/en/cijfers/?niveau=buurt"
    )
    told = site.get("/api/v1/herkomst", headers={"accept-language": "nl"}).json()["notices"]
    assert [said for said in told if "manifest.sha256 weg" in said] != []


def test_a_command_for_figures_elsewhere_holds_no_name_to_fill_in_and_says_what_to_name(
    little: Callable[..., Client], tmp_path: Path, settings: Settings
) -> None:
    """``--data DIR``, pasted, would make a folder DIR; a path is not told, for pages are public."""
    settings.COMMAND, settings.ELSEWHERE = "wijkeconomie", True
    site = little("GM0001", "WK000101", "WK000102")
    page = site.get("/gebied/GM0001/?indicator=population").content.decode()
    settings.DATA = tmp_path / "empty"
    first = site.get("/").content.decode()
    for html in (page, first):
        commands = "".join(re.findall(r"<code[^>]*>(.*?)</code>", html, re.DOTALL))
        assert "wijkeconomie figures load pdok" in commands
        assert ("DIR" in html, str(tmp_path) in html) == (False, False)
        assert "of vooraf met <code>WIJKECONOMIE_DATA</code>" in html
    settings.ELSEWHERE = False
    assert "WIJKECONOMIE_DATA" not in site.get("/").content.decode()


def test_pages_write_our_command_as_it_is_typed_where_the_site_runs(
    fresh: Client, little: Callable[..., Client], tmp_path: Path, settings: Settings
) -> None:
    settings.COMMAND = "a/b/wijkeconomie"
    site = little("GM0001", "WK000101", "WK000102")
    html = site.get("/gebied/GM0001/?indicator=population").content.decode()
    (code,) = re.findall(r"<code[^>]*>(.*?)</code>", html)
    assert code == (  # a page of figures is read by others too: it tells no folder
        'wijkeconomie figures load pdok <span class="unbroken">--gemeente GM0001</span> '
        '<span class="unbroken">--years 2020</span>'
    )
    assert html.index('id="tabel-rangorde"') < html.index("Geen kaart")
    assert 'class="split"' not in html  # without a map the list has the width
    settings.DATA = tmp_path / "empty"
    html = fresh.get("/").content.decode()
    commands = [line for code in re.findall(r"<code>(.*?)</code>", html, re.DOTALL)
                for line in code.splitlines()]  # fmt: skip
    assert [line.partition(" ")[0] for line in commands] == ["a/b/wijkeconomie"] * 4


def test_who_reads_a_page_or_asks_the_api_is_told_what_they_can_do_and_no_command(
    little: Callable[..., Client], tmp_path: Path, settings: Settings
) -> None:
    settings.COMMAND = "a/b/wijkeconomie"
    site = little("GM0001", "WK000101", "WK000102")
    asked = {
        "nl": (text(site, "/gebied/GM0001/?indicator=nergens", 404), "op de pagina Cijfers"),
        "en": (text(site, "/en/gebied/GM0001/?indicator=nergens", 404), "on the page Figures"),
    }
    for language, (page, said) in asked.items():
        answer = site.get("/api/v1/gebieden/GM0001/cijfers?indicator=nergens",
                          headers={"accept-language": language})  # fmt: skip
        for words in (page, answer.json()["detail"]):
            assert ("wijkeconomie figures" in words, said in words) == (False, True)
        assert "API" in answer.json()["detail"]
    settings.DATA = tmp_path / "empty"  # the twin: only a command helps who runs the site here
    detail = site.get("/api/v1/gebieden").json()["detail"]
    assert "Begin met: a/b/wijkeconomie demo" in detail


def test_the_search_names_a_code_that_is_here(
    visitor: Client, release: Release, little: Callable[..., Client]
) -> None:
    hint = re.compile(r"Een code zoals (\w+) werkt ook")
    assert hint.findall(text(visitor, "/")) == [release.areas("wijk")[0].code]
    assert hint.findall(text(little("GM0001", "GM0002"), "/")) == ["GM0001"]


def test_pages_without_figures_still_explain(
    visitor: Client, tmp_path: Path, settings: Settings
) -> None:
    settings.DATA = tmp_path
    assert "Altijd twee vergelijkingen" in text(visitor, "/over/")
    assert "WCAG 2.2" in text(visitor, "/toegankelijkheid/")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("/vergelijken/", "/vergelijk/"),
        ("/vergelijken/?gebied=WK990101", "/vergelijk/?gebied=WK990101"),
        ("/gemeente/GM9901/", "/gebied/GM9901/"), ("/wijk/WK990101/", "/gebied/WK990101/"),
        ("/buurt/BU99010101/", "/gebied/BU99010101/"), ("/zoeken/?zoek=molen", "/?zoek=molen"),
        ("/kaart/", "/"), ("/bronnen/", "/cijfers/"), ("/hoe-het-werkt/", "/over/"),
    ],
)  # fmt: skip
def test_an_address_that_people_would_type_leads_to_the_page_that_they_mean(
    visitor: Client, prefix: str, typed: str, page: str
) -> None:
    answer = visitor.get(prefix + typed)
    assert (answer.status_code, answer.headers["Location"]) == (301, prefix + page)
    assert visitor.get(prefix + page).status_code == 200


# --- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/gebied/GM0001/", 404, "GM0001 staat niet in deze cijfers"),
        ("/gebied/WK9999ZZ/vergelijkbaar/", 404, "staat niet in deze cijfers"),
        ("/gebied/utrecht/", 400, "Ongeldige gebiedscode: utrecht"),
        ("/cijfers/niets/", 404, "Onbekend cijfer: niets"),
        ("/gebied/GM9901/?niveau=straat", 400, "Onbekend niveau: straat"),
        ("/gebied/GM9901/?indicator=geluk", 404, "Onbekend cijfer: geluk"),
        ("/gebied/GM9901/?jaar=24", 400, "Ongeldig jaar: 24"),
        ("/gebied/WK990101/cijfer/population/1999/", 404, "Over 1999 zijn er geen cijfers"),
        ("/vergelijk/?gebied=X", 400, "Ongeldige gebiedscode: X"),
        ("/vergelijk/?" + "&".join(f"gebied=WK9901{n:02}" for n in range(21)), 400, "hoogstens 5"),
        ("/nergens/", 404, "Deze pagina bestaat niet"),
    ],
)  # fmt: skip
def test_an_error_says_what_where_and_what_now(
    visitor: Client, address: str, status: int, said: str
) -> None:
    words = text(visitor, address, status)
    assert said in words
    assert "Er is niets verloren gegaan" in words
    assert "Wat u nu kunt doen" in words


def test_errors_speak_the_language_of_the_address(visitor: Client) -> None:
    assert "GM0001 is not in these figures" in text(visitor, "/en/gebied/GM0001/", 404)
    assert "This page does not exist" in text(visitor, "/en/nowhere/", 404)


@pytest.fixture
def damaged(demo_data: Path, tmp_path: Path, settings: Settings) -> Path:
    """The folder of a release in use that can be broken."""
    shutil.copytree(demo_data, tmp_path / "data")
    settings.DATA = tmp_path / "data"
    return open_release(settings.DATA).path


@pytest.mark.parametrize("file", ["manifest.json", "areas.arrow", "by_area.arrow"])
@pytest.mark.parametrize("harm", ["gone", "cut off"])
def test_a_damaged_release_is_503_in_words_without_our_paths(
    damaged: Path, file: str, harm: str
) -> None:
    (damaged / file).unlink()
    if harm == "cut off":
        (damaged / file).write_text("{")
    _open.cache_clear()
    visitor = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    for address, said in (
        ("/gebied/WK990101/", "De cijfers zijn nu niet te lezen"),
        ("/en/gebied/WK990101/", "The figures cannot be read now"),
    ):
        words = text(visitor, address, 503)
        assert said in words
        assert str(damaged.parent) not in words
    answer = visitor.get("/api/v1/gebieden/WK990101/cijfers")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["detail"].startswith("De cijfers zijn nu niet te lezen")


def test_a_defect_of_ours_is_a_page_too(fresh: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("wijkeconomie.web.quality.definition", broken)
    words = text(fresh, "/cijfers/households/", 500)
    assert "Er ging bij ons iets mis" in words
    assert "secret detail" not in words


def test_the_country_has_the_home_page(visitor: Client) -> None:
    assert visitor.get("/gebied/NL00/").headers["Location"] == "/"


# --- gemeente -----------------------------------------------------------------------------------


def test_the_gemeente_names_its_greatest_opgave_first(visitor: Client, release: Release) -> None:
    first = next(s for s in scan_all(release, "GM9901") if s.opgaven)
    words = text(visitor, "/gebied/GM9901/")
    assert f"De opgave is het grootst in {first.area.name}" in words
    assert words.index(first.area.name) < words.index("Eén cijfer op de kaart")


def test_a_long_list_of_areas_folds_after_the_first_and_leaves_none_out(
    visitor: Client, release: Release
) -> None:
    """A hundred buurten are thirty screens of a telephone; five more than fit do not fold."""
    html = visitor.get("/gebied/GM9901/", {"niveau": "buurt"}).content.decode()
    shown, _, folded = html[: html.index('id="kiezen"')].partition("<details>")
    row = r'<th scope="row"><a href="/gebied/(BU\w+)/"'
    first, others = (re.findall(row, part) for part in (shown, folded))
    assert [*first, *others] == [s.area.code for s in scan_all(release, "GM9901", "buurt")]
    assert len(first) == 25
    assert f"<summary>Nog {len(others)} buurten</summary>" in folded
    fits = municipality.listed(release, "GM9901", "buurt")[:30]
    page = municipality.municipality(release, release.area("GM9901"), NOTHING_ASKED, "nl")
    assert replace(page, listed=fits).more_listed == ()
    assert len(replace(page, listed=(*fits, fits[0])).more_listed) == 6


@pytest.mark.parametrize("level", ["wijk", "buurt"])
def test_the_gemeente_says_once_of_which_year_its_opgaven_are_and_at_others_their_year(
    visitor: Client, release: Release, level: str
) -> None:
    """The twin: where the year is that of the page, it does not stand there again."""
    results = scan_all(release, "GM9901", level)
    html = unescape(visitor.get("/gebied/GM9901/", {"niveau": level}).content.decode())
    assert html.count(f"opgaven uit cijfers van {results[0].year};") == 1
    table = html[html.index('id="tabel-alle"') : html.index('id="kiezen"')]
    cards = html[html.index('id="grootst"') :].partition("</section>")[0]
    dated = 0
    for result in (r for r in results if r.opgaven):
        first = result.opgaven[0]
        label = registry().indicators[first.indicator].label.nl
        row = table[table.index(f"/gebied/{result.area.code}/") :].partition("</tr>")[0]
        assert f"{label} ({first.year})" in row if first.dated else f"{label}</span></td>" in row
        dated += first.dated
    assert 0 < dated < len(results)
    shown = [r for r in results if municipality.asking(r)][: municipality.GREATEST_SHOWN]
    for result in shown:
        first = municipality.asking(result)[0]
        card = cards[cards.index(f"/gebied/{result.area.code}/") :].partition("</article>")[0]
        assert (f" ({first.year})" in card.partition("<figure")[0]) is first.dated


def test_the_lead_says_the_year_of_its_figure_where_that_is_not_the_one_of_the_page(
    visitor: Client, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = next(r for r in scan_all(release, "GM9901") if municipality.asking(r))
    finding = municipality.asking(first)[0]
    label = registry().indicators[finding.indicator].label.nl
    for dated, said in ((True, f"{label} ({finding.year})."), (False, f"{label}.")):
        other = replace(first, findings=(replace(finding, dated=dated),))
        monkeypatch.setattr(municipality, "scans", lambda *_, scan=other: (scan,))
        with translation.override("nl"):
            page = municipality.municipality(
                release, release.area("GM9901"), context.NOTHING_ASKED, "nl"
            )
            html = render_to_string("municipality.html", {"page": page})
        assert f"{first.area.name}: {said}" in unescape(html)


def test_the_lead_of_a_wijk_says_the_year_of_its_figure_too(
    visitor: Client, release: Release
) -> None:
    leads = {False: 0, True: 0}
    for result in scan_all(release, "GM9901"):
        first = result.findings[0]
        if first.kind in ("own", "shared", "early_sign"):
            said = f"Vooraan staat: {wording.named(first)}."
            assert said in text(visitor, f"/gebied/{result.area.code}/")
            leads[first.dated] += 1
    assert min(leads.values()) > 0


def test_the_example_of_the_home_page_says_its_year(visitor: Client, release: Release) -> None:
    year = scan_all(release, "GM9901")[0].year
    assert f"volgens cijfers van {year}:" in text(visitor, "/")


@pytest.mark.parametrize(("year", "head"), [(2023, "Inwoners (2023)"), (2024, "Inwoners (2024)")])
def test_inhabitants_have_their_year_above_them_for_the_head_of_the_page_may_have_another(
    release: Release, monkeypatch: pytest.MonkeyPatch, year: int, head: str
) -> None:
    assert scan_all(release, "GM9901")[0].year == 2024
    monkeypatch.setattr(municipality, "counted", lambda *_: year)
    with translation.override("nl"):
        page = municipality.municipality(
            release, release.area("GM9901"), context.NOTHING_ASKED, "nl"
        )
        html = render_to_string("municipality.html", {"page": page})
    people = dict(release.map("population", year, "wijk").select("area", "value").iter_rows())
    assert {row.area.code: row.inhabitants for row in page.listed} == {
        row.area.code: people[row.area.code] for row in page.listed
    }
    assert f">{head}</th>" in html


def test_who_are_not_counted_have_the_reason_in_their_place(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = municipality.listed

    def secret(*given: str) -> tuple[municipality.Listed, ...]:
        first, *rest = listed(*given)
        return (replace(first, people=(None, Status.SECRET)), *rest)

    monkeypatch.setattr(municipality, "listed", secret)
    html = Client(headers={"host": "127.0.0.1"}).get("/gebied/GM9901/").content.decode()
    table = html[html.index('id="tabel-alle"') :].partition("</table>")[0]
    cells = re.findall(
        r'<td class="missing" data-label="Inwoners \(2024\)"><span>(.*?)</span>', table
    )
    assert cells == [wording.reason(Status.SECRET)]


def test_on_a_phone_the_list_leaves_out_what_is_nothing(visitor: Client, release: Release) -> None:
    """Cells of a dash or a zero have the mark that hides them there, and no others."""
    html = visitor.get("/gebied/GM9901/").content.decode()
    table = html[html.index('id="tabel-alle"') :].partition("</table>")[0]
    cells = re.findall(r'<td class="numeric( nil)?" data-label="[^"]*">(.*?)</td>', table)
    said = [(mark, re.sub(r"<[^>]+>", "", inner)) for mark, inner in cells]
    assert {inner for mark, inner in said if mark} == {"–", "0"}
    assert not {"–", "0"} & {inner for mark, inner in said if not mark}


@pytest.mark.parametrize("level", ["wijk", "buurt"])
def test_the_list_holds_every_area_largest_opgave_first_with_what_it_counts(
    visitor: Client, release: Release, level: str
) -> None:
    html = visitor.get("/gebied/GM9901/", {"niveau": level}).content.decode()
    table = html[html.index('id="tabel-alle"') : html.index('id="kiezen"')]
    rows = re.findall(r'<tr><th scope="row"><a href="/gebied/(\w+)/">.*?</tr>', table, re.DOTALL)
    results = scan_all(release, "GM9901", level)
    assert rows == [result.area.code for result in results]
    assert len(rows) == len(release.areas(level, "GM9901"))
    first = next(r for r in results if r.opgaven)
    own_or_shared = sum(f.shown in ("own", "shared") for f in first.findings)
    cells = re.search(rf"/gebied/{first.area.code}/.*?</tr>", table, re.DOTALL)
    assert cells is not None
    assert registry().indicators[first.opgaven[0].indicator].label.nl in unescape(cells[0])
    lags = sum(f.shown is None and f.side == "behind" for f in first.findings)
    counted = re.search(r'data-label="Opgaven">(.*?)</td>', cells[0])
    assert counted is not None
    said = f"{own_or_shared} + {lags} achterstand" if lags else str(own_or_shared)
    assert re.sub("<.*?>", "", counted[1]).removesuffix("en") == said


def test_what_comes_first_in_the_list_is_counted_in_it(release: Release) -> None:
    """An area that lags behind the country alone had nought opgaven, signs and strengths."""
    rows = municipality.listed(release, "GM9901", "wijk")
    uncounted = [row.area.code for row in rows if row.first is not None and not (
        row.opgaven or row.signs or row.strengths or row.lags or row.leads
    )]  # fmt: skip
    assert uncounted == []
    assert any(row.lags and not row.opgaven for row in rows)


@pytest.mark.parametrize("level", ["wijk", "buurt"])
def test_the_difference_in_bold_is_the_one_that_gives_an_area_its_place(
    release: Release, level: str
) -> None:
    known = registry()
    both = 0
    for row in municipality.listed(release, "GM9901", level):
        first = row.first
        if first is None or first.persons is None:
            assert (row.short, row.decisive) == ({}, "")
            continue
        entry = known.indicators[first.indicator]
        gaps = {"country": first.country, "peers": first.peers}
        weights = {}
        for name, count in row.short.items():
            gap = gaps[name]
            assert gap is not None
            assert opgave.side(gap, entry.better, entry.matters) == "behind"
            weights[name] = count * gap.probability
        both += len(weights) == 2
        assert max(weights.values()) == pytest.approx(first.priority)
        assert weights[row.decisive] == max(weights.values())
    assert both > 1


def test_a_dash_is_where_an_area_is_not_behind_and_one_number_is_bold(
    visitor: Client, release: Release
) -> None:
    html = visitor.get("/gebied/GM9901/").content.decode()
    table = html[html.index('id="tabel-alle"') :].partition("</table>")[0]
    row = next(r for r in municipality.listed(release, "GM9901", "wijk")
               if r.first and r.first.kind == "shared")  # fmt: skip
    cells = re.search(rf"/gebied/{row.area.code}/.*?</tr>", table, re.DOTALL)
    assert cells is not None
    assert row.first is not None
    words = tight(wording.persons(row.short["country"], row.first.counted))
    numbers = re.findall(r'data-label="Achter op[^"]*"><span>(.*?)</span>', cells[0])
    assert numbers == ["–", f"<strong>{words}</strong>"]


def test_finding_nothing_says_in_how_many_of_how_many_figures(
    release: Release, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = municipality.listed

    def nothing(*given: str) -> tuple[municipality.Listed, ...]:
        first, *rest = listed(*given)
        return (replace(first, first=None, compared=31, figures=45), *rest)

    monkeypatch.setattr(municipality, "listed", nothing)
    fresh = Client(headers={"host": "127.0.0.1"})
    assert "31 van de 45 cijfers vergeleken: geen opgave gevonden" in text(fresh, "/gebied/GM9901/")


@pytest.fixture
def little(tmp_path: Path, settings: Settings) -> Callable[..., Client]:
    """A site whose figures hold the given areas and of them the population only."""

    def made(*codes: str) -> Client:
        rows = [
            {"area": code, "name": f"Plaats {code}", "population": 900 + n}
            for n, code in enumerate(codes)
        ]
        build.load(tmp_path, [snapshot(2020, rows)])
        settings.DATA = tmp_path
        return Client(headers={"host": "127.0.0.1"})

    return made


def test_a_gemeente_of_which_only_the_population_is_known_has_its_page(
    little: Callable[..., Client],
) -> None:
    words = text(little("GM0001", "WK000101", "WK000102"), "/gebied/GM0001/")
    assert "kunnen we niets zeggen" in words
    assert "Inwoners, 2020" in words
    assert re.search(r"geen van de \d+ cijfers is te vergelijken", words)
    assert "901" in words


def test_a_figure_without_any_value_keeps_the_page_and_its_form(
    little: Callable[..., Client],
) -> None:
    site = little("GM0001", "WK000101", "WK000102")
    page = "/gebied/GM0001/?indicator=social_assistance&niveau=wijk"
    assert "Van dit cijfer is voor de wijken niets bekend" in text(site, page)
    assert 'name="indicator"' in site.get(page).content.decode()


@pytest.mark.parametrize(
    ("codes", "way"),
    [
        (("BU00010101",), ["/"]),
        (("WK000101", "BU00010101"), ["/", "/gebied/WK000101/"]),
        (("GM0001", "BU00010101"), ["/", "/gebied/GM0001/"]),
    ],
    ids=["buurt alone", "no gemeente", "no wijk"],
)
def test_an_area_whose_wijk_or_gemeente_was_not_loaded_has_every_page(
    little: Callable[..., Client], settings: Settings, codes: tuple[str, ...], way: list[str]
) -> None:
    """What search finds is there; the way back holds the steps that are."""
    site = little(*codes)
    assert site.get("/?zoek=Plaats BU00010101")["Location"] == "/gebied/BU00010101/"
    for code in codes:
        year = "" if code.startswith("GM") else f"/gebied/{code}/vergelijkbaar/"
        pages = (f"/gebied/{code}/", f"/gebied/{code}/cijfer/population/2020/", year)
        pages += (f"/vergelijk/?gebied={code}", f"/rapport/{code}.html", f"/rapport/{code}.docx")
        pages += (f"/api/v1/gebieden/{code}/scan", f"/download/scan.csv?gebied={code}")
        assert {site.get(page).status_code for page in filter(None, pages)} == {200}, code
        assert reporting_command(settings.DATA, code) == 0
    html = site.get("/gebied/BU00010101/").content.decode()
    crumbs = re.findall(r'<nav class="crumbs.*?</nav>', html, re.DOTALL)[0]
    assert re.findall(r'href="(.*?)"', crumbs) == way
    assert "Plaats BU00010101, " in html


def reporting_command(data: Path, code: str) -> int:
    """How ``report`` ends, without a process of its own."""
    target = str(data / f"{code}.html")
    done = CliRunner().invoke(cli.cli, ["report", code, "-o", target, "--data", str(data)])
    return done.exit_code


def test_a_way_back_through_areas_that_were_not_loaded_would_be_refused(
    little: Callable[..., Client], settings: Settings
) -> None:
    """The twin."""
    little("BU00010101")
    release = open_release(settings.DATA)
    buurt = release.area("BU00010101")
    assert release.above(buurt) == ()
    with pytest.raises(Refusal):
        release.area(buurt.parent)


@pytest.fixture
def own(tmp_path: Path, settings: Settings) -> Client:
    """A site with the population of a gemeente, its wijk and its buurten, and an own table that
    holds the buurten only."""
    buurten = [f"BU0001010{n}" for n in range(1, 5)]
    wijken = ["WK000101", "WK000102"]
    ages = {"age_15_24": 300, "age_25_44": 300, "age_45_64": 400, "population": 1500}
    rows = [{"area": code, **ages} for code in ("GM0001", *wijken, *buurten)]
    table = [{"area": code, "job_seekers": 90} for code in buurten[:3]]
    build.load(tmp_path, [snapshot(2020, rows), snapshot(2020, table, table="banen.csv")])
    settings.DATA = tmp_path
    return Client(headers={"host": "127.0.0.1"})


def test_a_figure_of_an_own_table_says_for_which_levels_it_is_not_there(own: Client) -> None:
    chosen = "/gebied/GM0001/?indicator=job_seekers&niveau=buurt"
    said = "Dit cijfer is geladen voor de buurten, niet voor de gemeente en de wijken."
    assert said in text(own, chosen)
    assert "This figure was loaded for the neighbourhoods, not for" not in text(own, chosen)
    assert said in text(own, "/gebied/BU00010101/")
    assert said not in text(own, "/gebied/GM0001/?indicator=population&niveau=buurt")
    html = own.get("/gebied/GM0001/?niveau=wijk").content.decode()
    other = html[html.index("Alleen bekend voor de buurten:") :].partition("</p>")[0]
    assert re.findall(r'href="(.*?)">(.*?)</a>', unescape(other)) == [
        ("/gebied/GM0001/?indicator=job_seekers&niveau=buurt#kiezen", "Werkzoekenden")
    ]


def test_a_wijk_without_a_figure_that_its_buurten_have_says_so(own: Client) -> None:
    html = own.get("/gebied/WK000101/").content.decode()
    items = re.findall(r"<li><strong>(.*?)</strong>(.*?)</li>", html, re.DOTALL)
    why = {label: reason for reason, rest in items for label in re.findall(r">([^<>]+)</a>", rest)}
    assert why["Werkzoekenden"] == "Alleen geladen voor de buurten"
    assert why["Leegstaande winkels"] == "Geen cijfers geladen"
    lacking = text(own, "/gebied/BU00010104/")  # its neighbours have the figure
    assert "Alleen geladen" not in lacking
    assert "Geen cijfers geladen" in lacking


def test_what_cannot_be_compared_says_why_on_its_card_and_beside_the_list(own: Client) -> None:
    words = text(own, "/gebied/BU00010101/")
    alone = "9,0 % van de mensen van 15 tot 65 jaar zoekt werk. We hebben niets om dit mee te "
    alone += "vergelijken: dit cijfer is er niet voor Nederland en niet voor vergelijkbare buurten."
    assert tight(words).count(tight(alone)) == 2  # the card, and the list of figures
    assert "1 cijfer dat niet te vergelijken is" in words
    assert "geen opgave is en geen kracht" not in words
    listed = text(own, "/gebied/GM0001/?indicator=job_seekers&niveau=buurt")
    assert "“Niet te vergelijken” betekent: dit cijfer is er niet voor het land" in listed
    assert "“Niet te vergelijken” betekent" not in text(
        own, "/gebied/GM0001/?indicator=population&niveau=buurt"
    )


def rows_of(gemeente: str, wijken: int, figures: dict[str, float]) -> list[dict[str, Any]]:
    """A gemeente, its wijken and of each two buurten; each area differs a little."""
    wijk = [f"WK{gemeente}{n:02}" for n in range(1, wijken + 1)]
    listed = [f"GM{gemeente}", *wijk, *(f"BU{code[2:]}{n:02}" for code in wijk for n in (1, 2))]
    return [
        {"area": code, **{name: value + 10 * at for name, value in figures.items()}}
        for at, code in enumerate(listed)
    ]


@pytest.fixture(params=[3, 8, 24], ids=["smaller", "as large", "larger"])
def two_years(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Release:
    """GM0001 has figures of 2020 only, GM0002 of 2023 only; of eight and some other wijken."""
    figures = {"population": 5000, "social_assistance": 200, "households": 900}
    build.load(tmp_path, [
        snapshot(2020, rows_of("0001", 8, figures), table="a.csv"),
        snapshot(2023, rows_of("0002", request.param, figures), table="b.csv"),
        outlines([f"WK0001{n:02}" for n in range(1, 9)], "0001"),
        outlines([f"WK0002{n:02}" for n in range(1, request.param + 1)], "0002"),
    ])  # fmt: skip
    settings.DATA = tmp_path
    return open_release(tmp_path)


def outlines(codes: list[str], table: str) -> Boundaries:
    """A row of squares."""
    squares = [to_wkb(box(5 + n / 50, 52, 5.01 + n / 50, 52.01)) for n in range(len(codes))]
    drawn = pl.DataFrame({"area": codes, "name": codes, "geometry": squares})
    return Boundaries(origin=from_table(f"squares {table}"), year=2024, frame=drawn)


YEAR_OF = {"GM0001": 2020, "GM0002": 2023}
NOT_LOADED = "geen cijfers geladen"
SILENT = "geen cijfer en geen reden van de bron"


def test_a_year_of_which_only_another_gemeente_was_loaded_is_no_silence_of_the_source(
    tmp_path: Path, settings: Settings
) -> None:
    """Everywhere where a figure has its reason: line, list, comparison, trace and file."""
    all_years = [{"area": f"WK000{town}0{n}", "population": 900 + n, "households": 400 + n}
                 for town in (1, 2) for n in (1, 2)]  # fmt: skip
    build.load(tmp_path, [
        snapshot(2020, all_years), snapshot(2022, all_years, table="B", day=1),
        snapshot(2023, all_years[2:], table="C", day=2),
    ])  # fmt: skip
    settings.DATA = tmp_path
    client, release = Client(headers={"host": "127.0.0.1"}), open_release(tmp_path)
    past = looking.past(release, scan(release, "WK000101"))
    drawn = looking.series(past, registry().indicators["population"], "nl")
    assert f"2023: {NOT_LOADED}" in drawn
    pages = {address: text(client, address) for address in (
        "/gebied/WK000101/", "/vergelijk/?gebied=WK000101&gebied=WK000201",
        "/gebied/WK000101/cijfer/population/2023/",
    )}  # fmt: skip
    assert [address for address, said in pages.items() if SILENT in said] == []
    assert NOT_LOADED in pages["/gebied/WK000101/cijfer/population/2023/"]
    asked = Asked(areas=("WK000101",), indicator="", level="", year=None)
    told = downloads.table("unknown", release, asked, "nl")
    assert set(told["status"]) == {"not_loaded", "ended"}


def test_a_figure_that_was_published_no_more_has_ended_whoever_loaded_what() -> None:
    """The twin of the one above: that nobody loaded it would have people look for a table."""
    entry = next(i for i in registry().indicators.values() if i.until)
    assert looking.no_cell(entry, entry.until + 1) == (None, Status.ENDED)
    assert looking.no_cell(entry, entry.until) == (None, None)


def test_a_source_that_is_silent_is_still_said_to_be_silent(tmp_path: Path) -> None:
    """The twin: every year without a figure would be one that nobody loaded."""
    rows = [{"area": "WK000101", "population": n} for n in (900, Status.UNKNOWN, 910)]
    tables = [snapshot(2020 + n, [row], table=str(n), day=n) for n, row in enumerate(rows)]
    release = build.load(tmp_path, tables)
    past = looking.past(release, scan(release, "WK000101"))
    said = looking.series(past, registry().indicators["population"], "nl")
    assert (f"2021: {SILENT}" in said, NOT_LOADED in said) == (True, False)


@pytest.mark.parametrize("gemeente", YEAR_OF)
def test_every_face_shows_a_gemeente_in_the_newest_year_of_its_own(
    two_years: Release, gemeente: str
) -> None:
    """Page, map, file, picture, API, report and scan; figures of another gemeente are newer."""
    site, year = Client(headers={"host": "127.0.0.1"}), YEAR_OF[gemeente]
    wijken = {area.code for area in two_years.areas("wijk", gemeente)}
    words = text(site, f"/gebied/{gemeente}/")
    assert f"Mensen met bijstand, {year}" in words
    assert "is het cijfer onbekend" not in words
    assert f"opgaven uit cijfers van {year}" in words
    shown = site.get(f"/kaart/{two_years.id}/waarden.json?gebied={gemeente}").json()
    assert str(year) in json.dumps(shown)
    for kind in ("ranking", "areas", "opgaven"):
        told = site.get(f"/download/{kind}.csv?gebied={gemeente}").content.decode()
        years = {row["year"] for row in csv.DictReader(StringIO(told))} - {""}
        assert years <= {str(year)}, kind
    ranked = site.get(f"/download/ranking.csv?gebied={gemeente}").content.decode()
    assert {(row["area"], row["year"], row["status"]) for row in csv.DictReader(StringIO(ranked))
            } == {(code, str(year), "ok") for code in wijken}  # fmt: skip
    assert f", {year}<" in site.get(f"/beeld/map.svg?gebied={gemeente}").content.decode()
    assert f", {year}<" in site.get(f"/beeld/ranking.svg?gebied={gemeente}").content.decode()
    for where in (f"niveau=wijk&binnen={gemeente}", f"regio={min(wijken)}"):
        items = site.get(f"/api/v1/cijfers?indicator=social_assistance&{where}").json()["items"]
        assert {one["year"] for one in items} == {year}
        assert {one["area"] for one in items} <= wijken
    assert f"Cijfer van {year}" in text(site, f"/gebied/{min(wijken)}/")
    result = scan(two_years, min(wijken))
    assert (result.year, {f.year for f in result.findings}) == (year, {year})
    assert scan_all(two_years, gemeente)[0].year == year
    written = report.build(two_years, gemeente, "nl")
    assert written.map is None or str(year) in written.map.title
    assert dict(written.facts)["Cijfers van"] == str(year)


def test_areas_of_different_years_stand_side_by_side_each_in_its_own(two_years: Release) -> None:
    site = Client(headers={"host": "127.0.0.1"})
    address = "/vergelijk/?gebied=WK000101&gebied=WK000201"
    assert "2020–2023" in text(site, address)
    rows = site.get("/download/compare.csv" + address[address.index("?") :]).content.decode()
    found = {(row["area"], row["year"]) for row in csv.DictReader(StringIO(rows))}
    assert found == {("WK000101", "2020"), ("WK000201", "2023")}


def test_only_years_with_figures_there_can_be_chosen(two_years: Release) -> None:
    for gemeente, year in YEAR_OF.items():
        page = Client(headers={"host": "127.0.0.1"}).get(f"/gebied/{gemeente}/").content.decode()
        assert set(re.findall(r"jaar=(\d{4})", page)) <= {str(year)}
    other = text(Client(headers={"host": "127.0.0.1"}), "/gebied/GM0001/?jaar=2023")
    assert re.search("Hetzelfde cijfer in een ander jaar: 2020 ", other)


def test_by_the_newest_year_of_the_whole_country_a_gemeente_would_be_empty(
    two_years: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    monkeypatch.setattr(Release, "newest", lambda *_asked: 2023)
    monkeypatch.setattr("wijkeconomie.web.look._judged_in", lambda *_found: None)
    fresh = Client(headers={"host": "127.0.0.1"})
    assert "Van 8 gebieden is het cijfer onbekend" in text(fresh, "/gebied/GM0001/")


def test_by_the_years_of_most_areas_alone_a_gemeente_of_its_own_year_would_say_nothing(
    two_years: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: one of the two has no figure in the year that is compared."""
    assert all(scan(two_years, gemeente).findings for gemeente in YEAR_OF)
    monkeypatch.setattr(scanning, "_telling_of", lambda r, level, _codes, asked: scanning._level(
        r, level, asked, None))  # fmt: skip
    monkeypatch.setattr(scanning, "_scan", scanning._scan.__wrapped__)  # anew
    assert not all(scan(two_years, gemeente).findings for gemeente in YEAR_OF)


def test_two_rows_of_a_later_year_do_not_empty_the_map(tmp_path: Path, settings: Settings) -> None:
    """The newest year in which at least half as many areas have a figure as in the fullest."""
    rows = rows_of("0001", 8, {"population": 2000, "social_assistance": 100})
    later = [row for row in rows if row["area"] in ("WK000101", "WK000102", "WK000103")]
    build.load(tmp_path, [snapshot(2020, rows), snapshot(2023, later, table="own.csv")])
    settings.DATA = tmp_path
    site = Client(headers={"host": "127.0.0.1"})
    words = text(site, "/gebied/GM0001/?indicator=social_assistance")
    assert "Mensen met bijstand, 2020" in words
    assert "Hetzelfde cijfer in een ander jaar: 2023 " in words


def test_bare_figures_of_a_year_that_is_not_judged_say_which_year_is(
    tmp_path: Path, settings: Settings
) -> None:
    figures = {"population": 2000, "social_assistance": 100}
    many = [row for n in range(1, 9) for row in rows_of(f"{n:04}", 8, figures)]
    build.load(tmp_path, [
        snapshot(2020, many), snapshot(2023, rows_of("0001", 8, figures), table="own.csv"),
    ])  # fmt: skip
    settings.DATA = tmp_path
    site = Client(headers={"host": "127.0.0.1"})
    said = "De opgaven zijn uit cijfers van 2020"
    newer = text(site, "/gebied/GM0001/?indicator=social_assistance&jaar=2023")
    assert "Mensen met bijstand, 2023" in newer
    assert said in newer
    assert "niet beoordeeld" in newer
    judged = text(site, "/gebied/GM0001/?indicator=social_assistance")
    assert "Mensen met bijstand, 2020" in judged  # what is judged stands there first
    assert said not in judged
    assert "niet beoordeeld" not in judged
    assert said not in text(site, "/gebied/GM0002/?indicator=social_assistance")
    seen = report._look(open_release(tmp_path), scan(open_release(tmp_path), "WK000101"))
    assert seen is not None
    assert seen.year == 2020


def test_a_figure_that_only_another_gemeente_has_is_not_offered(two_years: Release) -> None:
    table = [{"area": f"BU00020{n}01", "dwellings": 90} for n in (1, 2, 3)]
    build.load(two_years.path.parent.parent, [snapshot(2023, table, table="woningen.csv")])
    site = Client(headers={"host": "127.0.0.1"})
    offers = [
        'value="dwellings"' in site.get(f"/gebied/{g}/?niveau=buurt").content.decode()
        for g in YEAR_OF
    ]
    assert offers == [False, True]
    asked = text(site, "/gebied/GM0001/?niveau=buurt&indicator=dwellings")
    assert "Van dit cijfer is voor de buurten niets bekend" in asked
    page = site.get("/cijfers/dwellings/").content.decode()
    assert re.findall('href="/gebied/(.*?)#kiezen">(.*?)</a>', page) == [
        ("GM0002/?indicator=dwellings&amp;niveau=buurt", "Bekijk het in GM0002")  # no outlines
    ]
    assisted = text(site, "/cijfers/social_assistance/")
    assert re.findall("Bekijk het op de kaart van (GM....)", assisted) == list(YEAR_OF)


def test_a_gemeente_without_wijken_and_buurten_says_what_to_load(
    little: Callable[..., Client],
) -> None:
    words = text(little("GM0001"), "/gebied/GM0001/")
    assert "In deze cijfers staan geen buurten van Plaats GM0001. Laad een tabel" in words


def test_the_table_holds_every_wijk_with_its_figure_or_the_reason(
    visitor: Client, release: Release
) -> None:
    indicator = registry().indicators["social_assistance"]
    year = release.newest(indicator.id, "buurt")
    assert year is not None
    page = visitor.get(f"/gebied/GM9901/?niveau=buurt&indicator={indicator.id}").content.decode()
    rows = dict(
        re.findall(
            r'<tr><th scope="row"><a href="/gebied/(BU\w+)/">.*?</th>(.*?)</tr>', page, re.DOTALL
        )
    )
    cells = release.map(indicator.id, year, "buurt")
    mine = {
        area: (value, status) for area, value, status, _ in cells.iter_rows() if "9901" in area[:6]
    }
    assert set(rows) == set(mine)
    for area, (value, status) in mine.items():
        if value is None:
            assert wording.quantity(0.0, indicator, "nl") not in rows[area]
            assert 'class="missing"' in rows[area]
            assert Status(status) is not Status.OK
        else:
            assert wording.quantity(value, indicator, "nl").replace(" ", "\u00a0") in rows[area]


def test_unknown_areas_come_last_and_the_worst_first(visitor: Client) -> None:
    page = visitor.get("/gebied/GM9901/?indicator=social_assistance&niveau=buurt").content.decode()
    table = page[page.index('id="tabel-rangorde"') : page.index("</table>")]
    known = [m.start() for m in re.finditer(r"cijfer/social_assistance", table)]
    missing = [m.start() for m in re.finditer('class="missing"', table)]
    assert not missing or min(missing) > max(known)
    values = [float(v.replace(",", ".")) for v in re.findall(r'/20\d\d/">([\d,]+)\s%<', table)]
    assert values == sorted(values, reverse=True)


def test_the_choice_of_a_figure_works_without_javascript(visitor: Client) -> None:
    page = visitor.get("/gebied/GM9901/?indicator=population&niveau=buurt").content.decode()
    assert re.search(r'<option value="population" selected', page)
    assert re.search(r'<option value="buurt" selected', page)
    assert '<form class="controls" method="get"' in page
    assert 'type="submit"' in page


def test_a_gemeente_without_outlines_says_how_to_load_them(
    fresh: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wijkeconomie.web.maps.shapes", lambda _: ())
    assert "wijkeconomie figures load pdok --gemeente GM9902" in text(
        fresh, "/gebied/GM9902/?niveau=buurt&indicator=households"
    )


def test_the_map_that_moves_holds_areas_against_what_was_chosen(
    visitor: Client, release: Release
) -> None:
    """Its colours follow the choice too, not only the picture under it."""
    address = f"/kaart/{release.id}/waarden.json?gebied=GM9901&indicator=social_assistance&naast="
    country, peers = (
        visitor.get(address + against).json() for against in ("land", "vergelijkbaar")
    )
    assert country["values"].keys() == peers["values"].keys()
    assert country != peers


def test_values_and_tiles_belong_to_the_release_in_their_address(
    visitor: Client, release: Release
) -> None:
    query = "gebied=GM9901&indicator=social_assistance&niveau=wijk"
    values = visitor.get(f"/kaart/{release.id}/waarden.json?{query}").json()["values"]
    assert set(values) == {a.code for a in release.areas("wijk", "GM9901")}
    tile = visitor.get(f"/kaart/{release.id}/wijk/8/131/84.mvt")
    assert tile.status_code == 200
    assert "immutable" in tile["Cache-Control"]
    assert visitor.get("/kaart/older/wijk/8/131/84.mvt").status_code == 404
    assert visitor.get(f"/kaart/older/waarden.json?{query}").status_code == 404


# --- neighbourhood ------------------------------------------------------------------------------


def test_four_cards_each_with_one_sentence_or_the_reason(visitor: Client, release: Release) -> None:
    found = scan(release, WIJK)
    words = text(visitor, f"/gebied/{WIJK}/")
    for perspective in ("entrepreneurship", "space", "work", "cohesion"):
        first = next(f for f in found.findings if f.perspective == perspective)
        assert wording.headline(first, found.area, "nl") in words


def test_every_area_of_the_example_has_a_page(visitor: Client, release: Release) -> None:
    """Among them: too few people, no good peers, everything secret."""
    for area in release.areas("buurt", "GM9901") + release.areas("wijk", "GM9901"):
        assert visitor.get(f"/gebied/{area.code}/").status_code == 200


def test_what_is_unknown_stands_there_with_its_reason(visitor: Client, release: Release) -> None:
    unknown = scan(release, WIJK).unknown
    words = text(visitor, f"/gebied/{WIJK}/")
    said = words[words.index("Wat we niet weten, en waarom") :]
    assert unknown
    for one in unknown:
        assert registry().indicators[one.indicator].label.nl in said


def test_the_quadrant_in_words_says_the_direction_that_the_sentence_says(
    visitor: Client, release: Release
) -> None:
    """A slope within its margin is no movement, whatever its sign."""
    headings = {
        "worsening": ("Achter, en raakt verder achter", "Voor, maar verliest terrein"),
        "steady": ("Achter, de afstand bleef gelijk", "Voor, de afstand bleef gelijk"),
        "unclear": ("Achter, richting niet duidelijk", "Voor, richting niet duidelijk"),
        "improving": ("Achter, maar haalt in", "Voor, en loopt verder uit"),
    }
    html = visitor.get(f"/gebied/{WIJK}/").content.decode()
    listed = {
        name: [unescape(label) for label in re.findall("<li>([^<]+)</li>", labels)]
        for name, labels in re.findall(r"<dt>([^<]+)</dt><dd><ol>(.+?)</ol></dd>", html)
    }
    seen = 0
    for finding in scan(release, WIJK).findings:
        label = registry().indicators[finding.indicator].label.nl
        under = {name for name, labels in listed.items() if label in labels}
        if under and "," not in label:
            level = {"Geen of maar een klein verschil met vergelijkbare gebieden"}
            assert under <= {*headings[finding.trend.direction], *level}
            entry = registry().indicators[finding.indicator]
            assert finding.peers
            side = opgave.side(finding.peers, entry.better, entry.matters)
            assert (under == level) == (side == "level")
            seen += 1
    assert seen > 20


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_what_is_not_known_is_said_in_the_words_of_the_command_line(
    visitor: Client, release: Release, prefix: str
) -> None:
    result = scan(release, WIJK)
    assert {unknown.year is None for unknown in result.unknown} == {True, False}
    words = text(visitor, f"{prefix}/gebied/{WIJK}/")
    for unknown in result.unknown:
        if unknown.status is not Status.LATE:
            loaded = unknown.year is not None
            language: Language = "en" if prefix else "nl"
            assert wording.reason(unknown.status, language, loaded=loaded) in words.lower()


def test_what_came_late_names_the_table_in_which_it_did_not_stand(
    visitor: Client, release: Release
) -> None:
    late = next(u for u in scan(release, WIJK).unknown if u.status is Status.LATE and u.year)
    words = text(visitor, f"/gebied/{WIJK}/")
    said = re.search(
        rf"Stond nog niet in de tabel (“.*?”(?: van [\w ]+)?, over {late.year}) ", words
    )
    assert said is not None
    trace = text(visitor, f"/gebied/{WIJK}/cijfer/{late.indicator}/{late.year}/")
    assert f"stond nog niet in de tabel {said[1]}" in trace


def test_an_area_without_good_peers_says_so(visitor: Client, release: Release) -> None:
    lonely = next(s for s in scan_all(release, "GM9901", "buurt") if not s.peers.good).area.code
    for page in (f"/gebied/{lonely}/", f"/gebied/{lonely}/vergelijkbaar/"):
        assert "Geen goede vergelijking" in text(visitor, page)


@pytest.mark.parametrize("redrawn", [Redrawn(areas=3, of=40, since=2023, boundary=2024), None])
def test_the_page_of_comparable_areas_says_when_their_boundaries_are_of_another_year(
    release: Release, redrawn: Redrawn | None
) -> None:
    found = next(s for s in scan_all(release, "GM9901", "buurt") if s.peers.good)
    moved = replace(found, peers=replace(found.peers, redrawn=redrawn))
    with translation.override("nl"):
        page = replace(neighbourhood.alike(release, found.area.code), scan=moved)
        html = unescape(render_to_string("peers.html", {"page": page}))
    said = re.findall("<li>(De [a-z]+ hebben de grenzen .*?)</li>", html)
    assert said == ([wording.redrawn_sentence(redrawn, found.area)] if redrawn else [])


def test_too_few_people_is_a_normal_answer(visitor: Client, release: Release) -> None:
    """A business estate: firms enough, hardly anyone who lives there."""
    silent = next(
        s for s in scan_all(release, "GM9901", "buurt")
        if "work" not in {f.perspective for f in s.findings}
    )  # fmt: skip
    words = text(visitor, f"/gebied/{silent.area.code}/")
    assert "Dat weten we niet" in words
    reason = next(u for u in silent.unknown if u.perspective == "work")
    assert wording.unknown_sentence(reason, "nl") in words


def test_the_way_back_runs_from_country_to_buurt(visitor: Client, release: Release) -> None:
    buurt = release.areas("buurt", WIJK)[0]
    page = visitor.get(f"/gebied/{buurt.code}/").content.decode()
    crumbs = page[page.index('class="crumbs') : page.index("<main")]
    assert re.findall(r'href="([^"]+)"', crumbs) == ["/", "/gebied/GM9901/", f"/gebied/{WIJK}/"]
    assert buurt.name in crumbs


def test_every_figure_of_a_card_leads_to_its_cells(visitor: Client, release: Release) -> None:
    finding = scan(release, WIJK).findings[0]
    address = f"/gebied/{WIJK}/cijfer/{finding.indicator}/{finding.year}/"
    assert address in visitor.get(f"/gebied/{WIJK}/").content.decode()
    words = text(visitor, address)
    cell = release.trace(WIJK, finding.indicator, finding.year)[0]
    for part in (cell.key, cell.origin.table, cell.origin.licence, cell.area):
        assert part in words


def test_a_trace_says_whom_an_own_table_names_as_its_source(
    visitor: Client, settings: Settings, tmp_path: Path
) -> None:
    own = "code;indicator;year;value;source\nWK000101;jobs;2020;100;LISA 2020\n"
    (tmp_path / "own.csv").write_text(own, "utf-8")
    ages = {"age_15_24": 100, "age_25_44": 200, "age_45_64": 100}
    places = {"GM0001": "Plaats", "WK000101": "Oost"}
    rows = [{"area": code, "name": n, "population": 500, **ages} for code, n in places.items()]
    cbs = snapshot(2020, rows)
    build.load(tmp_path / "data", [cbs, *files.read(tmp_path / "own.csv")])
    settings.DATA = tmp_path / "data"
    words = text(visitor, "/gebied/WK000101/cijfer/jobs_per_1000/2020/")
    assert words.count("Bron volgens de tabel:") == 1
    assert "Bron volgens de tabel: LISA 2020" in words


def test_the_trace_of_a_buurt_that_had_another_code_says_that_it_is_the_code_of_then(
    visitor: Client, tmp_path: Path, settings: Settings
) -> None:
    """The twin: of the year in which it has its own code nothing is said."""
    named = {"name": "Beta", "population": 500}
    old, new = {"area": "BU00010102", **named}, {"area": "BU00010101", "change": "2", **named}
    tables = [snapshot(2019, [old], table="A"), snapshot(2020, [new], table="B", day=1)]
    build.load(tmp_path / "data", tables)
    settings.DATA = tmp_path / "data"
    words = text(visitor, "/gebied/BU00010101/cijfer/population/2019/")
    assert "BU00010102 , 2019 de code van dit gebied toen" in words
    words = text(visitor, "/gebied/BU00010101/cijfer/population/2020/")
    assert "de code van dit gebied toen" not in words


def test_a_computed_figure_is_worked_out_with_the_numbers_of_its_cells(visitor: Client) -> None:
    """The twin: what is published has no sum, and neither has what is not made by one."""
    words = text(visitor, f"/gebied/{WIJK}/cijfer/establishments_per_1000/2022/")
    assert "2.255 ÷ 8.440 × 1.000 = 267 per 1.000" in words.replace("\u00a0", " ")
    assert "Het deel: Bedrijfsvestigingen, SBI 2008/Bedrijfsvestigingen totaal (aantal)" in words
    assert "8.440 mensen" in words
    for other in ("self_employed_share", "sector_diversity"):
        assert "÷" not in text(visitor, f"/gebied/{WIJK}/cijfer/{other}/2022/")


def test_every_formula_that_is_a_sum_is_written_as_one() -> None:
    used = {entry.formula for entry in registry().indicators.values()}
    assert used - set(context.SUM) == {"published", "sector_diversity"}


def test_a_figure_that_its_cells_do_not_give_shows_no_sum(release: Release) -> None:
    """Over a change of boundary a figure is moved: its cells are of other boundaries."""
    entry = registry().indicators["establishments_per_1000"]
    cells = release.trace(WIJK, entry.id, 2022)
    assert list(quality._terms(entry, 1000 * 2255 / 8440, cells)) == list(entry.inputs)
    assert quality._terms(entry, 250.0, cells) == {}
    assert quality._terms(entry, None, cells) == {}
    assert quality._terms(entry, 267.18, cells[:1]) == {}


def test_a_cell_has_the_decimals_of_its_source_also_where_the_last_is_zero(
    release: Release,
) -> None:
    cell = release.trace(WIJK, "social_assistance", 2022)[0]
    tenths = min(c.id for c in registry().columns.values() if c.rounding == 0.1)
    given = replace(cell, column=tenths, value=5.0)
    with translation.override("nl"):
        assert as_given(given) == "5,0"
        assert as_given(cell) == f"{cell.value:.0f}"


def test_an_own_table_is_not_called_by_a_word_that_names_a_kind_of_opgave() -> None:
    origin = snapshot(2020, [{"area": "WK000101", "population": 500}]).origin
    mine = replace(origin, publisher="eigen opgave")
    assert (mine.publisher_in("nl"), mine.publisher_in("en")) == ("eigen tabel", "own table")
    assert origin.publisher_in("nl") == origin.publisher


def test_the_cells_of_a_trace_stand_in_the_order_of_the_formula(
    visitor: Client, release: Release
) -> None:
    """The part comes before the whole, as the sentence above them says."""
    inputs = registry().indicators["education_low_share"].inputs
    cells = release.trace(WIJK, "education_low_share", 2023)
    assert [cell.column for cell in cells] == list(dict.fromkeys(inputs.values()))
    html = visitor.get(f"/gebied/{WIJK}/cijfer/education_low_share/2023/").content.decode()
    table = html[html.index('id="tabel-cellen"') :].partition("</table>")[0]
    keys = re.findall(r'<span class="code" lang="nl">(.*?)</span>', table)
    assert [unescape(key) for key in keys] == [cell.key for cell in cells]
    assert len(keys) > 2


def test_a_missing_figure_has_a_trace_with_its_reason(visitor: Client, release: Release) -> None:
    rows = release.series(WIJK).filter(release.series(WIJK)["value"].is_null())
    indicator, year = rows.row(0)[:2]
    words = text(visitor, f"/gebied/{WIJK}/cijfer/{indicator}/{year}/")
    assert "0 %" not in words[: words.index("Hoe het is berekend")]


def test_a_trace_offers_the_other_years_and_not_its_own(visitor: Client, release: Release) -> None:
    html = visitor.get(f"/gebied/{WIJK}/cijfer/social_assistance/2023/").content.decode()
    offered = re.findall(rf"/gebied/{WIJK}/cijfer/social_assistance/(\d+)/", html)
    listed = html[html.index("Hetzelfde cijfer in een ander jaar") :]
    years = re.findall(r"/social_assistance/(\d+)/", listed)
    assert years == [str(year) for year in release.years if year != 2023]
    assert offered[-len(years) :] == years


def test_comparable_areas_that_are_alike_or_differ_in_nothing_say_so(
    visitor: Client, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = scan(release, WIJK)
    first, *rest = result.peers.list
    alike = replace(result.peers, list=(replace(first, alike=(), differs=()), *rest))
    monkeypatch.setattr(neighbourhood, "scan", lambda *_: replace(result, peers=alike))
    site = Client(headers={"host": "127.0.0.1"})
    words = text(site, f"/gebied/{WIJK}/vergelijkbaar/")
    assert words.count("geen duidelijk verschil") == 1
    assert words.count("geen kenmerk ligt dicht genoeg bij elkaar om het gelijk te noemen") == 1


def test_no_difference_between_comparable_areas_prints_the_same(release: Release) -> None:
    for area in release.areas("wijk"):
        for peer in scan(release, area.code).peers.list:
            for indicator, here, there, _share in peer.differs:
                entry = registry().indicators[indicator]
                assert wording.quantity(here, entry) != wording.quantity(there, entry)


def test_what_is_alike_has_units_and_a_year_and_says_what_alike_measures(
    visitor: Client, release: Release
) -> None:
    """By the numbers alone 1,494 beside 1,885 per km² would hardly be called alike."""
    words = text(visitor, "/gebied/WK990104/vergelijkbaar/")
    assert f"De cijfers zijn van {scan(release, 'WK990104').year}," in words
    densities = re.findall(r"dichtheid (?:even veel: )?\d[\d.]*(?: · \d[\d.]*)?( per km²)?", words)
    assert len(densities) > 10
    assert {*densities} == {" per km²"}
    assert "minder dan een kwart van het gewone verschil uit elkaar" in words
    assert "dichtheden bekijken we in verhouding" in words


# --- compare, figures ---------------------------------------------------------------------------


def test_an_area_is_added_by_its_name(visitor: Client) -> None:
    response = visitor.get("/vergelijk/", {"gebied": WIJK, "erbij": "Molenkwartier"})
    assert response.status_code == 302
    assert parse_qs(urlsplit(response["Location"]).query)["gebied"][0] == WIJK
    words = text(visitor, response["Location"])
    assert "Kernstede, Molenkwartier" in words


def test_an_uncertain_name_offers_a_choice(visitor: Client) -> None:
    assert "Welke bedoelt u?" in text(visitor, "/vergelijk/?erbij=molenkwartjer")
    assert "Niets lijkt op" in text(visitor, "/vergelijk/?erbij=qqqqqq")


def test_five_areas_are_full(visitor: Client, release: Release) -> None:
    codes = [a.code for a in release.areas("wijk", "GM9901")][:5]
    page = visitor.get("/vergelijk/", {"gebied": codes}).content.decode()
    assert 'name="erbij"' not in page
    assert "Er passen er vijf naast elkaar" in page


def test_areas_of_two_levels_get_a_warning(visitor: Client) -> None:
    assert "verschillende soort" in text(visitor, "/vergelijk/?gebied=WK990101&gebied=BU99010101")


def test_the_quality_page_names_every_indicator_and_source(
    visitor: Client, release: Release
) -> None:
    words = text(visitor, "/cijfers/")
    for indicator in registry().indicators.values():
        assert indicator.label.nl in words
    for origin in release.origins:
        assert origin.table in words


def test_the_quality_page_tells_what_the_last_load_refused_until_one_succeeds(
    visitor: Client, release: Release, demo_data: Path
) -> None:
    assert "geweigerd" not in text(visitor, "/cijfers/")
    refusal = Refusal("not_a_number", column="volunteers", row=12, value="4711")
    try:
        store.keep_refused(demo_data, ["/home/x/<own>.csv", "-"], refusal)
        words = text(visitor, "/cijfers/")  # kept from a moment ago, and made again
        english = text(visitor, "/en/cijfers/")
        html = visitor.get("/cijfers/").content.decode()
    finally:
        store.forget_refused(demo_data)
    assert "De laatste keer laden is geweigerd" in words
    assert "Van die poging staat niets in deze cijfers." in words
    assert "<own>.csv, een tabel zonder bestandsnaam." in words
    assert "Regel 12: '…' is geen getal." in words
    assert "The last load was refused" in english
    assert "&lt;own&gt;.csv" in html
    assert "4711" not in html
    assert "/home" not in html
    assert "geweigerd" not in text(visitor, "/cijfers/")


def test_an_indicator_names_its_columns_in_words_never_by_parameter(visitor: Client) -> None:
    words = text(visitor, "/cijfers/social_assistance/")
    assert "Het deel: Sociale zekerheid/" in words
    assert "part:" not in words
    sectors = text(visitor, "/en/cijfers/sector_diversity/")
    assert " bf :" not in sectors


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("2025-11-03T02:00:00", "3 november 2025"), ("2025-11-03", "3 november 2025"),
        ("2025-11-03T02:00:00+01:00", "3 november 2025"), ("1.4", "1.4"),
        ("f" * 40, "f" * 23 + "…"),
    ],
)  # fmt: skip
def test_a_version_that_is_a_moment_is_a_date_in_words(version: str, said: str) -> None:
    with translation.override("nl"):
        assert context.version(version) == said


def test_a_source_title_on_an_english_page_is_marked_as_dutch(visitor: Client) -> None:
    html = visitor.get("/en/cijfers/social_assistance/").content.decode()
    assert '<span lang="nl">Sociale zekerheid/' in html


@pytest.mark.parametrize("indicator", registry().indicators)
def test_every_indicator_has_its_definition(visitor: Client, indicator: str) -> None:
    entry = registry().indicators[indicator]
    assert entry.description.nl in text(visitor, f"/cijfers/{indicator}/")
    assert entry.description.en in text(visitor, f"/en/cijfers/{indicator}/")


@pytest.mark.parametrize(
    ("indicator", "said", "not_said"),
    [
        (
            "low_income_persons",
            "Mensen met inkomen; onder de 100 (Inwoners) berekenen",
            "Van wie Inw",
        ),
        ("low_income_households", "Daarom noemen we bij dit cijfer geen aantal.", "Weten we niet"),
        ("social_assistance", "Van wie Inwoners; onder de 50 berekenen we het niet", "geen aantal"),
    ],
)
def test_the_page_of_a_figure_says_of_whom_it_is_and_when_no_number_is_said(
    visitor: Client, indicator: str, said: str, not_said: str
) -> None:
    shown = " ".join(text(visitor, f"/cijfers/{indicator}/").split()).replace(" ;", ";")
    assert said in shown
    assert not_said not in shown


@pytest.mark.parametrize(("share", "said"), [(0.0, "0"), (0.001, "1"), (0.996, "99"), (1.0, "100")])
def test_nearly_all_is_not_all_and_nearly_nothing_is_something(share: float, said: str) -> None:
    assert context.share(share) == f"{said}\u00a0%"
    with translation.override("en"):
        assert context.share(share) == f"{said}%"


# --- words that a newcomer stumbled over --------------------------------------------------------


def test_the_empty_page_to_compare_has_an_example_to_click(
    visitor: Client, release: Release
) -> None:
    html = visitor.get("/vergelijk/").content.decode()
    example = re.search(r'href="(/vergelijk/\?gebied=[^"]+)"', html)
    assert example is not None
    codes = parse_qs(urlsplit(unescape(example[1])).query)["gebied"]
    assert len(codes) == 3
    words = text(visitor, unescape(example[1]))
    assert all(release.area(code).name in words for code in codes)
    assert "Of bekijk een voorbeeld" not in words


def test_no_direction_has_its_reason(visitor: Client, release: Release) -> None:
    """In the example only what has no trend for a reason is not known."""
    results = scan_all(release, "GM9901", "buurt")
    reasons = {f.trend.reason for r in results for f in r.findings} - {""}
    assert reasons == {"too_few_years", "no_peers"}
    alone = next(r for r in results if r.findings and not r.peers.good)
    assert "niet bekend: niets om mee te vergelijken" in text(
        visitor, f"/gebied/{alone.area.code}/"
    )


def test_how_it_works_explains_every_badge_and_every_degree_of_sureness(visitor: Client) -> None:
    words = text(visitor, "/over/")
    for kind, beside in product(("own", "strength"), ("country", "peers")):
        assert wording.explained("badge", f"{kind}_{beside}") in words
    for degree, share in (("certain", "97,5 %"), ("likely", "90 %")):
        assert (
            f"{wording.explained('certainty', degree)} De kans dat het zo is, is {share} of meer"
            in words
        )
    assert f"{wording.explained('certainty', 'unsure')} De kans is kleiner dan 90 %" in words


def test_english_readers_learn_what_opgave_wijk_and_buurt_mean_where_they_first_meet_them(
    visitor: Client,
) -> None:
    home = text(visitor, "/en/")
    assert "An opgave is the task that a neighbourhood faces" in home
    assert "wijk (district) or buurt (neighbourhood)" in home
    assert "opgave of a neighbourhood is: the task" in text(visitor, "/en/over/")


def test_two_figures_that_print_the_same_are_said_to_be_equal(
    visitor: Client, release: Release
) -> None:
    page = text(visitor, "/gebied/WK990101/vergelijkbaar/")
    assert "even veel: " in page
    assert not re.search(r"([\d.,]+ %) · \1", page)


def test_when_the_example_was_built_is_not_said_for_it_is_the_same_on_every_day(
    visitor: Client, little: Callable[..., Client]
) -> None:
    assert "(het voorbeeld)" in text(visitor, "/")
    assert "gemaakt op" not in text(visitor, "/")
    assert "gemaakt op" in text(little("GM0001", "WK000101"), "/")


# --- a long page, a long table -------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "page", ["/gebied/GM9901/", "/gebied/GM9901/?niveau=buurt", "/gebied/WK990101/",
             "/gebied/BU99010802/", "/cijfers/", "/over/"],
)  # fmt: skip
def test_a_long_page_begins_with_what_is_on_it_in_its_order(
    visitor: Client, page: str, prefix: str
) -> None:
    html = visitor.get(prefix + page).content.decode()
    contents = html[html.index('<nav class="toc') :].partition("</nav>")[0]
    named = re.findall(r'href="#([^"]+)"', contents)
    places = [html.index(f' id="{name}"') for name in named]
    assert len(named) > 1
    assert places == sorted(places)


@pytest.mark.parametrize(
    "page", [p for p in PAGES if p.startswith(("/gebied/", "/vergelijk/?", "/cijfers/"))]
)
def test_beside_a_table_to_take_along_stands_how_many_rows_it_has(
    visitor: Client, page: str
) -> None:
    html = visitor.get(page).content.decode()
    listed = re.findall(r'</strong> \(([\d.]+) rij(?:en)?\):</li><li><a href="([^"]+)"', html)
    assert len(listed) == html.count(".xlsx")
    for said, address in listed:
        rows = visitor.get(unescape(address)).content.decode("utf-8-sig")
        assert len(list(csv.reader(StringIO(rows)))) - 1 == int(said.replace(".", "")), address


@pytest.mark.parametrize(
    ("version", "of"),
    [("2021-03-26T00:00:00", "“Kerncijfers” van 26 maart 2021"), ("9f2c", "“Kerncijfers”")],
)
def test_a_table_is_of_the_day_its_publisher_says_and_never_of_the_day_it_was_read(
    release: Release, version: str, of: str
) -> None:
    read = datetime(2026, 11, 24, 12, tzinfo=UTC)
    origin = replace(release.origins[0], title="Kerncijfers", version=version, read_at=read)
    cell = replace(release.trace(WIJK, "population", 2024)[0], origin=origin)
    late = replace(cell, status=Status.LATE, value=None)
    assert context.why(late) == f"stond nog niet in de tabel {of}, over 2024"


def test_the_popup_of_the_moving_map_says_year_and_comparison(
    release: Release,
) -> None:
    seen = look(
        release,
        release.area("GM9901"),
        Asked(areas=(), indicator="social_assistance", level="wijk", year=None),
    )
    with translation.override("nl"):
        said = values(seen, maps.shapes(release.outlines("wijk", "GM9901")), "nl")["values"]
    told = {entry["text"].partition(" (")[2] for entry in said.values() if entry["value"]}
    country = wording.quantity(seen.country or 0.0, seen.indicator, "nl")
    assert told == {f"{seen.year}; vergeleken met het land: {country})"}


def test_the_buurten_of_a_wijk_stand_with_their_first_opgave(
    visitor: Client, release: Release
) -> None:
    page = visitor.get("/gebied/WK990101/").content.decode()
    listed = unescape(page.partition('aria-labelledby="buurten"')[2].partition("</ul>")[0])
    mine = [s for s in scan_all(release, "GM9901", "buurt") if s.area.code.startswith("BU990101")]
    assert re.findall(r"BU\d{8}", listed) == [one.area.code for one in mine]
    for one in mine:
        assert one.first is None or wording.named(one.first) in listed


def test_a_sixth_area_is_not_dropped_each_can_be_left_out(visitor: Client) -> None:
    """The twin: five are drawn."""
    codes = [f"WK99010{n}" for n in range(1, 7)]
    response = visitor.get("/vergelijk/", {"gebied": codes})
    page = response.content.decode()
    assert response.status_code == 400
    assert "U koos 6 gebieden; naast elkaar passen er hoogstens 5." in page
    kept = [
        parse_qs(urlsplit(unescape(address)).query)["gebied"]
        for address in re.findall(r'href="(/vergelijk/\?[^"]+)" class="no-print"', page)
    ]
    assert kept == [[code for code in codes if code != left] for left in codes]
    assert "<figcaption>" not in page
    five = visitor.get("/vergelijk/", {"gebied": codes[:5], "erbij": codes[5]}).content.decode()
    assert "“WK990106” is er niet bij gekomen." in five
    assert "<figcaption>" in five


def test_every_word_of_a_figure_or_of_none_is_explained(visitor: Client) -> None:
    page = text(visitor, "/over/")
    told = {*context.MEANING}
    assert told == {status.label for status in Status if status is not Status.OK} | {"not_loaded"}
    for name in told:
        assert wording.explained("reason", name, "nl") in page
    for kind in ("trifle", "few", "nothing", "ahead_country", "ahead_peers"):
        assert wording.explained("badge", kind, "nl") in page


def test_completeness_that_is_the_same_every_year_is_said_once_on_a_phone(
    visitor: Client,
) -> None:
    page = visitor.get("/cijfers/").content.decode()
    rows = re.findall(r"<tr( class=\"same\")?>(<th scope=\"row\">.*?)</tr>", page)
    seen = set()
    for same, row in rows:
        shares = set(re.findall(r'<td class="numeric"[^>]*>([^<]+)</td>', row))
        if same:
            once = re.search(r'class="once">2017–2024 <strong>([^<]+)</strong>', row)
            assert once
            assert {once[1]} == shares
        seen.add(bool(same))
    assert seen == {True, False}


def test_pictures_side_by_side_say_their_year_and_unit(visitor: Client) -> None:
    page = visitor.get("/vergelijk/", {"gebied": ["WK990101", "WK990102"]}).content.decode()
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page)
    assert len(captions) > 20
    assert all(
        re.search(r'class="meta">20\d\d(–20\d\d)?( · land: .+)?</span>', one) for one in captions
    )
    assert any("Mensen met bijstand (%)</a>" in one for one in captions)


def test_a_neighbourhood_says_how_good_its_comparison_is(visitor: Client, release: Release) -> None:
    peers = scan(release, "WK990101").peers
    assert peers.good
    assert wording.quality(peers) in unescape(visitor.get("/gebied/WK990101/").content.decode())


def test_a_list_of_areas_says_in_which_order_it_stands_before_it_begins(visitor: Client) -> None:
    address = "/gebied/GM9901/?niveau=buurt&indicator="
    for indicator, said in (
        ("start_rate", "De volgorde is die van het waarschijnlijke cijfer"),
        ("population", "Het hoogste cijfer eerst."),
    ):
        html = visitor.get(address + indicator).content.decode()
        assert html.index(said) < html.index('id="r-GM9901-')


def test_where_a_list_is_cut_the_unknown_are_said_to_stand_in_the_table(
    visitor: Client, release: Release
) -> None:
    """ "At the bottom of the list", of which the bottom is not shown."""
    asked = replace(NOTHING_ASKED, level="buurt", indicator="social_assistance")
    page = municipality.municipality(release, release.area("GM9901"), asked, "nl")
    assert page.one is not None
    assert page.one.look.unknown
    for drawn, said in (
        (20, "In de tabel onder de lijst staat het onderaan."),
        (len(page.one.look.ranked), "In de lijst staat het onderaan."),
    ):
        one = replace(page.one, drawn=drawn)
        shown = render_to_string("municipality.html", {"page": replace(page, one=one)})
        assert said in shown


def test_a_picture_has_its_key_on_every_page(
    visitor: Client, little: Callable[..., Client]
) -> None:
    """It stood in a section that a gemeente without opgaven lacks, and not on the home page."""
    key = '<ul class="legend"><li>'
    assert key in visitor.get("/").content.decode()
    html = little("GM0001", "WK000101", "WK000102").get("/gebied/GM0001/").content.decode()
    assert 'id="grootst"' not in html
    assert key in html[: html.index('id="r-GM0001-')]


def test_how_to_read_a_list_says_only_what_is_in_it(
    visitor: Client, little: Callable[..., Client], release: Release
) -> None:
    pages = [visitor.get(f"/gebied/GM9901/?niveau={n}").content.decode() for n in ("wijk", "buurt")]
    pages.append(little("GM0001", "WK000101", "WK000102").get("/gebied/GM0001/").content.decode())
    for html in pages:
        listed = html[html.index('id="alle"') : html.index('id="kiezen"')]
        assert ("Het vet gedrukte verschil" in listed) == ("<span><strong>" in listed)
        assert ("Een dunne lijn" in html) == ('class="axis tie"' in html)
    assert ["Hoe lees ik deze lijst?" in html for html in pages] == [True, True, False]


def test_a_lag_counts_in_the_order_of_the_list_and_the_page_says_so(
    release: Release, visitor: Client
) -> None:
    page = municipality.municipality(release, release.area("GM9901"), NOTHING_ASKED, "nl")
    said = "Ook een achterstand op alleen het land"
    row = next(row for row in page.listed if row.first)
    assert row.first is not None
    lag = replace(row, first=replace(row.first, kind="own", peers=None), opgaven=0, lags=6, leads=4)
    for rows, there in (((replace(lag, first=row.first, lags=0, leads=0),), False), ((lag,), True)):
        shown = render_to_string("municipality.html", {"page": replace(page, listed=rows)})
        assert (said in shown) is there
    assert re.search(r">6 achterstanden<", shown)
    assert re.search(r"\+ 4 voorsprongen<|>4 voorsprongen<", shown)


@pytest.mark.parametrize(
    ("known", "loaded", "lost", "said"),
    [
        (
            [2024],
            (2017, 2024),
            [2017],
            "De grens van dit gebied is nieuw: alleen de cijfers van 20",
        ),
        ([], (2017, 2024), [2017], "De grens van dit gebied is nieuw: cijfers van 2017"),
        ([2024], (2017, 2024), [], "Van dit gebied zijn alleen cijfers van 2024 bekend."),
        ([2024], (2024,), [], "Deze cijfers gaan over één jaar."),
        ([2020, 2024], (2020, 2024), [2017], "Van geen van deze cijfers zijn twee jaren bekend."),
        ([], (2024,), [], "Geen van deze cijfers is hier bekend."),
    ],
)
def test_why_there_is_no_line_over_the_years_is_said(
    known: list[int], loaded: tuple[int, ...], lost: list[int], said: str
) -> None:
    assert context.no_line(known, loaded, lost).startswith(said)


def test_a_page_of_an_area_with_a_new_boundary_says_what_could_not_be_brought_over(
    release: Release,
) -> None:
    """ "These figures are about one year", beside a download of all of them."""
    past = looking.past(release, scan(release, "WK990101"))
    lost, newest = (None, Status.BOUNDARY), (5.0, Status.OK)
    own = {"social_assistance": {2020: lost, 2024: newest}, "population": {2020: newest}}
    said = neighbourhood._still(release, replace(past, own=own))
    assert said == "De grens van dit gebied is nieuw: alleen de cijfers van 2024 gaan erover."
    bare = {"social_assistance": {2024: newest}}
    assert "nieuw" not in neighbourhood._still(release, replace(past, own=bare))


@pytest.mark.parametrize(
    ("sure", "said"),
    [(True, "Linksonder vraagt het eerst om aandacht."), (False, "van geen van de tekens daar")],
)
def test_below_left_asks_for_attention_only_where_a_mark_is_sure(
    release: Release, said: str, *, sure: bool
) -> None:
    page = neighbourhood.neighbourhood(release, release.area("WK990104"), "nl")
    point = replace(page.points[0], level=-1.0, trend=-0.1, sure=sure)
    shown = render_to_string("neighbourhood.html", {"page": replace(page, points=(point,))})
    assert said in shown
    nothing = replace(page, points=(replace(point, level=1.0),))
    assert "Linksonder" not in render_to_string("neighbourhood.html", {"page": nothing})


def test_the_fit_of_a_comparison_says_what_a_number_above_fifty_means(release: Release) -> None:
    peers = replace(scan(release, "WK990101").peers, percentile=56.0)
    assert wording.quality(peers).endswith("hebben er 56 een betere vergelijking dan dit gebied. "
                                           "Meer dan 50 is minder goed dan gemiddeld.")  # fmt: skip
    assert wording.quality(peers, "en").endswith("More than 50 is worse than average.")


def test_where_five_of_fifteen_comparable_areas_stand_it_is_said_that_they_are_five(
    visitor: Client, release: Release
) -> None:
    assert len(scan(release, "WK990101").peers.list) > neighbourhood.PEERS_SHOWN
    assert "De 5 die er het meest op lijken:" in text(visitor, "/gebied/WK990101/")


def shown_figures(release: Release, page: quality.Overview) -> str:
    return render_to_string(
        "figures.html", {"page": page, "site": Mock(release=release, spoken=None)}
    )


def test_the_quality_page_says_of_how_many_figures_most_areas_have_one(release: Release) -> None:
    page = quality.overview(release, "wijk", "nl", release.path)
    entry = registry().indicators["population"]
    few, most = (quality.Covered(indicator=entry, years=(quality.Filled(2024, n, 100),))
                 for n in (3, 60))  # fmt: skip
    page = replace(page, coverage=[("context", [few, most])])
    assert (page.known, page.mostly) == (2, 1)
    shown = shown_figures(release, page)
    assert "Voor 1 daarvan hebben de meeste wijken een cijfer." in shown
    assert "Voor 1 daarvan" not in shown_figures(
        release, replace(page, coverage=[("context", [most])])
    )


def test_sources_begin_with_figures_the_newest_first_and_fold_changes_of_boundaries(
    release: Release,
) -> None:
    def source(title: str) -> Any:
        return replace(release.origins[0], title=title, table="x", publisher="CBS")

    given = [
        (source("grenswijziging 2020 naar 2024"), "crosswalk"),
        (source("kaart 2024"), "boundaries"),
        (source("kwb_2020"), "snapshot"), (source("kwb_2024_geslachten"), "snapshot"),
    ]  # fmt: skip
    order = [one[0].title for one in sorted(given, key=quality._place)]
    assert order == ["kwb_2024_geslachten", "kwb_2020", "kaart 2024",
                     "grenswijziging 2020 naar 2024"]  # fmt: skip
    page = quality.overview(release, "wijk", "nl", release.path)
    html = shown_figures(release, replace(page, origins=tuple(given)))
    assert html.index("kaart 2024") < html.index("1 tabel met grenswijzigingen</summary>")
    assert html.index("</summary>") < html.index("grenswijziging 2020 naar 2024")


def test_what_loading_told_says_what_more_the_table_to_take_along_holds(release: Release) -> None:
    page = quality.overview(release, "wijk", "nl", release.path)
    page = replace(page, notices=("een", "twee"))
    said = "staat ook elke kolom die we niet gebruiken"
    for columns, told in ((("a", "b"), True), ((), False)):
        there = replace(page, unrecognised=((release.origins[0], columns),))
        assert (said in shown_figures(release, there)) is told


def test_a_trace_of_an_area_that_no_table_holds_guesses_at_no_boundary(
    two_years: Release, visitor: Client
) -> None:
    page = quality.traced(two_years, "WK000101", "social_assistance", 2023)
    for status, said, unsaid in (
        (None, "In geen van de tabellen die voor 2023 zijn geladen", "Zijn de grenzen veranderd?"),
        (Status.BOUNDARY, "Zijn de grenzen veranderd?", "In geen van de tabellen"),
    ):
        seen = replace(page, status=status, value=None, cells=())
        html = render_to_string("trace.html", {"page": seen})
        assert (said in html, unsaid in html) == (True, False)


def test_the_buurten_of_a_wijk_say_their_order_and_their_figure(
    visitor: Client, release: Release
) -> None:
    words = text(visitor, "/gebied/WK990101/")
    inside = words[words.rindex("buurten in") :]
    assert "De grootste opgave eerst." in inside
    one = next(s for s in scan_all(release, "GM9901", "buurt")
               if s.area.code.startswith("BU990101") and s.first)  # fmt: skip
    assert one.first is not None
    said = figures.own(one.first).replace("\xa0", " ")
    assert f"{wording.named(one.first)}: {said}" in words


def test_the_page_of_the_country_says_that_it_is_that(visitor: Client) -> None:
    assert "Dit is de pagina van het hele land" in text(visitor, "/")
    assert "Dit is de pagina van het hele land" not in text(visitor, "/?zoek=molen")
    assert "is de opgave het grootst in deze gebieden" in text(visitor, "/")


def test_too_few_years_after_a_break_names_the_break(release: Release) -> None:
    """ "Too few years", above a picture of eight."""
    found = scan(release, "WK990104").findings
    broken = next(f for f in found if registry().indicators[f.indicator].breaks)
    moved = replace(broken.trend, direction="unknown", reason="too_few_years")
    since = max(b.year for b in registry().indicators[broken.indicator].breaks)
    few, many = (replace(broken, trend=moved, year=since + n) for n in (3, 4))
    assert f"niet bekend: sinds de breuk in {since} zijn er te weinig jaren" in direction(few)
    assert "niet bekend: te weinig jaren" in direction(many)


def test_a_card_that_counts_nobody_says_how_far_its_figure_is_behind(release: Release) -> None:
    area = release.area("WK990101")
    first = next(f for r in scan_all(release, "GM9901") for f in r.findings if f.kind == "own")
    with translation.override("nl"):
        uncounted = replace(first, persons=None)
        said = neighbourhood._difference(uncounted, area, "nl")
        assert said == f"{wording.shortfall(uncounted)} achter op vergelijkbare wijken"


def test_a_converted_figure_says_from_which_areas_and_not_that_it_was_published(
    visitor: Client,
) -> None:
    words = text(visitor, "/gebied/WK990108/cijfer/population/2020/").replace("\u00a0", " ")
    assert "Het cijfer is gemaakt uit de gebieden van toen" in words
    assert "van de adressen ligt nu hier" in words
    assert "Zoals de bron het publiceert" not in words
    assert "Zoals de bron het publiceert" in text(
        visitor, "/gebied/WK990108/cijfer/population/2024/"
    )


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ([], ""),
        ([2020], "2020"),
        ([2020, 2021], "2020 en 2021"),
        ([2024, 2020, 2023, 2020], "2020, 2023 en 2024"),
        ([2017, 2018, 2019, 2021], "2017–2019 en 2021"),
        (range(2017, 2025), "2017–2024"),
    ],
)
def test_years_in_words_name_no_year_that_is_not_among_them(years: list[int], said: str) -> None:
    """The twin, ``2020–2024`` by the first and the last, would promise 2021 and 2022."""
    assert context.years_in_words(years) == said


def test_an_own_table_of_buurten_is_not_lost_among_the_dashes_of_the_wijken(
    little: Callable[..., Client],
) -> None:
    """And its twin: at the level of the table itself nothing is said to be elsewhere."""
    site = little("GM0001", "BU00010000", "BU00010001")
    words = text(site, "/cijfers/?niveau=wijk")
    assert "Van de buurten" in words
    assert "Inwoners (2020)" in words
    assert "jaren die in deze tabel ontbreken" not in text(site, "/cijfers/?niveau=buurt")


def test_where_nothing_is_compared_no_comparison_is_promised(
    little: Callable[..., Client], visitor: Client, release: Release, settings: Settings
) -> None:
    """The twin: an area without comparable areas that is held against the country says so."""
    example = settings.DATA
    words = text(little("GM0001", "WK000101", "WK000102"), "/gebied/WK000101/")
    assert "Hier konden we niets vergelijken." in words
    assert "We vergelijken alleen met het land." not in words
    assert "Vergelijk met" not in words
    settings.DATA = example
    lonely = next(r.area.code for r in (scan(release, a.code) for a in release.areas("buurt"))
                  if not r.peers.good and r.compared)  # fmt: skip
    twin = text(Client(headers={"host": "127.0.0.1"}), f"/gebied/{lonely}/")
    assert "We vergelijken alleen met het land." in twin
    assert "Vergelijk met" in twin


def test_of_each_source_the_page_says_what_it_holds(visitor: Client) -> None:
    """A file with figures and boundaries stood in the list twice, without a difference."""
    html = visitor.get("/cijfers/").content.decode()
    assert {*re.findall(r'data-label="Inhoud">([^<]*)</td>', html)} >= {
        "cijfers", "grenzen, voor de kaart",
    }  # fmt: skip


@pytest.mark.parametrize("licence", ["CC BY 4.0", ""])
def test_a_licence_that_nobody_gave_is_said_to_be_unknown_on_every_page(
    release: Release, monkeypatch: pytest.MonkeyPatch, licence: str
) -> None:
    """Where figures come from, and the cells under one; the twin is a source that has one."""
    own = replace(release.origins[0], licence=licence, publisher="", fictional=False)
    overview = quality.overview(release, "wijk", "nl", release.path)
    traced = quality.traced(release, WIJK, "population", 2024)
    cells = tuple(replace(cell, origin=own) for cell in traced.cells)
    monkeypatch.setattr(
        quality, "overview", lambda *_: replace(overview, origins=((own, "snapshot"),))
    )
    monkeypatch.setattr(quality, "traced", lambda *_: replace(traced, cells=cells))
    site = Client(headers={"host": "127.0.0.1"})
    for page in ("/cijfers/", f"/gebied/{WIJK}/cijfer/population/2024/"):
        html = site.get(page).content.decode()
        found = re.findall(r'data-label="Licentie">([^<]*)</td>', html)
        assert set(found) == {licence or "licentie niet opgegeven"}
        assert "uitgever niet opgegeven" in html


def test_a_gemeente_says_which_of_its_figures_were_converted_to_new_boundaries(
    visitor: Client, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the card, in the list, above the ranking and in its table; and of no other area."""
    then = visitor.get("/gebied/GM9901/?indicator=population&jaar=2020").content.decode()
    table = then[then.index('id="tabel-rangorde"') :].partition("</table>")[0]
    assert "Van 1 gebied is het cijfer omgerekend" in unescape(then)
    rows = re.findall(r'<a href="/gebied/(\w+)/\?jaar=2020">.*?</tr>', table, re.DOTALL)
    told = r'<a href="/gebied/(\w+)/\?jaar=2020">(?:(?!</tr>).)*>omgerekend<'
    marked = re.findall(told, table, re.DOTALL)
    assert (len(rows), marked) == (len(release.areas("wijk", "GM9901")), ["WK990103"])
    whole = text(visitor, "/gebied/GM9901/")
    assert "omgerekend" not in whole
    scans = scan_all(release, "GM9901")
    first = next(s for s in scans if any(f.kind == "own" for f in s.findings))
    moved = replace(first, findings=tuple(
        replace(f, status=Status.MOVED) for f in first.findings))  # fmt: skip
    changed = tuple(moved if s is first else s for s in scans)
    monkeypatch.setattr(municipality, "scans", lambda *_: changed)
    html = Client(headers={"host": "127.0.0.1"}).get("/gebied/GM9901/").content.decode()
    card = html[html.index('id="grootst"') :].partition("</article>")[0]
    assert "Dat cijfer is omgerekend naar de nieuwe grenzen van dit gebied." in card
    listed = html[html.index('id="tabel-alle"') :].partition("</table>")[0]
    assert listed.count(">omgerekend<") == 1
    assert "Van 1 gebied zijn de grenzen veranderd" in unescape(html)


def test_a_name_breaks_after_its_slash_and_stays_text() -> None:
    assert broken("IJplein/<b>Vogelbuurt") == "IJplein/<wbr>&lt;b&gt;Vogelbuurt"
    assert broken("Landlust") == "Landlust"
    assert broken("kwb_2024.csv") == "kwb_<wbr>2024.csv"


def test_a_name_breaks_neither_inside_s_gravenhage_nor_between_wijk_and_its_number() -> None:
    held = '<span class="unbroken">{}</span>'
    assert broken("'s-Gravenhage") == held.format("&#x27;s-Gravenhage")
    assert broken("Wijk 03 Overvecht") == held.format("Wijk 03") + " Overvecht"
    assert broken("Een wijk in Overvecht") == "Een wijk in Overvecht"


def test_the_page_of_a_figure_that_many_gemeenten_have_leads_to_the_search_and_to_no_five_of_them(
    tmp_path: Path, settings: Settings
) -> None:
    figures = {"population": 2000, "social_assistance": 100}
    for many in (5, 6):
        rows = [row for n in range(1, many + 1) for row in rows_of(f"{n:04}", 2, figures)]
        build.load(tmp_path, [snapshot(2020, rows)])
        settings.DATA = tmp_path
        page = Client(headers={"host": "127.0.0.1"}).get("/cijfers/social_assistance/")
        links = re.findall('href="/gebied/(GM....)/', page.content.decode())
        said = "Zoek uw gemeente, en kies daar dit cijfer" in page.content.decode()
        assert (len(links), said) == ((0, True) if many > 5 else (5, False))


def test_no_figure_is_said_to_be_no_better_than_in_areas_that_there_are_not(
    visitor: Client, release: Release
) -> None:
    both = "dan in het land én in vergelijkbare gebieden"
    alone = "Naast het land valt hier niets op"
    seen = set()
    for result in scan_all(release, "GM9901", "wijk"):
        words = text(visitor, f"/gebied/{result.area.code}/")
        if not result.peers.good:
            assert both not in words
        seen |= {(result.peers.good, said) for said in (both, alone) if said in words}
    assert (False, alone) in seen
    assert (True, both) in seen


def test_what_figures_could_be_held_against_decides_what_is_said_of_none() -> None:
    def finding(*sides: str) -> Mock:
        return Mock(**{side: side in sides for side in ("peers", "country")})

    pairs = {
        "both": [finding("peers"), finding("country")],
        "country": [finding("country"), finding()],
        "peers": [finding("peers")],
    }
    assert {neighbourhood._held(found): found for found in pairs.values()} == pairs


def test_the_country_beside_a_picture_has_the_decimals_of_the_figures_in_it(
    visitor: Client, release: Release
) -> None:
    """The twin: alone it would be rounded away from the figure that its own page says."""
    codes = [area.code for area in release.areas("wijk", "GM9901")[:5]]
    asked = replace(context.NOTHING_ASKED, areas=tuple(codes))
    page = neighbourhood.compared(release, asked, "", "nl")
    words = text(visitor, "/vergelijk/?" + "&".join(f"gebied={code}" for code in codes))
    other = 0
    for line in (line for _p, lines in page.chapters for line in lines if line.country is not None):
        said = listed(line.country, line)
        assert f"land: {said}".replace("\u00a0", " ") in words, line.indicator.id
        other += said != quantity(line.country, line.indicator)
    assert other > 0


def test_of_the_years_the_first_perspective_that_has_a_line_is_open(
    visitor: Client, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = neighbourhood.neighbourhood(release, release.area(WIJK), "nl")
    assert len(made.lined) > 1
    empty = tuple(replace(c, multiples=()) if n == 0 else c for n, c in enumerate(made.chapters))
    monkeypatch.setattr(neighbourhood, "neighbourhood", lambda *_: replace(made, chapters=empty))
    html = Client(headers={"host": "127.0.0.1"}).get(f"/gebied/{WIJK}/").content.decode()
    years = html[html.index('id="h-jaren"') :].partition("</section>")[0]
    opened = re.findall(r'<details class="p-(\w+)" open>', years)
    assert opened == [next(c.perspective for c in empty if c.multiples)]
    assert opened != [made.lined[0].perspective]


def test_colours_of_a_map_can_be_chosen_only_where_there_can_be_a_map(
    visitor: Client, little: Callable[..., Client]
) -> None:
    choice = '<select id="naast"'
    assert choice in visitor.get("/gebied/GM9901/").content.decode()
    assert (
        choice
        not in little("GM0001", "WK000101", "WK000102").get("/gebied/GM0001/").content.decode()
    )


def test_a_map_says_whose_boundaries_it_draws_and_of_which_year(
    visitor: Client, release: Release
) -> None:
    years, by = release.drawn_from("wijk", "GM9901")
    assert (len(years), bool(by)) == (1, True)
    page = visitor.get("/gebied/GM9901/").content.decode()
    assert f"Grenzen van {years[0]}: {by}." in unescape(page)


def test_a_column_that_stands_twice_in_a_formula_is_named_once(visitor: Client) -> None:
    """Of a share of three counts the first is what is counted too."""
    entry = registry().indicators["education_low_share"]
    low = registry().columns[entry.inputs["part"]]
    assert list(entry.inputs.values()).count(low.id) == 2
    html = visitor.get("/cijfers/education_low_share/").content.decode()
    assert html.count(f'<span lang="nl">{low.titles[0]}</span>') == 1
