# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A report that a council can take: accessible, complete, and honest about invented figures."""

from __future__ import annotations

import io
import logging
import logging.handlers
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import docx
import pikepdf
import pypdfium2
import pytest
from django.test import Client
from django.utils import translation
from PIL import Image

from wijkeconomie.figures.refusal import LANGUAGES, Language, Refusal, WrongUse
from wijkeconomie.figures.registry import PERSPECTIVES, registry
from wijkeconomie.figures.release import Release, open_release
from wijkeconomie.insight.scan import scan
from wijkeconomie.web import look as looking
from wijkeconomie.web import report as reporting
from wijkeconomie.web import report_files
from wijkeconomie.web.context import tight
from wijkeconomie.web.report import Report

BUURT = "BU99010501"


@pytest.fixture(scope="module")
def built(demo_data: Path) -> Report:
    return reporting.build(open_release(demo_data), BUURT, "nl")


@pytest.fixture(scope="module")
def printed(built: Report) -> tuple[bytes, list[str]]:
    """The PDF, and what the print engine had to say."""
    said = logging.handlers.BufferingHandler(1000)
    logging.getLogger("weasyprint").addHandler(said)
    try:
        return report_files.as_pdf(built), [record.getMessage() for record in said.buffer]
    finally:
        logging.getLogger("weasyprint").removeHandler(said)


@pytest.fixture(scope="module")
def pdf(printed: tuple[bytes, list[str]]) -> bytes:
    return printed[0]


@pytest.fixture(scope="module")
def word(built: Report) -> bytes:
    return report_files.made(built, "docx")


def _elements(node: Any, seen: set[tuple[int, int]] | None = None) -> Iterator[Any]:
    """Every structure element under *node*."""
    seen = set() if seen is None else seen
    if isinstance(node, pikepdf.Array):
        for child in node:  # type: ignore[attr-defined]
            yield from _elements(child, seen)
    elif isinstance(node, pikepdf.Dictionary) and node.objgen not in seen:
        seen.add(node.objgen)
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _elements(node["/K"], seen)


def _faults(data: bytes) -> list[str]:
    """What makes a PDF fail PDF/UA-1, of what can be seen from its structure."""
    found = []
    with pikepdf.open(io.BytesIO(data)) as opened:
        root = opened.Root
        if "/Lang" not in root:
            found.append("no language")
        if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
            found.append("not tagged")
        if not str(opened.docinfo.get("/Title", "")):
            found.append("no title")
        if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
            found.append("title is not shown")
        if opened.open_metadata().get("pdfuaid:part") != "1":
            found.append("does not say PDF/UA-1")
        for element in _elements(root.get("/StructTreeRoot", pikepdf.Dictionary())):
            bare = element["/S"] == "/Figure" and not str(element.get("/Alt", ""))
            found += ["figure without alternative"] * bare
    return found


def test_the_pdf_can_be_read_by_everyone(pdf: bytes) -> None:
    assert _faults(pdf) == []


def test_a_picture_without_title_would_be_found() -> None:
    import weasyprint

    bare = '<html lang="nl"><title>x</title><svg aria-label="x" width="9" height="9"></svg></html>'
    made = weasyprint.HTML(string=bare).write_pdf(pdf_variant="pdf/ua-1")
    assert "figure without alternative" in _faults(made)


