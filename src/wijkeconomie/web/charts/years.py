# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures over the years: the small multiple, the line of differences, and level by trend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from wijkeconomie.figures.missing import Status
from wijkeconomie.web.charts import bars
from wijkeconomie.web.charts.bars import OPEN, WORDS, Fmt, Mark, cut, describe, key, shape
from wijkeconomie.web.drawing import (
    Axis,
    Box,
    Frame,
    Place,
    axis,
    extent,
    hatching,
    link,
    passes,
    path,
    picture,
    place,
    tag,
    text,
    text_width,
)

_SIDE = Box(8, 30, 552, 400)  # the plane of the quadrant
_FAR = (*range(34, 420, 14),)  # from a point to its number, where others lie around it
_SMALL, _WIDE, _NARROW = 13.0, 13.0, 20.0  # letters: small multiple, wide page, narrow page


@dataclass(frozen=True, slots=True)
class _Plot:
    """The plane of a chart over the years, in the units of its viewBox."""

    years: tuple[int, int]
    axis: Axis
    box: Box

    def x(self, year: float) -> float:
        first, last = self.years
        return self.box.left + (self.box.right - self.box.left) * (
            (year - first) / (last - first) if last > first else 0.5
        )

    @property
    def cut(self) -> bool:
        """The axis does not hold zero, so a height says nothing of how many times more."""
        return self.axis.low > 0 or self.axis.high < 0

    def y(self, value: float) -> float:
        low, high = self.axis.low, self.axis.high
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
    statuses: Sequence[Status | None] | None = None,
    peers: Sequence[float | None] | None = None,
    country: Sequence[float | None] | None = None,
    interval: tuple[float, float] | None = None,
    least: float = 0.0,
    breaks: Iterable[int] = (),
    perspective: str = "context",
    language: str = "nl",
    width: float = 306,
    standalone: bool = False,
    note: str = "",
) -> str:
    """A small multiple: own line, peers' median (dashed), country (dotted).

    A year without a figure is hatched and interrupts the line, also one between ``years`` that is
    not among them, for it was not loaded; at a year in ``breaks`` the line breaks, because the
    figure means something else from then on.  ``interval``: low and high of the newest figure, a
    bar behind its dot; of older years none is computed.  ``least``: what the axis spans at least.
    """
    statuses = statuses or [None] * len(years)
    values, peers, country = _every(years, values, peers or (), country or ())
    (statuses,) = _every(years, statuses)
    years = range(years[0], years[-1] + 1)
    broken = sorted(b for b in breaks if years[0] < b <= years[-1])
    lines = (values, peers, country, interval or ())
    upright = axis(*extent((v for line in lines for v in line), least=least), fmt)
    newest = _newest(fmt, upright, values, peers, country)
    plot = _plot(years, upright, Box(2, 24, width - 2, 152), fmt, _SMALL, newest)
    others = [*_lines(plot, years, country, broken), *_lines(plot, years, peers, broken)]
    bar = _interval(plot, years, values, interval)
    body = [
        hatching(prefix),
        _grid(plot, fmt),
        _years(plot, years, broken),
        "".join(_gap(plot, y, prefix) for y, v in zip(years, values, strict=True) if v is None),
        _breaks(plot, broken, language, _SMALL),
        _line(plot, years, country, broken, "land-line"),
        _line(plot, years, peers, broken, "peer-line"),
        tag(
            "g",
            bar,
            _own(plot, years, values, broken, newest, others),
            class_=f"p-{perspective}",
        ),
    ]
    said = bars.told(years, values, statuses, interval, fmt, language)
    desc = _with_signs(said, plot, broken, fmt, language)
    frame = Frame(
        title=title, desc=desc, prefix=prefix, width=width,
        height=176, language=language, shape="small", standalone=standalone, note=note,
        key=key("series", language, prefix, "".join(body)),
    )  # fmt: skip
    return picture(frame, *body)


_T = TypeVar("_T")


def _every(years: Sequence[int], *lines: Sequence[_T | None]) -> tuple[list[_T | None], ...]:
    """Lines of some *years* as those of every year from the first to the last; an empty one stays
    so.  Without it a line would run straight through a year that nobody loaded."""
    whole = range(years[0], years[-1] + 1) if years else ()
    known = (dict(zip(years, line, strict=True)) if line else {} for line in lines)
    return tuple([line.get(year) for year in whole] if line else [] for line in known)


