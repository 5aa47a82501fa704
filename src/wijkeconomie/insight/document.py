# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A scan as a document: JSON that others script against, rows for CSV, text for a terminal.

The JSON is described by ``scan.schema.json`` (JSON Schema 2020-12) beside this module.  Its keys
are English and never change meaning; sentences are in the language that was asked for.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import CONTEXT, PERSPECTIVES, Indicator, registry
from wijkeconomie.insight import opgave, wording
from wijkeconomie.insight.results import Finding, Gap, Interval, Peer, Peers, Scan, Trend, Unknown

if TYPE_CHECKING:
    from wijkeconomie.figures.release import Cell, Release

CSV_COLUMNS = (
    "area", "name", "gemeente", "year", "perspective", "indicator", "kind", "value", "unit",
    "status", "estimate", "low", "high", "country", "peers", "gap_country", "gap_peers",
    "probability", "persons", "counted", "trend", "sentence", "release",
)  # fmt: skip

_HEADS: dict[Language, dict[str, Any]] = {
    "nl": {
        "release": "Uitgave",
        "fictional": "LET OP: verzonnen cijfers van een verzonnen gemeente",
        "peers": "Vergelijkbare gebieden",
        "unknown": "Wat we niet weten",
        "first": "{areas}, grootste opgave eerst",
        "area": "Gebied",
        "columns": ("Eerste opgave", "Soort", "Zekerheid"),
        "behind": {
            "both": "Achter op vergelijkbare {areas}: {peers}; op Nederland: {country}.",
            "peers": "Achter op vergelijkbare {areas}: {peers}.",
            "country": "Achter op Nederland: {country}.",
        },
        "points": "procentpunt",
        "order": "De volgorde kijkt naar de grootste achterstand van elk gebied, en naar hoe zeker "
        "die is.",
        "no_opgave": "Geen opgave gevonden; {compared} van de {figures} cijfers vergeleken",
        "alone": "Niets om mee te vergelijken",
        "silent": "Te weinig bekend om iets te zeggen",
        "more": "Meer over één gebied: wijkeconomie scan {code}. Alles over elk gebied: --details.",
    },
    "en": {
        "release": "Release",
        "fictional": "NOTE: invented figures of an invented municipality",
        "peers": "Comparable areas",
        "unknown": "What we do not know",
        "first": "{areas}, largest opgave first",
        "area": "Area",
        "columns": ("First opgave", "Kind", "Sureness"),
        "behind": {
            "both": "Behind comparable {areas}: {peers}; behind the Netherlands: {country}.",
            "peers": "Behind comparable {areas}: {peers}.",
            "country": "Behind the Netherlands: {country}.",
        },
        "points": "percentage points",
        "order": "The order looks at how far each area is behind at most, and at how sure that is.",
        "no_opgave": "No opgave found; {compared} of {figures} figures compared",
        "alone": "Nothing to compare with",
        "silent": "Too little known to say anything",
        "more": "More about one area: wijkeconomie scan {code}. All about every area: --details.",
    },
}


_BOUND = re.compile(r"(?<=\d) (?=\S)|(?<=€) ")  # between a number and what it counts
_TABLE_WIDTH = 60  # columns that the overview needs to be a table
_WIDEST = (16, 14)  # columns for kind and sureness; what is longer goes on below


