# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The API gives the figures, says what is wrong in words, and keeps to its own description."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from wijkeconomie.figures import export
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import document
from wijkeconomie.insight.scan import scan
from wijkeconomie.insight.spread import change
from wijkeconomie.web import api
from wijkeconomie.web.wsgi import application

pytestmark = pytest.mark.usefixtures("release")
BUURT = "BU99010101"
WIJK = "WK990101"


@pytest.fixture
def get(client: Client) -> Callable[..., Any]:
    def ask(address: str, status: int = 200, **headers: str) -> Any:
        response = client.get(f"/api/v1{address}", headers=headers)
        assert response.status_code == status, response.content
        assert response["API-Version"] == "1.0.0"
        if status >= 400:
            assert response["Content-Type"] == "application/problem+json"
        return response

    return ask


def _links(response: Any) -> dict[str, str]:
    parts = [part.split("; ") for part in response["Link"].split(", ")]
    return {rel[5:-1]: address[1:-1] for address, rel in parts}


def test_areas_come_page_by_page_with_links_to_the_others(client: Client, release: Release) -> None:
    address, found = "/api/v1/buurten?gemeentecode=GM9901&paginagrootte=7", []
    while address:
        response = client.get(address)
        found += [item["code"] for item in response.json()["items"]]
        address = _links(response).get("next", "")
    assert found == [area.code for area in release.areas("buurt", "GM9901")]


def test_the_links_keep_what_was_asked(get: Callable[..., Any]) -> None:
    links = _links(get("/wijken?gemeentecode=GM9901&paginagrootte=2&pagina=2"))
    assert links["first"] == "/api/v1/wijken?gemeentecode=GM9901&paginagrootte=2&pagina=1"
    assert links["prev"].endswith("pagina=1")
    assert links["next"].endswith("pagina=3")


def test_levels_and_codes_filter(get: Callable[..., Any], release: Release) -> None:
    assert get("/gemeenten?gemeentecode=GM9901").json()["total"] == 1
    assert get(f"/wijken?wijkcode={WIJK}").json()["items"][0]["code"] == WIJK
    assert get(f"/buurten?wijkcode={WIJK}").json()["total"] == len(release.areas("buurt", WIJK))
    assert get(f"/buurten?wijkcode={WIJK}&gemeentecode=GM9902").json()["total"] == 0
    assert get("/gebieden?niveau=land").json()["items"][0]["code"] == "NL00"


def test_a_name_with_a_typing_error_is_found(get: Callable[..., Any], release: Release) -> None:
    area = release.area(WIJK)
    found = get(f"/gebieden?zoek={area.name[:-1]}&binnen=GM9901").json()["items"]
    assert found[0]["code"] == WIJK


