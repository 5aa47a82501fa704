# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pictures of a plan: where the money goes, and what is due when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wijkeconomie.web.drawing import Frame, folded, picture, tag, text, written

MOST_DUES = 24  # that are drawn one by one
_ROW, _BAR, _WORDS = 42.0, 14.0, 15.0
_DUE, _LINE, _HEAD, _COLUMN, _FOOT = 55.0, 17.0, 40.0, 120.0, 24.0
_NARROW, _LETTERS = 284.0, 14.0  # what fits at 320 px
_MOST_QUARTERS, _MOST_YEARS = 12, 7
_STEPS = (1, 2, 5, 10, 25, 50, 100, 500, 2000)  # years in a part
_HALF, _HALF_YEAR = 0.5, 183


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of a budget: its name, its size, and that size in words."""

    label: str
    size: int
    words: str
    perspective: str = "context"


def budget_bar(
    shares: Sequence[Share], *, total: int, rest: tuple[str, str], title: str, prefix: str,
    language: str = "nl", standalone: bool = False,
) -> str:  # fmt: skip
    """Every part of *total* as a bar that begins where the one before ended; *rest* says, with its
    size in words, what is left or lacking.

    The width of the picture is *total*, or all parts together where that is more: then a broken
    line stands at *total*.
    """
    spent = sum(share.size for share in shares)
    whole = max(total, spent) or 1
    rows, start = [], 0
    for row, share in enumerate(shares):
        rows.append(_bar(row, share, start / whole, share.size / whole))
        start += share.size
    low, high = sorted((spent, total))
    missing = Share(label=rest[0], size=high - low, words=rest[1])
    rows.append(_bar(len(shares), missing, low / whole, (high - low) / whole, open_=True))
    height = _ROW * len(rows)
    if spent > total:
        x = _percent(total / whole)
        rows.append(tag("line", x1=x, x2=x, y1=0.0, y2=height, class_="land-line"))
    desc = "; ".join(f"{share.label}: {share.words}" for share in (*shares, missing))
    frame = Frame(
        title=title, desc=desc, prefix=prefix, width=480, height=height, language=language,
        shape="fluid", standalone=standalone,
    )  # fmt: skip
    return picture(frame, *rows)


def _bar(row: int, share: Share, start: float, size: float, *, open_: bool = False) -> str:
    top = row * _ROW
    return tag(
        "g",
        text("0%", top + _WORDS, share.label),
        text("100%", top + _WORDS, share.words, text_anchor="end", class_="t-strong"),
        tag("rect", x="0%", width="100%", y=top + 21, height=_BAR, class_="track"),
        tag("rect", x=_percent(start), width=_percent(size), y=top + 21, height=_BAR,
            class_="spread" if open_ else "part"),
        class_=f"p-{share.perspective}",
    )  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that is due on a day: whose it is, what, and the day in words."""

    day: date
    who: str
    what: str
    told: str
    perspective: str = "context"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of a time line, from a day up to the day after its last."""

    start: date
    end: date


def spans(days: Sequence[date]) -> tuple[Span, ...]:
    """Parts of equal length that hold all *days* in whole years: quarters, at most twelve of them;
    else so many whole years that there are at most seven."""
    if not days:
        return ()
    first, last = min(days).year, max(days).year
    if 4 * (last - first + 1) <= _MOST_QUARTERS:
        starts = [date(first + n // 4, 3 * (n % 4) + 1, 1)
                  for n in range(4 * (last - first + 1))]  # fmt: skip
        return _between(starts, date(last + 1, 1, 1) if last < date.max.year else date.max)
    step = next(s for s in _STEPS if last // s - first // s < _MOST_YEARS)
    years = range(first // step * step, last // step * step + step, step)
    end = years[-1] + step
    return _between(
        [date(max(year, 1), 1, 1) for year in years],
        date(end, 1, 1) if end <= date.max.year else date.max,
    )


def _between(starts: Sequence[date], end: date) -> tuple[Span, ...]:
    return tuple(map(Span, starts, (*starts[1:], end)))


def timeline(
    dues: Sequence[Due], *, title: str, desc: str, prefix: str, language: str = "nl",
    standalone: bool = False,
) -> str:  # fmt: skip
    """Every day as a dot on a line of its own, in order, under one scale of time, with all its
    words; more than :data:`MOST_DUES` as columns: how many in each part of the time."""
    ordered = sorted(dues, key=lambda due: (due.day, due.who, due.what))
    parts = spans([due.day for due in ordered])
    many = len(ordered) > MOST_DUES
    height = _HEAD + (_COLUMN + _FOOT if many else sum(map(_deep, ordered)))
    frame = Frame(
        title=title, desc=desc, prefix=prefix, width=480, height=height, language=language,
        shape="fluid", standalone=standalone,
    )  # fmt: skip
    drawn = _columns(ordered, parts) if many else _dots(ordered, parts)
    return picture(frame, *_scale(parts, language, lines=many), *drawn)


def _at(day: date, parts: Sequence[Span]) -> float:
    first, last = parts[0].start, parts[-1].end
    return (day - first) / (last - first)


def _scale(parts: Sequence[Span], language: str, *, lines: bool) -> Iterator[str]:
    """The year over each part that begins with one; with *lines* down through the columns, else
    the quarters under it: the lines of these are in each track, not through words."""
    quarters = _are_quarters(parts)
    for number, part in enumerate(parts):
        x = _percent(_at(part.start, parts))
        if lines:
            yield tag("line", x1=x, x2=x, y1=_HEAD - 6, y2=_HEAD + _COLUMN, class_="grid")
        elif quarters:
            middle = _percent((_at(part.start, parts) + _at(part.end, parts)) / 2)
            name = f"{'Q' if language == 'en' else 'k'}{number % 4 + 1}"
            yield text(middle, 31, name, text_anchor="middle", class_="t-soft")
        if part.start.month == 1:
            yield text(x, 14, str(part.start.year), class_="t-soft")


def _are_quarters(parts: Sequence[Span]) -> bool:
    return len(parts) > 1 and (parts[1].start - parts[0].start).days < _HALF_YEAR


def _lines(due: Due) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whose it is and what, each over as many lines as its words need."""
    return (folded(due.who, 0.9 * _NARROW, _LETTERS), folded(due.what, _NARROW, _LETTERS))


