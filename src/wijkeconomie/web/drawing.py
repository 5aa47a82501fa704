# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How every picture is drawn: elements, colours, labels that do not collide, round steps.

A picture in a page carries classes and takes its colours from ``charts.css``, so it follows light,
dark and paper.  A picture that stands alone (a download, the PDF) has the same rules written as
attributes: :data:`PAINT`.  No ``style`` attribute or element, so the strictest CSP holds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from itertools import islice
from xml.etree import ElementTree as ET

from wijkeconomie.figures.missing import Status
from wijkeconomie.insight import wording

FONT = "'Source Sans 3', 'Segoe UI', sans-serif"
INK, SOFT, LINE, STRONG, PAPER = "#18212a", "#566572", "#c3cdd5", "#566572", "#ffffff"
PERSPECTIVE = {
    "entrepreneurship": "#973d06",
    "space": "#0c795f",
    "work": "#1f3fbf",
    "cohesion": "#7d1a7d",
    "context": "#566472",
}
STEPS = {  # behind to ahead, then without a middle; the light values of tokens.css
    "b3": "#a34f00", "b2": "#d98324", "b1": "#f6c88f", "m0": "#eef0f1",
    "a1": "#b3d2ea", "a2": "#5f9fd3", "a3": "#1a5f9e",
    "s1": "#e1edf6", "s2": "#b2d1e9", "s3": "#77aed7", "s4": "#3a82ba", "s5": "#124f83",
}  # fmt: skip
PAINT: dict[str, dict[str, str]] = {
    "t-soft": {"fill": SOFT},
    "t-strong": {"font-weight": "700"},
    "t-own": {"fill": "currentColor", "font-weight": "700"},
    "map-label": {"font-size": "12"},
    "back": {"fill": PAPER, "fill-opacity": "0.75"},
    "grid": {"stroke": LINE, "stroke-width": "1"},
    "axis": {"stroke": STRONG, "stroke-width": "1"},
    "track": {"fill": "#edf1f4"},
    "spread": {"fill": LINE},
    "bar": {"fill": "currentColor", "fill-opacity": "0.32"},
    "part": {"fill": "currentColor"},
    "node": {"fill": PAPER, "stroke": "currentColor", "stroke-width": "1.5"},
    "strand": {"stroke": "currentColor", "stroke-width": "1.5", "fill": "none"},
    "contrary": {"stroke-dasharray": "5 4"},
    "dot": {"fill": "currentColor", "stroke": PAPER, "stroke-width": "1.5"},
    "open": {"fill": PAPER, "stroke": "currentColor", "stroke-width": "2"},
    "peer": {"stroke": INK, "stroke-width": "3", "fill": "none"},
    "peer-line": {
        "stroke": INK, "stroke-width": "1.75", "stroke-dasharray": "5 3", "fill": "none",
    },
    "land": {"fill": PAPER, "stroke": INK, "stroke-width": "1.75"},
    "land-line": {
        "stroke": SOFT, "stroke-width": "1.5", "stroke-dasharray": "1 3",
        "stroke-linecap": "round", "fill": "none",
    },
    "line": {
        "stroke": "currentColor", "stroke-width": "2.5", "fill": "none",
        "stroke-linejoin": "round", "stroke-linecap": "round",
    },
    "band": {"fill": "currentColor", "fill-opacity": "0.18"},
    "break": {"stroke": SOFT, "stroke-width": "1.25", "stroke-dasharray": "3 3"},
    "hatch": {"stroke": SOFT, "stroke-width": "1.25"},
    "unknown": {"stroke": STRONG, "stroke-width": "0.75"},
    "here": {"fill": "#e4eff8"},
    "good": {"fill": "#f3f8fc"},
    "bad": {"fill": "#fff7ee"},
    "leader": {"stroke": SOFT, "stroke-width": "0.75"},
    "shore": {"stroke": STRONG, "stroke-width": "2", "stroke-linejoin": "round", "fill": "none"},
    "area": {"stroke": PAPER, "stroke-width": "0.75", "stroke-linejoin": "round"},
    "area-current": {"stroke": INK, "stroke-width": "2.5", "fill": "none"},
    **{name: {"fill": colour} for name, colour in STEPS.items()},
    **{f"p-{name}": {"color": colour} for name, colour in PERSPECTIVE.items()},
}  # fmt: skip
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile(_FORBIDDEN.pattern[:-1] + "&<>]")  # most words have none
_SVG = "http://www.w3.org/2000/svg"
_ACROSS = ("x", "x1", "x2", "cx", "width", "dx")
_CLASS = re.compile(r' class="([\w -]+)"')


