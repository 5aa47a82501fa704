# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A real browser before a real server that shows the fictional country."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from wijkeconomie.figures import build, demo

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the site with the fictional release, under the server that users run."""
    folder = tmp_path_factory.mktemp("journey")
    build.load(folder, demo.tables())
    with served(folder) as address:
        yield address


@contextmanager
def served(folder: Path, workers: int = 1) -> Iterator[str]:
    """A site of its own for the figures and people in *folder*."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).parent / "granian"
    command = [program, "--interface", "asginl", "--log-level", "error", "--port", str(port)]
    command += ["--workers", str(workers)]
    environment = {**os.environ, "WIJKECONOMIE_DATA": str(folder)}
    with subprocess.Popen([*command, "wijkeconomie.web.wsgi:front"], env=environment) as server:
        _until_open(port)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def _until_open(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
            continue
        return
    raise TimeoutError("the server did not start")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium that is found on this machine."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"no browser here: install one of {', '.join(PROGRAMS)}")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, as source."""
    return (Path(__file__).parent / "axe.min.js").read_text("utf-8")