def _deep(due: Due) -> float:
    return _DUE - _LINE + _LINE * sum(map(len, _lines(due)))


def _dots(dues: Sequence[Due], parts: Sequence[Span]) -> Iterator[str]:
    top = _HEAD
    for due in dues:
        who, what = _lines(due)
        at, foot = _at(due.day, parts), top + _LINE * (len(who) + len(what))
        late = at > _HALF
        yield tag(
            "g",
            tag("title", written(f"{due.told}: {due.who}: {due.what}")),
            *(text("0%", top + _WORDS + _LINE * row, words,
                   class_="t-strong" if row < len(who) else None)
              for row, words in enumerate((*who, *what))),
            tag("rect", x="0%", width="100%", y=foot + 6, height=18.0, class_="track"),
            *(tag("line", x1=x, x2=x, y1=foot + 6, y2=foot + 24, class_="grid")
              for x in (_percent(_at(part.start, parts)) for part in parts)),
            tag("circle", cx=_percent(at), cy=foot + 15, r=6.0, class_="dot"),
            text(_percent(at), foot + 20, due.told, dx=-11.0 if late else 11.0,
                 text_anchor="end" if late else "start"),
            class_=f"p-{due.perspective}",
        )  # fmt: skip
        top += _deep(due)


def _columns(dues: Sequence[Due], parts: Sequence[Span]) -> Iterator[str]:
    counts = [
        Counter(due.perspective for due in dues if part.start <= due.day < part.end)
        for part in parts
    ]
    most = max(count.total() for count in counts)
    quarters = _are_quarters(parts)
    for number, (part, count) in enumerate(zip(parts, counts, strict=True)):
        left, right = _at(part.start, parts), _at(part.end, parts)
        middle, foot = _percent((left + right) / 2), _HEAD + _COLUMN
        if quarters:
            yield text(middle, foot + 16, str(number % 4 + 1), text_anchor="middle",
                       class_="t-soft")  # fmt: skip
        for name, size in sorted(count.items()):
            deep = size / most * (_COLUMN - 20)
            foot -= deep
            bar = tag("rect", x=_percent(left + 0.2 * (right - left)), y=foot, height=deep,
                      width=_percent(0.6 * (right - left)), class_="part")  # fmt: skip
            yield tag("g", bar, class_=f"p-{name}")
        if count:
            yield text(middle, foot - 5, str(count.total()), text_anchor="middle",
                       class_="t-strong")  # fmt: skip
