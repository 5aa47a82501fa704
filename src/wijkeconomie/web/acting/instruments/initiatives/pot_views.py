# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages about the money for initiatives: who sets it aside, and who confirms that?"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.web.accounts.access import Right, place
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments import initiatives
from wijkeconomie.web.acting.instruments.initiatives import pots
from wijkeconomie.web.acting.instruments.initiatives import support_forms as forms
from wijkeconomie.web.acting.models import Listing, Pot
from wijkeconomie.web.acting.pages import frame
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


@writes
@access.on(Listing, Right.SET_TO_WORK, of=initiatives.DESK.name)
def set_aside(request: Asked, found: Listing) -> HttpResponse:
    """Set money aside for initiatives."""
    sources = pots.sources(request.user, place(request.user, found.municipality_id))

    def act(given: dict[str, Any]) -> str:
        of = sources[given.pop("source")]
        pots.set_aside(by=request.user, desk=found, of=of, **given)
        return reverse("initiatives_team", args=[found.pk])

    named = [(key, one.title) for key, one in sources.items()]
    form = _filled(request, forms.PotForm, sources=named)
    return _ask(request, form, act, button=_("Ask a second person"),
                **frame(_("Set money aside"), found))  # fmt: skip


@writes
@access.on(Pot, Right.SET_TO_WORK, Right.FUND)
def second(request: Asked, found: Pot) -> HttpResponse:
    """Confirm it, as somebody else than who asked."""

    def act(given: dict[str, Any]) -> str:
        pots.second(by=request.user, pot=found, yes=given["yes"] == "1")
        sets = Right.SET_TO_WORK in request.rights
        return reverse("initiatives_team", args=[found.listing_id]) if sets else reverse("work")

    form = _filled(request, forms.SecondForm)
    return _ask(request, form, act, "acting/second_pot.html", pot=found,
                **frame(_("Set money aside"), found.listing))  # fmt: skip
