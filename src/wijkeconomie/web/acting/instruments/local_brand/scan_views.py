# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of who scans a label, and the addresses by which shops of the world know a piece: a GS1
Digital Link with its resolver.

Sources: GS1 Digital Link Standard: URI Syntax (``/01/{GTIN}/21/{serial}``, ``linkType``); GS1-
Conformant Resolver Standard (``gs1:defaultLink``, ``gs1:pip``, ``linkset``); RFC 9264 (linkset)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from wijkeconomie.acting import pieces
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import sales, saying, seen
from wijkeconomie.web.acting.models import Item, Listing
from wijkeconomie.web.context import language, reads, typed

_DEFAULT = ("", "gs1:defaultLink", "https://gs1.org/voc/defaultLink")
_PRODUCT = ("gs1:pip", "https://gs1.org/voc/pip")
_ALL = ("linkset", "all")  # the second: its name before version 1.1 of the standard
_GONE, _NOT_FOUND, _ELSEWHERE = 410, 404, 307


@reads("taal")
@never_cache
def piece(request: HttpRequest, code: str) -> HttpResponse:
    """Who made this, and of what?"""
    return _answer(request, brands.known(code))


@reads("taal", "linkType")
@never_cache
def digital_link(request: HttpRequest, gtin: str, code: str) -> HttpResponse:
    """The same, at the address by which shops of the world know it."""
    try:
        found = brands.known(code, pieces.gtin(gtin))
    except Refusal as refusal:
        return _lacks(request, _NOT_FOUND, refusal.text(language()))
    if found is None or found.state == "gone":
        return _answer(request, found)
    return _resolved(request, found.listing, lambda: _answer(request, found))


@reads("taal", "linkType")
@never_cache
def of_gtin(request: HttpRequest, gtin: str) -> HttpResponse:
    """The product that has this number."""
    try:
        product = brands.with_gtin(pieces.gtin(gtin))
    except Refusal as refusal:
        return _lacks(request, _NOT_FOUND, refusal.text(language()))
    if product is None:
        return _lacks(request, _NOT_FOUND)
    return _resolved(request, product, lambda: _to(reverse("brand_product", args=[product.pk])))


def _resolved(request: HttpRequest, product: Listing, default: Any) -> HttpResponse:
    """What ``linkType`` asks; 404 for a type of which there is no link."""
    wanted = typed(request, "linkType")
    there = reverse("brand_product", args=[product.pk])
    if wanted in _DEFAULT:
        answer: HttpResponse = default()
    elif wanted in _PRODUCT and brands.is_shown(product):
        answer = _to(there)
    elif wanted in _ALL:
        answer = _linkset(request, there if brands.is_shown(product) else "", product.title)
    else:
        answer = _lacks(request, _NOT_FOUND)
    return answer


def _to(there: str) -> HttpResponse:
    return HttpResponse(status=_ELSEWHERE, headers={"Location": there})


def _linkset(request: HttpRequest, product: str, title: str) -> HttpResponse:
    here = request.build_absolute_uri(request.path)
    found = {"anchor": here, "https://gs1.org/voc/defaultLink": [{"href": here, "title": title}]}
    if product:
        there = request.build_absolute_uri(product)
        found["https://gs1.org/voc/pip"] = [{"href": there, "title": title}]
    return JsonResponse({"linkset": [found]}, content_type="application/linkset+json")


def _said(request: HttpRequest) -> dict[str, str]:
    texts, wanted = saying.texts(), typed(request, "taal")
    return texts[wanted if wanted in texts else language()]


def _lacks(request: HttpRequest, status: int, why: str = "") -> HttpResponse:
    """There is no piece, or none any more: said in the language of who scans."""
    say, name = _said(request), "withdrawn" if status == _GONE else "unknown"
    page = {"say": say, "title": say[name], "why": why or say[f"{name}_why"],
            "texts": saying.texts().values()}  # fmt: skip
    return render(request, "acting/piece_gone.html", page, status=status)


def _answer(request: HttpRequest, found: Item | None) -> HttpResponse:
    if found is None:
        return _lacks(request, _NOT_FOUND)
    return _lacks(request, _GONE) if found.state == "gone" else _seen(request, found)


def _seen(request: HttpRequest, found: Item) -> HttpResponse:
    texts, say = saying.texts(), _said(request)
    there, who = brands.brand_of(found.listing), brands.maker_of(found, "piece")
    told = sales.told(found)
    page = {
        "found": found, "title": told["title"], "brand": there, "say": say, "maker": who,
        "texts": texts.values(), "made_on": date.fromisoformat(found.more["made_on"]),
        "on_page": there.state == "open" and brands.named(who, "page") is not None,
        "materials": [(say[f"material_{one['code']}"], one["words"])
                      for one in told["materials"]],
    }  # fmt: skip
    return render(request, "acting/piece.html", page | seen.shown(who, "piece"))
