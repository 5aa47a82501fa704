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
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, get_ident
from typing import Any, TextIO

import polars as pl

from wijkeconomie.figures.refusal import LANGUAGES, Language, Notice, Refusal, Unavailable
from wijkeconomie.figures.snapshot import Boundaries, Crosswalk, Origin, Snapshot, Table

# Of all that lies here, part of every release id: a new format makes new releases.  How own
# tables are hidden belongs to it, for a release is not made again before something is loaded.
FORMAT = 11
WAIT_FOR_LOCK = 30.0  # seconds that a second writer waits
LEAST_ROOM = 1 << 20  # bytes; a table that cannot be written where less is free found no room
WRITING_ERRORS = (OSError, pl.exceptions.ComputeError)  # how Polars tells that writing failed
KEPT = 2  # releases that stay besides the one in use, to go back to
HASH = "manifest.sha256"  # beside the manifest, as `sha256sum --check` reads it
_NAME = re.compile(r"\w[\w.-]*", re.ASCII)  # of a release: no path leads out of the folder
QUOTED = "quoted"  # a release with this file stays: a document names it
REFUSED = "refused.json"  # the last load that was refused, until one succeeds
_MOST_SAID = 1000  # characters of it in each language
_TOLD = frozenset({"row", "column", "table", "sheet", "host"})  # places; any other may be a cell
_NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)  # the user can mend these
_REASONS = {
    errno.EACCES: {"nl": "geen rechten", "en": "no permission"},
    errno.EPERM: {"nl": "geen rechten", "en": "no permission"},
    errno.EROFS: {"nl": "alleen lezen", "en": "read-only"},
    errno.ENOTDIR: {"nl": "geen map", "en": "not a folder"},
    errno.ENOENT: {"nl": "de map bestaat niet", "en": "the folder does not exist"},
}


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
    just_read: pl.DataFrame | None = field(default=None, repr=False, compare=False)

    def frame(self) -> pl.DataFrame:
        if self.just_read is not None:
            return self.just_read
        return pl.read_ipc(self.path / "table.arrow")

    @property
    def years(self) -> frozenset[int]:
        """Of its areas, as of the table that was read; none of a change of boundaries."""
        if self.kind == "snapshot" and "division" not in self.facts:
            return frozenset(self.frame()["year"].unique())
        return frozenset(self.facts[name] for name in ("division", "year") if name in self.facts)


@contextmanager
def locked(data: Path, *, wait: float = WAIT_FOR_LOCK) -> Iterator[None]:
    """Hold the only writing right on a data folder; :class:`Busy` names the holder.

    A folder that we may not write is ``Refusal("data_not_writable")``.
    """
    with _lock_file(data) as lock:
        until = time.monotonic() + wait
        while not _try_lock(lock.fileno()):
            if time.monotonic() > until:
                lock.seek(0)
                raise Busy("busy", pid=lock.read().strip() or "?")
            time.sleep(0.05)
        _sign(lock.fileno(), data)
        yield


def _lock_file(data: Path) -> TextIO:
    try:
        data.mkdir(parents=True, exist_ok=True)
        return (data / "lock").open("a+", encoding="utf-8")
    except OSError as error:
        if is_full(error, data):
            raise Refusal("disk_full") from error
        if error.errno == errno.ENOENT and data.is_dir():  # /proc and its like
            raise Refusal("data_takes_no_files", data=str(data)) from error
        raise Refusal("data_not_writable", data=str(data), reason=reason(error)) from error


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
        raise _refusal(error, data) from error


def sweep(data: Path) -> None:
    """Mend the pointer, forget old releases, and remove what a killed or refused run left:
    half-written folders and small files, and tables in no release.

    Raises ``Refusal("release_damaged")`` and removes nothing when the release in use, or the
    manifest of any other, cannot be read: their tables may be the only copy.
    """
    _mend_pointer(data)
    name = pointer(data)
    if name is not None:
        manifest(data / "releases" / name)
        _forget(data, name)
    quoted = {source["key"] for folder in _releases(data) for source in manifest(folder)["sources"]}
    left = [folder for folder in data.glob("raw/[0-9a-f]*") if folder.name not in quoted]
    for folder in [*left, *data.glob("raw/.new-*"), *data.glob("releases/.new-*")]:
        shutil.rmtree(folder, ignore_errors=True)
    for file in (*data.glob(".new-*"), *data.glob("releases/[0-9]*/.new-*")):  # of replace_text
        file.unlink(missing_ok=True)


def _mend_pointer(data: Path) -> None:
    """A first load that was killed just before its end left one whole release and no pointer."""
    found = _releases(data)
    if not (data / "current").exists() and len(found) == 1 and not damaged(found[0]):
        replace_text(data / "current", found[0].name)


