# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The contract that others script against: exit codes, streams, languages, no traceback ever."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import pytest

from tests.figures.making import snapshot
from wijkeconomie import cli, terminal
from wijkeconomie.figures import build, demo, export, store
from wijkeconomie.figures.release import open_release, verify
from wijkeconomie.figures.snapshot import Snapshot
from wijkeconomie.insight import document
from wijkeconomie.insight.scan import scan

COMMAND = str(Path(sys.executable).with_name("wijkeconomie"))
WIJK = "WK990101"
OWN = "gebiedscode;gebiedsnaam;jaar;aantal_inwoners\nWK036301;Burgwallen;2020;4350\n"
EXPORT_COLUMNS = [
    "area", "name", "level", "year", "indicator", "value", "status", "unit", "source",
]  # fmt: skip


def environment(**more: str) -> dict[str, str]:
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("WIJKECONOMIE", "LC_", "LANG"))
    }
    return {**kept, "LANG": "C.UTF-8", **more}


def run(
    *arguments: str | Path, given: str | None = None, cwd: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [COMMAND, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8",
        input=given, stdin=None if given is not None else subprocess.DEVNULL, cwd=cwd, check=False,
        env=environment(**variables), timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done


def small() -> Snapshot:
    return snapshot(2019, [{"area": "WK036301", "name": "Burgwallen", "population": 4300}])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    build.load(folder, demo.tables())
    return folder


# -- where the figures are, and in which language
def test_data_may_stand_before_or_after_the_command_or_in_the_environment(data: Path) -> None:
    after = run("figures", "check", "--data", data)
    before = run("--data", data, "figures", "check")
    variable = run("figures", "check", WIJKECONOMIE_DATA=str(data))
    assert after.returncode == 0
    assert after.stdout == before.stdout == variable.stdout


def test_without_figures_one_is_told_how_to_begin(tmp_path: Path) -> None:
    done = run("scan", WIJK, "--data", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"wijkeconomie --data {tmp_path} demo" in done.stderr


BEGIN = "Begin met: wijkeconomie demo, of: wijkeconomie figures load BESTAND (wijkeconomie)."


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        (".venv/bin/wijkeconomie", BEGIN.replace("wijkeconomie ", ".venv/bin/wijkeconomie ")),
        ("wijkeconomie.py", BEGIN),
        ("on-path/wijkeconomie", BEGIN),
    ],
)  # fmt: skip
def test_messages_name_commands_as_the_program_was_called(
    called: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a reader of the README copies a command that the shell does not know."""
    monkeypatch.setattr(shutil, "which", lambda _: "on-path/wijkeconomie")
    assert terminal.as_called(BEGIN, called) == expected


@pytest.mark.parametrize("typed", [["--data", "../een map"], ["scan", "x", "--data=../een map"]])
def test_messages_name_commands_on_the_folder_that_was_named(
    typed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what is typed next goes to another folder."""
    monkeypatch.setattr(sys, "argv", ["wijkeconomie", *typed])
    expected = BEGIN.replace("wijkeconomie ", "wijkeconomie --data '../een map' ")
    assert terminal.as_called(BEGIN) == expected


def test_a_command_is_understood_with_its_folder_before_it(data: Path) -> None:
    assert run("--data", data, "scan", WIJK).returncode == 0


def test_the_hint_to_the_help_names_the_program_as_it_was_called() -> None:
    hint = "Onbekende opdracht. Hulp: wijkeconomie --help"
    named = terminal.as_called(hint, "./x/wijkeconomie", "")
    assert named == hint.replace("wijk", "./x/wijk")


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("--language", "en"), {}),
        ((), {"WIJKECONOMIE_LANGUAGE": "en"}),
    ],
)
def test_both_languages_say_the_same_with_the_same_exit_code(
    arguments: tuple[str, ...], variables: dict[str, str], data: Path
) -> None:
    nl = run("scan", "Xqzwy", "--data", data)
    en = run("scan", "Xqzwy", "--data", data, *arguments, **variables)
    assert nl.returncode == en.returncode == 2
    assert "Geen enkel gebied heet Xqzwy" in nl.stderr
    assert "No area is called Xqzwy" in en.stderr


def test_help_is_dutch_first_and_english_when_asked() -> None:
    assert "Laad cijfers" in run("figures", "load", "--help").stdout
    assert "Load figures" in run("figures", "load", "--help", "--language", "en").stdout


