# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the command line speaks and ends: its language, help, progress and exit codes."""

from __future__ import annotations

import errno
import itertools
import os
import re
import shlex
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wijkeconomie.figures import refusal
from wijkeconomie.figures.refusal import LANGUAGES, Language, Notice, Refusal, WrongUse

if TYPE_CHECKING:
    from wijkeconomie.figures.areas import Area
    from wijkeconomie.figures.release import Release


F = TypeVar("F", bound=Callable[..., Any])


def asked(arguments: list[str], option: str) -> str:
    """What was typed for an *option*, known before the commands are read; empty without it."""
    found = ""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if argument == option:
            found = following
        elif argument.startswith(f"{option}="):
            found = argument.removeprefix(f"{option}=")
    return found


def _language_of(arguments: list[str]) -> Language:
    """The language asked for, for the help texts."""
    wanted = asked(arguments, "--language") or os.environ.get("WIJKECONOMIE_LANGUAGE", "nl")
    return "en" if wanted == "en" else "nl"


LANGUAGE: Language = _language_of(sys.argv)


def t(nl: str, en: str) -> str:
    """The words in the language asked for."""
    return en if LANGUAGE == "en" else nl


def language_option(command: F) -> F:
    """``--language``, on every command and before it; :data:`LANGUAGE` has read it already."""
    return click.option(
        "--language", type=click.Choice(LANGUAGES), expose_value=False,
        help=t("Taal van de berichten.", "Language of the messages."),
    )(command)  # fmt: skip


def as_called(text: str, called: str | None = None, data: str | None = None) -> str:
    """*text* with our commands as they can be typed here: under the name by which this program was
    called (``.venv/bin/wijkeconomie``), unless its plain name is found too, and on the same folder
    of figures, if one was named."""
    name = sys.argv[0] if called is None else called
    if Path(name).name != "wijkeconomie" or _is_on_path(name):
        name = "wijkeconomie"
    folder = asked(sys.argv, "--data") if data is None else data
    return refusal.as_called(text, f"{name} --data {shlex.quote(folder)}" if folder else name)


def _is_on_path(name: str) -> bool:
    found = shutil.which("wijkeconomie")
    return found is not None and Path(found).resolve() == Path(name).resolve()


def say(notice: Notice | Refusal) -> None:
    """A message, on stderr."""
    click.echo(as_called(notice.text(LANGUAGE)), err=True)


def content_of(file: Path, most: int) -> bytes:
    """The first *most* bytes of a file that was typed; WrongUse where it cannot be read."""
    if not file.is_file():
        raise WrongUse("file_not_found", path=str(file))
    try:
        with file.open("rb") as opened:
            return opened.read(most)
    except OSError as error:
        raise WrongUse("file_not_readable", path=str(file), reason=error.strerror or "") from error


def common(command: F) -> F:
    """``--data`` and ``--language``, on every command and before it."""
    command = click.option(
        "--data", type=click.Path(path_type=Path), metavar="DIR",
        help=t("Map met cijfers (of WIJKECONOMIE_DATA; anders ./var).",
                "Folder with figures (or WIJKECONOMIE_DATA; else ./var)."),
    )(command)  # fmt: skip
    return language_option(command)


def data_folder(data: Path | None) -> Path:
    """The folder of this command, of the group, of the environment, or ./var."""
    context = click.get_current_context().find_root()
    chosen = data or context.params.get("data") or os.environ.get("WIJKECONOMIE_DATA") or "var"
    if Path(chosen).exists() and not Path(chosen).is_dir():
        raise WrongUse("data_is_a_file", data=str(chosen))
    return Path(chosen)


def in_columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table, its first row the head with a line under it; every column as wide as it needs."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ruled = [rows[0], ["-" * width for width in widths], *rows[1:]]
    for row in ruled:
        yield "  ".join(f"{cell:{w}}" for cell, w in zip(row, widths, strict=True)).rstrip()


def years_in_words(years: Sequence[int]) -> str:
    """``2013–2017, 2020``: no year that is not among them."""
    first = [year for year in sorted(set(years)) if year - 1 not in years]
    last = [year for year in sorted(set(years)) if year + 1 not in years]
    spans = zip(first, last, strict=True)
    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in spans)


def sources_of(release: Release) -> Iterator[tuple[str, ...]]:
    """Head and a row per table: a file with outlines and figures is two, which ``holds`` tells."""
    holds = {"snapshot": t("cijfers", "figures"), "boundaries": t("grenzen", "outlines"),
             "crosswalk": t("adressen per grens", "addresses by boundary")}  # fmt: skip
    yield (t("Bron", "Source"), t("Tabel", "Table"), t("Wat", "What"), t("Versie", "Version"),
           t("Gelezen", "Read"), t("Licentie", "Licence"), "SHA-256")  # fmt: skip
    for origin, source in zip(release.origins, release.manifest["sources"], strict=True):
        version = "–" if origin.checksum.startswith(origin.version) else origin.version  # a file's
        yield (origin.publisher_in(LANGUAGE), origin.table, holds[source["kind"]], version[:24],
               f"{origin.read_at:%Y-%m-%d}", origin.licence_in(LANGUAGE),
               origin.checksum[:12])  # fmt: skip