def _forget(data: Path, name: str) -> None:
    """Remove releases but the one in use, the newest :data:`KEPT` others, those that a document
    quotes and those that any process has open."""
    others = [folder for folder in newest_first(data) if folder.name != name]
    for folder in others[KEPT:]:
        if not (folder / QUOTED).exists():
            _remove(folder)


def _remove(folder: Path) -> None:
    """Out of sight in one step, then gone; whoever has it open (:func:`hold`) prevents it."""
    gone = folder.with_name(f".new-gone-{folder.name}")  # what a killed run leaves is swept
    try:
        with (folder / "manifest.json").open("r+b") as file:  # NFS locks only what it may write
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            folder.rename(gone)
    except OSError:  # open somewhere, or not ours to remove
        return
    shutil.rmtree(gone, ignore_errors=True)


def hold(folder: Path) -> int:
    """Keep a release from being forgotten until the descriptor that this gives is closed."""
    descriptor = os.open(folder / "manifest.json", os.O_RDONLY)
    with suppress(OSError):  # a file system without locks: then three releases must be enough
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give a folder to fill that becomes *target* in one step, or disappears.

    A full disk becomes ``Refusal("disk_full")``; what was there stays.
    """
    with _unseen(target.parent, target.name) as new:
        yield new
        _settle(new, target)


@contextmanager
def _unseen(parent: Path, name: str) -> Iterator[Path]:
    """A new folder in *parent* that nobody reads, gone at the end unless it was settled."""
    new = parent / f".new-{os.getpid()}-{name}"
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir(parents=True)
        yield new
    except WRITING_ERRORS as error:
        raise _refusal(error, parent) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _settle(new: Path, target: Path) -> None:
    """On disk first, then in its place: never a name without its content."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(flush, new.iterdir()))
    flush(new)
    new.rename(target)
    flush(target.parent)


def replace_text(target: Path, text: str) -> None:
    """Replace a small file in one step."""
    new = target.with_name(f".new-{os.getpid()}-{target.name}")
    try:
        new.write_text(text, "utf-8")
        flush(new)
        new.replace(target)
        flush(target.parent)
    except OSError as error:
        raise _refusal(error, target.parent) from error
    finally:
        new.unlink(missing_ok=True)


def _refusal(error: Exception, folder: Path) -> Exception:
    """What a person can do about an error of writing; any other fault stays what it is."""
    if is_full(error, folder):
        return Refusal("disk_full")
    if getattr(error, "errno", None) in _NOT_OURS:
        return Refusal("data_not_writable", data=str(folder), reason=reason(error))
    return error


def reason(error: Exception) -> dict[str, str]:
    """Why reading or writing failed, in words for each language where we have them."""
    number = getattr(error, "errno", None)
    said = os.strerror(number) if number else str(error)
    return _REASONS.get(number or 0, {"nl": said, "en": said})


def is_full(error: Exception, folder: Path) -> bool:
    """Whether a full disk is why writing to *folder* failed.

    Polars often hides the system's number of the error; then the room that is left decides.
    """
    number = getattr(error, "errno", None)
    if number:
        return number in (errno.ENOSPC, errno.EDQUOT)
    return shutil.disk_usage(folder).free < LEAST_ROOM


