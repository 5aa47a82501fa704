# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""``wijkeconomie …``: parse, call, print.

Answers go to stdout, messages to stderr.  Exit 0 done, 1 refused data, 2 wrong use, 75 busy,
130 interrupted.  Commands import what they need themselves, so that ``--help`` is quick.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from wijkeconomie.coded_commands import coded
from wijkeconomie.figures.refusal import Notice, Refusal, WrongUse, about, thousands
from wijkeconomie.guide_commands import guide
from wijkeconomie.people import people
from wijkeconomie.plan_commands import plan
from wijkeconomie.term_commands import terms
from wijkeconomie.terminal import (
    LANGUAGE,
    Bar,
    Group,
    area_of,
    as_called,
    in_columns,
    run,
    say,
    say_open,
    sources_of,
    t,
    width,
    years_in_words,
)  # fmt: skip
from wijkeconomie.terminal import common as _common
from wijkeconomie.terminal import data_folder as _data

if TYPE_CHECKING:
    from wijkeconomie.figures.release import Release
    from wijkeconomie.figures.snapshot import Table

_SPAN = re.compile(r"(\d{4})(?:\s*-\s*(\d{4}))?", re.ASCII)  # 2020, 2017-2024


def _release(data: Path | None) -> Release:
    from wijkeconomie.figures.release import open_release  # noqa: PLC0415 -- heavy

    opened = open_release(_data(data))
    for notice in opened.unproven():
        say(notice)
    return opened


def _release_if_any(folder: Path) -> Release | None:
    """None where figures were never loaded; what is damaged may be real figures, and is refused."""
    try:
        return _release(folder)
    except Refusal as refusal:
        if refusal.notice.code != "no_release":
            raise
        return None


@click.group(cls=Group, help=t("De economische opgave van elke wijk en buurt.",
                                 "The economic opgave of every neighbourhood."))  # fmt: skip
@_common
@click.version_option(package_name="wijkeconomie",
                      help=t("Toon de versie.", "Show the version and exit."))  # fmt: skip
def cli(data: Path | None) -> None:
    """The group keeps options that stand before the command."""


for part in (people, guide, plan, coded, terms):
    cli.add_command(part)


@cli.group(help=t("Cijfers laden, bekijken, controleren en uitvoeren.",
                   "Load, list, check and export figures."))  # fmt: skip
def figures() -> None:
    """Figures in and out."""


@figures.command("load", help=t(
    "Laad cijfers: cbs, pdok, of bestanden en mappen. Streepje (-) leest van de invoer.",
    "Load figures: cbs, pdok, or files and folders. A dash (-) reads standard input."))  # fmt: skip
@click.argument("sources", nargs=-1, required=True, metavar="cbs|pdok|PATH...")
@click.option("--years", metavar="2017-2024",
              help=t("Jaren voor cbs en pdok.", "Years for cbs and pdok."))  # fmt: skip
@click.option("--gemeente", metavar="GM0344",
              help=t("Alleen deze gemeente.", "Only this gemeente."))  # fmt: skip
@click.option("--year", type=click.IntRange(1900, 2100), metavar="2023",
              help=t("Jaar van een bestand dat het zelf niet zegt.",
                      "Year of a file that does not say it."))  # fmt: skip
@click.option("--sheet", metavar="NAME", help=t("Werkblad.", "Worksheet."))
@click.option(
    "--header-row", type=int, metavar="1", help=t("Rij met kolomnamen.", "Row with column names.")
)
@click.option("--number-format", type=click.Choice(["nl", "en"]),
              help="1.234,5 (nl) / 1,234.5 (en)")  # fmt: skip
@click.option("--confirm-repair", is_flag=True, help=t(
    "Voer voorgestelde herstellingen uit.", "Apply the repairs that were proposed."))  # fmt: skip
@click.option("--accept-jumps", is_flag=True, help=t(
    "Neem cijfers over die honderd keer zo groot of klein werden.",
    "Take figures that became a hundred times as large or small."))  # fmt: skip
@click.option("--accept-loss", is_flag=True, help=t(
    "Neem een tabel over die meer dan een vijfde van de cijfers kwijt is.",
    "Take a table that lost more than a fifth of its figures."))  # fmt: skip
@click.option("--verbose", is_flag=True, help=t(
    "Noem elke kolom die niet herkend is.",
    "Name every column that was not recognised."))  # fmt: skip
