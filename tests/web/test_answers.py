# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every error of an API is problem+json in the reader's language, whatever went wrong.

The API of this site only reads; the rules for writing are tried on an API that only tests have.
"""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from wijkeconomie.figures.release import Release
from wijkeconomie.web.context import UNREAD


@pytest.fixture
def client(settings: Settings, only_for_tests: ModuleType) -> Client:
    settings.ROOT_URLCONF = only_for_tests.__name__
    return Client(raise_request_exception=False)


def _problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["API-Version"] == "1.0.0"
    body: dict[str, Any] = json.loads(response.content)
    assert body["status"] == status
    assert {"type", "title", "detail", "instance"} <= set(body)
    return body


def _post(client: Client, body: str, kind: str = "application/json", **headers: str) -> Any:
    return client.post("/api/v1/ondernemers", body, kind, headers=headers)


def test_broken_json_names_the_position(client: Client) -> None:
    body = _problem(_post(client, '{"a":'), 400)
    assert body["detail"].startswith("Ongeldige JSON op positie 5.")


def test_a_body_that_is_no_json_is_415(client: Client) -> None:
    body = _problem(_post(client, "hallo", "text/plain"), 415)
    assert body["detail"] == "Stuur application/json."


def test_all_wrong_fields_come_together(client: Client) -> None:
    wrong = json.dumps({"kvkNummer": "1", "postcode": "x", "email": "y"})
    body = _problem(_post(client, wrong), 400)
    assert body["detail"] == "3 velden zijn ongeldig: kvkNummer, postcode, email."
    assert [error["in"] for error in body["errors"]] == ["body"] * 3


def test_what_was_sent_is_not_sent_back(client: Client) -> None:
    wrong = json.dumps({"kvkNummer": "geheim", "postcode": "x", "email": "y"})
    assert "geheim" not in _post(client, wrong).content.decode()


def test_the_reader_chooses_the_language(client: Client) -> None:
    body = _problem(_post(client, "hallo", "text/plain", accept_language="fr, en;q=0.5"), 415)
    assert body["detail"] == "Send application/json."


def test_an_unknown_address_is_404_and_a_slash_too_many_is_explained(client: Client) -> None:
    assert "openapi.json" in _problem(client.get("/api/v1/nergens"), 404)["detail"]
    body = _problem(client.get("/api/v1/buurten/"), 404)
    assert body["detail"] == "Niet gevonden. Bedoelt u /buurten?"


def test_what_is_not_yours_is_404(client: Client) -> None:
    _problem(client.get("/api/v1/dossiers/2"), 404)


def test_a_request_that_would_change_something_is_forbidden_in_words_that_agree() -> None:
    answer = _problem(Client(enforce_csrf_checks=True).put("/api/v1/reizen/"), 403)
    assert answer["type"] == "urn:wijkeconomie:problem:api_not_allowed"
    assert (answer["title"], answer["detail"]) == (
        "Dat mag u niet",
        "Dit mag niet. De API is om te lezen (GET en HEAD). Er is niets gewijzigd.",
    )


def test_a_method_that_is_not_there_is_405_and_says_which_are(client: Client) -> None:
    response = client.delete("/api/v1/buurten")
    assert _problem(response, 405)["detail"] == "DELETE kan hier niet. Wel: GET, HEAD."
    assert response["Allow"] == "GET, HEAD"


def test_a_crash_is_500_without_a_trace_of_its_cause(client: Client) -> None:
    response = client.get("/api/v1/stuk")
    _problem(response, 500)
    assert "ZeroDivision" not in response.content.decode()


def test_a_refusal_is_404_and_wrong_use_400(client: Client) -> None:
    assert "GM0001" in _problem(client.get("/api/v1/geweigerd"), 404)["detail"]
    _problem(client.get("/api/v1/geweigerd?fout=true"), 400)


def test_a_foreign_host_is_400(client: Client) -> None:
    body = _problem(client.get("/api/v1/buurten", headers={"host": "kwaad.example"}), 400)
    assert body["detail"].startswith("Onbekende host.")


def test_too_many_parameters_are_400(client: Client) -> None:
    body = _problem(client.get("/api/v1/buurten?" + "&".join(f"x{n}" for n in range(1002))), 400)
    assert body["type"] == "urn:wijkeconomie:problem:too_many_parameters"
    assert body["detail"].startswith("Dit adres heeft meer dan 1.000 parameters.")


@pytest.mark.parametrize(("code", "status"), [("body_slow", 408), ("body_large", 413),
                                              ("body_busy", 429)])  # fmt: skip
def test_a_body_that_did_not_come_in_is_no_success_at_any_door(
    client: Client, code: str, status: int
) -> None:
    """The front of the server says why (``context.UNREAD``)."""
    unread: dict[str, Any] = {UNREAD: code}
    sent = client.post("/api/v1/ondernemers", "", "application/json", **unread)
    assert _problem(sent, status)["type"] == f"urn:wijkeconomie:problem:{code}"
    assert _problem(client.post("/api/v1/nergens", **unread), status)


def test_a_parameter_that_comes_twice_is_400(client: Client) -> None:
    body = _problem(client.get("/api/v1/buurten?jaar=2024&jaar=2025"), 400)
    assert body["detail"].startswith("De parameter 'jaar' komt twee keer voor.")


def test_an_unknown_parameter_is_400_and_the_known_are_named(client: Client) -> None:
    body = _problem(client.get("/api/v1/buurten?jaren=2024"), 400)
    assert body["detail"] == "De parameter 'jaren' bestaat hier niet. Wel: jaar."


def test_head_is_get_without_a_body(client: Client) -> None:
    response, whole = client.head("/api/v1/buurten"), client.get("/api/v1/buurten")
    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(len(whole.content))


def test_what_the_reader_has_is_not_sent_again(release: Release) -> None:
    site = Client(headers={"host": "127.0.0.1"})
    etag = site.get("/api/v1/gemeenten")["ETag"]
    again = site.get("/api/v1/gemeenten", headers={"if-none-match": etag})
    other = site.get("/api/v1/gemeenten?paginagrootte=5", headers={"if-none-match": etag})
    assert (again.status_code, other.status_code) == (304, 200)


def test_what_is_not_public_is_kept_by_nobody(client: Client) -> None:
    response = client.get("/api/v1/buurten")
    assert "ETag" not in response
    assert response["Cache-Control"] == "private, no-store"


def test_private_data_is_not_for_scripts_of_other_sites(client: Client) -> None:
    for address in ("buurten", "nergens"):
        response = client.get(f"/api/v1/{address}", headers={"origin": "https://kwaad.example"})
        assert "Access-Control-Allow-Origin" not in response


def test_pages_are_not_touched(client: Client) -> None:
    assert "API-Version" not in client.get("/nergens")
