# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""``wijkeconomie …``: parse, call, print.

Answers go to stdout, messages to stderr.  Exit 0 done, 1 refused data, 2 wrong use, 75 busy,
130 interrupted.  Commands import what they need themselves, so that ``--help`` is quick.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from wijkeconomie.figures.refusal import LANGUAGES, Language, Notice, Refusal, WrongUse

if TYPE_CHECKING:
    from wijkeconomie.figures.release import Release
    from wijkeconomie.figures.snapshot import Origin, Table

F = TypeVar("F", bound=Callable[..., Any])


def _language_of(arguments: list[str]) -> Language:
    """The language asked for, known before the help texts are made."""
    asked = os.environ.get("WIJKECONOMIE_LANGUAGE", "nl")
    for position, argument in enumerate(arguments):
        if argument == "--language" and position + 1 < len(arguments):
            asked = arguments[position + 1]
        elif argument.startswith("--language="):
            asked = argument.removeprefix("--language=")
    return "en" if asked == "en" else "nl"


LANGUAGE: Language = _language_of(sys.argv)


def _t(nl: str, en: str) -> str:
    return en if LANGUAGE == "en" else nl


class _Bar:
    """What is being read, how far, and how long still; nothing when stderr is no terminal."""

    def __init__(self) -> None:
        self._bar: Any = None

    def start(self, what: str, total: int | None) -> None:
        self.finish()
        if not sys.stderr.isatty():
            return
        self._bar = click.progressbar(
            length=total or 1, label=what, show_eta=True, file=sys.stderr, width=24
        )
        self._bar.render_progress()

    def advance(self, n: int = 1) -> None:
        if self._bar is not None:
            self._bar.update(n)

    def finish(self) -> None:
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None


def _common(command: F) -> F:
    """``--data`` and ``--language``, on every command and before it."""
    command = click.option(
        "--data", type=click.Path(path_type=Path), metavar="DIR",
        help=_t("Map met cijfers (of WIJKECONOMIE_DATA; anders ./var).",
                "Folder with figures (or WIJKECONOMIE_DATA; else ./var)."),
    )(command)  # fmt: skip
    return click.option(
        "--language", type=click.Choice(LANGUAGES), expose_value=False,
        help=_t("Taal van de berichten.", "Language of the messages."),
    )(command)  # fmt: skip


def _data(data: Path | None) -> Path:
    context = click.get_current_context().find_root()
    chosen = data or context.params.get("data") or os.environ.get("WIJKECONOMIE_DATA") or "var"
    if Path(chosen).exists() and not Path(chosen).is_dir():
        raise WrongUse("data_is_a_file", data=str(chosen))
    return Path(chosen)


def _say(notice: Notice) -> None:
    click.echo(notice.text(LANGUAGE), err=True)


def _release(data: Path | None) -> Release:
    from wijkeconomie.figures.release import open_release  # noqa: PLC0415 -- heavy

    return open_release(_data(data))


@click.group(help=_t("De economische opgave van elke wijk en buurt.",
                     "The economic opgave of every neighbourhood."))  # fmt: skip
@_common
@click.version_option(package_name="wijkeconomie")
def cli(data: Path | None) -> None:
    """The group keeps options that stand before the command."""


@cli.group(help=_t("Cijfers laden, bekijken, controleren en uitvoeren.",
                   "Load, list, check and export figures."))  # fmt: skip
def figures() -> None:
    """Figures in and out."""


@figures.command("load", help=_t(
    "Laad cijfers: cbs, pdok, of bestanden en mappen. Streepje (-) leest van de invoer.",
    "Load figures: cbs, pdok, or files and folders. A dash (-) reads standard input."))  # fmt: skip
@click.argument("sources", nargs=-1, required=True, metavar="cbs|pdok|PATH...")
@click.option("--years", metavar="2017-2024",
              help=_t("Jaren voor cbs en pdok.", "Years for cbs and pdok."))  # fmt: skip
