# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How templates say a figure, a perspective, a kind of finding, a direction and an address.

What findings and figures are called comes from the registry and from ``insight.wording``, so pages,
reports and the command line use the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Protocol

from django import template
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import Indicator, Text, registry
from wijkeconomie.figures.release import Cell
from wijkeconomie.figures.snapshot import Origin
from wijkeconomie.insight import wording
from wijkeconomie.insight.results import Finding, Kind, Scan
from wijkeconomie.web import charts, look
from wijkeconomie.web.context import (
    DIRECTION,
    FORMULA,
    NO_DIRECTION,
    ROLE,
    SUM,
    TABLE,
    language,
    long_date,
    share,
    since_break,
    tight,
    version,
    why,
    years_in_words,
)
from wijkeconomie.web.neighbourhood import Line
from wijkeconomie.web.quality import Traced

_WHOLE = re.compile(r"(['’][st][- ][^\s/]+|\b[Ww]ijk \d+)")
_ENDS = re.compile(r"(?<=[/_])(?=.)")
register = template.Library()


class Drawn(Protocol):
    """What has a picture of its own."""

    @property
    def drawing(self) -> str: ...


for words in (long_date, share, tight, version, why, years_in_words):
    register.filter(words.__name__, words)


@register.filter
def label(indicator: str | Indicator) -> str:
    """The indicator's name in the language of the page."""
    return _entry(indicator).label[language()]


@register.filter
def broken(name: str) -> SafeString:
    """A name that may break after a slash or an underscore, where a browser breaks none; and that
    breaks neither inside ``'s-Gravenhage`` nor between ``Wijk`` and its number."""
    pieces = enumerate(_WHOLE.split(name))
    return format_html_join(
        "", "{}", ((_unbroken(piece) if n % 2 else _breaking(piece),) for n, piece in pieces)
    )


def _unbroken(piece: str) -> SafeString:
    return format_html('<span class="unbroken">{}</span>', piece)


def _breaking(piece: str) -> SafeString:
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in _ENDS.split(piece)))


@register.filter
def named(finding: Finding) -> str:
    """What the finding is about, with its year where that is not the scan's."""
    return wording.named(finding, language())


@register.filter
def explain(indicator: str | Indicator) -> str:
    """What the indicator means, and why it is not compared."""
    entry, spoken = _entry(indicator), language()
    why = f" {entry.unaveraged[spoken]}" if entry.unaveraged else ""
    return entry.description[spoken] + why


@register.filter
def in_language(text: Text) -> str:
    """A text of the registry in the language of the page."""
    return text[language()]


@register.filter
def quantity(value: float | None, indicator: str | Indicator) -> str:
    """Number and unit, or a dash: the reason for a missing figure stands beside it."""
    return "–" if value is None else tight(wording.quantity(value, _entry(indicator), language()))


@register.filter
def measured(value: float, indicator: str | Indicator) -> str:
    """A figure that stands alone, with what it counts."""
    entry = _entry(indicator)
    said = wording.measured(value, entry, language())
    bare = entry.is_count or entry.unit == "per_km2"
    return tight(f"{said} {unit(entry.unit)}" if bare else said)


@register.filter
def listed(value: float, seen: look.Look | Line) -> str:
    """A figure that stands in a list or a row, in as many decimals as the others there."""
    together = {"beside": seen.most, "margin": (value,)}
    return tight(wording.quantity(value, seen.indicator, language(), **together))


@register.filter
def stated(finding: Finding) -> str:
    """The figure of a finding with its unit, where its name does not say that."""
    entry = registry().indicators[finding.indicator]
    return tight(wording.alone(finding.value, entry, language(), beside=finding.printed))


@register.filter
def own(finding: Finding, most: tuple[float, ...] = ()) -> str:
    """The figure of a finding, as it is printed beside what it is compared with; in a list in the
    decimals of the row that needs *most*."""
    return _beside(finding, finding.value, most)


@register.filter
def theirs(finding: Finding, most: tuple[float, ...] = ()) -> str:
    """The middle of comparable areas beside it, or a dash."""
    return "–" if finding.peers is None else _beside(finding, finding.peers.reference, most)


