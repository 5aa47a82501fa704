# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parquet: read back equal, measured before it is unpacked, refused when damaged or too large."""

from __future__ import annotations

import contextlib
import math
import random
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from wijkeconomie.figures.missing import Status
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.sources import files, parquet


def packed(frame: pl.DataFrame, **how: Any) -> bytes:
    target = BytesIO()
    frame.write_parquet(target, **how)
    return target.getvalue()


def table(rows: int) -> pl.DataFrame:
    codes = [f"BU0518{i:04}" for i in range(rows)]
    return pl.DataFrame({"buurtcode": codes, "inwoners": [float(i) for i in range(rows)]})


def code_of(content: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        parquet.read(content)
    return refused.value.notice.code


@pytest.mark.parametrize("compression", ["uncompressed", "snappy", "zstd", "gzip", "lz4"])
@pytest.mark.parametrize("paging", [{}, {"row_group_size": 100, "data_page_size": 500}])
def test_parquet_reads_back_equal_and_its_cells_are_counted_exactly(
    compression: str, paging: dict[str, int]
) -> None:
    frame = table(1_000).with_columns(
        empty=pl.lit(None, dtype=pl.Float64), truth=pl.col("inwoners") > 500
    )
    content = packed(frame, compression=compression, **paging)
    assert parquet.read(content).equals(frame)
    assert sum(values for _, values in parquet._pages(content)) == frame.height * frame.width


BOMBS = {
    "rows": pl.DataFrame({"a": pl.zeros(200_000, pl.Int8, eager=True)}),
    "page": pl.DataFrame({"a": ["0" * 2**21]}),
    "text": pl.DataFrame({"a": ["x" * 1_000] * 3_000}),
}


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits a hundredth of ours, so that the bombs are small."""
    monkeypatch.setattr(parquet, "MOST_CELLS", 100_000)
    monkeypatch.setattr(parquet, "MOST_UNPACKED", 2**20)


@pytest.mark.parametrize(
    ("bomb", "code"),
    [("rows", "too_many_cells"), ("page", "unpacked_too_large"), ("text", "unpacked_too_large")],
)
@pytest.mark.usefixtures("narrow")
def test_a_small_file_that_unpacks_to_too_much_is_refused(bomb: str, code: str) -> None:
    content = packed(BOMBS[bomb])
    assert len(content) < 5_000
    assert code_of(content) == code


@pytest.mark.parametrize("bomb", BOMBS)
def test_without_the_limits_a_small_file_becomes_thousands_of_times_larger(bomb: str) -> None:
    content = packed(BOMBS[bomb])
    made = parquet.read(content)["a"]
    size = made.str.len_bytes().sum() if made.dtype == pl.String else made.len()
    assert size > 200 * len(content)


def test_what_is_too_large_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = packed(table(1_000))
    monkeypatch.setattr(pl, "read_parquet", lambda _: pytest.fail("unpacked"))
    monkeypatch.setattr(parquet, "MOST_CELLS", 1_999)
    assert code_of(content) == "too_many_cells"
    monkeypatch.setattr(parquet, "MOST_UNPACKED", 10_000)
    assert code_of(content) == "unpacked_too_large"


def test_a_table_in_a_table_is_refused_and_in_a_folder_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(packed(pl.DataFrame({"a": [[1, 2]]})))
    (tmp_path / "b.parquet").write_bytes(packed(table(3)))
    assert code_of((tmp_path / "a.parquet").read_bytes()) == "cell_nested"
    (found,) = files.read(tmp_path, year=2024)
    assert [notice.fields for notice in found.notices] == [{"files": "a.parquet"}]


def test_parquet_with_any_bytes_changed_is_read_or_refused_and_never_fails(
    capfd: pytest.CaptureFixture[str],
) -> None:
    content, chance = packed(table(50), compression="uncompressed"), random.Random(1)
    for _ in range(400):
        changed = bytearray(content)
        for _ in range(3):
            changed[chance.randrange(4, len(changed))] = chance.randrange(256)
        cut = bytes(changed[: chance.choice((len(changed), chance.randrange(4, len(changed))))])
        with contextlib.suppress(Refusal):
            parquet.read(cut)
    capfd.readouterr()  # Polars writes of its panics


def test_a_header_that_points_backwards_or_nests_without_end_is_refused() -> None:
    endless = b"PAR1" + b"\x19" * 5_000
    assert code_of(endless + len(endless).to_bytes(4, "little") + b"PAR1") == "parquet_damaged"
    deep = b"\x19" * 5_000
    assert code_of(b"PAR1" + deep + len(deep).to_bytes(4, "little") + b"PAR1") == "parquet_damaged"


def test_what_is_no_number_in_parquet_is_unknown_and_no_figure(tmp_path: Path) -> None:
    """pandas writes NaN for an empty cell."""
    frame = pl.DataFrame({"buurtcode": ["BU05180001", "BU05180002"], "inwoners": [math.nan, 850.0]})
    (tmp_path / "own.parquet").write_bytes(packed(frame))
    (read,) = files.read(tmp_path / "own.parquet", year=2020)
    assert read.frame.select("population", "population~").rows() == [
        (None, Status.UNKNOWN), (850.0, Status.OK),
    ]  # fmt: skip


def _number(number: int) -> bytes:
    """As the compact protocol of Thrift writes it; from -64 to 63 it is one byte."""
    return bytes([number << 1 if number >= 0 else -number * 2 - 1])


def of_one_page(unpacked: int, packed: int, values: int) -> bytes:
    """A file of one page of which the header says how large it is."""
    sizes = b"\x15" + _number(0) + b"\x15" + _number(unpacked) + b"\x15" + _number(packed)
    page = sizes + b"\x2c\x15" + _number(values) + b"\0\0"
    column = b"\x3c\x76" + _number(len(page)) + b"\x26" + _number(4) + b"\0\0"
    footer = b"\x49\x1c\x19\x1c" + column + b"\0\0"
    return b"PAR1" + page + footer + len(footer).to_bytes(4, "little") + b"PAR1"


@pytest.mark.parametrize("sizes", [(-1, 9, 9), (9, -1, 9), (9, 9, -1)])
def test_a_page_that_says_a_size_below_zero_is_refused(sizes: tuple[int, int, int]) -> None:
    """Else it would take off from what all other pages unpack to."""
    assert list(parquet._pages(of_one_page(9, 9, 8))) == [(9, 8)]
    with pytest.raises(ValueError, match=r"\{"):
        list(parquet._pages(of_one_page(*sizes)))
    assert code_of(of_one_page(*sizes)) == "parquet_damaged"


def test_a_footer_that_is_longer_than_its_file_is_refused() -> None:
    """Else its place would count from the end of the file, where the true one may stand."""
    whole = of_one_page(9, 9, 8)
    true = len(whole) - 8 - whole[-8]
    content = whole[:-8] + (2 * len(whole) - 8 - true).to_bytes(4, "little") + b"PAR1"
    with pytest.raises(ValueError, match=f"^{true - len(whole)}$"):
        list(parquet._pages(content))
    assert code_of(content) == "parquet_damaged"
