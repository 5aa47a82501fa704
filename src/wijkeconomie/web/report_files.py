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
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from django.utils import translation
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
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
from wijkeconomie.web.report import (
    Inside,
    Part,
    Picture,
    Report,
    Table,
    Told,
    build,
    ready,
)

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
_WIDTH = 16.0  # cm between the margins


def write(
    release: Release, code: str, language: Language, target: Path, *, overwrite: bool = False
) -> None:
    """Write the report in the format that the file's name says, whole or not at all.

    Refusals as :func:`wijkeconomie.figures.export.replacing`; WrongUse ``unknown_format``.
    """
    kind = target.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise WrongUse(
            "unknown_format", format=(kind or target.name)[:20], formats=", ".join(FORMATS)
        )
    with replacing(target, overwrite=overwrite, expected=1_000_000) as out:
        out.write(made(build(release, code, language), kind))


def made(report: Report, kind: str) -> bytes:
    """The report as the bytes of a pdf, docx or html file."""
    if kind == "docx":
        return as_docx(report)
    return as_pdf(report) if kind == "pdf" else as_html(report).encode()


def as_html(report: Report) -> str:
    """One file that needs nothing else: style and letters are inside it."""
    ready()
    from django.template.loader import render_to_string  # noqa: PLC0415 -- needs Django to be ready

    style = (_HERE / "templates/report/report.css").read_text("utf-8")
    with translation.override(report.language):
        return render_to_string(
            "report/report.html",
            {"report": report, "words": report.words, "style": _letters() + style},
        )


@cache
def _letters() -> str:
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
    return _printed(as_html(report), pdf_variant="pdf/ua-1")


def _printed(page: str, **options: str) -> bytes:
    import weasyprint  # noqa: PLC0415 -- heavy
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- heavy

    inside = URLFetcher(allowed_protocols={"data"})
    made: bytes = weasyprint.HTML(string=page, url_fetcher=inside).write_pdf(**options)
    return made


def as_docx(report: Report) -> bytes:
    """The report as .docx; pictures are vectors."""
    document = Document()
    _dress(document, report)
    _front(document, report)
    if report.telling:
        _page_one(document, report)
    if report.inside:
        _inside(document, report, report.inside)
    _chapters(document, report)
    _appendices(document, report)
    _fill_images(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _dress(document: Any, report: Report) -> None:
    """Properties, language, letters, margins and the label on every page."""
    properties = document.core_properties
    properties.title, properties.author = report.title, "wijkeconomie"
    properties.subject, properties.language = report.subtitle, _LOCALE[report.language]
    properties.created = properties.modified = datetime.fromisoformat(report.built)
    properties.comments = report.made
    _styles(document, report)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.3)
    if report.fictional:
        label = section.header.paragraphs[0]
        label.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(label, report.words["fictional"], _RED).bold = True
    foot = section.footer.paragraphs[0]
    _run(foot, f"{report.title} · {report.words['page']} ", _GREY)
    _field(foot, "PAGE")


def _styles(document: Any, report: Report) -> None:
    styles = document.styles
    styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(11)
    fonts = styles["Normal"].element.get_or_add_rPr()
    fonts.append(_element("w:lang", val=_LOCALE[report.language]))
    for name, size in (("Title", 28), ("Heading 1", 19), ("Heading 2", 14), ("Heading 3", 12)):
        style = styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), _BLUE
        style.element.rPr.rFonts.attrib.clear()
        style.element.rPr.rFonts.set(qn("w:ascii"), "Calibri")
        style.element.rPr.rFonts.set(qn("w:hAnsi"), "Calibri")
    small = styles.add_style("Cell", WD_STYLE_TYPE.PARAGRAPH)
    small.base_style, small.font.size = styles["Normal"], Pt(9)
    small.paragraph_format.space_after = Pt(0)


def _front(document: Any, report: Report) -> None:
    document.add_paragraph(report.title, style="Title")
    document.add_paragraph(report.subtitle, style="Subtitle")
    document.add_paragraph(report.lead).runs[0].font.size = Pt(14)
    document.add_paragraph(report.years)
    document.add_paragraph(report.made)
    document.add_page_break()


