# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The REST API under /api/v1: public figures, read only.

Addresses and parameters are Dutch, as NL API Design Rules ask of Dutch government; bodies have
the English keys of the command line, so that one script reads both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cache
from math import isfinite
from typing import Annotated, Any, Literal, TypeVar

import polars as pl
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query
from pydantic import BeforeValidator

from wijkeconomie.figures import areas as codes
from wijkeconomie.figures import export
from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.refusal import Notice, Refusal, WrongUse
from wijkeconomie.figures.registry import fingerprint, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import document
from wijkeconomie.insight.scan import scan, scan_all
from wijkeconomie.insight.spread import changed, spread
from wijkeconomie.web.answers import (
    CSV,
    JSON,
    MOST,
    Api,
    as_csv,
    as_json,
    language_of,
    one,
    page,
    wanted,
)
from wijkeconomie.web.context import current_release, year_of
from wijkeconomie.web.shapes import (
    AreaOut,
    AreasOut,
    FiguresOut,
    IndicatorOut,
    IndicatorsOut,
    Level,
    Perspective,
    ProblemOut,
    ReleaseOut,
    TraceOut,
    documented,
)


def _digits(given: object) -> object:
    """A number as it is written; ``int`` takes ``1_0``, ``+1`` and digits of every script too."""
    if isinstance(given, str) and not (given.isascii() and given.isdigit()):
        raise ValueError("digits")
    return given


def _four_digits(given: object) -> object:
    """A year by the rule of the pages."""
    try:
        return year_of(given) if isinstance(given, str) else given
    except Refusal as refusal:
        raise ValueError("year") from refusal


Number = Annotated[int, BeforeValidator(_digits)]
Page = Annotated[Number, Query(1, ge=1, le=1_000_000, description="Bladzijde, te beginnen bij 1.")]
Size = Annotated[Number, Query(100, ge=1, le=MOST, description="Aantal op een bladzijde.")]
AreaCode = Annotated[
    str,
    Path(pattern=f"^(?:{codes.CODE.pattern})$", description="CBS-code.", examples=["GM0518"]),
]
PlaceCode = Annotated[
    str,
    Path(pattern=r"^(?:GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4})$", description="CBS-code."),
]
_Year = Annotated[int | None, BeforeValidator(_four_digits)]
Year = Annotated[_Year, Query(None, ge=1995, le=2100, description="Jaar; leeg: alle jaren.")]
_OF_SCAN = (
    "Jaar van de scan: nieuwere cijfers tellen niet mee. Leeg: het laatste met genoeg cijfers."
)
ScanYear = Annotated[_Year, Query(None, ge=1995, le=2100, description=_OF_SCAN)]


def _code(pattern: str, what: str) -> Any:
    return Query(None, pattern=f"^(?:{pattern})$", description=what)  # type: ignore[type-arg]


GemeenteCode = Annotated[str | None, _code(r"GM\d{4}", "Code van een gemeente.")]
WijkCode = Annotated[str | None, _code(r"WK\d{4}[0-9A-Z]{2}", "Code van een wijk.")]
BuurtCode = Annotated[str | None, _code(r"BU\d{4}[0-9A-Z]{4}", "Code van een buurt.")]
Within = Annotated[str | None, _code(codes.CODE.pattern, "Alleen gebieden binnen dit gebied.")]
_NEWEST = "Leeg: het nieuwste jaar met cijfers van deze gebieden, van minstens de helft van hen."
Region = Annotated[str | None, _code(codes.CODE.pattern, "Alleen dit gebied.")]


_View = TypeVar("_View", bound=Callable[..., HttpResponse])
_ERRORS = {400: ProblemOut, 404: ProblemOut, 406: ProblemOut, 503: ProblemOut}


def _state() -> str:
    """What every answer follows from: the figures, and the code that reads and judges them."""
    code = (fingerprint(f"wijkeconomie.{part}") for part in ("figures", "insight", "web"))
    return " ".join([current_release().id, *code])


class FiguresApi(Api):
    """The public figures, with their OpenAPI document."""

    def get_openapi_schema(self, **_options: Any) -> Any:
        return documented(super().get_openapi_schema(path_prefix=""))


