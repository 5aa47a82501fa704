# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Photos of a space: drawn anew, at most six, for everyone as long as the space is on show, and
gone from disk with what they show."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from tests.acting.test_picture import GPS, from_a_phone, photo
from tests.web.acting.test_spaces import (
    _term,
    noted,
    register,
    unit,
)
from tests.web.journey.conftest import Signed
from wijkeconomie.acting.picture import Drawn
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.models import AuditLine, Municipality, Role, User
from wijkeconomie.web.acting import actions, photos
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import taking_in
from wijkeconomie.web.acting.models import MOST_PICTURES, Listing, Picture
from wijkeconomie.web.journey import pictures, sealed
from wijkeconomie.web.journey.models import Observation

__all__ = ["register", "unit"]
Person = Callable[[Role], User]
SEEN = "Een hoge ruimte met een pui aan de straat"


def form(data: bytes, name: str = "foto.jpg", **other: Any) -> dict[str, Any]:
    return {"key": uuid4(), "file": SimpleUploadedFile(name, data), "caption": SEEN, "nobody": "on",
            **other}  # fmt: skip


def sends(client: Client, unit: Listing, data: bytes, **other: Any) -> Any:
    return client.post(reverse("space_photos", args=[unit.pk]), form(data, **other))


def kept(unit: Listing, by: User | None = None, key: UUID | None = None) -> Picture:
    return photos.keep(by=by, listing=unit, key=key or uuid4(), photo=photos.sent(photo()),
                       caption=SEEN)  # fmt: skip


def row(unit: Listing, number: int) -> Picture:
    return Picture.objects.create(listing=unit, number=number, caption="", sha256="", width=1,
                                  height=1, municipality=unit.municipality)  # fmt: skip


def on_disk(key: UUID) -> list[bool]:
    return [pictures.path(key, folder).exists() for folder in (pictures.LARGE, pictures.SMALL)]


def sees(client: Client, key: UUID) -> list[int]:
    return [client.get(reverse(name, args=[key])).status_code
            for name in ("space_photo", "space_thumb")]  # fmt: skip


# -- what is kept


@pytest.mark.parametrize("role", [Role.PLANNER, Role.PARTNER])
def test_team_and_owner_add_a_photo_and_where_it_was_made_is_gone(
    unit: Listing, signed: Signed, role: Role
) -> None:
    assert sends(signed(role), unit, from_a_phone()).status_code == 302
    made = unit.pictures.get()
    assert (made.caption, made.number, made.width, made.height) == (SEEN, 1, 20, 40)
    for folder in (pictures.LARGE, pictures.SMALL):
        data = pictures.read(made.pk, folder)
        exif = Image.open(BytesIO(data)).getexif()
        assert (GPS in exif, len(exif), b"Kanariepiet" in data) == (False, 0, False)
        assert b"JFIF" not in pictures.path(made.pk, folder).read_bytes()  # sealed at rest


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"<html>", "geen JPEG, PNG of WebP"), (b"", "geen JPEG, PNG of WebP"),
     (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "Meest compatibel"),
     (photo()[:300], "beschadigd")],
)  # fmt: skip
def test_what_is_no_photo_is_refused_in_words_and_nothing_is_kept(
    unit: Listing, signed: Signed, data: bytes, said: str
) -> None:
    answer = sends(signed(Role.PLANNER), unit, data)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert unit.pictures.count() == 0


@pytest.mark.parametrize(
    ("lacks", "why"), [("caption", "verplicht"), ("nobody", "verplicht"), ("file", "verplicht")]
)
def test_caption_and_that_nobody_can_be_recognised_are_asked(
    unit: Listing, signed: Signed, lacks: str, why: str
) -> None:
    sent = form(photo())
    del sent[lacks]
    answer = signed(Role.PLANNER).post(reverse("space_photos", args=[unit.pk]), sent)
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert unit.pictures.count() == 0


