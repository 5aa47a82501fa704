# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every bad form and upload of the shared manifest, at every door of a journey where it fits: what
its row says, in both languages, and never an error of the server."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.journey.conftest import Signed
from tests.web.journey.jpegs import EXIF, jpeg
from tests.web.journey.test_exchange import also_in_the_field
from tests.web.journey.test_field import SAID, SEEN, send
from tests.web.journey.test_guides import SHOP
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey.actions import sense
from wijkeconomie.web.journey.models import (
    Conversation,
    Guide,
    Journey,
    Observation,
    Photo,
    Theme,
    Wording,
)

AREAS = ("form", "upload", "xml", "xlsx", "json")
NO_DOOR = {
    "FRM-04": "no field for a number of the trade register yet",
    "FRM-05": "no field for an RSIN",
    "FRM-06": "no field for a bank account; in a text it is replaced before others read it",
    "FRM-12": "nobody types an address of the web",
    "FRM-18": "nothing can be booked; a journey may begin, and a promise be noted, in the past",
    "XML-05": "no service is asked here",
}  # fmt: skip
WORDS = {"text": "De huur is hoog.", "allows": ["note"], "giver_kind": "resident", "language": "nl",
         "kind": "street", "held_at": "2026-09-02T10:00"}  # fmt: skip


@dataclass(frozen=True)
class Doors:
    """The doors of a journey in one language, for who may use each."""

    signed: Signed
    person: Callable[[Role], User]
    journey: Journey
    language: str
    folder: Path

    @cached_property
    def field(self) -> Client:
        return self._client(Role.FIELD_WORKER)

    @cached_property
    def planner(self) -> Client:
        return self._client(Role.PLANNER)

    @cached_property
    def coder(self) -> Client:
        return self._client(Role.CODER)

    def _client(self, role: Role) -> Client:
        client = self.signed(role)
        client.raise_request_exception = False
        return client

    @property
    def before(self) -> str:
        return "/en" if self.language == "en" else ""

    def row(self, row: str) -> dict[str, str]:
        with (self.folder / "manifest.csv").open(encoding="utf-8", newline="") as lines:
            return next(line for line in csv.DictReader(lines) if line["id"] == row)

    def given(self, row: str) -> Any:
        return json.loads((self.folder / self.row(row)["file"]).read_text("utf-8"))

    def post(self, client: Client, page: str, **given: Any) -> tuple[int, str]:
        answer = client.post(f"{self.before}/{page}", {"key": uuid4(), **given})
        return answer.status_code, unescape(answer.content.decode())

    def hear(self, **given: Any) -> tuple[int, str]:
        return self.post(self.field, f"reis/{self.journey.pk}/gesprek/", **{**WORDS, **given})

    def phone(self, content: dict[str, Any], to: str = "gesprekken") -> tuple[int, str]:
        answer = send(self.field, self.journey, uuid4(), content, to)
        return answer.status_code, answer.json().get("detail", "")

    def upload(self, content: bytes, name: str = "bestand") -> dict[str, tuple[int, str]]:
        """What each door for files answers."""
        doors = {"leidraad": (self.planner, {}), "uitwisselen": (self.coder, {"what": "codes"})}
        return {
            page: self.post(client, f"reis/{self.journey.pk}/{page}/", **more,
                            file=SimpleUploadedFile(name, content))
            for page, (client, more) in doors.items()
        }  # fmt: skip

    def picture(self, content: bytes) -> tuple[int, str]:
        """What the door for photos answers, beside something seen."""
        key = uuid4()
        send(self.field, self.journey, key, SEEN, "waarnemingen")
        page = f"{self.before}/veld/{self.journey.pk}/foto/{key}/{uuid4()}/"
        answer = self.field.post(page, content, "image/jpeg")
        return answer.status_code, answer.json().get("detail", "")


@pytest.fixture(params=["nl", "en"])
def doors(
    request: pytest.FixtureRequest, signed: Signed, person: Callable[[Role], User],
    journey: Journey, shared: Path,
) -> Doors:  # fmt: skip
    return Doors(signed, person, journey, request.param, shared / "badinputs")


def kept() -> list[int]:
    return [kind.objects.count() for kind in (Conversation, Observation, Theme, Guide, Photo)]


