# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures leave the house: long rows as CSV, JSON, GeoJSON, XLSX or Parquet.

A missing figure is empty, with its reason in ``status``; it is never written as zero.
CSV is RFC 4180 in UTF-8 without BOM (comma, decimal point) for programs; ``csv-excel`` (BOM,
semicolon, decimal comma) opens right by a double click in a Dutch spreadsheet.
"""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cache, lru_cache, partial
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import polars as pl

from wijkeconomie.figures import store
from wijkeconomie.figures.areas import gemeente_of, level
from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Language, Refusal, WrongUse
from wijkeconomie.figures.registry import fold, registry
from wijkeconomie.figures.snapshot import SAID_SUFFIX

if TYPE_CHECKING:
    from wijkeconomie.figures.release import Release
    from wijkeconomie.figures.snapshot import Origin

FORMATS = ("csv", "json", "geojson", "xlsx", "parquet")
TABLE_FORMATS = ("csv", "csv-excel", "xlsx")
COLUMNS = ("area", "name", "level", "year", "indicator", "value", "status", "unit", "source")
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "csv-excel": "text/csv; charset=utf-8",
    "json": "application/json",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
XLSX_ROWS = 1_048_575  # Excel's limit, less the header
XLSX_CHARACTERS = 32_767  # of a cell
# OWASP, CSV injection; a spreadsheet takes the full-width forms as well
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NEAR = 5  # ids that are offered for one that is unknown
_IN_ITS_UNIT = frozenset({  # columns of a table in the unit of the indicator of each row
    "value", "estimate", "low", "high", "country", "peers", "gap_country", "gap_peers",
})  # fmt: skip
_COUNTED = frozenset({"persons", "short_of_peers", "short_of_country"})
_ORIGIN_FIELDS = ("publisher", "table", "title", "version", "read_at", "licence", "url", "checksum")
_SHEETS = {
    "nl": ("Cijfers", "Bronnen en licentie", "Uitgave van de cijfers", "Grenzen van"),
    "en": ("Figures", "Sources and licence", "Release of the figures", "Boundaries of"),
}
_EXPLAINED = {
    "nl": ("Uitleg", "In woorden", "In CSV en JSON"),
    "en": ("Explanation", "In words", "In CSV and JSON"),
}
_FICTIONAL = {
    "nl": "Let op: dit zijn verzonnen cijfers van een verzonnen gemeente.",
    "en": "Note: these are invented figures of an invented municipality.",
}
_ORIGIN_HEADS = {
    "nl": ("Uitgever", "Tabel", "Titel", "Versie", "Gelezen op", "Licentie", "Adres", "SHA-256"),
    "en": ("Publisher", "Table", "Title", "Version", "Read at", "Licence", "Address", "SHA-256"),
}


def rows(release: Release, areas: Iterable[str], indicators: Iterable[str] = ()) -> pl.DataFrame:
    """Long rows of *areas* for *indicators* (none named: all), with the :data:`COLUMNS`.

    ``value`` is there exactly where ``status`` has one (``WITH_VALUE``); ``unit`` is the
    registry's; ``source`` names publisher and table, and whom an own table names.
    Sorted by area, indicator and year.
    Raises WrongUse or Refusal for a code or an indicator that is not there.
    """
    wanted = known_indicators(indicators)
    parts = [_of_area(release, code, wanted) for code in sorted(set(areas))]
    if not parts:
        raise WrongUse("no_areas")
    return pl.concat(parts).sort("area", "indicator", "year")


def known_indicators(indicators: Iterable[str]) -> tuple[str, ...]:
    """The same ids, without repetition; WrongUse for one that the registry does not hold."""
    wanted = tuple(dict.fromkeys(indicators))
    for indicator in wanted:
        if indicator not in registry().indicators:
            raise _unknown(indicator)
    return wanted


def _unknown(indicator: str) -> WrongUse:
    """With the ids that look like it: first those that hold the word, then misspelt ones."""
    ids, asked = list(registry().indicators), fold(indicator)
    holding = [name for name in ids if asked and asked in fold(name)]
    near = dict.fromkeys((*holding, *get_close_matches(indicator.lower(), ids, _NEAR)))
    if not near:
        return WrongUse("unknown_indicator", indicator=indicator[:60])
    listed = ", ".join(list(near)[:_NEAR])
    return WrongUse("unknown_indicator_near", indicator=indicator[:60], near=listed)


def _of_area(release: Release, code: str, wanted: tuple[str, ...]) -> pl.DataFrame:
    area = release.area(code)
    series = release.series(code)
    if wanted:
        series = series.filter(pl.col("indicator").is_in(wanted))
    return named(
        release,
        series.with_columns(
            area=pl.lit(area.code), name=pl.lit(area.name), level=pl.lit(area.level)
        ),
    )


def named(release: Release, frame: pl.DataFrame) -> pl.DataFrame:
    """Give rows of a release (status and source as numbers) their words: the :data:`COLUMNS`."""
    units = {entry.id: entry.unit for entry in registry().indicators.values()}
    labels = {int(status): status.label for status in Status}
    sources = {
        number: f"{origin.publisher}, {origin.table}"
        for number, origin in enumerate(release.origins)
    }
    indicator, said = pl.col("indicator").cast(pl.String), _said(release)
    keys = ("area", "indicator", "year", "source")
    typed = frame.with_columns(indicator, pl.col("year", "source").cast(pl.Int64))
    whole = typed.join(said, on=keys, how="left", maintain_order="left")
    return whole.select(
        "area",
        "name",
        "level",
        pl.col("year").cast(pl.Int32),
        "indicator",
        "value",
        status=pl.col("status").cast(pl.Int64).replace_strict(labels, return_dtype=pl.String),
        unit=pl.col("indicator").replace_strict(units, return_dtype=pl.String),
        source=pl.col("source").replace_strict(sources, default=None, return_dtype=pl.String)
        + pl.coalesce(pl.format(": {}", "said"), pl.lit("")),
    )


@lru_cache(maxsize=4)
def _said(release: Release) -> pl.DataFrame:
    """area, indicator, year, source, said: whom own tables name as the source of a figure."""
    names = {"area": pl.String, "indicator": pl.String, "year": pl.Int64, "source": pl.Int64,
             "said": pl.String}  # fmt: skip
    parts = [pl.DataFrame(schema=names)]
    for number, table, columns in release.said():
        for entry in registry().indicators.values():
            first = next(iter(entry.inputs.values())) + SAID_SUFFIX
            if first in columns:
                named = table.select(
                    "area", indicator=pl.lit(entry.id), year=pl.col("year").cast(pl.Int64),
                    source=pl.lit(number, pl.Int64), said=first,
                )  # fmt: skip
                parts.append(named.drop_nulls().collect())
    return pl.concat(parts)


def write(
    frame: pl.DataFrame,
    format: str,  # noqa: A002 -- the word that users type
    target: Path | BinaryIO,
    *,
    release: Release,
    language: Language,
    overwrite: bool = False,
) -> None:
    """Write *frame* to a file, whole or not at all, or to an open binary stream.

    A file is written beside its place, flushed to disk and renamed.  Refusals: ``output_exists``
    without *overwrite*, ``output_disk_full`` (the old file stays), ``output_not_writable``,
    ``xlsx_too_many_rows``; WrongUse ``unknown_format``.
    """
    writer = _WRITERS.get(format)
    if writer is None:
        raise WrongUse("unknown_format", format=format[:20], formats=", ".join(FORMATS))
    if not isinstance(target, Path):
        writer(frame, target, release, language)
        return
    with replacing(target, overwrite=overwrite, expected=int(frame.estimated_size())) as out:
        writer(frame, out, release, language)


def write_table(frame: pl.DataFrame, format: str, out: BinaryIO, title: str) -> None:  # noqa: A002
    """Write any table that holds no figures, as csv, csv-excel or xlsx (one sheet, *title*).

    Refusals: ``xlsx_too_many_rows``, ``xlsx_long_text``; WrongUse ``unknown_format``.
    """
    if format == "csv":
        frame.with_columns(_plain_numbers(frame)).write_csv(out)
    elif format == "csv-excel":
        _for_excel(frame, out)
    elif format == "xlsx":
        _one_sheet(frame, out, title)
    else:
        known = ", ".join(TABLE_FORMATS)
        raise WrongUse("unknown_format", format=format[:20], formats=known)


def _one_sheet(frame: pl.DataFrame, out: BinaryIO, title: str) -> None:
    import xlsxwriter  # noqa: PLC0415 -- heavy

    if frame.height > XLSX_ROWS:
        raise Refusal("xlsx_too_many_rows", rows=frame.height, most=XLSX_ROWS)
    longest = frame.select(pl.max_horizontal(0, pl.col(pl.String).str.len_chars().max())).item()
    if longest > XLSX_CHARACTERS:  # it would be left out without a word
        raise Refusal("xlsx_long_text", most=XLSX_CHARACTERS, length=longest)
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    _sheet(book, title, frame, book.add_format({"bold": True, "bottom": 1}))
    book.close()
    out.write(buffer.getbuffer())


@contextmanager
def replacing(target: Path, *, overwrite: bool = False, expected: int = 0) -> Iterator[BinaryIO]:
    """A binary stream that becomes *target* when the block ends well; else nothing has changed.

    *expected* is the size in bytes that we name when the disk is full.
    """
    temporary: str | None = None
    try:
        if target.exists() and not overwrite:
            raise WrongUse("output_exists", path=target.name)
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        _give_usual_rights(Path(temporary))
        Path(temporary).replace(target)
        temporary = None
    except store.WRITING_ERRORS as error:
        raise _refusal(error, target, expected) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _give_usual_rights(path: Path) -> None:
    """mkstemp makes files for the owner only; a result gets what a new file would get."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)


