# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of writing to the data folder: whole or not at all, one writer, nothing left behind."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest

from tests.figures.making import snapshot
from wijkeconomie.figures import build, store
from wijkeconomie.figures.refusal import Refusal, Unavailable, WrongUse
from wijkeconomie.figures.release import _open, open_release, quote, use, verify
from wijkeconomie.figures.store import Busy

FORK = multiprocessing.get_context("spawn")
NOT_A_NUMBER = {"column": "volunteers", "row": 12, "value": "4711"}
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
    first, second = (store.add(tmp_path, [snapshot(2020, [WIJK])])[0] for _ in range(2))
    assert first == second
    assert [folder.name for folder in (tmp_path / "raw").iterdir()] == [first.key]


def test_what_was_stored_comes_back_as_it_was(tmp_path: Path) -> None:
    table = snapshot(2020, [WIJK])
    raw = store.add(tmp_path, [table])[0]
    assert replace(raw, just_read=None).frame().equals(table.frame)
    assert raw.origin == table.origin
    assert raw.facts["sha256"] == store.checksum(raw.path / "table.arrow")


def test_tables_stored_together_come_back_in_their_order(tmp_path: Path) -> None:
    tables = [snapshot(year, [WIJK]) for year in (2021, 2020, 2022, 2020)]
    raws = [replace(raw, just_read=None) for raw in store.add(tmp_path, tables)]
    assert [raw.frame()["year"][0] for raw in raws] == [2021, 2020, 2022, 2020]
    assert len(list((tmp_path / "raw").iterdir())) == 3


def test_the_same_table_read_on_another_day_is_stored_once(tmp_path: Path) -> None:
    table = snapshot(2020, [WIJK])
    later = replace(table.origin, read_at=table.origin.read_at + timedelta(days=1))
    first = store.add(tmp_path, [table])[0]
    second = store.add(tmp_path, [replace(table, origin=later)])[0]
    assert (second.key, second.origin) == (first.key, table.origin)


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ("CC BY 4.0", "CC0-1.0"),
        ("POPULATION", "POPULATIOM"),  # of a column: else the trace names one that no source has
        ("2026-01-01 00:00", "2026-01-01 09:09"),  # when it was read
        ("2026-01-01 00:00", "2026-13-41 00:00"),
    ],
)
def test_what_is_said_of_a_table_is_put_right_by_loading_it_again(
    tmp_path: Path, was: str, became: str
) -> None:
    loaded(tmp_path)
    (about,) = tmp_path.glob("raw/*/origin.json")
    assert was in about.read_text("utf-8")
    about.write_text(about.read_text("utf-8").replace(was, became), "utf-8")
    assert [notice.fields for notice in verify(tmp_path)] == [{"table": "T"}]
    found = loaded(tmp_path)
    assert verify(tmp_path) == []
    (cell,) = found.trace("WK000101", "population", 2020)
    assert (cell.key, cell.origin.licence) == ("POPULATION", "CC BY 4.0")


def test_another_version_of_a_table_is_another_table(tmp_path: Path) -> None:
    one, two = (store.add(tmp_path, [snapshot(2020, [WIJK], day=day)])[0] for day in (0, 1))
    assert one.key != two.key


def test_one_file_read_in_another_way_is_another_table(tmp_path: Path) -> None:
    """As another year, or with another number format: else the correction would be ignored."""
    tables = [
        snapshot(2020, [WIJK]),
        snapshot(2021, [WIJK]),
        snapshot(2020, [{**WIJK, "population": 0.5}]),
    ]
    assert len({store.add(tmp_path, [table])[0].key for table in tables}) == 3


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
    monkeypatch.setattr(store, "flush", full_disk)
    with pytest.raises(Refusal) as refused:
        store.replace_text(tmp_path / "current", "new")
    assert refused.value.notice.code == "disk_full"
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("current", "old")]


