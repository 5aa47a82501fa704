# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A document of chapters and blocks, as PDF (PDF/UA-1), DOCX that can be edited, or HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from docx import Document

from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import legible
from wijkeconomie.web import report_files as setting
from wijkeconomie.web.printed import Picture, Table

FORMATS = ("pdf", "docx", "html")
Kind = Literal["text", "strong", "small", "quote", "bullets", "heading", "table", "picture"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing in a chapter.  ``runs``: the text in parts, each with whether its words are
    explained at the end; ``by``: who said a quote; ``text`` of a table or picture is its title."""

    kind: Kind
    text: str = ""
    runs: tuple[tuple[str, bool], ...] = ()
    items: tuple[str, ...] = ()
    by: str = ""
    perspective: str = ""
    table: Table | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter with its blocks in order."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    perspective: str = ""


_ROOMY = 5  # lines of a list on a poster


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole document; ``facts`` say what it is made from; ``poster``: one page
    to hang up, A4 or A3 by ``size``."""

    language: Language
    title: str
    subtitle: str
    lead: str
    facts: tuple[tuple[str, str], ...]
    built: str
    fictional: bool
    chapters: tuple[Chapter, ...]
    poster: bool = False
    size: str = "A4"

    @property
    def heading(self) -> str:
        """The title, in which years stay together: “2027–2030” is not broken off."""
        return re.sub(r"(?<=\d)–(?=\d)", "\u2060–\u2060", self.title)

    @property
    def full(self) -> bool:
        """Whether there is so much on a poster that it takes smaller letters to be one page."""
        return sum(len(block.items) for one in self.chapters for block in one.blocks) > _ROOMY

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """Anchor and title of every chapter, in order."""
        return tuple((chapter.anchor, chapter.title) for chapter in self.chapters)

    @property
    def words(self) -> dict[str, Any]:
        """The fixed texts of the language."""
        with translation.override(self.language):
            return {
                "facts": _("About this document"), "contents": _("Contents"), "page": _("page"),
                "of": _("of"), "table": _("Table"), "figure": _("Figure"),
                "fictional": _("Invented municipality, invented figures"),
            }  # fmt: skip


def made(paper: Paper, kind: str) -> bytes:
    """The document as the bytes of a pdf, docx or html file."""
    if kind == "docx":
        return as_docx(paper)
    return as_pdf(paper) if kind == "pdf" else as_html(paper).encode()


def as_html(paper: Paper, *, printing: bool = False) -> str:
    """One file that needs nothing else."""
    paper = _legible(paper)
    style = (Path(__file__).parent / "templates/report/report.css").read_text("utf-8")
    page = {"paper": paper, "words": paper.words, "style": setting.letters() + style,
            "printing": printing}  # fmt: skip
    with translation.override(paper.language):
        return render_to_string("report/paper.html", page)


def as_pdf(paper: Paper) -> bytes:
    """Tagged PDF after PDF/UA-1; nothing is fetched from anywhere."""

    def finish(_document: Any, pdf: Any) -> None:
        tree = [one for one in pdf.objects if isinstance(one, dict)]
        setting.scoped(tree)
        setting.named(tree, dict(paper.contents))

    return setting.printed(as_html(paper, printing=True), pdf_variant="pdf/ua-1", finisher=finish)


def as_docx(paper: Paper) -> bytes:
    """The document as .docx; pictures are vectors."""
    paper = _legible(paper)
    document = Document()
    setting.dress(document, paper)
    document.add_paragraph(paper.title, style="Title")
    document.add_paragraph(paper.subtitle, style="Subtitle")
    document.add_paragraph(paper.lead)
    setting.bold(document, paper.words["facts"])
    for name, value in paper.facts:
        line = document.add_paragraph(style="List Bullet")
        line.add_run(f"{name}: ").bold = True
        line.add_run(value)
    setting.bold(document, paper.words["contents"])
    setting.contents(document, paper.contents)
    for number, chapter in enumerate(paper.chapters, 1):
        setting.chapter_head(document, chapter.anchor, chapter.title, number)
        for block in chapter.blocks:
            _set(document, paper, block)
    setting.fill_images(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _legible(thing: Any) -> Any:
    """The same without signs that no document holds, whoever let them in."""
    if isinstance(thing, str):
        return legible(thing)
    if isinstance(thing, tuple):
        return tuple(map(_legible, thing))
    if is_dataclass(thing) and not isinstance(thing, type):
        told = {one.name: _legible(getattr(thing, one.name)) for one in fields(thing)}
        return replace(thing, **told)
    return thing


def _set(document: Any, paper: Paper, block: Block) -> None:
    match block.kind:
        case "heading" if block.perspective:
            setting.tinted(document, block.text, 2, block.perspective)
        case "heading":
            document.add_heading(block.text, 2)
        case "quote":
            document.add_paragraph(f"“{block.text}” – {block.by}", style="Quote")
        case "bullets":
            for item in block.items:
                document.add_paragraph(item, style="List Bullet")
        case "table" if block.table:
            setting.set_table(document, paper, block.table, block.text)
        case "picture" if block.picture:
            setting.draw(document, paper, block.picture, 16.0)
        case _:
            small = "Small" if block.kind == "small" else None
            line = document.add_paragraph(style=small)
            line.add_run(block.text).bold = block.kind == "strong"
            line.paragraph_format.keep_with_next = True if block.kind == "strong" else None
