# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The report as a file: PDF (PDF/UA-1), DOCX that can be edited, or HTML that needs nothing else.

In Word a picture is the SVG itself (``svgBlip``, Office 2016 and later), with its words as
alternative text.  Readers that do not know SVG, such as LibreOffice 7.4, show the same drawing as
an image.
Sources: ISO 14289-1 (PDF/UA-1: language, title, tags, an alternative for every picture),
EN 301 549 §10 (documents), [MS-ODRAWXML] 2.3.1.8 (svgBlip).
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol
from xml.etree import ElementTree as ET

from django.utils import translation
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as Package
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from wijkeconomie.figures.export import replacing
from wijkeconomie.figures.refusal import Language, WrongUse
from wijkeconomie.figures.release import Release
from wijkeconomie.web.printed import Picture, Table, widths
from wijkeconomie.web.report import Inside, Part, Report, Told, build, ready

FORMATS = ("pdf", "docx", "html")
_HERE = Path(__file__).parent
_SVG = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"
_SVG_BLIP = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'r:embed="{embed}"/></a:ext></a:extLst>'
)
_BLUE, _GREY, _RED = RGBColor(0x16, 0x40, 0x6B), RGBColor(0x56, 0x65, 0x72), RGBColor(0x8A, 0x36, 0)
_COLOURS = {
    "entrepreneurship": RGBColor(0x9A, 0x4A, 0x00),
    "space": RGBColor(0x00, 0x74, 0x6B),
    "work": RGBColor(0x24, 0x56, 0xC4),
    "cohesion": RGBColor(0xA3, 0x25, 0x7F),
}
_LOCALE = {"nl": "nl-NL", "en": "en-GB"}
_WIDTH = 17.0  # cm between the margins


