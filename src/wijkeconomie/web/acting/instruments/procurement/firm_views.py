# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a firm that could supply: by the link that it holds, on a phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments.procurement import (
    FIRM,
    MATCHES,
    PUBLIC,
    commissions,
    firms,
    forms,
    offers,
    views,
)
from wijkeconomie.web.acting.instruments.procurement.awards import outcomes
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.acting.pages import too_often
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled


def _mine(link: str) -> Case:
    return get_object_or_404(
        Case.objects.select_related("listing__municipality", "party"),
        pk=access.followed(link).pk, kind=FIRM.name, party__isnull=False,
    )  # fmt: skip


def _offered(found: Case, key: UUID) -> Listing:
    """A commission that *found* may read: it was invited, took part, or everybody can."""
    rows = commissions.within(found.listing).filter(pk=key, state__in=PUBLIC)
    row = rows.select_related("within").first()
    if row is None or not commissions.published(row):
        raise Http404
    if offers.part_of(found, row) is None and commissions.way(row) != "national":
        raise Http404
    return row


@never_cache
def my_firm(request: HttpRequest, link: str) -> HttpResponse:
    """For what am I invited, what did I offer, what came of it, and can I still be found?"""
    found, now = _mine(link), timezone.now()
    rows = found.matches.filter(kind__in=MATCHES).select_related("listing")
    taking = [(one, commissions.deadline(one.listing), outcomes(one))
              for one in rows.order_by("-made_at", "pk")]  # fmt: skip
    known = {one.listing_id for one, _ends, _outcomes in taking}
    page = {
        "found": found, "link": link, "title": found.party.name if found.party else "",
        "taking": taking, "expired": found.due < timezone.localdate(), "now": now,
        "open": [one for one in firms.open_to(found.listing, now) if one.pk not in known],
        "here": request.build_absolute_uri(reverse("my_firm", args=[link])),
    }  # fmt: skip
    return render(request, "acting/my_firm.html", page)


@writes
@never_cache
def change_firm(request: HttpRequest, link: str) -> HttpResponse:
    """Keep up to date what my firm does."""
    found = _mine(link)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        firms.change(case=found, name=given["name"], given=form.more(), text=given["text"])
        return reverse("my_firm", args=[link])

    kept = found.more | {name: ", ".join(found.more[name]) for name in ("cpv", "sbi")}
    kept |= {"name": found.party.name if found.party else "", "text": found.text}
    form = _filled(request, forms.ChangeFirmForm, areas=views.areas(found.listing), initial=kept)
    return _ask(request, form, act, "acting/change_firm.html", link=link,
                title=_("What your firm does"))  # fmt: skip


@require_POST
@writes
@never_cache
def renew_firm(request: HttpRequest, link: str) -> HttpResponse:
    """Be found for another year, or not any more."""
    found = _mine(link)
    if refused := too_often(request):
        return refused
    firms.renew(case=found, to="stopped" if request.POST.get("stop") else "findable")
    return redirect("my_firm", link)


@writes
@never_cache
def my_offer(request: HttpRequest, link: str, key: UUID) -> HttpResponse:
    """What is asked, until when, and what do I offer?"""
    found = _mine(link)
    row = _offered(found, key)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(_given: dict[str, Any]) -> str:
        offers.offer(case=found, commission=row, made=form.made())
        return reverse("my_offer", args=[link, key])

    match = offers.part_of(found, row)
    parts = commissions.parts(row)
    form = _filled(request, forms.OfferForm, made=offers.mine(match),
                   parts=[(one.pk.hex, one.title) for one in parts or [row]])  # fmt: skip
    page = {
        "found": row, "link": link, "title": row.title, "match": match, "parts": parts,
        "deadline": commissions.deadline(row), "answers": offers.answers(row),
        "waiting": offers.waiting(found, row), "offered": offers.mine(match),
        "open": row.state == "open" and commissions.shut(row, timezone.now()),
        "asking": forms.AskForm(auto_id="vraag_%s"), "outcomes": outcomes(match) if match else [],
    }  # fmt: skip
    return _ask(request, form, act, "acting/my_offer.html", **page)


@require_POST
@writes
@never_cache
def no_offer(request: HttpRequest, link: str, key: UUID) -> HttpResponse:
    """Make no offer, or take it back."""
    found = _mine(link)
    if refused := too_often(request):
        return refused
    offers.decline(case=found, commission=_offered(found, key))
    return redirect("my_offer", link, key)


@writes
@never_cache
def ask_commission(request: HttpRequest, link: str, key: UUID) -> HttpResponse:
    """Ask something about a commission; everybody who takes part reads the answer."""
    found = _mine(link)
    row = _offered(found, key)
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        offers.ask(case=found, commission=row, key=given["key"], text=given["text"])
        return reverse("my_offer", args=[link, key])

    form = _filled(request, forms.AskForm)
    return _ask(request, form, act, "acting/change_firm.html", link=link,
                title=_("Ask something about: %(title)s") % {"title": row.title})  # fmt: skip