def _beside(finding: Finding, value: float, most: tuple[float, ...]) -> str:
    together = most or finding.printed
    entry = registry().indicators[finding.indicator]
    return tight(wording.quantity(value, entry, language(), beside=together, margin=(value,)))


@register.filter
def likely(finding: Finding) -> str:
    """How sure it is what the kind of a finding says, and of what."""
    return tight(wording.likely(finding, language()))


@register.filter
def margin(finding: Finding, most: tuple[float, ...] = ()) -> str:
    """``6,9 % tot 8,3 %``: between what the figure lies with a chance of ninety in a hundred."""
    entry, ends = registry().indicators[finding.indicator], finding.interval
    written, together = look.fmt(entry, language()), most or finding.printed
    return tight(charts.margin(ends.low, ends.high, written, language(), together))


@register.filter
def number(value: float, decimals: int = 0) -> str:
    """A number as the language writes it."""
    return wording.number(value, decimals, language())


@register.filter
def as_given(cell: Cell) -> str:
    """The number of a cell with as many decimals as the source gave, also where the last is 0."""
    step = registry().columns[cell.column].rounding
    decimals = max(_decimals(cell.value or 0.0), _decimals(step))
    return wording.number(cell.value or 0.0, decimals, language())


@register.filter
def unit_of(cell: Cell) -> str:
    """What the number of a cell counts; sources give money in thousands."""
    name = registry().columns[cell.column].unit
    return _("× 1,000 euro") if name == "eur_1000" else wording.unit(name, language())


@register.filter
def sum_of(page: Traced) -> str:
    """``745 ÷ 8.655 × 1.000``: how the cells give the figure, or "" where that is no sum."""
    if not page.terms or page.indicator.formula not in SUM:
        return ""
    terms = {name: as_given(cell) for name, cell in page.terms.items()}
    return SUM[page.indicator.formula].format(thousand=number(1000), **terms)


@register.filter
def share_of(cell: Cell) -> str:
    """``84,0 %``: of the addresses of an old area; "" where the boundary is the same."""
    return "" if cell.share is None else wording.percent(number(100 * cell.share, 1), language())


def _decimals(value: float) -> int:
    return len(f"{value:.10f}".rstrip("0").partition(".")[2])


@register.filter
def perspective(name: str) -> str:
    """A perspective's name."""
    return wording.perspective(name, language())


@register.filter
def level(name: str) -> str:
    """A level's name."""
    return wording.level(name, language())


@register.filter
def levels(name: str) -> str:
    """The plural of a level."""
    return wording.level(name, language(), many=True)


@register.filter
def redrawn(scan: Scan) -> str:
    """That its peers are areas on the boundaries of another year."""
    found = scan.peers.redrawn
    return wording.redrawn_sentence(found, scan.area, language()) if found else ""


@register.filter
def quality(scan: Scan) -> str:
    """How good its comparison is, or "" without one."""
    known = scan.peers.good and scan.peers.percentile is not None
    return wording.quality(scan.peers, language()) if known else ""


@register.filter
def with_unit(indicator: Indicator) -> str:
    """The indicator's name with its unit, over a picture."""
    return look.with_unit(indicator, language())


@register.filter
def status(value: Status | None) -> str:
    """Why a figure is or is not there; None: nobody loaded a table that has it."""
    return wording.reason(value, language())


@register.filter
def unit(name: str) -> str:
    """A unit, for a heading."""
    return wording.unit(name, language())


@register.filter
def formula(name: str) -> Any:
    """The formula's name in a sentence."""
    return FORMULA[name]


@register.filter
def role(parameter: str) -> Any:
    """What a column is in the formula, or ""."""
    return ROLE.get(parameter, "")


@register.filter
def role_in(cell: Cell, indicator: Indicator) -> Any:
    """What a cell is in the formula of a figure, or ""."""
    return next(
        (ROLE.get(name, "") for name, c in indicator.inputs.items() if c == cell.column), ""
    )


@register.filter
def publisher(origin: Origin) -> str:
    """Who published a table, or that it is an own one."""
    return origin.publisher_in(language())


