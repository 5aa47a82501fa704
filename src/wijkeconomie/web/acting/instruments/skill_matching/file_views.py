# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page by which a file of vacancies comes in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.acting.vacancy_file import COLUMNS, MOST_BYTES, NEEDED, WORDS
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.acting import access
from wijkeconomie.web.acting.instruments import skill_matching as work
from wijkeconomie.web.acting.instruments.skill_matching import taking_in
from wijkeconomie.web.acting.instruments.skill_matching.file_forms import VacancyFileForm
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.acting.pages import frame
from wijkeconomie.web.context import language, writes
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.asking import ask as _ask
from wijkeconomie.web.journey.asking import filled as _filled

_PAGE = "acting/vacancy_file.html"


@writes
@access.on(Listing, Right.CASES, of=work.DESK.name)
def read_vacancies(request: Asked, found: Listing) -> HttpResponse:
    """Which vacancies of a file come in, what do its words stand for, and which rows do not?"""
    page = {"columns": COLUMNS, "needed": NEEDED, "words": WORDS, "found": found,
            **frame(_("Read in a file of vacancies"), found)}  # fmt: skip
    if "take" in request.POST:
        return _taken(request, found, page)
    form = _filled(request, VacancyFileForm)
    form.files = request.FILES
    if request.method == "POST" and form.is_valid():
        page |= _looked_at(found, form)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, _PAGE, page | {"form": form}, status=status)


def _taken(request: Asked, found: Listing, page: dict[str, Any]) -> HttpResponse:
    """What was looked at is kept, as its words were chosen."""
    text = request.POST.get("text", "")
    told = taking_in.proposals(found, text)
    form = _filled(request, VacancyFileForm, told=told)
    page["preview"] = taking_in.preview(found, text, taking_in.likely(told))

    def act(given: dict[str, Any]) -> str:
        means = taking_in.meanings(form.meant())
        taking_in.take_in(by=request.user, desk=found, text=given["text"], means=means)
        return reverse("workdesk_team", args=[found.pk])

    return _ask(request, form, act, _PAGE, take=form, **page)


def _looked_at(found: Listing, form: VacancyFileForm) -> dict[str, Any]:
    """What the file would do; why not stands in the form."""
    given = form.cleaned_data
    try:
        data = given["file"].read(MOST_BYTES + 1) if given.get("file") else b""
        if not data:
            raise Refusal("vacancies_none")
        text = taking_in.text_of(data)
        told = taking_in.proposals(found, text)
        made = taking_in.preview(found, text, taking_in.likely(told))
    except Refusal as refusal:
        form.add_error("file", refusal.text(language()))
        return {}
    take = VacancyFileForm(told=told, initial={"key": given["key"], "text": text},
                           auto_id="take_%s")  # fmt: skip
    return {"preview": made, "take": take}
