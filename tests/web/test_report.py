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
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import docx
import pikepdf
import pypdfium2
import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from django.utils.html import escape
from docx.oxml.ns import qn
from PIL import Image

from wijkeconomie.figures import build
from wijkeconomie.figures.refusal import LANGUAGES, Language, Refusal, WrongUse
from wijkeconomie.figures.registry import PERSPECTIVES, registry
from wijkeconomie.figures.release import Release, open_release
from wijkeconomie.figures.sources import files
from wijkeconomie.insight import wording
from wijkeconomie.insight.scan import scan
from wijkeconomie.web import look as looking
from wijkeconomie.web import municipality, report_files
from wijkeconomie.web import printed as printing
from wijkeconomie.web import report as reporting
from wijkeconomie.web.context import Asked, tight, version
from wijkeconomie.web.printed import Sources, Table, beside, standing_in, widths
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
            found += ["head of a table without scope"] * (
                element["/S"] == "/TH" and not _scope(element)
            )
            found += ["list with more than items"] * (element["/S"] == "/L" and _stray(element))
        found += ["heading skips a level"] * _skips(
            [str(e["/S"]) for e in _elements(root.get("/StructTreeRoot", pikepdf.Dictionary()))]
        )
        found += ["text that is neither tagged nor an artifact"] * any(map(_loose, opened.pages))
    return found


def _scope(element: Any) -> str:
    return str(element.get("/A", {}).get("/Scope", ""))


def _stray(element: Any) -> bool:
    inside = element["/K"] if isinstance(element["/K"], pikepdf.Array) else [element["/K"]]
    return any(str(child.get("/S")) != "/LI" for child in inside)


def _skips(kinds: list[str]) -> bool:
    levels = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H[1-6]", kind)]
    return any(later > earlier + 1 for earlier, later in zip([0, *levels], levels, strict=False))


def _loose(page: Any) -> bool:
    """Text outside every marked content: a screen reader cannot know what it is."""
    depth = 0
    for _operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        depth += (name in ("BMC", "BDC")) - (name == "EMC")
        if name in ("Tj", "TJ") and not depth:
            return True
    return False


def test_the_pdf_can_be_read_by_everyone(pdf: bytes) -> None:
    assert _faults(pdf) == []


def test_a_picture_without_title_would_be_found() -> None:
    import weasyprint

    bare = '<html lang="nl"><title>x</title><svg aria-label="x" width="9" height="9"></svg></html>'
    made = weasyprint.HTML(string=bare).write_pdf(pdf_variant="pdf/ua-1")
    assert "figure without alternative" in _faults(made)


def test_what_makes_a_report_hard_to_read_aloud_would_be_found() -> None:
    import weasyprint

    bad = "<html lang=nl><title>x</title><h1>a</h1><h3>b</h3>"
    assert "heading skips a level" in _faults(
        weasyprint.HTML(string=bad).write_pdf(pdf_variant="pdf/ua-1")
    )
    plain = weasyprint.HTML(string=bad).write_pdf()
    assert {"not tagged", "text that is neither tagged nor an artifact"} <= set(_faults(plain))
    table = "<html lang=nl><title>x</title><table><tr><th>a<td>b</table>"
    bare = weasyprint.HTML(string=table).write_pdf(pdf_variant="pdf/ua-1")
    assert "head of a table without scope" in _faults(bare)


def test_no_heading_of_a_table_is_broken_inside_a_word(release: Release) -> None:
    """In English a column was headed "Chan" above "ce"."""
    with translation.override("en"):
        said = "\n".join(_pages(report_files.as_pdf(reporting.build(release, BUURT, "en"))))
    assert "Chance" in said
    assert not re.search(r"Chan\s+ce", said)


def test_every_link_says_where_it_leads(pdf: bytes, built: Report) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        links = [a for page in opened.pages for a in page.get("/Annots", [])]
        said = {str(link["/Dest"]): str(link["/Contents"]) for link in links}
    assert said == dict(built.contents)