@pytest.mark.parametrize("step", range(1, 17))
def test_a_full_disk_at_any_flush_leaves_the_release_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    before = loaded(tmp_path)
    flush, count = store.flush, iter(range(1, 10_000))
    monkeypatch.setattr(
        store, "flush", lambda path: full_disk() if next(count) >= step else flush(path)
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

    monkeypatch.setattr(store, "flush", broken)
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
        # lazily: a release keeps its manifest open, so that nobody removes it
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path) -> None:
    release = loaded(tmp_path)
    for name in ("raw/.new-1-abc", "releases/.new-1-x", "raw/0123456789abcdef"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half").write_text("half")
    with store.locked(tmp_path):
        store.sweep(tmp_path)
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
    fiction = store.add(tmp_path, [snapshot(2020, [WIJK], table="F", fictional=True)])[0]
    real = store.add(tmp_path, [snapshot(2020, [WIJK], table="T", day=1)])[0]
    older = store.add(tmp_path, [snapshot(2019, [WIJK], table="S")])[0]
    assert store.ordered([fiction]) == [fiction]
    assert store.ordered([fiction, real, older]) == [older, real]


# -- old releases
def several(
    data: Path, count: int, first: int = 0, step: timedelta = timedelta(days=1)
) -> list[str]:
    """Releases made one after the other, a *step* apart, none of which stays open here."""
    return [_made(data, number, step) for number in range(first, first + count)]


def _made(data: Path, number: int, step: timedelta) -> str:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime(2030, 1, 1, tzinfo=tz) + number * step

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "datetime", Clock)
        table = snapshot(2020, [{**WIJK, "population": 500 + number}], day=(number * step).days)
        name = build.load(data, [table]).id
    _open.cache_clear()
    return name


def present(data: Path) -> list[str]:
    return [folder.name for folder in store.newest_first(data)]


def test_the_release_in_use_and_two_others_stay(tmp_path: Path) -> None:
    made = several(tmp_path, 5)
    assert present(tmp_path) == [made[4], made[3], made[2]]
    assert left_over(tmp_path) == []
    quoted = {s["key"] for name in made[2:] for s in manifest_of(tmp_path, name)["sources"]}
    assert {folder.name for folder in (tmp_path / "raw").iterdir()} == quoted


def test_releases_of_one_second_are_known_apart(tmp_path: Path) -> None:
    """By their names the oldest could be the last but one, which its maker has open: none went."""
    made = several(tmp_path, 6, step=timedelta(milliseconds=7))
    assert present(tmp_path) == [made[5], made[4], made[3]]


def manifest_of(data: Path, name: str) -> dict[str, Any]:
    return store.manifest(data / "releases" / name)


def test_a_release_that_a_document_quotes_stays(tmp_path: Path) -> None:
    first = several(tmp_path, 1)[0]
    quote(tmp_path, first)
    rest = several(tmp_path, 5, 1)
    assert first in present(tmp_path)
    assert rest[1] not in present(tmp_path)


def test_a_release_that_a_process_has_open_stays_until_it_closes(tmp_path: Path) -> None:
    first = several(tmp_path, 1)[0]
    descriptor = store.hold(tmp_path / "releases" / first)
    several(tmp_path, 5, 1)
    assert first in present(tmp_path)
    os.close(descriptor)
    store.sweep(tmp_path)
    assert first not in present(tmp_path)


def test_without_the_hold_an_open_release_would_lose_its_figures(tmp_path: Path) -> None:
    """The harm that holding prevents."""
    first = several(tmp_path, 1)[0]
    several(tmp_path, 5, 1)
    assert not (tmp_path / "releases" / first / "by_area.arrow").exists()


def test_a_removal_that_was_killed_half_way_is_finished_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = several(tmp_path, 3)
    monkeypatch.setattr(store, "KEPT", 0)
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)  # killed before anything went
    store.sweep(tmp_path)
    assert present(tmp_path) == [made[2]]
    assert len(left_over(tmp_path)) == 2
    monkeypatch.undo()
    store.sweep(tmp_path)
    assert left_over(tmp_path) == []
    assert verify(tmp_path) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from wijkeconomie.figures import store
