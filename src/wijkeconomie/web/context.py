# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every page knows: the open release, the language, where we are, what was asked, and words.

A Refusal that a view lets rise becomes a page that says what, where and what now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wijkeconomie.figures import areas
from wijkeconomie.figures.areas import Area, is_code
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language, Refusal, WrongUse
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Release, open_release


def current_release() -> Release:
    """The release in use; a newly published one is seen at the next request.

    Raises Refusal("no_release") when no figures were loaded.
    """
    return open_release(settings.DATA)


def language() -> Language:
    """The language of this request's address."""
    return "en" if translation.get_language() == "en" else "nl"


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step on the way to a page."""

    name: str
    url: str


def crumbs(release: Release, area: Area, *more: Crumb) -> tuple[Crumb, ...]:
    """From the country (the home page) to *area*, and further if the page lies deeper."""
    chain = [area]
    while chain[0].level not in ("gemeente", "land"):
        chain.insert(0, release.area(areas.parent(chain[0].code)))
    steps = (Crumb(step.name, reverse("area", args=[step.code])) for step in chain)
    return (country_crumb(release), *steps, *more)


def country_crumb(release: Release) -> Crumb:
    """The country's page is the home page."""
    land = release.areas("land")
    return Crumb(land[0].name if land else _("Nederland"), reverse("home"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The frame around a page; ``release`` is None when no figures were loaded."""

    release: Release | None
    language: Language
    other_url: str
    section: str
    version: str


@cache
def _version() -> str:
    return version("wijkeconomie")


def site(request: HttpRequest) -> dict[str, Site]:
    """Context processor."""
    try:
        release = current_release()
    except Refusal:
        release = None
    other = "nl" if language() == "en" else "en"
    match = request.resolver_match
    frame = Site(
        release=release,
        language=language(),
        other_url=translate_url(request.get_full_path(), other),
        section=(match.url_name or "") if match else "",
        version=_version(),
    )
    return {"site": frame}


LEVELS = ("gemeente", "wijk", "buurt")
MOST_AREAS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``areas`` in the order given, each once; "" and None are left to the page to choose."""

    areas: tuple[str, ...]
    indicator: str
    level: str
    year: int | None


def asked(query: QueryDict) -> Asked:
    """Read gebied, indicator, niveau and jaar; raises WrongUse or Refusal for what is not one."""
    return Asked(
        areas=_areas(query.getlist("gebied")),
        indicator=_indicator(query.get("indicator", "")),
        level=_level(query.get("niveau", "")),
        year=_year(query.get("jaar", "")),
    )


def _areas(given: list[str]) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code.strip().upper() for code in given if code.strip()))
    for code in codes:
        if not is_code(code):
            raise WrongUse("invalid_code", code=code[:20])
    if len(codes) > MOST_AREAS:
        raise WrongUse("too_many_areas", given=len(codes), most=MOST_AREAS)
    return codes


def _indicator(given: str) -> str:
    if given and given not in registry().indicators:
        raise Refusal("unknown_indicator", indicator=given[:60])
    return given


def _level(given: str) -> str:
    if given and given not in LEVELS:
        raise WrongUse("invalid_level", level=given[:20])
    return given


def _year(given: str) -> int | None:
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) == 4):
        raise WrongUse("invalid_year", year=given[:20])
    return int(given)


DIRECTION = {
    "improving": (gettext_lazy("gains on comparable areas"), "up"),
    "steady": (gettext_lazy("keeps pace with comparable areas"), "steady"),
    "worsening": (gettext_lazy("loses ground on comparable areas"), "down"),
    "unknown": (gettext_lazy("not known"), "unknown"),
}
STATUS = {
    Status.OK: pgettext_lazy("status", "published"),
    Status.MOVED: pgettext_lazy("status", "recalculated for present boundaries"),
    Status.SECRET: pgettext_lazy("status", "secret or too uncertain"),
    Status.LATE: pgettext_lazy("status", "not yet published"),
    Status.ENDED: pgettext_lazy("status", "no longer published"),
    Status.IMPOSSIBLE: pgettext_lazy("status", "cannot occur here"),
    Status.UNKNOWN: pgettext_lazy("status", "unknown, no reason given"),
    Status.TOO_FEW: pgettext_lazy("status", "too few people, homes or firms"),
    Status.BOUNDARY: pgettext_lazy("status", "cannot be recalculated for present boundaries"),
}
FORMULA = {
    "published": gettext_lazy("As the source publishes it."),
    "share": gettext_lazy("The part divided by the whole, times 100."),
    "per_1000": gettext_lazy("The part divided by the whole, times 1,000."),
    "total_of_two": gettext_lazy("Two counts added up."),
    "total_of_three": gettext_lazy("Three counts added up."),
    "share_of_two": gettext_lazy("The part divided by two counts together, times 100."),
    "share_of_three": gettext_lazy("The part divided by three counts together, times 100."),
    "per_1000_of_three": gettext_lazy("The part divided by three counts together, times 1,000."),
    "ratio": gettext_lazy("The part divided by the whole."),
    "density": gettext_lazy("The number divided by the land area in square kilometres."),
    "remainder": gettext_lazy("100 minus the published percentage."),
    "sector_diversity": gettext_lazy(
        "How evenly firms are spread over seven kinds of trade: 0 when all are of one kind, "
        "100 when all kinds have as many (Shannon’s entropy)."
    ),
}


_HTTP = {"no_release": 503, "release_damaged": 503}


def http_status(error: Refusal) -> int:
    """404 for what is not here, 400 for what cannot be, 503 as long as there are no figures."""
    return _HTTP.get(error.notice.code, 400 if isinstance(error, WrongUse) else 404)


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
        status = http_status(error)
        template = "first_step.html" if error.notice.code == "no_release" else "error.html"
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
