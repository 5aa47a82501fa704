# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables of pages as frames, for files: columns have English ids, words are the reader's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from wijkeconomie.figures import export
from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.refusal import Language, Refusal, WrongUse
from wijkeconomie.figures.registry import Indicator, registry
from wijkeconomie.figures.release import Release
from wijkeconomie.insight import document, opgave
from wijkeconomie.insight.results import Peer, Scan, SpreadPoint
from wijkeconomie.insight.scan import scan, scan_all
from wijkeconomie.insight.spread import spread
from wijkeconomie.web.asked import Asked
from wijkeconomie.web.look import Ranked, default_level, look

Make = Callable[[Release, Asked, Language], pl.DataFrame]
_PEER = ("area", "name", "gemeente", "distance", "alike", "differs")
_UNKNOWN = ("indicator", "label", "perspective", "status", "year", "sentence")
_SPREAD = ("within", "level", "indicator", "year", "areas", "theil", "low", "high", "gap",
           "gap_low", "gap_high")  # fmt: skip
_INDICATOR = ("id", "label", "description", "perspective", "unit", "better", "formula", "inputs",
              "denominator", "minimum", "lever", "breaks")  # fmt: skip


def table(kind: str, release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    """The table of one kind.

    Raises Refusal("unknown_table"), or WrongUse for what the kind needs and was not asked.
    """
    if kind not in KINDS:
        raise Refusal("unknown_table", kind=kind[:20], kinds=", ".join(KINDS))
    return KINDS[kind](release, asked, language)


def _frame(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(rows, list(columns), infer_schema_length=None, strict=False)


def _area(release: Release, asked: Asked) -> Area:
    if not asked.areas:
        raise WrongUse("no_area")
    return release.area(asked.areas[0])


def _scan(release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    result = scan(release, _area(release, asked).code, asked.year)
    return _frame(document.as_csv_rows([result], language), document.CSV_COLUMNS)


def _opgaven(release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    results = scans_of(release, asked)
    return _frame(document.as_csv_rows(results, language), document.CSV_COLUMNS)


def scans_of(release: Release, asked: Asked) -> tuple[Scan, ...]:
    """All areas of a level in a gemeente, largest opgave first."""
    gemeente = _area(release, asked)
    level = asked.level or default_level(release, gemeente)
    return scan_all(release, gemeente.code, level, asked.year)


def _ranking(release: Release, asked: Asked, _language: Language) -> pl.DataFrame:
    seen = look(release, _area(release, asked), asked)
    rows = [_ranked(r, seen.indicator, seen.year) for r in seen.ranked]
    columns = ("area", "name", "indicator", "year", "value", "unit", "status", "estimate", "low",
               "high", "country", "peers", "kind", "probability")  # fmt: skip
    return _frame(rows, columns)


def _ranked(ranked: Ranked, indicator: Indicator, year: int) -> dict[str, Any]:
    row = {
        "area": ranked.area.code,
        "name": ranked.area.name,
        "indicator": indicator.id,
        "year": year,
        "value": ranked.value,
        "unit": indicator.unit,
        "status": ranked.status.label,
    }
    found = ranked.finding
    if found is None:
        return row
    return row | {
        "estimate": found.estimate,
        "low": found.interval.low,
        "high": found.interval.high,
        "country": found.country.reference if found.country else None,
        "peers": found.peers.reference if found.peers else None,
        "kind": found.kind,
        "probability": opgave.sureness(found.kind, found.country, found.peers),
    }


def _series(release: Release, asked: Asked, _language: Language) -> pl.DataFrame:
    _area(release, asked)
    return export.rows(release, asked.areas, (asked.indicator,) if asked.indicator else ())


def _peers(release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    peers = scan(release, _area(release, asked).code, asked.year).peers.list
    return _frame([_peer(peer, language) for peer in peers], _PEER)


def _peer(peer: Peer, language: Language) -> dict[str, Any]:
    def named(reasons: Sequence[tuple[str, float, float, float]]) -> str:
        return "; ".join(registry().indicators[reason[0]].label[language] for reason in reasons)

    return {
        "area": peer.area.code,
        "name": peer.area.name,
        "gemeente": peer.area.gemeente,
        "distance": peer.distance,
        "alike": named(peer.alike),
        "differs": named(peer.differs),
    }


def _unknown(release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    unknown = scan(release, _area(release, asked).code, asked.year).unknown
    rows = [
        {"label": registry().indicators[u.indicator].label[language]}
        | document.unknown_words(u, language)
        for u in unknown
    ]
    return _frame(rows, _UNKNOWN)


def _compare(release: Release, asked: Asked, language: Language) -> pl.DataFrame:
    """Every judged figure of every area, also where there is no clear difference."""
    _area(release, asked)
    results = [scan(release, code, asked.year) for code in asked.areas]
    rows = [
        document.finding_row(f, result, language) for result in results for f in result.findings
    ]
    return _frame(rows, document.CSV_COLUMNS)


def _spread(release: Release, asked: Asked, _language: Language) -> pl.DataFrame:
    seen = look(release, _area(release, asked), asked)
    found = spread(release, seen.indicator.id, seen.level, seen.gemeente.code)
    where = {"within": found.within, "level": found.level, "indicator": found.indicator}
    return _frame([where | _point(point) for point in found.points], _SPREAD)


def _point(point: SpreadPoint) -> dict[str, Any]:
    return {
        "year": point.year,
        "areas": point.areas,
        "theil": point.theil,
        "low": point.interval.low,
        "high": point.interval.high,
        "gap": point.gap,
        "gap_low": point.gap_interval.low if point.gap_interval else None,
        "gap_high": point.gap_interval.high if point.gap_interval else None,
    }


def _coverage(release: Release, asked: Asked, _language: Language) -> pl.DataFrame:
    counts = release.coverage()
    return counts.filter(pl.col("level") == asked.level) if asked.level else counts


def _origins(release: Release, _asked: Asked, _language: Language) -> pl.DataFrame:
    return pl.DataFrame([export.origin_words(origin) for origin in release.origins])


def _notices(release: Release, _asked: Asked, language: Language) -> pl.DataFrame:
    """What the last load warned of, and the columns that no registry entry names."""
    rows = [{"kind": notice.code, "text": notice.text(language)} for notice in release.notices()]
    rows += [
        {"kind": "unrecognised", "text": f"{origin.table}: {column}"}
        for origin, columns in release.unrecognised()
        for column in columns
    ]
    return pl.DataFrame(rows, {"kind": pl.String, "text": pl.String})


def _indicators(_release: Release, _asked: Asked, language: Language) -> pl.DataFrame:
    return _frame([_indicator(i, language) for i in registry().indicators.values()], _INDICATOR)


def _indicator(entry: Indicator, language: Language) -> dict[str, Any]:
    return {
        "id": entry.id,
        "label": entry.label[language],
        "description": entry.description[language],
        "perspective": entry.perspective,
        "unit": entry.unit,
        "better": entry.better,
        "formula": entry.formula,
        "inputs": "; ".join(f"{name} = {column}" for name, column in entry.inputs.items()),
        "denominator": entry.denominator or None,
        "minimum": entry.minimum,
        "lever": entry.lever,
        "breaks": "; ".join(f"{b.year}: {b.why[language]}" for b in entry.breaks),
    }


def _trace(release: Release, asked: Asked, _language: Language) -> pl.DataFrame:
    area = _area(release, asked)
    if not asked.indicator or asked.year is None:
        raise WrongUse("no_indicator")
    cells = release.trace(area.code, asked.indicator, asked.year)
    columns = ("area", "year", "column", "key", "value", "status", "publisher", "table", "version",
               "read_at", "licence")  # fmt: skip
    return _frame([document.figure(cell) for cell in cells], columns)


KINDS: dict[str, Make] = {
    "scan": _scan,
    "opgaven": _opgaven,
    "ranking": _ranking,
    "series": _series,
    "peers": _peers,
    "unknown": _unknown,
    "compare": _compare,
    "spread": _spread,
    "coverage": _coverage,
    "origins": _origins,
    "notices": _notices,
    "indicators": _indicators,
    "trace": _trace,
}
