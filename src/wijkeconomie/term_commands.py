# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""``wijkeconomie terms …``: words of vocabularies in, and found."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from wijkeconomie.figures.refusal import WrongUse
from wijkeconomie.terminal import Bar, Group, common, content_of, data_folder, t

if TYPE_CHECKING:
    from types import ModuleType

    from wijkeconomie.acting.terms import Word

SCHEMES: Final = ("occupation", "skill", "sbi", "cpv", "trade")
_VERSION = re.compile(r"[\w.-]{1,20}")
_MOST_FOUND: Final = 50
_scheme = click.option("--scheme", required=True, type=click.Choice(SCHEMES), help=t(
    "Wat het is: beroepen of vaardigheden (ESCO), bedrijfstakken (SBI), inkoop (CPV), vakken.",
    "What it is: occupations or skills (ESCO), branches (SBI), purchases (CPV), trades.",
))  # fmt: skip


@click.group(cls=Group, help=t("Woordenlijsten: beroepen, vaardigheden, bedrijfstakken, inkoop.",
                               "Vocabularies: occupations, skills, branches, purchases."),
)  # fmt: skip
def terms() -> None:
    """Words in, and found."""


@terms.command(help=t(
    "Laad een woordenlijst uit FILE (CSV of XLSX). Wat er niet meer in staat, blijft bewaard.",
    "Load a vocabulary from FILE (CSV or XLSX). What is not in it any more is kept."))  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@_scheme
@click.option("--version", "version_", required=True, metavar="1.2.0",
              help=t("Versie van de lijst.", "Version of the list."))  # fmt: skip
@click.option("--accept-loss", is_flag=True, help=t(
    "Neem een lijst over waarin meer dan een op de vijf woorden ontbreekt.",
    "Take a list that lacks more than one in five words."))  # fmt: skip
@common
def load(
    file: Path, scheme: str, version_: str, data: Path | None, *, accept_loss: bool
) -> None:  # fmt: skip
    """The whole file, or nothing of it."""
    if not _VERSION.fullmatch(version_):
        raise WrongUse("terms_version", version=version_[:40])
    bar = Bar()
    bar.start(t("Lezen: ", "Reading: ") + file.name, None)
    try:
        words = _read(file, scheme)
        vocabulary = _vocabulary(data)
        bar.start(t("Opslaan", "Keeping"), len(words))
        taken = vocabulary.take_in(scheme=scheme, version=version_, words=words, tell=bar.advance,
                                   accept_loss=accept_loss)  # fmt: skip
    finally:
        bar.finish()
    click.echo(t(f"{scheme} {version_}: {taken.added} nieuw, {taken.changed} veranderd, "
                 f"{taken.same} hetzelfde, {taken.gone} vervallen.",
                 f"{scheme} {version_}: {taken.added} new, {taken.changed} changed, "
                 f"{taken.same} the same, {taken.gone} gone."))  # fmt: skip


@terms.command(help=t(
    "Laad uit FILE (CSV van ESCO) welk beroep welke vaardigheden vraagt, na beide woordenlijsten.",
    "Load from FILE (CSV of ESCO) which occupation takes which skills, after both vocabularies.",
))  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@common
def relate(file: Path, data: Path | None) -> None:
    """The whole file, or nothing of it."""
    from wijkeconomie.acting.terms import MOST_BYTES, needs, rows_of  # noqa: PLC0415 -- heavy

    found = needs(rows_of(content_of(file, MOST_BYTES + 1)))
    kept, lost = _vocabulary(data).relate(found)
    click.echo(t(f"{kept} bewaard; {lost} van woorden die niet geladen zijn.",
                 f"{kept} kept; {lost} of words that were not loaded."))  # fmt: skip


@terms.command(help=t("Zoek een woord; een tikfout mag.", "Find a word; a typing error may be."))
@click.argument("typed", metavar="WORDS")
@click.option("--scheme", "schemes", multiple=True, type=click.Choice(SCHEMES),
              help=t("Alleen hierin, mag vaker.", "In this one only, repeatable."))  # fmt: skip
@click.option("--most", type=click.IntRange(1, _MOST_FOUND), default=10, show_default=True,
              help=t("Hoogstens zo veel.", "At most so many."))  # fmt: skip
@common
def find(typed: str, schemes: tuple[str, ...], most: int, data: Path | None) -> None:
    """One line a word: its list, its code, its name, and by which other name it was found."""
    for term, hit in _vocabulary(data).find(typed, schemes or SCHEMES, most):
        by = "" if hit.name == term.nl else f"  ({hit.name})"
        click.echo(f"{term.scheme:11} {term.code.rpartition('/')[2]:36} {term.nl}{by}")


@terms.command("list", help=t("Welke woordenlijsten er zijn.", "Which vocabularies there are."))
@common
def list_(data: Path | None) -> None:
    """One line a list: how many words, which version, since when, and its licence."""
    _vocabulary(data)
    from wijkeconomie.acting.terms import SCHEMES as KNOWN  # noqa: PLC0415 -- heavy
    from wijkeconomie.web.acting.models import Term, Vocabulary  # noqa: PLC0415 -- Django

    for one in Vocabulary.objects.order_by("scheme"):
        count = Term.objects.filter(scheme=one.scheme, gone="").count()
        click.echo(f"{one.scheme:11} {count:6}  {one.version:12} {one.loaded_at:%Y-%m-%d}  "
                   f"{KNOWN[one.scheme].licence}".rstrip())  # fmt: skip


def _read(file: Path, scheme: str) -> tuple[Word, ...]:
    from wijkeconomie.acting.terms import MOST_BYTES, rows_of, words  # noqa: PLC0415 -- heavy

    content = content_of(file, MOST_BYTES + 1)
    if file.suffix.lower() not in (".xlsx", ".xls"):
        return words(scheme, rows_of(content))
    from wijkeconomie.figures.sources import workbook  # noqa: PLC0415 -- heavy

    grid = workbook.read(content)
    return words(scheme, [grid.rows.columns, *grid.rows.iter_rows()], grid.lines.to_list())


def _vocabulary(data: Path | None) -> ModuleType:
    """The site's own words, in the database of this folder."""
    os.environ["WIJKECONOMIE_DATA"] = str(data_folder(data).absolute())
    from wijkeconomie.web import wsgi  # noqa: PLC0415 -- heavy: Django

    wsgi.migrate()
    from wijkeconomie.web.acting import vocabulary  # noqa: PLC0415 -- after Django's setup

    return vocabulary
