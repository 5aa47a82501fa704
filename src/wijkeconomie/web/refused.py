# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What we cannot give becomes a page that says what, where and what now."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.web.context import language

_STATUS = {"no_release": 503}


class Refused:
    """Middleware: a Refusal that a view lets rise is answered in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        code = error.notice.code
        status = _STATUS.get(code, 400 if isinstance(error, WrongUse) else 404)
        template = "first_step.html" if code == "no_release" else "error.html"
        return render(
            request, template, {"status": status, "message": error.text(language())}, status=status
        )


def error_page(status: int) -> Callable[..., HttpResponse]:
    """The page for an HTTP status, in the language of the address."""

    def page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- Django names it
        spoken = translation.get_language_from_path(request.path_info) or "nl"
        with translation.override(spoken):
            return render(request, "error.html", {"status": status}, status=status)

    return page
