# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page by which what the municipality spent comes in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.acting.spending import COLUMNS
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments.procurement import BUYING, forms, spending
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.acting.pages import SHOWN, frame
from wijkeconomie.web.context import language, writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


@writes
@access.on(Listing, Right.PROCURE, of=BUYING.name)
def read_spending(request: Asked, found: Listing) -> HttpResponse:
    """What did the municipality spend, and where are the firms that it paid?"""
    page = {"found": found, "columns": COLUMNS, "kept": found.spendings.all(), "shown": SHOWN,
            **frame(_("What the municipality spent"), found)}  # fmt: skip

    def act(given: dict[str, Any]) -> str:
        spending.keep(by=request.user, buying=found, key=given["key"], pass_on=given["pass_on"])
        return reverse("buying_team", args=[found.pk])

    if "keep" in request.POST:
        form = _filled(request, forms.KeepSpendingForm)
        return _ask(request, form, act, "acting/spending.html", **page)
    form = _filled(request, forms.SpendingForm)
    form.files = request.FILES
    if form.is_bound and form.is_valid():
        page |= _looked(request, found, form)
    status = 422 if form.errors else 200
    return render(request, "acting/spending.html", page | {"form": form}, status=status)


def _looked(request: Asked, found: Listing, form: Any) -> dict[str, Any]:
    """What the file says, and the button that keeps it; why not stands in the form."""
    given = form.cleaned_data
    files = {name: given[name].read() if given[name] else b"" for name in ("payments", "postcodes")}
    try:
        looked = spending.look(by=request.user, buying=found, whole=given["whole"], **files)
    except Refusal as refusal:
        form.add_error("payments", refusal.text(language()))
        return {}
    again = {"key": given["key"], "pass_on": looked.pass_on}
    return {"looked": looked, "keep": forms.KeepSpendingForm(initial=again, auto_id="keep_%s")}
