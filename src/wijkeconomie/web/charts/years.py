# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures over the years: the small multiple, the line of differences, and level by trend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from wijkeconomie.figures.missing import Status
from wijkeconomie.web.charts.bars import WORDS, Fmt, Mark, describe, key, shape
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
    tag,
    text,
    text_width,
    ticks,
)

_SIDE = Box(8, 30, 552, 400)  # the plane of the quadrant


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
        key=key("series", language, prefix),
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


# --- level by trend ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """An indicator in the quadrant: ``level`` > 0 is ahead of the peers, ``trend`` > 0 gains."""

    label: str
    level: float
    trend: float
    perspective: str = "context"
    href: str = ""


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
        "".join(link(p.href, shape(p.perspective, x, y, p.label)) for p, x, y in spots),
        _names(spots),
    ]
    words = WORDS[language]
    told = "; ".join(f"{p.label}: {words[_corner(p)].lower()}" for p in points)
    frame = Frame(
        title=title, desc=told or words["none"], prefix=prefix, width=560, height=426,
        language=language, standalone=standalone, note=note,
        key=key("quadrant", language, prefix),
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
