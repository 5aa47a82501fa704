# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Level by trend, beside the peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wijkeconomie.web.charts.legend import key
from wijkeconomie.web.charts.mark import WORDS, shape
from wijkeconomie.web.drawing import Box, Frame, link, picture, place, tag, text

_SIDE = Box(8, 30, 552, 400)


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
