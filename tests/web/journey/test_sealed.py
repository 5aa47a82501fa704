# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people typed is sealed: opened with the key only, said in words without, and followed by a
next key."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, models
from django.urls import reverse
from pytest_django import Settings

from tests.web.journey.conftest import Signed
from tests.web.journey.jpegs import JPEG
from tests.web.journey.test_field import SAID, send
from tests.web.journey.words import cells
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web import settings as site
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.journey import models as kinds
from wijkeconomie.web.journey import pictures, sealed
from wijkeconomie.web.journey.models import Conversation, Journey, Wording

OLD, NEW = "o" * 40, "n" * 40
OPEN = {
    # names that must be unique on their journey or in their municipality
    "journey.name", "theme.name",
    # made by the program, or one of a list
    "giver.pseudonym", "giver.language", "giver.buurt", "giver.card", "consent.text_version",
    "consent.language", "consent.how", "conversation.language", "journey.area", "arrival.content",
    "photo.sha256", "recording.sha256", "recording.media_type", "sheet.code",
    "guide.version", "device.label", "theme.indicators", "effort.instrument", "version.digest",
    "finding.seen", "figure.release", "figure.area", "figure.indicator", "figure.unit",
    "figure.gap",
    # a round's title stands in its public address; what was counted holds no words
    "round.title", "round.slug", "round.told", "round.outcome", "item.said", "token.seal",
    # where something was seen, to 100 m, at a tap
    "observation.spot",
}  # fmt: skip


def refused(data: bytes, place: str = "a.b") -> str:
    with pytest.raises(Refusal) as caught:
        sealed.opened(data, place)
    return caught.value.notice.code


def test_every_text_of_a_journey_is_sealed_or_is_known_to_stand_open() -> None:
    """A field that is new here: make it a SealedText, or say above why it may stand open."""
    texts = (models.CharField, models.TextField, models.JSONField)
    bare = {
        f"{kind._meta.model_name}.{field.name}"
        for kind in map(kinds.__dict__.get, kinds.__all__)
        if isinstance(kind, type) and issubclass(kind, models.Model) and not kind._meta.abstract
        for field in kind._meta.concrete_fields
        if isinstance(field, texts) and not isinstance(field, sealed.SealedText)
        if not (field.choices and field.name != "how")
    }
    assert bare == OPEN


def test_the_same_words_are_never_sealed_alike_and_open_at_their_place_only() -> None:
    one, other = (sealed.seal(b"Te duur.", "a.b") for _ in range(2))
    assert one != other
    assert [sealed.opened(data, "a.b") for data in (one, other)] == [b"Te duur."] * 2
    assert refused(one, "a.c") == "words_damaged"
    assert refused(one[:-1] + bytes([one[-1] ^ 1])) == "words_damaged"
    assert refused(one[:12]) == "words_damaged"


def test_a_next_key_seals_what_is_new_and_the_old_one_still_opens(settings: Settings) -> None:
    settings.WORDS_KEYS = (OLD,)
    before = sealed.seal(b"Toen.", "a.b")
    settings.WORDS_KEYS = (NEW, OLD)
    after = sealed.seal(b"Nu.", "a.b")
    assert [sealed.opened(data, "a.b") for data in (before, after)] == [b"Toen.", b"Nu."]
    settings.WORDS_KEYS = (NEW,)
    assert sealed.opened(after, "a.b") == b"Nu."
    assert refused(before) == "words_locked"


def test_without_a_key_that_lasts_nothing_is_sealed(settings: Settings) -> None:
    settings.WORDS_KEYS = ()
    with pytest.raises(Refusal, match="no lasting key"):
        sealed.seal(b"Te duur.", "a.b")


def test_keys_come_newest_first_and_the_secret_key_last() -> None:
    assert site.words_keys(f"{NEW}, {OLD}", "secret") == (NEW, OLD, "secret")
    assert site.words_keys("", "") == ()
    with pytest.raises(ValueError, match="WIJKECONOMIE_WORDS_KEY: at least 32"):
        site.words_keys("short", "secret")


def test_five_thousand_texts_open_within_a_tenth_of_a_second() -> None:
    """Of the processor's time, so that a busy machine is no failure."""
    texts = [sealed.seal_text("Te duur. " * 45, "a.b") for _ in range(5000)]
    began = time.process_time()
    assert {sealed.opened_text(text, "a.b") for text in texts} == {"Te duur. " * 45}
    assert time.process_time() - began < 0.1


def test_nothing_is_looked_up_by_words_for_it_would_never_be_found(db: None) -> None:
    with pytest.raises(TypeError, match=r"journey_wording\.text is sealed"):
        Wording.objects.filter(text="Te duur.").exists()