store.flush = lambda path: os.kill(os.getpid(), signal.SIGKILL)  # written, not yet renamed
store.replace_text(Path(sys.argv[1]), "new")
"""


@pytest.mark.parametrize("name", ["current", "quoted"])
def test_a_small_file_of_a_run_that_was_killed_is_swept_by_the_next_load(
    tmp_path: Path, name: str
) -> None:
    """Between writing the new pointer and its rename is the last moment at which a load can die."""
    before = loaded(tmp_path)
    target = (tmp_path if name == "current" else before.path) / name
    died = subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False)
    assert died.returncode == -signal.SIGKILL
    assert len(left_over(tmp_path)) == 1
    assert open_release(tmp_path) is before
    build.load(tmp_path, [snapshot(2021, [WIJK], table="U")])
    assert left_over(tmp_path) == []
    assert verify(tmp_path) == []


def test_one_may_return_to_the_release_before(tmp_path: Path) -> None:
    made = several(tmp_path, 2)
    assert use(tmp_path, made[0]).id == made[0]
    assert open_release(tmp_path).id == made[0]


def test_a_damaged_release_is_not_taken_into_use(tmp_path: Path) -> None:
    made = several(tmp_path, 2)
    (tmp_path / "releases" / made[0] / "maps.arrow").unlink()
    with pytest.raises(Unavailable):
        use(tmp_path, made[0])
    assert open_release(tmp_path).id == made[1]


def test_a_release_of_another_version_is_not_taken_into_use(tmp_path: Path) -> None:
    made = several(tmp_path, 2)
    folder = tmp_path / "releases" / made[0]
    old = {**store.manifest(folder), "format": store.FORMAT - 1}
    (folder / "manifest.json").write_text(json.dumps(old), "utf-8")
    store.sign_manifest(folder)
    with pytest.raises(Unavailable) as refused:
        use(tmp_path, made[0])
    assert refused.value.notice.code == "other_format"
    assert open_release(tmp_path).id == made[1]


# -- a pointer, a manifest or a table that is gone
@pytest.mark.parametrize("written", ["", "\n", "   \n"])
def test_an_empty_pointer_is_said_to_be_empty_and_names_what_can_be_taken_into_use(
    tmp_path: Path, written: str
) -> None:
    """The twin: as a name of nothing it was "The release  in … is gone"."""
    made = several(tmp_path, 2)
    (tmp_path / "current").write_text(written, "utf-8")
    for act in (open_release, store.sweep):
        with pytest.raises(Unavailable) as refused:
            act(tmp_path)
        assert refused.value.notice.code == "pointer_empty"
    for language, said in (("nl", "in gebruik is, is leeg."), ("en", "is in use is empty.")):
        words = refused.value.text(language)  # type: ignore[arg-type]
        assert (said in words, *(name in words for name in made)) == (True, True, True)
    assert use(tmp_path, made[0]).id == made[0]


def test_an_empty_pointer_where_there_is_no_release_is_none_at_all(tmp_path: Path) -> None:
    (tmp_path / "current").touch()
    assert store.pointer(tmp_path) is None
    loaded(tmp_path)
    assert store.pointer(tmp_path) == open_release(tmp_path).id


def test_one_whole_release_without_a_pointer_is_taken_into_use_by_the_next_load(
    tmp_path: Path,
) -> None:
    """So ends a first load that was killed just before its last step."""
    loaded(tmp_path)
    (tmp_path / "current").unlink()
    with pytest.raises(Unavailable) as refused:
        open_release(tmp_path)
    assert refused.value.notice.code == "pointer_gone"
    build.load(tmp_path, [snapshot(2021, [WIJK], table="U")])
    assert open_release(tmp_path).years == (2020, 2021)


def test_of_two_releases_without_a_pointer_none_is_chosen_for_the_user(tmp_path: Path) -> None:
    made = several(tmp_path, 2)
    (tmp_path / "current").unlink()
    with pytest.raises(Unavailable) as refused:
        build.load(tmp_path, [snapshot(2021, [WIJK], table="U")])
    assert all(name in refused.value.text("nl") for name in made)
    assert use(tmp_path, made[1]).id == made[1]


def test_a_damaged_release_without_a_pointer_is_not_taken_into_use(tmp_path: Path) -> None:
    (loaded(tmp_path).path / "maps.arrow").unlink()
    (tmp_path / "current").unlink()
    with pytest.raises(Unavailable):
        build.load(tmp_path, [snapshot(2021, [WIJK], table="U")])


def test_the_same_load_again_makes_a_damaged_release_anew(tmp_path: Path) -> None:
    before = loaded(tmp_path)
    (before.path / "maps.arrow").write_bytes(b"")
    after = loaded(tmp_path)
    assert after.id == f"{before.id}_2"
    assert verify(tmp_path) == []


@pytest.mark.parametrize("part", ["table.arrow", "origin.json"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"{}")])
def test_a_lost_table_is_named_and_repaired_by_loading_it_again(
    tmp_path: Path, part: str, damage: Any
) -> None:
    release = loaded(tmp_path)
    (stored,) = (tmp_path / "raw").iterdir()
    damage(stored / part)
    with pytest.raises(Unavailable) as refused:
        build.load(tmp_path, [snapshot(2021, [WIJK], table="U")])
    assert refused.value.notice.fields["tables"] == "T"
    assert open_release(tmp_path) is release
    loaded(tmp_path)
    assert verify(tmp_path) == []
    assert build.load(tmp_path, [snapshot(2021, [WIJK], table="U")]).years == (2020, 2021)


def test_a_newer_version_takes_the_place_of_a_lost_table(tmp_path: Path) -> None:
    loaded(tmp_path)
    (stored,) = (tmp_path / "raw").iterdir()
    (stored / "table.arrow").unlink()
    build.load(tmp_path, [snapshot(2020, [WIJK], day=1)])
    assert verify(tmp_path) == []


# -- rights
@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOTDIR, errno.EIO])
def test_a_folder_that_may_not_be_written_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def forbidden(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", forbidden)
    with pytest.raises(Refusal) as refused, store.locked(tmp_path):
        raise AssertionError
    assert refused.value.notice.code == "data_not_writable"
    assert "--data" in refused.value.text("nl")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_release_that_may_not_be_written_is_said_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def forbidden(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(store, "flush", forbidden)
    with pytest.raises(Refusal) as refused:
        store.replace_text(tmp_path / "current", "new")
    assert refused.value.notice.code == "data_not_writable"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["..", ".", "../..", "a/b", "/etc", "..\\a", "x\0"])
def test_a_pointer_that_leads_elsewhere_is_damaged(tmp_path: Path, name: str) -> None:
    loaded(tmp_path)
    (tmp_path / "current").write_text(name, "utf-8")
    with pytest.raises(Refusal) as refused:
        open_release(tmp_path)
    assert refused.value.notice.code == "release_damaged"
    with pytest.raises(Refusal):
        build.load(tmp_path, [snapshot(2021, [WIJK], table="U")])


def test_unguarded_such_a_pointer_opens_a_release_outside_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: figures of another folder, that this one never checked."""
    elsewhere = loaded(tmp_path / "other")
    here = loaded(tmp_path / "here")
    way = f"../../other/releases/{elsewhere.path.name}"
    (tmp_path / "here" / "current").write_text(way, "utf-8")
    with pytest.raises(Refusal):
        open_release(tmp_path / "here")
    monkeypatch.setattr(store, "_NAME", re.compile(".*"))
    found = open_release(tmp_path / "here")
    assert found.path.resolve() == elsewhere.path.resolve() != here.path.resolve()