def say_open(host: str, port: int, guest: tuple[str, str, str] | None = None) -> None:
    """Where a browser finds the site and, beside the example, with whom one may sign in and the
    code of a giver."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- what a browser can open
    name = everywhere.get(host, host)
    address = f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"
    click.echo(t(f"Open {address} in uw browser. Stoppen: Ctrl-C.",
                 f"Open {address} in your browser. To stop: Ctrl-C."), err=True)  # fmt: skip
    if guest:
        click.echo(t(f"Rondkijken achter de schermen: log in als {guest[0]}, wachtwoord {guest[1]}",
                     f"To look behind the scenes: sign in as {guest[0]}, password {guest[1]}"),
                   err=True)  # fmt: skip
        click.echo(t(f"Wat een gever leest: {address}mijn-bijdrage/, code {guest[2]}",
                     f"What a giver reads: {address}mijn-bijdrage/, code {guest[2]}"),
                   err=True)  # fmt: skip


def width() -> int:
    """Columns of the terminal (or COLUMNS), at most 100 because longer lines read badly."""
    return min(shutil.get_terminal_size((80, 24)).columns, 100)


_CLICKS_WORDS = {
    "Options": "Opties",
    "Commands": "Opdrachten",
    "Show this message and exit.": "Toon deze hulp.",
    "[required]": "[verplicht]",
    "[default: ": "[standaard: ",
}


_RANGE = re.compile(r"(\d+)<=x<=(\d+)")


class _Formatter(click.HelpFormatter):
    """Help whose own words are in the language asked for."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or t("Gebruik: ", "Usage: "))

    def write_heading(self, heading: str) -> None:
        super().write_heading(t(_CLICKS_WORDS.get(heading, heading), heading))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        super().write_dl([(name, _translated(text)) for name, text in rows], col_max, col_spacing)


def _translated(text: str) -> str:
    for english, dutch in _CLICKS_WORDS.items():
        text = text.replace(english, t(dutch, english))
    return _RANGE.sub(r"\1–\2", text)


class _Context(click.Context):
    formatter_class = _Formatter


class _Command(click.Command):
    """A command whose line in a list of commands is never cut off."""

    context_class = _Context

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options.setdefault("options_metavar", t("[OPTIES]", "[OPTIONS]"))
        super().__init__(*arguments, **options)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 -- click names it
        return super().get_short_help_str(1000)


class Group(_Command, click.Group):
    """A group of commands, with help in the language asked for."""

    command_class = _Command
    group_class = type

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options.setdefault("subcommand_metavar", t("OPDRACHT [...]", "COMMAND [ARGS]..."))
        super().__init__(*arguments, **options)


QUIET = 30.0  # seconds


class Bar:
    """What is being read, how far, and how long still.  Without a known total it counts and never
    says that it is complete.

    Where stderr is no terminal a line now and then, first when it takes longer than :data:`QUIET`
    seconds: a service that gives a byte at a time is not taken for a program that stopped.
    """

    def __init__(self) -> None:
        self._bar: Any = None
        self._timer: threading.Timer | None = None

    def _still(self, label: str, quiet: float, began: float) -> None:
        took = f"{time.monotonic() - began:.0f} s"
        click.echo(t(f"Nog bezig: {label} ({took}).", f"Still busy: {label} ({took})."), err=True)
        if self._timer is threading.current_thread():  # it did not end meanwhile
            self._later(label, min(quiet * 2, 10 * QUIET), began)

    def _later(self, label: str, quiet: float, began: float) -> None:
        self._timer = threading.Timer(quiet, self._still, (label, quiet, began))
        self._timer.daemon = True
        self._timer.start()

    def start(self, what: str, total: int | None) -> None:
        self.finish()
        label = t("Uitgave maken", "Making the release") if what == "release" else what
        if not sys.stderr.isatty():
            self._later(label, QUIET, time.monotonic())
            return
        endless = itertools.repeat(None) if total is None else None
        self._bar = click.progressbar(
            endless, length=total, label=label, show_eta=True, file=sys.stderr, width=24
        )
        self._bar.render_progress()

    def advance(self, n: int = 1) -> None:
        if self._bar is not None:
            self._bar.update(n)

    def finish(self) -> None:
        while self._timer is not None:  # no thread is left: who starts a worker next may fork
            timer, self._timer = self._timer, None
            timer.cancel()
            timer.join()
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None


