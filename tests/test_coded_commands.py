# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Coded conversations on the command line: what is shown, refused and converted."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.fieldwork.making import TOLD
from tests.test_cli import run
from wijkeconomie.fieldwork import codings, refi
from wijkeconomie.fieldwork.refi_writing import write


@pytest.fixture
def told(tmp_path: Path) -> Path:
    path = tmp_path / "told.qdpx"
    path.write_bytes(write(TOLD))
    return path


def test_a_project_is_shown_by_numbers_and_codes(told: Path) -> None:
    done = run("coded", "check", told)
    assert (done.returncode, done.stderr, done.stdout.splitlines()) == (0, "", [
        "Straat & «co» (wijkeconomie 0.1)", "codes 3", "teksten 2", "citaten 2", "coderingen 3",
        "codeurs 2", "memo's 2", "- Ruimte", '  - Huur "hoog"', "- Regels",
    ])  # fmt: skip


def test_a_project_goes_to_a_table_a_codebook_and_itself(told: Path, tmp_path: Path) -> None:
    for name in ("codings.csv", "codings.xlsx", "codes.qdc", "again.qdpx"):
        done = run("coded", "convert", told, "-o", tmp_path / name)
        assert (done.returncode, done.stdout) == (0, f"{tmp_path / name}\n")
    with (tmp_path / "codings.csv").open(encoding="utf-8", newline="") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    assert [row[6] for row in rows] == codings.table(TOLD)["code"].to_list()
    assert refi.read((tmp_path / "again.qdpx").read_bytes()).project == TOLD
    names = [
        code.name for code in refi.read_any((tmp_path / "codes.qdc").read_bytes()).project.codes
    ]
    assert names == [code.name for code in TOLD.codes]
    there = run("coded", "convert", told, "-o", tmp_path / "codes.qdc")
    assert there.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "nope.qdpx"), "Bestand niet gevonden: nope.qdpx"),
        (("convert", "a.qdpx", "-o", "a.pdf"),
         "Onbekend formaat: .pdf. Kies uit .csv, .xlsx, .qdc, .qdpx."),
    ],
)  # fmt: skip
def test_wrong_use_is_said(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = run("coded", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (2, "", said)


def test_every_real_form_and_project_is_shown_or_refused_with_its_place(shared: Path) -> None:
    outcome = {}
    for folder, command in (("xlsform", "guide"), ("qdpx", "coded")):
        for path in sorted((shared / "data" / folder).iterdir()):
            done = run(command, "check", path)
            place = ", rij " in done.stderr
            outcome[path.name] = "in" if done.returncode == 0 else f"{done.returncode} {place}"
    assert outcome == {
        "atlasti_target.qdpx": "in", "correlaid_testB.xlsx": "1 True",
        "formpack_library-locking-example.xls": "in",
        "formpack_library-locking-example.xlsx": "in",
        "odk_ifrc-distribution-site-assessment-v1.xlsx": "1 True",
        "xlsformorg_cascading_select.xlsx": "1 True",
    }  # fmt: skip
