# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every table as CSV, XLSX or JSON, every picture as SVG, every report as PDF, DOCX or HTML."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def download(request: HttpRequest, kind: str, format: str) -> HttpResponse:  # noqa: A002
    raise Http404


def picture(request: HttpRequest, kind: str) -> HttpResponse:
    raise Http404


def report(request: HttpRequest, code: str, format: str) -> HttpResponse:  # noqa: A002
    raise Http404
