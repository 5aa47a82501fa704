# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A file of a table beside Kerncijfers gives what the service gives of it, or is refused.

The tables are fictional; their shape is that of 86296NED, 86134NED, 47018NED and 86258NED.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import polars as pl
import pytest

from tests.figures.sources.fake_service import REGIONS, YEAR
from tests.figures.sources.test_cbs_related import KINDS, YEARS, expected, made, values
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.snapshot import Snapshot
from wijkeconomie.figures.sources import files, related

Rows = list[dict[str, Any]]
SCORES, DISTANCES, CRIMES, WORK = registry().series
DIMENSIONS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "ses": {"Perioden": YEARS}, "near": {}, "crime": {"SoortMisdrijf": KINDS, "Perioden": YEARS},
}  # fmt: skip


def table(topic: str, version: str, id_: str, **changes: Any) -> dict[str, Rows]:
    """The parts of a copy, with the id that its description gives."""
    parts = made(topic, DIMENSIONS[topic], map_year=2025, period="2014-2018", **changes)[version]
    about = "Properties" if version == "v4" else "TableInfos"
    return {**parts, about: [{**parts[about][0], "Identifier": id_}]}


def written(folder: Path, parts: Mapping[str, Rows], kind: str, prefix: str = "") -> Path:
    """A folder with a file for each part, or the zip that StatLine gives."""
    folder.mkdir(exist_ok=True)
    if kind == "zip":
        with ZipFile(folder / "table.zip", "w") as archive:
            for name, rows in parts.items():
                archive.writestr(f"{name}.csv", frame(rows).write_csv(separator=";"))
        return folder / "table.zip"
    for name, rows in parts.items():
        path = folder / f"{prefix}{name}.{kind}"
        if kind == "parquet":
            frame(rows).write_parquet(path)
        else:
            path.write_text(json.dumps({"value": rows}), "utf-8")
    return folder


def frame(rows: Rows) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None)


def one(path: Path, **options: Any) -> Snapshot:
    (found,) = files.read(path, **options)
    assert isinstance(found, Snapshot)
    return found


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(Refusal) as said:
        files.read(path, **options)
    return said.value.notice.code


COPIES = [("v3", "json"), ("v3", "parquet"), ("v4", "json"), ("v4", "parquet"), ("v4", "zip")]


@pytest.mark.parametrize(("version", "kind"), COPIES)
def test_a_copy_gives_every_year_on_the_areas_that_it_says(
    tmp_path: Path, version: str, kind: str
) -> None:
    scores = one(written(tmp_path / "t", table("ses", version, "86296NED"), kind))
    assert set(scores.frame["year"]) == set(range(2014, 2019))
    assert scores.division == 2025
    for year in (2014, 2018):
        assert values(scores, "ses_score", year) == expected((f"{year}JJ00",), "S1")
        assert values(scores, "ses_work_score", year) == expected((f"{year}JJ00",), "S2")
    assert set(scores.keys) == {"ses_score", "ses_work_score"}
    assert (scores.origin.publisher, scores.origin.table) == ("CBS", "86296NED")
    assert scores.frame["name"][0] == "Nederland"


@pytest.mark.parametrize(("version", "kind"), COPIES)
def test_a_member_of_another_dimension_is_found_by_its_code(
    tmp_path: Path, version: str, kind: str
) -> None:
    kinds = {**KINDS, "2.2.1 ": "Vernieling"}
    parts = made("crime", {"SoortMisdrijf": kinds, "Perioden": YEARS}, map_year=2025)[version]
    about = "Properties" if version == "v4" else "TableInfos"
    parts[about][0]["Identifier"] = "47018NED"
    crimes = one(written(tmp_path / "t", parts, kind))
    assert values(crimes, "shoplifting") == expected(("2.5.2 ", f"{YEAR}JJ00"), "C1")
    assert values(crimes, "business_burglaries") == expected(("2.5.1 ", f"{YEAR}JJ00"), "C1")
    assert crimes.origin.publisher == "Politie"


def test_what_is_missing_keeps_the_reason_of_the_copy(tmp_path: Path) -> None:
    for version, reason in (("v4", Status.SECRET), ("v3", Status.UNKNOWN)):
        scores = one(written(tmp_path / version, table("ses", version, "86296NED"), "parquet"))
        row = scores.frame.filter(area="BU99010001", year=YEAR)
        assert (row["ses_score"].item(), Status(row["ses_score~"].item())) == (None, reason)


