# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What we say when input is refused or needs a warning: one catalogue, two languages.

Every refusal names what is wrong, where, and what to do; the one who catches it adds
what happened to the data.  Texts live in ``refusals.toml``, so no module holds prose.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeVar

T = TypeVar("T")

_COMMANDS = "demo|figures|guide|people|plan|report|scan|serve"
_OUR_COMMAND = re.compile(rf"\bwijkeconomie(?= (?:{_COMMANDS})\b| .*--help$)")

_CLAUSE = re.compile(rf"[.;] [^.;]*\bwijkeconomie (?:{_COMMANDS})\b[^.]*\.")

MOST_TOLD = 20  # faults of one file
Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")
MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
           "september", "oktober", "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August",
           "September", "October", "November", "December"),
}  # fmt: skip


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("refusals.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person must know about their input.

    ``code`` names a table in ``refusals.toml``; ``fields`` fill its placeholders.  ``where`` is
    the table that it is about, for who reads it beside those of others.
    """

    code: str
    fields: dict[str, Any] = field(default_factory=dict)
    where: str = field(default="", compare=False)

    def text(self, language: Language = "nl") -> str:
        """Return the sentence in *language*; an unknown code is a defect and raises KeyError."""
        filled = {name: _written(value, language) for name, value in self.fields.items()}
        return _placed(_texts()[self.code][language].format_map(filled), self.where)


def _placed(said: str, where: str) -> str:
    return said if where in said else f"{where}: {said}"


class Refusal(Exception):
    """Input, service or request that is not taken; nothing was stored.

    ``Refusal("only_header")``, ``Refusal("ragged_rows", first=2, fields=4)``.
    """

    exit_code = 1

    def __init__(self, code: str, /, **fields: Any) -> None:
        self.notice = Notice(code, fields)
        self.others: tuple[Notice, ...] = ()  # further faults of the same file
        self.more = 0  # and how many there are besides these
        self.where = ""  # the file, where several are read
        super().__init__(code)

    def text(self, language: Language = "nl") -> str:
        """The first fault whole, then where the others are: a file is mended in one go."""
        first, *others = self.lines(language)
        listed = len(self.others[: MOST_TOLD - 1])
        return "\n".join([first, *(f"- {one}" for one in others[:listed]), *others[listed:]])

    def lines(self, language: Language = "nl") -> list[str]:
        """The same, each fault by itself: for a page that lists them."""
        told, lines = {self.notice.code}, [_placed(self.notice.text(language), self.where)]
        for notice in self.others[: MOST_TOLD - 1]:
            lines.append(_place(notice, language, short=notice.code in told))
            told.add(notice.code)
        if more := len(self.others) - len(lines) + 1 + self.more:
            lines.append(Notice("faults_more", {"count": more}).text(language))
        return lines

    def __str__(self) -> str:
        return self.text("en")


@contextmanager
def about(name: str) -> Iterator[None]:
    """What is refused in this block says that it is about the file *name*."""
    try:
        yield
    except Refusal as refusal:
        refusal.where = refusal.where or name
        raise


def all_of(places: Sequence[int], fault: Callable[[int], Refusal]) -> Refusal:
    """The *fault* of the first of *places* (at least one), which tells where the others are."""
    told = [fault(at) for at in places[:MOST_TOLD]]
    return _together(told, len(places) - len(told))


def every(tasks: Iterable[Callable[[], T]]) -> list[T]:
    """What each of *tasks* gives; what they refuse is refused together, after the last."""
    found: list[T] = []
    faults: list[Refusal] = []
    for task in tasks:
        try:
            found.append(task())
        except Refusal as fault:
            faults.append(fault)
    if faults:
        raise _together(faults)
    return found


def _together(faults: Sequence[Refusal], more: int = 0) -> Refusal:
    """The first of *faults*, which also tells of the others and that there are *more*."""
    first, *rest = faults
    first.more += more + sum(fault.more for fault in rest)
    first.others += tuple(notice for fault in rest for notice in (fault.notice, *fault.others))
    return first


class Unavailable(Refusal):
    """The figures of this installation are not there or cannot be read."""


class WrongUse(Refusal):
    """The command or request itself is wrong (exit code 2, HTTP 400)."""

    exit_code = 2


def as_called(text: str, name: str) -> str:
    """*text* with our commands under the *name* by which they can be typed here; without the
    clauses that name one, where they cannot be typed: then the *name* is ""."""
    if not name:
        return _CLAUSE.sub(".", text)
    return _OUR_COMMAND.sub(lambda _: name, text)


def _place(notice: Notice, language: Language, *, short: bool) -> str:
    """Where a fault of a kind that was told already is, and what stands there."""
    if not short or "row" not in notice.fields:
        return notice.text(language)
    if "place" in notice.fields:  # a cell of a sheet says its row itself
        where = _written(notice.fields["place"], language)
        return f"{where}: {_written(notice.fields.get('value', ''), language)}".removesuffix(": ")
    found = {name: str(_written(notice.fields[name], language)) for name in ("column", "what",
             "value") if name in notice.fields}  # fmt: skip
    words = ", ".join(found.values())
    row = _written(notice.fields["row"], language)
    return f"{'regel' if language == 'nl' else 'row'} {row}" + (f": {words}" if words else "")


def _written(value: Any, language: Language) -> Any:
    """Write a number with its separators and a day in words; a dict holds words that differ per
    language."""
    if isinstance(value, dict):
        return value[language]
    if isinstance(value, date):
        return day_in_words(value, language)
    return thousands(value, language) if type(value) is int else value


def day_in_words(day: date, language: Language = "nl") -> str:
    """Write ``30 november 2026`` (nl) or ``30 November 2026`` (en)."""
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def thousands(value: int, language: Language = "nl") -> str:
    """Write 14000 as ``14.000`` (nl) or ``14,000`` (en); years and codes go in as text."""
    text = f"{value:,}"
    return text.replace(",", ".") if language == "nl" else text
