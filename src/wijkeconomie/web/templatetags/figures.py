# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How templates say a figure, a perspective, a kind of finding and a direction."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import Indicator, registry
from wijkeconomie.insight import wording
from wijkeconomie.web.context import language

register = template.Library()

PERSPECTIVE = {
    "entrepreneurship": gettext_lazy("Entrepreneurship"),
    "space": gettext_lazy("Space for work"),
    "work": gettext_lazy("Work"),
    "cohesion": gettext_lazy("Cohesion"),
    "context": gettext_lazy("Background"),
}
KIND = {
    "own": gettext_lazy("Own opgave"),
    "shared": gettext_lazy("Shared opgave"),
    "early_sign": gettext_lazy("Early sign"),
    "strength": gettext_lazy("Strength"),
    "level": gettext_lazy("No clear difference"),
}
DIRECTION = {
    "improving": (gettext_lazy("Getting better than in comparable areas"), "up"),
    "steady": (gettext_lazy("Changes as fast as in comparable areas"), "steady"),
    "worsening": (gettext_lazy("Getting worse than in comparable areas"), "down"),
    "unknown": (gettext_lazy("Direction not known"), "unknown"),
}
LEVEL = {
    "land": gettext_lazy("country"),
    "gemeente": gettext_lazy("municipality"),
    "wijk": gettext_lazy("wijk"),
    "buurt": gettext_lazy("buurt"),
}
LEVELS = {
    "gemeente": gettext_lazy("municipalities"),
    "wijk": gettext_lazy("wijken"),
    "buurt": gettext_lazy("buurten"),
}
STATUS = {
    Status.OK: pgettext_lazy("status", "known"),
    Status.MOVED: pgettext_lazy("status", "recalculated for changed boundaries"),
    Status.SECRET: pgettext_lazy("status", "secret or too unsure"),
    Status.LATE: pgettext_lazy("status", "not yet published"),
    Status.ENDED: pgettext_lazy("status", "no longer published"),
    Status.IMPOSSIBLE: pgettext_lazy("status", "cannot occur here"),
    Status.UNKNOWN: pgettext_lazy("status", "unknown, no reason given"),
    Status.TOO_FEW: pgettext_lazy("status", "too few people or firms to say"),
    Status.BOUNDARY: pgettext_lazy("status", "cannot be recalculated for changed boundaries"),
}
COUNTED = {
    "population": gettext_lazy("people"),
    "population_15_64": gettext_lazy("people aged 15 to 64"),
    "households": gettext_lazy("households"),
    "dwellings": gettext_lazy("homes"),
    "establishments": gettext_lazy("firms"),
}


@register.filter
def label(indicator: str | Indicator) -> str:
    """The indicator's name in the language of the page."""
    return _entry(indicator).label[language()]


@register.filter
def explain(indicator: str | Indicator) -> str:
    return _entry(indicator).description[language()]


@register.filter
def quantity(value: float | None, indicator: str | Indicator) -> str:
    """Number and unit, or a dash: the reason for a missing figure stands beside it."""
    return "–" if value is None else wording.quantity(value, _entry(indicator), language())


@register.filter
def number(value: float, decimals: int = 0) -> str:
    return wording.number(value, decimals, language())


@register.filter
def share(value: float) -> str:
    """A fraction as a whole percentage."""
    return wording.number(100 * value, 0, language()) + (" %" if language() == "nl" else "%")


@register.filter
def long_date(moment: Any) -> str:
    """24 november 2026: dates in words."""
    return f"{moment.day} {MONTHS[moment.month]} {moment.year}"


@register.filter
def perspective(name: str) -> Any:
    return PERSPECTIVE[name]


@register.filter
def level(name: str) -> Any:
    return LEVEL[name]


@register.filter
def levels(name: str) -> Any:
    return LEVELS[name]


@register.filter
def status(value: int) -> Any:
    return STATUS[Status(value)]


@register.filter
def counted(name: str) -> Any:
    return COUNTED.get(name, name)


@register.simple_tag
def icon(name: str) -> SafeString:
    sheet = static("wijkeconomie/icons.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sheet, name
    )


@register.simple_tag
def badge(name: str) -> SafeString:
    """The mark of a perspective: colour, icon and name together."""
    return format_html('<span class="badge p-{}">{}{}</span>', name, icon(name), PERSPECTIVE[name])


@register.simple_tag
def kind(name: str) -> SafeString:
    return format_html('<span class="kind kind-{}">{}</span>', name, KIND[name])


@register.simple_tag
def direction(name: str) -> SafeString:
    """Direction relative to the peers, in words with an arrow."""
    words, arrow = DIRECTION[name]
    return format_html('<span class="dir dir-{}">{}{}</span>', name, icon(arrow), words)


@register.simple_tag
def to(name: str, *args: Any, **query: Any) -> str:
    """Address with a query; None and "" are left out, lists repeat: {% to "compare" gebied=codes %}."""
    given = {key: value for key, value in query.items() if value not in (None, "")}
    return reverse(name, args=args) + ("?" + urlencode(given, doseq=True) if given else "")


@register.inclusion_tag("components/downloads.html")
def downloads(kind: str, picture: str = "", **query: Any) -> dict[str, Any]:
    """Links to a table as CSV, XLSX and JSON, and to its picture as SVG."""
    tables = [
        (format_.upper(), to("download", kind, format_, **query))
        for format_ in ("csv", "xlsx", "json")
    ]
    if picture:
        tables.append(("SVG", to("picture", picture, **query)))
    return {"links": tables}


def _entry(indicator: str | Indicator) -> Indicator:
    return registry().indicators[indicator] if isinstance(indicator, str) else indicator
