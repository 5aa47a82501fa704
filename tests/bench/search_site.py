# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The site with one page more, that only searches: in what who asks may read, as everywhere."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path

from wijkeconomie.fieldwork import search
from wijkeconomie.web.wsgi import application

__all__ = ["application"]

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.journey import access, kept
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.models import Conversation, Journey, Wording
from wijkeconomie.web.urls import urlpatterns


def _index(journey: Journey) -> search.Index:
    talks = access.conversations(journey)
    said = Wording.objects.filter(conversation__in=talks).order_by("number")
    return search.index({key.hex: text for key, text in said.values_list("conversation", "text")})


def _readable(journey: Journey) -> dict[str, tuple[bool, UUID]]:
    """Whether a conversation was checked, and who noted it."""
    every = access.conversations(journey).order_by().values_list("pk", "state", "made_by")
    checked = Conversation.State.CHECKED
    return {key.hex: (state == checked, by) for key, state, by in every}


@access.on(Journey, Right.CODE)
def find(request: Asked, found: Journey) -> HttpResponse:
    """Where do people speak of rent and shops?"""
    index = kept.kept(found, lambda: _index(found), "index")
    readable = kept.kept(found, lambda: _readable(found), "readable")
    me = request.user.pk
    among = {key for key, (checked, by) in readable.items() if checked or by == me}
    hits = search.search(index, "huur winkels", among=among)
    talks = access.conversations(found).in_bulk([UUID(hit.id) for hit in hits])
    lines = (f"{talks[UUID(hit.id)].giver.pseudonym} {hit.spans}" for hit in hits)
    answer = HttpResponse("\n".join(lines))
    answer["Content-Length"] = str(len(answer.content))
    return answer


urlpatterns.insert(0, path("zoek/<uuid:key>/", find))