@_common
def load(sources: tuple[str, ...], data: Path | None, **options: Any) -> None:
    """Everything that is named becomes part of one new release, or nothing does."""
    from wijkeconomie.figures import build, store  # noqa: PLC0415 -- heavy

    folder, bar, told = _data(data), Bar(), list[Notice]()
    before = set(_names(folder))
    try:
        read = list(_read_all(sources, folder, options | {"many": len(sources) > 1}, bar))
        accepted = {name: options[name] for name in ("accept_jumps", "accept_loss")}
        release = build.load(folder, read, bar, **accepted, tell=told.append)
    except Refusal as refusal:
        bar.finish()
        say(refusal)
        store.keep_refused(folder, sources, refusal)
        if _what_stays(folder).text(LANGUAGE) not in refusal.text(LANGUAGE):
            say(_what_stays(folder))
        failed = refusal.notice.code.startswith("service_") and not isinstance(refusal, WrongUse)
        if failed and {"cbs", "pdok"}.intersection(sources):  # what a file says, it says tomorrow
            say(Notice("try_later"))
        sys.exit(refusal.exit_code)
    for notice in told:
        say(notice)
    _report_load(read, release, verbose=options["verbose"])
    if gone := before - set(_names(folder)):
        say(Notice("old_release_removed", {"names": ", ".join(sorted(gone))}))


@figures.command(help=t("Haal een tabel weg, met alle cijfers die eruit komen.",
                         "Take a table away, with all figures that come from it."))  # fmt: skip
@click.argument("table")
@click.option("--year", type=int, metavar="2023",
              help=t("Alleen die van dit jaar.", "Only the one of this year."))  # fmt: skip
@_common
def remove(table: str, year: int | None, data: Path | None) -> None:
    """A new release without it; the one before can be used again (``figures releases``)."""
    from wijkeconomie.figures import build  # noqa: PLC0415 -- heavy

    release = build.remove(_data(data), table, year)
    say(Notice("table_removed", {"name": table, "release": release.id}))


def _names(folder: Path) -> list[str]:
    from wijkeconomie.figures import store  # noqa: PLC0415 -- heavy

    return [release.name for release in store.newest_first(folder)]


def _read_all(
    sources: tuple[str, ...], folder: Path, options: dict[str, Any], bar: Bar
) -> Iterator[Table]:
    for source in sources:
        if source in ("cbs", "pdok"):
            yield from _fetch(source, folder, options, bar)
        else:
            with about(Path(source).name if len(sources) > 1 else ""):
                yield from _read(source, folder, options, bar)


def _fetch(source: str, folder: Path, options: dict[str, Any], bar: Bar) -> Iterator[Table]:
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
        span = _SPAN.fullmatch(part.strip())
        if span is None or int(span[1]) > int(span[2] or span[1]):
            raise WrongUse("years_unclear", years=text[:40])
        chosen += range(int(span[1]), int(span[2] or span[1]) + 1)
    if min(chosen) < 2013 or max(chosen) > newest:
        raise WrongUse("years_unclear", years=text[:40])
    return chosen


def _read(source: str, folder: Path, options: dict[str, Any], bar: Bar) -> list[Table]:
    from wijkeconomie.figures.sources import files  # noqa: PLC0415 -- heavy

    chosen = files.ReadOptions(
        sheet=options["sheet"], header_row=options["header_row"],
        number_format=options["number_format"], confirm_repair=options["confirm_repair"],
        known=_known(folder), many=options["many"],
    )  # fmt: skip
    with _given(source) as path:
        if not path.is_dir():
            bar.start(t("Lezen: ", "Reading: ") + ("-" if source == "-" else path.name), 1)
        tables = files.read(path, year=options["year"], options=chosen, progress=bar)
        if not path.is_dir():
            bar.advance()
            bar.finish()
        return tables


@contextmanager
def _given(source: str) -> Iterator[Path]:
    """The file or folder *source*; for "-" a file of this load alone, gone when it was read."""
    if source != "-":
        if not source.strip():
            raise WrongUse("no_source")
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


_FEW_COLUMNS = 3  # that were not recognised, are named; of more only how many