class Dressed(Protocol):
    """What every document has, whatever is in it."""

    @property
    def language(self) -> Language: ...
    @property
    def words(self) -> dict[str, Any]: ...
    @property
    def fictional(self) -> bool: ...
    @property
    def title(self) -> str: ...
    @property
    def subtitle(self) -> str: ...
    @property
    def facts(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def built(self) -> str: ...


def write(
    release: Release, code: str, language: Language, target: Path, *, year: int | None = None,
    overwrite: bool = False,
) -> None:  # fmt: skip
    """Write the report in the format that the file's name says, whole or not at all.

    Refusals as :func:`wijkeconomie.figures.export.replacing`; WrongUse ``unknown_format``.
    """
    kind = target.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise WrongUse(
            "unknown_format", format=(kind or target.name)[:20], formats=", ".join(FORMATS)
        )
    with replacing(target, overwrite=overwrite, expected=1_000_000) as out:
        out.write(made(build(release, code, language, year), kind))


def made(report: Report, kind: str) -> bytes:
    """The report as the bytes of a pdf, docx or html file."""
    if kind == "docx":
        return as_docx(report)
    return as_pdf(report) if kind == "pdf" else as_html(report).encode()


def as_html(report: Report, *, printing: bool = False) -> str:
    """One file that needs nothing else: style and letters are inside it.

    ``printing``: pictures are images, which the print engine lays out without looking inside.
    """
    ready()
    from django.template.loader import render_to_string  # noqa: PLC0415 -- needs Django to be ready

    style = (_HERE / "templates/report/report.css").read_text("utf-8")
    with translation.override(report.language):
        return render_to_string(
            "report/report.html",
            {
                "report": report,
                "words": report.words,
                "style": letters() + style,
                "printing": printing,
            },
        )


@cache
def letters() -> str:
    """The typeface as CSS that holds the letters themselves."""
    fonts = _HERE / "static/wijkeconomie/fonts"
    return "".join(
        f'@font-face {{ font-family: "Source Sans 3"; font-weight: {weight}; '
        f'src: url("data:font/woff2;base64,{letters}") format("woff2"); }}\n'
        for weight in ("400", "700")
        for path in [fonts / f"source-sans-3-latin-{weight}-normal.woff2"]
        for letters in [base64.b64encode(path.read_bytes()).decode()]
    )


def as_pdf(report: Report) -> bytes:
    """Tagged PDF after PDF/UA-1; nothing is fetched from anywhere."""

    def finish(_document: Any, pdf: Any) -> None:
        tree = [one for one in pdf.objects if isinstance(one, dict)]
        scoped(tree)
        named(tree, dict(report.contents))

    return printed(as_html(report, printing=True), pdf_variant="pdf/ua-1", finisher=finish)


def named(tree: list[dict[str, Any]], titles: dict[str, str]) -> None:
    """Every link says the title of its chapter: the print engine says the name of the anchor."""
    for one in tree:
        if one.get("Subtype") == "/Link":
            one["Contents"] = type(one["Contents"])(titles[one["Contents"].string])


def scoped(tree: list[dict[str, Any]]) -> None:
    """Say of every head of a table whether it is over a column or before a row: the print engine
    only links cells to heads, which not every reader follows."""
    rows = {one["P"] for one in tree if one.get("S") == "/TD"}
    for one in tree:
        if one.get("S") == "/TH":
            one["A"]["Scope"] = "/Row" if one["P"] in rows else "/Column"


def printed(page: str, **options: Any) -> bytes:
    """A page as PDF; nothing is fetched from anywhere."""
    import weasyprint  # noqa: PLC0415 -- heavy
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- heavy

    # rules that only screens need are no news for who asks for a report
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    inside = URLFetcher(allowed_protocols={"data"})
    made: bytes = weasyprint.HTML(string=page, url_fetcher=inside).write_pdf(**options)
    return made


def as_docx(report: Report) -> bytes:
    """The report as .docx; pictures are vectors."""
    document = Document()
    dress(document, report)
    _front(document, report)
    if report.telling:
        _page_one(document, report)
    if report.inside:
        _inside(document, report, report.inside)
    _chapters(document, report)
    _appendices(document, report)
    fill_images(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def dress(document: Any, report: Dressed) -> None:
    """Properties, language, letters, margins and the label on every page."""
    properties = document.core_properties
    properties.title, properties.author = report.title, "wijkeconomie"
    properties.subject, properties.language = report.subtitle, _LOCALE[report.language]
    properties.created = properties.modified = datetime.fromisoformat(report.built)
    properties.comments = "; ".join(f"{name}: {value}" for name, value in report.facts)
    _styles(document, report)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin = section.bottom_margin = Cm(2.3)
    if report.fictional:
        label = section.header.paragraphs[0]
        label.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(label, report.words["fictional"], _RED).bold = True
    foot = section.footer.paragraphs[0]
    _run(foot, f"{report.title} · {report.words['page']} ", _GREY)
    _field(foot, "PAGE")


def _styles(document: Any, report: Dressed) -> None:
    styles = document.styles
    styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(11)
    fonts = styles["Normal"].element.get_or_add_rPr()
    fonts.append(_element("w:lang", val=_LOCALE[report.language]))
    for language in styles.element.iter(qn("w:lang")):  # also where no style is asked for
        language.set(qn("w:val"), _LOCALE[report.language])
    for name, size in (("Title", 28), ("Heading 1", 19), ("Heading 2", 14), ("Heading 3", 12)):
        style = styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), _BLUE
        style.element.rPr.rFonts.attrib.clear()
        style.element.rPr.rFonts.set(qn("w:ascii"), "Calibri")
        style.element.rPr.rFonts.set(qn("w:hAnsi"), "Calibri")
    for name, points, after in (("Cell", 8.0, 0), ("Small", 9.5, 6)):
        small = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        small.base_style, small.font.size = styles["Normal"], Pt(points)
        small.paragraph_format.space_after = Pt(after)
    _hyphens_in_cells(document)
    styles["Caption"].font.size, styles["Caption"].font.color.rgb = Pt(9), _GREY


def _hyphens_in_cells(document: Any) -> None:
    """A long word in a narrow cell gets a hyphen, and text none; places are those of the schema."""
    tabs = document.settings.element.find(qn("w:defaultTabStop"))
    tabs.addnext(_element("w:autoHyphenation", val="true"))
    for name, suppressed in (("Normal", "true"), ("Cell", "false")):
        rules = document.styles[name].element.get_or_add_pPr()
        rules.insert(0, _element("w:suppressAutoHyphens", val=suppressed))


def _front(document: Any, report: Report) -> None:
    """What it is about, the answer in short, how old it is, and what is where."""
    _titled(document, report.title, "Title")
    _titled(document, report.subtitle, "Subtitle")
    document.add_paragraph(report.lead).runs[0].font.size = Pt(14)
    document.add_paragraph(report.summary)
    bold(document, report.words["facts"])
    for name, value in report.facts:
        line = document.add_paragraph(style="List Bullet")
        line.add_run(f"{name}: ").bold = True
        line.add_run(value)
    if report.locator:
        draw(document, report, report.locator, 5.0)
    bold(document, report.words["contents"])
    contents(document, report.contents)


def _titled(document: Any, text: str, style: str) -> None:
    """A title in which ``'s-Gravenhage`` is not broken, nor ``Wijk`` from its number."""
    first, *others = re.sub(r"\b([Ww]ijk) (?=\d)", "\\1\u00a0", text).split("'s-")
    run = document.add_paragraph(style=style).add_run(first)
    for part in others:
        run.add_text("'s")
        run._r.append(_element("w:noBreakHyphen"))  # noqa: SLF001 -- python-docx has no other way
        run.add_text(part)


def bold(document: Any, text: str) -> None:
    """A small head that is no chapter; it stays with what follows."""
    kept_together(document.add_paragraph(text)).runs[0].bold = True


def contents(document: Any, titles: Sequence[tuple[str, str]]) -> None:
    """The contents as a field: a word processor makes them anew from the headings when asked."""
    lines = [_content(document, anchor, title) for anchor, title in titles]
    code = _element("w:instrText")
    code.text = r' TOC \o "1-1" \h \z \u '
    parts = [_element("w:fldChar", fldCharType="begin"), code,
             _element("w:fldChar", fldCharType="separate")]  # fmt: skip
    for place, part in enumerate(parts, 1):
        run = _element("w:r")
        run.append(part)
        lines[0]._p.insert(place, run)  # noqa: SLF001 -- python-docx has no other way
    lines[-1].add_run()._r.append(_element("w:fldChar", fldCharType="end"))  # noqa: SLF001 -- python-docx has no other way


def _content(document: Any, anchor: str, title: str) -> Any:
    """A line of the contents: a link, and the page as a field that word processors count."""
    line = document.add_paragraph(style="List Number")
    line.paragraph_format.tab_stops.add_tab_stop(
        Cm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
    )
    link = _element("w:hyperlink", anchor=_mark(anchor))
    link.append(line.add_run(title)._r)  # noqa: SLF001 -- python-docx has no other way
    line._p.append(link)  # noqa: SLF001 -- python-docx has no other way
    line.add_run("\t")
    _field(line, f"PAGEREF {_mark(anchor)} \\h")
    return line


def _mark(anchor: str) -> str:
    """The name of a bookmark: letters and underscores only."""
    return f"w_{anchor.replace('-', '_')}"


def _chapter_head(document: Any, report: Report, anchor: str) -> Any:
    """The page with all opgaven is a page of its own: a new one begins before it and after it."""
    titles = dict(report.contents)
    place = list(titles).index(anchor)
    heading = chapter_head(document, anchor, titles[anchor], place + 1)
    heading.paragraph_format.page_break_before = place <= report.telling
    return heading


def chapter_head(document: Any, anchor: str, title: str, number: int) -> Any:
    """The heading of chapter *number* with the bookmark that the contents point to."""
    heading = document.add_heading(title, 1)
    start = _element("w:bookmarkStart", id=str(number), name=_mark(anchor))
    heading._p.insert(1, start)  # noqa: SLF001 -- python-docx has no other way
    heading._p.append(_element("w:bookmarkEnd", id=str(number)))  # noqa: SLF001 -- python-docx has no other way
    return heading


def _page_one(document: Any, report: Report) -> None:
    _chapter_head(document, report, "page-one")
    document.add_paragraph(report.lead).runs[0].bold = True
    document.add_paragraph(report.words["reading"], style="Small")
    for told in report.cards:
        _told(document, report, told, short=True)
    if report.others.rows:
        bold(document, report.words["others" if report.cards else "one_page"])
        document.add_paragraph(report.words["others_text"], style="Small")
        set_table(document, report, report.others, report.words["one_page"])


def _inside(document: Any, report: Report, inside: Inside) -> None:
    """The wijken of a gemeente: ranking, map, first opgaven, spread."""
    _chapter_head(document, report, "inside")
    document.add_heading(inside.ranking_title, 2)
    kept_together(document.add_paragraph(inside.ranking_text))
    for picture in inside.ranking:
        draw(document, report, picture, 12.0 if inside.beside else _WIDTH)
    set_table(document, report, inside.rest, inside.rest_title)
    if report.map:
        kept_together(document.add_paragraph(report.map_text))
        draw(document, report, report.map, 10.0)
    document.add_heading(report.words["areas"], 2)
    kept_together(document.add_paragraph(report.words["areas_text"]))
    set_table(document, report, inside.areas, report.words["areas"])
    document.add_heading(report.words["spread"], 2)
    kept_together(document.add_paragraph(inside.spread_text))
    if inside.spread:
        draw(document, report, inside.spread, _WIDTH)


def _chapters(document: Any, report: Report) -> None:
    if report.map and not report.inside:
        _chapter_head(document, report, "where")
        kept_together(document.add_paragraph(report.map_text))
        draw(document, report, report.map, 9.0)
    if report.quadrant:
        _chapter_head(document, report, "quadrant")
        kept_together(document.add_paragraph(report.words["quadrant_text"]))
        draw(document, report, report.quadrant, 10.0)
        kept_together(document.add_paragraph(report.words["points"], style="Small"))
        set_table(document, report, report.points, report.words["points"].partition(".")[0])
    _chapter_head(document, report, "chapters")
    if not report.telling:
        document.add_paragraph(report.words["reading"], style="Small")
    if report.lined:
        document.add_paragraph(report.words["series_text"], style="Small")
    for part in report.parts:
        _chapter(document, report, part)


def _chapter(document: Any, report: Report, part: Part) -> None:
    tinted(document, part.name, 2, part.perspective)
    for told in part.told:
        _told(document, report, told, short=False)
    if not part.told:
        silence = document.add_paragraph(part.silence)
        silence.paragraph_format.keep_with_next = bool(part.level)
    if part.level:
        document.add_paragraph(part.level)
    if part.series:
        document.add_heading(report.words["series"], 3)
    for picture in part.series:
        draw(document, report, picture, 7.0)


def _told(document: Any, report: Report, told: Told, *, short: bool) -> None:
    """``short``: the figures, with certainty, direction and people apart; else all sentences."""
    document.add_heading(f"{told.label} ({told.kind_label.lower()})", 2 if short else 3)
    text = told.headline if short else told.sentence
    kept_together(document.add_paragraph(text))
    if short:
        _facts(kept_together(document.add_paragraph()), report.words, told)
    draw(document, report, told.picture, 9.0)


def _facts(line: Any, words: dict[str, Any], told: Told) -> None:
    facts = {
        words["certainty"]: told.certainty, words["direction"]: told.direction,
        told.against: told.concerned,
    }  # fmt: skip
    for name, value in facts.items():
        if value:
            line.add_run(f"{' · ' if line.runs else ''}{name}: ").bold = True
            line.add_run(value)


def kept_together(paragraph: Any) -> Any:
    """On the page of what follows it."""
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def _appendices(document: Any, report: Report) -> None:
    words = report.words
    _chapter_head(document, report, "peers")
    if report.peers.rows:
        document.add_paragraph(words["peers_text"])
    kept_together(document.add_paragraph(report.peers_text))
    set_table(document, report, report.peers, words["peers"])
    _chapter_head(document, report, "unknown")
    told = document.add_paragraph(words["unknown_text" if report.unknown.rows else "unknown_none"])
    told.paragraph_format.keep_with_next = bool(report.unknown.rows)
    set_table(document, report, report.unknown, words["unknown"])
    _chapter_head(document, report, "figures")
    kept_together(document.add_paragraph(words["figures_text"]))
    set_table(document, report, report.figures, words["figures"].partition(": ")[2].capitalize())
    _chapter_head(document, report, "method")
    for method in words["methods"]:
        document.add_heading(method["head"], 2)
        document.add_paragraph(method["text"])
    _chapter_head(document, report, "sources")
    kept_together(document.add_paragraph(words["sources_text"]))
    set_table(document, report, report.sources, words["sources"].partition(": ")[2].capitalize())
    document.add_heading(words["cells"], 2)
    kept_together(document.add_paragraph(words["cells_text"]))
    set_table(document, report, report.cells, words["cells"])


def set_table(document: Any, report: Dressed, table: Table, title: str) -> None:
    """A real table with its caption; its first row is repeated on every page, no row is broken."""
    if not table.rows:
        return
    _caption(document, report.words["table"], title).paragraph_format.keep_with_next = True
    made = document.add_table(rows=1, cols=len(table.heads))
    made._tbl.tblPr.append(_lines())  # noqa: SLF001 -- python-docx has no other way
    for column, (cell, head) in enumerate(zip(made.rows[0].cells, table.heads, strict=True)):
        _cell(cell, head, numeric=column in table.numeric).bold = True
    made.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))  # noqa: SLF001 -- python-docx has no other way
    for row, strong in table.lines:
        cells = made.add_row().cells
        for column, (cell, text) in enumerate(zip(cells, row, strict=True)):
            _cell(cell, text, numeric=column in table.numeric).bold = column == strong or None
    _sized(made, widths(table, _WIDTH))
    document.add_paragraph(style="Cell")  # air: what follows does not touch the table


