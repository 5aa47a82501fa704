# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Days to keep as an iCalendar file (RFC 5545), for any agenda."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from wijkeconomie.figures.registry import legible

_OCTETS = 75  # of a line, without its end (RFC 5545 §3.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A whole day with what is due: ``uid`` never changes, ``made`` knows its time zone; ``off``:
    it was taken back, and goes from an agenda that has it (RFC 5545 §3.8.1.11)."""

    uid: str
    day: date
    title: str
    text: str
    made: datetime
    off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """Something from one moment to another, both of which know their time zone; the rest as of a
    day.  ``place``: where."""

    uid: str
    starts: datetime
    ends: datetime
    title: str
    text: str
    made: datetime
    place: str = ""
    off: bool = False


def calendar(days: Iterable[Day | Hour], *, name: str) -> str:
    """The file, with lines that end in CR LF and are folded by octets."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//wijkeconomie//plan//NL",
             f"X-WR-CALNAME:{_escaped(name)}"]  # fmt: skip
    for one in days:
        lines += [
            "BEGIN:VEVENT", f"UID:{one.uid}@wijkeconomie",
            f"DTSTAMP:{_utc(one.made)}", *_when(one), f"SUMMARY:{_escaped(one.title)}",
            f"DESCRIPTION:{_escaped(one.text)}",
            *(("TRANSP:TRANSPARENT",) if isinstance(one, Day) else ()),
            *(("STATUS:CANCELLED", "SEQUENCE:1") if one.off else ()), "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _when(one: Day | Hour) -> list[str]:
    """In UTC, which every agenda shows by the clock of its own place."""
    if isinstance(one, Day):
        return [f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"]
    there = [f"LOCATION:{_escaped(one.place)}"] if one.place else []
    return [f"DTSTART:{_utc(one.starts)}", f"DTEND:{_utc(one.ends)}", *there]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """RFC 5545 §3.3.11, and §3.1: no control signs."""
    text = legible(text)
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """In parts of at most 75 octets, never within a code point; all but the first after a space."""
    part = ""
    for sign in line:
        if len((part + sign).encode()) > _OCTETS:
            yield part
            part = " "
        part += sign
    yield part
