# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""``wijkeconomie guide …``: conversation guides on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from wijkeconomie.figures.refusal import WrongUse
from wijkeconomie.terminal import LANGUAGE, Group, content_of, language_option, say, t

if TYPE_CHECKING:
    from wijkeconomie.fieldwork.guide import Choice, Consent, Guide, Question, Words

_KINDS: Final = {
    "text": ("tekst", "text"), "note": ("notitie", "note"), "integer": ("heel getal", "integer"),
    "decimal": ("getal", "number"), "date": ("datum", "date"), "one": ("één keuze", "one choice"),
    "many": ("meer keuzes", "choices"), "photo": ("foto", "photo"), "location": ("plek", "place"),
    "group": ("groep", "group"), "consent": ("toestemming", "consent"),
}  # fmt: skip


@click.group(cls=Group, help=t("Gespreksleidraden controleren en omzetten.",
                                "Check and convert conversation guides."))  # fmt: skip
@language_option
def guide() -> None:
    """Guides in and out."""


@guide.command(help=t(
    "Toon de leidraad van een XLSForm of JSON, of wat eraan mankeert.",
    "Show the guide of an XLSForm or JSON, or what is wrong with it."))  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@language_option
def check(file: Path) -> None:
    """All questions as they would be asked, with version, conditions and choices."""
    click.echo("\n".join(_lines(_read(file))))


@guide.command(help=t("Zet een leidraad om: van XLSForm naar JSON of terug.",
                      "Convert a guide: from XLSForm to JSON, or back."))  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("-o", "output", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help=t("Bestand; de naam zegt de vorm: .xlsx of .json.",
                     "File; its name says the form: .xlsx or .json."))  # fmt: skip
@click.option("--overwrite", is_flag=True, help=t("Vervang een bestaand bestand.",
                                                  "Replace an existing file."))  # fmt: skip
@language_option
def convert(file: Path, output: Path, *, overwrite: bool) -> None:
    """The version stays the same: it is what the guide says, not how it is kept."""
    from wijkeconomie.fieldwork import xlsform_writing  # noqa: PLC0415 -- heavy
    from wijkeconomie.fieldwork.guide import as_json, version  # noqa: PLC0415 -- heavy
    from wijkeconomie.figures.export import replacing  # noqa: PLC0415 -- heavy

    form = output.suffix.lower()
    if form not in (".xlsx", ".json"):
        raise WrongUse("unknown_format", format=form[:20] or "–", formats=".xlsx, .json")
    read = _read(file)
    content = xlsform_writing.write(read) if form == ".xlsx" else as_json(read).encode()
    with replacing(output, overwrite=overwrite, expected=len(content)) as out:
        out.write(content)
    click.echo(f"{output}: {t('versie', 'version')} {version(read)[:12]}")


def _read(file: Path) -> Guide:
    from wijkeconomie.fieldwork import xlsform  # noqa: PLC0415 -- heavy
    from wijkeconomie.fieldwork.checks import from_json  # noqa: PLC0415 -- heavy

    content = content_of(file, xlsform.MOST_BYTES + 1)
    if content.lstrip()[:1] == b"{":
        return from_json(content.decode("utf-8", "replace"))
    imported = xlsform.read(content)
    for notice in imported.notices:
        say(notice)
    return imported.guide


def _lines(guide: Guide) -> Iterator[str]:
    from wijkeconomie.fieldwork.guide import UNSAID, version  # noqa: PLC0415 -- heavy

    yield f"{guide.title or guide.id} ({guide.id})"
    yield f"{t('versie', 'version')} {version(guide)}"
    unchecked = f" ({t('niet nagekeken', 'unchecked')})"
    languages = [
        (t("niet genoemd", "not told") if code == UNSAID else code)
        + (unchecked if code in guide.unchecked else "")
        for code in guide.languages
    ]
    yield f"{t('talen', 'languages')} {', '.join(languages)}"
    for consent in guide.consents:
        yield f"- {_consent(consent, guide)}"
    for question in guide.questions:
        yield from _question(question, guide, "")


def _consent(consent: Consent, guide: Guide) -> str:
    head = f"{consent.name} [{_kind('consent')}, {t('versie', 'version')} {consent.version}]"
    return f"{head} {_said(consent.text, guide)}"


def _question(question: Question, guide: Guide, indent: str) -> Iterator[str]:
    needed = f", {t('verplicht', 'required')}" if question.required else ""
    head = f"{question.name} [{_kind(question.kind)}{needed}]"
    yield f"{indent}- {head} {_said(question.label, guide)}".rstrip()
    for condition, words in ((question.relevant, t("als", "if")),
                             (question.constraint, t("moet", "must be"))):  # fmt: skip
        if condition is not None:
            yield f"{indent}    {words} {condition.source}"
    for choice in question.choices:
        yield f"{indent}    ( ) {_choice(choice, guide)}"
    for inner in question.questions:
        yield from _question(inner, guide, indent + "  ")


def _choice(choice: Choice, guide: Guide) -> str:
    return f"{choice.name}: {_said(choice.label, guide)}"


def _kind(name: str) -> str:
    return t(*_KINDS[name])


def _said(words: Words, guide: Guide) -> str:
    """The text in the language asked for, else in the first that it has, on one line."""
    order = (LANGUAGE, *guide.languages)
    return " ".join(next((words[code] for code in order if code in words), "").split())
