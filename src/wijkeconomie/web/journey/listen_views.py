# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages on how well we listened: whom not, where words stand, what is alike, who sees the same."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.context import writes
from wijkeconomie.web.journey import access, agreeing, hearing, narrowing, searching, sense_forms
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.actions import sense
from wijkeconomie.web.journey.asking import at, filled, frame, narrowed, showed
from wijkeconomie.web.journey.models import Journey, Theme


@access.on(Journey, Right.COMPARE, Right.PROMISE)
def voices(request: Asked, found: Journey) -> HttpResponse:
    """Whose voice is missing, and whom do we talk to today?

    Numbers are for who reads conversations.  Others see of which groups fewer than ten were heard,
    perhaps nobody: a number that is one higher than the day before would tell who was.
    """
    team = narrowing.walks(request.rights)
    page = {"page": hearing.hearing(found, apart=team), "team": team}
    shown = frame(found, _("Whose voice is missing?"))
    if Right.COMPARE not in request.rights:
        shown["crumbs"] = shown["crumbs"][::2]  # the journey's own page is not theirs
    return render(request, "journey/voices.html", page | shown)


@writes
@access.on(Journey, Right.COMPARE)
def look_for(request: Asked, found: Journey) -> HttpResponse:
    """Where do these words stand, in any form?

    Words that are looked for may be somebody's name, and an address ends up in logs, histories and
    other sites.  So they come in the body of a POST, no cache or log keeps them, and a page of
    results has no address of its own.
    """
    form = filled(request, sense_forms.SearchForm)
    only = narrowed(request, form)
    if not narrowing.reads(request.rights):
        form.everyone()
    page = {"form": form, "rights": request.rights, "found": None}
    if form.is_bound and form.is_valid():
        words = form.cleaned_data["words"]
        hits = page["found"] = searching.found(found, request.user, request.rights, words, only)
        showed(request, found, hits.read)
    return render(request, "journey/search.html", page | frame(found, _("Search in what was said")),
                  status=422 if form.errors else 200)  # fmt: skip


@writes
@require_POST
@access.on(Theme, Right.CODE)
def judge_alike(request: Asked, found: Theme) -> HttpResponse:
    """A quote that looks like those of a theme: it is about it too, or it is not."""
    form = sense_forms.AlikeForm(request.POST)
    if not form.is_valid():
        raise Refusal("nothing_chosen")
    quote = get_object_or_404(access.quotes(found.journey), pk=form.cleaned_data["quote"])
    access.readable(request.user, quote.wording.conversation)
    if "not" in request.POST:
        sense.pass_over(by=request.user, quote=quote, theme=found)
    else:
        sense.code(by=request.user, quote=quote, theme=found, says=form.cleaned_data["says"])
    return redirect(at("theme", found) + "#lijkt-op")


@access.on(Journey, Right.CODE, Right.PLAN)
def coders(request: Asked, found: Journey) -> HttpResponse:
    """Do coders see the same, and where not?"""
    page = {"page": agreeing.coders(found), "rights": request.rights,
            "passed": agreeing.passed_by(found)}  # fmt: skip
    return render(request, "journey/coders.html", page | frame(found, _("Do coders see the same?")))
