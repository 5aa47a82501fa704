# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every table as CSV, XLSX or JSON, every picture as SVG, every report as PDF, DOCX or HTML.

CSV is RFC 4180 as the command line writes it, but no text in it runs as a formula; ``csv-excel`` is
what a Dutch spreadsheet opens by a double click.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from threading import BoundedSemaphore, Lock
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wijkeconomie.figures import areas, export
from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.refusal import Language, Refusal, WrongUse
from wijkeconomie.figures.registry import Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import document
from wijkeconomie.insight.opgave import sureness
from wijkeconomie.insight.results import Peer, Scan, SpreadPoint, SpreadSeries
from wijkeconomie.insight.scan import scan, scan_all
from wijkeconomie.web import look as looking
from wijkeconomie.web import maps, neighbourhood
from wijkeconomie.web.context import Asked, asked, credit, current_release, language, reads
from wijkeconomie.web.differences import differences, spread_line
from wijkeconomie.web.look import Look, Ranked, level_of, look
from wijkeconomie.web.municipality import Listed, listed

FORMATS = ("csv", "csv-excel", "xlsx", "json")
_REPORTS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}


def _wanted(request: HttpRequest) -> tuple[Release, Asked]:
    """A file outlives the page beside it: of a year that is not there it says so, never another."""
    release, wanted = current_release(), asked(request)
    release.loaded(wanted.year)
    return release, wanted


@reads("gebied", "indicator", "niveau", "jaar")
def download(request: HttpRequest, kind: str, format: str) -> HttpResponse:  # noqa: A002 -- in the address
    """A table of a page as a file."""
    release, wanted = _wanted(request)
    if format not in FORMATS:
        raise Refusal("unknown_format", format=format[:20], formats=", ".join(FORMATS))
    if format == "json" and kind in ("scan", "opgaven"):
        body = _document(release, wanted, kind)
    else:
        out = BytesIO()
        frame = table(kind, release, wanted, language())
        if format == "csv":  # whoever presses the button opens it in a spreadsheet too
            frame = export.harmless(frame)
        form = "xlsx-in-words" if format == "xlsx" else format
        export.write(frame, form, out, release=release, language=language())
        body = out.getvalue()
    ending = format.partition("-")[0]
    return _file(body, export.MEDIA_TYPES[format], f"{_name(kind, wanted)}.{ending}")


def _document(release: Release, wanted: Asked, kind: str) -> bytes:
    """The JSON that the command line gives, with its schema."""
    if kind == "scan" and wanted.areas:
        result = scan(release, wanted.areas[0], wanted.year)
        made = document.as_document(result, release, language())
    else:
        made = document.as_documents(scans_of(release, wanted), release, language())
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


@reads("gebied", "indicator", "niveau", "jaar", "naast")
def picture(request: HttpRequest, kind: str) -> HttpResponse:
    """A picture of a page as a file."""
    release, wanted = _wanted(request)
    svg = drawn(kind, release, wanted, language())
    return _file(svg.encode(), "image/svg+xml", f"{_name(kind, wanted)}.svg")


@reads("jaar")
def report(request: HttpRequest, code: str, format: str) -> HttpResponse:  # noqa: A002 -- in the address
    """The report of an area."""
    from wijkeconomie.web import report as reporting  # noqa: PLC0415 -- heavy
    from wijkeconomie.web import report_files  # noqa: PLC0415 -- heavy

    if format not in _REPORTS:
        raise Refusal("unknown_format", format=format[:20], formats=", ".join(_REPORTS))
    release, wanted = _wanted(request)
    with _turn():
        made = reporting.build(release, code, language(), wanted.year)
        body = report_files.made(made, format)
    parts = ("wijkeconomie", code, str(wanted.year or ""), language())
    name = f"{'-'.join(filter(None, parts))}.{format}"
    return _file(body, _REPORTS[format], name)


_MAKING, _IN_LINE = Lock(), BoundedSemaphore(2)  # one report is made, one waits


@contextmanager
def _turn() -> Iterator[None]:
    """A report takes seconds: twenty at once kept every page waiting that was not ready yet, so who
    comes third is asked to come back (Refusal ``report_busy``)."""
    if not _IN_LINE.acquire(blocking=False):
        raise Refusal("report_busy")
    try:
        with _MAKING:
            yield
    finally:
        _IN_LINE.release()


_ALL_YEARS = frozenset({"coverage", "indicators", "notices", "origins"})


def _name(kind: str, wanted: Asked) -> str:
    """With the year, where what is in the file is of one year."""
    year = "" if kind in _ALL_YEARS else str(wanted.year or "")
    parts = ("wijkeconomie", kind, *wanted.areas, wanted.indicator, year)
    return "-".join(part for part in parts if part)


