# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What any document holds beside text, whatever it is printed as: pictures and tables."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from xml.etree import ElementTree as ET

import polars as pl

from wijkeconomie.figures import areas
from wijkeconomie.figures.areas import COUNTRY, Area
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language
from wijkeconomie.figures.registry import registry
from wijkeconomie.figures.release import ENOUGH, Cell, Release
from wijkeconomie.insight import wording
from wijkeconomie.insight.opgave import sureness
from wijkeconomie.insight.results import Finding, Peer, Peers, Scan, Unknown
from wijkeconomie.web.charts import margin
from wijkeconomie.web.context import long_date, tight, version, years_in_words
from wijkeconomie.web.look import Look, Past, Ranked, fmt, scans

USES = ("figures", "beside", "lines", "inhabitants", "boundaries", "map", "converting")
REASONS_SHOWN = 2  # of what is alike, and of what differs
_LETTERS_WHOLE = range(40, 8, -1)  # of a word that is not broken, as many as all columns allow
_SMALL = 0.135  # cm that a letter of a word takes in a table
_LETTER = 0.155  # cm that a digit or a capital takes in a table, on the safe side
_DESC = "{http://www.w3.org/2000/svg}desc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A vector picture with the words that stand for it, and a short name for beside it."""

    title: str
    svg: str
    label: str = ""

    @property
    def words(self) -> str:
        """What stands for the picture where it cannot be seen."""
        return ET.fromstring(self.svg).findtext(_DESC) or self.title  # noqa: S314 -- our own drawing

    @property
    def source(self) -> str:
        """The picture as an address that holds it: an image costs less than markup to lay out."""
        return f"data:image/svg+xml;base64,{base64.b64encode(self.svg.encode()).decode()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells as text; ``numeric`` are the columns that are set right, ``strong`` is of every row the
    column in bold, if any."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    strong: tuple[int | None, ...] = ()

    @property
    def lines(self) -> list[tuple[tuple[str, ...], int | None]]:
        """Every row with its column in bold."""
        return list(zip(self.rows, self.strong or (None,) * len(self.rows), strict=True))


def widths(table: Table, width: float) -> list[float]:
    """Centimetres for each column, of *width* together: a number is never broken, a word only where
    all together are too wide, and what is left goes to the columns in the measure in which their
    longest cell asks for more."""
    columns = list(zip(table.heads, *table.rows, strict=True))
    whole = [n in table.numeric and not any(" + " in c for c in cs) for n, cs in enumerate(columns)]
    least: list[float] = []
    for most in _LETTERS_WHOLE:
        least = [
            _room(cells) if kept else _room((w[:most] for c in cells for w in c.split(" ")), _SMALL)
            for kept, cells in zip(whole, columns, strict=True)
        ]
        if sum(least) <= width:
            break
    wish = [max(a, min(_room(cells), 8.0)) for a, cells in zip(least, columns, strict=True)]
    more, left = sum(wish) - sum(least) or 1.0, width - sum(least)
    return [a + left * (b - a) / more for a, b in zip(least, wish, strict=True)]


def _room(texts: Iterable[str], letter: float = _LETTER) -> float:
    """Centimetres that the longest of *texts* takes in a cell."""
    return 0.45 + letter * max(map(len, texts), default=0)


