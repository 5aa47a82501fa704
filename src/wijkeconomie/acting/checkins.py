# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is at a fair, from scans of badges by tablets that may be without a network all day.

A scan is known by its nonce, which the tablet made.  What tablets bring is put together in any
order, in any parts and as often as they like: it is always the same set of scans, and what follows
from it looks at that set alone.  Of a nonce that came twice the first that was received counts, as
in the table, where nothing changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

MAY_DIFFER = timedelta(minutes=5)  # a clock that is off by more is named

What = Literal["in", "out", "stand"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Scan:
    """A badge that somebody held before a tablet: ``at`` by our clock, ``received`` when it came
    here, ``off``: how far the clock of the tablet was ahead when it sent this."""

    at: datetime
    nonce: str
    device: str
    badge: str
    what: What
    received: datetime
    off: timedelta
    stand: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """How it stands with one badge: when it came in first (None for one that only went out),
    whether it is inside, where it was scanned last at a stand, and all its scans, in order."""

    came: datetime | None
    inside: bool
    stand: str
    scans: tuple[Scan, ...]


def merged(*parts: Iterable[Scan]) -> frozenset[Scan]:
    """All scans of *parts*, each once: whatever the order of the parts, and however often one of
    them is given."""
    found: dict[str, Scan] = {}
    for part in parts:
        for scan in part:
            known = found.get(scan.nonce)
            found[scan.nonce] = min(known, scan, key=_first) if known else scan
    return frozenset(found.values())


def _first(scan: Scan) -> tuple[datetime, Scan]:
    return scan.received, scan


def presences(scans: Iterable[Scan]) -> dict[str, Presence]:
    """How it stands with each badge of *scans*."""
    of: dict[str, list[Scan]] = defaultdict(list)
    for scan in sorted(scans):
        of[scan.badge].append(scan)
    return {badge: _presence(tuple(found)) for badge, found in of.items()}


def _presence(scans: tuple[Scan, ...]) -> Presence:
    """Who is scanned at a stand is inside, also if nobody saw them at the door."""
    inside = [one for one in scans if one.what != "out"]
    return Presence(
        came=inside[0].at if inside else None, inside=scans[-1].what != "out",
        stand=next((one.stand for one in reversed(scans) if one.what == "stand"), ""),
        scans=scans,
    )  # fmt: skip


def clocks(scans: Iterable[Scan]) -> dict[str, timedelta]:
    """By tablet how far its clock is off, where that is more than may be: ahead is positive, and of
    more scans the most."""
    off: dict[str, timedelta] = {}
    for scan in scans:
        most = off.get(scan.device, timedelta())
        off[scan.device] = max(most, scan.off, key=lambda one: (abs(one), one))
    return {device: by for device, by in off.items() if abs(by) > MAY_DIFFER}
