# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Photos as bytes: as small as they come, and with what should not be in one."""

from __future__ import annotations


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body


def jpeg(*before: bytes, width: int = 8, height: int = 8, after: bytes = b"") -> bytes:
    """Markers as a camera writes them; *before* the frame and *after* the end what is given."""
    jfif = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    frame = segment(0xC0, b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x01\x01\x11\0")
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"".join((b"\xff\xd8", jfif, *before, frame, scan, b"\xff\xd9", after))


JPEG = jpeg()
EXIF = segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0")
XMP = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>")
IPTC = segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04")
COMMENT = segment(0xFE, b"Kade 3, mevrouw Jansen")
