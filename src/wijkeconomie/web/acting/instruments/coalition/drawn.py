# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who works with whom, as a picture: partners in a circle, a line between who do something
together."""

from __future__ import annotations

import math

from django.utils.translation import gettext as _

from wijkeconomie.web import drawing
from wijkeconomie.web.acting.instruments.coalition import Together
from wijkeconomie.web.context import language

MOST = 30  # partners in a circle that can still be read
_WIDTH, _HEIGHT, _RING, _SIZE = 640.0, 420.0, 150.0, 13.0
_MIDDLE, _SHORT = 0.3, 26  # of who stands above or under the middle, and lines of a label


def picture(found: Together) -> str:
    """The drawing; "" where there is nobody to draw, or too many."""
    keys = list(found.names)
    if not found.ties or len(keys) > MOST:
        return ""
    at = {key: _at(number, len(keys)) for number, key in enumerate(keys)}
    lines = [
        drawing.tag("line", x1=at[one.one][0], y1=at[one.one][1], x2=at[one.other][0],
                    y2=at[one.other][1], class_="strand" + ("" if one.together else " contrary"))
        for one in found.ties
    ]  # fmt: skip
    return drawing.picture(
        drawing.Frame(
            title=_("Who works with whom"), prefix="samen", width=_WIDTH, height=_HEIGHT,
            desc=_("An unbroken line: they do something together. A broken one: they were at the "
                   "same meeting. The table under it says the same."), language=language(),
        ), *lines, *(_node(found.names[key], *at[key]) for key in keys),
    )  # fmt: skip


def _at(number: int, of: int) -> tuple[float, float]:
    turn = 2 * math.pi * number / of - math.pi / 2
    return _WIDTH / 2 + _RING * math.cos(turn), _HEIGHT / 2 + _RING * math.sin(turn)


def _node(name: str, x: float, y: float) -> str:
    side = (x - _WIDTH / 2) / _RING
    anchor = "middle" if abs(side) < _MIDDLE else "start" if side > 0 else "end"
    room = _WIDTH - x - 14 if anchor == "start" else x - 14 if anchor == "end" else _WIDTH / 2
    below = 5.0 if anchor != "middle" else -12.0 if y < _HEIGHT / 2 else _SHORT - 4
    beside = {"start": 12.0, "end": -12.0}.get(anchor, 0.0)
    label = drawing.shorten(name, room, _SIZE)
    return drawing.tag("circle", cx=x, cy=y, r=7, class_="node") + drawing.text(
        x + beside, y + below, label, text_anchor=anchor)  # fmt: skip
