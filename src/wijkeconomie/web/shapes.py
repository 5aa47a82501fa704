# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the API's answers, for its OpenAPI document."""

from __future__ import annotations

import json
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from wijkeconomie.figures.missing import Status
from wijkeconomie.insight import document
from wijkeconomie.web.answers import CSV, JSON, PROBLEM

_TABULAR = ("/gebieden", "/gemeenten", "/wijken", "/buurten", "/cijfers", "/indicatoren", "/scan")

Level = Literal["land", "gemeente", "wijk", "buurt"]
Perspective = Literal["entrepreneurship", "space", "work", "cohesion", "context"]


class AreaOut(Schema):
    """A gemeente, wijk or buurt on the boundaries of the release."""

    code: str
    name: str
    level: Level
    gemeente: str
    parent: str


class AreasOut(Schema):
    """One page of areas."""

    total: int
    page: int
    items: list[AreaOut]


class FigureOut(Schema):
    """One figure of one area in one year."""

    area: str
    name: str
    level: Level
    year: int
    indicator: str
    value: float | None = Field(description="Leeg als het cijfer er niet is; zie status.")
    status: str = Field(description=", ".join(status.label for status in Status))
    unit: str
    source: str | None


class FiguresOut(Schema):
    """One page of figures."""

    total: int
    page: int
    items: list[FigureOut]


class InputOut(Schema):
    """Which column of a source a parameter of the formula takes."""

    parameter: str
    column: str


class BreakOut(Schema):
    """From this year on the figure is not comparable with the years before."""

    year: int
    why: str


class IndicatorOut(Schema):
    """What a figure means and how it is made."""

    id: str
    label: str
    description: str
    perspective: Perspective
    unit: str
    decimals: int
    better: Literal["higher", "lower", "neither"]
    formula: str
    inputs: list[InputOut]
    denominator: str | None
    whole: str | None
    uncounted: str | None
    unaveraged: str | None
    minimum: float
    lever: Literal["yes", "partly", "no"]
    breaks: list[BreakOut]


class IndicatorsOut(Schema):
    """One page of indicators."""

    total: int
    page: int
    items: list[IndicatorOut]


class CellOut(Schema):
    """One cell of a published table."""

    area: str
    year: int
    column: str
    key: str
    value: float | None
    status: str
    publisher: str
    table: str
    version: str
    read_at: str
    licence: str
    source: str | None
    share: float | None = Field(
        description="Deel van de adressen van dit gebied dat nu in het gevraagde gebied ligt; leeg "
        "als de grens niet veranderde."
    )


class TraceOut(Schema):
    """The cells under a figure."""

    release: str
    area: str
    indicator: str
    year: int
    formula: str
    cells: list[CellOut]


class OriginOut(Schema):
    """A table that was read."""

    publisher: str
    table: str
    title: str
    version: str
    read_at: str
    licence: str
    url: str
    checksum: str


class CoverageOut(Schema):
    """How many areas have a figure."""

    indicator: str
    year: int
    level: Level
    filled: int
    total: int


class ReleaseOut(Schema):
    """The release in use: its sources, coverage and warnings."""

    release: str
    fictional: bool
    boundary_year: int
    years: list[int]
    built_at: str
    sources: list[OriginOut]
    notices: list[str]
    coverage: list[CoverageOut]


class InvalidOut(Schema):
    """One thing that is wrong in the request."""

    where: str = Field(alias="in")
    location: str
    code: str
    detail: str


class ProblemOut(Schema):
    """RFC 9457: what is wrong, where, and what to do."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[InvalidOut] = Field(default_factory=list)


def documented(schema: Any) -> Any:
    """Complete ninja's OpenAPI: problems, CSV, headers and the schema of a scan."""
    schema["components"]["schemas"].update(_scan_schemas())
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                _complete(path, status, answer)
    return schema


def _complete(path: str, status: int, answer: dict[str, Any]) -> None:
    version = {"description": "Volledige versie van de API.", "schema": {"type": "string"}}
    answer["headers"] = {"API-Version": version}
    content = answer["content"]
    if status >= 400:
        content[PROBLEM] = content.pop(JSON)
        return
    answer["headers"]["ETag"] = {"schema": {"type": "string"}}
    if path.endswith("/scan"):
        content[JSON]["schema"] = {"$ref": "#/components/schemas/ScanDocument"}
    if path.endswith(_TABULAR):
        content[CSV] = {"schema": {"type": "string"}}
    if path.endswith(_TABULAR) and not path.endswith("/scan"):
        answer["headers"]["Link"] = {
            "description": "first, prev, next, last (RFC 8288).", "schema": {"type": "string"}
        }  # fmt: skip


def _scan_schemas() -> dict[str, Any]:
    """The packaged schema of a scan under OpenAPI's address."""
    moved = json.dumps(document.schema()).replace("#/$defs/", "#/components/schemas/scan.")
    whole = json.loads(moved)
    named = {f"scan.{name}": body for name, body in whole["$defs"].items()}
    return {**named, "ScanDocument": {"oneOf": whole["oneOf"]}}
