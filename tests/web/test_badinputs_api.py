# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Bad requests of the manifest, sent as they are written there."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from wijkeconomie.figures.release import Release

# What each line asks for today: the site's API only reads, so lines about writing are sent to an
# API that only tests have (see test_problems), and objects that do not exist yet are 404.
STATUS = {
    "API-01": 400, "API-02": 415, "API-03": 400, "API-04": 400, "API-06": 400, "API-07": 400,
    "API-08": 400, "API-12": 404, "API-13": 404, "API-14": 405, "API-15": 406, "API-18": 400,
    "API-20": 404,
}  # fmt: skip
WRITING = {"API-01", "API-02", "API-03", "API-12"}
LATER = {
    "API-11": "no object can be changed through the API yet",
    "API-17": "a slow body is the server's to close; nothing takes a body yet",
    "API-19": "no address takes personal data yet; it answers 404",
}


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: str

    @classmethod
    def read(cls, path: Path) -> Request:
        head, _, body = path.read_text("utf-8").partition("\n\n")
        first, *rest = head.splitlines()
        method, _, address = first.partition(" ")
        headers = dict(line.split(": ", 1) for line in rest)
        return cls(method, address.strip(), headers, body)

    def send(self, client: Client, language: str) -> Any:
        parts = urlsplit(self.path)
        headers = {**self.headers, "Accept-Language": language}
        return client.generic(
            self.method, unquote(parts.path), self.body,
            content_type=headers.pop("Content-Type", "application/octet-stream"),
            QUERY_STRING=parts.query, headers=headers,
        )  # fmt: skip


def _lines(shared: Path) -> dict[str, dict[str, str]]:
    with (shared / "badinputs/manifest.csv").open(encoding="utf-8", newline="") as lines:
        return {line["id"]: line for line in csv.DictReader(lines) if line["area"] == "api"}


@pytest.fixture
def writing(settings: Settings, only_for_tests: ModuleType) -> Client:
    settings.ROOT_URLCONF = only_for_tests.__name__
    return Client(raise_request_exception=False)


def test_every_line_of_the_manifest_is_tried_or_waits_with_a_reason(shared: Path) -> None:
    assert set(_lines(shared)) == set(STATUS) | set(LATER)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("line", STATUS)
def test_a_bad_request_is_answered_as_its_line_says(
    shared: Path, release: Release, request: pytest.FixtureRequest, line: str, language: str
) -> None:
    client = request.getfixturevalue("writing" if line in WRITING else "client")
    wanted = _lines(shared)[line]
    response = Request.read(shared / "badinputs" / wanted["file"]).send(client, language)
    assert response.status_code == STATUS[line]
    assert response["Content-Type"] == "application/problem+json"
    message = wanted[f"message_{language}"].rstrip(".")
    if line != "API-20":
        assert response.json()["detail"].startswith(message)
    assert "Access-Control-Allow-Credentials" not in response


def test_private_objects_have_no_cors_header(
    shared: Path, client: Client, release: Release
) -> None:
    response = Request.read(shared / "badinputs/api/cors_evil.http").send(client, "nl")
    assert "Access-Control-Allow-Origin" not in response


def test_personal_data_in_an_address_is_not_offered(
    shared: Path, client: Client, release: Release
) -> None:
    response = Request.read(shared / "badinputs/api/pii_in_url.http").send(client, "nl")
    assert response.status_code == 404
    assert "example.nl" not in response.content.decode()
