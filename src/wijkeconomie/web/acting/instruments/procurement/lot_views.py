# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a lot: whether it goes its own way, and its steps."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, kinds
from wijkeconomie.web.acting.instruments.procurement import LOT, awards, commissions, forms
from wijkeconomie.web.acting.instruments.procurement.views import framed
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


@writes
@access.on(Listing, Right.PROCURE, of=LOT.name)
def own_way(request: Asked, found: Listing) -> HttpResponse:
    """May this lot go the way of its own value, and does it?"""
    commission = commissions.above(found)

    def act(given: dict[str, Any]) -> str:
        commissions.go_own_way(by=request.user, lot=found, given=given)
        return reverse("commission_team", args=[commission.pk])

    kept = {"trades": commission.more["trades"], "deadline": commissions.deadline(commission)}
    form = _filled(request, forms.OwnWayForm, initial=kept)
    page = framed(_("Its own way: %(title)s") % {"title": found.title}, commission)
    page |= {"found": found, "apart": commissions.if_apart(found)}
    return _ask(request, form, act, "acting/own_way.html", **page)


@writes
@access.on(Listing, Right.PROCURE, of=LOT.name)
def move_lot(request: Asked, found: Listing) -> HttpResponse:
    """No award for a lot, or back into its commission."""

    def act(given: dict[str, Any]) -> str:
        if given["to"] == "part":
            commissions.rejoin(by=request.user, lot=found)
        else:
            awards.drop_lot(by=request.user, lot=found, reason=given["reason"])
        return reverse("commission_team", args=[found.within_id])

    form = _filled(request, forms.StepForm, steps=kinds.steps(found))
    return _ask(request, form, act, **framed(found.title, found))