def _interval(
    plot: _Plot,
    years: Sequence[int],
    values: Sequence[float | None],
    ends: tuple[float, float] | None,
) -> str:
    """A bar from low to high behind the newest dot."""
    at = bars.newest_at(values)
    if ends is None or at < 0:
        return ""
    x, (bottom, top) = plot.x(years[at]), map(plot.y, ends)
    return tag(
        "rect", x=x - 5, width=10, y=top, height=max(bottom - top, 1.0), rx=2, class_="bar"
    )  # fmt: skip


def _with_signs(told: str, plot: _Plot, broken: Sequence[int], fmt: Fmt, language: str) -> str:
    """What the picture shows, with the signs in it: breaks of definition and a cut axis."""
    words = WORDS[language]
    starts = [f"{words['starts']} {fmt(plot.axis.low)}"] if plot.cut else []
    return "; ".join([told, *(f"{words['break']}: {year}" for year in broken), *starts])


def _plot(
    years: Sequence[int],
    upright: Axis,
    box: Box,
    fmt: Fmt,
    size: float,
    newest: str,
) -> _Plot:
    """The plane in letters of *size*, with room at the left for its longest number and at the
    right for its newest figure, which stands beside the last dot."""
    left = max(text_width(fmt(v), size) for v in upright.ticks)
    right = 1.08 * text_width(newest, size) + 12 if newest else 4  # bold
    return _Plot(
        (years[0], years[-1]),
        upright,
        replace(box, left=box.left + min(left + 8, 120), right=box.right - min(right, 120)),
    )


def _newest(
    fmt: Fmt, upright: Axis, values: Sequence[float | None], *others: Sequence[float | None]
) -> str:
    """The newest figure in words, in the decimals that it has beside the *others* of its year, and
    that tell it from a line of the grid that it lies apart from."""
    at = bars.newest_at(values)
    if at < 0 or (value := values[at]) is None:
        return ""
    beside = [v for line in others if at < len(line) and (v := line[at]) is not None]
    said, apart = fmt(value, *beside), 0.08 * (upright.high - upright.low)
    alike = (t for t in upright.ticks if abs(t - value) > apart and fmt(t) == said)
    near = next(alike, None)
    return said if near is None else fmt(value, *beside, margin=(value, near))


def _grid(plot: _Plot, fmt: Fmt) -> str:
    box = plot.box
    return "".join(
        tag("line", x1=box.left, x2=box.right, y1=plot.y(v), y2=plot.y(v), class_="grid")
        + text(box.left - 8, plot.y(v) + 4, fmt(v), text_anchor="end", class_="t-soft")
        for v in plot.axis.ticks
    )


def _years(plot: _Plot, years: Sequence[int], broken: Sequence[int]) -> str:
    """First and last year in words, and the years of a break that have room between them."""
    base = plot.box.bottom
    line = tag("line", x1=plot.box.left, x2=plot.box.right, y1=base, y2=base, class_="axis")
    line += cut(plot.box.left, base) if plot.cut else ""
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
    box = _around(plot, year)
    return tag(
        "rect", x=box.left, width=box.right - box.left, y=box.top, height=box.bottom - box.top,
        fill=f"url(#{prefix}-h)", fill_opacity="0.5", class_="gap",
    )  # fmt: skip


def _around(plot: _Plot, year: int) -> Box:
    half = max((plot.x(year + 1) - plot.x(year)) / 2, 4.0) if plot.years[1] > plot.years[0] else 20
    left, right = max(plot.x(year) - half, plot.box.left), min(plot.x(year) + half, plot.box.right)
    return replace(plot.box, left=left, right=right)


def _breaks(plot: _Plot, broken: Sequence[int], language: str, size: float) -> str:
    """A line where the definition changed, with its words where those have room."""
    words, top, end = WORDS[language]["break"], plot.box.top, 0.0
    half = text_width(words, size) / 2
    parts = []
    for year in broken:
        x = plot.x(year - 0.5)
        why = tag("title", f"{words}: {year}")
        parts.append(tag("line", why, x1=x, x2=x, y1=top - 8, y2=plot.box.bottom, class_="break"))
        middle = min(max(x, half + 2), plot.box.right + 4 - half)
        if middle - half > end:
            parts.append(text(middle, top - 12, words, text_anchor="middle", class_="t-soft"))
            end = middle + half + 8
    return "".join(parts)


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


