# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of wijken and buurten: what is the opgave here, how sure are we, and beside which
others?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wijkeconomie.figures.areas import Area, gemeente_of
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language, WrongUse
from wijkeconomie.figures.registry import PERSPECTIVES, Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import opgave, wording
from wijkeconomie.insight.results import Finding, Kind, Peer, Scan, Unknown
from wijkeconomie.insight.scan import scan, scan_all
from wijkeconomie.web import charts
from wijkeconomie.web import look as looking
from wijkeconomie.web.context import MOST_AREAS, Asked, Crumb, crumbs, no_line, not_yet
from wijkeconomie.web.context import language as spoken

PEERS_SHOWN = 5
FINDINGS_SHOWN = 4
SILENT_SHOWN = 8
EXAMPLE = 3
_ASKING = ("own", "shared", "early_sign")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A finding dressed for a page: its words and its drawing; ``note``: for which levels there is
    no such figure, where it can be compared with nothing."""

    finding: Finding
    headline: str
    sentence: str
    drawing: str
    difference: str
    note: str

    @property
    def source(self) -> str:
        return looking.source(self.finding)

    @property
    def scale(self) -> str:
        """What the number of a score means, which no unit says; "" for other figures."""
        entry = registry().indicators[self.finding.indicator]
        if entry.unit != "score":
            return ""
        ends = {"higher": _("Higher is better."), "lower": _("Lower is better.")}
        return f"{entry.description[spoken()]} {ends.get(entry.better, '')}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One perspective at a glance: its first finding, or why there is none."""

    perspective: str
    row: Row | None
    more: int
    silence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One perspective in full: what stands out, what is ``level``, and what stands ``alone``,
    because there is nothing to compare it with."""

    perspective: str
    rows: tuple[Row, ...]
    more: tuple[Row, ...]
    level: tuple[Row, ...]
    alone: tuple[Row, ...]
    multiples: tuple[tuple[Indicator, str], ...]

    @property
    def beside(self) -> str:
        """What its figures could be held against: ``both``, ``country`` or ``peers``."""
        return _held([row.finding for row in self.level])


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Figures that we do not have for one and the same reason."""

    why: str
    indicators: tuple[Indicator, ...]

    @property
    def long(self) -> bool:
        """More than are read at a glance: the page folds them."""
        return len(self.indicators) > SILENT_SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """Everything on the page, in the order of the page; ``gemeente`` is None where the figures hold
    no row of it, ``asked`` the year that was asked for; ``still``: why there may be no line."""

    area: Area
    gemeente: Area | None
    scan: Scan
    crumbs: tuple[Crumb, ...]
    population: tuple[float, int] | None
    lead: str
    cards: tuple[Card, ...]
    chapters: tuple[Chapter, ...]
    quadrant: str
    points: tuple[charts.Point, ...]
    peers: tuple[Peer, ...]
    silences: tuple[Silence, ...]
    inside: tuple[Scan, ...]
    figures: int
    still: str
    asked: int | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every figure that is drawn beside others."""
        return tuple(row for c in self.chapters for row in (*c.rows, *c.more, *c.level, *c.alone))

    @property
    def beside(self) -> list[str]:
        """Codes to compare with: itself and its nearest peers."""
        return [self.area.code, *(peer.area.code for peer in self.peers[: MOST_AREAS - 1])]

    @property
    def lined(self) -> tuple[Chapter, ...]:
        """The perspectives with a figure of two years."""
        return tuple(chapter for chapter in self.chapters if chapter.multiples)

    @property
    def lines(self) -> str:
        """All pictures over the years; "" where there is no figure of two years."""
        return "".join(drawing for c in self.lined for _indicator, drawing in c.multiples)


def neighbourhood(
    release: Release, area: Area, language: Language, year: int | None = None
) -> Neighbourhood:
    """Scan the area, by figures of ``year`` if one is asked, and dress the result; costs one scan,
    so pages are kept (see ``cache``)."""
    result = scan(release, area.code, year)
    past = looking.past(release, result, year)
    rows = [_dressed(release, finding, area, language, past) for finding in result.findings]
    return Neighbourhood(
        area=area,
        gemeente=next((one for one in release.above(area) if one.level == "gemeente"), None),
        scan=result,
        crumbs=crumbs(release, area),
        population=past.newest("population"),
        lead=lead(result, rows, language),
        cards=tuple(_card(p, rows, result.unknown, past, language) for p in PERSPECTIVES),
        chapters=tuple(_chapter(p, rows, past, language) for p in PERSPECTIVES),
        quadrant=looking.quadrant(result, language),
        points=tuple(looking.points(result, language)),
        peers=result.peers.list[:PEERS_SHOWN],
        silences=_silences(release, area, result.unknown, language),
        inside=_inside(release, area, year),
        figures=sum(map(len, past.own.values())),
        still=_still(release, past),
        asked=year,
    )


def _still(release: Release, past: looking.Past) -> str:
    """Why no line can be drawn, by what is known of which years."""
    lined = [past.own.get(i.id, {}) for p in PERSPECTIVES for i in registry().of_perspective(p)]
    cells = [(year, *cell) for years in lined for year, cell in years.items()]
    known = {year for year, value, _status in cells if value is not None}
    lost = {year for year, _value, status in cells if status is Status.BOUNDARY} - known
    return no_line(sorted(known), release.years, sorted(lost))


def _inside(release: Release, area: Area, year: int | None) -> tuple[Scan, ...]:
    """The buurten of a wijk, largest opgave first."""
    if area.level != "wijk":
        return ()
    if year is not None:
        return scan_all(release, area.code, "buurt", year)
    mine = {buurt.code for buurt in release.areas("buurt", area.code)}
    widest = (*release.above(area), area)[0]  # its scans serve the pages of all its wijken
    every = looking.scans(release, widest.code, "buurt") if mine else ()
    return tuple(one for one in every if one.area.code in mine)


def _dressed(
    release: Release, finding: Finding, area: Area, language: Language, past: looking.Past
) -> Row:
    """Give a finding its words and its drawing; that there is nothing to compare with is said with
    its reason, also in short."""
    alone = finding.reason == "nothing"
    sentence = wording.sentence(finding, area, language)
    return Row(
        finding=finding,
        headline=sentence if alone else wording.headline(finding, area, language),
        sentence=sentence,
        note=looking.lacking(release, gemeente_of(area.code), finding.indicator, language)
        if alone
        else "",
        drawing=looking.figure(finding, past, language),
        difference=_difference(finding, area, language),
    )


def _difference(finding: Finding, area: Area, language: Language) -> str:
    """``ongeveer 2.400 mensen meer dan als het hier was als in vergelijkbare wijken``; where we
    count nobody, how far the figure itself is behind, or ""."""
    gap = opgave.reference(finding.kind, finding.country, finding.peers)
    if gap is None or finding.persons is None:
        return _behind(finding, area, language)
    if wording.honest(finding.persons) < 1:
        return ""
    than = _("in the Netherlands") if gap is finding.country else _("in comparable {levels}")
    if finding.persons < opgave.FEWEST:
        said = _("{who}, compared with how it is {than}")
    elif gap.size > 0:
        said = _("{who} more than if it were here as {than}")
    else:
        said = _("{who} fewer than if it were here as {than}")
    who = wording.persons(finding.persons, finding.counted, language)
    levels = wording.level(area.level, language, many=True)
    told = said.format(who=who, than=than.format(levels=levels)) + _beside(finding, language)
    return wording.there(told, area)


def _beside(finding: Finding, language: Language) -> str:
    """How many it is beside the country, where it was counted beside comparable areas: both order
    the list of the municipality."""
    if finding.kind != "own" or finding.peers is None or finding.country is None:
        return ""
    entry = registry().indicators[finding.indicator]
    short = opgave.shortfalls(finding, entry).get("country", 0.0)
    if short < opgave.FEWEST:
        return ""
    return _("; beside the Netherlands {who}").format(
        who=wording.persons(short, finding.counted, language)
    )


def _behind(finding: Finding, area: Area, language: Language) -> str:
    amount = wording.shortfall(finding, language)
    if not amount:
        return ""
    alike = finding.kind != "shared" and finding.peers is not None
    said = (
        _("{amount} behind comparable {levels}") if alike else _("{amount} behind the Netherlands")
    )
    levels = wording.level(area.level, language, many=True)
    return wording.there(said.format(amount=amount, levels=levels), area)


def lead(result: Scan, rows: list[Row], language: Language) -> str:
    """The answer in short, and how much of the figures it rests on where that is little."""
    said = _lead(result, rows, language)
    reach = wording.reach((result,), language) if result.opgaven else ""
    return f"{said} {reach}".rstrip()


def _lead(result: Scan, rows: list[Row], language: Language) -> str:
    """How many opgaven, signs and strengths, and the first."""
    if not rows or not result.compared:
        return wording.nothing(result, language)
    count = Counter((f.kind, _only(f)) for f in result.findings)
    parts = [say(count[key]) for key, say in _COUNTED.items() if count[key]]
    if not parts:
        return _NOTHING[_held(result.findings)].format(n=result.compared, total=result.figures)
    listed = parts[0] if len(parts) == 1 else _("{first} and {last}").format(
        first=", ".join(parts[:-1]), last=parts[-1]
    )  # fmt: skip
    said = _("We see {what} here.").format(what=listed)
    if (first := result.findings[0]).kind not in _ASKING:
        return said
    return said + " " + _("First of all: {label}.").format(label=wording.named(first, language))


def _held(findings: Sequence[Finding]) -> str:
    """What these could be held against, so that nobody reads of areas that there are not."""
    peers, country = any(f.peers for f in findings), any(f.country for f in findings)
    return "both" if peers and country else "peers" if peers else "country"


_NOTHING = {
    "both": gettext_lazy(
        "{n} of {total} figures could be compared. In none of them we see an opgave, or a "
        "figure that is better than both the country and comparable areas."
    ),
    "country": gettext_lazy(
        "{n} of {total} figures could be compared, with the country only. In none of them we see "
        "an opgave, or a figure that is clearly better."
    ),
    "peers": gettext_lazy(
        "{n} of {total} figures could be compared, with comparable areas only. In none of them we "
        "see an opgave, or a figure that is clearly better."
    ),
}


def _only(finding: Finding) -> str:
    """With which reference alone an own opgave or a strength was found; "" with both."""
    if not finding.alone or finding.kind not in ("own", "strength"):
        return ""
    return "peers" if finding.peers else "country"


_COUNTED: dict[tuple[Kind, str], Callable[[int], str]] = {
    ("own", ""): lambda n: ngettext("{n} own opgave", "{n} own opgaven", n).format(n=n),
    ("own", "country"): lambda n: ngettext(
        "{n} figure that lags behind the country", "{n} figures that lag behind the country", n
    ).format(n=n),
    ("shared", ""): lambda n: ngettext("{n} shared opgave", "{n} shared opgaven", n).format(n=n),
    ("early_sign", ""): lambda n: ngettext("{n} early sign", "{n} early signs", n).format(n=n),
    ("strength", ""): lambda n: ngettext("{n} strength", "{n} strengths", n).format(n=n),
    ("strength", "country"): lambda n: ngettext(
        "{n} figure that is ahead of the country", "{n} figures that are ahead of the country", n
    ).format(n=n),
    ("own", "peers"): lambda n: ngettext(
        "{n} figure that lags behind comparable areas",
        "{n} figures that lag behind comparable areas",
        n,
    ).format(n=n),
    ("strength", "peers"): lambda n: ngettext(
        "{n} figure that is ahead of comparable areas",
        "{n} figures that are ahead of comparable areas",
        n,
    ).format(n=n),
}


def _card(
    perspective: str, rows: list[Row], unknown: tuple[Unknown, ...], past: looking.Past,
    language: Language,
) -> Card:  # fmt: skip
    mine = [row for row in rows if row.finding.perspective == perspective]
    telling = [row for row in mine if row.finding.kind != "level"] or mine
    first = telling[0] if telling else None
    if first is not None:  # drawn again further on
        drawing = looking.figure(first.finding, past, language, prefix="k")
        first = replace(first, drawing=drawing)
    reasons = [u for u in unknown if u.perspective == perspective]
    silence = wording.unknown_sentence(reasons[0], language) if not mine and reasons else ""
    return Card(perspective=perspective, row=first, more=max(len(mine) - 1, 0), silence=silence)


def _chapter(perspective: str, rows: list[Row], past: looking.Past, language: Language) -> Chapter:
    mine = [row for row in rows if row.finding.perspective == perspective]
    telling = [row for row in mine if row.finding.kind != "level"]
    alone = tuple(row for row in mine if row.finding.reason == "nothing")
    return Chapter(
        perspective=perspective,
        rows=tuple(telling[:FINDINGS_SHOWN]),
        more=tuple(telling[FINDINGS_SHOWN:]),
        level=tuple(row for row in mine if row.finding.kind == "level" and row not in alone),
        alone=alone,
        multiples=tuple(
            (indicator, looking.series(past, indicator, language))
            for indicator in registry().of_perspective(perspective)
            if past.moves(indicator.id)
        ),
    )


def _silences(
    release: Release, area: Area, unknown: tuple[Unknown, ...], language: Language
) -> tuple[Silence, ...]:
    """Grouped by reason, in the order in which the reasons first occur."""
    found: dict[str, list[Indicator]] = {}
    for u in unknown:
        entry = registry().indicators[u.indicator]
        found.setdefault(_why(release, area, u, language), []).append(entry)
    return tuple(Silence(why=why, indicators=tuple(entries)) for why, entries in found.items())


def _why(release: Release, area: Area, missing: Unknown, language: Language) -> str:
    """The reason, with the table in which a late figure did not stand yet; and where no table has
    it for this level: for which others of the gemeente."""
    if missing.year is None:
        told = looking.told_at(release, gemeente_of(area.code), missing.indicator)
        if told and area.level not in told:
            return _("loaded for {levels} only").format(levels=looking.levels_of(told, language))
    if missing.status is Status.LATE and missing.year is not None:
        cells = release.trace(area.code, missing.indicator, missing.year)
        late = [cell for cell in cells if cell.status is Status.LATE]
        if late:
            return not_yet(max(late, key=lambda cell: cell.origin.read_at))
    return wording.reason(missing.status, language, loaded=missing.year is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """The page of an area's peers."""

    area: Area
    scan: Scan
    crumbs: tuple[Crumb, ...]
    used: tuple[Indicator, ...]
    asked: int | None = None

    @property
    def beside(self) -> list[str]:
        """Codes to compare with: itself and its nearest peers."""
        nearest = self.scan.peers.list[: MOST_AREAS - 1]
        return [self.area.code, *(peer.area.code for peer in nearest)]


