# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever happened to a file on its way: it is read or refused in words, never an error."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fieldwork.making import SHOPS, TOLD
from wijkeconomie.fieldwork import refi, refi_writing, xlsform, xlsform_writing
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.sources import workbook

FORM, PROJECT = xlsform_writing.write(SHOPS), refi_writing.write(TOLD)
_hits = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1,
                 max_size=4)  # fmt: skip
Hits = list[tuple[float, int]]


def hit(content: bytes, hits: Hits) -> bytes:
    """*content* with other bytes at some places, given as parts of its length."""
    body = bytearray(content)
    for where, byte in hits:
        body[int(where * len(body))] = byte
    return bytes(body)


def hit_within(content: bytes, hits: Hits, which: int) -> bytes:
    """A sound zip of which one part was hit."""
    packed = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(packed, "w", ZIP_STORED) as new:
        names = old.namelist()
        for name in names:
            part = old.read(name)
            is_hit = part and name == names[which % len(names)]
            new.writestr(name, hit(part, hits) if is_hit else part)
    return packed.getvalue()


def told(read: Callable[[bytes], Any], content: bytes) -> None:
    try:
        read(content)
    except Refusal as refusal:
        refusal.text("nl")
        refusal.text("en")


@pytest.mark.parametrize(("read", "content"), [(xlsform.read, FORM), (refi.read, PROJECT)])
@settings(max_examples=80)
@given(hits=_hits, which=st.none() | st.integers(0, 20))
def test_a_damaged_file_is_read_or_refused(
    read: Callable[[bytes], Any], content: bytes, hits: Hits, which: int | None
) -> None:
    told(read, hit(content, hits) if which is None else hit_within(content, hits, which))


@pytest.mark.parametrize(("read", "content"), [(xlsform.read, FORM), (refi.read, PROJECT)])
def test_a_part_that_does_not_unpack_is_damage(
    read: Callable[[bytes], Any], content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ZipFile(BytesIO(content)) as archive:
        entry = archive.infolist()[0]
    start = entry.header_offset + 30 + len(entry.filename)
    broken = content[:start] + b"\xff" * 20 + content[start + 20 :]
    with pytest.raises(Refusal) as caught:
        read(broken)
    assert caught.value.notice.code == "zip_damaged"
    monkeypatch.setattr(workbook, "ZIP_ERRORS", ())  # the twin: what such a part raises by itself
    with pytest.raises(Exception, match="invalid block type"):
        read(broken)