@cache
def schema() -> dict[str, Any]:
    """The JSON schema of :func:`as_document` and :func:`as_documents`."""
    text = files(__package__).joinpath("scan.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def as_documents(scans: Iterable[Scan], release: Release, language: Language) -> dict[str, Any]:
    """One document for several areas, in the order given (``scan_all``: largest opgave first)."""
    return {
        "release": release.id,
        "fictional": release.fictional,
        "language": language,
        "areas": [as_document(scan, release, language) for scan in scans],
    }


def as_document(scan: Scan, release: Release, language: Language) -> dict[str, Any]:
    """What ``wijkeconomie scan CODE --format json`` prints; see the schema for every key."""
    return {
        "release": scan.release,
        "fictional": release.fictional,
        "language": language,
        "area": area_words(scan.area),
        "year": scan.year,
        "opgaven": [_opgave(finding, scan.area, release, language) for finding in scan.opgaven],
        "peers": [_peer(peer) for peer in scan.peers.list],
        "comparable": _comparable(scan.peers),
        "unknown": [unknown_words(unknown, language) for unknown in scan.unknown],
    }


def area_words(area: Area) -> dict[str, str]:
    """An area as every document names it."""
    return {
        "code": area.code,
        "name": area.name,
        "level": area.level,
        "gemeente": area.gemeente,
        "parent": area.parent,
    }


def indicator_words(entry: Indicator, language: Language) -> dict[str, Any]:
    """An indicator as every document describes it."""
    return {
        "id": entry.id,
        "label": entry.label[language],
        "description": entry.description[language],
        "perspective": entry.perspective,
        "unit": entry.unit,
        "decimals": entry.decimals,
        "better": entry.better,
        "formula": entry.formula,
        "inputs": [{"parameter": name, "column": c} for name, c in entry.inputs.items()],
        "denominator": entry.denominator or None,
        "minimum": entry.minimum,
        "lever": entry.lever,
        "breaks": [{"year": b.year, "why": b.why[language]} for b in entry.breaks],
    }


def _opgave(finding: Finding, area: Area, release: Release, language: Language) -> dict[str, Any]:
    entry = registry().indicators[finding.indicator]
    return {
        "perspective": finding.perspective,
        "indicator": finding.indicator,
        "label": entry.label[language],
        "kind": finding.kind,
        "compared_with": _references(finding),
        "year": finding.year,
        "value": finding.value,
        "unit": entry.unit,
        "status": finding.status.label,
        "estimate": finding.estimate,
        "interval": _interval(finding.interval),
        "settled": finding.settled,
        "country": finding.country.reference if finding.country else None,
        "peers": finding.peers.reference if finding.peers else None,
        "gaps": {"country": _gap(finding.country), "peers": _gap(finding.peers)},
        "probability": opgave.sureness(finding),
        "persons": finding.persons,
        "counted": finding.counted,
        "priority": finding.priority,
        "trend": _trend(finding.trend),
        "sentence": wording.sentence(finding, area, language),
        "figures": [
            figure(cell) for cell in release.trace(area.code, finding.indicator, finding.year)
        ],
    }


def _references(finding: Finding) -> list[str]:
    return [name for name in ("country", "peers") if getattr(finding, name) is not None]


def _interval(interval: Interval | None) -> list[float] | None:
    return [interval.low, interval.high] if interval else None


def _gap(gap: Gap | None) -> dict[str, Any] | None:
    if gap is None:
        return None
    return {
        "size": gap.size,
        "published": gap.published,
        "interval": _interval(gap.interval),
        "probability": gap.probability,
        "score": gap.score,
    }


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "direction": trend.direction,
        "slope": trend.slope,
        "peers_slope": trend.peers_slope,
        "interval": _interval(trend.interval),
        "years": list(trend.years) if trend.years else None,
        "reason": trend.reason or None,
    }


def figure(cell: Cell) -> dict[str, Any]:
    """One cell of a published table: enough to find it again."""
    return {
        "area": cell.area,
        "year": cell.year,
        "column": cell.column,
        "key": cell.key,
        "value": cell.value,
        "status": cell.status.label,
        "publisher": cell.origin.publisher,
        "table": cell.origin.table,
        "version": cell.origin.version,
        "read_at": cell.origin.read_at.isoformat(),
        "licence": cell.origin.licence,
        "source": cell.said or None,
    }


def _peer(peer: Peer) -> dict[str, Any]:
    return {
        "code": peer.area.code,
        "name": peer.area.name,
        "gemeente": peer.area.gemeente,
        "distance": peer.distance,
        "reasons": {"alike": _reasons(peer.alike), "differs": _reasons(peer.differs)},
    }


def _reasons(reasons: Sequence[tuple[str, float, float, float]]) -> list[dict[str, Any]]:
    return [
        {"indicator": indicator, "here": here, "there": there, "share_of_distance": share}
        for indicator, here, there, share in reasons
    ]


def _comparable(peers: Peers) -> dict[str, Any]:
    return {
        "good": peers.good,
        "reason": peers.reason or None,
        "stability": peers.stability,
        "percentile": peers.percentile,
        "own_gemeente": peers.own_gemeente,
        "context": list(peers.used),
    }


def unknown_words(unknown: Unknown, language: Language) -> dict[str, Any]:
    """What says nothing here, and why."""
    return {
        "indicator": unknown.indicator,
        "perspective": unknown.perspective,
        "status": unknown.status.label,
        "year": unknown.year,
        "sentence": wording.unknown_sentence(unknown, language),
    }


def as_csv_rows(
    scans: Iterable[Scan], language: Language
) -> list[dict[str, str | float | int | None]]:
    """A row per opgave with the keys of :data:`CSV_COLUMNS`; None where there is no figure."""
    return [finding_row(finding, scan, language) for scan in scans for finding in scan.opgaven]


