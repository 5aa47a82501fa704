# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages by which coded conversations go to another program and come from one, what is asked of
their givers then, and the card that a giver takes along."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from wijkeconomie.fieldwork import refi
from wijkeconomie.figures.export import MEDIA_TYPES
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.context import language, writes
from wijkeconomie.web.journey import access, exchange, sense_forms
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.actions import exchange as exchanging
from wijkeconomie.web.journey.actions import listening
from wijkeconomie.web.journey.asking import ask, at, filled, frame
from wijkeconomie.web.journey.models import Conversation, Giver, Journey, Purpose

_MEDIA = MEDIA_TYPES | {"qdpx": "application/zip", "qdc": "application/xml"}


@writes
@access.on(Journey, Right.CODE)
def page(request: Asked, found: Journey) -> HttpResponse:
    """What can go along to another program, and what can come?"""
    posted, told = request.method == "POST", None
    sent = (request.POST, request.FILES) if posted else (None, None)
    texts = Right.TALK in request.rights
    form = sense_forms.ExchangeForm(*sent, texts=texts)
    if posted and form.is_valid():
        try:
            told = _bring(request, found, form.cleaned_data)
        except Refusal as refusal:
            form.add_error("file", refusal.text(language()))
    shown = {"form": form, "told": told, "texts": texts, "kinds": exchange.KINDS,
             "count": exchange.count(found), **frame(found, _("Exchange"))}  # fmt: skip
    return render(request, "journey/exchange.html", shown, status=422 if form.errors else 200)


def _bring(request: Asked, journey: Journey, given: dict[str, Any]) -> list[str]:
    """Take a file over; what became of it, in sentences."""
    read = refi.read_any(given["file"].read(refi.MOST_BYTES + 1))
    terms = None
    if given["what"] == "texts":
        if Right.TALK not in request.rights:
            raise Refusal("brought_by_field_worker")
        terms = exchanging.Terms(**{n: given[n] for n in exchanging.Terms.__slots__})
    came = exchanging.bring(by=request.user, journey=journey, project=read.project, terms=terms)
    notices = (*came.notices(), *read.notices)
    return [notice.text(language()) for notice in notices]


@access.on(Journey, Right.CODE)
def file(request: Asked, found: Journey, kind: str, format: str) -> HttpResponse:  # noqa: A002 -- in the address
    """A file for another program or a spreadsheet."""
    body = exchange.file(found, kind, format, request.user)
    response = HttpResponse(body, _MEDIA[format])
    name = f"{kind}-{str(found.pk)[:8]}.{format.partition('-')[0]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@access.on(Giver, Right.TALK)
def card(request: Asked, giver: Giver) -> HttpResponse:
    """The card for the giver, for who talked with them: a code, and where to type it."""
    if giver.made_by_id != request.user.pk:
        raise Http404
    code = listening.show_card(by=request.user, giver=giver)
    page = {"giver": giver, "code": code, "host": request.get_host()}
    return render(request, "journey/card.html",
                  page | frame(giver.journey, _("The card for the giver")))  # fmt: skip


@writes
@access.on(Conversation, Right.TALK)
def consent(request: Asked, found: Conversation) -> HttpResponse:
    """What does the giver allow, of which we know nothing yet?"""
    talk = access.readable(request.user, found)
    purposes = [(one, Purpose(one).label) for one in access.unasked(request.user, talk)]
    if not purposes:
        raise Http404

    def act(given: dict[str, Any]) -> str:
        listening.tell_consent(by=request.user, giver=talk.giver, allows=given["allows"],
                               how=given["how"])  # fmt: skip
        return at("conversation", talk)

    form = filled(request, sense_forms.ConsentForm, choices={"allows": purposes})
    return ask(request, form, act, **frame(found.journey, _("How does consent stand?")))
