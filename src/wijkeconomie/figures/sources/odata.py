# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What both versions of CBS's OData share: pages of rows, numbers, paths of titles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from wijkeconomie.figures.refusal import Refusal

_WHOLE_NUMBER = re.compile(r"\s*-?\d{1,15}\s*")
_DEEPEST = 20  # steps of a path; CBS has four at most


def rows(page: Mapping[str, Any], table: str) -> list[dict[str, Any]]:
    """The rows of a page of v4 or v3, or Refusal("service_shape")."""
    found = page.get("value")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Refusal("service_shape", table=table, what="value")
    return found


def count(answer: Mapping[str, Any], name: str) -> int | None:
    """A count that the service gives, if it gives one."""
    given = str(answer.get(name))
    return int(given) if re.fullmatch(r"\d{1,12}", given) else None


def needed(found: list[dict[str, Any]], names: Iterable[str], table: str) -> None:
    """Refusal("service_shape") unless every row has all of *names*: else it is another service."""
    for name in names:
        if any(name not in row for row in found):
            raise Refusal("service_shape", table=table, what=name)


def words(found: list[dict[str, Any]], name: str, table: str) -> pl.Series:
    """One key of every row as text without padding; null where it is null."""
    needed(found, (name,), table)
    texts = [None if row[name] is None else str(row[name]) for row in found]
    return pl.Series(name, texts, dtype=pl.String).str.strip_chars()


def numbers(found: list[dict[str, Any]], name: str, table: str, texts: dict[str, int]) -> pl.Series:
    """One key of every row as Float64, null where it is null.

    Text is taken only when it is exactly a whole number, and counted in *texts*.  Raises
    Refusal("service_number") for everything else: true, false, other text, numbers without end.
    """
    needed(found, (name,), table)
    values = [row[name] for row in found]
    others = {type(value) for value in values} - {int, float, type(None)}
    if others:
        texts[name] = texts.get(name, 0) + sum(type(value) in others for value in values)
        values = [_number(v, table, name) if type(v) in others else v for v in values]
    series = pl.Series(name, values, dtype=pl.Float64, strict=False)
    if series.is_infinite().any() or series.null_count() != values.count(None):
        raise Refusal("service_number", table=table, what=name, value="1e999")
    return series


def _number(value: Any, table: str, name: str) -> int:
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    raise Refusal("service_number", table=table, what=name, value=repr(value)[:40])


def title_path(entry: Mapping[str, Any], parent: Callable[[Any], Mapping[str, Any] | None]) -> str:
    """``Wonen/Woningen naar type/Percentage eengezinswoning (%)`` for a measure or topic.

    Titles alone are not unique within a table ("Huurwoning" of electricity and of gas).
    """
    steps, group = [title(entry)], parent(entry)
    while group is not None and len(steps) < _DEEPEST:
        steps.append(title(group))
        group = parent(group)
    path, unit = "/".join(reversed(steps)), entry.get("Unit")
    return f"{path} ({unit})" if unit else path


def title(entry: Mapping[str, Any]) -> str:
    """The title without the (non-breaking) spaces that CBS leaves at its end."""
    return " ".join(str(entry.get("Title") or "").split())