def in_words(wrong: click.ClickException) -> str:
    """What is wrong with the command, in the language asked for, and where the help is."""
    match wrong:
        case click.NoSuchOption():
            notice = Notice("no_such_option", {"option": wrong.option_name})
        case click.BadOptionUsage():
            notice = Notice("missing_value", {"name": wrong.option_name})
        case click.MissingParameter(param=click.Parameter() as asked):
            choices = getattr(asked.type, "choices", ())
            listed = f" ({', '.join(choices)})" if choices else ""
            notice = Notice("missing_argument", {"name": _name(asked) + listed})
        case click.BadParameter(param=click.Parameter(type=click.Choice() as allowed) as asked):
            choices = ", ".join(map(str, allowed.choices))
            notice = Notice("bad_choice", {"name": _name(asked), "choices": choices})
        case click.BadParameter(param=click.Parameter(type=click.IntRange() as span) as asked):
            limits = {"low": str(span.min), "high": str(span.max)}
            notice = Notice("bad_range", {"name": _name(asked), **limits})
        case click.BadParameter(param=click.Parameter() as asked):
            notice = Notice("bad_argument", {"name": _name(asked)})
        case click.NoSuchCommand():
            notice = Notice("no_such_command", {"name": wrong.command_name})
        case _ if extra := _EXTRA.match(wrong.format_message()):
            notice = Notice("extra_argument", {"given": extra[1]})
        case _:
            notice = Notice("wrong_command", {"why": wrong.format_message()})
    context = wrong.ctx if isinstance(wrong, click.UsageError) else None
    where = context.command_path if context else "wijkeconomie"
    return as_called(f"{notice.text(LANGUAGE)} {where} --help", data="")


_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)")  # click has no class for it


def _name(asked: click.Parameter) -> str:
    """What a person typed or should have typed."""
    return asked.opts[-1] if isinstance(asked, click.Option) else asked.human_readable_name


_AREAS_NAMED, _AREAS_NEAR = 20, 5  # with the same name; with a name that looks like it


def area_of(release: Release, asked: str) -> Area:
    """The area with this code or, said on stderr, the one that this name means (see
    :meth:`Release.exact`); else WrongUse."""
    from wijkeconomie.figures.areas import is_code  # noqa: PLC0415 -- only here

    name = asked.strip()
    if is_code(name.upper()):
        try:
            return release.area(name.upper())
        except Refusal as unknown:
            raise WrongUse(unknown.notice.code, **unknown.notice.fields) from unknown
    found, area = release.names.named(name), release.names.exact(name)
    if area is not None:
        others = len(found) - 1
        code = "gemeente_chosen" if others else "area_chosen"
        say(Notice(code, {"asked": name, "area": _area_in_words(area), "others": others}))
        return area
    if len(found) == 1:
        code, listed = "area_in_names", (*found, *release.names.holding(name))
    else:
        listed = found or release.names.find(name, _AREAS_NEAR)
        code = "area_several" if found else "area_near" if listed else "no_area_named"
    lines = [_area_in_words(area) for area in listed[:_AREAS_NAMED]]
    more = ["…"] if len(listed) > _AREAS_NAMED else []
    areas = "".join(f"\n  {line}" for line in (*lines, *more))
    raise WrongUse(code, asked=name[:60] or '""', count=len(found), areas=areas)


def _area_in_words(area: Area) -> str:
    """``WK034403 Wijk 03 Overvecht (wijk, Utrecht)``."""
    place = f"{area.level}, {area.gemeente}" if area.level in ("wijk", "buurt") else area.level
    return f"{area.code} {area.name} ({place})"


def _in_a_callback(fault: Any) -> None:
    """An interrupt that Python cannot raise, as in a callback of its importer, ends us all the
    same: what is written appears whole or not at all."""
    if not issubclass(fault.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(fault)
        return
    say(Notice("interrupted"))
    os._exit(130)


def _need_output() -> None:
    if sys.stdout is None:  # closed by who called us
        raise WrongUse("output_closed")


def _known_language() -> None:
    """A setting that nobody understands is said; the option is refused by its command."""
    named = os.environ.get("WIJKECONOMIE_LANGUAGE", "")
    if named and named not in LANGUAGES:
        raise WrongUse("unknown_language", language=named[:20], known=", ".join(LANGUAGES))


def _unforeseen(error: Exception) -> Notice:
    """Standard output without room, or a defect.  What is written to a file is refused itself."""
    if getattr(error, "errno", None) == errno.ENOSPC or "(os error 28)" in str(error):
        return Notice("output_full")
    return Notice("unexpected", {"error": f"{type(error).__name__}: {error}"[:300]})


def run(group: click.Group) -> None:
    """Run, and turn every end into an exit code and at most one line; never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.unraisablehook = _in_a_callback
    try:
        _need_output()
        _known_language()
        group.main(standalone_mode=False)
        sys.stdout.flush()
    except Refusal as refusal:
        say(refusal)
        sys.exit(refusal.exit_code)
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.format_message(), err=True)
        sys.exit(bare.exit_code)
    except click.ClickException as wrong:
        click.echo(in_words(wrong), err=True)
        sys.exit(wrong.exit_code)
    except (KeyboardInterrupt, click.Abort):
        say(Notice("interrupted"))
        sys.exit(130)
    except Exception as error:  # the contract: no traceback ever
        if os.environ.get("WIJKECONOMIE_DEBUG"):
            raise
        say(_unforeseen(error))
        sys.exit(1)