def test_the_pdf_has_figures_headings_and_table_heads(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        kinds = [str(e["/S"]) for e in _elements(opened.Root["/StructTreeRoot"])]
    assert kinds.count("/Figure") > 10
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD"} <= set(kinds)


def _pages(pdf: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in opened]


def test_every_page_says_that_figures_are_invented(pdf: bytes) -> None:
    missing = [n for n, text in enumerate(_pages(pdf), 1) if "Verzonnen gemeente" not in text]
    assert missing == []


def test_the_opgave_is_on_one_page(pdf: bytes, built: Report) -> None:
    second, third = _pages(pdf)[1:3]
    assert "De opgave op één pagina" in second
    assert all(part.name in second for part in built.parts)
    assert "Opgaven en krachten" in third


def test_the_report_is_short_and_its_pages_are_filled(pdf: bytes) -> None:
    """At most thirteen pages; between the first and the last none with little on it."""
    pages = _pages(pdf)
    assert len(pages) <= 13
    assert [n for n, text in enumerate(pages[1:-1], 2) if len(text) < 350] == []


def test_a_number_never_stands_apart_from_its_unit(pdf: bytes, built: Report) -> None:
    told = [text for part in built.parts for t in part.told for text in (t.sentence, t.concerned)]
    cells = [cell for row in built.figures.rows for cell in row]
    fixed = [text for text in built.words.values() if isinstance(text, str)]
    apart = re.compile(r"\d (%|km|mensen|huishoudens|woningen|bedrijven)|€ \d")
    assert [text for text in (*told, *cells, *fixed) if apart.search(text)] == []
    assert any("\u00a0%" in text for text in told)


def test_the_twin_of_a_number_apart_from_its_unit() -> None:
    assert tight("2.400 mensen, 90 % en € 31.400, in 2017 tot 2024") == (
        "2.400\u00a0mensen, 90\u00a0% en €\u00a031.400, in 2017 tot 2024"
    )


def test_dates_are_words(built: Report) -> None:
    assert [row[4] for row in built.sources.rows] == ["1 januari 2025"] * len(built.sources.rows)
    assert not re.search(r"\d{4}-\d{2}-\d{2}", built.made.partition("(")[0])


def test_one_year_makes_no_line(demo_data: Path, built: Report) -> None:
    """Its bar beside the peers is there already; twin: with more years there are lines."""
    release = open_release(demo_data)
    result = scan(release, BUURT)
    past = looking.past(release, result)
    one_year = replace(
        past,
        own={i: {y: v for y, v in own.items() if y == 2023} for i, own in past.own.items()},
    )
    assert sum(len(part.series) for part in built.parts) > 5
    with translation.override("nl"):
        for perspective in PERSPECTIVES:
            assert reporting._part(perspective, result, one_year, "nl").series == ()


def test_the_report_says_kracht_and_never_sterk_punt(built: Report) -> None:
    text = report_files.as_html(built)
    assert "krachten" in text
    assert "sterk punt" not in text
    assert "sterke punt" not in text


def test_pictures_are_vectors(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert [page for page in opened.pages if page.get_images()] == []


def test_printing_is_silent(printed: tuple[bytes, list[str]]) -> None:
    assert printed[1] == []


def test_the_report_holds_every_finding_peer_and_unknown(built: Report, demo_data: Path) -> None:
    result = scan(open_release(demo_data), BUURT)
    assert len(built.figures.rows) == len(result.findings)
    assert [row[0] for row in built.peers.rows] == [p.area.name for p in result.peers.list]
    assert len(built.unknown.rows) == len(result.unknown)
    assert sum(len(part.told) for part in built.parts) == len(result.opgaven)
    assert built.sources.rows != ()


def test_where_little_is_known_the_report_says_why_and_draws_nothing_empty(
    demo_data: Path,
) -> None:
    release = open_release(demo_data)
    lonely = next(
        area.code
        for area in release.areas("buurt", "GM9901")
        if scan(release, area.code).peers.reason == "no_context"
    )
    few = reporting.build(release, lonely, "nl")
    assert few.quadrant is None
    assert few.peers.rows == ()
    assert len(few.unknown.rows) > len(few.figures.rows)
    assert _faults(report_files.as_pdf(few)) == []
    assert report_files.made(few, "docx")


def test_nothing_is_said_to_be_quite_certain(built: Report) -> None:
    assert "100 %" not in {row[6] for row in built.figures.rows}


def test_both_languages_have_the_same_words() -> None:
    nl, en = (reporting._texts()[language] for language in LANGUAGES)
    assert nl.keys() == en.keys()
    assert len(nl["methods"]) == len(en["methods"])


@pytest.fixture(scope="module")
def town(demo_data: Path) -> Report:
    return reporting.build(open_release(demo_data), "GM9901", "nl")


def test_the_report_of_a_gemeente_shows_its_wijken(town: Report, demo_data: Path) -> None:
    """Ranking with intervals, every wijk with its first opgave, the spread over the years."""
    wijken = open_release(demo_data).areas("wijk", "GM9901")
    inside = town.inside
    assert inside
    assert {row[0] for row in inside.areas.rows} == {wijk.name for wijk in wijken}
    assert all(wijk.name in inside.ranking.svg for wijk in wijken)
    assert inside.ranking.svg.count("90\u00a0%-interval") >= len(wijken)
    assert inside.spread
    assert "verschil" in inside.spread_text.lower()
    assert _faults(report_files.as_pdf(town)) == []


def test_a_gemeente_is_never_said_to_have_no_opgave_while_its_wijken_have(town: Report) -> None:
    """Twin: the whole alone says there is none, for differences within it cancel out."""
    assert town.inside
    having = sum(row[4] not in ("0", "–") for row in town.inside.areas.rows)
    first = town.inside.areas.rows[0]
    assert having > 5
    assert town.lead.startswith(f"In {having} van de {len(town.inside.areas.rows)} wijken")
    assert f"Die van {first[0]} is het grootst: {first[1]}." in town.lead
    assert not any(part.told for part in town.parts)


def test_a_wijk_with_an_opgave_says_which_and_how_many(town: Report) -> None:
    assert town.inside
    first = town.inside.areas.rows[0]
    assert first[1] in {i.label["nl"] for i in registry().indicators.values()}
    assert int(first[4]) >= 1


def test_the_report_of_a_wijk_has_no_list_of_wijken(demo_data: Path) -> None:
    assert reporting.build(open_release(demo_data), "WK990101", "nl").inside is None


def test_word_has_the_wijken_too(town: Report) -> None:
    opened = docx.Document(io.BytesIO(report_files.made(town, "docx")))
    assert town.inside
    assert opened.tables[0].cell(1, 0).text == town.inside.areas.rows[0][0]


def test_a_wide_column_of_word_is_wider(word: bytes, built: Report) -> None:
    cells = docx.Document(io.BytesIO(word)).tables[2].rows[0].cells
    assert cells[0].width > 2 * cells[1].width  # the name of the figure beside its year


@pytest.mark.parametrize("code", ["GM9901", "WK990101"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_gemeente_and_wijk_have_a_report_too(
    demo_data: Path, code: str, language: Language
) -> None:
    text = report_files.as_html(reporting.build(open_release(demo_data), code, language))
    assert f'<html lang="{language}">' in text
    assert text.count("<svg") > 1


def test_html_needs_nothing_from_elsewhere_and_has_unique_ids(built: Report, town: Report) -> None:
    text = report_files.as_html(built)
    for made in (text, report_files.as_html(town)):
        ids = [part.split('"')[0] for part in made.split(' id="')[1:]]
        assert len(ids) == len(set(ids))
    assert "<script" not in text
    assert 'src="http' not in text
    assert 'href="/' not in text


def test_names_are_text_never_markup_nor_style(built: Report) -> None:
    evil = replace(built, parts=(), title="'s-Graven\"; } <script>alert(1)</script>")
    assert "<script>" not in report_files.as_html(evil)
    assert "'s-Graven\"; } <script>" in _pages(report_files.as_pdf(evil))[1]


def test_word_has_real_headings_tables_and_language(word: bytes, built: Report) -> None:
    opened = docx.Document(io.BytesIO(word))
    styles = {paragraph.style.name for paragraph in opened.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Heading 3"} <= styles
    assert len(opened.tables) == 4
    assert opened.tables[2].cell(1, 0).text == built.figures.rows[0][0]
    assert (opened.core_properties.title, opened.core_properties.language) == (
        built.title, "nl-NL",
    )  # fmt: skip


def test_word_says_on_every_page_that_figures_are_invented(word: bytes, built: Report) -> None:
    opened = docx.Document(io.BytesIO(word))
    assert opened.sections[0].header.paragraphs[0].text == built.words["fictional"]


def test_word_pictures_are_vectors_with_alternatives(word: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        names = package.namelist()
        body = ET.fromstring(package.read("word/document.xml"))  # noqa: S314 -- our own file
    drawing = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
    pictures = list(body.iter(drawing))
    assert pictures
    assert all(picture.get("descr") for picture in pictures)
    assert len([name for name in names if name.endswith(".svg")]) == len(pictures)


def test_a_table_head_is_repeated_on_every_page(word: bytes) -> None:
    opened = docx.Document(io.BytesIO(word))
    assert all("tblHeader" in table.rows[0]._tr.xml for table in opened.tables)


def test_the_name_of_the_file_chooses_the_format(demo_data: Path, tmp_path: Path) -> None:
    release, target = open_release(demo_data), tmp_path / "r.html"
    report_files.write(release, BUURT, "en", target)
    assert target.read_text("utf-8").startswith("<!doctype html>")
    with pytest.raises(WrongUse, match="exists"):
        report_files.write(release, BUURT, "en", target)
    with pytest.raises(WrongUse, match="pdf, docx, html"):
        report_files.write(release, BUURT, "en", tmp_path / "r.odt")
    with pytest.raises(Refusal, match="GM0001"):
        report_files.write(release, "GM0001", "en", tmp_path / "r.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["r.html"]


def test_the_site_gives_the_report_as_a_file(client: Client, release: Release) -> None:
    response = client.get(f"/en/rapport/{BUURT}.html")
    assert response["Content-Disposition"] == f'attachment; filename="wijkeconomie-{BUURT}-en.html"'
    assert "The economic opgave of" in response.content.decode()


def test_a_reader_without_svg_sees_the_same_drawing(word: bytes) -> None:
    """The image beside each SVG has its shape and its colours, not only paper."""
    with zipfile.ZipFile(io.BytesIO(word)) as packed:
        images = [
            Image.open(io.BytesIO(packed.read(n))).convert("RGB")
            for n in packed.namelist() if n.endswith(".png")
        ]  # fmt: skip
        vectors = [packed.read(n).decode() for n in packed.namelist() if n.endswith(".svg")]
    shapes = {
        round(float(size[1]) / float(size[2]), 2)
        for one in vectors if (size := re.search(r'width="([\d.]+)" height="([\d.]+)"', one))
    }  # fmt: skip
    assert shapes
    assert {round(one.width / one.height, 1) for one in images} <= {
        round(shape + step, 1) for shape in shapes for step in (-0.05, 0.0, 0.05)
    }
    assert all(len(one.resize((64, 64)).getcolors(4096) or ()) > 8 for one in images)


def test_the_columns_of_a_table_fill_the_page_and_never_break_a_number(built: Report) -> None:
    widths = report_files._widths(built.figures)
    assert sum(widths) == pytest.approx(report_files._WIDTH)
    for column in built.figures.numeric:
        longest = max(len(row[column]) for row in built.figures.rows)
        assert widths[column] >= 0.45 + 0.145 * longest - 1e-9
