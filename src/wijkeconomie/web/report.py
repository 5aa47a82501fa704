# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The report of an area that a council can take: PDF (PDF/UA-1), DOCX or HTML, from one structure.

Sources: ISO 14289-1 (PDF/UA-1: language, title, tags, an alternative for every picture),
EN 301 549 §10 (documents).
"""

from __future__ import annotations

import base64
import os
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.utils import translation

from wijkeconomie.figures.areas import Area, gemeente_of
from wijkeconomie.figures.export import replacing
from wijkeconomie.figures.refusal import Language, Refusal, WrongUse
from wijkeconomie.figures.registry import PERSPECTIVES, Indicator, registry
from wijkeconomie.figures.release import Cell, Release
from wijkeconomie.insight import wording
from wijkeconomie.insight.opgave import sureness
from wijkeconomie.insight.results import Finding, Kind, Peer, Peers, Scan, Unknown
from wijkeconomie.insight.scan import scan
from wijkeconomie.web import look as looking
from wijkeconomie.web import maps
from wijkeconomie.web.context import DIRECTION, Asked
from wijkeconomie.web.look import look
from wijkeconomie.web.vector import flat

FORMATS = ("pdf", "docx", "html")
SERIES_SHOWN = 6  # small multiples per perspective
REASONS_SHOWN = 2
_KINDS: tuple[Kind, ...] = ("own", "shared", "early_sign", "strength")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A vector picture with the words that stand for it."""

    title: str
    svg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A finding in words, with its figure."""

    perspective: str
    label: str
    kind: str
    kind_label: str
    headline: str
    sentence: str
    direction: str
    concerned: str
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One perspective: its first finding for page one, and all of them."""

    perspective: str
    name: str
    first: Told | None
    silence: str
    told: tuple[Told, ...]
    level: str
    series: tuple[Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells as text; ``numeric`` are the columns that are set right."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything in the report, in its order; ``words`` are the fixed texts of the language."""

    language: Language
    words: dict[str, Any]
    fictional: bool
    title: str
    subtitle: str
    years: str
    made: str
    built: str
    lead: str
    parts: tuple[Part, ...]
    map: Picture | None
    map_text: str
    quadrant: Picture | None
    peers_text: str
    peers: Table
    unknown: Table
    figures: Table
    sources: Table


@cache
def _texts() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("report.toml").read_text("utf-8"))


def build(release: Release, code: str, language: Language) -> Report:
    """Scan the area and put the report together.

    Raises WrongUse or Refusal for what is no area of this release.
    """
    _ready()
    result = scan(release, code)
    with translation.override(language):
        return _report(release, result, language)


def _ready() -> None:
    """The command line has no Django running."""
    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wijkeconomie.web.settings")
        django.setup()


def _report(release: Release, result: Scan, language: Language) -> Report:
    words, area = _texts()[language], result.area
    past = looking.past(release, result)
    cells = {f.indicator: release.trace(area.code, f.indicator, f.year) for f in result.findings}
    picture = _map(release, result, language)
    return Report(
        language=language,
        words=words,
        fictional=release.fictional,
        title=words["title"].format(name=area.name),
        subtitle=_subtitle(area, words, language),
        years=words["years"].format(year=result.year, boundary=release.boundary_year),
        made=words["made"].format(release=release.id),
        built=release.built_at.isoformat(timespec="seconds"),
        lead=_lead(result, words),
        parts=tuple(_part(p, result, past, language) for p in PERSPECTIVES),
        map=picture[0] if picture else None,
        map_text=picture[1] if picture else "",
        quadrant=_quadrant(result, language),
        peers_text=wording.peers_sentence(result.peers, area, language),
        peers=_peers(result.peers, words, language),
        unknown=_unknown(result.unknown, words, language),
        figures=_figures(result.findings, cells, words, language),
        sources=_sources(cells.values(), words),
    )


def _subtitle(area: Area, words: dict[str, str], language: Language) -> str:
    key = "subtitle_gemeente" if area.level == "gemeente" else "subtitle"
    level = wording.level(area.level, language)
    return words[key].format(
        level=level[0].upper() + level[1:], name=area.name, gemeente=area.gemeente, code=area.code
    )


def _lead(result: Scan, words: dict[str, Any]) -> str:
    if not result.findings:
        return str(words["lead_silent"])
    if not result.opgaven:
        return str(words["lead_none"])
    counted = Counter(finding.kind for finding in result.opgaven)
    kinds = [
        words[f"lead_{kind}"][counted[kind] > 1].format(n=counted[kind])
        for kind in _KINDS
        if counted[kind]
    ]
    *most, last = kinds
    listed = f"{', '.join(most)} {words['lead_and']} {last}" if most else last
    return str(words["lead"]).format(list=listed)


