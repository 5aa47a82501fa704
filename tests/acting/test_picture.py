# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A photo is drawn anew: upright, small enough, and without what the camera wrote beside it."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFile

from wijkeconomie.acting import picture
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.journey import pictures

KINDS = ("JPEG", "PNG", "WEBP")
GPS, OWNER, ORIENTATION, TURNED = 0x8825, 0x013B, 0x0112, 6


def photo(
    size: tuple[int, int] = (40, 20), kind: str = "JPEG", mode: str = "RGB", **saved: Any
) -> bytes:
    """Red on the left, blue on the right."""
    sheet = Image.new(mode, size, "blue")
    sheet.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    out = BytesIO()
    sheet.save(out, kind, **saved)
    return out.getvalue()


def from_a_phone(kind: str = "JPEG") -> bytes:
    """Lying on its side, with where it was made and whose camera it is."""
    told = Image.Exif()
    told[OWNER] = "Kanariepiet"
    told[ORIENTATION] = TURNED
    told.get_ifd(GPS).update({1: "N", 2: (51.0, 55.0, 9.0), 3: "E", 4: (4.0, 28.0, 45.0)})
    return photo(kind=kind, exif=told, **{"comment": b"Kwinkslag"} if kind == "JPEG" else {})


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def refused(data: bytes, most: int = pictures.MOST_BYTES) -> str:
    with pytest.raises(Refusal) as why:
        picture.drawn(data, most)
    return why.value.notice.code


def test_place_owner_and_camera_are_gone_from_what_is_kept() -> None:
    sent = from_a_phone()
    assert (GPS in opened(sent).getexif(), b"Kanariepiet" in sent, b"Kwinkslag" in sent) == (
        True, True, True,
    )  # fmt: skip
    made = picture.drawn(sent, pictures.MOST_BYTES)
    for kept in (made.large, made.small):
        assert dict(opened(kept).getexif()) == {}
        assert (b"Kanariepiet" in kept, b"Kwinkslag" in kept, b"Exif" in kept) == (False,) * 3
        assert len(pictures.check(kept)) == 64  # marker by marker it is a picture and nothing else


def test_twin_saved_as_it_came_a_picture_keeps_where_it_was_made() -> None:
    out = BytesIO()
    with opened(from_a_phone()) as sent:
        sent.save(out, "JPEG", exif=sent.info["exif"])
    assert GPS in opened(out.getvalue()).getexif()
    with pytest.raises(Refusal):
        pictures.check(out.getvalue())


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_lay_on_its_side_stands_upright(kind: str) -> None:
    made = picture.drawn(from_a_phone(kind), pictures.MOST_BYTES)
    assert (made.width, made.height) == (20, 40)
    red, _green, blue = opened(made.large).getpixel((10, 3))  # type: ignore[misc]
    assert (red > 200, blue < 60) == (True, True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_kept_as_a_jpeg_that_is_not_larger_than_is_needed(kind: str) -> None:
    made = picture.drawn(photo((4000, 2000), kind), pictures.MOST_BYTES)
    kept = [(opened(one).format, opened(one).size) for one in (made.large, made.small)]
    assert kept == [("JPEG", (1600, 800)), ("JPEG", (480, 240))]
    assert (made.width, made.height) == (1600, 800)


def test_of_a_file_with_more_than_one_picture_the_first_is_kept() -> None:
    """Phones add a small one, or one with how far away things are (CIPA DC-007, MPO)."""
    out = BytesIO()
    first, second = Image.new("RGB", (40, 20), "red"), Image.new("RGB", (20, 10), "blue")
    first.save(out, "MPO", save_all=True, append_images=[second])
    made = picture.drawn(out.getvalue(), pictures.MOST_BYTES)
    red, _green, blue = opened(made.large).getpixel((10, 3))  # type: ignore[misc]
    assert (made.width, red > 200, blue < 60) == (40, True, True)


def test_a_small_picture_is_not_made_larger() -> None:
    made = picture.drawn(photo((40, 20)), pictures.MOST_BYTES)
    assert (opened(made.large).size, opened(made.small).size) == ((40, 20), (40, 20))


def test_a_picture_of_one_row_keeps_that_row() -> None:
    assert opened(picture.drawn(photo((4000, 1)), pictures.MOST_BYTES).large).size == (1600, 1)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_lets_through_is_laid_on_white(kind: str) -> None:
    out = BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(out, kind)
    kept = opened(picture.drawn(out.getvalue(), pictures.MOST_BYTES).large)
    assert min(kept.getpixel((5, 5))) > 250  # type: ignore[type-var,arg-type]


def test_grey_and_the_colours_of_a_printer_become_those_of_a_screen() -> None:
    for mode in ("L", "CMYK"):
        out = BytesIO()
        Image.new(mode, (10, 10)).save(out, "JPEG")
        assert opened(picture.drawn(out.getvalue(), pictures.MOST_BYTES).large).mode == "RGB"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "picture_kind"),
        (b"<html>", "picture_kind"),
        (photo(kind="GIF"), "picture_kind"),
        (photo(kind="TIFF"), "picture_kind"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "picture_heic"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "picture_heic"),
        (photo()[:200], "picture_broken"),
        (photo(kind="PNG")[:60], "picture_broken"),
        (photo(kind="WEBP")[:40], "picture_broken"),
        (b"\xff\xd8\xff", "picture_broken"),
        (b"\0" * (picture.MOST_BYTES + 1), "picture_heavy"),
    ],
)
def test_what_is_no_photo_that_we_can_read_is_refused_with_a_reason(data: bytes, why: str) -> None:
    assert refused(data) == why


