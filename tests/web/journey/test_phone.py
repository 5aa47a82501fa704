# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a phone takes along: every language whole, in plain words, and cards to give."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from wijkeconomie.fieldwork import plain
from wijkeconomie.web.journey import access, phone, spoken
from wijkeconomie.web.journey.forms import ConversationForm
from wijkeconomie.web.journey.models import Journey


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
        "perspectives", "words", "guide", "guide_says", "personal",
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
