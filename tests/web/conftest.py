# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The fictional country as the site's release, built once a run of tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from wijkeconomie.figures import build, demo
from wijkeconomie.figures.release import Release


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the fictional release."""
    folder = tmp_path_factory.mktemp("demo")
    build.load(folder, demo.tables())
    return folder


@pytest.fixture
def release(demo_data: Path, settings: Settings) -> Iterator[Release]:
    """The site shows the fictional release while a test runs."""
    from wijkeconomie.figures.release import open_release

    settings.DATA = demo_data
    yield open_release(demo_data)
