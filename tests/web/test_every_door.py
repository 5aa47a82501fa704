# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every public address, whatever is asked of it, is answered in words and in reasonable time.

The doors are found in the addresses themselves, so a new one is tried too.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils.http import urlencode
from pytest_django import Settings

from wijkeconomie.figures import build
from wijkeconomie.figures.areas import gemeente_of
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Release, open_release
from wijkeconomie.figures.sources import files
from wijkeconomie.insight import scan
from wijkeconomie.web import downloads
from wijkeconomie.web import look as looking

pytestmark = pytest.mark.django_db
TRIES, SEED = 500, 20261129
ODD = ("", " ", "x", "0", "-1", "1999", "99999999999", "Ω", "a" * 5000, "../..", "%", "null", "1e9",
       "\x00", "<b>", "NL00", "GM0000", "WK000000", "BU00000000", "gm9901")  # fmt: skip
PUBLIC = ("/api/v1/gebied", "/api/v1/cijfers", "/api/v1/spreiding", "/beeld/", "/cijfers/",
          "/download/", "/gebied/<", "/kaart/<", "/rapport/", "/vergelijk/", "/zoek/")  # fmt: skip
ASKED = ("gebied", "indicator", "niveau", "jaar", "naast", "zoek", "erbij", "pagina",
         "paginagrootte", "binnen", "regio", "bron", "gemeentecode", "wijkcode", "buurtcode",
         "perspectief", "van", "onzin")  # fmt: skip


def doors(patterns: Any = None, before: str = "") -> Iterator[str]:
    """Every address of the site, with its parameters as they are declared: ``<str:code>``."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield f"/{route}"
        else:
            yield from doors(one.url_patterns, route)


class Asker:
    """Fills in an address and a query with what there is in the figures, and with what is not."""

    def __init__(self, release: Release, dice: random.Random) -> None:
        self._dice = dice
        levels = ("land", "gemeente", "wijk", "buurt")
        codes = [dice.choice(release.areas(name)).code for name in levels if release.areas(name)]
        years = [str(year) for year in (*release.years, 1999, 2030)]
        indicators = list(registry().indicators)
        self._known = {
            "gebied": codes, "code": codes, "area": codes, "indicator": indicators,
            "id": indicators, "niveau": ["gemeente", "wijk", "buurt", "land"], "level": ["buurt"],
            "jaar": years, "year": years, "naast": ["land", "vergelijkbaar"], "binnen": codes,
            "regio": codes, "gemeentecode": codes, "wijkcode": codes, "buurtcode": codes,
            "release": [release.id], "zoek": ["kern", "Almere", codes[-1]], "erbij": ["kern"],
            "pagina": ["1", "2"], "paginagrootte": ["1", "1000"], "bron": ["CBS"],
            "kind": [*downloads.TABLES, *downloads.PICTURES],
            "format": ["csv", "json", "xlsx", "html"],
            "perspectief": ["work"],
        }  # fmt: skip

    def _one(self, name: str, odd: float = 0.2) -> str:
        known = self._known.get(name, [])
        return self._dice.choice(ODD if not known or self._dice.random() < odd else known)

    def address(self, door: str) -> str:
        """Of *door*, with a query of some parameters, now and then twice or very many."""

        def filled(found: re.Match[str]) -> str:
            kind, _, name = found[1].rpartition(":")
            if kind.startswith("uuid"):
                return str(UUID(int=self._dice.getrandbits(128)))
            if kind == "int":
                return str(self._dice.choice([0, 1, 2019, 2024, 10**30]))
            return self._one(name, 0.1).replace("/", "%2F").replace("\x00", "%00") or "x"

        path = re.sub(r"<([^>]+)>", filled, door)
        odd = self._dice.choice([0.0, 0.0, 0.2])
        names = [name for name in ASKED[:4] if self._dice.random() < 0.5]
        names += self._dice.choices(ASKED, k=self._dice.choice([0, 0, 1, 4]) if odd else 0)
        pairs = [(name, self._one(name, odd)) for name in names]
        if self._dice.random() < 0.02:
            pairs += [(f"x{n}", "1") for n in range(1001)]
        return f"{path}?{urlencode(pairs)}" if pairs else path


def site(folder: Path, settings: Settings) -> tuple[Release, Client]:
    settings.DATA = folder
    client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    return open_release(folder), client


def tried(release: Release, client: Client, tries: int) -> list[tuple[int, str]]:
    """Status and address of each try: every door in turn, so many in all."""
    dice = random.Random(SEED)
    asker, found = Asker(release, dice), []
    all_doors = [door for door in doors() if "(?P" not in door]
    open_to_all = [door for door in all_doors if door.startswith(PUBLIC)]
    for n in range(tries):
        door = dice.choice(open_to_all) if n % 4 else all_doors[n // 4 % len(all_doors)]
        address = dice.choice(["", "/en"] if not door.startswith("/api") else [""])
        address += asker.address(door)
        found.append((client.get(address).status_code, address))
    return found


# -- nobody makes the site judge the whole country


def asked_of_the_country() -> Iterator[str]:
    """The country for every area, at every level, at every door."""
    full = {
        "<str:code>": "NL00", "<code>": "NL00", "<str:level>": "buurt", "<int:z>/<int:x>/<int:y>":
        "0/0/0", "<str:indicator>": "population", "<id>": "population", "<int:year>": "2024",
        "<str:gemeente>": "NL00", "<str:format>": "json",
    }  # fmt: skip
    query = "gebied=NL00&binnen=NL00&regio=NL00&gemeentecode=NL00&indicator=social_assistance"
    for door in doors():
        for name, value in full.items():
            door = door.replace(name, value)  # noqa: PLW2901
        kinds = downloads.PICTURES if door.startswith("/beeld") else downloads.TABLES
        for kind in kinds if "<str:kind>" in door else [""]:
            path = re.sub("<uuid[^>]*>", str(UUID(int=1)), door.replace("<str:kind>", kind))
            for level in ("", "&niveau=gemeente", "&niveau=wijk", "&niveau=buurt"):
                yield f"{path}?{query}{level}"


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Of how many gemeenten areas were judged at once; what was kept before is forgotten."""
    looking.scans.cache_clear()
    seen: set[int] = set()
    judge = scan._scan

    def spy(release: Release, level: str, codes: tuple[str, ...], year: int | None) -> Any:
        seen.add(len({gemeente_of(code) for code in codes}))
        return judge(release, level, codes, year)

    monkeypatch.setattr(scan, "_scan", spy)
    return seen


