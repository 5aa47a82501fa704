# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Read any file or folder with figures that a user has; the format is told by content."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import polars as pl

from wijkeconomie.figures.refusal import Notice, Refusal, WrongUse, about
from wijkeconomie.figures.snapshot import (
    CBS,
    OWN,
    UNSAID,
    Crosswalk,
    Origin,
    Progress,
    Silent,
    Snapshot,
    Table,
)
from wijkeconomie.figures.sources import delimited, odata, parquet, related, tidy, workbook
from wijkeconomie.figures.sources.grid import Grid, frame
from wijkeconomie.figures.sources.layout import is_published
from wijkeconomie.figures.sources.tidy import ReadOptions

__all__ = ["ReadOptions", "read"]

MOST_BYTES = 200 * 2**20
MOST_GUNZIPPED = 50 * 2**20
# A value of JSON takes tens of bytes in memory and an object hundreds, however short in the file.
# A year of the country is 8.5 million values in 1.7 million objects (OData v4).
MOST_VALUES, MOST_OBJECTS = 25_000_000, 5_000_000
_AT_ONCE = 2  # files of a folder; each may take some of its size in memory many times over
_CHANGE_NAME = re.compile(
    r"grenswijziging_(gemeente|wijk)_van_([0-9]{4})_naar_([0-9]{4})", re.IGNORECASE
)
_CHANGE_COLUMNS = ["dim0", "dim1", "value"]
_PREFIX = {"gemeente": ("GM", 4), "wijk": ("WK", 6)}
# what a folder may hold besides tables: said, not refused
_NO_TABLE = (
    "no_code_column", "not_readable", "empty_file", "json_not_rows", "cell_nested",
    "nothing_recognised",
)  # fmt: skip
_HTML = (b"<!doctype html", b"<html")
_BLANK = codecs.BOM_UTF8 + codecs.BOM_UTF16_LE + b" \t\n\v\f\r"  # of these alone it is empty
# PDF, bzip2, Zstandard, xz, 7-Zip, RAR, PNG, JPEG: never text, though nothing in it may be NUL
_NO_TEXT = re.compile(
    rb"%PDF-|BZh[1-9]1AY&SY|\x28\xb5\x2f\xfd|\xfd7zXZ\0|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07"
    rb"|\x89PNG\r\n|\xff\xd8\xff"
)
_GEO_TYPES = ("FeatureCollection", "Feature", "GeometryCollection")
# A copy of an OData table is several files: "cbs.v3.84799NED_TypedDataSet.parquet" and its kin.
_DATA_PARTS = ("TypedDataSet", "UntypedDataSet", "Observations")
_OTHER_PARTS = (
    "DataProperties", "WijkenEnBuurtenCodes", "WijkenEnBuurten", "MeasureCodes", "MeasureGroups",
    "Metadata", "Properties", "TableInfos", "Dimensions",
)  # fmt: skip
# of a related table also the members of its other dimensions
_MEMBER_PARTS = tuple(
    name + end for name in ("Perioden", "SoortMisdrijf", "Geslacht", "Leeftijd")
    for end in ("Codes", "")
)  # fmt: skip
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LONG_NUMBER = re.compile("[0-9]{4300}")
_LONE = re.compile("[\ud800-\udfff]")
_PART = re.compile(
    rf"^(.*?)({'|'.join((*_DATA_PARTS, *_OTHER_PARTS, *_MEMBER_PARTS))})\.(parquet|json|csv)$"
)


