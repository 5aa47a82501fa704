# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An agenda reads the days: RFC 5545."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from wijkeconomie.planning.calendar import Day, calendar

MADE = datetime(2026, 3, 9, 9, tzinfo=UTC)


def lines(title: str, text: str = "Winkel") -> list[str]:
    day = Day(uid="een", day=date(2027, 3, 1), title=title, text=text, made=MADE)
    written = calendar([day], name="Plan")
    assert written.endswith("\r\n")
    return written.removesuffix("\r\n").split("\r\n")


def test_a_whole_day_is_written_with_its_key_and_moment() -> None:
    assert lines("Pand") == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//wijkeconomie//plan//NL", "X-WR-CALNAME:Plan",
        "BEGIN:VEVENT", "UID:een@wijkeconomie", "DTSTAMP:20260309T090000Z",
        "DTSTART;VALUE=DATE:20270301", "SUMMARY:Pand", "DESCRIPTION:Winkel", "TRANSP:TRANSPARENT",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip


def test_signs_that_mean_something_are_escaped() -> None:
    assert "SUMMARY:Roc\\, en \\\\ dan\\; nu\\nverder" in lines("Roc, en \\ dan; nu\nverder")


def test_a_long_line_is_folded_by_octets_and_not_within_a_letter() -> None:
    title = "ünïcode €" * 20
    found = lines(title)
    assert max(len(line.encode()) for line in found) <= 75
    start = next(n for n, line in enumerate(found) if line.startswith("SUMMARY:"))
    end = next(n for n, line in enumerate(found) if line.startswith("DESCRIPTION:"))
    assert "".join([found[start], *(line[1:] for line in found[start + 1 : end])]) == (
        f"SUMMARY:{title}"
    )


def test_signs_that_no_agenda_takes_are_spaces() -> None:
    assert "SUMMARY:Te duur" in lines("Te\x0bduur")


def test_what_was_taken_back_is_cancelled() -> None:
    day = Day(
        uid="a", day=date(2027, 1, 1), title="T", text="", made=datetime(2026, 1, 1, tzinfo=UTC)
    )
    marks = ["STATUS:CANCELLED", "SEQUENCE:1"]
    for one, there in ((day, False), (replace(day, off=True), True)):
        text = calendar([one], name="P")
        assert [mark in text for mark in marks] == [there, there]
