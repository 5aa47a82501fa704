# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a coalition: who does what, what was decided, and who holds it together?"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.instruments import coalition
from wijkeconomie.web.acting.instruments import covenant as covenants
from wijkeconomie.web.acting.instruments.coalition import drawn, forms, joining
from wijkeconomie.web.acting.models import Case, Listing
from wijkeconomie.web.acting.pages import frame
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

COVENANT, PARTNER = covenants.COVENANT.name, covenants.PARTNER.name


@access.on(Listing, Right.SET_TO_WORK, of=COVENANT)
def together(request: Asked, found: Listing) -> HttpResponse:
    """Who does what, and who holds it together?"""
    partners = covenants.partners(found)
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.case.party_id for one in partners])  # fmt: skip
    joins = joining.asked(found)
    actions.read_all(by=request.user, municipality=found.municipality,
                     parties=[one.party_id for one in joins])  # fmt: skip
    page = {"partners": [one for one in partners if one.case.state == "partner"], "works": True,
            "joins": joins}  # fmt: skip
    return render(request, "acting/coalition.html", _page(found) | page
                  | frame(_("Who works with whom"), found))  # fmt: skip


def _page(found: Listing) -> dict[str, Any]:
    today = timezone.localdate()
    rows = coalition.together(found, today)
    names = rows.names
    losses = [
        {"name": names[one.partner], "stops": one.stops,
         "goes_on": [(words, _named(names, who)) for words, who in one.goes_on],
         "roles": [(str(coalition.ROLES[role]), _named(names, who)) for role, who in one.roles],
         "loose": _named(names, one.loose)}
        for one in rows.losses
    ]  # fmt: skip
    ties = [(names[one.one], names[one.other], one) for one in rows.ties]
    return {"found": found, "rows": rows, "losses": losses, "ties": ties,
            "coming": coalition.next_meeting(found, today),
            "drawing": drawn.picture(rows)}  # fmt: skip


def _named(names: dict[str, str], keys: Any) -> list[str]:
    return sorted(names[key] for key in keys)


def _among(found: Listing) -> list[tuple[str, str]]:
    """The partners that take part, by their agreement."""
    return [(str(one.agreement.pk), str(one.agreement.title))
            for one in covenants.partners(found) if one.agreement.state != "left"]  # fmt: skip


@writes
@access.on(Listing, Right.SET_TO_WORK, of=COVENANT)
def note_meeting(request: Asked, found: Listing) -> HttpResponse:
    """Note a meeting that was held."""

    def act(given: dict[str, Any]) -> str:
        made = coalition.note_meeting(by=request.user, covenant=found, **given)
        return reverse("meeting", args=[made.pk])

    form = _filled(request, forms.MeetingForm, partners=_among(found))
    page = {"again": coalition.together(found, timezone.localdate()).again}
    return _ask(
        request, form, act, "acting/note_meeting.html", **page, **frame(_("Note a meeting"), found)
    )


@writes
@access.on(Case, Right.SET_TO_WORK, of=PARTNER)
def give_role(request: Asked, found: Case) -> HttpResponse:
    """Give a partner a role, or end it."""

    def act(given: dict[str, Any]) -> str:
        coalition.give_role(by=request.user, case=found, **given)
        return reverse("coalition", args=[found.listing_id])

    form = _filled(request, forms.RoleForm)
    return _ask(request, form, act, **frame(_("Give a role"), found.listing))


@writes
@access.on(Case, Right.SET_TO_WORK, of=coalition.MEETING.name)
def take_on(request: Asked, found: Case) -> HttpResponse:
    """What was decided at a meeting; and note what somebody took on there."""

    def act(given: dict[str, Any]) -> str:
        owner = Case.objects.get(agreements=given.pop("owner"), listing=found.listing)
        coalition.take_on(by=request.user, meeting=found, owner=owner, **given)
        return reverse("meeting", args=[found.pk])

    form = _filled(request, forms.TakeOnForm, partners=_among(found.listing))
    seen = coalition.together(found.listing, timezone.localdate())
    page = {"met": next(one for one in seen.met if one.case.pk == found.pk),
            "again": [one for one in seen.again
                      if one.line.more["meeting"] != str(found.pk)]}  # fmt: skip
    return _ask(request, form, act, "acting/meeting.html", **page,
                **frame(_("Meeting"), found.listing))  # fmt: skip


@never_cache
def ours(request: HttpRequest, link: str) -> HttpResponse:
    """The same for a partner that signed."""
    found = access.followed(link, PARTNER)
    mine = found.agreements.get(kind=covenants.SIGNATURE.name)
    if mine.state not in ("signed", "anew"):
        raise Http404
    page = {"title": _("Who works with whom"), "link": link}
    return render(request, "acting/coalition.html", _page(found.listing) | page)