def read(
    path: Path,
    *,
    year: int | None = None,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> list[Table]:
    """Every table in the file or folder at *path*; *year* serves where the content has none.

    *progress* counts the files of a folder.  Raises Refusal for what cannot be taken, WrongUse for
    what a person must decide first.
    """
    options = options or ReadOptions()
    if _is_folder(path):
        return _folder(path, year, options, progress or Silent())
    if not path.is_file():
        unusual = path.exists()  # a pipe would be waited for, a device has no end
        raise WrongUse("not_a_file" if unusual else "file_not_found", path=path.name)
    if (match := _PART.match(path.name)) and match[2] in _DATA_PARTS:
        copy = _copy(_parts(path.parent, match[1]), match[2], path, year)
        return [_dated(copy, path.name, year, options)]
    return _file(path, year, options)


def _dated(table: Table, file: str, year: int | None, options: ReadOptions) -> Table:
    """*table* as read with the *year* that a person gave: whether that was needed, and what they
    are told when the file, or its name, says another.

    A year that is given for several files is no answer for one that is called otherwise: WrongUse.
    """
    if year is None or isinstance(table, Crosswalk):
        return table
    if table.years != {year}:
        said = ", ".join(map(str, sorted(table.years)))
        fields = {"table": table.origin.table, "year": str(year), "said": said}
        told = () if year in table.years else (Notice("year_not_used", fields),)
        return replace(table, notices=(*table.notices, *told))
    named = None if getattr(table, "division", None) else tidy.year_in_name(file)
    if named in (None, str(year)):
        return replace(table, asked=True)
    fields = {"file": file, "named": named, "year": str(year)}
    if options.many:
        raise WrongUse("year_of_many", **fields)
    told = (Notice("year_unlike_name", fields),)
    return replace(table, asked=True, notices=(*table.notices, *told))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that no disk takes, or behind a folder that we may not look into
        raise WrongUse("file_not_found", path=path.name[:60]) from None


def _folder(path: Path, year: int | None, options: ReadOptions, progress: Progress) -> list[Table]:
    """Each copy of an OData table once, and every other file that holds figures or outlines."""
    matches = {p: _PART.match(p.name) for p in sorted(path.iterdir()) if p.is_file()}
    parts = [match for match in matches.values() if match and match[2] not in _MEMBER_PARTS]
    prefixes = list(dict.fromkeys(match[1] for match in parts))
    copied = tuple(filter(None, prefixes))
    known = [p for p, match in matches.items() if match and match[1] in prefixes]
    others = [p for p in matches if p not in known and not p.name.startswith(copied)]
    tables: list[Table] = []
    unread = []
    options = replace(options, many=options.many or len(prefixes) + len(others) > 1)
    progress.start(path.name, len(prefixes) + len(others))
    try:
        for prefix in prefixes:
            with about(prefix.strip("_. ") or path.name):
                copy = _copied(path, prefix, year)
                tables.append(_dated(copy, copy.origin.table, year, options))
            progress.advance()
        with ThreadPoolExecutor(_AT_ONCE) as pool:  # in order, so that the first refusal is told
            read_each = pool.map(partial(_perhaps, year, options), others)
            for file, found in zip(others, read_each, strict=True):
                tables.extend(found or ())
                unread += [file.name] if found is None else []
                progress.advance()
    finally:
        progress.finish()
    if not tables:
        raise WrongUse("nothing_in_folder", folder=path.name)
    return _noted(tables, unread)


def _copied(folder: Path, prefix: str, year: int | None) -> Snapshot:
    parts = _parts(folder, prefix)
    data = next((name for name in _DATA_PARTS if name in parts), None)
    if data is None:
        raise Refusal("no_observations", file=prefix.strip("_. ") or folder.name)
    return _copy(parts, data, parts[data], year)


def _perhaps(year: int | None, options: ReadOptions, path: Path) -> list[Table] | None:
    """The tables of a file in a folder; None where it is no table, which is no fault."""
    try:
        with about(path.name):
            return _file(path, year, options)
    except Refusal as refusal:
        if refusal.notice.code in _NO_TABLE:
            return None
        raise


def _noted(tables: list[Table], unread: list[str]) -> list[Table]:
    if unread:
        notice = Notice("files_left_out", {"files": ", ".join(unread)})
        tables[0] = replace(tables[0], notices=(*tables[0].notices, notice))
    return tables


def _file(path: Path, year: int | None, options: ReadOptions) -> list[Table]:
    tables = _undated(path, year, options)
    first, *rest = (_dated(table, path.name, year, options) for table in tables)
    said = first.notices  # of a file with figures and outlines once
    return [
        first,
        *(replace(t, notices=tuple(n for n in t.notices if n not in said)) for t in rest),
    ]


def _undated(path: Path, year: int | None, options: ReadOptions) -> list[Table]:
    with path.open("rb") as file:
        start = file.read(4096)
    is_map = path.suffix.lower() in (".geojson", ".gpkg")  # so a damaged one is refused as a map
    if is_map or start.startswith(b"SQLite format 3\0") or _is_zipped_map(path, start):
        return _outlines(path, year)
    content = _whole(path)
    checksum = hashlib.sha256(content).hexdigest()
    if content.startswith(b"\x1f\x8b"):
        content = _gunzipped(content)
    return _content(content, path, checksum, year, options)


def _whole(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise Refusal("file_too_large", most=MOST_BYTES // 2**20)
    return path.read_bytes()


def _content(
    content: bytes, path: Path, checksum: str, year: int | None, options: ReadOptions
) -> list[Table]:
    if content.startswith(b"PAR1"):
        return [_single(parquet.read(content), path, checksum, year, options)]
    if content.startswith((workbook.OLE2, b"PK")):
        return _packed(content, path, checksum, year, options)
    lead = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if lead.startswith(_HTML):
        raise Refusal("is_web_page")
    if lead.startswith(b"<"):
        return _outlines(path, year)
    if lead.startswith((b"[", b"{")) or _is_json_text(lead, content):
        return _json(content, path, checksum, year, options)
    if not content.strip(_BLANK):
        raise Refusal("empty_file")
    if _NO_TEXT.match(content):
        raise Refusal("not_readable", file=path.name)
    return [_delimited(content, path, checksum, year, options)]


def _outlines(path: Path, year: int | None) -> list[Table]:
    from wijkeconomie.figures.sources import geometry  # noqa: PLC0415 -- heavy

    return geometry.read(path, year=year)


def _is_zipped_map(path: Path, start: bytes) -> bool:
    if not start.startswith(b"PK"):
        return False
    names = (entry.filename.lower() for entry in workbook.entries_of(path))
    return any(name.endswith((".shp", ".gpkg")) for name in names)


def _is_json_text(lead: bytes, content: bytes) -> bool:
    """A lone JSON string; a CSV that starts with a quote goes on after it."""
    if not lead.startswith(b'"') or len(content) > 4096:
        return False
    try:
        parse(content)
    except Refusal:
        return False
    return True


def _gunzipped(content: bytes) -> bytes:
    """Unpack, and stop at the limit without making what lies beyond it."""
    stream = zlib.decompressobj(wbits=31)
    try:
        unpacked = stream.decompress(content, MOST_GUNZIPPED + 1)
    except zlib.error as error:
        raise Refusal("gzip_damaged") from error
    if len(unpacked) > MOST_GUNZIPPED:
        raise Refusal("unpacked_too_large", most=MOST_GUNZIPPED // 2**20)
    if not stream.eof:
        raise Refusal("gzip_damaged")
    return unpacked


def _packed(
    content: bytes, path: Path, checksum: str, year: int | None, options: ReadOptions
) -> list[Table]:
    """A workbook, or the zip that StatLine gives."""
    if content.startswith(b"PK"):
        workbook.check_zip(content)
        names, members = _members(content)
        if "Observations" in members:
            parts = {name: _member_reader(body) for name, body in members.items()}
            name = path.name
            return [related.table(parts, "Observations", name=name, checksum=checksum, year=year)]
        if not any(name.startswith("xl/") for name in names):
            raise Refusal("not_readable", file=path.name)
    grid = workbook.read(content, sheet=options.sheet, header_row=options.header_row)
    return [_table(grid, path, checksum, year, options)]


def _members(content: bytes) -> tuple[list[str], dict[str, bytes]]:
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            return names, {m[2]: archive.read(name) for name in names if (m := _member(name))}
    except workbook.ZIP_ERRORS as error:
        raise Refusal("zip_damaged") from error


def _member(name: str) -> re.Match[str] | None:
    return _PART.match(name.rsplit("/", 1)[-1])


def _member_reader(body: bytes) -> odata.Part:
    return lambda: delimited.read(body, header_row=1).rows


def _delimited(
    content: bytes, path: Path, checksum: str, year: int | None, options: ReadOptions
) -> Table:
    as_text = options.number_format == "en"
    grid = delimited.read(content, header_row=options.header_row, as_text=as_text)
    if [name.strip().lower() for name in grid.rows.columns] == _CHANGE_COLUMNS:
        return _crosswalk(grid, path, checksum)
    if series := related.series_of_headers(grid.rows.columns):
        grid = delimited.read(content, header_row=options.header_row)
        return related.exported(grid, series, _origin(grid, path, checksum, CBS), year)
    return _table(grid, path, checksum, year, options)


def _json(
    content: bytes, path: Path, checksum: str, year: int | None, options: ReadOptions
) -> list[Table]:
    data = parse(content)
    if isinstance(data, dict) and data.get("type") in _GEO_TYPES:
        return _outlines(path, year)
    return [_single(rows_of(data), path, checksum, year, options)]


def _parquet(content: bytes) -> pl.DataFrame:
    try:
        return pl.read_parquet(BytesIO(content))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Refusal("parquet_damaged") from error


def _single(
    rows: pl.DataFrame, path: Path, checksum: str, year: int | None, options: ReadOptions
) -> Table:
    """Rows without a description beside them."""
    if odata.is_observations(rows):
        parts = {"Observations": lambda: rows}
        return related.table(parts, "Observations", name=path.name, checksum=checksum, year=year)
    lines = pl.Series("line", range(1, rows.height + 1), dtype=pl.UInt32)
    return _table(Grid(rows=rows, lines=lines), path, checksum, year, options)


def _table(
    grid: Grid, path: Path, checksum: str, year: int | None, options: ReadOptions
) -> Snapshot:
    found = odata.year_in(grid.titles)
    year = year if found is None else found
    publisher = CBS if is_published(grid.rows.columns) else OWN
    origin = _origin(grid, path, checksum, publisher)
    return tidy.snapshot(
        grid.rows, origin=origin, year=year, notices=grid.notices, options=options,
        lines=grid.lines, status=grid.status,
    )  # fmt: skip


def _origin(grid: Grid, path: Path, checksum: str, publisher: tuple[str, str]) -> Origin:
    return Origin(
        publisher=publisher[0],
        table=_shown(path.name),
        title=_shown(grid.titles[-1] if grid.titles else path.stem),
        version=checksum,
        read_at=datetime.now(UTC),
        licence=publisher[1],
        checksum=checksum,
    )


def _shown(text: str) -> str:
    """Without signs that no page or document can hold."""
    return "".join(sign for sign in text if sign.isprintable())


def _crosswalk(grid: Grid, path: Path, checksum: str) -> Crosswalk:
    """Addresses per changed area; codes come without GM or WK, level and years from the name."""
    match = _CHANGE_NAME.search(path.name)
    if match is None:
        raise WrongUse("crosswalk_name", file=path.name)
    level = match[1].lower()
    prefix, length = _PREFIX[level]
    rows = grid.rows.rename({name: name.strip().lower() for name in grid.rows.columns})
    pairs = rows.select(
        new=prefix + pl.col("dim0").str.strip_chars().replace({"": None}).str.zfill(length),
        old=prefix + pl.col("dim1").str.strip_chars().replace({"": None}).str.zfill(length),
        addresses=pl.col("value").str.strip_chars().cast(pl.Float64, strict=False),
    )
    _check_crosswalk(pairs, grid.lines, f"^{prefix}[0-9A-Z]{{{length}}}$")
    publisher, licence = UNSAID
    origin = Origin(
        publisher=publisher,
        table=path.stem,
        title=path.stem.replace("_", " "),
        version=checksum,
        read_at=datetime.now(UTC),
        licence=licence,
        checksum=checksum,
    )
    return Crosswalk(
        origin=origin, level=level, from_year=int(match[2]), to_year=int(match[3]), frame=pairs
    )


def _check_crosswalk(pairs: pl.DataFrame, lines: pl.Series, pattern: str) -> None:
    right = (
        pairs["new"].str.contains(pattern)
        & pairs["old"].str.contains(pattern)
        & (pairs["addresses"] >= 0)
    ).fill_null(value=False)
    if not right.all():
        raise Refusal("crosswalk_row", row=int(lines[right.arg_min() or 0]))
    twice = pairs.select(pl.struct("new", "old").is_duplicated()).to_series()
    if twice.any():
        raise Refusal("crosswalk_row", row=int(lines[twice.arg_max() or 0]))


def _parts(folder: Path, prefix: str) -> dict[str, Path]:
    found = {}
    for path in sorted(folder.iterdir()):
        match = _PART.match(path.name)
        if match and match[1] == prefix:
            found[match[2]] = path
    return found


def _copy(parts: Mapping[str, Path], data: str, path: Path, year: int | None) -> Snapshot:
    checksum = hashlib.sha256(_whole(parts[data])).hexdigest()
    readers: dict[str, odata.Part] = {name: _part_reader(part) for name, part in parts.items()}
    return related.table(readers, data, name=path.name, checksum=checksum, year=year)


def _part_reader(path: Path) -> odata.Part:
    def read_part() -> Any:
        content = _whole(path)
        if content.startswith(b"PAR1"):
            return parquet.read(content)
        if path.suffix == ".csv":
            return delimited.read(content, header_row=1).rows
        data = parse(content)
        is_rows = isinstance(data, list) or (isinstance(data, dict) and "value" in data)
        return rows_of(data) if is_rows else data

    return read_part


def parse(content: bytes) -> Any:
    """Strict JSON (RFC 8259): no NaN, no key twice, nothing that UTF-8 cannot hold.

    Raises Refusal with line and column, or when it would take gigabytes in memory.
    """
    if content.count(b",") > MOST_VALUES or content.count(b"{") > MOST_OBJECTS:
        raise Refusal("json_too_large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal("json_not_utf8", byte=f"0x{content[error.start]:02X}") from error
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise _cut_or_wrong(text, error) from error
    except RecursionError as error:
        raise Refusal("json_too_deep") from error
    except ValueError as error:  # Python reads no whole number of more than 4,300 digits
        raise _endless_number(text) from error
    if _SURROGATE.search(text):
        _refuse_lone(data)
    return data


def _endless_number(text: str) -> Refusal:
    at = found.start() if (found := _LONG_NUMBER.search(text)) else 0
    return Refusal("json_number_long", line=text.count("\n", 0, at) + 1, value=text[at : at + 12])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Refusal("json_key_twice", key=twice[:60])
    return entries


def _refuse_constant(name: str) -> None:
    raise Refusal("json_constant", name=name)


def _cut_or_wrong(text: str, error: json.JSONDecodeError) -> Refusal:
    """Text that stops inside something is cut off: tell where the whole part ends."""
    rest = text[error.pos :].strip()
    if rest and not error.msg.startswith("Unterminated"):
        return Refusal("json_wrong", line=error.lineno, column=error.colno)
    whole = text.rfind("{", 0, error.pos)
    stop = whole if whole > 0 else error.pos
    line = text.count("\n", 0, stop) + 1
    return Refusal("json_cut_off", line=line, column=stop - (text.rfind("\n", 0, stop) + 1))


def _refuse_lone(data: Any) -> None:
    if isinstance(data, str) and (match := _LONE.search(data)):
        raise Refusal("json_lone_surrogate", point=f"U+{ord(match[0]):04X}")
    if isinstance(data, dict):
        data = [*data, *data.values()]
    if isinstance(data, list):
        for part in data:
            _refuse_lone(part)


def rows_of(data: Any) -> pl.DataFrame:
    """The rows of an OData answer or of a plain list, whatever keys each row has."""
    rows = data.get("value") if isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refusal("json_not_rows")
    if any(isinstance(cell, dict | list) for row in rows for cell in row.values()):
        raise Refusal("cell_nested")
    if not rows:
        raise Refusal("only_header")
    names = list(dict.fromkeys(key for row in rows for key in row))
    return frame(names, [[row.get(name) for name in names] for row in rows])
