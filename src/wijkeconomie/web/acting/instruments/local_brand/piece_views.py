# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages on which a piece is kept for somebody, sold, and what it brought is divided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.forms import WhyForm
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import forms, sales
from wijkeconomie.web.acting.models import Agreement, Case, Item, Line, Listing
from wijkeconomie.web.acting.pages import SHOWN, asker, frame, too_often
from wijkeconomie.web.context import reads, typed, writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


@writes
@never_cache
def reserve(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep a piece for me."""
    found = access.shown(key, brands.PRODUCT.name, "shown")
    access.shown(brands.brand_of(found).pk, brands.BRAND.name, "open")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        who = asker({"kind": "person"} | given)
        question = actions.Question(about="piece", text="", channel="web", asker=who)
        made = sales.reserve(product=found, key=given["key"], question=question)
        return reverse("my_piece", args=[access.link(made)])

    form = _filled(request, forms.ReserveForm)
    return _ask(request, form, act, "acting/reserve_piece.html", found=found,
                title=_("Keep a piece for me"))  # fmt: skip


def _mine(link: str) -> Case:
    found = access.followed(link, sales.RESERVATION.name)
    if found.party_id is None:
        raise Http404
    return found


@never_cache
def my_piece(request: HttpRequest, link: str) -> HttpResponse:
    """What is kept for me, and until when?"""
    found = _mine(link)
    page = {"found": found, "link": link, "piece": sales.piece_of(found),
            "title": found.listing.title, "brand": found.listing.within,
            "here": request.build_absolute_uri(reverse("my_piece", args=[link]))}  # fmt: skip
    return render(request, "acting/my_piece.html", page)


@require_POST
@writes
@never_cache
def give_back(request: HttpRequest, link: str) -> HttpResponse:
    """I do not need it any more."""
    found = _mine(link)
    if refused := too_often(request):
        return refused
    sales.give_back(case=found)
    return redirect("my_piece", link)


@writes
@access.on(Case, Right.CASES, of=sales.RESERVATION.name)
def not_fetched(request: Asked, found: Case) -> HttpResponse:
    """Nobody came for it: it can be bought again."""

    def act(given: dict[str, Any]) -> str:
        sales.give_back(case=found, by=request.user, reason=given["reason"])
        return reverse("brand_product_team", args=[found.listing_id])

    form = _filled(request, WhyForm)
    form.fields["reason"].help_text = _("For whom it was kept reads this.")
    return _ask(request, form, act, **frame(_("Keep it no more"), brands.brand_of(found.listing)))


@writes
@access.on(Item, Right.CASES, of=brands.PIECE)
def sell(request: Asked, found: Item) -> HttpResponse:
    """Note that a piece was sold."""

    def act(given: dict[str, Any]) -> str:
        sales.sell(by=request.user, piece=found, **given)
        return reverse("brand_product_team", args=[found.listing_id])

    form = _filled(request, forms.SellForm, initial={"cents": found.listing.more["cents"] / 100})
    return _ask(request, form, act, **frame(_("It was sold"), brands.brand_of(found.listing)))


@access.on(Listing, Right.CASES, of=brands.BRAND.name)
def sold(request: Asked, found: Listing) -> HttpResponse:
    """What was sold, and who is still to get their share?"""
    rows = sales.sales(found)
    parties = [one.party_id for sale in rows[:SHOWN] for one in sale.lines.all()]
    actions.read_all(by=request.user, municipality=found.municipality, parties=parties)
    page = {"found": found, "rows": rows[:SHOWN], "many": len(rows),
            "cents": sum(one.more["cents"] for one in rows)}  # fmt: skip
    return render(request, "acting/brand_sales.html", page | frame(_("Sales"), found))


@reads("dag")
@access.on(Listing, Right.CASES, of=brands.BRAND.name)
def till(request: Asked, found: Listing) -> HttpResponse:
    """What was noted on a day?"""
    day = parse_date(typed(request, "dag")) or timezone.localdate()
    page = {"found": found, "till": sales.till(found, day)}
    return render(request, "acting/brand_till.html", page | frame(_("The till of a day"), found))


@writes
@access.on(Agreement, Right.CASES, of=sales.SALE.name)
def take_back(request: Asked, found: Agreement) -> HttpResponse:
    """A sale was not right."""

    def act(given: dict[str, Any]) -> str:
        sales.take_back(by=request.user, sale=found, reason=given["reason"])
        return reverse("brand_sales", args=[brands.brand_of(found.listing).pk])

    form = _filled(request, WhyForm)
    form.fields["reason"].help_text = _("Only the team reads it.")
    return _ask(request, form, act, **frame(_("Set it right"), brands.brand_of(found.listing)))


@require_POST
@writes
@access.on(Line, Right.CASES, of=sales.SALE.name)
def paid(request: Asked, found: Line) -> HttpResponse:
    """A share was paid."""
    actions.settle(line=found, to="kept", by=request.user)
    return redirect("brand_sales", brands.brand_of(found.of.listing).pk)
