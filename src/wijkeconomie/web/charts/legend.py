# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How to read the charts."""

from __future__ import annotations

from wijkeconomie.web.charts.bars import band
from wijkeconomie.web.charts.mark import WORDS
from wijkeconomie.web.charts.quadrant import Point, shape
from wijkeconomie.web.drawing import hatching, tag


def legend(language: str, kind: str = "figure") -> str:
    """How pictures of a kind are drawn, as an HTML list: ``figure``, ``series`` or ``quadrant``."""
    words = WORDS[language]
    items = {"figure": _figure_key, "series": _series_key, "quadrant": _quadrant_key}[kind]()
    return tag("ul", *(_item(mark, words[name]) for name, mark in items), class_="legend")


def _figure_key() -> list[tuple[str, str]]:
    dot = tag("circle", cx=16, cy=10, r=6.5, class_="dot")
    tick = tag("line", x1=16, x2=16, y1=1, y2=19, class_="peer")
    return [
        ("value_interval", band("bar", "1", "30", 10, 10) + dot),
        ("peers_spread", band("spread", "1", "30", 10, 10) + tick),
        ("country", tag("circle", cx=16, cy=10, r=4.5, class_="land")),
        ("unknown", _sample("legend-f")),
    ]


def _series_key() -> list[tuple[str, str]]:
    def across(kind: str) -> str:
        return tag("path", d="M1,10H31", class_=kind)

    return [
        ("value", across("line") + tag("circle", cx=16, cy=10, r=4, class_="dot")),
        ("peers_median", across("peer-line")),
        ("country", across("land-line")),
        ("unknown", _sample("legend-s")),
        ("break", tag("line", x1=16, x2=16, y1=1, y2=19, class_="break")),
    ]


def _quadrant_key() -> list[tuple[str, str]]:
    names = ("entrepreneurship", "space", "work", "cohesion")
    return [
        (name, shape(Point(label="", level=0, trend=0, perspective=name), 16, 10)) for name in names
    ]


def _sample(prefix: str) -> str:
    return hatching(prefix) + tag(
        "rect", x=2, y=5, width=28, height=10, rx=2, fill=f"url(#{prefix}-h)", class_="unknown"
    )  # fmt: skip


def _item(mark: str, word: str) -> str:
    drawn = tag("svg", mark, viewBox="0 0 32 20", class_="wc", aria_hidden="true")
    return tag("li", drawn, word)
