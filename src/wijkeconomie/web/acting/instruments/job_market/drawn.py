# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The floor plan of a job market: the hall, and the number of each stand where it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.context import language
from wijkeconomie.web.drawing import Frame, link, picture, tag, text

_WIDTH, _HEIGHT, _EDGE, _DOT = 480.0, 320.0, 24.0, 14.0


def drawn(stands: Iterable[Listing], marked: Collection[UUID] = (), *, linked: bool = True) -> str:
    """The picture; "" where there is no stand.  *marked*: those of somebody's own day; *linked*:
    each leads to its row (``#s12``)."""
    rows = list(stands)
    if not rows:
        return ""
    frame = Frame(
        title=_("Where the stands are"), prefix="plattegrond", width=_WIDTH, height=_HEIGHT,
        desc=_("The same is in the table: each stand with its number."), language=language(),
    )  # fmt: skip
    hall = tag("rect", x=2, y=2, width=_WIDTH - 4, height=_HEIGHT - 4, rx=4, class_="land")
    return picture(frame, hall, *(_stand(one, one.pk in marked, linked=linked) for one in rows))


def _stand(one: Listing, mine: bool, *, linked: bool) -> str:  # noqa: FBT001 -- of this module
    x = _EDGE + one.more["x"] / 100 * (_WIDTH - 2 * _EDGE)
    y = _EDGE + one.more["y"] / 100 * (_HEIGHT - 2 * _EDGE)
    number = one.more["number"]
    dot = tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=_DOT,
              class_="here p-work" if mine else "open p-work")  # fmt: skip
    ring = tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=_DOT + 4, class_="peer") if mine else ""
    word = text(f"{x:.1f}", y + 4.5, str(number), text_anchor="middle", class_="t-strong")
    return link(f"#s{number}", dot, ring, word) if linked else f"{dot}{ring}{word}"