def _report_load(read: list[Table], release: Release, *, verbose: bool) -> None:
    for table in read:
        for notice in table.notices:
            say(notice)
        if names := getattr(table, "unrecognised", ()):
            fields = {"table": table.origin.table, "count": len(names), "columns": ", ".join(names)}
            told = verbose or len(names) <= _FEW_COLUMNS
            listed = "columns_unrecognised_listed" if told else "columns_unrecognised"
            say(Notice(listed, fields))
    for notice in _told_of(read, release):
        say(notice)
    for table in read:
        rows = t("rij", "row") if table.frame.height == 1 else t("rijen", "rows")
        click.echo(f"{table.origin.table}: {thousands(table.frame.height, LANGUAGE)} {rows} "
                   + t("gelezen", "read"))  # fmt: skip
    click.echo(t("Uitgave ", "Release ") + f"{release.id}: "
               + thousands(len(release.areas()), LANGUAGE) + t(" gebieden, ", " areas, ")
               + years_in_words(release.years))  # fmt: skip


def _told_of(read: list[Table], release: Release) -> list[Notice]:
    """What making the release told of these tables; of one that was loaded before, the last."""
    names = {table.origin.table for table in read}
    said = [notice for table in read for notice in table.notices]
    found = {
        (notice.code, notice.fields["table"], notice.fields.get("column")): notice
        for notice in release.notices()
        if notice.fields.get("table") in names and notice not in said
    }
    return list(found.values())


@figures.command("list", help=t("Alle cijfers: naam, eenheid en jaren.",
                                 "All figures: name, unit and years."))  # fmt: skip
@_common
def list_(data: Path | None) -> None:
    """Every indicator of the registry, with the years that have a figure for buurten."""
    from wijkeconomie.figures.registry import registry  # noqa: PLC0415 -- heavy

    release = _release_if_any(_data(data))
    years = _years_of(release) if release else {}
    for entry in registry().indicators.values():
        click.echo(
            f"{entry.id:34} {entry.perspective:16} {entry.unit:10} "
            f"{years.get(entry.id, '–'):16} {entry.label[LANGUAGE]}"
        )


def _years_of(release: Release) -> dict[str, str]:
    filled = release.coverage().filter(release.coverage()["filled"] > 0)
    spans: dict[str, list[int]] = {}
    for indicator, year in filled.select("indicator", "year").iter_rows():
        spans.setdefault(indicator, []).append(year)
    return {name: years_in_words(found) for name, found in spans.items()}


@figures.command(help=t("Controleer checksums en herkomst van de uitgave in gebruik.",
                         "Verify checksums and provenance of the release in use."))  # fmt: skip
@_common
def check(data: Path | None) -> None:
    """Exit 1 when a file of the release, or a table under it, is no longer what it was."""
    from wijkeconomie.figures.release import verify  # noqa: PLC0415 -- heavy

    wrong = verify(_data(data))
    for notice in wrong:
        say(notice)
    if wrong:
        sys.exit(1)
    release = _release(data)
    for line in in_columns(tuple(sources_of(release))):
        click.echo(line)
    click.echo(t("Alles klopt: ", "All correct: ") + release.id)


@figures.command(help=t(
    "Toon de uitgaven in deze map, keer terug naar een andere, of bewaar er een voorgoed.",
    "List the releases in this folder, return to another, or keep one for good."))  # fmt: skip
@click.option("--use", "used", metavar="ID", help=t("Neem deze uitgave in gebruik.",
                                                     "Put this release in use."))  # fmt: skip
@click.option("--keep", "kept", metavar="ID", help=t(
    "Ruim deze uitgave nooit op, want een stuk noemt haar.",
    "Never remove this release, because a document quotes it."))  # fmt: skip
@_common
def releases(used: str | None, kept: str | None, data: Path | None) -> None:
    """The release in use and two others stay by themselves."""
    from wijkeconomie.figures import release as releasing  # noqa: PLC0415 -- heavy
    from wijkeconomie.figures import store  # noqa: PLC0415 -- heavy

    folder = _data(data)
    if kept:
        releasing.quote(folder, kept)
    if used:
        releasing.use(folder, used)
    found = store.newest_first(folder)
    if not found:
        _release(folder)  # says how to begin
    for path in found:
        click.echo(f"{path.name:24} {_state_of(path)}".rstrip())


def _state_of(path: Path) -> str:
    from wijkeconomie.figures import store  # noqa: PLC0415 -- heavy

    current = path.parent.parent / "current"
    marks = (
        (current.is_file() and current.read_text("utf-8").strip() == path.name,
         t("in gebruik", "in use")),
        ((path / store.QUOTED).exists(), t("voorgoed bewaard", "kept for good")),
        (bool(store.damaged(path)), t("beschadigd", "damaged")),
    )  # fmt: skip
    return ", ".join(word for holds, word in marks if holds)


@figures.command(help=t("Voer cijfers van een gebied uit naar een bestand.",
                        "Export figures of an area to a file."))  # fmt: skip