CLICKS_OWN = ("Usage", "Options", "Commands", "Show this", "Show the", "[required]", "[default")
COMMANDS = [
    (), ("demo",), ("scan",), ("report",), ("serve",), ("figures",), ("figures", "load"),
    ("figures", "list"), ("figures", "check"), ("figures", "export"), ("figures", "releases"),
    ("guide",), ("guide", "check"), ("guide", "convert"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_no_help_is_half_english_or_cut_off(command: tuple[str, ...]) -> None:
    done = run(*command, "--help")
    assert done.returncode == 0
    assert [word for word in CLICKS_OWN if word in done.stdout] == []
    assert "Gebruik: wijkeconomie" in done.stdout
    assert "..." not in done.stdout.split("\n", 1)[1]


def test_every_option_has_its_help() -> None:
    from wijkeconomie.cli import cli

    def without(command: Any, name: str) -> list[str]:
        bare = [f"{name} {p.opts[-1]}" for p in command.params
                if isinstance(p, click.Option) and not p.help]  # fmt: skip
        below = getattr(command, "commands", {}).items()
        return bare + [found for child, one in below for found in without(one, f"{name} {child}")]

    assert without(cli, "wijkeconomie") == []


def test_nothing_asked_gives_the_help_as_wrong_use() -> None:
    done = run()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Gebruik: wijkeconomie")


# -- scan
def test_a_gemeente_gives_an_overview_and_with_details_everything(data: Path) -> None:
    overview = run("scan", demo.GEMEENTE, "--data", data).stdout
    everything = run("scan", demo.GEMEENTE, "--details", "--data", data).stdout
    wijken = open_release(data).areas("wijk", demo.GEMEENTE)
    assert all(f"({area.code})" in overview for area in wijken)
    assert len(overview.splitlines()) < 4 * len(wijken) + 20
    assert everything.count("Vergelijkbare gebieden\n") == len(wijken)


def test_text_is_as_wide_as_the_terminal(data: Path) -> None:
    path = f"{Path(COMMAND).parent}:{os.environ['PATH']}"  # so that it is called by its plain name
    plain = {"PATH": path, "WIJKECONOMIE_DATA": str(data)}
    narrow = run("scan", demo.GEMEENTE, COLUMNS="40", **plain).stdout
    assert max(map(len, narrow.splitlines())) <= 40


def test_a_scan_is_what_its_schema_says(data: Path) -> None:
    import jsonschema

    schema = json.loads(files("wijkeconomie.insight").joinpath("scan.schema.json").read_text())
    one = json.loads(run("scan", WIJK, "--data", data, "--format", "json").stdout)
    jsonschema.validate(one, schema)
    assert one["area"]["code"] == WIJK
    assert one["release"]


def test_a_scan_of_a_gemeente_holds_every_wijk(data: Path) -> None:
    import jsonschema

    schema = json.loads(files("wijkeconomie.insight").joinpath("scan.schema.json").read_text())
    whole = json.loads(run("scan", demo.GEMEENTE, "--data", data, "--format", "json").stdout)
    jsonschema.validate(whole, schema)
    wijken = {area.code for area in open_release(data).areas("wijk", demo.GEMEENTE)}
    assert {one["area"]["code"] for one in whole["areas"]} == wijken


# -- an area by its name
@pytest.fixture(scope="module")
def namesakes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-two wijken of as many gemeenten that are called Centrum, and one Overvecht."""
    folder = tmp_path_factory.mktemp("namesakes")
    rows: list[dict[str, Any]] = [
        {"area": f"WK{n:04}00", "name": f"Wijk 00 Centrum{'' if n <= 22 else n}", "population": 500}
        for n in range(1, 25)
    ]
    rows += [
        {"area": code, "name": name, "population": 500, "gemeente": "Zwolle"}
        for code, name in (
            ("GM0193", "Zwolle"),
            ("WK019300", "Wijk 00 Zwolle"),
            ("BU00010000", "Zwolle"),
        )
    ]
    rows.append({"area": "WK034403", "name": "Wijk 03 Overvecht", "population": 3400,
                 "gemeente": "Utrecht"})  # fmt: skip
    build.load(folder, [snapshot(2020, rows)])
    return folder


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ((2020,), "2020"),
        ((2020, 2023), "2020, 2023"),
        ((2023, 2017, 2018, 2019), "2017–2019, 2023"),
    ],
)
def test_years_that_were_not_loaded_are_not_said(years: tuple[int, ...], said: str) -> None:
    assert cli.years_in_words(years) == said


def test_a_name_of_several_gemeenten_is_asked_back_with_their_codes(tmp_path: Path) -> None:
    names = {"GM0373": "Bergen (NH.)", "GM0893": "Bergen (L.)", "BU07721120": "Bergen"}
    rows = [{"area": code, "name": name, "population": 900} for code, name in names.items()]
    build.load(tmp_path, [snapshot(2020, rows)])
    done = run("scan", "Bergen", "--data", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split()[0] for line in done.stderr.splitlines()[1:]] == list(names)
    assert run("scan", "bergen nh", "--data", tmp_path).stderr.startswith(
        "bergen nh: dat is GM0373 Bergen (NH.) (gemeente)."
    )


@pytest.mark.parametrize("name", ["Overvecht", " wijk 03 overvecht ", "wk034403"])
def test_a_name_that_one_area_has_is_as_good_as_its_code(namesakes: Path, name: str) -> None:
    by_code = run("scan", "WK034403", "--format", "json", "--data", namesakes)
    by_name = run("scan", name, "--format", "json", "--data", namesakes)
    assert (by_code.returncode, by_code.stderr) == (0, "")
    assert (by_name.returncode, by_name.stdout) == (0, by_code.stdout)
    assert ("WK034403" in by_name.stderr) is ("vecht" in name)  # only a name is told what it meant


def test_a_name_that_a_gemeente_shares_with_its_centre_is_the_gemeente(namesakes: Path) -> None:
    done = run("scan", "zwolle", "--data", namesakes)
    assert done.stdout == run("scan", "GM0193", "--data", namesakes).stdout
    assert done.stderr.startswith("zwolle: dat is GM0193 Zwolle (gemeente). ")
    assert "ook zo heet: 2" in done.stderr


def test_a_name_that_several_areas_have_is_asked_back(namesakes: Path) -> None:
    done = run("scan", "Centrum", "--data", namesakes)
    assert (done.returncode, done.stdout) == (2, "")
    first, *listed = done.stderr.splitlines()
    assert first.startswith("22 gebieden heten Centrum. ")
    assert [line.split()[0] for line in listed] == [f"WK{n:04}00" for n in range(1, 21)] + ["…"]


def test_a_name_that_no_area_has_is_answered_with_names_like_it(namesakes: Path) -> None:
    done = run("scan", "Overvegt", "--data", namesakes)
    assert (done.returncode, done.stdout) == (2, "")
    assert "WK034403 Wijk 03 Overvecht" in done.stderr


def test_a_report_and_an_export_take_a_name_too(namesakes: Path, tmp_path: Path) -> None:
    export = ("figures", "export", "--format", "csv", "--data", namesakes, "--area")
    by_name = run(*export, "Overvecht", "--area", "Centrum23")
    assert by_name.stdout == run(*export, "WK034403", "--area", "WK002300").stdout
    assert by_name.stdout.startswith(",".join(EXPORT_COLUMNS))
    assert run(*export, "Centrum").returncode == 2
    to = tmp_path / "report.html"
    assert run("report", "Centrum", "-o", to, "--data", namesakes).returncode == 2
    assert run("report", "Overvecht", "-o", to, "--data", namesakes).returncode == 0
    assert "Overvecht" in to.read_text("utf-8")


def test_a_scan_in_csv_has_one_header_and_full_rows(data: Path) -> None:
    rows = list(
        csv.reader(io.StringIO(run("scan", WIJK, "--data", data, "--format", "csv").stdout))
    )
    assert len(rows) > 5
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_scan_in_csv_writes_numbers_and_truth_as_the_pages_do(data: Path) -> None:
    """47 and not 47.0, true and not True."""
    text = run("scan", WIJK, "--data", data, "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    page = io.BytesIO()
    table = document.as_table([scan(open_release(data), WIJK)], "nl")
    export.write_table(table, "csv", page, "")
    assert text == page.getvalue().decode()
    assert {row["settled"] for row in rows} <= {"true", "false"}
    assert [cell for row in rows for cell in row.values() if cell.endswith(".0")] == []


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("scan", "GM0001"), 2, "GM0001 staat niet in deze cijfers"),
        (("scan", "Nergens"), 2, "Geen enkel gebied heet Nergens"),
        (("scan", "NL00"), 2, ""),
        (("scan", WIJK, "--year", "1999"), 2, "1999"),
        (("scan",), 2, ""),
        (("scan", WIJK, "--level", "straat"), 2, ""),
        (("scan", WIJK, "--level", "buurt"), 2, "is zelf een wijk of buurt"),
        (("nonsense",), 2, ""),
        (
            ("figures", "export", "--area", WIJK, "--indicator", "geluk", "--format", "csv"),
            2,
            "geluk",
        ),
        (("figures", "load", "cbs", "--years", "straks"), 2, "straks"),
        (("figures", "load", "cbs", "--years", "²"), 2, "²"),
        (("figures", "load", "cbs", "--years", "1-999999999"), 2, "1-999999999"),
        (("figures", "load", "cbs", "--years", "2020-2017"), 2, "2020-2017"),
        (("figures", "load", "cbs", "--years", "2019,"), 2, "2019,"),
        (("figures", "load", "x.csv", "--year", "99999"), 2, "1900 tot en met 2100"),
        (("scan", WIJK, "--year", "99999"), 2, "99999"),
        (("scan", WIJK, "--year", "²"), 2, "--year"),
        (("serve", "--port", "99999"), 2, "1 tot en met 65535"),
        (("serve", "--port", "0"), 2, "1 tot en met 65535"),
        (("serve", "--workers", "0"), 2, "1 tot en met 64"),
        (("figures", "releases", "--use", "gisteren"), 2, "gisteren"),
        (("figures", "releases", "--keep", "gisteren"), 2, "gisteren"),
        (("report", WIJK, "-o", "-"), 2, "Onbekend formaat: -."),
        (("figures", "load", "cbs", "--gemeente", "Leiden"), 2, "Leiden"),
        (("figures", "load", "bestaatniet.csv"), 2, "Bestand niet gevonden: bestaatniet.csv"),
    ],
)
def test_wrong_use_and_refused_data_end_as_promised(
    arguments: tuple[str, ...], code: int, said: str, data: Path
) -> None:
    done = run(*arguments, "--data", data)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert done.stderr.strip()
    assert verify(data) == []


# -- figures
def test_list_names_every_indicator(data: Path) -> None:
    from wijkeconomie.figures.registry import registry

    lines = run("figures", "list", "--data", data).stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(registry().indicators)


def test_export_has_the_promised_columns(data: Path) -> None:
    arguments = ("figures", "export", "--area", WIJK, "--format", "csv", "--data", data)
    rows = list(csv.DictReader(io.StringIO(run(*arguments, "--indicator", "population").stdout)))
    assert list(rows[0]) == EXPORT_COLUMNS
    assert {row["indicator"] for row in rows} == {"population"}
    assert len(rows) == len(open_release(data).years)


@pytest.mark.parametrize("form", ["csv", "json", "geojson", "xlsx", "parquet"])
def test_the_name_of_the_file_says_the_form_of_an_export(
    data: Path, tmp_path: Path, form: str
) -> None:
    export = ("figures", "export", "--area", WIJK, "--indicator", "population", "--data", data)
    named, asked = tmp_path / f"een.{form.upper()}", tmp_path / "twee"
    assert run(*export, "-o", named).returncode == 0
    assert run(*export, "-o", asked, "--format", form).returncode == 0
    if form != "xlsx":  # holds the time of writing
        assert named.read_bytes() == asked.read_bytes()
    assert named.read_bytes()[:4] == asked.read_bytes()[:4]


@pytest.mark.parametrize("output", [(), ("-o", "-"), ("-o", "cijfers"), ("-o", "cijfers.ods")])
def test_an_export_whose_form_nobody_said_is_refused(data: Path, output: tuple[str, ...]) -> None:
    done = run("figures", "export", "--area", WIJK, "--data", data, *output)
    assert done.returncode == 2
    assert "--format met een van: csv, json, geojson, xlsx, parquet" in done.stderr
    assert not Path("cijfers").exists()


def test_a_language_of_the_environment_that_is_not_there_is_said(data: Path) -> None:
    done = subprocess.run(
        [COMMAND, "figures", "list", "--data", str(data)], capture_output=True, text=True,
        check=False, env=environment(WIJKECONOMIE_LANGUAGE="xx"),
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("WIJKECONOMIE_LANGUAGE=xx: die taal is er niet.")


def test_a_dash_exports_to_standard_output(data: Path, tmp_path: Path) -> None:
    arguments = ("figures", "export", "--area", WIJK, "--format", "csv", "--data", data)
    plain, dash = run(*arguments, cwd=tmp_path), run(*arguments, "-o", "-", cwd=tmp_path)
    assert dash.returncode == 0
    assert dash.stdout == plain.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [
    ("scan", WIJK), ("scan", WIJK, "--format", "csv"), ("figures", "list"),
    ("figures", "export", "--area", WIJK, "--format", "csv"),
])  # fmt: skip
@pytest.mark.parametrize(("where", "code", "said"), [
    ("> /dev/full", 1, "De uitvoer is niet heel weggeschreven"),
    (">&-", 2, "De standaarduitvoer is gesloten"),
])  # fmt: skip
def test_an_answer_that_can_go_nowhere_is_told(
    data: Path, command: tuple[str, ...], where: str, code: int, said: str
) -> None:
    line = f"{shlex.join((COMMAND, *command, '--data', str(data)))} {where}"
    done = subprocess.run(
        ["sh", "-c", line], capture_output=True, text=True, env=environment(), check=False
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def test_of_several_files_the_one_that_is_wrong_is_named(tmp_path: Path) -> None:
    for name, year in (("good.csv", "2020"), ("wrong.csv", "x")):
        rows = f"buurtcode;jaar;aantal_inwoners\nBU05181785;{year};5\n"
        (tmp_path / name).write_text(rows, "utf-8")
    names = [tmp_path / "good.csv", tmp_path / "wrong.csv"]
    done = run("figures", "load", *names, "--data", tmp_path / "d")
    assert done.stderr.startswith("wrong.csv: Regel 2: 'x'")


def test_a_pointer_that_is_no_text_is_damage_and_no_lack_of_rights(
    data: Path, tmp_path: Path
) -> None:
    shutil.copytree(data, tmp_path / "d")
    (tmp_path / "d" / "current").write_bytes(b"\xff")
    done = run("scan", WIJK, "--data", tmp_path / "d")
    assert done.returncode == 1
    assert "De uitgave current in" in done.stderr
    assert "weg of beschadigd" in done.stderr


def test_what_no_screen_can_show_is_not_sent_to_one(data: Path) -> None:
    arguments = ["figures", "export", "--area", WIJK, "--format", "xlsx", "--data", str(data)]
    shown, code = on_a_terminal(*arguments)
    assert code == 2
    assert "Geef een bestand met -o" in shown
    piped = subprocess.run([COMMAND, *arguments], capture_output=True, check=True)
    assert piped.stdout.startswith(b"PK")  # the twin: a pipe may have it


def on_a_terminal(*arguments: str) -> tuple[str, int]:
    """What a terminal shows, and the exit code."""
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [COMMAND, *arguments], stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL,
        env=environment(TERM="xterm"),
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # EIO: the other side is closed
            while part := os.read(ours, 65536):
                shown += part
        os.close(ours)
    return shown.decode(), process.returncode


def test_a_bar_of_files_fills_and_one_without_a_total_never_says_that_it_is_complete(
    tmp_path: Path,
) -> None:
    (tmp_path / "eigen.csv").write_text(OWN, "utf-8")
    shown, code = on_a_terminal(
        "figures", "load", str(tmp_path / "eigen.csv"), "--data", str(tmp_path / "d")
    )
    assert code == 0
    assert "Lezen: eigen.csv" in shown
    assert "Uitgave maken" in shown
    assert "100%" in shown


def test_a_bar_without_a_total_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    from wijkeconomie.terminal import Bar

    shown = _Screen()
    monkeypatch.setattr(sys, "stderr", shown)
    bar = Bar()
    bar.start("PDOK", None)
    bar.advance(3)
    bar.finish()
    assert "PDOK" in shown.getvalue()
    assert "%" not in shown.getvalue()


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_wrong_cell_in_a_file_names_its_area_and_does_not_say_to_try_later(
    tmp_path: Path,
) -> None:
    score = "gemiddelde score (Getal)"
    (tmp_path / "ses.csv").write_text(
        f"Wijken en buurten;Perioden;Regioaanduiding/Codering (code);Totaalscore/{score};"
        f"Deelscore arbeidsverleden/{score}\nOost;2020;WK000101;0,1;n.v.t.\n", "utf-8"
    )  # fmt: skip
    said = run("figures", "load", tmp_path / "ses.csv", "--year", "2020", "--data", tmp_path / "a")
    assert said.returncode == 1
    assert "WK000101" in said.stderr
    assert "later" not in said.stderr


def test_a_few_columns_that_were_not_recognised_are_named_and_many_only_when_asked(
    tmp_path: Path,
) -> None:
    for count, counted in ((3, False), (4, True)):
        columns = [f"vreemd{n}" for n in range(count)]
        content = OWN.replace("jaar", ";".join(["jaar", *columns]), 1)
        content = content.replace("2020", "2020" + ";7" * count)
        (tmp_path / "eigen.csv").write_text(content, "utf-8")
        load = ("figures", "load", tmp_path / "eigen.csv", "--data")
        few = run(*load, tmp_path / f"a{count}")
        all_ = run(*load, tmp_path / f"b{count}", "--verbose")
        assert (f"dat niet is herkend en dus niet is gelezen: {count}." in few.stderr) is counted
        assert ("vreemd2" in few.stderr) is not counted
        assert f"({count}): {', '.join(columns)}." in all_.stderr
        assert few.stdout == all_.stdout


def test_a_load_writes_thousands_as_its_language_does(tmp_path: Path) -> None:
    rows = "".join(f"WK{n:06};Wijk;2020;{n + 100}\n" for n in range(1200))
    (tmp_path / "eigen.csv").write_text(OWN.splitlines()[0] + "\n" + rows, "utf-8")
    load = ("figures", "load", tmp_path / "eigen.csv", "--data")
    assert "1.200 rijen gelezen" in run(*load, tmp_path / "a").stdout
    assert "1,200 rows read" in run(*load, tmp_path / "b", "--language", "en").stdout


# -- releases
def loads(folder: Path, count: int) -> list[str]:
    made = []
    for people in range(count):
        (folder / "eigen.csv").write_text(OWN.replace("4350", str(4350 + people)), "utf-8")
        done = run("figures", "load", folder / "eigen.csv", "--data", folder / "d")
        assert done.returncode == 0
        made.append((folder / "d" / "current").read_text())
    return made


def test_releases_are_listed_kept_and_returned_to(tmp_path: Path) -> None:
    one, two = loads(tmp_path, 2)
    run("figures", "releases", "--keep", one, "--data", tmp_path / "d")
    done = run("figures", "releases", "--use", one, "--data", tmp_path / "d")
    assert [line.split(maxsplit=1) for line in sorted(done.stdout.splitlines())] == sorted(
        [[one, "in gebruik, voorgoed bewaard"], [two]]
    )
    assert open_release(tmp_path / "d").id == one


def test_an_old_release_that_goes_is_named(tmp_path: Path) -> None:
    made = loads(tmp_path, 3)
    (tmp_path / "eigen.csv").write_text(OWN.replace("4350", "5000"), "utf-8")
    done = run("figures", "load", tmp_path / "eigen.csv", "--data", tmp_path / "d")
    assert done.returncode == 0, done.stderr
    left = {folder.name for folder in store.newest_first(tmp_path / "d")}
    assert len(left) == 3, done.stderr
    (gone,) = set(made) - left
    assert f"Oude uitgave opgeruimd: {gone}." in done.stderr


def test_what_came_in_by_a_pipe_is_not_left_behind(tmp_path: Path) -> None:
    """A refused table may hold persons, and we say that nothing was kept."""
    done = run("figures", "load", "-", "--data", tmp_path / "d", given="naam;bsn\nJan;123456782\n")
    assert done.returncode != 0
    assert "niets bewaard" in done.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "lock"]


def test_check_ends_with_one_when_a_byte_differs(tmp_path: Path) -> None:
    release = build.load(tmp_path, [small()])
    target = release.path / "maps.arrow"
    target.write_bytes(target.read_bytes()[:-1] + b"x")
    done = run("figures", "check", "--data", tmp_path)
    assert done.returncode == 1
    assert "maps.arrow" in done.stderr


def test_real_figures_are_not_mixed_with_the_example(tmp_path: Path) -> None:
    (tmp_path / "eigen.csv").write_text(OWN, "utf-8")
    folder = tmp_path / "data"
    assert run("figures", "load", tmp_path / "eigen.csv", "--data", folder).returncode == 0
    done = run("demo", "--data", folder)
    assert done.returncode == 2
    assert not open_release(folder).fictional


# -- the manifest of bad input, command line
def test_cli_01_a_missing_file_is_one_line(tmp_path: Path) -> None:
    done = run("figures", "load", "bestaatniet.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "Bestand niet gevonden: bestaatniet.csv"


def test_cli_02_an_empty_folder_instead_of_a_file_is_wrong_use(tmp_path: Path) -> None:
    done = run("figures", "load", tmp_path, "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "geen bestand met cijfers" in done.stderr


def test_cli_05_an_interrupt_changes_nothing(tmp_path: Path) -> None:
    before = build.load(tmp_path, [small()])
    (tmp_path / "eigen.csv").write_text(OWN, "utf-8")
    load = [COMMAND, "figures", "load", str(tmp_path / "eigen.csv"), "--data", str(tmp_path)]
    with store.locked(tmp_path):  # so that the command is surely still at work
        process = subprocess.Popen(
            load, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        _wait_for_reader(process.pid, tmp_path / "lock")
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "Afgebroken" in said
    assert "Traceback" not in said
    assert open_release(tmp_path) is before
    assert verify(tmp_path) == []


def _wait_for_reader(pid: int, path: Path) -> None:
    """Until the process has opened *path*."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(OSError):  # a descriptor may be gone before we look
            if str(path) in [str(f.readlink()) for f in Path(f"/proc/{pid}/fd").iterdir()]:
                return
    raise AssertionError("the command never came to the lock")


CALLBACK = """
import sys, weakref
from wijkeconomie import terminal
class Thing: pass
def interrupted(_):
    raise {error}
sys.unraisablehook = {hook}
thing = Thing()
watched = weakref.ref(thing, interrupted)
del thing
"""


@pytest.mark.parametrize(
    ("error", "hook", "code", "silent"),
    [
        ("KeyboardInterrupt", "terminal._in_a_callback", 130, True),
        ("KeyboardInterrupt", "sys.__unraisablehook__", 0, False),  # the twin: not heard, but shown
        ("ValueError", "terminal._in_a_callback", 0, False),
    ],
)
def test_an_interrupt_is_heard_in_a_callback_too(
    error: str, hook: str, code: int, silent: bool
) -> None:
    script = CALLBACK.format(error=error, hook=hook)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False,
        env=environment(),
    )  # fmt: skip
    assert (done.returncode, "Traceback" not in done.stderr) == (code, silent)


def test_cli_06_a_closed_pipe_is_no_error(data: Path) -> None:
    shell = f"{COMMAND} figures list --data {data} | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", shell], capture_output=True, text=True, check=False, env=environment()
    )
    assert done.returncode in (0, 141)
    assert done.stderr == ""


