# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Photos of what is offered and of who makes it, and voices: kept, taken away, sent, and gone from
disk with what they show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

from wijkeconomie.acting.picture import Drawn, drawn
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts import audit
from wijkeconomie.web.accounts.audit import LINK
from wijkeconomie.web.accounts.models import User
from wijkeconomie.web.acting.models import MOST_PICTURES, Case, Listing, Picture, Voice
from wijkeconomie.web.journey import pictures
from wijkeconomie.web.journey.actions import at_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A photo that came: ``sha256`` of it, and how it would be kept."""

    sha256: str
    drawn: Drawn


def sent(data: bytes) -> Sent:
    """*data* drawn anew, before anything is written; Refusal where it is no photo that can be.
    What is kept holds to what is asked of photos of journeys."""
    made = drawn(data, pictures.MOST_BYTES)
    for kept in (made.large, made.small):
        pictures.check(kept)
    return Sent(sha256=sha256(data).hexdigest(), drawn=made)


def of(listing: Listing, case: Case | None = None) -> QuerySet[Picture]:
    """The photos of *listing* itself, or of somebody in it."""
    return Picture.objects.filter(listing=listing, case=case)


def room(listing: Listing, key: UUID | None) -> None:
    """Refusal("pictures_full") where no photo fits any more with *listing*, unless it is the one
    under its *key*; ("picture_of_gone") where *listing* is gone."""
    if listing.state == "gone":
        raise Refusal("picture_of_gone")
    there = of(listing)
    if there.count() >= MOST_PICTURES and not (key and there.filter(pk=key).exists()):
        raise Refusal("pictures_full", most=MOST_PICTURES)


@transaction.atomic
def keep(
    *, by: User | None, listing: Listing, key: UUID, photo: Sent, caption: str,
    case: Case | None = None,
) -> Picture:  # fmt: skip
    """Add a photo; the same under its *key* is the same one, Refusal("key_used") where it is
    another, ("pictures_full") where there are MOST_PICTURES already.  *by*: nobody of an account,
    where its owner does so by a link; *case*: of whom it is one, instead of the one before."""
    held = Listing.objects.select_for_update(no_key=True).get(pk=listing.pk)
    if case is None:
        room(held, key)
    known = Picture.objects.filter(pk=key).first()
    if known is not None:
        said = (known.listing_id, known.case_id, known.sha256, known.caption)
        if said != (listing.pk, case.pk if case else None, photo.sha256, caption):
            raise Refusal("key_used")
        return known
    if case is not None:
        clear(of(listing, case))
    taken = set(of(listing, case).values_list("number", flat=True))
    free = [number for number in range(1, MOST_PICTURES + 1) if number not in taken]
    with at_once(Picture.objects.filter(pk=key).exists, "key_used"):
        made = Picture.objects.create(
            id=key, listing=listing, case=case, number=free[0], caption=caption,
            sha256=photo.sha256, width=photo.drawn.width, height=photo.drawn.height, made_by=by,
            municipality=listing.municipality,
        )  # fmt: skip
    pictures.write(key, photo.drawn.large, pictures.LARGE)
    pictures.write(key, photo.drawn.small, pictures.SMALL)
    audit.note(listing.municipality, "keep_picture", by=by or LINK, subject=made.pk)
    return made


@transaction.atomic
def take_away(*, by: User | None, picture: Picture) -> None:
    """A photo goes, from disk too; one that went a moment before is no error."""
    audit.note(picture.municipality, "take_picture_away", by=by or LINK, subject=picture.pk)
    clear(Picture.objects.filter(pk=picture.pk))


def clear(found: Iterable[Picture]) -> int:
    """*found* go, from disk once that is kept; belongs in the transaction of an act.  How many."""
    keys = [one.pk for one in found]
    Picture.objects.filter(pk__in=keys).delete()
    for folder in (pictures.LARGE, pictures.SMALL):
        transaction.on_commit(partial(pictures.remove, keys, folder))
    return len(keys)


def silence(found: Iterable[Voice]) -> None:
    """Voices go, from disk once that is kept; belongs in the transaction of an act."""
    keys = [one.pk for one in found]
    Voice.objects.filter(pk__in=keys).delete()
    transaction.on_commit(partial(pictures.remove, keys, pictures.VOICES))


def answered(request: HttpRequest, key: UUID, folder: str, media: str) -> HttpResponse:
    """The file itself.  It never changes, and may be seen no more at any moment: a browser keeps
    it and asks each time whether it still may; nobody between keeps it."""
    tag = f'"{key.hex}"'
    answer = get_conditional_response(request, etag=tag)
    if answer is None:
        try:
            answer = HttpResponse(pictures.read(key, folder), media)
        except FileNotFoundError:
            raise Http404 from None
    answer["ETag"] = tag
    patch_cache_control(answer, private=True, no_cache=True)
    return answer