def test_a_photo_that_is_sent_twice_is_one(unit: Listing, signed: Signed) -> None:
    client, key = signed(Role.PLANNER), uuid4()
    answers = [sends(client, unit, photo(), key=key).status_code for _ in range(2)]
    assert (answers, unit.pictures.count()) == ([302, 302], 1)


def test_another_photo_under_the_same_key_is_refused(unit: Listing, signed: Signed) -> None:
    client, key = signed(Role.PLANNER), uuid4()
    sends(client, unit, photo(), key=key)
    answer = sends(client, unit, photo((44, 20)), key=key)
    assert "al eerder verstuurd" in answer.content.decode()
    kept(unit, key=(mine := uuid4()))
    with pytest.raises(Refusal) as why:
        photos.keep(by=None, listing=unit, key=mine, photo=photos.sent(photo()), caption="Anders")
    assert (why.value.notice.code, unit.pictures.count()) == ("key_used", 2)


def test_nor_is_one_of_another_space_the_same(
    unit: Listing, register: Listing, person: Person
) -> None:
    other, key = noted(register, person(Role.PLANNER), "Schuur"), uuid4()
    kept(unit, key=key)
    with pytest.raises(Refusal) as elsewhere:
        kept(other, key=key)
    with pytest.raises(Refusal) as otherwise:
        photos.keep(by=None, listing=unit, key=key, photo=photos.sent(photo((44, 20))),
                    caption=SEEN)  # fmt: skip
    assert {elsewhere.value.notice.code, otherwise.value.notice.code} == {"key_used"}
    assert (other.pictures.count(), unit.pictures.count()) == (0, 1)


