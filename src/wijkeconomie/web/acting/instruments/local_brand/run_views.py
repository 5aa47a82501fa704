# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of whose a brand is and who runs it: how does it stand, and what comes early?"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.acting.health import CASH_LOW, CASH_URGENT, SUBSIDY_MOST
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments import local_brand as brands
from wijkeconomie.web.acting.instruments.local_brand import forms, running
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.acting.pages import asker, frame, too_often
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

BOUNDS = {"low": CASH_LOW, "urgent": CASH_URGENT, "most": SUBSIDY_MOST}


@writes
@access.on(Listing, Right.SET_TO_WORK, of=brands.BRAND.name)
def appoint(request: Asked, found: Listing) -> HttpResponse:
    """Whose is the brand from now on, or who runs it?"""

    def act(given: dict[str, Any]) -> str:
        who = asker({"kind": "organisation", "phone": ""} | given)
        running.appoint(by=request.user, brand=found, role=given["role"], key=given["key"],
                        asker=who, reason=given["reason"])  # fmt: skip
        return reverse("brand_team", args=[found.pk])

    form = _filled(request, forms.RoleForm)
    return _ask(request, form, act, **frame(_("Who has a role"), found))


def _mine(link: str, *roles: str) -> Case:
    found = access.followed(link, running.ROLE.name)
    if found.state != "active" or found.party_id is None or found.about not in roles:
        raise Http404
    return found


@never_cache
def mine(request: HttpRequest, link: str) -> HttpResponse:
    """How does the brand stand?"""
    found = _mine(link, *running.ROLES)
    months, health = running.now(found.listing)
    page = {"found": found, "link": link, "title": found.listing.title, "health": health,
            "months": months[::-1], "bounds": BOUNDS,
            "here": request.build_absolute_uri(reverse("my_brand", args=[link]))}  # fmt: skip
    return render(request, "acting/my_brand.html", page)


@writes
@never_cache
def month(request: HttpRequest, link: str) -> HttpResponse:
    """Tell how a month went."""
    found = _mine(link, "operator")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        running.tell_month(brand=found.listing, key=given["key"], first=given["first"],
                           money=form.money(), why_not=given["why_not"])  # fmt: skip
        return reverse("my_brand", args=[link])

    form = _filled(request, forms.MonthForm)
    return _ask(request, form, act, "acting/reserve_piece.html", found=found.listing, link=link,
                title=_("How a month went"))  # fmt: skip