def test_heads_of_rows_and_of_columns_differ(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        heads = [e for e in _elements(opened.Root["/StructTreeRoot"]) if e["/S"] == "/TH"]
        assert {_scope(head) for head in heads} == {"/Row", "/Column"}


def test_the_number_of_a_page_is_no_part_of_the_text(pdf: bytes) -> None:
    """Title and page number at the foot are artifacts: nobody hears them on every page."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        marks = [
            str(operands[0])
            for operands, operator in pikepdf.parse_content_stream(opened.pages[1])
            if str(operator) in ("BMC", "BDC")
        ]
    assert "/Artifact" in marks


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


def _filled(pdf: bytes) -> list[float]:
    """How far down each page there is ink, as a share of the paper between head and foot."""
    shares = []
    for page in pypdfium2.PdfDocument(pdf):
        paper = page.render(scale=0.4).to_pil().convert("L")
        inner = paper.crop((0, round(0.07 * paper.height), paper.width, round(0.93 * paper.height)))
        box = inner.point(lambda tone: 255 if tone < 200 else 0).getbbox()
        shares.append(box[3] / inner.height if box else 0.0)
    return shares


def _flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("code", [BUURT, "WK990101", "WK990105"])
def test_all_opgaven_are_on_one_page(demo_data: Path, code: str) -> None:
    """Whatever their number: the most important with sentence and figure, the others in a row."""
    release = open_release(demo_data)
    report = reporting.build(release, code, "nl")
    found = scan(release, code).opgaven
    pages = _pages(report_files.as_pdf(report))
    assert "De opgave op één pagina" in pages[1]
    second = _flat(pages[1])
    assert [
        f.indicator for f in found if registry().indicators[f.indicator].label["nl"] not in second
    ] == []
    carded, others = found[: len(report.cards)], found[len(report.cards) :]
    assert [t.label for t in report.cards] == [
        registry().indicators[f.indicator].label["nl"] for f in carded
    ]
    assert [row[0] for row in report.others.rows] == [wording.named(f) for f in others]
    assert len({f.dated for f in others}) == (2 if others else 0)
    assert not any(row[0] in pages[2][:200] for row in report.others.rows[-1:])


def test_few_opgaven_all_have_a_card_and_many_never_more_than_fit(demo_data: Path) -> None:
    result = scan(open_release(demo_data), BUURT)
    few = replace(result, findings=result.opgaven[:3])
    assert reporting.cards(few, "nl") == 3
    assert 0 < reporting.cards(result, "nl") < len(result.opgaven)
    assert reporting.cards(replace(result, findings=()), "nl") == 0


def test_every_card_says_figures_certainty_and_whom_it_is_about(built: Report) -> None:
    first, text = built.cards[0], report_files.as_html(built)
    assert first.certainty in ("bijna zeker", "waarschijnlijk")
    assert first.concerned
    assert f"<strong>Zekerheid:</strong> {first.certainty}" in text
    assert first.against in ("Verschil met vergelijkbare gebieden", "Verschil met Voorbeeldland")
    assert f"<strong>{first.against}:</strong> {first.concerned}" in text


def test_a_difference_says_from_what_as_its_sentence_does(built: Report, demo_data: Path) -> None:
    """An opgave that others share is counted against the country."""
    other = reporting.build(open_release(demo_data), "WK990101", "nl")
    told = [t for r in (built, other) for part in r.parts for t in part.told if t.concerned]
    assert {(t.kind, t.against) for t in told} == {
        ("own", "Verschil met vergelijkbare gebieden"),
        ("shared", "Verschil met Voorbeeldland"),
    }
    for one in told:
        word = "met Nederland is" if one.kind == "shared" else "met die"
        assert ("Het verschil " + word) in one.sentence.replace("Voorbeeldland", "Nederland")


def test_of_one_wijk_with_an_opgave_it_is_not_said_to_be_the_greatest(
    demo_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, every = open_release(demo_data), reporting.scans
    first, *others = every(release, "GM9901", "wijk")
    quiet = tuple(replace(one, findings=()) for one in others)
    monkeypatch.setattr(reporting, "scans", lambda *_asked: (first, *quiet))
    lead = reporting.build(release, "GM9901", "nl").lead
    assert lead.startswith("In 1 van de 11 wijken zien we een opgave, in Zuidoever: ")
    monkeypatch.setattr(reporting, "scans", lambda *_asked: (first,))
    assert reporting.build(release, "GM9901", "nl").lead.startswith("We zien hier")


def test_what_is_better_than_the_country_only_is_not_called_no_clear_difference(
    demo_data: Path,
) -> None:
    """The report says of every figure what its page says."""
    results = looking.scans(open_release(demo_data), "GM9901", "buurt")
    level = [f for result in results for f in result.findings if f.kind == "level"]
    badges = {wording.badge(finding) for finding in level}
    assert len(badges) > 1
    assert reporting._level(level[:1], "nl") == (
        f"{wording.badge(level[0])}: {registry().indicators[level[0].indicator].label['nl']}."
    )
    text = reporting._level(level, "nl")
    assert [text.count(f"{badge}: ") for badge in badges] == [1] * len(badges)


def test_nothing_is_explained_that_is_not_there(built: Report) -> None:
    """No word on lines without lines, none on how comparable areas are chosen without any."""
    bare = replace(
        built,
        parts=tuple(replace(part, series=()) for part in built.parts),
        peers=replace(built.peers, rows=()),
    )
    for report, told in ((built, True), (bare, False)):
        page = report_files.as_html(report)
        word = docx.Document(io.BytesIO(report_files.made(report, "docx")))
        lines = [paragraph.text for paragraph in word.paragraphs]
        for text in (built.words["series_text"], built.words["peers_text"]):
            assert (text in page, text in lines) == (told, told)


def test_the_first_page_says_what_of_when_and_where(built: Report, pdf: bytes) -> None:
    first = _flat(_pages(pdf)[0])
    assert [value for _name, value in built.facts if value not in first] == []
    assert built.locator
    assert built.locator.title in first
    assert all(title in first for _anchor, title in built.contents)


def test_the_guide_explains_dot_bar_line_tick_band_and_ring(built: Report, word: bytes) -> None:
    guide = built.words["reading"]
    assert [w for w in ("stip", "balk", "lijn", "streepje", "band", "ring") if w not in guide] == []
    assert guide in [paragraph.text for paragraph in docx.Document(io.BytesIO(word)).paragraphs]
    assert guide in report_files.as_html(built)


@pytest.mark.parametrize("code", [BUURT, "GM9901"])
def test_no_page_is_mostly_empty(demo_data: Path, code: str) -> None:
    """Forty per cent at least, but for the last."""
    shares = _filled(report_files.as_pdf(reporting.build(open_release(demo_data), code, "nl")))
    assert [round(share, 2) for share in shares[:-1] if share < 0.4] == []


def test_a_page_with_one_line_would_be_found() -> None:
    import weasyprint

    thin = weasyprint.HTML(string="<p style='break-after: page; margin-top: 3cm'>x<p>y").write_pdf()
    assert _filled(thin)[0] < 0.4


def _chained(style: str, built: Report) -> float:
    """How full the first page is when two small tables follow on a page that is half full."""
    rows = (("een", "2020", "woord " * 180), ("twee", "2020", "woord " * 180))
    table = replace(built.unknown, rows=rows)
    part = "".join(
        f'<section id="{name}"><h2>x</h2><p>y</p>{_table_of(table) if name != "peers" else ""}'
        "</section>" for name in ("peers", "unknown", "figures")
    )  # fmt: skip
    page = f"<style>{style}</style><p style='height: 140mm'>x</p>{part}"
    return _filled(report_files.printed(page))[0]


def _table_of(table: Table) -> str:
    return str(render_to_string("report/table.html", {"table": table}))


def test_a_short_table_does_not_drag_what_surrounds_it_to_the_next_page(built: Report) -> None:
    """Twin: were its last row kept with what follows, half a page would stay empty."""
    style = (Path(report_files.__file__).parent / "templates/report/report.css").read_text("utf-8")
    loose = ":nth-child(-n+2):not(:last-child)"
    assert loose in style
    bound = style.replace(loose, ":nth-child(-n+2)").replace("> p:not(:last-child)", "> p")
    for free in (
        "#unknown tbody tr { break-after: auto; }",
        "> p + .scroll { break-before: auto; }",
    ):
        assert free in bound
        bound = bound.replace(free, "{}")
    assert _chained(style, built) > 0.6
    assert _chained(bound, built) < 0.1


def test_no_head_of_a_table_stands_alone(pdf: bytes) -> None:
    """No page ends with a heading of the table or with one row of it."""
    heads = ("Licentie", "Tabel", "Verschilt in")
    ends = [text.replace("\r", "").strip().split("\n")[-3:] for text in _pages(pdf)]
    assert [end for end in ends if any(line.strip().endswith(heads) for line in end)] == []


def test_a_number_never_stands_apart_from_its_unit(pdf: bytes, built: Report) -> None:
    told = [text for part in built.parts for t in part.told for text in (t.sentence, t.concerned)]
    cells = [cell for row in built.figures.rows for cell in row]
    fixed = [text for text in built.words.values() if isinstance(text, str)]
    apart = re.compile(r"\d (%|km|mensen|huishoudens|woningen|bedrijven)|€ \d")
    assert [text for text in (*told, *cells, *fixed) if apart.search(text)] == []
    assert any("\u00a0%" in text for text in told)


def test_the_twin_of_a_number_apart_from_its_unit() -> None:
    assert tight("per 1.000 inwoners") == "per 1.000\u00a0inwoners"
    assert tight("2.400 mensen, 90 % en € 31.400, in 2017 tot 2024") == (
        "2.400\u00a0mensen, 90\u00a0% en €\u00a031.400, in 2017 tot 2024"
    )


def test_dates_are_words(built: Report) -> None:
    assert [row[6] for row in built.sources.rows] == ["1 januari 2025"] * len(built.sources.rows)
    assert "Uitgave gemaakt op" not in dict(built.facts)  # invented: that day says nothing


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
    named = [label for row in built.unknown.rows for label in row[2].split("; ")]
    labels = {registry().indicators[u.indicator].label["nl"] for u in result.unknown}
    assert (set(named), len(named)) == (labels, len(result.unknown))
    assert sum(len(part.told) for part in built.parts) == len(result.opgaven)
    assert built.sources.rows != ()


def test_every_figure_says_in_which_row_and_column_of_which_table_it_stands(
    built: Report, demo_data: Path
) -> None:
    """Name of the table alone sends a reader through sixty columns of it."""
    release = open_release(demo_data)
    result = scan(release, BUURT)
    assert built.cells.heads == (
        "Cijfer", "Tabel", "Kolom in de tabel", "Gebied en jaar", "Versie",
    )  # fmt: skip
    shown = iter(built.cells.rows)
    for finding in result.findings:
        columns = registry().indicators[finding.indicator].inputs.values()
        traced = release.trace(BUURT, finding.indicator, finding.year)
        under: dict[tuple[str, str], list[str]] = {}
        for column in dict.fromkeys(columns):
            cell = next(c for c in traced if c.column == column)
            where = (cell.origin.table, version(cell.origin.version))
            under.setdefault(where, []).append(cell.key)
        for where, found in under.items():  # a row for each table, with all its columns
            name, table, keys, row, stated = next(shown)
            assert (
                name.replace("\u00a0", " ") == registry().indicators[finding.indicator].label["nl"]
            )
            assert (keys, row) == ("; ".join(found), f"{BUURT}, {finding.year}")
            assert (table, stated) == where
    assert list(shown) == []


def test_a_converted_figure_names_the_areas_of_then_and_their_share(demo_data: Path) -> None:
    release = open_release(demo_data)
    traced = {"population": release.trace("WK990108", "population", 2020)}
    table = standing_in(traced, reporting._texts()["nl"], "nl")
    (cell,) = traced["population"]
    assert cell.share is not None
    said = wording.percent(wording.number(100 * cell.share, 1, "nl"), "nl")
    expected = f"{cell.area}, 2020 ({said} van de adressen)"
    assert [row[3].replace("\u00a0", " ") for row in table.rows] == [
        expected.replace("\u00a0", " ")
    ]


def test_all_points_of_the_quadrant_stand_under_it(built: Report, demo_data: Path) -> None:
    """There is room for few names in the picture."""
    with translation.override("nl"):
        shown = looking.points(scan(open_release(demo_data), BUURT), "nl")
    assert len(shown) > 10
    labels = [f"{place}. {point.label}" for place, point in enumerate(shown, 1)]
    assert [row[0] for row in built.points.rows] == labels
    said = [(row[1], row[2], row[3]) for row in built.points.rows]
    assert said == [
        (wording.number(p.level, 1, "nl"), wording.number(p.trend, 2, "nl"), p.said) for p in shown
    ]
    rows = _table_of(built.points).partition("<tbody>")[2]
    assert rows in report_files.as_html(built)


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
    assert sum(len(row[2].split("; ")) for row in few.unknown.rows) > len(few.figures.rows)
    assert _faults(report_files.as_pdf(few)) == []
    assert report_files.made(few, "docx")


@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
def test_of_an_area_with_nothing_to_draw_and_a_hostile_name_there_is_a_report(
    tmp_path: Path, form: str
) -> None:
    """A release of an own table only: no outlines, nothing to compare with."""
    table = tmp_path / "banen \x01.csv"
    name = "<b>\x0bEen\x02 \x7f\u202ebuurt {0} %s"
    lines = ("Ti\x03tel", "code;naam;jaar;inwoners;banen", f"BU03440101;{name};2023;50;12")
    table.write_text("\n".join(lines), "utf-8")
    build.load(tmp_path / "data", files.read(table))
    report = reporting.build(open_release(tmp_path / "data"), "BU03440101", "nl")
    made = report_files.made(report, form)
    if form == "docx":
        opened = docx.Document(io.BytesIO(made))
        assert len(opened.inline_shapes) == 0
        assert any("<b> Een buurt {0} %s" in line.text for line in opened.paragraphs)


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
    (ranking,) = inside.ranking
    assert all(wijk.name in ranking.svg for wijk in wijken)
    assert ranking.svg.count("90\u00a0%-interval") >= len(wijken)
    assert (inside.beside, inside.rest.rows) == (True, ())
    assert inside.spread
    assert "verschil" in inside.spread_text.lower()
    assert _faults(report_files.as_pdf(town)) == []


def test_a_gemeente_is_never_said_to_have_no_opgave_while_its_wijken_have(town: Report) -> None:
    """Twin: the whole alone says there is none, for differences within it cancel out."""
    assert town.inside
    having = sum(re.match(r"[1-9]\d*(?! achter)\b", row[6]) is not None
                 for row in town.inside.areas.rows)  # fmt: skip
    first = town.inside.areas.rows[0]
    assert having > 5
    assert town.lead.startswith(f"In {having} van de {len(town.inside.areas.rows)} wijken")
    assert f"Die van {first[0]} is het grootst: {first[1]}." in town.lead
    assert not any(part.told for part in town.parts)


def test_a_wijk_with_an_opgave_says_which_and_how_many(town: Report) -> None:
    assert town.inside
    first = town.inside.areas.rows[0]
    assert re.sub(r" \(20\d\d\)$", "", first[1]) in {
        i.label["nl"] for i in registry().indicators.values()
    }
    assert int(first[6]) >= 1


def test_the_list_of_wijken_says_against_what_and_what_gives_the_place_as_the_page_does(
    town: Report, demo_data: Path
) -> None:
    """Both differences, and in bold the larger one times how sure we are."""
    assert town.inside
    rows, strong = town.inside.areas.rows, town.inside.areas.strong
    page = municipality.listed(open_release(demo_data), "GM9901", "wijk")
    asked = [(n, one) for n, one in enumerate(page) if one.first]
    told = [
        tuple(tight(wording.behind(one.first).get(name, "–")) for name in reporting._SHORT)
        for _n, one in asked if one.first
    ]  # fmt: skip
    assert [rows[n][3:5] for n, _one in asked] == told
    assert {one.decisive for _n, one in asked} == {"country", ""}
    assert [strong[n] for n, _one in asked] == [
        {"peers": 3, "country": 4, "": None}[one.decisive] for _n, one in asked
    ]
    assert {strong[n] for n, one in enumerate(page) if not one.first} <= {None}


def test_whatever_was_found_in_an_area_is_in_its_row_and_silence_says_why(
    town: Report, demo_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three wijken that are almost certainly behind the country stood there as without opgave."""
    assert town.inside
    page = municipality.listed(open_release(demo_data), "GM9901", "wijk")
    assert {one.area.name for one in page if one.lags and not one.opgaven} >= {
        "Lindenhove", "Veldrijke", "Kaderand",
    }  # fmt: skip
    for row, one in zip(town.inside.areas.rows, page, strict=True):
        assert one.first
        assert row[:3] == (one.area.name, wording.named(one.first), wording.badge(one.first))
        assert row[5] == one.certainty
        said = [(one.opgaven, one.lags), (one.signs, 0), (one.strengths, one.leads)]
        assert [[int(n) for n in re.findall(r"\d+", cell)] for cell in row[6:]] == [
            [n for n in pair if n] or [0] for pair in said
        ]
    (lagging,) = [row for row in town.inside.areas.rows if row[0] == "Lindenhove"]
    assert lagging[4:7] == ("ongeveer 520\u00a0bedrijven", "bijna zeker", "6 achterstanden")
    silent = [replace(page[0], first=None, compared=n, figures=43) for n in (5, 0)]
    silent.append(replace(silent[1], redrawn=True))
    monkeypatch.setattr(reporting, "listed", lambda *_given: silent)
    inside = reporting.build(open_release(demo_data), "GM9901", "nl").inside
    assert inside
    assert [row[1] for row in inside.areas.rows] == [
        "5 van de 43 cijfers vergeleken: geen opgave gevonden",
        "geen van de 43 cijfers is te vergelijken",
        "de grens is veranderd; cijfers van daarvoor zijn niet om te rekenen",
    ]


@pytest.fixture(scope="module")
def many(demo_data: Path) -> tuple[looking.Look, reporting.Inside]:
    """Of a gemeente with more areas than one picture can hold."""
    release = open_release(demo_data)
    asked = Asked(areas=(), indicator="", level="buurt", year=None)
    with translation.override("nl"):
        seen = looking.look(release, release.area("GM9901"), asked)
        return seen, reporting._inside(release, seen, "nl", mapped=True)


def test_the_ranking_is_as_wide_as_the_page_in_letters_of_seven_points_at_least(
    many: tuple[looking.Look, reporting.Inside], town: Report
) -> None:
    seen, inside = many
    page = 174.0 / 25.4 * 72  # points between the margins
    drawn = [ET.fromstring(picture.svg) for picture in inside.ranking]  # noqa: S314 -- our own
    assert not inside.beside
    assert {14 * page / float(root.get("width", "0")) >= 7 for root in drawn} == {True}
    assert max(float(root.get("height", "0")) for root in drawn) < 250  # none drags a whole page
    assert [
        r.area.name for r in seen.ranked[:20]
        if not any(f">{r.area.name}<" in picture.svg for picture in inside.ranking)
    ] == []  # fmt: skip
    text = report_files.as_html(replace(town, inside=inside), printing=True)
    part = text[text.index('<div class="wide"') :].partition("</div>")[0]
    assert part.count("<figure>") == len(inside.ranking) == 4
    titles = [picture.title.rpartition(" ")[2] for picture in inside.ranking]
    assert titles == ["(1–5)", "(6–10)", "(11–15)", "(16–20)"]


def test_what_the_ranking_leaves_out_is_said_and_stands_under_it(
    many: tuple[looking.Look, reporting.Inside], town: Report
) -> None:
    seen, inside = many
    left = len(seen.ranked) - 20
    assert f"de eerste 20 van de {len(seen.ranked)} buurten in een figuur" in inside.ranking_text
    assert f"de andere {left} in de tabel eronder" in inside.ranking_text
    assert [row[0] for row in inside.rest.rows] == [r.area.name for r in seen.ranked[20:]]
    for row, ranked in zip(inside.rest.rows, seen.ranked[20:], strict=True):
        told = ranked.finding is not None
        assert (row[1][0].isdigit(), row[2] != "–") == (ranked.value is not None, told)
    report = replace(town, inside=inside)
    assert inside.rest.rows[-1][0] in report_files.as_html(report).partition('id="areas"')[0]
    tables = docx.Document(io.BytesIO(report_files.made(report, "docx"))).tables
    assert tables[0].cell(1, 0).text == inside.rest.rows[0][0]


def test_the_ranking_says_in_which_order_it_stands(
    many: tuple[looking.Look, reporting.Inside],
) -> None:
    """By the estimate, where there is one: a worse dot can stand lower."""
    seen, inside = many
    worse = -1 if seen.indicator.better == "higher" else 1
    dots = [worse * r.value for r in seen.ranked if r.value is not None]
    assert dots != sorted(dots, reverse=True)
    assert "De volgorde is die van het waarschijnlijke cijfer" in inside.ranking_text
    assert "slechtste cijfer" not in inside.ranking_text
    bare = replace(seen, ranked=tuple(replace(r, finding=None) for r in seen.ranked))
    told = reporting._ranking_text(bare, reporting._texts()["nl"], "nl")
    assert "Het slechtste cijfer staat bovenaan." in told


@pytest.mark.parametrize("code", [BUURT, "WK990101", "GM9901"])
def test_the_sources_are_all_tables_that_gave_a_figure_a_year_of_a_chart_or_a_boundary(
    demo_data: Path, code: str
) -> None:
    """Of eight years in the charts one was named, with the word that the others were the same."""
    release = open_release(demo_data)
    report = reporting.build(release, code, "nl")
    rows = {row[1]: row for row in report.sources.rows}
    used = {name: set(row[4].split(", ")) for name, row in rows.items()}
    years = dict(report.facts)["Grafieken over de jaren"]
    first, last = map(int, years.split("–"))
    assert {int(n[-4:]) for n, uses in used.items() if "kwb" in n and "grafieken" in uses} == {
        *range(first, last + 1)
    }
    assert {"cijfers", "vergelijken", "inwoners", "grenzen"} <= used["voorbeeld-kwb-2024"]
    assert used["voorbeeld-kaart-2024"] == {"kaart"}
    assert "voorbeeld-kaart-2020" not in used
    assert all(row[3] and row[7] == "CC0-1.0" for row in rows.values())
    traced = {cell.origin.table for year in range(first, last + 1)
              for finding in scan(release, code).opgaven[:3]
              for cell in release.trace(code, finding.indicator, year)
              if cell.status.has_value}  # fmt: skip
    assert traced <= {*used}
    assert "dezelfde tabellen" not in report.words["sources_text"]


def test_a_conversion_of_figures_is_among_the_sources_only_where_one_was_used(
    demo_data: Path,
) -> None:
    release = open_release(demo_data)

    def converting(code: str) -> set[str]:
        rows = reporting.build(release, code, "nl").sources.rows
        return {row[1] for row in rows if row[4] == "omrekenen"}

    old = release.trace("WK990108", "population", 2020)
    assert [cell.share for cell in old] != [None]  # it was made of other wijken
    assert {f"voorbeeld-grenzen-{year}" for year in (2018, 2019, 2020)} <= converting("WK990108")
    assert converting(BUURT) == set()  # nobody counts the addresses of buurten


def test_a_table_without_publisher_and_licence_is_a_source_that_says_so(demo_data: Path) -> None:
    release = open_release(demo_data)
    used = Sources(release=release)
    bare = tuple(replace(origin, publisher="", licence="") for origin in release.origins)
    used.note(0, "converting", 2020)
    release.__dict__["origins"], kept = bare, release.origins
    try:
        ((publisher, *_others, licence),) = used.table(reporting._texts()["nl"], "nl").rows
    finally:
        release.__dict__["origins"] = kept
    assert (publisher, licence) == ("uitgever niet opgegeven", "licentie niet opgegeven")


def test_where_comparable_areas_give_the_place_their_difference_is_bold(
    demo_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ahead_of_none(*given: Any) -> list[municipality.Listed]:
        page = municipality.listed(*given)
        return [replace(one, decisive="peers", behind={"peers": "420 mensen"}) for one in page[:1]]

    monkeypatch.setattr(reporting, "listed", ahead_of_none)
    inside = reporting.build(open_release(demo_data), "GM9901", "nl").inside
    assert inside
    ((row, column),) = inside.areas.lines
    assert (row[3:5], column) == (("420\u00a0mensen", "–"), 3)


def test_what_gives_a_place_is_bold_in_every_format(town: Report) -> None:
    assert town.inside
    areas = town.inside.areas
    bold = [row[column] for row, column in areas.lines if column is not None]
    assert bold
    table = docx.Document(io.BytesIO(report_files.made(town, "docx"))).tables[0]
    runs = [r for row in table.rows[1:] for c in row.cells for r in c.paragraphs[0].runs]
    assert [run.text for run in runs if run.bold] == bold
    text = report_files.as_html(town)
    listed = text[text.index('id="areas"') : text.index('id="spread"')]
    assert re.findall("<strong>(.*?)</strong>", listed) == bold


def test_the_report_of_a_wijk_has_no_list_of_wijken(demo_data: Path) -> None:
    assert reporting.build(open_release(demo_data), "WK990101", "nl").inside is None


def test_word_has_the_wijken_too(town: Report) -> None:
    opened = docx.Document(io.BytesIO(report_files.made(town, "docx")))
    assert town.inside
    assert opened.tables[0].cell(1, 0).text == town.inside.areas.rows[0][0]


def test_a_wide_column_of_word_is_wider(word: bytes, built: Report) -> None:
    cells = docx.Document(io.BytesIO(word)).tables[3].rows[0].cells
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
    assert len(opened.tables) == 7
    assert opened.tables[6].cell(1, 2).text == built.cells.rows[0][2]
    assert opened.tables[1].cell(1, 0).text == built.points.rows[0][0]
    assert opened.tables[4].cell(1, 0).text == built.figures.rows[0][0]
    assert (opened.core_properties.title, opened.core_properties.language) == (
        built.title, "nl-NL",
    )  # fmt: skip


@pytest.mark.parametrize(("language", "locale"), [("nl", "nl-NL"), ("en", "en-GB")])
def test_all_of_word_is_in_one_language(demo_data: Path, language: Language, locale: str) -> None:
    report = reporting.build(open_release(demo_data), BUURT, language)
    with zipfile.ZipFile(io.BytesIO(report_files.made(report, "docx"))) as package:
        parts = [package.read(f"word/{name}.xml") for name in ("styles", "document")]
    languages = [m.decode() for part in parts for m in re.findall(rb'<w:lang w:val="(.*?)"', part)]
    assert languages == [locale] * 2  # what holds for all, and the style that all others build on


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
    found = widths(built.figures, 17.0)
    assert sum(found) == pytest.approx(17.0)
    for column in built.figures.numeric:
        longest = max(len(row[column]) for row in built.figures.rows)
        assert found[column] >= 0.45 + printing._LETTER * longest - 1e-9


def test_a_column_is_as_wide_as_its_longest_word(town: Report) -> None:
    """ "arbeidsongeschikten" stood there with its last letter on a line of its own."""
    found = widths(town.cells, 17.0)
    assert sum(found) == pytest.approx(17.0)
    longest = max(len(word) for row in town.cells.rows for word in row[0].split())
    assert longest == len("arbeidsongeschikten")
    assert found[0] >= 0.45 + printing._SMALL * longest - 1e-9


def test_where_all_columns_are_too_wide_each_has_room_and_words_get_a_hyphen(
    town: Report, word: bytes
) -> None:
    assert town.inside
    found = widths(town.inside.areas, 17.0)
    assert sum(found) == pytest.approx(17.0)
    assert min(found) > 1.5
    opened = docx.Document(io.BytesIO(word))
    (switched,) = opened.settings.element.findall(qn("w:autoHyphenation"))
    assert switched.getprevious().tag == qn("w:defaultTabStop")
    kept = {name: opened.styles[name].element.pPr.find(qn("w:suppressAutoHyphens")).get(qn("w:val"))
            for name in ("Normal", "Cell")}  # fmt: skip
    assert kept == {"Normal": "true", "Cell": "false"}


def test_a_long_word_in_a_narrow_cell_is_broken_with_a_hyphen() -> None:
    """Twin: without, its last letter stands on a line of its own."""
    style = (Path(report_files.__file__).parent / "templates/report/report.css").read_text("utf-8")
    row = ("arbeidsongeschikten", *"-----", "0 + 2 achterstanden", *"--")
    table = _table_of(Table(heads=("x",) * 9, rows=(row,), numeric=(6, 7, 8)))

    def said(style: str) -> str:
        page = f'<html lang="nl"><style>{style}</style><section id="areas">{table}</section>'
        return " ".join(_pages(report_files.printed(page)))

    bare = re.compile(r"(arbeidsong|achter)[a-z]+\s+[a-z]+\b")
    assert not bare.search(said(style))
    assert bare.search(said(style.replace("hyphens: auto", "hyphens: manual")))


def test_the_last_page_is_never_a_few_rows_of_the_last_table(built: Report) -> None:
    """Three rows stood on a page of their own."""
    style = (Path(report_files.__file__).parent / "templates/report/report.css").read_text("utf-8")
    ends = []
    for count in range(36, 60, 4):
        rows = tuple((f"rij{n}", "tabel", "kolom", "gebied", "versie") for n in range(count))
        table = _table_of(replace(built.cells, rows=rows))
        page = (
            f'<style>{style}</style><section id="sources"><div id="cells">{table}</div></section>'
        )
        pages = _pages(report_files.printed(page))
        ends += [pages[-1].count("rij")] if len(pages) > 1 else []
    assert ends
    assert min(ends) >= 8


def test_the_title_is_not_broken_inside_a_name(built: Report) -> None:
    """``'s-`` stood at the end of a line, and ``Wijk`` apart from its number."""
    names = {"'s-Gravenhage": "'s-Gravenhage", "Wijk 03 Overvecht": "Wijk 03"}
    for name, whole in names.items():
        report = replace(built, title=f"De economische opgave van {name}", subtitle=name)
        held = f'<span class="unbroken">{escape(whole)}</span>'
        assert report_files.as_html(report).partition("<nav")[0].count(held) == 2
        title = docx.Document(io.BytesIO(report_files.made(report, "docx"))).paragraphs[0]
        assert title.text.replace("\u00a0", " ") == report.title
        assert ("noBreakHyphen" in title._p.xml, "\u00a0" in title.text) == (
            "'s-" in name, "Wijk" in name,
        )  # fmt: skip
    style = (Path(report_files.__file__).parent / "templates/report/report.css").read_text("utf-8")
    assert ".unbroken { white-space: nowrap; }" in style


def test_word_may_not_choose_its_own_columns_nor_break_a_row(word: bytes) -> None:
    for table in docx.Document(io.BytesIO(word)).tables:
        assert table.autofit is False
        assert all("cantSplit" in row._tr.xml for row in table.rows)


def test_word_numbers_every_figure_and_table(word: bytes, built: Report) -> None:
    opened = docx.Document(io.BytesIO(word))
    captions = [p for p in opened.paragraphs if p.style and p.style.name == "Caption"]
    for kind, there in (("Figuur", len(opened.inline_shapes)), ("Tabel", len(opened.tables))):
        mine = [p for p in captions if p.text.startswith(f"{kind} ")]
        assert len(mine) == there
        assert all(f"SEQ {kind}" in p._p.xml for p in mine)
        numbers = [re.findall(r"ARABIC.*?<w:t>(\d+)", p._p.xml, re.DOTALL) for p in mine]
        assert numbers == [[str(n)] for n in range(1, there + 1)]


def test_the_contents_of_word_lead_to_its_chapters(word: bytes, built: Report) -> None:
    body = docx.Document(io.BytesIO(word)).element.xml
    links = re.findall(r'<w:hyperlink w:anchor="(\w+)"', body)
    assert len(links) == len(built.contents)
    assert links == re.findall(r'<w:bookmarkStart [^>]*w:name="(\w+)"', body)
    assert links == re.findall(r'w:instr="PAGEREF (\w+)', body)


def test_the_two_ends_of_a_margin_are_never_printed_alike(built: Report) -> None:
    """Not "0,4 km tot 0,4 km"."""
    ends = [re.split(r"\stot\s", row[3]) for row in built.figures.rows]
    assert [pair for pair in ends if len(pair) == 2 and pair[0] == pair[1]] == []
    assert any(len(pair) == 2 for pair in ends)


def test_compared_figures_are_printed_in_as_many_digits_as_they_need(demo_data: Path) -> None:
    """6.4 beside 5.0 is not 6 beside 5."""
    found = next(f for f in scan(open_release(demo_data), BUURT).findings if f.peers)
    assert found.peers is not None
    entry = next(e for e in registry().indicators.values()
                 if e.judged and e.decimals == 0 and 0 < e.matters <= 1.0)  # fmt: skip
    close = replace(found, indicator=entry.id, value=6.4, country=None,
                    peers=replace(found.peers, reference=5.0))  # fmt: skip
    here, peers, country = beside(close, "nl")
    assert (here[:3], peers[:3], country) == ("6,4", "5,0", "–")


def test_tables_in_word_have_thin_light_lines_between_rows_and_stay_with_their_text(
    word: bytes,
) -> None:
    opened = docx.Document(io.BytesIO(word))
    for table in opened.tables:
        (borders,) = table._tbl.tblPr.findall(qn("w:tblBorders"))
        assert [side.tag for side in borders] == [
            qn(f"w:{s}") for s in ("top", "bottom", "insideH")
        ]
        assert {side.get(qn("w:color")) for side in borders} == {"C3CDD5"}
    paragraphs = opened.paragraphs
    tables = [n for n, p in enumerate(paragraphs) if p.text.startswith("Tabel ")]
    before = [p for p in (paragraphs[n - 1] for n in tables) if p.style.name == "Normal"]
    assert before
    assert all(p.paragraph_format.keep_with_next for p in before)


def test_a_heading_in_word_stays_with_what_it_heads_and_only_that(word: bytes) -> None:
    """A text under a heading that keeps with the next heading would drag whole chapters along."""
    paragraphs = docx.Document(io.BytesIO(word)).paragraphs
    heads = [p for p in paragraphs if p.style.name.startswith("Heading")]
    assert {p.style.paragraph_format.keep_with_next for p in heads} == {True}
    assert {p.paragraph_format.keep_with_next for p in heads} == {None}
    texts = list(pairwise(paragraphs))
    assert [
        one.text for one, after in texts
        if one.paragraph_format.keep_with_next and after.style.name.startswith("Heading")
    ] == []  # fmt: skip


@pytest.mark.parametrize("code", [BUURT, "GM9901"])
def test_in_word_the_opgave_on_one_page_has_a_page_of_its_own(demo_data: Path, code: str) -> None:
    report = reporting.build(open_release(demo_data), code, "nl")
    opened = docx.Document(io.BytesIO(report_files.made(report, "docx")))
    heads = [p for p in opened.paragraphs if p.style.name == "Heading 1"]
    breaks = [head.text for head in heads if head.paragraph_format.page_break_before]
    titles = [title for _anchor, title in report.contents]
    assert breaks == titles[: 1 + report.telling]


def test_the_first_page_says_of_which_years_its_figures_are(demo_data: Path) -> None:
    """The twin, the year of the opgaven alone, would keep silent of a figure of another year."""
    release = open_release(demo_data)
    result, past = scan(release, BUURT), looking.past(release, scan(release, BUURT))
    assert {f.year for f in result.findings} == {2023, 2024}
    newer = replace(result, year=2020, findings=tuple(
        replace(f, year=2020 if n else 2023) for n, f in enumerate(result.findings)
    ))  # fmt: skip
    with translation.override("nl"):
        assert dict(reporting._facts(release, result, past, "nl"))["Cijfers van"] == "2023 en 2024"
        facts = dict(reporting._facts(release, newer, past, "nl"))
        none = dict(reporting._facts(release, replace(newer, findings=()), past, "nl"))
    assert facts["Cijfers van"] == "2020 en 2023"
    assert facts["Grafieken over de jaren"] == "2017–2024"
    assert none["Cijfers van"] == "2020"
    assert "Grafieken over de jaren" not in none


def test_no_head_of_a_column_breaks_inside_a_word(pdf: bytes, built: Report) -> None:
    words = " ".join(_flat(page) for page in _pages(pdf))
    heads = {word for table in (built.figures, built.others, built.points, built.sources,
                                  built.cells)
             for head in table.heads for word in head.split() if len(word) > 8}  # fmt: skip
    assert "Vergelijkbaar" in heads
    broken = [f"{w[:n]} {w[n:]}" for w in heads for n in range(3, len(w) - 1)]
    assert [said for said in broken if said in words] == []
