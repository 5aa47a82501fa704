# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of a wijk or buurt: what is the opgave here, and how sure are we?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wijkeconomie.figures.areas import Area, gemeente_of
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import PERSPECTIVES, Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import wording
from wijkeconomie.insight.results import Finding, Peer, Scan, Unknown
from wijkeconomie.insight.scan import scan
from wijkeconomie.web import figures_of
from wijkeconomie.web.asked import MOST_AREAS
from wijkeconomie.web.context import Crumb, crumbs

PEERS_SHOWN = 5
FINDINGS_SHOWN = 4
_ASKING = ("own", "shared", "early_sign")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A finding dressed for a page: its words and its drawing."""

    finding: Finding
    headline: str
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
    more: tuple[Row, ...]
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
    corners: tuple[tuple[str, tuple[Indicator, ...]], ...]
    peers: tuple[Peer, ...]
    silences: tuple[Silence, ...]
    inside: tuple[Area, ...]

    @property
    def beside(self) -> list[str]:
        """Codes to compare with: itself and its nearest peers."""
        return [self.area.code, *(peer.area.code for peer in self.peers[: MOST_AREAS - 1])]

    @property
    def moves(self) -> bool:
        """Is there any figure of two years?"""
        return any(chapter.multiples for chapter in self.chapters)


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
        lead=lead(result, rows, language),
        cards=tuple(_card(p, rows, result.unknown, past, language) for p in PERSPECTIVES),
        chapters=tuple(_chapter(p, rows, past, language) for p in PERSPECTIVES),
        quadrant=figures_of.quadrant(result, language),
        corners=_corners(result),
        peers=result.peers.list[:PEERS_SHOWN],
        silences=_silences(result.unknown),
        inside=release.areas("buurt", area.code) if area.level == "wijk" else (),
    )


def dress(finding: Finding, area: Area, language: Language, past: figures_of.Past) -> Row:
    """Give a finding its words and its drawing."""
    return Row(
        finding=finding,
        headline=wording.headline(finding, area, language),
        sentence=wording.sentence(finding, area, language),
        drawing=figures_of.figure(finding, past, language),
    )


def lead(result: Scan, rows: list[Row], language: Language) -> str:
    """The answer in short: how many opgaven, signs and strengths, and the first."""
    if not rows:
        return _("There are too few people, firms or figures here to say what the opgave is.")
    count = {kind: sum(f.kind == kind for f in result.findings) for kind in _COUNTED}
    parts = [words(n) for kind, words in _COUNTED.items() if (n := count[kind])]
    if not parts:
        return _("We see no clear difference here with the country or with comparable areas.")
    listed = parts[0] if len(parts) == 1 else _("{first} and {last}").format(
        first=", ".join(parts[:-1]), last=parts[-1]
    )  # fmt: skip
    said = _("We see {what} here.").format(what=listed)
    if (first := result.findings[0]).kind not in _ASKING:
        return said
    label = registry().indicators[first.indicator].label[language]
    return said + " " + _("First of all: {label}.").format(label=label)


_COUNTED: dict[str, Callable[[int], str]] = {
    "own": lambda n: ngettext("{n} own opgave", "{n} own opgaven", n).format(n=n),
    "shared": lambda n: ngettext("{n} shared opgave", "{n} shared opgaven", n).format(n=n),
    "early_sign": lambda n: ngettext("{n} early sign", "{n} early signs", n).format(n=n),
    "strength": lambda n: ngettext("{n} strength", "{n} strengths", n).format(n=n),
}


def _card(
    perspective: str, rows: list[Row], unknown: tuple[Unknown, ...], past: figures_of.Past,
    language: Language,
) -> Card:  # fmt: skip
    mine = [row for row in rows if row.finding.perspective == perspective]
    telling = [row for row in mine if row.finding.kind != "level"] or mine
    first = telling[0] if telling else None
    if first is not None:  # drawn again further on
        drawing = figures_of.figure(first.finding, past, language, prefix="k")
        first = replace(first, drawing=drawing)
    reasons = [u for u in unknown if u.perspective == perspective]
    silence = wording.unknown_sentence(reasons[0], language) if not mine and reasons else ""
    return Card(perspective=perspective, row=first, more=max(len(mine) - 1, 0), silence=silence)


def _chapter(
    perspective: str, rows: list[Row], past: figures_of.Past, language: Language
) -> Chapter:
    mine = [row for row in rows if row.finding.perspective == perspective]
    telling = [row for row in mine if row.finding.kind != "level"]
    return Chapter(
        perspective=perspective,
        rows=tuple(telling[:FINDINGS_SHOWN]),
        more=tuple(telling[FINDINGS_SHOWN:]),
        level=tuple(row for row in mine if row.finding.kind == "level"),
        multiples=tuple(
            (indicator, figures_of.series(past, indicator, language))
            for indicator in registry().of_perspective(perspective)
            if past.moves(indicator.id)
        ),
    )


def _corners(result: Scan) -> tuple[tuple[str, tuple[Indicator, ...]], ...]:
    """The quadrant in words, what asks for attention first."""
    found: dict[tuple[bool, bool], list[Indicator]] = {}
    for f in result.findings:
        if (at := figures_of.position(f)) is not None:
            found.setdefault((at[0] > 0, at[1] > 0), []).append(registry().indicators[f.indicator])
    names = {
        (False, False): _("Behind and falling further behind"),
        (False, True): _("Behind and catching up"),
        (True, False): _("Ahead and losing ground"),
        (True, True): _("Ahead and pulling away"),
    }
    return tuple((name, tuple(found[at])) for at, name in names.items() if at in found)


def _silences(unknown: tuple[Unknown, ...]) -> tuple[Silence, ...]:
    """Grouped by reason, in the order in which the reasons first occur."""
    entry: Callable[[Unknown], Indicator] = lambda u: registry().indicators[u.indicator]  # noqa: E731
    return tuple(
        Silence(status=status, indicators=tuple(entry(u) for u in unknown if u.status == status))
        for status in dict.fromkeys(u.status for u in unknown)
    )
