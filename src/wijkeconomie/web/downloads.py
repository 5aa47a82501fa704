# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every table as CSV, XLSX or JSON, every picture as SVG, every report as PDF, DOCX or HTML.

CSV is RFC 4180, the same as the command line writes; ``csv-excel`` is what a Dutch spreadsheet
opens by a double click.
"""

from __future__ import annotations

import json
from io import BytesIO

from django.http import HttpRequest, HttpResponse

from wijkeconomie.figures import export
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import document
from wijkeconomie.insight.scan import scan
from wijkeconomie.web import pictures, tables
from wijkeconomie.web.asked import Asked, asked
from wijkeconomie.web.context import current_release, language

FORMATS = ("csv", "csv-excel", "xlsx", "json")
_REPORTS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}


def download(request: HttpRequest, kind: str, format: str) -> HttpResponse:  # noqa: A002 -- in the address
    """A table of a page as a file."""
    release, wanted = current_release(), asked(request.GET)
    if format not in FORMATS:
        raise Refusal("unknown_format", format=format[:20], formats=", ".join(FORMATS))
    if format == "json" and kind in ("scan", "opgaven"):
        body = _document(release, wanted, kind)
    else:
        out = BytesIO()
        frame = tables.table(kind, release, wanted, language())
        export.write(frame, format, out, release=release, language=language())
        body = out.getvalue()
    ending = format.partition("-")[0]
    return _file(body, export.MEDIA_TYPES[format], f"{_name(kind, wanted)}.{ending}")


def _document(release: Release, wanted: Asked, kind: str) -> bytes:
    """The JSON that the command line gives, with its schema."""
    if kind == "scan" and wanted.areas:
        result = scan(release, wanted.areas[0], wanted.year)
        made = document.as_document(result, release, language())
    else:
        made = document.as_documents(tables.scans_of(release, wanted), release, language())
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def picture(request: HttpRequest, kind: str) -> HttpResponse:
    """A picture of a page as a file."""
    wanted = asked(request.GET)
    svg = pictures.picture(kind, current_release(), wanted, language())
    return _file(svg.encode(), "image/svg+xml", f"{_name(kind, wanted)}.svg")


def report(_request: HttpRequest, code: str, format: str) -> HttpResponse:  # noqa: A002 -- in the address
    """The report of an area."""
    from wijkeconomie.web import report as reporting  # noqa: PLC0415 -- heavy
    from wijkeconomie.web import report_files  # noqa: PLC0415 -- heavy

    if format not in _REPORTS:
        raise Refusal("unknown_format", format=format[:20], formats=", ".join(_REPORTS))
    made = reporting.build(current_release(), code, language())
    name = f"wijkeconomie-{code}-{language()}.{format}"
    return _file(report_files.made(made, format), _REPORTS[format], name)


def _name(kind: str, wanted: Asked) -> str:
    parts = ("wijkeconomie", kind, *wanted.areas, wanted.indicator, str(wanted.year or ""))
    return "-".join(part for part in parts if part)


def _file(body: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
