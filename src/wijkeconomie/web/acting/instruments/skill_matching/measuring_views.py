# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of what is asked beside what is there: for everyone, and for the team."""

from __future__ import annotations

import csv
from dataclasses import asdict
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.instruments.skill_matching import measuring, yearly
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.acting.pages import WORKS, frame
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey.access import Asked

DESK = work.DESK.name
_HEAD = ("dag", "groep", "gevraagd_procent", "aanwezig_procent", "mensen", "plaatsen", "mismatch",
         "ondergrens", "bovengrens", "bron")  # fmt: skip


@never_cache
def mismatch(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is asked here that few can, as it was on the last day that was kept?"""
    found = access.shown(key, DESK, "open", "paused")
    days = [measuring.in_words(one) for one in measuring.kept(found)]
    page = {"found": found, "title": _("What is asked, and what is there"), "days": days}
    return render(request, "acting/mismatch.html", page)


@never_cache
def mismatch_file(request: HttpRequest, key: UUID) -> HttpResponse:  # noqa: ARG001
    """The same as a table to work with, of every day that was kept."""
    found = access.shown(key, DESK, "open", "paused")
    if not (days := measuring.kept(found)):
        raise Http404
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="gevraagd-en-aanwezig.csv"'
    table = csv.writer(answer, delimiter=";")
    table.writerow(_HEAD)
    source = f"{found.title}: bewoners die een profiel maakten, dus niet iedereen"
    for day in map(measuring.in_words, days):
        same = (day["people"], day["places"], day["index"], day["low"], day["high"], source)
        table.writerows((day["day"].isoformat(), one["name"], one["asked"],
                         "." if one["there"] is None else one["there"], *same)
                        for one in day["rows"])  # fmt: skip
    return answer


@writes
@access.on(Listing, Right.CASES, of=DESK)
def measure(request: Asked, found: Listing) -> HttpResponse:
    """As it is today, for the team; a press keeps it for everyone."""
    if request.method == "POST":
        measuring.keep(by=request.user, desk=found)
        return redirect("measure_work", found.pk)
    today = measuring.now(found)
    page = {"found": found, "days": [measuring.in_words(one) for one in measuring.kept(found)],
            "today": measuring.in_words(asdict(today)) if today else None}  # fmt: skip
    title = _("What is asked, and what is there")
    return render(request, "acting/measure_work.html", page | frame(title, found))


@access.on(Listing, *WORKS, of=DESK)
def work_year(request: Asked, found: Listing) -> HttpResponse:
    """Did the same happen to everybody who began in a year?  Made from the records."""
    years = yearly.years(found)
    asked = request.GET.get("jaar", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else None
    year = year if year in years else next(iter(years), None)
    page = {"found": found, "years": years, "year": year, "stages": yearly.STAGES.values(),
            "tables": yearly.tables(found, year) if year else [],
            "prices": yearly.prices(found, year) if year else []}  # fmt: skip
    title = _("Did the same happen to everybody?")
    return render(request, "acting/work_year.html", page | frame(title, found))
