# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of codings as a table: one row a coding, and text that a spreadsheet does not run."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from tests.fieldwork.making import TOLD
from wijkeconomie.fieldwork.codings import SCHEMA, table
from wijkeconomie.fieldwork.project import Coding, Project, Selection, Source
from wijkeconomie.figures.export import write_table
from wijkeconomie.figures.refusal import Refusal, WrongUse

FIRST, SECOND = TOLD.sources[0].guid, TOLD.codes[0].codes[0].guid


def written(project: Project, form: str) -> bytes:
    out = BytesIO()
    write_table(table(project), form, out, "Codes")
    return out.getvalue()


def test_every_coding_is_a_row_with_its_quote_its_path_and_its_coder() -> None:
    assert table(TOLD).rows() == [
        (FIRST, "Gesprek 1", None, None, None, TOLD.codes[1].guid, "Regels", None, None,
         None),
        (FIRST, "Gesprek 1", 8, 18, "👩🏽‍🌾 مرحبا", SECOND, 'Ruimte / Huur\n"hoog"', "Codeur A",
         "2026-05-31T10:30:00+00:00", "Memo"),
        (FIRST, "Gesprek 1", 8, 18, "👩🏽‍🌾 مرحبا", TOLD.codes[1].guid, "Regels", "", None,
         None),
    ]  # fmt: skip


def test_a_project_without_codings_is_a_table_with_a_header() -> None:
    empty = table(Project(name="p"))
    assert (empty.rows(), list(empty.columns)) == ([], list(SCHEMA))
    assert written(Project(name="p"), "csv").decode() == ",".join(SCHEMA) + "\n"


def risky(text: str) -> Project:
    coding = Coding(guid=SECOND.replace("b", "c"), code=SECOND)
    quote = Selection(guid=FIRST.replace("3", "4"), start=0, end=len(text), codings=(coding,))
    source = Source(guid=FIRST, text=text, selections=(quote,))
    return Project(name="p", codes=TOLD.codes, sources=(source,))


def test_a_quote_that_starts_like_a_formula_stays_text_in_a_spreadsheet() -> None:
    project = risky("=1+1")
    assert "'=1+1" in written(project, "csv-excel").decode("utf-8-sig").splitlines()[1]
    cell = openpyxl.load_workbook(BytesIO(written(project, "xlsx"))).active["E2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_text_that_a_cell_cannot_hold_is_refused_and_not_left_out() -> None:
    with pytest.raises(Refusal) as caught:
        written(risky("x" * 32_768), "xlsx")
    assert caught.value.notice.code == "xlsx_long_text"
    sheet = openpyxl.load_workbook(BytesIO(written(risky("x" * 32_767), "xlsx"))).active
    assert len(sheet["E2"].value) == 32_767


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(WrongUse) as caught:
        written(TOLD, "parquet")
    assert caught.value.notice.fields["formats"] == "csv, csv-excel, xlsx"