def test_a_search_inside_an_area_finds_all_that_is_there(
    get: Callable[..., Any], release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chosen before anything is cut; the twin: the first of all are of another gemeente."""
    inside = [a for a in release.areas() if "wijk" in a.name.lower() and a.code[2:6] == "9902"]
    found = get("/gebieden?zoek=wijk&binnen=GM9902").json()
    assert inside
    assert {a.code for a in inside} <= {item["code"] for item in found["items"]}
    assert found["total"] == len(found["items"])
    first = release.names.find("wijk", limit=len(inside))
    assert not {a.code for a in first} >= {a.code for a in inside}
    every = len(release.names.find("wijk", limit=None))
    monkeypatch.setattr(api, "MOST", 1)
    assert get("/gebieden?zoek=wijk").json()["total"] == every


def test_one_area(get: Callable[..., Any], release: Release) -> None:
    assert get(f"/gebieden/{BUURT}").json() == document.area_words(release.area(BUURT))


def test_figures_of_an_area_equal_the_export(get: Callable[..., Any], release: Release) -> None:
    body = get(f"/gebieden/{BUURT}/cijfers?indicator=population&indicator=households").json()
    expected = export.rows(release, [BUURT], ["population", "households"])
    assert body["items"] == expected.to_dicts()


def test_figures_come_as_csv_too(get: Callable[..., Any], release: Release) -> None:
    response = get(f"/gebieden/{BUURT}/cijfers?jaar=2024", accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert tuple(rows[0]) == export.COLUMNS
    assert {row["year"] for row in rows} == {"2024"}


def test_one_figure_for_all_areas_equals_the_map(get: Callable[..., Any], release: Release) -> None:
    body = get("/cijfers?indicator=population&jaar=2024&niveau=wijk&paginagrootte=1000").json()
    expected = release.map("population", 2024, "wijk")
    assert {i["area"]: i["value"] for i in body["items"]} == dict(
        zip(expected["area"], expected["value"], strict=True)
    )


def test_one_figure_of_one_region_and_one_publisher(get: Callable[..., Any]) -> None:
    assert get(f"/cijfers?regio={BUURT}").json()["total"] == 1
    assert get(f"/cijfers?regio={BUURT}&bron=wijkeconomie%20(fictief)").json()["total"] == 1
    assert get(f"/cijfers?regio={BUURT}&bron=cbs").json()["total"] == 0


def test_a_figure_without_any_value_gives_an_empty_page(get: Callable[..., Any]) -> None:
    assert get("/cijfers?indicator=active_share&jaar=2020").json()["items"] == []


def test_every_indicator_is_described(get: Callable[..., Any]) -> None:
    body = get("/indicatoren?paginagrootte=1000").json()
    assert [item["id"] for item in body["items"]] == list(registry().indicators)
    assert get("/indicatoren/population", accept_language="en").json()["label"] == "Inhabitants"
    get("/indicatoren/happiness", 404)


def test_a_scan_is_the_document_of_the_command_line(
    get: Callable[..., Any], release: Release
) -> None:
    expected = document.as_document(scan(release, BUURT), release, "en")
    assert get(f"/gebieden/{BUURT}/scan", accept_language="en").json() == expected


def test_a_scan_of_a_gemeente_is_one_of_each_of_its_wijken(
    get: Callable[..., Any], release: Release
) -> None:
    body = get("/gebieden/GM9901/scan").json()
    jsonschema.Draft202012Validator(document.schema()).validate(body)
    assert {area["area"]["code"] for area in body["areas"]} == {
        area.code for area in release.areas("wijk", "GM9901")
    }
    assert get("/gebieden/GM9901/scan?niveau=gemeente").json()["area"]["code"] == "GM9901"


def test_a_scan_as_csv_has_a_row_per_opgave(get: Callable[..., Any], release: Release) -> None:
    response = get(f"/gebieden/{BUURT}/scan", accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert tuple(rows[0]) == document.CSV_COLUMNS
    assert len(rows) == len(scan(release, BUURT).opgaven)


def test_peers_come_with_reasons(get: Callable[..., Any]) -> None:
    body = get(f"/gebieden/{BUURT}/vergelijkbaar").json()
    assert {"alike", "differs"} == set(body["peers"][0]["reasons"])


def test_a_figure_is_traced_to_its_cells(get: Callable[..., Any]) -> None:
    cells = get(f"/gebieden/{BUURT}/herkomst?indicator=population&jaar=2024").json()["cells"]
    assert cells[0]["column"] == "population"
    assert cells[0]["licence"] == "CC0-1.0"


def test_the_release_names_its_sources(get: Callable[..., Any], release: Release) -> None:
    body = get("/herkomst").json()
    assert (body["release"], body["fictional"]) == (release.id, True)
    assert len(body["sources"]) == len(release.origins)


def test_spread_has_a_point_a_year(get: Callable[..., Any]) -> None:
    body = get("/spreiding?indicator=social_assistance&niveau=wijk&binnen=GM9901").json()
    assert {"year", "theil", "interval"} <= set(body["points"][0])


def test_spread_says_where_the_figure_breaks_and_how_it_changed_since_as_the_page_does(
    get: Callable[..., Any], release: Release
) -> None:
    """The twin: from the first point to the last is across a break."""
    asked = "/spreiding?niveau=wijk&binnen=GM9901&indicator="
    body = get(f"{asked}establishments_per_1000", accept_language="en").json()
    why = "From 2021 public administration, education and care (O-Q) count too."
    assert body["breaks"] == [{"year": 2021, "why": why}]
    assert [body["points"][n]["year"] for n in (0, -1)] == [2017, 2024]
    moved = change(release, "establishments_per_1000", "wijk", "GM9901", (2021, 2024))
    assert body["change"] == {
        **asdict(moved), "years": [2021, 2024],
        "ratio": {"low": moved.ratio.low, "high": moved.ratio.high},
    }  # fmt: skip
    whole = get(f"{asked}social_assistance").json()
    assert (whole["breaks"], whole["change"]["years"]) == ([], [2017, 2024])
    assert whole["change"]["measure"] == "gap"
    none = get(f"{asked}ses_score").json()
    assert (none["points"], none["change"]) == ([], None)


INJECTION = "BU05181785'%20or%20startswith(WijkenEnBuurten,'')%20or%20'a'%20eq%20'"


@pytest.mark.parametrize(
    ("address", "status", "nl", "en"),
    [
        ("/buurten?pagina=" + "9" * 20, 400, "Pagina bestaat niet.", "Page does not exist."),
        ("/buurten?pagina=99999", 404, "Pagina bestaat niet.", "Page does not exist."),
        ("/buurten?buurtcode=BU0518'%20OR%201=1--", 400, "Ongeldige buurtcode.",
         "Invalid neighbourhood code."),
        (f"/cijfers?bron=cbs&regio={INJECTION}", 400, "Ongeldige regiocode.",
         "Invalid region code."),
        ("/buurten?jaar=2024&jaar=2025", 400, "De parameter 'jaar' komt twee keer voor.",
         "Parameter 'jaar' occurs twice."),
        ("/buurten/", 404, "Niet gevonden. Bedoelt u /buurten?", "Not found."),
        ("/gebieden/GM0001", 404, "GM0001 staat niet in deze cijfers.",
         "GM0001 is not in these figures."),
        ("/gebieden/BU1", 400, "Ongeldige gebiedscode. Een code ziet eruit als",
         "Invalid area code. A code looks like"),
        ("/gebieden?binnen=x", 400, "Ongeldige gebiedscode.", "Invalid area code."),
        ("/gebieden?niveau=dorp", 400,
         "Ongeldige waarde voor 'niveau'. Kies uit: land, gemeente, wijk, buurt.",
         "Invalid value for 'niveau'. Choose from: land, gemeente, wijk, buurt."),
        ("/gebieden?zoek=x", 400, "Zoek met minstens 2", "Search with at least 2"),
        ("/wijken?paginagrootte=0", 400, "Ongeldige paginagrootte.", "Invalid page size."),
        ("/wijken?pagina=1_0", 400, "Pagina bestaat niet.", "Page does not exist."),
        ("/wijken?paginagrootte=%2B9", 400, "Ongeldige paginagrootte.", "Invalid page size."),
        ("/spreiding", 400, "'indicator' ontbreekt.", "'indicator' is missing."),
        ("/indicatoren/POPULATION", 400, "Ongeldige code van een cijfer.",
         "Invalid code of a figure."),
        ("/gebieden/NL00/scan", 400, "Ongeldige gebiedscode.", "Invalid area code."),
        (f"/gebieden/{BUURT}/scan?niveau=buurt", 400,
         f"{BUURT} is zelf een wijk of buurt: niveau geldt voor een gemeente.",
         f"{BUURT} is a wijk or buurt itself: niveau is for a gemeente."),
        (f"/gebieden/{BUURT}/cijfers?indicator=happiness", 404, "Onbekend cijfer: happiness.",
         "Unknown indicator: happiness."),
        ("/gesprekken", 404, "Niet gevonden.", "Not found."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_both_languages(
    get: Callable[..., Any], address: str, status: int, nl: str, en: str
) -> None:
    assert get(address, status).json()["detail"].startswith(nl)
    assert get(address, status, accept_language="en").json()["detail"].startswith(en)


YEARLY = ["/cijfers?", f"/gebieden/{BUURT}/cijfers?", f"/gebieden/{BUURT}/scan?",
          f"/gebieden/{BUURT}/vergelijkbaar?",
          f"/gebieden/{BUURT}/herkomst?indicator=population&"]  # fmt: skip


@pytest.mark.parametrize("address", YEARLY)
@pytest.mark.parametrize(
    ("year", "nl"),
    [
        *[(wrong, "Ongeldig jaar. Schrijf vier cijfers, zoals 2024.") for wrong in (
            "2_020", "%2B2020", "02020", "2020.0", "1e3", "-1", "x", "%00", "9" * 30,
            "%D9%A2%D9%A0%D9%A2%D9%A0", "%EF%BC%92%EF%BC%90%EF%BC%92%EF%BC%90",
        )],
        ("2099", "Voor 2099 zijn geen cijfers geladen. Geladen jaren: "),
        ("2020&jaar=2021", "De parameter 'jaar' komt twee keer voor."),
    ],
)  # fmt: skip
def test_a_year_is_read_by_one_rule_in_the_api_and_on_pages(
    get: Callable[..., Any], release: Release, client: Client, address: str, year: str, nl: str
) -> None:
    """``int`` alone takes 2_020, +2020 and digits of every script, and a list of nothing says
    nothing of a year that nobody loaded."""
    assert get(f"{address}jaar={year}", 400).json()["detail"].startswith(nl)
    page = client.get(f"/gebied/{BUURT}/vergelijkbaar/?jaar={year}")
    assert page.status_code == 400 or year == "%00"  # of which nothing is left to read there


@pytest.mark.parametrize("address", YEARLY[:-1])
def test_an_empty_year_is_none_in_the_api_and_on_pages(
    get: Callable[..., Any], client: Client, release: Release, address: str
) -> None:
    assert get(f"{address}jaar=").json() == get(address.rstrip("?")).json()
    assert client.get(f"/gebied/{BUURT}/vergelijkbaar/?jaar=").status_code == 200


def test_differences_that_cannot_be_computed_say_why(get: Callable[..., Any]) -> None:
    asked = "/spreiding?indicator=ses_score&binnen=GM9901"
    body = get(asked).json()
    assert (body["points"], body["reason"][:56]) == (
        [], "Van ses_score zijn binnen GM9901 geen verschillen te ber",
    )  # fmt: skip
    assert get(asked, accept_language="en").json()["reason"].startswith("Differences in ses_score")
    assert get("/spreiding?indicator=social_assistance&binnen=GM9901").json()["reason"] is None


@pytest.mark.parametrize("address", ["/buurten", f"/gebieden/{BUURT}", f"/gebieden/{BUURT}/scan"])
def test_xml_is_not_given(get: Callable[..., Any], address: str) -> None:
    detail = get(address, 406, accept="text/xml").json()["detail"]
    assert detail.startswith("Alleen application/json")


def test_deleting_is_not_possible(client: Client) -> None:
    response = client.delete("/api/v1/buurten")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert response.json()["detail"].startswith("DELETE kan hier niet.")


def test_public_figures_and_their_description_are_for_scripts_of_any_site(
    get: Callable[..., Any],
) -> None:
    for address in ("/buurten", "/openapi.json"):
        assert get(address)["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in get(address)
    missing = get("/gesprekken", 404, origin="https://kwaad.example")
    assert "Access-Control-Allow-Origin" not in missing


def test_what_the_reader_has_is_not_sent_again(client: Client) -> None:
    etag = client.get("/api/v1/buurten")["ETag"]
    again = client.get("/api/v1/buurten", headers={"if-none-match": etag})
    headers = {"if-none-match": etag, "accept-language": "en"}
    english = client.get("/api/v1/buurten", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert english.status_code == 200


def test_a_reader_who_has_any_version_gets_none_of_what_is_there(client: Client) -> None:
    """RFC 9110 §13.1.2; what is not there is no version of anything."""
    asked = {"if-none-match": "*"}
    assert client.get("/api/v1/buurten", headers=asked).status_code == 304
    assert client.get("/api/v1/gebieden/GM0001", headers=asked).status_code == 404


@pytest.mark.parametrize("changed", ["figures", "insight", "web"])
def test_what_the_reader_has_is_sent_again_when_our_code_changed(
    client: Client, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    etag = client.get("/api/v1/buurten")["ETag"]
    real = api.fingerprint
    monkeypatch.setattr(
        api, "fingerprint", lambda part: "other" if part.endswith(changed) else real(part)
    )
    after = client.get("/api/v1/buurten", headers={"if-none-match": etag})
    assert (after.status_code, after["ETag"] != etag) == (200, True)


def test_without_figures_the_api_says_so(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    response = client.get("/api/v1/buurten")
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"


def test_the_description_keeps_to_the_dutch_design_rules(get: Callable[..., Any]) -> None:
    made = get("/openapi.json").json()
    assert made["openapi"].startswith("3.1")
    assert made["info"]["version"] == "1.0.0"
    assert {"name", "url"} <= set(made["info"]["contact"])
    assert all(server["url"].endswith("/v1") for server in made["servers"])
    assert not [path for path in made["paths"] if path.endswith("/")]
    assert {method for path in made["paths"].values() for method in path} == {"get"}
    for path in made["paths"].values():
        answers = path["get"]["responses"]
        assert {"200", "400", "404", "406"} <= set(answers)
        assert set(answers["400"]["content"]) == {"application/problem+json"}
        assert "API-Version" in answers["200"]["headers"]


PATHS = (
    "/gebieden", "/gemeenten", "/wijken", "/buurten", "/gebieden/{code}",
    "/gebieden/{code}/cijfers",
    "/cijfers", "/indicatoren", "/indicatoren/{id}", "/gebieden/{code}/scan",
    "/gebieden/{code}/vergelijkbaar", "/gebieden/{code}/herkomst", "/herkomst", "/spreiding",
)  # fmt: skip


def test_every_address_is_tried_with_made_up_questions(get: Callable[..., Any]) -> None:
    assert set(get("/openapi.json").json()["paths"]) == set(PATHS)


@pytest.mark.django_db  # each request looks after connections that an earlier test left open
@pytest.mark.parametrize("address", PATHS)
def test_no_question_breaks_it_and_every_answer_keeps_to_the_description(address: str) -> None:
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)

    @given(case=described[address]["GET"].as_strategy())
    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=HealthCheck)
    def ask(case: Any) -> None:
        response = case.call()
        unloaded = "year_not_loaded" in response.text  # a year may be asked, and not be here: 400
        case.validate_response(
            response, excluded_checks=[positive_data_acceptance] if unloaded else []
        )

    ask()