NOTHING = [0, 0, 0, 0, 0]


def says(doors: Doors, row: str, text: str) -> bool:
    """Whether *text* holds the message of the row."""
    message = doors.row(row)[f"message_{doors.language}"].rstrip(".")
    assert message
    return message in text


def test_every_row_is_tried_or_has_no_door_here(shared: Path) -> None:
    with (shared / "badinputs/manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = {line["id"] for line in csv.DictReader(lines) if line["area"] in AREAS}
    tried = {*TRIED, *PHOTOS, *FILES}
    assert tried | NO_DOOR.keys() == rows
    assert tried & NO_DOOR.keys() == set()


TRIED = {"FRM-01", "FRM-02", "FRM-08", "FRM-09", "FRM-10", "FRM-14", "FRM-15", "FRM-16", "FRM-17",
         "FRM-21", "UPL-10"}  # fmt: skip


def test_frm_01_a_nul_is_a_fault_of_the_field(doors: Doors) -> None:
    text = doors.given("FRM-01")["tekst"]
    reis = f"reis/{doors.journey.pk}"
    sense.find(
        by=doors.person(Role.CODER),
        journey=doors.journey,
        key=uuid4(),
        claim="Te duur",
        perspective="space",
    )  # fmt: skip -- what an opgave rests on
    answers = [
        doors.hear(text=text),
        doors.post(doors.field, f"{reis}/waarneming/", place="Kade", note=text),
        doors.post(doors.coder, f"{reis}/thema/", name=text),
        doors.post(doors.planner, f"{reis}/opgave/", sentence=text, assumption=text),
        doors.post(doors.planner, f"{reis}/plan/", title=text, budget="1", hours="1"),
    ]
    assert [(status, says(doors, "FRM-01", said)) for status, said in answers] == [(422, True)] * 5
    for content, to in ((SAID | {"text": text}, "gesprekken"), (SEEN | {"note": text},
                        "waarnemingen")):  # fmt: skip
        assert doors.phone(content, to)[0] == 422
    assert doors.phone(SAID | {"noted": {"answers": {"a": text}}})[0] == 422
    assert kept() == NOTHING


def test_half_a_sign_from_a_device_is_refused_too(doors: Doors) -> None:
    sign = "\ud83d"
    for content in (SAID | {"text": f"Ja {sign}"}, SAID | {"noted": {"answers": {"a": sign}}},
                    SAID | {"noted": {"answers": {sign: "a"}}}):  # fmt: skip
        assert doors.phone(content)[0] == 422
    assert doors.phone(SEEN | {"note": sign}, "waarnemingen")[0] == 422
    assert kept() == NOTHING


def test_frm_02_a_bsn_is_told_once_before_anything_is_kept(doors: Doors) -> None:
    text = doors.given("FRM-02")["tekst"]
    status, said = doors.hear(text=text)
    row = doors.row("FRM-02")[f"message_{doors.language}"]
    assert (status, row.split(";")[0].rstrip(".") in said) == (422, True)
    (marks,) = re.findall('name="warned" value="([^"]+)"', said)
    assert (text in said, kept()) == (True, NOTHING)
    assert '<mark class="personal">111222333</mark>' in said
    assert (said.count(" checked"), 'value="note" id="id_allows_0"' in said) == (1, True)
    assert doors.hear(text=text, warned="1")[0] == 422  # of nothing that it read
    assert doors.hear(text=text, warned=marks)[0] == 302
    seen = doors.post(doors.field, f"reis/{doors.journey.pk}/waarneming/", place="Kade", note=text)
    assert (seen[0], Observation.objects.count()) == (422, 0)
    talk = Conversation.objects.get()  # and nobody else reads it before it is replaced
    checked = doors.post(doors.field, f"gesprek/{talk.pk}/nagekeken/")
    assert (checked[0], '<mark class="personal">111222333</mark>' in checked[1]) == (422, True)


def test_frm_08_a_day_that_does_not_exist_is_named(doors: Doors) -> None:
    day = doors.given("FRM-08")["datum"]
    page = f"reizen/{doors.journey.municipality.code}/nieuw/"
    for written in (day, "2026-02-31"):
        status, said = doors.post(doors.planner, page, name="x", area=doors.journey.area,
                                  starts_on=written)  # fmt: skip
        expected = says(doors, "FRM-08", said) if doors.language == "nl" or written != day else True
        assert (status, expected) == (422, True)
    assert Journey.objects.count() == 1


def test_frm_09_an_hour_that_the_clock_skipped_is_named(doors: Doors) -> None:
    status, said = doors.hear(held_at=doors.given("FRM-09")["start"])
    assert (status, says(doors, "FRM-09", said), kept()) == (422, True, NOTHING)


def test_frm_10_an_hour_that_came_twice_is_asked_for(doors: Doors) -> None:
    when = doors.given("FRM-10")["start"]
    status, said = doors.hear(held_at=when)
    asked = '<select name="clock"' in said
    assert (status, says(doors, "FRM-10", said), asked) == (422, True, True)
    for clock, hour in (("0", 0), ("1", 1)):
        assert doors.hear(held_at=when, clock=clock)[0] == 302
        assert Conversation.objects.latest("made_at").held_at.hour == hour


def test_frm_14_every_letter_stays_as_it_is(doors: Doors) -> None:
    """Also what is asked about first, for it begins as a name does."""
    text = doors.given("FRM-14")["naam"]
    asked = value(doors.hear(text=text)[1], "warned")
    assert doors.hear(text=text, warned=asked)[0] == 302
    assert Wording.objects.get().text == text
    assert doors.phone(SAID | {"text": text})[0] == 200
    reis = f"reis/{doors.journey.pk}"
    asked = value(doors.post(doors.coder, f"{reis}/thema/", name=text[:80])[1], "warned")
    assert doors.post(doors.coder, f"{reis}/thema/", name=text[:80], warned=asked)[0] == 302
    assert text[:80] in unescape(doors.coder.get(f"/{reis}/themas/").content.decode())


def test_frm_15_the_same_form_twice_is_one_with_the_same_answer(doors: Doors) -> None:
    key, page = uuid4(), f"{doors.before}/reis/{doors.journey.pk}/gesprek/"
    answers = [doors.field.post(page, {**WORDS, "key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Conversation.objects.count() == 1


def value(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def test_frm_16_of_two_who_change_one_thing_neither_is_lost(doors: Doors) -> None:
    by = doors.person(Role.CODER)
    theme = sense.add_theme(by=by, journey=doors.journey, key=uuid4(), name="Huur")
    page = f"thema/{theme.pk}/wijzigen/"
    shown = doors.coder.get(f"{doors.before}/{page}").content.decode()
    first = {"name": "Huur", "was": value(shown, "was")}
    assert doors.post(doors.planner, page, **first, definition="Van de planmaker")[0] == 302
    status, said = doors.post(doors.coder, page, **first, definition="Van de codeur")
    for words in ("Van de planmaker", "Van de codeur"):
        assert words in said
    row = doors.row("FRM-16")[f"message_{doors.language}"]
    before, after = row.split("14:02")
    assert (status, before in said, after.rstrip(".").split(";")[0] in said) == (409, True, True)
    theme.refresh_from_db()
    assert theme.definition == "Van de planmaker"
    again = first | {"was": value(said, "was")}  # having seen the other
    assert doors.post(doors.coder, page, **again, definition="Van beiden")[0] == 302
    theme.refresh_from_db()
    assert theme.definition == "Van beiden"


def test_frm_16_twin_without_what_was_shown_the_last_one_wins(doors: Doors) -> None:
    by = doors.person(Role.CODER)
    theme = sense.add_theme(by=by, journey=doors.journey, key=uuid4(), name="Huur")
    for words in ("Van de planmaker", "Van de codeur"):
        page = f"thema/{theme.pk}/wijzigen/"
        assert doors.post(doors.coder, page, name="Huur", definition=words)[0] == 302
    theme.refresh_from_db()
    assert theme.definition == "Van de codeur"


def test_frm_16_also_of_a_text_and_of_a_verdict(doors: Doors) -> None:
    doors.hear()
    talk = Conversation.objects.get()
    finding = sense.find(by=doors.person(Role.CODER), journey=doors.journey, key=uuid4(),
                         claim="Duur", perspective="space")  # fmt: skip
    verdict = {"verdict": "only_words", "confidence": "weak"}
    for client, page, one, other in (
        (doors.field, f"gesprek/{talk.pk}/verbeteren/", {"text": "Een."}, {"text": "Twee."}),
        (doors.coder, f"bevinding/{finding.pk}/oordeel/", verdict | {"why": "Een."},
         verdict | {"why": "Twee."}),
    ):  # fmt: skip
        was = value(client.get(f"{doors.before}/{page}").content.decode(), "was")
        assert doors.post(client, page, **one, was=was)[0] == 302
        status, said = doors.post(client, page, **other, was=was)
        assert (status, "Een." in said, "Twee." in said) == (409, True, True)


def test_frm_17_without_a_session_nothing_is_kept_and_the_page_that_keeps_the_text_says_where(
    doors: Doors,
) -> None:
    """The text stays on the page at a desk (tests/journeys/test_reis_journey.py), and on a device
    behind its PIN (test_field_journey.py): neither is kept here without a session."""
    page = f"{doors.before}/reis/{doors.journey.pk}/gesprek/"
    shown = doors.field.get(page).content.decode()
    assert f'data-kept="{doors.before}/inloggen/"' in shown
    doors.field.logout()
    status, _said = doors.hear(text=doors.given("FRM-17")["tekst"])
    assert (status, kept()) == (302, NOTHING)


def test_frm_21_fields_that_the_form_does_not_have_change_nothing(doors: Doors) -> None:
    user = doors.person(Role.FIELD_WORKER)
    before = sorted(user.memberships.values_list("role", "municipality"))
    assert doors.hear(**doors.given("FRM-21"), made_by=str(uuid4()), state="checked")[0] == 302
    talk = Conversation.objects.get()
    assert (talk.state, talk.made_by, talk.journey) == ("received", user, doors.journey)
    assert sorted(user.memberships.values_list("role", "municipality")) == before
    status, _said = doors.phone(SAID | {"state": "checked", "made_by": "x"})
    assert (status, Conversation.objects.filter(state="checked").count()) == (200, 0)


# -- files

PHOTOS = {  # at the door for photos: what of the row's message is said there
    "UPL-01": "photo_no_jpeg", "UPL-02": "photo_no_jpeg", "UPL-03": "photo_no_jpeg",
    "UPL-04": "photo_no_jpeg", "UPL-05": "photo_no_jpeg", "UPL-07": "photo_no_jpeg",
    "UPL-08": "photo_no_jpeg",  # its segment is longer than the file; a whole one: next test
}  # fmt: skip
FILES = {  # at the doors for a guide and for another program; "": not a file of this kind
    "XLSX-03", "XLSX-04", "XLSX-06", "XLSX-07", "XLSX-10", "XLSX-11", "XLSX-12", "XLSX-13",
    "XLSX-14", "XLSX-16", "XML-03", "XML-04", "JSON-01", "JSON-03", "JSON-04", "JSON-06", "JSON-07",
    "JSON-08",
}  # fmt: skip
SAID_THERE = {  # the rows whose very message is said at that door
    "leidraad": {"UPL-07", "XLSX-03", "XLSX-04", "XLSX-06", "XLSX-07", "XLSX-10", "XLSX-11",
                 "XLSX-12"},
    "uitwisselen": {"UPL-07", "XLSX-06", "XLSX-11", "XLSX-12"},
}  # fmt: skip


@pytest.mark.parametrize("row", PHOTOS)
def test_what_is_no_photo_of_ours_is_refused_and_the_text_stays(doors: Doors, row: str) -> None:
    content = (doors.folder / doors.row(row)["file"]).read_bytes()
    status, said = doors.picture(content)
    assert (status, kept()) == (422, [0, 1, 0, 0, 0])
    if row == "UPL-03":
        assert says(doors, row, said)
    assert said.startswith({
        ("photo_no_jpeg", "nl"): "De inhoud is geen JPEG.",
        ("photo_no_jpeg", "en"): "Content is not a JPEG.",
    }[PHOTOS[row], doors.language])  # fmt: skip


def test_upl_08_a_photo_with_its_place_is_drawn_anew_by_the_device_or_refused(
    doors: Doors,
) -> None:
    status, said = doors.picture(jpeg(EXIF))
    told = {"nl": "In deze foto staat meer dan het beeld, zoals de plek",
            "en": "This photo holds more than its picture, such as the place"}  # fmt: skip
    assert (status, told[doors.language] in said, Photo.objects.count()) == (422, True, 0)
    assert doors.picture(jpeg())[0] == 200


@pytest.mark.parametrize(
    "change",
    ['"title": "x", "title": "y"', '"title": "\\u0000"', '"title": "\\ud83d"',
     '"title": "\\\\\\u0000"', '"title": NaN'],
)  # fmt: skip
def test_a_guide_with_what_no_database_holds_is_refused(doors: Doors, change: str) -> None:
    content = json.dumps(SHOP).replace('"title": "Winkelgesprek"', change)
    status, said = doors.upload(content.encode())["leidraad"]
    assert (status, 'class="error"' in said, kept()) == (422, True, NOTHING)


def test_a_backslash_before_u0000_is_a_backslash(doors: Doors) -> None:
    content = json.dumps(SHOP).replace('"title": "Winkelgesprek"', '"title": "\\\\u0000"')
    assert doors.upload(content.encode())["leidraad"][0] == 302
    assert Guide.objects.get().name == "\\u0000"


@pytest.mark.parametrize("row", sorted(FILES | PHOTOS.keys()))
def test_a_bad_file_is_refused_in_words_at_each_door(doors: Doors, row: str) -> None:
    content = (doors.folder / doors.row(row)["file"]).read_bytes()
    for page, (status, said) in doors.upload(content).items():
        assert (page, status) == (page, 422)
        assert 'class="error"' in said
        if row in SAID_THERE[page]:
            assert says(doors, row, said), (page, said.split('class="error"')[1][:300])
    assert kept() == NOTHING


@pytest.mark.parametrize("row", ["XML-03", "XML-04"])
def test_a_definition_of_types_is_refused_and_nothing_is_asked_of_the_net(
    doors: Doors, row: str
) -> None:
    content = (doors.folder / doors.row(row)["file"]).read_bytes()
    said = doors.upload(content)["uitwisselen"][1]
    assert ("DTD" in said, kept()) == (True, NOTHING)


def test_upl_10_whatever_a_file_is_called_it_is_taken_and_its_name_is_not_kept(
    doors: Doors,
) -> None:
    names = (doors.folder / "upload/names.txt").read_text("utf-8").splitlines()
    assert len(names) == 6
    for name in names:
        content = json.dumps(SHOP).encode()
        answer = doors.planner.post(f"{doors.before}/reis/{doors.journey.pk}/leidraad/",
                                    {"file": SimpleUploadedFile(name, content)})  # fmt: skip
        assert answer.status_code == 302
    assert [guide.name for guide in Guide.objects.all()] == ["Winkelgesprek"]
    files = doors.coder.get(f"/reis/{doors.journey.pk}/uitwisselen/themas.csv")
    name = f'attachment; filename="themas-{str(doors.journey.pk)[:8]}.csv"'
    assert files["Content-Disposition"] == name


# -- every real file


def real(shared: Path) -> list[Path]:
    folders = (shared / "data" / name for name in ("xlsform", "qdpx"))
    return sorted(path for folder in folders for path in folder.iterdir())


def test_every_real_form_and_project_comes_in_or_is_refused_with_its_place(
    doors: Doors, shared: Path
) -> None:
    also_in_the_field(doors.person(Role.CODER), doors.journey)
    outcome = {}
    for path in real(shared):
        page = "uitwisselen" if path.suffix == ".qdpx" else "leidraad"
        status, said = doors.upload(path.read_bytes(), path.name)[page]
        place = ("rij " if doors.language == "nl" else "row ") in said
        outcome[path.name] = "in" if status in (200, 302) else f"{status} {place}"
    assert outcome == {
        "atlasti_target.qdpx": "in", "correlaid_testB.xlsx": "422 True",
        "formpack_library-locking-example.xls": "in",
        "formpack_library-locking-example.xlsx": "in",
        "odk_ifrc-distribution-site-assessment-v1.xlsx": "422 True",
        "xlsformorg_cascading_select.xlsx": "422 True",
    }  # fmt: skip
