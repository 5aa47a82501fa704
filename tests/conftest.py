# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fixtures that every test may ask for."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import closing
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from wijkeconomie.figures import build, demo

# The browser's driver keeps an event loop in its thread; the tests after it in the same process
# still use the database as synchronously as ever.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# A busy machine is no failure: what must be quick is measured by `make bench`.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI set nothing may be skipped: a skipped test fails and says why."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and with CI set that is a failure: {report.longrepr}"
    return report


ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real data and bad input, which is not part of the repository."""
    folder = Path(os.environ.get("WIJKECONOMIE_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("real data is not here: set WIJKECONOMIE_SHARED to its folder")
    return folder


@pytest.fixture(scope="session")
def migrated() -> Path:
    """Where a migrated SQLite database is kept from one run to the next; another migration, or
    another version of what brings some, is another file."""
    made_by = hashlib.sha256()
    for path in sorted((ROOT / "src").rglob("migrations/*.py")):
        made_by.update(path.name.encode() + path.read_bytes())
    for name in ("Django", "django-allauth"):
        made_by.update(metadata.version(name).encode())
    folder = Path(tempfile.gettempdir()) / f"wijkeconomie-tests-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{made_by.hexdigest()[:16]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    """SQLite in a file, as users have it: one in memory cannot be asked by several at once."""
    from django.db import connections

    entry = connections.settings["default"]
    if "sqlite" in entry["ENGINE"]:
        here = tmp_path_factory.mktemp("database") / "test.sqlite3"
        entry["TEST"]["NAME"] = str(here)
        if migrated.is_file():
            shutil.copyfile(migrated, here)


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """The copy is not made anew; it lies in a folder of this run alone."""
    from django.db import connection

    return connection.vendor == "sqlite" or bool(request.config.getvalue("reuse_db"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, migrated: Path
) -> None:
    """To migrate took most of the time of a run of a few tests, so it is done once."""
    from django.db import connection

    if connection.vendor != "sqlite" or migrated.is_file():
        return
    draft = migrated.with_name(f"{os.getpid()}.draft")
    with django_db_blocker.unblock(), closing(sqlite3.connect(draft)) as kept:
        connection.ensure_connection()
        connection.connection.backup(kept)
    draft.replace(migrated)


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the fictional release, built once a run of tests."""
    folder = tmp_path_factory.mktemp("demo")
    build.load(folder, demo.tables())
    return folder