def near(id_: str, period: str) -> dict[str, Rows]:
    measures = [
        ("AfstandTotOvDagelLevensmiddelen_24", "Afstand tot ov. dagel. levensmiddelen"),
        ("AfstandTotCafeED_36", "Afstand tot café e.d."),
        ("AfstandTotTreinstationsTotaal_90", "Afstand tot treinstations totaal"),
    ]
    properties: Rows = [
        {"ID": 0, "ParentID": None, "Type": "GeoDetail", "Key": "WijkenEnBuurten",
         "Title": "Wijken en buurten", "MapYear": 2024, "Unit": None, "Datatype": None},
        *({"ID": n, "ParentID": None, "Type": "Topic", "Key": key, "Title": title, "MapYear": None,
           "Unit": "km", "Datatype": "Float"} for n, (key, title) in enumerate(measures, start=1)),
    ]  # fmt: skip
    rows = [
        {"WijkenEnBuurten": region.ljust(10), **{key: n + 0.5 for key, _ in measures}}
        for n, region in enumerate(REGIONS)
    ]
    regions = [{"Key": code.ljust(10), "Title": name} for code, name in REGIONS.items()]
    return {
        "TableInfos": [{"Identifier": id_, "Title": "Nabijheid", "Period": period}],
        "DataProperties": properties, "WijkenEnBuurten": regions, "TypedDataSet": rows,
    }  # fmt: skip


def test_a_table_of_one_year_has_the_year_that_it_says_which_must_be_ours(tmp_path: Path) -> None:
    found = one(written(tmp_path / "a", near("86134NED", "2024"), "json"))
    assert values(found, "distance_cafe", 2024)["NL00"] == 0.5
    assert found.division is None
    assert (
        refused(written(tmp_path / "b", near("86134NED", "2023"), "json")) == "table_other_period"
    )


def test_an_edition_that_we_do_not_know_is_told_by_its_figures(tmp_path: Path) -> None:
    """An older SES-WOA has another id and the same measures; Kerncijfers has other ones."""
    scores = one(written(tmp_path / "t", table("ses", "v3", "85163NED"), "json"))
    assert (scores.origin.table, scores.division) == ("85163NED", 2025)
    assert set(scores.frame["year"]) == set(range(2014, 2019))


