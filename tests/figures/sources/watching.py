# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""A watcher of progress, for every source."""

from __future__ import annotations

from typing import Any


class Watched:
    """Progress that remembers."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def start(self, what: str, total: int | None) -> None:
        self.told.append((what, total))

    def advance(self, n: int = 1) -> None:
        self.told.append(n)

    def finish(self) -> None:
        self.told.append("finished")
