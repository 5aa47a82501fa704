# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Releases in memory: what a scan needs of a release, made from arrays or from the real table."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from wijkeconomie.figures import areas, formulas
from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal, WrongUse
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import NO_ROW, Panel, Release


@dataclass(eq=False)
class Made:
    """Stands for a release: ``figures`` maps (level, indicator) to (years, areas) values."""

    years: tuple[int, ...]
    codes: dict[str, tuple[str, ...]]
    figures: dict[tuple[str, str], np.ndarray]
    missing: dict[tuple[str, str], Status | np.ndarray] = field(default_factory=dict)
    present: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    id: str = "made"
    boundary: int | None = None  # None: the last year

    @property
    def boundary_year(self) -> int:
        return self.boundary or self.years[-1]

    def loaded(self, year: int | None) -> int | None:
        return Release.loaded(self, year)  # type: ignore[arg-type]

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(code for codes in self.codes.values() for code in codes)

    def area(self, code: str) -> Area:
        if not areas.is_code(code):
            raise WrongUse("invalid_code", code=code)
        if code not in self._known:
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
        values, status = np.full(shape, np.nan), np.full(shape, NO_ROW, np.uint8)
        for k, indicator in enumerate(indicators):
            if (level, indicator) in self.figures:
                values[:, :, k] = self.figures[level, indicator]
                why = self.missing.get((level, indicator), Status.SECRET)
                there = self.present.get((level, indicator), Status.OK)
                status[:, :, k] = np.where(np.isfinite(values[:, :, k]), there, why)
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


def country(*, gemeenten: int = 12, buurten: int = 20, years: int = 8, seed: int = 1) -> Made:
    """Buurten whose context and social assistance follow one latent factor; NL00 is their whole."""
    rng = np.random.default_rng(seed)
    codes = tuple(f"BU{g:04d}00{b:02d}" for g in range(1, gemeenten + 1) for b in range(buurten))
    size = len(codes)
    dense = rng.normal(size=size)
    people = np.round(np.exp(rng.normal(7.0, 0.6, size)) / 5) * 5
    figures: dict[tuple[str, str], np.ndarray] = {}

    def add(indicator: str, values: np.ndarray) -> None:
        figures["buurt", indicator] = np.broadcast_to(values, (years, size)).astype(float).copy()

    add("population", people)
    add("households", np.round(people / 2.1))
    add("dwellings", np.round(people / 2.2))
    add("population_15_64", np.round(people * 0.65))
    add("urbanity", np.clip(np.round(3 - dense), 1, 5))
    add("address_density", np.exp(7 + dense))
    add("population_density", np.exp(8 + dense + rng.normal(0, 0.2, size)))
    for name in ("age_0_14_share", "age_15_24_share", "age_25_44_share", "age_65_plus_share"):
        add(name, 20 + 3 * dense + rng.normal(0, 2, size))
    for name in ("one_person_households_share", "households_with_children_share"):
        add(name, 40 + 8 * dense + rng.normal(0, 4, size))
    chance = np.clip(0.05 + 0.015 * dense + rng.normal(0, 0.01, size), 0.002, 0.3)
    helped = np.round(rng.binomial(people.astype(int), chance, (years, size)) / 10) * 10
    add("social_assistance", 100 * helped / people)
    add("supermarket_distance", np.round(np.exp(-0.3 * dense + rng.normal(0, 0.2, size)), 1))
    whole = (figures["buurt", "social_assistance"] * people).sum(1) / people.sum()
    figures["land", "social_assistance"] = whole[:, None]
    figures["land", "supermarket_distance"] = np.full((years, 1), 0.9)
    return Made(
        years=tuple(range(2025 - years, 2025)),
        codes={
            "land": ("NL00",),
            "gemeente": tuple(f"GM{g:04d}" for g in range(1, gemeenten + 1)),
            "wijk": tuple(f"WK{g:04d}00" for g in range(1, gemeenten + 1)),
            "buurt": codes,
        },
        figures=figures,
    )
