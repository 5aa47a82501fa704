# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages by which a maker is seen and heard, and the photo and the voice themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, photos
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import forms, maker_views, seen
from wijkeconomie.web.acting.models import MOST_PICTURES, Case, Listing, Picture
from wijkeconomie.web.acting.pages import frame, too_often
from wijkeconomie.web.acting.photos import answered
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey import pictures
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


@writes
@never_cache
def my_photo(request: HttpRequest, link: str) -> HttpResponse:
    """Show my photo."""
    found = maker_views.mine_at(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        seen.show(maker=found, key=given["key"], photo=form.photo, words=given["words"])
        return reverse("my_story", args=[link])

    form = with_files(request, forms.MyPhotoForm)
    return _ask(request, form, act, "acting/seen.html", title=_("Your photo"),
                found=found.listing, link=link)  # fmt: skip


@writes
@never_cache
def my_voice(request: HttpRequest, link: str) -> HttpResponse:
    """Let my voice be heard."""
    found = maker_views.mine_at(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        seen.speak(maker=found, key=given["key"], heard=form.heard, words=given["words"])
        return reverse("my_story", args=[link])

    form = with_files(request, forms.MyVoiceForm)
    return _ask(request, form, act, "acting/seen.html", title=_("Your voice"),
                found=found.listing, link=link)  # fmt: skip


def with_files(request: HttpRequest, kind: Any, **options: Any) -> Any:
    """As it was sent, with its file."""
    form = _filled(request, kind, **options)
    form.files = request.FILES
    return form


@require_POST
@writes
@never_cache
def unseen(request: HttpRequest, link: str) -> HttpResponse:
    """Take my photo or my voice away."""
    found = maker_views.mine_at(link)
    if refused := too_often(request):
        return refused
    if (what := request.POST.get("what", "")) not in ("photo", "voice"):
        raise Http404
    seen.take_away(maker=found, what=what)
    return redirect("my_story", link)


@never_cache
def my_file(request: HttpRequest, link: str, what: str) -> HttpResponse:
    """My own photo or voice, whatever I allow."""
    found = maker_views.mine_at(link)
    return _sent(request, found, what)


def of_maker(request: HttpRequest, key: UUID, what: str) -> HttpResponse:
    """The photo or the voice on the page of a maker, as long as they allow it."""
    return _sent(request, brands.beside(brands.on_page(key), what, "page"), what)


def of_piece(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """The same for who scans a label."""
    maker = brands.maker_of(brands.scanned(code), "piece")
    return _sent(request, brands.beside(maker, what, "piece"), what)


def _sent(request: HttpRequest, maker: Case | None, what: str) -> HttpResponse:
    voice = seen.voice_of(maker) if what == "voice" else None
    found = voice or (seen.photo_of(maker) if what == "photo" else None)
    if found is None:
        raise Http404
    folder, media = (pictures.VOICES, voice.media) if voice else (pictures.SMALL, "image/jpeg")
    return answered(request, found.pk, folder, media)


@writes
@access.on(Listing, Right.CASES, of=brands.PRODUCT.name)
def of_product(request: Asked, found: Listing) -> HttpResponse:
    """Which photos are there of this product?"""

    def act(given: dict[str, Any]) -> str:
        photos.keep(by=request.user, listing=found, key=given["key"], photo=form.photo,
                    caption=given["caption"])  # fmt: skip
        return reverse("product_photos", args=[found.pk])

    form = with_files(request, forms.ProductPhotoForm, of=found)
    there = list(photos.of(found))
    page = frame(_("Photos"), brands.brand_of(found))
    return _ask(request, form, act, "acting/product_photos.html", **page, found=found,
                photos=there, full=len(there) >= MOST_PICTURES)  # fmt: skip


@require_POST
@writes
@access.on(Picture, Right.CASES)
def away(request: Asked, found: Picture) -> HttpResponse:
    """Take a photo of a product away."""
    if found.listing.kind != brands.PRODUCT.name:
        raise Http404
    photos.take_away(by=request.user, picture=found)
    return redirect("product_photos", found.listing_id)


def product_photo(request: HttpRequest, key: UUID) -> HttpResponse:
    """A photo of a product, as long as its brand is on show."""
    there = Picture.objects.select_related("listing__within").filter(
        pk=key, listing__kind=brands.PRODUCT.name, listing__within__state__in=("open", "ended")
    )
    if (found := there.first()) is None:
        raise Http404
    return answered(request, found.pk, pictures.SMALL, "image/jpeg")
