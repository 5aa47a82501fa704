# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages by which spaces come in: a file, and what was seen in the street."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.acting.space_file import COLUMNS, MOST_BYTES, NEEDED, WORDS, guessed, text_of
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments import spaces
from wijkeconomie.web.acting.instruments.spaces import forms, taking_in
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.acting.pages import SHOWN, areas_for, chosen, frame
from wijkeconomie.web.context import language, writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

SPACES = spaces.SPACES.name


@writes
@access.on(Listing, Right.SET_TO_WORK, of=SPACES)
def read_in(request: Asked, found: Listing) -> HttpResponse:
    """Which spaces of a file come in, and which rows do not, and why?"""
    areas = {code for code, _name in
             areas_for(request.user, found.municipality, Right.SET_TO_WORK)}  # fmt: skip
    page = {"columns": COLUMNS, "needed": NEEDED, "words": WORDS, "found": found,
            **frame(_("Read in a file"), found)}  # fmt: skip

    def act(given: dict[str, Any]) -> str:
        taking_in.take_in(by=request.user, register=found, text=given["text"],
                          made_on=given["made_on"], areas=areas)  # fmt: skip
        return reverse("spaces_team", args=[found.pk])

    form = _filled(request, forms.FileForm)
    if request.method != "POST" or "take" in request.POST:
        return _ask(request, form, act, "acting/space_file.html", **page)
    form.files = request.FILES
    if form.is_valid():
        page["preview"], text, page["guessed"] = _previewed(found, form, areas)
        if page["preview"]:
            again = {"key": form.cleaned_data["key"], "text": text,
                     "made_on": form.cleaned_data["made_on"]}  # fmt: skip
            page["take"] = forms.FileForm(initial=again, auto_id="take_%s")
            del page["take"].fields["file"]
            for field in page["take"].fields.values():
                field.widget = django_forms.HiddenInput()
    status = 422 if form.errors else 200
    return render(request, "acting/space_file.html", page | {"form": form}, status=status)


def _previewed(
    found: Listing, form: Any, areas: set[str]
) -> tuple[taking_in.Preview | None, str, tuple[str, ...]]:
    """What the file would do, its text, and words to look at where that was guessed; why not stands
    in the form."""
    given = form.cleaned_data
    try:
        data = given["file"].read(MOST_BYTES + 1) if given.get("file") else b""
        text = text_of(data) if data else given["text"]
        if text:
            made = taking_in.preview(found, text, given["made_on"], areas)
            return made, text, guessed(data, text)
        form.add_error("file", _("Choose a file."))
    except Refusal as refusal:
        form.add_error("file", refusal.text(language()))
    return None, "", ()


@access.on(Listing, Right.SET_TO_WORK, of=SPACES)
def seen_in_street(request: Asked, found: Listing) -> HttpResponse:
    """What was seen in the street that is no space of the register yet?"""
    every = taking_in.seen(request.user, found)
    page = {"found": found, "rows": every[:SHOWN], "rest": len(every) - SHOWN,
            **frame(_("Seen in the street"), found)}  # fmt: skip
    return render(request, "acting/space_seen.html", page)


@writes
@access.on(Listing, Right.SET_TO_WORK, of=SPACES)
def accept_seen(request: Asked, found: Listing, seen: UUID) -> HttpResponse:
    """Is this a new space, or news about one?"""
    one = taking_in.one_seen(request.user, found, seen)
    units = spaces.units(found)

    def act(given: dict[str, Any]) -> str:
        made = taking_in.accept(
            by=request.user, register=found, seen=one, title=given["title"],
            address=given["address"], unit=chosen(units, given["unit"]),
        )  # fmt: skip
        return reverse("space", args=[made.pk])

    form = _filled(request, forms.SeenForm, units=[(str(row.pk), row.title) for row in units],
                   initial={"title": one.place, "address": one.place})  # fmt: skip
    return _ask(request, form, act, "acting/space_accept.html", seen=one,
                **frame(_("What was seen"), found))  # fmt: skip
