# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Voices as files, under the key of the recording, for as long as the giver allows it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.journey import pictures, sealed

MOST_BYTES = 2_400_000  # ten minutes of speech, and what is under the bound of a request's body
_BEGINS = {  # container, by its first bytes: Matroska (RFC 8794), Ogg (RFC 3533)
    b"\x1a\x45\xdf\xa3": "audio/webm",
    b"OggS": "audio/ogg",
}


def check(data: bytes) -> str:
    """The media type of a recording that may be kept; Refusal("sound_unclear" or "sound_large")."""
    if len(data) > MOST_BYTES:
        raise Refusal("sound_large", most=f"{MOST_BYTES / 1e6:.1f}")
    if data[4:8] == b"ftyp":  # ISO base media file (ISO 14496-12)
        return "audio/mp4"
    if kind := _BEGINS.get(data[:4]):
        return kind
    raise Refusal("sound_unclear")


def path(recording: UUID) -> Path:
    """Where a recording lies; only views that asked for rights read it."""
    return Path(settings.DATA) / "recordings" / recording.hex[:2] / recording.hex


def read(recording: UUID) -> bytes:
    """The voice."""
    return sealed.opened(path(recording).read_bytes(), recording.hex)


def write(recording: UUID, data: bytes) -> None:
    """Sealed, whole or not at all."""
    pictures.write_whole(path(recording), sealed.seal(data, recording.hex))


def remove(recordings: Iterable[UUID]) -> None:
    """The files go; those that are gone already are no error."""
    for recording in recordings:
        path(recording).unlink(missing_ok=True)