def _page_one(document: Any, report: Report) -> None:
    document.add_heading(report.words["one_page"], 1)
    document.add_paragraph(report.words["reading"])
    for part in report.parts:
        _heading(document, part.name, 2, part.perspective)
        if part.first:
            _told(document, report, part.first, part.first.headline, level=3)
        else:
            document.add_paragraph(part.silence)


def _inside(document: Any, report: Report, inside: Inside) -> None:
    """The wijken of a gemeente: ranking, map, first opgaven, spread."""
    document.add_heading(inside.title, 1)
    document.add_paragraph(inside.ranking_text)
    _picture(document, inside.ranking, 12.0)
    if report.map:
        document.add_paragraph(report.map_text)
        _picture(document, report.map, 12.0)
    document.add_heading(report.words["areas"], 2)
    document.add_paragraph(report.words["areas_text"])
    _table(document, inside.areas)
    document.add_heading(report.words["spread"], 2)
    document.add_paragraph(inside.spread_text)
    if inside.spread:
        document.add_paragraph(inside.spread.title).runs[0].bold = True
        _picture(document, inside.spread, _WIDTH)


def _chapters(document: Any, report: Report) -> None:
    document.add_heading(report.words["chapters"], 1)
    document.add_paragraph(report.words["series_text"])
    for part in report.parts:
        _chapter(document, report, part)
    if report.quadrant:
        document.add_heading(report.words["quadrant"], 1)
        document.add_paragraph(report.words["quadrant_text"])
        _picture(document, report.quadrant, _WIDTH)
    if report.map and not report.inside:
        document.add_heading(report.words["where"], 1)
        document.add_paragraph(report.map_text)
        _picture(document, report.map, 12.0)


def _chapter(document: Any, report: Report, part: Part) -> None:
    _heading(document, part.name, 2, part.perspective)
    for told in part.told:
        _told(document, report, told, told.sentence, level=3, facts=False)
    if not part.told:
        document.add_paragraph(part.silence)
    if part.level:
        document.add_paragraph(part.level)
    if part.series:
        document.add_heading(report.words["series"], 3)
    for picture in part.series:
        _kept_together(document.add_paragraph(picture.label)).runs[0].bold = True
        _picture(document, picture, 7.0)


def _told(
    document: Any, report: Report, told: Told, text: str, *, level: int, facts: bool = True
) -> None:
    """``facts``: direction and people apart, where the text does not say them."""
    document.add_heading(f"{told.label} ({told.kind_label.lower()})", level)
    _kept_together(document.add_paragraph(text))
    _picture(document, told.picture, 9.0)
    if not facts:
        return
    line = document.add_paragraph()
    line.add_run(f"{report.words['direction']}: ").bold = True
    line.add_run(told.direction)
    if told.concerned:
        line.add_run(f" · {report.words['concerned']}: ").bold = True
        line.add_run(told.concerned)


def _kept_together(paragraph: Any) -> Any:
    """On the page of what follows it."""
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def _appendices(document: Any, report: Report) -> None:
    words = report.words
    document.add_heading(words["peers"], 1)
    document.add_paragraph(words["peers_text"])
    document.add_paragraph(report.peers_text)
    _table(document, report.peers)
    document.add_heading(words["unknown"], 1)
    document.add_paragraph(words["unknown_text" if report.unknown.rows else "unknown_none"])
    _table(document, report.unknown)
    document.add_heading(words["figures"], 1)
    document.add_paragraph(words["figures_text"])
    _table(document, report.figures)
    document.add_heading(words["method"], 1)
    for method in words["methods"]:
        document.add_heading(method["head"], 2)
        document.add_paragraph(method["text"])
    document.add_heading(words["sources"], 1)
    document.add_paragraph(words["sources_text"])
    _table(document, report.sources)


def _table(document: Any, table: Table) -> None:
    """A real table whose first row is repeated on every page."""
    if not table.rows:
        return
    made = document.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    for cell, head in zip(made.rows[0].cells, table.heads, strict=True):
        _cell(cell, head, numeric=False).bold = True
    made.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))  # noqa: SLF001 -- python-docx has no other way
    for row in table.rows:
        cells = made.add_row().cells
        for column, (cell, text) in enumerate(zip(cells, row, strict=True)):
            _cell(cell, text, numeric=column in table.numeric)
    made.autofit = False
    for column, width in zip(made.columns, _widths(table), strict=True):
        column.width = Cm(width)  # what LibreOffice reads; Word reads that of the cells
        for cell in column.cells:
            cell.width = Cm(width)