def _picture(svg: str, prefix: str = "all") -> Picture:
    made, title = flat(svg, prefix)
    return Picture(title=title, svg=made)


def _part(perspective: str, result: Scan, past: looking.Past, language: Language) -> Part:
    mine = [f for f in result.opgaven if f.perspective == perspective]
    level = [f for f in result.findings if f.perspective == perspective and f.kind == "level"]
    silent = [u for u in result.unknown if u.perspective == perspective]
    labels = ", ".join(_entry(f.indicator).label[language] for f in level)
    words = _texts()[language]
    return Part(
        perspective=perspective,
        name=wording.perspective(perspective, language),
        first=_told(mine[0], result.area, past, language, "one") if mine else None,
        silence=wording.unknown_sentence(silent[0], language) if silent and not level
        else words["nothing"],
        told=tuple(_told(f, result.area, past, language, "all") for f in mine),
        level=words["level_text"].format(list=labels) if labels else "",
        series=tuple(
            _picture(looking.series(past, _entry(f.indicator), language, standalone=True))
            for f in mine[:SERIES_SHOWN]
        ),
    )  # fmt: skip


def _entry(indicator: str) -> Indicator:
    return registry().indicators[indicator]


def _told(
    finding: Finding, area: Area, past: looking.Past, language: Language, prefix: str
) -> Told:
    people = finding.persons
    return Told(
        perspective=finding.perspective,
        label=_entry(finding.indicator).label[language],
        kind=finding.kind,
        kind_label=wording.kind(finding.kind, language),
        headline=wording.headline(finding, area, language),
        sentence=wording.sentence(finding, area, language),
        direction=str(DIRECTION[finding.trend.direction][0]),
        concerned=_texts()[language]["about"].format(
            persons=wording.persons(people, finding.counted, language)
        ) if people is not None and wording.honest(people) > 0 else "",
        picture=_picture(looking.figure(finding, past, language, standalone=True), prefix),
    )  # fmt: skip


def _quadrant(result: Scan, language: Language) -> Picture | None:
    """None where no figure has both a place beside the peers and a trend."""
    if not any(looking.position(finding) for finding in result.findings):
        return None
    return _picture(looking.quadrant(result, language, standalone=True))


def _map(release: Release, result: Scan, language: Language) -> tuple[Picture, str] | None:
    """The greatest opgave of the area on the map of its gemeente; None without outlines."""
    area = result.area
    gemeente = release.area(gemeente_of(area.code))
    level = "" if area.level == "gemeente" else area.level
    first = next(iter(result.opgaven or result.findings), None)
    asked = Asked(areas=(), indicator=first.indicator if first else "", level=level, year=None)
    try:
        seen = look(release, gemeente, asked)
    except Refusal:
        return None
    shapes = maps.shapes(release.outlines(seen.level, gemeente.code))
    if not shapes:
        return None
    label = seen.indicator.label[language]
    svg = maps.svg_map(
        shapes, seen.values, title=f"{label}, {gemeente.name}, {seen.year}",
        fmt=looking.fmt(seen.indicator, language), prefix=f"r-{area.code}", language=language,
        middle=seen.middle, better=seen.indicator.better, current=area.code, standalone=True,
    )  # fmt: skip
    key = "map_text_gemeente" if area.level == "gemeente" else "map_text"
    text = _texts()[language][key].format(indicator=label, year=seen.year, name=area.name)
    return _picture(svg), text


def _peers(peers: Peers, words: dict[str, str], language: Language) -> Table:
    heads = ("peer", "gemeente", "distance", "alike", "differs")
    return Table(
        heads=tuple(words[f"column_{head}"] for head in heads),
        rows=tuple(_peer(peer, language) for peer in peers.list),
        numeric=(2,),
    )


def _peer(peer: Peer, language: Language) -> tuple[str, ...]:
    def named(reasons: Iterable[tuple[str, float, float, float]]) -> str:
        shown = [_entry(reason[0]).label[language] for reason in reasons][:REASONS_SHOWN]
        return ", ".join(shown)

    distance = wording.number(peer.distance, 2, language)
    return (
        peer.area.name, peer.area.gemeente, distance, named(peer.alike), named(peer.differs),
    )  # fmt: skip


