# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""One figure as it is drawn, and the words of charts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wijkeconomie.figures.missing import Status
from wijkeconomie.web.drawing import extent, path, reason, tag, written

Fmt = Callable[[float], str]
_CORNERS: dict[str, tuple[tuple[float, float], ...]] = {  # of a shape with radius one
    "space": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "work": ((0, -1.25), (1.2, 0.95), (-1.2, 0.95)),
    "cohesion": ((0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)),
}
WORDS = {
    "nl": {
        "value": "waarde", "interval": "90 %-interval", "peers": "vergelijkbare gebieden",
        "peers_short": "vergelijkbaar", "peers_median": "midden van vergelijkbare gebieden",
        "value_interval": "waarde met 90 %-interval",
        "peers_spread": "vergelijkbare gebieden: het midden en de middelste helft",
        "country": "Nederland",
        "unknown": "onbekend", "to": "tot", "break": "andere definitie", "none": "geen cijfers",
        "behind": "achter", "ahead": "voor", "highest": "hoogste", "lowest": "laagste",
        "entrepreneurship": "ondernemerschap", "space": "ruimte om te werken", "work": "werk",
        "cohesion": "samenhang",
        "tl": "Achter, haalt in", "tr": "Voor, loopt uit",
        "bl": "Achter, raakt verder achter", "br": "Voor, verliest terrein",
    },
    "en": {
        "value": "value", "interval": "90% interval", "peers": "comparable areas",
        "peers_short": "comparable", "peers_median": "middle of comparable areas",
        "value_interval": "value with 90% interval",
        "peers_spread": "comparable areas: the middle and the middle half",
        "country": "Netherlands",
        "unknown": "unknown", "to": "to", "break": "definition changed", "none": "no figures",
        "behind": "behind", "ahead": "ahead", "highest": "highest", "lowest": "lowest",
        "entrepreneurship": "entrepreneurship", "space": "room for work", "work": "work",
        "cohesion": "cohesion",
        "tl": "Behind, catching up", "tr": "Ahead, pulling away",
        "bl": "Behind, falling further", "br": "Ahead, losing ground",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One figure of one area as it is drawn; ``value`` None is unknown, with ``status`` saying why.

    ``low`` and ``high`` bound the interval; ``spread`` is the middle of the peers (quartiles).
    """

    label: str
    value: float | None
    status: Status = Status.OK
    low: float | None = None
    high: float | None = None
    peers: float | None = None
    spread: tuple[float, float] | None = None
    country: float | None = None
    perspective: str = "context"
    href: str = ""
    current: bool = False


def domain(marks: Iterable[Mark]) -> tuple[float, float]:
    """One scale for several figures, so that they may be compared by eye."""
    return extent(
        v
        for m in marks
        for v in (m.value, m.low, m.high, m.peers, m.country, *(m.spread or ()))
    )  # fmt: skip


def describe(mark: Mark, fmt: Fmt, language: str) -> str:
    """What the drawing shows, in words: ``Havenoord: 7,6 % (90 %-interval 6,9 % tot 8,3 %); …``."""
    words = WORDS[language]
    if mark.value is None:
        said = [f"{mark.label}: {words['unknown']}, {reason(mark.status, language)}"]
    elif mark.low is None or mark.high is None:
        said = [f"{mark.label}: {fmt(mark.value)}"]
    else:
        between = f"{words['interval']} {fmt(mark.low)} {words['to']} {fmt(mark.high)}"
        said = [f"{mark.label}: {fmt(mark.value)} ({between})"]
    for name in ("peers", "country"):
        value = getattr(mark, name)
        if value is not None:
            said.append(f"{words[name]} {fmt(value)}")
    return "; ".join(said)


def band(kind: str, x: str, width: str, middle: float, height: float) -> str:
    """A bar across, around the height *middle*."""
    return tag(
        "rect", x=x, width=width, y=middle - height / 2, height=height, rx=2, class_=kind
    )  # fmt: skip


def shape(perspective: str, x: float, y: float, label: str = "", size: float = 6.5) -> str:
    """Circle, square, triangle, diamond: a perspective is never told by colour alone."""
    corners = _CORNERS.get(perspective)
    if corners is None:
        drawn = tag("circle", cx=x, cy=y, r=size, class_="dot")
    else:
        around = [(x + size * 0.9 * dx, y + size * 0.9 * dy) for dx, dy in corners]
        drawn = tag("path", d=path(around, closed=True), class_="dot")
    name = tag("title", written(label)) if label else ""
    return tag("g", name, drawn, class_=f"p-{perspective}")
