# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one way to draw a figure, alone or in a ranking; the words of charts; how to read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.registry import PERSPECTIVES
from wijkeconomie.insight import wording
from wijkeconomie.web.drawing import (
    Frame,
    extent,
    hatching,
    link,
    path,
    picture,
    reason,
    shorten,
    tag,
    text,
    text_width,
    written,
)


class Fmt(Protocol):
    """Writes a number with its unit; with numbers *beside* it in as many decimals as those need to
    be told apart, an end of a *margin* in as many as they have (``wording.quantity``)."""

    def __call__(self, value: float, *beside: float, margin: Sequence[float] = ()) -> str: ...


_CORNERS: dict[str, tuple[tuple[float, float], ...]] = {  # of a shape with radius one
    "space": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "work": ((0, -1.25), (1.2, 0.95), (-1.2, 0.95)),
    "cohesion": ((0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)),
}
WORDS = {
    "nl": {
        "value": "waarde", "interval": "90 %-interval", "peers": "vergelijkbare gebieden",
        "peers_short": "vergelijkbaar", "peers_median": "midden van vergelijkbare gebieden",
        "value_interval": "waarde met 90 %-interval",
        "newest_interval": "90 %-interval van het nieuwste cijfer",
        "peers_spread": "vergelijkbare gebieden: het midden en de middelste helft",
        "country": "het land",
        "peers_year": "vergelijkbare gebieden in een jaar dat los staat",
        "country_year": "het land in een jaar dat los staat",
        "unknown": "onbekend", "to": "tot", "break": "andere definitie", "none": "geen cijfers",
        "behind": "achter", "ahead": "voor", "highest": "hoogste", "lowest": "laagste",
        "b3": "veel slechter", "b2": "slechter", "b1": "iets slechter", "m0": "ongeveer gelijk",
        "a1": "iets beter", "a2": "beter", "a3": "veel beter",
        "at_most": "tot en met", "at_least": "{figure} of meer",
        "through": "tot en met", "every": "alle bekende cijfers",
        "gap_measure": "verschil tussen hoog en laag, in procentpunten",
        "theil_measure": "ongelijkheid (Theil-index): 0 is overal gelijk",
        "spread_interval": "verschil tussen gebieden; grijs: 90 %-interval",
        "cut": "de as begint niet bij nul", "starts": "de as begint bij",
        "now_worse": "nu slechter", "now_better": "nu beter",
        "gets_better": "wordt beter dan daar", "gets_worse": "wordt slechter dan daar",
        "open": "geen duidelijk verschil, of geen duidelijke richting",
    },
    "en": {
        "value": "value", "interval": "90% interval", "peers": "comparable areas",
        "peers_short": "comparable", "peers_median": "middle of comparable areas",
        "value_interval": "value with 90% interval",
        "newest_interval": "90% interval of the newest figure",
        "peers_spread": "comparable areas: the middle and the middle half",
        "country": "the country",
        "peers_year": "comparable areas in a year that stands alone",
        "country_year": "the country in a year that stands alone",
        "unknown": "unknown", "to": "to", "break": "definition changed", "none": "no figures",
        "behind": "behind", "ahead": "ahead", "highest": "highest", "lowest": "lowest",
        "b3": "far worse", "b2": "worse", "b1": "a little worse", "m0": "about level",
        "a1": "a little better", "a2": "better", "a3": "far better",
        "at_most": "up to", "at_least": "{figure} or more", "through": "to",
        "every": "all known figures",
        "gap_measure": "difference between high and low, in percentage points",
        "theil_measure": "inequality (Theil index): 0 is equal everywhere",
        "spread_interval": "difference between areas; grey: 90% interval",
        "cut": "the axis does not begin at zero", "starts": "the axis begins at",
        "now_worse": "worse now", "now_better": "better now",
        "gets_better": "gaining on peers", "gets_worse": "losing ground",
        "open": "no clear difference, or no clear direction",
    },
}  # fmt: skip
OPEN = "dot open"  # a mark of which the place says more than we are sure of
TIE = "axis tie"  # from a published figure to the interval that lies apart from it
NARROW = (
    230.0  # the least width (px) of a fluid picture (one of four cards): labels must not collide
)
BROAD = 416.0  # from this width on (26rem in charts.css) it is no narrow one
LETTERS = 14.0  # px, in fluid pictures
_ROW = 44.0
_LONGEST_SIGN = 3  # letters of a unit that is written as a sign: km, kWh


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One figure of one area as it is drawn; ``value`` None is unknown, with ``status`` saying why.

    ``low`` and ``high`` bound the interval; ``spread`` is the middle of the peers (quartiles).
    """

    label: str
    value: float | None
    status: Status | None = Status.OK
    low: float | None = None
    high: float | None = None
    peers: float | None = None
    spread: tuple[float, float] | None = None
    country: float | None = None
    perspective: str = "context"
    href: str = ""
    current: bool = False

    @property
    def beside(self) -> tuple[float, ...]:
        """The numbers that are printed together."""
        return tuple(v for v in (self.value, self.peers, self.country) if v is not None)


def margin(
    low: float, high: float, fmt: Fmt, language: str, beside: Sequence[float] = (), to: str = "to"
) -> str:
    """``6,9 % tot 8,3 %``, in the decimals of the figures *beside* it; two ends that print alike in
    any case are said once, and a unit that is a word too: ``−0,8 tot +0,8 procentpunt``.  ``to``:
    the word between."""
    first, last = (fmt(end, *beside, margin=(low, high)) for end in (low, high))
    if first == last:
        return last
    unit = last.partition(" ")[2]
    if unit.replace(" ", "").isalpha() and len(unit) > _LONGEST_SIGN:
        first = first.removesuffix(f" {unit}")
    return f"{first} {WORDS[language][to]} {last}"


def domain(marks: Iterable[Mark]) -> tuple[float, float]:
    """One scale for several figures, so that they may be compared by eye."""
    return extent(
        v
        for m in marks
        for v in (m.value, m.low, m.high, m.peers, m.country, *(m.spread or ()))
    )  # fmt: skip


def describe(mark: Mark, fmt: Fmt, language: str) -> str:
    """What the drawing shows, in words: ``Havenoord: 7,6 % (90 %-interval 6,9 % tot 8,3 %); …``."""
    words = WORDS[language]
    if mark.value is None:
        said = [f"{mark.label}: {words['unknown']}, {reason(mark.status, language)}"]
    elif mark.low is None or mark.high is None:
        said = [f"{mark.label}: {fmt(mark.value, *mark.beside)}"]
    else:
        between = f"{words['interval']} {margin(mark.low, mark.high, fmt, language, mark.beside)}"
        said = [f"{mark.label}: {fmt(mark.value, *mark.beside)} ({between})"]
    for name in ("peers", "country"):
        value = getattr(mark, name)
        if value is not None:
            said.append(f"{words[name]} {fmt(value, *mark.beside)}")
    return "; ".join(said)


def told(
    years: Sequence[int],
    values: Sequence[float | None],
    statuses: Sequence[Status | None],
    interval: tuple[float, float] | None,
    fmt: Fmt,
    language: str,
) -> str:
    """What a chart over the years shows in words; the *interval* is that of the newest figure."""
    known = newest_at(values)
    ends = {known: interval} if interval else {}
    return "; ".join(
        f"{year}: {fmt(value)}{_between(ends.get(n), value, fmt, language)}"
        if value is not None
        else f"{year}: {reason(status, language)}"
        for n, (year, value, status) in enumerate(zip(years, values, statuses, strict=True))
    )


def _between(ends: tuple[float, float] | None, value: float, fmt: Fmt, language: str) -> str:
    if ends is None:
        return ""
    return f" ({WORDS[language]['interval']} {margin(*ends, fmt, language, (value,))})"


def newest_at(values: Sequence[float | None]) -> int:
    """Where the newest figure stands; -1 without any."""
    return max((n for n, value in enumerate(values) if value is not None), default=-1)


def band(kind: str, x: str, width: str, middle: float, height: float) -> str:
    """A bar across, around the height *middle*."""
    return tag(
        "rect", x=x, width=width, y=middle - height / 2, height=height, rx=2, class_=kind
    )  # fmt: skip


def shape(
    perspective: str, x: float, y: float, label: str = "", *, kind: str = "dot", size: float = 6.5
) -> str:
    """Circle, square, triangle, diamond: a perspective is never told by colour alone."""
    corners = _CORNERS.get(perspective)
    if corners is None:
        drawn = tag("circle", cx=x, cy=y, r=size, class_=kind)
    else:
        around = [(x + size * 0.9 * dx, y + size * 0.9 * dy) for dx, dy in corners]
        drawn = tag("path", d=path(around, closed=True), class_=kind)
    name = tag("title", written(label)) if label else ""
    return tag("g", name, drawn, class_=f"p-{perspective}")


# --- how to read them ---


_CLASSES = re.compile(r'class="([^"]*)"')
_EVERYWHERE = {"dot", "line", "axis", "hatch", "p-context"}  # classes that tell no mark from others


def key(kind: str, language: str, prefix: str, drawn: str = "") -> tuple[tuple[str, str], ...]:
    """Each mark (32 by 20) of a kind of chart with its words: ``figure``, ``ranking``, ``series``,
    ``spread``, ``quadrant``; of pictures *drawn* only what is in one of them."""
    marks = {
        "figure": _key_figure,
        "ranking": _key_ranking,
        "series": _key_series,
        "spread": _key_spread,
        "quadrant": _key_quadrant,
    }[kind](f"{prefix}-k")
    if drawn:
        marks = _shown(marks, drawn)
    return tuple((mark, _named(name, language)) for name, mark in marks)


def _shown(marks: list[tuple[str, str]], drawn: str) -> list[tuple[str, str]]:
    """Of marks by name those that are drawn; a shape that is open everywhere is so here too."""
    there = _classes(drawn)
    there |= {"unknown"} if "gap" in there else set()
    kept = [(n, m) for n, m in marks if not (own := _classes(m) - _EVERYWHERE) or own & there]
    if "bar" not in there and marks[0][0] == "value_interval":
        kept.insert(0, ("value", tag("circle", cx=16, cy=10, r=6.5, class_="dot")))
    if 'class="dot"' in drawn:
        return kept
    return [(n, m.replace('class="dot"', f'class="{OPEN}"')) for n, m in kept]


def _classes(markup: str) -> set[str]:
    return {name for found in set(_CLASSES.findall(markup)) for name in found.split()}


def _named(name: str, language: str) -> str:
    """A mark in words; a perspective is called as everywhere."""
    if name in PERSPECTIVES:
        return wording.perspective(name, "en" if language == "en" else "nl")
    return WORDS[language][name]


def legend(language: str, kind: str = "figure", drawn: str = "") -> str:
    """The key of a kind of chart as an HTML list, once a page; of pictures *drawn* only what is in
    one of them."""
    items = (_item(mark, words) for mark, words in key(kind, language, f"legend-{kind}", drawn))
    return tag("ul", *items, class_="legend")


def _key_figure(prefix: str) -> list[tuple[str, str]]:
    dot = tag("circle", cx=16, cy=10, r=6.5, class_="dot")
    return [
        ("value_interval", _bar("bar") + dot),
        ("peers_spread", _bar("spread") + _upright("peer")),
        ("country", tag("circle", cx=16, cy=10, r=4.5, class_="land")),
        ("unknown", _sample(prefix)),
    ]


def _key_ranking(prefix: str) -> list[tuple[str, str]]:
    """As of one figure, but of the comparable areas only the middle is drawn."""
    middle = ("peers_median", _upright("peer"))
    return [
        middle if name == "peers_spread" else (name, mark) for name, mark in _key_figure(prefix)
    ]


def _key_series(prefix: str) -> list[tuple[str, str]]:
    return [
        ("value", _across("line") + tag("circle", cx=16, cy=10, r=4, class_="dot")),
        ("newest_interval", _newest()),
        ("peers_median", _across("peer-line")),
        ("country", _across("land-line")),
        ("peers_year", tag("line", x1=10, x2=22, y1=10, y2=10, class_="peer")),
        ("country_year", tag("circle", cx=16, cy=10, r=4, class_="land")),
        ("unknown", _sample(prefix)),
        ("break", _upright("break")),
        ("cut", cut(10, 16)),
    ]


def _newest() -> str:
    bar = tag("rect", x=11, y=0, width=10, height=20, rx=2, class_="bar")
    return tag("g", bar, tag("circle", cx=16, cy=10, r=5, class_="dot"), class_="p-context")


def _key_spread(prefix: str) -> list[tuple[str, str]]:
    line = _across("line") + tag("circle", cx=16, cy=10, r=4, class_="dot")
    return [
        ("spread_interval", tag("g", _bar("band"), line, class_="p-context")),
        ("unknown", _sample(prefix)),
        ("break", _upright("break")),
        ("cut", cut(10, 16)),
    ]


def cut(x: float, base: float) -> str:
    """The sign on an axis that does not begin at zero: two strokes across its foot."""
    strokes = "".join(
        tag("line", x1=x - 5, x2=x + 5, y1=y + 2.5, y2=y - 2.5, class_="axis")
        for y in (base - 9, base - 5)
    )
    upright = "".join(
        tag("line", x1=x, x2=x, y1=y1, y2=y2, class_="axis")
        for y1, y2 in ((base, base - 5), (base - 9, base - 14))
    )
    return tag("g", upright, strokes, class_="cut")


def _key_quadrant(_prefix: str) -> list[tuple[str, str]]:
    marks = [(name, shape(name, 16, 10)) for name in PERSPECTIVES]
    return [*marks, ("open", shape("context", 16, 10, kind=OPEN))]


def _bar(kind: str) -> str:
    return band(kind, "1", "30", 10, 10)


def _across(kind: str) -> str:
    return tag("path", d="M1,10H31", class_=kind)


def _upright(kind: str) -> str:
    return tag("line", x1=16, x2=16, y1=1, y2=19, class_=kind)


def _sample(prefix: str) -> str:
    return hatching(prefix) + tag(
        "rect", x=2, y=5, width=28, height=10, rx=2, fill=f"url(#{prefix}-h)", class_="unknown"
    )  # fmt: skip


def _item(mark: str, words: str) -> str:
    drawn = tag("svg", mark, viewBox="0 0 32 20", class_="wc", aria_hidden="true")
    return tag("li", drawn, written(words))


# --- figures ---


@dataclass(frozen=True, slots=True)
class _Scale:
    """From value to a percentage of the width, with two per cent of air on both sides."""

    low: float
    high: float

    def share(self, value: float) -> float:
        span = (self.high - self.low) or 1.0
        return 0.02 + 0.96 * min(max((value - self.low) / span, 0.0), 1.0)

    def at(self, value: float) -> str:
        return f"{100 * self.share(value):.2f}%"

    def wide(self, low: float, high: float) -> str:
        return f"{100 * max(self.share(high) - self.share(low), 0.004):.2f}%"


def _figure(mark: Mark, scale: _Scale, middle: float, prefix: str) -> str:
    """Track, spread of the peers, interval, tick, ring and dot around the height *middle*."""
    parts = [band("track", "0", "100%", middle, 10)]
    if mark.spread:
        low, high = mark.spread
        parts.append(band("spread", scale.at(low), scale.wide(low, high), middle, 10))
    if mark.value is None:
        parts.append(_hatched(middle, prefix))
    elif mark.low is not None and mark.high is not None:
        wide = scale.wide(mark.low, mark.high)
        parts.append(band("bar", scale.at(mark.low), wide, middle, 10))
        parts.append(_string(mark.value, mark.low, mark.high, scale, middle))
    if mark.peers is not None:
        x = scale.at(mark.peers)
        parts.append(tag("line", x1=x, x2=x, y1=middle - 9, y2=middle + 9, class_="peer"))
    if mark.country is not None:
        parts.append(tag("circle", cx=scale.at(mark.country), cy=middle, r=4.5, class_="land"))
    if mark.value is not None:
        parts.append(tag("circle", cx=scale.at(mark.value), cy=middle, r=6.5, class_="dot"))
    return tag("g", *parts, class_=f"p-{mark.perspective}")


def _string(value: float, low: float, high: float, scale: _Scale, middle: float) -> str:
    """A line from a published figure to its interval, where so few people live that we trust
    comparable areas more than the figure and the interval lies apart from it."""
    end = min(max(value, low), high)
    if end == value:
        return ""
    return tag(
        "line", x1=scale.at(value), x2=scale.at(end), y1=middle, y2=middle, class_=TIE
    )  # fmt: skip


def _hatched(middle: float, prefix: str) -> str:
    return tag(
        "rect", x=0, width="100%", y=middle - 5, height=10, rx=2,
        fill=f"url(#{prefix}-h)", class_="unknown",
    )  # fmt: skip


def figure_bar(
    mark: Mark,
    *,
    title: str,
    fmt: Fmt,
    prefix: str,
    language: str = "nl",
    domain: tuple[float, float] | None = None,
    compact: bool = False,
    width: float = 440,
    standalone: bool = False,
    note: str = "",
) -> str:
    """One figure beside its peers and the country.

    ``domain`` shares a scale between several; ``compact`` leaves out the words, for a table row
    that says them already.
    """
    scale = _Scale(*(domain or extent(_numbers(mark))))
    middle = 12.0 if compact else 28.0
    body = [hatching(prefix) if mark.value is None else "", _figure(mark, scale, middle, prefix)]
    height = 24.0
    if not compact:
        labels, rows = _labels(mark, scale, fmt, language)
        body.append(labels)
        height = 40.0 + 17.0 * rows
    desc = describe(mark, fmt, language)
    frame = Frame(
        title=title, desc=desc, prefix=prefix, width=width, height=height, language=language,
        shape="fluid", standalone=standalone, note=note,
    )  # fmt: skip
    return picture(frame, *body)


def _numbers(mark: Mark) -> tuple[float | None, ...]:
    return (mark.value, mark.low, mark.high, mark.peers, mark.country, *(mark.spread or ()))


def _labels(mark: Mark, scale: _Scale, fmt: Fmt, language: str) -> tuple[str, int]:
    """The words around a figure, and how many rows lie under it."""
    words = WORDS[language]
    if mark.value is None:
        said = f"{words['unknown']}: {reason(mark.status, language)}"
        above = text(0, 14, said, class_="t-soft")
    else:
        own = text(
            scale.at(mark.value), 14, fmt(mark.value, *mark.beside),
            text_anchor=_anchor(scale.share(mark.value)), class_="t-own",
        )  # fmt: skip
        above = tag("g", link(mark.href, own), class_=f"p-{mark.perspective}")
    below = [
        (f"{words[word]} {fmt(value, *mark.beside)}", scale.share(value), scale.at(value))
        for word, value in (("peers_short", mark.peers), ("country", mark.country))
        if value is not None
    ]
    rows = 2 if len(below) == 2 and _collide(below[0], below[1]) else min(len(below), 1)
    under = "".join(
        text(x, 54 + (17 * index if rows == 2 else 0), said,
             text_anchor=_anchor(share), class_="t-soft")
        for index, (said, share, x) in enumerate(below)
    )  # fmt: skip
    return above + under, rows


def _anchor(share: float) -> str:
    return "start" if share < 0.3 else "end" if share > 0.7 else "middle"


def _collide(one: tuple[str, float, str], other: tuple[str, float, str]) -> bool:
    """Would the two labels touch on the narrowest page?"""
    a, b = sorted((_reach(one), _reach(other)))
    return a[1] + 12 > b[0]


def _reach(label: tuple[str, float, str]) -> tuple[float, float]:
    said, share, _ = label
    wide = text_width(said, LETTERS)
    left = NARROW * share - {"start": 0.0, "middle": wide / 2, "end": wide}[_anchor(share)]
    return left, left + wide


def ranking(
    marks: Sequence[Mark],
    *,
    title: str,
    fmt: Fmt,
    prefix: str,
    language: str = "nl",
    width: float = 480,
    standalone: bool = False,
    note: str = "",
    part: slice = slice(None),
) -> str:
    """Areas below each other on one scale, in the order given, each with its interval; only a
    ``part`` of them where the others are in a picture before or after it.

    No rank without its interval; an unknown figure is hatched and says why.
    """
    scale, fmt = _Scale(*domain(marks)), _alike(marks, fmt)
    marks = marks[part]
    alone = 0.72 * width if standalone else 0.0  # of letters that may be those of another font
    rows = [_row(m, n * _ROW, scale, fmt, prefix, language, alone) for n, m in enumerate(marks)]
    frame = Frame(
        title=title, desc=". ".join(describe(m, fmt, language) for m in marks) or _none(language),
        prefix=prefix, width=width, height=max(_ROW * len(marks), _ROW), language=language,
        shape="fluid", standalone=standalone, note=note,
        key=key("figure" if any(m.spread for m in marks) else "ranking", language, prefix),
    )  # fmt: skip
    return picture(frame, hatching(prefix), *rows)


def _alike(marks: Sequence[Mark], fmt: Fmt) -> Fmt:
    """Writes all figures of a list in the decimals of the row that needs most of them."""
    known = [m.beside for m in marks if m.value is not None]
    most = max(known, default=(),
               key=lambda beside: len(fmt(0.0, *beside, margin=(0.0,))))  # fmt: skip

    def written(value: float, *beside: float, margin: Sequence[float] = ()) -> str:  # noqa: ARG001
        return fmt(value, *most, margin=margin or (value,))

    return written


def _none(language: str) -> str:
    return WORDS[language]["none"]


def _row(
    mark: Mark, top: float, scale: _Scale, fmt: Fmt, prefix: str, language: str, alone: float
) -> str:  # fmt: skip
    said = fmt(mark.value, *mark.beside) if mark.value is not None else ""
    taken = text_width(said, LETTERS) + 12
    strength = "t-strong" if mark.current else ""
    name = "".join(
        text("0", top + 15, words, class_=f"{strength} {kind}".strip())
        for words, kind in _names(mark.label, taken, alone)
    )
    value = text("100%", top + 15, said, text_anchor="end", class_=strength) if said else ""
    here = tag("rect", x="-1%", y=top - 2, width="102%", height=_ROW - 2, class_="here")
    drawn = (
        _figure(mark, scale, top + 28, prefix)
        if mark.value is not None
        else _silent(top + 28, reason(mark.status, language), prefix)
    )
    full = tag("title", written(describe(mark, fmt, language)))
    return tag("g", full, here if mark.current else "", link(mark.href, name), value, drawn)


def _names(label: str, taken: float, alone: float) -> list[tuple[str, str]]:
    """A name as it fits beside what has *taken* room, with the width that shows it: on a page in
    the narrowest and in a wide one, in a picture of a width of its own (*alone*) in that."""
    if alone:
        return [(shorten(label, alone - taken, LETTERS), "")]
    short, long = (shorten(label, wide - taken, LETTERS) for wide in (NARROW, BROAD))
    return [(short, "")] if short == long else [(short, "only-narrow"), (long, "only-wide")]


def _silent(middle: float, why: str, prefix: str) -> str:
    """No figure and no bar: a hatched sample and the reason."""
    sample = tag(
        "rect", x=0, y=middle - 5, width=28, height=10, rx=2, fill=f"url(#{prefix}-h)",
        class_="unknown",
    )  # fmt: skip
    return sample + text(36, middle + 5, why, class_="t-soft")
