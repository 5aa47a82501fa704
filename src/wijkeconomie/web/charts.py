# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Charts as SVG text.  A figure is always drawn the same: dot = value, bar = 90 % interval, tick =
the peers' median, ring = the country, hatching = unknown, a broken line where the definition broke.

Pure functions: numbers come in, text comes out; ``fmt`` writes a number with its unit.  Everything
that a chart shows is also in its ``<desc>``, in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

from wijkeconomie.figures.missing import Status
from wijkeconomie.web.drawing import (
    Box,
    Frame,
    extent,
    hatching,
    link,
    path,
    picture,
    place,
    reason,
    shorten,
    tag,
    text,
    text_width,
    ticks,
)  # fmt: skip

Fmt = Callable[[float], str]
NARROW = 264.0  # the least width (px) at which labels of a fluid picture must not collide
LETTERS = 14.0  # px, in fluid pictures
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """An indicator in the quadrant: ``level`` > 0 is ahead of the peers, ``trend`` > 0 gains."""

    label: str
    level: float
    trend: float
    perspective: str = "context"
    href: str = ""


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


# --- the one way to draw a figure -------------------------------------------------------------


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
    parts = [_band("track", "0", "100%", middle, 10)]
    if mark.spread:
        low, high = mark.spread
        parts.append(_band("spread", scale.at(low), scale.wide(low, high), middle, 10))
    if mark.value is None:
        parts.append(_hatched(middle, prefix))
    elif mark.low is not None and mark.high is not None:
        wide = scale.wide(mark.low, mark.high)
        parts.append(_band("bar", scale.at(mark.low), wide, middle, 10))
    if mark.peers is not None:
        x = scale.at(mark.peers)
        parts.append(tag("line", x1=x, x2=x, y1=middle - 9, y2=middle + 9, class_="peer"))
    if mark.country is not None:
        parts.append(tag("circle", cx=scale.at(mark.country), cy=middle, r=4.5, class_="land"))
    if mark.value is not None:
        parts.append(tag("circle", cx=scale.at(mark.value), cy=middle, r=6.5, class_="dot"))
    return tag("g", *parts, class_=f"p-{mark.perspective}")


