# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a giver takes back is gone from every address of the site, for every role, at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pypdfium2
import pytest
from django.http import HttpResponse
from django.test import Client

from tests.web.journey import planting
from tests.web.journey.conftest import Signed
from tests.web.journey.planting import Planting, canary, of, with_card
from tests.web.journey.test_leaks import FOR_EVERYONE, addresses
from wijkeconomie.figures.release import Release
from wijkeconomie.web.accounts.models import Municipality, Role
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey.actions import listening
from wijkeconomie.web.journey.models import Giver

WORDS = canary("quote.words")
SAID = (WORDS, canary("wording.text"))
TEAM = (Role.FIELD_WORKER, Role.CODER, Role.PLANNER, Role.AREA_MANAGER)


@pytest.fixture
def planted(signed: Signed, municipality: Municipality, release: Release) -> Planting:
    made = planting.plant(signed, municipality, release)
    for step in ("executive", "council"):
        made.fill(Role.AREA_MANAGER, "plan", made.things["{plan}"], to=step)
    return made


def every(planted: Planting, *, files: bool) -> Iterator[str]:
    """All addresses in both languages, and the files of the plan: as it stands and as laid down."""
    for address in addresses(planted):
        yield address
        yield address if address.startswith("/api/") else f"/en{address}"
    for kind in ("pdf", "docx") if files else ():
        for version in ("", "?versie=1"):
            yield f"/plan/{planted.things['{plan}']}/stuk/raad.{kind}{version}"


def read(answer: HttpResponse) -> str:
    """The words of a page or file."""
    if answer.headers.get("Content-Type") == "application/pdf":
        pages = pypdfium2.PdfDocument(answer.content)
        return "".join(page.get_textpage().get_text_range() for page in pages)
    if answer.content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
            return "".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    return answer.content.decode("utf-8", "replace")


def saying(clients: dict[str, Client], planted: Planting) -> set[tuple[str, str]]:
    """Who still reads the words, and where."""
    return {
        (who, address.replace(planted.things["{plan}"], "…"))
        for who, client in clients.items()
        for address in every(planted, files=who == Role.PLANNER)
        if any(words in read(client.get(address)) for words in SAID)
    }


def test_taken_back_it_stands_nowhere_for_nobody_and_laid_down_versions_say_so(
    planted: Planting, signed: Signed
) -> None:
    giver = Giver.objects.get(pk=planted.things["{giver}"])
    mine = with_card(access.card_of(giver.pk))
    clients: dict[str, Client] = {role: signed(role) for role in Role if role != Role.RESIDENT}
    clients |= {"anyone": Client(), "giver": mine}
    before = saying(clients, planted)
    public = {one for one in before if one[1].removeprefix("/en").startswith(FOR_EVERYONE)}
    assert {who for who, _ in public} == clients.keys()  # the giver allowed it
    assert {who for who, _ in before - public} == {*TEAM}  # the twin: there they were
    council = {f"/plan/…/stuk/raad.{kind}{version}" for kind in ("html", "pdf", "docx")
               for version in ("", "?versie=1")}  # fmt: skip
    assert council - {address for _, address in before} == set()
    assert WORDS in mine.get("/mijn-bijdrage/gesprek/").content.decode()
    assert mine.post("/mijn-bijdrage/wijzigen/", {"withdraw": "1", **of(giver)}).status_code == 302
    assert saying(clients, planted) == set()
    assert WORDS not in mine.get("/mijn-bijdrage/gesprek/").content.decode()
    plan = f"/plan/{planted.things['{plan}']}/stuk/raad"
    for kind in ("html", "pdf", "docx"):
        for version in ("", "?versie=1", "?versie=3"):
            said = read(signed(Role.PLANNER).get(f"{plan}.{kind}{version}"))
            assert "ingetrokken" in said, (kind, version)


def test_a_page_that_a_browser_kept_is_asked_for_anew(planted: Planting, signed: Signed) -> None:
    """No address answers 304 to who saw it before, so a cache never shows what was taken back."""
    coder = signed(Role.CODER)
    page = f"/citaat/{planted.things['{quote}']}/memo/"
    thread = f"/api/v1/reizen/{planted.things['{journey}']}/draad"
    seen = {address: coder.get(address) for address in (page, thread)}
    listening.withdraw(giver=Giver.objects.get(pk=planted.things["{giver}"]))
    for address, before in seen.items():
        marks = {"If-None-Match": before.headers.get("ETag", '"x"')}
        after = coder.get(address, headers=marks)
        assert after.status_code != 304
        assert WORDS not in after.content.decode()
