# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of why a figure is missing: numbers are stored in releases, names are scripted against."""

from __future__ import annotations

from wijkeconomie.figures.missing import SENTINEL_CEILING, SENTINELS, Status


def test_the_stored_numbers_and_names_never_change() -> None:
    assert [(int(status), status.label) for status in Status] == [
        (0, "ok"), (1, "moved"), (2, "secret"), (3, "late"), (4, "ended"), (5, "impossible"),
        (6, "unknown"), (7, "too_few"), (8, "boundary"), (9, "old"), (10, "apportioned"),
        (11, "exceeds"),
    ]  # fmt: skip


def test_only_a_published_moved_or_apportioned_figure_has_a_value() -> None:
    found = [status for status in Status if status.has_value]
    assert found == [Status.OK, Status.MOVED, Status.APPORTIONED]


def test_every_sentinel_of_the_map_services_lies_under_the_ceiling() -> None:
    assert all(sentinel <= SENTINEL_CEILING for sentinel in SENTINELS)
    assert not any(status.has_value for status in SENTINELS.values())