def reason(status: Status | None, language: str) -> str:
    """Why there is no figure, in a few words: ``geheim of te onzeker``; None: nobody loaded it."""
    return wording.reason(status, "en" if language == "en" else "nl")


def number(value: float) -> str:
    """A coordinate: one decimal, no trailing zero."""
    rounded = f"{value:.1f}".removesuffix(".0")
    return "0" if rounded == "-0" else rounded


def tag(name: str, *children: str, **attributes: float | str | None) -> str:
    """An element; children are markup already, attribute values are escaped.

    ``class_`` and ``stroke_width`` become ``class`` and ``stroke-width``; None leaves one out.
    """
    listed = "".join(
        f' {_spelled(key)}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    inner = "".join(children)
    return f"<{name}{listed}>{inner}</{name}>" if inner else f"<{name}{listed}/>"


@cache
def _spelled(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _attribute(value: float | str) -> str:
    return written(value).replace('"', "&quot;") if isinstance(value, str) else number(value)


def written(words: str) -> str:
    """Words as they may stand in XML: escaped, without characters that XML forbids."""
    if _SPECIAL.search(words) is None:
        return words
    return escape(_FORBIDDEN.sub("", words), quote=False)


def text(x: float | str, y: float, words: str, **attributes: float | str | None) -> str:
    """Words at a place; text stays text, so it can be found, copied and read aloud."""
    return tag("text", written(words), x=x, y=y, **attributes)


def link(href: str, *children: str) -> str:
    """The children, inside a link when there is somewhere to go."""
    return tag("a", *children, href=href) if href else "".join(children)


def hatching(prefix: str) -> str:
    """The pattern that means: unknown."""
    stroke = tag("path", d="M-1,1l2,-2M0,6l6,-6M5,7l2,-2", class_="hatch")
    pattern = tag(
        "pattern",
        stroke,
        id=f"{prefix}-h",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    return tag("defs", pattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all pictures share.

    ``prefix`` makes ids unique on a page.  ``shape``: in a ``fluid`` picture horizontal places are
    percentages, so letters keep their size at any width; a ``scaled`` one follows its viewBox and
    gets bigger letters on a narrow page; a ``small`` one is made for a narrow place.  With a
    ``note`` (a source line) a picture that stands alone has its title above it, and ``key`` (marks
    of 32 by 20 with their words) and note under it.
    """

    title: str
    desc: str
    prefix: str
    width: float
    height: float
    language: str = "nl"
    shape: str = "scaled"
    standalone: bool = False
    note: str = ""
    key: tuple[tuple[str, str], ...] = ()


def picture(frame: Frame, *body: str) -> str:
    """The ``<svg>`` with title, description and role; painted when it stands alone.

    A picture with links inside is a group: role ``img`` would hide them from a screen reader.
    """
    inner = "".join(body)
    names = (
        tag("title", written(frame.title), id=f"{frame.prefix}-t"),
        tag("desc", written(frame.desc), id=f"{frame.prefix}-d"),
    )
    said: dict[str, float | str | None] = {
        "role": "group" if "<a " in inner else "img",
        "aria_labelledby": f"{frame.prefix}-t {frame.prefix}-d",
        "lang": frame.language,
    }
    if frame.standalone:
        return _alone(frame, said, names, inner)
    size: dict[str, float | str | None] = (
        {"class_": "wc wc-fluid", "width": "100%", "height": frame.height}
        if frame.shape == "fluid"
        else {
            "class_": f"wc wc-{frame.shape}",
            "viewBox": f"0 0 {frame.width:g} {frame.height:g}",
        }
    )
    return tag("svg", *names, inner, **size, **said)


def _alone(
    frame: Frame, said: dict[str, float | str | None], names: Iterable[str], inner: str
) -> str:
    shown, width, height = _with_title(frame, inner) if frame.note else _bare(frame, inner)
    size = 14 if frame.shape == "fluid" else 13
    dress = tag("g", shown, font_family=FONT, font_size=size, fill=INK, color=SOFT)
    root = tag(
        "svg", *names, dress,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:g} {height:g}",
        width=width, height=height, **said,
    )  # fmt: skip
    return _CLASS.sub(_painted, root)


def _bare(frame: Frame, inner: str) -> tuple[str, float, float]:
    return tag("svg", inner, width=frame.width, height=frame.height), frame.width, frame.height


def _with_title(frame: Frame, inner: str) -> tuple[str, float, float]:
    margin = 12.0
    titled = _lines(frame.title, frame.width, 16)  # a bold letter is wider
    noted = _lines(frame.note, frame.width, 11)
    top = 14.0 + 20 * len(titled)
    foot = top + frame.height + 8
    keys, deep = _keys(frame.key, margin, foot, frame.width)
    width, height = frame.width + 2 * margin, foot + deep + 13 + 15 * len(noted)
    parts = (
        tag("rect", width=width, height=height, fill=PAPER),
        *(
            text(margin, 22 + 20 * n, line, font_size=15, font_weight="700")
            for n, line in enumerate(titled)
        ),
        tag("svg", inner, x=margin, y=top, width=frame.width, height=frame.height),
        keys,
        *(
            text(margin, foot + deep + 16 + 15 * n, line, font_size=11, class_="t-soft")
            for n, line in enumerate(noted)
        ),
    )
    return "".join(parts), width, height


def _lines(words: str, room: float, size: float) -> list[str]:
    """Words in lines that fit in any font; a word that is too long stands alone."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, _ANY_FONT) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _keys(
    key: Iterable[tuple[str, str]], left: float, top: float, width: float
) -> tuple[str, float]:
    """The marks with their words in rows, and how deep they reach."""
    parts: list[str] = []
    x, y = 0.0, 0.0
    for mark, words in key:
        need = 36 + text_width(words, 12, _ANY_FONT) + 16
        if x and x + need > width:
            x, y = 0.0, y + 22
        said = text(36, 15, words, font_size=12, class_="t-soft")
        parts.append(tag("g", mark, said, transform=f"translate({left + x:g} {top + y:g})"))
        x += need
    return "".join(parts), y + 22 if parts else 0.0


def _painted(found: re.Match[str]) -> str:
    rules: dict[str, str] = {}
    for name in found[1].split():
        rules |= PAINT.get(name, {})
    return "".join(f' {key}="{value}"' for key, value in rules.items())


def path(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    """The ``d`` of a line through the points, in steps from the one before: that is shorter.

    Steps are taken between rounded places, so rounding does not add up.
    """
    (x, y), *rest = [(round(10 * x), round(10 * y)) for x, y in points]
    steps = [f"M{x / 10:g},{y / 10:g}l"]
    for to_x, to_y in rest:
        if (to_x, to_y) != (x, y):
            steps.append(f"{(to_x - x) / 10:g},{(to_y - y) / 10:g} ")
            x, y = to_x, to_y
    return "".join(steps).rstrip(" l") + ("Z" if closed else "")


@dataclass(frozen=True, slots=True)
class Axis:
    """Its ends, and the round numbers on it that are printed."""

    low: float
    high: float
    ticks: tuple[float, ...]


def axis(low: float, high: float, fmt: Callable[[float], str], count: int = 3) -> Axis:
    """About *count* round numbers (steps of 1, 2, 2.5 or 5 × 10ⁿ) within [low, high], of which
    *fmt* prints no two alike and none rounded.

    Ends that hold fewer than two of them make way for the nearest two.
    """
    step = _step((high - low) / count, finest(fmt))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    if last <= first:
        first = math.floor(low / step)
        last = max(math.ceil(high / step), first + 1)
        low, high = first * step, last * step
    return Axis(low, high, tuple(round(n * step, 10) for n in range(first, last + 1)))


def _step(rough: float, finest: float) -> float:
    """The first round step from *rough* on that is a whole number of times the *finest*."""
    least = max(rough, finest)
    power = 10.0 ** math.floor(math.log10(least) + 1e-9)
    steps = (s * power for s in (1, 2, 2.5, 5, 10))
    return next(
        s for s in steps
        if s >= least * 0.999 and math.isclose(s / finest, round(s / finest), rel_tol=1e-9)
    )  # fmt: skip


def finest(fmt: Callable[[float], str]) -> float:
    """The smallest power of ten that shows in what *fmt* prints."""
    nothing = fmt(0.0)
    powers = (10.0**n for n in range(-6, 7))
    return next(power for power in powers if fmt(power) != nothing)


def extent(
    values: Iterable[float | None], *, pad: float = 0.08, least: float = 0.0
) -> tuple[float, float]:
    """Lowest and highest with some air; from zero when zero is near or the values are few.  At
    *least* so far apart, or a trifle would fill the picture."""
    known = [v for v in values if v is not None and math.isfinite(v)]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    lack = max(least - (high - low), 0.0) / 2
    low, high = max(low - lack, min(low, 0.0)), high + lack
    air = (high - low) * pad or abs(high) * 0.1 or 1.0
    if 0 <= low < 0.6 * high:
        return 0.0, high + air
    return low - air, high + air


_NARROW, _WIDE = frozenset("iljtfrI.,:;'|()[] "), frozenset("mwMWQOGCDHNAUV%@")


_OWN_FONT = (0.31, 0.53, 0.72)  # of a size: narrow letters, most, wide ones; Source Sans
_ANY_FONT = (0.42, 0.7, 1.0)  # DejaVu Sans and Verdana, the widest that stand in for it


@lru_cache(maxsize=4096)
def text_width(words: str, size: float, font: tuple[float, float, float] = _OWN_FONT) -> float:
    """Width of *words* at *size*, on the safe side: other scripts come from wider letters of the
    reader's own.  A file that is opened alone has whatever font the machine has."""
    narrow, most, wide = font
    return size * sum(
        narrow if c in _NARROW else wide if c in _WIDE or "\u024f" < c < "\u2000" else most
        for c in words
    )


def shorten(words: str, room: float, size: float) -> str:
    """*words*, cut with an ellipsis where they would not fit in *room*."""
    if text_width(words, size) <= room:
        return words
    while words and text_width(words + "…", size) > room:
        words = words[:-1]
    return words.rstrip() + "…"


def folded(words: str, room: float, size: float) -> tuple[str, ...]:
    """*words* over as many lines as fit in *room*; a single word that does not is cut."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(shorten(word, room, size))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that something already occupies."""

    left: float
    top: float
    right: float
    bottom: float

    def hits(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, x: float, y: float) -> bool:
        return self.left < x < self.right and self.top < y < self.bottom

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def within(self, other: Box) -> bool:
        return (
            self.left >= other.left
            and self.top >= other.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )


_TURNS = tuple(math.radians(d) for d in (
    0, 180, 270, 90, 315, 225, 45, 135, 337.5, 202.5, 22.5, 157.5, 292.5, 247.5, 67.5, 112.5,
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a label goes; ``narrow``: it has room at the bigger letters of a narrow page too."""

    index: int
    x: float
    y: float
    anchor: str
    narrow: bool


def place(
    labels: Sequence[tuple[str, float, float]],
    *,
    bounds: Box,
    taken: Sequence[Box],
    gap: float,
    sizes: tuple[float, ...],
    far: Sequence[float] = (),
) -> list[Place]:
    """Greedy label placing: the first label gets the best place; who has no room gets none.

    *labels* are (words, x, y) in order of weight, *sizes* the letters on a narrow and a wide page.
    Who has no room at the *gap* from its point, may stand *far* from it (the nearest first), with
    a line between that crosses nothing as long as there is such a place.
    Labels that fit on a narrow page come first, because on a wide page they fit as well.
    """
    placed: dict[int, Place] = {}
    lines: dict[int, _Line] = {}
    for size in sizes:
        there = (_box(labels[p.index][0], p.x, p.y, p.anchor, size) for p in placed.values())
        occupied = [*taken, *there]
        for index, (words, x, y) in enumerate(labels):
            if index in placed:
                continue
            boxes = (
                (at, _box(words, *at, size)) for r in (gap, *far) for at in _around(x, y, r, size)
            )
            free = (
                (at, box) for at, box in boxes
                if box.within(bounds) and not any(box.hits(other) for other in occupied)
            )  # fmt: skip
            if (best := _clearest(x, y, free, occupied, lines.values())) is not None:
                placed[index] = Place(index, *best[0], size == sizes[0])
                lines[index] = (x, y, *best[1].middle)
                occupied.append(best[1])
    return [placed[index] for index in sorted(placed)]


_LOOKED = 40  # places that are looked at for one label before a line crosses another
_Spot = tuple[tuple[float, float, str], Box]
_Line = tuple[float, float, float, float]


def _clearest(
    x: float, y: float, free: Iterable[_Spot], taken: Sequence[Box], lines: Iterable[_Line]
) -> _Spot | None:
    """The first of the nearest places that lies on no line and whose own line from the point
    crosses nothing, else the first place."""
    first = None
    for spot in islice(free, _LOOKED):
        line = (x, y, *spot[1].middle)
        if not (
            any(passes(line, box) for box in taken if not box.holds(x, y))
            or any(passes(other, spot[1]) or _cross(line, other) for other in lines)
        ):
            return spot
        first = first or spot
    return first


def passes(line: _Line, box: Box) -> bool:
    """Does a line go through a box?  Looked at two dozen places on it."""
    x, y, to_x, to_y = line
    around = Box(min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
    return around.hits(box) and any(
        box.holds(x + (to_x - x) * n / 24, y + (to_y - y) * n / 24) for n in range(25)
    )


def _cross(one: _Line, other: _Line) -> bool:
    def sides(line: _Line, ends: _Line) -> bool:
        x, y, to_x, to_y = line
        a, b = (
            (to_x - x) * (end_y - y) - (to_y - y) * (end_x - x)
            for end_x, end_y in (ends[:2], ends[2:])
        )
        return a * b < 0

    return sides(one, other) and sides(other, one)


def _around(x: float, y: float, gap: float, size: float) -> Iterable[tuple[float, float, str]]:
    """Places for words beside a point: right and left, above and below, and twelve between."""
    if not gap:
        yield (x, y + size * 0.35, "middle")
    for turn in _TURNS if gap else ():
        right, down = math.cos(turn), math.sin(turn)
        anchor = "start" if right > 0.2 else "end" if right < -0.2 else "middle"
        yield (x + gap * right, y + gap * down + size * 0.35 * (1 + down), anchor)


def _box(words: str, x: float, y: float, anchor: str, size: float) -> Box:
    wide = text_width(words, size)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return Box(left - 2, y - size * 0.8, left + wide + 2, y + size * 0.25)


# --- for print ---


def flat(svg: str, prefix: str) -> tuple[str, str]:
    """The same picture for readers that know less than a browser (print engine, word processor),
    and its title.

    They do not resolve ``currentColor`` that is inherited, percentages inside a nested ``<svg>``,
    nor links to pages of the site: those are written out, with ids of its own.
    """
    ET.register_namespace("", _SVG)
    root = ET.fromstring(svg)  # noqa: S314 -- our own drawing
    if not root.tag.startswith("{"):
        raise ValueError("a picture that stands alone names its namespace")
    _written_out(root, "#000000", float(root.get("width", "0")))
    _unlinked(root)
    _renamed(root, prefix)
    root.set("role", "img")
    title = root.findtext(f"{{{_SVG}}}title") or ""
    return ET.tostring(root, encoding="unicode"), title


def _renamed(root: ET.Element, prefix: str) -> None:
    """Ids, and what points to them: url(#…) and aria-labelledby."""
    for node in root.iter():
        for key, value in node.attrib.items():
            if key == "id":
                node.set(key, f"{prefix}-{value}")
            elif key == "aria-labelledby":
                node.set(key, " ".join(f"{prefix}-{name}" for name in value.split()))
            elif value.startswith("url(#"):
                node.set(key, f"url(#{prefix}-{value[5:]}")


def _written_out(node: ET.Element, colour: str, width: float) -> None:
    colour = node.attrib.pop("color", colour)
    for key in ("fill", "stroke"):
        if node.get(key) == "currentColor":
            node.set(key, colour)
    for key in _ACROSS:
        if (value := node.get(key, "")).endswith("%"):
            node.set(key, f"{float(value[:-1]) * width / 100:.2f}")
    for child in node:
        _written_out(child, colour, _width_inside(child, width))
        if child.tag == f"{{{_SVG}}}svg":
            _as_group(child)


def _width_inside(node: ET.Element, width: float) -> float:
    own = node.get("width", "") if node.tag == f"{{{_SVG}}}svg" else ""
    return float(own) if own and not own.endswith("%") else width


def _as_group(nested: ET.Element) -> None:
    """A nested picture without a viewBox only moves what is in it."""
    x, y = nested.attrib.pop("x", "0"), nested.attrib.pop("y", "0")
    if nested.get("viewBox") is None:
        nested.tag = f"{{{_SVG}}}g"
        nested.attrib.pop("width", None)
        nested.attrib.pop("height", None)
    if (x, y) != ("0", "0"):
        nested.set("transform", f"translate({x} {y})")


def _unlinked(root: ET.Element) -> None:
    for node in root.iter(f"{{{_SVG}}}a"):
        node.tag = f"{{{_SVG}}}g"
        node.attrib.clear()
