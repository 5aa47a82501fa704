# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The data folder on disk: raw tables as read, and how anything is written there.

Everything appears whole or not at all: written beside its place, flushed, renamed, and the folder
flushed too.  A raw table is never changed; its name is the checksum of where it came from.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from wijkeconomie.figures.refusal import Notice, Refusal
from wijkeconomie.figures.snapshot import Boundaries, Crosswalk, Origin, Snapshot, Table

WAIT_FOR_LOCK = 30.0  # seconds that a second writer waits
LEAST_ROOM = 1 << 20  # bytes; a table that cannot be written where less is free found no room
WRITING_ERRORS = (OSError, pl.exceptions.ComputeError)  # how Polars tells that writing failed


class Busy(Refusal):
    """Another process writes this data folder (exit code 75, EX_TEMPFAIL)."""

    exit_code = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One stored table: its key, its origin and where it lies."""

    key: str
    kind: str
    origin: Origin
    facts: dict[str, Any]
    path: Path

    def frame(self) -> pl.DataFrame:
        return pl.read_parquet(self.path / "table.parquet")


@contextmanager
def locked(data: Path, *, wait: float = WAIT_FOR_LOCK) -> Iterator[None]:
    """Hold the only writing right on a data folder; :class:`Busy` names the holder."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("a+", encoding="utf-8") as lock:
        until = time.monotonic() + wait
        while not _try_lock(lock.fileno()):
            if time.monotonic() > until:
                lock.seek(0)
                raise Busy("busy", pid=lock.read().strip() or "?")
            time.sleep(0.05)
        _sign(lock.fileno(), data)
        sweep(data)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(descriptor: int, data: Path) -> None:
    """Write who holds the lock, unbuffered: on a full disk closing would fail once more."""
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
    except OSError as error:
        if is_full(error, data):
            raise Refusal("disk_full") from error
        raise


def sweep(data: Path) -> None:
    """Remove what a killed or refused run left: half-written folders and tables in no release.

    Raises ``Refusal("release_damaged")`` and removes nothing when the release in use, or the
    manifest of any other, cannot be read: their tables may be the only copy.
    """
    in_use(data)
    quoted = {key for folder in data.glob("releases/[0-9]*") for key in _quoted(folder)}
    left = [folder for folder in data.glob("raw/[0-9a-f]*") if folder.name not in quoted]
    for folder in [*left, *data.glob("raw/.new-*"), *data.glob("releases/.new-*")]:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give a folder to fill that becomes *target* in one step, or disappears.

    A full disk becomes ``Refusal("disk_full")``; what was there stays.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.parent / f".new-{os.getpid()}-{target.name}"
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir()
        yield new
        for file in new.iterdir():
            _flush(file)
        _flush(new)
        new.rename(target)
        _flush(target.parent)
    except WRITING_ERRORS as error:
        if is_full(error, target.parent):
            raise Refusal("disk_full") from error
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def replace_text(target: Path, text: str) -> None:
    """Replace a small file in one step."""
    new = target.with_name(f".new-{os.getpid()}-{target.name}")
    try:
        new.write_text(text, "utf-8")
        _flush(new)
        new.replace(target)
        _flush(target.parent)
    except OSError as error:
        if is_full(error, target.parent):
            raise Refusal("disk_full") from error
        raise
    finally:
        new.unlink(missing_ok=True)


def is_full(error: Exception, folder: Path) -> bool:
    """Whether a full disk is why writing to *folder* failed.

    Polars often hides the system's number of the error; then the room that is left decides.
    """
    number = getattr(error, "errno", None)
    if number:
        return number in (errno.ENOSPC, errno.EDQUOT)
    return shutil.disk_usage(folder).free < LEAST_ROOM


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def add(data: Path, table: Table) -> Raw:
    """Store one table as read; the same table twice is stored once."""
    kind, facts = _facts(table)
    content = BytesIO()
    table.frame.rechunk().write_parquet(content, compression="lz4", statistics=False)
    digest = hashlib.sha256(content.getbuffer()).hexdigest()
    target = data / "raw" / _key(table, kind, facts, digest)
    if not target.exists():
        with whole_folder(target) as new:
            (new / "table.parquet").write_bytes(content.getbuffer())
            facts["sha256"] = digest
            facts["notices"] = [asdict(notice) for notice in table.notices]
            meta = {"kind": kind, "origin": asdict(table.origin), "facts": facts}
            (new / "origin.json").write_text(json.dumps(meta, default=str, indent=1), "utf-8")
    return _read(target)


def _key(table: Table, kind: str, facts: dict[str, Any], content: str) -> str:
    """From origin *and* figures: a file read as another year or number format is another table."""
    origin = asdict(table.origin) | {"read_at": ""}
    identity = json.dumps([kind, facts, origin, content], default=str)
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def _facts(table: Table) -> tuple[str, dict[str, Any]]:
    match table:
        case Snapshot():
            facts = {"keys": table.keys, "unrecognised": list(table.unrecognised)}
            own = {"division": table.division} if table.division else {}
            return "snapshot", facts | own
        case Boundaries():
            return "boundaries", {"year": table.year}
        case Crosswalk():
            span = {"from_year": table.from_year, "to_year": table.to_year}
            return "crosswalk", {"level": table.level, **span}


def in_use(data: Path) -> list[Raw]:
    """The tables of the release in use; none when there is no release."""
    try:
        name = (data / "current").read_text("utf-8").strip()
    except FileNotFoundError:
        return []
    try:
        return [_read(data / "raw" / key) for key in _quoted(data / "releases" / name)]
    except (OSError, KeyError) as error:
        raise Refusal("release_damaged", name=name[:60], data=str(data)) from error


def ordered(raws: list[Raw]) -> list[Raw]:
    """Oldest reading first; fictional tables only while nothing else is there."""
    real = [raw for raw in raws if not raw.origin.fictional]
    return sorted(real or raws, key=lambda raw: (raw.origin.read_at, raw.key))


def _quoted(release: Path) -> list[str]:
    try:
        manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    except ValueError as error:
        name, data = release.name[:60], str(release.parent.parent)
        raise Refusal("release_damaged", name=name, data=data) from error
    return [source["key"] for source in manifest["sources"]]


def _read(folder: Path) -> Raw:
    meta = json.loads((folder / "origin.json").read_text("utf-8"))
    origin = origin_from(meta["origin"])
    return Raw(key=folder.name, kind=meta["kind"], origin=origin, facts=meta["facts"], path=folder)


def origin_from(stored: dict[str, Any]) -> Origin:
    """An origin as written in ``origin.json`` or a manifest."""
    return Origin(**{**stored, "read_at": datetime.fromisoformat(stored["read_at"])})


def is_as_stored(data: Path, source: dict[str, Any]) -> bool:
    """Whether a table and where it came from are still what a manifest says of them."""
    folder = data / "raw" / source["key"]
    try:
        meta = json.loads((folder / "origin.json").read_text("utf-8"))
        same = checksum(folder / "table.parquet") == source["sha256"]
    except (OSError, ValueError):
        return False
    return same and bool(meta["origin"] == source["origin"])


def notices_of(raw: Raw) -> tuple[Notice, ...]:
    """What the source warned of when the table was read."""
    return tuple(Notice(n["code"], n["fields"]) for n in raw.facts["notices"])
