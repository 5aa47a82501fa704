# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of a sheet: change a line, see what does not come back and who bears it, keep it, lay
two versions side by side."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access, actions
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import matching, reckoning
from wijkeconomie.web.acting.instruments.spaces.sheet_forms import SheetForm
from wijkeconomie.web.acting.instruments.spaces.views import unit_frame
from wijkeconomie.web.acting.models import Agreement, Listing
from wijkeconomie.web.acting.pages import WORKS
from wijkeconomie.web.context import euros, long_date, writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

_VERSIONS = 30


@writes
@access.on(Listing, *WORKS, of=spaces.UNIT.name)
def sheet(request: Asked, found: Listing) -> HttpResponse:
    """Can this space be let at a rent that somebody can bear, and who carries what is left?"""
    reading = Right.CASES in request.rights
    kept = list(reckoning.versions(found, reading=reading)[:_VERSIONS])
    shown, beside = (_named(kept, request.GET.get(name)) for name in ("versie", "naast"))
    wishes = {str(one.pk): one for one in reckoning.wishes(found)} if reading else {}
    first = shown.more if shown else {"rent": found.more.get("rent"), "years": 10}

    def act(given: dict[str, Any]) -> str:
        made = reckoning.keep(by=request.user, unit=found, key=given["key"], title=given["title"],
                              more=form.more(), case=wishes.get(given.get("wish", "")))  # fmt: skip
        return f"{reverse('space_sheet', args=[found.pk])}?versie={made.pk}#uitkomst"

    named = [(key, matching.pseudonym(one)) for key, one in wishes.items()]
    form = _filled(request, SheetForm, wishes=named, initial=SheetForm.first(first))
    whose = [one.case.party_id for one in (shown, beside) if one and one.case]
    actions.read_all(by=request.user, municipality=found.municipality, parties=whose)
    page = _page(found, form, kept, shown, beside)
    if request.method == "POST" and "keep" in request.POST:
        return _ask(request, form, act, "acting/space_sheet.html", **page)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "acting/space_sheet.html", page | {"form": form}, status=status)


def _named(kept: list[Agreement], key: str | None) -> Agreement | None:
    return next((one for one in kept if str(one.pk) == key), None)


def _page(
    found: Listing, form: SheetForm, kept: list[Agreement], shown: Agreement | None,
    beside: Agreement | None,
) -> dict[str, Any]:  # fmt: skip
    today = timezone.localdate()
    more = form.more() if form.is_bound and form.is_valid() else shown.more if shown else None
    made = reckoning.outcome(found, more, today) if more else None
    other = reckoning.outcome(found, beside.more, today) if beside else None
    return {
        "found": found, "kept": kept, "shown": shown, "beside": beside,
        "made": made, "other": other, "more": more, "bears": reckoning.BEARS, "today": today,
        "assumed": _told(reckoning.differences(more, {}), form) if more else [],
        "differences": _told(reckoning.differences(more, beside.more), form) if more and beside
        else [],
    } | unit_frame(found, _("Reckoning sheet"))  # fmt: skip


def _told(found: list[reckoning.Difference], form: SheetForm) -> list[tuple[Any, str, str]]:
    """Each with the label of its field, in words."""
    others = {"fit_out": _("Fit-out"), "bears": _("Who bears how much"),
              "received": _("Help before")}  # fmt: skip
    names = others | {name: field.label for name, field in form.fields.items()}
    return [(names[one.name], _worded(one.name, one.one), _worded(one.name, one.other))
            for one in found]  # fmt: skip


def _worded(name: str, value: Any) -> str:
    """What is assumed, as people write it."""
    if value in (None, "", [], {}):
        return "–"
    match name:
        case "fit_out":
            return "; ".join(f"{one['label']} {euros(one['cents'])} "
                             f"({reckoning.BEARS[one['bearer']]})" for one in value)  # fmt: skip
        case "bears":
            return "; ".join(f"{reckoning.BEARS[who]} {euros(cents)}"
                             for who, cents in value.items())  # fmt: skip
        case "received":
            return "; ".join(f"{long_date(date.fromisoformat(day))}: {euros(cents)}"
                             for day, cents in value)  # fmt: skip
        case "investor":
            return str(reckoning.BEARS[value])
        case "path":
            return " ".join(value)
        case "decision_on":
            return long_date(date.fromisoformat(value))
    return euros(value) if name in reckoning.MONEY else str(value)