def test_no_public_door_judges_more_than_one_gemeente_at_once(
    release: Release, settings: Settings, judged: set[int]
) -> None:
    _, client = site(settings.DATA, settings)
    answered = {a: client.get(a.replace("<str:release>", release.id)).status_code
                for a in asked_of_the_country()}  # fmt: skip
    assert judged == {1}
    assert len(answered) > 500
    assert [address for address, status in answered.items() if status >= 500] == []
    for kind in ("opgaven", "areas", "ranking", "spread"):
        told = client.get(f"/en/download/{kind}.csv?gebied=NL00&niveau=buurt")
        assert told.status_code == 400
        assert "Ask for one gemeente at a time, such as GM0518" in told.content.decode()


def test_twin_a_door_that_judges_the_country_is_seen(
    release: Release, settings: Settings, judged: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def all_of_it(release: Release, _asked: object) -> Any:
        codes = tuple(area.code for area in release.areas("wijk"))
        return scan._scan(release, "wijk", codes, None)

    monkeypatch.setattr(downloads, "scans_of", all_of_it)
    _, client = site(settings.DATA, settings)
    assert client.get("/download/opgaven.json?gebied=NL00&niveau=wijk").status_code == 200
    assert max(judged) > 1


# -- whatever is asked


def test_every_door_is_found() -> None:
    found = set(doors())
    assert {"/download/<str:kind>.<str:format>", "/api/v1/gebieden/<code>/scan", "/"} <= found
    assert len(found) > 150


def test_nothing_that_is_asked_of_the_example_is_a_fault_of_ours(
    release: Release, settings: Settings
) -> None:
    found = tried(*site(settings.DATA, settings), TRIES)
    assert [one for one in found if one[0] >= 500] == []
    assert {200, 400, 404} <= {status for status, _ in found}


def test_nothing_that_is_asked_of_two_real_gemeenten_is_a_fault_of_ours(
    shared: Path, tmp_path: Path, settings: Settings
) -> None:
    """Of two years: each gemeente has figures of one of them."""
    amsterdam = shared / "data/kwb-2017-amsterdam/Kerncijfers_wijken_en_buurten_2017.csv"
    utrecht = shared / "data/kwb-2023-utrecht/CBS-Utrecht-kwb-2023.xlsx"
    tables = [*files.read(amsterdam, year=2017), *files.read(utrecht)]
    build.load(tmp_path, tables)
    found = tried(*site(tmp_path, settings), TRIES)
    assert [one for one in found if one[0] >= 500] == []
