# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""One figure as it is drawn, and the words of charts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wijkeconomie.figures.missing import Status
from wijkeconomie.web.drawing import extent, reason

Fmt = Callable[[float], str]
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