@click.option("--area", "asked", multiple=True, required=True, metavar="CODE|NAME", help=t(
    "Code of naam van een gebied, mag vaker.", "Code or name of an area, repeatable."))  # fmt: skip
@click.option("--indicator", "indicators", multiple=True, metavar="ID…", help=t(
    "Cijfers uit `figures list`, na elkaar of met komma's; anders alle cijfers.",
    "Figures of `figures list`, one after another or with commas; else all figures."))  # fmt: skip
@click.argument("more", nargs=-1, metavar="")
@click.option("--format", "format_",
              type=click.Choice(["csv", "json", "geojson", "xlsx", "parquet"]), help=t(
    "Vorm van de uitvoer; zonder deze optie bepaalt de naam van het bestand de vorm.",
    "Form of the output; without it the name of the file says the form."))  # fmt: skip
@click.option("-o", "output", type=click.Path(path_type=Path), metavar="FILE", help=t(
    "Bestand; zonder, of met -, naar de standaarduitvoer.",
    "File; without it, or with -, to standard output."))  # fmt: skip
@click.option("--overwrite", is_flag=True, help=t("Vervang een bestaand bestand.",
                                                  "Replace an existing file."))  # fmt: skip
@_common
def export(
    asked: tuple[str, ...], indicators: tuple[str, ...], more: tuple[str, ...], format_: str | None,
    output: Path | None, data: Path | None, *, overwrite: bool,
) -> None:  # fmt: skip
    """Columns: area, name, level, year, indicator, value, status, unit, source."""
    from wijkeconomie.figures import export as exporting  # noqa: PLC0415 -- heavy

    release = _release(data)
    to_file = output is not None and str(output) != "-"
    format_ = format_ or (output.suffix.lower().removeprefix(".") if output and to_file else "")
    if format_ not in exporting.FORMATS:
        raise WrongUse("export_without_form", forms=", ".join(exporting.FORMATS))
    if not to_file and format_ in ("xlsx", "parquet") and sys.stdout.isatty():
        raise WrongUse("binary_to_terminal", format=format_)
    codes = [area_of(release, each).code for each in asked]
    if more and not indicators:
        raise WrongUse("unexpected_words", words=" ".join(more)[:60])
    wanted = tuple(filter(None, ",".join((*indicators, *more)).split(",")))
    rows = exporting.rows(release, codes, wanted)
    target: Path | BinaryIO = output if output and to_file else sys.stdout.buffer
    exporting.write(rows, format_, target, release=release, language=LANGUAGE, overwrite=overwrite)


@cli.command(help=t("De opgave van een wijk of buurt, of van elke wijk van een gemeente.",
                     "The opgave of a wijk or buurt, or of every wijk of a gemeente."))  # fmt: skip
@click.argument("area", metavar="CODE|NAME")
@click.option("--level", type=click.Choice(["wijk", "buurt"]),
              help=t("Van een gemeente: elke wijk (ook zonder deze optie) of elke buurt.",
                     "Of a gemeente: every wijk (also without this) or every buurt."))  # fmt: skip
@click.option("--year", type=int, metavar="2023", help=t(
    "Jaar van de scan; nieuwere cijfers tellen niet mee. Anders het laatste met genoeg cijfers.",
    "Year of the scan; newer figures do not count. Else the last one with enough."))  # fmt: skip
@click.option("--format", "format_", type=click.Choice(["text", "json", "csv"]), default="text",
              show_default=True, help=t("Vorm van de uitvoer.", "Form of the output."))  # fmt: skip
@click.option("--details", is_flag=True, help=t(
    "Van een gemeente: alles over elk gebied, in plaats van een overzicht.",
    "Of a gemeente: all about every area, instead of an overview."))  # fmt: skip
