# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of REFI-QDA in and out: valid, equal when read again, and refused when hostile."""

from __future__ import annotations

import csv
import time
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.fieldwork.making import TOLD, guid
from wijkeconomie.fieldwork import refi
from wijkeconomie.fieldwork.project import (
    Case,
    Code,
    Coding,
    Note,
    Project,
    Selection,
    Source,
    User,
    Value,
)
from wijkeconomie.fieldwork.refi_writing import write, write_codebook
from wijkeconomie.figures.refusal import Refusal


@pytest.fixture(scope="session")
def schemas(shared: Path) -> dict[str, etree.XMLSchema]:
    folder = shared / "data" / "refi-qda-schemas"
    names = ("REFI-QDA_Project.xsd", "REFI-QDA_Project-mrt2019.xsd", "REFI-QDA_Codebook.xsd")
    return {name: etree.XMLSchema(etree.parse(folder / name)) for name in names}


def qde(content: bytes) -> bytes:
    with ZipFile(BytesIO(content)) as archive:
        return archive.read("project.qde")


def packed(xml: bytes | str, **files: bytes) -> bytes:
    body = BytesIO()
    with ZipFile(body, "w", ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", xml)
        for name, content in files.items():
            archive.writestr(f"sources/{name}.txt", content)
    return body.getvalue()


def project(inside: str, attributes: str = 'name="p"') -> bytes:
    return packed(f'<Project xmlns="{refi.PROJECT}" {attributes}>{inside}</Project>')


def refused(content: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        refi.read(content)
    return caught.value


def errors(schema: etree.XMLSchema, xml: bytes) -> list[str]:
    schema.validate(etree.fromstring(xml))
    return [str(error) for error in schema.error_log]


def test_a_project_is_equal_after_export_and_import() -> None:
    assert refi.read(write(TOLD)) == refi.Imported(TOLD, ())


def test_the_same_project_gives_the_same_bytes() -> None:
    assert write(TOLD) == write(TOLD)


@pytest.mark.parametrize("made", [TOLD, Project(name="leeg")])
def test_an_export_is_valid_against_the_schemas(
    made: Project, schemas: dict[str, etree.XMLSchema]
) -> None:
    for name in ("REFI-QDA_Project.xsd", "REFI-QDA_Project-mrt2019.xsd"):
        assert errors(schemas[name], qde(write(made))) == []


def test_a_codebook_is_valid_and_equal_without_its_notes(
    schemas: dict[str, etree.XMLSchema],
) -> None:
    content = write_codebook(TOLD.codes, "wijkeconomie")
    assert errors(schemas["REFI-QDA_Codebook.xsd"], content) == []
    first, second = TOLD.codes
    expected = Project(name="", origin="wijkeconomie", codes=(replace(first, notes=()), second))
    assert refi.read_codebook(content) == refi.Imported(expected, ())


def test_a_codebook_without_codes_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        write_codebook((), "wijkeconomie")
    assert caught.value.notice.code == "refi_no_codes"


_names = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
_names = _names.filter(lambda text: not set("\ufffe\uffff").intersection(text))
_texts = st.text(st.characters(codec="utf-8"), max_size=40)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    numbers = iter(range(1, 10_000))
    users = tuple(User(guid=guid(next(numbers)), name=draw(_names)) for _ in range(2))
    leaves = tuple(Code(guid=guid(next(numbers)), name=draw(_names)) for _ in range(2))
    tree = Code(guid=guid(next(numbers)), name=draw(_names), description=draw(_names), codes=leaves)
    sources = []
    for _ in range(draw(st.integers(0, 3))):
        text = draw(_texts)
        selections = []
        for _ in range(draw(st.integers(0, 3))):
            start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
            coding = Coding(guid=guid(next(numbers)), code=draw(st.sampled_from(leaves)).guid,
                            user=draw(st.sampled_from(users)).guid)  # fmt: skip
            selections.append(Selection(guid=guid(next(numbers)), start=start, end=end,
                                        description=draw(_names), codings=(coding,)))  # fmt: skip
        sources.append(Source(guid=guid(next(numbers)), name=draw(_names), text=text,
                              selections=tuple(selections)))  # fmt: skip
    note = Note(guid=guid(next(numbers)), text=draw(_texts))
    return Project(name=draw(_names), users=users, codes=(tree,), sources=tuple(sources),
                   notes=(note,))  # fmt: skip


@settings(max_examples=60)
@given(projects())
def test_any_project_is_equal_after_export_and_import(made: Project) -> None:
    assert refi.read(write(made)).project == made


def test_a_project_of_thousands_of_conversations_is_read() -> None:
    sources = tuple(Source(guid=guid(number), text="x") for number in range(1, 5_001))
    many = Project(name="p", sources=sources)
    assert refi.read(write(many)).project == many


def test_positions_count_code_points_also_after_emoji_and_arabic() -> None:
    read = refi.read(write(TOLD)).project.sources[0]
    selection = read.selections[0]
    assert read.text[selection.start : selection.end] == "👩🏽‍🌾 مرحبا"


def test_positions_of_nvivo_count_utf16_and_are_counted_again() -> None:
    wide = "👩 huur"
    source = Source(guid=guid(1), text=wide, selections=(Selection(guid=guid(2), start=3, end=7),))
    ours = Project(name="p", origin="NVivo 14", sources=(source,))
    with ZipFile(BytesIO(write(replace(ours, sources=(replace(source, text="123 huur"),))))) as old:
        xml = old.read("project.qde")
    content = packed(xml, **{guid(1): wide.encode()})
    imported = refi.read(content)
    quote = imported.project.sources[0].selections[0]
    assert wide[quote.start : quote.end] == "huur"
    assert [notice.code for notice in imported.notices] == ["refi_utf16"]
    other = packed(xml.replace(b"NVivo 14", b"MAXQDA"), **{guid(1): wide.encode()})
    assert refused(other).notice.code == "refi_positions"  # the twin: taken as code points


def test_a_real_project_of_another_program_is_read(
    shared: Path, schemas: dict[str, etree.XMLSchema]
) -> None:
    content = (shared / "data" / "qdpx" / "atlasti_target.qdpx").read_bytes()
    imported = refi.read(content)
    commits = imported.project.codes[0]
    assert (imported.project.name, commits.name) == ("target-atlas-project", "Commits")
    assert [code.name for code in commits.codes] == [
        "2022-05-10T02:05:59Z 19e4dce", "2022-02-11T10:39:25Z cdbfd92",
    ]  # fmt: skip
    assert imported.project.at == datetime(2023, 8, 16, 15, 49, 36, tzinfo=UTC)
    again = write(imported.project)
    assert errors(schemas["REFI-QDA_Project.xsd"], qde(again)) == []
    assert refi.read(again) == imported


def test_identifiers_in_capitals_or_braces_are_the_same() -> None:
    written = f'<Users><User guid="{{{guid(171).upper()}}}"/></Users>'
    read = refi.read(project(written, f'name="p" creatingUserGUID="{guid(171)}"')).project
    assert (read.users, read.user) == ((User(guid=guid(171)),), guid(171))


def test_a_text_within_the_xml_is_read() -> None:
    source = (
        f'<TextSource guid="{guid(1)}"><PlainTextContent>de huur</PlainTextContent></TextSource>'
    )
    assert refi.read(project(f"<Sources>{source}</Sources>")).project.sources == (
        Source(guid=guid(1), text="de huur"),
    )


def test_pictures_and_film_are_left_and_told_with_what_refers_to_them() -> None:
    inside = (
        f'<Cases><Case guid="{guid(1)}"><SourceRef targetGUID="{guid(2)}"/></Case></Cases>'
        f'<Sources><PictureSource guid="{guid(2)}"/></Sources>'
        f'<Sets><Set guid="{guid(3)}" name="s"/></Sets>'
    )
    imported = refi.read(project(inside))
    assert imported.project.cases == (Case(guid=guid(1)),)
    assert [notice.text("nl") for notice in imported.notices] == [
        "Niet overgenomen, want wij hebben alleen teksten en codes: PictureSource 1, Set 1."
    ]


G = guid(1)
BOMB = '<!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"no zip", "zip_damaged"),
        (write(TOLD)[:-60], "zip_damaged"),
        (packed(f"{BOMB}<Project>&b;</Project>"), "refi_dtd"),
        (packed('<!DOCTYPE p SYSTEM "http://127.0.0.1:9/x.dtd"><Project/>'), "refi_dtd"),
        (packed('<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><Project>&x;</Project>'),
         "refi_dtd"),
        (packed(""), "refi_xml"),
        (packed("<Project"), "refi_xml"),
        (packed('<?xml version="1.0" encoding="none-such"?><Project/>'), "refi_xml"),
        (packed("<Project/>"), "refi_root"),
        (packed(f'<Other xmlns="{refi.PROJECT}"/>'), "refi_root"),
        (project("", ""), "refi_attribute"),
        (project("<Code>" * 100_000), "refi_deep"),
        (project(f'<Users><User guid="{G}"/><User guid="{G}"/></Users>'), "refi_guid_twice"),
        (project('<Users><User guid="me"/></Users>'), "refi_guid"),
        (project("<Users><User/></Users>"), "refi_guid"),
        (project(f'<NoteRef targetGUID="{G}"/>'), "refi_reference"),
        (project(f'<Sources><TextSource guid="{G}" plainTextPath="internal://{G}.txt"/></Sources>'),
         "refi_text_elsewhere"),
        (project(f'<Sources><TextSource guid="{G}" plainTextPath="file:///etc/passwd"/></Sources>'),
         "refi_text_elsewhere"),
        (project(f'<Sources><TextSource guid="{G}" richTextPath="internal://a.docx"/></Sources>'),
         "refi_text_elsewhere"),
        (project(f'<CodeBook><Codes><Code guid="{G}" name="c" isCodable="maybe"/></Codes>'
                 "</CodeBook>"), "refi_attribute"),
        (project(f'<CodeBook><Codes><Code guid="{G}" name="c" isCodable="true" color="red"/>'
                 "</Codes></CodeBook>"), "refi_color"),
        (project("", 'name="p" creationDateTime="yesterday"'), "refi_time"),
        (project(f'<Variables><Variable guid="{G}" name="v" typeOfVariable="Odd"/></Variables>'),
         "refi_attribute"),
        (project(f'<Sources><TextSource guid="{G}"><PlainTextSelection guid="{guid(2)}" '
                 'startPosition="0" endPosition="5"/></TextSource></Sources>'), "refi_positions"),
        (project(f'<Sources><TextSource guid="{G}"><PlainTextSelection guid="{guid(2)}" '
                 f'startPosition="0" endPosition="{"9" * 5_000}"/></TextSource></Sources>'),
         "refi_attribute"),
        (packed(f'<Project xmlns="{refi.PROJECT}" name="p"><Sources><TextSource guid="{G}" '
                f'plainTextPath="internal://{G}.txt"/></Sources></Project>', **{G: b"\xff\0\xff"}),
         "refi_encoding"),
        (packed("<x/>", **{G: b"\0" * (30 * 2**20)}), "unpacked_too_large"),
    ],
)  # fmt: skip
def test_a_damaged_or_hostile_project_is_refused(content: bytes, code: str) -> None:
    began = time.process_time()
    assert refused(content).notice.code == code
    assert time.process_time() - began < 5


