# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages for who wants to take part, and of what partners carry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as plain
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions, kinds
from wijkeconomie.web.acting.forms import MoveForm
from wijkeconomie.web.acting.instruments import coalition
from wijkeconomie.web.acting.instruments import covenant as covenants
from wijkeconomie.web.acting.instruments.coalition import forms, joining, working
from wijkeconomie.web.acting.models import Case, Involvement, Listing
from wijkeconomie.web.acting.pages import asker, frame, too_often
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

COVENANT, PARTNER, JOIN = covenants.COVENANT.name, covenants.PARTNER.name, coalition.JOIN.name


@writes
@never_cache
def join(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask to take part; no account is needed."""
    found = access.shown(key, COVENANT, "open")
    if request.method == "POST" and (refused := too_often(request)):
        return refused

    def act(given: dict[str, Any]) -> str:
        told = {name: given[name] for name in ("key", "text", "contact", "sort", "area")}
        who = asker({"kind": "organisation"} | given)
        case = joining.ask(covenant=found, asker=who, **told)
        return reverse("my_join", args=[access.link(case)])

    form = _filled(request, forms.JoinForm, areas=covenants.buurten(found))
    return _ask(request, form, act, "acting/join.html", found=found, button=_("Send"),
                title=_("Take part"))  # fmt: skip


@never_cache
def my_join(request: HttpRequest, link: str) -> HttpResponse:
    """Can we take part, and when is the first meeting?"""
    case = access.followed(link, JOIN)
    if case.party_id is None:
        raise Http404
    partner = joining.partner_of(case)
    page = {
        "found": case, "title": _("You want to take part"),
        "coming": coalition.next_meeting(case.listing, timezone.localdate()),
        "partner": access.page_of(partner) if partner else "",
        "why": case.steps.filter(state="declined").first(),
        "here": request.build_absolute_uri(reverse("my_join", args=[link])),
    }  # fmt: skip
    return render(request, "acting/my_join.html", page)


@writes
@access.on(Case, Right.SET_TO_WORK, of=JOIN)
def answer(request: Asked, found: Case) -> HttpResponse:
    """Do they take part?"""
    actions.read(by=request.user, case=found)

    def act(given: dict[str, Any]) -> str:
        joining.answer(by=request.user, case=found, **given)
        return reverse("coalition", args=[found.listing_id])

    form = _filled(request, MoveForm, steps=kinds.steps(found))
    form.fields["reason"].help_text = _("Asked where they do not take part. They read it.")
    return _ask(request, form, act, "acting/answer_join.html", found=found,
                **frame(_("Do they take part?"), found.listing))  # fmt: skip


@writes
@access.on(Listing, Right.SET_TO_WORK, of=COVENANT)
def plan_meeting(request: Asked, found: Listing) -> HttpResponse:
    """Say when the next meeting is."""

    def act(given: dict[str, Any]) -> str:
        coalition.plan_meeting(by=request.user, covenant=found, **given)
        return reverse("coalition", args=[found.pk])

    was = (found.secret or {}).get("next")
    form = _filled(request, forms.PlanForm, initial=was)
    return _ask(request, form, act, **frame(_("The next meeting"), found))


@writes
@access.on(Case, Right.SET_TO_WORK, of=PARTNER)
def take_part(request: Asked, found: Case) -> HttpResponse:
    """Note what a partner carries."""
    rows = {str(one.pk): one for one in working.at_work(found.listing)}

    def act(given: dict[str, Any]) -> str:
        listing = rows[given.pop("listing")]
        working.take_part(by=request.user, case=found, listing=listing, **given)
        return reverse("coalition", args=[found.listing_id])

    named = [(key, one.title) for key, one in rows.items()]
    form = _filled(request, forms.PartForm, listings=named)
    return _ask(request, form, act, **frame(_("What a partner carries"), found.listing))


@writes
@access.on(Case, Right.SET_TO_WORK, of=PARTNER)
def end_part(request: Asked, found: Case, part: UUID) -> HttpResponse:
    """Say that they carry it no more."""
    one = get_object_or_404(Involvement, pk=part, party=found.party_id, until=None,
                            kind__in=working.HOW, listing__isnull=False)  # fmt: skip

    def act(_given: dict[str, Any]) -> str:
        working.end_part(by=request.user, case=found, key=one.pk)
        return reverse("coalition", args=[found.listing_id])

    title = _("They carry it no more")
    return _ask(request, _filled(request, plain.Form), act, button=title,
                kicker=one.listing.title if one.listing else "",
                **frame(title, found.listing))  # fmt: skip
