# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""When something comes back: by the week, by the month, by the year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

Every = Literal["week", "month", "year"]
AHEAD = {"week": timedelta(days=42), "month": timedelta(days=92), "year": timedelta(days=371)}
_SUNDAY, _WEEK = 6, timedelta(days=7)


def kings_day(year: int) -> date:
    """27 April, and the day before where that is a Sunday (as rijksoverheid.nl tells)."""
    day = date(year, 4, 27)
    return day - timedelta(days=1) if day.weekday() == _SUNDAY else day


def last_kings_day(today: date) -> date:
    """The last one before *today*."""
    this = kings_day(today.year)
    return this if this < today else kings_day(today.year - 1)


def back_to(day: date, weekday: int) -> date:
    """The last *weekday* (0 is Monday) up to and including *day*."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def nth(day: date, number: int, weekday: int) -> date:
    """The *number*-th *weekday* of the first month in which it is on *day* or later."""
    first = day.replace(day=1)
    found = first + timedelta(days=(weekday - first.weekday()) % 7) + _WEEK * (number - 1)
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return found if found >= day else nth(after, number, weekday)


def following(day: date, every: Every) -> date:
    """When it is next.  By the month and by the year that is the same weekday of the month: the
    second Saturday, or the last one for what was in its fifth week.  King's Day stays King's Day.
    """
    if every == "week":
        return day + _WEEK
    if every == "year":
        if day == kings_day(day.year):
            return kings_day(day.year + 1)
        return _weekday_of(day.year + 1, day.month, day)
    year, month = divmod(day.year * 12 + day.month, 12)
    return _weekday_of(year, month + 1, day)


def _weekday_of(year: int, month: int, like: date) -> date:
    first = date(year, month, 1)
    found = first + timedelta(days=(like.weekday() - first.weekday()) % 7)
    found += _WEEK * ((like.day - 1) // 7)
    return found if found.month == month else found - _WEEK


def coming(day: date, every: Every, today: date) -> Iterator[date]:
    """The days after *day* that can be told on *today*: those that lie ahead, as far as one looks
    for it.  Days that passed meanwhile are nobody's any more."""
    while (day := following(day, every)) <= today + AHEAD[every]:
        if day > today:
            yield day
