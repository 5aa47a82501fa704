# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Makers are seen and heard where they allow it, and nowhere from the moment that they do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.acting.test_picture import from_a_phone, photo
from tests.acting.test_sound import PLACE, m4a, wav
from tests.web.acting.test_local_brand import (
    ALL,
    NONE,
    Person,
    brand,
    maker,
    piece,
    product,
)
from tests.web.journey.conftest import Signed
from tests.web.journey.words import cells
from wijkeconomie.web.accounts.models import Role
from wijkeconomie.web.acting import access, retention
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import saying
from wijkeconomie.web.acting.models import Case, Item, Listing, Picture, Voice
from wijkeconomie.web.journey import pictures

__all__ = ["brand", "maker", "piece", "product"]
SEEN, SAID = "Kwikstaart achter de machine", "Roerdomp zeg ik hardop"


def shows(maker: Case, data: bytes | None = None, **other: Any) -> Any:
    given = {"key": uuid4(), "file": SimpleUploadedFile("f.jpg", data or photo()), "words": SEEN,
             "mine": "on"}  # fmt: skip
    return Client().post(reverse("story_photo", args=[access.link(maker)]), given | other)


def speaks(maker: Case, data: bytes | None = None, **other: Any) -> Any:
    given = {"key": uuid4(), "file": SimpleUploadedFile("f.m4a", data or m4a(told=PLACE)),
             "words": SAID}  # fmt: skip
    return Client().post(reverse("story_voice", args=[access.link(maker)]), given | other)


@pytest.fixture
def seen(maker: Case) -> Case:
    """A maker with a photo and a voice, who allows everything."""
    for sent in (shows(maker), speaks(maker)):
        assert sent.status_code == 302, sent.content.decode()
    return brands.consent(maker=maker, says=ALL)


def ways_out(piece: Item, maker: Case, desk: Client) -> dict[str, Any]:
    """Each address at which somebody else than the maker could see or hear them."""
    anyone = Client()
    found = {f"piece {code}": anyone.get(reverse("piece", args=[piece.name]) + f"?taal={code}")
             for code in saying.FIRST}  # fmt: skip
    found |= {
        "piece": anyone.get(reverse("piece", args=[piece.name])),
        "maker": anyone.get(reverse("maker", args=[maker.pk])),
        "maker en": anyone.get(reverse("maker", args=[maker.pk]).replace("/nl/", "/en/")),
        "brand": anyone.get(reverse("brand", args=[maker.listing_id])),
        "product": anyone.get(reverse("brand_product", args=[piece.listing_id])),
        "labels": desk.get(reverse("labels", args=[piece.listing_id])),
    }  # fmt: skip
    for what in ("photo", "voice"):
        found[f"piece {what}"] = anyone.get(reverse("piece_file", args=[piece.name, what]))
        found[f"maker {what}"] = anyone.get(reverse("maker_file", args=[maker.pk, what]))
    return found


def telling(piece: Item, maker: Case, desk: Client) -> set[str]:
    """Which of those show or tell it: words by a canary, files by being there."""
    words = (SEEN, SAID, "/photo", "/voice")
    found = {name: page for name, page in ways_out(piece, maker, desk).items()
             if page.status_code == 200}  # fmt: skip
    return {name for name, page in found.items()
            if not page["Content-Type"].startswith("text/html")
            or any(one in page.content.decode() for one in words)}  # fmt: skip


PIECES = {"piece", *(f"piece {code}" for code in saying.FIRST)}
PAGES = {"maker", "maker en"}


def test_who_allows_everything_is_seen_and_heard_in_every_language(
    piece: Item, seen: Case, signed: Signed
) -> None:
    files = {f"{where} {what}" for where in ("piece", "maker") for what in ("photo", "voice")}
    assert telling(piece, seen, signed(Role.CLERK)) == PIECES | PAGES | files


@pytest.mark.parametrize(
    ("says", "places"),
    [
        (NONE, set()), (ALL | {"photo": False, "voice": False}, set()),
        ({"photo": True, "voice": True}, None),
        (ALL | {"voice": False}, PIECES | PAGES | {"piece photo", "maker photo"}),
        (ALL | {"photo": False}, PIECES | PAGES | {"piece voice", "maker voice"}),
        (ALL | {"page": False}, PIECES | {"piece photo", "piece voice"}),
        (ALL | {"piece": False}, PAGES | {"maker photo", "maker voice"}),
    ],
)  # fmt: skip
def test_each_no_reaches_every_way_out_at_once(
    piece: Item, seen: Case, signed: Signed, says: dict[str, bool], places: set[str] | None
) -> None:
    brands.consent(maker=seen, says=says if places is not None else NONE | says)
    assert telling(piece, seen, signed(Role.CLERK)) == (places or set())


def test_who_stops_is_seen_nowhere_and_heard_nowhere(
    piece: Item, seen: Case, signed: Signed
) -> None:
    brands.stop(maker=seen)
    assert telling(piece, seen, signed(Role.CLERK)) == set()


