# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How to read the charts: beside them on a page, under them in a picture that stands alone."""

from __future__ import annotations

from wijkeconomie.web.charts.mark import WORDS, band, shape
from wijkeconomie.web.drawing import hatching, tag, written


def key(kind: str, language: str, prefix: str) -> tuple[tuple[str, str], ...]:
    """Each mark (32 by 20) of a kind of chart with its words: ``figure``, ``series``,
    ``quadrant``."""
    marks = {"figure": _figure, "series": _series, "quadrant": _quadrant}[kind](f"{prefix}-k")
    return tuple((mark, WORDS[language][name]) for name, mark in marks)


def legend(language: str, kind: str = "figure") -> str:
    """The key of a kind of chart as an HTML list, once a page."""
    items = (_item(mark, words) for mark, words in key(kind, language, f"legend-{kind}"))
    return tag("ul", *items, class_="legend")


def _figure(prefix: str) -> list[tuple[str, str]]:
    dot = tag("circle", cx=16, cy=10, r=6.5, class_="dot")
    return [
        ("value_interval", _bar("bar") + dot),
        ("peers_spread", _bar("spread") + _upright("peer")),
        ("country", tag("circle", cx=16, cy=10, r=4.5, class_="land")),
        ("unknown", _sample(prefix)),
    ]


def _series(prefix: str) -> list[tuple[str, str]]:
    return [
        ("value", _across("line") + tag("circle", cx=16, cy=10, r=4, class_="dot")),
        ("peers_median", _across("peer-line")),
        ("country", _across("land-line")),
        ("unknown", _sample(prefix)),
        ("break", _upright("break")),
    ]


def _quadrant(_prefix: str) -> list[tuple[str, str]]:
    names = ("entrepreneurship", "space", "work", "cohesion")
    return [(name, shape(name, 16, 10)) for name in names]


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