def _refusal(error: Exception, target: Path, expected: int) -> Refusal:
    if store.is_full(error, target.parent):
        return Refusal(
            "output_disk_full", path=str(target), megabytes=max(1, -(-expected // 1_000_000))
        )
    return Refusal("output_not_writable", path=str(target), reason=store.reason(error))


def _csv(frame: pl.DataFrame, out: BinaryIO, _release: Release, _language: Language) -> None:
    frame.with_columns(_plain_numbers(frame)).write_csv(out)


def _csv_excel(frame: pl.DataFrame, out: BinaryIO, _release: Release, _language: Language) -> None:
    _for_excel(frame, out)


def _for_excel(frame: pl.DataFrame, out: BinaryIO) -> None:
    numbers = [column.str.replace(".", ",", literal=True) for column in _plain_numbers(frame)]
    harmless(frame).with_columns(numbers).write_csv(
        out, include_bom=True, separator=";", line_terminator="\r\n"
    )


def _plain_numbers(frame: pl.DataFrame) -> list[pl.Expr]:
    """Decimals as text without a trailing .0, so that a count reads as a count."""
    return [
        pl.col(name).cast(pl.String).str.strip_suffix(".0")
        for name, kind in frame.schema.items()
        if kind == pl.Float64
    ]


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """The table for who opens it in a spreadsheet: no text of it runs as a formula."""
    return frame.with_columns(
        _defused(name) for name, kind in frame.schema.items() if kind == pl.String
    )


def _defused(name: str) -> pl.Expr:
    """A spreadsheet would run text that starts like a formula; an apostrophe makes it text."""
    starts = pl.any_horizontal([pl.col(name).str.starts_with(sign) for sign in _FORMULA_STARTS])
    return pl.when(starts).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)


def _json(frame: pl.DataFrame, out: BinaryIO, release: Release, _language: Language) -> None:
    head = {**about(release), "sources": [origin_words(origin) for origin in release.origins]}
    out.write(json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "rows": [\n')
    for number, row in enumerate(frame.iter_rows(named=True)):
        out.write(b",\n" if number else b"")
        out.write(json.dumps(row, ensure_ascii=False, allow_nan=False).encode())
    out.write(b"\n]}\n")


def about(release: Release) -> dict[str, Any]:
    """What every document says about the release it is made from."""
    return {
        "release": release.id,
        "boundary_year": release.boundary_year,
        "fictional": release.fictional,
    }


def origin_words(origin: Origin) -> dict[str, str]:
    """A source as text, field by field."""
    return {name: _text(getattr(origin, name)) for name in _ORIGIN_FIELDS}


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _geojson(frame: pl.DataFrame, out: BinaryIO, release: Release, _language: Language) -> None:
    """RFC 7946: a feature per area; figures are flat properties ``<indicator>_<year>``, null when
    missing, and then ``<indicator>_<year>_status`` says why."""
    codes = tuple(frame["area"].unique(maintain_order=True))
    outlines = _outlines(release, codes)
    head = {"type": "FeatureCollection", **about(release)}
    out.write(json.dumps(head)[:-1].encode() + b', "features": [\n')
    for number, ((code,), part) in enumerate(frame.group_by("area", maintain_order=True)):
        feature = {
            "type": "Feature",
            "id": code,
            "geometry": outlines.get(str(code)),
            "properties": _properties(part),
        }
        out.write(b",\n" if number else b"")
        out.write(json.dumps(feature, ensure_ascii=False, allow_nan=False).encode())
    out.write(b"\n]}\n")


def _properties(part: pl.DataFrame) -> dict[str, Any]:
    first = part.row(0, named=True)
    properties: dict[str, Any] = {name: first[name] for name in ("area", "name", "level")}
    for row in part.iter_rows(named=True):
        key = f"{row['indicator']}_{row['year']}"
        properties[key] = row["value"]
        if row["status"] != Status.OK.label:
            properties[f"{key}_status"] = row["status"]
    return properties


def _outlines(release: Release, codes: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """GeoJSON geometry by area code; an area without an outline is left out."""
    import shapely  # noqa: PLC0415 -- heavy

    found: dict[str, dict[str, Any]] = {}
    for kind, gemeente in sorted({(level(code), gemeente_of(code)) for code in codes}):
        frame = release.outlines(kind, gemeente if kind in ("wijk", "buurt") else None)
        frame = frame.filter(pl.col("area").is_in(codes) & pl.col("geometry").is_not_null())
        shapes = shapely.orient_polygons(shapely.from_wkb(frame["geometry"].to_list()))
        texts = shapely.to_geojson(shapes)
        found |= {
            code: _rounded(json.loads(text))
            for code, text in zip(frame["area"], texts, strict=True)
        }
    return found


def _rounded(geometry: Any) -> Any:
    """Six decimals of a degree are some 10 cm; more is noise (RFC 7946 §11.2)."""
    if isinstance(geometry, float):
        return round(geometry, 6)
    if isinstance(geometry, list):
        return [_rounded(part) for part in geometry]
    return {**geometry, "coordinates": _rounded(geometry["coordinates"])}


def _xlsx(frame: pl.DataFrame, out: BinaryIO, release: Release, language: Language) -> None:
    """With the names of CSV, so that ``figures load`` reads it back."""
    _workbook(frame, (), None, out, release, language)


def _xlsx_in_words(
    frame: pl.DataFrame, out: BinaryIO, release: Release, language: Language
) -> None:  # fmt: skip
    """For people: headings in words, and a sheet that says which column each is."""
    columns = {name: words[language] for name, words in _headings()["columns"].items()}
    heads = [columns.get(name, name) for name in frame.columns]
    _workbook(frame, heads, _explained(frame, heads, language), out, release, language)


def _workbook(
    frame: pl.DataFrame, heads: Sequence[str], explained: pl.DataFrame | None, out: BinaryIO,
    release: Release, language: Language,
) -> None:  # fmt: skip
    import xlsxwriter  # noqa: PLC0415 -- heavy

    if frame.height > XLSX_ROWS:
        raise Refusal("xlsx_too_many_rows", rows=frame.height, most=XLSX_ROWS)
    buffer = BytesIO()  # XlsxWriter hides what went wrong with a file; memory keeps the reason
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": _SHEETS[language][0], "created": release.built_at})
    bold = book.add_format({"bold": True, "bottom": 1})
    _sheet(book, _SHEETS[language][0], frame, bold, heads)
    if explained is not None:
        _sheet(book, _EXPLAINED[language][0], explained, bold)
    _source_sheet(book.add_worksheet(_SHEETS[language][1]), release, language, bold)
    book.close()
    out.write(buffer.getbuffer())


@cache
def _headings() -> dict[str, dict[str, dict[str, str]]]:
    """How a workbook names columns and codes, for people."""
    return tomllib.loads(files(__package__).joinpath("headings.toml").read_text("utf-8"))


def _explained(frame: pl.DataFrame, heads: Sequence[str], language: Language) -> pl.DataFrame:
    """The columns with the names that CSV and JSON give them, and the codes in them with words."""
    codes = {name: words[language] for name, words in _headings()["codes"].items()}
    texts = frame.select(pl.col(pl.String)).iter_columns()
    used = {code for column in texts for code in codes.keys() & set(column)}
    lines = [*zip(heads, frame.columns, strict=True)]
    lines += [(words, code) for code, words in codes.items() if code in used]
    return pl.DataFrame(lines, list(_EXPLAINED[language][1:]), orient="row")


def _sheet(
    book: Any, title: str, frame: pl.DataFrame, bold: Any, heads: Sequence[str] = ()
) -> None:
    """Text goes in as text, whatever it starts with, a yes as a yes; a missing figure is an empty
    cell.  A number shows in its unit's decimals, and all of it stays in the cell."""
    sheet, look = book.add_worksheet(title), cache(partial(_look, book))
    for column, (name, kind) in enumerate(frame.schema.items()):
        head = heads[column] if heads else name
        sheet.write_string(0, column, head, bold)
        put = sheet.write_boolean if kind == pl.Boolean else sheet.write_number
        put = sheet.write_string if kind == pl.String else put
        widest, decimals = len(head), _decimals(frame, name)
        for row, value in enumerate(frame[name].to_list()):
            if value is not None:
                put(row + 1, column, value, *([look(decimals[row])] if decimals else []))
                widest = max(widest, len(f"{value:,.3f}" if decimals else str(value)))
        sheet.set_column(column, column, min(widest + 2, 60))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, frame.height, max(frame.width - 1, 0))


def _look(book: Any, decimals: int) -> Any:
    return book.add_format({"num_format": "#,##0" + "." * bool(decimals) + "0" * decimals})


def _decimals(frame: pl.DataFrame, name: str) -> list[int]:
    """Of each number in a column how many decimals show: one more than a page prints of a figure
    in its own unit, none of what is counted; empty for what is no number with decimals."""
    if frame.schema[name] != pl.Float64:
        return []
    if name in _IN_ITS_UNIT and "indicator" in frame.columns and "theil" not in frame.columns:
        entries = [registry().indicators.get(one) for one in frame["indicator"]]
        return [3 if e is None else 0 if e.is_count else e.decimals + 1 for e in entries]
    numbers = frame[name].drop_nulls()
    whole = name in _COUNTED or bool((numbers == numbers.round()).all())
    return [0 if whole else 3] * frame.height


def _source_sheet(sheet: Any, release: Release, language: Language, bold: Any) -> None:
    _, _, of_release, boundaries = _SHEETS[language]
    lines = [(of_release, release.id), (boundaries, str(release.boundary_year))]
    if release.fictional:
        lines.append((_FICTIONAL[language], ""))
    for row, (left, right) in enumerate(lines):
        sheet.write_string(row, 0, left, bold)
        sheet.write_string(row, 1, right)
    start = len(lines) + 1
    for column, head in enumerate(_ORIGIN_HEADS[language]):
        sheet.write_string(start, column, head, bold)
    for row, origin in enumerate(release.origins, start=start + 1):
        for column, text in enumerate(origin_words(origin).values()):
            sheet.write_string(row, column, text)
    sheet.set_column(0, 7, 28)


def _parquet(frame: pl.DataFrame, out: BinaryIO, release: Release, _language: Language) -> None:
    head = {key: str(value) for key, value in about(release).items()}
    origins = [origin_words(origin) for origin in release.origins]
    frame.write_parquet(out, metadata={**head, "sources": json.dumps(origins, ensure_ascii=False)})


_Writer = Callable[[pl.DataFrame, BinaryIO, "Release", Language], None]
_WRITERS: dict[str, _Writer] = {
    "csv": _csv,
    "csv-excel": _csv_excel,
    "json": _json,
    "geojson": _geojson,
    "xlsx": _xlsx,
    "xlsx-in-words": _xlsx_in_words,
    "parquet": _parquet,
}
