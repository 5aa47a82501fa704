# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the report of an area says, for a council: one structure, that ``report_files`` writes."""

from __future__ import annotations

import math
import os
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import django
from django.apps import apps
from django.utils import translation

from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.refusal import Language, Refusal, WrongUse
from wijkeconomie.figures.registry import PERSPECTIVES, Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import wording
from wijkeconomie.insight.opgave import position, reference
from wijkeconomie.insight.results import Finding, Scan
from wijkeconomie.insight.scan import scan
from wijkeconomie.web import look as looking
from wijkeconomie.web import maps
from wijkeconomie.web.context import (
    DIRECTION,
    Asked,
    credit,
    long_date,
    tight,
    years_in_words,
)
from wijkeconomie.web.differences import differences, no_spread, spread_line, spread_of
from wijkeconomie.web.drawing import flat
from wijkeconomie.web.look import Look, Past, look, opgaven, scans
from wijkeconomie.web.municipality import RANKED_DRAWN, Against, Listed, listed
from wijkeconomie.web.printed import (
    Picture,
    Table,
    beside,
    figures_table,
    peers_table,
    rest_table,
    sources_of,
    standing_in,
    unknown_table,
)

SERIES_SHOWN = 6  # small multiples per perspective
_HALF, _THIRD, _LIST = 320.0, 220.0, 420.0  # widths on paper, so that letters stay readable
_WIDE = 800.0  # of a list over the whole page: letters of 14 px are 8.5 pt then
_BESIDE_MAP = 12  # rows of a list that is as high as the map beside it
_TOGETHER = 5  # rows of a list that stay on one page
_SHORT: dict[Against, int] = {"peers": 3, "country": 4}  # columns of areas
_CHAPTERS = ("chapters", "peers", "unknown", "figures", "method", "sources")
_PAGE = 210.0  # mm of the page with all opgaven that cards and rows may take


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A finding in words, with its figure."""

    perspective: str
    label: str
    kind: str
    kind_label: str
    headline: str
    sentence: str
    certainty: str
    direction: str
    concerned: str
    against: str
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One perspective with all its findings."""

    perspective: str
    name: str
    silence: str
    told: tuple[Told, ...]
    level: str
    series: tuple[Picture, ...]

    @property
    def pairs(self) -> list[tuple[Told, ...]]:
        """The findings two by two, as they stand beside each other on paper."""
        return [self.told[n : n + 2] for n in range(0, len(self.told), 2)]

    @property
    def threes(self) -> list[tuple[Picture, ...]]:
        """The series three by three."""
        return [self.series[n : n + 3] for n in range(0, len(self.series), 3)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """The wijken (or buurten) of a gemeente: one figure in all of them, what comes first in each,
    whether they grow alike.  ``ranking``: beside the map (one picture), else over the whole width,
    in parts; ``rest``: what it leaves out."""

    title: str
    beside: bool
    ranking: tuple[Picture, ...]
    ranking_title: str
    ranking_text: str
    rest: Table
    rest_title: str
    areas: Table
    spread: Picture | None
    spread_text: str
    spread_years: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything in the report, in its order; ``words`` are the fixed texts of the language."""

    language: Language
    words: dict[str, Any]
    fictional: bool
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    built: str
    lead: str
    summary: str
    locator: Picture | None
    cards: tuple[Told, ...]
    others: Table
    parts: tuple[Part, ...]
    map: Picture | None
    map_text: str
    inside: Inside | None
    quadrant: Picture | None
    points: Table
    peers_text: str
    peers: Table
    unknown: Table
    figures: Table
    cells: Table
    sources: Table

    @property
    def telling(self) -> bool:
        """Is there anything to say of the area as a whole?  Of a gemeente that lies within."""
        return self.inside is None or bool(self.cards)

    @property
    def lined(self) -> bool:
        """Is there any figure over the years?"""
        return any(part.series for part in self.parts)

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """Anchor and title of every chapter, in order."""
        listed = (
            ("page-one", self.words["one_page"], self.telling),
            ("inside", self.inside.title if self.inside else "", self.inside),
            ("where", self.words["where"], self.map and not self.inside),
            ("quadrant", self.words["quadrant"], self.quadrant),
            *((name, self.words[name], True) for name in _CHAPTERS),
        )
        return tuple((anchor, title) for anchor, title, there in listed if there)


@cache
def _texts() -> dict[str, dict[str, Any]]:
    text = files(__package__).joinpath("report.toml").read_text("utf-8")
    return tomllib.loads(tight(text))


def build(release: Release, code: str, language: Language, year: int | None = None) -> Report:
    """Scan the area, by figures of ``year`` if one is asked, and put the report together.

    Raises WrongUse or Refusal for what is no area or year of this release, and for a year of a
    gemeente: the list of its wijken is of the newest.
    """
    ready()
    result = scan(release, code, year)
    if year is not None and result.area.level == "gemeente":
        raise WrongUse("report_year_of_gemeente", name=result.area.name)
    with translation.override(language):
        return _report(release, result, language, year)


def ready() -> None:
    """The command line has no Django running."""
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wijkeconomie.web.settings")
        django.setup()


def _report(release: Release, result: Scan, language: Language, year: int | None) -> Report:
    words, area = _texts()[language], result.area
    past = looking.past(release, result, year)
    fit = cards(result, language)
    cells = {f.indicator: release.trace(area.code, f.indicator, f.year) for f in result.findings}
    seen = _look(release, result)
    drawn = _map(release, seen, area, language) if seen else None
    inside = None
    if seen and area.level == "gemeente":
        inside = _inside(release, seen, language, mapped=drawn is not None)
    return Report(
        language=language, words=words, fictional=release.fictional,
        title=words["title"].format(name=area.name),
        subtitle=_subtitle(area, words, language),
        facts=_facts(release, result, past, language, inside.spread_years if inside else ()),
        built=release.built_at.isoformat(timespec="seconds"),
        lead=_lead(release, result, seen, language), summary=_summary(result, language),
        locator=_locator(release, area, seen, words, language) if seen else None,
        cards=tuple(_told(f, area, past, language, "one") for f in result.opgaven[:fit]),
        others=_others(result.opgaven[fit:], words, language),
        parts=tuple(_part(p, result, past, language) for p in PERSPECTIVES),
        map=drawn,
        map_text=_map_text(release, seen, area, language) if seen and drawn else "",
        inside=inside,
        quadrant=_quadrant(result, language), points=_points(result, words, language),
        peers_text=tight(wording.peers_sentence(result.peers, area, language)),
        peers=peers_table(result.peers, words, language),
        unknown=unknown_table(result.unknown, words, language),
        figures=figures_table(result.findings, cells, words, language),
        cells=standing_in(cells, words, language),
        sources=sources_of(
            release, result, past, lines=moving(result, past), cells=cells,
            seen=seen if drawn or inside else None, spread=inside.spread_years if inside else (),
        ).table(words, language),
    )  # fmt: skip


def _facts(
    release: Release,
    result: Scan,
    past: Past,
    language: Language,
    spread_years: Iterable[int] = (),
) -> tuple[tuple[str, str], ...]:
    """What a reader must know of these figures before believing them."""
    words, people = _texts()[language], past.newest("population")
    values = {
        "inhabitants": f"{wording.number(people[0], 0, language)} ({people[1]})" if people else "",
        "years": years_in_words(f.year for f in result.findings) or str(result.year),
        "lines": years_in_words({*past.drawn(moving(result, past)), *spread_years}),
        "compared": words["compared_of"].format(compared=result.compared, of=result.figures),
        "boundaries": str(release.boundary_year),
        "built": "" if release.fictional else long_date(release.built_at),
        "version": release.id,
        "maker": "wijkeconomie",
    }
    return tuple((words[f"fact_{name}"], value) for name, value in values.items() if value)


def _summary(result: Scan, language: Language) -> str:
    """The greatest opgave in figures, how sure it is, and what to do with this report."""
    words = _texts()[language]
    if not result.opgaven:
        return str(words["summary_none"])
    first = result.opgaven[0]
    said = tight(wording.headline(first, result.area, language))
    key = "summary" if first.kind in ("own", "shared") else "summary_other"
    return str(words[key]).format(
        label=wording.named(first, language), sentence=said,
        kind=wording.badge(first, language).lower(), certainty=wording.certainty(first, language),
    )  # fmt: skip


def cards(result: Scan, language: Language) -> int:
    """How many opgaven get a card, so that all of them stay on one page: the others get a row.

    Millimetres are estimated on the safe side, from the letters of each."""
    tall = [_card(f, result.area, language) for f in result.opgaven]
    flat_ = [_row(f, language) for f in result.opgaven]
    return max(
        n for n in range(len(tall) + 1)
        if n == 0 or sum(tall[:n]) + sum(flat_[n:]) + 17 * (n < len(tall)) <= _PAGE
    )  # fmt: skip


def _card(finding: Finding, area: Area, language: Language) -> float:
    lines = math.ceil(len(wording.headline(finding, area, language)) / 56)
    return 11.0 + 4.8 * (lines + 2)


def _row(finding: Finding, language: Language) -> float:
    label, whom = wording.named(finding, language), wording.shortfall(finding, language)
    badge = wording.badge(finding, language)
    needs = (len(label) / 28, len(badge) / 21, len(whom) / 19)  # lines, by the letters of a column
    return 1.5 + 3.5 * max(math.ceil(need) for need in needs)


def _others(findings: Iterable[Finding], words: dict[str, str], language: Language) -> Table:
    """The opgaven after those with a card, in figures."""
    heads = ("figure", "kind", "value", "peers", "country", "certainty", "concerned")
    return Table(
        heads=tuple(words[f"column_{head}"] for head in heads),
        rows=tuple(_other(f, language) for f in findings),
        numeric=(2, 3, 4),
    )


def _other(finding: Finding, language: Language) -> tuple[str, ...]:
    return (
        wording.named(finding, language), wording.badge(finding, language),
        *beside(finding, language),
        wording.certainty(finding, language), tight(wording.shortfall(finding, language)) or "–",
    )  # fmt: skip


def _locator(
    release: Release, area: Area, seen: Look, words: dict[str, str], language: Language
) -> Picture | None:
    """The area within its gemeente; None without outlines, and of a gemeente itself."""
    shapes = maps.shapes(release.outlines(seen.level, seen.gemeente.code))
    if not shapes or area.level == "gemeente":
        return None
    title = words["locator"].format(name=area.name, gemeente=area.gemeente)
    return _picture(maps.locator(shapes, area.code, title=title, prefix="l", language=language))


def _subtitle(area: Area, words: dict[str, str], language: Language) -> str:
    key = "subtitle_gemeente" if area.level == "gemeente" else "subtitle"
    level = wording.level(area.level, language)
    said = area.name.lower().startswith(f"{level} ")  # "Wijk 03 Overvecht" says so itself
    shown = "" if said else level[0].upper() + level[1:]
    text = words[key].format(level=shown, name=area.name, gemeente=area.gemeente, code=area.code)
    return text.strip()


def _lead(release: Release, result: Scan, seen: Look | None, language: Language) -> str:
    """The answer in short; of a gemeente first what its wijken say, for the whole hides them."""
    words = _texts()[language]
    if seen is None or result.area.level != "gemeente":
        return f"{_counted(result, words)} {wording.reach((result,), language)}".rstrip()
    within = scans(release, seen.gemeente.code, seen.level)
    asked = [one for one in within if opgaven(one)]
    if len(within) == 1:  # that is the gemeente itself
        return _counted(result, words)
    key = "lead_inside" if len(asked) > 1 else "lead_inside_one" if asked else "lead_inside_none"
    about = str(words[key]).format(
        n=len(asked), total=len(within), levels=wording.level(seen.level, language, many=True),
        name=asked[0].area.name if asked else "",
        what=wording.named(opgaven(asked[0])[0], language) if asked else "",
    )  # fmt: skip
    whole = _counted(result, words)
    about = f"{about} {wording.reach(within, language)}".rstrip()
    return f"{about} {words['lead_whole'].format(text=whole[0].lower() + whole[1:])}"


def _counted(result: Scan, words: dict[str, Any]) -> str:
    """How many opgaven, signs and strengths."""
    if not result.findings:
        return str(words["lead_silent"])
    if not result.compared:
        return str(words["lead_alone"])
    if not result.opgaven:
        return str(words["lead_none"])
    counted = Counter(
        f"{f.kind}_{'peers' if f.peers else 'country'}"
        if f.alone and f.kind in ("own", "strength")
        else f.kind
        for f in result.opgaven
    )
    names = (
        "own", "own_country", "own_peers", "shared", "early_sign", "strength",
        "strength_country", "strength_peers",
    )  # fmt: skip
    *most, last = [
        words[f"lead_{name}"][counted[name] > 1].format(n=counted[name])
        for name in names if counted[name]
    ]  # fmt: skip
    listed = f"{', '.join(most)} {words['lead_and']} {last}" if most else last
    return str(words["lead"]).format(list=listed)


def _picture(svg: str, prefix: str = "all", label: str = "") -> Picture:
    made, title = flat(svg, prefix)
    return Picture(title=title, svg=made, label=label)


def _part(perspective: str, result: Scan, past: Past, language: Language) -> Part:
    mine = [f for f in result.opgaven if f.perspective == perspective]
    level = [f for f in result.findings if f.perspective == perspective and f.kind == "level"]
    words = _texts()[language]
    return Part(
        perspective=perspective,
        name=wording.perspective(perspective, language),
        silence=words["nothing" if level else "silent"],
        told=tuple(_told(f, result.area, past, language, "all") for f in mine),
        level=_level(level, language),
        series=tuple(_series(i, past, language) for i in moving(result, past, perspective)),
    )  # fmt: skip


def moving(result: Scan, past: Past, *perspectives: str) -> list[str]:
    """The figures of these perspectives (else of all) of which a chart over the years is drawn."""
    mine = [
        [f.indicator for f in result.opgaven if f.perspective == one and past.moves(f.indicator)]
        for one in perspectives or PERSPECTIVES
    ]
    return [indicator for some in mine for indicator in some[:SERIES_SHOWN]]


def _level(findings: list[Finding], language: Language) -> str:
    """What is no opgave and no strength, by what is said of it elsewhere."""
    told = [(wording.badge(f, language), _entry(f.indicator).label[language]) for f in findings]
    said = {badge: ", ".join(label for of, label in told if of == badge) for badge, _ in told}
    return " ".join(f"{badge}: {labels}." for badge, labels in said.items())


def _series(indicator: str, past: Past, language: Language) -> Picture:
    entry = _entry(indicator)
    drawn = looking.series(past, entry, language, width=_THIRD, standalone=True)
    return _picture(drawn, label=entry.label[language])


def _entry(indicator: str) -> Indicator:
    return registry().indicators[indicator]


def _told(finding: Finding, area: Area, past: Past, language: Language, prefix: str) -> Told:
    peers = reference(finding.kind, finding.country, finding.peers) is finding.peers
    drawn = looking.figure(finding, past, language, width=_HALF, standalone=True)
    return Told(
        perspective=finding.perspective,
        label=_entry(finding.indicator).label[language],
        kind=finding.kind,
        kind_label=wording.badge(finding, language),
        headline=tight(wording.headline(finding, area, language)),
        sentence=tight(wording.sentence(finding, area, language)),
        certainty=wording.certainty(finding, language),
        direction=str(DIRECTION[finding.trend.direction][0]),
        concerned=_concerned(finding, language),
        against=wording.there(
            _texts()[language]["against_peers" if peers else "against_country"], area
        ),
        picture=_picture(drawn, prefix),
    )  # fmt: skip


def _quadrant(result: Scan, language: Language) -> Picture | None:
    """None where no figure has both a place beside the peers and a trend."""
    if not any(position(f, _entry(f.indicator).better) for f in result.findings):
        return None
    return _picture(looking.quadrant(result, language, standalone=True))


def _points(result: Scan, words: dict[str, Any], language: Language) -> Table:
    """All that the quadrant draws, for there is room for few names in it."""
    points = enumerate(looking.points(result, language), 1)
    rows = tuple((f"{n}. {p.label}", wording.number(p.level, 1, language),
                  wording.number(p.trend, 2, language), p.said) for n, p in points)  # fmt: skip
    heads = ("figure", "now", "slope", "said")
    return Table(heads=tuple(words[f"column_{head}"] for head in heads), rows=rows, numeric=(1, 2))


def _concerned(finding: Finding, language: Language) -> str:
    """Whom the difference is about, or "" where we count nobody."""
    people = finding.persons
    if people is None or wording.honest(people) < 1:
        return ""
    return tight(wording.persons(people, finding.counted, language))


def _look(release: Release, result: Scan) -> Look | None:
    """The greatest opgave of the area over all areas of its gemeente, in the year that the text is
    about; None without figures, or without a gemeente."""
    area = result.area
    level = "" if area.level == "gemeente" else area.level
    first = next(iter(result.opgaven or result.findings), None)
    indicator = first.indicator if first and level else ""
    year = first.year if first and level else None
    asked = Asked(areas=(), indicator=indicator, level=level, year=year)
    gemeente = (*release.above(area), area)[0]
    if gemeente.level != "gemeente":
        return None
    try:
        return look(release, gemeente, asked)
    except Refusal:
        return None


def _map(release: Release, seen: Look, area: Area, language: Language) -> Picture | None:
    """None without outlines."""
    shapes = maps.shapes(release.outlines(seen.level, seen.gemeente.code))
    if not shapes:
        return None
    return _picture(
        looking.map_of(seen, shapes, language, prefix="w", current=area.code, standalone=True)
    )


def _map_text(release: Release, seen: Look, area: Area, language: Language) -> str:
    key = "map_text_gemeente" if area.level == "gemeente" else "map_text"
    label = seen.indicator.label[language]
    text = str(_texts()[language][key]).format(indicator=label, year=seen.year, name=area.name)
    return f"{text} {credit(release, seen.level, seen.gemeente.code)}"


def _inside(release: Release, seen: Look, language: Language, *, mapped: bool) -> Inside:
    """What a gemeente's own page shows of its wijken."""
    words, levels = _texts()[language], wording.level(seen.level, language, many=True)
    changed = spread_of(release, seen, language)
    found = differences(release, seen)
    beside = mapped and len(seen.ranked) <= _BESIDE_MAP
    return Inside(
        title=words["inside"].format(levels=levels),
        beside=beside,
        ranking=_ranking(seen, language, beside=beside),
        ranking_title=words["ranking"].format(levels=levels),
        ranking_text=_ranking_text(seen, words, language),
        rest=rest_table(seen, RANKED_DRAWN, words, language),
        rest_title=words["ranking_rest"].format(levels=levels),
        areas=_areas(release, seen, words, language),
        spread=_picture(
            spread_line(found, seen.gemeente.name, language, standalone=True)
        ) if changed else None,
        spread_text=tight(changed.sentence) if changed else no_spread(release, seen),
        spread_years=tuple(point.year for point in found.points if changed),
    )  # fmt: skip


def _ranking(seen: Look, language: Language, *, beside: bool) -> tuple[Picture, ...]:
    """As many as can be read, in parts that fill a page with what stands around them."""
    shown = min(len(seen.ranked), RANKED_DRAWN)
    size, width = (shown, _LIST) if beside else (_TOGETHER, _WIDE)
    return tuple(
        _ranking_part(seen, slice(start, min(start + size, shown)), width, language)
        for start in range(0, shown, size)
    )


def _ranking_part(seen: Look, part: slice, width: float, language: Language) -> Picture:
    """Its title says which of them it shows, where it does not show all."""
    drawn = _picture(
        looking.ranking(seen, language, most=RANKED_DRAWN, part=part, width=width, standalone=True)
    )
    if part.stop - part.start == len(seen.ranked):
        return drawn
    return replace(drawn, title=f"{drawn.title} ({part.start + 1}–{part.stop})")


def _ranking_text(seen: Look, words: dict[str, Any], language: Language) -> str:
    """What it shows of which areas, and in which order: by the estimate, where there is one."""
    total, judged = len(seen.ranked), any(ranked.finding for ranked in seen.ranked)
    said = words["ranking_text" if total > RANKED_DRAWN else "ranking_all"].format(
        indicator=seen.indicator.label[language], year=seen.year, shown=RANKED_DRAWN, total=total,
        rest=total - RANKED_DRAWN, levels=wording.level(seen.level, language, many=True),
    )  # fmt: skip
    return f"{said} {words['order_estimated' if judged else 'order_published']}"


def _areas(release: Release, seen: Look, words: dict[str, Any], language: Language) -> Table:
    """Every area as the page of the gemeente lists it; in bold what gives it its place."""
    heads = ("area", "first", "kind", *(f"short_of_{side}" for side in _SHORT),
             "certainty", "count", "signs", "strengths")  # fmt: skip
    found = listed(release, seen.gemeente.code, seen.level, language)
    return Table(
        heads=tuple(words[f"column_{head}"] for head in heads),
        rows=tuple(_area_row(one, words, language) for one in found),
        numeric=(6, 7, 8),
        strong=tuple(_SHORT[one.decisive] if one.decisive else None for one in found),
    )


_SILENT = {False: "area_silent", True: "area_redrawn"}


def _area_row(one: Listed, words: dict[str, Any], language: Language) -> tuple[str, ...]:
    """What comes first, of whatever kind; only where nothing was found the row says why."""
    first = one.first
    if first is None:
        why = str(words["area_none" if one.compared else _SILENT[one.redrawn]])
        return (one.area.name, why.format(n=one.compared, total=one.figures), *("–",) * 7)
    short = (tight(one.behind.get(name, "–")) for name in _SHORT)
    named, badge = wording.named(first, language), wording.badge(first, language)
    return (
        one.area.name, named, badge, *short, one.certainty or "–",
        _and(one.opgaven, one.lags, words["lags"]), str(one.signs),
        _and(one.strengths, one.leads, words["leads"]),
    )  # fmt: skip


def _and(count: int, more: int, said: list[str]) -> str:
    """``2 + 6 achterstanden``: of those we do not know which kind they are."""
    if not more:
        return str(count)
    told = said[more > 1].format(n=more)
    return f"{count} + {told}" if count else told
