# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Vocabularies on the command line: loaded, found, refused in words."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from wijkeconomie import term_commands
from wijkeconomie.acting.terms import SCHEMES
from wijkeconomie.web.acting.models import Term

COMMAND = [sys.executable, "-c", "from wijkeconomie.cli import main; main()", "terms"]


def run(folder: Path, *words: object) -> tuple[int, str, str]:
    kept = {name: value for name, value in os.environ.items()
            if name not in ("WIJKECONOMIE_LANGUAGE", "DATABASE_URL")}  # fmt: skip
    done = subprocess.run([*COMMAND, *map(str, words), "--data", folder], capture_output=True,
                          text=True, check=False, env=kept, timeout=120)  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def test_the_choices_are_the_schemes_that_there_are() -> None:
    assert set(term_commands.SCHEMES) == set(SCHEMES) == set(Term.Scheme.values)


def test_a_vocabulary_is_loaded_found_listed_and_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["code", "omschrijving", "engels"], ["45000000-7", "Bouwwerkzaamheden", "Works"]):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    (tmp_path / "cpv.xlsx").write_bytes(content.getvalue())
    load = ("load", tmp_path / "cpv.xlsx", "--scheme", "cpv", "--version", "2008")
    assert run(tmp_path, *load)[:2] == (
        0, "cpv 2008: 1 nieuw, 0 veranderd, 0 hetzelfde, 0 vervallen.",
    )  # fmt: skip
    code, found, _said = run(tmp_path, "find", "bouwwerkzamheden")
    assert (code, found.split()) == (0, ["cpv", "45000000-7", "Bouwwerkzaamheden"])
    listed = run(tmp_path, "list")[1].splitlines()
    assert [line.split()[:3] for line in listed] == [
        ["cpv", "1", "2008"],
        ["trade", "40", "shipped"],
    ]
    (tmp_path / "wrong.csv").write_text("code;nl\n45000000-7;\n", "utf-8")
    wrong = run(tmp_path, "load", tmp_path / "wrong.csv", "--scheme", "cpv", "--version", "2")
    assert (wrong[0], wrong[2]) == (
        1, ("Rij 2, kolom nl: hier staat niets. Er is niets geladen. Vul de cel, of haal de rij "
            "weg."),
    )  # fmt: skip


@pytest.mark.parametrize(("words", "said"), [
    (("load", "nope.csv", "--scheme", "sbi", "--version", "1"), "Bestand niet gevonden: nope.csv"),
    (("load", "nope.csv", "--scheme", "sbi", "--version", "twee woorden"), "twee woorden is geen"),
])  # fmt: skip
def test_wrong_use_is_said(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    code, out, err = run(tmp_path, *words)
    assert (code, out, said in err) == (2, "", True)
