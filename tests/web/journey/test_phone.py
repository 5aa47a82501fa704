# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a phone takes along: every language whole, in plain words, and cards to give."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.web.journey.conftest import Signed
from wijkeconomie.fieldwork import plain
from wijkeconomie.web.accounts.models import Role, User
from wijkeconomie.web.journey import access, phone, spoken
from wijkeconomie.web.journey.actions import field, listening
from wijkeconomie.web.journey.forms import ConversationForm
from wijkeconomie.web.journey.models import Device, Giver, Journey


def offered() -> list[tuple[str, str]]:
    """The languages that the page of a conversation offers."""
    field: Any = ConversationForm().fields["language"]
    return [(code, name) for code, name in field.choices if code]


def test_every_language_of_the_forms_is_one_file_dutch_and_english_first() -> None:
    codes = [one["code"] for one in spoken.spoken()]
    assert codes == ["nl", "en", "ar", "pl", "tr", "uk"]
    assert offered() == [(one["code"], one["name"]) for one in spoken.spoken()]


def test_one_more_file_is_one_more_language_everywhere(
    journey: Journey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in spoken.FOLDER.iterdir():
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    more = (tmp_path / "tr.toml").read_text("utf-8").replace("Türkçe", "Soomaali")
    (tmp_path / "so.toml").write_text(more, "utf-8")
    monkeypatch.setattr(spoken, "FOLDER", tmp_path)
    taken = {one["code"]: one["name"] for one in phone.pack(journey)["consent"]}
    assert taken["so"] == "Soomaali"
    assert len(taken) == 7
    assert ("so", "Soomaali") in offered()
    assert spoken.of("so")["checked_by_native"] is False


def test_arabic_runs_from_right_to_left_and_only_dutch_was_read_by_a_native_speaker() -> None:
    assert [one["code"] for one in spoken.spoken() if one["direction"] == "rtl"] == ["ar"]
    assert [one["code"] for one in spoken.spoken() if one["checked_by_native"]] == ["nl"]


def test_the_dutch_texts_are_plain() -> None:
    dutch = spoken.spoken()[0]
    hints = {name: plain.check(dutch[name]) for name in spoken.SAYS}
    hard = {name: check for name, check in hints.items() if any(s.long for s in check.sentences)}
    assert hard == {}


@pytest.mark.parametrize("damage", ["without_last", "with_more"])
def test_a_language_that_is_not_whole_is_refused(damage: str) -> None:
    text = files(spoken.__package__).joinpath("consent/tr.toml").read_text("utf-8")
    broken = text.rsplit("without =", 1)[0] if damage == "without_last" else text + 'more = "x"\n'
    with pytest.raises(ValueError, match=r"consent/tr\.toml: "):
        spoken._texts("tr.toml", broken)


def test_a_phone_takes_no_person_along(journey: Journey) -> None:
    taken = phone.pack(journey)
    assert taken.keys() == {
        "journey", "name", "consent", "purposes", "themes", "who", "ages", "kinds",
        "states", "words", "guide", "guide_says", "personal", "streets", "buurten",
    }  # fmt: skip
    assert len(json.dumps(taken).encode()) < 60_000


def test_every_card_opens_with_its_key_and_its_picture_leads_to_the_page_without_telling_it() -> (
    None
):
    made = phone.cards("http://127.0.0.1/mijn-bijdrage/")
    assert len({one["key"] for one in made}) == phone.CARDS
    assert [one["code"] for one in made] == [access.card_of(phone.UUID(o["key"])) for o in made]


def test_a_picture_is_a_square_of_modules_with_three_corners() -> None:
    wide, _, path = phone.picture("http://127.0.0.1/mijn-bijdrage/#abcdefghjk").partition(" ")
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}
    last = int(wide) - 4  # a quiet edge of four
    corner = [(x, y) for x in range(7) for y in range(7) if 1 not in (x, y) and 5 not in (x, y)]
    ring = {
        (x, y) for x, y in corner if x in (0, 6) or y in (0, 6) or (2 <= x <= 4 and 2 <= y <= 4)
    }
    for left, top in ((4, 4), (last - 7, 4), (4, last - 7)):
        assert {(x + left, y + top) for x, y in ring} <= dark
    assert all(4 <= x < last and 4 <= y < last for x, y in dark)


def write(client: Client, journey: Journey, text: str = "", file: bytes | None = None) -> Any:
    given: dict[str, Any] = {"streets": text}
    if file is not None:
        given["file"] = SimpleUploadedFile("straten.csv", file)
    return client.post(f"/reis/{journey.pk}/straten/", given)


def test_streets_that_are_written_go_along_each_once_and_by_name(
    signed: Signed, journey: Journey
) -> None:
    answer = write(signed(Role.FIELD_WORKER), journey, " Kade\n\nLaan  van Licht\nkade\nAchterom")
    assert answer.status_code == 302
    journey.refresh_from_db()
    assert phone.pack(journey)["streets"] == ["Achterom", "kade", "Laan van Licht"]