def test_more_pixels_than_a_phone_makes_are_refused_before_they_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_given: Any) -> None:
        raise AssertionError("it was decoded")

    sent = [photo(kind=kind) for kind in KINDS]
    monkeypatch.setattr(ImageFile.ImageFile, "load", never)
    monkeypatch.setattr(picture, "MOST_PIXELS", dict.fromkeys(KINDS, 799))
    assert [refused(one) for one in sent] == ["picture_wide"] * 3


def test_twin_with_room_for_one_pixel_more_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MOST_PIXELS", dict.fromkeys(KINDS, 800))
    made = [picture.drawn(photo(kind=kind), pictures.MOST_BYTES).width for kind in KINDS]
    assert made == [40] * 3


@pytest.mark.parametrize(
    ("name", "why"),
    [("huge_pixels.png", "picture_wide"), ("html_as.jpg", "picture_kind"),
     ("script.svg", "picture_kind"), ("active.pdf", "picture_kind")],
)  # fmt: skip
def test_known_bad_files_are_refused(shared: Path, name: str, why: str) -> None:
    assert refused((shared / "badinputs" / "upload" / name).read_bytes()) == why


def test_noise_becomes_small_enough_by_telling_less_of_it() -> None:
    noise = random.Random(1).randbytes(900 * 900 * 3)
    out = BytesIO()
    Image.frombytes("RGB", (900, 900), noise).save(out, "PNG")
    full = len(picture.drawn(out.getvalue(), 10_000_000).large)
    assert len(picture.drawn(out.getvalue(), full - 1).large) < full
    assert refused(out.getvalue(), 1000) == "picture_heavy"


@pytest.mark.filterwarnings("ignore:Corrupt EXIF", "ignore:Truncated File Read")
def test_what_a_camera_wrote_wrongly_is_no_reason_to_refuse_its_picture() -> None:
    sent = from_a_phone()
    broken = sent.replace(b"MM\0*", b"MM\xff*").replace(b"II*\0", b"II*\xff")
    assert broken != sent
    assert picture.drawn(broken, pictures.MOST_BYTES).width == 40


@pytest.mark.filterwarnings("ignore")
def test_a_thousand_broken_photos_are_refused_and_never_an_error() -> None:
    draw = random.Random(7)
    whole = [photo(kind=kind) for kind in KINDS] + [from_a_phone()]
    for _ in range(1000):
        data = bytearray(draw.choice(whole))
        for _ in range(draw.randint(1, 8)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        try:
            picture.drawn(bytes(data), pictures.MOST_BYTES)
        except Refusal as refusal:
            assert refusal.notice.code.startswith("picture_")  # noqa: PT017


def with_passes(many: int) -> bytes:
    """A grey picture of which one pass is written so many times, as nobody's camera does."""
    out = BytesIO()
    Image.new("L", (64, 64), 128).save(out, "JPEG", progressive=True, quality=50)
    data = out.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + (many - data.count(b"\xff\xda") + 1) * data[last:-2] + data[-2:]


def test_more_passes_than_a_camera_makes_are_refused_before_they_are_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture.drawn(with_passes(64), pictures.MOST_BYTES)
    monkeypatch.setattr(picture, "_upright", None)  # whoever draws it now fails
    assert refused(with_passes(65)) == "picture_broken"


def test_who_waits_too_long_for_another_hears_that_it_is_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(picture, "_WAITS", 0.01)
    with picture._ONE:
        assert refused(photo()) == "picture_busy"
    picture.drawn(photo(), pictures.MOST_BYTES)


def test_what_is_refused_keeps_nobody_waiting() -> None:
    assert refused(photo()[:-400]) == "picture_broken"
    picture.drawn(photo(), pictures.MOST_BYTES)


def test_a_picture_that_is_not_whole_is_refused_whatever_was_asked_of_pillow_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint does
    for kind in ("JPEG", "PNG"):
        data = photo((400, 400), kind)
        assert refused(data[: len(data) * 2 // 3]) == "picture_broken"
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True
