# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pictures of pages as files of their own: the same drawing, with its styles inside."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.refusal import Language, Refusal, WrongUse
from wijkeconomie.figures.registry import Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight.scan import scan
from wijkeconomie.insight.spread import spread
from wijkeconomie.web import comparison, figures_of, maps
from wijkeconomie.web.asked import Asked
from wijkeconomie.web.look import look

Draw = Callable[[Release, Asked, Language, str], str]


def picture(kind: str, release: Release, asked: Asked, language: Language) -> str:
    """An SVG document; a picture of invented figures says so itself.

    Raises Refusal("unknown_picture") or for what the kind needs and was not asked.
    """
    if kind not in _KINDS:
        raise Refusal("unknown_picture", kind=kind[:20], kinds=", ".join(_KINDS))
    note = _("Invented figures.") if release.fictional else ""
    return _KINDS[kind](release, asked, language, note)


def _area(release: Release, asked: Asked) -> Area:
    if not asked.areas:
        raise WrongUse("no_area")
    return release.area(asked.areas[0])


def _indicator(asked: Asked) -> Indicator:
    if not asked.indicator:
        raise WrongUse("no_indicator")
    return registry().indicators[asked.indicator]


def _map(release: Release, asked: Asked, language: Language, note: str) -> str:
    seen = look(release, _area(release, asked), asked)
    shapes = maps.shapes(release.outlines(seen.level, seen.gemeente.code))
    return figures_of.map_of(seen, shapes, language, standalone=True, note=note)


def _ranking(release: Release, asked: Asked, language: Language, note: str) -> str:
    seen = look(release, _area(release, asked), asked)
    most = len(seen.ranked)
    return figures_of.ranking(seen, language, most=most, standalone=True, note=note)


def _spread(release: Release, asked: Asked, language: Language, note: str) -> str:
    seen = look(release, _area(release, asked), asked)
    found = spread(release, seen.indicator.id, seen.level, seen.gemeente.code)
    return figures_of.spread_line(found, seen.gemeente.name, language, standalone=True, note=note)


def _quadrant(release: Release, asked: Asked, language: Language, note: str) -> str:
    result = scan(release, _area(release, asked).code)
    return figures_of.quadrant(result, language, standalone=True, note=note)


def _series(release: Release, asked: Asked, language: Language, note: str) -> str:
    indicator = _indicator(asked)
    past = figures_of.past(release, scan(release, _area(release, asked).code))
    return figures_of.series(past, indicator, language, standalone=True, note=note)


def _figure(release: Release, asked: Asked, language: Language, note: str) -> str:
    indicator, result = _indicator(asked), scan(release, _area(release, asked).code)
    finding = next((f for f in result.findings if f.indicator == indicator.id), None)
    if finding is None:
        raise Refusal("no_figures_of", indicator=indicator.id, level=result.area.level)
    past = figures_of.past(release, result)
    return figures_of.figure(finding, past, language, standalone=True, note=note)


def _compare(release: Release, asked: Asked, language: Language, note: str) -> str:
    indicator = _indicator(asked)
    _area(release, asked)
    cells = tuple(comparison.cell_of(indicator.id, scan(release, code)) for code in asked.areas)
    return comparison.drawing(indicator, cells, language, standalone=True, note=note)


_KINDS: dict[str, Draw] = {
    "map": _map,
    "ranking": _ranking,
    "spread": _spread,
    "quadrant": _quadrant,
    "series": _series,
    "figure": _figure,
    "compare": _compare,
}
