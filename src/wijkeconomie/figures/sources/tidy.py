# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a table as its source writes it to a Snapshot: the step that all sources share.

What no figure can be (a negative count, 120 %, a district with more people than a country) is
refused with the row in the file.  Sums are judged with CBS's rounding in mind: counts of wijken and
buurten are rounded at random to multiples of five (CBS, toelichting Kerncijfers wijken en buurten
2023).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

import polars as pl

from wijkeconomie.figures.areas import COUNTRY
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Notice, Refusal, WrongUse, all_of, every, thousands
from wijkeconomie.figures.registry import Column, Text, registry
from wijkeconomie.figures.snapshot import OWN, SAID_SUFFIX, STATUS_SUFFIX, Origin, Snapshot
from wijkeconomie.figures.sources import cells, codes
from wijkeconomie.figures.sources.layout import Layout, layout, other_codes, recognise

Reader = Callable[[list[str]], pl.DataFrame]  # headers to numbers with their status
_YEAR = r"^\s*((?:19|20)[0-9][0-9])(?:\.0|JJ00|(?:GM|WK|BU)\w+)?\s*$"
_YEAR_IN_NAME = re.compile(r"(?<![0-9])(?:19|20)[0-9][0-9](?![0-9])")
_ISO_DATE = r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\b"
_NOT_PRINTED = r"[\s\p{C}]+"  # spaces, line breaks, and what steers a terminal or turns text around
_SHOWN = 20
_ALIKE = 0.85  # of a misspelt header and the name that it may stand for (Ratcliff and Obershelp)
_ENDS = ("", STATUS_SUFFIX)
_WHOLE = (  # a municipality may count 12 of these, or 13
    "persons", "households", "dwellings", "firms", "jobs", "facilities", "cases", "cars",
)  # fmt: skip
_NEVER_NEGATIVE = ("count", "share", "density", "address_mean")  # what is owned may be
_ALMOST = 1e-11  # of a number: what a spreadsheet, of fifteen digits, may leave of a whole one
_COUNTRY_PART = 10  # no gemeente holds a tenth of what the country may hold
_LARGEST_SHARE = 100.0
_ROUNDING_SLACK = 3  # three rounded counts, each off by at most one step
_DUTCH_DATE = r"^\s*[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{4}\s*$"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What a user decided about a file.

    ``known`` (code to name) names the area that a mended code means; ``many``: the year that they
    gave is for several files.
    """

    sheet: str | None = None
    header_row: int | None = None
    number_format: cells.NumberFormat | None = None
    confirm_repair: bool = False
    known: Mapping[str, str] | None = None
    many: bool = False


def snapshot(
    rows: pl.DataFrame,
    *,
    origin: Origin,
    year: int | None,
    notices: tuple[Notice, ...] = (),
    titles: Mapping[str, str] | None = None,
    options: ReadOptions | None = None,
    lines: pl.Series | None = None,
    status: Mapping[str, pl.Series] | None = None,
) -> Snapshot:
    """Recognise, read and check a table: headers as the source writes them, any dtypes.

    *year* is used when the table has no year of its own.  *titles* maps keys to title paths with
    unit, for keys that the registry does not know.  *lines* are the row numbers in the file, for
    messages; without them the row after the header is row 2.  *status* is that of columns that
    were read as plain numbers (:class:`~wijkeconomie.figures.sources.grid.Grid`).  Both shapes of
    a municipality's own table are read: wide, and long (code, indicator, year, value).

    Raises Refusal for what cannot be right, WrongUse ``year_needed``.
    """
    if not rows.height:
        raise Refusal("only_header")
    options = options or ReadOptions()
    plan = layout(rows, titles or {})
    numbered = pl.Series("line", range(2, rows.height + 2)) if lines is None else lines
    work = _places(rows, plan, year, options, origin, numbered)
    status = status or {}
    if work.height < rows.height:
        rows = rows[work["at"]]
        status = {header: marks.gather(work["at"]) for header, marks in status.items()}
    numbers = partial(
        cells.read,
        rows,
        lines=work["line"],
        published=plan.published,
        read_before=status,
        number_format=options.number_format,
    )
    read = _long if plan.is_long else _wide
    is_own = origin.publisher == OWN[0]
    frame, keys, found = read(rows, work.drop("at"), plan, numbers, is_own=is_own)
    unrecognised = (*plan.unrecognised, *_unknown_indicators(rows, plan))
    meant = _computed(unrecognised) + (_misspelt(unrecognised) if is_own else ())
    if not keys:
        named = ", ".join(unrecognised[:_SHOWN]) or "–"
        refusal = Refusal("nothing_recognised", rows=rows.height, columns=named)
        refusal.others = meant
        raise refusal
    frame, repeated = _unique(frame, keys)
    return Snapshot(
        origin=origin,
        frame=frame.drop("line", "said"),
        lines=None if lines is None else frame["line"],
        keys=keys,
        unrecognised=unrecognised,
        notices=(*notices, *found, *meant, *repeated, *_excesses(frame, keys)),
    )


def year_in_name(file: str) -> str | None:
    """The one year that the name of a file holds."""
    years = set(_YEAR_IN_NAME.findall(file))
    return years.pop() if len(years) == 1 else None


def year_needed(file: str) -> WrongUse:
    """Ask for the year of *file*; a year in its name is proposed, not taken."""
    year = year_in_name(file)
    if year is None:
        return WrongUse("year_needed", file=file, guess="")
    guess = {
        "nl": f" De naam van het bestand doet denken aan {year}: --year {year}.",
        "en": f" The name of the file suggests {year}: --year {year}.",
    }
    return WrongUse("year_needed", file=file, guess=guess)


def _places(
    rows: pl.DataFrame,
    plan: Layout,
    year: int | None,
    options: ReadOptions,
    origin: Origin,
    lines: pl.Series,
) -> pl.DataFrame:
    """Area, year, name, gemeente, change, the line in the file and the position in *rows*."""
    names = _trimmed(rows, plan.name)
    area = codes.read(
        rows[plan.code],
        lines=lines,
        names=names,
        known=options.known,
        repair=options.confirm_repair,
    )
    if not plan.published:
        codes.refuse_apart(area, {h: rows[h] for h in other_codes(rows, plan.code)}, lines)
    gemeente = _trimmed(rows, plan.gemeente)
    frame = pl.DataFrame(
        {
            "area": area,
            "year": _years(rows, plan, year, lines, origin),
            "name": names,
            "gemeente": gemeente,
            "change": _trimmed(rows, plan.change),
            "line": lines,
            "said": _trimmed(rows, None if plan.published else plan.source),
            "at": pl.Series(range(rows.height), dtype=pl.UInt32),
        }
    ).filter(~pl.col("area").str.contains(codes.OTHER_REGIONS))
    is_gemeente = pl.col("area").str.contains("^(?:GM|NL)")
    return frame.with_columns(name=pl.coalesce("name", pl.when(is_gemeente).then("gemeente")))


def _trimmed(rows: pl.DataFrame, header: str | None) -> pl.Series:
    if header is None:
        return pl.Series([None] * rows.height, dtype=pl.String)
    return printable(rows[header].cast(pl.String))


def printable(text: pl.Series) -> pl.Series:
    """Without padding, line breaks and signs that no document can hold; null for nothing left."""
    bare = text.str.strip_chars()  # most of it is padding, which a pattern reads slowly
    bare = bare.str.replace_all(_NOT_PRINTED, " ").str.strip_chars()
    return bare.set(bare == "", None)


def _years(
    rows: pl.DataFrame, plan: Layout, year: int | None, lines: pl.Series, origin: Origin
) -> pl.Series:
    if plan.year is None:
        if year is None:
            raise year_needed(origin.table)
        return pl.repeat(year, rows.height, dtype=pl.Int16, eager=True)
    text = rows[plan.year].cast(pl.String).fill_null("")
    iso, dutch = text.str.contains(_ISO_DATE), text.str.contains(_DUTCH_DATE)
    if iso.any() and dutch.any():
        first, second = sorted((int(iso.arg_max() or 0), int(dutch.arg_max() or 0)))
        raise Refusal(
            "two_date_notations", column=plan.year, first=text[first], second=text[second]
        )
    # both notations of a date hold the year as their only four digits
    pattern = r"([0-9]{4})" if (iso | dutch).all() else _YEAR
    years = text.str.extract(pattern).cast(pl.Int16)
    if years.null_count():
        raise all_of(
            years.is_null().arg_true().to_list(),
            lambda at: Refusal(
                "no_year_in_row", row=int(lines[at]), column=str(plan.year), value=text[at][:40]
            ),
        )
    return years


def _wide(
    rows: pl.DataFrame, work: pl.DataFrame, plan: Layout, read: Reader, *, is_own: bool
) -> tuple[pl.DataFrame, dict[str, str], tuple[Notice, ...]]:
    """One row an area and year, one column a figure."""
    numbers = read(list(plan.columns))
    keys = _chosen(numbers, plan.columns)
    bounds = cells.bounds(numbers.select(*plan.columns), work["area"] != COUNTRY)

    def check(column: str, header: str) -> tuple[Notice, ...]:
        written = _written(rows, header, work)
        figures = _figures(column, header, work, numbers[header], written, is_own=is_own)
        return _refuse_impossible(figures, bounds[header])

    notices = [n for found in every(partial(check, *pair) for pair in keys.items()) for n in found]
    named = {header + end: column + end for column, header in keys.items() for end in _ENDS}
    whole = work.hstack(numbers.select(*named).rename(named))
    if not whole["said"].is_null().all():
        whole = whole.with_columns(pl.col("said").alias(column + SAID_SUFFIX) for column in keys)
    return whole, keys, tuple(notices)


def _chosen(numbers: pl.DataFrame, columns: Mapping[str, str]) -> dict[str, str]:
    """Header for each registry column; two that tell different figures are refused."""
    keys: dict[str, str] = {}
    for header, column in columns.items():
        other = keys.setdefault(column, header)
        if other == header or numbers[header].null_count() == numbers.height:
            continue
        if numbers[other].null_count() == numbers.height:
            keys[column] = header
        elif not numbers[other].equals(numbers[header].alias(other)):
            raise Refusal("same_figure_twice", first=other, second=header)
    return keys


def _figures(
    column: str,
    header: str,
    work: pl.DataFrame,
    values: pl.Series,
    written: Callable[[int], str],
    *,
    is_own: bool,
) -> _Figures:
    return _Figures(
        column=registry().columns[column],
        header=header,
        area=work["area"],
        lines=work["line"],
        values=values,
        written=written,
        is_own=is_own,
    )


def _written(rows: pl.DataFrame, header: str, work: pl.DataFrame) -> Callable[[int], str]:
    """The cell of a line as the file writes it."""

    def written(line: int) -> str:
        cell = rows[header][int((work["line"] == line).arg_max() or 0)]
        return f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip()

    return written


def _long(
    rows: pl.DataFrame, work: pl.DataFrame, plan: Layout, read: Reader, *, is_own: bool
) -> tuple[pl.DataFrame, dict[str, str], tuple[Notice, ...]]:
    """One row a figure: read the values as one column, then give each indicator its own."""
    header, named = str(plan.value), str(plan.indicator)
    numbers = read([header])
    whole = work.with_columns(
        indicator=rows[named].cast(pl.String).str.strip_chars(),
        value=numbers[header],
        status=numbers[header + STATUS_SUFFIX],
    )
    names: dict[str, list[str]] = {}  # one figure may be written under two names
    for name in whole["indicator"].unique(maintain_order=True).drop_nulls():
        if column := recognise(name):
            names.setdefault(column, []).append(name)
    keys = {column: written[0] for column, written in names.items()}
    places = whole.group_by("area", "year", maintain_order=True).agg(
        pl.col("name", "gemeente", "change", "line", "said").first()
    )

    def one(column: str, name: str) -> tuple[pl.DataFrame, tuple[Notice, ...]]:
        part = whole.filter(pl.col("indicator").is_in(names[column]))
        written = _written(rows, header, work)
        figures = _figures(column, name, part, part["value"], written, is_own=is_own)
        bounds = cells.bounds(part.select("value"), part["area"] != COUNTRY)
        notices = _refuse_impossible(figures, bounds["value"])
        alone, repeated = _alone(part, column, name)
        return alone, (*notices, *repeated)

    found = every(partial(one, *pair) for pair in keys.items())
    for column, (alone, _) in zip(keys, found, strict=True):
        places = places.join(alone, on=("area", "year"), how="left").with_columns(
            pl.col(column + STATUS_SUFFIX).fill_null(Status.UNKNOWN.value)
        )
    said = [c + SAID_SUFFIX for c in keys if c + SAID_SUFFIX in places.columns]
    notices = tuple(notice for _, told in found for notice in told)
    return places.select(*work.columns, *_pairs(keys), *said), keys, notices


def _alone(
    part: pl.DataFrame, column: str, written: str
) -> tuple[pl.DataFrame, tuple[Notice, ...]]:
    """The rows of one indicator as a column, one row an area and year."""
    chosen = {column: "value", column + STATUS_SUFFIX: "status"}
    if not part["said"].is_null().all():
        chosen[column + SAID_SUFFIX] = "said"
    named = part.select("area", "year", "line", **{name: pl.col(c) for name, c in chosen.items()})
    figures, repeated = _unique(named, {column: written})
    return figures.drop("line"), repeated


def _pairs(keys: Mapping[str, str]) -> list[str]:
    return [column + end for column in keys for end in _ENDS]


def _unknown_indicators(rows: pl.DataFrame, plan: Layout) -> tuple[str, ...]:
    """Indicators of a long table that the registry does not know."""
    if not plan.is_long:
        return ()
    names = rows[str(plan.indicator)].cast(pl.String).str.strip_chars().unique(maintain_order=True)
    return tuple(name for name in names.drop_nulls() if not recognise(name))


def _computed(unrecognised: tuple[str, ...]) -> tuple[Notice, ...]:
    """Names of ``figures list`` that no table can hold, with the columns that they are made of."""
    made = registry().indicators
    return tuple(
        Notice(
            "figure_is_computed", {"name": name, "columns": ", ".join(made[name].inputs.values())}
        )
        for name in unrecognised
        if name in made
    )


def _misspelt(unrecognised: tuple[str, ...]) -> tuple[Notice, ...]:
    """Headers that look like one name that municipalities write, which they may stand for."""
    names = [name for column in registry().columns.values() for name in (*column.own, column.id)]
    near = {header: get_close_matches(header.lower(), names, 1, _ALIKE) for header in unrecognised}
    return tuple(
        Notice("column_misspelt", {"column": header, "near": found[0]})
        for header, found in near.items()
        if found
    )


def _unique(
    frame: pl.DataFrame, keys: Mapping[str, str]
) -> tuple[pl.DataFrame, tuple[Notice, ...]]:
    """Keep one of equal rows for an area and year; refuse rows that differ, never take the last."""
    twice = frame.filter(pl.struct("area", "year").is_duplicated())
    if not twice.height:
        return frame, ()
    figures = _pairs(keys)
    by_place = twice.group_by("area", "year", maintain_order=True)
    differing = by_place.agg(pl.struct(figures).n_unique().alias("kinds")) if figures else None
    if differing is not None and (differing["kinds"] > 1).any():
        places = differing.filter(pl.col("kinds") > 1).select("area", "year").rows()
        raise all_of(range(len(places)), lambda at: _conflict(twice, places[at], keys))
    kept = frame.unique(("area", "year"), keep="first", maintain_order=True)
    return kept, (Notice("rows_repeated", {"rows": frame.height - kept.height}),)


def _conflict(twice: pl.DataFrame, place: tuple[str, int], keys: Mapping[str, str]) -> Refusal:
    area, year = place
    same = twice.filter((pl.col("area") == area) & (pl.col("year") == year))
    column = next(
        c for c in keys if same.select(pl.struct(c, c + STATUS_SUFFIX).n_unique()).item() > 1
    )
    cells = [(row["line"], row[column], row[column + STATUS_SUFFIX]) for row in same.to_dicts()]
    first = cells[0]
    second = next(cell for cell in cells if cell[1:] != first[1:])
    lines = int(first[0]), int(second[0])
    return Refusal(
        "rows_conflict",
        row={
            "nl": " en ".join(thousands(line, "nl") for line in lines),
            "en": " and row ".join(thousands(line, "en") for line in lines),
        },
        what=f"{area}/{year}",
        first=lines[0],
        second=lines[1],
        code=area,
        year=str(year),
        column=keys[column],
        value=_plain(*first[1:]),
        other=_plain(*second[1:]),
    )


def _plain(value: float | None, status: int) -> str:
    if value is None:
        return "." if status == Status.SECRET else "–"
    return f"{value:.10g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """One registry column as read: equally long series, and the cell as it was written."""

    column: Column
    header: str
    area: pl.Series
    lines: pl.Series
    values: pl.Series
    written: Callable[[int], str]
    is_own: bool


def _refuse_impossible(figures: _Figures, bounds: cells.Bounds) -> tuple[Notice, ...]:
    """Refuse what cannot be, and return a warning where a percentage may be a fraction."""
    values, column = figures.values, figures.column
    lowest, highest, broken, highest_part = bounds
    if lowest is None or highest is None or broken is None:
        return ()
    if column.kind in _NEVER_NEGATIVE and lowest < 0:
        _refuse_each(figures, values < 0, _negative)
    is_whole = column.kind == "count" and column.unit in _WHOLE
    told = _broken_ones(figures) if is_whole and broken > 0 else ()
    if column.unit == "percent" and highest > _LARGEST_SHARE:
        _refuse_each(figures, values > _LARGEST_SHARE, _over_100)
    if column.highest:
        _refuse_implausible(figures, highest, highest_part or 0)
    if column.unit == "percent" and highest <= 1 and ((values > 0) & (values < 1)).any():
        # a file of fractions (0,141 for 14,1 %) has no percentage above one
        return (*told, Notice("share_is_fraction", {"column": figures.header}))
    return told


def _broken_ones(figures: _Figures) -> tuple[Notice, ...]:
    """Refuse half a person in a municipality's own table; what somebody published stays, and is
    told."""
    numbers = figures.values
    broken = ((numbers - numbers.round()).abs() > _ALMOST * numbers.abs()).fill_null(value=False)
    if not broken.any():
        return ()
    if figures.is_own:
        _refuse_each(figures, broken, _broken)
    fields = _broken(figures, int(broken.arg_max() or 0)).notice.fields
    return (Notice("published_not_whole", fields | {"rows": int(broken.sum())}),)


def _excesses(frame: pl.DataFrame, keys: Mapping[str, str]) -> tuple[Notice, ...]:
    return (*_parts_exceed(frame), *_part_exceeds(frame, keys))


def _parts_exceed(frame: pl.DataFrame) -> tuple[Notice, ...]:
    """Warn where men and women together exceed the inhabitants by more than rounding does."""
    if not {"men", "women", "population"} <= set(frame.columns):
        return ()
    slack = _ROUNDING_SLACK * registry().columns["population"].rounding
    over = frame.filter(pl.col("men") + pl.col("women") > pl.col("population") + slack)
    if not over.height:
        return ()
    first = over.row(0, named=True)
    parts = first["men"] + first["women"]
    return (
        Notice(
            "parts_exceed_total",
            {
                "row": int(first["line"]),
                "parts": f"{parts:.0f}",
                "total": f"{first['population']:.0f}",
                "difference": f"{parts - first['population']:.0f}",
                "slack": f"{slack:.0f}",
                "rows": over.height,
            },
        ),
    )


def _part_exceeds(frame: pl.DataFrame, keys: Mapping[str, str]) -> tuple[Notice, ...]:
    """Warn where the part of a share that we compute is larger than its whole by more than
    rounding: no share over 100 % is shown, and who loads the table should know why."""
    told = []
    for part, whole in registry().parts.values():
        if not {part, whole} <= set(frame.columns):
            continue
        over = frame[part] > frame[whole] + registry().slack(part, whole)
        if over.any():  # of the two columns alone: a table has a hundred
            first = frame.row(over.fill_null(value=False).arg_max() or 0, named=True)
            told.append(Notice("part_exceeds_whole", {
                "row": int(first["line"]), "part": keys[part], "parts": f"{first[part]:.10g}",
                "whole": keys[whole], "total": f"{first[whole]:.10g}", "rows": over.sum(),
                "columns": [part, whole],
            }))  # fmt: skip
    return tuple(told)


def _refuse_each(
    figures: _Figures, wrong: pl.Series, fault: Callable[[_Figures, int], Refusal]
) -> None:
    """Refuse the places that are *wrong*, the first of them in words."""
    if places := wrong.fill_null(value=False).arg_true().to_list():
        raise all_of(places, partial(fault, figures))


def _negative(figures: _Figures, at: int) -> Refusal:
    row = int(figures.lines[at])
    codes = {"count": "negative_count", "share": "negative_share"}
    code = codes.get(figures.column.kind, "negative_figure")
    return Refusal(code, row=row, what=_what(figures), value=figures.written(row))


def _broken(figures: _Figures, at: int) -> Refusal:
    value = f"{figures.values[at]:.15g}"
    return Refusal(
        "count_not_whole",
        row=int(figures.lines[at]),
        what=_what(figures),
        column=figures.header,
        value={"nl": value.replace(".", ","), "en": value},
    )


def _over_100(figures: _Figures, at: int) -> Refusal:
    return Refusal(
        "share_over_100",
        row=int(figures.lines[at]),
        column=figures.header,
        value=f"{figures.values[at]:g}",
        whole=_label(figures.column.of),
    )


def _refuse_implausible(figures: _Figures, highest: float, highest_part: float) -> None:
    """The bound is that of the country; whatever lies in it can hold a tenth of a count at most."""
    column = figures.column
    below = column.highest / (_COUNTRY_PART if column.kind == "count" else 1)
    if highest <= column.highest and highest_part <= below:
        return
    is_part = figures.area != COUNTRY

    def implausible(figures: _Figures, at: int) -> Refusal:
        row = int(figures.lines[at])
        return Refusal(
            "implausible",
            row=row,
            column=figures.header,
            value=figures.written(row)[:60],
            highest=int(below if is_part[at] else column.highest),
        )

    wrong = (figures.values > column.highest) | (is_part & (figures.values > below))
    _refuse_each(figures, wrong, implausible)


def _what(figures: _Figures) -> dict[str, str]:
    label = _label(figures.column.id, figures.header)
    if figures.column.kind != "count":
        return label
    return {"nl": f"aantal {label['nl']}", "en": f"number of {label['en']}"}


def _label(column: str, fallback: str = "") -> dict[str, str]:
    entry = registry().indicators.get(column)
    words = entry.label if entry else Text(fallback or column, fallback or column)
    return {"nl": _lower(words.nl), "en": _lower(words.en)}


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