def finding_row(
    finding: Finding, scan: Scan, language: Language
) -> dict[str, str | float | int | None]:
    """One finding as a flat row with the keys of :data:`CSV_COLUMNS`."""
    country, peers = finding.country, finding.peers
    return {
        "area": scan.area.code,
        "name": scan.area.name,
        "gemeente": scan.area.gemeente,
        "year": finding.year,
        "perspective": finding.perspective,
        "indicator": finding.indicator,
        "kind": finding.kind,
        "value": finding.value,
        "unit": registry().indicators[finding.indicator].unit,
        "status": finding.status.label,
        "estimate": finding.estimate,
        "low": finding.interval.low,
        "high": finding.interval.high,
        "country": country.reference if country else None,
        "peers": peers.reference if peers else None,
        "gap_country": country.size if country else None,
        "gap_peers": peers.size if peers else None,
        "probability": opgave.sureness(finding),
        "persons": finding.persons,
        "counted": finding.counted,
        "trend": finding.trend.direction,
        "sentence": wording.sentence(finding, scan.area, language),
        "release": scan.release,
    }


def as_text(scan: Scan, release: Release, language: Language, width: int = 80) -> str:
    """The scan in plain words for a terminal of *width* columns (at least 40)."""
    width = max(40, width)
    lines = [*_title(scan, release, language, width), ""]
    for perspective in PERSPECTIVES:
        lines += _perspective(scan, perspective, language, width)
    if not scan.opgaven:
        lines += [*_wrapped(wording.nothing(scan, language), width), ""]
    lines += [*_peers_text(scan, language, width), ""]
    lines += _unknown_text(scan, language, width)
    return "\n".join(lines).rstrip() + "\n"


def as_overview(
    scans: Sequence[Scan], release: Release, language: Language, width: int = 80
) -> str:
    """The first opgave of every area of a gemeente, for a terminal of *width* columns."""
    width = max(40, width)
    words, first = _HEADS[language], scans[0]
    areas = f"{len(scans)} {wording.level(first.area.level, language, many=len(scans) != 1)}"
    place = f"{first.area.gemeente}, {first.year}: {words['first'].format(areas=areas)}"
    lines = [*_wrapped(place, width), "=" * min(width, len(place))]
    lines += [*_about(first, release, language, width), ""]
    rows = [_overview_row(scan, language) for scan in scans]
    if width >= _TABLE_WIDTH:
        lines += [words["area"], *_overview_table(rows, words["columns"], width)]
    else:
        lines += _overview_list(rows, width)
    lines += ["", *_wrapped(words["order"], width)]
    return "\n".join([*lines, *_wrapped(words["more"].format(code=first.area.code), width)])


class _Row(NamedTuple):
    """An area in the overview: what, which kind and how sure, or only why there is no opgave."""

    area: Area
    cells: tuple[str, ...]
    behind: str = ""


def _overview_row(scan: Scan, language: Language) -> _Row:
    asking = [finding for finding in scan.opgaven if finding.kind != "strength"]
    if not asking:
        why = "no_opgave" if scan.compared else "alone" if scan.findings else "silent"
        text = _HEADS[language][why].format(compared=scan.compared, figures=scan.figures)
        return _Row(scan.area, (text,))
    finding = asking[0]
    entry = registry().indicators[finding.indicator]
    value = wording.quantity(finding.value, entry, language, beside=finding.printed)
    cells = (
        f"{wording.named(finding, language)}: {value}",
        wording.badge(finding, language),
        wording.certainty(finding, language),
    )
    return _Row(scan.area, cells, _behind(finding, scan.area, language))


def _behind(finding: Finding, area: Area, language: Language) -> str:
    """How far the area is behind each reference: in people (or firms, homes), else in the figure's
    own unit."""
    entry = registry().indicators[finding.indicator]
    short = opgave.shortfalls(finding, entry)
    amounts = {str(n): wording.persons(x, finding.counted, language) for n, x in short.items()}
    if not amounts:
        amounts = {
            name: _size(abs(gap.published), entry, language)
            for name, gap in (("peers", finding.peers), ("country", finding.country))
            if gap is not None and opgave.side(gap, entry.better, entry.matters) == "behind"
        }
    text = _HEADS[language]["behind"]["both" if len(amounts) > 1 else next(iter(amounts))]
    areas = wording.level(area.level, language, many=True)
    return wording.there(text.format(areas=areas, **amounts), area)


def _size(gap: float, entry: Indicator, language: Language) -> str:
    if entry.unit != "percent":
        return wording.quantity(gap, entry, language)
    return f"{wording.number(gap, entry.decimals, language)} {_HEADS[language]['points']}"


