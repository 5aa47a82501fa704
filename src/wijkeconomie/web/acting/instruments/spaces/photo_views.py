# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages by which photos of a space come and go, and the photos themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wijkeconomie.web.accounts.access import known, places
from wijkeconomie.web.acting import access, photos
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import forms
from wijkeconomie.web.acting.instruments.spaces.views import KEEPS, keeps, unit_frame
from wijkeconomie.web.acting.models import MOST_PICTURES, Listing, Picture
from wijkeconomie.web.acting.pages import WORKS
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey import pictures
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


@writes
@access.on(Listing, *KEEPS, of=spaces.UNIT.name)
def of_space(request: Asked, found: Listing) -> HttpResponse:
    """Which photos are there of this space?"""
    mine = keeps(request, found)

    def act(given: dict[str, Any]) -> str:
        photos.keep(by=request.user, listing=found, key=given["key"], photo=form.photo,
                    caption=given["caption"])  # fmt: skip
        return reverse("space_photos", args=[found.pk])

    form = photo_form(request, found)
    page = shown_with(found) | unit_frame(found, _("Photos"), mine=mine)
    return _ask(request, form, act, "acting/space_photos.html", **page)


def photo_form(request: HttpRequest, unit: Listing) -> Any:
    """As it was sent, with its file."""
    form = _filled(request, forms.PhotoForm, of=unit)
    form.files = request.FILES
    return form


def shown_with(unit: Listing) -> dict[str, Any]:
    """What a page with the photos of *unit* shows."""
    there = list(unit.pictures.all())
    return {"found": unit, "photos": there, "full": len(there) >= MOST_PICTURES}


@require_POST
@writes
@access.on(Picture, *KEEPS)
def away(request: Asked, found: Picture) -> HttpResponse:
    """Take a photo away."""
    keeps(request, found.listing)
    photos.take_away(by=request.user, picture=found)
    return redirect("space_photos", found.listing_id)


def large(request: HttpRequest, key: UUID) -> HttpResponse:
    """A photo, for everyone as long as the space is on show; else for who keeps it."""
    return sent(request, _seen(request, key), pictures.LARGE)


def small(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same, for in a list."""
    return sent(request, _seen(request, key), pictures.SMALL)


def sent(request: HttpRequest, found: Picture, folder: str) -> HttpResponse:
    """The picture itself."""
    return photos.answered(request, found.pk, folder, "image/jpeg")


def _seen(request: HttpRequest, key: UUID) -> Picture:
    """The photo *key*; 404 for who may not see it."""
    of_spaces = Picture.objects.filter(case=None)  # those of somebody ask what they allow
    found = get_object_or_404(of_spaces.select_related("listing__within"), pk=key)
    if not spaces.is_shown(found.listing) and not _theirs(request, found):
        raise Http404
    return found


def _theirs(request: HttpRequest, found: Picture) -> bool:
    """Whether it is of a space that somebody keeps, for the team or as its owner."""
    user = request.user
    if not known(user):
        return False
    here = [one for one in places(user) if one.municipality.pk == found.municipality_id]
    if any(one.reaches(right, found.area) for one in here for right in WORKS):
        return True
    return spaces.owned(user).filter(pk=found.listing_id).exists()
