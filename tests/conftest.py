# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fixtures that every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

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
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as users have it: one in memory cannot be asked by several at once."""
    from django.db import connections

    entry = connections.settings["default"]
    if "sqlite" in entry["ENGINE"]:
        entry["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the fictional release, built once a run of tests."""
    folder = tmp_path_factory.mktemp("demo")
    build.load(folder, demo.tables())
    return folder