_Points = list[tuple[float, float]]


def _lines(
    plot: _Plot,
    years: Sequence[int],
    values: Sequence[float | None] | None,
    broken: Sequence[int],
) -> list[_Points]:
    """The places of each run."""
    runs = _segments(years, values, broken)
    return [[(plot.x(y), plot.y(v)) for y, v in run] for run in runs]


def _line(
    plot: _Plot,
    years: Sequence[int],
    values: Sequence[float | None] | None,
    broken: Sequence[int],
    kind: str,
) -> str:
    """The runs of a line; a year that stands alone is a mark, for it makes no line."""
    return "".join(
        tag("path", d=path(points), class_=kind) if len(points) > 1 else _alone(*points[0], kind)
        for points in _lines(plot, years, values, broken)
    )


def _alone(x: float, y: float, kind: str) -> str:
    """One year of the peers is a tick and of the country a ring, as beside a single figure."""
    if kind == "peer-line":
        return tag("line", x1=x - 6, x2=x + 6, y1=y, y2=y, class_="peer")
    if kind == "land-line":
        return tag("circle", cx=x, cy=y, r=4, class_="land")
    return ""


def _own(
    plot: _Plot,
    years: Sequence[int],
    values: Sequence[float | None],
    broken: Sequence[int],
    newest: str,
    others: Sequence[_Points] = (),
    size: float = _SMALL,
) -> str:
    runs = _lines(plot, years, values, broken)
    if not runs:
        return ""
    dots = "".join(
        tag("circle", cx=x, cy=y, r=3 if len(run) > 1 else 5, class_="dot")
        for run in runs
        for x, y in run
        if (x, y) != runs[-1][-1]
    )
    gaps = [_around(plot, y) for y, v in zip(years, values, strict=True) if v is None]
    name = _name(plot, runs[-1][-1], newest, [*runs, *others], gaps, size)
    return _line(plot, years, values, broken, "line") + dots + name


def _name(
    plot: _Plot, at: tuple[float, float], words: str, lines: Sequence[_Points],
    gaps: Sequence[Box], size: float,
) -> str:  # fmt: skip
    """The newest figure in words: beside its dot, else above or below it, where no line passes and
    nothing is hatched; where all is, on a ground of its own."""
    x, y = at
    wide, tall, heights = text_width(words, size), size * 0.8, (y - 10, y + 11 + size * 0.8)
    centre = min(x, plot.box.right - wide / 2)
    spots = (
        (x + 9, y + 4, "start", Box(x + 8, y - size * 0.6, x + 9 + wide, y + size * 0.5)),
        *(
            (centre, base, "middle", Box(centre - wide / 2, base - tall, centre + wide / 2, base))
            for base in heights
        ),
        *((x + 6, base, "end", Box(x + 6 - wide, base - tall, x + 6, base)) for base in heights),
    )
    inside = Box(0, plot.box.top - size, plot.box.right + wide + 12, plot.box.bottom)
    steps = [(*a, *b) for line in lines for a, b in pairwise(line)]
    free = [
        s for s in spots
        if s[3].within(inside) and not any(passes(step, s[3]) for step in steps)
    ]  # fmt: skip
    clear = (s for s in free if not any(s[3].hits(gap) for gap in gaps))
    left, base, anchor, on = next(clear, (*free, spots[0])[0])
    label = text(left, base, words, text_anchor=anchor, class_="t-own t-halo")
    if any(on.hits(gap) for gap in gaps):  # or the hatching runs through the letters
        label = tag("rect", x=on.left, y=on.top, width=wide, height=size, class_="back") + label
    return tag("circle", cx=x, cy=y, r=5, class_="dot") + label


