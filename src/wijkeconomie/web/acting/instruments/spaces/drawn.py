# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the spaces of a register lie: the outline of the neighbourhood and a number for each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wijkeconomie.web import maps
from wijkeconomie.web.acting.models import Listing
from wijkeconomie.web.context import current_release, language
from wijkeconomie.web.drawing import Frame, link, path, picture, tag, text

_WIDTH, _EDGE, _DOT = 480.0, 14.0, 11.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """Degrees to places in a picture, on a map that is right at this latitude."""

    west: float
    north: float
    flat: float
    scale: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where it lies."""
        x = _EDGE + (lon - self.west) * self.flat * self.scale
        return x, _EDGE + (self.north - lat) * self.scale


def drawn(register: Listing, units: Sequence[Listing]) -> str:
    """The picture; "" where no space has a place on the map or the area no outline."""
    spots = [(number, one.place.lon, one.place.lat) for number, one in enumerate(units, start=1)
             if one.place and one.place.lon is not None and one.place.lat is not None]  # fmt: skip
    level = "wijk" if register.area.startswith("WK") else "buurt"
    outlines = current_release().outlines(level, register.municipality_id)
    areas = [one for one in maps.shapes(outlines) if one.code == register.area]
    if not spots or not areas:
        return ""
    west, south, east, north = maps.bounds(areas)
    west, east = min(west, *(s[1] for s in spots)), max(east, *(s[1] for s in spots))
    south, north = min(south, *(s[2] for s in spots)), max(north, *(s[2] for s in spots))
    flat = math.cos(math.radians((south + north) / 2))
    scale = (_WIDTH - 2 * _EDGE) / max((east - west) * flat, 1e-9)
    to = Flat(west=west, north=north, flat=flat, scale=scale)
    land = tag("path", d=_outline(areas[0], to), class_="track shore", fill_rule="evenodd")
    frame = Frame(
        title=_("Where the spaces are"), prefix="ruimtes", width=_WIDTH, language=language(),
        desc=_("Numbers on the map are those of the spaces below it."),
        height=(north - south) * scale + 2 * _EDGE,
    )  # fmt: skip
    return picture(frame, land, *(_spot(number, *to.at(lon, lat)) for number, lon, lat in spots))


def _spot(number: int, x: float, y: float) -> str:
    dot = tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=_DOT, class_="open p-space")
    return link(f"#r{number}", dot, text(f"{x:.1f}", y + 4.5, str(number), text_anchor="middle",
                                         class_="t-strong"))  # fmt: skip


def _outline(area: maps.Shape, to: Flat) -> str:
    import shapely  # noqa: PLC0415 -- heavy

    rings = shapely.get_rings(shapely.get_parts(shapely.from_wkb(area.wkb)))
    return "".join(path([to.at(x, y) for x, y in shapely.get_coordinates(ring)[:-1]], closed=True)
                   for ring in rings)  # fmt: skip
