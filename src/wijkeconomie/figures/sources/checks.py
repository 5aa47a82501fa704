# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What no figure can be: a negative count, 120 %, a district with more people than a country.

Each check refuses with the row in the file.  Sums are judged with CBS's rounding in mind: counts
of wijken and buurten are rounded at random to multiples of five (CBS, toelichting Kerncijfers
wijken en buurten 2023).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from wijkeconomie.figures.areas import COUNTRY
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.registry import Column, Text, registry

_COUNTRY_PART = 10  # no gemeente holds a tenth of what the country may hold
_LARGEST_SHARE = 100.0
_ROUNDING_SLACK = 3  # three rounded counts, each off by at most one step


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One registry column as read: equally long series, and the cell as it was written."""

    column: Column
    header: str
    area: pl.Series
    lines: pl.Series
    values: pl.Series
    written: Callable[[int], str]


def refuse_impossible(figures: Figures, lowest: Any, highest: Any) -> tuple[Notice, ...]:
    """Refuse what cannot be, and return a warning where a percentage may be a fraction.

    *lowest* and *highest* are those of the values, None when there is no value.
    """
    values, column = figures.values, figures.column
    if lowest is None:
        return ()
    if column.kind in ("count", "share") and lowest < 0:
        _refuse_negative(figures, _first(values < 0))
    if column.unit == "percent" and highest > _LARGEST_SHARE:
        _refuse_share(figures, _first(values > _LARGEST_SHARE))
    if column.highest and highest > column.highest / _COUNTRY_PART:
        _refuse_implausible(figures)
    if column.unit == "percent" and highest <= 1 and ((values > 0) & (values < 1)).any():
        # a file of fractions (0,141 for 14,1 %) has no percentage above one
        return (Notice("share_is_fraction", {"column": figures.header}),)
    return ()


def parts_exceed(frame: pl.DataFrame) -> tuple[Notice, ...]:
    """Warn where men and women together exceed the inhabitants by more than rounding does."""
    if not {"men", "women", "population"} <= set(frame.columns):
        return ()
    slack = _ROUNDING_SLACK * registry().columns["population"].rounding
    over = frame.filter(pl.col("men") + pl.col("women") > pl.col("population") + slack)
    if not over.height:
        return ()
    first = over.row(0, named=True)
    parts = first["men"] + first["women"]
    return (
        Notice(
            "parts_exceed_total",
            {
                "row": int(first["line"]),
                "parts": f"{parts:.0f}",
                "total": f"{first['population']:.0f}",
                "difference": f"{parts - first['population']:.0f}",
                "slack": f"{slack:.0f}",
                "rows": over.height,
            },
        ),
    )


def _first(wrong: pl.Series) -> int:
    return int(wrong.fill_null(value=False).arg_max() or 0)


def _refuse_negative(figures: Figures, at: int) -> None:
    code = "negative_count" if figures.column.kind == "count" else "negative_share"
    raise Refusal(
        code,
        row=int(figures.lines[at]),
        what=_what(figures),
        value=figures.written(int(figures.lines[at])),
    )


def _refuse_share(figures: Figures, at: int) -> None:
    raise Refusal(
        "share_over_100",
        row=int(figures.lines[at]),
        column=figures.header,
        value=f"{figures.values[at]:g}",
        whole=_label(figures.column.of),
    )


def _refuse_implausible(figures: Figures) -> None:
    """The bound is that of the country; whatever lies in it can hold a tenth at most."""
    column = figures.column
    is_part = figures.area != COUNTRY if column.kind == "count" else figures.values.is_null()
    below = column.highest / _COUNTRY_PART
    wrong = (figures.values > column.highest) | (is_part & (figures.values > below))
    if wrong.any():
        at = _first(wrong)
        row = int(figures.lines[at])
        highest = below if is_part[at] else column.highest
        raise Refusal(
            "implausible",
            row=row,
            column=figures.header,
            value=figures.written(row)[:60],
            highest=int(highest),
        )


def _what(figures: Figures) -> dict[str, str]:
    label = _label(figures.column.id, figures.header)
    if figures.column.kind != "count":
        return label
    return {"nl": f"aantal {label['nl']}", "en": f"number of {label['en']}"}


def _label(column: str, fallback: str = "") -> dict[str, str]:
    entry = registry().indicators.get(column)
    words = entry.label if entry else Text(fallback or column, fallback or column)
    return {"nl": _lower(words.nl), "en": _lower(words.en)}


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
