# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A scan in plain words for a terminal: one area whole, or the first opgave of many."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from wijkeconomie.figures.areas import Area
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import CONTEXT, PERSPECTIVES, registry
from wijkeconomie.insight import wording
from wijkeconomie.insight.results import Finding, Scan, Unknown

if TYPE_CHECKING:
    from wijkeconomie.figures.release import Release

_BOUND = re.compile(r"(?<=\d) (?=\S)|(?<=€) ")  # between a number and what it counts
_TABLE_WIDTH = 60  # columns that the overview needs to be a table
_WIDEST = (16, 14)  # columns for kind and sureness; what is longer goes on below


def as_text(scan: Scan, release: Release, language: Language, width: int = 80) -> str:
    """The scan in plain words for a terminal of *width* columns (at least 40)."""
    width = max(40, width)
    lines = [*_title(scan, release, language, width), ""]
    for perspective in PERSPECTIVES:
        lines += _perspective(scan, perspective, language, width)
    if not scan.opgaven:
        lines += [*_wrapped(wording.nothing(scan, language), width), ""]
    lines += [*_peers_text(scan, language, width), ""]
    lines += _unknown_text(scan, language, width)
    return "\n".join(lines).rstrip() + "\n"


def as_overview(
    scans: Sequence[Scan], release: Release, language: Language, width: int = 80
) -> str:
    """The first opgave of every area of a gemeente, for a terminal of *width* columns."""
    width = max(40, width)
    words, first = wording.terminal(language), scans[0]
    areas = f"{len(scans)} {wording.level(first.area.level, language, many=len(scans) != 1)}"
    listed = words["first"].format(areas=areas) if any(scan.compared for scan in scans) else areas
    place = f"{first.area.gemeente}, {first.year}: {listed}"
    lines = [*_wrapped(place, width), "=" * min(width, len(place))]
    lines += [*_about(first, release, language, width)]
    lines += [*_reach(scans, release, language, width), ""]
    rows = [_overview_row(scan, language) for scan in scans]
    if width >= _TABLE_WIDTH:
        lines += [words["area"], *_overview_table(rows, words["columns"], width)]
    else:
        lines += _overview_list(rows, width)
    lines += ["", *_wrapped(words["order"] if any(scan.compared for scan in scans) else "", width)]
    return "\n".join([*lines, *_wrapped(words["more"].format(code=first.area.code), width)])


class _Row(NamedTuple):
    """An area in the overview: what, which kind and how sure, or only why nothing stands out."""

    area: Area
    cells: tuple[str, ...]
    behind: str = ""


def _overview_row(scan: Scan, language: Language) -> _Row:
    finding = scan.first
    if finding is None:
        why = "no_opgave" if scan.compared else "alone" if scan.findings else "silent"
        why = "redrawn" if why == "silent" and wording.redrawn(scan) else why
        text = wording.terminal(language)[why].format(compared=scan.compared, figures=scan.figures)
        return _Row(scan.area, (text,))
    entry = registry().indicators[finding.indicator]
    value = wording.quantity(finding.value, entry, language, beside=finding.printed)
    cells = (
        f"{wording.named(finding, language)}: {value}",
        wording.badge(finding, language),
        wording.certainty(finding, language),
    )
    return _Row(scan.area, cells, _behind(finding, scan.area, language))


def _behind(finding: Finding, area: Area, language: Language) -> str:
    """How far the area is behind each reference, as a sentence; nothing of a strength."""
    amounts = wording.behind(finding, language)
    if not amounts:
        return ""
    which = "both" if len(amounts) > 1 else next(iter(amounts))
    text = wording.terminal(language)[f"behind_{which}"]
    areas = wording.level(area.level, language, many=True)
    return wording.there(text.format(areas=areas, **amounts), area)


def _overview_table(rows: Sequence[_Row], heads: Sequence[str], width: int) -> Iterator[str]:
    """An area on a line of its own, with under it what is the matter in columns."""
    whole = [heads, *(row.cells for row in rows if len(row.cells) == len(heads))]
    natural = [max(len(cells[n]) for cells in whole) for n in range(1, len(heads))]
    others = [min(*pair) for pair in zip(natural, _WIDEST, strict=True)]
    widths = [width - 2 - sum(others) - 2 * len(others), *others]
    yield from _in_columns(heads, widths)
    yield "-" * width
    for area, cells, behind in rows:
        yield from _wrapped(f"{area.name} ({area.code})", width)
        yield from _in_columns(cells, widths if len(cells) == len(heads) else [width - 2])
        yield from (f"  {line}" for line in _wrapped(behind, width - 2))


def _in_columns(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=False)]
    for line in zip_longest(*wrapped, fillvalue=""):
        padded = (f"{part:{width}}" for part, width in zip(line, widths, strict=False))
        yield ("  " + "  ".join(padded)).rstrip()


def _overview_list(rows: Sequence[_Row], width: int) -> Iterator[str]:
    for area, cells, behind in rows:
        yield from _wrapped(f"{area.name} ({area.code})", width)
        text = "; ".join([cells[0], ", ".join(cells[1:])] if cells[1:] else cells)
        yield from _wrapped(f"{text}. {behind}" if behind else text, width, bullet=True)