@dataclass(slots=True, kw_only=True)
class Sources:
    """Which tables a document rests on: by number in ``release.origins`` for what, of which years.

    ``moved``: levels and years of which a figure was converted to the boundaries of now."""

    release: Release
    used: dict[int, dict[str, set[int]]] = field(default_factory=dict)
    moved: set[tuple[str, int]] = field(default_factory=set)

    def note(self, number: int, use: str, year: int) -> None:
        """That the table of this number was used for something, of a year."""
        self.used.setdefault(number, {}).setdefault(use, set()).add(year)

    def traced(self, use: str, cells: Iterable[Cell]) -> None:
        """Every table that has the cell, and that a conversion was needed where it was."""
        for cell in cells:
            if cell.status.has_value:
                number = self.release.origins.index(cell.origin)
                self.note(number, use, cell.year)
                if cell.share is not None:
                    self.moved.add((areas.level(cell.area), self._divided(number, cell.year)))

    def shown(self, use: str, codes: Iterable[str], figures: Iterable[tuple[str, int]]) -> None:
        """The tables of figures (indicator and year) of several areas."""
        asked, where = set(figures), set(codes)
        fewer = self._by_area if len(where) < len(asked) else self._by_figure  # a read each
        for level, year, status, number in set(fewer(where, asked)):
            self.note(number, use, year)
            if status in (Status.MOVED, Status.APPORTIONED):
                self.moved.add((level, self._divided(number, year)))

    def _by_area(
        self, codes: Collection[str], figures: Collection[tuple[str, int]]
    ) -> Iterator[tuple[str, int, int, int]]:
        """Level, year, status and number of the table of each of those figures."""
        for code in codes:
            rows = self.release.series(code).drop_nulls(["value", "source"]).drop("value")
            for indicator, year, status, number in rows.iter_rows():
                if (indicator, year) in figures:
                    yield areas.level(code), year, status, number

    def _by_figure(
        self, codes: Collection[str], figures: Collection[tuple[str, int]]
    ) -> Iterator[tuple[str, int, int, int]]:
        levels = {areas.level(code) for code in codes}
        for (indicator, year), level in product(figures, levels):
            rows = self.release.map(indicator, year, level).drop_nulls(["value", "source"])
            for status, number in (
                rows.filter(pl.col("area").is_in(codes)).select("status", "source").unique()
            ).iter_rows():
                yield level, year, status, number

    def chosen(self, result: Scan) -> None:
        """The tables of the background by which comparable areas were chosen: of every figure of it
        the newest year, up to that of the scan, that tells of enough areas."""
        level, codes = result.area.level, [peer.area.code for peer in result.peers.list]
        filled = self.release.filled(level)
        for indicator in result.peers.used:
            told = {y: n for y, n in filled.get(indicator, {}).items() if y <= result.year}
            well = [year for year, n in told.items() if n >= ENOUGH * max(told.values())]
            self.shown("beside", [result.area.code, *codes], [(indicator, y) for y in well[-1:]])

    def bounded(self, code: str) -> None:
        """The table that says on which boundaries an area lies: that counts who lives there then,
        else all with a figure of that year."""
        year = self.release.boundary_year
        rows = self.release.series(code).filter(pl.col("year") == year).drop_nulls("source")
        people = rows.filter(pl.col("indicator") == "population")
        for number in (people if people.height else rows)["source"].unique():
            if "division" not in self.release.facts(number):
                self.note(number, "boundaries", year)

    def mapped(self, level: str, gemeente: str) -> None:
        """The tables with the outlines of a map."""
        years, _publishers = self.release.drawn_from(level, gemeente)
        for number in range(len(self.release.origins)):
            facts = self.release.facts(number)
            if facts["kind"] == "boundaries" and facts["year"] in years:
                self.note(number, "map", facts["year"])

    def table(self, words: Mapping[str, str], language: Language) -> Table:
        """Every table once, with its years and what it was used for."""
        self._converted()
        heads = ("source", "table", "title", "year", "for", "version", "read", "licence")
        origins = self.release.origins
        return Table(
            heads=tuple(words[f"column_{head}"] for head in heads),
            rows=tuple(
                (o.publisher_in(language), o.table, o.title,
                 years_in_words(set().union(*uses.values())),
                 ", ".join(words[f"for_{use}"] for use in USES if use in uses),
                 version(o.version), long_date(o.read_at), o.licence_in(language))
                for number, uses in sorted(
                    self.used.items(), key=lambda one: (origins[one[0]].publisher == "",
                    origins[one[0]].publisher, origins[one[0]].table)
                )
                for o in [origins[number]]
            ),
        )  # fmt: skip

    def _divided(self, number: int, year: int) -> int:
        """The year of the areas of a table: some give all years on the areas of one."""
        return int(self.release.facts(number).get("division", year))

    def _converted(self) -> None:
        """The tables by which figures were brought to the boundaries of now."""
        for number in range(len(self.release.origins)):
            facts = self.release.facts(number)
            if facts["kind"] != "crosswalk" or facts["to_year"] != self.release.boundary_year:
                continue
            if (facts["level"], facts["from_year"]) in self.moved:
                for year in (facts["from_year"], facts["to_year"]):
                    self.note(number, "converting", year)