def spread_line(
    years: Sequence[int],
    values: Sequence[float | None],
    *,
    low: Sequence[float | None],
    high: Sequence[float | None],
    title: str,
    measure: str,
    fmt: Fmt,
    prefix: str,
    breaks: Iterable[int] = (),
    language: str = "nl",
    standalone: bool = False,
    note: str = "",
) -> str:
    """Differences between areas over the years, in one line with its 90 % interval as a band.

    ``measure`` says in words what the numbers are; at a year in ``breaks``, and at one between
    ``years`` that is not among them, line and band break.
    """
    values, low, high = _every(years, values, low, high)
    years = range(years[0], years[-1] + 1) if years else ()
    broken = sorted(b for b in breaks if years and years[0] < b <= years[-1])
    upright, box = axis(*extent([*values, *low, *high]), fmt), Box(2, 58, 478, 196)
    newest = _newest(fmt, upright, values)
    plot = _plot(years, upright, box, fmt, _NARROW, newest)
    body = [
        hatching(prefix),
        text(2, 18, measure, class_="t-soft"),
        _grid(plot, fmt),
        _years(plot, years, broken),
        "".join(_gap(plot, y, prefix) for y, v in zip(years, values, strict=True) if v is None),
        _breaks(plot, broken, language, _NARROW),
        tag(
            "g", _bands(plot, years, low, high, broken),
            _own(plot, years, values, broken, newest, size=_NARROW), class_="p-context",
        ),
    ]  # fmt: skip
    words = WORDS[language]
    told = "; ".join(
        f"{y}: {words['unknown']}"
        if v is None
        else describe(Mark(label=str(y), value=v, low=a, high=b), fmt, language)
        for y, v, a, b in zip(years, values, low, high, strict=True)
    )
    said = f"{measure}. {told or words['none']}"
    frame = Frame(
        title=title, desc=_with_signs(said, plot, broken, fmt, language), prefix=prefix,
        width=480, height=226, language=language, standalone=standalone, note=note,
        key=key("spread", language, prefix, "".join(body)),
    )  # fmt: skip
    return picture(frame, *body)


def _bands(
    plot: _Plot,
    years: Sequence[int],
    low: Sequence[float | None],
    high: Sequence[float | None],
    broken: Sequence[int],
) -> str:
    """The interval around each run of the line; around a year that stands alone, a bar."""
    under, over = _lines(plot, years, low, broken), _lines(plot, years, high, broken)
    parts = []
    for lower, upper in zip(under, over, strict=True):
        around = [*upper, *reversed(lower)]
        if len(lower) == 1:
            (x, y0), (_, y1) = around
            around = [(x - 5, y0), (x + 5, y0), (x + 5, y1), (x - 5, y1)]
        parts.append(tag("path", d=path(around, closed=True), class_="band"))
    return "".join(parts)


# --- level by trend ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """An indicator in the quadrant: ``level`` > 0 is better than the peers, ``trend`` > 0 gains.

    ``said``: what may be said of it in words, which its place may not; ``sure``: that it lies on
    this side and moves this way.
    """

    label: str
    level: float
    trend: float
    indicator: str = ""
    said: str = ""
    sure: bool = True
    perspective: str = "context"
    href: str = ""

    @property
    def told(self) -> str:
        return f"{self.label}: {self.said[:1].lower()}{self.said[1:]}" if self.said else self.label


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

    Shape and colour say the perspective, an open mark that side or direction is not sure.  Points
    carry numbers, in the order given, because names would lie on each other; a list beside the
    picture says what they are, and under one that stands alone with its title it is drawn.  On a
    page a point says its name to who points at it or walks there with the keyboard.
    """
    most = (
        max([2.0, *(abs(p.level) for p in points)]),
        max([0.05, *(abs(p.trend) for p in points)]),
    )
    spots = [(p, *_spot(p, most)) for p in points]
    body = [
        _field(language),
        _numbers(spots, most, (_WIDE,) if standalone else (_NARROW, _WIDE)),
        "".join(_shape(spot, named=not standalone) for spot in spots),
    ]
    told = "; ".join(p.told for p in points)
    frame = Frame(
        title=title, desc=told or WORDS[language]["none"], prefix=prefix, width=560, height=426,
        language=language, standalone=standalone, note=note,
        key=(*key("quadrant", language, prefix, "".join(body)), *_listed(points)),
    )  # fmt: skip
    return picture(frame, *body)


def _listed(points: Sequence[Point]) -> list[tuple[str, str]]:
    """Each number with its name."""
    return [
        (text(30, 15, str(n), text_anchor="end", font_size=12), p.label)
        for n, p in enumerate(points, 1)
    ]


