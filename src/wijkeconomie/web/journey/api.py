# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The part of the REST API that is for who signed in: the thread of a journey.

The same as the public figures have (``web.answers``): problem+json, languages, versions; but no
other site may read it, and nothing between us and the reader keeps it.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Schema

from wijkeconomie.figures.refusal import Notice
from wijkeconomie.web.accounts.access import Right, known, lacks_second_step
from wijkeconomie.web.answers import Api, RequestError, one
from wijkeconomie.web.journey import access
from wijkeconomie.web.journey import thread as threads
from wijkeconomie.web.journey.models import Journey
from wijkeconomie.web.journey.thread import Kind
from wijkeconomie.web.shapes import ProblemOut

api = Api(
    public=False,
    state=str,
    title="wijkeconomie: reizen",
    description="De rode draad van een reis, voor wie er een rol heeft. Alleen lezen.",
    urls_namespace="journey_api",
    servers=[{"url": "/api/v1/reizen", "description": "Deze site"}],
    openapi_extra={
        "components": {
            "securitySchemes": {"sessie": {"type": "apiKey", "in": "cookie", "name": "sessionid"}}
        },
        "security": [{"sessie": []}],
    },
)


class KnotOut(Schema):
    """One thing on the thread; the label of a figure is the id of its indicator, the answers to a
    statement are how many agree, do not agree and do not know, null where that would tell of
    somebody; mostly is what more than half said."""

    kind: Kind
    key: str
    label: str
    perspective: str
    chosen: bool | None
    answers: tuple[int, int, int] | None
    mostly: Literal["", "agree", "disagree", "unsure", "divided"]


class StrandOut(Schema):
    """A step from one thing to the next; a direction of -1 speaks against it, a weight is 1-3."""

    start: str
    end: str
    direction: int
    weight: int
    contribution: str
    assumption: str


class ThreadOut(Schema):
    """Everything on the thread from figures to efforts, and the steps between."""

    knots: list[KnotOut]
    strands: list[StrandOut]


@api.get(
    "/{uuid:key}/draad",
    response={200: ThreadOut, **dict.fromkeys((401, 403, 404, 406), ProblemOut)},
    summary="De rode draad van een reis", operation_id="draad",
)  # fmt: skip
def thread(request: HttpRequest, key: UUID) -> HttpResponse:
    """What everything rests on, and what came of it."""
    return one(request, threads.written(_journey(request, key)))


def _journey(request: HttpRequest, key: UUID) -> Journey:
    """The journey, for who may see where it stands: 401, 403 or 404 for another."""
    user = request.user
    if not known(user):
        raise RequestError(401, Notice("api_sign_in"))
    if lacks_second_step(request, user, access.roles(access.memberships(user))):
        raise RequestError(403, Notice("api_second_step"))
    return access.record(user, Journey, key, Right.COMPARE)


@api.get("/openapi.json", include_in_schema=False)
def openapi(request: HttpRequest) -> HttpResponse:
    """What this part of the API does."""
    return one(request, _openapi())


@cache
def _openapi() -> dict[str, Any]:
    return dict(api.get_openapi_schema(path_prefix=""))
