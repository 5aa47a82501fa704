# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coded conversations as a project that other programs for qualitative analysis can open.

The parts of a REFI-QDA project 1.0 (https://www.qdasoftware.org) that we have too: texts, codes,
codings with their coder, notes, cases with variables.  A guid is written in lower case without
braces.  Positions count Unicode code points from 0, the end is not included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from wijkeconomie.figures.refusal import Refusal

VariableKind = Literal["Text", "Boolean", "Integer", "Float", "Date", "DateTime"]
VARIABLE_KINDS: Final = get_args(VariableKind)
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
COLOR = re.compile(r"#(?:[A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})")
MOST_DEEP = 50  # codes within codes


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Who coded or wrote."""

    guid: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A memo; what it is about refers to it."""

    guid: str
    name: str = ""
    text: str = ""
    user: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code with its definition; *codable* is false of one that only groups others."""

    guid: str
    name: str
    codable: bool = True
    color: str | None = None
    description: str = ""
    notes: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """That a code applies, according to a user."""

    guid: str
    code: str
    user: str | None = None
    at: datetime | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A quote: the part of a text from *start* up to *end*, in code points."""

    guid: str
    start: int
    end: int
    name: str = ""
    description: str = ""
    user: str | None = None
    at: datetime | None = None
    codings: tuple[Coding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """An attribute of cases or texts."""

    guid: str
    name: str
    kind: VariableKind = "Text"
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The value of a variable, as text: true, 12, 1.5, 2026-05-31, 2026-05-31T10:00:00."""

    variable: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A conversation as text, with what is quoted from it and codings of the whole."""

    guid: str
    name: str = ""
    text: str = ""
    description: str = ""
    user: str | None = None
    at: datetime | None = None
    selections: tuple[Selection, ...] = ()
    codings: tuple[Coding, ...] = ()
    notes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Someone, or a place, that texts and quotes are of."""

    guid: str
    name: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """All that goes from one program to another."""

    name: str
    origin: str = ""
    description: str = ""
    user: str | None = None
    at: datetime | None = None
    users: tuple[User, ...] = ()
    codes: tuple[Code, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[Note, ...] = ()
    about: tuple[str, ...] = ()  # the notes on the project as a whole


_Identified = User | Code | Variable | Case | Source | Note | Selection | Coding


def all_codes(codes: tuple[Code, ...]) -> Iterator[Code]:
    """Every code, each before those within it.  Raises Refusal ``refi_deep``."""
    waiting = [(code, 0) for code in reversed(codes)]
    while waiting:
        code, deep = waiting.pop()
        if deep >= MOST_DEEP:
            raise Refusal("refi_deep", most=MOST_DEEP)
        yield code
        waiting += [(inner, deep + 1) for inner in reversed(code.codes)]


def all_codings(project: Project) -> Iterator[Coding]:
    """Every coding, of texts and of quotes."""
    for source in project.sources:
        yield from source.codings
        for selection in source.selections:
            yield from selection.codings


def check(project: Project) -> None:
    """Refuse a guid that is none or is used twice, a reference to nothing, a quote outside its
    text (``refi_guid``, ``refi_guid_twice``, ``refi_reference``, ``refi_positions``)."""
    codes = tuple(all_codes(project.codes))
    selections = [each for source in project.sources for each in source.selections]
    known: dict[str, set[str]] = {}
    seen: set[str] = set()
    kinds: dict[str, Sequence[_Identified]] = {
        "User": project.users, "Code": codes, "Variable": project.variables,
        "Case": project.cases, "Source": project.sources, "Note": project.notes,
        "Selection": selections, "Coding": tuple(all_codings(project)),
    }  # fmt: skip
    for kind, members in kinds.items():
        known[kind] = {member.guid for member in members}
        for member in members:
            if not GUID.fullmatch(member.guid):
                raise Refusal("refi_guid", what=kind, value=member.guid[:60])
            if member.guid in seen:
                raise Refusal("refi_guid_twice", what=kind, value=member.guid)
            seen.add(member.guid)
    for kind, guid in _references(project, codes):
        if guid not in known[kind]:
            raise Refusal("refi_reference", what=kind, value=guid[:60])
    for source in project.sources:
        for each in source.selections:
            if not 0 <= each.start <= each.end <= len(source.text):
                raise Refusal("refi_positions", name=(source.name or source.guid)[:60],
                              start=each.start, end=each.end, length=len(source.text))  # fmt: skip


def _references(project: Project, codes: tuple[Code, ...]) -> Iterator[tuple[str, str]]:
    """What refers to what, as kind and guid."""
    selections = [each for source in project.sources for each in source.selections]
    codings = tuple(all_codings(project))
    for case in project.cases:
        yield from (("Code", guid) for guid in case.codes)
        yield from (("Source", guid) for guid in case.sources)
        yield from (("Selection", guid) for guid in case.selections)
    holders: list[Case | Source] = [*project.cases, *project.sources]
    for holder in holders:
        yield from (("Variable", value.variable) for value in holder.values)
    yield from (("Code", coding.code) for coding in codings)
    noting: list[Code | Source | Selection | Coding] = [*codes, *project.sources, *selections]
    for noted in (*noting, *codings):
        yield from (("Note", guid) for guid in noted.notes)
    yield from (("Note", guid) for guid in project.about)
    making: list[Project | Source | Selection | Coding | Note] = [project, *project.sources]
    for made in (*making, *selections, *codings, *project.notes):
        if made.user is not None:
            yield "User", made.user
