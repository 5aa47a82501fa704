# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Areas side by side: up to five that someone chose, or an area and its peers."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import PERSPECTIVES, Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight.results import Finding, Scan
from wijkeconomie.insight.scan import scan
from wijkeconomie.web import charts, figures_of
from wijkeconomie.web.asked import MOST_AREAS, Asked
from wijkeconomie.web.context import Crumb, crumbs


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """The page of an area's peers."""

    area: Area
    scan: Scan
    crumbs: tuple[Crumb, ...]
    used: tuple[Indicator, ...]

    @property
    def beside(self) -> list[str]:
        """Codes to compare with: itself and its nearest peers."""
        nearest = self.scan.peers.list[: MOST_AREAS - 1]
        return [self.area.code, *(peer.area.code for peer in nearest)]


def alike(release: Release, code: str) -> Alike:
    """The peers of one area, each with what is alike and what differs."""
    result = scan(release, code)
    here = Crumb(_("Comparable areas"), reverse("peers", args=[code]))
    return Alike(
        area=result.area,
        scan=result,
        crumbs=crumbs(release, result.area, here),
        used=tuple(registry().indicators[i] for i in result.peers.used),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the areas, with the address of the page without it."""

    area: Area
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One indicator over the areas: a small drawing on one scale, and its cells."""

    indicator: Indicator
    drawing: str
    cells: tuple[tuple[Area, Finding | None, Status], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The page; ``address`` is where to go instead, when an area was added by name."""

    sides: tuple[Side, ...] = ()
    chapters: tuple[tuple[str, tuple[Line, ...]], ...] = ()
    candidates: tuple[tuple[Area, str], ...] = ()
    wanted: str = ""
    address: str = ""
    full: bool = False

    @property
    def mixed(self) -> bool:
        """Areas of more than one level."""
        return len({side.area.level for side in self.sides}) > 1

    @property
    def codes(self) -> list[str]:
        return [side.area.code for side in self.sides]


def compared(release: Release, asked: Asked, wanted: str, language: Language) -> Compared:
    """Areas by code; ``wanted`` is the name of one more, looked up with room for typing errors."""
    areas = tuple(release.area(code) for code in asked.areas)
    found = release.find(wanted.strip()[:80], 8) if wanted.strip() else ()
    if _certain(found, wanted) and len(areas) < MOST_AREAS:
        return Compared(address=_address((*asked.areas, found[0].code)))
    codes = asked.areas
    return Compared(
        sides=tuple(Side(area=a, without=_address(c for c in codes if c != a.code)) for a in areas),
        chapters=_chapters([scan(release, a.code) for a in areas], language) if areas else (),
        candidates=tuple((a, _address((*codes, a.code))) for a in found if a.code not in codes),
        wanted=wanted.strip()[:80],
        full=len(areas) == MOST_AREAS,
    )


def _certain(found: tuple[Area, ...], wanted: str) -> bool:
    """One whole name or code and no second area of that name."""
    same = [a for a in found if wanted.strip().casefold() in (a.name.casefold(), a.code.casefold())]
    return len(same) == 1 and same[0].level != "land"


def _address(codes: object) -> str:
    query = urlencode({"gebied": list(codes)}, doseq=True)  # type: ignore[call-overload]
    return reverse("compare") + (f"?{query}" if query else "")


def _chapters(results: list[Scan], language: Language) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    return tuple(
        (
            p,
            tuple(
                line for i in registry().of_perspective(p) if (line := _line(i, results, language))
            ),
        )
        for p in PERSPECTIVES
    )


def _line(indicator: Indicator, results: list[Scan], language: Language) -> Line | None:
    """None where not one of the areas has the figure."""
    cells = tuple(cell_of(indicator.id, result) for result in results)
    if all(finding is None for _area, finding, _status in cells):
        return None
    return Line(indicator=indicator, drawing=drawing(indicator, cells, language), cells=cells)


def cell_of(indicator: str, result: Scan) -> tuple[Area, Finding | None, Status]:
    """The finding of one area, or why there is none."""
    finding = next((f for f in result.findings if f.indicator == indicator), None)
    unknown = next((u.status for u in result.unknown if u.indicator == indicator), Status.UNKNOWN)
    return result.area, finding, Status.OK if finding else unknown


def drawing(
    indicator: Indicator,
    cells: tuple[tuple[Area, Finding | None, Status], ...],
    language: Language,
    *,
    standalone: bool = False,
    note: str = "",
) -> str:
    """The areas below each other, on one scale."""
    marks = [
        figures_of.mark(finding, area.name)
        if finding
        else charts.Mark(
            label=area.name, value=None, status=status, perspective=indicator.perspective
        )
        for area, finding, status in cells
    ]
    return charts.ranking(
        marks,
        title=_("{what}, side by side").format(what=indicator.label[language]),
        fmt=figures_of.fmt(indicator, language),
        prefix=f"c-{indicator.id}",
        language=language,
        standalone=standalone,
        note=note,
    )
