# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages: read the address, ask what computes, hand it to a template.

A Refusal rises from any of them and becomes a page in ``context``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.figures.areas import gemeente_of
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import wording
from wijkeconomie.planning.instruments import library
from wijkeconomie.web import look as looking
from wijkeconomie.web import maps, municipality, neighbourhood, quality
from wijkeconomie.web.api import described
from wijkeconomie.web.context import (
    MEANING,
    MOST_AREAS,
    Crumb,
    asked,
    country_crumb,
    crumbs,
    current_release,
    language,
    reads,
    typed,
)

FOUND_SHOWN = 20
TO_LEAVE_OUT = 20  # areas that were asked side by side: more are refused
SUGGESTED = 8


@reads("zoek")
def home(request: HttpRequest) -> HttpResponse:
    """What is this, and where is my neighbourhood?"""
    release, query = current_release(), typed(request, "zoek")
    if (exact := release.names.exact(query)) is not None and exact.level != "land":
        return redirect("area", exact.code)
    named, found = release.names.named(query), release.names.find(query, FOUND_SHOWN + 1)
    alike = [area for area in found[:FOUND_SHOWN] if area not in named]
    example = None if query else municipality.example(release, language())
    gemeenten = release.areas("gemeente") if len(release.areas("gemeente")) <= 40 else ()
    page = {
        "query": query, "named": named, "shown": named[:FOUND_SHOWN], "alike": alike,
        "more": len(found) > FOUND_SHOWN,
        "example": example, "gemeenten": gemeenten, "hint": _a_code(release),
    }  # fmt: skip
    return render(request, "home.html", page)


def _a_code(release: Release) -> str:
    """One that can be typed here: of a wijk, else of whatever there is."""
    found = (release.areas(level) for level in ("wijk", "buurt", "gemeente"))
    return next((areas[0].code for areas in found if areas), "")


@reads("zoek")
def suggest(request: HttpRequest) -> HttpResponse:
    """The list under the search field."""
    query = typed(request, "zoek")
    found = current_release().names.find(query, SUGGESTED)
    return render(request, "suggestions.html", {"query": query, "found": found})


@reads("indicator", "niveau", "jaar", "naast")
def area(request: HttpRequest, code: str) -> HttpResponse:
    """A gemeente, or a wijk or buurt; the country's page is the home page."""
    release, wanted = current_release(), asked(request)
    here = release.area(code)
    if here.level == "land":
        return redirect("home")
    if here.level == "gemeente":
        can = replace(wanted, year=wanted.year if wanted.year in release.years else None)
        page = municipality.municipality(release, here, can, language())
        shown = {"page": page, "crumbs": page.crumbs, "year": _no_year(wanted.year, can.year)}
        return render(request, "municipality.html", shown)
    known_year = wanted.year if wanted.year in release.years else None
    seen = neighbourhood.neighbourhood(release, here, language(), known_year)
    other = _no_year(wanted.year, known_year)
    return render(request, "neighbourhood.html",
                  {"page": seen, "crumbs": seen.crumbs, "year": other})  # fmt: skip


def _no_year(wanted: int | None, shown: int | None) -> str:
    """That there are no figures of the year that was asked for; "" where it is the one shown."""
    if wanted == shown:
        return ""
    said = _("No figures were loaded for {wanted}. This page shows the newest.")
    return said.format(wanted=wanted)


@reads("jaar")
def peers(request: HttpRequest, code: str) -> HttpResponse:
    """Are these really comparable?"""
    page = neighbourhood.alike(current_release(), code, asked(request).year)
    return render(request, "peers.html", {"page": page, "crumbs": page.crumbs})


def trace(request: HttpRequest, code: str, indicator: str, year: int) -> HttpResponse:
    """From a figure back to the cells under it."""
    release = current_release()
    page = quality.traced(release, code, indicator, year)
    steps = crumbs(release, page.area, Crumb(page.indicator.label[language()], request.path))
    return render(request, "trace.html", {"page": page, "crumbs": steps})