def test_of_a_table_that_we_know_only_the_years_that_it_has_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first and the last one too; a period outside them has another meaning or is not final."""
    spans = {**SCORES.tables, "86296NED": (2015, 2017)}
    known = replace(registry(), series=(replace(SCORES, tables=spans), *registry().series[1:]))
    monkeypatch.setattr(related, "registry", lambda: known)
    for version in ("v3", "v4"):
        scores = one(written(tmp_path / version, table("ses", version, "86296NED"), "json"))
        assert set(scores.frame["year"]) == {2015, 2016, 2017}


def test_the_id_may_stand_in_the_name_of_the_files_alone(tmp_path: Path) -> None:
    parts = table("ses", "v3", "")
    del parts["TableInfos"]
    scores = one(written(tmp_path / "t", parts, "parquet", prefix="cbs.v3.86296NED_"))
    assert scores.origin.table == "86296NED"


def test_a_copy_that_lacks_or_changed_what_we_pick_is_refused(tmp_path: Path) -> None:
    bare = table("ses", "v3", "86296NED")
    del bare["DataProperties"]
    assert refused(written(tmp_path / "bare", bare, "json")) == "unlike_table"
    undated = table("ses", "v3", "86296NED")
    undated["DataProperties"][0]["MapYear"] = None
    assert refused(written(tmp_path / "undated", undated, "json")) == "unlike_table"
    miles = near("86134NED", "2024")
    miles["DataProperties"][1]["Unit"] = "mijl"
    assert refused(written(tmp_path / "miles", miles, "json")) == "unlike_table"
    text = table("ses", "v3", "86296NED")
    text["TypedDataSet"][0]["GemiddeldeScore_29"] = "n.v.t."
    assert refused(written(tmp_path / "text", text, "json")) == "service_number"


# -- what StatLine exports as CSV
SCORE, WORKED = "Totaalscore/Gemiddelde score (Getal)", (
    "Deelscore arbeidsverleden/Gemiddelde score (Getal)"
)  # fmt: skip


def exported(path: Path, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    lines = [";".join(f'"{cell}"' for cell in row) for row in (heads, *rows)]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    return path


PLACES = ("Wijken en buurten", "Perioden", "Regioaanduiding/Codering (code)")


def ses_export(path: Path) -> Path:
    rows = [
        ["Nederland", "2019", "NL00      ", "0,012", "-0,004"],
        ["Rokkeveen", "2019", "WK063705  ", "-0,310", "."],
        ["Rokkeveen", "2024*", "WK063705  ", "-0,295", "-0,100"],
    ]
    return exported(path, (*PLACES, SCORE, WORKED), rows)


def test_an_export_of_statline_is_read_on_the_areas_of_the_year_that_is_given(
    tmp_path: Path,
) -> None:
    scores = one(ses_export(tmp_path / "SES_WOA.csv"), year=2024)
    assert scores.division == 2024
    assert values(scores, "ses_score", 2019) == {"NL00": 0.012, "WK063705": -0.31}
    assert values(scores, "ses_score", 2024)["WK063705"] == -0.295
    hidden = scores.frame.filter(area="WK063705", year=2019)
    assert Status(hidden["ses_work_score~"].item()) is Status.SECRET
    assert hidden["name"].item() == "Rokkeveen"
    assert scores.origin.publisher == "CBS"


def test_without_the_year_of_its_areas_an_export_is_refused(tmp_path: Path) -> None:
    """Joined on the code alone, Rokkeveen would get the score of Meerzicht."""
    assert refused(ses_export(tmp_path / "SES_WOA.csv")) == "areas_year_needed"


def test_members_of_an_export_are_told_by_their_title(tmp_path: Path) -> None:
    crimes = exported(
        tmp_path / "crimes.csv",
        ("Soort misdrijf", *PLACES, "Geregistreerde misdrijven (aantal)"),
        [
            [kind, "Nederland", "2019", "NL00", str(n)]
            for n, kind in enumerate(
                ("Totaal misdrijven", "2.5.1 Diefstal uit bedrijf", "2.5.2 Winkeldiefstal",
                 "2.2.1 Vernieling"))
        ],
    )  # fmt: skip
    found = one(crimes, year=2025)
    row = found.frame.row(0, named=True)
    assert [row[pick.column] for pick in CRIMES.picks] == [1.0, 2.0, 3.0]
    work = exported(
        tmp_path / "work.csv",
        ("Geslacht", "Leeftijd", *PLACES[::2], "Werknemer met flexibele arbeidsrelatie (%)"),
        [
            ["Totaal mannen en vrouwen", "15 tot 75 jaar", "Nederland", "NL00", "27"],
            ["Mannen", "15 tot 75 jaar", "Nederland", "NL00", "25"],
        ],
    )
    shares = one(work, year=2024)
    assert shares.frame.row(0, named=True)["flexible_workers_share"] == 27.0
    assert (shares.frame.height, shares.division) == (1, None)
    assert refused(work) == "year_needed"


def test_a_table_that_only_shares_a_title_stays_what_it_is(tmp_path: Path) -> None:
    """Of an own table with one of the scores nothing is taken for CBS's."""
    own = exported(tmp_path / "own.csv", ("code", "jaar", "ses_score"), [["GM0001", "2019", "0,1"]])
    assert one(own).origin.publisher == "eigen opgave"


def own_with_titles(folder: Path) -> Path:
    heads = ("gebiedscode", "Perioden", "aantal_banen", SCORE, WORKED)
    return exported(folder / "own.csv", heads, [["WK063705", "2019", "30", "0,1", "0,2"]])


def test_an_own_table_with_all_titles_of_statline_stays_own(tmp_path: Path) -> None:
    found = one(own_with_titles(tmp_path))
    assert (found.origin.publisher, found.division) == ("eigen opgave", None)
    assert (found.keys, found.unrecognised) == ({"jobs": "aantal_banen"}, (SCORE, WORKED))


def test_without_asking_for_its_places_such_a_table_would_be_of_cbs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(related, "is_placed", lambda _: True)
    assert one(own_with_titles(tmp_path), year=2024).origin.publisher == "CBS"


def test_every_other_dimension_that_the_registry_names_has_a_part_with_its_members() -> None:
    named = {name for s in registry().series for pick in s.picks for name in pick.where}
    assert {*named, "Perioden"} <= set(files._MEMBER_PARTS)


def test_such_a_name_alone_is_a_table_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "per_Leeftijd.csv").write_text("code;jaar;aantal_banen\nGM0001;2020;10\n", "utf-8")
    assert one(tmp_path).origin.table == "per_Leeftijd.csv"


@pytest.mark.parametrize("version", ["v3", "v4"])
def test_two_figures_of_one_area_year_and_measure_are_refused(tmp_path: Path, version: str) -> None:
    """We cannot know which of them holds, even where they are the same."""
    parts = table("ses", version, "86296NED")
    rows = parts["TypedDataSet" if version == "v3" else "Observations"]
    rows.append(dict(rows[0]))
    assert refused(written(tmp_path / "t", parts, "json")) == "service_twice"
