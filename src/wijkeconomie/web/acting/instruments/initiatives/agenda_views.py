# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the calendar: what is there this month, and what comes back?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.planning.calendar import calendar
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments import initiatives
from wijkeconomie.web.acting.instruments.initiatives import agenda
from wijkeconomie.web.acting.instruments.initiatives.own_views import asked, proposal
from wijkeconomie.web.context import reads, typed, writes
from wijkeconomie.web.journey.asking import filled as _filled

DESK = initiatives.DESK.name


@never_cache
@reads("maand")
def month(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is there to do in a month?"""
    found, today = access.shown(key, DESK, "open", "ended"), timezone.localdate()
    first = agenda.month_of(typed(request, "maand"), today)
    after = agenda.next_month(first)
    last = after - timedelta(days=1)
    rows = list(agenda.between(found, first, last)[: agenda.MOST + 1])
    page = {
        "found": found, "title": _("Calendar"), "first": first, "after": after, "today": today,
        "before": (first - timedelta(days=1)).replace(day=1), "most": agenda.MOST,
        "rows": rows[: agenda.MOST], "more": len(rows) > agenda.MOST,
        "soon": None if rows else agenda.next_day(found, last),
    }  # fmt: skip
    return render(request, "acting/initiatives_month.html", page)


@never_cache
def feed(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same for in one's own agenda; what is called off goes from it."""
    found = access.shown(key, DESK, "open", "ended")
    days = agenda.entries(found, timezone.localdate(), request.build_absolute_uri("/").rstrip("/"))
    response = HttpResponse(calendar(days, name=found.title), "text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="agenda.ics"'
    return response


@writes
@never_cache
def stop(request: HttpRequest, link: str) -> HttpResponse:
    """It comes back no more."""
    case = proposal(link)

    def act(_given: dict[str, Any]) -> None:
        agenda.stop(case=case)

    page = {"title": _("Does it come back?"), "button": _("It comes back no more")}
    return asked(request, link, _filled(request, forms.Form), act, **page)  # fmt: skip