def sources_of(
    release: Release, result: Scan, past: Past, *, lines: Iterable[str],
    cells: Mapping[str, tuple[Cell, ...]], seen: Look | None, spread: Iterable[int] = (),
) -> Sources:  # fmt: skip
    """All that gave a report a figure (of which the ``cells`` are), a year in a chart (of these
    ``lines``), inhabitants, boundaries or a conversion; ``seen``: what its map or ranking shows,
    ``spread``: of which years its differences are drawn."""
    used, code = Sources(release=release), result.area.code
    others = [COUNTRY, *(peer.area.code for peer in result.peers.list)]
    for traced in cells.values():
        used.traced("figures", traced)
    used.shown("beside", others, ((f.indicator, f.year) for f in result.findings))
    used.chosen(result)
    charted = [(indicator, year) for indicator in lines for year in past.years]
    used.shown("lines", [code, *others], charted)
    for figure in charted:
        used.traced("lines", release.trace(code, *figure))
    if people := past.newest("population"):
        used.traced("inhabitants", release.trace(code, "population", people[1]))
    used.bounded(code)
    if seen:
        _sources_within(used, seen, result.area, spread)
    return used


def _sources_within(used: Sources, seen: Look, area: Area, spread: Iterable[int]) -> None:
    """What the map shows; of a gemeente also what the list of its wijken and the line of their
    differences rest on."""
    mine, shown = [ranked.area.code for ranked in seen.ranked], seen.indicator.id
    used.mapped(seen.level, seen.gemeente.code)
    used.shown("map" if area.level != "gemeente" else "figures", mine, [(shown, seen.year)])
    if area.level != "gemeente":
        return
    within = scans(used.release, seen.gemeente.code, seen.level)
    told = {(finding.indicator, finding.year) for one in within for finding in one.findings}
    used.shown("figures", mine, told)
    peers = {peer.area.code for one in within for peer in one.peers.list}
    used.shown("beside", [COUNTRY, *peers], told)
    used.shown("lines", mine, ((shown, year) for year in spread))


def standing_in(
    traced: Mapping[str, tuple[Cell, ...]], words: Mapping[str, str], language: Language
) -> Table:
    """Of every indicator in which row and columns of which table it stands: what a reader
    of paper needs to look it up."""
    heads = ("figure", "table", "cell", "row", "version")
    keys: dict[tuple[str, ...], list[str]] = {}
    for name, cells in traced.items():
        label = tight(registry().indicators[name].label[language])
        for c in _used(cells):
            row = (label, c.origin.table, _row(c, words, language), version(c.origin.version))
            keys.setdefault(row, []).append(c.key)
    return Table(
        heads=tuple(words[f"column_{head}"] for head in heads),
        rows=tuple((*row[:2], "; ".join(columns), *row[2:]) for row, columns in keys.items()),
    )


