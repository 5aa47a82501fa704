# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of workshops and stalls of a brand: when, and who comes?"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions, booking
from wijkeconomie.web.acting.forms import WhyForm
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import forms, maker_views, spots
from wijkeconomie.web.acting.models import Booking, Listing, Slot
from wijkeconomie.web.acting.pages import frame, too_often
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


@writes
@access.on(Listing, Right.CASES, of=brands.BRAND.name)
def new_spot(request: Asked, found: Listing) -> HttpResponse:
    """Add a workshop, a stall or a point of sale."""

    def act(given: dict[str, Any]) -> str:
        more = {name: given.pop(name) for name in ("use", "guide")}
        made = spots.begin(by=request.user, brand=found, more=more, **given)
        return reverse("brand_spot", args=[made.pk])

    form = _filled(request, forms.SpotForm)
    return _ask(request, form, act, **frame(_("A workshop, stall or point of sale"), found))


@access.on(Listing, Right.CASES, of=spots.SPOT.name)
def spot(request: Asked, found: Listing) -> HttpResponse:
    """When is it there, and who comes?"""
    rows = spots.who_comes(found)
    parties = [one.party_id for _slot, each in rows for one in each]
    actions.read_all(by=request.user, municipality=found.municipality, parties=parties)
    today = spots.of_today(found)
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in today])  # fmt: skip
    page = {"found": found, "rows": rows, "today": today}
    return render(request, "acting/brand_spot.html",
                  page | frame(found.title, brands.brand_of(found)))  # fmt: skip


@writes
@access.on(Listing, Right.CASES, of=spots.SPOT.name)
def new_days(request: Asked, found: Listing) -> HttpResponse:
    """Open days."""

    def act(given: dict[str, Any]) -> str:
        spots.open_days(by=request.user, spot=found, times=form.times(), seats=given["seats"])
        return reverse("brand_spot", args=[found.pk])

    form = _filled(request, forms.DaysForm)
    return _ask(request, form, act, **frame(_("Open days"), brands.brand_of(found)))


def _slot(found: Slot) -> Slot:
    if found.listing.kind != spots.SPOT.name:
        raise Http404
    return found


@writes
@access.on(Slot, Right.CASES)
def cancel_day(request: Asked, found: Slot) -> HttpResponse:
    """That day does not go on: who would come is told."""
    there = _slot(found).listing

    def act(given: dict[str, Any]) -> str:
        booking.cancel_slot(by=request.user, slot=found, reason=given["reason"])
        return reverse("brand_spot", args=[there.pk])

    form = _filled(request, WhyForm)
    form.fields["reason"].help_text = _("Who would come reads this.")
    coming = found.bookings.filter(state__in=("confirmed", "offered", "held")).count()
    return _ask(request, form, act, "acting/cancel_slot.html", found=found, there=coming,
                button=_("Cancel this day"),
                **frame(_("Cancel a day"), brands.brand_of(there)))  # fmt: skip


@writes
@access.on(Slot, Right.CASES)
def guide(request: Asked, found: Slot) -> HttpResponse:
    """Who guides that day?"""
    there = _slot(found).listing

    def act(given: dict[str, Any]) -> str:
        spots.guide(by=request.user, slot=found, name=given["name"])
        return reverse("brand_spot", args=[there.pk])

    form = _filled(request, forms.GuideForm, initial={"name": spots.who_guides(found)})
    return _ask(request, form, act, **frame(_("Who guides?"), brands.brand_of(there)))


@require_POST
@writes
@access.on(Booking, Right.CASES)
def came(request: Asked, found: Booking) -> HttpResponse:
    """Who had a seat came, or did not."""
    there = _slot(found.slot).listing
    booking.saw(by=request.user, booking=found, to=request.POST.get("to", ""))
    return redirect("brand_spot", there.pk)


@require_POST
@writes
@never_cache
def take_seat(request: HttpRequest, link: str) -> HttpResponse:
    """I come that day."""
    found = maker_views.mine_at(link)
    if refused := too_often(request):
        return refused
    form = forms.SeatForm(request.POST)
    if not form.is_valid():
        raise Http404
    spots.take(maker=found, **form.cleaned_data)
    return redirect("my_story", link)


@require_POST
@writes
@never_cache
def leave_seat(request: HttpRequest, link: str) -> HttpResponse:
    """I do not come."""
    found = maker_views.mine_at(link)
    if refused := too_often(request):
        return refused
    booking.let_go(booking=access.booked(found, request.POST.get("booking", "")))
    return redirect("my_story", link)