@pytest.fixture
def talk(signed: Signed, journey: Journey) -> Conversation:
    key = uuid4()
    assert send(signed(Role.FIELD_WORKER), journey, key, SAID).status_code == 200
    return Conversation.objects.get(pk=key)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_lost_key_is_said_in_words_and_what_is_sent_waits_on_the_device(
    signed: Signed, journey: Journey, talk: Conversation, settings: Settings, language: str
) -> None:
    field = signed(Role.FIELD_WORKER)
    settings.WORDS_KEYS = (NEW,)
    page = reverse("conversation", args=[talk.pk])
    answer = field.get(f"/en{page}" if language == "en" else page)
    assert answer.status_code == 503
    words = {"nl": "op slot met een sleutel", "en": "locked with a key"}[language]
    assert words in answer.content.decode()
    settings.WORDS_KEYS = ()
    assert send(field, journey, uuid4(), SAID).status_code == 503  # so the device tries again
    assert Conversation.objects.count() == 1


def test_words_that_were_put_into_the_database_by_another_hand_are_not_shown(
    signed: Signed, talk: Conversation
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journey_wording SET text = 'Kanariepiet'")
    answer = signed(Role.FIELD_WORKER).get(reverse("conversation", args=[talk.pk]))
    assert answer.status_code == 503
    assert "journey_wording.text" in answer.content.decode()
    assert "Kanariepiet" not in answer.content.decode()


def test_a_photo_lies_sealed_in_its_file(tmp_path: Path, settings: Settings) -> None:
    settings.DATA = tmp_path
    photo, other = uuid4(), uuid4()
    pictures.write(photo, JPEG)
    raw = pictures.path(photo).read_bytes()
    assert pictures.read(photo) == JPEG
    assert JPEG[:20] not in raw
    assert refused(raw, other.hex) == "words_damaged"  # nor does it open as another photo


def test_all_is_sealed_anew_with_the_first_key_so_that_the_old_one_can_go(
    talk: Conversation, settings: Settings
) -> None:
    settings.WORDS_KEYS = (NEW, *settings.WORDS_KEYS)
    assert sealed.anew() > 0
    settings.WORDS_KEYS = (NEW,)
    assert talk.wordings.get().text == SAID["text"]
    assert Conversation.objects.get().noted == SAID["noted"]


def test_cells_show_what_a_dump_shows(talk: Conversation) -> None:
    shown = cells()
    assert shown["journey_wording.text"].startswith(sealed.MARK)
    assert shown["journey_giver.language"] == "tr"


_MIGRATE = """
from django.core.management import call_command
from wijkeconomie.web import wsgi
call_command("migrate", *{to}, verbosity=0)
"""
_TELL = """
from datetime import UTC, date, datetime
from uuid import UUID
from tests.web.journey.jpegs import JPEG
from wijkeconomie.web.accounts.models import Municipality, User
from wijkeconomie.web.journey.actions import field, listening, plan
by, key, at = User.objects.add("a@example.org"), UUID("{key}"), datetime(2026, 9, 1, tzinfo=UTC)
here = Municipality.objects.create(code="GM9901", name="Hier")
journey = plan.begin(by=by, municipality=here, key=key, name="Reis", area="WK990101",
                     starts_on=date(2026, 9, 1))
heard = listening.Heard(key=key, text="{words}", held_at=at, allows=frozenset(("note", "photo")),
                        noted=dict(answers=dict(who="{words}")))
talk = listening.hear(by=by, journey=journey, heard=heard)
field.keep_photo(by=by, beside=talk, key=key, data=JPEG)
"""
_READ = """
from wijkeconomie.web.journey import pictures
from wijkeconomie.web.journey.models import Conversation
talk = Conversation.objects.get()
print([talk.wordings.get().text, talk.noted["answers"]["who"], len(pictures.read(talk.pk))])
"""
WORDS = "Kanariepiet zegt: te duur. 🚲"


def _run(folder: Path, script: str, *to: str) -> str:
    own = {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "WIJKECONOMIE_DATA": str(folder)}
    program = _MIGRATE.format(to=list(to)) + script
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | own, check=False, capture_output=True,
        text=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_what_stood_in_the_clear_is_sealed_to_the_last_byte_and_comes_back(tmp_path: Path) -> None:
    key = uuid4()
    _run(tmp_path, _TELL.format(key=key, words=WORDS))
    file, photo = tmp_path / "db.sqlite3", tmp_path / "photos" / key.hex[:2] / f"{key.hex}.jpg"
    assert [b"Kanariepiet" in file.read_bytes(), JPEG in photo.read_bytes()] == [False, False]
    _run(tmp_path, "", "journey", "0004_sense")
    with sqlite3.connect(file) as database:
        clear = [*database.execute("SELECT text FROM journey_wording"),
                 *database.execute("SELECT noted FROM journey_conversation")]  # fmt: skip
    database.close()
    assert [(text,) for text in (WORDS, json.dumps({"answers": {"who": WORDS}}, ensure_ascii=False))
            ] == clear  # fmt: skip
    assert photo.read_bytes() == JPEG
    assert _run(tmp_path, _READ) == str([WORDS, WORDS, len(JPEG)])
    left = [path.name for path in tmp_path.glob("db*") if b"Kanariepiet" in path.read_bytes()]
    assert (left, JPEG in photo.read_bytes()) == ([], False)