def _used(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Those that the figure was made from: of every column the first table that gives it."""
    first: dict[str, Cell] = {}
    for cell in cells:
        if first.setdefault(cell.column, cell).origin == cell.origin:
            yield cell


def _row(cell: Cell, words: Mapping[str, str], language: Language) -> str:
    said = f"{cell.area}, {cell.year}"
    if cell.share is None:
        return said
    share = wording.percent(wording.number(100 * cell.share, 1, language), language)
    return f"{said} ({words['addresses'].format(share=tight(share))})"


def peers_table(peers: Peers, words: Mapping[str, str], language: Language) -> Table:
    """The areas that it is held against, each with what is alike in it and what differs."""
    heads = ("peer", "gemeente", "distance", "alike", "differs")
    return Table(
        heads=tuple(words[f"column_{head}"] for head in heads),
        rows=tuple(_peer(peer, language) for peer in peers.list if peers.good),
        numeric=(2,),
    )


def _peer(peer: Peer, language: Language) -> tuple[str, ...]:
    def named(reasons: Iterable[tuple[str, float, float, float]]) -> str:
        shown = [registry().indicators[name].label[language] for name, *_ in reasons][
            :REASONS_SHOWN
        ]
        return ", ".join(shown) or "–"

    distance = wording.number(peer.distance, 2, language)
    return (peer.area.name, peer.area.gemeente, distance, named(peer.alike), named(peer.differs))


def unknown_table(
    unknown: Iterable[Unknown], words: Mapping[str, str], language: Language
) -> Table:
    """By reason and year: one row says it of many figures."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for u in unknown:
        why = wording.reason(u.status, language, loaded=u.year is not None)
        label = registry().indicators[u.indicator].label[language]
        grouped.setdefault((why, str(u.year) if u.year else "–"), []).append(label)
    return Table(
        heads=(words["column_reason"], words["column_year"], words["column_figures"]),
        rows=tuple((why, year, "; ".join(labels)) for (why, year), labels in grouped.items()),
    )


def beside(finding: Finding, language: Language) -> tuple[str, str, str]:
    """The figure, that of comparable areas and that of the country."""
    written = fmt(registry().indicators[finding.indicator], language)
    gaps = (finding.peers, finding.country)
    together = finding.printed
    peers, country = (tight(written(gap.reference, *together)) if gap else "–" for gap in gaps)
    return tight(written(finding.value, *together)), peers, country


def rest_table(seen: Look, drawn: int, words: Mapping[str, str], language: Language) -> Table:
    """The areas that a picture of the first so many leaves out."""
    heads = ("area", "value", "interval", "peers", "country")
    return Table(
        heads=tuple(words[f"column_{head}"] for head in heads),
        rows=tuple(_rest_row(ranked, seen, language) for ranked in seen.ranked[drawn:]),
        numeric=(1, 2, 3, 4),
    )


def _rest_row(ranked: Ranked, seen: Look, language: Language) -> tuple[str, ...]:
    finding, written = ranked.finding, fmt(seen.indicator, language)
    if ranked.value is None:
        return (ranked.area.name, wording.reason(ranked.status, language), "–", "–", "–")
    if finding is None:
        return (ranked.area.name, tight(written(ranked.value, *seen.most)), "–", "–", "–")
    here, *others = beside(finding, language)
    return (ranked.area.name, here, _margin(finding, language), *others)


def figures_table(
    findings: Iterable[Finding], cells: Mapping[str, tuple[Cell, ...]], words: Mapping[str, str],
    language: Language,
) -> Table:  # fmt: skip
    """Every figure beside what it is held against, with the tables that it is from (``cells``)."""
    heads = ("figure", "year", "value", "interval", "peers", "country", "chance", "table")
    return Table(
        heads=tuple(words[f"column_{head}"] for head in heads),
        rows=tuple(_figure(f, cells[f.indicator], language) for f in findings),
        numeric=(1, 2, 3, 4, 5, 6),
    )


def _figure(finding: Finding, cells: tuple[Cell, ...], language: Language) -> tuple[str, ...]:
    entry, chance = registry().indicators[finding.indicator], sureness(finding)
    tables = ", ".join(dict.fromkeys(cell.origin.table for cell in cells if cell.status.has_value))
    here, *others = beside(finding, language)
    return (
        tight(entry.label[language]), str(finding.year), here,
        _margin(finding, language), *others,
        "–" if chance is None or finding.kind == "level"
        else tight(wording.chance(chance, language)),
        tables or "–",
    )  # fmt: skip


def _margin(finding: Finding, language: Language) -> str:
    written, interval = fmt(registry().indicators[finding.indicator], language), finding.interval
    return tight(margin(interval.low, interval.high, written, language, finding.printed))
