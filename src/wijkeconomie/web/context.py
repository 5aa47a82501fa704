# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every page knows: the open release, the language, where we are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.translation import gettext as _

from wijkeconomie.figures import areas
from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.refusal import Language, Refusal
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
