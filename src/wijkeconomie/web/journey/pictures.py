# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Photos as files: a JPEG that tells nothing but its picture, sealed, under the key of the photo.
Those of journeys lie in the folder ``photos``; what else keeps some has folders of its own.

The device draws a photo anew, so that no place, time or make of the phone goes along; here that is
looked at once more, marker by marker (ITU-T T.81, annex B), without decoding the picture.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.journey import sealed

MOST_BYTES = 2_000_000
MOST_PIXELS = 1600  # along the longer side
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # start of frame: holds height and width
_SAYS_NOTHING = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}  # by how they begin
_NEEDED = {*_FRAMES, 0xC4, 0xDB, 0xDD, 0xDA}  # tables, restart interval, scan
_SCAN, _END = 0xDA, 0xD9
_BARE = {0x01, *range(0xD0, 0xD8)}  # markers without a length


def check(data: bytes) -> str:
    """The fingerprint of a photo that may be kept.

    Raises Refusal: ``photo_no_jpeg``, ``photo_large``, or ``photo_tells_more`` where it carries a
    place, a time, a comment or anything behind its end.
    """
    if len(data) > MOST_BYTES:
        raise Refusal("photo_large", most=MOST_BYTES // 1_000_000, pixels=MOST_PIXELS)
    sized = False
    for marker, body in _segments(data):
        if marker in _FRAMES:
            sides = (_number(body[1:3]), _number(body[3:5])) if len(body) >= 5 else (0, 0)
            if not min(sides) or max(sides) > MOST_PIXELS:
                raise Refusal("photo_large", most=MOST_BYTES // 1_000_000, pixels=MOST_PIXELS)
            sized = True
        start = _SAYS_NOTHING.get(marker)
        if marker not in _NEEDED and not (start and body.startswith(start)):
            raise Refusal("photo_tells_more")
    if not sized:
        raise Refusal("photo_no_jpeg")
    return hashlib.sha256(data).hexdigest()


def _number(two: bytes) -> int:
    return int.from_bytes(two)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Every marker with what belongs to it, to the end mark and nothing behind that."""
    if data[:2] != b"\xff\xd8":
        raise Refusal("photo_no_jpeg")
    at = 2
    while True:
        if data[at : at + 1] != b"\xff" or at + 1 >= len(data):
            raise Refusal("photo_no_jpeg")
        marker = data[at + 1]
        at += 2
        if marker == _END:
            break
        if marker in _BARE or marker == 0xFF:
            at -= marker == 0xFF  # a fill byte
            continue
        length = _number(data[at : at + 2])
        if length < 2 or at + length > len(data):
            raise Refusal("photo_no_jpeg")
        yield marker, data[at + 2 : at + length]
        at += length
        if marker == _SCAN:
            at = _behind_scan(data, at)
    if at != len(data):
        raise Refusal("photo_tells_more")


def _behind_scan(data: bytes, at: int) -> int:
    """Where the next marker is: in a scan 0xFF is followed by 0 or a restart."""
    while (at := data.find(b"\xff", at)) >= 0:
        if at + 1 < len(data) and data[at + 1] not in {0, *range(0xD0, 0xD8)}:
            return at
        at += 2
    raise Refusal("photo_no_jpeg")


PHOTOS = "photos"
LARGE, SMALL = "pictures", "thumbnails"  # of what is at work
VOICES = "voices"  # of who is at work
FOLDERS = (PHOTOS, "recordings", LARGE, SMALL, VOICES)


def path(photo: UUID, folder: str = PHOTOS) -> Path:
    """Where a photo lies; only views that asked for rights read it."""
    return Path(settings.DATA) / folder / photo.hex[:2] / f"{photo.hex}.jpg"


def read(photo: UUID, folder: str = PHOTOS) -> bytes:
    """The picture."""
    return sealed.opened(path(photo, folder).read_bytes(), photo.hex)


def write(photo: UUID, data: bytes, folder: str = PHOTOS) -> None:
    """Sealed, whole or not at all; every photo has a file of its own, so that it can go."""
    write_whole(path(photo, folder), sealed.seal(data, photo.hex))


def write_whole(target: Path, data: bytes) -> None:
    """A file that is there with all its bytes, or not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".new-{os.getpid()}-{target.name}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)


def files(folder: str) -> Iterator[Path]:
    """Everything in one of our FOLDERS, also what is half there."""
    yield from Path(settings.DATA).joinpath(folder).glob("??/*")


def key_of(file: Path) -> UUID | None:
    """The key of the photo or recording in *file*; None for one that was not written whole."""
    try:
        return UUID(file.stem)
    except ValueError:
        return None


def anew() -> int:
    """Seal every photo and recording with the first key; how many files."""
    held = [file for folder in FOLDERS for file in files(folder) if key_of(file)]
    for file in held:
        place = UUID(file.stem).hex
        write_whole(file, sealed.seal(sealed.opened(file.read_bytes(), place), place))
    return len(held)


def remove(photos: Iterable[UUID], folder: str = PHOTOS) -> None:
    """The files go; those that are gone already are no error."""
    for photo in photos:
        path(photo, folder).unlink(missing_ok=True)