def _wrapped(text: str, width: int, *, bullet: bool = False) -> list[str]:
    """Lines of at most *width*; a number stays with its unit, a word with its hyphen."""
    first, later = ("* ", "  ") if bullet else ("", "")
    kept = _BOUND.sub("\N{NO-BREAK SPACE}", text)
    lines = textwrap.wrap(
        kept, width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    )
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _title(scan: Scan, release: Release, language: Language, width: int) -> Iterator[str]:
    place = scan.area.name
    if scan.area.level != "gemeente":
        place = f"{place}, {scan.area.gemeente}"
    head = f"{place} ({scan.area.code}), {scan.year}"
    yield from _wrapped(head, width)
    yield "=" * min(width, len(head))
    yield from _about(scan, release, language, width)
    yield from _reach((scan,), release, language, width)


def _reach(
    scans: Sequence[Scan], release: Release, language: Language, width: int
) -> Iterator[str]:
    """How little could be compared; where nothing was, which tables are not here, and in which
    years there is enough of this level."""
    yield from _wrapped(wording.reach(scans, language), width)
    if any(scan.compared for scan in scans):
        return
    words, year, level = wording.terminal(language), scans[0].year, scans[0].area.level
    enough = len(release.areas(level)) / 2
    filled = {
        name: years
        for name, years in release.filled(level).items()
        if registry().indicators[name].judged
    }
    n = sum(year in years for years in filled.values())
    areas = wording.level(level, language, many=True)
    moved = any(wording.redrawn(scan) for scan in scans)
    why = "moved" if moved else "few_tables" if n else "no_tables"
    told = moved and len(scans) == 1  # by what stands instead of its opgaven
    said = [] if told else [words[why].format(year=year, n=n, areas=areas)]
    span = (level, year, release.boundary_year)
    if moved and level != "buurt" and span not in release.crosswalks:  # there is none of buurten
        said.append(words["convert"].format(level=level, year=year, target=release.boundary_year))
    of = {y for years in filled.values() for y, there in years.items() if there >= enough} - {year}
    if of:
        listed = ", ".join(map(str, sorted(of)))
        said.append(words["other_years"].format(years=listed, newest=max(of)))
        said.append(words["load"].format(year=year))
    yield from _wrapped(" ".join(said), width)


def _about(scan: Scan, release: Release, language: Language, width: int) -> Iterator[str]:
    words = wording.terminal(language)
    if release.fictional:
        yield from _wrapped(words["fictional"], width)
    yield from _wrapped(f"{words['release']}: {scan.release}", width)


def _perspective(scan: Scan, perspective: str, language: Language, width: int) -> list[str]:
    """What was found, in sentences, and in a line what is level or could not be compared."""
    here = [f for f in scan.findings if f.perspective == perspective]
    if not here:
        return []
    head = wording.perspective(perspective, language)
    lines = [head, "-" * len(head)]
    for finding in [f for f in here if f.kind != "level"]:
        kind = wording.badge(finding, language)
        text = f"{kind}: {wording.sentence(finding, scan.area, language)}"
        lines += _wrapped(text, width, bullet=True)
    others = [f for f in here if f.kind == "level"]
    level = [(_level(f, scan.area, language), _with_value(f, language)) for f in others]
    return [*lines, *_by_reason(level, width), ""]


def _level(finding: Finding, area: Area, language: Language) -> str:
    """Its badge; of what could not be compared, why."""
    if finding.reason != "nothing":
        return wording.badge(finding, language)
    areas = wording.level(area.level, language, many=True)
    return wording.there(wording.terminal(language)["uncompared"].format(areas=areas), area)


def _with_value(finding: Finding, language: Language) -> str:
    entry = registry().indicators[finding.indicator]
    said = wording.measured(finding.value, entry, language)
    return f"{entry.label[language]} ({said}{f', {finding.year}' if finding.dated else ''})"


def _by_reason(pairs: Iterable[tuple[str, str]], width: int) -> Iterator[str]:
    """``Geen duidelijk verschil: Starters (8,1); Stoppers (6,0).`` of reasons and names."""
    by_reason: dict[str, list[str]] = {}
    for why, name in pairs:
        by_reason.setdefault(why, []).append(name)
    for why, names in by_reason.items():
        yield from _wrapped(f"{why[0].upper()}{why[1:]}: {'; '.join(names)}.", width, bullet=True)


def _peers_text(scan: Scan, language: Language, width: int) -> list[str]:
    head = wording.terminal(language)["peers"]
    lines = [head, "-" * len(head)]
    lines += _wrapped(wording.peers_sentence(scan.peers, scan.area, language), width)
    if scan.peers.good:
        names = ", ".join(f"{peer.area.name} ({peer.area.gemeente})" for peer in scan.peers.list)
        lines += _wrapped(names, width)
        for why in wording.reasons_sentences(scan.peers, language):
            lines += _wrapped(why, width)
    return lines


def _unknown_text(scan: Scan, language: Language, width: int) -> list[str]:
    shown = [u for u in scan.unknown if u.perspective != CONTEXT]
    if not shown:
        return []
    head = wording.terminal(language)["unknown"]
    lines = [head, "-" * len(head)]
    pairs = [
        (wording.reason(u.status, language, loaded=u.year is not None), _of_year(u, language))
        for u in shown
    ]
    return [*lines, *_by_reason(pairs, width)]


def _of_year(unknown: Unknown, language: Language) -> str:
    """Its name; with the year of the figure that there is, but that nothing can be held against."""
    label = registry().indicators[unknown.indicator].label[language]
    return f"{label} ({unknown.year})" if unknown.status is Status.OLD else label