def test_twin_a_file_that_is_handed_out_unasked_would_outlive_the_no(
    piece: Item, seen: Case, signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    brands.consent(maker=seen, says=ALL | {"photo": False, "voice": False})
    monkeypatch.setattr(brands, "beside", lambda maker, _what, _where: maker)
    assert "piece voice" in telling(piece, seen, signed(Role.CLERK))


def test_a_browser_that_keeps_a_photo_asks_each_time_and_reads_that_it_is_gone(
    piece: Item, seen: Case
) -> None:
    address = reverse("piece_file", args=[piece.name, "photo"])
    first = Client().get(address)
    assert first["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": first["ETag"]}
    assert Client().get(address, headers=known).status_code == 304
    brands.consent(maker=seen, says=ALL | {"photo": False})
    assert Client().get(address, headers=known).status_code == 404


def test_a_maker_takes_a_photo_and_a_voice_away_from_disk_too(
    seen: Case, django_capture_on_commit_callbacks: Any
) -> None:
    keys = [(Picture.objects.get().pk, pictures.SMALL), (Voice.objects.get().pk, pictures.VOICES)]
    assert [pictures.path(*one).exists() for one in keys] == [True, True]
    with django_capture_on_commit_callbacks(execute=True):
        for what in ("photo", "voice"):
            sent = Client().post(reverse("unseen", args=[access.link(seen)]), {"what": what})
            assert sent.status_code == 302
    assert [pictures.path(*one).exists() for one in keys] == [False, False]
    assert "seen" not in Case.objects.get(pk=seen.pk).more


def test_of_who_is_forgotten_no_photo_and_no_voice_stays(
    seen: Case, django_capture_on_commit_callbacks: Any
) -> None:
    key = Voice.objects.get().pk
    brands.stop(maker=seen)
    term = next(one for one in retention.TERMS if one.kind == "questions")
    with django_capture_on_commit_callbacks(execute=True):
        term.destroy(term.over(timezone.now() + timedelta(days=1)))
    assert (Picture.objects.count(), Voice.objects.count()) == (0, 0)
    assert not pictures.path(key, pictures.VOICES).exists()


def test_the_newest_photo_and_voice_take_the_place_of_those_before(seen: Case) -> None:
    assert shows(seen, words="Nu buiten").status_code == 302
    assert speaks(seen, wav(3)).status_code == 302
    assert (Picture.objects.count(), Voice.objects.get().media) == (1, "audio/wav")


def test_one_form_sent_twice_is_one_and_with_other_words_is_refused(maker: Case) -> None:
    key, sound = uuid4(), m4a()
    assert [speaks(maker, sound, key=key).status_code for _ in range(2)] == [302, 302]
    assert speaks(maker, sound, key=key, words="Anders").status_code == 422
    key = uuid4()
    assert [shows(maker, key=key).status_code for _ in range(2)] == [302, 302]
    assert shows(maker, key=key, words="Anders").status_code == 422
    assert (Picture.objects.count(), Voice.objects.count()) == (1, 1)


def test_what_stands_in_the_file_beside_the_picture_or_the_sound_is_not_kept(
    piece: Item, maker: Case
) -> None:
    shows(maker, from_a_phone())
    speaks(maker)
    brands.consent(maker=maker, says=ALL)
    voice = Client().get(reverse("piece_file", args=[piece.name, "voice"]))
    assert (voice["Content-Type"], PLACE in voice.content) == ("audio/mp4", False)
    image = Client().get(reverse("piece_file", args=[piece.name, "photo"]))
    assert (image["Content-Type"], b"Exif" in image.content) == ("image/jpeg", False)


@pytest.mark.parametrize(("data", "words"), [(b"<html>", "geen M4A"), (m4a(61), "langer dan 60")])
def test_what_is_no_voice_of_a_minute_is_refused_with_words(
    maker: Case, data: bytes, words: str
) -> None:
    sent = speaks(maker, data)
    assert (sent.status_code, words in sent.content.decode()) == (422, True)
    assert speaks(maker, words="").status_code == 422  # who does not hear it reads it
    assert Voice.objects.count() == 0


def test_a_dump_of_the_database_tells_nothing_of_it(seen: Case) -> None:
    every = "\n".join(cells().values())
    assert [word for word in (SEEN, SAID) if word in every] == []


def test_photos_of_a_product_stand_in_the_catalogue(
    product: Listing, brand: Listing, signed: Signed, person: Person
) -> None:
    desk, given = signed(Role.CLERK), {"key": uuid4(), "caption": "Een tas aan een haak"}
    file = SimpleUploadedFile("f.jpg", photo())
    sent = desk.post(reverse("product_photos", args=[product.pk]),
                     given | {"file": file, "nobody": "on"})  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()
    page = Client().get(reverse("brand_product", args=[product.pk])).content.decode()
    address = reverse("product_photo", args=[given["key"]])
    assert ("Een tas aan een haak" in page, address in page) == (True, True)
    assert Client().get(address)["Content-Type"] == "image/jpeg"
    away = desk.post(reverse("product_photo_away", args=[given["key"]]))
    assert (away.status_code, Client().get(address).status_code) == (302, 404)


def test_the_photo_of_a_maker_is_no_photo_of_a_product(seen: Case, signed: Signed) -> None:
    key = Picture.objects.get().pk
    assert Client().get(reverse("product_photo", args=[key])).status_code == 404
    assert signed(Role.CLERK).post(reverse("product_photo_away", args=[key])).status_code == 404
    assert Client().get(reverse("space_thumb", args=[key])).status_code == 404


def test_the_photo_of_a_maker_is_no_photo_of_a_space_for_who_works_there(
    seen: Case, signed: Signed
) -> None:
    key = Picture.objects.get(case=seen).pk
    desk = signed(Role.AREA_MANAGER)
    for name in ("space_photo", "space_thumb"):
        assert desk.get(reverse(name, args=[key])).status_code == 404
