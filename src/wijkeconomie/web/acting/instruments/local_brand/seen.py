# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Makers seen and heard: one photo and one minute of voice of each, kept and taken away by
themselves.  What is shown asks the maker at that moment, as for their name."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from wijkeconomie.acting.sound import Sound, cleaned
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.acting import photos
from wijkeconomie.web.acting.actions import locked
from wijkeconomie.web.acting.instruments.local_brand import beside
from wijkeconomie.web.acting.models import Case, Picture, Voice
from wijkeconomie.web.journey import pictures
from wijkeconomie.web.journey.actions import at_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A recording that came: ``sha256`` of it, and what is kept of it."""

    sha256: str
    sound: Sound


def heard(data: bytes) -> Heard:
    """*data* as it would be kept; Refusal where it is no recording that can be."""
    return Heard(sha256=sha256(data).hexdigest(), sound=cleaned(data))


def photo_of(maker: Case | None) -> Picture | None:
    """The photo of *maker*, if there is one."""
    return maker.pictures.first() if maker else None


def voice_of(maker: Case | None) -> Voice | None:
    """The voice of *maker*, if there is one."""
    return Voice.objects.filter(case=maker).first() if maker else None


@transaction.atomic
def show(*, maker: Case, key: UUID, photo: photos.Sent, words: str) -> Picture:
    """Keep a photo of *maker* instead of the one before; *words* say what is on it, sealed."""
    held = locked(maker)
    if Picture.objects.filter(pk=key).exists() and held.more.get("seen") != words:
        raise Refusal("key_used")
    made = photos.keep(by=None, listing=held.listing, key=key, photo=photo, caption="", case=held)
    held.more = held.more | {"seen": words}
    held.save(update_fields=("more",))
    return made


@transaction.atomic
def speak(*, maker: Case, key: UUID, heard: Heard, words: str) -> Voice:
    """Keep the voice of *maker* instead of the one before, with the same in *words*."""
    held = locked(maker)
    if (known := Voice.objects.filter(pk=key).first()) is not None:
        if (known.case_id, known.sha256, known.words) != (held.pk, heard.sha256, words):
            raise Refusal("key_used")
        return known
    photos.silence(Voice.objects.filter(case=held))
    with at_once(Voice.objects.filter(pk=key).exists, "key_used"):
        made = Voice.objects.create(
            id=key, case=held, words=words, media=heard.sound.media, sha256=heard.sha256,
            seconds=heard.sound.seconds, municipality=held.municipality,
        )  # fmt: skip
    pictures.write(key, heard.sound.data, pictures.VOICES)
    audit.note(held.municipality, "keep_voice", by=LINK, subject=made.pk)
    return made


@transaction.atomic
def take_away(*, maker: Case, what: str) -> None:
    """The photo or the voice of *maker* goes, from disk too; what went already is no error."""
    held = locked(maker)
    if what == "photo":
        photos.clear(held.pictures.all())
        held.more = {name: one for name, one in held.more.items() if name != "seen"}
        held.save(update_fields=("more",))
    else:
        photos.silence(Voice.objects.filter(case=held))
    audit.note(held.municipality, f"take_{what}_away", by=LINK, subject=held.pk)


def shown(maker: Case | None, where: str) -> dict[str, Any]:
    """The photo and the voice of *maker*, each where it may stand on *where*."""
    return {"photo": photo_of(beside(maker, "photo", where)),
            "voice": voice_of(beside(maker, "voice", where))}  # fmt: skip
