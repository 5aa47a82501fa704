# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A photo as a phone or a camera makes it, drawn anew: the picture stays, and all that stands
beside it (place, owner, time, make of the camera) goes, for nothing of the file itself is kept.

Nothing is decoded before its kind, its bytes and its pixels were looked at.  Sources: Pillow,
"Limits" and "Image.open(formats=…)"; Exif 2.32, tag 0x0112 (orientation); ISO 23008-12 (HEIF)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Literal

from PIL import Image, ImageFile, ImageOps

from wijkeconomie.figures.refusal import Refusal

MOST_BYTES = 15_000_000
# Of what comes in: a phone of 48 megapixels fits.  What is no JPEG is decoded whole.
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
LARGE, SMALL = 1600, 480  # along the longer side, of what is kept
_SCANS = 64  # of a JPEG: a camera makes one, a progressive one some ten; each costs a pass
_WAITS = 10  # seconds for who comes after another: then they hear that it is busy
_ONE = Lock()  # pictures are drawn one after the other: memory for one is enough
_PHONE = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
_SCAN = b"\xff\xda"  # ITU-T T.81, B.2.3: within a pass FF is followed by 00
_QUALITIES = (82, 70, 55)
_BROKEN = (  # what Pillow raises of bytes that are not whole
    OSError, ValueError, SyntaxError, EOFError, ArithmeticError, KeyError, TypeError, IndexError,
    MemoryError, struct.error,
)  # fmt: skip
_PAPER = (255, 255, 255)  # what lies behind a picture that lets through


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture as it is kept: JPEG that tells nothing else, ``large`` and ``small``, and how many
    pixels the large one has."""

    large: bytes
    small: bytes
    width: int
    height: int


def drawn(data: bytes, most: int) -> Drawn:
    """*data* drawn anew, upright, each of at most *most* bytes.

    Raises Refusal: ``picture_heavy`` (bytes), ``picture_heic``, ``picture_kind`` (no JPEG, PNG or
    WebP), ``picture_wide`` (pixels), ``picture_broken`` (more passes than a camera makes, too), or
    ``picture_busy`` where others are drawn for so long."""
    if len(data) > MOST_BYTES:
        raise Refusal("picture_heavy", most=MOST_BYTES // 1_000_000)
    if data[4:8] == b"ftyp" and data[8:12] in _PHONE:
        raise Refusal("picture_heic")
    if (kind := _kind(data)) is None:
        raise Refusal("picture_kind")
    if kind == "JPEG" and data.count(_SCAN) > _SCANS:
        raise Refusal("picture_broken")
    if not _ONE.acquire(timeout=_WAITS):
        raise Refusal("picture_busy")
    try:
        large = _upright(data, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _wide(kind) from None
    except _BROKEN:
        raise Refusal("picture_broken") from None
    finally:
        _ONE.release()
    return Drawn(large=_written(large, most), small=_written(_scaled(large, SMALL), most),
                 width=large.width, height=large.height)  # fmt: skip


def _wide(kind: str) -> Refusal:
    return Refusal("picture_wide", most=MOST_PIXELS[kind] // 1_000_000)


def _kind(data: bytes) -> Literal["JPEG", "PNG", "WEBP"] | None:
    """What it is by how it begins, whatever it is called."""
    if data[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _upright(data: bytes, kind: str) -> Image.Image:
    """The first picture in *data*, as one is meant to see it, on paper, in RGB, LARGE at most."""
    with Image.open(BytesIO(data), formats=(kind,)) as sent:
        if sent.width * sent.height > MOST_PIXELS[kind]:
            raise _wide(kind)
        sent.draft("RGB", (LARGE, LARGE))  # a JPEG is not decoded larger than is needed
        with _whole():
            sent.load()
        clear = sent.has_transparency_data
        turned = _turned(_scaled(sent.convert("RGBA" if clear else "RGB"), LARGE))
    if not clear:
        return turned
    on = Image.new("RGB", turned.size, _PAPER)
    on.paste(turned, mask=turned.getchannel("A"))
    return on


@contextmanager
def _whole() -> Iterator[None]:
    """What is lacking is an error, also where another library asked Pillow to fill it with grey
    (WeasyPrint does, once it is loaded, for the whole process)."""
    kept, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = kept


def _turned(sent: Image.Image) -> Image.Image:
    """As the camera was held; as it lies where what the camera wrote cannot be read."""
    try:
        return ImageOps.exif_transpose(sent)
    except _BROKEN:
        return sent.copy()


def fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """*size* in pixels, with at most *side* along the longer side; never larger than it was."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _scaled(picture: Image.Image, side: int) -> Image.Image:
    size = fitted(picture.size, side)
    return picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS)


def _written(picture: Image.Image, most: int) -> bytes:
    """A JPEG of at most *most* bytes; on a new sheet, so that nothing of what it came with stands
    in it."""
    sheet = Image.new("RGB", picture.size)
    sheet.paste(picture)
    for quality in _QUALITIES:
        out = BytesIO()
        sheet.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if out.tell() <= most:
            return out.getvalue()
    raise Refusal("picture_heavy", most=most // 1_000_000)