@pytest.mark.parametrize(
    ("file", "streets"),
    [
        (b"Kade\nAchterom\n", ["Achterom", "Kade"]),
        (b"\xef\xbb\xbfstraatnaam;buurt\r\nKade;Noord\r\nAchterom;Zuid\r\n", ["Achterom", "Kade"]),
        (b'"Kade","1"\n', ["Kade"]),
        ("Caféweg\n".encode("cp1252"), ["Caféweg"]),
        (b"", []),
    ],
)
def test_streets_of_a_file_are_added(
    signed: Signed, journey: Journey, file: bytes, streets: list[str]
) -> None:
    assert write(signed(Role.PLANNER), journey, "Zijpad", file).status_code == 302
    journey.refresh_from_db()
    assert phone.streets(journey) == [*streets, "Zijpad"]


@pytest.mark.parametrize("file", [b"PK\x03\x04\0\0", b"x" * 200_001, b"Straat" * 14])
def test_what_is_no_list_of_streets_is_refused_and_nothing_is_kept(
    signed: Signed, journey: Journey, file: bytes
) -> None:
    answer = write(signed(Role.PLANNER), journey, "Kade", file)
    assert answer.status_code == 422
    assert "Er is niets bewaard." in answer.content.decode()
    journey.refresh_from_db()
    assert journey.streets == ""


def test_of_what_was_seen_only_the_name_of_a_street_goes_along(
    journey: Journey, person: Callable[[Role], User]
) -> None:
    by = person(Role.FIELD_WORKER)
    for place in (
        "Weverslaan 8",
        "Jan Bakker, Van der Laanstraat 5",
        "bij Piet",
        "Jan Berg",
    ):
        listening.observe(by=by, journey=journey, key=uuid4(), place=place, note="Leeg",
                          seen_at=timezone.now())  # fmt: skip
    assert phone.streets(journey) == ["Van der Laanstraat", "Weverslaan"]


def test_who_comes_second_does_not_overwrite_the_streets_of_the_first(
    signed: Signed, journey: Journey
) -> None:
    client = signed(Role.PLANNER)
    was = client.get(f"/reis/{journey.pk}/straten/").context["form"].initial["was"]
    write(client, journey, "Kade")
    late = client.post(f"/reis/{journey.pk}/straten/", {"streets": "Laan", "was": was})
    assert late.status_code == 409
    journey.refresh_from_db()
    assert journey.streets == "Kade"


def test_at_a_desk_no_photo_or_voice_is_asked_and_nothing_is_known_of_it(
    signed: Signed, journey: Journey
) -> None:
    typed = {"key": uuid4(), "text": "Te duur.", "giver_kind": "resident", "kind": "street",
             "held_at": "2026-03-02T10:00", "language": "nl"}  # fmt: skip
    client, page = signed(Role.FIELD_WORKER), f"/reis/{journey.pk}/gesprek/"
    assert client.post(page, typed | {"allows": ["note", "photo"]}).status_code == 422
    assert client.post(page, typed | {"allows": ["note", "again"]}).status_code == 302
    said = Giver.objects.get().consents.values_list("purpose", "given")
    assert dict(said) == {"note": True, "again": True, "quote": False, "public": False}


def test_beside_each_language_at_the_desk_stands_the_dutch(
    signed: Signed, journey: Journey
) -> None:
    page = unescape(signed(Role.FIELD_WORKER).get(f"/reis/{journey.pk}/gesprek/").content.decode())
    assert page.count(spoken.of("nl")["quote"]) == len(spoken.spoken())


def test_what_is_read_aloud_stands_at_the_desk_and_on_the_phone_in_every_language_of_the_card(
    signed: Signed, journey: Journey
) -> None:
    page = unescape(signed(Role.FIELD_WORKER).get(f"/reis/{journey.pk}/gesprek/").content.decode())
    codes = [one["code"] for one in phone.pack(journey)["consent"]]
    assert sorted(codes) == sorted(spoken.with_card()) == ["ar", "en", "nl", "pl", "tr", "uk"]
    for one in spoken.spoken():
        assert f'<div lang="{one["code"]}" dir="{one["direction"]}">' in page
        told = ("title", "intro", "note", "quote", "public", "again", "answer")
        assert all(one[name] in page for name in told)
        assert not any(one[name] in page for name in ("photo", "audio"))  # no place for them there
    unread = [one for one in spoken.spoken() if not one["checked_by_native"]]
    assert page.count("Deze vertaling is nog niet nagekeken") == len(unread) == 5


def test_a_phone_of_which_nothing_changed_is_seen_anew_after_a_minute_and_not_at_every_question(
    journey: Journey, person: Callable[[Role], User]
) -> None:
    ask = {"by": person(Role.FIELD_WORKER), "journey": journey, "key": uuid4(), "label": "x"}
    field.alive(**ask, waiting=2)
    for ago, anew in ((timedelta(seconds=30), False), (timedelta(seconds=90), True)):
        before = timezone.now() - ago
        Device.objects.update(seen_at=before)
        field.alive(**ask, waiting=2)
        assert (Device.objects.get().seen_at != before) is anew
    before = timezone.now()
    Device.objects.update(seen_at=before)
    field.alive(**ask, waiting=1)
    assert (Device.objects.get().waiting, Device.objects.get().seen_at > before) == (1, True)