def flush(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in a folder, by name."""
    files = sorted(folder.iterdir())
    with ThreadPoolExecutor() as pool:
        return {f.name: sha for f, sha in zip(files, pool.map(checksum, files), strict=True)}


def add(data: Path, tables: Sequence[Table]) -> list[Raw]:
    """Store tables as read; the same table twice is stored once.

    Some at a time: one is written while the disk takes the others.
    """
    locks: dict[Path, Lock] = {}

    def stored(table: Table) -> Raw:
        with _unseen(data / "raw", f"{get_ident()}") as new:
            # uncompressed, so that one gemeente is read without the others
            table.frame.rechunk().write_ipc(new / "table.arrow", compression="uncompressed")
            digest = checksum(new / "table.arrow")
            kind, facts = _facts(table)
            target = data / "raw" / _key(table, kind, facts, digest)
            with locks.setdefault(target, Lock()):
                if _there(target)[0] != target.name:
                    _describe(new, table, {**facts, "sha256": digest}, kind)
                    shutil.rmtree(target, ignore_errors=True)  # lost or changed: so it is repaired
                    _settle(new, target)
            return replace(_read(target), just_read=table.frame)

    with ThreadPoolExecutor() as pool:
        return list(pool.map(stored, tables))


def _describe(new: Path, table: Table, facts: dict[str, Any], kind: str) -> None:
    facts["notices"] = [asdict(notice) for notice in table.notices]
    meta = {"kind": kind, "origin": asdict(table.origin), "facts": facts}
    (new / "origin.json").write_text(json.dumps(meta, default=str, indent=1), "utf-8")


def _there(folder: Path) -> tuple[str, dict[str, Any]]:
    """The key of a stored table by what stands there now, and where it is said to come from; ""
    where that cannot be read."""
    try:
        meta = json.loads((folder / "origin.json").read_text("utf-8"))
        origin_from(meta["origin"])  # the moment that it was read is no part of the key
        facts = {k: v for k, v in meta["facts"].items() if k not in ("sha256", "notices")}
        digest = checksum(folder / "table.arrow")
        return _named(meta["kind"], facts, meta["origin"], digest), meta["origin"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "", {}


def _key(table: Table, kind: str, facts: dict[str, Any], content: str) -> str:
    """From origin *and* figures: a file read as another year or number format is another table."""
    return _named(kind, facts, asdict(table.origin), content)


def _named(kind: str, facts: dict[str, Any], origin: dict[str, Any], content: str) -> str:
    identity = json.dumps([kind, facts, origin | {"read_at": ""}, content], default=str)
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


def pointer(data: Path) -> str | None:
    """The name of the release in use; None where there never was one.

    ``Refusal("pointer_gone")``, or ``pointer_empty``, when there are releases and nothing says
    which is in use;
    ``Refusal("release_damaged")`` when what it says is no name of a folder here.
    """
    try:
        if (data / "current").exists() and not (data / "current").is_file():
            names = ", ".join(folder.name for folder in _releases(data)) or "–"
            raise Unavailable("pointer_folder", data=str(data), names=names)  # a pipe is waited for
        name = (data / "current").read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        _refuse_without(data, "pointer_gone")
        return None
    except ValueError as error:  # no text at all
        raise Unavailable("release_damaged", name="current", data=str(data)) from error
    except OSError as error:
        raise Unavailable("data_not_readable", data=str(data), reason=reason(error)) from error
    if not name:
        _refuse_without(data, "pointer_empty")
        return None
    if not _NAME.fullmatch(name):
        raise Unavailable("release_damaged", name=name[:60], data=str(data))
    return name


def _refuse_without(data: Path, code: str) -> None:
    """Nothing says which release is in use: refused, unless there is none."""
    names = ", ".join(folder.name for folder in _releases(data))
    if names:
        raise Unavailable(code, names=names, data=str(data)) from None


def _releases(data: Path) -> list[Path]:
    return sorted(data.glob("releases/[0-9]*"))


def newest_first(data: Path) -> list[Path]:
    """The folders of all releases, the last made first; one that cannot be read at the end."""

    def made(folder: Path) -> str:
        try:
            return str(manifest(folder)["built_at"])
        except Refusal:
            return ""

    return sorted(_releases(data), key=lambda folder: (made(folder), folder.name), reverse=True)


def manifest(folder: Path) -> dict[str, Any]:
    """What a release says of itself; ``Refusal("release_damaged")`` when it is not as published."""
    try:
        text = (folder / "manifest.json").read_bytes()
        if (folder / HASH).exists() and _manifest_hash(text) != (folder / HASH).read_text("utf-8"):
            raise ValueError("not as published")
        found: dict[str, Any] = json.loads(text)
    except (OSError, ValueError) as error:
        name, data = folder.name[:60], str(folder.parent.parent)
        raise Unavailable("release_damaged", name=name, data=data) from error
    return found


def refuse_other_format(release: dict[str, Any], data: Path) -> None:
    """Refuse what another version of this program wrote, before any other of its files is read."""
    if release["format"] != FORMAT:
        raise Unavailable("other_format", name=release["id"][:60], data=str(data))


def sign_manifest(folder: Path) -> None:
    """Write beside a finished manifest what it must stay."""
    (folder / HASH).write_text(_manifest_hash((folder / "manifest.json").read_bytes()), "utf-8")


def _manifest_hash(text: bytes) -> str:
    return f"{hashlib.sha256(text).hexdigest()}  manifest.json\n"


def damaged(folder: Path) -> list[str]:
    """The files of a release that are gone or no longer as published, its manifest included."""
    try:
        files = manifest(folder)["files"]
    except Refusal:
        return ["manifest.json"]
    wrong = [] if (folder / HASH).exists() else [HASH]
    with ThreadPoolExecutor() as pool:
        whole = pool.map(lambda name: _is(folder / name, files[name]), files)
        return wrong + [
            name for name, as_published in zip(files, whole, strict=True) if not as_published
        ]


def _is(path: Path, sha: str) -> bool:
    """A folder by the name of a file, or a file that cannot be read, is not what was published."""
    try:
        return checksum(path) == sha
    except OSError:
        return False


def in_use(data: Path, given: Sequence[Table] = ()) -> list[Raw]:
    """The tables of the release in use; none when there is no release.

    Of a table that was lost or changed on disk a new copy must be *given*, which then takes its
    place; else ``Refusal("tables_lost")``.
    """
    name = pointer(data)
    if name is None:
        return []
    release = manifest(data / "releases" / name)
    refuse_other_format(release, data)
    sources = release["sources"]
    lost = [source for source in sources if not is_as_stored(data, source)]
    brought = {(table.origin.publisher, table.origin.table) for table in given}
    still = [s for s in lost if (s["origin"]["publisher"], s["origin"]["table"]) not in brought]
    if still:
        tables = ", ".join(source["origin"]["table"] for source in still)
        raise Unavailable("tables_lost", tables=tables, data=str(data))
    return [_read(data / "raw" / source["key"]) for source in sources if source not in lost]


def ordered(raws: list[Raw]) -> list[Raw]:
    """Oldest reading first; fictional tables only while nothing else is there."""
    real = [raw for raw in raws if not raw.origin.fictional]
    return sorted(real or raws, key=lambda raw: (raw.origin.read_at, raw.key))


def _read(folder: Path) -> Raw:
    meta = json.loads((folder / "origin.json").read_text("utf-8"))
    origin = origin_from(meta["origin"])
    return Raw(key=folder.name, kind=meta["kind"], origin=origin, facts=meta["facts"], path=folder)


def origin_from(stored: dict[str, Any]) -> Origin:
    """An origin as written in ``origin.json`` or a manifest."""
    return Origin(**{**stored, "read_at": datetime.fromisoformat(stored["read_at"])})


def is_as_stored(data: Path, source: dict[str, Any]) -> bool:
    """Whether a table and where it came from are still what a manifest says of them, and what is
    said of its columns what its key was made of."""
    return _there(data / "raw" / source["key"]) == (source["key"], source["origin"])


def notices_of(raw: Raw) -> tuple[Notice, ...]:
    """What the source warned of when the table was read."""
    return tuple(Notice(n["code"], n["fields"]) for n in raw.facts["notices"])


def keep_refused(data: Path, sources: Sequence[str], refusal: Refusal) -> None:
    """Remember that loading *sources* was refused, for the page on which everyone reads it.

    Of each path only the last part stays, and of the text only where the fault is: what stood in a
    cell may be a count that is hidden.  Nothing is kept of wrong use, nor where no figures are (no
    page); what cannot be written is left, for the load itself was answered already.
    """
    if refusal.exit_code != 1:
        return
    said: dict[str, str] = {language: _place_told(refusal, language) for language in LANGUAGES}
    with suppress(OSError, Refusal):
        if not (data / "current").exists():
            return
        names = [Path(source).resolve().name for source in sources]
        kept = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "names": names, **said}
        replace_text(data / REFUSED, json.dumps(kept, indent=1))


def _place_told(refusal: Refusal, language: Language) -> str:
    """The first fault without what stood in the table, and how many there are besides."""
    fields = {name: _if_place(name, value) for name, value in refusal.notice.fields.items()}
    lines = [Notice(refusal.notice.code, fields, refusal.where).text(language)]
    if more := len(refusal.others) + refusal.more:
        lines.append(Notice("faults_more", {"count": more}).text(language))
    return "\n".join(lines)[:_MOST_SAID]


def _if_place(name: str, value: Any) -> Any:
    """A column called by a number is most likely a row of figures that was taken for names."""
    named = isinstance(value, str) and any(map(str.isalpha, value))
    return value if name in _TOLD and (named or name == "row") else "…"


def forget_refused(data: Path) -> None:
    """A load succeeded: what was refused before it is no news any more."""
    with suppress(OSError):
        (data / REFUSED).unlink(missing_ok=True)


def refused_mark(data: Path) -> int:
    """Another number whenever another refused load is kept; 0 without one."""
    try:
        return (data / REFUSED).stat().st_mtime_ns
    except OSError:
        return 0


def last_refused(data: Path) -> dict[str, Any] | None:
    """``at`` (UTC), ``names`` and a text by language of the last load, if it was refused."""
    try:
        kept = json.loads((data / REFUSED).read_text("utf-8"))
        names = [str(name).encode("utf-8", "replace").decode() for name in kept["names"]]
        said: dict[str, Any] = {
            name: str(kept[name]).encode("utf-8", "replace").decode() for name in LANGUAGES
        }
        return {"at": datetime.fromisoformat(kept["at"]), "names": names, **said}
    except (OSError, ValueError, KeyError, TypeError):
        return None
