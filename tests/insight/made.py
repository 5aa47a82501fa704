# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Releases in memory: what a scan needs of a release, made from arrays or from the real table."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from wijkeconomie.figures import areas, formulas
from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import Panel


@dataclass(eq=False)
class Made:
    """Stands for a release: ``figures`` maps (level, indicator) to (years, areas) values."""

    years: tuple[int, ...]
    codes: dict[str, tuple[str, ...]]
    figures: dict[tuple[str, str], np.ndarray]
    missing: dict[tuple[str, str], Status] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    id: str = "made"

    def area(self, code: str) -> Area:
        if not areas.is_code(code):
            raise WrongUse("invalid_code", code=code)
        if code not in self.codes[areas.level(code)]:
            raise Refusal("unknown_area", code=code)
        return Area(
            code,
            self.names.get(code, code),
            areas.level(code),
            self.names.get(areas.gemeente_of(code), areas.gemeente_of(code)),
        )

    def areas(self, level: str | None = None, within: str | None = None) -> tuple[Area, ...]:
        inside = "" if within in (None, "NL00") else within[2:]
        return tuple(
            self.area(code)
            for lv in ([level] if level else self.codes)
            for code in self.codes[lv]
            if code[2:].startswith(inside)
        )

    def panel(self, level: str, indicators: tuple[str, ...]) -> Panel:
        codes = self.codes[level]
        shape = (len(self.years), len(codes), len(indicators))
        values, status = np.full(shape, np.nan), np.full(shape, int(Status.UNKNOWN), np.uint8)
        for k, indicator in enumerate(indicators):
            if (level, indicator) in self.figures:
                values[:, :, k] = self.figures[level, indicator]
                why = self.missing.get((level, indicator), Status.SECRET)
                status[:, :, k] = np.where(np.isfinite(values[:, :, k]), Status.OK, why)
        return Panel(
            level=level,
            codes=codes,
            years=np.array(self.years),
            indicators=indicators,
            values=values,
            status=status,
        )


def national_2020(shared: Path) -> Made:
    """CBS table 84799NED, every indicator that it can give."""
    folder = (
        shared / "kwb-2020-national" if shared.name == "data" else shared / "data/kwb-2020-national"
    )
    table = pl.read_parquet(folder / "cbs.v3.84799NED_TypedDataSet.parquet").with_columns(
        pl.col("WijkenEnBuurten").str.strip_chars().alias("code")
    )
    names = pl.read_parquet(folder / "cbs.v3.84799NED_WijkenEnBuurten.parquet")
    known = registry()
    columns = {known.recognise(c): c for c in table.columns if c != "code"}
    table = table.sort("code")
    frame = table.select(
        "code",
        *(pl.col(c).cast(pl.Float64, strict=False).alias(i) for i, c in columns.items() if i),
    )
    frame = frame.with_columns(
        _formula(i.formula, dict(i.inputs)).alias(f"={i.id}")
        for i in known.indicators.values()
        if set(i.inputs.values()) <= set(frame.columns)
    )
    codes, figures = {}, {}
    for level, prefix in (("land", "NL"), ("gemeente", "GM"), ("wijk", "WK"), ("buurt", "BU")):
        part = frame.filter(pl.col("code").str.starts_with(prefix))
        codes[level] = tuple(part["code"])
        for name in part.columns:
            if name.startswith("="):
                figures[level, name[1:]] = (
                    part[name].cast(pl.Float64).fill_null(np.nan).to_numpy()[None]
                )
    named = dict(zip(names["Key"].str.strip_chars(), names["Title"].str.strip_chars(), strict=True))
    return Made(years=(2020,), codes=codes, figures=figures, names=named)


def _formula(name: str, inputs: dict[str, str]) -> pl.Expr:
    function: Any = getattr(formulas, name)
    return function(**{p: pl.col(inputs[p]) for p in inspect.signature(function).parameters})