def alike(release: Release, code: str, year: int | None = None) -> Alike:
    """The peers of one area, each with what is alike and what differs."""
    result = scan(release, code, year)
    here = Crumb(_("Comparable areas"), reverse("peers", args=[code]))
    return Alike(
        area=result.area,
        scan=result,
        asked=year,
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
    cells: tuple[tuple[Area, Finding | None, Status | None], ...]

    @property
    def country(self) -> float | None:
        """What the ring stands for, where all have the same year."""
        rings = {f.country.reference for _area, f, _s in self.cells if f and f.country}
        return rings.pop() if len(rings) == 1 else None

    @property
    def most(self) -> tuple[float, ...]:
        """What is printed in the cell that needs most decimals: all are printed as it is."""
        return looking.most_decimals(self.indicator, [f for _area, f, _s in self.cells if f])

    @property
    def years(self) -> str:
        """``2024``, or ``2023–2024`` where not all areas have the same."""
        return years_of(self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The page; ``address`` is where to go instead, when an area was added by name."""

    sides: tuple[Side, ...] = ()
    chapters: tuple[tuple[str, tuple[Line, ...]], ...] = ()
    findings: int = 0
    candidates: tuple[tuple[Area, str], ...] = ()
    example: tuple[Area, ...] = ()
    wanted: str = ""
    address: str = ""
    full: bool = False
    refused: str = ""

    @property
    def mixed(self) -> bool:
        """Areas of more than one level."""
        return len({side.area.level for side in self.sides}) > 1

    @property
    def example_address(self) -> str:
        return _address(area.code for area in self.example)

    @property
    def codes(self) -> list[str]:
        return [side.area.code for side in self.sides]


def compared(release: Release, asked: Asked, wanted: str, language: Language) -> Compared:
    """Areas by code; ``wanted`` is the name of one more, looked up with room for typing errors."""
    areas = tuple(release.area(code) for code in asked.areas)
    exact = release.names.exact(wanted)
    if exact is not None and exact.level != "land" and len(areas) < MOST_AREAS:
        return Compared(address=_address((*asked.areas, exact.code)))
    found = release.names.find(wanted, 8)
    codes, results = asked.areas, [scan(release, area.code) for area in areas]
    return Compared(
        sides=tuple(Side(area=a, without=_address(c for c in codes if c != a.code)) for a in areas),
        chapters=_chapters(results, language) if areas else (),
        findings=sum(len(result.findings) for result in results),
        candidates=tuple((a, _address((*codes, a.code))) for a in found if a.code not in codes),
        example=() if areas else _example(release),
        wanted=wanted,
        full=len(areas) == MOST_AREAS,
    )


def too_many(release: Release, codes: Sequence[str], language: Language) -> Compared:
    """More areas than fit: all of them to choose from, none drawn and none dropped."""
    areas = [release.area(code) for code in dict.fromkeys(code.upper() for code in codes)]
    told = WrongUse("too_many_areas", given=len(areas), most=MOST_AREAS).text(language)
    return Compared(
        sides=tuple(
            Side(area=a, without=_address(o.code for o in areas if o is not a)) for a in areas
        ),
        refused=told,
        full=True,
    )


def _example(release: Release) -> tuple[Area, ...]:
    """Some wijken of the gemeente that has most of them."""
    wijken = release.areas("wijk")
    most = Counter(gemeente_of(area.code) for area in wijken).most_common(1)
    inside = [area for area in wijken if most and gemeente_of(area.code) == most[0][0]]
    return tuple(inside[:EXAMPLE]) if len(inside) > 1 else ()


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


def cell_of(indicator: str, result: Scan) -> tuple[Area, Finding | None, Status | None]:
    """The finding of one area, or why there is none."""
    finding = next((f for f in result.findings if f.indicator == indicator), None)
    unknown = next((u.told for u in result.unknown if u.indicator == indicator), None)
    return result.area, finding, Status.OK if finding else unknown


def years_of(cells: tuple[tuple[Area, Finding | None, Status | None], ...]) -> str:
    """The year of the figures that stand side by side; first and last where they differ."""
    known = sorted({finding.year for _area, finding, _status in cells if finding})
    return "–".join(str(year) for year in dict.fromkeys((known[0], known[-1]))) if known else ""


def drawing(
    indicator: Indicator,
    cells: tuple[tuple[Area, Finding | None, Status | None], ...],
    language: Language,
    *,
    standalone: bool = False,
    note: str = "",
) -> str:
    """The areas below each other, on one scale."""
    marks = [
        looking.mark(finding, area.name)
        if finding
        else charts.Mark(
            label=area.name, value=None, status=status, perspective=indicator.perspective
        )
        for area, finding, status in cells
    ]
    return charts.ranking(
        marks,
        title=_("{what}, {years}, side by side").format(
            what=indicator.label[language], years=years_of(cells)
        ),
        fmt=looking.fmt(indicator, language),
        prefix=f"c-{indicator.id}",
        language=language,
        standalone=standalone,
        note=note,
    )
