# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is said of a whole journey, made once and kept until somebody does something.

Every act writes a line in the audit log of its municipality, in its own transaction
(``actions.noted``): where that log ends as it did, in whichever process, nothing was changed and
nothing taken back.  Only what the journey alone decides is kept, never what depends on its reader.
A file is kept otherwise: by what it says, which is looked up each time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar, cast

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from wijkeconomie.web.accounts import audit
from wijkeconomie.web.context import current_release, language
from wijkeconomie.web.journey.models import Journey

MOST = 64  # a process keeps no more; what was asked for longest ago goes first
ROOM = 32_000_000  # bytes of files in a process
Made = TypeVar("Made")


@dataclass(slots=True)
class _Slot:
    """What was made, with the stamp under which; ``lock``: it is being made."""

    lock: Lock = field(default_factory=Lock)
    made: tuple[object, Any] | None = None


_kept: OrderedDict[tuple[object, ...], _Slot] = OrderedDict()
_files: OrderedDict[tuple[object, ...], _Slot] = OrderedDict()
_guard = Lock()


def kept(journey: Journey, make: Callable[[], Made], *name: object) -> Made:
    """What *make* gives, of this *name*, language and release; made anew after any act.

    Who asks while it is being made waits for it, so that it is made once.
    """
    slot = _slot(_kept, (journey.pk, language(), *name))
    if (there := slot.made) and there[0] == _stamp(journey):
        return cast("Made", there[1])
    with slot.lock:
        stamp = _stamp(journey)  # first: what is made now is at least as new as its stamp
        if not slot.made or slot.made[0] != stamp:
            slot.made = (stamp, make())
        return cast("Made", slot.made[1])


def _stamp(journey: Journey) -> object:
    return audit.head(journey.municipality), current_release().id


def file(said: object, make: Callable[[], bytes], *name: object) -> bytes:
    """The file that *make* gives of what is *said*, kept under its *name* as long as that is the
    same: where a giver took words back, something else is said, and what was kept is gone."""
    slot = _slot(_files, name)
    with slot.lock:
        if not slot.made or slot.made[0] != said:
            slot.made = (said, make())
        body = cast("bytes", slot.made[1])
    _make_room()
    return body


def _make_room() -> None:
    with _guard:
        sizes = {key: len(slot.made[1]) for key, slot in _files.items() if slot.made}
        over = sum(sizes.values()) - ROOM
        for key, size in sizes.items():
            if over <= 0:
                return
            del _files[key]
            over -= size


def _slot(kept: OrderedDict[tuple[object, ...], _Slot], key: tuple[object, ...]) -> _Slot:
    with _guard:
        found = kept.setdefault(key, _Slot())
        kept.move_to_end(key)
        while len(kept) > MOST:
            kept.popitem(last=False)
        return found


def forget() -> None:
    """Let go of everything, as a process does that begins."""
    with _guard:
        _kept.clear()
        _files.clear()


def html(
    journey: Journey, template: str, make: Callable[[], dict[str, Any]], *name: object
) -> SafeString:
    """A part of a page about the whole journey, in its *template*."""
    return kept(journey, lambda: render_to_string(template, make()), template, *name)
