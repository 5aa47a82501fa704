# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A voice as a phone records it: what it is by its own bytes, how long it lasts, and without what
stands beside the sound (place, title, who made it).

Nothing is decoded.  Sources: ISO 14496-12 (boxes ``mvhd``, ``mdhd``, ``hdlr``), ISO 11172-3,
2.4.1.3 and ISO 13818-3 (header of a frame of MP3), ID3v2.4 section 3.1, Microsoft RIFF WAVE."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from wijkeconomie.figures.refusal import Refusal

MOST_BYTES = 6_000_000
MOST_SECONDS = 60
_HEAD = 8  # bytes of a box or a chunk before what it holds: length and name
_HOLDS = (b"moov", b"trak", b"mdia")  # boxes in which there are boxes that we read
_MUTE = (b"udta", b"meta", b"uuid", b"free", b"skip")  # may tell of a place, or of who made it
_KBITS = {  # by version of MPEG (3 is 1, others 2 and 2.5), of layer III
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = (44_100, 48_000, 32_000)
_SLOWER = {3: 1, 2: 2, 0: 4}  # by version
_LAYER_3 = 1
_PCM = 1
_BROKEN = (struct.error, IndexError, ZeroDivisionError, KeyError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What is kept of a recording: ``media`` is one of three MIME types; ``seconds`` rounded up."""

    data: bytes
    media: str
    seconds: int


def cleaned(data: bytes) -> Sound:
    """What may be kept of *data*.  Raises Refusal: ``sound_heavy`` (bytes), ``sound_kind`` (no M4A,
    MP3 or WAV, or a film), ``sound_broken``, ``sound_long``."""
    if len(data) > MOST_BYTES:
        raise Refusal("sound_heavy", most=MOST_BYTES // 1_000_000)
    try:
        kept, media, lasts = _read(data)
    except _BROKEN:
        raise Refusal("sound_broken") from None
    if lasts <= 0:
        raise Refusal("sound_broken")
    if lasts > MOST_SECONDS:
        raise Refusal("sound_long", most=MOST_SECONDS)
    return Sound(data=kept, media=media, seconds=ceil(lasts))


def _read(data: bytes) -> tuple[bytes, str, Fraction]:
    if data[4:8] == b"ftyp":
        return _m4a(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return _wav(data)
    if data[:3] == b"ID3" or _frame(data, 0) is not None:
        return _mp3(data)
    raise Refusal("sound_kind")


def _m4a(data: bytes) -> tuple[bytes, str, Fraction]:
    """Boxes that may tell something are emptied where they stand, so that nothing moves."""
    kept, lasts, hears = bytearray(data), Fraction(0), set[bytes]()
    for name, start, end in _boxes(data, 0, len(data)):
        if name in _MUTE:
            kept[start - 4 : start] = b"free"
            kept[start:end] = bytes(end - start)
        elif name in (b"mvhd", b"mdhd"):
            lasts = max(lasts, _lasts(data, start))
        elif name == b"hdlr":
            hears.add(data[start + 8 : start + 12])
            kept[start + 24 : end] = bytes(end - start - 24)  # its name in words
    if hears != {b"soun"}:
        raise Refusal("sound_kind" if hears else "sound_broken")
    return bytes(kept), "audio/mp4", lasts


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box as its name, and from where until where it holds something."""
    while at < end:
        (length,), name = struct.unpack_from(">I", data, at), data[at + 4 : at + _HEAD]
        start, stop = at + _HEAD, at + length
        if length < _HEAD or stop > end:
            raise Refusal("sound_broken")
        yield name, start, stop
        if name in _HOLDS:
            yield from _boxes(data, start, stop)
        at = stop


def _lasts(data: bytes, at: int) -> Fraction:
    """Of ``mvhd`` or ``mdhd``, in seconds; version 1 has wide times."""
    scale, long = struct.unpack_from(
        ">IQ" if data[at] else ">II", data, at + (20 if data[at] else 12)
    )
    return Fraction(long, scale)


def _wav(data: bytes) -> tuple[bytes, str, Fraction]:
    """How it sounds and the sound; no other chunk passes."""
    found: dict[bytes, bytes] = {}
    at = 12
    while at + _HEAD <= len(data):
        name, (length,) = data[at : at + 4], struct.unpack_from("<I", data, at + 4)
        found.setdefault(name, data[at + _HEAD : at + _HEAD + length])
        at += _HEAD + length + length % 2
    coded, _channels, _rate, each = struct.unpack_from("<HHII", found[b"fmt "])
    if coded != _PCM:
        raise Refusal("sound_kind")
    body = _chunk(b"fmt ", found[b"fmt "]) + _chunk(b"data", found[b"data"])
    kept = b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body
    return kept, "audio/wav", Fraction(len(found[b"data"]), each)


def _chunk(name: bytes, held: bytes) -> bytes:
    return name + struct.pack("<I", len(held)) + held + b"\0" * (len(held) % 2)


def _mp3(data: bytes) -> tuple[bytes, str, Fraction]:
    """Frames that follow each other, and nothing before, between or behind them."""
    at, kept, lasts = 0, bytearray(), Fraction(0)
    if data[:3] == b"ID3":
        size = 0
        for one in data[6:10]:
            size = size << 7 | one & 0x7F
        at = 10 + size
    while (found := _frame(data, at)) is not None:
        length, each = found
        if at + length > len(data):
            break
        kept += data[at : at + length]
        lasts += each
        at += length
    return bytes(kept), "audio/mpeg", lasts


def _frame(data: bytes, at: int) -> tuple[int, Fraction] | None:
    """How many bytes the frame at *at* has, and how many seconds; None where there is none."""
    if len(data) < at + 4 or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    bits, rate, pads = data[at + 2] >> 4, data[at + 2] >> 2 & 3, data[at + 2] >> 1 & 1
    if version not in _SLOWER or layer != _LAYER_3 or not 0 < bits < 15 or rate > 2:
        return None
    hertz = _RATES[rate] // _SLOWER[version]
    samples = 1152 if version == 3 else 576
    length = samples // 8 * _KBITS[3 if version == 3 else 2][bits] * 1000 // hertz + pads
    return length, Fraction(samples, hertz)