def _weight(point: Point, most: tuple[float, float]) -> float:
    return -(abs(point.level) / most[0] + abs(point.trend) / most[1])


def _spot(point: Point, most: tuple[float, float]) -> tuple[float, float]:
    across, up = point.level / most[0], point.trend / most[1]
    middle_x, middle_y = (_SIDE.left + _SIDE.right) / 2, (_SIDE.top + _SIDE.bottom) / 2
    return (
        middle_x + across * 0.94 * (_SIDE.right - middle_x),
        middle_y - up * 0.86 * (middle_y - _SIDE.top),
    )


def _field(language: str) -> str:
    """The plane with its axes.  The ends of the axes have names, each beside its own axis; the
    corners have none, for those would say of every point in them what we know of a few."""
    words, box = WORDS[language], _SIDE
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    sides = tag("rect", x=x, y=box.top, width=box.right - x, height=y - box.top, class_="good")
    sides += tag("rect", x=box.left, y=y, width=x - box.left, height=box.bottom - y, class_="bad")
    axes = tag("line", x1=box.left, x2=box.right, y1=y, y2=y, class_="axis")
    axes += tag("line", x1=x, x2=x, y1=box.top, y2=box.bottom, class_="axis")
    ends = "".join(
        text(px, py, words[name], text_anchor=anchor, class_="t-soft")
        for name, px, py, anchor in (
            ("gets_better", x + 10, box.top + 18, "start"),
            ("gets_worse", x + 10, box.bottom - 8, "start"),
            ("now_worse", box.left, box.bottom + 20, "start"),
            ("now_better", box.right, box.bottom + 20, "end"),
        )
    )
    heads = "".join(
        tag("line", x1=x + side, y1=end + back, x2=x, y2=end, class_="axis")
        for end, back in ((box.top, 8), (box.bottom, -8))
        for side in (-5, 5)
    )
    return sides + axes + heads + ends


_Spot = tuple[Point, float, float]


def _shape(spot: _Spot, *, named: bool = False) -> str:
    """A point that leads to its figure; *named*: with its name for who looks at it."""
    point, x, y = spot
    label = ""
    if named:
        half = text_width(point.label, 20) / 2
        middle = min(max(x, half + 2), 558 - half)
        label = text(middle, y - 12, point.label, text_anchor="middle", class_="t-halo named")
    kind = "dot" if point.sure else OPEN
    return link(point.href, shape(point.perspective, x, y, point.told, kind=kind), label)


def _numbers(spots: Sequence[_Spot], most: tuple[float, float], sizes: tuple[float, ...]) -> str:
    """The numbers, the farthest from the middle with the first choice of a place."""
    taken = [Box(x - 8, y - 8, x + 8, y + 8) for _, x, y in spots] + _axes_taken()
    room = replace(_SIDE, left=2, right=558)
    numbered = sorted(enumerate(spots, 1), key=lambda one: _weight(one[1][0], most))
    labels = [(str(n), x, y) for n, (_, x, y) in numbered]
    found = place(labels, bounds=room, taken=taken, gap=11, far=_FAR, sizes=sizes)
    return "".join(_number_of(at, labels[at.index]) for at in found)


def _number_of(at: Place, label: tuple[str, float, float]) -> str:
    """A number, with a line to its point where it stands far from that."""
    words, x, y = label
    kind = "t-halo" if at.narrow else "t-halo only-wide"
    said = text(at.x, at.y, words, text_anchor=at.anchor, class_=kind)
    apart = max(abs(at.x - x), abs(at.y - y - 5)) > 22
    wide = "leader" if at.narrow else "leader only-wide"
    to = at.y + 3 if at.y < y else at.y - 12
    end = (at.x, to) if at.anchor == "middle" else (at.x, at.y - 4)
    return (tag("line", x1=x, y1=y, x2=end[0], y2=end[1], class_=wide) if apart else "") + said


def _axes_taken() -> list[Box]:
    """The axes, and the words at the ends of the upright one."""
    box, x, y = _SIDE, (_SIDE.left + _SIDE.right) / 2, (_SIDE.top + _SIDE.bottom) / 2
    ends = (replace(box, left=x, bottom=box.top + 24), replace(box, left=x, top=box.bottom - 26))
    return [*ends, replace(box, left=x - 1, right=x + 1), replace(box, top=y - 1, bottom=y + 1)]
