# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The thread as a picture: columns of boxes, and lines from what something rests on to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from wijkeconomie.web.drawing import (
    Frame,
    link,
    number,
    picture,
    shorten,
    tag,
    text,
    text_width,
    written,
)

_BOX, _GAP, _HEAD, _AIR = 208.0, 56.0, 30.0, 10.0
_LETTERS, _LINE, _INSIDE = 13.0, 16.0, 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box with words, in at most *lines* lines, that leads to *href*."""

    key: str
    words: str
    href: str = ""
    perspective: str = "context"
    lines: int = 2


@dataclass(frozen=True, slots=True)
class Line:
    """From one box to another; ``contrary``: the one speaks against the other."""

    start: str
    end: str
    perspective: str = "context"
    contrary: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    x: float
    y: float
    deep: float

    @property
    def middle(self) -> float:
        return self.y + self.deep / 2


def flow(
    columns: Sequence[tuple[str, Sequence[Node]]], lines: Sequence[Line], *, title: str, desc: str,
    prefix: str, language: str = "nl", standalone: bool = False,
) -> str:  # fmt: skip
    """Boxes in *columns* (name, boxes) with *lines* between them.

    Boxes keep the order in which they come where nothing binds them; else each stands near what it
    is bound to in the next column, so that lines cross little.
    """
    ordered = _ordered([nodes for _name, nodes in columns], lines)
    height = _HEAD + max((_deep(nodes) for nodes in ordered), default=0.0)
    places = {
        key: place
        for column, nodes in enumerate(ordered)
        for key, place in _stacked(column, nodes, height)
    }
    heads = (
        text(column * (_BOX + _GAP), 16, name, class_="t-strong")
        for column, (name, _nodes) in enumerate(columns)
    )
    frame = Frame(
        title=title, desc=desc, prefix=prefix, width=len(columns) * (_BOX + _GAP) - _GAP,
        height=height, language=language, standalone=standalone,
    )  # fmt: skip
    free = _free(places.values())
    drawn = (_line(line, places, free) for line in lines if {line.start, line.end} <= places.keys())
    boxes = (_box(node, places[node.key]) for nodes in ordered for node in nodes)
    return picture(frame, *heads, *drawn, *boxes)


def _ordered(columns: Sequence[Sequence[Node]], lines: Iterable[Line]) -> list[list[Node]]:
    """Each column in the order of the mean place of its neighbours on the right, from the right
    (Sugiyama, Tagawa and Toda 1981, the barycentre method, in one pass)."""
    after: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        after[line.start].append(line.end)
    order: dict[str, float] = {}
    made: list[list[Node]] = []
    for nodes in reversed(columns):
        mean = {
            node.key: sum(there) / len(there)
            for node in nodes
            if (there := [order[end] for end in after[node.key] if end in order])
        }
        kept = sorted(nodes, key=lambda node, mean=mean: mean.get(node.key, float("inf")))  # type: ignore[misc]
        order |= {node.key: (place + 0.5) / len(kept) for place, node in enumerate(kept)}
        made.insert(0, kept)
    return made


def _tall(node: Node) -> float:
    return node.lines * _LINE + _INSIDE


def _deep(nodes: Sequence[Node]) -> float:
    return sum(_tall(node) + _AIR for node in nodes)


def _stacked(column: int, nodes: Sequence[Node], height: float) -> Iterable[tuple[str, _Place]]:
    """Spread over the height, with as much air between any two."""
    air = (height - _HEAD - _deep(nodes)) / (len(nodes) or 1)
    y = _HEAD + air / 2
    for node in nodes:
        yield node.key, _Place(column * (_BOX + _GAP), y, _tall(node))
        y += _tall(node) + _AIR + air


def _free(places: Iterable[_Place]) -> dict[float, list[tuple[float, float]]]:
    """Of each column by its left side, the room above, between and below its boxes: from and to."""
    columns: dict[float, list[_Place]] = defaultdict(list)
    for place in sorted(places, key=lambda place: place.y):
        columns[place.x].append(place)
    ends = {
        x: [-inf, *(y for box in boxes for y in (box.y, box.y + box.deep)), inf]
        for x, boxes in columns.items()
    }
    return {
        x: [(top + _AIR / 2, end - _AIR / 2) for top, end in zip(ys[::2], ys[1::2], strict=True)]
        for x, ys in ends.items()
    }


def _level(straight: float, free: Iterable[tuple[float, float]]) -> float:
    """The height nearest to *straight* where there is room."""
    levels = (min(max(straight, top), end) for top, end in free)
    return min(levels, key=lambda level: abs(level - straight))


def _line(
    line: Line, places: dict[str, _Place], free: dict[float, list[tuple[float, float]]]
) -> str:
    """Between the boxes of a column that it passes: behind one it would seem to end there."""
    start, end = places[line.start], places[line.end]
    x, y = start.x + _BOX, start.middle
    slope = (end.middle - y) / (end.x - x)
    path = f"M{number(x)},{number(y)}"
    for at in (*sorted(one for one in free if start.x < one < end.x), end.x):
        bend, level = (at - x) / 2, end.middle
        if at < end.x:
            straight = start.middle + slope * (at + _BOX / 2 - start.x - _BOX)
            level = _level(straight, free[at])
        a, b, c, d, e, f = map(number, (x + bend, y, at - bend, level, at, level))
        path += f"C{a},{b} {c},{d} {e},{f}"
        x, y = at + _BOX, level
        if at < end.x:
            path += f"H{number(x)}"
    drawn = tag("path", d=path, class_="strand contrary" if line.contrary else "strand")
    return tag("g", drawn, class_=f"p-{line.perspective}")


def _box(node: Node, place: _Place) -> str:
    words = [
        text(place.x + _INSIDE, place.y + _LINE * (row + 1) + 1, said)
        for row, said in enumerate(_wrapped(node.words, node.lines))
    ]
    edge = tag("rect", x=place.x, y=place.y, width=_BOX, height=place.deep, rx=4.0, class_="node")
    inside = link(node.href, tag("title", written(node.words)), edge, *words)
    return tag("g", inside, class_=f"p-{node.perspective}")


def _wrapped(words: str, most: int) -> list[str]:
    """In at most *most* lines; what does not fit ends in an ellipsis."""
    room, lines = _BOX - 2 * _INSIDE, [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, _LETTERS) <= room or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            return [*lines[:-1], shorten(f"{lines[-1]} {word}…", room, _LETTERS)]
    return [shorten(line, room, _LETTERS) for line in lines]