def test_a_pointer_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    with pytest.raises(Unavailable) as refused:
        open_release(tmp_path)
    assert "'current' geen gewoon bestand" in refused.value.text("nl")


# -- what the last load refused
def test_of_a_refused_load_only_the_place_is_kept_and_never_what_stood_there(
    tmp_path: Path,
) -> None:
    loaded(tmp_path)
    refusal = Refusal("not_a_number", **NOT_A_NUMBER)
    refusal.others = (refusal.notice,)
    assert "4711" in refusal.text("nl")  # without the guard everyone would read it
    store.keep_refused(tmp_path, ["/home/someone/own.csv", "cbs"], refusal)
    kept = store.last_refused(tmp_path) or {}
    assert kept["names"] == ["own.csv", "cbs"]
    assert "volunteers" in kept["nl"]
    assert "12" in kept["en"]
    assert kept["nl"] != kept["en"]
    assert kept["nl"].endswith("En nog 1 andere in dit bestand.")
    written = (tmp_path / store.REFUSED).read_text("utf-8")
    assert "4711" not in written
    assert "someone" not in written


def test_figures_that_were_taken_for_the_name_of_a_column_are_not_kept(tmp_path: Path) -> None:
    loaded(tmp_path)
    store.keep_refused(
        tmp_path, ["own.csv"], Refusal("not_a_number", **{**NOT_A_NUMBER, "column": "7"})
    )
    kept = store.last_refused(tmp_path) or {}
    assert "7" not in kept["nl"]