def _widths(table: Table) -> list[float]:
    """Centimetres for each column: a number is never broken, a word of fourteen letters hardly, and
    what is left goes to the columns in the measure in which their longest cell asks for more."""
    columns = list(zip(table.heads, *table.rows, strict=True))
    least = [
        _room(
            cells if n in table.numeric else (word[:14] for cell in cells for word in cell.split())
        )
        for n, cells in enumerate(columns)
    ]
    wish = [max(a, min(_room(cells), 8.0)) for a, cells in zip(least, columns, strict=True)]
    more, left = sum(wish) - sum(least) or 1.0, _WIDTH - sum(least)
    return [a + left * (b - a) / more for a, b in zip(least, wish, strict=True)]


def _room(texts: Iterable[str]) -> float:
    """Centimetres that the longest of *texts* takes in a cell."""
    return 0.45 + 0.145 * max(map(len, texts), default=0)


def _cell(cell: Any, text: str, *, numeric: bool) -> Any:
    paragraph = cell.paragraphs[0]
    paragraph.style = "Cell"
    if numeric:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return paragraph.add_run(text)


def _heading(document: Any, text: str, level: int, perspective: str) -> None:
    document.add_heading(text, level).runs[0].font.color.rgb = _COLOURS[perspective]


def _picture(document: Any, picture: Picture, width: float) -> None:
    """The SVG with its words as alternative text, at most *width* cm wide."""
    root = ET.fromstring(picture.svg)  # noqa: S314 -- our own drawing
    size = float(root.get("width", "1")), float(root.get("height", "1"))
    words = root.findtext("{http://www.w3.org/2000/svg}desc") or picture.title
    shape = document.add_picture(_blank(picture.svg, size), width=Cm(width))
    package = document.part.package
    name = PackURI(f"/word/media/vector{len(package.parts) + 1}.svg")
    svg = Package(name, "image/svg+xml", picture.svg.encode(), package)
    embed = document.part.relate_to(svg, RELATIONSHIP_TYPE.IMAGE)
    inline = shape._inline  # noqa: SLF001 -- python-docx has no other way
    inline.docPr.set("descr", words)
    inline.docPr.set("title", picture.title)
    inline.find(f".//{qn('a:blip')}").append(parse_xml(_SVG_BLIP.format(embed=embed)))


def _blank(svg: str, size: tuple[float, float]) -> BytesIO:
    """Paper of the drawing's size, a part of its own: all are drawn at once at the end."""
    mark = PngInfo()
    mark.add_text("of", hashlib.sha256(svg.encode()).hexdigest())
    out = BytesIO()
    Image.new("1", (max(1, round(size[0])), max(1, round(size[1])))).save(out, "PNG", pnginfo=mark)
    out.seek(0)
    return out


def _fill_images(document: Any) -> None:
    """Beside every SVG its drawing as a PNG of 192 dots an inch, for readers without SVG."""
    import pypdfium2  # noqa: PLC0415 -- heavy

    parts = document.part.related_parts
    drawn = {
        blip.get(qn("r:embed")): parts[blip.find(f".//{_SVG}").get(qn("r:embed"))].blob.decode()
        for blip in document.element.body.iter(qn("a:blip"))
    }
    with pypdfium2.PdfDocument(_printed(_one_a_page(list(drawn.values())))) as pages:
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
    style = f"{_letters()}{rules} body {{ margin: 0 }} svg {{ display: block }}"
    return f"<!doctype html><style>{style}</style>{bodies}"


def _run(paragraph: Any, text: str, colour: RGBColor) -> Any:
    run = paragraph.add_run(text)
    run.font.color.rgb, run.font.size = colour, Pt(9)
    return run


def _field(paragraph: Any, code: str) -> None:
    field = _element("w:fldSimple", instr=code)
    paragraph._p.append(field)  # noqa: SLF001 -- python-docx has no other way


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
