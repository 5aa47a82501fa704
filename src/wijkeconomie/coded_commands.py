# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""``wijkeconomie coded …``: coded conversations of other programs on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from wijkeconomie.figures.refusal import WrongUse
from wijkeconomie.terminal import Group, content_of, language_option, say, t

if TYPE_CHECKING:
    from wijkeconomie.fieldwork.project import Code, Project

_FORMS: Final = (".csv", ".xlsx", ".qdc", ".qdpx")


@click.group(cls=Group, help=t("Gecodeerde gesprekken bekijken en omzetten.",
                                "Show and convert coded conversations."))  # fmt: skip
@language_option
def coded() -> None:
    """REFI-QDA in and out, without a database."""


@coded.command(help=t("Toon wat er in een project (.qdpx) of codeboek (.qdc) zit.",
                      "Show what a project (.qdpx) or codebook (.qdc) holds."))  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@language_option
def check(file: Path) -> None:
    """How much of each kind, and the codes as a tree."""
    click.echo("\n".join(_lines(_read(file))))


@coded.command(help=t("Zet een project om: naar een tabel van coderingen of een codeboek.",
                      "Convert a project: to a table of codings or a codebook."))  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("-o", "output", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help=t("Bestand; de naam zegt de vorm: .csv, .xlsx, .qdc of .qdpx.",
                     "File; its name says the form: .csv, .xlsx, .qdc or .qdpx."))  # fmt: skip
@click.option("--overwrite", is_flag=True, help=t("Vervang een bestaand bestand.",
                                                  "Replace an existing file."))  # fmt: skip
@language_option
def convert(file: Path, output: Path, *, overwrite: bool) -> None:
    """Codings as rows, or the same again as REFI-QDA of version 1.0."""
    from wijkeconomie.figures.export import replacing  # noqa: PLC0415 -- heavy

    form = output.suffix.lower()
    if form not in _FORMS:
        raise WrongUse("unknown_format", format=form[:20] or "–", formats=", ".join(_FORMS))
    content = _written(_read(file), form)
    with replacing(output, overwrite=overwrite, expected=len(content)) as out:
        out.write(content)
    click.echo(str(output))


def _written(project: Project, form: str) -> bytes:
    from wijkeconomie.fieldwork import codings, refi_writing  # noqa: PLC0415 -- heavy
    from wijkeconomie.figures.export import write_table  # noqa: PLC0415 -- heavy

    if form == ".qdpx":
        return refi_writing.write(project)
    if form == ".qdc":
        return refi_writing.write_codebook(project.codes, project.origin)
    out = BytesIO()
    write_table(codings.table(project), form[1:], out, t("Coderingen", "Codings"))
    return out.getvalue()


def _read(file: Path) -> Project:
    from wijkeconomie.fieldwork import refi  # noqa: PLC0415 -- heavy

    imported = refi.read_any(content_of(file, refi.MOST_BYTES + 1))
    for notice in imported.notices:
        say(notice)
    return imported.project


def _lines(project: Project) -> Iterator[str]:
    from wijkeconomie.fieldwork.project import all_codes, all_codings  # noqa: PLC0415 -- heavy

    yield f"{project.name or '–'} ({project.origin or '–'})"
    quotes = sum(len(source.selections) for source in project.sources)
    for words, count in (
        (t("codes", "codes"), len(tuple(all_codes(project.codes)))),
        (t("teksten", "texts"), len(project.sources)), (t("citaten", "quotes"), quotes),
        (t("coderingen", "codings"), len(tuple(all_codings(project)))),
        (t("codeurs", "coders"), len(project.users)), (t("memo's", "memos"), len(project.notes)),
    ):  # fmt: skip
        yield f"{words} {count}"
    for code in project.codes:
        yield from _tree(code, "")


def _tree(code: Code, indent: str) -> Iterator[str]:
    yield f"{indent}- {' '.join(code.name.split())}"
    for inner in code.codes:
        yield from _tree(inner, indent + "  ")
