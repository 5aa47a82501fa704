# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The site with one page more, that only searches: as its own page does, at an address."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path

from wijkeconomie.web.wsgi import application

__all__ = ["application"]

from wijkeconomie.web.accounts.access import Right
from wijkeconomie.web.journey import access, searching
from wijkeconomie.web.journey.access import Asked
from wijkeconomie.web.journey.models import Journey
from wijkeconomie.web.urls import urlpatterns


@access.on(Journey, Right.CODE)
def find(request: Asked, found: Journey) -> HttpResponse:
    """Where do people speak of rent and shops?"""
    hits = searching.found(found, request.user, request.rights, "huur winkels").talks
    lines = ("".join(piece.words for piece in hit.pieces) for hit in hits)
    answer = HttpResponse("\n".join(lines))
    answer["Content-Length"] = str(len(answer.content))
    return answer


urlpatterns.insert(0, path("zoek/<uuid:key>/", find))
