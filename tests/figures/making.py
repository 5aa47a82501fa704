# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Small tables by hand, for tests of what happens to tables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.snapshot import Origin, Snapshot

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def origin(table: str = "T", *, day: int = 0, **changes: Any) -> Origin:
    base = {
        "publisher": "CBS", "table": table, "title": table, "version": str(day),
        "read_at": EPOCH + timedelta(days=day), "licence": "CC BY 4.0",
        "checksum": hashlib.sha256(f"{table}{day}".encode()).hexdigest(),
    }  # fmt: skip
    return Origin(**{**base, **changes})


def frame(year: int, rows: Sequence[Mapping[str, Any]], *, default: Status) -> pl.DataFrame:
    """Rows of area, name?, change? and columns; None becomes *default*, a Status stays."""
    names = [n for n in rows[0] if n not in ("area", "name", "gemeente", "change")]
    made = []
    for row in rows:
        line: dict[str, Any] = {
            "area": row["area"], "year": year, "name": row.get("name", row["area"]),
            "gemeente": row.get("gemeente", ""), "change": row.get("change"),
        }  # fmt: skip
        for name in names:
            given = default if row[name] is None else row[name]
            missing = isinstance(given, Status)
            line[name] = None if missing else float(given)
            line[name + "~"] = int(given) if missing else 0
        made.append(line)
    types = {"year": pl.Int16, "change": pl.String}
    types |= dict.fromkeys(names, pl.Float64) | {n + "~": pl.UInt8 for n in names}
    return pl.DataFrame(made, schema_overrides=types)


def snapshot(
    year: int,
    rows: Sequence[Mapping[str, Any]],
    *,
    default: Status = Status.SECRET,
    **about: Any,
) -> Snapshot:
    made = frame(year, rows, default=default)
    keys = {n: n.upper() for n in made.columns if n + "~" in made.columns}
    return Snapshot(origin=origin(**about), frame=made, keys=keys)
