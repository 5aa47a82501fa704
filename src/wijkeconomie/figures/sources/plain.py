# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Columns of plain numbers, straight from the bytes of a text file: 12, 1,5, a dot or nothing.

Eight bytes of every cell are one word, and its digits are added up in parallel inside that word
(Lemire and Mula's way with eight digits); numpy does so for a whole column at once.  A column with
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


def read(text: Bytes, starts: Places, stops: Places) -> Column | None:
    """The cells that lie from *starts* to *stops* (not included) in *text*, in the Dutch notation.

    None when a cell is no plain number, or when the only commas may part thousands.
    """
    length = (stops - starts).astype(_U)
    if length.max() > _WIDEST or stops[0] < _WIDEST:
        return None
    words = np.ndarray((len(text) - _WIDEST + 1,), "<u8", text.data, 0, (1,))
    aside = _U(8 * _WIDEST) - (length << _U(3))  # bits before the cell; 64 of them empty the word
    word = ((words[stops - _WIDEST] ^ _ZERO) >> aside) << aside  # a digit is now its value
    secret, blank = (word == _DOT) & (length == 1), length == 0
    word[secret] = 0
    values = _values(word, length)
    if values is None:
        return None
    status = secret.view(np.uint8) * np.uint8(Status.SECRET)
    status += blank.view(np.uint8) * np.uint8(Status.UNKNOWN)
    values[status != 0] = np.nan
    return Column(values, status)


def _values(word: _Words, length: _Words) -> NDArray[np.float64] | None:
    """The number in each word; without a comma, the digits alone say it."""
    comma = (word >> _U(4)) & _LOWEST
    if not comma.any():
        wrong = (word | (word + _OVER_NINE)) & _TOP
        return None if wrong.any() else _sum(word)
    scale = (comma * _FROM_END) >> _LAST  # places behind the comma and one; 0 without a comma
    before = comma - _U(1)  # the bytes before the comma; all of them when there is none
    digits = word ^ (comma * _COMMA)
    wrong = (digits | (digits + _OVER_NINE + comma * _NINE)) & _TOP  # nothing stays of the comma
    wrong |= (comma & before) | (comma >> _LAST)  # a second one, or one at the end
    leading = (scale == length) & (length != 0)
    settled = (scale != 0) & (scale != _GROUPED)
    if wrong.any() or leading.any() or not settled.any():
        return None
    digits = (digits & before) | ((digits >> _BYTE) & ~before)
    return _sum(digits) / _TENS[scale.astype(np.intp)]


def _sum(digits: _Words) -> NDArray[np.float64]:
    """Eight digits, the first in the lowest byte, as one number."""
    pairs = (digits * _U(10 * 2**8 + 1)) >> _U(8)
    fours = ((pairs & _U(0x00FF00FF00FF00FF)) * _U(100 * 2**16 + 1)) >> _U(16)
    return (((fours & _U(0x0000FFFF0000FFFF)) * _U(10000 * 2**32 + 1)) >> _U(32)).astype(np.float64)
