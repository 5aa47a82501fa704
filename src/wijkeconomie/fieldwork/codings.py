# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Codings as a table: one row for a code that someone gave to a quote, or to a whole text.

Written by :func:`wijkeconomie.figures.export.write_table`.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from wijkeconomie.fieldwork.project import Code, Coding, Project, Selection, Source

SCHEMA = {
    "conversation_id": pl.String, "conversation": pl.String, "start": pl.Int64, "end": pl.Int64,
    "quote": pl.String, "code_id": pl.String, "code": pl.String, "coder": pl.String,
    "date": pl.String, "notes": pl.String,
}  # fmt: skip
WITHIN = " / "  # between a code and the one that it is within


def table(project: Project) -> pl.DataFrame:
    """Rows of :data:`SCHEMA`, in the order of the texts and of the quotes within them.

    ``start`` and ``end`` are code points, the end not included; both and ``quote`` are null where a
    whole text is coded.  ``code`` is the path from the root; ``coder`` and ``date`` are null where
    nobody told; ``notes`` are the names of the notes on the coding, null without any.  The project
    must have passed its check.
    """
    coded_as = paths(project)
    called = {note.guid: note.name for note in project.notes}
    names = {user.guid: user.name for user in project.users}
    rows = [
        (source.guid, source.name, *span, coding.code, coded_as[coding.code],
         names[coding.user] if coding.user else None,
         coding.at.isoformat() if coding.at else None,
         "; ".join(called[note] for note in coding.notes) or None)
        for source in project.sources
        for coding, span in _of_source(source)
    ]  # fmt: skip
    return pl.DataFrame(rows, SCHEMA, orient="row")


def paths(project: Project) -> dict[str, str]:
    """Every code by guid, with those that it is within."""
    return dict(_paths(project.codes, ""))


_Span = tuple[int | None, int | None, str | None]


def _of_source(source: Source) -> Iterator[tuple[Coding, _Span]]:
    for coding in source.codings:
        yield coding, (None, None, None)
    for selection in sorted(source.selections, key=_place):
        quote = source.text[selection.start : selection.end]
        for coding in selection.codings:
            yield coding, (selection.start, selection.end, quote)


def _place(selection: Selection) -> tuple[int, int]:
    return selection.start, selection.end


def _paths(codes: tuple[Code, ...], before: str) -> Iterator[tuple[str, str]]:
    for code in codes:
        yield code.guid, before + code.name
        yield from _paths(code.codes, before + code.name + WITHIN)