@click.option("--gemeente", metavar="GM0344",
              help=_t("Alleen deze gemeente.", "Only this gemeente."))  # fmt: skip
@click.option("--year", type=int, help=_t("Jaar van een bestand dat het zelf niet zegt.",
                                          "Year of a file that does not say it."))  # fmt: skip
@click.option("--sheet", help=_t("Werkblad.", "Worksheet."))
@click.option("--header-row", type=int, help=_t("Rij met kolomnamen.", "Row with column names."))
@click.option("--number-format", type=click.Choice(["nl", "en"]),
              help="1.234,5 (nl) / 1,234.5 (en)")  # fmt: skip
@click.option("--confirm-repair", is_flag=True, help=_t(
    "Voer voorgestelde herstellingen uit.", "Apply the repairs that were proposed."))  # fmt: skip
@click.option("--accept-jumps", is_flag=True, help=_t(
    "Neem cijfers over die honderd keer zo groot of klein werden.",
    "Take figures that became a hundred times as large or small."))  # fmt: skip
@_common
def load(sources: tuple[str, ...], data: Path | None, **options: Any) -> None:
    """Everything that is named becomes part of one new release, or nothing does."""
    from wijkeconomie.figures import build  # noqa: PLC0415 -- heavy

    folder, bar = _data(data), _Bar()
    try:
        read = list(_read_all(sources, folder, options, bar))
        release = build.load(folder, read, bar, accept_jumps=options["accept_jumps"])
    except Refusal as refusal:
        bar.finish()
        click.echo(refusal.text(LANGUAGE), err=True)
        if _what_stays(folder).text(LANGUAGE) not in refusal.text(LANGUAGE):
            _say(_what_stays(folder))
        if refusal.notice.code.startswith("service_") and not isinstance(refusal, WrongUse):
            _say(Notice("try_later"))
        sys.exit(refusal.exit_code)
    _report_load(read, release)


def _read_all(
    sources: tuple[str, ...], folder: Path, options: dict[str, Any], bar: _Bar
) -> Iterator[Table]:
    for source in sources:
        if source in ("cbs", "pdok"):
            yield from _fetch(source, folder, options, bar)
        else:
            yield from _read(source, folder, options, bar)


def _fetch(source: str, folder: Path, options: dict[str, Any], bar: _Bar) -> Iterator[Table]:
    from wijkeconomie.figures.areas import is_code  # noqa: PLC0415 -- only here
    from wijkeconomie.figures.sources import cbs, http, pdok  # noqa: PLC0415 -- heavy

    gemeente = options["gemeente"]
    if gemeente and not (is_code(gemeente) and gemeente.startswith("GM")):
        raise WrongUse("invalid_code", code=gemeente[:20])
    wanted = _years(options["years"])
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # else a connection that closes ends us
    cache = folder / "cache" / source
    with http.Client() as client:
        fetch = cbs.fetch if source == "cbs" else pdok.fetch
        yield from fetch(wanted, gemeente=gemeente, client=client, cache=cache, progress=bar)


def _years(text: str | None) -> list[int]:
    """``2017-2024`` or ``2020`` or ``2017,2020``; every year from 2013 on when nothing is asked."""
    newest = datetime.now(UTC).year
    if not text:
        return list(range(2013, newest + 1))
    chosen: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        if not (first.strip().isdigit() and (last or first).strip().isdigit()):
            raise WrongUse("years_unclear", years=text[:40])
        chosen += range(int(first), int(last or first) + 1)
    if not chosen or min(chosen) < 2013 or max(chosen) > newest:
        raise WrongUse("years_unclear", years=text[:40])
    return chosen