api = FiguresApi(
    public=True,
    state=_state,
    title="wijkeconomie",
    description="De economische opgave van elke wijk en buurt: cijfers, vergelijkbare gebieden, "
    "trend en zekerheid. Alleen lezen; een cijfer dat er niet is, is leeg en nooit nul.",
    urls_namespace="api",
    servers=[{"url": "/api/v1", "description": "Deze site"}],
    openapi_extra={
        "info": {
            "contact": {"name": "wijkeconomie", "url": "/over/"},
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "tags": [
            {"name": "gebieden", "description": "Gemeenten, wijken en buurten."},
            {"name": "cijfers", "description": "Cijfers en hun herkomst."},
            {"name": "inzicht", "description": "Opgaven, vergelijkbare gebieden, spreiding."},
        ],
    },
)


def _get(
    path: str, tag: str, answer: Any, summary: str, **options: Any
) -> Callable[[_View], _View]:
    return api.get(
        path, response={200: answer, **_ERRORS}, tags=[tag], summary=summary, by_alias=True,
        **options,
    )  # fmt: skip


@api.get("/openapi.json", include_in_schema=False)
def openapi(request: HttpRequest) -> HttpResponse:
    """This document."""
    return one(request, described())


@cache
def described() -> dict[str, Any]:
    """All addresses of the public figures, as an OpenAPI document."""
    return dict(api.get_openapi_schema())


@_get("/gebieden", "gebieden", AreasOut, "Gebieden, ook te zoeken op naam", operation_id="gebieden")
def gebieden(
    request: HttpRequest,
    niveau: Annotated[Level | None, Query(None, description="Niveau.")],
    binnen: Within,
    zoek: Annotated[
        str | None,
        Query(None, min_length=2, max_length=100, description="Naam of code; typefouten mogen."),
    ],
    pagina: Page,
    paginagrootte: Size,
) -> HttpResponse:
    """Areas of all levels; with ``zoek`` the best match first."""
    release = current_release()
    inside = _inside(release, niveau, binnen)
    among = {area.code for area in inside}
    chosen = release.names.find(zoek, limit=None, among=among) if zoek else inside
    rows = [document.area_words(area) for area in chosen]
    return page(request, rows, pagina, paginagrootte)


@_get("/gemeenten", "gebieden", AreasOut, "Gemeenten", operation_id="gemeenten")
def gemeenten(
    request: HttpRequest, gemeentecode: GemeenteCode, pagina: Page, paginagrootte: Size
) -> HttpResponse:
    """All gemeenten, by code."""
    rows = _level(current_release(), "gemeente", None, gemeentecode)
    return page(request, rows, pagina, paginagrootte)


@_get("/wijken", "gebieden", AreasOut, "Wijken", operation_id="wijken")
def wijken(
    request: HttpRequest,
    gemeentecode: GemeenteCode,
    wijkcode: WijkCode,
    pagina: Page,
    paginagrootte: Size,
) -> HttpResponse:
    """Wijken, by code."""
    rows = _level(current_release(), "wijk", gemeentecode, wijkcode)
    return page(request, rows, pagina, paginagrootte)


@_get("/buurten", "gebieden", AreasOut, "Buurten", operation_id="buurten")
def buurten(
    request: HttpRequest,
    gemeentecode: GemeenteCode,
    wijkcode: WijkCode,
    buurtcode: BuurtCode,
    pagina: Page,
    paginagrootte: Size,
) -> HttpResponse:
    """Buurten, by code."""
    release = current_release()
    rows = _level(release, "buurt", wijkcode or gemeentecode, buurtcode)
    if wijkcode and gemeentecode and codes.gemeente_of(wijkcode) != gemeentecode:
        rows = []
    return page(request, rows, pagina, paginagrootte)


@_get("/gebieden/{code}", "gebieden", AreaOut, "Een gebied", operation_id="gebied")
def gebied(request: HttpRequest, code: AreaCode) -> HttpResponse:
    """One area."""
    return one(request, document.area_words(current_release().area(code)))


@_get(
    "/gebieden/{code}/cijfers", "cijfers", FiguresOut, "Alle cijfers van een gebied",
    operation_id="gebiedCijfers",
)  # fmt: skip
def gebied_cijfers(
    request: HttpRequest,
    code: AreaCode,
    indicator: Annotated[list[str], Query([], max_length=100, description="Welke cijfers.")],
    jaar: Year,
    pagina: Page,
    paginagrootte: Size,
) -> HttpResponse:
    """Every figure of one area, by indicator and year."""
    release = current_release()
    frame = export.rows(release, [code], _known(indicator))
    if release.loaded(jaar) is not None:
        frame = frame.filter(pl.col("year") == jaar)
    return page(request, frame, pagina, paginagrootte)


@_get("/cijfers", "cijfers", FiguresOut, "Een cijfer voor vele gebieden", operation_id="cijfers")
def cijfers(
    request: HttpRequest,
    indicator: Annotated[str, Query("population", max_length=60, description="Welk cijfer.")],
    jaar: Annotated[_Year, Query(None, ge=1995, le=2100, description=_NEWEST)],
    niveau: Annotated[Level, Query("gemeente", description="Niveau.")],
    binnen: Within,
    regio: Region,
    bron: Annotated[str | None, Query(None, max_length=60, description="Uitgever, zoals CBS.")],
    pagina: Page,
    paginagrootte: Size,
) -> HttpResponse:
    """One figure in one year for all areas of a level, as on the map."""
    release = current_release()
    (known,) = _known([indicator])
    level: str = codes.level(regio) if regio else niveau
    year = release.loaded(jaar) or release.newest(known, level, regio or binnen)
    frame = _map(release, known, year, level, regio or binnen)
    if bron:
        publisher = pl.col("source").str.to_lowercase().str.starts_with(f"{bron.lower()},")
        frame = frame.filter(publisher)
    return page(request, frame, pagina, paginagrootte)


def _map(
    release: Release, indicator: str, year: int | None, level: str, within: str | None
) -> pl.DataFrame:
    """The contract's columns for one indicator, one year, all areas of a level inside another."""
    inside = _inside(release, level, within)
    named = pl.DataFrame(
        {"area": [a.code for a in inside], "name": [a.name for a in inside]},
        schema={"area": pl.String, "name": pl.String},
    )
    figures = release.map(indicator, year or 0, level).join(named, on="area", how="inner")
    figures = figures.with_columns(
        level=pl.lit(level), year=pl.lit(year or 0), indicator=pl.lit(indicator)
    )
    return export.named(release, figures).sort("area")


@_get(
    "/indicatoren", "cijfers", IndicatorsOut, "Alle cijfers die er zijn", operation_id="indicatoren"
)
def indicatoren(
    request: HttpRequest,
    perspectief: Annotated[
        Perspective | None,
        Query(None, description="Alleen dit perspectief."),
    ],
    pagina: Page,
    paginagrootte: Size,
) -> HttpResponse:
    """What the figures mean, in the order of the registry."""
    rows = [
        document.indicator_words(entry, language_of(request))
        for entry in registry().indicators.values()
        if perspectief in (None, entry.perspective)
    ]
    return page(request, rows, pagina, paginagrootte)


@_get(
    "/indicatoren/{id}",
    "cijfers",
    IndicatorOut,
    "Wat een cijfer betekent",
    operation_id="indicator",
)
def indicator(
    request: HttpRequest,
    id: Annotated[str, Path(pattern="^[a-z][a-z0-9_]{1,59}$")],  # noqa: A002 -- in the address
) -> HttpResponse:
    """One indicator."""
    (known,) = _known([id])
    return one(
        request, document.indicator_words(registry().indicators[known], language_of(request))
    )


@_get(
    "/gebieden/{code}/scan", "inzicht", dict[str, Any], "De economische opgave van een gebied",
    operation_id="gebiedScan",
)  # fmt: skip
def gebied_scan(
    request: HttpRequest,
    code: PlaceCode,
    niveau: Annotated[
        Literal["gemeente", "wijk", "buurt"] | None,
        Query(None, description="Van een gemeente: welke gebieden. Leeg: wijken."),
    ],
    jaar: ScanYear,
) -> HttpResponse:
    """The economic opgave; of a gemeente: of each of its areas, largest first."""
    release, language = current_release(), language_of(request)
    area = release.area(code)
    if niveau and area.level in ("wijk", "buurt"):
        raise WrongUse("api_level_of_one", code=code)
    if area.level != "gemeente" or niveau == "gemeente":
        found = [scan(release, code, jaar)]
        body = document.as_document(found[0], release, language)
    else:
        found = list(scan_all(release, code, niveau or "wijk", jaar))
        body = document.as_documents(found, release, language)
    if wanted(request, (JSON, CSV)) == CSV:
        return as_csv(request, document.as_table(found, language))
    return as_json(request, body)


@_get(
    "/gebieden/{code}/vergelijkbaar", "inzicht", dict[str, Any], "Vergelijkbare gebieden en waarom",
    operation_id="gebiedVergelijkbaar",
)  # fmt: skip
def gebied_vergelijkbaar(request: HttpRequest, code: PlaceCode, jaar: ScanYear) -> HttpResponse:
    """The nearest areas on context, with what is alike and what differs."""
    release = current_release()
    body = document.as_document(scan(release, code, jaar), release, language_of(request))
    keys = ("release", "fictional", "area", "year", "peers", "comparable")
    return one(request, {key: body[key] for key in keys})


@_get(
    "/gebieden/{code}/herkomst", "cijfers", TraceOut, "De cellen waaruit een cijfer bestaat",
    operation_id="gebiedHerkomst",
)  # fmt: skip
def gebied_herkomst(
    request: HttpRequest,
    code: AreaCode,
    indicator: Annotated[str, Query(max_length=60, description="Welk cijfer.")],
    jaar: Annotated[
        int, BeforeValidator(_four_digits), Query(ge=1995, le=2100, description="Jaar.")
    ],
) -> HttpResponse:
    """The cells of published tables from which a figure was made."""
    release = current_release()
    (known,) = _known([indicator])
    release.loaded(jaar)
    cells = release.trace(release.area(code).code, known, jaar)
    body = {
        "release": release.id,
        "area": code,
        "indicator": known,
        "year": jaar,
        "formula": registry().indicators[known].formula,
        "cells": [document.figure(cell) for cell in cells],
    }
    return one(request, body)


@_get("/herkomst", "cijfers", ReleaseOut, "De uitgave en haar bronnen", operation_id="herkomst")
def herkomst(request: HttpRequest) -> HttpResponse:
    """The release in use, its sources and what they hold."""
    release, language = current_release(), language_of(request)
    body = {
        **export.about(release),
        "years": list(release.years),
        "built_at": release.built_at.isoformat(timespec="seconds"),
        "sources": [export.origin_words(origin) for origin in release.origins],
        "notices": [notice.text(language) for notice in release.notices()],
        "coverage": release.coverage().to_dicts(),
    }
    return one(request, body)


@_get(
    "/spreiding", "inzicht", dict[str, Any], "Worden verschillen tussen gebieden kleiner?",
    operation_id="spreiding",
)  # fmt: skip
def spreiding(
    request: HttpRequest,
    indicator: Annotated[str, Query(max_length=60, description="Welk cijfer.")],
    niveau: Annotated[
        Literal["wijk", "buurt"], Query("wijk", description="Tussen wijken of buurten.")
    ],
    binnen: GemeenteCode,
) -> HttpResponse:
    """Differences between areas over the years (Theil) with their interval, the breaks after which
    the figure means something else, and the change since the last of them."""
    release = current_release()
    (known,) = _known([indicator])
    within = release.area(binnen).code if binnen else None
    found = spread(release, known, niveau, within)
    why = Notice("no_spread", {"indicator": known, "code": found.within, "level": niveau})
    reason = None if found.points else why.text(language_of(request))
    breaks = document.indicator_words(registry().indicators[known], language_of(request))["breaks"]
    moved = changed(release, found)
    change = {**asdict(moved), "ratio": _finite(asdict(moved.ratio))} if moved else None
    return one(request, {
        "release": release.id, **asdict(found), "reason": reason, "breaks": breaks,
        "change": change,
    })  # fmt: skip


def _finite(interval: dict[str, float]) -> dict[str, float | None]:
    """JSON has no infinity."""
    return {name: end if isfinite(end) else None for name, end in interval.items()}


def _known(indicators: Sequence[str]) -> tuple[str, ...]:
    """Indicators that exist; in the API an unknown one is 404, as an unknown area is."""
    for name in indicators:
        if name not in registry().indicators:
            shown = "".join(filter(str.isprintable, name))[:60].strip() or "–"
            raise Refusal("unknown_indicator", indicator=shown)
    return export.known_indicators(indicators)


def _inside(release: Release, level: str | None, within: str | None) -> tuple[Area, ...]:
    return release.areas(level, release.area(within).code if within else None)


def _level(
    release: Release, level: str, within: str | None, only: str | None
) -> list[dict[str, Any]]:
    inside = _inside(release, level, within)
    return [document.area_words(area) for area in inside if only in (None, area.code)]