def _lines() -> Any:
    """Thin light lines between rows, as on paper; a full grid would shout over the figures."""
    borders = _element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color="C3CDD5"))
    return borders


def _sized(made: Any, widths: Iterable[float]) -> None:
    """Fixed columns, so that no word processor chooses its own; rows that stay whole."""
    made.autofit = False
    for row in made.rows:
        row._tr.get_or_add_trPr().insert(0, _element("w:cantSplit", val="true"))  # noqa: SLF001 -- python-docx has no other way
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)  # what LibreOffice reads; Word reads that of the cells
        for cell in column.cells:
            cell.width = Cm(width)


def _caption(document: Any, kind: str, text: str) -> Any:
    """``Figuur 3. Mensen met bijstand``: the number is a field, so that Word can list them."""
    line = document.add_paragraph(style="Caption")
    line.add_run(f"{kind} ")
    before = [p for p in document.paragraphs[:-1] if p.style.name == "Caption"]
    number = 1 + sum(p.text.startswith(f"{kind} ") for p in before)
    _field(line, f"SEQ {kind} \\* ARABIC", str(number))
    line.add_run(f". {text}")
    return line


def _cell(cell: Any, text: str, *, numeric: bool) -> Any:
    paragraph = cell.paragraphs[0]
    paragraph.style = "Cell"
    if numeric:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return paragraph.add_run(text)