def _read(source: str, folder: Path, options: dict[str, Any], bar: _Bar) -> list[Table]:
    from wijkeconomie.figures.sources import files  # noqa: PLC0415 -- heavy

    chosen = files.ReadOptions(
        sheet=options["sheet"], header_row=options["header_row"],
        number_format=options["number_format"], confirm_repair=options["confirm_repair"],
        known=_known(folder),
    )  # fmt: skip
    with _given(source) as path:
        return files.read(path, year=options["year"], options=chosen, progress=bar)


@contextmanager
def _given(source: str) -> Iterator[Path]:
    """The file or folder *source*; for "-" a file of this load alone, gone when it was read."""
    if source != "-":
        if not Path(source).exists():
            raise WrongUse("file_not_found", path=source)
        yield Path(source)
        return
    text = sys.stdin.buffer.read()
    if not text.strip():
        raise WrongUse("no_input")
    with TemporaryDirectory(prefix="wijkeconomie-") as folder:
        path = Path(folder) / "standard-input"
        path.write_bytes(text)
        yield path


def _known(folder: Path) -> dict[str, str] | None:
    """Code → name of the figures in use, to propose repairs; None before any were loaded."""
    from wijkeconomie.figures.release import open_release  # noqa: PLC0415 -- heavy

    try:
        release = open_release(folder)
    except Refusal:
        return None
    return None if release.fictional else {area.code: area.name for area in release.areas()}


def _what_stays(folder: Path) -> Notice:
    from wijkeconomie.figures.release import open_release  # noqa: PLC0415 -- heavy

    try:
        built = open_release(folder).built_at
    except Refusal:
        return Notice("nothing_kept")
    return Notice("kept", {"date": f"{built:%Y-%m-%d}"})


def _report_load(read: list[Table], release: Release) -> None:
    for table in read:
        for notice in table.notices:
            _say(notice)
        for name in getattr(table, "unrecognised", ()):
            click.echo(_t("  niet herkend: ", "  not recognised: ") + name, err=True)
    for table in read:
        click.echo(f"{table.origin.table}: {table.frame.height:,} ".replace(",", ".")
                   + _t("rijen gelezen", "rows read"))  # fmt: skip
    click.echo(_t("Uitgave ", "Release ") + f"{release.id}: {len(release.areas())} "
               + _t("gebieden", "areas") + f", {release.years[0]}–{release.years[-1]}")  # fmt: skip


@figures.command("list", help=_t("Alle cijfers: naam, eenheid en jaren.",
                                 "All figures: name, unit and years."))  # fmt: skip
@_common
def list_(data: Path | None) -> None:
    """Every indicator of the registry, with the years that have a figure for buurten."""
    from wijkeconomie.figures.registry import registry  # noqa: PLC0415 -- heavy

    folder = _data(data)
    try:
        years = _years_of(_release(folder))
    except Refusal:
        years = {}
    for entry in registry().indicators.values():
        click.echo(
            f"{entry.id:34} {entry.perspective:16} {entry.unit:10} "
            f"{years.get(entry.id, '–'):12} {entry.label[LANGUAGE]}"
        )


def _years_of(release: Release) -> dict[str, str]:
    filled = release.coverage().filter(release.coverage()["filled"] > 0)
    spans: dict[str, list[int]] = {}
    for indicator, year in filled.select("indicator", "year").iter_rows():
        spans.setdefault(indicator, []).append(year)
    return {name: f"{min(found)}–{max(found)}" for name, found in spans.items()}


@figures.command(help=_t("Controleer checksums en herkomst van de uitgave in gebruik.",
                         "Verify checksums and provenance of the release in use."))  # fmt: skip
@_common
def check(data: Path | None) -> None:
    """Exit 1 when a file of the release, or a table under it, is no longer what it was."""
    from wijkeconomie.figures.release import verify  # noqa: PLC0415 -- heavy

    release = _release(data)
    wrong = verify(_data(data))
    for notice in wrong:
        _say(notice)
    for origin in release.origins:
        click.echo(_provenance(origin))
    if wrong:
        sys.exit(1)
    click.echo(_t("Alles klopt: ", "All correct: ") + release.id)