@pytest.mark.parametrize("variables", [{}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_cli_07_a_terminal_without_utf8_gets_words_too(
    data: Path, variables: dict[str, str]
) -> None:
    done = subprocess.run(
        [COMMAND, "figures", "list", "--data", str(data)], capture_output=True, check=False,
        env=environment(LC_ALL="C", **variables),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert "2017–2024".encode() in done.stdout


@pytest.mark.parametrize("given", ["", " \n\n"])
def test_cli_09_empty_input_is_wrong_use(tmp_path: Path, given: str) -> None:
    done = run("figures", "load", "-", "--data", tmp_path, given=given)
    assert done.returncode == 2
    assert "Geen invoer ontvangen" in done.stderr


def test_a_table_may_come_from_standard_input(tmp_path: Path) -> None:
    done = run("figures", "load", "-", "--data", tmp_path, given=OWN)
    assert done.returncode == 0
    assert open_release(tmp_path).area("WK036301").name == "Burgwallen"


def test_a_refused_file_is_remembered_until_a_load_succeeds_and_wrong_use_is_not(
    tmp_path: Path,
) -> None:
    build.load(tmp_path / "d", [small()])
    own = tmp_path / "eigen.csv"
    own.write_text(OWN.replace("4350", "veel 4711"), "utf-8")
    missing = run("figures", "load", tmp_path / "weg.csv", "--data", tmp_path / "d")
    assert missing.returncode == 2
    assert store.last_refused(tmp_path / "d") is None
    done = run("figures", "load", own, "--data", tmp_path / "d")
    assert done.returncode == 1
    assert "4711" in done.stderr
    kept = store.last_refused(tmp_path / "d") or {}
    assert kept["names"] == ["eigen.csv"]
    assert "4711" not in (tmp_path / "d" / store.REFUSED).read_text("utf-8")
    own.write_text(OWN, "utf-8")
    assert run("figures", "load", own, "--data", tmp_path / "d").returncode == 0
    assert store.last_refused(tmp_path / "d") is None


def test_what_came_by_standard_input_is_not_left_behind_even_when_it_is_refused(
    tmp_path: Path,
) -> None:
    given = OWN.replace("gebiedscode", "bsn;gebiedscode", 1).replace("\n", "\n111222333;", 1)
    done = run("figures", "load", "-", "--data", tmp_path / "data", given=given)
    assert "bsn" in done.stderr
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and b"111222333" in p.read_bytes()]


def test_two_loads_by_standard_input_do_not_read_each_others_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from wijkeconomie import cli

    def given(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    given("first")
    with cli._given("-") as first:
        given("second")
        with cli._given("-") as second:
            assert (first.read_text(), second.read_text()) == ("first", "second")
            assert first.name == second.name == "standard-input"
    assert not first.parent.exists()


def test_cli_10_a_second_writer_is_told_who_writes(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wijkeconomie import cli

    waits = store.locked.__wrapped__  # type: ignore[attr-defined]
    monkeypatch.setattr(waits, "__kwdefaults__", {"wait": 0.0})
    monkeypatch.setattr(sys, "argv", ["wijkeconomie", "demo", "--data", str(data)])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with store.locked(data), pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 75
    assert str(os.getpid()) in capsys.readouterr().err


def test_cli_11_a_file_that_is_there_is_not_replaced(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "uit.csv"
    target.write_text("mine")
    arguments = (
        "figures",
        "export",
        "--area",
        WIJK,
        "--format",
        "csv",
        "-o",
        target,
        "--data",
        data,
    )
    done = run(*arguments)
    assert done.returncode == 2
    assert "--overwrite" in done.stderr
    assert target.read_text() == "mine"
    assert run(*arguments, "--overwrite").returncode == 0
    assert target.read_text() != "mine"


ELSEWHERE = {
    "CLI-04": "tests/figures/test_export.py, tests/faults/run.py",  # a full disk
    "CLI-12": "tests/figures/test_build.py",  # there are no retention jobs yet
}


def test_every_row_of_the_manifest_about_the_command_line_has_its_test(shared: Path) -> None:
    with (shared / "badinputs" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row[0] for row in csv.reader(file) if row[0].startswith("CLI-")]
    here = {name.split("_")[2] for name in globals() if name.startswith("test_cli_")}
    assert {row.removeprefix("CLI-") for row in rows if row not in ELSEWHERE} == here


@pytest.mark.parametrize("name", ["json/bom.json", "xlsx/external_link.xlsx"])
def test_a_file_that_the_manifest_accepts_loads_once_its_column_has_a_name_that_we_know(
    shared: Path, tmp_path: Path, name: str
) -> None:
    """Neither the byte order mark nor the link is a fault; of what "aantal" is a number nobody
    says, so as it lies there it is read, and refused for that alone."""
    given = shared / "badinputs" / name
    asked = ("figures", "load", "--year", "2025", "--data", tmp_path / "data")
    done = run(*asked, given)
    assert done.returncode == 1
    assert "De tabel is gelezen (rijen: 1), maar geen enkele kolom is herkend" in done.stderr
    assert "Niet herkend: aantal." in done.stderr
    named = tmp_path / given.name
    if given.suffix == ".json":
        named.write_bytes(given.read_bytes().replace(b"aantal", b"aantal_inwoners"))
    else:
        with zipfile.ZipFile(given) as old, zipfile.ZipFile(named, "w") as new:
            for part in old.namelist():
                new.writestr(part, old.read(part).replace(b">aantal<", b">aantal_inwoners<"))
    done = run(*asked, named)
    assert done.returncode == 0, done.stderr
    exported = run("figures", "export", "--area", "BU05181785", "--data", tmp_path / "data",
                   "--format", "csv")  # fmt: skip
    (line,) = [row for row in exported.stdout.splitlines() if ",population," in row]
    assert f",{5220 if given.suffix == '.xlsx' else ''}," in line  # one person is hidden
    assert (",secret," in line) == (given.suffix == ".json")


# -- quick
def test_help_comes_within_three_tenths_of_a_second() -> None:
    """Of work, not of waiting for others on this machine; `make bench` measures the clock."""

    def once() -> float:
        before = os.times()
        run("--help")
        after = os.times()
        spent = after.children_user + after.children_system
        return spent - before.children_user - before.children_system

    assert min(once() for _ in range(5)) < 0.3


@pytest.mark.parametrize(
    ("arguments", "dutch", "english"),
    [
        (["figures", "load", "--nope"], "Onbekende optie: --nope.", "Unknown option: --nope."),
        (["scan"], "Er ontbreekt iets: CODE|NAME.", "Something is missing: CODE|NAME."),
        (
            ["report", "GM0001"],
            "Er ontbreekt iets: -o.",
            "Something is missing: -o.",
        ),
        (["scan", "GM0001", "GM0002"], "Er staat te veel: GM0002.", "There is too much: GM0002."),
        (["scan", "GM0001", "--year"], "Bij --year ontbreekt de waarde.", "--year needs a value."),
        (["serve", "--port", "x"], "van --port kan niet. Kies een getal", "Choose a number from 1"),
        (["scan", "GM0001", "--format", "xml"], "Kies uit: text, json, csv.", "Choose from:"),
        (["scan", "GM0001", "--year", "x"], "De waarde van --year klopt niet.", "of --year is not"),
        (["nope"], "De opdracht nope bestaat niet.", "The command nope does not exist."),
    ],
)
def test_a_wrong_command_is_said_in_both_languages_and_points_to_the_help(
    arguments: list[str], dutch: str, english: str
) -> None:
    for language, words in (("nl", dutch), ("en", english)):
        done = run(*arguments, WIJKECONOMIE_LANGUAGE=language)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr
        assert done.stderr.rstrip().endswith("--help")


def test_a_damaged_release_is_said_and_nothing_is_touched(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "copy")
    manifest = next((tmp_path / "copy").glob("releases/*/manifest.json"))
    manifest.write_text("{", "utf-8")
    done = run("scan", "WK000101", "--data", tmp_path / "copy")
    assert (done.returncode, manifest.read_text("utf-8")) == (1, "{")
    assert "is weg of beschadigd" in done.stderr


@pytest.mark.parametrize("heavy", ["polars", "numpy", "scipy", "django", "shapely", "urllib3"])
def test_help_does_not_import_what_is_heavy(heavy: str) -> None:
    script = f"import sys; import wijkeconomie.cli; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


AS_IT_READS = """
import os, signal, sys
class Impatient:
    def find_spec(self, name, path=None, target=None):
        if name == "wijkeconomie.terminal":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Impatient())
sys.argv[1:] = ["--help"]
"""


def test_ctrl_c_while_modules_are_read_ends_without_a_word_and_the_twin_shows_a_traceback() -> None:
    def ended(start: str) -> tuple[int, str, list[str]]:
        words = [sys.executable, "-c", AS_IT_READS + start]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr.splitlines()[:1]

    assert ended("import wijkeconomie; wijkeconomie.main()") == (-signal.SIGINT, "", [])
    twin = ended("from wijkeconomie.cli import main; main()")
    assert twin == (-signal.SIGINT, "", ["Traceback (most recent call last):"])


def test_ctrl_c_that_the_shell_ignores_is_ignored() -> None:
    """As of what runs in the background."""
    start = "signal.signal(signal.SIGINT, signal.SIG_IGN); import wijkeconomie; wijkeconomie.main()"
    words = [sys.executable, "-c", AS_IT_READS + start]
    assert subprocess.run(words, check=False, capture_output=True).returncode == 0


def test_an_unforeseen_fault_is_one_line_and_no_traceback(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wijkeconomie import cli

    def broken(*_: Any) -> None:
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr(cli, "_release", broken)
    monkeypatch.setattr(sys, "argv", ["wijkeconomie", "scan", WIJK, "--data", str(data)])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "ZeroDivisionError: by hand" in said
    assert len(said.splitlines()) == 1


def test_a_load_tells_what_of_an_own_table_is_hidden_or_not_used(tmp_path: Path) -> None:
    build.load(tmp_path / "d", [small()])
    own = tmp_path / "own.csv"
    lines = ("code;indicator;year;value;source", "WK036301;population;2019;4310;BRP",
             "WK036301;job_seekers;2019;7;UWV", "WK036301;pct_uitkering;2019;0.1;UWV")  # fmt: skip
    own.write_text("\n".join(lines), "utf-8")
    for _ in range(2):  # the same table again tells the same
        done = run("figures", "load", own, "--data", tmp_path / "d", "--language", "en")
        assert done.returncode == 0
        first, second, third = done.stderr.splitlines()[1:]  # after one about fractions
        assert first.endswith("How many there are: 1. The first: WK036301 (job_seekers, 2019).")
        assert second.startswith("Percentages of own.csv that are about fewer than ten people")
        assert third.startswith(
            "Figures of own.csv in the column population for 2019 that are not used: 1."
        )
    codes = [notice.code for notice in open_release(tmp_path / "d").notices()]
    assert codes[1:] == ["small_counts_hidden", "small_shares_hidden", "own_passed_over"]


def test_a_table_that_is_taken_away_is_gone_and_can_come_back(tmp_path: Path) -> None:
    before = build.load(tmp_path / "d", [small()])
    own = tmp_path / "own.csv"
    own.write_text("code;indicator;year;value\nWK036301;shops;2019;70\n", "utf-8")
    assert run("figures", "load", own, "--data", tmp_path / "d").returncode == 0
    gone = run("figures", "remove", "own.csv", "--data", tmp_path / "d", "--language", "en")
    assert (gone.returncode, gone.stdout) == (0, "")
    now = open_release(tmp_path / "d")
    assert gone.stderr.startswith(f"own.csv is gone; release {now.id} is now in use.")
    assert [o.table for o in now.origins] == [o.table for o in before.origins]
    again = run("figures", "remove", "own.csv", "--data", tmp_path / "d")
    assert (again.returncode, again.stdout) == (2, "")


def test_an_empty_path_is_no_folder(tmp_path: Path) -> None:
    """As from an unset variable of a script; it would be read as the folder one stands in."""
    (tmp_path / "own.csv").write_text(OWN, "utf-8")
    data = tmp_path / "d"
    done = run("figures", "load", "", "--data", data, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Het pad is leeg" in done.stderr
    assert not (data / "current").exists()
    assert run("figures", "load", ".", "--data", data, cwd=tmp_path).returncode == 0


def test_a_scan_of_the_only_area_says_what_is_unknown(tmp_path: Path) -> None:
    table = tmp_path / "own.csv"
    table.write_text("buurtcode;jaar;aantal_inwoners;pct_uitkering\nBU05181785;2025;5220;14,1\n")
    assert run("figures", "load", table, "--data", tmp_path / "d").returncode == 0
    done = run("scan", "BU05181785", "--data", tmp_path / "d")
    assert (done.returncode, done.stderr) == (0, "")
    assert "BU05181785" in done.stdout


@pytest.mark.parametrize("command", [("demo",), ("serve", "--port", "8765")])
@pytest.mark.parametrize("damage", ["manifest", "pointer"])
def test_the_example_never_takes_the_place_of_damaged_figures(
    tmp_path: Path, command: tuple[str, ...], damage: str
) -> None:
    release = build.load(tmp_path, [small()])
    if damage == "manifest":
        (release.path / "manifest.json").unlink()
    else:
        (tmp_path / "current").unlink()
    before = sorted(tmp_path.rglob("*"))
    done = run(*command, "--data", tmp_path)
    assert done.returncode == 1
    assert f"wijkeconomie --data {tmp_path} figures releases" in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a read-only folder")
@pytest.mark.parametrize("command", [("demo",), ("figures", "load", "-"), ("serve",)])
def test_a_read_only_folder_is_said_with_what_to_do(
    data: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "ro,size=64k", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no right to mount here")
    try:
        done = run(*command, "--data", tmp_path, given=OWN)
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)
    assert done.returncode == 1
    assert "kunnen we niet schrijven (alleen lezen)" in done.stderr
    assert "--data" in done.stderr


def test_a_database_that_is_up_to_date_but_can_only_be_read_is_said(
    data: Path, tmp_path: Path
) -> None:
    if subprocess.run(
        ["mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], check=False, capture_output=True
    ).returncode:
        pytest.skip("no right to mount here")
    try:
        shutil.copytree(data, tmp_path, dirs_exist_ok=True)
        prepare = "from wijkeconomie.web import wsgi; wsgi.migrate(); wsgi.example()"
        own = environment(WIJKECONOMIE_DATA=str(tmp_path))
        subprocess.run([sys.executable, "-c", prepare], env=own, check=True)
        subprocess.run(["mount", "-o", "remount,ro", str(tmp_path)], check=True)
        done = run("serve", "--port", "8767", "--data", tmp_path)
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)
    assert done.returncode == 1
    assert "Geef uzelf schrijfrecht op de map met cijfers" in done.stderr
    assert "niet voorzien" not in done.stderr


def test_a_database_that_cannot_be_opened_is_said(data: Path) -> None:
    nowhere = "sqlite:////proc/nowhere/db"
    done = run("serve", "--port", "8766", "--data", data, DATABASE_URL=nowhere)
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr


def test_a_file_for_a_data_folder_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("figures", "list", "--data", tmp_path / "file")
    assert done.returncode == 2
    assert "is een bestand" in done.stderr


def test_a_port_in_use_is_refused(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--port", str(taken.getsockname()[1]), "--data", data)
    assert done.returncode == 2
    assert "Kies een andere poort" in done.stderr


def test_the_first_start_on_an_empty_folder_answers_and_can_be_stopped(tmp_path: Path) -> None:
    """Making the example starts threads; a worker forked after that waited for ever."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [COMMAND, "serve", "--port", str(port), "--data", str(tmp_path / "new")]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert _first_answer(port, within=60).startswith(b"HTTP/1.1 200")
            server.terminate()
            said = server.communicate(timeout=15)[1]
        finally:
            server.kill()
    lines = said.splitlines()
    guest = next((line for line in lines if line.startswith("Rondkijken achter de schermen")), "")
    assert "log in als wijkregisseur@" in guest
    code = lines[3].rpartition(" ")[2]
    assert lines == [
        "Nog geen cijfers: dit is het fictieve voorbeeld.",
        f"Open http://127.0.0.1:{port}/ in uw browser. Stoppen: Ctrl-C.",
        guest,
        f"Wat een gever leest: http://127.0.0.1:{port}/mijn-bijdrage/, code {code}",
        "De site is gestopt.",
    ]


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),  # noqa: S104 -- shown, not served
        ("::1", "http://[::1]:80/"),
        ("::", "http://[::1]:80/"),
    ],
)
def test_the_address_that_is_shown_can_be_opened(
    capsys: pytest.CaptureFixture[str], host: str, address: str
) -> None:

    terminal.say_open(host, 80)
    assert capsys.readouterr().err == f"Open {address} in uw browser. Stoppen: Ctrl-C.\n"


def _first_answer(port: int, *, within: float) -> bytes:
    """What the site says first; an open connection that stays silent is a TimeoutError."""
    until = time.monotonic() + within
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
                line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return line.recv(64)
        except (ConnectionRefusedError, ConnectionResetError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.mark.parametrize("ids", [
    ("--indicator", "population", "--indicator", "households"),
    ("--indicator", "population", "households"), ("--indicator", "population,households"),
])  # fmt: skip
def test_figures_are_named_one_after_another_or_with_commas(
    data: Path, ids: tuple[str, ...]
) -> None:
    given = ("figures", "export", "--area", WIJK, *ids, "--format", "csv", "--data", data)
    rows = csv.DictReader(io.StringIO(run(*given).stdout))
    assert {row["indicator"] for row in rows} == {"population", "households"}


def test_words_that_belong_to_nothing_are_refused(data: Path) -> None:
    done = run("figures", "export", "--area", WIJK, "geluk", "--format", "csv", "--data", data)
    assert done.returncode == 2
    assert "geluk" in done.stderr


# -- an area that is not there; a release that is no longer whole
@pytest.mark.parametrize("code", ["GM9999", "bu99999999"])
@pytest.mark.parametrize(
    "command",
    [
        ("scan",), ("scan", "--format", "json"), ("report", "-o", "x.pdf"),
        ("figures", "export", "--format", "csv", "--area"),
        ("figures", "export", "--format", "xlsx", "-o", "x.xlsx", "--area"),
    ],
)  # fmt: skip
def test_a_code_that_is_not_in_the_figures_is_wrong_use_for_every_command(
    command: tuple[str, ...], code: str, data: Path, tmp_path: Path
) -> None:
    done = run(*command, code, "--data", data, cwd=tmp_path)
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert code.upper() in done.stderr.upper()


def test_without_figures_no_code_is_looked_at_and_every_command_ends_alike(tmp_path: Path) -> None:
    """Not the code is wrong: there is nothing here to look in."""
    ends = {
        run(*command, code, "--data", tmp_path).returncode
        for command in (("scan",), ("report", "-o", "x.pdf"),
                        ("figures", "export", "--format", "csv", "--area"))
        for code in ("GM9999", WIJK)
    }  # fmt: skip
    assert ends == {1}


def test_a_level_that_a_gemeente_has_not_is_wrong_use_too(tmp_path: Path) -> None:
    build.load(
        tmp_path, [snapshot(2019, [{"area": "GM0363", "name": "Amsterdam", "population": 9.0}])]
    )
    done = run("scan", "GM0363", "--level", "buurt", "--data", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "GM0363" in done.stderr


def test_a_folder_by_the_name_of_a_file_of_the_release_is_damage(tmp_path: Path) -> None:
    release = build.load(tmp_path, [small()])
    (release.path / "by_area.arrow").unlink()
    (release.path / "by_area.arrow").mkdir()
    done = run("figures", "check", "--data", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("by_area.arrow van de uitgave is veranderd of weg")


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "manifest.sha256 weg"), ("en", "manifest.sha256 of release")]
)
def test_that_nothing_proves_the_manifest_any_more_is_said_with_every_answer(
    language: str, said: str, data: Path, tmp_path: Path
) -> None:
    shutil.copytree(data, tmp_path / "copy")
    asked = ("scan", WIJK, "--language", language, "--data", tmp_path / "copy")
    whole = run(*asked)
    (open_release(tmp_path / "copy").path / store.HASH).unlink()
    done = run(*asked)
    assert (done.returncode, done.stdout) == (0, whole.stdout)
    assert (said in done.stderr, said in whole.stderr) == (True, False)


def test_figures_that_are_loaded_again_prove_their_manifest_again(tmp_path: Path) -> None:
    (build.load(tmp_path, [small()]).path / store.HASH).unlink()
    build.load(tmp_path, [small()])
    done = run("figures", "check", "--data", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_name_that_is_also_a_part_of_others_elsewhere_is_asked_back_with_itself_first(
    tmp_path: Path,
) -> None:
    names = {
        "BU08260201": "Kanaleneiland", "BU03440831": "Kanaleneiland-Zuid", "BU03440899": "Kamperei",
    }  # fmt: skip
    build.load(
        tmp_path,
        [snapshot(2020, [{"area": c, "name": n, "population": 900} for c, n in names.items()])],
    )
    for command in (
        ("scan",),
        ("report", "-o", "x.pdf"),
        ("figures", "export", "--format", "csv", "--area"),
    ):
        done = run(*command, "kanaleneiland", "--data", tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        first, *listed = done.stderr.splitlines()
        assert first.startswith("kanaleneiland is een hele naam, maar ook een deel van andere")
        assert [line.split()[0] for line in listed] == ["BU08260201", "BU03440831"]


@pytest.mark.parametrize(
    ("language", "heads", "end"),
    [
        ("nl", ["Bron", "Tabel", "Wat", "Versie", "Gelezen", "Licentie", "SHA-256"], "Alles klopt"),
        ("en", ["Source", "Table", "What", "Version", "Read", "Licence", "SHA-256"], "All correct"),
    ],
)
def test_check_is_a_table_with_heads_in_the_language_asked_and_no_two_lines_alike(
    language: str, heads: list[str], end: str, data: Path
) -> None:
    done = run("figures", "check", "--language", language, "--data", data)
    head, rule, *rows, last = done.stdout.splitlines()
    assert head.split() == heads
    assert set(rule) == {"-", " "}
    assert len(rows) == len(set(rows)) == len(open_release(data).origins)
    starts = [n for n, sign in enumerate(rule) if sign == "-" and rule[n - 1 : n] != "-"]
    assert [row[n - 1] for row in rows for n in starts[1:]] == [" "] * (len(rows) * 6)
    assert last.startswith(end)


# -- the year that is asked
@pytest.mark.parametrize("year", ["2020", "2022"])
def test_a_report_is_of_the_year_of_the_scan(data: Path, tmp_path: Path, year: str) -> None:
    asked = ("--data", data, "--year", year)
    told = json.loads(run("scan", WIJK, "--format", "json", *asked).stdout)
    report = tmp_path / "r.html"
    assert run("report", WIJK, "-o", report, *asked).returncode == 0
    words = " ".join(html.unescape(report.read_text("utf-8")).split())
    assert told["year"] == int(year)
    # in a file each sentence has its year, in a report only where it is another than the report's
    said = [" ".join(one["sentence"].replace(f" ({year})", "").split()) for one in told["opgaven"]]
    assert [sentence for sentence in said if sentence not in words] == []
    assert run("report", WIJK, "-o", tmp_path / "now.html", "--data", data).returncode == 0
    now = " ".join(html.unescape((tmp_path / "now.html").read_text("utf-8")).split())
    assert any(sentence not in now for sentence in said)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((WIJK, "--year", "1999"), "Voor 1999 zijn geen cijfers geladen."),
        (("GM9901", "--year", "2020"), "Laat het jaar bij Voorbeeldstad (fictief) weg"),
    ],
)
def test_a_report_of_a_year_that_cannot_be_is_refused(
    data: Path, tmp_path: Path, asked: tuple[str, ...], said: str
) -> None:
    done = run("report", *asked, "-o", tmp_path / "r.html", "--data", data)
    assert (done.returncode, done.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert said in done.stderr


def test_what_takes_long_is_told_where_no_bar_can_be_drawn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else a service that gives a byte at a time looks like a program that stopped."""
    monkeypatch.setattr(terminal, "QUIET", 0.05)
    bar = terminal.Bar()
    bar.start("CBS 84799NED (2020)", None)
    time.sleep(0.3)
    bar.finish()
    told = capsys.readouterr().err
    assert re.search(r"(Nog bezig|Still busy): CBS 84799NED \(2020\) \(0 s\)\.", told)
    time.sleep(0.6)
    assert capsys.readouterr().err == ""


def test_what_is_quick_is_told_to_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    """The twin: a script's log stays as it was."""
    bar = terminal.Bar()
    bar.start("CBS 84799NED (2020)", None)
    bar.finish()
    assert capsys.readouterr().err == ""