def tinted(document: Any, text: str, level: int, perspective: str) -> None:
    """A heading in the colour of a perspective."""
    document.add_heading(text, level).runs[0].font.color.rgb = _COLOURS[perspective]


def draw(document: Any, report: Dressed, picture: Picture, width: float) -> None:
    """The SVG with its words as alternative text, at most *width* cm wide, over its caption."""
    root = ET.fromstring(picture.svg)  # noqa: S314 -- our own drawing
    size = float(root.get("width", "1")), float(root.get("height", "1"))
    shape = document.add_picture(_blank(picture.svg, size), width=Cm(width))
    package = document.part.package
    name = PackURI(f"/word/media/vector{len(package.parts) + 1}.svg")
    svg = Package(name, "image/svg+xml", picture.svg.encode(), package)
    embed = document.part.relate_to(svg, RELATIONSHIP_TYPE.IMAGE)
    inline = shape._inline  # noqa: SLF001 -- python-docx has no other way
    inline.docPr.set("descr", picture.words)
    inline.docPr.set("title", picture.title)
    inline.find(f".//{qn('a:blip')}").append(parse_xml(_SVG_BLIP.format(embed=embed)))
    kept_together(document.paragraphs[-1])
    _caption(document, report.words["figure"], picture.title)


def _blank(svg: str, size: tuple[float, float]) -> BytesIO:
    """Paper of the drawing's size, a part of its own: all are drawn at once at the end."""
    mark = PngInfo()
    mark.add_text("of", hashlib.sha256(svg.encode()).hexdigest())
    out = BytesIO()
    Image.new("1", (max(1, round(size[0])), max(1, round(size[1])))).save(out, "PNG", pnginfo=mark)
    out.seek(0)
    return out