def _provenance(origin: Origin) -> str:
    return (
        f"{origin.publisher:12} {origin.table:14} {origin.version:22} {origin.read_at:%Y-%m-%d} "
        f"{origin.licence:14} {origin.checksum[:12]}"
    )


@figures.command(help=_t("Voer cijfers van een gebied uit naar een bestand.",
                         "Export figures of an area to a file."))  # fmt: skip
@click.option("--area", "codes", multiple=True, required=True, metavar="CODE")
@click.option("--indicator", "indicators", multiple=True, metavar="ID")
@click.option("--format", "format_", required=True,
              type=click.Choice(["csv", "json", "geojson", "xlsx", "parquet"]))  # fmt: skip
@click.option("-o", "output", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--overwrite", is_flag=True, help=_t("Vervang een bestaand bestand.",
                                                   "Replace an existing file."))  # fmt: skip
@_common
def export(
    codes: tuple[str, ...], indicators: tuple[str, ...], format_: str, output: Path | None,
    data: Path | None, *, overwrite: bool,
) -> None:  # fmt: skip
    """Columns: area, name, level, year, indicator, value, status, unit, source."""
    from wijkeconomie.figures import export as exporting  # noqa: PLC0415 -- heavy

    release = _release(data)
    rows = exporting.rows(release, codes, indicators)
    target: Path | BinaryIO = output or sys.stdout.buffer
    exporting.write(rows, format_, target, release=release, language=LANGUAGE, overwrite=overwrite)


@cli.command(help=_t("De opgave van een wijk of buurt, of van elke wijk van een gemeente.",
                     "The opgave of a wijk or buurt, or of every wijk of a gemeente."))  # fmt: skip
@click.argument("code")
@click.option("--level", type=click.Choice(["wijk", "buurt"]), default="wijk")
@click.option("--year", type=int)
@click.option("--format", "format_", type=click.Choice(["text", "json", "csv"]), default="text")
@_common
def scan(code: str, level: str, year: int | None, format_: str, data: Path | None) -> None:
    """One area, or all areas of a level in a gemeente, largest opgave first."""
    from wijkeconomie.insight import document  # noqa: PLC0415 -- heavy
    from wijkeconomie.insight.scan import scan as scan_one  # noqa: PLC0415 -- heavy
    from wijkeconomie.insight.scan import scan_all  # noqa: PLC0415 -- heavy

    release = _release(data)
    area = release.area(code)
    if area.level == "land":
        raise WrongUse("scan_of_country")
    if year is not None and year not in release.years:
        raise WrongUse("year_not_loaded", year=str(year), years=_span(release))
    if area.level == "gemeente":
        scans = scan_all(release, code, level, year)
        if not scans:
            raise Refusal("no_areas_of_level", code=code, level=level)
        made: Any = document.as_documents(scans, release, LANGUAGE)
    else:
        scans = (scan_one(release, code, year),)
        made = document.as_document(scans[0], release, LANGUAGE)
    if format_ == "json":
        click.echo(json.dumps(made, ensure_ascii=False, indent=1))
    elif format_ == "csv":
        writer = csv.DictWriter(sys.stdout, document.CSV_COLUMNS)
        writer.writeheader()
        writer.writerows(document.as_csv_rows(scans, LANGUAGE))
    else:
        click.echo("\n\n".join(document.as_text(one, release, LANGUAGE) for one in scans))


def _span(release: Release) -> str:
    return ", ".join(str(year) for year in release.years)


@cli.command(help=_t("Een rapport van een wijk of buurt: .pdf, .docx of .html.",
                     "A report of a wijk or buurt: .pdf, .docx or .html."))  # fmt: skip
@click.argument("code")
@click.option("-o", "output", required=True, type=click.Path(path_type=Path), metavar="FILE")
@click.option("--overwrite", is_flag=True, help=_t("Vervang een bestaand bestand.",
                                                   "Replace an existing file."))  # fmt: skip
