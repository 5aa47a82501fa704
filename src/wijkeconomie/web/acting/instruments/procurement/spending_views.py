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
from wijkeconomie.web.journey.forms import Keyed


@writes
@access.on(Listing, Right.PROCURE, of=BUYING.name)
def read_spending(request: Asked, found: Listing) -> HttpResponse:
    """What did the municipality spend, and where are the firms that it paid?"""
    page = {"found": found, "columns": COLUMNS, "kept": found.spendings.all(), "shown": SHOWN,
            **frame(_("What the municipality spent"), found)}  # fmt: skip
    if "keep" in request.POST:
        return _keeping(request, found, page)
    form = _filled(request, forms.SpendingForm)
    form.files = request.FILES
    if form.is_bound and form.is_valid():
        page |= _looked(request, found, form)
    status = 422 if form.errors else 200
    return render(request, "acting/spending.html", page | {"upload": form}, status=status)


def _keeping(request: Asked, found: Listing, page: dict[str, Any]) -> HttpResponse:
    """Keep what was looked at; where that is refused, what it would change stands there still."""

    def act(given: dict[str, Any]) -> str:
        spending.keep(by=request.user, buying=found, **given)
        return reverse("buying_team", args=[found.pk])

    try:
        changes = spending.changes(by=request.user, buying=found,
                                   pass_on=request.POST.get("pass_on", ""))  # fmt: skip
    except Refusal:
        changes = ()
    page |= {"changes": changes, "upload": forms.SpendingForm()}
    form = _filled(request, forms.KeepSpendingForm, changes=changes, auto_id="keep_%s")
    return _ask(request, form, act, "acting/spending.html", keep=form, **page)


def _looked(request: Asked, found: Listing, form: Any) -> dict[str, Any]:
    """What the file says, and the button that keeps it; why not stands in the form."""
    given = form.cleaned_data
    files = {name: given[name].read() if given[name] else b"" for name in ("payments", "postcodes")}
    try:
        looked = spending.look(by=request.user, buying=found, whole=given["whole"], **files)
    except Refusal as refusal:
        form.add_error("payments", refusal.text(language()))
        return {}
    if not looked.years:
        for _year, why in looked.left:
            form.add_error("payments", why.text(language()))
    again = {"key": given["key"], "pass_on": looked.pass_on}
    keep = forms.KeepSpendingForm(initial=again, changes=looked.changes, auto_id="keep_%s")
    return {"looked": looked, "changes": looked.changes, "keep": keep}


@writes
@access.on(Listing, Right.PROCURE, of=BUYING.name)
def drop_spending(request: Asked, found: Listing, year: int) -> HttpResponse:
    """Take away what was kept of a year."""
    there = found.spendings.filter(year=year)

    def act(_given: dict[str, Any]) -> str:
        spending.take_away(by=request.user, buying=found, year=year)
        return reverse("read_spending", args=[found.pk])

    title = _("Take away what was kept for %(year)s") % {"year": year}
    return _ask(request, _filled(request, Keyed), act, "acting/drop_spending.html", found=found,
                years=there, **frame(title, found))  # fmt: skip
