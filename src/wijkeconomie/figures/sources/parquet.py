# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The table in a Parquet file, measured before it is unpacked.

A Parquet file of a few kB can hold a billion rows, or a page that unpacks to gigabytes.  What a
reader will make of it stands in the header of each page: those are added up first.  Source: Apache
Parquet format 2.11 (parquet.thrift) and the compact protocol of Thrift in which it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import polars as pl

from wijkeconomie.figures.refusal import Refusal

MOST_CELLS = 50_000_000  # all figures of the country over a dozen years
MOST_UNPACKED = 200 * 2**20
_DEEPEST = 16  # structs within structs; the format has five

# What the readers raise on bytes that are no Parquet after all; a panic of Polars is no Exception.
_DAMAGED = (
    pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError,
    LookupError, TypeError, ValueError, AttributeError,
)  # fmt: skip

# Numbers of the fields that we use, in parquet.thrift.
_ROW_GROUPS, _COLUMNS, _CHUNK = 4, 1, 3  # FileMetaData, RowGroup, ColumnChunk
_PACKED_SIZE, _FIRST_DATA, _DICTIONARY = 7, 9, 11  # ColumnMetaData
_PAGE_UNPACKED, _PAGE_PACKED = 2, 3  # PageHeader
_PAGE_OF_VALUES, _VALUES = (5, 8), 1  # its DataPageHeader of version 1 and 2


def read(content: bytes) -> pl.DataFrame:
    """The table in a Parquet file, of which size and cells are known before it is unpacked.

    Raises Refusal for what is damaged, nested or too large.
    """
    try:
        _measure(content)
        columns = pl.read_parquet_schema(BytesIO(content))
        if any(kind.is_nested() for kind in columns.values()):
            raise Refusal("cell_nested")
        rows = pl.read_parquet(BytesIO(content))
    except _DAMAGED as error:
        raise Refusal("parquet_damaged") from error
    # one long text that every row points at takes little room here, and much in what comes after
    texts = sum(text.str.len_bytes().sum() for text in rows.select(pl.col(pl.String)))
    if texts > MOST_UNPACKED:
        raise Refusal("unpacked_too_large", most=MOST_UNPACKED // 2**20)
    return rows


def _measure(content: bytes) -> None:
    """Refuse a file of which the pages say that they unpack to too much."""
    size = cells = 0
    for unpacked, values in _pages(content):
        size, cells = size + unpacked, cells + values
        if size > MOST_UNPACKED:
            raise Refusal("unpacked_too_large", most=MOST_UNPACKED // 2**20)
        if cells > MOST_CELLS:
            raise Refusal("too_many_cells", most=MOST_CELLS // 1_000_000)


def _pages(content: bytes) -> Iterator[tuple[int, int]]:
    """Bytes after unpacking and number of values of every page."""
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    for group in _Thrift(content, footer).struct()[_ROW_GROUPS]:
        for column in group[_COLUMNS]:
            about = column[_CHUNK]
            at = about.get(_DICTIONARY) or about[_FIRST_DATA]
            end = at + about[_PACKED_SIZE]
            while at < end:
                header = _Thrift(content, at)
                page = header.struct()
                at = header.at + page[_PAGE_PACKED]
                values = next((page[kind][_VALUES] for kind in _PAGE_OF_VALUES if kind in page), 0)
                if min(page[_PAGE_PACKED], page[_PAGE_UNPACKED], values) < 0:
                    raise ValueError(page)
                yield page[_PAGE_UNPACKED], values


class _Thrift:
    """Reads structs of the compact protocol from *content* at ``at``, as number → value.

    Bytes that are none raise LookupError or ValueError.
    """

    def __init__(self, content: bytes, at: int) -> None:
        if at < 0:
            raise ValueError(at)
        self._content = content
        self.at = at

    def struct(self, depth: int = 0) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        number = 0
        while kind := (byte := self._byte()) & 0x0F:
            number = number + (byte >> 4) if byte >> 4 else self._integer()
            fields[number] = kind == 1 if kind in (1, 2) else self._value(kind, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError(depth)
        match kind:
            case 1 | 2 | 3:  # within a list a truth is a byte
                return self._byte()
            case 4 | 5 | 6:
                return self._integer()
            case 7:
                return self._skipped(8)
            case 8:
                return self._skipped(self._varint())
            case 9 | 10:
                byte = self._byte()
                length = byte >> 4 if byte >> 4 < 15 else self._varint()
                return [self._value(byte & 0x0F, depth + 1) for _ in range(length)]
            case 12:
                return self.struct(depth + 1)
        raise ValueError(kind)

    def _byte(self) -> int:
        self.at += 1
        return self._content[self.at - 1]

    def _skipped(self, length: int) -> None:
        self.at += length
        if self.at > len(self._content):
            raise ValueError(length)

    def _varint(self) -> int:
        number = 0
        for shift in range(0, 70, 7):
            byte = self._byte()
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
        raise ValueError(number)

    def _integer(self) -> int:
        number = self._varint()
        return number >> 1 ^ -(number & 1)