def _file(body: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


Make = Callable[[Release, Asked, Language], pl.DataFrame]
_AREAS = ("area", "name", "inhabitants", "inhabitants_year", "opgaven", "early_signs",
          "strengths", "indicator", "label", "kind", "year", "persons", "counted", "probability",
          "short_of_peers", "short_of_country", "compared", "figures", "lags", "leads")  # fmt: skip
_POINT = ("indicator", "label", "perspective", "level_beside_peers", "trend_beside_peers",
          "standing", "sure")  # fmt: skip
_PEER = ("area", "name", "gemeente", "distance", "alike", "differs")
_UNKNOWN = ("indicator", "label", "perspective", "status", "year", "sentence")
_SPREAD = ("within", "level", "indicator", "year", "areas", "theil", "low", "high", "gap",
           "gap_low", "gap_high")  # fmt: skip
_INDICATOR = ("id", "label", "description", "perspective", "unit", "decimals", "better", "formula",
              "inputs", "denominator", "whole", "uncounted", "unaveraged", "minimum",
              "lever", "breaks")  # fmt: skip


def table(kind: str, release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    """The table of one kind.

    Raises Refusal("unknown_table"), or WrongUse for what the kind needs and was not asked.
    """
    if kind not in TABLES:
        raise Refusal("unknown_table", kind=kind[:20], kinds=", ".join(TABLES))
    return TABLES[kind](release, asked, language)


def _frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(rows, list(columns), infer_schema_length=None, strict=False)


def _area(release: Release, asked: Asked) -> Area:
    if not asked.areas:
        raise WrongUse("no_area")
    return release.area(asked.areas[0])


def _look(release: Release, asked: Asked) -> Look:
    """One indicator over the areas inside the one that was asked."""
    area = _area(release, asked)
    if area.level == "land":
        raise WrongUse("scan_of_country")
    level = level_of(release, area, asked)
    if level not in areas.LEVELS[areas.LEVELS.index(area.level) + 1 :]:
        raise Refusal("no_areas_of_level", code=area.code, level=level)
    return look(release, area, asked)


def _scan(release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    result = scan(release, _area(release, asked).code, asked.year)
    return document.as_table([result], language)


def _quadrant(release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    """The points of the quadrant: level and trend a year, in the spread (MAD) of the peers."""
    result = scan(release, _area(release, asked).code, asked.year)
    rows = [
        (p.indicator, p.label, p.perspective, p.level, p.trend, p.said, p.sure)
        for p in looking.points(result, language)
    ]
    return _frame([dict(zip(_POINT, row, strict=True)) for row in rows], _POINT)


def _opgaven(release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    results = scans_of(release, asked)
    return document.as_table(results, language)


def scans_of(release: Release, asked: Asked) -> tuple[Scan, ...]:
    """All areas of a level in a gemeente, largest opgave first."""
    gemeente = _area(release, asked)
    level = asked.level or level_of(release, gemeente, asked)
    return scan_all(release, gemeente.code, level, asked.year)


def _areas(release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    """The list of all areas on the page of a gemeente."""
    gemeente = _area(release, asked)
    level = level_of(release, gemeente, asked)
    found = listed(release, gemeente.code, level, language, asked.year)
    return _frame([_listed(one, language) for one in found], _AREAS)


def _listed(one: Listed, language: Language) -> dict[str, Any]:
    row = {
        "area": one.area.code,
        "name": one.area.name,
        "inhabitants": one.inhabitants,
        "inhabitants_year": one.counted,
        "opgaven": one.opgaven,
        "early_signs": one.signs,
        "strengths": one.strengths,
        "compared": one.compared,
        "figures": one.figures,
        "lags": one.lags,
        "leads": one.leads,
    }
    first = one.first
    if first is None:
        return row
    return row | {
        "indicator": first.indicator,
        "label": registry().indicators[first.indicator].label[language],
        "kind": first.shown,
        "year": first.year,
        "persons": first.persons,
        "counted": first.counted,
        "probability": sureness(first),
        "short_of_peers": one.short.get("peers"),
        "short_of_country": one.short.get("country"),
    }


def _ranking(release: Release, asked: Asked, _language: Language) -> pl.DataFrame:
    seen = _look(release, asked)
    rows = [_ranked(r, seen.indicator, seen.year) for r in seen.ranked]
    columns = ("area", "name", "indicator", "year", "value", "unit", "status", "estimate", "low",
               "high", "country", "peers", "kind", "probability", "first_place",
               "last_place")  # fmt: skip
    return _frame(rows, columns)


def _ranked(ranked: Ranked, indicator: Indicator, year: int) -> dict[str, Any]:
    row = {
        "area": ranked.area.code,
        "name": ranked.area.name,
        "indicator": indicator.id,
        "year": year,
        "value": ranked.value,
        "unit": indicator.unit,
        "status": ranked.word,
    }
    found = ranked.finding
    if found is None:
        return row
    first, last = ranked.place or (None, None)
    return row | {
        "first_place": first,
        "last_place": last,
        "estimate": found.estimate,
        "low": found.interval.low,
        "high": found.interval.high,
        "country": found.country.reference if found.country else None,
        "peers": found.peers.reference if found.peers else None,
        "kind": found.shown,
        "probability": sureness(found),
    }


def _series(release: Release, asked: Asked, _language: Language) -> pl.DataFrame:
    """Of all years, or up to the one that is asked, as the lines of a page are."""
    _area(release, asked)
    last = release.loaded(asked.year) or max(release.years)
    rows = export.rows(release, asked.areas, (asked.indicator,) if asked.indicator else ())
    return rows.filter(pl.col("year") <= last)


def _peers(release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    peers = scan(release, _area(release, asked).code, asked.year).peers.list
    return _frame([_peer(peer, language) for peer in peers], _PEER)


def _peer(peer: Peer, language: Language) -> dict[str, Any]:
    def named(reasons: Sequence[tuple[str, float, float, float]]) -> str:
        return "; ".join(registry().indicators[reason[0]].label[language] for reason in reasons)

    return {
        "area": peer.area.code,
        "name": peer.area.name,
        "gemeente": peer.area.gemeente,
        "distance": peer.distance,
        "alike": named(peer.alike),
        "differs": named(peer.differs),
    }


def _unknown(release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    unknown = scan(release, _area(release, asked).code, asked.year).unknown
    rows = [
        {"label": registry().indicators[u.indicator].label[language]}
        | document.unknown_words(u, language)
        for u in unknown
    ]
    return _frame(rows, _UNKNOWN)


def _compare(release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    """Every judged figure of every area, also where there is no clear difference."""
    _area(release, asked)
    results = [scan(release, code, asked.year) for code in asked.areas]
    rows = [
        document.finding_row(f, result, language) for result in results for f in result.findings
    ]
    return _frame(rows, document.CSV_COLUMNS)


def _differences(release: Release, asked: Asked) -> tuple[Look, SpreadSeries]:
    seen = _look(release, asked)
    found = differences(release, seen)
    if not found.points:
        raise Refusal("no_spread", indicator=found.indicator, code=found.within, level=found.level)
    return seen, found


def _spread(release: Release, asked: Asked, _language: Language) -> pl.DataFrame:
    _seen, found = _differences(release, asked)
    where = {"within": found.within, "level": found.level, "indicator": found.indicator}
    return _frame([where | _point(point) for point in found.points], _SPREAD)


def _point(point: SpreadPoint) -> dict[str, Any]:
    return {
        "year": point.year,
        "areas": point.areas,
        "theil": point.theil,
        "low": point.interval.low,
        "high": point.interval.high,
        "gap": point.gap,
        "gap_low": point.gap_interval.low if point.gap_interval else None,
        "gap_high": point.gap_interval.high if point.gap_interval else None,
    }


def _coverage(release: Release, asked: Asked, _language: Language) -> pl.DataFrame:
    counts = release.coverage()
    return counts.filter(pl.col("level") == asked.level) if asked.level else counts


def _origins(release: Release, _asked: Asked, _language: Language) -> pl.DataFrame:
    return pl.DataFrame([export.origin_words(origin) for origin in release.origins])


def _notices(release: Release, _asked: Asked, language: Language) -> pl.DataFrame:
    """What loading the tables warned of, and the columns that no registry entry names."""
    rows = [{"kind": notice.code, "text": notice.text(language)} for notice in release.notices()]
    rows += [
        {"kind": "unrecognised", "text": f"{origin.table}: {column}"}
        for origin, columns in release.unrecognised()
        for column in columns
    ]
    return pl.DataFrame(rows, {"kind": pl.String, "text": pl.String})


def _indicators(_release: Release, _asked: Asked, language: Language) -> pl.DataFrame:
    return _frame([_indicator(i, language) for i in registry().indicators.values()], _INDICATOR)


def _indicator(entry: Indicator, language: Language) -> dict[str, Any]:
    """Lists have no place in a cell."""
    words = document.indicator_words(entry, language)
    return words | {
        "inputs": "; ".join(f"{i['parameter']} = {i['column']}" for i in words["inputs"]),
        "breaks": "; ".join(f"{b['year']}: {b['why']}" for b in words["breaks"]),
    }


def _trace(release: Release, asked: Asked, _language: Language) -> pl.DataFrame:
    area = _area(release, asked)
    if not asked.indicator or asked.year is None:
        raise WrongUse("no_indicator")
    cells = release.trace(area.code, asked.indicator, asked.year)
    columns = ("area", "year", "column", "key", "value", "status", "publisher", "table", "version",
               "read_at", "licence", "source", "share")  # fmt: skip
    return _frame([document.figure(cell) for cell in cells], columns)


TABLES: dict[str, Make] = {
    "scan": _scan,
    "quadrant": _quadrant,
    "opgaven": _opgaven,
    "areas": _areas,
    "ranking": _ranking,
    "series": _series,
    "peers": _peers,
    "unknown": _unknown,
    "compare": _compare,
    "spread": _spread,
    "coverage": _coverage,
    "origins": _origins,
    "notices": _notices,
    "indicators": _indicators,
    "trace": _trace,
}


Draw = Callable[[Release, Asked, Language, str], str]


def drawn(kind: str, release: Release, asked: Asked, language: Language) -> str:
    """An SVG document; it says itself whose figures and boundaries it shows, under which licence,
    and that figures are invented.

    Raises Refusal("unknown_picture") or for what the kind needs and was not asked.
    """
    if kind not in PICTURES:
        raise Refusal("unknown_picture", kind=kind[:20], kinds=", ".join(PICTURES))
    invented = [_("Invented figures.")] if release.fictional else []
    by = release.published_by() or _("publisher not given")
    note = " ".join([*invented, _("Figures: {by}.").format(by=by)])
    return PICTURES[kind](release, asked, language, note)


def _asked_indicator(asked: Asked) -> Indicator:
    if not asked.indicator:
        raise WrongUse("no_indicator")
    return registry().indicators[asked.indicator]


def _draw_map(release: Release, asked: Asked, language: Language, note: str) -> str:
    seen = _look(release, asked)
    shapes = maps.shapes(release.outlines(seen.level, seen.gemeente.code))
    note = f"{note} {credit(release, seen.level, seen.gemeente.code)}"
    return looking.map_of(seen, shapes, language, standalone=True, note=note)


def _draw_ranking(release: Release, asked: Asked, language: Language, note: str) -> str:
    seen = _look(release, asked)
    most = len(seen.ranked)
    return looking.ranking(seen, language, most=most, standalone=True, note=note)


def _draw_spread(release: Release, asked: Asked, language: Language, note: str) -> str:
    seen, found = _differences(release, asked)
    return spread_line(found, seen.gemeente.name, language, standalone=True, note=note)


def _draw_quadrant(release: Release, asked: Asked, language: Language, note: str) -> str:
    result = scan(release, _area(release, asked).code, asked.year)
    return looking.quadrant(result, language, standalone=True, note=note)


def _draw_series(release: Release, asked: Asked, language: Language, note: str) -> str:
    indicator = _asked_indicator(asked)
    result = scan(release, _area(release, asked).code, asked.year)
    past = looking.past(release, result, asked.year)
    return looking.series(past, indicator, language, standalone=True, note=note)


def _draw_figure(release: Release, asked: Asked, language: Language, note: str) -> str:
    indicator = _asked_indicator(asked)
    result = scan(release, _area(release, asked).code, asked.year)
    finding = next((f for f in result.findings if f.indicator == indicator.id), None)
    if asked.year is not None and (finding is None or finding.year != asked.year):
        raise Refusal("no_finding_in", indicator=indicator.id, code=result.area.code,
                      year=str(asked.year))  # fmt: skip
    if finding is None:
        raise Refusal("no_figures_of", indicator=indicator.id, level=result.area.level)
    past = looking.past(release, result)
    return looking.figure(finding, past, language, standalone=True, note=note)


def _draw_compare(release: Release, asked: Asked, language: Language, note: str) -> str:
    indicator = _asked_indicator(asked)
    _area(release, asked)
    results = (scan(release, code, asked.year) for code in asked.areas)
    cells = tuple(neighbourhood.cell_of(indicator.id, result) for result in results)
    return neighbourhood.drawing(indicator, cells, language, standalone=True, note=note)


PICTURES: dict[str, Draw] = {
    "map": _draw_map,
    "ranking": _draw_ranking,
    "spread": _draw_spread,
    "quadrant": _draw_quadrant,
    "series": _draw_series,
    "figure": _draw_figure,
    "compare": _draw_compare,
}
