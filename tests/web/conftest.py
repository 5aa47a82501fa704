# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The fictional country as the site's release."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.http import Http404, HttpRequest
from django.urls import path
from django.utils import translation
from ninja import Schema
from pydantic import Field
from pytest_django import Settings

from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.release import Release, open_release
from wijkeconomie.web.answers import Api


@pytest.fixture(autouse=True)
def dutch() -> None:
    """An address in English leaves its language behind in the thread."""
    translation.activate("nl")


@pytest.fixture
def release(demo_data: Path, settings: Settings) -> Iterator[Release]:
    """The site shows the fictional release while a test runs; its photos are gone after it."""
    settings.DATA = demo_data
    yield open_release(demo_data)
    for kept in ("photos", "recordings"):
        shutil.rmtree(demo_data / kept, ignore_errors=True)
    (demo_data / "taken-back.txt").unlink(missing_ok=True)


class Entrepreneur(Schema):
    kvkNummer: str = Field(pattern=r"^\d{8}$")  # noqa: N815 -- a field of the outside world
    postcode: str = Field(pattern=r"^\d{4}[A-Z]{2}$")
    email: str = Field(pattern="@")


def _urls() -> ModuleType:
    api = Api(public=False, state=lambda: "r1", urls_namespace="only-for-tests")

    @api.post("/ondernemers")
    def make(request: HttpRequest, body: Entrepreneur) -> dict[str, str]:
        return {"made": body.kvkNummer}

    @api.post("/gesprekken")
    def talk(request: HttpRequest, body: Entrepreneur) -> dict[str, str]:
        return {"made": body.kvkNummer}

    @api.get("/buurten")
    def listed(request: HttpRequest, jaar: int = 2024) -> dict[str, int]:
        return {"jaar": jaar}

    @api.get("/dossiers/{number}")
    def dossier(request: HttpRequest, number: int) -> dict[str, int]:
        raise Http404

    @api.get("/stuk")
    def broken(request: HttpRequest) -> dict[str, int]:
        raise ZeroDivisionError

    @api.get("/geweigerd")
    def refused(request: HttpRequest, fout: bool = False) -> dict[str, int]:
        raise WrongUse("no_areas") if fout else Refusal("unknown_area", code="GM0001")

    module = ModuleType("only_for_tests_urls")
    module.urlpatterns = [path("api/v1/", api.urls)]  # type: ignore[attr-defined]
    return module


@pytest.fixture
def only_for_tests(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Addresses of an API that also writes: the site's own only reads."""
    module = _urls()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module
