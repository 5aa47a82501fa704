# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A recording is what its bytes say, lasts a minute at most, and tells nothing but its sound."""

from __future__ import annotations

import struct

import pytest

from wijkeconomie.acting import sound
from wijkeconomie.figures.refusal import Refusal

PLACE = b"+51.9+004.4 Kade"


def chunk(name: bytes, held: bytes) -> bytes:
    return name + struct.pack("<I", len(held)) + held + b"\0" * (len(held) % 2)


def wav(seconds: int = 2, coded: int = 1, told: bytes = b"") -> bytes:
    body = chunk(b"fmt ", struct.pack("<HHIIHH", coded, 1, 8000, 8000, 1, 8))
    body += chunk(b"LIST", told) + chunk(b"data", b"\x80" * 8000 * seconds)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def box(name: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held) + 8) + name + held


def m4a(seconds: int = 2, handler: bytes = b"soun", told: bytes = b"") -> bytes:
    times = bytes(12) + struct.pack(">II", 1000, seconds * 1000)
    hdlr = box(b"hdlr", bytes(8) + handler + bytes(12) + b"Opname van Samira\0")
    trak = box(b"trak", box(b"mdia", box(b"mdhd", times) + hdlr))
    moov = box(b"moov", box(b"mvhd", times) + trak + box(b"udta", told))
    return box(b"ftyp", b"M4A \0\0\0\0") + moov + box(b"mdat", b"klank")


def mp3(seconds: float = 2.0, told: bytes = b"") -> bytes:
    frame = b"\xff\xfb\x10\xc0" + bytes(100)  # MPEG 1, layer III, 32 kbit/s, 44.1 kHz: 104 bytes
    tag = b"ID3\x04\0\0" + bytes([0, 0, 0, len(told)]) + told
    return tag + frame * int(seconds * 44100 / 1152) + b"TAG" + told


@pytest.mark.parametrize(("make", "media"), [(wav, "audio/wav"), (m4a, "audio/mp4"),
                                             (mp3, "audio/mpeg")])  # fmt: skip
def test_sound_passes_and_what_stands_beside_it_does_not(make: object, media: str) -> None:
    found = sound.cleaned(make(told=PLACE))  # type: ignore[operator]
    assert (found.media, found.seconds) == (media, 2)
    assert PLACE not in found.data
    assert b"Samira" not in found.data
    assert sound.cleaned(found.data).seconds == 2


def test_in_a_cleaned_m4a_nothing_moved() -> None:
    sent = m4a(told=PLACE)
    kept = sound.cleaned(sent).data
    assert (len(kept), kept.index(b"klank")) == (len(sent), sent.index(b"klank"))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html>", "sound_kind"), (b"\x89PNG\r\n\x1a\n", "sound_kind"), (b"", "sound_kind"),
        (b"OggS" + bytes(40), "sound_kind"), (m4a(handler=b"vide"), "sound_kind"),
        (wav(coded=85), "sound_kind"), (m4a(61), "sound_long"), (wav(61), "sound_long"),
        (mp3(61), "sound_long"), (m4a()[:60], "sound_broken"), (wav(0), "sound_broken"),
        (wav()[:20], "sound_broken"), (b"ID3" + bytes(40), "sound_broken"),
        (bytes(sound.MOST_BYTES + 1), "sound_heavy"),
    ],
)  # fmt: skip
def test_what_is_no_recording_of_a_minute_is_refused_by_name(data: bytes, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        sound.cleaned(data)
    assert refused.value.notice.code == name
