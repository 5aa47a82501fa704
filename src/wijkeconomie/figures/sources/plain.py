# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Columns of plain numbers, straight from the bytes of a text file: 12, 1,5, a dot or nothing.

Eight bytes of every cell are one word, and its digits are added up in parallel inside that word
(Lemire's way with eight digits); numpy does so for all cells of some rows at once.  A column with
any other cell is left to :mod:`~wijkeconomie.figures.sources.cells`, which reads every notation
and says what is wrong.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wijkeconomie.figures.missing import Status

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
_Words = NDArray[np.uint64]
_U = np.uint64
_WIDEST = 8  # characters of a cell, so that it fits in a word
_ROWS = 256  # rows at once, so that what is made of them stays in the processor's cache
_SECRET, _UNKNOWN = np.uint8(Status.SECRET), np.uint8(Status.UNKNOWN)
_GROUPED = _U(4)  # a comma before three digits may part thousands


def _each(byte: int) -> np.uint64:
    return _U(int.from_bytes(bytes([byte]) * _WIDEST, "little"))


_BYTE, _LOWEST, _TOP = _U(8), _each(1), _each(0x80)
_ZERO = _each(ord("0"))
_OVER_NINE = _each(0x7F - 9)  # added to a byte over nine, it sets the highest bit
_COMMA = _U(ord(",") ^ ord("0"))
_NINE = _U(9)
_DOT = _U((ord(".") ^ ord("0")) << 56)
_FROM_END = _U(0x0807060504030201)  # times 1 in byte p: byte 7 holds 8 - p
_TENS = 10.0 ** np.arange(_WIDEST + 1)
_LAST = _U(56)


class Column(NamedTuple):
    """Float64 values, NaN where there is none, and the Status of each cell as it is written:
    OK, SECRET for a dot, UNKNOWN for nothing."""

    values: NDArray[np.float64]
    status: NDArray[np.uint8]


class _Block(NamedTuple):
    """Cells of some rows and columns; what is found of a column, is found in these rows."""

    values: NDArray[np.float64]
    status: NDArray[np.uint8]
    is_wrong: NDArray[np.bool_]
    has_comma: NDArray[np.bool_]
    is_dutch: NDArray[np.bool_]


def read(text: Bytes, marks: Places, firsts: Places, columns: Places) -> dict[int, Column]:
    """Those of *columns* that hold plain numbers in the Dutch notation, by their position.

    *marks* are where the fields of *text* stop, *firsts* the position in it of each row's first.
    A column is left out when a cell is no plain number, or when its only commas may part thousands.
    """
    columns = columns[columns > 0]  # the field before tells where one starts
    if not columns.size or marks[firsts[0]] < _WIDEST:
        return {}
    shape = (len(columns), len(firsts))
    values, status = np.empty(shape), np.empty(shape, np.uint8)
    words = np.ndarray((len(text) - _WIDEST + 1,), "<u8", text.data, 0, (1,))
    found = []
    for top in range(0, len(firsts), _ROWS):
        rows = slice(top, top + _ROWS)
        at = firsts[rows, None] + columns
        block = _block(words, marks[at - 1] + 1, marks[at])
        values[:, rows], status[:, rows] = block.values.T, block.status.T
        found.append(block)
    is_wrong, has_comma, is_dutch = (
        np.logical_or.reduce([getattr(block, name) for block in found])
        for name in ("is_wrong", "has_comma", "is_dutch")
    )
    taken = np.flatnonzero(~is_wrong & (is_dutch | ~has_comma))
    return {int(columns[i]): Column(values[i], status[i]) for i in taken}


def _block(words: _Words, starts: Places, stops: Places) -> _Block:
    length = (stops - starts).view(_U)
    aside = _U(8 * _WIDEST) - (length << _U(3))  # bits before the cell; 64 of them empty the word
    word = ((words[np.maximum(stops - _WIDEST, 0)] ^ _ZERO) >> aside) << aside
    secret, blank = (word == _DOT) & (length == _U(1)), length == 0
    word[secret] = 0
    comma = (word >> _U(4)) & _LOWEST
    scale = (comma * _FROM_END) >> _LAST  # places behind the comma and one; 0 without a comma
    before = comma - _U(1)  # the bytes before the comma; all of them when there is none
    digits = word ^ (comma * _COMMA)
    wrong = (digits | (digits + _OVER_NINE + comma * _NINE)) & _TOP  # nothing stays of the comma
    wrong |= (comma & before) | (comma >> _LAST)  # a second one, or one at the end
    status = secret.view(np.uint8) * _SECRET + blank.view(np.uint8) * _UNKNOWN
    digits = (digits & before) | ((digits >> _BYTE) & ~before)
    values = _sum(digits) / _TENS.take(scale.view(np.int64), mode="clip")
    values[status != 0] = np.nan
    has_comma = scale != 0
    is_wrong = (wrong != 0) | (length > _WIDEST) | (has_comma & (scale == length))
    return _Block(
        values, status, is_wrong.any(0), has_comma.any(0), (has_comma & (scale != _GROUPED)).any(0)
    )


def _sum(digits: _Words) -> NDArray[np.float64]:
    """Eight digits, the first in the lowest byte, as one number."""
    pairs = (digits * _U(10 * 2**8 + 1)) >> _U(8)
    fours = ((pairs & _U(0x00FF00FF00FF00FF)) * _U(100 * 2**16 + 1)) >> _U(16)
    return (((fours & _U(0x0000FFFF0000FFFF)) * _U(10000 * 2**32 + 1)) >> _U(32)).astype(np.float64)
