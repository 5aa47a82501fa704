# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the API answers: the form that the reader takes, and page by page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse

from wijkeconomie.figures import export
from wijkeconomie.figures.refusal import Notice
from wijkeconomie.web.context import current_release
from wijkeconomie.web.problems import RequestError, language_of

CSV = "text/csv"
JSON = "application/json"
MOST = 1000  # rows on one page


def page(
    request: HttpRequest, rows: pl.DataFrame | list[dict[str, Any]], number: int, size: int
) -> HttpResponse:
    """One page as JSON or CSV, with Link headers (RFC 8288) to the others."""
    kind = wanted(request, (JSON, CSV))
    total = len(rows)
    last = max(1, -(-total // size))
    if number > last:
        raise RequestError(404, Notice("api_field_pagina"))
    part = rows[(number - 1) * size : number * size]
    if kind == CSV:
        frame = part if isinstance(part, pl.DataFrame) else _flat(part)
        response = as_csv(request, frame)
    else:
        items = part.to_dicts() if isinstance(part, pl.DataFrame) else part
        response = as_json(request, {"total": total, "page": number, "items": items})
    response["Link"] = _links(request, number, last)
    return response


def _flat(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Nested values have no place in a table; what holds them is left out."""
    plain = [
        {key: value for key, value in row.items() if not isinstance(value, list)} for row in rows
    ]
    return pl.DataFrame(plain, infer_schema_length=None)


def _links(request: HttpRequest, number: int, last: int) -> str:
    pages = {"first": 1, "prev": number - 1, "next": number + 1, "last": last}
    return ", ".join(
        f'<{_address(request, page)}>; rel="{name}"'
        for name, page in pages.items()
        if 1 <= page <= last
    )


def _address(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["pagina"] = str(page)
    return f"{request.path}?{query.urlencode()}"


def wanted(request: HttpRequest, offered: Sequence[str]) -> str:
    """What the reader takes of what we offer, or 406."""
    found = request.get_preferred_type(offered)
    if found is None:
        raise RequestError(406, Notice("api_accept_table" if CSV in offered else "api_accept"))
    return found


def one(request: HttpRequest, body: dict[str, Any]) -> HttpResponse:
    """A single thing, which is no table: JSON only."""
    wanted(request, (JSON,))
    return as_json(request, body)


def as_json(request: HttpRequest, body: dict[str, Any]) -> HttpResponse:
    """JSON in the reader's language; NaN would be a defect, never a figure."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False)
    response = HttpResponse(text, content_type=JSON)
    response["Content-Language"] = language_of(request)
    return response


def as_csv(request: HttpRequest, frame: pl.DataFrame) -> HttpResponse:
    """RFC 4180, as the command line writes it."""
    out = BytesIO()
    export.write(frame, "csv", out, release=current_release(), language=language_of(request))
    return HttpResponse(out.getvalue(), content_type=export.MEDIA_TYPES["csv"])
