# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every bad table of the shared manifest behaves as its row says, in both languages."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from wijkeconomie.figures import compare
from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.snapshot import Snapshot
from wijkeconomie.figures.sources import files

TABLES = ("csv", "xlsx", "json")
OF_ITS_YEAR = {"BU05181785": "Moerwijk-Oost", "BU05181786": "Moerwijk-West"}


def _manifest(shared: Path) -> list[dict[str, str]]:
    with (shared / "badinputs" / "manifest.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["area"] in TABLES]


def _file(row: dict[str, str], shared: Path, tmp_path: Path) -> Path:
    path = shared / "badinputs" / row["file"]
    if row["id"] == "CSV-30":  # eight megabytes: made here
        path = tmp_path / "one_cell_8mb.csv"
        path.write_text(f"buurtcode;buurtnaam;jaar\nBU05181785;{'x' * 8_000_000};2025\n")
    return path


def _outcome(path: Path, classified: int = 2025) -> tuple[list[Snapshot], list[Notice]]:
    try:
        tables = [t for t in files.read(path, year=2025) if isinstance(t, Snapshot)]
        if path.name == "unknown_code.csv":
            compare.refuse_unknown(tables[0], {classified: OF_ITS_YEAR})
    except Refusal as refusal:
        return [], [refusal.notice]
    return tables, [notice for table in tables for notice in table.notices]


def test_every_bad_table_is_answered_as_the_manifest_says(shared: Path, tmp_path: Path) -> None:
    wrong = []
    for row in _manifest(shared):
        tables, notices = _outcome(_file(row, shared, tmp_path))
        nl = " ".join(notice.text("nl") for notice in notices)
        en = " ".join(notice.text("en") for notice in notices)
        # their one column is called "aantal": read well, and no name that we know
        unknown = [notice.code for notice in notices] == ["nothing_recognised"]
        if not (nl.startswith(row["message_nl"]) and en.startswith(row["message_en"])):
            wrong.append((row["id"], nl, en))
        if row["kind"] != "warn" and (row["kind"] == "reject") == bool(tables or unknown):
            wrong.append((row["id"], "reads" if tables or unknown else "refuses", row["behaviour"]))
    assert wrong == []


@pytest.mark.parametrize("classified", [2025, 2020])
def test_unknown_codes_are_refused_also_where_another_year_is_classified(
    shared: Path, classified: int
) -> None:
    (row,) = [row for row in _manifest(shared) if row["id"] == "CSV-12"]
    tables, (notice,) = _outcome(shared / "badinputs" / row["file"], classified)
    assert tables == []
    assert notice.text("nl").startswith(row["message_nl"])
    assert notice.text("en").startswith(row["message_en"])


def test_a_refusal_never_repeats_personal_values(shared: Path) -> None:
    _, notices = _outcome(shared / "badinputs" / "csv" / "personal_data.csv")
    said = " ".join(notice.text("nl") + notice.text("en") for notice in notices)
    assert [value for value in ("Jansen", "111222333", "1980-01-31") if value in said] == []


def test_markup_in_a_name_stays_text(shared: Path) -> None:
    tables, _ = _outcome(shared / "badinputs" / "csv" / "html_in_name.csv")
    assert tables[0].frame["name"][0].startswith("<script>alert(1)</script>")


def test_a_line_break_in_a_name_becomes_a_space(shared: Path) -> None:
    tables, _ = _outcome(shared / "badinputs" / "csv" / "newline_in_quotes.csv")
    assert tables[0].frame["name"].to_list() == ["Moerwijk- Oost"]


def test_a_gzip_bomb_stops_at_the_limit(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_GUNZIPPED", 1000)
    path = tmp_path / "small.csv.gz"
    path.write_bytes(gzip.compress(b"buurtcode;inwoners\n" + b"BU05181785;2025\n" * 100))
    with pytest.raises(Refusal) as refused:
        files.read(path)
    assert refused.value.notice.code == "unpacked_too_large"


def test_twin_without_the_limit_the_same_gzip_is_unpacked_whole(tmp_path: Path) -> None:
    path = tmp_path / "small.csv.gz"
    path.write_bytes(gzip.compress(b"buurtcode;inwoners\n" + b"BU05181785;2025\n" * 100))
    assert files.read(path, year=2025)[0].frame.height == 1