def _unknown(unknown: Iterable[Unknown], words: dict[str, str], language: Language) -> Table:
    return Table(
        heads=(words["column_figure"], words["column_reason"], words["column_year"]),
        rows=tuple(
            (
                _entry(u.indicator).label[language],
                wording.reason(u.status, language, loaded=u.year is not None),
                str(u.year) if u.year else "–",
            )
            for u in unknown
        ),
        numeric=(2,),
    )


def _figures(
    findings: Iterable[Finding], cells: dict[str, tuple[Cell, ...]], words: dict[str, str],
    language: Language,
) -> Table:  # fmt: skip
    heads = ("figure", "year", "value", "interval", "peers", "country", "chance", "table")
    return Table(
        heads=tuple(words[f"column_{head}"] for head in heads),
        rows=tuple(_figure(f, cells[f.indicator], words, language) for f in findings),
        numeric=(1, 2, 3, 4, 5, 6),
    )


def _figure(
    finding: Finding, cells: tuple[Cell, ...], words: dict[str, str], language: Language
) -> tuple[str, ...]:
    entry, chance = _entry(finding.indicator), sureness(finding)
    write: Callable[[float], str] = looking.fmt(entry, language)
    tables = ", ".join(dict.fromkeys(cell.origin.table for cell in cells if cell.status.has_value))
    return (
        entry.label[language],
        str(finding.year),
        write(finding.value),
        words["between"].format(
            low=write(finding.interval.low), high=write(finding.interval.high)
        ),
        write(finding.peers.reference) if finding.peers else "–",
        write(finding.country.reference) if finding.country else "–",
        "–" if chance is None or finding.kind == "level" else _chance(chance, language),
        tables or "–",
    )  # fmt: skip


def _chance(probability: float, language: Language) -> str:
    """Nothing is certain: at most ``> 99 %``."""
    return "> 99 %" if probability > 0.99 else f"{wording.number(100 * probability, 0, language)} %"


def _sources(traced: Iterable[tuple[Cell, ...]], words: dict[str, str]) -> Table:
    origins = dict.fromkeys(cell.origin for cells in traced for cell in cells)
    heads = ("source", "table", "title", "version", "read", "licence")
    return Table(
        heads=tuple(words[f"column_{head}"] for head in heads),
        rows=tuple(
            (o.publisher, o.table, o.title, o.version, f"{o.read_at:%Y-%m-%d}", o.licence)
            for o in sorted(origins, key=lambda o: (o.publisher, o.table))
        ),
    )


def as_html(report: Report) -> str:
    """One file that needs nothing else: style and letters are inside it."""
    _ready()
    from django.template.loader import render_to_string  # noqa: PLC0415 -- needs Django to be ready

    here = Path(__file__).parent
    fonts = {
        weight: base64.b64encode(
            (
                here / "static/wijkeconomie/fonts" / f"source-sans-3-latin-{weight}-normal.woff2"
            ).read_bytes()
        ).decode()
        for weight in ("400", "700")
    }
    style = (here / "templates/report/report.css").read_text("utf-8")
    with translation.override(report.language):
        return render_to_string(
            "report/report.html",
            {"report": report, "words": report.words, "style": style, "fonts": fonts.items()},
        )


def as_pdf(report: Report) -> bytes:
    """Tagged PDF after PDF/UA-1; nothing is fetched from anywhere."""
    import weasyprint  # noqa: PLC0415 -- heavy
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- heavy

    inside = URLFetcher(allowed_protocols={"data"})
    page = weasyprint.HTML(string=as_html(report), url_fetcher=inside)
    made: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    return made


def write(
    release: Release, code: str, language: Language, target: Path, *, overwrite: bool = False
) -> None:
    """Write the report in the format that the file's name says, whole or not at all.

    Refusals as :func:`wijkeconomie.figures.export.replacing`; WrongUse ``unknown_format``.
    """
    kind = target.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise WrongUse(
            "unknown_format", format=(kind or target.name)[:20], formats=", ".join(FORMATS)
        )
    with replacing(target, overwrite=overwrite, expected=1_000_000) as out:
        out.write(made(build(release, code, language), kind))


def made(report: Report, kind: str) -> bytes:
    """The report as the bytes of a pdf, docx or html file."""
    if kind == "docx":
        from wijkeconomie.web.report_docx import as_docx  # noqa: PLC0415 -- heavy

        return as_docx(report)
    return as_pdf(report) if kind == "pdf" else as_html(report).encode()
