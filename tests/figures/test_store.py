# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of writing to the data folder: whole or not at all, one writer, nothing left behind."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.figures.making import snapshot
from wijkeconomie.figures import build, store
from wijkeconomie.figures.refusal import Refusal
from wijkeconomie.figures.release import open_release, verify
from wijkeconomie.figures.store import Busy

FORK = multiprocessing.get_context("spawn")
WIJK = {"area": "WK000101", "name": "Oost", "population": 500}


def loaded(data: Path) -> Any:
    return build.load(data, [snapshot(2020, [WIJK])])


def left_over(data: Path) -> list[str]:
    return sorted(str(p.relative_to(data)) for p in data.rglob("*") if ".new-" in p.name)


def full_disk(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def held(data: Path) -> Iterator[int]:
    """Another process that holds the writing right; gives its pid."""
    ready = FORK.Event()
    other = FORK.Process(target=_hold, args=(data, ready))
    other.start()
    assert ready.wait(30)
    try:
        yield other.pid or 0
    finally:
        other.terminate()
        other.join()


def _hold(data: Path, ready: Any) -> None:
    with store.locked(data):
        ready.set()
        signal.pause()


def test_the_same_table_twice_is_stored_once(tmp_path: Path) -> None:
    first, second = (store.add(tmp_path, snapshot(2020, [WIJK])) for _ in range(2))
    assert first == second
    assert [folder.name for folder in (tmp_path / "raw").iterdir()] == [first.key]


def test_what_was_stored_comes_back_as_it_was(tmp_path: Path) -> None:
    table = snapshot(2020, [WIJK])
    raw = store.add(tmp_path, table)
    assert raw.frame().equals(table.frame)
    assert raw.origin == table.origin
    assert raw.facts["sha256"] == store.checksum(raw.path / "table.parquet")


def test_another_version_of_a_table_is_another_table(tmp_path: Path) -> None:
    one, two = (store.add(tmp_path, snapshot(2020, [WIJK], day=day)) for day in (0, 1))
    assert one.key != two.key


def test_one_file_read_in_another_way_is_another_table(tmp_path: Path) -> None:
    """As another year, or with another number format: else the correction would be ignored."""
    tables = [
        snapshot(2020, [WIJK]),
        snapshot(2021, [WIJK]),
        snapshot(2020, [{**WIJK, "population": 0.5}]),
    ]
    assert len({store.add(tmp_path, table).key for table in tables}) == 3


def test_a_folder_that_fails_half_way_was_never_there(tmp_path: Path) -> None:
    def half() -> None:
        with store.whole_folder(tmp_path / "target") as new:
            (new / "file").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    with store.whole_folder(tmp_path / "target") as new:
        (new / "file").write_text("all")
        assert not (tmp_path / "target").exists()
    assert (tmp_path / "target" / "file").read_text() == "all"
    assert left_over(tmp_path) == []


def test_a_full_disk_at_the_pointer_leaves_the_old_pointer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.replace_text(tmp_path / "current", "old")
    monkeypatch.setattr(store, "_flush", full_disk)
    with pytest.raises(Refusal) as refused:
        store.replace_text(tmp_path / "current", "new")
    assert refused.value.notice.code == "disk_full"
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("current", "old")]


@pytest.mark.parametrize("step", range(1, 12))
def test_a_full_disk_at_any_flush_leaves_the_release_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    before = loaded(tmp_path)
    flush, count = store._flush, iter(range(1, 10_000))
    monkeypatch.setattr(
        store, "_flush", lambda path: full_disk() if next(count) >= step else flush(path)
    )
    with pytest.raises(Refusal):
        build.load(tmp_path, [snapshot(2021, [WIJK], table="U")])
    assert open_release(tmp_path) is before
    assert verify(tmp_path) == []
    assert left_over(tmp_path) == []


def test_any_other_fault_of_the_disk_stays_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(store, "_flush", broken)
    with pytest.raises(OSError, match="broken"):
        store.replace_text(tmp_path / "current", "new")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_disk_that_is_really_full_leaves_the_release_in_use(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no right to mount here")
    try:
        before = loaded(disk)
        rows = [{**WIJK, "area": f"WK{n:06}", "population": 100 + n * 7919 % 20011}
                for n in range(90_000)]  # fmt: skip
        with pytest.raises(Refusal) as refused:
            build.load(disk, [snapshot(2021, rows, table="U")])
        assert refused.value.notice.code == "disk_full"
        assert open_release(disk) is before
        assert verify(disk) == []
        assert left_over(disk) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path) -> None:
    release = loaded(tmp_path)
    for name in ("raw/.new-1-abc", "releases/.new-1-x", "raw/0123456789abcdef"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half").write_text("half")
    with store.locked(tmp_path):
        pass
    assert left_over(tmp_path) == []
    assert len(list((tmp_path / "raw").iterdir())) == 1
    assert open_release(tmp_path) is release
    assert verify(tmp_path) == []


def test_a_second_writer_is_told_who_writes(tmp_path: Path) -> None:
    with held(tmp_path) as pid, pytest.raises(Busy) as busy, store.locked(tmp_path, wait=0.05):
        raise AssertionError
    assert busy.value.exit_code == 75
    assert str(pid) in busy.value.text("nl")


def test_the_writing_right_ends_with_its_holder(tmp_path: Path) -> None:
    with held(tmp_path):
        pass
    with store.locked(tmp_path, wait=5):
        pass


def test_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    with held(tmp_path) as pid:
        FORK.Process(target=os.kill, args=(pid, signal.SIGTERM)).start()
        with store.locked(tmp_path, wait=30):
            pass


def test_without_the_lock_a_second_writer_sweeps_what_the_first_is_writing(tmp_path: Path) -> None:
    """The harm that the lock prevents: the first writer's folder goes while it is filled."""

    def interrupted() -> None:
        with store.whole_folder(tmp_path / "raw" / "a") as new:
            (new / "file").write_text("first")
            store.sweep(tmp_path)  # what a second writer does at once when nothing holds it back

    with pytest.raises(FileNotFoundError):
        interrupted()


def test_fictional_tables_stay_only_while_nothing_else_is_there(tmp_path: Path) -> None:
    fiction = store.add(tmp_path, snapshot(2020, [WIJK], table="F", fictional=True))
    real = store.add(tmp_path, snapshot(2020, [WIJK], table="T", day=1))
    older = store.add(tmp_path, snapshot(2019, [WIJK], table="S"))
    assert store.ordered([fiction]) == [fiction]
    assert store.ordered([fiction, real, older]) == [older, real]
