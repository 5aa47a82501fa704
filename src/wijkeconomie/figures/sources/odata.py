# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What both versions of CBS's OData share: pages of rows, numbers, paths of titles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wijkeconomie.figures.refusal import Refusal

_WHOLE_NUMBER = re.compile(r"\s*-?\d{1,15}\s*")
_MISSING = object()
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


def column(found: Iterable[Mapping[str, Any]], name: str, table: str) -> list[Any]:
    """The values of one key in every row; a row without that key is another service."""
    values = [row.get(name, _MISSING) for row in found]
    if _MISSING in values:
        raise Refusal("service_shape", table=table, what=name)
    return values


def numbers(values: list[Any], *, table: str, what: str, texts: dict[str, int]) -> list[Any]:
    """Numbers and nulls as they are; text only when it is exactly a whole number, and counted.

    Raises Refusal("service_number") for everything else, true and false included.
    """
    kinds = {type(value) for value in values} - {int, float, type(None)}
    if not kinds:
        return values
    read = [_number(value, table, what) if type(value) in kinds else value for value in values]
    texts[what] = texts.get(what, 0) + sum(type(value) in kinds for value in values)
    return read


def _number(value: Any, table: str, what: str) -> int:
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    raise Refusal("service_number", table=table, what=what, value=repr(value)[:40])


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