def fill_images(document: Any) -> None:
    """Beside every SVG its drawing as a PNG of 192 dots an inch, for readers without SVG."""
    import pypdfium2  # noqa: PLC0415 -- heavy

    parts = document.part.related_parts
    drawn = {
        blip.get(qn("r:embed")): parts[blip.find(f".//{_SVG}").get(qn("r:embed"))].blob.decode()
        for blip in document.element.body.iter(qn("a:blip"))
    }
    if not drawn:  # an area of which nothing is known: an empty document has a page all the same
        return
    with pypdfium2.PdfDocument(printed(_one_a_page(list(drawn.values())))) as pages:
        for embed, page in zip(drawn, pages, strict=True):
            out = BytesIO()
            page.render(scale=192 / 72).to_pil().save(out, "PNG")
            parts[embed]._blob = out.getvalue()  # noqa: SLF001 -- python-docx has no other way


def _one_a_page(drawings: list[str]) -> str:
    """A page for each drawing, of its size."""
    sizes = [ET.fromstring(svg) for svg in drawings]  # noqa: S314 -- our own drawings
    rules = "".join(
        f"@page p{n} {{ size: {root.get('width')}px {root.get('height')}px; margin: 0 }}"
        f" .p{n} {{ page: p{n} }}"
        for n, root in enumerate(sizes)
    )
    bodies = "".join(f'<div class="p{n}">{svg}</div>' for n, svg in enumerate(drawings))
    style = f"{letters()}{rules} body {{ margin: 0 }} svg {{ display: block }}"
    return f"<!doctype html><style>{style}</style>{bodies}"


def _run(paragraph: Any, text: str, colour: RGBColor) -> Any:
    run = paragraph.add_run(text)
    run.font.color.rgb, run.font.size = colour, Pt(9)
    return run


def _field(paragraph: Any, code: str, now: str = "") -> None:
    """What the word processor fills in; *now* is what it says until then."""
    field = _element("w:fldSimple", instr=code)
    field.append(paragraph.add_run(now)._r)  # noqa: SLF001 -- python-docx has no other way
    paragraph._p.append(field)  # noqa: SLF001 -- python-docx has no other way


def _element(kind: str, /, **attributes: str) -> Any:
    made = OxmlElement(kind)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