def _band(kind: str, x: str, width: str, middle: float, height: float) -> str:
    return tag(
        "rect", x=x, width=width, y=middle - height / 2, height=height, rx=2, class_=kind
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
        title=title, desc=desc, prefix=prefix, width=440, height=height, language=language,
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
            scale.at(mark.value), 14, fmt(mark.value),
            text_anchor=_anchor(scale.share(mark.value)), class_="t-own",
        )  # fmt: skip
        above = tag("g", own, class_=f"p-{mark.perspective}")
    below = [
        (f"{words[word]} {fmt(value)}", scale.share(value), scale.at(value))
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
    return a[1] + 8 > b[0]


def _reach(label: tuple[str, float, str]) -> tuple[float, float]:
    said, share, _ = label
    wide = text_width(said, LETTERS)
    left = NARROW * share - {"start": 0.0, "middle": wide / 2, "end": wide}[_anchor(share)]
    return left, left + wide


# --- many areas, one figure -------------------------------------------------------------------

_ROW = 44.0


def ranking(
    marks: Sequence[Mark],
    *,
    title: str,
    fmt: Fmt,
    prefix: str,
    language: str = "nl",
    standalone: bool = False,
    note: str = "",
) -> str:
    """Areas below each other on one scale, in the order given, each with its interval.

    No rank without its interval; an unknown figure is hatched and says why.
    """
    scale = _Scale(*domain(marks))
    rows = [_row(m, n * _ROW, scale, fmt, prefix, language) for n, m in enumerate(marks)]
    frame = Frame(
        title=title, desc=". ".join(describe(m, fmt, language) for m in marks) or _none(language),
        prefix=prefix, width=480, height=max(_ROW * len(marks), _ROW), language=language,
        shape="fluid", standalone=standalone, note=note,
    )  # fmt: skip
    return picture(frame, hatching(prefix), *rows)


def _none(language: str) -> str:
    return WORDS[language]["none"]


def _row(
    mark: Mark, top: float, scale: _Scale, fmt: Fmt, prefix: str, language: str
) -> str:  # fmt: skip
    said = fmt(mark.value) if mark.value is not None else ""
    room = NARROW - text_width(said, LETTERS) - 12
    strength = "t-strong" if mark.current else None
    name = text("0", top + 15, shorten(mark.label, room, LETTERS), class_=strength)
    value = text("100%", top + 15, said, text_anchor="end", class_=strength) if said else ""
    here = tag("rect", x="-1%", y=top - 2, width="102%", height=_ROW - 2, class_="here")
    drawn = (
        _figure(mark, scale, top + 28, prefix)
        if mark.value is not None
        else _silent(top + 28, reason(mark.status, language), prefix)
    )
    full = tag("title", escape(describe(mark, fmt, language), quote=False))
    return tag("g", full, here if mark.current else "", link(mark.href, name), value, drawn)


def _silent(middle: float, why: str, prefix: str) -> str:
    """No figure and no bar: a hatched sample and the reason."""
    sample = tag(
        "rect", x=0, y=middle - 5, width=28, height=10, rx=2, fill=f"url(#{prefix}-h)",
        class_="unknown",
    )  # fmt: skip
    return sample + text(36, middle + 5, why, class_="t-soft")


# --- over the years ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Plot:
    """The plane of a chart over the years, in the units of its viewBox."""

    years: tuple[int, int]
    values: tuple[float, float]
    box: Box

    def x(self, year: float) -> float:
        first, last = self.years
        return self.box.left + (self.box.right - self.box.left) * (
            (year - first) / (last - first) if last > first else 0.5
        )

    def y(self, value: float) -> float:
        low, high = self.values
        return self.box.bottom - (self.box.bottom - self.box.top) * (
            (value - low) / ((high - low) or 1.0)
        )


def series(
    years: Sequence[int],
    values: Sequence[float | None],
    *,
    title: str,
    fmt: Fmt,
    prefix: str,
    statuses: Sequence[Status] | None = None,
    peers: Sequence[float | None] | None = None,
    country: Sequence[float | None] | None = None,
    breaks: Iterable[int] = (),
    perspective: str = "context",
    language: str = "nl",
    domain: tuple[float, float] | None = None,
    standalone: bool = False,
    note: str = "",
) -> str:
    """A small multiple: own line, peers' median (dashed), country (dotted).

    A year without a figure is hatched and interrupts the line; at a year in ``breaks`` the line
    breaks, because the figure means something else from then on.
    """
    lines = (values, peers or (), country or ())
    span = domain or extent(v for line in lines for v in line)
    plot = _plot(years, span, Box(2, 24, 300, 152), fmt, 13)
    broken = sorted(b for b in breaks if years[0] < b <= years[-1])
    body = [
        hatching(prefix),
        _grid(plot, fmt),
        _years(plot, years, broken),
        "".join(_gap(plot, y, prefix) for y, v in zip(years, values, strict=True) if v is None),
        "".join(_break(plot, b, language) for b in broken),
        _line(plot, years, country, broken, "land-line"),
        _line(plot, years, peers, broken, "peer-line"),
        tag("g", _own(plot, years, values, broken, fmt), class_=f"p-{perspective}"),
    ]
    told = _told(years, values, statuses, fmt, language)
    frame = Frame(
        title=title, desc=_with_breaks(told, broken, language), prefix=prefix, width=306,
        height=176, language=language, shape="small", standalone=standalone, note=note,
    )  # fmt: skip
    return picture(frame, *body)


def _told(
    years: Sequence[int],
    values: Sequence[float | None],
    statuses: Sequence[Status] | None,
    fmt: Fmt,
    language: str,
) -> str:
    why = statuses or [Status.UNKNOWN] * len(years)
    return "; ".join(
        f"{year}: {fmt(value) if value is not None else reason(status, language)}"
        for year, value, status in zip(years, values, why, strict=True)
    )


def _with_breaks(told: str, broken: Sequence[int], language: str) -> str:
    return "; ".join([told, *(f"{WORDS[language]['break']}: {year}" for year in broken)])


def _plot(
    years: Sequence[int], values: tuple[float, float], box: Box, fmt: Fmt, size: float
) -> _Plot:
    """The plane, with room at the left for its longest number in letters of *size*."""
    room = max(text_width(fmt(v), size) for v in ticks(*values, count=3))
    return _Plot((years[0], years[-1]), values, replace(box, left=box.left + min(room + 8, 120)))


def _grid(plot: _Plot, fmt: Fmt) -> str:
    box = plot.box
    return "".join(
        tag("line", x1=box.left, x2=box.right, y1=plot.y(v), y2=plot.y(v), class_="grid")
        + text(box.left - 8, plot.y(v) + 4, fmt(v), text_anchor="end", class_="t-soft")
        for v in ticks(*plot.values, count=3)
    )


def _years(plot: _Plot, years: Sequence[int], broken: Sequence[int]) -> str:
    """First and last year in words, and the years of a break that have room between them."""
    base = plot.box.bottom
    line = tag("line", x1=plot.box.left, x2=plot.box.right, y1=base, y2=base, class_="axis")
    small = "".join(
        tag("line", x1=plot.x(y), x2=plot.x(y), y1=base, y2=base + 4, class_="axis") for y in years
    )
    named = [text(plot.box.left, base + 18, str(years[0]), class_="t-soft")]
    if years[-1] != years[0]:
        end = text(plot.box.right, base + 18, str(years[-1]), text_anchor="end", class_="t-soft")
        named.append(end)
    edge = 62.0  # the room that the first and last year take
    inner = [y for y in broken if plot.box.left + edge < plot.x(y) < plot.box.right - edge]
    named += [
        text(plot.x(y), base + 18, str(y), text_anchor="middle", class_="t-soft") for y in inner
    ]
    return line + small + "".join(named)


def _gap(plot: _Plot, year: int, prefix: str) -> str:
    """A year without a figure: hatched over the whole height, never a point at zero."""
    half = max((plot.x(year + 1) - plot.x(year)) / 2, 4.0) if plot.years[1] > plot.years[0] else 20
    left, right = max(plot.x(year) - half, plot.box.left), min(plot.x(year) + half, plot.box.right)
    return tag(
        "rect", x=left, width=right - left, y=plot.box.top, height=plot.box.bottom - plot.box.top,
        fill=f"url(#{prefix}-h)", fill_opacity="0.5", class_="gap",
    )  # fmt: skip


def _break(plot: _Plot, year: int, language: str) -> str:
    x = plot.x(year - 0.5)
    why = tag("title", f"{WORDS[language]['break']}: {year}")
    return tag("line", why, x1=x, x2=x, y1=plot.box.top - 8, y2=plot.box.bottom, class_="break")


def _segments(
    years: Sequence[int], values: Sequence[float | None] | None, broken: Sequence[int]
) -> list[list[tuple[int, float]]]:
    """Runs of known values that no break interrupts."""
    runs: list[list[tuple[int, float]]] = [[]]
    for year, value in zip(years, values or (), strict=False):
        if runs[-1] and (value is None or year in broken):
            runs.append([])
        if value is not None:
            runs[-1].append((year, value))
    return [run for run in runs if run]


def _line(
    plot: _Plot,
    years: Sequence[int],
    values: Sequence[float | None] | None,
    broken: Sequence[int],
    kind: str,
) -> str:
    return "".join(
        tag("path", d=path([(plot.x(y), plot.y(v)) for y, v in run]), class_=kind)
        for run in _segments(years, values, broken)
        if len(run) > 1
    )


def _own(
    plot: _Plot,
    years: Sequence[int],
    values: Sequence[float | None],
    broken: Sequence[int],
    fmt: Fmt,
) -> str:
    known = [(y, v) for y, v in zip(years, values, strict=True) if v is not None]
    dots = "".join(
        tag("circle", cx=plot.x(y), cy=plot.y(v), r=3, class_="dot") for y, v in known[:-1]
    )
    if not known:
        return ""
    return _line(plot, years, values, broken, "line") + dots + _last(plot, known, fmt)


def _last(plot: _Plot, known: Sequence[tuple[int, float]], fmt: Fmt) -> str:
    """The newest figure in words, on the side where its own line does not pass."""
    year, value = known[-1]
    x, y = plot.x(year), plot.y(value)
    falling = len(known) > 1 and known[-2][1] > value
    below, above = y + 22, y - 11
    at = below if (falling and below < plot.box.bottom) or above < plot.box.top - 8 else above
    name = text(
        min(x + 5, plot.box.right), at, fmt(value), class_="t-own t-halo",
        text_anchor="end" if x > plot.box.right - 50 else "middle",
    )  # fmt: skip
    return tag("circle", cx=x, cy=y, r=5, class_="dot") + name


def spread_line(
    years: Sequence[int],
    values: Sequence[float | None],
    *,
    low: Sequence[float | None],
    high: Sequence[float | None],
    title: str,
    fmt: Fmt,
    prefix: str,
    language: str = "nl",
    standalone: bool = False,
    note: str = "",
) -> str:
    """Differences between areas over the years, in one line with its 90 % interval as a band."""
    plot = _plot(years, extent([*values, *low, *high]), Box(2, 30, 472, 168), fmt, 20)
    between = [
        (y, a, b)
        for y, a, b in zip(years, low, high, strict=True)
        if a is not None and b is not None
    ]
    around = [(plot.x(y), plot.y(b)) for y, _, b in between] + [
        (plot.x(y), plot.y(a)) for y, a, _ in reversed(between)
    ]
    band = tag("path", d=path(around, closed=True), class_="band") if len(between) > 1 else ""
    body = [
        hatching(prefix),
        _grid(plot, fmt),
        _years(plot, years, ()),
        "".join(_gap(plot, y, prefix) for y, v in zip(years, values, strict=True) if v is None),
        tag("g", band, _own(plot, years, values, (), fmt), class_="p-context"),
    ]
    words = WORDS[language]
    told = "; ".join(
        describe(Mark(label=str(y), value=v, low=a, high=b, status=Status.UNKNOWN), fmt, language)
        for y, v, a, b in zip(years, values, low, high, strict=True)
    )
    frame = Frame(
        title=title, desc=told or words["none"], prefix=prefix, width=480, height=198,
        language=language, standalone=standalone, note=note,
    )  # fmt: skip
    return picture(frame, *body)


# --- level by trend ---------------------------------------------------------------------------

_SIDE = Box(8, 30, 552, 400)


def quadrant(
    points: Sequence[Point],
    *,
    title: str,
    prefix: str,
    language: str = "nl",
    standalone: bool = False,
    note: str = "",
) -> str:
    """Where the area stands beside its peers (across) and whether it gains on them (up).

    Shape and colour say the perspective; a label is drawn only where it collides with nothing,
    the farthest from the middle first.  The description names every point.
    """
    most = (
        max([2.0, *(abs(p.level) for p in points)]),
        max([0.05, *(abs(p.trend) for p in points)]),
    )
    spots = [(p, *_spot(p, most)) for p in sorted(points, key=lambda p: _weight(p, most))]
    body = [
        _field(language),
        "".join(link(p.href, _shape(p, x, y)) for p, x, y in spots),
        _names(spots),
    ]
    words = WORDS[language]
    told = "; ".join(f"{p.label}: {words[_corner(p)].lower()}" for p in points)
    frame = Frame(
        title=title, desc=told or words["none"], prefix=prefix, width=560, height=426,
        language=language, standalone=standalone, note=note,
    )  # fmt: skip
    return picture(frame, *body)


def _weight(point: Point, most: tuple[float, float]) -> float:
    return -(abs(point.level) / most[0] + abs(point.trend) / most[1])


def _spot(point: Point, most: tuple[float, float]) -> tuple[float, float]:
    across, up = point.level / most[0], point.trend / most[1]
    middle_x, middle_y = (_SIDE.left + _SIDE.right) / 2, (_SIDE.top + _SIDE.bottom) / 2
    return (
        middle_x + across * 0.94 * (_SIDE.right - middle_x),
        middle_y - up * 0.86 * (middle_y - _SIDE.top),
    )


def _corner(point: Point) -> str:
    return ("t" if point.trend >= 0 else "b") + ("r" if point.level >= 0 else "l")


def _field(language: str) -> str:
    words, box = WORDS[language], _SIDE
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    sides = tag("rect", x=x, y=box.top, width=box.right - x, height=y - box.top, class_="good")
    sides += tag("rect", x=box.left, y=y, width=x - box.left, height=box.bottom - y, class_="bad")
    axes = tag("line", x1=box.left, x2=box.right, y1=y, y2=y, class_="axis")
    axes += tag("line", x1=x, x2=x, y1=box.top, y2=box.bottom, class_="axis")
    corners = "".join(
        text(px, py, words[name], text_anchor=anchor, class_="t-soft")
        for name, px, py, anchor in (
            ("tl", box.left, box.top - 10, "start"),
            ("tr", box.right, box.top - 10, "end"),
            ("bl", box.left, box.bottom + 20, "start"),
            ("br", box.right, box.bottom + 20, "end"),
        )
    )
    return sides + axes + corners


def _shape(point: Point, x: float, y: float, size: float = 6.5) -> str:
    """Circle, square, triangle, diamond: a perspective is never told by colour alone."""
    corners = {
        "space": [(-1, -1), (1, -1), (1, 1), (-1, 1)],
        "work": [(0, -1.25), (1.2, 0.95), (-1.2, 0.95)],
        "cohesion": [(0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)],
    }.get(point.perspective)
    if corners is None:
        drawn = tag("circle", cx=x, cy=y, r=size, class_="dot")
    else:
        around = [(x + size * 0.9 * dx, y + size * 0.9 * dy) for dx, dy in corners]
        drawn = tag("path", d=path(around, closed=True), class_="dot")
    name = tag("title", escape(point.label, quote=False)) if point.label else ""
    return tag("g", name, drawn, class_=f"p-{point.perspective}")


def _names(spots: Sequence[tuple[Point, float, float]]) -> str:
    taken = [Box(x - 8, y - 8, x + 8, y + 8) for _, x, y in spots] + _axes_taken()
    room = replace(_SIDE, left=2, right=558)
    found = place(
        [(p.label, x, y) for p, x, y in spots], bounds=room, taken=taken, gap=11, sizes=(20, 13)
    )
    return "".join(
        text(
            at.x, at.y, spots[at.index][0].label, text_anchor=at.anchor,
            class_="t-halo" if at.narrow else "t-halo only-wide",
        )
        for at in found
    )  # fmt: skip


def _axes_taken() -> list[Box]:
    x, y = (_SIDE.left + _SIDE.right) / 2, (_SIDE.top + _SIDE.bottom) / 2
    return [Box(x - 1, _SIDE.top, x + 1, _SIDE.bottom), Box(_SIDE.left, y - 1, _SIDE.right, y + 1)]


# --- how to read them -------------------------------------------------------------------------


def legend(language: str, kind: str = "figure") -> str:
    """How pictures of a kind are drawn, as an HTML list: ``figure``, ``series`` or ``quadrant``."""
    words = WORDS[language]
    items = {"figure": _figure_key, "series": _series_key, "quadrant": _quadrant_key}[kind]()
    return tag("ul", *(_item(mark, words[name]) for name, mark in items), class_="legend")


def _figure_key() -> list[tuple[str, str]]:
    dot = tag("circle", cx=16, cy=10, r=6.5, class_="dot")
    tick = tag("line", x1=16, x2=16, y1=1, y2=19, class_="peer")
    return [
        ("value_interval", _band("bar", "1", "30", 10, 10) + dot),
        ("peers_spread", _band("spread", "1", "30", 10, 10) + tick),
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
        (name, _shape(Point(label="", level=0, trend=0, perspective=name), 16, 10))
        for name in names
    ]


def _sample(prefix: str) -> str:
    return hatching(prefix) + tag(
        "rect", x=2, y=5, width=28, height=10, rx=2, fill=f"url(#{prefix}-h)", class_="unknown"
    )  # fmt: skip


def _item(mark: str, word: str) -> str:
    drawn = tag("svg", mark, viewBox="0 0 32 20", class_="wc", aria_hidden="true")
    return tag("li", drawn, word)
