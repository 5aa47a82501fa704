# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of the terms of a fund and of its account: for the committee."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.acting.iban import written
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments.fund import forms, terms
from wijkeconomie.web.acting.instruments.fund.views import FUND
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.acting.pages import frame
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


@writes
@access.on(Listing, Right.FUND, of=FUND)
def fund_terms(request: Asked, found: Listing) -> HttpResponse:
    """On which terms do we lend from now on?"""
    if not terms.can_change(found):
        raise Http404

    def act(given: dict[str, Any]) -> str:
        terms.say(by=request.user, fund=found, was=given["was"], terms=form.terms())
        return reverse("fund_team", args=[found.pk])

    now = terms.of(found)
    begin = now | {"most": Decimal(now["most"]) / 100, "rate": Decimal(now["rate"]),
                   "second_from": Decimal(now["second_from"]) / 100,
                   "was": terms.mark(found)}  # fmt: skip
    form = _filled(request, forms.SayTermsForm, initial=begin)
    return _ask(request, form, act, "acting/fund_terms.html", found=found, said=terms.said(found),
                **frame(_("Terms of the fund"), found))  # fmt: skip


@writes
@access.on(Listing, Right.FUND, of=FUND)
def fund_account(request: Asked, found: Listing) -> HttpResponse:
    """To which account are loans repaid?"""
    there, asked = terms.account(found), terms.asked(found)
    own = asked is not None and asked.by == request.user.pk.hex

    def act(given: dict[str, Any]) -> str:
        (terms.confirm_account if asked else terms.ask_account)(
            by=request.user, fund=found, **given)  # fmt: skip
        return reverse("fund_account", args=[found.pk])

    begin = {"initial": {"iban": asked.iban}} if asked else {}
    form = _filled(request, forms.ConfirmAccountForm if asked else forms.AccountForm, **begin)
    return _ask(request, form, act, "acting/fund_account.html", found=found, asked=asked, own=own,
                now=there, number=written(there.iban) if there else "",
                wanted=written(asked.iban) if asked else "",
                **frame(_("The account of the fund"), found))  # fmt: skip