def _overview_table(rows: Sequence[_Row], heads: Sequence[str], width: int) -> Iterator[str]:
    """An area on a line of its own, with under it what is the matter in columns."""
    whole = [heads, *(row.cells for row in rows if len(row.cells) == len(heads))]
    natural = [max(len(cells[n]) for cells in whole) for n in range(1, len(heads))]
    others = [min(*pair) for pair in zip(natural, _WIDEST, strict=True)]
    widths = [width - 2 - sum(others) - 2 * len(others), *others]
    yield from _in_columns(heads, widths)
    yield "-" * width
    for area, cells, behind in rows:
        yield from _wrapped(f"{area.name} ({area.code})", width)
        yield from _in_columns(cells, widths if behind else [width - 2])
        yield from (f"  {line}" for line in _wrapped(behind, width - 2))


def _in_columns(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=False)]
    for line in zip_longest(*wrapped, fillvalue=""):
        padded = (f"{part:{width}}" for part, width in zip(line, widths, strict=False))
        yield ("  " + "  ".join(padded)).rstrip()


def _overview_list(rows: Sequence[_Row], width: int) -> Iterator[str]:
    for area, cells, behind in rows:
        yield from _wrapped(f"{area.name} ({area.code})", width)
        text = "; ".join([cells[0], ", ".join(cells[1:])] if cells[1:] else cells)
        yield from _wrapped(f"{text}. {behind}" if behind else text, width, bullet=True)


def _wrapped(text: str, width: int, *, bullet: bool = False) -> list[str]:
    """Lines of at most *width*; a number stays with its unit, a word with its hyphen."""
    first, later = ("* ", "  ") if bullet else ("", "")
    kept = _BOUND.sub("\N{NO-BREAK SPACE}", text)
    lines = textwrap.wrap(
        kept, width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _title(scan: Scan, release: Release, language: Language, width: int) -> Iterator[str]:
    place = scan.area.name
    if scan.area.level != "gemeente":
        place = f"{place}, {scan.area.gemeente}"
    head = f"{place} ({scan.area.code}), {scan.year}"
    yield from _wrapped(head, width)
    yield "=" * min(width, len(head))
    yield from _about(scan, release, language, width)


def _about(scan: Scan, release: Release, language: Language, width: int) -> Iterator[str]:
    words = _HEADS[language]
    if release.fictional:
        yield from _wrapped(words["fictional"], width)
    yield from _wrapped(f"{words['release']}: {scan.release}", width)


def _perspective(scan: Scan, perspective: str, language: Language, width: int) -> list[str]:
    """What was found, in sentences, and in a line what is level or could not be compared."""
    here = [f for f in scan.findings if f.perspective == perspective]
    if not here:
        return []
    head = wording.perspective(perspective, language)
    lines = [head, "-" * len(head)]
    for finding in [f for f in here if f.kind != "level"]:
        kind = wording.badge(finding, language)
        text = f"{kind}: {wording.sentence(finding, scan.area, language)}"
        lines += _wrapped(text, width, bullet=True)
    others = [f for f in here if f.kind == "level"]
    level = [(wording.badge(f, language), _with_value(f, language)) for f in others]
    return [*lines, *_by_reason(level, width), ""]


def _with_value(finding: Finding, language: Language) -> str:
    entry = registry().indicators[finding.indicator]
    said = wording.quantity(finding.value, entry, language)
    return f"{entry.label[language]} ({said}{f', {finding.year}' if finding.dated else ''})"


def _by_reason(pairs: Iterable[tuple[str, str]], width: int) -> Iterator[str]:
    """``Geen duidelijk verschil: Starters (8,1); Stoppers (6,0).`` of reasons and names."""
    by_reason: dict[str, list[str]] = {}
    for why, name in pairs:
        by_reason.setdefault(why, []).append(name)
    for why, names in by_reason.items():
        yield from _wrapped(f"{why[0].upper()}{why[1:]}: {'; '.join(names)}.", width, bullet=True)


def _peers_text(scan: Scan, language: Language, width: int) -> list[str]:
    head = _HEADS[language]["peers"]
    lines = [head, "-" * len(head)]
    lines += _wrapped(wording.peers_sentence(scan.peers, scan.area, language), width)
    if scan.peers.good:
        names = ", ".join(f"{peer.area.name} ({peer.area.gemeente})" for peer in scan.peers.list)
        lines += _wrapped(names, width)
    return lines


def _unknown_text(scan: Scan, language: Language, width: int) -> list[str]:
    shown = [u for u in scan.unknown if u.perspective != CONTEXT]
    if not shown:
        return []
    lines = [_HEADS[language]["unknown"], "-" * len(_HEADS[language]["unknown"])]
    pairs = [
        (
            wording.reason(u.status, language, loaded=u.year is not None),
            registry().indicators[u.indicator].label[language],
        )
        for u in shown
    ]
    return [*lines, *_by_reason(pairs, width)]