@_common
def report(code: str, output: Path, data: Path | None, *, overwrite: bool) -> None:
    """The same page as on the web, for a council."""
    folder = _data(data)
    release = _release(data)
    release.area(code)
    os.environ["WIJKECONOMIE_DATA"] = str(folder)
    from wijkeconomie.web import report_files  # noqa: PLC0415 -- heavy: Django

    report_files.write(release, code, LANGUAGE, output, overwrite=overwrite)
    click.echo(str(output))


@cli.command(help=_t("Maak het fictieve voorbeeld.", "Make the fictional example."))
@_common
def demo(data: Path | None) -> None:
    """A labelled, invented country; never beside real figures."""
    release = _make_demo(_data(data))
    click.echo(_t("Fictief voorbeeld klaar: ", "Fictional example ready: ") + release.id)


def _make_demo(folder: Path) -> Release:
    from wijkeconomie.figures import build  # noqa: PLC0415 -- heavy
    from wijkeconomie.figures import demo as fiction  # noqa: PLC0415 -- heavy
    from wijkeconomie.figures.release import open_release  # noqa: PLC0415 -- heavy

    try:
        fictional = open_release(folder).fictional
    except Refusal:
        fictional = True  # nothing here yet
    if not fictional:
        raise WrongUse("real_figures_here", data=str(folder))
    return build.load(folder, fiction.tables(), _Bar())


@cli.command(help=_t("Toon de site op deze computer.", "Serve the site on this computer."))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--workers", type=int, default=1, show_default=True)
@_common
def serve(host: str, port: int, workers: int, data: Path | None) -> None:
    """Makes the fictional example first when no figures were loaded."""
    folder = _data(data).absolute()
    try:
        _release(folder)
    except Refusal:
        _make_demo(folder)
    os.environ["WIJKECONOMIE_DATA"] = str(folder)
    from wijkeconomie.web import serving  # noqa: PLC0415 -- heavy: Django

    click.echo(f"http://{host}:{port}/", err=True)
    serving.run(host=host, port=port, workers=workers)


def _in_words(wrong: click.ClickException) -> str:
    """What is wrong with the command, in the language asked for, and where the help is."""
    match wrong:
        case click.NoSuchOption():
            notice = Notice("no_such_option", {"option": wrong.option_name})
        case click.MissingParameter(param=click.Parameter() as asked):
            notice = Notice("missing_argument", {"name": asked.human_readable_name})
        case click.BadParameter(param=click.Parameter(type=click.Choice() as allowed) as asked):
            choices = ", ".join(map(str, allowed.choices))
            notice = Notice("bad_choice", {"name": asked.opts[-1], "choices": choices})
        case click.BadParameter(param=click.Parameter() as asked):
            notice = Notice("bad_argument", {"name": asked.opts[-1]})
        case click.NoSuchCommand():
            notice = Notice("no_such_command", {"name": wrong.command_name})
        case _:
            notice = Notice("wrong_command", {"why": wrong.format_message()})
    context = wrong.ctx if isinstance(wrong, click.UsageError) else None
    where = context.command_path if context else "wijkeconomie"
    return f"{notice.text(LANGUAGE)} {where} --help"


def main() -> None:
    """Run, and turn every end into an exit code and at most one line; never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        cli.main(standalone_mode=False)
    except Refusal as refusal:
        click.echo(refusal.text(LANGUAGE), err=True)
        sys.exit(refusal.exit_code)
    except click.ClickException as wrong:
        click.echo(_in_words(wrong), err=True)
        sys.exit(wrong.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _say(Notice("interrupted"))
        sys.exit(130)
    except Exception as error:  # the contract: no traceback ever
        if os.environ.get("WIJKECONOMIE_DEBUG"):
            raise
        _say(Notice("unexpected", {"error": f"{type(error).__name__}: {error}"[:300]}))
        sys.exit(1)
