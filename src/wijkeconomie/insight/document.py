# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A scan as a document: JSON that others script against, and rows for CSV.

The JSON is described by ``scan.schema.json`` (JSON Schema 2020-12) beside this module.  Its keys
are English and never change meaning; sentences are in the language that was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import polars as pl

from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import status_word
from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import Indicator, registry
from wijkeconomie.insight import opgave, wording
from wijkeconomie.insight.results import Finding, Gap, Interval, Peer, Peers, Scan, Trend, Unknown

if TYPE_CHECKING:
    from wijkeconomie.figures.release import Cell, Release

CSV_COLUMNS = (
    "area", "name", "gemeente", "year", "perspective", "indicator", "kind", "value", "unit",
    "status", "estimate", "low", "high", "country", "peers", "gap_country", "gap_peers",
    "probability", "persons", "counted", "trend", "sentence", "release", "settled",
    "side", "compared_with",
)  # fmt: skip

_ALONE = ("perspective", "indicator", "label", "year", "value", "unit", "status", "estimate",
          "interval", "settled", "newer", "sentence", "figures")  # fmt: skip


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
        "compared": scan.compared,
        "figures": scan.figures,
        "opgaven": [_opgave(finding, scan.area, release, language) for finding in scan.opgaven],
        "uncompared": [_uncompared(f, scan.area, release, language) for f in scan.uncompared],
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
        "whole": counts.id if (counts := registry().whole(entry)) else None,
        "uncounted": entry.uncounted[language] if entry.uncounted else None,
        "unaveraged": entry.unaveraged[language] if entry.unaveraged else None,
        "minimum": entry.minimum,
        "lever": entry.lever,
        "breaks": [{"year": b.year, "why": b.why[language]} for b in entry.breaks],
    }


def _uncompared(
    finding: Finding, area: Area, release: Release, language: Language
) -> dict[str, Any]:
    made = _opgave(finding, area, release, language)
    return {key: made[key] for key in _ALONE}


def _opgave(finding: Finding, area: Area, release: Release, language: Language) -> dict[str, Any]:
    entry = registry().indicators[finding.indicator]
    return {
        "perspective": finding.perspective,
        "indicator": finding.indicator,
        "label": entry.label[language],
        "kind": finding.shown,
        "side": finding.side,
        "compared_with": _references(finding),
        "year": finding.year,
        "value": finding.value,
        "unit": entry.unit,
        "status": finding.status.label,
        "estimate": finding.estimate,
        "interval": _interval(finding.interval),
        "settled": finding.settled,
        "newer": _newer(finding),
        "country": finding.country.reference if finding.country else None,
        "peers": finding.peers.reference if finding.peers else None,
        "gaps": {"country": _gap(finding.country), "peers": _gap(finding.peers)},
        "probability": opgave.sureness(finding),
        "persons": finding.persons,
        "counted": finding.counted,
        "priority": finding.priority,
        "trend": _trend(finding.trend),
        "sentence": _alone(finding, area, language),
        "figures": [
            figure(cell) for cell in release.trace(area.code, finding.indicator, finding.year)
        ],
    }


def _newer(finding: Finding) -> dict[str, float] | None:
    if finding.newer is None:
        return None
    year, value = finding.newer
    return {"year": year, "value": value}


def _alone(finding: Finding, area: Area, language: Language) -> str:
    """The sentence with its year, for nothing above it says so: a row is taken out of its file."""
    return wording.sentence(replace(finding, dated=True), area, language)


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
        "rounded": gap.rounded,
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
        "share": cell.share,
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
        "redrawn": asdict(peers.redrawn) if peers.redrawn else None,
    }


def unknown_words(unknown: Unknown, language: Language) -> dict[str, Any]:
    """What says nothing here, and why."""
    return {
        "indicator": unknown.indicator,
        "perspective": unknown.perspective,
        "status": status_word(unknown.told),
        "year": unknown.year,
        "sentence": wording.unknown_sentence(unknown, language),
    }


def as_table(scans: Iterable[Scan], language: Language) -> pl.DataFrame:
    """A row per opgave, and after those of an area one per figure that could not be compared
    (without kind and side), with the :data:`CSV_COLUMNS`; null where there is no figure."""
    rows = [finding_row(finding, scan, language) for scan in scans for finding in scan.listed]
    return pl.DataFrame(rows, list(CSV_COLUMNS), infer_schema_length=None)


def finding_row(
    finding: Finding, scan: Scan, language: Language
) -> dict[str, str | float | int | None]:
    """One finding as a flat row with the keys of :data:`CSV_COLUMNS`."""
    country, peers = finding.country, finding.peers
    compared = finding.reason != "nothing"
    return {
        "area": scan.area.code,
        "name": scan.area.name,
        "gemeente": scan.area.gemeente,
        "year": finding.year,
        "perspective": finding.perspective,
        "indicator": finding.indicator,
        "kind": finding.shown if compared else None,
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
        "sentence": _alone(finding, scan.area, language),
        "release": scan.release,
        "settled": finding.settled,
        "side": finding.side if compared else None,
        "compared_with": " ".join(_references(finding)),
    }
