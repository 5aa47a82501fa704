# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Guides on the command line: what is shown, refused and converted."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from tests.fieldwork.making import SHOPS
from tests.test_cli import run
from wijkeconomie.fieldwork import xlsform
from wijkeconomie.fieldwork.checks import from_json
from wijkeconomie.fieldwork.guide import as_json, version
from wijkeconomie.fieldwork.xlsform_writing import write

ROOT = Path(__file__).parent.parent


@pytest.fixture
def shops(tmp_path: Path) -> Path:
    path = tmp_path / "shops.xlsx"
    path.write_bytes(write(SHOPS))
    return path


def test_a_guide_is_shown_as_it_is_asked_and_what_lacks_is_told(shops: Path) -> None:
    done = run("guide", "check", shops)
    assert (done.returncode, done.stdout.splitlines()) == (0, [
        "Winkels in de straat (shops)",
        f"versie {version(SHOPS)}",
        "talen nl, en, ar (niet nagekeken)",
        "- consent_quote_public [toestemming, versie 2026-1] Mogen wij opschrijven wat u zegt?",
        "- role [één keuze, verplicht] Wie bent u?",
        "    ( ) owner: Ondernemer",
        "    ( ) resident: Bewoner",
        "- shop [groep] De winkel",
        "    als ${role} = 'owner'",
        "  - years [heel getal] Hoeveel jaar zit u hier?",
        "      moet . >= 0 and . < 100",
        "  - why_new [tekst] Waarom hier?",
        "      als ${years} < 3",
        "- quote [tekst] Wat wilt u zeggen?",
        "    als ${consent_quote_public} = 'yes'",
    ])  # fmt: skip
    assert done.stderr.splitlines() == [
        "Nog zonder tekst in de taal en: 3 van de vragen (shop, why_new, quote).",
        "Nog zonder tekst in de taal ar: 4 van de vragen (shop, years, why_new, quote).",
    ]


def test_the_guide_of_the_how_to_can_be_asked(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "conversation-guides.md").read_text("utf-8")
    tables = re.findall(r"((?:^ +\|.*\n)+)", page, re.MULTILINE)
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for sheet, table in zip((book.active, book.create_sheet("choices")), tables, strict=True):
        for line in (each.strip(" |\n") for each in table.splitlines() if "---" not in each):
            sheet.append([cell.strip() for cell in line.split("|")])
    book.save(tmp_path / "guide.xlsx")
    done = run("guide", "check", tmp_path / "guide.xlsx")
    assert (done.returncode, done.stderr, done.stdout.splitlines()[3:]) == (0, "", [
        "- consent_quote_public [toestemming, versie 2026-1] Mogen wij opschrijven wat u zegt?",
        "- role [één keuze, verplicht] Wie bent u?",
        "    ( ) owner: Ondernemer",
        "    ( ) resident: Bewoner",
        "- years [heel getal] Hoeveel jaar zit u hier?",
        "    als ${role} = 'owner'",
    ])  # fmt: skip


def test_it_speaks_english_and_shows_english_texts_where_there_are(shops: Path) -> None:
    lines = run("guide", "check", shops, "--language", "en").stdout.splitlines()
    assert lines[2:5] == [
        "languages nl, en, ar (unchecked)",
        "- consent_quote_public [consent, version 2026-1] May we write down what you say?",
        "- role [one choice, required] Who are you?",
    ]


def test_a_form_that_is_not_taken_is_refused_with_its_cells(shared: Path) -> None:
    form = shared / "data" / "xlsform" / "xlsformorg_cascading_select.xlsx"
    done = run("guide", "check", form, WIJKECONOMIE_LANGUAGE="en")
    assert (done.returncode, done.stdout) == (1, "")
    first, second = done.stderr.splitlines()
    assert first == (
        "Sheet survey, row 3, cell D3 (choice_filter): we do not take choice_filter, which changes "
        "what is asked or answered. Take it away or ask differently. The guide was not stored."
    )
    assert second == ("- Sheet survey, row 4, cell D4 (choice_filter): county=${selected_county}")


def test_a_guide_goes_to_json_and_back_and_keeps_its_version(shops: Path, tmp_path: Path) -> None:
    as_text, back = tmp_path / "shops.json", tmp_path / "back.xlsx"
    first = run("guide", "convert", shops, "-o", as_text)
    second = run("guide", "convert", as_text, "-o", back)
    assert [first.returncode, second.returncode] == [0, 0]
    assert first.stdout == f"{as_text}: versie {version(SHOPS)[:12]}\n"
    assert as_text.read_text("utf-8") == as_json(SHOPS)
    assert from_json(as_text.read_text("utf-8")) == xlsform.read(back.read_bytes()).guide == SHOPS


def test_a_file_that_is_there_stays_unless_one_says_otherwise(shops: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.json"
    there.write_text("mine", "utf-8")
    assert run("guide", "convert", shops, "-o", there).returncode == 2
    assert there.read_text("utf-8") == "mine"
    assert run("guide", "convert", shops, "-o", there, "--overwrite").returncode == 0
    assert there.read_text("utf-8") == as_json(SHOPS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "nope.xlsx"), "Bestand niet gevonden: nope.xlsx"),
        (("check", "."), "Bestand niet gevonden: ."),
        (("convert", "a.xlsx", "-o", "a.pdf"),
         "Onbekend formaat: .pdf. Kies uit .xlsx, .json."),
    ],
)  # fmt: skip
def test_wrong_use_is_said(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = run("guide", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (2, "", said)