def test_a_picture_that_tells_more_than_it_shows_would_not_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If ever what draws it anew left something in it."""
    sent = from_a_phone()
    as_it_came = Drawn(large=sent, small=sent, width=40, height=20)
    monkeypatch.setattr(photos, "drawn", lambda _data, _most: as_it_came)
    with pytest.raises(Refusal) as why:
        photos.sent(sent)
    assert why.value.notice.code == "photo_tells_more"


def test_a_seventh_photo_is_refused_and_fits_where_another_was_taken_away(unit: Listing) -> None:
    first, *_rest = [kept(unit) for _ in range(MOST_PICTURES)]
    with pytest.raises(Refusal) as why:
        kept(unit)
    assert why.value.notice.code == "pictures_full"
    photos.take_away(by=None, picture=first)
    assert kept(unit).number == first.number


def test_the_page_says_so_when_six_are_there(unit: Listing, signed: Signed) -> None:
    for _ in range(MOST_PICTURES):
        kept(unit)
    said = signed(Role.PLANNER).get(reverse("space_photos", args=[unit.pk])).content.decode()
    assert ("Er zijn zes foto" in said, 'type="file"' in said) == (True, False)


@pytest.mark.parametrize("number", [0, MOST_PICTURES + 1, 1])
def test_the_database_refuses_one_too_many(unit: Listing, number: int) -> None:
    kept(unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        row(unit, number)


def test_twin_a_number_that_is_free_is_taken(unit: Listing) -> None:
    kept(unit)
    row(unit, 2)
    assert unit.pictures.count() == 2


def test_where_the_file_cannot_be_written_no_row_stays(
    unit: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(pictures, "write_whole", full)
    with pytest.raises(OSError, match="no space"):
        kept(unit)
    assert unit.pictures.count() == 0


def test_it_is_written_down_who_added_and_took_away_a_photo(
    unit: Listing, signed: Signed, person: Person
) -> None:
    client = signed(Role.PARTNER)
    sends(client, unit, photo())
    client.post(reverse("photo_away", args=[unit.pictures.get().pk]))
    lines = AuditLine.objects.filter(verb__contains="picture").values_list("verb", "actor")
    who = str(person(Role.PARTNER).pk)
    assert list(lines) == [("keep_picture", who), ("take_picture_away", who)]


# -- who sees it


def test_everyone_sees_the_photos_of_a_space_on_show(unit: Listing, register: Listing) -> None:
    made = kept(unit)
    anyone = Client()
    assert sees(anyone, made.pk) == [200, 200]
    for name, thing in (("register", register), ("space_on_show", unit)):
        said = anyone.get(reverse(name, args=[thing.pk])).content.decode()
        assert (f'alt="{SEEN}"' in said, 'loading="lazy"' in said, 'width="40"' in said) == (
            True, True, True,
        )  # fmt: skip
    assert f'aria-hidden="true">{SEEN}</figcaption>' in said


@pytest.mark.parametrize(
    "change",
    [{"more": {"shown": False}}, {"state": "in_use"}, {"state": "noted"}, {"state": "gone"}],
)
def test_a_photo_of_a_space_that_is_not_on_show_is_for_who_keeps_it(
    unit: Listing, signed: Signed, change: dict[str, Any]
) -> None:
    made = kept(unit)
    more = unit.more | change.pop("more", {})
    Listing.objects.filter(pk=unit.pk).update(more=more, **change)
    assert sees(Client(), made.pk) == [404, 404]
    assert Client().get(reverse("space_on_show", args=[unit.pk])).status_code == 404
    roles = (Role.PLANNER, Role.CLERK, Role.PARTNER, Role.CODER, Role.BUYER)
    assert [sees(signed(role), made.pk)[0] for role in roles] == [200, 200, 200, 404, 404]


@pytest.mark.parametrize("state", ["draft", "ended"])
def test_nor_is_one_of_a_register_that_nobody_sees(
    unit: Listing, register: Listing, state: str
) -> None:
    made = kept(unit)
    Listing.objects.filter(pk=register.pk).update(state=state)
    assert sees(Client(), made.pk) == [404, 404]


def test_twin_without_that_look_everyone_would_see_it(
    unit: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = kept(unit)
    Listing.objects.filter(pk=unit.pk).update(state="in_use")
    monkeypatch.setattr(spaces, "is_shown", lambda _unit: True)
    assert sees(Client(), made.pk) == [200, 200]


def test_an_owner_sees_no_photo_of_another_owner(
    unit: Listing, register: Listing, signed: Signed, person: Person
) -> None:
    other = noted(register, person(Role.PLANNER), "Van een ander", shown=False)
    made = kept(other)
    client = signed(Role.PARTNER)
    assert sees(client, made.pk) == [404, 404]
    assert client.post(reverse("photo_away", args=[made.pk])).status_code == 404
    assert sends(client, other, photo()).status_code == 404
    assert other.pictures.count() == 1


def test_a_browser_keeps_a_photo_and_asks_each_time_whether_it_still_may(unit: Listing) -> None:
    made = kept(unit)
    anyone, address = Client(), reverse("space_photo", args=[made.pk])
    first = anyone.get(address)
    assert (first["Content-Type"], set(first["Cache-Control"].split(", "))) == (
        "image/jpeg", {"private", "no-cache"},
    )  # fmt: skip
    again = {"If-None-Match": first["ETag"]}
    assert anyone.get(address, headers=again).status_code == 304
    Listing.objects.filter(pk=unit.pk).update(state="in_use")
    assert anyone.get(address, headers=again).status_code == 404


def test_a_photo_of_which_the_file_is_gone_is_not_there(unit: Listing) -> None:
    made = kept(unit)
    pictures.remove([made.pk], pictures.LARGE)
    assert sees(Client(), made.pk) == [404, 200]


# -- how it goes


def test_a_photo_that_is_taken_away_is_gone_from_disk(
    unit: Listing, signed: Signed, django_capture_on_commit_callbacks: Any
) -> None:
    made = kept(unit)
    assert on_disk(made.pk) == [True, True]
    client = signed(Role.PLANNER)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("photo_away", args=[made.pk])).status_code == 302
    assert (unit.pictures.count(), on_disk(made.pk)) == (0, [False, False])
    assert client.post(reverse("photo_away", args=[made.pk])).status_code == 404


def test_photos_go_with_a_space_that_is_there_no_more(
    unit: Listing, person: Person, django_capture_on_commit_callbacks: Any
) -> None:
    made = kept(unit)
    with django_capture_on_commit_callbacks(execute=True):
        spaces.move_unit(by=person(Role.PLANNER), unit=unit, to="gone", reason="Gesloopt")
    assert (unit.pictures.count(), on_disk(made.pk)) == (0, [False, False])


def test_so_they_do_where_that_was_seen_in_the_street(
    unit: Listing, person: Person, django_capture_on_commit_callbacks: Any
) -> None:
    made = kept(unit)
    seen = Observation(pk=uuid4(), state=Observation.State.GONE, seen_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        taking_in._news(person(Role.PLANNER), unit, seen, {})
    assert (unit.pictures.count(), on_disk(made.pk)) == (0, [False, False])


def test_twin_photos_stay_with_a_space_that_is_taken_into_use(
    unit: Listing, person: Person, django_capture_on_commit_callbacks: Any
) -> None:
    made = kept(unit)
    with django_capture_on_commit_callbacks(execute=True):
        spaces.move_unit(by=person(Role.PLANNER), unit=unit, to="in_use")
    assert (unit.pictures.count(), on_disk(made.pk)) == (1, [True, True])


def test_a_photo_that_comes_back_when_the_act_fails_is_still_on_disk(unit: Listing) -> None:
    made = kept(unit)

    @transaction.atomic
    def fails() -> None:
        photos.take_away(by=None, picture=made)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert (unit.pictures.count(), on_disk(made.pk)) == (1, [True, True])


def test_photos_go_a_year_after_the_register_ended(
    unit: Listing, register: Listing, person: Person
) -> None:
    kept(unit)
    term, now = _term("pictures"), timezone.now()
    actions.move(by=person(Role.PLANNER), listing=register, to="ended", reason="Klaar")
    assert term.over(now - timedelta(days=term.days)).count() == 0
    found = term.over(now + timedelta(seconds=5))
    assert found.count() == 1
    term.destroy(found)
    assert unit.pictures.count() == 0
    assert AuditLine.objects.filter(verb="destroy").last().details["kind"] == "pictures"  # type: ignore[union-attr]


def test_files_that_no_photo_knows_go_after_a_day(unit: Listing) -> None:
    made, lost = kept(unit), uuid4()
    pictures.write(lost, b"half", pictures.SMALL)
    half = pictures.path(lost, pictures.LARGE).with_name(f".new-1-{lost.hex}.jpg")
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"h")
    yesterday = (timezone.now() - timedelta(days=2)).timestamp()
    for file in (half, pictures.path(lost, pictures.SMALL), pictures.path(made.pk, pictures.LARGE)):
        os.utime(file, (yesterday, yesterday))
    term = _term("picture files")
    term.destroy(term.over(timezone.now() - timedelta(days=term.days)))
    assert (half.exists(), on_disk(lost), on_disk(made.pk)) == (False, [False] * 2, [True] * 2)


def test_a_next_key_seals_photos_of_spaces_too(unit: Listing) -> None:
    made = kept(unit)
    before = pictures.path(made.pk, pictures.LARGE).read_bytes()
    pictures.anew()
    after = pictures.path(made.pk, pictures.LARGE).read_bytes()
    assert (before != after, sealed.opened(after, made.pk.hex)[:2]) == (True, b"\xff\xd8")


def test_terms_of_photos_have_names_that_the_log_can_hold(municipality: Municipality) -> None:
    assert max(len(_term(kind).kind) for kind in ("pictures", "picture files")) <= 20
