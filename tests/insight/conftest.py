# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""The fictional release and the scans of its municipality."""

from __future__ import annotations

from pathlib import Path

import pytest

from wijkeconomie.figures import demo
from wijkeconomie.figures.release import Release, open_release
from wijkeconomie.insight.results import Scan
from wijkeconomie.insight.scan import scan_all


@pytest.fixture(scope="session")
def release(demo_data: Path) -> Release:
    return open_release(demo_data)


@pytest.fixture(scope="session")
def scans(release: Release) -> tuple[Scan, ...]:
    return scan_all(release, demo.GEMEENTE)