def test_a_path_out_of_the_zip_is_refused() -> None:
    body = BytesIO()
    with ZipFile(body, "w") as archive:
        archive.writestr("project.qde", "<x/>")
        archive.writestr("../../evil", "x")
    assert refused(body.getvalue()).notice.code == "zip_path"


def test_a_zip_without_a_project_is_refused_with_what_to_do() -> None:
    body = BytesIO()
    with ZipFile(body, "w") as archive:
        archive.writestr("notes.txt", "x")
    assert refused(body.getvalue()).text("en") == (
        "There is no project.qde in the file, which is no REFI-QDA project then. "
        "Export as 'REFI-QDA project (.qdpx)'. Nothing was kept."
    )


def test_a_refusal_names_the_element() -> None:
    source = f'<TextSource guid="{G}" name="Gesprek 1" creationDateTime="31 mei"/>'
    assert refused(project(f"<Sources>{source}</Sources>")).text("nl") == (
        "TextSource Gesprek 1: '31 mei' is geen tijdstip. Voer het project opnieuw uit. "
        "Er is niets bewaard."
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "a\x00b"}, "refi_character"),
        ({"name": "a\uffff"}, "refi_character"),
        ({"sources": (Source(guid=guid(50), text="\ud800"),), "cases": ()}, "refi_character"),
        ({"user": guid(99)}, "refi_reference"),
        ({"codes": (Code(guid=guid(10).upper().replace("0", "A"), name="x"),)}, "refi_guid"),
        ({"cases": (Case(guid=guid(30), values=(Value(variable=guid(22), text="n.v.t."),)),)},
         "refi_value"),
        ({"cases": (Case(guid=guid(30), values=(Value(variable=guid(23), text="NaN"),)),)},
         "refi_value"),
        ({"cases": (Case(guid=guid(30), values=(Value(variable=guid(21), text="2026-02-31"),)),)},
         "refi_value"),
    ],
)  # fmt: skip
def test_what_a_project_cannot_hold_is_refused_before_a_file_is_made(
    change: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        write(replace(TOLD, **change))
    assert caught.value.notice.code == code


def test_codes_far_within_each_other_are_refused() -> None:
    deep = Code(guid=guid(1000), name="in")
    for number in range(60):
        deep = Code(guid=guid(1001 + number), name="out", codes=(deep,))
    with pytest.raises(Refusal) as caught:
        write(Project(name="p", codes=(deep,)))
    assert caught.value.notice.code == "refi_deep"


AS_A_TOLD = {  # every other row: what no zip is, is damaged
    "XLSX-03": "refi_no_project", "XLSX-06": "workbook_macros", "XLSX-07": "refi_no_project",
    "XLSX-10": "refi_no_project", "XLSX-12": "zip_path", "XLSX-13": "refi_no_project",
    "XLSX-14": "refi_no_project", "XLSX-16": "refi_no_project", "UPL-07": "empty_file",
}  # fmt: skip


def test_bad_files_of_the_manifest_are_refused_as_projects_too(shared: Path) -> None:
    with (shared / "badinputs" / "manifest.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["area"] in ("xlsx", "upload")]
    for row in rows:
        refusal = refused((shared / "badinputs" / row["file"]).read_bytes())
        expected = AS_A_TOLD.get(row["id"], "zip_damaged")
        assert (row["id"], refusal.notice.code) == (row["id"], expected)
        if row["id"] in ("XLSX-11", "XLSX-12"):
            assert refusal.text("nl").startswith(row["message_nl"])
            assert refusal.text("en").startswith(row["message_en"])


@pytest.mark.parametrize(
    ("name", "code"),
    [("quadratic.kml", "refi_dtd"), ("external_dtd.gml", "refi_dtd"),
     ("wfs_exception_200.xml", "refi_root")],
)  # fmt: skip
def test_bad_xml_of_the_manifest_is_refused_in_a_project_and_as_a_codebook(
    shared: Path, name: str, code: str
) -> None:
    content = (shared / "badinputs" / "xml" / name).read_bytes()
    assert refused(packed(content)).notice.code == code
    with pytest.raises(Refusal) as caught:
        refi.read_codebook(content)
    assert caught.value.notice.code == code