@reads("gebied", "erbij")
def compare(request: HttpRequest) -> HttpResponse:
    """Up to five areas on one scale."""
    release = current_release()
    codes = request.GET.getlist("gebied")
    if MOST_AREAS < len(set(codes)) <= TO_LEAVE_OUT:
        page = neighbourhood.too_many(release, codes, language())
        return render(request, "compare.html", {"page": page}, status=400)
    page = neighbourhood.compared(release, asked(request), typed(request, "erbij"), language())
    if page.address:
        return redirect(page.address)
    return render(request, "compare.html", {"page": page})


@reads("niveau")
def figures(request: HttpRequest) -> HttpResponse:
    """Can I trust it?"""
    release, level = current_release(), asked(request).level or "wijk"
    page = quality.overview(release, level, language(), settings.DATA)
    return render(request, "figures.html", {"page": page})


def indicator(request: HttpRequest, indicator: str) -> HttpResponse:
    """What one figure means, and where there is any."""
    release = current_release()
    page = quality.definition(release, indicator)
    steps = (
        country_crumb(release),
        Crumb(_("The figures"), reverse("figures")),
        Crumb(page.indicator.label[language()], request.path),
    )
    return render(request, "indicator.html", {"page": page, "crumbs": steps})


def instruments(request: HttpRequest) -> HttpResponse:
    """What can be done, for whom, what does it ask, and does it help?"""
    known = library()
    page = {"groups": known.by_perspective(), "evidence": known.evidence}
    return render(request, "instruments.html", page)


def about(request: HttpRequest) -> HttpResponse:
    """How it works, in plain words."""
    spoken = language()
    certain, likely = wording.number(100 * wording.CERTAIN, 1, spoken), f"{wording.LIKELY:.0%}"[:-1]
    words = {
        name: wording.explained("certainty", name, spoken)
        for name in ("certain", "likely", "unsure")
    }
    certain, likely = (wording.percent(shown, spoken) for shown in (certain, likely))
    reasons = [(wording.explained("reason", name, spoken), said) for name, said in MEANING.items()]
    page = {"words": words, "certain": certain, "likely": likely, "reasons": reasons}
    return render(request, "about.html", page)


def programs(request: HttpRequest) -> HttpResponse:
    """What a program can ask, with an address to try of each."""
    release, whole, spoken = current_release(), described(), language()
    tried = {"code": _a_code(release), "id": "population", "indicator": "population",
             "jaar": str(release.years[-1])}  # fmt: skip
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in whole["tags"]}
    for path, ways in whole["paths"].items():
        asks = ways["get"].get("parameters", [])
        needed = [(ask["name"], tried[ask["name"]]) for ask in asks
                  if ask["required"] and ask["in"] == "query"]  # fmt: skip
        address = whole["servers"][0]["url"] + path
        groups[ways["get"]["tags"][0]].append({
            "address": address,
            "says": ways["get"]["summary" if spoken == "nl" else "description"],
            "asks": [ask["name"] for ask in asks if ask["in"] == "query"],
            "example": address.format(**tried) + (f"?{urlencode(needed)}" if needed else ""),
        })  # fmt: skip
    return render(request, "programs.html", {"groups": groups.items()})


def accessibility(request: HttpRequest) -> HttpResponse:
    """For whom it works, and for whom not yet."""
    return render(request, "accessibility.html")


@reads("gebied", "indicator", "niveau", "jaar", "naast")
def values(request: HttpRequest, release: str) -> JsonResponse:
    """The figures that the interactive map joins to its tiles."""
    wanted, opened = asked(request), _exactly(release)
    gemeente = opened.area(gemeente_of(wanted.areas[0]) if wanted.areas else "")
    seen = looking.look(opened, gemeente, wanted)
    shapes = maps.shapes(opened.outlines(seen.level, gemeente.code))
    return JsonResponse(looking.values(seen, shapes, language()))


def tile(_request: HttpRequest, release: str, level: str, z: int, x: int, y: int) -> HttpResponse:
    """One vector tile; its address names the release, so browsers may keep it."""
    data = maps.tile(_exactly(release), z, x, y, level)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(data, content_type="application/vnd.mapbox-vector-tile", headers=headers)


def _exactly(release: str) -> Release:
    """The release in use, if it is the one that the address names."""
    opened = current_release()
    if opened.id != release:
        raise Http404
    return opened