@register.filter
def licence(origin: Origin) -> str:
    """Under which licence a table is, or that nobody said."""
    return origin.licence_in(language())


@register.filter
def safe_link(url: str) -> bool:
    """Only addresses of the web become links: a source may name a file."""
    return url.startswith(("https://", "http://"))


@register.simple_tag(takes_context=True)
def release_line(context: Context) -> str:
    """Which figures these are.  When the example was built says nothing about it: it is the same
    on every day."""
    release = context["site"].release
    said = (
        _("Figures: release {id} (the example), in the boundaries of {year}.")
        if release.fictional
        else _("Figures: release {id}, built on {date}, in the boundaries of {year}.")
    )
    return said.format(id=release.id, year=release.boundary_year, date=long_date(release.built_at))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing that only repeats what words beside it say."""
    sheet = static("wijkeconomie/icons.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sheet, name
    )


@register.simple_tag
def badge(name: str) -> SafeString:
    """The mark of a perspective: colour, icon and name together."""
    words = wording.perspective(name, language())
    return format_html('<span class="badge p-{}">{}{}</span>', name, icon(name), words)


@register.simple_tag
def kind(of: Kind | Finding, alone: str = "") -> SafeString:
    """The kind of a finding as a tag; ``alone``: with which reference only, or of no clear
    difference of what sort."""
    if isinstance(of, Finding):
        name, words = of.kind, wording.badge(of, language())
    else:
        name = of
        key = alone if of == "level" else f"{of}_{alone}"
        words = (
            wording.explained("badge", key, language()) if alone else wording.kind(of, language())
        )
    return format_html('<span class="kind kind-{}">{}</span>', name, words)


@register.simple_tag
def direction(finding: Finding) -> SafeString:
    """Direction relative to the peers, in words with an arrow; or why it is not known."""
    trend = finding.trend
    said, arrow = DIRECTION[trend.direction]
    words = str(said)
    if trend.direction == "unknown" and trend.reason in NO_DIRECTION:
        words = since_break(finding) or str(NO_DIRECTION[trend.reason])
    return format_html('<span class="dir dir-{}">{}{}</span>', trend.direction, icon(arrow), words)


@register.simple_tag
def legend(kind: str, of: str | Iterable[Drawn] = "") -> SafeString:
    """How to read the pictures of a kind, once a page; *of* pictures, or of what holds one each,
    only what can be seen in them."""
    drawn = of if isinstance(of, str) else "".join(one.drawing for one in of)
    return mark_safe(charts.legend(language(), kind, drawn))  # noqa: S308 -- our own drawing


@register.filter
def below_left(points: Iterable[charts.Point]) -> str:
    """Of what lies below left in a quadrant whether any is ``sure``, all are ``unsure``, or ""
    where nothing lies there."""
    sure = [point.sure for point in points if point.level < 0 and point.trend < 0]
    return "" if not sure else "sure" if any(sure) else "unsure"


@register.simple_tag
def place(area: Area) -> str:
    """``wijk in Voorbeeldstad``."""
    words = wording.level(area.level, language())
    return f"{words} in {area.gemeente}" if area.level in ("wijk", "buurt") else words


@register.simple_tag
def to(name: str, *args: Any, **query: Any) -> str:
    """Address with a query: None and "" left out, lists repeated."""
    given = {key: value for key, value in query.items() if value not in (None, "")}
    return reverse(name, args=args) + ("?" + urlencode(given, doseq=True) if given else "")


@register.inclusion_tag("components/downloads.html")
def downloads(kind: str, rows: int, picture: str = "", **query: Any) -> dict[str, Any]:
    """Links to a table of so many *rows* as CSV, XLSX and JSON, and to its picture as SVG."""
    links = [
        (name.upper(), to("download", kind, name, **query)) for name in ("csv", "xlsx", "json")
    ]
    if picture:
        links.append(("SVG", to("picture", picture, **query)))
    return {"name": TABLE[kind], "links": links, "rows": rows}


def _entry(indicator: str | Indicator) -> Indicator:
    return registry().indicators[indicator] if isinstance(indicator, str) else indicator
