# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A photo that is kept tells nothing but its picture."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.journey.conftest import Signed
from tests.web.journey.jpegs import COMMENT, EXIF, IPTC, JPEG, XMP, jpeg, segment
from tests.web.journey.test_field import SAID, SEEN, send
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import ProcessingLine, Role
from wijkeconomie.web.journey import pictures
from wijkeconomie.web.journey.actions import listening
from wijkeconomie.web.journey.models import Giver, Journey, Photo

Commits = Callable[..., AbstractContextManager[object]]


def told(data: bytes) -> str:
    try:
        return pictures.check(data)
    except Refusal as refusal:
        return refusal.notice.code


def test_a_plain_photo_is_known_by_its_fingerprint() -> None:
    assert told(JPEG) == hashlib.sha256(JPEG).hexdigest()
    assert told(jpeg(segment(0xE2, b"ICC_PROFILE\0\x01\x01"))) not in CODES


@pytest.mark.parametrize(("width", "height"), [(0, 8), (8, 0)])
def test_a_photo_without_a_height_is_refused(width: int, height: int) -> None:
    """A mark behind the picture may tell another one."""
    assert told(jpeg(width=width, height=height)) == "photo_large"


CODES = {"photo_no_jpeg", "photo_large", "photo_tells_more"}


@pytest.mark.parametrize(
    "data",
    [
        jpeg(EXIF), jpeg(XMP), jpeg(IPTC), jpeg(COMMENT), jpeg(after=b"ftypmp42 a short film"),
        jpeg(after=JPEG), jpeg(segment(0xE2, EXIF[4:])), jpeg(segment(0xE0, b"JFXX\0 Kade 3")),
        jpeg(segment(0xEE, b"Kade 3")), jpeg(segment(0xF0, b"Kade 3")),
    ],
    ids=["exif", "xmp", "iptc", "comment", "film behind", "photo behind", "exif as a profile",
         "another JFIF", "another Adobe", "an unknown mark"],
)  # fmt: skip
def test_what_tells_more_than_the_picture_is_refused(data: bytes) -> None:
    assert told(data) == "photo_tells_more"


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", JPEG[:-2], JPEG[:30], b"\x89PNG\r\n\x1a\n" + JPEG,
     b"GIF89a", b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0\x00\x00", b"\xff\xd8" + b"\xff" * 99],
)  # fmt: skip
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    assert told(data) == "photo_no_jpeg"


@pytest.mark.parametrize(("width", "height"), [(1601, 8), (8, 65_535), (0, 0)])
def test_a_photo_that_was_not_shrunk_is_refused(width: int, height: int) -> None:
    assert told(jpeg(width=width, height=height)) == "photo_large"
    assert told(JPEG + b"\0" * pictures.MOST_BYTES) == "photo_large"


def test_no_damage_is_an_error_of_ours() -> None:
    chance = random.Random(7)
    for _ in range(3000):
        data = bytearray(jpeg(EXIF) if chance.random() < 0.5 else JPEG)
        for _ in range(chance.randint(1, 5)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(Refusal):
            pictures.check(bytes(data[: chance.randint(0, len(data))]))


@pytest.fixture
def worker(signed: Signed) -> Client:
    return signed(Role.FIELD_WORKER)


@pytest.fixture(autouse=True)
def own_photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def inside(photo: object, _folder: str = "") -> Path:
        return tmp_path / f"{photo}.jpg"

    monkeypatch.setattr(pictures, "path", inside)


def put(client: Client, journey: Journey, of: object, photo: object, data: bytes = JPEG) -> str:
    answer = client.post(f"/veld/{journey.pk}/foto/{of}/{photo}/", data, "image/jpeg")
    return answer.json().get("code", "") if answer.status_code != 200 else answer.json()["key"]


def test_a_photo_comes_after_its_text_and_once(worker: Client, journey: Journey) -> None:
    of, photo = uuid4(), uuid4()
    assert put(worker, journey, of, photo) == "sent_unclear"
    send(worker, journey, of, SEEN, "waarnemingen")
    assert [put(worker, journey, of, photo) for _ in range(3)] == [str(photo)] * 3
    assert put(worker, journey, of, photo, jpeg(width=9)) == "arrived_otherwise"
    assert Photo.objects.count() == 1
    assert worker.get(f"/foto/{photo}/").content == JPEG
    assert ProcessingLine.objects.count() == 0  # what was seen in the street is of nobody


def test_beside_a_conversation_it_needs_consent_and_goes_with_it(
    worker: Client, journey: Journey
) -> None:
    without, allowed, photo = uuid4(), uuid4(), uuid4()
    send(worker, journey, without, SAID)
    assert put(worker, journey, without, uuid4()) == "no_consent_to_photo"
    send(worker, journey, allowed, SAID | {"allows": ["note", "photo"]})
    assert put(worker, journey, allowed, photo) == str(photo)
    assert worker.get(f"/foto/{photo}/").status_code == 200
    line = ProcessingLine.objects.get()  # to see it is to read what was told
    assert (line.person, line.activity) == (str(allowed), "reading")
    listening.allow(giver=Giver.objects.get(pk=allowed), purpose="photo", given=False)
    assert worker.get(f"/foto/{photo}/").status_code == 404


def test_withdrawn_its_photo_is_gone_at_once_and_its_file_with_it(
    worker: Client, journey: Journey, django_capture_on_commit_callbacks: Commits
) -> None:
    """The same picture of another giver stays."""
    key, photo, other, same = (uuid4() for _ in range(4))
    for talk, picture in ((key, photo), (other, same)):
        send(worker, journey, talk, SAID | {"allows": ["note", "photo"]})
        put(worker, journey, talk, picture)
    with django_capture_on_commit_callbacks(execute=True):
        listening.withdraw(giver=Giver.objects.get(pk=key))
    assert worker.get(f"/foto/{photo}/").status_code == 404
    assert put(worker, journey, key, uuid4()) == "sent_unclear"
    assert [pictures.path(one).exists() for one in (photo, same)] == [False, True]
    assert worker.get(f"/foto/{same}/").content == JPEG


def test_unguarded_a_photo_is_hidden_but_its_file_stays(worker: Client, journey: Journey) -> None:
    """The twin: the record alone says that it was taken back."""
    key, photo = uuid4(), uuid4()
    send(worker, journey, key, SAID | {"allows": ["note", "photo"]})
    put(worker, journey, key, photo)
    Giver.objects.update(withdrawn_at=timezone.now())
    assert worker.get(f"/foto/{photo}/").status_code == 404
    assert pictures.read(photo) == JPEG


def test_a_photo_that_is_still_there_is_not_shown_after_a_no(
    worker: Client, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two guards: it goes, and until it went nobody sees it."""
    key, photo = uuid4(), uuid4()
    send(worker, journey, key, SAID | {"allows": ["note", "photo"]})
    put(worker, journey, key, photo)
    monkeypatch.setattr(listening, "_forget_photos", lambda _giver: None)
    listening.allow(giver=Giver.objects.get(pk=key), purpose="photo", given=False)
    assert (Photo.objects.count(), worker.get(f"/foto/{photo}/").status_code) == (1, 404)
    listening.allow(giver=Giver.objects.get(pk=key), purpose="photo", given=True)
    assert worker.get(f"/foto/{photo}/").status_code == 200
