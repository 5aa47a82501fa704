# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An occupation brings its skills: a resident ticks what they can, an employer what is really
required and what one can learn there.  Nothing is ticked for them, and nothing is kept here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.web.acting import access, vocabulary
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.instruments.skill_matching.own import employer_of, person_of

_FOUND = 8
_OCCUPATION = ("occupation",)


@never_cache
def pick_occupation(request: HttpRequest, key: UUID) -> HttpResponse:
    """Which work did I do, and what of it can I?  Then on to a profile."""
    found = access.shown(key, work.DESK.name, "open")
    return _picked(request, reverse("begin_profile", args=[found.pk]), found.title)


@never_cache
def pick_for_me(request: HttpRequest, link: str) -> HttpResponse:
    """The same of who has a profile already."""
    found = person_of(link)
    return _picked(request, reverse("change_profile", args=[link]), found.listing.title)


@never_cache
def pick_for_offer(request: HttpRequest, link: str) -> HttpResponse:
    """What does this work really require, and what can one learn there?  Then on to what is
    offered."""
    found = employer_of(link)
    there = reverse("add_work_offer", args=[link])
    return _picked(request, there, found.listing.title, offers=True)


def _picked(request: HttpRequest, there: str, kicker: str, **page: Any) -> HttpResponse:
    typed = request.GET.get("woord", "")[:80]
    chosen = vocabulary.chosen(request.GET.getlist("beroep")[:1], _OCCUPATION)
    hits = vocabulary.find(typed, _OCCUPATION, _FOUND) if typed and not chosen else []
    page |= {
        "there": there, "kicker": kicker, "typed": typed, "found": [term for term, _hit in hits],
        "chosen": chosen[0] if chosen else None, "title": _("What does an occupation take?"),
        "needs": vocabulary.takes(chosen[0]) if chosen else [],
    }  # fmt: skip
    return render(request, "acting/pick_occupation.html", page)
