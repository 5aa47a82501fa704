# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of a wijk or buurt: what is the opgave here, and how sure are we?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from wijkeconomie.figures.areas import Area, gemeente_of
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import PERSPECTIVES, Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import wording
from wijkeconomie.insight.results import Finding, Peer, Scan, Unknown
from wijkeconomie.insight.scan import scan
from wijkeconomie.web import figures_of
from wijkeconomie.web.context import Crumb, crumbs

PEERS_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A finding dressed for a page: its sentence and its drawing."""

    finding: Finding
    sentence: str
    drawing: str

    @property
    def source(self) -> str:
        f = self.finding
        return reverse("trace", args=[f.area, f.indicator, f.year])


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One perspective at a glance: its first finding, or why there is none."""

    perspective: str
    row: Row | None
    more: int
    silence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One perspective in full."""

    perspective: str
    rows: tuple[Row, ...]
    level: tuple[Row, ...]
    multiples: tuple[tuple[Indicator, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Figures that we do not have for one and the same reason."""

    status: Status
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """Everything on the page, in the order of the page."""

    area: Area
    gemeente: Area
    scan: Scan
    crumbs: tuple[Crumb, ...]
    population: tuple[float, int] | None
    lead: str
    cards: tuple[Card, ...]
    chapters: tuple[Chapter, ...]
    quadrant: str
    peers: tuple[Peer, ...]
    silences: tuple[Silence, ...]
    inside: tuple[Area, ...]


def neighbourhood(release: Release, area: Area, language: Language) -> Neighbourhood:
    """Scan the area and dress the result; costs one scan, so pages are kept (see ``cache``)."""
    result = scan(release, area.code)
    past = figures_of.past(release, result)
    rows = [dress(finding, area, language, past) for finding in result.findings]
    return Neighbourhood(
        area=area,
        gemeente=release.area(gemeente_of(area.code)),
        scan=result,
        crumbs=crumbs(release, area),
        population=past.newest("population"),
        lead=lead(result, rows),
        cards=tuple(_card(p, rows, result.unknown, language) for p in PERSPECTIVES),
        chapters=tuple(_chapter(p, rows, past, language) for p in PERSPECTIVES),
        quadrant=figures_of.quadrant(result, language),
        peers=result.peers.list[:PEERS_SHOWN],
        silences=_silences(result.unknown),
        inside=release.areas("buurt", area.code) if area.level == "wijk" else (),
    )


def dress(finding: Finding, area: Area, language: Language, past: figures_of.Past) -> Row:
    return Row(
        finding=finding,
        sentence=wording.sentence(finding, area, language),
        drawing=figures_of.figure(finding, past, language),
    )


def lead(result: Scan, rows: list[Row]) -> str:
    """The answer in one sentence: how many opgaven, and the first."""
    own = sum(f.kind == "own" for f in result.findings)
    shared = sum(f.kind == "shared" for f in result.findings)
    strong = sum(f.kind == "strength" for f in result.findings)
    if not rows:
        return _("There are too few people, firms or figures here to say what the opgave is.")
    if own + shared == 0:
        return _("We see no opgave here that we can name with certainty.")
    return _(
        "We see {own} opgaven of this neighbourhood's own, {shared} that comparable areas share, "
        "and {strong} strengths to build on."
    ).format(own=own, shared=shared, strong=strong)


def _card(
    perspective: str, rows: list[Row], unknown: tuple[Unknown, ...], language: Language
) -> Card:
    mine = [row for row in rows if row.finding.perspective == perspective]
    telling = [row for row in mine if row.finding.kind != "level"] or mine
    first = telling[0] if telling else None
    reasons = [u for u in unknown if u.perspective == perspective]
    silence = wording.unknown_sentence(reasons[0], language) if not mine and reasons else ""
    return Card(perspective=perspective, row=first, more=max(len(mine) - 1, 0), silence=silence)


def _chapter(
    perspective: str, rows: list[Row], past: figures_of.Past, language: Language
) -> Chapter:
    mine = [row for row in rows if row.finding.perspective == perspective]
    return Chapter(
        perspective=perspective,
        rows=tuple(row for row in mine if row.finding.kind != "level"),
        level=tuple(row for row in mine if row.finding.kind == "level"),
        multiples=tuple(
            (indicator, figures_of.series(past, indicator, language))
            for indicator in registry().of_perspective(perspective)
            if past.has(indicator.id)
        ),
    )


def _silences(unknown: tuple[Unknown, ...]) -> tuple[Silence, ...]:
    """Grouped by reason, in the order in which the reasons first occur."""
    entry: Callable[[Unknown], Indicator] = lambda u: registry().indicators[u.indicator]  # noqa: E731
    return tuple(
        Silence(status=status, indicators=tuple(entry(u) for u in unknown if u.status == status))
        for status in dict.fromkeys(u.status for u in unknown)
    )