@pytest.mark.parametrize("refusal", [WrongUse("no_source"), Busy("busy", pid="1")])
def test_wrong_use_is_no_refused_load(tmp_path: Path, refusal: Refusal) -> None:
    loaded(tmp_path)
    store.keep_refused(tmp_path, ["own.csv"], refusal)
    assert store.last_refused(tmp_path) is None
    assert store.refused_mark(tmp_path) == 0


def test_without_figures_nothing_is_kept_of_a_refused_load(tmp_path: Path) -> None:
    store.keep_refused(tmp_path, ["own.csv"], Refusal("only_header"))
    assert not list(tmp_path.iterdir())


def test_a_load_that_succeeds_takes_away_what_was_refused_before(tmp_path: Path) -> None:
    release = loaded(tmp_path)
    store.keep_refused(tmp_path, ["own.csv"], Refusal("only_header"))
    assert store.refused_mark(tmp_path) > 0
    store.sweep(tmp_path)
    assert store.last_refused(tmp_path)
    assert not verify(tmp_path)
    assert open_release(tmp_path).id == release.id
    build.load(tmp_path, [snapshot(2021, [WIJK])])
    assert store.last_refused(tmp_path) is None


def test_a_full_disk_does_not_fail_a_load_that_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded(tmp_path)
    monkeypatch.setattr(store, "flush", full_disk)
    with pytest.raises(Refusal):  # the twin: writing itself does fail
        store.replace_text(tmp_path / store.REFUSED, "x")
    store.keep_refused(tmp_path, ["own.csv"], Refusal("only_header"))
    assert store.last_refused(tmp_path) is None
    assert left_over(tmp_path) == []


@pytest.mark.parametrize("method", ["exists", "resolve"])
def test_a_folder_that_cannot_be_asked_does_not_fail_a_load_that_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    loaded(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Path, method, full_disk)
        store.keep_refused(tmp_path, ["own.csv"], Refusal("only_header"))
    assert store.last_refused(tmp_path) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"at": 1, "names": 2}', "\udcff"])
def test_what_cannot_be_read_of_a_refused_load_is_as_if_there_was_none(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / store.REFUSED).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert store.last_refused(tmp_path) is None


def test_a_folder_where_nobody_can_make_files_is_called_so(tmp_path: Path) -> None:
    """The twin: a folder that cannot be made for another reason says that reason."""
    with pytest.raises(Refusal) as refused, store.locked(Path("/proc")):
        pass
    assert refused.value.notice.code == "data_takes_no_files"
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal) as other, store.locked(tmp_path / "file" / "in"):
        pass
    assert other.value.notice.code == "data_not_writable"


def test_a_sweep_removes_nothing_where_the_release_in_use_is_not_there(tmp_path: Path) -> None:
    """Its tables stand in no other release, and may be the only copy."""
    several(tmp_path, 3)
    (tmp_path / "current").write_text("20200101-000000-gone", "utf-8")
    for name in ("raw/.new-1-abc", "raw/0123456789abcdef"):
        (tmp_path / name).mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Unavailable):
        store.sweep(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
