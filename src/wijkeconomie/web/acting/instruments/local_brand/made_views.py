# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages on which a maker changes and withdraws what they made, by their link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.acting.instruments.local_brand import forms, made, maker_views
from wijkeconomie.web.acting.pages import too_often
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


@never_cache
def mine(request: HttpRequest, link: str) -> HttpResponse:
    """What did I make, and what can I change?"""
    found = maker_views.mine_at(link)
    page = {"found": found, "link": link, "title": _("What you made"), "rows": made.products(found),
            "pieces": made.pieces(found)}  # fmt: skip
    return render(request, "acting/my_products.html", page)


@writes
@never_cache
def reword(request: HttpRequest, link: str, product: UUID) -> HttpResponse:
    """Tell anew about something that I make."""
    found = maker_views.mine_at(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused
    mine = next((one for one in made.products(found) if one.pk == product), None)
    if mine is None:
        raise Http404

    def act(given: dict[str, Any]) -> str:
        made.reword(maker=found, product=product, **given)
        return reverse("my_products", args=[link])

    form = _filled(request, forms.MyProductForm,
                   initial={"title": mine.title, "story": mine.story})  # fmt: skip
    return _ask(request, form, act, "acting/join_brand.html", title=_("Tell anew"),
                found=found.listing, link=link)  # fmt: skip


@require_POST
@writes
@never_cache
def move(request: HttpRequest, link: str, product: UUID) -> HttpResponse:
    """Out of the catalogue, or back."""
    found = maker_views.mine_at(link)
    if refused := too_often(request):
        return refused
    made.move(maker=found, product=product)
    return redirect("my_products", link)


@require_POST
@writes
@never_cache
def withdraw(request: HttpRequest, link: str) -> HttpResponse:
    """A piece is not there any more."""
    found = maker_views.mine_at(link)
    if refused := too_often(request):
        return refused
    made.withdraw(maker=found, code=request.POST.get("code", ""))
    return redirect("my_products", link)
