# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a local brand, for everyone and for the team: what is made, and labels for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.acting import pieces
from wijkeconomie.web.accounts.access import Place, Right, needs
from wijkeconomie.web.accounts.access import places as roles_in
from wijkeconomie.web.acting import access, actions, kinds, photos
from wijkeconomie.web.acting.forms import MoveForm
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import forms, running, sales, spots
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.acting.pages import WORKS, begun, frame, moving, where_and_for
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey import phone
from wijkeconomie.web.journey.access import Asked, signed_in
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

BRAND, PRODUCT = brands.BRAND.name, brands.PRODUCT.name
_OWN = ("owner", "phone", "for_brand", "for_stall")


@signed_in
def all_brands(request: Asked) -> HttpResponse:
    """The brands that I work for."""
    rows = access.listings(request.user, BRAND, *WORKS)
    begins = [here.municipality for here in roles_in(request.user)
              if Right.SET_TO_WORK in here.rights]  # fmt: skip
    return render(request, "acting/brands.html", {"rows": rows, "begins": begins})


@writes
@needs(Right.SET_TO_WORK)
def new_brand(request: HttpRequest, here: Place) -> HttpResponse:
    """Begin a brand: whose it is, and how what is sold is divided."""

    def act(given: dict[str, Any]) -> str:
        more = {name: given.pop(name) for name in _OWN} | {"days": 10}
        made = begun(here, brands.BRAND, given, more)
        return reverse("brand_team", args=[made.pk])

    form = _filled(request, forms.BrandForm, **where_and_for(here, BRAND))
    return _ask(request, form, act, **frame(_("A new local brand"), brands.BRAND))


@never_cache
def brand(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is made here, by whom, and how do I take part?"""
    found = access.shown(key, BRAND, "open", "ended")
    rows = brands.products(found).prefetch_related("pictures")
    page = {"found": found, "title": found.title, "rows": rows,
            "days": spots.coming(found), "circular": brands.circular(found),
            "makers": brands.all_named(found, "page") if found.state == "open" else ()}  # fmt: skip
    return render(request, "acting/brand.html", page)


@access.on(Listing, *WORKS, of=BRAND)
def team(request: Asked, found: Listing) -> HttpResponse:
    """Who takes part, what is made, and what is to be done?"""
    reading, sets = Right.CASES in request.rights, Right.SET_TO_WORK in request.rights
    people = found.cases.filter(kind=brands.MAKER.name).select_related("party")
    rows = list(people.order_by("-made_at", "pk")) if reading else []
    roles = running.history(found)
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in (*rows, *roles)])  # fmt: skip
    page = {"found": found, "rows": rows, "reading": reading, "sets": sets,
            "steps": kinds.steps(found) if sets else (),
            "roles": roles, "spots": spots.open_of(found), "health": running.now(found)[1],
            "products": found.inside.filter(kind=PRODUCT).order_by("title", "pk")}  # fmt: skip
    return render(request, "acting/brand_team.html", page | frame(found.title, brands.BRAND))


move = writes(access.on(Listing, Right.SET_TO_WORK, of=BRAND)(moving))


@writes
@access.on(Case, Right.CASES, of=brands.MAKER.name)
def answer_maker(request: Asked, found: Case) -> HttpResponse:
    """Does somebody take part?"""

    def act(given: dict[str, Any]) -> str:
        brands.answer(by=request.user, maker=found, **given)
        return reverse("brand_team", args=[found.listing_id])

    actions.read(by=request.user, case=found)
    form = _filled(request, MoveForm, steps=kinds.steps(found))
    form.fields["reason"].help_text = _("Asked when somebody does not take part. They read it.")
    return _ask(request, form, act, **frame(_("Take part"), found.listing))


@writes
@access.on(Listing, Right.CASES, of=BRAND)
def new_product(request: Asked, found: Listing) -> HttpResponse:
    """Add something that is made under the brand."""

    def act(given: dict[str, Any]) -> str:
        said = {name: given[name] for name in ("key", "title", "story")}
        made = brands.make_product(by=request.user, brand=found, more=form.more(), **said)
        return reverse("brand_product_team", args=[made.pk])

    form = _filled(request, forms.ProductForm)
    return _ask(request, form, act, **frame(_("A new product"), found))


@never_cache
def product(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is it, of what, what does it cost, and is there one?"""
    found = access.shown(key, PRODUCT, "shown", "gone")
    access.shown(brands.brand_of(found).pk, BRAND, "open", "ended")
    page = {"found": found, "title": found.title, "materials": brands.MATERIALS,
            "here": found.items.filter(state="here").count(),
            "makers": brands.made_by(found), "photos": photos.of(found),
            "reused": pieces.reused(found.more["materials"])}  # fmt: skip
    return render(request, "acting/brand_product.html", page)


@access.on(Listing, Right.CASES, of=PRODUCT)
def product_team(request: Asked, found: Listing) -> HttpResponse:
    """Which pieces are there, and what becomes of them?"""
    rows = found.items.filter(kind=brands.PIECE).order_by("-made_at", "name")[:100]
    kept = sales.kept(found)
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in kept])  # fmt: skip
    page = {"found": found, "rows": rows, "many": found.items.count(), "kept": kept}
    return render(request, "acting/brand_product_team.html",
                  page | frame(found.title, brands.brand_of(found)))  # fmt: skip


@writes
@access.on(Listing, Right.CASES, of=PRODUCT)
def new_pieces(request: Asked, found: Listing) -> HttpResponse:
    """Note pieces that were made."""
    there = brands.brand_of(found)
    rows = {one.pk.hex: one for one in brands.makers(there)}

    def act(given: dict[str, Any]) -> str:
        given["maker"] = rows.get(given["maker"])
        brands.make_pieces(by=request.user, product=found, **given)
        return reverse("brand_product_team", args=[found.pk])

    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in rows.values()])  # fmt: skip
    named = [(key, one.party.name if one.party else "") for key, one in rows.items()]
    form = _filled(request, forms.PiecesForm, makers=named)
    return _ask(request, form, act, **frame(_("New pieces"), there))


@access.on(Listing, Right.CASES, of=PRODUCT)
def labels(request: Asked, found: Listing) -> HttpResponse:
    """Labels to print: what a phone reads, and who made it, if they allow that now."""
    rows = brands.labels(found, request.build_absolute_uri("/").rstrip("/"))
    drawn = [(one, *phone.picture(one.address).split(" ", 1)) for one in rows]
    page = {"found": found, "rows": drawn, "brand": brands.brand_of(found)}
    return render(request, "acting/labels.html", page | frame(_("Labels"), brands.brand_of(found)))
