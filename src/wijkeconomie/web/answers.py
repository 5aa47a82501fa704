# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every answer of the API has in common: form, pages, problem+json, languages, versions.

Sources: RFC 9457 (problem details), NL API Design Rules 2.1 (API-Version header, 400 with all
errors together, no trailing slash), RFC 9110 §12.5.1 (Accept) and §13 (ETag).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any

import polars as pl
from django.conf import settings
from django.core.exceptions import DisallowedHost, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from polars.exceptions import ComputeError

from wijkeconomie.figures import export
from wijkeconomie.figures.refusal import Language, Notice, Refusal, WrongUse
from wijkeconomie.web.context import UNREAD, as_refusal, current_release, http_status, told

VERSION = "1.0.0"
PROBLEM = "application/problem+json"
_BODIED = ("POST", "PUT", "PATCH")
_TITLES = {
    400: ("Ongeldig verzoek", "Invalid request"),
    401: ("Log eerst in", "Sign in first"),
    403: ("Dat mag u niet", "Not allowed"),
    404: ("Niet gevonden", "Not found"),
    405: ("Methode kan hier niet", "Method not allowed"),
    406: ("Vorm niet beschikbaar", "Not acceptable"),
    408: ("Te langzaam", "Too slow"),
    413: ("Te groot", "Too large"),
    415: ("Vorm niet ondersteund", "Unsupported media type"),
    429: ("Te veel tegelijk", "Too much at once"),
    500: ("Fout bij ons", "Our error"),
    503: ("Nu niet beschikbaar", "Not available now"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invalid:
    """One thing that is wrong in a request: ``where`` is query, path, header or body."""

    where: str
    location: str
    code: str
    detail: str


class RequestError(Exception):
    """An answer that is no success and no refusal of the figures."""

    def __init__(self, status: int, notice: Notice, errors: Iterable[Invalid] = ()) -> None:
        self.status, self.notice, self.errors = status, notice, tuple(errors)
        super().__init__(notice.code)


def language_of(request: HttpRequest) -> Language:
    """The first of nl and en that Accept-Language prefers; Dutch if it names neither."""
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if tag[:2] in ("nl", "en"):
            return "en" if tag[:2] == "en" else "nl"
    return "nl"


def problem(
    request: HttpRequest, status: int, notice: Notice, errors: Iterable[Invalid] = ()
) -> HttpResponse:
    """RFC 9457 body in the reader's language; ``errors`` says every field apart (ADR)."""
    language = language_of(request)
    title = _TITLES.get(status, (HTTPStatus(status).phrase,) * 2)[language == "en"]
    body: dict[str, Any] = {
        "type": f"urn:wijkeconomie:problem:{notice.code}",
        "title": title,
        "status": status,
        "detail": told(notice.text(language), status),
        "instance": request.path,
    }
    if errors:
        body["errors"] = [
            {"in" if key == "where" else key: value for key, value in asdict(error).items()}
            for error in errors
        ]
    response = HttpResponse(json.dumps(body, ensure_ascii=False), PROBLEM, status)
    response["Content-Language"] = language
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Session realm="wijkeconomie"'
    return response


class Api(NinjaAPI):
    """NinjaAPI whose every error is a problem and whose every request is looked at first.

    *public*: nothing here is about persons, so scripts of any site may read it (CORS ``*``).
    *state* gives the id of what answers follow from; it becomes the ETag of every public 200, and
    what is not public is kept by nobody.
    """

    def __init__(self, *, public: bool, state: Callable[[], str], **options: Any) -> None:
        super().__init__(version=VERSION, docs_url=None, openapi_url=None, **options)
        self._public, self._state = public, state
        self.add_decorator(self._guard, mode="view")
        for kind, handler in _HANDLERS.items():
            self.add_exception_handler(kind, handler)

    def _guard(self, run: Any) -> Callable[..., HttpResponseBase]:
        operation = run.__self__

        def guarded(request: HttpRequest, **path: Any) -> HttpResponseBase:
            try:
                _check_parameters(request, operation)
                _check_body(request)
                etag = self._etag(request)
            except (RequestError, Refusal) as error:
                return self._shared(self.on_exception(request, error))
            known = parse_etags(request.headers.get("If-None-Match", ""))
            if etag in known:
                return self._shared(_marked(HttpResponseNotModified(), etag))
            response = run(request, **path)
            if etag and response.status_code == HTTPStatus.OK:
                # only now "*" is of something that is there (RFC 9110 §13.1.2)
                response = _marked(HttpResponseNotModified() if "*" in known else response, etag)
            return self._shared(response)

        return guarded

    def _etag(self, request: HttpRequest) -> str:
        if request.method != "GET" or not self._public:
            return ""
        asked = (
            self._state(), VERSION, request.get_full_path(), language_of(request),
            request.headers.get("Accept", ""),
        )  # fmt: skip
        return f'W/"{hashlib.sha256(repr(asked).encode()).hexdigest()[:20]}"'

    def _shared(self, response: HttpResponseBase) -> HttpResponseBase:
        if self._public:
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = "API-Version, ETag, Link"
        else:
            response["Cache-Control"] = "private, no-store"
        return response


def _marked(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    return response


def _check_parameters(request: HttpRequest, operation: Any) -> None:
    """A parameter that is unknown or comes twice is a mistake, never silently half used."""
    known, many = _parameters(operation)
    errors, notice = [], None
    for name, values in request.GET.lists():
        if len(values) > 1 and name not in many:
            notice = Notice("api_duplicate", {"name": name[:40]})
        elif name not in known:
            listed = ", ".join(known) or "-"
            notice = Notice("api_unknown_parameter", {"name": name[:40], "known": listed})
        else:
            continue
        errors.append(_wrong("query", name[:40], notice, language_of(request)))
    if notice:
        raise RequestError(400, notice if len(errors) == 1 else _fields(errors), errors)


def _parameters(operation: Any) -> tuple[tuple[str, ...], set[str]]:
    """Names of an operation's query parameters, and those that may be repeated."""
    known: list[str] = []
    many: set[str] = set()
    for model in operation.models:
        if model.__ninja_param_source__ == "query":
            known += list(model.__ninja_flatten_map__)
            many |= set(model.__ninja_collection_fields__)
    return tuple(known), many


def _check_body(request: HttpRequest) -> None:
    if request.method not in _BODIED or not request.headers.get("Content-Length", "0").strip("0"):
        return
    if request.content_type not in ("application/json", "application/merge-patch+json"):
        raise RequestError(415, Notice("api_media_type"))


def _wrong(where: str, location: str, notice: Notice, language: Language) -> Invalid:
    return Invalid(where=where, location=location, code=notice.code, detail=notice.text(language))


def _fields(errors: list[Invalid]) -> Notice:
    names = ", ".join(dict.fromkeys(error.location.rpartition("/")[2] for error in errors))
    return Notice("api_fields", {"count": len(errors), "names": names})


def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    refusal = as_refusal(error)
    if refusal is None:
        raise error
    return problem(request, http_status(refusal), refusal.notice)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """All errors of a request together (ADR); what was sent is not sent back."""
    errors, notice = [], Notice("api_bad_request")
    for one in error.errors:
        where, *path = (str(part) for part in one["loc"])
        name = path[0] if where != "body" and path else (path[-1] if path else where)
        notice = _field_notice(name, one)
        location = "/" + "/".join(path[1:]) if where == "body" else name
        errors.append(_wrong(where, location, notice, language_of(request)))
    return problem(request, 400, notice if len(errors) == 1 else _fields(errors), errors)


_SAID = frozenset({
    "pagina", "paginagrootte", "gemeentecode", "wijkcode", "buurtcode", "regio", "jaar", "zoek",
})  # fmt: skip
_SAID_AS = {"binnen": "code", "code": "code", "id": "indicator", "indicator": "indicator"}


def _field_notice(name: str, error: Mapping[str, Any]) -> Notice:
    """What a field can hold, where we can say so."""
    given = {"name": name[:40]}
    if error["type"] == "missing":
        return Notice("api_field_missing", given)
    if error["type"] == "literal_error":
        choices = ", ".join(re.findall(r"'([^']*)'", error["ctx"]["expected"]))
        return Notice("api_field_choice", given | {"choices": choices})
    said = name if name in _SAID else _SAID_AS.get(name)
    return Notice(f"api_field_{said}" if said else "api_field", given)


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    cause = error.__cause__
    if isinstance(cause, json.JSONDecodeError):
        return problem(request, 400, Notice("api_json", {"position": cause.pos}))
    return problem(request, error.status_code, Notice("api_bad_request"))


def _declined(request: HttpRequest, error: RequestError) -> HttpResponse:
    return problem(request, error.status, error.notice, error.errors)


def _missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(request, 404, Notice("api_not_found"))


_HANDLERS: dict[type[Exception], Any] = {
    RequestError: _declined,
    Refusal: _refused,
    OSError: _refused,
    ComputeError: _refused,
    ValidationError: _invalid,
    HttpError: _http_error,
    Http404: _missing,
}


class Problems:
    """Outermost middleware: what of a request cannot be read is set aside for ``context.Methods``;
    for ``/api/`` also what Django answers itself becomes a problem.

    A foreign Host, an unknown address, a method that an address has not, a crash: all of them
    would be pages in HTML.  HEAD is GET without a body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        _set_aside(request)
        if not request.path_info.startswith("/api/"):
            return self._get_response(request)
        asked = request.method or ""
        if asked == "HEAD":
            request.method = "GET"
        response = self._get_response(request)
        if response.status_code >= 400 and response.get("Content-Type") != PROBLEM:
            response = _as_problem(request, response)
        response["API-Version"] = VERSION
        patch_vary_headers(response, ("Accept", "Accept-Language"))
        if asked == "HEAD" and isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response


def _set_aside(request: HttpRequest) -> None:
    """A query that is too long to read would fail wherever it is asked, also on the page that says
    so; it becomes an empty one, and a refusal that goes along as ``request.unread``."""
    if code := request.META.get(UNREAD):
        request.unread = WrongUse(code)  # type: ignore[attr-defined]
    try:
        _ = request.GET
    except TooManyFieldsSent:
        request.GET = QueryDict()
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        request.unread = WrongUse("too_many_parameters", most=most)  # type: ignore[attr-defined]


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    if unread := getattr(request, "unread", None):
        return problem(request, http_status(unread), unread.notice)
    match response.status_code:
        case 404:
            return problem(request, 404, _not_found(request.path_info))
        case 405:
            allowed = ", ".join(sorted(_allowed(response)))
            fields = {"method": (request.method or "")[:20], "allowed": allowed}
            answer = problem(request, 405, Notice("api_method", fields))
            answer["Allow"] = allowed
            return answer
        case 403:
            return problem(request, 403, Notice("api_not_allowed"))
        case status if status >= 500:
            return problem(request, status, Notice("api_failed"))
        case status:
            unknown_host = status == HTTPStatus.BAD_REQUEST and not _host_is_ours(request)
            return problem(
                request, status, Notice("api_host" if unknown_host else "api_bad_request")
            )


def _allowed(response: HttpResponseBase) -> set[str]:
    methods = {method.strip() for method in response.get("Allow", "").split(",")} - {""}
    return methods | ({"HEAD"} if "GET" in methods else set())


def _not_found(path: str) -> Notice:
    """A slash too many is 404 (ADR), with the address that was meant, after /api/v1."""
    shorter = path.rstrip("/")
    try:
        resolve(shorter)
    except Resolver404:
        return Notice("api_not_found")
    _, _, _, resource = shorter.split("/", 3)
    return Notice("api_trailing_slash", {"path": f"/{resource}"})


def _host_is_ours(request: HttpRequest) -> bool:
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


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


def one(request: HttpRequest, body: dict[str, Any] | str) -> HttpResponse:
    """A single thing, which is no table: JSON only; a text is JSON already."""
    wanted(request, (JSON,))
    return as_json(request, body)


def as_json(request: HttpRequest, body: dict[str, Any] | str) -> HttpResponse:
    """JSON in the reader's language; NaN would be a defect, never a figure."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, allow_nan=False)
    response = HttpResponse(text, content_type=JSON)
    response["Content-Language"] = language_of(request)
    return response


def as_csv(request: HttpRequest, frame: pl.DataFrame) -> HttpResponse:
    """RFC 4180, as the command line writes it, but without text that runs as a formula."""
    out = BytesIO()
    export.write(
        export.harmless(frame), "csv", out, release=current_release(), language=language_of(request)
    )
    return HttpResponse(out.getvalue(), content_type=export.MEDIA_TYPES["csv"])