@_common
def scan(
    area: str, level: str, year: int | None, format_: str, data: Path | None, *, details: bool
) -> None:
    """One area, or all areas of a level in a gemeente, largest opgave first."""
    from wijkeconomie.insight import document, text  # noqa: PLC0415 -- heavy
    from wijkeconomie.insight import scan as scanning  # noqa: PLC0415 -- heavy

    release = _release(data)
    here = area_of(release, area)
    if here.level == "land" or (level and here.level != "gemeente"):
        unfit = {"land": "scan_of_country"}.get(here.level, "level_of_one")
        raise WrongUse(unfit, code=here.code)
    if year is not None and year not in release.years:
        raise WrongUse("year_not_loaded", year=str(year), years=years_in_words(release.years))
    if here.level == "gemeente":
        scans = scanning.scan_all(release, here.code, level or "wijk", year)
        if not scans:
            raise WrongUse("no_areas_of_level", code=here.code, level=level or "wijk")
        made: Any = document.as_documents(scans, release, LANGUAGE)
    else:
        scans = (scanning.scan(release, here.code, year),)
        made = document.as_document(scans[0], release, LANGUAGE)
    if format_ == "json":
        click.echo(json.dumps(made, ensure_ascii=False, indent=1))
    elif format_ == "csv":
        from wijkeconomie.figures.export import write_table  # noqa: PLC0415 -- heavy

        write_table(document.as_table(scans, LANGUAGE), "csv", sys.stdout.buffer, "")
    elif len(scans) > 1 and not details:
        click.echo(as_called(text.as_overview(scans, release, LANGUAGE, width())))
    else:
        texts = (text.as_text(one, release, LANGUAGE, width()) for one in scans)
        click.echo(as_called("\n\n".join(texts)))


@cli.command(help=t("Een rapport van een wijk of buurt: .pdf, .docx of .html.",
                    "A report of a wijk or buurt: .pdf, .docx or .html."))  # fmt: skip
@click.argument("area", metavar="CODE|NAME")
@click.option("--year", type=int, metavar="2023", help=t(
    "Jaar van het rapport van een wijk of buurt, zoals bij scan.",
    "Year of the report of a wijk or buurt, as of scan."))  # fmt: skip
@click.option("-o", "output", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help=t("Bestand; de naam zegt de vorm.",
                     "File; its name says the form."))  # fmt: skip
@click.option("--overwrite", is_flag=True, help=t("Vervang een bestaand bestand.",
                                                  "Replace an existing file."))  # fmt: skip
@_common
def report(
    area: str, output: Path, year: int | None, data: Path | None, *, overwrite: bool
) -> None:
    """The same page as on the web, for a council."""
    folder = _data(data)
    release = _release(data)
    code = area_of(release, area).code
    os.environ["WIJKECONOMIE_DATA"] = str(folder)
    from wijkeconomie.web import report_files  # noqa: PLC0415 -- heavy: Django

    report_files.write(release, code, LANGUAGE, output, year=year, overwrite=overwrite)
    click.echo(str(output))


@cli.command(help=t("Maak het fictieve voorbeeld.", "Make the fictional example."))
@_common
def demo(data: Path | None) -> None:
    """A labelled, invented country; never beside real figures."""
    release = _make_demo(_data(data))
    click.echo(t("Fictief voorbeeld klaar: ", "Fictional example ready: ") + release.id)


def _make_demo(folder: Path) -> Release:
    from wijkeconomie.figures import build  # noqa: PLC0415 -- heavy
    from wijkeconomie.figures import demo as fiction  # noqa: PLC0415 -- heavy

    there = _release_if_any(folder)
    if there is not None and not there.fictional:
        raise WrongUse("real_figures_here", data=str(folder))
    return build.load(folder, fiction.tables(), Bar())


@cli.command(help=t("Toon de site op deze computer.", "Serve the site on this computer."))
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help=t(
    "Adres waarop de site luistert; 0.0.0.0 voor elke computer in het netwerk.",
    "Address that the site listens at; 0.0.0.0 for every computer in the network."))  # fmt: skip
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True,
              metavar="PORT", help=t("Poort.", "Port."))  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N",
              help=t("Processen; een per processorkern is genoeg.",
                     "Processes; one per processor core is enough."))  # fmt: skip
@_common
def serve(host: str, port: int, workers: int, data: Path | None) -> None:
    """Makes the fictional example first when no figures were ever loaded."""
    folder = _data(data).absolute()
    if _release_if_any(folder) is None:
        _make_demo(folder)
        click.echo(t("Nog geen cijfers: dit is het fictieve voorbeeld.",
                      "No figures yet: this is the fictional example."), err=True)  # fmt: skip
    os.environ["WIJKECONOMIE_DATA"] = str(folder)
    from wijkeconomie.web import wsgi  # noqa: PLC0415 -- heavy: Django

    wsgi.serve(host=host, port=port, workers=workers,
               ready=lambda: say_open(host, port, wsgi.example()))  # fmt: skip
    click.echo(t("De site is gestopt.", "The site has stopped."), err=True)


def main() -> None:
    """The program: see the head of this module for how it ends."""
    run(cli)
